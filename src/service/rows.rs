//! Accepted rows while a file is read: client keys and care-path numbers become pseudonyms, rows become pieces for the staging
//! tables. Memory holds one piece and one care path, however large the file is.

use crate::delivery::{Accepted, CarePathRow, Place, RespondentRow};
use crate::store::stage::{Key, Measurement, Path, Piece, Response};
use chrono::NaiveDate;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Rows of one piece.
const PIECE: usize = 8192;

/// Makes pseudonyms of one purpose each: the same value gets the same one, and nobody without the key can go back.
#[derive(Clone)]
struct Pseudonyms(Hmac<Sha256>);

impl Pseudonyms {
    /// HMAC-SHA-256 under the key outside the database.
    fn new(key: &[u8; 32], purpose: &str) -> Self {
        // A key shorter than a block is filled up with zeros (RFC 2104).
        let mut block = [0_u8; 64];
        block[..32].copy_from_slice(key);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(&(purpose.len() as u64).to_be_bytes());
        mac.update(purpose.as_bytes());
        Self(mac)
    }

    fn of(&self, value: &str) -> Key {
        let mut mac = self.0.clone();
        mac.update(value.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// Four numbers of 32 bits for a list of texts.
    fn sums(&self, texts: &[&str]) -> [i64; 4] {
        let mut mac = self.0.clone();
        for text in texts {
            mac.update(&(text.len() as u64).to_be_bytes());
            mac.update(text.as_bytes());
        }
        let digest: Key = mac.finalize().into_bytes().into();
        let part = |i: usize| {
            let bytes = digest.get(i * 4..i * 4 + 4);
            let bytes = bytes.and_then(|b| b.try_into().ok()).unwrap_or_default();
            i64::from(u32::from_be_bytes(bytes))
        };
        [part(0), part(1), part(2), part(3)]
    }
}

/// The pseudonym of a client key, for whoever looks a client up.
pub(super) fn client_pseudonym(key: &[u8; 32], client_key: &str) -> Key {
    Pseudonyms::new(key, "client").of(client_key)
}

/// What was gathered when the file ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// The rows of each care path stand together.
    Together,
    /// Those of some stand apart, so that they were written in parts.
    Apart,
}

/// Gathers rows into pieces and hands each on when it is full.
pub(super) struct Gather<'a> {
    clients: Pseudonyms,
    care_paths: Pseudonyms,
    contents: Pseudonyms,
    open: Option<Open>,
    piece: Piece,
    order: Order,
    hand_on: &'a mut dyn FnMut(Piece),
}

/// The care path whose rows are being read, with its keys as delivered, which leave with it.
struct Open {
    client: String,
    care_path: String,
    path: Path,
}

impl<'a> Gather<'a> {
    pub(super) fn new(key: &[u8; 32], hand_on: &'a mut dyn FnMut(Piece)) -> Self {
        Self {
            clients: Pseudonyms::new(key, "client"),
            care_paths: Pseudonyms::new(key, "care path"),
            contents: Pseudonyms::new(key, "contents"),
            open: None,
            piece: Piece::default(),
            order: Order::Together,
            hand_on,
        }
    }

    /// Takes an accepted row of any specification.
    pub(super) fn row(&mut self, row: &Accepted<'_>) {
        match row {
            Accepted::CarePath(row) => self.care_path(row),
            Accepted::Respondent(row) => self.respondent(row),
        }
        if self.piece.len() >= PIECE {
            (self.hand_on)(std::mem::take(&mut self.piece));
        }
    }

    /// A care path with at most one measurement.
    fn care_path(&mut self, row: &CarePathRow<'_>) {
        let mut open = self.open_of(row.client_key, row.care_path, row.place, |blank| Path {
            profile: row.profile,
            diagnosis: row.diagnosis_group.unwrap_or_default(),
            starts: Some(row.start),
            ends: row.end,
            first_session: row.first_session,
            last_session: row.last_session,
            ..blank
        });
        if let Some((m, score)) = row.measurement.and_then(|m| Some((m, m.score?))) {
            let day = m.date.to_string();
            let bits = score.to_bits().to_string();
            let texts = [m.moment.as_str(), m.instrument, &day, &bits];
            add(&mut open.path.sums, self.contents.sums(&texts));
            self.piece.measurements.push(Measurement {
                client_key: open.path.client_key,
                path_key: open.path.path_key,
                moment: m.moment.as_str(),
                instrument: m.instrument,
                measured_on: m.date,
                score,
            });
        }
        self.open = Some(open);
    }

    /// The questionnaire of one respondent; its care path says no more than whose it is.
    fn respondent(&mut self, row: &RespondentRow<'_>) {
        let mut open = self.open_of(row.client_key, row.care_path, row.place, |blank| Path {
            profile: row.profile,
            ..blank
        });
        let response = Response {
            client_key: open.path.client_key,
            path_key: open.path.path_key,
            questionnaire: row.questionnaire,
            taken_on: row.taken_on,
            answers: row.answers.map(|a| a.map(i64::from)),
            mark: row.grade.map(i64::from),
            health: row.health.map(i64::from),
        };
        let day = row.taken_on.to_string();
        let given = format!("{:?}", (&response.answers, response.mark, response.health));
        let sums = self.contents.sums(&[row.questionnaire, &day, &given]);
        add(&mut open.path.sums, sums);
        self.piece.responses.push(response);
        self.open = Some(open);
    }

    /// The care path of a row: the one that is open when it is the same, else a new one. What it says counts once in its sums.
    fn open_of(
        &mut self,
        client: &str,
        care_path: &str,
        place: Place,
        fill: impl FnOnce(Path) -> Path,
    ) -> Open {
        let mut open = match self.open.take() {
            Some(open) if open.client == client && open.care_path == care_path => open,
            before => {
                self.close(before);
                if place == Place::Further {
                    self.order = Order::Apart;
                }
                Open {
                    client: client.to_owned(),
                    care_path: care_path.to_owned(),
                    path: fill(self.blank(client, care_path)),
                }
            }
        };
        if place == Place::First {
            let texts = of_path(&open.path);
            let sums = self.contents.sums(&texts.each_ref().map(String::as_str));
            add(&mut open.path.sums, sums);
        }
        open
    }

    fn blank(&self, client: &str, care_path: &str) -> Path {
        Path {
            client_key: self.clients.of(client),
            path_key: self.care_paths.of(care_path),
            profile: "",
            diagnosis: "",
            starts: None,
            ends: None,
            first_session: None,
            last_session: None,
            sums: [0; 4],
        }
    }

    fn close(&mut self, open: Option<Open>) {
        self.piece.paths.extend(open.map(|o| o.path));
    }

    /// Hands on what is left.
    pub(super) fn end(mut self) -> Order {
        let open = self.open.take();
        self.close(open);
        if !self.piece.is_empty() {
            (self.hand_on)(self.piece);
        }
        self.order
    }
}

fn add(sums: &mut [i64; 4], more: [i64; 4]) {
    for (sum, n) in sums.iter_mut().zip(more) {
        *sum += n;
    }
}

/// What a care path says besides its measurements.
fn of_path(path: &Path) -> [String; 6] {
    let day = |d: Option<NaiveDate>| d.map(|d| d.to_string()).unwrap_or_default();
    [
        path.profile.to_owned(),
        path.diagnosis.to_owned(),
        day(path.starts),
        day(path.ends),
        day(path.first_session),
        day(path.last_session),
    ]
}
