//! 主体: food businesses, their licences, people and places, the platform code of each, and the search over all of them.
//!
//! Owns: parties, party_licences, party_people, party_sites, party_changes, party_counter, party_merges, party_members,
//! division_changes; the reference data of data/ ([`reference`]) with what changed since ([`divisions`]); the search index ([`search`]), which the server holds in the house ([`open`]).
//! Invariants:
//! - a business has one platform code for ever, and a credit code belongs to one business;
//! - every write takes the next change number (`seq`), under a lock that makes the numbers commit in order; search is fed
//!   by it after the commit and rebuilt from the table at start;
//! - places are stored in WGS-84 with the datum and accuracy of their source;
//! - persons and telephone numbers are masked everywhere but on one audited route;
//! - nothing is deleted: a business is closed, a place is ended, and `party_changes` tells what was before.

mod actions;
mod api;
pub mod asked;
pub mod divisions;
mod jobs;
pub mod model;
pub mod narrow;
pub mod reference;
mod rules;
pub mod search;
mod sheet;
pub mod store;

use std::collections::HashMap;
use std::sync::Arc;

use kit_base::codes::platform;
use kit_base::{Error, Result};
use kit_db::{Db, Schema, Tx};
use kit_web::{Permission, Room, Scope};

pub use actions::licences::{drop_licence, put_licence};
pub use actions::{Card, CardLicence, Program, Section, SectionFn, SectionLine, Sections, bring_in, card};
pub use actions::{DivisionPlan, MovedFn, MovedFns, PlannedChange};
pub use actions::{Merge, MergePreview, Merging, MergingFns};
pub use divisions::{DivisionChange, Divisions};
pub use model::members::{Membership, NewMember};
pub use model::{NewLicence, NewParty, NewPerson, NewSite, Party, Position, Status};
pub use search::Search;

pub const SCHEMA: Schema = Schema {
    room: "parties",
    files: &[
        ("0001_parties", include_str!("../migrations/0001_parties.sql")),
        ("0002_merges", include_str!("../migrations/0002_merges.sql")),
        ("0003_divisions", include_str!("../migrations/0003_divisions.sql")),
        ("0004_members", include_str!("../migrations/0004_members.sql")),
    ],
};

const REGULATORS: &[&str] = &["leader", "officer", "investigator"];

pub const PERMISSIONS: &[Permission] = &[
    Permission {
        code: "parties.read",
        name: "查看主体",
        roles: &["leader", "officer", "investigator", "business_owner", "business_clerk"],
    },
    Permission {
        code: "parties.lookup",
        name: "查找往来主体",
        // administrators give people their business; what is found is the public card
        roles: &[
            "leader",
            "officer",
            "investigator",
            "business_owner",
            "business_clerk",
            "system_admin",
            "security_admin",
        ],
    },
    Permission { code: "parties.register", name: "登记主体和变更状态", roles: &["officer"] },
    Permission { code: "parties.write", name: "修改主体", roles: &["officer", "business_owner"] },
    Permission { code: "parties.import", name: "导入主体", roles: &["officer"] },
    Permission {
        code: "parties.members",
        name: "查看市场、连锁、平台的成员",
        roles: &["leader", "officer", "investigator", "business_owner", "business_clerk"],
    },
    Permission {
        code: "parties.members_write",
        name: "登记、申报、结束成员关系",
        roles: &["officer", "business_owner"],
    },
    Permission { code: "parties.divisions", name: "导入区划变更", roles: &["system_admin"] },
    Permission { code: "parties.export", name: "导出主体", roles: REGULATORS },
    Permission {
        code: "parties.personal",
        name: "查看人员姓名和电话",
        roles: &["officer", "investigator", "business_owner"],
    },
];

pub const ROOM: Room = Room {
    name: "parties",
    schema: SCHEMA,
    statements: &[
        store::STATEMENTS,
        store::merges::STATEMENTS,
        store::members::STATEMENTS,
        store::divisions::STATEMENTS,
        store::facts::STATEMENTS,
    ],
    permissions: PERMISSIONS,
    routes: api::routes,
    jobs: &[jobs::IMPORT, jobs::EXPORT, jobs::FOLLOW, jobs::members::IMPORT, jobs::members::EXPORT],
};

