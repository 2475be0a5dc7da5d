//! Cases in the database: load, decide, append, project; one transaction each.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kit_base::clock::china_day;
use kit_base::{Error, Ids, Millis, Result};
use kit_db::Tx;
use kit_web::{Act, Cx};
use serde_json::json;

use crate::decide::{self, Ask, Blank, New, Take};
use crate::flows::{Flows, Near, Pinned};
use crate::guard::{View, Who};
use crate::log::{self, Body, Draft, Effect, Entry};
use crate::state::State;
use crate::store::{self, projection};

/// Cases below cases go no deeper.
const DEEPEST: usize = 8;

/// A case with the version it was begun under.
#[derive(Debug, Clone)]
pub struct Case {
    pub id: String,
    pub pinned: Arc<Pinned>,
    pub state: State,
}

impl Case {
    pub fn view<'v>(&'v self, around: &'v Around) -> View<'v> {
        View {
            definition: &self.pinned.definition,
            state: &self.state,
            calendar: &around.calendar,
            now: around.now,
            facts: &around.facts,
            people: &around.people,
        }
    }
}

/// What a decision needs to know beside the case.
pub struct Around {
    pub calendar: Arc<kit_base::workdays::Calendar>,
    pub now: Millis,
    pub facts: BTreeSet<String>,
    pub people: BTreeMap<String, Who>,
}

/// A case by id; `None` where there is none.
pub fn load(tx: &mut Tx, flows: &Flows, id: &str) -> Result<Option<Case>> {
    let entries = store::log::entries(tx, id)?;
    let Some(state) = State::fold(&entries)? else { return Ok(None) };
    let pinned = flows.pinned(&state.opened.definition)?;
    Ok(Some(Case { id: id.to_owned(), pinned, state }))
}

/// A case that somebody may see. Errors: not found, also where its existence is not theirs to know.
pub fn seen(tx: &mut Tx, flows: &Flows, who: &kit_web::Actor, id: &str) -> Result<Case> {
    let case = load(tx, flows, id)?.ok_or_else(unknown)?;
    let o = &case.state.opened;
    let read = who.scope_for(&case.pinned.definition.read);
    let may = who.may(&case.pinned.definition.read) && read.covers(&o.division, Some(&o.business));
    if may { Ok(case) } else { Err(unknown()) }
}

/// Begins a case as the one who asks.
///
/// Errors: those of [`decide::begin`], `title_missing`, `title_long`.
pub fn open(act: &mut Act, flows: &Flows, kind: &str, new: &New) -> Result<Case> {
    let pinned = flows.latest(kind)?;
    let who = Who::of(act.who(), &pinned.definition);
    let id = act.id();
    begin(act, flows, &pinned, &who, &id, new, 0)
}

/// Begins a case as the house: what a model, a camera or another case found.
pub fn open_by_house(act: &mut Act, flows: &Flows, kind: &str, new: &New) -> Result<Case> {
    let pinned = flows.latest(kind)?;
    let id = act.id();
    begin(act, flows, &pinned, &Who::house(), &id, new, 0)
}

fn begin(
    act: &mut Act,
    flows: &Flows,
    pinned: &Arc<Pinned>,
    who: &Who,
    id: &str,
    new: &New,
    depth: usize,
) -> Result<Case> {
    match new.title.trim().chars().count() {
        0 => return Err(Error::invalid("title", "title_missing", "请写明事由")),
        201.. => return Err(Error::invalid("title", "title_long", "事由不超过 200 字")),
        _ => {}
    }
    let named = decide::Ask {
        form: serde_json::Value::Object(new.data.clone()),
        ..decide::Ask::op(crate::Op::Withdraw, "")
    };
    let around = around(act, flows, pinned, None, Some(&named), BTreeSet::new())?;
    let blank = Blank {
        definition: &pinned.definition,
        calendar: &around.calendar,
        now: around.now,
        facts: &around.facts,
        people: &around.people,
    };
    let mut take = Taking::new(act);
    let draft = decide::begin(&blank, who, &pinned.hash, new, &mut take)?;
    append(act, flows, Prior { id, pinned, state: None }, who, draft, "", &around, depth)
}

/// Does what the one who asks wants done. A repeat with the same client key is answered and not done again.
///
/// Errors: not found, `client_key_reused`, those of [`decide::decide`] and of the room.
pub fn take(act: &mut Act, flows: &Flows, id: &str, ask: &Ask) -> Result<Case> {
    take_if(act, flows, id, ask, |act| seen(act.tx, flows, act.who(), id))
}

/// As [`take`], by somebody who does not read the case: its business, whom the law shows a part of it. What they may see
/// the room has decided; what they may do the definition says (relation `subject`).
///
/// Errors: as [`take`].
pub fn take_unread(act: &mut Act, flows: &Flows, id: &str, ask: &Ask) -> Result<Case> {
    take_if(act, flows, id, ask, |act| load(act.tx, flows, id)?.ok_or_else(unknown))
}

