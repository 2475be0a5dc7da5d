//! The files of a report: xlsx and PDF, from what it says.

use std::path::Path;

use kit_base::{Error, Result};
use kit_docs::pdf::{ReportPaper, ReportTable, report};
use kit_docs::table::out::{Field, OutColumn, XlsxOut};
use kit_sheets::keep_file;
use kit_web::House;

use crate::Type;
use crate::model::{Cell, Content, Table};

/// Shown for what is not known.
const UNKNOWN: &str = "不明";

/// Sets the sheet: one for what is in short, one a section. Answers its hash in the file store.
pub fn xlsx(house: &House, content: &Content, hash: &str) -> Result<String> {
    let path = tempfile::Builder::new().suffix(".xlsx").tempfile()?.into_temp_path();
    let mut out = XlsxOut::new();
    let heading = [OutColumn::text("项目").width(14), OutColumn::text("内容").width(100)];
    out.sheet("概要", &heading, &notes(content, hash))?;
    for line in &content.summary {
        out.row(["情况".into(), Field::from(line.as_str())])?;
    }
    for line in &content.missing {
        out.row(["说明".into(), Field::from(line.as_str())])?;
    }
    for section in &content.sections {
        sheet(&mut out, section)?;
    }
    save(out, &path)?;
    Ok(keep_file(&house.files, &path)?.hash)
}

fn save(out: XlsxOut, path: &Path) -> Result<()> {
    out.save(path)
}

fn notes(c: &Content, hash: &str) -> Vec<String> {
    let mut notes = vec![
        format!("{}　{}　{}", c.organ, c.name, c.period),
        format!("范围：{}　统计时间：{}　内容摘要：{hash}", c.place, c.as_of),
        c.source.clone(),
    ];
    if c.simulated {
        notes.push("模拟数据".to_owned());
    }
    notes
}

fn sheet(out: &mut XlsxOut, table: &Table) -> Result<()> {
    let columns: Vec<OutColumn> = table
        .columns
        .iter()
        .map(|c| if c.num { OutColumn::text(&*c.name) } else { OutColumn::text(&*c.name).width(28) })
        .collect();
    let mut notes = vec![table.title.clone()];
    notes.extend(Some(table.note.clone()).filter(|n| !n.is_empty()));
    if table.rows.is_empty() {
        notes.push(table.empty.clone());
    }
    let columns = if columns.is_empty() { vec![OutColumn::text("说明")] } else { columns };
    out.sheet(&table.title, &columns, &notes)?;
    for row in &table.rows {
        out.row(row.iter().map(|cell| match cell {
            Cell::Whole(n) => Field::Whole(*n),
            Cell::Text(text) => Field::from(text.as_str()),
            Cell::Unknown(()) => Field::from(UNKNOWN),
        }))?;
    }
    Ok(())
}

/// Sets the PDF. Answers its hash in the file store.
///
/// Errors: `font_missing`.
pub fn pdf(house: &House, content: &Content, hash: &str, edition: i64) -> Result<String> {
    let text = |cell: &Cell| match cell {
        Cell::Whole(n) => n.to_string(),
        Cell::Text(text) => text.clone(),
        Cell::Unknown(()) => UNKNOWN.to_owned(),
    };
    let table = |t: &Table| ReportTable {
        title: t.title.clone(),
        note: t.note.clone(),
        columns: t.columns.iter().map(|c| (c.name.clone(), c.num)).collect(),
        rows: t.rows.iter().map(|row| row.iter().map(text).collect()).collect(),
        empty: t.empty.clone(),
    };
    let paper = ReportPaper {
        organ: content.organ.clone(),
        title: content.name.clone(),
        place: content.place.clone(),
        period: content.period.clone(),
        as_of: content.as_of.clone(),
        edition,
        summary: content.summary.clone(),
        tables: content.sections.iter().map(table).collect(),
        missing: content.missing.clone(),
        source: content.source.clone(),
        hash: hash.to_owned(),
        simulated: content.simulated,
    };
    let bytes = report(&paper, &(house.held::<Type>().fonts)()?)?;
    house.files.put(&bytes[..], u64::MAX).map(|kept| kept.hash).map_err(|e| match e.kind {
        kit_base::Kind::Internal => Error::internal(e),
        _ => e,
    })
}
