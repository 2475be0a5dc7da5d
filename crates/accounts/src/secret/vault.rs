//! Small secrets that must be read again, sealed.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use kit_base::{Error, Ids, Kind, Result};
use parking_lot::RwLock;
use sha2::{Digest as _, Sha256};

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
