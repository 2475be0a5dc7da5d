//! A set of lots: one bit a lot.

use super::cpu::prefetch;

/// Lots as bits; memory is one bit for each lot up to the largest it can hold, and only touched pages are real.
#[derive(Clone, Default)]
pub struct LotSet {
    words: Vec<u64>,
}

impl LotSet {
    /// Room for lots `0..=last`.
    pub fn up_to(last: u32) -> Self {
        Self { words: vec![0; last as usize / 64 + 1] }
    }

    /// A set of the given lots.
    pub fn of(lots: &[u32]) -> Self {
        let mut set = Self::up_to(lots.iter().copied().max().unwrap_or(0));
        for &lot in lots {
            set.insert(lot);
        }
        set
    }

    /// Adds a lot; whether it was new.
    #[inline(always)]
    pub fn insert(&mut self, lot: u32) -> bool {
        let at = lot as usize / 64;
        if at >= self.words.len() {
            self.words.resize(at + 1, 0);
        }
        let bit = 1 << (lot % 64);
        let new = self.words[at] & bit == 0;
        self.words[at] |= bit;
        new
    }

    /// Fetches the word in which a lot's bit lies.
    #[inline(always)]
    pub(super) fn prefetch(&self, lot: u32) {
        if let Some(word) = self.words.get(lot as usize / 64) {
            prefetch(word);
        }
    }

    pub fn remove(&mut self, lot: u32) {
        if let Some(word) = self.words.get_mut(lot as usize / 64) {
            *word &= !(1 << (lot % 64));
        }
    }

    #[inline(always)]
    pub fn contains(&self, lot: u32) -> bool {
        self.words.get(lot as usize / 64).is_some_and(|word| word >> (lot % 64) & 1 == 1)
    }

    /// The lots, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().enumerate().flat_map(|(i, &word)| Bits(word).map(move |bit| i as u32 * 64 + bit))
    }

    /// The lots, ascending, where their number is known; the set is empty afterwards.
    #[inline(always)]
    pub(super) fn drain(&mut self, count: usize) -> Vec<u32> {
        let mut lots = Vec::with_capacity(count + 4);
        for (base, word) in (0..).step_by(64).zip(&mut self.words) {
            let mut rest = std::mem::take(word);
            let end = lots.len() + rest.count_ones() as usize;
            // by fours: how many a word holds cannot be foreseen, and what is too much is taken back
            while rest != 0 {
                let four = [(); 4].map(|()| {
                    let lot = base + rest.trailing_zeros();
                    rest &= rest.wrapping_sub(1);
                    lot
                });
                lots.extend_from_slice(&four);
            }
            lots.truncate(end);
        }
        lots
    }

    /// Makes room for lots `0..=last`.
    pub(super) fn reserve(&mut self, last: u32) {
        let words = last as usize / 64 + 1;
        if self.words.is_empty() {
            // zeroed by the allocator, so that untouched pages cost nothing
            self.words = vec![0; words];
        } else if self.words.len() < words {
            self.words.resize(words, 0);
        }
    }
}

impl FromIterator<u32> for LotSet {
    fn from_iter<I: IntoIterator<Item = u32>>(lots: I) -> Self {
        let mut set = Self::default();
        for lot in lots {
            set.insert(lot);
        }
        set
    }
}

struct Bits(u64);

impl Iterator for Bits {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        if self.0 == 0 {
            return None;
        }
        let bit = self.0.trailing_zeros();
        self.0 &= self.0 - 1;
        Some(bit)
    }
}
