//! Passwords, sealed secrets, tokens and the second factor.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Argon2, Params};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use kit_base::{Error, Ids, Kind, Millis, Result};
use parking_lot::RwLock;
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;
use totp_rs::{Builder, Secret, Totp};

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

/// A password for somebody's first sign-in: 16 characters that are not taken for one another, in four groups.
pub fn one_time_password(ids: &Ids) -> String {
    // 32 letters, so that each byte gives one without favour
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let letters: Vec<char> =
        ids.bytes::<16>().iter().map(|b| char::from(LETTERS[usize::from(b % 32)])).collect();
    letters.chunks(4).map(|c| c.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// How the keys of programs begin, so that they are known for what they are wherever they turn up.
pub const KEY_PREFIX: &str = "shk_";

/// The secret in a session cookie, 256 bits.
pub fn new_token(ids: &Ids) -> String {
    URL_SAFE_NO_PAD.encode(ids.bytes::<32>())
}

/// What is kept of a token.
pub fn token_hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// Where the sealing keys come from.
#[derive(Debug, Clone)]
pub enum KeyFrom {
    /// A file that is looked at again for each use: a key put on top of it counts at once, on every server.
    File(PathBuf),
    /// The text itself, out of the environment.
    Text(String),
}

/// Keys by their ids, the one that seals first.
struct Ring(Vec<(String, XChaCha20Poly1305)>);

impl Ring {
    /// One key a line, 64 hex digits, the newest first; `#` begins a remark.
    ///
    /// Errors: `key_file`.
    fn read(text: &str, place: &str) -> Result<Self> {
        let lines = text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'));
        let key = |line: &str| {
            let mut key = [0; 32];
            hex::decode_to_slice(line, &mut key).map_err(|_| {
                let text = format!("密钥（{place}）每行应为 64 位十六进制数字，最新的在第一行");
                Error::new(Kind::Internal, "key_file", text)
            })?;
            Ok(Self::named(&key))
        };
        let keys: Vec<_> = lines.map(key).collect::<Result<_>>()?;
        if keys.is_empty() {
            return Err(Error::new(Kind::Internal, "key_file", format!("{place} 中没有密钥")));
        }
        Ok(Self(keys))
    }

    /// A key's id is the beginning of its hash: the same on every server, and nothing to keep in step.
    fn named(key: &[u8; 32]) -> (String, XChaCha20Poly1305) {
        (hex::encode(&Sha256::digest(key)[..4]), XChaCha20Poly1305::new(key.into()))
    }
}

/// Seals small secrets that must be read again (the second factor): XChaCha20-Poly1305, bound to their user. Keys are
/// changed without a restart: a new one is put on the first line, the old ones stay below until nothing is sealed with
/// them any more; what is used is sealed anew with the first.
pub struct Vault {
    file: Option<PathBuf>,
    ring: RwLock<(Option<SystemTime>, Arc<Ring>)>,
}

impl Vault {
    pub fn new(key: &[u8; 32]) -> Self {
        Self { file: None, ring: RwLock::new((None, Arc::new(Ring(vec![Ring::named(key)])))) }
    }

    /// Reads the keys; with `make`, a file that is missing is made, readable by its owner alone.
    ///
    /// Errors: `key_file` where it is there but holds no such keys; `key_missing` where it is not there.
    pub fn open(from: &KeyFrom, make: bool, ids: &Ids) -> Result<Self> {
        let path = match from {
            KeyFrom::Text(text) => {
                let ring = Arc::new(Ring::read(text, "环境变量")?);
                return Ok(Self { file: None, ring: RwLock::new((None, ring)) });
            }
            KeyFrom::File(path) => path,
        };
        if !path.try_exists()? {
            if !make {
                let text = format!("没有密钥文件 {}，请用 shian secrets make 生成", path.display());
                return Err(Error::new(Kind::Internal, "key_missing", text));
            }
            write_private(path, &hex::encode(ids.bytes::<32>()))?;
        }
        let ring = Ring::read(&std::fs::read_to_string(path)?, &path.display().to_string())?;
        Ok(Self { file: Some(path.clone()), ring: RwLock::new((changed(path)?, Arc::new(ring))) })
    }

    /// Puts a new key on top of a key file, or makes the file. What the old keys sealed still opens.
    pub fn rotate(path: &Path, ids: &Ids) -> Result<usize> {
        let old = if path.try_exists()? { std::fs::read_to_string(path)? } else { String::new() };
        let text = format!("{}\n{old}", hex::encode(ids.bytes::<32>()));
        let keys = Ring::read(&text, &path.display().to_string())?.0.len();
        // whole or not at all: a server may be reading
        let fresh = path.with_extension("new");
        if fresh.try_exists()? {
            std::fs::remove_file(&fresh)?;
        }
        write_private(&fresh, &text)?;
        std::fs::rename(&fresh, path)?;
        Ok(keys)
    }

    /// The keys as the file has them now; those of before where it cannot be read for a moment.
    fn ring(&self) -> Arc<Ring> {
        let Some(path) = &self.file else { return self.ring.read().1.clone() };
        let now = changed(path).ok().flatten();
        {
            let known = self.ring.read();
            if now.is_none() || known.0 == now {
                return known.1.clone();
            }
        }
        let read = std::fs::read_to_string(path).map_err(Error::from);
        match read.and_then(|text| Ring::read(&text, &path.display().to_string())) {
            Ok(ring) => {
                let ring = Arc::new(ring);
                *self.ring.write() = (now, ring.clone());
                ring
            }
            Err(e) => {
                tracing::error!(error = %e, "the key file is broken, the keys of before stay");
                self.ring.read().1.clone()
            }
        }
    }

    pub fn seal(&self, user: &str, secret: &[u8], ids: &Ids) -> Result<String> {
        let nonce: [u8; 24] = ids.bytes();
        let payload = Payload { msg: secret, aad: user.as_bytes() };
        let ring = self.ring();
        let (id, key) = &ring.0[0];
        let sealed = key.encrypt(&XNonce::from(nonce), payload).map_err(Error::internal)?;
        Ok(format!("{id}.{}{}", hex::encode(nonce), hex::encode(sealed)))
    }

    /// Whether a text was sealed with another key than the first.
    pub fn stale(&self, text: &str) -> bool {
        text.split_once('.').is_none_or(|(id, _)| id != self.ring().0[0].0)
    }

    /// Errors: `internal` where the key is another or the text was changed.
    pub fn unseal(&self, user: &str, text: &str) -> Result<Vec<u8>> {
        // texts of before there were ids are tried with every key
        let (id, text) = text.split_once('.').map_or((None, text), |(id, text)| (Some(id), text));
        let bytes = hex::decode(text).map_err(Error::internal)?;
        let (nonce, sealed) =
            bytes.split_first_chunk::<24>().ok_or_else(|| Error::internal("sealed secret is too short"))?;
        let ring = self.ring();
        let fitting = ring.0.iter().filter(|(own, _)| id.is_none_or(|id| id == own));
        let mut opened = fitting.filter_map(|(_, key)| {
            key.decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: user.as_bytes() }).ok()
        });
        opened.next().ok_or_else(|| Error::internal(format!("sealed secret of user {user} does not open")))
    }
}

