//! The running log: makes tiles and checkpoints of the leaves that transactions left, and reads proofs.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use kit_base::{Clock, Error, Ids, Millis, Result};
use kit_db::{Db, Tx};
use parking_lot::{Condvar, Mutex};

use crate::checkpoint::Checkpoint;
use crate::hash::{Hash, leaf_hash};
use crate::note::{Key, PublicKey};
use crate::store::{self, Signed};
use crate::tree::{Edge, Kept, Tiles};

/// Leaves that one transaction puts into tiles.
const STEP: i64 = 4096;

/// The log's key, and where its latest checkpoint is kept outside of the database.
pub struct Ledger {
    key: Key,
    /// A copy of the latest checkpoint: a database that was set back does not go with it.
    copy: Option<PathBuf>,
}

/// Tiles as the database has them.
pub struct Stored<'a, 'c>(pub &'a mut Tx<'c>);

impl Tiles for Stored<'_, '_> {
    fn tile(&mut self, level: u8, no: u64) -> Result<Vec<u8>> {
        store::tile(self.0, level, no)
    }
}

impl Ledger {
    pub fn new(key: Key, copy: Option<PathBuf>) -> Arc<Self> {
        Arc::new(Self { key, copy })
    }

    pub fn public_key(&self) -> PublicKey {
        self.key.public()
    }

    /// Signs a text of another kind with the log's key: its first line says what it is, and is not the origin of the log,
    /// so that it can never be taken for a checkpoint. It ends with a line break.
    pub fn sign(&self, text: &str) -> String {
        self.key.sign(text)
    }

    /// Puts every leaf that waits into tiles and signs; answers how many there were. Servers that share a database take
    /// turns.
    pub fn advance(self: &Arc<Self>, db: &Db, now: Millis) -> Result<u64> {
        let mut done = 0;
        loop {
            let (size, last) = db.read_blocking(|tx| Ok((store::size(tx)?, store::last_leaf(tx)?)))?;
            if last <= size {
                return Ok(done);
            }
            let own = self.clone();
            let (added, note) = db.write_blocking(move |tx| own.step(tx, now))?;
            done += added;
            if let (Some(path), false) = (&self.copy, note.is_empty()) {
                keep_copy(path, &note)?;
            }
        }
    }

    /// Adds the next leaves to the tiles and signs the tree they make; answers how many, and the checkpoint.
    fn step(&self, tx: &mut Tx, now: Millis) -> Result<(u64, String)> {
        let size = store::lock(tx)?;
        let leaves = store::leaves_after(tx, size, STEP)?;
        if leaves.is_empty() {
            return Ok((0, String::new()));
        }
        let mut edge = Edge::read(&mut Stored(tx), size as u64)?;
        for (leaf, no) in leaves.iter().zip(size + 1..) {
            if leaf.no != no {
                return Err(Error::internal(format!("leaf {no} of the ledger is missing")));
            }
            edge.push(leaf_hash(leaf.entry.as_bytes()), &mut |full| {
                store::put_tile(tx, full.level, full.no, &full.hashes)
            })?;
        }
        for (level, no, hashes) in edge.partial() {
            store::put_tile(tx, level, no, hashes)?;
        }
        let size = edge.size();
        let note = Checkpoint::signed(&self.key, size, &edge.root());
        store::insert_checkpoint(tx, size as i64, now, &note)?;
        store::move_to(tx, size as i64)?;
        Ok((leaves.len() as u64, note))
    }
}

/// Writes beside and moves, so that there is always a whole one.
fn keep_copy(path: &Path, note: &str) -> Result<()> {
    let beside = path.with_extension("new");
    std::fs::write(&beside, note)?;
    Ok(std::fs::rename(beside, path)?)
}

/// A leaf with its way into a signed tree.
#[derive(Debug, Clone)]
pub struct Included {
    /// Index in the log.
    pub index: u64,
    pub entry: String,
    pub path: Vec<Hash>,
}

/// The way of leaves (by number of their audit row) into the tree of a checkpoint.
///
/// Errors: `not_found` for one that the checkpoint does not have yet.
pub fn include(tx: &mut Tx, signed: &Signed, leaves: &[i64]) -> Result<Vec<Included>> {
    let mut out = Vec::with_capacity(leaves.len());
    for &no in leaves {
        let leaf = store::leaf(tx, no)?.ok_or_else(|| Error::not_found("账本没有这一条"))?;
        out.push(Included { index: no as u64 - 1, entry: leaf.entry, path: Vec::new() });
    }
    let mut tree = Kept::new(Stored(tx));
    for leaf in &mut out {
        leaf.path = tree.inclusion(leaf.index, signed.size as u64)?;
    }
    Ok(out)
}

/// Makes checkpoints once a second on a thread of its own, until it is stopped.
pub struct Sequencer {
    stop: Arc<(Mutex<bool>, Condvar)>,
    thread: std::thread::JoinHandle<()>,
}

impl Sequencer {
    /// Errors: those of starting a thread.
    pub fn start(ledger: Arc<Ledger>, db: Db, clock: Clock) -> Result<Self> {
        let stop = Arc::new((Mutex::new(false), Condvar::new()));
        let told = stop.clone();
        let thread = std::thread::Builder::new().name("ledger".into()).spawn(move || {
            loop {
                let mut ended = told.0.lock();
                if !*ended {
                    told.1.wait_for(&mut ended, Duration::from_secs(1));
                }
                let last_round = *ended;
                drop(ended);
                if let Err(e) = ledger.advance(&db, clock.now()) {
                    tracing::error!(error = %e, "no checkpoint of the ledger, trying again");
                }
                if last_round {
                    return;
                }
            }
        })?;
        Ok(Self { stop, thread })
    }

    /// Signs what is there and ends.
    pub fn stop(self) {
        *self.stop.0.lock() = true;
        self.stop.1.notify_all();
        if self.thread.join().is_err() {
            tracing::error!("the thread of the ledger panicked");
        }
    }
}

/// The key of a house: the text given, the file named, or that of the data folder, which is made where it is missing.
///
/// `given` is the secret itself or the path of a file that has it. Errors: `ledger_key`, `ledger_key_missing` in real
/// operation where none is given.
pub fn open_key(
    given: Option<&str>,
    folder: &Path,
    origin: &str,
    production: bool,
    ids: &Ids,
) -> Result<Key> {
    match given.map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) if text.starts_with("PRIVATE+KEY+") => Key::parse(text),
        Some(path) => read_key(Path::new(path)),
        None if production => Err(Error::invalid(
            "ledger_key",
            "ledger_key_missing",
            "正式运行须指定账本签名密钥：用 shian ledger key --new FILE 生成，妥善保管，再以 SHIAN_LEDGER_KEY 给出密钥或其文件路径",
        )),
        None => {
            let path = folder.join("ledger.key");
            if !path.try_exists()? {
                std::fs::create_dir_all(folder)?;
                write_key(&path, &Key::new(origin, &ids.bytes())?)?;
            }
            read_key(&path)
        }
    }
}

fn read_key(path: &Path) -> Result<Key> {
    let text = std::fs::read_to_string(path).map_err(|e| {
        let text = format!("无法读取账本密钥文件 {}：{e}", path.display());
        Error::invalid("ledger_key", "ledger_key", text)
    })?;
    Key::parse(&text)
}

/// Writes a key to a new file that only its owner reads.
pub fn write_key(path: &Path, key: &Key) -> Result<()> {
    use std::io::Write as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    writeln!(file, "{}", key.secret())?;
    Ok(file.sync_all()?)
}
