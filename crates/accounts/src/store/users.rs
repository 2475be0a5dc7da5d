//! Users.

use kit_base::{Millis, Result};
use kit_db::{Filter, Param, Tx, params};
use kit_web::Scope;
use kit_web::answer::paging;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{anywhere, given, visible};
use crate::model::{Account, User};

kit_db::statements! {
    BY_ID = "SELECT id, name, full_name, phone, bureau, party, division, password, must_change, totp, totp_pending,
            totp_step, state, seen_at, simulated
        FROM users WHERE id = $1";
    BY_NAME = "SELECT id, name, full_name, phone, bureau, party, division, password, must_change, totp, totp_pending,
            totp_step, state, seen_at, simulated
        FROM users WHERE name = $1";
    NAME_OF = "SELECT full_name FROM users WHERE id = $1";
    HOME_OF = "SELECT full_name, COALESCE(bureau, party), division FROM users WHERE id = $1 AND state = 'active'";
    SIMULATED = "SELECT name FROM users WHERE simulated = 1 AND state = 'active' ORDER BY name LIMIT 50";
    ANY = "SELECT id FROM users LIMIT 1";
    INSERT = "INSERT INTO users (id, name, full_name, phone, bureau, party, division, password, must_change, totp,
            totp_pending, totp_step, state, seen_at, simulated, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, NULL, NULL, 'active', NULL, $10, $11, $11)";
    CHANGE = "UPDATE users SET full_name = $2, phone = $3, bureau = $4, party = $5, division = $6, updated_at = $7 WHERE id = $1";
    BUSINESS_MOVED = "UPDATE users SET division = $2 WHERE party = $1";
    SET_STATE = "UPDATE users SET state = $2, updated_at = $3 WHERE id = $1";
    SET_PASSWORD = "UPDATE users SET password = $2, must_change = $3, updated_at = $4 WHERE id = $1";
    SIGNED_IN = "UPDATE users SET seen_at = $2 WHERE id = $1";
    PEND_TOTP = "UPDATE users SET totp_pending = $2, updated_at = $3 WHERE id = $1";
    BIND_TOTP = "UPDATE users SET totp = totp_pending, totp_pending = NULL, totp_step = $2, updated_at = $3 WHERE id = $1";
    DROP_TOTP = "UPDATE users SET totp = NULL, totp_pending = NULL, totp_step = NULL, updated_at = $2 WHERE id = $1";
    RESEAL = "UPDATE users SET totp = $2 WHERE id = $1 AND totp IS NOT NULL";
    /// Changes nothing where a code of this step or a later one was taken meanwhile.
    TAKE_STEP = "UPDATE users SET totp_step = $2 WHERE id = $1 AND (totp_step IS NULL OR totp_step < $2)";
}

/// People of a business lie where it lies.
pub fn business_moved(tx: &mut Tx, party: &str, division: &str) -> Result<()> {
    tx.exec(BUSINESS_MOVED, params![party, division]).map(drop)
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Account>> {
    tx.one(BY_ID, params![id])
}

pub fn by_name(tx: &mut Tx, name: &str) -> Result<Option<Account>> {
    tx.one(BY_NAME, params![name])
}

pub fn name_of(tx: &mut Tx, id: &str) -> Result<Option<String>> {
    tx.one(NAME_OF, params![id])
}

/// Full name, bureau or business, and division of a user who may sign in.
pub fn home_of(tx: &mut Tx, id: &str) -> Result<Option<(String, String, String)>> {
    tx.one(HOME_OF, params![id])
}

pub fn simulated(tx: &mut Tx) -> Result<Vec<String>> {
    tx.all(SIMULATED, &[])
}

pub fn any(tx: &mut Tx) -> Result<bool> {
    Ok(tx.one::<String>(ANY, &[])?.is_some())
}

/// A user to be added.
pub struct NewUser<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub full_name: &'a str,
    pub phone: Option<&'a str>,
    pub bureau: Option<&'a str>,
    pub party: Option<&'a str>,
    pub division: &'a str,
    pub password: &'a str,
    pub must_change: bool,
    pub simulated: bool,
    pub now: Millis,
}

