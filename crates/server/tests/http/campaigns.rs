//! 你点我检: chosen without a name, counted and drawn in the open, sampled, told.

use kit_test::{Client, Reply};
use serde_json::{Value, json};

use crate::draws::by_python;
use crate::findings::id;
use crate::sampling::{lab_body, people, photos, sheet};
use crate::world::{World, each};

const FORM: &str = "application/x-www-form-urlencoded";

/// A campaign of the city with two kinds of food; answers it published.
async fn campaign(w: &World) -> Value {
    people(w, &[("city.one", "officer", Ok("4109")), ("city.two", "officer", Ok("4109"))]).await;
    let (officer, leader) = (w.sign_in("city.one").await, w.sign_in("leader").await);
    let new = new(w);
    let made = officer.post("/api/campaigns", &new).await.expect(200);
    leader.post(&format!("/api/campaigns/{}/publish", id(&made)), &json!({})).await.expect(200)
}

fn new(w: &World) -> Value {
    json!({ "name": "春季你点我检", "intro": "您点我检。", "division": "4109", "source": "city", "from_day": "2026-03-01", "until_day": "2026-03-31",
        "batches": 6, "floor": 1, "most": 6, "items": ["苯甲酸", "大肠菌群"], "places": [w.shop], "foods": [
            { "name": "豆干", "category": "4.1", "stage": "produce" }, { "name": "散装粮油", "category": "2", "stage": "trade" },
        ] })
}

/// Somebody at an address with a phone.
struct Voter {
    client: Client,
    agent: String,
}

impl Voter {
    fn new(w: &World, address: [u8; 4], agent: &str) -> Self {
        let mut client = w.public();
        client.address = Some((address, 40_000).into());
        Self { client, agent: agent.into() }
    }

    async fn get(&self, path: &str) -> Reply {
        let headers = [("user-agent", self.agent.as_str())];
        self.client.send(axum::http::Method::GET, path, "", Vec::new(), &headers).await
    }

    /// Opens the page and answers its mark.
    async fn page(&self, code: &str) -> String {
        let html = self.get(&format!("/choose/{code}")).await.text();
        let mark =
            html.split("name=\"page\" value=\"").nth(1).map(|t| t.split('"').next().unwrap().to_owned());
        mark.unwrap_or_else(|| panic!("no form on {html}"))
    }

    async fn send(&self, code: &str, page: &str, choices: &str) -> Reply {
        let body = format!("{choices}&page={page}").into_bytes();
        let headers = [("user-agent", self.agent.as_str()), ("sec-fetch-site", "same-origin")];
        self.client.send(axum::http::Method::POST, &format!("/choose/{code}"), FORM, body, &headers).await
    }
}

fn wait(w: &World, ms: i64) {
    w.house.clock.advance(ms);
}

/// The duty comes round.
async fn tick(w: &World) -> usize {
    let house = w.house.clone();
    tokio::task::spawn_blocking(move || campaigns::tick(&house).unwrap()).await.unwrap()
}

/// The code that a voter keeps.
fn receipt(reply: &Reply) -> String {
    let html = reply.text();
    assert_eq!(reply.status.as_u16(), 200, "{html}");
    html.split("<b>").nth(2).or(html.split("<b>").nth(1)).unwrap().split('<').next().unwrap().to_owned()
}

/// An open campaign of the county, with the code of its page, and a draft.
pub async fn scene(w: &World, officer: &Client, leader: &Client) -> [(String, String); 3] {
    let mut own = new(w);
    own["division"] = json!("410902");
    own["source"] = json!("county");
    let open = officer.post("/api/campaigns", &own).await.expect(200);
    leader.post(&format!("/api/campaigns/{}/publish", id(&open)), &json!({})).await.expect(200);
    let draft = officer.post("/api/campaigns", &own).await.expect(200);
    let code = open["code"].as_str().unwrap().to_owned();
    [("campaign", id(&open)), ("campaign_code", code), ("campaign_draft", id(&draft))]
        .map(|(n, v)| (n.to_owned(), v))
}

