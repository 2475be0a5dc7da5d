//! All SQL of the room.

use std::collections::HashSet;

use kit_base::{Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx, params};
use kit_web::{Page, Scope, answer::paging};

use crate::model::{FileQuery, FileRow};

kit_db::statements! {
    ADD = "INSERT INTO feedback_files (id, manager, name, division, relation, week, from_at, until_at, version, reason, made_by, made_at, hash,
            file, sheet, members, failed, open_failed, touching, open_findings, simulated, taken_at, taken_by, taken_note)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, NULL, '', '')";
    BY_ID = "SELECT f.id, f.manager, f.name, f.division, f.relation, f.week, f.from_at, f.until_at, f.version, f.reason, f.made_by, f.made_at,
            f.hash, f.file, f.sheet, f.members, f.failed, f.open_failed, f.touching, f.open_findings, f.simulated, f.taken_at, f.taken_by,
            f.taken_note,
            CAST(CASE WHEN EXISTS (SELECT 1 FROM feedback_files l WHERE l.manager = f.manager AND l.week = f.week AND l.version > f.version)
                THEN 1 ELSE 0 END AS BIGINT)
        FROM feedback_files f WHERE f.id = $1";
    VERSION = "SELECT max(version) FROM feedback_files WHERE manager = $1 AND week = $2";
    BEFORE = "SELECT id FROM feedback_files WHERE manager = $1 AND from_at < $2 ORDER BY from_at DESC, version DESC LIMIT 1";
    TELL = "INSERT INTO feedback_told (file, sample) VALUES ($1, $2)";
    TOLD = "SELECT sample FROM feedback_told WHERE file = $1";
    TAKE = "UPDATE feedback_files SET taken_at = $2, taken_by = $3, taken_note = $4 WHERE id = $1 AND taken_at IS NULL";
    BEGIN_WEEK = "INSERT INTO feedback_weeks (week, after, done_at) VALUES ($1, '', NULL) ON CONFLICT (week) DO NOTHING";
    WEEK = "SELECT after, done_at FROM feedback_weeks WHERE week = $1";
    WEEK_AFTER = "UPDATE feedback_weeks SET after = $2 WHERE week = $1";
    WEEK_DONE = "UPDATE feedback_weeks SET done_at = $2 WHERE week = $1";
    FILES = "SELECT file FROM feedback_files UNION SELECT sheet FROM feedback_files";
    KEPT = "SELECT id, manager, week, version, hash, file FROM feedback_files ORDER BY id";
}

impl FromRow for FileRow {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            manager: r.get(1)?,
            name: r.get(2)?,
            division: r.get(3)?,
            relation: r.get(4)?,
            week: r.get(5)?,
            from_at: r.get(6)?,
            until_at: r.get(7)?,
            version: r.get(8)?,
            reason: r.get(9)?,
            made_by: r.get(10)?,
            made_at: r.get(11)?,
            hash: r.get(12)?,
            file: r.get(13)?,
            sheet: r.get(14)?,
            members: r.get(15)?,
            failed: r.get(16)?,
            open_failed: r.get(17)?,
            touching: r.get(18)?,
            open_findings: r.get(19)?,
            simulated: r.get(20)?,
            taken_at: r.get(21)?,
            taken_by: r.get(22)?,
            taken_note: r.get(23)?,
            replaced: r.get(24)?,
            division_name: String::new(),
        })
    }
}

/// Keeps a file with the failures that it tells.
pub fn add(tx: &mut Tx, f: &FileRow, told: &[String]) -> Result<()> {
    let row = params![
        &f.id,
        &f.manager,
        &f.name,
        &f.division,
        &f.relation,
        &f.week,
        f.from_at,
        f.until_at,
        f.version,
        &f.reason,
        &f.made_by,
        f.made_at,
        &f.hash,
        &f.file,
        &f.sheet,
        f.members,
        f.failed,
        f.open_failed,
        f.touching,
        f.open_findings,
        f.simulated
    ];
    tx.exec(ADD, row)?;
    told.iter().try_for_each(|sample| tx.exec(TELL, params![&f.id, sample]).map(drop))
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<FileRow>> {
    tx.one(BY_ID, params![id])
}

/// The newest version of a week; 0 none.
pub fn version(tx: &mut Tx, manager: &str, week: &str) -> Result<i64> {
    Ok(tx.one::<Option<i64>>(VERSION, params![manager, week])?.flatten().unwrap_or(0))
}

/// Failures that the last file before a moment told.
pub fn told_before(tx: &mut Tx, manager: &str, from: Millis) -> Result<HashSet<String>> {
    let Some(file): Option<String> = tx.one(BEFORE, params![manager, from])? else {
        return Ok(HashSet::new());
    };
    Ok(tx.all::<String>(TOLD, params![&file])?.into_iter().collect())
}

/// Takes receipt; answers whether nobody had.
pub fn take(tx: &mut Tx, id: &str, now: Millis, by: &str, note: &str) -> Result<bool> {
    Ok(tx.exec(TAKE, params![id, now, by, note])? > 0)
}

/// Where a week stands: the last manager that was looked at; `None` where it is done.
pub fn week(tx: &mut Tx, week: &str) -> Result<Option<String>> {
    tx.exec(BEGIN_WEEK, params![week])?;
    let row: Option<(String, Option<i64>)> = tx.one(WEEK, params![week])?;
    Ok(row.filter(|(_, done)| done.is_none()).map(|(after, _)| after))
}

pub fn week_after(tx: &mut Tx, week: &str, manager: &str) -> Result<()> {
    tx.exec(WEEK_AFTER, params![week, manager]).map(drop)
}

pub fn week_done(tx: &mut Tx, week: &str, now: Millis) -> Result<()> {
    tx.exec(WEEK_DONE, params![week, now]).map(drop)
}

pub fn files(tx: &mut Tx) -> Result<Vec<String>> {
    tx.all(FILES, &[])
}

/// A file, as the check looks at it.
pub struct Kept {
    pub id: String,
    pub manager: String,
    pub week: String,
    pub version: i64,
    /// Of its content, hex.
    pub hash: String,
    /// The signed form, by its name among the files.
    pub file: String,
}

impl FromRow for Kept {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            manager: r.get(1)?,
            week: r.get(2)?,
            version: r.get(3)?,
            hash: r.get(4)?,
            file: r.get(5)?,
        })
    }
}

