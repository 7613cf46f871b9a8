//! A small world of organisations, deliveries and what they left behind, at random, and the same in a database.

use chrono::{Days, NaiveDate};
use portaal_console::store::{Query, Tx, Value};
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    pub state: &'static str,
    pub accepted: Option<NaiveDate>,
    pub until: NaiveDate,
    pub state_on: NaiveDate,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    pub state: &'static str,
    pub mark: Option<(NaiveDate, NaiveDate)>,
    pub acceptances: Vec<Acceptance>,
    /// State of the ROM obligation and when the last delivery arrived.
    pub obligation: Option<(&'static str, Option<NaiveDate>)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub party: usize,
    pub specification: &'static str,
    pub state: &'static str,
    pub test: bool,
}

impl Delivery {
    /// Whether it was processed and is no test run.
    pub fn counts(&self) -> bool {
        !self.test && matches!(self.state, "processed" | "superseded")
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    pub delivery: usize,
    pub superseded_by: Option<usize>,
    /// Client and care path.
    pub key: (u8, u8),
    pub profile: &'static str,
    pub diagnosis: &'static str,
    pub starts: NaiveDate,
    pub ends: Option<NaiveDate>,
    pub first_session: Option<NaiveDate>,
    pub last_session: Option<NaiveDate>,
    pub measured: Vec<Measured>,
    pub answered: Vec<Answered>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    pub moment: &'static str,
    pub instrument: &'static str,
    pub day: NaiveDate,
    pub score: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    pub questionnaire: &'static str,
    pub day: NaiveDate,
    /// Fifteen questions, grade, health.
    pub answers: [Option<i64>; 17],
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Model {
    pub parties: Vec<Party>,
    pub deliveries: Vec<Delivery>,
    pub paths: Vec<Path>,
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("day")
}

/// Noon.
pub fn moment(day: NaiveDate) -> i64 {
    let begin = NaiveDate::from_ymd_opt(1970, 1, 1).expect("day");
    (day - begin).num_days() * DAY + DAY / 2
}

pub fn agb(party: usize) -> String {
    format!("{:08}", 6_000_000 + party)
}

pub fn submission(delivery: usize) -> String {
    format!("0190aaaa-0000-7000-8000-{delivery:012}")
}

pub fn organisation(party: usize) -> String {
    format!("0190bbbb-0000-7000-8000-{party:012}")
}

pub fn sha256(delivery: usize) -> String {
    format!("{delivery:064x}")
}

/// Throws dice.
struct Dice(ChaCha8Rng);

impl Dice {
    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        *of.choose(&mut self.0).expect("some")
    }

    fn in_ten(&mut self, n: u32) -> bool {
        self.0.random_range(0..10) < n
    }

    fn between(&mut self, first: &str, last: &str) -> NaiveDate {
        let days = (day(last) - day(first)).num_days();
        let days = u64::try_from(self.0.random_range(0..=days)).expect("days");
        day(first) + Days::new(days)
    }

    fn near(&mut self, of: NaiveDate, days: u64) -> NaiveDate {
        of + Days::new(self.0.random_range(0..=2 * days)) - Days::new(days)
    }

    fn party(&mut self) -> Party {
        let mark = self.in_ten(8).then(|| {
            let from = self.between("2024-06-01", "2026-03-01");
            (from, from + Days::new(400))
        });
        let current = Acceptance {
            state: if self.in_ten(9) {
                "accepted"
            } else {
                "pending"
            },
            accepted: Some(self.between("2024-01-01", "2026-02-01")),
            until: self.one(&[day("9999-12-31"), day("2026-10-05"), day("2026-10-04")]),
            state_on: day("2024-01-01"),
        };
        let earlier = Acceptance {
            state: self.one(&["superseded", "terminated"]),
            accepted: Some(day("2023-01-01")),
            until: self.one(&[day("9999-12-31"), day("2025-01-01"), day("2024-12-31")]),
            state_on: self.between("2024-12-30", "2025-01-03"),
        };
        let mut acceptances = vec![current];
        if self.in_ten(4) {
            acceptances.push(earlier);
        }
        if let Some(first) = acceptances.first_mut().filter(|a| a.state == "pending") {
            first.accepted = None;
        }
        Party {
            state: self.one(&[
                "active",
                "active",
                "active",
                "active",
                "suspended",
                "ended",
                "in_setup",
            ]),
            mark,
            acceptances,
            obligation: self.in_ten(5).then(|| {
                let last = self.in_ten(8).then(|| self.near(day("2025-12-31"), 2));
                (self.one(&["on_track", "due", "overdue"]), last)
            }),
        }
    }

    fn delivery(&mut self, party: usize) -> Delivery {
        Delivery {
            party,
            specification: self.one(&["rom-1", "rom-1", "sbg-5.0.1", "cqi-1"]),
            state: self.one(&[
                "processed",
                "processed",
                "processed",
                "superseded",
                "withdrawn",
            ]),
            test: self.in_ten(1),
        }
    }

    fn path(&mut self, delivery: usize, is_cqi: bool, key: (u8, u8)) -> Path {
        let starts = self.between("2024-11-01", "2025-06-30");
        let ends = self.in_ten(8).then(|| match self.one(&[0, 0, 0, 1, 2]) {
            0 => self.between("2025-03-01", "2025-12-20"),
            1 => self.near(day("2024-12-31"), 2),
            _ => self.near(day("2025-12-31"), 2),
        });
        let mut path = Path {
            delivery,
            superseded_by: None,
            key,
            profile: self.one(&["kort", "middel", "intensief", "onbekend"]),
            diagnosis: self.one(&["", "04", "05", "18"]),
            starts,
            ends,
            first_session: self.in_ten(5).then(|| self.near(starts, 20)),
            last_session: ends.filter(|_| self.in_ten(5)).map(|d| self.near(d, 20)),
            measured: Vec::new(),
            answered: Vec::new(),
        };
        if is_cqi {
            self.answers(&mut path);
        } else {
            self.measurements(&mut path);
        }
        path
    }

    fn measurements(&mut self, path: &mut Path) {
        for _ in 0..self.0.random_range(0..7) {
            let moment = self.one(&["pre", "post"]);
            let (first, last) = (path.first_session, path.last_session);
            let about = match moment {
                "pre" => first.unwrap_or(path.starts),
                _ => last.or(path.ends).unwrap_or(path.starts),
            };
            // On the edge of the window, or so near that two are as far away.
            let far = self.one(&[3, 3, 3, 92]);
            let instrument = self.one(&["SQ48", "HADS", "MANSA-12", "BSI", "OQ45"]);
            let score = match self.one(&[0, 0, 0, 1, 2]) {
                0 => f64::from(self.0.random_range(0..40_u32)),
                1 => f64::from(self.0.random_range(0..40_000_u32)) / 997.0,
                _ => self.one(&[999.0, -1.0, 0.0005, 4.0, 148.0, 148.001, 12.0]),
            };
            let day = self.near(about, far);
            let is = |m: &Measured| (m.moment, m.instrument, m.day) == (moment, instrument, day);
            if !path.measured.iter().any(is) {
                path.measured.push(Measured {
                    moment,
                    instrument,
                    day,
                    score,
                });
            }
        }
    }

    fn answers(&mut self, path: &mut Path) {
        for _ in 0..self.0.random_range(1..4) {
            let mut answers = [None; 17];
            for (at, answer) in answers.iter_mut().enumerate() {
                let most = if at == 15 { 11 } else { 5 };
                *answer = self
                    .in_ten(7)
                    .then(|| self.0.random_range(0..most) + i64::from(at != 15));
            }
            let questionnaire = self.one(&["CQI-GGZ-VZ-AMB-2017", "CQI-AMB-5.1"]);
            let day = match self.one(&[0, 1, 2]) {
                0 => self.between("2025-01-01", "2025-12-31"),
                1 => self.near(day("2024-12-31"), 1),
                _ => self.near(day("2025-12-31"), 1),
            };
            let is = |a: &Answered| (a.questionnaire, a.day) == (questionnaire, day);
            if !path.answered.iter().any(is) {
                path.answered.push(Answered {
                    questionnaire,
                    day,
                    answers,
                });
            }
        }
    }
}

impl Model {
    /// A world of this many organisations; each delivers a few times.
    pub fn random(seed: u64, parties: usize) -> Self {
        let mut dice = Dice(ChaCha8Rng::seed_from_u64(seed));
        let mut model = Self::default();
        for _ in 0..parties {
            model.parties.push(dice.party());
        }
        for _ in 0..parties * 4 {
            model.deliver(&mut dice, parties);
        }
        model
    }

