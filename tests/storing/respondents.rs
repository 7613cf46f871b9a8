//! What a CQi leaves in the database: one response per respondent, replaced by a newer delivery, and nobody's key in clear.

use super::{AGB, deliverer, receive, row};
use crate::onboarding::number;
use crate::support::db::{BEGIN, each};
use portaal_console::domain::time::HOUR;
use portaal_console::service::submission;
use std::fmt::Write;

/// A CQi of respondents: the answer to the first question, no answer to the second, a mark.
fn cqi(respondents: &[(usize, u8, u8)]) -> String {
    let mut text = String::from(
        "zorgaanbiedercode;koppelnummer;zorgtrajectnummer;profiel;vragenlijst;afnamedatum",
    );
    for n in 1..=15 {
        write!(text, ";v{n:02}").expect("text");
    }
    text.push_str(";rapportcijfer;gezondheid\n");
    for (client, first, mark) in respondents {
        write!(
            text,
            "{AGB};K{client:06};T{client:06};kort;CQI-AMB-5.1;2026-06-01;{first};"
        )
        .expect("text");
        writeln!(text, "{};{mark};3", ";4".repeat(13)).expect("text");
    }
    text
}

#[test]
fn respondents_are_stored_and_replaced_by_care_path() {
    each(async |world| {
        let actor = deliverer(&world).await;
        let first = receive(
            &world,
            &actor,
            BEGIN,
            &cqi(&[(1, 5, 8), (2, 4, 7), (3, 3, 6)]),
        )
        .await;
        submission::process(&world.services, &first)
            .await
            .expect("processed");
        let done = row(&world, &first).await;
        assert_eq!(
            (
                done.state.as_str(),
                done.kind.as_str(),
                done.specification.as_str()
            ),
            ("processed", "cqi", "cqi-1")
        );
        assert_eq!((done.accepted, done.paths_new), (3, 3));
        let given = "SELECT count(*) FROM response WHERE v01 IN (3, 4, 5) AND v02 IS NULL AND v15 = 4 AND health = 3
            AND questionnaire = 'CQI-AMB-5.1' AND taken_on = '2026-06-01'";
        assert_eq!(number(&world, given).await, 3);

        let newer = receive(
            &world,
            &actor,
            BEGIN.plus(HOUR),
            &cqi(&[(1, 5, 8), (2, 1, 7), (4, 2, 10)]),
        )
        .await;
        submission::process(&world.services, &newer)
            .await
            .expect("processed");
        let done = row(&world, &newer).await;
        assert_eq!(
            (done.paths_new, done.paths_changed, done.paths_same),
            (1, 1, 1)
        );
        let current = "SELECT CAST(sum(r.mark) AS BIGINT) FROM response r JOIN care_path c ON c.submission_id = r.submission_id
            AND c.client_key = r.client_key AND c.path_key = r.path_key WHERE c.superseded_by = '' AND c.kind = 'cqi'";
        assert_eq!(
            number(&world, current).await,
            8 + 7 + 6 + 10,
            "each respondent counts once, by the newest answer"
        );
        assert_eq!(
            number(&world, "SELECT count(*) FROM stage_response").await,
            0
        );
    });
}
