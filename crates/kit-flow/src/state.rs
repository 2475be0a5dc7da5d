//! What a case is after its log: a fold of the effects, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use kit_base::{Error, Millis, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::clock::{Due, Left};
use crate::definition::Mode;
use crate::log::{Effect, Entry, How, Opened, Person};

/// A case as it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    pub opened: Opened,
    pub drafter: Person,
    pub opened_at: Millis,
    /// Entries so far, and the hash of the last.
    pub seq: i64,
    pub head: String,
    pub updated_at: Millis,
    /// When the last thing happened; recorded later with 补录 and offline work.
    pub occurred_at: Millis,
    pub status: String,
    /// When it was entered.
    pub since: Millis,
    pub phase: Phase,
    pub flags: BTreeSet<String>,
    /// Statuses that it came through, without the present one.
    pub trail: Vec<String>,
    /// Who did each action, in order, for separations.
    pub doers: BTreeMap<String, Vec<Person>>,
    pub tasks: Vec<Task>,
    pub clocks: BTreeMap<String, Timer>,
    pub documents: Vec<Document>,
    pub children: Vec<Child>,
    pub data: Map<String, Value>,
    pub lock: Option<Lock>,
    /// Who has it now: the division, or one above after an escalation.
    pub handled: String,
    pub level: u8,
    /// Before the last action, for 撤回; gone once anything else came.
    pub before: Option<Box<State>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    Open,
    /// 挂起, with its reason.
    Suspended(String),
    Ended(How),
}

/// Something to be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// From 1, dense in the case.
    pub no: i64,
    pub code: String,
    pub may: String,
    pub mode: Mode,
    pub seats: Vec<Seat>,
    pub opened_at: Millis,
    pub closed_at: Option<Millis>,
    pub urged_at: Option<Millis>,
}

/// Who is to do it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Seat {
    pub person: Person,
    /// Put there by 加签.
    pub added: bool,
    /// 委派: somebody else prepares it.
    pub delegate: Option<Person>,
    pub signed: bool,
}

/// A clock as it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Timer {
    pub state: Run,
    pub started_at: Millis,
    /// From when what is left counts.
    pub anchor: Millis,
    pub left: Left,
    pub due: Due,
    pub remind_at: Option<Millis>,
    /// Time spent in pauses that are over, and since when it stands still.
    pub paused: Millis,
    pub paused_at: Option<Millis>,
    pub ended_at: Option<Millis>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Run {
    Running,
    Paused,
    Stopped,
    Expired,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    pub code: String,
    pub serial: i64,
    pub number: String,
    pub issued_at: Millis,
    /// 作废; the number stays.
    pub annulled_at: Option<Millis>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Child {
    pub kind: String,
    pub case: String,
    pub ended: bool,
}

/// Somebody works on it without a network: nobody else writes until then.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lock {
    pub person: Person,
    pub since: Millis,
    pub until: Millis,
}

