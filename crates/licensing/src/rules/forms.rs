//! What somebody filled in against the form: every fault at once, each with its place and what to do, in Chinese.

use std::collections::BTreeMap;

use kit_base::Defect;
use kit_base::codes::{Verdict, person, tidy, uscc};
use serde_json::{Map, Value};

use crate::model::forms::{Choice, Cond, Field, FieldKind, Form};

/// Characters of a text where the field does not say.
const TEXT: i64 = 500;
/// Rows, choices or files where the field does not say.
const LIST: i64 = 100;

/// What is known beside the form.
pub struct Around<'a> {
    /// `$act`, `$mode`, `$province`, `$matter`
    pub facts: BTreeMap<&'static str, String>,
    /// Codes and names of a list of the platform.
    pub list: &'a dyn Fn(&str) -> Vec<(String, String)>,
    /// Whether a file was uploaded for this application.
    pub file: &'a dyn Fn(&str) -> bool,
}

/// Values in which a name is looked up: those of a row, then those of the form.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    row: Option<&'a Map<String, Value>>,
    top: &'a Map<String, Value>,
    facts: &'a BTreeMap<&'static str, String>,
}

impl<'a> Scope<'a> {
    pub fn top(top: &'a Map<String, Value>, facts: &'a BTreeMap<&'static str, String>) -> Self {
        Self { row: None, top, facts }
    }

    fn text(&self, name: &str) -> Option<&'a str> {
        if name.starts_with('$') {
            return self.facts.get(name).map(String::as_str);
        }
        self.value(name).and_then(Value::as_str)
    }

    fn value(&self, name: &str) -> Option<&'a Value> {
        self.row.and_then(|row| row.get(name)).or_else(|| self.top.get(name))
    }

    /// Whether a condition holds. What is not filled in has no value, so nothing about it holds.
    pub fn holds(&self, cond: &Cond) -> bool {
        match cond {
            Cond::All(all) => all.iter().all(|c| self.holds(c)),
            Cond::Any(any) => any.iter().any(|c| self.holds(c)),
            Cond::Not(not) => !self.holds(not),
            Cond::Is(name, wanted) => self.text(name) == Some(wanted),
            Cond::In(name, wanted) => self.text(name).is_some_and(|t| wanted.iter().any(|w| w == t)),
            Cond::Has(name, wanted) => {
                let list = self.value(name).and_then(Value::as_array);
                list.is_some_and(|l| l.iter().any(|v| v.as_str() == Some(wanted)))
            }
            Cond::Above(name, n) => self.value(name).and_then(Value::as_i64).is_some_and(|v| v > *n),
            Cond::Below(name, n) => self.value(name).and_then(Value::as_i64).is_some_and(|v| v < *n),
        }
    }
}

/// Every fault of what was filled in; empty where there is none.
pub fn check(form: &Form, values: &Map<String, Value>, around: &Around) -> Vec<Defect> {
    let mut checking = Checking { around, defects: Vec::new() };
    let scope = Scope::top(values, &around.facts);
    let mut known: Vec<&str> = Vec::new();
    for step in &form.steps {
        let asked = step.when.as_ref().is_none_or(|w| scope.holds(w));
        for field in &step.fields {
            known.push(&field.code);
            checking.field(field, &field.code, asked, scope, values.get(&field.code));
        }
    }
    for code in values.keys().filter(|k| !known.contains(&k.as_str())) {
        checking.wrong(code, "form_unknown", format!("申请表没有“{code}”这一项"));
    }
    checking.defects
}

struct Checking<'a> {
    around: &'a Around<'a>,
    defects: Vec<Defect>,
}

fn blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Bool(on) => !on,
        _ => false,
    }
}

