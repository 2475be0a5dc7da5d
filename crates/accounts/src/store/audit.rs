//! Reading the audit chain; kit-web writes it.

use kit_base::{Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx, params};
use kit_web::Scope;
use kit_web::answer::paging;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{anywhere, given};
use crate::model::AuditRow;

kit_db::statements! {
    /// A job that ran twice keeps the later result.
    KEEP_CHECK = "INSERT INTO audit_checks (id, asked_by, started_at, ended_at, row_count, broken_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (id) DO UPDATE SET started_at = excluded.started_at, ended_at = excluded.ended_at,
            row_count = excluded.row_count, broken_at = excluded.broken_at";
    LAST_CHECK = "SELECT c.id, c.asked_by, c.started_at, c.ended_at, c.row_count, c.broken_at
        FROM audit_checks c ORDER BY c.ended_at DESC, c.id DESC LIMIT 1";
}

/// What came of a walk along the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// Of the job.
    pub id: String,
    /// User id.
    pub asked_by: String,
    pub started_at: Millis,
    pub ended_at: Millis,
    /// Rows that fitted, from the first.
    pub rows: i64,
    /// The first row that does not fit; `null`: the chain is whole.
    pub broken_at: Option<i64>,
}

impl FromRow for Check {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            asked_by: row.get(1)?,
            started_at: row.get(2)?,
            ended_at: row.get(3)?,
            rows: row.get(4)?,
            broken_at: row.get(5)?,
        })
    }
}

pub fn keep_check(tx: &mut Tx, c: &Check) -> Result<()> {
    tx.exec(KEEP_CHECK, params![&c.id, &c.asked_by, c.started_at, c.ended_at, c.rows, c.broken_at]).map(drop)
}

/// The last check that ended; `None` where there was none yet.
pub fn last_check(tx: &mut Tx) -> Result<Option<Check>> {
    tx.one(LAST_CHECK, &[])
}

/// What the audit is asked.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AuditQuery {
    /// Part of the action, the subject or the person's name.
    pub q: Option<String>,
    /// User id, or the whole name.
    pub actor: Option<String>,
    /// `room.verb`, or a part of it.
    pub action: Option<String>,
    /// `kind:id`, or a part of it.
    pub target: Option<String>,
    /// ok, refused
    pub outcome: Option<String>,
    /// First day, `2026-03-01` (China's time).
    pub at_from: Option<String>,
    /// Last day.
    pub at_to: Option<String>,
    /// at, no (oldest first), action; `-` before it turns it round. Newest first without.
    pub sort: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// How refused sign-ins say so in their note.
const REFUSED: &str = "%\"outcome\":\"refused\"%";

/// Days as bounds in ms, first and first-after.
pub type Period = (Option<i64>, Option<i64>);

/// Which rows: the filter, and how far the asker reaches.
#[derive(Clone, Copy)]
pub struct Narrow<'a> {
    pub q: &'a AuditQuery,
    pub period: Period,
    pub scope: &'a Scope,
    /// Rows of no division as well.
    pub house_too: bool,
}

fn narrowed(select: &'static str, n: &Narrow) -> Filter {
    let Narrow { q, period, scope, house_too } = *n;
    let mut filter = Filter::new(select);
    filter = match scope {
        Scope::Divisions(prefixes) if prefixes.iter().any(String::is_empty) => filter,
        Scope::Divisions(prefixes) => {
            let mut ranges: Vec<Vec<String>> =
                prefixes.iter().map(|p| kit_db::prefix_range(p).to_vec()).collect();
            if house_too {
                // '' <= division < '0' holds for '' alone
                ranges.push(vec![String::new(), "0".into()]);
            }
            filter.and_any("division >= ? AND division < ?", &ranges)
        }
        Scope::Businesses(_) => filter.and("1 = 0", &[]),
    };
    if let Some(text) = given(&q.q) {
        let pattern = anywhere(text);
        filter = filter.and(
            "action LIKE ? ESCAPE '\\' OR subject LIKE ? ESCAPE '\\' OR user_name LIKE ? ESCAPE '\\'",
            params![&pattern, &pattern, &pattern],
        );
    }
    if let Some(actor) = given(&q.actor) {
        filter = filter.and("user_id = ? OR user_name = ?", params![actor, actor]);
    }
    filter = match given(&q.outcome) {
        Some("refused") => filter.and("note LIKE ?", params![REFUSED]),
        Some("ok") => filter.and("note NOT LIKE ?", params![REFUSED]),
        Some(_) => filter.and("1 = 0", &[]),
        None => filter,
    };
    filter = match given(&q.action) {
        Some(whole) if whole.contains('.') => filter.and("action = ?", params![whole]),
        part => filter.and_some("action LIKE ? ESCAPE '\\'", part.map(anywhere).as_deref()),
    };
    filter = match given(&q.target) {
        Some(whole) if whole.contains(':') => filter.and("subject = ?", params![whole]),
        part => filter.and_some("subject LIKE ? ESCAPE '\\'", part.map(anywhere).as_deref()),
    };
    filter.and_some("at >= ?", period.0).and_some("at < ?", period.1)
}

const ROWS: &str =
    "SELECT no, at, user_id, user_name, bureau, address, action, subject, division, note, hash FROM audit";

impl FromRow for AuditRow {
    fn from_row(row: &Row) -> Result<Self> {
        let note: String = row.get(9)?;
        Ok(Self {
            no: row.get(0)?,
            at: row.get(1)?,
            actor: row.get(2)?,
            actor_name: row.get(3)?,
            bureau: row.get(4)?,
            address: row.get(5)?,
            action: row.get(6)?,
            target: row.get(7)?,
            division: row.get(8)?,
            outcome: if note.contains("\"outcome\":\"refused\"") { "refused" } else { "ok" }.into(),
            note,
            hash: row.get(10)?,
        })
    }
}

pub fn count(tx: &mut Tx, n: &Narrow) -> Result<i64> {
    tx.count(&narrowed("SELECT count(*) FROM audit", n))
}

/// One page of the audit, newest first; and how many rows there are in all.
pub fn list(tx: &mut Tx, n: &Narrow) -> Result<(Vec<AuditRow>, i64)> {
    let total = count(tx, n)?;
    let (page, size) = paging(n.q.page, n.q.size);
    let order = match n.q.sort.as_deref().unwrap_or("") {
        "at" | "no" => "ORDER BY no",
        "action" => "ORDER BY action, no DESC",
        "-action" => "ORDER BY action DESC, no DESC",
        _ => "ORDER BY no DESC",
    };
    let filter = narrowed(ROWS, n)
        .then(order, &[])
        .then("LIMIT ? OFFSET ?", &[Param::Int(size), Param::Int((page - 1) * size)]);
    Ok((tx.list(&filter)?, total))
}

/// The next rows of the list, oldest first: after `last`, up to `end`, at most `most`.
pub fn after(tx: &mut Tx, n: &Narrow, last: i64, end: i64, most: i64) -> Result<Vec<AuditRow>> {
    let filter = narrowed(ROWS, n).and("no > ? AND no <= ?", params![last, end]);
    tx.list(&filter.then("ORDER BY no LIMIT ?", &[Param::Int(most)]))
}
