use serde_json::{Value, json};

use super::super::decimal::Decimal;
use super::*;

fn planned(event: Value) -> Vec<PlannedMove> {
    let mut value =
        json!({"type": "ObjectEvent", "eventTime": "2026-03-01T22:00:00Z", "eventTimeZoneOffset": "+08:00"});
    value.as_object_mut().unwrap().extend(event.as_object().unwrap().clone());
    let rules = crate::epcis::validate::Rules { strict: true, xml: false };
    assert_eq!(crate::epcis::validate::check_event(&value, "", rules), vec![], "{value}");
    plan(&Event::read(&value).unwrap())
}

fn keys(items: &[PlannedItem]) -> Vec<&str> {
    items.iter().map(|item| item.key.as_str()).collect()
}

const LOT: &str = "urn:epc:class:lgtin:4012345.012345.998877";
const LOT_KEY: &str = "01:04012345123456:10:998877";

#[test]
fn steps_become_kinds() {
    let table = [
        ("commissioning", "ADD", MoveKind::Produce, 0, 1),
        ("creating_class_instance", "ADD", MoveKind::Produce, 0, 1),
        ("killing", "OBSERVE", MoveKind::Produce, 1, 1),
        ("shipping", "OBSERVE", MoveKind::Ship, 1, 1),
        ("departing", "OBSERVE", MoveKind::Ship, 1, 1),
        ("receiving", "OBSERVE", MoveKind::Receive, 1, 1),
        ("accepting", "OBSERVE", MoveKind::Receive, 1, 1),
        ("retail_selling", "OBSERVE", MoveKind::Sell, 1, 0),
        ("destroying", "DELETE", MoveKind::Destroy, 1, 0),
        ("decommissioning", "DELETE", MoveKind::Observe, 0, 0),
        ("inspecting", "OBSERVE", MoveKind::Observe, 0, 0),
        ("https://example.com/steps/harvesting", "ADD", MoveKind::Harvest, 0, 1),
        ("https://example.com/steps/weighing", "ADD", MoveKind::Observe, 0, 0),
    ];
    for (step, action, kind, takes, makes) in table {
        let moves = planned(json!({"action": action, "bizStep": step,
            "quantityList": [{"epcClass": LOT, "quantity": 200.5, "uom": "KGM"}]}));
        let [only] = moves.as_slice() else { panic!("{step}: {moves:?}") };
        assert_eq!((only.kind, only.takes.len(), only.makes.len()), (kind, takes, makes), "{step}");
        assert_eq!(only.about.len(), usize::from(kind == MoveKind::Observe), "{step}");
        let item = only.takes.iter().chain(&only.makes).chain(&only.about).next().unwrap();
        assert_eq!((item.key.as_str(), item.amount), (LOT_KEY, Some((200_500, Unit::G))), "{step}");
    }
    let picked = planned(json!({"action": "ADD", "bizStep": "commissioning",
        "quantityList": [{"epcClass": LOT}], "ilmd": {"cbvmda:harvestStartDate": "2026-02-28"}}));
    assert_eq!((picked[0].kind, picked[0].makes[0].amount), (MoveKind::Harvest, None));
    assert_eq!(picked[0].when.day.to_string(), "2026-03-02", "the day at the place, not in UTC");
}

#[test]
fn things_that_travel_together_are_moves_of_their_own() {
    let moves = planned(
        json!({"action": "OBSERVE", "bizStep": "shipping", "epcList": ["urn:epc:id:sscc:4012345.0000000333"],
        "quantityList": [{"epcClass": LOT, "quantity": 3}],
        "readPoint": {"id": "urn:epc:id:sgln:4012345.00001.0"},
        "sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:4012345.00225"}],
        "destinationList": [{"type": "location", "destination": "urn:epc:id:sgln:0614141.00777.0"},
            {"type": "possessing_party", "destination": "https://id.gs1.org/417/0614141007776"}],
        "bizTransactionList": [{"type": "desadv", "bizTransaction": "urn:epcglobal:cbv:bt:0614141073467:1152"}]}),
    );
    assert_eq!(moves.len(), 2);
    assert_eq!(moves[0].party.as_deref(), Some("417:4012345002256"));
    assert_eq!(moves[0].counterpart.as_deref(), Some("417:0614141007776"));
    assert_eq!(moves[0].doc_no.as_deref(), Some("urn:epcglobal:cbv:bt:0614141073467:1152"));
    assert_eq!(moves[0].takes[0].amount, None, "nobody said what is on the pallet");
    assert_eq!(moves[1].takes[0].amount, Some((3, Unit::Pc)));
}

