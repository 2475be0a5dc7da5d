//! A campaign is planned, published, closed, ended.

use jiff::ToSpan as _;
use jiff::civil::Date;
use kit_base::clock::china_day;
use kit_base::{Error, Result};
use kit_web::Act;
use serde_json::json;

use super::{code, own};
use crate::model::{Campaign, Choice, NewCampaign};
use crate::rules;
use crate::store::{ballots, batches, campaigns};

/// Errors: those of [`rules::check`], `out_of_scope`, `place_unknown`, `counties_none`, `floor_much`.
pub fn create(act: &mut Act, new: &NewCampaign) -> Result<Campaign> {
    let options = options(act, new)?;
    let (id, code) = (act.id(), code::<8>(act.ids()));
    let simulated = places_simulated(act, new)?;
    let by_name = act.who().name.clone();
    let row = campaigns::NewRow { id: &id, code: &code, by_name: &by_name, now: act.now, simulated };
    campaigns::insert(act.tx, &row, new)?;
    campaigns::set_options(act.tx, &id, &options)?;
    act.subject("campaign", &id, &new.division);
    act.note(json!({ "foods": new.foods.len(), "places": new.places.len(), "batches": new.batches }));
    fresh(act, &id)
}

/// Changes a draft. Errors: those of [`create`], not found, `campaign_published`.
pub fn edit(act: &mut Act, id: &str, new: &NewCampaign) -> Result<Campaign> {
    own(act.tx, act.who(), "campaigns.edit", id)?;
    let options = options(act, new)?;
    if !campaigns::update(act.tx, id, new)? {
        return Err(Error::conflict("campaign_published", "活动已经发布，规则不能再改"));
    }
    campaigns::set_options(act.tx, id, &options)?;
    act.subject("campaign", id, &new.division);
    fresh(act, id)
}

fn fresh(act: &mut Act, id: &str) -> Result<Campaign> {
    campaigns::by_id(act.tx, id)?.ok_or_else(|| Error::internal("the campaign just kept is gone"))
}

/// A campaign of a simulated city says so: its businesses are.
fn places_simulated(act: &mut Act, new: &NewCampaign) -> Result<bool> {
    let mut one = String::new();
    parties::store::facts::active(act.tx, &new.division, &mut |p| {
        one = p.id;
        Ok(false)
    })?;
    Ok(parties::brief(act.tx, &one)?.is_some_and(|p| p.simulated))
}

fn options(act: &mut Act, new: &NewCampaign) -> Result<Vec<Choice>> {
    rules::check(new)?;
    let scope = act.who().scope_for("campaigns.edit");
    if !scope.covers(&new.division, None) {
        return Err(Error::invalid("division", "out_of_scope", "不在您的辖区内"));
    }
    let choice = |part: &str, code: String, name: &str| Choice {
        part: part.into(),
        code,
        name: name.trim().to_owned(),
        category: String::new(),
        stage: String::new(),
    };
    let mut out = Vec::new();
    for (i, food) in new.foods.iter().enumerate() {
        let plain = choice("food", format!("F{:03}", i + 1), &food.name);
        out.push(Choice { category: food.category.clone(), stage: food.stage.clone(), ..plain });
    }
    for (i, place) in new.places.iter().enumerate() {
        let found = parties::brief(act.tx, place)?.filter(|p| p.division.starts_with(&new.division));
        let twice = new.places[..i].contains(place);
        let found = found.filter(|p| p.status == "active" && !twice).ok_or_else(|| {
            let text = "没有这个单位，不在活动的区划内，或选了两次";
            Error::invalid(format!("places/{i}"), "place_unknown", text)
        })?;
        out.push(choice("place", found.code, &found.name));
    }
    for (i, item) in new.items.iter().enumerate() {
        out.push(choice("item", format!("I{:03}", i + 1), item));
    }
    let counties = parties::store::facts::counties(act.tx, &new.division)?;
    if counties.is_empty() {
        return Err(Error::invalid("division", "counties_none", "这个区划里还没有登记的单位"));
    }
    if new.floor * counties.len() as i64 > new.batches {
        let text = format!("{} 个区县的保底合计超过计划批次，请减少保底", counties.len());
        return Err(Error::invalid("floor", "floor_much", text));
    }
    let names = parties::divisions::today(&act.cx.house);
    for county in counties {
        let name = names.full_name(&county);
        out.push(choice("county", county, &name));
    }
    Ok(out)
}

