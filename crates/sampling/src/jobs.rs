//! Lists as files: samples, limits, published notices.

pub mod duties;
pub mod targets;

use kit_base::clock::china_text;
use kit_base::{Error, Result};
use kit_docs::table::out::{Field, OutColumn};
use kit_draw::store::{Draw, DrawQuery};
use kit_flow::Flows;
use kit_jobs::{Kind, Running};
use kit_sheets::lists::Asked;
use kit_sheets::out::Export;
use kit_web::House;
use serde_json::Value;

use crate::actions::desk::COLUMNS;
use crate::actions::draws::ROOM;
use crate::model::{
    DrawList, KINDS, LimitQuery, LimitRow, ListQuery, MODES, PublishedQuery, PublishedRow, STAGES, SampleRow,
};
use crate::rules::judge;
use crate::store::{self, listing};

pub const EXPORT: Kind<House> = Kind { name: "sampling.export", run };
pub const EXPORT_LIMITS: Kind<House> = Kind { name: "sampling.export_limits", run: limits };
pub const EXPORT_PUBLISHED: Kind<House> = Kind { name: "sampling.export_published", run: published };
pub const EXPORT_DRAWS: Kind<House> = Kind { name: "sampling.export_draws", run: draws };

/// Rows between two notes of progress.
const PART: u64 = 500;

const HEADINGS: [&str; 17] = [
    "抽样单编号",
    "案号",
    "样品名称",
    "食品分类",
    "被抽样单位",
    "区划",
    "环节",
    "类别",
    "分离方式",
    "检验机构",
    "状态",
    "结论",
    "抽样时间",
    "报告时间",
    "期限",
    "逾期",
    "数据标记",
];

fn run(house: &House, job: &Running) -> Result<String> {
    let input = Asked::<ListQuery>::of(job)?;
    let flows = house.held::<Flows>();
    let definition = flows.latest(crate::KIND)?;
    let mut out = Export::begin(house, input.format, "样品", &input.actor, &HEADINGS.map(OutColumn::text))?;
    let now = house.clock.now();
    house.db.read_blocking(|tx| {
        listing::whole(tx, &input.scope, &input.list, now, &mut |s| {
            let status = definition.definition.status(&s.status).map_or("", |st| &st.name);
            out.row(row(&s, status, now))?;
            progress(job, out.rows())
        })
    })?;
    out.end()
}

