use kit_base::coords::Datum;

use super::*;
use crate::reference;

fn good() -> NewParty {
    NewParty {
        name: "濮阳市华龙区老王超市".to_owned(),
        uscc: Some("92330100MA2ABCD13F".to_owned()),
        kind: "shop".to_owned(),
        division: "410902".to_owned(),
        ..NewParty::default()
    }
}

#[test]
fn a_good_business_passes() {
    assert_eq!(check_party(&tidied(good()), reference::get()).unwrap(), []);
}

#[test]
fn every_fault_names_its_field() {
    type Edit = fn(&mut NewParty);
    let table: [(Edit, &str, &str); 15] = [
        (|p| p.name = " 　".into(), "name", "name_missing"),
        (|p| p.name = "长".repeat(101), "name", "too_long"),
        (|p| p.name = "老王\u{7}店".into(), "name", "control_character"),
        (|p| p.uscc = Some("92330100MA2ABCD13G".into()), "uscc", "uscc_check"),
        (|p| p.kind = "小卖部".into(), "kind", "kind_unknown"),
        (|p| p.division = "4109".into(), "division", "division_form"),
        (|p| p.division = "419999".into(), "division", "division_unknown"),
        (|p| p.items = vec!["Z9".into()], "items", "item_unknown"),
        (|p| p.licences = vec![licence("JY123")], "licences/0/number", "licence_form"),
        (
            |p| p.licences = vec![licence("JY13301000000018"), licence("JY13301000000018")],
            "licences/1/number",
            "licence_twice",
        ),
        (
            |p| p.licences = vec![NewLicence { expires: "2026-02-30".into(), ..licence("地方12345") }],
            "licences/0/expires",
            "date_impossible",
        ),
        (
            |p| {
                let dates = ("2026-02-01".to_owned(), "2025".to_owned());
                p.licences = vec![NewLicence { issued: dates.0, expires: dates.1, ..licence("地方12345") }];
            },
            "licences/0/expires",
            "dates_reversed",
        ),
        (|p| p.people = Some(vec![person("boss", "张三", "")]), "people/0/role", "role_unknown"),
        (|p| p.people = Some(vec![person("head", "张三", "12345")]), "people/0/phone", "phone_form"),
        (|p| p.position = Some(place(35.7, 115.0)), "position", "position_swapped"),
    ];
    for (edit, field, code) in table {
        let mut party = good();
        edit(&mut party);
        let error = check_party(&tidied(party), reference::get()).unwrap_err();
        assert_eq!((error.field.as_deref(), error.code.as_ref()), (Some(field), code));
    }
}

#[test]
fn doubts_are_warnings() {
    type Edit = fn(&mut NewParty);
    let table: [(Edit, &str); 4] = [
        (|p| p.division = "540422".into(), "division_retired"),
        (|p| p.division = "410902999".into(), "division_street_unknown"),
        (|p| p.licences = vec![licence("JY13301000000018")], "licence_elsewhere"),
        (|p| p.position = Some(place(2.35, 60.0)), "position_abroad"),
    ];
    for (edit, code) in table {
        let mut party = good();
        edit(&mut party);
        let warnings = check_party(&tidied(party), reference::get()).unwrap();
        assert!(warnings.iter().any(|w| w.code == code), "{code}: {warnings:?}");
    }
}

#[test]
fn all_faults_come_at_once() {
    let party = NewParty { name: String::new(), kind: "?".into(), division: "1".into(), ..good() };
    let error = check_party(&tidied(party), reference::get()).unwrap_err();
    let places: Vec<&str> = error.defects.iter().map(|d| d.place.as_str()).collect();
    assert_eq!(places, ["name", "kind", "division"]);
}

#[test]
fn a_status_needs_a_change_and_a_reason() {
    assert!(check_status(Status::Active, Status::Suspended, "装修").is_ok());
    assert_eq!(check_status(Status::Active, Status::Active, "装修").unwrap_err().code, "status_same");
    assert_eq!(check_status(Status::Closed, Status::Active, " ").unwrap_err().code, "reason_missing");
}

fn licence(number: &str) -> NewLicence {
    NewLicence { number: number.to_owned(), ..NewLicence::default() }
}

fn person(role: &str, name: &str, phone: &str) -> NewPerson {
    NewPerson { role: role.into(), name: name.into(), phone: phone.into() }
}

fn place(lon: f64, lat: f64) -> Position {
    Position { lon, lat, datum: Datum::Wgs84, accuracy: None }
}
