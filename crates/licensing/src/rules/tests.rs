use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use kit_base::workdays::Period;
use serde_json::{Map, Value, json};

use super::forms::{Around, check, masked};
use super::windows::{Days, Timing, before, days, last_day, timing};
use super::{numbers, reference};
use crate::model::matters::Window;

fn calendar() -> kit_base::workdays::Calendar {
    kit_base::workdays::Calendar::read(include_str!("../../../../data/holidays.csv")).unwrap()
}

#[test]
fn every_matter_has_its_form_and_every_value_says_where_it_is_from() {
    let certainties = ["confirmed", "page", "unconfirmed", "setting"];
    for m in reference::matters() {
        assert!(reference::form(&m.form).is_ok(), "{}", m.code);
        assert!(["permit", "permit_filing"].contains(&m.flow.as_str()), "{}", m.code);
        assert!(m.acts.iter().any(|a| a.code == "new"), "{}", m.code);
        for kind in &m.kinds {
            assert!(parties::reference::get().business_kind(kind).is_some(), "{} {kind}", m.code);
        }
        for t in &m.terms {
            assert!(
                !t.source.is_empty() && certainties.contains(&t.certainty.as_str()),
                "{} {}",
                m.code,
                t.code
            );
            // an extension adds to what is left: both in one unit
            if let ("more", Some(decide)) = (t.code.as_str(), m.term("decide")) {
                assert_eq!(std::mem::discriminant(&t.period), std::mem::discriminant(&decide), "{}", m.code);
            }
        }
        assert!(certainties.contains(&m.certainty.as_str()) && !m.source.is_empty(), "{}", m.code);
        assert!(certainties.contains(&m.number.certainty.as_str()), "{}", m.code);
        let lead = &m.number.lead;
        let form = reference::form(&m.form).unwrap();
        let named = form.steps.iter().flat_map(|s| &s.fields).any(|f| f.code == *lead);
        assert!(lead.is_empty() || named, "{}: {lead}", m.code);
    }
    let provinces: std::collections::BTreeSet<&str> =
        reference::matters().iter().map(|m| m.province.as_str()).collect();
    assert_eq!(provinces, ["", "11", "33", "37", "41"].into());
}

#[test]
fn numbers_are_those_of_the_regulations() {
    let of = |matter: &str, lead: &str, county: &str, serial: i64| {
        numbers::written(&reference::matter(matter).unwrap().number, lead, county, serial)
    };
    assert_eq!(of("food_production", "101", "330100", 1).unwrap(), "SC10133010000013");
    assert_eq!(of("food_production", "106", "330100", 42).unwrap(), "SC10633010000428");
    assert_eq!(of("food_business", "2", "330100", 1).unwrap(), "JY23301000000012");
    assert_eq!(of("food_business", "3", "330100", 1).unwrap(), "JY33301000000015");
    assert_eq!(of("sd_workshop", "", "370102", 7).unwrap(), "XZF370102000007");
    assert_eq!(of("food_production", "101", "330100", 10_000).unwrap_err().code, "number_full");
}

#[test]
fn the_window_of_a_renewal_is_counted_in_working_days() {
    let calendar = calendar();
    // Friday 2026-03-06: the fifth working day before it is Friday 2026-02-27, for 2026-02-28 was a make-up working day
    assert_eq!(before(&calendar, date(2026, 3, 6), Period::WorkingDays(1)), date(2026, 3, 5));
    let five = before(&calendar, date(2026, 3, 6), Period::WorkingDays(5));
    assert_eq!(
        calendar.working_days_between(
            kit_base::clock::day_start(five),
            kit_base::clock::day_start(date(2026, 3, 6))
        ),
        5
    );
    assert_eq!(before(&calendar, date(2026, 3, 31), Period::Days(30)), date(2026, 3, 1));
    let window = Window {
        open: Some(Period::WorkingDays(90)),
        shut: Period::WorkingDays(15),
        late: "pause".into(),
        remind: Period::WorkingDays(90),
        source: String::new(),
        certainty: String::new(),
    };
    let end = date(2026, 6, 30);
    let d = days(&calendar, &window, end);
    let next = |day: Date| day.tomorrow().unwrap();
    let table = [
        (d.open.unwrap().yesterday().unwrap(), Timing::Early),
        (d.open.unwrap(), Timing::InTime),
        (d.shut, Timing::InTime),
        (next(d.shut), Timing::Late),
        (end, Timing::Late),
        (next(end), Timing::Over),
    ];
    for (day, expected) in table {
        assert_eq!(timing(d, end, day), expected, "{day}");
    }
    let open = Days { open: None, ..d };
    assert_eq!(timing(open, end, date(2020, 1, 1)), Timing::InTime);
}

