//! Many moves at once: what they name is read with few statements, each is decided in its order over what the ones before it
//! left, and all that stand are stored together.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kit_base::{Error, Kind, Result};
use kit_web::Act;

use super::{Recorded, Source, drawn_up};
use crate::actions::acting_party;
use crate::live::LiveGraph;
use crate::model::{LotNo, Mode, NewEvent, NewMove};
use crate::rules::{self, Business, Decision, Facts, ProductFacts, Taken};
use crate::store::bulk::{self, Held};
use crate::store::products::Product;
use crate::store::{events, holds};

/// What became of a line before it was stored.
enum Line {
    /// The event of this place among the new ones.
    New(usize),
    /// The same client key as a line before it.
    Same(usize),
    Repeated(Recorded),
    Refused(Error),
}

/// Records moves; answers what became of each, in their order.
///
/// Errors: with [`Mode::All`] the first refusal, under `items/N`; faults of ours; `capture_busy` where another request
/// took the same client key or stock meanwhile.
pub(super) fn record_all(
    act: &mut Act,
    source: &Source,
    mode: Mode,
    items: &[NewMove],
) -> Result<Vec<Result<Recorded>>> {
    let mut known = Known::load(act, items)?;
    let mut new: Vec<NewEvent> = Vec::with_capacity(items.len());
    let mut lines = Vec::with_capacity(items.len());
    let mut keys: HashMap<(String, &str), usize> = HashMap::new();
    for (index, mv) in items.iter().enumerate() {
        let line = match known.line(act, source, mv, &mut new, &mut keys) {
            Ok(line) => line,
            Err(e) if matches!(e.kind, Kind::Internal | Kind::Unavailable) => return Err(e),
            Err(e) if mode == Mode::All => return Err(e.under(format!("items/{index}"))),
            Err(e) => Line::Refused(e),
        };
        lines.push(line);
    }
    let amounts: Vec<(LotNo, i64)> = known.taken.iter().map(|(lot, amount)| (*lot, *amount)).collect();
    // read under lock (or by the only writer): there is as much as was found
    if bulk::take(act.tx, &amounts)? != amounts.len() as u64 {
        return Err(meanwhile());
    }
    let given = events::append_all(act.tx, &new)?;
    let kept: Vec<(&str, &str, i64)> =
        keys.iter().map(|((party, key), at)| (party.as_str(), *key, given[*at].0)).collect();
    bulk::keep_client_keys(act.tx, &kept)
        .map_err(|e| if e.code == "unique_violation" { meanwhile() } else { e })?;
    feed(act, &new, &given);
    let recorded = |at: usize, repeated: bool| -> Recorded {
        let ((no, first), event) = (given[at], &new[at]);
        (no, event.id.clone(), (first..first + event.makes.len() as i64).collect(), repeated)
    };
    let outcome = |line| match line {
        Line::New(at) => Ok(recorded(at, false)),
        Line::Same(at) => Ok(recorded(at, true)),
        Line::Repeated(there) => Ok(there),
        Line::Refused(e) => Err(e),
    };
    Ok(lines.into_iter().map(outcome).collect())
}

fn meanwhile() -> Error {
    Error::new(Kind::Unavailable, "capture_busy", "同一批次或同一条记录正由另一请求处理，请稍后重试")
        .retry_after(1)
}

/// Tells the graph of committed events.
fn feed(act: &mut Act, new: &[NewEvent], given: &[(i64, LotNo)]) {
    let Some(live) = act.cx.house.try_held::<LiveGraph>() else { return };
    let link = |(event, (no, first)): (&NewEvent, &(i64, LotNo))| {
        (*no, *first, event.makes.len() as i64, event.inputs.iter().map(|(lot, _)| *lot).collect())
    };
    let links: Vec<events::Link> = new.iter().zip(given).map(link).collect();
    act.tx.after_commit(move || live.feed_all(links));
}

