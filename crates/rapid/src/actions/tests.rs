//! Tests are taken in.

use std::collections::HashMap;

use findings::samples::Sampling;
use kit_base::clock::china_day;
use kit_base::codes::platform;
use kit_base::{Error, Kind, Result};
use kit_db::Tx;
use kit_files::hash_of_fields;
use kit_flow::store::log::next_number;
use kit_flow::store::projection::county;
use kit_web::{Act, Actor};
use serde_json::json;
use trace::model::Lot;

use super::{points, positives};
use crate::model::{Batch, Device, NewTest, Point, Taken, Test, TestView};
use crate::{rules, store};

/// Who tells of a test.
pub struct Sender {
    /// form, http, device
    pub channel: &'static str,
    pub device: Option<Device>,
    /// users.id; empty for a device by itself.
    pub user: String,
    pub name: String,
}

/// Takes a batch of a person or program in; each test by itself.
///
/// Errors: not found, `point_ended`, `batch_empty`, `batch_large`.
pub fn batch(act: &mut Act, batch: &Batch) -> Result<Vec<Taken>> {
    let point = points::seen(act.tx, act.who(), "rapid.record", &batch.point)?;
    act.subject("rapid_point", &point.id, &point.division);
    let who = act.who();
    // a program has a key and no session
    let channel = if who.session.is_empty() { "http" } else { "form" };
    let sender = Sender { channel, device: None, user: who.user.clone(), name: who.name.clone() };
    let taken = each(act, &point, &sender, &batch.items)?;
    act.note(json!({ "point": point.id, "taken": taken.iter().filter(|t| t.code.is_empty()).count(), "of": taken.len() }));
    Ok(taken)
}

/// Takes tests in one by one; what is wrong with one does not hold up the others.
pub fn each(act: &mut Act, point: &Point, sender: &Sender, items: &[NewTest]) -> Result<Vec<Taken>> {
    if point.state != "active" {
        return Err(Error::conflict("point_ended", "这个快检点已停用"));
    }
    match items.len() {
        0 => return Err(Error::invalid("items", "batch_empty", "没有检测记录")),
        n if n > rules::MOST => {
            let text = format!("一次最多 {} 条，请分批", rules::MOST);
            return Err(Error::invalid("items", "batch_large", text));
        }
        _ => {}
    }
    let (cx, now) = (act.cx, act.now);
    let mut out = Vec::with_capacity(items.len());
    for (index, new) in items.iter().enumerate() {
        let done = act.tx.nested(|tx| take(&mut Act::inside(tx, cx, now), point, sender, new));
        out.push(match done {
            Ok(taken) => Taken { index, ..taken },
            Err(e) if matches!(e.kind, Kind::Internal | Kind::Unavailable) => return Err(e),
            Err(e) => Taken {
                index,
                key: new.key.clone(),
                id: String::new(),
                number: String::new(),
                repeated: false,
                case_id: String::new(),
                code: e.code.into_owned(),
                message: e.message,
                field: e.field.unwrap_or_default(),
            },
        });
    }
    Ok(out)
}

fn taken(key: &str, id: String, number: String, case_id: String, repeated: bool) -> Taken {
    let (code, message, field) = (String::new(), String::new(), String::new());
    Taken { index: 0, key: key.to_owned(), id, number, repeated, case_id, code, message, field }
}

