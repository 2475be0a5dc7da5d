//! Batches of a scope, tasks of holders and their lines.

use kit_base::{Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx, params};
use kit_web::Page;
use kit_web::answer::paging;
use trace::model::LotNo;

use crate::model::{Batch, Counts, County, Line, ReturnRow, Task, TaskQuery, TaskRow};
use crate::rules::report::{Account, Told};

kit_db::statements! {
    BATCHES = "SELECT origin, certain, seed, product, food, batch, unit, produced, used, gap, unknown, back_destroyed, back_remedied
        FROM recall_batches WHERE recall = $1 ORDER BY seed DESC, certain DESC, origin LIMIT $2";
    BATCH = "SELECT origin, certain, seed, product, food, batch, unit, produced, used, gap, unknown, back_destroyed, back_remedied
        FROM recall_batches WHERE recall = $1 AND origin = $2";
    BATCHES_COUNT = "SELECT count(*) FROM recall_batches WHERE recall = $1";
    SET_BATCH = "UPDATE recall_batches SET certain = $3, seed = $4, produced = $5, used = $6, gap = $7, unknown = $8
        WHERE recall = $1 AND origin = $2";
    BACK = "UPDATE recall_batches SET back_destroyed = back_destroyed + $3, back_remedied = back_remedied + $4
        WHERE recall = $1 AND origin = $2";
    LINES = "SELECT party, origin, certain, unit, due, book_on_hand, book_sold, book_gone, book_open, unknown, on_hand, sold, destroyed,
            remedied, returned, confirmed, supervised
        FROM recall_lines WHERE recall = $1 ORDER BY party, origin";
    LINES_OF = "SELECT party, origin, certain, unit, due, book_on_hand, book_sold, book_gone, book_open, unknown, on_hand, sold,
            destroyed, remedied, returned, confirmed, supervised
        FROM recall_lines WHERE recall = $1 AND party = $2 ORDER BY certain DESC, origin LIMIT 500";
    LINE = "SELECT party, origin, certain, unit, due, book_on_hand, book_sold, book_gone, book_open, unknown, on_hand, sold,
            destroyed, remedied, returned, confirmed, supervised
        FROM recall_lines WHERE recall = $1 AND party = $2 AND origin = $3";
    SET_BOOK = "UPDATE recall_lines SET certain = $4, due = $5, book_on_hand = $6, book_sold = $7, book_gone = $8, book_open = $9,
            unknown = $10
        WHERE recall = $1 AND party = $2 AND origin = $3";
    SET_TOLD = "UPDATE recall_lines SET on_hand = $4, sold = $5, destroyed = $6, remedied = $7, returned = $8, confirmed = $9,
            supervised = $10
        WHERE recall = $1 AND party = $2 AND origin = $3";
    TASK = "SELECT recall, party, no, name, code, kind, division, lon, lat, certain, number, issued_at, due_at, seen_at, reported_at,
            changed_at, state
        FROM recall_tasks WHERE recall = $1 AND party = $2";
    OF_PARTY = "SELECT recall, party, no, name, code, kind, division, lon, lat, certain, number, issued_at, due_at, seen_at, reported_at,
            changed_at, state
        FROM recall_tasks WHERE party = $1 ORDER BY issued_at DESC LIMIT 200";
    PARTIES = "SELECT party FROM recall_tasks WHERE recall = $1 ORDER BY party";
    LAST_NO = "SELECT coalesce(max(no), 0) FROM recall_tasks WHERE recall = $1";
    PAPER = "SELECT paper, paper_hash FROM recall_tasks WHERE recall = $1 AND party = $2";
    SEEN = "UPDATE recall_tasks SET seen_at = $3 WHERE recall = $1 AND party = $2 AND seen_at IS NULL";
    CHANGED = "UPDATE recall_tasks SET reported_at = coalesce(reported_at, $3), changed_at = $3, state = $4
        WHERE recall = $1 AND party = $2";
    COUNTS = "SELECT count(*), CAST(coalesce(sum(certain), 0) AS BIGINT),
            CAST(coalesce(sum(CASE WHEN state <> 'open' THEN 1 ELSE 0 END), 0) AS BIGINT),
            CAST(coalesce(sum(CASE WHEN state = 'settled' THEN 1 ELSE 0 END), 0) AS BIGINT),
            CAST(coalesce(sum(CASE WHEN state = 'open' AND due_at <= $2 THEN 1 ELSE 0 END), 0) AS BIGINT),
            CAST(coalesce(sum(CASE WHEN seen_at IS NOT NULL THEN 1 ELSE 0 END), 0) AS BIGINT)
        FROM recall_tasks WHERE recall = $1";
    /// The account of every unit over lines; `$2`: of this batch only, 0 for all.
    LINE_SUMS = "SELECT unit,
            CAST(coalesce(sum(CASE WHEN on_hand IS NULL THEN due ELSE 0 END), 0) AS BIGINT),
            CAST(coalesce(sum(CASE WHEN on_hand IS NULL THEN book_on_hand ELSE 0 END), 0) AS BIGINT),
            CAST(coalesce(sum(CASE WHEN on_hand IS NULL THEN book_sold ELSE 0 END), 0) AS BIGINT),
            CAST(coalesce(sum(CASE WHEN on_hand IS NULL THEN book_gone ELSE 0 END), 0) AS BIGINT),
            CAST(coalesce(sum(on_hand), 0) AS BIGINT), CAST(coalesce(sum(sold), 0) AS BIGINT),
            CAST(coalesce(sum(destroyed), 0) AS BIGINT), CAST(coalesce(sum(remedied), 0) AS BIGINT),
            CAST(coalesce(sum(returned - confirmed), 0) AS BIGINT), CAST(coalesce(sum(confirmed), 0) AS BIGINT),
            CAST(coalesce(sum(due - on_hand - sold - destroyed - remedied - returned), 0) AS BIGINT)
        FROM recall_lines WHERE recall = $1 AND (CAST($2 AS BIGINT) = 0 OR origin = CAST($2 AS BIGINT)) GROUP BY unit ORDER BY unit";
    BATCH_SUMS = "SELECT unit, CAST(coalesce(sum(produced), 0) AS BIGINT), CAST(sum(used) AS BIGINT), CAST(sum(gap) AS BIGINT),
            CAST(sum(unknown) AS BIGINT), CAST(sum(back_destroyed) AS BIGINT), CAST(sum(back_remedied) AS BIGINT)
        FROM recall_batches WHERE recall = $1 AND (CAST($2 AS BIGINT) = 0 OR origin = CAST($2 AS BIGINT)) GROUP BY unit ORDER BY unit";
    COUNTIES = "SELECT substr(t.division, 1, 6), count(DISTINCT t.party),
            count(DISTINCT CASE WHEN t.state <> 'open' THEN t.party END),
            CAST(coalesce(sum(l.due), 0) AS BIGINT),
            CAST(coalesce(sum(l.on_hand + l.destroyed + l.remedied + l.returned), 0) AS BIGINT),
            CAST(coalesce(sum(l.due - l.on_hand - l.sold - l.destroyed - l.remedied - l.returned), 0) AS BIGINT)
        FROM recall_tasks t LEFT JOIN recall_lines l ON l.recall = t.recall AND l.party = t.party AND l.unit = $2
        WHERE t.recall = $1 GROUP BY substr(t.division, 1, 6) ORDER BY 1";
    RETURNS = "SELECT l.party, t.name, l.origin, l.unit, l.returned, l.confirmed
        FROM recall_lines l JOIN recall_tasks t ON t.recall = l.recall AND t.party = l.party
        WHERE l.recall = $1 AND l.returned > 0 ORDER BY t.no, l.origin LIMIT 1000";
    CONFIRMED = "SELECT CAST(coalesce(sum(confirmed), 0) AS BIGINT) FROM recall_lines WHERE recall = $1 AND origin = $2";
}

