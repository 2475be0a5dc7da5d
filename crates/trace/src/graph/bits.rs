//! A long row of bits that grows by whole chunks, one bit a lot.

use super::column::{self, Column};

/// Append-only but for [`Bits::set`].
#[derive(Default)]
pub struct Bits {
    words: Column,
    len: u32,
}

impl Bits {
    pub fn push(&mut self, bit: bool) {
        if self.len.is_multiple_of(32) {
            self.words.push(0);
        }
        self.len += 1;
        if bit {
            self.set(self.len - 1);
        }
    }

    #[inline(always)]
    pub fn get(&self, at: u32) -> bool {
        self.view().get(at)
    }

    pub fn set(&mut self, at: u32) {
        self.words.set(at / 32, self.words.get(at / 32) | 1 << (at % 32));
    }

    #[inline(always)]
    pub fn prefetch(&self, at: u32) {
        self.words.prefetch(at / 32);
    }

    /// The first set bit at or after `from`, or the length.
    #[inline(always)]
    pub fn next_set(&self, from: u32) -> u32 {
        self.view().next_set(from)
    }

    /// For loops, as [`Column::view`].
    #[inline(always)]
    pub fn view(&self) -> View<'_> {
        View { words: self.words.view(), len: self.len }
    }

    /// The words, for a snapshot.
    pub fn words(&self) -> &Column {
        &self.words
    }

    /// A row of `len` bits out of its words. `None` when there are not that many.
    pub fn from_words(words: Column, len: u32) -> Option<Self> {
        (words.len() == len.div_ceil(32) as usize).then_some(Self { words, len })
    }

    pub fn bytes(&self) -> usize {
        self.words.bytes()
    }
}

/// Bits that are only read.
#[derive(Clone, Copy)]
pub struct View<'b> {
    words: column::View<'b>,
    len: u32,
}

impl View<'_> {
    #[inline(always)]
    pub fn get(self, at: u32) -> bool {
        self.words.get(at / 32) >> (at % 32) & 1 == 1
    }

    #[inline(always)]
    pub fn prefetch(self, at: u32) {
        self.words.prefetch(at / 32);
    }

    /// The first set bit at or after `from`, or the length.
    #[inline(always)]
    pub fn next_set(self, from: u32) -> u32 {
        if from >= self.len {
            return self.len;
        }
        let mut at = from / 32;
        let mut word = self.words.get(at) & (u32::MAX << (from % 32));
        while word == 0 {
            at += 1;
            if at == self.len.div_ceil(32) {
                return self.len;
            }
            word = self.words.get(at);
        }
        at * 32 + word.trailing_zeros()
    }
}
