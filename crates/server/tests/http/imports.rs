//! Sheets of moves and networks of an incident into the ledger; the command that takes files in.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use kit_test::Client;
use serde_json::{Value, json};
use server::commands::import::Import;

use crate::epcis::read;
use crate::world::{World, each};

/// Uploads a sheet, runs the queue, answers the result.
async fn imported(w: &World, client: &Client, query: &str, name: &str, bytes: Vec<u8>) -> Value {
    let id = queued(w, client, query, name, bytes).await;
    client.get(&format!("/api/imports/{id}")).await.expect(200)
}

async fn queued(w: &World, client: &Client, query: &str, name: &str, bytes: Vec<u8>) -> String {
    let reply = client.upload(&format!("/api/imports?{query}"), "text/csv", name, bytes).await;
    let id = reply.expect(200)["job"].as_str().unwrap().to_owned();
    let house = w.house.clone();
    let run = move || kit_jobs::run_due(&*house, &server::rooms::job_kinds(), &house.db, &house.clock);
    tokio::task::spawn_blocking(run).await.unwrap().unwrap();
    id
}

const PURCHASES: &str = "进货日期,供货者,产品名称,产品编码,规格,批号,生产日期,保质期至,数量,单位,单据号
2026-03-01,老王粮油批发部,小麦粉,,25kg/袋,F1,2026-02-01,2026-12-31,100,公斤,S-1
2026-03-02,胜利路便民超市,小麦粉,,25kg/袋,F2,2026-02-02,2026-11-30,50,公斤,S-2
2026-02-30,老王粮油批发部,小麦粉,,,F3,,,10,公斤,S-3
2026-03-02,老王粮油批发部,食盐,,,,,,3,妖,S-4
2026-03-02,老王粮油批发部,食盐,,,,,,-3,公斤,S-5
2027-03-02,老王粮油批发部,食盐,,,,,,3,公斤,S-6
";

#[test]
fn good_rows_go_in_bad_ones_come_back_in_gbk_too() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let (gbk, _, _) = encoding_rs::GBK.encode(PURCHASES);
        let none = imported(&w, &owner, "kind=purchases", "进货.csv", gbk.to_vec()).await;
        assert_eq!((none["added"].as_i64(), none["rejected"].as_i64()), (Some(0), Some(6)), "{none}");
        assert!(none["defects"].to_string().contains("product_unknown"), "{none}");

        let done = imported(&w, &owner, "kind=purchases&create_products=1", "进货.csv", gbk.to_vec()).await;
        assert_eq!((done["read"].as_i64(), done["added"].as_i64()), (Some(6), Some(2)), "{done}");
        let defects: BTreeSet<(String, String)> = done["defects"]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| (d["place"].as_str().unwrap().to_owned(), d["code"].as_str().unwrap().to_owned()))
            .collect();
        for wanted in [
            ("进货!A4", "date_impossible"),
            ("进货!I5", "unit_unknown"),
            ("进货!I6", "amount_negative"),
            ("进货!A7", "date_future"),
        ] {
            assert!(
                defects.contains(&(wanted.0.to_owned(), wanted.1.to_owned())),
                "{wanted:?} in {defects:?}"
            );
        }
        let bought = owner.get("/api/ledgers/purchases").await.expect(200);
        let names: BTreeSet<&str> =
            bought["items"].as_array().unwrap().iter().map(|i| i["other_name"].as_str().unwrap()).collect();
        assert_eq!(names, BTreeSet::from(["老王粮油批发部", "胜利路便民超市"]));
        let known = bought["items"].as_array().unwrap().iter().find(|i| i["doc_no"] == "S-2").unwrap();
        assert_eq!(known["counterpart"], w.shop.as_str());

        // the same file again adds nothing
        imported(&w, &owner, "kind=purchases&create_products=1", "进货.csv", gbk.to_vec()).await;
        assert_eq!(owner.get("/api/ledgers/purchases").await.expect(200)["total"], 2);
    });
}

