//! Reads the files and puts their rows together; a fault in them is ours and names file and row.

use std::collections::BTreeMap;

use kit_base::{Error, Result, Unit};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{
    Buyer, Catalogue, Channel, Class, ClassNo, County, Good, GoodNo, Profile, Rates, Recipe, RoleRow, Trade,
    TradeNo, Words,
};
use crate::life::{Fault, Told};
use crate::model::Role;

macro_rules! embedded {
    ($file:literal) => {
        ($file, include_str!(concat!("../../../../data/simulator/", $file)))
    };
}

/// The names of the profiles, in the order of the file.
pub fn profile_names() -> Result<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    for row in rows::<ProfileRow>(embedded!("profiles.csv"))? {
        if !names.contains(&row.profile) {
            names.push(row.profile);
        }
    }
    Ok(names)
}

/// The profile of that name. Errors: `profile_unknown` on the field `profile`.
pub fn profile(name: &str) -> Result<Profile> {
    let mut texts = BTreeMap::new();
    for row in rows::<ProfileRow>(embedded!("profiles.csv"))? {
        if row.profile == name {
            texts.insert(row.key, row.value);
        }
    }
    if texts.is_empty() {
        let known = profile_names()?.join("、");
        let message = format!("没有名为“{name}”的模拟方案，可用：{known}");
        return Err(Error::invalid("profile", "profile_unknown", message));
    }
    let mut text = |key: &str| {
        texts
            .remove(key)
            .ok_or_else(|| Error::internal(format!("data/simulator/profiles.csv: {name} has no row {key}")))
    };
    let start = text("start")?;
    let profile = Profile {
        name: name.to_owned(),
        title: text("title")?,
        start: start.parse().map_err(|e| Error::internal(format!("profiles.csv: start {start}: {e}")))?,
        gtin_prefix: text("gtin_prefix")?,
        phone: text("phone")?,
        counties: rows::<County>(embedded!("counties.csv"))?
            .into_iter()
            .filter(|county| county.profile == name)
            .collect(),
        numbers: BTreeMap::new(),
    };
    let mut numbers = BTreeMap::new();
    for (key, value) in texts {
        let number = value.parse().map_err(|_| Error::internal(format!("profiles.csv: {key} is {value}")))?;
        numbers.insert(key, number);
    }
    Ok(Profile { numbers, ..profile })
}

/// Reads goods, recipes, trades and the rest; a fault in the files is ours and names file and row.
pub fn catalogue() -> Result<Catalogue> {
    let classes: Vec<Class> = rows(embedded!("classes.csv"))?;
    let trade_rows: Vec<TradeRow> = rows(embedded!("trades.csv"))?;
    let mut goods = Vec::new();
    for row in rows::<GoodRow>(embedded!("goods.csv"))? {
        goods.push(good(row, &classes, &trade_rows)?);
    }
    for row in rows::<RecipeRow>(embedded!("recipes.csv"))? {
        add_ingredient(&mut goods, &row)?;
    }
    let trades = trade_rows
        .into_iter()
        .enumerate()
        .map(|(no, row)| trade(no as TradeNo, row, &goods))
        .collect::<Result<Vec<_>>>()?;
    Ok(Catalogue {
        channels: rows::<ChannelRow>(embedded!("channels.csv"))?
            .into_iter()
            .map(|row| channel(row, &classes))
            .collect::<Result<Vec<_>>>()?,
        roles: roles(rows(embedded!("roles.csv"))?)?,
        incidents: rows(embedded!("incidents.csv"))?,
        rates: rates(rows(embedded!("rates.csv"))?)?,
        words: Words {
            lists: rows::<WordsRow>(embedded!("words.csv"))?
                .into_iter()
                .map(|row| (row.kind, split(&row.words)))
                .collect(),
        },
        goods,
        trades,
        classes,
    })
}

#[derive(Deserialize)]
struct ProfileRow {
    profile: String,
    key: String,
    value: String,
}

