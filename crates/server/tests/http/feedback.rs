//! Who belongs to whom, and what markets, chains and platforms are told of their members each week.

use kit_base::Millis;
use kit_db::{Sql, params};
use serde_json::{Value, json};

use crate::pages::run_jobs;
use crate::sampling::people;
use crate::world::{NOW, World, each};

const DAY: Millis = 86_400_000;
const SAMPLE: &str = "INSERT INTO samples (id, number, sample_no, blind, quota, mode, kind, stage, category, food, party, party_kind, site,
        division, lab, sampler1, sampler2, house1, house2, producer, trace_code, sheet, sheet_hash, taken_at, made, received_at, issued_at,
        verdict, grave, recheck_lab, recheck_draw, finding, status, phase, flags, opened_at, served_at, confirmed_at, closed_at, simulated)
    VALUES ($1, $1, $1, $1, '', 'outer', 'supervision', 'trade', '4.1', '豆干', $2, 'shop', '', '410902', 'lab', 'u1', 'u2', '', '', '', '',
        '{}', '', $3, '', $3, $3, $4, 0, '', '', '', $5, 'open', '', $3, NULL, $6, $7, 0)";
const VERDICT: &str =
    "INSERT INTO sample_verdicts (sample, no, item, judged, outcome, decided_by, decided_why)
    VALUES ($1, 1, '苯甲酸', $2, $3, '', '')";

/// A sample of a business that stood so many days before now; a failing one is in its disposal.
pub async fn stood(w: &World, id: &'static str, party: &str, days: i64, fails: bool) {
    let (party, at) = (party.to_owned(), NOW - days * DAY);
    let put = w.db.db.write(move |tx| {
        let verdict = if fails { "fails" } else { "conforms" };
        let status = if fails { "disposal" } else { "closed" };
        let (confirmed, closed) = if fails { (Some(at), None) } else { (None, Some(at)) };
        tx.exec(Sql::One(SAMPLE), params![id, &party, at - DAY, verdict, status, confirmed, closed])?;
        let judged = json!({ "item": "苯甲酸", "result": "1.32", "unit": "g/kg", "limit": null, "outcome": verdict, "rule": "" });
        tx.exec(Sql::One(VERDICT), params![id, &judged.to_string(), verdict])
    });
    put.await.unwrap();
}

/// The round of the week.
pub async fn weekly(w: &World) {
    let (ids, now) = (w.house.ids.clone(), w.house.clock.now());
    let queue = w.db.db.write(move |tx| kit_jobs::ensure(tx, &ids, now, "feedback.tick", "反馈周报", now));
    queue.await.unwrap();
    run_jobs(w);
}

/// What the matrix asks for: a branch of the factory, and the file of last week.
pub async fn scene(w: &World) {
    let officer = w.sign_in("off.own").await;
    let body = json!({ "manager": w.factory, "member": w.shop, "relation": "chain", "from": "2026-01-01" });
    officer.post("/api/members", &body).await.expect(200);
    weekly(w).await;
}

async fn market(w: &World, name: &str) -> String {
    let officer = w.sign_in("officer1").await;
    let body = json!({ "name": name, "kind": "market", "division": "410902", "address": name });
    officer.post("/api/parties", &body).await.expect(200)["party"]["id"].as_str().unwrap().to_owned()
}

fn one(list: &Value, at: usize) -> &str {
    list["items"][at]["id"].as_str().unwrap()
}

