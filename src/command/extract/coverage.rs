//! `extract coverage`: which holders are in an extract, in which pool, and which are not and why.

use super::{head, write};
use crate::command::grammar::{flag, positional};
use crate::command::output::{Grid, tell};
use crate::command::{Answer, Context, Exit, Verb};
use crate::domain::kind::Kind;
use crate::language::column as c;
use crate::language::command::ID;
use crate::language::flag::MISSING_ONLY;
use crate::language::screen::NO_HOLDERS;
use crate::language::verb::EXTRACT_COVERAGE;
use crate::service;
use crate::service::extract::registry::coverage;
use crate::service::reads::coverage::cells;
use clap::ArgMatches;

/// The command.
pub static COVERAGE: Verb = Verb {
    noun: "extract",
    name: "coverage",
    about: &EXTRACT_COVERAGE,
    arguments: |command, language| {
        command
            .arg(positional("id", "ID", &ID, language).required(true))
            .arg(flag("missing", &MISSING_ONLY, language))
    },
    run,
};

fn run<'a>(context: &'a Context, arguments: &'a ArgMatches) -> Answer<'a> {
    Box::pin(async move {
        let given = arguments.get_one::<String>("id").map_or("", String::as_str);
        let session = context.session().await?;
        let id = service::find(&session.services, Kind::Extract, given).await?;
        let mut all = coverage(&session.services, &session.actor, &id).await?;
        if all.is_empty() {
            tell(NO_HOLDERS.text(session.language));
        }
        if arguments.get_flag("missing") {
            all.retain(|h| !h.left_out.is_empty());
        }
        let grid = Grid {
            heads: vec![
                head("agb", &c::AGB, 0),
                head("name", &c::NAME, 0),
                head("quality_mark", &c::MARK, 1),
                head("included", &c::COVERED, 0),
                head("pooled", &c::POOLED, 1),
                head("reason", &c::LEFT_OUT, 0),
            ],
            rows: all.into_iter().map(cells).collect(),
        };
        write(context, &session, &grid)?;
        Ok(Exit::Done)
    })
}
