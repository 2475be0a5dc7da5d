//! `shian simulate`: a plausible world in an empty database.

use std::time::Instant;

use jiff::civil::Date;
use kit_base::Result;

use super::Place;
use super::progress::Bar;
use crate::opening;
use crate::simulation::{Made, Plan, load, sealed};

#[derive(Debug, clap::Args)]
pub struct Simulate {
    /// puyang, hebei or fujian.
    #[arg(long, default_value = "puyang")]
    pub profile: String,
    /// Share of the published figures, above 0 and up to 1.
    #[arg(long, default_value_t = 0.1)]
    pub scale: f64,
    /// The same seed makes the same world.
    #[arg(long, default_value_t = 1)]
    pub seed: u32,
    /// Days to simulate.
    #[arg(long, default_value_t = 60)]
    pub days: u32,
    /// Last day, 2026-03-31; the last whole day where it is not said.
    #[arg(long)]
    pub end: Option<Date>,
}

impl Simulate {
    #[allow(clippy::print_stdout, reason = "a command whose output is its answer")]
    #[allow(clippy::disallowed_methods, reason = "measures")]
    pub fn run(&self, place: &Place) -> Result<()> {
        let opened = opening::open(&place.settings()?)?;
        let plan = Plan {
            profile: self.profile.clone(),
            scale: self.scale,
            seed: self.seed,
            days: self.days,
            end: self.end,
        };
        let from = Instant::now();
        let mut bar = Bar::default();
        let made = load(&opened.house, &place.data, &plan, &mut |stage| bar.tell(stage));
        bar.finish();
        let made = made?;
        println!("{}", summary(&made, from.elapsed().as_secs_f64()));
        println!("答案封存于 {}", sealed::path(&place.data, &plan.profile, plan.seed).display());
        Ok(())
    }
}

fn summary(made: &Made, seconds: f64) -> String {
    let rows = made.parties + made.products + made.events + made.lots * 2 + made.inputs + made.codes;
    let mut lines = vec![format!("{}（模拟数据） {} 至 {}", made.title, made.first_day, made.last_day)];
    for (name, count) in [
        ("主体", made.parties),
        ("产品", made.products),
        ("流转记录", made.events),
        ("批次", made.lots),
        ("来源关系", made.inputs),
        ("追溯码", made.codes),
        ("现有库存批次", made.on_hand),
        ("预设事件", made.answers.len() as u64),
    ] {
        lines.push(format!("  {count:>10}  {name}"));
    }
    lines
        .push(format!("共 {rows} 行，用时 {seconds:.1} 秒，每秒 {:.0} 行", rows as f64 / seconds.max(0.001)));
    lines.join("\n")
}
