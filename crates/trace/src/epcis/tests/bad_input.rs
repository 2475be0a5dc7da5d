use super::*;

fn code_of(text: &str) -> String {
    read_text(text, Options::STRICT).map(|_| ()).expect_err(&text[..text.len().min(200)]).code.to_string()
}

fn first(text: &str) -> (String, String) {
    told(&read_text(text, Options::STRICT).map(|_| ()).unwrap_err())[0].clone()
}

#[test]
fn broken_json_names_line_and_column() {
    let table = [
        ("", "epcis_empty", ""),
        ("  \n ", "epcis_empty", ""),
        ("{\n \"a\": }", "epcis_syntax", "line 2 column 7"),
        ("{\"a\": 1,}", "epcis_syntax", "line 1 column 9"),
        ("42", "epcis_syntax", "line 1 column 2"),
        ("{\"type\": \"EPCISDocument\", \"epcisBody\": {}}", "epcis_document", "/epcisBody/eventList"),
        ("{\"epcisBody\": {\"eventList\": {}}}", "epcis_syntax", ""),
        ("{\"a\": 1e999}", "epcis_syntax", ""),
        ("{\"a\": \"\\u0000\"}", "epcis_encoding", ""),
        ("{\"a\": 1, \"a\": 2}", "epcis_syntax", ""),
    ];
    for (text, code, place) in table {
        let found = first(text);
        assert_eq!(found.0, code, "{text}: {found:?}");
        assert!(found.1.contains(place), "{text}: {found:?}");
    }
    let twice = format!("{}{}", json_document(&json_event("")), json_document(&json_event("")));
    assert_eq!(code_of(&twice), "epcis_syntax");
}

#[test]
fn truncated_documents_are_refused_after_what_was_read() {
    for whole in [
        json_document(&format!("{},{}", json_event(""), json_event(""))),
        xml_document(&xml_event("").repeat(2)),
    ] {
        for length in (1..whole.len()).filter(|at| whole.is_char_boundary(*at)) {
            let error = read_text(&whole[..length], Options::STRICT).map(|_| ()).expect_err("cut short");
            assert_eq!(error.kind, Kind::Invalid, "{error}: {}", &whole[..length]);
        }
        assert_eq!(read_text(&whole, Options::STRICT).unwrap().1.len(), 2);
    }
}

