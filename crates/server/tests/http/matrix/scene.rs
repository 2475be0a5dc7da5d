//! What the rows of the table stand on: people of every role at three places, and things of the factory to ask for.

mod make;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use accounts::demo::{Home, person};
use axum::http::Method;
use kit_test::{Client, Reply};
use kit_web::{Actor, Cx};
use serde_json::{Value, json};

use crate::pages::run_jobs;
use crate::world::{PASSWORD, World};

/// Short names of the table, and what the house calls the roles.
pub const ROLES: [(&str, &str); 8] = [
    ("sys", "system_admin"),
    ("sec", "security_admin"),
    ("aud", "audit_admin"),
    ("lead", "leader"),
    ("off", "officer"),
    ("inv", "investigator"),
    ("own", "business_owner"),
    ("clk", "business_clerk"),
];
/// Where the EPCIS event of the scene took place.
const PLACE: &str = "urn:epc:id:sgln:0614141.07346.1234";
pub const PLACES: [&str; 3] = ["own", "other", "above"];

/// Somebody who asks.
pub struct Asker {
    pub client: Client,
    pub login: String,
    pub id: String,
}

pub struct Scene {
    pub w: World,
    people: BTreeMap<(&'static str, &'static str), Asker>,
    /// Things that stay.
    fixed: BTreeMap<String, String>,
    /// Things that a test puts in the place of those.
    put: RefCell<BTreeMap<String, String>>,
    n: Cell<u64>,
    /// Things made anew for one request, by the name of the table.
    fresh: RefCell<BTreeMap<String, String>>,
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn business(role: &str) -> bool {
    matches!(role, "own" | "clk")
}

impl Scene {
    pub async fn new(w: World) -> Self {
        let mut plan = Vec::new();
        for (short, role) in ROLES {
            for (place, division) in PLACES.into_iter().zip(["410902", "410922", "4109"]) {
                let party = if place == "own" { &w.factory } else { &w.far_shop };
                match business(short) {
                    true if place == "above" => {}
                    true => plan.push((short, place, role, Err(party.clone()))),
                    false => plan.push((short, place, role, Ok(division))),
                }
            }
        }
        let hash =
            w.house.held::<accounts::Accounts>().passwords.hash_blocking(PASSWORD, &w.house.ids).unwrap();
        let cx = Cx::internal(w.house.clone(), Actor::house("test"), "test.people");
        let making: Vec<_> = plan.iter().map(|(s, p, r, h)| (format!("{s}.{p}"), *r, h.clone())).collect();
        let ids = cx.act(move |act| {
            let one = |(login, role, home): &(String, &str, Result<&str, String>)| {
                let home = match home {
                    Ok(division) => Home::Bureau(division),
                    Err(party) => Home::Party(party),
                };
                person(act, &hash, login, role, &home)
            };
            making.iter().map(one).collect::<kit_base::Result<Vec<String>>>()
        });
        let ids = ids.await.unwrap();
        let mut people = BTreeMap::new();
        for ((short, place, ..), id) in plan.into_iter().zip(ids) {
            let login = format!("{short}.{place}");
            let client = w.sign_in(&login).await;
            people.insert((short, place), Asker { client, login, id });
        }
        let none = || RefCell::new(BTreeMap::new());
        let mut scene =
            Self { w, people, fixed: BTreeMap::new(), put: none(), n: Cell::new(10), fresh: none() };
        scene.furnish().await;
        scene
    }

    pub fn asker(&self, role: &str, place: &str) -> Option<&Asker> {
        self.people.iter().find(|((r, p), _)| *r == role && *p == place).map(|(_, a)| a)
    }

    fn by(&self, role: &str, place: &str) -> &Client {
        &self.asker(role, place).unwrap().client
    }

    fn number(&self) -> u64 {
        self.n.set(self.n.get() + 1);
        self.n.get()
    }

