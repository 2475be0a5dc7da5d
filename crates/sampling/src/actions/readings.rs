//! What instruments and programs read: proposed to the analyst, who signs. Rows that do not fit come back as a file.

use kit_base::{Error, Result};
use kit_docs::sheet::{Book, Cell, Limits};
use kit_files::Files;
use kit_web::{Act, Scope};
use serde_json::json;

use super::entry::checked;
use super::published::csv;
use crate::model::{Imported, Lab, Run, Sample, TestResult};
use crate::rules::instrument::{self, Read, Reading, Row};
use crate::rules::seal;
use crate::rules::workbook::Bad;
use crate::store;
use crate::store::samples::by_blind;

/// Rows of one file.
const MOST: u32 = 50_000;
const DEFECTS: usize = 100;

/// Reads a kept file; blocking. Errors: `shape_unknown`, `headings_missing`, `records_missing`, `body_text`, those of books.
pub fn look(files: &Files, hash: &str, name: &str, shape: &str) -> Result<Read> {
    let shape = instrument::shape(shape)?;
    let gone = || Error::internal("the file just kept is gone");
    let source = files.get(hash)?.ok_or_else(gone)?;
    if shape.form == "records" {
        let text = std::io::read_to_string(source)
            .map_err(|_| Error::invalid("body", "body_text", "文件应为文本，编码为 UTF-8"))?;
        return instrument::records(shape, &text);
    }
    let limits = Limits { file_bytes: 16 << 20, rows: MOST, ..Limits::default() };
    let mut book = Book::open(source, name, &limits)?;
    let at = book.pick("");
    let rows = book.rows(at)?;
    instrument::table(
        shape,
        rows.map(|row| row.map(|r| (r.number, r.cells.iter().map(Cell::shown).collect()))),
    )
}

/// Readings that a program hands in, as rows.
pub fn told(items: Vec<Reading>) -> Read {
    let heads = ["盲样编号", "项目", "方法", "结果", "单位", "检出限"].map(str::to_owned).to_vec();
    let row = |(i, r): (usize, Reading)| Row {
        number: u32::try_from(i + 1).unwrap_or(u32::MAX),
        cells: [&r.blind, &r.item, &r.method, &r.result, &r.unit, &r.lod].map(Clone::clone).to_vec(),
        reading: Reading { item: instrument::named(r.item.trim()), ..r },
    };
    Read { heads, rows: items.into_iter().enumerate().map(row).collect(), ..Read::default() }
}

/// Keeps what fits, for the analyst to sign; what does not comes back.
///
/// `file`: as it came, SHA-256; empty by a program. Errors: `no_laboratory`.
pub fn take_in(act: &mut Act, (name, file): (&str, &str), shape: &str, read: Read) -> Result<Imported> {
    let Scope::Businesses(own) = act.who().scope_for("sampling.readings") else { return Err(no_lab()) };
    let mut labs = Vec::new();
    for id in &own {
        labs.extend(store::labs::by_id(act.tx, id)?);
    }
    let first = labs.first().ok_or_else(no_lab)?.id.clone();
    let mut out =
        Imported { read: (read.rows.len() + read.bad.len()) as i64, id: act.id(), ..Imported::default() };
    let user = act.who().user.clone();
    let run = Run {
        id: out.id.clone(),
        lab: first,
        shape: shape.to_owned(),
        name: name.chars().take(200).collect(),
        file: file.to_owned(),
        read: out.read,
        taken: 0,
        rejected_file: String::new(),
        by_name: act.who().name.clone(),
        at: act.now,
    };
    store::readings::add_run(act.tx, &run, &user)?;
    let mut bad = read.bad;
    for row in read.rows {
        match fits(act, &labs, &row.reading)? {
            Ok(fit) => {
                keep(act, (&run.id, i64::from(row.number)), &fit)?;
                out.added += 1;
            }
            Err(why) => bad.push(Bad { number: row.number, cells: row.cells, why }),
        }
    }
    bad.sort_by_key(|b| b.number);
    out.rejected = bad.len() as i64;
    out.defects = bad.iter().take(DEFECTS).map(|b| format!("第 {} 行：{}", b.number, b.why)).collect();
    let rejected_file = match bad.is_empty() {
        true => String::new(),
        false => act.cx.house.files.put(csv(&read.heads, &bad).as_bytes(), u64::MAX)?.hash,
    };
    store::readings::set_run(act.tx, &run.id, out.added, &rejected_file)?;
    act.subject("assay_run", &run.id, "");
    act.note(json!({ "shape": shape, "taken": out.added, "rejected": out.rejected }));
    Ok(out)
}

/// A reading with the sample that it is of, at which laboratory.
struct Fit {
    sample: String,
    lab: String,
    result: TestResult,
}

fn keep(act: &mut Act, place: (&str, i64), fit: &Fit) -> Result<()> {
    let (id, of) = (act.id(), (fit.sample.as_str(), fit.lab.as_str()));
    store::readings::add(act.tx, &id, place, of, &fit.result, act.now)?;
    let digest = seal::reading(&id, place, of, &fit.result, act.now);
    act.tx.fact(seal::READING, id, digest);
    Ok(())
}

fn no_lab() -> Error {
    Error::forbidden("no_laboratory", "您的单位没有登记为检验机构")
}

/// Where a reading belongs; or why it does not fit and what to do, for people.
fn fits(act: &mut Act, labs: &[Lab], r: &Reading) -> Result<std::result::Result<Fit, String>> {
    let unknown = || format!("没有盲样 {}，或不在本机构检验中：请核对盲样编号", r.blind);
    let Some(sample) = by_blind(act.tx, r.blind.trim())? else { return Ok(Err(unknown())) };
    let Some(lab) = at_work(&sample, labs) else { return Ok(Err(unknown())) };
    let mut result = TestResult {
        item: r.item.trim().to_owned(),
        method: r.method.trim().to_owned(),
        result: r.result.trim().to_owned(),
        unit: r.unit.trim().to_owned(),
        lod: r.lod.trim().to_owned(),
        ..TestResult::default()
    };
    if result.method.is_empty() {
        // one method for the item: no other can be meant
        let mut able = lab.items.iter().filter(|i| i.item == result.item);
        if let (Some(one), None) = (able.next(), able.next()) {
            result.method.clone_from(&one.method);
        }
    }
    match checked(lab, std::slice::from_ref(&result)) {
        Ok(mut all) => Ok(all
            .pop()
            .map(|result| Fit { sample: sample.id, lab: lab.id.clone(), result })
            .ok_or_else(unknown)),
        Err(e) => Ok(Err(e.message)),
    }
}

/// The laboratory that works on a sample now.
fn at_work<'l>(sample: &Sample, labs: &'l [Lab]) -> Option<&'l Lab> {
    let at = match sample.status.as_str() {
        "testing" => &sample.lab,
        "recheck" => &sample.recheck_lab,
        _ => return None,
    };
    labs.iter().find(|l| l.id == *at)
}
