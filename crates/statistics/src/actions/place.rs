//! The period that somebody asks for.

use kit_base::{Millis, Result};
use parties::asked;

use crate::rules::period::Period;

/// Days where nothing is said.
const DAYS: i64 = 30;

/// Errors: `date_form`, `period_order`, `period_long`.
pub fn period(from: Option<&str>, to: Option<&str>, now: Millis) -> Result<Period> {
    let (first, last) = asked::days(from, to, now, DAYS)?;
    Ok(Period { first, last })
}
