//! Tests, and what is counted of them.

use kit_base::{Millis, Result};
use kit_db::{Filter, FromRow as _, Tx, params};
use kit_web::{Page, Scope};
use parties::narrow::{self, Days, Narrow as _};

use crate::model::{FigureQuery, Test, TestQuery};

kit_db::statements! {
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

const TESTS: &str = "SELECT t.id, t.number, t.point, t.division, t.party, t.stall, t.vendor, t.food, t.goods, t.product, t.lot, t.trace_code, t.source_place,
        t.item, t.method, t.device, t.card_maker, t.card_batch, t.card_expires, t.result, t.value, t.unit, t.tester, t.tester_name, t.official,
        t.tested_at, t.received_at, t.channel, t.again, t.case_id, t.hash, t.simulated
    FROM rapid_tests t JOIN rapid_points p ON p.id = t.point";

/// Tests, the newest first.
pub fn tests(tx: &mut Tx, scope: &Scope, q: &TestQuery, days: Days) -> Result<Page<Test>> {
    let counted = Filter::new("SELECT 1 FROM rapid_tests t JOIN rapid_points p ON p.id = t.point");
    let rows = sorted(narrowed(Filter::new(TESTS), scope, q, days), q);
    narrow::page(tx, (q.page, q.size), narrowed(counted, scope, q, days), rows)
}

/// Hands over each test of a list, in its order.
pub fn each(
    tx: &mut Tx,
    scope: &Scope,
    q: &TestQuery,
    days: Days,
    each: &mut dyn FnMut(Test) -> Result<()>,
) -> Result<()> {
    let rows = sorted(narrowed(Filter::new(TESTS), scope, q, days), q);
    tx.scan_list(&rows, &mut |row| each(Test::from_row(row)?).map(|()| true))
}

fn sorted(filter: Filter, q: &TestQuery) -> Filter {
    let by = match q.sort.as_deref() {
        Some("tested_at") => "ORDER BY t.tested_at, t.id",
        Some("number") => "ORDER BY t.number",
        Some("-number") => "ORDER BY t.number DESC",
        Some("food") => "ORDER BY t.food, t.tested_at DESC, t.id",
        Some("-food") => "ORDER BY t.food DESC, t.tested_at DESC, t.id",
        Some("stall") => "ORDER BY t.stall, t.tested_at DESC, t.id",
        Some("-stall") => "ORDER BY t.stall DESC, t.tested_at DESC, t.id",
        _ => "ORDER BY t.tested_at DESC, t.id DESC",
    };
    filter.then(by, &[])
}

fn narrowed(filter: Filter, scope: &Scope, q: &TestQuery, days: Days) -> Filter {
    scope
        .restrict(filter, "t.division >= ? AND t.division < ?", "t.party = ? OR p.party = ?")
        .days("t.tested_at >= ?", "t.tested_at < ?", days)
        .below("t.division >= ? AND t.division < ?", q.division.as_deref())
        .said("t.point = ?", q.point.as_deref())
        .said("t.party = ?", q.party.as_deref())
        .said("t.item = ?", q.item.as_deref())
        .said("t.food = ?", q.food.as_deref())
        .said("t.result = ?", q.result.as_deref())
        .said("t.channel = ?", q.channel.as_deref())
        .words(
            "t.food LIKE ? OR t.number LIKE ? OR t.stall LIKE ? OR t.item LIKE ? OR t.card_batch LIKE ?",
            q.q.as_deref(),
        )
}

/// (key, name, valid, positive or suspect, invalid) of each cut.
pub type Cut = (String, String, i64, i64, i64);

/// Counts by item, food, point or county; second tests (复测) are not counted again.
pub fn figures(tx: &mut Tx, scope: &Scope, q: &FigureQuery, days: Days) -> Result<Vec<Cut>> {
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
    let filter = narrowed(Filter::new(select), scope, &of, days).and("t.again = ''", &[]);
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
