//! The simulator: an invented but plausible city of food businesses, the same for the same seed.
//!
//! It owns nothing in the database. [`World`] says who there is and what they sell; [`Simulation`] lets days pass and
//! yields their events in commit order, with dense event and lot numbers, under the rules of the trace room: a ship
//! event makes one lot on the way, a receive event makes one stock lot of it, nobody uses what it has not got. Memory
//! holds the parties, what is in stock and one day's events, never the history. Planted incidents are told apart in
//! [`Answer`]s, which belong in a sealed file beside the database, not in it. Figures are rows of data/simulator.
//!
//! [`bench`] makes lot graphs of a given size for measuring, without a world around them.

pub mod bench;
mod codes;
mod data;
mod dice;
mod engine;
mod incidents;
mod life;
mod model;
#[cfg(test)]
mod tests;
mod world;

use kit_base::Result;

pub use data::profile_names;
pub use dice::{Dice, mix};
pub use engine::Simulation;
pub use incidents::{Answer, Held, Observation};
pub use life::{Fault, Life, Told};
pub use model::{Batch, DocNo, Role, SimEvent, SimKind, SimLot, SimParty, SimProduct};
pub use world::{Places, SimOptions, World};

/// How far a simulation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Days done and days in all.
    pub day: u32,
    pub days: u32,
    /// Events and lots made so far.
    pub events: u64,
    pub lots: u64,
}

/// Makes the world of a profile (`puyang`, `hebei`, `fujian`) at a scale, ready for its first day.
///
/// Errors: `profile_unknown`, `scale_range`, `days_range`.
pub fn simulate(profile: &str, scale: f64, seed: u64, days: u32) -> Result<Simulation> {
    Simulation::new(SimOptions::new(profile, scale, seed, days))
}

/// (scale, days) at which a profile is shown as the sample city: its rows `sample_permille` and `sample_days`.
///
/// Errors: `profile_unknown`.
pub fn sample_size(profile: &str) -> Result<(f64, u32)> {
    let profile = data::profile(profile)?;
    let days = u32::try_from(profile.number("sample_days")?).map_err(kit_base::Error::internal)?;
    Ok((profile.number("sample_permille")? as f64 / 1000.0, days))
}

/// Lets all days pass: `sink` gets each day's events in commit order, `progress` is told after each day. Returns the
/// sealed answers.
pub fn run(
    mut simulation: Simulation,
    mut sink: impl FnMut(&World, Vec<SimEvent>) -> Result<()>,
    mut progress: impl FnMut(Progress),
) -> Result<Vec<Answer>> {
    while let Some(events) = simulation.next_day() {
        sink(simulation.world(), events)?;
        progress(simulation.progress());
    }
    Ok(simulation.answers())
}
