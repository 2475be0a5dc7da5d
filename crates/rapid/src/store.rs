//! All SQL of the room, each statement once.

use kit_base::{Millis, Result};
use kit_db::{Filter, Param, Tx, params};
use kit_web::answer::{COUNTED, paging};
use kit_web::{Page, Scope};

use crate::model::{Device, FigureQuery, Point, Positive, PositiveQuery, RefusedMessage, Test, TestQuery};

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
    ADD_TEST = "INSERT INTO rapid_tests (id, number, point, division, party, stall, vendor, food, goods, product, lot, trace_code, source_place, item,
            method, device, card_maker, card_batch, card_expires, result, value, unit, tester, tester_name, official, tested_at, received_at, channel,
            client_key, again, case_id, hash, simulated)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29,
            $30, $31, $32, $33)";
    BY_KEY = "SELECT id, number, case_id FROM rapid_tests WHERE point = $1 AND client_key = $2";
    TEST = "SELECT id, number, point, division, party, stall, vendor, food, goods, product, lot, trace_code, source_place, item, method, device,
            card_maker, card_batch, card_expires, result, value, unit, tester, tester_name, official, tested_at, received_at, channel, again,
            case_id, hash, simulated
        FROM rapid_tests WHERE id = $1 OR number = $1";
    OF_CASE = "SELECT id, number, point, division, party, stall, vendor, food, goods, product, lot, trace_code, source_place, item, method, device,
            card_maker, card_batch, card_expires, result, value, unit, tester, tester_name, official, tested_at, received_at, channel, again,
            case_id, hash, simulated
        FROM rapid_tests WHERE case_id = $1 ORDER BY received_at, id LIMIT 100";
    OF_DAY = "SELECT t.number, t.stall, t.food, t.item, t.result, t.tested_at, COALESCE(p.status, ''), t.simulated
        FROM rapid_tests t LEFT JOIN rapid_positives p ON p.id = t.case_id AND p.test = t.id
        WHERE t.point = $1 AND t.tested_at >= $2 AND t.tested_at < $3 ORDER BY t.tested_at DESC, t.id DESC LIMIT 500";
    ADD_POSITIVE = "INSERT INTO rapid_positives (id, test, number, point, division, party, goods, official, status, phase, flags, retest_due, sample,
            finding, opened_at, closed_at, simulated)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', $11, '', '', $12, NULL, $13)";
    POSITIVE = "SELECT p.id, p.test, p.number, p.point, p.division, p.party, p.goods, p.official, p.status, p.phase, p.flags, p.retest_due, p.sample,
            p.finding, p.opened_at, p.closed_at, p.simulated, t.food, t.item, t.stall
        FROM rapid_positives p JOIN rapid_tests t ON t.id = p.test WHERE p.id = $1";
    OF_SAMPLE = "SELECT p.id, p.test, p.number, p.point, p.division, p.party, p.goods, p.official, p.status, p.phase, p.flags, p.retest_due, p.sample,
            p.finding, p.opened_at, p.closed_at, p.simulated, t.food, t.item, t.stall
        FROM rapid_positives p JOIN rapid_tests t ON t.id = p.test WHERE p.sample = $1";
    SET_COURSE = "UPDATE rapid_positives SET status = $2, phase = $3, flags = $4, closed_at = $5 WHERE id = $1";
    SET_SAMPLE = "UPDATE rapid_positives SET sample = $2 WHERE id = $1";
    SET_FINDING = "UPDATE rapid_positives SET finding = $2 WHERE id = $1";
    REFUSE = "INSERT INTO rapid_refused (id, day, topic, point, division, code, message, sent, times, first_at, last_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $9)
        ON CONFLICT (day, topic, code) DO UPDATE SET times = rapid_refused.times + 1, message = excluded.message, sent = excluded.sent,
            last_at = excluded.last_at";
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

/// `vendor` as it was said: what leaves the room is masked.
pub fn add_test(tx: &mut Tx, t: &Test, vendor: &str, key: &str) -> Result<()> {
    let row = params![
        &t.id,
        &t.number,
        &t.point,
        &t.division,
        &t.party,
        &t.stall,
        vendor,
        &t.food,
        &t.goods,
        &t.product,
        t.lot,
        &t.trace_code,
        &t.source_place,
        &t.item,
        &t.method,
        &t.device,
        &t.card_maker,
        &t.card_batch,
        &t.card_expires,
        &t.result,
        &t.value,
        &t.unit,
        &t.tester,
        &t.tester_name,
        t.official,
        t.tested_at,
        t.received_at,
        &t.channel,
        key,
        &t.again,
        &t.case_id,
        &t.hash,
        t.simulated
    ];
    tx.exec(ADD_TEST, row).map(drop)
}