#[test]
fn each_market_has_its_own_file_and_who_left_is_not_in_the_next() {
    each(async |w| {
        let (first, second) = (market(&w, "东关农贸市场").await, market(&w, "西关农贸市场").await);
        let owners = [
            ("own.east", "business_owner", Err(first.clone())),
            ("own.west", "business_owner", Err(second.clone())),
        ];
        people(&w, &owners).await;
        let officer = w.sign_in("officer1").await;
        let enter = |manager: &str, member: &str, place: &str| json!({ "manager": manager, "member": member, "relation": "market", "place": place, "from": "2026-01-01" });
        let shop = officer.post("/api/members", &enter(&first, &w.shop, "A12")).await.expect(200);
        officer.post("/api/members", &enter(&first, &w.factory, "")).await.expect(200);
        officer.post("/api/members", &enter(&second, &w.farm, "B1")).await.expect(200);
        // last week is the ninth: from 2026-02-23 to 2026-03-01
        stood(&w, "new", &w.shop, 6, true).await;
        stood(&w, "good", &w.shop, 7, false).await;
        stood(&w, "open", &w.factory, 12, true).await;
        stood(&w, "other", &w.farm, 5, true).await;
        stood(&w, "this-week", &w.shop, 1, true).await;
        weekly(&w).await;

        let (east, west) = (w.sign_in("own.east").await, w.sign_in("own.west").await);
        let list = east.get("/api/feedback").await.expect(200);
        let row = &list["items"][0];
        assert_eq!(
            (&list["total"], &row["week"], &row["members"], &row["failed"], &row["open_failed"]),
            (&json!(1), &json!("2026-W09"), &json!(2), &json!(1), &json!(1)),
            "{list}"
        );
        let theirs = west.get("/api/feedback").await.expect(200);
        assert_eq!((&theirs["total"], &theirs["items"][0]["name"]), (&json!(1), &json!("西关农贸市场")));
        let id = one(&list, 0).to_owned();
        for path in [format!("/api/feedback/{id}"), format!("/api/feedback/{id}/file?form=json")] {
            west.get(&path).await.refused(404, "not_found");
        }
        west.post(&format!("/api/feedback/{id}/receipt"), &json!({})).await.refused(404, "not_found");

        let view = east.get(&format!("/api/feedback/{id}")).await.expect(200);
        let c = &view["content"];
        let failing = c["failing"].as_array().unwrap();
        assert_eq!((failing.len(), &failing[0]["sample_no"]), (1, &json!("new")), "{c}");
        assert_eq!(failing[0]["who"]["place"], "A12");
        assert!(failing[0]["failing"].as_str().unwrap().contains("苯甲酸 1.32"), "{c}");
        assert_eq!(c["earlier"][0]["sample_no"], "open");
        // new, good and open: what stood after the week, and what is of others, counts nowhere
        assert_eq!((&c["total"]["n"], &c["total"]["hits"]), (&json!(3), &json!(2)));
        assert!(!view.to_string().contains("other") && !view.to_string().contains("this-week"), "{view}");
        signed(&w, &east, &id, &view).await;

        // receipt is taken once, and officers see by whom
        let taken =
            east.post(&format!("/api/feedback/{id}/receipt"), &json!({ "note": "已通知摊位停售" })).await;
        assert!(taken.expect(200)["taken_by"].as_str().is_some_and(|n| !n.is_empty()));
        east.post(&format!("/api/feedback/{id}/receipt"), &json!({})).await.refused(409, "feedback_taken");
        let waiting = officer.get("/api/feedback?receipt=waiting").await.expect(200);
        assert_eq!((&waiting["total"], &waiting["items"][0]["name"]), (&json!(1), &json!("西关农贸市场")));
        assert_eq!(
            officer.get("/api/feedback?receipt=taken").await.expect(200)["items"][0]["taken_note"],
            "已通知摊位停售"
        );
        weekly(&w).await;
        assert_eq!(officer.get("/api/feedback?all=1").await.expect(200)["total"], 2, "a week is made once");

        // the stall leaves; the failure of the factory is overturned
        let end = format!("/api/members/{}/end", shop["id"].as_str().unwrap());
        officer.post(&end, &json!({ "until": "2026-03-06", "reason": "撤摊" })).await.expect(200);
        let undo = w.db.db.write(|tx| {
            tx.exec(
                Sql::One("UPDATE samples SET flags = ',overturned,', closed_at = 1 WHERE id = 'open'"),
                &[],
            )
        });
        undo.await.unwrap();
        w.house.clock.advance(7 * DAY);
        weekly(&w).await;
        let east = w.sign_in("own.east").await;
        let list = east.get("/api/feedback").await.expect(200);
        assert_eq!((&list["total"], &list["items"][0]["week"]), (&json!(2), &json!("2026-W10")));
        let view = east.get(&format!("/api/feedback/{}", one(&list, 0))).await.expect(200);
        let c = &view["content"];
        assert_eq!((&c["members"], &c["failing"], &c["earlier"]), (&json!(1), &json!([]), &json!([])), "{c}");
        assert_eq!(c["corrected"][0]["sample_no"], "open", "{c}");
        assert!(!c.to_string().contains("A12"), "{c}");
    });
}