#[test]
fn a_licence_ends_the_day_before_years_later() {
    assert_eq!(last_day(date(2026, 3, 3), 5), Some(date(2031, 3, 2)));
    assert_eq!(last_day(date(2024, 2, 29), 5), Some(date(2029, 2, 27)));
    assert_eq!(last_day(date(2026, 3, 3), 0), None);
}

/// A whole application for a restaurant.
fn restaurant() -> Map<String, Value> {
    let value = json!({
        "name": "老王烩面馆", "uscc": "92330100MA2ABCD13F", "legal": "王小明", "legal_id": "11010519491231002X",
        "phone": "13812345678", "address": "人民路3号",
        "main_form": "2", "items": ["C1", "C6"], "area": 80, "kitchen_area": 30, "diners": 40,
        "equipment": [{ "name": "冷藏柜", "count": 2 }],
        "managers": [{ "name": "李小红", "post": "officer", "id_no": "11010519491231002X" }],
        "layout": ["f1"], "flow": ["f1"], "rules": ["f1"], "true": true
    });
    value.as_object().unwrap().clone()
}

fn defects(form: &str, content: &Map<String, Value>, act: &'static str, mode: &str) -> Vec<String> {
    let around = Around {
        facts: BTreeMap::from([
            ("$act", act.to_owned()),
            ("$mode", mode.to_owned()),
            ("$province", "41".to_owned()),
            ("$matter", String::new()),
        ]),
        list: &reference::list,
        file: &|id| id == "f1",
    };
    let found = check(reference::form(form).unwrap(), content, &around);
    found.into_iter().map(|d| format!("{} {}", d.place, d.code)).collect()
}

#[test]
fn a_form_tells_every_fault_with_its_place() {
    assert_eq!(defects("food_business", &restaurant(), "new", ""), Vec::<String>::new());
    let table: &[(&str, Value, &[&str])] = &[
        ("name", json!(" "), &["name form_missing"]),
        ("uscc", json!("92330100MA2ABCD13X"), &["uscc uscc_check"]),
        ("legal_id", json!("11010519491231002"), &["legal_id id_no_form"]),
        ("phone", json!("123"), &["phone phone_form"]),
        ("main_form", json!("9"), &["main_form form_option"]),
        // as a seller it says how it sells, has no kitchen and no guests
        (
            "main_form",
            json!("1"),
            &[
                "sale_mode form_missing",
                "kitchen_area form_unasked",
                "diners form_unasked",
                "flow form_unasked",
            ],
        ),
        ("items", json!([]), &["items form_missing"]),
        ("items", json!(["C1", "Q9"]), &["items/1 form_option"]),
        ("notes", json!(["online"]), &["website form_missing"]),
        ("notes", json!(["machine"]), &["machines form_missing"]),
        ("area", json!("八十"), &["area form_number"]),
        ("area", json!(0), &["area form_range"]),
        (
            "equipment",
            json!([{ "name": "冷藏柜" }, { "name": "", "count": 1, "x": 1 }]),
            &[
                "equipment/0/count form_missing",
                "equipment/1/name form_missing",
                "equipment/1/x form_unknown",
            ],
        ),
        ("equipment", json!("冷藏柜"), &["equipment form_kind"]),
        ("layout", json!(["f2"]), &["layout/0 form_file"]),
        ("true", json!(false), &["true form_missing"]),
        ("changed_on", json!("2026-03-01"), &["changed_on form_unasked"]),
        ("surprise", json!(1), &["surprise form_unknown"]),
    ];
    for (field, value, expected) in table {
        let mut content = restaurant();
        content.insert((*field).to_owned(), value.clone());
        assert_eq!(defects("food_business", &content, "new", ""), *expected, "{field} {value}");
    }
    let promised = defects("food_business", &restaurant(), "new", "commitment");
    assert_eq!(
        promised,
        ["commit_known form_missing", "commit_meets form_missing", "commit_paper form_missing"]
    );
    let change = defects("food_business", &restaurant(), "change", "");
    assert_eq!(change, ["changed_on form_missing", "changes form_missing"]);
    // who closes says why and nothing else
    let closing = defects("food_business", &restaurant(), "cancel", "");
    assert!(closing.contains(&"stopped_on form_missing".to_owned()));
    assert!(closing.contains(&"items form_unasked".to_owned()));
}

#[test]
fn what_is_personal_is_masked_in_rows_too() {
    let hidden = masked(reference::form("food_business").unwrap(), &restaurant());
    assert_eq!(hidden["legal_id"], "110105**********2X");
    assert_eq!(hidden["managers"][0]["id_no"], hidden["legal_id"]);
    assert_ne!(hidden["managers"][0]["name"], "李小红");
    assert_eq!(hidden["name"], "老王烩面馆");
}
