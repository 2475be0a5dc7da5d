//! What comes round by itself.

use kit_base::{Millis, Result};
use kit_jobs::{Kind, Running};
use kit_web::House;

use crate::actions::{grading, platforms};

/// Grades what is due. For the duty of the house; answers how many new grades were given.
pub fn tick(house: &House) -> Result<u64> {
    grading::tick(house)
}

const EVERY: Millis = 60_000;
/// The duty that pushes the feed to platforms, with its title and how often it comes round.
pub const PUSH_DUTY: (&str, &str, Millis) = ("credit.push", "向平台推送信用记录", EVERY);
pub const PUSH: Kind<House> = Kind { name: PUSH_DUTY.0, run: push };

/// A failure is logged and tried again with the next round: the duty itself never ends.
fn push(house: &House, _: &Running) -> Result<String> {
    let sent = platforms::deliver_due(house).unwrap_or_else(|e| {
        tracing::error!(error = %e, "the feed was not pushed");
        0
    });
    let (now, ids) = (house.clock.now(), house.ids.clone());
    let (name, title, every) = PUSH_DUTY;
    house.db.write_blocking(move |tx| kit_jobs::ensure(tx, &ids, now, name, title, now + every))?;
    Ok(if sent == 0 { String::new() } else { format!("送达 {sent} 次") })
}
