//! From a registration to an organisation in use: import, set-up, completion, accounts, agreement — on both databases.

use crate::support::db::{BEGIN, World, each};
use portaal_console::domain::action::Act;
use portaal_console::domain::check::Flaw;
use portaal_console::domain::kind::Kind;
use portaal_console::domain::right::Role;
use portaal_console::domain::time::DAY;
use portaal_console::mail::token;
use portaal_console::service::acceptance::{self, Evidence};
use portaal_console::service::account;
use portaal_console::service::agreement::{self, New, Stage};
use portaal_console::service::error::{Rule, Wrong};
use portaal_console::service::fields::Values;
use portaal_console::service::{self, Actor, Call, Done, Error, Mode, registration};
use portaal_console::store::{Query, account as accounts, counter};
use std::sync::Arc;

/// A registration document that is right, with another AGB each.
pub fn document(agb: &str) -> String {
    format!(
        r#"{{ "organisation": {{ "agb": "{agb}", "name": "Praktijk De Linde", "kvk": "12345678",
        "street": "Lindelaan 1", "postcode": "8011 AB", "city": "Zwolle", "email": "info@linde.example",
        "phone": "038 1234567", "contact": "A. de Boer", "language": "nl" }},
        "route": "automatic", "vendor": "ROM Plus",
        "users": [ {{ "name": "A. de Boer", "email": "a.deboer@linde.example", "roles": ["signatory"] }},
                   {{ "name": "B. Smit", "email": "b.smit@linde.example", "roles": ["submitter", "reader"] }} ] }}"#
    )
}

/// Values from pairs.
pub fn values(pairs: &[(&str, &str)]) -> Values {
    pairs
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect()
}

/// A number that a statement gives.
pub async fn number(world: &World, sql: &'static str) -> i64 {
    let mut tx = world.services.db.read().await.expect("transaction");
    tx.number(Query::new(sql)).await.expect("number")
}

async fn run(
    world: &World,
    call: &Call,
    act: Act,
    id: &str,
    v: &[(&str, &str)],
) -> Result<Done, Error> {
    service::run(&world.services, call, act, id, &values(v)).await
}

/// An agreement that is published, so that new organisations have something to accept.
pub async fn publish(world: &World, admin: &Arc<Actor>, name: &str, grace_until: &str) -> String {
    let new = New {
        name: name.to_owned(),
        title: format!("VWO Keurmerkhouders KiBG met InfinitCare {name}"),
        valid_from: "2026-01-01".to_owned(),
        grace_until: grace_until.to_owned(),
        file_name: "../../vwo.pdf".to_owned(),
        document: format!("%PDF-1.4 {name}").into_bytes(),
        stage: Stage::Published,
    };
    let done =
        agreement::publish_document(&world.services, &world.call(admin, "nieuwe versie"), new)
            .await;
    done.expect("published").id
}

/// An organisation in use; gives its id.
pub async fn organisation(world: &World, support: &Arc<Actor>, agb: &str) -> String {
    let call = world.call(support, "");
    let id = registration::import(&world.services, &call, &document(agb))
        .await
        .expect("imported")
        .id;
    run(world, &call, Act::RegistrationSetUp, &id, &[])
        .await
        .expect("set up");
    run(world, &call, Act::RegistrationComplete, &id, &[])
        .await
        .expect("completed");
    service::find(&world.services, Kind::Organisation, agb)
        .await
        .expect("found")
}

/// Accounts of an organisation, oldest first.
pub async fn accounts_of(world: &World, organisation: &str) -> Vec<accounts::Account> {
    let mut tx = world.services.db.read().await.expect("transaction");
    accounts::of(&mut tx, organisation).await.expect("accounts")
}

/// The token that the mail of an account's newest invitation carries.
pub async fn invitation_token(world: &World, account: &str) -> String {
    let mut tx = world.services.db.read().await.expect("transaction");
    let sql = "SELECT id, nonce FROM invitation WHERE account_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1";
    let row: Option<(String, String)> = tx
        .optional(Query::new(sql).bind(account))
        .await
        .expect("invitation");
    let (id, nonce) = row.expect("an invitation");
    token::derive(
        world.services.settings.key(),
        token::INVITATION,
        &id,
        &nonce,
    )
    .expose()
    .to_owned()
}

