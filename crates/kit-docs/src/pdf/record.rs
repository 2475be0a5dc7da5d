//! 监督检查结果记录表.

use kit_base::PartialDate;
use kit_base::error::{Error, Kind, Result};
use serde::Serialize;

use super::fonts::Fonts;
use super::world::render;
use super::zh_date;
use crate::qr::{Level, QUIET, Qr};

/// Items in one record; a whole document is held in memory while it is set.
const MAX_ITEMS: usize = 500;

/// One item as it was answered.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RecordItem {
    pub code: String,
    pub section: String,
    /// 重点项目
    pub important: bool,
    pub text: String,
    /// 符合, 不符合, 不适用
    pub verdict: String,
    pub note: String,
}

/// The record of a visit.
#[derive(Debug, Clone)]
pub struct VisitRecord {
    /// The bureau whose record it is.
    pub bureau: String,
    /// 监督检查结果记录表, 现场核查记录表
    pub title: String,
    pub number: String,
    pub date: PartialDate,
    /// The head: name and value.
    pub lines: Vec<(String, String)>,
    pub items: Vec<RecordItem>,
    /// Officers who signed.
    pub officers: String,
    /// Who signed for the business, or who saw that nobody would.
    pub business: String,
    /// Where the business answers.
    pub url: String,
    /// What scanning it is for.
    pub scan: String,
    /// What is to be done with the paper; stands below the signatures.
    pub note: String,
    pub simulated: bool,
}

#[derive(Serialize)]
struct Doc<'a> {
    bureau: &'a str,
    title: &'a str,
    scan: &'a str,
    note: &'a str,
    number: &'a str,
    date: String,
    lines: &'a [(String, String)],
    items: &'a [RecordItem],
    officers: &'a str,
    business: &'a str,
    qr: String,
    simulated: bool,
}

/// Sets the record. Errors: `items_too_many`.
pub fn visit_record(record: &VisitRecord) -> Result<Vec<u8>> {
    if record.items.len() > MAX_ITEMS {
        let message = format!("一份检查记录最多 {MAX_ITEMS} 项");
        return Err(Error::new(Kind::TooLarge, "items_too_many", message).at("items"));
    }
    let doc = Doc {
        bureau: &record.bureau,
        title: &record.title,
        scan: &record.scan,
        note: &record.note,
        number: &record.number,
        date: zh_date(record.date),
        lines: &record.lines,
        items: &record.items,
        officers: &record.officers,
        business: &record.business,
        qr: Qr::new(&record.url, Level::Medium)?.svg(QUIET),
        simulated: record.simulated,
    };
    render("visit_record.typ", &doc, &Fonts::installed()?, true)
}