    async fn furnish(&mut self) {
        let fixed = [("factory", &self.w.factory), ("shop", &self.w.shop), ("far_shop", &self.w.far_shop)];
        self.fixed = fixed.map(|(k, v)| (k.to_owned(), v.clone())).into();
        self.fixed.insert("password".into(), PASSWORD.into());
        let bureaus = self.by("sys", "above").get("/api/bureaus").await.expect(200);
        for (name, division) in [
            ("bureau", "410902"),
            ("far_bureau", "410922"),
            ("city_bureau", "4109"),
            ("station", "410902001"),
        ] {
            let found =
                bureaus["items"].as_array().unwrap().iter().find(|b| b["division"] == division).unwrap();
            self.fixed.insert(name.into(), text(&found["id"]));
        }
        self.fixed.insert("batch".into(), "PI-HAO-7".into());
        let owner = self.by("own", "own").clone();
        let product = crate::world::product(&owner, "卤水豆腐", None).await;
        let far_owner = self.by("own", "other").clone();
        let far_product = crate::world::product(&far_owner, "外县粉条", None).await;
        let make = |product: &str, batch: &str| json!({ "kind": "produce", "makes": [{ "product": product, "amount": 10_000_000, "batch": batch }] });
        let lot = crate::world::moved(&owner, make(&product, "PI-HAO-7")).await;
        let far_lot = crate::world::moved(&far_owner, make(&far_product, "FAR-1")).await;
        let sell = json!({ "kind": "sell", "takes": [{ "lot": lot, "amount": 5 }] });
        let sold = owner.post("/api/moves", &json!({ "mode": "all", "items": [sell] })).await.expect(200);
        let far_sale = json!({ "kind": "sell", "takes": [{ "lot": far_lot, "amount": 5 }] });
        let far_sold = json!({ "mode": "all", "items": [far_sale] });
        let far_sold = far_owner.post("/api/moves", &far_sold).await.expect(200);
        let file =
            format!("/api/products/{product}/files?kind=test_report&lot={lot}&conclusion=pass&public=0");
        let file = owner.upload(&file, "application/pdf", "r.pdf", b"%PDF-1.4".to_vec()).await.expect(200);
        let code = owner.post(&format!("/api/lots/{lot}/code"), &json!({ "labels": 1 })).await.expect(200);
        let far_code = format!("/api/lots/{far_lot}/code");
        let far_code = far_owner.post(&far_code, &json!({ "labels": 1 })).await.expect(200);
        let dossier =
            self.by("lead", "above").get(&format!("/api/parties/{}", self.w.factory)).await.expect(200);
        let epcis = "urn:uuid:0b5b5d0c-0d3e-4b6f-9a51-3f7b1c1d2e3f";
        let document = json!({
            "@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"],
            "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-03-01T00:00:00Z",
            "epcisBody": { "eventList": [{
                "type": "ObjectEvent", "eventID": epcis, "action": "ADD", "bizStep": "commissioning",
                "eventTime": "2026-03-01T08:00:00Z", "eventTimeZoneOffset": "+08:00",
                "epcList": ["urn:epc:id:sgtin:0614141.107346.2018"], "disposition": "active",
                "readPoint": { "id": PLACE }, "bizLocation": { "id": PLACE }
            }] }
        });
        let document = document.to_string().into_bytes();
        let path = format!("/epcis/capture?party={}", self.w.factory);
        owner.send(Method::POST, &path, "application/ld+json", document, &[]).await.expect(200);
        let station = json!({ "bureau": self.fixed["far_bureau"], "name": "远网格", "division": "410922" });
        let far_grid = self.by("sys", "above").post("/api/grids", &station).await.expect(200);
        let things = [
            ("product", json!(product)),
            ("far_product", json!(far_product)),
            ("lot", json!(lot)),
            ("far_lot", json!(far_lot)),
            ("far_code", far_code["code"].clone()),
            ("file", file["id"].clone()),
            ("code", code["code"].clone()),
            ("factory_code", dossier["party"]["code"].clone()),
            ("epcis_event", json!(epcis)),
            ("far_grid", far_grid["id"].clone()),
            ("place", json!(PLACE)),
            ("far_event", far_sold["kept"][0]["id"].clone()),
            ("signed_event", sold["kept"][0]["id"].clone()),
        ];
        self.fixed.extend(things.map(|(name, value)| (name.to_owned(), text(&value))));
        let made = [
            ("far_post", self.post_at("other").await),
            ("far_case", self.case("other").await),
            ("far_scope", self.freeze("other").await),
        ];
        self.fixed.extend(made.map(|(name, made)| (name.to_owned(), made)));
        self.fixed.extend(crate::findings::scene(&self.w).await);
        self.fixed.extend(crate::enforcement::scene(&self.w).await);
        self.fixed.extend(crate::sampling::scene(&self.w).await);
        let plan = self.fixed["sample_plan"].clone();
        let things = crate::sample_draws::scene(&self.w, self.by("off", "own"), &plan).await;
        self.fixed.extend(things);
        let things = crate::campaigns::scene(&self.w, self.by("off", "own"), self.by("lead", "own")).await;
        self.fixed.extend(things);
        self.fixed.extend(crate::recall::scene(&self.w).await);
        self.fixed.extend(crate::rapid::scene(&self.w).await);
        self.fixed.extend(crate::credit::scene(&self.w).await);
        self.fixed.extend(crate::open::scene(&self.w).await);
        self.fixed.extend(crate::inspection::scene(&self.w).await);
        self.fixed.extend(crate::licensing::scene(&self.w).await);
        crate::feedback::scene(&self.w).await;
        self.fixed.extend([crate::sampling_targets::scene(&self.w).await]);
        self.witness().await;
    }

