//! Proposals of targeted sampling are computed, and their list written as a file.

use std::sync::Arc;

use kit_base::Result;
use kit_base::clock::china_text;
use kit_docs::table::out::{Field, OutColumn};
use kit_jobs::{Kind, Running};
use kit_sheets::lists::Asked;
use kit_sheets::out::Export;
use kit_web::{Actor, Cx, House};

use crate::actions::foods::Foods;
use crate::actions::targets;
use crate::model::STAGES;
use crate::model::targets::{Target, TargetQuery};
use crate::store::targets as store;

pub const COMPUTE: Kind<House> = Kind { name: "sampling.targets_now", run: compute };
pub const EXPORT: Kind<House> = Kind { name: "sampling.targets_export", run: export };

/// Lines of a file; the filter makes it shorter.
const MOST: i64 = 20_000;

/// Computes the proposals anew. For the duty of the house and for who asks; answers how many are open.
pub fn tick(house: &House) -> Result<i64> {
    let cx = Cx::internal(Arc::new(house.clone()), Actor::house("靶向抽检建议"), "sampling.targets");
    cx.act_blocking(targets::compute)
}

fn compute(house: &House, _: &Running) -> Result<String> {
    Ok(format!("待处理建议 {} 条", tick(house)?))
}

const HEADINGS: [&str; 15] = [
    "县区",
    "食品分类",
    "环节",
    "检验项目",
    "得分",
    "建议批次",
    "依据",
    "可先抽的单位",
    "状态",
    "提出时间",
    "计算时间",
    "处理时间",
    "处理人",
    "理由",
    "数据标记",
];

fn export(house: &House, job: &Running) -> Result<String> {
    let input = Asked::<TargetQuery>::of(job)?;
    let heads = HEADINGS.map(OutColumn::text);
    let mut out = Export::begin(house, input.format, "靶向抽检建议", &input.actor, &heads)?;
    let (rows, foods) = house
        .db
        .read_blocking(|tx| Ok((store::whole(tx, &input.scope, &input.list, MOST)?, Foods::read(tx)?)))?;
    for t in rows {
        out.row(line(&targets::named(house, &foods, t)))?;
    }
    job.progress(out.rows(), Some(out.rows()), "正在导出")?;
    out.end()
}

fn line(t: &Target) -> Vec<Field<'_>> {
    let why: Vec<String> =
        t.why.iter().map(|p| format!("{}：{}（{} 分）", p.name, p.fact, p.points)).collect();
    let sites: Vec<String> = t.sites.iter().map(|s| format!("{}（{} 分）", s.name, s.points)).collect();
    let state = match t.state.as_str() {
        "open" => "待处理",
        "taken" => "已采纳",
        "declined" => "不采纳",
        _ => "已失效",
    };
    vec![
        Field::from(t.place_name.as_str()),
        Field::from(t.category_name.as_str()),
        Field::from(STAGES.iter().find(|s| s.0 == t.stage).map_or("", |s| s.1)),
        Field::from(t.item.as_str()),
        Field::Whole(t.points),
        Field::Whole(t.batches),
        Field::Text(why.join("；").into()),
        Field::Text(sites.join("；").into()),
        Field::from(state),
        Field::Text(china_text(t.made_at).into()),
        Field::Text(china_text(t.computed_at).into()),
        t.decided_at.map_or(Field::Empty, |at| Field::Text(china_text(at).into())),
        Field::from(t.decided_by.as_str()),
        Field::from(t.reason.as_str()),
        Field::from(if t.simulated { "模拟数据" } else { "" }),
    ]
}
