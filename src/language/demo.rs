//! The sentences while a demo world is built.

use super::{Language, Message};

crate::messages! {
    PEOPLE = "Medewerkers, leveranciers en zorgaanbieders" / "Staff, vendors and organisations";
    HISTORY = "Twee jaar geschiedenis" / "Two years of history";
    CLOSING = "Tellingen en controle" / "Counts and checks";
    PROGRESS = "{step}: {done} van {total}" / "{step}: {done} of {total}";
}

/// One line that tells how far a step is.
pub fn line(step: &Message, done: u64, total: u64, language: Language) -> String {
    let number = |n: u64| super::display::number(i64::try_from(n).unwrap_or(i64::MAX), language);
    let values = [
        ("step", step.text(language)),
        ("done", &number(done)),
        ("total", &number(total)),
    ];
    PROGRESS.with(language, &values)
}
