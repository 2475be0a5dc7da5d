//! One walk under way. The lots found are also the queue of those to go on from. They are taken in blocks, each block is
//! done in short loops over one table each, and every loop asks for the lines that the next one will need, so that the
//! memory answers many at once instead of one after another.

use parking_lot::Mutex;

use super::{Enter, Graph, LotSet, cpu};

/// How many turns ahead a line is asked for.
const AHEAD: usize = 20;
/// Lots looked at in one go: enough to keep the memory busy, few enough that what was fetched is still near.
const BLOCK: usize = 2048;
/// Runs longer than this are remembered as done, so that many-to-many events are not walked many times.
const LONG: u32 = 8;

/// Lots found beyond which a scratch gives memory back, 16 MiB.
const KEPT: usize = 1 << 22;
/// Scratches kept for walks at the same time.
const POOLED: usize = 4;

/// What a walk writes down, kept for the next walk: fresh memory would cost more than the walk.
#[derive(Default)]
struct Scratch {
    /// lots found and lots skipped; empty between walks
    seen: LotSet,
    /// lots found, level by level
    found: Vec<u32>,
    /// lots seen that are not found, or were cut off
    left_out: Vec<u32>,
    /// the lots looked at; first lots of runs; positions of uses on the track; places of earlier uses
    block: Vec<u32>,
    starts: Vec<u32>,
    positions: Vec<u32>,
    places: Vec<u32>,
    /// backward: runs of edges, and their sources
    runs: Vec<(u32, u32)>,
    sources: Vec<u32>,
}

/// Scratches that no walk uses now.
#[derive(Default)]
pub struct Pool(Mutex<Vec<Scratch>>);

impl Pool {
    fn take(&self, lots: u32) -> Scratch {
        let mut scratch = self.0.lock().pop().unwrap_or_default();
        scratch.seen.reserve(lots);
        scratch
    }

    fn give_back(&self, mut scratch: Scratch) {
        scratch.found.clear();
        scratch.left_out.clear();
        scratch.positions.clear();
        scratch.found.shrink_to(KEPT);
        scratch.left_out.shrink_to(KEPT);
        let mut pool = self.0.lock();
        if pool.len() < POOLED {
            pool.push(scratch);
        }
    }
}

pub struct Walk<'g, F> {
    graph: &'g Graph,
    enter: F,
    scratch: Scratch,
    /// lots of `found` that have been gone on from
    begun: usize,
    /// lots found at which the walk ends
    stops: LotSet,
    any_stop: bool,
    /// long runs done, by first lot (forward) or last edge (backward)
    done: LotSet,
}

impl<'g, F: FnMut(u32) -> Enter> Walk<'g, F> {
    /// A walk from lots that exist.
    pub fn new(graph: &'g Graph, lots: &[u32], enter: F) -> Self {
        let mut scratch = graph.pool.take(graph.lots());
        let Scratch { seen, found, .. } = &mut scratch;
        found.extend(lots.iter().copied().filter(|&lot| seen.insert(lot)));
        Self {
            graph,
            enter,
            scratch,
            begun: 0,
            stops: LotSet::default(),
            any_stop: false,
            done: LotSet::default(),
        }
    }

    pub fn goes_on(&self) -> bool {
        self.begun < self.scratch.found.len() || !self.scratch.positions.is_empty()
    }

    /// How many lots are found.
    pub fn found(&self) -> usize {
        self.scratch.found.len()
    }

    /// Keeps at most `limit` lots: of those from `level` on (the last level), the smallest. Whether all were kept.
    pub fn cut_to(&mut self, limit: usize, level: usize) -> bool {
        if self.scratch.found.len() <= limit {
            return true;
        }
        self.scratch.found[level..].sort_unstable();
        let Scratch { found, left_out, .. } = &mut self.scratch;
        left_out.extend(found.drain(limit..));
        false
    }

    /// Finds the next level.
    pub fn level_forward(&mut self) {
        let end = self.scratch.found.len();
        while self.begun < end {
            self.take_block(end);
            self.read_newest();
            self.follow_uses();
            while !self.scratch.positions.is_empty() {
                self.follow_uses();
            }
            self.follow_side();
        }
    }

    /// Goes some steps on, in no order of levels: older uses of lots wait until the next call, so that a long row of them
    /// does not hold up the rest.
    pub fn some_forward(&mut self) {
        cpu::at_best(SomeForward(self));
        self.follow_side();
    }

    /// Finds the next level backward.
    pub fn level_backward(&mut self) {
        let end = self.scratch.found.len();
        while self.begun < end {
            self.take_block(end);
            self.collect_runs();
            self.follow_sources();
            if !self.graph.side.is_empty() {
                self.visit_declared_sources();
            }
        }
    }

    /// Takes the next lots that the walk goes on from, of those found before `end`.
    #[inline(always)]
    fn take_block(&mut self, end: usize) {
        let end = end.min(self.begun + BLOCK);
        self.scratch.block.clear();
        let lots = &self.scratch.found[self.begun..end];
        if self.any_stop {
            self.scratch.block.extend(lots.iter().filter(|&&lot| !self.stops.contains(lot)));
        } else {
            self.scratch.block.extend_from_slice(lots);
        }
        self.begun = end;
    }

