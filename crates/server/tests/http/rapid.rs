//! Rapid tests: what is taken in and refused, devices that sign, and what follows from a positive.

use hmac::{Hmac, KeyInit as _, Mac as _};
use kit_test::Client;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::findings::{act, my_id};
use crate::world::{NOW, World, each, moved, product};

pub fn test(key: &str, result: &str, card: &str) -> Value {
    json!({
        "key": key, "stall": "A12", "vendor": "王小明", "food": "五香豆干", "goods": "farm", "item": "苯甲酸", "method": "胶体金法",
        "card": { "maker": "某厂", "batch": card, "expires": "2026-06-30" }, "result": result,
    })
}

pub fn with(mut base: Value, more: Value) -> Value {
    for (k, v) in more.as_object().unwrap() {
        base[k] = v.clone();
    }
    base
}

pub async fn point(by: &Client, party: &str) -> Value {
    let new = json!({ "name": "中心市场快检室", "kind": "market", "party": party });
    by.post("/api/rapid/points", &new).await.expect(200)
}

async fn told(by: &Client, point: &Value, items: Value) -> Value {
    by.post("/api/rapid/tests", &json!({ "point": point["id"], "items": items })).await.expect(200)
}

/// What the matrix asks for.
pub async fn scene(w: &World) -> [(String, String); 5] {
    let officer = w.sign_in("off.own").await;
    let at = point(&officer, &w.factory).await;
    let id = at["id"].as_str().unwrap().to_owned();
    let made = officer
        .post(&format!("/api/rapid/points/{id}/devices"), &json!({ "name": "一号仪" }))
        .await
        .expect(200);
    let positive = test("scene", "positive", "C0");
    let told = told(&officer, &at, json!([with(positive, json!({ "party": w.factory }))])).await;
    let text = |v: &Value| v.as_str().unwrap().to_owned();
    [
        ("rapid_point".into(), id),
        ("rapid_code".into(), text(&at["code"])),
        ("rapid_device".into(), text(&made["device"]["id"])),
        ("rapid_test".into(), text(&told[0]["id"])),
        ("rapid_positive".into(), text(&told[0]["case_id"])),
    ]
}

#[test]
fn rapid_tests_concern_whoever_tests_or_was_tested() {
    each(async |w| {
        let concerned = async |name: &str| {
            w.sign_in(name).await.get("/api/rapid/mine").await.expect(200)["concerned"].as_bool().unwrap()
        };
        // a factory and a shop neither are a kind that tests, nor have a point, nor were tested
        assert_eq!(
            (concerned("officer1").await, concerned("owner").await, concerned("clerk").await),
            (true, false, false)
        );
        let owner = w.sign_in("owner").await;
        let at = json!({ "name": "厂内快检室", "kind": "business", "party": "", "address": "一楼" });
        owner.post("/api/rapid/points", &at).await.expect(200);
        assert_eq!((concerned("owner").await, concerned("clerk").await), (true, false));
    });
}

