//! A dry run says exactly what the import then does, and keeps nothing; networks over HTTP; the command that scores them.

use std::path::Path;
use std::process::Command;

use axum::http::Method;
use kit_docs::sheet::{Book, Limits};
use kit_test::Client;
use serde_json::{Value, json};

use crate::bad_input::rows;
use crate::epcis::read;
use crate::networks::{compare, json_of, networks};
use crate::pages::run_jobs;
use crate::world::{World, each};

/// Sends a file to a job and answers what it left, with the rows of the file of rejected ones.
async fn account(w: &World, client: &Client, path: &str, dry: bool, bytes: &[u8]) -> (Value, Vec<String>) {
    let joint = if path.contains('?') { '&' } else { '?' };
    let at = format!("{path}{joint}dry_run={}", u8::from(dry));
    let job = client.upload(&at, "text/csv", "liste.csv", bytes.to_vec()).await.expect(200);
    run_jobs(w);
    let base = path.split('?').next().unwrap();
    let result = format!("{base}/{}", job["job"].as_str().unwrap());
    let mut done = client.get(&result).await.expect(200);
    assert_eq!(done["dry_run"], dry, "{done}");
    let back = client.get(&format!("{result}/rejected")).await;
    let lines = match back.status.as_u16() {
        200 if back.bytes.starts_with(b"PK") => {
            let mut book = Book::open(std::io::Cursor::new(back.bytes), "x", &Limits::default()).unwrap();
            let rows = book.rows(0).unwrap().map(|r| r.unwrap());
            rows.map(|r| r.cells.iter().map(|c| c.shown()).collect::<Vec<_>>().join("|")).collect()
        }
        200 => back.text().lines().map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    let fields = done.as_object_mut().unwrap();
    for own in ["dry_run", "file", "import"] {
        fields.remove(own);
    }
    (done, lines)
}

/// Dry, then real: the same account, and nothing kept in between.
async fn same(w: &World, client: &Client, path: &str, text: &str) -> Value {
    let before = rows(w);
    let (dry, dry_back) = account(w, client, path, true, text.as_bytes()).await;
    assert_eq!(rows(w), before, "{path}: a dry run left something");
    let (real, real_back) = account(w, client, path, false, text.as_bytes()).await;
    assert_eq!(dry, real, "{path}");
    assert_eq!(dry_back, real_back, "{path}");
    real
}

#[test]
fn a_dry_run_of_every_sheet_says_what_the_import_then_does() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let officer = w.sign_in("officer1").await;
        let products = "产品名称,类别,计量方式,自编码\n面粉,粮食加工品,重量,F-1\n挂面,粮食加工品,重量,G-1\n,调味品,容量,\n醋,调料,容量,\n";
        let done = same(&w, &owner, "/api/imports?kind=products", products).await;
        assert_eq!((&done["added"], &done["rejected"]), (&json!(2), &json!(2)), "{done}");
        // later rows stand on earlier ones: what a row used up is gone for the next
        let bought = "进货日期,供货者,产品名称,批号,数量,单位\n2026-03-01,老王,面粉,F1,100,公斤\n2026-03-01,老王,食盐,S1,3,公斤\n2026-02-30,老王,面粉,F2,1,公斤\n";
        let done = same(&w, &owner, "/api/imports?kind=purchases&create_products=1", bought).await;
        assert_eq!((&done["added"], &done["rejected"]), (&json!(2), &json!(1)), "{done}");
        let made = "生产日期,产品名称,批号,数量,单位,检验人,原料\n2026-03-02,挂面,G1,60,公斤,王检,面粉 60公斤\n2026-03-02,挂面,G2,60,公斤,王检,面粉 60公斤\n2026-03-02,挂面,G3,40,公斤,王检,面粉 40公斤\n";
        let done = same(&w, &owner, "/api/imports?kind=production", made).await;
        assert_eq!(
            (&done["added"], &done["defects"][0]["code"]),
            (&json!(2), &json!("stock_short")),
            "{done}"
        );
        let sold = "销售日期,购货者,产品名称,批号,数量,单位\n2026-03-03,,挂面,G1,50,公斤\n2026-03-03,,挂面,G1,50,公斤\n";
        let done = same(&w, &owner, "/api/imports?kind=sales", sold).await;
        assert_eq!((&done["added"], &done["rejected"]), (&json!(1), &json!(1)), "{done}");
        let parties = "名称,业态,区划代码,地址\n王记超市,shop,410902,一街\n王记超市,shop,410902,一街\n胜利路便民超市,shop,410902,人民路3号\n李记超市,shop,410922,二街\n";
        let done = same(&w, &officer, "/api/parties/imports", parties).await;
        assert_eq!((&done["added"], &done["rejected"]), (&json!(1), &json!(3)), "{done}");
        assert_eq!(officer.get("/api/parties?q=王记").await.expect(200)["total"], 1);
    });
}

