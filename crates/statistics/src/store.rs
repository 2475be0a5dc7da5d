//! All SQL of the room, each statement once.

use kit_base::{Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx, params};
use kit_web::{Page, Scope, answer::paging};

use crate::model::{Report, ReportQuery};

kit_db::statements! {
    INSERT = "INSERT INTO reports (id, template, template_hash, division, first_day, last_day, edition, cause, state, content, hash, xlsx,
            pdf, fault, attempts, due_at, asked_by, asked_name, asked_at, made_at, simulated)
        VALUES ($1, $2, '', $3, $4, $5, $6, $7, 'waiting', '', '', '', '', '', 0, $8, $9, $10, $11, NULL, 0)
        ON CONFLICT (template, division, first_day, edition) DO NOTHING";
    BY_ID = "SELECT id, template, division, first_day, last_day, edition, cause, state, fault, hash, xlsx, pdf, asked_name, due_at,
            made_at, simulated, asked_by FROM reports WHERE id = $1";
    CONTENT = "SELECT content FROM reports WHERE id = $1";
    EDITIONS = "SELECT id, template, division, first_day, last_day, edition, cause, state, fault, hash, xlsx, pdf, asked_name, due_at,
            made_at, simulated, asked_by FROM reports
        WHERE template = $1 AND division = $2 AND first_day = $3 ORDER BY edition DESC LIMIT 50";
    WAITING = "SELECT id, template, division, first_day, last_day, edition, cause, state, fault, hash, xlsx, pdf, asked_name, due_at,
            made_at, simulated, asked_by FROM reports WHERE state = 'waiting' AND due_at <= $1 ORDER BY due_at, id LIMIT $2";
    MADE = "UPDATE reports SET state = $2, template_hash = $3, content = $4, hash = $5, xlsx = $6, pdf = $7, fault = $8, made_at = $9,
            simulated = $10, attempts = attempts + 1 WHERE id = $1 AND state = 'waiting'";
    FAIL = "UPDATE reports SET fault = $2, attempts = attempts + 1, due_at = $3,
            state = CASE WHEN attempts + 1 >= $4 THEN 'failed' ELSE 'waiting' END
        WHERE id = $1 AND state = 'waiting'";
    FILES = "SELECT xlsx FROM reports WHERE xlsx <> '' UNION SELECT pdf FROM reports WHERE pdf <> ''";
    SUBSCRIBE = "INSERT INTO report_subscriptions (user_id, template, division, since) VALUES ($1, $2, $3, $4)
        ON CONFLICT (user_id, template, division) DO NOTHING";
    UNSUBSCRIBE = "DELETE FROM report_subscriptions WHERE user_id = $1 AND template = $2 AND division = $3";
    SUBSCRIBERS = "SELECT user_id FROM report_subscriptions WHERE template = $1 AND division = $2 ORDER BY user_id LIMIT 1000";
    OF_USER = "SELECT template, division FROM report_subscriptions WHERE user_id = $1 ORDER BY template, division LIMIT 1000";
    SUBSCRIBED_PLACES = "SELECT DISTINCT division FROM report_subscriptions WHERE template = $1 ORDER BY division";
    COURSE = "SELECT next_day FROM report_course WHERE template = $1";
    SET_COURSE = "INSERT INTO report_course (template, next_day) VALUES ($1, $2)
        ON CONFLICT (template) DO UPDATE SET next_day = excluded.next_day";
}

/// A report to be made.
pub struct New<'a> {
    pub id: &'a str,
    pub template: &'a str,
    pub division: &'a str,
    pub first: &'a str,
    pub last: &'a str,
    pub edition: i64,
    pub cause: &'a str,
    pub due_at: Millis,
    /// User and their name; empty the schedule.
    pub asked: (&'a str, &'a str),
    pub now: Millis,
}

/// Answers whether it is new.
pub fn insert(tx: &mut Tx, n: &New) -> Result<bool> {
    let row = params![
        n.id, n.template, n.division, n.first, n.last, n.edition, n.cause, n.due_at, n.asked.0, n.asked.1,
        n.now
    ];
    Ok(tx.exec(INSERT, row)? == 1)
}

/// A report with who asked for it.
#[derive(Debug, Clone)]
pub struct Kept {
    pub report: Report,
    /// User; empty the schedule.
    pub asked_by: String,
}

