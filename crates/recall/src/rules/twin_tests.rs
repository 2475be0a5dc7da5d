//! Scopes and accounts against a naive twin: a town that moves its food gram by gram and counts it by hand.

use std::collections::BTreeMap;

use kit_base::Unit;
use proptest::prelude::*;
use trace::graph::LotSet;
use trace::model::EventKind as K;

use super::report::{Account, Entry, Told, Whole};
use super::scope::{Lot, Scope, Use, scope};

/// What the twin knows of a holder and a batch: counted as it happens, never derived.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Heap {
    on_hand: i64,
    sold: i64,
    gone: i64,
    missing: i64,
}

#[derive(Default)]
struct Town {
    lots: Vec<Lot>,
    uses: Vec<Use>,
    heaps: BTreeMap<(usize, u32), Heap>,
    used: BTreeMap<u32, i64>,
    began: BTreeMap<u32, i64>,
    outside: BTreeMap<(usize, u32), i64>,
}

impl Town {
    fn lot(&mut self, holder: usize, origin: Option<u32>, amount: i64) -> u32 {
        let no = self.lots.len() as u32 + 1;
        let origin = origin.unwrap_or(no);
        self.lots.push(Lot {
            no,
            origin,
            holder: format!("h{holder:02}"),
            product: "p".into(),
            batch: format!("b{origin}"),
            unit: Unit::G,
            amount: Some(amount),
            on_hand: Some(amount),
            wrong: false,
        });
        no
    }

    fn take(&mut self, lot: u32, kind: K, amount: i64, difference: Option<i64>) {
        let stock = self.lots[lot as usize - 1].on_hand.as_mut().unwrap();
        *stock -= amount;
        self.uses.push(Use { lot, kind, amount: Some(amount), difference, outside: String::new() });
    }

    fn heap(&mut self, holder: usize, origin: u32) -> &mut Heap {
        self.heaps.entry((holder, origin)).or_default()
    }

    /// One thing happens: which lot, what, to whom, how much.
    fn step(&mut self, (pick, what, to, part): (usize, u8, usize, i64)) {
        let stocked: Vec<u32> = self.lots.iter().filter(|l| l.on_hand > Some(0)).map(|l| l.no).collect();
        if stocked.is_empty() {
            return;
        }
        let no = stocked[pick % stocked.len()];
        let lot = self.lots[no as usize - 1].clone();
        let holder: usize = lot.holder[1..].parse().unwrap();
        let have = lot.on_hand.unwrap();
        let amount = 1 + part % have;
        let origin = lot.origin;
        match what % 7 {
            // sent and received, some of it lost on the way
            0 | 1 => {
                self.take(no, K::Ship, amount, None);
                let way = self.lot(to, Some(origin), amount);
                self.heap(holder, origin).on_hand -= amount;
                let short = if what % 2 == 0 { 0 } else { part % (amount + 1) };
                self.take(way, K::Receive, amount, (short > 0).then_some(short));
                self.lot(to, Some(origin), amount - short);
                let heap = self.heap(to, origin);
                heap.on_hand += amount - short;
                heap.missing += short;
            }
            // still on the way: whoever is to receive it answers for it
            2 => {
                self.take(no, K::Ship, amount, None);
                self.lot(to, Some(origin), amount);
                self.heap(holder, origin).on_hand -= amount;
                self.heap(to, origin).on_hand += amount;
            }
            3 => {
                // to whoever comes, or to somebody outside of the platform by name
                let outside = part % 3 == 0;
                self.take(no, if outside { K::Ship } else { K::Sell }, amount, None);
                if outside {
                    self.uses.last_mut().unwrap().outside = "外地饭店".into();
                    *self.outside.entry((holder, origin)).or_default() += amount;
                }
                let heap = self.heap(holder, origin);
                heap.on_hand -= amount;
                heap.sold += amount;
            }
            4 => {
                self.take(no, if part % 2 == 0 { K::Loss } else { K::Destroy }, amount, None);
                let heap = self.heap(holder, origin);
                heap.on_hand -= amount;
                heap.gone += amount;
            }
            // counted: less or more than there should be
            5 => {
                let counted = have + part % 7 - 3;
                let counted = counted.max(0);
                self.take(no, K::Stocktake, have, Some(have - counted));
                self.lot(holder, Some(origin), counted);
                let heap = self.heap(holder, origin);
                heap.on_hand += counted - have;
                heap.missing += have - counted;
            }
            // made into something else: another batch
            _ => {
                self.take(no, K::Produce, amount, None);
                let made = 1 + amount * 2;
                let new = self.lot(holder, None, made);
                self.heap(holder, origin).on_hand -= amount;
                *self.used.entry(origin).or_default() += amount;
                self.began.insert(new, made);
                self.heap(holder, new).on_hand += made;
            }
        }
    }
}