/// The file opens with the key of the house alone, and not when a letter of it was changed.
async fn signed(w: &World, east: &kit_test::Client, id: &str, view: &Value) {
    let note = east.get(&format!("/api/feedback/{id}/file")).await.text();
    let key = w.house.held::<kit_ledger::Ledger>().public_key();
    let said = feedback::read_signed(&key, &note).unwrap();
    assert_eq!(json!(said.hash), view["row"]["hash"]);
    assert_eq!(said.content.failing[0].sample_no, "new");
    assert!(feedback::read_signed(&key, &note.replace("A12", "A13")).is_err());
    let plain = east.get(&format!("/api/feedback/{id}/file?form=json")).await.expect(200);
    assert_eq!(plain["failing"], view["content"]["failing"]);
    let sheet = east.get(&format!("/api/feedback/{id}/file?form=xlsx")).await;
    assert!(sheet.status.is_success() && sheet.bytes.starts_with(b"PK"));
    east.get(&format!("/api/feedback/{id}/file?form=pdf")).await.refused(422, "form_unknown");
}

#[test]
fn a_file_made_again_is_the_next_version_and_the_first_stays() {
    each(async |w| {
        let first = market(&w, "东关农贸市场").await;
        people(&w, &[("own.east", "business_owner", Err(first.clone()))]).await;
        let officer = w.sign_in("officer1").await;
        let body = json!({ "manager": first, "member": w.shop, "relation": "market", "from": "2026-01-01" });
        officer.post("/api/members", &body).await.expect(200);
        weekly(&w).await;
        let list = officer.get("/api/feedback").await.expect(200);
        let (id, hash) = (one(&list, 0).to_owned(), list["items"][0]["hash"].clone());
        stood(&w, "late", &w.shop, 6, true).await;
        let anew = officer
            .post(&format!("/api/feedback/{id}/anew"), &json!({ "reason": "漏了一份" }))
            .await
            .expect(200);
        assert_eq!((&anew["version"], &anew["failed"]), (&json!(2), &json!(1)));
        let list = officer.get("/api/feedback").await.expect(200);
        assert_eq!((&list["total"], &list["items"][0]["version"]), (&json!(1), &json!(2)));
        let before = officer.get(&format!("/api/feedback/{id}")).await.expect(200);
        assert_eq!((&before["row"]["hash"], &before["row"]["replaced"]), (&hash, &json!(true)));
        assert_eq!(before["content"]["failing"], json!([]));
        let east = w.sign_in("own.east").await;
        east.post(&format!("/api/feedback/{id}/receipt"), &json!({})).await.refused(409, "feedback_replaced");
        let again = json!({ "reason": "再来" });
        officer.post(&format!("/api/feedback/{id}/anew"), &again).await.refused(409, "feedback_replaced");
    });
}

