//! A list of businesses out, as XLSX or CSV.

use kit_base::{Error, Result};
use kit_jobs::{Kind, Running};
use kit_sheets::Reach;
use kit_sheets::out::{Export, Format};
use kit_web::{House, Scope};
use serde::{Deserialize, Serialize};

use crate::search::{Query, Search};
use crate::sheet;
use crate::store::{self, ListFilter};

pub const EXPORT: Kind<House> = Kind { name: "parties.export", run };

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExportInput {
    pub format: Format,
    /// Words to search for; empty for all of the filter.
    pub text: String,
    pub filter: ListFilter,
    pub reach: Reach,
    /// Where persons and telephone numbers are written whole: how far the asker's permission for that reaches.
    pub open: Option<Reach>,
    pub actor: String,
}

fn run(house: &House, job: &Running) -> Result<String> {
    let input: ExportInput = serde_json::from_str(&job.input).map_err(Error::internal)?;
    let scope = Scope::from(input.reach.clone());
    let open = input.open.clone().map(Scope::from);
    let known = crate::divisions::today(house);
    let reference = &*known;
    let mut out =
        Export::begin(house, input.format, sheet::SHEET, &input.actor, &sheet::headings(reference))?;
    let ids = found(house, &scope, &input);
    let total = match &ids {
        Some(ids) => ids.len() as u64,
        None => {
            let (filter, scope) = (input.filter.clone(), scope.clone());
            house.db.read_blocking(|tx| store::list(tx, &scope, &filter, 1, 1))?.1.unsigned_abs()
        }
    };
    for part in parts(house, &scope, &input, ids)? {
        // a part is read in one go, so that a slow disk does not hold a snapshot for long
        let wholes = house.db.read_blocking(|tx| {
            let mut out = Vec::with_capacity(part.len());
            for party in store::by_ids(tx, &part)? {
                let (licences, people) = (store::licences(tx, &party.id)?, store::people(tx, &party.id)?);
                out.push((party, licences, people));
            }
            Ok(out)
        })?;
        for (party, licences, people) in &wholes {
            let open = open.as_ref().is_some_and(|s| s.covers(&party.division, Some(&party.id)));
            out.row(sheet::row(reference, party, licences, people, open))?;
        }
        job.progress(out.rows(), Some(total), "正在导出")?;
    }
    out.end()
}

/// The ids that a search finds; `None` where nothing is searched for.
fn found(house: &House, scope: &Scope, input: &ExportInput) -> Option<Vec<String>> {
    let Scope::Divisions(jurisdiction) = scope else { return None };
    if input.text.trim().is_empty() {
        return None;
    }
    let query = Query {
        text: input.text.clone(),
        jurisdiction: jurisdiction.clone(),
        division: input.filter.division.clone(),
        kinds: input.filter.kinds.clone(),
        statuses: input.filter.statuses.clone(),
        take: usize::MAX,
        ..Query::default()
    };
    Some(house.held::<Search>().find(&query).ids)
}

/// All ids in parts of a thousand: 36 bytes a business are all that is held.
fn parts(
    house: &House,
    scope: &Scope,
    input: &ExportInput,
    ids: Option<Vec<String>>,
) -> Result<Vec<Vec<String>>> {
    let ids = match ids {
        Some(ids) => ids,
        None => house.db.read_blocking(|tx| store::list_ids(tx, scope, &input.filter))?,
    };
    Ok(ids.chunks(1_000).map(<[String]>::to_vec).collect())
}