impl State {
    /// The state after a log. Errors: `internal` where the log makes no sense.
    pub fn fold<'e>(entries: impl IntoIterator<Item = &'e Entry>) -> Result<Option<Self>> {
        let mut state = None;
        for entry in entries {
            Self::next(&mut state, entry)?;
        }
        Ok(state)
    }

    /// The state after one more entry.
    pub fn next(state: &mut Option<Self>, entry: &Entry) -> Result<()> {
        let body = entry.read()?;
        let person = Person { user: entry.user.clone(), name: entry.user_name.clone() };
        for effect in &body.effects {
            Self::take(state, effect, &person, entry.occurred_at)?;
        }
        let state = state.as_mut().ok_or_else(|| odd("the first entry opens nothing"))?;
        // an urging between leaves the last action to be taken back; anything else does not
        let keeps = body.effects.iter().all(|e| matches!(e, Effect::Urged(_)));
        if !keeps && !body.effects.iter().any(|e| matches!(e, Effect::Did(_))) {
            state.before = None;
        }
        state.seq = entry.seq;
        state.head.clone_from(&entry.hash);
        state.updated_at = entry.at;
        state.occurred_at = state.occurred_at.max(entry.occurred_at);
        Ok(())
    }

    /// Takes one effect, caused by `person` at `at`.
    pub fn take(state: &mut Option<Self>, effect: &Effect, person: &Person, at: Millis) -> Result<()> {
        match (state.as_mut(), effect) {
            (None, Effect::Opened(opened)) => *state = Some(Self::begin(opened, person, at)),
            (Some(_), Effect::Opened(_)) => return Err(odd("opened twice")),
            (None, _) => return Err(odd("the first entry opens nothing")),
            (Some(state), effect) => state.apply(effect, person, at)?,
        }
        Ok(())
    }

    fn begin(opened: &Opened, person: &Person, at: Millis) -> Self {
        Self {
            handled: opened.division.clone(),
            opened: opened.clone(),
            drafter: person.clone(),
            opened_at: at,
            seq: 0,
            head: String::new(),
            updated_at: at,
            occurred_at: at,
            status: String::new(),
            since: at,
            phase: Phase::Open,
            flags: BTreeSet::new(),
            trail: Vec::new(),
            doers: BTreeMap::new(),
            tasks: Vec::new(),
            clocks: BTreeMap::new(),
            documents: Vec::new(),
            children: Vec::new(),
            data: Map::new(),
            lock: None,
            level: 0,
            before: None,
        }
    }

    pub(crate) fn apply(&mut self, effect: &Effect, person: &Person, at: Millis) -> Result<()> {
        match effect {
            Effect::Opened(_) => return Err(odd("opened twice")),
            Effect::Entered(status) => self.enter(status, at),
            Effect::Flagged(flag) => drop(self.flags.insert(flag.clone())),
            Effect::Unflagged(flag) => drop(self.flags.remove(flag)),
            Effect::Did(action) => self.did(action, person),
            Effect::Kept(data) => self.data.extend(data.iter().map(|(k, v)| (k.clone(), v.clone()))),
            Effect::Suspended(reason) => self.phase = Phase::Suspended(reason.clone()),
            Effect::Continued => self.phase = Phase::Open,
            Effect::Ended(how) => self.phase = Phase::Ended(*how),
            Effect::Locked { person, until } => {
                self.lock = Some(Lock { person: person.clone(), since: at, until: *until });
            }
            Effect::Unlocked => self.lock = None,
            Effect::Issued { code, serial, number } => self.documents.push(Document {
                code: code.clone(),
                serial: *serial,
                number: number.clone(),
                issued_at: at,
                annulled_at: None,
            }),
            Effect::Annulled { number } => {
                let found = self.documents.iter_mut().find(|d| d.number == *number);
                found.ok_or_else(|| odd("no such document"))?.annulled_at = Some(at);
            }
            Effect::Child { kind, case } => {
                self.children.push(Child { kind: kind.clone(), case: case.clone(), ended: false });
            }
            Effect::ChildEnded(case) => {
                let found = self.children.iter_mut().find(|c| c.case == *case);
                found.ok_or_else(|| odd("no such child"))?.ended = true;
            }
            Effect::Handled { division, level } => {
                (self.handled, self.level) = (division.clone(), *level);
            }
            Effect::Undone => {
                let before = self.before.take().ok_or_else(|| odd("nothing to take back"))?;
                let occurred_at = self.occurred_at;
                *self = *before;
                self.occurred_at = occurred_at;
            }
            _ => return self.apply_work(effect, at),
        }
        Ok(())
    }

    fn apply_work(&mut self, effect: &Effect, at: Millis) -> Result<()> {
        match effect {
            Effect::Started { clock, left, due, remind_at } => {
                let timer = Timer {
                    state: Run::Running,
                    started_at: at,
                    anchor: at,
                    left: *left,
                    due: due.clone(),
                    remind_at: *remind_at,
                    paused: 0,
                    paused_at: None,
                    ended_at: None,
                };
                self.clocks.insert(clock.clone(), timer);
            }
            Effect::Paused { clock, left } => {
                let timer = self.timer(clock)?;
                (timer.state, timer.left, timer.paused_at) = (Run::Paused, *left, Some(at));
            }
            Effect::Resumed { clock, due, remind_at } => {
                let timer = self.timer(clock)?;
                timer.paused += at - timer.paused_at.take().unwrap_or(at);
                (timer.state, timer.anchor) = (Run::Running, at);
                (timer.due, timer.remind_at) = (due.clone(), *remind_at);
            }
            Effect::Moved { clock, due, remind_at } => {
                let timer = self.timer(clock)?;
                (timer.due, timer.remind_at) = (due.clone(), *remind_at);
            }
            Effect::Renewed { clock, left, due, remind_at } => {
                let timer = self.timer(clock)?;
                (timer.anchor, timer.left) = (at, *left);
                (timer.due, timer.remind_at) = (due.clone(), *remind_at);
            }
            Effect::Stopped(clock) => self.end_timer(clock, Run::Stopped, at)?,
            Effect::Expired(clock) => self.end_timer(clock, Run::Expired, at)?,
            Effect::Reminded(clock) => self.timer(clock)?.remind_at = None,
            Effect::TaskOpened { task, code, may, mode, seats } => self.tasks.push(Task {
                no: *task,
                code: code.clone(),
                may: may.clone(),
                mode: *mode,
                seats: seats.iter().map(|p| Seat::of(p, false)).collect(),
                opened_at: at,
                closed_at: None,
                urged_at: None,
            }),
            Effect::TaskClosed(no) => self.task_mut(*no)?.closed_at = Some(at),
            Effect::Seated { task, person, added } => {
                self.task_mut(*task)?.seats.push(Seat::of(person, *added));
            }
            Effect::Countersigned(no) => self.task_mut(*no)?.mode = Mode::All,
            Effect::Unseated { task, user } => {
                self.task_mut(*task)?.seats.retain(|s| s.person.user != *user);
            }
            Effect::Delegated { task, user, to } => self.seat_mut(*task, user)?.delegate = Some(to.clone()),
            Effect::Answered { task, user } => self.seat_mut(*task, user)?.delegate = None,
            Effect::Signed { task, user } => self.seat_mut(*task, user)?.signed = true,
            Effect::Urged(no) => self.task_mut(*no)?.urged_at = Some(at),
            _ => return Err(odd("an effect that nobody takes")),
        }
        Ok(())
    }

    fn enter(&mut self, status: &str, at: Millis) {
        let left = std::mem::replace(&mut self.status, status.to_owned());
        if !left.is_empty() && left != status {
            // going back shortens the trail, so that sending back twice goes back two steps
            match self.trail.iter().rposition(|s| s == status) {
                Some(known) => self.trail.truncate(known),
                None => self.trail.push(left),
            }
        }
        self.since = at;
    }

    fn did(&mut self, action: &str, person: &Person) {
        let mut before = self.clone();
        before.before = None;
        self.before = Some(Box::new(before));
        self.doers.entry(action.to_owned()).or_default().push(person.clone());
    }

    fn timer(&mut self, clock: &str) -> Result<&mut Timer> {
        self.clocks.get_mut(clock).ok_or_else(|| odd("no such clock"))
    }

    fn end_timer(&mut self, clock: &str, state: Run, at: Millis) -> Result<()> {
        let timer = self.timer(clock)?;
        timer.paused += at - timer.paused_at.take().unwrap_or(at);
        (timer.state, timer.ended_at, timer.remind_at) = (state, Some(at), None);
        Ok(())
    }

    fn task_mut(&mut self, no: i64) -> Result<&mut Task> {
        self.tasks.iter_mut().find(|t| t.no == no).ok_or_else(|| odd("no such task"))
    }

    fn seat_mut(&mut self, no: i64, user: &str) -> Result<&mut Seat> {
        let task = self.task_mut(no)?;
        task.seats.iter_mut().find(|s| s.person.user == user).ok_or_else(|| odd("no such seat"))
    }

    /// Tasks that wait.
    pub fn open_tasks(&self) -> impl Iterator<Item = &Task> {
        self.tasks.iter().filter(|t| t.closed_at.is_none())
    }

    pub fn open_task(&self, no: i64) -> Option<&Task> {
        self.open_tasks().find(|t| t.no == no)
    }

    pub fn is_open(&self) -> bool {
        !matches!(self.phase, Phase::Ended(_))
    }

    /// The first moment at which a running clock is over.
    pub fn next_due(&self) -> Option<Millis> {
        self.running().map(|(_, t)| t.due.late_from).min()
    }

    pub fn running(&self) -> impl Iterator<Item = (&String, &Timer)> {
        self.clocks.iter().filter(|(_, t)| t.state == Run::Running)
    }
}

impl Seat {
    fn of(person: &Person, added: bool) -> Self {
        Self { person: person.clone(), added, delegate: None, signed: false }
    }

    /// Who has it in hand now.
    pub fn holder(&self) -> &Person {
        self.delegate.as_ref().unwrap_or(&self.person)
    }
}

impl Task {
    pub fn seat(&self, user: &str) -> Option<&Seat> {
        self.seats.iter().find(|s| s.person.user == user)
    }
}

fn odd(text: &str) -> Error {
    Error::internal(format!("log of a case: {text}"))
}
