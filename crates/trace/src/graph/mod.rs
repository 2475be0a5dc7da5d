//! The trace graph in memory: what came from what, for every lot, fit to be walked in milliseconds.
//!
//! The database is the truth (`events`, `lots`, `inputs`); this is a cache of it that can be thrown away. Events are
//! appended in the order of their numbers after their transaction has committed; at start the graph is loaded from a
//! snapshot and caught up, or rebuilt.
//!
//! # Layout
//!
//! Lots are dense numbers from 1, the lots an event made are consecutive, and all inputs of an event went into all its
//! lots. Only events that have both matter for walking; the others leave no trace but the lots they made. One structure
//! serves both directions:
//!
//! | part              | holds                                                       | bytes                         |
//! |-------------------|-------------------------------------------------------------|-------------------------------|
//! | `track`           | order of inputs and lots as two bit rows with ranks         | 1/3 an input, 1/3 a lot       |
//! | `sources`         | source lot of every input (edge), in event order            | 4 an input                    |
//! | `newest`          | used once: first lot made of it; else position of newest use | 4 a lot                      |
//! | `again`           | whether a lot was used more than once                       | 1/8 a lot                     |
//! | `starts`          | whether a lot is the first of its event                     | 1/8 a lot                     |
//! | `earlier`         | position of the next older use, only where there is one     | 4 an input whose source was used before |
//!
//! Forward: most lots are used once or never, and `newest` says at once which run of lots was made; the run ends before
//! the next lot that `starts` one. The bit rows are small enough to stay near the processor, so such a lot costs one read
//! at a random place. The uses of the others are positions on the track; what a use made starts at the lot `position -
//! edges before it`, and the next older use comes from `earlier`. Backward: the inputs of a lot stand just before its run
//! on the track. A link is a pair (input, lot made from it). In the worst common shape, one input and one lot an event
//! with the source drawn evenly from all lots so far, half the inputs find an earlier use of theirs: 4 + 4 + 4/2 + 2/3 +
//! 1/4 = 10.9 bytes a link; events with more inputs or lots need less. All columns grow by chunks of 64 KiB without
//! copying, so that 1e9 links need about 10.9 GB and never twice that.
//!
//! Inputs that point forward in time (declared histories and imported networks may do that, and may even run in
//! circles) are kept in a small side table which every walk consults; see [`Graph::append`].

mod bits;
mod column;
mod contract;
mod cpu;
mod lot_set;
mod probe;
mod search;
mod side;
mod snapshot;
#[cfg(test)]
mod tests;
mod track;
mod walk;

use kit_base::error::Kind;
use kit_base::{Error, Result};

pub use contract::Contraction;
pub use lot_set::LotSet;
pub use probe::{GatherProbe, Pages};
pub use search::{Bounds, Enter, Reach};

use bits::Bits;
use column::Column;
use side::Side;
use track::{Step, Track};
use walk::Pool;

/// Positions that stay free, so that block arithmetic cannot overflow.
const RESERVE: u64 = 1 << 16;

/// An event as the graph needs it.
#[derive(Debug, Clone, Copy)]
pub struct Event<'a> {
    /// `events.no`
    pub no: u64,
    /// first lot it made; of no meaning where `lots` is 0
    pub first_lot: u32,
    /// how many lots it made
    pub lots: u32,
    /// lots it took, in any order
    pub inputs: &'a [u32],
}

/// See the module's text.
pub struct Graph {
    track: Track,
    sources: Column,
    newest: Column,
    again: Bits,
    starts: Bits,
    earlier: Column,
    side: Side,
    pool: Pool,
    last_event: u64,
    links: u64,
    sorted: Vec<u32>,
    /// Lots of events that were declared wrong: found, but nothing passes through them. Not in the snapshot.
    wrong: LotSet,
    any_wrong: bool,
}

impl Default for Graph {
    fn default() -> Self {
        Self::new()
    }
}

impl Graph {
    pub fn new() -> Self {
        let mut graph = Self {
            track: Track::default(),
            sources: Column::default(),
            newest: Column::default(),
            again: Bits::default(),
            starts: Bits::default(),
            earlier: Column::default(),
            side: Side::default(),
            pool: Pool::default(),
            last_event: 0,
            links: 0,
            sorted: Vec::new(),
            wrong: LotSet::default(),
            any_wrong: false,
        };
        // lot 0 does not exist; its place makes 0 mean "no use", as a lot and as a position
        graph.push_lot(&Step::Root, true);
        graph
    }

