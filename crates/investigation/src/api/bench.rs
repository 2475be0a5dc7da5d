//! The workbench: picture, tables, network, scores.

use std::collections::{BTreeMap, HashSet};

use kit_base::Result;
use kit_db::Tx;
use kit_web::{Ask, Cx, Json, Page, Route, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{IdPath, READ};
use crate::actions::look::{Fresh, load, nearest};
use crate::actions::marks;
use crate::model::{MarkGroup, Marks, View};
use crate::network::Mark;
use crate::rules::picture::{self, Bin, Business, County, LotRow, MoveRow, PageAsk, Sums, pair_parties};
use crate::rules::{CommonLinks, Score};
use crate::workbench::Loaded;

/// Deliveries that a drawing shows at most, where nothing is said and in any case.
const DRAWN: usize = 3_000;
const MOST_DRAWN: usize = 20_000;
/// Businesses and pairs in the answer of a view.
const LISTED: usize = 500;
const MOST_LISTED: usize = 5_000;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/investigations/{id}/network", READ, "排查的网络图", network),
        Route::ask("/api/investigations/{id}/view", READ, "排查的全貌", view),
        Route::ask("/api/investigations/{id}/view/lots", READ, "排查的批次表", lots),
        Route::ask("/api/investigations/{id}/view/businesses", READ, "排查的主体表", businesses),
        Route::ask("/api/investigations/{id}/view/moves", READ, "排查的流转表", moves),
        Route::ask("/api/investigations/{id}/score", READ, "疫情评分", score),
    ]
}

#[derive(Deserialize, JsonSchema)]
struct ViewAsk {
    #[serde(flatten)]
    view: View,
    /// businesses and pairs in the answer: 500 where it is not said, at most 5,000
    limit: Option<usize>,
}

/// How far a walk went. Counts are exact, whatever is listed.
#[derive(Serialize, JsonSchema)]
struct Counts {
    /// lots reached, and of them within the filters
    reached: i64,
    shown: i64,
    /// lots it starts from, and lots beyond them each way
    seeds: i64,
    sources: i64,
    followers: i64,
    businesses: i64,
    deliveries: i64,
    relations: i64,
}

#[derive(Serialize, JsonSchema)]
struct PairRow {
    from: String,
    to: String,
    deliveries: i64,
    /// base units, of what is known
    g: i64,
    ml: i64,
    pc: i64,
    unknown_amount: i64,
    first: String,
    last: String,
}

#[derive(Serialize, JsonSchema)]
struct ViewAnswer {
    /// last event of the ledger that was seen
    event: i64,
    counts: Counts,
    /// false where the distance left something out
    complete: bool,
    totals: Vec<Sums>,
    counties: Vec<County>,
    timeline: Vec<Bin>,
    /// lots whose date is not known to the month
    undated: i64,
    /// most lots first
    stations: Vec<Business>,
    /// from business to business, most first
    deliveries: Vec<PairRow>,
    simulated: bool,
}

async fn view(cx: Cx, ask: Ask<IdPath, (), Json<ViewAsk>>) -> Result<Json<ViewAnswer>> {
    let ViewAsk { view, limit } = ask.body.0;
    let limit = limit.unwrap_or(LISTED).min(MOST_LISTED);
    let read = cx.read(move |tx, cx| {
        let loaded = load(tx, &cx.house, &cx.who.scope, &ask.path.id, &view, Fresh::Now)?.1;
        Ok(answer(&loaded, &cx.who.scope, limit))
    });
    read.await.map(Json)
}

