//! The form of an action as it is opened: what the record holds now, and what will happen. Opening one claims the record.

use super::error::{Error, Rule};
use super::fields::Values;
use super::{
    Actor, Call, Mode, Services, connection, extract, new_id, operator, organisation, registration,
    vendor,
};
use crate::domain::action::{Act, Level, Spec};
use crate::domain::kind::Kind;
use crate::domain::time::MINUTE;
use crate::language::{Language, display, state};
use crate::store::{self, Access, Tx, claim};
use crate::ui::form::Form;
use std::sync::Arc;

/// The form of an action on a record; `id` is empty for what makes something new.
pub async fn form(
    services: &Services,
    actor: &Arc<Actor>,
    act: Act,
    id: &str,
) -> Result<Form, Error> {
    let spec = act.spec();
    if !actor.may(spec.right) {
        return Err(Error::Right {
            act: Some(act),
            right: spec.right,
        });
    }
    let mut tx = services.db.read().await?;
    let subject = subject(&mut tx, &spec, id, actor.language).await?;
    tx.rollback().await?;
    if matches!(
        act,
        Act::RegistrationSetUp | Act::OrganisationEdit | Act::VendorChange | Act::ConnectionChange
    ) {
        take_claim(services, actor, spec.works_on(), id).await?;
    }
    if act == Act::ExtractApprove {
        extract::answer::show(services, actor, id, subject.version).await?;
    }
    let preview = preview(services, actor, &spec, id, subject.version).await?;
    Ok(Form {
        act,
        id: id.to_owned(),
        version: subject.version,
        confirm: if spec.level == Level::TypeName {
            subject.label.clone()
        } else {
            String::new()
        },
        label: subject.label,
        fields: spec.fields,
        values: subject.values,
        preview,
    })
}

struct Subject {
    version: i64,
    label: String,
    values: Values,
}

impl Subject {
    fn of(version: i64, label: String, values: Values) -> Self {
        Self {
            version,
            label,
            values,
        }
    }
}

async fn subject(tx: &mut Tx, spec: &Spec, id: &str, language: Language) -> Result<Subject, Error> {
    let missing = || Error::missing(spec.works_on(), id);
    if id.is_empty() {
        return Ok(Subject::of(0, String::new(), Values::new()));
    }
    Ok(match spec.works_on() {
        Kind::Registration => {
            let row = store::registration::by_id(tx, id)
                .await?
                .ok_or_else(missing)?;
            let values = if spec.act == Act::RegistrationSetUp {
                registration::values(&row)
            } else {
                Values::new()
            };
            Subject::of(row.version, row.name, values)
        }
        Kind::Organisation => {
            let row = store::organisation::by_id(tx, id)
                .await?
                .ok_or_else(missing)?;
            let values = if spec.act == Act::OrganisationEdit {
                organisation::values(&row)
            } else {
                Values::new()
            };
            Subject::of(row.version, row.name, values)
        }
        Kind::Account => {
            let row = store::account::by_id(tx, id).await?.ok_or_else(missing)?;
            let roles = (spec.act == Act::AccountRoles).then(|| ("roles".to_owned(), row.roles));
            Subject::of(row.version, row.name, roles.into_iter().collect())
        }
        Kind::Operator => {
            let row = store::operator::by_id(tx, id).await?.ok_or_else(missing)?;
            let values = if spec.act == Act::OperatorChange {
                operator::values(&row)
            } else {
                Values::new()
            };
            Subject::of(row.version, row.login, values)
        }
        Kind::Agreement => {
            let row = store::agreement::find(tx, id).await?.ok_or_else(missing)?;
            Subject::of(row.version, row.name, Values::new())
        }
        Kind::Acceptance => {
            let (label, version) = store::agreement::asked(tx, id).await?.ok_or_else(missing)?;
            Subject::of(version, label, Values::new())
        }
        Kind::Mail => {
            let row = store::outbox::by_id(tx, id).await?.ok_or_else(missing)?;
            let text = state::label(Kind::Mail, row.template.as_str(), language);
            let label = format!("{text} → {}", row.recipient_name);
            Subject::of(row.version, label, Values::new())
        }
        Kind::Submission | Kind::Cause | Kind::Job => standing(tx, spec.noun, id, language).await?,
        Kind::Vendor => {
            let row = store::vendor::by_id(tx, id).await?.ok_or_else(missing)?;
            let values = if spec.act == Act::VendorChange {
                vendor::values(&row)
            } else {
                Values::new()
            };
            Subject::of(row.version, row.name, values)
        }
        Kind::Connection => {
            let row = store::connection::by_id(tx, id)
                .await?
                .ok_or_else(missing)?;
            let values = if spec.act == Act::ConnectionChange {
                connection::values(&row)
            } else {
                Values::new()
            };
            let label = connection::label(tx, &row).await?;
            Subject::of(row.version, label, values)
        }
        Kind::Extract => {
            let row = store::extract::by_id(tx, id).await?.ok_or_else(missing)?;
            let values = extract::answer::values(spec.act, &row);
            Subject::of(row.version, extract::label(&row), values)
        }
        Kind::Licence
        | Kind::TestRun
        | Kind::Obligation
        | Kind::Figure
        | Kind::Worker
        | Kind::Bulk
        | Kind::Audit
        | Kind::System => {
            let version = store::reference::version(tx, spec.works_on(), id)
                .await?
                .ok_or_else(missing)?;
            Subject::of(version, String::new(), Values::new())
        }
    })
}

