//! Where the food is: the walk over the graph, facts of what it reached, and what follows.

use std::collections::{BTreeSet, HashMap};
use std::time::Instant;

use kit_base::clock::china_day;
use kit_base::{Error, Result, Unit};
use kit_db::Tx;
use kit_web::House;
use sha2::{Digest, Sha256};
use trace::graph::LotSet;
use trace::live::LiveGraph;
use trace::model::LotNo;
use trace::store::facts;

use crate::model::{Batch, Line, Preview};
use crate::rules::report::{Account, Entry, Whole};
use crate::rules::scope::{self, Lot, Scope, Use};
use crate::store::recalls;

/// A scope with what it was seen from.
pub struct Traced {
    pub scope: Scope,
    /// The recalled batch, then others of its number.
    pub seeds: Vec<u32>,
    pub event: i64,
    pub micros: i64,
}

/// Finds it. Lots of the batch are certain, those of other batches of the same product and number possible.
///
/// Errors: `lot_unknown`.
#[allow(clippy::disallowed_methods, reason = "how long it takes is what is measured")]
pub fn trace(tx: &mut Tx, house: &House, lot: LotNo) -> Result<Traced> {
    let from = Instant::now();
    let unknown = || Error::invalid("lot", "lot_unknown", "没有这个批次");
    let found = trace::store::lots::by_no(tx, lot)?.ok_or_else(unknown)?;
    let number = |no: LotNo| u32::try_from(no).map_err(Error::internal);
    let origin = number(found.origin)?;
    let mut seeds = vec![origin];
    if !found.batch.is_empty() {
        for other in trace::store::lots::origins_of_batch(tx, &found.product, &found.batch)? {
            seeds.push(number(other.no)?);
        }
    }
    seeds[1..].sort_unstable();
    seeds.dedup();
    let live = house.held::<LiveGraph>();
    live.catch_up(tx)?;
    let (certain, all, event, lots) = {
        let graph = live.read();
        let certain = graph.forward(&[origin])?;
        let mut starts = seeds.clone();
        starts.sort_unstable();
        starts.dedup();
        let all = if starts.len() == 1 { certain.clone() } else { graph.forward(&starts)? };
        (LotSet::of(&certain), all, graph.last_event() as i64, graph.lots())
    };
    let merged = parties::merged(tx)?;
    let mut read = Vec::with_capacity(all.len());
    let mut first = event;
    facts::lots(tx, &all, &mut |raw| {
        first = first.min(raw.event);
        read.push(Lot {
            no: raw.no,
            origin: raw.origin,
            holder: merged.get(&raw.holder).cloned().unwrap_or(raw.holder),
            product: raw.product,
            batch: raw.batch,
            unit: raw.unit,
            amount: raw.amount,
            on_hand: raw.on_hand,
            wrong: raw.corrected,
        });
        Ok(())
    })?;
    let mut uses = Vec::with_capacity(all.len());
    facts::uses(tx, &all, lots, (first - 1, event), &mut |u| {
        uses.push(Use {
            lot: u.lot,
            kind: u.kind,
            amount: u.amount,
            difference: u.difference,
            outside: u.outside,
        });
        Ok(())
    })?;
    let scope = scope::scope(&read, &uses, &certain);
    let micros = i64::try_from(from.elapsed().as_micros()).unwrap_or(i64::MAX);
    Ok(Traced { scope, seeds, event, micros })
}

impl Traced {
    /// SHA-256 over every line, for the ledger.
    pub fn hash(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(format!("shian-recall-scope-1\n{}\n", self.event));
        for b in &self.scope.batches {
            let text =
                format!("b {} {} {:?} {} {} {}\n", b.origin, b.certain, b.produced, b.used, b.gap, b.unknown);
            hasher.update(text);
        }
        for l in &self.scope.lines {
            let text = format!(
                "l {} {} {} {} {} {} {} {}\n",
                l.party, l.origin, l.certain, l.due, l.on_hand, l.sold, l.gone, l.unknown
            );
            hasher.update(text);
        }
        hasher.finalize().into()
    }

