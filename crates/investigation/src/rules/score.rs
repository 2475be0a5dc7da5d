//! Outbreak scores (疫情评分): how much of the marked weight lies forward of each station and delivery.
//!
//! F(x) is everything reachable forward of x. A delivery reaches its recipient and what it went into; a station reaches
//! what leaves it, and so on. Cross-contamination adds feedings (see `feeds`), killing takes them away: a killed
//! delivery does not even reach its recipient. Then, each weight counted once however many paths lead to it:
//!
//! ```text
//! score(x)    = (own weight + weights in F(x)) / max(Σ positive, |Σ negative|)
//! positive(x) = the same with positive weights only, over Σ positive; negative(x) likewise, both 0 to 1
//! normalized  = score / largest |score| of all
//! ```
//!
//! One backward search from each weighted element gives all of it. Source: issue text, after FoodChain-Lab (BfR).

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::Read;

use kit_base::{Error, Result};

use super::feeds::{Feeds, Move, Moves};
use super::scores::{Score, Scores};
use crate::network::{Group, Mark, Network, check_groups, refuse, weight_is_valid};

/// What an investigator chose on top of a network.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// 按时间先后: cross-contamination respects dates
    pub enforce_temporal_order: bool,
    /// stations that count as one; replaces those of the network
    pub groups: Vec<Group>,
    /// marks by station or group id, in place of the network's
    pub stations: BTreeMap<String, Mark>,
    /// marks by delivery id, in place of the network's
    pub deliveries: BTreeMap<String, Mark>,
}

impl Settings {
    /// As the network says.
    pub fn of(network: &Network) -> Self {
        Self {
            enforce_temporal_order: network.enforce_temporal_order,
            groups: network.groups.clone(),
            ..Self::default()
        }
    }
}

/// Reads a network file and scores it as it says. Errors: those of [`Network::read`].
pub fn investigate_file(reader: impl Read) -> Result<Scores> {
    let network = Network::read(reader)?;
    score(&network, &Settings::of(&network))
}

/// The scores of every station and delivery.
///
/// Errors: those of [`Network::check`] for groups and marks of the settings (`settings/…`), and `station_unknown` or
/// `delivery_unknown` for what the network itself refers to wrongly.
pub fn score(network: &Network, settings: &Settings) -> Result<Scores> {
    check_settings(network, settings)?;
    let (names, net) = number(network, settings)?;
    let feeds = Feeds::of(&net);
    let mut tally = Tally::new(&net, &feeds);
    tally.weigh();
    tally.observe();
    Ok(tally.finish(names, network))
}

fn check_settings(network: &Network, settings: &Settings) -> Result<()> {
    let mut defects = Vec::new();
    let mut tell = |place: String, code: &'static str, message: String| {
        defects.push(kit_base::Defect { place: format!("settings/{place}"), code: code.into(), message });
    };
    let stations: HashSet<&str> = network.stations.iter().map(|s| s.id.as_str()).collect();
    check_groups(&settings.groups, &stations, &mut tell);
    let groups: HashSet<&str> = settings.groups.iter().map(|g| g.id.as_str()).collect();
    let deliveries: HashSet<&str> = network.deliveries.iter().map(|d| d.id.as_str()).collect();
    let known_station = |id: &str| stations.contains(id) || groups.contains(id);
    for (id, mark) in &settings.stations {
        if !known_station(id) {
            tell(format!("stations/{id}"), "station_unknown", format!("站点“{id}”不存在"));
        }
        if !weight_is_valid(mark.weight) {
            tell(format!("stations/{id}/weight"), "weight_invalid", format!("站点“{id}”的权重不是有效数字"));
        }
    }
    for (id, mark) in &settings.deliveries {
        if !deliveries.contains(id.as_str()) {
            tell(format!("deliveries/{id}"), "delivery_unknown", format!("交货“{id}”不存在"));
        }
        if !weight_is_valid(mark.weight) {
            tell(
                format!("deliveries/{id}/weight"),
                "weight_invalid",
                format!("交货“{id}”的权重不是有效数字"),
            );
        }
    }
    refuse(defects)
}

