//! Random action sequences over a kind of case, watched by a referee who knows nothing of the engine.

mod asking;
mod goal;
mod referee;
mod time;

use std::collections::{BTreeMap, BTreeSet};

use kit_base::workdays::Calendar;
use kit_base::{Millis, Result};
use kit_web::Scope;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use serde_json::{Map, Value, json};

use crate::decide::{self, Ask, Blank, New, Take};
use crate::definition::{self, Action, Definition, Field, Need, hash_of};
use crate::guard::{View, Who};
use crate::log::{Body, Draft, Entry, Person};
use crate::state::State;

use goal::Goal;
use referee::{Reading, Referee};

const HOUR: Millis = 3_600_000;
const COUNTY: &str = "410902";
const BUSINESS: &str = "b-1";

/// Somebody in a trial, as the referee sees them.
#[derive(Debug, Clone)]
pub struct Actor {
    pub user: String,
    pub role: String,
    /// Prefix of divisions, or the business.
    pub place: String,
}

/// What came of many sequences.
#[derive(Debug, Clone, Default)]
pub struct Report {
    pub sequences: u64,
    pub asked: u64,
    pub accepted: u64,
    pub refused: u64,
    /// Cases that came to an end.
    pub ended: u64,
    /// How often each action and operation was done, by people and by the house.
    pub done: BTreeMap<String, u64>,
    /// The first twenty.
    pub violations: Vec<String>,
    pub violated: u64,
}

/// What a trial stands on.
pub struct Ground<'a> {
    pub definition: &'a Definition,
    pub text: &'a str,
    /// All years, and only the first of them.
    pub calendar: &'a Calendar,
    pub early: &'a Calendar,
    pub roles_of: &'a dyn Fn(&str) -> Vec<String>,
    /// Beginning of every case.
    pub start: Millis,
}

struct Chance(ChaCha8Rng);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        (self.0.next_u32() as usize) % n.max(1)
    }

    fn of<'t, T>(&mut self, list: &'t [T]) -> Option<&'t T> {
        if list.is_empty() { None } else { list.get(self.below(list.len())) }
    }
}

#[derive(Default)]
struct Numbers {
    series: BTreeMap<(String, i16), i64>,
    ids: i64,
}

impl Take for Numbers {
    fn number(&mut self, series: &str, _: &str, year: i16) -> Result<i64> {
        let last = self.series.entry((series.to_owned(), year)).or_default();
        *last += 1;
        Ok(*last)
    }

    fn id(&mut self) -> String {
        self.ids += 1;
        format!("child-{}", self.ids)
    }
}

/// Runs sequences; the same seed after the same report runs the same. Every other one is after the action that the report
/// knows least of.
pub fn run(ground: &Ground, seed: u64, sequences: u64, steps: usize, report: &mut Report) {
    for i in 0..sequences {
        let mut chance = Chance(ChaCha8Rng::seed_from_u64(seed.wrapping_add(i)));
        let mut trial = Trial::new(ground, &mut chance);
        trial.goal = (i % 2 == 1).then(|| Goal::seldom(ground.definition, &report.done)).flatten();
        let found = trial.play(&mut chance, steps, report);
        report.sequences += 1;
        for entry in &trial.log {
            *report.done.entry(entry.action.clone()).or_default() += 1;
        }
        for fault in found {
            report.violated += 1;
            if report.violations.len() < 20 {
                let after = trial.goal.as_ref().map_or("nothing", |g| &g.code);
                let kind = &ground.definition.kind;
                report.violations.push(format!("{kind} seed {} after {after}: {fault}", seed + i));
            }
        }
    }
}

/// The logs of some sequences, for golden files.
pub fn logs(ground: &Ground, seed: u64, sequences: u64, steps: usize) -> Vec<Vec<Entry>> {
    let play = |i: u64| {
        let mut chance = Chance(ChaCha8Rng::seed_from_u64(seed.wrapping_add(i)));
        let mut trial = Trial::new(ground, &mut chance);
        trial.play(&mut chance, steps, &mut Report::default());
        trial.log
    };
    (0..sequences).map(play).collect()
}

