//! Random flows of samples in each of the three modes, without a database: the definition, the rules of custody and the rules of
//! separation as the room uses them, watched by a twin that knows only who did what and who gave what to whom.
//!
//! `SHIAN_SAMPLE_FLOWS=1000000 cargo test --release -p sampling --test flows -- --nocapture` for the figure: that many in each mode;
//! 300 otherwise.

mod twin;

use std::collections::{BTreeMap, BTreeSet};

use kit_base::clock::day_start;
use kit_base::workdays::Calendar;
use kit_base::{Error, Millis, Result};
use kit_flow::Definition;
use kit_flow::decide::{self, Ask, Blank, New, Take};
use kit_flow::definition::hash_of;
use kit_flow::guard::{View, Who};
use kit_flow::log::{Body, Draft, Entry, Person};
use kit_flow::state::State;
use kit_web::Scope;
use sampling::model::{Hand, Over};
use sampling::rules;
use sampling::rules::custody::{self, Bound, Signer};
use serde_json::{Map, Value, json};

const HOLIDAYS: &str = include_str!("../../../../data/holidays.csv");
const COUNTY: &str = "410902";
const HOUR: Millis = 3_600_000;
const MODES: [&str; 3] = ["inner", "outer", "quality"];
const PARTS: [&str; 2] = ["test", "spare"];
/// Lots of flows, each with chances of its own: a run is the same on every machine, however many cores it has.
const LOTS: u64 = 16;

/// Small, fast and the same on every machine (xorshift64*).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() >> 33) as usize % n.max(1)
    }
}

struct Somebody {
    signer: Signer,
    who: Who,
}

/// Officers and leaders, two laboratories, the business; some hold two roles at once.
fn cast(definition: &Definition) -> Vec<Somebody> {
    let plan: [(&str, &[&str], &[&str]); 13] = [
        ("bureau", &["officer"], &["o1", "o2", "o3", "o4"]),
        ("bureau", &["leader"], &["l1"]),
        ("bureau", &["officer", "leader"], &["ol"]),
        ("lab-1", &["business_clerk"], &["c1", "c2", "c3"]),
        ("lab-1", &["business_owner"], &["w1", "w2"]),
        ("lab-1", &["business_clerk", "business_owner"], &["cw1", "cw2"]),
        ("lab-2", &["business_clerk"], &["d1", "d2"]),
        ("lab-2", &["business_owner"], &["e1", "e2"]),
        ("lab-2", &["business_clerk", "business_owner"], &["de1", "de2"]),
        ("lab-3", &["business_clerk"], &["f1"]),
        ("lab-3", &["business_clerk", "business_owner"], &["fg1", "fg2"]),
        ("shop", &["business_owner"], &["b1"]),
        ("shop", &["business_clerk"], &["b2"]),
    ];
    let mut out = Vec::new();
    for (house, roles, users) in plan {
        for user in users {
            let held = sampling::PERMISSIONS.iter().filter(|p| p.roles.iter().any(|r| roles.contains(r)));
            // a laboratory's people reach a sample that the room knows to be theirs
            let scope = match house {
                "shop" => Scope::Businesses(vec!["shop".into()]),
                _ => Scope::Divisions(vec![COUNTY.into()]),
            };
            let asked = definition.permissions();
            let rights: BTreeMap<String, Scope> = held
                .filter(|p| asked.contains(&p.code))
                .map(|p| (p.code.to_owned(), scope.clone()))
                .chain(std::iter::once(("sampling.read".to_owned(), scope.clone())))
                .collect();
            let (user, house) = ((*user).to_owned(), house.to_owned());
            let person = Person { user: user.clone(), name: user.clone() };
            let signer = Signer { user, name: String::new(), house_name: house.clone(), house };
            out.push(Somebody { signer, who: Who { person, house: false, rights } });
        }
    }
    out
}

