//! Buying and selling between businesses: who orders what from whom, deliveries on the road, their arrival.

use smallvec::SmallVec;

use super::stock::{Delivery, HeldLot};
use super::{Act, ORDER, Out, Simulation};
use crate::data::{ClassNo, GoodNo, Rates};
use crate::model::{DocNo, Role, SimKind};
use crate::world::{NOBODY, Row};

/// Lots that one line of an order may be filled from.
const LOTS_A_LINE: usize = 4;
/// Lines that a dealer orders of one class on a day at most.
const MOST_LINES: i64 = 12;

/// An order to one supplier.
#[derive(Clone, Copy)]
struct Order {
    buyer: u32,
    supplier: u32,
    doc: DocNo,
    minute: u16,
    /// For the buyer's ingredients.
    raw: bool,
}

impl Simulation {
    pub(super) fn order(&mut self) {
        // a different first buyer each day, so that nobody is always served last
        let (dealers, retailers) = (self.dealers(), self.retailers());
        for party in turned(dealers, self.day) {
            self.order_ingredients(party);
            self.restock(party);
        }
        for party in turned(retailers, self.day) {
            self.order_retail(party);
        }
    }

    /// A shop or kitchen orders its lines for tomorrow and the days after.
    fn order_retail(&mut self, party: u32) {
        let role = self.world.stations[party as usize].role;
        let every = self.world.catalogue.roles[role as usize].order_days;
        let rhythm = i64::from(self.rhythm(party, self.day + 1));
        if !(self.day + party).is_multiple_of(every) || rhythm == 0 {
            return;
        }
        let lines = self.lines[role as usize] * i64::from(every) * rhythm / 1000;
        let lines = self.dice.round_milli(lines);
        if lines == 0 {
            return;
        }
        let rows: SmallVec<[Row; 16]> = self.world.rows(party).collect();
        let weights: u32 = rows.iter().map(|row| row.weight).sum();
        let minute = self.minute(ORDER);
        let mut docs: SmallVec<[(u32, DocNo); 8]> = SmallVec::new();
        for _ in 0..lines {
            // a second try where the first supplier has nothing
            for _ in 0..3 {
                let mut draw = self.dice.below(weights);
                let Some(row) = rows.iter().find(|row| {
                    let hit = draw < row.weight;
                    draw = draw.wrapping_sub(row.weight);
                    hit
                }) else {
                    return;
                };
                let supplier = self.contact(row);
                if supplier == NOBODY {
                    continue;
                }
                let known = docs.iter().find(|&&(of, _)| of == supplier).map(|&(_, doc)| doc);
                let doc = known.unwrap_or_else(|| self.next_doc());
                if known.is_none() {
                    docs.push((supplier, doc));
                }
                let order = Order { buyer: party, supplier, doc, minute, raw: false };
                if self.ship_class(order, row.class, row.bulk) {
                    break;
                }
            }
        }
    }

    /// A dealer buys in what its books are short of.
    fn restock(&mut self, party: u32) {
        let rhythm = i64::from(self.rhythm(party, self.day));
        if rhythm == 0 {
            return;
        }
        let rows: SmallVec<[Row; 16]> = self.world.rows(party).collect();
        for row in rows {
            let lines = self.lines_short(party, &row) * rhythm / 1000;
            let lines = self.dice.round_milli(lines * 1000 / row.bulk).min(MOST_LINES);
            for _ in 0..lines {
                let supplier = self.contact(&row);
                if supplier == NOBODY || supplier == party {
                    continue;
                }
                let (doc, minute) = (self.next_doc(), self.minute(ORDER));
                self.ship_class(
                    Order { buyer: party, supplier, doc, minute, raw: false },
                    row.class,
                    row.bulk,
                );
            }
        }
    }

