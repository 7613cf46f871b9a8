//! An outgoing directory that cannot be written: nothing half a release lies there, people are told what to do, and once it is mended
//! what was approved leaves, whole and once.

use super::stage::{Cast, Person, built, cast, row};
use crate::onboarding::number;
use crate::soak::disk::Small;
use crate::support::db::{World, each};
use crate::support::mailbox::with_config;
use portaal_console::domain::action::Act;
use portaal_console::domain::job::{JobKind, State};
use portaal_console::domain::right::{Language, Role};
use portaal_console::language::outgoing as words;
use portaal_console::service::extract::verify::directory;
use portaal_console::service::reads;
use portaal_console::service::{Actor, Services};
use portaal_console::store::job::{self, Job};
use portaal_console::ui::Record;
use portaal_console::ui::record::Body;
use portaal_console::work;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where a release goes and what is in the way of it.
struct Site {
    root: PathBuf,
    target: PathBuf,
    /// Sums that the release will have.
    sums: String,
    key: PathBuf,
    small: Option<Small>,
}

impl Site {
    fn hidden(&self) -> PathBuf {
        let name = self.target.file_name().expect("name").to_string_lossy();
        self.root.join(format!(".{name}"))
    }

    fn lay(&self, files: &[(&str, &str)]) {
        fs::create_dir_all(&self.target).expect("directory");
        for (name, text) in files {
            fs::write(self.target.join(name), text).expect("file");
        }
    }

    fn away(&self) {
        if self.target.is_dir() {
            fs::remove_dir_all(&self.target).expect("gone");
        } else {
            fs::remove_file(&self.target).expect("gone");
        }
    }
}

/// What is the matter, how it comes about and how it is mended.
type Bad = (&'static str, &'static str, fn(&mut Site), fn(&mut Site));

const KEY: &str = "signing_key";

const BAD: &[Bad] = &[
    (
        "no_directory",
        "a file stands where the directory should be",
        |s| fs::write(&s.root, "x").expect("file"),
        |s| fs::remove_file(&s.root).expect("gone"),
    ),
    (
        "taken",
        "another release of this name",
        |s| s.lay(&[("SHA256SUMS", "x"), ("volume.csv", "x")]),
        |s| s.away(),
    ),
    (
        "taken",
        "its own sums beside a file that was changed",
        |s| s.lay(&[("SHA256SUMS", &s.sums.clone()), ("volume.csv", "x")]),
        |s| s.away(),
    ),
    (
        "taken",
        "its own sums and nothing else",
        |s| s.lay(&[("SHA256SUMS", &s.sums.clone())]),
        |s| s.away(),
    ),
    (
        "taken",
        "a file by this name",
        |s| {
            fs::create_dir_all(&s.root).expect("directory");
            fs::write(&s.target, "x").expect("file");
        },
        |s| s.away(),
    ),
    (
        "taken",
        "a link to nowhere by this name",
        |s| {
            fs::create_dir_all(&s.root).expect("directory");
            std::os::unix::fs::symlink("/nowhere", &s.target).expect("link");
        },
        |s| fs::remove_file(&s.target).expect("gone"),
    ),
    (
        KEY,
        "no key where the settings say that there is one",
        |_| {},
        |s| {
            use std::os::unix::fs::PermissionsExt;
            let pair = minisign::KeyPair::generate_unencrypted_keypair().expect("pair");
            let text = pair.sk.to_box(None).expect("box").into_string();
            fs::write(&s.key, text).expect("key");
            fs::set_permissions(&s.key, fs::Permissions::from_mode(0o600)).expect("mode");
        },
    ),
    (
        "no_room",
        "a disk with room for one file",
        |s| {
            fs::create_dir_all(&s.root).expect("directory");
            s.small = Some(Small::mount(&s.root, "4k"));
        },
        |s| s.small.as_ref().expect("mounted").grow("1m"),
    ),
];

