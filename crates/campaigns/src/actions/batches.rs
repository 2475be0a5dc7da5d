//! Batches become tasks, and follow their samples.

use findings::samples::{Course, Order, Sampling};
use kit_base::{Error, Result};
use kit_web::Act;
use serde_json::json;

use super::{look, own};
use crate::model::{CampaignTasks, CampaignTasksMade, Choice, Count};
use crate::store::{batches, campaigns};

/// Tasks of one go.
const MOST: i64 = 200;

/// Makes tasks of the next batches. Errors: not found, `most_range`, `campaign_not_drawn`, those of a task.
pub fn tasks(act: &mut Act, id: &str, ask: &CampaignTasks) -> Result<CampaignTasksMade> {
    let of = own(act.tx, act.who(), "campaigns.edit", id)?;
    if !(1..=MOST).contains(&ask.most) {
        return Err(Error::invalid("most", "most_range", format!("一次派发 1 至 {MOST} 个任务")));
    }
    if of.state != "drawn" {
        return Err(Error::conflict("campaign_not_drawn", "抽取之后才能派发任务"));
    }
    let options = campaigns::options(act.tx, id)?;
    let items = chosen(&options, &look::counts(act.tx, &of)?);
    let sampling = act.cx.house.held::<Sampling>();
    let mut done = CampaignTasksMade { made: 0, dropped: 0, left: 0 };
    for batch in batches::next(act.tx, id, ask.most)? {
        let food = options.iter().find(|o| o.part == "food" && o.code == batch.food);
        let active = parties::brief(act.tx, &batch.party)?.is_some_and(|p| p.status == "active");
        let Some(food) = food.filter(|_| active) else {
            batches::set_task(act.tx, id, batch.no, "", "none")?;
            done.dropped += 1;
            continue;
        };
        let order = Order {
            party: batch.party.clone(),
            source: of.source.clone(),
            mode: ask.mode.clone(),
            stage: food.stage.clone(),
            category: food.category.clone(),
            food: food.name.clone(),
            lab: ask.lab.clone(),
            samplers: batch.officers.clone(),
            items: items.clone(),
        };
        let course = (sampling.begin)(act, &order)?;
        batches::set_task(act.tx, id, batch.no, &course.id, "planned")?;
        done.made += 1;
    }
    done.left = batches::count(act.tx, id, "open")?;
    act.subject("campaign", id, &of.division);
    act.note(json!({ "made": done.made, "dropped": done.dropped, "left": done.left }));
    Ok(done)
}

/// Items that somebody chose, the most chosen first, equals as they stand on the page: what the laboratories are asked to test.
pub fn chosen(options: &[Choice], counts: &[Count]) -> Vec<String> {
    let votes = |code: &str| -> i64 {
        counts.iter().filter(|c| c.part == "item" && c.code == code).map(|c| c.votes).sum()
    };
    let items = options.iter().filter(|o| o.part == "item").map(|o| (votes(&o.code), &o.name));
    let mut items: Vec<(i64, &String)> = items.filter(|(votes, _)| *votes > 0).collect();
    items.sort_by_key(|(votes, _)| -votes);
    items.into_iter().map(|(_, name)| name.clone()).collect()
}

/// How a batch stands by its sample.
pub fn state(c: &Course) -> &'static str {
    match c.result.as_str() {
        "conforms" | "overturned" => "conforms",
        "fails" => "fails",
        "none" | "monitored" => "none",
        _ if c.received_at.is_some() => "testing",
        _ if c.taken_at.is_some() => "taken",
        _ => "planned",
    }
}

/// A sample moved: its batch follows.
pub fn moved(act: &mut Act, sample: &str) -> Result<()> {
    let Some((campaign, no)) = batches::of_sample(act.tx, sample)? else { return Ok(()) };
    let sampling = act.cx.house.held::<Sampling>();
    let Some(course) = (sampling.look)(act.tx, sample)? else { return Ok(()) };
    let state = state(&course);
    let ended = matches!(state, "conforms" | "fails" | "none").then(|| course.closed_at.unwrap_or(act.now));
    batches::moved(act.tx, &campaign, no, state, course.taken_at, ended)
}
