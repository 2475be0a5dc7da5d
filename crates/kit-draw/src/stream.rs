//! Random numbers of a draw.

use sha2::{Digest, Sha256};

pub struct Stream {
    key: [u8; 32],
    next: u64,
}

impl Stream {
    /// `seed` hex, `root` base64 as the checkpoint has it, `pool_hash` hex.
    pub fn new(format: &str, seed: &str, root: &str, pool_hash: &str) -> Self {
        let text = format!("{format}\n{seed}\n{root}\n{pool_hash}\n");
        Self { key: Sha256::digest(text.as_bytes()).into(), next: 0 }
    }

    fn word(&mut self) -> u64 {
        let mut hasher = Sha256::new();
        hasher.update(self.key);
        hasher.update(self.next.to_be_bytes());
        self.next += 1;
        let block: [u8; 32] = hasher.finalize().into();
        block.iter().take(8).fold(0, |n, byte| n << 8 | u64::from(*byte))
    }

    /// A number below `n` (which is not 0), each as likely as the others.
    pub fn below(&mut self, n: u64) -> u64 {
        let spare = (u64::MAX % n + 1) % n;
        loop {
            let word = self.word();
            // the last part of the range is shorter: it would favour low numbers
            if word <= u64::MAX - spare {
                return word % n;
            }
        }
    }

    /// A place in a list of `n`.
    pub fn place(&mut self, n: usize) -> usize {
        self.below(n as u64) as usize
    }

    /// Puts the first `count` places of a list into random order, drawn from all of it.
    pub fn shuffle<T>(&mut self, list: &mut [T], count: usize) {
        for i in 0..count.min(list.len()) {
            let j = i + self.place(list.len() - i);
            list.swap(i, j);
        }
    }
}
