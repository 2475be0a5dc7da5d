//! Finds the row of headings and which column is which.

use kit_base::error::{Defect, Error, Kind, Result};

use super::rejected::REASON;
use super::{Column, Table, half_width};
use crate::sheet::Row;

/// Rows above the headings: a title, a note, a date.
pub(super) const LOOK: usize = 20;

/// A heading of the sheet that no column is called by; its cells are passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// `主体!F3`
    pub place: String,
    pub heading: String,
}

/// Which column of the sheet is which of the table.
pub(super) struct Bound {
    /// For each column of the table, its column in the sheet.
    pub columns: Vec<Option<usize>>,
    /// The headings as the sheet has them.
    pub headings: Vec<String>,
    /// The column in which an earlier import wrote its reasons.
    pub reason: Option<usize>,
    pub unknown: Vec<Unknown>,
}

/// The row of headings among the first rows: the one that names most columns, the upper of equals.
///
/// Errors: `headings_missing` (no row names a column, or a required column is not named; the list is in the message
/// and as defects), `heading_twice`.
pub(super) fn find(table: &Table, rows: &[Row]) -> Result<(usize, Bound)> {
    let known = |row: &Row| row.cells.iter().filter(|c| column_of(table, &c.shown()).is_some()).count();
    let best = rows.iter().enumerate().max_by_key(|(i, row)| (known(row), std::cmp::Reverse(*i)));
    let Some((at, row)) = best.filter(|(_, row)| known(row) > 0) else {
        return Err(nothing_found(table, rows));
    };
    Ok((at, bind(table, row)?))
}

fn bind(table: &Table, row: &Row) -> Result<Bound> {
    let mut columns: Vec<Option<usize>> = vec![None; table.columns().len()];
    let headings: Vec<String> = row.cells.iter().map(|c| c.shown().trim().to_owned()).collect();
    let (mut unknown, mut reason, mut twice) = (Vec::new(), None, Vec::new());
    for (i, heading) in headings.iter().enumerate() {
        if heading.is_empty() {
            continue;
        }
        if heading == REASON {
            reason = Some(i);
            continue;
        }
        match column_of(table, heading) {
            None => unknown.push(Unknown { place: row.place(i), heading: heading.clone() }),
            Some(c) => match columns[c] {
                None => columns[c] = Some(i),
                Some(first) => twice.push(Defect {
                    place: row.place(i),
                    code: "heading_twice".into(),
                    message: format!("“{heading}”与 {} 是同一列，请只保留一列", row.place(first)),
                }),
            },
        }
    }
    if !twice.is_empty() {
        let message = format!("工作表“{}”的表头有重复的列，请只保留一列", row.sheet);
        return Err(Error::new(Kind::Invalid, "heading_twice", message).with_defects(twice));
    }
    check_required(table, row, &columns)?;
    Ok(Bound { columns, headings, reason, unknown })
}

fn check_required(table: &Table, row: &Row, columns: &[Option<usize>]) -> Result<()> {
    let missing: Vec<&Column> = (table.columns().iter().zip(columns))
        .filter(|(column, bound)| column.required && bound.is_none())
        .map(|(column, _)| column)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = missing.iter().map(|c| format!("“{}”", c.name)).collect();
    let defects = missing.iter().map(|c| Defect {
        place: format!("{}!{}", row.sheet, row.number),
        code: "heading_missing".into(),
        message: format!("缺少必填的列“{}”", c.name),
    });
    let message = format!(
        "工作表“{}”第 {} 行的表头缺少必填的列：{}。请补上，或下载模板填写",
        row.sheet,
        row.number,
        names.join("、")
    );
    Err(Error::new(Kind::Invalid, "headings_missing", message).with_defects(defects.collect()))
}

fn nothing_found(table: &Table, rows: &[Row]) -> Error {
    let wanted: Vec<&str> = table.columns().iter().filter(|c| c.required).map(|c| c.name.as_str()).collect();
    let message = match rows.first() {
        None => "工作表是空的，请填写后再上传".to_owned(),
        Some(row) => format!(
            "工作表“{}”前 {LOOK} 行中没有找到表头，应有这些列：{}。请下载模板填写",
            row.sheet,
            wanted.join("、")
        ),
    };
    Error::new(Kind::Invalid, "headings_missing", message)
}

fn column_of(table: &Table, heading: &str) -> Option<usize> {
    let heading = plain(heading);
    if heading.is_empty() {
        return None;
    }
    let short = without_brackets(&heading);
    let named = |wanted: &str| {
        table.columns().iter().position(|c| {
            plain(&c.name) == wanted
                || c.key == wanted
                || c.aliases.iter().any(|alias| plain(alias) == wanted)
        })
    };
    named(&heading).or_else(|| named(&short))
}

/// Without spaces, line breaks and marks of being required; half-width.
fn plain(heading: &str) -> String {
    half_width(heading).chars().filter(|c| !c.is_whitespace() && !matches!(c, '*' | ':')).collect()
}

/// `数量(公斤)` is also `数量`.
fn without_brackets(heading: &str) -> String {
    heading.split(['(', '[', '【']).next().unwrap_or_default().to_owned()
}
