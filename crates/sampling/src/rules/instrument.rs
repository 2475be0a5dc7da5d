//! Files of instruments: which column is what, and which name which item has, is data (data/instruments.json).
//!
//! A table has a row a result below its headings, wherever those stand. Records are lines `H|`, `P|`, `O|n|SAMPLE`,
//! `R|n|^^^ITEM|VALUE|UNIT`, `L|`: a result belongs to the last `O` before it, or to the third field of `P` where there is none.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use kit_base::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::workbook::Bad;

/// data/instruments.json
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Instruments {
    pub source: String,
    pub shapes: Vec<Shape>,
    /// Names of items as instruments write them.
    pub names: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "InstrumentShape")]
pub struct Shape {
    pub code: String,
    pub name: String,
    /// table, records
    pub form: String,
    /// What a column is, by what it may be called: blind, item, method, result, unit, lod, type.
    #[serde(default)]
    pub heads: BTreeMap<String, Vec<String>>,
    /// Kinds of samples that are not samples: standards, blanks.
    #[serde(default)]
    pub skip: Vec<String>,
    /// What stands for 未检出.
    #[serde(default)]
    pub absent: Vec<String>,
    #[serde(default)]
    pub separator: String,
    #[serde(default)]
    pub component: String,
}

/// What an instrument says of one item of one sample.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "InstrumentReading")]
pub struct Reading {
    /// Blind code of the sample.
    pub blind: String,
    pub item: String,
    #[serde(default)]
    pub method: String,
    /// As written: `0.55`, `<10`, `未检出`.
    pub result: String,
    #[serde(default)]
    pub unit: String,
    #[serde(default)]
    pub lod: String,
}

/// A reading with the row that it stands in.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub number: u32,
    pub cells: Vec<String>,
    pub reading: Reading,
}

/// What was read of a file.
#[derive(Debug, Default, PartialEq)]
pub struct Read {
    pub heads: Vec<String>,
    pub rows: Vec<Row>,
    /// Standards, blanks.
    pub skipped: i64,
    pub bad: Vec<Bad>,
}

static ALL: LazyLock<std::result::Result<Instruments, String>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../../data/instruments.json")).map_err(|e| e.to_string())
});

pub fn instruments() -> Result<&'static Instruments> {
    ALL.as_ref().map_err(Error::internal)
}

/// Errors: `shape_unknown`.
pub fn shape(code: &str) -> Result<&'static Shape> {
    let found = instruments()?.shapes.iter().find(|s| s.code == code);
    found.ok_or_else(|| Error::invalid("shape", "shape_unknown", "没有这种仪器文件"))
}

/// Reads the rows of a table. Errors: `headings_missing`.
pub fn table(shape: &Shape, rows: impl Iterator<Item = Result<(u32, Vec<String>)>>) -> Result<Read> {
    let mut out = Read::default();
    let mut columns: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows {
        let (number, cells) = row?;
        if columns.is_empty() {
            let found: BTreeMap<&str, usize> = shape
                .heads
                .iter()
                .filter_map(|(key, names)| {
                    let at =
                        cells.iter().position(|c| names.iter().any(|n| n.eq_ignore_ascii_case(c.trim())))?;
                    Some((key.as_str(), at))
                })
                .collect();
            if ["blind", "item", "result"].iter().all(|k| found.contains_key(k)) {
                (columns, out.heads) = (found, cells);
            }
            continue;
        }
        let cell =
            |key: &str| columns.get(key).and_then(|i| cells.get(*i)).map_or("", |c| c.trim()).to_owned();
        if cells.iter().all(|c| c.trim().is_empty()) {
            continue;
        }
        if shape.skip.iter().any(|s| s.eq_ignore_ascii_case(&cell("type"))) {
            out.skipped += 1;
            continue;
        }
        let reading = Reading {
            blind: cell("blind"),
            item: named(&cell("item")),
            method: cell("method"),
            result: said(shape, &cell("result")),
            unit: cell("unit"),
            lod: cell("lod"),
        };
        out.push(number, cells, reading);
    }
    match columns.is_empty() {
        true => {
            let text = "没有找到表头：应有样品、组分、浓度三列，列名见所选仪器文件的说明";
            Err(Error::invalid("body", "headings_missing", text))
        }
        false => Ok(out),
    }
}