#[test]
fn rules_stand_before_the_first_ballot() {
    each(async |w| {
        people(&w, &[("city.one", "officer", Ok("4109"))]).await;
        let (officer, leader) = (w.sign_in("city.one").await, w.sign_in("leader").await);
        for (field, value, code) in [
            ("name", json!(""), "name_form"),
            ("division", json!("4110"), "out_of_scope"),
            ("batches", json!(0), "batches_range"),
            ("floor", json!(4), "floor_much"),
            ("places", json!(["nobody"]), "place_unknown"),
            ("places", json!([w.shop, w.shop]), "place_unknown"),
        ] {
            let mut wrong = new(&w);
            wrong[field] = value;
            officer.post("/api/campaigns", &wrong).await.refused(422, code);
        }
        let made = officer.post("/api/campaigns", &new(&w)).await.expect(200);
        let path = format!("/api/campaigns/{}", id(&made));
        let code = made["code"].as_str().unwrap();
        // the public sees nothing of a draft
        assert_eq!(w.public().get(&format!("/choose/{code}")).await.status.as_u16(), 404);
        let mut other = new(&w);
        other["batches"] = json!(8);
        assert_eq!(officer.put(&path, &other).await.expect(200)["batches"], 8);
        officer.post(&format!("{path}/publish"), &json!({})).await.refused(403, "permission_missing");
        let open = leader.post(&format!("{path}/publish"), &json!({})).await.expect(200);
        assert_eq!(open["state"], "open");
        assert!(open["rules"].as_str().unwrap().contains("共抽 8 批次"));
        let (hash, _) = campaigns::rules::hash(open["rules"].as_str().unwrap());
        assert_eq!(open["rules_hash"], json!(hash));
        officer.put(&path, &other).await.refused(409, "campaign_published");
        leader.post(&format!("{path}/publish"), &json!({})).await.refused(409, "campaign_published");
        let list = officer.get("/api/campaigns?q=%E6%98%A5&state=open&sort=-wishes").await.expect(200);
        assert_eq!(list["total"], 1);
        assert_eq!(w.sign_in("officer1").await.get("/api/campaigns").await.expect(200)["total"], 0);
        let wanted = json!({ "format": "csv", "list": { "state": "open", "sort": "-wishes" } });
        let text = crate::findings::exported(&w, &officer, "/api/campaigns", &wanted).await;
        assert!(text.contains("春季你点我检") && text.contains("正在征集"), "{text}");
        let none = json!({ "format": "csv", "list": { "state": "ended" } });
        assert!(!crate::findings::exported(&w, &officer, "/api/campaigns", &none).await.contains("春季"));
        let other = w.sign_in("officer1").await;
        assert!(!crate::findings::exported(&w, &other, "/api/campaigns", &wanted).await.contains("春季"));
        let wrong = json!({ "format": "csv", "list": { "sort": "x" } });
        officer.post("/api/campaigns/exports", &wrong).await.refused(422, "sort_unknown");
        officer.get("/api/campaigns?sort=x").await.refused(422, "sort_unknown");
    });
}

#[test]
fn a_device_counts_once_a_day_and_a_network_is_not_stuffed() {
    each(async |w| {
        let c = campaign(&w).await;
        let code = c["code"].as_str().unwrap();
        let one = Voter::new(&w, [203, 0, 113, 9], "phone");
        let good = "county=410902&food=F001&food=F002&item=I001";
        let page = one.page(code).await;
        // a program does not wait
        let early = one.send(code, &page, good).await;
        assert_eq!(early.status.as_u16(), 422);
        assert!(
            early.text().contains("太快") && early.text().contains("value=\"F001\" checked"),
            "{}",
            early.text()
        );
        wait(&w, 5_000);
        for wrong in [
            "county=410902",
            "county=&food=F001",
            "county=410902&food=F009",
            "county=410902&food=F001&food=F001",
            "county=410902&food=F001&contact=12",
            "county=410902&food=F001&item=I001&item=I002&item=I001&item=I002",
        ] {
            assert_eq!(one.send(code, &page, wrong).await.status.as_u16(), 422, "{wrong}");
        }
        // the page of another device, and none at all
        let two = Voter::new(&w, [203, 0, 113, 9], "tablet");
        assert_eq!(two.send(code, &page, good).await.status.as_u16(), 422);
        assert_eq!(one.send(code, "", good).await.status.as_u16(), 422);
        receipt(&one.send(code, &page, good).await);
        let again = one.send(code, &page, good).await;
        assert_eq!(again.status.as_u16(), 429);
        assert!(again.text().contains("今天已经从这台设备投过票了"));
        // thirty of one network a day
        for n in 0..29 {
            let next = Voter::new(&w, [203, 0, 113, 9], &format!("phone {n}"));
            let page = next.page(code).await;
            wait(&w, 4_000);
            receipt(&next.send(code, &page, good).await);
        }
        let late = Voter::new(&w, [203, 0, 113, 9], "one more");
        let page = late.page(code).await;
        wait(&w, 4_000);
        assert!(late.send(code, &page, good).await.text().contains("这个网络今天投的票已经很多了"));
        let far = Voter::new(&w, [198, 51, 100, 4], "one more");
        let page = far.page(code).await;
        wait(&w, 4_000);
        receipt(&far.send(code, &page, good).await);
        // the next day the same device may again, and the salt of the day before is gone
        wait(&w, 86_400_000);
        let page = one.page(code).await;
        wait(&w, 4_000);
        receipt(&one.send(code, &page, good).await);
        let counts = w.public().get(&format!("/choose/{code}/tally")).await.expect(200);
        assert_eq!(counts["wishes"], 32);
        let officer = w.sign_in("city.one").await;
        let detail = officer.get(&format!("/api/campaigns/{}", id(&c))).await.expect(200);
        assert_eq!(detail["largest_network"], 30);
        let trail = w.sign_in("audadmin").await.get("/api/audit?action=campaigns.vote").await.expect(200);
        assert!(trail["items"].as_array().unwrap().iter().all(|row| row["address"] == ""), "{trail}");
    });
}

