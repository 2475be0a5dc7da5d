//! Results as analysts enter them: by form, by sheet, each tied to the reading that it was signed from.

use std::collections::BTreeMap;

use kit_base::{Error, Result};
use kit_docs::sheet::{Book, Limits};
use kit_web::Act;

use crate::model::{AssayReading, Lab, Results, Sample, TestResult};
use crate::rules::dec::Dec;
use crate::rules::{reading, unit};
use crate::store;

/// Results that a sample may have.
const MOST: usize = 400;

/// What an analyst of a laboratory enters, each tied to the reading that it was signed from.
///
/// Errors: those of [`checked`]; `reading_unknown`, `reading_differs`.
pub fn entered(act: &mut Act, sample: &Sample, lab: &str, items: &[TestResult]) -> Result<Vec<TestResult>> {
    let able = store::labs::by_id(act.tx, lab)?;
    let able = able.ok_or_else(|| Error::internal("the laboratory of a sample is gone"))?;
    let mut items = checked(&able, items)?;
    let readings = store::readings::of_sample(act.tx, &sample.id, lab)?;
    for (i, item) in items.iter_mut().enumerate() {
        tie(item, &readings).map_err(|e| {
            let field = e.field.clone().unwrap_or_default();
            e.at(format!("items/{i}/{field}"))
        })?;
    }
    Ok(items)
}

fn tie(item: &mut TestResult, readings: &[AssayReading]) -> Result<()> {
    let mut own = readings.iter().filter(|r| r.item == item.item);
    let found = match item.reading.as_str() {
        "" => own.next_back(),
        id => Some(
            own.find(|r| r.id == id)
                .ok_or_else(|| Error::invalid("reading", "reading_unknown", "没有这个项目的这条仪器读数"))?,
        ),
    };
    let Some(read) = found else { return Ok(()) };
    item.reading.clone_from(&read.id);
    if same(item, read) {
        item.note.clear();
        return Ok(());
    }
    match item.note.is_empty() {
        false => Ok(()),
        true => {
            let text = format!(
                "{}的仪器读数为 {} {}，与录入的不同：请按读数录入，或写明改动理由",
                item.item, read.result, read.unit
            );
            Err(Error::invalid("note", "reading_differs", text))
        }
    }
}

/// Whether a result says what was read, in whatever unit of the same quantity.
fn same(item: &TestResult, read: &AssayReading) -> bool {
    let (Some(a), Some(b)) = (reading::read(&item.result), reading::read(&read.result)) else { return false };
    let Some(power) = unit::shift(&read.unit, &item.unit) else { return false };
    a.readings == b.readings.iter().map(|r| r.shift(power)).collect::<Vec<_>>() && item.method == read.method
}

/// Results of accredited items that can be read, each with the unit and the limit of detection of its method.
pub fn checked(lab: &Lab, items: &[TestResult]) -> Result<Vec<TestResult>> {
    if items.is_empty() {
        return Err(Error::invalid("items", "results_missing", "请填写检验结果"));
    }
    if items.len() > MOST {
        return Err(Error::invalid("items", "results_many", format!("一份样品最多 {MOST} 个项目")));
    }
    let mut out: Vec<TestResult> = Vec::with_capacity(items.len());
    for (i, new) in items.iter().enumerate() {
        let place = |field: &str| format!("items/{i}/{field}");
        let (item, method) = (new.item.trim(), new.method.trim());
        if out.iter().any(|o| o.item == item) {
            return Err(Error::invalid(place("item"), "item_twice", format!("{item}填写了两次")));
        }
        let able = lab.items.iter().find(|a| a.item == item && a.method == method);
        let able = able.ok_or_else(|| {
            let text = format!("{item}（{method}）不在本机构的资质能力范围内");
            Error::invalid(place("item"), "item_unaccredited", text)
        })?;
        let read = reading::read(&new.result).ok_or_else(|| {
            let text = "结果应为数值、<数值、未检出、检出，或以分号隔开的多个结果";
            Error::invalid(place("result"), "result_form", text)
        })?;
        let lod = if new.lod.trim().is_empty() { &able.lod } else { &new.lod };
        if !lod.trim().is_empty() && Dec::parse(lod).is_none() {
            return Err(Error::invalid(place("lod"), "lod_form", "检出限应为数字"));
        }
        let note = new.note.trim();
        if note.chars().count() > 500 {
            return Err(Error::invalid(place("note"), "note_long", "改动理由不超过 500 字"));
        }
        let unit = [new.unit.trim(), &read.unit, &able.unit].into_iter().find(|u| !u.is_empty());
        out.push(TestResult {
            item: item.to_owned(),
            method: method.to_owned(),
            result: new.result.trim().to_owned(),
            unit: unit.unwrap_or("").to_owned(),
            lod: lod.trim().to_owned(),
            reading: new.reading.trim().to_owned(),
            note: note.to_owned(),
        });
    }
    Ok(out)
}

/// Reads a sheet of results: 项目, 方法, 结果, 单位, 检出限, in any order; with the row of each. Errors: `headings_missing`, those of
/// books.
pub fn sheet(file: std::fs::File) -> Result<(Results, Vec<u32>)> {
    let mut book =
        Book::open(file, "结果", &Limits { file_bytes: 8 << 20, rows: 5_000, ..Limits::default() })?;
    let at = book.pick("结果");
    let mut columns: Option<BTreeMap<&str, usize>> = None;
    let (mut items, mut lines) = (Vec::new(), Vec::new());
    for row in book.rows(at)? {
        let row = row?;
        let cells: Vec<String> = row.cells.iter().map(|c| c.shown().trim().to_owned()).collect();
        let Some(columns) = &columns else {
            let names = [
                ("item", ["检验项目", "项目", "项目名称"]),
                ("method", ["检验方法", "方法", "检验依据"]),
                ("result", ["检验结果", "结果", "实测值"]),
                ("unit", ["单位", "结果单位", "计量单位"]),
                ("lod", ["检出限", "方法检出限", "LOD"]),
            ];
            let place = |all: &[&str]| cells.iter().position(|c| all.contains(&c.as_str()));
            let found: BTreeMap<&str, usize> =
                names.iter().filter_map(|(key, all)| Some((*key, place(all)?))).collect();
            if found.contains_key("item") && found.contains_key("result") {
                columns = Some(found);
            }
            continue;
        };
        let cell = |key: &str| columns.get(key).and_then(|i| cells.get(*i)).cloned().unwrap_or_default();
        if cell("item").is_empty() && cell("result").is_empty() {
            continue;
        }
        items.push(TestResult {
            item: cell("item"),
            method: cell("method"),
            result: cell("result"),
            unit: cell("unit"),
            lod: cell("lod"),
            ..TestResult::default()
        });
        lines.push(row.number);
    }
    match columns {
        Some(_) => Ok((Results { items }, lines)),
        None => Err(Error::invalid("body", "headings_missing", "没有找到“项目”和“结果”两列的表头")),
    }
}

/// A refusal of an item says in which row of the sheet it stands.
pub fn in_row(mut e: Error, lines: &[u32]) -> Error {
    let mut parts = e.field.as_deref().unwrap_or("").split('/');
    let item = (parts.next() == Some("items")).then(|| parts.next()?.parse::<usize>().ok()).flatten();
    if let Some(line) = item.and_then(|i| lines.get(i)) {
        e.message = format!("第 {line} 行：{}", e.message);
    }
    e
}
