//! Through HTTP, on both databases.

mod hall;
mod registry;
mod sheets;

use std::sync::Arc;

use kit_base::{Clock, Ids, Millis, Result};
use kit_db::{Schema, Tx};
use kit_files::Files;
use kit_test::{Client, TestDb};
use kit_web::{Actor, Gate, House, Scope};
use serde_json::{Value, json};

use crate::{PERMISSIONS, ROOM, SCHEMA};

const SCHEMAS: &[Schema] = &[kit_web::SCHEMA, kit_ledger::SCHEMA, kit_jobs::SCHEMA, SCHEMA];

/// 2026-03-02 09:00 in China.
const NOW: Millis = 1_772_413_200_000;

/// Lets in whoever a token describes: `role@prefix,prefix` or `role#business`.
struct Door;

impl Gate for Door {
    fn identify(&self, _: &mut Tx, token: &str, _: Millis) -> Result<Option<Actor>> {
        let split = token.split_once('@').map(|(r, p)| (r, Scope::Divisions(list(p))));
        let split = split.or_else(|| token.split_once('#').map(|(r, p)| (r, Scope::Businesses(list(p)))));
        let Some((role, scope)) = split else { return Ok(None) };
        let may = PERMISSIONS.iter().filter(|p| p.roles.contains(&role)).map(|p| p.code);
        Ok(Some(Actor {
            user: token.to_owned(),
            name: format!("{role}甲"),
            roles: vec![role.to_owned()],
            permissions: Arc::new(may.collect()),
            scope,
            ..Actor::public()
        }))
    }
}

fn list(text: &str) -> Vec<String> {
    text.split(',').map(str::to_owned).collect()
}

/// A house with this room alone.
struct World {
    house: Arc<House>,
    routes: axum::Router,
    clock: Clock,
    test: TestDb,
}

impl World {
    fn all() -> Vec<Self> {
        TestDb::all().into_iter().map(Self::on).collect()
    }

    fn on(test: TestDb) -> Self {
        test.db.migrate(SCHEMAS).unwrap();
        let clock = Clock::fixed(NOW);
        let files = Files::open(test.dir.path().join("files")).unwrap();
        let mut house = House::new(
            test.db.clone(),
            clock.clone(),
            Ids::seeded(1),
            files,
            Arc::new(Door),
            "https://shian.test",
        );
        house.hold(crate::open(&test.db).unwrap());
        let house = Arc::new(house);
        let routes =
            kit_web::router(&house, (ROOM.routes)().into_iter().chain(kit_web::jobs_api::routes()).collect());
        Self { house, routes, clock, test }
    }

    fn client(&self, token: &str) -> Client {
        let mut client = Client::new(self.routes.clone());
        client.cookie = Some(format!("shian_session={token}"));
        client
    }

    /// Runs what is queued; answers the job as its owner sees it.
    async fn work(&self, client: &Client, queued: &Value) -> Value {
        let (house, db, clock) = (self.house.clone(), self.test.db.clone(), self.clock.clone());
        let kinds: Vec<&'static kit_jobs::Kind<House>> = ROOM.jobs.iter().collect();
        tokio::task::spawn_blocking(move || kit_jobs::run_due(&*house, &kinds, &db, &clock))
            .await
            .unwrap()
            .unwrap();
        let id = queued["job"].as_str().unwrap();
        client.get(&format!("/api/jobs/{id}")).await.expect(200)
    }
}

/// A runtime for each test; the world is dropped outside of it, because the PostgreSQL client must be.
fn run<F: Future<Output = ()>>(test: impl Fn(Arc<World>) -> F) {
    for world in World::all() {
        eprintln!("on {}", world.test.name);
        let world = Arc::new(world);
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(test(world.clone()));
        drop(runtime);
    }
}

fn shop(name: &str) -> Value {
    json!({ "name": name, "kind": "shop", "division": "410902", "address": "胜利路1号" })
}

/// A credit code of its own for each number, with right check characters.
fn uscc(no: u32) -> String {
    kit_base::codes::uscc::complete(&format!("92410902{no:08}")).unwrap()
}
