//! Looking at a case: the walk, the facts, the picture.

use std::sync::Arc;

use kit_base::{Error, Kind, Result};
use kit_db::Tx;
use kit_web::{House, Scope};
use trace::graph::{Bounds, Enter, Graph, LotSet};
use trace::live::LiveGraph;
use trace::model::EventKind;

use crate::actions::{case, frozen};
use crate::model::{Case, Direction, View};
use crate::network::{Mark, Network};
use crate::rules::picture::{
    self, LotFact, Names, OUTSIDE, PartyFact, Picture, ProductFact, Summary, known_date, summary,
};
use crate::rules::seeds::{bound, may_lie_within};
use crate::store::{cases, scopes};
use crate::workbench::{Loaded, Of, Workbench};
use trace::store::facts::{self, RawLot, RawUse};

/// Most lots in one picture; the counts in the refusal are exact.
const MOST: usize = 3_000_000;
/// Most relations between deliveries.
const MOST_RELATIONS: usize = 5_000_000;

/// Whether what was shown a moment ago will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fresh {
    /// as the ledger is now
    Now,
    /// what was put together before, if it was: pages of a table, scores after a click
    Shown,
}

/// A case and its picture.
///
/// Errors: not found; `picture_too_large`; those of dates in the view.
pub fn load(
    tx: &mut Tx,
    house: &House,
    scope: &Scope,
    id: &str,
    view: &View,
    fresh: Fresh,
) -> Result<(Case, Arc<Loaded>)> {
    let case = case(tx, scope, id)?;
    let bench = house.try_held::<Workbench>().unwrap_or_default();
    if let Some(frozen) = frozen_of(&case, view) {
        let frozen = scopes::by_id(tx, &frozen)?.filter(|s| s.investigation == case.id);
        let hash = frozen.ok_or_else(|| Error::not_found("没有这个固定范围"))?.hash;
        let loaded = bench.get(Of::Frozen(hash.clone()), 0, || open_frozen(house, &hash))?;
        return Ok((case, loaded));
    }
    if let Some(hash) = case.network.clone() {
        let loaded = bench.get(Of::File(hash.clone()), 0, || open_file(house, &hash))?;
        return Ok((case, loaded));
    }
    let live = house.held::<LiveGraph>();
    live.catch_up(tx)?;
    let event = match fresh {
        Fresh::Now => live.read().last_event() as i64,
        Fresh::Shown => 0,
    };
    let of = Of::Ledger { case: case.id.clone(), changed: case.updated_at, view: view.clone() };
    let loaded = bench.get(of, event, || {
        let seeds = match &view.seeds {
            Some(seeds) => chosen(seeds, &cases::seeds(tx, &case.id)?)?,
            None => cases::seeds(tx, &case.id)?,
        };
        let picture = build(tx, &live, &seeds, view)?;
        Ok(of_picture(picture))
    })?;
    Ok((case, loaded))
}

/// The scope that is looked at: the one asked for, or the last one where the case takes no more changes.
fn frozen_of(case: &Case, view: &View) -> Option<String> {
    let asked = view.scope.clone().filter(|s| !s.is_empty());
    let last = || case.scope.as_ref().filter(|_| case.state != "open").map(|s| s.id.clone());
    asked.or_else(last)
}

/// The part of a picture nearest to its start: numbers of at most `most` deliveries.
pub fn nearest(house: &House, picture: &Picture, direction: Direction, most: usize) -> Result<LotSet> {
    let all: LotSet = picture.deliveries().map(|lot| lot.no).collect();
    let live = house.held::<LiveGraph>();
    let graph = live.read();
    let mut near = LotSet::default();
    for distance in 1.. {
        let view = View { direction, distance: Some(distance), ..View::default() };
        let walked = walk(&graph, &picture.seeds, &view)?;
        let here: Vec<u32> = walked.lots.into_iter().filter(|lot| all.contains(*lot)).collect();
        if here.len() > most {
            // of the last step the first, so that something is seen even where one step is too many
            let room = most.saturating_sub(near.iter().count());
            let more: Vec<u32> = here.into_iter().filter(|lot| !near.contains(*lot)).take(room).collect();
            more.into_iter().for_each(|lot| {
                near.insert(lot);
            });
            break;
        }
        near = LotSet::of(&here);
        if walked.complete {
            break;
        }
    }
    Ok(near)
}

