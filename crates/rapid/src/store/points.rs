//! Points, devices, cards, messages refused.

use kit_base::{Millis, Result};
use kit_db::{Filter, Tx, params};
use kit_web::Scope;

use crate::model::{Device, KnownCard, KnownFood, KnownStall, Point, RefusedMessage, Test};

kit_db::statements! {
    ADD_POINT = "INSERT INTO rapid_points (id, code, name, kind, party, bureau, division, address, state, simulated, made_at, made_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'active', $9, $10, $11)";
    POINT = "SELECT id, code, name, kind, party, bureau, division, address, state, simulated FROM rapid_points WHERE id = $1 OR code = $1";
    ADD_DEVICE = "INSERT INTO rapid_devices (id, code, point, name, model, serial_no, secret, state, made_at, made_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 'active', $8, $9)";
    DEVICE = "SELECT id, code, point, name, model, serial_no, state, made_at, seen_at, secret FROM rapid_devices WHERE id = $1 OR code = $1";
    DEVICES = "SELECT id, code, point, name, model, serial_no, state, made_at, seen_at, secret FROM rapid_devices WHERE point = $1 ORDER BY made_at, id LIMIT 500";
    WITHDRAW = "UPDATE rapid_devices SET state = 'withdrawn', secret = '' WHERE id = $1";
    SEEN = "UPDATE rapid_devices SET seen_at = $2 WHERE id = $1";
    CARD = "SELECT expires FROM rapid_cards WHERE point = $1 AND maker = $2 AND batch = $3 AND item = $4";
    ADD_CARD = "INSERT INTO rapid_cards (point, maker, batch, item, expires, first_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    REFUSE = "INSERT INTO rapid_refused (id, day, topic, point, division, code, message, sent, times, first_at, last_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $9)
        ON CONFLICT (day, topic, code) DO UPDATE SET times = rapid_refused.times + 1, message = excluded.message, sent = excluded.sent,
            last_at = excluded.last_at";
    CARDS = "SELECT item, method, card_maker, card_batch, card_expires, MAX(tested_at) FROM rapid_tests
        WHERE point = $1 AND tested_at >= $2 AND card_expires >= $3
        GROUP BY item, method, card_maker, card_batch, card_expires ORDER BY 6 DESC, 1, 4 LIMIT 40";
    FOODS = "SELECT food, goods, COUNT(*) FROM rapid_tests WHERE point = $1 AND tested_at >= $2
        GROUP BY food, goods ORDER BY 3 DESC, 1 LIMIT 40";
    STALLS = "SELECT stall, party, MAX(tested_at) FROM rapid_tests WHERE point = $1 AND tested_at >= $2 AND stall <> ''
        GROUP BY stall, party ORDER BY 1, 3 DESC LIMIT 300";
    TODAY = "SELECT COUNT(*), COALESCE(SUM(CASE WHEN result IN ('positive', 'suspect') THEN 1 ELSE 0 END), 0) FROM rapid_tests
        WHERE point = $1 AND tested_at >= $2";
    OF_PARTY = "SELECT CAST(CASE WHEN EXISTS (SELECT 1 FROM rapid_points WHERE party = $1)
            OR EXISTS (SELECT 1 FROM rapid_tests WHERE party = $1) THEN 1 ELSE 0 END AS BIGINT)";
    OPEN = "SELECT COUNT(*) FROM rapid_positives WHERE point = $1 AND closed_at IS NULL";
}

pub fn add_point(tx: &mut Tx, p: &Point, at: Millis, by: &str) -> Result<()> {
    let row = params![
        &p.id,
        &p.code,
        &p.name,
        &p.kind,
        &p.party,
        &p.bureau,
        &p.division,
        &p.address,
        p.simulated,
        at,
        by
    ];
    tx.exec(ADD_POINT, row).map(drop)
}

/// By id or code.
pub fn point(tx: &mut Tx, key: &str) -> Result<Option<Point>> {
    tx.one(POINT, params![key])
}