fn changed(path: &Path) -> Result<Option<SystemTime>> {
    Ok(std::fs::metadata(path)?.modified().ok())
}

#[cfg(unix)]
fn write_private(path: &Path, text: &str) -> Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    Ok(file.sync_all()?)
}

#[cfg(not(unix))]
fn write_private(path: &Path, text: &str) -> Result<()> {
    Ok(std::fs::write(path, text)?)
}

/// A code of six digits that changes every 30 seconds (RFC 6238, SHA-1, the only form every app knows); the step before
/// and after are taken too.
fn totp(secret: &[u8]) -> Result<Totp> {
    let builder = Builder::new().with_secret(Secret::from(secret));
    builder.build().map_err(Error::internal)
}

/// The time step a code stands for, where it is a right one and of a later step than `last`.
pub fn check_code(secret: &[u8], code: &str, last: Option<i64>, now: Millis) -> Result<Option<i64>> {
    let step = totp(secret)?.check(code.trim(), u64::try_from(now / 1000).unwrap_or(0));
    Ok(step.and_then(|s| i64::try_from(s).ok()).filter(|s| last.is_none_or(|last| *s > last)))
}

/// The code of a moment; what an authenticator app shows.
pub fn code_at(secret: &[u8], now: Millis) -> Result<String> {
    Ok(totp(secret)?.generate(u64::try_from(now / 1000).unwrap_or(0)).to_string())
}

/// The text of the secret for typing, the `otpauth:` address, and that as a QR code in an SVG `data:` address.
pub fn enrolment(secret: &[u8], name: &str) -> Result<(String, String, String)> {
    let text = Secret::from(secret).to_base32();
    // sign-in names need no escaping; the issuer is 食安
    let issuer = "%E9%A3%9F%E5%AE%89";
    let url = format!("otpauth://totp/{issuer}:{name}?secret={text}&issuer={issuer}");
    let qr = qr_svg(&url)?;
    Ok((text, url, qr))
}

