//! The graph in memory against the recursive queries of both databases, on the same lots.

use std::path::Path;
use std::sync::Arc;

use kit_base::{Error, Millis, Result, Unit};
use kit_db::{Db, SqliteOptions, Tx};
use kit_web::audit;
use serde_json::Value;
use simulator::bench::{BIG_SEED, BenchEvent, bench_shape};
use trace::graph::{Event, GatherProbe, Graph, Pages};
use trace::live::LiveGraph;
use trace::model::EventKind;
use trace::store::events::{numbers, take_numbers};
use trace::store::load::{self, EventRow, LotRow};
use trace::store::lots::forward_by_sql;

use super::Options;
use super::report::{Report, Wanted};
use super::watch::{Times, timed};
use crate::rooms;

const SEED: u64 = 1;
/// When all of it was recorded.
const AT: Millis = 1_772_500_000_000;
/// Rounds of walk and probe, one after the other, so that both see the same machine.
const ROUNDS: usize = 60;
const SQL_ROUNDS: usize = 3;
/// Independent reads of one round of the probe.
const READS: usize = 1_000_000;
/// Events a unit of work when the databases are filled.
const STEP: usize = 50_000;

pub fn run(options: &Options, work: &Path, report: &mut Report) -> Result<()> {
    let (graph, inputs) = in_memory(options.links)?;
    report.tell(
        "links of the graph",
        graph.links() as f64,
        "links",
        format!("{inputs} inputs, {} lots", graph.lots()),
    );
    report.add(
        "memory of the graph",
        graph.bytes() as f64 / graph.links() as f64,
        "B/link",
        Wanted::AtMost(11.0),
        format!("{:.2} bytes an input", graph.bytes() as f64 / inputs as f64),
    );
    let (closure, seconds) = walks(&graph, report)?;
    snapshot(graph, work, report)?;
    if options.memory_only {
        return Ok(());
    }
    let file = SqliteOptions { durable: false, ..SqliteOptions::file(work.join("graph.db")) };
    let sqlite = Db::open_sqlite(file)?;
    fill(&sqlite, "SQLite", options.links, report)?;
    rebuild(&sqlite, report)?;
    against(&sqlite, "SQLite", 50.0, &closure, seconds, report)?;
    if let Some(url) = &options.postgres {
        let postgres = Db::open(url)?;
        fill(&postgres, "PostgreSQL", options.links, report)?;
        against(&postgres, "PostgreSQL", 80.0, &closure, seconds, report)?;
    }
    Ok(())
}

/// Numbers of the shape begin at 0, those of the ledger at 1.
fn lot(of_shape: u64) -> u32 {
    of_shape as u32 + 1
}

fn in_memory(links: u64) -> Result<(Graph, u64)> {
    let (mut graph, mut inputs, mut sources) = (Graph::new(), 0, Vec::new());
    for event in bench_shape(links, SEED) {
        sources.clear();
        sources.extend(event.inputs.iter().map(|&input| lot(input)));
        inputs += sources.len() as u64;
        graph.append(&Event {
            no: event.event + 1,
            first_lot: lot(event.first_lot),
            lots: event.outs,
            inputs: &sources,
        })?;
    }
    Ok((graph, inputs))
}

/// The closure and the median of its seconds.
fn walks(graph: &Graph, report: &mut Report) -> Result<(Vec<u32>, f64)> {
    let closure = graph.forward(&[lot(BIG_SEED)])?;
    let plain = GatherProbe::new(graph.lots(), READS, SEED, Pages::Plain)?;
    let huge = GatherProbe::new(graph.lots(), READS, SEED, Pages::Huge)?;
    let [mut walk, mut gather, mut huge_gather, mut ratio] = [(); 4].map(|()| Times::default());
    let lots = closure.len() as f64;
    for _ in 0..ROUNDS {
        huge_gather.add(timed(|| std::hint::black_box(huge.run())).1);
        let (_, read) = timed(|| std::hint::black_box(plain.run()));
        let (found, time) = timed(|| graph.forward(&[lot(BIG_SEED)]));
        if found? != closure {
            return Err(Error::internal("two walks found different lots"));
        }
        walk.add(time);
        gather.add(read);
        let (a_lot, a_read) = (time.as_secs_f64() / lots, read.as_secs_f64() / READS as f64);
        ratio.add(std::time::Duration::from_secs_f64(a_lot / a_read));
    }
    let best = (walk.best() / lots) / (gather.best() / READS as f64);
    let how = format!("closure of {lots} lots, median of {ROUNDS} rounds");
    report.tell("closure in memory", walk.median() * 1e3, "ms", how);
    report.tell("closure in memory, best round", walk.best() * 1e3, "ms", "");
    report.tell(
        "independent read",
        gather.median() / READS as f64 * 1e9,
        "ns",
        "u32 at random places of a table of one u32 a lot, pages as the machine gives them",
    );
    report.add(
        "closure, in independent reads a lot",
        ratio.median(),
        "reads",
        Wanted::AtMost(2.5),
        format!("median over rounds; best walk against best probe {best:.2}"),
    );
    report.tell(
        "the same, against a table in pages of 2 MiB",
        (walk.median() / lots) / (huge_gather.median() / READS as f64),
        "reads",
        format!("{:.2} ns a read", huge_gather.median() / READS as f64 * 1e9),
    );
    Ok((closure, walk.median()))
}

