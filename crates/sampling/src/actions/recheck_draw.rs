//! 复检机构: drawn so that anybody can do it again, from the laboratories in the published list that can do the items, never the first.

use kit_base::clock::china_day;
use kit_base::{Error, Result};
use kit_db::Tx;
use kit_draw::keep::{self, New};
use kit_draw::seats::{Cell, Place, Pool};
use kit_draw::store::Whole;
use kit_draw::{DrawFile, hash};
use kit_flow::state::Run;
use kit_flow::{Case, Flows, engine};
use kit_web::{Act, Cx};
use serde_json::{Value, json};

use super::samples::seen;
use super::{recheck, step};
use crate::model::{DrawnLab, LeftOut, RecheckDraw, Sample};
use crate::rules::{self, seal};
use crate::store::{labs, samples};

/// Whose draws these are, apart from those of tasks.
const ROOM: &str = "sampling.recheck";

/// Commits to the laboratories that may recheck and to a seed, which stays secret until the draw. Said again it is the same promise, as long
/// as the laboratories are the same.
///
/// Errors: not found, `drawn_already`, `not_admitted`, `pool_empty`.
pub fn commit(act: &mut Act, id: &str) -> Result<RecheckDraw> {
    let sample = open(act, id)?;
    let pool = pool(act, &sample)?;
    let had = kit_draw::store::latest(act.tx, ROOM, id)?;
    let same = |w: &Whole| w.draw.drawn_at.is_none() && w.draw.pool_hash == hash(pool.text().as_bytes());
    if !had.as_ref().is_some_and(same) {
        let name = format!("复检机构抽取（盲样 {}）", sample.blind);
        let new = New { room: ROOM, about: id, name: &name, division: &sample.division };
        keep::commit(act, &new, &pool)?;
    }
    act.subject("sample", id, &sample.division);
    view(act.tx, act.cx, &sample)?.ok_or_else(|| Error::internal("the draw just committed to is gone"))
}

/// Draws with the first checkpoint over the promise.
///
/// Errors: not found, `drawn_already`, `not_admitted`, `draw_not_committed`, `draw_early`, `pool_changed`, those of the flow.
pub fn run(act: &mut Act, id: &str) -> Result<RecheckDraw> {
    let sample = open(act, id)?;
    let none = || Error::conflict("draw_not_committed", "请先承诺抽取名单，再抽取");
    let whole = kit_draw::store::latest(act.tx, ROOM, id)?.ok_or_else(none)?;
    if pool(act, &sample)?.text() != whole.pool {
        let text = "承诺之后复检机构名录或资质有变化，请重新承诺名单";
        return Err(Error::conflict("pool_changed", text));
    }
    let picked = keep::run(act, ROOM, &whole)?;
    let gone = || Error::internal("nobody was drawn of a pool that is not empty");
    let code = picked.into_iter().map(|p| p.subject).find(|s| !s.is_empty()).ok_or_else(gone)?;
    let lab = parties::by_code(act.tx, &code)?.ok_or_else(gone)?.id;
    step(act, &sample, "sampling.serve", "draw_lab", Value::Null)?;
    let draw = whole.draw.id;
    samples::set_drawn(act.tx, id, &lab, &draw)?;
    act.tx.fact(seal::DRAW, id.to_owned(), seal::draw(id, &lab, &draw));
    kit_draw::store::used(act.tx, &draw, act.now)?;
    act.subject("sample", id, &sample.division);
    act.note(json!({ "draw": draw, "lab": lab }));
    view(act.tx, act.cx, &sample)?.ok_or_else(|| Error::internal("the draw just done is gone"))
}

/// A sample whose laboratory is to be drawn now.
fn open(act: &mut Act, id: &str) -> Result<Sample> {
    let sample = seen(act.tx, act.who(), "sampling.serve", id)?;
    act.who().need_at("sampling.serve", &sample.division, None)?;
    if !sample.recheck_lab.is_empty() {
        return Err(Error::conflict("drawn_already", "复检机构已经抽定"));
    }
    let flows = act.cx.house.held::<Flows>();
    let case = engine::load(act.tx, &flows, id)?;
    // under older definitions the clock says so
    let runs = |c: &Case| c.state.clocks.get("draw_lab").is_some_and(|t| t.state == Run::Running);
    let admitted = |c: &Case| c.state.flags.contains("recheck_admitted") || runs(c);
    match case.is_some_and(|c| c.state.status == "recheck" && admitted(&c)) {
        true => Ok(sample),
        false => Err(Error::conflict("not_admitted", "复检申请还没有受理，不能确定复检机构")),
    }
}

