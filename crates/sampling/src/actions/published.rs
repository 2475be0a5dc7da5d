//! Notices of others are taken in.

use kit_base::{Error, Result};
use kit_docs::sheet::{Book, Limits};
use kit_docs::table::is_formula_like;
use kit_files::Files;
use kit_web::{Act, Scope};
use serde_json::json;

use crate::model::{Imported, PublishedRow};
use crate::rules::workbook::{Bad, Reader};
use crate::store::published::{self, FileRow};

/// Samples of one workbook.
const MOST: usize = 200_000;
const DEFECTS: usize = 100;

/// What was read of a workbook, and its bad rows as a file.
pub struct Looked {
    pub file: String,
    pub name: String,
    pub reader: Reader,
    pub rejected: String,
}

/// Reads a kept workbook; blocking. Errors: those of books, `headings_missing`, `samples_many`.
pub fn look(files: &Files, file: &str, name: &str) -> Result<Looked> {
    let source = files.get(file)?.ok_or_else(|| Error::internal("the workbook just kept is gone"))?;
    let mut book = Book::open(source, name, &Limits { file_bytes: 64 << 20, ..Limits::default() })?;
    let mut reader = Reader::default();
    let at = book.pick("");
    for row in book.rows(at)? {
        reader.take(&row?);
        if reader.samples.len() > MOST {
            return Err(Error::invalid("body", "samples_many", format!("一个文件最多 {MOST} 份样品")));
        }
    }
    if !reader.begun() {
        let text = "没有找到表头，至少应有“抽样编号”和“食品名称”两列";
        return Err(Error::invalid("body", "headings_missing", text));
    }
    let rejected = match reader.bad.is_empty() {
        true => String::new(),
        false => files.put(csv(reader.heads(), &reader.bad).as_bytes(), u64::MAX)?.hash,
    };
    Ok(Looked { file: file.to_owned(), name: name.to_owned(), reader, rejected })
}

/// Bad rows with their reasons, to be mended and sent again.
pub fn csv(heads: &[String], bad: &[Bad]) -> String {
    let quoted = |text: &str| {
        let guard = if is_formula_like(text) { "'" } else { "" };
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    };
    let line = |cells: &[String], more: &str| {
        let mut cells: Vec<String> = cells.iter().map(|c| quoted(c)).collect();
        cells.resize(heads.len().max(cells.len()), String::new());
        cells.push(quoted(more));
        cells.join(",") + "\r\n"
    };
    let mut out = String::from("\u{feff}");
    out.push_str(&line(heads, "未导入原因"));
    for row in bad {
        out.push_str(&line(&row.cells, &format!("第 {} 行：{}", row.number, row.why)));
    }
    out
}

/// Keeps what was read; a sample that is there already stays as it is. Errors: `out_of_scope`.
pub fn keep(act: &mut Act, looked: &Looked) -> Result<Imported> {
    let scope = act.who().scope_for("sampling.import");
    let division = match &scope {
        Scope::Divisions(all) => all.first().cloned(),
        Scope::Businesses(_) => None,
    };
    let division = division.ok_or_else(|| Error::forbidden("out_of_scope", "不在您的辖区范围内"))?;
    let id = act.id();
    let reader = &looked.reader;
    let mut out = Imported {
        read: reader.rows,
        rejected: reader.bad.len() as i64,
        id: id.clone(),
        ..Imported::default()
    };
    let mut items = 0;
    for sample in &reader.samples {
        items += sample.items.len() as i64;
        let row = PublishedRow {
            sample_no: sample.sample_no.clone(),
            food: sample.food.clone(),
            shop: sample.shop.clone(),
            producer: sample.producer.clone().unwrap_or_default(),
            day: [&sample.produced, &sample.purchased, &sample.date]
                .into_iter()
                .flatten()
                .next()
                .cloned()
                .unwrap_or_default(),
            fails: sample.items.iter().any(|i| i.conforms == Some(false)),
            told: serde_json::to_string(sample).map_err(Error::internal)?,
        };
        match published::add(act.tx, &id, &division, &row)? {
            true => out.added += 1,
            false => out.known += 1,
        }
    }
    let line = |b: &Bad| format!("第 {} 行：{}", b.number, b.why);
    out.defects = reader.bad.iter().take(DEFECTS).map(line).collect();
    let user = act.who().user.clone();
    let row = FileRow {
        id: &id,
        name: &looked.name,
        file: &looked.file,
        division: &division,
        at: act.now,
        user: &user,
        samples: reader.samples.len() as i64,
        items,
        rejected: out.rejected,
        rejected_file: &looked.rejected,
    };
    published::add_file(act.tx, &row)?;
    act.subject("published_file", &id, &division);
    act.note(json!({ "added": out.added, "known": out.known, "rejected": out.rejected }));
    Ok(out)
}
