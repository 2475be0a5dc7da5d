//! Reading the audit chain; kit-web writes it.

use kit_base::Result;
use kit_db::{Filter, Param, Tx, params};
use kit_web::Scope;
use kit_web::answer::paging;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{anywhere, given};
use crate::model::AuditRow;

/// What the audit is asked.
#[derive(Debug, Default, Deserialize, JsonSchema)]
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

fn narrowed(select: &'static str, q: &AuditQuery, period: Period, scope: &Scope, house_too: bool) -> Filter {
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

/// One page of the audit, newest first; and how many rows there are in all. `house_too`: rows of no division as well.
pub fn list(
    tx: &mut Tx,
    q: &AuditQuery,
    period: Period,
    scope: &Scope,
    house_too: bool,
) -> Result<(Vec<AuditRow>, i64)> {
    let total = tx.count(&narrowed("SELECT count(*) FROM audit", q, period, scope, house_too))?;
    let (page, size) = paging(q.page, q.size);
    let order = match q.sort.as_deref().unwrap_or("") {
        "at" | "no" => "ORDER BY no",
        "action" => "ORDER BY action, no DESC",
        "-action" => "ORDER BY action DESC, no DESC",
        _ => "ORDER BY no DESC",
    };
    let rows = "SELECT no, at, user_id, user_name, bureau, address, action, subject, division, note, hash FROM audit";
    let filter = narrowed(rows, q, period, scope, house_too)
        .then(order, &[])
        .then("LIMIT ? OFFSET ?", &[Param::Int(size), Param::Int((page - 1) * size)]);
    let mut out = Vec::new();
    tx.scan_list(&filter, &mut |row| {
        let note: String = row.get(9)?;
        out.push(AuditRow {
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
        });
        Ok(true)
    })?;
    Ok((out, total))
}
