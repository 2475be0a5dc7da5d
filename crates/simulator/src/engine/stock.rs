//! What parties have: lots on shelves (first in, first out), ingredients of makers, and the books that say when to
//! buy or make more. Quantities of a class are counted in thousandths of a usual line, so that unlike goods add up.

use std::collections::VecDeque;

use crate::data::{ClassNo, GoodNo};

/// A lot, or what is left of it, in someone's hands.
#[derive(Debug, Clone)]
pub(crate) struct HeldLot {
    pub no: u64,
    /// The delivery it came by, or 0.
    pub via: u64,
    pub from: u32,
    pub product: u32,
    pub good: GoodNo,
    /// Bits of the incidents it is affected by.
    pub taint: u8,
    pub amount: i64,
    /// Amount when it came.
    pub start: i64,
    pub made: i32,
    pub expires: i32,
    pub serial: u32,
}

const NOT_STOCKED: u32 = u32::MAX;

/// One product of a seller.
#[derive(Debug)]
pub(crate) struct Shelf {
    pub product: u32,
    pub good: GoodNo,
    pub lots: VecDeque<HeldLot>,
    /// An import is on order.
    pub ordered: bool,
    book: u32,
    /// Place in the book's list of stocked shelves.
    slot: u32,
}

/// One class of a seller's goods, in thousandths of a line.
#[derive(Debug)]
pub(crate) struct Book {
    pub class: ClassNo,
    /// Places in the party's goods that are of this class.
    pub own: Vec<u16>,
    /// Shelves that hold something.
    pub stocked: Vec<u32>,
    pub on_hand: i64,
    pub inbound: i64,
    /// Asked for today, served or not.
    pub demand: i64,
    /// Moving mean of a day's demand; `None` before the first day is over.
    pub mean: Option<i64>,
    /// Goods asked for in vain.
    pub unmet: Vec<GoodNo>,
}

impl Book {
    /// How much should be in stock: some days of demand, at least what one starts with.
    pub fn target(&self, cover_days: i64, start_lines: i64) -> i64 {
        (self.mean.unwrap_or(0) * cover_days).max(start_lines * 1000)
    }

    pub fn end_day(&mut self) {
        self.mean = Some(moving(self.mean, self.demand));
        self.demand = 0;
    }
}

/// A mean over about a week.
fn moving(mean: Option<i64>, today: i64) -> i64 {
    mean.map_or(today, |mean| (mean * 4 + today) / 5)
}

/// Everything a party has to sell.
#[derive(Debug)]
pub(crate) struct Seller {
    pub shelves: Vec<Shelf>,
    pub books: Vec<Book>,
    /// (product, shelf), ascending.
    index: Vec<(u32, u32)>,
}

impl Seller {
    pub fn new(books: Vec<Book>) -> Self {
        Self { shelves: Vec::new(), books, index: Vec::new() }
    }

    pub fn book(&self, class: ClassNo) -> Option<usize> {
        self.books.iter().position(|book| book.class == class)
    }

    /// The shelf of a product, made if there is none; `book` is where its class is kept.
    pub fn shelf(&mut self, product: u32, good: GoodNo, book: usize) -> usize {
        match self.index.binary_search_by_key(&product, |&(product, _)| product) {
            Ok(at) => self.index[at].1 as usize,
            Err(at) => {
                let shelf = self.shelves.len() as u32;
                self.index.insert(at, (product, shelf));
                self.shelves.push(Shelf {
                    product,
                    good,
                    lots: VecDeque::new(),
                    ordered: false,
                    book: book as u32,
                    slot: NOT_STOCKED,
                });
                shelf as usize
            }
        }
    }

    /// Puts a lot at the end of a shelf; `line` is the usual line of its good.
    pub fn put(&mut self, shelf: usize, lot: HeldLot, line: i64) {
        let kept = &mut self.shelves[shelf];
        let book = &mut self.books[kept.book as usize];
        book.on_hand += lot.amount * 1000 / line;
        if kept.slot == NOT_STOCKED {
            kept.slot = book.stocked.len() as u32;
            book.stocked.push(shelf as u32);
        }
        kept.lots.push_back(lot);
    }

