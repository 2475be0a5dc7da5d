//! Followers of batches, and what they were told of a recall.

use kit_base::{Millis, Result};
use kit_db::{Tx, params};
use trace::model::LotNo;

use crate::model::{Follower, FollowerCounts, ToldOf};

kit_db::statements! {
    FOLLOW = "INSERT INTO recall_follows (token, lot, code, phone, at, user_id) VALUES ($1, $2, $3, $4, $5, $6)";
    UNFOLLOW = "DELETE FROM recall_follows WHERE user_id = $1 AND lot = $2";
    OF_USER = "SELECT token FROM recall_follows WHERE user_id = $1 AND lot = $2";
    FOLLOWED = "SELECT lot, code, at FROM recall_follows WHERE token = $1";
    /// Every batch that somebody follows.
    LOTS = "SELECT DISTINCT lot FROM recall_follows ORDER BY lot";
    /// Token and account.
    OF_LOT = "SELECT token, user_id FROM recall_follows WHERE lot = $1 ORDER BY token";
    /// Those of the batch itself, and those of what was made of it who were told.
    LIST = "SELECT token, phone, CAST(CASE WHEN user_id <> '' THEN 1 ELSE 0 END AS BIGINT), lot, at FROM recall_follows
        WHERE token IN (SELECT token FROM recall_follows WHERE lot = $2 UNION SELECT token FROM recall_told WHERE recall = $1)
        ORDER BY at, token LIMIT $3 OFFSET $4";
    COUNTS = "SELECT count(*), CAST(coalesce(sum(CASE WHEN phone <> '' THEN 1 ELSE 0 END), 0) AS BIGINT),
            CAST(coalesce(sum(CASE WHEN user_id <> '' THEN 1 ELSE 0 END), 0) AS BIGINT),
            CAST(coalesce(sum(CASE WHEN phone <> '' AND NOT EXISTS (SELECT 1 FROM recall_told t WHERE t.recall = $1
                AND t.token = recall_follows.token AND t.how IN ('sms', 'phone')) THEN 1 ELSE 0 END), 0) AS BIGINT)
        FROM recall_follows
        WHERE token IN (SELECT token FROM recall_follows WHERE lot = $2 UNION SELECT token FROM recall_told WHERE recall = $1)";
    WAITING = "SELECT token, phone FROM recall_follows f
        WHERE phone <> '' AND EXISTS (SELECT 1 FROM recall_told t WHERE t.recall = $1 AND t.token = f.token)
            AND NOT EXISTS (SELECT 1 FROM recall_told t WHERE t.recall = $1 AND t.token = f.token AND t.how IN ('sms', 'phone'))
        ORDER BY at, token LIMIT $2";
    PHONE = "SELECT phone FROM recall_follows WHERE token = $3
            AND token IN (SELECT token FROM recall_follows WHERE lot = $2 UNION SELECT token FROM recall_told WHERE recall = $1)";
    TELL = "INSERT INTO recall_told (recall, token, how, at, user_name, note) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (recall, token, how) DO NOTHING";
    TOLD = "SELECT how, at, user_name, note FROM recall_told WHERE recall = $1 AND token = $2 ORDER BY at, how";
    /// Recalls that go on behind a public notice.
    OF_NOTICE = "SELECT id FROM recalls WHERE notice = $1 AND closed_at IS NULL";
    WIPE = "UPDATE recall_follows SET phone = '' WHERE phone <> ''
        AND token IN (SELECT token FROM recall_follows WHERE lot = $2 UNION SELECT token FROM recall_told WHERE recall = $1)";
}

/// Somebody who begins to follow.
#[derive(Debug, Clone, Copy, Default)]
pub struct NewFollow<'a> {
    pub token: &'a str,
    pub lot: LotNo,
    pub code: &'a str,
    /// Empty: none.
    pub phone: &'a str,
    /// Account; empty: none.
    pub user: &'a str,
}

pub fn follow(tx: &mut Tx, new: &NewFollow, at: Millis) -> Result<()> {
    tx.exec(FOLLOW, params![new.token, new.lot, new.code, new.phone, at, new.user]).map(drop)
}

pub fn unfollow(tx: &mut Tx, user: &str, lot: LotNo) -> Result<u64> {
    tx.exec(UNFOLLOW, params![user, lot])
}

/// The token under which an account follows a batch.
pub fn of_user(tx: &mut Tx, user: &str, lot: LotNo) -> Result<Option<String>> {
    tx.one(OF_USER, params![user, lot])
}

/// Lot, code and since when.
pub fn followed(tx: &mut Tx, token: &str) -> Result<Option<(LotNo, String, Millis)>> {
    tx.one(FOLLOWED, params![token])
}

pub fn lots(tx: &mut Tx) -> Result<Vec<LotNo>> {
    tx.all(LOTS, params![])
}

/// Token and account (empty: none) of each who follows a batch.
pub fn of_lot(tx: &mut Tx, lot: LotNo) -> Result<Vec<(String, String)>> {
    tx.all(OF_LOT, params![lot])
}

/// With whole numbers: mask before they leave.
pub fn list(tx: &mut Tx, recall: &str, lot: LotNo, size: i64, skip: i64) -> Result<Vec<Follower>> {
    let mut all: Vec<Follower> = tx.all(LIST, params![recall, lot, size, skip])?;
    for one in &mut all {
        one.told = tx.all(TOLD, params![recall, &one.token])?;
    }
    Ok(all)
}

pub fn counts(tx: &mut Tx, recall: &str, lot: LotNo) -> Result<FollowerCounts> {
    Ok(tx.one(COUNTS, params![recall, lot])?.unwrap_or_default())
}

/// Token and number of those who left one, know of the recall by their page alone, and were neither called nor written to.
pub fn waiting(tx: &mut Tx, recall: &str, most: i64) -> Result<Vec<(String, String)>> {
    tx.all(WAITING, params![recall, most])
}

/// The whole number; `None`: nobody of this recall.
pub fn phone(tx: &mut Tx, recall: &str, lot: LotNo, token: &str) -> Result<Option<String>> {
    tx.one(PHONE, params![recall, lot, token])
}

/// Writes down that somebody was told; whether it is news.
pub fn tell(tx: &mut Tx, recall: &str, token: &str, told: &ToldOf) -> Result<bool> {
    Ok(tx.exec(TELL, params![recall, token, &told.how, told.at, &told.user_name, &told.note])? == 1)
}

/// Recalls that go on behind a notice that the public sees.
pub fn of_notice(tx: &mut Tx, notice: &str) -> Result<Vec<String>> {
    tx.all(OF_NOTICE, params![notice])
}

/// Forgets the numbers of all who were told of a recall, and of its batch.
pub fn wipe(tx: &mut Tx, recall: &str, lot: LotNo) -> Result<u64> {
    tx.exec(WIPE, params![recall, lot])
}