    /// Thousandths of a line that a dealer wants by one of its channels today.
    ///
    /// A class that comes by one channel alone is filled to its target; of others each channel brings its share of what
    /// goes out, so that local food keeps its place beside outside brands.
    fn lines_short(&self, party: u32, row: &Row) -> i64 {
        let Some(seller) = self.sellers[party as usize].as_ref() else { return 0 };
        let Some(book) = seller.book(row.class).map(|at| &seller.books[at]) else { return 0 };
        let class = &self.world.catalogue.classes[usize::from(row.class)];
        let target = book.target(class.cover_days, class.start_lines);
        let have = book.on_hand + book.inbound;
        if row.weight >= 1000 {
            return (target - have).max(0);
        }
        let share = |amount: i64| amount * i64::from(row.weight) / 1000;
        if have > target * 3 {
            return 0;
        }
        share(book.mean.unwrap_or(0)).max(share(class.start_lines * 1000 - have))
    }

    /// A maker fills up its ingredients.
    fn order_ingredients(&mut self, party: u32) {
        for at in 0..self.raws[party as usize].len() {
            let raw = &self.raws[party as usize][at];
            let (good, row) = (raw.good, self.good(raw.good));
            let cover = self.class_of(good).cover_days.max(2);
            // never more than keeps
            let cover = cover.min(i64::from(row.shelf_days) - 1).max(1);
            let target = (raw.mean.unwrap_or(0) * cover).max(raw.start);
            let short = target - raw.amount - raw.inbound;
            if short * 3 < target {
                continue;
            }
            if self.world.stations[party as usize].goods.contains(&good) {
                self.use_own(party, at, short);
                continue;
            }
            let supplier = *self.dice.pick(&self.raws[party as usize][at].contacts);
            if supplier != NOBODY {
                let (doc, minute) = (self.next_doc(), self.minute(ORDER));
                self.ship_good(Order { buyer: party, supplier, doc, minute, raw: true }, good, short);
            }
        }
    }

    /// What a maker makes itself goes from its shelf to its ingredients; the lot stays the same lot.
    fn use_own(&mut self, party: u32, at: usize, mut short: i64) {
        let good = self.raws[party as usize][at].good;
        let (class, line) = (self.good(good).class, self.good(good).line);
        let Some(seller) = self.sellers[party as usize].as_mut() else { return };
        let Some(book) = seller.book(class) else { return };
        seller.books[book].demand += short * 1000 / line;
        while short > 0 {
            let Some(shelf) = seller.stocked_of(book, good, &mut self.dice) else {
                seller.books[book].unmet.push(good);
                seller.books[book].unmet.truncate(4);
                return;
            };
            // a whole lot, so that no lot is in two places
            let Some(part) = seller.take(shelf, i64::MAX, line) else { return };
            short -= part.amount;
            self.raws[party as usize][at].put(part);
        }
    }

    fn contact(&mut self, row: &Row) -> u32 {
        self.world.contacts[(row.from + self.dice.below(row.count)) as usize]
    }

    /// Ships one line of a class, `bulk` permille of the usual line; false where the supplier has none.
    fn ship_class(&mut self, order: Order, class: ClassNo, bulk: i64) -> bool {
        let Some(shelf) = self.choose(order.supplier, class, bulk) else { return false };
        let Some(seller) = self.sellers[order.supplier as usize].as_ref() else { return false };
        let good = seller.shelves[shelf].good;
        let row = self.good(good);
        let (line, pack, by_weight) = (row.line, row.pack_size, row.line >= 1000);
        let amount = line * bulk / 1000 * (600 + i64::from(self.dice.below(800))) / 1000;
        let step = pack.unwrap_or(if by_weight { 100 } else { 1 });
        let amount = (amount / step).max(1) * step;
        self.ship_shelf(order, shelf, amount) > 0
    }

    /// Ships up to `want` base units of a good from any of the supplier's shelves that have it.
    fn ship_good(&mut self, order: Order, good: GoodNo, mut want: i64) {
        let (class, line) = (self.good(good).class, self.good(good).line);
        let supplier = order.supplier as usize;
        let Some(seller) = self.sellers[supplier].as_mut() else { return };
        let Some(book) = seller.book(class) else { return };
        seller.books[book].demand += want * 1000 / line;
        for _ in 0..LOTS_A_LINE {
            let Some(seller) = self.sellers[supplier].as_ref() else { return };
            let Some(shelf) = seller.stocked_of(book, good, &mut self.dice) else { break };
            want -= self.ship_shelf(order, shelf, want);
            if want <= 0 {
                return;
            }
        }
        if self.world.stations[supplier].role == Role::Wholesaler {
            self.order_import(order.supplier, book, Some(good), want * 2);
        } else if let Some(seller) = self.sellers[supplier].as_mut() {
            seller.books[book].unmet.push(good);
            seller.books[book].unmet.truncate(4);
        }
    }