#[derive(Deserialize)]
struct GoodRow {
    code: String,
    name: String,
    class: String,
    category: String,
    unit: String,
    shelf_days: u32,
    months: String,
    offseason: String,
    trade: String,
    lot: i64,
    line: i64,
    pack_size: Option<i64>,
    pack: String,
    kinds: String,
}

#[derive(Deserialize)]
struct RecipeRow {
    product: String,
    kind: String,
    yield_amount: i64,
    input: String,
    amount: i64,
}

#[derive(Deserialize)]
struct TradeRow {
    trade: String,
    role: String,
    share: u32,
    category: String,
    form: String,
    closed_months: String,
    suffixes: String,
}

#[derive(Deserialize)]
struct RoleRowText {
    role: String,
    text: String,
    lines_weight: u32,
    order_days: u32,
    sell_days: u32,
    monday: u32,
    tuesday: u32,
    wednesday: u32,
    thursday: u32,
    friday: u32,
    saturday: u32,
    sunday: u32,
}

#[derive(Deserialize)]
struct ChannelRow {
    buyer: String,
    class: String,
    supplier: String,
    weight: u32,
    contacts: u32,
    bulk: i64,
}

#[derive(Deserialize)]
struct RateRow {
    key: String,
    value: u32,
}

#[derive(Deserialize)]
struct WordsRow {
    kind: String,
    words: String,
}

fn rows<T: DeserializeOwned>((file, text): (&str, &str)) -> Result<Vec<T>> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<std::result::Result<_, _>>()
        .map_err(|e| fault(file, e))
}

/// How often what happens, by name.
pub type Figures = BTreeMap<String, u32>;

/// Figures and faults of the supervision of a city.
///
/// Errors: a fault of the files.
pub fn life() -> Result<(Figures, Vec<Fault>, Vec<Told>)> {
    let figures = rows::<RateRow>(embedded!("life.csv"))?;
    let figures = figures.into_iter().map(|row| (row.key, row.value)).collect();
    Ok((figures, rows(embedded!("faults.csv"))?, rows(embedded!("notes.csv"))?))
}

/// A missing rate is a fault of the file.
fn rates(rows: Vec<RateRow>) -> Result<Rates> {
    let map: serde_json::Map<_, _> = rows.into_iter().map(|row| (row.key, row.value.into())).collect();
    serde_json::from_value(map.into()).map_err(|e| fault("rates.csv", e))
}

fn fault(file: &str, what: impl std::fmt::Display) -> Error {
    Error::internal(format!("data/simulator/{file}: {what}"))
}

fn split(text: &str) -> Vec<String> {
    text.split('|').map(|word| word.trim().to_owned()).collect()
}

/// `1-4 9-12` as twelve flags.
fn months(text: &str) -> Option<[bool; 12]> {
    let mut flags = [false; 12];
    for part in text.split_whitespace() {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let (from, to): (usize, usize) = (from.parse().ok()?, to.parse().ok()?);
        flags.get_mut(from.checked_sub(1)?..to)?.fill(true);
    }
    Some(flags)
}

fn class_no(classes: &[Class], name: &str, file: &str) -> Result<ClassNo> {
    let at = classes.iter().position(|class| class.class == name);
    at.map(|no| no as ClassNo).ok_or_else(|| fault(file, format_args!("class {name} is not in classes.csv")))
}

fn role(name: &str, file: &str) -> Result<Role> {
    Role::parse(name).ok_or_else(|| fault(file, format_args!("role {name} is not known")))
}

fn good(row: GoodRow, classes: &[Class], trades: &[TradeRow]) -> Result<Good> {
    let wrong = |what: &str| fault("goods.csv", format_args!("{} of {}", what, row.code));
    let of_trades = row.trade.split('|').map(|name| {
        let at = trades.iter().position(|trade| trade.trade == name);
        at.map(|no| no as TradeNo).ok_or_else(|| wrong("trade"))
    });
    Ok(Good {
        class: class_no(classes, &row.class, "goods.csv")?,
        unit: Unit::parse(&row.unit).ok_or_else(|| wrong("unit"))?,
        months: months(&row.months).ok_or_else(|| wrong("months"))?,
        trades: of_trades.collect::<Result<_>>()?,
        store: row.offseason == "store",
        kinds: split(&row.kinds),
        recipe: None,
        code: row.code,
        name: row.name,
        category: row.category,
        shelf_days: row.shelf_days,
        lot: row.lot,
        line: row.line,
        pack_size: row.pack_size,
        pack: row.pack,
    })
}

