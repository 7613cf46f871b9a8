//! Actions of the table as commands: fields become flags, ids are arguments, each record gets its own outcome. Not their effect:
//! that is in `service`, one call and one transaction per record.

use super::exit::{Exit, Failure};
use super::grammar::{flag, positional, value};
use super::outcome;
use super::{Context, Session, current, first, list, output};
use crate::domain::action::{Act, Field, FieldKind, Reason, Spec, Target};
use crate::domain::kind::Kind;
use crate::language::command::{
    DRY_RUN, EVERYONE, ID, ID_OPERATOR, ID_ORGANISATION, IF_VERSION, NO_CHANGE_GIVEN,
    NOTHING_TO_DO, REASON,
};
use crate::language::{Language, Message, flag as flags};
use crate::screens;
use crate::service::fields::Values;
use crate::service::{self, Call, Error, Mode};
use crate::ui::Query;
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgGroup, ArgMatches, Command, value_parser};

/// What an id may be for this kind of record.
pub const fn about_id(kind: Kind) -> &'static Message {
    match kind {
        Kind::Organisation => &ID_ORGANISATION,
        Kind::Operator => &ID_OPERATOR,
        _ => &ID,
    }
}

/// Whether the fields hold what the record has now, so that a flag that is not given keeps its value.
const fn edits(act: Act) -> bool {
    matches!(
        act,
        Act::RegistrationSetUp
            | Act::OrganisationEdit
            | Act::OperatorChange
            | Act::VendorChange
            | Act::ConnectionChange
    )
}

/// The arguments of an action.
pub fn arguments(command: Command, act: Act, language: Language) -> Command {
    let spec = act.spec();
    let mut command = ids(command, &spec, language);
    for field in spec.fields {
        let needed = field.required && !edits(act);
        command = command.arg(field_flag(field, spec.noun, language).required(needed));
    }
    if spec.reason != Reason::None {
        let reason = value("reason", "TEXT", REASON.text(language).to_owned(), language);
        command = command.arg(reason.required(spec.reason == Reason::Required));
    }
    dry_run(command, language)
}

/// Adds `--dry-run`.
pub fn dry_run(command: Command, language: Language) -> Command {
    command.arg(flag("dry-run", &DRY_RUN, language))
}

fn ids(command: Command, spec: &Spec, language: Language) -> Command {
    let id = positional("id", "ID", about_id(spec.works_on()), language);
    match spec.target {
        Target::Nothing => command,
        Target::One => {
            let version = value(
                "if-version",
                "N",
                IF_VERSION.text(language).to_owned(),
                language,
            );
            command
                .arg(id.required(true))
                .arg(version.value_parser(value_parser!(i64)))
        }
        Target::Many if spec.act == Act::AgreementRemind => command
            .arg(id.action(ArgAction::Append).num_args(0..))
            .arg(flag("all", &EVERYONE, language))
            .group(ArgGroup::new("whom").args(["id", "all"]).required(true)),
        Target::Many => command.arg(id.required(true).action(ArgAction::Append).num_args(1..)),
    }
}

/// The flag of a field. `--language` is the reader's own, so the language of a record carries its noun.
fn flag_name(field: &Field, noun: Kind) -> String {
    match field.name {
        "language" => format!("{noun}-language"),
        name => name.replace('_', "-"),
    }
}

/// The name by which the parser knows a field; apart from the names of the global flags.
fn argument_of(field: &Field) -> String {
    format!("field.{}", field.name)
}

fn field_flag(field: &Field, noun: Kind, language: Language) -> Arg {
    let about = flags::field(field.name).map_or(field.name, |m| m.text(language));
    let arg = Arg::new(argument_of(field))
        .long(flag_name(field, noun))
        .help_heading(crate::language::command::OPTIONS.text(language));
    let among = |codes: &[&str]| format!("{about}: {}", codes.join(", "));
    match field.kind {
        FieldKind::Flag => arg.action(ArgAction::SetTrue).help(about),
        FieldKind::Choice(codes) => arg
            .value_name("CODE")
            .value_parser(PossibleValuesParser::new(codes))
            .hide_possible_values(true)
            .help(among(codes)),
        FieldKind::Choices(codes) => arg
            .value_name("CODE,…")
            .value_delimiter(',')
            .action(ArgAction::Append)
            .value_parser(PossibleValuesParser::new(codes))
            .hide_possible_values(true)
            .help(among(codes)),
        FieldKind::Line => arg.value_name("TEXT").help(about),
        FieldKind::Email => arg.value_name("MAIL").help(about),
        FieldKind::Date => arg.value_name("DATE").help(about),
        FieldKind::Digits(_) => arg.value_name("DIGITS").help(about),
        FieldKind::Reference(_) => arg.value_name("ID").help(about),
    }
}

