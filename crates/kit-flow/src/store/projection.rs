//! What the log amounts to, as tables that lists and duties ask.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Param, Row, Tx, params};

use crate::log::{Effect, How};
use crate::state::{Phase, Run, State};

kit_db::statements! {
    INSERT = "INSERT INTO flow_cases (id, kind, definition, number, title, division, business, parent, status, phase, flags, handled,
            level, drafter, drafter_name, seq, head, next_due, opened_at, updated_at, ended_at, simulated)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)";
    UPDATE = "UPDATE flow_cases SET status = $2, phase = $3, flags = $4, handled = $5, level = $6, seq = $7, head = $8,
            next_due = $9, updated_at = $10, ended_at = $11
        WHERE id = $1";
    BY_ID = "SELECT id, kind, definition, number, title, division, business, parent, status, phase, flags, handled, level,
            drafter, drafter_name, seq, head, next_due, opened_at, updated_at, ended_at, simulated
        FROM flow_cases WHERE id = $1";
    CLEAR_SEATS = "DELETE FROM flow_seats WHERE case_id = $1";
    ADD_SEAT = "INSERT INTO flow_seats (case_id, task, user_id, code, may, opened_at) VALUES ($1, $2, $3, $4, $5, $6)";
    SEATS = "SELECT task, user_id, code, may, opened_at FROM flow_seats WHERE case_id = $1 ORDER BY task, user_id";
    PUT_CLOCK = "INSERT INTO flow_clocks (case_id, code, state, late_from, last_day, remind_at, provisional)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (case_id, code) DO UPDATE SET state = excluded.state, late_from = excluded.late_from,
            last_day = excluded.last_day, remind_at = excluded.remind_at, provisional = excluded.provisional";
    DROP_CLOCK = "DELETE FROM flow_clocks WHERE case_id = $1 AND code = $2";
    CLOCKS = "SELECT code, state, late_from, last_day, remind_at, provisional FROM flow_clocks WHERE case_id = $1 ORDER BY code";
    DUE = "SELECT late_from, case_id, code FROM flow_clocks
        WHERE state = 'running' AND late_from <= $1 AND (late_from > $2 OR (late_from = $2 AND case_id > $3))
        ORDER BY late_from, case_id LIMIT $4";
    TO_REMIND = "SELECT remind_at, case_id, code FROM flow_clocks
        WHERE remind_at IS NOT NULL AND remind_at <= $1 AND (remind_at > $2 OR (remind_at = $2 AND case_id > $3))
        ORDER BY remind_at, case_id LIMIT $4";
    RUNNING_AFTER = "SELECT DISTINCT case_id FROM flow_clocks WHERE state = 'running' AND case_id > $1 ORDER BY case_id LIMIT $2";
    /// Counted no further than lists count.
    PROVISIONAL = "SELECT count(*) FROM (SELECT 1 FROM flow_clocks WHERE state = 'running' AND provisional = 1 LIMIT 100000) counted";
    ADD_DOCUMENT = "INSERT INTO flow_documents (division, series, year, serial, number, case_id, code, issued_at, annulled_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL)";
    ANNUL = "UPDATE flow_documents SET annulled_at = $3 WHERE case_id = $1 AND number = $2";
    DOCUMENTS = "SELECT code, serial, number, issued_at, annulled_at FROM flow_documents WHERE case_id = $1 ORDER BY series, year, serial";
}

/// A row of flow_cases.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseRow {
    pub id: String,
    pub kind: String,
    pub definition: String,
    pub number: String,
    pub title: String,
    pub division: String,
    pub business: String,
    pub parent: String,
    pub status: String,
    pub phase: String,
    pub flags: String,
    pub handled: String,
    pub level: i64,
    pub drafter: String,
    pub drafter_name: String,
    pub seq: i64,
    pub head: String,
    pub next_due: Option<Millis>,
    pub opened_at: Millis,
    pub updated_at: Millis,
    pub ended_at: Option<Millis>,
    pub simulated: bool,
}

