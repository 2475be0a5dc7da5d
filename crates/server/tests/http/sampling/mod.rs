//! Sampling: the bench on which its tests work. By topic: [`corrections`], [`course`] from the task to the report, [`failing`] what follows from a
//! failure, [`sides`] of its disposal, [`plans`], [`recheck`].

mod corrections;
mod course;
mod duties;
mod failing;
mod labs;
mod late;
mod limits;
mod objections;
mod own;
mod plans;
mod random;
mod readings;
mod recheck;
mod sides;
mod spare;
mod taken_back;
mod tamper;
mod valid;

use accounts::demo::{Home, person};
use kit_test::Client;
use kit_web::{Actor, Cx};
use serde_json::{Value, json};

use crate::findings::{my_id, photo};
use crate::world::{NOW, PASSWORD, World, moved, product};

const LIMITS: &str = "标准,项目,CAS,食品分类,食品,除外,限量,单位,组成,检验方法,生效,失效,来源,已核验
GB 2760-2024,苯甲酸,,4,,,≤1.0,g/kg,,GB 5009.28,2020-01-01,,测试,否
GB 2760-2024,山梨酸,,4,,,≤1.0,g/kg,,GB 5009.28,2020-01-01,,测试,否
GB 2760-2024,防腐剂比例之和,,4,,,≤1,g/kg,苯甲酸=1;山梨酸=1,GB 5009.28,2020-01-01,,测试,否
GB 2712-2014,大肠菌群,,4,,,\"n=5,c=2,m=100,M=1000\",CFU/g,,GB 4789.3,2020-01-01,,测试,否
坏行,,,4,,,≤1,,,,2020-01-01,,,
GB 9,铅,,4,,,大约一,mg/kg,,,2020-01-01,,,
";

/// The laboratory (the shop plays it) with three people, limits, and a lot of bean curd that the factory made.
pub struct Bench {
    pub officer: Client,
    pub second: Client,
    pub leader: Client,
    pub owner: Client,
    pub clerk: Client,
    pub clerk2: Client,
    pub head: Client,
    pub lot: i64,
    pub code: String,
}

