//! One walk under way. Each level is done in short loops over one table each, and every loop asks for the line it will
//! need some turns later, so that the memory answers many at once instead of one after another.

use super::{Enter, Graph, LotSet};

/// How many turns ahead a line is asked for.
const AHEAD: usize = 24;
/// Runs longer than this are remembered as done, so that many-to-many events are not walked many times.
const LONG: u32 = 8;

pub struct Walk<'g, F> {
    graph: &'g Graph,
    enter: F,
    seen: LotSet,
    /// long runs done, by first lot (forward) or last edge (backward)
    done: LotSet,
    found: Vec<u32>,
    skipped: bool,
    level: Vec<u32>,
    next: Vec<u32>,
    /// scratch: positions of uses on the track (backward: sources), places of earlier uses, runs of lots (backward: of
    /// edges)
    positions: Vec<u32>,
    places: Vec<u32>,
    runs: Vec<(u32, u32)>,
}

impl<'g, F: FnMut(u32) -> Enter> Walk<'g, F> {
    /// A walk from lots that exist.
    pub fn new(graph: &'g Graph, lots: &[u32], enter: F) -> Self {
        let mut seen = LotSet::up_to(graph.lots());
        let next: Vec<u32> = lots.iter().copied().filter(|&lot| seen.insert(lot)).collect();
        Self {
            graph,
            enter,
            seen,
            done: LotSet::default(),
            found: next.clone(),
            skipped: false,
            level: Vec::new(),
            next,
            positions: Vec::new(),
            places: Vec::new(),
            runs: Vec::new(),
        }
    }

    pub fn goes_on(&self) -> bool {
        !self.next.is_empty()
    }

    /// How many lots are found.
    pub fn found(&self) -> usize {
        self.found.len()
    }

    /// Keeps at most `limit` lots: of those from `level` on (the last level), the smallest. Whether all were kept.
    pub fn cut_to(&mut self, limit: usize, level: usize) -> bool {
        if self.found.len() <= limit {
            return true;
        }
        self.found[level..].sort_unstable();
        self.found.truncate(limit);
        self.skipped = true;
        false
    }

    pub fn step_forward(&mut self) {
        self.begin_level();
        self.collect_newest();
        while !self.positions.is_empty() {
            self.follow_uses();
            self.collect_earlier();
        }
        if !self.graph.side.is_empty() {
            let level = std::mem::take(&mut self.level);
            for &lot in &level {
                let graph = self.graph;
                graph.side.children(lot, |first, lots| self.visit_run(first, lots));
            }
            self.level = level;
        }
    }

    pub fn step_backward(&mut self) {
        self.begin_level();
        self.collect_runs();
        self.follow_sources();
        if !self.graph.side.is_empty() {
            let level = std::mem::take(&mut self.level);
            for &lot in &level {
                let graph = self.graph;
                graph.side.parents(lot, |parent| {
                    // declared, but not there yet
                    if parent <= graph.lots() {
                        self.visit(parent);
                    }
                });
            }
            self.level = level;
        }
    }

    fn begin_level(&mut self) {
        std::mem::swap(&mut self.level, &mut self.next);
        self.next.clear();
    }

    fn collect_newest(&mut self) {
        let newest = &self.graph.newest;
        self.positions.clear();
        for (i, &lot) in self.level.iter().enumerate() {
            if let Some(&ahead) = self.level.get(i + AHEAD) {
                newest.prefetch(ahead);
            }
            let position = newest.get(lot);
            if position != 0 {
                self.positions.push(position);
            }
        }
    }

    fn follow_uses(&mut self) {
        let track = &self.graph.track;
        let positions = std::mem::take(&mut self.positions);
        self.places.clear();
        self.runs.clear();
        for (i, &position) in positions.iter().enumerate() {
            if let Some(&ahead) = positions.get(i + AHEAD) {
                track.prefetch(ahead);
            }
            let used = track.used_at(position);
            self.places.extend(used.earlier);
            self.runs.push((used.first, track.outs_of(position, used.first)));
        }
        self.positions = positions;
        let runs = std::mem::take(&mut self.runs);
        for (i, &(first, lots)) in runs.iter().enumerate() {
            if let Some(&(ahead, _)) = runs.get(i + AHEAD) {
                self.seen.prefetch(ahead);
            }
            self.visit_run(first, lots);
        }
        self.runs = runs;
    }

    fn collect_earlier(&mut self) {
        let earlier = &self.graph.earlier;
        self.positions.clear();
        for (i, &place) in self.places.iter().enumerate() {
            if let Some(&ahead) = self.places.get(i + AHEAD) {
                earlier.prefetch(ahead);
            }
            self.positions.push(earlier.get(place));
        }
    }

    fn collect_runs(&mut self) {
        let track = &self.graph.track;
        self.runs.clear();
        for (i, &lot) in self.level.iter().enumerate() {
            if let Some(&ahead) = self.level.get(i + AHEAD) {
                track.prefetch_lot(ahead);
            }
            let edges = track.inputs_of(lot);
            let long = edges.len() as u32 > LONG;
            if !edges.is_empty() && (!long || self.done.insert(edges.end)) {
                self.graph.sources.prefetch(edges.start);
                self.runs.push((edges.start, edges.end));
            }
        }
    }

    fn follow_sources(&mut self) {
        let runs = std::mem::take(&mut self.runs);
        self.positions.clear();
        for (i, &(start, end)) in runs.iter().enumerate() {
            if let Some(&(ahead, _)) = runs.get(i + AHEAD) {
                self.graph.sources.prefetch(ahead);
            }
            self.positions.extend((start..end).map(|edge| self.graph.sources.get(edge)));
        }
        self.runs = runs;
        let sources = std::mem::take(&mut self.positions);
        for (i, &source) in sources.iter().enumerate() {
            if let Some(&ahead) = sources.get(i + AHEAD) {
                self.seen.prefetch(ahead);
            }
            self.visit(source);
        }
        self.positions = sources;
    }

    #[inline]
    fn visit_run(&mut self, first: u32, lots: u32) {
        if lots > LONG && !self.done.insert(first) {
            return;
        }
        for lot in first..first + lots {
            self.visit(lot);
        }
    }

    #[inline]
    fn visit(&mut self, lot: u32) {
        if !self.seen.insert(lot) {
            return;
        }
        match (self.enter)(lot) {
            Enter::Pass => {
                self.found.push(lot);
                self.next.push(lot);
            }
            Enter::Stop => self.found.push(lot),
            Enter::Skip => self.skipped = true,
        }
    }

    /// The lots found, ascending.
    pub fn into_sorted(mut self) -> Vec<u32> {
        // a bitset sorts for nothing when it is dense enough
        if self.found.len() < self.graph.lots() as usize / 1024 {
            self.found.sort_unstable();
            return self.found;
        }
        if self.skipped {
            self.seen = LotSet::of(&self.found);
        }
        self.seen.to_vec(self.found.len())
    }
}
