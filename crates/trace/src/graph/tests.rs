//! The graph against a naive twin, its file, and its refusals.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proptest::prelude::*;

use super::*;

/// An event as the tests make it: how many lots, and inputs.
type Plain = (u64, u32, u32, Vec<u32>);

/// The same graph as two maps of sets.
#[derive(Default)]
struct Twin {
    children: HashMap<u32, BTreeSet<u32>>,
    parents: HashMap<u32, BTreeSet<u32>>,
}

impl Twin {
    fn of(events: &[Plain]) -> Self {
        let mut twin = Self::default();
        for (_, first, lots, inputs) in events {
            for &input in inputs {
                for lot in *first..first + lots {
                    twin.children.entry(input).or_default().insert(lot);
                    twin.parents.entry(lot).or_default().insert(input);
                }
            }
        }
        twin
    }

    /// Level by level: (lots, complete), with the words of `enter`.
    fn walk(
        map: &HashMap<u32, BTreeSet<u32>>,
        seeds: &[u32],
        bounds: Bounds,
        enter: impl Fn(u32) -> Enter,
    ) -> (Vec<u32>, bool) {
        let mut distance: BTreeMap<u32, u32> = seeds.iter().map(|&lot| (lot, 0)).collect();
        let mut open: Vec<u32> = distance.keys().copied().collect();
        let mut depth = 0;
        while !open.is_empty() {
            depth += 1;
            let mut next = BTreeSet::new();
            for lot in open {
                for &to in map.get(&lot).into_iter().flatten() {
                    if !distance.contains_key(&to) && enter(to) != Enter::Skip {
                        next.insert(to);
                    }
                }
            }
            distance.extend(next.iter().map(|&lot| (lot, depth)));
            open = next.into_iter().filter(|&lot| enter(lot) == Enter::Pass).collect();
        }
        let mut order: Vec<(u32, u32)> = distance.iter().map(|(&lot, &at)| (at, lot)).collect();
        order.sort_unstable();
        let all = order.len();
        let mut kept: Vec<u32> = order
            .into_iter()
            .filter(|(at, _)| *at <= bounds.depth)
            .take(bounds.limit)
            .map(|(_, lot)| lot)
            .collect();
        kept.sort_unstable();
        let complete = kept.len() == all;
        (kept, complete)
    }
}

/// Makes events out of raw choices: (lots, picks); every eleventh pick points at a lot that is yet to come.
fn events_of(raw: Vec<(u32, Vec<u32>)>) -> Vec<Plain> {
    let total: u32 = raw.iter().map(|(lots, _)| lots).sum();
    let mut made = 0;
    let mut events = Vec::new();
    for (i, (lots, picks)) in raw.into_iter().enumerate() {
        let inputs = picks
            .into_iter()
            .filter_map(|pick| {
                let bound = if pick % 11 == 0 && lots > 0 { total } else { made };
                (bound > 0).then(|| pick % bound + 1)
            })
            .collect();
        events.push((i as u64 * 2 + 1, made + 1, lots, inputs));
        made += lots;
    }
    events
}

fn graph_of(events: &[Plain]) -> Graph {
    Graph::rebuild(events.iter().map(Ok)).unwrap()
}

fn small_worlds() -> impl Strategy<Value = Vec<Plain>> {
    prop::collection::vec((0_u32..4, prop::collection::vec(any::<u32>(), 0..4)), 1..120).prop_map(events_of)
}

fn worlds() -> impl Strategy<Value = Vec<Plain>> {
    // long runs of lots and of inputs, over block and word borders
    let large = prop::collection::vec((0_u32..500, prop::collection::vec(any::<u32>(), 0..500)), 1..6);
    let hubs = prop::collection::vec((1_u32..3, prop::collection::vec(0_u32..5, 0..3)), 1..400);
    prop_oneof![small_worlds(), large.prop_map(events_of), hubs.prop_map(events_of)]
}

