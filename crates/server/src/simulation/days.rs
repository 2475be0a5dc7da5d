//! The events of a world, day by day, with their lots, inputs, stock and trace codes.
//!
//! A lot's stock row is written once, when the lot is used up or at the end of the load: until then nobody but the load
//! looks at it. The simulation runs on this thread and the database writes on another, a few chunks apart.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};

use kit_base::clock::day_start;
use kit_base::codes::platform;
use kit_base::{Error, Millis, Result};
use kit_db::Db;
use kit_web::audit;
use serde_json::json;
use simulator::{Role, SimEvent, SimKind, SimLot, Simulation, World};
use trace::model::EventKind;
use trace::store::events::take_numbers;
use trace::store::load::{self as store, CodeRow, EventRow, LotRow, StockRow};

use super::{CODE, EVENT, Load, Made, Stage, Who, ids, product_id};

/// Events in one transaction: about 40,000 rows.
const CHUNK: usize = 10_000;
/// Chunks that may wait for the database.
const WAITING: usize = 2;

/// Rows of one transaction.
#[derive(Default)]
struct Chunk {
    events: Vec<EventRow>,
    lots: Vec<LotRow>,
    inputs: Vec<(i64, i64, i64)>,
    stock: Vec<StockRow>,
    codes: Vec<CodeRow>,
}

/// What is known of a lot while some of it is left.
struct Live {
    origin: i64,
    /// Who made the batch.
    maker: u32,
    product: u32,
    holder: u32,
    transit: bool,
    expires: i32,
    on_hand: i64,
}

struct Days<'a> {
    who: &'a [Who],
    seed: i64,
    before: Millis,
    /// Events up to here are in the database already.
    written: u64,
    batch: Arc<str>,
    /// The day's date, by day.
    today: (u32, Arc<str>, Millis),
    live: HashMap<u64, Live>,
    /// Number of the next lot.
    next_lot: i64,
    chunk: Chunk,
}

pub(super) fn load(
    load: &Load,
    mut simulation: Simulation,
    who: Vec<Who>,
    made: &mut Made,
    tell: &mut dyn FnMut(Stage),
) -> Result<()> {
    let total = load.run.days as u64;
    let first = load.run.first_event as u64;
    let mut days = Days {
        who: &who,
        seed: load.run.seed,
        before: load.before,
        written: first + load.run.events as u64 - 1,
        batch: Arc::from(load.run.id.as_str()),
        today: (u32::MAX, Arc::from(""), 0),
        live: HashMap::new(),
        next_lot: load.run.first_lot,
        chunk: Chunk::default(),
    };
    std::thread::scope(|scope| {
        let (send, receive) = sync_channel::<Chunk>(WAITING);
        let (db, clock, run) = (load.house.db.clone(), load.house.clock.clone(), load.run.id.clone());
        let writer = scope
            .spawn(move || receive.into_iter().try_for_each(|chunk| write(&db, &run, clock.now(), chunk)));
        let passed = (|| {
            while let Some(events) = simulation.next_day() {
                days.day(simulation.world(), &events, made, &send)?;
                let done = u64::from(simulation.progress().day);
                tell(Stage::Days(done, total, made.events));
            }
            days.flush(&send)
        })();
        drop(send);
        // the writer's refusal is the reason why the days could not go on
        writer.join().map_err(|_| Error::internal("the writer of a load panicked"))??;
        passed
    })?;
    made.on_hand = days.live.len() as u64;
    made.answers = simulation.answers();
    let rest = days.rest(simulation.world());
    let (run, now) = (load.run.id.clone(), load.house.clock.now());
    load.house.db.write_blocking(move |tx| {
        store::stock(tx, &rest)?;
        store::done(tx, &run, now)
    })
}

fn write(db: &Db, run: &str, now: Millis, chunk: Chunk) -> Result<()> {
    let run = run.to_owned();
    db.write_blocking(move |tx| {
        let Some(first) = chunk.events.first() else { return Ok(()) };
        let count = chunk.events.len() as i64;
        let (event, lot) = take_numbers(tx, count, chunk.lots.len() as i64)?;
        if (event, lot) != (first.no, first.first_lot) {
            let text = "载入期间有其他记录写入，模拟数据不再连续，请换一个空的数据目录";
            return Err(Error::conflict("simulation_disturbed", text));
        }
        store::records(tx, &chunk.events, &chunk.lots, &chunk.inputs)?;
        store::stock(tx, &chunk.stock)?;
        store::codes(tx, &chunk.codes)?;
        store::reached(tx, &run, 0, 0, count)?;
        let note = json!({ "events": count });
        audit::append_by_house(tx, "simulate.load", now, &format!("simulation:{run}"), &note, |_, _| Ok(()))
    })
}

