//! Following the write-ahead log: every committed page is handed on before its place in the log is used again.
//!
//! SQLite begins its log anew only after a checkpoint of all of it, and with a follower only the writer's thread makes
//! checkpoints, each after a flush. So the follower reads a log that stands still behind the last commit, and a reading
//! of 48 bytes of the log's index (`-shm`) after each commit tells how far that is. Formats: sqlite.org/fileformat2.html
//! (4) and sqlite.org/walformat.html (2.1).

use std::collections::HashMap;
use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use kit_base::{Error, Result};
use parking_lot::Mutex;
use rusqlite::Connection;

use super::SqliteDb;

/// Frames in the log at which a checkpoint is made; with and without a follower.
pub const CHECKPOINT_FRAMES: u32 = 4_000;
/// Frames that may wait for a sink that fails; beyond it the follower is dropped, so that the disk does not fill.
const MOST_WAITING: u32 = 1 << 18;
/// Frames handed over at once.
const CHUNK: u32 = 2_048;
const LOG_HEADER: u64 = 32;
const FRAME_HEADER: usize = 24;

/// Committed pages, each once, the latest of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frames {
    /// Page number (from 1) and content.
    pub pages: Vec<(u32, Vec<u8>)>,
    pub page_size: u32,
    /// Pages the database has after this; `None`: the transaction goes on in the next frames.
    pub db_pages: Option<u32>,
}

/// Who takes committed pages. An error keeps them in the log; they are offered again.
pub trait LogSink: Send {
    fn take(&mut self, frames: Frames) -> Result<()>;
}

/// A place in the log: the salts of its present round, and frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Mark {
    salts: [u8; 8],
    frames: u32,
    page_size: u32,
}

/// The log of one database and who follows it.
pub(crate) struct Log {
    path: PathBuf,
    state: Mutex<Option<Follower>>,
}

struct Follower {
    sink: Box<dyn LogSink>,
    log: File,
    index: File,
    /// What is committed.
    mark: Mark,
    /// What was handed over.
    done: Mark,
    lost: bool,
}

impl Log {
    pub fn of(database: &Path) -> Self {
        Self { path: database.to_owned(), state: Mutex::new(None) }
    }

    /// Called by the writer after each group, before anybody is answered: notes how far the log is.
    pub fn committed(&self) {
        if let Some(follower) = self.state.lock().as_mut() {
            follower.note();
        }
    }

    /// Called by the writer after the answers: makes the checkpoint where it is due.
    pub fn checkpoint(&self, conn: &Connection) {
        let mut state = self.state.lock();
        let Some(follower) = state.as_mut() else { return };
        if follower.mark.frames < CHECKPOINT_FRAMES {
            return;
        }
        if let Err(e) = follower.flush() {
            tracing::warn!(error = %e, frames = follower.mark.frames, "continuous copy fails, the log waits for it");
            if follower.mark.frames < MOST_WAITING {
                return;
            }
            follower.lost = true;
        }
        if let Err(e) = conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())) {
            tracing::warn!(error = %e, "checkpoint failed");
        }
    }

    /// Before the writer ends.
    pub fn last(&self) {
        if let Some(follower) = self.state.lock().as_mut()
            && let Err(e) = follower.flush()
        {
            tracing::error!(error = %e, "the last commits are not in the continuous copy");
        }
    }

    /// Hands over what is committed. `false`: the thread is lost, or nobody follows.
    pub fn flush(&self) -> Result<bool> {
        match self.state.lock().as_mut() {
            Some(follower) if !follower.lost => follower.flush().map(|()| !follower.lost),
            _ => Ok(false),
        }
    }
}

impl SqliteDb {
    pub fn follow_log(&self, sink: Option<Box<dyn LogSink>>) -> Result<()> {
        let shared = self.shared.clone();
        let Some(sink) = sink else {
            *shared.log.state.lock() = None;
            return self.checkpoint_at(CHECKPOINT_FRAMES);
        };
        self.checkpoint_at(0)?;
        self.write_blocking(move |_| {
            let follower = Follower::begin(&shared.log.path, sink)?;
            *shared.log.state.lock() = Some(follower);
            Ok(())
        })
    }

