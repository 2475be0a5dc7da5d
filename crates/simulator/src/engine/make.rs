//! Food comes into being: imports from outside, harvests, batches by recipe.

use smallvec::SmallVec;

use super::stock::{Book, HeldLot, Seller};
use super::{Act, IMPORT, Inputs, MAKE, Out, Simulation};
use crate::data::GoodNo;
use crate::dice::Dice;
use crate::model::{Role, SimKind};
use crate::world::needed;

/// Batches of a class that a maker makes in a day at most.
const BATCHES: usize = 2;

impl Simulation {
    /// What dealers ordered outside yesterday comes in; on the first day they fill their shelves.
    pub(super) fn bring_in(&mut self) {
        if self.day == 0 {
            self.open_dealers();
        }
        for (party, shelf, amount) in std::mem::take(&mut self.imports) {
            let Some(seller) = self.sellers[party as usize].as_mut() else { continue };
            let kept = &mut seller.shelves[shelf as usize];
            kept.ordered = false;
            let (product, good) = (kept.product, kept.good);
            let age = self.dice.below(self.good(good).shelf_days / 6 + 1) as i32;
            let minute = self.minute(IMPORT);
            let doc = self.next_doc();
            let act = Act { doc: Some(doc), ..Act::new(SimKind::Receive, party, minute) };
            self.stock_new(act, SmallVec::new(), product, good, amount, age);
        }
    }

    fn open_dealers(&mut self) {
        for party in self.dealers() {
            if self.world.stations[party as usize].role != Role::Wholesaler {
                continue;
            }
            let books = self.sellers[party as usize].as_ref().map_or(0, |seller| seller.books.len());
            for book in 0..books {
                for _ in 0..4 {
                    self.order_import(party, book, None, 0);
                }
            }
        }
    }

    /// Orders one of a dealer's outside products for tomorrow: `good`, or any of the book's class.
    pub(super) fn order_import(&mut self, party: u32, book: usize, good: Option<GoodNo>, least: i64) {
        let Some(product) = self.own_product(party, book, good) else { return };
        let good = self.world.good_of(product);
        let usual = self.good(good).lot * (200 + i64::from(self.dice.below(400))) / 1000;
        let Some(seller) = self.sellers[party as usize].as_mut() else { return };
        let shelf = seller.shelf(product, good, book);
        if !std::mem::replace(&mut seller.shelves[shelf].ordered, true) {
            self.imports.push((party, shelf as u32, usual.max(least).max(1)));
        }
    }

    /// One of a party's own products of a book's class (of `good`, where named), rather a common one.
    pub(super) fn own_product(&mut self, party: u32, book: usize, good: Option<GoodNo>) -> Option<u32> {
        let station = &self.world.stations[party as usize];
        let own = &self.sellers[party as usize].as_ref()?.books[book].own;
        let place = match good {
            Some(good) => own.iter().copied().find(|&at| station.goods[usize::from(at)] == good)?,
            None if own.is_empty() => return None,
            None => *self.dice.pick(own),
        };
        let kinds = station.goods.len() as u32;
        let variants = station.products.saturating_sub(u32::from(place)).div_ceil(kinds).max(1);
        Some(station.first_product + self.dice.ranked(variants) * kinds + u32::from(place))
    }

    /// Growers bring in what is asked for, as far as the season allows.
    pub(super) fn harvest(&mut self) {
        let month = self.world.date(self.day as i32).month() as usize - 1;
        for party in self.dealers() {
            if self.world.stations[party as usize].role != Role::Farm {
                break;
            }
            let books = self.sellers[party as usize].as_ref().map_or(0, |seller| seller.books.len());
            for book in 0..books {
                self.harvest_class(party, book, month);
            }
        }
    }

