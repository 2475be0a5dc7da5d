//! Use cases: [`plan`] (planned, published, closed, ended), [`vote`], [`draw`], [`batches`], [`letters`], [`look`].

pub mod batches;
pub mod draw;
pub mod letters;
pub mod look;
pub mod plan;
pub mod vote;

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_web::Actor;

use crate::model::Campaign;
use crate::store::campaigns;

/// Whose draws these are.
pub const ROOM: &str = "campaigns";

/// A campaign within the reach of a permission. Errors: not found.
pub fn own(tx: &mut Tx, who: &Actor, permission: &str, id: &str) -> Result<Campaign> {
    let unknown = || Error::not_found("没有这个活动，或不在您的辖区内");
    let found = campaigns::by_id(tx, id)?.ok_or_else(unknown)?;
    match who.scope_for(permission).covers(&found.division, None) {
        true => Ok(found),
        false => Err(unknown()),
    }
}

/// A code that cannot be guessed, of letters and digits that nobody takes for one another.
pub fn code<const N: usize>(ids: &kit_base::Ids) -> String {
    const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let bytes: [u8; N] = ids.bytes();
    bytes.iter().map(|b| char::from(ALPHABET[usize::from(b & 31)])).collect()
}
