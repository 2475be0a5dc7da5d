//! Changes to inputs.

use rand::{Rng as _, RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// The largest input that is made.
const LONGEST: usize = 16 * 1024;
const ODD: &[&[u8]] = &[
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xd6\xd0",
    b"%",
    b"%2F",
    b"\"",
    b"\\u0000",
    b"-1",
    b"1e400",
    b"99999999999999999999",
    b"\n",
    b"<",
    b"&",
];

/// Makes one input after another, the same for the same seed.
pub struct Mutator<'c> {
    rng: ChaCha8Rng,
    corpus: &'c [(String, Vec<u8>)],
    words: &'static [&'static str],
}

impl<'c> Mutator<'c> {
    pub fn new(seed: u64, corpus: &'c [(String, Vec<u8>)], words: &'static [&'static str]) -> Self {
        Self { rng: ChaCha8Rng::seed_from_u64(seed), corpus, words }
    }

    fn below(&mut self, n: usize) -> usize {
        self.rng.random_range(0..n.max(1))
    }

    fn pick(&mut self) -> Vec<u8> {
        if self.corpus.is_empty() {
            return Vec::new();
        }
        let at = self.below(self.corpus.len());
        self.corpus[at].1.clone()
    }

    /// The next input.
    pub fn make(&mut self) -> Vec<u8> {
        let mut input = self.pick();
        for _ in 0..=self.below(4) {
            self.change(&mut input);
        }
        input.truncate(LONGEST);
        input
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let at = self.below(input.len() + 1);
        match self.below(8) {
            0 => {
                if let Some(byte) = input.get_mut(at) {
                    *byte = self.rng.next_u32() as u8;
                }
            }
            1 => {
                let end = (at + 1 + self.below(16)).min(input.len());
                input.drain(at.min(end)..end);
            }
            2 => input.truncate(at),
            3 => {
                let from = self.below(input.len() + 1);
                let end = (from + self.below(64)).min(input.len());
                let piece = input[from..end].to_vec();
                input.splice(at..at, piece);
            }
            4 => {
                let other = self.pick();
                let from = self.below(other.len() + 1);
                input.truncate(at);
                input.extend_from_slice(&other[from..]);
            }
            5 if !self.words.is_empty() => {
                let word = self.words[self.below(self.words.len())];
                input.splice(at..at, word.bytes());
            }
            6 => {
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= 1 << (self.rng.next_u32() % 8);
                }
            }
            _ => {
                let odd = ODD[self.below(ODD.len())];
                input.splice(at..at, odd.iter().copied());
            }
        }
    }
}
