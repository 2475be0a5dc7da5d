use serde_json::json;

use super::*;

const STRICT: Rules = Rules { strict: true, xml: false };

fn good() -> Value {
    json!({
        "type": "ObjectEvent", "eventTime": "2026-07-22T06:45:00+02:00", "eventTimeZoneOffset": "+02:00",
        "action": "ADD", "epcList": ["https://id.gs1.org/01/09521141012345/21/2017"],
    })
}

fn with(changes: Value) -> Value {
    let mut event = good();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => drop(event.as_object_mut().unwrap().shift_remove(name)),
            _ => drop(event.as_object_mut().unwrap().insert(name.clone(), value.clone())),
        }
    }
    event
}

#[test]
fn each_defect_has_its_place_and_code() {
    assert_eq!(check_event(&good(), "", STRICT), vec![]);
    let table = [
        (json!({"action": null}), "/action", "required"),
        (json!({"action": "CREATE"}), "/action", "action"),
        (json!({"eventTime": "2026-02-30T00:00:00Z"}), "/eventTime", "time_impossible"),
        (json!({"eventTime": "2026-02-03T00:00:00"}), "/eventTime", "time_no_offset"),
        (json!({"eventTime": 5}), "/eventTime", "wrong_type"),
        (json!({"eventTimeZoneOffset": "8"}), "/eventTimeZoneOffset", "zone_syntax"),
        (json!({"epcList": ["410002113503769"]}), "/epcList/0", "not_uri"),
        (json!({"epcList": ["urn:a:b", "urn:a:b"]}), "/epcList/1", "duplicate"),
        (json!({"epcList": null}), "", "nothing_named"),
        (json!({"bizStep": "transforming"}), "/bizStep", "not_in_vocabulary"),
        (json!({"bizStep": "urn:epcglobal:cbv:bizstep:transforming"}), "/bizStep", "not_in_vocabulary"),
        (json!({"disposition": "in_transport"}), "/disposition", "not_in_vocabulary"),
        (
            json!({"sourceList": [{"type": "place", "source": "urn:a:b"}]}),
            "/sourceList/0/type",
            "not_in_vocabulary",
        ),
        (json!({"sourceList": [{"source": "urn:a:b"}]}), "/sourceList/0/type", "required"),
        (json!({"ilmd": {"materialType": "soil"}}), "/ilmd/materialType", "unknown_field"),
        (json!({"ilmd": {}, "action": "OBSERVE"}), "/ilmd", "ilmd_action"),
        (json!({"madeUp": 1}), "/madeUp", "unknown_field"),
        (json!({"a/b": 1}), "/a~1b", "unknown_field"),
        (
            json!({"quantityList": [{"epcClass": "urn:a:b", "quantity": "twenty"}]}),
            "/quantityList/0/quantity",
            "wrong_type",
        ),
        (
            json!({"quantityList": [{"epcClass": "urn:a:b", "quantity": -1}]}),
            "/quantityList/0/quantity",
            "quantity_negative",
        ),
        (
            json!({"quantityList": [{"epcClass": "urn:a:b", "quantity": 1e300}]}),
            "/quantityList/0/quantity",
            "quantity_too_large",
        ),
        (
            json!({"quantityList": [{"epcClass": "urn:a:b", "quantity": 1e15}]}),
            "/quantityList/0/quantity",
            "quantity_too_large",
        ),
        (json!({"quantityList": [{"epcClass": "urn:a:b", "uom": "公斤"}]}), "/quantityList/0/uom", "uom"),
        (json!({"quantityList": [{"quantity": 1}]}), "/quantityList/0/epcClass", "required"),
        (json!({"quantityList": {}}), "/quantityList", "wrong_type"),
        (json!({"readPoint": "urn:a:b"}), "/readPoint", "wrong_type"),
        (json!({"persistentDisposition": {"set": []}}), "/persistentDisposition/set", "empty_list"),
        (
            json!({"errorDeclaration": {"reason": "incorrect_data"}}),
            "/errorDeclaration/declarationTime",
            "required",
        ),
        (
            json!({"sensorElementList": [{"sensorReport": []}]}),
            "/sensorElementList/0/sensorReport",
            "empty_list",
        ),
        (
            json!({"sensorElementList": [{"sensorReport": [{"type": "Heat"}]}]}),
            "/sensorElementList/0/sensorReport/0/type",
            "not_in_vocabulary",
        ),
        (json!({"@context": 5}), "/@context", "context"),
        (json!({"type": "Event"}), "/type", "event_type"),
    ];
    for (changes, place, code) in table {
        let defects = check_event(&with(changes.clone()), "", STRICT);
        let found: Vec<_> = defects.iter().map(|d| (d.place.as_str(), d.code.as_ref())).collect();
        assert!(found.contains(&(place, code)), "{changes}: {found:?}");
    }
    assert_eq!(check_event(&json!([]), "/x", STRICT)[0].code, "wrong_type");
}

#[test]
fn kinds_ask_for_what_they_need() {
    let base = json!({"epcList": null, "type": "TransformationEvent", "action": null});
    let mut event = with(base);
    assert_eq!(check_event(&event, "", STRICT)[0].code, "nothing_named");
    event["inputEPCList"] = json!(["urn:a:b"]);
    assert_eq!(check_event(&event, "", STRICT)[0].code, "nothing_named");
    event["transformationID"] = json!("urn:a:c");
    assert_eq!(check_event(&event, "", STRICT), vec![]);
    let group = with(json!({"type": "AggregationEvent", "epcList": null, "childEPCs": ["urn:a:b"]}));
    assert_eq!(check_event(&group, "", STRICT)[0].place, "/parentID");
    assert_eq!(check_event(&group, "", Rules { strict: false, xml: false }), vec![]);
    let deal = with(json!({"type": "TransactionEvent"}));
    assert_eq!(check_event(&deal, "", STRICT)[0].place, "/bizTransactionList");
    let own = with(json!({"type": "https://example.com/types/Weighing", "free": 1, "action": null}));
    assert_eq!(check_event(&own, "", STRICT), vec![]);
}

#[test]
fn lenient_reading_keeps_national_numbers() {
    let lenient = Rules { strict: false, xml: true };
    assert_eq!(check_event(&with(json!({"epcList": ["410002113503769"]})), "", lenient), vec![]);
    assert_eq!(check_event(&with(json!({"epcList": [" "]})), "", lenient)[0].code, "not_uri");
    assert_eq!(
        check_event(&with(json!({"bizStep": "transforming"})), "", lenient)[0].code,
        "not_in_vocabulary"
    );
}
