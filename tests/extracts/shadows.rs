//! A session on an ordinary login, with the rights that the README gives, puts tables of its own before ours: nothing is fooled.

use super::stage::{built, cast};
use crate::support::db::{World, each};
use portaal_console::domain::action::Act;
use portaal_console::store::{Access, Db, Engine, schema};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

/// A name of its own for a table that a trigger looks at, and what is tried behind it. `ANNA`, `BRAM` and `CHEF` stand for operators,
/// `ME` for the login of the session, which is that of an administrator without a part in releases.
const TRICKS: &[(&str, &[&str], &str)] = &[
    (
        "a demo has one login for all",
        &[
            "CREATE TEMP TABLE meta (name TEXT, value TEXT)",
            "INSERT INTO meta VALUES ('demo', 'yes')",
        ],
        "UPDATE public.extract SET state = 'approved', approved_by = 'BRAM', approved_login = 'BRAM_LOGIN', approved_at = 1, \
            approved_digest = digest",
    ),
    (
        "everybody is a release manager",
        &[
            "CREATE TEMP TABLE operator (id TEXT, login TEXT, state TEXT, roles TEXT)",
            "INSERT INTO operator SELECT id, login, state, 'release_manager' FROM public.operator",
        ],
        "UPDATE public.extract SET state = 'approved', approved_by = 'CHEF', approved_login = 'ME', approved_at = 1, \
            approved_digest = digest",
    ),
    (
        "another's name by a login of one's own",
        &[
            "CREATE TEMP TABLE operator (id TEXT, login TEXT, state TEXT, roles TEXT)",
            "INSERT INTO operator SELECT id, 'ME', state, 'release_manager' FROM public.operator WHERE id = 'BRAM'",
            "INSERT INTO operator SELECT id, login, state, roles FROM public.operator WHERE id = 'ANNA'",
        ],
        "UPDATE public.extract SET state = 'approved', approved_by = 'BRAM', approved_login = 'ME', approved_at = 1, \
            approved_digest = digest",
    ),
    (
        "the content of a draft may change",
        &[
            "CREATE TEMP TABLE extract (id TEXT, state TEXT)",
            "INSERT INTO extract SELECT id, 'draft' FROM public.extract",
        ],
        "UPDATE public.extract_cell SET n = n + 1",
    ),
    (
        "the files of a draft may go",
        &[
            "CREATE TEMP TABLE extract (id TEXT, state TEXT)",
            "INSERT INTO extract SELECT id, 'draft' FROM public.extract",
        ],
        "DELETE FROM public.extract_file",
    ),
    (
        "a release may be fetched",
        &[
            "CREATE TEMP TABLE extract (id TEXT, state TEXT)",
            "INSERT INTO extract SELECT id, 'released' FROM public.extract",
        ],
        "INSERT INTO public.extract_fetch SELECT 'f', id, 1, '2026-01-01', 'x', 'y' FROM public.extract",
    ),
    (
        "the audit begins anew",
        &[
            "CREATE TEMP TABLE audit_head AS SELECT CAST(1 AS BIGINT) AS id, CAST(999 AS BIGINT) AS sequence, \
                CAST('' AS TEXT) AS hash, CAST(0 AS BIGINT) AS at",
        ],
        "INSERT INTO public.audit SELECT 1000, at, operator_id, login, actor, roles, on_behalf, via, host, tty, ssh, uid, action, \
            object_kind, object_id, organisation_id, outcome, reason, request, detail, '', 'h' FROM public.audit WHERE sequence = 1",
    ),
    (
        "nobody works here yet",
        &[
            "CREATE TEMP TABLE operator (id TEXT)",
            "CREATE TEMP TABLE audit (id TEXT)",
        ],
        "INSERT INTO public.meta (name, value) VALUES ('demo', 'yes')",
    ),
    (
        "everybody leaves for a moment",
        &[
            "CREATE TEMP TABLE gone AS SELECT * FROM public.operator",
            "DELETE FROM public.operator",
        ],
        "INSERT INTO public.meta (name, value) VALUES ('demo', 'yes')",
    ),
    (
        "a mark comes in by another name",
        &["INSERT INTO public.meta (name, value) VALUES ('other', 'yes')"],
        "UPDATE public.meta SET name = 'demo' WHERE name = 'other'",
    ),
];

