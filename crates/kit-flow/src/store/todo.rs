//! What somebody is to do.

use kit_base::{Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx};
use kit_web::{Actor, Page, answer::paging};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An open task in the list of what is to be done.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Todo {
    pub case: String,
    pub kind: String,
    pub kind_name: String,
    pub number: String,
    pub title: String,
    pub division: String,
    pub status: String,
    pub status_name: String,
    /// `,a,b,`
    pub flags: String,
    pub task: i64,
    /// Code of the task.
    pub code: String,
    /// Name of the task.
    pub name: String,
    /// The asker has it; else it may be claimed.
    pub mine: bool,
    pub opened_at: Millis,
    pub next_due: Option<Millis>,
    /// Escalations so far: above 0 it was late before.
    pub level: i64,
    pub simulated: bool,
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct TodoQuery {
    pub kind: Option<String>,
    /// Code of a task of that kind: what may be claimed of it. Not said: what the asker has.
    pub claimable: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

impl FromRow for Todo {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            case: r.get(0)?,
            kind: r.get(1)?,
            kind_name: String::new(),
            number: r.get(2)?,
            title: r.get(3)?,
            division: r.get(4)?,
            status: r.get(5)?,
            status_name: String::new(),
            flags: r.get(6)?,
            task: r.get(7)?,
            code: r.get(8)?,
            name: String::new(),
            mine: !r.get::<String>(9)?.is_empty(),
            opened_at: r.get(10)?,
            next_due: r.get(11)?,
            level: r.get(12)?,
            simulated: r.get::<i64>(13)? == 1,
        })
    }
}

/// Tasks of a person, or those that nobody has and the permission lets them claim; what is late first, then the nearest deadline.
pub fn list(
    tx: &mut Tx,
    who: &Actor,
    permission: Option<&str>,
    q: &TodoQuery,
    now: Millis,
) -> Result<Page<Todo>> {
    let (page, size) = paging(q.page, q.size);
    let total = tx.count(&narrowed(
        Filter::new("SELECT count(*) FROM flow_seats s JOIN flow_cases c ON c.id = s.case_id"),
        who,
        permission,
        q,
    ))?;
    let rows = narrowed(
        Filter::new(
            "SELECT c.id, c.kind, c.number, c.title, c.division, c.status, c.flags, s.task, s.code, s.user_id, s.opened_at,
                c.next_due, c.level, c.simulated
            FROM flow_seats s JOIN flow_cases c ON c.id = s.case_id",
        ),
        who,
        permission,
        q,
    );
    let rows = rows.then(
        "ORDER BY CASE WHEN c.level > 0 OR c.next_due <= ? THEN 0 WHEN c.next_due IS NULL THEN 2 ELSE 1 END, c.next_due, c.id, s.task
            LIMIT ? OFFSET ?",
        &[Param::Int(now), Param::Int(size), Param::Int((page - 1) * size)],
    );
    Ok(Page { items: tx.list(&rows)?, total, page, size })
}

/// How much of a kind, or of a task of it.
pub struct Count {
    pub kind: String,
    /// Code of the task.
    pub code: String,
    pub count: i64,
}

impl FromRow for Count {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self { kind: r.get(0)?, code: r.get(1)?, count: r.get(2)? })
    }
}

/// What a person has, or what a permission lets them claim, by kind and task; `late`: of it what is late at a moment.
pub fn counts(
    tx: &mut Tx,
    who: &Actor,
    permission: Option<&str>,
    late: Option<Millis>,
) -> Result<Vec<Count>> {
    let filter = Filter::new(
        "SELECT c.kind, s.code, count(*) FROM flow_seats s JOIN flow_cases c ON c.id = s.case_id",
    );
    let rows = narrowed(filter, who, permission, &TodoQuery::default()).and_some(LATE, late);
    tx.list(&rows.then("GROUP BY 1, 2 ORDER BY 1, 2", &[]))
}

/// Over, or so late before that a level above has it as well.
const LATE: &str = "c.level > 0 OR c.next_due <= ?";

fn narrowed(filter: Filter, who: &Actor, permission: Option<&str>, q: &TodoQuery) -> Filter {
    let filter = filter.and_some("c.kind = ?", q.kind.as_deref());
    match permission {
        Some(permission) => pool(filter, who, permission),
        None => filter.and("s.user_id = ?", &[Param::Text(&who.user)]),
    }
}

fn pool(filter: Filter, who: &Actor, permission: &str) -> Filter {
    let filter = filter.and("s.user_id = '' AND s.may = ?", &[Param::Text(permission)]);
    let scope = who.scope_for(permission);
    scope.restrict(filter, "c.division >= ? AND c.division < ?", "c.business = ?")
}
