//! Cases, their numbers and the lots they start from.

use kit_base::{Error, Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx, params};
use kit_web::{Page, Scope, answer::paging};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::model::{Case, ScopeBrief};
use crate::rules::picture::county_name;

kit_db::statements! {
    FILES = "SELECT network FROM investigations WHERE network IS NOT NULL UNION SELECT content FROM investigation_scopes ORDER BY 1";
    NEXT_NUMBER = "INSERT INTO investigation_numbers (division, series, year, last) VALUES ($1, $2, $3, 1)
        ON CONFLICT (division, series, year) DO UPDATE SET last = investigation_numbers.last + 1 RETURNING last";
    INSERT = "INSERT INTO investigations (id, number, title, reason, division, state, source, question, network, file_name,
            stations, deliveries, simulated, creator, creator_name, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)";
    BY_ID = "SELECT c.id, c.number, c.title, c.reason, c.division, c.state, c.source, c.network, c.file_name, c.stations,
            c.deliveries, (SELECT count(*) FROM investigation_seeds s WHERE s.investigation = c.id), c.creator_name,
            c.created_at, c.updated_at, c.simulated, x.id, x.number, x.at, x.actor_name
        FROM investigations c LEFT JOIN investigation_scopes x ON x.id =
            (SELECT y.id FROM investigation_scopes y WHERE y.investigation = c.id ORDER BY y.at DESC, y.id DESC LIMIT 1)
        WHERE c.id = $1";
    COUNTED = "UPDATE investigations SET stations = $2, deliveries = $3, simulated = $4 WHERE id = $1";
    SET_STATE = "UPDATE investigations SET state = $2, updated_at = $3 WHERE id = $1";
    TOUCH = "UPDATE investigations SET updated_at = $2 WHERE id = $1";
    SEEDS = "SELECT lot FROM investigation_seeds WHERE investigation = $1 ORDER BY lot";
}

/// Takes the next number of a series within the transaction: no gaps, for whoever fails gives it back.
pub fn next_number(tx: &mut Tx, division: &str, series: &str, year: i64) -> Result<i64> {
    tx.one(NEXT_NUMBER, params![division, series, year])?.ok_or_else(|| Error::internal("no number given"))
}

/// A case on its way into the database.
pub struct NewRow<'a> {
    pub id: &'a str,
    pub number: &'a str,
    pub title: &'a str,
    pub reason: &'a str,
    pub division: &'a str,
    pub source: &'a str,
    pub question: &'a str,
    pub network: Option<&'a str>,
    pub file_name: &'a str,
    pub stations: i64,
    pub deliveries: i64,
    pub simulated: bool,
    pub creator: &'a str,
    pub creator_name: &'a str,
    pub now: Millis,
}

pub fn insert(tx: &mut Tx, row: &NewRow) -> Result<()> {
    let params = params![
        row.id,
        row.number,
        row.title,
        row.reason,
        row.division,
        row.source,
        row.question,
        row.network,
        row.file_name,
        row.stations,
        row.deliveries,
        row.simulated,
        row.creator,
        row.creator_name,
        row.now
    ];
    tx.exec(INSERT, params).map(drop)
}

pub fn add_seeds(tx: &mut Tx, id: &str, lots: &[i64]) -> Result<()> {
    let rows = lots.iter().map(|lot| vec![Param::Text(id), Param::Int(*lot)]);
    tx.insert_many("investigation_seeds", &["investigation", "lot"], rows).map(drop)
}

/// The lots a case starts from, ascending.
pub fn seeds(tx: &mut Tx, id: &str) -> Result<Vec<i64>> {
    tx.all(SEEDS, params![id])
}

/// Keeps what was counted last, for the list of cases.
pub fn counted(tx: &mut Tx, id: &str, stations: i64, deliveries: i64, simulated: bool) -> Result<()> {
    tx.exec(COUNTED, params![id, stations, deliveries, simulated]).map(drop)
}

pub fn set_state(tx: &mut Tx, id: &str, state: &str, now: Millis) -> Result<()> {
    tx.exec(SET_STATE, params![id, state, now]).map(drop)
}

pub fn touch(tx: &mut Tx, id: &str, now: Millis) -> Result<()> {
    tx.exec(TOUCH, params![id, now]).map(drop)
}

