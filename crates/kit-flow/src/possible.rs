//! Which operations somebody could do with a case now. Each is tried as it would be decided, so that what a page offers is
//! what the kit takes.

use kit_base::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::answers::PersonView;
use crate::decide::{Deciding, Take};
use crate::definition::Mode;
use crate::guard::{View, Who};
use crate::log::Person;
use crate::ops::{self, Op};
use crate::state::Task;

/// An operation that the asker could do now.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct OpView {
    /// transfer, delegate, answer, add_signer, drop_signer, return, withdraw, urge, suspend, resume, terminate, void, lock, unlock
    #[serde(rename = "do")]
    pub op: String,
    /// Chinese.
    pub name: String,
    /// The task it is about.
    pub task: Option<i64>,
    pub task_name: String,
    /// Whose seat it is about: handed over for somebody else, or taken out.
    pub seat: Option<PersonView>,
    /// Names a person (`to`).
    pub person: bool,
    /// The note must say why.
    pub note: bool,
    /// For 挂起: what the law lets a clock stop for.
    pub reasons: Vec<String>,
}

/// Takes nothing: for decisions that are tried and not kept.
pub(crate) struct Nothing;

impl Take for Nothing {
    fn number(&mut self, _: &str, _: &str, _: i16) -> Result<i64> {
        Err(Error::internal("what is only tried takes no number"))
    }

    fn id(&mut self) -> String {
        String::new()
    }
}

/// What somebody could do now, apart from claiming (`TaskView::claimable`).
pub fn possible(view: &View, who: &Who) -> Vec<OpView> {
    let mut out = Vec::new();
    for task in view.state.open_tasks() {
        of_task(view, who, task, &mut out);
    }
    let reasons = view.definition.ops.suspend.as_ref().map(|s| s.reasons.clone()).unwrap_or_default();
    if let Some(first) = reasons.first() {
        offer(view, who, &Op::Suspend { reason: first.clone() }, &mut out, |o| {
            o.reasons.clone_from(&reasons)
        });
    }
    for op in [Op::Resume, Op::Withdraw, Op::Lock { hours: 1 }, Op::Unlock, Op::Terminate, Op::Void] {
        let note = matches!(op, Op::Terminate | Op::Void);
        offer(view, who, &op, &mut out, |o| o.note = note);
    }
    out
}

fn of_task(view: &View, who: &Who, task: &Task, out: &mut Vec<OpView>) {
    let no = task.no;
    let name = view.definition.task(&task.code).map(|t| t.name.clone()).unwrap_or_default();
    let about = |o: &mut OpView| {
        o.task = Some(no);
        o.task_name.clone_from(&name);
    };
    let to = String::new;
    let own = [Op::Transfer { task: no, to: to(), from: None }, Op::Delegate { task: no, to: to() }];
    let sign =
        (task.mode == Mode::All || task.seats.len() == 1).then(|| Op::AddSigner { task: no, to: to() });
    for op in own.into_iter().chain(sign) {
        offer(view, who, &op, out, |o| {
            about(o);
            o.person = true;
        });
    }
    for op in [Op::Answer { task: no }, Op::Return { task: no }, Op::Urge { task: no }] {
        let note = !matches!(op, Op::Urge { .. });
        offer(view, who, &op, out, |o| {
            about(o);
            o.note = note;
        });
    }
    for seat in task.seats.iter().filter(|s| !s.signed) {
        of_seat(view, who, task, &seat.person, seat.added, &about, out);
    }
}

fn of_seat(
    view: &View,
    who: &Who,
    task: &Task,
    person: &Person,
    added: bool,
    about: &dyn Fn(&mut OpView),
    out: &mut Vec<OpView>,
) {
    if person.user != who.person.user {
        let op = Op::Transfer { task: task.no, to: String::new(), from: Some(person.user.clone()) };
        offer(view, who, &op, out, |o| {
            about(o);
            (o.seat, o.person, o.note) = (Some(person.into()), true, true);
        });
    }
    if added {
        let op = Op::DropSigner { task: task.no, user: person.user.clone() };
        offer(view, who, &op, out, |o| {
            about(o);
            o.seat = Some(person.into());
        });
    }
}

/// Tries it; one that lacks only the person whom it will name could be done.
fn offer(view: &View, who: &Who, op: &Op, out: &mut Vec<OpView>, fill: impl FnOnce(&mut OpView)) {
    let mut take = Nothing;
    let deciding = Deciding::new(*view, who, view.now, &mut take);
    let could = match ops::decide(deciding, who, op, "试办") {
        Ok(_) => true,
        Err(e) => e.code == "person_unknown" && e.field.as_deref() == Some("op/to"),
    };
    if !could {
        return;
    }
    let code = op.code();
    let mut found = OpView {
        op: code.trim_start_matches("op.").to_owned(),
        name: ops::name_of(code).unwrap_or_default().to_owned(),
        task: None,
        task_name: String::new(),
        seat: None,
        person: false,
        note: false,
        reasons: Vec::new(),
    };
    fill(&mut found);
    out.push(found);
}

/// How many days back the asker may enter what was done (补录); `None`: not at all.
pub fn backfill_days(view: &View, who: &Who) -> Option<i64> {
    let rule = view.definition.ops.backfill.as_ref()?;
    let may = view.state.is_open() && view.reaches(who, &rule.may, crate::definition::At::Case);
    may.then(|| i64::from(rule.days))
}