impl CaseRow {
    /// What a state amounts to.
    pub fn of(id: &str, state: &State) -> Self {
        let o = &state.opened;
        let flags = state.flags.iter().fold(String::new(), |list, f| list + "," + f);
        Self {
            id: id.to_owned(),
            kind: o.kind.clone(),
            definition: o.definition.clone(),
            number: o.number.clone(),
            title: o.title.clone(),
            division: o.division.clone(),
            business: o.business.clone(),
            parent: o.parent.clone(),
            status: state.status.clone(),
            phase: phase(&state.phase).to_owned(),
            flags: if flags.is_empty() { flags } else { flags + "," },
            handled: state.handled.clone(),
            level: i64::from(state.level),
            drafter: state.drafter.user.clone(),
            drafter_name: state.drafter.name.clone(),
            seq: state.seq,
            head: state.head.clone(),
            next_due: state.next_due(),
            opened_at: state.opened_at,
            updated_at: state.updated_at,
            ended_at: (!state.is_open()).then_some(state.updated_at),
            simulated: o.simulated,
        }
    }
}

/// The word of a phase in tables and answers.
pub fn phase(phase: &Phase) -> &'static str {
    match phase {
        Phase::Open => "open",
        Phase::Suspended(_) => "suspended",
        Phase::Ended(How::Done) => "done",
        Phase::Ended(How::Terminated) => "terminated",
        Phase::Ended(How::Void) => "void",
    }
}

/// The word of a clock's state.
pub fn run(run: Run) -> &'static str {
    match run {
        Run::Running => "running",
        Run::Paused => "paused",
        Run::Stopped => "stopped",
        Run::Expired => "expired",
    }
}

impl FromRow for CaseRow {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            kind: r.get(1)?,
            definition: r.get(2)?,
            number: r.get(3)?,
            title: r.get(4)?,
            division: r.get(5)?,
            business: r.get(6)?,
            parent: r.get(7)?,
            status: r.get(8)?,
            phase: r.get(9)?,
            flags: r.get(10)?,
            handled: r.get(11)?,
            level: r.get(12)?,
            drafter: r.get(13)?,
            drafter_name: r.get(14)?,
            seq: r.get(15)?,
            head: r.get(16)?,
            next_due: r.get(17)?,
            opened_at: r.get(18)?,
            updated_at: r.get(19)?,
            ended_at: r.get(20)?,
            simulated: r.get::<i64>(21)? == 1,
        })
    }
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<CaseRow>> {
    tx.one(BY_ID, params![id])
}

/// A case that begins: its row stands before the first entry, which refers to it.
pub fn insert(tx: &mut Tx, row: &CaseRow) -> Result<()> {
    let params = params![
        &row.id,
        &row.kind,
        &row.definition,
        &row.number,
        &row.title,
        &row.division,
        &row.business,
        &row.parent,
        &row.status,
        &row.phase,
        &row.flags,
        &row.handled,
        row.level,
        &row.drafter,
        &row.drafter_name,
        row.seq,
        &row.head,
        row.next_due,
        row.opened_at,
        row.updated_at,
        row.ended_at,
        row.simulated
    ];
    tx.exec(INSERT, params).map(drop)
}

pub fn update(tx: &mut Tx, row: &CaseRow) -> Result<()> {
    let params = params![
        &row.id,
        &row.status,
        &row.phase,
        &row.flags,
        &row.handled,
        row.level,
        row.seq,
        &row.head,
        row.next_due,
        row.updated_at,
        row.ended_at
    ];
    tx.exec(UPDATE, params).map(drop)
}

/// Running clocks that run into a year whose calendar is not announced.
pub fn provisional(tx: &mut Tx) -> Result<i64> {
    tx.one(PROVISIONAL, &[]).map(Option::unwrap_or_default)
}

/// A row of flow_seats without its case: task, user, code, permission, since when.
pub type SeatRow = (i64, String, String, String, Millis);
/// A row of flow_clocks without its case: code, state, late from, last day, remind at, provisional.
pub type ClockRow = (String, String, Millis, String, Option<Millis>, i64);
/// A row of flow_documents: code, serial, number, issued, annulled.
pub type DocumentRow = (String, i64, String, Millis, Option<Millis>);

