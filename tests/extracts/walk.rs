//! The figures of an extract as lists show them: a dot for whatever is hidden, and why for release managers alone.

use super::deliveries::deliver;
use super::stage::{Person, built, cast, define};
use crate::support::db::{World, each};
use portaal_console::domain::action::Act;
use portaal_console::domain::kind::Kind;
use portaal_console::domain::right::Right;
use portaal_console::service::Error;
use portaal_console::service::reads::{extract, figure};
use portaal_console::ui::{Cell, Page, Query};
use portaal_console::work;
use std::collections::BTreeSet;

async fn page(world: &World, who: &Person, filter: &str) -> Result<Page, Error> {
    let query = Query {
        filter: filter.to_owned(),
        limit: 1000,
        ..Query::default()
    };
    figure::page(&world.services, &who.actor, &query).await
}

fn cell<'a>(page: &'a Page, row: usize, column: &str) -> &'a Cell {
    let place = figure::COLUMNS.iter().position(|c| c.name == column);
    &page.rows[row].cells[place.expect("such a column")]
}

#[test]
fn a_hidden_figure_is_a_dot_and_its_reason_is_for_release_managers() {
    each(|world| async move {
        let cast = cast(&world).await;
        let id = built(&world, &cast.anna).await;
        let all = format!("extract:{id}");
        for who in [&cast.anna, &cast.chef] {
            let page = page(&world, who, &all).await.expect("page");
            assert_eq!(page.rows.len(), 2);
            assert_eq!(*cell(&page, 0, "n"), Cell::Number(12));
            assert_eq!(*cell(&page, 1, "n"), Cell::Hidden);
            assert!(cell(&page, 1, "n").json().is_null());
            let all = page.rows.iter().flat_map(|r| &r.cells);
            assert!(all.clone().count() > 10 && !all.into_iter().any(|c| *c == Cell::Number(24)));
        }
        let seen = page(&world, &cast.anna, &all).await.expect("page");
        assert_eq!(seen.rows[1].state, "x", "it shields another");
        let veiled = page(&world, &cast.chef, &all).await.expect("page");
        assert_eq!(veiled.rows[1].state, "u", "one mark for every hidden cell");
        let found = page(&world, &cast.anna, &format!("{all} status:x")).await;
        assert_eq!(found.expect("page").rows.len(), 1);
        for asks in ["status:x", "rule:small", "!status:u"] {
            let refused = page(&world, &cast.chef, &format!("{all} {asks}")).await;
            let right = matches!(
                refused,
                Err(Error::Right {
                    right: Right::Extracts,
                    ..
                })
            );
            assert!(right, "{asks}: {refused:?}");
        }
    });
}

#[test]
fn a_total_opens_the_first_of_its_dimensions() {
    each(|world| async move {
        let cast = cast(&world).await;
        let id = built(&world, &cast.anna).await;
        let all = page(&world, &cast.anna, &format!("extract:{id}"))
            .await
            .expect("page");
        let total = figure::members(&all.rows[0]);
        assert_eq!(
            total,
            format!(
                "extract:{id} sheet:volume !organisation:\"Total\" profile:\"GBG02\" code:\"Total\""
            )
        );
        let parts = page(&world, &cast.anna, &total).await.expect("page");
        let ids: Vec<&str> = parts.rows.iter().map(|r| r.id.as_str()).collect();
        assert_eq!(ids, [all.rows[1].id.as_str()]);
        let one = figure::members(&all.rows[1]);
        assert!(
            one.ends_with("organisation:\"01234567\" profile:\"GBG02\" !code:\"Total\""),
            "{one}"
        );
    });
}

#[test]
fn a_walk_from_the_first_totals_comes_past_every_cell_of_a_care_provider() {
    each(|world| async move {
        deliver(&world).await;
        let cast = cast(&world).await;
        let id = define(&cast.anna, "2026").await;
        cast.anna.does(Act::ExtractBuild, &id).await;
        work::drain(world.services.clone()).await.expect("drained");
        let query = Query {
            filter: format!("id:{id}"),
            limit: 2,
            ..Query::default()
        };
        let list = extract::page(&world.services, &cast.anna.actor, &query).await;
        let mut open = vec![extract::members(&list.expect("page").rows[0])];
        let (mut seen, mut deepest) = (BTreeSet::new(), 0);
        while let Some(filter) = open.pop() {
            let found = page(&world, &cast.anna, &filter).await.expect("page");
            assert!(!found.after && !found.rows.is_empty(), "{filter}");
            deepest = deepest.max(filter.matches("Total").count());
            for row in found.rows {
                let inside = figure::members(&row);
                // Two ways lead to a cell where two of its dimensions can be opened: it is opened once.
                if seen.insert(row.id) && !inside.is_empty() {
                    open.push(inside);
                }
            }
        }
        let all = page(&world, &cast.anna, &format!("extract:{id}")).await;
        let all = all.expect("page");
        assert!(all.rows.len() > 400);
        let benchmark = Cell::Code(Kind::Extract, "benchmark".to_owned());
        for (at, row) in all.rows.iter().enumerate() {
            let Cell::Text(codes) = cell(&all, at, "codes") else {
                unreachable!("{row:?}");
            };
            // One profile over all care providers lies beside the walk: it is found by a filter.
            let of_all = codes.starts_with("Total/") && !codes.starts_with("Total/Total");
            let beside = of_all && *cell(&all, at, "sheet") != benchmark;
            assert_eq!(seen.contains(&row.id), !beside, "{codes}");
        }
        assert_eq!(deepest, 3, "from all over all to the last dimension");
    });
}
