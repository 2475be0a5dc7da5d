//! Decisions as pure functions over facts and a time.

use kit_base::clock::china_day;
use kit_base::{Error, Millis, Result};
use serde::Deserialize;

use crate::model::{GOODS, KINDS, LawLine, NewPoint, NewTest, RESULTS};

/// Tests of one request or message.
pub const MOST: usize = 500;
/// How far a device's clock may run ahead.
const AHEAD: Millis = 10 * 60_000;
/// How late a test may be told: work without a network.
const BEHIND: Millis = 7 * 86_400_000;

/// Hours of a clock of the kind, as its definition has them with statute and certainty. Errors: `internal` where it has none; a test asks for
/// each that is told to people.
pub fn hours(clock: &str) -> Result<u16> {
    let definition = kit_flow::Definition::read(crate::FLOW)?;
    match definition.clock(clock).and_then(|c| c.period) {
        Some(kit_base::workdays::Period::Hours(n)) => Ok(n),
        _ => Err(Error::internal(format!("no hours of {clock}"))),
    }
}

fn within(field: &str, text: &str, least: usize, most: usize) -> Result<()> {
    if (least..=most).contains(&text.trim().chars().count()) {
        return Ok(());
    }
    let code = if text.trim().is_empty() { "field_missing" } else { "field_long" };
    Err(Error::invalid(field.to_owned(), code, format!("应为 {least} 至 {most} 个字")))
}

fn among(field: &'static str, list: &[(&str, &str)], code: &str) -> Result<()> {
    if list.iter().any(|(c, _)| *c == code) {
        return Ok(());
    }
    let names: Vec<&str> = list.iter().map(|(c, _)| *c).collect();
    Err(Error::invalid(field, "choice_unknown", format!("应为 {} 之一", names.join("、"))))
}

/// Errors: `field_missing`, `field_long`, `choice_unknown`.
pub fn check_point(new: &NewPoint) -> Result<()> {
    within("name", &new.name, 2, 60)?;
    within("address", &new.address, 0, 120)?;
    among("kind", &KINDS, &new.kind)
}

/// Errors: `field_missing`, `field_long`.
pub fn check_device(name: &str, model: &str, serial: &str) -> Result<()> {
    within("name", name, 2, 60)?;
    within("model", model, 0, 60)?;
    within("serial_no", serial, 0, 60)
}

/// What a test says by itself; answers when it was made.
///
/// Errors: `field_missing`, `field_long`, `choice_unknown`, `time_future`, `time_old`, `card_date`, `card_expired`.
pub fn check(new: &NewTest, now: Millis) -> Result<Millis> {
    for (field, text, least, most) in [
        ("key", &new.key, 1, 100),
        ("food", &new.food, 1, 60),
        ("item", &new.item, 1, 60),
        ("method", &new.method, 1, 80),
        ("card/maker", &new.card.maker, 1, 80),
        ("card/batch", &new.card.batch, 1, 40),
        ("stall", &new.stall, 0, 60),
        ("vendor", &new.vendor, 0, 60),
        ("source_place", &new.source_place, 0, 60),
        ("value", &new.value, 0, 60),
        ("unit", &new.unit, 0, 60),
        ("tester", &new.tester, 0, 60),
    ] {
        within(field, text, least, most)?;
    }
    among("goods", &GOODS, &new.goods)?;
    among("result", &RESULTS, &new.result)?;
    let at = new.tested_at.unwrap_or(now);
    if at > now + AHEAD {
        return Err(Error::invalid("tested_at", "time_future", "检测时间晚于现在，请校准设备时钟"));
    }
    if at < now - BEHIND {
        return Err(Error::invalid("tested_at", "time_old", "检测时间早于七天前，不能补录"));
    }
    card(&new.card.expires, at)?;
    Ok(at)
}

/// A card counts on its last day and not after. Errors: `card_date`, `card_expired`.
fn card(expires: &str, at: Millis) -> Result<()> {
    let last: jiff::civil::Date = expires
        .parse()
        .map_err(|_| Error::invalid("card/expires", "card_date", "有效期应写成 2026-03-01"))?;
    if last < china_day(at) {
        let text =
            format!("检测卡（试剂）有效期至 {expires}，检测时已过期，结果无效，请换用有效期内的重新检测");
        return Err(Error::invalid("card/expires", "card_expired", text));
    }
    Ok(())
}