    /// One organisation in order with one delivery: a client per care path, all of them alike but for their score before.
    pub fn plain(clients: u8) -> Self {
        let party = Party {
            state: "active",
            mark: Some((day("2025-01-01"), day("2025-12-31"))),
            acceptances: vec![Acceptance {
                state: "accepted",
                accepted: Some(day("2024-06-01")),
                until: day("9999-12-31"),
                state_on: day("2024-06-01"),
            }],
            obligation: None,
        };
        let measured = |moment, on: &str, score| Measured {
            moment,
            instrument: "SQ48",
            day: day(on),
            score,
        };
        let path = |client: u8| Path {
            delivery: 0,
            superseded_by: None,
            key: (client, 0),
            profile: "kort",
            diagnosis: "04",
            starts: day("2025-02-01"),
            ends: Some(day("2025-09-01")),
            first_session: None,
            last_session: None,
            measured: vec![
                measured("pre", "2025-02-01", f64::from(60 - client)),
                measured("post", "2025-09-01", 20.0),
            ],
            answered: Vec::new(),
        };
        Self {
            parties: vec![party],
            deliveries: vec![Delivery {
                party: 0,
                specification: "rom-1",
                state: "processed",
                test: false,
            }],
            paths: (0..clients).map(path).collect(),
        }
    }

