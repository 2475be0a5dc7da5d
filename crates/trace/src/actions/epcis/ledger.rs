//! The moves of an EPCIS event as ledger events.
//!
//! A code's latest lot is what an event on that code takes; what it makes becomes the latest. Where a code is taken that
//! never appeared before, its lot begins with an opening event (期初), so that the chain shows the code.

use std::collections::{BTreeSet, HashMap, HashSet};

use kit_base::{Amount, Error, PartialDate, Result, Unit};
use kit_web::Act;
use serde_json::{Map, Value};

use crate::epcis::{Event, MoveKind, PlannedItem, PlannedMove, plan};
use crate::model::{EventKind, EventNo, Lot, LotNo, NewEvent, NewLot};
use crate::rules::Business;
use crate::store::{codes, epcis as store, events, lots};

/// Lots that unpacking a unit looks through at most.
const MOST_CONTENTS: usize = 100_000;

/// Writes the events of one document.
pub struct Keeper {
    pub batch: String,
    /// The business that declares.
    pub party: parties::Brief,
    pub moves: u64,
    pub lots: u64,
    /// Businesses by code, as they were looked up.
    businesses: HashMap<String, Option<Business>>,
    /// Products by own code: id and unit.
    pub(super) products: HashMap<String, (String, Unit)>,
}

/// A lot that is taken, and how much of it.
struct Taken {
    lot: Lot,
    amount: Option<Amount>,
}

/// What all moves of one event share.
struct Frame<'e> {
    event: &'e Event,
    /// Codes that name classes, not single things.
    classes: HashSet<&'e str>,
    /// Goes into the first ledger event.
    doc: Option<String>,
    first: Option<EventNo>,
    last: EventNo,
}

impl Keeper {
    pub fn new(batch: String, party: parties::Brief) -> Self {
        Self { batch, party, moves: 0, lots: 0, businesses: HashMap::new(), products: HashMap::new() }
    }

    /// How far it has come, to go back to when an event is undone.
    pub fn mark(&self) -> (u64, u64) {
        (self.moves, self.lots)
    }

    /// Forgets what an undone event did.
    pub fn back_to(&mut self, (moves, lots): (u64, u64)) {
        (self.moves, self.lots) = (moves, lots);
        // products that it made are gone
        self.products.clear();
    }

    /// Writes the moves of an event; answers its first and last ledger event.
    pub fn keep(&mut self, act: &mut Act, event: &Event, doc: &str) -> Result<(EventNo, EventNo)> {
        let quantities =
            [&event.quantities, &event.child_quantities, &event.input_quantities, &event.output_quantities];
        let classes = quantities.into_iter().flatten().map(|q| q.epc_class.as_str()).collect();
        let mut frame = Frame { event, classes, doc: Some(doc.to_owned()), first: None, last: 0 };
        for mv in plan(event) {
            self.keep_move(act, &mut frame, with_transformation(mv))?;
        }
        let first = frame.first.ok_or_else(|| Error::internal("an epcis event without a move"))?;
        Ok((first, frame.last))
    }

    /// Notes which codes an event names.
    pub fn codes(&self, act: &mut Act, event: &Event, first: EventNo) -> Result<()> {
        let moves = plan(event);
        let items = moves.iter().flat_map(|m| m.takes.iter().chain(&m.makes).chain(&m.about));
        let keys: BTreeSet<&str> = items.map(|item| item.key.as_str()).collect();
        keys.into_iter().try_for_each(|key| store::add_code(act.tx, key, first))
    }

    fn keep_move(&mut self, act: &mut Act, frame: &mut Frame, mv: PlannedMove) -> Result<()> {
        let actor = self.actor(act, mv.party.as_deref())?;
        let other = self.other(act, mv.counterpart.as_deref(), &actor)?;
        let (mut taken, missing) = self.latest(act, &mv)?;
        if !missing.is_empty() {
            taken.extend(self.open(act, frame, &mv, &actor, &missing)?);
        }
        let all_out = mv.kind == MoveKind::Unpack && mv.makes.is_empty();
        let (keys, makes) = if all_out {
            self.contents(act, &actor, &taken)?
        } else {
            let keys = mv.makes.iter().map(|item| item.key.clone()).collect();
            (keys, self.draw_up(act, frame, &mv, &actor, other.as_ref(), &taken)?)
        };
        let event = NewEvent {
            inputs: merged(&taken, &makes),
            makes,
            ..self.blank(act, frame, &mv, kind_of(mv.kind)?, &actor, other.as_ref())
        };
        let first = self.append(act, frame, &event)?;
        for (i, key) in keys.iter().enumerate() {
            codes::set_epc(act.tx, key, first + i as i64)?;
        }
        if all_out {
            // the unit is empty: what is packed under this code next is another content
            mv.takes.iter().try_for_each(|item| store::drop_epc(act.tx, &item.key))?;
        }
        Ok(())
    }

