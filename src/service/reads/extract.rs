//! Extracts as people see them: the registry, and one with what would leave, its tables, attacks, coverage and history. Not its
//! cells: who looks at those is noted, in `extract::inspect`.

use super::super::extract::label;
use super::super::extract::view::note_decider;
use super::super::read::{Filter, Source, filters, sorts};
use super::super::record::{Head, Reading};
use super::super::{Actor, Error, Services};
use super::{coverage, fixed, found, job, known, mail, plain, short, sorted, wide};
use crate::domain::extract::State;
use crate::domain::job::JobKind;
use crate::domain::kind::Kind;
use crate::domain::right::Right;
use crate::domain::time::Timestamp;
use crate::language::{Message, column as c, screen};
use crate::store::extract::{self, Extract};
use crate::store::extract_content as content;
use crate::store::job as stored_job;
use crate::store::lists::extract as list;
use crate::ui::record::Body;
use crate::ui::{Cell, Column, Cursor, Page, Query, Record, Row, Tab};

/// Columns.
pub static COLUMNS: &[Column] = &[
    wide("definition", &c::DEFINITION, (8, 1), 0),
    sorted(fixed("period", &c::PERIOD, 7, 0), "period"),
    fixed("state", &c::STATE, 22, 0),
    sorted(fixed("since", &c::SINCE, 5, 0), "changed"),
    fixed("turn", &c::TURN, 17, 0),
    wide("requested_by", &c::REQUESTED_BY, (14, 2), 0),
    wide("approved_by", &c::APPROVED_BY, (14, 2), 1),
    fixed("verdict", &c::VERDICT, 10, 1),
    fixed("holders_in", &c::HOLDERS_IN, 9, 2),
    fixed("hidden", &c::HIDDEN, 9, 3),
    fixed("cells", &c::CELLS, 7, 3),
    fixed("smallest", &c::SMALLEST, 8, 4),
    sorted(fixed("released", &c::RELEASED, 16, 3), "released"),
    fixed("fetches", &c::FETCHED, 9, 4),
    fixed("build", &c::BUILD, 14, 2),
    sorted(fixed("created", &c::CREATED, 10, 5), "created"),
    fixed("digest", &c::DIGEST, 12, 5),
];

/// Fields for suggestions.
pub static FILTERS: &[Filter] = &filters::<{ list::FIELDS.len() }>(list::FIELDS);
/// Names of sorts.
pub static SORTS: &[&str] = &sorts::<{ list::SORTS.len() }>(list::SORTS);

/// The list.
pub static SOURCE: Source<list::Row> = Source {
    kind: Kind::Extract,
    spec: &list::LIST,
    columns: COLUMNS,
    row,
    search: None,
};

fn row(r: list::Row, _: Timestamp) -> Row {
    let digest: String = r.digest.chars().take(12).collect();
    Row {
        version: r.version,
        label: format!("{} {}", r.definition, r.period),
        cells: vec![
            Cell::text(&r.definition),
            Cell::text(&r.period),
            Cell::Code(Kind::Extract, r.state.clone()),
            Cell::Age(r.state_at),
            // Whose turn it is depends on who reads: `page` fills it in.
            Cell::text(if r.building == 1 || waits_for_directory(&r) {
                "worker".to_owned()
            } else {
                r.requested_by
            }),
            Cell::text(r.requester),
            Cell::text(r.approver),
            Cell::Code(Kind::Extract, r.verdict),
            Cell::Number(r.holders_in),
            Cell::Number(r.hidden_count),
            Cell::Number(r.cell_count),
            Cell::Number(r.smallest),
            Cell::Moment(r.released_at),
            Cell::Number(r.fetches),
            Cell::Code(Kind::Extract, stage(r.building, &r.stage)),
            Cell::Age(r.created_at),
            Cell::text(digest),
        ],
        id: r.id,
        state: r.state,
        cursor: Cursor::default(),
    }
}

/// Whether the outgoing directory is to be brought in line with what was released or recalled.
fn waits_for_directory(r: &list::Row) -> bool {
    let written = r.written_at != Timestamp::NEVER;
    match r.state.parse() {
        Ok(State::Released) => !written,
        Ok(State::Recalled) => written,
        Ok(State::Draft | State::Built | State::Requested | State::Approved) | Err(_) => false,
    }
}

/// What a build is at; waiting while no worker took it.
fn stage(building: i64, stage: &str) -> String {
    match (building, stage) {
        (0, _) => String::new(),
        (_, "") => "waiting".to_owned(),
        (_, stage) => stage.to_owned(),
    }
}