const TASK_ROW: &str = "SELECT t.recall, t.party, t.no, t.name, t.code, t.kind, t.division, t.lon, t.lat, t.certain, t.number, t.issued_at,
        t.due_at, t.seen_at, t.reported_at, t.changed_at, t.state,
        CAST(coalesce(sum(l.due), 0) AS BIGINT), CAST(sum(l.on_hand) AS BIGINT), CAST(sum(l.sold) AS BIGINT),
        CAST(sum(l.destroyed + l.remedied) AS BIGINT), CAST(sum(l.returned) AS BIGINT),
        CAST(sum(l.due - l.on_hand - l.sold - l.destroyed - l.remedied - l.returned) AS BIGINT)
    FROM recalls r JOIN recall_tasks t ON t.recall = r.id
    LEFT JOIN recall_lines l ON l.recall = t.recall AND l.party = t.party AND l.unit = r.unit";

/// Batches of a scope, those it began with first.
pub fn batches(tx: &mut Tx, recall: &str, most: i64) -> Result<Vec<Batch>> {
    tx.all(BATCHES, params![recall, most])
}

pub fn batch(tx: &mut Tx, recall: &str, origin: LotNo) -> Result<Option<Batch>> {
    tx.one(BATCH, params![recall, origin])
}

pub fn batches_count(tx: &mut Tx, recall: &str) -> Result<i64> {
    Ok(tx.one(BATCHES_COUNT, params![recall])?.unwrap_or(0))
}