/// Activates the account with this mail address.
pub async fn activate(
    world: &World,
    support: &Arc<Actor>,
    organisation: &str,
    email: &str,
) -> String {
    let all = accounts_of(world, organisation).await;
    let id = all
        .into_iter()
        .find(|a| a.email == email)
        .expect("account")
        .id;
    let secret = invitation_token(world, &id).await;
    account::activate(&world.services, &world.call(support, ""), &secret)
        .await
        .expect("activated");
    id
}

/// Records that an account accepted the current version.
pub async fn accept(
    world: &World,
    support: &Arc<Actor>,
    agb: &str,
    email: &str,
) -> Result<Done, Error> {
    let evidence = Evidence {
        organisation: agb.to_owned(),
        account: email.to_owned(),
        version: String::new(),
        remote: "192.0.2.7".to_owned(),
    };
    acceptance::record_acceptance(&world.services, &world.call(support, ""), &evidence).await
}

#[test]
fn a_wrong_document_names_the_field_and_stores_nothing() {
    let right = document("06010001");
    let cases: Vec<(String, &str, Flaw)> = vec![
        (
            right.replace("\"kvk\"", "\"kwk\""),
            "organisation.kwk",
            Flaw::Unknown,
        ),
        (
            right.replace("\"kvk\": \"12345678\",", ""),
            "organisation.kvk",
            Flaw::Missing,
        ),
        (
            right.replace("12345678", "1234567"),
            "organisation.kvk",
            Flaw::NotDigits,
        ),
        (
            right.replace("06010001", "6010001"),
            "organisation.agb",
            Flaw::NotDigits,
        ),
        (
            right.replace("info@linde.example", "info@linde"),
            "organisation.email",
            Flaw::BadEmail,
        ),
        (
            right.replace("b.smit@linde.example", "b smit"),
            "users[1].email",
            Flaw::BadEmail,
        ),
        (
            right.replace("b.smit@linde", "A.deBoer@linde"),
            "users[1].email",
            Flaw::Duplicate,
        ),
        (
            right.replace("\"signatory\"", "\"reader\""),
            "users",
            Flaw::NoSignatory,
        ),
        (
            right.replace("\"signatory\"", "\"boss\""),
            "users[0].roles",
            Flaw::UnknownCode,
        ),
        (
            right.replace("\"automatic\"", "\"pigeon\""),
            "route",
            Flaw::UnknownCode,
        ),
        (
            right.replace("De Linde", "De\\u202eLinde"),
            "organisation.name",
            Flaw::ControlCharacter,
        ),
        (
            right.replace("8011 AB", "0011 AB"),
            "organisation.postcode",
            Flaw::BadPostcode,
        ),
        (
            right.replace("\"Zwolle\"", "7"),
            "organisation.city",
            Flaw::NotText,
        ),
        (right.replacen('{', "{ \"x\": 1, ", 1), "x", Flaw::Unknown),
        ("[".to_owned(), "line 1", Flaw::NotJson),
    ];
    each(async |world| {
        let support = world.operator("sanne", &[Role::Support]).await;
        let call = world.call(&support, "");
        for (text, field, flaw) in &cases {
            match registration::import(&world.services, &call, text).await {
                Err(Error::Invalid(wrong)) => {
                    let expected = Wrong {
                        field: (*field).to_owned(),
                        flaw: *flaw,
                    };
                    assert!(wrong.contains(&expected), "{field}: {wrong:?}");
                }
                other => unreachable!("{field}: {other:?}"),
            }
        }
        assert_eq!(number(&world, "SELECT count(*) FROM registration").await, 0);
        assert_eq!(number(&world, "SELECT count(*) FROM audit").await, 0);
        registration::import(&world.services, &call, &right)
            .await
            .expect("the right one");
        let again = registration::import(&world.services, &call, &right).await;
        assert!(matches!(again, Err(Error::Invalid(w)) if w[0].flaw == Flaw::Duplicate));
        assert_eq!(number(&world, "SELECT count(*) FROM registration").await, 1);
    });
}

