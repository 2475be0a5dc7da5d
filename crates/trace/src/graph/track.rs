//! The track: one bit row that says, event after event, `input input … out out …`, with ranks, 64 bytes a block.
//!
//! Every *linking* event (inputs and outs) is a run of input positions followed by a run of out positions; a lot
//! without inputs is one *root* position. So the n-th out position is lot n and the n-th input position is edge n,
//! and what an edge leads to, or a lot came from, is found by looking at the neighbourhood of one position:
//!
//! ```text
//! position   0  1 2 3  4 5 6 7 8
//! kind       R  R R R  I I O O R …      lots 1 2 3 are roots; one event took two and made lots 4 and 5
//! lot        0  1 2 3      4 5 6
//! edge                 0 1
//! ```
//!
//! For an input position `p` with `e` input positions before it, the first lot that its event made is `p - e`: no
//! search. The second bit row marks roots and, on input positions, *has an earlier use of the same source*; counting
//! the latter gives the place in the column of earlier uses, which therefore holds only those that exist.

use super::cpu::prefetch;

/// Positions in a block: three words of 64.
const SPAN: u32 = 192;
const CHUNK_SHIFT: usize = 10;
const CHUNK: usize = 1 << CHUNK_SHIFT;
/// For every so many lots the block is noted in which the lot lies.
const HINT_SHIFT: u32 = 8;
/// How many blocks a run is followed word by word before a search by halves takes over.
const NEAR: u32 = 4;

#[derive(Clone, Copy, Default)]
#[repr(C, align(64))]
struct Block {
    /// input positions before this block
    edges: u32,
    /// marked input positions before this block
    prevs: u32,
    /// 1 = input, 0 = lot
    input: [u64; 3],
    /// on inputs: the source was used before; on lots: a root
    mark: [u64; 3],
    /// inputs in the words of the block before each word, then marked inputs likewise
    edge_sub: [u8; 3],
    prev_sub: [u8; 3],
}

/// What stands at an input position.
pub struct Use {
    /// first lot the event made
    pub first: u32,
    /// whether the source was used before
    pub again: bool,
    /// place in the column of earlier uses, if it was
    pub place: u32,
}

/// What is pushed.
pub enum Step {
    Root,
    Out,
    Input { used_before: bool },
}

#[derive(Default)]
pub struct Track {
    chunks: Vec<Box<[Block; CHUNK]>>,
    len: u32,
    edges: u32,
    prevs: u32,
    hint: Vec<u32>,
}

impl Track {
    pub fn len(&self) -> u32 {
        self.len
    }

    pub fn bytes(&self) -> usize {
        self.chunks.len() * (CHUNK * size_of::<Block>() + size_of::<usize>()) + self.hint.capacity() * 4
    }

    /// Appends one position and returns it. The caller has made sure that positions are left.
    pub fn push(&mut self, step: &Step) -> u32 {
        let at = self.len;
        let (b, word, bit) = split(at);
        if at.is_multiple_of(SPAN) {
            self.open_block(b);
        }
        let (input, mark) = match *step {
            Step::Root => (false, true),
            Step::Out => (false, false),
            Step::Input { used_before } => (true, used_before),
        };
        if !input && (at - self.edges).is_multiple_of(1 << HINT_SHIFT) {
            self.hint.push(b);
        }
        let block = self.block_mut(b);
        block.input[word] |= u64::from(input) << bit;
        block.mark[word] |= u64::from(mark) << bit;
        if input {
            self.edges += 1;
            self.prevs += u32::from(mark);
            let block = self.block_mut(b);
            for later in word + 1..3 {
                block.edge_sub[later] += 1;
                block.prev_sub[later] += u8::from(mark);
            }
        }
        self.len += 1;
        at
    }

    fn open_block(&mut self, b: u32) {
        if (b as usize).is_multiple_of(CHUNK) {
            let chunk = vec![Block::default(); CHUNK].into_boxed_slice();
            self.chunks.push(chunk.try_into().unwrap_or_else(|_| unreachable!("the slice has that length")));
        }
        let (edges, prevs) = (self.edges, self.prevs);
        let block = self.block_mut(b);
        (block.edges, block.prevs) = (edges, prevs);
    }

    #[inline(always)]
    fn block(&self, b: u32) -> &Block {
        &self.chunks[b as usize >> CHUNK_SHIFT][b as usize & (CHUNK - 1)]
    }

    fn block_mut(&mut self, b: u32) -> &mut Block {
        &mut self.chunks[b as usize >> CHUNK_SHIFT][b as usize & (CHUNK - 1)]
    }

    #[inline(always)]
    pub fn prefetch(&self, position: u32) {
        prefetch(self.block(position / SPAN));
    }

    /// Fetches the block near which a lot lies.
    #[inline(always)]
    pub fn prefetch_lot(&self, lot: u32) {
        prefetch(self.block(self.hint[(lot >> HINT_SHIFT) as usize]));
    }

