//! Lot graphs for measuring: the shape of a food chain (events with inputs and out lots, in commit order) without
//! parties, products or amounts.
//!
//! Mills and tanks keep a heel of each filling in the next, so the first filling of a tank reaches everything the
//! tank ever gave; hub ingredients reach a few weeks of everybody's products; a shop's lot reaches nothing but its sale.
//! Events of many deliveries are interleaved, as they are in a real ledger.

use std::collections::VecDeque;

use smallvec::{SmallVec, smallvec};

use crate::dice::Dice;

/// An event of the shape: out lots are `first_lot..first_lot + outs`; inputs are lots of earlier events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BenchEvent {
    pub event: u64,
    pub inputs: SmallVec<[u64; 4]>,
    pub first_lot: u64,
    pub outs: u32,
}

/// The first filling of the biggest tank: about 0.9 lots of every ten links are made from it, so about 900,000 lots at
/// ten million links.
pub const BIG_SEED: u64 = 0;

const TANKS: u32 = 12;
/// Of a thousand batches, how many come from the biggest tank.
const BIG_PERMILLE: u32 = 92;
const HUBS: usize = 6;
/// Rounds a delivery may be on the way or on a shelf.
const ROUNDS_AHEAD: usize = 6;
const ROUNDS: u64 = 400;
/// Links that one batch leads to, about.
const LINKS_A_BATCH: u64 = 138;

/// A graph of at least `links` links (what goes into a sale ends there and is not counted), the same for the same seed. Event and lot numbers are dense from 0.
pub fn bench_shape(links: u64, seed: u64) -> BenchShape {
    let mut shape = BenchShape {
        dice: Dice::new(seed, 5),
        wanted: links,
        links: 0,
        batches: u32::try_from((links / LINKS_A_BATCH / ROUNDS).clamp(2, 4000)).unwrap_or(4000),
        next_event: 0,
        next_lot: 0,
        tanks: Vec::new(),
        hubs: Vec::new(),
        ahead: (0..=ROUNDS_AHEAD).map(|_| Vec::new()).collect(),
        ready: VecDeque::new(),
    };
    for _ in 0..TANKS {
        let lot = shape.event(SmallVec::new(), 1);
        shape.tanks.push(lot);
    }
    for _ in 0..HUBS {
        let lot = shape.event(SmallVec::new(), 1);
        shape.hubs.push(lot);
    }
    shape
}

/// The stream of [`bench_shape`].
pub struct BenchShape {
    dice: Dice,
    wanted: u64,
    links: u64,
    /// Batches a round.
    batches: u32,
    next_event: u64,
    next_lot: u64,
    /// The lot in each tank.
    tanks: Vec<u64>,
    /// Hub ingredients in use.
    hubs: Vec<u64>,
    /// What is to be done in the coming rounds.
    ahead: VecDeque<Vec<(u64, Step)>>,
    ready: VecDeque<BenchEvent>,
}

/// What happens to a lot next.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// The maker ships it to dealers.
    Spread,
    /// A dealer's delivery arrives.
    DealerReceives,
    /// A dealer ships it to shops.
    Deal,
    ShopReceives,
    Sell,
}

impl BenchShape {
    /// Links yielded so far, with those made ready.
    pub fn links(&self) -> u64 {
        self.links
    }

    fn event(&mut self, inputs: SmallVec<[u64; 4]>, outs: u32) -> u64 {
        let first_lot = self.next_lot;
        if outs > 0 {
            self.links += inputs.len() as u64;
        }
        self.next_lot += u64::from(outs);
        self.ready.push_back(BenchEvent { event: self.next_event, inputs, first_lot, outs });
        self.next_event += 1;
        first_lot
    }

    fn later(&mut self, lot: u64, step: Step) {
        let rounds = 1 + self.dice.below(ROUNDS_AHEAD as u32) as usize;
        self.ahead[rounds].push((lot, step));
    }