impl Checking<'_> {
    fn wrong(&mut self, place: &str, code: &'static str, message: String) {
        self.defects.push(Defect { place: place.to_owned(), code: code.into(), message });
    }

    fn field(&mut self, field: &Field, place: &str, asked: bool, scope: Scope, value: Option<&Value>) {
        let asked = asked && field.when.as_ref().is_none_or(|w| scope.holds(w));
        let value = value.filter(|v| !blank(v));
        let Some(value) = value else {
            let needed = field.required && field.required_when.is_none()
                || field.required_when.as_ref().is_some_and(|w| scope.holds(w));
            if asked && needed {
                let verb = match field.kind {
                    FieldKind::File | FieldKind::Files => "请上传",
                    FieldKind::Choice | FieldKind::Choices => "请选择",
                    FieldKind::Flag => "请确认",
                    _ => "请填写",
                };
                self.wrong(place, "form_missing", format!("{verb}“{}”", field.name));
            }
            return;
        };
        if !asked {
            let text = format!("按已填内容不需要“{}”，请删去", field.name);
            return self.wrong(place, "form_unasked", text);
        }
        self.value(field, place, scope, value);
    }

    fn value(&mut self, field: &Field, place: &str, scope: Scope, value: &Value) {
        match field.kind {
            FieldKind::Number => return self.number(field, place, value),
            FieldKind::Flag if value.is_boolean() => return,
            FieldKind::Choices | FieldKind::Files | FieldKind::Rows => {
                return self.list(field, place, scope, value);
            }
            _ => {}
        }
        let Some(text) = value.as_str() else {
            return self.wrong(place, "form_kind", format!("“{}”的内容格式不对", field.name));
        };
        match field.kind {
            FieldKind::Text | FieldKind::Long => self.text(field, place, text),
            FieldKind::Date if text.parse::<jiff::civil::Date>().is_err() => {
                self.wrong(place, "form_date", format!("“{}”应为日期，如 2026-03-01", field.name));
            }
            FieldKind::Choice => self.choice(field, place, scope, text),
            FieldKind::File => self.file(field, place, text),
            FieldKind::IdNo => self.verdict(place, person::check_id(&tidy(text))),
            FieldKind::Phone => self.verdict(place, person::check_phone(&tidy(text))),
            FieldKind::Uscc => self.verdict(place, uscc::check(&tidy(text))),
            _ => {}
        }
    }

    fn verdict(&mut self, place: &str, verdict: Verdict) {
        if let Verdict::Wrong(found) = verdict {
            self.wrong(place, found.code, found.message);
        }
    }

    fn text(&mut self, field: &Field, place: &str, text: &str) {
        let most = field.most.unwrap_or(TEXT);
        if text.chars().count() as i64 > most {
            self.wrong(place, "form_long", format!("“{}”不超过 {most} 个字", field.name));
        }
        if text.chars().any(|c| c.is_control() && c != '\n') {
            self.wrong(place, "form_control", format!("“{}”中有不可见的字符，请重新输入", field.name));
        }
    }

    fn number(&mut self, field: &Field, place: &str, value: &Value) {
        let Some(n) = value.as_i64() else {
            return self.wrong(place, "form_number", format!("“{}”应为整数", field.name));
        };
        if field.least.is_some_and(|least| n < least) || field.most.is_some_and(|most| n > most) {
            let (least, most) = (field.least.unwrap_or(i64::MIN), field.most.unwrap_or(i64::MAX));
            self.wrong(place, "form_range", format!("“{}”应在 {least} 到 {most} 之间", field.name));
        }
    }

    fn choice(&mut self, field: &Field, place: &str, scope: Scope, code: &str) {
        let open = |c: &Choice| c.when.as_ref().is_none_or(|w| scope.holds(w));
        let there = match field.options_from.as_str() {
            "" => field.options.iter().any(|c| c.code == code && open(c)),
            list => (self.around.list)(list).iter().any(|(c, _)| c == code),
        };
        if !there {
            self.wrong(place, "form_option", format!("“{}”没有这个选项，请重新选择", field.name));
        }
    }

    fn file(&mut self, field: &Field, place: &str, id: &str) {
        if !(self.around.file)(id) {
            let text = format!("“{}”的文件没有找到，请重新上传", field.name);
            self.wrong(place, "form_file", text);
        }
    }

    fn list(&mut self, field: &Field, place: &str, scope: Scope, value: &Value) {
        let Some(list) = value.as_array() else {
            return self.wrong(place, "form_kind", format!("“{}”应为列表", field.name));
        };
        let (least, most) = (field.least.unwrap_or(0), field.most.unwrap_or(LIST));
        if (list.len() as i64) < least || list.len() as i64 > most {
            let text = format!("“{}”应有 {least} 到 {most} 项", field.name);
            return self.wrong(place, "form_count", text);
        }
        for (i, one) in list.iter().enumerate() {
            let place = format!("{place}/{i}");
            match (field.kind, one) {
                (FieldKind::Rows, Value::Object(row)) => self.row(field, &place, scope, row),
                (FieldKind::Choices, Value::String(code)) => self.choice(field, &place, scope, code),
                (FieldKind::Files, Value::String(id)) => self.file(field, &place, id),
                _ => self.wrong(&place, "form_kind", format!("“{}”的内容格式不对", field.name)),
            }
        }
    }

    fn row(&mut self, field: &Field, place: &str, scope: Scope, row: &Map<String, Value>) {
        let scope = Scope { row: Some(row), ..scope };
        for column in &field.fields {
            self.field(column, &format!("{place}/{}", column.code), true, scope, row.get(&column.code));
        }
        for code in row.keys().filter(|k| !field.fields.iter().any(|f| f.code == **k)) {
            self.wrong(&format!("{place}/{code}"), "form_unknown", format!("申请表没有“{code}”这一列"));
        }
    }
}

