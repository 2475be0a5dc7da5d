//! The ledger: records a second in batches, checkpoints, proofs, the walk over everything, and a hundred thousand edits.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use kit_base::{Error, Result};
use kit_db::{Db, SqliteOptions, Tx};
use kit_ledger::log::include;
use kit_ledger::{Key, Ledger, store};
use kit_web::audit;
use serde_json::Value;
use simulator::bench::{BenchEvent, bench_shape};
use trace::verify::{Against, Tell, Walked, verify};

use super::Options;
use super::report::{Report, Wanted};
use super::watch::{Times, Watch, timed};
use super::{graph, tamper};
use crate::rooms;

/// Edits in one transaction.
const EDITS_AT_ONCE: usize = 1_000;
const SEED: u64 = 1;
const AT: i64 = 1_772_500_000_000;
/// Records of one batch: a request of the largest size.
const BATCH: i64 = 10_000;
/// Records of the first figure.
const RECORDS: i64 = 1_000_000;
/// Leaves of a log that is older.
const LEAVES: i64 = 200_000;
const PROOFS: i64 = 2_000;

pub fn run(options: &Options, work: &Path, report: &mut Report) -> Result<()> {
    leaves(work, report)?;
    proofs(work, report)?;
    edits(options, work, report)
}

fn opened(work: &Path, name: &str, durable: bool) -> Result<Db> {
    let db = Db::open_sqlite(SqliteOptions { durable, ..SqliteOptions::file(work.join(name)) })?;
    db.migrate(rooms::SCHEMAS)?;
    Ok(db)
}

fn ledger() -> Result<Arc<Ledger>> {
    Ok(Ledger::new(Key::new("bench.example/ledger", &[7; 32])?, None))
}

fn row(tx: &mut Tx) -> Result<()> {
    audit::append_by_house(tx, "bench.batch", AT, "", &Value::Null, |_, _| Ok(()))
}

/// What the ledger alone does with records: hashed as an event is, into a leaf, durable, then signed.
fn leaves(work: &Path, report: &mut Report) -> Result<()> {
    let (db, ledger) = (opened(work, "leaves.db", true)?, ledger()?);
    let watch = Watch::start();
    for from in (1..=RECORDS).step_by(BATCH as usize) {
        db.write_blocking(move |tx| {
            for no in from..from + BATCH {
                tx.event_fact(no, record(no))?;
            }
            row(tx)
        })?;
    }
    let seconds = watch.elapsed().as_secs_f64();
    report.add(
        "ledger: records in batches",
        RECORDS as f64 / seconds,
        "a second",
        Wanted::AtLeast(50_000.0),
        format!("{RECORDS} event records hashed, {BATCH} a leaf, one durable commit a leaf, SQLite"),
    );
    let (signed, time) = timed(|| ledger.advance(&db, AT));
    let how = format!("{} leaves put into tiles and signed", signed?);
    report.add("ledger: checkpoint of those", time.as_secs_f64(), "s", Wanted::AtMost(1.0), how);
    Ok(())
}

/// The hash of an event like those of a market: one lot, one input.
fn record(no: i64) -> kit_ledger::Hash {
    let event = BenchEvent {
        event: no as u64,
        inputs: [no as u64].into_iter().collect(),
        outs: 1,
        first_lot: no as u64,
    };
    let (events, lots, inputs) = graph::rows(&[event]);
    let lots: Vec<_> = lots.iter().map(Into::into).collect();
    let inputs: Vec<_> = inputs.iter().map(|i| (i.1, Some(i.2))).collect();
    trace::record::of_event(&(&events[0]).into(), &lots, &inputs).hash()
}

fn proofs(work: &Path, report: &mut Report) -> Result<()> {
    let (db, ledger) = (opened(work, "proofs.db", false)?, ledger()?);
    for _ in 0..LEAVES / 10_000 {
        db.write_blocking(|tx| (0..10_000).try_for_each(|_| row(tx)))?;
    }
    ledger.advance(&db, AT)?;
    // what a busy second leaves
    let mut rounds = Times::default();
    for _ in 0..5 {
        db.write_blocking(|tx| (0..1_000).try_for_each(|_| row(tx)))?;
        let (done, time) = timed(|| ledger.advance(&db, AT));
        done?;
        rounds.add(time);
    }
    let how = format!("1 000 new leaves on a log of {LEAVES}, worst of five");
    report.add("ledger: checkpoint of a second", rounds.share(1.0), "s", Wanted::AtMost(1.0), how);
    let mut times = Times::default();
    for i in 0..PROOFS {
        let leaf = 1 + i * 7_919 % LEAVES;
        let (done, time) = timed(|| {
            db.read_blocking(|tx| {
                let signed = store::latest(tx)?.ok_or_else(|| Error::internal("no checkpoint"))?;
                include(tx, &signed, &[leaf])
            })
        });
        done?;
        times.add(time);
    }
    let how = format!("checkpoint, entry and path read from the database, median of {PROOFS}");
    report.add("ledger: proof of a leaf", times.median() * 1e3, "ms", Wanted::AtMost(1.0), how);
    report.tell("ledger: proof of a leaf, 99 of 100", times.share(0.99) * 1e3, "ms", "");
    Ok(())
}

