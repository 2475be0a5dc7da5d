//! SQLite: one writer thread that commits in groups, a pool of readers.

mod copy;
pub(crate) mod log;
mod open;
mod statements;

use std::panic::{AssertUnwindSafe, catch_unwind};

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use kit_base::{Error, Kind, Result};
use parking_lot::{Condvar, Mutex};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

pub use open::SqliteOptions;
use open::connect;
pub(crate) use statements::{exec, insert_many, insert_stream, prepare_only, refusal, scan};

use crate::pulse::{Pulse, Reading, stopwatch};
use crate::tx::{Conn, Tx};

type Reply = Box<dyn FnOnce(Result<()>) + Send>;
/// Runs on the writer's connection; where there is no transaction to run in, it is told why instead.
type Unit = Box<dyn FnOnce(Result<&Connection>) -> Outcome + Send>;

/// What a unit of work leaves behind before the group commits.
struct Outcome {
    keep: bool,
    /// The disk took no more: the database may have given up the whole transaction.
    full: bool,
    hooks: Vec<Box<dyn FnOnce() + Send>>,
    reply: Reply,
}

/// What the writer's thread shares with the handle.
struct Shared {
    pulse: Pulse,
    log: log::Log,
    /// The writer gives back what it has mapped of the file.
    rest: AtomicBool,
}

pub(crate) struct SqliteDb {
    options: SqliteOptions,
    units: Option<mpsc::Sender<Unit>>,
    readers: Mutex<Vec<Connection>>,
    free: Condvar,
    shared: Arc<Shared>,
    writer: Option<JoinHandle<()>>,
}

impl SqliteDb {
    pub fn open(options: SqliteOptions) -> Result<Self> {
        let writer = if options.read_only { None } else { Some(connect(&options, false)?) };
        let readers: Result<Vec<_>> = (0..options.readers.max(1)).map(|_| connect(&options, true)).collect();
        let (units, inbox) = mpsc::channel(options.queue);
        let group = options.group.max(1);
        let shared = Arc::new(Shared {
            pulse: Pulse::default(),
            log: log::Log::of(&options.path),
            rest: AtomicBool::new(false),
        });
        let (hands, readers) = (shared.clone(), readers?);
        let thread = writer.map(|conn| {
            let run = move || write_loop(&conn, inbox, group, &hands);
            std::thread::Builder::new().name("sqlite-writer".into()).spawn(run)
        });
        let writer = thread.transpose()?;
        Ok(Self {
            options,
            units: writer.is_some().then_some(units),
            readers: Mutex::new(readers),
            free: Condvar::new(),
            shared,
            writer,
        })
    }

    pub fn pulse(&self) -> Reading {
        self.shared.pulse.read(self.options.queue as u64)
    }

    fn units(&self) -> Result<&mpsc::Sender<Unit>> {
        self.units.as_ref().ok_or_else(|| {
            Error::new(Kind::Unavailable, "database_reading", "数据库以只读方式打开，不能写入")
        })
    }

