//! The text of documents, and seals.

use kit_base::Result;
use kit_db::{FromRow, Row, Tx, params};

use crate::papers::Paper;

kit_db::statements! {
    ADD = "INSERT INTO flow_papers (case_id, number, code, title, organ, verify, content, hash, seal, issued_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    ADD_SEAL = "INSERT INTO flow_seals (hash, picture) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING";
    SEAL = "SELECT picture FROM flow_seals WHERE hash = $1";
    ONE = "SELECT p.case_id, p.number, p.code, p.title, p.organ, p.verify, p.content, p.hash, p.seal, p.issued_at, d.annulled_at
        FROM flow_papers p JOIN flow_documents d ON d.case_id = p.case_id AND d.number = p.number
        WHERE p.case_id = $1 AND p.number = $2";
    BY_VERIFY = "SELECT p.case_id, p.number, p.code, p.title, p.organ, p.verify, p.content, p.hash, p.seal, p.issued_at, d.annulled_at
        FROM flow_papers p JOIN flow_documents d ON d.case_id = p.case_id AND d.number = p.number
        WHERE p.verify = $1";
    CODES = "SELECT number, verify FROM flow_papers WHERE case_id = $1";
}

impl FromRow for Paper {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            case: r.get(0)?,
            number: r.get(1)?,
            code: r.get(2)?,
            title: r.get(3)?,
            organ: r.get(4)?,
            verify: r.get(5)?,
            content: r.get(6)?,
            hash: r.get(7)?,
            seal: r.get(8)?,
            issued_at: r.get(9)?,
            annulled_at: r.get(10)?,
        })
    }
}

/// Keeps the text of a document, and makes its hash a fact of the ledger.
pub fn add(tx: &mut Tx, p: &Paper) -> Result<()> {
    let row = params![
        &p.case,
        &p.number,
        &p.code,
        &p.title,
        &p.organ,
        &p.verify,
        &p.content,
        &p.hash,
        &p.seal,
        p.issued_at
    ];
    tx.exec(ADD, row)?;
    let mut hash = [0; 32];
    hex::decode_to_slice(&p.hash, &mut hash).map_err(kit_base::Error::internal)?;
    tx.fact("paper", format!("{}#{}", p.case, p.number), hash);
    tx.fact("paper_row", format!("{}#{}", p.case, p.number), crate::proof::of_paper(p));
    Ok(())
}

pub fn one(tx: &mut Tx, case: &str, number: &str) -> Result<Option<Paper>> {
    tx.one(ONE, params![case, number])
}

pub fn by_verify(tx: &mut Tx, verify: &str) -> Result<Option<Paper>> {
    tx.one(BY_VERIFY, params![verify])
}

/// Number and code of every document of a case whose text is kept.
pub fn codes(tx: &mut Tx, case: &str) -> Result<Vec<(String, String)>> {
    tx.all(CODES, params![case])
}

pub fn add_seal(tx: &mut Tx, hash: &str, picture: &[u8]) -> Result<()> {
    tx.exec(ADD_SEAL, params![hash, picture]).map(drop)
}

pub fn seal(tx: &mut Tx, hash: &str) -> Result<Option<Vec<u8>>> {
    tx.one(SEAL, params![hash])
}
