//! What happened in a case, as people read it: each step, who had it how long, which clocks ran.

use kit_base::{Millis, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::definition::{Definition, Field, FieldKind};
use crate::diagram::{self, Diagram};
use crate::flows::Member;
use crate::log::{Effect, Entry, How};
use crate::ops;
use crate::state::State;
use crate::store::projection::{run, seats_of};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct History {
    pub steps: Vec<Step>,
    pub stays: Vec<Stay>,
    pub clocks: Vec<ClockRun>,
    /// The picture of its kind, as it was when the case began.
    pub diagram: Diagram,
}

/// An entry of the log.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    pub seq: i64,
    /// Recorded, ms UTC.
    pub at: Millis,
    /// Happened; earlier where it was recorded later (补录、离线).
    pub occurred_at: Millis,
    /// Empty for the house itself.
    pub user: String,
    pub user_name: String,
    pub action: String,
    /// Chinese.
    pub name: String,
    pub note: String,
    pub form: Value,
    /// What its form said, as people read it.
    pub said: Vec<Said>,
    /// The status after it.
    pub status: String,
    pub status_name: String,
    /// What came of it, sentence by sentence, Chinese.
    pub told: Vec<String>,
    /// Hash of the entry, as the ledger has it.
    pub hash: String,
}

/// A field of a form and what it says. People are named by what came of it; of files only the number is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Said {
    pub name: String,
    pub text: String,
}

/// Who had a task, from when until when.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Stay {
    pub task: i64,
    pub name: String,
    /// Empty: nobody had claimed it.
    pub user: String,
    pub user_name: String,
    pub from: Millis,
    /// `null`: still.
    pub until: Option<Millis>,
}

/// One run of a clock.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ClockRun {
    pub code: String,
    pub name: String,
    pub statute: String,
    /// How sure the statute is, as of clocks.
    pub certainty: String,
    /// running, paused, stopped, expired
    pub state: String,
    pub started_at: Millis,
    /// The first millisecond too late.
    pub late_from: Millis,
    /// The last day in time, in China.
    pub last_day: String,
    /// Runs through a year whose holidays are not announced.
    pub provisional: bool,
    /// Milliseconds that it stood still.
    pub paused: Millis,
    pub ended_at: Option<Millis>,
}

/// Members of a list that are named; of longer ones the number is told too.
const NAMED: usize = 8;

/// Reads a log; `member` is the room's. Errors: `internal` where it does not fold.
pub fn of(definition: &Definition, entries: &[Entry], member: Member) -> Result<History> {
    let mut out = History {
        steps: Vec::new(),
        stays: Vec::new(),
        clocks: Vec::new(),
        diagram: diagram::of(definition),
    };
    let mut state = None;
    for entry in entries {
        State::next(&mut state, entry)?;
        let Some(now) = &state else { continue };
        let body = entry.read()?;
        for effect in &body.effects {
            if let Effect::Started { clock, due, .. } = effect {
                let kind = definition.clock(clock);
                out.clocks.push(ClockRun {
                    code: clock.clone(),
                    name: kind.map(|k| k.name.clone()).unwrap_or_default(),
                    statute: kind.map(|k| k.statute.clone()).unwrap_or_default(),
                    certainty: kind.map(|k| k.certainty.clone()).unwrap_or_default(),
                    state: "running".into(),
                    started_at: entry.occurred_at,
                    late_from: due.late_from,
                    last_day: due.last_day.clone(),
                    provisional: due.provisional,
                    paused: 0,
                    ended_at: None,
                });
            }
        }
        runs(now, &mut out.clocks);
        stays(definition, now, entry.occurred_at, &mut out.stays);
        out.steps.push(Step {
            seq: entry.seq,
            at: entry.at,
            occurred_at: entry.occurred_at,
            user: entry.user.clone(),
            user_name: entry.user_name.clone(),
            name: name_of(definition, &entry.action),
            action: entry.action.clone(),
            note: entry.note.clone(),
            said: said(definition, &entry.action, &body.form, member),
            form: body.form.clone(),
            status: now.status.clone(),
            status_name: definition.status(&now.status).map(|s| s.name.clone()).unwrap_or_default(),
            told: body.effects.iter().filter_map(|e| tell(definition, e)).collect(),
            hash: entry.hash.clone(),
        });
    }
    Ok(out)
}

fn said(definition: &Definition, action: &str, form: &Value, member: Member) -> Vec<Said> {
    let fields = definition.action(action).map_or(&[][..], |a| &a.form);
    let text = |field: &Field| {
        let value = form.get(&field.code)?;
        Some(match (field.kind, value) {
            (FieldKind::User | FieldKind::Users, _) => return None,
            (FieldKind::Ids, Value::Array(list)) => members(&field.code, list, member),
            (FieldKind::Money, Value::Number(fen)) => crate::papers::words::money(fen.as_i64().unwrap_or(0)),
            (FieldKind::Choice, Value::String(code)) => {
                let option = field.options.iter().find(|o| o.code == *code);
                option.map_or_else(|| code.clone(), |o| o.name.clone())
            }
            (_, Value::Bool(yes)) => if *yes { "是" } else { "否" }.to_owned(),
            (_, Value::String(text)) => text.clone(),
            (_, other) => other.to_string(),
        })
    };
    fields.iter().filter_map(|f| Some(Said { name: f.name.clone(), text: text(f)? })).collect()
}

/// `苯甲酸、山梨酸`; `2 份` where they have no names.
fn members(field: &str, list: &[Value], member: Member) -> String {
    let names: Vec<String> =
        list.iter().filter_map(Value::as_str).map_while(|code| member(field, code)).take(NAMED).collect();
    match (names.len(), list.len()) {
        (0, all) => format!("{all} 份"),
        (told, all) if told < all => format!("{}等 {all} 项", names.join("、")),
        _ => names.join("、"),
    }
}

