//! Draws that anybody can do again: the ticket of each is SHA-256(seed, id), the smallest tickets are drawn.

use sha2::{Digest, Sha256};

fn ticket(seed: &[u8; 32], id: &str) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(seed);
    hasher.update(id.as_bytes());
    hasher.finalize().into()
}

/// The first `size` of a pool by their tickets.
pub fn drawn(seed: &[u8; 32], pool: &[String], size: usize) -> Vec<String> {
    let mut tickets: Vec<([u8; 32], &String)> = pool.iter().map(|id| (ticket(seed, id), id)).collect();
    tickets.sort_unstable();
    tickets.dedup_by(|a, b| a.1 == b.1);
    tickets.into_iter().take(size).map(|(_, id)| id.clone()).collect()
}

/// SHA-256 over the ids, ascending, a line each.
pub fn pool_hash(pool: &[String]) -> [u8; 32] {
    let mut sorted: Vec<&String> = pool.iter().collect();
    sorted.sort_unstable();
    let mut hasher = Sha256::new();
    for id in sorted {
        hasher.update(id.as_bytes());
        hasher.update(b"\n");
    }
    hasher.finalize().into()
}

/// The `nth` lot of a draw among the lots 1 to `all`: the first eight bytes of SHA-256(seed, nth), those left out that would
/// favour low numbers; `None` for such.
pub fn lot(seed: &[u8; 32], nth: u32, all: u32) -> Option<u32> {
    let number = ticket(seed, &nth.to_string());
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
    fn a_draw_is_the_same_again_and_does_not_look_at_the_order() {
        let pool: Vec<String> = (0..50).map(|i| format!("party-{i}")).collect();
        let back: Vec<String> = pool.iter().rev().cloned().collect();
        let seed = [7; 32];
        let first = drawn(&seed, &pool, 5);
        assert_eq!(first, drawn(&seed, &back, 5));
        assert_eq!(pool_hash(&pool), pool_hash(&back));
        assert_ne!(first, drawn(&[8; 32], &pool, 5));
        assert_eq!(drawn(&seed, &pool[..3], 5).len(), 3);
    }

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
