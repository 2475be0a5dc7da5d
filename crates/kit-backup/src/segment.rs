//! One object of a stream: pages of the database, packed, with their place in the order and a checksum.
//!
//! Little-endian: magic, number, time, page size, pages of the database after it (0: goes on in the next), count of
//! pages; SHA-256 of the object before it in the generation; then, deflated, the page numbers and the pages; then
//! SHA-256 of all that. A base is the same, cut into parts that hold every page.

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use kit_base::{Error, Kind, Millis, Result};
use kit_db::Frames;
use sha2::{Digest as _, Sha256};

const MAGIC: &[u8; 8] = b"shianlg1";
const NUMBERS: usize = 5;
const HEAD: usize = 8 + NUMBERS * 8 + 32;
const HASH: usize = 32;

/// Where a segment stands, and what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Dense within a generation, from 1; a base has the number of the segment it comes after.
    pub number: u64,
    /// When it was taken: all its commits are from before, none of those before is missing.
    pub at: Millis,
    /// Hash of the segment before; zeros for the first.
    pub before: [u8; HASH],
    pub frames: Frames,
}

impl Segment {
    /// The bytes of the object, and their hash.
    pub fn pack(&self) -> Result<(Vec<u8>, [u8; HASH])> {
        let frames = &self.frames;
        let numbers: [u64; NUMBERS] = [
            self.number,
            u64::try_from(self.at).unwrap_or(0),
            u64::from(frames.page_size),
            u64::from(frames.db_pages.unwrap_or(0)),
            frames.pages.len() as u64,
        ];
        let mut out = MAGIC.to_vec();
        numbers.iter().for_each(|n| out.extend(n.to_le_bytes()));
        out.extend(self.before);
        let mut packer = DeflateEncoder::new(out, Compression::fast());
        for (page, _) in &frames.pages {
            packer.write_all(&page.to_le_bytes())?;
        }
        for (_, content) in &frames.pages {
            packer.write_all(content)?;
        }
        let mut out = packer.finish()?;
        let hash: [u8; HASH] = Sha256::digest(&out).into();
        out.extend(hash);
        Ok((out, hash))
    }

    /// Reads an object; answers its hash too.
    ///
    /// Errors: `segment_broken` for whatever is not as it was written.
    pub fn unpack(bytes: &[u8]) -> Result<(Self, [u8; HASH])> {
        let (body, hash) = bytes.split_at_checked(bytes.len().saturating_sub(HASH)).ok_or_else(broken)?;
        if body.len() < HEAD || body[..8] != *MAGIC || Sha256::digest(body)[..] != *hash {
            return Err(broken());
        }
        let mut numbers = [0_u64; NUMBERS];
        for (number, part) in numbers.iter_mut().zip(body[8..].chunks_exact(8)) {
            *number = u64::from_le_bytes(part.try_into().map_err(|_| broken())?);
        }
        let [number, at, page_size, db_pages, count] = numbers;
        let mut before = [0; HASH];
        before.copy_from_slice(&body[HEAD - HASH..HEAD]);
        let small = |n: u64| u32::try_from(n).map_err(|_| broken());
        let (page_size, db_pages) = (small(page_size)?, small(db_pages)?);
        let mut packed = DeflateDecoder::new(&body[HEAD..]);
        let mut pages = Vec::new();
        for _ in 0..count {
            let mut page = [0; 4];
            packed.read_exact(&mut page).map_err(|_| broken())?;
            pages.push((u32::from_le_bytes(page), Vec::new()));
        }
        for (_, content) in &mut pages {
            content.resize(page_size as usize, 0);
            packed.read_exact(content).map_err(|_| broken())?;
        }
        let frames = Frames { pages, page_size, db_pages: (db_pages > 0).then_some(db_pages) };
        let at = i64::try_from(at).map_err(|_| broken())?;
        let hash = hash.try_into().map_err(|_| broken())?;
        Ok((Self { number, at, before, frames }, hash))
    }
}

fn broken() -> Error {
    Error::new(Kind::Conflict, "segment_broken", "连续备份中有一段已损坏（校验和不符）")
}