#[test]
fn rejected_rows_are_mended_and_sent_again() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let id = queued(&w, &owner, "kind=purchases&create_products=1", "三月.csv", PURCHASES.into()).await;
        let back = owner.get(&format!("/api/imports/{id}/rejected")).await;
        assert_eq!(back.status, 200);
        assert!(back.bytes.starts_with(b"PK"));
        let mut book = kit_docs::sheet::Book::open(
            std::io::Cursor::new(back.bytes),
            "x",
            &kit_docs::sheet::Limits::default(),
        )
        .unwrap();
        let rows: Vec<_> = book.rows(0).unwrap().map(|r| r.unwrap()).collect();
        assert_eq!(rows.len(), 5);
        assert_eq!(rows[0].cells.last().unwrap().shown(), "错误原因");
        // nobody else's result is to be had
        w.sign_in("clerk").await.get(&format!("/api/imports/{id}")).await.refused(404, "not_found");
        let template = owner.get("/api/imports/template?kind=production").await;
        assert!(template.status == 200 && template.bytes.starts_with(b"PK"));
        let empty = imported(&w, &owner, "kind=production", "生产.xlsx", template.bytes).await;
        assert_eq!((empty["read"].as_i64(), empty["added"].as_i64()), (Some(0), Some(0)));
    });
}

#[test]
fn stock_is_used_up_by_what_ends_first_and_never_twice() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        imported(&w, &owner, "kind=purchases&create_products=1", "进货.csv", PURCHASES.into()).await;
        let form = json!({ "name": "挂面", "category": "01", "unit": "g", "shelf_days": 180 });
        owner.post("/api/products", &form).await.expect(200);
        let made = "生产日期,产品名称,批号,数量,单位,检验人,原料\n\
            2026-03-02,挂面,G1,60,公斤,王检,小麦粉 60公斤\n\
            2026-03-02,挂面,G2,60,公斤,王检,小麦粉#F1 200公斤\n\
            2026-03-02,挂面,G3,60,公斤,王检,小麦粉六十公斤\n";
        let done = imported(&w, &owner, "kind=production", "生产.csv", made.into()).await;
        assert_eq!(done["added"], 1, "{done}");
        let told: Vec<(&str, &str)> = done["defects"]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| (d["place"].as_str().unwrap(), d["code"].as_str().unwrap()))
            .collect();
        assert_eq!(told, [("生产!G3", "stock_short"), ("生产!G4", "ingredient_syntax")]);
        // F2 ends first: its 50 kg are gone, and 10 kg of F1
        let lots = owner.get("/api/lots?on_hand=1&size=50").await.expect(200);
        let on_hand: HashMap<String, i64> = lots["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|l| (l["batch"].as_str().unwrap().to_owned(), l["on_hand"].as_i64().unwrap()))
            .collect();
        assert_eq!(on_hand, HashMap::from([("F1".to_owned(), 90_000), ("G1".to_owned(), 60_000)]));

        let sold = "销售日期,购货者,产品名称,批号,数量,单位\n\
            2026-03-03,胜利路便民超市,挂面,G1,20,公斤\n2026-03-03,,挂面,,30,公斤\n2026-03-03,,挂面,,30,公斤\n2026-03-03,,挂面,,1,袋\n";
        let done = imported(&w, &owner, "kind=sales", "销售.csv", sold.into()).await;
        assert_eq!((done["added"].as_i64(), done["rejected"].as_i64()), (Some(2), Some(2)), "{done}");
        assert_eq!(done["defects"][0]["code"], "stock_short");
        assert_eq!(done["defects"][1]["code"], "unit_conflict");
        let waiting = w.sign_in("clerk").await.get("/api/lots?state=transit&on_hand=1").await.expect(200);
        assert_eq!(waiting["items"][0]["on_hand"], 20_000);
    });
}

