//! Pages of the tables of a picture: lots, businesses, moves; any column sorts, the unknown stands last.

use std::cmp::Ordering;
use std::collections::HashMap;

use kit_base::{Error, PartialDate, Result};
use kit_web::{Page, Scope, answer::paging};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::summary::{Place, Summary, Sums, county_name};
use super::{LotFact, OUTSIDE, PartyFact, Picture};

/// Which page of a table.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PageAsk {
    /// part of a product's, business's or batch's name
    pub q: Option<String>,
    /// only what is at, comes from or goes to this business
    pub party: Option<String>,
    /// a column of the table, `-` before it for the largest first; businesses and moves also by `score`, as marked
    pub sort: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// A lot of the picture.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct LotRow {
    pub no: i64,
    pub product: String,
    pub product_name: String,
    pub spec: String,
    pub producer: String,
    pub batch: String,
    pub made: String,
    pub expires: String,
    pub holder: String,
    pub holder_name: String,
    pub division: String,
    /// stock, transit
    pub state: String,
    /// kind of the event that made it, its date, and whose act it was
    pub kind: String,
    pub at: String,
    pub from: String,
    pub from_name: String,
    pub unit: String,
    /// base units; null unknown
    pub amount: Option<i64>,
    pub on_hand: Option<i64>,
    pub shipped: i64,
    pub sold: i64,
    pub lost: i64,
    pub destroyed: i64,
    pub unaccounted: Option<i64>,
    /// the case starts from it
    pub seed: bool,
}

/// A delivery from one business to another.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct MoveRow {
    /// number of the lot that went
    pub id: String,
    pub lot: i64,
    pub product: String,
    pub batch: String,
    pub from: String,
    pub from_name: String,
    pub to: String,
    pub to_name: String,
    pub departure: String,
    /// empty: not accepted yet, or unknown
    pub arrival: String,
    pub unit: String,
    pub amount: Option<i64>,
}

/// A business of the picture. Amounts in front are of the unit most of its lots have; `sums` has all.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Business {
    pub id: String,
    /// null where the business is not known here
    pub party: Option<String>,
    pub name: String,
    pub kind: String,
    pub division: String,
    pub division_name: String,
    /// degrees, WGS-84; not told of businesses outside the jurisdiction
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    /// lies outside the asker's jurisdiction
    pub outside: bool,
    pub lots: i64,
    pub seeds: i64,
    /// deliveries in and out
    pub into: i64,
    pub out: i64,
    pub unit: String,
    pub on_hand: Option<i64>,
    pub sold: Option<i64>,
    pub unaccounted: Option<i64>,
    pub sums: Vec<Sums>,
    pub simulated: bool,
}

fn text(date: Option<PartialDate>) -> String {
    date.map(|d| d.to_string()).unwrap_or_default()
}

impl LotRow {
    pub fn of(picture: &Picture, lot: &LotFact) -> Self {
        let product = &picture.products[lot.product as usize];
        let (holder, from) = (&picture.parties[lot.holder as usize], &picture.parties[lot.sender as usize]);
        Self {
            no: i64::from(lot.no),
            product: product.id.clone(),
            product_name: product.name.clone(),
            spec: product.spec.clone(),
            producer: product.producer.clone(),
            batch: picture.batches[lot.batch as usize].clone(),
            made: text(lot.made),
            expires: text(lot.expires),
            holder: holder.id.clone(),
            holder_name: holder.name.clone(),
            division: holder.division.clone(),
            state: if lot.transit { "transit" } else { "stock" }.to_owned(),
            kind: lot.kind.as_str().to_owned(),
            at: text(lot.at),
            from: from.id.clone(),
            from_name: from.name.clone(),
            unit: lot.unit.as_str().to_owned(),
            amount: lot.amount,
            on_hand: lot.on_hand,
            shipped: lot.gone.shipped,
            sold: lot.gone.sold,
            lost: lot.gone.lost,
            destroyed: lot.gone.destroyed,
            unaccounted: lot.unaccounted(),
            seed: picture.is_seed(lot.no),
        }
    }
}

impl MoveRow {
    pub fn of(picture: &Picture, lot: &LotFact) -> Self {
        let (from, to) = (&picture.parties[lot.sender as usize], &picture.parties[lot.holder as usize]);
        Self {
            id: super::delivery_id(lot),
            lot: i64::from(lot.no),
            product: picture.products[lot.product as usize].name.clone(),
            batch: picture.batches[lot.batch as usize].clone(),
            from: from.id.clone(),
            from_name: from.name.clone(),
            to: to.id.clone(),
            to_name: to.name.clone(),
            departure: text(lot.at),
            arrival: text(lot.arrival),
            unit: lot.unit.as_str().to_owned(),
            amount: lot.amount,
        }
    }
}