fn add_ingredient(goods: &mut [Good], row: &RecipeRow) -> Result<()> {
    let find = |code: &str| {
        let at = goods.iter().position(|good| good.code == code);
        at.ok_or_else(|| fault("recipes.csv", format_args!("{code} is not in goods.csv")))
    };
    let (product, input) = (find(&row.product)?, find(&row.input)?);
    let recipe = goods[product].recipe.get_or_insert_with(|| Recipe {
        pack: row.kind == "pack",
        yields: row.yield_amount,
        inputs: Vec::new(),
    });
    if recipe.yields != row.yield_amount {
        return Err(fault("recipes.csv", format_args!("{} has two yields", row.product)));
    }
    recipe.inputs.push((input as GoodNo, row.amount));
    Ok(())
}

fn trade(no: TradeNo, row: TradeRow, goods: &[Good]) -> Result<Trade> {
    Ok(Trade {
        role: role(&row.role, "trades.csv")?,
        closed: months(&row.closed_months)
            .ok_or_else(|| fault("trades.csv", format_args!("closed_months of {}", row.trade)))?,
        suffixes: split(&row.suffixes),
        goods: (0..goods.len()).filter(|&g| goods[g].trades.contains(&no)).map(|g| g as GoodNo).collect(),
        code: row.trade,
        share: row.share,
        category: row.category,
        form: row.form,
    })
}

fn channel(row: ChannelRow, classes: &[Class]) -> Result<Channel> {
    let chained = row.buyer == "chain_shop";
    let buyer = if chained { Role::Shop } else { role(&row.buyer, "channels.csv")? };
    Ok(Channel {
        buyer: Buyer { role: buyer, chained },
        class: class_no(classes, &row.class, "channels.csv")?,
        supplier: role(&row.supplier, "channels.csv")?,
        weight: row.weight,
        contacts: row.contacts,
        bulk: row.bulk,
    })
}

fn roles(rows: Vec<RoleRowText>) -> Result<Vec<RoleRow>> {
    let find = |role: Role| rows.iter().find(|row| row.role == role.as_str());
    Role::ALL
        .into_iter()
        .map(|role| {
            let row =
                find(role).ok_or_else(|| fault("roles.csv", format_args!("no row {}", role.as_str())))?;
            Ok(RoleRow {
                text: row.text.clone(),
                lines_weight: row.lines_weight,
                order_days: row.order_days.max(1),
                sell_days: row.sell_days.max(1),
                week: [
                    row.monday,
                    row.tuesday,
                    row.wednesday,
                    row.thursday,
                    row.friday,
                    row.saturday,
                    row.sunday,
                ],
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_files_are_read_and_every_profile_has_its_figures() {
        let catalogue = catalogue().unwrap();
        assert!(catalogue.goods.iter().any(|good| good.recipe.is_some()));
        for name in profile_names().unwrap() {
            let profile = profile(&name).unwrap();
            assert!(!profile.counties.is_empty(), "{name} has counties");
            for role in Role::ALL {
                assert!(profile.number(role.as_str()).unwrap() > 0, "{name} {}", role.as_str());
            }
        }
        assert_eq!(profile("puyang").unwrap().number("shop").unwrap(), 16_000);
        assert_eq!(profile("atlantis").unwrap_err().code, "profile_unknown");
    }

    #[test]
    fn seasons_are_read_as_months() {
        let spring = months("1-3 12").unwrap();
        assert!(spring[0] && spring[2] && spring[11] && !spring[3]);
        assert!(months("0-3").is_none() && months("3-13").is_none());
    }
}