/// Reads lines of records, apart by either end of line. Errors: `records_missing`.
pub fn records(shape: &Shape, text: &str) -> Result<Read> {
    let mut out = Read { heads: vec!["记录".into()], ..Read::default() };
    let mut marks = Marks { separator: shape.separator.clone(), component: shape.component.clone() };
    let (mut blind, mut skip) = (String::new(), false);
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    for (i, line) in text.split('\n').enumerate() {
        let number = u32::try_from(i + 1).unwrap_or(u32::MAX);
        let line = line.trim_matches(|c: char| c.is_control() || c == ' ');
        marks.told(line);
        let fields: Vec<&str> = line.split(marks.separator.as_str()).collect();
        let field = |i: usize| fields.get(i).map_or("", |f| f.trim());
        match field(0) {
            kind @ ("P" | "O") => {
                let named = marks.first(field(2));
                // what follows another patient is not of the sample before
                if kind == "P" || !named.is_empty() {
                    blind = named;
                }
                let of = |name: &str| shape.skip.iter().any(|s| s.eq_ignore_ascii_case(name));
                skip = of(field(11)) || of(&blind);
            }
            "R" if skip => out.skipped += 1,
            "R" => {
                let reading = Reading {
                    blind: blind.clone(),
                    item: named(&marks.test(field(2))),
                    result: said(shape, field(3)),
                    unit: field(4).to_owned(),
                    ..Reading::default()
                };
                out.push(number, vec![line.to_owned()], reading);
            }
            "H" | "L" | "C" | "Q" | "M" | "" => {}
            _ => {
                let why = "不是可以识别的记录，应以 H、P、O、R、C、L 开头".to_owned();
                out.bad.push(Bad { number, cells: vec![line.to_owned()], why });
            }
        }
    }
    match out.rows.is_empty() && out.bad.is_empty() && out.skipped == 0 {
        true => Err(Error::invalid("body", "records_missing", "文件中没有结果记录（R 行）")),
        false => Ok(out),
    }
}

/// What stands between fields, and between the components of one.
struct Marks {
    separator: String,
    component: String,
}

impl Marks {
    /// The header names its own: `H|\^&`.
    fn told(&mut self, line: &str) {
        let mut chars = line.chars();
        if chars.next() != Some('H') {
            return;
        }
        let mark = |c: Option<char>| c.filter(|c| c.is_ascii_punctuation()).map(String::from);
        if let (Some(separator), _, Some(component)) = (mark(chars.next()), chars.next(), mark(chars.next()))
        {
            (self.separator, self.component) = (separator, component);
        }
    }

    /// The first component that says something.
    fn first(&self, field: &str) -> String {
        let mut parts = field.split(self.component.as_str()).map(str::trim);
        parts.find(|p| !p.is_empty()).unwrap_or("").to_owned()
    }

    /// The name of a test: its fourth component, else the first that says something.
    fn test(&self, field: &str) -> String {
        let local = field.split(self.component.as_str()).nth(3).map(str::trim);
        local.filter(|p| !p.is_empty()).map_or_else(|| self.first(field), str::to_owned)
    }
}

impl Read {
    fn push(&mut self, number: u32, cells: Vec<String>, reading: Reading) {
        let lacks = [(&reading.blind, "盲样编号"), (&reading.item, "项目"), (&reading.result, "结果")];
        let lacks: Vec<&str> = lacks.into_iter().filter(|(v, _)| v.is_empty()).map(|(_, n)| n).collect();
        match lacks.is_empty() {
            true => self.rows.push(Row { number, cells, reading }),
            false => {
                self.bad.push(Bad {
                    number, cells, why: format!("没有{}，请补上后再提交", lacks.join("、"))
                })
            }
        }
    }
}

