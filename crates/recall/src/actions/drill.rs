//! Drills (模拟召回): a lot is traced back and forth and its links are counted; nobody is told and nothing is marked.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::Instant;

use kit_base::clock::day_start;
use kit_base::{Error, Millis, PartialDate, Result};
use kit_db::Tx;
use kit_web::{Act, House};
use serde_json::json;
use trace::graph::LotSet;
use trace::live::LiveGraph;
use trace::model::{EventKind, LotNo};
use trace::store::facts;

use super::trace::{county, day};
use crate::model::{Drill, DrillFigures, Links};
use crate::rules::{draw, setting};
use crate::store::drills;

const DAY: Millis = 86_400_000;
/// Days that figures look back on.
const LOOKED_AT: i64 = 90;

/// What a drill found, before it is kept.
pub struct Found {
    drill: Drill,
    links: Vec<Links>,
}

/// Draws a lot among all there are. Errors: `no_lots`.
pub fn drawn(house: &House, seed: &[u8; 32]) -> Result<LotNo> {
    let all = house.held::<LiveGraph>().read().lots();
    let found = (0..64).find_map(|nth| draw::lot(seed, nth, all));
    found.map(LotNo::from).ok_or_else(|| Error::conflict("no_lots", "还没有登记任何批次，无法演练"))
}

/// Traces a lot both ways and counts the links. `seed` where it was drawn.
///
/// Errors: `lot_unknown`.
#[allow(clippy::disallowed_methods, reason = "the time to trace is what a drill measures")]
pub fn run(tx: &mut Tx, house: &House, lot: LotNo, seed: &str) -> Result<Found> {
    let from = Instant::now();
    let unknown = || Error::invalid("lot", "lot_unknown", "没有这个批次");
    let found = trace::store::lots::by_no(tx, lot)?.ok_or_else(unknown)?;
    let origin = u32::try_from(found.origin).map_err(Error::internal)?;
    let live = house.held::<LiveGraph>();
    live.catch_up(tx)?;
    let (back, ahead, lots, roots) = {
        let graph = live.read();
        let (back, ahead) = (graph.backward(&[origin])?, graph.forward(&[origin])?);
        let mut all = [back.as_slice(), ahead.as_slice()].concat();
        all.sort_unstable();
        all.dedup();
        let roots: HashSet<u32> = all.iter().copied().filter(|l| graph.parents(*l).is_empty()).collect();
        (back, ahead, all, roots)
    };
    let now = house.clock.now();
    let late = now - setting("on_way_days")? * DAY;
    let forward = LotSet::of(&ahead);
    let mut walked = Walked::default();
    facts::lots(tx, &lots, &mut |raw| {
        if raw.corrected {
            return Ok(());
        }
        if forward.contains(raw.no) {
            walked.holders.insert(raw.holder.clone());
            walked.counties.insert(county(&raw.division));
        }
        let bought = raw.kind == EventKind::Receive && !raw.transit && roots.contains(&raw.no);
        if raw.transit || bought {
            let links = walked.links.entry(county(&raw.division)).or_default();
            links.links += 1;
            let sent = raw.at.parse::<PartialDate>().ok().and_then(PartialDate::day).map(day_start);
            match () {
                () if bought => links.outside += 1,
                () if raw.amount.is_none() => links.unknown += 1,
                () if raw.on_hand.is_some_and(|n| n > 0) && sent.is_none_or(|at| at < late) => {
                    links.on_way += 1
                }
                () => walked.arrived.push((raw.no, county(&raw.division))),
            }
        }
        Ok(())
    })?;
    walked.short(tx, house)?;
    let micros = i64::try_from(from.elapsed().as_micros()).unwrap_or(i64::MAX);
    let product = trace::store::products::by_id(tx, &found.product)?;
    let simulated = product.as_ref().is_some_and(|p| p.simulated);
    let links: Vec<Links> =
        walked.links.into_iter().map(|(division, links)| Links { division, ..links }).collect();
    let drill = Drill {
        id: String::new(),
        at: now,
        way: String::new(),
        user_name: String::new(),
        seed: seed.to_owned(),
        all_lots: i64::from(live.read().lots()),
        lot: found.origin,
        food: product.map(|p| p.name).unwrap_or_default(),
        batch: found.batch,
        party: found.holder,
        division: found.division,
        sources: back.len() as i64 - 1,
        followers: ahead.len() as i64 - 1,
        holders: walked.holders.len() as i64,
        counties: walked.counties.len() as i64,
        micros,
        links: links.iter().map(|l| l.links).sum(),
        broken: links.iter().map(Links::broken).sum(),
        simulated,
    };
    Ok(Found { drill, links })
}

