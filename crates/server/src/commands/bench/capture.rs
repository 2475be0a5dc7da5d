//! Recording moves: one event a unit of work, many at once, each answered after its commit is on disk.

use std::path::Path;

use kit_base::{Error, Result};
use serde_json::json;
use trace::actions::moves;
use trace::graph::{Event, Graph};
use trace::live::LiveGraph;
use trace::model::{LotNo, Mode, NewMove};
use trace::store::events::{links_after, numbers};

use super::Options;
use super::report::{Report, Wanted};
use super::town::{Town, new_move};
use super::watch::timed;

/// Who record at the same time.
const HANDS: usize = 64;

pub fn run(options: &Options, work: &Path, report: &mut Report) -> Result<()> {
    let town = Town::new(&work.join("capture"))?;
    let moves = deliveries(&town, options.events as usize)?;
    let count = moves.len();
    let (done, time) = timed(|| record_all(&town, moves));
    done?;
    let commit = time.as_secs_f64() / count as f64;
    let how = format!(
        "{count} deliveries through the action, audit included, {HANDS} at once, SQLite, synchronous=FULL"
    );
    report.tell("events recorded", 1.0 / commit, "a second", how);
    let feed = feeding(&town)?;
    report.add(
        "append to the graph, of an event's cost",
        feed / commit * 100.0,
        "%",
        Wanted::AtMost(5.0),
        "graph append against the commit of the same events",
    );
    let (events, time) = rebuild(&town)?;
    let rate = events as f64 / time;
    report.add(
        "rebuild against ingest",
        rate * commit,
        "×",
        Wanted::AtLeast(5.0),
        format!("{events} events read back from the database at {rate:.0} a second"),
    );
    Ok(())
}

fn deliveries(town: &Town, count: usize) -> Result<Vec<NewMove>> {
    // many lots, so that not all take from the same row
    let lots = town.harvest(1_000)?;
    let deliver = |n: usize| {
        let lot: LotNo = lots[n % lots.len()];
        new_move(
            json!({ "kind": "ship", "counterpart": town.shop, "takes": [{ "lot": lot, "amount": 100 }] }),
        )
    };
    (0..count).map(deliver).collect()
}

fn record_all(town: &Town, moves: Vec<NewMove>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let share = moves.len().div_ceil(HANDS).max(1);
        let mut hands = tokio::task::JoinSet::new();
        for part in moves.chunks(share) {
            let (cx, part) = (town.at_farm("trace.moves"), part.to_vec());
            hands.spawn(async move {
                for mv in part {
                    cx.act(move |act| moves::capture(act, Mode::All, "api", &[mv])).await?;
                }
                Ok::<(), Error>(())
            });
        }
        while let Some(done) = hands.join_next().await {
            done.map_err(Error::internal)??;
        }
        Ok(())
    })
}

/// Seconds an event to append what the town has recorded to an empty graph.
fn feeding(town: &Town) -> Result<f64> {
    let links = town.house.db.read_blocking(|tx| {
        let (last, _) = numbers(tx)?;
        let mut links = Vec::new();
        links_after(tx, 0, last, &mut |link| {
            links.push(link);
            Ok(())
        })?;
        Ok(links)
    })?;
    let mut graph = Graph::new();
    let count = links.len().max(1);
    let (done, time) = timed(|| {
        for (no, first, lots, inputs) in links {
            let inputs: Vec<u32> = inputs.into_iter().map(|lot| lot as u32).collect();
            graph.append(&Event {
                no: no as u64,
                first_lot: first as u32,
                lots: lots as u32,
                inputs: &inputs,
            })?;
        }
        Ok::<(), Error>(())
    });
    done?;
    Ok(time.as_secs_f64() / count as f64)
}

/// Builds the graph anew from the town's database; events and seconds.
fn rebuild(town: &Town) -> Result<(i64, f64)> {
    let (live, time) = timed(|| LiveGraph::open(&town.house.db, None));
    let events = live?.read().last_event();
    Ok((events as i64, time.as_secs_f64()))
}