/// The values that were given, by the name of their field.
fn given(arguments: &ArgMatches, fields: &[Field]) -> Values {
    let mut values = Values::new();
    for field in fields {
        let argument = argument_of(field);
        let text = match field.kind {
            FieldKind::Flag => arguments.get_flag(&argument).then(|| "yes".to_owned()),
            _ => arguments
                .get_many::<String>(&argument)
                .map(|all| all.map(String::as_str).collect::<Vec<_>>().join(",")),
        };
        values.extend(text.map(|t| (field.name.to_owned(), t)));
    }
    values
}

/// Whether a command takes effect.
pub fn mode(arguments: &ArgMatches) -> Mode {
    if arguments.get_flag("dry-run") {
        Mode::DryRun
    } else {
        Mode::Commit
    }
}

/// Takes the action on every record given, one by one.
pub async fn run(context: &Context, arguments: &ArgMatches, act: Act) -> Result<Exit, Failure> {
    let spec = act.spec();
    let values = given(arguments, spec.fields);
    if edits(act) && act != Act::RegistrationSetUp && values.is_empty() {
        return Err(Failure::Usage(
            NO_CHANGE_GIVEN.text(context.spoken()).to_owned(),
        ));
    }
    if act == Act::OperatorAdd
        && let Some(session) = first::session(context).await?
    {
        return first::run(context, &session, arguments, &values).await;
    }
    let session = context.session().await?;
    let reason = if spec.reason == Reason::None {
        ""
    } else {
        arguments
            .get_one::<String>("reason")
            .map_or("", String::as_str)
    };
    let version = match spec.target {
        Target::One => arguments.get_one::<i64>("if-version").copied(),
        Target::Nothing | Target::Many => None,
    };
    let call = session.call(reason, mode(arguments), version);
    if !session.actor.may(spec.right) {
        // Refused and audited before anything is looked up: who may not act does not learn what exists.
        let target = arguments.try_get_many::<String>("id").ok().flatten();
        let target = target
            .and_then(|mut all| all.next())
            .cloned()
            .unwrap_or_default();
        service::run(&session.services, &call, act, &target, &values).await?;
    }
    let targets = targets(&session, arguments, &spec).await?;
    if targets.is_empty() {
        output::tell(NOTHING_TO_DO.text(session.language));
        return Ok(Exit::Done);
    }
    let one = |target: String| take(&session, &call, act, target, &values);
    let outcomes = outcome::each(targets, one).await;
    outcome::report(context, &session, &outcomes, call.mode)
}

async fn targets(
    session: &Session,
    arguments: &ArgMatches,
    spec: &Spec,
) -> Result<Vec<String>, Failure> {
    if spec.target == Target::Nothing {
        return Ok(vec![String::new()]);
    }
    if spec.act == Act::AgreementRemind && arguments.get_flag("all") {
        return pending(session).await;
    }
    let ids = arguments.get_many::<String>("id");
    Ok(ids.map(|all| all.cloned().collect()).unwrap_or_default())
}

/// Everyone who has not accepted: the whole of the list `agreement pending`.
async fn pending(session: &Session) -> Result<Vec<String>, Failure> {
    let mut lists = screens::ALL.iter().flat_map(|s| s.lists.iter());
    let Some(list) = lists.find(|l| l.kind == Kind::Acceptance) else {
        return Ok(Vec::new());
    };
    let query = Query {
        filter: "status:pending".to_owned(),
        limit: u32::MAX,
        ..Query::default()
    };
    let (rows, _) = list::load(session, list, query).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

async fn take(
    session: &Session,
    call: &Call,
    act: Act,
    target: String,
    values: &Values,
) -> (String, Result<service::Done, Error>) {
    let spec = act.spec();
    if spec.target == Target::Nothing {
        let result = service::run(&session.services, call, act, "", values).await;
        return (target, result);
    }
    let id = match service::find(&session.services, spec.works_on(), &target).await {
        Ok(id) => id,
        Err(error) => return (target, Err(error)),
    };
    let result = match filled(session, call, act, &id, values).await {
        Ok((call, values)) => service::run(&session.services, &call, act, &id, &values).await,
        Err(error) => Err(error),
    };
    (id, result)
}

/// The values given laid over what the record holds; then nobody's change in between may be lost either.
async fn filled(
    session: &Session,
    call: &Call,
    act: Act,
    id: &str,
    given: &Values,
) -> Result<(Call, Values), Error> {
    let mut call = call.clone();
    let Some((mut values, version)) = current::values(&session.services, act, id).await? else {
        return Ok((call, given.clone()));
    };
    call.version = call.version.or(Some(version));
    values.extend(given.clone());
    Ok((call, values))
}