impl FromRow for Kept {
    fn from_row(r: &Row) -> Result<Self> {
        let report = Report {
            id: r.get(0)?,
            template: r.get(1)?,
            name: String::new(),
            division: r.get(2)?,
            place: String::new(),
            first: r.get(3)?,
            last: r.get(4)?,
            period: String::new(),
            edition: r.get(5)?,
            cause: r.get(6)?,
            state: r.get(7)?,
            fault: r.get(8)?,
            hash: r.get(9)?,
            xlsx: r.get(10)?,
            pdf: r.get(11)?,
            asked_name: r.get(12)?,
            due_at: r.get(13)?,
            made_at: r.get(14)?,
            simulated: r.get::<i64>(15)? == 1,
        };
        Ok(Self { report, asked_by: r.get(16)? })
    }
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Kept>> {
    tx.one(BY_ID, params![id])
}

/// What a report says, JSON; empty: not made.
pub fn content(tx: &mut Tx, id: &str) -> Result<String> {
    Ok(tx.one(CONTENT, params![id])?.unwrap_or_default())
}

/// Every edition of a period, the latest first.
pub fn editions(tx: &mut Tx, template: &str, division: &str, first: &str) -> Result<Vec<Report>> {
    let found: Vec<Kept> = tx.all(EDITIONS, params![template, division, first])?;
    Ok(found.into_iter().map(|k| k.report).collect())
}

pub fn waiting(tx: &mut Tx, now: Millis, most: i64) -> Result<Vec<Kept>> {
    tx.all(WAITING, params![now, most])
}

/// What a report was made into.
pub struct Made<'a> {
    pub state: &'a str,
    pub template_hash: &'a str,
    pub content: &'a str,
    pub hash: &'a str,
    pub xlsx: &'a str,
    pub pdf: &'a str,
    pub fault: &'a str,
    pub at: Millis,
    pub simulated: bool,
}

/// Answers whether it still waited.
pub fn made(tx: &mut Tx, id: &str, m: &Made) -> Result<bool> {
    let row =
        params![id, m.state, m.template_hash, m.content, m.hash, m.xlsx, m.pdf, m.fault, m.at, m.simulated];
    Ok(tx.exec(MADE, row)? == 1)
}

/// It could not be made: again at a time, until so many attempts.
pub fn fail(tx: &mut Tx, id: &str, fault: &str, again: Millis, most: i64) -> Result<()> {
    tx.exec(FAIL, params![id, fault, again, most]).map(drop)
}

pub fn files(tx: &mut Tx) -> Result<Vec<String>> {
    texts(tx, FILES, &[])
}

fn texts(tx: &mut Tx, statement: kit_db::Sql, params: &[Param]) -> Result<Vec<String>> {
    let mut out = Vec::new();
    tx.scan(statement, params, &mut |r| {
        out.push(r.get(0)?);
        Ok(true)
    })?;
    Ok(out)
}

pub fn subscribe(tx: &mut Tx, user: &str, template: &str, division: &str, now: Millis) -> Result<()> {
    tx.exec(SUBSCRIBE, params![user, template, division, now]).map(drop)
}

pub fn unsubscribe(tx: &mut Tx, user: &str, template: &str, division: &str) -> Result<()> {
    tx.exec(UNSUBSCRIBE, params![user, template, division]).map(drop)
}

pub fn subscribers(tx: &mut Tx, template: &str, division: &str) -> Result<Vec<String>> {
    texts(tx, SUBSCRIBERS, params![template, division])
}

/// (template, division) that somebody is told of.
pub fn of_user(tx: &mut Tx, user: &str) -> Result<Vec<(String, String)>> {
    tx.all(OF_USER, params![user])
}

pub fn subscribed_places(tx: &mut Tx, template: &str) -> Result<Vec<String>> {
    texts(tx, SUBSCRIBED_PLACES, params![template])
}

/// First day of the next period of a template; `None` before its first round.
pub fn course(tx: &mut Tx, template: &str) -> Result<Option<String>> {
    let found: Option<(String,)> = tx.one(COURSE, params![template])?;
    Ok(found.map(|(day,)| day))
}

pub fn set_course(tx: &mut Tx, template: &str, next: &str) -> Result<()> {
    tx.exec(SET_COURSE, params![template, next]).map(drop)
}

/// Reports within a scope, the latest period first.
pub fn list(tx: &mut Tx, scope: &Scope, q: &ReportQuery) -> Result<Page<Report>> {
    let (page, size) = paging(q.page, q.size);
    let total = tx.count(&narrowed(Filter::new("SELECT count(*) FROM reports r"), scope, q))?;
    let rows = Filter::new(
        "SELECT r.id, r.template, r.division, r.first_day, r.last_day, r.edition, r.cause, r.state, r.fault, r.hash, r.xlsx, r.pdf,
            r.asked_name, r.due_at, r.made_at, r.simulated, r.asked_by FROM reports r",
    );
    let rows = narrowed(rows, scope, q).then(
        "ORDER BY r.last_day DESC, r.division, r.template, r.edition DESC, r.id LIMIT ? OFFSET ?",
        &[Param::Int(size), Param::Int((page - 1) * size)],
    );
    let found: Vec<Kept> = tx.list(&rows)?;
    Ok(Page { items: found.into_iter().map(|k| k.report).collect(), total, page, size })
}

fn narrowed(rows: Filter, scope: &Scope, q: &ReportQuery) -> Filter {
    let given = |text: &Option<String>| text.clone().filter(|t| !t.is_empty());
    scope
        .restrict(rows, "r.division >= ? AND r.division < ?", "1 = 0 AND r.division = ?")
        .and_some("r.template = ?", given(&q.template).as_deref())
        .and_some("r.division = ?", given(&q.division).as_deref())
        .and_some("r.state = ?", given(&q.state).as_deref())
}