#[test]
fn completing_is_one_transaction_with_its_mails_and_audit() {
    each(async |world| {
        let support = world.operator("sanne", &[Role::Support]).await;
        let admin = world.operator("admin", &[Role::Administrator]).await;
        publish(&world, &admin, "2021-09", "2026-12-31").await;
        let call = world.call(&support, "");
        let id = registration::import(&world.services, &call, &document("06010001"))
            .await
            .expect("imported")
            .id;
        let early = run(&world, &call, Act::RegistrationComplete, &id, &[]).await;
        assert!(
            matches!(
                early,
                Err(Error::State {
                    kind: Kind::Registration,
                    ..
                })
            ),
            "{early:?}"
        );
        run(
            &world,
            &call,
            Act::RegistrationSetUp,
            &id,
            &[("city", "Deventer")],
        )
        .await
        .expect("set up");
        let dry = Call {
            mode: Mode::DryRun,
            ..world.call(&support, "")
        };
        let tried = run(&world, &dry, Act::RegistrationComplete, &id, &[])
            .await
            .expect("tried");
        assert_eq!(
            tried.said.len(),
            4,
            "two invitations and two confirmations: {:?}",
            tried.said
        );
        assert_eq!(
            number(&world, "SELECT count(*) FROM organisation").await,
            0,
            "a dry run keeps nothing"
        );

        let done = run(&world, &call, Act::RegistrationComplete, &id, &[])
            .await
            .expect("completed");
        assert_eq!(done.said, tried.said, "what was previewed is what happened");
        let organisation = service::find(&world.services, Kind::Organisation, "06010001")
            .await
            .expect("active");
        let all = accounts_of(&world, &organisation).await;
        let roles: Vec<&str> = all.iter().map(|a| a.roles.as_str()).collect();
        assert_eq!(roles, ["signatory", "submitter,reader"]);
        assert!(
            all.iter()
                .all(|a| a.state == "invited" && a.expires_at == BEGIN.plus(14 * DAY))
        );
        let sql = "SELECT count(*) FROM acceptance WHERE state = 'pending'";
        assert_eq!(number(&world, sql).await, 1);
        let sql = "SELECT count(*) FROM mail m JOIN job j ON j.subject = m.id AND j.kind = 'mail'
            WHERE m.state = 'queued' AND j.state = 'available' AND j.run_at = m.send_at AND m.send_at = m.queued_at + 10000";
        assert_eq!(
            number(&world, sql).await,
            4,
            "each mail has its job, ten seconds later"
        );
        let sql = "SELECT count(*) FROM mail WHERE recipient = 'keurmerk@kibg.example' AND template = 'setup_notice'";
        assert_eq!(number(&world, sql).await, 1);
        let sql = "SELECT count(*) FROM audit WHERE action = 'registration.complete' AND outcome = 'done'";
        assert_eq!(number(&world, sql).await, 1);
        assert_eq!(
            number(
                &world,
                "SELECT count(*) FROM audit WHERE action = 'account.invite'"
            )
            .await,
            2
        );
    });
}

#[test]
fn no_token_stands_in_the_database() {
    each(async |world| {
        let support = world.operator("sanne", &[Role::Support]).await;
        let organisation = organisation(&world, &support, "06010001").await;
        let account = accounts_of(&world, &organisation).await[0].id.clone();
        let secret = invitation_token(&world, &account).await;
        let mut tx = world.services.db.read().await.expect("transaction");
        let sql = "SELECT count(*) FROM invitation WHERE token_hash = $1";
        assert_eq!(
            tx.number(Query::new(sql).bind(token::hash(&secret)))
                .await
                .expect("hash"),
            1
        );
        let sql = "SELECT count(*) FROM mail WHERE parameters LIKE '%' || $1 || '%'";
        assert_eq!(
            tx.number(Query::new(sql).bind(&secret))
                .await
                .expect("mail"),
            0
        );
        let sql = "SELECT count(*) FROM audit WHERE detail LIKE '%' || $1 || '%'";
        assert_eq!(
            tx.number(Query::new(sql).bind(&secret))
                .await
                .expect("audit"),
            0
        );
    });
}

