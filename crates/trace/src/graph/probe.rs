//! What the machine can do at best: reads of one `u32` at random places that do not depend on each other.

use kit_base::Result;
use memmap2::{Advice, MmapMut};

/// Pages of the memory that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pages {
    /// what the machine gives to one who asks for nothing
    Plain,
    /// 2 MiB, as the server's allocator asks for; there is less to look up in each read
    Huge,
}

/// A table and the places to read; the caller times [`GatherProbe::run`] and divides by [`GatherProbe::reads`].
pub struct GatherProbe {
    table: MmapMut,
    places: Vec<u32>,
}

impl GatherProbe {
    /// A table of `size` entries (as many as the graph has lots) and `reads` random places in it.
    pub fn new(size: u32, reads: usize, seed: u64, pages: Pages) -> Result<Self> {
        let size = size.max(1);
        let mut random = random(seed);
        let mut table = MmapMut::map_anon(size as usize * 4)?;
        if pages == Pages::Huge {
            table.advise(Advice::HugePage)?;
        }
        for (entry, number) in table.as_chunks_mut::<4>().0.iter_mut().zip(0..size) {
            *entry = number.to_ne_bytes();
        }
        let places = (0..reads).map(|_| (((random() >> 32) * u64::from(size)) >> 32) as u32).collect();
        Ok(Self { table, places })
    }

    pub fn reads(&self) -> usize {
        self.places.len()
    }

    /// Reads every place; the sum is returned so that no read can be left out.
    pub fn run(&self) -> u64 {
        let (table, _) = self.table.as_chunks();
        self.places.iter().map(|&place| u64::from(u32::from_ne_bytes(table[place as usize]))).sum()
    }
}

/// splitmix64: good enough to defeat every cache, and needs nothing.
pub(super) fn random(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed;
    move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
