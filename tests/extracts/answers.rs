//! Who may ask, approve and release, in which order, and what makes an answer fall.

use super::stage::{Cast, Person, built, cast, draft, fill, row};
use crate::onboarding::number;
use crate::support::db::{World, each};
use portaal_console::domain::action::Act;
use portaal_console::domain::right::Role;
use portaal_console::service::error::Rule;
use portaal_console::service::extract::inspect;
use portaal_console::service::{self, Denied, Error};
use portaal_console::store::Engine;

#[test]
fn one_asks_another_approves_and_it_leaves_once() {
    each(async |world| {
        let cast = cast(&world).await;
        let id = built(&world, &cast.anna).await;
        let early = cast.bram.act(Act::ExtractApprove, &id, &[]).await;
        assert!(matches!(early, Err(Error::State { .. })), "{early:?}");
        cast.anna.does(Act::ExtractRequest, &id).await;
        let alone = cast.anna.act(Act::ExtractApprove, &id, &[]).await;
        assert!(matches!(alone, Err(Error::SecondPerson)), "{alone:?}");
        let early = cast.anna.act(Act::ExtractRelease, &id, &[]).await;
        assert!(matches!(early, Err(Error::SecondPerson)), "{early:?}");
        for act in [
            Act::ExtractRequest,
            Act::ExtractApprove,
            Act::ExtractRelease,
        ] {
            let chef = cast.chef.act(act, &id, &[]).await;
            assert!(
                matches!(chef, Err(Error::Right { .. })),
                "{act:?}: {chef:?}"
            );
        }
        cast.bram.does(Act::ExtractApprove, &id).await;
        cast.anna.does(Act::ExtractRelease, &id).await;
        let e = row(&world, &id).await;
        assert_eq!(e.state, "released");
        assert_eq!(
            (&e.requested_login, &e.approved_login, &e.released_login),
            (
                &cast.anna.actor.login,
                &cast.bram.actor.login,
                &cast.anna.actor.login
            )
        );
        assert_eq!(e.approved_digest, e.digest);
        let twice = cast.bram.act(Act::ExtractRelease, &id, &[]).await;
        assert!(matches!(twice, Err(Error::State { .. })), "{twice:?}");
        let jobs = "SELECT count(*) FROM job WHERE kind = 'outgoing'";
        assert_eq!(number(&world, jobs).await, 1);
        let deeds = "SELECT count(*) FROM audit WHERE outcome = 'done' AND action IN \
            ('extract.define', 'extract.request', 'extract.approve', 'extract.release')";
        assert_eq!(number(&world, deeds).await, 4);
        let refused =
            "SELECT count(*) FROM audit WHERE outcome = 'refused' AND object_kind = 'extract'";
        assert_eq!(number(&world, refused).await, 7);
        cast.bram.does(Act::ExtractRecall, &id).await;
        let mails = "SELECT count(*) FROM mail WHERE template = 'extract_recalled'";
        assert_eq!(number(&world, mails).await, 1);
    });
}

#[test]
fn any_change_of_content_voids_what_was_answered() {
    each(async |world| {
        let cast = cast(&world).await;
        let id = approved(&world, &cast).await;
        let before = row(&world, &id).await.digest;
        cast.anna.does(Act::ExtractBuild, &id).await;
        let e = row(&world, &id).await;
        assert_eq!((e.state.as_str(), e.digest.as_str()), ("draft", ""));
        assert_eq!(e.requested_by + &e.approved_by + &e.approved_login, "");
        let left = "SELECT count(*) FROM extract_cell";
        assert_eq!(number(&world, left).await, 0, "nothing of the old content");
        fill(&world, &id, "b").await;
        assert_ne!(row(&world, &id).await.digest, before);
        let old = cast.anna.act(Act::ExtractRelease, &id, &[]).await;
        assert!(matches!(old, Err(Error::State { .. })), "{old:?}");
    });
}

async fn approved(world: &World, cast: &Cast) -> String {
    let id = built(world, &cast.anna).await;
    cast.anna.does(Act::ExtractRequest, &id).await;
    cast.bram.does(Act::ExtractApprove, &id).await;
    id
}

#[test]
fn an_answer_falls_with_the_right_of_who_gave_it() {
    each(async |world| {
        let cast = cast(&world).await;
        let (gone, moved) = (
            approved(&world, &cast).await,
            built(&world, &cast.anna).await,
        );
        cast.bram.does(Act::ExtractRequest, &moved).await;
        let operator = cast.bram.actor.operator.clone();
        let support = [("roles", "support")];
        let changed = cast.chef.act(Act::OperatorChange, &operator, &support);
        changed.await.expect("changed");
        for id in [&gone, &moved] {
            let e = row(&world, id).await;
            assert_eq!((e.state.as_str(), e.approved_by.as_str()), ("built", ""));
            assert_eq!(e.requested_by, "", "both answers fall together");
        }
        let notes = "SELECT count(*) FROM audit WHERE action = 'extract.void'";
        assert_eq!(number(&world, notes).await, 2);
        let carla = Person::new(&world, "carla", &[Role::ReleaseManager]).await;
        cast.anna.does(Act::ExtractRequest, &gone).await;
        carla.does(Act::ExtractApprove, &gone).await;
        cast.chef
            .does(Act::OperatorRemove, &cast.anna.actor.operator)
            .await;
        let e = row(&world, &gone).await;
        assert_eq!(
            e.state, "built",
            "the requester is gone, so is the approval"
        );
        let late = carla.act(Act::ExtractRelease, &gone, &[]).await;
        assert!(matches!(late, Err(Error::State { .. })), "{late:?}");
    });
}

