//! Who is in the demo world: every organisation with its users, and what becomes of it. A plan only; nothing is stored here.

use super::chance::Chance;
use super::linking::NEVER_PASSES;
use super::names;
use serde_json::{Value, json};

/// What becomes of an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It asked, and nobody began.
    Received,
    /// Somebody began to set it up.
    InSetup,
    /// It was refused.
    Rejected,
    /// It took its request back.
    Withdrawn,
    /// It is in use and accepted the agreement.
    Accepted,
    /// It accepted the version before, which still counts for a while.
    Grace,
    /// It never accepted, so its files are held.
    NeverAccepted,
    /// It was set up in the last two weeks.
    Fresh,
    /// It is suspended.
    Suspended,
    /// It has ended.
    Ended,
}

impl Fate {
    /// Whether an organisation came of the registration.
    pub(super) const fn is_completed(self) -> bool {
        !matches!(
            self,
            Self::Received | Self::InSetup | Self::Rejected | Self::Withdrawn
        )
    }
}

/// What a user does with the invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
    /// Takes it up after so many days.
    Active(i64),
    /// Lets it run out, and takes up a second one.
    Late,
    /// Lets it run out.
    Expired,
    /// Has not looked yet.
    Waiting,
}

/// Somebody who gets an account.
#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) roles: &'static [&'static str],
    pub(super) course: Course,
}

/// An organisation.
#[derive(Debug, Clone)]
pub(super) struct Provider {
    pub(super) name: String,
    pub(super) domain: String,
    pub(super) agb: String,
    pub(super) city: String,
    pub(super) phone: String,
    pub(super) language: &'static str,
    pub(super) route: &'static str,
    /// Place in the list of vendors.
    pub(super) vendor: usize,
    pub(super) fate: Fate,
    /// Days ago that it registered.
    pub(super) arrived: i64,
    /// How much it delivers, compared with others.
    pub(super) weight: i64,
    pub(super) users: Vec<User>,
    /// Whether it collected its licence code.
    pub(super) collects: bool,
    kvk: String,
    street: String,
    postcode: String,
}

impl Provider {
    /// Whether its connection goes live.
    pub(super) const fn delivers(&self) -> bool {
        self.collects && self.vendor != NEVER_PASSES
    }

    /// The registration as the website would send it.
    pub(super) fn document(&self) -> Value {
        let users: Vec<Value> = self
            .users
            .iter()
            .map(|u| json!({ "name": u.name, "email": u.email, "roles": u.roles }))
            .collect();
        json!({
            "organisation": { "agb": self.agb, "name": self.name, "kvk": self.kvk, "street": self.street,
                "postcode": self.postcode, "city": self.city, "email": format!("info@{}.example", self.domain),
                "phone": self.phone, "contact": self.users.first().map(|u| u.name.clone()), "language": self.language },
            "route": self.route,
            "vendor": names::VENDORS[self.vendor].0,
            "users": users,
        })
    }
}

/// Fates with the days ago that their registrations arrived; those of organisations in use are spread over two years.
const FATES: &[(Fate, &[i64])] = &[
    (Fate::Ended, &[722, 655, 540]),
    (Fate::Suspended, &[690, 471, 203]),
    (Fate::Grace, &[618, 402, 231]),
    (Fate::NeverAccepted, &[76]),
    (Fate::Fresh, &[18, 15, 11, 6]),
    (Fate::Rejected, &[512, 160, 27]),
    (Fate::Withdrawn, &[349, 61]),
    (Fate::InSetup, &[12, 6, 3]),
    (Fate::Received, &[9, 4, 2, 1, 0, 0]),
];

/// Organisations in use with an acceptance of the newest version.
const ACCEPTED: i64 = 34;

/// Numbers of users of one organisation after another.
const SIZES: &[usize] = &[5, 3, 4, 7, 5, 6, 3, 4, 8, 5];

const ROLES: &[&[&str]] = &[
    &["signatory", "manager"],
    &["submitter"],
    &["submitter", "reader"],
    &["reader"],
    &["signatory"],
    &["manager", "submitter"],
    &["reader"],
    &["reader"],
];

/// Everybody, in the order of their registrations.
pub(super) fn cast(chance: &mut Chance) -> Vec<Provider> {
    let mut fates: Vec<(Fate, i64)> = FATES
        .iter()
        .flat_map(|(fate, all)| all.iter().map(|days| (*fate, *days)))
        .collect();
    fates.extend((0..ACCEPTED).map(|i| (Fate::Accepted, 728 - i * 20 - chance.between(0, 12))));
    fates.sort_by_key(|(fate, days)| (-days, *fate as u8));
    let names = names::organisations(chance, fates.len());
    let mut all = Vec::with_capacity(fates.len());
    for (i, ((fate, arrived), name)) in fates.into_iter().zip(names).enumerate() {
        all.push(provider(chance, i, name, fate, arrived));
    }
    all
}

fn provider(chance: &mut Chance, i: usize, name: String, fate: Fate, arrived: i64) -> Provider {
    let (city, street, postcode) = names::place(chance);
    let domain = names::slug(&name);
    let number = 10_000 + i64::try_from(i).unwrap_or_default() * 137 + chance.between(0, 99);
    let size = SIZES[i % SIZES.len()];
    let users = (0..size)
        .map(|u| user(chance, &domain, (fate, i), u))
        .collect();
    Provider {
        domain,
        agb: format!("069{number:05}"),
        kvk: format!("99{:06}", chance.between(0, 999_999)),
        street,
        postcode,
        city,
        phone: names::phone(chance),
        language: if i % 17 == 16 { "en" } else { "nl" },
        route: if chance.percent(70) {
            "automatic"
        } else {
            "manual"
        },
        vendor: if i % 12 == 7 {
            NEVER_PASSES
        } else {
            vendor(chance)
        },
        fate,
        arrived,
        collects: i % 12 != 3 || arrived > 400,
        weight: chance.pick(&[1, 2, 2, 3, 4, 6, 9]),
        users,
        name,
    }
}

/// Larger vendors have more organisations.
fn vendor(chance: &mut Chance) -> usize {
    chance.pick(&[0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 7])
}

fn user(chance: &mut Chance, domain: &str, (fate, i): (Fate, usize), place: usize) -> User {
    let name = names::person(chance);
    let plain = names::address(&name, domain);
    // Two people of one organisation may share a first letter and a name.
    let email = match place {
        0 => plain,
        n => plain.replacen('@', &format!("{n}@"), 1),
    };
    User {
        course: course(chance, fate, i, place),
        name,
        email,
        roles: ROLES[place % ROLES.len()],
    }
}

/// By place where it matters: every state of an account occurs in every world.
fn course(chance: &mut Chance, fate: Fate, i: usize, place: usize) -> Course {
    match (fate, (i + 5 * place) % 18) {
        (Fate::Fresh, draw) if draw % 2 == 0 => Course::Waiting,
        _ if place == 0 => Course::Active(chance.between(0, 3)),
        (_, 3) => Course::Expired,
        (_, 8) => Course::Late,
        _ => Course::Active(chance.between(0, 9)),
    }
}
