//! The yearly plan is computed county by county, each in a transaction of its own; running twice makes the same plan.

use std::sync::Arc;

use kit_base::{Error, Result};
use kit_jobs::{Kind, Running};
use kit_web::{Actor, Cx, House};
use serde_json::json;

use crate::actions::plans::{Grades, county};
use crate::store::plans as store;

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