    pub async fn write<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx) -> Result<T> + Send + 'static,
    {
        let (unit, answer) = unit(f);
        let pulse = &self.shared.pulse;
        pulse.waiting.fetch_add(1, Ordering::Relaxed);
        if self.units()?.try_send(unit).is_err() {
            pulse.waiting.fetch_sub(1, Ordering::Relaxed);
            pulse.refused.fetch_add(1, Ordering::Relaxed);
            return Err(crate::full());
        }
        answer.await.unwrap_or_else(|_| Err(gone()))
    }

    pub fn write_blocking<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx) -> Result<T> + Send + 'static,
    {
        let (unit, answer) = unit(f);
        self.send(unit)?;
        answer.blocking_recv().unwrap_or_else(|_| Err(gone()))
    }

    fn send(&self, unit: Unit) -> Result<()> {
        let units = self.units()?;
        self.shared.pulse.waiting.fetch_add(1, Ordering::Relaxed);
        units.blocking_send(unit).map_err(|_| gone())
    }

    pub fn read<T>(&self, f: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        self.read_with(self.take(), f)
    }

    /// Reads without waiting; gives the work back where every connection is busy.
    pub fn read_if_free<T, F: FnOnce(&mut Tx) -> Result<T>>(
        &self,
        f: F,
    ) -> std::result::Result<Result<T>, F> {
        let conn = self.readers.lock().pop();
        match conn {
            Some(conn) => Ok(self.read_with(conn, f)),
            None => Err(f),
        }
    }

    fn read_with<T>(&self, conn: Connection, f: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        let result = catch_unwind(AssertUnwindSafe(|| read_on(&conn, f)));
        // a panic may have left the snapshot open
        if !conn.is_autocommit() {
            conn.execute_batch("ROLLBACK").map_err(refusal)?;
        }
        self.readers.lock().push(conn);
        self.free.notify_one();
        result.unwrap_or_else(|_| Err(Error::internal("unit of work panicked")))
    }

    fn take(&self) -> Connection {
        let mut readers = self.readers.lock();
        loop {
            if let Some(conn) = readers.pop() {
                return conn;
            }
            self.free.wait(&mut readers);
        }
    }

    /// Gives back what connections that are free now have mapped of the file. The kernel's cache keeps it, so reading goes on
    /// as fast; but it no longer counts as this process's memory.
    pub fn rest(&self) -> Result<()> {
        let idle: Vec<Connection> = self.readers.lock().drain(..).collect();
        let mut done = Ok(());
        for conn in idle {
            done = done.and(open::unmap(&conn));
            self.readers.lock().push(conn);
            self.free.notify_one();
        }
        if self.units.is_some() {
            // the writer's own is given back behind a commit, where no page of it is in use
            self.shared.rest.store(true, Ordering::Relaxed);
            self.write_blocking(|_| Ok(()))?;
        }
        done
    }

    pub fn optimise(&self) -> Result<()> {
        let (sender, answer) = oneshot::channel();
        let unit: Unit = Box::new(move |conn| {
            let done = conn.and_then(|conn| {
                conn.execute_batch("PRAGMA analysis_limit = 1000; PRAGMA optimize").map_err(refusal)
            });
            Outcome {
                keep: true,
                full: false,
                hooks: Vec::new(),
                reply: Box::new(move |commit| drop(sender.send(done.and(commit)))),
            }
        });
        self.send(unit)?;
        answer.blocking_recv().unwrap_or_else(|_| Err(gone()))
    }
}

impl Drop for SqliteDb {
    /// Waits for the writer's last commit and checkpoint, so that a process that ends leaves a whole file.
    fn drop(&mut self) {
        self.units = None;
        let Some(writer) = self.writer.take() else { return };
        // a hook may hold the last handle: the writer cannot wait for itself
        if writer.thread().id() != std::thread::current().id() && writer.join().is_err() {
            tracing::error!("the database's writer broke off");
        }
    }
}

fn read_on<T>(conn: &Connection, f: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
    prepared(conn, "BEGIN")?;
    let mut tx = Tx::new(Conn::Sqlite(conn));
    let result = f(&mut tx);
    prepared(conn, "ROLLBACK")?;
    result
}

fn gone() -> Error {
    Error::new(Kind::Unavailable, "database_closed", "系统正在停止，请稍后重试").retry_after(5)
}

/// Wraps a unit of work so that its answer is sent only after the group's commit.
fn unit<T, F>(f: F) -> (Unit, oneshot::Receiver<Result<T>>)
where
    T: Send + 'static,
    F: FnOnce(&mut Tx) -> Result<T> + Send + 'static,
{
    let (sender, receiver) = oneshot::channel();
    let unit: Unit = Box::new(move |conn| {
        let (mut hooks, mut full) = (Vec::new(), false);
        let result = conn.and_then(|conn| {
            let mut tx = Tx::new(Conn::Sqlite(conn));
            let result = catch_unwind(AssertUnwindSafe(|| f(&mut tx)))
                .unwrap_or_else(|_| Err(Error::internal("unit of work panicked")))
                .and_then(|value| tx.settled().map(|()| value));
            hooks = tx.into_hooks();
            result
        });
        if let Err(e) = &result {
            full = e.kind == Kind::Full;
        }
        Outcome {
            keep: result.is_ok(),
            full,
            hooks,
            // the caller may have gone away; its work stands all the same
            reply: Box::new(move |commit| drop(sender.send(result.and_then(|v| commit.map(|()| v))))),
        }
    });
    (unit, receiver)
}

