//! The definition test: what is wrong with a kind of case before anybody begins one.
//!
//! [`check`] looks at names and at single parts; [`walk`] goes through every way that a case may take with the smallest
//! office, and finds those from which no end can be reached.

mod walk;

use std::collections::BTreeSet;

use crate::definition::{Action, CERTAINTIES, ClockKind, Definition, Do, HOUSE, MOST_STATUSES, Need, Status};

/// What stands around definitions.
pub struct Known<'a> {
    /// The roles that have a permission; `None` where there is no such permission.
    pub roles_of: &'a dyn Fn(&str) -> Option<Vec<String>>,
    /// Kinds of cases that may be opened below one.
    pub kinds: &'a [&'a str],
    /// Facts that rooms hand in.
    pub facts: &'a [&'a str],
}

/// Every fault of a definition, as sentences that name the place; empty where there is none.
pub fn check(definition: &Definition, known: &Known) -> Vec<String> {
    let mut faults = Vec::new();
    let mut looking = Looking { d: definition, known, faults: &mut faults };
    looking.codes();
    looking.statuses();
    looking.actions();
    looking.tasks();
    looking.clocks();
    looking.people();
    // ways are gone only where all names are right
    if faults.is_empty() {
        walk::walk(definition, known, &mut faults);
    }
    faults
}

struct Looking<'a> {
    d: &'a Definition,
    known: &'a Known<'a>,
    faults: &'a mut Vec<String>,
}

