//! Prints the figures of a simulated world: `cargo run -p simulator --example figures -- puyang 0.1 1 60`, or of a bench
//! shape: `… -- shape 10000000 1`.
#![allow(clippy::print_stdout, reason = "a command whose output is its answer")]

use std::collections::BTreeMap;
use std::time::Instant;

use kit_base::Result;

#[allow(clippy::disallowed_methods, reason = "measures")]
fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let word = |at: usize, other: &str| words.get(at).map_or(other.to_owned(), Clone::clone);
    let number = |text: String| text.parse::<f64>().unwrap_or(1.0);
    let profile = word(0, "puyang");
    let from = Instant::now();
    if profile == "shape" {
        let (mut events, mut lots, mut links) = (0u64, 0u64, 0u64);
        let mut reached: Vec<bool> = Vec::new();
        for event in simulator::bench::bench_shape(number(word(1, "1000000")) as u64, 1) {
            events += 1;
            lots += u64::from(event.outs);
            links += event.inputs.len() as u64;
            let hit = event.first_lot == simulator::bench::BIG_SEED
                || event.inputs.iter().any(|&lot| reached[lot as usize]);
            reached.resize(lots as usize, hit);
        }
        let forward = reached.iter().filter(|&&yes| yes).count();
        println!("{events} events, {lots} lots, {links} links in {:.2?}", from.elapsed());
        println!("{forward} lots are made of the big seed");
        return Ok(());
    }
    let (scale, seed, days) = (number(word(1, "0.1")), number(word(2, "1")), number(word(3, "60")));
    let simulation = simulator::simulate(&profile, scale, seed as u64, days as u32)?;
    let world = simulation.world();
    println!(
        "{} parties, {} products, built in {:.2?}",
        world.party_count(),
        world.product_count(),
        from.elapsed()
    );
    let (mut kinds, mut roles) = (BTreeMap::new(), BTreeMap::new());
    let (mut links, mut progress) = (0usize, None);
    let answers = simulator::run(
        simulation,
        |world, events| {
            for event in events {
                *kinds.entry(event.kind.as_str()).or_insert(0u64) += 1;
                let role = world.role(event.party).as_str();
                *roles.entry((event.kind.as_str(), role)).or_insert(0u64) += 1;
                links += event.inputs.len();
            }
            Ok(())
        },
        |now| progress = Some(now),
    )?;
    println!("{progress:?}, {links} links in {:.2?}", from.elapsed());
    println!("{kinds:?}\n{roles:?}");
    for answer in answers {
        let sums = [answer.source_lots.len(), answer.affected_lots.len(), answer.affected_parties.len()];
        let ends = [answer.holders.len(), answer.sold.len(), answer.cases.len(), answer.controls.len()];
        println!(
            "{}: source, affected lots, parties {sums:?}; holders, sold, cases, controls {ends:?}",
            answer.incident
        );
    }
    Ok(())
}