/// Points within a scope, by name; at most 500.
pub fn points(tx: &mut Tx, scope: &Scope) -> Result<Vec<Point>> {
    let all =
        "SELECT id, code, name, kind, party, bureau, division, address, state, simulated FROM rapid_points";
    let filter = scope.restrict(Filter::new(all), "division >= ? AND division < ?", "party = ?");
    tx.list(&filter.then("ORDER BY name, id LIMIT 500", &[]))
}

pub fn add_device(tx: &mut Tx, d: &Device, by: &str) -> Result<()> {
    let row = params![&d.id, &d.code, &d.point, &d.name, &d.model, &d.serial_no, &d.secret, d.made_at, by];
    tx.exec(ADD_DEVICE, row).map(drop)
}

/// By id or code.
pub fn device(tx: &mut Tx, key: &str) -> Result<Option<Device>> {
    tx.one(DEVICE, params![key])
}

pub fn devices(tx: &mut Tx, point: &str) -> Result<Vec<Device>> {
    tx.all(DEVICES, params![point])
}

pub fn withdraw(tx: &mut Tx, id: &str) -> Result<()> {
    tx.exec(WITHDRAW, params![id]).map(drop)
}

pub fn seen(tx: &mut Tx, id: &str, at: Millis) -> Result<()> {
    tx.exec(SEEN, params![id, at]).map(drop)
}

/// The last day of a batch of cards as the point said it first.
pub fn card(tx: &mut Tx, point: &str, maker: &str, batch: &str, item: &str) -> Result<Option<String>> {
    tx.one(CARD, params![point, maker, batch, item])
}

pub fn add_card(tx: &mut Tx, t: &Test, at: Millis) -> Result<()> {
    let row = params![&t.point, &t.card_maker, &t.card_batch, &t.item, &t.card_expires, at];
    tx.exec(ADD_CARD, row).map(drop)
}

/// Cards that a point used since a moment and that are good on a day (`2026-03-01`).
pub fn cards(tx: &mut Tx, point: &str, since: Millis, day: &str) -> Result<Vec<KnownCard>> {
    tx.all(CARDS, params![point, since, day])
}

pub fn foods(tx: &mut Tx, point: &str, since: Millis) -> Result<Vec<KnownFood>> {
    tx.all(FOODS, params![point, since])
}

pub fn stalls(tx: &mut Tx, point: &str, since: Millis) -> Result<Vec<KnownStall>> {
    tx.all(STALLS, params![point, since])
}

/// Tests since a moment, and those positive or suspect among them.
pub fn counts(tx: &mut Tx, point: &str, since: Millis) -> Result<(i64, i64)> {
    Ok(tx.one(TODAY, params![point, since])?.unwrap_or((0, 0)))
}

/// Positives that go on.
pub fn open(tx: &mut Tx, point: &str) -> Result<i64> {
    Ok(tx.one(OPEN, params![point])?.unwrap_or(0))
}

pub fn refuse(tx: &mut Tx, m: &RefusedMessage, division: &str) -> Result<()> {
    let row = params![&m.id, &m.day, &m.topic, &m.point, division, &m.code, &m.message, &m.sent, m.first_at];
    tx.exec(REFUSE, row).map(drop)
}

/// Messages refused at points within a scope, the latest first; at most 200.
pub fn refused(tx: &mut Tx, scope: &Scope) -> Result<Vec<RefusedMessage>> {
    let all =
        "SELECT r.id, r.day, r.topic, r.point, r.code, r.message, r.sent, r.times, r.first_at, r.last_at
        FROM rapid_refused r LEFT JOIN rapid_points p ON p.id = r.point";
    let filter = scope.restrict(Filter::new(all), "r.division >= ? AND r.division < ?", "p.party = ?");
    tx.list(&filter.then("ORDER BY r.last_at DESC, r.id DESC LIMIT 200", &[]))
}

/// Whether a business has a point, or was tested.
pub fn concerned(tx: &mut Tx, party: &str) -> Result<bool> {
    Ok(tx.one::<i64>(OF_PARTY, params![party])? == Some(1))
}
