//! Passwords: hashed with argon2id, a few at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Argon2, Params};
use kit_base::{Error, Ids, Kind, Result};
use tokio::sync::Semaphore;

/// How much work a password hash is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// argon2id with 19 MiB and 2 passes (OWASP Password Storage, 2024): about 20 ms.
    Full,
    /// For tests of everything else. Never in production.
    Quick,
}

/// Hashes and checks passwords, a few at a time and never on the threads that serve requests.
pub struct Passwords {
    params: Params,
    slots: Arc<Semaphore>,
    waiting: AtomicUsize,
    /// Hashes that were compared, for a test: an unknown name costs what a known one does.
    compared: AtomicUsize,
    /// Of nobody's password, so that an unknown name takes as long as a known one.
    nobody: String,
}

/// Sign-ins that may wait for a free slot; more are asked to come back.
const WAITING: usize = 64;

impl Passwords {
    /// `slots`: how many are hashed at the same time; each takes 19 MiB at full cost.
    ///
    /// Errors: `internal`, where the library refuses its own parameters.
    pub fn new(cost: Cost, slots: usize) -> Result<Self> {
        let (memory, passes) = match cost {
            Cost::Full => (19 * 1024, 2),
            Cost::Quick => (8, 1),
        };
        let params = Params::new(memory, passes, 1, None).map_err(Error::internal)?;
        let nobody = hash(&params, "", [7; 16])?;
        Ok(Self {
            params,
            slots: Arc::new(Semaphore::new(slots.max(1))),
            waiting: AtomicUsize::new(0),
            compared: AtomicUsize::new(0),
            nobody,
        })
    }

    /// The PHC text of a new password. Takes long: not inside a write transaction.
    pub async fn hash(&self, password: String, ids: &Ids) -> Result<String> {
        let (params, salt) = (self.params.clone(), ids.bytes::<16>());
        self.work(move || hash(&params, &password, salt)).await
    }

    /// [`Passwords::hash`] for commands on threads of their own.
    pub fn hash_blocking(&self, password: &str, ids: &Ids) -> Result<String> {
        hash(&self.params, password, ids.bytes::<16>())
    }

    /// Whether a password is the right one; without a known hash the same work is done for nothing.
    pub async fn check(&self, password: String, known: Option<String>) -> Result<bool> {
        self.compared.fetch_add(1, Ordering::Relaxed);
        let (expected, real) = known.map_or_else(|| (self.nobody.clone(), false), |hash| (hash, true));
        let good = self
            .work(move || match Argon2::default().verify_password(password.as_bytes(), expected.as_str()) {
                Ok(()) => Ok(true),
                Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
                Err(e) => Err(Error::internal(format!("stored password hash: {e}"))),
            })
            .await?;
        Ok(good && real)
    }

    /// How many hashes were compared so far.
    pub fn compared(&self) -> usize {
        self.compared.load(Ordering::Relaxed)
    }

    async fn work<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T> + Send + 'static,
    {
        let _place = Place::take(&self.waiting)?;
        let slot = self.slots.clone().acquire_owned().await.map_err(Error::internal)?;
        // the slot goes with the work: a caller who leaves does not free it early
        let done = tokio::task::spawn_blocking(move || (f(), slot)).await.map_err(Error::internal)?;
        done.0
    }
}

/// A place in the queue, given back however the wait ends.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize) -> Result<Self> {
        let place = Self(waiting);
        if waiting.fetch_add(1, Ordering::SeqCst) >= WAITING {
            return Err(
                Error::new(Kind::Unavailable, "sign_in_busy", "登录的人太多，请稍后再试").retry_after(2)
            );
        }
        Ok(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn hash(params: &Params, password: &str, salt: [u8; 16]) -> Result<String> {
    let argon = Argon2::from(params);
    let phc = argon.hash_password_with_salt(password.as_bytes(), &salt).map_err(Error::internal)?;
    Ok(phc.to_string())
}
