//! A decision step by step: each effect is taken by the state at once, so that the next step sees it.

use kit_base::clock::{china_day, day_start};
use kit_base::workdays::Period;
use kit_base::{Error, Millis, Result};
use serde_json::{Map, Value};

use super::{Take, above, missing, remind_at, users, written};
use crate::clock::{self, Left};
use crate::definition::{Action, ClockKind, Do, Mode, TaskKind, field_of_given};
use crate::guard::{self, View, Who};
use crate::log::{Draft, Effect, How, Person};
use crate::state::{Phase, Run, State, Task};

/// A decision under way: effects and the state after them.
pub(crate) struct Deciding<'a> {
    pub view: View<'a>,
    pub by: Person,
    pub at: Millis,
    pub state: State,
    pub effects: Vec<Effect>,
    pub take: &'a mut dyn Take,
}

impl<'a> Deciding<'a> {
    pub fn new(view: View<'a>, who: &Who, at: Millis, take: &'a mut dyn Take) -> Self {
        Self { state: view.state.clone(), by: who.person.clone(), at, effects: Vec::new(), view, take }
    }

    pub fn draft(self, action: &str, note: &str, form: Value) -> Draft {
        let note = note.trim().to_owned();
        Draft { action: action.to_owned(), occurred_at: self.at, note, form, effects: self.effects }
    }

    /// Adds an effect, and what it does to the state.
    pub fn push(&mut self, effect: Effect) -> Result<()> {
        self.state.apply(&effect, &self.by, self.at)?;
        self.effects.push(effect);
        Ok(())
    }

    pub(super) fn act(&mut self, action: &Action, form: &Map<String, Value>) -> Result<()> {
        self.push(Effect::Did(action.code.clone()))?;
        if !form.is_empty() {
            self.push(Effect::Kept(form.clone()))?;
            self.named(form)?;
        }
        if let Some(task) = action.task.as_deref().and_then(|code| guard::task_of(&self.state, code)) {
            let (no, waits) = (task.no, self.waits(task));
            if task.mode == Mode::All && task.seat(&self.by.user).is_some() {
                self.push(Effect::Signed { task: no, user: self.by.user.clone() })?;
                // 会签: the rest follows with the last signature
                if waits {
                    return Ok(());
                }
            }
            self.push(Effect::TaskClosed(no))?;
        }
        action.effects.iter().try_for_each(|effect| self.bring(effect))?;
        match &action.to {
            Some(to) => self.move_to(to),
            None => Ok(()),
        }
    }

    /// Somebody else is still to sign.
    fn waits(&self, task: &Task) -> bool {
        task.seats.iter().any(|s| !s.signed && s.person.user != self.by.user)
    }

    fn bring(&mut self, effect: &Do) -> Result<()> {
        match effect {
            Do::Flag(flag) => self.push(Effect::Flagged(flag.clone())),
            Do::Unflag(flag) => self.push(Effect::Unflagged(flag.clone())),
            Do::Start(clock) => self.start(clock),
            Do::Stop(clock) => self.stop(clock),
            Do::Renew(clock) => self.renew(clock),
            Do::Document(code) => self.issue(code),
            Do::Child(kind) => {
                let case = self.take.id();
                self.push(Effect::Child { kind: kind.clone(), case })
            }
            Do::Escalate => match above(&self.state.handled) {
                Some(division) => {
                    let (division, level) = (division.to_owned(), self.state.level + 1);
                    self.push(Effect::Handled { division, level })
                }
                None => Ok(()),
            },
        }
    }

    fn issue(&mut self, code: &str) -> Result<()> {
        let definition = self.view.definition;
        let kind = definition.document(code).ok_or_else(|| missing("document", code))?;
        let year = china_day(self.view.now).year();
        let series = format!("{}.{code}", definition.kind);
        let serial = self.take.number(&series, &self.state.opened.division, year)?;
        let number = written(&kind.number, year, serial);
        self.push(Effect::Issued { code: code.to_owned(), serial, number })
    }

    /// Leaves the present status and enters another.
    pub fn move_to(&mut self, to: &str) -> Result<()> {
        self.leave(to)?;
        self.enter(to)
    }

    /// Ends what belongs to the present status and not to the next.
    fn leave(&mut self, to: &str) -> Result<()> {
        let open: Vec<i64> = self.state.open_tasks().map(|t| t.no).collect();
        open.into_iter().try_for_each(|no| self.push(Effect::TaskClosed(no)))?;
        let definition = self.view.definition;
        let own = definition.status(&self.state.status).map_or(&[][..], |s| &s.clocks);
        own.iter().try_for_each(|clock| self.stop(clock))?;
        let within = |c: &&ClockKind| !c.within.is_empty() && !c.within.iter().any(|s| s == to);
        definition.clocks.iter().filter(within).try_for_each(|clock| self.stop(&clock.code))
    }

