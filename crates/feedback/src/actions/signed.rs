//! The signed form: a note of the ledger's key over the content.

use kit_base::{Error, Result};
use kit_ledger::{Ledger, PublicKey};
use sha2::{Digest as _, Sha256};

use crate::model::{Content, FORMAT};

/// First line of the signed form: no checkpoint of the ledger begins like this.
pub const HEAD: &str = "shian-feedback/1";

/// A content as it is signed.
pub struct Signed {
    /// The note: [`HEAD`], the content as one line of JSON, an empty line, the signature.
    pub note: String,
    /// SHA-256 of the line of JSON.
    pub hash: [u8; 32],
}

/// Signs a content.
pub fn sign(ledger: &Ledger, content: &Content) -> Result<Signed> {
    let json = serde_json::to_string(content).map_err(Error::internal)?;
    let hash = Sha256::digest(json.as_bytes()).into();
    Ok(Signed { note: ledger.sign(&format!("{HEAD}\n{json}\n")), hash })
}

/// What a signed file says.
pub struct Said {
    pub content: Content,
    /// SHA-256 of it, as the ledger has it.
    pub hash: String,
}

/// Reads a signed file with the key of the house that made it. Errors: those of a note, `feedback_file`.
pub fn read_signed(key: &PublicKey, note: &str) -> Result<Said> {
    let text = key.open(note)?;
    let other = || Error::invalid("", "feedback_file", "不是本平台的反馈周报文件");
    let json = text.strip_prefix(HEAD).map(str::trim).ok_or_else(other)?;
    let content: Content = serde_json::from_str(json).map_err(|_| other())?;
    match content.format == FORMAT {
        true => Ok(Said { content, hash: hex::encode(Sha256::digest(json.as_bytes())) }),
        false => Err(other()),
    }
}

/// The content of a note of our own, without looking at its signature.
pub fn content_of(note: &str) -> Result<(String, Content)> {
    let json = note.lines().nth(1).ok_or_else(|| Error::internal("a kept file of feedback is empty"))?;
    Ok((json.to_owned(), serde_json::from_str(json).map_err(Error::internal)?))
}
