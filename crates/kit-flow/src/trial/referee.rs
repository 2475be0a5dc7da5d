//! Says who may do what from the definition and the raw log alone, the slow and plain way.

use std::collections::{BTreeMap, BTreeSet};

use kit_base::Error;

use super::{Actor, BUSINESS, COUNTY, Ground};
use crate::decide::Ask;
use crate::definition::{Action, At, Do, HOUSE, Relation};
use crate::guard::{self, View, Who};
use crate::log::{Draft, Effect, Entry};
use crate::state::{Phase, Run, State};

pub struct Referee<'a> {
    ground: &'a Ground<'a>,
    people: BTreeMap<String, Actor>,
}

impl<'a> Referee<'a> {
    pub fn new(ground: &'a Ground<'a>, people: &[Actor]) -> Self {
        Self { ground, people: people.iter().map(|p| (p.user.clone(), p.clone())).collect() }
    }

    /// What is wrong with something that was let through.
    pub fn accepted(&mut self, log: &Reading, actor: &Actor, draft: &Draft) -> Vec<String> {
        let mut faults = Vec::new();
        if let Some(action) = self.ground.definition.action(&draft.action) {
            if !self.permitted(log, actor, action) {
                faults.push(format!("{} did {} without the right", actor.user, action.code));
            }
            if self.barred(log, actor, action) {
                faults.push(format!("{} did {} against the separation of duties", actor.user, action.code));
            }
            if !action.from.contains(&log.now.status) {
                faults.push(format!("{} done in {}", action.code, log.now.status));
            }
            let entered = entered(draft);
            if entered.is_some() && entered != action.to.as_deref() {
                faults.push(format!("{} led to {entered:?}", action.code));
            }
        } else if let Some(to) = entered(draft)
            && !log.been.contains(to)
        {
            faults.push(format!("{} led to {to}, where it never was", draft.action));
        }
        // whoever gets a seat may have it
        for effect in &draft.effects {
            let (Effect::Seated { person, .. } | Effect::Delegated { to: person, .. }) = effect else {
                continue;
            };
            if !self.people.get(&person.user).is_some_and(|p| self.reaches(log, p)) {
                faults.push(format!("{} got a seat from outside", person.user));
            }
        }
        faults
    }

    /// What is wrong with a refusal.
    pub fn refused(&mut self, log: &Reading, actor: &Actor, ask: &Ask, e: &Error) -> Vec<String> {
        let Some(action) = ask.action.as_deref().and_then(|a| self.ground.definition.action(a)) else {
            return match e.kind == kit_base::Kind::Internal {
                true => vec![format!("{:?} failed: {e}", ask.op)],
                false => Vec::new(),
            };
        };
        match e.code.as_ref() {
            "internal" => vec![format!("{} failed: {e}", action.code)],
            "same_person" if !self.barred(log, actor, action) => {
                vec![format!("{} was kept from {} although apart", actor.user, action.code)]
            }
            "not_permitted" if ask.occurred_at.is_none() && self.permitted(log, actor, action) => {
                vec![format!("{} was kept from {} with the right", actor.user, action.code)]
            }
            _ => Vec::new(),
        }
    }

    /// Some rule fits by role and place; seats are looked at elsewhere.
    fn permitted(&self, log: &Reading, actor: &Actor, action: &Action) -> bool {
        action.who.iter().filter(|r| r.may != HOUSE).any(|rule| {
            let place = match rule.at {
                At::Case => COUNTY.to_owned(),
                At::Handled => log.now.handled.clone(),
            };
            let business = actor.role.starts_with("business");
            let reaches = if business { actor.place == BUSINESS } else { place.starts_with(&actor.place) };
            let related = match rule.relation {
                Relation::Drafter => log.drafter == actor.user,
                Relation::Subject => business,
                _ => true,
            };
            (self.ground.roles_of)(&rule.may).contains(&actor.role) && reaches && related
        })
    }

    fn barred(&self, log: &Reading, actor: &Actor, action: &Action) -> bool {
        let did = &log.now.did;
        action.not.iter().any(|word| match word.split_once(':') {
            Some(("last", of)) => {
                did.iter().rev().find(|(a, _)| a == of).is_some_and(|(_, user)| *user == actor.user)
            }
            Some(("named", field)) => log.names(field, &actor.user),
            Some((_, of)) => did.iter().any(|(a, user)| a == of && *user == actor.user),
            None => log.drafter == actor.user,
        })
    }

    fn reaches(&self, log: &Reading, actor: &Actor) -> bool {
        actor.place == BUSINESS
            || COUNTY.starts_with(&actor.place)
            || log.now.handled.starts_with(&actor.place)
    }
}

fn entered(draft: &Draft) -> Option<&str> {
    draft.effects.iter().rev().find_map(|e| match e {
        Effect::Entered(status) => Some(status.as_str()),
        _ => None,
    })
}