/// Id, number and case of what a sender's key brought in.
pub fn by_key(tx: &mut Tx, point: &str, key: &str) -> Result<Option<(String, String, String)>> {
    tx.one(BY_KEY, params![point, key])
}

/// By id or number.
pub fn test(tx: &mut Tx, key: &str) -> Result<Option<Test>> {
    tx.one(TEST, params![key])
}

pub fn of_case(tx: &mut Tx, case: &str) -> Result<Vec<Test>> {
    tx.all(OF_CASE, params![case])
}

/// A line of a board.
pub type DayLine = (String, String, String, String, String, Millis, String, i64);

/// Tests of a point between two moments: number, stall, food, item, result, when, status of its case, simulated.
pub fn of_day(tx: &mut Tx, point: &str, from: Millis, until: Millis) -> Result<Vec<DayLine>> {
    tx.all(OF_DAY, params![point, from, until])
}

pub fn add_positive(tx: &mut Tx, p: &Positive) -> Result<()> {
    let row = params![
        &p.id,
        &p.test,
        &p.number,
        &p.point,
        &p.division,
        &p.party,
        &p.goods,
        p.official,
        &p.status,
        &p.phase,
        p.retest_due,
        p.opened_at,
        p.simulated
    ];
    tx.exec(ADD_POSITIVE, row).map(drop)
}

pub fn positive(tx: &mut Tx, id: &str) -> Result<Option<Positive>> {
    tx.one(POSITIVE, params![id])
}

pub fn of_sample(tx: &mut Tx, sample: &str) -> Result<Option<Positive>> {
    tx.one(OF_SAMPLE, params![sample])
}

pub fn set_course(
    tx: &mut Tx,
    id: &str,
    status: &str,
    phase: &str,
    flags: &str,
    closed: Option<Millis>,
) -> Result<()> {
    tx.exec(SET_COURSE, params![id, status, phase, flags, closed]).map(drop)
}

pub fn set_sample(tx: &mut Tx, id: &str, sample: &str) -> Result<()> {
    tx.exec(SET_SAMPLE, params![id, sample]).map(drop)
}

pub fn set_finding(tx: &mut Tx, id: &str, finding: &str) -> Result<()> {
    tx.exec(SET_FINDING, params![id, finding]).map(drop)
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

const TESTS: &str = "SELECT t.id, t.number, t.point, t.division, t.party, t.stall, t.vendor, t.food, t.goods, t.product, t.lot, t.trace_code, t.source_place,
        t.item, t.method, t.device, t.card_maker, t.card_batch, t.card_expires, t.result, t.value, t.unit, t.tester, t.tester_name, t.official,
        t.tested_at, t.received_at, t.channel, t.again, t.case_id, t.hash, t.simulated
    FROM rapid_tests t JOIN rapid_points p ON p.id = t.point";

/// Tests, the newest first.
pub fn tests(
    tx: &mut Tx,
    scope: &Scope,
    q: &TestQuery,
    days: (Option<Millis>, Option<Millis>),
) -> Result<Page<Test>> {
    let (page, size) = paging(q.page, q.size);
    let narrowed = |select| narrow(Filter::new(select), scope, q, days);
    let counted = narrowed("SELECT 1 FROM rapid_tests t JOIN rapid_points p ON p.id = t.point");
    let total = tx.count(&counted.counted_to(COUNTED))?;
    let tail = [Param::Int(size), Param::Int((page - 1) * size)];
    let rows = narrowed(TESTS).then("ORDER BY t.tested_at DESC, t.id DESC LIMIT ? OFFSET ?", &tail);
    Ok(Page { items: tx.list(&rows)?, total, page, size })
}

fn narrow(filter: Filter, scope: &Scope, q: &TestQuery, days: (Option<Millis>, Option<Millis>)) -> Filter {
    let mut filter = scope
        .restrict(filter, "t.division >= ? AND t.division < ?", "t.party = ? OR p.party = ?")
        .and_some("t.point = ?", q.point.as_deref())
        .and_some("t.party = ?", q.party.as_deref())
        .and_some("t.item = ?", q.item.as_deref())
        .and_some("t.food = ?", q.food.as_deref())
        .and_some("t.result = ?", q.result.as_deref())
        .and_some("t.tested_at >= ?", days.0)
        .and_some("t.tested_at < ?", days.1);
    if let Some(division) = q.division.as_ref().filter(|d| d.bytes().all(|b| b.is_ascii_digit())) {
        filter = filter.within("t.division >= ? AND t.division < ?", std::slice::from_ref(division));
    }
    match q.q.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
        Some(text) => {
            let like = format!("%{}%", text.replace(['%', '_'], ""));
            let like = Param::Text(&like);
            filter.and("t.food LIKE ? OR t.number LIKE ? OR t.stall LIKE ?", &[like, like, like])
        }
        None => filter,
    }
}

