//! What a sequence is after: an action seldom done so far. Chance alone goes the short ways of a flow a thousand times
//! before it goes a long one once.

use std::collections::{BTreeMap, BTreeSet};

use crate::definition::{Action, Definition, Do, HOUSE, Need};
use crate::state::State;

/// An action to come to, and what helps or hinders on the way there.
pub(super) struct Goal {
    pub code: String,
    /// What must have been done before it, for its flags, documents and clocks; itself among them.
    helps: BTreeSet<String>,
    /// What would forbid it.
    hinders: BTreeSet<String>,
    /// Steps from each status to one in which it may be done.
    far: BTreeMap<String, usize>,
    /// Clocks that must run out.
    waits: BTreeSet<String>,
    /// Where each action that moves a case leads.
    moves: BTreeMap<String, String>,
}

impl Goal {
    /// The action that was done least, the earliest of the definition among equals.
    pub fn seldom(definition: &Definition, done: &BTreeMap<String, u64>) -> Option<Self> {
        let action = definition.actions.iter().min_by_key(|a| done.get(&a.code).copied().unwrap_or(0))?;
        Some(Self::to(definition, action))
    }

    fn to(definition: &Definition, action: &Action) -> Self {
        let helps = helping(definition, action);
        let mut hinders = BTreeSet::new();
        let mut waits = BTreeSet::new();
        for helper in definition.actions.iter().filter(|a| helps.contains(&a.code)) {
            let forbidden = |d: &Do| helper.needs.iter().any(|n| undoes(d, n));
            let against = definition.actions.iter().filter(|a| a.effects.iter().any(forbidden));
            hinders.extend(against.map(|a| a.code.clone()).filter(|code| !helps.contains(code)));
            let clocks = definition.clocks.iter().filter(|c| c.expiry.as_ref() == Some(&helper.code));
            waits.extend(clocks.map(|c| c.code.clone()));
            // what stops a clock that must run out
            let stops = |a: &&Action| a.effects.iter().any(|d| matches!(d, Do::Stop(c) if waits.contains(c)));
            hinders.extend(definition.actions.iter().filter(stops).map(|a| a.code.clone()));
        }
        hinders.retain(|code| !helps.contains(code));
        let moves = definition.actions.iter().filter_map(|a| Some((a.code.clone(), a.to.clone()?))).collect();
        Self { code: action.code.clone(), far: distances(definition, action), helps, hinders, waits, moves }
    }

    fn steps_from(&self, status: &str) -> usize {
        self.far.get(status).copied().unwrap_or(usize::MAX)
    }

    /// Whether an action leads away from it, or forbids it.
    pub fn loses(&self, action: &str, state: &State) -> bool {
        let away = |to: &String| self.steps_from(to) > self.steps_from(&state.status);
        self.hinders.contains(action) || self.moves.get(action).is_some_and(away)
    }

    /// Of what may be done now, what leads on: the goal itself, else what helps, else a step nearer, else what does no harm.
    pub fn leading<'d, A: Clone>(&self, state: &State, able: &[(A, &'d Action)]) -> Vec<(A, &'d Action)> {
        let here = self.steps_from(&state.status);
        let there = |a: &Action| a.to.as_ref().map_or(here, |to| self.steps_from(to));
        let fresh = |a: &Action| !state.doers.contains_key(&a.code);
        let helps = |a: &Action| self.helps.contains(&a.code) && fresh(a);
        let harmless = |a: &Action| !self.loses(&a.code, state);
        let ranks: [&dyn Fn(&Action) -> bool; 5] = [
            &|a| a.code == self.code,
            &|a| helps(a) && a.to.is_none(),
            &|a| helps(a) && there(a) != usize::MAX,
            &|a| harmless(a) && there(a) < here,
            &|a| harmless(a),
        ];
        for rank in ranks {
            let found: Vec<_> = able.iter().filter(|(_, a)| rank(a)).cloned().collect();
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    /// A clock runs whose end is waited for, and nothing is left to do before.
    pub fn waits(&self, state: &State) -> bool {
        state.running().any(|(code, _)| self.waits.contains(code))
    }
}

/// Whether an effect takes away what is needed.
fn undoes(effect: &Do, need: &Need) -> bool {
    match (effect, need) {
        (Do::Flag(made), Need::NoFlag(unwanted)) => made == unwanted,
        (Do::Unflag(gone), Need::Flag(wanted)) => gone == wanted,
        _ => false,
    }
}

/// Everything that some need of the action, or of what helps it, asks for.
fn helping(definition: &Definition, action: &Action) -> BTreeSet<String> {
    let mut helps = BTreeSet::from([action.code.clone()]);
    let mut open = vec![action];
    while let Some(one) = open.pop() {
        let makes = |a: &Action| {
            one.needs.iter().any(|need| a.effects.iter().any(|effect| brings(effect, need)))
                || clocks_ending_in(definition, one).any(|c| a.effects.contains(&Do::Start(c.to_owned())))
        };
        let repeated = one.needs.iter().filter_map(|n| match n {
            Need::Doers { of, .. } => Some(of.clone()),
            _ => None,
        });
        let repeated: Vec<String> = repeated.collect();
        for a in &definition.actions {
            if (makes(a) || repeated.contains(&a.code)) && helps.insert(a.code.clone()) {
                open.push(a);
            }
        }
    }
    helps
}

fn brings(effect: &Do, need: &Need) -> bool {
    match (effect, need) {
        (Do::Flag(a), Need::Flag(b))
        | (Do::Document(a), Need::Document(b))
        | (Do::Start(a), Need::Clock(b)) => a == b,
        _ => false,
    }
}

fn clocks_ending_in<'d>(definition: &'d Definition, action: &'d Action) -> impl Iterator<Item = &'d str> {
    let ending = |c: &&crate::definition::ClockKind| c.expiry.as_ref() == Some(&action.code);
    definition.clocks.iter().filter(ending).map(|c| c.code.as_str())
}

/// Fewest moves from each status to one of the action's own; what no move leads from is not in it.
fn distances(definition: &Definition, action: &Action) -> BTreeMap<String, usize> {
    let mut far: BTreeMap<String, usize> = action.from.iter().map(|s| (s.clone(), 0)).collect();
    // as many rounds as there are statuses are enough
    for _ in &definition.statuses {
        for a in &definition.actions {
            let by_house = a.who.iter().any(|w| w.may == HOUSE);
            let Some(there) = a.to.as_ref().and_then(|to| far.get(to)).copied() else { continue };
            // a person's step is sooner done than a clock is over
            let next = there + if by_house { 3 } else { 1 };
            for from in &a.from {
                let known = far.get(from).copied().unwrap_or(usize::MAX);
                if next < known {
                    far.insert(from.clone(), next);
                }
            }
        }
    }
    far
}
