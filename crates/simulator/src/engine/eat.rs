//! Where food ends: sold to consumers, cooked and eaten in canteens, lost, destroyed.

use smallvec::SmallVec;

use super::stock::HeldLot;
use super::{Act, EAT, Inputs, MEAL, Out, SELL, Simulation};
use crate::data::GoodNo;
use crate::model::{Role, SimKind};

impl Simulation {
    /// Shops and restaurants report what they sold, summed a lot; each in its own rhythm.
    pub(super) fn sell(&mut self) {
        for party in self.retailers() {
            let role = self.world.stations[party as usize].role;
            let every = self.world.catalogue.roles[role as usize].sell_days;
            if role == Role::Canteen || !(self.day + party).is_multiple_of(every) {
                continue;
            }
            let minute = self.minute(SELL);
            let pantry = self.pantry(party);
            let mut kept = Vec::with_capacity(pantry.len());
            for mut lot in pantry {
                self.sell_lot(party, minute, &mut lot, every);
                if lot.amount > 0 && self.dice.once_in(self.rates().return_one_in) {
                    self.send_back(party, lot);
                } else if lot.amount > 0 {
                    kept.push(lot);
                }
            }
            self.pantries[(party - self.first_retail) as usize] = kept;
        }
    }

    fn pantry(&mut self, party: u32) -> Vec<HeldLot> {
        std::mem::take(&mut self.pantries[(party - self.first_retail) as usize])
    }

    fn sell_lot(&mut self, party: u32, minute: u16, lot: &mut HeldLot, every: u32) {
        let today = self.day as i32;
        if lot.expires < today {
            self.end(SimKind::Destroy, party, minute, lot, lot.amount);
            lot.amount = 0;
            return;
        }
        if self.dice.once_in(self.rates().loss_one_in) && lot.amount > 20 {
            let lost = lot.amount / 20;
            self.end(SimKind::Loss, party, minute, lot, lost);
            lot.amount -= lost;
        }
        let last = lot.expires - today <= every as i32;
        let sold = if last && !self.dice.once_in(self.rates().leftover_one_in) {
            lot.amount
        } else {
            self.portion(lot, every)
        };
        self.incidents.sold_here(&self.world, party, lot, self.day);
        self.end(SimKind::Sell, party, minute, lot, sold);
        lot.amount -= sold;
        if last && lot.amount > 0 {
            self.end(SimKind::Destroy, party, minute, lot, lot.amount);
            lot.amount = 0;
        }
    }

    /// What goes out of a lot in some days: its share of the class's time on the shelf, give or take.
    fn portion(&mut self, lot: &HeldLot, days: u32) -> i64 {
        let usual = lot.start * i64::from(days) / self.class_of(lot.good).sell_out_days;
        let portion = usual * (600 + i64::from(self.dice.below(800))) / 1000;
        // no crumbs: what is left of a nearly empty lot goes too
        if lot.amount - portion < lot.start / 10 { lot.amount } else { portion.clamp(1, lot.amount) }
    }

    /// Canteens cook: every meal is a lot made of the day's ingredients, eaten the same day.
    pub(super) fn cook(&mut self) {
        let canteens = self.world.stations.partition_point(|station| station.role < Role::Canteen) as u32;
        for party in canteens..self.world.party_count() {
            if self.rhythm(party, self.day) > 0 {
                self.cook_meal(party);
            }
        }
    }

    fn cook_meal(&mut self, party: u32) {
        let minute = self.minute(MEAL);
        let mut inputs = Inputs::new();
        let mut taint = 0;
        let mut kept = Vec::new();
        for mut lot in self.pantry(party) {
            if lot.expires < self.day as i32 {
                self.end(SimKind::Destroy, party, minute, &lot, lot.amount);
                continue;
            }
            let portion = if lot.expires == self.day as i32 { lot.amount } else { self.portion(&lot, 1) };
            self.incidents.sold_here(&self.world, party, &lot, self.day);
            inputs.push((lot.no, portion));
            taint |= lot.taint;
            lot.amount -= portion;
            if lot.amount > 0 {
                kept.push(lot);
            }
        }
        self.pantries[(party - self.first_retail) as usize] = kept;
        if inputs.is_empty() {
            return;
        }
        self.serve(party, minute, inputs, taint);
    }

    fn serve(&mut self, party: u32, minute: u16, inputs: Inputs, taint: u8) {
        let station = &self.world.stations[party as usize];
        let (product, good): (u32, GoodNo) = (station.first_product, station.goods[0]);
        let amount = 120 + i64::from(party % 7) * 110 + i64::from(self.dice.below(30));
        let day = self.day as i32;
        let out = Out {
            product,
            good,
            holder: party,
            transit: false,
            amount,
            made: day,
            expires: day,
            serial: None,
        };
        let act = Act { taint, ..Act::new(SimKind::Produce, party, minute) };
        let no = self.record(act, inputs, Some(out));
        let minute = self.minute(EAT);
        let act = Act { taint, ..Act::new(SimKind::Sell, party, minute) };
        self.record(act, SmallVec::from_elem((no, amount), 1), None);
    }

    /// Once a week each dealer looks its shelves through: what is too old is destroyed, and now and then something
    /// is missing.
    pub(super) fn sweep(&mut self) {
        for party in self.dealers() {
            if !(self.day + party).is_multiple_of(7) {
                continue;
            }
            let minute = self.minute(SELL);
            let shelves = self.sellers[party as usize].as_ref().map_or(0, |seller| seller.shelves.len());
            for shelf in 0..shelves {
                self.sweep_shelf(party, shelf, minute);
            }
            for at in 0..self.raws[party as usize].len() {
                for old in self.raws[party as usize][at].take_expired(self.day as i32) {
                    self.end(SimKind::Destroy, party, minute, &old, old.amount);
                }
            }
        }
    }

    fn sweep_shelf(&mut self, party: u32, shelf: usize, minute: u16) {
        let count_one_in = self.rates().count_one_in;
        let Some(seller) = self.sellers[party as usize].as_mut() else { return };
        let line = self.world.catalogue.goods[usize::from(seller.shelves[shelf].good)].line;
        let expired = seller.take_expired(shelf, self.day as i32, line);
        let counted = match seller.shelves[shelf].lots.front() {
            Some(front) if front.amount > 400 && self.dice.once_in(count_one_in) => {
                seller.take(shelf, i64::MAX, line)
            }
            _ => None,
        };
        for old in expired {
            self.end(SimKind::Destroy, party, minute, &old, old.amount);
        }
        if let Some(lot) = counted {
            self.count(party, minute, lot);
        }
    }

    /// A counted lot is booked anew with what is really there: a little less.
    fn count(&mut self, party: u32, minute: u16, lot: HeldLot) {
        let missing = lot.amount / 200;
        let amount = lot.amount - missing;
        let act = Act { taint: lot.taint, loss: missing, ..Act::new(SimKind::Stocktake, party, minute) };
        let out = Out { amount, ..Out::of(&lot, party, false) };
        let no = self.record(act, SmallVec::from_elem((lot.no, lot.amount), 1), Some(out));
        self.shelve(party, HeldLot { no, amount, start: amount, ..lot });
    }
}
