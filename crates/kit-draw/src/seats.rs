//! Batches for cells by weight, with a floor for each area; then a place and people for each batch.
//!
//! Cells are first put into random order, which decides between equals. Each area gets its floor; every further seat goes to the
//! cell with the highest `weight / (2 × seats + 1)` (圣拉古法), compared without dividing. A cell that has its most gets no more.
//! Then, cell by cell in the order of the pool, each seat draws a place of the cell's area and group in proportion to the places' weights
//! among those that have not had their most, and its team as in [`crate::officers`].

use std::collections::{BTreeMap, BTreeSet};

use kit_base::{Error, Result};

use crate::crew::Crew;
use crate::file::Picked;
use crate::stream::Stream;

pub const FORMAT: &str = "shian-draw-2";
/// Seats, and cells, of one draw.
pub const MOST: usize = 5_000;
/// Highest weight: products of it and a number of seats stay exact.
pub const HEAVIEST: u64 = 1_000_000_000;

/// What gets seats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    pub id: String,
    /// Prefix of the areas of its places.
    pub area: String,
    /// Places of this group; `-` all.
    pub group: String,
    pub weight: u64,
    /// Seats that it may get.
    pub most: usize,
}

/// A place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub id: String,
    pub area: String,
    /// Groups, apart by commas.
    pub groups: String,
    pub weight: u64,
}

/// From what is drawn; lists in the order of their ids, which hold no spaces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pool {
    pub count: usize,
    /// Seats of each area at least, as far as there are as many.
    pub floor: usize,
    pub team: usize,
    /// Seats that fall on one place at most.
    pub most: usize,
    pub cells: Vec<Cell>,
    pub places: Vec<Place>,
    /// Id, and prefix of the areas where they may go.
    pub officers: Vec<(String, String)>,
    pub avoid: BTreeSet<(String, String)>,
    pub went: BTreeSet<(String, String)>,
    pub excluded: BTreeMap<String, String>,
}

impl Pool {
    /// The lines that are hashed.
    pub fn text(&self) -> String {
        let Self { count, floor, team, most, .. } = self;
        let mut out = format!("count {count}\nfloor {floor}\nteam {team}\nmost {most}\n");
        let mut line = |words: &[&str]| {
            out.push_str(words.join(" ").trim_end());
            out.push('\n');
        };
        for c in &self.cells {
            line(&["cell", &c.id, &c.area, &c.group, &c.weight.to_string(), &c.most.to_string()]);
        }
        for p in &self.places {
            line(&["subject", &p.id, &p.area, &p.groups, &p.weight.to_string()]);
        }
        self.officers.iter().for_each(|(id, area)| line(&["officer", id, area]));
        self.avoid.iter().for_each(|(o, s)| line(&["avoid", o, s]));
        self.went.iter().for_each(|(o, a)| line(&["went", o, a]));
        self.excluded.iter().for_each(|(s, why)| line(&["excluded", s, why]));
        out
    }

    /// Reads the lines again. Errors: `pool_line` with its number, `pool_many`.
    pub fn read(text: &str) -> Result<Self> {
        let mut pool = Self::default();
        for (i, line) in text.lines().enumerate() {
            let bad = || Error::invalid(format!("pool/{}", i + 1), "pool_line", "抽取名单的格式不正确");
            let words: Vec<&str> = line.split(' ').collect();
            pool.line(&words).ok_or_else(bad)?;
        }
        if pool.count > MOST || pool.cells.len() > MOST {
            return Err(Error::invalid(
                "pool",
                "pool_many",
                format!("一次抽取不超过 {MOST} 批次、{MOST} 个品种单元"),
            ));
        }
        Ok(pool)
    }

    fn line(&mut self, words: &[&str]) -> Option<()> {
        let weight = |text: &str| text.parse::<u64>().ok().filter(|w| *w <= HEAVIEST);
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        match *words {
            ["count", n] => self.count = n.parse().ok()?,
            ["floor", n] => self.floor = n.parse().ok()?,
            ["team", n] => self.team = n.parse().ok()?,
            ["most", n] => self.most = n.parse().ok()?,
            ["cell", id, area, group, w, most] => self.cells.push(Cell {
                id: id.to_owned(),
                area: area.to_owned(),
                group: group.to_owned(),
                weight: weight(w)?,
                most: most.parse().ok()?,
            }),
            ["subject", id, area, groups, w] => self.places.push(Place {
                id: id.to_owned(),
                area: area.to_owned(),
                groups: groups.to_owned(),
                weight: weight(w)?,
            }),
            ["officer", id] => self.officers.push(pair(id, "")),
            ["officer", id, area] => self.officers.push(pair(id, area)),
            ["avoid", o, s] => _ = self.avoid.insert(pair(o, s)),
            ["went", o, a] => _ = self.went.insert(pair(o, a)),
            ["excluded", s, why] => _ = self.excluded.insert(s.to_owned(), why.to_owned()),
            _ => return None,
        }
        Some(())
    }