fn town(first: i64, steps: Vec<(usize, u8, usize, i64)>) -> (Town, Scope) {
    let mut town = Town::default();
    let no = town.lot(0, None, first);
    town.began.insert(no, first);
    town.heap(0, no).on_hand = first;
    steps.into_iter().for_each(|s| town.step(s));
    let all: Vec<u32> = (1..=town.lots.len() as u32).collect();
    let scope = scope(&town.lots, &town.uses, &LotSet::of(&all));
    (town, scope)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_scope_says_what_the_town_counted(
        first in 1_i64..1_000_000,
        steps in prop::collection::vec((any::<usize>(), any::<u8>(), 0_usize..9, 0_i64..1_000_000), 0..60),
    ) {
        let (town, scope) = town(first, steps);
        let mut seen = 0;
        let told: BTreeMap<(usize, u32), i64> =
            scope.outside.iter().map(|o| ((o.party[1..].parse().unwrap(), o.origin), o.amount)).collect();
        prop_assert_eq!(&told, &town.outside);
        for line in &scope.lines {
            let holder: usize = line.party[1..].parse().unwrap();
            let heap = town.heaps[&(holder, line.origin)];
            prop_assert_eq!((line.on_hand, line.sold, line.gone, line.open()), (heap.on_hand, heap.sold, heap.gone, heap.missing));
            seen += 1;
        }
        let some = town.heaps.values().filter(|h| **h != Heap::default()).count();
        prop_assert!(seen >= some);
        for batch in &scope.batches {
            prop_assert_eq!(batch.produced, town.began.get(&batch.origin).copied());
            prop_assert_eq!(batch.used, town.used.get(&batch.origin).copied().unwrap_or(0));
            prop_assert_eq!(batch.gap, 0);
        }
    }

    #[test]
    fn an_account_closes_to_the_gram_whatever_is_reported(
        first in 1_i64..1_000_000,
        steps in prop::collection::vec((any::<usize>(), any::<u8>(), 0_usize..9, 0_i64..1_000_000), 0..40),
        told in prop::collection::vec((any::<bool>(), 0_i64..100, 0_i64..100, 0_i64..100, 0_i64..100, 0_i64..100), 60),
        disposed in 0_i64..100,
    ) {
        let (_, scope) = town(first, steps);
        let mut account = Account::default();
        let mut back = BTreeMap::<u32, i64>::new();
        for (line, (reports, a, b, c, d, confirmed)) in scope.lines.iter().zip(told.iter().cycle()) {
            let part = |n: i64| line.due.max(0) * n / 500;
            let told = Told { on_hand: part(*a), sold: part(*b), destroyed: part(*c), remedied: 0, returned: part(*d) };
            let confirmed = if *reports { told.returned * confirmed / 100 } else { 0 };
            *back.entry(line.origin).or_default() += confirmed;
            account.line(&Entry {
                due: line.due,
                book_on_hand: line.on_hand,
                book_sold: line.sold,
                book_gone: line.gone,
                told: reports.then_some(told),
                confirmed,
            });
        }
        for batch in &scope.batches {
            let back = back.get(&batch.origin).copied().unwrap_or(0) * disposed / 100;
            account.whole(&Whole {
                produced: batch.produced, used: batch.used, gap: batch.gap, unknown: 0,
                back_destroyed: back, back_remedied: 0,
            });
        }
        prop_assert_eq!(account.produced, account.explained());
        prop_assert!(account.back >= 0 && account.returning >= 0);
    }
}
