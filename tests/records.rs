//! Records, Overzicht and presence on both databases: tabs, what forbids an action, what waits, who is here.

use crate::lists::{lists, load, panic_with, query};
use crate::support::db::{BEGIN, World, each};
use crate::support::stock::{self, fill};
use portaal_console::domain::kind::Kind;
use portaal_console::domain::right::Role;
use portaal_console::domain::time::HOUR;
use portaal_console::screens::{ALL, List, list_of};
use portaal_console::service::reads::submission;
use portaal_console::service::{Actor, Error};
use portaal_console::ui::record::Body;
use portaal_console::ui::{Cell, Record};
use std::sync::Arc;

/// One record of a list.
pub async fn open(
    world: &World,
    actor: &Arc<Actor>,
    list: &List,
    id: &str,
) -> Result<Record, Error> {
    let Some(open) = list.enter.open() else {
        return Err(Error::Internal("no record".to_owned()));
    };
    open(world.services.clone(), Arc::clone(actor), id.to_owned()).await
}

#[test]
fn every_record_opens_with_tabs_and_actions() {
    each(|world| async move {
        fill(&world).await;
        let actor = world.operator("support", &[Role::Support]).await;
        for list in lists().filter(|l| l.enter.open().is_some()) {
            let page = load(&world, &actor, list, query("")).await.expect("page");
            for row in page.rows.iter().take(12) {
                let record = open(&world, &actor, list, &row.id).await.expect("record");
                assert_eq!(record.id, row.id);
                assert_eq!(
                    record.state,
                    if list.kind == Kind::Audit {
                        ""
                    } else {
                        &row.state
                    }
                );
                assert!(!record.tabs.is_empty() && !record.title.is_empty());
                let acts: Vec<_> = record.actions.iter().map(|c| c.act).collect();
                assert_eq!(acts, list.acts, "{}", list.kind);
            }
            let missing = open(&world, &actor, list, "nothing").await;
            assert!(
                matches!(missing, Err(Error::Missing { .. })),
                "{}",
                list.kind
            );
        }
    });
}

#[test]
fn what_a_submission_and_a_registration_tell() {
    each(|world| async move {
        fill(&world).await;
        let actor = world.operator("support", &[Role::Support]).await;
        let id = stock::id(7, 0);
        let record = submission::open(&world.services, &actor, &id)
            .await
            .expect("record");
        let findings = record
            .tabs
            .get(1)
            .map(|t| format!("{:?}", t.body))
            .expect("findings");
        assert!(findings.contains("ROM-0004") && findings.contains("agb"));
        let list = list_of(Kind::Registration).expect("list");
        let record = open(&world, &actor, list, &stock::id(4, 0))
            .await
            .expect("record");
        let Some(Body::Checklist(lines)) = record.tabs.first().map(|t| &t.body) else {
            panic_with("checklist")
        };
        assert!(lines.len() >= 8 && lines.iter().any(|l| l.done) && lines.iter().any(|l| !l.done));
        assert!(
            lines
                .iter()
                .filter(|l| !l.done)
                .all(|l| !l.detail.is_empty())
        );
    });
}

#[test]
fn refused_actions_say_which_right_or_state() {
    each(|world| async move {
        fill(&world).await;
        let auditor = world.operator("auditor", &[Role::Auditor]).await;
        let support = world.operator("support", &[Role::Support]).await;
        let list = list_of(Kind::Registration).expect("list");
        let refusals = async |actor: &Arc<Actor>, id: String| -> Vec<Option<String>> {
            let record = open(&world, actor, list, &id).await.expect("record");
            record.actions.into_iter().map(|c| c.refusal).collect()
        };
        let none = refusals(&auditor, stock::id(4, 0)).await;
        assert!(
            none.iter().flatten().all(|r| r.contains("support"))
                && none.iter().all(Option::is_some)
        );
        let received = refusals(&support, stock::id(4, 0)).await;
        assert_eq!(received.iter().filter(|r| r.is_none()).count(), 3);
        let completed = refusals(&support, stock::id(4, 2)).await;
        assert!(completed.iter().flatten().all(|r| r.contains("afgerond")));
        assert_eq!(completed.iter().flatten().count(), 4);
    });
}

#[test]
fn overzicht_leads_to_lists_that_hold_what_it_counts() {
    each(|world| async move {
        fill(&world).await;
        let actor = world.operator("support", &[Role::Support]).await;
        let overview = ALL.first().and_then(|s| s.lists.first()).expect("overview");
        let page = load(&world, &actor, overview, query(""))
            .await
            .expect("page");
        let waiting: Vec<_> = page.rows.iter().filter(|r| r.state == "waiting").collect();
        assert!(waiting.len() >= 9, "{waiting:?}");
        for row in waiting {
            let (screen, filter) = row.id.split_once(' ').expect("link");
            let (screen, noun) = screen.split_once('/').unwrap_or((screen, ""));
            let screen = ALL.iter().find(|s| s.name_en == screen).expect("screen");
            let named = screen.lists.iter().find(|l| l.kind.as_str() == noun);
            let list = named.or(screen.lists.first()).expect("list");
            let found = load(&world, &actor, list, query(filter))
                .await
                .expect("link");
            let count = i64::try_from(found.rows.len()).expect("small");
            assert_eq!(row.cells.get(1), Some(&Cell::Number(count)), "{}", row.id);
        }
        let ages: Vec<_> = page.rows.iter().filter(|r| r.state == "waiting").collect();
        let oldest = |r: &&portaal_console::ui::Row| match r.cells.get(2) {
            Some(Cell::Age(at)) => at.0,
            _ => 0,
        };
        assert!(ages.iter().map(oldest).is_sorted());
        assert!(page.rows.iter().any(|r| r.state == "trend"));
        assert!(page.rows.iter().any(|r| r.state == "health"));
    });
}

#[test]
fn presence_names_colleagues_and_forgets_them() {
    use portaal_console::service::presence::{Place, beat, leave, others};
    each(|world| async move {
        let one = world.operator("een", &[Role::Support]).await;
        let two = world.operator("twee", &[Role::Support]).await;
        let place = |id| Place {
            screen: "mails",
            record: Some((Kind::Mail, id)),
        };
        let services = &world.services;
        beat(services, &one, "s1", place("m")).await.expect("beat");
        beat(services, &two, "s2", place("m")).await.expect("beat");
        let seen = others(services, &one, Kind::Mail, "m")
            .await
            .expect("others");
        assert_eq!(seen, ["Persoon twee"]);
        beat(services, &two, "s2", place("n")).await.expect("beat");
        assert!(
            others(services, &one, Kind::Mail, "m")
                .await
                .expect("others")
                .is_empty()
        );
        services.clock.set(BEGIN.plus(HOUR));
        assert!(
            others(services, &one, Kind::Mail, "n")
                .await
                .expect("others")
                .is_empty()
        );
        leave(services, &two, "s2").await.expect("leave");
    });
}

#[test]
fn every_action_of_the_table_has_a_name_in_the_audit() {
    for act in portaal_console::domain::action::Act::ALL {
        let name = portaal_console::service::frame::action_name(*act);
        let deed = portaal_console::language::deed::of(&name);
        assert!(deed.is_some(), "{name}");
    }
}
