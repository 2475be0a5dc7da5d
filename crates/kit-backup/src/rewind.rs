//! A database file as it was at a moment, out of a stream.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use kit_base::{Error, Kind, Millis, Result};
use kit_db::Frames;

use crate::segment::Segment;
use crate::target::Target;

/// What an object's name says: `GENERATION/seg-NUMBER-TIME` or `GENERATION/base-NUMBER-TIME/PART`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    pub generation: String,
    pub number: u64,
    pub at: Millis,
    /// `None`: a segment.
    pub part: Option<u64>,
    pub name: String,
}

impl Named {
    pub fn segment(generation: &str, number: u64, at: Millis) -> String {
        format!("{generation}/seg-{number:012}-{at:015}")
    }

    pub fn base(generation: &str, number: u64, at: Millis, part: u64) -> String {
        format!("{generation}/base-{number:012}-{at:015}/{part:06}")
    }

    /// `None` for a name that is not of a stream.
    pub fn parse(name: &str) -> Option<Self> {
        let (generation, rest) = name.split_once('/')?;
        let (is_base, rest) = match rest.strip_prefix("base-") {
            Some(rest) => (true, rest),
            None => (false, rest.strip_prefix("seg-")?),
        };
        let (numbers, part) = match rest.split_once('/') {
            Some((numbers, part)) => (numbers, Some(part.parse().ok()?)),
            None => (rest, None),
        };
        let (number, at) = numbers.split_once('-')?;
        (is_base == part.is_some()).then_some(())?;
        Some(Self {
            generation: generation.to_owned(),
            number: number.parse().ok()?,
            at: at.parse().ok()?,
            part,
            name: name.to_owned(),
        })
    }
}

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewound {
    /// Time of the base and of the last segment that was applied.
    pub base_at: Millis,
    pub upto: Millis,
    pub segments: u64,
    pub generation: String,
}

/// Writes the database as it was at `at` (the newest where none is said) into a new file.
///
/// Errors: `stream_empty` when nothing is as old as that, `stream_gap` when a segment before that moment is missing,
/// `segment_broken`.
pub fn rewind(target: &dyn Target, at: Option<Millis>, into: &Path) -> Result<Rewound> {
    let at = at.unwrap_or(Millis::MAX);
    let names: Vec<Named> = target.list("")?.iter().filter_map(|name| Named::parse(name)).collect();
    let mut bases = bases(&names, at);
    while let Some(base) = bases.pop() {
        if let Some(done) = from_base(target, &names, &base, at, into)? {
            return Ok(done);
        }
    }
    Err(Error::new(Kind::NotFound, "stream_empty", "连续备份中没有这个时间之前的完整基础备份"))
}

/// The bases up to a moment, the newest last: the name of their first part.
pub fn bases(names: &[Named], at: Millis) -> Vec<Named> {
    let mut bases: Vec<Named> = names.iter().filter(|n| n.part == Some(0) && n.at <= at).cloned().collect();
    bases.sort_by(|a, b| (a.at, &a.generation, a.number).cmp(&(b.at, &b.generation, b.number)));
    bases
}

/// `None`: the base is not whole, an older one must do.
fn from_base(
    target: &dyn Target,
    names: &[Named],
    base: &Named,
    at: Millis,
    into: &Path,
) -> Result<Option<Rewound>> {
    let own = |n: &&Named| n.generation == base.generation;
    let mut parts: Vec<&Named> = names
        .iter()
        .filter(own)
        .filter(|n| n.part.is_some() && (n.number, n.at) == (base.number, base.at))
        .collect();
    parts.sort_by_key(|n| n.part);
    let file = File::create(into)?;
    let mut whole = None;
    for (i, part) in parts.iter().enumerate() {
        if part.part != Some(i as u64) {
            return Ok(None);
        }
        let (segment, _) = Segment::unpack(&target.get(&part.name)?)?;
        whole = segment.frames.db_pages;
        apply(&file, &segment.frames)?;
    }
    if whole.is_none() {
        return Ok(None);
    }
    let mut segments: Vec<&Named> = names.iter().filter(own).filter(|n| n.part.is_none()).collect();
    segments.retain(|n| n.number > base.number && n.at <= at);
    segments.sort_by_key(|n| n.number);
    let mut done =
        Rewound { base_at: base.at, upto: base.at, segments: 0, generation: base.generation.clone() };
    roll_forward(target, &file, base.number, &segments, &mut done)?;
    file.sync_all()?;
    Ok(Some(done))
}

fn roll_forward(
    target: &dyn Target,
    file: &File,
    from: u64,
    segments: &[&Named],
    done: &mut Rewound,
) -> Result<()> {
    let (mut number, mut before, mut open) = (from, None, Vec::new());
    for named in segments {
        number += 1;
        if named.number != number {
            return Err(Error::conflict(
                "stream_gap",
                format!("连续备份缺少第 {number} 段，不能恢复到它之后"),
            ));
        }
        let (segment, hash) = Segment::unpack(&target.get(&named.name)?)?;
        if segment.number != number || before.is_some_and(|before| before != segment.before) {
            return Err(Error::conflict("stream_gap", format!("连续备份第 {number} 段与前一段不相接")));
        }
        before = Some(hash);
        let ends = segment.frames.db_pages.is_some();
        open.push(segment);
        // a transaction in several segments is applied once its end is there
        if ends {
            for segment in open.drain(..) {
                apply(file, &segment.frames)?;
                done.upto = segment.at;
                done.segments += 1;
            }
        }
    }
    Ok(())
}

fn apply(file: &File, frames: &Frames) -> Result<()> {
    for (page, content) in &frames.pages {
        file.write_all_at(content, u64::from(page.saturating_sub(1)) * u64::from(frames.page_size))?;
    }
    if let Some(pages) = frames.db_pages {
        file.set_len(u64::from(pages) * u64::from(frames.page_size))?;
    }
    Ok(())
}