#[test]
fn a_positive_holds_the_lot_until_the_second_test() {
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        let owner = w.sign_in("owner").await;
        let curd = product(&owner, "五香豆干", None).await;
        let made =
            json!({ "kind": "produce", "makes": [{ "product": curd, "amount": 500_000, "batch": "B1" }] });
        let lot = moved(&owner, made).await;
        let at = point(&officer, &w.factory).await;

        // each by itself: what is wrong with one does not hold up the others, and a repeat goes in once
        let expired = with(
            test("2", "negative", "C2"),
            json!({ "card": { "maker": "某厂", "batch": "C2", "expires": "2026-03-02" } }),
        );
        let differs = with(
            test("3", "negative", "C1"),
            json!({ "card": { "maker": "某厂", "batch": "C1", "expires": "2027-01-01" } }),
        );
        let first = told(&officer, &at, json!([test("1", "negative", "C1"), expired, differs])).await;
        assert_eq!(
            (&first[0]["code"], &first[1]["code"], &first[2]["code"]),
            (&json!(""), &json!("card_expired"), &json!("card_differs"))
        );
        assert_eq!(first[0]["number"], "KJ264109020000001");
        let again = told(&officer, &at, json!([test("1", "negative", "C1")])).await;
        assert_eq!((&again[0]["repeated"], &again[0]["id"]), (&json!(true), &first[0]["id"]));

        // positive: a case, the lot stays where it is, its holder is told
        let tied = json!({ "party": w.factory, "lot": lot });
        let bad = told(&officer, &at, json!([with(test("4", "positive", "C1"), tied.clone())])).await;
        let case = bad[0]["case_id"].as_str().unwrap().to_owned();
        let seen = officer.get(&format!("/api/rapid/positives/{case}")).await.expect(200);
        assert_eq!(
            (&seen["positive"]["status"], &seen["positive"]["retest_due"]),
            (&json!("positive"), &json!(NOW + 4 * 3_600_000))
        );
        assert!(seen["law"].to_string().contains("不作为行政处罚的依据"));
        let sale = json!({ "mode": "all", "items": [{ "kind": "sell", "takes": [{ "lot": lot, "amount": 1000 }] }] });
        owner.post("/api/moves", &sale).await.refused(409, "lot_on_hold");
        let messages = owner.get("/api/notices").await.expect(200).to_string();
        assert!(messages.contains("快检阳性"), "{messages}");
        // a stock-take makes the lot anew, and it is held all the same
        let recount = moved(
            &owner,
            json!({ "kind": "stocktake", "takes": [{ "lot": lot }], "amount": 400_000, "reason": "短少" }),
        )
        .await;
        let sale2 = json!({ "mode": "all", "items": [{ "kind": "sell", "takes": [{ "lot": recount, "amount": 1000 }] }] });
        owner.post("/api/moves", &sale2).await.refused(409, "lot_on_hold");

        // the second test takes another card, and a negative one lets the food go
        let again = json!({ "again": bad[0]["number"] });
        let same = told(&officer, &at, json!([with(test("5", "negative", "C1"), again.clone())])).await;
        assert_eq!(same[0]["code"], "again_same");
        let second = told(&officer, &at, json!([with(test("6", "negative", "C9"), again.clone())])).await;
        assert_eq!(second[0]["code"], "", "{second}");
        let seen = officer.get(&format!("/api/rapid/positives/{case}")).await.expect(200);
        assert_eq!(
            (&seen["positive"]["status"], seen["tests"].as_array().unwrap().len()),
            (&json!("released"), 2)
        );
        owner.post("/api/moves", &sale2).await.expect(200);
        let late = told(&officer, &at, json!([with(test("7", "positive", "C8"), again)])).await;
        assert_eq!(late[0]["code"], "again_over");

        // the public sees it, the far shop nothing of it; figures count first tests with their n
        let code = at["code"].as_str().unwrap();
        for page in [format!("/open/rapid/{code}"), format!("/open/rapid/{code}/screen")] {
            let reply = w.public().get(&page).await;
            let html = String::from_utf8_lossy(&reply.bytes).into_owned();
            assert!(html.contains("初检阳性，复测或检验已排除") && !html.contains("王小明"), "{html}");
        }
        let figures = officer.get("/api/rapid/figures?by=item").await.expect(200);
        assert_eq!(
            (&figures[0]["share"]["n"], &figures[0]["share"]["hits"], &figures[0]["share"]["few"]),
            (&json!(2), &json!(1), &json!(true))
        );
    });
}

#[test]
fn a_line_about_what_is_not_there_comes_back_by_itself() {
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        let at = point(&officer, &w.factory).await;
        let nobody = "018f0000-0000-7000-8000-000000000000";
        let lines = json!([
            with(test("1", "negative", "C1"), json!({ "party": w.far_shop })),
            with(test("2", "negative", "C1"), json!({ "party": w.factory, "lot": 999_999 })),
            with(test("3", "negative", "C1"), json!({ "again": nobody })),
            test("4", "negative", "C1"),
        ]);
        let back = told(&officer, &at, lines).await;
        let codes: Vec<&str> = back.as_array().unwrap().iter().map(|l| l["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["party_unknown", "lot_unknown", "again_unknown", ""]);
    });
}