pub fn insert(tx: &mut Tx, u: &NewUser) -> Result<()> {
    let values = params![
        u.id,
        u.name,
        u.full_name,
        u.phone,
        u.bureau,
        u.party,
        u.division,
        u.password,
        u.must_change,
        u.simulated,
        u.now
    ];
    tx.exec(INSERT, values).map(drop)
}

/// Stores name, phone, where the person belongs.
pub fn change(tx: &mut Tx, a: &Account, now: Millis) -> Result<()> {
    let values = params![&a.id, &a.full_name, &a.phone, &a.bureau, &a.party, &a.division, now];
    tx.exec(CHANGE, values).map(drop)
}

pub fn set_state(tx: &mut Tx, id: &str, state: &str, now: Millis) -> Result<()> {
    tx.exec(SET_STATE, params![id, state, now]).map(drop)
}

pub fn set_password(tx: &mut Tx, id: &str, hash: &str, must_change: bool, now: Millis) -> Result<()> {
    tx.exec(SET_PASSWORD, params![id, hash, must_change, now]).map(drop)
}

pub fn signed_in(tx: &mut Tx, id: &str, now: Millis) -> Result<()> {
    tx.exec(SIGNED_IN, params![id, now]).map(drop)
}

pub fn pend_totp(tx: &mut Tx, id: &str, sealed: &str, now: Millis) -> Result<()> {
    tx.exec(PEND_TOTP, params![id, sealed, now]).map(drop)
}

pub fn bind_totp(tx: &mut Tx, id: &str, step: i64, now: Millis) -> Result<()> {
    tx.exec(BIND_TOTP, params![id, step, now]).map(drop)
}

pub fn drop_totp(tx: &mut Tx, id: &str, now: Millis) -> Result<()> {
    tx.exec(DROP_TOTP, params![id, now]).map(drop)
}

pub fn reseal_totp(tx: &mut Tx, id: &str, sealed: &str) -> Result<()> {
    tx.exec(RESEAL, params![id, sealed]).map(drop)
}

/// Takes a code's step; `false` where it was taken before.
pub fn take_step(tx: &mut Tx, id: &str, step: i64) -> Result<bool> {
    Ok(tx.exec(TAKE_STEP, params![id, step])? > 0)
}

/// What the list of users is asked.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub struct UserQuery {
    /// Part of a name or sign-in name, or the end of a phone number.
    pub q: Option<String>,
    /// active, locked, disabled
    pub state: Option<String>,
    /// Holds this role now.
    pub role: Option<String>,
    pub bureau: Option<String>,
    pub party: Option<String>,
    /// full_name, name, last_seen; `-` before it turns it round.
    pub sort: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

const ROWS: &str = "SELECT u.id, u.name, u.full_name, u.phone, u.state, f.locked_until,
        CAST(CASE WHEN u.totp IS NULL THEN 0 ELSE 1 END AS BIGINT), u.must_change, u.seen_at, u.bureau, b.name, u.party, u.division, u.simulated,
        (SELECT count(*) FROM passkeys k WHERE k.user_id = u.id)
    FROM users u LEFT JOIN bureaus b ON b.id = u.bureau LEFT JOIN sign_in_failures f ON f.name = u.name";
const HOW_MANY: &str = "SELECT count(*) FROM users u LEFT JOIN sign_in_failures f ON f.name = u.name";

const LOCKED: &str = "u.state = 'active' AND f.locked_until IS NOT NULL AND f.locked_until > ?";
const OPEN: &str = "u.state = 'active' AND (f.locked_until IS NULL OR f.locked_until <= ?)";
const HOLDS: &str = "EXISTS (SELECT 1 FROM holdings h JOIN post_roles r ON r.post = h.post
        WHERE h.user_id = u.id AND h.withdrawn_at IS NULL AND h.from_at <= ? AND (h.until_at IS NULL OR h.until_at > ?) AND r.role = ?)
    OR EXISTS (SELECT 1 FROM memberships m
        WHERE m.user_id = u.id AND m.withdrawn_at IS NULL AND m.from_at <= ? AND (m.until_at IS NULL OR m.until_at > ?) AND m.role = ?)";