/// The Chinese name of what an entry did.
pub fn name_of(definition: &Definition, action: &str) -> String {
    let own = definition.action(action).map(|a| a.name.clone());
    own.or_else(|| ops::name_of(action).map(str::to_owned)).unwrap_or_else(|| action.to_owned())
}

/// The last run of each clock is as the state has it; one that was taken back is no run any more.
fn runs(state: &State, clocks: &mut Vec<ClockRun>) {
    clocks.retain(|c| {
        c.ended_at.is_some() || state.clocks.get(&c.code).is_some_and(|t| t.started_at == c.started_at)
    });
    for (code, timer) in &state.clocks {
        let last = clocks.iter_mut().rev().find(|c| c.code == *code && c.started_at == timer.started_at);
        let Some(last) = last else { continue };
        last.state = run(timer.state).to_owned();
        (last.late_from, last.last_day) = (timer.due.late_from, timer.due.last_day.clone());
        (last.provisional, last.paused, last.ended_at) =
            (timer.due.provisional, timer.paused, timer.ended_at);
    }
}

fn stays(definition: &Definition, state: &State, at: Millis, stays: &mut Vec<Stay>) {
    let seats = seats_of(state);
    for stay in stays.iter_mut().filter(|s| s.until.is_none()) {
        if !seats.iter().any(|(task, user, ..)| *task == stay.task && *user == stay.user) {
            stay.until = Some(at);
        }
    }
    for (task, user, code, _, _) in seats {
        if stays.iter().any(|s| s.until.is_none() && s.task == task && s.user == user) {
            continue;
        }
        let people = state.tasks.iter().filter(|t| t.no == task).flat_map(|t| &t.seats);
        let name = people.map(|s| s.holder()).find(|p| p.user == user).map(|p| p.name.clone());
        stays.push(Stay {
            task,
            name: definition.task(&code).map(|t| t.name.clone()).unwrap_or_default(),
            user,
            user_name: name.unwrap_or_default(),
            from: at,
            until: None,
        });
    }
}

fn tell(d: &Definition, effect: &Effect) -> Option<String> {
    let clock = |code: &str| d.clock(code).map_or_else(|| code.to_owned(), |c| c.name.clone());
    let flag = |code: &str| {
        d.flags.iter().find(|f| f.code == code).map_or_else(|| code.to_owned(), |f| f.name.clone())
    };
    let held = |provisional: bool| if provisional { "（节假日安排未公布，暂定）" } else { "" };
    Some(match effect {
        Effect::Entered(status) => {
            let name = d.status(status).map_or(status.as_str(), |s| s.name.as_str());
            format!("进入“{name}”")
        }
        Effect::Flagged(code) => format!("标记“{}”", flag(code)),
        Effect::Unflagged(code) => format!("取消标记“{}”", flag(code)),
        Effect::Started { clock: code, due, .. } => {
            format!("{}起算，最后一日 {}{}", clock(code), due.last_day, held(due.provisional))
        }
        Effect::Paused { clock: code, .. } => format!("{}中止计算", clock(code)),
        Effect::Resumed { clock: code, due, .. } => {
            format!("{}恢复计算，最后一日 {}{}", clock(code), due.last_day, held(due.provisional))
        }
        Effect::Moved { clock: code, due, .. } | Effect::Renewed { clock: code, due, .. } => {
            format!("{}改为 {}{}", clock(code), due.last_day, held(due.provisional))
        }
        Effect::Expired(code) => format!("{}届满", clock(code)),
        Effect::Reminded(code) => format!("{}即将届满", clock(code)),
        Effect::Seated { person, added: true, .. } => format!("加签{}", person.name),
        Effect::Seated { person, .. } => format!("由{}办理", person.name),
        Effect::Delegated { to, .. } => format!("委派{}", to.name),
        Effect::TaskOpened { code, seats, .. } => {
            let name = d.task(code).map_or(code.as_str(), |t| t.name.as_str());
            let names: Vec<&str> = seats.iter().map(|p| p.name.as_str()).collect();
            if names.is_empty() { format!("待{name}") } else { format!("待{}{name}", names.join("、")) }
        }
        Effect::Issued { code, number, .. } => {
            let name = d.document(code).map_or(code.as_str(), |x| x.name.as_str());
            format!("出具《{name}》{number}")
        }
        Effect::Annulled { number } => format!("{number} 作废"),
        Effect::Handled { division, .. } => format!("上报至 {division}"),
        Effect::Suspended(reason) => format!("挂起：{reason}"),
        Effect::Undone => "撤回上一步办理".to_owned(),
        Effect::Ended(How::Done) => "办结".to_owned(),
        Effect::Ended(How::Terminated) => "终止办理".to_owned(),
        Effect::Ended(How::Void) => "作废".to_owned(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Items have their own names, files none.
    fn member(field: &str, code: &str) -> Option<String> {
        (field == "apply_items").then(|| code.to_owned())
    }

    #[test]
    fn a_list_is_told_by_its_members_and_files_by_their_number() {
        let items = |n: usize| (1..=n).map(|i| json!(format!("项目{i}"))).collect::<Vec<_>>();
        assert_eq!(members("apply_items", &[json!("苯甲酸"), json!("山梨酸")], member), "苯甲酸、山梨酸");
        assert!(members("apply_items", &items(8), member).ends_with("项目7、项目8"));
        assert_eq!(
            members("apply_items", &items(12), member),
            "项目1、项目2、项目3、项目4、项目5、项目6、项目7、项目8等 12 项"
        );
        assert_eq!(members("proof", &[json!("0193b2"), json!("0193b3")], member), "2 份");
        assert_eq!(members("apply_items", &[], member), "0 份");
    }
}
