//! Tables of limits, and that no table changes what was judged.

use serde_json::{Value, json};

use super::{bench, sent, task, tested};
use crate::findings::sound;
use crate::world::each;

#[test]
fn the_starting_table_is_taken_in_once_and_none_of_it_passes_for_law() {
    each(async |w| {
        let sysadmin = w.sign_in("sysadmin").await;
        let file = w.sign_in("clerk").await.get("/api/limits/starting").await.text();
        let rows = file.lines().count() as i64 - 1;
        assert!(rows > 20, "{file}");
        let told = sysadmin.post("/api/limits/starting", &json!({})).await.expect(200);
        assert_eq!((&told["added"], &told["rejected"]), (&json!(rows), &json!(0)), "{told}");
        // the same as a file is the same
        let again =
            sysadmin.upload("/api/limits/import", "text/csv", "起步.csv", file.into()).await.expect(200);
        assert_eq!((&again["added"], &again["known"]), (&json!(0), &json!(rows)));
        let all = sysadmin.get("/api/limits?size=200").await.expect(200);
        for limit in all["items"].as_array().unwrap() {
            assert_eq!(limit["verified"], false, "{limit}");
            assert!(limit["source"].as_str().unwrap().starts_with("GB "), "{limit}");
        }
        // rows that do not fit come back with the reason
        let bad = "标准,项目,限量,生效,组成\nGB 1,铅,大约一,2020-01-01,\nGB 2,比例之和,≤1,2020-01-01,苯甲酸=1;山梨酸=0.5\n";
        let told = sysadmin.upload("/api/limits/import", "text/csv", "坏.csv", bad.into()).await.expect(200);
        let path = format!("/api/limits/files/{}/rejected", told["id"].as_str().unwrap());
        let rejected = sysadmin.get(&path).await.text();
        assert!(rejected.contains("第 2 行：限量应如") && rejected.contains("第 3 行：之和与比例之和须写明"));
    });
}

#[test]
fn a_limit_is_never_rewritten_under_a_verdict() {
    each(async |w| {
        let b = bench(&w).await;
        let sysadmin = w.sign_in("sysadmin").await;
        let table = |rows: &str| format!("标准,项目,食品分类,限量,单位,生效,来源,已核验\n{rows}");
        let import = async |rows: &str| {
            let reply =
                sysadmin.upload("/api/limits/import", "text/csv", "限量.csv", table(rows).into()).await;
            let told = reply.expect(200);
            // the table's own word verifies nothing, and whoever took it in reads so
            assert_eq!((&told["added"], told["notes"].as_array().unwrap().len()), (&json!(1), 1), "{told}");
            assert!(told["notes"][0].as_str().unwrap().contains("第 2 行：“已核验”不随表导入"), "{told}");
            w.house.clock.advance(1_000);
        };
        import("GB 2760-2024,山梨酸,4.1,≤0.5,g/kg,2020-01-01,核对,是\n").await;
        let found = || json!([{ "item": "山梨酸", "method": "GB 5009.28", "result": "0.7 g/kg" }]);
        let issued = async |seal: &str| -> (String, Value) {
            let sample = task(&b, &w, "outer").await;
            let blind = sent(&b, &w, &sample, seal).await;
            tested(&b, &blind, found()).await;
            let told = b.head.post(&format!("/api/assays/{blind}/issue"), &json!({})).await.expect(200);
            (sample["id"].as_str().unwrap().to_owned(), told)
        };
        let judged = |told: &Value| -> (String, String) {
            let all = told["judged"].as_array().unwrap();
            let one = all.iter().find(|j| j["item"] == "山梨酸").unwrap();
            (
                one["outcome"].as_str().unwrap().to_owned(),
                one["limit"]["bound"]["value"].as_str().unwrap().to_owned(),
            )
        };
        let (first, told) = issued("L1").await;
        assert_eq!(judged(&told), ("fails".into(), "0.5".into()));
        let by = told["judged"].as_array().unwrap().iter().find(|j| j["item"] == "山梨酸").unwrap();
        assert_eq!(by["limit"]["verified"], false, "nobody but another person verifies: {by}");
        let before = b.officer.get(&format!("/api/samples/{first}")).await.expect(200)["judged"].clone();
        // the standard has another version, and a row that was entered wrongly is entered again: both stand beside the first
        import("GB 2760-2026,山梨酸,4.1,≤0.8,g/kg,2026-02-01,核对,是\n").await;
        let (_, told) = issued("L2").await;
        assert_eq!(
            judged(&told),
            ("conforms".into(), "0.8".into()),
            "made on 2026-02-20: the new version holds"
        );
        import("GB 2760-2026,山梨酸,4.1,≤0.6,g/kg,2026-02-01,再核对,是\n").await;
        let (_, told) = issued("L3").await;
        assert_eq!(judged(&told), ("fails".into(), "0.6".into()), "of one day the later entry holds");
        // what was judged stands as it was, with the limit that it was judged by
        let after = b.officer.get(&format!("/api/samples/{first}")).await.expect(200)["judged"].clone();
        assert_eq!(before, after);
        assert_eq!(
            sysadmin.get("/api/limits?item=%E5%B1%B1%E6%A2%A8%E9%85%B8").await.expect(200)["total"],
            4
        );
        sound(&w);
    });
}

#[test]
fn limits_are_sorted_and_exported_as_a_table_that_is_read_again() {
    each(async |w| {
        bench(&w).await;
        let sysadmin = w.sign_in("sysadmin").await;
        let first = async |sort: &str| {
            let all = sysadmin.get(&format!("/api/limits?sort={sort}")).await.expect(200);
            all["items"][0]["item"].as_str().unwrap().to_owned()
        };
        assert_eq!(first("standard").await, "大肠菌群", "GB 2712 comes before GB 2760");
        assert_ne!(first("standard_down").await, "大肠菌群");
        assert_ne!(first("item").await, first("item_down").await);
        sysadmin.get("/api/limits?sort=wrong").await.refused(422, "sort_unknown");
        let wanted = json!({ "format": "csv", "list": { "q": "GB 2760", "sort": "item" } });
        let job = sysadmin.post("/api/limits/exports", &wanted).await.expect(200);
        crate::pages::run_jobs(&w);
        let path = format!("/api/limits/exports/{}/file", job["job"].as_str().unwrap());
        let text = sysadmin.get(&path).await.text();
        assert!(text.contains("≤1") && text.contains("苯甲酸=1;山梨酸=1"), "{text}");
        assert!(!text.contains("大肠菌群"), "as it was searched: {text}");
        w.sign_in("officer1").await.get(&path).await.refused(404, "not_found");
        let told =
            sysadmin.upload("/api/limits/import", "text/csv", "导出.csv", text.into()).await.expect(200);
        assert_eq!((&told["read"], &told["rejected"]), (&json!(3), &json!(0)), "{told}");
    });
}