pub fn kept(tx: &mut Tx) -> Result<Vec<Kept>> {
    tx.all(KEPT, &[])
}

const ROWS: &str = "SELECT f.id, f.manager, f.name, f.division, f.relation, f.week, f.from_at, f.until_at, f.version, f.reason, f.made_by,
        f.made_at, f.hash, f.file, f.sheet, f.members, f.failed, f.open_failed, f.touching, f.open_findings, f.simulated, f.taken_at,
        f.taken_by, f.taken_note,
        CAST(CASE WHEN EXISTS (SELECT 1 FROM feedback_files l WHERE l.manager = f.manager AND l.week = f.week AND l.version > f.version)
            THEN 1 ELSE 0 END AS BIGINT)
    FROM feedback_files f";

fn narrowed(filter: Filter, scope: &Scope, q: &FileQuery) -> Filter {
    let given = |text: &Option<String>| text.clone().filter(|t| !t.is_empty());
    let filter = scope
        .restrict(filter, "f.division >= ? AND f.division < ?", "f.manager = ?")
        .and_some("f.manager = ?", given(&q.manager).as_deref())
        .and_some("f.week = ?", given(&q.week).as_deref())
        .and_some("f.relation = ?", given(&q.relation).as_deref());
    let filter = match q.receipt.as_deref() {
        Some("taken") => filter.and("f.taken_at IS NOT NULL", &[]),
        Some("waiting") => filter.and("f.taken_at IS NULL", &[]),
        _ => filter,
    };
    let filter = match q.alert {
        Some(1) => filter.and("f.failed > 0 OR f.touching > 0", &[]),
        _ => filter,
    };
    let filter = match q.all {
        Some(1) => filter,
        _ => filter.and(
            "NOT EXISTS (SELECT 1 FROM feedback_files l WHERE l.manager = f.manager AND l.week = f.week AND l.version > f.version)",
            &[],
        ),
    };
    match q.q.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
        Some(text) => {
            let like = format!("%{}%", text.replace(['%', '_'], ""));
            filter.and("f.name LIKE ?", &[Param::Text(&like)])
        }
        None => filter,
    }
}

fn sorted(q: &FileQuery) -> &'static str {
    match q.sort.as_deref() {
        Some("week") => "ORDER BY f.from_at, f.name, f.version DESC",
        Some("name") => "ORDER BY f.name, f.from_at DESC, f.version DESC",
        Some("-name") => "ORDER BY f.name DESC, f.from_at DESC, f.version DESC",
        Some("failed") => "ORDER BY f.failed, f.from_at DESC, f.id",
        Some("-failed") => "ORDER BY f.failed DESC, f.from_at DESC, f.id",
        Some("members") => "ORDER BY f.members, f.from_at DESC, f.id",
        Some("-members") => "ORDER BY f.members DESC, f.from_at DESC, f.id",
        Some("taken") => "ORDER BY COALESCE(f.taken_at, 0), f.from_at DESC, f.id",
        Some("-taken") => "ORDER BY COALESCE(f.taken_at, 0) DESC, f.from_at DESC, f.id",
        _ => "ORDER BY f.from_at DESC, f.name, f.version DESC",
    }
}

pub fn list(tx: &mut Tx, scope: &Scope, q: &FileQuery) -> Result<Page<FileRow>> {
    let (page, size) = paging(q.page, q.size);
    let count = narrowed(Filter::new("SELECT 1 FROM feedback_files f"), scope, q);
    let total = tx.count(&count.counted_to(kit_web::answer::COUNTED))?;
    let bounds = [Param::Int(size), Param::Int((page - 1) * size)];
    let rows = narrowed(Filter::new(ROWS), scope, q).then(sorted(q), &[]).then("LIMIT ? OFFSET ?", &bounds);
    Ok(Page { items: tx.list(&rows)?, total, page, size })
}

/// The whole list, at most so many.
pub fn whole(tx: &mut Tx, scope: &Scope, q: &FileQuery, most: i64) -> Result<Vec<FileRow>> {
    let rows =
        narrowed(Filter::new(ROWS), scope, q).then(sorted(q), &[]).then("LIMIT ?", &[Param::Int(most)]);
    tx.list(&rows)
}