struct Ground<'a> {
    definition: &'a Definition,
    hash: String,
    calendar: &'a Calendar,
    people: Vec<Somebody>,
    rights: BTreeMap<String, Who>,
    facts: BTreeSet<String>,
}

struct Numbers;

impl Take for Numbers {
    fn number(&mut self, _: &str, _: &str, _: i16) -> Result<i64> {
        Ok(1)
    }

    fn id(&mut self) -> String {
        "child".into()
    }
}

/// What the twin writes down.
#[derive(Default)]
struct Twin {
    /// Action and user, in order.
    did: Vec<(String, String)>,
    /// Of each part: from when, whose hands, in order.
    held: BTreeMap<&'static str, Vec<(Millis, String)>>,
}

struct Flow<'a> {
    ground: &'a Ground<'a>,
    mode: &'static str,
    samplers: [usize; 2],
    state: Option<State>,
    seq: i64,
    head: String,
    hands: BTreeMap<&'static str, Vec<Hand>>,
    /// Part: giver (index), receiver.
    offers: BTreeMap<&'static str, (usize, String)>,
    recheck_lab: String,
    issued: bool,
    now: Millis,
    twin: Twin,
}

/// What somebody wants.
enum Wish {
    /// An action of the definition.
    Do(String),
    Offer(&'static str, String),
}

impl<'a> Flow<'a> {
    /// A task: two samplers, by the rule of the mode. `None`: the rule refused them.
    fn begin(ground: &'a Ground<'a>, mode: &'static str, chance: &mut Chance, now: Millis) -> Option<Self> {
        let samplers = [chance.below(ground.people.len()), chance.below(ground.people.len())];
        let of = |i: usize| &ground.people[samplers[i]];
        let able = |i: usize| {
            ["bureau", "lab-1"].contains(&of(i).signer.house.as_str())
                && of(i).who.rights.contains_key("sampling.take")
        };
        if samplers[0] == samplers[1] || !able(0) || !able(1) {
            return None;
        }
        rules::apart(mode, [&of(0).signer.house, &of(1).signer.house], "lab-1").ok()?;
        let blank = Blank {
            definition: ground.definition,
            calendar: ground.calendar,
            now,
            facts: &ground.facts,
            people: &ground.rights,
        };
        let new =
            New { title: "试".into(), division: COUNTY.into(), business: "shop".into(), ..New::default() };
        let who = Who::house();
        let draft = decide::begin(&blank, &who, &ground.hash, &new, &mut Numbers).expect("a case begins");
        let mut flow = Self {
            ground,
            mode,
            samplers,
            state: None,
            seq: 0,
            head: String::new(),
            hands: BTreeMap::new(),
            offers: BTreeMap::new(),
            recheck_lab: String::new(),
            issued: false,
            now,
            twin: Twin::default(),
        };
        flow.append(draft, &who.person);
        let officer = ground.people.iter().position(|p| p.signer.user == "o1").expect("an officer");
        flow.decide(officer, mode, Value::Null).expect("the mode is chosen with the task");
        Some(flow)
    }

    fn append(&mut self, draft: Draft, by: &Person) {
        let body = Body { form: draft.form, effects: draft.effects, calendar: 0 };
        self.seq += 1;
        let entry = Entry {
            case: "case".into(),
            seq: self.seq,
            at: self.now,
            occurred_at: draft.occurred_at,
            user: by.user.clone(),
            user_name: String::new(),
            action: draft.action,
            note: draft.note,
            body: serde_json::to_string(&body).expect("a body"),
            client_key: String::new(),
            before: std::mem::take(&mut self.head),
            hash: String::new(),
        };
        let entry = entry.sealed();
        State::next(&mut self.state, &entry).expect("an entry that was decided folds");
        self.head = entry.hash;
        if !by.user.is_empty() {
            self.twin.did.push((entry.action, by.user.clone()));
        }
    }

    fn view<'v>(&'v self, state: &'v State) -> View<'v> {
        View {
            definition: self.ground.definition,
            state,
            calendar: self.ground.calendar,
            now: self.now,
            facts: &self.ground.facts,
            people: &self.ground.rights,
        }
    }

