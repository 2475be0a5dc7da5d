//! 监督抽考 of visits.

use kit_base::{Error, Result};
use kit_db::{FromRow, Row, Tx, params};
use kit_exam::Mark;

use crate::model::{ExamView, post_name};

kit_db::statements! {
    INSERT = "INSERT INTO visit_exams (visit, no, post, name, bank, version, stage, seed, asked, hits, score, pass, started_at, ended_at,
            file, finding, content)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
    OF_VISIT = "SELECT no, post, name, bank, version, stage, seed, asked, hits, score, pass, started_at, ended_at, file, finding, content
        FROM visit_exams WHERE visit = $1 ORDER BY no";
}

impl FromRow for ExamView {
    fn from_row(r: &Row) -> Result<Self> {
        let (post, content): (String, String) = (r.get(1)?, r.get(15)?);
        let mark = Mark { asked: r.get(7)?, right: r.get(8)?, score: r.get(9)? };
        let pass: i64 = r.get(10)?;
        Ok(Self {
            no: r.get(0)?,
            post_name: post_name(&post).to_owned(),
            post,
            name: r.get(2)?,
            bank: r.get(3)?,
            version: r.get(4)?,
            stage: r.get(5)?,
            seed: r.get(6)?,
            mark,
            pass,
            passed: mark.score >= pass,
            started_at: r.get(11)?,
            ended_at: r.get(12)?,
            file: r.get(13)?,
            finding: r.get(14)?,
            asked_of: serde_json::from_str(&content).map_err(Error::internal)?,
        })
    }
}

pub fn insert(tx: &mut Tx, visit: &str, e: &ExamView) -> Result<()> {
    let content = serde_json::to_string(&e.asked_of).map_err(Error::internal)?;
    let row = params![
        visit,
        e.no,
        &e.post,
        &e.name,
        &e.bank,
        e.version,
        &e.stage,
        &e.seed,
        e.mark.asked,
        e.mark.right,
        e.mark.score,
        e.pass,
        e.started_at,
        e.ended_at,
        &e.file,
        &e.finding,
        &content
    ];
    tx.exec(INSERT, row).map(drop)
}

pub fn of_visit(tx: &mut Tx, visit: &str) -> Result<Vec<ExamView>> {
    tx.all(OF_VISIT, params![visit])
}
