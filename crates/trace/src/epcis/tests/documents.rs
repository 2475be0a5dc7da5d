use serde_json::json;

use super::*;

/// Writes events and reads them back.
fn again(document: &Document, events: &[Captured]) -> Vec<Captured> {
    let mut contexts = Contexts::standard();
    for event in events {
        contexts.merge(&event.contexts);
    }
    let mut head = write::Head::of(&document.head);
    if head.creation_date.is_empty() {
        head.creation_date = "2026-01-01T00:00:00Z".into();
    }
    let mut writer = Writer::start(Vec::new(), &head, &contexts).unwrap();
    for event in events {
        writer.event(&event.value, &event.contexts).unwrap();
    }
    let bytes = writer.finish().unwrap();
    let options =
        Options { strict: document.head.get("schemaVersion") != Some(&json!("1.2")), ..Options::STRICT };
    read_all(&bytes[..], options).unwrap_or_else(|e| panic!("{e:?}\n{}", String::from_utf8_lossy(&bytes))).1
}

#[test]
fn valid_documents_pass_and_come_out_equal() {
    for folder in ["valid", "xml-valid"] {
        for (name, bytes) in published(folder) {
            let (document, events) =
                read_all(&bytes[..], Options::STRICT).unwrap_or_else(|e| panic!("{name}: {:#?}", e.defects));
            assert!(!events.is_empty(), "{name}");
            let back = again(&document, &events);
            assert_eq!(events.len(), back.len(), "{name}");
            for (a, b) in events.iter().zip(&back) {
                let same = same_event((&a.value, &a.contexts), (&b.value, &b.contexts));
                assert!(same, "{name}:\n{:#}\n{:#}", a.value, b.value);
                let alone = a.standalone();
                let empty = Contexts::default();
                assert!(same_event((&a.value, &a.contexts), (&alone, &empty)), "{name}: {alone:#}");
            }
        }
    }
}

#[test]
fn json_comes_out_as_it_went_in() {
    for (name, bytes) in published("valid") {
        let (document, events) = read_all(&bytes[..], Options::STRICT).unwrap();
        let written: Vec<_> = again(&document, &events).into_iter().map(|e| e.value).collect();
        let original: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(original["epcisBody"]["eventList"], json!(written), "{name}");
    }
}

#[test]
fn the_same_name_is_the_same_event_in_both_syntaxes() {
    let xml: Vec<_> = published("xml-valid");
    let mut pairs = 0;
    for (name, bytes) in published("valid") {
        let twin = name.replace(".json", ".xml");
        let Some((_, twin)) = xml.iter().find(|(name, _)| *name == twin) else { continue };
        pairs += 1;
        let (_, a) = read_all(&bytes[..], Options::STRICT).unwrap();
        let (_, b) = read_all(&twin[..], Options::STRICT).unwrap();
        assert_eq!(a.len(), b.len(), "{name}");
        for (a, b) in a.iter().zip(&b) {
            let (x, y) = (compare::normal(&a.value, &a.contexts), compare::normal(&b.value, &b.contexts));
            assert_eq!(x, y, "{name}");
        }
    }
    assert!(xml.is_empty() || pairs >= 9, "{pairs} pairs");
}

#[test]
fn invalid_documents_are_refused_with_place_and_reason() {
    let event = "/epcisBody/eventList";
    let wanted: &[(&str, &[(&str, &str)])] = &[
        ("EPCISDocument_without_context.json", &[("required", "/@context")]),
        ("ObjectEvent_with_invalid_action.json", &[("action", "/0/action")]),
        ("ObjectEvent_with_invalid_eventTime_format.json", &[("time_syntax", "/0/eventTime")]),
        (
            "ObjectEvent_with_non_standard_bizStep_in_second_event.json",
            &[("not_in_vocabulary", "/1/bizStep")],
        ),
        ("ObjectEvent_with_quantity_as_text.json", &[("wrong_type", "/0/quantityList/0/quantity")]),
        (
            "ObjectEvent_without_action_and_eventTime.json",
            &[("required", "/0/action"), ("required", "/0/eventTime")],
        ),
        (
            "Combination_of_multiple_invalid_fields.json",
            &[
                ("not_in_vocabulary", "/0/bizStep"),
                ("not_in_vocabulary", "/1/disposition"),
                ("not_in_vocabulary", "/2/sourceList/0/type"),
                ("unknown_field", "/3/ilmd/materialType"),
                ("time_syntax", "/4/eventTime"),
                ("action", "/4/action"),
            ],
        ),
    ];
    for options in [Options::STRICT, Options::LENIENT] {
        for (name, bytes) in published("invalid") {
            let error = read_all(&bytes[..], options).map(|_| ()).expect_err(&name);
            let told = told(&error);
            for (code, place) in wanted.iter().find(|(n, _)| *n == name).map_or(&[][..], |(_, w)| w) {
                let place = if *code == "required" && *place == "/@context" {
                    (*place).to_owned()
                } else {
                    format!("{event}{place}")
                };
                assert!(
                    told.contains(&((*code).to_owned(), place.clone())),
                    "{name}: {code} {place} not in {told:?}"
                );
            }
            assert!(
                error.defects.iter().all(|d| d.place.starts_with('/') && !d.message.is_empty()),
                "{name}"
            );
        }
    }
}

