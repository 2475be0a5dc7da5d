//! Scans counted, and what was suspected from them.

use kit_base::{Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx, params};
use kit_web::{Page, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::scans::Key;
use crate::scans::rules::{Count, Suspicion};

kit_db::statements! {
    ADD = "INSERT INTO scan_counts (code, hour, place, scans) VALUES ($1, $2, $3, $4)
        ON CONFLICT (code, hour, place) DO UPDATE SET scans = scan_counts.scans + excluded.scans";
    SCANNED = "SELECT DISTINCT code FROM scan_counts WHERE hour >= $1 AND code > $2 ORDER BY code LIMIT $3";
    OF_CODE = "SELECT hour, place, scans FROM scan_counts WHERE code = $1 ORDER BY hour DESC, place LIMIT $2";
    FORGET = "DELETE FROM scan_counts WHERE hour < $1";
    /// Checked ones come back when twice as many scans were counted as when they were checked.
    SUSPECT = "INSERT INTO suspicions (id, code, rule, product, batch, party, division, detail, scans, first_at, last_at, checked_at,
            checked_by, checked_note, checked_scans)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, NULL, '', '', 0)
        ON CONFLICT (code, rule) DO UPDATE SET product = excluded.product, batch = excluded.batch, party = excluded.party,
            division = excluded.division, detail = excluded.detail, scans = excluded.scans, last_at = excluded.last_at,
            checked_at = CASE WHEN excluded.scans >= suspicions.checked_scans * 2 THEN NULL ELSE suspicions.checked_at END";
    CHECKED = "UPDATE suspicions SET checked_at = $2, checked_by = $3, checked_note = $4, checked_scans = scans WHERE id = $1";
}

pub fn add(tx: &mut Tx, rows: &[(Key, i64)]) -> Result<()> {
    rows.iter()
        .try_for_each(|((code, hour, place), n)| tx.exec(ADD, params![code, *hour, place, *n]).map(drop))
}

/// Codes scanned since an hour, after this one, in their order.
pub fn scanned(tx: &mut Tx, since: i64, after: &str, limit: i64) -> Result<Vec<String>> {
    tx.all(SCANNED, params![since, after, limit])
}

/// The latest counters of a code.
pub fn of_code(tx: &mut Tx, code: &str, limit: i64) -> Result<Vec<Count>> {
    let rows: Vec<(i64, String, i64)> = tx.all(OF_CODE, params![code, limit])?;
    Ok(rows.into_iter().map(|(hour, place, scans)| Count { hour, place, scans }).collect())
}

/// Forgets counters of before an hour.
pub fn forget(tx: &mut Tx, before: i64) -> Result<u64> {
    tx.exec(FORGET, params![before])
}

/// Whose food a suspected code is on.
#[derive(Debug, Clone, Default)]
pub struct About {
    pub product: String,
    pub batch: String,
    pub party: String,
    pub division: String,
}

pub fn suspect(tx: &mut Tx, id: &str, code: &str, about: &About, s: &Suspicion, now: Millis) -> Result<()> {
    let values = params![
        id,
        code,
        s.rule,
        &about.product,
        &about.batch,
        &about.party,
        &about.division,
        &s.detail,
        s.scans,
        now
    ];
    tx.exec(SUSPECT, values).map(drop)
}

/// A line of the list.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct SuspicionRow {
    pub id: String,
    pub code: String,
    /// places, many, sold_out, voided, recalled, expired, unknown
    pub rule: String,
    pub product: String,
    pub batch: String,
    pub party: String,
    pub division: String,
    pub detail: String,
    pub scans: i64,
    pub first_at: Millis,
    pub last_at: Millis,
    pub checked_at: Option<Millis>,
    pub checked_by: String,
    pub checked_note: String,
}

impl FromRow for SuspicionRow {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            code: r.get(1)?,
            rule: r.get(2)?,
            product: r.get(3)?,
            batch: r.get(4)?,
            party: r.get(5)?,
            division: r.get(6)?,
            detail: r.get(7)?,
            scans: r.get(8)?,
            first_at: r.get(9)?,
            last_at: r.get(10)?,
            checked_at: r.get(11)?,
            checked_by: r.get(12)?,
            checked_note: r.get(13)?,
        })
    }
}

/// What the list is asked for.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct SuspicionQuery {
    pub rule: Option<String>,
    /// 0: open ones; 1: checked ones
    pub checked: Option<i64>,
    /// beginning of a code or a batch
    pub q: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

const SELECT: &str = "SELECT id, code, rule, product, batch, party, division, detail, scans, first_at, last_at, checked_at, checked_by,
    checked_note FROM suspicions";

/// Those in the jurisdiction, and those of which nobody knows where they belong.
fn filter(select: &'static str, scope: &Scope, q: &SuspicionQuery) -> Filter {
    let within = "division >= ? AND division < ? OR division = ''";
    let mut filter =
        scope.restrict(Filter::new(select), within, "party = ?").and_some("rule = ?", q.rule.as_deref());
    filter = match q.checked {
        Some(0) => filter.and("checked_at IS NULL", &[]),
        Some(_) => filter.and("checked_at IS NOT NULL", &[]),
        None => filter,
    };
    match q.q.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
        Some(text) => {
            let end = format!("{text}\u{10ffff}");
            let all = [Param::Text(text), Param::Text(&end), Param::Text(text)];
            filter.and("code >= ? AND code < ? OR batch = ?", &all)
        }
        None => filter,
    }
}

pub fn list(tx: &mut Tx, scope: &Scope, q: &SuspicionQuery) -> Result<Page<SuspicionRow>> {
    let (page, size) = kit_web::answer::paging(q.page, q.size);
    let total = tx.count(&filter("SELECT count(*) FROM suspicions", scope, q))?;
    let bounds = [Param::Int(size), Param::Int((page - 1) * size)];
    let items =
        tx.list(&filter(SELECT, scope, q).then("ORDER BY last_at DESC, id LIMIT ? OFFSET ?", &bounds))?;
    Ok(Page { items, total, page, size })
}

/// The whole list for a file, so many at most.
pub fn all(tx: &mut Tx, scope: &Scope, q: &SuspicionQuery, most: i64) -> Result<Vec<SuspicionRow>> {
    tx.list(&filter(SELECT, scope, q).then("ORDER BY last_at DESC, id LIMIT ?", &[Param::Int(most)]))
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<SuspicionRow>> {
    Ok(tx.list(&Filter::new(SELECT).and("id = ?", &[Param::Text(id)]))?.pop())
}

pub fn checked(tx: &mut Tx, id: &str, now: Millis, by: &str, note: &str) -> Result<()> {
    tx.exec(CHECKED, params![id, now, by, note]).map(drop)
}
