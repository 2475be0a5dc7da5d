//! The definition test finds what is wrong: a sound definition, broken in one place at a time.

use kit_flow::Definition;
use kit_flow::check::{Known, check};
use serde_json::{Value, json};

fn sound() -> Value {
    json!({
        "kind": "leave", "version": 1, "name": "试", "source": "试行办法", "read": "x.read", "begin": "x.begin", "start": "draft",
        "statuses": [
            { "code": "draft", "name": "拟稿", "clocks": ["write"] },
            { "code": "check", "name": "审核", "tasks": ["check"], "no_clock": "内部审核，不设时限" },
            { "code": "done", "name": "办结", "end": true }
        ],
        "flags": [{ "code": "late", "name": "逾期" }],
        "tasks": [{ "code": "check", "name": "审核", "may": "x.check", "seats": "pool" }],
        "clocks": [{ "code": "write", "name": "拟稿期限", "period": { "unit": "days", "count": 5 }, "expiry": "late" }],
        "actions": [
            { "code": "hand_in", "name": "送审", "from": ["draft"], "to": "check", "who": [{ "may": "x.begin" }] },
            { "code": "approve", "name": "通过", "from": ["check"], "to": "done", "task": "check",
              "who": [{ "may": "x.check", "relation": "assignee" }], "not": ["last:hand_in"] },
            { "code": "late", "name": "逾期", "from": ["draft"], "who": [{ "may": "house" }], "effects": [{ "flag": "late" }] }
        ],
        "ops": { "oversee": "x.oversee" },
        "staff": { "officer": 2, "leader": 1 }
    })
}

fn faults(definition: &Value) -> Vec<String> {
    let roles_of = |p: &str| {
        Some(match p {
            "x.read" | "x.begin" | "x.check" => vec!["officer".to_owned()],
            "x.oversee" => vec!["leader".to_owned()],
            "x.empty" => vec!["investigator".to_owned()],
            _ => return None,
        })
    };
    let definition = Definition::read(&definition.to_string()).unwrap();
    check(&definition, &Known { roles_of: &roles_of, kinds: &["leave"], facts: &[] })
}

#[test]
fn a_sound_definition_has_no_fault() {
    assert_eq!(faults(&sound()), Vec::<String>::new());
}

#[test]
fn each_break_is_found_and_named() {
    let table = [
        ("/start", json!("nowhere"), "start: no status nowhere"),
        ("/actions/0/to", json!("gone"), "actions/hand_in: no status gone"),
        ("/actions/1/task", json!("gone"), "no task gone"),
        ("/actions/1/not", json!(["last:gone"]), "names nobody"),
        ("/actions/1/from", json!(["draft"]), "statuses/check: no action leads out of it"),
        ("/actions/2/who", json!([{ "may": "x.check" }]), "the house may not late"),
        ("/actions/2/from", json!(["check"]), "may be over in draft, where late is not possible"),
        ("/actions/2/effects", json!([{ "child": "gone" }]), "nothing of this name"),
        ("/actions/0/who", json!([{ "may": "x.gone" }]), "no permission x.gone"),
        ("/actions/0/who", json!([{ "may": "x.empty" }]), "nobody of the staff has x.empty"),
        ("/clocks/0/expiry", Value::Null, "nothing happens when it is over"),
        ("/statuses/0/clocks", json!([]), "has no clock, and no reason for none"),
        ("/tasks/0/seats", json!("form:boss"), "are nobody's"),
        ("/actions/0/to", json!("done"), "statuses/check: is never reached"),
        // one officer cannot do both
        ("/staff/officer", json!(1), "no end can be reached once"),
        ("/statuses/2/end", json!(false), "no action leads out of it"),
    ];
    for (place, value, expected) in table {
        let mut broken = sound();
        *broken.pointer_mut(place).unwrap_or_else(|| panic!("{place}")) = value.clone();
        let found = faults(&broken);
        assert!(found.iter().any(|f| f.contains(expected)), "{place} = {value}: {found:#?}");
    }
}

/// 退回 leads back to handing in: with two officers a case can be handed in by both, and then nobody may approve. Whoever
/// did it last is enough to keep the two apart.
#[test]
fn a_separation_that_uses_everybody_up_is_found() {
    let mut all = sound();
    all["actions"][1]["not"] = json!(["any:hand_in"]);
    let found = faults(&all);
    assert!(found.iter().any(|f| f.contains("officer 1, officer 2 did hand_in")), "{found:#?}");
    // without the way back it cannot come to that
    all["statuses"][1]["no_return"] = json!(true);
    assert_eq!(faults(&all), Vec::<String>::new());
}
