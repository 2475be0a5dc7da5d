//! Notices of others are taken in.

use kit_base::{Error, Result};
use kit_docs::sheet::{Book, Limits, unpacked};
use kit_docs::table::is_formula_like;
use kit_files::Files;
use kit_web::{Act, Scope};
use serde_json::json;

use crate::model::{Imported, ImportedBook, PublishedRow};
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

/// A workbook, or why it could not be read; of a pack one that is no such notice does not hold up the others.
pub type Read = (String, Result<Looked>);

/// Reads what was kept, a workbook or a zip of them; blocking. Errors: those of books and packs, `headings_missing`, `samples_many`.
pub fn look_all(files: &Files, file: &str, name: &str) -> Result<Vec<Read>> {
    let limits = Limits { file_bytes: 64 << 20, unpacked_bytes: 512 << 20, ..Limits::default() };
    let gone = || Error::internal("the file just kept is gone");
    let mut source = files.get(file)?.ok_or_else(gone)?;
    let mut all = Vec::new();
    let packed = unpacked(&mut source, &limits, &mut |book, bytes| {
        let kept = files.put(bytes.as_slice(), u64::MAX)?.hash;
        let read = look(files, &kept, &book);
        all.push((book, read));
        Ok(())
    })?;
    match packed {
        true => Ok(all),
        false => Ok(vec![(name.to_owned(), Ok(look(files, file, name)?))]),
    }
}

/// Reads a kept workbook, each of its sheets that is shown and has the headings; blocking.
fn look(files: &Files, file: &str, name: &str) -> Result<Looked> {
    let source = files.get(file)?.ok_or_else(|| Error::internal("the workbook just kept is gone"))?;
    let mut book = Book::open(source, name, &Limits { file_bytes: 64 << 20, ..Limits::default() })?;
    let shown: Vec<usize> = (0..book.sheets().len()).filter(|i| !book.sheets()[*i].hidden).collect();
    let shown = if shown.is_empty() { vec![book.pick("")] } else { shown };
    let mut whole: Option<Reader> = None;
    for at in shown {
        let mut reader = Reader::default();
        for row in book.rows(at)? {
            reader.take(&row?);
            if reader.samples.len() > MOST {
                return Err(Error::invalid("body", "samples_many", format!("一个文件最多 {MOST} 份样品")));
            }
        }
        if reader.begun() {
            match &mut whole {
                Some(first) => first.more(reader, &book.sheets()[at].name),
                None => whole = Some(reader),
            }
        }
    }
    let missing = || {
        let text = "没有找到表头，至少应有“抽样编号”和“食品名称”两列";
        Error::invalid("body", "headings_missing", text)
    };
    let reader = whole.ok_or_else(missing)?;
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

/// Keeps what was read of each workbook. Errors: `out_of_scope`.
pub fn keep_all(act: &mut Act, all: &[Read]) -> Result<Imported> {
    if let [(_, Ok(one))] = all {
        return keep(act, one);
    }
    let mut out = Imported::default();
    for (name, read) in all {
        let mut book = ImportedBook { name: name.clone(), ..ImportedBook::default() };
        match read {
            Ok(looked) => {
                let one = keep(act, looked)?;
                out.read += one.read;
                out.added += one.added;
                out.known += one.known;
                out.rejected += one.rejected;
                let room = DEFECTS.saturating_sub(out.defects.len());
                out.defects.extend(one.defects.into_iter().take(room).map(|d| format!("{name}{d}")));
                (book.added, book.known, book.rejected) = (one.added, one.known, one.rejected);
                book.id = one.id;
            }
            Err(e) => book.why.clone_from(&e.message),
        }
        out.books.push(book);
    }
    act.note(
        json!({ "books": out.books.len(), "added": out.added, "known": out.known, "rejected": out.rejected }),
    );
    Ok(out)
}

/// Keeps what was read; a sample that is there already stays as it is. Errors: `out_of_scope`.
fn keep(act: &mut Act, looked: &Looked) -> Result<Imported> {
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
