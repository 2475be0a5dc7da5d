//! The continuous copy while the server runs.
//!
//! Segments are written to a spool in the data folder about once a second (the loss window, should the machine burn
//! down) and go from there to the target; a target that is away costs nothing but room in the spool. Every start begins
//! a new generation with a base of its own, so nothing hangs on what happened while nobody followed.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use kit_base::{Clock, Error, Ids, Millis, Result};
use kit_db::{Db, Frames, LogSink};
use parking_lot::Mutex;
use serde::Serialize;

use crate::rewind::{Named, bases};
use crate::segment::Segment;
use crate::target::{Folder, Target};

const HOUR: Millis = 3_600_000;
/// Pages of a part of a base: 16 MB.
const PART: u32 = 4_096;
/// Bytes that may wait in the spool; beyond it the copy begins anew once the target is back.
const MOST_SPOOLED: u64 = 4 << 30;
/// How often retention is looked at.
const SWEEP: Millis = HOUR;

/// How the continuous copy is made.
#[derive(Debug, Clone)]
pub struct Options {
    /// Folder for what has not reached the target yet; on the disk of the database.
    pub spool: PathBuf,
    /// Milliseconds between two looks at the log: the loss window.
    pub every: u64,
    /// Hours between two bases.
    pub base_hours: i64,
    /// Hours that can be gone back.
    pub keep_hours: i64,
}

/// How it goes; shown to administrators and in the metrics.
#[derive(Debug, Clone, Default, Serialize, schemars::JsonSchema)]
pub struct Progress {
    pub generation: String,
    /// Number of the last segment that was taken from the log.
    pub taken: u64,
    /// When the last segment reached the target; ms UTC.
    pub shipped_at: Option<Millis>,
    /// When the last whole base was taken; ms UTC.
    pub base_at: Option<Millis>,
    /// Files that wait for the target, and the age of the oldest in ms.
    pub waiting: u64,
    pub lag: Millis,
    /// Why it does not go on, Chinese.
    pub error: Option<String>,
}

struct Shared {
    db: Db,
    target: Box<dyn Target>,
    spool: Folder,
    clock: Clock,
    ids: Ids,
    options: Options,
    progress: Mutex<Progress>,
    stop: AtomicBool,
    /// A base is being made.
    basing: AtomicBool,
    /// Why the last one was not.
    base_error: Mutex<Option<String>>,
}

/// The running copy.
pub struct Stream {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Stream {
    /// Begins a generation and its base.
    ///
    /// Errors: `log_postgres`, and those of spool and database.
    pub fn start(db: Db, target: Box<dyn Target>, clock: Clock, ids: Ids, options: Options) -> Result<Self> {
        let shared = Arc::new(Shared {
            spool: Folder::open(&options.spool)?,
            db,
            target,
            clock,
            ids,
            options,
            progress: Mutex::default(),
            stop: AtomicBool::new(false),
            basing: AtomicBool::new(false),
            base_error: Mutex::new(None),
        });
        shared.begin()?;
        let hands = shared.clone();
        let thread = std::thread::Builder::new().name("log-stream".into()).spawn(move || run(&hands))?;
        Ok(Self { shared, thread: Mutex::new(Some(thread)) })
    }

    pub fn progress(&self) -> Progress {
        self.shared.progress.lock().clone()
    }

    /// Takes what is committed and brings it to the target as far as that answers; then the copy ends.
    pub fn stop(&self) {
        self.shared.stop.store(true, Ordering::SeqCst);
        let Some(thread) = self.thread.lock().take() else { return };
        thread.thread().unpark();
        if thread.join().is_err() {
            tracing::error!("the continuous copy broke off");
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.stop();
    }
}

fn run(shared: &Arc<Shared>) {
    let mut swept = 0;
    loop {
        let stopping = shared.stop.load(Ordering::SeqCst);
        let done = shared.round(&mut swept);
        let error = done.err().map(|e| {
            tracing::warn!(error = %e, "continuous copy does not go on");
            e.message
        });
        let error = error.or_else(|| shared.base_error.lock().clone());
        shared.progress.lock().error = error;
        if stopping && !shared.basing.load(Ordering::SeqCst) {
            if let Err(e) = shared.db.follow_log(None) {
                tracing::warn!(error = %e, "continuous copy not ended");
            }
            return;
        }
        std::thread::park_timeout(Duration::from_millis(shared.options.every));
    }
}

impl Shared {
    /// One look: take, ship, and what has come due.
    fn round(self: &Arc<Self>, swept: &mut Millis) -> Result<()> {
        if !self.db.flush_log()? && !self.stop.load(Ordering::SeqCst) {
            self.begin()?;
        }
        self.ship()?;
        let now = self.clock.now();
        let due = self.progress.lock().base_at.is_none_or(|at| now - at >= self.options.base_hours * HOUR);
        if due && !self.stop.load(Ordering::SeqCst) {
            self.make_base()?;
        }
        if now - *swept >= SWEEP {
            *swept = now;
            self.sweep(now)?;
        }
        Ok(())
    }

    /// A new generation: from here on the log is followed.
    fn begin(self: &Arc<Self>) -> Result<()> {
        let generation = self.ids.next(self.clock.now());
        *self.progress.lock() = Progress { generation: generation.clone(), ..Progress::default() };
        let sink = Sink { shared: self.clone(), generation, before: [0; 32] };
        self.db.follow_log(Some(Box::new(sink)))
    }

