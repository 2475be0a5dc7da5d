//! Decisions: from what somebody asks for to what goes into the log, or a refusal. Pure; the time is handed in.

mod deciding;
mod house;

use std::collections::BTreeSet;

use kit_base::clock::china_day;
use kit_base::{Error, Millis, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::definition::{Action, ClockKind, Definition};
use crate::form;
use crate::guard::{self, View, Who};
use crate::log::{Draft, Effect, Opened};
use crate::ops::{self, Op};
use crate::state::State;

pub(crate) use deciding::Deciding;
pub use house::{child_ended, expire, recount, remind, told};

/// What is taken from the store while deciding: numbers without gaps, and ids.
pub trait Take {
    /// The next number of a series in a year: of a document, or of the case itself (`case`).
    fn number(&mut self, series: &str, division: &str, year: i16) -> Result<i64>;
    fn id(&mut self) -> String;
}

/// What somebody asks for.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// An action of the definition; or `op`.
    #[serde(default)]
    pub action: Option<String>,
    #[serde(default)]
    pub form: Value,
    /// An operation that every kind has.
    #[serde(default)]
    pub op: Option<Op>,
    #[serde(default)]
    pub note: String,
    /// The entry that was the last when the asker looked; another one since is a conflict.
    #[serde(default)]
    pub seen: Option<i64>,
    /// When it happened, where that was earlier (补录, offline work); ms UTC.
    #[serde(default)]
    pub occurred_at: Option<Millis>,
    /// The client's own key: a repeat is answered and not done again.
    #[serde(default)]
    pub client_key: String,
}

impl Ask {
    /// An action with its form.
    pub fn action(code: &str, form: Value) -> Self {
        Self { action: Some(code.to_owned()), form, ..Self::empty() }
    }

    pub fn op(op: Op, note: &str) -> Self {
        Self { op: Some(op), note: note.to_owned(), ..Self::empty() }
    }

    fn empty() -> Self {
        Self {
            action: None,
            form: Value::Null,
            op: None,
            note: String::new(),
            seen: None,
            occurred_at: None,
            client_key: String::new(),
        }
    }

    /// The people that it names; their rights are looked up before the decision.
    pub fn people(&self, definition: &Definition) -> Vec<String> {
        let mut out: Vec<String> =
            self.op.as_ref().and_then(Op::person).map(str::to_owned).into_iter().collect();
        if let Some(action) = self.action.as_deref().and_then(|code| definition.action(code)) {
            out.extend(form::people(&action.form, &self.form));
        }
        out
    }
}

/// A case to be begun.
#[derive(Debug, Clone, Default)]
pub struct New {
    pub title: String,
    pub division: String,
    /// Empty for none.
    pub business: String,
    /// Empty for none.
    pub parent: String,
    pub simulated: bool,
    pub data: Map<String, Value>,
    pub note: String,
}

/// Begins a case.
///
/// Errors: `not_permitted`, `title_missing`, `title_long`, those of clocks and seats of the first status.
pub fn begin(view: &Blank, who: &Who, hash: &str, new: &New, take: &mut dyn Take) -> Result<Draft> {
    let definition = view.definition;
    if !who.house && !who.may(&definition.begin, &new.division, &new.business) {
        return Err(Error::forbidden("not_permitted", format!("您没有办理{}的权限", definition.name)));
    }
    let number = match &definition.number {
        Some(form) => {
            let year = china_day(view.now).year();
            let series = format!("{}.case", definition.kind);
            written(form, year, take.number(&series, &new.division, year)?)
        }
        None => String::new(),
    };
    let opened = Opened {
        definition: hash.to_owned(),
        kind: definition.kind.clone(),
        number,
        title: new.title.clone(),
        division: new.division.clone(),
        business: new.business.clone(),
        parent: new.parent.clone(),
        simulated: new.simulated,
    };
    let opened = Effect::Opened(opened);
    let mut first = None;
    State::take(&mut first, &opened, &who.person, view.now)?;
    let state = first.ok_or_else(|| Error::internal("nothing was opened"))?;
    let whole = View {
        definition,
        state: &state,
        calendar: view.calendar,
        now: view.now,
        facts: view.facts,
        people: view.people,
    };
    let mut deciding = Deciding::new(whole, who, view.now, take);
    deciding.effects.push(opened);
    if !new.data.is_empty() {
        deciding.push(Effect::Kept(new.data.clone()))?;
    }
    let start = definition.start.clone();
    deciding.enter(&start)?;
    Ok(deciding.draft("open", &new.note, Value::Null))
}

/// What [`begin`] looks at: a [`View`] before there is a state.
pub struct Blank<'a> {
    pub definition: &'a Definition,
    pub calendar: &'a kit_base::workdays::Calendar,
    pub now: Millis,
    pub facts: &'a BTreeSet<String>,
    pub people: &'a std::collections::BTreeMap<String, Who>,
}