    fn decide(&mut self, by: usize, action: &str, form: Value) -> Result<()> {
        let who = self.ground.people[by].who.clone();
        let state = self.state.as_ref().expect("a case");
        let draft = decide::decide(self.view(state), &who, &Ask::action(action, form), &mut Numbers)?;
        self.append(draft, &who.person);
        Ok(())
    }

    /// As the routes of the room have it: who stands where, what changes hands with which action.
    fn act(&mut self, by: usize, action: &str) -> Result<()> {
        let house = self.ground.people[by].signer.house.clone();
        let outside = || Err(Error::not_found("没有这份样品"));
        let status = self.state.as_ref().map(|s| s.status.clone()).unwrap_or_default();
        match action {
            "take" | "seal" | "refuse" | "miss" if !self.samplers.contains(&by) => return outside(),
            "accept" | "reject" | "enter" | "send_back" | "verify" | "issue_pass" | "issue_monitor"
            | "issue_fail" | "issue_grave"
                if house != "lab-1" =>
            {
                return outside();
            }
            "spare_handed" | "recheck_enter" | "recheck_back" | "recheck_verify" | "recheck_upheld"
            | "recheck_overturned"
                if status != "recheck" || house != self.recheck_lab =>
            {
                return outside();
            }
            _ => {}
        }
        // the laboratory signs for what it takes over in the same act; nothing is kept of an act that is refused
        let taken = match action {
            "accept" | "spare_handed" => {
                let part = if action == "accept" { "test" } else { "spare" };
                let taken = self.taken_over(by)?;
                if !taken.iter().any(|(p, _)| *p == part) {
                    return Err(Error::conflict("nothing_offered", "没有移交"));
                }
                taken
            }
            _ => Vec::new(),
        };
        let form = self.form(action);
        self.decide(by, action, form)?;
        for (part, hand) in taken {
            self.put(part, hand);
        }
        match action {
            "seal" => {
                for part in PARTS {
                    let over = Over { seal_whole: true, ..Over::default() };
                    let signer = &self.ground.people[by].signer;
                    let first = custody::next(("s", part), &[], signer, ("", ""), &over, self.now)?;
                    self.put(part, first);
                }
            }
            "draw_lab" => self.recheck_lab = if self.seq % 2 == 0 { "lab-2" } else { "lab-3" }.into(),
            "issue_pass" | "issue_monitor" | "issue_fail" | "issue_grave" => self.issued = true,
            _ => {}
        }
        Ok(())
    }

    fn form(&self, action: &str) -> Value {
        let action = self.ground.definition.action(action);
        let mut out = Map::new();
        for field in action.iter().flat_map(|a| &a.form) {
            let options = serde_json::to_value(&field.options).expect("options");
            let first = options.pointer("/0/code").cloned();
            let value = match first {
                Some(code) => code,
                None if field.code.ends_with("_on") => json!("2026-03-03"),
                None if field.code.ends_with("_items") => json!(["苯甲酸"]),
                None => json!("文字"),
            };
            out.insert(field.code.clone(), value);
        }
        Value::Object(out)
    }

    /// Everything that is on offer to somebody's house, as new stretches.
    fn taken_over(&self, by: usize) -> Result<Vec<(&'static str, Hand)>> {
        let signer = &self.ground.people[by].signer;
        let over = Over { seal_whole: true, temperature: "4".into(), ..Over::default() };
        custody::check(&over)?;
        let own = self.offers.iter().filter(|(_, (_, receiver))| *receiver == signer.house);
        own.map(|(part, (giver, _))| {
            let giver = &self.ground.people[*giver].signer;
            let hands = self.hands.get(part).map_or(&[][..], Vec::as_slice);
            let hand =
                custody::next(("s", part), hands, signer, (&giver.user, &giver.name), &over, self.now)?;
            Ok((*part, hand))
        })
        .collect()
    }

