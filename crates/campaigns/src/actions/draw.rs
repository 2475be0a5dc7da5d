//! From counts to batches: committed to, drawn, published.

use kit_base::{Error, Kind, Result};
use kit_db::Tx;
use kit_draw::keep::{self, New};
use kit_draw::seats::{Place, Pool};
use kit_draw::store::{Draw, Whole};
use kit_draw::{DrawFile, MOST_OFFICERS, MOST_SUBJECTS};
use kit_web::Act;
use serde_json::json;

use super::{ROOM, look, own};
use crate::model::{Batch, Campaign};
use crate::rules;
use crate::store::{batches, campaigns};

/// Commits to the pool that follows from the counts, and to a seed. Errors: not found, `campaign_not_closed`, `draw_committed`, `pool_large`,
/// `pool_empty`, `officers_few`.
pub fn commit(act: &mut Act, id: &str) -> Result<Draw> {
    let of = own(act.tx, act.who(), "campaigns.edit", id)?;
    if of.state != "closed" {
        return Err(Error::conflict("campaign_not_closed", "征集结束后才能抽取"));
    }
    if !of.draw.is_empty() {
        return Err(Error::conflict("draw_committed", "已经承诺过，请等账本签署后抽取"));
    }
    let pool = pool(act, &of)?;
    let name = format!("{}：抽样批次", of.name);
    let new = New { room: ROOM, about: id, name: &name, division: &of.division };
    act.subject("campaign", id, &of.division);
    let draw = keep::commit(act, &new, &pool)?;
    campaigns::set_draw(act.tx, id, &draw.id)?;
    Ok(draw)
}

fn pool(act: &mut Act, of: &Campaign) -> Result<Pool> {
    let options = campaigns::options(act.tx, &of.id)?;
    let counts = look::counts(act.tx, of)?;
    let mut pool = Pool {
        count: of.batches as usize,
        floor: of.floor as usize,
        team: usize::try_from(rules::setting("team")).map_err(Error::internal)?,
        most: of.most as usize,
        cells: rules::cells(&options, &counts, of.batches as usize),
        ..Pool::default()
    };
    let stages: Vec<&str> = options.iter().filter(|o| o.part == "food").map(|o| o.stage.as_str()).collect();
    let votes =
        |code: &str| counts.iter().find(|c| c.part == "place" && c.code == code).map_or(0, |c| c.votes);
    parties::store::facts::active(act.tx, &of.division, &mut |p| {
        let stage = parties::reference::get().stage(&p.kind);
        if stages.contains(&stage) {
            let weight = 1 + votes(&p.code).max(0) as u64;
            pool.places.push(Place { id: p.code, area: p.division, groups: stage.to_owned(), weight });
        }
        Ok(pool.places.len() <= MOST_SUBJECTS)
    })?;
    if pool.places.is_empty() {
        return Err(Error::conflict("pool_empty", "区划内没有这些环节的在营单位"));
    }
    if pool.places.len() > MOST_SUBJECTS {
        let text = format!("可抽取的单位超过 {MOST_SUBJECTS} 家，请按区县分开举办");
        return Err(Error::new(Kind::TooLarge, "pool_large", text));
    }
    pool.places.sort_by(|a, b| a.id.cmp(&b.id));
    let mut areas: Vec<String> = pool.cells.iter().map(|c| c.area.clone()).collect();
    areas.sort();
    areas.dedup();
    let scope = act.who().scope_for("campaigns.edit");
    pool.officers = accounts::officers_within(act.tx, &of.division, &areas, &scope, act.now)?;
    if pool.officers.len() < pool.team || pool.officers.len() > MOST_OFFICERS {
        let text = format!("抽样人员库须有 {} 至 {MOST_OFFICERS} 人", pool.team);
        return Err(Error::conflict("officers_few", text));
    }
    Ok(pool)
}

/// The draw of a campaign.
pub fn of(tx: &mut Tx, campaign: &Campaign) -> Result<Option<Whole>> {
    match campaign.draw.as_str() {
        "" => Ok(None),
        id => kit_draw::store::by_id(tx, ROOM, id),
    }
}

/// Draws and writes the batches down, once. Errors: not found, `draw_missing`, `draw_early`.
pub fn run(act: &mut Act, id: &str) -> Result<Campaign> {
    let campaign = own(act.tx, act.who(), "campaigns.edit", id)?;
    let whole = of(act.tx, &campaign)?;
    let whole = whole.ok_or_else(|| Error::conflict("draw_missing", "请先承诺名单和种子"))?;
    let first = whole.draw.drawn_at.is_none();
    let picked = keep::run(act, ROOM, &whole)?;
    if first {
        let team = Pool::read(&whole.pool)?.team;
        for (i, one) in picked.iter().enumerate() {
            let party = match one.subject.as_str() {
                "" => None,
                code => parties::by_code(act.tx, code)?,
            };
            let (food, county) = rules::cell_of(&one.cell);
            let able = party.is_some() && one.officers.len() == team;
            let batch = Batch {
                no: i as i64 + 1,
                food: food.to_owned(),
                county: county.to_owned(),
                place_code: one.subject.clone(),
                place_name: party.as_ref().map(|p| p.name.clone()).unwrap_or_default(),
                party: party.map(|p| p.id).unwrap_or_default(),
                officers: one.officers.clone(),
                sample: String::new(),
                state: if able { "open" } else { "none" }.into(),
                taken_at: None,
                ended_at: None,
            };
            batches::insert(act.tx, id, &batch)?;
        }
        campaigns::drawn(act.tx, id)?;
    }
    act.subject("campaign", id, &campaign.division);
    act.note(json!({ "batches": picked.len() }));
    campaigns::by_id(act.tx, id)?.ok_or_else(|| Error::internal("the campaign just drawn is gone"))
}

/// What anybody may have: places are sampled unannounced, so the pool is told once no batch waits for its sampling any more; before that
/// the hashes alone. Errors: not found.
pub fn file(tx: &mut Tx, code: &str) -> Result<DrawFile> {
    let unknown = || Error::not_found("这个活动还没有抽取");
    let campaign = campaigns::by_code(tx, code)?.ok_or_else(unknown)?;
    let whole = of(tx, &campaign)?.ok_or_else(unknown)?;
    let waiting = batches::count(tx, &campaign.id, "open")? + batches::count(tx, &campaign.id, "planned")?;
    let file = keep::file(whole, false)?;
    Ok(if waiting == 0 && campaign.drawn > 0 { file } else { file.closed() })
}