    pub(super) fn enter(&mut self, to: &str) -> Result<()> {
        let definition = self.view.definition;
        let status = definition.status(to).ok_or_else(|| missing("status", to))?;
        self.push(Effect::Entered(to.to_owned()))?;
        if status.end {
            return self.end(How::Done);
        }
        self.stand_still(to)?;
        for task in &status.tasks {
            self.open_task(definition.task(task).ok_or_else(|| missing("task", task))?)?;
        }
        status.clocks.iter().try_for_each(|clock| self.start(clock))
    }

    /// Clocks that stand still in the status that is entered are paused, those that stood still before go on.
    fn stand_still(&mut self, to: &str) -> Result<()> {
        let definition = self.view.definition;
        for kind in definition.clocks.iter().filter(|c| !c.still.is_empty()) {
            let Some(timer) = self.state.clocks.get(&kind.code) else { continue };
            let (run, anchor, left, late_from) = (timer.state, timer.anchor, timer.left, timer.due.late_from);
            let (clock, still) = (kind.code.clone(), kind.still.iter().any(|s| s == to));
            if still && run == Run::Running && late_from > self.at {
                let left = clock::left_at(self.view.calendar, anchor, left, self.at);
                self.push(Effect::Paused { clock, left })?;
            } else if !still && run == Run::Paused && self.state.phase == Phase::Open {
                let due = clock::due(self.view.calendar, self.at, left)?;
                let remind_at = remind_at(Some(kind), due.late_from, self.at);
                self.push(Effect::Resumed { clock, due, remind_at })?;
            }
        }
        Ok(())
    }

    /// Ends the case: no task and no clock goes on.
    pub fn end(&mut self, how: How) -> Result<()> {
        let open: Vec<i64> = self.state.open_tasks().map(|t| t.no).collect();
        open.into_iter().try_for_each(|no| self.push(Effect::TaskClosed(no)))?;
        let clocks: Vec<String> = self.state.clocks.keys().cloned().collect();
        clocks.iter().try_for_each(|clock| self.stop(clock))?;
        if self.state.lock.is_some() {
            self.push(Effect::Unlocked)?;
        }
        self.push(Effect::Ended(how))
    }

    fn open_task(&mut self, kind: &TaskKind) -> Result<()> {
        let task = self.state.tasks.len() as i64 + 1;
        let seats = self.seats(kind)?;
        let (code, may, mode) = (kind.code.clone(), kind.may.clone(), kind.mode);
        self.push(Effect::TaskOpened { task, code, may, mode, seats })
    }

    /// Who a task is for; empty: whoever may. Somebody named earlier who may not have it any more is left out.
    fn seats(&self, kind: &TaskKind) -> Result<Vec<Person>> {
        let one =
            |person: Option<&Person>| person.filter(|p| !p.user.is_empty()).cloned().into_iter().collect();
        Ok(match kind.seats.split_once(':') {
            Some(("form", field)) => {
                let users = users(self.state.data.get(field));
                users.iter().filter_map(|user| self.fit(user, kind).ok()).collect()
            }
            Some(("last", action)) => one(self.state.doers.get(action).and_then(|d| d.last())),
            _ if kind.seats == "drafter" => one(Some(&self.state.drafter)),
            _ => Vec::new(),
        })
    }

    /// The people whom a form names for later tasks must be able to have them.
    fn named(&self, form: &Map<String, Value>) -> Result<()> {
        for kind in &self.view.definition.tasks {
            let Some(("form", field)) = kind.seats.split_once(':') else { continue };
            for user in users(form.get(field)) {
                self.fit(&user, kind).map_err(|e| e.at(format!("form/{field}")))?;
            }
        }
        Ok(())
    }

    /// Somebody for a task. Errors: `person_unknown`, `person_unfit`.
    fn fit(&self, user: &str, kind: &TaskKind) -> Result<Person> {
        let who = self.view.people.get(user);
        let who = who.ok_or_else(|| Error::invalid("", "person_unknown", "没有这个人员"))?;
        let task = Task {
            no: 0,
            code: kind.code.clone(),
            may: kind.may.clone(),
            mode: kind.mode,
            seats: Vec::new(),
            opened_at: self.at,
            closed_at: None,
            urged_at: None,
        };
        let view = View { state: &self.state, ..self.view };
        if guard::may_sit(&view, who, &task) {
            return Ok(who.person.clone());
        }
        let text = format!("{}没有办理“{}”的权限，或须回避", who.person.name, kind.name);
        Err(Error::invalid("", "person_unfit", text))
    }