pub async fn people(w: &World, plan: &[(&str, &str, Result<&'static str, String>)]) {
    let hash = w.house.held::<accounts::Accounts>().passwords.hash_blocking(PASSWORD, &w.house.ids).unwrap();
    let cx = Cx::internal(w.house.clone(), Actor::house("test"), "test.people");
    let plan: Vec<(String, String, Result<&'static str, String>)> =
        plan.iter().map(|(l, r, h)| ((*l).to_owned(), (*r).to_owned(), h.clone())).collect();
    cx.act(move |act| {
        for (login, role, home) in &plan {
            let home = match home {
                Ok(division) => Home::Bureau(division),
                Err(party) => Home::Party(party),
            };
            person(act, &hash, login, role, &home)?;
        }
        Ok(())
    })
    .await
    .unwrap();
}

pub fn lab_body(party: &str, recheck: bool) -> Value {
    let item = |item: &str, method: &str, lod: &str, unit: &str| json!({ "item": item, "method": method, "lod": lod, "unit": unit });
    json!({ "party": party, "cma": "240000000001", "cma_until": "2030-01-01", "recheck": recheck, "items": [
        item("苯甲酸", "GB 5009.28", "0.005", "g/kg"), item("山梨酸", "GB 5009.28", "0.005", "g/kg"), item("大肠菌群", "GB 4789.3", "", "CFU/g"),
    ] })
}

pub async fn bench(w: &World) -> Bench {
    people(
        w,
        &[
            ("second", "officer", Ok("410902")),
            ("clerk.lab2", "business_clerk", Err(w.shop.clone())),
            ("head.lab", "business_owner", Err(w.shop.clone())),
        ],
    )
    .await;
    let officer = w.sign_in("officer1").await;
    officer.post("/api/labs", &lab_body(&w.shop, false)).await.expect(200);
    let sysadmin = w.sign_in("sysadmin").await;
    let told = sysadmin.upload("/api/limits/import", "text/csv", "限量.csv", LIMITS.into()).await.expect(200);
    assert_eq!((&told["added"], &told["rejected"]), (&json!(4), &json!(2)), "{told}");
    let told = sysadmin.upload("/api/limits/import", "text/csv", "限量.csv", LIMITS.into()).await.expect(200);
    assert_eq!((&told["added"], &told["known"]), (&json!(0), &json!(4)));
    let owner = w.sign_in("owner").await;
    let curd = product(&owner, "五香豆干", None).await;
    let lot = moved(
        &owner,
        json!({ "kind": "produce", "makes": [{ "product": curd, "amount": 500_000, "batch": "B1" }] }),
    )
    .await;
    let code = owner.post(&format!("/api/lots/{lot}/code"), &json!({})).await;
    let code = code.expect(200)["code"].as_str().unwrap().to_owned();
    Bench {
        second: w.sign_in("second").await,
        leader: w.sign_in("leader").await,
        clerk: w.sign_in("clerk").await,
        clerk2: w.sign_in("clerk.lab2").await,
        head: w.sign_in("head.lab").await,
        officer,
        owner,
        lot,
        code,
    }
}

pub async fn task(b: &Bench, w: &World, mode: &str) -> Value {
    asked(b, w, mode, &[]).await
}

/// A task that says which items are wanted.
pub async fn asked(b: &Bench, w: &World, mode: &str, items: &[&str]) -> Value {
    let body = json!({
        "party": w.factory, "source": "county", "mode": mode, "kind": "supervision", "stage": "produce", "category": "4.1", "food": "豆干",
        "lab": w.shop, "samplers": [my_id(&b.officer).await, my_id(&b.second).await], "items": items,
    });
    b.officer.post("/api/samples", &body).await.expect(200)
}

/// Pictures of signatures: of the sampler, of the business.
const SIGNED: [(&str, &str, u32); 2] = [("first", "赵监管", 191), ("business", "王某", 192)];

/// As [`sheet`] says that [`photos`] sent them.
pub fn signatures() -> Value {
    let of = |(role, name, seed): (&str, &str, u32)| json!({ "role": role, "name": name, "file": kit_files::hash_of(&mut photo(seed, 64).as_slice()).unwrap() });
    Value::Array(SIGNED.map(of).to_vec())
}

pub fn sheet(code: &str, seal: &str) -> Value {
    json!({ "signatures": signatures(), "code": code, "seal_test": format!("{seal}-J"), "seal_spare": format!("{seal}-B"), "sheet": {
        "task_source": "县局", "sampling_type": "usual", "place_type": "成品库", "food_major": "豆制品", "task_class": "监督抽检",
        "unit_name": "华龙区局", "shop_name": "龙都豆制品有限公司", "shop_address": "人民路2号", "area_type": "city", "shop_contact": "王某",
        "goods_type": "industrial", "origin": "own", "nature": "usual", "packing": "prepacked", "name": "五香豆干", "made": "2026-02-20",
        "spec": "120g/袋", "batch": "B1", "price": 500, "imported": false, "sterile": "plain", "form": "solid", "storage": "room",
        "base_amount": "500", "amount": "2.4", "spare_amount": "1.2", "amount_unit": "kg", "expires": "2026-12-31",
    } })
}

const KINDS: [&str; 8] = ["door", "licence", "shelf", "sample", "label", "seal", "people", "receipt"];

pub async fn photos(client: &Client, id: &str) {
    for (i, kind) in KINDS.iter().enumerate() {
        let path = format!("/api/samples/{id}/media?kind={kind}&taken_at={NOW}");
        client.upload(&path, "image/jpeg", "p.jpg", photo(i as u32 + 1, 64)).await.expect(200);
    }
    for (_, _, seed) in SIGNED {
        let path = format!("/api/samples/{id}/media?kind=signature&taken_at={NOW}");
        client.upload(&path, "image/jpeg", "s.jpg", photo(seed, 64)).await.expect(200);
    }
}

/// Taken, sealed and offered to the laboratory; answers the blind code.
pub async fn sent(b: &Bench, w: &World, sample: &Value, seal: &str) -> String {
    let id = sample["id"].as_str().unwrap();
    photos(&b.officer, id).await;
    b.officer.post(&format!("/api/samples/{id}/sheet"), &sheet(&b.code, seal)).await.expect(200);
    b.second.post(&format!("/api/samples/{id}/seal"), &json!({})).await.expect(200);
    for part in ["test", "spare"] {
        let offer = json!({ "part": part, "receiver": w.shop });
        b.officer.post(&format!("/api/samples/{id}/offers"), &offer).await.expect(200);
    }
    sample["blind"].as_str().unwrap().to_owned()
}

/// The failing conclusion is reported, which comes before it is served.
pub async fn told(officer: &Client, id: &str) {
    crate::findings::act(officer, id, json!({ "action": "tell", "form": { "told_to": "市局" } })).await;
}

pub async fn tested(b: &Bench, blind: &str, results: Value) -> Value {
    let over = json!({ "seal_whole": true, "temperature": "4.5" });
    b.clerk.post(&format!("/api/assays/{blind}/accept"), &over).await.expect(200);
    b.clerk.post(&format!("/api/assays/{blind}/results"), &json!({ "items": results })).await.expect(200);
    b.clerk2.post(&format!("/api/assays/{blind}/verify"), &json!({})).await.expect(200)
}

pub fn failing_results() -> Value {
    json!([
        { "item": "苯甲酸", "method": "GB 5009.28", "result": "1.32 g/kg" },
        { "item": "山梨酸", "method": "GB 5009.28", "result": "未检出" },
        { "item": "大肠菌群", "method": "GB 4789.3", "result": "<10;<10;<10;<10;<10" },
    ])
}

/// What the matrix asks for: a task with a photo, a sealed sample whose laboratory is the factory, and a plan.
pub async fn scene(w: &World) -> [(String, String); 6] {
    people(w, &[("sampler.two", "officer", Ok("410902"))]).await;
    let (one, two) = (w.sign_in("off.own").await, w.sign_in("sampler.two").await);
    one.post("/api/labs", &lab_body(&w.factory, false)).await.expect(200);
    let samplers = [my_id(&one).await, my_id(&two).await];
    let body = json!({
        "party": w.shop, "source": "county", "mode": "outer", "kind": "supervision", "stage": "trade", "category": "4", "food": "豆干",
        "lab": w.factory, "samplers": samplers,
    });
    let planned = one.post("/api/samples", &body).await.expect(200)["id"].as_str().unwrap().to_owned();
    let path = format!("/api/samples/{planned}/media?kind=door");
    let media = one.upload(&path, "image/jpeg", "p.jpg", photo(3, 64)).await.expect(200);
    let sealed = one.post("/api/samples", &body).await.expect(200);
    let id = sealed["id"].as_str().unwrap();
    photos(&one, id).await;
    one.post(&format!("/api/samples/{id}/sheet"), &sheet("", "M1")).await.expect(200);
    two.post(&format!("/api/samples/{id}/seal"), &json!({})).await.expect(200);
    let cell = json!({ "category": "4", "category_name": "豆制品", "stage": "trade", "division": "410902", "items": [], "quota": 2 });
    let plan =
        json!({ "name": "计划", "year": 2026, "division": "410902", "source": "county", "quotas": [cell] });
    let plan = one.post("/api/sample-plans", &plan).await.expect(200);
    let text = |v: &Value| v.as_str().unwrap().to_owned();
    let things = [
        ("sample", planned),
        ("sample_media", text(&media["id"])),
        ("blind", text(&sealed["blind"])),
        ("sample_plan", text(&plan["plan"]["id"])),
        ("sampler_one", samplers[0].clone()),
        ("sampler_two", samplers[1].clone()),
    ];
    things.map(|(n, v)| (n.to_owned(), v))
}
