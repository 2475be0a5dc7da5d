//! The certificate of procedure (程序合规证明).

use kit_base::clock::china_text;
use kit_base::{Error, Result};
use kit_db::Tx;
use kit_docs::pdf::{Block, Look, Official};
use kit_flow::{Case, Flows, engine, history};
use kit_web::Cx;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::measure;
use crate::rules::certificate::{Known, Line, lines};
use crate::rules::range;
use crate::store;

/// For each mandatory step who, when, on time.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ProcedureCertificate")]
pub struct Certificate {
    pub case: String,
    pub kind: String,
    pub kind_name: String,
    pub number: String,
    pub title: String,
    pub lines: Vec<Line>,
    /// No step is missing, late, or done by somebody who may not.
    pub sound: bool,
    /// Entries of the log, and the hash of the last: what it was made from.
    pub entries: i64,
    pub head: String,
    pub simulated: bool,
}

/// Errors: not found, also for kinds of other rooms.
pub fn certificate(tx: &mut Tx, cx: &Cx, id: &str) -> Result<(Certificate, Case)> {
    let flows = cx.house.held::<Flows>();
    let case = engine::seen(tx, &flows, &cx.who, id)?;
    let entries = kit_flow::store::log::entries(tx, id)?;
    let told = history::of(&case.pinned.definition, &entries, flows.hooks(&case.state.opened.kind).member)?;
    let data = Value::Object(case.state.data.clone());
    let row = store::cases::by_id(tx, id)?;
    let known = Known {
        weighty: !measure::due(&case, &data)?.hearing.is_empty(),
        public: row.as_ref().is_some_and(|r| range::public_kind(&r.penalties).is_some()),
        owes: row.as_ref().is_some_and(|r| r.fine.unwrap_or(0) + r.confiscated.unwrap_or(0) > 0),
    };
    let kind = case.state.opened.kind.clone();
    let lines = lines(&kind, &case.state, &told, known);
    if lines.is_empty() {
        return Err(Error::not_found("没有这个案件，或不在您的范围内"));
    }
    let fault = |l: &Line| l.state == "missing" || l.on_time == Some(false) || l.apart == Some(false);
    let made = Certificate {
        case: id.to_owned(),
        kind,
        kind_name: case.pinned.definition.name.clone(),
        number: case.state.opened.number.clone(),
        title: case.state.opened.title.clone(),
        sound: !lines.iter().any(fault),
        lines,
        entries: case.state.seq,
        head: case.state.head.clone(),
        simulated: case.state.opened.simulated,
    };
    Ok((made, case))
}

/// The certificate as a document; the same for the same log.
pub fn paper(made: &Certificate, organ: &str, address: &str, day: &str) -> Official {
    let mark = |value: Option<bool>, yes: &str, no: &str| match value {
        Some(true) => yes.to_owned(),
        Some(false) => no.to_owned(),
        None => "—".to_owned(),
    };
    let row = |l: &Line| {
        let state = match l.state.as_str() {
            "done" => "已办",
            "waiting" => "未到",
            "missing" => "缺失",
            _ => "不适用",
        };
        let at = l.at.map(china_text).unwrap_or_else(|| "—".into());
        vec![
            format!("{}\n{}", l.name, l.statute),
            format!("{state}{}{}", if l.note.is_empty() { "" } else { "：" }, l.note),
            format!("{}\n{at}", if l.who.is_empty() { "—".to_owned() } else { l.who.join("、") }),
            format!(
                "{}{}",
                mark(l.on_time, "按期", "逾期"),
                if l.due.is_empty() { String::new() } else { format!("\n（{}）", l.due) }
            ),
            mark(l.apart, "符合", "不符合"),
        ]
    };
    Official {
        look: Look::Form,
        organ: organ.to_owned(),
        title: "办案程序证明".into(),
        number: made.number.clone(),
        blocks: vec![
            Block::Rows(vec![
                ("案件".into(), made.title.clone()),
                ("程序".into(), made.kind_name.clone()),
                (
                    "结论".into(),
                    if made.sound {
                        "各法定步骤无缺失、无逾期、无应回避未回避".into()
                    } else {
                        "存在缺失、逾期或应分离未分离的步骤，见下表".to_owned()
                    },
                ),
                ("依据".into(), format!("办理记录 {} 条，末条摘要 {}", made.entries, made.head)),
            ]),
            Block::Table {
                title: String::new(),
                heads: ["步骤与依据", "办理", "何人何时", "期限", "人员要求"].map(str::to_owned).to_vec(),
                rows: made.lines.iter().map(row).collect(),
            },
        ],
        date: day.to_owned(),
        url: address.to_owned(),
        hash: made.head.clone(),
        simulated: made.simulated,
        ..Official::default()
    }
}