fn answer(loaded: &Loaded, scope: &Scope, limit: usize) -> ViewAnswer {
    let (picture, summary) = (&loaded.picture, &loaded.summary);
    let date = |d: Option<kit_base::PartialDate>| d.map(|d| d.to_string()).unwrap_or_default();
    let pair = |p: &picture::Pair| {
        let (from, to) = pair_parties(picture, p);
        PairRow {
            from: from.to_owned(),
            to: to.to_owned(),
            deliveries: p.deliveries,
            g: p.amounts[0],
            ml: p.amounts[1],
            pc: p.amounts[2],
            unknown_amount: p.unknown_amount,
            first: date(p.first),
            last: date(p.last),
        }
    };
    ViewAnswer {
        event: picture.event,
        counts: Counts {
            reached: picture.reached,
            shown: picture.lots.len() as i64,
            seeds: picture.seeds.len() as i64,
            sources: picture.sources,
            followers: picture.followers,
            businesses: summary.places.len() as i64,
            deliveries: summary.deliveries,
            relations: picture.relations.len() as i64,
        },
        complete: picture.complete,
        totals: summary.totals.clone(),
        counties: summary.counties.clone(),
        timeline: summary.timeline.clone(),
        undated: summary.undated,
        stations: summary.places.iter().take(limit).map(|p| Business::of(picture, p, scope)).collect(),
        deliveries: summary.pairs.iter().take(limit).map(pair).collect(),
        simulated: picture.simulated(),
    }
}

#[derive(Deserialize, JsonSchema)]
struct TableAsk {
    #[serde(flatten)]
    view: View,
    #[serde(flatten)]
    page: PageAsk,
}

async fn lots(cx: Cx, ask: Ask<IdPath, (), Json<TableAsk>>) -> Result<Json<Page<LotRow>>> {
    let TableAsk { view, page } = ask.body.0;
    let read = cx.read(move |tx, cx| {
        let loaded = load(tx, &cx.house, &cx.who.scope, &ask.path.id, &view, Fresh::Shown)?.1;
        picture::lots(&loaded.picture, &page)
    });
    read.await.map(Json)
}

async fn businesses(cx: Cx, ask: Ask<IdPath, (), Json<TableAsk>>) -> Result<Json<Page<Business>>> {
    let TableAsk { view, page } = ask.body.0;
    let read = cx.read(move |tx, cx| {
        let loaded = load(tx, &cx.house, &cx.who.scope, &ask.path.id, &view, Fresh::Shown)?.1;
        let scores = scores_for(tx, cx, &ask.path.id, &view, &page)?.0;
        picture::businesses(&loaded.picture, &loaded.summary, &scores, &cx.who.scope, &page)
    });
    read.await.map(Json)
}

async fn moves(cx: Cx, ask: Ask<IdPath, (), Json<TableAsk>>) -> Result<Json<Page<MoveRow>>> {
    let TableAsk { view, page } = ask.body.0;
    let read = cx.read(move |tx, cx| {
        let loaded = load(tx, &cx.house, &cx.who.scope, &ask.path.id, &view, Fresh::Shown)?.1;
        let scores = scores_for(tx, cx, &ask.path.id, &view, &page)?.1;
        picture::moves(&loaded.picture, &scores, &page)
    });
    read.await.map(Json)
}

/// Scores of stations and deliveries under the kept marks, where the order asks for them; a station of a group has the
/// group's.
fn scores_for(
    tx: &mut Tx,
    cx: &Cx,
    id: &str,
    view: &View,
    page: &PageAsk,
) -> Result<(picture::ScoreOf, picture::ScoreOf)> {
    if !page.by_score() {
        return Ok(Default::default());
    }
    let scores = marks::scores(tx, cx, id, view, None)?;
    let by_id =
        |list: Vec<Score>| -> picture::ScoreOf { list.into_iter().map(|s| (s.id, s.score)).collect() };
    let (mut stations, deliveries) = (by_id(scores.stations), by_id(scores.deliveries));
    for group in marks::of_case(tx, cx, &cx.who.scope, id)?.1.groups {
        let Some(&score) = stations.get(&group.id) else { continue };
        stations.extend(group.stations.into_iter().map(|station| (station, score)));
    }
    Ok((stations, deliveries))
}

