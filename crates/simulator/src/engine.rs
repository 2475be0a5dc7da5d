//! Lets days pass. A day has phases, each later on the clock than the one before, so that what a phase uses was made
//! by an earlier one: imports and harvests, arrivals, making, meals, orders and shipping, selling.

mod arrive;
mod eat;
mod make;
mod setup;
mod stock;
mod trade;

use std::collections::VecDeque;
use std::ops::Range;

use kit_base::Result;
use smallvec::SmallVec;

use crate::Progress;
use crate::data::{Class, Good, GoodNo, Rates};
use crate::dice::Dice;
use crate::incidents::{Answer, Incidents};
use crate::model::{Batch, DocNo, Role, SimEvent, SimKind, SimLot};
use crate::world::{SimOptions, World};
pub(crate) use stock::HeldLot;
use stock::{Delivery, Raw, Seller};

/// Minutes of the day in which a phase happens.
const IMPORT: Range<u32> = 240..420;
const ARRIVE: Range<u32> = 420..540;
const MAKE: Range<u32> = 540..660;
const MEAL: Range<u32> = 660..720;
const EAT: Range<u32> = 720..800;
const ORDER: Range<u32> = 800..1080;
const SELL: Range<u32> = 1140..1320;

type Inputs = SmallVec<[(u64, i64); 1]>;

/// A world in which days pass; see [`crate::simulate`].
pub struct Simulation {
    world: World,
    dice: Dice,
    day: u32,
    /// Number of today's next paper.
    doc: u32,
    next_event: u64,
    next_lot: u64,
    today: Vec<SimEvent>,
    /// By party; none for those who sell only to consumers.
    sellers: Vec<Option<Box<Seller>>>,
    /// By party; empty for those who make nothing.
    raws: Vec<Vec<Raw>>,
    /// Stock of shops, kitchens and canteens, from the first of them on.
    pantries: Vec<Vec<HeldLot>>,
    first_retail: u32,
    /// Deliveries by days from now.
    on_way: VecDeque<Vec<Delivery>>,
    /// (party, shelf, base units) that dealers get from outside tomorrow.
    imports: Vec<(u32, u32, i64)>,
    /// Purchase lines a day of one party, in thousandths, by role.
    lines: [i64; Role::ALL.len()],
    incidents: Incidents,
}

/// What happens, without its numbers.
struct Act {
    kind: SimKind,
    party: u32,
    counterpart: Option<u32>,
    minute: u16,
    doc: Option<DocNo>,
    loss: i64,
    taint: u8,
}

impl Act {
    fn new(kind: SimKind, party: u32, minute: u16) -> Self {
        Self { kind, party, counterpart: None, minute, doc: None, loss: 0, taint: 0 }
    }
}

/// What comes out of it.
struct Out {
    product: u32,
    good: GoodNo,
    holder: u32,
    transit: bool,
    amount: i64,
    made: i32,
    expires: i32,
    /// `None`: a new batch.
    serial: Option<u32>,
}

impl Out {
    /// The same food in other hands.
    fn of(lot: &HeldLot, holder: u32, transit: bool) -> Self {
        Self {
            product: lot.product,
            good: lot.good,
            holder,
            transit,
            amount: lot.amount,
            made: lot.made,
            expires: lot.expires,
            serial: Some(lot.serial),
        }
    }
}

impl Simulation {
    /// Builds the world; no day has passed yet.
    pub fn new(options: SimOptions) -> Result<Self> {
        setup::simulation(World::new(options)?)
    }

    pub fn world(&self) -> &World {
        &self.world
    }

    pub fn progress(&self) -> Progress {
        Progress {
            day: self.day,
            days: self.world.options.days,
            events: self.next_event - self.world.options.first_event,
            lots: self.next_lot - self.world.options.first_lot,
        }
    }

    /// The events of the next day in commit order; `None` after the last.
    pub fn next_day(&mut self) -> Option<Vec<SimEvent>> {
        if self.day >= self.world.options.days {
            return None;
        }
        self.doc = 1;
        self.plant_substitutes();
        self.bring_in();
        self.harvest();
        self.arrive();
        self.make();
        self.cook();
        self.order();
        self.sell();
        self.sweep();
        self.end_day();
        self.day += 1;
        Some(std::mem::take(&mut self.today))
    }

