//! The forms of actions: what is filled in, checked against the definition.

use kit_base::{Error, Result};
use serde_json::{Map, Value};

use crate::definition::{Field, FieldKind};

/// Characters of a text where the field does not say.
const TEXT: u32 = 2_000;
/// Entries of a list where the field does not say.
const LIST: u32 = 50;

/// Checks what was filled in; answers it without empty fields.
///
/// Errors: `form_missing`, `form_unknown`, `form_kind`, `form_long`, `form_option`, each with its field.
pub fn check(fields: &[Field], form: &Value) -> Result<Map<String, Value>> {
    let empty = Map::new();
    let given = match form {
        Value::Null => &empty,
        Value::Object(map) => map,
        _ => return Err(Error::invalid("form", "form_kind", "表单应为对象")),
    };
    if let Some(code) = given.keys().find(|k| !fields.iter().any(|f| f.code == **k)) {
        return Err(at(code, "form_unknown", "表单没有这一项"));
    }
    let mut out = Map::new();
    for field in fields {
        let value = given.get(&field.code).filter(|v| !blank(v));
        match value {
            Some(value) => {
                check_one(field, value)?;
                out.insert(field.code.clone(), value.clone());
            }
            None if field.required => {
                return Err(at(&field.code, "form_missing", &format!("请填写{}", field.name)));
            }
            None => {}
        }
    }
    Ok(out)
}

fn blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

fn check_one(field: &Field, value: &Value) -> Result<()> {
    let wrong = |what: &str| at(&field.code, "form_kind", &format!("{}应为{what}", field.name));
    let long =
        |most: u32, unit: &str| at(&field.code, "form_long", &format!("{}不超过 {most} {unit}", field.name));
    let text = || value.as_str().ok_or_else(|| wrong("文字"));
    match field.kind {
        FieldKind::Text => {
            let most = field.most.unwrap_or(TEXT);
            if text()?.chars().count() > most as usize {
                return Err(long(most, "字"));
            }
        }
        FieldKind::Date => {
            text()?.parse::<jiff::civil::Date>().map_err(|_| wrong("日期，如 2026-03-01"))?;
        }
        FieldKind::Number => drop(value.as_i64().ok_or_else(|| wrong("整数"))?),
        FieldKind::Money => {
            value.as_i64().filter(|fen| *fen >= 0).ok_or_else(|| wrong("金额（整数，单位为分）"))?;
        }
        FieldKind::Bool => drop(value.as_bool().ok_or_else(|| wrong("是或否"))?),
        FieldKind::Choice => {
            let chosen = text()?;
            if !field.options.iter().any(|o| o.code == chosen) {
                return Err(at(&field.code, "form_option", &format!("{}没有这个选项", field.name)));
            }
        }
        FieldKind::User => drop(text()?),
        FieldKind::Users | FieldKind::Ids => {
            let most = field.most.unwrap_or(LIST);
            let list = value.as_array().ok_or_else(|| wrong("列表"))?;
            if list.len() > most as usize {
                return Err(long(most, "项"));
            }
            let texts: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            let mut apart = texts.clone();
            apart.sort_unstable();
            apart.dedup();
            if texts.len() != list.len() || apart.len() != list.len() {
                return Err(wrong("不重复的列表"));
            }
        }
    }
    Ok(())
}

/// The people that a form names.
pub fn people(fields: &[Field], form: &Value) -> Vec<String> {
    let mut out = Vec::new();
    for field in fields.iter().filter(|f| matches!(f.kind, FieldKind::User | FieldKind::Users)) {
        match form.get(&field.code) {
            Some(Value::String(user)) => out.push(user.clone()),
            Some(Value::Array(list)) => out.extend(list.iter().filter_map(Value::as_str).map(str::to_owned)),
            _ => {}
        }
    }
    out
}

fn at(field: &str, code: &'static str, message: &str) -> Error {
    Error::invalid(format!("form/{field}"), code, message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_form_is_checked_field_by_field() {
        let fields: Vec<Field> = serde_json::from_value(json!([
            { "code": "what", "name": "问题", "kind": "text", "required": true, "most": 4 },
            { "code": "due", "name": "期限", "kind": "date" },
            { "code": "way", "name": "方式", "kind": "choice", "options": [{ "code": "a", "name": "甲" }] },
            { "code": "who", "name": "人员", "kind": "users", "most": 2 }
        ]))
        .unwrap();
        let code = |form: Value| check(&fields, &form).err().map(|e| (e.code.into_owned(), e.field.unwrap()));
        let expect = |code: &str, field: &str| Some((code.to_owned(), format!("form/{field}")));
        assert_eq!(code(json!({ "what": "脏", "due": "2026-03-01", "way": "a", "who": ["u", "v"] })), None);
        assert_eq!(code(json!({ "what": " " })), expect("form_missing", "what"));
        assert_eq!(code(Value::Null), expect("form_missing", "what"));
        assert_eq!(code(json!({ "what": "脏", "x": 1 })), expect("form_unknown", "x"));
        assert_eq!(code(json!({ "what": "太脏太脏太" })), expect("form_long", "what"));
        assert_eq!(code(json!({ "what": "脏", "due": "明天" })), expect("form_kind", "due"));
        assert_eq!(code(json!({ "what": "脏", "way": "b" })), expect("form_option", "way"));
        assert_eq!(code(json!({ "what": "脏", "who": ["u", "u"] })), expect("form_kind", "who"));
        assert_eq!(code(json!({ "what": "脏", "who": ["u", "v", "w"] })), expect("form_long", "who"));
        assert_eq!(people(&fields, &json!({ "who": ["u", "v"] })), ["u", "v"]);
    }
}