/// Publishes the rules: from now on they stand, and their hash is in the ledger. Errors: not found, `campaign_published`, `days_over`.
pub fn publish(act: &mut Act, id: &str) -> Result<Campaign> {
    let found = own(act.tx, act.who(), "campaigns.publish", id)?;
    let options = campaigns::options(act.tx, id)?;
    let rules = rules::published(&found, &options);
    let (hash, bytes) = rules::hash(&rules);
    if found.until_day < china_day(act.now).to_string() {
        return Err(Error::conflict("days_over", "征集的最后一天已经过去，请先修改日期"));
    }
    if !campaigns::open(act.tx, id, &rules, &hash, act.now)? {
        return Err(Error::conflict("campaign_published", "活动已经发布"));
    }
    let day = |text: &str| text.parse::<Date>().map_err(Error::internal);
    let (mut at, until) = (day(&found.from_day)?, day(&found.until_day)?);
    while at <= until {
        let salt: [u8; 32] = act.ids().bytes();
        campaigns::add_salt(act.tx, id, &at.to_string(), &hex::encode(salt))?;
        at = at.checked_add(1.day()).map_err(Error::internal)?;
    }
    act.tx.fact("campaign_rules", id.to_owned(), bytes);
    act.subject("campaign", id, &found.division);
    act.note(json!({ "rules": hash }));
    fresh(act, id)
}

/// Ends the choosing before its last day is over. Errors: not found, `campaign_not_open`.
pub fn close(act: &mut Act, id: &str) -> Result<Campaign> {
    own(act.tx, act.who(), "campaigns.publish", id)?;
    close_by_house(act, id)
}

/// Counts, and puts the counts' hash into the ledger. Errors: not found, `campaign_not_open`.
pub fn close_by_house(act: &mut Act, id: &str) -> Result<Campaign> {
    let found = campaigns::by_id(act.tx, id)?.ok_or_else(|| Error::not_found("没有这个活动"))?;
    let counts = super::look::count(act.tx, id)?;
    let tally = serde_json::to_string(&counts).map_err(Error::internal)?;
    let (hash, bytes) = rules::hash(&tally);
    if !campaigns::close(act.tx, id, &tally, &hash, act.now)? {
        return Err(Error::conflict("campaign_not_open", "活动不在征集中"));
    }
    campaigns::forget(act.tx, id, "9999-12-31")?;
    act.tx.fact("campaign_tally", id.to_owned(), bytes);
    act.subject("campaign", id, &found.division);
    act.note(json!({ "tally": hash, "wishes": found.wishes }));
    fresh(act, id)
}

/// Letters written in one go.
const LETTERS: i64 = 500;

/// Ends it, says what came of it, and writes to those who left a number.
///
/// Errors: not found, `summary_form`, `campaign_not_drawn`, `batches_open`.
pub fn end(act: &mut Act, id: &str, summary: &str) -> Result<Campaign> {
    let found = own(act.tx, act.who(), "campaigns.publish", id)?;
    if !(2..=1_000).contains(&summary.trim().chars().count()) {
        return Err(Error::invalid("summary", "summary_form", "请填写活动总结，2 至 1000 字"));
    }
    let open: i64 = ["open", "planned", "taken", "testing"]
        .into_iter()
        .try_fold(0, |sum, state| batches::count(act.tx, id, state).map(|n| sum + n))?;
    if found.state == "drawn" && open > 0 {
        let text = format!("还有 {open} 批次没有结果，全部有结果后才能结束");
        return Err(Error::conflict("batches_open", text));
    }
    if !campaigns::end(act.tx, id, summary.trim(), act.now)? {
        return Err(Error::conflict("campaign_not_drawn", "活动还没有抽取，不能结束"));
    }
    let sent = letters(act, &found)?;
    act.subject("campaign", id, &found.division);
    act.note(json!({ "letters": sent }));
    fresh(act, id)
}

/// A letter for each who left a number: what came of the foods that they chose.
fn letters(act: &mut Act, of: &Campaign) -> Result<i64> {
    let options = campaigns::options(act.tx, &of.id)?;
    let cells = batches::cells(act.tx, &of.id)?;
    let name = |code: &str| {
        options.iter().find(|o| o.part == "food" && o.code == code).map_or("", |o| o.name.as_str())
    };
    let page = format!("{}/choose/{}", act.cx.house.public_url, of.code);
    let (mut after, mut sent) = (String::new(), 0);
    loop {
        let part = ballots::contacts(act.tx, &of.id, &after, LETTERS)?;
        let Some(last) = part.last() else { return Ok(sent) };
        after = last.id.clone();
        for contact in part {
            let mine = cells.iter().filter(|c| contact.foods.contains(&c.food));
            let (done, failed) = mine.fold((0, 0), |(d, f), c| (d + c.done, f + c.failed));
            let foods: Vec<&str> = contact.foods.iter().map(|f| name(f)).collect();
            let text = format!(
                "您在“{}”中点的{}，共抽检 {done} 批次，{} 批次合格，{failed} 批次不合格。详见 {page}",
                of.name,
                foods.join("、"),
                done - failed
            );
            let letter = act.id();
            ballots::letter(act.tx, &letter, &of.id, &contact, &text, act.now)?;
            sent += 1;
        }
    }
}
