//! The graph and the picture over worlds made at random.

use std::collections::BTreeSet;

use kit_base::{Clock, Ids};
use serde_json::json;
use trace::live::LiveGraph;
use trace::model::{EventKind, NewEvent, NewLot};
use trace::store::{events, lots};

use crate::investigation::{begun, run_jobs, text};
use crate::world::each;

/// A random ledger: events of 0 to 3 inputs and 0 to 3 lots.
fn random_world(house: &kit_web::House, seed: u64, events_wanted: usize) {
    let dice = Ids::seeded(seed);
    let roll = |n: u64| u64::from_le_bytes(dice.bytes::<8>()) % n;
    let clock = Clock::fixed(crate::world::NOW);
    let made: Vec<(u64, Vec<u64>)> =
        (0..events_wanted).map(|_| (roll(4), (0..roll(4)).map(|_| roll(1 << 40)).collect())).collect();
    let ids = house.ids.clone();
    house
        .db
        .write_blocking(move |tx| {
            let (_, mut last) = events::numbers(tx)?;
            for (lots, inputs) in made {
                let inputs: BTreeSet<i64> =
                    inputs.into_iter().filter(|_| last > 0).map(|n| (n % last as u64) as i64 + 1).collect();
                let event = random_event(&ids, clock.now(), lots, inputs);
                events::append(tx, &event)?;
                last += lots as i64;
            }
            sealed(tx)
        })
        .unwrap();
}

/// Closes a unit that appended without an act.
fn sealed(tx: &mut kit_db::Tx) -> kit_base::Result<()> {
    let nothing = serde_json::Value::Null;
    kit_web::audit::append_by_house(tx, "test.append", crate::world::NOW, "", &nothing, |_, _| Ok(()))
}

fn random_event(ids: &Ids, now: i64, lots: u64, inputs: BTreeSet<i64>) -> NewEvent {
    let lot = || NewLot {
        product: "p".into(),
        holder: "h".into(),
        division: "410902".into(),
        in_transit: false,
        origin: None,
        batch: String::new(),
        made: String::new(),
        expires: String::new(),
        amount: Some(1),
        unit: kit_base::Unit::G,
        inspector: String::new(),
    };
    NewEvent {
        id: ids.next(now),
        kind: EventKind::Produce,
        party: "h".into(),
        division: "410902".into(),
        counterpart: None,
        counterpart_division: None,
        counterpart_name: String::new(),
        at: String::new(),
        at_ms: None,
        recorded_at: now,
        actor: String::new(),
        channel: "form",
        batch: String::new(),
        doc_no: String::new(),
        difference: None,
        reason: String::new(),
        declared: false,
        doc: None,
        simulated: true,
        inputs: inputs.into_iter().map(|lot| (lot, Some(1))).collect(),
        makes: (0..lots).map(|_| lot()).collect(),
        papers: None,
        additives: Vec::new(),
    }
}

#[test]
fn the_graph_answers_as_the_database_does() {
    each(async |w| {
        let house = w.house.clone();
        let check = move || {
            let live = house.held::<LiveGraph>();
            for seed in 0..6_u64 {
                random_world(&house, seed, 5 + seed as usize * 25);
                house
                    .db
                    .read_blocking(|tx| {
                        live.catch_up(tx)?;
                        for lot in 1..=live.read().lots() {
                            let wide = |lots: Vec<u32>| lots.into_iter().map(i64::from).collect::<Vec<i64>>();
                            let ahead = wide(live.read().forward(&[lot])?);
                            assert_eq!(
                                ahead,
                                lots::forward_by_sql(tx, i64::from(lot))?,
                                "forward of {lot}, seed {seed}"
                            );
                            let back = wide(live.read().backward(&[lot])?);
                            assert_eq!(
                                back,
                                lots::backward_by_sql(tx, i64::from(lot))?,
                                "backward of {lot}, seed {seed}"
                            );
                        }
                        Ok(())
                    })
                    .unwrap();
            }
            assert!(live.read().lots() > 200);
        };
        tokio::task::spawn_blocking(check).await.unwrap();
    });
}

/// One lot that went into thousands: they stand thick, so whole runs of the tables are read.
#[test]
fn a_thick_picture_is_read_in_runs_and_counts_all() {
    let makings: i64 = 2_000;
    each(async |w| {
        let (house, ids) = (w.house.clone(), w.house.ids.clone());
        let grow = move |tx: &mut kit_db::Tx| {
            let (_, first) = events::append(tx, &random_event(&ids, crate::world::NOW, 1, BTreeSet::new()))?;
            for _ in 0..makings {
                events::append(tx, &random_event(&ids, crate::world::NOW, 3, BTreeSet::from([first])))?;
            }
            sealed(tx)?;
            Ok(first)
        };
        let first = house.db.write(grow).await.unwrap();
        let investigator = w.sign_in("investigator").await;
        let case = begun(&investigator, json!({ "lots": [first] })).await;
        let path = format!("/api/investigations/{}", text(&case, "id"));
        let view = investigator.post(&format!("{path}/view"), &json!({})).await.expect(200);
        let (total, lots) = (&view["totals"][0], makings * 3 + 1);
        assert_eq!((view["counts"]["reached"].as_i64(), total["lots"].as_i64()), (Some(lots), Some(lots)));
        assert_eq!((total["used"].as_i64(), total["on_hand"].as_i64()), (Some(makings), Some(lots)));
        let some = json!({ "sort": "-no", "size": 1 });
        let page = investigator.post(&format!("{path}/view/lots"), &some).await.expect(200);
        assert_eq!(page["items"][0]["no"], first + makings * 3);
        let job = investigator.post(&format!("{path}/export?what=xlsx"), &json!({})).await.expect(200);
        run_jobs(&w).await;
        let done = investigator.get(&format!("/api/jobs/{}", text(&job, "job"))).await.expect(200);
        assert_eq!(done["state"], "done", "{done}");
    });
}