fn unknown() -> Error {
    Error::not_found("没有这个案卷，或不在您的范围内")
}

fn take_if(
    act: &mut Act,
    flows: &Flows,
    id: &str,
    ask: &Ask,
    found: impl FnOnce(&mut Act) -> Result<Case>,
) -> Result<Case> {
    if !store::log::hold(act.tx, id)? {
        return Err(unknown());
    }
    let case = found(act)?;
    act.subject("case", id, &case.state.opened.division);
    if ask.client_key.len() > 100 {
        return Err(Error::invalid("client_key", "client_key_long", "client_key 不超过 100 个字符"));
    }
    if !ask.client_key.is_empty()
        && let Some(entry) = store::log::by_client_key(act.tx, id, &ask.client_key)?
    {
        return repeated(act, case, ask, &entry);
    }
    let hooks = flows.hooks(&case.pinned.definition.kind);
    (hooks.before)(act, &case, ask)?;
    let facts = (hooks.facts)(act, &case)?;
    let who = Who::of(act.who(), &case.pinned.definition);
    let around = around(act, flows, &case.pinned, Some(&case.state), Some(ask), facts)?;
    let mut take = Taking::new(act);
    let draft = decide::decide(case.view(&around), &who, ask, &mut take)?;
    act.note(json!({ "action": draft.action, "seq": case.state.seq + 1 }));
    append(act, flows, Prior::of(&case), &who, draft, &ask.client_key, &around, 0)
}

/// The same key again: the same request is answered with the case as it is, another is refused.
fn repeated(act: &mut Act, case: Case, ask: &Ask, entry: &Entry) -> Result<Case> {
    let action = ask.action.as_deref().or(ask.op.as_ref().map(|op| op.code())).unwrap_or("");
    if entry.user != act.who().user || entry.action != action {
        let text = "同一个 client_key 已用于另一次办理，请换一个";
        return Err(Error::conflict("client_key_reused", text));
    }
    act.note(json!({ "action": action, "seq": entry.seq, "repeated": true }));
    Ok(case)
}

/// What the house does to a case by itself.
#[derive(Debug, Clone, Copy)]
pub enum Duty<'a> {
    /// A clock is over.
    Expire(&'a str),
    /// A clock is nearly over.
    Remind(&'a str),
    /// A calendar was announced.
    Recount,
    /// Another room tells of something: an action marked `by_room`, with its form.
    Told(&'a str, &'a serde_json::Value),
}

/// Does a duty of the house; answers whether there was anything to do. Doing it again does nothing.
pub fn by_house(act: &mut Act, flows: &Flows, id: &str, duty: Duty) -> Result<bool> {
    if !store::log::hold(act.tx, id)? {
        return Ok(false);
    }
    let Some(case) = load(act.tx, flows, id)? else { return Ok(false) };
    let around = around(act, flows, &case.pinned, Some(&case.state), None, BTreeSet::new())?;
    let mut take = Taking::new(act);
    let view = case.view(&around);
    let draft = match duty {
        Duty::Expire(clock) => decide::expire(view, clock, &mut take)?,
        Duty::Remind(clock) => decide::remind(view, clock, &mut take)?,
        Duty::Recount => decide::recount(view, &mut take)?,
        Duty::Told(action, form) => decide::told(view, action, form, &mut take)?,
    };
    let Some(draft) = draft else { return Ok(false) };
    act.subject("case", id, &case.state.opened.division);
    act.note(json!({ "action": draft.action, "seq": case.state.seq + 1 }));
    append(act, flows, Prior::of(&case), &Who::house(), draft, "", &around, 0)?;
    Ok(true)
}

/// The rights of everybody whom the decision may look at.
fn around(
    act: &mut Act,
    flows: &Flows,
    pinned: &Pinned,
    state: Option<&State>,
    ask: Option<&Ask>,
    facts: BTreeSet<String>,
) -> Result<Around> {
    let calendar = flows.calendar(act.tx)?;
    let mut people = BTreeMap::new();
    let mut users = decide::concerned(&pinned.definition, state, ask);
    if state.is_none()
        && let Some(ask) = ask
    {
        // a case that begins: the room's data may name people for the first tasks
        let named = pinned.definition.tasks.iter().filter_map(|t| t.seats.strip_prefix("form:"));
        users.extend(named.flat_map(|field| decide::users(ask.form.get(field))));
    }
    for user in users {
        if let Some(actor) = flows.person(&act.cx.house, act.tx, &user)? {
            people.insert(user, Who::of(&actor, &pinned.definition));
        }
    }
    Ok(Around { calendar, now: act.now, facts, people })
}

/// What an entry is put after.
struct Prior<'a> {
    id: &'a str,
    pinned: &'a Arc<Pinned>,
    state: Option<&'a State>,
}