/// What the log says at one point.
#[derive(Clone, Default)]
struct Memory {
    status: String,
    handled: String,
    /// Action and who did it, in order.
    did: Vec<(String, String)>,
    kept: serde_json::Map<String, serde_json::Value>,
}

/// The log as the referee has read it: each entry once, as it stands written.
#[derive(Default)]
pub struct Reading {
    entries: usize,
    drafter: String,
    now: Memory,
    /// Before each action: what was taken back is taken off.
    before: Vec<Memory>,
    been: BTreeSet<String>,
}

impl Reading {
    /// Reads what the log has more.
    pub fn read(&mut self, log: &[Entry]) {
        for entry in log.iter().skip(self.entries) {
            if self.entries == 0 {
                self.drafter.clone_from(&entry.user);
            }
            self.entries += 1;
            for effect in entry.read().map(|b| b.effects).unwrap_or_default() {
                self.take(effect, &entry.user);
            }
        }
    }

    fn take(&mut self, effect: Effect, user: &str) {
        match effect {
            Effect::Opened(o) => self.now.handled = o.division,
            Effect::Entered(status) => {
                self.been.insert(status.clone());
                self.now.status = status;
            }
            Effect::Handled { division, .. } => self.now.handled = division,
            Effect::Did(action) => {
                self.before.push(self.now.clone());
                self.now.did.push((action, user.to_owned()));
            }
            Effect::Kept(data) => self.now.kept.extend(data),
            Effect::Undone => self.now = self.before.pop().unwrap_or_default(),
            _ => {}
        }
    }

    /// Whom the log named last in a field.
    fn names(&self, field: &str, user: &str) -> bool {
        let list = self.now.kept.get(field).and_then(serde_json::Value::as_array);
        list.into_iter().flatten().any(|v| v.as_str() == Some(user))
    }
}

/// What must hold of any case at any time.
pub fn look(view: &View, log: &Reading, people: &BTreeMap<String, Who>) -> Vec<String> {
    let state = view.state;
    let mut faults = Vec::new();
    if state.seq != log.entries as i64 {
        faults.push(format!("an entry after {} does not fold", state.seq));
    }
    if state.status != log.now.status {
        faults.push(format!("status {} where the log says {}", state.status, log.now.status));
    }
    if !state.is_open() {
        let goes = state.clocks.values().any(|t| matches!(t.state, Run::Running | Run::Paused));
        if goes || state.open_tasks().next().is_some() {
            faults.push("an ended case has tasks or clocks".into());
        }
        return faults;
    }
    let Some(status) = view.definition.status(&state.status) else { return faults };
    for task in &status.tasks {
        let mut ends = view.definition.actions.iter().filter(|a| a.task.as_ref() == Some(task));
        // done, and the case stays where it is
        let once = ends.any(|a| a.to.is_none());
        if guard::task_of(state, task).is_none() && !once {
            faults.push(format!("task {task} of {} is not open", status.code));
        }
    }
    let still = |code: &str| view.definition.clock(code).is_some_and(|c| c.still.contains(&state.status));
    if matches!(state.phase, Phase::Open)
        && state.clocks.iter().any(|(code, t)| t.state == Run::Paused && !still(code))
    {
        faults.push("a clock stands still although the case goes on".into());
    }
    if dead(view, people) {
        faults.push(format!("nobody can go on in {}", state.status));
    }
    faults
}

/// Nobody could go on, even where leaders hand over tasks, end the lock and resume, and everybody does what they may
/// where the case stands (the decision is served, so that it can be closed).
fn dead(view: &View, people: &BTreeMap<String, Who>) -> bool {
    let mut state: State = view.state.clone();
    (state.lock, state.phase) = (None, Phase::Open);
    state.tasks.iter_mut().for_each(|t| t.seats.clear());
    // the cases below come to their ends by themselves
    state.children.iter_mut().for_each(|c| c.ended = true);
    let expires = |code: &str| view.definition.clock(code).is_some_and(|c| c.expiry.is_some());
    if state.clocks.iter().any(|(code, t)| matches!(t.state, Run::Running | Run::Paused) && expires(code)) {
        return false;
    }
    // each round sets one more flag, or is the last
    loop {
        let view = View { state: &state, ..*view };
        let able = |a: &&Action| people.values().any(|who| guard::may_do(&view, who, a).is_ok());
        let now: Vec<&Action> = view.definition.actions.iter().filter(able).collect();
        let starts = |d: &Do| matches!(d, Do::Start(code) if expires(code));
        if now.iter().any(|a| a.to.is_some() || a.effects.iter().any(starts)) {
            return false;
        }
        let more = now.iter().flat_map(|a| &a.effects).find_map(|d| match d {
            Do::Flag(flag) if !state.flags.contains(flag) => Some(flag.clone()),
            _ => None,
        });
        let Some(flag) = more else { return true };
        state.flags.insert(flag);
    }
}