impl Looking<'_> {
    fn fault(&mut self, place: &str, what: impl std::fmt::Display) {
        self.faults.push(format!("{}/{place}: {what}", self.d.kind));
    }

    /// Codes are there once, and none is empty.
    fn codes(&mut self) {
        let d = self.d;
        let lists: [(&str, Vec<&String>); 6] = [
            ("statuses", d.statuses.iter().map(|x| &x.code).collect()),
            ("flags", d.flags.iter().map(|x| &x.code).collect()),
            ("actions", d.actions.iter().map(|x| &x.code).collect()),
            ("tasks", d.tasks.iter().map(|x| &x.code).collect()),
            ("clocks", d.clocks.iter().map(|x| &x.code).collect()),
            ("documents", d.documents.iter().map(|x| &x.code).collect()),
        ];
        for (list, codes) in lists {
            let mut seen = BTreeSet::new();
            for code in codes {
                let plain = !code.is_empty()
                    && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
                if !plain {
                    self.fault(list, format_args!("“{code}” is no code of a-z, 0-9 and _"));
                }
                if !seen.insert(code) {
                    self.fault(list, format_args!("{code} is there twice"));
                }
            }
        }
        if d.version == 0 || d.name.is_empty() || d.source.is_empty() {
            self.fault("", "version, name and source are needed");
        }
    }

    fn statuses(&mut self) {
        let d = self.d;
        if d.statuses.len() > MOST_STATUSES {
            self.fault("statuses", format_args!("{} of them, at most {MOST_STATUSES}", d.statuses.len()));
        }
        match d.status(&d.start) {
            None => self.fault("start", format_args!("no status {}", d.start)),
            Some(start) if start.end => self.fault("start", "is an end"),
            Some(_) => {}
        }
        for status in &d.statuses {
            let place = format!("statuses/{}", status.code);
            self.status(&place, status);
        }
    }

    fn status(&mut self, place: &str, status: &Status) {
        let d = self.d;
        for task in status.tasks.iter().filter(|t| d.task(t).is_none()) {
            self.fault(place, format_args!("no task {task}"));
        }
        for clock in status.clocks.iter().filter(|c| d.clock(c).is_none()) {
            self.fault(place, format_args!("no clock {clock}"));
        }
        let leaves = d.actions.iter().any(|a| a.from.contains(&status.code));
        if status.end {
            if leaves || !status.tasks.is_empty() || !status.clocks.is_empty() {
                self.fault(place, "an end has no actions, tasks or clocks");
            }
            return;
        }
        if !leaves {
            self.fault(place, "no action leads out of it");
        }
        if status.clocks.is_empty() && status.no_clock.as_ref().is_none_or(String::is_empty) {
            self.fault(place, "has no clock, and no reason for none");
        }
        for task in &status.tasks {
            let ends = |a: &&Action| a.task.as_ref() == Some(task) && a.from.contains(&status.code);
            if !d.actions.iter().any(|a| ends(&a)) {
                self.fault(place, format_args!("no action ends its task {task}"));
            }
        }
    }

    fn actions(&mut self) {
        for action in &self.d.actions {
            let place = format!("actions/{}", action.code);
            self.action(&place, action);
        }
    }

    fn action(&mut self, place: &str, action: &Action) {
        let d = self.d;
        if action.from.is_empty() {
            self.fault(place, "starts from nowhere");
        }
        for status in action.from.iter().chain(&action.to).filter(|s| d.status(s).is_none()) {
            self.fault(place, format_args!("no status {status}"));
        }
        if let Some(task) = action.task.as_ref().filter(|t| d.task(t).is_none()) {
            self.fault(place, format_args!("no task {task}"));
        }
        for word in &action.not {
            self.word(place, word);
        }
        for need in &action.needs {
            self.need(place, need);
        }
        for effect in &action.effects {
            self.effect(place, effect);
        }
        if action.who.is_empty() {
            self.fault(place, "nobody may do it");
        }
        let by_house = action.who.iter().any(|r| r.may == HOUSE);
        let by_clock = d.clocks.iter().any(|c| c.expiry.as_ref() == Some(&action.code));
        if by_house && !by_clock && !action.by_room {
            self.fault(place, "the house may do it, but no clock makes it");
        }
        if action.by_room && (!by_house || by_clock) {
            self.fault(place, "is told by a room, but not done by the house, or by a clock as well");
        }
        self.certain(place, &action.certainty);
        if by_house && (action.form.iter().any(|f| f.required) || !action.needs.is_empty()) {
            self.fault(place, "the house fills in no form and cannot wait for needs");
        }
    }

    /// How sure a statute is said to be is one of the words for it.
    fn certain(&mut self, place: &str, certainty: &str) {
        if !certainty.is_empty() && !CERTAINTIES.contains(&certainty) {
            self.fault(place, format_args!("“{certainty}” is no certainty"));
        }
    }

    fn word(&mut self, place: &str, word: &str) {
        let good = match word.split_once(':') {
            Some(("last" | "any", action)) => self.d.action(action).is_some(),
            Some(("named", field)) => self.d.actions.iter().flat_map(|a| &a.form).any(|f| f.code == field),
            Some(_) => false,
            None => word == "drafter",
        };
        if !good {
            self.fault(place, format_args!("separation “{word}” names nobody"));
        }
    }

    fn need(&mut self, place: &str, need: &Need) {
        let d = self.d;
        let flag = |f: &String| d.flags.iter().any(|x| x.code == *f);
        let known = match need {
            Need::Flag(f) | Need::NoFlag(f) => flag(f),
            Need::Clock(c) => d.clock(c).is_some(),
            Need::Document(x) => d.document(x).is_some(),
            Need::ChildrenEnded => true,
            Need::Doers { of, .. } => d.action(of).is_some(),
            Need::Fact(f) => self.known.facts.contains(&f.as_str()),
        };
        if !known {
            self.fault(place, format_args!("nothing of this name: {need:?}"));
        }
    }

    fn effect(&mut self, place: &str, effect: &Do) {
        let d = self.d;
        let known = match effect {
            Do::Flag(f) | Do::Unflag(f) => d.flags.iter().any(|x| x.code == *f),
            Do::Start(c) | Do::Stop(c) | Do::Renew(c) => d.clock(c).is_some(),
            Do::Document(x) => d.document(x).is_some(),
            Do::Child(k) => self.known.kinds.contains(&k.as_str()),
            Do::Escalate => true,
        };
        if !known {
            self.fault(place, format_args!("nothing of this name: {effect:?}"));
        }
    }

    fn tasks(&mut self) {
        let d = self.d;
        let field = |f: &str| d.actions.iter().flat_map(|a| &a.form).any(|x| x.code == f);
        for task in &d.tasks {
            let good = match task.seats.split_once(':') {
                Some(("form", f)) => field(f),
                Some(("last", action)) => d.action(action).is_some(),
                Some(_) => false,
                None => ["pool", "drafter", "subject"].contains(&task.seats.as_str()),
            };
            let place = format!("tasks/{}", task.code);
            if !good {
                self.fault(&place, format_args!("seats “{}” are nobody's", task.seats));
            }
            if !d.statuses.iter().any(|s| s.tasks.contains(&task.code)) {
                self.fault(&place, "no status opens it");
            }
        }
    }

    fn clocks(&mut self) {
        let d = self.d;
        for clock in &d.clocks {
            let place = format!("clocks/{}", clock.code);
            let own: Vec<&str> = d
                .statuses
                .iter()
                .filter(|s| s.clocks.contains(&clock.code))
                .map(|s| s.code.as_str())
                .collect();
            let starts: Vec<&Action> =
                d.actions.iter().filter(|a| a.effects.contains(&Do::Start(clock.code.clone()))).collect();
            let started = !starts.is_empty();
            for status in clock.within.iter().chain(&clock.still).filter(|s| d.status(s).is_none()) {
                self.fault(&place, format_args!("no status {status}"));
            }
            if !started && own.is_empty() {
                self.fault(&place, "nothing starts it");
            }
            let period = clock.period.is_some() || clock.given.is_some();
            if period == clock.until.is_some() {
                self.fault(&place, "has a period or a field, one of the two");
            }
            self.certain(&place, &clock.certainty);
            let begun = clock.since.as_deref().and_then(|s| s.strip_prefix("form:"));
            let others =
                clock.since.iter().filter(|s| *s != "opened" && begun.is_none()).chain(&clock.more_of);
            for other in others.filter(|c| d.clock(c).is_none()) {
                self.fault(&place, format_args!("no clock {other}"));
            }
            let named = clock.given.as_deref().and_then(crate::definition::field_of_given);
            for field in clock.until.as_deref().into_iter().chain(begun).chain(named) {
                if !d.actions.iter().flat_map(|a| &a.form).any(|f| f.code == field) {
                    self.fault(&place, format_args!("no form has the field {field}"));
                }
            }
            match (&clock.expiry, &clock.lapses) {
                (None, None) => self.fault(&place, "nothing happens when it is over, and no reason is given"),
                (Some(action), _) => {
                    let runs_in = self.runs_in(&starts, own, clock);
                    self.expiry(&place, action, &runs_in);
                }
                _ => {}
            }
        }
    }

    /// Statuses in which a clock may run: its own and those it is kept within; once it is started elsewhere, all.
    fn runs_in(&self, starts: &[&Action], own: Vec<&str>, clock: &ClockKind) -> Vec<String> {
        let mut own: Vec<String> = own.into_iter().map(str::to_owned).collect();
        own.extend(clock.within.iter().cloned());
        let after = |a: &&Action| a.to.as_ref().map_or_else(|| a.from.clone(), |to| vec![to.clone()]);
        if starts.iter().flat_map(after).all(|s| own.contains(&s)) {
            return own;
        }
        self.d.statuses.iter().filter(|s| !s.end).map(|s| s.code.clone()).collect()
    }

    /// What the house does when a clock is over must be possible wherever the clock may run.
    fn expiry(&mut self, place: &str, action: &str, runs_in: &[String]) {
        let Some(action) = self.d.action(action) else {
            return self.fault(place, format_args!("no action {action}"));
        };
        if !action.who.iter().any(|r| r.may == HOUSE) {
            self.fault(place, format_args!("the house may not {}", action.code));
        }
        for status in runs_in.iter().filter(|s| !action.from.contains(s)) {
            self.fault(place, format_args!("may be over in {status}, where {} is not possible", action.code));
        }
    }

    /// Every permission is one, and somebody in the smallest office has it.
    fn people(&mut self) {
        for permission in self.d.permissions() {
            let Some(roles) = (self.known.roles_of)(permission) else {
                self.fault("who", format_args!("no permission {permission}"));
                continue;
            };
            if !roles.iter().any(|role| self.d.staff.get(role).is_some_and(|n| *n > 0)) {
                self.fault("who", format_args!("nobody of the staff has {permission}"));
            }
        }
    }
}