#[test]
fn an_invitation_works_once_and_only_the_newest() {
    each(async |world| {
        let support = world.operator("sanne", &[Role::Support]).await;
        let organisation = organisation(&world, &support, "06010001").await;
        let account = accounts_of(&world, &organisation).await[0].id.clone();
        let call = world.call(&support, "");
        let old = invitation_token(&world, &account).await;
        run(&world, &call, Act::AccountResend, &account, &[])
            .await
            .expect("resent");
        let refused = account::activate(&world.services, &call, &old).await;
        assert!(
            matches!(refused, Err(Error::Rule(Rule::InvitationInvalid))),
            "the old one: {refused:?}"
        );
        let new = invitation_token(&world, &account).await;
        account::activate(&world.services, &call, &new)
            .await
            .expect("the new one");
        let twice = account::activate(&world.services, &call, &new).await;
        assert!(
            matches!(twice, Err(Error::Rule(Rule::InvitationInvalid))),
            "twice: {twice:?}"
        );

        let late = accounts_of(&world, &organisation).await[1].id.clone();
        let secret = invitation_token(&world, &late).await;
        world.services.clock.set(BEGIN.plus(15 * DAY));
        let refused = account::activate(&world.services, &call, &secret).await;
        assert!(
            matches!(refused, Err(Error::Rule(Rule::InvitationInvalid))),
            "late: {refused:?}"
        );
        portaal_console::work::drain(world.services.clone())
            .await
            .expect("the worker looks now and then");
        assert_eq!(accounts_of(&world, &organisation).await[1].state, "expired");
        world.services.clock.set(BEGIN);
    });
}

#[test]
fn the_last_active_signatory_is_protected() {
    each(async |world| {
        let support = world.operator("sanne", &[Role::Support]).await;
        let organisation = organisation(&world, &support, "06010001").await;
        let signatory = activate(&world, &support, &organisation, "a.deboer@linde.example").await;
        let call = world.call(&support, "uit dienst");
        let refused = run(&world, &call, Act::AccountDisable, &signatory, &[]).await;
        assert!(
            matches!(refused, Err(Error::Rule(Rule::LastSignatory))),
            "{refused:?}"
        );
        let refused = run(
            &world,
            &call,
            Act::AccountRoles,
            &signatory,
            &[("roles", "reader")],
        )
        .await;
        assert!(
            matches!(refused, Err(Error::Rule(Rule::LastSignatory))),
            "{refused:?}"
        );
        let other = accounts_of(&world, &organisation).await[1].id.clone();
        let invited = run(
            &world,
            &call,
            Act::AccountDisable,
            &signatory,
            &[("successor", &other)],
        )
        .await;
        assert!(
            matches!(invited, Err(Error::Rule(Rule::LastSignatory))),
            "not active yet: {invited:?}"
        );
        activate(&world, &support, &organisation, "b.smit@linde.example").await;
        run(
            &world,
            &call,
            Act::AccountDisable,
            &signatory,
            &[("successor", &other)],
        )
        .await
        .expect("succeeded");
        let all = accounts_of(&world, &organisation).await;
        assert_eq!(
            (all[0].state.as_str(), all[1].roles.as_str()),
            ("disabled", "signatory,submitter,reader")
        );
        let waived = run(
            &world,
            &call,
            Act::AccountDisable,
            &other,
            &[("without_successor", "ja")],
        )
        .await;
        waived.expect("with the explicit word");
    });
}

#[test]
fn only_an_active_signatory_accepts_and_the_evidence_stays() {
    each(async |world| {
        let support = world.operator("sanne", &[Role::Support]).await;
        let admin = world.operator("admin", &[Role::Administrator]).await;
        publish(&world, &admin, "2021-09", "2026-12-31").await;
        let organisation = organisation(&world, &support, "06010001").await;
        let invited = accept(&world, &support, "06010001", "a.deboer@linde.example").await;
        assert!(
            matches!(invited, Err(Error::Rule(Rule::NotSignatory))),
            "{invited:?}"
        );
        activate(&world, &support, &organisation, "b.smit@linde.example").await;
        let reader = accept(&world, &support, "06010001", "b.smit@linde.example").await;
        assert!(
            matches!(reader, Err(Error::Rule(Rule::NotSignatory))),
            "{reader:?}"
        );
        let account = activate(&world, &support, &organisation, "a.deboer@linde.example").await;
        accept(&world, &support, "06010001", "a.deboer@linde.example")
            .await
            .expect("accepted");
        let twice = accept(&world, &support, "06010001", "a.deboer@linde.example").await;
        assert!(
            matches!(
                twice,
                Err(Error::State {
                    kind: Kind::Acceptance,
                    ..
                })
            ),
            "{twice:?}"
        );

        let mut tx = world.services.db.read().await.expect("transaction");
        let sql =
            "SELECT account_id, remote, document_sha256 FROM acceptance WHERE state = 'accepted'";
        let row: (String, String, String) = tx
            .optional(Query::new(sql))
            .await
            .expect("row")
            .expect("accepted");
        let sql = "SELECT sha256 FROM agreement WHERE state = 'published'";
        let hash: (String,) = tx
            .optional(Query::new(sql))
            .await
            .expect("row")
            .expect("published");
        assert_eq!(row, (account, "192.0.2.7".to_owned(), hash.0));
        drop(tx);
        let mut tx = world.services.db.write().await.expect("transaction");
        let forged = tx.execute(Query::new(
            "UPDATE acceptance SET remote = 'elsewhere' WHERE state = 'accepted'",
        ));
        assert!(
            forged.await.is_err(),
            "the database itself refuses to change the evidence"
        );
    });
}