fn narrowed(filter: Filter, q: &UserQuery, now: Millis) -> Filter {
    let mut filter = filter;
    if let Some(text) = given(&q.q) {
        let pattern = anywhere(text);
        let like = "u.full_name LIKE ? ESCAPE '\\' OR u.name LIKE ? ESCAPE '\\'";
        filter = if text.len() >= 4 && text.bytes().all(|b| b.is_ascii_digit()) {
            let tail = format!("%{text}");
            let like = "u.full_name LIKE ? ESCAPE '\\' OR u.name LIKE ? ESCAPE '\\' OR u.phone LIKE ?";
            filter.and(like, params![&pattern, &pattern, &tail])
        } else {
            filter.and(like, params![&pattern, &pattern])
        };
    }
    filter = match given(&q.state) {
        Some("locked") => filter.and(LOCKED, params![now]),
        Some("active") => filter.and(OPEN, params![now]),
        other => filter.and_some("u.state = ?", other),
    };
    if let Some(role) = given(&q.role) {
        filter = filter.and(HOLDS, params![now, now, role, now, now, role]);
    }
    filter.and_some("u.bureau = ?", given(&q.bureau)).and_some("u.party = ?", given(&q.party))
}

/// One page of users, without their posts, phones whole; and how many there are in all.
pub fn list(tx: &mut Tx, q: &UserQuery, scope: &Scope, now: Millis) -> Result<(Vec<User>, i64)> {
    let seen = |select| visible(Filter::new(select), scope, "u.division >= ? AND u.division < ?");
    page(tx, q, &seen, now)
}

/// [`list`] of the people who belong to these businesses.
pub fn of_businesses(tx: &mut Tx, q: &UserQuery, own: &[String], now: Millis) -> Result<(Vec<User>, i64)> {
    let own: Vec<Vec<String>> = own.iter().map(|id| vec![id.clone()]).collect();
    page(tx, q, &|select| Filter::new(select).and_any("u.party = ?", &own), now)
}

fn page(
    tx: &mut Tx,
    q: &UserQuery,
    seen: &dyn Fn(&'static str) -> Filter,
    now: Millis,
) -> Result<(Vec<User>, i64)> {
    let total = tx.count(&narrowed(seen(HOW_MANY), q, now))?;
    let order = match q.sort.as_deref().unwrap_or("") {
        "full_name" => "ORDER BY u.full_name, u.id",
        "-full_name" => "ORDER BY u.full_name DESC, u.id",
        "-name" => "ORDER BY u.name DESC",
        "last_seen" => "ORDER BY COALESCE(u.seen_at, 0), u.id",
        "-last_seen" => "ORDER BY COALESCE(u.seen_at, 0) DESC, u.id",
        _ => "ORDER BY u.name",
    };
    let (page, size) = paging(q.page, q.size);
    let filter = narrowed(seen(ROWS), q, now).then(order, &[]);
    let filter = filter.then("LIMIT ? OFFSET ?", &[Param::Int(size), Param::Int((page - 1) * size)]);
    let mut out = Vec::new();
    tx.scan_list(&filter, &mut |row| {
        let locked_until = row.get::<Option<i64>>(5)?.filter(|until| *until > now);
        let state: String = row.get(4)?;
        out.push(User {
            id: row.get(0)?,
            name: row.get(1)?,
            full_name: row.get(2)?,
            phone: row.get::<Option<String>>(3)?.unwrap_or_default(),
            state: if state == "active" && locked_until.is_some() { "locked".into() } else { state },
            locked_until,
            totp: row.get(6)?,
            must_change: row.get(7)?,
            last_seen: row.get(8)?,
            bureau: row.get(9)?,
            bureau_name: row.get(10)?,
            party: row.get(11)?,
            party_name: None,
            division: row.get(12)?,
            posts: Vec::new(),
            roles: Vec::new(),
            simulated: row.get(13)?,
            passkeys: row.get(14)?,
        });
        Ok(true)
    })?;
    Ok((out, total))
}
