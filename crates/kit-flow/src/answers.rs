//! Cases as the API tells of them.

use kit_base::Millis;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::clock::{Left, left_at};
use crate::decide;
use crate::definition::{Field, Mode, Named};
use crate::diagram::{self, Diagram};
use crate::engine::{Around, Case};
use crate::flows::Pinned;
use crate::guard::Who;
use crate::log::Person;
use crate::possible::{self, OpView};
use crate::state::{Phase, Run, Task};
use crate::store::projection;

/// A kind of case.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct KindView {
    pub kind: String,
    pub name: String,
    pub version: i64,
    /// The laws it follows.
    pub source: String,
    /// SHA-256 of the definition, as cases are pinned to it.
    pub hash: String,
    pub diagram: Diagram,
    pub clocks: Vec<ClockLaw>,
}

/// What a clock of a kind rests on.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ClockLaw {
    /// With its length: `审核期限（10 个工作日）`.
    pub name: String,
    /// Empty: none is named.
    pub statute: String,
    /// As of [`ClockView`].
    pub certainty: String,
}

impl KindView {
    pub fn of(pinned: &Pinned) -> Self {
        let d = &pinned.definition;
        Self {
            kind: d.kind.clone(),
            name: d.name.clone(),
            version: i64::from(d.version),
            source: d.source.clone(),
            hash: pinned.hash.clone(),
            diagram: diagram::of(d),
            clocks: d
                .clocks
                .iter()
                .map(|c| ClockLaw {
                    name: diagram::clock_text(c),
                    statute: c.statute.clone(),
                    certainty: c.certainty.clone(),
                })
                .collect(),
        }
    }
}