fn write_loop(conn: &Connection, mut inbox: mpsc::Receiver<Unit>, group: usize, shared: &Shared) {
    let mut next = None;
    while let Some(first) = next.take().or_else(|| inbox.blocking_recv()) {
        let mut waiting = Waiting::default();
        let begun = stopwatch();
        let done;
        (done, next) = write_group(conn, first, &mut inbox, group, &mut waiting);
        let units = waiting.replies.len();
        match &done {
            Ok(()) => shared.pulse.committed(units, begun.elapsed()),
            Err(e) if e.kind == Kind::Full => drop(shared.pulse.full.fetch_add(1, Ordering::Relaxed)),
            Err(_) => {}
        }
        shared.pulse.waiting.fetch_sub(units as u64, Ordering::Relaxed);
        shared.log.committed();
        waiting.answer(done);
        shared.log.checkpoint(conn);
        if shared.rest.swap(false, Ordering::Relaxed)
            && let Err(e) = open::unmap(conn)
        {
            tracing::warn!(error = %e, "what is mapped of the database stays");
        }
    }
    shared.log.last();
    if let Err(e) = conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)") {
        tracing::warn!(error = %e, "last checkpoint left to the next start");
    }
}

/// Who waits for the commit of a group.
#[derive(Default)]
struct Waiting {
    replies: Vec<Reply>,
    hooks: Vec<Box<dyn FnOnce() + Send>>,
}

impl Waiting {
    fn answer(self, done: Result<()>) {
        if done.is_ok() {
            self.hooks.into_iter().for_each(|hook| hook());
        }
        let failure = done.err();
        for reply in self.replies {
            reply(match &failure {
                None => Ok(()),
                Some(e) => {
                    Err(Error::new(e.kind, e.code.clone(), e.message.clone()).because(Lost(e.to_string())))
                }
            });
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("commit failed: {0}")]
struct Lost(String);

/// Runs units until the queue is empty or the group is full; answers how the commit went and the unit that was taken
/// from the queue too late for this group.
fn write_group(
    conn: &Connection,
    first: Unit,
    inbox: &mut mpsc::Receiver<Unit>,
    group: usize,
    waiting: &mut Waiting,
) -> (Result<()>, Option<Unit>) {
    if let Err(e) = prepared(conn, "BEGIN IMMEDIATE") {
        let lost = Error::new(e.kind, e.code.clone(), e.message.clone());
        waiting.replies.push(first(Err(e)).reply);
        return (Err(lost), None);
    }
    let mut unit = first;
    loop {
        let broken = run_unit(conn, unit, waiting).err();
        match inbox.try_recv() {
            Ok(next) if waiting.replies.len() < group && broken.is_none() => unit = next,
            late => return (finish(conn, broken), late.ok()),
        }
    }
}

/// One unit inside its savepoint; an error here breaks the whole group.
fn run_unit(conn: &Connection, unit: Unit, waiting: &mut Waiting) -> Result<()> {
    prepared(conn, "SAVEPOINT unit")?;
    let outcome = unit(Ok(conn));
    waiting.replies.push(outcome.reply);
    if outcome.keep {
        waiting.hooks.extend(outcome.hooks);
    } else if outcome.full && conn.is_autocommit() {
        // with no room left the database undoes the whole transaction: those before in the group are lost with it
        return Err(Error::disk_full());
    } else {
        prepared(conn, "ROLLBACK TO unit")?;
    }
    prepared(conn, "RELEASE unit")
}

fn finish(conn: &Connection, broken: Option<Error>) -> Result<()> {
    let commit = match broken {
        None => prepared(conn, "COMMIT"),
        Some(e) => Err(e),
    };
    if commit.is_err() && !conn.is_autocommit() {
        conn.execute_batch("ROLLBACK").map_err(refusal)?;
    }
    commit
}

fn prepared(conn: &Connection, sql: &str) -> Result<()> {
    conn.prepare_cached(sql).and_then(|mut s| s.execute([])).map(drop).map_err(refusal)
}
