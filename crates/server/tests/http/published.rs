//! Published workbooks, as the shape that is described says.

use serde_json::{Value, json};

use crate::world::each;

/// The shape that is described, where it is here.
#[test]
fn published_workbooks_are_read_as_described() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/sampling");
    let Ok(csv) = std::fs::read(folder.join("shape.csv")) else {
        eprintln!("skipped: {} is not here", folder.display());
        return;
    };
    let expected: Value =
        serde_json::from_slice(&std::fs::read(folder.join("shape.expected.json")).unwrap()).unwrap();
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        let bad = "\r\n坏编号,,,,,,食品,,,,甲║1║≤2,,,,\r\n".replacen("坏编号", "6,坏编号", 1);
        let mut sent = csv.clone();
        sent.extend(bad.as_bytes());
        let told =
            officer.upload("/api/published-samples/import", "text/csv", "shape.csv", sent).await.expect(200);
        assert_eq!((&told["added"], &told["rejected"]), (&json!(5), &json!(1)), "{told}");
        let file = told["id"].as_str().unwrap();
        let back = officer.get(&format!("/api/published-samples/files/{file}/rejected")).await;
        let back = String::from_utf8(back.bytes).unwrap();
        assert!(back.contains("不是抽样编号") && back.contains("未导入原因"), "{back}");
        let list = officer.get("/api/published-samples?size=50").await.expect(200);
        for sample in expected.as_array().unwrap() {
            let found = list["items"]
                .as_array()
                .unwrap()
                .iter()
                .find(|s| s["sample_no"] == sample["sample_no"])
                .unwrap();
            let got: Value = serde_json::from_str(found["told"].as_str().unwrap()).unwrap();
            same(sample, &got);
        }
        let again = officer
            .upload("/api/published-samples/import", "text/csv", "shape.csv", csv.clone())
            .await
            .expect(200);
        assert_eq!((&again["added"], &again["known"]), (&json!(0), &json!(5)));
        let day = async |sort: &str| {
            let all = officer.get(&format!("/api/published-samples?sort={sort}")).await.expect(200);
            all["items"][0]["day"].as_str().unwrap().to_owned()
        };
        assert!(day("day").await > day("day_up").await);
        officer.get("/api/published-samples?sort=wrong").await.refused(422, "sort_unknown");
        let number = expected[0]["sample_no"].as_str().unwrap();
        let wanted = json!({ "format": "csv", "list": { "q": number } });
        let job = officer.post("/api/published-samples/exports", &wanted).await.expect(200);
        crate::pages::run_jobs(&w);
        let path = format!("/api/published-samples/exports/{}/file", job["job"].as_str().unwrap());
        let text = officer.get(&path).await.text();
        assert!(text.contains(number) && text.contains("项目与结果"), "{text}");
        let other = expected[1]["sample_no"].as_str().unwrap();
        assert!(!text.contains(other), "as it was searched: {text}");
    });
}

/// Every field that is expected is there.
fn same(expected: &Value, got: &Value) {
    for (key, value) in expected.as_object().unwrap() {
        if key != "items" {
            assert_eq!(&got[key], value, "{key}: {got}");
        }
    }
    let (items, read) = (expected["items"].as_array().unwrap(), got["items"].as_array().unwrap());
    assert_eq!(items.len(), read.len());
    for (item, got) in items.iter().zip(read) {
        assert_eq!((&item["item"], &item["conforms"]), (&got["item"], &got["conforms"]), "{got}");
        assert_eq!(item["unit"], got["unit"], "{got}");
        let results: Vec<String> = match (&item["results"], &item["result"]) {
            (Value::Array(all), _) => all.iter().map(Value::to_string).collect(),
            (_, Value::String(text)) => vec![text.clone()],
            (_, number) => vec![number.to_string()],
        };
        assert_eq!(json!(results), got["results"], "{got}");
        if let Some(sum) = item.get("sum_of") {
            assert_eq!(sum, &got["sum_of"]);
        }
        if let Some(recheck) = item.get("recheck") {
            assert_eq!(json!(recheck.to_string()), got["recheck"]);
        }
        let bound = &got["bound"];
        match item.get("limit").and_then(Value::as_str) {
            Some("ND") => assert_eq!(bound["cmp"], "absent"),
            Some(text) if text.contains("..") => {
                let (low, high) = text.split_once("..").unwrap();
                let number = |v: &Value| v.as_str().unwrap().parse::<f64>().unwrap();
                assert_eq!(
                    (number(&bound["low"]), number(&bound["high"])),
                    (low.parse().unwrap(), high.parse().unwrap())
                );
            }
            Some(text) => assert_eq!(
                (json!("most"), json!(text.trim_start_matches("<="))),
                (bound["cmp"].clone(), bound["value"].clone())
            ),
            None => {
                let plan = &item["plan"];
                assert_eq!((plan["n"].clone(), plan["c"].clone()), (bound["n"].clone(), bound["c"].clone()));
                assert_eq!(json!(plan["m"].to_string()), bound["m"]);
                assert_eq!(json!(plan["M"].to_string()), bound["top"]);
            }
        }
    }
}