/// Errors: those of [`rules::check`], `card_differs`, `device_unknown`, `party_unknown`, `code_unknown`, `lot_unknown`, `again_unknown`, `again_same`.
fn take(act: &mut Act, point: &Point, sender: &Sender, new: &NewTest) -> Result<Taken> {
    if let Some((id, number, case)) = store::tests::by_key(act.tx, &point.id, &new.key)? {
        return Ok(taken(&new.key, id, number, case, true));
    }
    let at = rules::check(new, act.now)?;
    let text = |t: &str| t.trim().to_owned();
    let known = store::points::card(
        act.tx,
        &point.id,
        new.card.maker.trim(),
        new.card.batch.trim(),
        new.item.trim(),
    )?;
    if let Some(said) = known.filter(|said| *said != new.card.expires) {
        let text = format!("这一批检测卡（试剂）先前登记的有效期至 {said}，请核对包装");
        return Err(Error::invalid("card/expires", "card_differs", text));
    }
    let device = device_of(act, point, sender, new)?;
    let party = party_of(act, point, new)?;
    let lot = lot_of(act, &party, new)?;
    let first = again_of(act, point, new, &device)?;
    let day = china_day(act.now);
    let place = county(&point.division).to_owned();
    let serial = next_number(act.tx, &place, "rapid.no", i64::from(day.year()))?;
    let mut test = Test {
        id: act.id(),
        number: format!("KJ{:02}{place}{serial:07}", day.year() % 100),
        point: point.id.clone(),
        point_name: String::new(),
        division: point.division.clone(),
        party,
        party_name: String::new(),
        stall: text(&new.stall),
        vendor: String::new(),
        food: text(&new.food),
        goods: new.goods.clone(),
        product: lot.as_ref().map(|l| l.product.clone()).unwrap_or_default(),
        lot: lot.as_ref().map(|l| l.no),
        trace_code: text(&new.code),
        source_place: text(&new.source_place),
        item: text(&new.item),
        method: text(&new.method),
        device,
        card_maker: text(&new.card.maker),
        card_batch: text(&new.card.batch),
        card_expires: new.card.expires.clone(),
        result: new.result.clone(),
        value: text(&new.value),
        unit: text(&new.unit),
        tester: sender.user.clone(),
        tester_name: if new.tester.trim().is_empty() { sender.name.clone() } else { text(&new.tester) },
        official: !point.bureau.is_empty(),
        tested_at: at,
        received_at: act.now,
        channel: sender.channel.into(),
        again: first.as_ref().map(|f| f.id.clone()).unwrap_or_default(),
        case_id: first.as_ref().map(|f| f.case_id.clone()).unwrap_or_default(),
        hash: String::new(),
        simulated: point.simulated,
    };
    let said = serde_json::to_string(new).map_err(Error::internal)?;
    let digest = hash_of_fields::<&str>(&[&test.number, &point.id, &said, &at.to_string()]);
    test.hash = hex::encode(digest);
    act.tx.fact("rapid_test", test.number.clone(), digest);
    if first.is_none() && rules::calls_for_action(&test.result) {
        positives::begin(act, point, &mut test, lot.as_ref())?;
    }
    store::points::add_card(act.tx, &test, act.now)?;
    store::tests::add_test(act.tx, &test, new.vendor.trim(), &new.key)?;
    if let Some(first) = first {
        positives::again(act, &first, &test)?;
    }
    Ok(taken(&new.key, test.id, test.number, test.case_id, false))
}

fn device_of(act: &mut Act, point: &Point, sender: &Sender, new: &NewTest) -> Result<String> {
    if let Some(device) = &sender.device {
        return Ok(device.id.clone());
    }
    if new.device.trim().is_empty() {
        return Ok(String::new());
    }
    let found = store::points::device(act.tx, new.device.trim())?.filter(|d| d.point == point.id);
    let unknown = || Error::invalid("device", "device_unknown", "这个快检点没有这台设备");
    found.map(|d| d.id).ok_or_else(unknown)
}

/// Who was tested: of the point's own county.
fn party_of(act: &mut Act, point: &Point, new: &NewTest) -> Result<String> {
    let text = new.party.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    let unknown = || Error::invalid("party", "party_unknown", "没有这个主体，或不在快检点所在的县区");
    let by_id = parties::brief(act.tx, text)?;
    let found = match by_id {
        Some(brief) => Some((brief.id, brief.division)),
        None => parties::by_code(act.tx, text).map_err(|_| unknown())?.map(|p| (p.id, p.division)),
    };
    let found = found.filter(|(_, division)| county(division) == county(&point.division));
    found.map(|(id, _)| id).ok_or_else(unknown)
}

