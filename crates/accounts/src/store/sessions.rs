//! Sessions, and failures to get one.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row, Tx, params};

use crate::model::{PhoneSession, SessionRow};
use crate::rules::Failures;

kit_db::statements! {
    /// One row by a unique index: who is behind a token.
    BEHIND = "SELECT s.id, s.seen_at, s.until_at, u.id, u.full_name, u.bureau, u.party, u.must_change,
            CAST(CASE WHEN u.totp IS NULL AND NOT EXISTS (SELECT 1 FROM passkeys k WHERE k.user_id = u.id) THEN 0 ELSE 1 END AS BIGINT),
            u.simulated, CAST(CASE WHEN s.resumed_at IS NULL THEN 0 ELSE 1 END AS BIGINT)
        FROM sessions s JOIN users u ON u.id = s.user_id
        WHERE s.token = $1 AND s.ended_at IS NULL AND u.state = 'active'";
    OPEN = "INSERT INTO sessions (id, token, user_id, created_at, seen_at, until_at, address, agent, ended_at, factor)
        VALUES ($1, $2, $3, $4, $4, $5, $6, $7, NULL, $8)";
    STANDS = "SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id
        WHERE s.id = $1 AND s.ended_at IS NULL AND s.until_at > $2 AND u.state = 'active'";
    SEEN = "UPDATE sessions SET seen_at = $2 WHERE id = $1 AND seen_at < $2";
    OF_USER = "SELECT s.id, s.user_id, u.full_name, s.created_at, s.seen_at, s.until_at, s.address, s.agent, s.factor
        FROM sessions s JOIN users u ON u.id = s.user_id
        WHERE s.user_id = $1 AND s.ended_at IS NULL AND s.until_at > $2 AND s.seen_at > $3 ORDER BY s.created_at DESC LIMIT 100";
    BIND_PHONE = "UPDATE sessions SET phone_key = $2, phone_no = 0 WHERE id = $1";
    RESUMED = "SELECT id FROM sessions WHERE id = $1 AND resumed_at IS NOT NULL";
    /// One by its key: what a phone may take up again.
    OF_PHONE = "SELECT s.id, s.user_id, u.full_name, s.phone_key, s.phone_no, s.until_at FROM sessions s JOIN users u ON u.id = s.user_id
        WHERE s.id = $1 AND s.ended_at IS NULL AND s.phone_key <> '' AND u.state = 'active'";
    RESUME = "UPDATE sessions SET token = $2, phone_no = $3, seen_at = $4, resumed_at = $4 WHERE id = $1";
    OWNER = "SELECT user_id FROM sessions WHERE id = $1 AND ended_at IS NULL";
    END_ONE = "UPDATE sessions SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL";
    END_ALL = "UPDATE sessions SET ended_at = $2 WHERE user_id = $1 AND ended_at IS NULL AND id <> $3";
    SWEEP_SESSIONS = "DELETE FROM sessions WHERE until_at < $1";
    FAILURES = "SELECT failed, locks, locked_until FROM sign_in_failures WHERE name = $1 AND last_at >= $2";
    FAILED = "INSERT INTO sign_in_failures (name, failed, locks, locked_until, last_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (name) DO UPDATE SET failed = excluded.failed, locks = excluded.locks,
            locked_until = excluded.locked_until, last_at = excluded.last_at";
    FORGIVE = "DELETE FROM sign_in_failures WHERE name = $1";
    SWEEP_FAILURES = "DELETE FROM sign_in_failures WHERE last_at < $1 AND (locked_until IS NULL OR locked_until < $1)";
}

/// Who is behind a token, before it is asked whether the session still stands.
pub struct Behind {
    pub session: String,
    pub seen_at: Millis,
    pub until_at: Millis,
    pub user: String,
    pub full_name: String,
    pub bureau: Option<String>,
    pub party: Option<String>,
    pub must_change: bool,
    /// Has a second factor: codes or a passkey.
    pub factor: bool,
    pub simulated: bool,
    /// Taken up again by a phone: it only sends.
    pub resumed: bool,
}

impl FromRow for Behind {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            session: row.get(0)?,
            seen_at: row.get(1)?,
            until_at: row.get(2)?,
            user: row.get(3)?,
            full_name: row.get(4)?,
            bureau: row.get(5)?,
            party: row.get(6)?,
            must_change: row.get(7)?,
            factor: row.get(8)?,
            simulated: row.get(9)?,
            resumed: row.get::<i64>(10)? == 1,
        })
    }
}

