//! From what a person names to the lots a case starts from.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kit_base::{Defect, Error, Kind, Result};
use kit_db::Tx;
use kit_web::Scope;

use crate::model::{Seeds, Unresolved};
use crate::rules::seeds::{Entry, MOST_LOTS, Named, bound, may_lie_within, read_codes, read_text};
use trace::store::seeds::{self as store, Found};

/// A batch number that so many batches have names none of them.
const SAME_NUMBER: usize = 20;
/// Lines of a list that are told as unresolved.
const TOLD: usize = 1_000;

/// What came of it.
#[derive(Debug, Default)]
pub struct Resolved {
    /// ascending
    pub lots: Vec<i64>,
    pub unresolved: Vec<Unresolved>,
    pub unresolved_count: i64,
}

/// The lots that the seeds name and that someone of this jurisdiction may start from: held or sent within it.
///
/// Errors: `seeds_none` (with the unresolved lines as defects), `seeds_too_many`, `list_too_long`, `entry_too_long`,
/// `product_unknown`, `party_unknown`, `lot_unknown`, `network_unknown`, `case_unknown`, and those of dates.
pub fn resolve(tx: &mut Tx, scope: &Scope, seeds: &Seeds) -> Result<Resolved> {
    let mut entries = read_text(&seeds.text)?;
    entries.extend(read_codes(&seeds.codes)?);
    let from = bound(&seeds.from, "seeds/from")?;
    let until = bound(&seeds.to, "seeds/to")?;
    if !from.is_empty() && !until.is_empty() && from > until {
        return Err(Error::invalid("seeds/to", "period_reversed", "结束日期早于开始日期"));
    }
    let mut search = Search { tx, scope, from, until, lots: BTreeSet::new(), unresolved: Vec::new() };
    search.numbers(&seeds.lots)?;
    for (i, id) in seeds.products.iter().enumerate() {
        if search.product(id)? == 0 {
            let message = "辖区内没有该产品在此期间的批次";
            return Err(Error::invalid(format!("seeds/products/{i}"), "product_unknown", message));
        }
    }
    for (i, id) in seeds.parties.iter().enumerate() {
        if search.party(id)? == 0 {
            let message = "该主体不在辖区内，或在此期间没有批次";
            return Err(Error::invalid(format!("seeds/parties/{i}"), "party_unknown", message));
        }
    }
    for (i, id) in seeds.networks.iter().enumerate() {
        if search.network(id)? == 0 {
            let message = "没有这个已导入的网络，或不在辖区内";
            return Err(Error::invalid(format!("seeds/networks/{i}"), "network_unknown", message));
        }
    }
    for (i, id) in seeds.cases.iter().enumerate() {
        if search.case(id)? == 0 {
            let message = "没有这个排查，或它是由网络文件建立的，没有可沿用的起点";
            return Err(Error::invalid(format!("seeds/cases/{i}"), "case_unknown", message));
        }
    }
    search.entries(entries)?;
    search.finish()
}

struct Search<'s, 't, 'c> {
    tx: &'t mut Tx<'c>,
    scope: &'s Scope,
    from: String,
    until: String,
    lots: BTreeSet<i64>,
    unresolved: Vec<Unresolved>,
}