/// Decides what somebody asks for.
///
/// Errors: `ask_form`, `case_moved_on`, `action_unknown`, those of [`guard::may_do`], [`form::check`], [`ops::decide`], and
/// `occurred_…` of an earlier time.
pub fn decide(view: View, who: &Who, ask: &Ask, take: &mut dyn Take) -> Result<Draft> {
    if ask.seen.is_some_and(|seen| seen != view.state.seq) {
        return Err(Error::conflict("case_moved_on", "案卷已有新的办理记录，请刷新后再办理"));
    }
    if ask.note.chars().count() > 2_000 {
        return Err(Error::invalid("note", "note_long", "说明不超过 2000 字"));
    }
    let at = occurred(&view, who, ask)?;
    match (&ask.action, &ask.op) {
        (Some(code), None) => {
            let action = view.definition.action(code);
            let action =
                action.ok_or_else(|| Error::invalid("action", "action_unknown", "没有这个办理动作"))?;
            guard::may_do(&view, who, action)?;
            let form = form::check(&action.form, &ask.form)?;
            let mut deciding = Deciding::new(view, who, at, take);
            deciding.act(action, &form)?;
            Ok(deciding.draft(code, &ask.note, Value::Object(form)))
        }
        (None, Some(op)) => {
            let deciding = Deciding::new(view, who, at, take);
            ops::decide(deciding, who, op, &ask.note)
        }
        _ => Err(Error::invalid("action", "ask_form", "请指明一个办理动作或一个操作")),
    }
}

/// Whether somebody could do an action now, were the form filled in.
pub fn available<'d>(view: &View<'d>, who: &Who) -> Vec<&'d Action> {
    view.definition.actions.iter().filter(|a| guard::may_do(view, who, a).is_ok()).collect()
}

/// When it happened. Errors: `occurred_future`, `occurred_before`, `occurred_far`, `not_permitted`.
fn occurred(view: &View, who: &Who, ask: &Ask) -> Result<Millis> {
    let Some(at) = ask.occurred_at else { return Ok(view.now) };
    let bad = |code: &'static str, text: &str| Err(Error::invalid("occurred_at", code, text));
    let lock = view.state.lock.as_ref().filter(|l| l.until > view.now && l.person.user == who.person.user);
    if let Some(lock) = lock {
        // a phone's clock may be wrong; what it says stays in the evidence
        return Ok(at.clamp(lock.since.max(view.state.occurred_at), view.now));
    }
    let Some(backfill) = &view.definition.ops.backfill else {
        return bad("occurred_at_unwanted", "此类案卷不能补录");
    };
    if !view.reaches(who, &backfill.may, crate::definition::At::Case) {
        return Err(Error::forbidden("not_permitted", "您没有补录的权限"));
    }
    if at > view.now {
        return bad("occurred_future", "补录的时间不能晚于现在");
    }
    if at < view.state.occurred_at {
        return bad("occurred_before", "补录的时间不能早于上一条办理记录");
    }
    if view.now - at > i64::from(backfill.days) * 86_400_000 {
        return bad("occurred_far", &format!("只能补录 {} 天以内的办理", backfill.days));
    }
    Ok(at)
}

/// When to remind of a clock; never after it is over or before it began.
pub(crate) fn remind_at(kind: Option<&ClockKind>, late_from: Millis, now: Millis) -> Option<Millis> {
    let before = i64::from(kind?.remind_hours?) * 3_600_000;
    Some(late_from - before).filter(|at| *at > now)
}

/// A number as it is written.
fn written(form: &str, year: i16, no: i64) -> String {
    form.replace("{year}", &year.to_string()).replace("{no}", &no.to_string())
}

/// The user ids that a field has.
pub(crate) fn users(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(user)) => vec![user.clone()],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// Everybody whom a decision may have to look up: those whom the command names, and those whom earlier forms named.
pub fn concerned(definition: &Definition, state: Option<&State>, ask: Option<&Ask>) -> Vec<String> {
    let mut out = ask.map(|a| a.people(definition)).unwrap_or_default();
    for task in &definition.tasks {
        if let (Some(("form", field)), Some(state)) = (task.seats.split_once(':'), state) {
            out.extend(users(state.data.get(field)));
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

/// The division a level above: county of a township, city of a county, province of a city.
pub fn above(division: &str) -> Option<&str> {
    let cut = match division.len() {
        0..=2 => return None,
        3..=4 => 2,
        5..=6 => 4,
        _ => 6,
    };
    division.get(..cut)
}

fn missing(what: &str, code: &str) -> Error {
    Error::internal(format!("the definition has no {what} {code}"))
}
