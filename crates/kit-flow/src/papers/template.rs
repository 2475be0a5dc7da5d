//! Templates of documents as data: `data/documents/KIND.json`.
//!
//! A text may hold fields, `{party.name}`, with a format after a bar, `{due|date}`. A field is a value of the case's forms,
//! something that the room hands in, or one of [`BASE`]. Nothing else is a language: no expressions, no nesting.

use kit_base::{Error, Result};
use serde::Deserialize;

use crate::definition::Definition;

/// Fields that every document may name, beside those of forms and of the room.
pub const BASE: &[(&str, &str)] = &[
    ("organ", "发文机关"),
    ("organ.place", "所在行政区"),
    ("organ.government", "本级人民政府"),
    ("party.name", "当事人名称"),
    ("party.uscc", "统一社会信用代码"),
    ("party.code", "主体码"),
    ("party.address", "住所（经营场所）"),
    ("party.person", "法定代表人（负责人）"),
    ("case.number", "案号"),
    ("case.title", "事由"),
    ("case.opened", "立卷日期"),
    ("doc.number", "文号"),
    ("doc.date", "日期"),
    ("by", "办理人"),
    ("note", "说明"),
];

/// The documents of one kind of case.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// Kind of case.
    pub kind: String,
    /// Where the wording comes from, and how certain it is.
    pub source: String,
    pub documents: Vec<Template>,
}

/// One document.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// As in the definition of the kind.
    pub code: String,
    pub title: String,
    #[serde(default)]
    pub look: Look,
    /// Whom it is addressed to; empty for a form of the file.
    #[serde(default)]
    pub to: String,
    pub body: Vec<Part>,
    /// How to object.
    #[serde(default)]
    pub remedies: Vec<String>,
    /// Places to sign by hand.
    #[serde(default)]
    pub signs: Vec<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    /// To somebody, with a seal.
    #[default]
    Letter,
    /// A form or record of the file.
    Form,
}

/// A part of the text.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum Part {
    Text(String),
    /// A paragraph that stands only where the field has a value.
    If {
        r#if: String,
        text: String,
    },
    /// A paragraph that stands only where the field has none.
    Unless {
        unless: String,
        text: String,
    },
    Heading {
        heading: String,
    },
    /// Label and text; with a third word the row stands only where that field has a value.
    Rows {
        rows: Vec<Vec<String>>,
    },
    /// A row for each entry of a list that the room hands in.
    Table {
        title: String,
        each: String,
        columns: Vec<Column>,
    },
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    pub name: String,
    /// A text with fields of the entry.
    pub text: String,
}

impl Sheet {
    /// Errors: `documents_syntax`.
    pub fn read(text: &str) -> Result<Self> {
        let mut json = serde_json::Deserializer::from_str(text);
        serde_path_to_error::deserialize(&mut json).map_err(|e| {
            let place = e.path().to_string();
            Error::invalid(place, "documents_syntax", format!("文书模板有误：{}", e.inner()))
        })
    }
}

/// A field in a text, with its format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldRef<'t> {
    pub name: &'t str,
    pub format: &'t str,
}

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'t> {
    Words(&'t str),
    Field(FieldRef<'t>),
}

/// Words and fields of a text, in their order. A brace that is not closed is words.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((words, tail)) = rest.split_once('{') {
        let Some((field, after)) = tail.split_once('}') else { break };
        if !words.is_empty() {
            out.push(Piece::Words(words));
        }
        let (name, format) = field.split_once('|').unwrap_or((field, ""));
        out.push(Piece::Field(FieldRef { name, format }));
        rest = after;
    }
    if !rest.is_empty() {
        out.push(Piece::Words(rest));
    }
    out
}

impl Template {
    /// Every text with fields of the case, without those of table rows.
    pub fn texts(&self) -> Vec<&str> {
        let mut out = vec![self.to.as_str()];
        for part in &self.body {
            match part {
                Part::Text(text) | Part::If { text, .. } | Part::Unless { text, .. } => out.push(text),
                Part::Heading { heading } => out.push(heading),
                Part::Rows { rows } => out.extend(rows.iter().filter_map(|r| r.get(1)).map(String::as_str)),
                Part::Table { .. } => {}
            }
        }
        out.extend(self.remedies.iter().map(String::as_str));
        out
    }

    /// Every field that it names, conditions too.
    pub fn fields(&self) -> Vec<&str> {
        let mut out: Vec<&str> = self
            .texts()
            .into_iter()
            .flat_map(pieces)
            .filter_map(|p| match p {
                Piece::Field(f) => Some(f.name),
                Piece::Words(_) => None,
            })
            .collect();
        for part in &self.body {
            match part {
                Part::If { r#if: field, .. } | Part::Unless { unless: field, .. } => out.push(field),
                Part::Rows { rows } => out.extend(rows.iter().filter_map(|r| r.get(2)).map(String::as_str)),
                Part::Table { each, .. } => out.push(each),
                _ => {}
            }
        }
        out
    }
}

/// What is wrong with the templates of a kind: documents without one, templates of no document, fields that nothing
/// fills, formats that there are not. `extra`: fields that the room hands in.
pub fn check(sheet: &Sheet, definition: &Definition, extra: &[&str]) -> Vec<String> {
    let mut faults = Vec::new();
    for document in definition.documents.iter().filter(|d| !sheet.documents.iter().any(|t| t.code == d.code))
    {
        faults.push(format!("{}: no template for {}", sheet.kind, document.code));
    }
    let known = |field: &str| {
        BASE.iter().any(|b| b.0 == field)
            || extra.contains(&field)
            || definition.actions.iter().flat_map(|a| &a.form).any(|f| f.code == field)
            || field.strip_prefix("doers.").is_some_and(|a| definition.action(a).is_some())
            || field.strip_prefix("last_day.").is_some_and(|c| definition.clock(c).is_some())
            || field.strip_prefix("number.").is_some_and(|d| definition.document(d).is_some())
            || field.strip_prefix("date.").is_some_and(|d| definition.document(d).is_some())
    };
    for template in &sheet.documents {
        if definition.document(&template.code).is_none() {
            faults.push(format!("{}/{}: no such document", sheet.kind, template.code));
        }
        for field in template.fields().into_iter().filter(|f| !known(f)) {
            faults.push(format!("{}/{}: nothing fills {{{field}}}", sheet.kind, template.code));
        }
        let cells = template.body.iter().flat_map(|part| match part {
            Part::Table { columns, .. } => columns.iter().map(|c| c.text.as_str()).collect(),
            _ => Vec::new(),
        });
        for piece in template.texts().into_iter().chain(cells).flat_map(pieces) {
            if let Piece::Field(f) = piece
                && !super::words::FORMATS.contains(&f.format)
            {
                faults.push(format!("{}/{}: no format {}", sheet.kind, template.code, f.format));
            }
        }
    }
    faults
}