    /// A code that looks copied, and a checkpoint over all that happened so far.
    async fn witness(&mut self) {
        for _ in 0..30 {
            self.w.public().get(&format!("/t/{}", self.fixed["code"])).await;
        }
        crate::scans::look(&self.w).await;
        let listed = self.by("off", "own").get("/api/publication/suspicions").await.expect(200);
        self.fixed.insert("suspicion".into(), text(&listed["items"][0]["id"]));
        crate::ledger::signed(&self.w.house).await;
    }

    /// The named query of somebody, which is made where it is missing.
    async fn standing_query(&self, client: &Client) -> String {
        let query = json!({ "name": "standing", "query": { "EQ_bizStep": ["retail_selling"] } });
        let made = client.post("/epcis/queries", &query).await;
        assert!(matches!(made.status.as_u16(), 201 | 409), "{}", made.text());
        "standing".into()
    }

    async fn made(&self, role: &str, place: &str, path: &str, body: Value) -> String {
        text(&self.by(role, place).post(path, &body).await.expect(200)["id"])
    }

    async fn post_at(&self, place: &str) -> String {
        let (bureau, division) =
            if place == "other" { ("far_bureau", "410922") } else { ("bureau", "410902") };
        let title = format!("岗{}", self.number());
        let body = json!({ "title": title, "bureau": self.fixed[bureau], "roles": ["officer"], "jurisdiction": [division] });
        self.made("sec", "above", "/api/posts", body).await
    }

    async fn user(&self, home: Value) -> String {
        let mut body = json!({ "name": format!("mensch{}", self.number()), "full_name": "某人" });
        body.as_object_mut().unwrap().extend(home.as_object().unwrap().clone());
        self.made("sys", "above", "/api/users", body).await
    }

    async fn case(&self, place: &str) -> String {
        let lot = if place == "other" { "far_lot" } else { "lot" };
        let lot: i64 = self.fixed[lot].parse().unwrap();
        let body = json!({ "title": format!("案{}", self.number()), "seeds": { "lots": [lot] } });
        self.made("inv", place, "/api/investigations", body).await
    }

    async fn freeze(&self, place: &str) -> String {
        let case = self.case(place).await;
        let path = format!("/api/investigations/{case}");
        self.by("inv", place).post(&format!("{path}/freeze"), &json!({})).await.expect(200);
        text(&self.by("inv", place).get(&format!("{path}/scopes")).await.expect(200)[0]["id"])
    }

    /// An upload of three bytes that somebody has begun.
    async fn upload(&self, who: &Asker) -> String {
        let begin = who.client.send(Method::POST, "/api/uploads", "", Vec::new(), &[("upload-length", "3")]);
        text(&begin.await.expect(201)["id"])
    }

