//! Hashes of RFC 6962 (2.1): leaves and nodes, and the root of a growing list.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kit_base::{Error, Result};
use sha2::{Digest as _, Sha256};

/// SHA-256.
pub type Hash = [u8; 32];

/// Hash of an entry.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(entry).finalize().into()
}

/// Hash of two subtrees.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut block = [1; 65];
    block[1..33].copy_from_slice(left);
    block[33..].copy_from_slice(right);
    Sha256::digest(block).into()
}

/// Root of the tree without leaves.
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// Root over leaf hashes that come one after the other; keeps one hash a level.
#[derive(Debug, Clone, Default)]
pub struct Stack {
    count: u64,
    /// Roots of the full subtrees, widest first: one for each bit of `count`.
    full: Vec<Hash>,
}

impl Stack {
    /// The root over a list at once.
    pub fn root_of<'h>(hashes: impl IntoIterator<Item = &'h Hash>) -> Hash {
        let mut stack = Self::default();
        hashes.into_iter().for_each(|hash| stack.push(*hash));
        stack.root()
    }

    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        // as many subtrees of equal width are joined as the number ends in ones
        for _ in 0..self.count.trailing_ones() {
            if let Some(left) = self.full.pop() {
                hash = node_hash(&left, &hash);
            }
        }
        self.full.push(hash);
        self.count += 1;
    }

    pub fn count(&self) -> u64 {
        self.count
    }

    pub fn root(&self) -> Hash {
        let mut right_to_left = self.full.iter().rev();
        let Some(last) = right_to_left.next() else { return empty_root() };
        right_to_left.fold(*last, |right, left| node_hash(left, &right))
    }
}

/// Standard base64, as notes and proofs write hashes.
pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Errors: `base64_wrong`.
pub fn from_base64(text: &str) -> Result<Vec<u8>> {
    STANDARD.decode(text).map_err(|_| Error::invalid("", "base64_wrong", "不是有效的 base64 文本"))
}

/// A hash out of its base64 text.
///
/// Errors: `base64_wrong`, `hash_length`.
pub fn hash_from(text: &str) -> Result<Hash> {
    let bytes = from_base64(text)?;
    bytes.try_into().map_err(|_| Error::invalid("", "hash_length", "哈希值应为 32 字节"))
}
