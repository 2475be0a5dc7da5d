//! Statistics and reports: figures and the lists behind them, reports that say the same, made on time or made up, told of, and kept.

use std::sync::Arc;

use kit_base::Error;
use kit_test::Client;
use kit_web::House;
use serde_json::{Value, json};

use crate::findings::{found, id};
use crate::world::{World, each};

const DAY: i64 = 86_400_000;
/// From the moment of the world, Tuesday 2026-03-03 09:26, to the hour of that Monday at which reports are made, 07:00, and half an hour more.
const TO_MONDAY: i64 = 6 * DAY - 2 * 3_600_000;

/// A round of the duty that makes reports, and what it left to be done.
fn round_of(house: &Arc<House>) {
    let house = house.clone();
    let run = move || {
        let (now, ids) = (house.clock.now(), house.ids.clone());
        let begin =
            move |tx: &mut kit_db::Tx| kit_jobs::ensure(tx, &ids, now, "statistics.tick", "统计报表", now);
        house.db.write_blocking(begin).unwrap();
        kit_jobs::run_due(&*house, &server::rooms::job_kinds(), &house.db, &house.clock).unwrap();
    };
    std::thread::spawn(run).join().unwrap();
}

fn round(w: &World) {
    round_of(&w.house);
}

/// Periods and causes of the reports of a template and place, the latest first.
async fn reports(client: &Client, query: &str) -> Vec<Value> {
    let page = client.get(&format!("/api/reports?{query}")).await.expect(200);
    page["items"].as_array().unwrap().clone()
}

fn row<'a>(statistics: &'a Value, of: &str) -> &'a Value {
    let rows = statistics["rows"].as_array().unwrap();
    rows.iter().find(|r| r["of"] == of).unwrap_or_else(|| panic!("no row {of} in {statistics}"))
}

#[test]
fn statistics_go_from_the_city_down_to_the_shop() {
    each(async |w| {
        crate::credit::tick(&w).await;
        let (officer, leader) = (w.sign_in("officer1").await, w.sign_in("leader").await);
        found(&officer, &w.shop, "地面积水").await;
        // what lies before the first record is not known, which is not none
        let city = leader.get("/api/statistics?division=4109").await.expect(200);
        assert_eq!(city["total"]["cases"]["finding"]["opened"], json!(1));
        assert_eq!(city["total"]["cases"]["finding"]["before"], Value::Null);
        assert_eq!((&city["since"], &city["rising"]), (&json!("2026-03-03"), &json!([])));
        assert_eq!(city["counts"][0]["before"], Value::Null, "{city}");

        w.house.clock.advance(40 * DAY);
        let (officer, leader) = (w.sign_in("officer1").await, w.sign_in("leader").await);
        for n in 0..3 {
            found(&officer, &w.shop, &format!("地面积水{n}")).await;
        }
        found(&officer, &w.factory, "原料离地不足").await;
        let city = leader.get("/api/statistics?division=4109").await.expect(200);
        let county = row(&city, "410902");
        let finding = &county["cases"]["finding"];
        assert_eq!(
            (&finding["opened"], &finding["before"], &finding["open"], &finding["late"]),
            (&json!(4), &json!(1), &json!(5), &json!(1))
        );
        assert_eq!((&county["businesses"], &county["deeper"]), (&json!(3), &json!(true)), "{county}");
        assert_eq!((&city["rising"], &city["total"]["businesses"]), (&json!(["finding"]), &json!(4)));
        // the factory feeds more people than the shops
        assert_eq!(city["total"]["grades"], json!({ "A": 3, "B": 1 }), "{city}");
        // what is late is told, and a period without any has none
        w.house.clock.advance(5 * DAY);
        let officer = w.sign_in("officer1").await;
        let own = officer.get("/api/statistics").await.expect(200);
        assert_eq!((&own["division"], &own["above"]), (&json!("410902"), &json!("")));
        assert_eq!(own["total"]["cases"]["finding"]["late"], json!(5), "{own}");
        // businesses of the world lie in the county itself, in none of its streets
        let direct = row(&own, "410902");
        assert_eq!((&direct["direct"], &direct["businesses"]), (&json!(true), &json!(3)), "{direct}");
        let early = officer.get("/api/statistics?from=2026-01-01&to=2026-01-31").await.expect(200);
        assert_eq!(early["total"]["cases"]["finding"]["opened"], json!(0));
        officer.get("/api/statistics?division=410922").await.refused(404, "not_found");
        officer.get("/api/statistics?from=2026-03-02&to=2026-03-01").await.refused(422, "period_order");
        officer.get("/api/statistics?from=1900-01-01").await.refused(422, "period_long");
        let book = officer.get("/api/statistics/file").await;
        assert!(book.bytes.starts_with(b"PK"));
    });
}

