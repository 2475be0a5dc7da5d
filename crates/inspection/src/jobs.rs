//! The yearly plan is computed county by county, each in a transaction of its own; running twice makes the same plan.

use std::sync::Arc;

use kit_base::clock::{china_day, china_text};
use kit_base::{Error, Millis, Result};
use kit_docs::table::out::{Field, OutColumn};
use kit_jobs::{Kind, Running};
use kit_sheets::lists::Asked;
use kit_sheets::out::{Export, Format};
use kit_web::{Actor, Cx, House, Scope};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::actions::plans::{Grades, county};
use crate::model::{Draw, DrawQuery, PlanItem, PlanItemQuery};
use crate::rules::plan::next_due;
use crate::store::{draws as drawn, plans as store};

/// The list of a plan as a file.
pub const EXPORT: Kind<House> = Kind { name: "inspection.plan.export", run: export };

/// The list of draws as a file.
pub const EXPORT_DRAWS: Kind<House> = Kind { name: "inspection.draws.export", run: draws };

/// Items of plans computed before their list could be searched get what it is searched and sorted by.
pub const FILL: Kind<House> = Kind { name: "inspection.plan.fill", run: fill };

/// Items that are filled in one go.
const PART: i64 = 500;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExportInput {
    pub format: Format,
    pub plan: String,
    pub list: PlanItemQuery,
    /// How far the asker saw.
    pub scope: Scope,
    pub actor: String,
}

const HEADINGS: [&str; 11] = [
    "主体码",
    "主体",
    "业态",
    "区划",
    "风险等级",
    "重点对象",
    "应查（次）",
    "已查（次）",
    "下次应查日期",
    "上次检查",
    "依据",
];

fn export(house: &House, job: &Running) -> Result<String> {
    let input: ExportInput = serde_json::from_str(&job.input).map_err(Error::internal)?;
    let now = house.clock.now();
    let columns = HEADINGS.map(OutColumn::text);
    let mut out = Export::begin(house, input.format, "年度监督检查计划", &input.actor, &columns)?;
    house.db.read_blocking(|tx| {
        store::whole(tx, &input.scope, &input.plan, &input.list, now, &mut |item| {
            out.row(row(&item))?;
            Ok(true)
        })
    })?;
    job.progress(out.rows(), Some(out.rows()), "正在导出")?;
    out.end()
}

fn row(i: &PlanItem) -> Vec<Field<'_>> {
    let day =
        |at: Option<Millis>| at.map_or(Field::Empty, |at| Field::Text(china_day(at).to_string().into()));
    let kind = parties::reference::get().business_kind(&i.kind).map_or(i.kind.as_str(), |k| k.name);
    vec![
        Field::from(i.code.as_str()),
        Field::from(i.name.as_str()),
        Field::from(kind),
        Field::from(i.division.as_str()),
        Field::from(i.grade.as_str()),
        Field::from(if i.priority { "是" } else { "" }),
        Field::Whole(i.needed),
        Field::Whole(i.done),
        // the first late moment: the last day in time is the one before
        day(i.next_due.map(|at| at - 1)),
        day(i.last_at),
        Field::from(reason(&i.reason)),
    ]
}

fn reason(code: &str) -> &'static str {
    match code {
        "grade" => "按风险等级",
        "floor" => "两年全覆盖",
        _ => "本年不要求",
    }
}

pub const PLAN: Kind<House> = Kind { name: "inspection.plan", run: plan };

