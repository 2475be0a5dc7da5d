//! Lists of tasks, with the sums of their lines in the recall's own unit.

use kit_base::{Millis, Result};
use kit_db::{Filter, FromRow, Param, Tx};
use kit_web::answer::paging;
use kit_web::{Page, Scope};

use crate::model::{TaskQuery, TaskRow};

const TASK_ROW: &str = "SELECT t.recall, t.party, t.no, t.name, t.code, t.kind, t.division, t.lon, t.lat, t.certain, t.number, t.issued_at,
        t.due_at, t.seen_at, t.reported_at, t.changed_at, t.state,
        CAST(coalesce(sum(l.due), 0) AS BIGINT), CAST(sum(l.on_hand) AS BIGINT), CAST(sum(l.sold) AS BIGINT),
        CAST(sum(l.destroyed + l.remedied) AS BIGINT), CAST(sum(l.returned) AS BIGINT),
        CAST(sum(l.due - l.on_hand - l.sold - l.destroyed - l.remedied - l.returned) AS BIGINT),
        CAST(coalesce(sum(CASE WHEN l.accepted = l.due - l.on_hand - l.sold - l.destroyed - l.remedied - l.returned THEN l.accepted
            ELSE 0 END), 0) AS BIGINT)
    FROM recalls r JOIN recall_tasks t ON t.recall = r.id
    LEFT JOIN recall_lines l ON l.recall = t.recall AND l.party = t.party AND l.unit = r.unit";

/// Tasks of a recall.
pub fn list(tx: &mut Tx, recall: &str, q: &TaskQuery, now: Millis) -> Result<Page<TaskRow>> {
    let (page, size) = paging(q.page, q.size);
    let counted = Filter::new("SELECT count(*) FROM recall_tasks t");
    let total = tx.count(&narrowed(counted, recall, q, now))?;
    let bounds = [Param::Int(size), Param::Int((page - 1) * size)];
    let rows = grouped(narrowed(Filter::new(TASK_ROW), recall, q, now), q).then("LIMIT ? OFFSET ?", &bounds);
    Ok(Page { items: tx.list(&rows)?, total, page, size })
}

/// Tasks within a jurisdiction, whoever runs the recall; those without a report first, at most five hundred.
pub fn near(tx: &mut Tx, scope: &Scope, recall: &str, now: Millis) -> Result<Vec<TaskRow>> {
    let filter = scope.restrict(Filter::new(TASK_ROW), "t.division >= ? AND t.division < ?", "t.party = ?");
    let filter = narrowed(filter, recall, &TaskQuery::default(), now);
    let filter = filter.then(
        "GROUP BY t.recall, t.party, t.no, t.name, t.code, t.kind, t.division, t.lon, t.lat, t.certain, t.number, t.issued_at, t.due_at,
            t.seen_at, t.reported_at, t.changed_at, t.state",
        &[],
    );
    tx.list(&filter.then("ORDER BY CASE WHEN t.state = 'open' THEN 0 ELSE 1 END, t.no LIMIT 500", &[]))
}

/// Recall, its holders, those that wait, the first time limit of them.
pub type NearCount = (String, i64, i64, Option<Millis>);

/// Of each recall that goes on: how many tasks lie within a jurisdiction, how many of them wait, and when the first of these is due.
pub fn near_counts(tx: &mut Tx, scope: &Scope) -> Result<Vec<NearCount>> {
    let select = "SELECT t.recall, count(*), CAST(coalesce(sum(CASE WHEN t.state = 'open' THEN 1 ELSE 0 END), 0) AS BIGINT),
            min(CASE WHEN t.state = 'open' THEN t.due_at END)
        FROM recall_tasks t JOIN recalls r ON r.id = t.recall";
    let filter = Filter::new(select).and("r.closed_at IS NULL", &[]);
    let filter = scope.restrict(filter, "t.division >= ? AND t.division < ?", "t.party = ?");
    tx.list(&filter.then("GROUP BY t.recall ORDER BY t.recall DESC LIMIT 200", &[]))
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
                AND u.due - u.on_hand - u.sold - u.destroyed - u.remedied - u.returned > 0
                AND coalesce(u.accepted, 0) <> u.due - u.on_hand - u.sold - u.destroyed - u.remedied - u.returned)",
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
