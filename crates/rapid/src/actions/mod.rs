//! Use cases: [`points`] set up, [`tests`] taken in with their [`photos`], [`devices`] listened to, [`positives`] looked into.

pub mod devices;
pub mod photos;
pub mod points;
pub mod positives;
pub mod tests;

use std::sync::Arc;

use kit_base::Result;
use kit_web::{Act, Scope};

/// Letters and digits that nobody takes for one another.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// A code of ten that cannot be guessed.
pub fn code(act: &Act) -> String {
    let bytes: [u8; 10] = act.ids().bytes();
    bytes.iter().map(|b| char::from(ALPHABET[usize::from(b & 31)])).collect()
}

/// Acts on one case for somebody whom this room has let in: the point's own people, a device, what became of a sample. Here these
/// permissions reach where the case lies.
pub fn reaching<T>(
    act: &mut Act,
    division: &str,
    codes: &[&'static str],
    f: impl FnOnce(&mut Act) -> Result<T>,
) -> Result<T> {
    let mut cx = act.cx.clone();
    let mut scopes = (*cx.who.scopes).clone();
    let mut permissions = (*cx.who.permissions).clone();
    for code in codes {
        scopes.insert(code, Scope::Divisions(vec![division.to_owned()]));
        permissions.insert(code);
    }
    (cx.who.scopes, cx.who.permissions) = (Arc::new(scopes), Arc::new(permissions));
    // what this room does itself is not what was asked for over the route of any case
    cx.route = "";
    f(&mut Act::inside(act.tx, &cx, act.now))
}
