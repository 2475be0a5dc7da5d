//! What is said of persons is nowhere shown whole but where it may be, and each look at it is written down: every route
//! that answers a question, asked by every role at every place, over a house in which such data was planted.

use axum::http::Method;
use serde_json::json;

use super::scene::{Asker, PLACES, ROLES, Scene, send};
use super::{Row, rows};
use crate::world::each;

/// Something said of a person that the test put in.
struct Planted {
    what: &'static str,
    text: &'static str,
    open: &'static [Open],
}

/// Where it may be shown whole.
struct Open {
    /// Route, or its beginning with a `*`.
    route: &'static str,
    /// Roles of the table.
    who: &'static [&'static str],
    /// The audit action of the look; empty where those see it who wrote it down themselves, or whose task it is by the law
    /// (the ledgers of purchases and sales, 食品安全法 50, 53).
    look: &'static str,
}

const fn open(route: &'static str, who: &'static [&'static str], look: &'static str) -> Open {
    Open { route, who, look }
}

/// Those who see the records of trade.
const TRADE: &[&str] = &["lead", "off", "inv", "own", "clk"];
/// Those of the business that wrote it down.
const WRITERS: &[&str] = &["own", "clk"];

const SUPPLIER: &[Open] = &[
    open("/api/ledgers/purchases", WRITERS, ""),
    open("/api/lots/{no}", WRITERS, ""),
    open("/api/events", WRITERS, ""),
];

/// The law of the house about persons, by hand.
const PLANTED: &[Planted] = &[
    Planted {
        what: "phone of a user",
        text: "13800138000",
        open: &[open("/api/users/{id}/phone", &["sys", "sec"], "users.look")],
    },
    Planted { what: "phone of a clerk", text: "13912340001", open: &[] },
    Planted {
        what: "person in charge of a business",
        text: "欧阳碧水",
        open: &[open("/api/parties/{id}/people", &["off", "inv", "own"], "parties.people")],
    },
    Planted {
        what: "phone of a person in charge",
        text: "13712340002",
        open: &[open("/api/parties/{id}/people", &["off", "inv", "own"], "parties.people")],
    },
    Planted { what: "contact of a supplier", text: "司马问天", open: SUPPLIER },
    Planted { what: "phone of a supplier", text: "13612340003", open: SUPPLIER },
    Planted {
        what: "a person from whom was bought", text: "诸葛长青", open: &[open("/api/*", TRADE, "")]
    },
    Planted { what: "a person to whom was sold", text: "夏侯小满", open: &[open("/api/*", TRADE, "")] },
    Planted { what: "inspector of a lot", text: "皇甫知秋", open: &[] },
];

/// Puts it in by the ways people have. Answers a lot that was bought and one that was made and sold, each with its code.
async fn plant(scene: &Scene) -> Vec<[String; 2]> {
    let by = |role, place| &scene.asker(role, place).unwrap().client;
    let factory = &scene.w.factory;
    let path = format!("/api/parties/{factory}");
    let dossier = by("lead", "above").get(&path).await.expect(200);
    let form = json!({ "seq": dossier["party"]["seq"], "name": dossier["party"]["name"],
        "kind": dossier["party"]["kind"], "division": dossier["party"]["division"], "address": "人民路2号",
        "people": [
            { "role": "legal", "name": "欧阳碧水", "phone": "13712340002" },
            { "role": "contact", "name": "欧阳碧水", "phone": "13712340002" },
        ] });
    by("off", "own").put(&path, &form).await.expect(200);
    let clerk = json!({ "name": "luru.geheim", "full_name": "录入员", "phone": "13912340001" });
    by("own", "own").post("/api/clerks", &clerk).await.expect(200);
    let owner = by("own", "own");
    let product = crate::world::product(owner, "黄豆", None).await;
    let made =
        |batch: &str| json!({ "product": product, "amount": 9_000, "batch": batch, "inspector": "皇甫知秋" });
    let buy = json!({ "kind": "receive", "counterpart_name": "诸葛长青", "makes": [made("GEHEIM-1")], "papers": {
        "supplier_contact": "司马问天", "supplier_phone": "13612340003", "supplier_address": "清丰县城关镇" } });
    let bought = crate::world::moved(owner, buy).await;
    let sell =
        json!({ "kind": "ship", "counterpart_name": "夏侯小满", "takes": [{ "lot": bought, "amount": 10 }] });
    crate::world::moved(owner, sell).await;
    let make = json!({ "kind": "produce", "makes": [made("GEHEIM-2")] });
    let tofu = crate::world::moved(owner, make).await;
    let far =
        json!({ "kind": "ship", "counterpart": scene.w.far_shop, "takes": [{ "lot": tofu, "amount": 10 }] });
    crate::world::moved(owner, far).await;
    let mut lots = Vec::new();
    for lot in [bought, tofu] {
        let code = owner.post(&format!("/api/lots/{lot}/code"), &json!({ "labels": 1 })).await.expect(200);
        lots.push([lot.to_string(), code["code"].as_str().unwrap().to_owned()]);
    }
    lots
}

/// The questions of the table: all that writes nothing but looks.
fn questions() -> Vec<Row> {
    let routes = server::rooms::routes();
    rows()
        .into_iter()
        .filter(|row| row.method == Method::GET || row.route(&routes).audit.is_empty())
        .collect()
}

fn allows(open: &Open, route: &str, role: &str) -> bool {
    let there = match open.route.strip_suffix('*') {
        Some(beginning) => route.starts_with(beginning),
        None => route == open.route,
    };
    there && open.who.contains(&role)
}

async fn last_looks(scene: &Scene, since: i64) -> Vec<String> {
    let rows = scene.asker("aud", "above").unwrap().client.get("/api/audit?size=20").await.expect(200);
    let rows = rows["items"].as_array().unwrap().clone();
    let later = rows.iter().filter(|r| r["no"].as_i64() >= Some(since));
    later.map(|r| r["action"].as_str().unwrap().to_owned()).collect()
}

async fn ask(scene: &Scene, row: &Row, asker: &Asker, role: &str, place: &str) -> (i64, String) {
    scene.begin();
    // the asker may not make what the row names; it is taken from those who may
    let from = if row.admits(role) { place } else { "elsewhere" };
    let filled = scene.fill(&format!("{}\n{}", row.path, row.body), asker, role, from).await;
    let (path, body) = filled.split_once('\n').unwrap();
    let before = scene.trail().await;
    let reply = send(&asker.client, &row.method, path, body).await;
    (before, reply.text())
}

#[test]
fn personal_data_is_whole_only_where_the_table_says_and_each_look_is_written_down() {
    each(async |w| {
        let scene = Scene::new(w).await;
        let lots = plant(&scene).await;
        let routes = server::rooms::routes();
        let (mut wrong, mut found) = (Vec::new(), std::collections::BTreeSet::new());
        for row in questions() {
            let route = row.route(&routes);
            let of_lots = ["$lot", "$code"].iter().any(|n| row.path.contains(n) || row.body.contains(n));
            let lots = if of_lots { &lots[..] } else { &lots[..1] };
            for ((role, _), place) in ROLES.iter().flat_map(|r| PLACES.iter().map(move |p| (*r, *p))) {
                let Some(asker) = scene.asker(role, place) else { continue };
                for [lot, code] in lots {
                    scene.put("lot", lot);
                    scene.put("code", code);
                    let (before, text) = ask(&scene, &row, asker, role, place).await;
                    for p in PLANTED.iter().filter(|p| text.contains(p.text)) {
                        let at = format!("{} for {role}@{place} at {} {}", p.what, route.method, route.path);
                        let Some(open) = p.open.iter().find(|o| allows(o, route.path, role)) else {
                            wrong.push(format!("{at}: shown whole"));
                            continue;
                        };
                        found.insert((p.what, open.route));
                        let looks = last_looks(&scene, before).await;
                        if !open.look.is_empty() && !looks.iter().any(|l| l == open.look) {
                            wrong.push(format!("{at}: the look is not written down: {looks:?}"));
                        }
                    }
                }
            }
        }
        // what is open has to be seen somewhere, or the test looks at nothing
        for p in PLANTED {
            for open in p.open.iter().filter(|o| !found.contains(&(p.what, o.route))) {
                wrong.push(format!("{} was not seen at {}", p.what, open.route));
            }
        }
        assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    });
}
