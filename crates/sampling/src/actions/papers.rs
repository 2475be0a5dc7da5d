//! 抽样单 and 抽样告知书 on paper, set from what was sealed: the same bytes each time. The business has both from that moment, and
//! whoever holds one asks at `/doc/{code}` whether it is genuine.

use std::sync::OnceLock;

use kit_base::clock::china_day;
use kit_base::{Error, Result};
use kit_db::Tx;
use kit_docs::pdf::{Block, Look, Official};
use kit_flow::answers::Genuine;
use kit_flow::definition::{Field, FieldKind};
use kit_web::Cx;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::model::{Sample, Signature};
use crate::rules::sheet::sheet_form;
use crate::store::{custody, papers, samples};

/// Code and title of each.
pub const PAPERS: [(&str, &str); 2] =
    [("sheet", "食品安全抽样检验抽样单"), ("informed", "食品安全抽样检验告知书")];

/// data/sampling/informed.json
#[derive(Debug, Deserialize)]
struct Informed {
    text: Vec<String>,
    remedies: Vec<String>,
}

fn informed() -> Result<&'static Informed> {
    static READ: OnceLock<std::result::Result<Informed, String>> = OnceLock::new();
    let read = READ.get_or_init(|| {
        serde_json::from_str(include_str!("../../../../data/sampling/informed.json"))
            .map_err(|e| e.to_string())
    });
    read.as_ref().map_err(Error::internal)
}

/// A paper of a sample that was sealed. Errors: not found.
pub fn paper(tx: &mut Tx, cx: &Cx, sample: &Sample, code: &str) -> Result<Official> {
    let gone = || Error::not_found("没有这份文书，或抽样单还没有签封");
    let (_, title) = PAPERS.into_iter().find(|p| p.0 == code).ok_or_else(gone)?;
    let verify = papers::code(tx, &sample.id)?;
    let (Some(at), false) = (sample.taken_at, verify.is_empty()) else { return Err(gone()) };
    let filled: Map<String, Value> = serde_json::from_str(&sample.sheet).map_err(Error::internal)?;
    let day = china_day(at);
    let (blocks, remedies) = match code {
        "sheet" => (sheet(tx, sample, &filled)?, Vec::new()),
        _ => (told(&filled, sample)?, informed()?.remedies.clone()),
    };
    Ok(Official {
        look: Look::Form,
        organ: organ(tx, sample)?,
        title: title.to_owned(),
        number: sample.sample_no.clone(),
        addressee: if code == "sheet" { String::new() } else { said(&filled, "shop_name") },
        blocks,
        remedies,
        date: format!("{}年{}月{}日", day.year(), day.month(), day.day()),
        signs: Vec::new(),
        seal: None,
        void: false,
        url: format!("{}/doc/{verify}", cx.house.public_url),
        verify,
        hash: sample.sheet_hash.clone(),
        simulated: sample.simulated,
    })
}

fn organ(tx: &mut Tx, sample: &Sample) -> Result<String> {
    let county = kit_flow::store::projection::county(&sample.division);
    Ok(accounts::in_charge(tx, county)?.map_or_else(|| "市场监督管理局".to_owned(), |b| b.name))
}

fn said(filled: &Map<String, Value>, code: &str) -> String {
    filled.get(code).and_then(Value::as_str).unwrap_or("").trim().to_owned()
}

/// A value in words; empty where it was left empty.
fn shown(field: &Field, value: &Value) -> String {
    match (field.kind, value) {
        (_, Value::Bool(yes)) => if *yes { "是" } else { "否" }.to_owned(),
        (FieldKind::Choice, Value::String(code)) => {
            field.options.iter().find(|o| o.code == *code).map_or_else(|| code.clone(), |o| o.name.clone())
        }
        (_, Value::String(text)) => text.clone(),
        (_, Value::Null) => String::new(),
        (_, other) => other.to_string(),
    }
}

fn sheet(tx: &mut Tx, sample: &Sample, filled: &Map<String, Value>) -> Result<Vec<Block>> {
    let mut blocks = Vec::new();
    for section in &sheet_form()?.sections {
        let of = |f: &Field| (f.name.clone(), filled.get(&f.code).map(|v| shown(f, v)).unwrap_or_default());
        let rows: Vec<_> = section.fields.iter().map(of).filter(|(_, v)| !v.is_empty()).collect();
        if !rows.is_empty() {
            blocks.push(Block::Heading(section.name.clone()));
            blocks.push(Block::Rows(rows));
        }
    }
    let named = |part: &str| if part == "test" { "检样" } else { "备样" };
    let parts = custody::parts(tx, &sample.id)?.into_iter();
    let rows =
        parts.map(|p| vec![named(&p.part).to_owned(), p.seal, format!("{} {}", p.amount, p.unit)]).collect();
    let heads = ["样品", "封条编号", "数量"].map(str::to_owned).to_vec();
    blocks.push(Block::Table { title: "封样".into(), heads, rows });
    blocks.push(Block::Heading("签字".into()));
    blocks.push(Block::Rows(signed(tx, sample)?));
    Ok(blocks)
}

fn signed(tx: &mut Tx, sample: &Sample) -> Result<Vec<(String, String)>> {
    let (_, text) = samples::signed(tx, &sample.id)?;
    let all: Vec<Signature> =
        if text.is_empty() { Vec::new() } else { serde_json::from_str(&text).map_err(Error::internal)? };
    let role = |code: &str| match code {
        "first" => "抽样人员",
        "business" => "被抽样单位",
        "escort" => "陪同执法人员",
        "witness" => "见证人",
        _ => "另一名抽样人员",
    };
    let mut rows: Vec<(String, String)> =
        all.iter().map(|s| (role(&s.role).to_owned(), format!("{}（已签字）", s.name))).collect();
    if let Some(first) = custody::hands(tx, &sample.id, "test")?.first() {
        rows.push(("签封".into(), format!("{}（本人确认）", first.person_name)));
    }
    Ok(rows)
}

fn told(filled: &Map<String, Value>, sample: &Sample) -> Result<Vec<Block>> {
    let rows = [
        ("被抽样单位", said(filled, "shop_name")),
        ("抽样单编号", sample.sample_no.clone()),
        ("样品名称", sample.food.clone()),
        ("抽样单位", said(filled, "unit_name")),
    ];
    let mut blocks = vec![Block::Rows(rows.map(|(k, v)| (k.to_owned(), v)).to_vec())];
    blocks.extend(informed()?.text.iter().cloned().map(Block::Text));
    Ok(blocks)
}

/// Whether a code is on papers of a sample; says nothing of business and people.
pub fn genuine(tx: &mut Tx, code: &str) -> Result<Option<Genuine>> {
    let Some(id) = papers::by_code(tx, code)? else { return Ok(None) };
    let Some(sample) = samples::by_id(tx, &id)? else { return Ok(None) };
    let Some(at) = sample.taken_at else { return Ok(None) };
    Ok(Some(Genuine {
        title: "抽样单、抽样告知书".into(),
        organ: organ(tx, &sample)?,
        number: sample.sample_no,
        issued_on: china_day(at).to_string(),
        void_since: None,
        hash: sample.sheet_hash,
        remarks: Vec::new(),
        simulated: sample.simulated,
    }))
}