const BATCH_COLUMNS: &[&str] = &[
    "recall",
    "origin",
    "certain",
    "seed",
    "product",
    "food",
    "batch",
    "unit",
    "produced",
    "used",
    "gap",
    "unknown",
    "back_destroyed",
    "back_remedied",
];

pub fn add_batches(tx: &mut Tx, recall: &str, list: &[Batch]) -> Result<()> {
    let rows = list.iter().map(|b| {
        params![
            recall, b.origin, b.certain, b.seed, &b.product, &b.food, &b.batch, &b.unit, b.produced, b.used,
            b.gap, b.unknown, 0, 0
        ]
        .to_vec()
    });
    tx.insert_many("recall_batches", BATCH_COLUMNS, rows).map(drop)
}

pub fn set_batch(tx: &mut Tx, recall: &str, b: &Batch) -> Result<()> {
    let row = params![recall, b.origin, b.certain, b.seed, b.produced, b.used, b.gap, b.unknown];
    tx.exec(SET_BATCH, row).map(drop)
}

/// Of what came back to the producer, so much was destroyed and mended.
pub fn back(tx: &mut Tx, recall: &str, origin: LotNo, destroyed: i64, remedied: i64) -> Result<()> {
    tx.exec(BACK, params![recall, origin, destroyed, remedied]).map(drop)
}

/// Every line of a recall, by holder and batch.
pub fn each_line(tx: &mut Tx, recall: &str, each: &mut dyn FnMut(Line) -> Result<()>) -> Result<()> {
    tx.scan(LINES, params![recall], &mut |row| each(Line::from_row(row)?).map(|()| true))
}

pub fn lines_of(tx: &mut Tx, recall: &str, party: &str) -> Result<Vec<Line>> {
    tx.all(LINES_OF, params![recall, party])
}

pub fn line(tx: &mut Tx, recall: &str, party: &str, origin: LotNo) -> Result<Option<Line>> {
    tx.one(LINE, params![recall, party, origin])
}

const LINE_COLUMNS: &[&str] = &[
    "recall",
    "party",
    "origin",
    "certain",
    "unit",
    "due",
    "book_on_hand",
    "book_sold",
    "book_gone",
    "book_open",
    "unknown",
    "confirmed",
    "supervised",
];

pub fn add_lines(tx: &mut Tx, recall: &str, list: &[Line]) -> Result<()> {
    let rows = list.iter().map(|l| {
        params![
            recall,
            &l.party,
            l.origin,
            l.certain,
            &l.unit,
            l.due,
            l.book_on_hand,
            l.book_sold,
            l.book_gone,
            l.book_open,
            l.unknown,
            0,
            0
        ]
        .to_vec()
    });
    tx.insert_many("recall_lines", LINE_COLUMNS, rows).map(drop)
}

/// What the ledger knows now of a line; what was reported stays.
pub fn set_book(tx: &mut Tx, recall: &str, l: &Line) -> Result<()> {
    let row = params![
        recall,
        &l.party,
        l.origin,
        l.certain,
        l.due,
        l.book_on_hand,
        l.book_sold,
        l.book_gone,
        l.book_open,
        l.unknown
    ];
    tx.exec(SET_BOOK, row).map(drop)
}

/// What was reported of a line.
pub fn set_told(
    tx: &mut Tx,
    recall: &str,
    line: &Line,
    told: &Told,
    confirmed: i64,
    supervised: i64,
) -> Result<()> {
    let row = params![
        recall,
        &line.party,
        line.origin,
        told.on_hand,
        told.sold,
        told.destroyed,
        told.remedied,
        told.returned,
        confirmed,
        supervised
    ];
    tx.exec(SET_TOLD, row).map(drop)
}