#[test]
fn a_rapid_result_alone_is_no_ground_for_punishment() {
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        let confirmed = async |at: &Value, key: &str| {
            let one = with(test(key, "positive", "C1"), json!({ "party": w.factory }));
            let case = told(&officer, at, json!([one])).await;
            let again =
                with(test(&format!("{key}-2"), "positive", "C2"), json!({ "again": case[0]["number"] }));
            assert_eq!(told(&officer, at, json!([again])).await[0]["code"], "");
            case[0]["case_id"].as_str().unwrap().to_owned()
        };
        let reason = json!({ "reason": "无异议" });
        let tell = json!({ "told_name": "王某" });
        let yes = json!({ "accepted_by": "王某" });
        let path = |id: &str| format!("/api/cases/{id}/acts");
        let ask = |action: &str, form: &Value| json!({ "action": action, "form": form });
        // the market's own test: never, whoever agrees
        let market = point(&officer, &w.factory).await;
        let id = confirmed(&market, "m").await;
        officer.post(&path(&id), &ask("settle", &reason)).await.refused(409, "needs_flag");
        act(&officer, &id, json!({ "action": "tell", "form": tell.clone() })).await;
        act(&officer, &id, json!({ "action": "accept", "form": yes.clone() })).await;
        officer.post(&path(&id), &ask("settle", &reason)).await.refused(409, "needs_fact");
        // the bureau's own test: after the person tested was told and does not object
        let own = officer
            .post("/api/rapid/points", &json!({ "name": "局快检车", "kind": "bureau" }))
            .await
            .expect(200);
        let id = confirmed(&own, "b").await;
        act(&officer, &id, json!({ "action": "tell", "form": tell.clone() })).await;
        officer.post(&path(&id), &ask("settle", &reason)).await.refused(409, "needs_flag");
        act(&officer, &id, json!({ "action": "accept", "form": yes })).await;
        act(&officer, &id, json!({ "action": "settle", "form": reason.clone() })).await;
        let seen = officer.get(&format!("/api/rapid/positives/{id}")).await.expect(200);
        assert_ne!(seen["positive"]["finding"], "");
        // whoever objects within four hours is not settled with
        let id = confirmed(&own, "c").await;
        act(&officer, &id, json!({ "action": "tell", "form": tell })).await;
        let owner = w.sign_in("owner").await;
        act(&owner, &id, json!({ "action": "object", "form": json!({}) })).await;
        officer.post(&path(&id), &ask("settle", &reason)).await.refused(409, "needs_flag");
        // the statutory test follows
        crate::sampling::people(&w, &[("second", "officer", Ok("410902"))]).await;
        let users = [my_id(&officer).await, my_id(&w.sign_in("second").await).await];
        officer.post("/api/labs", &crate::sampling::lab_body(&w.shop, false)).await.expect(200);
        let order = json!({
            "party": w.factory, "source": "county", "mode": "outer", "stage": "produce", "category": "4.1", "food": "五香豆干",
            "lab": w.shop, "samplers": users,
        });
        let sent = officer.post(&format!("/api/rapid/positives/{id}/sample"), &order).await.expect(200);
        assert_eq!(sent["positive"]["status"], "statutory");
        let sample = sent["sample"]["id"].as_str().unwrap();
        act(&officer, sample, json!({ "action": "miss", "form": json!({ "missed": "已售完" }) })).await;
        let seen = officer.get(&format!("/api/rapid/positives/{id}")).await.expect(200);
        assert_eq!(seen["positive"]["status"], "confirmed", "no sample: it is ordered anew");
    });
}

/// Uploads a sheet of tests of a point, runs the queue, answers the id of the job and its result.
async fn imported(w: &World, client: &Client, query: &str, sheet: &str) -> (String, Value) {
    let path = format!("/api/rapid/imports?{query}");
    let reply = client.upload(&path, "text/csv", "三月三日.csv", sheet.as_bytes().to_vec()).await;
    let id = reply.expect(200)["job"].as_str().unwrap().to_owned();
    run_jobs(w).await;
    let result = client.get(&format!("/api/rapid/imports/{id}")).await.expect(200);
    (id, result)
}

async fn run_jobs(w: &World) {
    let house = w.house.clone();
    let run = move || kit_jobs::run_due(&*house, &server::rooms::job_kinds(), &house.db, &house.clock);
    tokio::task::spawn_blocking(run).await.unwrap().unwrap();
}

const SHEET: &str =
    "检测日期,检测时刻,品种,类别,摊位号,检测项目,检测方法,检测卡厂家,检测卡批号,检测卡有效期至,结果
2026-03-03,08:30,菠菜,食用农产品,A12,有机磷,酶抑制率法,某厂,C1,2026-06-30,阴性
2026-03-03,08:30,菠菜,食用农产品,A12,有机磷,酶抑制率法,某厂,C1,2026-06-30,阴性
2026-03-03,08:40,韭菜,食用农产品,A12,有机磷,酶抑制率法,某厂,C1,2026-06-30,阳性
2026-03-03,25:00,芹菜,食用农产品,A13,有机磷,酶抑制率法,某厂,C1,2026-06-30,阴性
2026-03-03,08:50,芹菜,食用农产品,A13,有机磷,酶抑制率法,某厂,C0,2026-03-01,阴性
2026-03-03,08:55,芹菜,食用农产品,A13,有机磷,酶抑制率法,某厂,C1,2026-12-31,阴性
2026-02-01,08:50,芹菜,食用农产品,A13,有机磷,酶抑制率法,某厂,C1,2026-06-30,阴性
";