    /// Batches as they are kept, with the names of their products.
    pub fn batches(&self, tx: &mut Tx) -> Result<Vec<Batch>> {
        let mut ids: Vec<String> = self.scope.batches.iter().map(|b| b.product.clone()).collect();
        ids.sort_unstable();
        ids.dedup();
        let names: HashMap<String, String> =
            facts::products(tx, &ids)?.into_iter().map(|p| (p.id, p.name)).collect();
        let kept = |b: &scope::Batch| Batch {
            origin: LotNo::from(b.origin),
            certain: b.certain,
            seed: self.seeds.contains(&b.origin),
            food: names.get(&b.product).cloned().unwrap_or_default(),
            product: b.product.clone(),
            batch: b.batch.clone(),
            unit: b.unit.as_str().to_owned(),
            produced: b.produced,
            used: b.used,
            gap: b.gap,
            unknown: b.unknown,
            back_destroyed: 0,
            back_remedied: 0,
        };
        Ok(self.scope.batches.iter().map(kept).collect())
    }

    /// Lines as they are kept.
    pub fn lines(&self) -> Vec<Line> {
        let kept = |l: &scope::Line| Line {
            party: l.party.clone(),
            origin: LotNo::from(l.origin),
            certain: l.certain,
            unit: l.unit.as_str().to_owned(),
            due: l.due,
            book_on_hand: l.on_hand,
            book_sold: l.sold,
            book_gone: l.gone,
            book_open: l.open(),
            unknown: l.unknown,
            told: None,
            confirmed: 0,
            supervised: 0,
            accepted: None,
            food: String::new(),
            batch: String::new(),
        };
        self.scope.lines.iter().map(kept).collect()
    }

    /// The account of the recalled batch, as long as nobody has reported.
    fn account(&self, origin: u32, unit: Unit) -> Account {
        let mut account = Account { unit: unit.as_str().to_owned(), ..Account::default() };
        for l in self.scope.lines.iter().filter(|l| l.origin == origin) {
            account.line(&Entry {
                due: l.due,
                book_on_hand: l.on_hand,
                book_sold: l.sold,
                book_gone: l.gone,
                told: None,
                confirmed: 0,
            });
        }
        for b in self.scope.batches.iter().filter(|b| b.origin == origin) {
            account.whole(&Whole {
                produced: b.produced,
                used: b.used,
                gap: b.gap,
                unknown: b.unknown,
                ..Whole::default()
            });
        }
        account
    }
}

/// What a recall of a lot would reach.
///
/// Errors: `lot_unknown`.
pub fn preview(tx: &mut Tx, house: &House, lot: LotNo) -> Result<Preview> {
    let traced = trace(tx, house, lot)?;
    let unknown = || Error::invalid("lot", "lot_unknown", "没有这个批次");
    let origin = traced.seeds.first().copied().ok_or_else(unknown)?;
    let found = trace::store::lots::by_no(tx, LotNo::from(origin))?.ok_or_else(unknown)?;
    let product = trace::store::products::by_id(tx, &found.product)?.ok_or_else(unknown)?;
    let party = parties::standing_id(tx, &found.holder)?;
    let brief = parties::brief(tx, &party)?.ok_or_else(unknown)?;
    let lines = &traced.scope.lines;
    let certain: BTreeSet<&str> = lines.iter().filter(|l| l.certain).map(|l| l.party.as_str()).collect();
    let every: BTreeSet<&str> = lines.iter().map(|l| l.party.as_str()).collect();
    let ids: Vec<String> = every.iter().map(|p| (*p).to_owned()).collect();
    let known = parties::store::facts::parties(tx, &ids)?;
    let counties: BTreeSet<String> = known.into_iter().map(|p| county(&p.division)).collect();
    Ok(Preview {
        lot: found.no,
        food: product.name,
        spec: product.spec,
        batch: found.batch,
        made: found.made,
        party,
        party_name: brief.name,
        division: brief.division,
        lots_certain: traced.scope.lots_certain,
        lots_possible: traced.scope.lots_possible,
        holders_certain: certain.len() as i64,
        holders_possible: (every.len() - certain.len()) as i64,
        counties: counties.len() as i64,
        account: traced.account(origin, found.unit),
        micros: traced.micros,
        open: recalls::open_of_lot(tx, found.no)?,
    })
}

/// The county that a division lies in: its first six digits.
pub fn county(division: &str) -> String {
    division.get(..6).unwrap_or(division).to_owned()
}

/// `2026-03-01` of a moment, in China.
pub fn day(at: i64) -> String {
    china_day(at).to_string()
}
