//! Every way that a case may take with the smallest office: who did what matters only as far as separations ask, so the
//! ways are few and all are gone. What a clock, a document, a child case or a fact asks for is taken to come.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, VecDeque};

use super::Known;
use crate::definition::{Action, Definition, Do, HOUSE, Mode, Need, Relation};

/// More ways than this are no longer a flow that people understand.
const MOST: usize = 400_000;

/// People as bits.
type People = u16;

/// Where a case stands, as far as the rest of its way depends on it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Point {
    status: usize,
    flags: u32,
    /// 0: the house began it.
    drafter: People,
    /// For each action of a separation: everybody who did it, and who did it last.
    did: Vec<(People, People)>,
}

struct Walk<'a> {
    d: &'a Definition,
    /// Roles of each person.
    people: Vec<(&'a str, usize)>,
    /// Actions whose doers matter: whether all of them, and whether the last.
    watched: Vec<(&'a str, bool, bool)>,
    /// Flags that some need looks at.
    asked: BTreeSet<&'a str>,
    roles: HashMap<&'a str, Vec<String>>,
    /// Statuses that each may be sent back to.
    back: Vec<BTreeSet<usize>>,
    /// By status: what anything that may still come looks at.
    counts: Vec<Counts>,
}

/// What still matters in a status: the rest is forgotten, so that ways that differ in nothing to come are one.
#[derive(Default, Clone)]
struct Counts {
    flags: u32,
    drafter: bool,
    did: Vec<bool>,
}

/// Finds unreachable statuses, actions that never happen, and points from which no end is reached.
pub fn walk(d: &Definition, known: &Known, faults: &mut Vec<String>) {
    let walk = Walk::new(d, known);
    if walk.people.len() > 12 {
        faults.push(format!("{}/staff: at most 12 people", d.kind));
        return;
    }
    let mut number: HashMap<Point, usize> = HashMap::new();
    let mut points: Vec<Point> = Vec::new();
    let mut into: Vec<Vec<usize>> = Vec::new();
    let mut happened = BTreeSet::new();
    let mut queue = VecDeque::new();
    for point in walk.beginnings() {
        add(walk.lean(point), &mut number, &mut points, &mut into, &mut queue);
    }
    while let Some(at) = queue.pop_front() {
        if points.len() > MOST {
            faults.push(format!("{}: more than {MOST} ways", d.kind));
            return;
        }
        for (action, next) in walk.steps(&points[at].clone()) {
            happened.extend(action);
            let to = add(walk.lean(next), &mut number, &mut points, &mut into, &mut queue);
            into[to].push(at);
        }
    }
    for (i, status) in d.statuses.iter().enumerate() {
        if !points.iter().any(|p| p.status == i) {
            faults.push(format!("{}/statuses/{}: is never reached", d.kind, status.code));
        }
    }
    for action in d.actions.iter().filter(|a| !happened.contains(a.code.as_str())) {
        faults.push(format!("{}/actions/{}: nobody of the staff can ever do it", d.kind, action.code));
    }
    walk.trapped(&points, &into, faults);
}

fn add(
    point: Point,
    number: &mut HashMap<Point, usize>,
    points: &mut Vec<Point>,
    into: &mut Vec<Vec<usize>>,
    queue: &mut VecDeque<usize>,
) -> usize {
    *number.entry(point.clone()).or_insert_with(|| {
        points.push(point);
        into.push(Vec::new());
        queue.push_back(points.len() - 1);
        points.len() - 1
    })
}

impl<'a> Walk<'a> {
    fn new(d: &'a Definition, known: &Known) -> Self {
        let people = d
            .staff
            .iter()
            .flat_map(|(role, n)| (0..usize::from(*n)).map(move |i| (role.as_str(), i)))
            .collect();
        let words: Vec<(&str, &str)> =
            d.actions.iter().flat_map(|a| &a.not).filter_map(|w| w.split_once(':')).collect();
        let words: Vec<(&str, &str)> = words.into_iter().filter(|w| w.0 != "named").collect();
        let needs = || d.actions.iter().flat_map(|a| &a.needs);
        let counted = needs().filter_map(|n| match n {
            Need::Doers { of, .. } => Some(("any", of.as_str())),
            _ => None,
        });
        let mut watched: Vec<(&str, bool, bool)> = Vec::new();
        for (word, action) in words.into_iter().chain(counted) {
            let (all, last) = (word != "last", word == "last");
            match watched.iter_mut().find(|w| w.0 == action) {
                Some(known) => (known.1, known.2) = (known.1 || all, known.2 || last),
                None => watched.push((action, all, last)),
            }
        }
        let asked = needs().filter_map(|n| match n {
            Need::Flag(f) | Need::NoFlag(f) => Some(f.as_str()),
            _ => None,
        });
        let asked = asked.collect();
        let roles =
            d.permissions().into_iter().map(|p| (p, (known.roles_of)(p).unwrap_or_default())).collect();
        let index = |code: &str| d.statuses.iter().position(|s| s.code == code);
        let mut back = vec![BTreeSet::new(); d.statuses.len()];
        for action in &d.actions {
            let Some(to) = action.to.as_deref().and_then(index) else { continue };
            if d.statuses[to].no_return || d.statuses[to].end || d.statuses[to].tasks.is_empty() {
                continue;
            }
            back[to].extend(action.from.iter().filter_map(|f| index(f)).filter(|f| *f != to));
        }
        let mut walk = Self { d, people, watched, asked, roles, back, counts: Vec::new() };
        walk.counts = (0..d.statuses.len()).map(|s| walk.counting(s)).collect();
        walk
    }

    fn beginnings(&self) -> Vec<Point> {
        let status = self.d.statuses.iter().position(|s| s.code == self.d.start).unwrap_or(0);
        let blank = Point { status, flags: 0, drafter: 0, did: vec![(0, 0); self.watched.len()] };
        let mut out = vec![blank.clone()];
        for i in self.holders(&self.d.begin) {
            out.push(Point { drafter: 1 << i, ..blank.clone() });
        }
        out
    }

    /// Statuses that may come, with this one.
    fn ahead(&self, status: usize) -> BTreeSet<usize> {
        let mut found = BTreeSet::from([status]);
        let mut queue = vec![status];
        while let Some(at) = queue.pop() {
            let code = &self.d.statuses[at].code;
            let onward =
                self.d.actions.iter().filter(|a| a.from.contains(code)).filter_map(|a| a.to.as_ref());
            let onward = onward.filter_map(|to| self.d.statuses.iter().position(|s| s.code == *to));
            for to in onward.chain(self.back[at].iter().copied()) {
                if found.insert(to) {
                    queue.push(to);
                }
            }
        }
        found
    }

    fn counting(&self, status: usize) -> Counts {
        let ahead = self.ahead(status);
        let mut out = Counts { did: vec![false; self.watched.len()], ..Counts::default() };
        let comes = |a: &&Action| ahead.iter().any(|s| a.from.contains(&self.d.statuses[*s].code));
        for action in self.d.actions.iter().filter(comes) {
            let mut watch = |of: &str| {
                self.watched.iter().position(|w| w.0 == of).into_iter().for_each(|i| out.did[i] = true);
            };
            for need in &action.needs {
                match need {
                    Need::Flag(f) | Need::NoFlag(f) => out.flags |= self.flag(f),
                    Need::Doers { of, .. } => watch(of),
                    _ => {}
                }
            }
            for word in &action.not {
                match word.split_once(':') {
                    Some((_, of)) => watch(of),
                    None => out.drafter = true,
                }
            }
            out.drafter |= action.who.iter().any(|r| r.relation == Relation::Drafter);
        }
        out
    }

    /// Without what no longer matters; people of one role are told apart only by what they did.
    fn lean(&self, mut point: Point) -> Point {
        let counts = &self.counts[point.status];
        point.flags &= counts.flags;
        if !counts.drafter {
            point.drafter = 0;
        }
        for (did, counts) in point.did.iter_mut().zip(&counts.did) {
            if !counts {
                *did = (0, 0);
            }
        }
        self.alike(point)
    }

    /// People of one role may do the same, and a flow names none of them: ways that differ only in which of them did what are
    /// one. Of these the one is kept where, within each role, whoever did more stands first.
    fn alike(&self, mut point: Point) -> Point {
        let did = point.did.iter().flat_map(|d| [d.0, d.1]);
        let bits: Vec<People> = std::iter::once(point.drafter).chain(did).collect();
        let mut places: Vec<usize> = (0..self.people.len()).collect();
        // stable, and people of a role stand together: nobody leaves the places of the role
        for role in places.chunk_by_mut(|a, b| self.people[*a].0 == self.people[*b].0) {
            role.sort_by_cached_key(|i| {
                Reverse(bits.iter().map(|b| b & (1 << i) != 0).collect::<Vec<bool>>())
            });
        }
        if places.is_sorted() {
            return point;
        }
        let moved = |bits: People| -> People {
            let to = places.iter().enumerate().filter(|(_, from)| bits & (1 << **from) != 0);
            to.fold(0, |sum, (to, _)| sum | 1 << to)
        };
        point.drafter = moved(point.drafter);
        for did in &mut point.did {
            *did = (moved(did.0), moved(did.1));
        }
        point
    }

    /// The people who have a permission.
    fn holders(&self, permission: &str) -> Vec<usize> {
        let roles = self.roles.get(permission).map_or(&[][..], Vec::as_slice);
        let has = |(role, _): &(&str, usize)| roles.iter().any(|r| r == role);
        self.people.iter().enumerate().filter(|(_, p)| has(p)).map(|(i, _)| i).collect()
    }

    /// Everything that may come next, with the action that it is; 退回 is none.
    fn steps(&self, from: &Point) -> Vec<(Option<&'a str>, Point)> {
        let status = &self.d.statuses[from.status];
        let mut out: Vec<(Option<&str>, Point)> =
            self.back[from.status].iter().map(|to| (None, Point { status: *to, ..from.clone() })).collect();
        for action in self.d.actions.iter().filter(|a| a.from.contains(&status.code)) {
            if !self.met(from, action) {
                continue;
            }
            let task = action.task.as_deref().and_then(|t| self.d.task(t));
            let together = task.is_some_and(|t| t.mode == Mode::All);
            for doer in self.doers(from, action) {
                out.push((Some(action.code.as_str()), self.after(from, action, doer)));
                if together && doer != 0 {
                    // 会签: somebody signs, and the rest is still to come
                    out.push((Some(action.code.as_str()), self.signed(from, action, doer)));
                }
            }
        }
        out
    }

    fn met(&self, from: &Point, action: &Action) -> bool {
        action.needs.iter().all(|need| match need {
            Need::Flag(f) => from.flags & self.flag(f) != 0,
            Need::NoFlag(f) => from.flags & self.flag(f) == 0,
            Need::Doers { of, least } => self.watch(from, of).0.count_ones() >= u32::from(*least),
            _ => true,
        })
    }

    /// Who may do it, as bits; 0 is the house.
    fn doers(&self, from: &Point, action: &Action) -> Vec<People> {
        let mut barred: People = 0;
        for word in &action.not {
            barred |= match word.split_once(':') {
                Some(("last", of)) => self.watch(from, of).1,
                // whom a form names is for them to choose: that others are left is taken to be so
                Some(("named", _)) => 0,
                Some((_, of)) => self.watch(from, of).0,
                None => from.drafter,
            };
        }
        let mut out = BTreeSet::new();
        for rule in &action.who {
            if rule.may == HOUSE {
                out.insert(0);
                continue;
            }
            let fits = |bit: People| match rule.relation {
                Relation::Drafter => bit == from.drafter,
                _ => true,
            };
            out.extend(
                self.holders(&rule.may).into_iter().map(|i| 1 << i).filter(|b| b & barred == 0 && fits(*b)),
            );
        }
        out.into_iter().collect()
    }

    fn signed(&self, from: &Point, action: &Action, doer: People) -> Point {
        let mut next = from.clone();
        if let Some(i) = self.watched.iter().position(|w| w.0 == action.code) {
            let (_, all, last) = self.watched[i];
            next.did[i] = (if all { next.did[i].0 | doer } else { 0 }, if last { doer } else { 0 });
        }
        next
    }

    fn after(&self, from: &Point, action: &Action, doer: People) -> Point {
        let mut next = self.signed(from, action, doer);
        for effect in &action.effects {
            match effect {
                Do::Flag(f) => next.flags |= self.flag(f),
                Do::Unflag(f) => next.flags &= !self.flag(f),
                _ => {}
            }
        }
        if let Some(to) = &action.to {
            next.status = self.d.statuses.iter().position(|s| s.code == *to).unwrap_or(next.status);
        }
        next
    }

    fn flag(&self, code: &str) -> u32 {
        let asked = self.d.flags.iter().filter(|f| self.asked.contains(f.code.as_str()));
        asked.map(|f| f.code.as_str()).position(|f| f == code).map_or(0, |i| 1 << i)
    }

    fn watch(&self, at: &Point, action: &str) -> (People, People) {
        self.watched.iter().position(|w| w.0 == action).map_or((0, 0), |i| at.did[i])
    }

    /// Points from which no end is reached; the first of each status is told.
    fn trapped(&self, points: &[Point], into: &[Vec<usize>], faults: &mut Vec<String>) {
        let mut good = vec![false; points.len()];
        let mut queue: VecDeque<usize> =
            (0..points.len()).filter(|i| self.d.statuses[points[*i].status].end).collect();
        queue.iter().for_each(|i| good[*i] = true);
        while let Some(at) = queue.pop_front() {
            for from in &into[at] {
                if !good[*from] {
                    good[*from] = true;
                    queue.push_back(*from);
                }
            }
        }
        let mut told = BTreeSet::new();
        for (i, point) in points.iter().enumerate().filter(|(i, _)| !good[*i]) {
            if told.insert(point.status) {
                let status = &self.d.statuses[points[i].status].code;
                faults.push(format!(
                    "{}/statuses/{status}: no end can be reached once {}",
                    self.d.kind,
                    self.tell(point)
                ));
            }
        }
    }

    fn tell(&self, point: &Point) -> String {
        let names = |bits: People| {
            let of = |(i, (role, n)): (usize, &(&str, usize))| {
                (bits & (1 << i) != 0).then(|| format!("{role} {}", n + 1))
            };
            let names: Vec<String> = self.people.iter().enumerate().filter_map(of).collect();
            if names.is_empty() { "nobody".to_owned() } else { names.join(", ") }
        };
        let mut parts = vec![format!("{} began it", names(point.drafter))];
        for ((action, ..), (all, last)) in
            self.watched.iter().zip(&point.did).filter(|(_, did)| did.0 | did.1 != 0)
        {
            parts.push(format!("{} did {action}", names(all | last)));
        }
        parts.join("; ")
    }
}