/// A case as it stands, and what the asker can do with it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct CaseView {
    pub id: String,
    pub kind: String,
    pub kind_name: String,
    /// Version of the definition it was begun under.
    pub version: i64,
    pub number: String,
    pub title: String,
    pub division: String,
    /// Business that it is about; empty for none.
    pub business: String,
    /// The case above; empty for none.
    pub parent: String,
    pub status: String,
    pub status_name: String,
    /// open, suspended, done, terminated, void
    pub phase: String,
    /// Why it is suspended; empty where it is not.
    pub suspended_for: String,
    pub flags: Vec<FlagView>,
    /// Division that has it now, higher up after an escalation.
    pub handled: String,
    pub level: i64,
    pub drafter: PersonView,
    pub seq: i64,
    pub opened_at: Millis,
    pub updated_at: Millis,
    pub next_due: Option<Millis>,
    pub tasks: Vec<TaskView>,
    pub clocks: Vec<ClockView>,
    pub documents: Vec<DocumentView>,
    pub children: Vec<ChildView>,
    /// What the forms said, by field.
    pub data: Map<String, Value>,
    pub locked: Option<LockView>,
    /// What the asker may do now.
    pub actions: Vec<ActionView>,
    /// Operations of every kind that the asker could do now.
    pub ops: Vec<OpView>,
    /// Days back that the asker may enter what was done (补录); `null`: not at all.
    pub backfill_days: Option<i64>,
    pub simulated: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct FlagView {
    pub code: String,
    pub name: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct PersonView {
    /// Empty: the house itself.
    pub user: String,
    pub name: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct TaskView {
    pub no: i64,
    pub code: String,
    pub name: String,
    /// any 或签, all 会签
    pub mode: Mode,
    pub opened_at: Millis,
    pub urged_at: Option<Millis>,
    /// Empty: whoever may claims it.
    pub seats: Vec<SeatView>,
    /// The asker has it in hand.
    pub mine: bool,
    /// The asker may claim it.
    pub claimable: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct SeatView {
    pub person: PersonView,
    /// By 加签.
    pub added: bool,
    /// 委派
    pub delegate: Option<PersonView>,
    pub signed: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ClockView {
    pub code: String,
    pub name: String,
    pub statute: String,
    /// How sure the statute is: statute, page, confirmed, H, M, L, setting, practice; empty where nobody has said.
    pub certainty: String,
    /// running, paused, stopped, expired
    pub state: String,
    pub started_at: Millis,
    pub late_from: Millis,
    /// The last day in time, in China.
    pub last_day: String,
    pub provisional: bool,
    /// What is left, as the statute counts it; `null` where it does not run any more.
    pub left: Option<LeftView>,
}

/// What is left of a clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LeftView {
    /// working_days 工作日, days 日, hours 小时
    pub unit: String,
    /// Whole units; 0 on the last one.
    pub count: i64,
}

impl From<Left> for LeftView {
    fn from(left: Left) -> Self {
        let (unit, count) = match left {
            Left::WorkingDays(n) => ("working_days", i64::from(n)),
            Left::Days(n) => ("days", i64::from(n)),
            Left::Millis(ms) => ("hours", ms / 3_600_000),
        };
        Self { unit: unit.to_owned(), count }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct DocumentView {
    pub code: String,
    pub name: String,
    pub number: String,
    pub issued_at: Millis,
    pub annulled_at: Option<Millis>,
    /// The code on it; empty where no text was kept, and there is no PDF.
    pub verify: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ChildView {
    pub kind: String,
    pub id: String,
    pub ended: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct LockView {
    pub person: PersonView,
    pub until: Millis,
}

/// An action with its form.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ActionView {
    pub code: String,
    pub name: String,
    pub form: Vec<FieldView>,
    pub statute: String,
    /// How sure the statute is, as of clocks.
    pub certainty: String,
    /// May not be taken back.
    pub lasting: bool,
}

/// A field of a form.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct FieldView {
    pub code: String,
    pub name: String,
    /// text, date, number, money (fen), bool, choice, user, users, ids
    pub kind: crate::definition::FieldKind,
    pub required: bool,
    pub options: Vec<FlagView>,
    pub most: Option<i64>,
}

impl From<&Person> for PersonView {
    fn from(p: &Person) -> Self {
        Self { user: p.user.clone(), name: p.name.clone() }
    }
}

impl From<&Named> for FlagView {
    fn from(n: &Named) -> Self {
        Self { code: n.code.clone(), name: n.name.clone() }
    }
}

impl From<&Field> for FieldView {
    fn from(f: &Field) -> Self {
        Self {
            code: f.code.clone(),
            name: f.name.clone(),
            kind: f.kind,
            required: f.required,
            options: f.options.iter().map(FlagView::from).collect(),
            most: f.most.map(i64::from),
        }
    }
}

/// A document that somebody wants to be sure of.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Genuine {
    /// `行政处罚决定书`
    pub title: String,
    pub number: String,
    pub organ: String,
    /// In China, `2026-03-01`.
    pub issued_on: String,
    /// 作废, since that day; `null` it stands.
    pub void_since: Option<String>,
    /// SHA-256 of its text, hex; the first sixteen are printed on it.
    pub hash: String,
    /// What was declared of it after it was issued, the first first: a correction of a result.
    pub remarks: Vec<String>,
    pub simulated: bool,
}

/// A case for somebody.
pub fn case_view(case: &Case, who: &Who, around: &Around) -> CaseView {
    let (d, state, view) = (&case.pinned.definition, &case.state, case.view(around));
    let o = &state.opened;
    let row = projection::CaseRow::of(&case.id, state);
    let tasks = state.open_tasks().map(|t| task_view(d, t, who, crate::guard::may_sit(&view, who, t)));
    let actions = decide::available(&view, who);
    let (ops, backfill_days) = (possible::possible(&view, who), possible::backfill_days(&view, who));
    CaseView {
        id: case.id.clone(),
        kind: o.kind.clone(),
        kind_name: d.name.clone(),
        version: i64::from(d.version),
        number: o.number.clone(),
        title: o.title.clone(),
        division: o.division.clone(),
        business: o.business.clone(),
        parent: o.parent.clone(),
        status: state.status.clone(),
        status_name: d.status(&state.status).map(|s| s.name.clone()).unwrap_or_default(),
        phase: row.phase,
        suspended_for: match &state.phase {
            Phase::Suspended(reason) => reason.clone(),
            _ => String::new(),
        },
        flags: d.flags.iter().filter(|f| state.flags.contains(&f.code)).map(FlagView::from).collect(),
        handled: state.handled.clone(),
        level: i64::from(state.level),
        drafter: (&state.drafter).into(),
        seq: state.seq,
        opened_at: state.opened_at,
        updated_at: state.updated_at,
        next_due: row.next_due,
        tasks: tasks.collect(),
        clocks: clocks(case, around),
        documents: documents(case),
        children: state
            .children
            .iter()
            .map(|c| ChildView { kind: c.kind.clone(), id: c.case.clone(), ended: c.ended })
            .collect(),
        data: state.data.clone(),
        locked: state
            .lock
            .as_ref()
            .filter(|l| l.until > around.now)
            .map(|l| LockView { person: (&l.person).into(), until: l.until }),
        actions: actions.into_iter().map(action_view).collect(),
        ops,
        backfill_days,
        simulated: o.simulated,
    }
}

fn action_view(a: &crate::definition::Action) -> ActionView {
    ActionView {
        code: a.code.clone(),
        name: a.name.clone(),
        form: a.form.iter().map(FieldView::from).collect(),
        statute: a.statute.clone(),
        certainty: a.certainty.clone(),
        lasting: a.lasting,
    }
}

fn task_view(d: &crate::Definition, task: &Task, who: &Who, may: bool) -> TaskView {
    let user = &who.person.user;
    TaskView {
        no: task.no,
        code: task.code.clone(),
        name: d.task(&task.code).map(|t| t.name.clone()).unwrap_or_default(),
        mode: task.mode,
        opened_at: task.opened_at,
        urged_at: task.urged_at,
        mine: task.seats.iter().any(|s| !s.signed && s.holder().user == *user),
        claimable: task.seats.is_empty() && may,
        seats: task
            .seats
            .iter()
            .map(|s| SeatView {
                person: (&s.person).into(),
                added: s.added,
                delegate: s.delegate.as_ref().map(PersonView::from),
                signed: s.signed,
            })
            .collect(),
    }
}

fn clocks(case: &Case, around: &Around) -> Vec<ClockView> {
    let d = &case.pinned.definition;
    let view = |(code, t): (&String, &crate::state::Timer)| ClockView {
        name: d.clock(code).map(|c| c.name.clone()).unwrap_or_default(),
        statute: d.clock(code).map(|c| c.statute.clone()).unwrap_or_default(),
        certainty: d.clock(code).map(|c| c.certainty.clone()).unwrap_or_default(),
        code: code.clone(),
        state: projection::run(t.state).to_owned(),
        started_at: t.started_at,
        late_from: t.due.late_from,
        last_day: t.due.last_day.clone(),
        provisional: t.due.provisional,
        left: match t.state {
            Run::Running if t.due.late_from > around.now => {
                Some(left_at(&around.calendar, t.anchor, t.left, around.now).into())
            }
            Run::Paused => Some(t.left.into()),
            _ => None,
        },
    };
    case.state.clocks.iter().map(view).collect()
}

fn documents(case: &Case) -> Vec<DocumentView> {
    let d = &case.pinned.definition;
    let view = |x: &crate::state::Document| DocumentView {
        name: d.document(&x.code).map(|k| k.name.clone()).unwrap_or_default(),
        code: x.code.clone(),
        number: x.number.clone(),
        issued_at: x.issued_at,
        annulled_at: x.annulled_at,
        verify: String::new(),
    };
    case.state.documents.iter().map(view).collect()
}
