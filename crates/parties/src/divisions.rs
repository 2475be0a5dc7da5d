//! 行政区划 as they change: what an agency takes in stands over the data that is compiled in, and every question is
//! answered as of a day.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use kit_base::clock::{china_day, day_start};
use kit_base::{Millis, Result};
use kit_db::Tx;
use kit_web::House;
use parking_lot::RwLock;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::reference::{self, Division, FormerName, Reference, short_name};
use crate::store::divisions as store;

/// One change: a pair of codes and the day from which it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DivisionChange {
    /// First day of the new state: `2026-03-01`.
    pub day: String,
    /// Empty for a division that was set up anew.
    pub old_code: String,
    pub old_name: String,
    /// The same as `old_code` for a new name; empty for a division that ended without a successor.
    pub new_code: String,
    pub new_name: String,
    /// 依据
    pub basis: String,
}

/// How long a server may not have heard of a list that another took in.
const HEARD: Millis = 10_000;

/// What the house knows of divisions; shared by all requests.
pub struct Divisions {
    state: RwLock<State>,
}

struct State {
    changes: Arc<Vec<DivisionChange>>,
    known: Arc<Reference>,
    /// What is known holds from and until these times.
    from: Millis,
    until: Millis,
    /// When the table was last asked whether there is more.
    asked: Millis,
}

impl Divisions {
    /// Before any list was read: the data of this build.
    pub fn new() -> Self {
        let known = Arc::clone(reference::get());
        let state = State {
            changes: Arc::default(),
            known,
            from: Millis::MIN,
            until: Millis::MAX,
            asked: Millis::MIN,
        };
        Self { state: RwLock::new(state) }
    }

    /// Divisions as they are today.
    pub fn today(&self, now: Millis) -> Arc<Reference> {
        {
            let state = self.state.read();
            if state.from <= now && now < state.until {
                return Arc::clone(&state.known);
            }
        }
        let changes = Arc::clone(&self.state.read().changes);
        self.put(changes, now)
    }

    /// Divisions as they were or will be on a day.
    pub fn on(&self, day: Date) -> Reference {
        let changes = Arc::clone(&self.state.read().changes);
        with(&changes, &day.to_string())
    }

    /// Hears of lists that other servers took in, at most every ten seconds.
    pub fn catch_up(&self, tx: &mut Tx, now: Millis) -> Result<()> {
        let (asked, known) = {
            let state = self.state.read();
            (state.asked, state.changes.len())
        };
        if asked <= now && now - HEARD < asked {
            return Ok(());
        }
        self.state.write().asked = now;
        if store::count(tx)? != known as i64 {
            self.put(Arc::new(store::all(tx)?), now);
        }
        Ok(())
    }

    /// Takes the changes as they now are.
    pub fn put(&self, changes: Arc<Vec<DivisionChange>>, now: Millis) -> Arc<Reference> {
        let today = china_day(now);
        let text = today.to_string();
        let known =
            if changes.is_empty() { Arc::clone(reference::get()) } else { Arc::new(with(&changes, &text)) };
        let next = changes.iter().filter(|c| c.day > text).map(|c| &c.day).min();
        let until = next.and_then(|d| d.parse::<Date>().ok()).map_or(Millis::MAX, day_start);
        let from = if changes.is_empty() { Millis::MIN } else { day_start(today) };
        let mut state = self.state.write();
        *state = State { changes, known: Arc::clone(&known), from, until, asked: state.asked };
        known
    }
}

impl Default for Divisions {
    fn default() -> Self {
        Self::new()
    }
}

/// Divisions as they are today; those of this build in a house that holds no others.
pub fn today(house: &House) -> Arc<Reference> {
    match house.try_held::<Divisions>() {
        Some(held) => held.today(house.clock.now()),
        None => Arc::clone(reference::get()),
    }
}

/// The day of a record as [`Reference::full_name_on`] wants it.
pub fn day_of(at: Millis) -> String {
    china_day(at).to_string()
}

/// The data of this build with changes up to a day.
pub(crate) fn with(changes: &[DivisionChange], day: &str) -> Reference {
    let mut draft = Draft::new(reference::get());
    let mut due: Vec<&DivisionChange> = changes.iter().filter(|c| c.day.as_str() <= day).collect();
    due.sort_by(|a, b| a.day.cmp(&b.day));
    due.into_iter().for_each(|c| draft.apply(c));
    draft.finish(day)
}

