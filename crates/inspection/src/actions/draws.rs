//! Draws: committed to, drawn, published, turned into visits.

use std::collections::{BTreeMap, HashMap, HashSet};

use kit_base::clock::{china_day, day_start};
use kit_base::{Error, Kind, Millis, Result};
use kit_db::Tx;
use kit_draw::officers::{FORMAT, Pool, draw};
use kit_draw::{MOST_OFFICERS, MOST_SUBJECTS, keep};
use kit_web::{Act, Cx};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::visits::{self, From, reach};
use crate::model::{Draw, DrawFile, DrawView, DrawVisits, NewDraw, NewVisit, Picked, PickedView};
use crate::rules::plan::rules;
use crate::store::draws::{self as store, Whole};

/// Subjects that one draw may have.
const MOST: i64 = 500;
/// How long officers rotate, months.
const ROTATION: i32 = 12;

/// Commits to a pool and a seed; the seed stays secret until the draw.
///
/// Errors: `name_form`, `count_range`, `team_range`, `division_form`, `out_of_scope`, `pool_empty`, `pool_large`, `officers_few`,
/// `person_unfit`.
pub fn commit(act: &mut Act, new: &NewDraw) -> Result<Draw> {
    check(new)?;
    let scope = act.who().scope_for("inspection.draw");
    if !scope.covers(&new.division, None) {
        return Err(Error::invalid("division", "out_of_scope", "不在您的辖区内"));
    }
    let pool = pool(act, new, reach(&scope, &new.division))?;
    let (text, seed) = (pool.text(), act.ids().bytes::<32>());
    let whole = Whole {
        draw: Draw {
            id: act.id(),
            name: new.name.trim().to_owned(),
            division: new.division.clone(),
            count: new.count,
            team: new.team,
            subjects: pool.subjects.len() as i64,
            officers: pool.officers.len() as i64,
            by_name: act.who().name.clone(),
            committed_at: act.now,
            drawn_at: None,
            visits_at: None,
            seed_hash: kit_draw::hash(&seed),
            pool_hash: kit_draw::hash(text.as_bytes()),
        },
        seed: hex::encode(seed),
        checkpoint: String::new(),
        pool: text,
        result: String::new(),
    };
    store::insert(act.tx, &whole)?;
    let d = whole.draw;
    act.tx.fact(keep::FACT, d.id.clone(), kit_draw::commitment(&d.seed_hash, &d.pool_hash));
    act.subject("draw", &d.id, &d.division);
    act.note(json!({ "seed_hash": d.seed_hash, "pool_hash": d.pool_hash }));
    Ok(d)
}

fn check(new: &NewDraw) -> Result<()> {
    let wrong =
        |field: &'static str, code: &'static str, text: String| Err(Error::invalid(field, code, text));
    if new.name.trim().is_empty() || new.name.chars().count() > 80 {
        return wrong("name", "name_form", "请填写名称，不超过 80 字".into());
    }
    if !(1..=MOST).contains(&new.count) {
        return wrong("count", "count_range", format!("抽取数应为 1 至 {MOST}"));
    }
    if !(2..=6).contains(&new.team) {
        return wrong("team", "team_range", "每户检查人员应为 2 至 6 名".into());
    }
    let digits = new.division.len() >= 2 && new.division.bytes().all(|b| b.is_ascii_digit());
    if !digits {
        return wrong("division", "division_form", "请选择区划".into());
    }
    Ok(())
}

/// The first moment of the day so many months ago.
fn months_ago(now: Millis, months: i32) -> Result<Millis> {
    let day = china_day(now).checked_sub(jiff::Span::new().months(months)).map_err(Error::internal)?;
    Ok(day_start(day))
}

/// Township, or county where that is all that is known.
fn area(division: &str) -> String {
    division.get(..9).unwrap_or(division).to_owned()
}

