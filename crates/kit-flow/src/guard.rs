//! Who may: role × jurisdiction (a permission and how far it reaches) × relation × separation of duties.

use std::collections::{BTreeMap, BTreeSet};

use kit_base::workdays::Calendar;
use kit_base::{Error, Millis, Result};
use kit_web::{Actor, Scope};

use crate::definition::{Action, At, Definition, HOUSE, Need, Relation, Rule};
use crate::log::Person;
use crate::state::{Phase, Run, State, Task};

/// Somebody, with the rights that a definition asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    pub person: Person,
    /// The house itself: clocks that are over, calendars that were announced.
    pub house: bool,
    /// How far each permission reaches; those not held are missing.
    pub rights: BTreeMap<String, Scope>,
}

impl Who {
    /// The house itself.
    pub fn house() -> Self {
        let person = Person { user: String::new(), name: "系统".into() };
        Self { person, house: true, rights: BTreeMap::new() }
    }

    /// A person, with what this definition asks for.
    pub fn of(actor: &Actor, definition: &Definition) -> Self {
        let held = definition.permissions().into_iter().filter(|p| actor.may(p));
        let rights = held.map(|p| (p.to_owned(), actor.scope_for(p))).collect();
        Self { person: Person { user: actor.user.clone(), name: actor.name.clone() }, house: false, rights }
    }

    /// Whether a permission reaches a division or business.
    pub fn may(&self, permission: &str, division: &str, business: &str) -> bool {
        self.rights.get(permission).is_some_and(|s| s.covers(division, Some(business)))
    }

    /// Acts for a business.
    fn of_business(&self, permission: &str, business: &str) -> bool {
        let covers = |s: &Scope| matches!(s, Scope::Businesses(own) if own.iter().any(|b| b == business));
        self.rights.get(permission).is_some_and(covers)
    }
}

/// What a decision looks at.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub definition: &'a Definition,
    pub state: &'a State,
    pub calendar: &'a Calendar,
    pub now: Millis,
    /// What the room found out and hands in, see [`Need::Fact`].
    pub facts: &'a BTreeSet<String>,
    /// The people whom the command names.
    pub people: &'a BTreeMap<String, Who>,
}

impl View<'_> {
    /// Whether a permission of somebody reaches the case, or the level that has it.
    pub fn reaches(&self, who: &Who, permission: &str, at: At) -> bool {
        let place = match at {
            At::Case => &self.state.opened.division,
            At::Handled => &self.state.handled,
        };
        who.may(permission, place, &self.state.opened.business)
    }

    /// Whether somebody oversees the case.
    pub fn oversees(&self, who: &Who) -> bool {
        self.reaches(who, &self.definition.ops.oversee, At::Case)
    }

    /// Whether somebody may see it.
    pub fn reads(&self, who: &Who) -> bool {
        who.house || self.reaches(who, &self.definition.read, At::Case)
    }
}

/// Nothing but the operations for it may be done to a case that is locked, suspended or ended.
///
/// Errors: `case_ended`, `case_suspended`, `case_locked`.
pub fn writable(view: &View, who: &Who) -> Result<()> {
    unended(view)?;
    unlocked(view, who)?;
    match &view.state.phase {
        Phase::Suspended(reason) if !who.house => {
            Err(Error::conflict("case_suspended", format!("案卷已挂起（{reason}），请先恢复")))
        }
        _ => Ok(()),
    }
}

pub fn unended(view: &View) -> Result<()> {
    match view.state.is_open() {
        true => Ok(()),
        false => Err(Error::conflict("case_ended", "案卷已办结，不能再办理")),
    }
}

pub fn unlocked(view: &View, who: &Who) -> Result<()> {
    let lock = view.state.lock.as_ref().filter(|l| l.until > view.now);
    match lock {
        Some(lock) if !who.house && lock.person.user != who.person.user => {
            let (name, until) = (&lock.person.name, kit_base::clock::china_text(lock.until));
            Err(Error::conflict("case_locked", format!("{name}正在离线办理，锁定至 {until}")))
        }
        _ => Ok(()),
    }
}

/// Whether somebody may do an action now, apart from what its form says.
///
/// Errors: `case_ended`, `case_suspended`, `case_locked`, `action_not_here`, `not_permitted`, `not_assigned`,
/// `task_delegated`, `signed_already`, `same_person`, `needs_…`.
pub fn may_do(view: &View, who: &Who, action: &Action) -> Result<()> {
    writable(view, who)?;
    if !action.from.contains(&view.state.status) {
        let status = view.definition.status(&view.state.status).map_or("", |s| &s.name);
        return Err(Error::conflict("action_not_here", format!("“{status}”状态下不能{}", action.name)));
    }
    permitted(view, who, action)?;
    separate(view, who, &action.not, &action.name)?;
    action.needs.iter().try_for_each(|need| needs(view, need))
}

/// One of the rules fits.
fn permitted(view: &View, who: &Who, action: &Action) -> Result<()> {
    let task = action.task.as_deref().and_then(|code| task_of(view.state, code));
    let mut last = Error::forbidden("not_permitted", format!("您没有{}的权限", action.name));
    for rule in &action.who {
        match fits(view, who, rule, action, task) {
            Ok(()) => return Ok(()),
            // the more telling refusal: held the permission, but it is another's task
            Err(e) if e.code != "not_permitted" => last = e,
            Err(_) => {}
        }
    }
    Err(last)
}

/// The open task of a kind.
pub fn task_of<'s>(state: &'s State, code: &str) -> Option<&'s Task> {
    state.open_tasks().find(|t| t.code == code)
}

