//! What people want, by chance: mostly what their house does at that point, else anything.

use super::chance::Chance;
use super::flow::Flow;
use super::{HOUR, PARTS};

/// What somebody wants.
enum Wish {
    /// An action of the definition.
    Do(String),
    Offer(&'static str, String),
}

impl Flow<'_> {
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
            "sampling_holds",
            "no_recheck",
            "spare_unfit",
            "recheck_stopped",
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

    pub fn step(&mut self, chance: &mut Chance) -> bool {
        let (by, wish) = self.wish(chance);
        let done = match &wish {
            Wish::Do(action) => self.act(by, action),
            Wish::Offer(part, receiver) => self.offer(by, part, receiver),
        };
        self.now += chance.below(4) as i64 * HOUR;
        done.is_ok()
    }
}