    /// The same world when no more than its first deliveries had come.
    pub fn first(&self, deliveries: usize) -> Self {
        let mut then = self.clone();
        then.deliveries.truncate(deliveries);
        then.paths.retain(|path| path.delivery < deliveries);
        for path in &mut then.paths {
            path.superseded_by = path.superseded_by.filter(|by| *by < deliveries);
        }
        then
    }

    /// One delivery more: what is in it replaces what was there.
    fn deliver(&mut self, dice: &mut Dice, parties: usize) {
        let party = dice.0.random_range(0..parties);
        let row = dice.delivery(party);
        let (at, is_cqi) = (self.deliveries.len(), row.specification == "cqi-1");
        let counts = row.counts();
        self.deliveries.push(row);
        for client in 0..6 {
            for care_path in 0..2 {
                if dice.in_ten(5) {
                    continue;
                }
                // What does not count stands in no other's way.
                let key = (client + if counts { 0 } else { 100 }, care_path);
                let new = dice.path(at, is_cqi, key);
                self.supersede(at, key, is_cqi);
                self.paths.push(new);
            }
        }
    }

    fn supersede(&mut self, by: usize, key: (u8, u8), is_cqi: bool) {
        let party = self.deliveries[by].party;
        for path in &mut self.paths {
            let of = &self.deliveries[path.delivery];
            let same = of.party == party && (of.specification == "cqi-1") == is_cqi;
            if same && path.key == key && path.superseded_by.is_none() {
                path.superseded_by = Some(by);
            }
        }
    }

    /// Puts it in an empty database.
    pub async fn store(&self, tx: &mut Tx) {
        for (at, name) in ["a", "b"].into_iter().enumerate() {
            let sql = "INSERT INTO agreement (id, name, title, state, state_at, file_name, document, bytes, sha256, valid_from,
                grace_until, created_at, changed_at, changed_by, folded, version)
                VALUES ($1, $1, '', $2, 0, '', $3, 0, '', '2021-09-01', '9999-12-31', 0, 0, '', '', 1)";
            let state = if at == 0 { "published" } else { "superseded" };
            run(tx, sql, [name.into(), state.into(), Vec::new().into()]).await;
        }
        for (at, party) in self.parties.iter().enumerate() {
            store_party(tx, at, party).await;
        }
        for (at, delivery) in self.deliveries.iter().enumerate() {
            store_delivery(tx, at, delivery).await;
        }
        for path in &self.paths {
            self.store_path(tx, path).await;
        }
    }

    async fn store_path(&self, tx: &mut Tx, path: &Path) {
        let of = &self.deliveries[path.delivery];
        let (client, care_path) = (vec![path.key.0; 32], vec![path.key.1; 32]);
        let id = submission(path.delivery);
        let kind = if of.specification == "cqi-1" {
            "cqi"
        } else {
            "rom"
        };
        let text = |day: Option<NaiveDate>| day.map(|d| d.to_string()).unwrap_or_default();
        // A care path of a questionnaire says no more than whose it is.
        let dates = if kind == "cqi" {
            [None; 4]
        } else {
            [
                Some(path.starts),
                path.ends,
                path.first_session,
                path.last_session,
            ]
        };
        let sql = "INSERT INTO care_path (organisation_id, client_key, path_key, kind, submission_id, superseded_by, profile,
            diagnosis, starts, ends, first_session, last_session, confirmed_at, sum_1, sum_2, sum_3, sum_4)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, -1, -1, -1, -1)";
        let values = [
            organisation(of.party).into(),
            client.clone().into(),
            care_path.clone().into(),
            kind.into(),
            id.clone().into(),
            path.superseded_by
                .map(submission)
                .unwrap_or_default()
                .into(),
            path.profile.into(),
            path.diagnosis.into(),
            text(dates[0]).into(),
            text(dates[1]).into(),
            text(dates[2]).into(),
            text(dates[3]).into(),
        ];
        run(tx, sql, values).await;
        let key: [Value; 3] = [id.into(), client.into(), care_path.into()];
        for m in &path.measured {
            let sql = "INSERT INTO measurement (submission_id, client_key, path_key, moment, instrument, measured_on, score)
                VALUES ($1, $2, $3, $4, $5, $6, $7)";
            let [a, b, c] = key.clone();
            let on = m.day.to_string().into();
            run(
                tx,
                sql,
                [
                    a,
                    b,
                    c,
                    m.moment.into(),
                    m.instrument.into(),
                    on,
                    m.score.into(),
                ],
            )
            .await;
        }
        for a in &path.answered {
            store_answers(tx, &key, a).await;
        }
    }
}