/// One page of the list.
pub async fn page(services: &Services, actor: &Actor, query: &Query) -> Result<Page, Error> {
    let mut page = SOURCE.page(services, actor, query).await?;
    let at = COLUMNS.iter().position(|c| c.name == "turn");
    for row in &mut page.rows {
        if let Some(cell) = at.and_then(|at| row.cells.get_mut(at)) {
            *cell = turn(actor, &row.state, cell);
        }
    }
    Ok(page)
}

/// Whose turn it is: the reader's, another's, or nobody's.
fn turn(actor: &Actor, state: &str, by: &Cell) -> Cell {
    let by = match by {
        Cell::Text(by) => by.as_str(),
        _ => "",
    };
    let who = match state.parse() {
        _ if by == "worker" => "worker",
        Ok(State::Released | State::Recalled) | Err(_) => return Cell::Empty,
        _ if !actor.may(Right::Extracts) => "others",
        Ok(State::Requested) if by == actor.operator => "yours",
        Ok(State::Draft | State::Built | State::Requested | State::Approved) => "you",
    };
    Cell::Code(Kind::Extract, who.to_owned())
}

/// The cells of an extract at which a reader begins.
pub fn members(row: &Row) -> String {
    format!("extract:{} top:ja", row.id)
}

/// One record.
pub async fn open(services: &Services, actor: &Actor, id: &str) -> Result<Record, Error> {
    let mut reading = Reading::begin(services, actor).await?;
    let row = SOURCE.one(&mut reading.tx, id).await?;
    let found = extract::by_id(&mut reading.tx, id).await?;
    let e = found.ok_or_else(|| Error::missing(Kind::Extract, id))?;
    let tabs = tabs(&mut reading, &e, &row).await?;
    let head = Head {
        summary: vec![
            (&c::SINCE, Cell::Age(e.state_at)),
            (&c::VERDICT, Cell::Code(Kind::Extract, e.verdict.clone())),
            (&c::HOLDERS_IN, Cell::Number(e.holders_in)),
        ],
        title: label(&e),
        id: e.id.clone(),
        version: e.version,
        state: e.state.clone(),
        ..Head::default()
    };
    let record = reading.end(Kind::Extract, head, tabs).await?;
    note_decider(services, actor, &e).await?;
    Ok(record)
}

async fn tabs(reading: &mut Reading<'_>, e: &Extract, row: &list::Row) -> Result<Vec<Tab>, Error> {
    let tab = |title, body| Tab { title, body };
    let first = trouble(reading, &e.id).await?;
    let tabs = vec![
        tab(&screen::TAB_LEAVES, leaves(reading, e, row).await?),
        tab(&screen::TAB_FIGURES, sheets(reading, &e.id).await?),
        tab(&screen::TAB_ATTACKS, attacks(reading, &e.id).await?),
        tab(&screen::TAB_COVERAGE, coverage::body(reading, &e.id).await?),
        tab(&screen::TAB_FETCHES, fetches(reading, &e.id).await?),
        tab(&screen::TAB_GENERAL, known(fields(e, row))),
        tab(
            &screen::TAB_ATTEMPTS,
            Body::List(job::attempts_of(reading, &e.id).await?),
        ),
        mail::about(reading, Kind::Extract, &e.id).await?,
        reading.history(Kind::Extract, &e.id).await?,
    ];
    Ok(first.into_iter().chain(tabs).collect())
}

/// Why the outgoing directory is not what the registry says yet, when an attempt at it failed.
async fn trouble(reading: &mut Reading<'_>, id: &str) -> Result<Option<Tab>, Error> {
    let open = stored_job::open(&mut reading.tx, JobKind::Outgoing, id).await?;
    let language = reading.actor.language;
    Ok(open.and_then(|j| job::trouble(&j.error, &j.id, language)))
}

/// What would leave or left: the figures by which it is judged, and the files.
async fn leaves(reading: &mut Reading<'_>, e: &Extract, row: &list::Row) -> Result<Body, Error> {
    let files = content::files(&mut reading.tx, &e.id).await?;
    let cells = |f: content::File| {
        vec![
            Cell::text(f.name),
            Cell::Size(f.bytes),
            Cell::text(f.sha256),
        ]
    };
    let files = plain(
        &[&c::FILE, &c::SIZE, &c::SHA256],
        files.into_iter().map(cells).collect(),
        &screen::NO_FILES,
    );
    let recipient = reading.services.settings.kibg.clone();
    let facts = vec![
        (&c::DIGEST, Cell::text(&e.digest)),
        (&c::VERDICT, Cell::Code(Kind::Extract, e.verdict.clone())),
        (&c::SMALLEST_SHOWN, Cell::Number(e.smallest)),
        (&c::CELLS, Cell::Number(e.cell_count)),
        (&c::HIDDEN, Cell::Number(e.hidden_count)),
        (&c::HOLDERS_IN, Cell::Number(e.holders_in)),
        (&c::HOLDERS_OUT, Cell::Number(e.holders_out)),
        (&c::WAITING_ROWS, Cell::Number(e.waiting)),
        (&c::REQUESTED_BY, Cell::text(&row.requester)),
        (&c::REQUEST_REASON, Cell::text(&e.request_reason)),
        (&c::APPROVED_BY, Cell::text(&row.approver)),
        (&c::RECIPIENT, Cell::text(recipient)),
    ];
    Ok(Body::Sections(vec![
        (&screen::TAB_LEAVES, known(facts)),
        (&screen::TAB_FILES, Body::List(files)),
    ]))
}

