//! What comes round each day.

use kit_base::Result;
use kit_base::clock::china_day;
use kit_jobs::{Kind, Running};
use kit_web::House;

use crate::store::licences;

const DAY: i64 = 86_400_000;

/// Licences whose last day is over, and those whose business is to be reminded. Twice on a day it does nothing more.
pub const ROUND: Kind<House> = Kind { name: "licensing.round", run: round };

fn round(house: &House, _: &Running) -> Result<String> {
    let (now, ids) = (house.clock.now(), house.ids.clone());
    let today = china_day(now).to_string();
    let (expired, reminded) = house.db.write_blocking(move |tx| {
        let done = (licences::expire(tx, &today, now)?, licences::remind(tx, &today, now)?);
        kit_jobs::ensure(tx, &ids, now, ROUND.name, "证照到期与延续提醒", now + DAY)?;
        Ok(done)
    })?;
    Ok(format!("到期 {expired} 份，提醒 {reminded} 份"))
}
