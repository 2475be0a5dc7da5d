//! Frozen scopes.

use kit_base::{Error, Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx, params};
use kit_web::{Page, Scope, answer::paging};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::model::{FrozenScope, ScopeLine};
use crate::rules::picture::county_name;

kit_db::statements! {
    INSERT = "INSERT INTO investigation_scopes (id, investigation, number, division, bureau, note, event, lots, stations,
            deliveries, summary, marks, content, actor, actor_name, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    BY_ID = "SELECT id, investigation, number, division, bureau, note, event, lots, stations, deliveries, summary, marks,
            content, actor_name, at FROM investigation_scopes WHERE id = $1";
    OF_CASE = "SELECT id, investigation, number, division, bureau, note, event, lots, stations, deliveries, summary, marks,
            content, actor_name, at FROM investigation_scopes WHERE investigation = $1 ORDER BY at DESC, id DESC";
}

impl FromRow for FrozenScope {
    fn from_row(r: &Row) -> Result<Self> {
        let json = |at: usize| r.get::<String>(at);
        Ok(Self {
            id: r.get(0)?,
            investigation: r.get(1)?,
            no: r.get(2)?,
            division: r.get(3)?,
            bureau: r.get(4)?,
            note: r.get(5)?,
            event: r.get(6)?,
            lots: r.get(7)?,
            stations: r.get(8)?,
            deliveries: r.get(9)?,
            summary: serde_json::from_str(&json(10)?).map_err(Error::internal)?,
            marks: serde_json::from_str(&json(11)?).map_err(Error::internal)?,
            hash: r.get(12)?,
            by: r.get(13)?,
            at: r.get(14)?,
        })
    }
}

pub fn insert(tx: &mut Tx, scope: &FrozenScope, actor: &str) -> Result<()> {
    let marks = serde_json::to_string(&scope.marks).map_err(Error::internal)?;
    let summary = scope.summary.to_string();
    let params = params![
        &scope.id,
        &scope.investigation,
        &scope.no,
        &scope.division,
        &scope.bureau,
        &scope.note,
        scope.event,
        scope.lots,
        scope.stations,
        scope.deliveries,
        summary.as_str(),
        marks.as_str(),
        &scope.hash,
        actor,
        &scope.by,
        scope.at
    ];
    tx.exec(INSERT, params).map(drop)
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<FrozenScope>> {
    tx.one(BY_ID, params![id])
}

/// Newest first.
pub fn of_case(tx: &mut Tx, case: &str) -> Result<Vec<FrozenScope>> {
    tx.all(OF_CASE, params![case])
}

impl FromRow for ScopeLine {
    fn from_row(r: &Row) -> Result<Self> {
        let division: String = r.get(6)?;
        Ok(Self {
            id: r.get(0)?,
            investigation: r.get(1)?,
            no: r.get(2)?,
            case_no: r.get(3)?,
            title: r.get(4)?,
            source: r.get(5)?,
            division_name: if division.is_empty() { "全国".to_owned() } else { county_name(&division) },
            division,
            note: r.get(7)?,
            lots: r.get(8)?,
            stations: r.get(9)?,
            deliveries: r.get(10)?,
            hash: r.get(11)?,
            by: r.get(12)?,
            at: r.get(13)?,
            simulated: r.get(14)?,
        })
    }
}

/// What the list of frozen scopes is asked for.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct ScopeQuery {
    /// part of a number, a title, the grounds, or who froze it
    pub q: Option<String>,
    /// a case
    pub investigation: Option<String>,
    /// days, China's time
    pub at_from: Option<String>,
    pub at_to: Option<String>,
    /// no, at, title, lots, stations, deliveries; `-` before it for the last first; newest first by default
    pub sort: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

const LIST: &str =
    "SELECT x.id, x.investigation, x.number, c.number, c.title, c.source, x.division, x.note, x.lots,
        x.stations, x.deliveries, x.content, x.actor_name, x.at, c.simulated
    FROM investigation_scopes x JOIN investigations c ON c.id = x.investigation";
const COUNT: &str =
    "SELECT count(*) FROM investigation_scopes x JOIN investigations c ON c.id = x.investigation";

fn order(sort: Option<&str>) -> &'static str {
    match sort {
        Some("no") => "ORDER BY x.number, x.id LIMIT ? OFFSET ?",
        Some("-no") => "ORDER BY x.number DESC, x.id DESC LIMIT ? OFFSET ?",
        Some("title") => "ORDER BY c.title, x.id LIMIT ? OFFSET ?",
        Some("-title") => "ORDER BY c.title DESC, x.id DESC LIMIT ? OFFSET ?",
        Some("lots") => "ORDER BY x.lots, x.id LIMIT ? OFFSET ?",
        Some("-lots") => "ORDER BY x.lots DESC, x.id DESC LIMIT ? OFFSET ?",
        Some("stations") => "ORDER BY x.stations, x.id LIMIT ? OFFSET ?",
        Some("-stations") => "ORDER BY x.stations DESC, x.id DESC LIMIT ? OFFSET ?",
        Some("deliveries") => "ORDER BY x.deliveries, x.id LIMIT ? OFFSET ?",
        Some("-deliveries") => "ORDER BY x.deliveries DESC, x.id DESC LIMIT ? OFFSET ?",
        Some("at") => "ORDER BY x.at, x.id LIMIT ? OFFSET ?",
        _ => "ORDER BY x.at DESC, x.id DESC LIMIT ? OFFSET ?",
    }
}

/// A page of the frozen scopes of a jurisdiction. Errors: those of dates.
pub fn list(tx: &mut Tx, scope: &Scope, query: &ScopeQuery) -> Result<Page<ScopeLine>> {
    let like = query.q.as_deref().map(|q| format!("%{}%", trace::store::lists::escape_like(q.trim())));
    let day = |text: &Option<String>| -> Result<Option<Millis>> {
        let Some(text) = text.as_deref() else { return Ok(None) };
        let date: kit_base::PartialDate = text.parse()?;
        Ok(date.day().map(kit_base::clock::day_start))
    };
    let from = day(&query.at_from).map_err(|e| e.at("at_from"))?;
    let until = day(&query.at_to).map_err(|e| e.at("at_to"))?.map(|ms| ms + 86_400_000);
    let conditions = |select: &'static str| {
        let mut filter =
            scope.restrict(Filter::new(select), "c.division >= ? AND c.division < ?", "c.id = ? AND 1 = 0");
        if let Some(like) = &like {
            let each = [(); 5].map(|()| Param::Text(like));
            filter = filter.and(
                "x.number LIKE ? ESCAPE '!' OR c.number LIKE ? ESCAPE '!' OR c.title LIKE ? ESCAPE '!'
                    OR x.note LIKE ? ESCAPE '!' OR x.actor_name LIKE ? ESCAPE '!'",
                &each,
            );
        }
        filter
            .and_some("x.investigation = ?", query.investigation.as_deref())
            .and_some("x.at >= ?", from)
            .and_some("x.at < ?", until)
    };
    let (page, size) = paging(query.page, query.size);
    let total = tx.count(&conditions(COUNT))?;
    let paged = [Param::Int(size), Param::Int((page - 1) * size)];
    let items = tx.list(&conditions(LIST).then(order(query.sort.as_deref()), &paged))?;
    Ok(Page { items, total, page, size })
}
