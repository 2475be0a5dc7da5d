//! Fills a template: every field is found, or named as missing.

use std::collections::BTreeMap;

use kit_base::{Defect, Error};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::template::{BASE, Column, FieldRef, Look, Part, Piece, Template, pieces};
use super::words::written;
use crate::definition::{Definition, FieldKind};

/// What a document says, as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Content {
    pub look: Look,
    pub organ: String,
    pub title: String,
    pub number: String,
    pub addressee: String,
    pub blocks: Vec<Block>,
    pub remedies: Vec<String>,
    /// In words.
    pub date: String,
    pub signs: Vec<String>,
    pub simulated: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    Text(String),
    Heading(String),
    Rows(Vec<(String, String)>),
    Table { title: String, heads: Vec<String>, rows: Vec<Vec<String>> },
}

/// What fields are looked for in.
pub struct Values<'a> {
    pub definition: &'a Definition,
    pub fields: &'a Map<String, Value>,
    /// Names by user id.
    pub people: &'a BTreeMap<String, String>,
}

impl Values<'_> {
    fn get(&self, name: &str) -> Option<&Value> {
        self.fields.get(name).filter(|v| match v {
            Value::Null => false,
            Value::String(text) => !text.trim().is_empty(),
            Value::Array(list) => !list.is_empty(),
            _ => true,
        })
    }

    fn words(&self, f: FieldRef) -> Option<String> {
        let value = self.get(f.name)?;
        match f.format {
            "people" => {
                let users = crate::decide::users(Some(value));
                let names: Option<Vec<&str>> =
                    users.iter().map(|u| self.people.get(u).map(String::as_str)).collect();
                names.filter(|n| !n.is_empty()).map(|n| n.join("、"))
            }
            "choice" => {
                let chosen = value.as_str()?;
                let fields = self.definition.actions.iter().flat_map(|a| &a.form);
                let mut options = fields
                    .filter(|x| x.code == f.name && x.kind == FieldKind::Choice)
                    .flat_map(|x| &x.options);
                options.find(|o| o.code == chosen).map(|o| o.name.clone())
            }
            format => written(value, format),
        }
    }

    /// How people call a field.
    fn name(&self, field: &str) -> String {
        let base = BASE.iter().find(|b| b.0 == field).map(|b| b.1.to_owned());
        let form = || {
            let mut fields = self.definition.actions.iter().flat_map(|a| &a.form);
            fields.find(|f| f.code == field).map(|f| f.name.clone())
        };
        let doers = || {
            let action = field.strip_prefix("doers.")?;
            self.definition.action(action).map(|a| format!("“{}”的办理", a.name))
        };
        let clock = || {
            let clock = field.strip_prefix("last_day.")?;
            self.definition.clock(clock).map(|c| c.name.clone())
        };
        let number = || {
            let (what, document) =
                field.split_once('.').filter(|(what, _)| ["number", "date"].contains(what))?;
            let name = &self.definition.document(document)?.name;
            Some(format!("《{name}》的{}", if what == "date" { "日期" } else { "文号" }))
        };
        base.or_else(form).or_else(doers).or_else(clock).or_else(number).unwrap_or_else(|| field.to_owned())
    }
}

/// Fields that were looked for and not found, by name.
#[derive(Debug, Default)]
pub struct Missing(Vec<(String, String)>);

impl Missing {
    fn add(&mut self, field: &str, name: String) {
        if !self.0.iter().any(|(known, _)| known == field) {
            self.0.push((field.to_owned(), name));
        }
    }

    /// A refusal that names each; `None` where nothing is missing.
    pub fn refusal(&self, title: &str) -> Option<Error> {
        if self.0.is_empty() {
            return None;
        }
        let names: Vec<&str> = self.0.iter().map(|(_, name)| name.as_str()).collect();
        let text = format!("《{title}》还缺：{}。请补充后再办理", names.join("、"));
        let defect = |(field, name): &(String, String)| Defect {
            place: field.clone(),
            code: "document_field_missing".into(),
            message: format!("缺少{name}"),
        };
        let defects = self.0.iter().map(defect).collect();
        Some(Error::invalid("document", "document_field_missing", text).with_defects(defects))
    }
}

/// What a template says with these values. What is missing stands there by its name, and is told.
pub fn fill(template: &Template, values: &Values, simulated: bool) -> (Content, Missing) {
    let mut filling = Filling { values, missing: Missing::default() };
    let organ = filling.text("{organ}");
    let content = Content {
        look: template.look,
        organ,
        title: template.title.clone(),
        number: filling.text("{doc.number}"),
        addressee: filling.text(&template.to),
        blocks: template.body.iter().filter_map(|part| filling.part(part)).collect(),
        remedies: template.remedies.iter().map(|r| filling.text(r)).collect(),
        date: filling.text("{doc.date|date}"),
        signs: template.signs.clone(),
        simulated,
    };
    (content, filling.missing)
}

struct Filling<'a> {
    values: &'a Values<'a>,
    missing: Missing,
}

impl Filling<'_> {
    fn part(&mut self, part: &Part) -> Option<Block> {
        match part {
            Part::Text(text) => Some(Block::Text(self.text(text))),
            Part::If { r#if: field, text } => {
                self.values.get(field).is_some().then(|| Block::Text(self.text(text)))
            }
            Part::Unless { unless, text } => {
                self.values.get(unless).is_none().then(|| Block::Text(self.text(text)))
            }
            Part::Heading { heading } => Some(Block::Heading(self.text(heading))),
            Part::Rows { rows } => {
                let stands = |row: &&Vec<String>| row.get(2).is_none_or(|f| self.values.get(f).is_some());
                let rows: Vec<&Vec<String>> = rows.iter().filter(stands).collect();
                let pair = |row: &Vec<String>| {
                    let text = row.get(1).map(String::as_str).unwrap_or("");
                    (row.first().cloned().unwrap_or_default(), self.text(text))
                };
                Some(Block::Rows(rows.into_iter().map(pair).collect()))
            }
            Part::Table { title, each, columns } => Some(self.table(title, each, columns)),
        }
    }

    fn table(&mut self, title: &str, each: &str, columns: &[Column]) -> Block {
        let entries = self.values.get(each).and_then(Value::as_array);
        if entries.is_none() {
            self.missing.add(each, self.values.name(each));
        }
        let none = Map::new();
        let mut rows = Vec::new();
        for entry in entries.into_iter().flatten() {
            let fields = entry.as_object().unwrap_or(&none);
            let own = Values { fields, ..*self.values };
            // a cell without a value says so
            let cell = |c: &Column| pieces(&c.text).into_iter().map(|p| cell(p, &own)).collect::<String>();
            rows.push(columns.iter().map(cell).collect());
        }
        Block::Table {
            title: title.to_owned(),
            heads: columns.iter().map(|c| c.name.clone()).collect(),
            rows,
        }
    }

    fn text(&mut self, text: &str) -> String {
        let mut out = String::new();
        for piece in pieces(text) {
            match piece {
                Piece::Words(words) => out.push_str(words),
                Piece::Field(f) => match self.values.words(f) {
                    Some(words) => out.push_str(&words),
                    None => {
                        let name = self.values.name(f.name);
                        out.push_str(&format!("（缺：{name}）"));
                        self.missing.add(f.name, name);
                    }
                },
            }
        }
        out
    }
}

fn cell(piece: Piece, values: &Values) -> String {
    match piece {
        Piece::Words(words) => words.to_owned(),
        Piece::Field(f) => values.words(f).unwrap_or_else(|| "未登记".to_owned()),
    }
}
