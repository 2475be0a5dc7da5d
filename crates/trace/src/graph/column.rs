//! A long column of `u32` that grows by whole chunks: no copy, no doubling, at most one chunk of slack.

use super::cpu::prefetch;

const SHIFT: usize = 14;
const CHUNK: usize = 1 << SHIFT;
const MASK: usize = CHUNK - 1;

/// Append-only but for [`Column::set`]; 64 KiB a chunk.
#[derive(Default)]
pub struct Column {
    chunks: Vec<Box<[u32; CHUNK]>>,
    len: usize,
}

impl Column {
    pub fn len(&self) -> usize {
        self.len
    }

    #[inline(always)]
    pub fn get(&self, at: u32) -> u32 {
        self.chunks[at as usize >> SHIFT][at as usize & MASK]
    }

    #[inline(always)]
    pub fn set(&mut self, at: u32, value: u32) {
        self.chunks[at as usize >> SHIFT][at as usize & MASK] = value;
    }

    #[inline(always)]
    pub fn prefetch(&self, at: u32) {
        prefetch(&self.chunks[at as usize >> SHIFT][at as usize & MASK]);
    }

    /// For loops: where the chunks are is looked up once.
    #[inline(always)]
    pub fn view(&self) -> View<'_> {
        View(&self.chunks)
    }

    pub fn push(&mut self, value: u32) {
        if self.len & MASK == 0 {
            self.chunks.push(new_chunk());
        }
        self.chunks[self.len >> SHIFT][self.len & MASK] = value;
        self.len += 1;
    }

    /// The filled part of each chunk, in order.
    pub fn parts(&self) -> impl Iterator<Item = &[u32]> {
        self.chunks.iter().enumerate().map(|(i, chunk)| &chunk[..CHUNK.min(self.len - (i << SHIFT))])
    }

    /// Bytes held, slack of the last chunk included.
    pub fn bytes(&self) -> usize {
        self.chunks.len() * (CHUNK * 4 + size_of::<usize>())
    }
}

/// A column that is only read.
#[derive(Clone, Copy)]
pub struct View<'c>(&'c [Box<[u32; CHUNK]>]);

impl View<'_> {
    #[inline(always)]
    pub fn get(self, at: u32) -> u32 {
        self.0[at as usize >> SHIFT][at as usize & MASK]
    }

    #[inline(always)]
    pub fn prefetch(self, at: u32) {
        prefetch(&self.0[at as usize >> SHIFT][at as usize & MASK]);
    }
}

fn new_chunk() -> Box<[u32; CHUNK]> {
    // zeroed by the allocator, so that untouched pages of a new chunk cost nothing
    vec![0; CHUNK].into_boxed_slice().try_into().expect("the slice has the length of the array")
}
