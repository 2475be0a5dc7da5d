//! What feeds what: the graph that outbreak scores are computed on.
//!
//! Nodes are deliveries, and *gates* that stand for many feedings at once: cross-contamination at a station lets every
//! incoming delivery feed every outgoing one that did not surely leave before it came. Written out that is a quadratic
//! number of edges; instead deliveries of one arrival date feed one gate in, those of one departure date are fed by
//! one gate out, and gates are compared date by date.

use std::collections::{BTreeMap, BTreeSet};

use kit_base::PartialDate;

use crate::network::Mark;

/// A delivery with stations as numbers and dates completed.
pub struct Move {
    pub from: u32,
    pub to: u32,
    /// departure, or arrival where only that is known
    pub departure: Option<PartialDate>,
    /// arrival, or departure where only that is known
    pub arrival: Option<PartialDate>,
    pub mark: Mark,
}

/// A network with stations merged and everything numbered.
pub struct Moves {
    pub stations: Vec<Mark>,
    pub moves: Vec<Move>,
    /// (from, into) as numbers of moves
    pub relations: Vec<(u32, u32)>,
    pub enforce_temporal_order: bool,
}

/// See the module's text. Nodes `0..moves` are deliveries, the others gates.
pub struct Feeds {
    pub moves: u32,
    next: Rows,
    prev: Rows,
    /// moves that leave a station, and that come to it
    outgoing: Rows,
    incoming: Rows,
}

impl Feeds {
    pub fn of(net: &Moves) -> Self {
        let moves = net.moves.len() as u32;
        let mut draft = Draft { net, edges: Vec::new(), nodes: moves };
        draft.relations();
        draft.cross_contaminated_stations();
        draft.cross_contaminated_moves();
        let Draft { mut edges, nodes, .. } = draft;
        edges.sort_unstable();
        edges.dedup();
        let ends = |end: fn(&Move) -> u32| (0_u32..).zip(&net.moves).map(move |(i, m)| (end(m), i));
        let mut outgoing: Vec<_> = ends(|m| m.from).collect();
        let mut incoming: Vec<_> = ends(|m| m.to).collect();
        outgoing.sort_unstable();
        incoming.sort_unstable();
        let stations = net.stations.len() as u32;
        Self {
            moves,
            next: Rows::of(nodes, &edges),
            prev: Rows::of(nodes, &turned(&edges)),
            outgoing: Rows::of(stations, &outgoing),
            incoming: Rows::of(stations, &incoming),
        }
    }

    pub fn nodes(&self) -> u32 {
        self.next.len()
    }

    pub fn next(&self, node: u32) -> &[u32] {
        self.next.row(node)
    }

    pub fn prev(&self, node: u32) -> &[u32] {
        self.prev.row(node)
    }

    pub fn outgoing(&self, station: u32) -> &[u32] {
        self.outgoing.row(station)
    }

    pub fn incoming(&self, station: u32) -> &[u32] {
        self.incoming.row(station)
    }
}

/// What passes nothing on: a killed delivery, and one that came to a killed station.
pub fn passes_nothing(net: &Moves, id: u32) -> bool {
    let it = &net.moves[id as usize];
    it.mark.kill_contamination || net.stations[it.to as usize].kill_contamination
}

/// Whether what arrived may have touched what left: not when it surely came later. Unknown counts as possible.
pub fn may_touch(arrival: Option<PartialDate>, departure: Option<PartialDate>) -> bool {
    !matches!((arrival, departure), (Some(a), Some(d)) if a.surely_after(d))
}

struct Draft<'n> {
    net: &'n Moves,
    edges: Vec<(u32, u32)>,
    nodes: u32,
}

