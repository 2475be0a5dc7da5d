//! The tree over the leaves as tiles of 256 hashes (C2SP tlog-tiles), and proofs read from them.

use std::collections::HashMap;

use kit_base::{Error, Result};

use crate::hash::{Hash, empty_root, node_hash};

/// Hashes a full tile has.
pub const WIDTH: u64 = 256;

/// Where hashes are read from: the tile of a level by its number, at least as wide as the tree needs it.
pub trait Tiles {
    fn tile(&mut self, level: u8, no: u64) -> Result<Vec<u8>>;
}

/// Reads each tile once.
pub struct Kept<T> {
    tiles: T,
    read: HashMap<(u8, u64), Vec<u8>>,
}

impl<T: Tiles> Kept<T> {
    pub fn new(tiles: T) -> Self {
        Self { tiles, read: HashMap::new() }
    }

    /// The hash of the full subtree of `2^height` leaves with this number among its like.
    fn node(&mut self, height: u32, no: u64) -> Result<Hash> {
        let (level, up) = (height / 8, height % 8);
        let first = no << up;
        let place = (level as u8, first / WIDTH);
        if !self.read.contains_key(&place) {
            let tile = self.tiles.tile(place.0, place.1)?;
            self.read.insert(place, tile);
        }
        let from = (first % WIDTH) as usize * 32;
        let bytes = self.read[&place].get(from..from + (32 << up));
        let bytes = bytes.ok_or_else(|| {
            Error::internal(format!("tile {level}/{} of the ledger is too narrow", first / WIDTH))
        })?;
        let hashes: Vec<Hash> = bytes.chunks_exact(32).map(hash_at).collect();
        Ok(full_root(hashes))
    }

    /// Root over the leaves `from .. to`, as the tree has them.
    fn range(&mut self, from: u64, to: u64) -> Result<Hash> {
        let width = to - from;
        if width.is_power_of_two() && from.is_multiple_of(width) {
            return self.node(width.trailing_zeros(), from / width);
        }
        let middle = from + split(width);
        let (left, right) = (self.range(from, middle)?, self.range(middle, to)?);
        Ok(node_hash(&left, &right))
    }

    /// Root of the tree of so many leaves.
    pub fn root(&mut self, size: u64) -> Result<Hash> {
        if size == 0 { Ok(empty_root()) } else { self.range(0, size) }
    }

    /// The way from a leaf to the root of a tree of `size` leaves (RFC 6962, 2.1.1): the leaf's sibling first.
    pub fn inclusion(&mut self, index: u64, size: u64) -> Result<Vec<Hash>> {
        if index >= size {
            return Err(Error::not_found("该记录尚未写入签署的检查点"));
        }
        let (mut path, mut from, mut to) = (Vec::new(), 0, size);
        while to - from > 1 {
            let middle = from + split(to - from);
            if index < middle {
                path.push(self.range(middle, to)?);
                to = middle;
            } else {
                path.push(self.range(from, middle)?);
                from = middle;
            }
        }
        path.reverse();
        Ok(path)
    }

    /// That the tree of `old` leaves is the beginning of the one of `size` (RFC 6962, 2.1.2).
    pub fn consistency(&mut self, old: u64, size: u64) -> Result<Vec<Hash>> {
        if old == 0 || old > size {
            return Err(Error::invalid("old", "tree_size", "检查点的记录数超出范围"));
        }
        let (mut path, mut from, mut to) = (Vec::new(), 0, size);
        while old != to {
            let middle = from + split(to - from);
            if old <= middle {
                path.push(self.range(middle, to)?);
                to = middle;
            } else {
                path.push(self.range(from, middle)?);
                from = middle;
            }
        }
        if from != 0 {
            path.push(self.range(from, to)?);
        }
        path.reverse();
        Ok(path)
    }
}

fn hash_at(bytes: &[u8]) -> Hash {
    let mut hash = [0; 32];
    hash.copy_from_slice(bytes);
    hash
}

/// Root over a number of hashes that is a power of two.
fn full_root(mut hashes: Vec<Hash>) -> Hash {
    while hashes.len() > 1 {
        hashes = hashes.chunks_exact(2).map(|pair| node_hash(&pair[0], &pair[1])).collect();
    }
    hashes[0]
}

/// The largest power of two below `n` (n > 1): how many leaves the left subtree has.
fn split(n: u64) -> u64 {
    1 << (63 - (n - 1).leading_zeros())
}

/// Whether `path` leads from this leaf hash at `index` to `root` over `size` leaves.
pub fn includes(root: &Hash, size: u64, index: u64, leaf: &Hash, path: &[Hash]) -> bool {
    if index >= size {
        return false;
    }
    // which side the sibling stands on, from the root down
    let (mut sides, mut from, mut to) = (Vec::new(), 0, size);
    while to - from > 1 {
        let middle = from + split(to - from);
        sides.push(index < middle);
        if index < middle { to = middle } else { from = middle }
    }
    let joined = sides.iter().rev().zip(path).fold(*leaf, |hash, (sibling_right, sibling)| {
        if *sibling_right { node_hash(&hash, sibling) } else { node_hash(sibling, &hash) }
    });
    sides.len() == path.len() && joined == *root
}

