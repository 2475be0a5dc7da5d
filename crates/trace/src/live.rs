//! The trace graph of the running house: fed after each commit in event order, caught up from the database where other
//! servers wrote, loaded from a snapshot or rebuilt at start.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use kit_base::{Error, Result};
use kit_db::{Db, Tx};
use parking_lot::{Mutex, RwLock, RwLockReadGuard};

use crate::graph::{Event, Graph};
use crate::model::{EventNo, LotNo};
use crate::store::corrections;
use crate::store::events::{self, Link};

/// Events that may wait for an earlier one before they are dropped and read from the database later.
const WAITING: usize = 100_000;

/// The shared graph.
pub struct LiveGraph {
    graph: RwLock<Graph>,
    /// Committed events whose predecessors have not arrived yet.
    waiting: Mutex<BTreeMap<EventNo, Link>>,
    snapshot: Option<PathBuf>,
    /// When the last declaration that is in the graph was made.
    wrong_until: AtomicI64,
}

impl LiveGraph {
    /// Loads the snapshot where there is a good one, and catches up with the database; rebuilds otherwise.
    pub fn open(db: &Db, snapshot: Option<PathBuf>) -> Result<Arc<Self>> {
        let loaded = snapshot.as_deref().filter(|p| p.exists()).map(Graph::load);
        let graph = match loaded {
            Some(Ok(graph)) => graph,
            Some(Err(e)) => {
                tracing::warn!(error = %e, "snapshot of the trace graph set aside, rebuilding");
                Graph::new()
            }
            None => Graph::new(),
        };
        let live = Self {
            graph: RwLock::new(graph),
            waiting: Mutex::default(),
            snapshot,
            wrong_until: AtomicI64::new(0),
        };
        if let Err(e) = db.read_blocking(|tx| live.fit(tx)) {
            tracing::warn!(error = %e, "trace graph did not fit the database, rebuilding");
            *live.graph.write() = Graph::new();
            db.read_blocking(|tx| live.fit(tx))?;
        }
        Ok(Arc::new(live))
    }

    /// Catches up, and checks that the two then agree: a snapshot may be of another database.
    fn fit(&self, tx: &mut Tx) -> Result<()> {
        self.catch_up(tx)?;
        self.learn_wrong(tx, &mut self.graph.write())?;
        let (event, lot) = events::numbers(tx)?;
        let graph = self.graph.read();
        if graph.last_event() as EventNo == event && i64::from(graph.lots()) == lot {
            return Ok(());
        }
        Err(Error::internal("trace graph is not of this database"))
    }

    /// Reads what the database has beyond the graph. Cheap when there is nothing. The graph may be ahead of the
    /// snapshot that `tx` reads: what was committed since has been fed already.
    ///
    /// Errors: those of the graph.
    pub fn catch_up(&self, tx: &mut Tx) -> Result<()> {
        let (event, _) = events::numbers(tx)?;
        if self.last_event() >= event {
            return Ok(());
        }
        let mut graph = self.graph.write();
        let from = graph.last_event() as EventNo;
        events::links_after(tx, from, event, &mut |link| append(&mut graph, &link))?;
        self.learn_wrong(tx, &mut graph)
    }

    /// Marks what was declared wrong since the last look; a minute is read twice, clocks of servers differ.
    fn learn_wrong(&self, tx: &mut Tx, graph: &mut Graph) -> Result<()> {
        let since = self.wrong_until.load(Ordering::Relaxed) - 60_000;
        for (at, first, lots) in corrections::wrong_since(tx, since)? {
            mark(graph, first, lots);
            self.wrong_until.fetch_max(at, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Marks the lots of an event that was declared wrong here.
    pub fn declared_wrong(&self, first: LotNo, lots: i64) {
        mark(&mut self.graph.write(), first, lots);
    }

    fn last_event(&self) -> EventNo {
        self.graph.read().last_event() as EventNo
    }

    /// Takes a committed event. One that comes before its predecessor waits.
    pub fn feed(&self, link: Link) {
        let mut waiting = self.waiting.lock();
        waiting.insert(link.0, link);
        let mut graph = self.graph.write();
        while let Some(first) = waiting.first_entry() {
            let next = graph.last_event() as EventNo + 1;
            if *first.key() > next {
                break;
            }
            let link = first.remove();
            if link.0 == next
                && let Err(e) = append(&mut graph, &link)
            {
                tracing::error!(error = %e, event = link.0, "trace graph refused an event");
            }
        }
        // a predecessor written by another server is read with catch_up
        if waiting.len() > WAITING {
            waiting.clear();
        }
    }

    /// [`LiveGraph::feed`] for a batch.
    pub fn feed_all(&self, links: Vec<Link>) {
        links.into_iter().for_each(|link| self.feed(link));
    }

    /// The graph, for as long as a walk takes.
    pub fn read(&self) -> RwLockReadGuard<'_, Graph> {
        self.graph.read()
    }

    /// Writes the snapshot, where one is kept.
    pub fn save(&self) -> Result<()> {
        match &self.snapshot {
            Some(path) => self.graph.read().save(path),
            None => Ok(()),
        }
    }
}

/// Numbers that the graph has not are of no meaning to it.
fn mark(graph: &mut Graph, first: LotNo, lots: i64) {
    if let (Ok(first), Ok(lots)) = (u32::try_from(first), u32::try_from(lots)) {
        graph.declare_wrong(first, lots);
    }
}

fn append(graph: &mut Graph, (no, first, lots, inputs): &Link) -> Result<()> {
    let dense =
        |n: i64| u32::try_from(n).map_err(|_| Error::internal(format!("lot {n} does not fit the graph")));
    let inputs: Vec<u32> = inputs.iter().map(|lot| dense(*lot)).collect::<Result<_>>()?;
    graph.append(&Event { no: *no as u64, first_lot: dense(*first)?, lots: dense(*lots)?, inputs: &inputs })
}
