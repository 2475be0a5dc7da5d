//! Businesses in brief, many at once. For rooms that look at many.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row, Tx, params};
use serde::{Deserialize, Serialize};

kit_db::statements! {
    IDS_AFTER = "SELECT id FROM parties WHERE id > $1 ORDER BY id LIMIT $2";
    IDS_AFTER_IN = "SELECT id FROM parties WHERE id > $1 AND division >= $2 AND division < $3 ORDER BY id LIMIT $4";
    IDS_CHANGED = "SELECT id, seq FROM parties WHERE seq > $1 ORDER BY seq LIMIT $2";
    ACTIVE = "SELECT id, code, name, kind, division FROM parties
        WHERE division >= $1 AND division < $2 AND status = 'active' AND merged_into IS NULL";
    COUNTIES = "SELECT DISTINCT substr(division, 1, 6) FROM parties WHERE division >= $1 AND division < $2 ORDER BY 1";
    JOINED = "SELECT id, merged_into FROM parties WHERE merged_into >= $1 AND merged_into <= $2 ORDER BY id";
    PROFILES = "SELECT id, name, kind, division, items, status, merged_into, created_at, simulated FROM parties
        WHERE id >= $1 AND id <= $2 ORDER BY id";
    PROFILE_LICENCES = "SELECT party, expires FROM party_licences WHERE party >= $1 AND party <= $2 ORDER BY party, expires";
    PROFILE_STAFF = "SELECT party, count(*), sum(CASE WHEN role IN ('director', 'officer') THEN 1 ELSE 0 END)
        FROM party_people WHERE party >= $1 AND party <= $2 GROUP BY party ORDER BY party";
}

/// Records that are part of businesses whose ids lie between two, over any number of merges: (record, business).
pub fn joined(tx: &mut Tx, first: &str, last: &str) -> Result<Vec<(String, String)>> {
    let mut out: Vec<(String, String)> = tx.all(JOINED, params![first, last])?;
    let mut at = 0;
    while at < out.len() {
        let (part, whole) = out[at].clone();
        let below: Vec<(String, String)> = tx.all(JOINED, params![&part, &part])?;
        // a record of the same stretch was found already, under its own business
        for (id, _) in below {
            match out.iter_mut().find(|(known, _)| *known == id) {
                Some(known) => known.1.clone_from(&whole),
                None => out.push((id, whole.clone())),
            }
        }
        at += 1;
    }
    Ok(out)
}

/// What grading looks at of a business.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    pub id: String,
    pub name: String,
    pub kind: String,
    pub division: String,
    /// Codes of data/trade-items.csv.
    pub items: Vec<String>,
    /// active, suspended, closed, revoked
    pub status: String,
    /// It was not merged into another.
    pub standing: bool,
    pub created_at: Millis,
    pub simulated: bool,
    /// Last days of its licences, whole or partial; empty for one without an end.
    pub licences: Vec<String>,
    /// People on record: all, and those who look after food safety; `None` nobody is on record.
    pub staff: Option<i64>,
}

/// A business that is open, as plans and draws look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Active {
    pub id: String,
    /// Platform code.
    pub code: String,
    pub name: String,
    pub kind: String,
    pub division: String,
}

/// Hands over the open businesses below a division, in no order, until `each` answers `false`.
pub fn active(tx: &mut Tx, division: &str, each: &mut dyn FnMut(Active) -> Result<bool>) -> Result<()> {
    let [low, high] = kit_db::prefix_range(division);
    tx.scan(ACTIVE, params![&low, &high], &mut |r| {
        each(Active { id: r.get(0)?, code: r.get(1)?, name: r.get(2)?, kind: r.get(3)?, division: r.get(4)? })
    })
}

/// Counties (six digits) below a division that have businesses.
pub fn counties(tx: &mut Tx, division: &str) -> Result<Vec<String>> {
    let [low, high] = kit_db::prefix_range(division);
    tx.all(COUNTIES, params![&low, &high])
}

/// Ids of businesses after one, in their order.
pub fn ids_after(tx: &mut Tx, after: &str, most: i64) -> Result<Vec<String>> {
    tx.all(IDS_AFTER, params![after, most])
}

/// Ids below a division after one, in order.
pub fn ids_after_in(tx: &mut Tx, division: &str, after: &str, most: i64) -> Result<Vec<String>> {
    let [low, high] = kit_db::prefix_range(division);
    tx.all(IDS_AFTER_IN, params![after, &low, &high, most])
}

/// Ids and change numbers of businesses that changed after a number, in the order of the changes.
pub fn ids_changed(tx: &mut Tx, after: i64, most: i64) -> Result<Vec<(String, i64)>> {
    let mut out = Vec::new();
    tx.scan(IDS_CHANGED, params![after, most], &mut |r| {
        out.push((r.get(0)?, r.get(1)?));
        Ok(true)
    })?;
    Ok(out)
}

/// Profiles of all businesses from one id to another, in the order of their ids.
pub fn profiles(tx: &mut Tx, first: &str, last: &str) -> Result<Vec<Profile>> {
    let mut out: Vec<Profile> = Vec::new();
    tx.scan(PROFILES, params![first, last], &mut |r| {
        let items: String = r.get(4)?;
        out.push(Profile {
            id: r.get(0)?,
            name: r.get(1)?,
            kind: r.get(2)?,
            division: r.get(3)?,
            items: items.split(',').filter(|i| !i.is_empty()).map(str::to_owned).collect(),
            status: r.get(5)?,
            standing: r.get::<Option<String>>(6)?.is_none(),
            created_at: r.get(7)?,
            simulated: r.get(8)?,
            licences: Vec::new(),
            staff: None,
        });
        Ok(true)
    })?;
    let place = |out: &[Profile], id: &str| out.binary_search_by(|p| p.id.as_str().cmp(id)).ok();
    tx.scan(PROFILE_LICENCES, params![first, last], &mut |r| {
        if let Some(at) = place(&out, &r.get::<String>(0)?) {
            out[at].licences.push(r.get(1)?);
        }
        Ok(true)
    })?;
    tx.scan(PROFILE_STAFF, params![first, last], &mut |r| {
        if let Some(at) = place(&out, &r.get::<String>(0)?) {
            out[at].staff = Some(r.get(2)?);
        }
        Ok(true)
    })?;
    Ok(out)
}

/// A business in brief.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PartyFact {
    pub id: String,
    pub code: String,
    pub name: String,
    pub kind: String,
    pub division: String,
    pub address: String,
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    pub simulated: bool,
}

impl FromRow for PartyFact {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            code: r.get(1)?,
            name: r.get(2)?,
            kind: r.get(3)?,
            division: r.get(4)?,
            address: r.get(5)?,
            lon: r.get(6)?,
            lat: r.get(7)?,
            simulated: r.get(8)?,
        })
    }
}

const FACTS: &str = "SELECT id, code, name, kind, division, address, lon, lat, simulated FROM parties";

/// Businesses by id, in no order; unknown ones are left out. A record that was merged into another is that record.
pub fn parties(tx: &mut Tx, ids: &[String]) -> Result<Vec<PartyFact>> {
    tx.list_any(FACTS, "id = ?", ids)
}

/// (code, id) of business codes, in no order.
pub fn ids_of_codes(tx: &mut Tx, codes: &[String]) -> Result<Vec<(String, String)>> {
    tx.list_any("SELECT code, id FROM parties", "code = ?", codes)
}
