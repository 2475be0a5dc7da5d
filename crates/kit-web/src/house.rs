//! What every handler and job can reach.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use kit_base::{Clock, Ids, Millis, Result};
use kit_db::{Db, Schema, Sql, Tx};
use kit_files::Files;

use crate::cx::Actor;
use crate::fair::Fair;
use crate::guard::{Guard, GuardSettings};
use crate::route::Route;

/// A permission and the roles that have it; declared by the room that checks it.
#[derive(Debug, Clone, Copy)]
pub struct Permission {
    /// `room.verb`
    pub code: &'static str,
    /// Chinese
    pub name: &'static str,
    pub roles: &'static [&'static str],
}

/// What a room brings to the house.
pub struct Room {
    pub name: &'static str,
    pub schema: Schema,
    /// One list a store file.
    pub statements: &'static [&'static [(&'static str, Sql)]],
    pub permissions: &'static [Permission],
    pub routes: fn() -> Vec<Route>,
    pub jobs: &'static [kit_jobs::Kind<House>],
}

/// Tells who is behind a session token or key; the accounts room answers.
pub trait Gate: Send + Sync {
    /// The person behind a token, or `None` where it is unknown, ended or expired.
    fn identify(&self, tx: &mut Tx, token: &str, now: Millis) -> Result<Option<Actor>>;

    /// Whether someone identified earlier still stands: for answers that go on for long.
    fn stands(&self, _tx: &mut Tx, _who: &Actor, _now: Millis) -> Result<bool> {
        Ok(true)
    }

    /// Called after someone was identified, outside of any transaction: the moment to note that they were seen. Must
    /// not wait.
    fn seen(&self, _house: &Arc<House>, _who: &Actor) {}
}

/// The running house. A copy shares everything with the first: a job that needs an `Arc` of its own makes one.
#[derive(Clone)]
pub struct House {
    pub db: Db,
    pub clock: Clock,
    pub ids: Ids,
    pub files: Files,
    pub gate: Arc<dyn Gate>,
    /// Where the public reaches this server, without a slash at the end; goes into every QR code.
    pub public_url: String,
    /// No demo accounts, secure cookies.
    pub production: bool,
    /// The server speaks TLS itself.
    tls: Arc<AtomicBool>,
    /// The lines in which writes wait.
    pub fair: Arc<Fair>,
    /// Limits and trusted proxies.
    pub guard: Arc<Guard>,
    held: HashMap<TypeId, Arc<dyn Any + Send + Sync>>,
}

impl House {
    pub fn new(db: Db, clock: Clock, ids: Ids, files: Files, gate: Arc<dyn Gate>, public_url: &str) -> Self {
        let public_url = public_url.trim_end_matches('/').to_owned();
        Self {
            db,
            clock,
            ids,
            files,
            gate,
            public_url,
            production: false,
            tls: Arc::default(),
            fair: Arc::default(),
            guard: Arc::new(Guard::new(&GuardSettings::default())),
            held: HashMap::new(),
        }
    }

    /// Puts a room's own state into the house before it opens (a search index, the trace graph).
    pub fn hold<T: Send + Sync + 'static>(&mut self, state: Arc<T>) {
        self.held.insert(TypeId::of::<T>(), state);
    }

    /// From now on the server speaks TLS itself.
    pub fn speak_tls(&self) {
        self.tls.store(true, Ordering::Relaxed);
    }

    /// Browsers are told to come by https alone: cookies are for it only, and it is remembered.
    pub fn https_only(&self) -> bool {
        self.production || self.tls.load(Ordering::Relaxed)
    }

    /// A room's own state.
    ///
    /// # Panics
    /// Where the house was opened without it: a fault of wiring that every test would show.
    pub fn held<T: Send + Sync + 'static>(&self) -> Arc<T> {
        let state = self.held.get(&TypeId::of::<T>()).cloned().and_then(|s| s.downcast().ok());
        state.unwrap_or_else(|| panic!("{} is not in the house", std::any::type_name::<T>()))
    }

    /// [`House::held`] where the house may be without it.
    pub fn try_held<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.held.get(&TypeId::of::<T>()).cloned().and_then(|s| s.downcast().ok())
    }
}
