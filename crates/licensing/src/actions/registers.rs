//! Whom an application is checked against: who may not apply, and the register of business licences.

use kit_base::clock::china_day;
use kit_base::codes::{person, tidy, uscc};
use kit_base::{Defect, Error, Result};
use kit_docs::sheet::{Book, Limits};
use kit_docs::table::{Column, Import, Line, Table};
use kit_web::Act;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::model::forms::FieldKind;
use crate::model::{Ban, Note, Registered};
use crate::rules::forms::hidden;
use crate::store::registers::{self as store, Listed};

/// States of a business licence: code and name.
const STATES: [(&str, &str); 4] =
    [("active", "存续"), ("revoked", "吊销"), ("cancelled", "注销"), ("moved", "迁出")];

/// What stands for an id number in the list of bans: nobody reads numbers out of it.
pub fn look_of(id_no: &str) -> String {
    hex::encode(Sha256::digest(format!("shian.ban\n{}", tidy(id_no))))
}

fn text<'c>(content: &'c Map<String, Value>, name: &str) -> &'c str {
    content.get(name).and_then(Value::as_str).unwrap_or("")
}

/// Persons and business of a form who may not apply (食品安全法第一百三十五条): the head, the managers, the business.
pub fn banned(act: &mut Act, content: &Map<String, Value>) -> Result<Vec<Defect>> {
    let today = china_day(act.now).to_string();
    let mut asked: Vec<(String, &str, String)> = Vec::new();
    let code = tidy(text(content, "uscc"));
    asked.extend((!code.is_empty()).then(|| ("uscc".to_owned(), "business", code)));
    let head = text(content, "legal_id");
    asked.extend((!head.is_empty()).then(|| ("legal_id".to_owned(), "person", look_of(head))));
    for rows in ["managers", "members"] {
        for (i, row) in content.get(rows).and_then(Value::as_array).into_iter().flatten().enumerate() {
            if let Some(id_no) = row.get("id_no").and_then(Value::as_str).filter(|t| !t.is_empty()) {
                asked.push((format!("{rows}/{i}/id_no"), "person", look_of(id_no)));
            }
        }
    }
    let mut out = Vec::new();
    for (place, kind, look) in asked {
        if let Some(ban) = store::ban(act.tx, kind, &look, &today)? {
            let until = match ban.until_day.as_str() {
                "" => "终身".to_owned(),
                day => format!("至 {day}"),
            };
            let message = format!(
                "{}（{}）自 {} 起{until}不得申请食品生产经营许可或从事管理工作，依据：{}",
                ban.name, ban.shown, ban.since, ban.basis
            );
            out.push(Defect { place, code: "banned".into(), message });
        }
    }
    Ok(out)
}

/// A business licence that the register says is no more.
pub fn unregistered(act: &mut Act, content: &Map<String, Value>) -> Result<Vec<Defect>> {
    let Some(found) = super::apply::register_of(act, &tidy(text(content, "uscc")))? else {
        return Ok(Vec::new());
    };
    let today = china_day(act.now).to_string();
    let over = !found.until_day.is_empty() && found.until_day < today;
    if found.state == "active" && !over {
        return Ok(Vec::new());
    }
    let state = STATES.iter().find(|s| s.0 == found.state).map_or("", |s| s.1);
    let why =
        if over { format!("营业期限已于 {} 届满", found.until_day) } else { format!("已{state}") };
    let message = format!("登记机关的营业执照信息显示{why}（来源：{}），请先办理营业执照", found.source);
    Ok(vec![Defect { place: "uscc".into(), code: "register_ended".into(), message }])
}

/// What the register says otherwise than the form, or that it does not know the business.
pub fn differs(act: &mut Act, content: &Map<String, Value>) -> Result<Vec<Note>> {
    let note = |code: &str, text: String| Note { code: code.to_owned(), text };
    let Some(found) = super::apply::register_of(act, &tidy(text(content, "uscc")))? else {
        return Ok(vec![note("register_unknown", "营业执照登记信息未核到，请核对原件".to_owned())]);
    };
    let pairs = [("名称", &found.name, "name"), ("法定代表人（负责人）", &found.legal, "legal")];
    let other = pairs.into_iter().filter(|(_, there, field)| {
        let said = text(content, field).trim();
        !there.is_empty() && !said.is_empty() && said != there.as_str()
    });
    let other = other.map(|(name, there, _)| {
        note("register_differs", format!("{name}与登记信息不同：登记为“{there}”（来源：{}）", found.source))
    });
    Ok(other.collect())
}

/// What came of an import.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct Imported {
    pub kept: i64,
    pub refused: i64,
    /// The first faults, each with its cell.
    pub defects: Vec<Defective>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct Defective {
    pub place: String,
    pub code: String,
    pub message: String,
}