/// What a licence says of what was filled in: names and texts of the fields that are printed.
pub fn face(form: &Form, values: &Map<String, Value>, around: &Around) -> Vec<(String, String)> {
    let fields = form.steps.iter().flat_map(|s| &s.fields).filter(|f| f.face);
    let shown = fields.filter_map(|f| {
        let value = values.get(&f.code).filter(|v| !blank(v))?;
        Some((f.name.clone(), words(f, value, around)))
    });
    shown.collect()
}

/// A value in words.
fn words(field: &Field, value: &Value, around: &Around) -> String {
    let name_of = |code: &str| match field.options_from.as_str() {
        "" => field.options.iter().find(|c| c.code == code).map_or(code.to_owned(), |c| c.name.clone()),
        list => {
            let found = (around.list)(list).into_iter().find(|(c, _)| c == code);
            found.map_or(code.to_owned(), |(_, name)| name)
        }
    };
    match (field.kind, value) {
        (FieldKind::Choice, Value::String(code)) => name_of(code),
        (FieldKind::Choices, Value::Array(codes)) => {
            codes.iter().filter_map(Value::as_str).map(name_of).collect::<Vec<_>>().join("；")
        }
        (FieldKind::Rows, Value::Array(rows)) => {
            let row = |row: &Value| {
                let cells = field
                    .fields
                    .iter()
                    .filter(|f| !f.personal)
                    .filter_map(|f| row.get(&f.code).filter(|v| !blank(v)).map(|v| words(f, v, around)));
                cells.collect::<Vec<_>>().join(" ")
            };
            rows.iter().map(row).collect::<Vec<_>>().join("；")
        }
        (_, Value::String(text)) => text.trim().to_owned(),
        (_, Value::Number(n)) => n.to_string(),
        _ => String::new(),
    }
}

/// What was filled in, with personal data masked.
pub fn masked(form: &Form, values: &Map<String, Value>) -> Map<String, Value> {
    let mut out = values.clone();
    for field in form.steps.iter().flat_map(|s| &s.fields) {
        mask(field, out.get_mut(&field.code));
    }
    out
}

fn mask(field: &Field, value: Option<&mut Value>) {
    match value {
        Some(Value::Array(rows)) if field.kind == FieldKind::Rows => {
            for row in rows.iter_mut().filter_map(Value::as_object_mut) {
                field.fields.iter().for_each(|f| mask(f, row.get_mut(&f.code)));
            }
        }
        Some(Value::String(text)) if field.personal => *text = hidden(field.kind, text),
        _ => {}
    }
}

/// A personal value as everybody but the few sees it.
pub fn hidden(kind: FieldKind, text: &str) -> String {
    match kind {
        FieldKind::IdNo => {
            let shown: Vec<char> = text.chars().collect();
            let digit = |(i, c): (usize, &char)| if (6..16).contains(&i) { '*' } else { *c };
            shown.iter().enumerate().map(digit).collect()
        }
        FieldKind::Phone => kit_base::text::mask_phone(text),
        _ => kit_base::text::mask_name(text),
    }
}