#[test]
fn who_belongs_to_whom_is_entered_declared_and_confirmed() {
    each(async |w| {
        let first = market(&w, "东关农贸市场").await;
        people(&w, &[("own.east", "business_owner", Err(first.clone()))]).await;
        let (officer, east) = (w.sign_in("officer1").await, w.sign_in("own.east").await);
        let body = |manager: &str, member: &str| json!({ "manager": manager, "member": member, "relation": "market", "from": "2026-01-01" });
        officer.post("/api/members", &body(&w.factory, &w.shop)).await.refused(422, "market_kind");
        officer.post("/api/members", &body(&first, &first)).await.refused(422, "member_self");
        // what a market says of itself counts once an officer looked at it
        let declared = east.post("/api/members", &body(&first, &w.shop)).await.expect(200);
        assert_eq!((&declared["state"], &declared["source"]), (&json!("declared"), &json!("manager")));
        east.post("/api/members", &body(&first, &w.shop)).await.refused(409, "member_known");
        let id = declared["id"].as_str().unwrap();
        weekly(&w).await;
        assert_eq!(officer.get("/api/feedback").await.expect(200)["total"], 0);
        east.post(&format!("/api/members/{id}/confirm"), &json!({})).await.refused(403, "member_own");
        let confirmed = officer.post(&format!("/api/members/{id}/confirm"), &json!({})).await.expect(200);
        assert_eq!(confirmed["state"], "current");
        // nobody declares for another
        let other = w.sign_in("owner").await;
        other.post("/api/members", &body(&first, &w.factory)).await.refused(422, "party_unknown");
        other
            .post(&format!("/api/members/{id}/end"), &json!({ "reason": "x" }))
            .await
            .refused(404, "not_found");
        assert_eq!(other.get("/api/members").await.expect(200)["total"], 0);
        // the stall sees to whom it belongs
        let clerk = w.sign_in("clerk").await;
        assert_eq!(clerk.get("/api/members").await.expect(200)["items"][0]["manager_name"], "东关农贸市场");

        // a sheet: the good row goes in, the bad ones come back
        let codes = officer.get("/api/parties?size=50").await.expect(200);
        let code = |name: &str| {
            let found = codes["items"].as_array().unwrap().iter().find(|p| p["name"] == name).unwrap();
            found["code"].as_str().unwrap().to_owned()
        };
        let (market, farm) = (code("东关农贸市场"), code("红旗渠蔬菜种植合作社"));
        let sheet = format!(
            "开办者主体码,成员主体码,关系,摊位号,起始日期\n{market},{farm},市场入场销售者,C3,2026-02-01\n{market},{farm},市场入场销售者,C3,2026-02-01\n{market},BXXXXXXXXXX,市场入场销售者,,\n"
        );
        let queued = officer
            .upload("/api/members/imports", "text/csv", "成员.csv", sheet.into_bytes())
            .await
            .expect(200);
        run_jobs(&w);
        let job = queued["job"].as_str().unwrap();
        let result = officer.get(&format!("/api/members/imports/{job}")).await.expect(200);
        assert_eq!((&result["added"], &result["rejected"]), (&json!(1), &json!(2)), "{result}");
        let rejected = officer.get(&format!("/api/members/imports/{job}/rejected")).await;
        assert!(rejected.bytes.starts_with(b"PK"));
        let listed = officer.get("/api/members?state=current&sort=member&q=C3").await.expect(200);
        assert_eq!(
            (&listed["total"], &listed["items"][0]["source"]),
            (&json!(1), &json!("import")),
            "{listed}"
        );
        let queued = officer.post("/api/members/exports", &json!({ "format": "csv" })).await.expect(200);
        run_jobs(&w);
        let path = format!("/api/members/exports/{}/file", queued["job"].as_str().unwrap());
        let text = officer.get(&path).await.text();
        assert!(text.contains("C3") && text.contains("胜利路便民超市"), "{text}");
    });
}

/// A person of the bureau of 410922, and a chain's head there with its owner.
async fn far_head(w: &World) -> (String, String) {
    let officer = w.sign_in("officer2").await;
    let body = json!({ "name": "县城连锁超市总部", "kind": "shop", "division": "410922", "address": "县城大街 1 号" });
    let made = officer.post("/api/parties", &body).await.expect(200);
    let of = |key: &str| made["party"][key].as_str().unwrap().to_owned();
    people(w, &[("own.head", "business_owner", Err(of("id")))]).await;
    (of("id"), of("code"))
}

