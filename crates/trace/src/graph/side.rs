//! The side table: inputs that are not older than the lots they went into. Few, so plain maps do.

use std::collections::{BTreeMap, HashMap};

const FILTER: usize = 1 << 16;

pub struct Side {
    /// source → runs of lots made from it: (first, how many)
    outs: HashMap<u32, Vec<(u32, u32)>>,
    /// first lot of a run → (how many, sources)
    inputs: BTreeMap<u32, (u32, Vec<u32>)>,
    /// a bit for each source's low half, so that a walk asks the map only when it is worth it
    filter: Vec<u64>,
    largest: Option<u32>,
}

impl Default for Side {
    fn default() -> Self {
        Self { outs: HashMap::new(), inputs: BTreeMap::new(), filter: vec![0; FILTER / 64], largest: None }
    }
}

impl Side {
    pub fn add(&mut self, first: u32, lots: u32, sources: &[u32]) {
        if sources.is_empty() {
            return;
        }
        self.inputs.entry(first).or_insert((lots, Vec::new())).1.extend_from_slice(sources);
        for &source in sources {
            self.outs.entry(source).or_default().push((first, lots));
            let low = source as usize % FILTER;
            self.filter[low / 64] |= 1 << (low % 64);
            self.largest = self.largest.max(Some(source));
        }
    }

    pub fn is_empty(&self) -> bool {
        self.outs.is_empty()
    }

    pub fn largest(&self) -> Option<u32> {
        self.largest
    }

    /// Calls `run(first, lots)` for every run made from the lot.
    #[inline]
    pub fn children(&self, lot: u32, mut run: impl FnMut(u32, u32)) {
        let low = lot as usize % FILTER;
        if self.filter[low / 64] >> (low % 64) & 1 == 1 {
            for &(first, lots) in self.outs.get(&lot).into_iter().flatten() {
                run(first, lots);
            }
        }
    }

    /// Calls `parent` for every source of the lot's event.
    #[inline]
    pub fn parents(&self, lot: u32, parent: impl FnMut(u32)) {
        if let Some((&first, (lots, sources))) = self.inputs.range(..=lot).next_back()
            && lot - first < *lots
        {
            sources.iter().copied().for_each(parent);
        }
    }

    /// Runs and their sources, ascending.
    pub fn runs(&self) -> impl Iterator<Item = (u32, u32, &[u32])> {
        self.inputs.iter().map(|(&first, (lots, sources))| (first, *lots, sources.as_slice()))
    }

    pub fn bytes(&self) -> usize {
        let pairs: usize = self.inputs.values().map(|(_, sources)| sources.len()).sum();
        self.filter.len() * 8 + pairs * 12 + (self.inputs.len() + self.outs.len()) * 48
    }
}
