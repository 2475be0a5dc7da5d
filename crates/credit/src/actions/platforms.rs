//! Platforms of delivery and shopping: which receive the feed, how far each is, and the deliveries themselves.
//!
//! A platform stands at a number of the feed. A delivery is the part after it up to another number; that end is written down
//! before anything is sent, so that it is the same when it is sent again, and the number moves only in the transaction that
//! records the acknowledgement: nothing is left out, and nothing acknowledged is sent again.

use std::sync::Arc;

use kit_base::{Error, Millis, Result};
use kit_db::Tx;
use kit_ledger::Ledger;
use kit_web::{Act, Actor, House, Scope};
use serde_json::json;
use trace::actions::subscriptions::deliver::{MOST_FAILURES, patience};
use trace::subscribe::address;
use trace::subscribe::courier::{Answer, Courier, Post};

use super::feed;
use crate::model::lists::Feed;
use crate::model::platforms::{Delivery, NewPlatform, Platform};
use crate::store::platforms::{self as store, Kept};

/// Platforms that a house has at most.
const MOST: i64 = 200;
/// Lines of one delivery.
const LINES: i64 = 500;
/// Deliveries to one platform in a row before the others have their turn.
const IN_A_ROW: usize = 20;
/// Deliveries that are shown.
const SHOWN: i64 = 50;

fn unknown() -> Error {
    Error::not_found("没有这个平台，或不在您的辖区内")
}

/// Platforms within the asker's reach.
pub fn list(tx: &mut Tx, who: &Actor) -> Result<Vec<Platform>> {
    let kept = store::list(tx, &who.scope_for("credit.list"), MOST)?;
    kept.into_iter().map(|p| shown(tx, p)).collect()
}

fn shown(tx: &mut Tx, p: Kept) -> Result<Platform> {
    Ok(Platform {
        waiting: store::waiting(tx, p.cursor, &p.division)?,
        id: p.id,
        name: p.name,
        dest: p.dest,
        signed: !p.token.is_empty(),
        division: p.division,
        state: if p.active { "active" } else { "paused" }.to_owned(),
        note: p.note,
        upto: p.cursor,
        deliveries: p.seq,
        failures: p.failures,
        next_at: p.due_at,
        delivered_at: p.delivered_at,
        created_at: p.created_at,
        created_by: p.created_by,
    })
}

/// A platform of the asker's. Errors: not found.
fn seen(tx: &mut Tx, who: &Actor, permission: &str, id: &str) -> Result<Kept> {
    let found = store::by_id(tx, id)?.ok_or_else(unknown)?;
    match who.scope_for(permission).covers(&found.division, None) {
        true => Ok(found),
        false => Err(unknown()),
    }
}

/// The last deliveries to a platform. Errors: not found.
pub fn deliveries(tx: &mut Tx, who: &Actor, id: &str) -> Result<Vec<Delivery>> {
    let found = seen(tx, who, "credit.list", id)?;
    store::deliveries(tx, &found.id, SHOWN)
}

/// Takes a platform in; it receives the whole feed of the asker's place.
///
/// Errors: `name_length`, `name_taken`, `token_long`, `platforms_many`, those of [`address::check`].
pub fn add(act: &mut Act, new: &NewPlatform) -> Result<Platform> {
    let name = new.name.trim();
    if !(2..=60).contains(&name.chars().count()) {
        return Err(Error::invalid("name", "name_length", "请填写平台名称，2 至 60 个字"));
    }
    if new.token.len() > 500 {
        return Err(Error::invalid("token", "token_long", "签名密钥不超过 500 个字符"));
    }
    let house = act.cx.house.clone();
    let courier = house.held::<Courier>();
    address::check(&new.dest, courier.allow_private, house.production && !courier.allow_private)?;
    let division = match act.who().scope_for("credit.platforms") {
        Scope::Divisions(own) => own.first().cloned().unwrap_or_default(),
        Scope::Businesses(_) => return Err(Error::forbidden("not_permitted", "由监管机关登记平台")),
    };
    if store::named(act.tx, &division, name)? {
        return Err(Error::conflict("name_taken", "已登记同名平台").at("name"));
    }
    if store::count(act.tx)? >= MOST {
        return Err(Error::conflict("platforms_many", format!("平台不能超过 {MOST} 个，请先删除不用的")));
    }
    let id = act.id();
    let token = match new.token.as_str() {
        "" => String::new(),
        token => house.held::<accounts::Accounts>().vault.seal(&id, token.as_bytes(), act.ids())?,
    };
    let row = Kept {
        id,
        name: name.to_owned(),
        dest: new.dest.clone(),
        token,
        division,
        active: true,
        note: String::new(),
        cursor: 0,
        seq: 0,
        pending: None,
        failures: 0,
        due_at: act.now,
        delivered_at: None,
        created_at: act.now,
        created_by: act.who().name.clone(),
    };
    store::add(act.tx, &row)?;
    act.subject("credit_platform", &row.id, &row.division);
    act.note(json!({ "name": row.name, "dest": row.dest }));
    shown(act.tx, row)
}

/// Goes on with a platform at once, or pauses it. Errors: not found.
pub fn switch(act: &mut Act, id: &str, active: bool) -> Result<Platform> {
    let found = seen(act.tx, act.who(), "credit.platforms", id)?;
    store::switch(act.tx, &found.id, active, act.now)?;
    act.subject("credit_platform", &found.id, &found.division);
    act.note(json!({ "active": active }));
    let found = store::by_id(act.tx, id)?.ok_or_else(unknown)?;
    shown(act.tx, found)
}