    /// Builds the graph from events in the order of their numbers, and checks that every input exists in the end.
    pub fn rebuild<E, I>(events: I) -> Result<Self>
    where
        E: std::borrow::Borrow<(u64, u32, u32, Vec<u32>)>,
        I: IntoIterator<Item = Result<E>>,
    {
        let mut graph = Self::new();
        for event in events {
            let event = event?;
            let (no, first_lot, lots, inputs) = event.borrow();
            graph.append(&Event { no: *no, first_lot: *first_lot, lots: *lots, inputs })?;
        }
        graph.check()?;
        Ok(graph)
    }

    /// Marks lots of an event that was declared wrong; walks end at them.
    pub fn declare_wrong(&mut self, first: u32, lots: u32) {
        for lot in first..first.saturating_add(lots) {
            self.wrong.insert(lot);
            self.any_wrong = true;
        }
    }

    /// Lots there are; they are numbered `1..=lots`.
    pub fn lots(&self) -> u32 {
        self.newest.len() as u32 - 1
    }

    /// Pairs of (input, lot made from it).
    pub fn links(&self) -> u64 {
        self.links
    }

    /// Number of the last event appended; 0 before the first.
    pub fn last_event(&self) -> u64 {
        self.last_event
    }

    /// Bytes held, slack included.
    pub fn bytes(&self) -> usize {
        self.track.bytes()
            + self.sources.bytes()
            + self.newest.bytes()
            + self.again.bytes()
            + self.starts.bytes()
            + self.earlier.bytes()
            + self.side.bytes()
    }

    /// Appends an event. Nothing changes when it is refused.
    ///
    /// An input that is not older than the event's own lots (declared history may say so, even in a circle) is taken as
    /// it is said and may come to exist later; [`Graph::check`] tells whether all do.
    ///
    /// Errors (faults of the caller, who then rebuilds): `graph_event_order` (number not larger than the last),
    /// `graph_lot_gap` (lots do not follow on), `graph_unknown_lot` (input 0), `graph_full` (4·10⁹ inputs and lots).
    pub fn append(&mut self, event: &Event<'_>) -> Result<()> {
        self.check_order(event.no, event.inputs)?;
        if event.lots > 0 && event.first_lot != self.lots() + 1 {
            return Err(fault(
                "graph_lot_gap",
                format!("事件 {} 的批次从 {} 开始，应为 {}", event.no, event.first_lot, self.lots() + 1),
            ));
        }
        let needed = u64::from(self.track.len()) + u64::from(event.lots) + event.inputs.len() as u64;
        if needed > u64::from(u32::MAX) - RESERVE {
            return Err(fault("graph_full", format!("追溯图已满，事件 {} 放不下", event.no)));
        }
        self.last_event = event.no;
        if event.lots == 0 {
            return Ok(());
        }
        let mut inputs = std::mem::take(&mut self.sorted);
        inputs.clear();
        inputs.extend_from_slice(event.inputs);
        inputs.sort_unstable();
        inputs.dedup();
        let older = inputs.partition_point(|&lot| lot < event.first_lot);
        self.push_event(&inputs[..older], event.lots);
        self.side.add(event.first_lot, event.lots, &inputs[older..]);
        self.links += inputs.len() as u64 * u64::from(event.lots);
        self.sorted = inputs;
        Ok(())
    }

    /// Says afterwards that lots made earlier (`first_lot..first_lot + lots`, the lots of one event) were also made from
    /// `inputs`; `no` is the number of the event that declares it. What is known already is not doubled.
    ///
    /// Errors: as [`Graph::append`], and `graph_unknown_lot` when a lot does not exist.
    pub fn append_inputs(&mut self, no: u64, first_lot: u32, lots: u32, inputs: &[u32]) -> Result<()> {
        self.check_order(no, inputs)?;
        let known = self.lots();
        let last = u64::from(first_lot) + u64::from(lots).saturating_sub(1);
        let unknown = inputs.iter().copied().find(|&lot| lot > known);
        if first_lot == 0 || lots == 0 || last > u64::from(known) || unknown.is_some() {
            let lot = unknown.unwrap_or(first_lot);
            return Err(fault("graph_unknown_lot", format!("事件 {no} 补报的批次 {lot} 不存在")));
        }
        let known = self.parents(first_lot);
        let mut new: Vec<u32> =
            inputs.iter().copied().filter(|lot| known.binary_search(lot).is_err()).collect();
        new.sort_unstable();
        new.dedup();
        self.last_event = no;
        self.side.add(first_lot, lots, &new);
        self.links += new.len() as u64 * u64::from(lots);
        Ok(())
    }