    fn append(&mut self, act: &mut Act, frame: &mut Frame, event: &NewEvent) -> Result<LotNo> {
        let (no, first) = events::append(act.tx, event)?;
        frame.first.get_or_insert(no);
        frame.last = no;
        frame.doc = None;
        self.moves += 1;
        self.lots += event.makes.len() as u64;
        Ok(first)
    }

    /// The latest lots of what a move takes, and what has none although it should.
    fn latest<'m>(&self, act: &mut Act, mv: &'m PlannedMove) -> Result<(Vec<Taken>, Vec<&'m PlannedItem>)> {
        let (mut taken, mut missing) = (Vec::new(), Vec::new());
        // packing adds to what is in the unit already
        let units = mv.makes.iter().filter(|_| mv.kind == MoveKind::Pack).map(|item| (item, true));
        for (item, if_known) in mv.takes.iter().map(|item| (item, item.if_known)).chain(units) {
            let lot =
                codes::epc_lot(act.tx, &item.key)?.map(|no| lots::by_no(act.tx, no)).transpose()?.flatten();
            match lot {
                Some(lot) => {
                    let amount = item.amount.filter(|(_, unit)| *unit == lot.unit).map(|(amount, _)| amount);
                    taken.push(Taken { amount, lot });
                }
                None if if_known => {}
                None => missing.push(item),
            }
        }
        Ok((taken, missing))
    }

    /// Begins the lots of codes that were taken without having appeared before.
    fn open(
        &mut self,
        act: &mut Act,
        frame: &mut Frame,
        mv: &PlannedMove,
        actor: &Business,
        missing: &[&PlannedItem],
    ) -> Result<Vec<Taken>> {
        let mut makes = Vec::with_capacity(missing.len());
        for item in missing {
            makes.push(self.new_lot(act, frame, item, actor, &Map::new())?);
        }
        let event = NewEvent {
            reason: "EPCIS 文件中首次出现，来源未申报".to_owned(),
            makes,
            ..self.blank(act, frame, mv, EventKind::Opening, actor, None)
        };
        let first = self.append(act, frame, &event)?;
        let mut out = Vec::with_capacity(missing.len());
        for (i, item) in missing.iter().enumerate() {
            let no = first + i as i64;
            codes::set_epc(act.tx, &item.key, no)?;
            let lot = lots::by_no(act.tx, no)?.ok_or_else(|| Error::internal("a lot just made is gone"))?;
            out.push(Taken { amount: lot.amount, lot });
        }
        Ok(out)
    }

    /// The lots that a move makes: of a code that was there before the same batch elsewhere, else a new one.
    fn draw_up(
        &mut self,
        act: &mut Act,
        frame: &Frame,
        mv: &PlannedMove,
        actor: &Business,
        other: Option<&Business>,
        taken: &[Taken],
    ) -> Result<Vec<NewLot>> {
        let on_the_way = mv.kind == MoveKind::Ship;
        let holder = if on_the_way { other.unwrap_or(actor) } else { actor };
        let born = matches!(mv.kind, MoveKind::Produce | MoveKind::Harvest);
        let mut makes = Vec::with_capacity(mv.makes.len());
        for item in &mv.makes {
            let prior = codes::epc_lot(act.tx, &item.key)?;
            let prior = taken.iter().map(|t| &t.lot).find(|lot| !born && Some(lot.no) == prior);
            let lot = match prior {
                Some(lot) => again(lot, item),
                None => self.new_lot(act, frame, item, holder, &frame.event.ilmd)?,
            };
            let place = (holder.id.clone(), holder.division.clone());
            makes.push(NewLot { holder: place.0, division: place.1, in_transit: on_the_way, ..lot });
        }
        Ok(makes)
    }

    fn new_lot(
        &mut self,
        act: &mut Act,
        frame: &Frame,
        item: &PlannedItem,
        holder: &Business,
        ilmd: &Map<String, Value>,
    ) -> Result<NewLot> {
        let class = frame.classes.contains(item.code.as_str());
        let (product, unit) = self.product_for(act, item, class)?;
        let gs1 = item.gs1.as_ref();
        let printed = gs1.and_then(|g| g.lot.clone().or_else(|| g.serial.clone()));
        let batch = printed.or_else(|| ilmd_text(ilmd, &["lotNumber"]));
        let batch = batch.unwrap_or_else(|| gs1.map_or_else(|| item.code.clone(), |g| g.primary.clone()));
        Ok(NewLot {
            product,
            holder: holder.id.clone(),
            division: holder.division.clone(),
            in_transit: false,
            origin: None,
            batch,
            made: ilmd_date(ilmd, &["productionDate", "harvestDate", "harvestEndDate"]),
            expires: ilmd_date(
                ilmd,
                &["itemExpirationDate", "expirationDate", "bestBeforeDate", "sellByDate"],
            ),
            amount: item.amount.map(|(amount, _)| amount),
            unit: item.amount.map_or(unit, |(_, unit)| unit),
            inspector: String::new(),
        })
    }

    /// All that went into a unit and is still in it, with the codes it goes by.
    fn contents(
        &self,
        act: &mut Act,
        actor: &Business,
        taken: &[Taken],
    ) -> Result<(Vec<String>, Vec<NewLot>)> {
        let (mut keys, mut makes) = (Vec::new(), Vec::new());
        let mut queue: Vec<Lot> = taken.iter().map(|t| t.lot.clone()).collect();
        let mut seen: HashSet<LotNo> = HashSet::new();
        while let Some(unit) = queue.pop() {
            for (no, _, _) in store::inputs_of_lot(act.tx, unit.no)? {
                let Some(lot) = lots::by_no(act.tx, no)?.filter(|_| seen.insert(no)) else { continue };
                if seen.len() > MOST_CONTENTS {
                    return Err(Error::invalid(
                        "parentID",
                        "contents_too_many",
                        "包装内的批次过多，请逐个写明拆出的编码",
                    ));
                }
                if lot.origin == unit.origin {
                    // the unit itself before it was moved or added to
                    queue.push(lot);
                    continue;
                }
                // what was unpacked or moved by itself meanwhile has a later lot
                for key in store::epcs_of_lot(act.tx, no)? {
                    let place = (actor.id.clone(), actor.division.clone());
                    makes.push(NewLot { holder: place.0, division: place.1, ..copied(&lot) });
                    keys.push(key);
                }
            }
        }
        Ok((keys, makes))
    }

    fn blank(
        &self,
        act: &Act,
        frame: &mut Frame,
        mv: &PlannedMove,
        kind: EventKind,
        actor: &Business,
        other: Option<&Business>,
    ) -> NewEvent {
        let unknown = mv.counterpart.as_deref().filter(|_| other.is_none());
        NewEvent {
            id: act.id(),
            kind,
            party: actor.id.clone(),
            division: actor.division.clone(),
            counterpart: other.map(|o| o.id.clone()),
            counterpart_division: other.map(|o| o.division.clone()),
            counterpart_name: unknown.unwrap_or_default().to_owned(),
            at: mv.when.day.to_string(),
            at_ms: Some(mv.when.ms),
            recorded_at: act.now,
            actor: act.who().user.clone(),
            channel: "epcis",
            batch: self.batch.clone(),
            doc_no: mv.doc_no.clone().unwrap_or_default(),
            difference: None,
            reason: String::new(),
            declared: true,
            doc: frame.doc.take(),
            simulated: self.party.simulated,
            inputs: Vec::new(),
            makes: Vec::new(),
            papers: None,
            additives: Vec::new(),
        }
    }

    /// Whose act a move is: the business its code stands for, where the importer may act for it; else the importer's.
    fn actor(&mut self, act: &mut Act, code: Option<&str>) -> Result<Business> {
        let own = business(&self.party);
        let Some(named) = code.map(|c| self.resolve(act, c)).transpose()?.flatten() else { return Ok(own) };
        let may = named.id == own.id || act.who().scope.covers(&named.division, Some(&named.id));
        Ok(if may { named } else { own })
    }

    /// The other side, where its code stands for a business and that is not the same one.
    fn other(&mut self, act: &mut Act, code: Option<&str>, actor: &Business) -> Result<Option<Business>> {
        let named = code.map(|c| self.resolve(act, c)).transpose()?.flatten();
        Ok(named.filter(|b| b.id != actor.id))
    }

    fn resolve(&mut self, act: &mut Act, key: &str) -> Result<Option<Business>> {
        if let Some(known) = self.businesses.get(key) {
            return Ok(known.clone());
        }
        // a place (414) or a party (417) is known by its GLN, whatever extension stands behind it
        let parts: Vec<&str> = key.split(':').collect();
        let gln = (parts.len() >= 2 && matches!(parts[0], "414" | "417")).then(|| parts[1]);
        let mut found = store::party_of(act.tx, key)?;
        if let (None, Some(gln)) = (&found, gln) {
            found = store::party_of(act.tx, gln)?;
        }
        let brief = found.map(|id| parties::brief(act.tx, &id)).transpose()?.flatten();
        let found = brief.as_ref().map(business);
        if self.businesses.len() < 100_000 {
            self.businesses.insert(key.to_owned(), found.clone());
        }
        Ok(found)
    }
}

