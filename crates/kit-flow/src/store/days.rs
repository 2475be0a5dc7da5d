//! Days of years that were announced later.

use kit_base::{Error, Millis, Result};
use kit_db::{Tx, params};

kit_db::statements! {
    REVISION = "SELECT revision FROM flow_calendar WHERE id = 1";
    NEXT_REVISION = "UPDATE flow_calendar SET revision = revision + 1 WHERE id = 1";
    DAYS = "SELECT day, kind, name, source FROM flow_days ORDER BY day";
    FORGET_YEAR = "DELETE FROM flow_days WHERE day >= $1 AND day < $2";
    ADD_DAY = "INSERT INTO flow_days (day, kind, name, source, loaded_at) VALUES ($1, $2, $3, $4, $5)";
}

/// day, kind, name, source
pub type Day = (String, String, String, String);

/// A line of a calendar: `2027-01-01,holiday,元旦,通知`.
pub fn read(line: &str) -> Day {
    let mut cells = line.trim().splitn(4, ',').map(|c| c.trim().to_owned());
    let mut cell = || cells.next().unwrap_or_default();
    (cell(), cell(), cell(), cell())
}

pub fn revision(tx: &mut Tx) -> Result<i64> {
    tx.one(REVISION, &[])?.ok_or_else(|| Error::internal("the calendar has no revision"))
}

pub fn days(tx: &mut Tx) -> Result<Vec<Day>> {
    tx.all(DAYS, &[])
}

/// Puts a whole year in the place of what was known of it.
pub fn put_year(tx: &mut Tx, year: i16, days: &[Day], now: Millis) -> Result<()> {
    tx.exec(NEXT_REVISION, &[])?;
    tx.exec(FORGET_YEAR, params![format!("{year:04}").as_str(), format!("{:04}", year + 1).as_str()])?;
    for (day, kind, name, source) in days {
        tx.exec(ADD_DAY, params![day, kind, name, source, now])?;
    }
    Ok(())
}