#[test]
fn the_list_behind_a_figure_has_as_many_cases_as_it_says() {
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        found(&officer, &w.shop, "防鼠板缺失").await;
        w.house.clock.advance(40 * DAY);
        let (officer, far, leader) =
            (w.sign_in("officer1").await, w.sign_in("officer2").await, w.sign_in("leader").await);
        for n in 0..3 {
            found(&officer, &w.shop, &format!("地面积水{n}")).await;
        }
        found(&far, &w.far_shop, "无健康证明").await;
        let city = leader.get("/api/statistics").await.expect(200);
        let mut looked = 0;
        let lines =
            [("4109", &city["total"]), ("410902", row(&city, "410902")), ("410922", row(&city, "410922"))];
        for (division, line) in lines {
            for what in ["opened", "before", "year_before", "ended", "open", "due", "late"] {
                let path = format!("/api/statistics/cases?division={division}&kind=finding&what={what}");
                let list = leader.get(&path).await.expect(200);
                let figure = line["cases"]["finding"][what].as_i64().unwrap_or_default();
                assert_eq!(list["total"], json!(figure), "{path}");
                looked += figure;
            }
        }
        assert!(looked > 8, "there was something to be compared: {looked}");
        let opened = leader.get("/api/statistics/cases?what=opened&division=410922").await.expect(200);
        let one = &opened["items"][0];
        assert_eq!(
            (&one["kind"], &one["business_name"]),
            (&json!("finding"), &json!("清丰县城关粮油店")),
            "{one}"
        );
        // of one business, and of the county itself
        let shop = format!("/api/statistics/cases?what=opened&business={}", w.shop);
        assert_eq!(leader.get(&shop).await.expect(200)["total"], json!(3));
        let direct = "/api/statistics/cases?what=opened&division=4109&direct=true";
        assert_eq!(leader.get(direct).await.expect(200)["total"], json!(0));
        the_list_as_a_file(&w, &leader).await;
        // kinds that the asker may not see are counted and not listed
        let asker = w.sign_in("investigator").await;
        let seen = asker.get("/api/statistics").await.expect(200);
        for kind in seen["kinds"].as_array().unwrap() {
            let path = format!("/api/statistics/cases?kind={}", kind["kind"].as_str().unwrap());
            let total = asker.get(&path).await.expect(200)["total"].as_i64().unwrap();
            assert!(kind["readable"] == json!(true) || total == 0, "{kind}");
        }
        officer.get("/api/statistics/cases?division=410922").await.refused(404, "not_found");
    });
}

/// As many lines as the list has, and one of heads.
async fn the_list_as_a_file(w: &World, leader: &Client) {
    let wanted =
        json!({ "format": "csv", "list": { "what": "open", "division": "410902", "kind": "finding" } });
    let job = leader.post("/api/statistics/cases/exports", &wanted).await.expect(200);
    crate::pages::run_jobs(w);
    let path = format!("/api/statistics/cases/exports/{}/file", job["job"].as_str().unwrap());
    let text = leader.get(&path).await.text();
    let lines: Vec<&str> = text.lines().filter(|l| l.contains("问题") && l.contains("华龙区")).collect();
    assert_eq!(lines.len(), 4, "{text}");
    assert!(text.contains("胜利路便民超市"), "{text}");
    let beyond = json!({ "format": "csv", "list": { "division": "410922" } });
    w.sign_in("officer1")
        .await
        .post("/api/statistics/cases/exports", &beyond)
        .await
        .refused(404, "not_found");
}