#[test]
fn a_million_lines_too_many_are_refused_and_leave_nothing() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let mut paste = String::from("进货日期,供货者,产品名称,数量,单位\n");
        paste.push_str(&"x\n".repeat(1_200_000));
        let id = queued(&w, &owner, "kind=purchases", "粘贴.csv", paste.into_bytes()).await;
        let problem = owner.get(&format!("/api/imports/{id}")).await.refused(409, "job_failed");
        assert!(problem["title"].to_string().contains("1100000"), "{problem}");
        assert_eq!(owner.get("/api/events").await.expect(200)["total"], 0);
    });
}

fn command(files: Vec<PathBuf>) -> Import {
    Import {
        files,
        on_behalf: None,
        party: None,
        strict: false,
        lenient: false,
        proceed: false,
        dry_run: false,
        division: None,
        kind: None,
        create_products: true,
    }
}

#[test]
fn the_command_tells_by_its_exit_code_what_came_of_the_files() {
    each(async |w| {
        let sheet = w.db.dir.path().join("三月.csv");
        std::fs::write(&sheet, PURCHASES.lines().take(3).collect::<Vec<_>>().join("\n")).unwrap();
        let gone = w.db.dir.path().join("没有.csv");
        let events = |w: &World| read(w, trace::store::events::numbers).0;
        let run = async |command: Import| {
            let house = w.house.clone();
            tokio::task::spawn_blocking(move || command.into_house(&house)).await.unwrap()
        };
        assert_eq!(run(command(vec![gone])).await, 2);
        assert_eq!(run(command(vec![sheet.clone()])).await, 1, "nobody is named");
        assert_eq!(
            run(Import { on_behalf: Some("owner".into()), dry_run: true, ..command(vec![sheet.clone()]) })
                .await,
            0
        );
        assert_eq!(events(&w), 0);
        assert_eq!(run(Import { on_behalf: Some("owner".into()), ..command(vec![sheet.clone()]) }).await, 0);
        assert_eq!(events(&w), 2);
        // on behalf of a business by its name
        assert_eq!(
            run(Import { on_behalf: Some("清丰县城关粮油店".into()), ..command(vec![sheet]) }).await,
            0
        );
        let event = json!({ "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
            "type": "ObjectEvent", "eventTime": "2026-02-01T00:00:00Z", "eventTimeZoneOffset": "+08:00", "action": "ADD",
            "bizStep": "commissioning", "epcList": ["urn:epc:id:sgtin:9521141.001234.1"] });
        let file = w.db.dir.path().join("events.ndjson");
        std::fs::write(&file, format!("{event}\n")).unwrap();
        let before = events(&w);
        let epcis = || Import { on_behalf: Some("owner".into()), ..command(vec![file.clone()]) };
        assert_eq!(run(Import { dry_run: true, ..epcis() }).await, 0);
        assert_eq!(events(&w), before);
        assert_eq!(run(epcis()).await, 0);
        assert_eq!(events(&w), before + 1);
        std::fs::write(&file, event.to_string().replace("ADD", "PLUS")).unwrap();
        assert_eq!(run(epcis()).await, 1);
    });
}

