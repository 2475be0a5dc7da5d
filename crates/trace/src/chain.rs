//! The chain of a lot: where it came from and where it went, for the scan page and the officer's peek.

use std::collections::{BTreeMap, BTreeSet};

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_web::{Actor, House};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::graph::{Bounds, Enter};
use crate::live::LiveGraph;
use crate::model::{Lot, LotNo};
use crate::store::{lists, lots};

/// The most lots a chain shows in each direction; the workbench has no such bound.
pub const MOST: usize = 400;

/// A lot that this person may see: it is, or was sent by, something within their scope.
pub fn visible(tx: &mut Tx, who: &Actor, no: LotNo) -> Result<Option<Lot>> {
    let Some(found) = lots::taken(tx, no)? else { return Ok(None) };
    let scope = &who.scope;
    let held = scope.covers(&found.lot.division, Some(&found.lot.holder));
    let sent = scope.covers(&found.sender_division, Some(&found.sender));
    Ok((held || sent).then_some(found.lot))
}

/// One lot of a chain.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Node {
    pub lot: LotNo,
    pub product: String,
    pub product_name: String,
    pub batch: String,
    pub made: String,
    pub expires: String,
    pub holder: String,
    pub holder_name: String,
    pub holder_kind: String,
    pub division: String,
    /// stock, transit
    pub state: String,
    /// kind of the event that made it, and its date
    pub kind: String,
    pub at: String,
    pub amount: Option<i64>,
    pub on_hand: Option<i64>,
    pub unit: String,
    /// steps from the lot in question: negative towards the source
    pub depth: i64,
}

/// Where a lot came from and went.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Chain {
    pub lot: LotNo,
    /// Ascending by lot number: causes come before what came of them.
    pub nodes: Vec<Node>,
    /// (from, to)
    pub links: Vec<(LotNo, LotNo)>,
    /// Lots reached backward and forward in all, the lot itself not counted.
    pub sources: i64,
    pub followers: i64,
    /// More than the chain shows.
    pub cut: bool,
}

/// The chain of a lot, at most `most` lots each way.
pub fn of(tx: &mut Tx, house: &House, lot: LotNo, most: usize) -> Result<Chain> {
    let live = house.held::<LiveGraph>();
    live.catch_up(tx)?;
    let (depths, links, sources, followers, cut) = {
        let graph = live.read();
        let start = u32::try_from(lot).map_err(|_| Error::not_found("没有这个批次"))?;
        let bounds = Bounds { limit: most + 1, depth: u32::MAX };
        let back = graph.backward_within(&[start], bounds, |_| Enter::Pass)?;
        let ahead = graph.forward_within(&[start], bounds, |_| Enter::Pass)?;
        let shown: BTreeSet<u32> = back.lots.iter().chain(&ahead.lots).copied().collect();
        let mut links: Vec<(u32, u32)> = Vec::new();
        for &to in &shown {
            links.extend(
                graph.parents(to).into_iter().filter(|from| shown.contains(from)).map(|from| (from, to)),
            );
        }
        let depths = depths(start, &back.lots, &ahead.lots, &links);
        let cut = !(back.complete && ahead.complete);
        let (sources, followers) = if cut {
            (graph.backward(&[start])?.len() - 1, graph.forward(&[start])?.len() - 1)
        } else {
            (back.lots.len() - 1, ahead.lots.len() - 1)
        };
        (depths, links, sources, followers, cut)
    };
    let mut nodes = Vec::with_capacity(depths.len());
    let mut names: BTreeMap<String, parties::Brief> = BTreeMap::new();
    for (no, depth) in depths {
        let Some(row) = lists::lot(tx, i64::from(no))? else { continue };
        if !names.contains_key(&row.holder)
            && let Some(brief) = parties::brief(tx, &row.holder)?
        {
            names.insert(row.holder.clone(), brief);
        }
        nodes.push(node(row, depth, &names));
    }
    let wide = |(a, b): (u32, u32)| (i64::from(a), i64::from(b));
    Ok(Chain {
        lot,
        nodes,
        links: links.into_iter().map(wide).collect(),
        sources: sources as i64,
        followers: followers as i64,
        cut,
    })
}

fn node(row: lists::LotRow, depth: i64, names: &BTreeMap<String, parties::Brief>) -> Node {
    let brief = names.get(&row.holder);
    Node {
        holder_name: brief.map(|b| b.name.clone()).unwrap_or_default(),
        holder_kind: brief.map(|b| b.kind.clone()).unwrap_or_default(),
        lot: row.no,
        product: row.product,
        product_name: row.product_name,
        batch: row.batch,
        made: row.made,
        expires: row.expires,
        holder: row.holder,
        division: row.division,
        state: row.state,
        kind: row.kind,
        at: row.at,
        amount: row.amount,
        on_hand: row.on_hand,
        unit: row.unit,
        depth,
    }
}

/// Fewest steps from the start: negative backward, positive forward.
fn depths(start: u32, back: &[u32], ahead: &[u32], links: &[(u32, u32)]) -> BTreeMap<u32, i64> {
    let mut depths = BTreeMap::from([(start, 0)]);
    for (within, sign) in [(back, -1), (ahead, 1)] {
        let within: BTreeSet<u32> = within.iter().copied().collect();
        let mut edges: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for &(from, to) in links {
            let (near, far) = if sign < 0 { (to, from) } else { (from, to) };
            if within.contains(&near) && within.contains(&far) {
                edges.entry(near).or_default().push(far);
            }
        }
        let mut queue = std::collections::VecDeque::from([(start, 0)]);
        while let Some((lot, depth)) = queue.pop_front() {
            for &next in edges.get(&lot).map_or(&[][..], Vec::as_slice) {
                if next != start && !depths.contains_key(&next) {
                    depths.insert(next, depth + sign);
                    queue.push_back((next, depth + sign));
                }
            }
        }
    }
    depths
}
