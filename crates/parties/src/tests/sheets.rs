use kit_docs::sheet::{Book, Limits};
use serde_json::json;

use super::*;
use crate::NewParty;
use crate::actions::{Brought, Existing, Incoming, Source, take_in};

const HEAD: &str =
    "名称,统一社会信用代码,业态,行政区划,地址,经度,纬度,坐标系,许可证编号,许可证有效期至,负责人,联系电话\n";

fn sheet(rows: &[&str]) -> Vec<u8> {
    (HEAD.to_owned() + &rows.join("\n") + "\n").into_bytes()
}

async fn import(world: &World, client: &Client, query: &str, bytes: Vec<u8>) -> (String, Value) {
    let path = format!("/api/parties/imports{query}");
    let queued = client.upload(&path, "text/csv", "%E4%B8%BB%E4%BD%93.csv", bytes).await.expect(200);
    let job = world.work(client, &queued).await;
    assert_eq!(job["state"], "done", "{job}");
    let id = queued["job"].as_str().unwrap().to_owned();
    let result = client.get(&format!("/api/parties/imports/{id}")).await.expect(200);
    (id, result)
}

#[test]
fn good_rows_go_in_and_bad_rows_come_back_to_be_mended() {
    run(|world| async move {
        let officer = world.client("officer@4109");
        let (a, b) = (uscc(1), uscc(2));
        let rows = [
            format!(
                "老王超市,{a},食品销售店（超市、商店）,河南省濮阳市华龙区,胜利路1号,115.0,35.7,GCJ-02（高德、腾讯）,,,王大力,13812341234"
            ),
            "老李面馆,,餐饮服务单位,410922,人民路2号,,,,豫餐00001；豫餐00002,2028-01,,".to_owned(),
            format!("坏信用代码,{},shop,410902,,,,,,,,", &a.replace('9', "8")),
            "没有区划,,shop,亚特兰蒂斯,,,,,,,,".to_owned(),
            "别处的店,,shop,浙江省杭州市西湖区,,,,,,,,".to_owned(),
            format!("又是老王,{a},shop,410902,,,,,,,,"),
            "业态不对,,飞船,410902,,,,,,,,".to_owned(),
            "坐标一半,,shop,410902,,115.0,,,,,,".to_owned(),
            "电话不对,,shop,410902,,,,,,,张三,12345".to_owned(),
            "老李面馆,,餐饮服务单位,410922,人民路2号,,,,,,,".to_owned(),
            "新店隐去了人,,shop,410902,,,,,,,王*,138****1234".to_owned(),
            format!("好店,{b},shop,华龙区,,,,,,,,"),
        ];
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let (job, result) = import(&world, &officer, "", sheet(&rows)).await;
        let numbers = ["read", "added", "updated", "rejected"].map(|k| result[k].as_u64().unwrap());
        assert_eq!(numbers, [12, 3, 0, 9], "{result}");
        let mut defects: Vec<(&str, &str)> = result["defects"]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| (d["place"].as_str().unwrap(), d["code"].as_str().unwrap()))
            .collect();
        defects.sort_unstable();
        assert_eq!(
            defects,
            [
                ("主体!A11", "duplicate_in_file"),
                ("主体!B4", "uscc_organisation_check"),
                ("主体!B7", "duplicate_in_file"),
                ("主体!C8", "choice_unknown"),
                ("主体!D5", "division_unknown"),
                ("主体!D6", "outside_jurisdiction"),
                ("主体!G9", "position_half"),
                ("主体!K12", "people_masked"),
                ("主体!L10", "phone_form"),
            ]
        );
        assert_eq!(officer.get("/api/parties").await.expect(200)["total"], 3);
        assert_eq!(officer.get("/api/parties?q=%E8%B1%AB%E9%A4%9000002").await.expect(200)["total"], 1);

        // the rejected rows as a file: mended, it goes in
        let file = officer.get(&format!("/api/parties/imports/{job}/rejected")).await;
        assert_eq!(file.status, 200);
        let mut book = Book::open(std::io::Cursor::new(file.bytes), "主体", &Limits::default()).unwrap();
        assert_eq!(book.rows(0).unwrap().count(), 10);
        let (_, again) =
            import(&world, &officer, "", sheet(&["电话不对,,shop,410902,,,,,,,张三,13812345678"])).await;
        assert_eq!(again["added"], 1);
    });
}

#[test]
fn a_business_that_is_there_is_a_defect_or_an_update_by_choice() {
    run(|world| async move {
        let officer = world.client("officer@4109");
        let mut old = shop("老王超市");
        old["uscc"] = json!(uscc(1));
        old["note"] = json!("有备注");
        old["licences"] = json!([{ "number": "豫小00001", "issued": "2024", "expires": "2027-01-01" }]);
        let made = officer.post("/api/parties", &old).await.expect(200);
        let id = made["party"]["id"].as_str().unwrap();
        let row = format!("老王大超市,{},shop,410902,,,,,,,,", uscc(1));
        let (_, refused) = import(&world, &officer, "", sheet(&[&row])).await;
        assert_eq!(
            (&refused["rejected"], &refused["defects"][0]["code"]),
            (&json!(1), &json!("uscc_exists"))
        );
        let (_, updated) = import(&world, &officer, "?existing=update", sheet(&[&row])).await;
        assert_eq!((&updated["updated"], &updated["rejected"]), (&json!(1), &json!(0)), "{updated}");
        let dossier = officer.get(&format!("/api/parties/{id}")).await.expect(200);
        // what the sheet left empty stays
        assert_eq!(dossier["party"]["name"], "老王大超市");
        assert_eq!(dossier["party"]["address"], "胜利路1号");
        assert_eq!(dossier["party"]["note"], "有备注");
        assert_eq!(dossier["licences"][0]["issued"], "2024");
        assert_eq!(
            dossier["changes"][0]["changes"],
            json!([{ "field": "name", "old": "老王超市", "new": "老王大超市" }])
        );
    });
}

