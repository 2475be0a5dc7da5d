//! Queue and schedule inside the database.
//!
//! A job is enqueued in the transaction that caused it, takes an id or nothing, and may run twice: a process that dies
//! leaves it `running`, and the next start puts it back. Progress is written at most twice a second.

mod store;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kit_base::{Clock, Error, Ids, Kind as ErrorKind, Millis, Result};
use kit_db::{Db, Schema, Tx};
use parking_lot::Mutex;
use serde::Serialize;

pub use store::STATEMENTS;

pub const SCHEMA: Schema = Schema {
    room: "kit-jobs",
    files: &[
        ("0001_jobs", include_str!("../migrations/0001_jobs.sql")),
        ("0002_error_place", include_str!("../migrations/0002_error_place.sql")),
    ],
};

/// A failed job is tried again this often when its failure is [`ErrorKind::Unavailable`].
const ATTEMPTS: i64 = 5;

/// A kind of work. `C` is the house it runs in.
pub struct Kind<C> {
    /// `room.verb`
    pub name: &'static str,
    /// Does the work. Must be idempotent; the answer is JSON for whoever waits.
    pub run: fn(&C, &Running) -> Result<String>,
}

/// What is to be done.
#[derive(Debug, Clone)]
pub struct NewJob<'a> {
    pub kind: &'static str,
    pub input: &'a str,
    /// Chinese; shown to the owner.
    pub title: &'a str,
    pub owner: &'a str,
    pub due_at: Millis,
}

/// A job as people see it.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Job {
    pub id: String,
    pub kind: String,
    #[serde(skip)]
    pub input: String,
    pub title: String,
    #[serde(skip)]
    pub owner: String,
    /// queued, running, done, failed, cancelled
    pub state: String,
    pub attempts: i64,
    pub done: i64,
    pub total: Option<i64>,
    pub note: String,
    /// JSON text, its shape depends on the kind.
    pub result: Option<String>,
    pub error: Option<String>,
    /// Code of the last failure; empty where there was none.
    pub error_code: String,
    /// Where in the input it was: `line 3`, `relations/7`; empty where it has no place.
    pub error_place: String,
    pub created_at: Millis,
    pub updated_at: Millis,
}

/// Puts a job in the queue, inside the transaction that caused it; answers its id.
pub fn enqueue(tx: &mut Tx, ids: &Ids, now: Millis, job: &NewJob) -> Result<String> {
    let id = ids.next(now);
    store::insert(tx, &id, now, job)?;
    Ok(id)
}

/// Makes sure that a duty of the house comes round again: queues it for `due_at` unless it waits already.
pub fn ensure(
    tx: &mut Tx,
    ids: &Ids,
    now: Millis,
    kind: &'static str,
    title: &str,
    due_at: Millis,
) -> Result<()> {
    if store::waiting(tx, kind)? {
        return Ok(());
    }
    enqueue(tx, ids, now, &NewJob { kind, input: "", title, owner: "", due_at }).map(drop)
}

/// Imports that began and have not ended, the oldest first, at most 50: at a start, what the last server was stopped in.
pub fn imports_begun(tx: &mut Tx) -> Result<Vec<Job>> {
    store::imports_begun(tx)
}

/// Forgets jobs that ended before a time.
pub fn sweep(tx: &mut Tx, before: Millis) -> Result<u64> {
    store::sweep(tx, before)
}

/// How many jobs there are in each state, for the metrics.
pub fn states(tx: &mut Tx) -> Result<Vec<(String, i64)>> {
    store::states(tx)
}

/// One job of an owner; `None` where it is not theirs.
pub fn find(tx: &mut Tx, owner: &str, id: &str) -> Result<Option<Job>> {
    Ok(store::by_id(tx, id)?.filter(|job| job.owner == owner))
}

/// The owner's latest jobs, newest first.
pub fn of_owner(tx: &mut Tx, owner: &str, limit: i64) -> Result<Vec<Job>> {
    store::of_owner(tx, owner, limit)
}

/// Asks a job to stop; a running one stops at its next progress report. Answers whether there was one to stop.
pub fn cancel(tx: &mut Tx, owner: &str, id: &str, now: Millis) -> Result<bool> {
    store::cancel(tx, owner, id, now)
}

/// A job while it runs.
pub struct Running {
    pub id: String,
    pub input: String,
    pub owner: String,
    db: Db,
    clock: Clock,
    last: Mutex<Millis>,
    stop: Arc<AtomicBool>,
}

