//! The data of the room: matters and forms, read once; the lists that forms choose from.

use std::sync::OnceLock;

use kit_base::{Error, Result};

use crate::model::forms::Form;
use crate::model::matters::Matter;

const MATTERS: &str = include_str!("../../../../data/licensing/matters.json");
const FORMS: &[&str] = &[
    include_str!("../../../../data/forms/food_production.json"),
    include_str!("../../../../data/forms/food_business.json"),
    include_str!("../../../../data/forms/prepacked.json"),
    include_str!("../../../../data/forms/cold_store.json"),
    include_str!("../../../../data/forms/rural_cook.json"),
    include_str!("../../../../data/forms/local_maker.json"),
    include_str!("../../../../data/forms/local_eatery.json"),
    include_str!("../../../../data/forms/local_shop.json"),
    include_str!("../../../../data/forms/local_stall.json"),
];

struct Data {
    matters: Vec<Matter>,
    forms: Vec<Form>,
}

fn data() -> &'static Data {
    static DATA: OnceLock<Data> = OnceLock::new();
    // both are compiled in, and a test reads them
    DATA.get_or_init(|| Data {
        matters: serde_json::from_str(MATTERS).unwrap_or_else(|e| unreachable!("matters.json: {e}")),
        forms: FORMS
            .iter()
            .map(|text| serde_json::from_str(text).unwrap_or_else(|e| unreachable!("a form: {e}")))
            .collect(),
    })
}

pub fn matters() -> &'static [Matter] {
    &data().matters
}

pub fn forms() -> &'static [Form] {
    &data().forms
}

/// Errors: `matter_unknown`.
pub fn matter(code: &str) -> Result<&'static Matter> {
    let found = matters().iter().find(|m| m.code == code);
    found.ok_or_else(|| Error::invalid("matter", "matter_unknown", "没有这个办理事项，请从列表中选择"))
}

/// A form by code; the version that is filled in today.
///
/// Errors: `form_unknown`.
pub fn form(code: &str) -> Result<&'static Form> {
    let found = forms().iter().filter(|f| f.code == code).max_by_key(|f| f.version);
    found.ok_or_else(|| Error::invalid("form", "form_unknown", "没有这种申请表"))
}

/// A version of a form. Errors: `form_version`.
pub fn form_version(code: &str, version: i64) -> Result<&'static Form> {
    let found = forms().iter().find(|f| f.code == code && f.version == version);
    found.ok_or_else(|| Error::invalid("version", "form_version", "申请表已更新，请按新表重新核对后提交"))
}

/// Codes and names of a list that forms choose from; empty for a name that is none.
pub fn list(name: &str) -> Vec<(String, String)> {
    let known = parties::reference::get();
    let class = |code: &str| known.categories.iter().find(|c| c.code == code).map_or("", |c| c.name);
    match name {
        "trade_items" => {
            known.trade_items.iter().map(|i| (i.code.to_owned(), format!("{}：{}", i.part, i.name))).collect()
        }
        "food_classes" => {
            let food = |c: &&parties::reference::Category| {
                c.code.len() == 2 && c.code.bytes().all(|b| b.is_ascii_digit())
            };
            known.categories.iter().filter(food).map(|c| (c.code.to_owned(), c.name.to_owned())).collect()
        }
        "sc_classes" => {
            // 1 food and its class, 2 additives: 01 additives, 02 flavourings, 03 blends
            let food = (1..=31).map(|n| (format!("1{n:02}"), class(&format!("{n:02}")).to_owned()));
            let additive = [("201", "食品添加剂"), ("202", "食品用香精"), ("203", "复配食品添加剂")];
            food.chain(additive.map(|(c, n)| (c.to_owned(), n.to_owned()))).collect()
        }
        _ => Vec::new(),
    }
}
