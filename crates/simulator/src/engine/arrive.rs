//! What is on the road comes in: accepted, refused, sent back.

use smallvec::SmallVec;

use super::stock::{Delivery, HeldLot};
use super::{ARRIVE, Act, Out, SELL, Simulation};
use crate::data::GoodNo;
use crate::model::SimKind;

impl Simulation {
    pub(super) fn expect(&mut self, buyer: u32, good: GoodNo, lines: i64) {
        let class = self.good(good).class;
        let Some(seller) = self.sellers[buyer as usize].as_mut() else { return };
        if let Some(book) = seller.book(class) {
            seller.books[book].inbound += lines;
        }
    }

    /// Deliveries of today come in: accepted, with a difference now and then, or refused.
    pub(super) fn arrive(&mut self) {
        // yesterday's place is empty and becomes the furthest day; what was one day away is here
        self.on_way.rotate_left(1);
        for delivery in std::mem::take(&mut self.on_way[0]) {
            let minute = self.minute(ARRIVE);
            if !delivery.returned && self.dice.once_in(self.rates().refuse_one_in) {
                self.refuse(delivery, minute);
            } else {
                self.accept(delivery, minute);
            }
        }
    }

    fn accept(&mut self, delivery: Delivery, minute: u16) {
        let Delivery { lot, seller, buyer, doc, raw, returned } = delivery;
        let loss = if lot.amount >= 50 && self.dice.once_in(self.rates().differ_one_in) {
            lot.amount * i64::from(1 + self.dice.below(20)) / 1000
        } else {
            0
        };
        let amount = lot.amount - loss;
        let act = Act {
            counterpart: Some(seller),
            doc: Some(doc),
            loss,
            taint: lot.taint,
            ..Act::new(SimKind::Receive, buyer, minute)
        };
        let out = Out { amount, ..Out::of(&lot, buyer, false) };
        let no = self.record(act, SmallVec::from_elem((lot.no, lot.amount), 1), Some(out));
        self.arrived(buyer, raw, &lot);
        let lot = HeldLot { no, via: lot.no, from: seller, amount, start: amount, ..lot };
        if returned {
            self.end(SimKind::Destroy, buyer, minute + 1, &lot, amount);
        } else if buyer >= self.first_retail {
            self.pantries[(buyer - self.first_retail) as usize].push(lot);
        } else if raw {
            if let Some(kept) = self.raws[buyer as usize].iter_mut().find(|raw| raw.good == lot.good) {
                kept.put(lot);
            }
        } else {
            self.shelve(buyer, lot);
        }
    }

    /// What was expected is no longer on the way.
    fn arrived(&mut self, buyer: u32, raw: bool, lot: &HeldLot) {
        if buyer >= self.first_retail {
            return;
        }
        if raw {
            if let Some(raw) = self.raws[buyer as usize].iter_mut().find(|raw| raw.good == lot.good) {
                raw.inbound -= lot.amount;
            }
        } else {
            let line = self.good(lot.good).line;
            self.expect(buyer, lot.good, -(lot.amount * 1000 / line));
        }
    }

    fn refuse(&mut self, delivery: Delivery, minute: u16) {
        let Delivery { lot, seller, buyer, doc, raw, .. } = delivery;
        let act = Act {
            counterpart: Some(seller),
            doc: Some(doc),
            taint: lot.taint,
            ..Act::new(SimKind::Refuse, buyer, minute)
        };
        let out = Out::of(&lot, seller, false);
        let no = self.record(act, SmallVec::from_elem((lot.no, lot.amount), 1), Some(out));
        self.arrived(buyer, raw, &lot);
        self.shelve(seller, HeldLot { no, via: lot.no, from: buyer, start: lot.amount, ..lot });
    }

    pub(super) fn shelve(&mut self, party: u32, lot: HeldLot) {
        let (class, line) = (self.good(lot.good).class, self.good(lot.good).line);
        let Some(seller) = self.sellers[party as usize].as_mut() else { return };
        if let Some(book) = seller.book(class) {
            let shelf = seller.shelf(lot.product, lot.good, book);
            seller.put(shelf, lot, line);
        }
    }

    /// A buyer sends (the rest of) a lot back.
    pub(super) fn send_back(&mut self, party: u32, lot: HeldLot) {
        let (doc, minute) = (self.next_doc(), self.minute(SELL));
        let seller = lot.from;
        let act = Act {
            counterpart: Some(seller),
            doc: Some(doc),
            taint: lot.taint,
            ..Act::new(SimKind::Return, party, minute)
        };
        let out = Out::of(&lot, seller, true);
        let no = self.record(act, SmallVec::from_elem((lot.no, lot.amount), 1), Some(out));
        let (seller_line, good) = (self.good(lot.good).line, lot.good);
        self.expect(seller, good, lot.amount * 1000 / seller_line);
        let lot = HeldLot { no, ..lot };
        self.on_way[1].push(Delivery { lot, seller: party, buyer: seller, doc, raw: false, returned: true });
    }
}