fn pool(act: &mut Act, new: &NewDraw, reach: i64) -> Result<Pool> {
    let above: HashSet<String> = {
        let since = months_ago(act.now, rules().repeat)?;
        store::visited_above(act.tx, since, reach, &new.division)?.into_iter().collect()
    };
    let mut out = Pool { count: new.count as usize, team: new.team as usize, ..Pool::default() };
    let mut codes: HashMap<String, String> = HashMap::new();
    parties::store::facts::active(act.tx, &new.division, &mut |p| {
        if !new.kinds.is_empty() && !new.kinds.contains(&p.kind) {
            return Ok(true);
        }
        if above.contains(&p.id) {
            out.excluded.insert(p.code, "above".into());
            return Ok(true);
        }
        out.subjects.push((p.code.clone(), area(&p.division)));
        codes.insert(p.id, p.code);
        Ok(out.subjects.len() <= MOST_SUBJECTS)
    })?;
    if out.subjects.is_empty() {
        return Err(Error::invalid("kinds", "pool_empty", "没有可抽取的主体，请放宽范围"));
    }
    if out.subjects.len() > MOST_SUBJECTS {
        let text = format!("可抽取的主体超过 {MOST_SUBJECTS} 家，请按区县或业态分开抽取");
        return Err(Error::new(Kind::TooLarge, "pool_large", text).at("division"));
    }
    out.subjects.sort();
    out.officers = officers(act, new)?;
    let known: HashSet<&String> = out.officers.iter().collect();
    for (officer, party) in store::recused(act.tx, &new.division)? {
        if let Some(code) = codes.get(&party).filter(|_| known.contains(&officer)) {
            out.avoid.insert((officer, code.clone()));
        }
    }
    let since = months_ago(act.now, ROTATION)?;
    for (officer, division) in store::went(act.tx, since, &new.division)? {
        if known.contains(&officer) {
            out.went.insert((officer, area(&division)));
        }
    }
    Ok(out)
}

fn officers(act: &mut Act, new: &NewDraw) -> Result<Vec<String>> {
    let able = accounts::officers_at(act.tx, &new.division, act.now)?;
    let mut able: Vec<String> = able.into_iter().map(|(user, _)| user).collect();
    if let Some(i) = new.officers.iter().position(|o| !able.contains(o)) {
        let text = "该人员没有在此辖区检查的权限";
        return Err(Error::invalid(format!("officers/{i}"), "person_unfit", text));
    }
    if !new.officers.is_empty() {
        able.retain(|o| new.officers.contains(o));
    }
    able.sort();
    if able.len() < new.team as usize || able.len() > MOST_OFFICERS {
        let text = format!("检查人员库须有 {} 至 {MOST_OFFICERS} 人", new.team);
        return Err(Error::invalid("officers", "officers_few", text));
    }
    Ok(able)
}

fn own(tx: &mut Tx, who: &kit_web::Actor, id: &str) -> Result<Whole> {
    let unknown = || Error::not_found("没有这次抽取，或不在您的辖区内");
    let found = store::by_id(tx, id)?.ok_or_else(unknown)?;
    match who.scope_for("inspection.draw").covers(&found.draw.division, None) {
        true => Ok(found),
        false => Err(unknown()),
    }
}

/// Draws: the first checkpoint over the commitment is mixed in. Drawing again answers what was drawn.
///
/// Errors: not found, `draw_early` before the ledger has signed the commitment.
pub fn run(act: &mut Act, id: &str) -> Result<DrawView> {
    let whole = own(act.tx, act.who(), id)?;
    act.subject("draw", id, &whole.draw.division);
    if whole.draw.drawn_at.is_none() {
        let (size, note) = keep::first_checkpoint(act.tx, id)?;
        let pool = Pool::read(&whole.pool)?;
        let result = draw(&pool, &whole.seed, &kit_draw::root_of(&note)?, &whole.draw.pool_hash);
        let text = serde_json::to_string(&result).map_err(Error::internal)?;
        store::drawn(act.tx, id, &note, &text, act.now)?;
        let hash: [u8; 32] = Sha256::digest(text.as_bytes()).into();
        act.tx.fact(keep::RESULT, id.to_owned(), hash);
        act.note(json!({ "checkpoint": size, "drawn": result.len() }));
    }
    view(act.tx, act.cx, id)
}