    fn fits(cell: &Cell, place: &Place) -> bool {
        let group = || cell.group == "-" || place.groups.split(',').any(|g| g == cell.group);
        place.area.starts_with(&cell.area) && place.weight > 0 && group()
    }
}

/// Seats of each cell, in the order of the pool. With no randomness but between equals.
fn seats(pool: &Pool, stream: &mut Stream) -> Vec<usize> {
    let mut order: Vec<usize> = (0..pool.cells.len()).collect();
    stream.shuffle(&mut order, pool.cells.len());
    let mut has = vec![0_usize; pool.cells.len()];
    let mut left = pool.count;
    let areas: BTreeSet<&str> = pool.cells.iter().map(|c| c.area.as_str()).collect();
    for area in areas {
        for _ in 0..pool.floor {
            let open = |i: &usize| pool.cells[*i].area == area;
            let Some(next) = heaviest(pool, &order, &has, open).filter(|_| left > 0) else { break };
            has[next] += 1;
            left -= 1;
        }
    }
    while left > 0 {
        let Some(next) = heaviest(pool, &order, &has, |i| pool.cells[*i].weight > 0) else { break };
        has[next] += 1;
        left -= 1;
    }
    has
}

/// The cell that is owed the next seat: the highest weight for its seats, then the one with fewer, then the first in order.
fn heaviest(pool: &Pool, order: &[usize], has: &[usize], open: impl Fn(&usize) -> bool) -> Option<usize> {
    let mut best: Option<usize> = None;
    for i in order.iter().copied().filter(|i| has[*i] < pool.cells[*i].most && open(i)) {
        let Some(b) = best else {
            best = Some(i);
            continue;
        };
        let mine = pool.cells[i].weight * (2 * has[b] as u64 + 1);
        let other = pool.cells[b].weight * (2 * has[i] as u64 + 1);
        if mine > other || mine == other && has[i] < has[b] {
            best = Some(i);
        }
    }
    best
}

/// Draws. `seed` hex, `root` base64 as the checkpoint has it, `pool_hash` hex.
pub fn draw(pool: &Pool, seed: &str, root: &str, pool_hash: &str) -> Vec<Picked> {
    let mut stream = Stream::new(FORMAT, seed, root, pool_hash);
    let seats = seats(pool, &mut stream);
    let (names, reach): (Vec<String>, Vec<String>) = pool.officers.iter().cloned().unzip();
    let crew =
        Crew { team: pool.team, officers: &names, reach: &reach, avoid: &pool.avoid, went: &pool.went };
    let mut load = vec![0_u32; names.len()];
    let mut uses = vec![0_usize; pool.places.len()];
    let mut out = Vec::with_capacity(pool.count);
    for (cell, seats) in pool.cells.iter().zip(seats) {
        let fit: Vec<usize> = if seats == 0 {
            Vec::new()
        } else {
            (0..pool.places.len()).filter(|i| Pool::fits(cell, &pool.places[*i])).collect()
        };
        for _ in 0..seats {
            let Some(i) = place(pool, &fit, &uses, &mut stream) else {
                out.push(Picked {
                    subject: String::new(),
                    officers: Vec::new(),
                    waived: false,
                    cell: cell.id.clone(),
                });
                continue;
            };
            uses[i] += 1;
            let p = &pool.places[i];
            let (officers, waived) = crew.send((&p.id, &p.area), &mut load, &mut stream);
            out.push(Picked { subject: p.id.clone(), officers, waived, cell: cell.id.clone() });
        }
    }
    out
}

