//! Sums over lines and batches: the accounts, and the counties.

use kit_base::Result;
use kit_db::{FromRow, Row, Tx, params};
use trace::model::LotNo;

use crate::model::County;
use crate::rules::report::Account;

kit_db::statements! {
    /// The account of every unit over lines; `$2`: of this batch only, 0 for all.
    LINE_SUMS = "SELECT unit,
            CAST(coalesce(sum(CASE WHEN on_hand IS NULL THEN due ELSE 0 END), 0) AS BIGINT),
            CAST(coalesce(sum(CASE WHEN on_hand IS NULL THEN book_on_hand ELSE 0 END), 0) AS BIGINT),
            CAST(coalesce(sum(CASE WHEN on_hand IS NULL THEN book_sold ELSE 0 END), 0) AS BIGINT),
            CAST(coalesce(sum(CASE WHEN on_hand IS NULL THEN book_gone ELSE 0 END), 0) AS BIGINT),
            CAST(coalesce(sum(on_hand), 0) AS BIGINT), CAST(coalesce(sum(sold), 0) AS BIGINT),
            CAST(coalesce(sum(destroyed), 0) AS BIGINT), CAST(coalesce(sum(remedied), 0) AS BIGINT),
            CAST(coalesce(sum(returned - confirmed), 0) AS BIGINT), CAST(coalesce(sum(confirmed), 0) AS BIGINT),
            CAST(coalesce(sum(due - on_hand - sold - destroyed - remedied - returned), 0) AS BIGINT),
            CAST(coalesce(sum(CASE WHEN accepted = due - on_hand - sold - destroyed - remedied - returned THEN accepted ELSE 0 END), 0)
                AS BIGINT)
        FROM recall_lines WHERE recall = $1 AND (CAST($2 AS BIGINT) = 0 OR origin = CAST($2 AS BIGINT)) GROUP BY unit ORDER BY unit";
    BATCH_SUMS = "SELECT unit, CAST(coalesce(sum(produced), 0) AS BIGINT), CAST(sum(used) AS BIGINT), CAST(sum(gap) AS BIGINT),
            CAST(sum(unknown) AS BIGINT), CAST(sum(back_destroyed) AS BIGINT), CAST(sum(back_remedied) AS BIGINT)
        FROM recall_batches WHERE recall = $1 AND (CAST($2 AS BIGINT) = 0 OR origin = CAST($2 AS BIGINT)) GROUP BY unit ORDER BY unit";
    COUNTIES = "SELECT substr(t.division, 1, 6), count(DISTINCT t.party),
            count(DISTINCT CASE WHEN t.state <> 'open' THEN t.party END),
            CAST(coalesce(sum(l.due), 0) AS BIGINT),
            CAST(coalesce(sum(l.on_hand + l.destroyed + l.remedied + l.returned), 0) AS BIGINT),
            CAST(coalesce(sum(l.due - l.on_hand - l.sold - l.destroyed - l.remedied - l.returned), 0) AS BIGINT)
        FROM recall_tasks t LEFT JOIN recall_lines l ON l.recall = t.recall AND l.party = t.party AND l.unit = $2
        WHERE t.recall = $1 GROUP BY substr(t.division, 1, 6) ORDER BY 1";
}

/// Sums over lines of one unit.
struct LineSums(Account);

impl FromRow for LineSums {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self(Account {
            unit: r.get(0)?,
            waiting: r.get(1)?,
            book_on_hand: r.get(2)?,
            book_sold: r.get(3)?,
            book_gone: r.get(4)?,
            on_hand: r.get(5)?,
            sold: r.get(6)?,
            destroyed: r.get(7)?,
            remedied: r.get(8)?,
            returning: r.get(9)?,
            back: r.get(10)?,
            open: r.get(11)?,
            accepted: r.get(12)?,
            ..Account::default()
        }))
    }
}

/// Sums over batches of one unit: unit, produced, used, gap, unknown, destroyed and mended of what came back.
struct BatchSums(String, [i64; 6]);

impl FromRow for BatchSums {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self(r.get(0)?, [r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?, r.get(6)?]))
    }
}

/// The account of each unit; of one batch where it is said.
pub fn accounts(tx: &mut Tx, recall: &str, origin: Option<LotNo>) -> Result<Vec<Account>> {
    let origin = origin.unwrap_or(0);
    let mut lines: Vec<LineSums> = tx.all(LINE_SUMS, params![recall, origin])?;
    let mut out = Vec::new();
    for BatchSums(unit, sums) in tx.all(BATCH_SUMS, params![recall, origin])? {
        let at = lines.iter().position(|l| l.0.unit == unit);
        let mut account = at.map(|at| lines.swap_remove(at).0).unwrap_or_default();
        account.unit = unit;
        let [produced, used, gap, unknown, back_destroyed, back_remedied] = sums;
        account.whole(&crate::rules::report::Whole {
            produced: Some(produced),
            used,
            gap,
            unknown,
            back_destroyed,
            back_remedied,
        });
        out.push(account);
    }
    Ok(out)
}

/// Counties of a recall, in its own unit.
pub fn counties(tx: &mut Tx, recall: &str, unit: &str) -> Result<Vec<County>> {
    tx.all(COUNTIES, params![recall, unit])
}