impl Search<'_, '_, '_> {
    /// Lots given one by one: each must be there.
    fn numbers(&mut self, numbers: &[i64]) -> Result<()> {
        if numbers.len() > MOST_LOTS {
            return Err(too_many());
        }
        let visible = self.visible_numbers(numbers)?;
        for (i, no) in numbers.iter().enumerate() {
            if !visible.contains(no) {
                let message = format!("没有批次 {no}，或不在辖区内");
                return Err(Error::invalid(format!("seeds/lots/{i}"), "lot_unknown", message));
            }
        }
        self.lots.extend(visible);
        Ok(())
    }

    fn visible_numbers(&mut self, numbers: &[i64]) -> Result<BTreeSet<i64>> {
        let scope = self.scope;
        let seen = |l: &trace::store::facts::RawLot| {
            scope.covers(&l.division, Some(&l.holder)) || scope.covers(&l.sender_division, Some(&l.party))
        };
        let found = store::of_numbers(self.tx, numbers)?;
        Ok(found.iter().filter(|lot| seen(lot)).map(|lot| i64::from(lot.no)).collect())
    }

    /// All lots of a product within the period; how many.
    fn product(&mut self, id: &str) -> Result<usize> {
        let (scope, from, until, lots) = (self.scope, &self.from, &self.until, &mut self.lots);
        let mut n = 0;
        store::of_product(self.tx, id, &mut |found| {
            if visible(scope, &found) && within(&found, from, until) {
                lots.insert(found.no);
                n += 1;
            }
            bounded(lots).map(|()| true)
        })?;
        Ok(n)
    }

    /// All lots that came to be at a business of the jurisdiction within the period; how many.
    fn party(&mut self, id: &str) -> Result<usize> {
        let (scope, from, until, lots) = (self.scope, &self.from, &self.until, &mut self.lots);
        let mut n = 0;
        // what was recorded under records that were merged is that of the business that stands for them
        let standing = parties::standing_id(self.tx, id)?;
        for id in parties::also(self.tx, &standing)? {
            store::of_holder(self.tx, &id, &mut |found| {
                if scope.covers(&found.division, Some(&found.holder)) && within(&found, from, until) {
                    lots.insert(found.no);
                    n += 1;
                }
                bounded(lots).map(|()| true)
            })?;
        }
        Ok(n)
    }

    /// All deliveries of an imported network that are within the jurisdiction; how many.
    fn network(&mut self, id: &str) -> Result<usize> {
        let lots: Vec<i64> =
            trace::store::networks::deliveries(self.tx, id)?.into_iter().map(|(_, lot)| lot).collect();
        let visible = self.visible_numbers(&lots)?;
        self.lots.extend(&visible);
        Ok(visible.len())
    }

    /// The lots that a case of the jurisdiction starts from, as far as they are visible; how many.
    fn case(&mut self, id: &str) -> Result<usize> {
        let found = crate::store::cases::by_id(self.tx, id)?;
        if !found.is_some_and(|case| self.scope.covers(&case.division, None)) {
            return Ok(0);
        }
        let lots = crate::store::cases::seeds(self.tx, id)?;
        let visible = self.visible_numbers(&lots)?;
        self.lots.extend(&visible);
        bounded(&self.lots)?;
        Ok(visible.len())
    }

    fn entries(&mut self, entries: Vec<Entry>) -> Result<()> {
        self.lot_entries(&entries)?;
        self.trace_entries(&entries)?;
        self.business_entries(&entries)?;
        self.product_entries(&entries)?;
        self.batch_entries(&entries)
    }

    fn lot_entries(&mut self, entries: &[Entry]) -> Result<()> {
        let of = |e: &Entry| if let Named::Lot(no) = e.named { Some(no) } else { None };
        let numbers: Vec<i64> = entries.iter().filter_map(of).collect();
        let visible = self.visible_numbers(&numbers)?;
        // a short number that is no lot may be a batch number
        let rest: Vec<&Entry> =
            entries.iter().filter(|e| of(e).is_some_and(|no| !visible.contains(&no))).collect();
        self.lots.extend(&visible);
        self.batches(&rest.into_iter().map(|e| (e, e.text.as_str())).collect::<Vec<_>>())
    }

    fn trace_entries(&mut self, entries: &[Entry]) -> Result<()> {
        let of = |e: &Entry| if let Named::Trace(code) = &e.named { Some(code.clone()) } else { None };
        let codes: Vec<String> = entries.iter().filter_map(of).collect();
        let known: HashMap<String, i64> = store::of_trace_codes(self.tx, &codes)?.into_iter().collect();
        let numbers: Vec<i64> = known.values().copied().collect();
        let visible = self.visible_numbers(&numbers)?;
        for entry in entries {
            let Some(code) = of(entry) else { continue };
            match known.get(&code) {
                None => self.miss(entry, "unknown", "没有这个追溯码"),
                Some(lot) if visible.contains(lot) => {
                    self.lots.insert(*lot);
                }
                // the batch began elsewhere: what of it came into the jurisdiction
                Some(lot) => {
                    if self.batch_of_lot(*lot)? == 0 {
                        self.miss(entry, "out_of_scope", "这批食品没有到过辖区");
                    }
                }
            }
        }
        Ok(())
    }

    /// Lots of the same batch within the jurisdiction.
    fn batch_of_lot(&mut self, lot: i64) -> Result<usize> {
        let Some(origin) = store::of_numbers(self.tx, &[lot])?.pop() else { return Ok(0) };
        let found = store::of_product_batch(self.tx, &origin.product, &origin.batch)?;
        Ok(self.take_visible(found))
    }

    fn take_visible(&mut self, found: Vec<Found>) -> usize {
        let seen: Vec<i64> = found.iter().filter(|f| visible(self.scope, f)).map(|f| f.no).collect();
        self.lots.extend(&seen);
        seen.len()
    }

    fn business_entries(&mut self, entries: &[Entry]) -> Result<()> {
        let of = |e: &Entry| if let Named::Business(code) = &e.named { Some(code.clone()) } else { None };
        let codes: Vec<String> = entries.iter().filter_map(of).collect();
        let known: HashMap<String, String> =
            parties::store::facts::ids_of_codes(self.tx, &codes)?.into_iter().collect();
        for entry in entries {
            let Some(code) = of(entry) else { continue };
            match known.get(&code) {
                None => self.miss(entry, "unknown", "没有这个主体码"),
                Some(id) => {
                    if self.party(id)? == 0 {
                        self.miss(entry, "out_of_scope", "该主体不在辖区内，或在此期间没有批次");
                    }
                }
            }
        }
        Ok(())
    }

    fn product_entries(&mut self, entries: &[Entry]) -> Result<()> {
        let of = |e: &Entry| match &e.named {
            Named::Product { gtin, batch } => Some((gtin.clone(), batch.clone())),
            _ => None,
        };
        let gtins: BTreeSet<String> = entries.iter().filter_map(of).map(|(gtin, _)| gtin).collect();
        let gtins: Vec<String> = gtins.into_iter().collect();
        let known: HashMap<String, String> = store::of_gtins(self.tx, &gtins)?.into_iter().collect();
        for entry in entries {
            let Some((gtin, batch)) = of(entry) else { continue };
            let taken = match (known.get(&gtin), batch) {
                (None, _) => {
                    self.miss(entry, "unknown", "没有这个商品条码的产品");
                    continue;
                }
                (Some(product), None) => self.product(product)?,
                (Some(product), Some(batch)) => {
                    let found = store::of_product_batch(self.tx, product, &batch)?;
                    self.take_visible(found)
                }
            };
            if taken == 0 {
                self.miss(entry, "unknown", "辖区内没有该产品的这个批次");
            }
        }
        Ok(())
    }

    fn batch_entries(&mut self, entries: &[Entry]) -> Result<()> {
        let of = |e| match e {
            &Entry { named: Named::Batch(ref batch), .. } => Some((e, batch.as_str())),
            _ => None,
        };
        self.batches(&entries.iter().filter_map(of).collect::<Vec<_>>())
    }

    /// Batch numbers, all in one pass over the ledger.
    fn batches(&mut self, wanted: &[(&Entry, &str)]) -> Result<()> {
        if wanted.is_empty() {
            return Ok(());
        }
        /// lots and batches of one number
        type Same = (Vec<i64>, BTreeSet<i64>);
        let mut found: BTreeMap<String, Same> = BTreeMap::new();
        let (scope, mut n) = (self.scope, 0);
        store::of_batches(self.tx, wanted.iter().map(|(_, batch)| *batch), &mut |lot| {
            if visible(scope, &lot) {
                n += 1;
                let same = found.entry(lot.batch).or_default();
                same.1.insert(lot.origin);
                if same.1.len() <= SAME_NUMBER {
                    same.0.push(lot.no);
                }
            }
            if n > 4 * MOST_LOTS { Err(too_many()) } else { Ok(true) }
        })?;
        for (entry, batch) in wanted {
            match found.get(*batch) {
                None => self.miss(entry, "unknown", "辖区内没有这个批号、编码或批次"),
                Some((_, batches)) if batches.len() > SAME_NUMBER => {
                    let text = "有很多产品用这个批号，请在同一行写明商品条码和批号";
                    self.miss(entry, "batch_many", text);
                }
                Some((lots, _)) => self.lots.extend(lots),
            }
        }
        bounded(&self.lots)
    }

    fn miss(&mut self, entry: &Entry, code: &str, message: &str) {
        self.unresolved.push(Unresolved {
            line: entry.line,
            text: entry.text.clone(),
            code: code.to_owned(),
            message: message.to_owned(),
        });
    }

    fn finish(self) -> Result<Resolved> {
        bounded(&self.lots)?;
        let mut unresolved = self.unresolved;
        unresolved.sort_by_key(|u| u.line);
        let unresolved_count = unresolved.len() as i64;
        unresolved.truncate(TOLD);
        if self.lots.is_empty() {
            let defect = |u: &Unresolved| Defect {
                place: format!("第 {} 行", u.line),
                code: u.code.clone().into(),
                message: format!("“{}”：{}", u.text, u.message),
            };
            let text = match unresolved_count {
                0 => "请指明从哪里开始：批次、名单、产品或主体".to_owned(),
                n => format!("名单中的 {n} 条都没有找到"),
            };
            let defects = unresolved.iter().take(100).map(defect).collect();
            return Err(Error::invalid("seeds", "seeds_none", text).with_defects(defects));
        }
        Ok(Resolved { lots: self.lots.into_iter().collect(), unresolved, unresolved_count })
    }
}

fn visible(scope: &Scope, found: &Found) -> bool {
    scope.covers(&found.division, Some(&found.holder))
        || scope.covers(&found.sender_division, Some(&found.sender))
}

/// By the date of the event that made it, or by its production date.
fn within(found: &Found, from: &str, until: &str) -> bool {
    may_lie_within(&found.at, from, until)
        || (!found.made.is_empty() && may_lie_within(&found.made, from, until))
}

fn bounded(lots: &BTreeSet<i64>) -> Result<()> {
    if lots.len() > MOST_LOTS { Err(too_many()) } else { Ok(()) }
}

fn too_many() -> Error {
    let message = format!("起点超过 {MOST_LOTS} 批，请缩短时间或分开排查");
    Error::new(Kind::TooLarge, "seeds_too_many", message).at("seeds")
}