#[test]
fn a_shop_is_bound_to_a_head_in_another_county_by_its_exact_code() {
    each(async |w| {
        let (head, code) = far_head(&w).await;
        let (near, far) = (w.sign_in("officer1").await, w.sign_in("officer2").await);
        let body = |manager: Value, member: &str| {
            let mut body =
                json!({ "member": member, "relation": "chain", "place": "7 店", "from": "2026-01-01" });
            body.as_object_mut().unwrap().extend(manager.as_object().unwrap().clone());
            body
        };
        // an id found somewhere is not enough, nor a code that is not there; nobody binds two of other places
        let by_id = body(json!({ "manager": head }), &w.shop);
        near.post("/api/members", &by_id).await.refused(422, "party_unknown");
        let wrong = body(json!({ "manager_code": "BXXXXXXXXXX" }), &w.shop);
        near.post("/api/members", &wrong).await.refused(422, "party_unknown");
        let elsewhere = body(json!({ "manager_code": code }), &head);
        near.post("/api/members", &elsewhere).await.refused(422, "party_unknown");
        w.sign_in("owner")
            .await
            .post("/api/members", &body(json!({ "manager_code": code }), &w.factory))
            .await
            .refused(422, "party_unknown");

        let bound =
            near.post("/api/members", &body(json!({ "manager_code": code }), &w.shop)).await.expect(200);
        assert_eq!(
            (&bound["state"], &bound["manager_name"], &bound["may_confirm"]),
            (&json!("declared"), &json!("县城连锁超市总部"), &json!(false))
        );
        let id = bound["id"].as_str().unwrap();
        let confirm = format!("/api/members/{id}/confirm");
        near.post(&confirm, &json!({})).await.refused(404, "not_found");
        near.get(&format!("/api/parties/{head}")).await.refused(404, "not_found");
        weekly(&w).await;
        assert_eq!(far.get("/api/feedback").await.expect(200)["total"], 0, "nobody confirmed it");

        // the head confirms what was not its own word, and has its file; the shop's county has no other's
        let owner = w.sign_in("own.head").await;
        let listed = owner.get("/api/members").await.expect(200);
        assert_eq!(listed["items"][0]["may_confirm"], true, "{listed}");
        assert_eq!(owner.post(&confirm, &json!({})).await.expect(200)["state"], "current");
        far.post(&confirm, &json!({})).await.refused(409, "member_confirmed");
        w.house.clock.advance(7 * DAY);
        weekly(&w).await;
        let (owner, near) = (w.sign_in("own.head").await, w.sign_in("officer1").await);
        let files = owner.get("/api/feedback").await.expect(200);
        assert_eq!((&files["total"], &files["items"][0]["members"]), (&json!(1), &json!(1)), "{files}");
        assert_eq!(near.get("/api/feedback").await.expect(200)["total"], 0);
        near.get(&format!("/api/feedback/{}", one(&files, 0))).await.refused(404, "not_found");

        // its own word it does not confirm; the officers of the shop may end what they began
        let own = owner.post("/api/members", &body(json!({ "manager": head }), &w.farm)).await.expect(200);
        assert_eq!(own["may_confirm"], false);
        let path = format!("/api/members/{}/confirm", own["id"].as_str().unwrap());
        owner.post(&path, &json!({})).await.refused(403, "member_own");
        let end = json!({ "reason": "门店停业" });
        let ended = near.post(&format!("/api/members/{id}/end"), &end).await.expect(200);
        assert_eq!(ended["end_reason"], "门店停业");
    });
}

#[test]
fn a_sheet_binds_to_heads_elsewhere_too() {
    each(async |w| {
        let (_, code) = far_head(&w).await;
        let officer = w.sign_in("officer1").await;
        let list = officer.get("/api/parties?size=50").await.expect(200);
        let shop = list["items"].as_array().unwrap().iter().find(|p| p["id"] == w.shop.as_str()).unwrap();
        let shop = shop["code"].as_str().unwrap();
        let sheet = format!("开办者主体码,成员主体码,关系\n{code},{shop},连锁门店\n{code},{code},连锁门店\n");
        let sheet = sheet.into_bytes();
        let queued = officer.upload("/api/members/imports", "text/csv", "成员.csv", sheet).await.expect(200);
        run_jobs(&w);
        let path = format!("/api/members/imports/{}", queued["job"].as_str().unwrap());
        let result = officer.get(&path).await.expect(200);
        assert_eq!((&result["added"], &result["rejected"]), (&json!(1), &json!(1)), "{result}");
        assert_eq!(result["defects"][0]["code"], "party_unknown", "neither is of its own place: {result}");
        let listed = officer.get("/api/members").await.expect(200);
        assert_eq!((&listed["total"], &listed["items"][0]["state"]), (&json!(1), &json!("declared")));
    });
}

