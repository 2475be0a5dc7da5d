//! What the house does by itself in a trial: clocks that are over, calendars announced, other rooms and the cases below.

use kit_base::Result;

use super::{Chance, HOUR, Numbers, Trial};
use crate::decide;
use crate::definition::Action;
use crate::guard::{View, Who};
use crate::log::Draft;
use crate::state::State;

impl Trial<'_> {
    /// Days go by, the duty of the house comes round, and some day the next calendar is announced.
    pub(super) fn time_passes(&mut self, chance: &mut Chance, faults: &mut Vec<String>) {
        let hours = [1, 5, 24, 72, 24 * 12, 24 * 40];
        let passed = HOUR * chance.of(&hours).copied().unwrap_or(1);
        // a term of years is over only where somebody waits for it
        let due = self.state.iter().flat_map(State::running).map(|(_, t)| t.due.late_from).min();
        self.now = match due.filter(|_| chance.below(3) == 0) {
            Some(due) => due.max(self.now) + HOUR,
            None => self.now + passed,
        };
        if !self.announced && chance.below(4) == 0 {
            self.announced = true;
            self.house(faults, |view, numbers| decide::recount(view, numbers));
        }
        self.rooms_tell(chance, faults);
        // a clock may start another that is over too; two rounds of every clock are more than enough
        for _ in 0..2 * self.ground.definition.clocks.len() {
            let before = self.log.len();
            self.sweep(faults);
            if self.log.len() == before {
                break;
            }
        }
        // the cases below come to their ends by themselves
        let children = self.state.iter().flat_map(|s| &s.children).filter(|c| !c.ended);
        for child in children.map(|c| c.case.clone()).collect::<Vec<_>>() {
            self.house(faults, |view, numbers| decide::child_ended(view, &child, numbers));
        }
    }

    /// Another room tells of something, now and then.
    fn rooms_tell(&mut self, chance: &mut Chance, faults: &mut Vec<String>) {
        let told: Vec<&Action> = self.ground.definition.actions.iter().filter(|a| a.by_room).collect();
        if chance.below(3) > 0 {
            return;
        }
        let Some(action) = chance.of(&told).copied() else { return };
        let loses = |state: &State| self.goal.as_ref().is_some_and(|goal| goal.loses(&action.code, state));
        if self.state.as_ref().is_some_and(loses) {
            return;
        }
        let form = self.form(&action.form, chance);
        self.house(faults, |view, numbers| decide::told(view, &action.code, &form, numbers));
    }

    /// One round of the duty, each clock twice: the second time must find nothing to do.
    fn sweep(&mut self, faults: &mut Vec<String>) {
        for clock in &self.ground.definition.clocks {
            for again in [false, true] {
                let started =
                    self.state.as_ref().and_then(|s| s.clocks.get(&clock.code)).map(|t| t.started_at);
                self.house(faults, |view, numbers| decide::remind(view, &clock.code, numbers));
                let before = self.log.len();
                self.house(faults, |view, numbers| decide::expire(view, &clock.code, numbers));
                if again && started != Some(self.now) && self.log.len() > before {
                    faults.push(format!("clock {} was over twice", clock.code));
                }
            }
        }
    }

    /// The house decides something of a case, and it is written where there is anything to write.
    fn house(
        &mut self,
        faults: &mut Vec<String>,
        decide: impl FnOnce(View, &mut Numbers) -> Result<Option<Draft>>,
    ) {
        let mut numbers = std::mem::take(&mut self.numbers);
        let drafted = self.state.as_ref().map(|state| decide(self.view(state), &mut numbers));
        self.numbers = numbers;
        match drafted {
            Some(Ok(Some(draft))) => self.append(draft, &Who::house().person),
            Some(Err(e)) => faults.push(format!("the house was refused: {e}")),
            Some(Ok(None)) | None => {}
        }
    }
}
