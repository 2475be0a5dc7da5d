//! Which lot a drill follows: whoever has the seed can do it again.

use sha2::{Digest, Sha256};

/// The `nth` lot of a draw among the lots 1 to `all`: the first eight bytes of SHA-256(seed, nth), those left out that would
/// favour low numbers; `None` for such.
pub fn lot(seed: &[u8; 32], nth: u32, all: u32) -> Option<u32> {
    let number = Sha256::new().chain_update(seed).chain_update(nth.to_string()).finalize();
    let value = number[..8].iter().fold(0_u64, |n, b| n << 8 | u64::from(*b));
    let all = u64::from(all);
    if all == 0 || value >= u64::MAX - u64::MAX % all {
        return None;
    }
    u32::try_from(value % all + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lot_may_be_drawn() {
        let mut seen = std::collections::BTreeSet::new();
        for nth in 0..400 {
            seen.extend(lot(&[3; 32], nth, 20));
        }
        assert_eq!(seen, (1..=20).collect());
        assert_eq!(lot(&[3; 32], 0, 0), None);
    }
}
