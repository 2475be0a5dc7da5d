//! The log and the documents beside what the ledger has of them.

use kit_base::Result;
use kit_db::{FromRow, Tx};

use crate::log::Entry;
use crate::papers::Paper;

kit_db::statements! {
    LOG = "SELECT l.case_id, l.seq, l.at, l.occurred_at, l.user_id, l.user_name, l.action, l.note, l.body, l.client_key, l.before_hash,
            l.hash, i.hash
        FROM flow_log l LEFT JOIN ledger_items i ON i.kind = 'flow' AND i.item = l.case_id || '#' || CAST(l.seq AS TEXT)";
    PAPERS = "SELECT p.case_id, p.number, p.code, p.title, p.organ, p.verify, p.content, p.hash, p.seal, p.issued_at, CAST(NULL AS BIGINT),
            i.hash, r.hash
        FROM flow_papers p LEFT JOIN ledger_items i ON i.kind = 'paper' AND i.item = p.case_id || '#' || p.number
        LEFT JOIN ledger_items r ON r.kind = 'paper_row' AND r.item = p.case_id || '#' || p.number";
    LOST = "SELECT kind, item FROM ledger_items WHERE kind = 'flow'
            AND item NOT IN (SELECT case_id || '#' || CAST(seq AS TEXT) FROM flow_log)
        UNION ALL SELECT kind, item FROM ledger_items WHERE kind = 'paper'
            AND item NOT IN (SELECT case_id || '#' || number FROM flow_papers)";
}

/// Hash that the ledger has; `None`: it has none.
pub type Known = Option<Vec<u8>>;

/// Every entry of every log; stops where `each` answers `false`.
pub fn log(tx: &mut Tx, each: &mut dyn FnMut(Entry, Known) -> bool) -> Result<()> {
    tx.scan(LOG, &[], &mut |row| Ok(each(Entry::from_row(row)?, row.get(12)?)))
}

/// Every document with the hash of its text and that of its row, which older ones lack.
pub fn papers(tx: &mut Tx, each: &mut dyn FnMut(Paper, Known, Known) -> bool) -> Result<()> {
    tx.scan(PAPERS, &[], &mut |row| Ok(each(Paper::from_row(row)?, row.get(11)?, row.get(12)?)))
}

/// Kind and item of facts whose rows are gone.
pub fn lost(tx: &mut Tx, each: &mut dyn FnMut(&str, &str) -> bool) -> Result<()> {
    tx.scan(LOST, &[], &mut |row| {
        let (kind, item): (String, String) = (row.get(0)?, row.get(1)?);
        Ok(each(&kind, &item))
    })
}
