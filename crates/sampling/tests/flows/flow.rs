//! One flow: its log, what is in whose hands, and the acts of people as the routes of the room have them.

use std::collections::BTreeMap;

use kit_base::{Error, Millis, Result};
use kit_flow::decide::{self, Ask, Blank, New, Take};
use kit_flow::guard::{View, Who};
use kit_flow::log::{Body, Draft, Entry, Person};
use kit_flow::state::State;
use sampling::model::{Hand, Over};
use sampling::rules;
use sampling::rules::custody::{self, Bound};
use serde_json::{Map, Value, json};

use super::cast::Ground;
use super::chance::Chance;
use super::twin::Twin;
use super::{COUNTY, DAY, PARTS};

struct Numbers;

impl Take for Numbers {
    fn number(&mut self, _: &str, _: &str, _: i16) -> Result<i64> {
        Ok(1)
    }

    fn id(&mut self) -> String {
        "child".into()
    }
}

pub struct Flow<'a> {
    pub ground: &'a Ground<'a>,
    pub mode: &'static str,
    pub samplers: [usize; 2],
    pub state: Option<State>,
    pub seq: i64,
    pub head: String,
    pub hands: BTreeMap<&'static str, Vec<Hand>>,
    /// Part: giver (index), receiver.
    pub offers: BTreeMap<&'static str, (usize, String)>,
    pub recheck_lab: String,
    pub issued: bool,
    pub now: Millis,
    pub twin: Twin,
}

impl<'a> Flow<'a> {
    /// A task: two samplers, by the rule of the mode. `None`: the rule refused them.
    pub fn begin(
        ground: &'a Ground<'a>,
        mode: &'static str,
        chance: &mut Chance,
        now: Millis,
    ) -> Option<Self> {
        let samplers = [chance.below(ground.people.len()), chance.below(ground.people.len())];
        let of = |i: usize| &ground.people[samplers[i]];
        let able = |i: usize| {
            ["bureau", "lab-1"].contains(&of(i).signer.house.as_str())
                && of(i).who.rights.contains_key("sampling.take")
        };
        if samplers[0] == samplers[1] || !able(0) || !able(1) {
            return None;
        }
        rules::apart(mode, [&of(0).signer.house, &of(1).signer.house], "lab-1", DAY).ok()?;
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
    pub fn act(&mut self, by: usize, action: &str) -> Result<()> {
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
            "spare_unfit" | "spare_handed" | "recheck_enter" | "recheck_back" | "recheck_verify"
            | "recheck_upheld" | "recheck_overturned"
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
                None if field.code.ends_with("_on") => json!(DAY),
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
        custody::check(&over, true)?;
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

    pub fn offer(&mut self, by: usize, part: &'static str, receiver: &str) -> Result<()> {
        let ended = self.state.as_ref().is_some_and(|s| !s.is_open()) && !self.issued;
        let to = Bound { lab: "lab-1", recheck_lab: &self.recheck_lab, ended };
        let hands = self.hands.get(part).map_or(&[][..], Vec::as_slice);
        custody::may_offer(hands, &to, &self.ground.people[by].signer, receiver)?;
        self.offers.insert(part, (by, receiver.to_owned()));
        Ok(())
    }

    /// The house whose work an action is.
    pub fn of_house(&self, action: &str) -> &str {
        match action {
            "accept" | "reject" | "enter" | "send_back" | "verify" => "lab-1",
            a if a.starts_with("issue_") => "lab-1",
            "recheck_stopped" => "bureau",
            "spare_handed" | "spare_unfit" => &self.recheck_lab,
            a if a.starts_with("recheck_") => &self.recheck_lab,
            _ => "bureau",
        }
    }
}