#[derive(Deserialize, JsonSchema)]
struct NetworkQuery {
    /// a frozen scope of the case
    scope: Option<String>,
    /// deliveries in the answer: 3,000 where it is not said, at most 20,000
    limit: Option<usize>,
}

#[derive(Serialize, JsonSchema)]
struct DrawnDelivery {
    id: String,
    from: String,
    to: String,
    product: String,
    batch: String,
    departure: String,
    arrival: String,
    /// base units; null unknown
    amount: Option<i64>,
    unit: String,
    /// null in a network of a file
    lot: Option<i64>,
}

#[derive(Serialize, JsonSchema)]
struct DrawnRelation {
    from: String,
    into: String,
}

/// What is drawn: the part nearest to the start where there is more than can be drawn.
#[derive(Serialize, JsonSchema)]
struct NetworkAnswer {
    stations: Vec<Business>,
    deliveries: Vec<DrawnDelivery>,
    relations: Vec<DrawnRelation>,
    truncated: bool,
    /// in all
    stations_count: i64,
    deliveries_count: i64,
    /// last event of the ledger that was seen
    event: i64,
}

async fn network(cx: Cx, ask: Ask<IdPath, NetworkQuery>) -> Result<Json<NetworkAnswer>> {
    let NetworkQuery { scope, limit } = ask.query;
    let limit = limit.unwrap_or(DRAWN).min(MOST_DRAWN);
    let read = cx.read(move |tx, cx| {
        let view = View { scope, ..View::default() };
        let (case, loaded) = load(tx, &cx.house, &cx.who.scope, &ask.path.id, &view, Fresh::Now)?;
        match case.source.as_str() {
            "network" => Ok(drawn_file(&loaded)),
            _ => drawn_picture(cx, &loaded, limit),
        }
    });
    read.await.map(Json)
}

fn drawn_picture(cx: &Cx, loaded: &Loaded, limit: usize) -> Result<NetworkAnswer> {
    let (picture, summary) = (&loaded.picture, &loaded.summary);
    let truncated = summary.deliveries as usize > limit;
    let near = match truncated {
        true => Some(nearest(&cx.house, picture, crate::model::Direction::Both, limit)?),
        false => None,
    };
    let shown = |lot: u32| near.as_ref().is_none_or(|set| set.contains(lot));
    let drawn: Vec<MoveRow> =
        picture.deliveries().filter(|l| shown(l.no)).map(|l| MoveRow::of(picture, l)).collect();
    let ends: HashSet<&str> = drawn.iter().flat_map(|m| [m.from.as_str(), m.to.as_str()]).collect();
    let wanted = |place: &&picture::Place| {
        !truncated || place.seeds > 0 || ends.contains(picture.parties[place.party as usize].id.as_str())
    };
    let stations = summary.places.iter().filter(wanted).map(|p| Business::of(picture, p, &cx.who.scope));
    let relations = picture.relations.iter().filter(|(a, b)| shown(*a) && shown(*b));
    Ok(NetworkAnswer {
        stations: stations.collect(),
        relations: relations
            .map(|(a, b)| DrawnRelation { from: a.to_string(), into: b.to_string() })
            .collect(),
        deliveries: drawn.into_iter().map(drawn_move).collect(),
        truncated,
        stations_count: summary.places.len() as i64,
        deliveries_count: summary.deliveries,
        event: picture.event,
    })
}

fn drawn_move(m: MoveRow) -> DrawnDelivery {
    DrawnDelivery {
        id: m.id,
        from: m.from,
        to: m.to,
        product: m.product,
        batch: m.batch,
        departure: m.departure,
        arrival: m.arrival,
        amount: m.amount,
        unit: m.unit,
        lot: Some(m.lot),
    }
}