async fn sheets(reading: &mut Reading<'_>, id: &str) -> Result<Body, Error> {
    let all = content::counts(&mut reading.tx, id).await?;
    let cells = |(sheet, cells, hidden): (String, i64, i64)| {
        vec![
            Cell::Code(Kind::Extract, sheet),
            Cell::Number(cells),
            Cell::Number(hidden),
        ]
    };
    Ok(Body::List(plain(
        &[&c::SHEET, &c::CELLS, &c::HIDDEN],
        all.into_iter().map(cells).collect(),
        &screen::NO_CELLS,
    )))
}

async fn attacks(reading: &mut Reading<'_>, id: &str) -> Result<Body, Error> {
    let all = content::attacks(&mut reading.tx, id).await?;
    let broken = all.iter().any(|a| a.open > 0);
    let cells = |a: content::Attack| {
        vec![
            Cell::Code(Kind::Extract, a.attacker),
            Cell::Number(a.tried),
            Cell::Number(a.open),
        ]
    };
    let tried = Body::List(plain(
        &[&c::ATTACKER, &c::ATTACKED, &c::BROKEN],
        all.into_iter().map(cells).collect(),
        &screen::NO_ATTACKS,
    ));
    if !broken {
        return Ok(tried);
    }
    let found = found::body(reading, id).await?;
    Ok(Body::Sections(vec![
        (&screen::TAB_ATTACKS, tried),
        (&screen::FOUND, found),
    ]))
}

async fn fetches(reading: &mut Reading<'_>, id: &str) -> Result<Body, Error> {
    let all = content::fetches(&mut reading.tx, id).await?;
    let cells = |f: content::Fetch| {
        vec![
            Cell::Date(f.fetched_on),
            Cell::text(f.fetched_by),
            Cell::text(f.noted_by),
            Cell::Moment(f.at),
        ]
    };
    Ok(Body::List(plain(
        &[&c::FETCHED, &c::FETCHED_BY, &c::NOTED_BY, &c::CREATED],
        all.into_iter().map(cells).collect(),
        &screen::NO_FETCHES,
    )))
}

fn fields(e: &Extract, row: &list::Row) -> Vec<(&'static Message, Cell)> {
    vec![
        (&c::DEFINITION, Cell::text(&e.definition)),
        (&c::VERSION, Cell::Number(e.definition_version)),
        (&c::PERIOD, Cell::text(&e.period)),
        (&c::STATE, Cell::Code(Kind::Extract, e.state.clone())),
        (&c::SINCE, Cell::Moment(e.state_at)),
        (
            &c::BUILD,
            Cell::Code(Kind::Extract, stage(row.building, &row.stage)),
        ),
        (&c::ERROR, Cell::Code(Kind::Extract, e.build_error.clone())),
        (&c::BUILT, Cell::Moment(e.built_at)),
        (&c::CODE_VERSION, Cell::text(&e.code_version)),
        (&c::DIGEST, Cell::text(&e.digest)),
        (&c::MANIFEST, Cell::text(&e.manifest_digest)),
        (&c::REQUESTED_BY, Cell::text(&row.requester)),
        (&c::REQUESTED, Cell::Moment(e.requested_at)),
        (&c::REQUEST_REASON, Cell::text(&e.request_reason)),
        (&c::APPROVED_BY, Cell::text(&row.approver)),
        (&c::APPROVED_AT, Cell::Moment(e.approved_at)),
        (&c::APPROVE_REASON, Cell::text(&e.approve_reason)),
        (&c::RELEASED_BY, Cell::text(&e.released_login)),
        (&c::RELEASED, Cell::Moment(e.released_at)),
        (&c::WRITTEN, Cell::Moment(e.written_at)),
        (&c::DIRECTORY, Cell::text(&e.directory)),
        (&c::RECALLED, Cell::Moment(e.recalled_at)),
        (&c::RECALL_REASON, Cell::text(&e.recall_reason)),
        (&c::CREATED, Cell::Moment(e.created_at)),
        (&c::CHANGED, Cell::Moment(e.changed_at)),
        (&c::CHANGED_BY, Cell::text(&e.changed_by)),
        (&c::ID, Cell::text(short(&e.id))),
    ]
}