    fn harvest_class(&mut self, party: u32, book: usize, month: usize) {
        let planted = self.incidents.due(party, self.day);
        let need = self.need(party, book).max(planted.map_or(0, |good| self.planted_need(good)));
        if need <= 0 {
            return;
        }
        let Some(good) = self.next_good(party, book, planted) else { return };
        let row = self.good(good);
        let kind = match (row.months[month], row.store) {
            (true, _) => SimKind::Harvest,
            // last season's crop comes out of the store
            (false, true) => SimKind::Receive,
            (false, false) => return,
        };
        let amount = (need * row.line / 1000).clamp((row.lot / 8).max(1), row.lot * 4);
        let amount = amount * (850 + i64::from(self.dice.below(300))) / 1000;
        let Some(product) = self.own_product(party, book, Some(good)) else { return };
        let age = if kind == SimKind::Receive { self.dice.below(90) as i32 } else { 0 };
        let minute = self.minute(IMPORT);
        let mut act = Act::new(kind, party, minute);
        act.taint = self.incidents.spoil(party, good, self.day, self.next_lot);
        self.stock_new(act, SmallVec::new(), product, good, amount.max(1), age);
    }

    /// What a planted incident makes at least of its good, in thousandths of a line: a quarter of a usual lot.
    fn planted_need(&self, good: GoodNo) -> i64 {
        let row = self.good(good);
        row.lot * 250 / row.line
    }

    /// Lines missing in a book, in thousandths.
    fn need(&self, party: u32, book: usize) -> i64 {
        let Some(seller) = self.sellers[party as usize].as_ref() else { return 0 };
        let book = &seller.books[book];
        let class = &self.world.catalogue.classes[usize::from(book.class)];
        book.target(class.cover_days, class.start_lines) - book.on_hand - book.inbound
    }

    /// The good to harvest or make next: a planted one, one that was asked for in vain, or any of the class.
    fn next_good(&mut self, party: u32, book: usize, planted: Option<GoodNo>) -> Option<GoodNo> {
        let station = &self.world.stations[party as usize];
        let book: &mut Book = &mut self.sellers[party as usize].as_mut()?.books[book];
        let own = |good: GoodNo| book.own.iter().any(|&at| station.goods[usize::from(at)] == good);
        if let Some(good) = planted.filter(|&good| own(good)) {
            return Some(good);
        }
        if let Some(good) = book.unmet.pop() {
            return Some(good);
        }
        if book.own.is_empty() {
            return None;
        }
        Some(station.goods[usize::from(*self.dice.pick(&book.own))])
    }

    /// Records an act that makes a new batch and puts it on the maker's own shelf.
    fn stock_new(&mut self, act: Act, inputs: Inputs, product: u32, good: GoodNo, amount: i64, age: i32) {
        let row = self.good(good);
        let (class, line) = (row.class, row.line);
        let made = self.day as i32 - age;
        let expires = made + row.shelf_days as i32;
        let (party, taint, serial) = (act.party, act.taint, self.next_event as u32);
        let out = Out { product, good, holder: party, transit: false, amount, made, expires, serial: None };
        let no = self.record(act, inputs, Some(out));
        let lot = HeldLot {
            no,
            via: 0,
            from: party,
            product,
            good,
            taint,
            amount,
            start: amount,
            made,
            expires,
            serial,
        };
        let Some(seller) = self.sellers[party as usize].as_mut() else { return };
        if let Some(book) = seller.book(class) {
            let shelf = seller.shelf(product, good, book);
            seller.put(shelf, lot, line);
        }
    }

    /// Makers turn ingredients into what is asked for.
    pub(super) fn make(&mut self) {
        for party in self.dealers() {
            if self.raws[party as usize].is_empty() || self.rhythm(party, self.day) == 0 {
                continue;
            }
            let books = self.sellers[party as usize].as_ref().map_or(0, |seller| seller.books.len());
            for book in 0..books {
                self.make_class(party, book);
            }
        }
    }

    fn make_class(&mut self, party: u32, book: usize) {
        for _ in 0..BATCHES {
            let planted = self.incidents.due(party, self.day);
            let need = self.need(party, book).max(planted.map_or(0, |good| self.planted_need(good)));
            if need <= 0 {
                return;
            }
            let Some(good) = self.next_good(party, book, planted) else { return };
            let row = self.good(good);
            if row.recipe.is_none() {
                continue;
            }
            let wanted = (need * row.line / 1000).clamp((row.lot / 32).max(1), row.lot * 3);
            if let Some(product) = self.own_product(party, book, Some(good)) {
                self.make_batch(party, product, good, wanted);
            }
        }
    }

