//! What is positive: a case, food that stays where it is, the second test, the statutory test.

use findings::samples::{Order, Sampling};
use kit_base::{Error, Result};
use kit_db::Tx;
use kit_flow::store::projection::phase;
use kit_flow::{Ask, Flows, New, engine};
use kit_web::{Act, Actor};
use serde_json::{Value, json};
use trace::model::Lot;

use super::reaching;
use crate::model::{Point, Positive, PositiveView, Test};
use crate::{KIND, rules, store};

/// Begins the case of a positive test, holds what is there of the lot, and tells who has it.
pub fn begin(act: &mut Act, point: &Point, test: &mut Test, lot: Option<&Lot>) -> Result<()> {
    let flows = act.cx.house.held::<Flows>();
    let business = if test.party.is_empty() { point.party.clone() } else { test.party.clone() };
    let new = New {
        title: format!("快检阳性：{}，{}（{}）", test.food, test.item, point.name),
        division: point.division.clone(),
        business: business.clone(),
        simulated: test.simulated,
        ..New::default()
    };
    let case = engine::open_by_house(act, &flows, KIND, &new)?;
    test.case_id.clone_from(&case.id);
    let due = case.state.clocks.get("retest").map(|c| c.due.late_from);
    let positive = Positive {
        id: case.id.clone(),
        test: test.id.clone(),
        number: case.state.opened.number.clone(),
        point: point.id.clone(),
        point_name: String::new(),
        division: point.division.clone(),
        party: business.clone(),
        party_name: String::new(),
        goods: test.goods.clone(),
        official: test.official,
        status: case.state.status.clone(),
        phase: phase(&case.state.phase).to_owned(),
        flags: Vec::new(),
        retest_due: due,
        sample: String::new(),
        finding: String::new(),
        opened_at: act.now,
        closed_at: None,
        simulated: test.simulated,
        food: String::new(),
        item: String::new(),
        stall: String::new(),
    };
    store::positives::add_positive(act.tx, &positive)?;
    if let Some(lot) = lot.filter(|l| !test.party.is_empty() && l.holder == test.party) {
        trace::holds::set(act, lot, &case.id, &format!("快检阳性待复测（{}，{}）", test.number, test.item))?;
    }
    tell(act, &business, point, test)
}

/// Who has the food, and whose point it is, know at once.
fn tell(act: &mut Act, business: &str, point: &Point, test: &Test) -> Result<()> {
    let mut people = Vec::new();
    for party in [business, point.party.as_str()] {
        if !party.is_empty() {
            people.extend(accounts::of_business(act.tx, party, act.now)?);
        }
    }
    people.sort_unstable();
    people.dedup();
    let own = act.who().user.clone();
    let (again, object) = (crate::rules::hours("retest")?, crate::rules::hours("object")?);
    let message = |user: String| notices::New {
        user,
        kind: "task",
        title: format!("快检阳性：{}", test.food),
        body: format!(
            "{}（{}）快检呈阳性，请立即暂停销售，{again} 小时内复测；对食用农产品结果有异议的，可以自收到结果时起 {object} 小时内申请复检",
            test.food, test.item
        ),
        link: format!("/cases/{}", test.case_id),
        simulated: test.simulated,
    };
    let list: Vec<notices::New> = people.into_iter().filter(|u| *u != own).map(message).collect();
    notices::send(act, &list)
}

/// What the second test brings about. Errors: `again_over` where the first waits for none any more.
pub fn again(act: &mut Act, first: &Test, second: &Test) -> Result<()> {
    let found = store::positives::positive(act.tx, &first.case_id)?;
    let found = found.ok_or_else(|| Error::internal("a positive test without its case"))?;
    if found.status != "positive" {
        let text = "这条阳性已不在待复测状态；被检测人申请复检的，复检不得采用快检";
        return Err(Error::conflict("again_over", text).at("again"));
    }
    match second.result.as_str() {
        "invalid" => Ok(()),
        "negative" => step(act, &found, "again_negative"),
        _ => step(act, &found, "again_positive"),
    }
}

fn step(act: &mut Act, positive: &Positive, action: &str) -> Result<()> {
    let flows = act.cx.house.held::<Flows>();
    let codes = ["rapid.read", "rapid.record", "rapid.handle"];
    reaching(act, &positive.division, &codes, |act| {
        engine::take(act, &flows, &positive.id, &Ask::action(action, Value::Null)).map(drop)
    })
}

/// A positive that somebody may see. Errors: not found.
pub fn seen(tx: &mut Tx, who: &Actor, permission: &str, id: &str) -> Result<Positive> {
    let unknown = || Error::not_found("没有这条快检阳性，或不在您的范围内");
    let found = store::positives::positive(tx, id)?.ok_or_else(unknown)?;
    let scope = who.scope_for(permission);
    let point = store::points::point(tx, &found.point)?.map(|p| p.party).unwrap_or_default();
    let reaches =
        scope.covers(&found.division, Some(&found.party)) || scope.covers(&found.division, Some(&point));
    if reaches { Ok(found) } else { Err(unknown()) }
}

/// With all that belongs to it.
pub fn view(act: &mut Tx, sampling: &Sampling, mut positive: Positive) -> Result<PositiveView> {
    positive.party_name = parties::brief(act, &positive.party)?.map(|b| b.name).unwrap_or_default();
    positive.point_name = store::points::point(act, &positive.point)?.map(|p| p.name).unwrap_or_default();
    let sample = match positive.sample.as_str() {
        "" => None,
        id => (sampling.look)(act, id)?,
    };
    Ok(PositiveView {
        tests: store::tests::of_case(act, &positive.id)?,
        holds: trace::holds::of_case(act, &positive.id)?,
        law: rules::law(positive.official, positive.goods == "farm")?,
        sample,
        positive,
    })
}

/// Orders the statutory test: a sample of the room of sampling.
///
/// Errors: not found, those of the flow and of the room of sampling.
pub fn order(act: &mut Act, id: &str, order: &Order) -> Result<PositiveView> {
    let positive = seen(act.tx, act.who(), "rapid.handle", id)?;
    let sampling = act.cx.house.held::<Sampling>();
    let begun = (sampling.begin)(act, order)?;
    store::positives::set_sample(act.tx, id, &begun.id)?;
    step(act, &positive, "sample")?;
    act.subject("rapid", id, &positive.division);
    act.note(json!({ "sample": begun.sample_no }));
    let positive = seen(act.tx, act.who(), "rapid.handle", id)?;
    view(act.tx, &sampling, positive)
}

/// What became of a sample counts for the positive that ordered it. Told by the server after each entry of a sample's log.
pub fn sample_moved(act: &mut Act, sample: &str) -> Result<()> {
    let Some(positive) = store::positives::of_sample(act.tx, sample)?.filter(|p| p.status == "statutory")
    else {
        return Ok(());
    };
    let sampling = act.cx.house.held::<Sampling>();
    let Some(course) = (sampling.look)(act.tx, sample)? else { return Ok(()) };
    match course.result.as_str() {
        "conforms" | "overturned" => step(act, &positive, "sample_conforms"),
        "fails" => step(act, &positive, "sample_fails"),
        "none" | "monitored" => step(act, &positive, "sample_none"),
        _ => Ok(()),
    }
}