/// What a walk gathers.
#[derive(Default)]
struct Walked {
    holders: BTreeSet<String>,
    counties: BTreeSet<String>,
    links: BTreeMap<String, Links>,
    /// Deliveries that came, by lot ascending, with the county of who received.
    arrived: Vec<(u32, String)>,
}

impl Walked {
    /// Deliveries of which less arrived than was sent.
    fn short(&mut self, tx: &mut Tx, house: &House) -> Result<()> {
        let numbers: Vec<u32> = self.arrived.iter().map(|(no, _)| *no).collect();
        let live = house.held::<LiveGraph>();
        let (all, event) = {
            let graph = live.read();
            (graph.lots(), graph.last_event() as i64)
        };
        let mut short = LotSet::default();
        facts::uses(tx, &numbers, all, (0, event), &mut |u| {
            if u.difference.is_some_and(|d| d != 0) {
                short.insert(u.lot);
            }
            Ok(())
        })?;
        for (no, county) in self.arrived.iter().filter(|(no, _)| short.contains(*no)) {
            let _ = no;
            self.links.entry(county.clone()).or_default().missing += 1;
        }
        Ok(())
    }
}

/// Keeps a drill. `way`: nightly, hand.
pub fn keep(act: &mut Act, found: Found, way: &str) -> Result<Drill> {
    let Found { mut drill, links } = found;
    drill.id = act.id();
    way.clone_into(&mut drill.way);
    drill.user_name.clone_from(&act.who().name);
    drills::insert(act.tx, &drill, &links)?;
    act.subject("recall_drill", &drill.id, &drill.division);
    act.note(json!({ "lot": drill.lot, "way": way, "micros": drill.micros, "broken": drill.broken }));
    Ok(drill)
}

/// Figures over the drills of the last ninety days.
pub fn figures(tx: &mut Tx, now: Millis) -> Result<DrillFigures> {
    let from = now - LOOKED_AT * DAY;
    let all = drills::since(tx, from)?;
    let mut times: Vec<i64> = all.iter().map(|(_, micros, _)| *micros).collect();
    times.sort_unstable();
    let mut counties = drills::counties(tx, from)?;
    for c in &mut counties {
        c.name = parties::reference::get().full_name(&c.division);
    }
    Ok(DrillFigures {
        drills: all.len() as i64,
        from: all.first().map(|(at, ..)| day(*at)).unwrap_or_default(),
        to: all.last().map(|(at, ..)| day(*at)).unwrap_or_default(),
        p50: percentile(&times, 50),
        p90: percentile(&times, 90),
        p99: percentile(&times, 99),
        most: times.last().copied().unwrap_or(0),
        links: counties.iter().map(|c| c.links).sum(),
        broken: counties.iter().map(Links::broken).sum(),
        simulated: all.iter().any(|(.., s)| *s == 1),
        counties,
    })
}

/// The smallest value that at least so many of a hundred do not exceed; 0 of none.
fn percentile(sorted: &[i64], of_hundred: usize) -> i64 {
    let at = (sorted.len() * of_hundred).div_ceil(100);
    at.checked_sub(1).and_then(|at| sorted.get(at)).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::percentile;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let all: Vec<i64> = (1..=100).collect();
        let found = [50, 90, 99, 100].map(|p| percentile(&all, p));
        assert_eq!(found, [50, 90, 99, 100]);
        assert_eq!((percentile(&[7], 50), percentile(&[], 99), percentile(&[1, 9], 50)), (7, 0, 1));
    }
}