/// A part of the lots that a case starts from.
fn chosen(wanted: &[i64], seeds: &[i64]) -> Result<Vec<i64>> {
    let mut wanted = wanted.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    match wanted.iter().find(|no| seeds.binary_search(no).is_err()) {
        Some(no) => {
            let message = format!("批次 {no} 不是本排查的起点，请先加为起点");
            Err(Error::invalid("seeds", "seed_unknown", message))
        }
        None => Ok(wanted),
    }
}

fn of_picture(picture: Picture) -> Loaded {
    let (summary, network) = (summary(&picture), picture::network(&picture));
    Loaded { picture, summary, network }
}

fn open_frozen(house: &House, hash: &str) -> Result<Loaded> {
    let file =
        house.files.get(hash)?.ok_or_else(|| Error::internal(format!("frozen scope {hash} is gone")))?;
    match frozen::read(file)? {
        frozen::Content::Picture(picture) => Ok(of_picture(*picture)),
        frozen::Content::Network(hash) => open_file(house, &hash),
    }
}

fn open_file(house: &House, hash: &str) -> Result<Loaded> {
    let file =
        house.files.get(hash)?.ok_or_else(|| Error::internal(format!("network file {hash} is gone")))?;
    let network = Network::read(file)?;
    Ok(Loaded { picture: Picture::default(), summary: Summary::default(), network })
}

/// The network without the marks its file brought: the marks of the case stand in their place.
pub fn unmarked(network: &Network) -> Network {
    let mut network = network.clone();
    network.stations.iter_mut().for_each(|s| s.mark = Mark::default());
    network.deliveries.iter_mut().for_each(|d| d.mark = Mark::default());
    network
}

/// Where a walk came, before anything is read.
struct Walked {
    lots: Vec<u32>,
    sources: i64,
    followers: i64,
    complete: bool,
    event: i64,
    all: u32,
}

/// Walks the graph from the seeds and reads what was reached. The graph is let go of while the database is read.
pub fn build(tx: &mut Tx, live: &LiveGraph, seeds: &[i64], view: &View) -> Result<Picture> {
    let starts: Vec<u32> = seeds.iter().filter_map(|&no| u32::try_from(no).ok()).collect();
    let walked = walk(&live.read(), &starts, view)?;
    if walked.lots.len() > MOST {
        let message =
            format!("从起点到达 {} 批，超过一次能展开的 {MOST} 批，请减少起点或限制步数", walked.lots.len());
        return Err(Error::new(Kind::TooLarge, "picture_too_large", message).at("view"));
    }
    let mut gathering = Gathering::new(view)?;
    let merged = parties::merged(tx)?;
    facts::lots(tx, &walked.lots, &mut |mut raw| {
        as_they_stand(&mut raw, &merged);
        gathering.lot(raw);
        Ok(())
    })?;
    let mut picture = gathering.finish(tx, view)?;
    picture.seeds = starts;
    picture.event = walked.event;
    (picture.reached, picture.sources, picture.followers) =
        (walked.lots.len() as i64, walked.sources, walked.followers);
    picture.complete = walked.complete;
    add_uses(tx, &mut picture, walked.all)?;
    relate(&live.read(), &mut picture, &LotSet::of(&walked.lots))?;
    Ok(picture)
}

/// Records that were merged are shown as the business that stands for them.
fn as_they_stand(raw: &mut RawLot, merged: &std::collections::HashMap<String, String>) {
    if merged.is_empty() {
        return;
    }
    for id in [Some(&mut raw.holder), Some(&mut raw.party), raw.counterpart.as_mut()].into_iter().flatten() {
        if let Some(standing) = merged.get(id.as_str()) {
            id.clone_from(standing);
        }
    }
}

