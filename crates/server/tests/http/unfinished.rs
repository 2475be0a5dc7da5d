//! What a stopped server left half done is told when the next one starts, and to who looks after the machine.

use kit_db::Sql;
use serde_json::json;
use server::unfinished::Unfinished;
use trace::store::load::{self, Simulated};

use crate::pages::run_jobs;
use crate::world::{World, each};

/// A simulation that stopped after some businesses, and an import that was running.
async fn stopped(w: &World) {
    let officer = w.sign_in("officer1").await;
    let csv = "名称,业态,区划代码\n王记超市,shop,410902\n".as_bytes().to_vec();
    let queued = officer.upload("/api/parties/imports", "text/csv", "zhuti.csv", csv).await.expect(200);
    let job = queued["job"].as_str().unwrap().to_owned();
    let now = w.house.clock.now();
    let run = Simulated {
        id: "puyang-7".into(),
        profile: "puyang".into(),
        scale: 0.5,
        seed: 7,
        days: 60,
        first_day: "2026-01-01".into(),
        first_event: 1,
        first_lot: 1,
        parties: 1_200,
        products: 0,
        events: 0,
        started_at: now,
        done_at: None,
    };
    let left = w.house.db.write(move |tx| {
        load::begin(tx, &run)?;
        let running = Sql::One("UPDATE jobs SET state = 'running', attempts = 1 WHERE id = $1");
        tx.exec(running, kit_db::params![&job])
    });
    left.await.unwrap();
}

#[test]
fn a_half_loaded_world_and_a_broken_off_import_are_told() {
    each(async |w| {
        let sys = w.sign_in("sysadmin").await;
        let held = w.house.held::<Unfinished>();
        let look = async || {
            let held = held.clone();
            w.house.db.read(move |tx| held.begin(tx)).await.unwrap()
        };
        assert_eq!(look().await, []);
        assert_eq!(sys.get("/api/home").await.expect(200)["unfinished"], json!([]));
        stopped(&w).await;
        let told = look().await;
        assert_eq!(told.iter().map(|h| h.code.as_str()).collect::<Vec<_>>(), ["simulation", "import"]);
        assert!(
            told[0].next.contains("shian simulate --profile puyang --scale 0.5 --seed 7 --days 60"),
            "{told:?}"
        );
        assert!(told[1].text.contains("zhuti.csv") && told[1].next.contains("自动继续"), "{told:?}");
        let home = sys.get("/api/home").await.expect(200);
        assert_eq!(home["unfinished"], serde_json::to_value(&told).unwrap());
        let officer = w.sign_in("officer1").await;
        assert_eq!(officer.get("/api/home").await.expect(200)["unfinished"], json!([]));
        // the import goes on by itself, and is told no more
        let back = Sql::One("UPDATE jobs SET state = 'queued' WHERE state = 'running'");
        w.house.db.write(move |tx| tx.exec(back, &[])).await.unwrap();
        run_jobs(&w);
        let home = sys.get("/api/home").await.expect(200);
        assert_eq!(home["unfinished"].as_array().unwrap().len(), 1, "{home}");
        assert_eq!(officer.get("/api/parties?q=王记").await.expect(200)["total"], 1);
    });
}
