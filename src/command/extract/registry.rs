//! `extract registry`: every release ever, with who asked, who approved, who released and recalled, and how often it was fetched.

use super::{head, write};
use crate::command::output::{Grid, tell};
use crate::command::{Answer, Context, Exit, Verb};
use crate::domain::kind::Kind;
use crate::language::column as c;
use crate::language::screen::NO_RELEASES;
use crate::language::verb::EXTRACT_REGISTRY;
use crate::service::extract::registry::{Release, releases};
use crate::ui::Cell;
use clap::ArgMatches;

/// The command.
pub static REGISTRY: Verb = Verb {
    noun: "extract",
    name: "registry",
    about: &EXTRACT_REGISTRY,
    arguments: |command, _| command,
    run,
};

fn run<'a>(context: &'a Context, _: &'a ArgMatches) -> Answer<'a> {
    Box::pin(async move {
        let session = context.session().await?;
        let all = releases(&session.services, &session.actor).await?;
        if all.is_empty() {
            tell(NO_RELEASES.text(session.language));
        }
        let grid = Grid {
            heads: vec![
                head("id", &c::ID, 4),
                head("definition", &c::DEFINITION, 0),
                head("period", &c::PERIOD, 0),
                head("state", &c::STATE, 0),
                head("digest", &c::DIGEST, 1),
                head("requested_by", &c::REQUESTED_BY, 0),
                head("requested_at", &c::REQUESTED, 3),
                head("approved_by", &c::APPROVED_BY, 0),
                head("approved_at", &c::APPROVED_AT, 3),
                head("released_by", &c::RELEASED_BY, 2),
                head("released_at", &c::RELEASED, 1),
                head("recalled_at", &c::RECALLED, 3),
                head("recall_reason", &c::RECALL_REASON, 5),
                head("holders", &c::HOLDERS_IN, 4),
                head("submissions", &c::SUBMISSIONS, 5),
                head("directory", &c::DIRECTORY, 5),
                head("fetches", &c::FETCHED, 2),
                head("fetched_by", &c::FETCHED_BY, 5),
            ],
            rows: all.into_iter().map(row).collect(),
        };
        write(context, &session, &grid)?;
        Ok(Exit::Done)
    })
}

fn row(r: Release) -> Vec<Cell> {
    let e = r.row;
    vec![
        Cell::text(e.id),
        Cell::text(format!("{}-{}", e.definition, e.definition_version)),
        Cell::text(e.period),
        Cell::Code(Kind::Extract, e.state),
        Cell::text(e.digest),
        Cell::text(e.requested_login),
        Cell::Moment(e.requested_at),
        Cell::text(e.approved_login),
        Cell::Moment(e.approved_at),
        Cell::text(e.released_login),
        Cell::Moment(e.released_at),
        Cell::Moment(e.recalled_at),
        Cell::text(e.recall_reason),
        Cell::Number(e.holders_in),
        Cell::Number(r.submissions),
        Cell::text(e.directory),
        Cell::Number(e.fetches),
        Cell::text(r.fetched_by.join(", ")),
    ]
}
