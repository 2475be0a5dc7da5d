//! 回避: who may not inspect a business.

use kit_base::Result;
use kit_db::{Filter, Tx, params};
use kit_web::Scope;

use crate::model::Recusal;

kit_db::statements! {
    PUT = "INSERT INTO recusals (officer, party, name, division, reason, by_name, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (officer, party) DO UPDATE SET reason = excluded.reason, by_name = excluded.by_name, at = excluded.at";
    DROP = "DELETE FROM recusals WHERE officer = $1 AND party = $2";
    IS = "SELECT at FROM recusals WHERE officer = $1 AND party = $2";
}

pub fn put(tx: &mut Tx, r: &Recusal) -> Result<()> {
    let row = params![&r.officer, &r.party, &r.name, &r.division, &r.reason, &r.by_name, r.at];
    tx.exec(PUT, row).map(drop)
}

pub fn drop_one(tx: &mut Tx, officer: &str, party: &str) -> Result<bool> {
    Ok(tx.exec(DROP, params![officer, party])? == 1)
}

pub fn is(tx: &mut Tx, officer: &str, party: &str) -> Result<bool> {
    Ok(tx.one::<i64>(IS, params![officer, party])?.is_some())
}

/// Those within a scope, the latest first, at most two thousand.
pub fn list(tx: &mut Tx, scope: &Scope) -> Result<Vec<Recusal>> {
    let filter = Filter::new(
        "SELECT r.officer, r.party, r.name, r.division, r.reason, r.by_name, r.at FROM recusals r",
    );
    let filter = scope.restrict(filter, "r.division >= ? AND r.division < ?", "r.party = ?");
    tx.list(&filter.then("ORDER BY r.at DESC, r.officer, r.party LIMIT 2000", &[]))
}
