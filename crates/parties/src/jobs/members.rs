//! Sheets of who belongs to whom, in and out.

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_docs::table::out::{Field, OutColumn};
use kit_docs::table::{Column, Line, Table};
use kit_jobs::{Kind, Running};
use kit_sheets::lists::Asked;
use kit_sheets::out::Export;
use kit_sheets::{Outcome, Reach, Upload, take_in, try_out};
use kit_web::{House, Scope};
use serde::{Deserialize, Serialize};

use crate::actions::members::{self as actions, Writer};
use crate::model::members::{Member, MemberQuery, NewMember, RELATIONS, SOURCES, STATES};
use crate::store::members as store;

pub const IMPORT: Kind<House> = Kind { name: "parties.members_import", run: import };
pub const EXPORT: Kind<House> = Kind { name: "parties.members_export", run: export };

/// Rows that go in together in one transaction.
const BATCH: usize = 500;
/// Lines of a file; the filter makes it shorter.
const MOST: i64 = 100_000;

/// The sheet of relations.
pub fn table() -> Table {
    Table::new("入驻关系")
        .column(
            Column::code("manager", "开办者主体码")
                .required()
                .alias("市场主体码")
                .alias("开办者统一社会信用代码")
                .example("B123456789A")
                .help("市场开办者、连锁总部或平台的主体码或统一社会信用代码"),
        )
        .column(
            Column::code("member", "成员主体码")
                .required()
                .alias("成员统一社会信用代码")
                .example("B987654321A")
                .help("入场销售者、门店或入驻商户的主体码或统一社会信用代码"),
        )
        .column(Column::choice("relation", "关系", RELATIONS).required().example("市场入场销售者"))
        .column(Column::text("place", "摊位号", 200).alias("门店号").alias("店铺").example("蔬菜区 12 号"))
        .column(Column::date("from", "起始日期").example("2026-03-01").help("留空为今天"))
        .column(Column::date("until", "结束日期").example("").help("不再有效的第一天；留空为长期"))
        .column(Column::text("note", "备注", 200).example(""))
        .note("一行是一条关系；同一开办者和成员在同一段时间只有一条")
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportInput {
    /// Hash of the kept sheet.
    pub file: String,
    /// File name without its ending.
    pub name: String,
    pub actor: String,
    pub reach: Reach,
    #[serde(default)]
    pub dry_run: bool,
}

fn import(house: &House, job: &Running) -> Result<String> {
    let input: ImportInput = serde_json::from_str(&job.input).map_err(Error::internal)?;
    let writer = Writer { name: input.actor, scope: Scope::from(input.reach), import: true };
    let (ids, clock) = (house.ids.clone(), house.clock.clone());
    let keep = move |tx: &mut Tx, lines: &[Line]| -> Result<Vec<Outcome>> {
        lines.iter().map(|line| row(tx, &writer, (&ids, clock.now()), line)).collect()
    };
    let result = if input.dry_run {
        let sheet = (input.file.as_str(), input.name.as_str());
        try_out(house, job, sheet, table(), BATCH, move |tx, lines| keep(tx, &lines))?
    } else {
        let upload = Upload { file: &input.file, name: &input.name };
        let keep = std::sync::Arc::new(keep);
        take_in(house, job, upload, &table(), BATCH, &mut |lines| {
            let keep = std::sync::Arc::clone(&keep);
            house.db.write_blocking(move |tx| keep(tx, &lines))
        })?
    };
    serde_json::to_string(&result).map_err(Error::internal)
}

/// One row; what is wrong with it is told at its cell.
fn row(tx: &mut Tx, writer: &Writer, (ids, now): (&kit_base::Ids, i64), line: &Line) -> Result<Outcome> {
    let text = |key: &str| line.record.text(key).unwrap_or("").trim().to_owned();
    let date =
        |key: &str| line.record.date(key).and_then(|d| d.day()).map_or_else(String::new, |d| d.to_string());
    let made = (|| {
        let new = NewMember {
            manager: String::new(),
            manager_code: text("manager"),
            member: actions::found(tx, "member", &text("member"))?,
            site: String::new(),
            relation: text("relation"),
            place: text("place"),
            from: date("from"),
            until: date("until"),
            note: text("note"),
        };
        // the sheet has one column for it
        actions::add(tx, ids, now, writer, &new)
            .map_err(|e| if e.field.as_deref() == Some("manager_code") { e.at("manager") } else { e })
    })();
    match made {
        Ok(_) => Ok(Outcome::Added),
        Err(e) if e.kind == kit_base::Kind::Internal || e.kind == kit_base::Kind::Unavailable => Err(e),
        Err(e) => Ok(Outcome::Refused(line.because(&e))),
    }
}

const HEADINGS: [&str; 14] = [
    "开办者",
    "关系",
    "成员",
    "成员主体码",
    "成员区划",
    "场所",
    "摊位号",
    "起始日期",
    "结束日期",
    "状态",
    "来源",
    "登记人",
    "确认人",
    "数据标记",
];

fn export(house: &House, job: &Running) -> Result<String> {
    let input = Asked::<MemberQuery>::of(job)?;
    let mut out =
        Export::begin(house, input.format, "入驻关系", &input.actor, &HEADINGS.map(OutColumn::text))?;
    let places = crate::divisions::today(house);
    let today = kit_base::clock::china_day(house.clock.now()).to_string();
    let rows = house.db.read_blocking(|tx| store::whole(tx, &input.scope, &input.list, &today, MOST))?;
    for m in rows {
        let m = actions::named(&places, &today, m);
        out.row(line(&m))?;
    }
    job.progress(out.rows(), Some(out.rows()), "正在导出")?;
    out.end()
}

fn line(m: &Member) -> Vec<Field<'_>> {
    let name = |list: &[(&'static str, &'static str)], code: &str| {
        list.iter().find(|(c, _)| *c == code).map_or("", |(_, name)| *name)
    };
    vec![
        Field::from(m.manager_name.as_str()),
        Field::from(name(&RELATIONS, &m.relation)),
        Field::from(m.member_name.as_str()),
        Field::from(m.member_code.as_str()),
        Field::from(m.division_name.as_str()),
        Field::from(m.site_name.as_str()),
        Field::from(m.place.as_str()),
        Field::from(m.from.as_str()),
        Field::from(m.until.as_str()),
        Field::from(name(&STATES, &m.state)),
        Field::from(name(&SOURCES, &m.source)),
        Field::from(m.added_by.as_str()),
        Field::from(m.confirmed_by.as_str()),
        Field::from(if m.simulated { "模拟数据" } else { "" }),
    ]
}
