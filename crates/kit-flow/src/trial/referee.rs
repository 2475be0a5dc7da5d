//! Says who may do what from the definition and the raw log alone, the slow and plain way.

use std::collections::BTreeMap;

use kit_base::Error;

use super::{Actor, BUSINESS, COUNTY, Ground};
use crate::decide::Ask;
use crate::definition::{Action, At, HOUSE, Relation};
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
    pub fn accepted(&mut self, log: &[Entry], actor: &Actor, draft: &Draft) -> Vec<String> {
        let mut faults = Vec::new();
        if let Some(action) = self.ground.definition.action(&draft.action) {
            if !self.permitted(log, actor, action) {
                faults.push(format!("{} did {} without the right", actor.user, action.code));
            }
            if self.barred(log, actor, action) {
                faults.push(format!("{} did {} against the separation of duties", actor.user, action.code));
            }
            if !action.from.contains(&status(log)) {
                faults.push(format!("{} done in {}", action.code, status(log)));
            }
            let entered = entered(draft);
            if entered.is_some() && entered != action.to.as_deref() {
                faults.push(format!("{} led to {entered:?}", action.code));
            }
        } else if let Some(to) = entered(draft)
            && !log.iter().any(|e| effects(e).contains(&Effect::Entered(to.to_owned())))
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
    pub fn refused(&mut self, log: &[Entry], actor: &Actor, ask: &Ask, e: &Error) -> Vec<String> {
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
    fn permitted(&self, log: &[Entry], actor: &Actor, action: &Action) -> bool {
        action.who.iter().filter(|r| r.may != HOUSE).any(|rule| {
            let place = match rule.at {
                At::Case => COUNTY.to_owned(),
                At::Handled => handled(log),
            };
            let business = actor.role.starts_with("business");
            let reaches = if business { actor.place == BUSINESS } else { place.starts_with(&actor.place) };
            let related = match rule.relation {
                Relation::Drafter => log.first().is_some_and(|e| e.user == actor.user),
                Relation::Subject => business,
                _ => true,
            };
            (self.ground.roles_of)(&rule.may).contains(&actor.role) && reaches && related
        })
    }

    fn barred(&self, log: &[Entry], actor: &Actor, action: &Action) -> bool {
        let did = did(log);
        action.not.iter().any(|word| match word.split_once(':') {
            Some(("last", of)) => {
                did.iter().rev().find(|(a, _)| a == of).is_some_and(|(_, user)| *user == actor.user)
            }
            Some(("named", field)) => named(log, field).contains(&actor.user),
            Some((_, of)) => did.iter().any(|(a, user)| a == of && *user == actor.user),
            None => log.first().is_some_and(|e| e.user == actor.user),
        })
    }

    fn reaches(&self, log: &[Entry], actor: &Actor) -> bool {
        actor.place == BUSINESS || COUNTY.starts_with(&actor.place) || handled(log).starts_with(&actor.place)
    }
}

/// Whom the log named last in a field.
fn named(log: &[Entry], field: &str) -> Vec<String> {
    let kept = walk(log).kept;
    let list = kept.get(field).and_then(serde_json::Value::as_array);
    list.into_iter().flatten().filter_map(|v| v.as_str().map(str::to_owned)).collect()
}

fn effects(entry: &Entry) -> Vec<Effect> {
    entry.read().map(|b| b.effects).unwrap_or_default()
}

fn entered(draft: &Draft) -> Option<&str> {
    draft.effects.iter().rev().find_map(|e| match e {
        Effect::Entered(status) => Some(status.as_str()),
        _ => None,
    })
}

/// What the referee remembers of a log.
#[derive(Clone, Default)]
struct Memory {
    status: String,
    handled: String,
    /// Action and who did it, in order.
    did: Vec<(String, String)>,
    kept: serde_json::Map<String, serde_json::Value>,
}

/// Statuses and doers, one step after the other; what was taken back is taken off.
fn walk(log: &[Entry]) -> Memory {
    let (mut stack, mut now) = (Vec::new(), Memory::default());
    for entry in log {
        for effect in effects(entry) {
            match effect {
                Effect::Opened(o) => now.handled = o.division,
                Effect::Entered(status) => now.status = status,
                Effect::Handled { division, .. } => now.handled = division,
                Effect::Did(action) => {
                    stack.push(now.clone());
                    now.did.push((action, entry.user.clone()));
                }
                Effect::Kept(data) => now.kept.extend(data),
                Effect::Undone => now = stack.pop().unwrap_or_default(),
                _ => {}
            }
        }
    }
    now
}

fn status(log: &[Entry]) -> String {
    walk(log).status
}

fn handled(log: &[Entry]) -> String {
    walk(log).handled
}

fn did(log: &[Entry]) -> Vec<(String, String)> {
    walk(log).did
}

/// What must hold of any case at any time.
pub fn look(view: &View, log: &[Entry], people: &BTreeMap<String, Who>) -> Vec<String> {
    let state = view.state;
    let mut faults = Vec::new();
    if state.seq != log.len() as i64 {
        faults.push(format!("an entry after {} does not fold", state.seq));
    }
    if state.status != status(log) {
        faults.push(format!("status {} where the log says {}", state.status, status(log)));
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

/// Nobody could go on, even where leaders hand over tasks, end the lock and resume.
fn dead(view: &View, people: &BTreeMap<String, Who>) -> bool {
    let mut state: State = view.state.clone();
    (state.lock, state.phase) = (None, Phase::Open);
    state.tasks.iter_mut().for_each(|t| t.seats.clear());
    // the cases below come to their ends by themselves
    state.children.iter_mut().for_each(|c| c.ended = true);
    let view = View { state: &state, ..*view };
    let goes_on = |who: &Who| {
        let mut actions = view.definition.actions.iter().filter(|a| a.to.is_some());
        actions.any(|a| guard::may_do(&view, who, a).is_ok())
    };
    let waits =
        state.running().any(|(code, _)| view.definition.clock(code).is_some_and(|c| c.expiry.is_some()));
    !people.values().any(goes_on) && !waits
}