    /// Copies the whole database on a thread of its own; segments go on meanwhile.
    fn make_base(self: &Arc<Self>) -> Result<()> {
        if self.basing.swap(true, Ordering::SeqCst) {
            return Ok(());
        }
        let shared = self.clone();
        let run = move || {
            let done = shared.base();
            if let Err(e) = &done {
                tracing::warn!(error = %e, "base of the continuous copy not made");
            }
            *shared.base_error.lock() = done.err().map(|e| format!("基础备份未完成：{}", e.message));
            shared.basing.store(false, Ordering::SeqCst);
        };
        std::thread::Builder::new().name("log-base".into()).spawn(run)?;
        Ok(())
    }

    fn base(self: &Arc<Self>) -> Result<()> {
        // a copy that a killed process left half done is no database
        let copy = self.options.spool.join("base.copy");
        for ending in ["", "-journal", "-wal", "-shm"] {
            match fs::remove_file(self.options.spool.join(format!("base.copy{ending}"))) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e.into()),
                _ => {}
            }
        }
        let (point, shared) = (Arc::new(Mutex::new((0, 0))), self.clone());
        let noted = point.clone();
        let generation = self.progress.lock().generation.clone();
        // read at the moment of the copy, when everything before it has been taken
        let moment = move || *noted.lock() = (shared.progress.lock().taken, shared.clock.now());
        self.db.copy_to(&copy, moment, &mut |_, _| {})?;
        let (number, at) = *point.lock();
        let done = self.base_parts(&copy, &generation, number, at);
        fs::remove_file(&copy)?;
        done?;
        let mut progress = self.progress.lock();
        if progress.generation == generation {
            progress.base_at = Some(at);
        }
        Ok(())
    }

    /// Goes straight to the target, past the spool: it is large, and can be made again.
    fn base_parts(&self, copy: &Path, generation: &str, number: u64, at: Millis) -> Result<()> {
        use std::os::unix::fs::FileExt as _;
        let file = fs::File::open(copy)?;
        let page_size = page_size(&file)?;
        let pages = u32::try_from(file.metadata()?.len() / u64::from(page_size)).map_err(Error::internal)?;
        for (part, first) in (1..=pages).step_by(PART as usize).enumerate() {
            let last = pages.min(first + PART - 1);
            let mut held = Vec::new();
            for page in first..=last {
                let mut content = vec![0; page_size as usize];
                file.read_exact_at(&mut content, u64::from(page - 1) * u64::from(page_size))?;
                held.push((page, content));
            }
            let frames = Frames { pages: held, page_size, db_pages: (last == pages).then_some(pages) };
            let (bytes, _) = Segment { number, at, before: [0; 32], frames }.pack()?;
            self.target.put(&Named::base(generation, number, at, part as u64), &bytes)?;
        }
        Ok(())
    }

    /// Moves the spool to the target, the oldest first.
    fn ship(&self) -> Result<()> {
        let waiting: Vec<Named> = self.spool.list("")?.iter().filter_map(|name| Named::parse(name)).collect();
        let mut left = waiting.len() as u64;
        for named in &waiting {
            self.tell(left, self.clock.now() - named.at);
            self.target.put(&named.name, &self.spool.get(&named.name)?)?;
            self.spool.delete(&named.name)?;
            left -= 1;
            self.progress.lock().shipped_at = Some(named.at);
        }
        self.tell(0, 0);
        Ok(())
    }

    fn tell(&self, waiting: u64, lag: Millis) {
        let mut progress = self.progress.lock();
        (progress.waiting, progress.lag) = (waiting, lag);
    }

    /// Forgets what no moment of the kept hours needs: all before the last whole base that is older than they.
    fn sweep(&self, now: Millis) -> Result<()> {
        let names: Vec<Named> = self.target.list("")?.iter().filter_map(|name| Named::parse(name)).collect();
        let horizon = now - self.options.keep_hours * HOUR;
        let Some(oldest) = bases(&names, horizon).pop() else { return Ok(()) };
        for named in &names {
            let needed = if named.generation == oldest.generation {
                if named.part.is_some() { named.at >= oldest.at } else { named.number > oldest.number }
            } else {
                named.at >= oldest.at
            };
            if !needed {
                self.target.delete(&named.name)?;
            }
        }
        Ok(())
    }
}

/// Takes pages from the log into the spool.
struct Sink {
    shared: Arc<Shared>,
    generation: String,
    before: [u8; 32],
}

impl LogSink for Sink {
    fn take(&mut self, frames: Frames) -> Result<()> {
        let spool = &self.shared.options.spool;
        if self.shared.progress.lock().waiting > 1_000 && spooled(spool)? > MOST_SPOOLED {
            return Err(Error::internal("the spool of the continuous copy is full"));
        }
        let at = self.shared.clock.now();
        let number = self.shared.progress.lock().taken + 1;
        let (bytes, hash) = Segment { number, at, before: self.before, frames }.pack()?;
        self.shared.spool.put(&Named::segment(&self.generation, number, at), &bytes)?;
        self.before = hash;
        self.shared.progress.lock().taken = number;
        Ok(())
    }
}

fn spooled(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        bytes += if entry.file_type()?.is_dir() { spooled(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(bytes)
}

/// Bytes 16 and 17 of a SQLite file (sqlite.org/fileformat2.html, 1.3.2).
fn page_size(file: &fs::File) -> Result<u32> {
    use std::os::unix::fs::FileExt as _;
    let mut bytes = [0; 2];
    file.read_exact_at(&mut bytes, 16)?;
    let size = u16::from_be_bytes(bytes);
    Ok(if size == 1 { 65_536 } else { u32::from(size) })
}