#[test]
fn good_rows_of_a_sheet_go_in_once_and_the_others_come_back_to_be_mended() {
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        let at = point(&officer, &w.factory).await;
        let query = format!("point={}", at["id"].as_str().unwrap());
        let count = async || officer.get("/api/rapid/tests").await.expect(200)["total"].as_i64().unwrap();
        let (_, tried) = imported(&w, &officer, &format!("{query}&dry_run=1"), SHEET).await;
        assert_eq!(
            (&tried["added"], &tried["dry_run"], count().await),
            (&json!(3), &json!(true), 0),
            "{tried}"
        );
        let (id, done) = imported(&w, &officer, &query, SHEET).await;
        assert_eq!((&done["added"], &done["rejected"], count().await), (&json!(3), &json!(4), 3), "{done}");
        let places: Vec<(&str, &str)> = done["defects"]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| (d["place"].as_str().unwrap(), d["code"].as_str().unwrap()))
            .collect();
        let expected = [
            ("快检!B5", "time_form"),
            ("快检!J6", "card_expired"),
            ("快检!J7", "card_differs"),
            ("快检!A8", "time_old"),
        ];
        assert_eq!(places, expected);
        // the rows to be mended are a sheet of their own, with the reason beside each
        let back = officer.get(&format!("/api/rapid/imports/{id}/rejected")).await;
        assert!(back.bytes.starts_with(b"PK"));
        // a positive in a sheet begins its case like any other, told by the one who sent the sheet
        let list = officer.get("/api/rapid/tests?result=positive&sort=food").await.expect(200);
        let bad = &list["items"][0];
        assert_eq!((&bad["channel"], &list["total"]), (&json!("xlsx"), &json!(1)));
        assert_ne!(bad["case_id"], "");
        assert_ne!(bad["tester"], "");
        // the same sheet once more: nothing twice, not even the two rows that say the same
        let (_, again) = imported(&w, &officer, &query, SHEET).await;
        assert_eq!((&again["added"], &again["updated"], count().await), (&json!(0), &json!(3), 3), "{again}");
        // what the point has at hand, from its own tests
        let view =
            officer.get(&format!("/api/rapid/points/{}", at["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(
            (&view["cards"][0]["batch"], &view["foods"][0]["food"], &view["today"], &view["open"]),
            (&json!("C1"), &json!("菠菜"), &json!(3), &json!(1))
        );
        // and out again
        let export = json!({ "format": "csv", "list": { "result": "positive" } });
        let job = officer.post("/api/rapid/exports", &export).await.expect(200);
        run_jobs(&w).await;
        let file = officer.get(&format!("/api/rapid/exports/{}/file", job["job"].as_str().unwrap())).await;
        let text = String::from_utf8_lossy(&file.bytes).into_owned();
        assert!(text.contains("韭菜") && !text.contains("菠菜") && text.contains("表格"), "{text}");
        // a stranger has no sheet for this point
        let far = w.sign_in("officer2").await;
        let reply =
            far.upload(&format!("/api/rapid/imports?{query}"), "text/csv", "x.csv", SHEET.into()).await;
        reply.refused(404, "not_found");
    });
}

#[test]
fn a_photo_stays_with_its_test_and_one_used_elsewhere_is_told() {
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        let at = point(&officer, &w.factory).await;
        let made =
            told(&officer, &at, json!([test("1", "negative", "C1"), test("2", "positive", "C1")])).await;
        let send = async |i: usize, bytes: Vec<u8>| {
            let path = format!(
                "/api/rapid/tests/{}/photos?taken_at={NOW}&in_app=1",
                made[i]["id"].as_str().unwrap()
            );
            officer.upload(&path, "image/jpeg", "p.jpg", bytes).await
        };
        let picture = crate::findings::photo(1, 320);
        let kept = send(0, picture.clone()).await.expect(200);
        assert_eq!(kept["doubts"], json!([]));
        let again = send(1, picture.clone()).await.expect(200);
        assert_eq!(again["doubts"], json!(["reused"]));
        send(1, b"no picture at all".to_vec()).await.refused(422, "photo_kind");
        let path = format!("/api/rapid/tests/{}", made[1]["id"].as_str().unwrap());
        let view = officer.get(&path).await.expect(200);
        assert_eq!(
            (&view["photos"][0]["id"], &view["may_record"], &view["positive"]["positive"]["status"]),
            (&again["id"], &json!(true), &json!("positive"))
        );
        let file = officer.get(&format!("{path}/photos/{}/file", again["id"].as_str().unwrap())).await;
        assert_eq!(file.bytes, picture);
        // by its number as well; the reader of another county sees neither
        let number = made[1]["number"].as_str().unwrap();
        officer.get(&format!("/api/rapid/tests/{number}")).await.expect(200);
        let far = w.sign_in("officer2").await;
        far.get(&path).await.refused(404, "not_found");
        far.get(&format!("{path}/photos/{}/file", again["id"].as_str().unwrap()))
            .await
            .refused(404, "not_found");
        // found by its words, and by what is due first
        for (query, n) in
            [("q=豆干", 1), ("q=没有", 0), ("sort=retest_due&state=open", 1), ("division=410922", 0)]
        {
            let list = officer.get(&format!("/api/rapid/positives?{query}")).await.expect(200);
            assert_eq!(list["total"], n, "{query}");
        }
    });
}

