//! Lists and counts.

use std::collections::HashMap;

use kit_base::Result;
use kit_db::{Filter, FromRow as _, Param, Tx, params};
use kit_web::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{COUNT_BY_KIND, COUNT_BY_STATUS};
use crate::model::{Licence, Party};

/// The columns of a [`Party`], in the order in which it is read.
const SELECT: &str = "SELECT p.id, p.seq, p.code, p.name, p.uscc, p.kind, p.division, p.address, p.lon, p.lat, p.datum, \
    p.accuracy, p.status, p.items, p.note, p.origin, p.simulated, p.created_at, p.updated_at, p.merged_into FROM parties p";

/// How a list is narrowed and sorted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ListFilter {
    pub kinds: Vec<String>,
    pub statuses: Vec<String>,
    pub division: Option<String>,
    /// With a licence that expires on or before this day (`2026-12-31`).
    pub expires_by: Option<String>,
    /// How a licence stands.
    #[serde(default)]
    pub licence: Option<LicenceFilter>,
    pub simulated: Option<bool>,
    pub sort: Sort,
}

/// With a licence whose last day lies so. A day that is only partly known counts to its end.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum LicenceFilter {
    /// Before this day.
    Before(String),
    /// On or between these days.
    Between(String, String),
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Newest change first.
    #[default]
    Updated,
    Created,
    Name,
    Division,
}

fn narrowed(select: &'static str, scope: &Scope, filter: &ListFilter) -> Filter {
    let each = |texts: &[String]| texts.iter().map(|t| vec![t.clone()]).collect::<Vec<_>>();
    let mut query = Filter::new(select);
    query = scope.restrict(query, "p.division >= ? AND p.division < ?", "p.id = ?");
    if let Some(prefix) = &filter.division {
        query = query.within("p.division >= ? AND p.division < ?", std::slice::from_ref(prefix));
    }
    if !filter.kinds.is_empty() {
        query = query.and_any("p.kind = ?", &each(&filter.kinds));
    }
    if !filter.statuses.is_empty() {
        query = query.and_any("p.status = ?", &each(&filter.statuses));
    }
    if let Some(day) = &filter.expires_by {
        let condition =
            "p.id IN (SELECT l.party FROM party_licences l WHERE l.expires <> '' AND l.expires <= ?)";
        query = query.and(condition, &[Param::Text(day)]);
    }
    query = match &filter.licence {
        None => query,
        Some(LicenceFilter::Before(day)) => query.and(
            "p.id IN (SELECT l.party FROM party_licences l
                WHERE l.expires <> '' AND l.expires < substr(?, 1, length(l.expires)))",
            &[Param::Text(day)],
        ),
        Some(LicenceFilter::Between(from, until)) => query.and(
            "p.id IN (SELECT l.party FROM party_licences l WHERE l.expires <> ''
                AND l.expires >= substr(?, 1, length(l.expires)) AND l.expires <= substr(?, 1, length(l.expires)))",
            &[Param::Text(from), Param::Text(until)],
        ),
    };
    query.and_some("p.simulated = ?", filter.simulated)
}

fn sorted(query: Filter, sort: Sort) -> Filter {
    // the id makes the order whole, so that pages do not overlap
    query.then(
        match sort {
            Sort::Updated => "ORDER BY p.seq DESC",
            Sort::Created => "ORDER BY p.id DESC",
            Sort::Name => "ORDER BY p.name, p.id",
            Sort::Division => "ORDER BY p.division, p.kind, p.id",
        },
        &[],
    )
}

/// One page of the businesses a person may see, and how many there are in all.
pub fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &ListFilter,
    page: i64,
    size: i64,
) -> Result<(Vec<Party>, i64)> {
    let total = tx.count(&narrowed("SELECT count(*) FROM parties p", scope, filter))?;
    let query = sorted(narrowed(SELECT, scope, filter), filter.sort);
    let query = query.then("LIMIT ? OFFSET ?", &[Param::Int(size), Param::Int((page - 1) * size)]);
    Ok((tx.list(&query)?, total))
}

/// The ids of a whole list, for an export.
pub fn list_ids(tx: &mut Tx, scope: &Scope, filter: &ListFilter) -> Result<Vec<String>> {
    tx.list(&sorted(narrowed("SELECT p.id FROM parties p", scope, filter), filter.sort))
}

/// Of each of these businesses, the licence that ends first; of those without an end, any. At most a page.
pub fn nearest_licences(tx: &mut Tx, parties: &[Party]) -> Result<HashMap<String, Licence>> {
    let ids: Vec<Vec<String>> = parties.iter().map(|p| vec![p.id.clone()]).collect();
    let select =
        "SELECT l.id, l.kind, l.number, l.issued, l.expires, l.issuer, l.party FROM party_licences l";
    let query = Filter::new(select).and_any("l.party = ?", &ids);
    // an empty end sorts first and is written over
    let query = query.then("ORDER BY l.expires DESC, l.number DESC", &[]);
    let mut ends: HashMap<String, Licence> = HashMap::new();
    tx.scan_list(&query, &mut |row| {
        let (licence, party) = (Licence::from_row(row)?, row.get::<String>(6)?);
        match ends.get(&party) {
            Some(_) if licence.expires.is_empty() => {}
            _ => drop(ends.insert(party, licence)),
        }
        Ok(true)
    })?;
    Ok(ends)
}

/// Codes and how many businesses have each.
pub type Counted = Vec<(String, i64)>;

/// Counts inside a division (by its prefix range): of every status, and the active ones by kind.
pub fn counts(tx: &mut Tx, range: &[String; 2]) -> Result<(Counted, Counted)> {
    let bounds = params![&range[0], &range[1]];
    Ok((tx.all(COUNT_BY_STATUS, bounds)?, tx.all(COUNT_BY_KIND, bounds)?))
}
