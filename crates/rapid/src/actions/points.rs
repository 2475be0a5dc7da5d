//! Points and their devices.

use accounts::Accounts;
use kit_base::clock::{china_day, day_start};
use kit_base::{Error, Millis, Result};
use kit_db::Tx;
use kit_web::{Act, Actor, Scope};
use serde_json::json;

use super::code;
use crate::model::{Device, NewDevice, NewPoint, Point, PointView, Registered};
use crate::{rules, store};

/// Sets a point up: an officer for a business or for the own bureau, an owner for the own business.
///
/// Errors: those of [`rules::check_point`], `party_unknown`, `no_house`.
pub fn create(act: &mut Act, new: &NewPoint) -> Result<Point> {
    rules::check_point(new)?;
    let scope = act.who().scope_for("rapid.points");
    let party = match (&scope, new.party.trim()) {
        (Scope::Businesses(_), "") => scope.business().unwrap_or("").to_owned(),
        (_, named) => named.to_owned(),
    };
    let (bureau, division, simulated) = if party.is_empty() {
        let home = accounts::home_of(act.tx, &act.who().user)?;
        let home = home.filter(|_| matches!(scope, Scope::Divisions(_)));
        let (_, bureau, division) =
            home.ok_or_else(|| Error::invalid("party", "no_house", "请选择快检点所属的主体"))?;
        (bureau, division, false)
    } else {
        let found = parties::brief(act.tx, &party)?.filter(|b| scope.covers(&b.division, Some(&b.id)));
        let unknown = || Error::invalid("party", "party_unknown", "没有这个主体，或不在您的范围内");
        let found = found.ok_or_else(unknown)?;
        (String::new(), found.division, found.simulated)
    };
    let point = Point {
        id: act.id(),
        code: code(act),
        name: new.name.trim().to_owned(),
        kind: new.kind.clone(),
        party,
        bureau,
        division,
        address: new.address.trim().to_owned(),
        state: "active".into(),
        simulated,
    };
    let by = act.who().user.clone();
    store::points::add_point(act.tx, &point, act.now, &by)?;
    act.subject("rapid_point", &point.id, &point.division);
    Ok(point)
}

/// Whether rapid tests concern the asker: every bureau; a business whose kind tests, that has a point, or that was tested.
pub fn concerned(tx: &mut Tx, who: &Actor) -> Result<bool> {
    let Scope::Businesses(own) = who.scope_for("rapid.read") else { return Ok(true) };
    for id in &own {
        let kind = parties::brief(tx, id)?.map(|b| b.kind).unwrap_or_default();
        if rules::kind_tests(&kind) || store::points::concerned(tx, id)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A point that a permission reaches, by id or code. Errors: not found.
pub fn seen(tx: &mut Tx, who: &Actor, permission: &str, key: &str) -> Result<Point> {
    let found = store::points::point(tx, key)?;
    let found = found.filter(|p| who.scope_for(permission).covers(&p.division, Some(&p.party)));
    found.ok_or_else(|| Error::not_found("没有这个快检点，或不在您的范围内"))
}

/// Registers a device; its key is shown this once and kept sealed.
pub fn register(act: &mut Act, point: &str, new: &NewDevice) -> Result<Registered> {
    rules::check_device(&new.name, &new.model, &new.serial_no)?;
    let point = seen(act.tx, act.who(), "rapid.points", point)?;
    let (id, secret) = (act.id(), act.ids().bytes::<32>());
    let sealed = act.cx.house.held::<Accounts>().vault.seal(&id, &secret, act.ids())?;
    let device = Device {
        id,
        code: code(act),
        point: point.id.clone(),
        name: new.name.trim().to_owned(),
        model: new.model.trim().to_owned(),
        serial_no: new.serial_no.trim().to_owned(),
        state: "active".into(),
        made_at: act.now,
        seen_at: None,
        secret: sealed,
    };
    let by = act.who().user.clone();
    store::points::add_device(act.tx, &device, &by)?;
    act.subject("rapid_device", &device.id, &point.division);
    act.note(json!({ "point": point.id, "serial_no": device.serial_no }));
    let topic = format!("shian/rapid/{}/{}/results", point.code, device.code);
    Ok(Registered { device, secret: hex::encode(secret), topic })
}

/// Withdraws a device: its key is forgotten. Errors: not found.
pub fn withdraw(act: &mut Act, id: &str) -> Result<()> {
    let unknown = || Error::not_found("没有这台设备，或不在您的范围内");
    let device = store::points::device(act.tx, id)?.ok_or_else(unknown)?;
    let point = seen(act.tx, act.who(), "rapid.points", &device.point).map_err(|_| unknown())?;
    store::points::withdraw(act.tx, &device.id)?;
    act.subject("rapid_device", &device.id, &point.division);
    Ok(())
}

/// How far back a point's own tests tell what it has at hand.
const LOOK_BACK: Millis = 90 * 86_400_000;

/// A point with what it has at hand. Errors: not found.
pub fn view(tx: &mut Tx, who: &Actor, key: &str, now: Millis) -> Result<PointView> {
    let point = seen(tx, who, "rapid.read", key)?;
    let today = china_day(now);
    let mut stalls = store::points::stalls(tx, &point.id, now - LOOK_BACK)?;
    let ids: Vec<String> = stalls.iter().map(|s| s.party.clone()).filter(|p| !p.is_empty()).collect();
    let names = parties::briefs(tx, &ids)?;
    for stall in &mut stalls {
        stall.party_name = names.get(&stall.party).map(|b| b.name.clone()).unwrap_or_default();
    }
    let (today_tests, today_positive) = store::points::counts(tx, &point.id, day_start(today))?;
    Ok(PointView {
        party_name: parties::brief(tx, &point.party)?.map(|b| b.name).unwrap_or_default(),
        devices: store::points::devices(tx, &point.id)?,
        cards: store::points::cards(tx, &point.id, now - LOOK_BACK, &today.to_string())?,
        foods: store::points::foods(tx, &point.id, now - LOOK_BACK)?,
        stalls,
        today: today_tests,
        today_positive,
        open: store::points::open(tx, &point.id)?,
        point,
    })
}
