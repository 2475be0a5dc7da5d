//! A small house: one farm, one shop, one product, so that moves and pages can be measured on the real paths.

use std::path::Path;
use std::sync::Arc;

use kit_base::{Clock, Error, Ids, Result};
use kit_db::{Db, SqliteOptions};
use kit_web::{Actor, Cx, GuardSettings, House, Rate, Scope};
use serde_json::{Value, json};
use trace::actions::{codes, moves, products};
use trace::model::{LotNo, Mode, NewMove};

use super::wire::{Connection, json_head};
use crate::opening::{Settings, furnish};

const PASSWORD: &str = "bench-lvshui-26";
const SETTLED_AT_ONCE: usize = 50_000;

pub struct Town {
    pub house: Arc<House>,
    pub farm: String,
    pub shop: String,
    pub product: String,
}

/// No limits: what is measured is how much it can do.
fn unlimited() -> GuardSettings {
    let none = Rate::NONE;
    GuardSettings { address: none, account: none, business: none, sign_in: none, proxies: Vec::new() }
}

impl Town {
    /// Makes it in an SQLite file of this folder; writers may queue as deep as a test of many at once needs.
    pub fn new(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let settings = Settings {
            data: folder.to_owned(),
            database: None,
            public_url: "http://127.0.0.1:8080".into(),
            production: false,
            map_approval: String::new(),
            ledger: Default::default(),
            password_cost: ::accounts::Cost::Quick,
            guard: unlimited(),
            key: None,
        };
        let db = Db::open_sqlite(SqliteOptions::file(folder.join("town.db")))?;
        let house = Arc::new(furnish(db, Clock::System, Ids::random(), &settings)?);
        let (farm, shop) = businesses(&house)?;
        let mut town = Self { house, farm, shop, product: String::new() };
        let form =
            json!({ "name": "散装大米", "category": "01", "unit": "g", "spec": "散装", "shelf_days": 365 });
        let form = serde_json::from_value(form).map_err(Error::internal)?;
        town.product = town
            .at_farm("trace.product")
            .act_blocking(move |act| products::create(act, &form).map(|product| product.id))?;
        Ok(town)
    }

    /// Makes the offices and accounts of a city, and signs one of them in; answers the cookie.
    pub async fn sign_in(&self, address: &str, name: &str) -> Result<String> {
        let house = self.house.clone();
        let hash = house.held::<::accounts::Accounts>().passwords.hash_blocking(PASSWORD, &house.ids)?;
        let place = |division: &str, name: &str| (division.to_owned(), name.to_owned());
        let city = ::accounts::demo::City {
            city: place("4109", "濮阳市"),
            counties: vec![place("410902", "华龙区"), place("410922", "清丰县")],
            township: place("410902001", "中原路街道"),
            owner_of: Some(self.farm.clone()),
            clerk_of: Some(self.shop.clone()),
        };
        let cx = Cx::internal(house, Actor::house("bench"), "bench.people");
        cx.act(move |act| ::accounts::demo::make(act, &hash, &city)).await?;
        let body = json!({ "name": name, "password": PASSWORD }).to_string().into_bytes();
        let mut connection = Connection::open(address).await?;
        let (head, _) =
            connection.answered("POST", "/api/session", &json_head("", body.len()), &body).await?;
        let cookie =
            head.lines().find_map(|l| l.strip_prefix("set-cookie: ")).and_then(|c| c.split(';').next());
        cookie.map(str::to_owned).ok_or_else(|| Error::internal("no cookie of the session"))
    }

    /// So many shops over the counties of the city, beside the farm and the shop; answers their ids.
    pub fn settle(&self, shops: u32) -> Result<Vec<String>> {
        const COUNTIES: [&str; 6] = ["410902", "410922", "410923", "410926", "410927", "410928"];
        let mut ids = Vec::new();
        for first in (0..shops).step_by(SETTLED_AT_ONCE) {
            let new = (first..shops.min(first + SETTLED_AT_ONCE as u32)).map(|n| {
                let county = COUNTIES[n as usize % COUNTIES.len()];
                let form = json!({ "name": super::parties::name(n), "kind": "shop", "division": county,
                    "address": format!("人民路{}号", n % 3_000) });
                serde_json::from_value(form).map_err(Error::internal)
            });
            ids.extend(bring(&self.house, new.collect::<Result<Vec<::parties::NewParty>>>()?)?);
        }
        Ok(ids)
    }

    /// Somebody of the farm.
    pub fn at_farm(&self, action: &'static str) -> Cx {
        let who = Actor { scope: Scope::Businesses(vec![self.farm.clone()]), ..Actor::house("bench") };
        Cx::internal(self.house.clone(), who, action)
    }

    /// Harvests so many batches of a tonne; answers their lots.
    pub fn harvest(&self, batches: usize) -> Result<Vec<LotNo>> {
        let make = |n| {
            new_move(json!({
                "kind": "harvest",
                "makes": [{ "product": self.product, "batch": format!("B{n:06}"), "amount": 1_000_000 }],
            }))
        };
        let items = (0..batches).map(make).collect::<Result<Vec<_>>>()?;
        let mut lots = Vec::with_capacity(batches);
        for items in items.chunks(1_000) {
            let items = items.to_vec();
            let done = self
                .at_farm("trace.moves")
                .act_blocking(move |act| moves::capture(act, Mode::All, "api", &items))?;
            lots.extend(done.kept.into_iter().flat_map(|kept| kept.lots));
        }
        Ok(lots)
    }

    /// Trace codes of the lots.
    pub fn codes(&self, lots: Vec<LotNo>) -> Result<Vec<String>> {
        self.at_farm("trace.codes").act_blocking(move |act| {
            lots.iter()
                .map(|&lot| codes::code_for(act, lot, 1).map(|code| code.code))
                .collect::<Result<Vec<String>>>()
        })
    }
}

pub fn new_move(value: Value) -> Result<NewMove> {
    serde_json::from_value(value).map_err(Error::internal)
}

fn businesses(house: &Arc<House>) -> Result<(String, String)> {
    let new = |name: &str, kind: &str| {
        serde_json::from_value(
            json!({ "name": name, "kind": kind, "division": "410902", "address": "人民路1号" }),
        )
        .map_err(Error::internal)
    };
    let new = vec![new("测量合作社", "farm")?, new("测量便民超市", "shop")?];
    let ids = bring(house, new)?;
    match <[String; 2]>::try_from(ids) {
        Ok([farm, shop]) => Ok((farm, shop)),
        Err(_) => Err(Error::internal("two businesses were brought in")),
    }
}

fn bring(house: &Arc<House>, new: Vec<::parties::NewParty>) -> Result<Vec<String>> {
    let search = house.held::<::parties::Search>();
    let cx = Cx::internal(house.clone(), Actor::house("bench"), "bench.bring");
    cx.act_blocking(move |act| {
        let (ids, now) = (act.ids().clone(), act.now);
        let made = ::parties::bring_in(
            act.tx,
            &ids,
            now,
            &search,
            ::parties::reference::get(),
            ::parties::Program { name: "bench", simulated: true },
            new,
        )?;
        Ok(made.into_iter().map(|p| p.id).collect::<Vec<String>>())
    })
}
