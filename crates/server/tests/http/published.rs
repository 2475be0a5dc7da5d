//! Published workbooks, as the shape that is described says.

use serde_json::{Value, json};

use crate::world::each;

/// As offices publish them: about twenty workbooks in one zip.
#[test]
fn a_zip_of_workbooks_is_read_one_by_one() {
    use std::io::Write;
    let book = |no: i64| {
        format!(
            "抽样编号,食品名称,被抽样单位名称,生产日期,不合格项目,检验结果,标准值\nXBJ264109020000{no:05},豆干,某店,2026-01-01,苯甲酸,1.3 g/kg,≤1.0 g/kg\n"
        )
    };
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        for no in 0..20 {
            zip.start_file(format!("公告/附件{no}.csv"), options).unwrap();
            zip.write_all(book(no).as_bytes()).unwrap();
        }
        zip.start_file("公告/说明.csv", options).unwrap();
        zip.write_all("甲,乙\n1,2\n".as_bytes()).unwrap();
        let bytes = zip.finish().unwrap().into_inner();
        let path = "/api/published-samples/import";
        let told = officer.upload(path, "application/zip", "公告.zip", bytes.clone()).await.expect(200);
        assert_eq!((&told["added"], told["books"].as_array().unwrap().len()), (&json!(20), 21), "{told}");
        let other = told["books"].as_array().unwrap().iter().find(|b| b["name"] == "说明.csv").unwrap();
        assert!(other["why"].as_str().unwrap().contains("没有找到表头"), "{other}");
        let again = officer.upload(path, "application/zip", "公告.zip", bytes).await.expect(200);
        assert_eq!((&again["added"], &again["known"]), (&json!(0), &json!(20)), "{again}");
        assert_eq!(officer.get("/api/published-samples").await.expect(200)["total"], 20);
    });
}

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