fn business(brief: &parties::Brief) -> Business {
    Business {
        id: brief.id.clone(),
        division: brief.division.clone(),
        active: brief.status == "active",
        simulated: brief.simulated,
    }
}

fn kind_of(kind: MoveKind) -> Result<EventKind> {
    EventKind::parse(kind.as_str())
        .ok_or_else(|| Error::internal(format!("no ledger kind {}", kind.as_str())))
}

/// The parts of one transformation are joined by a lot in process that each part takes and makes again: so all inputs of
/// the earlier parts went into the outputs of the later ones.
fn with_transformation(mut mv: PlannedMove) -> PlannedMove {
    if let Some(id) = &mv.transformation {
        let item = PlannedItem {
            key: format!("transformation:{id}"),
            code: id.clone(),
            gs1: None,
            amount: None,
            if_known: true,
            note: None,
        };
        mv.takes.push(item.clone());
        mv.makes.push(item);
    }
    mv
}

/// The inputs of an event, each lot once. A lot that goes on whole as the same batch gives all it has.
fn merged(taken: &[Taken], makes: &[NewLot]) -> Vec<(LotNo, Option<Amount>)> {
    let mut out: Vec<(LotNo, Option<Amount>)> = Vec::with_capacity(taken.len());
    for one in taken {
        match out.iter_mut().find(|(lot, _)| *lot == one.lot.no) {
            Some((_, amount)) => *amount = amount.zip(one.amount).and_then(|(a, b)| a.checked_add(b)),
            None => {
                let same = makes.iter().find(|m| m.origin == Some(one.lot.origin) && m.unit == one.lot.unit);
                out.push((one.lot.no, one.amount.or_else(|| same.and_then(|m| m.amount))));
            }
        }
    }
    out
}

