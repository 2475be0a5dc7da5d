//! The world's promises, checked by a naive twin that knows nothing of how the world is made.

use std::collections::{BTreeSet, HashMap, HashSet};

use proptest::prelude::*;
use sha2::{Digest, Sha256};

use crate::{Answer, Role, SimEvent, SimKind, SimLot, SimOptions, Simulation, World, run, simulate};

/// What a lot was when it was made and what is left of it.
struct Known {
    lot: SimLot,
    left: i64,
    at: (u32, u16),
}

/// A stock ledger kept the simplest way; panics on the first broken promise.
#[derive(Default)]
struct Ledger {
    lots: HashMap<u64, Known>,
    next_event: u64,
    next_lot: u64,
    purchases: HashMap<u32, u32>,
    kinds: HashMap<SimKind, u32>,
}

impl Ledger {
    fn new() -> Self {
        Self { next_event: 1, next_lot: 1, ..Self::default() }
    }

    fn apply(&mut self, world: &World, event: &SimEvent) {
        assert_eq!(event.no, self.next_event, "event numbers are dense");
        self.next_event += 1;
        *self.kinds.entry(event.kind).or_default() += 1;
        let taken = self.take(event);
        for lot in &event.outs {
            assert_eq!(lot.no, self.next_lot, "lot numbers are dense and every lot has one maker");
            self.next_lot += 1;
            assert!(lot.amount > 0 && lot.product < world.product_count());
        }
        self.check_shape(world, event, taken);
        for lot in &event.outs {
            let known = Known { lot: lot.clone(), left: lot.amount, at: (event.day, event.minute) };
            self.lots.insert(lot.no, known);
        }
        if event.kind == SimKind::Receive {
            *self.purchases.entry(event.day).or_default() += 1;
        }
    }

    /// Takes the inputs off; nobody uses what it has not got, or before it was there.
    fn take(&mut self, event: &SimEvent) -> i64 {
        let mut once = HashSet::new();
        let mut sum = 0;
        for &(no, amount) in &event.inputs {
            assert!(once.insert(no), "event {} takes lot {no} twice", event.no);
            let known = self.lots.get_mut(&no).expect("inputs were made by an earlier event");
            assert_eq!(known.lot.holder, event.party, "event {} takes a lot of another", event.no);
            assert!(known.at <= (event.day, event.minute), "lot {no} is used before it was made");
            assert!(amount > 0);
            known.left -= amount;
            assert!(known.left >= 0, "lot {no} goes below nothing in event {}", event.no);
            sum += amount;
        }
        sum
    }

    fn check_shape(&self, world: &World, event: &SimEvent, taken: i64) {
        let first = |n: usize| &self.lots[&event.inputs[n].0].lot;
        let out: i64 = event.outs.iter().map(|lot| lot.amount).sum();
        let holder = event.outs.first().map(|lot| (lot.holder, lot.transit));
        match event.kind {
            SimKind::Harvest => {
                assert!(event.inputs.is_empty() && holder == Some((event.party, false)));
                assert_eq!(world.role(event.party), Role::Farm);
            }
            SimKind::Produce | SimKind::Pack => {
                assert!(!event.inputs.is_empty() && holder == Some((event.party, false)));
                assert!(event.inputs.iter().all(|(lot, _)| !self.lots[lot].lot.transit));
                self.check_recipe(world, event);
            }
            SimKind::Ship | SimKind::Return => {
                assert_eq!(holder, Some((event.counterpart.unwrap(), true)), "one lot on the way");
                assert!(event.inputs.len() == 1 && !first(0).transit && taken == out);
                assert_eq!(first(0).batch, event.outs[0].batch);
            }
            SimKind::Receive if event.inputs.is_empty() => {
                assert!(event.counterpart.is_none() && holder == Some((event.party, false)));
            }
            SimKind::Receive => {
                assert_eq!(holder, Some((event.party, false)));
                assert!(first(0).transit && event.inputs.len() == 1);
                assert_eq!(taken, out + event.loss, "accepted and missing make what was sent");
            }
            SimKind::Refuse => {
                assert_eq!(holder, Some((event.counterpart.unwrap(), false)));
                assert!(first(0).transit && taken == out);
            }
            SimKind::Stocktake => {
                assert_eq!(holder, Some((event.party, false)));
                assert!(event.inputs.len() == 1 && !first(0).transit);
                assert_eq!(taken, out + event.loss, "counted and missing make what was booked");
            }
            SimKind::Sell | SimKind::Loss | SimKind::Destroy => {
                assert!(event.outs.is_empty() && event.inputs.len() == 1 && !first(0).transit);
            }
        }
    }

