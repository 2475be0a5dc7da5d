//! For a day with no network: what is to be taken, all that it needs, and who has it in hand.

use kit_base::{Error, Millis, Result};
use kit_db::Tx;
use kit_web::{Act, Actor, Cx};
use trace::model::LotNo;
use trace::store::{codes, lookup, lots, products};

use super::samples::{is_sampler, named, seen};
use super::{field, unknown};
use crate::model::{Goods, Hold, Maker, Pack, Place, Sample, Sampler, Task};
use crate::rules::sheet::sheet_form;
use crate::store;
use crate::store::samples as rows;

/// Lots that go along.
const MOST_GOODS: i64 = 300;
/// How long somebody has it in hand where nobody says, and at most, hours.
const HOLD_HOURS: i64 = 24;
const LONGEST_HOLD: i64 = 48;

/// What a person is to take or to bring.
pub fn tasks(tx: &mut Tx, who: &Actor) -> Result<Vec<Task>> {
    let found = rows::of_sampler(tx, &who.user)?;
    found.into_iter().map(|s| task(tx, s)).collect()
}

/// One, with what its samplers want to know of it.
pub fn task(tx: &mut Tx, sample: Sample) -> Result<Task> {
    let mut sample = named(tx, sample)?;
    let (address, lon, lat) = address(tx, &sample)?;
    let lab_name = store::labs::by_id(tx, &sample.lab)?.map(|l| l.name).unwrap_or_default();
    let escort = escorted(tx, &sample)?;
    let mut samplers = Vec::new();
    for (user, house) in [(&sample.sampler1, &sample.house1), (&sample.sampler2, &sample.house2)] {
        let house_name = house_name(tx, house)?;
        let name = accounts::name_of(tx, user)?.unwrap_or_default();
        samplers.push(Sampler { user: user.clone(), name, house: house.clone(), house_name });
    }
    let (told, _) = rows::signed(tx, &sample.id)?;
    let sheet_by = match sample.flags.iter().any(|f| f == "drawn") {
        true => store::samples::media(tx, &sample.id)?.last().map(|m| m.user.clone()).unwrap_or_default(),
        false => String::new(),
    };
    // under which code it is tested is not for those who take it
    sample.blind = String::new();
    Ok(Task { address, lon, lat, lab_name, samplers, sheet_by, told, escort, sample })
}

fn house_name(tx: &mut Tx, house: &str) -> Result<String> {
    if let Some(bureau) = accounts::bureau(tx, house)? {
        return Ok(bureau.name);
    }
    Ok(parties::brief(tx, house)?.map(|b| b.name).unwrap_or_default())
}

/// Where it is sampled: address and position.
pub fn address(tx: &mut Tx, sample: &Sample) -> Result<(String, Option<f64>, Option<f64>)> {
    let site = rows::site(tx, &sample.id)?;
    if !site.is_empty()
        && let Some(s) = parties::store::sites(tx, &sample.party)?.into_iter().find(|s| s.id == site)
    {
        return Ok((s.address, s.lon, s.lat));
    }
    let brief = parties::brief(tx, &sample.party)?;
    Ok(brief.map_or((String::new(), None, None), |b| (b.address, b.lon, b.lat)))
}