/// Takes a sheet in row by row; `keep` answers what is wrong with a row.
fn import(
    table: &Table,
    bytes: Vec<u8>,
    keep: &mut dyn FnMut(&Line) -> Result<Vec<Defect>>,
) -> Result<Imported> {
    let limits = Limits { file_bytes: 16 << 20, rows: 100_000, ..Limits::default() };
    let mut book = Book::open(std::io::Cursor::new(bytes), table.name(), &limits)?;
    let sheet = book.pick(table.name());
    let mut import = Import::begin(table, book.rows(sheet)?)?;
    while let Some(line) = import.next() {
        let line = line?;
        let defects = keep(&line)?;
        if !defects.is_empty() {
            import.reject(&line, defects)?;
        }
    }
    let report = import.finish()?;
    let defective = |d: &Defect| Defective {
        place: d.place.clone(),
        code: d.code.to_string(),
        message: d.message.clone(),
    };
    Ok(Imported {
        kept: i64::try_from(report.accepted()).unwrap_or(i64::MAX),
        refused: i64::try_from(report.rejected).unwrap_or(i64::MAX),
        defects: report.defects.iter().map(defective).collect(),
    })
}

/// The sheet of who may not apply.
pub fn ban_table() -> Table {
    Table::new("禁业名单")
        .column(Column::text("name", "姓名或名称", 100).required())
        .column(Column::code("number", "身份证号或统一社会信用代码").required())
        .column(Column::date("since", "起始日期").required())
        .column(Column::date("until", "截止日期").help("终身的留空"))
        .column(Column::text("basis", "依据", 300).required().help("条款和决定书文号"))
}

/// Takes a list of bans in. Errors: those of a file that is no sheet.
pub fn import_bans(act: &mut Act, file: &str, bytes: Vec<u8>) -> Result<Imported> {
    let (ids, now, by) = (act.ids().clone(), act.now, act.who().name.clone());
    let day = |line: &Line, key: &str| line.record.date(key).map(|d| d.to_string()).unwrap_or_default();
    let tx = &mut *act.tx;
    let done = import(&ban_table(), bytes, &mut |line| {
        let number = tidy(line.record.text("number").unwrap_or(""));
        let is_person = person::check_id(&number).is_good();
        if !is_person && uscc::check(&number).code().is_some() {
            let text = "应为 18 位身份证号或统一社会信用代码，请核对";
            return Ok(vec![line.defect("number", "number_form", text)]);
        }
        let (kind, look, shown) = match is_person {
            true => ("person", look_of(&number), hidden(FieldKind::IdNo, &number)),
            false => ("business", number.clone(), number.clone()),
        };
        let ban = Ban {
            id: ids.next(now),
            kind: kind.to_owned(),
            shown,
            name: line.record.text("name").unwrap_or("").to_owned(),
            since: day(line, "since"),
            until_day: day(line, "until"),
            basis: line.record.text("basis").unwrap_or("").to_owned(),
        };
        store::put_ban(tx, &ban, &Listed { look: &look, file, by: &by, now })?;
        Ok(Vec::new())
    })?;
    act.note(json!({ "file": file, "kept": done.kept, "refused": done.refused }));
    Ok(done)
}

/// The sheet of the local register of business licences.
pub fn register_table() -> Table {
    Table::new("营业执照登记信息")
        .column(Column::code("uscc", "统一社会信用代码").required())
        .column(Column::text("name", "名称", 100).required())
        .column(Column::text("legal", "法定代表人", 60))
        .column(Column::text("address", "住所", 200))
        .column(Column::choice("state", "登记状态", STATES).required())
        .column(Column::date("until", "营业期限至").help("长期的留空"))
}

/// Takes a list of business licences in. Errors: those of a file that is no sheet.
pub fn import_register(act: &mut Act, file: &str, bytes: Vec<u8>) -> Result<Imported> {
    let now = act.now;
    let tx = &mut *act.tx;
    let done = import(&register_table(), bytes, &mut |line| {
        let said = |key: &str| line.record.text(key).unwrap_or("").to_owned();
        let code = tidy(&said("uscc"));
        if let Some(found) = uscc::check(&code).at("uscc").err() {
            return Ok(line.because(&Error::invalid("uscc", found.code, found.message)));
        }
        let row = Registered {
            uscc: code,
            name: said("name"),
            legal: said("legal"),
            address: said("address"),
            state: said("state"),
            until_day: line.record.date("until").map(|d| d.to_string()).unwrap_or_default(),
            source: file.to_owned(),
        };
        store::put_registered(tx, &row, now)?;
        Ok(Vec::new())
    })?;
    act.note(json!({ "file": file, "kept": done.kept, "refused": done.refused }));
    Ok(done)
}