    /// Whether every input that was said exists by now. Error: `graph_unknown_lot`.
    pub fn check(&self) -> Result<()> {
        match self.side.largest() {
            Some(lot) if lot > self.lots() => {
                Err(fault("graph_unknown_lot", format!("追溯图引用了不存在的批次 {lot}")))
            }
            _ => Ok(()),
        }
    }

    fn check_order(&self, no: u64, inputs: &[u32]) -> Result<()> {
        if no <= self.last_event {
            return Err(fault(
                "graph_event_order",
                format!("事件 {no} 不在最后的事件 {} 之后", self.last_event),
            ));
        }
        if inputs.contains(&0) {
            return Err(fault("graph_unknown_lot", format!("事件 {no} 的投入批次号为 0")));
        }
        Ok(())
    }

    fn push_event(&mut self, inputs: &[u32], lots: u32) {
        let first = self.lots() + 1;
        for &source in inputs {
            let before = self.newest.get(source);
            let older = match before {
                0 => 0,
                _ if self.again.get(source) => before,
                first => self.position_of_use(source, first),
            };
            let position = self.track.push(&Step::Input { used_before: before != 0 });
            self.sources.push(source);
            if before == 0 {
                self.newest.set(source, first);
            } else {
                self.earlier.push(older);
                self.again.set(source);
                self.newest.set(source, position);
            }
        }
        let step = if inputs.is_empty() { Step::Root } else { Step::Out };
        for n in 0..lots {
            self.push_lot(&step, n == 0);
        }
    }

    fn push_lot(&mut self, step: &Step, starts: bool) {
        self.track.push(step);
        self.newest.push(0);
        self.again.push(false);
        self.starts.push(starts);
    }

    /// Where on the track the lot `source` stands among the inputs of the event that made the lot `first`.
    fn position_of_use(&self, source: u32, first: u32) -> u32 {
        let edges = self.track.inputs_of(first);
        // the inputs of an event ascend
        let (mut low, mut high) = (edges.start, edges.end - 1);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.sources.get(middle) < source {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        self.track.position_of(first) - (edges.end - low)
    }

    /// One past the last lot of the run that begins with `first`.
    #[inline(always)]
    fn run_end(&self, first: u32) -> u32 {
        self.starts.next_set(first + 1)
    }

    /// What a lot was made from, ascending, those that were declared but are not there yet included. A lot that does not exist has no parents.
    pub fn parents(&self, lot: u32) -> Vec<u32> {
        if lot == 0 || lot > self.lots() {
            return Vec::new();
        }
        let mut parents: Vec<u32> = self.track.inputs_of(lot).map(|edge| self.sources.get(edge)).collect();
        self.side.parents(lot, |parent| parents.push(parent));
        parents.sort_unstable();
        parents.dedup();
        parents
    }

    /// What was made from a lot, ascending, at most `limit`: the newest come first when there are more.
    pub fn children(&self, lot: u32, limit: usize) -> Vec<u32> {
        if lot == 0 || lot > self.lots() {
            return Vec::new();
        }
        let mut children = Vec::new();
        self.side.children(lot, |first, lots| children.extend(first..first + lots));
        let newest = self.newest.get(lot);
        if self.again.get(lot) {
            let mut position = newest;
            while position != 0 && children.len() < limit {
                let used = self.track.used_at(position);
                children.extend(used.first..self.run_end(used.first));
                position = if used.again { self.earlier.get(used.place) } else { 0 };
            }
        } else if newest != 0 && children.len() < limit {
            children.extend(newest..self.run_end(newest));
        }
        children.sort_unstable();
        children.dedup();
        if children.len() > limit {
            children.drain(..children.len() - limit);
        }
        children
    }

    /// Whether anything was made from the lot.
    pub fn is_used(&self, lot: u32) -> bool {
        !self.children(lot, 1).is_empty()
    }
}

fn fault(code: &'static str, message: String) -> Error {
    Error::new(Kind::Internal, code, message)
}