struct Trial<'a> {
    ground: &'a Ground<'a>,
    people: Vec<Actor>,
    rights: BTreeMap<String, Who>,
    facts: BTreeSet<String>,
    state: Option<State>,
    log: Vec<Entry>,
    reading: Reading,
    numbers: Numbers,
    now: Millis,
    announced: bool,
    goal: Option<Goal>,
}

/// The staff of the case's county, the same of another, and of the city above.
fn cast(definition: &Definition) -> Vec<Actor> {
    let mut out = Vec::new();
    for (role, n) in &definition.staff {
        let business = role.starts_with("business");
        for (prefix, count) in [(COUNTY, *n), ("410922", 1), ("4109", 1)] {
            let place = match (business, prefix) {
                (true, COUNTY) => BUSINESS.to_owned(),
                (true, "410922") => "b-2".to_owned(),
                (true, _) => continue,
                (false, _) => prefix.to_owned(),
            };
            for i in 0..count {
                let user = format!("{role}-{prefix}-{i}");
                out.push(Actor { user, role: role.clone(), place: place.clone() });
            }
        }
    }
    out
}

/// What rooms find out, some of it at random.
fn facts(definition: &Definition, chance: &mut Chance) -> BTreeSet<String> {
    let needs = definition.actions.iter().flat_map(|a| &a.needs);
    let known = needs.filter_map(|n| if let Need::Fact(fact) = n { Some(fact.clone()) } else { None });
    known.filter(|_| chance.below(4) > 0).collect()
}

fn who(actor: &Actor, ground: &Ground) -> Who {
    let scope = if actor.role.starts_with("business") {
        Scope::Businesses(vec![actor.place.clone()])
    } else {
        Scope::Divisions(vec![actor.place.clone()])
    };
    let held = ground.definition.permissions().into_iter();
    let held = held.filter(|p| (ground.roles_of)(p).contains(&actor.role));
    Who {
        person: Person { user: actor.user.clone(), name: actor.user.clone() },
        house: false,
        rights: held.map(|p| (p.to_owned(), scope.clone())).collect(),
    }
}

impl<'a> Trial<'a> {
    fn new(ground: &'a Ground<'a>, chance: &mut Chance) -> Self {
        let people = cast(ground.definition);
        let rights = people.iter().map(|p| (p.user.clone(), who(p, ground))).collect();
        let now = ground.start + chance.below(700) as i64 * 24 * HOUR;
        Self {
            ground,
            people,
            rights,
            facts: facts(ground.definition, chance),
            state: None,
            log: Vec::new(),
            reading: Reading::default(),
            numbers: Numbers::default(),
            now,
            announced: false,
            goal: None,
        }
    }

