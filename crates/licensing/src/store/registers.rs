//! Lists that applications are checked against, and mandates.

use kit_base::{Millis, Result};
use kit_db::{Filter, Param, Tx, params};
use kit_web::{Page, answer::paging};

use crate::model::{Ban, Mandate, Registered};

kit_db::statements! {
    REGISTERED = "SELECT uscc, name, legal, address, state, until_day, source FROM business_register WHERE uscc = $1";
    PUT_REGISTERED = "INSERT INTO business_register (uscc, name, legal, address, state, until_day, source, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (uscc) DO UPDATE SET name = excluded.name, legal = excluded.legal, address = excluded.address,
            state = excluded.state, until_day = excluded.until_day, source = excluded.source, updated_at = excluded.updated_at";
    BAN = "SELECT id, kind, shown, name, since, until_day, basis FROM licence_bans
        WHERE kind = $1 AND look = $2 AND since <= $3 AND (until_day = '' OR until_day >= $3)
        ORDER BY until_day = '' DESC, until_day DESC LIMIT 1";
    PUT_BAN = "INSERT INTO licence_bans (id, kind, look, shown, name, since, until_day, basis, file, added_by, added_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (kind, look, since) DO UPDATE SET until_day = excluded.until_day, basis = excluded.basis, name = excluded.name";
    ADD_MANDATE = "INSERT INTO licence_mandates (id, principal, agent, matters, from_day, until_day, given_by, given_at, revoked_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL)";
    /// Bounded: a business gives and has few.
    MANDATES = "SELECT id, principal, agent, matters, from_day, until_day, given_at, revoked_at FROM licence_mandates
        WHERE principal = $1 OR agent = $1 ORDER BY given_at DESC LIMIT 200";
    BETWEEN = "SELECT id, principal, agent, matters, from_day, until_day, given_at, revoked_at FROM licence_mandates
        WHERE agent = $1 AND principal = $2 AND revoked_at IS NULL AND from_day <= $3 AND until_day >= $3 ORDER BY given_at DESC LIMIT 20";
    REVOKE = "UPDATE licence_mandates SET revoked_at = $3 WHERE id = $1 AND principal = $2 AND revoked_at IS NULL";
}

pub fn registered(tx: &mut Tx, uscc: &str) -> Result<Option<Registered>> {
    tx.one(REGISTERED, params![uscc])
}

pub fn put_registered(tx: &mut Tx, r: &Registered, now: Millis) -> Result<()> {
    let row = params![&r.uscc, &r.name, &r.legal, &r.address, &r.state, &r.until_day, &r.source, now];
    tx.exec(PUT_REGISTERED, row).map(drop)
}

/// The ban on a person (by the hash of the number) or a business (by credit code) on a day.
pub fn ban(tx: &mut Tx, kind: &str, look: &str, today: &str) -> Result<Option<Ban>> {
    tx.one(BAN, params![kind, look, today])
}

/// Where and by whom a ban was listed.
pub struct Listed<'a> {
    pub look: &'a str,
    pub file: &'a str,
    pub by: &'a str,
    pub now: Millis,
}

pub fn put_ban(tx: &mut Tx, b: &Ban, listed: &Listed) -> Result<()> {
    let row = params![
        &b.id,
        &b.kind,
        listed.look,
        &b.shown,
        &b.name,
        &b.since,
        &b.until_day,
        &b.basis,
        listed.file,
        listed.by,
        listed.now
    ];
    tx.exec(PUT_BAN, row).map(drop)
}

/// Everybody who is listed, the latest first.
pub fn bans(tx: &mut Tx, q: Option<&str>, page: Option<i64>, size: Option<i64>) -> Result<Page<Ban>> {
    let (page, size) = paging(page, size);
    let like = q.map(str::trim).filter(|t| !t.is_empty()).map(|t| format!("%{}%", t.replace(['%', '_'], "")));
    let narrowed = |filter: Filter| match &like {
        Some(like) => filter.and("b.name LIKE ? OR b.shown LIKE ?", &[Param::Text(like), Param::Text(like)]),
        None => filter,
    };
    let total = tx
        .count(&narrowed(Filter::new("SELECT 1 FROM licence_bans b")).counted_to(kit_web::answer::COUNTED))?;
    let rows = Filter::new(
        "SELECT b.id, b.kind, b.shown, b.name, b.since, b.until_day, b.basis FROM licence_bans b",
    );
    let rows = narrowed(rows).then(
        "ORDER BY b.since DESC, b.id DESC LIMIT ? OFFSET ?",
        &[Param::Int(size), Param::Int((page - 1) * size)],
    );
    Ok(Page { items: tx.list(&rows)?, total, page, size })
}

pub fn add_mandate(tx: &mut Tx, m: &Mandate, by: &str) -> Result<()> {
    let matters = m.matters.join(",");
    let row = params![&m.id, &m.principal, &m.agent, &matters, &m.from_day, &m.until_day, by, m.given_at];
    tx.exec(ADD_MANDATE, row).map(drop)
}

/// Mandates that a business gave or has.
pub fn mandates(tx: &mut Tx, party: &str) -> Result<Vec<Mandate>> {
    tx.all(MANDATES, params![party])
}

/// Mandates of an agent for a principal that stand on a day.
pub fn between(tx: &mut Tx, agent: &str, principal: &str, today: &str) -> Result<Vec<Mandate>> {
    tx.all(BETWEEN, params![agent, principal, today])
}

/// Answers whether it stood.
pub fn revoke_mandate(tx: &mut Tx, id: &str, principal: &str, now: Millis) -> Result<bool> {
    Ok(tx.exec(REVOKE, params![id, principal, now])? == 1)
}
