//! Passwords, sealed secrets, tokens and the second factor.

mod codes;
mod passwords;
mod vault;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kit_base::Ids;
use sha2::{Digest as _, Sha256};

pub use codes::{check_code, code_at, enrolment};
pub use passwords::{Cost, Passwords};
pub use vault::{KeyFrom, Vault};

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

#[cfg(test)]
mod tests;