/// The table of a report with this title.
fn table<'a>(report: &'a Value, title: &str) -> &'a Value {
    let all = report["content"]["sections"].as_array().unwrap();
    all.iter().find(|t| t["title"] == title).unwrap_or_else(|| panic!("no {title} in {report}"))
}

/// Figures of findings as a report tells them: 新增 上期 办结 期末在办 七天内到期 逾期
fn told(report: &Value) -> Vec<Value> {
    let rows = table(report, "一周办理情况")["rows"].as_array().unwrap();
    let row = rows.iter().find(|r| r[0] == "问题闭环" || r[0].as_str().unwrap().contains("问题")).unwrap();
    [1, 2, 6, 7, 8, 9].map(|i| row[i].clone()).to_vec()
}

#[test]
fn a_report_says_what_the_page_says() {
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        for n in 0..4 {
            found(&officer, &w.shop, &format!("地面积水{n}")).await;
        }
        // a new house has nothing to say of the time before it
        round(&w);
        assert_eq!(reports(&officer, "").await, Vec::<Value>::new());
        w.house.clock.advance(TO_MONDAY);
        round(&w);
        let (officer, leader) = (w.sign_in("officer1").await, w.sign_in("leader").await);
        let made = reports(&officer, "template=weekly").await;
        assert_eq!(made.len(), 1, "{made:?}");
        let of = |key: &str| made[0][key].clone();
        assert_eq!(
            (of("first"), of("last"), of("cause"), of("edition")),
            (json!("2026-03-02"), json!("2026-03-08"), json!("schedule"), json!(1))
        );
        assert_eq!(of("period"), "2026年第10周（3月2日至3月8日）");
        let path = format!("/api/reports/{}", id(&made[0]));
        let report = officer.get(&path).await.expect(200);
        let page =
            officer.get("/api/statistics?division=410902&from=2026-03-02&to=2026-03-08").await.expect(200);
        let figure = &page["total"]["cases"]["finding"];
        let shown = ["opened", "before", "ended", "open", "due", "late"].map(|what| figure[what].clone());
        assert_eq!(told(&report), shown, "{report}");
        assert_eq!(shown[0], json!(4));
        let counts: Vec<&Value> = page["counts"].as_array().unwrap().iter().map(|c| &c["now"]).collect();
        let written = table(&report, "要情指标")["rows"].as_array().unwrap();
        assert_eq!(written.iter().map(|r| &r[1]).collect::<Vec<_>>(), counts);
        // a week before there was no record
        let missing = report["content"]["missing"].to_string();
        assert!(missing.contains("上期没有数据") && missing.contains("2026-03-03"), "{missing}");
        let city = reports(&leader, "template=weekly&division=4109").await;
        let city = leader.get(&format!("/api/reports/{}", id(&city[0]))).await.expect(200);
        assert_eq!(told(&city), shown, "the city has no other findings");

        the_sheet_says_it_too(&officer.get(&format!("{path}/xlsx")).await.bytes);
        match of("state").as_str().unwrap() {
            "done" => assert!(officer.get(&format!("{path}/pdf")).await.bytes.starts_with(b"%PDF")),
            _ => eprintln!("no PDF here: {}", of("fault")),
        }
        another_edition(&w, &report).await;
    });
}

fn the_sheet_says_it_too(bytes: &[u8]) {
    use kit_docs::sheet::{Book, Limits};
    let book = Book::open(std::io::Cursor::new(bytes.to_vec()), "周报.xlsx", &Limits::default()).unwrap();
    let names: Vec<&str> = book.sheets().iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["概要", "一周办理情况", "上升的类别", "要情指标", "各辖区问题与检查", "逾期案卷"]);
}