fn fits(view: &View, who: &Who, rule: &Rule, action: &Action, task: Option<&Task>) -> Result<()> {
    let refused = || Error::forbidden("not_permitted", format!("您没有{}的权限", action.name));
    if rule.may == HOUSE || who.house {
        return if rule.may == HOUSE && who.house { Ok(()) } else { Err(refused()) };
    }
    if !view.reaches(who, &rule.may, rule.at) {
        return Err(refused());
    }
    match rule.relation {
        Relation::Anyone => Ok(()),
        Relation::Drafter if view.state.drafter.user == who.person.user => Ok(()),
        Relation::Subject if who.of_business(&rule.may, &view.state.opened.business) => Ok(()),
        Relation::Assignee => assigned(view, who, task),
        _ => Err(refused()),
    }
}

/// Has a seat at a task, or may take one at a task that is everybody's.
///
/// Errors: `not_assigned`, `task_delegated`, `signed_already`.
pub fn assigned(view: &View, who: &Who, task: Option<&Task>) -> Result<()> {
    let other = || Error::forbidden("not_assigned", "这项任务没有派给您");
    let Some(task) = task else { return Err(other()) };
    if task.seats.is_empty() {
        return if may_sit(view, who, task) { Ok(()) } else { Err(other()) };
    }
    let seat = task.seat(&who.person.user).ok_or_else(other)?;
    if let Some(delegate) = &seat.delegate {
        let text = format!("已委派{}办理，请等其答复", delegate.name);
        return Err(Error::conflict("task_delegated", text));
    }
    match seat.signed {
        true => Err(Error::conflict("signed_already", "您已会签")),
        false => Ok(()),
    }
}

/// Whether somebody may have a task at all.
pub fn may_sit(view: &View, who: &Who, task: &Task) -> bool {
    let near = view.reaches(who, &task.may, At::Case) || view.reaches(who, &task.may, At::Handled);
    near && unseparated(view, who, &task.code)
}

/// At least one action that ends the task may be done by them.
fn unseparated(view: &View, who: &Who, task: &str) -> bool {
    let mut actions = view.definition.actions.iter().filter(|a| a.task.as_deref() == Some(task)).peekable();
    actions.peek().is_none() || actions.any(|a| separate(view, who, &a.not, &a.name).is_ok())
}

/// Separation of duties. Errors: `same_person`.
pub fn separate(view: &View, who: &Who, not: &[String], name: &str) -> Result<()> {
    for word in not.iter().filter(|_| !who.house) {
        if named(view.state, word).contains(&who.person.user) {
            let text = format!("{name}须由他人办理：您是本案卷的办理人员");
            return Err(Error::forbidden("same_person", text));
        }
        if did(view.state, word).iter().any(|p| p.user == who.person.user) {
            let before = match word.split_once(':') {
                Some((_, action)) => view.definition.action(action).map_or("", |a| &a.name),
                None => "起草",
            };
            let text = format!("{name}须由他人办理：您已办理“{before}”");
            return Err(Error::forbidden("same_person", text));
        }
    }
    Ok(())
}

/// User ids of the separation `named:FIELD`.
fn named(state: &State, word: &str) -> Vec<String> {
    let field = word.strip_prefix("named:");
    field.map(|field| crate::decide::users(state.data.get(field))).unwrap_or_default()
}

/// The people of a separation: `drafter`, `last:ACTION`, `any:ACTION`.
fn did<'s>(state: &'s State, word: &str) -> &'s [Person] {
    let of = |action: &str| state.doers.get(action).map_or(&[][..], Vec::as_slice);
    match word.split_once(':') {
        Some(("last", action)) => of(action).split_at(of(action).len().saturating_sub(1)).1,
        Some((_, action)) => of(action),
        None => std::slice::from_ref(&state.drafter),
    }
}

/// Errors: `needs_flag`, `needs_clock`, `needs_document`, `needs_children`, `needs_doers`, `needs_fact`.
fn needs(view: &View, need: &Need) -> Result<()> {
    let state = view.state;
    let name_of = |code: &str| {
        let flag = view.definition.flags.iter().find(|f| f.code == code);
        flag.map_or_else(|| code.to_owned(), |f| f.name.clone())
    };
    let (met, code, text) = match need {
        Need::Flag(flag) => (state.flags.contains(flag), "needs_flag", format!("须先“{}”", name_of(flag))),
        Need::NoFlag(flag) => {
            (!state.flags.contains(flag), "needs_flag", format!("已“{}”，不能再办理", name_of(flag)))
        }
        Need::Clock(clock) => {
            let runs = state.clocks.get(clock).is_some_and(|t| t.state == Run::Running);
            (runs, "needs_clock", "期限已过或未开始".to_owned())
        }
        Need::Document(document) => {
            let stands = state.documents.iter().any(|d| d.code == *document && d.annulled_at.is_none());
            let name = view.definition.document(document).map_or("", |d| &d.name);
            (stands, "needs_document", format!("须先出具《{name}》"))
        }
        Need::ChildrenEnded => {
            let ended = state.children.iter().all(|c| c.ended);
            (ended, "needs_children", "下级案卷尚未办结".to_owned())
        }
        Need::Doers { of, least } => {
            let people: BTreeSet<&str> =
                state.doers.get(of).into_iter().flatten().map(|p| p.user.as_str()).collect();
            let name = view.definition.action(of).map_or("", |a| &a.name);
            let met = people.len() >= usize::from(*least);
            (met, "needs_doers", format!("“{name}”须至少 {least} 人办理"))
        }
        Need::Fact(fact) => (view.facts.contains(fact), "needs_fact", "条件尚未具备".to_owned()),
    };
    if met { Ok(()) } else { Err(Error::conflict(code, text).at(need.place())) }
}
