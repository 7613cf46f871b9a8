//! What the tests of extracts share: people with sessions of their own, and an extract with a little content.

use crate::support::db::World;
use portaal_console::domain::action::Act;
use portaal_console::domain::kind::Kind;
use portaal_console::domain::right::Role;
use portaal_console::extract::definition::Period;
use portaal_console::extract::outgoing::digest;
use portaal_console::service::extract::past;
use portaal_console::service::fields::Values;
use portaal_console::service::{self, Actor, Call, Done, Error, Services};
use portaal_console::store::extract::{self, Extract, Inside};
use portaal_console::store::extract_content::{self as content, Cell, File};
use portaal_console::store::{Query, Tx, counter};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Somebody with a session of their own.
pub struct Person {
    /// Who.
    pub actor: Arc<Actor>,
    /// Services as they have them.
    pub services: Services,
}

impl Person {
    /// A person with these roles, whose login nobody else has in this run.
    pub async fn new(world: &World, name: &str, roles: &[Role]) -> Self {
        let login = format!(
            "{name}-{}",
            &uuid::Uuid::now_v7().simple().to_string()[20..]
        );
        let actor = world.operator(&login, roles).await;
        let services = world.session(&actor).await;
        Self { actor, services }
    }

    /// The same person in another session.
    pub fn again(&self) -> Self {
        Self {
            actor: Arc::clone(&self.actor),
            services: self.services.clone(),
        }
    }

    /// Takes an action with a reason.
    pub async fn act(&self, act: Act, id: &str, values: &[(&str, &str)]) -> Result<Done, Error> {
        let call = Call {
            reason: "omdat het zo hoort".to_owned(),
            ..Call::new(&self.actor)
        };
        let pairs = values.iter();
        let values: Values = pairs
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        service::run(&self.services, &call, act, id, &values).await
    }

    /// As the console does it: opens the form of the action, where it opens, and sends what it holds.
    pub async fn tries(&self, act: Act, id: &str) -> Result<Done, Error> {
        let form = service::form(&self.services, &self.actor, act, id).await;
        let values = form.map(|f| f.values).unwrap_or_default();
        let pairs: Vec<(&str, &str)> = values
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_str()))
            .collect();
        self.act(act, id, &pairs).await
    }

    /// Takes an action, which must succeed; an approval after a look at what would leave.
    pub async fn does(&self, act: Act, id: &str) -> Done {
        let done = match act {
            Act::ExtractApprove => self.tries(act, id).await,
            _ => self.act(act, id, &[]).await,
        };
        assert!(done.is_ok(), "{act:?}: {done:?}");
        done.expect("done")
    }
}

/// Two release managers and an administrator.
pub struct Cast {
    /// Asks.
    pub anna: Person,
    /// Approves.
    pub bram: Person,
    /// May do neither.
    pub chef: Person,
}

/// Everybody that a test of two persons needs.
pub async fn cast(world: &World) -> Cast {
    let roles = &[Role::ReleaseManager];
    Cast {
        anna: Person::new(world, "anna", roles).await,
        bram: Person::new(world, "bram", roles).await,
        chef: Person::new(world, "chef", &[Role::Administrator]).await,
    }
}

/// An extract as it is now.
pub async fn row(world: &World, id: &str) -> Extract {
    let mut tx = world.services.db.read().await.expect("transaction");
    let row = extract::by_id(&mut tx, id).await.expect("extract");
    tx.rollback().await.expect("rollback");
    row.expect("there")
}

/// Defines an extract of a period.
pub async fn define(person: &Person, period: &str) -> String {
    let values = [("period", period)];
    let done = person.act(Act::ExtractDefine, "", &values).await;
    done.expect("defined").id
}

/// Defines an extract.
pub async fn draft(person: &Person) -> String {
    define(person, "2025").await
}

/// As `fill`, when it is a draft still: others are at it too.
pub async fn refill(world: &World, id: &str, salt: &str) {
    let mut tx = world.services.db.write().await.expect("transaction");
    let e = extract::lock(&mut tx, id).await.expect("extract");
    let is_draft = e.expect("there").state == "draft";
    if is_draft {
        fill_in(&mut tx, id, salt).await;
    }
    tx.commit().await.expect("commit");
}

/// Gives a draft content, as a build would: one file, two cells. `salt` makes the content another.
pub async fn fill(world: &World, id: &str, salt: &str) {
    let mut tx = world.services.db.write().await.expect("transaction");
    fill_in(&mut tx, id, salt).await;
    tx.commit().await.expect("commit");
}

async fn fill_in(tx: &mut Tx, id: &str, salt: &str) {
    let cell = |position: i64, agb: &str, status: &str| Cell {
        position,
        sheet: "volume".to_owned(),
        code_1: agb.to_owned(),
        code_2: "GBG02".to_owned(),
        code_3: "Total".to_owned(),
        n: 12 * position,
        sums: String::new(),
        status: status.to_owned(),
        rule: String::new(),
    };
    let cells = [cell(1, "Total", "s"), cell(2, "01234567", "x")];
    content::insert_cells(tx, id, &cells).await.expect("cells");
    finish(tx, id, salt, "safe").await;
}

/// Ends the build of a draft that has its cells: with one file, and what attacks came to.
pub async fn finish(tx: &mut Tx, id: &str, salt: &str, verdict: &str) {
    let mut e = extract::lock(tx, id)
        .await
        .expect("extract")
        .expect("there");
    let bytes = format!("organisation,n\n{salt},12\n").into_bytes();
    let file = File {
        name: "volume.csv".to_owned(),
        bytes: i64::try_from(bytes.len()).expect("small"),
        sha256: hex::encode(Sha256::digest(&bytes)),
    };
    content::insert_file(tx, id, &file, bytes)
        .await
        .expect("file");
    e.digest = digest([(file.name.as_str(), file.sha256.as_str())].into_iter());
    "built".clone_into(&mut e.state);
    verdict.clone_into(&mut e.verdict);
    (e.cell_count, e.hidden_count, e.smallest) = (2, 1, 12);
    (e.holders_in, e.holders_out) = (1, 0);
    e.building.clear();
    let manifest = manifest(tx, &e).await;
    let inside = Inside {
        manifest: &manifest,
        certificate: "{}",
    };
    extract::save_built(tx, &e, inside).await.expect("built");
    counter::shift(tx, Kind::Extract, Some("draft"), Some("built"))
        .await
        .expect("counted");
    let sql = "UPDATE job SET state = 'completed' WHERE kind = 'extract' AND subject = $1";
    let query = Query::new(sql).bind(id);
    tx.execute(query).await.expect("job");
}

/// What a build writes down of the releases that it was held against.
async fn manifest(tx: &mut Tx, e: &Extract) -> String {
    let left = extract::left(tx).await.expect("releases");
    let period = Period::parse(&e.period).expect("period");
    let earlier = past::beside(&left, &period).into_iter();
    let digests: Vec<&str> = earlier
        .map(|(release, _)| release.digest.as_str())
        .collect();
    serde_json::json!({ "earlier_releases": digests }).to_string()
}

/// An extract that was built.
pub async fn built(world: &World, person: &Person) -> String {
    let id = draft(person).await;
    fill(world, &id, "a").await;
    id
}