#[test]
fn the_command_takes_a_network_whole_or_names_what_is_wrong() {
    each(async |w| {
        let run = async |file: PathBuf, dry_run: bool| {
            let (house, division) = (w.house.clone(), Some("410902".to_owned()));
            let command = Import { division, dry_run, ..command(vec![file]) };
            tokio::task::spawn_blocking(move || command.into_house(&house)).await.unwrap()
        };
        let made = |name: &str, text: &str| {
            let path = w.db.dir.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let stations = r#""stations":[{"id":1,"name":"甲站"},{"id":2,"name":"乙站"}]"#;
        let deliveries = r#""deliveries":[{"id":7,"from":1,"to":2},{"id":8,"from":2,"to":1}]"#;
        let relations = r#""relations":[{"from":7,"into":8},{"from":8,"into":7}]"#;
        let circle = made("circle.json", &format!("{{{stations},{deliveries},{relations}}}"));
        let broken = made("broken.json", &format!("{{{stations},"));
        for wrong in [circle, broken] {
            assert_eq!(run(wrong, false).await, 1);
            assert_eq!(read(&w, trace::store::events::numbers), (0, 0));
        }
        let good = made(
            "good.json",
            &format!("{{{stations},{deliveries},\"relations\":[{{\"from\":7,\"into\":8}}]}}"),
        );
        assert_eq!(run(good.clone(), true).await, 0);
        assert_eq!(read(&w, trace::store::events::numbers), (0, 0));
        assert_eq!(run(good.clone(), false).await, 0);
        assert_eq!(read(&w, trace::store::events::numbers), (2, 2));
        let chain = w.sign_in("investigator").await.get("/api/lots/2/chain").await.expect(200);
        assert_eq!(chain["links"], json!([[1, 2]]));
        assert_eq!(run(good, false).await, 1, "it is there already");
    });
}

const PRODUCTS: &str = "产品名称,类别,计量方式,规格,包装含量,商品条码,自编码,保质期（天）,执行标准
小麦粉,粮食加工品,重量,25kg/袋,25公斤,,WF-25,180,GB/T 1355
酱油,调味品,容量,500ml/瓶,500毫升,6901234567892,,540,GB 2717
,调味品,容量,,,,,,
香醋,调料,容量,,,,,,
陈醋,调味品,容量,,500克,,,,
料酒,调味品,容量,,,6901234567893,,,
黄酒,调味品,容量,,,,WF-25,,
";

#[test]
fn products_come_in_as_a_sheet_and_bad_rows_come_back() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let done = imported(&w, &owner, "kind=products", "产品.csv", PRODUCTS.into()).await;
        assert_eq!((done["read"].as_i64(), done["added"].as_i64()), (Some(7), Some(2)), "{done}");
        let told: Vec<(&str, &str)> = done["defects"]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| (d["place"].as_str().unwrap(), d["code"].as_str().unwrap()))
            .collect();
        assert_eq!(
            told,
            [
                ("产品!A4", "required"),
                ("产品!B5", "choice_unknown"),
                ("产品!G8", "duplicate_in_file"),
                ("产品!E6", "unit_conflict"),
                ("产品!F7", "gtin_check"),
            ],
            "{done}"
        );
        let all = owner.get("/api/products?sort=name").await.expect(200);
        assert_eq!(all["total"], 2);
        let flour = all["items"].as_array().unwrap().iter().find(|p| p["name"] == "小麦粉").unwrap();
        assert_eq!((flour["pack_size"].as_i64(), flour["shelf_days"].as_i64()), (Some(25_000), Some(180)));

        // sent again it changes nothing; a change must be asked for
        let again = imported(&w, &owner, "kind=products", "产品.csv", PRODUCTS.into()).await;
        assert_eq!((again["added"].as_i64(), again["updated"].as_i64()), (Some(0), Some(2)), "{again}");
        let changed = "产品名称,类别,计量方式,自编码,贮存条件\n小麦粉,粮食加工品,重量,WF-25,阴凉干燥处\n";
        let refused = imported(&w, &owner, "kind=products", "产品.csv", changed.into()).await;
        assert_eq!(refused["defects"][0]["code"], "product_twice", "{refused}");
        imported(&w, &owner, "kind=products&update=1", "产品.csv", changed.into()).await;
        let one = owner.get(&format!("/api/products/{}", flour["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(
            (one["product"]["storage"].as_str(), one["product"]["shelf_days"].as_i64()),
            (Some("阴凉干燥处"), Some(180))
        );
    });
}