/// What stands still, or the job that should have moved it.
async fn standing(tx: &mut Tx, kind: Kind, id: &str, language: Language) -> Result<Subject, Error> {
    let missing = || Error::missing(kind, id);
    Ok(match kind {
        Kind::Submission => {
            let row = store::submission::by_id(tx, id)
                .await?
                .ok_or_else(missing)?;
            let o = store::organisation::by_id(tx, &row.organisation_id).await?;
            let name = o.map(|o| o.name).unwrap_or_default();
            let kind = state::label(Kind::Submission, &row.kind, language);
            let label = format!(
                "{name} {kind} {}",
                display::moment(row.received_at, language)
            );
            Subject::of(row.version, label, Values::new())
        }
        Kind::Cause => {
            let row = store::cause::by_id(tx, id).await?.ok_or_else(missing)?;
            Subject::of(
                0,
                crate::language::cause::name(&row.code, language),
                Values::new(),
            )
        }
        Kind::Job => {
            let row = store::job::by_id(tx, id).await?.ok_or_else(missing)?;
            Subject::of(
                0,
                state::label(Kind::Job, row.kind.as_str(), language),
                Values::new(),
            )
        }
        _ => return Err(missing()),
    })
}

/// What the action would do, told by doing it and taking it back. Only where nothing has to be filled in first.
async fn preview(
    services: &Services,
    actor: &Arc<Actor>,
    spec: &Spec,
    id: &str,
    version: i64,
) -> Result<Vec<String>, Error> {
    let open = spec.fields.iter().any(|f| f.required);
    if id.is_empty() || open || services.db.access() == Access::ReadOnly || actor.read_only {
        return Ok(Vec::new());
    }
    let call = Call {
        actor: Arc::clone(actor),
        reason: "-".to_owned(),
        mode: Mode::DryRun,
        version: (version > 0).then_some(version),
        request: new_id(),
        item: None,
    };
    match super::run(services, &call, spec.act, id, &Values::new()).await {
        Ok(done) => Ok(done.said),
        // Worth knowing before the field that overrules it is set.
        Err(error @ Error::Rule(Rule::AlreadyMailed { .. })) => {
            Ok(vec![super::tell(&error, actor.language)])
        }
        // No field of these forms satisfies a rule.
        Err(error @ Error::Rule(_)) if spec.noun == Kind::Extract => {
            Ok(vec![super::tell(&error, actor.language)])
        }
        // A rule that a field of the form can satisfy: the form says so when it is sent.
        Err(Error::Rule(_) | Error::Invalid(_)) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

async fn take_claim(services: &Services, actor: &Actor, kind: Kind, id: &str) -> Result<(), Error> {
    if services.db.access() == Access::ReadOnly || actor.read_only {
        return Ok(());
    }
    let mut tx = services.db.write().await?;
    let now = services.clock.now();
    let until = now.plus(services.settings.claim_minutes.saturating_mul(MINUTE));
    claim::take(
        &mut tx,
        (kind, id),
        (&actor.operator, &actor.name),
        now,
        until,
    )
    .await?;
    tx.notify().await?;
    tx.commit().await?;
    Ok(())
}