#[test]
fn a_file_names_classes_of_food_as_the_plan_does() {
    each(async |w| {
        let first = market(&w, "东关农贸市场").await;
        people(&w, &[("own.east", "business_owner", Err(first.clone()))]).await;
        let officer = w.sign_in("officer1").await;
        let cell = json!({ "category": "4", "category_name": "豆制品", "stage": "trade", "division": "410902", "items": ["苯甲酸"], "quota": 8 });
        let plan = json!({ "name": "二〇二六年计划", "year": 2026, "division": "410902", "source": "county", "quotas": [cell] });
        officer.post("/api/sample-plans", &plan).await.expect(200);
        let body = json!({ "manager": first, "member": w.shop, "relation": "market", "from": "2026-01-01" });
        officer.post("/api/members", &body).await.expect(200);
        stood(&w, "new", &w.shop, 6, true).await;
        weekly(&w).await;
        let owner = w.sign_in("own.east").await;
        let list = owner.get("/api/feedback").await.expect(200);
        let view = owner.get(&format!("/api/feedback/{}", one(&list, 0))).await.expect(200);
        assert_eq!(view["content"]["foods"][0]["name"], "4 豆制品", "{view}");
        let statistics = officer.get("/api/sample-statistics?by=food").await.expect(200).to_string();
        assert!(statistics.contains("4 豆制品") && !statistics.contains("肉制品"), "{statistics}");
    });
}

/// What the check says of weekly files.
fn checked(w: &World) -> Vec<String> {
    let place = server::check::Place { db: &w.db.db, data: w.db.dir.path(), files: true, ledger: None };
    let report = tokio::task::block_in_place(|| server::check::run(&place, &mut |_| {})).unwrap();
    report.checks.into_iter().find(|c| c.code == "feedback").unwrap().faults
}

#[test]
fn a_file_that_is_not_as_the_ledger_has_it_is_named_by_the_check() {
    each(async |w| {
        let first = market(&w, "东关农贸市场").await;
        let officer = w.sign_in("officer1").await;
        let body = json!({ "manager": first, "member": w.shop, "relation": "market", "from": "2026-01-01" });
        officer.post("/api/members", &body).await.expect(200);
        weekly(&w).await;
        let list = officer.get("/api/feedback").await.expect(200);
        let id = one(&list, 0).to_owned();
        assert_eq!(checked(&w), Vec::<String>::new());

        // another text, signed by nobody, in the place of the file: it is whole as a file
        let note = officer.get(&format!("/api/feedback/{id}/file")).await.text();
        let forged = note.replace("\"members\":1", "\"members\":2");
        assert_ne!(forged, note);
        let forged = w.house.files.put(forged.as_bytes(), u64::MAX).unwrap().hash;
        let kept = list["items"][0]["hash"].as_str().unwrap().to_owned();
        let set = async |sql: &'static str, value: String| {
            w.db.db.write(move |tx| tx.exec(Sql::One(sql), params![&value])).await.unwrap()
        };
        let file: String =
            w.db.db
                .read(|tx| tx.one(Sql::One("SELECT file FROM feedback_files"), &[]))
                .await
                .unwrap()
                .unwrap();
        set("UPDATE feedback_files SET file = $1", forged).await;
        let told = checked(&w);
        assert!(told.len() == 1 && told[0].contains(&id) && told[0].contains("内容与账本不符"), "{told:?}");
        set("UPDATE feedback_files SET file = $1", file).await;
        assert_eq!(checked(&w), Vec::<String>::new());

        // the hash in the row, the week, the row itself
        set("UPDATE feedback_files SET hash = $1", "0".repeat(64)).await;
        assert!(checked(&w)[0].contains("登记的哈希与账本不符"));
        set("UPDATE feedback_files SET hash = $1", kept).await;
        set("UPDATE feedback_files SET week = $1", "2026-W01".into()).await;
        assert!(checked(&w)[0].contains("另一份周报"));
        set("UPDATE feedback_files SET id = $1", "another".into()).await;
        let told = checked(&w);
        assert!(told.len() == 2 && told[0].contains("不在账本内") && told[1].contains("被删除"), "{told:?}");
    });
}
