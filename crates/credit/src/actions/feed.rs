//! The signed feed for platforms: bad records, lists and grades in order, and who has read how far.

use std::sync::Arc;

use kit_base::text::mask_if_person;
use kit_base::{Error, Millis, Result};
use kit_db::Tx;
use kit_ledger::Ledger;
use kit_web::{Act, Scope};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::model::lists::{Feed, Reader, Receipt};
use crate::store::feed as store;

/// Lines of one answer.
const MOST: i64 = 500;

/// Puts something about a business into the feed. `more`: an object; what is in it goes out as it is.
pub fn put(tx: &mut Tx, now: Millis, party: &str, kind: &str, more: &Value) -> Result<()> {
    let Some(party) = parties::store::by_id(tx, party)? else { return Ok(()) };
    let no = store::take(tx)?;
    let mut line = json!({
        "no": no, "at": now, "kind": kind, "code": party.code, "uscc": party.uscc, "name": mask_if_person(&party.name),
        "division": party.division, "simulated": party.simulated,
    });
    if let (Some(line), Some(more)) = (line.as_object_mut(), more.as_object()) {
        line.extend(more.iter().map(|(k, v)| (k.clone(), v.clone())));
    }
    store::add(tx, no, now, &party.id, &party.division, &line.to_string())
}

/// The next part of the feed, signed.
///
/// Errors: `after_range`.
pub fn read(tx: &mut Tx, ledger: &Arc<Ledger>, scope: &Scope, after: i64) -> Result<Feed> {
    if after < 0 {
        return Err(Error::invalid("after", "after_range", "after 不能小于 0"));
    }
    let found = store::after(tx, scope, after, MOST)?;
    let more = found.len() as i64 == MOST;
    // nothing more for this reader: all up to the end of the whole feed is read
    let last = match (more, found.last()) {
        (true, Some((no, _))) => *no,
        _ => store::last(tx)?.max(after),
    };
    let lines: Vec<String> = found.into_iter().map(|(_, line)| line).collect();
    Ok(signed(ledger, after, last, more, lines))
}

/// A part of the feed with its note.
pub fn signed(ledger: &Arc<Ledger>, after: i64, last: i64, more: bool, lines: Vec<String>) -> Feed {
    let key = ledger.public_key();
    let note = ledger.sign(&signed_text(key.name(), after, last, &lines));
    Feed { after, last, more, lines, note, key: key.to_string() }
}

/// What is signed: origin, the numbers, and the hash of the lines.
pub fn signed_text(origin: &str, after: i64, last: i64, lines: &[String]) -> String {
    let mut hash = Sha256::new();
    for line in lines {
        hash.update(line.as_bytes());
        hash.update(b"\n");
    }
    format!("{origin}/credit-feed\n{after} {last}\n{}\n", hex::encode(hash.finalize()))
}

/// A platform says that it has all up to a number. Errors: `upto_range` beyond what there is.
pub fn receipt(act: &mut Act, receipt: &Receipt) -> Result<Reader> {
    if receipt.upto < 0 || receipt.upto > store::last(act.tx)? {
        return Err(Error::invalid("upto", "upto_range", "回执编号超出已发布的记录"));
    }
    let who = act.who();
    let division = match &who.scope {
        Scope::Divisions(own) => own.first().cloned().unwrap_or_default(),
        Scope::Businesses(_) => String::new(),
    };
    store::receipt(act.tx, &who.user, &who.name, &division, receipt.upto, act.now)?;
    act.subject("credit_feed", &receipt.upto.to_string(), &division);
    Ok(Reader { name: act.who().name.clone(), upto: receipt.upto, at: act.now })
}