impl Business {
    /// As someone of this jurisdiction sees it.
    pub fn of(picture: &Picture, place: &Place, scope: &Scope) -> Self {
        let party = &picture.parties[place.party as usize];
        let known = !party.id.starts_with(OUTSIDE);
        let outside = !known || !scope.covers(&party.division, Some(&party.id));
        let main = place.sums.iter().max_by_key(|s| s.lots);
        Self {
            id: party.id.clone(),
            party: known.then(|| party.id.clone()),
            name: party.name.clone(),
            kind: party.kind.clone(),
            division: party.division.clone(),
            division_name: county_name(party.division.get(..6).unwrap_or(&party.division)),
            lon: party.lon.filter(|_| !outside),
            lat: party.lat.filter(|_| !outside),
            outside,
            lots: place.lots,
            seeds: place.seeds,
            into: place.into,
            out: place.out,
            unit: main.map_or("g", |s| s.unit.as_str()).to_owned(),
            on_hand: main.and_then(Sums::known_on_hand),
            sold: main.and_then(Sums::known_sold),
            unaccounted: main.and_then(Sums::known_unaccounted),
            sums: place.sums.clone(),
            simulated: party.simulated,
        }
    }
}

/// What a column holds, for sorting. `None` stands last whichever way.
#[derive(PartialEq, PartialOrd)]
enum Value<'a> {
    Number(i64),
    Score(f64),
    Text(&'a str),
    Date(PartialDate),
}

/// Scores by station or delivery; what is not in it has none (0).
pub type ScoreOf = HashMap<String, f64>;

impl PageAsk {
    /// Whether the order follows the outbreak scores.
    pub fn by_score(&self) -> bool {
        column(self) == "score"
    }
}

fn scored<'a>(scores: &ScoreOf, id: &str) -> Option<Value<'a>> {
    Some(Value::Score(scores.get(id).copied().unwrap_or(0.0)))
}

/// Sorts places in a list by a column and takes a page of them.
fn page_of<'a>(
    mut places: Vec<usize>,
    ask: &PageAsk,
    value: impl Fn(usize) -> Option<Value<'a>>,
) -> (Vec<usize>, i64, i64, i64) {
    let falling = ask.sort.as_deref().is_some_and(|s| s.starts_with('-'));
    if ask.sort.as_deref().is_some_and(|s| !s.is_empty()) {
        places.sort_by(|&a, &b| match (value(a), value(b)) {
            (Some(a), Some(b)) => {
                let order = a.partial_cmp(&b).unwrap_or(Ordering::Equal);
                if falling { order.reverse() } else { order }
            }
            (a, b) => b.is_some().cmp(&a.is_some()),
        });
    }
    let (page, size) = paging(ask.page, ask.size);
    let total = places.len() as i64;
    let from = ((page - 1) * size) as usize;
    (places.into_iter().skip(from).take(size as usize).collect(), total, page, size)
}

fn column(ask: &PageAsk) -> &str {
    ask.sort.as_deref().unwrap_or("").trim_start_matches('-')
}

fn unknown_column(ask: &PageAsk, columns: &[&str]) -> Result<()> {
    match column(ask) {
        "" => Ok(()),
        known if columns.contains(&known) => Ok(()),
        other => {
            let message = format!("不能按“{other}”排序，可用：{}", columns.join("、"));
            Err(Error::invalid("sort", "sort_unknown", message))
        }
    }
}

/// Which products and businesses a text names.
struct Wanted {
    products: Vec<bool>,
    parties: Vec<bool>,
    batches: Vec<bool>,
}

fn wanted(picture: &Picture, q: Option<&str>) -> Option<Wanted> {
    let q = q.map(|q| q.trim().to_lowercase()).filter(|q| !q.is_empty())?;
    let has = |text: &str| text.to_lowercase().contains(&q);
    Some(Wanted {
        products: picture.products.iter().map(|p| has(&p.name)).collect(),
        parties: picture.parties.iter().map(|p| has(&p.name) || has(&p.code)).collect(),
        batches: picture.batches.iter().map(|b| has(b)).collect(),
    })
}

/// Lots that a question names.
fn named(picture: &Picture, ask: &PageAsk, only_deliveries: bool) -> Vec<usize> {
    let wanted = wanted(picture, ask.q.as_deref());
    let at = |id: &str| picture.parties.iter().position(|p| p.id == id);
    let party =
        ask.party.as_deref().filter(|p| !p.is_empty()).map(|id| at(id).map_or(u32::MAX, |n| n as u32));
    let fits = |lot: &LotFact| {
        (!only_deliveries || lot.delivery)
            && party.is_none_or(|p| lot.holder == p || (lot.delivery && lot.sender == p))
            && wanted.as_ref().is_none_or(|w| {
                w.products[lot.product as usize]
                    || w.parties[lot.holder as usize]
                    || w.batches[lot.batch as usize]
                    || (only_deliveries && w.parties[lot.sender as usize])
            })
    };
    picture.lots.iter().enumerate().filter(|(_, lot)| fits(lot)).map(|(i, _)| i).collect()
}

