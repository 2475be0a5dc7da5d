//! What comes round: choosing ends with its last day; and the list as a file.

use std::sync::Arc;

use kit_base::Result;
use kit_base::clock::{china_day, china_text};
use kit_docs::table::out::{Field, OutColumn};
use kit_jobs::{Kind, Running};
use kit_sheets::lists::Asked;
use kit_sheets::out::Export;
use kit_web::{Actor, Cx, House};

use crate::model::{Campaign, CampaignQuery};
use crate::{actions, store};

pub const EXPORT: Kind<House> = Kind { name: "campaigns.export", run: export };

const HEADINGS: [&str; 19] = [
    "活动",
    "状态",
    "区划",
    "任务来源",
    "征集开始",
    "征集结束",
    "品种数",
    "心愿数",
    "计划批次",
    "每区县至少",
    "同一单位最多",
    "抽中批次",
    "已抽样",
    "已出结果",
    "不合格",
    "策划",
    "发布时间",
    "规则摘要值",
    "数据标记",
];

fn export(house: &House, job: &Running) -> Result<String> {
    let input = Asked::<CampaignQuery>::of(job)?;
    let columns = HEADINGS.map(OutColumn::text);
    let mut out = Export::begin(house, input.format, "你点我检", &input.actor, &columns)?;
    house.db.read_blocking(|tx| {
        store::campaigns::whole(tx, &input.scope, &input.list, &mut |c| {
            out.row(row(&c))?;
            Ok(true)
        })
    })?;
    job.progress(out.rows(), Some(out.rows()), "正在导出")?;
    out.end()
}

fn row(c: &Campaign) -> Vec<Field<'_>> {
    let state = match c.state.as_str() {
        "draft" => "草稿",
        "open" => "正在征集",
        "closed" => "待抽取",
        "drawn" => "正在抽检",
        _ => "已结束",
    };
    let source = match c.source.as_str() {
        "province" => "省级",
        "city" => "市级",
        _ => "县级",
    };
    vec![
        Field::from(c.name.as_str()),
        Field::from(state),
        Field::from(c.division.as_str()),
        Field::from(source),
        Field::from(c.from_day.as_str()),
        Field::from(c.until_day.as_str()),
        Field::Whole(c.kinds),
        Field::Whole(c.wishes),
        Field::Whole(c.batches),
        Field::Whole(c.floor),
        Field::Whole(c.most),
        Field::Whole(c.drawn),
        Field::Whole(c.taken),
        Field::Whole(c.done),
        Field::Whole(c.failed),
        Field::from(c.by_name.as_str()),
        c.opened_at.map_or(Field::Empty, |at| Field::Text(china_text(at).into())),
        Field::from(c.rules_hash.as_str()),
        Field::from(if c.simulated { "模拟数据" } else { "" }),
    ]
}

pub fn tick(house: &House) -> Result<usize> {
    let today = china_day(house.clock.now()).to_string();
    let over: Vec<String> = house.db.read_blocking(move |tx| store::campaigns::over(tx, &today))?;
    let cx = Cx::internal(Arc::new(house.clone()), Actor::house("你点我检"), "campaigns.close");
    for id in &over {
        let id = id.clone();
        cx.act_blocking(move |act| actions::plan::close_by_house(act, &id))?;
    }
    Ok(over.len())
}
