//! The graph on disk, so that a start need not read the whole database.
//!
//! Little-endian throughout: magic, version, last event, links, positions, lots, edges, earlier uses, runs and sources of
//! the side table; then the two bit rows of the track, the columns, the bit rows of the lots, the side table; then SHA-256 of all before it. Whatever is wrong
//! with a file ends in the error `graph_snapshot` and the caller rebuilds from the database.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;

use kit_base::error::Kind;
use kit_base::{Error, Result};
use sha2::{Digest, Sha256};

use super::bits::Bits;
use super::column::Column;
use super::side::Side;
use super::track::Track;
use super::walk::Pool;
use super::{Graph, LotSet};

const MAGIC: &[u8; 8] = b"shian-tg";
/// To be raised whenever the layout changes; older files are then refused and the graph is rebuilt.
const VERSION: u64 = 2;
const HEADER: usize = 10;
const HASH: usize = 32;

impl Graph {
    /// Writes the graph beside `path` and then moves it there, so that a half-written file never has the name.
    pub fn save(&self, path: &Path) -> Result<()> {
        let partial = path.with_extension("partial");
        let mut out = Hashing {
            inner: BufWriter::with_capacity(1 << 20, File::create(&partial)?),
            hash: Sha256::new(),
        };
        self.write(&mut out)?;
        let hash = out.hash.finalize();
        out.inner.write_all(&hash)?;
        let file = out.inner.into_inner().map_err(|e| Error::from(e.into_error()))?;
        file.sync_all()?;
        std::fs::rename(&partial, path)?;
        let folder = path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()?;
        Ok(())
    }

    fn write(&self, out: &mut impl Write) -> Result<()> {
        let side: usize = self.side.runs().map(|(_, _, sources)| sources.len()).sum();
        let header = [
            VERSION,
            self.last_event,
            self.links,
            u64::from(self.track.len()),
            self.newest.len() as u64,
            self.sources.len() as u64,
            self.earlier.len() as u64,
            self.side.runs().count() as u64,
            side as u64,
            0,
        ];
        out.write_all(MAGIC)?;
        for number in header {
            out.write_all(&number.to_le_bytes())?;
        }
        for (input, mark) in self.track.rows() {
            out.write_all(&input.to_le_bytes())?;
            out.write_all(&mark.to_le_bytes())?;
        }
        for column in [&self.newest, &self.sources, &self.earlier, self.again.words(), self.starts.words()] {
            write_column(out, column)?;
        }
        for (first, lots, sources) in self.side.runs() {
            for number in [first, lots, sources.len() as u32].iter().chain(sources) {
                out.write_all(&number.to_le_bytes())?;
            }
        }
        Ok(())
    }

    /// Reads a snapshot. Error: `graph_snapshot` (absent, short, changed, of another version); the caller then rebuilds.
    pub fn load(path: &Path) -> Result<Self> {
        let wrong = |why: &str| bad(&format!("{}：{why}", path.display()));
        let file = File::open(path).map_err(|e| wrong("打不开").because(e))?;
        let length = file.metadata()?.len();
        let body = length.checked_sub(HASH as u64).ok_or_else(|| wrong("文件不完整"))?;
        let mut input =
            Hashing { inner: BufReader::with_capacity(1 << 20, file).take(body), hash: Sha256::new() };
        let graph = Self::read(&mut input, body).map_err(|e| wrong("内容不合格式").because(e))?;
        let mut expected = [0; HASH];
        let hash = input.hash.finalize();
        input.inner.into_inner().read_exact(&mut expected).map_err(|e| wrong("文件不完整").because(e))?;
        if hash[..] != expected {
            return Err(wrong("校验和不符"));
        }
        Ok(graph)
    }