fn walk(db: &Db, ledger: &Ledger, each: &mut dyn FnMut(trace::verify::Fault)) -> Result<Walked> {
    let key = ledger.public_key();
    db.read_blocking(|tx| {
        let mut fault = |fault| {
            each(fault);
            true
        };
        let tell = Tell { fault: &mut fault, progress: &mut |_, _| {} };
        verify(tx, &Against { key: &key, known: Vec::new() }, tell)
    })
}

/// Fills a database, walks it, does random edits of as many events, and walks it again.
fn edits(options: &Options, work: &Path, report: &mut Report) -> Result<()> {
    let (db, ledger) = (opened(work, "edits.db", false)?, ledger()?);
    let wanted = i64::from(options.edits);
    let mut shape = bench_shape(options.links, SEED).take(wanted as usize * 3);
    let mut events = 0;
    loop {
        let step: Vec<BenchEvent> = shape.by_ref().take(BATCH as usize).collect();
        if step.is_empty() {
            break;
        }
        events += step.len() as i64;
        db.write_blocking(move |tx| graph::add(tx, &step))?;
    }
    ledger.advance(&db, AT)?;
    db.optimise()?;
    let (clean, time) = timed(|| walk(&db, &ledger, &mut |_| {}));
    if clean?.faults > 0 {
        return Err(Error::internal("the walk found faults before anything was edited"));
    }
    report.tell(
        "ledger: verify",
        events as f64 / time.as_secs_f64(),
        "events/s",
        format!("{events} events with lots, inputs and papers against their leaves"),
    );
    let (done, touched) = edit_all(&db, wanted, events)?;
    let mut named = BTreeSet::new();
    let (walked, time) = timed(|| walk(&db, &ledger, &mut |fault| named.extend(tamper::named(&fault))));
    let walked = walked?;
    let missed = touched.difference(&named).count();
    let invented = named.difference(&touched).count();
    report.add(
        "ledger: edits that were named",
        touched.intersection(&named).count() as f64 / touched.len().max(1) as f64 * 100.0,
        "%",
        Wanted::AtLeast(100.0),
        format!(
            "{done} random edits of {} events: {} differences, {missed} missed, {invented} named without reason, {:.1} s",
            touched.len(),
            walked.faults,
            time.as_secs_f64()
        ),
    );
    report.add("ledger: edits done", done as f64, "edits", Wanted::AtLeast(wanted as f64), "");
    Ok(())
}

/// Edits every third event, or the next where there was nothing to edit, until there were so many.
fn edit_all(db: &Db, wanted: i64, events: i64) -> Result<(i64, BTreeSet<i64>)> {
    let (mut roll, mut done, mut touched) = (Roll(SEED), 0, BTreeSet::new());
    // SQLite's savepoints grow dear with what one transaction has changed
    for from in (1..events - 1).step_by(3 * EDITS_AT_ONCE) {
        let part = (from..events - 1).step_by(3).take(EDITS_AT_ONCE);
        let left = wanted - done;
        let (after, edited) = db.write_blocking(move |tx| edit_part(tx, roll, part, left, events))?;
        roll = after;
        done += edited.len() as i64;
        touched.extend(edited.into_iter().flatten());
        if done == wanted {
            break;
        }
    }
    Ok((done, touched))
}

/// One edit of each of these events, at most so many; what each touched.
fn edit_part(
    tx: &mut Tx,
    mut roll: Roll,
    part: impl Iterator<Item = i64>,
    most: i64,
    events: i64,
) -> Result<(Roll, Vec<Vec<i64>>)> {
    let mut edited = Vec::new();
    for no in part {
        if edited.len() as i64 == most {
            break;
        }
        for _ in 0..20 {
            let named = tamper::edit(tx, &mut |n| roll.next(n), no, events + no)?;
            if !named.is_empty() {
                edited.push(named.into_iter().collect());
                break;
            }
        }
    }
    Ok((roll, edited))
}

/// A fixed sequence (splitmix64): the same edits each time.
#[derive(Clone, Copy)]
struct Roll(u64);

impl Roll {
    fn next(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }
}