impl Running {
    /// Reports how far it is; keeps the database out of it except twice a second.
    ///
    /// Errors: `job_cancelled` when its owner or the end of the process stopped it.
    pub fn progress(&self, done: u64, total: Option<u64>, note: &str) -> Result<()> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(Error::new(
                ErrorKind::Unavailable,
                "job_interrupted",
                "系统正在停止，任务将在重启后继续",
            ));
        }
        let now = self.clock.now();
        {
            let mut last = self.last.lock();
            if now - *last < 500 && total != Some(done) {
                return Ok(());
            }
            *last = now;
        }
        let (id, note) = (self.id.clone(), note.to_owned());
        let signed = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let (done, total) = (signed(done), total.map(signed));
        let goes_on = self.db.write_blocking(move |tx| store::progress(tx, &id, done, total, &note, now))?;
        if goes_on { Ok(()) } else { Err(Error::conflict("job_cancelled", "任务已取消")) }
    }
}

/// Runs queued jobs on threads of its own until stopped.
pub struct Worker {
    stop: Arc<AtomicBool>,
    threads: Vec<std::thread::JoinHandle<()>>,
}

impl Worker {
    /// Puts back what a dead process left running, then starts `threads` workers.
    pub fn start<C: Send + Sync + 'static>(
        house: Arc<C>,
        kinds: Vec<&'static Kind<C>>,
        db: Db,
        clock: Clock,
        threads: usize,
    ) -> Result<Self> {
        let now = clock.now();
        db.write_blocking(move |tx| store::put_back(tx, now))?;
        let stop = Arc::new(AtomicBool::new(false));
        let kinds = Arc::new(kinds);
        let threads = (0..threads)
            .map(|i| {
                let (house, kinds, db, clock, stop) =
                    (house.clone(), kinds.clone(), db.clone(), clock.clone(), stop.clone());
                std::thread::Builder::new().name(format!("job-{i}")).spawn(move || {
                    while !stop.load(Ordering::Relaxed) {
                        match run_next(&*house, &kinds, &db, &clock, &stop) {
                            Ok(true) => {}
                            Ok(false) => std::thread::park_timeout(Duration::from_millis(200)),
                            Err(e) => {
                                tracing::error!(error = %e, "job queue failed");
                                std::thread::park_timeout(Duration::from_secs(2));
                            }
                        }
                    }
                })
            })
            .collect::<std::io::Result<Vec<_>>>()?;
        Ok(Self { stop, threads })
    }

    /// Stops after the current steps; running jobs are put back at the next start.
    pub fn stop(self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads {
            thread.thread().unpark();
            if thread.join().is_err() {
                tracing::error!("a job thread panicked");
            }
        }
    }
}

/// Runs every job that is due, one after the other, on this thread; for tests and commands. Answers how many ran.
pub fn run_due<C>(house: &C, kinds: &[&'static Kind<C>], db: &Db, clock: &Clock) -> Result<usize> {
    let stop = Arc::new(AtomicBool::new(false));
    let mut n = 0;
    while run_next(house, kinds, db, clock, &stop)? {
        n += 1;
    }
    Ok(n)
}

fn run_next<C>(
    house: &C,
    kinds: &[&'static Kind<C>],
    db: &Db,
    clock: &Clock,
    stop: &Arc<AtomicBool>,
) -> Result<bool> {
    let now = clock.now();
    let due = db.read_blocking(|tx| store::next_due(tx, now))?;
    let Some(id) = due else { return Ok(false) };
    let Some(job) = db.write_blocking(move |tx| store::claim(tx, &id, now))? else { return Ok(true) };
    let running = Running {
        id: job.id.clone(),
        input: job.input,
        owner: job.owner,
        db: db.clone(),
        clock: clock.clone(),
        last: Mutex::new(0),
        stop: stop.clone(),
    };
    let done = match kinds.iter().find(|k| k.name == job.kind) {
        Some(kind) => std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| (kind.run)(house, &running)))
            .unwrap_or_else(|_| Err(Error::internal(format!("job {} panicked", job.kind)))),
        None => Err(Error::internal(format!("no such job kind: {}", job.kind))),
    };
    let now = clock.now();
    let id = job.id;
    match done {
        Ok(result) => db.write_blocking(move |tx| store::finish(tx, &id, &result, now))?,
        Err(e) => {
            if e.kind == ErrorKind::Internal {
                tracing::error!(job = %id, error = %e, "job failed");
            }
            let again = e.kind == ErrorKind::Unavailable && job.attempts < ATTEMPTS;
            let later = if again { Some(now + 1_000 * (1 << job.attempts.clamp(0, 10))) } else { None };
            db.write_blocking(move |tx| store::fail(tx, &id, &e, later, now))?;
        }
    }
    Ok(true)
}
