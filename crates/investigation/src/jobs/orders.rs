//! Orders from a frozen scope: one PDF a holder or a county; many of them in one zip.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use kit_base::clock::china_day;
use kit_base::{Error, PartialDate, Result};
use kit_docs::pdf::{MAX_LOTS, OrderKind, OrderList, OrderLot, order_list};
use kit_jobs::Running;

use super::Source;
use crate::rules::picture::{LotFact, PartyFact, county_name};

/// To whom the documents go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    Holders,
    Counties,
}

/// One document: to whom, and the places of its lots in the picture.
struct Plan<'s> {
    to: String,
    holder: Option<&'s PartyFact>,
    lots: Vec<&'s LotFact>,
    part: usize,
    parts: usize,
}

/// Writes one PDF, or a zip of several; answers the name of the file and how many documents there are.
///
/// Errors: `orders_none` when nothing is held within the jurisdiction; `font_missing`.
pub fn write(source: &Source, to: For, path: &Path, job: &Running) -> Result<(String, u64)> {
    let plans = plans(source, to);
    let total = plans.len() as u64;
    let word = if to == For::Holders { "处置通知" } else { "核查清单" };
    match plans.as_slice() {
        [] => Err(Error::conflict("orders_none", "范围内没有需要通知的单位：辖区内已无现存或去向不明的批次")),
        [plan] => {
            std::fs::write(path, document(source, plan, 1)?)?;
            Ok((format!("{}{word}.pdf", source.number()), 1))
        }
        plans => {
            let mut zip = zip::ZipWriter::new(File::create(path)?);
            let stored = zip::write::SimpleFileOptions::default().large_file(true);
            for (number, plan) in (1_u64..).zip(plans) {
                let pdf = document(source, plan, number)?;
                let name = format!("{number:05}-{}.pdf", file_name(plan));
                zip.start_file(name, stored).map_err(Error::internal)?;
                zip.write_all(&pdf)?;
                job.progress(number, Some(total), &format!("正在排{word}"))?;
            }
            zip.finish().map_err(Error::internal)?;
            Ok((format!("{}{word}.zip", source.number()), total))
        }
    }
}

/// What has to be dealt with: on hand, on the way, or not accounted for; what is unknown may be there still.
fn matters(lot: &LotFact) -> bool {
    !lot.corrected && lot.on_hand != Some(0) || lot.unaccounted().is_some_and(|n| n > 0)
}

/// Holders within the jurisdiction get an order; counties get a list wherever they lie, for asking others to help.
fn plans(source: &Source, to: For) -> Vec<Plan<'_>> {
    let picture = &source.loaded.picture;
    let mut of: BTreeMap<(&str, &str), Vec<&LotFact>> = BTreeMap::new();
    for lot in picture.lots.iter().filter(|lot| matters(lot)) {
        let party = &picture.parties[lot.holder as usize];
        let division = party.division.get(..6).unwrap_or(&party.division);
        let key = match to {
            For::Holders if source.reach.covers(&party.division, Some(&party.id)) => {
                (division, party.id.as_str())
            }
            For::Holders => continue,
            For::Counties => (division, ""),
        };
        of.entry(key).or_default().push(lot);
    }
    let mut plans = Vec::new();
    for ((division, _), mut lots) in of {
        lots.sort_by_key(|lot| (&picture.parties[lot.holder as usize].id, lot.no));
        let holder = (to == For::Holders).then(|| &picture.parties[lots[0].holder as usize]);
        let name = match holder {
            Some(party) => party.name.clone(),
            None => format!("{}市场监督管理局", county_name(division)),
        };
        let parts = lots.len().div_ceil(MAX_LOTS);
        for (part, lots) in (1..).zip(lots.chunks(MAX_LOTS)) {
            plans.push(Plan { to: name.clone(), holder, lots: lots.to_vec(), part, parts });
        }
    }
    plans
}