fn row<'a>(s: &'a SampleRow, status: &'a str, now: i64) -> Vec<Field<'a>> {
    let name = |list: &[(&str, &'static str)], code: &str| {
        list.iter().find(|(c, _)| *c == code).map_or("", |(_, name)| name)
    };
    let time = |at: Option<i64>| at.map_or(Field::Empty, |at| Field::Text(china_text(at).into()));
    let verdict = match s.verdict.as_str() {
        "conforms" => "合格",
        "fails" => "不合格",
        "undecided" => "未判定",
        "monitored" => "不作判定",
        _ => "",
    };
    let late = s.closed_at.is_none() && (s.late || s.due_at.is_some_and(|at| at <= now));
    vec![
        Field::from(s.sample_no.as_str()),
        Field::from(s.number.as_str()),
        Field::from(s.food.as_str()),
        Field::from(s.category.as_str()),
        Field::from(s.party_name.as_str()),
        Field::from(s.division.as_str()),
        Field::from(name(&STAGES, &s.stage)),
        Field::from(name(&KINDS, &s.kind)),
        Field::from(name(&MODES, &s.mode)),
        Field::from(s.lab_name.as_str()),
        Field::from(status),
        Field::from(verdict),
        time(s.taken_at),
        time(s.issued_at),
        // the first late moment: the last in time is the one before
        time(s.due_at.map(|at| at - 60_000)),
        Field::from(if late { "是" } else { "" }),
        Field::from(if s.simulated { "模拟数据" } else { "" }),
    ]
}

/// As a table that can be taken in again.
fn limits(house: &House, job: &Running) -> Result<String> {
    let input = Asked::<LimitQuery>::of(job)?;
    let mut out = Export::begin(house, input.format, "限量", &input.actor, &COLUMNS.map(OutColumn::text))?;
    house.db.read_blocking(|tx| {
        store::limits::whole(tx, &input.list, &mut |l| {
            out.row(limit(&l).into_iter().map(|t| Field::Text(t.into())).collect())?;
            progress(job, out.rows())
        })
    })?;
    out.end()
}

fn limit(l: &LimitRow) -> [String; 14] {
    let (bound, parts) = judge::cells(&l.limit.bound);
    let limit = l.limit.clone();
    let verified = if limit.verified { "是" } else { "否" };
    [
        limit.standard,
        limit.item,
        l.cas.clone(),
        limit.category,
        limit.food,
        limit.except.join(";"),
        bound,
        limit.unit,
        parts,
        l.method.clone(),
        limit.from,
        limit.until,
        l.source.clone(),
        verified.to_owned(),
    ]
}

const PUBLISHED: [&str; 10] = [
    "抽样编号",
    "样品名称",
    "被抽样单位",
    "标称生产者",
    "生产或购进日期",
    "结论",
    "规格型号",
    "商标",
    "检验机构",
    "项目与结果",
];

fn published(house: &House, job: &Running) -> Result<String> {
    let input = Asked::<PublishedQuery>::of(job)?;
    let heads = PUBLISHED.map(OutColumn::text);
    let mut out = Export::begin(house, input.format, "公布信息", &input.actor, &heads)?;
    house.db.read_blocking(|tx| {
        store::published::whole(tx, &input.scope, &input.list, &mut |p| {
            out.row(notice(&p)?.into_iter().map(|t| Field::Text(t.into())).collect())?;
            progress(job, out.rows())
        })
    })?;
    out.end()
}

fn notice(p: &PublishedRow) -> Result<[String; 10]> {
    let told: Value = serde_json::from_str(&p.told).map_err(Error::internal)?;
    let text = |field: &str| told.get(field).and_then(Value::as_str).unwrap_or("").to_owned();
    let items = told.get("items").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let one = |i: &Value| {
        let of = |field: &str| i.get(field).and_then(Value::as_str).unwrap_or("");
        let results = i.get("results").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let results: Vec<&str> = results.iter().filter_map(Value::as_str).collect();
        let limit = of("limit");
        let limit = if limit.is_empty() { String::new() } else { format!("（{limit}）") };
        format!("{} {} {}{limit}", of("item"), results.join("、"), of("unit"))
    };
    let items: Vec<String> = items.iter().map(one).collect();
    Ok([
        p.sample_no.clone(),
        p.food.clone(),
        p.shop.clone(),
        p.producer.clone(),
        p.day.clone(),
        if p.fails { "不合格" } else { "合格或未写" }.to_owned(),
        text("spec"),
        text("brand"),
        text("lab"),
        items.join("；"),
    ])
}

fn progress(job: &Running, rows: u64) -> Result<bool> {
    if rows.is_multiple_of(PART) {
        job.progress(rows, None, "正在导出")?;
    }
    Ok(true)
}

const DRAW_HEADINGS: [&str; 13] = [
    "名称",
    "区划",
    "状态",
    "抽取批次",
    "单位库",
    "事先排除",
    "人员库",
    "经办",
    "承诺时间",
    "抽取时间",
    "派发时间",
    "种子摘要值",
    "名单摘要值",
];
/// Draws that are read in one go.
const DRAWS: i64 = 200;

fn draws(house: &House, job: &Running) -> Result<String> {
    let input = Asked::<DrawList>::of(job)?;
    let columns = DRAW_HEADINGS.map(OutColumn::text);
    let mut out = Export::begin(house, input.format, "随机抽样", &input.actor, &columns)?;
    house.db.read_blocking(|tx| {
        for page in 1.. {
            let DrawList { q, about, state } = input.list.clone();
            let asked = DrawQuery { q, about, state, page: Some(page), size: Some(DRAWS) };
            let items = kit_draw::store::list(tx, ROOM, &input.scope, &asked)?.items;
            items.iter().try_for_each(|d| out.row(draw_row(d)))?;
            if (items.len() as i64) < DRAWS {
                break;
            }
        }
        Ok(())
    })?;
    job.progress(out.rows(), Some(out.rows()), "正在导出")?;
    out.end()
}

fn draw_row(d: &Draw) -> Vec<Field<'_>> {
    let time = |at: Option<i64>| at.map_or(Field::Empty, |at| Field::Text(china_text(at).into()));
    let state = match (d.drawn_at, d.used_at) {
        (_, Some(_)) => "已派发任务",
        (Some(_), None) => "已抽取",
        _ => "已承诺，待抽取",
    };
    vec![
        Field::from(d.name.as_str()),
        Field::from(d.division.as_str()),
        Field::from(state),
        Field::Whole(d.seats),
        Field::Whole(d.subjects),
        Field::Whole(d.excluded),
        Field::Whole(d.officers),
        Field::from(d.by_name.as_str()),
        time(Some(d.committed_at)),
        time(d.drawn_at),
        time(d.used_at),
        Field::from(d.seed_hash.as_str()),
        Field::from(d.pool_hash.as_str()),
    ]
}
