//! What is shown of a business: the public card, the officer's dossier (全景画像).

use jiff::civil::Date;
use kit_base::clock::china_day;
use kit_base::{PartialDate, Result};
use kit_db::Tx;
use kit_web::Cx;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::divisions;
use crate::model::{Change, Licence, Party, Person, Site, Status};
use crate::reference::{self, Reference};
use crate::store;
use crate::store::merges::{self, Merged};

/// Days before its end at which a licence is called expiring.
pub(crate) const EXPIRING_DAYS: i32 = 60;
/// Changes that a dossier shows.
const SHOWN_CHANGES: i64 = 50;

/// What anybody may know of a business (regulations 3.5, 3.6); no persons.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Card {
    pub code: String,
    pub name: String,
    pub uscc: Option<String>,
    pub kind: String,
    pub kind_name: String,
    pub division_name: String,
    pub address: String,
    pub status: Status,
    pub status_name: String,
    pub licences: Vec<CardLicence>,
    pub simulated: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct CardLicence {
    pub kind_name: String,
    pub number: String,
    pub expires: String,
    pub issuer: String,
    /// valid, expiring, expired, unknown
    pub state: String,
}

/// A licence and how it stands today.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct HeldLicence {
    #[serde(flatten)]
    pub licence: Licence,
    pub kind_name: String,
    /// valid, expiring, expired, unknown
    pub state: String,
}

/// A part of the dossier that another room brings: lines of label, value and the list behind it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Section {
    pub code: String,
    pub title: String,
    pub lines: Vec<SectionLine>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct SectionLine {
    pub label: String,
    pub value: String,
    /// Path in the console; empty where there is no list behind the value.
    pub link: String,
}

/// Answers a section for a business, or nothing where there is nothing to tell the asker.
pub type SectionFn = fn(&mut Tx, &Cx, &Party) -> Result<Option<Section>>;

/// The sections that rooms above this one bring; the server puts it into the house.
#[derive(Default)]
pub struct Sections(pub Vec<SectionFn>);

/// All that is known of a business, as an officer sees it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Dossier {
    pub party: Party,
    pub kind_name: String,
    pub division_name: String,
    pub status_name: String,
    pub item_names: Vec<String>,
    /// What the QR code of this business says.
    pub url: String,
    pub licences: Vec<HeldLicence>,
    /// Masked.
    pub people: Vec<Person>,
    pub sites: Vec<Site>,
    /// Newest first, at most 50.
    pub changes: Vec<Change>,
    pub sections: Vec<Section>,
    /// Where this record was merged into another: how, and that other's code and name.
    pub merged: Option<MergedInto>,
    /// Codes and names of records that were merged into this one; they resolve to it.
    pub merged_from: Vec<OldRecord>,
}

/// A merge as the dossier of the duplicate tells it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct MergedInto {
    #[serde(flatten)]
    pub merge: Merged,
    pub survivor_name: String,
    pub survivor_code: String,
}

/// A record that stands no more.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct OldRecord {
    pub id: String,
    pub code: String,
    pub name: String,
}

/// The public card of a business.
pub fn card(tx: &mut Tx, reference: &Reference, party: Party, today: Date) -> Result<Card> {
    let licences = store::licences(tx, &party.id)?
        .into_iter()
        .map(|l| held(l, today))
        .map(|h| CardLicence {
            kind_name: h.kind_name,
            number: h.licence.number,
            expires: h.licence.expires,
            issuer: h.licence.issuer,
            state: h.state,
        })
        .collect();
    Ok(Card {
        kind_name: kind_name(&party.kind),
        division_name: reference.full_name(&party.division),
        status_name: party.status.name().to_owned(),
        licences,
        code: party.code,
        name: party.name,
        uscc: party.uscc,
        kind: party.kind,
        address: party.address,
        status: party.status,
        simulated: party.simulated,
    })
}

/// The dossier of a business that the asker may see.
pub fn dossier(tx: &mut Tx, cx: &Cx, party: Party) -> Result<Dossier> {
    let today = china_day(cx.now());
    let reference = divisions::today(&cx.house);
    let merged = match merges::standing(tx, &party.id)? {
        Some(merge) => store::by_id(tx, &merge.survivor)?.map(|s| MergedInto {
            merge,
            survivor_name: s.name,
            survivor_code: s.code,
        }),
        None => None,
    };
    let from = merges::merged_into(tx, &party.id)?;
    let merged_from = store::by_ids(tx, &from)?;
    let merged_from =
        merged_from.into_iter().map(|p| OldRecord { id: p.id, code: p.code, name: p.name }).collect();
    let mut sections = Vec::new();
    if let Some(all) = cx.house.try_held::<Sections>() {
        for section in &all.0 {
            sections.extend(section(tx, cx, &party)?);
        }
    }
    Ok(Dossier {
        kind_name: kind_name(&party.kind),
        division_name: reference.full_name(&party.division),
        status_name: party.status.name().to_owned(),
        item_names: party
            .items
            .iter()
            .map(|c| reference.trade_item(c).map_or_else(|| c.clone(), |i| i.name.to_owned()))
            .collect(),
        url: format!("{}/t/{}", cx.house.public_url, party.code),
        licences: store::licences(tx, &party.id)?.into_iter().map(|l| held(l, today)).collect(),
        people: store::people(tx, &party.id)?.into_iter().map(Person::masked).collect(),
        sites: store::sites(tx, &party.id)?,
        changes: store::changes(tx, &party.id, SHOWN_CHANGES)?,
        sections,
        merged,
        merged_from,
        party,
    })
}

pub(crate) fn kind_name(code: &str) -> String {
    reference::get().business_kind(code).map_or_else(|| code.to_owned(), |k| k.name.to_owned())
}

fn held(licence: Licence, today: Date) -> HeldLicence {
    let kind_name = kit_base::codes::licence::Kind::parse(&licence.kind).map_or("", |k| k.name()).to_owned();
    let state = standing(&licence.expires, today).to_owned();
    HeldLicence { licence, kind_name, state }
}

/// How a licence stands: a day that is only partly known counts to its end.
pub(crate) fn standing(expires: &str, today: Date) -> &'static str {
    let Ok(expires) = expires.parse::<PartialDate>() else { return "unknown" };
    if PartialDate::full(today).surely_after(expires) {
        return "expired";
    }
    let soon = today.checked_add(jiff::Span::new().days(EXPIRING_DAYS)).unwrap_or(today);
    if PartialDate::full(soon).surely_after(expires) { "expiring" } else { "valid" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_stand_as_their_dates_say() {
        let today = jiff::civil::date(2026, 3, 1);
        let table = [
            ("2026-02-28", "expired"),
            ("2026-03-01", "expiring"),
            ("2026-04-20", "expiring"),
            ("2026-05-01", "valid"),
            ("2026-02", "expired"),
            ("2026-03", "expiring"),
            ("2026", "valid"),
            ("2025", "expired"),
            ("", "unknown"),
        ];
        for (expires, state) in table {
            assert_eq!(standing(expires, today), state, "{expires}");
        }
    }
}