fn picked(whole: &Whole) -> Result<Vec<Picked>> {
    match whole.result.as_str() {
        "" => Ok(Vec::new()),
        text => serde_json::from_str(text).map_err(Error::internal),
    }
}

/// A draw with its proof. Errors: not found.
pub fn view(tx: &mut Tx, cx: &Cx, id: &str) -> Result<DrawView> {
    let whole = own(tx, &cx.who, id)?;
    let mut list = Vec::new();
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for one in picked(&whole)? {
        let party = parties::by_code(tx, &one.subject)?;
        let mut officers = Vec::with_capacity(one.officers.len());
        for user in one.officers {
            if !names.contains_key(&user) {
                names.insert(user.clone(), accounts::name_of(tx, &user)?.unwrap_or_default());
            }
            officers.extend(names.get(&user).cloned());
        }
        list.push(PickedView {
            code: one.subject,
            name: party.as_ref().map(|p| p.name.clone()).unwrap_or_default(),
            address: party.as_ref().map(|p| p.address.clone()).unwrap_or_default(),
            party: party.map(|p| p.id).unwrap_or_default(),
            officers,
            waived: one.waived,
        });
    }
    Ok(DrawView {
        leaf: kit_ledger::store::item(tx, keep::FACT, id)?.map(|found| found.0),
        ledger_size: kit_ledger::store::latest(tx)?.map_or(0, |c| c.size),
        excluded: Pool::read(&whole.pool)?.excluded.len() as i64,
        file_url: format!("{}/api/public/draws/{id}", cx.house.public_url),
        checkpoint: whole.checkpoint,
        draw: whole.draw,
        picked: list,
    })
}

/// What anybody may have: before the draw the hashes and the pool, after it all. Errors: not found.
pub fn file(tx: &mut Tx, id: &str) -> Result<DrawFile> {
    let whole = store::by_id(tx, id)?.ok_or_else(|| Error::not_found("没有这次抽取"))?;
    let drawn = whole.draw.drawn_at.is_some();
    Ok(DrawFile {
        format: FORMAT.into(),
        result: picked(&whole)?,
        id: whole.draw.id,
        name: whole.draw.name,
        seed_hash: whole.draw.seed_hash,
        pool_hash: whole.draw.pool_hash,
        seed: if drawn { whole.seed } else { String::new() },
        checkpoint: whole.checkpoint,
        // whom it may fall on is known once it has fallen: inspections are not announced
        pool: if drawn { whole.pool } else { String::new() },
    })
}

/// Plans a visit to each that was drawn, once.
///
/// Errors: not found, `draw_not_yet`, `draw_planned`, those of [`visits::plan`].
pub fn plan(act: &mut Act, id: &str, due: &str) -> Result<DrawVisits> {
    let whole = own(act.tx, act.who(), id)?;
    if whole.draw.drawn_at.is_none() {
        return Err(Error::conflict("draw_not_yet", "尚未抽取，不能安排检查"));
    }
    if !store::planned(act.tx, id, act.now)? {
        return Err(Error::conflict("draw_planned", "已按此次抽取安排过检查"));
    }
    let mut done = DrawVisits { planned: 0, left: 0 };
    for one in picked(&whole)? {
        let party = parties::by_code(act.tx, &one.subject)?;
        let stands = party.filter(|p| p.status.as_str() == "active" && !one.officers.is_empty());
        let Some(party) = stands else {
            done.left += 1;
            continue;
        };
        let new = NewVisit {
            kind: "random".into(),
            party: party.id,
            site: String::new(),
            checklist: String::new(),
            officers: one.officers,
            due: due.to_owned(),
            reason: format!("双随机抽取：{}", whole.draw.name),
        };
        visits::plan(act, &new, From { draw: id, ..From::default() })?;
        done.planned += 1;
    }
    act.subject("draw", id, &whole.draw.division);
    act.note(json!({ "planned": done.planned, "left": done.left }));
    Ok(done)
}