#[test]
fn a_new_version_opens_pending_acceptances_and_the_old_one_counts_through_its_grace() {
    each(async |world| {
        let support = world.operator("sanne", &[Role::Support]).await;
        let admin = world.operator("admin", &[Role::Administrator]).await;
        publish(&world, &admin, "2021-09", "2026-12-31").await;
        let id = organisation(&world, &support, "06010001").await;
        activate(&world, &support, &id, "a.deboer@linde.example").await;
        accept(&world, &support, "06010001", "a.deboer@linde.example")
            .await
            .expect("accepted");
        publish(&world, &admin, "2026-10", "2026-12-31").await;
        let counts = async |day: &str| {
            let mut tx = world.services.db.read().await.expect("transaction");
            portaal_console::store::agreement::counts(&mut tx, &id, day)
                .await
                .expect("counts")
        };
        assert!(
            counts("2026-12-31").await,
            "through the last day of the grace period"
        );
        assert!(!counts("2027-01-01").await, "not after it");
        accept(&world, &support, "06010001", "a.deboer@linde.example")
            .await
            .expect("the new version");
        assert!(counts("2027-01-01").await);
        let sql = "SELECT count(*) FROM acceptance WHERE state = 'superseded'";
        assert_eq!(number(&world, sql).await, 1);
        assert_eq!(
            number(
                &world,
                "SELECT count(*) FROM agreement WHERE file_name = 'vwo.pdf'"
            )
            .await,
            2
        );
    });
}

#[test]
fn a_colleague_who_saved_first_is_a_conflict_and_nothing_is_overwritten() {
    each(async |world| {
        let support = world.operator("sanne", &[Role::Support]).await;
        let colleague = world.operator("joost", &[Role::Support]).await;
        let id = organisation(&world, &support, "06010001").await;
        let form = service::form(&world.services, &support, Act::OrganisationEdit, &id)
            .await
            .expect("form");
        run(
            &world,
            &world.call(&colleague, ""),
            Act::OrganisationEdit,
            &id,
            &[("city", "Kampen")],
        )
        .await
        .expect("first");
        let call = Call {
            version: Some(form.version),
            ..world.call(&support, "")
        };
        let second = run(
            &world,
            &call,
            Act::OrganisationEdit,
            &id,
            &[("city", "Hattem")],
        )
        .await;
        assert!(
            matches!(second, Err(Error::Conflict { ref by, .. }) if by == "Persoon joost"),
            "{second:?}"
        );
        assert_eq!(
            number(
                &world,
                "SELECT count(*) FROM organisation WHERE city = 'Kampen'"
            )
            .await,
            1
        );
    });
}

#[test]
fn ending_an_organisation_closes_everything_that_is_open() {
    each(async |world| {
        let support = world.operator("sanne", &[Role::Support]).await;
        let admin = world.operator("admin", &[Role::Administrator]).await;
        publish(&world, &admin, "2021-09", "2026-12-31").await;
        let id = organisation(&world, &support, "06010001").await;
        let mute = run(
            &world,
            &world.call(&admin, " "),
            Act::OrganisationEnd,
            &id,
            &[],
        )
        .await;
        assert!(matches!(mute, Err(Error::ReasonMissing)), "{mute:?}");
        run(
            &world,
            &world.call(&admin, "opgeheven"),
            Act::OrganisationEnd,
            &id,
            &[],
        )
        .await
        .expect("ended");
        for sql in [
            "SELECT count(*) FROM account WHERE state <> 'disabled'",
            "SELECT count(*) FROM acceptance WHERE state <> 'terminated'",
            "SELECT count(*) FROM connection WHERE state <> 'revoked'",
            "SELECT count(*) FROM invitation WHERE revoked_at = 0",
        ] {
            assert_eq!(number(&world, sql).await, 0, "{sql}");
        }
    });
}