pub fn behind(tx: &mut Tx, token_hash: &str) -> Result<Option<Behind>> {
    tx.one(BEHIND, params![token_hash])
}

/// A session to be opened.
pub struct NewSession<'a> {
    pub id: &'a str,
    pub token_hash: &'a str,
    pub user: &'a str,
    pub now: Millis,
    pub until_at: Millis,
    pub address: &'a str,
    pub agent: &'a str,
    /// password, totp, passkey: the strongest that was shown
    pub factor: &'a str,
}

pub fn open(tx: &mut Tx, new: &NewSession) -> Result<()> {
    let values =
        params![new.id, new.token_hash, new.user, new.now, new.until_at, new.address, new.agent, new.factor];
    tx.exec(OPEN, values).map(drop)
}

pub fn seen(tx: &mut Tx, session: &str, at: Millis) -> Result<()> {
    tx.exec(SEEN, params![session, at]).map(drop)
}

/// The sessions of a user that stand, newest first.
pub fn of_user(tx: &mut Tx, user: &str, now: Millis, idle: Millis, current: &str) -> Result<Vec<SessionRow>> {
    let mut out = Vec::new();
    tx.scan(OF_USER, params![user, now, now - idle], &mut |row| {
        let id: String = row.get(0)?;
        out.push(SessionRow {
            current: id == current,
            id,
            user: row.get(1)?,
            user_name: row.get(2)?,
            created_at: row.get(3)?,
            seen_at: row.get(4)?,
            until_at: row.get(5)?,
            address: row.get(6)?,
            agent: row.get(7)?,
            factor: row.get(8)?,
        });
        Ok(true)
    })?;
    Ok(out)
}

/// Binds a session to a phone's key.
pub fn bind_phone(tx: &mut Tx, session: &str, key: &str) -> Result<()> {
    tx.exec(BIND_PHONE, params![session, key]).map(drop)
}

/// Whether it was taken up again by a phone.
pub fn resumed(tx: &mut Tx, session: &str) -> Result<bool> {
    Ok(tx.one::<String>(RESUMED, params![session])?.is_some())
}

/// A session that is bound to a phone and was not ended.
pub fn of_phone(tx: &mut Tx, session: &str) -> Result<Option<PhoneSession>> {
    tx.one(OF_PHONE, params![session])
}

/// Stands again under another secret, for sending.
pub fn resume(tx: &mut Tx, session: &str, token_hash: &str, no: i64, now: Millis) -> Result<()> {
    tx.exec(RESUME, params![session, token_hash, no, now]).map(drop)
}

/// Whether a session found earlier still counts.
pub fn stands(tx: &mut Tx, session: &str, now: Millis) -> Result<bool> {
    Ok(tx.one::<String>(STANDS, params![session, now])?.is_some())
}

/// Whose session it is; `None` where it is unknown or ended.
pub fn owner(tx: &mut Tx, session: &str) -> Result<Option<String>> {
    tx.one(OWNER, params![session])
}

pub fn end(tx: &mut Tx, session: &str, now: Millis) -> Result<bool> {
    Ok(tx.exec(END_ONE, params![session, now])? > 0)
}

/// Ends all sessions of a user but one; answers how many.
pub fn end_all(tx: &mut Tx, user: &str, but: &str, now: Millis) -> Result<u64> {
    tx.exec(END_ALL, params![user, now, but])
}

/// Failures under a name.
pub fn failures(tx: &mut Tx, name: &str) -> Result<Failures> {
    failures_since(tx, name, 0)
}

/// Failures whose last is not older than `since`; older ones count no more.
pub fn failures_since(tx: &mut Tx, name: &str, since: Millis) -> Result<Failures> {
    let found: Option<(i64, i64, Option<i64>)> = tx.one(FAILURES, params![name, since])?;
    Ok(found.map_or_else(Failures::default, |(failed, locks, locked_until)| Failures {
        failed,
        locks,
        locked_until,
    }))
}

pub fn failed(tx: &mut Tx, name: &str, f: &Failures, now: Millis) -> Result<()> {
    tx.exec(FAILED, params![name, f.failed, f.locks, f.locked_until, now]).map(drop)
}

pub fn forgive(tx: &mut Tx, name: &str) -> Result<()> {
    tx.exec(FORGIVE, params![name]).map(drop)
}

/// Forgets failures and sessions that mean nothing any more.
pub fn sweep(tx: &mut Tx, failures_before: Millis, sessions_before: Millis) -> Result<()> {
    tx.exec(SWEEP_FAILURES, params![failures_before])?;
    tx.exec(SWEEP_SESSIONS, params![sessions_before]).map(drop)
}