    /// What the planted incidents did, as far as days have passed.
    pub fn answers(&self) -> Vec<Answer> {
        let mut stock = Vec::new();
        for (party, seller) in (0u32..).zip(&self.sellers) {
            for shelf in seller.iter().flat_map(|seller| &seller.shelves) {
                stock.extend(shelf.lots.iter().filter(|lot| lot.taint != 0).map(|lot| (party, lot, false)));
            }
        }
        for (party, raws) in (0u32..).zip(&self.raws) {
            let lots = raws.iter().flat_map(|raw| &raw.lots);
            stock.extend(lots.filter(|lot| lot.taint != 0).map(|lot| (party, lot, false)));
        }
        for (party, pantry) in (self.first_retail..).zip(&self.pantries) {
            stock.extend(pantry.iter().filter(|lot| lot.taint != 0).map(|lot| (party, lot, false)));
        }
        let on_way = self.on_way.iter().flatten().filter(|delivery| delivery.lot.taint != 0);
        stock.extend(on_way.map(|delivery| (delivery.buyer, &delivery.lot, true)));
        let mut held: Vec<_> =
            stock.iter().map(|&(party, lot, transit)| (party, lot.into(), transit)).collect();
        held.sort_by_key(|&(party, lot, _): &(u32, crate::incidents::Part, bool)| (party, lot.no));
        self.incidents.answers(&self.world, &held)
    }

    /// Gives an act its numbers and adds it to the day. Returns the number of the lot that came out.
    fn record(&mut self, act: Act, inputs: Inputs, out: Option<Out>) -> u64 {
        let no = self.next_event;
        self.next_event += 1;
        let lot_no = self.next_lot;
        let outs = out.map(|out| SimLot {
            no: lot_no,
            product: out.product,
            holder: out.holder,
            transit: out.transit,
            batch: Batch { made: out.made, serial: out.serial.unwrap_or(no as u32) },
            expires: out.expires,
            amount: out.amount,
            unit: self.world.catalogue.goods[usize::from(out.good)].unit,
        });
        self.next_lot += u64::from(outs.is_some());
        let event = SimEvent {
            no,
            kind: act.kind,
            party: act.party,
            counterpart: act.counterpart,
            day: self.day,
            minute: act.minute,
            inputs,
            outs: outs.into_iter().collect(),
            loss: act.loss,
            doc_no: act.doc,
        };
        if act.taint != 0 {
            self.incidents.saw(act.taint, &event);
        }
        self.today.push(event);
        lot_no
    }

    /// Ends (part of) a lot: sold, lost, destroyed, found missing.
    fn end(&mut self, kind: SimKind, party: u32, minute: u16, lot: &HeldLot, amount: i64) {
        let act = Act { taint: lot.taint, ..Act::new(kind, party, minute) };
        self.record(act, SmallVec::from_elem((lot.no, amount), 1), None);
    }

    fn rates(&self) -> &Rates {
        &self.world.catalogue.rates
    }

    fn good(&self, good: GoodNo) -> &Good {
        &self.world.catalogue.goods[usize::from(good)]
    }

    fn class_of(&self, good: GoodNo) -> &Class {
        &self.world.catalogue.classes[usize::from(self.good(good).class)]
    }

    fn minute(&mut self, phase: Range<u32>) -> u16 {
        (phase.start + self.dice.below(phase.end - phase.start)) as u16
    }

    fn next_doc(&mut self) -> DocNo {
        let serial = self.doc;
        self.doc += 1;
        DocNo { day: self.day, serial }
    }

    /// Permille of a mean day that a party works on `day`; 0 when it is closed.
    fn rhythm(&self, party: u32, day: u32) -> u32 {
        let station = &self.world.stations[party as usize];
        let date = self.world.date(day as i32);
        if self.world.catalogue.trades[usize::from(station.trade)].closed[date.month() as usize - 1] {
            return 0;
        }
        let weekday = date.weekday().to_monday_zero_offset() as usize;
        self.world.catalogue.roles[station.role as usize].week[weekday]
    }

    /// Parties who sell to other parties.
    fn dealers(&self) -> Range<u32> {
        0..self.first_retail
    }

    /// Parties with whom food ends.
    fn retailers(&self) -> Range<u32> {
        self.first_retail..self.world.party_count()
    }

    fn end_day(&mut self) {
        for seller in self.sellers.iter_mut().flatten() {
            seller.books.iter_mut().for_each(stock::Book::end_day);
        }
        self.raws.iter_mut().flatten().for_each(Raw::end_day);
    }
}
