//! The code that the papers of a sample carry.

use kit_base::Result;
use kit_db::{Tx, params};

kit_db::statements! {
    SET = "UPDATE samples SET paper_code = $2 WHERE id = $1";
    OF = "SELECT paper_code FROM samples WHERE id = $1";
    BY_CODE = "SELECT id FROM samples WHERE paper_code = $1";
}

pub fn set(tx: &mut Tx, id: &str, code: &str) -> Result<()> {
    tx.exec(SET, params![id, code]).map(drop)
}

/// Empty: not sealed, or before there were papers.
pub fn code(tx: &mut Tx, id: &str) -> Result<String> {
    Ok(tx.one(OF, params![id])?.unwrap_or_default())
}

pub fn by_code(tx: &mut Tx, code: &str) -> Result<Option<String>> {
    if code.is_empty() { Ok(None) } else { tx.one(BY_CODE, params![code]) }
}