#[test]
fn an_export_goes_in_again_and_changes_nothing() {
    run(|world| async move {
        let officer = world.client("officer@4109");
        let rows: Vec<String> = (0..40)
            .map(|i| format!("第{i:02}号店,{},shop,410902,胜利路{i}号,115.{i:02},35.7,BD-09（百度）,豫小{i:05},2028-01-01,张三,13812341234", uscc(i)))
            .collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let (_, result) = import(&world, &officer, "", sheet(&rows)).await;
        assert_eq!(result["added"], 40, "{result}");
        let before = officer.get("/api/parties?sort=name&size=50").await.expect(200);
        for (format, list, count) in [("xlsx", json!({}), 40), ("csv", json!({ "q": "2号店" }), 4)] {
            let body = json!({ "format": format, "list": list });
            let queued = officer.post("/api/parties/exports", &body).await.expect(200);
            let job = world.work(&officer, &queued).await;
            assert_eq!(job["state"], "done", "{job}");
            let id = queued["job"].as_str().unwrap();
            let file = officer.get(&format!("/api/parties/exports/{id}/file")).await;
            assert_eq!(file.status, 200);
            let (_, again) = import(&world, &officer, "?existing=update", file.bytes).await;
            assert_eq!((&again["updated"], &again["rejected"]), (&json!(count), &json!(0)), "{again}");
        }
        let after = officer.get("/api/parties?sort=name&size=50").await.expect(200);
        let place = |v: &Value, i: usize| {
            (v["items"][i]["lon"].as_f64().unwrap(), v["items"][i]["lat"].as_f64().unwrap())
        };
        for i in 0..40 {
            let (a, b) = (place(&before, i), place(&after, i));
            assert!((a.0 - b.0).abs() < 1e-6 && (a.1 - b.1).abs() < 1e-6);
            for key in ["name", "uscc", "address", "code", "created_at"] {
                assert_eq!(before["items"][i][key], after["items"][i][key]);
            }
        }
        // names and numbers left masked, and the people who are there stayed
        let id = after["items"][0]["id"].as_str().unwrap();
        let people = officer.get(&format!("/api/parties/{id}/people")).await.expect(200);
        assert_eq!(people[0]["phone"], "13812341234");
    });
}

#[test]
fn a_job_that_runs_twice_adds_once() {
    for world in World::all() {
        let new: NewParty = serde_json::from_value(shop("老王超市")).unwrap();
        let take = |origin: &str| {
            let source = Source {
                origin: origin.to_owned(),
                actor: "甲".to_owned(),
                existing: Existing::Refuse,
                simulated: false,
            };
            let batch = vec![Incoming { new: new.clone(), code: None, status: None, masked: false }];
            let (ids, search) = (world.house.ids.clone(), world.house.held::<crate::Search>());
            let write = move |tx: &mut Tx| take_in(tx, &ids, NOW, &search, &source, &|_, _| true, batch);
            world.house.db.write_blocking(write).unwrap().remove(0)
        };
        assert!(matches!(take("job-1"), Brought::Added));
        assert!(matches!(take("job-1"), Brought::Again));
        assert!(matches!(take("job-2"), Brought::Refused(e) if e.code == "name_address_exists"));
        assert_eq!(world.house.held::<crate::Search>().len(), 1);
    }
}

#[test]
fn the_template_can_be_read_by_the_import() {
    run(|world| async move {
        let officer = world.client("officer@4109");
        let template = officer.get("/api/parties/template").await;
        assert_eq!(template.status, 200);
        let (_, result) = import(&world, &officer, "", template.bytes).await;
        // the example row is passed over
        assert_eq!((&result["read"], &result["unknown"]), (&json!(0), &json!([])), "{result}");
        let leader = world.client("leader@41");
        leader
            .upload("/api/parties/imports", "text/csv", "a.csv", sheet(&[]))
            .await
            .refused(403, "permission_missing");
    });
}

#[test]
fn files_that_are_no_sheets_fail_with_a_reason() {
    run(|world| async move {
        let officer = world.client("officer@4109");
        officer
            .upload("/api/parties/imports", "text/csv", "a.csv", Vec::new())
            .await
            .refused(422, "file_empty");
        let table: [&[u8]; 3] = [
            b"\xff\xd8\xff\xe0 not a sheet \x00\x00\x01",
            b"PK\x03\x04 broken",
            "甲,乙,丙\n1,2,3\n".as_bytes(),
        ];
        for bytes in table {
            let queued =
                officer.upload("/api/parties/imports", "text/csv", "a.csv", bytes.to_vec()).await.expect(200);
            let job = world.work(&officer, &queued).await;
            assert_eq!(job["state"], "failed", "{job}");
            assert!(job["error"].as_str().unwrap().chars().count() > 4, "{job}");
            let id = queued["job"].as_str().unwrap();
            officer.get(&format!("/api/parties/imports/{id}")).await.refused(409, "job_failed");
        }
        assert_eq!(officer.get("/api/parties").await.expect(200)["total"], 0);
    });
}