/// A task with its notice, on its way into the database.
pub struct NewTask {
    pub task: Task,
    pub paper: String,
    pub hash: String,
}

const TASK_COLUMNS: &[&str] = &[
    "recall",
    "party",
    "no",
    "name",
    "code",
    "kind",
    "division",
    "lon",
    "lat",
    "certain",
    "number",
    "paper",
    "paper_hash",
    "issued_at",
    "due_at",
    "state",
];

pub fn add_tasks(tx: &mut Tx, list: &[NewTask]) -> Result<()> {
    let rows = list.iter().map(|n| {
        let t = &n.task;
        params![
            &t.recall,
            &t.party,
            t.no,
            &t.name,
            &t.code,
            &t.kind,
            &t.division,
            t.lon,
            t.lat,
            t.certain,
            &t.number,
            &n.paper,
            &n.hash,
            t.issued_at,
            t.due_at,
            &t.state
        ]
        .to_vec()
    });
    tx.insert_many("recall_tasks", TASK_COLUMNS, rows).map(drop)
}

pub fn task(tx: &mut Tx, recall: &str, party: &str) -> Result<Option<Task>> {
    tx.one(TASK, params![recall, party])
}

pub fn of_party(tx: &mut Tx, party: &str) -> Result<Vec<Task>> {
    tx.all(OF_PARTY, params![party])
}

/// Who has a task, by id.
pub fn parties(tx: &mut Tx, recall: &str) -> Result<Vec<String>> {
    tx.all(PARTIES, params![recall])
}

pub fn last_no(tx: &mut Tx, recall: &str) -> Result<i64> {
    Ok(tx.one(LAST_NO, params![recall])?.unwrap_or(0))
}

/// Text of a notice and its hash.
pub fn paper(tx: &mut Tx, recall: &str, party: &str) -> Result<Option<(String, String)>> {
    tx.one(PAPER, params![recall, party])
}

pub fn seen(tx: &mut Tx, recall: &str, party: &str, at: Millis) -> Result<()> {
    tx.exec(SEEN, params![recall, party, at]).map(drop)
}

pub fn changed(tx: &mut Tx, recall: &str, party: &str, at: Millis, state: &str) -> Result<()> {
    tx.exec(CHANGED, params![recall, party, at, state]).map(drop)
}

pub fn counts(tx: &mut Tx, recall: &str, now: Millis) -> Result<Counts> {
    Ok(tx.one(COUNTS, params![recall, now])?.unwrap_or_default())
}

/// Sums over lines of one unit.
struct LineSums(Account);

impl FromRow for LineSums {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self(Account {
            unit: r.get(0)?,
            waiting: r.get(1)?,
            book_on_hand: r.get(2)?,
            book_sold: r.get(3)?,
            book_gone: r.get(4)?,
            on_hand: r.get(5)?,
            sold: r.get(6)?,
            destroyed: r.get(7)?,
            remedied: r.get(8)?,
            returning: r.get(9)?,
            back: r.get(10)?,
            open: r.get(11)?,
            ..Account::default()
        }))
    }
}

/// Sums over batches of one unit: unit, produced, used, gap, unknown, destroyed and mended of what came back.
struct BatchSums(String, [i64; 6]);

impl FromRow for BatchSums {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self(r.get(0)?, [r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?, r.get(6)?]))
    }
}

/// The account of each unit; of one batch where it is said.
pub fn accounts(tx: &mut Tx, recall: &str, origin: Option<LotNo>) -> Result<Vec<Account>> {
    let origin = origin.unwrap_or(0);
    let mut lines: Vec<LineSums> = tx.all(LINE_SUMS, params![recall, origin])?;
    let mut out = Vec::new();
    for BatchSums(unit, sums) in tx.all(BATCH_SUMS, params![recall, origin])? {
        let at = lines.iter().position(|l| l.0.unit == unit);
        let mut account = at.map(|at| lines.swap_remove(at).0).unwrap_or_default();
        account.unit = unit;
        let [produced, used, gap, unknown, back_destroyed, back_remedied] = sums;
        account.whole(&crate::rules::report::Whole {
            produced: Some(produced),
            used,
            gap,
            unknown,
            back_destroyed,
            back_remedied,
        });
        out.push(account);
    }
    Ok(out)
}