/// Whether `path` shows that the tree with `old_root` over `old` leaves is the beginning of the other one.
pub fn extends(old_root: &Hash, old: u64, root: &Hash, size: u64, path: &[Hash]) -> bool {
    if old == 0 || old > size {
        return false;
    }
    let (mut sides, mut from, mut to) = (Vec::new(), 0, size);
    while old != to {
        let middle = from + split(to - from);
        sides.push(old <= middle);
        if old <= middle { to = middle } else { from = middle }
    }
    let (start, rest) = match (from, path.split_first()) {
        (0, _) => (*old_root, path),
        (_, Some((first, rest))) => (*first, rest),
        (_, None) => return false,
    };
    let both = sides.iter().rev().zip(rest).fold((start, start), |(before, now), (right, sibling)| {
        // what stands on the right came later: the old tree has not got it
        if *right {
            (before, node_hash(&now, sibling))
        } else {
            (node_hash(sibling, &before), node_hash(sibling, &now))
        }
    });
    sides.len() == rest.len() && both == (*old_root, *root)
}

/// The right edge of a growing tree: of each level, the hashes of its last tile that is not full.
#[derive(Debug, Clone, Default)]
pub struct Edge {
    size: u64,
    levels: Vec<Vec<Hash>>,
}

/// A tile that became full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FullTile {
    pub level: u8,
    pub no: u64,
    pub hashes: Vec<Hash>,
}

impl Edge {
    /// The edge of a tree of so many leaves.
    pub fn read(tiles: &mut impl Tiles, size: u64) -> Result<Self> {
        let mut levels = Vec::new();
        let mut left = size;
        for level in 0.. {
            if left == 0 {
                break;
            }
            let (no, width) = (left / WIDTH, (left % WIDTH) as usize);
            let bytes = if width > 0 { tiles.tile(level, no)? } else { Vec::new() };
            let bytes = bytes
                .get(..width * 32)
                .ok_or_else(|| Error::internal(format!("tile {level}/{no} of the ledger is too narrow")))?;
            levels.push(bytes.chunks_exact(32).map(hash_at).collect());
            left /= WIDTH;
        }
        Ok(Self { size, levels })
    }

    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf; hands over each tile that became full.
    pub fn push(&mut self, leaf: Hash, full: &mut dyn FnMut(FullTile) -> Result<()>) -> Result<()> {
        self.size += 1;
        let (mut hash, mut count) = (leaf, self.size);
        for level in 0_u8.. {
            if self.levels.len() <= usize::from(level) {
                self.levels.push(Vec::new());
            }
            let row = &mut self.levels[usize::from(level)];
            row.push(hash);
            if (row.len() as u64) < WIDTH {
                break;
            }
            let hashes = std::mem::take(row);
            hash = full_root(hashes.clone());
            full(FullTile { level, no: count / WIDTH - 1, hashes })?;
            count /= WIDTH;
        }
        Ok(())
    }

    /// Tiles that are not full: level, number, hashes.
    pub fn partial(&self) -> impl Iterator<Item = (u8, u64, &[Hash])> {
        self.levels.iter().enumerate().filter(|(_, row)| !row.is_empty()).map(|(level, row)| {
            let no = (self.size >> (8 * level)) / WIDTH;
            (level as u8, no, row.as_slice())
        })
    }

    pub fn root(&self) -> Hash {
        let mut root = None;
        for row in &self.levels {
            let mut rest = row.as_slice();
            // the narrowest subtree stands furthest right
            while !rest.is_empty() {
                let width = 1 << rest.len().trailing_zeros();
                let (before, last) = rest.split_at(rest.len() - width);
                let left = full_root(last.to_vec());
                root = Some(root.map_or(left, |right| node_hash(&left, &right)));
                rest = before;
            }
        }
        root.unwrap_or_else(empty_root)
    }
}

/// Number and width of a tile out of its path: `x001/x234/067` or `067.p/12`.
///
/// Errors: `not_found` for any other form.
pub fn tile_path(text: &str) -> Result<(u64, Option<u64>)> {
    let wrong = || Error::not_found("没有这个账本分片");
    let (number, width) = match text.split_once(".p/") {
        Some((number, width)) => {
            let plain = !width.is_empty() && width.len() <= 3 && width.bytes().all(|b| b.is_ascii_digit());
            let value: u64 = width.parse().map_err(|_| wrong())?;
            if !plain || width.starts_with('0') || !(1..WIDTH).contains(&value) {
                return Err(wrong());
            }
            (number, Some(value))
        }
        None => (text, None),
    };
    let parts: Vec<&str> = number.split('/').collect();
    let (last, before) = parts.split_last().ok_or_else(wrong)?;
    let digits: Option<Vec<&str>> =
        before.iter().map(|part| part.strip_prefix('x')).chain([Some(*last)]).collect();
    let digits = digits.ok_or_else(wrong)?;
    let plain = digits.iter().all(|d| d.len() == 3 && d.bytes().all(|b| b.is_ascii_digit()));
    if !plain || digits.len() > 6 || (digits.len() > 1 && digits[0] == "000") {
        return Err(wrong());
    }
    Ok((digits.concat().parse().map_err(|_| wrong())?, width))
}