    fn put(&mut self, part: &'static str, hand: Hand) {
        let all = self.hands.entry(part).or_default();
        if let Some(last) = all.last_mut() {
            last.until_at = Some(hand.from_at);
        }
        self.twin.held.entry(part).or_default().push((self.now, hand.holder.clone()));
        all.push(hand);
        self.offers.remove(part);
    }

    fn offer(&mut self, by: usize, part: &'static str, receiver: &str) -> Result<()> {
        let ended = self.state.as_ref().is_some_and(|s| !s.is_open()) && !self.issued;
        let to = Bound { lab: "lab-1", recheck_lab: &self.recheck_lab, ended };
        let hands = self.hands.get(part).map_or(&[][..], Vec::as_slice);
        custody::may_offer(hands, &to, &self.ground.people[by].signer, receiver)?;
        self.offers.insert(part, (by, receiver.to_owned()));
        Ok(())
    }

    /// The house whose work an action is.
    fn of_house(&self, action: &str) -> &str {
        match action {
            "accept" | "reject" | "enter" | "send_back" | "verify" => "lab-1",
            a if a.starts_with("issue_") => "lab-1",
            "spare_handed" => &self.recheck_lab,
            a if a.starts_with("recheck_") => &self.recheck_lab,
            _ => "bureau",
        }
    }

    fn one_of(&self, chance: &mut Chance, house: &str) -> Option<usize> {
        let of = |i: &usize| self.ground.people[*i].signer.house == house;
        let able: Vec<usize> = (0..self.ground.people.len()).filter(of).collect();
        (!able.is_empty()).then(|| able[chance.below(able.len())])
    }

    /// Mostly what a house does here, by anybody of it; else anything by anybody.
    fn wish(&self, chance: &mut Chance) -> (usize, Wish) {
        let anybody = chance.below(self.ground.people.len());
        let state = self.state.as_ref().expect("a case");
        let moves = matches!(state.status.as_str(), "taken" | "recheck");
        if chance.below(if moves { 3 } else { 8 }) == 0 {
            let part = PARTS[chance.below(2)];
            let wild = ["lab-1", "lab-2", "lab-3", "bureau"][chance.below(4)];
            let usual = if state.status == "recheck" { self.recheck_lab.as_str() } else { "lab-1" };
            let receiver = if chance.below(4) == 0 { wild } else { usual };
            let holder = self.hands.get(part).and_then(|h| h.last()).map_or("", |h| h.holder.as_str());
            let holder = self.one_of(chance, holder).filter(|_| chance.below(5) > 0);
            return (holder.unwrap_or(anybody), Wish::Offer(part, receiver.to_owned()));
        }
        let actions = &self.ground.definition.actions;
        let here: Vec<&str> =
            actions.iter().filter(|a| a.from.contains(&state.status)).map(|a| a.code.as_str()).collect();
        let mut action = match chance.below(12) {
            0 => actions[chance.below(actions.len())].code.as_str(),
            _ => here.get(chance.below(here.len())).copied().unwrap_or("take"),
        };
        // what ends or turns it at once is wished for less often, so that flows come far
        let early = [
            "refuse",
            "miss",
            "reject",
            "objection_holds",
            "no_recheck",
            "corrected",
            "issue_pass",
            "issue_monitor",
            "accept_result",
            "object",
        ];
        if early.contains(&action) && chance.below(6) > 0 {
            action = here.get(chance.below(here.len())).copied().unwrap_or("take");
        }
        let by = match action {
            "take" | "seal" if chance.below(4) > 0 => Some(self.samplers[chance.below(2)]),
            _ if chance.below(4) == 0 => None,
            _ => self.one_of(chance, self.of_house(action)),
        };
        (by.unwrap_or(anybody), Wish::Do(action.to_owned()))
    }