    fn calendar(&self) -> &'a Calendar {
        if self.announced { self.ground.calendar } else { self.ground.early }
    }

    fn play(&mut self, chance: &mut Chance, steps: usize, report: &mut Report) -> Vec<String> {
        let mut referee = Referee::new(self.ground, &self.people);
        let mut faults = Vec::new();
        self.begin(chance);
        for _ in 0..steps {
            if self.state.as_ref().is_none_or(|s| !s.is_open()) {
                break;
            }
            let waits = self.state.as_ref().zip(self.goal.as_ref()).is_some_and(|(s, g)| g.waits(s));
            match chance.below(if waits { 4 } else { 10 }) {
                0 => self.time_passes(chance, &mut faults),
                _ => self.ask_something(chance, &mut referee, report, &mut faults),
            }
            self.look(&mut faults);
            if !faults.is_empty() {
                break;
            }
        }
        report.ended += u64::from(self.state.as_ref().is_some_and(|s| !s.is_open()));
        self.finish(&mut faults);
        faults
    }

    fn begin(&mut self, chance: &mut Chance) {
        let definition = self.ground.definition;
        let able: Vec<&Who> =
            self.rights.values().filter(|w| w.may(&definition.begin, COUNTY, BUSINESS)).collect();
        let who = chance.of(&able).map_or_else(Who::house, |w| (*w).clone());
        let blank = Blank {
            definition,
            calendar: self.calendar(),
            now: self.now,
            facts: &self.facts,
            people: &self.rights,
        };
        let new = New {
            title: "试".into(),
            division: COUNTY.into(),
            business: BUSINESS.into(),
            data: self.opening_data(chance),
            ..New::default()
        };
        let draft = decide::begin(&blank, &who, &hash_of(self.ground.text), &new, &mut self.numbers);
        if let Ok(draft) = draft {
            self.append(draft, &who.person);
        }
    }

    /// What tasks and clocks of the first status ask for, and the periods of the case's own rule.
    fn opening_data(&self, chance: &mut Chance) -> Map<String, Value> {
        let fields: Vec<Field> = self.ground.definition.actions.iter().flat_map(|a| a.form.clone()).collect();
        let mut data = match self.form(&fields, chance) {
            Value::Object(map) => map,
            _ => Map::new(),
        };
        let mut terms = Map::new();
        let given = self.ground.definition.clocks.iter().filter_map(|c| c.given.clone());
        let names = given.flat_map(|name| match definition::field_of_given(&name) {
            None => vec![name],
            Some(field) => {
                let options = fields.iter().filter(|f| f.code == field).flat_map(|f| &f.options);
                options.map(|o| name.replace(&format!("{{{field}}}"), &o.code)).collect()
            }
        });
        for name in names {
            if chance.below(4) > 0 {
                let unit = chance.of(&["hours", "days", "working_days"]).copied().unwrap_or("days");
                terms.insert(name, json!({ "unit": unit, "count": 2 + chance.below(40) }));
            }
        }
        data.insert("terms".into(), Value::Object(terms));
        data
    }

    fn append(&mut self, draft: Draft, by: &Person) {
        let body = Body { form: draft.form, effects: draft.effects, calendar: 0 };
        let entry = Entry {
            case: "case".into(),
            seq: self.log.len() as i64 + 1,
            at: self.now,
            occurred_at: draft.occurred_at,
            user: by.user.clone(),
            user_name: by.name.clone(),
            action: draft.action,
            note: draft.note,
            body: serde_json::to_string(&body).unwrap_or_default(),
            client_key: String::new(),
            before: self.log.last().map(|e| e.hash.clone()).unwrap_or_default(),
            hash: String::new(),
        };
        let entry = entry.sealed();
        // a log that does not fold is told by look(): the state stays behind
        if State::next(&mut self.state, &entry).is_ok() {
            self.log.push(entry);
            self.reading.read(&self.log);
        }
    }

    fn view<'v>(&'v self, state: &'v State) -> View<'v> {
        View {
            definition: self.ground.definition,
            state,
            calendar: self.calendar(),
            now: self.now,
            facts: &self.facts,
            people: &self.rights,
        }
    }

    fn ask_something(
        &mut self,
        chance: &mut Chance,
        referee: &mut Referee,
        report: &mut Report,
        faults: &mut Vec<String>,
    ) {
        let mut numbers = std::mem::take(&mut self.numbers);
        let asked = self.state.as_ref().and_then(|state| {
            let (actor, ask) = self.somebody(chance, state)?;
            let who = self.rights[&actor.user].clone();
            let before = numbers.series.clone();
            let decided = decide::decide(self.view(state), &who, &ask, &mut numbers);
            Some((actor, ask, who, before, decided))
        });
        let Some((actor, ask, who, before, decided)) = asked else {
            self.numbers = numbers;
            return;
        };
        if decided.is_err() {
            // the transaction is undone, and with it the numbers
            numbers.series = before;
        }
        self.numbers = numbers;
        report.asked += 1;
        match decided {
            Ok(draft) => {
                report.accepted += 1;
                faults.extend(referee.accepted(&self.reading, &actor, &draft));
                self.append(draft, &who.person);
            }
            Err(e) => {
                report.refused += 1;
                faults.extend(referee.refused(&self.reading, &actor, &ask, &e));
            }
        }
        self.now += chance.below(20) as i64 * HOUR / 4;
    }

    /// Half of the time somebody asks for what they may, so that cases come far; else anybody for anything.
    fn somebody(&self, chance: &mut Chance, state: &State) -> Option<(Actor, Ask)> {
        if chance.below(2) == 0 {
            let able = self.able(chance, state);
            if let Some((actor, action)) = chance.of(&able) {
                return Some(((*actor).clone(), Ask::action(&action.code, self.form(&action.form, chance))));
            }
        }
        let actor = chance.of(&self.people).cloned()?;
        let ask = self.ask(chance, &actor, state);
        // who is after something does not let anybody lead the case away from it
        let away =
            ask.action.as_ref().zip(self.goal.as_ref()).is_some_and(|(code, goal)| goal.loses(code, state));
        if away && chance.below(8) > 0 {
            return None;
        }
        let fitting =
            ask.op.as_ref().filter(|_| chance.below(3) > 0).and_then(|op| self.fitting(op, state, chance));
        Some((fitting.unwrap_or(actor), ask))
    }

    /// What may be done now, and by whom: what leads to the goal, or at random what leads on.
    fn able<'s>(&'s self, chance: &mut Chance, state: &'s State) -> Vec<(&'s Actor, &'s Action)> {
        let view = self.view(state);
        let mut able = Vec::new();
        for actor in &self.people {
            let actions = decide::available(&view, &self.rights[&actor.user]);
            able.extend(actions.into_iter().map(|a| (actor, a)));
        }
        if let Some(goal) = self.goal.as_ref().filter(|_| chance.below(8) > 0) {
            return goal.leading(state, &able);
        }
        let ends = |to: &String| self.ground.definition.status(to).is_some_and(|s| s.end);
        if chance.below(6) > 0 {
            able.retain(|(_, a)| !a.to.as_ref().is_some_and(ends));
        }
        // a long flow is gone through to its end only where what was done is not done for ever again
        let fresh = |a: &Action| !state.doers.contains_key(&a.code);
        if chance.below(4) > 0 && able.iter().any(|(_, a)| fresh(a)) {
            able.retain(|(_, a)| fresh(a));
        }
        able
    }

    fn look(&self, faults: &mut Vec<String>) {
        if let Some(state) = &self.state {
            faults.extend(referee::look(&self.view(state), &self.reading, &self.rights));
        }
    }

    fn finish(&self, faults: &mut Vec<String>) {
        if let Err(e) = crate::log::verify(&self.log) {
            faults.push(e.to_string());
        }
        match State::fold(&self.log) {
            Ok(folded) if folded == self.state => {}
            Ok(_) => faults.push("the fold of the log is another state".into()),
            Err(e) => faults.push(format!("the log does not fold: {e}")),
        }
        let documents = self.state.as_ref().map_or(&[][..], |s| &s.documents);
        for kind in &self.ground.definition.documents {
            let serials = |year: i16| {
                let of =
                    documents.iter().filter(|d| d.code == kind.code && d.number.contains(&year.to_string()));
                of.map(|d| d.serial).collect::<Vec<_>>()
            };
            for ((series, year), last) in &self.numbers.series {
                let own = *series == format!("{}.{}", self.ground.definition.kind, kind.code);
                if own && serials(*year) != (1..=*last).collect::<Vec<_>>() {
                    faults.push(format!("numbers of {} have a gap", kind.code));
                }
            }
        }
    }
}