/// What the moves of a batch name.
struct Known {
    /// Businesses whose act a move is, by how they were named.
    acting: HashMap<Option<String>, Business>,
    others: HashMap<String, Business>,
    lots: HashMap<LotNo, Held>,
    products: HashMap<String, Product>,
    /// Events under client keys, by business and key.
    earlier: HashMap<(String, String), Recorded>,
    /// What the batch has taken so far.
    taken: BTreeMap<LotNo, i64>,
    /// Why food is held, by holder and origin.
    holds: HashMap<(String, LotNo), String>,
}

impl Known {
    fn load(act: &mut Act, items: &[NewMove]) -> Result<Self> {
        let others: BTreeSet<&String> = items.iter().filter_map(|mv| mv.counterpart.as_ref()).collect();
        let others: Vec<String> = others.into_iter().cloned().collect();
        let others = parties::briefs(act.tx, &others)?;
        let lots: BTreeSet<LotNo> = items.iter().flat_map(|mv| mv.takes.iter().map(|t| t.lot)).collect();
        let lots: Vec<LotNo> = lots.into_iter().collect();
        let mut lots = bulk::held(act.tx, &lots)?;
        let made = items.iter().flat_map(|mv| mv.makes.iter().map(|m| m.product.as_str()));
        let products: BTreeSet<&str> = made.collect();
        let mut products = bulk::products(act.tx, &products.into_iter().collect::<Vec<_>>())?;
        let origins = lots.values().map(|held| held.lot.origin).collect();
        let mut holds = holds::standing(act.tx, &origins)?;
        as_they_stand(act, &mut lots, &mut products, &mut holds)?;
        let others = others.into_iter().map(|(id, brief)| (id, business(&brief))).collect();
        let mut known = Self {
            acting: HashMap::new(),
            others,
            lots,
            products,
            earlier: HashMap::new(),
            taken: BTreeMap::new(),
            holds,
        };
        known.load_keys(act, items)?;
        Ok(known)
    }

    fn load_keys(&mut self, act: &mut Act, items: &[NewMove]) -> Result<()> {
        let mut keys: HashMap<String, Vec<&str>> = HashMap::new();
        for mv in items {
            let Some(key) = mv.client_key.as_deref() else { continue };
            // a line whose business is refused is told so when its turn comes
            if let Ok(party) = self.acting(act, mv.party.as_ref()) {
                let id = party.id.clone();
                keys.entry(id).or_default().push(key);
            }
        }
        for (party, keys) in keys {
            for (key, (no, id, first, lots)) in bulk::by_client_keys(act.tx, &party, &keys)? {
                let lots = (first..first + lots).collect();
                self.earlier.insert((party.clone(), key), (no, id, lots, true));
            }
        }
        Ok(())
    }

    fn acting(&mut self, act: &mut Act, named: Option<&String>) -> Result<&Business> {
        let named = named.cloned();
        if !self.acting.contains_key(&named) {
            let brief = acting_party(act.tx, act.who(), named.as_deref())?;
            self.acting.insert(named.clone(), business(&brief));
        }
        self.acting.get(&named).ok_or_else(|| Error::internal("a business just found is gone"))
    }

    /// Decides one line; what stands is drawn up and taken from what is on hand.
    fn line<'m>(
        &mut self,
        act: &mut Act,
        source: &Source,
        mv: &'m NewMove,
        new: &mut Vec<NewEvent>,
        keys: &mut HashMap<(String, &'m str), usize>,
    ) -> Result<Line> {
        let party = self.acting(act, mv.party.as_ref())?.clone();
        if let Some(key) = mv.client_key.as_deref() {
            check_key(key)?;
            if let Some(there) = self.earlier.get(&(party.id.clone(), key.to_owned())) {
                return Ok(Line::Repeated(there.clone()));
            }
            if let Some(at) = keys.get(&(party.id.clone(), key)) {
                return Ok(Line::Same(*at));
            }
        }
        let of = party.id.clone();
        let facts = self.facts(act, party, mv)?;
        let decision = rules::decide(mv, &facts)?;
        self.settle(&decision);
        let at = new.len();
        new.push(drawn_up(act, source, mv, &facts, decision));
        if let Some(key) = mv.client_key.as_deref() {
            keys.insert((of, key), at);
        }
        Ok(Line::New(at))
    }