impl Days<'_> {
    fn day(
        &mut self,
        world: &World,
        events: &[SimEvent],
        made: &mut Made,
        send: &SyncSender<Chunk>,
    ) -> Result<()> {
        for event in events {
            made.events += 1;
            made.lots += event.outs.len() as u64;
            made.inputs += event.inputs.len() as u64;
            let origins = self.take(world, event);
            let coded = self.make(world, event, origins);
            made.codes += u64::from(coded);
            if event.no > self.written {
                self.event(world, event);
            }
            if self.chunk.events.len() >= CHUNK {
                self.flush(send)?;
            }
        }
        Ok(())
    }

    fn flush(&mut self, send: &SyncSender<Chunk>) -> Result<()> {
        let chunk = std::mem::take(&mut self.chunk);
        send.send(chunk).map_err(|_| Error::internal("the writer of a load stopped"))
    }

    /// Takes the inputs off what is live; a lot that is used up gets its stock row. Answers batch and maker of the first.
    fn take(&mut self, world: &World, event: &SimEvent) -> Option<(i64, u32)> {
        let mut first = None;
        for &(no, amount) in &event.inputs {
            let Some(lot) = self.live.get_mut(&no) else { continue };
            first = first.or(Some((lot.origin, lot.maker)));
            lot.on_hand -= amount;
            if lot.on_hand == 0
                && let Some(lot) = self.live.remove(&no)
                && event.no > self.written
            {
                let row = self.stock_row(world, no, &lot);
                self.chunk.stock.push(row);
            }
            if event.no > self.written {
                self.chunk.inputs.push((event.no as i64, no as i64, amount));
            }
        }
        first
    }

    /// Adds the lots that come out; answers whether they got a trace code.
    fn make(&mut self, world: &World, event: &SimEvent, taken: Option<(i64, u32)>) -> bool {
        let begins = event.inputs.is_empty() || matches!(event.kind, SimKind::Produce | SimKind::Pack);
        let coded = begins && makes_codes(world.role(event.party)) && event.kind != SimKind::Receive;
        for lot in &event.outs {
            let (origin, maker) = match taken {
                Some(taken) if !begins => taken,
                _ => (lot.no as i64, event.party),
            };
            let live = Live {
                origin,
                maker,
                product: lot.product,
                holder: lot.holder,
                transit: lot.transit,
                expires: lot.expires,
                on_hand: lot.amount,
            };
            if event.no > self.written {
                let row = self.lot_row(world, event, lot, &live);
                self.chunk.lots.push(row);
                if coded {
                    let row = self.code_row(world, event, lot);
                    self.chunk.codes.push(row);
                }
            }
            self.live.insert(lot.no, live);
            self.next_lot = lot.no as i64 + 1;
        }
        coded
    }

    fn event(&mut self, world: &World, event: &SimEvent) {
        let (at, at_ms) = self.moment(world, event);
        let who = &self.who[event.party as usize];
        let other = event.counterpart.map(|no| &self.who[no as usize]);
        // an event without lots stands before the next lot, as one recorded by hand does
        let first_lot = event.outs.first().map_or(self.next_lot, |lot| lot.no as i64);
        let outside = event.kind == SimKind::Receive && event.inputs.is_empty();
        let supplier = event.outs.first().filter(|_| outside).map(|lot| world.product(lot.product).producer);
        let (difference, reason) = why(event);
        self.chunk.events.push(EventRow {
            no: event.no as i64,
            id: ids(self.seed, EVENT, event.no).next(at_ms),
            kind: kind(event.kind),
            party: who.id.clone(),
            division: who.division.clone(),
            counterpart: other.map(|who| (who.id.clone(), who.division.clone())),
            counterpart_name: supplier.unwrap_or_default(),
            at,
            at_ms,
            batch: self.batch.clone(),
            doc_no: event.doc_no.map(|doc| doc.to_string()).unwrap_or_default(),
            first_lot,
            lots: event.outs.len() as i64,
            difference,
            reason,
        });
    }

    fn moment(&mut self, world: &World, event: &SimEvent) -> (Arc<str>, Millis) {
        if self.today.0 != event.day {
            let date = world.date(event.day as i32);
            self.today = (event.day, date.to_string().into(), day_start(date));
        }
        (self.today.1.clone(), self.today.2 + i64::from(event.minute) * 60_000)
    }

    fn lot_row(&self, world: &World, event: &SimEvent, lot: &SimLot, live: &Live) -> LotRow {
        let holder = &self.who[lot.holder as usize];
        let role = world.role(live.maker);
        // what dealers buy outside, somebody unknown let out of the door
        let outside = !makes_codes(role) && role != Role::Canteen;
        LotRow {
            no: lot.no as i64,
            event: event.no as i64,
            product: product_id(self.seed, lot.product, self.before),
            holder: holder.id.clone(),
            division: holder.division.clone(),
            in_transit: lot.transit,
            origin: live.origin,
            batch: world.batch_text(lot.batch),
            made: world.date(lot.batch.made).to_string(),
            expires: world.date(lot.expires).to_string(),
            amount: lot.amount,
            unit: lot.unit,
            inspector: if outside { String::new() } else { world.release(live.maker, lot.batch).0 },
        }
    }

    fn code_row(&mut self, world: &World, event: &SimEvent, lot: &SimLot) -> CodeRow {
        let (_, made_at) = self.moment(world, event);
        let maker = &self.who[event.party as usize];
        let random = ids(self.seed, CODE, lot.no);
        CodeRow {
            code: platform::new(platform::Kind::Trace, &random),
            lot: lot.no as i64,
            party: maker.id.clone(),
            division: maker.division.clone(),
            made_at,
            printed: 1,
        }
    }

    fn stock_row(&self, world: &World, no: u64, lot: &Live) -> StockRow {
        let holder = &self.who[lot.holder as usize];
        StockRow {
            lot: no as i64,
            holder: holder.id.clone(),
            division: holder.division.clone(),
            product: product_id(self.seed, lot.product, self.before),
            in_transit: lot.transit,
            expires: world.date(lot.expires).to_string(),
            on_hand: lot.on_hand,
        }
    }

    /// Stock rows of all lots of which something is left, ascending.
    fn rest(&self, world: &World) -> Vec<StockRow> {
        let mut rest: Vec<(&u64, &Live)> = self.live.iter().collect();
        rest.sort_unstable_by_key(|(no, _)| **no);
        rest.into_iter().map(|(no, lot)| self.stock_row(world, *no, lot)).collect()
    }
}

