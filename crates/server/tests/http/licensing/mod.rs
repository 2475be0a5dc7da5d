//! Licences from the application to the end: grant, mending, deemed acceptance, refusal, commitments, renewals, provinces,
//! agents, bans.

mod after;
mod course;
mod provinces;
mod who;

use kit_test::Client;
use serde_json::{Value, json};

use crate::findings::{act, my_id, photo};
use crate::flows::another;
use crate::world::World;

const DAY: i64 = 86_400_000;

/// A valid number of nobody: district 110105, born 1949-12-31.
const ID_NO: &str = "11010519491231002X";
const USCC: &str = "92330100MA2ABCD13F";

/// The people of a county office beside officer1: two who visit, one who decides.
struct Office {
    accept: Client,
    visitors: Vec<String>,
    visit: [Client; 2],
    chief: Client,
}

async fn office(w: &World) -> Office {
    let accept = w.sign_in("officer1").await;
    let visit =
        [another(w, "visit1", "officer", "410902").await, another(w, "visit2", "officer", "410902").await];
    let visitors = vec![my_id(&visit[0]).await, my_id(&visit[1]).await];
    Office { accept, visitors, visit, chief: another(w, "chief", "leader", "410902").await }
}

/// Uploads a paper; answers its id.
async fn paper(client: &Client, query: &str) -> String {
    let done =
        client.upload(&format!("/api/permits/files{query}"), "image/jpeg", "p.jpg", photo(3, 320)).await;
    done.expect(200)["id"].as_str().unwrap().to_owned()
}

/// The form of a shop that sells food.
pub fn shop(file: &str) -> Value {
    json!({
        "name": "胜利路便民超市", "uscc": USCC, "legal": "王小明", "legal_id": ID_NO, "phone": "13812345678", "address": "人民路3号",
        "main_form": "1", "sale_mode": "retail", "items": ["X2"], "area": 120,
        "equipment": [{ "name": "冷藏柜", "count": 2 }],
        "managers": [{ "name": "李小红", "post": "officer", "id_no": ID_NO }],
        "layout": [file], "rules": [file], "true": true
    })
}

fn with(mut form: Value, more: Value) -> Value {
    let more = more.as_object().unwrap().clone();
    form.as_object_mut().unwrap().extend(more);
    form
}

/// Hands a form in.
async fn hand_in(client: &Client, query: &str, form: &Value) -> kit_test::Reply {
    let path = format!("/api/permits?{query}");
    client.upload(&path, "application/octet-stream", "form", form.to_string().into_bytes()).await
}

pub async fn applied(client: &Client, query: &str, form: &Value) -> String {
    hand_in(client, query, form).await.expect(200)["permit"].as_str().unwrap().to_owned()
}

const NEW: &str = "matter=food_business&act=new&version=1";

async fn do_(client: &Client, case: &str, action: &str, form: Value) -> Value {
    act(client, case, json!({ "action": action, "form": form })).await
}

async fn view(client: &Client, id: &str) -> Value {
    client.get(&format!("/api/permits/{id}")).await.expect(200)
}

/// Goes through acceptance, visit and decision; answers the licence.
async fn granted(o: &Office, case: &str) -> Value {
    do_(&o.accept, case, "accept", json!({})).await;
    let form = json!({ "visitors": o.visitors, "method": "onsite" });
    do_(&o.accept, case, "send_visit", form).await;
    for client in &o.visit {
        do_(client, case, "visited", json!({ "visit_result": "pass", "visit_record": "逐项符合" })).await;
    }
    do_(&o.chief, case, "grant", json!({})).await;
    issued(o, case).await
}

async fn issued(o: &Office, case: &str) -> Value {
    do_(&o.accept, case, "issue", json!({})).await;
    let id = view(&o.accept, case).await["permit"]["issued"].as_str().unwrap().to_owned();
    o.accept.get(&format!("/api/licences/{id}")).await.expect(200)
}

/// Runs every job that is due.
async fn round(w: &World) {
    let (ids, now) = (w.house.ids.clone(), w.house.clock.now());
    let queue = move |tx: &mut kit_db::Tx| kit_jobs::ensure(tx, &ids, now, licensing::ROUND, "提醒", now);
    w.house.db.write(queue).await.unwrap();
    crate::pages::run_jobs(w);
}

/// Places and codes of what was wrong.
fn codes(problem: &Value) -> Vec<String> {
    let defect = |d: &Value| format!("{} {}", d["place"].as_str().unwrap(), d["code"].as_str().unwrap());
    problem["defects"].as_array().unwrap().iter().map(defect).collect()
}

/// What the matrix asks for: a filing of the factory that waits, with its paper; a licence of it; the code of a business
/// that may be given a mandate.
pub async fn scene(w: &World) -> Vec<(String, String)> {
    let (officer, owner) = (w.sign_in("off.own").await, w.sign_in("own.own").await);
    let file = paper(&owner, "").await;
    let base = json!({
        "name": "龙都豆制品有限公司", "uscc": USCC, "legal": "王小明", "legal_id": ID_NO, "phone": "13812345678", "address": "人民路2号",
        "true": true
    });
    let trade = json!({ "trade_mode": "2", "kinds": ["plain"], "ways": ["shop"] });
    let handed =
        hand_in(&owner, "matter=prepacked&act=new&version=1", &with(base.clone(), trade)).await.expect(200);
    let store = json!({
        "licensed_on": "2026-02-01", "rooms": [{ "name": "一号库", "kind": "chill", "volume": 300, "low": 0, "high": 4 }],
        "record": "yes", "ledger": true
    });
    let cold = applied(&owner, "matter=cold_store&act=new&version=1", &with(base, store)).await;
    do_(&officer, &cold, "publish", json!({})).await;
    let licence = officer.get("/api/licences").await.expect(200)["items"][0].clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let shop = officer.get(&format!("/api/parties/{}", w.shop)).await.expect(200);
    [
        ("permit", text(&handed["permit"])),
        ("submission", text(&handed["submission"])),
        ("permit_file", file),
        ("licence", text(&licence["id"])),
        ("licence_number", text(&licence["number"])),
        ("licence_code", text(&licence["code"])),
        ("shop_code", text(&shop["party"]["code"])),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}