#[test]
fn counters_follow_every_change_of_state() {
    each(async |world| {
        let support = world.operator("sanne", &[Role::Support]).await;
        let admin = world.operator("admin", &[Role::Administrator]).await;
        publish(&world, &admin, "2021-09", "2026-12-31").await;
        let id = organisation(&world, &support, "06010001").await;
        organisation(&world, &support, "06010002").await;
        activate(&world, &support, &id, "a.deboer@linde.example").await;
        run(
            &world,
            &world.call(&admin, "weg"),
            Act::OrganisationEnd,
            &id,
            &[],
        )
        .await
        .expect("ended");
        let mut tx = world.services.db.read().await.expect("transaction");
        for (kind, sql) in [
            (
                Kind::Registration,
                "SELECT state, count(*) FROM registration GROUP BY state ORDER BY state",
            ),
            (
                Kind::Organisation,
                "SELECT state, count(*) FROM organisation GROUP BY state ORDER BY state",
            ),
            (
                Kind::Account,
                "SELECT state, count(*) FROM account GROUP BY state ORDER BY state",
            ),
            (
                Kind::Acceptance,
                "SELECT state, count(*) FROM acceptance GROUP BY state ORDER BY state",
            ),
            (
                Kind::Agreement,
                "SELECT state, count(*) FROM agreement GROUP BY state ORDER BY state",
            ),
            (
                Kind::Connection,
                "SELECT state, count(*) FROM connection GROUP BY state ORDER BY state",
            ),
            (
                Kind::Mail,
                "SELECT state, count(*) FROM mail GROUP BY state ORDER BY state",
            ),
        ] {
            let truth: Vec<(String, i64)> = tx.all(Query::new(sql)).await.expect("truth");
            let mut kept = counter::of(&mut tx, kind).await.expect("kept");
            kept.retain(|(_, n)| *n != 0);
            assert_eq!(kept, truth, "{kind}");
        }
    });
}

#[test]
fn resending_an_invitation_by_its_mail_makes_a_new_one_and_needs_the_right_to_invite() {
    each(async |world| {
        let support = world.operator("sanne", &[Role::Support]).await;
        let on_call = world.operator("piket", &[Role::OnCall]).await;
        let organisation = organisation(&world, &support, "06010001").await;
        let account = accounts_of(&world, &organisation).await[0].id.clone();
        let old = invitation_token(&world, &account).await;
        let mut tx = world.services.db.write().await.expect("transaction");
        let sql = "UPDATE mail SET state = 'sent', version = 3 WHERE template = 'account_invitation' AND object_id = $1";
        tx.execute(Query::new(sql).bind(&account))
            .await
            .expect("sent");
        let sql =
            "SELECT id, version FROM mail WHERE template = 'account_invitation' AND object_id = $1";
        let mail: Option<(String, i64)> = tx
            .optional(Query::new(sql).bind(&account))
            .await
            .expect("mail");
        tx.commit().await.expect("commit");
        let (mail, version) = mail.expect("the invitation");
        let theirs = Call {
            version: Some(version),
            ..world.call(&on_call, "")
        };
        let refused = run(&world, &theirs, Act::MailResend, &mail, &[]).await;
        assert!(matches!(refused, Err(Error::Right { .. })), "{refused:?}");
        assert_eq!(
            invitation_token(&world, &account).await,
            old,
            "nothing was revoked"
        );
        let ours = Call {
            version: Some(version),
            ..world.call(&support, "")
        };
        run(&world, &ours, Act::MailResend, &mail, &[])
            .await
            .expect("resent");
        assert_ne!(invitation_token(&world, &account).await, old);
        let sql = "SELECT count(*) FROM audit WHERE action = 'account.resend' AND outcome = 'done'";
        assert_eq!(
            number(&world, sql).await,
            1,
            "it stands in the history of the account"
        );
    });
}

