//! One test an item of the list.

use axum::http::Method;
use serde_json::json;

use super::*;
use crate::world::{each, moved, product};

#[test]
fn malformed_json() {
    each(async |w| {
        let mut p = Paths::new(w).await;
        p.refuses("form", r#"{"items":[{"kind":"sell",]}"#, "body_syntax", "line 1 column 26").await;
        p.refuses("form", r#"{"items":[]} x"#, "body_syntax", "line 1 column 14").await;
        p.refuses("form", r#"{"items":[{"kind":"sells"}]}"#, "body_field", "items/0/kind").await;
        p.refuses("bulk", "{\"kind\":\n", "body_syntax", "line 1").await;
        p.refuses(
            "bulk",
            "{\"kind\":\"sell\",\"takes\":[{\"lot\":\"x\",\"amount\":1}]}",
            "body_field",
            "line 1 takes/0/lot",
        )
        .await;
        p.refuses("epcis", "{\"type\":\n \"EPCISDocument\",}", "epcis_syntax", "line 2 column 18").await;
        p.refuses("xml", "<epcis:EPCISDocument", "epcis_syntax", "line 1").await;
        p.refuses("network", "{\"stations\":[\n", "json_syntax", "line 2 column 0").await;
        p.refuses("ledger network", "{\"stations\":[\n", "json_syntax", "line 2 column 0").await;
        p.refuses("paste", "{\"title\":\"x\",\"seeds\":", "body_syntax", "line 1 column 21").await;
        p.end();
    });
}

#[test]
fn xml_bombs() {
    let laughs = "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;\">]>";
    let outside = "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>";
    each(async |w| {
        let mut p = Paths::new(w).await;
        let document = |doctype: &str| {
            format!(
                "<?xml version=\"1.0\"?>\n{doctype}<epcis:EPCISDocument xmlns:epcis=\"urn:epcglobal:epcis:xsd:1\" schemaVersion=\"1.2\" creationDate=\"2026-01-01T00:00:00Z\"><EPCISBody><EventList>&c;</EventList></EPCISBody></epcis:EPCISDocument>"
            )
        };
        for doctype in [laughs, outside] {
            p.refuses("xml", document(doctype), "xml_doctype", "line 2 column 1").await;
            // in a workbook the entity is never followed: the cell that uses it is told
            let rows = cells(&[HEADINGS, &["2026-03-01", "老王", "&a;", "F1", "1", "公斤"]]);
            p.refuses("sheet", workbook(doctype, &rows), "sheet_damaged", "进货").await;
        }
        p.end();
    });
}

#[test]
fn wrong_encodings() {
    each(async |w| {
        let mut p = Paths::new(w).await;
        let broken =
            [csv("2026-03-01,老王,面粉,F1,1,公斤").as_bytes(), b"2026-03-01,\xff\xff\xff,x,F1,1,x\n"]
                .concat();
        p.refuses("sheet", broken, "encoding_unknown", "line 3").await;
        p.refuses("form", b"{\"items\":[{\"kind\":\"\xff\"}]}".to_vec(), "body_syntax", "line 1").await;
        p.refuses("bulk", b"{\"kind\":\"\xff\"}".to_vec(), "body_syntax", "line 1").await;
        p.refuses("epcis", b"{\"type\":\"\xff\"}".to_vec(), "epcis_encoding", "").await;
        let root = b"<?xml version=\"1.0\"?><epcis:EPCISDocument xmlns:epcis=\"urn:epcglobal:epcis:xsd:1\" schemaVersion=\"1.2\" creationDate=\"2026-01-01T00:00:00Z\"><EPCISBody><EventList><ObjectEvent><eventTime>\xff\xff</eventTime></ObjectEvent></EventList></EPCISBody></epcis:EPCISDocument>";
        p.refuses("xml", root.to_vec(), "epcis_encoding", "").await;
        p.refuses(
            "network",
            b"{\"stations\":[{\"id\":1,\"name\":\"\xff\"}]}".to_vec(),
            "json_syntax",
            "line 1",
        )
        .await;
        p.refuses(
            "ledger network",
            b"{\"stations\":[{\"id\":1,\"name\":\"\xff\"}]}".to_vec(),
            "json_syntax",
            "line 1",
        )
        .await;
        p.refuses("paste", b"{\"title\":\"\xff\"}".to_vec(), "body_syntax", "line 1").await;
        // what offices use goes in
        let good = |n: u8| csv(&format!("2026-03-01,老王粮油,面粉{n},F{n},1,公斤"));
        let text = good(1);
        let gbk = encoding_rs::GBK.encode(&text).0.into_owned();
        assert_eq!(p.added(gbk).await["added"], 1, "GBK");
        for little in [true, false] {
            let text = good(if little { 2 } else { 3 });
            let mark = [0xfeff_u16].into_iter().chain(text.encode_utf16());
            let bytes: Vec<u8> =
                mark.flat_map(|u| if little { u.to_le_bytes() } else { u.to_be_bytes() }).collect();
            assert_eq!(p.added(bytes).await["added"], 1, "UTF-16");
        }
        p.end();
    });
}

#[test]
fn formulas_and_merged_cells() {
    each(async |w| {
        let mut p = Paths::new(w).await;
        let row: &[&str] = &["2026-03-01", "老王", "面粉", "F1", "<f>1+1</f>", "公斤"];
        p.refuses("sheet", workbook("", &cells(&[HEADINGS, row])), "formula_without_value", "进货!E2").await;
        let row: &[&str] = &["2026-03-01", "老王", "面粉", "F1", "<f>1/0</f><v>#DIV/0!</v>", "公斤"];
        let sheet = cells(&[HEADINGS, row]).replace(r#"<c r="E2">"#, r#"<c r="E2" t="e">"#);
        p.refuses("sheet", workbook("", &sheet), "formula_error", "进货!E2").await;
        // a computed formula is its value; a merged cell holds for every row it covers
        let rows: [&[&str]; 3] = [
            HEADINGS,
            &["2026-03-01", "老王", "面粉", "F1", "<f>1+1</f><v>2</v>", "公斤"],
            &["", "", "大米", "F2", "3", "公斤"],
        ];
        let merged = r#"<mergeCells count="2"><mergeCell ref="A2:A3"/><mergeCell ref="B2:B3"/></mergeCells>"#;
        let done = p.added(workbook("", &(cells(&rows) + merged))).await;
        assert_eq!((&done["added"], &done["rejected"]), (&json!(2), &json!(0)), "{done}");
        let lots = p.owner.get("/api/lots?batch=F1").await.expect(200);
        assert_eq!(lots["items"][0]["amount"], 2_000);
        p.end();
    });
}

#[test]
fn a_million_rows_and_zip_bombs() {
    each(async |w| {
        let mut p = Paths::new(w).await;
        let long = csv("x") + &"x\n".repeat(1_200_000);
        p.refuses("sheet", long, "rows_too_many", "").await;
        let zeros = vec![b' '; 64 << 20];
        let inside = String::from_utf8(zeros).unwrap() + &cells(&[HEADINGS]);
        p.refuses("sheet", workbook("", &inside), "zip_bomb", "").await;
        p.refuses("parties", workbook("", &inside), "zip_bomb", "").await;
        p.refuses("sheet", zipped(&[("a.txt", b"a")]), "not_a_sheet", "").await;
        p.refuses("sheet", b"PK\x03\x04 and no more".to_vec(), "sheet_damaged", "").await;
        p.end();
    });
}

#[test]
fn impossible_dates() {
    each(async |w| {
        let mut p = Paths::new(w).await;
        let tofu = product(&p.owner, "卤水豆腐", None).await;
        let wrong = harvest(&tofu, json!({ "at": "2026-02-30" }));
        p.refuses("form", form(wrong.clone()), "date_impossible", "items/0/at").await;
        p.refuses("form", form(harvest(&tofu, json!({ "at": "2027-01-01" }))), "date_future", "items/0/at")
            .await;
        p.refuses("form", form(harvest(&tofu, json!({ "at": "昨天" }))), "date_syntax", "items/0/at").await;
        p.refuses("bulk", wrong.to_string(), "date_impossible", "line 1 at").await;
        p.refuses("sheet", csv("2026-02-30,老王,面粉,F1,1,公斤"), "date_impossible", "进货!A2").await;
        let row: &[&str] = &["2026-02-30", "老王", "面粉", "F1", "1", "公斤"];
        p.refuses("sheet", workbook("", &cells(&[HEADINGS, row])), "date_impossible", "进货!A2").await;
        let bad =
            event(r#","eventTime":"2026-02-30T00:00:00Z","epcList":["urn:epc:id:sgtin:9521141.001234.1"]"#);
        p.refuses("epcis", bad, "epcis_invalid", "eventTime").await;
        let bad = r#"{"id":7,"from":1,"to":2,"departure":"2026-02-30"}"#;
        p.refuses("network", network(bad, ""), "date_impossible", "deliveries/0/departure").await;
        p.refuses("ledger network", network(bad, ""), "date_impossible", "deliveries/0/departure").await;
        p.end();
    });
}

#[test]
fn amounts_below_nothing_and_beyond_everything() {
    each(async |w| {
        let mut p = Paths::new(w).await;
        let tofu = product(&p.owner, "卤水豆腐", None).await;
        for (amount, code) in [(json!(-1), "amount_negative"), (json!(i64::MAX), "amount_too_large")] {
            let wrong = harvest(&tofu, json!({ "amount": amount }));
            p.refuses("form", form(wrong.clone()), code, "items/0/makes/0/amount").await;
            p.refuses("bulk", wrong.to_string(), code, "line 1 makes/0/amount").await;
        }
        let over = form(harvest(&tofu, json!({}))).replace("1000", "1e30");
        p.refuses("form", over, "body_field", "items/0/makes/0/amount").await;
        for (amount, code) in [
            ("-3", "amount_negative"),
            ("99999999999999999999", "amount_too_large"),
            ("1e400", "unit_conflict"),
        ] {
            p.refuses("sheet", csv(&format!("2026-03-01,老王,面粉,F1,{amount},公斤")), code, "进货!E2").await;
        }
        for amount in ["-1", "1e300"] {
            let list = format!(
                r#","extension":null,"quantityList":[{{"epcClass":"urn:epc:class:lgtin:9521141.001234.A1","quantity":{amount},"uom":"KGM"}}]"#
            );
            let list = list.replace(r#","extension":null"#, "");
            p.refuses("epcis", event(&list), "epcis_invalid", "quantity").await;
        }
        let bad = r#"{"id":7,"from":1,"to":2,"weight":1e300}"#;
        p.refuses("network", network(bad, ""), "weight_invalid", "deliveries/0/weight").await;
        p.end();
    });
}

#[test]
fn unknown_units() {
    each(async |w| {
        let mut p = Paths::new(w).await;
        let form = json!({ "name": "豆腐", "category": "25", "unit": "斗" }).to_string();
        p.refuses("product", form, "body_field", "unit").await;
        p.refuses("sheet", csv("2026-03-01,老王,面粉,F1,1,妖"), "unit_unknown", "进货!").await;
        let list = r#","quantityList":[{"epcClass":"urn:epc:class:lgtin:9521141.001234.A1","quantity":1,"uom":"QQQ"}]"#;
        p.refuses("epcis", event(list), "epcis_invalid", "uom").await;
        p.end();
    });
}

#[test]
fn a_lot_made_from_its_descendant() {
    each(async |w| {
        let mut p = Paths::new(w).await;
        let (d, r) = (
            r#"{"id":7,"from":1,"to":2},{"id":8,"from":2,"to":1}"#,
            r#"{"from":7,"into":8},{"from":8,"into":7}"#,
        );
        p.refuses("ledger network", network(d, r), "lot_cycle", "relations/").await;
        // by a correction: what was made first would be made anew out of what was made of it
        let tofu = product(&p.owner, "卤水豆腐", None).await;
        let first = harvest(&tofu, json!({ "client_key": "a" }));
        let done = p.owner.post("/api/moves", &json!({ "mode": "all", "items": [first] })).await.expect(200);
        let (event, lot) = (done["kept"][0]["id"].clone(), done["kept"][0]["lots"][0].clone());
        let make = json!({ "kind": "produce", "takes": [{ "lot": lot, "amount": 10 }], "makes": [{ "product": tofu, "amount": 5 }] });
        let child = moved(&p.owner, make).await;
        let instead = json!({ "kind": "produce", "takes": [{ "lot": child, "amount": 1 }], "makes": [{ "product": tofu, "amount": 5 }] });
        let before = rows(&p.w);
        let path = format!("/api/events/{}/correction", event.as_str().unwrap());
        p.owner.post(&path, &json!({ "reason": "填错", "instead": instead })).await.refused(409, "lots_used");
        assert_eq!(rows(&p.w), before);
        p.end();
    });
}

#[test]
fn duplicates() {
    each(async |w| {
        let mut p = Paths::new(w).await;
        let form = json!({ "name": "卤水豆腐", "category": "25", "unit": "g", "own_code": "T-1" });
        p.owner.post("/api/products", &form).await.expect(200);
        p.refuses("product", form.to_string(), "product_twice", "own_code").await;
        // the same line twice is one event, in one request and over two
        let tofu = product(&p.owner, "老豆腐", None).await;
        let line = harvest(&tofu, json!({ "client_key": "k-1" }));
        let done = p.owner.post("/api/moves", &json!({ "items": [line, line] })).await.expect(200);
        assert_eq!(done["kept"][1]["repeated"], true, "{done}");
        assert_eq!(done["kept"][0]["event"], done["kept"][1]["event"]);
        let before = rows(&p.w);
        let told = p.bulk(format!("{line}\n{line}\n").into_bytes()).await;
        assert_eq!((told.code.as_str(), rows(&p.w)), ("accepted", before));
        let parties = "名称,业态,区划代码,地址\n王记超市,shop,410902,一街\n王记超市,shop,410902,一街\n";
        let officer = p.w.sign_in("officer1").await;
        let told = p.job("/api/parties/imports", "主体.csv", parties.into(), &officer).await;
        assert_eq!((told.code.as_str(), told.place.as_str()), ("duplicate_in_file", "主体!A3"));
        let one = event(
            r#","eventID":"urn:uuid:0b5b5d0c-0d3e-4b6f-9a51-3f7b1c1d2e3f","epcList":["urn:epc:id:sgtin:9521141.001234.1"]"#,
        );
        p.owner
            .send(Method::POST, "/epcis/capture", "application/ld+json", one.clone().into(), &[])
            .await
            .expect(200);
        p.refuses(
            "epcis",
            one.replace("001234.1", "001234.2"),
            "epcis_invalid",
            "/epcisBody/eventList/0/eventID",
        )
        .await;
        let twice = r#"{"id":7,"from":1,"to":2},{"id":7,"from":2,"to":1}"#;
        p.refuses("network", network(twice, ""), "id_duplicate", "deliveries/1/id").await;
        p.refuses("ledger network", network(twice, ""), "id_duplicate", "deliveries/1/id").await;
        p.end();
    });
}

#[test]
fn a_million_lines_pasted() {
    each(async |w| {
        let mut p = Paths::new(w).await;
        let lines: String = (0..1_000_000).map(|n| format!("P{n}\n")).collect();
        p.refuses("paste", paste(&lines), "list_too_long", "seeds/text/200001").await;
        p.refuses("paste", paste(&"x".repeat(500)), "entry_too_long", "seeds/text/1").await;
        let tofu = product(&p.owner, "卤水豆腐", None).await;
        let items = vec![harvest(&tofu, json!({})); 10_001];
        p.refuses("form", json!({ "mode": "all", "items": items }).to_string(), "moves_too_many", "items")
            .await;
        let line = harvest(&tofu, json!({ "reason": "x".repeat(300_000) })).to_string();
        p.refuses("bulk", line, "line_too_long", "line 1").await;
        p.end();
    });
}