impl Draft<'_> {
    fn relations(&mut self) {
        let net = self.net;
        self.edges.extend(net.relations.iter().filter(|(from, _)| !passes_nothing(net, *from)));
    }

    fn cross_contaminated_stations(&mut self) {
        let (mut ins, mut outs) = (BTreeMap::new(), BTreeMap::new());
        for (i, m) in (0_u32..).zip(&self.net.moves) {
            if self.net.stations[m.to as usize].cross_contamination {
                ins.entry(m.to).or_insert_with(Vec::new).push(i);
            }
            if self.net.stations[m.from as usize].cross_contamination {
                outs.entry(m.from).or_insert_with(Vec::new).push(i);
            }
        }
        for (station, ins) in ins {
            if let Some(outs) = outs.get(&station) {
                self.gates(&ins, outs);
            }
        }
    }

    /// Cross-contaminated moves to one recipient share what follows each of them.
    fn cross_contaminated_moves(&mut self) {
        let marked = |i: u32| self.net.moves[i as usize].mark.cross_contamination;
        let mut together: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (i, m) in (0_u32..).zip(&self.net.moves).filter(|(i, _)| marked(*i)) {
            together.entry(m.to).or_default().push(i);
        }
        let mut followers: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        for &(from, into) in self.net.relations.iter().filter(|(from, _)| marked(*from)) {
            followers.entry(self.net.moves[from as usize].to).or_default().insert(into);
        }
        // what follows by cross-contamination of the station itself is fed by every incoming move already
        for (station, followers) in followers {
            let ins = together.remove(&station).unwrap_or_default();
            if ins.len() > 1 {
                self.gates(&ins, &followers.into_iter().collect::<Vec<_>>());
            }
        }
    }

    /// Lets every move of `ins` feed every one of `outs` that it may have touched.
    fn gates(&mut self, ins: &[u32], outs: &[u32]) {
        let timed = self.net.enforce_temporal_order;
        let moves = &self.net.moves;
        let arrivals = by_date(ins, |i| moves[i as usize].arrival.filter(|_| timed));
        let departures = by_date(outs, |i| moves[i as usize].departure.filter(|_| timed));
        let first_out = self.nodes;
        self.nodes += departures.len() as u32;
        for (gate, members) in (first_out..).zip(departures.values()) {
            self.edges.extend(members.iter().map(|&member| (gate, member)));
        }
        for (arrival, members) in &arrivals {
            let gate = self.nodes;
            self.nodes += 1;
            let net = self.net;
            let fed = members.iter().filter(|member| !passes_nothing(net, **member));
            self.edges.extend(fed.map(|&member| (member, gate)));
            let open = (first_out..)
                .zip(departures.keys())
                .filter(|(_, departure)| may_touch(*arrival, **departure));
            self.edges.extend(open.map(|(out, _)| (gate, out)));
        }
    }
}

fn by_date(
    moves: &[u32],
    date: impl Fn(u32) -> Option<PartialDate>,
) -> BTreeMap<Option<PartialDate>, Vec<u32>> {
    let mut groups: BTreeMap<_, Vec<u32>> = BTreeMap::new();
    for &i in moves {
        groups.entry(date(i)).or_default().push(i);
    }
    groups
}

fn turned(edges: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let mut turned: Vec<_> = edges.iter().map(|&(from, to)| (to, from)).collect();
    turned.sort_unstable();
    turned
}

/// Lists of numbers, one a row, in two columns.
struct Rows {
    starts: Vec<u32>,
    values: Vec<u32>,
}

impl Rows {
    /// From (row, value), ascending by row.
    fn of(rows: u32, pairs: &[(u32, u32)]) -> Self {
        let mut starts = vec![0; rows as usize + 1];
        for &(row, _) in pairs {
            starts[row as usize + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        Self { starts, values: pairs.iter().map(|&(_, value)| value).collect() }
    }

    fn len(&self) -> u32 {
        self.starts.len() as u32 - 1
    }

    fn row(&self, row: u32) -> &[u32] {
        &self.values[self.starts[row as usize] as usize..self.starts[row as usize + 1] as usize]
    }
}