    fn step(&mut self, chance: &mut Chance) -> bool {
        let (by, wish) = self.wish(chance);
        let done = match &wish {
            Wish::Do(action) => self.act(by, action),
            Wish::Offer(part, receiver) => self.offer(by, part, receiver),
        };
        self.now += chance.below(4) as i64 * HOUR;
        done.is_ok()
    }
}

#[derive(Default)]
struct Report {
    flows: u64,
    asked: u64,
    done: BTreeMap<String, u64>,
    handed: u64,
    ended: u64,
    faults: u64,
    first: Vec<String>,
}

fn run(ground: &Ground, mode: &'static str, flows: u64, seed: u64) -> Report {
    let mut report = Report::default();
    let mut tried = seed;
    let start = day_start(jiff::civil::date(2026, 1, 5)) + 9 * HOUR;
    while report.flows < flows {
        tried += 1;
        let mut chance = Chance(tried.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        chance.next();
        let Some(mut flow) = Flow::begin(ground, mode, &mut chance, start) else { continue };
        for _ in 0..400 {
            if flow.state.as_ref().is_some_and(|s| !s.is_open()) {
                break;
            }
            flow.step(&mut chance);
            report.asked += 1;
        }
        let faults = flow.faults();
        report.flows += 1;
        report.ended += u64::from(flow.state.as_ref().is_some_and(|s| !s.is_open()));
        report.handed += flow.hands.values().map(|h| h.len() as u64 - 1).sum::<u64>();
        flow.twin.did.iter().for_each(|(a, _)| *report.done.entry(a.clone()).or_default() += 1);
        report.faults += faults.len() as u64;
        report.first.extend(faults.into_iter().take(1).map(|f| format!("{mode} seed {tried}: {f}")));
        report.first.truncate(20);
    }
    report
}

#[test]
fn nobody_holds_two_separated_roles_and_custody_has_no_gap() {
    let asked = std::env::var("SHIAN_SAMPLE_FLOWS").ok().and_then(|n| n.parse::<u64>().ok());
    let flows = asked.unwrap_or(300);
    let definition = Definition::read(sampling::FLOW).unwrap();
    let calendar = Calendar::read(HOLIDAYS).unwrap();
    let workers = std::thread::available_parallelism().map_or(1, |n| n.get());
    for mode in MODES {
        let mut all = Report::default();
        let reports: Vec<Report> = std::thread::scope(|scope| {
            let running: Vec<_> = (0..workers)
                .map(|w| {
                    let (definition, calendar) = (&definition, &calendar);
                    scope.spawn(move || {
                        let people = cast(definition);
                        let rights = people.iter().map(|p| (p.signer.user.clone(), p.who.clone())).collect();
                        let hash = hash_of(sampling::FLOW);
                        let ground =
                            Ground { definition, hash, calendar, people, rights, facts: BTreeSet::new() };
                        let lot = |n| run(&ground, mode, flows.div_ceil(LOTS), n << 40);
                        (0..LOTS).skip(w).step_by(workers).map(lot).collect::<Vec<Report>>()
                    })
                })
                .collect();
            running.into_iter().flat_map(|r| r.join().unwrap()).collect()
        });
        for r in reports {
            all.flows += r.flows;
            all.asked += r.asked;
            all.handed += r.handed;
            all.ended += r.ended;
            all.faults += r.faults;
            all.first.extend(r.first);
            r.done.into_iter().for_each(|(a, n)| *all.done.entry(a).or_default() += n);
        }
        eprintln!(
            "{mode}: {} flows, {} wishes, {} hand-overs, {} ended, {} faults; {:?}",
            all.flows, all.asked, all.handed, all.ended, all.faults, all.done
        );
        assert!(all.faults == 0, "{:#?}", all.first);
        // the run means something only where flows come to every role; a few hundred come to all of it
        for action in
            ["take", "seal", "accept", "enter", "verify", "issue_pass", "issue_fail", "recheck_enter"]
        {
            assert!(all.done.contains_key(action), "{mode}: nobody came to {action}");
        }
        assert!(all.handed > all.flows / 10, "{mode}: little changed hands");
    }
}