/// Changes being laid over the data.
pub(crate) struct Draft<'r> {
    base: &'r Reference,
    touched: BTreeMap<String, Division>,
    former: BTreeMap<String, Vec<FormerName>>,
}

impl<'r> Draft<'r> {
    pub fn new(base: &'r Reference) -> Self {
        Self { base, touched: BTreeMap::new(), former: BTreeMap::new() }
    }

    pub fn division(&self, code: &str) -> Option<&Division> {
        self.touched.get(code).or_else(|| self.base.division(code))
    }

    pub fn apply(&mut self, change: &DivisionChange) {
        let DivisionChange { day, old_code, old_name, new_code, new_name, .. } = change;
        if old_code == new_code {
            let mut one = self.taken(old_code, old_name);
            let name = std::mem::replace(&mut one.name, self.short(new_code, new_name).into()).into_owned();
            one.source_name = new_name.clone().into();
            self.former.entry(old_code.clone()).or_default().push(FormerName { name, until: day.clone() });
            self.touched.insert(old_code.clone(), one);
            return;
        }
        let mut place = (None, None);
        if !old_code.is_empty() {
            let mut old = self.taken(old_code, old_name);
            place = (old.lon, old.lat);
            old.valid_to = day.clone().into();
            if !new_code.is_empty() {
                old.successors.push(new_code.clone().into());
            }
            let one = old.successors.len() == 1;
            old.replaced_by = if one { old.successors[0].clone() } else { "".into() };
            self.touched.insert(old_code.clone(), old);
        }
        if !new_code.is_empty() && self.division(new_code).is_none() {
            let mut new = self.made(new_code, new_name);
            new.valid_from = day.clone().into();
            (new.lon, new.lat) = place;
            self.touched.insert(new_code.clone(), new);
        }
    }

    /// The division, or one that the data does not know yet (a street set up after its date).
    fn taken(&self, code: &str, name: &str) -> Division {
        self.division(code).cloned().unwrap_or_else(|| self.made(code, name))
    }

    fn made(&self, code: &str, name: &str) -> Division {
        Division {
            code: code.to_owned().into(),
            name: self.short(code, name).into(),
            source_name: name.to_owned().into(),
            lon: None,
            lat: None,
            valid_from: "".into(),
            valid_to: "".into(),
            replaced_by: "".into(),
            successors: Vec::new(),
        }
    }

    fn short(&self, code: &str, name: &str) -> String {
        let above = if code.len() > 6 { [Some(6), Some(4)] } else { [None, None] };
        let above = above.into_iter().flatten().filter_map(|n| self.division(&code[..n]));
        let names: Vec<String> = above.map(|d| d.name.to_string()).collect();
        short_name(name, names.iter().map(String::as_str))
    }

    /// Streets of a county that only got another code go with it under their own last digits, where no list says
    /// otherwise: that is how 统计用区划代码 are given after 撤县设市.
    fn carry_streets(&mut self) {
        let whole: Vec<(String, String, String)> = self
            .touched
            .values()
            .filter(|d| d.code.len() == 6 && d.successors.len() == 1)
            .filter_map(|d| {
                let new = self.touched.get(&*d.successors[0])?;
                let others = self.touched.values().filter(|o| o.successors.contains(&new.code)).count();
                (others == 1 && new.valid_from == d.valid_to)
                    .then(|| (d.code.to_string(), new.code.to_string(), d.valid_to.to_string()))
            })
            .collect();
        for (old, new, day) in whole {
            let from = self.base.divisions.partition_point(|d| *d.code < *old);
            let streets = self.base.divisions[from..].iter().take_while(|d| d.code.starts_with(&old));
            for street in streets.filter(|d| d.code.len() > 6 && d.valid_to.is_empty()) {
                if self.touched.contains_key(&*street.code) {
                    continue;
                }
                let change = DivisionChange {
                    day: day.clone(),
                    old_code: street.code.to_string(),
                    old_name: street.source_name.to_string(),
                    new_code: format!("{new}{}", &street.code[6..]),
                    new_name: street.name.to_string(),
                    basis: String::new(),
                };
                self.apply(&change);
            }
        }
    }

    /// What it comes to on a day.
    pub fn finish(mut self, day: &str) -> Reference {
        self.carry_streets();
        let mut all = self.base.clone();
        all.divisions.retain(|d| !self.touched.contains_key(&*d.code));
        all.divisions.extend(self.touched.into_values());
        all.divisions.sort_by(|a, b| a.code.cmp(&b.code));
        day.clone_into(&mut all.day);
        all.former = self.former;
        all.index();
        all
    }
}