/// Builds the search over all businesses; the server puts it into the house.
pub fn open(db: &Db) -> Result<Arc<Search>> {
    let search = Arc::new(Search::new());
    db.read_blocking(|tx| search.catch_up(tx))?;
    Ok(search)
}

/// How a business stands by its risk grade: what the room that grades tells the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub party: String,
    /// A to D.
    pub grade: String,
    /// Visits a year that the rules ask for.
    pub least: i64,
    pub most: i64,
}

/// Hands over the standings below a division.
pub type EachStanding = fn(&mut Tx, &str, &mut dyn FnMut(Standing) -> Result<bool>) -> Result<()>;

/// Who knows the risk grades; the server puts it into the house. A house without it has no grades.
pub struct Grading {
    /// Of one business; `None` where it has none.
    pub of: fn(&mut Tx, &str) -> Result<Option<Standing>>,
    /// Of all below a division, until `each` answers `false`.
    pub each: EachStanding,
}

/// What other rooms need of a business.
#[derive(Debug, Clone)]
pub struct Brief {
    pub id: String,
    pub code: String,
    pub name: String,
    pub kind: String,
    pub division: String,
    pub address: String,
    /// Degrees, WGS-84.
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    /// active, suspended, closed, revoked
    pub status: String,
    pub simulated: bool,
}

impl From<Party> for Brief {
    fn from(p: Party) -> Self {
        Self {
            status: p.status.as_str().to_owned(),
            id: p.id,
            code: p.code,
            name: p.name,
            kind: p.kind,
            division: p.division,
            address: p.address,
            lon: p.lon,
            lat: p.lat,
            simulated: p.simulated,
        }
    }
}

/// Records that lead to another are followed so far; no chain of merges is longer.
const MERGES: usize = 16;

/// The record that stands for this one: itself, or the one that it was merged into.
fn standing(tx: &mut Tx, mut party: Party) -> Result<Party> {
    for _ in 0..MERGES {
        let Some(into) = party.merged_into.as_deref() else { break };
        match store::by_id(tx, into)? {
            Some(next) => party = next,
            None => break,
        }
    }
    Ok(party)
}

/// A business in brief; `None` where there is none. A record that was merged into another is answered with that other.
pub fn brief(tx: &mut Tx, id: &str) -> Result<Option<Brief>> {
    match store::by_id(tx, id)? {
        Some(party) => standing(tx, party).map(|p| Some(Brief::from(p))),
        None => Ok(None),
    }
}

/// All ids under which things of a business are recorded: its own, and those of records merged into it.
pub fn also(tx: &mut Tx, id: &str) -> Result<Vec<String>> {
    let mut ids = vec![id.to_owned()];
    let mut from = 0;
    while from < ids.len() && from < MERGES {
        let more = store::merges::merged_into(tx, &ids[from])?;
        ids.extend(more.into_iter().filter(|m| *m != id));
        from += 1;
    }
    Ok(ids)
}

/// The id of the record that stands for this one.
pub fn standing_id(tx: &mut Tx, id: &str) -> Result<String> {
    let mut id = id.to_owned();
    for _ in 0..MERGES {
        match store::merges::into(tx, &id)? {
            Some(next) => id = next,
            None => break,
        }
    }
    Ok(id)
}

/// Every record that was merged, with the one that stands for it.
pub fn merged(tx: &mut Tx) -> Result<HashMap<String, String>> {
    let direct: HashMap<String, String> = store::merges::all(tx)?.into_iter().collect();
    let last = |id: &String| {
        let mut at = id;
        for _ in 0..MERGES {
            match direct.get(at) {
                Some(next) => at = next,
                None => break,
            }
        }
        at.clone()
    };
    Ok(direct.keys().map(|id| (id.clone(), last(id))).collect())
}