/// Whether an officer must go along: the mode demands it and nobody of a bureau takes the sample.
pub fn escorted(tx: &mut Tx, sample: &Sample) -> Result<bool> {
    if !sheet_form()?.escort_modes.contains(&sample.mode) {
        return Ok(false);
    }
    for house in [&sample.house1, &sample.house2] {
        if accounts::bureau(tx, house)?.is_some() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Names of a food's levels, from the widest.
fn foods(tx: &mut Tx, category: &str) -> Result<Vec<String>> {
    let named: std::collections::HashMap<String, String> =
        store::statistics::foods(tx)?.into_iter().collect();
    let ends = category.match_indices('.').map(|(at, _)| at).chain([category.len()]);
    let name = |of: &str| {
        let licensed = || {
            let code = if of.len() == 1 { format!("0{of}") } else { of.to_owned() };
            parties::reference::get().category(&code).map(|c| c.name.to_owned())
        };
        named.get(of).cloned().or_else(licensed).unwrap_or_default()
    };
    Ok(ends.take(4).map(|at| name(&category[..at])).collect())
}

/// Officers who may go along, by name.
pub fn escorts(tx: &mut Tx, sample: &Sample, now: Millis) -> Result<Vec<String>> {
    let mut names: Vec<String> =
        accounts::officers_at(tx, &sample.division, now)?.into_iter().map(|(_, name)| name).collect();
    names.dedup();
    Ok(names)
}

/// All that taking one needs. Errors: not found, `not_sampler`.
pub fn pack(tx: &mut Tx, cx: &Cx, id: &str) -> Result<Pack> {
    let sample = seen(tx, &cx.who, "sampling.read", id)?;
    if !is_sampler(&cx.who, &sample) {
        return Err(Error::forbidden("not_sampler", "您不是这份样品的抽样人员"));
    }
    let mut goods = Vec::new();
    for (lot, on_hand) in lookup::all_on_hand(tx, &sample.party, MOST_GOODS)? {
        if let Some(mut one) = of_lot(tx, lot, &sample.party)? {
            one.on_hand = Some(on_hand);
            goods.push(one);
        }
    }
    let party = parties::store::by_id(tx, &sample.party)?.ok_or_else(unknown)?;
    let licence = parties::licences(tx, &sample.party)?.into_iter().next();
    let place = Place {
        id: party.id,
        code: party.code,
        name: party.name,
        kind: party.kind,
        address: address(tx, &sample)?.0,
        division: sample.division.clone(),
        uscc: party.uscc.unwrap_or_default(),
        licence_kind: licence.as_ref().map(|l| l.kind.clone()).unwrap_or_default(),
        licence_no: licence.map(|l| l.number).unwrap_or_default(),
    };
    let foods = foods(tx, &sample.category)?;
    let escorts = match escorted(tx, &sample)? {
        true => escorts(tx, &sample, cx.now())?,
        false => Vec::new(),
    };
    Ok(Pack {
        foods,
        escorts,
        hold: hold_of(tx, id, cx.now())?,
        task: task(tx, sample)?,
        place,
        goods,
        form: sheet_form()?.clone(),
        field_url: format!("{}/field/", cx.house.public_url.trim_end_matches('/')),
        made_at: cx.now(),
    })
}

/// What a scanned code says about the goods. Errors: those of [`field::tied`], not found, `goods_unknown` for the place's own code.
pub fn goods(act: &mut Act, id: &str, text: &str) -> Result<Goods> {
    let sample = field::own(act, id)?;
    act.subject("sample", id, &sample.division);
    if let Some(lot) = field::tied(act.tx, text, &sample)? {
        let missing = || Error::internal("a lot that was found is gone");
        return of_lot(act.tx, lot, &sample.party)?.ok_or_else(missing);
    }
    let last = text.trim().rsplit('/').next().unwrap_or(text);
    let product = match last.bytes().all(|b| b.is_ascii_digit()) && (8..=14).contains(&last.len()) {
        true => products::by_gtin(act.tx, &format!("{last:0>14}"))?,
        false => None,
    };
    let none = || Error::invalid("code", "goods_unknown", "这是主体码，与抽样场所一致；请再扫商品上的码");
    let product = product.ok_or_else(none)?;
    described(act.tx, &product, &sample.party, None)
}

fn of_lot(tx: &mut Tx, no: LotNo, place: &str) -> Result<Option<Goods>> {
    let Some(lot) = lots::by_no(tx, no)? else { return Ok(None) };
    let Some(product) = products::by_id(tx, &lot.product)? else { return Ok(None) };
    let code = codes::by_lot(tx, no)?.map(|c| c.code).unwrap_or_default();
    let mut goods = described(tx, &product, place, Some(no))?;
    (goods.batch, goods.made, goods.expires, goods.code) = (lot.batch, lot.made, lot.expires, code);
    Ok(Some(goods))
}

fn described(tx: &mut Tx, p: &products::Product, place: &str, lot: Option<LotNo>) -> Result<Goods> {
    let own = p.producer_party.as_deref().unwrap_or(&p.party) == place && p.party == place;
    let known = match (&p.producer_party, own) {
        (Some(id), _) => parties::brief(tx, id)?,
        (None, true) => parties::brief(tx, place)?,
        (None, false) => None,
    };
    let maker = match known {
        Some(b) => Maker { party: b.id, name: b.name, address: b.address, licence: p.licence.clone() },
        None => Maker { name: p.producer.clone(), licence: p.licence.clone(), ..Maker::default() },
    };
    Ok(Goods {
        lot,
        code: String::new(),
        gtin: p.gtin.clone().unwrap_or_default(),
        name: p.name.clone(),
        brand: p.brand.clone(),
        spec: p.spec.clone(),
        standard: p.standard.clone(),
        storage: p.storage.clone(),
        batch: String::new(),
        made: String::new(),
        expires: String::new(),
        shelf_days: p.shelf_days,
        own,
        maker,
        on_hand: None,
        unit: p.unit.as_str().to_owned(),
    })
}

/// Somebody fills the sheet in, maybe with no network: nobody else hands in another meanwhile.
///
/// Errors: `device_form`, `hold_hours`, `sample_held`, `sheet_there`, those of [`field::own`].
pub fn hold(act: &mut Act, id: &str, device: &str, hours: Option<i64>) -> Result<Hold> {
    let sample = field::own(act, id)?;
    let device = device.trim();
    if device.is_empty() || device.chars().count() > 80 {
        return Err(Error::invalid("device", "device_form", "设备标识应为 1 至 80 个字符"));
    }
    let hours = hours.unwrap_or(HOLD_HOURS);
    if !(1..=LONGEST_HOLD).contains(&hours) {
        return Err(Error::invalid("hours", "hold_hours", format!("离线办理最长 {LONGEST_HOLD} 小时")));
    }
    if sample.status != "planned" || !sample.sheet_hash.is_empty() {
        return Err(Error::conflict("sheet_there", "这份样品的抽样单已经提交，或任务已终结"));
    }
    not_held(act, &sample)?;
    let until = act.now + hours * 3_600_000;
    let user = act.who().user.clone();
    rows::hold(act.tx, id, &user, until, device)?;
    act.subject("sample", id, &sample.division);
    act.note(serde_json::json!({ "held_until": until, "device": device }));
    hold_of(act.tx, id, act.now)?.ok_or_else(|| Error::internal("what was just taken in hand is not"))
}

/// Lets go of it. Errors: `not_held`, those of [`field::own`].
pub fn release(act: &mut Act, id: &str) -> Result<()> {
    let sample = field::own(act, id)?;
    not_held(act, &sample)?;
    act.subject("sample", id, &sample.division);
    rows::hold(act.tx, id, "", 0, "")
}

fn hold_of(tx: &mut Tx, id: &str, now: Millis) -> Result<Option<Hold>> {
    let (user, until, device) = rows::held(tx, id)?;
    if user.is_empty() || until <= now {
        return Ok(None);
    }
    let name = accounts::name_of(tx, &user)?.unwrap_or_default();
    Ok(Some(Hold { user, name, until, device }))
}

/// Nobody else has it in hand. Errors: `sample_held`.
pub fn not_held(act: &mut Act, sample: &Sample) -> Result<()> {
    match hold_of(act.tx, &sample.id, act.now)? {
        Some(hold) if hold.user != act.who().user => {
            let text = format!("{}正在另一台手机上填写这份抽样单，请与对方商定由谁提交", hold.name);
            Err(Error::conflict("sample_held", text))
        }
        _ => Ok(()),
    }
}
