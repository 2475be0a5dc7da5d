//! Scores against a naive twin that writes out every feeding.

use std::collections::BTreeSet;

use kit_base::PartialDate;
use proptest::prelude::*;

use super::score_tests::{delivery, relation, station};
use super::*;
use crate::network::*;

/// The definition word by word, pair by pair.
struct Twin<'n> {
    network: &'n Network,
    /// delivery × delivery: feeds
    feeds: Vec<Vec<bool>>,
}

impl<'n> Twin<'n> {
    fn of(network: &'n Network) -> Self {
        let d = &network.deliveries;
        let arrival = |i: usize| d[i].arrival.or(d[i].departure);
        let departure = |i: usize| d[i].departure.or(d[i].arrival);
        let in_time = |i: usize, o: usize| {
            let late = matches!((arrival(i), departure(o)), (Some(a), Some(b)) if a.surely_after(b));
            !network.enforce_temporal_order || !late
        };
        let at = |id: &str| &network.stations.iter().find(|s| s.id == id).unwrap().mark;
        let mut feeds = vec![vec![false; d.len()]; d.len()];
        for r in &network.relations {
            let index = |id: &str| d.iter().position(|x| x.id == id).unwrap();
            feeds[index(&r.from)][index(&r.into)] = true;
        }
        for i in 0..d.len() {
            for o in 0..d.len() {
                let through = i != o && d[i].to == d[o].from && at(&d[i].to).cross_contamination;
                feeds[i][o] |= through && in_time(i, o);
            }
        }
        let before = feeds.clone();
        for i in 0..d.len() {
            for k in 0..d.len() {
                let both = d[i].mark.cross_contamination && d[k].mark.cross_contamination;
                if both && i != k && d[i].to == d[k].to {
                    for o in (0..d.len()).filter(|o| before[k][*o] && *o != i && in_time(i, *o)) {
                        feeds[i][o] = true;
                    }
                }
            }
        }
        for i in 0..d.len() {
            if d[i].mark.kill_contamination || at(&d[i].to).kill_contamination {
                feeds[i].fill(false);
            }
        }
        Self { network, feeds }
    }

    /// Elements forward of an element: stations `s…` and deliveries `d…`.
    fn forward(&self, delivery: Option<usize>, station: &str) -> BTreeSet<String> {
        let d = &self.network.deliveries;
        let killed = self.network.stations.iter().any(|s| s.id == station && s.mark.kill_contamination);
        let mut open: Vec<usize> = match delivery {
            Some(i) => vec![i],
            None => (0..d.len()).filter(|o| d[*o].from == station && !killed).collect(),
        };
        let mut forward: BTreeSet<String> = BTreeSet::new();
        if delivery.is_none() {
            forward.extend(open.iter().map(|i| format!("d{}", d[*i].id)));
        }
        let mut done = BTreeSet::new();
        while let Some(i) = open.pop() {
            if !done.insert(i) {
                continue;
            }
            if !d[i].mark.kill_contamination {
                forward.insert(format!("s{}", d[i].to));
            }
            for o in (0..d.len()).filter(|o| self.feeds[i][*o]) {
                forward.insert(format!("d{}", d[o].id));
                open.push(o);
            }
        }
        forward
    }
}

type Seed = (usize, usize, u8, u8, u8);

/// 0 none, else parts of dates close together.
fn small_date(seed: u8) -> Option<PartialDate> {
    let texts = ["2026", "2026-03", "2026-03-01", "2026-03-02", "2026-03-03", "2025-12-31", "2025"];
    texts.get((seed as usize).checked_sub(1)?).map(|t| t.parse().unwrap())
}

fn mark(seed: u8) -> Mark {
    Mark {
        weight: [0.0, 0.0, 0.0, 1.0, 2.5, -1.0, 0.0, 0.0][seed as usize % 8],
        cross_contamination: seed & 0x18 == 0x18,
        kill_contamination: seed & 0xe0 == 0xe0,
        observed: seed.is_multiple_of(5),
    }
}