fn enter(lot: u32) -> Enter {
    match lot % 7 {
        0 => Enter::Stop,
        1 => Enter::Skip,
        _ => Enter::Pass,
    }
}

fn same_walks(graph: &Graph, twin: &Twin, seeds: &[u32], bounds: Bounds) -> Result<(), TestCaseError> {
    let whole = |_: u32| Enter::Pass;
    let (lots, complete) = Twin::walk(&twin.children, seeds, bounds, whole);
    prop_assert_eq!(graph.forward_within(seeds, bounds, whole).unwrap(), Reach { lots, complete });
    let (lots, complete) = Twin::walk(&twin.parents, seeds, bounds, whole);
    prop_assert_eq!(graph.backward_within(seeds, bounds, whole).unwrap(), Reach { lots, complete });
    let (lots, complete) = Twin::walk(&twin.children, seeds, bounds, enter);
    prop_assert_eq!(graph.forward_within(seeds, bounds, enter).unwrap(), Reach { lots, complete });
    let (lots, complete) = Twin::walk(&twin.parents, seeds, bounds, enter);
    prop_assert_eq!(graph.backward_within(seeds, bounds, enter).unwrap(), Reach { lots, complete });
    Ok(())
}

fn same_rows(graph: &Graph, twin: &Twin) -> Result<(), TestCaseError> {
    let list = |set: Option<&BTreeSet<u32>>| set.into_iter().flatten().copied().collect::<Vec<_>>();
    for lot in 1..=graph.lots() {
        prop_assert_eq!(graph.parents(lot), list(twin.parents.get(&lot)), "parents of {}", lot);
        prop_assert_eq!(
            graph.children(lot, usize::MAX),
            list(twin.children.get(&lot)),
            "children of {}",
            lot
        );
        prop_assert_eq!(graph.is_used(lot), twin.children.contains_key(&lot));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn rows_and_walks_equal_the_twins(
        events in worlds(),
        seeds in prop::collection::vec(any::<u32>(), 1..4),
        limit in 0_usize..60,
        depth in 0_u32..4,
    ) {
        let (graph, twin) = (graph_of(&events), Twin::of(&events));
        same_rows(&graph, &twin)?;
        let links: usize = twin.children.values().map(BTreeSet::len).sum();
        prop_assert_eq!(graph.links(), links as u64);
        if graph.lots() > 0 {
            let seeds: Vec<u32> = seeds.iter().map(|seed| seed % graph.lots() + 1).collect();
            for bounds in [Bounds::NONE, Bounds { limit, ..Bounds::NONE }, Bounds { depth, limit: usize::MAX }] {
                same_walks(&graph, &twin, &seeds, bounds)?;
            }
        }
    }

    #[test]
    fn a_snapshot_brings_back_the_same_graph_and_goes_on(events in worlds(), cut in any::<prop::sample::Index>()) {
        let cut = cut.index(events.len() + 1);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("graph");
        let mut before = Graph::new();
        for (no, first_lot, lots, inputs) in &events[..cut] {
            before.append(&Event { no: *no, first_lot: *first_lot, lots: *lots, inputs }).unwrap();
        }
        before.save(&path).unwrap();
        let mut graph = Graph::load(&path).unwrap();
        prop_assert_eq!(graph.last_event(), before.last_event());
        for (no, first_lot, lots, inputs) in &events[cut..] {
            graph.append(&Event { no: *no, first_lot: *first_lot, lots: *lots, inputs }).unwrap();
        }
        graph.check().unwrap();
        same_rows(&graph, &Twin::of(&events))?;
    }

    #[test]
    fn contraction_equals_walks_over_unmarked_lots(events in small_worlds(), step in 2_u32..6) {
        let (graph, twin) = (graph_of(&events), Twin::of(&events));
        let marked: LotSet = (1..=graph.lots().min(150)).filter(|lot| lot % step == 0).collect();
        let mut expected = Vec::new();
        for from in marked.iter() {
            let stop = |lot| if marked.contains(lot) { Enter::Stop } else { Enter::Pass };
            let (reached, _) = Twin::walk(&twin.children, &[from], Bounds::NONE, stop);
            expected.extend(reached.into_iter().filter(|&into| into != from && marked.contains(into)).map(|into| (from, into)));
        }
        expected.sort_unstable();
        let found = graph.contract(&marked, usize::MAX, |_| true).unwrap();
        prop_assert_eq!(&found.relations, &expected);
        let half = graph.contract(&marked, expected.len() / 2, |_| true).unwrap();
        prop_assert_eq!(half.complete, expected.is_empty());
        prop_assert_eq!(&half.relations[..], &expected[..expected.len() / 2]);
    }

    #[test]
    fn links_among_some_lots_are_those_of_the_twin(events in worlds(), step in 1_u32..4) {
        let (graph, twin) = (graph_of(&events), Twin::of(&events));
        let set: LotSet = (1..=graph.lots()).filter(|lot| lot % step == 0).collect();
        let mut expected: Vec<(u32, u32)> = twin.children.iter()
            .flat_map(|(&from, to)| to.iter().map(move |&to| (from, to)))
            .filter(|&(from, to)| set.contains(from) && set.contains(to))
            .collect();
        expected.sort_unstable();
        prop_assert_eq!(graph.links_among(&set, usize::MAX), expected);
    }
}

/// farm lots 1 2; a mill mixes them to 3 4; 3 is shipped (5), 4 is shipped twice (6, 7)
fn mill() -> Graph {
    let events: Vec<Plain> = vec![
        (1, 1, 1, vec![]),
        (2, 2, 1, vec![]),
        (3, 3, 2, vec![2, 1, 1]),
        (4, 5, 1, vec![3]),
        (5, 6, 1, vec![4]),
        (6, 0, 0, vec![5]),
        (7, 7, 1, vec![4]),
    ];
    graph_of(&events)
}

#[test]
fn a_small_world_is_walked_both_ways() {
    let graph = mill();
    assert_eq!(graph.forward(&[1]).unwrap(), [1, 3, 4, 5, 6, 7]);
    assert_eq!(graph.backward(&[7]).unwrap(), [1, 2, 4, 7]);
    assert_eq!(graph.children(4, usize::MAX), [6, 7]);
    assert_eq!(graph.children(4, 1), [7]);
    assert_eq!((graph.lots(), graph.links(), graph.last_event()), (7, 7, 7));
    let stopped =
        graph.forward_within(&[1], Bounds::NONE, |lot| if lot == 4 { Enter::Stop } else { Enter::Pass });
    assert_eq!(stopped.unwrap().lots, [1, 3, 4, 5]);
}

#[test]
fn what_is_out_of_step_is_refused_and_changes_nothing() {
    let mut graph = mill();
    let mut refuse = |no, first_lot, lots, inputs: &[u32], code: &str| {
        let error = graph.append(&Event { no, first_lot, lots, inputs }).unwrap_err();
        assert_eq!(error.code, code);
    };
    refuse(7, 8, 1, &[1], "graph_event_order");
    refuse(8, 9, 1, &[1], "graph_lot_gap");
    refuse(8, 7, 1, &[1], "graph_lot_gap");
    refuse(8, 8, 1, &[0], "graph_unknown_lot");
    refuse(8, 8, u32::MAX, &[1], "graph_full");
    assert_eq!(graph.forward(&[1]).unwrap(), [1, 3, 4, 5, 6, 7]);
    assert_eq!(graph.last_event(), 7);
    assert_eq!(graph.forward(&[8]).unwrap_err().code, "lot_unknown");
    assert_eq!(graph.backward(&[0]).unwrap_err().code, "lot_unknown");
}

#[test]
fn a_lot_that_never_comes_is_found_out() {
    let events: Vec<Plain> = vec![(1, 1, 1, vec![9])];
    assert_eq!(Graph::rebuild(events.iter().map(Ok)).err().unwrap().code, "graph_unknown_lot");
    let mut graph = Graph::new();
    graph.append(&Event { no: 1, first_lot: 1, lots: 1, inputs: &[2] }).unwrap();
    assert_eq!(graph.check().unwrap_err().code, "graph_unknown_lot");
    assert_eq!(graph.backward(&[1]).unwrap(), [1], "a lot that is not there yet is not walked to");
}

#[test]
fn inputs_declared_later_may_close_a_circle() {
    let mut graph = mill();
    graph.append_inputs(8, 1, 1, &[5, 6]).unwrap();
    graph.append_inputs(9, 3, 2, &[1, 7]).unwrap();
    assert_eq!(graph.parents(1), [5, 6]);
    assert_eq!(graph.parents(4), [1, 2, 7]);
    assert_eq!(graph.forward(&[7]).unwrap(), [1, 3, 4, 5, 6, 7]);
    assert_eq!(graph.backward(&[5]).unwrap(), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(graph.append_inputs(9, 1, 1, &[2]).unwrap_err().code, "graph_event_order");
    assert_eq!(graph.append_inputs(10, 1, 1, &[8]).unwrap_err().code, "graph_unknown_lot");
    assert_eq!(graph.append_inputs(10, 7, 2, &[1]).unwrap_err().code, "graph_unknown_lot");
}

#[test]
fn a_snapshot_that_is_short_changed_or_foreign_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("graph");
    assert_eq!(Graph::load(&path).err().unwrap().code, "graph_snapshot");
    mill().save(&path).unwrap();
    let good = std::fs::read(&path).unwrap();
    for cut in 0..good.len() {
        std::fs::write(&path, &good[..cut]).unwrap();
        assert_eq!(Graph::load(&path).err().unwrap().code, "graph_snapshot", "cut at {cut}");
    }
    for at in 0..good.len() {
        let mut bytes = good.clone();
        bytes[at] ^= 0x40;
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(Graph::load(&path).err().unwrap().code, "graph_snapshot", "changed at {at}");
    }
}

/// The figure the layout is made for: one input and one lot an event, sources drawn at random. So many lots that the
/// slack of the last chunks (at most 0.1 bytes a link here) does not hide it.
#[test]
fn a_link_takes_less_than_eleven_bytes() {
    let lots = 4_000_000_u32;
    let mut random = probe::random(7);
    let mut graph = Graph::new();
    for lot in 1..=lots {
        let source = (random() % u64::from(lot.max(2) - 1)) as u32 + 1;
        let inputs = if lot <= 1000 { &[][..] } else { &[source] };
        graph.append(&Event { no: u64::from(lot), first_lot: lot, lots: 1, inputs }).unwrap();
    }
    let per_link = graph.bytes() as f64 / graph.links() as f64;
    assert!(per_link <= 11.0, "{per_link} bytes a link");
}

#[test]
fn what_was_declared_wrong_is_found_and_passes_nothing_on() {
    let mut graph = Graph::new();
    for (no, first_lot, lots, inputs) in [
        (1, 1, 1, &[][..]),
        (2, 2, 1, &[1][..]),
        (3, 3, 1, &[2][..]),
        (4, 4, 1, &[1][..]),
        (5, 5, 1, &[3, 4][..]),
    ] {
        graph.append(&Event { no, first_lot, lots, inputs }).unwrap();
    }
    assert_eq!(graph.forward(&[1]).unwrap(), [1, 2, 3, 4, 5]);
    graph.declare_wrong(3, 1);
    assert_eq!(graph.forward(&[1]).unwrap(), [1, 2, 3, 4, 5]);
    assert_eq!(graph.forward(&[2]).unwrap(), [2, 3]);
    assert_eq!(graph.backward(&[5]).unwrap(), [1, 3, 4, 5]);
    assert_eq!(graph.forward(&[3]).unwrap(), [3]);
    assert_eq!(graph.forward(&[3, 4]).unwrap(), [3, 4, 5]);
}