const POSITIVES: &str = "SELECT p.id, p.test, p.number, p.point, p.division, p.party, p.goods, p.official, p.status, p.phase, p.flags, p.retest_due,
        p.sample, p.finding, p.opened_at, p.closed_at, p.simulated, t.food, t.item, t.stall
    FROM rapid_positives p JOIN rapid_tests t ON t.id = p.test JOIN rapid_points o ON o.id = p.point";

/// Positives, the newest first.
pub fn positives(tx: &mut Tx, scope: &Scope, q: &PositiveQuery) -> Result<Page<Positive>> {
    let (page, size) = paging(q.page, q.size);
    let narrowed = |select| {
        let filter = scope
            .restrict(Filter::new(select), "p.division >= ? AND p.division < ?", "p.party = ? OR o.party = ?")
            .and_some("p.status = ?", q.status.as_deref())
            .and_some("p.point = ?", q.point.as_deref())
            .and_some("p.party = ?", q.party.as_deref());
        match q.state.as_deref() {
            Some("open") => filter.and("p.closed_at IS NULL", &[]),
            Some("ended") => filter.and("p.closed_at IS NOT NULL", &[]),
            _ => filter,
        }
    };
    let counted = narrowed(
        "SELECT 1 FROM rapid_positives p JOIN rapid_tests t ON t.id = p.test JOIN rapid_points o ON o.id = p.point",
    );
    let total = tx.count(&counted.counted_to(COUNTED))?;
    let tail = [Param::Int(size), Param::Int((page - 1) * size)];
    let rows = narrowed(POSITIVES).then("ORDER BY p.opened_at DESC, p.id DESC LIMIT ? OFFSET ?", &tail);
    Ok(Page { items: tx.list(&rows)?, total, page, size })
}

/// (key, name, valid, positive or suspect, invalid) of each cut.
pub type Cut = (String, String, i64, i64, i64);

/// Counts by item, food, point or county; second tests (复测) are not counted again.
pub fn figures(
    tx: &mut Tx,
    scope: &Scope,
    q: &FigureQuery,
    days: (Option<Millis>, Option<Millis>),
) -> Result<Vec<Cut>> {
    let (select, tail) = match q.by.as_str() {
        "food" => (FOOD, "GROUP BY t.food ORDER BY t.food LIMIT 2000"),
        "point" => (POINTS, "GROUP BY t.point, p.name ORDER BY t.point LIMIT 2000"),
        "division" => (COUNTY, "GROUP BY substr(t.division, 1, 6) ORDER BY 1 LIMIT 2000"),
        _ => (ITEM, "GROUP BY t.item ORDER BY t.item LIMIT 2000"),
    };
    let of = TestQuery {
        point: q.point.clone(),
        item: q.item.clone(),
        food: q.food.clone(),
        division: q.division.clone(),
        ..TestQuery::default()
    };
    let filter = narrow(Filter::new(select), scope, &of, days).and("t.again = ''", &[]);
    tx.list(&filter.then(tail, &[]))
}

const ITEM: &str = "SELECT t.item, t.item, SUM(CASE WHEN t.result <> 'invalid' THEN 1 ELSE 0 END), SUM(CASE WHEN t.result IN ('positive', 'suspect') THEN 1 ELSE 0 END),
    SUM(CASE WHEN t.result = 'invalid' THEN 1 ELSE 0 END) FROM rapid_tests t JOIN rapid_points p ON p.id = t.point";
const FOOD: &str = "SELECT t.food, t.food, SUM(CASE WHEN t.result <> 'invalid' THEN 1 ELSE 0 END), SUM(CASE WHEN t.result IN ('positive', 'suspect') THEN 1 ELSE 0 END),
    SUM(CASE WHEN t.result = 'invalid' THEN 1 ELSE 0 END) FROM rapid_tests t JOIN rapid_points p ON p.id = t.point";
const POINTS: &str = "SELECT t.point, p.name, SUM(CASE WHEN t.result <> 'invalid' THEN 1 ELSE 0 END), SUM(CASE WHEN t.result IN ('positive', 'suspect') THEN 1 ELSE 0 END),
    SUM(CASE WHEN t.result = 'invalid' THEN 1 ELSE 0 END) FROM rapid_tests t JOIN rapid_points p ON p.id = t.point";
const COUNTY: &str = "SELECT substr(t.division, 1, 6), substr(t.division, 1, 6), SUM(CASE WHEN t.result <> 'invalid' THEN 1 ELSE 0 END),
    SUM(CASE WHEN t.result IN ('positive', 'suspect') THEN 1 ELSE 0 END), SUM(CASE WHEN t.result = 'invalid' THEN 1 ELSE 0 END)
    FROM rapid_tests t JOIN rapid_points p ON p.id = t.point";
