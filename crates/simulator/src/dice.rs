//! Seeded dice: whole numbers only, so that a world is the same on every machine.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A stream of random numbers for one purpose of one seed.
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// Dice for `purpose` (any number that names it) under `seed`.
    pub fn new(seed: u64, purpose: u64) -> Self {
        let mixed = mix(seed ^ mix(purpose));
        Self(ChaCha8Rng::seed_from_u64(mixed))
    }

    /// A number in `0..n`; 0 when `n` is 0.
    pub fn below(&mut self, n: u32) -> u32 {
        ((u64::from(self.0.next_u32()) * u64::from(n)) >> 32) as u32
    }

    /// A number in `0..n` that favours small ones about as 1/rank does: the biggest have the lowest numbers.
    pub fn ranked(&mut self, n: u32) -> u32 {
        let limit = self.below(n) + 1;
        self.below(limit)
    }

    /// A number in `low..=high`.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high - low).unwrap_or(0) + 1;
        low + ((u128::from(self.0.next_u64()) * u128::from(span)) >> 64) as i64
    }

    /// True once in `n` throws on average.
    pub fn once_in(&mut self, n: u32) -> bool {
        self.below(n) == 0
    }

    /// `value` of thousandths as a whole number, rounded up or down so that the mean stays right.
    pub fn round_milli(&mut self, value: i64) -> i64 {
        let value = value.max(0);
        value / 1000 + i64::from(i64::from(self.below(1000)) < value % 1000)
    }

    /// One of `items`; the slice must not be empty.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u32) as usize]
    }
}

/// Spreads a number over all 64 bits (the finaliser of `SplitMix64`).
pub fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