#[test]
fn invalid_xml_is_refused_with_line_and_reason() {
    let wanted = [
        ("ObjectEvent_bare_event_without_action.xml", "required", "line 1 column 1 /action"),
        (
            "ObjectEvent_with_invalid_eventTime_format.xml",
            "time_syntax",
            "line 7 column 17 /epcisBody/eventList/0/eventTime",
        ),
        ("ObjectEvent_with_unknown_element.xml", "unknown_field", "line 13 column 17 /epcisBody/eventList/0"),
        (
            "ObjectEvent_without_eventTime.xml",
            "required",
            "line 6 column 13 /epcisBody/eventList/0/eventTime",
        ),
    ];
    for options in [Options::STRICT, Options::LENIENT] {
        for (name, bytes) in published("xml-invalid") {
            let error = read_all(&bytes[..], options).map(|_| ()).expect_err(&name);
            let told = told(&error);
            assert!(
                !told.is_empty() && told.iter().all(|(_, place)| place.starts_with("line ")),
                "{name}: {told:?}"
            );
            if let Some((_, code, place)) = wanted.iter().find(|(n, ..)| *n == name) {
                assert!(told.contains(&((*code).to_owned(), (*place).to_owned())), "{name}: {told:?}");
            }
        }
    }
}

#[test]
fn the_real_slaughter_records_pass_lenient_whole_and_strict_says_why_not() {
    for (name, bytes) in published("real") {
        let (document, events) = read_all(&bytes[..], Options::LENIENT).unwrap();
        assert_eq!((events.len(), document.head["schemaVersion"].as_str()), (20, Some("1.2")), "{name}");
        let first = &events[0];
        assert_eq!(first.event.epcs, ["410002313503769"]);
        assert_eq!(first.value["cow:company"], "(주)삼세");
        assert_eq!(first.value["cow:passInspection"], "true");
        assert_eq!(first.contexts.prefixes["cow"], "http://210.93.116.66/epcis/schema/cow.xsd");
        let moves = plan(&first.event);
        assert_eq!((moves[0].kind, moves[0].makes[0].key.as_str()), (MoveKind::Produce, "x:410002313503769"));
        assert_eq!((moves[0].makes[0].amount, moves[0].party.clone()), (None, None));
        let back = again(&document, &events);
        for (a, b) in events.iter().zip(&back) {
            assert!(same_event((&a.value, &a.contexts), (&b.value, &b.contexts)), "{name}");
        }
        let error = read_all(&bytes[..], Options::STRICT).map(|_| ()).unwrap_err();
        assert_eq!(error.defects.len(), 20);
        let first = ("not_uri".to_owned(), "line 8 column 18 /epcisBody/eventList/0/epcList/0".to_owned());
        assert_eq!(told(&error)[0], first);
    }
}

#[test]
fn every_valid_document_has_a_plan() {
    for folder in ["valid", "xml-valid"] {
        for (name, bytes) in published(folder) {
            let (_, events) = read_all(&bytes[..], Options::STRICT).unwrap();
            for captured in events {
                let moves = plan(&captured.event);
                assert!(!moves.is_empty(), "{name}");
                for item in moves.iter().flat_map(|m| m.takes.iter().chain(&m.makes).chain(&m.about)) {
                    assert_ne!(item.note, Some(plan::Note::BadCode), "{name}: {}", item.code);
                    assert_ne!(item.amount.map(|(amount, _)| amount), Some(0), "{name}");
                }
            }
        }
    }
}