#[test]
fn papers_and_additives_are_kept_shown_and_masked() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let bought = "进货日期,供货者,产品名称,批号,数量,单位,动物检疫合格证明,车牌号,供货者联系人,供货者电话,供货者地址\n\
            2026-03-01,老王猪肉批发部,白条猪,Z1,100,公斤,4109A001,豫j·a1234,王大锤,13800001234,清丰县城关镇\n\
            2026-03-01,老王猪肉批发部,白条猪,Z2,100,公斤,4109A002,J1234,王大锤,13800001234,清丰县城关镇\n\
            2026-03-01,胜利路便民超市,白条猪,Z3,100,公斤,4109A003,,王大锤,13800001234,清丰县城关镇\n";
        let done = imported(&w, &owner, "kind=purchases&create_products=1", "进货.csv", bought.into()).await;
        assert_eq!(done["added"], 2, "{done}");
        assert_eq!(
            (done["defects"][0]["place"].as_str(), done["defects"][0]["code"].as_str()),
            (Some("进货!H3"), Some("vehicle_form"))
        );
        let lines = owner.get("/api/ledgers/purchases?sort=no").await.expect(200);
        let (first, second) = (&lines["items"][0], &lines["items"][1]);
        assert_eq!(first["papers"]["animal_quarantine"], "4109A001");
        assert_eq!(first["papers"]["vehicle"], "豫JA1234");
        assert_eq!(
            (first["papers"]["supplier_phone"].as_str(), first["other_address"].as_str()),
            (Some("13800001234"), Some("清丰县城关镇"))
        );
        // who is on the platform is known by what is registered
        assert_eq!(
            (second["papers"]["supplier_phone"].as_str(), second["other_address"].as_str()),
            (Some(""), Some("人民路3号"))
        );
        let officer = w.sign_in("officer1").await;
        let seen = officer.get("/api/ledgers/purchases?sort=no").await.expect(200);
        assert_eq!(seen["items"][0]["papers"]["supplier_phone"], "138****1234");

        let form = json!({ "name": "火腿肠", "category": "04", "unit": "g", "shelf_days": 180 });
        owner.post("/api/products", &form).await.expect(200);
        let made = "生产日期,产品名称,批号,数量,单位,原料,食品添加剂\n\
            2026-03-02,火腿肠,H1,60,公斤,白条猪#Z1 50公斤,山梨酸钾 2.5克 防腐剂；亚硝酸钠 500毫克 护色剂\n\
            2026-03-02,火腿肠,H2,60,公斤,白条猪#Z1 50公斤,山梨酸钾\n";
        let done = imported(&w, &owner, "kind=production", "生产.csv", made.into()).await;
        assert_eq!(
            (done["added"].as_i64(), done["defects"][0]["place"].as_str()),
            (Some(1), Some("生产!G3")),
            "{done}"
        );
        let lots = owner.get("/api/lots?batch=H1").await.expect(200);
        let lot = lots["items"][0]["no"].as_i64().unwrap();
        let ship = json!({ "kind": "ship", "counterpart": w.shop, "takes": [{ "lot": lot, "amount": 1_000 }],
            "papers": { "quality": "HT-0302", "vehicle": "豫JD12345" } });
        let transit = crate::world::moved(&owner, ship).await;
        let clerk = w.sign_in("clerk").await;
        let receive = json!({ "kind": "receive", "takes": [{ "lot": transit }] });
        let stock = crate::world::moved(&clerk, receive).await;
        let page = clerk.get(&format!("/api/lots/{stock}")).await.expect(200);
        assert_eq!(page["papers"][0]["papers"]["quality"], "HT-0302", "{page}");
        assert_eq!(page["additives"][0]["amount"], 2_500);
        assert_eq!(page["additives"][1]["purpose"], "护色剂");

        let twice = json!({ "kind": "ship", "counterpart": w.shop, "takes": [{ "lot": lot, "amount": 1 }],
            "papers": { "supplier_phone": "13800001234" } });
        let reply = owner.post("/api/moves", &json!({ "mode": "all", "items": [twice] })).await;
        assert_eq!(reply.refused(422, "supplier_known")["field"], "items/0/papers/supplier_phone");
    });
}