    fn settle(&mut self, decision: &Decision) {
        for (lot, amount) in &decision.inputs {
            *self.taken.entry(*lot).or_default() += amount;
            if let Some(on_hand) = self.lots.get_mut(lot).and_then(|held| held.on_hand.as_mut()) {
                *on_hand -= amount;
            }
        }
    }

    fn facts(&self, act: &Act, party: Business, mv: &NewMove) -> Result<Facts> {
        let counterpart = match mv.counterpart.as_deref() {
            Some(id) => {
                let unknown = || Error::invalid("counterpart", "counterpart_unknown", "没有这个对方主体");
                Some(self.others.get(id).cloned().ok_or_else(unknown)?)
            }
            None => None,
        };
        let mut taken = Vec::with_capacity(mv.takes.len());
        for (i, take) in mv.takes.iter().enumerate() {
            let found = self.lots.get(&take.lot).filter(|held| held.lot.holder == party.id);
            let found = found.ok_or_else(|| {
                let text = format!("本主体没有批次 {}", take.lot);
                Error::invalid(format!("takes/{i}/lot"), "lot_not_held", text)
            })?;
            taken.push(Taken {
                lot: found.lot.clone(),
                on_hand: found.on_hand,
                sender: found.sender.clone(),
                sender_division: found.sender_division.clone(),
                hold: self.holds.get(&(found.lot.holder.clone(), found.lot.origin)).cloned(),
            });
        }
        let mut products = Vec::with_capacity(mv.makes.len());
        for (i, make) in mv.makes.iter().enumerate() {
            let field = format!("makes/{i}/product");
            let unknown = || Error::invalid(field, "product_unknown", "没有这个产品");
            products.push(product_facts(self.products.get(&make.product).ok_or_else(unknown)?));
        }
        Ok(Facts { party, counterpart, taken, products, now: act.now })
    }
}

/// Lots and products of records that were merged are those of the business that stands for them.
fn as_they_stand(
    act: &mut Act,
    lots: &mut HashMap<LotNo, Held>,
    products: &mut HashMap<String, Product>,
    holds: &mut HashMap<(String, LotNo), String>,
) -> Result<()> {
    let merged = parties::merged(act.tx)?;
    if merged.is_empty() {
        return Ok(());
    }
    let named: Vec<_> = holds.drain().collect();
    for ((holder, origin), why) in named {
        let holder = merged.get(&holder).cloned().unwrap_or(holder);
        holds.insert((holder, origin), why);
    }
    for held in lots.values_mut() {
        if let Some(standing) = merged.get(&held.lot.holder) {
            held.lot.holder.clone_from(standing);
        }
        if let Some(standing) = merged.get(&held.sender) {
            held.sender.clone_from(standing);
            if let Some(brief) = parties::brief(act.tx, standing)? {
                held.sender_division = brief.division;
            }
        }
    }
    for product in products.values_mut() {
        if let Some(standing) = merged.get(&product.party) {
            product.party.clone_from(standing);
        }
    }
    Ok(())
}

fn check_key(key: &str) -> Result<()> {
    if (1..=100).contains(&key.len()) {
        return Ok(());
    }
    Err(Error::invalid("client_key", "client_key_length", "client_key 应为 1 至 100 个字符"))
}

fn business(brief: &parties::Brief) -> Business {
    Business {
        id: brief.id.clone(),
        division: brief.division.clone(),
        active: brief.status == "active",
        simulated: brief.simulated,
    }
}

fn product_facts(product: &Product) -> ProductFacts {
    ProductFacts {
        id: product.id.clone(),
        party: product.party.clone(),
        has_gtin: product.gtin.is_some(),
        unit: product.unit,
        shelf_days: product.shelf_days,
        active: product.status == "active",
    }
}
