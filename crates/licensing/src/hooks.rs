//! What this room adds to cases of its kinds.

use kit_base::Result;
use kit_flow::Case;
use kit_flow::Hooks;
use kit_flow::log::{Body, Entry};
use kit_flow::papers::Words;
use kit_web::Act;
use serde_json::{Map, Value, json};

use crate::actions::apply::named;
use crate::actions::{checks, course, visits};
use crate::rules::reference;
use crate::store::{licences, permits};

const fn of(kind: &'static str) -> Hooks {
    Hooks { before: course::before, after: course::after, ..Hooks::none(kind) }
}

pub const HOOKS: &[Hooks] = &[
    of("permit"),
    of("permit_filing"),
    Hooks { before: visits::before, after: check_after, ..Hooks::none("permit_check") },
];

fn check_after(act: &mut Act, case: &Case, _: &Entry, body: &Body) -> Result<()> {
    checks::after(act, case, body)
}

/// Templates of the documents of its kinds.
pub const DOCUMENTS: &[&str] = &[
    include_str!("../../../data/documents/permit.json"),
    include_str!("../../../data/documents/permit_filing.json"),
    include_str!("../../../data/documents/permit_check.json"),
];

/// What documents may name beside forms and the usual fields.
pub const WORDS: &[Words] = &[
    Words { kind: "permit", fields: permit_words, names: &["permit.what", "permit.received"] },
    Words { kind: "permit_filing", fields: permit_words, names: &["permit.what", "permit.received"] },
    Words { kind: "permit_check", fields: check_words, names: &["licence.matter", "licence.number"] },
];

fn permit_words(act: &mut Act, case: &Case) -> Result<Map<String, Value>> {
    let mut out = Map::new();
    if let Some(permit) = permits::by_id(act.tx, &case.id)?.map(named) {
        let what = format!("{}（{}）", permit.matter_name, permit.act_name);
        out.insert("permit.what".into(), json!(what));
        out.insert("permit.received".into(), json!(permit.received_at));
    }
    Ok(out)
}

fn check_words(act: &mut Act, case: &Case) -> Result<Map<String, Value>> {
    let mut out = Map::new();
    let Some(check) = licences::check(act.tx, &case.id)? else { return Ok(out) };
    if let Some(licence) = licences::by_id(act.tx, &check.licence)? {
        let matter = reference::matter(&licence.matter)?;
        out.insert("licence.matter".into(), json!(matter.name));
        out.insert("licence.number".into(), json!(licence.number));
    }
    Ok(out)
}