/// The open tasks of a state.
pub fn seats_of(state: &State) -> Vec<SeatRow> {
    let mut out = Vec::new();
    for task in state.open_tasks() {
        let row =
            |user: &str| (task.no, user.to_owned(), task.code.clone(), task.may.clone(), task.opened_at);
        if task.seats.is_empty() {
            out.push(row(""));
        }
        out.extend(task.seats.iter().filter(|s| !s.signed).map(|s| row(&s.holder().user)));
    }
    out.sort();
    out.dedup();
    out
}

/// The clocks of a state.
pub fn clocks_of(state: &State) -> Vec<ClockRow> {
    let row = |(code, t): (&String, &crate::state::Timer)| {
        let remind_at = t.remind_at.filter(|_| t.state == Run::Running);
        (
            code.clone(),
            run(t.state).to_owned(),
            t.due.late_from,
            t.due.last_day.clone(),
            remind_at,
            i64::from(t.due.provisional),
        )
    };
    state.clocks.iter().map(row).collect()
}

/// Writes seats and clocks as they are now; `before` is what stood there.
pub fn put_work(tx: &mut Tx, case: &str, before: Option<&State>, state: &State) -> Result<()> {
    let seats = seats_of(state);
    if before.map(seats_of).as_ref() != Some(&seats) {
        tx.exec(CLEAR_SEATS, params![case])?;
        for (task, user, code, may, opened_at) in &seats {
            tx.exec(ADD_SEAT, params![case, *task, user, code, may, *opened_at])?;
        }
    }
    let known = before.map(clocks_of).unwrap_or_default();
    let clocks = clocks_of(state);
    for gone in known.iter().filter(|k| !clocks.iter().any(|c| c.0 == k.0)) {
        tx.exec(DROP_CLOCK, params![case, &gone.0])?;
    }
    for clock in clocks.iter().filter(|c| !known.contains(c)) {
        let (code, state, late_from, last_day, remind_at, provisional) = clock;
        tx.exec(PUT_CLOCK, params![case, code, state, *late_from, last_day, *remind_at, *provisional])?;
    }
    Ok(())
}

/// Writes what the effects of an entry issue or annul.
pub fn put_documents(
    tx: &mut Tx,
    case: &str,
    state: &State,
    effects: &[Effect],
    at: Millis,
    year: i64,
) -> Result<()> {
    for effect in effects {
        match effect {
            Effect::Issued { code, serial, number } => {
                let series = format!("{}.{code}", state.opened.kind);
                let county = county(&state.opened.division);
                let row = params![county, &series, year, *serial, number, case, code, at];
                tx.exec(ADD_DOCUMENT, row)?;
            }
            Effect::Annulled { number } => drop(tx.exec(ANNUL, params![case, number, at])?),
            _ => {}
        }
    }
    Ok(())
}

/// Numbers run by county.
pub fn county(division: &str) -> &str {
    division.get(..6).unwrap_or(division)
}

pub fn seats(tx: &mut Tx, case: &str) -> Result<Vec<SeatRow>> {
    tx.all(SEATS, params![case])
}

pub fn clocks(tx: &mut Tx, case: &str) -> Result<Vec<ClockRow>> {
    tx.all(CLOCKS, params![case])
}

pub fn documents(tx: &mut Tx, case: &str) -> Result<Vec<DocumentRow>> {
    tx.all(DOCUMENTS, params![case])
}

/// Clocks that are over, in their order, after the one at which the last round stood: when, case, clock.
pub fn due(
    tx: &mut Tx,
    now: Millis,
    after: &(Millis, String),
    most: i64,
) -> Result<Vec<(Millis, String, String)>> {
    tx.all(DUE, params![now, after.0, &after.1, most])
}

/// Clocks to be reminded of, as [`due`].
pub fn to_remind(
    tx: &mut Tx,
    now: Millis,
    after: &(Millis, String),
    most: i64,
) -> Result<Vec<(Millis, String, String)>> {
    tx.all(TO_REMIND, params![now, after.0, &after.1, most])
}

/// Cases with a running clock after one, in their order.
pub fn running_after(tx: &mut Tx, after: &str, most: i64) -> Result<Vec<String>> {
    tx.all(RUNNING_AFTER, &[Param::Text(after), Param::Int(most)])
}
