//! What comes round by itself, and the list as a file.

use std::sync::Arc;

use kit_base::Result;
use kit_base::clock::{china_day, china_text};
use kit_docs::table::out::{Field, OutColumn};
use kit_jobs::{Kind, Running};
use kit_sheets::lists::Asked;
use kit_sheets::out::Export;
use kit_web::{Actor, Cx, House};

use crate::actions::{look, make};
use crate::model::{FileQuery, FileRow};
use crate::store;

pub const EXPORT: Kind<House> = Kind { name: "feedback.export", run: export };

/// Managers of one part of a round.
const PART: i64 = 50;
/// Lines of a file; the filter makes it shorter.
const MOST: i64 = 100_000;

/// Makes the files of the last week that is over; goes on where it was broken off. For the duty of the house; answers how many.
/// `told` is told after each part how many there are.
pub fn tick(house: &House, told: &dyn Fn(u64) -> Result<()>) -> Result<u64> {
    let asked = make::Asked::last(house.clock.now());
    let week = asked.week.clone();
    let waiting = house.db.write_blocking(move |tx| store::week(tx, &week))?;
    let Some(mut after) = waiting else { return Ok(0) };
    let cx = Cx::internal(Arc::new(house.clone()), Actor::house("反馈周报"), "feedback.weekly");
    let day = china_day(asked.until - 1).to_string();
    let mut made = 0;
    loop {
        let part = {
            let (day, after) = (day.clone(), after.clone());
            house.db.read_blocking(move |tx| parties::managers(tx, &day, &after, PART))?
        };
        let Some(last) = part.last().cloned() else { break };
        for manager in part {
            let asked = asked.clone();
            made += cx.act_blocking(move |act| {
                // a round that was broken off, somebody who was quicker, or a record that was merged into one that is done
                let standing = parties::standing_id(act.tx, &manager)?;
                let there = store::version(act.tx, &standing, &asked.week)? > 0;
                let file = if there { None } else { make::make(act, &standing, &asked, "")? };
                store::week_after(act.tx, &asked.week, &manager)?;
                Ok(u64::from(file.is_some()))
            })?;
        }
        told(made)?;
        after = last;
    }
    let (week, now) = (asked.week, house.clock.now());
    house.db.write_blocking(move |tx| store::week_done(tx, &week, now))?;
    Ok(made)
}

const HEADINGS: [&str; 15] = [
    "开办者",
    "区划",
    "周",
    "版次",
    "成员",
    "新增不合格",
    "未办结不合格",
    "召回与暂停",
    "未闭环问题",
    "生成时间",
    "签收时间",
    "签收人",
    "签收说明",
    "内容哈希",
    "数据标记",
];

fn export(house: &House, job: &Running) -> Result<String> {
    let input = Asked::<FileQuery>::of(job)?;
    let mut out =
        Export::begin(house, input.format, "反馈周报", &input.actor, &HEADINGS.map(OutColumn::text))?;
    let rows = house.db.read_blocking(|tx| store::whole(tx, &input.scope, &input.list, MOST))?;
    for row in rows {
        out.row(line(&look::named(house, row)))?;
    }
    job.progress(out.rows(), Some(out.rows()), "正在导出")?;
    out.end()
}

fn line(f: &FileRow) -> Vec<Field<'_>> {
    vec![
        Field::from(f.name.as_str()),
        Field::from(f.division_name.as_str()),
        Field::from(f.week.as_str()),
        Field::Whole(f.version),
        Field::Whole(f.members),
        Field::Whole(f.failed),
        Field::Whole(f.open_failed),
        Field::Whole(f.touching),
        Field::Whole(f.open_findings),
        Field::Text(china_text(f.made_at).into()),
        f.taken_at.map_or(Field::Empty, |at| Field::Text(china_text(at).into())),
        Field::from(f.taken_by.as_str()),
        Field::from(f.taken_note.as_str()),
        Field::from(f.hash.as_str()),
        Field::from(if f.simulated { "模拟数据" } else { "" }),
    ]
}