/// Merges groups and replaces ids by numbers: names of the stations, and the network in numbers.
fn number(network: &Network, settings: &Settings) -> Result<(Vec<String>, Moves)> {
    let group_of: HashMap<&str, &str> = settings
        .groups
        .iter()
        .flat_map(|group| group.stations.iter().map(|station| (station.as_str(), group.id.as_str())))
        .collect();
    let merged = |id: &'_ str| -> String { group_of.get(id).copied().unwrap_or(id).to_owned() };
    let mut names: Vec<String> = Vec::new();
    let mut marks: Vec<Mark> = Vec::new();
    let mut numbers: HashMap<String, u32> = HashMap::new();
    for station in &network.stations {
        let mark = settings.stations.get(&station.id).unwrap_or(&station.mark);
        let name = merged(&station.id);
        let number = *numbers.entry(name).or_insert_with_key(|name| {
            names.push(name.clone());
            marks.push(Mark::default());
            names.len() as u32 - 1
        });
        add_mark(&mut marks[number as usize], mark);
    }
    for group in &settings.groups {
        // a mark on the group itself stands for all its stations
        if let (Some(mark), Some(&number)) = (settings.stations.get(&group.id), numbers.get(&group.id)) {
            marks[number as usize] = *mark;
        }
    }
    let station = |id: &str| {
        let unknown = || Error::invalid("deliveries", "station_unknown", format!("站点“{id}”不存在"));
        numbers.get(group_of.get(id).copied().unwrap_or(id)).copied().ok_or_else(unknown)
    };
    let mut moves = Vec::with_capacity(network.deliveries.len());
    for delivery in &network.deliveries {
        moves.push(Move {
            from: station(&delivery.from)?,
            to: station(&delivery.to)?,
            departure: delivery.departure.or(delivery.arrival),
            arrival: delivery.arrival.or(delivery.departure),
            mark: *settings.deliveries.get(&delivery.id).unwrap_or(&delivery.mark),
        });
    }
    let relations = relations(network)?;
    let enforce_temporal_order = settings.enforce_temporal_order;
    Ok((names, Moves { stations: marks, moves, relations, enforce_temporal_order }))
}

fn relations(network: &Network) -> Result<Vec<(u32, u32)>> {
    let numbers: HashMap<&str, u32> = network.deliveries.iter().map(|d| d.id.as_str()).zip(0..).collect();
    let delivery = |id: &str| {
        let unknown = || Error::invalid("relations", "delivery_unknown", format!("交货“{id}”不存在"));
        numbers.get(id).copied().ok_or_else(unknown)
    };
    network.relations.iter().map(|r| Ok((delivery(&r.from)?, delivery(&r.into)?))).collect()
}

/// Stations of a group: weights add up, and what one of them does the group does.
fn add_mark(sum: &mut Mark, mark: &Mark) {
    sum.weight += mark.weight;
    sum.cross_contamination |= mark.cross_contamination;
    sum.kill_contamination |= mark.kill_contamination;
    sum.observed |= mark.observed;
}

/// Sums for one element.
#[derive(Clone, Copy, Default)]
struct Sum {
    positive: f64,
    negative: f64,
    cases: u32,
    forward: bool,
    backward: bool,
}

impl Sum {
    fn add(&mut self, weight: f64) {
        if weight > 0.0 {
            self.positive += weight;
            self.cases += 1;
        } else {
            self.negative -= weight;
        }
    }
}

/// The work on one network.
struct Tally<'n> {
    net: &'n Moves,
    feeds: &'n Feeds,
    stations: Vec<Sum>,
    moves: Vec<Sum>,
    total: Sum,
}

impl<'n> Tally<'n> {
    fn new(net: &'n Moves, feeds: &'n Feeds) -> Self {
        let (stations, moves) =
            (vec![Sum::default(); net.stations.len()], vec![Sum::default(); net.moves.len()]);
        Self { net, feeds, stations, moves, total: Sum::default() }
    }

    /// One backward search from each weighted element.
    fn weigh(&mut self) {
        let mut search = Search::new(self.feeds.nodes());
        for (station, mark) in (0_u32..).zip(&self.net.stations) {
            if mark.weight != 0.0 {
                search.run(&self.reaching_station(station), |node| self.feeds.prev(node));
                self.count(&search.reached, mark.weight, Some(station));
            }
        }
        for (i, m) in (0_u32..).zip(&self.net.moves) {
            if m.mark.weight != 0.0 {
                // the move itself is in: own weight counts, and so does that of the station it leaves
                search.run(&[i], |node| self.feeds.prev(node));
                self.count(&search.reached, m.mark.weight, None);
            }
        }
    }

    /// The moves that bring something to a station.
    fn reaching_station(&self, station: u32) -> Vec<u32> {
        let arrives = |i: &u32| !self.net.moves[*i as usize].mark.kill_contamination;
        self.feeds.incoming(station).iter().copied().filter(arrives).collect()
    }

    /// Gives the weight to the moves reached, to the stations that send them, and to the weighted station itself.
    fn count(&mut self, reached: &[u32], weight: f64, own: Option<u32>) {
        self.total.add(weight);
        let mut senders: BTreeSet<u32> = own.into_iter().collect();
        for &node in reached.iter().filter(|node| **node < self.feeds.moves) {
            self.moves[node as usize].add(weight);
            let from = self.net.moves[node as usize].from;
            if !self.net.stations[from as usize].kill_contamination {
                senders.insert(from);
            }
        }
        for station in senders {
            self.stations[station as usize].add(weight);
        }
    }