/// The item as standards call it.
pub fn named(text: &str) -> String {
    let known = instruments().ok().and_then(|all| {
        all.names.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)).map(|(_, item)| item.clone())
    });
    known.unwrap_or_else(|| text.to_owned())
}

fn said(shape: &Shape, text: &str) -> String {
    match shape.absent.iter().any(|a| a.eq_ignore_ascii_case(text)) {
        true => "未检出".to_owned(),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Result<(u32, Vec<String>)>> {
        let line = |(i, l): (usize, &str)| Ok((i as u32 + 1, l.split(',').map(str::to_owned).collect()));
        text.lines().enumerate().map(line).collect()
    }

    #[test]
    fn a_table_is_read_below_its_headings_without_standards() {
        let text = "Batch,2026-03-03,,,\nSample Name,Sample Type,Compound,Calc. Conc.,Units\nSTD1,Standard,Procymidone,1,mg/kg\n\
            AB2CD3EF4G,Unknown,Procymidone,0.55,mg/kg\nAB2CD3EF4G,Unknown,sorbic acid,N/F,g/kg\n,Unknown,Pb,0.1,mg/kg\n,,,,\n";
        let read = table(shape("lcms").unwrap(), rows(text).into_iter()).unwrap();
        assert_eq!((read.rows.len(), read.skipped, read.bad.len()), (2, 1, 1));
        assert_eq!(read.rows[0].reading.item, "腐霉利");
        assert_eq!(
            (read.rows[1].reading.item.as_str(), read.rows[1].reading.result.as_str()),
            ("山梨酸", "未检出")
        );
        assert_eq!((read.bad[0].number, read.bad[0].why.as_str()), (6, "没有盲样编号，请补上后再提交"));
        assert_eq!(
            table(shape("lcms").unwrap(), rows("a,b\n1,2\n").into_iter()).unwrap_err().code,
            "headings_missing"
        );
    }

    #[test]
    fn records_belong_to_the_sample_before_them() {
        let text = "H|\\^&|||LC\nP|1\nO|1|AB2CD3EF4G\nR|1|^^^Benzoic acid|1.32|g/kg||H\nR|2|^^^Sorbic acid|ND|g/kg\n\
            O|2|QC\nR|1|^^^Benzoic acid|1.0|g/kg\nO|3|HH2CD3EF4G\nR|1|^^^Pb|0.2|mg/kg\nX|what\nL|1|N\n";
        let read = records(shape("astm").unwrap(), text).unwrap();
        let got: Vec<(&str, &str, &str)> = read
            .rows
            .iter()
            .map(|r| (r.reading.blind.as_str(), r.reading.item.as_str(), r.reading.result.as_str()))
            .collect();
        assert_eq!(
            got,
            [
                ("AB2CD3EF4G", "苯甲酸", "1.32"),
                ("AB2CD3EF4G", "山梨酸", "未检出"),
                ("HH2CD3EF4G", "铅", "0.2")
            ]
        );
        assert_eq!((read.skipped, read.bad.len()), (1, 1));
        // lines apart by CR alone, marks of the header's own, and a patient whose sample is not named
        let other = "\u{feff}H!@%&\rO!1!AB2CD3EF4G%2\rR!1!%%%Pb%1!0.2!mg/kg\rP!2\rR!1!%%%Pb!0.3!mg/kg\r";
        let read = records(shape("astm").unwrap(), other).unwrap();
        let row = &read.rows[0].reading;
        assert_eq!((row.blind.as_str(), row.item.as_str(), row.result.as_str()), ("AB2CD3EF4G", "铅", "0.2"));
        assert_eq!((read.rows.len(), read.bad[0].number), (1, 5));
        assert_eq!(records(shape("astm").unwrap(), "H|x\n").unwrap_err().code, "records_missing");
        assert_eq!(shape("x").unwrap_err().code, "shape_unknown");
    }
}
