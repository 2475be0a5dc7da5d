//! Records and what they found.

use kit_base::{Error, Millis, Result};
use kit_db::{FromRow, Row, Tx, params};

use crate::model::{NewRecord, RecordView, Recorded};

kit_db::statements! {
    INSERT = "INSERT INTO visit_records (visit, client_key, content, hash, user_id, user_name, received_at, distance, answer)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    OF_VISIT = "SELECT content, user_id, user_name, received_at, distance, hash FROM visit_records WHERE visit = $1";
    ANSWER = "SELECT client_key, user_id, answer FROM visit_records WHERE visit = $1";
    ADD_FINDING = "INSERT INTO visit_findings (visit, finding, item) VALUES ($1, $2, $3)";
    FINDINGS = "SELECT finding, item FROM visit_findings WHERE visit = $1 ORDER BY finding";
}

/// A record on its way into the database.
pub struct NewRow<'a> {
    pub visit: &'a str,
    pub client_key: &'a str,
    pub content: &'a str,
    pub hash: &'a str,
    pub user: &'a str,
    pub user_name: &'a str,
    pub received_at: Millis,
    pub distance: Option<i64>,
    pub answer: &'a str,
}

pub fn insert(tx: &mut Tx, r: &NewRow) -> Result<()> {
    let row = params![
        r.visit,
        r.client_key,
        r.content,
        r.hash,
        r.user,
        r.user_name,
        r.received_at,
        r.distance,
        r.answer
    ];
    tx.exec(INSERT, row).map(drop)
}

impl FromRow for RecordView {
    fn from_row(r: &Row) -> Result<Self> {
        let content: String = r.get(0)?;
        let record: NewRecord = serde_json::from_str(&content).map_err(Error::internal)?;
        Ok(Self {
            record,
            user: r.get(1)?,
            user_name: r.get(2)?,
            received_at: r.get(3)?,
            distance: r.get(4)?,
            hash: r.get(5)?,
        })
    }
}

pub fn of_visit(tx: &mut Tx, visit: &str) -> Result<Option<RecordView>> {
    tx.one(OF_VISIT, params![visit])
}

/// What the record of a visit was answered, with its key and who handed it in.
pub struct Earlier {
    pub client_key: String,
    pub user: String,
    pub answer: Recorded,
}

impl FromRow for Earlier {
    fn from_row(r: &Row) -> Result<Self> {
        let answer: String = r.get(2)?;
        let answer = serde_json::from_str(&answer).map_err(Error::internal)?;
        Ok(Self { client_key: r.get(0)?, user: r.get(1)?, answer })
    }
}

pub fn earlier(tx: &mut Tx, visit: &str) -> Result<Option<Earlier>> {
    tx.one(ANSWER, params![visit])
}

pub fn add_finding(tx: &mut Tx, visit: &str, finding: &str, item: &str) -> Result<()> {
    tx.exec(ADD_FINDING, params![visit, finding, item]).map(drop)
}

/// Ids of findings with their items.
pub fn findings(tx: &mut Tx, visit: &str) -> Result<Vec<(String, String)>> {
    tx.all(FINDINGS, params![visit])
}
