//! Who is told what of an entry of a case; pure.

use kit_flow::definition::Definition;
use kit_flow::log::{Body, Effect, Entry, How};
use kit_flow::state::{State, Task};

use crate::model::New;

/// What is looked at: a case after the entry.
pub struct About<'a> {
    pub id: &'a str,
    pub definition: &'a Definition,
    pub state: &'a State,
    /// User ids of those who act for the business of the case.
    pub business: &'a [String],
}

/// What each person is told of an entry, once: the first that holds, nobody of what they did themselves.
pub fn told(about: &About, entry: &Entry, body: &Body) -> Vec<New> {
    let mut out: Vec<New> = Vec::new();
    for effect in &body.effects {
        for (user, kind, body) in of(about, entry, effect) {
            let own = user.is_empty() || user == entry.user;
            if own || out.iter().any(|n| n.user == user) {
                continue;
            }
            let state = about.state;
            out.push(New {
                user,
                kind,
                title: state.opened.title.clone(),
                body,
                link: format!("/cases/{}", about.id),
                simulated: state.opened.simulated,
            });
        }
    }
    out
}

type Told = (String, &'static str, String);

fn of(about: &About, entry: &Entry, effect: &Effect) -> Vec<Told> {
    let state = about.state;
    let all = |users: Vec<String>, kind: &'static str, text: String| {
        users.into_iter().map(|u| (u, kind, text.clone())).collect()
    };
    let clock = |code: &str| {
        let name = about.definition.clock(code).map_or(code, |c| &c.name).to_owned();
        let day = state.clocks.get(code).map(|t| t.due.last_day.clone()).unwrap_or_default();
        (name, day)
    };
    match effect {
        Effect::TaskOpened { task, .. } => {
            let Some(task) = state.open_task(*task) else { return Vec::new() };
            let (kind, text) = given(about, entry, task);
            all(holders(about, task), kind, text)
        }
        Effect::Seated { task, person, added } => {
            let Some(task) = state.open_task(*task) else { return Vec::new() };
            let how = if *added { "请您会签" } else { "转由您办理" };
            vec![(person.user.clone(), "task", format!("{}{how}“{}”", by(entry), task_name(about, task)))]
        }
        Effect::Delegated { task, to, .. } => {
            let name = state.open_task(*task).map(|t| task_name(about, t)).unwrap_or_default();
            vec![(to.user.clone(), "task", format!("{}委派您办理“{name}”", by(entry)))]
        }
        Effect::Answered { user, .. } => {
            vec![(user.clone(), "answered", format!("{}已答复您的委派，请您提交", by(entry)))]
        }
        Effect::Urged(no) => {
            let Some(task) = state.open_task(*no) else { return Vec::new() };
            all(holders(about, task), "urged", format!("{}催办“{}”", by(entry), task_name(about, task)))
        }
        Effect::Reminded(code) => {
            let (name, day) = clock(code);
            all(everybody(about), "reminder", format!("{name}即将届满，最后一日 {day}"))
        }
        Effect::Expired(code) => {
            let (name, day) = clock(code);
            let mut users = everybody(about);
            users.push(state.drafter.user.clone());
            all(users, "expired", format!("{name}已于 {day} 届满"))
        }
        Effect::Ended(how) => {
            let text = match how {
                How::Done => "已办结",
                How::Terminated => "已终止",
                How::Void => "已作废",
            };
            let status = about.definition.status(&state.status).map_or("", |s| &s.name);
            let text = if *how == How::Done { format!("{text}：{status}") } else { text.to_owned() };
            all(vec![state.drafter.user.clone()], "ended", text)
        }
        _ => Vec::new(),
    }
}

/// A task that was given: by an action that went on, or sent back.
fn given(about: &About, entry: &Entry, task: &Task) -> (&'static str, String) {
    let name = task_name(about, task);
    let day = about.state.clocks.values().filter(|t| t.state == kit_flow::state::Run::Running);
    let day = day.map(|t| t.due.last_day.as_str()).min();
    let until = day.map(|d| format!("，最后一日 {d}")).unwrap_or_default();
    let back = entry.action == "op.return" || again(about.state, task);
    let did = kit_flow::history::name_of(about.definition, &entry.action);
    match back {
        true => ("returned", format!("{}{did}，请重新办理“{name}”{until}", by(entry))),
        false => ("task", format!("{}{did}，请您办理“{name}”{until}", by(entry))),
    }
}

/// The same task stood before, and another one since: it came back.
fn again(state: &State, task: &Task) -> bool {
    let before = state.tasks.iter().rev().filter(|t| t.no < task.no);
    let mut since = before.skip_while(|t| t.code == task.code).peekable();
    since.peek().is_some_and(|t| t.no + 1 >= task.no) && since.any(|t| t.code == task.code)
}

/// Who has it in hand; the people of the business where it is the business's.
fn holders(about: &About, task: &Task) -> Vec<String> {
    let subject = about.definition.task(&task.code).is_some_and(|t| t.seats == "subject");
    if task.seats.is_empty() && subject {
        return about.business.to_vec();
    }
    task.seats.iter().filter(|s| !s.signed).map(|s| s.holder().user.clone()).collect()
}

fn everybody(about: &About) -> Vec<String> {
    about.state.open_tasks().flat_map(|t| holders(about, t)).collect()
}

fn task_name(about: &About, task: &Task) -> String {
    about.definition.task(&task.code).map_or_else(|| task.code.clone(), |t| t.name.clone())
}

fn by(entry: &Entry) -> &str {
    if entry.user.is_empty() { "系统" } else { &entry.user_name }
}