    /// By recipe: what came out and what was lost make the nominal amount, which calls for each ingredient exactly.
    /// (A swapped ingredient stands in for the one it passes for, so kinds are compared by number only there.)
    fn check_recipe(&self, world: &World, event: &SimEvent) {
        let made = &event.outs[0];
        let Some(needs) = world.recipe_inputs(made.product, made.amount + event.loss) else {
            assert_eq!(world.role(event.party), Role::Canteen);
            return;
        };
        let mut used: HashMap<String, i64> = HashMap::new();
        for &(lot, amount) in &event.inputs {
            *used.entry(world.product(self.lots[&lot].lot.product).good).or_default() += amount;
        }
        let swapped = used.remove("duck_frozen").unwrap_or(0);
        for (good, amount) in needs {
            let swapped = if good == "beef" { swapped } else { 0 };
            assert_eq!(used.remove(&good).unwrap_or(0) + swapped, amount, "{good} in event {}", event.no);
        }
        assert!(used.is_empty(), "nothing that the recipe does not name");
    }
}

fn fold(simulation: Simulation) -> (Ledger, Vec<Answer>, String) {
    let mut ledger = Ledger::new();
    let mut hash = Sha256::new();
    let mut bytes = Vec::new();
    let answers = run(
        simulation,
        |world, events| {
            for event in &events {
                ledger.apply(world, event);
                event.write_bytes(&mut bytes);
            }
            hash.update(&bytes);
            bytes.clear();
            Ok(())
        },
        |_| {},
    )
    .unwrap();
    let hash = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    (ledger, answers, hash)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]
    #[test]
    fn every_world_keeps_its_books(seed: u64, thousandth in 1u32..4, profile in 0usize..3) {
        let profile = ["puyang", "hebei", "fujian"][profile];
        let scale = f64::from(thousandth) / if profile == "puyang" { 1_000.0 } else { 20_000.0 };
        fold(simulate(profile, scale, seed, 15).unwrap());
    }
}

#[test]
fn the_same_seed_makes_the_same_stream_and_another_seed_another() {
    let hash = |seed| fold(simulate("puyang", 0.001, seed, 8).unwrap()).2;
    assert_eq!(hash(7), hash(7));
    assert_ne!(hash(7), hash(8));
}

#[test]
fn a_small_city_buys_at_the_published_rate_and_everything_happens() {
    let (ledger, ..) = fold(simulate("puyang", 0.005, 1, 28).unwrap());
    let bought: u32 = (7..28).map(|day| ledger.purchases[&day]).sum();
    let a_day = f64::from(bought) / 21.0;
    assert!((80.0..120.0).contains(&a_day), "{a_day} purchase records a day, published 20,000 × 0.005");
    for kind in [SimKind::Harvest, SimKind::Produce, SimKind::Ship, SimKind::Sell, SimKind::Destroy] {
        assert!(ledger.kinds.get(&kind).is_some_and(|&n| n > 20), "{kind:?}: {:?}", ledger.kinds);
    }
}

#[test]
fn parties_are_as_many_as_published_with_right_codes_inside_their_county() {
    let world = World::new(SimOptions::new("puyang", 0.05, 1, 1)).unwrap();
    let count = |role| world.parties().filter(|party| party.role == role).count();
    assert_eq!((count(Role::Shop), count(Role::Restaurant), count(Role::Canteen)), (800, 552, 52));
    assert_eq!(world.product_count(), 10_000);
    let mut codes = BTreeSet::new();
    for party in world.parties() {
        assert!(codes.insert(party.uscc.clone()), "{} twice", party.uscc);
        assert!(kit_base::codes::uscc::check(&party.uscc).is_good(), "{}", party.uscc);
        assert_eq!(party.uscc[2..8], party.division[..6]);
        assert_eq!(party.division.len(), 9);
        assert!(kit_base::codes::person::check_phone(&party.phone.replace('-', "")).is_good());
        if let Some(number) = &party.licence {
            let kind = kit_base::codes::licence::Kind::of_number(number);
            assert!(kit_base::codes::licence::check(kind, number).is_good(), "{number}");
        }
        assert!(party.division.starts_with("4109") && party.address.starts_with("河南省濮阳市"));
        assert!((35.4..36.2).contains(&party.lat) && (114.8..116.1).contains(&party.lon));
    }
    let mut gtins = BTreeSet::new();
    for product in world.products().step_by(7) {
        if let Some(gtin) = product.gtin {
            assert!(kit_base::codes::gtin::check(&gtin).is_good(), "{gtin}");
            assert!(gtins.insert(gtin));
        }
    }
}