/// Errors: not found.
pub fn remove(act: &mut Act, id: &str) -> Result<()> {
    let found = seen(act.tx, act.who(), "credit.platforms", id)?;
    store::drop_one(act.tx, &found.id)?;
    act.subject("credit_platform", &found.id, &found.division);
    act.note(json!({ "name": found.name, "dest": found.dest, "upto": found.cursor }));
    Ok(())
}

/// Sends what is due now; answers how many deliveries were acknowledged.
pub fn deliver_due(house: &House) -> Result<u64> {
    let courier = house.held::<Courier>();
    // two rounds at once could send a delivery that the other has just seen acknowledged
    let Some(_turn) = courier.turn() else { return Ok(0) };
    let now = house.clock.now();
    let mut sent = 0;
    for id in house.db.read_blocking(|tx| store::due(tx, now))? {
        for _ in 0..IN_A_ROW {
            match deliver_one(house, &courier, &id) {
                Ok(true) => sent += 1,
                Ok(false) => break,
                Err(e) => {
                    tracing::error!(platform = %id, error = %e, "delivery to a platform broke off");
                    break;
                }
            }
        }
    }
    Ok(sent)
}

/// The next delivery of a platform: itself and what is sent.
struct Ready {
    platform: Kept,
    part: Feed,
}

/// Sends the next delivery; answers whether it was acknowledged.
fn deliver_one(house: &House, courier: &Courier, id: &str) -> Result<bool> {
    let (now, ledger) = (house.clock.now(), house.held::<Ledger>());
    let owned = id.to_owned();
    let ready = house.db.write_blocking(move |tx| next(tx, &ledger, &owned, now))?;
    let Some(Ready { platform, part }) = ready else { return Ok(false) };
    let body = serde_json::to_vec(&part).map_err(Error::internal)?;
    let answer = post(house, courier, &platform, &part, &body);
    let now = house.clock.now();
    house.db.write_blocking(move |tx| record(tx, &platform, &part, answer, now))
}

/// Writes down where the next delivery ends; `None` where there is nothing to send.
fn next(tx: &mut Tx, ledger: &Arc<Ledger>, id: &str, now: Millis) -> Result<Option<Ready>> {
    let Some(p) = store::by_id(tx, id)?.filter(|p| p.active && p.due_at <= now) else { return Ok(None) };
    let end = match p.pending {
        Some(pending) => pending,
        None => crate::store::feed::last(tx)?,
    };
    let lines = store::part(tx, p.cursor, end, &p.division, LINES)?;
    let whole = (lines.len() as i64) < LINES;
    let upto = if whole { end } else { lines.last().map_or(end, |(no, _)| *no) };
    if p.pending.is_none() {
        if lines.is_empty() {
            if upto > p.cursor {
                store::skip(tx, &p, upto)?;
            }
            return Ok(None);
        }
        if !store::begin(tx, &p, upto)? {
            return Ok(None);
        }
    }
    let more = !whole;
    let lines = lines.into_iter().map(|(_, line)| line).collect();
    let part = feed::signed(ledger, p.cursor, upto, more, lines);
    Ok(Some(Ready { platform: p, part }))
}

fn post(house: &House, courier: &Courier, p: &Kept, part: &Feed, body: &[u8]) -> Result<Answer> {
    let token = match p.token.as_str() {
        "" => None,
        sealed => {
            let opened = house.held::<accounts::Accounts>().vault.unseal(&p.id, sealed)?;
            Some(String::from_utf8(opened).map_err(Error::internal)?)
        }
    };
    let (seq, upto) = ((p.seq + 1).to_string(), part.last.to_string());
    let delivery = format!("{}-{seq}", p.id);
    courier.post(&Post {
        dest: &p.dest,
        media: "application/json",
        headers: &[("Shian-Delivery", &delivery), ("Shian-Sequence", &seq), ("Shian-Upto", &upto)],
        signature: token.as_deref().map(|token| ("Shian-Signature", token)),
        body,
    })
}

/// What became of a delivery. A success acknowledges, unless it names another number than the last one sent; so does a
/// conflict of a receiver that says it has this part already.
fn record(tx: &mut Tx, p: &Kept, part: &Feed, answer: Result<Answer>, now: Millis) -> Result<bool> {
    let error = match answer {
        Ok(Answer { status: 200..=299, acknowledged: None }) => String::new(),
        Ok(Answer { status: 200..=299 | 409, acknowledged: Some(n) }) if n == part.last => String::new(),
        Ok(Answer { status: 200..=299, acknowledged: Some(n) }) => {
            format!("回执编号 {n} 与送达的 {} 不符", part.last)
        }
        Ok(Answer { status, .. }) => format!("接收方应答 {status}"),
        Err(e) => e.message,
    };
    let lines = i64::try_from(part.lines.len()).map_err(Error::internal)?;
    // taken out meanwhile: there is nothing to write to
    if store::by_id(tx, &p.id)?.is_none() {
        return Ok(false);
    }
    store::attempt(tx, p, part.last, lines, now, &error)?;
    if error.is_empty() {
        return store::acknowledge(tx, p, now);
    }
    let failures = p.failures + 1;
    let pause = failures >= MOST_FAILURES;
    let note = if pause { format!("连续 {failures} 次失败，已暂停：{error}") } else { error };
    store::fail(tx, p, &note, now + patience(failures), pause)?;
    Ok(false)
}
