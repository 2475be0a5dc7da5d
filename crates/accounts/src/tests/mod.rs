//! Through HTTP, on both databases, with a clock to turn.

mod audit;
mod clerks;
mod grids;
mod guesses;
mod passkeys;
mod posts;
mod sessions;
mod users;

use std::sync::Arc;

use kit_base::{Clock, Ids, Millis};
use kit_db::{Schema, Tx};
use kit_test::{Client, Reply, TestDb};
use kit_web::{Actor, Cx, House};
use serde_json::{Value, json};

use crate::demo::City;
use crate::{Accounts, AccountsGate, Business, Cost, Outside, Passwords, Vault};

pub const PASSWORD: &str = "面条汤要趁热喝才好吃";
pub const MINUTE: Millis = 60_000;
const START: Millis = 1_772_323_200_000;

const SCHEMAS: &[Schema] = &[kit_web::SCHEMA, kit_ledger::SCHEMA, kit_jobs::SCHEMA, crate::SCHEMA];

/// A house with the demo city: two counties, a 所, two businesses.
pub struct World {
    pub house: Arc<House>,
    pub clock: Clock,
    pub test: TestDb,
}

fn outside() -> Outside {
    let business = |_: &mut Tx, id: &str| {
        let found = match id {
            "party-a" => Some(("甲面馆", "410902001")),
            "party-b" => Some(("乙粮油", "410922100")),
            _ => None,
        };
        Ok(found.map(|(name, division)| Business {
            name: name.into(),
            kind: "restaurant".into(),
            division: division.into(),
        }))
    };
    let division_name = |prefix: &str| match prefix {
        "4109" => Some("濮阳市".to_owned()),
        "410902" => Some("华龙区".to_owned()),
        _ => None,
    };
    Outside { business, division_name: Arc::new(division_name) }
}

fn house(test: &TestDb, clock: &Clock, seed: u64, production: bool) -> Arc<House> {
    let ids = Ids::seeded(seed);
    let files = kit_files::Files::open(test.dir.path().join("files")).unwrap();
    let accounts = Accounts {
        gate: Arc::new(AccountsGate::new(crate::PERMISSIONS.iter().copied(), production)),
        passwords: Passwords::new(Cost::Quick, 2).unwrap(),
        vault: Vault::new(&[5; 32]),
        outside: outside(),
    };
    let gate = accounts.gate.clone();
    let mut house = House::new(test.db.clone(), clock.clone(), ids, files, gate, "https://shian.example");
    house.production = production;
    house.hold(Arc::new(accounts));
    Arc::new(house)
}

impl World {
    pub fn new(test: TestDb, production: bool) -> Self {
        test.db.migrate(SCHEMAS).unwrap();
        let clock = Clock::fixed(START);
        let house = house(&test, &clock, 7, production);
        Self { house, clock, test }
    }

    /// Another server on the same database.
    pub fn second(&self) -> Arc<House> {
        house(&self.test, &self.clock, 8, false)
    }

    /// Makes the demo accounts.
    pub fn people(self) -> Self {
        self.try_people().unwrap();
        self
    }

    pub fn try_people(&self) -> kit_base::Result<usize> {
        let accounts = self.house.held::<Accounts>();
        let hash = accounts.passwords.hash_blocking(PASSWORD, &self.house.ids)?;
        let place = |code: &str, name: &str| (code.to_owned(), name.to_owned());
        let plan = City {
            city: place("4109", "濮阳市"),
            counties: vec![place("410902", "华龙区"), place("410922", "清丰县")],
            township: place("410902001", "中原路街道"),
            owner_of: Some("party-a".into()),
            clerk_of: Some("party-b".into()),
        };
        let cx = Cx::internal(self.house.clone(), Actor::house("测试"), "demo.make");
        cx.act_blocking(move |act| crate::demo::make(act, &hash, &plan).map(|made| made.len()))
    }

    pub fn client(&self) -> Client {
        Client::new(kit_web::router(&self.house, (crate::ROOM.routes)()))
    }

    /// Runs the jobs that wait.
    pub fn run_jobs(&self) {
        let kinds: Vec<_> = crate::ROOM.jobs.iter().collect();
        let (house, db, clock) = (self.house.clone(), self.house.db.clone(), self.clock.clone());
        // jobs wait for the database, which a test's one thread must not
        std::thread::scope(|s| {
            s.spawn(move || kit_jobs::run_due(&*house, &kinds, &db, &clock).unwrap()).join().unwrap();
        });
    }

    /// Signed in as one of the demo people.
    pub async fn as_user(&self, name: &str) -> Client {
        let mut client = self.client();
        let reply = sign_in(&client, name, PASSWORD, None).await;
        assert_eq!(reply.status, 200, "{name}: {}", reply.text());
        client.keep_cookie(&reply);
        client
    }

    /// The id of a user, by sign-in name.
    pub async fn id_of(&self, name: &str) -> String {
        let name = name.to_owned();
        let found = self.house.db.read(move |tx| crate::store::users::by_name(tx, &name)).await.unwrap();
        found.unwrap().id
    }
}

pub async fn sign_in(client: &Client, name: &str, password: &str, totp: Option<&str>) -> Reply {
    client.post("/api/session", &json!({ "name": name, "password": password, "totp": totp })).await
}

pub fn items(page: &Value) -> Vec<Value> {
    page["items"].as_array().unwrap().clone()
}

/// Runs a test with the demo people, on every database that is here.
pub fn with_people(test: impl AsyncFn(&World)) {
    for db in TestDb::all() {
        let world = World::new(db, false).people();
        run(&world, &test);
    }
}

pub fn run(world: &World, test: &impl AsyncFn(&World)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(test(world));
}

#[test]
fn every_statement_prepares_on_both() {
    for test in TestDb::all() {
        test.db.migrate(SCHEMAS).unwrap();
        test.db
            .write_blocking(|tx| {
                crate::ROOM.statements.iter().copied().flatten().try_for_each(|(name, sql)| {
                    tx.prepare_only(*sql).map_err(|e| kit_base::Error::internal(format!("{name}: {e}")))
                })
            })
            .unwrap();
    }
}