/// What happened after a report was made is in the next edition; the one before stays as it was.
async fn another_edition(w: &World, before: &Value) {
    w.house.clock.advance(5 * DAY);
    let officer = w.sign_in("officer1").await;
    let form = json!({ "template": "weekly", "division": "410902", "day": "2026-03-04" });
    let asked = officer.post("/api/reports", &form).await.expect(200);
    assert_eq!((&asked["edition"], &asked["state"]), (&json!(2), &json!("waiting")));
    officer.post("/api/reports", &form).await.refused(409, "report_waits");
    crate::pages::run_jobs(w);
    let after = officer.get(&format!("/api/reports/{}", id(&asked))).await.expect(200);
    assert_eq!((&after["cause"], &after["asked_name"]), (&json!("asked"), &json!("赵监管")));
    assert_eq!(told(&after)[5], json!(4), "late by now: {after}");
    assert_eq!(after["editions"][0]["id"], before["id"]);
    let kept = officer.get(&format!("/api/reports/{}", id(before))).await.expect(200);
    assert_eq!(kept["content"], before["content"]);
    assert_eq!((&kept["hash"], &kept["xlsx"]), (&before["hash"], &before["xlsx"]));
    let notices = officer.get("/api/notices").await.expect(200);
    assert_eq!(notices["items"][0]["link"], json!(format!("/reports/{}", id(&asked))), "{notices}");
    let open = json!({ "template": "weekly", "division": "410902", "day": "2026-03-13" });
    officer.post("/api/reports", &open).await.refused(409, "period_open");
    let odd = json!({ "template": "daily", "division": "410902", "day": "2026-03-04" });
    officer.post("/api/reports", &odd).await.refused(422, "template_unknown");
}

#[test]
fn a_period_that_was_missed_is_made_up_and_says_so() {
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        found(&officer, &w.shop, "地面积水").await;
        round(&w);
        // three Mondays without a server
        w.house.clock.advance(TO_MONDAY + 2 * 7 * DAY + 3_600_000);
        round(&w);
        let officer = w.sign_in("officer1").await;
        let made = reports(&officer, "template=weekly").await;
        let told: Vec<(&str, &str)> =
            made.iter().map(|r| (r["first"].as_str().unwrap(), r["cause"].as_str().unwrap())).collect();
        assert_eq!(told, [("2026-03-16", "schedule"), ("2026-03-09", "missed"), ("2026-03-02", "missed")]);
        let late = officer.get(&format!("/api/reports/{}", id(&made[2]))).await.expect(200);
        let missing = late["content"]["missing"].to_string();
        assert!(missing.contains("2026-03-23 补制"), "{missing}");
        // each place once, and no more with the next round
        let leader = w.sign_in("leader").await;
        let count = reports(&leader, "size=100").await.len();
        assert_eq!(count, 9, "the city and its counties");
        w.house.clock.advance(3_600_000);
        round(&w);
        let leader = w.sign_in("leader").await;
        assert_eq!(reports(&leader, "size=100").await.len(), count);
    });
}

#[test]
fn without_a_font_the_figures_are_there_and_the_paper_says_what_to_do() {
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        found(&officer, &w.shop, "地面积水").await;
        let mut bare = (*w.house).clone();
        let none = || {
            Err(Error::new(kit_base::Kind::Unavailable, "font_missing", "请管理员安装软件包 fonts-noto-cjk"))
        };
        bare.hold(Arc::new(statistics::Type { fonts: none }));
        w.house.clock.advance(TO_MONDAY);
        let bare = Arc::new(bare);
        let subscribe = json!({ "template": "weekly", "division": "410902", "on": true });
        let officer = w.sign_in("officer1").await;
        officer.post("/api/reports/subscribe", &subscribe).await.expect(200);
        round_of(&bare);
        let made = reports(&officer, "template=weekly").await.remove(0);
        let path = format!("/api/reports/{}", id(&made));
        assert_eq!(made["state"], "partial", "{made}");
        assert!(made["fault"].as_str().unwrap().contains("fonts-noto-cjk"), "{made}");
        assert!(officer.get(&format!("{path}/xlsx")).await.bytes.starts_with(b"PK"));
        officer.get(&format!("{path}/pdf")).await.refused(409, "file_missing");
        let notices = officer.get("/api/notices").await.expect(200);
        assert!(notices["items"][0]["body"].as_str().unwrap().contains("fonts-noto-cjk"), "{notices}");
        let partial = reports(&officer, "state=partial").await;
        assert_eq!(partial.len(), 1);
    });
}