impl<'a> Prior<'a> {
    fn of(case: &'a Case) -> Self {
        Self { id: &case.id, pinned: &case.pinned, state: Some(&case.state) }
    }
}

/// Writes an entry and all that follows from it: projections, the room's tables, cases below and above.
#[allow(clippy::too_many_arguments, reason = "the parts of one entry")]
fn append(
    act: &mut Act,
    flows: &Flows,
    prior: Prior,
    who: &Who,
    draft: Draft,
    client_key: &str,
    around: &Around,
    depth: usize,
) -> Result<Case> {
    let calendar = (2000..=2999).rev().find(|y| around.calendar.knows(*y)).unwrap_or(0);
    let body = Body { form: draft.form, effects: draft.effects, calendar };
    let entry = Entry {
        case: prior.id.to_owned(),
        seq: prior.state.map_or(0, |s| s.seq) + 1,
        at: act.now,
        occurred_at: draft.occurred_at,
        user: who.person.user.clone(),
        user_name: who.person.name.clone(),
        action: draft.action,
        note: draft.note,
        body: serde_json::to_string(&body).map_err(Error::internal)?,
        client_key: client_key.to_owned(),
        before: prior.state.map(|s| s.head.clone()).unwrap_or_default(),
        hash: String::new(),
    };
    let entry = entry.sealed();
    let mut state = prior.state.cloned();
    State::next(&mut state, &entry)?;
    let state = state.ok_or_else(|| Error::internal("an entry left no state"))?;
    let row = projection::CaseRow::of(prior.id, &state);
    match prior.state {
        None => projection::insert(act.tx, &row)?,
        Some(_) => projection::update(act.tx, &row)?,
    }
    store::log::add(act.tx, &entry)?;
    projection::put_work(act.tx, prior.id, prior.state, &state)?;
    let year = i64::from(china_day(act.now).year());
    projection::put_documents(act.tx, prior.id, &state, &body.effects, entry.occurred_at, year)?;
    let case = Case { id: prior.id.to_owned(), pinned: prior.pinned.clone(), state };
    if prior.state.is_none() {
        act.subject("case", &case.id, &case.state.opened.division);
    }
    let hooks = flows.hooks(&case.pinned.definition.kind);
    (hooks.after)(act, &case, &entry, &body)?;
    crate::papers::keep(act, flows, &case, &entry, &body)?;
    flows.tell(act, &case, &entry, &body)?;
    family(act, flows, &case, &body, depth)?;
    Ok(case)
}