    pub fn flush_log(&self) -> Result<bool> {
        self.shared.log.flush()
    }

    /// Lets SQLite make its own checkpoints at so many frames; 0: never.
    fn checkpoint_at(&self, frames: u32) -> Result<()> {
        self.write_blocking(move |tx| tx.batch(&format!("PRAGMA wal_autocheckpoint = {frames}")))
    }
}

impl Follower {
    /// Follows from the last commit on. The writer's thread calls it, so nothing is committed meanwhile.
    fn begin(database: &Path, sink: Box<dyn LogSink>) -> Result<Self> {
        let beside = |ending: &str| {
            let mut name = database.as_os_str().to_owned();
            name.push(ending);
            File::open(PathBuf::from(name))
        };
        let (log, index) = (beside("-wal")?, beside("-shm")?);
        let mark = read_mark(&index)?;
        Ok(Self { sink, log, index, mark, done: mark, lost: false })
    }

    fn note(&mut self) {
        match read_mark(&self.index) {
            Ok(mark) => {
                let again = mark.salts != self.mark.salts;
                // a round that ended before it was read to its end: somebody else made a checkpoint
                if again && self.done != self.mark {
                    tracing::error!("another process wrote the log, the continuous copy begins anew");
                    self.lost = true;
                }
                if again {
                    self.done = Mark { frames: 0, ..mark };
                }
                self.mark = mark;
            }
            Err(e) => {
                tracing::error!(error = %e, "the log's index cannot be read");
                self.lost = true;
            }
        }
    }

    fn flush(&mut self) -> Result<()> {
        while self.done.frames < self.mark.frames && !self.lost {
            let upto = self.mark.frames.min(self.done.frames + CHUNK);
            let frames = self.read(upto)?;
            self.sink.take(frames)?;
            self.done.frames = upto;
        }
        Ok(())
    }

    fn read(&self, upto: u32) -> Result<Frames> {
        let page_size = self.mark.page_size as usize;
        let length = FRAME_HEADER + page_size;
        let mut places: HashMap<u32, usize> = HashMap::new();
        let mut out = Frames { pages: Vec::new(), page_size: self.mark.page_size, db_pages: None };
        let mut frame = vec![0; length];
        for number in self.done.frames..upto {
            self.log.read_exact_at(&mut frame, LOG_HEADER + u64::from(number) * length as u64)?;
            if frame[8..16] != self.mark.salts {
                return Err(Error::internal(format!("frame {number} is of another round of the log")));
            }
            let (page, size) = (big_endian(&frame[..4]), big_endian(&frame[4..8]));
            let content = frame[FRAME_HEADER..].to_vec();
            match places.get(&page) {
                Some(&place) => out.pages[place].1 = content,
                None => {
                    places.insert(page, out.pages.len());
                    out.pages.push((page, content));
                }
            }
            out.db_pages = (size != 0).then_some(size);
        }
        Ok(out)
    }
}

fn read_mark(index: &File) -> Result<Mark> {
    let mut header = [0; 48];
    index.read_exact_at(&mut header, 0)?;
    let word = |at: usize| u32::from_ne_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    if word(0) != 3_007_000 {
        return Err(Error::internal(format!("the log's index is of version {}", word(0))));
    }
    let size = u16::from_ne_bytes([header[14], header[15]]);
    // 65536 does not fit and is written as 1
    let page_size = if size == 1 { 65_536 } else { u32::from(size) };
    let mut salts = [0; 8];
    salts.copy_from_slice(&header[32..40]);
    Ok(Mark { salts, frames: word(16), page_size })
}

fn big_endian(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |n, b| (n << 8) | u32::from(*b))
}