#[test]
fn transformations_join_all_and_packs_nest() {
    let base = json!({"type": "TransformationEvent", "inputEPCList": ["urn:a:cow"], "inputQuantityList": [{"epcClass": LOT}],
        "outputQuantityList": [{"epcClass": "https://id.gs1.org/01/04012345666663/10/B", "quantity": 2, "uom": "TNE"}]});
    let made = planned(base);
    assert_eq!((made[0].kind, keys(&made[0].takes)), (MoveKind::Produce, vec!["x:urn:a:cow", LOT_KEY]));
    assert_eq!(made[0].makes[0].amount, Some((2_000_000, Unit::G)));

    let group = |action: &str, step: &str| {
        planned(json!({"type": "AggregationEvent", "action": action, "bizStep": step,
            "parentID": "urn:epc:id:sscc:4012345.0000000333",
            "childEPCs": ["urn:epc:id:sgtin:4012345.012345.1", "urn:epc:id:sgtin:4012345.012345.2"]}))
    };
    let packed = group("ADD", "packing");
    assert_eq!((packed.len(), packed[0].takes.len(), packed[0].makes.len()), (1, 2, 1));
    assert_eq!(packed[0].takes[0].amount, Some((1, Unit::Pc)));
    let unpacked = group("DELETE", "unpacking");
    assert_eq!(unpacked.len(), 2);
    assert_eq!(keys(&unpacked[1].takes), ["00:040123450000003338", "01:04012345123456:21:2"]);
    assert!(unpacked[1].takes[1].if_known && !unpacked[1].takes[0].if_known);
    let all = planned(
        json!({"type": "AggregationEvent", "action": "DELETE", "parentID": "urn:epc:id:sscc:4012345.0000000333"}),
    );
    assert_eq!((all[0].kind, all[0].takes.len(), all[0].makes.len()), (MoveKind::Unpack, 1, 0));
    let moved = group("OBSERVE", "receiving");
    assert_eq!((moved.len(), moved[0].kind), (3, MoveKind::Receive));
}

#[test]
fn error_declarations_move_nothing() {
    let moves = planned(
        json!({"action": "OBSERVE", "bizStep": "shipping", "epcList": ["urn:a:b"], "eventID": "urn:uuid:1",
        "errorDeclaration": {"declarationTime": "2026-03-02T00:00:00Z"}}),
    );
    assert_eq!((moves[0].kind, moves[0].retracts.as_deref()), (MoveKind::Observe, Some("urn:uuid:1")));
    assert!(moves[0].takes.is_empty() && moves[0].makes.is_empty() && moves[0].about.len() == 1);
}

#[test]
fn amounts_are_exact_or_say_so() {
    let amount = |text: &str, uom: &str| base_amount(Decimal::parse(text).unwrap(), Some(uom));
    let table = [
        ("200.5", "KGM", Ok((200_500, Unit::G, true))),
        ("0.1234567", "KGM", Ok((123, Unit::G, false))),
        ("1", "LBR", Ok((454, Unit::G, false))),
        ("1.5", "LTR", Ok((1_500, Unit::Ml, true))),
        ("2", "DZN", Ok((24, Unit::Pc, true))),
        ("0", "KGM", Ok((0, Unit::G, true))),
        ("0.0001", "KGM", Err(Note::AmountOutOfRange)),
        ("0.5", "EA", Err(Note::AmountOutOfRange)),
        ("2000000", "TNE", Err(Note::AmountOutOfRange)),
        ("1", "CEL", Err(Note::UnknownUnit)),
    ];
    for (text, uom, wanted) in table {
        assert_eq!(amount(text, uom), wanted, "{text} {uom}");
    }
    assert_eq!(base_amount(Decimal::parse("200.5").unwrap(), None), Err(Note::AmountOutOfRange));
}
