//! What people in a trial ask for.

use serde_json::{Map, Value, json};

use super::{Actor, Chance, HOUR, Trial};
use crate::decide::Ask;
use crate::definition::{Field, FieldKind};
use crate::ops::Op;
use crate::state::State;

impl Trial<'_> {
    /// Somebody who is likely to be let through with an operation.
    pub(super) fn fitting(&self, op: &Op, state: &State, chance: &mut Chance) -> Option<Actor> {
        let seats = || state.open_tasks().flat_map(|t| &t.seats);
        let users: Vec<&str> = match op {
            Op::Answer { .. } => {
                seats().filter_map(|s| s.delegate.as_ref()).map(|p| p.user.as_str()).collect()
            }
            Op::Withdraw => self.log.iter().rev().take(1).map(|e| e.user.as_str()).collect(),
            Op::Suspend { .. } | Op::Resume | Op::Terminate | Op::Void | Op::Unlock | Op::Urge { .. } => {
                let leads = |p: &&Actor| p.role == "leader";
                self.people.iter().filter(leads).map(|p| p.user.as_str()).collect()
            }
            Op::Claim { .. } => return None,
            _ => seats().map(|s| s.person.user.as_str()).collect(),
        };
        let user = chance.of(&users)?;
        self.people.iter().find(|p| p.user == **user).cloned()
    }

    pub(super) fn ask(&self, chance: &mut Chance, actor: &Actor, state: &State) -> Ask {
        if chance.below(5) > 1 {
            // mostly what is possible here, sometimes anything
            let here: Vec<_> =
                self.ground.definition.actions.iter().filter(|a| a.from.contains(&state.status)).collect();
            let all: Vec<_> = self.ground.definition.actions.iter().collect();
            let ends = |to: &String| self.ground.definition.status(to).is_some_and(|s| s.end);
            let on: Vec<_> = here.iter().copied().filter(|a| !a.to.as_ref().is_some_and(ends)).collect();
            let list = match chance.below(8) {
                0 => all,
                1..=5 if !on.is_empty() => on,
                _ => here,
            };
            if let Some(action) = chance.of(&list) {
                let mut ask = Ask::action(&action.code, self.form(&action.form, chance));
                if chance.below(12) == 0 {
                    ask.occurred_at = Some(self.now - chance.below(200) as i64 * HOUR);
                }
                return ask;
            }
        }
        Ask::op(self.op(chance, state, actor), if chance.below(6) == 0 { "" } else { "理由" })
    }

    fn op(&self, chance: &mut Chance, state: &State, actor: &Actor) -> Op {
        let open: Vec<i64> = state.open_tasks().map(|t| t.no).collect();
        let task = chance.of(&open).copied().unwrap_or(1);
        let someone =
            |chance: &mut Chance| chance.of(&self.people).map(|p| p.user.clone()).unwrap_or_default();
        let reason = self.ground.definition.ops.suspend.as_ref().and_then(|s| s.reasons.first().cloned());
        match chance.below(22) {
            0..=4 => Op::Claim { task },
            5..=6 => Op::Transfer { task, to: someone(chance), from: None },
            7..=8 => {
                let seats: Vec<String> = state
                    .open_task(task)
                    .into_iter()
                    .flat_map(|t| &t.seats)
                    .map(|s| s.person.user.clone())
                    .collect();
                Op::Transfer { task, to: someone(chance), from: chance.of(&seats).cloned() }
            }
            9 => Op::Delegate { task, to: someone(chance) },
            10..=11 => Op::Answer { task },
            12 => Op::AddSigner { task, to: someone(chance) },
            13 => Op::DropSigner { task, user: someone(chance) },
            14 => Op::Return { task },
            15 => Op::Withdraw,
            16 => Op::Urge { task },
            17 => Op::Suspend { reason: reason.unwrap_or_default() },
            18 => Op::Resume,
            19 => Op::Lock { hours: 1 + chance.below(60) as i64 },
            20 => Op::Unlock,
            _ if chance.below(30) > 0 => Op::Resume,
            _ if actor.user.ends_with('0') => Op::Terminate,
            _ => Op::Void,
        }
    }

    pub(super) fn form(&self, fields: &[Field], chance: &mut Chance) -> Value {
        let mut out = Map::new();
        for field in fields {
            if chance.below(25) == 0 {
                continue;
            }
            // a day that a clock counts from lies behind, any other ahead
            let begins = format!("form:{}", field.code);
            let behind = self.ground.definition.clocks.iter().any(|c| c.since.as_ref() == Some(&begins));
            let days = if behind { -(chance.below(20) as i64) } else { chance.below(60) as i64 };
            let day = kit_base::clock::china_day(self.now + days * 24 * HOUR);
            // mostly somebody near
            let near: Vec<&Actor> = self.people.iter().filter(|p| p.place == super::COUNTY).collect();
            let seats = format!("form:{}", field.code);
            let task = self.ground.definition.tasks.iter().find(|t| t.seats == seats);
            let fit = |p: &&Actor| task.is_none_or(|t| (self.ground.roles_of)(&t.may).contains(&p.role));
            let people: Vec<&Actor> = if chance.below(5) > 0 {
                near.into_iter().filter(fit).collect()
            } else {
                self.people.iter().collect()
            };
            let user = chance.of(&people).map(|p| p.user.clone()).unwrap_or_default();
            let value = match field.kind {
                FieldKind::Text => json!("文字"),
                FieldKind::Date => json!(day.to_string()),
                FieldKind::Number | FieldKind::Money => json!(3),
                FieldKind::Bool => json!(true),
                FieldKind::Choice => json!(chance.of(&field.options).map(|o| o.code.clone())),
                FieldKind::User => json!(user),
                FieldKind::Users => {
                    let second = chance.of(&people).map(|p| p.user.clone()).unwrap_or_default();
                    let third = chance.of(&people).map(|p| p.user.clone()).unwrap_or_default();
                    let second = if second == user { third } else { second };
                    if second == user { json!([user]) } else { json!([user, second]) }
                }
                FieldKind::Ids => json!(["e-1"]),
            };
            out.insert(field.code.clone(), value);
        }
        Value::Object(out)
    }
}
