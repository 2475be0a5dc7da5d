//! What comes round by itself: clocks that are over, reminders, calendars that were announced.

use std::collections::BTreeMap;
use std::sync::Arc;

use kit_base::workdays::Calendar;
use kit_base::{Error, Millis, Result};
use kit_jobs::{Kind, Running};
use kit_web::{Act, Actor, Cx, House};
use serde_json::json;

use crate::engine::{self, Duty};
use crate::flows::Flows;
use crate::store;

/// Cases looked at in one go.
const PART: i64 = 200;

/// Recounts clocks after a calendar was loaded.
pub const RECOUNT: Kind<House> = Kind { name: "flow.recount", run: recount };

/// Does everything that is due: each clock that is over has its consequence, in a transaction of its own. What fails is
/// told in the log and tried again with the next round; the others are not held up.
///
/// Answers how much was done.
pub fn tick(house: &House) -> Result<u64> {
    let now = house.clock.now();
    let expired = round(house, now, "flow.expire", true)?;
    let reminded = round(house, now, "flow.remind", false)?;
    Ok(expired + reminded)
}

fn round(house: &House, now: Millis, action: &'static str, expire: bool) -> Result<u64> {
    let shared = Arc::new(house.clone());
    let flows = house.held::<Flows>();
    let (mut after, mut done) = ((i64::MIN, String::new()), 0);
    loop {
        let from = after.clone();
        let list = house.db.read_blocking(|tx| match expire {
            true => store::projection::due(tx, now, &from, PART),
            false => store::projection::to_remind(tx, now, &from, PART),
        })?;
        let Some((at, case, _)) = list.last() else { return Ok(done) };
        after = (*at, case.clone());
        for (_, case, clock) in list {
            let cx = Cx::internal(shared.clone(), Actor::house("系统"), action);
            let (id, flows) = (case.clone(), flows.clone());
            let did = cx.act_blocking(move |act| {
                let duty = if expire { Duty::Expire(&clock) } else { Duty::Remind(&clock) };
                engine::by_house(act, &flows, &id, duty)
            });
            match did {
                Ok(did) => done += u64::from(did),
                Err(e) => tracing::error!(case = %case, error = %e, "a duty of a case failed"),
            }
        }
    }
}

/// Loads the calendar of whole years (`date,kind,name,source`, as data/holidays.csv), and has running clocks recounted: answers
/// the years and the job.
///
/// Errors: `holiday_row`, `holiday_twice`, `calendar_empty`; `holiday_year` for a year with so few days that it cannot be whole.
pub fn load_calendar(act: &mut Act, flows: &Arc<Flows>, csv: &str) -> Result<(Vec<i16>, String)> {
    let csv = csv.trim_start_matches('\u{feff}');
    Calendar::read(csv)?;
    let mut years: BTreeMap<i16, Vec<store::days::Day>> = BTreeMap::new();
    for line in csv.lines().skip(1).filter(|l| !l.trim().is_empty()) {
        let day = store::days::read(line);
        let year = day.0.get(..4).and_then(|y| y.parse().ok()).unwrap_or(0);
        let of_year = years.entry(year).or_default();
        if of_year.iter().any(|d| d.0 == day.0) {
            let text = format!("{} 在文件里出现了两次，请删去一行再导入", day.0);
            return Err(Error::invalid("file", "holiday_twice", text));
        }
        of_year.push(day);
    }
    if years.is_empty() {
        return Err(Error::invalid(
            "file",
            "calendar_empty",
            "文件里没有节假日，请按 日期,类型,名称,来源 整年导入",
        ));
    }
    for (year, days) in &years {
        // 元旦、春节、清明、劳动节、端午、中秋、国庆: an announcement has many more days than this
        if days.iter().filter(|d| d.1 == "holiday").count() < 10 {
            let text = format!("{year} 年的节假日不完整，请按国务院办公厅的通知整年导入");
            return Err(Error::invalid("file", "holiday_year", text));
        }
        store::days::put_year(act.tx, *year, days, act.now)?;
    }
    let job = act.enqueue(RECOUNT.name, "", "按新公布的节假日重新计算期限")?;
    act.note(json!({ "years": years.keys().collect::<Vec<_>>() }));
    let held = flows.clone();
    act.tx.after_commit(move || held.forget_calendar());
    Ok((years.into_keys().collect(), job))
}

/// Every case with a running clock; those that do not move are left as they are.
fn recount(house: &House, job: &Running) -> Result<String> {
    let shared = Arc::new(house.clone());
    let flows = house.held::<Flows>();
    let now = house.clock.now();
    let (mut after, mut looked, mut moved) = (String::new(), 0, 0);
    loop {
        let from = after.clone();
        let cases = house.db.read_blocking(|tx| store::projection::running_after(tx, &from, PART))?;
        let Some(last) = cases.last() else { break };
        after.clone_from(last);
        for id in cases {
            looked += 1;
            // read first: a case that does not move leaves no trace in the audit
            let (flows_, case) = (flows.clone(), id.clone());
            if !house.db.read_blocking(move |tx| engine::would_move(tx, &flows_, &case, now))? {
                continue;
            }
            let cx = Cx::internal(shared.clone(), Actor::house("系统"), "flow.recount");
            let flows = flows.clone();
            moved +=
                u64::from(cx.act_blocking(move |act| engine::by_house(act, &flows, &id, Duty::Recount))?);
        }
        job.progress(looked, None, "正在重新计算期限")?;
    }
    serde_json::to_string(&json!({ "looked_at": looked, "moved": moved })).map_err(Error::internal)
}