    fn read(input: &mut impl Read, body: u64) -> Result<Self> {
        let mut magic = [0; 8];
        input.read_exact(&mut magic)?;
        let mut header = [0; HEADER];
        for number in &mut header {
            *number = read_u64(input)?;
        }
        let [version, last_event, links, positions, lots, edges, earlier, runs, sides, _] = header;
        if magic != *MAGIC || version != VERSION {
            return Err(bad("不是这个版本的快照"));
        }
        // sizes are checked against the file before anything is allocated for them
        let words = positions.div_ceil(64);
        let bits = lots.div_ceil(32);
        let columns = [lots, edges, earlier, bits, bits, runs.saturating_mul(3), sides];
        let expected =
            columns.iter().fold(words.saturating_mul(16), |sum, n| sum.saturating_add(n.saturating_mul(4)));
        if expected.saturating_add((MAGIC.len() + HEADER * 8) as u64) != body
            || lots.checked_add(edges) != Some(positions)
        {
            return Err(bad("长度不符"));
        }
        let positions = u32::try_from(positions).map_err(|_| bad("长度不符"))?;
        let mut graph = Self {
            track: read_track(input, positions)?,
            newest: read_column(input, lots)?,
            sources: read_column(input, edges)?,
            earlier: read_column(input, earlier)?,
            again: read_bits(input, lots)?,
            starts: read_bits(input, lots)?,
            side: read_side(input, runs)?,
            pool: Pool::default(),
            last_event,
            links,
            sorted: Vec::new(),
            wrong: LotSet::default(),
            any_wrong: false,
        };
        graph.sorted.clear();
        if u64::from(graph.track.edges()) != edges || u64::from(graph.track.prevs()) != earlier || lots == 0 {
            return Err(bad("数目不符"));
        }
        Ok(graph)
    }
}

fn read_track(input: &mut impl Read, positions: u32) -> Result<Track> {
    let mut track = Track::default();
    let mut left = positions;
    while left > 0 {
        let (inputs, marks) = (read_u64(input)?, read_u64(input)?);
        let count = left.min(64);
        track.push_rows(inputs, marks, count);
        left -= count;
    }
    Ok(track)
}

fn write_column(out: &mut impl Write, column: &Column) -> Result<()> {
    let mut bytes = Vec::new();
    for part in column.parts() {
        bytes.clear();
        bytes.extend(part.iter().flat_map(|number| number.to_le_bytes()));
        out.write_all(&bytes)?;
    }
    Ok(())
}

fn read_column(input: &mut impl Read, mut left: u64) -> Result<Column> {
    let mut column = Column::default();
    let mut bytes = vec![0; 1 << 16];
    while left > 0 {
        let take = left.min(bytes.len() as u64 / 4) as usize;
        input.read_exact(&mut bytes[..take * 4])?;
        for chunk in bytes[..take * 4].chunks_exact(4) {
            column.push(u32::from_le_bytes([chunk[0], chunk[1], chunk[2], chunk[3]]));
        }
        left -= take as u64;
    }
    Ok(column)
}

fn read_bits(input: &mut impl Read, lots: u64) -> Result<Bits> {
    let words = read_column(input, lots.div_ceil(32))?;
    let lots = u32::try_from(lots).map_err(|_| bad("长度不符"))?;
    Bits::from_words(words, lots).ok_or_else(|| bad("长度不符"))
}

fn read_side(input: &mut impl Read, runs: u64) -> Result<Side> {
    let mut side = Side::default();
    for _ in 0..runs {
        let (first, lots, count) = (read_u32(input)?, read_u32(input)?, read_u32(input)?);
        let mut sources = Vec::new();
        for _ in 0..count {
            sources.push(read_u32(input)?);
        }
        side.add(first, lots, &sources);
    }
    Ok(side)
}

fn read_u64(input: &mut impl Read) -> Result<u64> {
    let mut bytes = [0; 8];
    input.read_exact(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}

fn read_u32(input: &mut impl Read) -> Result<u32> {
    let mut bytes = [0; 4];
    input.read_exact(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

fn bad(why: &str) -> Error {
    Error::new(Kind::Internal, "graph_snapshot", format!("追溯图快照不可用（{why}），需从数据库重建"))
}

/// Hashes what passes through.
struct Hashing<T> {
    inner: T,
    hash: Sha256,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.hash.update(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(bytes)?;
        self.hash.update(&bytes[..count]);
        Ok(count)
    }
}