pub fn signed(secret: &str, from: &str, body: &Value) -> Vec<u8> {
    let body = body.to_string();
    let mut mac = Hmac::<Sha256>::new_from_slice(&hex(secret)).unwrap();
    mac.update(format!("{from}\n{body}").as_bytes());
    let mac: String = mac.finalize().into_bytes().iter().map(|b| format!("{b:02x}")).collect();
    format!("{mac}\n{body}").into_bytes()
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

#[test]
fn a_device_speaks_for_its_own_point_alone() {
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        let (one, other) = (point(&officer, &w.factory).await, point(&officer, &w.shop).await);
        let path = format!("/api/rapid/points/{}/devices", one["id"].as_str().unwrap());
        let made = officer.post(&path, &json!({ "name": "一号仪" })).await.expect(200);
        let (device, secret) = (made["device"]["code"].as_str().unwrap(), made["secret"].as_str().unwrap());
        let send = async |point: &Value, device: &str, bytes: Vec<u8>| {
            let code = point["code"].as_str().unwrap();
            let path = format!("/api/rapid/messages/{code}/{device}");
            w.public().upload(&path, "application/octet-stream", "m", bytes).await.expect(200)
        };
        let from = format!("{}/{device}", one["code"].as_str().unwrap());
        let body = json!({ "items": [test("d1", "negative", "C1"), with(test("d2", "negative", "C1"), json!({ "food": "" }))] });
        let good = signed(secret, &from, &body);
        // twice: once
        for repeated in [false, true] {
            let taken = send(&one, device, good.clone()).await;
            assert_eq!((&taken[0]["code"], &taken[0]["repeated"]), (&json!(""), &json!(repeated)), "{taken}");
        }
        // another key, another point, one bit changed, nobody's device, no form at all
        let mut bent = good.clone();
        *bent.last_mut().unwrap() ^= 1;
        let elsewhere = format!("{}/{device}", other["code"].as_str().unwrap());
        let none = json!([]);
        assert_eq!(send(&one, device, signed(&"00".repeat(32), &from, &body)).await, none);
        assert_eq!(send(&one, device, bent).await, none);
        assert_eq!(send(&other, device, signed(secret, &elsewhere, &body)).await, none);
        assert_eq!(send(&one, "NOBODY", good.clone()).await, none);
        assert_eq!(send(&one, device, b"x".to_vec()).await, none);
        let refused = officer.get("/api/rapid/refused").await.expect(200);
        assert!(
            refused.to_string().contains("vendor") && !refused.to_string().contains("王小明"),
            "{refused}"
        );
        let count = |code: &str| -> i64 {
            let all = refused.as_array().unwrap().iter().filter(|r| r["code"] == code);
            all.map(|r| r["times"].as_i64().unwrap()).sum()
        };
        let counts =
            ["field_missing", "signature_wrong", "device_other", "device_unknown", "message_form"].map(count);
        assert_eq!(counts, [2, 2, 1, 1, 1], "{refused}");
        let list = officer.get("/api/rapid/tests").await.expect(200);
        assert_eq!(
            (&list["total"], &list["items"][0]["channel"], &list["items"][0]["vendor"]),
            (&json!(1), &json!("device"), &json!("王*"))
        );
        // withdrawn: its key is forgotten
        let id = made["device"]["id"].as_str().unwrap();
        officer.delete(&format!("/api/rapid/devices/{id}")).await.expect(204);
        assert_eq!(send(&one, device, good).await, none);
    });
}