fn plan(house: &House, job: &Running) -> Result<String> {
    let id = job.input.clone();
    let of = id.clone();
    let found = house.db.read_blocking(move |tx| store::by_id(tx, &of))?;
    let plan = Arc::new(found.ok_or_else(|| Error::not_found("没有这份计划"))?);
    let division = plan.division.clone();
    let counties = house.db.read_blocking(move |tx| parties::store::facts::counties(tx, &division))?;
    let total = counties.len() as u64;
    let grading = house.try_held::<parties::Grading>();
    for (i, place) in counties.into_iter().enumerate() {
        job.progress(i as u64, Some(total), "正在按风险等级和两年全覆盖编制")?;
        let (plan, grading, county_of) = (plan.clone(), grading.clone(), place.clone());
        let items = house.db.read_blocking(move |tx| {
            let mut grades = Grades::new();
            if let Some(grading) = grading {
                (grading.each)(tx, &county_of, &mut |s| {
                    grades.insert(s.party, (s.grade, s.least));
                    Ok(true)
                })?;
            }
            county(tx, &plan, &county_of, &grades)
        })?;
        let id = id.clone();
        house.db.write_blocking(move |tx| store::put_county(tx, &id, &place, &items))?;
    }
    let cx = Cx::internal(Arc::new(house.clone()), Actor::house("系统"), "inspection.planned");
    let businesses = cx.act_blocking(move |act| {
        act.subject("plan", &id, &plan.division);
        let businesses = store::ready(act.tx, &id, act.now)?;
        act.note(json!({ "businesses": businesses }));
        Ok(businesses)
    })?;
    serde_json::to_string(&json!({ "businesses": businesses })).map_err(Error::internal)
}

fn fill(house: &House, job: &Running) -> Result<String> {
    let (mut last, mut done) = ((String::new(), String::new()), 0);
    loop {
        let after = last.clone();
        let part = house.db.write_blocking(move |tx| {
            let part = store::lacking(tx, &after, PART)?;
            let ids: Vec<String> = part.iter().map(|i| i.party.clone()).collect();
            let known = parties::briefs(tx, &ids)?;
            for item in &part {
                let Some(party) = known.get(&item.party) else { continue };
                let seen = store::last_recorded(tx, &item.party, "")?;
                store::fill(
                    tx,
                    item,
                    (&party.name, &party.code),
                    next_due(item.year, item.needed, item.done),
                    seen,
                )?;
            }
            Ok(part)
        })?;
        let Some(end) = part.last() else { break };
        last = (end.plan.clone(), end.party.clone());
        done += part.len() as u64;
        job.progress(done, None, "正在补全")?;
    }
    Ok(format!("补全 {done} 家"))
}

const DRAW_HEADINGS: [&str; 13] = [
    "名称",
    "区划",
    "状态",
    "抽取（家）",
    "每户（人）",
    "对象库（家）",
    "人员库（人）",
    "经办",
    "承诺时间",
    "抽取时间",
    "安排检查时间",
    "种子摘要值",
    "名单摘要值",
];
/// Draws that are read in one go.
const DRAWS: i64 = 200;

fn draws(house: &House, job: &Running) -> Result<String> {
    let input = Asked::<DrawQuery>::of(job)?;
    let columns = DRAW_HEADINGS.map(OutColumn::text);
    let mut out = Export::begin(house, input.format, "双随机抽取", &input.actor, &columns)?;
    house.db.read_blocking(|tx| {
        for page in 1.. {
            let asked = DrawQuery { page: Some(page), size: Some(DRAWS), ..input.list.clone() };
            let items = drawn::list(tx, &input.scope, &asked)?.items;
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
    let time = |at: Option<Millis>| at.map_or(Field::Empty, |at| Field::Text(china_text(at).into()));
    let state = match (d.drawn_at, d.visits_at) {
        (_, Some(_)) => "已安排检查",
        (Some(_), None) => "已抽取",
        _ => "已承诺，待抽取",
    };
    vec![
        Field::from(d.name.as_str()),
        Field::from(d.division.as_str()),
        Field::from(state),
        Field::Whole(d.count),
        Field::Whole(d.team),
        Field::Whole(d.subjects),
        Field::Whole(d.officers),
        Field::from(d.by_name.as_str()),
        time(Some(d.committed_at)),
        time(d.drawn_at),
        time(d.visits_at),
        Field::from(d.seed_hash.as_str()),
        Field::from(d.pool_hash.as_str()),
    ]
}
