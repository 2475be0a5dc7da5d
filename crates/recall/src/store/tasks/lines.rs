//! What each holder answers for of each batch, and what was reported of it.

use kit_base::Result;
use kit_db::{FromRow, Tx, params};
use trace::model::LotNo;

use crate::model::{Line, ReturnRow};
use crate::rules::report::Told;

kit_db::statements! {
    LINES = "SELECT party, origin, certain, unit, due, book_on_hand, book_sold, book_gone, book_open, unknown, on_hand, sold, destroyed,
            remedied, returned, confirmed, supervised, accepted
        FROM recall_lines WHERE recall = $1 ORDER BY party, origin";
    LINES_OF = "SELECT party, origin, certain, unit, due, book_on_hand, book_sold, book_gone, book_open, unknown, on_hand, sold,
            destroyed, remedied, returned, confirmed, supervised, accepted
        FROM recall_lines WHERE recall = $1 AND party = $2 ORDER BY certain DESC, origin LIMIT 500";
    LINE = "SELECT party, origin, certain, unit, due, book_on_hand, book_sold, book_gone, book_open, unknown, on_hand, sold,
            destroyed, remedied, returned, confirmed, supervised, accepted
        FROM recall_lines WHERE recall = $1 AND party = $2 AND origin = $3";
    SET_BOOK = "UPDATE recall_lines SET certain = $4, due = $5, book_on_hand = $6, book_sold = $7, book_gone = $8, book_open = $9,
            unknown = $10
        WHERE recall = $1 AND party = $2 AND origin = $3";
    SET_TOLD = "UPDATE recall_lines SET on_hand = $4, sold = $5, destroyed = $6, remedied = $7, returned = $8, confirmed = $9,
            supervised = $10
        WHERE recall = $1 AND party = $2 AND origin = $3";
    ACCEPT = "UPDATE recall_lines SET accepted = $4 WHERE recall = $1 AND party = $2 AND origin = $3";
    RETURNS = "SELECT l.party, t.name, l.origin, l.unit, l.returned, l.confirmed
        FROM recall_lines l JOIN recall_tasks t ON t.recall = l.recall AND t.party = l.party
        WHERE l.recall = $1 AND l.returned > 0 ORDER BY t.no, l.origin LIMIT 1000";
    CONFIRMED = "SELECT CAST(coalesce(sum(confirmed), 0) AS BIGINT) FROM recall_lines WHERE recall = $1 AND origin = $2";
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

/// So much of what is missing was explained, and an officer accepted it.
pub fn accept(tx: &mut Tx, recall: &str, line: &Line, amount: i64) -> Result<()> {
    tx.exec(ACCEPT, params![recall, &line.party, line.origin, amount]).map(drop)
}

pub fn returns(tx: &mut Tx, recall: &str) -> Result<Vec<ReturnRow>> {
    tx.all(RETURNS, params![recall])
}

/// What the producer has confirmed of a batch.
pub fn confirmed(tx: &mut Tx, recall: &str, origin: LotNo) -> Result<i64> {
    Ok(tx.one(CONFIRMED, params![recall, origin])?.unwrap_or(0))
}