#[test]
fn a_planted_incident_is_what_the_ledger_says_it_is() {
    let mut events = Vec::new();
    let simulation = simulate("puyang", 0.02, 3, 40).unwrap();
    let keep = |_: &World, day: Vec<SimEvent>| {
        events.extend(day);
        Ok(())
    };
    let answers = run(simulation, keep, |_| {}).unwrap();
    assert_eq!(answers.len(), 3, "all incidents came to pass");
    for answer in &answers {
        check_answer(answer, &events);
    }
    let spice = &answers[0];
    assert!(
        spice.affected_parties.len() > 30 && spice.affected_lots.len() > 100,
        "{} parties, {} lots",
        spice.affected_parties.len(),
        spice.affected_lots.len()
    );
    let reached = |lot: &&SimLot| spice.affected_lots.binary_search(&lot.no).is_ok();
    let products: BTreeSet<u32> =
        events.iter().flat_map(|event| &event.outs).filter(reached).map(|lot| lot.product).collect();
    assert!(products.len() >= 12, "the hub reaches many products, here {}", products.len());
    let json = serde_json::to_string(&answers).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Answer>>(&json).unwrap(), answers);
}

/// Follows the source lots forward through the events and compares with the sealed answer.
fn check_answer(answer: &Answer, events: &[SimEvent]) {
    let mut reached: BTreeSet<u64> = answer.source_lots.iter().copied().collect();
    let mut left: HashMap<u64, (u32, i64)> = HashMap::new();
    let mut sold: i64 = 0;
    for event in events {
        let hit = event.inputs.iter().any(|(lot, _)| reached.contains(lot));
        for (lot, amount) in event.inputs.iter().filter(|(lot, _)| reached.contains(lot)) {
            left.entry(*lot).and_modify(|(_, left)| *left -= amount);
            sold += if event.kind == SimKind::Sell { *amount } else { 0 };
        }
        for lot in &event.outs {
            if hit || reached.contains(&lot.no) {
                reached.insert(lot.no);
                left.insert(lot.no, (lot.holder, lot.amount));
            }
        }
    }
    assert!(!answer.source_lots.is_empty());
    assert_eq!(reached.into_iter().collect::<Vec<_>>(), answer.affected_lots, "{}", answer.incident);
    let mut holders: Vec<_> = left
        .into_iter()
        .filter(|(_, (_, left))| *left > 0)
        .map(|(lot, (by, left))| (by, lot, left))
        .collect();
    holders.sort_unstable();
    let told: Vec<_> = answer.holders.iter().map(|held| (held.party, held.lot, held.amount)).collect();
    assert_eq!(holders, told, "{}", answer.incident);
    assert_eq!(sold, answer.sold.iter().map(|held| held.amount).sum::<i64>());
    assert!(!answer.cases.is_empty() && !answer.controls.is_empty(), "{}", answer.incident);
    for case in &answer.cases {
        assert!(case.weight > 0.0 && answer.affected_lots.binary_search(&case.lot).is_ok());
    }
    for control in &answer.controls {
        assert!(control.weight < 0.0 && answer.affected_parties.binary_search(&control.party).is_err());
    }
}

#[test]
fn wrong_options_are_refused_with_their_field() {
    let code = |options| World::new(options).err().unwrap().code;
    assert_eq!(code(SimOptions::new("puyang", 0.0, 1, 1)), "scale_range");
    assert_eq!(code(SimOptions::new("puyang", f64::NAN, 1, 1)), "scale_range");
    assert_eq!(code(SimOptions::new("puyang", 0.1, 1, 0)), "days_range");
    assert_eq!(code(SimOptions::new("nowhere", 0.1, 1, 1)), "profile_unknown");
}
