//! Whose turn it is to write an upload. A line that broke is often noticed by the sender first: it comes back while the server
//! still waits for the old connection. So the newest asker has the turn, and the one before ends as soon as it hears of it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use kit_base::{Error, Kind, Result};
use parking_lot::Mutex;
use tokio::sync::{OwnedMutexGuard, watch};

/// Transfers that one person may have under way.
const OWN: usize = 8;
/// How long the one before has to settle what it wrote.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Default)]
pub struct Turns(Mutex<HashMap<String, Arc<Slot>>>);

struct Slot {
    owner: String,
    /// The newest ticket.
    newest: watch::Sender<u64>,
    lock: Arc<tokio::sync::Mutex<()>>,
}

/// The right to write an upload, until it is dropped.
pub struct Turn {
    turns: Arc<Turns>,
    id: String,
    slot: Arc<Slot>,
    ticket: u64,
    heard: watch::Receiver<u64>,
    guard: Option<OwnedMutexGuard<()>>,
}

impl Turns {
    /// Takes the turn, asking whoever has it to end.
    ///
    /// Errors: `uploads_at_once` where the person has too many transfers under way, `upload_busy`.
    pub async fn take(self: &Arc<Self>, id: &str, owner: &str) -> Result<Turn> {
        let slot = self.slot(id, owner)?;
        let mut ticket = 0;
        slot.newest.send_modify(|n| {
            *n += 1;
            ticket = *n;
        });
        let heard = slot.newest.subscribe();
        let lock = slot.lock.clone();
        let mut turn = Turn { turns: self.clone(), id: id.to_owned(), slot, ticket, heard, guard: None };
        let guard = tokio::time::timeout(PATIENCE, lock.lock_owned()).await.map_err(|_| {
            Error::new(Kind::Unavailable, "upload_busy", "该文件的上一次传输尚未结束，请稍后续传")
                .retry_after(2)
        })?;
        turn.guard = Some(guard);
        Ok(turn)
    }

    fn slot(&self, id: &str, owner: &str) -> Result<Arc<Slot>> {
        let mut slots = self.0.lock();
        if let Some(known) = slots.get(id) {
            return Ok(known.clone());
        }
        if slots.values().filter(|s| s.owner == owner).count() >= OWN {
            let text = format!("同时进行的上传不能超过 {OWN} 个，请等其中一个完成");
            return Err(Error::new(Kind::TooMany, "uploads_at_once", text).retry_after(5));
        }
        let slot = Slot { owner: owner.to_owned(), newest: watch::Sender::new(0), lock: Arc::default() };
        Ok(slots.entry(id.to_owned()).or_insert(Arc::new(slot)).clone())
    }

    /// Whether a transfer is under way.
    pub fn busy(&self, id: &str) -> bool {
        self.0.lock().contains_key(id)
    }
}

impl Turn {
    /// Waits until somebody newer wants the turn.
    pub async fn wanted(&mut self) {
        let ticket = self.ticket;
        // the sender lives in our own slot: there is always somebody to hear
        let _ = self.heard.wait_for(|newest| *newest > ticket).await;
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut slots = self.turns.0.lock();
        self.guard = None;
        // the map and this turn: nobody else waits
        if Arc::strong_count(&self.slot) == 2 {
            slots.remove(&self.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn the_newest_has_the_turn_and_nothing_is_left_behind() {
        let turns = Arc::new(Turns::default());
        let mut first = turns.take("a", "u").await.unwrap();
        assert!(first.wanted().now_or_never().is_none());
        let mut second = Box::pin(turns.take("a", "u"));
        assert!(second.as_mut().now_or_never().is_none(), "the first still writes");
        assert!(first.wanted().now_or_never().is_some(), "and is asked to end");
        drop(first);
        let second = second.await.unwrap();
        assert!(turns.busy("a"));
        drop(second);
        assert!(!turns.busy("a"));
    }

    #[tokio::test]
    async fn one_person_has_so_many_under_way() {
        let turns = Arc::new(Turns::default());
        let mut held = Vec::new();
        for n in 0..OWN {
            held.push(turns.take(&n.to_string(), "u").await.unwrap());
        }
        assert_eq!(turns.take("more", "u").await.err().unwrap().code, "uploads_at_once");
        assert!(turns.take("more", "v").await.is_ok());
        held.pop();
        assert!(turns.take("more", "u").await.is_ok());
    }
}