/// A network file knows names and dates; what it does not know stays unknown.
fn drawn_file(loaded: &Loaded) -> NetworkAnswer {
    let network = &loaded.network;
    let date = |d: Option<kit_base::PartialDate>| d.map(|d| d.to_string()).unwrap_or_default();
    let (mut into, mut out): (BTreeMap<&str, i64>, BTreeMap<&str, i64>) = Default::default();
    for d in &network.deliveries {
        *into.entry(&d.to).or_default() += 1;
        *out.entry(&d.from).or_default() += 1;
    }
    let station = |s: &crate::network::Station| Business {
        id: s.id.clone(),
        party: None,
        name: if s.name.is_empty() { s.id.clone() } else { s.name.clone() },
        kind: String::new(),
        division: String::new(),
        division_name: String::new(),
        lon: None,
        lat: None,
        outside: true,
        lots: 0,
        seeds: 0,
        into: into.get(s.id.as_str()).copied().unwrap_or(0),
        out: out.get(s.id.as_str()).copied().unwrap_or(0),
        unit: "g".to_owned(),
        on_hand: None,
        sold: None,
        unaccounted: None,
        sums: Vec::new(),
        simulated: false,
    };
    let delivery = |d: &crate::network::Delivery| DrawnDelivery {
        id: d.id.clone(),
        from: d.from.clone(),
        to: d.to.clone(),
        product: d.product.clone(),
        batch: String::new(),
        departure: date(d.departure),
        arrival: date(d.arrival),
        amount: None,
        unit: "g".to_owned(),
        lot: None,
    };
    let relation =
        |r: &crate::network::Relation| DrawnRelation { from: r.from.clone(), into: r.into.clone() };
    NetworkAnswer {
        stations: network.stations.iter().map(station).collect(),
        deliveries: network.deliveries.iter().map(delivery).collect(),
        relations: network.relations.iter().map(relation).collect(),
        truncated: false,
        stations_count: network.stations.len() as i64,
        deliveries_count: network.deliveries.len() as i64,
        event: 0,
    }
}

/// Marks that are not kept yet; left out altogether, those of the case hold.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
struct ScoreAsk {
    stations: Option<BTreeMap<String, Mark>>,
    deliveries: Option<BTreeMap<String, Mark>>,
    groups: Option<Vec<MarkGroup>>,
    enforce_temporal_order: Option<bool>,
    view: View,
    /// leaves out what has neither a score nor lies forward or backward of the observed: on a large network nearly all
    sparse: bool,
}

impl ScoreAsk {
    fn marks(&mut self) -> Option<Marks> {
        let (stations, deliveries, groups) =
            (self.stations.take(), self.deliveries.take(), self.groups.take());
        let timed = self.enforce_temporal_order;
        let given = stations.is_some() || deliveries.is_some() || groups.is_some() || timed.is_some();
        given.then(|| Marks {
            stations: stations.unwrap_or_default(),
            deliveries: deliveries.unwrap_or_default(),
            groups: groups.unwrap_or_default(),
            enforce_temporal_order: timed.unwrap_or(true),
        })
    }
}

#[derive(Serialize, JsonSchema)]
struct ScoreAnswer {
    /// by station id; a group by its own id; all of them, unless `sparse` was asked for
    stations: BTreeMap<String, Score>,
    deliveries: BTreeMap<String, Score>,
    /// 共同环节: what every positive case is or goes back to
    common: CommonLinks,
    /// elements with a positive weight
    cases: u32,
}

async fn score(cx: Cx, ask: Ask<IdPath, (), Json<ScoreAsk>>) -> Result<Json<ScoreAnswer>> {
    let mut asked = ask.body.0;
    let marks = asked.marks();
    let read = cx.read(move |tx, cx| {
        let scores = marks::scores(tx, cx, &ask.path.id, &asked.view, marks)?;
        let told = |s: &Score| !asked.sparse || s.says_something();
        let by_id = |list: Vec<Score>| list.into_iter().filter(told).map(|s| (s.id.clone(), s)).collect();
        let common = scores.common_links();
        Ok(ScoreAnswer {
            cases: scores.cases,
            common,
            stations: by_id(scores.stations),
            deliveries: by_id(scores.deliveries),
        })
    });
    read.await.map(Json)
}