/// The lot that was tested, as who was tested has it.
fn lot_of(act: &mut Act, party: &str, new: &NewTest) -> Result<Option<Lot>> {
    if let Some(no) = new.lot {
        let found = trace::store::lots::by_no(act.tx, no)?.filter(|l| l.holder == party);
        let unknown = || Error::invalid("lot", "lot_unknown", "被检测人没有这个批次");
        return found.map(Some).ok_or_else(unknown);
    }
    let text = new.code.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let unknown = || Error::invalid("code", "code_unknown", "没有这个追溯码，请核对或留空");
    let last = text.rsplit('/').next().unwrap_or(text);
    let code = match platform::read(last) {
        Ok((platform::Kind::Trace, code)) => code,
        _ => return Err(unknown()),
    };
    let found = trace::store::codes::by_code(act.tx, &code)?.ok_or_else(unknown)?;
    let origin = trace::store::lots::by_no(act.tx, found.lot)?.ok_or_else(unknown)?;
    // what of that batch is at the one who was tested; the batch itself where nothing is known to be there
    let there = trace::store::lookup::on_hand(act.tx, party, &origin.product, "")?;
    for (no, _) in there {
        let lot = trace::store::lots::by_no(act.tx, no)?;
        if let Some(lot) = lot.filter(|l| l.origin == origin.origin) {
            return Ok(Some(lot));
        }
    }
    Ok(Some(origin))
}

/// The test of which this is the second one: same food and item, another batch of cards or another device.
fn again_of(act: &mut Act, point: &Point, new: &NewTest, device: &str) -> Result<Option<Test>> {
    let text = new.again.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let unknown = || Error::invalid("again", "again_unknown", "没有这条待复测的检测，或品种、项目不同");
    let first = store::tests::test(act.tx, text)?.ok_or_else(unknown)?;
    let same = first.point == point.id && first.food == new.food.trim() && first.item == new.item.trim();
    if !same || first.case_id.is_empty() || !first.again.is_empty() {
        return Err(unknown());
    }
    let same_card = first.card_maker == new.card.maker.trim() && first.card_batch == new.card.batch.trim();
    if same_card && first.device == device {
        let text = "复测须换用另一批次的检测卡（试剂）或另一台设备";
        return Err(Error::invalid("card/batch", "again_same", text));
    }
    Ok(Some(first))
}

/// A test that a permission reaches: of the place, of the own point, or of one's own food. Errors: not found.
pub fn seen(tx: &mut Tx, who: &Actor, permission: &str, key: &str) -> Result<Test> {
    let unknown = || Error::not_found("没有这条检测，或不在您的范围内");
    let found = store::tests::test(tx, key)?.ok_or_else(unknown)?;
    let scope = who.scope_for(permission);
    let point = store::points::point(tx, &found.point)?.map(|p| p.party).unwrap_or_default();
    let reaches =
        scope.covers(&found.division, Some(&found.party)) || scope.covers(&found.division, Some(&point));
    if reaches { Ok(found) } else { Err(unknown()) }
}

/// A test with all that belongs to it. Errors: not found.
pub fn view(tx: &mut Tx, who: &Actor, sampling: &Sampling, key: &str) -> Result<TestView> {
    let test = seen(tx, who, "rapid.read", key)?;
    let device_name = match test.device.as_str() {
        "" => String::new(),
        id => store::points::device(tx, id)?.map(|d| d.name).unwrap_or_default(),
    };
    let first = match test.again.as_str() {
        "" => None,
        id => store::tests::test(tx, id)?,
    };
    let positive = match test.case_id.as_str() {
        "" => None,
        case => {
            store::positives::positive(tx, case)?.map(|p| positives::view(tx, sampling, p)).transpose()?
        }
    };
    let photos = store::photos::of_test(tx, &test.id)?;
    let may_record = points::seen(tx, who, "rapid.record", &test.point).is_ok();
    let test = named(tx, vec![test])?.remove(0);
    Ok(TestView { test, device_name, first, photos, positive, may_record })
}

/// Puts the names in.
pub fn named(tx: &mut Tx, mut list: Vec<Test>) -> Result<Vec<Test>> {
    name_them(tx, &mut list)?;
    Ok(list)
}

/// [`named`], in place; each point is looked up once.
pub fn name_them(tx: &mut Tx, list: &mut [Test]) -> Result<()> {
    let ids: Vec<String> = list.iter().map(|t| t.party.clone()).filter(|p| !p.is_empty()).collect();
    let briefs = parties::briefs(tx, &ids)?;
    let mut points: HashMap<String, String> = HashMap::new();
    for test in list {
        test.party_name = briefs.get(&test.party).map(|b| b.name.clone()).unwrap_or_default();
        if !points.contains_key(&test.point) {
            let name = store::points::point(tx, &test.point)?.map(|p| p.name).unwrap_or_default();
            points.insert(test.point.clone(), name);
        }
        test.point_name = points[&test.point].clone();
    }
    Ok(())
}