    /// A job of somebody, that waits or was called off.
    async fn job(&self, who: &Asker, waits: bool) -> String {
        let (owner, house) = (who.id.clone(), self.w.house.clone());
        let (ids, now) = (house.ids.clone(), house.clock.now());
        let due_at = now + 1;
        let job = house.db.write(move |tx| {
            let new = kit_jobs::NewJob {
                kind: "accounts.audit_check",
                input: "",
                title: "校验",
                owner: &owner,
                due_at,
            };
            let id = kit_jobs::enqueue(tx, &ids, now, &new)?;
            if !waits {
                kit_jobs::cancel(tx, &owner, &id, now)?;
            }
            Ok(id)
        });
        job.await.unwrap()
    }

    /// A finished export or import of somebody who may.
    async fn finished(&self, client: &Client, path: &str, sheet: Option<&str>) -> String {
        let reply = match sheet {
            Some(text) => client.upload(path, "text/csv", "a.csv", text.as_bytes().to_vec()).await,
            None => client.post(path, &json!({ "format": "csv" })).await,
        };
        let job = reply.expect(200);
        run_jobs(&self.w);
        text(&job["job"])
    }

    /// From now on a name of the table stands for this.
    pub fn put(&self, name: &str, value: &str) {
        self.put.borrow_mut().insert(name.into(), value.into());
    }

    /// Puts things in the place of their names.
    pub async fn fill(&self, template: &str, asker: &Asker, role: &str, place: &str) -> String {
        let mut values = Vec::new();
        for name in names(template) {
            let known = self.fresh.borrow().get(&name).or(self.put.borrow().get(&name)).cloned();
            let value = match known {
                Some(known) => known,
                None => {
                    let made = Box::pin(self.make(&name, asker, role, place)).await;
                    made.unwrap_or_else(|| self.fixed[&name].clone())
                }
            };
            if name != "n" {
                self.fresh.borrow_mut().insert(name.clone(), value.clone());
            }
            values.push((name, value));
        }
        // longest first, so that `$holding` does not eat `$holding_user`
        values.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        values.iter().fold(template.to_owned(), |out, (name, value)| out.replace(&format!("${name}"), value))
    }

    /// A new request begins: what was made for the last one is forgotten.
    pub fn begin(&self) {
        self.fresh.borrow_mut().clear();
    }

    /// Rows of the audit chain.
    pub async fn trail(&self) -> i64 {
        self.w.house.db.read(kit_web::audit::end).await.unwrap().0
    }
}

/// The names in a template, those first whose making brings another one along.
fn names(template: &str) -> Vec<String> {
    let name = |t: &str| t.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect::<String>();
    let found: std::collections::BTreeSet<String> = template.split('$').skip(1).map(name).collect();
    let mut found: Vec<String> = found.into_iter().collect();
    found.sort_by_key(|n| !matches!(n.as_str(), "holding" | "membership" | "new_party"));
    found
}

/// Sends the request of a row.
pub async fn send(client: &Client, method: &Method, path: &str, body: &str) -> Reply {
    let (query, body) = match body.strip_prefix('?') {
        Some(rest) => {
            let (query, body) = rest.split_once(' ').unwrap_or((rest, ""));
            (format!("?{query}"), body.trim())
        }
        None => (String::new(), body),
    };
    let path = encode(&format!("{path}{query}"));
    let (mut body, mut headers) = (body, vec![("x-file-name", "a.csv")]);
    while let Some((header, rest)) = body.strip_prefix("head ").map(|b| b.split_once(' ').unwrap_or((b, "")))
    {
        headers.push(header.split_once('=').unwrap());
        body = rest;
    }
    if let Some(raw) = body.strip_prefix("raw ") {
        let (media, text) = raw.split_once(' ').unwrap_or((raw, ""));
        let text = text.replace("\\n", "\n");
        return client.send(method.clone(), &path, media, text.into_bytes(), &headers).await;
    }
    let media = if body.starts_with('{') { "application/json" } else { "" };
    client.send(method.clone(), &path, media, body.as_bytes().to_vec(), &[]).await
}

fn encode(path: &str) -> String {
    path.bytes().fold(String::new(), |mut out, b| {
        if b.is_ascii() {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
        out
    })
}
