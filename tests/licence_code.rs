//! Licence codes as text: their form, what a typo does, what bytes become which characters, and that none shows itself.

use portaal_console::domain::licence_code::{LicenceCode, NEEDED, Opens, hash};
use proptest::prelude::*;
use std::collections::HashSet;

fn of(random: [u8; NEEDED]) -> LicenceCode {
    LicenceCode::make(Opens::Deliveries, &random).expect("enough bytes")
}

#[test]
fn has_the_form_that_scanners_know() {
    let code = of([0; NEEDED]);
    // 30 zeros, then the CRC-32 of what stands before, in base 62.
    assert_eq!(code.expose(), "kibg_d0000000000000000000000000000004OoIui");
    assert_eq!(code.start(), "00000000");
    assert_eq!(code.opens(), Opens::Deliveries);
    let key = LicenceCode::make(Opens::Portal, &[1; NEEDED]).expect("enough bytes");
    assert!(key.expose().starts_with("kibg_s1111"), "{}", key.expose());
    assert_eq!(code.hash(), hash(code.expose()));
    assert_eq!(code.hash().len(), 64);
}

#[test]
fn every_single_typo_is_refused_without_a_look_up() {
    let code = of(std::array::from_fn(|i| u8::try_from(i * 3).expect("small")));
    let right = code.expose();
    assert!(LicenceCode::parse(right).is_some_and(|c| c == code));
    for at in 0..right.len() {
        for typed in "09AZaz_- \u{e9}".chars() {
            let mut wrong: Vec<char> = right.chars().collect();
            if wrong[at] != typed {
                wrong[at] = typed;
                let wrong: String = wrong.iter().collect();
                assert_eq!(LicenceCode::parse(&wrong), None, "{typed} at {at}");
            }
        }
    }
    for at in 0..right.len() - 1 {
        let mut turned: Vec<char> = right.chars().collect();
        turned.swap(at, at + 1);
        let turned: String = turned.iter().collect();
        assert!(turned == right || LicenceCode::parse(&turned).is_none());
    }
    for wrong in [
        "",
        "kibg_",
        "kibg_d",
        &right[1..],
        &right[..41],
        &format!("{right}0"),
    ] {
        assert_eq!(LicenceCode::parse(wrong), None, "{wrong}");
    }
}

/// Of the 256 values of a byte every character is made by four, and eight are passed over.
#[test]
fn every_character_is_as_likely_as_any_other() {
    let mut made = std::collections::BTreeMap::<char, u32>::new();
    for byte in 0..=u8::MAX {
        let mut random = [0_u8; NEEDED];
        random[0] = byte;
        let code = of(random);
        let passed_over = byte & 63 > 61;
        let first = code.start().chars().next().expect("a character");
        if passed_over {
            assert_eq!(first, '0', "the next byte takes its place");
        } else {
            *made.entry(first).or_default() += 1;
        }
    }
    assert_eq!(made.len(), 62);
    assert!(made.values().all(|n| *n == 4), "{made:?}");
    assert_eq!(LicenceCode::make(Opens::Deliveries, &[63; NEEDED]), None);
}

#[test]
fn never_shows_itself() {
    let code = of([7; NEEDED]);
    let shown = format!("{code:?} {:?}", Some(&code));
    assert!(!shown.contains("7777"), "{shown}");
}

proptest! {
    #[test]
    fn what_was_made_is_read_and_what_was_not_never_panics(random in any::<[[u8; 32]; 2]>(), text in "\\PC{0,60}") {
        let random: [u8; NEEDED] = random.concat().try_into().expect("64 bytes");
        if let Some(code) = LicenceCode::make(Opens::Deliveries, &random) {
            prop_assert_eq!(code.expose().len(), 42);
            prop_assert_eq!(LicenceCode::parse(code.expose()), Some(code));
        }
        prop_assert!(LicenceCode::parse(&text).is_none());
    }
}

#[test]
fn different_bytes_make_different_codes() {
    let all: HashSet<String> = (0..60_u8)
        .map(|n| of([n; NEEDED]).expose().to_owned())
        .collect();
    assert_eq!(all.len(), 60);
}
