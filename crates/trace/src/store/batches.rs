//! What became of a batch: how much is left of it anywhere, and when the last of it went.

use kit_base::{Millis, Result};
use kit_db::{Tx, params};

use crate::model::LotNo;

kit_db::statements! {
    LEFT = "SELECT CAST(sum(s.on_hand) AS BIGINT) FROM lots l JOIN stock s ON s.lot = l.no WHERE l.origin = $1";
    LAST = "SELECT max(e.recorded_at) FROM lots l JOIN inputs i ON i.lot = l.no JOIN events e ON e.no = i.event WHERE l.origin = $1";
}

/// When the last of a batch left the last shelf known here; `None` where some is left, or its amounts are not known.
pub fn gone_at(tx: &mut Tx, origin: LotNo) -> Result<Option<Millis>> {
    let left: Option<i64> = tx.one::<Option<i64>>(LEFT, params![origin])?.flatten();
    if left != Some(0) {
        return Ok(None);
    }
    Ok(tx.one::<Option<i64>>(LAST, params![origin])?.flatten())
}
