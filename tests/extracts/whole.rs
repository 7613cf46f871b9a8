//! From deliveries to a directory that KiBG can check, by two people of the operating system and the command line alone.

use super::deliveries::deliver;
use crate::onboarding::number;
use crate::support::db::{World, each};
use crate::support::program::Said;
use portaal_console::domain::right::Role;
use portaal_console::store::Engine;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

/// A user of this machine, who has no rights beyond their own.
struct User {
    uid: u32,
    home: PathBuf,
    url: String,
}

impl User {
    /// A user with an own home, and on a server with an own login.
    async fn new(world: &World, login: &str, uid: u32) -> Self {
        let actor = world.operator(login, &[Role::ReleaseManager]).await;
        let session = world.session(&actor).await;
        if world.engine == Engine::Postgres {
            session.db.close().await;
        }
        let home = world.state.path().join(login);
        std::fs::create_dir(&home).expect("home");
        let settings = "key = \"key\"\n".replace("key\"", &format!("{}/key\"", home.display()));
        let state = format!("state = {:?}\n{settings}", home.display().to_string());
        std::fs::write(home.join("config.toml"), state).expect("settings");
        chown(&home, Some(uid), None).expect("owner");
        let url = match world.engine {
            Engine::Sqlite => world.url().to_owned(),
            Engine::Postgres => world.url_as(login),
        };
        Self { uid, home, url }
    }

    /// Calls the program as this user.
    fn run(&self, arguments: &[&str]) -> Said {
        let uid = self.uid.to_string();
        let output = Command::new("setpriv")
            .args(["--reuid", &uid, "--regid", &uid, "--clear-groups", "--"])
            .arg(env!("CARGO_BIN_EXE_portaal"))
            .args(["--database", &self.url])
            .args(arguments)
            .env_clear()
            .env("HOME", &self.home)
            .env("PORTAAL_CONFIG", self.home.join("config.toml"))
            .env("LANG", "nl_NL.UTF-8")
            .current_dir(&self.home)
            .output()
            .expect("setpriv: run the tests as root");
        Said {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }
}

/// Lets other users of this machine reach the database of a world, as a shared file would have to.
fn share(world: &World) {
    let open = |path: &Path, mode: u32| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(path, permissions).expect("mode");
    };
    open(world.state.path(), 0o777);
    for end in ["", "-wal", "-shm"] {
        let path = world.state.path().join(format!("portaal.db{end}"));
        if path.exists() {
            open(&path, 0o666);
        }
    }
}

/// The worker, with the settings of the service: where releases go, and the key that signs them.
fn service(world: &World) -> Said {
    use crate::support::program::run;
    run(world, &["worker", "--once"])
}

