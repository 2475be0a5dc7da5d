//! One function a use case.

mod bring_in;
pub(crate) mod divisions;
pub mod licences;
mod look;
pub mod members;
mod merge;
mod write;

pub use bring_in::{Brought, Existing, Incoming, Program, Source, bring_in, take_in};
pub use divisions::{DivisionPlan, MovedFn, MovedFns, PlannedChange};
pub use look::{Card, CardLicence, Dossier, Section, SectionFn, SectionLine, Sections, card, dossier};
pub(crate) use look::{EXPIRING_DAYS, kind_name, standing};
pub use merge::{Merge, MergePreview, Merging, MergingFns, merge, preview_merge, undo_merge};
pub use write::{Written, add_site, close_site, create, set_status, update};

use kit_base::codes::platform;
use kit_base::{Error, Ids, Kind, Millis, Result};
use kit_db::Tx;

use crate::model::{Licence, NewLicence, NewParty, NewPerson, Party, Person, Status};
use crate::store::{self, Whole};

/// The refusal where a business is not there or not the asker's to see.
pub(crate) fn missing() -> Error {
    Error::not_found("没有这个主体，或不在您的辖区内")
}

/// A new business out of a checked input.
fn made(ids: &Ids, now: Millis, seq: i64, origin: &str, simulated: bool, new: NewParty) -> Whole {
    let id = ids.next(now);
    let at = new.position.map(|p| p.wgs84());
    let licences = new.licences.into_iter().map(|l| licence(ids, now, l)).collect();
    let people = new.people.into_iter().flatten().map(|p| person(ids, now, p)).collect();
    let party = Party {
        id,
        seq,
        code: platform::new(platform::Kind::Business, ids),
        name: new.name,
        uscc: new.uscc,
        kind: new.kind,
        division: new.division,
        address: new.address,
        lon: at.map(|p| p.lon),
        lat: at.map(|p| p.lat),
        datum: new.position.map(|p| p.datum.as_str().to_owned()),
        accuracy: new.position.and_then(|p| p.accuracy),
        status: Status::Active,
        items: new.items,
        note: new.note,
        origin: origin.to_owned(),
        simulated,
        created_at: now,
        updated_at: now,
        merged_into: None,
    };
    Whole { party, licences, people }
}

/// A business as an update leaves it. People stay where the input leaves them out.
fn changed(ids: &Ids, now: Millis, seq: i64, old: Party, people: Vec<Person>, new: NewParty) -> Whole {
    let at = new.position.map(|p| p.wgs84());
    let licences = new.licences.into_iter().map(|l| licence(ids, now, l)).collect();
    let people = match new.people {
        Some(people) => people.into_iter().map(|p| person(ids, now, p)).collect(),
        None => people,
    };
    let party = Party {
        seq,
        name: new.name,
        uscc: new.uscc,
        kind: new.kind,
        division: new.division,
        address: new.address,
        lon: at.map(|p| p.lon),
        lat: at.map(|p| p.lat),
        datum: new.position.map(|p| p.datum.as_str().to_owned()),
        accuracy: new.position.and_then(|p| p.accuracy),
        items: new.items,
        note: new.note,
        updated_at: now,
        ..old
    };
    Whole { party, licences, people }
}

fn licence(ids: &Ids, now: Millis, l: NewLicence) -> Licence {
    let NewLicence { kind, number, issued, expires, issuer } = l;
    Licence { id: ids.next(now), kind, number, issued, expires, issuer }
}

fn person(ids: &Ids, now: Millis, p: NewPerson) -> Person {
    Person { id: ids.next(now), role: p.role, name: p.name, phone: p.phone }
}

/// The business that an input would double: of the same credit code, or, where one of the two has none, of the same name
/// and address in the same county.
pub(crate) fn twin(tx: &mut Tx, new: &NewParty) -> Result<Option<(Party, Twin)>> {
    if let Some(uscc) = &new.uscc
        && let Some(party) = store::by_uscc(tx, uscc)?
    {
        return Ok(Some((party, Twin::Uscc)));
    }
    let same = store::by_name_address(tx, &new.name, &new.address)?
        .into_iter()
        .find(|p| p.division.get(..6) == new.division.get(..6) && (p.uscc.is_none() || new.uscc.is_none()));
    Ok(same.map(|p| (p, Twin::NameAddress)))
}

/// By what two inputs are the same business.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Twin {
    Uscc,
    NameAddress,
}

impl Twin {
    /// The refusal of a second registration; says which business is there.
    pub(crate) fn refusal(self, there: &Party) -> Error {
        let (code, field, by) = match self {
            Self::Uscc => ("uscc_exists", "uscc", "同一统一社会信用代码"),
            Self::NameAddress => ("name_address_exists", "name", "同一名称和地址"),
        };
        let text = format!("{by}的主体“{}”已登记（主体码 {}），请改为更新该主体", there.name, there.code);
        Error::new(Kind::Conflict, code, text).at(field)
    }
}