    /// Reads an input position.
    #[inline(always)]
    pub fn used_at(&self, position: u32) -> Use {
        let (b, word, bit) = split(position);
        let block = self.block(b);
        let below = (1_u64 << bit) - 1;
        let (inputs, marks) = (block.input[word], block.mark[word]);
        let edges = block.edges + u32::from(block.edge_sub[word]) + (inputs & below).count_ones();
        let place = block.prevs + u32::from(block.prev_sub[word]) + (inputs & marks & below).count_ones();
        Use { first: position - edges, again: marks >> bit & 1 == 1, place }
    }

    /// Last position at or before `from` whose bit is set in `row`, looking back through so many blocks.
    fn find_back(&self, from: u32, blocks: u32, row: impl Fn(&Block, usize) -> u64) -> Option<u32> {
        let (mut b, mut word, bit) = split(from);
        let mut bits = row(self.block(b), word) & (u64::MAX >> (63 - bit));
        let last = b.saturating_sub(blocks);
        loop {
            if bits != 0 {
                return Some(b * SPAN + word as u32 * 64 + 63 - bits.leading_zeros());
            }
            if word == 0 {
                if b == last {
                    return None;
                }
                (b, word) = (b - 1, 3);
            }
            word -= 1;
            bits = row(self.block(b), word);
        }
    }

    fn last_block(&self) -> u32 {
        self.len.saturating_sub(1) / SPAN
    }

    /// The position of a lot that exists.
    pub fn position_of(&self, lot: u32) -> u32 {
        let slot = (lot >> HINT_SHIFT) as usize;
        let low = self.hint[slot];
        let high = self.hint.get(slot + 1).copied().unwrap_or_else(|| self.last_block());
        // the last block that begins at or before the lot
        let b = last_in(low, high, |b| b * SPAN - self.block(b).edges <= lot);
        let block = self.block(b);
        let mut left = lot - (b * SPAN - block.edges);
        for (word, inputs) in block.input.iter().enumerate() {
            let here = inputs.count_zeros();
            if left < here {
                return b * SPAN + word as u32 * 64 + select(!inputs, left);
            }
            left -= here;
        }
        unreachable!("lot {lot} is not on the track")
    }

    /// The edges (numbers, ascending) that went into the event that made the lot; empty for a root.
    pub fn inputs_of(&self, lot: u32) -> std::ops::Range<u32> {
        let position = self.position_of(lot);
        let (b, word, bit) = split(position);
        let edges = position - lot;
        if self.block(b).mark[word] >> bit & 1 == 1 {
            return edges..edges;
        }
        let last = match self.find_back(position, NEAR, |block, w| block.input[w]) {
            Some(at) => at,
            None => self.position_of_edge(edges - 1),
        };
        // position 0 is a root, so that a run of inputs always has something before it
        let before = self.find_back(last, u32::MAX, |block, w| !block.input[w]).unwrap_or(0);
        edges - (last - before)..edges
    }

    fn position_of_edge(&self, edge: u32) -> u32 {
        let b = last_in(0, self.last_block(), |b| self.block(b).edges <= edge);
        let block = self.block(b);
        let mut left = edge - block.edges;
        for (word, &inputs) in block.input.iter().enumerate() {
            let here = inputs.count_ones();
            if left < here {
                return b * SPAN + word as u32 * 64 + select(inputs, left);
            }
            left -= here;
        }
        unreachable!("edge {edge} is not on the track")
    }

    /// The two bit rows as they are kept, word by word, for a snapshot.
    pub fn rows(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        let words = self.len.div_ceil(64);
        (0..words).map(|i| {
            let block = self.block(i / 3);
            (block.input[i as usize % 3], block.mark[i as usize % 3])
        })
    }

    /// Appends `count` positions from rows of a snapshot.
    pub fn push_rows(&mut self, input: u64, mark: u64, count: u32) {
        for bit in 0..count {
            let marked = mark >> bit & 1 == 1;
            self.push(&match (input >> bit & 1 == 1, marked) {
                (true, used_before) => Step::Input { used_before },
                (false, true) => Step::Root,
                (false, false) => Step::Out,
            });
        }
    }

    pub fn edges(&self) -> u32 {
        self.edges
    }

    pub fn prevs(&self) -> u32 {
        self.prevs
    }
}

#[inline(always)]
fn split(position: u32) -> (u32, usize, u32) {
    let within = position % SPAN;
    (position / SPAN, (within / 64) as usize, within % 64)
}

/// The last block of `low..=high` for which `holds`, given that it holds for `low` and once false stays false.
fn last_in(mut low: u32, mut high: u32, holds: impl Fn(u32) -> bool) -> u32 {
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if holds(middle) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low
}

/// The place of the set bit with number `rank` (from 0).
fn select(mut bits: u64, mut rank: u32) -> u32 {
    let mut base = 0;
    for width in [32, 16, 8] {
        let low = (bits & ((1 << width) - 1)).count_ones();
        if rank >= low {
            rank -= low;
            bits >>= width;
            base += width;
        }
    }
    for _ in 0..rank {
        bits &= bits - 1;
    }
    base + bits.trailing_zeros()
}
