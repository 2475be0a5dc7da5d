use serde_json::json;

use super::*;

fn read(pairs: &[(&str, &str)]) -> Result<Query, String> {
    Query::of_pairs(pairs.iter().copied()).map(|(_, q)| q).map_err(|w| w.parameter)
}

#[test]
fn parameters_are_read_or_named() {
    let query =
        read(&[("eventType", "ObjectEvent|AggregationEvent"), ("EQ_bizStep", "cbv:BizStep-shipping")])
            .unwrap();
    assert_eq!(query.types.unwrap().len(), 2);
    assert_eq!(query.steps.unwrap(), ["shipping"]);
    let table: &[&[(&str, &str)]] = &[
        &[("page", "2")],
        &[("eventType", "Object")],
        &[("EQ_action", "add")],
        &[("GE_eventTime", "2026-01-01")],
        &[("GT_quantity", "many")],
        &[("orderBy", "bizStep")],
        &[("orderDirection", "ASC")],
        &[("eventCountLimit", "0")],
        &[("MATCH_epc", "https://id.gs1.org/01/04012345123455")],
        &[("EQ_bizTransaction_", "x")],
    ];
    for pairs in table {
        assert_eq!(read(pairs).unwrap_err(), pairs[0].0, "{pairs:?}");
    }
    assert_eq!(read(&[("eventCountLimit", "3"), ("maxEventCount", "3")]).unwrap_err(), "maxEventCount");
}

#[test]
fn each_parameter_decides_alone() {
    let event = json!({
        "type": "ObjectEvent", "eventTime": "2026-02-01T08:00:00+08:00", "eventTimeZoneOffset": "+08:00", "action": "OBSERVE",
        "bizStep": "shipping", "disposition": "in_transit", "readPoint": { "id": "https://id.gs1.org/414/9521321000018/254/7" },
        "bizLocation": { "id": "https://t.example/parties/p1" },
        "epcList": ["https://id.gs1.org/00/106141412345678908"],
        "quantityList": [{ "epcClass": "https://id.gs1.org/01/09521141012345/10/A1", "quantity": 1.5, "uom": "KGM" }],
        "bizTransactionList": [{ "type": "po", "bizTransaction": "urn:x:1" }],
    });
    let place = Place { base: "https://t.example", division: "410902" };
    let yes = [
        ("eventType", "ObjectEvent"),
        ("GE_eventTime", "2026-02-01T00:00:00Z"),
        ("LT_eventTime", "2026-02-01T00:00:00.001Z"),
        ("LT_recordTime", "1970-01-01T00:00:00.006Z"),
        ("EQ_bizStep", "receiving|shipping"),
        ("EQ_readPoint", "urn:epc:id:sgln:9521321.00001.7"),
        ("WD_readPoint", "urn:epc:id:sgln:9521321.00001.0"),
        ("WD_bizLocation", "https://t.example/divisions/4109"),
        ("MATCH_anyEPC", "urn:epc:id:sscc:0614141.1234567890"),
        ("MATCH_epcClass", "urn:epc:class:lgtin:9521141.001234.A1"),
        ("MATCH_anyEPCClass", "urn:epc:idpat:sgtin:9521141.001234.*"),
        ("EQ_quantity", "1.50"),
        ("LE_quantity", "1.5"),
        ("EXISTS_errorDeclaration", "false"),
        ("EQ_bizTransaction_po", "urn:x:1"),
    ];
    for pair in yes {
        assert!(read(&[pair]).unwrap().lets(&event, 5, place), "{pair:?}");
    }
    let no = [
        ("eventType", "AggregationEvent"),
        ("LT_eventTime", "2026-02-01T00:00:00Z"),
        ("GE_recordTime", "1970-01-01T00:00:00.006Z"),
        ("EQ_readPoint", "urn:epc:id:sgln:9521321.00001.0"),
        ("WD_bizLocation", "https://t.example/divisions/4110"),
        ("MATCH_epc", "https://id.gs1.org/01/09521141012345/10/A1"),
        ("MATCH_epcClass", "https://id.gs1.org/01/09521141012345"),
        ("MATCH_parentID", "urn:epc:id:sscc:0614141.1234567890"),
        ("GT_quantity", "1.5"),
        ("EXISTS_errorDeclaration", "true"),
        ("EQ_errorReason", "incorrect_data"),
        ("EQ_bizTransaction_inv", "urn:x:1"),
    ];
    for pair in no {
        assert!(!read(&[pair]).unwrap().lets(&event, 5, place), "{pair:?}");
    }
}