/// Counties of a recall, in its own unit.
pub fn counties(tx: &mut Tx, recall: &str, unit: &str) -> Result<Vec<County>> {
    tx.all(COUNTIES, params![recall, unit])
}

pub fn returns(tx: &mut Tx, recall: &str) -> Result<Vec<ReturnRow>> {
    tx.all(RETURNS, params![recall])
}

/// What the producer has confirmed of a batch.
pub fn confirmed(tx: &mut Tx, recall: &str, origin: LotNo) -> Result<i64> {
    Ok(tx.one(CONFIRMED, params![recall, origin])?.unwrap_or(0))
}

/// Tasks of a recall.
pub fn list(tx: &mut Tx, recall: &str, q: &TaskQuery, now: Millis) -> Result<Page<TaskRow>> {
    let (page, size) = paging(q.page, q.size);
    let counted = Filter::new("SELECT count(*) FROM recall_tasks t");
    let total = tx.count(&narrowed(counted, recall, q, now))?;
    let bounds = [Param::Int(size), Param::Int((page - 1) * size)];
    let rows = grouped(narrowed(Filter::new(TASK_ROW), recall, q, now), q).then("LIMIT ? OFFSET ?", &bounds);
    Ok(Page { items: tx.list(&rows)?, total, page, size })
}

/// All of them, one after the other.
pub fn each(
    tx: &mut Tx,
    recall: &str,
    q: &TaskQuery,
    now: Millis,
    each: &mut dyn FnMut(TaskRow) -> Result<()>,
) -> Result<()> {
    let rows = grouped(narrowed(Filter::new(TASK_ROW), recall, q, now), q);
    tx.scan_list(&rows, &mut |row| each(TaskRow::from_row(row)?).map(|()| true))
}

fn grouped(filter: Filter, q: &TaskQuery) -> Filter {
    let filter = filter.then(
        "GROUP BY t.recall, t.party, t.no, t.name, t.code, t.kind, t.division, t.lon, t.lat, t.certain, t.number, t.issued_at, t.due_at,
            t.seen_at, t.reported_at, t.changed_at, t.state",
        &[],
    );
    match q.sort.as_deref() {
        Some("due") => filter.then("ORDER BY 18 DESC, t.no", &[]),
        Some("open") => filter.then("ORDER BY coalesce(sum(l.due - l.on_hand - l.sold - l.destroyed - l.remedied - l.returned), -1) DESC, t.no", &[]),
        Some("reported") => filter.then("ORDER BY coalesce(t.changed_at, 0) DESC, t.no", &[]),
        _ => filter.then("ORDER BY t.certain DESC, t.no", &[]),
    }
}

fn narrowed(filter: Filter, recall: &str, q: &TaskQuery, now: Millis) -> Filter {
    let mut filter = filter.and("t.recall = ?", &[Param::Text(recall)]).and_some("t.certain = ?", q.certain);
    if let Some(division) = q.division.as_ref().filter(|d| d.bytes().all(|b| b.is_ascii_digit())) {
        filter = filter.within("t.division >= ? AND t.division < ?", std::slice::from_ref(division));
    }
    filter = match q.state.as_deref() {
        Some("open") => filter.and("t.state = 'open'", &[]),
        Some("late") => filter.and("t.state = 'open' AND t.due_at <= ?", &[Param::Int(now)]),
        Some("reported") => filter.and("t.state = 'reported'", &[]),
        Some("settled") => filter.and("t.state = 'settled'", &[]),
        Some("unaccounted") => filter.and(
            "EXISTS (SELECT 1 FROM recall_lines u WHERE u.recall = t.recall AND u.party = t.party
                AND u.due - u.on_hand - u.sold - u.destroyed - u.remedied - u.returned > 0)",
            &[],
        ),
        _ => filter,
    };
    let text = q.q.as_deref().map(str::trim).filter(|t| !t.is_empty());
    match text.map(|t| format!("%{}%", t.replace(['%', '_'], ""))) {
        Some(like) => filter.and("t.name LIKE ? OR t.code LIKE ?", &[Param::Text(&like), Param::Text(&like)]),
        None => filter,
    }
}