    /// Starts a clock, anew where it runs.
    pub fn start(&mut self, code: &str) -> Result<()> {
        let kind = self.view.definition.clock(code).ok_or_else(|| missing("clock", code))?;
        let left = match (self.term(kind)?, &kind.until) {
            (Some(period), _) => match self.left(kind, Left::from(period)) {
                // what was over before it could begin brings nothing about
                Left::Millis(0) => return Ok(()),
                left => left,
            },
            (None, None) if kind.given.is_some() => return Ok(()),
            (None, Some(field)) => match self.state.data.get(field).and_then(Value::as_str) {
                Some(day) => clock::until(self.view.calendar, self.at, day, kind.most)
                    .map_err(|e| e.at(format!("form/{field}")))?,
                None => return Ok(()),
            },
            (None, None) => return Err(missing("period of clock", code)),
        };
        let due = match self.served(kind).zip(self.term(kind)?) {
            // exactly as from the day itself, also where that is over by now
            Some((begun, period)) => clock::due(self.view.calendar, begun, Left::from(period))?,
            None => clock::due(self.view.calendar, self.at, left)?,
        };
        let remind_at = remind_at(Some(kind), due.late_from, self.at);
        self.push(Effect::Started { clock: code.to_owned(), left, due, remind_at })?;
        let still = kind.still.contains(&self.state.status);
        match (&self.state.phase, kind.pausable) {
            (Phase::Suspended(_), true) => self.push(Effect::Paused { clock: code.to_owned(), left }),
            _ if still => self.push(Effect::Paused { clock: code.to_owned(), left }),
            _ => Ok(()),
        }
    }

    /// The period of a clock: the case's own rule, or that of its kind.
    fn term(&self, kind: &ClockKind) -> Result<Option<Period>> {
        let terms = self.state.data.get("terms");
        let own = kind.given.as_ref().and_then(|name| terms?.get(self.given(name)));
        match own {
            Some(own) => serde_json::from_value(own.clone()).map(Some).map_err(Error::internal),
            None => Ok(kind.period),
        }
    }

    /// The name of a period, with what forms say in the place of a field.
    fn given(&self, name: &str) -> String {
        let Some(field) = field_of_given(name) else { return name.to_owned() };
        let said = self.state.data.get(field).and_then(Value::as_str).unwrap_or("");
        name.replace(&format!("{{{field}}}"), said)
    }

    /// Gives a clock that runs the period that holds now, counted from its own beginning: it may be over by that.
    fn renew(&mut self, code: &str) -> Result<()> {
        let kind = self.view.definition.clock(code).ok_or_else(|| missing("clock", code))?;
        let timer = self.state.clocks.get(code).filter(|t| t.state == Run::Running);
        let (Some(timer), Some(period)) = (timer, self.term(kind)?) else { return Ok(()) };
        let begun = match kind.since.as_deref() {
            Some("opened") => self.state.opened_at,
            _ => timer.started_at,
        };
        // what was spent in pauses is not counted
        let begun = begun + timer.paused;
        let left = clock::left_at(self.view.calendar, begun, Left::from(period), self.at);
        let due = clock::due(self.view.calendar, begun, Left::from(period))?;
        let remind_at = remind_at(Some(kind), due.late_from, self.at);
        self.push(Effect::Renewed { clock: code.to_owned(), left, due, remind_at })
    }

    /// The day in a form from which a clock counts, where it is before this moment.
    fn served(&self, kind: &ClockKind) -> Option<Millis> {
        let field = kind.since.as_deref()?.strip_prefix("form:")?;
        let day: jiff::civil::Date = self.state.data.get(field)?.as_str()?.parse().ok()?;
        Some(day_start(day)).filter(|begun| *begun <= self.at)
    }

    /// What a clock has left when it is started now: less what has passed since an earlier beginning, or more by what
    /// another clock has left.
    fn left(&self, kind: &ClockKind, whole: Left) -> Left {
        let calendar = self.view.calendar;
        let begun = match kind.since.as_deref() {
            Some("opened") => Some(self.state.opened_at),
            Some(field) if field.starts_with("form:") => self.served(kind),
            Some(clock) => self.state.clocks.get(clock).map(|t| t.started_at),
            None => None,
        };
        let whole = begun.map_or(whole, |begun| clock::left_at(calendar, begun, whole, self.at));
        let goes = |code: &String| {
            let timer = self.state.clocks.get(code)?;
            match timer.state {
                Run::Running => Some(clock::left_at(calendar, timer.anchor, timer.left, self.at)),
                Run::Paused => Some(timer.left),
                Run::Stopped | Run::Expired => None,
            }
        };
        match kind.more_of.iter().find_map(goes) {
            Some(rest) => whole.and(rest),
            None => whole,
        }
    }

    pub fn stop(&mut self, code: &str) -> Result<()> {
        let goes = self.state.clocks.get(code).is_some_and(|t| matches!(t.state, Run::Running | Run::Paused));
        if goes { self.push(Effect::Stopped(code.to_owned())) } else { Ok(()) }
    }
}
