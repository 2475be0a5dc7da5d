//! 问题食品处置通知 and 核查清单.

use std::collections::BTreeMap;

use kit_base::amount::Shown;
use kit_base::error::{Error, Kind, Result};
use kit_base::{Amount, PartialDate, Unit};
use serde::Serialize;

use super::fonts::Fonts;
use super::world::render;
use super::zh_date;
use crate::qr::{Level, QUIET, Qr};

/// Lots in one document; a whole document is held in memory while it is set.
pub const MAX_LOTS: usize = 2_000;

/// Which of the two documents it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderKind {
    /// 问题食品处置通知: to one holder; ends in the proof of service (送达回证).
    Notice,
    /// 问题食品核查清单: to the officers of a county or an office; columns to fill in by hand.
    Checklist,
}

/// A lot of the list. Unknown amounts are `None` and are shown as 不详.
#[derive(Debug, Clone)]
pub struct OrderLot {
    /// The holder and its address, where the list goes over several: lots of one holder stand together under it.
    pub holder: Option<String>,
    pub product: String,
    pub spec: Option<String>,
    pub producer: Option<String>,
    pub batch: Option<String>,
    pub made: Option<PartialDate>,
    pub unit: Unit,
    pub received: Option<Amount>,
    pub on_hand: Option<Amount>,
    pub sold: Option<Amount>,
    /// What neither stock nor sales explain.
    pub unaccounted: Option<Amount>,
}

/// A notice or a checklist.
#[derive(Debug, Clone)]
pub struct OrderList {
    pub kind: OrderKind,
    /// The bureau that issues it (`濮阳市市场监督管理局`).
    pub bureau: String,
    /// Its number (`濮市监食处〔2026〕12号`).
    pub number: String,
    pub date: PartialDate,
    /// To whom (`濮阳市华龙区老王烩面馆`, `华龙区市场监督管理局`).
    pub addressee: String,
    /// The frozen scope the list comes from, and the page behind its QR code.
    pub scope: String,
    pub url: String,
    /// What it is about, set as the title: `关于处置“豫香”牌芝麻酱问题批次的通知`.
    pub title: String,
    /// Paragraphs before the table.
    pub body: Vec<String>,
    pub lots: Vec<OrderLot>,
    /// What has to be done, numbered, after the table.
    pub demands: Vec<String>,
    /// 联系人 and telephone.
    pub contact: Option<String>,
    /// 抄送
    pub copies: Vec<String>,
    pub simulated: bool,
}

#[derive(Serialize)]
struct Doc<'a> {
    checklist: bool,
    bureau: &'a str,
    number: &'a str,
    date: String,
    addressee: &'a str,
    scope: &'a str,
    qr: String,
    title: &'a str,
    body: &'a [String],
    /// The unit in the heads, when all lots have the same.
    unit: Option<&'static str>,
    groups: Vec<Group<'a>>,
    totals: [String; 4],
    count: usize,
    demands: &'a [String],
    contact: Option<&'a str>,
    copies: &'a [String],
    simulated: bool,
}

#[derive(Serialize)]
struct Group<'a> {
    holder: Option<&'a str>,
    rows: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    number: usize,
    product: &'a str,
    detail: String,
    batch: &'a str,
    made: String,
    /// received, on hand, sold, unaccounted
    amounts: [String; 4],
}

/// Sets the document. Lots stand in the order given, those of one holder together.
/// Errors: `lots_none`, `lots_too_many`.
pub fn order_list(order: &OrderList) -> Result<Vec<u8>> {
    if order.lots.is_empty() {
        return Err(Error::invalid("lots", "lots_none", "清单中没有批次"));
    }
    if order.lots.len() > MAX_LOTS {
        let message = format!("一份清单最多 {MAX_LOTS} 个批次，请按县区或单位分开");
        return Err(Error::new(Kind::TooLarge, "lots_too_many", message).at("lots"));
    }
    let first = order.lots[0].unit;
    let common = order.lots.iter().all(|lot| lot.unit == first);
    let doc = Doc {
        checklist: order.kind == OrderKind::Checklist,
        bureau: &order.bureau,
        number: &order.number,
        date: zh_date(order.date),
        addressee: &order.addressee,
        scope: &order.scope,
        qr: Qr::new(&order.url, Level::Medium)?.svg(QUIET),
        title: &order.title,
        body: &order.body,
        unit: common.then(|| unit_name(first)),
        groups: groups(&order.lots, common),
        totals: COLUMNS.map(|column| total(&order.lots, column, common)),
        count: order.lots.len(),
        demands: &order.demands,
        contact: order.contact.as_deref(),
        copies: &order.copies,
        simulated: order.simulated,
    };
    render("order_list.typ", &doc, &Fonts::installed()?, true)
}

