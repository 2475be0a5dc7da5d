//! What a batch was made of and what was made of it: walked in the graph, told as stops.

use std::collections::BTreeMap;

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_web::House;
use parties::reference::Reference;
use trace::graph::{Bounds, Enter};
use trace::live::LiveGraph;
use trace::model::LotNo;
use trace::store::events;
use trace::store::steps::{self, Step};

use super::{Pace, named, too_long};
use crate::model::Chain;
use crate::rules;

/// The most lots of each side that a page looks at, nearest first. Recalls are decided over all of them.
const SHOWN_LOTS: usize = 128;
/// The most businesses of each side that a page names.
const SHOWN_STOPS: usize = 40;
/// Lots behind a batch up to which a page is made in a glance, on the thread that serves others too.
const GLANCED_LOTS: usize = 2_000;

/// Lots of one side of the chain, the lot itself left out.
pub struct Side {
    /// All of them, or the nearest [`SHOWN_LOTS`].
    pub near: Vec<LotNo>,
    pub more: bool,
    /// All of them; only kept backward.
    pub all: Vec<LotNo>,
}

/// Both sides of the chain of a lot. Errors: `chain_long` where only a glance is allowed.
pub fn walk(tx: &mut Tx, house: &House, no: LotNo, pace: Pace) -> Result<(Side, Side)> {
    let live = house.held::<LiveGraph>();
    // the graph may be ahead of this transaction's snapshot; what it knows more is then not found and left out
    let (last, _) = events::numbers(tx)?;
    if live.read().last_event() < last.unsigned_abs() {
        live.catch_up(tx)?;
    }
    let start = u32::try_from(no).map_err(Error::internal)?;
    let bounds = Bounds { limit: SHOWN_LOTS + 1, depth: u32::MAX };
    let wide = |lots: &[u32]| lots.iter().filter(|l| **l != start).map(|l| i64::from(*l)).collect::<Vec<_>>();
    let graph = live.read();
    let near = graph.backward_within(&[start], bounds, |_| Enter::Pass)?;
    let all = match (near.complete, pace) {
        (true, _) => wide(&near.lots),
        (false, Pace::Whole) => wide(&graph.backward(&[start])?),
        (false, Pace::Glance) => {
            let bounds = Bounds { limit: GLANCED_LOTS + 1, depth: u32::MAX };
            let whole = graph.backward_within(&[start], bounds, |_| Enter::Pass)?;
            if !whole.complete {
                return Err(too_long());
            }
            wide(&whole.lots)
        }
    };
    let before = Side { near: wide(&near.lots), more: !near.complete, all };
    let ahead = graph.forward_within(&[start], bounds, |_| Enter::Pass)?;
    Ok((before, Side { near: wide(&ahead.lots), more: !ahead.complete, all: Vec::new() }))
}

/// Both sides as the page shows them.
pub fn of(tx: &mut Tx, known: &Reference, own: &Step, before: &Side, after: &Side) -> Result<Chain> {
    let back = steps::steps(tx, &before.near)?;
    let ahead = steps::steps(tx, &after.near)?;
    let mut names = BTreeMap::new();
    for step in back.iter().chain(&ahead).chain([own]) {
        let held = [Some(&step.holder), Some(&step.party), step.counterpart.as_ref()];
        for id in held.into_iter().flatten() {
            // the place the page is about is no stop of its own chain
            if *id != own.holder
                && !names.contains_key(id)
                && let Some(brief) = parties::brief(tx, id)?
            {
                names.insert(id.clone(), named(known, brief));
            }
        }
    }
    let mut chain = Chain {
        sources: rules::sources(&back, own, &names),
        followers: rules::followers(&ahead, own, &names),
        more_sources: before.more,
        more_followers: after.more,
    };
    for (stops, more) in
        [(&mut chain.sources, &mut chain.more_sources), (&mut chain.followers, &mut chain.more_followers)]
    {
        *more |= stops.len() > SHOWN_STOPS;
        stops.truncate(SHOWN_STOPS);
    }
    Ok(chain)
}