fn settings(world: &World) -> (PathBuf, PathBuf) {
    let outgoing = world.state.path().join("outgoing");
    let key = world.state.path().join("minisign.key");
    let public = world.state.path().join("minisign.pub");
    let pair = minisign::KeyPair::generate_unencrypted_keypair().expect("pair");
    let secret = pair.sk.to_box(None).expect("box").into_string();
    std::fs::write(&key, secret).expect("key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).expect("mode");
    std::fs::write(&public, pair.pk.to_box().expect("box").into_string()).expect("key");
    let config = format!(
        "state = {:?}\nsigning_key = {:?}\n",
        world.state.path().display().to_string(),
        key.display().to_string()
    );
    std::fs::write(world.state.path().join("config.toml"), config).expect("settings");
    (outgoing, public)
}

/// Keeps two runs of this test apart: their users are those of the machine.
fn alone() -> std::fs::File {
    let file = std::fs::File::create("/tmp/portaal-two-users.lock").expect("lock");
    file.lock().expect("lock");
    file
}

#[test]
fn two_users_of_the_machine_bring_deliveries_to_a_signed_directory() {
    let _alone = alone();
    let digests = Mutex::new(Vec::new());
    each(async |world| {
        deliver(&world).await;
        let (daemon, games) = (
            User::new(&world, "daemon", 1).await,
            User::new(&world, "games", 5).await,
        );
        let (outgoing, public) = settings(&world);
        share(&world);
        let json = ["--output", "json"];
        let said = daemon.run(&[&["extract", "define", "--period", "2026"], &json[..]].concat());
        let id = said.exits(0).json()["rows"][0]["id"]
            .as_str()
            .expect("id")
            .to_owned();
        daemon
            .run(&["extract", "request", &id, "--reason", "te vroeg"])
            .exits(5);
        daemon.run(&["extract", "build", &id]).exits(0);
        daemon.run(&["extract", "build", &id]).exits(5);
        service(&world).exits(0);
        share(&world);
        daemon.run(&["extract", "approve", &id]).exits(5);
        daemon
            .run(&["extract", "request", &id, "--reason", "jaarlevering"])
            .exits(0);
        daemon.run(&["extract", "approve", &id]).exits(6);
        daemon.run(&["extract", "release", &id]).exits(6);
        approved_with_open_eyes(&games, &id);
        games.run(&["extract", "release", &id]).exits(0);
        daemon.run(&["extract", "release", &id]).exits(5);
        service(&world).exits(0);
        let directory = only(&outgoing);
        let shown = directory.display().to_string();
        let key = public.display().to_string();
        let words = ["extract", "verify", &shown, "--public-key", &key];
        let said = crate::support::program::run(&world, &[&words[..], &json].concat());
        let said = said.exits(0).json();
        assert_eq!(
            (said["valid"].as_bool(), said["signature"].as_str()),
            (Some(true), Some("valid"))
        );
        with_public_tools(
            &directory,
            &public,
            said["digest"].as_str().expect("digest"),
        );
        digests
            .lock()
            .expect("digests")
            .push(said["digest"].clone());
        tampered(&world, &directory, &public);
        let registry = games
            .run(&["extract", "registry", "--output", "json"])
            .exits(0);
        let row = &registry.rows()[0];
        assert_eq!(
            (&row["requested_by"], &row["approved_by"]),
            (&"daemon".into(), &"games".into())
        );
        assert_eq!(row["digest"], said["digest"]);
        let covered = games
            .run(&["extract", "coverage", &id, "--output", "json"])
            .exits(0);
        assert!(
            covered.rows().iter().any(|r| r["pooled"] == true),
            "{covered:?}"
        );
        daemon
            .run(&["extract", "fetched", &id, "--by", "K. Ibg"])
            .exits(0);
        daemon
            .run(&["extract", "recall", &id, "--reason", "fout in de definitie"])
            .exits(0);
        service(&world).exits(0);
        assert!(!directory.exists(), "recalled, so gone");
        let mails =
            "SELECT count(*) FROM mail WHERE template IN ('extract_released', 'extract_recalled')";
        assert_eq!(number(&world, mails).await, 2);
        crate::support::program::run(&world, &["audit", "verify"]);
    });
    let digests = digests.into_inner().expect("digests");
    assert_eq!(digests.len(), 2);
    assert_eq!(
        digests[0], digests[1],
        "the same deliveries give the same release on both databases"
    );
}

/// An approval names what was looked at, and nothing else will do.
fn approved_with_open_eyes(games: &User, id: &str) {
    games.run(&["extract", "approve", id]).exits(2);
    let list = games.run(&["extract", "list", "--output", "json"]).exits(0);
    let digest = list.rows()[0]["digest"]
        .as_str()
        .expect("digest")
        .to_owned();
    let approve = |digest: &str| games.run(&["extract", "approve", id, "--digest", digest]);
    approve(&digest).exits(5);
    games.run(&["extract", "show", id]).exits(0);
    approve("0123456789ab").exits(5);
    approve(&digest).exits(0);
}

type Change = fn(&Path);

/// Every way in which a directory can be other than it was released is found.
fn tampered(world: &World, directory: &Path, public: &Path) {
    let other = world.state.path().join("other.pub");
    let pair = minisign::KeyPair::generate_unencrypted_keypair().expect("pair");
    std::fs::write(&other, pair.pk.to_box().expect("box").into_string()).expect("key");
    let changes: [(&str, Change); 6] = [
        ("changed", |d| append(&d.join("volume.csv"), "x")),
        ("missing", |d| {
            std::fs::remove_file(d.join("effect.csv")).expect("gone");
        }),
        ("extra", |d| append(&d.join("more.csv"), "x")),
        ("sums", |d| {
            std::fs::write(d.join("SHA256SUMS"), "x").expect("sums");
        }),
        ("unsigned", |d| {
            std::fs::remove_file(d.join("SHA256SUMS.minisig")).expect("gone");
        }),
        ("manifest", |d| {
            // Whoever may write there makes the sums fit again, but not the manifest.
            std::fs::remove_file(d.join("effect.csv")).expect("gone");
            let sums = std::fs::read_to_string(d.join("SHA256SUMS")).expect("sums");
            let kept = sums.lines().filter(|l| !l.ends_with("effect.csv"));
            let kept = kept.collect::<Vec<_>>().join("\n") + "\n";
            std::fs::write(d.join("SHA256SUMS"), kept).expect("sums");
        }),
    ];
    let check = |at: &Path, key: &Path| {
        let (at, key) = (at.display().to_string(), key.display().to_string());
        let words = [
            "extract",
            "verify",
            &at,
            "--public-key",
            &key,
            "--output",
            "json",
        ];
        crate::support::program::run(world, &words).exits(1).json()
    };
    for (expected, change) in changes {
        let copy = world.state.path().join(format!("copy-{expected}"));
        std::fs::create_dir(&copy).expect("copy");
        for entry in std::fs::read_dir(directory).expect("release") {
            let from = entry.expect("entry").path();
            std::fs::copy(&from, copy.join(from.file_name().expect("name"))).expect("copy");
        }
        change(&copy);
        let said = check(&copy, public);
        let faults = said["faults"].as_array().expect("faults");
        assert!(
            faults.iter().any(|f| f["fault"] == expected),
            "{expected}: {said}"
        );
    }
    let said = check(directory, &other);
    assert_eq!(said["faults"][0]["fault"], "signature", "{said}");
}

fn append(path: &Path, text: &str) {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.append(true).create(true).open(path).expect("file");
    file.write_all(text.as_bytes()).expect("written");
}

/// The one directory beneath another.
fn only(root: &Path) -> PathBuf {
    let mut all = std::fs::read_dir(root).expect("outgoing");
    let first = all.next().expect("a release").expect("entry").path();
    assert!(all.next().is_none(), "nothing else lies there");
    first
}

/// What KiBG can do with nothing of ours: sha256sum and minisign.
fn with_public_tools(directory: &Path, public: &Path, digest: &str) {
    let run = |program: &str, arguments: &[&str]| {
        let output = Command::new(program)
            .args(arguments)
            .current_dir(directory)
            .output();
        let output = output.expect(program);
        assert!(output.status.success(), "{program}: {output:?}");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    run("sha256sum", &["--strict", "-c", "SHA256SUMS"]);
    assert!(run("sha256sum", &["SHA256SUMS"]).starts_with(digest));
    let key = public.display().to_string();
    if Command::new("minisign").arg("-v").output().is_ok() {
        run("minisign", &["-Vm", "SHA256SUMS", "-p", &key]);
    }
}