    fn round(&mut self) {
        if self.dice.once_in(4) {
            let hub = self.dice.below(HUBS as u32) as usize;
            self.hubs[hub] = self.event(SmallVec::new(), 1);
        }
        for _ in 0..self.batches {
            self.batch();
        }
        self.ahead.rotate_left(1);
        let mut due = std::mem::take(&mut self.ahead[0]);
        while !due.is_empty() {
            let at = self.dice.below(due.len() as u32) as usize;
            let (lot, step) = due.swap_remove(at);
            self.step(lot, step);
        }
    }

    /// A harvest goes into a tank, and a product is made out of it.
    fn batch(&mut self) {
        let big = self.dice.below(1000) < BIG_PERMILLE;
        let tank = if big { 0 } else { 1 + self.dice.below(TANKS - 1) as usize };
        let harvest = self.event(SmallVec::new(), 1);
        let filled = self.event(smallvec![self.tanks[tank], harvest], 1);
        self.tanks[tank] = filled;
        let mut inputs: SmallVec<[u64; 4]> = smallvec![filled];
        for _ in 0..self.dice.below(3) {
            let hub = self.hubs[self.dice.ranked(HUBS as u32) as usize];
            if !inputs.contains(&hub) {
                inputs.push(hub);
            }
        }
        let outs = 1 + self.dice.below(4);
        let first = self.event(inputs, outs);
        for lot in first..first + u64::from(outs) {
            self.later(lot, Step::Spread);
        }
    }

    fn step(&mut self, lot: u64, step: Step) {
        match step {
            Step::Spread => self.ship(lot, 6, Step::DealerReceives),
            Step::DealerReceives => self.pass_on(lot, Step::Deal),
            Step::Deal => self.ship(lot, 11, Step::ShopReceives),
            Step::ShopReceives => self.pass_on(lot, Step::Sell),
            Step::Sell => {
                self.event(smallvec![lot], 0);
            }
        }
    }

    fn ship(&mut self, lot: u64, most: u32, then: Step) {
        for _ in 0..=self.dice.below(most) {
            let sent = self.event(smallvec![lot], 1);
            self.later(sent, then);
        }
    }

    fn pass_on(&mut self, lot: u64, then: Step) {
        let received = self.event(smallvec![lot], 1);
        self.later(received, then);
    }
}

impl Iterator for BenchShape {
    type Item = BenchEvent;

    fn next(&mut self) -> Option<BenchEvent> {
        if self.ready.is_empty() && self.links < self.wanted {
            self.round();
        }
        self.ready.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lots that are made of `seed`, itself included.
    fn closure(events: &[BenchEvent], seed: u64) -> usize {
        let lots = events.last().map_or(0, |e| e.first_lot + u64::from(e.outs));
        let mut reached = vec![false; lots as usize];
        reached[seed as usize] = true;
        for event in events {
            if event.inputs.iter().any(|&lot| reached[lot as usize]) {
                let first = event.first_lot as usize;
                reached[first..first + event.outs as usize].fill(true);
            }
        }
        reached.iter().filter(|&&yes| yes).count()
    }

    #[test]
    fn a_shape_is_dense_repeats_and_has_a_seed_that_reaches_a_tenth() {
        let events: Vec<_> = bench_shape(100_000, 3).collect();
        let mut lots = 0;
        for (no, event) in (0u64..).zip(&events) {
            assert_eq!((event.event, event.first_lot), (no, lots));
            assert!(event.inputs.iter().all(|&lot| lot < lots), "inputs were made before");
            lots += u64::from(event.outs);
        }
        let links: usize = events.iter().filter(|event| event.outs > 0).map(|event| event.inputs.len()).sum();
        assert!((100_000..110_000).contains(&links), "{links} links");
        let reached = closure(&events, BIG_SEED);
        assert!((8_000..10_500).contains(&reached), "{reached} of {lots} lots");
        assert!(bench_shape(100_000, 3).eq(events));
        assert!(!bench_shape(1_000, 3).eq(bench_shape(1_000, 4)));
    }
}