async fn run<const N: usize>(tx: &mut Tx, sql: &'static str, values: [Value; N]) {
    let query = values.into_iter().fold(Query::new(sql), Query::bind);
    tx.execute(query).await.expect(sql);
}

async fn store_party(tx: &mut Tx, at: usize, party: &Party) {
    let id = organisation(at);
    let sql = "INSERT INTO organisation (id, agb, name, kvk, street, postcode, city, email, phone, contact, language, state,
        state_at, state_reason, created_at, changed_at, changed_by, folded, version)
        VALUES ($1, $2, $3, '', '', '', '', '', '', '', 'nl', $4, 0, '', 0, 0, '', '', 1)";
    let name = format!("Aanbieder {at}");
    run(
        tx,
        sql,
        [
            id.clone().into(),
            agb(at).into(),
            name.into(),
            party.state.into(),
        ],
    )
    .await;
    if let Some((from, until)) = party.mark {
        let sql = "INSERT INTO quality_mark (id, organisation_id, kind, valid_from, valid_until)
            VALUES ($1, $1, 'basis_ggz', $2, $3)";
        run(
            tx,
            sql,
            [
                id.clone().into(),
                from.to_string().into(),
                until.to_string().into(),
            ],
        )
        .await;
    }
    for (a, agreement) in party.acceptances.iter().zip(["a", "b"]) {
        let sql = "INSERT INTO acceptance (id, organisation_id, agreement_id, state, state_at, created_at, accepted_at,
            valid_until, account_id, document_sha256, remote, reminded_at, reminders, version)
            VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8, '', '', 0, 0, 1)";
        let values = [
            format!("{id}{agreement}").into(),
            id.clone().into(),
            agreement.into(),
            a.state.into(),
            moment(a.state_on).into(),
            a.accepted.map_or(0, moment).into(),
            a.until.to_string().into(),
            Value::Text(None),
        ];
        run(tx, sql, values).await;
    }
    if let Some((state, delivered)) = party.obligation {
        let sql = "INSERT INTO obligation (id, organisation_id, kind, state, state_at, since, delivered_at, due_on, reminded_at,
            reminders, version) VALUES ($1, $1, 'rom', $2, 0, '2024-01-01', $3, '2025-06-01', 0, 0, 1)";
        run(
            tx,
            sql,
            [id.into(), state.into(), delivered.map_or(0, moment).into()],
        )
        .await;
    }
}

async fn store_delivery(tx: &mut Tx, at: usize, delivery: &Delivery) {
    let sql = "INSERT INTO submission (id, organisation_id, kind, specification, source, file_name, sha256, bytes, detected,
        state, state_at, hold, reason, received_at, row_count, accepted, ignored, finding_count, paths_new, paths_changed,
        paths_same, assigned, changed_at, changed_by, version, test)
        VALUES ($1, $2, $3, $4, 'intake', '', $5, 0, '', $6, 0, '', '', $7, 0, 0, 0, 0, 0, 0, 0, '', 0, '', 1, $8)";
    let kind = if delivery.specification == "cqi-1" {
        "cqi"
    } else {
        "rom"
    };
    let values = [
        submission(at).into(),
        organisation(delivery.party).into(),
        kind.into(),
        delivery.specification.into(),
        sha256(at).into(),
        delivery.state.into(),
        i64::try_from(at).expect("small").into(),
        i64::from(delivery.test).into(),
    ];
    run(tx, sql, values).await;
}

async fn store_answers(tx: &mut Tx, key: &[Value; 3], row: &Answered) {
    let sql = "INSERT INTO response (submission_id, client_key, path_key, questionnaire, taken_on, v01, v02, v03, v04, v05, v06,
        v07, v08, v09, v10, v11, v12, v13, v14, v15, mark, health) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
        $14, $15, $16, $17, $18, $19, $20, $21, $22)";
    let mut query = key.iter().cloned().fold(Query::new(sql), Query::bind);
    query = query.bind(row.questionnaire).bind(row.day.to_string());
    for answer in row.answers {
        query = query.bind(Value::Int(answer));
    }
    tx.execute(query).await.expect("answers");
}
