//! Consumers follow a batch, without a name.

use kit_base::codes::{person, platform};
use kit_base::{Error, Result};
use kit_db::Tx;
use kit_web::Act;
use serde_json::json;
use trace::model::LotNo;

use super::code;
use crate::store::checks;

/// The batch behind a trace code. Errors: not found.
pub fn lot_of(tx: &mut Tx, text: &str) -> Result<(String, LotNo)> {
    let unknown = || Error::not_found("没有这个追溯码，请核对包装");
    let Ok((platform::Kind::Trace, code)) = platform::read(text) else { return Err(unknown()) };
    let found = trace::store::codes::by_code(tx, &code)?.ok_or_else(unknown)?;
    let lot = trace::store::lots::by_no(tx, found.lot)?.ok_or_else(unknown)?;
    Ok((code, lot.origin))
}

/// Begins to follow; answers the token of the page that tells. Errors: not found, `phone_form`.
pub fn follow(act: &mut Act, text: &str, phone: &str) -> Result<String> {
    let (scanned, lot) = lot_of(act.tx, text)?;
    let phone = kit_base::codes::tidy(phone);
    if !phone.is_empty()
        && let kit_base::codes::Verdict::Wrong(_) = person::check_phone(&phone)
    {
        return Err(Error::invalid("phone", "phone_form", "电话号码不正确，可以不填"));
    }
    let token = code(act);
    checks::follow(act.tx, &token, lot, &scanned, &phone, act.now)?;
    act.subject("lot", &lot.to_string(), "");
    act.note(json!({ "phone": !phone.is_empty() }));
    Ok(token)
}
