//! The list of findings as a file.

use kit_base::Result;
use kit_base::clock::china_text;
use kit_docs::table::out::{Field, OutColumn};
use kit_jobs::{Kind, Running};
use kit_sheets::lists::Asked;
use kit_sheets::out::Export;
use kit_web::House;

use crate::actions::findings::named;
use crate::model::{Finding, FindingQuery, SEVERITIES, SOURCES};
use crate::store;

pub const EXPORT: Kind<House> = Kind { name: "findings.export", run };

/// Rows named and written in one go.
const PART: usize = 500;

const HEADINGS: [&str; 15] = [
    "编号",
    "主体",
    "区划",
    "来源",
    "来源编号",
    "问题",
    "违反的规定",
    "程度",
    "状态",
    "发现时间",
    "整改期限",
    "整改时间",
    "按期整改",
    "退回次数",
    "数据标记",
];

fn run(house: &House, job: &Running) -> Result<String> {
    let input = Asked::<FindingQuery>::of(job)?;
    let flows = house.held::<kit_flow::Flows>();
    let definition = flows.latest(crate::KIND)?;
    let mut out = Export::begin(house, input.format, "问题", &input.actor, &HEADINGS.map(OutColumn::text))?;
    let now = house.clock.now();
    let ids = house.db.read_blocking(|tx| {
        let mut ids = Vec::new();
        let each = &mut |f: Finding| {
            ids.push(f.id);
            Ok(true)
        };
        store::findings::whole(tx, &input.scope, &input.list, now, each)?;
        Ok(ids)
    })?;
    let total = ids.len() as u64;
    for part in ids.chunks(PART) {
        let rows = house.db.read_blocking(|tx| {
            let mut rows = Vec::with_capacity(part.len());
            for id in part {
                rows.extend(store::findings::by_id(tx, id)?);
            }
            named(tx, rows)
        })?;
        for finding in &rows {
            let status = definition.definition.status(&finding.status);
            out.row(row(finding, status.map_or("", |s| &s.name)))?;
        }
        job.progress(out.rows(), Some(total), "正在导出")?;
    }
    out.end()
}

fn row<'a>(f: &'a Finding, status: &'a str) -> Vec<Field<'a>> {
    let name = |list: &[(&str, &'static str)], code: &str| {
        list.iter().find(|(c, _)| *c == code).map_or("", |(_, name)| name)
    };
    let time = |at: Option<i64>| at.map_or(Field::Empty, |at| Field::Text(china_text(at).into()));
    let in_time = match f.in_time {
        Some(true) => "是",
        Some(false) => "否",
        None => "",
    };
    vec![
        Field::from(f.number.as_str()),
        Field::from(f.party_name.as_str()),
        Field::from(f.division.as_str()),
        Field::from(name(&SOURCES, &f.source)),
        Field::from(f.source_ref.as_str()),
        Field::from(f.what.as_str()),
        Field::from(f.rule.as_str()),
        Field::from(name(&SEVERITIES, &f.severity)),
        Field::from(status),
        time(Some(f.found_at)),
        // the first late moment: the last day in time is the one before
        time(f.due_at.map(|at| at - 60_000)),
        time(f.mended_at),
        Field::from(in_time),
        Field::Whole(f.reopened),
        Field::from(if f.simulated { "模拟数据" } else { "" }),
    ]
}