/// A scope with the records that were merged into its businesses, or with the divisions that are no more and whose
/// places lie within it now.
pub fn whole_scope(tx: &mut Tx, known: &reference::Reference, scope: &Scope) -> Result<Scope> {
    let own = match scope {
        Scope::Businesses(own) => own,
        Scope::Divisions(prefixes) => {
            let mut all = prefixes.clone();
            all.extend(prefixes.iter().flat_map(|p| known.reach(p)));
            return Ok(Scope::Divisions(all));
        }
    };
    let mut ids = Vec::new();
    for id in own {
        ids.extend(also(tx, id)?);
    }
    Ok(Scope::Businesses(ids))
}

/// Businesses in brief by id, many at once; those that are not there are left out.
pub fn briefs(tx: &mut Tx, ids: &[String]) -> Result<HashMap<String, Brief>> {
    let mut out = HashMap::with_capacity(ids.len());
    for party in store::by_ids(tx, ids)? {
        let id = party.id.clone();
        out.insert(id, Brief::from(standing(tx, party)?));
    }
    Ok(out)
}

/// The business of a credit code, in plain form.
pub fn by_uscc(tx: &mut Tx, uscc: &str) -> Result<Option<Party>> {
    store::by_uscc(tx, uscc)?.map(|party| standing(tx, party)).transpose()
}

/// The business of a platform code as people scan or type it; `None` where nobody has it.
///
/// Errors: `code_form`, `code_character`, `code_check` where it is no code of this platform at all.
pub fn by_code(tx: &mut Tx, text: &str) -> Result<Option<Party>> {
    match platform::read(text) {
        Ok((platform::Kind::Business, code)) => {
            store::by_code(tx, &code)?.map(|party| standing(tx, party)).transpose()
        }
        Ok((platform::Kind::Trace, _)) => Ok(None),
        Err(finding) => Err(Error::invalid("code", finding.code, finding.message)),
    }
}

/// Members of a market, a chain or a platform on a day (`2026-03-01`): those that an officer entered or confirmed.
pub fn members_of(tx: &mut Tx, manager: &str, day: &str) -> Result<Vec<Membership>> {
    store::members::of_manager(tx, manager, day)
}

/// Ids of those who have members on a day, after one of them, at most so many.
pub fn managers(tx: &mut Tx, day: &str, after: &str, most: i64) -> Result<Vec<String>> {
    store::members::managers(tx, day, after, most)
}

/// Enters who belongs to whom, for programs. Errors: those of the route.
pub fn enter_member(
    tx: &mut Tx,
    ids: &kit_base::Ids,
    now: kit_base::Millis,
    by: &str,
    new: &NewMember,
) -> Result<String> {
    let writer = actions::members::Writer {
        name: by.to_owned(),
        scope: Scope::Divisions(vec![String::new()]),
        import: true,
    };
    actions::members::add(tx, ids, now, &writer, new).map(|m| m.id)
}

/// Takes a list of changed divisions in, for a command. See [`DivisionPlan`].
///
/// Errors: `divisions_refused` with the defects, and those of a file that is no sheet.
pub fn import_divisions(act: &mut kit_web::Act, file: &str, name: &str) -> Result<DivisionPlan> {
    actions::divisions::import(act, file, name)
}

/// What a list of changed divisions would do.
pub fn plan_divisions(act: &mut kit_web::Act, file: &str) -> Result<DivisionPlan> {
    actions::divisions::plan(act, file).map(|(plan, _)| plan)
}

/// Puts businesses that lie in divisions that are no more under those that came after; answers how many. A duty.
pub fn follow_divisions(house: &kit_web::House) -> Result<u64> {
    actions::divisions::follow(house, &mut |_| Ok(()))
}

/// Whether any business has a licence of this number.
pub fn licence_known(tx: &mut Tx, number: &str) -> Result<bool> {
    store::licence_holder(tx, number, "").map(|h| h.is_some())
}

/// Licences of a business, for pages of other rooms.
pub fn licences(tx: &mut Tx, party: &str) -> Result<Vec<model::Licence>> {
    store::licences(tx, party)
}

#[cfg(test)]
mod tests;
