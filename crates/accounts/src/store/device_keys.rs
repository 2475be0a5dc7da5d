//! What opens the work that people keep on their phones.

use kit_base::{Millis, Result};
use kit_db::{Tx, params};

kit_db::statements! {
    OF = "SELECT secret FROM device_keys WHERE user_id = $1";
    ADD = "INSERT INTO device_keys (user_id, secret, created_at) VALUES ($1, $2, $3) ON CONFLICT (user_id) DO NOTHING";
    RESEAL = "UPDATE device_keys SET secret = $2 WHERE user_id = $1";
}

/// The sealed secret of a user.
pub fn of(tx: &mut Tx, user: &str) -> Result<Option<String>> {
    tx.one(OF, params![user])
}

/// Keeps the first; a second one at the same time changes nothing.
pub fn add(tx: &mut Tx, user: &str, sealed: &str, now: Millis) -> Result<()> {
    tx.exec(ADD, params![user, sealed, now]).map(drop)
}

pub fn reseal(tx: &mut Tx, user: &str, sealed: &str) -> Result<()> {
    tx.exec(RESEAL, params![user, sealed]).map(drop)
}
