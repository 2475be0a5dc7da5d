//! What recalls ask of a business.

use findings::about::Touching;
use kit_base::Result;
use kit_db::{FromRow, Row, Tx, params};

kit_db::statements! {
    /// Of recalls that go on, what a business has not settled yet; the latest first.
    OF_PARTY = "SELECT t.number, t.party, r.food, r.batch, r.grade, r.reason, t.issued_at, CASE WHEN t.state = 'open' THEN t.due_at END
        FROM recall_tasks t JOIN recalls r ON r.id = t.recall
        WHERE t.party = $1 AND t.state <> 'settled' AND r.closed_at IS NULL ORDER BY t.issued_at DESC LIMIT 200";
}

struct Found(Touching);

impl FromRow for Found {
    fn from_row(r: &Row) -> Result<Self> {
        let (grade, reason): (i64, String) = (r.get(4)?, r.get(5)?);
        let level = ["一级", "二级", "三级"].get((grade - 1).max(0) as usize).copied().unwrap_or("");
        Ok(Self(Touching {
            kind: "recall".into(),
            number: r.get(0)?,
            party: r.get(1)?,
            food: r.get(2)?,
            batch: r.get(3)?,
            what: format!("{level}召回：{reason}"),
            since: r.get(6)?,
            due: r.get(7)?,
        }))
    }
}

pub fn of_party(tx: &mut Tx, party: &str) -> Result<Vec<Touching>> {
    let found: Vec<Found> = tx.all(OF_PARTY, params![party])?;
    Ok(found.into_iter().map(|f| f.0).collect())
}