#[test]
fn a_session_cannot_put_tables_of_its_own_before_ours() {
    each(async |world| {
        if world.engine == Engine::Sqlite {
            return;
        }
        let cast = cast(&world).await;
        let id = built(&world, &cast.anna).await;
        cast.anna.does(Act::ExtractRequest, &id).await;
        let (bram, me) = (&cast.bram.actor, &cast.chef.actor);
        let filled = |sql: &str| {
            let sql = sql
                .replace("BRAM_LOGIN", &bram.login)
                .replace("BRAM", &bram.operator);
            let sql = sql.replace("ANNA", &cast.anna.actor.operator);
            sql.replace("CHEF", &me.operator)
                .replace("'ME'", &format!("'{}'", me.login))
        };
        let mut own = PgConnection::connect(&world.url_as(&me.login))
            .await
            .expect("own login");
        for (trick, before, sql) in TRICKS {
            own.execute("BEGIN").await.expect("begin");
            for sql in *before {
                let made = own.execute(AssertSqlSafe(filled(sql))).await;
                assert!(made.is_ok(), "{trick}: {sql}: {made:?}");
            }
            let done = own.execute(AssertSqlSafe(filled(sql))).await;
            own.execute("ROLLBACK").await.expect("rollback");
            let code = match &done {
                Err(sqlx::Error::Database(e)) => e.code().unwrap_or_default().into_owned(),
                _ => String::new(),
            };
            assert_eq!(code, "23001", "{trick}: {done:?}");
        }
    });
}

/// Names of functions that a session could lead to other tables.
pub async fn loose(own: &mut PgConnection, schema: &'static str) -> Vec<(String,)> {
    let sql = "SELECT CAST(proname AS TEXT) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = $1 \
        AND NOT EXISTS (SELECT 1 FROM unnest(p.proconfig) c WHERE c = 'search_path=pg_catalog, ' || $1 || ', pg_temp')";
    let all = sqlx::query_as(sql).bind(schema).fetch_all(own).await;
    all.expect("functions")
}

#[test]
fn every_function_knows_its_tables_in_any_schema() {
    each(async |world| {
        if world.engine == Engine::Sqlite {
            return;
        }
        let mut own = PgConnection::connect(world.url()).await.expect("server");
        assert_eq!(loose(&mut own, "public").await, []);
        own.execute("CREATE SCHEMA house").await.expect("schema");
        let url = format!("{}?options[search_path]=house", world.url());
        let db = Db::open(&url, Access::ReadWrite).await.expect("database");
        schema::migrate(&db).await.expect("schema");
        db.close().await;
        assert_eq!(loose(&mut own, "house").await, []);
        in_a_house_of_its_own(&world, &mut own).await;
    });
}

/// What triggers look at is in their own schema, not in that of the same name elsewhere.
async fn in_a_house_of_its_own(world: &World, own: &mut PgConnection) {
    world.operator("somebody", &[]).await;
    let demo = "INSERT INTO house.meta (name, value) VALUES ('demo', 'yes')";
    own.execute("BEGIN").await.expect("begin");
    let empty = own.execute(demo).await;
    assert!(empty.is_ok(), "nobody works in this one: {empty:?}");
    own.execute("ROLLBACK").await.expect("rollback");
    let moved = "INSERT INTO house.operator SELECT * FROM public.operator; CREATE TEMP TABLE operator (id TEXT)";
    own.execute(moved).await.expect("operator");
    assert!(own.execute(demo).await.is_err());
}