/// Laboratories in the list: who may do these items on this day, and of the others why not. Errors: `pool_empty`.
fn pool(act: &mut Act, sample: &Sample) -> Result<Pool> {
    let items = recheck::to_repeat(act.tx, sample)?;
    let today = china_day(act.now).to_string();
    let seat = Cell { id: sample.blind.clone(), area: String::new(), group: "-".into(), weight: 1, most: 1 };
    let mut pool = Pool { count: 1, most: 1, cells: vec![seat], ..Pool::default() };
    for lab in labs::all(act.tx)?.into_iter().filter(|l| l.recheck) {
        let Some(party) = parties::brief(act.tx, &lab.id)? else { continue };
        let able = labs::by_id(act.tx, &lab.id)?.map(|l| l.items).unwrap_or_default();
        let why = match () {
            () if lab.id == sample.lab => "first",
            () if rules::fit(&lab, &today).is_err() || party.status != "active" => "lapsed",
            () if !items.iter().all(|i| able.iter().any(|a| a.item == *i)) => "items",
            () => "",
        };
        match why {
            "" => pool.places.push(Place {
                id: party.code,
                area: party.division,
                groups: "-".into(),
                weight: 1,
            }),
            why => _ = pool.excluded.insert(party.code, why.to_owned()),
        }
    }
    pool.places.sort_by(|a, b| a.id.cmp(&b.id));
    match pool.places.is_empty() {
        false => Ok(pool),
        true => {
            let text = "复检机构名录中没有其他具备这些项目资质的机构，请先登记";
            Err(Error::conflict("pool_empty", text))
        }
    }
}

/// The draw with its proof, pool and what was left out; `None` before anything was promised.
pub fn view(tx: &mut Tx, cx: &Cx, sample: &Sample) -> Result<Option<RecheckDraw>> {
    let Some(whole) = kit_draw::store::latest(tx, ROOM, &sample.id)? else { return Ok(None) };
    let of = Pool::read(&whole.pool)?;
    let drawn = keep::picked(&whole)?.into_iter().next().map(|p| p.subject).unwrap_or_default();
    let mut named = |code: &str| -> Result<String> {
        Ok(parties::by_code(tx, code)?.map_or_else(|| code.to_owned(), |p| p.name))
    };
    let mut pool = Vec::with_capacity(of.places.len());
    for place in of.places {
        pool.push(DrawnLab { name: named(&place.id)?, drawn: place.id == drawn, code: place.id });
    }
    let mut left_out = Vec::with_capacity(of.excluded.len());
    for (code, why) in of.excluded {
        left_out.push(LeftOut { name: named(&code)?, code, why: reason(&why).to_owned() });
    }
    let file_url = url(cx, &whole.draw.id);
    Ok(Some(RecheckDraw { proof: keep::proof(tx, &whole)?, pool, left_out, file_url }))
}

/// Where anybody gets the file to do a draw again.
pub fn url(cx: &Cx, draw: &str) -> String {
    format!("{}/api/public/recheck-draws/{draw}", cx.house.public_url)
}

fn reason(why: &str) -> &'static str {
    match why {
        "first" => "初检机构",
        "items" => "没有这些项目的资质",
        _ => "资质认定证书已过期，或机构不在营业",
    }
}

/// What anybody may have: before the draw what was promised, after it everything. It names blind code and laboratories, neither food nor
/// business. Errors: not found.
pub fn file(tx: &mut Tx, id: &str) -> Result<DrawFile> {
    let whole = kit_draw::store::by_id(tx, ROOM, id)?.ok_or_else(|| Error::not_found("没有这次抽取"))?;
    keep::file(whole, false)
}
