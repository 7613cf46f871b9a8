//! Between build and release others leave: nothing follows them that was not held against them.

use super::stage::{Cast, cast, define, fill, row};
use crate::onboarding::number;
use crate::support::db::{World, each};
use portaal_console::domain::action::Act;
use portaal_console::extract::definition::Definition;
use portaal_console::service::error::Rule;
use portaal_console::service::{Call, Error, extract};

/// An extract of a period that was built, asked for and approved as far as a state says.
async fn brought(world: &World, cast: &Cast, (period, state): (&str, &str)) -> String {
    let id = define(&cast.anna, period).await;
    fill(world, &id, &format!("{period} {id}")).await;
    if state != "built" {
        cast.anna.does(Act::ExtractRequest, &id).await;
    }
    if state == "approved" {
        cast.bram.does(Act::ExtractApprove, &id).await;
    }
    assert_eq!(row(world, &id).await.state, state);
    id
}

/// What lies beside a release of 2025: its period, where it stands, and whether the release overtakes it.
const BESIDE: &[((&str, &str), bool)] = &[
    (("2025", "built"), true),
    (("2025", "requested"), true),
    (("2025-H1", "approved"), true),
    (("2025-H2", "requested"), true),
    (("2024", "approved"), false),
    (("2026-H1", "requested"), false),
];

#[test]
fn a_release_overtakes_what_was_built_beside_an_older_registry() {
    each(async |world| {
        let cast = cast(&world).await;
        let first = brought(&world, &cast, ("2025", "approved")).await;
        let mut others = Vec::new();
        for (what, overtaken) in BESIDE {
            others.push((brought(&world, &cast, *what).await, what.1, *overtaken));
        }
        let said = cast
            .anna
            .does(Act::ExtractRelease, &first)
            .await
            .said
            .join("\n");
        let fallen = others
            .iter()
            .filter(|(_, state, overtaken)| *overtaken && *state != "built")
            .count();
        assert_eq!(said.matches("vervallen").count(), fallen, "{said}");
        let notes = format!(
            "SELECT count(*) FROM audit WHERE action = 'extract.void' AND detail LIKE '%\"released\":\"{first}\"%'"
        );
        assert_eq!(
            number(&world, notes.leak()).await,
            i64::try_from(fallen).expect("few")
        );
        for (id, state, overtaken) in &others {
            let now = row(&world, id).await;
            if !overtaken {
                assert_eq!(now.state, *state);
                continue;
            }
            assert_eq!(
                (now.state.as_str(), now.requested_by.as_str()),
                ("built", "")
            );
            let late = cast.bram.act(Act::ExtractRequest, id, &[]).await;
            assert!(
                matches!(late, Err(Error::Rule(Rule::ExtractOutdated))),
                "{late:?}"
            );
        }
        // Built again it knows what left; recalled or not.
        cast.bram.does(Act::ExtractRecall, &first).await;
        let again = &others[0].0;
        cast.anna.does(Act::ExtractBuild, again).await;
        fill(&world, again, "again").await;
        cast.bram.does(Act::ExtractRequest, again).await;
        cast.anna.does(Act::ExtractApprove, again).await;
        cast.anna.does(Act::ExtractRelease, again).await;
    });
}

#[test]
fn of_two_that_do_not_know_each_other_one_leaves_whoever_is_first() {
    each(async |world| {
        let cast = cast(&world).await;
        for year in 2010..2018 {
            let (year, half) = (year.to_string(), format!("{year}-H2"));
            let one = brought(&world, &cast, (&year, "approved")).await;
            let two = brought(&world, &cast, (&half, "approved")).await;
            let done = tokio::join!(
                cast.anna.act(Act::ExtractRelease, &one, &[]),
                cast.bram.act(Act::ExtractRelease, &two, &[]),
            );
            let left = [&done.0, &done.1].into_iter().filter(|d| d.is_ok()).count();
            assert_eq!(left, 1, "{year}: {done:?}");
            let states = [row(&world, &one).await.state, row(&world, &two).await.state];
            assert!(states.contains(&"built".to_owned()), "{states:?}");
        }
    });
}

#[test]
fn a_name_and_version_stand_for_one_definition() {
    each(async |world| {
        let cast = cast(&world).await;
        define(&cast.anna, "2025").await;
        let mut other = Definition::built_in().clone();
        other.couplings[0].window_months = 1;
        for (version, is_refused) in [(other.version, true), (other.version + 1, false)] {
            other.version = version;
            let (call, text) = (Call::new(&cast.anna.actor), other.to_json());
            let done = extract::define_by(&world.services, &call, &text, "2025").await;
            assert_eq!(
                matches!(done, Err(Error::Invalid(_))),
                is_refused,
                "{done:?}"
            );
        }
        let (call, text) = (
            Call::new(&cast.anna.actor),
            Definition::built_in().to_json(),
        );
        let again = extract::define_by(&world.services, &call, &text, "2026").await;
        assert!(again.is_ok(), "{again:?}");
    });
}