/// Makers give their batches a trace code; kitchens and dealers do not.
fn makes_codes(role: Role) -> bool {
    matches!(role, Role::Farm | Role::Slaughterhouse | Role::Producer | Role::Workshop)
}

fn kind(kind: SimKind) -> EventKind {
    match kind {
        SimKind::Harvest => EventKind::Harvest,
        SimKind::Produce => EventKind::Produce,
        SimKind::Pack => EventKind::Pack,
        SimKind::Ship => EventKind::Ship,
        SimKind::Receive => EventKind::Receive,
        SimKind::Refuse => EventKind::Refuse,
        SimKind::Return => EventKind::Return,
        SimKind::Sell => EventKind::Sell,
        SimKind::Loss => EventKind::Loss,
        SimKind::Destroy => EventKind::Destroy,
        SimKind::Stocktake => EventKind::Stocktake,
    }
}

/// Difference and reason, where a kind has them.
fn why(event: &SimEvent) -> (Option<i64>, &'static str) {
    let difference = (event.loss > 0).then_some(event.loss);
    match event.kind {
        SimKind::Receive if event.loss > 0 => (difference, "实收少于发货"),
        SimKind::Stocktake => (difference, "盘点短少"),
        SimKind::Refuse => (None, "外包装破损，拒收"),
        SimKind::Return => (None, "滞销退货"),
        SimKind::Loss => (None, "破损变质"),
        SimKind::Destroy => (None, "超过保质期或退回，予以销毁"),
        _ => (None, ""),
    }
}