    /// Finds what was made of the block: runs of the lots used once, positions of the newest use of the others.
    ///
    /// Which of the two, or neither, cannot be foreseen; so both are written and only the counts depend on it.
    #[inline(always)]
    fn read_newest(&mut self) {
        let graph = self.graph;
        let Scratch { block, starts, positions, .. } = &mut self.scratch;
        let (mut runs, mut uses) = (0, positions.len());
        starts.resize(block.len(), 0);
        positions.resize(uses + block.len(), 0);
        let (newest_use, again) = (graph.newest.view(), graph.again.view());
        for (i, &lot) in block.iter().enumerate() {
            if let Some(&ahead) = block.get(i + AHEAD) {
                newest_use.prefetch(ahead);
            }
            let newest = newest_use.get(lot);
            let again = again.get(lot);
            starts[runs] = newest;
            positions[uses] = newest;
            runs += usize::from(newest != 0 && !again);
            uses += usize::from(again);
        }
        starts.truncate(runs);
        positions.truncate(uses);
        for &position in &*positions {
            graph.track.prefetch(position);
        }
    }

    /// Visits the runs known and those of the uses at hand, and finds the positions of the next older uses.
    #[inline(always)]
    fn follow_uses(&mut self) {
        let graph = self.graph;
        let Scratch { starts, positions, places, .. } = &mut self.scratch;
        // as in `read_newest`
        let mut uses = 0;
        places.resize(positions.len(), 0);
        for &position in &*positions {
            let used = graph.track.used_at(position);
            starts.push(used.first);
            places[uses] = used.place;
            uses += usize::from(used.again);
        }
        places.truncate(uses);
        for &place in &*places {
            graph.earlier.prefetch(place);
        }
        self.follow_runs();
        let Scratch { positions, places, .. } = &mut self.scratch;
        positions.clear();
        for &place in &*places {
            let position = graph.earlier.get(place);
            graph.track.prefetch(position);
            positions.push(position);
        }
    }

    #[inline(always)]
    fn follow_runs(&mut self) {
        let begins = self.graph.starts.view();
        let starts = std::mem::take(&mut self.scratch.starts);
        for (i, &first) in starts.iter().enumerate() {
            if let Some(&ahead) = starts.get(i + AHEAD) {
                begins.prefetch(ahead);
                self.scratch.seen.prefetch(ahead);
            }
            self.visit_run(first, begins.next_set(first + 1));
        }
        self.scratch.starts = starts;
        self.scratch.starts.clear();
    }

    /// Visits what was made of the block by inputs said later.
    fn follow_side(&mut self) {
        if self.graph.side.is_empty() {
            return;
        }
        let graph = self.graph;
        let block = std::mem::take(&mut self.scratch.block);
        for &lot in &block {
            graph.side.children(lot, |first, lots| self.visit_run(first, first + lots));
        }
        self.scratch.block = block;
    }

    fn collect_runs(&mut self) {
        let track = &self.graph.track;
        self.scratch.runs.clear();
        for (i, &lot) in self.scratch.block.iter().enumerate() {
            if let Some(&ahead) = self.scratch.block.get(i + AHEAD) {
                track.prefetch_lot(ahead);
            }
            let edges = track.inputs_of(lot);
            let long = edges.len() as u32 > LONG;
            if !edges.is_empty() && (!long || self.done.insert(edges.end)) {
                self.graph.sources.prefetch(edges.start);
                self.scratch.runs.push((edges.start, edges.end));
            }
        }
    }

    fn follow_sources(&mut self) {
        let mut sources = std::mem::take(&mut self.scratch.sources);
        sources.clear();
        for &(start, end) in &self.scratch.runs {
            for edge in start..end {
                let source = self.graph.sources.get(edge);
                self.scratch.seen.prefetch(source);
                sources.push(source);
            }
        }
        for &source in &sources {
            self.visit(source);
        }
        self.scratch.sources = sources;
    }

    fn visit_declared_sources(&mut self) {
        let graph = self.graph;
        let block = std::mem::take(&mut self.scratch.block);
        for &lot in &block {
            graph.side.parents(lot, |parent| {
                // declared, but not there yet
                if parent <= graph.lots() {
                    self.visit(parent);
                }
            });
        }
        self.scratch.block = block;
    }

    #[inline(always)]
    fn visit_run(&mut self, first: u32, end: u32) {
        if end - first > LONG && !self.done.insert(first) {
            return;
        }
        for lot in first..end {
            if self.visit(lot) {
                self.graph.newest.prefetch(lot);
                self.graph.again.prefetch(lot);
            }
        }
    }

    /// Takes up a lot, if it is new; whether it was.
    #[inline(always)]
    fn visit(&mut self, lot: u32) -> bool {
        if !self.scratch.seen.insert(lot) {
            return false;
        }
        match (self.enter)(lot) {
            Enter::Pass => {}
            Enter::Stop => {
                self.stops.insert(lot);
                self.any_stop = true;
            }
            Enter::Skip => {
                self.scratch.left_out.push(lot);
                return true;
            }
        }
        self.scratch.found.push(lot);
        true
    }

    /// The lots found, ascending.
    pub fn into_sorted(mut self) -> Vec<u32> {
        let Scratch { seen, found, left_out, .. } = &mut self.scratch;
        for &lot in &*left_out {
            seen.remove(lot);
        }
        // a bitset sorts for nothing when it is dense enough
        let sorted = if found.len() >= self.graph.lots() as usize / 1024 {
            cpu::at_best(Drain(seen, found.len()))
        } else {
            found.iter().for_each(|&lot| seen.remove(lot));
            found.sort_unstable();
            found.clone()
        };
        self.graph.pool.give_back(self.scratch);
        sorted
    }
}

struct SomeForward<'w, 'g, F>(&'w mut Walk<'g, F>);

impl<F: FnMut(u32) -> Enter> cpu::Work for SomeForward<'_, '_, F> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let Self(walk) = self;
        walk.take_block(walk.scratch.found.len());
        walk.read_newest();
        walk.follow_uses();
    }
}

struct Drain<'s>(&'s mut LotSet, usize);

impl cpu::Work for Drain<'_> {
    type Out = Vec<u32>;

    #[inline(always)]
    fn run(self) -> Vec<u32> {
        self.0.drain(self.1)
    }
}
