//! Where a scanned code leads in the console.

use kit_base::codes::{self, Verdict, gtin, platform};
use kit_base::{Error, Result};
use kit_db::Tx;
use kit_web::{Actor, Cx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use trace::store::{codes as trace_codes, lots, products};

/// What a code names, and the page of the console that shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Lead {
    /// business, lot, product
    pub kind: String,
    /// id of the business or product, number of the lot
    pub id: String,
    pub name: String,
    /// 批号, of a lot
    pub batch: String,
    /// Path in the console; empty where it lies outside of what the asker may see.
    pub path: String,
    /// What the public sees.
    pub public: String,
    /// The trace code was voided.
    pub voided: bool,
}

/// What people scan: a whole address, its path, or the bare code.
#[derive(Debug, PartialEq, Eq)]
enum Scanned {
    Platform(String),
    Gtin { gtin: String, batch: Option<String> },
}

fn read(text: &str) -> Scanned {
    let path = text.trim().split(['?', '#']).next().unwrap_or("");
    let after = |mark: &str| path.find(mark).map(|at| &path[at + mark.len()..]);
    if let Some(rest) = after("/t/") {
        return Scanned::Platform(rest.split('/').next().unwrap_or("").to_owned());
    }
    if let Some(rest) = after("/01/") {
        let parts: Vec<&str> = rest.split('/').collect();
        let batch =
            parts.windows(2).skip(1).step_by(2).find(|pair| pair[0] == "10").map(|pair| unescape(pair[1]));
        return Scanned::Gtin { gtin: codes::tidy(parts[0]), batch };
    }
    let plain = codes::tidy(path);
    let digits = matches!(plain.len(), 8 | 12 | 13 | 14) && plain.bytes().all(|b| b.is_ascii_digit());
    if digits { Scanned::Gtin { gtin: plain, batch: None } } else { Scanned::Platform(plain) }
}

/// `%E7%B1%B3` as the characters it stands for.
fn unescape(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        match hex.and_then(|h| u8::from_str_radix(h, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Where a code leads.
///
/// Errors: `code_form`, `code_character`, `code_check`, `gtin_form`, `gtin_check`; 404 for a code nobody has.
pub fn lead(tx: &mut Tx, cx: &Cx, text: &str) -> Result<Lead> {
    match read(text) {
        Scanned::Platform(text) => match platform::read(&text) {
            Err(finding) => Err(Error::invalid("code", finding.code, finding.message)),
            Ok((platform::Kind::Business, code)) => business(tx, &cx.who, &code),
            Ok((platform::Kind::Trace, code)) => {
                let found = trace_codes::by_code(tx, &code)?.ok_or_else(nobody)?;
                lot(tx, &cx.who, found.lot, format!("/t/{code}"), found.voided_at.is_some())
            }
        },
        Scanned::Gtin { gtin, batch } => product(tx, &cx.who, &gtin, batch),
    }
}

fn nobody() -> Error {
    Error::not_found("没有查到这个码，可能是仿冒或尚未登记")
}

fn business(tx: &mut Tx, who: &Actor, code: &str) -> Result<Lead> {
    let party = parties::by_code(tx, code)?.ok_or_else(nobody)?;
    let open =
        who.may("parties.read") && who.scope_for("parties.read").covers(&party.division, Some(&party.id));
    Ok(Lead {
        kind: "business".into(),
        path: if open { format!("/parties/{}", party.id) } else { String::new() },
        id: party.id,
        name: party.name,
        batch: String::new(),
        public: format!("/t/{code}"),
        voided: false,
    })
}

fn lot(tx: &mut Tx, who: &Actor, no: i64, public: String, voided: bool) -> Result<Lead> {
    let found = lots::by_no(tx, no)?.ok_or_else(nobody)?;
    let name = products::by_id(tx, &found.product)?.map(|p| p.name).unwrap_or_default();
    let reader = Actor { scope: who.scope_for("trace.read"), ..who.clone() };
    let open = who.may("trace.read") && trace::chain::visible(tx, &reader, no)?.is_some();
    Ok(Lead {
        kind: "lot".into(),
        id: no.to_string(),
        name,
        batch: found.batch,
        path: if open { format!("/lots/{no}") } else { String::new() },
        public,
        voided,
    })
}

fn product(tx: &mut Tx, who: &Actor, code: &str, batch: Option<String>) -> Result<Lead> {
    if let Verdict::Wrong(finding) = gtin::check(code) {
        return Err(Error::invalid("code", finding.code, finding.message));
    }
    let gtin = gtin::padded(code);
    let found = products::by_gtin(tx, &gtin)?.ok_or_else(nobody)?;
    if let Some(batch) = &batch
        && let [only] = lots::origins_of_batch(tx, &found.id, batch)?.as_slice()
    {
        let voided = trace_codes::by_lot(tx, only.no)?.is_some_and(|c| c.voided_at.is_some());
        return lot(tx, who, only.no, format!("/01/{gtin}/10/{}", crate::pages::percent(batch)), voided);
    }
    // the product of a barcode may be looked up by anybody who reads products
    let path = if who.may("trace.read") { format!("/products/{}", found.id) } else { String::new() };
    Ok(Lead {
        kind: "product".into(),
        id: found.id,
        name: found.name,
        batch: batch.unwrap_or_default(),
        path,
        public: format!("/01/{gtin}"),
        voided: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_in_what_was_scanned() {
        let platform = |t: &str| Scanned::Platform(t.to_owned());
        let gtin = |g: &str, b: Option<&str>| Scanned::Gtin { gtin: g.into(), batch: b.map(str::to_owned) };
        let table = [
            ("https://a.example/t/T234?care=1", platform("T234")),
            ("/t/T234/files/x", platform("T234")),
            (" t2-34 ", platform("T234")),
            ("https://a.example/01/06901234567892/10/A%2F1", gtin("06901234567892", Some("A/1"))),
            ("https://a.example/01/06901234567892/10/A1/21/9", gtin("06901234567892", Some("A1"))),
            ("https://a.example/01/06901234567892", gtin("06901234567892", None)),
            ("6901234567892", gtin("6901234567892", None)),
            ("", platform("")),
        ];
        for (text, expected) in table {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