    /// Takes up to `want` from the first lot of a shelf; `None` when it is empty. What is taken keeps the lot's number.
    pub fn take(&mut self, shelf: usize, want: i64, line: i64) -> Option<HeldLot> {
        let kept = &mut self.shelves[shelf];
        let front = kept.lots.front_mut()?;
        let amount = want.min(front.amount);
        let part = HeldLot { amount, ..front.clone() };
        front.amount -= amount;
        if front.amount == 0 {
            kept.lots.pop_front();
        }
        self.books[kept.book as usize].on_hand -= amount * 1000 / line;
        self.unlist_if_empty(shelf);
        Some(part)
    }

    /// Takes all lots out whose shelf life ended before `day`.
    pub fn take_expired(&mut self, shelf: usize, day: i32, line: i64) -> Vec<HeldLot> {
        let kept = &mut self.shelves[shelf];
        if kept.lots.iter().all(|lot| lot.expires >= day) {
            return Vec::new();
        }
        let (good, bad): (VecDeque<_>, VecDeque<_>) =
            std::mem::take(&mut kept.lots).into_iter().partition(|lot| lot.expires >= day);
        kept.lots = good;
        let book = &mut self.books[kept.book as usize];
        book.on_hand -= bad.iter().map(|lot| lot.amount * 1000 / line).sum::<i64>();
        self.unlist_if_empty(shelf);
        bad.into()
    }

    fn unlist_if_empty(&mut self, shelf: usize) {
        let kept = &mut self.shelves[shelf];
        if !kept.lots.is_empty() || kept.slot == NOT_STOCKED {
            return;
        }
        let slot = std::mem::replace(&mut kept.slot, NOT_STOCKED);
        let stocked = &mut self.books[kept.book as usize].stocked;
        stocked.swap_remove(slot as usize);
        if let Some(&moved) = stocked.get(slot as usize) {
            self.shelves[moved as usize].slot = slot;
        }
    }
}

/// An ingredient of a maker.
#[derive(Debug)]
pub(crate) struct Raw {
    pub good: GoodNo,
    pub lots: VecDeque<HeldLot>,
    pub amount: i64,
    pub inbound: i64,
    /// Used today, and a little more where it was short.
    pub wanted: i64,
    pub mean: Option<i64>,
    /// Enough for a first batch.
    pub start: i64,
    pub contacts: Vec<u32>,
}

impl Raw {
    pub fn put(&mut self, lot: HeldLot) {
        self.amount += lot.amount;
        self.lots.push_back(lot);
    }

    /// Takes `amount` (which must be there), oldest first.
    pub fn take(&mut self, mut amount: i64) -> Vec<HeldLot> {
        let mut taken = Vec::new();
        self.amount -= amount;
        while amount > 0 {
            let Some(front) = self.lots.front_mut() else { break };
            let part = amount.min(front.amount);
            front.amount -= part;
            amount -= part;
            taken.push(HeldLot { amount: part, ..front.clone() });
            if front.amount == 0 {
                self.lots.pop_front();
            }
        }
        taken
    }

    pub fn take_expired(&mut self, day: i32) -> Vec<HeldLot> {
        if self.lots.iter().all(|lot| lot.expires >= day) {
            return Vec::new();
        }
        let (good, bad): (VecDeque<_>, VecDeque<_>) =
            std::mem::take(&mut self.lots).into_iter().partition(|lot| lot.expires >= day);
        self.lots = good;
        self.amount -= bad.iter().map(|lot| lot.amount).sum::<i64>();
        bad.into()
    }

    pub fn end_day(&mut self) {
        self.mean = Some(moving(self.mean, self.wanted));
        self.wanted = 0;
    }
}

/// A delivery on the way.
#[derive(Debug)]
pub(crate) struct Delivery {
    pub lot: HeldLot,
    pub seller: u32,
    pub buyer: u32,
    pub doc: crate::model::DocNo,
    /// Goes to the buyer's ingredients rather than to its shelves.
    pub raw: bool,
    /// Comes back from a buyer and is destroyed on arrival.
    pub returned: bool,
}