/// What lies in the outgoing directory, the hidden included.
fn names(root: &Path) -> Vec<String> {
    let Ok(all) = fs::read_dir(root) else {
        return Vec::new();
    };
    let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("entry").file_name();
    let mut names: Vec<String> = all
        .map(|e| name(e).to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

async fn released(world: &World, cast: &Cast) -> String {
    let id = built(world, &cast.anna).await;
    cast.anna.does(Act::ExtractRequest, &id).await;
    cast.bram.does(Act::ExtractApprove, &id).await;
    cast.anna.does(Act::ExtractRelease, &id).await;
    id
}

async fn site(world: &World, id: &str) -> Site {
    let e = row(world, id).await;
    let root = world.state.path().join("outgoing");
    let text = "SELECT sha256 FROM extract_file WHERE extract_id = $1";
    let mut tx = world.services.db.read().await.expect("transaction");
    let query = portaal_console::store::Query::new(text).bind(id);
    let file: Option<(String,)> = tx.optional(query).await.expect("file");
    tx.rollback().await.expect("rollback");
    Site {
        target: root.join(format!("kibg-1_{}_{}", e.period, &e.digest[..12])),
        sums: format!("{}  volume.csv\n", file.expect("a file").0),
        key: world.state.path().join("minisign.key"),
        small: None,
        root,
    }
}

async fn job_of(world: &World, id: &str) -> Option<Job> {
    let mut tx = world.services.db.read().await.expect("transaction");
    let found = job::open(&mut tx, JobKind::Outgoing, id).await;
    tx.rollback().await.expect("rollback");
    found.expect("job")
}

const TOLD: &str = "SELECT count(*) FROM mail WHERE template = 'extract_released'";

/// The first tab of a record as text.
fn first(record: &Record) -> String {
    match &record.tabs[0].body {
        Body::Text(lines) => lines.join("\n"),
        other => unreachable!("{other:?}"),
    }
}

/// People see what is the matter and what to do, at the job and at the extract, in both languages.
async fn told(world: &World, services: &Services, who: &Person, job: &Job, id: &str) {
    let code = job.error.split(' ').next().expect("code");
    let what = words::what(code).expect("words");
    for language in [Language::Nl, Language::En] {
        let lines = words::lines(&job.error, "01a2074d", language).expect("words");
        assert!(
            lines[0] == what.text(language) && lines[1].len() > 20,
            "{lines:?}"
        );
        assert!(lines[2].contains("portaal job retry 01a2074d"), "{lines:?}");
        assert!(
            lines[3].contains(world.state.path().to_str().expect("path")),
            "{lines:?}"
        );
        let reader = Actor {
            language,
            ..(*who.actor).clone()
        };
        for record in [
            reads::job::open(services, &reader, &job.id)
                .await
                .expect("job"),
            reads::extract::open(services, &reader, id)
                .await
                .expect("extract"),
        ] {
            let text = first(&record);
            assert!(text.starts_with(what.text(language)), "{text}");
            assert!(text.contains(&lines[1]), "{text}");
        }
    }
}

async fn tried(world: &Arc<World>, (code, why, spoil, mend): &Bad) {
    let people = cast(world).await;
    let on_call = Person::new(world, "piket", &[Role::OnCall]).await;
    let id = released(world, &people).await;
    let mut site = site(world, &id).await;
    let key =
        (*code == KEY).then(|| format!("signing_key = {:?}\n", site.key.display().to_string()));
    let state = world.state.path().display().to_string();
    let services = with_config(
        world,
        &format!("state = {state:?}\n{}", key.unwrap_or_default()),
    );
    spoil(&mut site);
    let before = names(&site.root);
    let mails = number(world, TOLD).await;
    work::drain(services.clone()).await.expect("drained");
    let failed = job_of(world, &id).await.expect("a job that is tried again");
    assert_eq!(
        (failed.state, failed.failures),
        (State::Available, 1),
        "{why}"
    );
    assert!(
        failed.run_at > world.services.clock.now(),
        "{why}: by itself, later"
    );
    assert!(
        failed.error.starts_with(&format!("outgoing:{code} ")),
        "{why}: {failed:?}"
    );
    assert_eq!(names(&site.root), before, "{why}: nothing of it is there");
    let e = row(world, &id).await;
    assert_eq!((e.state.as_str(), e.directory.as_str()), ("released", ""));
    assert_eq!(
        number(world, TOLD).await,
        mails,
        "{why}: KiBG is told of what is there"
    );
    told(world, &services, &on_call, &failed, &id).await;
    mend(&mut site);
    on_call.does(Act::JobRetry, &failed.id).await;
    work::drain(services).await.expect("drained");
    assert_eq!(job_of(world, &id).await, None, "{why}: done");
    let found = directory(&site.target, None).expect("there");
    assert_eq!(found.digest, e.digest, "{why}: what was approved");
    assert_eq!(found.has_signature, *code == KEY);
    assert!(!site.hidden().exists(), "{why}");
    assert_eq!(number(world, TOLD).await, mails + 1, "{why}: told once");
    drop(site.small.take());
    let root = site.root;
    fs::remove_dir_all(root).expect("the next one begins with none");
}

#[test]
fn what_cannot_be_written_leaves_nothing_says_what_to_do_and_leaves_once_mended() {
    let is_root = rustix::process::getuid().is_root();
    each(async |world| {
        // Only root can mount a small file system.
        for bad in BAD.iter().filter(|bad| is_root || bad.0 != "no_room") {
            tried(&world, bad).await;
        }
    });
}

#[test]
fn a_release_that_cannot_be_written_is_held_for_a_person_and_leaves_when_they_say() {
    each(async |world| {
        let cast = cast(&world).await;
        let on_call = Person::new(&world, "piket", &[Role::OnCall]).await;
        let id = released(&world, &cast).await;
        let site = site(&world, &id).await;
        fs::write(&site.root, "x").expect("file");
        let mut tries = 0;
        let held = loop {
            work::drain(world.services.clone()).await.expect("drained");
            tries += 1;
            let job = job_of(&world, &id).await.expect("job");
            if job.state == State::Held {
                break job;
            }
            assert!(tries < 20, "{job:?}");
            world.services.clock.set(job.run_at);
        };
        assert_eq!(tries, 8);
        fs::remove_file(&site.root).expect("gone");
        work::drain(world.services.clone()).await.expect("drained");
        assert!(!site.target.exists(), "it waits for a person");
        on_call.does(Act::JobRetry, &held.id).await;
        work::drain(world.services.clone()).await.expect("drained");
        let found = directory(&site.target, None).expect("there");
        assert_eq!(found.digest, row(&world, &id).await.digest);
        assert_eq!(number(&world, TOLD).await, 1);
    });
}

#[test]
fn what_a_dead_worker_left_is_in_nobodys_way() {
    each(async |world| {
        let cast = cast(&world).await;
        let id = released(&world, &cast).await;
        let site = site(&world, &id).await;
        // Killed while it wrote.
        fs::create_dir_all(site.hidden()).expect("directory");
        fs::write(site.hidden().join("volume.csv"), "half").expect("file");
        work::drain(world.services.clone()).await.expect("drained");
        assert_eq!(names(&site.root).len(), 1, "whole, and alone");
        let found = directory(&site.target, None).expect("there");
        assert_eq!(found.digest, row(&world, &id).await.digest);
        // What lies there by the hidden name does not keep a recalled release in sight.
        fs::write(site.hidden(), "x").expect("file");
        cast.bram.does(Act::ExtractRecall, &id).await;
        work::drain(world.services.clone()).await.expect("drained");
        assert_eq!(names(&site.root), Vec::<String>::new(), "recalled, so gone");
    });
}