/// How long a start takes that finds a good snapshot; its checksum is part of the reading.
fn snapshot(graph: Graph, work: &Path, report: &mut Report) -> Result<()> {
    let path = work.join("trace.graph");
    let (links, last) = (graph.links(), graph.last_event());
    let (saved, saving) = timed(|| graph.save(&path));
    saved?;
    drop(graph);
    let (loaded, loading) = timed(|| Graph::load(&path));
    if loaded?.last_event() != last {
        return Err(Error::internal("the snapshot is of another graph"));
    }
    let size = std::fs::metadata(&path)?.len() as f64 / 1e6;
    report.tell("snapshot of the graph written", saving.as_secs_f64(), "s", format!("{size:.0} MB, synced"));
    report.add(
        "snapshot of the graph read",
        loading.as_secs_f64() * 1e7 / links as f64,
        "s for 10 M links",
        Wanted::AtMost(3.0),
        format!("{:.2} s for {links} links", loading.as_secs_f64()),
    );
    Ok(std::fs::remove_file(&path)?)
}

/// Loads the shape through the store, where the database does not hold it yet.
fn fill(db: &Db, name: &str, links: u64, report: &mut Report) -> Result<()> {
    db.migrate(rooms::SCHEMAS)?;
    let (last, _) = db.read_blocking(numbers)?;
    let whole = bench_shape(links, SEED).count() as i64;
    if last == whole {
        return Ok(());
    }
    if last != 0 {
        return Err(Error::conflict("database_not_empty", format!("{name} 数据库不是空的，不能用于测量")));
    }
    let (done, time) = timed(|| {
        let mut shape = bench_shape(links, SEED);
        loop {
            let step: Vec<BenchEvent> = shape.by_ref().take(STEP).collect();
            if step.is_empty() {
                return db.optimise();
            }
            db.write_blocking(move |tx| add(tx, &step))?;
        }
    });
    done?;
    report.tell(
        &format!("bulk load into {name}"),
        whole as f64 / time.as_secs_f64(),
        "events/s",
        format!("{whole} events with lots and inputs, indexes in place"),
    );
    Ok(())
}

/// Adds events of the shape with their lots and inputs, and their leaf.
pub(super) fn add(tx: &mut Tx, step: &[BenchEvent]) -> Result<()> {
    let made: i64 = step.iter().map(|e| i64::from(e.outs)).sum();
    take_numbers(tx, step.len() as i64, made)?;
    let (events, lots, inputs) = rows(step);
    load::records(tx, &events, &lots, &inputs)?;
    audit::append_by_house(tx, "bench.load", AT, "", &Value::Null, |_, _| Ok(()))
}

/// Events, lots and inputs (event, lot, base units).
type Rows = (Vec<EventRow>, Vec<LotRow>, Vec<(i64, i64, i64)>);

/// Those of a part of the shape.
pub(super) fn rows(step: &[BenchEvent]) -> Rows {
    let [empty, party, division, day]: [Arc<str>; 4] =
        ["".into(), "bench".into(), "410902".into(), "2026-03-01".into()];
    let number = |of_shape: u64| of_shape as i64 + 1;
    let events: Vec<EventRow> = step
        .iter()
        .map(|e| EventRow {
            no: number(e.event),
            id: format!("bench-{}", e.event),
            kind: if e.outs == 0 { EventKind::Sell } else { EventKind::Produce },
            party: party.clone(),
            division: division.clone(),
            counterpart: None,
            counterpart_name: String::new(),
            at: day.clone(),
            at_ms: AT,
            batch: empty.clone(),
            doc_no: String::new(),
            first_lot: number(e.first_lot),
            lots: i64::from(e.outs),
            difference: None,
            reason: "",
        })
        .collect();
    let lots: Vec<LotRow> = step
        .iter()
        .flat_map(|e| (e.first_lot..e.first_lot + u64::from(e.outs)).map(move |no| (e.event, no)))
        .map(|(event, no)| LotRow {
            no: number(no),
            event: number(event),
            product: "bench".into(),
            holder: party.clone(),
            division: division.clone(),
            in_transit: false,
            origin: number(no),
            batch: String::new(),
            made: String::new(),
            expires: String::new(),
            amount: 1,
            unit: Unit::Pc,
            inspector: String::new(),
        })
        .collect();
    let inputs: Vec<(i64, i64, i64)> =
        step.iter().flat_map(|e| e.inputs.iter().map(|&input| (number(e.event), number(input), 1))).collect();
    (events, lots, inputs)
}

fn rebuild(db: &Db, report: &mut Report) -> Result<()> {
    let (live, time) = timed(|| LiveGraph::open(db, None));
    let events = live?.read().last_event();
    report.tell(
        "rebuild of the graph from SQLite",
        events as f64 / time.as_secs_f64(),
        "events/s",
        format!("{events} events in {:.1} s", time.as_secs_f64()),
    );
    Ok(())
}

/// The database's own recursive query, and that it answers the same lots.
fn against(
    db: &Db,
    name: &str,
    wanted: f64,
    closure: &[u32],
    seconds: f64,
    report: &mut Report,
) -> Result<()> {
    let mut times = Times::default();
    for _ in 0..SQL_ROUNDS {
        let (found, time) = timed(|| db.read_blocking(|tx| forward_by_sql(tx, i64::from(lot(BIG_SEED)))));
        times.add(time);
        if !found?.into_iter().eq(closure.iter().map(|&lot| i64::from(lot))) {
            return Err(Error::internal(format!("{name} and the graph found different lots")));
        }
    }
    report.tell(
        &format!("closure by {name}"),
        times.best() * 1e3,
        "ms",
        format!("recursive query, best of {SQL_ROUNDS}, the same lots found"),
    );
    report.add(
        &format!("memory against {name}"),
        times.best() / seconds,
        "×",
        Wanted::AtLeast(wanted),
        "best query against the median walk",
    );
    Ok(())
}