/// Cases below that the entry opens, and the case above that learns of an end.
fn family(act: &mut Act, flows: &Flows, case: &Case, body: &Body, depth: usize) -> Result<()> {
    if depth >= DEEPEST {
        return Err(Error::internal("cases below cases go too deep"));
    }
    for effect in &body.effects {
        match effect {
            Effect::Child { kind, case: id } => {
                let o = &case.state.opened;
                let new = New {
                    title: o.title.clone(),
                    division: o.division.clone(),
                    business: o.business.clone(),
                    parent: case.id.clone(),
                    simulated: o.simulated,
                    ..New::default()
                };
                begin(act, flows, &flows.latest(kind)?, &Who::house(), id, &new, depth + 1)?;
            }
            Effect::Ended(_) if !case.state.opened.parent.is_empty() => {
                tell_parent(act, flows, &case.state.opened.parent, &case.id, depth)?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn tell_parent(act: &mut Act, flows: &Flows, parent: &str, child: &str, depth: usize) -> Result<()> {
    if !store::log::hold(act.tx, parent)? {
        return Ok(());
    }
    let Some(above) = load(act.tx, flows, parent)? else { return Ok(()) };
    let around = around(act, flows, &above.pinned, Some(&above.state), None, BTreeSet::new())?;
    let mut take = Taking::new(act);
    if let Some(draft) = decide::child_ended(above.view(&around), child, &mut take)? {
        append(act, flows, Prior::of(&above), &Who::house(), draft, "", &around, depth + 1)?;
    }
    Ok(())
}

/// Whether a calendar that was announced moves a clock of a case.
pub fn would_move(tx: &mut Tx, flows: &Flows, id: &str, now: Millis) -> Result<bool> {
    let Some(case) = load(tx, flows, id)? else { return Ok(false) };
    let around = around_reading(tx, flows, now)?;
    decide::recount(case.view(&around), &mut crate::possible::Nothing).map(|d| d.is_some())
}

/// People who may have a task of a case, or whom a field of a form may name; at most [`MOST_PEOPLE`].
///
/// Errors: `task_unknown`, `field_unknown`.
pub fn people(
    tx: &mut Tx,
    cx: &Cx,
    flows: &Flows,
    case: &Case,
    wanted: Wanted,
    q: &str,
) -> Result<Vec<Near>> {
    let d = &case.pinned.definition;
    let (permission, task) = match wanted {
        Wanted::Task(no) => {
            let unknown = || Error::invalid("task", "task_unknown", "没有这项任务，或已办结");
            let task = case.state.open_task(no).ok_or_else(unknown)?;
            (task.may.clone(), Some(task))
        }
        Wanted::Field(field) => {
            let seats = format!("form:{field}");
            let kinds = d.actions.iter().flat_map(|a| &a.form).any(|f| f.code == *field);
            if !kinds {
                return Err(Error::invalid("field", "field_unknown", "表单没有这一项"));
            }
            let task = d.tasks.iter().find(|t| t.seats == seats);
            (task.map_or(&d.read, |t| &t.may).clone(), None)
        }
    };
    let o = &case.state.opened;
    let around = around_reading(tx, flows, cx.now())?;
    let mut out = Vec::new();
    for near in flows.near(&cx.house, tx, &permission, &o.division, &o.business, q)? {
        let Some(actor) = flows.person(&cx.house, tx, &near.user)? else { continue };
        let who = Who::of(&actor, d);
        let fits = match task {
            Some(task) => {
                let seated =
                    |s: &crate::state::Seat| s.person.user == near.user || s.holder().user == near.user;
                !task.seats.iter().any(seated) && crate::guard::may_sit(&case.view(&around), &who, task)
            }
            None => who.may(&permission, &o.division, &o.business),
        };
        if fits {
            out.push(near);
        }
        if out.len() == MOST_PEOPLE {
            break;
        }
    }
    Ok(out)
}

/// People that a field offers at once; who looks for another types more of the name.
const MOST_PEOPLE: usize = 20;

/// What people are wanted for.
#[derive(Debug, Clone, Copy)]
pub enum Wanted<'a> {
    Task(i64),
    /// A field of kind user or users.
    Field(&'a str),
}

/// What the asker could do with a case now.
pub fn around_reading(tx: &mut Tx, flows: &Flows, now: Millis) -> Result<Around> {
    Ok(Around { calendar: flows.calendar(tx)?, now, facts: BTreeSet::new(), people: BTreeMap::new() })
}

/// Numbers and ids out of the running transaction.
struct Taking<'a, 'c> {
    tx: &'a mut Tx<'c>,
    ids: Ids,
    now: Millis,
}

impl<'a, 'c> Taking<'a, 'c> {
    fn new<'x>(act: &'a mut Act<'x, 'c>) -> Self
    where
        'x: 'a,
    {
        Self { ids: act.ids().clone(), now: act.now, tx: act.tx }
    }
}

impl Take for Taking<'_, '_> {
    fn number(&mut self, series: &str, division: &str, year: i16) -> Result<i64> {
        store::log::next_number(self.tx, projection::county(division), series, i64::from(year))
    }

    fn id(&mut self) -> String {
        self.ids.next(self.now)
    }
}

/// Whether a case agrees with itself: chain, definition, and every projection with the fold. What is wrong, Chinese.
pub fn verify(tx: &mut Tx, flows: &Flows, id: &str) -> Result<Vec<String>> {
    let entries = store::log::entries(tx, id)?;
    if let Err(e) = log::verify(&entries) {
        return Ok(vec![e.message]);
    }
    let Some(row) = projection::by_id(tx, id)? else {
        return Ok(vec![format!("案卷 {id} 没有主表记录")]);
    };
    let state = match State::fold(&entries) {
        Ok(Some(state)) => state,
        Ok(None) => return Ok(vec![format!("案卷 {id} 没有办理记录")]),
        Err(e) => return Ok(vec![format!("案卷 {id} 的记录不能还原：{e}")]),
    };
    let mut faults = Vec::new();
    let mut same = |what: &str, fits: bool| {
        if !fits {
            faults.push(format!("案卷 {id} 的{what}与办理记录不符"));
        }
    };
    same("主表", row == projection::CaseRow::of(id, &state));
    same("任务表", projection::seats(tx, id)? == projection::seats_of(&state));
    same("期限表", projection::clocks(tx, id)? == projection::clocks_of(&state));
    let mut documents: Vec<projection::DocumentRow> = projection::documents(tx, id)?;
    let mut folded: Vec<projection::DocumentRow> = state
        .documents
        .iter()
        .map(|d| (d.code.clone(), d.serial, d.number.clone(), d.issued_at, d.annulled_at))
        .collect();
    documents.sort();
    folded.sort();
    same("文书表", documents == folded);
    same("流程版本", flows.pinned(&state.opened.definition).is_ok());
    Ok(faults)
}
