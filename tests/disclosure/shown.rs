//! What the command line writes when insiders attack, and what of it may leave.

use super::text_of;
use crate::support::program::call;

const WAY: [&str; 2] = ["--hierarchy", "column=h.csv"];

#[test]
fn the_masked_form_shows_no_hidden_value_and_no_reason() {
    let home = tempfile::tempdir().expect("directory");
    let keep = |name: &str, text: &str| std::fs::write(home.path().join(name), text).expect(name);
    let say = |more: &[&str]| {
        let all = ["disclosure", "protect", "t.csv", WAY[0], WAY[1]];
        call(home.path(), &[&all, more].concat(), "")
    };
    let counts: Vec<Option<i64>> = [3, 20, 31, 14, 25, 17].map(Some).to_vec();
    keep("t.csv", &text_of(2, &counts));
    keep("h.csv", super::HIERARCHY);
    let inner = say(&["--output", "csv"]).exits(0);
    let shown = say(&["--masked", "--output", "csv"]).exits(0);
    let (inner, shown): (Vec<_>, Vec<_>) =
        (inner.out.lines().collect(), shown.out.lines().collect());
    assert_eq!(shown[0], "row,column,value");
    assert_eq!(shown.len(), inner.len());
    let mut dots = 0;
    for (inner, shown) in inner.iter().zip(&shown).skip(1) {
        let (codes_and_value, status) = inner.rsplit_once(',').expect("status");
        let (codes, _) = codes_and_value.rsplit_once(',').expect("value");
        if status == "s" {
            assert_eq!(*shown, codes_and_value);
        } else {
            assert_eq!(*shown, format!("{codes},."));
            dots += 1;
        }
    }
    assert!(dots > 3);
    let json = say(&["--masked", "--output", "json"]).exits(0).json();
    let rows = json["rows"].as_array().expect("rows");
    assert_eq!(rows.iter().filter(|r| r["value"].is_null()).count(), dots);
    assert!(
        rows.iter()
            .all(|r| r.get("status").is_none() && r.get("reason").is_none())
    );
    say(&["--masked", "--certificate", "c.json"]).exits(2);
}

#[test]
fn what_is_protected_against_insiders_holds_when_they_attack() {
    let home = tempfile::tempdir().expect("directory");
    let keep = |name: &str, text: &str| std::fs::write(home.path().join(name), text).expect(name);
    let say = |arguments: &[&str]| call(home.path(), &[arguments, &WAY].concat(), "");
    let counts: Vec<Option<i64>> = [3, 20, 31, 14, 25, 17, 12, 40, 22].map(Some).to_vec();
    keep("t.csv", &text_of(3, &counts));
    keep("h.csv", super::HIERARCHY);
    let against = ["--insider", "row"];
    let protect = ["disclosure", "protect", "t.csv", "--output", "csv"];
    let plain = say(&protect).exits(0);
    let done = say(&[&protect[..], &against, &["--certificate", "c.json"]].concat()).exits(0);
    keep("plain.csv", &plain.out);
    keep("p.csv", &done.out);
    let attack = |table| say(&[&["disclosure", "audit", table][..], &against].concat());
    attack("plain.csv").exits(1);
    attack("p.csv").exits(0);
    call(
        home.path(),
        &["disclosure", "verify", "p.csv", "c.json"],
        "",
    )
    .exits(0);
    let unknown = say(&[&protect[..], &["--insider", "nobody"]].concat()).exits(2);
    assert!(
        unknown.err.contains("nobody") && unknown.out.is_empty(),
        "{unknown:?}"
    );
}