fn small_network() -> impl Strategy<Value = Network> {
    let deliveries = prop::collection::vec((0_usize..6, 0_usize..6, any::<u8>(), 0_u8..9, 0_u8..9), 0..14);
    let relations =
        prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..14);
    (prop::collection::vec(any::<u8>(), 6), deliveries, relations, any::<bool>()).prop_map(make_network)
}

type Pair = (prop::sample::Index, prop::sample::Index);

fn make_network((stations, deliveries, pairs, timed): (Vec<u8>, Vec<Seed>, Vec<Pair>, bool)) -> Network {
    let stations = stations.into_iter().enumerate();
    let stations =
        stations.map(|(i, seed)| Station { mark: mark(seed), ..station(&i.to_string()) }).collect();
    let deliveries: Vec<Delivery> = deliveries
        .into_iter()
        .enumerate()
        .map(|(i, (from, to, seed, departure, arrival))| Delivery {
            mark: mark(seed),
            departure: small_date(departure),
            arrival: small_date(arrival),
            ..delivery(&i.to_string(), &from.to_string(), &to.to_string())
        })
        .collect();
    let mut relations = Vec::new();
    for (from, into) in pairs.into_iter().filter(|_| !deliveries.is_empty()) {
        let (from, into) =
            (&deliveries[from.index(deliveries.len())], &deliveries[into.index(deliveries.len())]);
        if from.id != into.id && from.to == into.from {
            relations.push(relation(&from.id, &into.id));
        }
    }
    Network { stations, deliveries, relations, groups: Vec::new(), enforce_temporal_order: timed }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn scores_and_flags_equal_the_twins(network in small_network()) {
        let found = score(&network, &Settings::of(&network)).unwrap();
        let twin = Twin::of(&network);
        let mut elements = Vec::new();
        for s in &network.stations {
            elements.push((format!("s{}", s.id), s.mark, twin.forward(None, &s.id)));
        }
        for (i, d) in network.deliveries.iter().enumerate() {
            elements.push((format!("d{}", d.id), d.mark, twin.forward(Some(i), "")));
        }
        let sum = |set: &mut dyn Iterator<Item = f64>| set.sum::<f64>();
        let weights = || elements.iter().map(|e| e.1.weight);
        let (up, down) = (sum(&mut weights().filter(|w| *w > 0.0)), -sum(&mut weights().filter(|w| *w < 0.0)));
        let share = |a: f64, b: f64| if b > 0.0 { a / b } else { 0.0 };
        for (element, found) in elements.iter().zip(found.stations.iter().chain(&found.deliveries)) {
            let counted = |e: &&(String, Mark, BTreeSet<String>)| e.0 == element.0 || element.2.contains(&e.0);
            let of = |pick: fn(f64) -> bool| elements.iter().filter(counted).map(|e| e.1.weight).filter(|w| pick(*w)).sum::<f64>();
            let (positive, negative) = (of(|w| w > 0.0), -of(|w| w < 0.0));
            prop_assert!((found.score - share(positive - negative, up.max(down))).abs() < 1e-12, "{}", element.0);
            prop_assert!((found.positive - share(positive, up)).abs() < 1e-12);
            prop_assert!((found.negative - share(negative, down)).abs() < 1e-12);
            let forward = elements.iter().any(|e| e.1.observed && e.2.contains(&element.0));
            let backward = elements.iter().any(|e| e.1.observed && element.2.contains(&e.0));
            prop_assert_eq!((found.forward, found.backward), (forward, backward), "{}", &element.0);
            let cases = elements.iter().filter(counted).filter(|e| e.1.weight > 0.0).count();
            prop_assert_eq!(found.cases as usize, cases);
        }
        let all = || found.stations.iter().chain(&found.deliveries);
        let largest = all().map(|s| s.score.abs()).fold(0.0, f64::max);
        for s in all() {
            prop_assert!((s.normalized - share(s.score, largest)).abs() < 1e-12);
        }
    }
}
