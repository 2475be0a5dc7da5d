//! A small house for tests: two counties of one city, a farm, a factory, two shops, and people of every role.

use std::sync::Arc;

use accounts::Cost;
use kit_base::{Clock, Ids};
use kit_test::{Client, TestDb};
use kit_web::{Actor, Cx, House};
use serde_json::{Value, json};
use server::opening::{Settings, furnish};

/// 2026-03-03T09:26:40+08:00
pub const NOW: i64 = 1_772_500_000_000;
pub const PASSWORD: &str = "lvshui-qingshan-26";

/// One house on one database.
pub struct World {
    pub house: Arc<House>,
    pub db: TestDb,
    pub farm: String,
    pub factory: String,
    pub shop: String,
    /// In the other county.
    pub far_shop: String,
}

/// Runs a test on every database that is here.
pub fn each<F: AsyncFn(World)>(test: F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    for db in TestDb::all() {
        eprintln!("on {}", db.name);
        let world = make(db);
        runtime.block_on(test(world));
    }
}

fn settings(db: &TestDb) -> Settings {
    Settings {
        data: db.dir.path().to_owned(),
        database: None,
        public_url: "http://127.0.0.1:8080".into(),
        production: false,
        map_approval: String::new(),
        ledger: Default::default(),
        password_cost: Cost::Quick,
        guard: kit_web::GuardSettings::default(),
        key: None,
    }
}

fn make(db: TestDb) -> World {
    let settings = settings(&db);
    let house = furnish(db.db.clone(), Clock::fixed(NOW), Ids::seeded(7), &settings).unwrap();
    let house = Arc::new(house);
    let mut ids = bring(&house).into_iter();
    let mut next = || ids.next().unwrap();
    let (farm, factory, shop, far_shop) = (next(), next(), next(), next());
    people(&house, &factory, &shop);
    World { house, db, farm, factory, shop, far_shop }
}

fn bring(house: &Arc<House>) -> Vec<String> {
    let parties = [
        ("红旗渠蔬菜种植合作社", "farm", "410902"),
        ("龙都豆制品有限公司", "producer", "410902"),
        ("胜利路便民超市", "shop", "410902"),
        ("清丰县城关粮油店", "shop", "410922"),
    ];
    let new = |(i, (name, kind, division)): (usize, &(&str, &str, &str))| {
        let address = format!("人民路{}号", i + 1);
        serde_json::from_value(
            json!({ "name": name, "kind": kind, "division": division, "address": address }),
        )
        .unwrap()
    };
    let new: Vec<parties::NewParty> = parties.iter().enumerate().map(new).collect();
    let search = house.held::<parties::Search>();
    let cx = Cx::internal(house.clone(), Actor::house("test"), "test.bring");
    let made = cx.act_blocking(move |act| {
        let (ids, now) = (act.ids().clone(), act.now);
        let made = parties::bring_in(
            act.tx,
            &ids,
            now,
            &search,
            parties::reference::get(),
            parties::Program { name: "test", simulated: false },
            new,
        )?;
        Ok(made.into_iter().map(|p| p.id).collect::<Vec<String>>())
    });
    made.unwrap()
}

fn people(house: &Arc<House>, factory: &str, shop: &str) {
    let hash = house.held::<accounts::Accounts>().passwords.hash_blocking(PASSWORD, &house.ids).unwrap();
    let place = |division: &str, name: &str| (division.to_owned(), name.to_owned());
    let city = accounts::demo::City {
        city: place("4109", "濮阳市"),
        counties: vec![place("410902", "华龙区"), place("410922", "清丰县")],
        township: place("410902001", "中原路街道"),
        owner_of: Some(factory.to_owned()),
        clerk_of: Some(shop.to_owned()),
    };
    let cx = Cx::internal(house.clone(), Actor::house("test"), "test.people");
    cx.act_blocking(move |act| accounts::demo::make(act, &hash, &city)).unwrap();
}

impl World {
    /// Anyone, not signed in.
    pub fn public(&self) -> Client {
        Client::new(server::serve::app(&self.house))
    }

    /// Anyone, at a second server on the same database.
    pub fn second(&self) -> Client {
        let make = || furnish(self.db.db.clone(), Clock::fixed(NOW), Ids::seeded(8), &settings(&self.db));
        let house = std::thread::scope(|scope| scope.spawn(make).join()).unwrap();
        Client::new(server::serve::app(&Arc::new(house.unwrap())))
    }

    /// The public is told of a recall, as the room of recalls has it told.
    pub async fn recalled(&self, notice: Value) {
        let notice: publication::NewNotice = serde_json::from_value(notice).unwrap();
        let cx = Cx::internal(self.house.clone(), Actor::house("test"), "test.recalled");
        cx.act(move |act| publication::publish_by_house(act, &notice)).await.unwrap();
    }

    /// Signs in by name.
    pub async fn sign_in(&self, name: &str) -> Client {
        let mut client = self.public();
        let reply = client.post("/api/session", &json!({ "name": name, "password": PASSWORD })).await;
        client.keep_cookie(&reply);
        let body = reply.expect(200);
        assert!(client.cookie.is_some(), "{body}");
        client
    }
}

/// A product of the signed-in business; answers its id.
pub async fn product(client: &Client, name: &str, gtin: Option<&str>) -> String {
    let form = json!({ "name": name, "category": "25", "unit": "g", "spec": "散装", "shelf_days": 30, "gtin": gtin });
    let made = client.post("/api/products", &form).await.expect(200);
    made["id"].as_str().unwrap().to_owned()
}

/// Records one move that must be kept; answers its first lot.
pub async fn moved(client: &Client, mv: Value) -> i64 {
    let done = client.post("/api/moves", &json!({ "mode": "all", "items": [mv] })).await.expect(200);
    done["kept"][0]["lots"][0].as_i64().unwrap_or(0)
}