/// The same batch once more, in the amount that is told.
fn again(lot: &Lot, item: &PlannedItem) -> NewLot {
    let mut new = copied(lot);
    (new.amount, new.unit) = match item.amount {
        Some((amount, unit)) => (Some(amount), unit),
        None => (lot.amount.filter(|_| item.note.is_none()), lot.unit),
    };
    new
}

fn copied(lot: &Lot) -> NewLot {
    NewLot {
        product: lot.product.clone(),
        holder: lot.holder.clone(),
        division: lot.division.clone(),
        in_transit: false,
        origin: Some(lot.origin),
        batch: lot.batch.clone(),
        made: lot.made.clone(),
        expires: lot.expires.clone(),
        amount: lot.amount,
        unit: lot.unit,
        inspector: lot.inspector.clone(),
    }
}

/// A text of the lot's master data, whatever prefix its name has.
fn ilmd_text(ilmd: &Map<String, Value>, names: &[&str]) -> Option<String> {
    let local = |name: &str| name.rsplit(':').next().unwrap_or_default().to_owned();
    names.iter().find_map(|wanted| {
        let found = ilmd.iter().find(|(name, _)| local(name) == *wanted)?;
        let text = found.1.as_str().or_else(|| found.1.get("@value").and_then(Value::as_str))?;
        Some(text.trim().to_owned()).filter(|t| !t.is_empty())
    })
}

/// A date of the lot's master data; empty where there is none that can be read (the event keeps what was written).
fn ilmd_date(ilmd: &Map<String, Value>, names: &[&str]) -> String {
    let text = ilmd_text(ilmd, names).unwrap_or_default();
    let day = text.get(..10).unwrap_or(&text);
    day.parse::<PartialDate>().map(|d| d.to_string()).unwrap_or_default()
}