fn walk(graph: &Graph, seeds: &[u32], view: &View) -> Result<Walked> {
    let bounds = Bounds { limit: usize::MAX, depth: view.distance.unwrap_or(u32::MAX) };
    let nowhere = || trace::graph::Reach { lots: seeds.to_vec(), complete: true };
    let back = match view.direction {
        Direction::Forward => nowhere(),
        _ => graph.backward_within(seeds, bounds, |_| Enter::Pass)?,
    };
    let ahead = match view.direction {
        Direction::Backward => nowhere(),
        _ => graph.forward_within(seeds, bounds, |_| Enter::Pass)?,
    };
    let beyond = |found: &[u32]| (found.len() - seeds.len()) as i64;
    Ok(Walked {
        sources: beyond(&back.lots),
        followers: beyond(&ahead.lots),
        complete: back.complete && ahead.complete,
        lots: merged(&back.lots, &ahead.lots),
        event: graph.last_event() as i64,
        all: graph.lots(),
    })
}

/// Both, ascending, each once.
fn merged(a: &[u32], b: &[u32]) -> Vec<u32> {
    let mut out = Vec::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (a.iter().copied().peekable(), b.iter().copied().peekable());
    loop {
        match (a.peek(), b.peek()) {
            (Some(x), Some(y)) if x == y => {
                b.next();
            }
            (Some(x), Some(y)) if x < y => out.extend(a.next()),
            (_, Some(_)) => out.extend(b.next()),
            (Some(_), None) => out.extend(a.next()),
            (None, None) => return out,
        }
    }
}

/// Rows on their way into a picture; names are kept once.
struct Gathering {
    from: String,
    until: String,
    lots: Vec<LotFact>,
    parties: Names,
    products: Names,
    batches: Names,
}

impl Gathering {
    fn new(view: &View) -> Result<Self> {
        Ok(Self {
            from: bound(view.from.as_deref().unwrap_or(""), "from")?,
            until: bound(view.until.as_deref().unwrap_or(""), "until")?,
            lots: Vec::new(),
            parties: Names::default(),
            products: Names::default(),
            batches: Names::default(),
        })
    }

    fn lot(&mut self, raw: RawLot) {
        if !may_lie_within(&raw.at, &self.from, &self.until) {
            return;
        }
        // what was received came from the other side; everything else is the act of the party itself
        let sender = match (raw.kind, &raw.counterpart) {
            (EventKind::Receive, Some(id)) if !raw.transit => self.parties.place(id),
            (EventKind::Receive, None) if !raw.counterpart_name.is_empty() => {
                self.parties.place(&format!("{OUTSIDE}{}", raw.counterpart_name))
            }
            _ => self.parties.place(&raw.party),
        };
        self.lots.push(LotFact {
            no: raw.no,
            event: raw.event,
            product: self.products.place(&raw.product),
            holder: self.parties.place(&raw.holder),
            sender,
            batch: self.batches.place(&raw.batch),
            kind: raw.kind,
            transit: raw.transit,
            delivery: raw.transit,
            unit: raw.unit,
            at: known_date(&raw.at),
            arrival: raw.network_doc.as_deref().and_then(told_arrival),
            made: known_date(&raw.made),
            expires: known_date(&raw.expires),
            amount: raw.amount,
            on_hand: raw.on_hand,
            gone: picture::Gone::default(),
            corrected: raw.corrected,
        });
    }

    /// Reads the names, and leaves out lots of holders that are not wanted.
    fn finish(self, tx: &mut Tx, view: &View) -> Result<Picture> {
        let parties = named_parties(tx, &self.parties.list)?;
        let wanted: Vec<bool> = parties
            .iter()
            .map(|p| {
                (view.kinds.is_empty() || view.kinds.contains(&p.kind))
                    && (view.divisions.is_empty() || view.divisions.iter().any(|d| p.division.starts_with(d)))
            })
            .collect();
        let mut lots = self.lots;
        lots.retain(|lot| wanted[lot.holder as usize]);
        let products = named_products(tx, &self.products.list)?;
        Ok(Picture { lots, parties, products, batches: self.batches.list, ..Picture::default() })
    }
}