#[test]
fn deep_nesting_is_refused_not_followed() {
    let json = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(code_of(&json_document(&json_event(&format!(r#", "e:x": {json}"#)))), "epcis_too_deep");
    assert_eq!(code_of(&json), "epcis_too_deep");
    let xml = format!("{}{}", "<e:x>".repeat(100_000), "</e:x>".repeat(100_000));
    assert_eq!(code_of(&xml_document(&xml_event(&xml))), "epcis_too_deep");
    let headers =
        xml_document("").replace("<EPCISBody>", &format!("<EPCISBody>{}", "<EPCISBody>".repeat(50)));
    assert_eq!(code_of(&headers), "epcis_document");
}

#[test]
fn xml_bombs_and_foreign_entities_are_refused() {
    let bomb = format!(
        "<?xml version=\"1.0\"?>\n<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]>{}",
        xml_document(&xml_event("<e:x>&b;</e:x>"))
    );
    assert_eq!(first(&bomb), ("xml_doctype".to_owned(), "line 2 column 1".to_owned()));
    for doctype in ["x SYSTEM 'http://e.example/x.dtd'", "x PUBLIC '-//x' 'y'", "x []"] {
        assert_eq!(code_of(&format!("<!DOCTYPE {doctype}>{}", xml_document(&xml_event("")))), "xml_doctype");
    }
    let bare = format!("<!DOCTYPE project>{}", xml_document(&xml_event("")));
    assert_eq!(read_text(&bare, Options::STRICT).unwrap().1.len(), 1, "declares nothing");
    assert_eq!(code_of(&xml_document(&xml_event("<e:x>&b;</e:x>"))), "xml_entity");
    assert_eq!(code_of(&xml_document(&xml_event("<e:x>&#0;</e:x>"))), "xml_entity");
    assert_eq!(code_of(&xml_document(&xml_event("<e:x y='&b;'/>"))), "epcis_syntax");
    let good =
        read_text(&xml_document(&xml_event("<e:x>a&amp;b&#x4E2D;<![CDATA[<c>]]></e:x>")), Options::STRICT)
            .unwrap();
    assert_eq!(good.1[0].value["e:x"], "a&b中<c>");
    let many: String = (0..300).map(|n| format!(" a{n}='1'")).collect();
    assert_eq!(code_of(&xml_document(&xml_event(&format!("<e:x{many}/>")))), "xml_too_many");
    assert_eq!(code_of(&xml_document(&xml_event("<no:x/>"))), "xml_prefix");
    assert_eq!(code_of(&xml_document(&xml_event("<e:x></e:y>"))), "epcis_syntax");
    assert_eq!(code_of("<html><body/></html>"), "epcis_document");
}

#[test]
fn encodings_are_read_and_wrong_ones_refused_with_their_place() {
    let text = xml_document(&xml_event("<e:x>猪肉</e:x>"));
    let gbk = encoding_rs::GB18030
        .encode(&format!("<?xml version=\"1.0\" encoding=\"GB18030\"?>{text}"))
        .0
        .into_owned();
    let mut wide = vec![0xFE, 0xFF];
    wide.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    for bytes in [gbk, wide] {
        let (_, events) = read_all(&bytes[..], Options::STRICT).unwrap();
        assert_eq!(events[0].value["e:x"], "猪肉");
    }
    let undeclared = encoding_rs::GBK.encode(&text).0.into_owned();
    let error = read_all(&undeclared[..], Options::STRICT).unwrap_err();
    assert_eq!(error.code, "epcis_encoding");
    assert!(told(&error)[0].1.starts_with("line 2 column "), "{:?}", told(&error));
    let json = encoding_rs::GBK.encode(&json_document(&json_event(", \"e:x\": \"猪肉\""))).0.into_owned();
    assert_eq!(read_all(&json[..], Options::STRICT).unwrap_err().code, "epcis_encoding");
}

#[test]
fn one_event_has_a_size_limit_and_a_document_none() {
    let options = Options { event_bytes: 4_000, ..Options::STRICT };
    let many = vec![json_event(""); 1_000].join(",");
    assert_eq!(read_text(&json_document(&many), options).unwrap().1.len(), 1_000);
    assert_eq!(read_text(&xml_document(&xml_event("").repeat(1_000)), options).unwrap().1.len(), 1_000);
    let long = "x".repeat(200_000);
    for text in [
        json_document(&json_event(&format!(", \"e:x\": \"{long}\""))),
        json_document(&json_event(&format!(", \"{long}\": 1"))),
        format!("{}{}", " ".repeat(200_000), json_document(&json_event(""))),
        xml_document(&xml_event(&format!("<e:x>{long}</e:x>"))),
        xml_document(&xml_event(&format!("<!--{long}-->"))),
        format!("<?xml version='1.0'?><!DOCTYPE x [{long}]>{}", xml_document(&xml_event(""))),
    ] {
        let error = read_text(&text, options).unwrap_err();
        assert_eq!((error.code.as_ref(), error.kind), ("epcis_too_large", Kind::TooLarge));
    }
}

#[test]
fn quantities_and_times_that_cannot_be_are_refused() {
    let quantity = |number: &str| {
        xml_event(&format!(
            "<quantityList><quantityElement><epcClass>urn:a:b</epcClass><quantity>{number}</quantity></quantityElement></quantityList>"
        ))
    };
    let table = [
        ("-1", "quantity_negative"),
        ("NaN", "number_syntax"),
        ("INF", "number_syntax"),
        ("twenty", "number_syntax"),
        ("1e300", "number_syntax"),
        ("9999999999999999", "quantity_too_large"),
        ("0.1234567890123456789", "number_syntax"),
    ];
    for (number, code) in table {
        let error = read_text(&xml_document(&quantity(number)), Options::STRICT).unwrap_err();
        assert!(
            told(&error).iter().any(|(found, place)| found == code && place.starts_with("line 2 column ")),
            "{number}: {:?}",
            told(&error)
        );
    }
    let nil = "<quantity xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:nil='true'>";
    let unknown = quantity("").replace("<quantity>", nil);
    let (_, events) = read_text(&xml_document(&unknown), Options::STRICT).unwrap();
    assert_eq!(events[0].event.quantities[0].quantity, None, "unknown, not zero");
    let attributed = quantity("1").replace("<quantity>", "<quantity unit='kg'>");
    assert_eq!(first(&xml_document(&attributed)).0, "unknown_field");
    for (number, code) in
        [("-1", "quantity_negative"), ("1e300", "quantity_too_large"), ("NaN", "epcis_syntax")]
    {
        let text =
            json_event(&format!(r#", "quantityList": [{{"epcClass": "urn:a:b", "quantity": {number}}}]"#));
        assert_eq!(first(&json_document(&text)).0, code, "{number}");
    }
    let dated = json_event("").replace("2026-07-22", "2026-02-30");
    assert_eq!(
        first(&json_document(&dated)),
        ("time_impossible".into(), "/epcisBody/eventList/0/eventTime".into())
    );
}

#[test]
fn a_time_without_a_zone_is_refused_in_either_syntax_and_reading() {
    let zoneless = |event: String| event.replacen("06:45:00+02:00", "06:45:00\n", 1);
    let xml = xml_document(&zoneless(xml_event("")));
    let json = json_document(&json_event("").replacen("06:45:00+02:00", "06:45:00", 1));
    for options in [Options::STRICT, Options::LENIENT] {
        for text in [&xml, &json] {
            let error = read_text(text, options).unwrap_err();
            assert_eq!(told(&error)[0].0, "time_no_offset", "{text}");
        }
    }
}

#[test]
fn an_event_id_comes_once() {
    let event = |more: &str| json_event(&format!(r#", "eventID": "urn:uuid:1"{more}"#));
    let error =
        read_text(&json_document(&format!("{},{}", event(""), event(""))), Options::STRICT).unwrap_err();
    assert_eq!(
        told(&error),
        [("event_id_duplicate".to_owned(), "/epcisBody/eventList/1/eventID".to_owned())]
    );
    let taken_back = event(r#", "errorDeclaration": {"declarationTime": "2026-07-23T00:00:00Z"}"#);
    let both = json_document(&format!("{},{taken_back}", event("")));
    assert_eq!(read_text(&both, Options::STRICT).unwrap().1.len(), 2);
    let xml = xml_document(&xml_event("<eventID>urn:uuid:1</eventID>").repeat(2));
    assert_eq!(first(&xml).0, "event_id_duplicate");
}

#[test]
fn bad_events_do_not_hide_good_ones() {
    let text =
        json_document(&format!("{},{},5,{}", json_event(""), json_event(", \"x\": 1"), json_event("")));
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    let document = read(text.as_bytes(), Options::STRICT, &mut |item| {
        match item {
            Item::Good(event) => good.push(event.index),
            Item::Bad { index, .. } => bad.push(index),
        }
        Ok(())
    });
    let document = document.unwrap();
    assert_eq!((good, bad), (vec![0, 3], vec![1, 2]));
    assert_eq!((document.good, document.bad), (2, 2));
    let stop = read(text.as_bytes(), Options::STRICT, &mut |_| Err(Error::conflict("full", "满了")));
    assert_eq!(stop.unwrap_err().code, "full");
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_fall_over(noise in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200), at in 0_usize..400) {
        for whole in [json_document(&json_event("")), xml_document(&xml_event("<e:x>1</e:x>"))] {
            let mut bytes = whole.into_bytes();
            let at = at.min(bytes.len());
            bytes.splice(at..at, noise.iter().copied());
            let _ = read_all(&bytes[..], Options::LENIENT);
        }
    }
}