#[test]
fn what_our_own_attacks_broke_cannot_be_asked_for() {
    each(async |world| {
        let cast = cast(&world).await;
        let id = draft(&cast.anna).await;
        fill(&world, &id, "a").await;
        let mut tx = world.services.db.write().await.expect("transaction");
        // Back to a draft and built again, with an attack that found something.
        for sql in [
            "UPDATE extract SET state = 'draft', digest = ''",
            "UPDATE extract SET state = 'built', digest = 'd', verdict = 'open'",
        ] {
            let query = portaal_console::store::Query::new(sql);
            tx.execute(query).await.expect(sql);
        }
        tx.commit().await.expect("commit");
        let open = cast.anna.act(Act::ExtractRequest, &id, &[]).await;
        assert!(
            matches!(open, Err(Error::Rule(Rule::ExtractOpen))),
            "{open:?}"
        );
    });
}

#[test]
fn a_shared_login_can_neither_ask_nor_approve_nor_release() {
    each(async |world| {
        let cast = cast(&world).await;
        let id = built(&world, &cast.anna).await;
        let shared = |person: &Person| Person {
            actor: person.actor.clone(),
            services: world.services.clone(),
        };
        let asked = shared(&cast.anna).act(Act::ExtractRequest, &id, &[]).await;
        if world.engine == Engine::Sqlite {
            // One file, no logins: it works, and says what it cannot guarantee.
            let said = asked.expect("asked").said.join("\n");
            assert!(said.contains("SQLite"), "{said}");
            return;
        }
        let is_shared = |e: &Error| matches!(e, Error::Denied(Denied::SharedLogin, _));
        assert!(asked.is_err_and(|e| is_shared(&e)));
        cast.anna.does(Act::ExtractRequest, &id).await;
        let approved = shared(&cast.bram).act(Act::ExtractApprove, &id, &[]).await;
        assert!(approved.is_err_and(|e| is_shared(&e)));
        cast.bram.does(Act::ExtractApprove, &id).await;
        let released = shared(&cast.bram).act(Act::ExtractRelease, &id, &[]).await;
        assert!(released.is_err_and(|e| is_shared(&e)));
        // Somebody else's session is no better than a shared one.
        let as_bram = Person {
            actor: cast.bram.actor.clone(),
            services: cast.anna.services.clone(),
        };
        let posing = as_bram.act(Act::ExtractRelease, &id, &[]).await;
        assert!(posing.is_err_and(|e| is_shared(&e)));
    });
}

#[test]
fn an_approval_is_of_what_was_looked_at() {
    each(async |world| {
        let cast = cast(&world).await;
        let id = built(&world, &cast.anna).await;
        cast.anna.does(Act::ExtractRequest, &id).await;
        let before = row(&world, &id).await.digest;
        let approve = async |digest: &str| {
            let values = [("digest", digest)];
            cast.bram.act(Act::ExtractApprove, &id, &values).await
        };
        let blind = approve("").await;
        assert!(matches!(blind, Err(Error::Invalid(_))), "{blind:?}");
        let short = approve(&before[..11]).await;
        assert!(matches!(short, Err(Error::Invalid(_))), "{short:?}");
        let unseen = approve(&before[..12]).await;
        let is_unseen = |e: &Result<_, Error>| matches!(e, Err(Error::Rule(Rule::ExtractUnseen)));
        assert!(is_unseen(&unseen), "{unseen:?}");
        // Somebody else's look is not theirs.
        let form = service::form(
            &cast.bram.services,
            &cast.bram.actor,
            Act::ExtractApprove,
            &id,
        );
        let form = form.await.expect("form");
        assert_eq!(form.values["digest"], before[..12]);
        let shown = form.preview.join("\n");
        assert!(
            shown.contains(&before) && shown.contains("aangevallen"),
            "{shown}"
        );
        // Built again and asked for again in between: what was looked at is not what is there.
        cast.anna.does(Act::ExtractBuild, &id).await;
        fill(&world, &id, "b").await;
        cast.anna.does(Act::ExtractRequest, &id).await;
        let after = row(&world, &id).await.digest;
        let old = approve(&form.values["digest"]).await;
        assert!(matches!(old, Err(Error::Conflict { .. })), "{old:?}");
        let unseen = approve(&after[..12]).await;
        assert!(is_unseen(&unseen), "{unseen:?}");
        // Whoever looked at a figure did not see what our attacks found, nor how much would leave.
        let figure = inspect::whole(&cast.bram.services, &cast.bram.actor, &id);
        figure.await.expect("read");
        let unseen = approve(&after[..12]).await;
        assert!(is_unseen(&unseen), "{unseen:?}");
        let opened = service::reads::extract::open(&cast.bram.services, &cast.bram.actor, &id);
        opened.await.expect("opened");
        approve(&after).await.expect("approved");
        assert_eq!(row(&world, &id).await.approved_digest, after);
    });
}

#[test]
fn an_extract_with_nobody_in_it_is_not_asked_for() {
    each(async |world| {
        let cast = cast(&world).await;
        let id = draft(&cast.anna).await;
        fill(&world, &id, "a").await;
        let mut tx = world.services.db.write().await.expect("transaction");
        for sql in [
            "UPDATE extract SET state = 'draft', digest = ''",
            "UPDATE extract SET state = 'built', digest = 'd', holders_in = 0, holders_out = 1",
        ] {
            let query = portaal_console::store::Query::new(sql);
            tx.execute(query).await.expect(sql);
        }
        tx.commit().await.expect("commit");
        let empty = cast.anna.act(Act::ExtractRequest, &id, &[]).await;
        assert!(
            matches!(empty, Err(Error::Rule(Rule::ExtractEmpty))),
            "{empty:?}"
        );
    });
}