fn file_name(plan: &Plan) -> String {
    let clean: String =
        plan.to.chars().map(|c| if "/\\:*?\"<>|".contains(c) { '_' } else { c }).take(60).collect();
    if plan.parts > 1 { format!("{clean}-{}", plan.part) } else { clean }
}

fn document(source: &Source, plan: &Plan, number: u64) -> Result<Vec<u8>> {
    let scope = source.scope.as_ref().ok_or_else(|| Error::conflict("scope_missing", "请先固定范围"))?;
    let holder = plan.holder.is_some();
    let part = if plan.parts > 1 {
        format!("（第 {} 份，共 {} 份）", plan.part, plan.parts)
    } else {
        String::new()
    };
    let word = if holder { "通知" } else { "清单" };
    let title = match holder {
        true => format!("关于处置“{}”所涉食品的通知{part}", source.case.title),
        false => format!("关于核查“{}”所涉食品的清单{part}", source.case.title),
    };
    order_list(&OrderList {
        kind: if holder { OrderKind::Notice } else { OrderKind::Checklist },
        bureau: scope.bureau.clone(),
        number: format!("{}{word}第{number}号", scope.no),
        date: PartialDate::full(china_day(scope.at)),
        addressee: plan.to.clone(),
        scope: scope.no.clone(),
        url: format!("{}/investigations/{}", source.public_url, source.case.id),
        title,
        body: body(source, holder),
        lots: plan.lots.iter().map(|lot| order_lot(source, lot, holder)).collect(),
        demands: demands(holder),
        contact: None,
        copies: Vec::new(),
        simulated: source.loaded.picture.simulated(),
    })
}

fn body(source: &Source, holder: bool) -> Vec<String> {
    let from = format!(
        "经追溯排查（{}，{}），下列食品与“{}”有关。",
        source.case.no,
        source.number(),
        source.case.title
    );
    let what = match holder {
        true => {
            "请你单位依照《中华人民共和国食品安全法》第六十三条立即停止生产经营，核对下列批次并按要求处置。"
        }
        false => "请逐户核查下列批次的现存、销售和去向，填写核查情况后报回。",
    };
    vec![from, what.to_owned()]
}

fn demands(holder: bool) -> Vec<String> {
    let texts: &[&str] = match holder {
        true => &[
            "立即下架、封存表中批次，不得销售、使用或转移。",
            "核对现存、已售和去向，与表中不一致的书面说明，并附凭证。",
            "通知相关生产经营者和消费者，召回已售出的食品，记录召回和通知情况。",
            "对封存和召回的食品采取无害化处理、销毁等措施前报告本局，并保存记录。",
        ],
        false => &[
            "逐户查看实物和进销货记录，填写核查数量和处理情况。",
            "发现表外的同批食品一并登记，并立即报告。",
            "对去向不明的，追查到下一环节。",
        ],
    };
    texts.iter().map(|t| (*t).to_owned()).collect()
}

fn order_lot(source: &Source, lot: &LotFact, to_holder: bool) -> OrderLot {
    let picture = &source.loaded.picture;
    let (product, party) = (&picture.products[lot.product as usize], &picture.parties[lot.holder as usize]);
    let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    // outside the jurisdiction the address is not ours to hand on
    let inside = source.reach.covers(&party.division, Some(&party.id));
    let place = if inside && !party.address.is_empty() {
        format!("{}　{}", party.name, party.address)
    } else {
        party.name.clone()
    };
    OrderLot {
        holder: (!to_holder).then_some(place),
        product: product.name.clone(),
        spec: known(&product.spec),
        producer: known(&product.producer),
        batch: known(&picture.batches[lot.batch as usize]),
        made: lot.made,
        unit: lot.unit,
        received: lot.amount,
        on_hand: lot.on_hand,
        sold: (!lot.gone.unknown).then_some(lot.gone.sold),
        unaccounted: lot.unaccounted(),
    }
}