#[test]
fn wishes_become_batches_and_results_come_back() {
    each(async |w| {
        let c = campaign(&w).await;
        let (code, path) = (c["code"].as_str().unwrap(), format!("/api/campaigns/{}", id(&c)));
        let (officer, leader) = (w.sign_in("city.one").await, w.sign_in("leader").await);
        officer.post("/api/labs", &lab_body(&w.far_shop, false)).await.expect(200);
        let shop = officer.get(&format!("/api/parties/{}", w.shop)).await.expect(200)["party"]["code"]
            .as_str()
            .unwrap()
            .to_owned();
        let mut codes = Vec::new();
        for n in 0..4_u8 {
            let voter = Voter::new(&w, [203, 0, 113, n], "phone");
            let page = voter.page(code).await;
            wait(&w, 4_000);
            let choices = format!(
                "county=410902&food=F001&place={shop}&item=I002&wish=%E9%9D%A2&contact=1380000000{n}"
            );
            codes.push(receipt(&voter.send(code, &page, &choices).await));
        }
        officer.post(&format!("{path}/draw"), &json!({})).await.refused(409, "campaign_not_closed");
        leader.post(&format!("{path}/close"), &json!({})).await.expect(200);
        let voter = Voter::new(&w, [203, 0, 113, 77], "phone");
        assert!(!voter.get(&format!("/choose/{code}")).await.text().contains("name=\"page\""));
        officer.post(&format!("{path}/draw/run"), &json!({})).await.refused(409, "draw_missing");
        officer.post(&format!("{path}/draw"), &json!({})).await.expect(200);
        officer.post(&format!("{path}/draw"), &json!({})).await.refused(409, "draw_committed");
        officer.post(&format!("{path}/draw/run"), &json!({})).await.refused(409, "draw_early");
        crate::ledger::signed(&w.house).await;
        let drawn = officer.post(&format!("{path}/draw/run"), &json!({})).await.expect(200);
        assert_eq!((&drawn["state"], &drawn["drawn"]), (&json!("drawn"), &json!(6)));
        // beside the floor of the other county all go to what was chosen; where it falls is told to nobody
        let public = format!("/api/public/campaigns/{code}/draw");
        assert_eq!(w.public().get(&public).await.expect(200)["result"], json!([]));
        let html = voter.get(&format!("/choose/{code}")).await.text();
        for place in ["龙都豆制品有限公司", "红旗渠蔬菜种植合作社", "清丰县城关粮油店"]
        {
            assert!(html.contains("正在抽检") && !html.contains(place), "{html}");
        }
        // on a wall it asks again by itself, and tells no more than the page
        let live = voter.get(&format!("/choose/{code}/live")).await;
        assert_eq!(live.headers["refresh"], "60");
        let live = live.text();
        assert!(
            live.contains("抽检现场") && live.contains("还没有抽样") && !live.contains("龙都豆制品有限公司"),
            "{live}"
        );
        let batches = officer.get(&format!("{path}/batches?size=100")).await.expect(200);
        let of = |food: &str, county: &str| {
            let all = batches["items"].as_array().unwrap();
            all.iter().filter(|b| b["food"] == food && b["county"] == county).count()
        };
        assert_eq!((of("F001", "410902"), of("F001", "410922") + of("F002", "410922")), (5, 1), "{batches}");
        let how = json!({ "mode": "outer", "lab": w.far_shop, "most": 2 });
        let made = officer.post(&format!("{path}/tasks"), &how).await.expect(200);
        assert_eq!(made["made"], 2);
        // what was chosen to be tested goes with the task, what nobody chose does not
        let planned = officer.get(&format!("{path}/batches?state=planned")).await.expect(200);
        let task = format!("/api/samples/{}", planned["items"][0]["sample"].as_str().unwrap());
        assert_eq!(officer.get(&task).await.expect(200)["asked"], json!(["大肠菌群"]));
        let rest = json!({ "mode": "outer", "lab": w.far_shop, "most": 200 });
        officer.post(&format!("{path}/tasks"), &rest).await.expect(200);
        leader.post(&format!("{path}/end"), &json!({ "summary": "结束" })).await.refused(409, "batches_open");

        // one is sampled: then its place is told, and blind codes never
        let batches = officer.get(&format!("{path}/batches?state=planned&size=100")).await.expect(200);
        let first = batches["items"].as_array().unwrap()[0].clone();
        let sample = first["sample"].as_str().unwrap();
        let place = first["place_name"].as_str().unwrap();
        let mut drawn = Vec::new();
        for name in ["city.one", "city.two", "officer1", "officer2", "officer3"] {
            let one = w.sign_in(name).await;
            let user = json!(crate::findings::my_id(&one).await);
            if let Some(i) = first["officers"].as_array().unwrap().iter().position(|o| *o == user) {
                drawn.push((i, one));
            }
        }
        drawn.sort_by_key(|(i, _)| *i);
        let [(_, one), (_, two)] = <[_; 2]>::try_from(drawn).ok().unwrap();
        photos(&one, sample).await;
        one.post(&format!("/api/samples/{sample}/sheet"), &sheet("", "S1")).await.expect(200);
        two.post(&format!("/api/samples/{sample}/seal"), &json!({})).await.expect(200);
        let html = voter.get(&format!("/choose/{code}")).await.text();
        let blind =
            officer.get(&format!("/api/samples/{sample}")).await.expect(200)["sample"]["blind"].clone();
        assert!(html.contains("已抽样，送检中") && html.contains(place), "{html}");
        assert!(!html.contains(blind.as_str().unwrap()));
        let mine = voter.get(&format!("/choose/mine?code={}", codes[0].to_lowercase())).await.text();
        assert!(mine.contains("豆干") && mine.contains("已抽样，送检中"), "{mine}");
        assert_eq!(voter.get("/choose/mine?code=AAAA").await.status.as_u16(), 404);

        // the others end without a sample; the one as the case says it
        for batch in batches["items"].as_array().unwrap() {
            let sample = batch["sample"].as_str().unwrap();
            crate::findings::act(&leader, sample, json!({ "op": { "do": "void" }, "note": "停业" })).await;
        }
        let file = w.public().get(&public).await.expect(200);
        let read: kit_draw::DrawFile = serde_json::from_value(file.clone()).unwrap();
        assert_eq!(kit_draw::verify(&read).unwrap(), 6);
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("draw.json");
        std::fs::write(&place, file.to_string()).unwrap();
        assert_ne!(by_python(&place), Some(false));
        leader.post(&format!("{path}/end"), &json!({ "summary": "" })).await.refused(422, "summary_form");
        let ended =
            leader.post(&format!("{path}/end"), &json!({ "summary": "全部抽检完毕。" })).await.expect(200);
        assert_eq!(ended["state"], "ended");
        let letters = officer.get(&format!("{path}/letters")).await.expect(200);
        assert_eq!((&letters["total"], &letters["items"][0]["shown"]), (&json!(4), &json!("138****0000")));
        let posts = officer.post(&format!("{path}/letters/take"), &json!({})).await.expect(200);
        assert_eq!((posts.as_array().unwrap().len(), &posts[0]["contact"]), (4, &json!("13800000000")));
        assert!(posts[0]["text"].as_str().unwrap().contains("豆干"));
        officer.post(&format!("{path}/letters/take"), &json!({})).await.refused(409, "letters_none");
        let wishes = officer.get(&format!("{path}/wishes")).await.expect(200);
        assert_eq!((&wishes["total"], &wishes["items"][0]["wish"]), (&json!(4), &json!("面")));
        let html = voter.get("/choose").await.text();
        assert!(html.contains("春季你点我检") && html.contains("已结束"));
    });
}

#[test]
fn choosing_ends_with_its_last_day() {
    each(async |w| {
        let c = campaign(&w).await;
        assert_eq!(tick(&w).await, 0);
        w.house.clock.advance(28 * 86_400_000);
        assert_eq!(tick(&w).await, 0, "the last day is open");
        w.house.clock.advance(86_400_000);
        assert_eq!(tick(&w).await, 1);
        assert_eq!(tick(&w).await, 0);
        let detail = w.sign_in("city.one").await.get(&format!("/api/campaigns/{}", id(&c))).await.expect(200);
        assert_eq!(detail["campaign"]["state"], "closed");
    });
}
