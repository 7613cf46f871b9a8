//! The screens of the console, as data: one file per screen, one line here.

pub mod accounts;
pub mod agreements;
pub mod audit;
pub mod connections;
pub mod extracts;
pub mod mails;
pub mod organisations;
pub mod overview;
pub mod registrations;
pub mod spec;
pub mod submissions;
pub mod system;

pub use spec::{Answer, Enter, Filter, List, Load, Open, Screen, Stage};

/// Every screen, in the order of their digits.
pub static ALL: &[&Screen] = &[
    &overview::SCREEN,
    &registrations::SCREEN,
    &organisations::SCREEN,
    &accounts::SCREEN,
    &agreements::SCREEN,
    &connections::SCREEN,
    &submissions::SCREEN,
    &extracts::SCREEN,
    &mails::SCREEN,
    &audit::SCREEN,
    &system::SCREEN,
];

/// The list of a kind of record: the noun of the command line.
pub fn list_of(kind: crate::domain::kind::Kind) -> Option<&'static List> {
    let lists = ALL.iter().flat_map(|screen| screen.lists);
    lists.copied().find(|list| list.kind == kind)
}