    /// Flags what lies forward and backward of the observed elements.
    fn observe(&mut self) {
        let (net, feeds) = (self.net, self.feeds);
        let observed: Vec<u32> = (0..feeds.moves).filter(|i| net.moves[*i as usize].mark.observed).collect();
        let places: Vec<u32> =
            (0_u32..).zip(&net.stations).filter(|(_, mark)| mark.observed).map(|(i, _)| i).collect();
        let leaving = places.iter().filter(|s| !net.stations[**s as usize].kill_contamination);
        let leaving: Vec<u32> = leaving.flat_map(|s| feeds.outgoing(*s)).copied().collect();
        let coming: Vec<u32> = places.iter().flat_map(|s| self.reaching_station(*s)).collect();

        let forward = flagged(feeds, &observed, &leaving, |node| feeds.next(node), |node| feeds.prev(node));
        for i in forward.0 {
            self.moves[i as usize].forward = true;
        }
        for i in forward.1.into_iter().filter(|i| !net.moves[*i as usize].mark.kill_contamination) {
            self.stations[net.moves[i as usize].to as usize].forward = true;
        }
        let backward = flagged(feeds, &observed, &coming, |node| feeds.prev(node), |node| feeds.next(node));
        for i in backward.0 {
            self.moves[i as usize].backward = true;
        }
        for i in backward.1 {
            let from = net.moves[i as usize].from;
            self.stations[from as usize].backward |= !net.stations[from as usize].kill_contamination;
        }
    }

    fn finish(self, names: Vec<String>, network: &Network) -> Scores {
        let total = self.total;
        let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
        let whole = total.positive.max(total.negative);
        let combined = |sum: &Sum| share(sum.positive - sum.negative, whole);
        let largest =
            self.stations.iter().chain(&self.moves).map(|sum| combined(sum).abs()).fold(0.0, f64::max);
        let one = |(sum, id): (&Sum, String)| Score {
            id,
            score: combined(sum),
            positive: share(sum.positive, total.positive),
            negative: share(sum.negative, total.negative),
            normalized: share(combined(sum), largest),
            forward: sum.forward,
            backward: sum.backward,
            cases: sum.cases,
        };
        let deliveries = network.deliveries.iter().map(|d| d.id.clone());
        Scores {
            stations: self.stations.iter().zip(names).map(one).collect(),
            deliveries: self.moves.iter().zip(deliveries).map(one).collect(),
            cases: total.cases,
        }
    }
}

/// Moves that lie one way of the observed: those to flag, and those whose far station is to be flagged.
///
/// `beside` are the moves next to observed stations; they are flagged. An observed move is flagged only when another one
/// leads to it, which a circle does, but its far station always is.
fn flagged<'f>(
    feeds: &'f Feeds,
    observed: &[u32],
    beside: &[u32],
    ahead: impl Fn(u32) -> &'f [u32],
    behind: impl Fn(u32) -> &'f [u32],
) -> (Vec<u32>, Vec<u32>) {
    let mut search = Search::new(feeds.nodes());
    let seeds: Vec<u32> = observed.iter().chain(beside).copied().collect();
    search.run(&seeds, ahead);
    let mut reached: Vec<u32> = search.reached.iter().copied().filter(|node| *node < feeds.moves).collect();
    reached.sort_unstable();
    let beside: HashSet<u32> = beside.iter().copied().collect();
    let observed: HashSet<u32> = observed.iter().copied().collect();
    let all = reached.clone();
    let mut nearest = Search::new(feeds.nodes());
    reached.retain(|&i| {
        if !observed.contains(&i) || beside.contains(&i) {
            return true;
        }
        // moves that lead here directly, through gates but not through other moves
        nearest.run(&[i], |node| if node == i || node >= feeds.moves { behind(node) } else { &[] });
        nearest.reached.iter().any(|&other| other != i && other < feeds.moves && search.has(other))
    });
    (reached, all)
}

/// A search over nodes whose memory serves again and again.
struct Search {
    seen: Vec<u32>,
    round: u32,
    reached: Vec<u32>,
}

impl Search {
    fn new(nodes: u32) -> Self {
        Self { seen: vec![0; nodes as usize], round: 0, reached: Vec::new() }
    }

    /// Fills `reached` with the seeds and everything that `neighbours` leads to.
    fn run<'f>(&mut self, seeds: &[u32], neighbours: impl Fn(u32) -> &'f [u32]) {
        self.round += 1;
        self.reached.clear();
        for &seed in seeds {
            self.enter(seed);
        }
        let mut at = 0;
        while let Some(&node) = self.reached.get(at) {
            for &neighbour in neighbours(node) {
                self.enter(neighbour);
            }
            at += 1;
        }
    }

    fn enter(&mut self, node: u32) {
        if self.seen[node as usize] != self.round {
            self.seen[node as usize] = self.round;
            self.reached.push(node);
        }
    }

    fn has(&self, node: u32) -> bool {
        self.seen[node as usize] == self.round
    }
}