#[test]
fn documents_of_version_1_2_lose_their_wrappers() {
    let xml = r#"<?xml version="1.0"?>
<p:EPCISDocument xmlns:p="urn:epcglobal:epcis:xsd:1" xmlns:e="http://e.example/" schemaVersion="1.2" creationDate="2019-05-29T23:14:51Z">
<EPCISHeader><sbdh:H xmlns:sbdh="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader">
<sbdh:Sender><sbdh:Identifier>S1</sbdh:Identifier></sbdh:Sender></sbdh:H>
<extension><EPCISMasterData><VocabularyList><Vocabulary type="urn:epcglobal:epcis:vtype:BusinessLocation"><VocabularyElementList>
<VocabularyElement id="urn:epc:id:sgln:4012345.00001.0"><attribute id="urn:a:name">甲厂</attribute></VocabularyElement>
</VocabularyElementList></Vocabulary></VocabularyList></EPCISMasterData></extension></EPCISHeader>
<EPCISBody><EventList>
<ObjectEvent><eventTime>2019-05-22T00:00:00+09:00</eventTime><eventTimeZoneOffset>+09:00</eventTimeZoneOffset>
<baseExtension><eventID>urn:uuid:1</eventID></baseExtension><epcList/><action>ADD</action>
<extension><quantityList><quantityElement><epcClass>urn:epc:class:lgtin:4012345.012345.A</epcClass><quantity>7</quantity></quantityElement></quantityList>
<ilmd><e:best e:unit="d">30</e:best></ilmd></extension></ObjectEvent>
<extension><TransformationEvent><eventTime>2019-05-22T00:00:00+09:00</eventTime><eventTimeZoneOffset>+09:00</eventTimeZoneOffset>
<inputEPCList><epc>urn:a:b</epc></inputEPCList><outputEPCList><epc>urn:a:c</epc></outputEPCList></TransformationEvent></extension>
<QuantityEvent><eventTime>2019-05-22T00:00:00+09:00</eventTime><eventTimeZoneOffset>+09:00</eventTimeZoneOffset>
<epcClass>urn:epc:class:lgtin:4012345.012345.A</epcClass><quantity>9</quantity></QuantityEvent>
</EventList></EPCISBody></p:EPCISDocument>"#;
    let (document, events) = read_text(xml, Options::STRICT).unwrap_or_else(|e| panic!("{:#?}", e.defects));
    assert_eq!(document.head["sender"], "S1");
    assert_eq!(
        document.head["epcisHeader"]["epcisMasterData"]["vocabularyList"][0]["vocabularyElementList"][0]["attributes"]
            [0]["attribute"],
        "甲厂"
    );
    assert_eq!(events[0].event.event_id.as_deref(), Some("urn:uuid:1"));
    assert_eq!(events[0].value["quantityList"][0]["quantity"], 7);
    assert_eq!(events[0].value["ilmd"]["e:best"], json!({"e:unit": "d", "#text": "30"}));
    assert_eq!(events[1].event.kind, EventKind::Transformation);
    assert_eq!((events[2].event.kind, events[2].event.action), (EventKind::Object, Some(Action::Observe)));
    assert_eq!(events[2].value["quantityList"][0]["quantity"], 9);
}

#[test]
fn events_come_alone_in_arrays_and_line_by_line() {
    let context = format!(r#", "@context": "{}""#, context::STANDARD);
    let event = |id: u32| json_event(&format!(r#", "eventID": "urn:uuid:{id}"{context}"#)).replace('\n', " ");
    let forms = [
        (event(1), 1),
        (format!("[{}, {}]", event(1), event(2)), 2),
        (format!("{}\n{}\n{}\n", event(1), event(2), event(3)), 3),
    ];
    for (text, count) in forms {
        assert_eq!(read_text(&text, Options::STRICT).unwrap().1.len(), count, "{text}");
    }
    let bare = json_event("");
    let error = read_text(&bare, Options::STRICT).unwrap_err();
    assert_eq!(told(&error), [("required".to_owned(), "/@context".to_owned())]);
    assert_eq!(read_text(&bare, Options::LENIENT).unwrap().1.len(), 1);
    let query = format!(
        r#"{{"@context": "{}", "type": "EPCISQueryDocument", "schemaVersion": "2.0", "creationDate": "2026-01-01T00:00:00Z",
        "epcisBody": {{"queryResults": {{"queryName": "q", "resultsBody": {{"eventList": [{}]}}}}}}}}"#,
        context::STANDARD,
        json_event("")
    );
    assert_eq!(read_text(&query, Options::STRICT).unwrap().1.len(), 1);
}

#[test]
fn prefixes_that_mean_two_things_are_told_apart_when_written_together() {
    let event = |uri: &str, id: u32| {
        let more = format!(r#", "eventID": "urn:uuid:{id}", "e:x": "1""#);
        let document = json_document(&json_event(&more));
        document.replace(r#""], "type""#, &format!(r#"", {{"e": "{uri}"}}], "type""#))
    };
    let (document, mut events) = read_text(&event("http://one/", 1), Options::STRICT).unwrap();
    events.extend(read_text(&event("http://two/", 2), Options::STRICT).unwrap().1);
    let back = again(&document, &events);
    for (a, b) in events.iter().zip(&back) {
        assert!(same_event((&a.value, &a.contexts), (&b.value, &b.contexts)), "{:#}", b.value);
    }
    assert!(!same_event((&back[0].value, &back[0].contexts), (&back[1].value, &back[1].contexts)));
}