    /// Which product of a class a buyer takes from a supplier: a common one rather, and one that is there.
    fn choose(&mut self, supplier: u32, class: ClassNo, bulk: i64) -> Option<usize> {
        let seller = self.sellers[supplier as usize].as_mut()?;
        let at = seller.book(class)?;
        let row = &self.world.catalogue.classes[usize::from(class)];
        let Rates { outside_percent, import_one_in, .. } = self.world.catalogue.rates;
        let book = &mut seller.books[at];
        book.demand += bulk;
        let short = book.on_hand + book.inbound < book.target(row.cover_days, row.start_lines);
        let outside = self.world.stations[supplier as usize].role == Role::Wholesaler && !book.own.is_empty();
        if outside && (book.stocked.is_empty() || self.dice.below(100) < outside_percent) {
            let product = self.own_product(supplier, at, None)?;
            let good = self.world.good_of(product);
            let seller = self.sellers[supplier as usize].as_mut()?;
            let shelf = seller.shelf(product, good, at);
            if !seller.shelves[shelf].lots.is_empty() {
                return Some(shelf);
            }
            if short || self.dice.once_in(import_one_in) {
                self.order_import(supplier, at, Some(good), 0);
            }
        }
        let seller = self.sellers[supplier as usize].as_ref()?;
        let stocked = &seller.books[at].stocked;
        if stocked.is_empty() {
            return None;
        }
        Some(*self.dice.pick(stocked) as usize)
    }

    /// Ships up to `want` base units from a shelf, oldest lot first; one event a lot. Returns what was shipped.
    fn ship_shelf(&mut self, order: Order, shelf: usize, want: i64) -> i64 {
        let mut shipped = 0;
        for _ in 0..LOTS_A_LINE {
            let supplier = order.supplier as usize;
            let Some(seller) = self.sellers[supplier].as_mut() else { break };
            let good = &self.world.catalogue.goods[usize::from(seller.shelves[shelf].good)];
            let line = good.line;
            // what would be too old on arrival is not sold
            let Some(front) = seller.shelves[shelf].lots.front() else { break };
            if front.expires <= self.day as i32 {
                if let Some(old) = seller.take(shelf, i64::MAX, line) {
                    self.end(SimKind::Destroy, order.supplier, order.minute, &old, old.amount);
                }
                continue;
            }
            let Some(part) = seller.take(shelf, want - shipped, line) else { break };
            shipped += part.amount;
            self.send(order, part, line);
            if shipped >= want {
                break;
            }
        }
        shipped
    }

    fn send(&mut self, order: Order, part: HeldLot, line: i64) {
        let Order { buyer, supplier, doc, minute, raw } = order;
        let act = Act {
            counterpart: Some(buyer),
            doc: Some(doc),
            taint: part.taint,
            ..Act::new(SimKind::Ship, supplier, minute)
        };
        let out = Out::of(&part, buyer, true);
        let no = self.record(act, SmallVec::from_elem((part.no, part.amount), 1), Some(out));
        if raw {
            if let Some(raw) = self.raws[buyer as usize].iter_mut().find(|raw| raw.good == part.good) {
                raw.inbound += part.amount;
            }
        } else if buyer < self.first_retail {
            self.expect(buyer, part.good, part.amount * 1000 / line);
        }
        // one delivery in eight takes a day longer
        let days = if self.dice.once_in(self.rates().late_one_in) && part.expires > self.day as i32 + 2 {
            2
        } else {
            1
        };
        let lot = HeldLot { no, ..part };
        self.on_way[days].push(Delivery { lot, seller: supplier, buyer, doc, raw, returned: false });
    }
}

/// The numbers of a range, beginning at a place that moves with the day.
fn turned(range: std::ops::Range<u32>, day: u32) -> impl Iterator<Item = u32> {
    let count = range.end - range.start;
    let from = (day.wrapping_mul(7919)) % count.max(1);
    (0..count).map(move |at| range.start + (from + at) % count)
}
