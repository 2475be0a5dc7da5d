//! Food that may not move for now (暂停流转): for rooms that look into a batch and must keep it where it is.
//!
//! A hold is on what one business has of one batch. While it stands that food is neither sold, sent, returned nor worked into anything;
//! it may be counted and destroyed, and deliveries are accepted or refused. What others have of the batch goes on: suspicion at
//! one place is no verdict about all of it (that is a recall).

use kit_base::Result;
use kit_web::Act;

use crate::model::Lot;
use crate::store::holds as store;
pub use crate::store::holds::{Hold, of_batch, of_case, of_holder};

/// Holds what the lot's holder has of its batch, for a case. Again for the same case: the reason is that of now.
pub fn set(act: &mut Act, lot: &Lot, about: &str, reason: &str) -> Result<()> {
    let hold = Hold {
        id: act.id(),
        holder: lot.holder.clone(),
        origin: lot.origin,
        lot: lot.no,
        about: about.to_owned(),
        reason: reason.to_owned(),
        set_at: act.now,
        lifted_at: None,
        lift_reason: String::new(),
    };
    let by = act.who().user.clone();
    store::set(act.tx, &hold, &by)
}

/// Ends what is held for a case; answers how many batches.
pub fn lift(act: &mut Act, about: &str, reason: &str) -> Result<u64> {
    store::lift(act.tx, about, act.now, reason)
}
