//! A world with an organisation that delivers, its vendor, and files that are good, broken or away.

use crate::onboarding::{accept, activate, organisation, publish};
use crate::support::db::World;
use portaal_console::delivery::sample::{self, Faults, Sample};
use portaal_console::domain::action::Act;
use portaal_console::domain::right::Role;
use portaal_console::service::arrival::{self, By};
use portaal_console::service::fields::Values;
use portaal_console::service::{self, Actor, Call, Done, Error, submission};
use portaal_console::store::{Query, submission as rows};
use std::path::PathBuf;
use std::sync::Arc;

/// The AGB code of the organisation.
pub const AGB: &str = "06010001";
/// The vendor.
pub const VENDOR: &str = "01900002-0000-7000-8000-000000000001";

/// Who acts.
pub struct Cast {
    /// Sets up and reminds.
    pub support: Arc<Actor>,
    /// Looks after deliveries.
    pub on_call: Arc<Actor>,
    /// A colleague who does the same.
    pub colleague: Arc<Actor>,
}

/// Whether the organisation accepted the agreement.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Agreed {
    /// It did.
    Yes,
    /// It has yet to.
    No,
}

/// The cast in a world with one organisation.
pub async fn cast(world: &World, agreed: Agreed) -> Cast {
    let support = world.operator("sanne", &[Role::Support]).await;
    let on_call = world.operator("piket", &[Role::OnCall]).await;
    let colleague = world.operator("joost", &[Role::OnCall]).await;
    let admin = world.operator("admin", &[Role::Administrator]).await;
    publish(world, &admin, "2021-09", "2026-12-31").await;
    let id = organisation(world, &support, AGB).await;
    activate(world, &support, &id, "a.deboer@linde.example").await;
    if agreed == Agreed::Yes {
        agree(world, &support).await;
    }
    let sql = "INSERT INTO vendor (id, name, kind, email, contact, created_at, folded, version)
        VALUES ($1, 'ROM Plus', 'rom', 'hulp@romplus.example', 'B. Vermeer', 1, 'rom plus', 1)";
    write(world, Query::new(sql).bind(VENDOR)).await;
    Cast {
        support,
        on_call,
        colleague,
    }
}

/// The organisation accepts.
pub async fn agree(world: &World, support: &Arc<Actor>) {
    accept(world, support, AGB, "a.deboer@linde.example")
        .await
        .expect("accepted");
}

/// One statement in a transaction of its own.
pub async fn write(world: &World, query: Query) {
    let mut tx = world.services.db.write().await.expect("transaction");
    tx.execute(query).await.expect("written");
    tx.commit().await.expect("commit");
}

/// A synthetic file; with a seed of its own it is another one. A broken one lacks a column.
pub fn file(world: &World, seed: u64, broken: bool) -> PathBuf {
    let path = world.state.path().join(format!("rom {seed}.csv"));
    let mut out = Vec::new();
    let as_of = chrono::NaiveDate::from_ymd_opt(2026, 10, 4).expect("date");
    let sample = Sample {
        organisation: AGB.to_owned(),
        rows: 20,
        seed,
        faults: Faults::None,
        as_of,
    };
    sample::write(&sample, &mut out).expect("sample");
    if broken {
        let text = String::from_utf8(out).expect("text");
        out = text.replacen("totaalscore", "score_totaal", 1).into_bytes();
    }
    std::fs::write(&path, out).expect("file");
    path
}

/// Takes a file in and gives it the vendor.
pub async fn add(world: &World, cast: &Cast, seed: u64, broken: bool) -> String {
    let call = world.call(&cast.on_call, "");
    let path = file(world, seed, broken);
    let by = By::Operator {
        organisation: AGB.to_owned(),
        connection: None,
    };
    let done = arrival::add(&world.services, &call, &by, &path).await;
    let id = done.expect("added").id;
    let sql = "UPDATE submission SET vendor_id = $2 WHERE id = $1";
    write(world, Query::new(sql).bind(&id).bind(VENDOR)).await;
    id
}

/// Takes a file in and has it checked.
pub async fn refused(world: &World, cast: &Cast, seed: u64) -> String {
    let id = add(world, cast, seed, true).await;
    submission::process(&world.services, &id)
        .await
        .expect("checked");
    id
}

/// A delivery whose file was away when it was its turn, and is back now.
pub async fn failed(world: &World, cast: &Cast, seed: u64) -> String {
    let id = add(world, cast, seed, false).await;
    let kept = world
        .services
        .settings
        .files
        .join(row(world, &id).await.sha256);
    let away = kept.with_extension("away");
    std::fs::rename(&kept, &away).expect("taken away");
    submission::process(&world.services, &id)
        .await
        .expect_err("the file is away");
    std::fs::rename(&away, &kept).expect("put back");
    id
}

/// A submission as it is.
pub async fn row(world: &World, id: &str) -> rows::Submission {
    let mut tx = world.services.db.read().await.expect("transaction");
    rows::by_id(&mut tx, id)
        .await
        .expect("row")
        .expect("submission")
}

/// Values of a form.
pub fn values(pairs: &[(&str, &str)]) -> Values {
    let owned = pairs
        .iter()
        .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
    owned.collect()
}

/// An action by somebody, with a reason.
pub async fn act(
    world: &World,
    actor: &Arc<Actor>,
    act: Act,
    id: &str,
    given: &[(&str, &str)],
) -> Result<Done, Error> {
    let call = Call {
        reason: "volgens afspraak".to_owned(),
        ..world.call(actor, "")
    };
    service::run(&world.services, &call, act, id, &values(given)).await
}

/// Code, count and state of every cause.
pub async fn causes(world: &World) -> Vec<(String, i64, String)> {
    let mut tx = world.services.db.read().await.expect("transaction");
    let sql = "SELECT code, n, state FROM cause ORDER BY code";
    tx.all(Query::new(sql)).await.expect("causes")
}

/// The id of the cause with a code.
pub async fn cause(world: &World, code: &str) -> String {
    let mut tx = world.services.db.read().await.expect("transaction");
    let sql = "SELECT id FROM cause WHERE code LIKE $1 ORDER BY code LIMIT 1";
    let found: Option<(String,)> = tx
        .optional(Query::new(sql).bind(format!("{code}%")))
        .await
        .expect("cause");
    found.expect("a cause").0
}