#[test]
fn a_dry_run_of_an_epcis_document_says_what_the_capture_then_does() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let event = |epc: &str, action: &str| {
            json!({ "type": "ObjectEvent", "eventTime": "2026-02-01T00:00:00Z", "eventTimeZoneOffset": "+08:00", "action": action,
                "eventID": format!("urn:uuid:0b5b5d0c-0d3e-4b6f-9a51-3f7b1c1d2e{epc}"), "bizStep": "commissioning",
                "epcList": [format!("urn:epc:id:sgtin:9521141.001234.{epc}")] })
        };
        let document = json!({ "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
            "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-03-01T00:00:00Z",
            "epcisBody": { "eventList": [event("01", "ADD"), event("02", "PLUS"), event("03", "ADD"), event("01", "ADD")] } });
        let send = async |query: &str| {
            let bytes = document.to_string().into_bytes();
            let headers = [("gs1-capture-error-behaviour", "proceed")];
            let path = format!("/epcis/capture{query}");
            let mut done =
                owner.send(Method::POST, &path, "application/ld+json", bytes, &headers).await.expect(200);
            done.as_object_mut().unwrap().remove("capture");
            done
        };
        let before = rows(&w);
        let dry = send("?dry_run=1").await;
        assert_eq!(rows(&w), before);
        assert_eq!(
            (&dry["events"], &dry["refused"], &dry["repeated"]),
            (&json!(2), &json!(2), &json!(0)),
            "{dry}"
        );
        assert_eq!(send("").await, dry);
    });
}

#[test]
fn a_network_goes_into_the_ledger_over_http_whole_or_not_at_all() {
    each(async |w| {
        let investigator = w.sign_in("investigator").await;
        let path = "/api/networks/imports?division=410902";
        let good = r#"{"stations":[{"id":1,"name":"甲站"},{"id":2,"name":"乙站"}],"deliveries":[{"id":7,"from":1,"to":2},{"id":8,"from":2,"to":1}],"relations":[{"from":7,"into":8}]}"#;
        let circle = good.replace("}]}", "},{\"from\":8,\"into\":7}]}");
        let before = rows(&w);
        for dry in [true, false] {
            let (account, lines) = account(&w, &investigator, path, dry, circle.as_bytes()).await;
            assert_eq!(
                (&account["rejected"], &account["defects"][0]["code"]),
                (&json!(2), &json!("lot_cycle"))
            );
            assert_eq!(lines.len(), 3, "{lines:?}");
            assert!(lines[1].contains("relations/"), "{lines:?}");
            assert_eq!(rows(&w), before);
        }
        let done = same(&w, &investigator, path, good).await;
        assert_eq!(
            (&done["stations"], &done["deliveries"], &done["relations"]),
            (&json!(2), &json!(2), &json!(1))
        );
        assert_eq!(read(&w, trace::store::events::numbers), (2, 2));
        let (again, _) = account(&w, &investigator, path, false, good.as_bytes()).await;
        w.house.clock.advance(1);
        let (late, _) = account(&w, &investigator, path, false, good.as_bytes()).await;
        assert_eq!((&again["rejected"], &late["defects"][0]["code"]), (&json!(0), &json!("network_exists")));
        let elsewhere = "/api/networks/imports?division=510104";
        let far = investigator.upload(elsewhere, "application/json", "netz.json", good.into()).await;
        assert_eq!(far.refused(403, "out_of_scope")["field"], "division");
    });
}

#[test]
fn the_real_network_goes_in_over_http_and_a_case_begins_from_it() {
    let Some(folder) = networks() else { return };
    let file = std::fs::read(folder.join("eu-network.json")).unwrap();
    each(async |w| {
        let investigator = w.sign_in("investigator").await;
        let text = String::from_utf8(file.clone()).unwrap();
        let done = same(&w, &investigator, "/api/networks/imports?division=410902", &text).await;
        assert_eq!(
            (&done["stations"], &done["deliveries"], &done["relations"]),
            (&json!(381), &json!(648), &json!(735))
        );
        let jobs = investigator.get("/api/jobs").await.expect(200);
        let result: Value = serde_json::from_str(jobs[0]["result"].as_str().unwrap()).unwrap();
        let case =
            crate::investigation::begun(&investigator, json!({ "networks": [result["import"]] })).await;
        assert_eq!(case["deliveries"], 648);
    });
}

/// The scores that the command prints as CSV, in the form of those it prints as JSON.
fn of_csv(text: &str) -> Value {
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let mut all = json!({ "stations": {}, "deliveries": {} });
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        let list = if cells[0] == "station" { "stations" } else { "deliveries" };
        let fields = names.iter().zip(&cells).skip(2);
        let fields = fields.map(|(n, c)| ((*n).to_owned(), serde_json::from_str::<Value>(c).unwrap()));
        all[list][cells[1]] = Value::Object(fields.collect());
    }
    all
}

#[test]
fn the_command_prints_the_published_scores_as_json_and_csv() {
    let Some(folder) = networks() else { return };
    let home = tempfile::tempdir().unwrap();
    let mut network = json_of(&folder.join("eu-network.json"));
    let mut values = 0;
    for (timed, name) in crate::networks::EXPECTED {
        network["enforce_temporal_order"] = timed.into();
        let path = home.path().join(format!("{timed}.json"));
        std::fs::write(&path, network.to_string()).unwrap();
        let printed = |format: &str| {
            let done = Command::new(env!("CARGO_BIN_EXE_shian"))
                .args([Path::new("investigate"), &path, Path::new("--format"), Path::new(format)])
                .output()
                .unwrap();
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
            String::from_utf8(done.stdout).unwrap()
        };
        let expected = json_of(&folder.join(name));
        let own = |_: &str, id: &str| Some(id.to_owned());
        values += compare(&serde_json::from_str(&printed("json")).unwrap(), &expected, own);
        values += compare(&of_csv(&printed("csv")), &expected, own);
    }
    assert_eq!(values, 2 * 12_348);
}