    /// Makes up to `wanted` base units of a product from what is there; nothing where that is too little.
    fn make_batch(&mut self, party: u32, product: u32, good: GoodNo, wanted: i64) {
        let Some(recipe) = self.good(good).recipe.clone() else { return };
        let minute = self.minute(MAKE);
        let mut nominal = wanted;
        for &(input, amount) in &recipe.inputs {
            let had = self.usable(party, input, minute);
            let enough_for = had.saturating_mul(recipe.yields) / amount;
            nominal = nominal.min(enough_for);
            if enough_for >= wanted {
                continue;
            }
            // too little of this one: it is asked for beyond what is used, or a maker would never grow
            if let Some(raw) = self.raws[party as usize].iter_mut().find(|raw| raw.good == input) {
                raw.wanted += raw.start.min(needed(wanted, amount, recipe.yields));
            }
        }
        if nominal < (self.good(good).lot / 80).max(1) {
            return;
        }
        let mut inputs = Inputs::new();
        let mut taint = 0;
        for &(input, amount) in &recipe.inputs {
            let raws = &mut self.raws[party as usize];
            let Some(raw) = raws.iter_mut().find(|raw| raw.good == input) else { continue };
            let needed = needed(nominal, amount, recipe.yields);
            raw.wanted += needed;
            for part in raw.take(needed) {
                inputs.push((part.no, part.amount));
                taint |= part.taint;
            }
        }
        let kind = if recipe.pack { SimKind::Pack } else { SimKind::Produce };
        let mut act = Act::new(kind, party, minute);
        act.loss = nominal * i64::from(self.dice.below(15)) / 1000;
        act.taint = taint | self.incidents.spoil(party, good, self.day, self.next_lot);
        let amount = nominal - act.loss;
        self.stock_new(act, inputs, product, good, amount, 0);
    }

    /// Base units of an ingredient that may be used today; what is too old is destroyed.
    fn usable(&mut self, party: u32, input: GoodNo, minute: u16) -> i64 {
        let raws = &mut self.raws[party as usize];
        let Some(at) = raws.iter().position(|raw| raw.good == input) else { return 0 };
        for old in raws[at].take_expired(self.day as i32) {
            self.end(SimKind::Destroy, party, minute, &old, old.amount);
        }
        self.raws[party as usize][at].amount
    }

    /// A maker whose incident is a swapped ingredient gets the swapped lot from outside.
    pub(super) fn plant_substitutes(&mut self) {
        for (bit, party, input, product) in self.incidents.substitutes(&self.world, self.day) {
            let good = self.world.good_of(product);
            let (amount, shelf_days) = (self.good(good).lot / 2, self.good(good).shelf_days as i32);
            let made = self.day as i32 - 20;
            let (minute, doc) = (self.minute(IMPORT), self.next_doc());
            let act = Act { doc: Some(doc), taint: bit, ..Act::new(SimKind::Receive, party, minute) };
            let serial = self.next_event as u32;
            let expires = made + shelf_days;
            let out =
                Out { product, good, holder: party, transit: false, amount, made, expires, serial: None };
            let no = self.record(act, SmallVec::new(), Some(out));
            self.incidents.source(bit, no);
            let lot = HeldLot {
                no,
                via: 0,
                from: party,
                product,
                good,
                taint: bit,
                amount,
                start: amount,
                made,
                expires,
                serial,
            };
            // used before what it passes for
            if let Some(raw) = self.raws[party as usize].iter_mut().find(|raw| raw.good == input) {
                raw.amount += lot.amount;
                raw.lots.push_front(lot);
            }
        }
    }
}

impl Seller {
    /// A stocked shelf of a good, looked for from a random place on.
    pub(super) fn stocked_of(&self, book: usize, good: GoodNo, dice: &mut Dice) -> Option<usize> {
        let stocked = &self.books[book].stocked;
        let from = dice.below(stocked.len() as u32) as usize;
        let (before, after) = stocked.split_at(from);
        let mut shelves = after.iter().chain(before).map(|&shelf| shelf as usize);
        shelves.find(|&shelf| self.shelves[shelf].good == good)
    }
}
