//! Puts a world of the simulator into the database: businesses, products, then its events day by day.
//!
//! Every row is marked as simulated. Ids and codes are functions of the seed and a number, so the same options make the
//! same rows. The work is cut into transactions that each say how far they came; a load that broke off is taken up
//! again by letting the same days pass and writing only what is not there yet. The truth about the planted incidents
//! goes into a sealed file beside the database, never into it.

mod days;
pub mod life;
mod parties;
mod products;
pub mod sample;
pub mod sealed;

use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;
use kit_base::clock::{china_day, day_start};
use kit_base::{Error, Ids, Kind, Millis, Result};
use kit_web::House;
use simulator::{Answer, SimOptions, Simulation};
use trace::live::LiveGraph;
use trace::store::events::numbers;
use trace::store::load::{self, Simulated};

/// What world to make.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// puyang, hebei or fujian
    pub profile: String,
    /// Share of the published figures, above 0 and up to 1.
    pub scale: f64,
    pub seed: u32,
    pub days: u32,
    /// Last day; the last whole day where it is not said.
    pub end: Option<Date>,
}

/// How far a load has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Businesses done, of all.
    Parties(u64, u64),
    Products(u64, u64),
    /// Days done, of all; events so far.
    Days(u64, u64, u64),
    /// Figures for the planner, the graph in memory.
    Closing,
    /// Days of supervision lived, of all.
    Life(u64, u64),
}

/// What was made.
#[derive(Debug, Clone)]
pub struct Made {
    pub title: String,
    pub first_day: Date,
    pub last_day: Date,
    pub parties: u64,
    pub products: u64,
    pub events: u64,
    pub lots: u64,
    pub inputs: u64,
    pub codes: u64,
    pub on_hand: u64,
    pub answers: Vec<Answer>,
    pub places: simulator::Places,
}

/// A business of the world in the database.
#[derive(Debug, Clone)]
struct Who {
    id: Arc<str>,
    division: Arc<str>,
}

/// What all steps of a load need.
struct Load<'h> {
    house: &'h House,
    run: Simulated,
    /// When the world was registered: the day before its first.
    before: Millis,
}

/// Purposes of ids.
const PARTIES: u64 = 1;
const PRODUCT: u64 = 2;
const EVENT: u64 = 3;
const CODE: u64 = 4;

impl Load<'_> {
    /// The ids of one thing of the world; `no` below 2^48.
    fn ids(&self, purpose: u64, no: u64) -> Ids {
        ids(self.run.seed, purpose, no)
    }
}

fn ids(seed: i64, purpose: u64, no: u64) -> Ids {
    // distinct for distinct purposes and numbers of one seed
    Ids::seeded((seed as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (purpose << 48 | no))
}

fn product_id(seed: i64, no: u32, before: Millis) -> String {
    ids(seed, PRODUCT, u64::from(no)).next(before)
}

/// Loads a world into the house's database, or the rest of one whose load broke off; `data` gets the sealed answers.
///
/// Blocks for minutes. Errors: `database_not_empty` where something real is recorded, `simulation_exists`,
/// `simulation_unfinished` where another world is half loaded, `profile_unknown`, `scale_range`, `days_range`.
pub fn load(house: &House, data: &Path, plan: &Plan, tell: &mut dyn FnMut(Stage)) -> Result<Made> {
    let run = begin(house, plan)?;
    let first_day: Date = run.first_day.parse().map_err(Error::internal)?;
    let options = SimOptions {
        start: Some(first_day),
        first_event: run.first_event as u64,
        first_lot: run.first_lot as u64,
        ..SimOptions::new(&plan.profile, plan.scale, u64::from(plan.seed), plan.days)
    };
    let simulation = Simulation::new(options)?;
    let load = Load { house, run, before: day_start(first_day) - 86_400_000 };
    let who = parties::load(&load, simulation.world(), tell)?;
    products::load(&load, simulation.world(), &who, tell)?;
    let world = simulation.world();
    let mut made = Made {
        title: world.title().to_owned(),
        first_day,
        last_day: world.date(plan.days as i32 - 1),
        parties: u64::from(world.party_count()),
        products: u64::from(world.product_count()),
        events: 0,
        lots: 0,
        inputs: 0,
        codes: 0,
        on_hand: 0,
        answers: Vec::new(),
        places: world.places(),
    };
    days::load(&load, simulation, who, &mut made, tell)?;
    tell(Stage::Closing);
    sealed::write(data, plan, &made)?;
    house.db.optimise()?;
    let live = house.held::<LiveGraph>();
    house.db.read_blocking(|tx| live.catch_up(tx))?;
    live.save()?;
    Ok(made)
}

/// Notes the run in the database, or finds the one that broke off.
fn begin(house: &House, plan: &Plan) -> Result<Simulated> {
    let now = house.clock.now();
    let options = SimOptions::new(&plan.profile, plan.scale, u64::from(plan.seed), plan.days);
    options.check()?;
    let yesterday = china_day(now).yesterday().map_err(Error::internal)?;
    let back = jiff::Span::new().days(i64::from(plan.days) - 1);
    let first_day = |end: Date| end.checked_sub(back).map_err(Error::internal);
    let plan = plan.clone();
    let given = plan.end.map(first_day).transpose()?;
    let first = first_day(plan.end.unwrap_or(yesterday))?;
    house.db.write_blocking(move |tx| {
        if let Some(there) = load::simulation(tx)? {
            return taken_up(there, &plan, given);
        }
        let (products, events) = load::recorded(tx)?;
        if products > 0 || events > 0 || ::parties::store::last_seq(tx)? > 0 {
            let text = "数据库中已有真实数据，不能再载入模拟数据；请换一个空的数据目录";
            return Err(Error::conflict("database_not_empty", text));
        }
        let (event, lot) = numbers(tx)?;
        let run = Simulated {
            id: format!("{}-{}", plan.profile, plan.seed),
            profile: plan.profile.clone(),
            scale: plan.scale,
            seed: i64::from(plan.seed),
            days: i64::from(plan.days),
            first_day: first.to_string(),
            first_event: event + 1,
            first_lot: lot + 1,
            parties: 0,
            products: 0,
            events: 0,
            started_at: now,
            done_at: None,
        };
        load::begin(tx, &run)?;
        Ok(run)
    })
}

fn taken_up(there: Simulated, plan: &Plan, first: Option<Date>) -> Result<Simulated> {
    let described =
        format!("{} 规模 {} 种子 {} 共 {} 天", there.profile, there.scale, there.seed, there.days);
    if there.done_at.is_some() {
        let text = format!("数据库中已有模拟数据（{described}），请换一个空的数据目录");
        return Err(Error::new(Kind::Conflict, "simulation_exists", text));
    }
    let same = there.profile == plan.profile
        && there.scale == plan.scale
        && there.seed == i64::from(plan.seed)
        && there.days == i64::from(plan.days)
        && first.is_none_or(|day| day.to_string() == there.first_day);
    if !same {
        let text =
            format!("数据库中有未完成的模拟数据（{described}），请用相同参数继续，或换一个空的数据目录");
        return Err(Error::new(Kind::Conflict, "simulation_unfinished", text));
    }
    Ok(there)
}