/// One of the places that fit and have not had their most, in proportion to their weights.
fn place(pool: &Pool, fit: &[usize], uses: &[usize], stream: &mut Stream) -> Option<usize> {
    let open = || fit.iter().copied().filter(|i| uses[*i] < pool.most);
    let all: u64 = open().map(|i| pool.places[i].weight).sum();
    if all == 0 {
        return None;
    }
    let mut at = stream.below(all);
    open().find(|i| {
        let weight = pool.places[*i].weight;
        let here = at < weight;
        at = at.saturating_sub(weight);
        here
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(id: &str, area: &str, group: &str, weight: u64) -> Cell {
        Cell { id: id.into(), area: area.into(), group: group.into(), weight, most: 9_999 }
    }

    fn place(id: &str, area: &str, groups: &str, weight: u64) -> Place {
        Place { id: id.into(), area: area.into(), groups: groups.into(), weight }
    }

    fn pool() -> Pool {
        Pool {
            count: 20,
            floor: 2,
            team: 2,
            most: 4,
            cells: vec![
                cell("fish@1", "1", "trade", 50),
                cell("noodle@1", "1", "catering", 30),
                cell("fish@2", "2", "trade", 1),
                cell("oil@3", "3", "-", 0),
            ],
            places: (0..12)
                .map(|i| {
                    let group = if i % 2 == 0 { "trade" } else { "catering,trade" };
                    place(&format!("S{i:02}"), &format!("{}0{}", i % 3 + 1, i % 2), group, 1 + i % 4)
                })
                .collect(),
            officers: (0..6)
                .map(|i| (format!("O{i}"), if i < 2 { "1".into() } else { String::new() }))
                .collect(),
            ..Pool::default()
        }
    }

    #[test]
    fn a_pool_is_read_as_it_was_written() {
        let mut p = pool();
        p.avoid.insert(("O1".into(), "S03".into()));
        p.went.insert(("O2".into(), "101".into()));
        p.excluded.insert("S99".into(), "recent".into());
        assert_eq!(Pool::read(&p.text()).unwrap(), p);
        for bad in ["cell x", "subject a 1 trade -3", "cell a 1 - 1000000001 3", "count x"] {
            assert_eq!(Pool::read(bad).unwrap_err().code, "pool_line", "{bad}");
        }
        assert_eq!(Pool::read("count 5001").unwrap_err().code, "pool_many");
    }

    #[test]
    fn seats_follow_weights_floors_and_what_a_cell_may_have() {
        let by_cell = |p: &Pool, seed: &str| -> Vec<usize> {
            let drawn = draw(p, seed, "root", "pool");
            p.cells.iter().map(|c| drawn.iter().filter(|x| x.cell == c.id).count()).collect()
        };
        // two for each area; the other fourteen by weight: what 50 and 30 and 1 are owed of all but the floor of an area with no votes
        let got = by_cell(&pool(), "1");
        assert_eq!(got, [10, 6, 2, 2]);
        assert_eq!(by_cell(&pool(), "2"), got, "chance decides only between equals");
        let mut p = pool();
        p.cells[0].most = 3;
        assert_eq!(by_cell(&p, "1")[0], 3);
        assert_eq!(by_cell(&p, "1").iter().sum::<usize>(), 20);
        // nothing is owed to what nobody asked for
        p = Pool { floor: 0, ..pool() };
        assert_eq!(by_cell(&p, "1")[3], 0);
        // all cells full: fewer than asked for
        p = Pool { count: 100, ..pool() };
        p.cells.iter_mut().for_each(|c| c.most = 5);
        assert_eq!(by_cell(&p, "1"), [5, 5, 5, 2]);
    }

    #[test]
    fn places_fit_their_cell_and_take_no_more_than_their_most() {
        for n in 0..100 {
            let mut p = pool();
            p.avoid.insert(("O3".into(), "S00".into()));
            let drawn = draw(&p, &n.to_string(), "root", "pool");
            assert_eq!(drawn.len(), 20);
            let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
            for x in drawn.iter().filter(|x| !x.subject.is_empty()) {
                let place = p.places.iter().find(|s| s.id == x.subject).unwrap();
                let cell = p.cells.iter().find(|c| c.id == x.cell).unwrap();
                assert!(Pool::fits(cell, place));
                assert_eq!(x.officers.iter().collect::<BTreeSet<_>>().len(), 2);
                for o in &x.officers {
                    let reach = &p.officers.iter().find(|w| w.0 == *o).unwrap().1;
                    assert!(place.area.starts_with(reach.as_str()));
                    assert!(!p.avoid.contains(&(o.clone(), x.subject.clone())));
                }
                *uses.entry(&x.subject).or_default() += 1;
            }
            assert!(uses.values().all(|n| *n <= 4), "{uses:?}");
        }
        // no place of the area: the seat is told as empty
        let mut p = pool();
        p.places.retain(|s| !s.area.starts_with('2'));
        assert!(draw(&p, "1", "r", "p").iter().any(|x| x.cell == "fish@2" && x.subject.is_empty()));
    }

    /// Of a hundred thousand draws each place comes up in proportion to its weight: the sum of squares stays below what it exceeds once in a
    /// thousand times.
    #[test]
    fn a_hundred_thousand_draws_follow_the_weights() {
        const DRAWS: usize = 100_000;
        let p = Pool {
            count: 1,
            team: 1,
            most: 1,
            cells: vec![cell("c", "1", "-", 1)],
            places: (0..20).map(|i| place(&format!("S{i:02}"), "1", "trade", i % 5 + 1)).collect(),
            officers: (0..6).map(|i| (format!("O{i}"), String::new())).collect(),
            ..Pool::default()
        };
        let all: u64 = p.places.iter().map(|s| s.weight).sum();
        let (mut places, mut officers) = (BTreeMap::new(), BTreeMap::new());
        for n in 0..DRAWS {
            for x in draw(&p, &format!("{n:x}"), "root", "pool") {
                *places.entry(x.subject).or_insert(0_u64) += 1;
                *officers.entry(x.officers[0].clone()).or_insert(0_u64) += 1;
            }
        }
        let square = |n: u64, expected: f64| (n as f64 - expected).powi(2) / expected;
        let weighed = |s: &Place| DRAWS as f64 * s.weight as f64 / all as f64;
        let s: f64 = p.places.iter().map(|s| square(places[&s.id], weighed(s))).sum();
        let o: f64 = officers.values().map(|n| square(*n, DRAWS as f64 / 6.0)).sum();
        eprintln!("chi-square: places {s:.2} of 19 degrees, officers {o:.2} of 5");
        assert!(s < 43.82 && o < 20.52, "{s} {o}");
    }
}
