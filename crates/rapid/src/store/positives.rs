//! Positives, following the log of their cases.

use kit_base::{Millis, Result};
use kit_db::{Filter, Param, Tx, params};
use kit_web::answer::{COUNTED, paging};
use kit_web::{Page, Scope};

use crate::model::{Positive, PositiveQuery};

kit_db::statements! {
    ADD_POSITIVE = "INSERT INTO rapid_positives (id, test, number, point, division, party, goods, official, status, phase, flags, retest_due, sample,
            finding, opened_at, closed_at, simulated)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', $11, '', '', $12, NULL, $13)";
    POSITIVE = "SELECT p.id, p.test, p.number, p.point, p.division, p.party, p.goods, p.official, p.status, p.phase, p.flags, p.retest_due, p.sample,
            p.finding, p.opened_at, p.closed_at, p.simulated, t.food, t.item, t.stall
        FROM rapid_positives p JOIN rapid_tests t ON t.id = p.test WHERE p.id = $1";
    OF_SAMPLE = "SELECT p.id, p.test, p.number, p.point, p.division, p.party, p.goods, p.official, p.status, p.phase, p.flags, p.retest_due, p.sample,
            p.finding, p.opened_at, p.closed_at, p.simulated, t.food, t.item, t.stall
        FROM rapid_positives p JOIN rapid_tests t ON t.id = p.test WHERE p.sample = $1";
    SINCE = "SELECT substr(p.division, 1, 6), t.food, t.item, p.opened_at FROM rapid_positives p JOIN rapid_tests t ON t.id = p.test
        WHERE p.opened_at >= $1 AND p.phase <> 'void' AND p.status <> 'released'";
    SET_COURSE = "UPDATE rapid_positives SET status = $2, phase = $3, flags = $4, closed_at = $5 WHERE id = $1";
    SET_SAMPLE = "UPDATE rapid_positives SET sample = $2 WHERE id = $1";
    SET_FINDING = "UPDATE rapid_positives SET finding = $2 WHERE id = $1";
}

pub fn add_positive(tx: &mut Tx, p: &Positive) -> Result<()> {
    let row = params![
        &p.id,
        &p.test,
        &p.number,
        &p.point,
        &p.division,
        &p.party,
        &p.goods,
        p.official,
        &p.status,
        &p.phase,
        p.retest_due,
        p.opened_at,
        p.simulated
    ];
    tx.exec(ADD_POSITIVE, row).map(drop)
}

pub fn positive(tx: &mut Tx, id: &str) -> Result<Option<Positive>> {
    tx.one(POSITIVE, params![id])
}

pub fn of_sample(tx: &mut Tx, sample: &str) -> Result<Option<Positive>> {
    tx.one(OF_SAMPLE, params![sample])
}

pub fn set_course(
    tx: &mut Tx,
    id: &str,
    status: &str,
    phase: &str,
    flags: &str,
    closed: Option<Millis>,
) -> Result<()> {
    tx.exec(SET_COURSE, params![id, status, phase, flags, closed]).map(drop)
}

pub fn set_sample(tx: &mut Tx, id: &str, sample: &str) -> Result<()> {
    tx.exec(SET_SAMPLE, params![id, sample]).map(drop)
}

pub fn set_finding(tx: &mut Tx, id: &str, finding: &str) -> Result<()> {
    tx.exec(SET_FINDING, params![id, finding]).map(drop)
}

const POSITIVES: &str = "SELECT p.id, p.test, p.number, p.point, p.division, p.party, p.goods, p.official, p.status, p.phase, p.flags, p.retest_due,
        p.sample, p.finding, p.opened_at, p.closed_at, p.simulated, t.food, t.item, t.stall
    FROM rapid_positives p JOIN rapid_tests t ON t.id = p.test JOIN rapid_points o ON o.id = p.point";

/// Positives, the newest first.
pub fn positives(tx: &mut Tx, scope: &Scope, q: &PositiveQuery) -> Result<Page<Positive>> {
    let (page, size) = paging(q.page, q.size);
    let narrowed = |select| {
        let filter = scope
            .restrict(Filter::new(select), "p.division >= ? AND p.division < ?", "p.party = ? OR o.party = ?")
            .and_some("p.status = ?", q.status.as_deref())
            .and_some("p.point = ?", q.point.as_deref())
            .and_some("p.party = ?", q.party.as_deref());
        let filter = match q.division.as_ref().filter(|d| d.bytes().all(|b| b.is_ascii_digit())) {
            Some(d) => filter.within("p.division >= ? AND p.division < ?", std::slice::from_ref(d)),
            None => filter,
        };
        let filter = match q.q.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
            Some(text) => {
                let like = format!("%{}%", text.replace(['%', '_'], ""));
                filter.and("t.food LIKE ? OR p.number LIKE ? OR t.stall LIKE ?", &[Param::Text(&like); 3])
            }
            None => filter,
        };
        match q.state.as_deref() {
            Some("open") => filter.and("p.closed_at IS NULL", &[]),
            Some("ended") => filter.and("p.closed_at IS NOT NULL", &[]),
            _ => filter,
        }
    };
    let counted = narrowed(
        "SELECT 1 FROM rapid_positives p JOIN rapid_tests t ON t.id = p.test JOIN rapid_points o ON o.id = p.point",
    );
    let total = tx.count(&counted.counted_to(COUNTED))?;
    let tail = [Param::Int(size), Param::Int((page - 1) * size)];
    let by = match q.sort.as_deref() {
        Some("retest_due") => {
            "ORDER BY CASE WHEN p.status = 'positive' THEN 0 ELSE 1 END, p.retest_due, p.id LIMIT ? OFFSET ?"
        }
        _ => "ORDER BY p.opened_at DESC, p.id DESC LIMIT ? OFFSET ?",
    };
    let rows = narrowed(POSITIVES).then(by, &tail);
    Ok(Page { items: tx.list(&rows)?, total, page, size })
}

/// County, food, item and time of every positive since a time that was not released.
pub fn since(
    tx: &mut Tx,
    since: Millis,
    each: &mut dyn FnMut((String, String, String, Millis)) -> Result<()>,
) -> Result<()> {
    tx.scan(SINCE, params![since], &mut |r| {
        each((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?))?;
        Ok(true)
    })
}