/// The arrival that the file of a network told: nobody here accepted such a delivery.
fn told_arrival(doc: &str) -> Option<kit_base::PartialDate> {
    let doc: serde_json::Value = serde_json::from_str(doc).ok()?;
    known_date(doc["arrival"].as_str()?)
}

/// Facts in the order of the ids; one that is not known keeps its id as its name.
fn named_parties(tx: &mut Tx, ids: &[String]) -> Result<Vec<PartyFact>> {
    let unknown = |id: &String| PartyFact {
        id: id.clone(),
        name: id.strip_prefix(OUTSIDE).unwrap_or(id).to_owned(),
        ..PartyFact::default()
    };
    let mut out: Vec<PartyFact> = ids.iter().map(unknown).collect();
    let places: std::collections::HashMap<&str, usize> =
        ids.iter().enumerate().map(|(i, id)| (id.as_str(), i)).collect();
    for found in parties::store::facts::parties(tx, ids)? {
        if let Some(&at) = places.get(found.id.as_str()) {
            out[at] = found;
        }
    }
    Ok(out)
}

fn named_products(tx: &mut Tx, ids: &[String]) -> Result<Vec<ProductFact>> {
    let unknown = |id: &String| ProductFact { id: id.clone(), name: id.clone(), ..ProductFact::default() };
    let mut out: Vec<ProductFact> = ids.iter().map(unknown).collect();
    let places: std::collections::HashMap<&str, usize> =
        ids.iter().enumerate().map(|(i, id)| (id.as_str(), i)).collect();
    for found in facts::products(tx, ids)? {
        if let Some(&at) = places.get(found.id.as_str()) {
            out[at] = found;
        }
    }
    Ok(out)
}

/// What became of each lot.
fn add_uses(tx: &mut Tx, picture: &mut Picture, all: u32) -> Result<()> {
    let numbers: Vec<u32> = picture.lots.iter().map(|lot| lot.no).collect();
    let first = picture.lots.iter().map(|lot| lot.event).min().unwrap_or(0);
    let (events, lots) = ((first, picture.event), &mut picture.lots);
    facts::uses(tx, &numbers, all, events, &mut |taken| {
        if let Ok(at) = numbers.binary_search(&taken.lot) {
            add_use(&mut lots[at], &taken);
        }
        Ok(())
    })
}

fn add_use(lot: &mut LotFact, taken: &RawUse) {
    use EventKind as K;
    let gone = &mut lot.gone;
    gone.difference += taken.difference.unwrap_or(0);
    if taken.kind == K::Receive && lot.transit {
        lot.arrival = known_date(&taken.at);
    }
    let Some(amount) = taken.amount else {
        // an observation takes nothing
        gone.unknown |= taken.kind != K::Observe;
        return;
    };
    match taken.kind {
        K::Ship | K::Return => gone.shipped += amount,
        K::Sell => gone.sold += amount,
        K::Loss => gone.lost += amount,
        K::Destroy => gone.destroyed += amount,
        _ => gone.used += amount,
    }
}

/// What was bought from outside is a delivery too; then which delivery went into which.
fn relate(graph: &Graph, picture: &mut Picture, within: &LotSet) -> Result<()> {
    for lot in picture.lots.iter_mut().filter(|l| l.kind == EventKind::Receive && !l.transit) {
        lot.delivery = lot.sender != lot.holder && graph.parents(lot.no).is_empty();
    }
    let marked: LotSet = picture.deliveries().map(|lot| lot.no).collect();
    let found = graph.contract(&marked, MOST_RELATIONS, |lot| within.contains(lot))?;
    if !found.complete {
        let message = "批次之间的关系太多，请限制步数或减少起点";
        return Err(Error::new(Kind::TooLarge, "picture_too_large", message).at("view"));
    }
    picture.relations = found.relations;
    Ok(())
}