fn qr_svg(text: &str) -> Result<String> {
    use std::fmt::Write as _;
    let code = fast_qr::QRBuilder::new(text).build().map_err(Error::internal)?;
    let side = code.size + 8;
    let mut path = String::new();
    for (i, _) in code.data[..code.size * code.size].iter().enumerate().filter(|(_, m)| m.value()) {
        // writing to a String cannot fail
        let _ = write!(path, "M{} {}h1v1h-1z", i % code.size + 4, i / code.size + 4);
    }
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {side} {side}' shape-rendering='crispEdges'>\
         <path fill='#fff' d='M0 0h{side}v{side}H0z'/><path d='{path}'/></svg>"
    );
    let body = base64::engine::general_purpose::STANDARD.encode(svg);
    Ok(format!("data:image/svg+xml;base64,{body}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_secret_opens_for_its_user_alone() {
        let ids = Ids::seeded(1);
        let vault = Vault::new(&[9; 32]);
        let sealed = vault.seal("u1", b"secret", &ids).unwrap();
        assert_eq!(vault.unseal("u1", &sealed).unwrap(), b"secret");
        assert!(vault.unseal("u2", &sealed).is_err());
        assert!(Vault::new(&[8; 32]).unseal("u1", &sealed).is_err());
        assert!(vault.unseal("u1", "00").is_err());
    }

    #[test]
    fn the_key_file_is_made_once_and_private() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        let open = |seed| Vault::open(&KeyFrom::File(path.clone()), true, &Ids::seeded(seed));
        assert_eq!(
            Vault::open(&KeyFrom::File(path.clone()), false, &Ids::seeded(1)).err().unwrap().code,
            "key_missing"
        );
        let sealed = open(1).unwrap().seal("u", b"x", &Ids::seeded(2)).unwrap();
        assert_eq!(open(3).unwrap().unseal("u", &sealed).unwrap(), b"x");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        std::fs::write(&path, "short").unwrap();
        assert_eq!(open(1).err().unwrap().code, "key_file");
    }

    #[test]
    fn a_new_key_counts_at_once_and_the_old_ones_still_open() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        let ids = Ids::seeded(4);
        let vault = Vault::open(&KeyFrom::File(path.clone()), true, &ids).unwrap();
        let old = vault.seal("u", b"secret", &ids).unwrap();
        assert!(!vault.stale(&old));
        assert_eq!(Vault::rotate(&path, &ids).unwrap(), 2);
        // times of files may be coarse: the test says that it is later
        let later = std::fs::metadata(&path).unwrap().modified().unwrap() + std::time::Duration::from_secs(2);
        std::fs::File::options().append(true).open(&path).unwrap().set_modified(later).unwrap();
        assert!(vault.stale(&old), "the running server took the new key");
        assert_eq!(vault.unseal("u", &old).unwrap(), b"secret");
        let new = vault.seal("u", b"secret", &ids).unwrap();
        assert!(!vault.stale(&new) && new.split('.').next() != old.split('.').next());
        // without the old key, what it sealed is lost and says so; texts without an id are tried with every key
        let first = std::fs::read_to_string(&path).unwrap().lines().next().unwrap().to_owned();
        let only = Vault::open(&KeyFrom::Text(first), false, &ids).unwrap();
        assert!(only.unseal("u", &old).is_err());
        assert_eq!(only.unseal("u", new.split_once('.').unwrap().1).unwrap(), b"secret");
        // a broken file leaves the keys of before
        std::fs::write(&path, "broken").unwrap();
        assert_eq!(vault.unseal("u", &new).unwrap(), b"secret");
    }

    /// RFC 6238 appendix B, SHA-1, the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_standard_and_count_once() {
        let secret = b"12345678901234567890";
        for (second, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924")] {
            let now = second * 1000;
            assert_eq!(code_at(secret, now).unwrap(), code);
            let step = check_code(secret, code, None, now).unwrap();
            assert_eq!(step, Some(second / 30));
            assert_eq!(check_code(secret, code, step, now).unwrap(), None, "the same code again");
            assert_eq!(check_code(secret, code, None, now + 90_000).unwrap(), None, "too old");
            assert_eq!(check_code(secret, "abc", None, now).unwrap(), None);
        }
        let (text, url, qr) = enrolment(secret, "liming").unwrap();
        assert_eq!(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert!(url.contains(&text) && qr.starts_with("data:image/svg+xml;base64,"));
    }

    #[test]
    fn one_time_passwords_pass_the_rule_themselves() {
        let ids = Ids::seeded(3);
        for _ in 0..100 {
            let password = one_time_password(&ids);
            assert_eq!(password.len(), 19);
            crate::rules::password_strength("abc", "李明", &password).unwrap();
        }
    }
}
