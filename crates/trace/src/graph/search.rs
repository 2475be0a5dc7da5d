//! Walks: everything that was made from some lots, or that they were made from.
//!
//! A walk goes level by level over a bitset of lots seen. Each level is done in short loops over one table each, and
//! every loop asks for the line it will need some turns later, so that the memory answers many at once.

use kit_base::{Error, Result};

use super::walk::Walk;
use super::{Graph, LotSet};

/// What a walk does with a lot it comes to (it never asks about the lots it starts from).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enter {
    /// count it and go on from it
    Pass,
    /// count it and do not go on from it
    Stop,
    /// as if it were not there
    Skip,
}

/// How far a walk goes.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// most lots in the answer, those it starts from included
    pub limit: usize,
    /// most steps from the lots it starts from
    pub depth: u32,
}

impl Bounds {
    pub const NONE: Self = Self { limit: usize::MAX, depth: u32::MAX };
}

/// Where a walk came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// ascending, the lots it started from included
    pub lots: Vec<u32>,
    /// false when `limit` or `depth` left something out; the nearest levels are in, and of the last one the smallest
    pub complete: bool,
}

#[derive(Clone, Copy)]
enum Way {
    Forward,
    Backward,
}

impl Graph {
    /// Everything that was made from the lots, at any distance, and they themselves. Error: `lot_unknown`.
    pub fn forward(&self, lots: &[u32]) -> Result<Vec<u32>> {
        Ok(self.forward_within(lots, Bounds::NONE, |_| Enter::Pass)?.lots)
    }

    /// Everything the lots were made from, at any distance, and they themselves. Error: `lot_unknown`.
    pub fn backward(&self, lots: &[u32]) -> Result<Vec<u32>> {
        Ok(self.backward_within(lots, Bounds::NONE, |_| Enter::Pass)?.lots)
    }

    /// [`Graph::forward`] with bounds and a word on every lot; `enter` is asked once a lot.
    pub fn forward_within(
        &self,
        lots: &[u32],
        bounds: Bounds,
        enter: impl FnMut(u32) -> Enter,
    ) -> Result<Reach> {
        self.search(Way::Forward, lots, bounds, enter)
    }

    /// [`Graph::backward`] with bounds and a word on every lot; `enter` is asked once a lot.
    pub fn backward_within(
        &self,
        lots: &[u32],
        bounds: Bounds,
        enter: impl FnMut(u32) -> Enter,
    ) -> Result<Reach> {
        self.search(Way::Backward, lots, bounds, enter)
    }

    /// The links (from, to) among the given lots, ascending, at most `limit`; for drawing a part of the graph.
    pub fn links_among(&self, lots: &LotSet, limit: usize) -> Vec<(u32, u32)> {
        let mut links = Vec::new();
        for to in lots.iter() {
            let parents = self.parents(to).into_iter().filter(|&from| lots.contains(from));
            links.extend(parents.map(|from| (from, to)).take(limit - links.len()));
            if links.len() == limit {
                break;
            }
        }
        links.sort_unstable();
        links
    }

    fn search(
        &self,
        way: Way,
        lots: &[u32],
        bounds: Bounds,
        mut enter: impl FnMut(u32) -> Enter,
    ) -> Result<Reach> {
        if !self.any_wrong {
            return self.walk(way, lots, bounds, enter);
        }
        // what was recorded in error passes nothing on, though it is shown; one that is asked for goes nowhere
        let starts: Vec<u32> = lots.iter().copied().filter(|&lot| !self.wrong.contains(lot)).collect();
        let mut reach = self.walk(way, &starts, bounds, |lot| match enter(lot) {
            Enter::Pass if self.wrong.contains(lot) => Enter::Stop,
            word => word,
        })?;
        if starts.len() < lots.len() {
            reach.lots.extend(lots);
            reach.lots.sort_unstable();
            reach.lots.dedup();
        }
        Ok(reach)
    }

    fn walk(&self, way: Way, lots: &[u32], bounds: Bounds, enter: impl FnMut(u32) -> Enter) -> Result<Reach> {
        if let Some(lot) = lots.iter().find(|&&lot| lot == 0 || lot > self.lots()) {
            return Err(Error::invalid("lots", "lot_unknown", format!("批次 {lot} 不在追溯图中")));
        }
        let mut walk = Walk::new(self, lots, enter);
        let mut complete = walk.cut_to(bounds.limit, 0);
        let bounded = bounds.limit != usize::MAX || bounds.depth != u32::MAX;
        let mut depth = 0;
        while complete && walk.goes_on() {
            let before = walk.found();
            match way {
                Way::Forward if bounded => walk.level_forward(),
                Way::Forward => walk.some_forward(),
                Way::Backward => walk.level_backward(),
            }
            // one level more than allowed is looked at, to know whether anything was left out
            let limit = if depth == bounds.depth { before } else { bounds.limit };
            complete = walk.cut_to(limit, before);
            depth += u32::from(depth < bounds.depth);
        }
        Ok(Reach { lots: walk.into_sorted(), complete })
    }
}