/// A case begins with it.
pub fn calls_for_action(result: &str) -> bool {
    matches!(result, "positive" | "suspect")
}

/// data/rapid-kinds.csv
const TESTING: &str = include_str!("../../../data/rapid-kinds.csv");

/// Whether businesses of a kind (业态) make rapid tests of their own.
pub fn kind_tests(kind: &str) -> bool {
    TESTING.lines().skip(1).any(|line| line.split(',').next() == Some(kind))
}

#[derive(Deserialize)]
struct LawRow {
    article: String,
    text: String,
    certainty: String,
    /// official_farm, official_other, own
    of: Vec<String>,
}

/// What the law says of a result like this: whether the bureau tested, whether it is farm produce.
pub fn law(official: bool, farm: bool) -> Result<Vec<LawLine>> {
    let rows: Vec<LawRow> =
        serde_json::from_str(include_str!("../../../data/rapid-law.json")).map_err(Error::internal)?;
    let of = match (official, farm) {
        (true, true) => "official_farm",
        (true, false) => "official_other",
        (false, _) => "own",
    };
    let lines = rows.into_iter().filter(|r| r.of.iter().any(|o| o == of));
    Ok(lines.map(|r| LawLine { article: r.article, text: r.text, certainty: r.certainty }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// 2026-03-03T09:26:40+08:00
    const NOW: Millis = 1_772_500_000_000;

    fn told(change: Value) -> Option<String> {
        let mut test = json!({
            "key": "1", "stall": "A12", "food": "菠菜", "goods": "farm", "item": "有机磷", "method": "酶抑制率法", "result": "negative",
            "card": { "maker": "某厂", "batch": "C1", "expires": "2026-03-03" },
        });
        for (k, v) in change.as_object().unwrap() {
            test[k] = v.clone();
        }
        let test: NewTest = serde_json::from_value(test).unwrap();
        check(&test, NOW).err().map(|e| e.code.into_owned())
    }

    #[test]
    fn people_are_told_the_hours_of_the_clocks() {
        assert_eq!((hours("retest").unwrap(), hours("object").unwrap()), (4, 4));
        assert!(hours("none").is_err());
    }

    #[test]
    fn what_a_test_must_say() {
        let card = |expires: &str| json!({ "maker": "某厂", "batch": "C1", "expires": expires });
        for (change, expected) in [
            (json!({}), None),
            (json!({ "card": card("2026-03-02") }), Some("card_expired")),
            (json!({ "card": card("明年") }), Some("card_date")),
            // tested while the card was good, told a day later
            (json!({ "card": card("2026-03-02"), "tested_at": NOW - 86_400_000 }), None),
            (json!({ "tested_at": NOW + 11 * 60_000 }), Some("time_future")),
            (json!({ "tested_at": NOW - 8 * 86_400_000 }), Some("time_old")),
            (json!({ "food": " " }), Some("field_missing")),
            (json!({ "stall": "长".repeat(61) }), Some("field_long")),
            (json!({ "result": "fail" }), Some("choice_unknown")),
            (json!({ "key": "" }), Some("field_missing")),
        ] {
            assert_eq!(told(change.clone()).as_deref(), expected, "{change}");
        }
    }

    #[test]
    fn markets_and_kitchens_test_and_shops_do_not() {
        for (kind, tests) in
            [("market", true), ("canteen", true), ("shop", false), ("kind", false), ("", false)]
        {
            assert_eq!(kind_tests(kind), tests, "{kind}");
        }
        // every kind is one that there is
        let known = parties::reference::get();
        assert!(TESTING.lines().skip(1).all(|l| known.business_kind(l.split(',').next().unwrap()).is_some()));
    }

    #[test]
    fn what_the_law_says_depends_on_who_tested_what() {
        assert_eq!(law(true, true).unwrap().len(), 3);
        assert_eq!(law(true, false).unwrap().len(), 2);
        assert!(law(false, true).unwrap()[0].text.contains("不作为行政处罚的依据"));
    }
}