/// A page of the lots. Errors: `sort_unknown`.
pub fn lots(picture: &Picture, ask: &PageAsk) -> Result<Page<LotRow>> {
    unknown_column(
        ask,
        &[
            "no",
            "product",
            "holder",
            "division",
            "batch",
            "made",
            "at",
            "amount",
            "on_hand",
            "sold",
            "unaccounted",
        ],
    )?;
    let party = |lot: &LotFact| &picture.parties[lot.holder as usize];
    let column = column(ask);
    let value = |i: usize| {
        let lot = &picture.lots[i];
        match column {
            "product" => Some(Value::Text(&picture.products[lot.product as usize].name)),
            "holder" => Some(Value::Text(&party(lot).name)),
            "division" => Some(Value::Text(&party(lot).division)),
            "batch" => Some(Value::Text(&picture.batches[lot.batch as usize])),
            "made" => lot.made.map(Value::Date),
            "at" => lot.at.map(Value::Date),
            "amount" => lot.amount.map(Value::Number),
            "on_hand" => lot.on_hand.map(Value::Number),
            "sold" => Some(Value::Number(lot.gone.sold)),
            "unaccounted" => lot.unaccounted().map(Value::Number),
            _ => Some(Value::Number(i64::from(lot.no))),
        }
    };
    let (places, total, page, size) = page_of(named(picture, ask, false), ask, value);
    let items = places.into_iter().map(|i| LotRow::of(picture, &picture.lots[i])).collect();
    Ok(Page { items, total, page, size })
}

/// A page of the deliveries. Errors: `sort_unknown`.
pub fn moves(picture: &Picture, scores: &ScoreOf, ask: &PageAsk) -> Result<Page<MoveRow>> {
    unknown_column(ask, &["lot", "product", "from", "to", "departure", "arrival", "amount", "score"])?;
    let name = |party: u32| Some(Value::Text(&picture.parties[party as usize].name));
    let column = column(ask);
    let value = |i: usize| {
        let lot = &picture.lots[i];
        match column {
            "product" => Some(Value::Text(&picture.products[lot.product as usize].name)),
            "from" => name(lot.sender),
            "to" => name(lot.holder),
            "departure" => lot.at.map(Value::Date),
            "arrival" => lot.arrival.map(Value::Date),
            "amount" => lot.amount.map(Value::Number),
            "score" => scored(scores, &super::delivery_id(lot)),
            _ => Some(Value::Number(i64::from(lot.no))),
        }
    };
    let (places, total, page, size) = page_of(named(picture, ask, true), ask, value);
    let items = places.into_iter().map(|i| MoveRow::of(picture, &picture.lots[i])).collect();
    Ok(Page { items, total, page, size })
}

/// A page of the businesses, most lots first where nothing else is said. Errors: `sort_unknown`.
pub fn businesses(
    picture: &Picture,
    summary: &Summary,
    scores: &ScoreOf,
    scope: &Scope,
    ask: &PageAsk,
) -> Result<Page<Business>> {
    unknown_column(
        ask,
        &["name", "kind", "division", "lots", "into", "out", "on_hand", "sold", "unaccounted", "score"],
    )?;
    let wanted = wanted(picture, ask.q.as_deref());
    let party = |place: &Place| -> &PartyFact { &picture.parties[place.party as usize] };
    let fits = |place: &Place| {
        wanted.as_ref().is_none_or(|w| w.parties[place.party as usize])
            && ask.party.as_deref().is_none_or(|id| id.is_empty() || party(place).id == id)
    };
    let places: Vec<usize> = (0..summary.places.len()).filter(|&i| fits(&summary.places[i])).collect();
    let column = column(ask);
    let value = |i: usize| {
        let place = &summary.places[i];
        let main = place.sums.iter().max_by_key(|s| s.lots);
        match column {
            "name" => Some(Value::Text(&party(place).name)),
            "kind" => Some(Value::Text(&party(place).kind)),
            "division" => Some(Value::Text(&party(place).division)),
            "into" => Some(Value::Number(place.into)),
            "out" => Some(Value::Number(place.out)),
            "on_hand" => main.and_then(Sums::known_on_hand).map(Value::Number),
            "sold" => main.and_then(Sums::known_sold).map(Value::Number),
            "unaccounted" => main.and_then(Sums::known_unaccounted).map(Value::Number),
            "score" => scored(scores, &party(place).id),
            _ => Some(Value::Number(place.lots)),
        }
    };
    let (places, total, page, size) = page_of(places, ask, value);
    let items = places.into_iter().map(|i| Business::of(picture, &summary.places[i], scope)).collect();
    Ok(Page { items, total, page, size })
}
