//! Signed notes (C2SP signed-note) with Ed25519, and keys in the encodings that Go's `sumdb/note` reads.

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use kit_base::{Error, Result};
use sha2::{Digest as _, Sha256};

use crate::hash::{base64, from_base64};

/// The algorithm byte of Ed25519.
const ED25519: u8 = 1;
const PRIVATE: &str = "PRIVATE+KEY+";

/// The key that signs checkpoints. Its name is the origin of the log.
pub struct Key {
    name: String,
    key: SigningKey,
}

/// What anybody checks checkpoints with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    name: String,
    key: VerifyingKey,
}

impl Key {
    /// A key out of 32 random bytes.
    ///
    /// Errors: `ledger_origin` where the name is empty or has a space or a plus sign.
    pub fn new(name: &str, seed: &[u8; 32]) -> Result<Self> {
        check_name(name)?;
        Ok(Self { name: name.to_owned(), key: SigningKey::from_bytes(seed) })
    }

    /// `PRIVATE+KEY+name+id+base64`
    ///
    /// Errors: `ledger_key`.
    pub fn parse(text: &str) -> Result<Self> {
        let rest = text.trim().strip_prefix(PRIVATE).ok_or_else(wrong_key)?;
        let (name, id, bytes) = parts(rest)?;
        let key = Self::new(&name, &bytes)?;
        if key.public().id() != id {
            return Err(wrong_key());
        }
        Ok(key)
    }

    /// The secret as text: to be kept where only the server reads it.
    pub fn secret(&self) -> String {
        let public = self.public();
        let id = hex::encode(public.id());
        format!("{PRIVATE}{}+{id}+{}", self.name, base64(&tagged(self.key.as_bytes())))
    }

    pub fn public(&self) -> PublicKey {
        PublicKey { name: self.name.clone(), key: self.key.verifying_key() }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text with its signature below; the text must end with a line break.
    pub fn sign(&self, text: &str) -> String {
        let mut bytes = self.public().id().to_vec();
        bytes.extend(self.key.sign(text.as_bytes()).to_bytes());
        format!("{text}\n— {} {}\n", self.name, base64(&bytes))
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key({})", self.name)
    }
}

impl PublicKey {
    /// `name+id+base64`, as `shian ledger key` prints it.
    ///
    /// Errors: `ledger_key`.
    pub fn parse(text: &str) -> Result<Self> {
        let (name, id, bytes) = parts(text.trim())?;
        check_name(&name)?;
        let key = Self { name, key: VerifyingKey::from_bytes(&bytes).map_err(|_| wrong_key())? };
        if key.id() != id {
            return Err(wrong_key());
        }
        Ok(key)
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// First four bytes of the SHA-256 of name and key.
    fn id(&self) -> [u8; 4] {
        let hash = Sha256::new()
            .chain_update(&self.name)
            .chain_update("\n")
            .chain_update(tagged(self.key.as_bytes()))
            .finalize();
        [hash[0], hash[1], hash[2], hash[3]]
    }

    /// The text of a note that this key signed; other signatures are passed over.
    ///
    /// Errors: `note_form`, `note_unsigned`, `note_signature`.
    pub fn open<'n>(&self, note: &'n str) -> Result<&'n str> {
        let form = || Error::invalid("", "note_form", "不是签名文本：应以空行和签名行结尾");
        let at = note.rfind("\n\n").ok_or_else(form)?;
        let (text, signatures) = (&note[..=at], &note[at + 2..]);
        if signatures.is_empty() || !signatures.ends_with('\n') {
            return Err(form());
        }
        for line in signatures.lines() {
            let (name, value) =
                line.strip_prefix("— ").and_then(|rest| rest.split_once(' ')).ok_or_else(form)?;
            let bytes = from_base64(value).map_err(|_| form())?;
            let (id, signature) = bytes.split_first_chunk::<4>().ok_or_else(form)?;
            if name != self.name || *id != self.id() {
                continue;
            }
            let wrong = || Error::conflict("note_signature", "签名与内容不符");
            let signature = Signature::from_slice(signature).map_err(|_| wrong())?;
            self.key.verify_strict(text.as_bytes(), &signature).map_err(|_| wrong())?;
            return Ok(text);
        }
        Err(Error::conflict("note_unsigned", format!("没有 {} 的签名", self.name)))
    }
}

/// The public key as text, for `--key` and for Go's `note.NewVerifier`.
impl std::fmt::Display for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}+{}+{}", self.name, hex::encode(self.id()), base64(&tagged(self.key.as_bytes())))
    }
}

fn tagged(key: &[u8; 32]) -> [u8; 33] {
    let mut bytes = [ED25519; 33];
    bytes[1..].copy_from_slice(key);
    bytes
}

/// Name, id and 32 bytes of `name+id+base64`.
fn parts(text: &str) -> Result<(String, [u8; 4], [u8; 32])> {
    let (name, rest) = text.split_once('+').ok_or_else(wrong_key)?;
    let (id, bytes) = rest.split_once('+').ok_or_else(wrong_key)?;
    let mut read = [0; 4];
    hex::decode_to_slice(id, &mut read).map_err(|_| wrong_key())?;
    let bytes = from_base64(bytes).map_err(|_| wrong_key())?;
    match bytes.split_first() {
        Some((&ED25519, key)) => Ok((name.to_owned(), read, key.try_into().map_err(|_| wrong_key())?)),
        _ => Err(wrong_key()),
    }
}

fn wrong_key() -> Error {
    Error::invalid("ledger_key", "ledger_key", "账本密钥格式不正确，应为“名称+8 位十六进制+base64”")
}

fn check_name(name: &str) -> Result<()> {
    if name.is_empty() || name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+') {
        let text = "账本名称不能为空，不能含空格和加号，例如 shian.example.gov.cn/ledger";
        return Err(Error::invalid("ledger_origin", "ledger_origin", text));
    }
    Ok(())
}