impl FromRow for Case {
    fn from_row(r: &Row) -> Result<Self> {
        let division: String = r.get(4)?;
        let scope = match r.get::<Option<String>>(16)? {
            Some(id) => Some(ScopeBrief { id, no: r.get(17)?, at: r.get(18)?, by: r.get(19)? }),
            None => None,
        };
        Ok(Self {
            id: r.get(0)?,
            no: r.get(1)?,
            title: r.get(2)?,
            reason: r.get(3)?,
            division_name: if division.is_empty() { "全国".to_owned() } else { county_name(&division) },
            division,
            state: r.get(5)?,
            source: r.get(6)?,
            network: r.get(7)?,
            file_name: r.get(8)?,
            stations: r.get(9)?,
            deliveries: r.get(10)?,
            seeds: r.get(11)?,
            created_by: r.get(12)?,
            created_at: r.get(13)?,
            updated_at: r.get(14)?,
            simulated: r.get(15)?,
            scope,
        })
    }
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Case>> {
    tx.one(BY_ID, params![id])
}

/// What a list of cases is asked for.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct CaseQuery {
    /// part of title or number
    pub q: Option<String>,
    pub state: Option<String>,
    /// days, China's time
    pub created_from: Option<String>,
    pub created_to: Option<String>,
    /// no, created_at, title; `-` before it for the last first; newest first by default
    pub sort: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

const LIST: &str = "SELECT c.id, c.number, c.title, c.reason, c.division, c.state, c.source, c.network, c.file_name,
        c.stations, c.deliveries, (SELECT count(*) FROM investigation_seeds s WHERE s.investigation = c.id),
        c.creator_name, c.created_at, c.updated_at, c.simulated, x.id, x.number, x.at, x.actor_name
    FROM investigations c LEFT JOIN investigation_scopes x ON x.id =
        (SELECT y.id FROM investigation_scopes y WHERE y.investigation = c.id ORDER BY y.at DESC, y.id DESC LIMIT 1)";
const COUNT: &str = "SELECT count(*) FROM investigations c";

pub fn list(tx: &mut Tx, scope: &Scope, query: &CaseQuery) -> Result<Page<Case>> {
    let like = query.q.as_deref().map(|q| format!("%{}%", trace::store::lists::escape_like(q.trim())));
    let day = |text: &Option<String>| -> Result<Option<Millis>> {
        let Some(text) = text.as_deref() else { return Ok(None) };
        let date: kit_base::PartialDate = text.parse()?;
        Ok(date.day().map(kit_base::clock::day_start))
    };
    let from = day(&query.created_from).map_err(|e| e.at("created_from"))?;
    let until = day(&query.created_to).map_err(|e| e.at("created_to"))?.map(|ms| ms + 86_400_000);
    let conditions = |select: &'static str| {
        let mut filter =
            scope.restrict(Filter::new(select), "c.division >= ? AND c.division < ?", "c.id = ? AND 1 = 0");
        if let Some(like) = &like {
            let both = [Param::Text(like), Param::Text(like)];
            filter = filter.and("c.title LIKE ? ESCAPE '!' OR c.number LIKE ? ESCAPE '!'", &both);
        }
        filter
            .and_some("c.state = ?", query.state.as_deref())
            .and_some("c.created_at >= ?", from)
            .and_some("c.created_at < ?", until)
    };
    let order = match query.sort.as_deref() {
        Some("no") => "ORDER BY c.number, c.id LIMIT ? OFFSET ?",
        Some("-no") => "ORDER BY c.number DESC, c.id DESC LIMIT ? OFFSET ?",
        Some("title") => "ORDER BY c.title, c.id LIMIT ? OFFSET ?",
        Some("-title") => "ORDER BY c.title DESC, c.id DESC LIMIT ? OFFSET ?",
        Some("created_at") => "ORDER BY c.created_at, c.id LIMIT ? OFFSET ?",
        _ => "ORDER BY c.created_at DESC, c.id DESC LIMIT ? OFFSET ?",
    };
    let (page, size) = paging(query.page, query.size);
    let total = tx.count(&conditions(COUNT))?;
    let items = tx.list(&conditions(LIST).then(order, &[Param::Int(size), Param::Int((page - 1) * size)]))?;
    Ok(Page { items, total, page, size })
}

/// Hashes of the files that cases and frozen scopes refer to.
pub fn files(tx: &mut Tx) -> Result<Vec<String>> {
    tx.all(FILES, &[])
}
