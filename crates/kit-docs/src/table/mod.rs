//! Tables: what columns a sheet has, sheets in as typed records, records out as sheets.
//!
//! A [`Table`] is declared once and serves three ends: [`Import`] binds its columns to the headings of an uploaded
//! sheet and gives a [`Record`] for each good row and a file of the bad ones; [`template`] makes the empty sheet that
//! people fill; and its names head an export ([`out`]).
//!
//! ```
//! use kit_docs::table::{Column, Table};
//! let table = Table::new("主体")
//!     .column(Column::text("name", "名称", 100).required().alias("企业名称").example("濮阳市华龙区老王烩面馆"))
//!     .column(Column::code("uscc", "统一社会信用代码").unique().example("91410902MA9F6CAR1X"))
//!     .column(Column::date("opened", "开业日期").example("2024-03-05"));
//! assert_eq!(table.columns().len(), 3);
//! ```

pub mod either;
mod headings;
mod import;
pub mod out;
mod rejected;
mod template;
mod values;

pub use headings::Unknown;
pub use import::{Import, Line, Record, Report, Value};
pub use rejected::{REASON, Rejected};
pub use template::template;

use std::sync::Arc;

/// Where an amount takes its unit from, when the cell itself does not name one (`12.5公斤` always wins).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnitFrom {
    /// From the column with this key.
    Column(&'static str),
    /// Always this written unit (`公斤`).
    Fixed(&'static str),
    /// The cell must name it.
    Cell,
}

/// A value that a choice column takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What programs keep (`restaurant`).
    pub value: String,
    /// What people write (`餐饮服务`).
    pub label: String,
}

/// What a column holds and how it is read. Full-width digits and letters are taken as half-width everywhere but in
/// `Text`.
#[derive(Debug, Clone, PartialEq)]
pub enum ColumnKind {
    /// Trimmed; at most so many characters; line breaks become spaces.
    Text { max: usize },
    /// A whole number within the bounds; thousands separators are allowed.
    Whole { min: i64, max: i64 },
    /// A number that may have decimals (a coordinate), within the bounds.
    Number { min: f64, max: f64 },
    /// A quantity in base units, exact ([`kit_base::amount::parse_amount`]).
    Amount(UnitFrom),
    /// A day as an Excel date or serial, `2024/3/5`, `2024-03-05`, `2024.3.5`, `2024年3月5日`, `20240305`; where
    /// `partial`, a year or a year and month too.
    Date { partial: bool },
    /// A licence number, a bar code: no spaces, upper case; digits that a spreadsheet has rounded are a defect.
    Code { max: usize },
    /// One of a list, by label or by value.
    Choice(Arc<[Choice]>),
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// What programs call it, and the API field that errors name.
    pub key: &'static str,
    /// The heading.
    pub name: String,
    /// Other headings that mean the same.
    pub aliases: Vec<String>,
    pub required: bool,
    /// No two rows of a file may have the same.
    pub unique: bool,
    pub kind: ColumnKind,
    /// A value for the example row of the template; a row made of the examples alone is passed over on import.
    pub example: String,
    /// One sentence for the person who fills it.
    pub help: String,
}

impl Column {
    pub fn new(key: &'static str, name: impl Into<String>, kind: ColumnKind) -> Self {
        Self {
            key,
            name: name.into(),
            aliases: Vec::new(),
            required: false,
            unique: false,
            kind,
            example: String::new(),
            help: String::new(),
        }
    }

    pub fn text(key: &'static str, name: impl Into<String>, max: usize) -> Self {
        Self::new(key, name, ColumnKind::Text { max })
    }

    pub fn whole(key: &'static str, name: impl Into<String>, min: i64, max: i64) -> Self {
        Self::new(key, name, ColumnKind::Whole { min, max })
    }

    pub fn number(key: &'static str, name: impl Into<String>, min: f64, max: f64) -> Self {
        Self::new(key, name, ColumnKind::Number { min, max })
    }

    pub fn amount(key: &'static str, name: impl Into<String>, unit: UnitFrom) -> Self {
        Self::new(key, name, ColumnKind::Amount(unit))
    }

    pub fn date(key: &'static str, name: impl Into<String>) -> Self {
        Self::new(key, name, ColumnKind::Date { partial: false })
    }

    pub fn partial_date(key: &'static str, name: impl Into<String>) -> Self {
        Self::new(key, name, ColumnKind::Date { partial: true })
    }

    /// At most 64 characters; `Column::new` takes another bound.
    pub fn code(key: &'static str, name: impl Into<String>) -> Self {
        Self::new(key, name, ColumnKind::Code { max: 64 })
    }

    /// `choices` as (value, label).
    pub fn choice<V: Into<String>, L: Into<String>>(
        key: &'static str,
        name: impl Into<String>,
        choices: impl IntoIterator<Item = (V, L)>,
    ) -> Self {
        let choices = choices.into_iter().map(|(v, l)| Choice { value: v.into(), label: l.into() });
        Self::new(key, name, ColumnKind::Choice(choices.collect()))
    }

    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub fn unique(mut self) -> Self {
        self.unique = true;
        self
    }

    pub fn alias(mut self, heading: impl Into<String>) -> Self {
        self.aliases.push(heading.into());
        self
    }

    pub fn example(mut self, text: impl Into<String>) -> Self {
        self.example = text.into();
        self
    }

    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = text.into();
        self
    }
}

/// A sheet that people fill and programs read.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    name: String,
    columns: Arc<[Column]>,
    notes: Vec<String>,
}

impl Table {
    /// `name` is the sheet name (`主体`).
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), columns: Arc::new([]), notes: Vec::new() }
    }

    pub fn column(mut self, column: Column) -> Self {
        debug_assert!(self.columns.iter().all(|c| c.key != column.key), "two columns {}", column.key);
        self.columns = self.columns.iter().cloned().chain([column]).collect();
        self
    }

    /// A sentence for the sheet 填写说明.
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    fn shared_columns(&self) -> Arc<[Column]> {
        Arc::clone(&self.columns)
    }
}

/// Whether a spreadsheet program would take this text for a formula (`=`, `+`, `-`, `@`, also full-width, and the
/// control characters that hide one). Exports write such text so that it stays text.
pub fn is_formula_like(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
}

/// Full-width letters, digits and signs as half-width, the ideographic space as a space; trimmed.
pub(crate) fn half_width(text: &str) -> String {
    let fold = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' | '\u{A0}' => ' ',
        '\u{200B}' | '\u{FEFF}' => ' ',
        '。' => '.',
        _ => c,
    };
    text.chars().map(fold).collect::<String>().trim().to_owned()
}
