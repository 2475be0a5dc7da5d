//! Numbers of licences: prefix, lead, county, serial, check digit.

use kit_base::codes::licence::mod11_10;
use kit_base::{Error, Result};

use crate::model::matters::Numbering;

/// Writes a number. `lead`: the value of the field that stands before the county; `county`: six digits.
///
/// Errors: `number_full` where the county has no number left; `number_lead`.
pub fn written(numbering: &Numbering, lead: &str, county: &str, serial: i64) -> Result<String> {
    let digits = usize::from(numbering.serial);
    let serial = format!("{serial:0digits$}");
    if serial.len() > digits {
        return Err(Error::conflict("number_full", "本县（区）此类证号已用完，请联系系统管理员"));
    }
    let body = format!("{lead}{county}{serial}");
    let Some(values) = body.chars().map(|c| c.to_digit(10)).collect::<Option<Vec<u32>>>() else {
        return Err(Error::invalid(numbering.lead.clone(), "number_lead", "证号只能由数字组成"));
    };
    let check = if numbering.check { mod11_10(&values).to_string() } else { String::new() };
    Ok(format!("{}{body}{check}", numbering.prefix))
}