#[test]
fn a_version_that_is_published_during_a_suspension_is_asked_on_resuming() {
    each(async |world| {
        let support = world.operator("sanne", &[Role::Support]).await;
        let admin = world.operator("admin", &[Role::Administrator]).await;
        publish(&world, &admin, "2021-09", "2026-12-31").await;
        let id = organisation(&world, &support, "06010001").await;
        activate(&world, &support, &id, "a.deboer@linde.example").await;
        let call = world.call(&admin, "onderzoek");
        run(&world, &call, Act::OrganisationSuspend, &id, &[])
            .await
            .expect("suspended");
        publish(&world, &admin, "2026-10", "2026-12-31").await;
        let old = Evidence {
            organisation: "06010001".to_owned(),
            account: "a.deboer@linde.example".to_owned(),
            version: "2021-09".to_owned(),
            remote: String::new(),
        };
        let call = world.call(&support, "");
        let refused = acceptance::record_acceptance(&world.services, &call, &old).await;
        assert!(
            matches!(
                refused,
                Err(Error::State {
                    kind: Kind::Agreement,
                    ..
                })
            ),
            "{refused:?}"
        );
        let call = world.call(&admin, "afgerond");
        run(&world, &call, Act::OrganisationResume, &id, &[])
            .await
            .expect("resumed");
        accept(&world, &support, "06010001", "a.deboer@linde.example")
            .await
            .expect("the new version");
    });
}

#[test]
fn an_invitation_of_an_organisation_that_ended_works_no_more() {
    each(async |world| {
        let support = world.operator("sanne", &[Role::Support]).await;
        let admin = world.operator("admin", &[Role::Administrator]).await;
        let id = organisation(&world, &support, "06010001").await;
        let account = accounts_of(&world, &id).await[0].id.clone();
        let secret = invitation_token(&world, &account).await;
        run(
            &world,
            &world.call(&admin, "opgeheven"),
            Act::OrganisationEnd,
            &id,
            &[],
        )
        .await
        .expect("ended");
        let late = account::activate(&world.services, &world.call(&support, ""), &secret).await;
        assert!(late.is_err(), "{late:?}");
        assert_eq!(accounts_of(&world, &id).await[0].state, "disabled");
    });
}

#[test]
fn a_mail_that_is_sent_again_tells_when_and_to_whom_it_went_before() {
    each(async |world| {
        let support = world.operator("sanne", &[Role::Support]).await;
        let id = organisation(&world, &support, "06010001").await;
        let call = world.call(&support, "");
        run(
            &world,
            &call,
            Act::OrganisationEdit,
            &id,
            &[("email", "nieuw@linde.example")],
        )
        .await
        .expect("corrected");
        let mut tx = world.services.db.write().await.expect("transaction");
        let sql = "UPDATE mail SET state = 'sent', sent_at = 1791187200000 WHERE template = 'setup_confirmation'";
        tx.execute(Query::new(sql)).await.expect("sent");
        tx.commit().await.expect("commit");
        let mail = service::find(&world.services, Kind::Mail, &mail_of(&world).await)
            .await
            .expect("mail");
        let form = service::form(&world.services, &support, Act::MailResend, &mail)
            .await
            .expect("form");
        assert_eq!(form.label, "bevestiging inrichting → A. de Boer");
        assert_eq!(
            form.preview,
            [
                "Let op: al verstuurd op 05-10-2026 10:00 aan info@linde.example",
                "→ A. de Boer <nieuw@linde.example>",
            ]
        );
        let new = run(&world, &call, Act::MailResend, &mail, &[])
            .await
            .expect("resent")
            .id;
        let sql = "SELECT count(*) FROM mail WHERE resend_of IS NOT NULL AND recipient = 'nieuw@linde.example'";
        assert_eq!(
            number(&world, sql).await,
            1,
            "to where the organisation is now"
        );
        run(&world, &call, Act::MailUndo, &new, &[])
            .await
            .expect("undone within ten seconds");
        world.services.clock.set(BEGIN.plus(11_000));
        let newer = run(&world, &call, Act::MailResend, &mail, &[])
            .await
            .expect("resent")
            .id;
        world.services.clock.set(BEGIN.plus(22_000));
        let late = run(&world, &call, Act::MailUndo, &newer, &[]).await;
        assert!(
            matches!(late, Err(Error::Rule(Rule::UndoTooLate))),
            "{late:?}"
        );
        world.services.clock.set(BEGIN);
    });
}

async fn mail_of(world: &World) -> String {
    let mut tx = world.services.db.read().await.expect("transaction");
    let sql = "SELECT id FROM mail WHERE template = 'setup_confirmation'";
    let row: Option<(String,)> = tx.optional(Query::new(sql)).await.expect("row");
    row.expect("the confirmation").0
}