#[test]
fn who_subscribed_is_told_and_nobody_else() {
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        found(&officer, &w.shop, "地面积水").await;
        w.house.clock.advance(TO_MONDAY);
        let station = w.sign_in("station").await;
        let of = |on: bool| json!({ "template": "weekly", "division": "410902001", "on": on });
        // the last week is over: its report is made at once, which the schedule does for no station by itself
        station.post("/api/reports/subscribe", &of(true)).await.expect(200);
        crate::pages::run_jobs(&w);
        let made = reports(&station, "division=410902001").await;
        assert_eq!((made.len(), &made[0]["first"]), (1, &json!("2026-03-02")), "{made:?}");
        let unread =
            async |client: &Client| client.get("/api/notices/unread").await.expect(200)["unread"].clone();
        assert_eq!(unread(&station).await, 1);
        let told = station.get("/api/notices").await.expect(200);
        assert_eq!(told["items"][0]["title"], "食品安全监管周报 2026年第10周（3月2日至3月8日）");
        assert_eq!(
            station.get(&format!("/api/reports/{}", id(&made[0]))).await.expect(200)["subscribed"],
            true
        );
        let templates = station.get("/api/reports/templates").await.expect(200);
        assert_eq!(templates[0]["subscribed"][0]["division"], "410902001", "{templates}");
        let officer = w.sign_in("officer1").await;
        let before = unread(&officer).await;
        round(&w);
        assert_eq!(unread(&officer).await, before, "who did not subscribe is not told");
        // no more
        station.post("/api/reports/subscribe", &of(false)).await.expect(200);
        w.house.clock.advance(7 * DAY);
        round(&w);
        let station = w.sign_in("station").await;
        assert_eq!(reports(&station, "division=410902001").await.len(), 1);
        assert_eq!(unread(&station).await, 1);
    });
}

#[test]
fn reports_stay_within_their_place() {
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        found(&officer, &w.shop, "地面积水").await;
        w.house.clock.advance(TO_MONDAY);
        round(&w);
        let (near, far, leader) =
            (w.sign_in("officer1").await, w.sign_in("officer2").await, w.sign_in("leader").await);
        let places = async |client: &Client| {
            let mut all: Vec<String> = reports(client, "template=weekly&size=100")
                .await
                .iter()
                .map(|r| r["division"].as_str().unwrap().to_owned())
                .collect();
            all.sort();
            all
        };
        assert_eq!(places(&near).await, ["410902"]);
        assert_eq!(places(&far).await, ["410922"]);
        assert_eq!(places(&leader).await, ["4109", "410902", "410922"]);
        let own = id(&reports(&near, "template=weekly").await[0]);
        let city = id(&reports(&leader, "template=weekly&division=4109").await[0]);
        for (client, report) in [(&far, &own), (&near, &city)] {
            for file in ["", "/xlsx", "/pdf"] {
                client.get(&format!("/api/reports/{report}{file}")).await.refused(404, "not_found");
            }
        }
        let asked = json!({ "template": "weekly", "division": "4109", "day": "2026-03-03" });
        near.post("/api/reports", &asked).await.refused(404, "not_found");
        let subscribe = json!({ "template": "weekly", "division": "410902", "on": true });
        far.post("/api/reports/subscribe", &subscribe).await.refused(404, "not_found");
        for other in ["investigator", "owner", "clerk", "sysadmin"] {
            w.sign_in(other).await.get("/api/reports").await.refused(403, "permission_missing");
        }
    });
}