type AmountOf = fn(&OrderLot) -> Option<Amount>;

const COLUMNS: [AmountOf; 4] = [|l| l.received, |l| l.on_hand, |l| l.sold, |l| l.unaccounted];

fn groups(lots: &[OrderLot], common: bool) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut of_holder: BTreeMap<Option<&str>, usize> = BTreeMap::new();
    for lot in lots {
        let holder = lot.holder.as_deref();
        let at = *of_holder.entry(holder).or_insert_with(|| {
            groups.push(Group { holder, rows: Vec::new() });
            groups.len() - 1
        });
        groups[at].rows.push(row(lot, common));
    }
    let rows = groups.iter_mut().flat_map(|group| &mut group.rows);
    rows.enumerate().for_each(|(i, row)| row.number = i + 1);
    groups
}

fn row(lot: &OrderLot, common: bool) -> Row<'_> {
    let detail: Vec<&str> = [lot.spec.as_deref(), lot.producer.as_deref()].into_iter().flatten().collect();
    Row {
        number: 0,
        product: &lot.product,
        detail: detail.join("　"),
        batch: lot.batch.as_deref().unwrap_or("不详"),
        made: lot.made.map_or_else(|| "不详".to_owned(), |date| date.to_string()),
        amounts: COLUMNS.map(|of| match of(lot) {
            None => "不详".to_owned(),
            Some(amount) => shown(amount, lot.unit, common),
        }),
    }
}

/// The sum of what is known, and how many lots are not in it.
fn total(lots: &[OrderLot], of: AmountOf, common: bool) -> String {
    let mut sums: BTreeMap<&'static str, (Unit, Amount)> = BTreeMap::new();
    let mut unknown = 0_usize;
    for lot in lots {
        match of(lot) {
            Some(amount) => {
                let sum = &mut sums.entry(lot.unit.as_str()).or_insert((lot.unit, 0)).1;
                *sum = sum.saturating_add(amount);
            }
            None => unknown += 1,
        }
    }
    let mut parts: Vec<String> = sums.values().map(|&(unit, sum)| shown(sum, unit, common)).collect();
    if unknown > 0 {
        parts.push(format!("另 {unknown} 批不详"));
    }
    parts.join("\n")
}

fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::G => "公斤",
        Unit::Ml => "升",
        Unit::Pc => "件",
    }
}

/// With its unit, or as a bare number of the unit in the head of the column.
fn shown(amount: Amount, unit: Unit, common: bool) -> String {
    if !common {
        return Shown(amount, unit).to_string();
    }
    let step = if unit == Unit::Pc { 1 } else { 1_000 };
    let fraction = format!("{:03}", amount.abs() % step);
    let fraction = if step == 1 { "" } else { fraction.trim_end_matches('0') };
    let dot = if fraction.is_empty() { "" } else { "." };
    let sign = if amount < 0 { "-" } else { "" };
    format!("{sign}{}{dot}{fraction}", grouped(amount.abs() / step))
}

/// `1,234,567`
fn grouped(number: Amount) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_stand_in_the_unit_of_their_column() {
        let table = [
            (12_500, Unit::G, true, "12.5"),
            (1_234_567_000, Unit::G, true, "1,234,567"),
            (800, Unit::Ml, true, "0.8"),
            (-250, Unit::G, true, "-0.25"),
            (1_200, Unit::Pc, true, "1,200"),
            (12_500, Unit::G, false, "12.5 公斤"),
        ];
        for (amount, unit, common, want) in table {
            assert_eq!(shown(amount, unit, common), want);
        }
    }
}
