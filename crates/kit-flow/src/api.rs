//! Routes of every kind of case. Who may see a case follows from its definition, so the routes ask for a sign-in only and
//! answer 404 for what is not the asker's.

mod calendar;

use std::collections::BTreeSet;

use kit_base::clock::china_day;
use kit_base::{Error, Result};
use kit_db::Tx;
use kit_web::{Access, Ask as Asked, Cx, Json, Page, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::answers::{CaseView, Genuine, KindView, case_view};
use crate::decide::Ask;
use crate::engine::{self, Case};
use crate::flows::{Flows, Near};
use crate::guard::Who;
use crate::history::{self, History};
use crate::store;
use crate::store::todo::{Todo, TodoQuery};

pub fn routes() -> Vec<Route> {
    let signed_in = Access::SignedIn;
    vec![
        Route::get("/api/flows", signed_in, "案卷种类与流程图", kinds),
        Route::get("/api/cases/todo", signed_in, "待办任务", todo),
        Route::get("/api/cases/todo/counts", signed_in, "待办与待领取的件数", counts),
        Route::get("/api/cases/{id}", signed_in, "案卷", open),
        Route::get("/api/cases/{id}/people", signed_in, "可以办理的人员", people),
        Route::get("/api/cases/{id}/history", signed_in, "案卷办理经过", told),
        Route::post("/api/cases/{id}/acts", signed_in, "办理案卷", "flow.act", act),
        Route::get("/api/documents/{code}", Access::Public, "核验文书真伪", genuine),
    ]
    .into_iter()
    .chain(calendar::routes())
    .collect()
}

async fn kinds(cx: Cx, _: Asked) -> Result<Json<Vec<KindView>>> {
    let flows = cx.house.held::<Flows>();
    Ok(Json(flows.kinds().map(|p| KindView::of(p)).collect()))
}

async fn todo(cx: Cx, ask: Asked<(), TodoQuery>) -> Result<Json<Page<Todo>>> {
    let list = cx.read(move |tx, cx| {
        let flows = cx.house.held::<Flows>();
        let permission = match &ask.query.claimable {
            Some(task) => {
                let kind = ask.query.kind.as_deref().unwrap_or("");
                let found = flows.latest(kind)?.definition.task(task).map(|t| t.may.clone());
                let unknown = || Error::invalid("claimable", "task_unknown", "没有这种任务");
                Some(found.ok_or_else(unknown)?)
            }
            None => None,
        };
        let mut page = store::todo::list(tx, &cx.who, permission.as_deref(), &ask.query, cx.now())?;
        page.items.iter_mut().for_each(|todo| name(&flows, todo));
        Ok(page)
    });
    list.await.map(Json)
}

/// Puts the names of kind, status and task in; a code that the latest version does not have stays a code.
fn name(flows: &Flows, todo: &mut Todo) {
    let latest = flows.latest(&todo.kind).ok();
    let d = latest.as_ref().map(|p| &p.definition);
    todo.kind_name = d.map_or_else(|| todo.kind.clone(), |d| d.name.clone());
    let status = d.and_then(|d| d.status(&todo.status)).map(|s| s.name.clone());
    todo.status_name = status.unwrap_or_else(|| todo.status.clone());
    let task = d.and_then(|d| d.task(&todo.code)).map(|t| t.name.clone());
    todo.name = task.unwrap_or_else(|| todo.code.clone());
}

/// How much there is to do.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
struct Counts {
    /// In the asker's hands.
    mine: i64,
    /// Of it what is late.
    late: i64,
    /// What the asker may claim.
    claimable: i64,
    kinds: Vec<KindCount>,
    tasks: Vec<TaskCount>,
}

/// Of a kind, in the asker's hands.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct KindCount {
    kind: String,
    name: String,
    mine: i64,
    late: i64,
}

/// What may be claimed of a task.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct TaskCount {
    kind: String,
    kind_name: String,
    /// Code of the task.
    code: String,
    name: String,
    count: i64,
}

async fn counts(cx: Cx, _: Asked) -> Result<Json<Counts>> {
    cx.read(|tx, cx| {
        let (flows, now) = (cx.house.held::<Flows>(), cx.now());
        let mut out = Counts::default();
        let late = store::todo::counts(tx, &cx.who, None, Some(now))?;
        for row in store::todo::counts(tx, &cx.who, None, None)? {
            let late = late.iter().filter(|l| (&l.kind, &l.code) == (&row.kind, &row.code)).map(|l| l.count);
            out.add(&flows, &row, late.sum());
        }
        let kinds: Vec<_> = flows.kinds().flat_map(|p| &p.definition.tasks).map(|t| t.may.as_str()).collect();
        let permissions: BTreeSet<&str> = kinds.into_iter().filter(|p| cx.who.may(p)).collect();
        for permission in permissions {
            for row in store::todo::counts(tx, &cx.who, Some(permission), None)? {
                out.claim(&flows, row);
            }
        }
        Ok(out)
    })
    .await
    .map(Json)
}

impl Counts {
    fn add(&mut self, flows: &Flows, row: &store::todo::Count, late: i64) {
        self.mine += row.count;
        self.late += late;
        match self.kinds.iter_mut().find(|k| k.kind == row.kind) {
            Some(kind) => {
                kind.mine += row.count;
                kind.late += late;
            }
            None => self.kinds.push(KindCount {
                kind: row.kind.clone(),
                name: flows
                    .latest(&row.kind)
                    .map_or_else(|_| row.kind.clone(), |p| p.definition.name.clone()),
                mine: row.count,
                late,
            }),
        }
    }

    fn claim(&mut self, flows: &Flows, row: store::todo::Count) {
        let Ok(pinned) = flows.latest(&row.kind) else { return };
        let Some(task) = pinned.definition.task(&row.code) else { return };
        self.claimable += row.count;
        self.tasks.push(TaskCount {
            kind_name: pinned.definition.name.clone(),
            name: task.name.clone(),
            kind: row.kind,
            code: row.code,
            count: row.count,
        });
    }
}

/// For whom people are looked for: one of the two.
#[derive(Deserialize, JsonSchema)]
struct PeopleQuery {
    /// Number of an open task.
    task: Option<i64>,
    /// A field of kind user or users of one of the kind's forms.
    field: Option<String>,
    /// Part of the name.
    q: Option<String>,
}

async fn people(cx: Cx, ask: Asked<IdPath, PeopleQuery>) -> Result<Json<Vec<Near>>> {
    let read = cx.read(move |tx, cx| {
        let flows = cx.house.held::<Flows>();
        let case = engine::seen(tx, &flows, &cx.who, &ask.path.id)?;
        let wanted = match (ask.query.task, &ask.query.field) {
            (Some(no), None) => engine::Wanted::Task(no),
            (None, Some(field)) => engine::Wanted::Field(field),
            _ => return Err(Error::invalid("task", "people_for", "请指明任务（task）或表单项（field）之一")),
        };
        let q = ask.query.q.as_deref().unwrap_or("").trim();
        engine::people(tx, cx, &flows, &case, wanted, q)
    });
    read.await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct IdPath {
    id: String,
}

async fn open(cx: Cx, ask: Asked<IdPath>) -> Result<Json<CaseView>> {
    cx.read(move |tx, cx| view(tx, cx, &ask.path.id)).await.map(Json)
}

/// A case for the one who asks. Errors: not found.
pub fn view(tx: &mut Tx, cx: &Cx, id: &str) -> Result<CaseView> {
    let flows = cx.house.held::<Flows>();
    let case = engine::seen(tx, &flows, &cx.who, id)?;
    shown(tx, cx, &flows, &case)
}

fn shown(tx: &mut Tx, cx: &Cx, flows: &Flows, case: &Case) -> Result<CaseView> {
    let who = Who::of(&cx.who, &case.pinned.definition);
    let around = engine::around_reading(tx, flows, cx.now())?;
    let mut view = case_view(case, &who, &around);
    let codes = store::papers::codes(tx, &case.id)?;
    for document in &mut view.documents {
        let kept = codes.iter().find(|(number, _)| *number == document.number);
        document.verify = kept.map(|(_, verify)| verify.clone()).unwrap_or_default();
    }
    Ok(view)
}

#[derive(Deserialize, JsonSchema)]
struct CodePath {
    code: String,
}

async fn genuine(cx: Cx, ask: Asked<CodePath>) -> Result<Json<Genuine>> {
    let read = cx.read(move |tx, cx| verified(tx, &cx.house.held::<Flows>(), &ask.path.code));
    read.await?.map(Json).ok_or_else(|| Error::not_found("没有这个核验码，请逐位核对；文书可能是伪造的"))
}

/// The document that a code is on; `None` where there is none. Says nothing of persons.
pub fn verified(tx: &mut Tx, flows: &Flows, code: &str) -> Result<Option<Genuine>> {
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).take(32).collect();
    let code = code.to_uppercase();
    let Some(paper) = store::papers::by_verify(tx, &code)? else {
        return flows.papers().map_or(Ok(None), |papers| papers.other(tx, &code));
    };
    let simulated = paper.read()?.simulated;
    let remarks = match flows.papers() {
        Some(papers) => papers.said_of(tx, &paper)?,
        None => Vec::new(),
    };
    Ok(Some(Genuine {
        remarks,
        title: paper.title,
        number: paper.number,
        organ: paper.organ,
        issued_on: china_day(paper.issued_at).to_string(),
        void_since: paper.annulled_at.map(|at| china_day(at).to_string()),
        hash: paper.hash,
        simulated,
    }))
}

async fn told(cx: Cx, ask: Asked<IdPath>) -> Result<Json<History>> {
    let read = cx.read(move |tx, cx| {
        let flows = cx.house.held::<Flows>();
        let case = engine::seen(tx, &flows, &cx.who, &ask.path.id)?;
        let entries = store::log::entries(tx, &case.id)?;
        history::of(&case.pinned.definition, &entries, flows.hooks(&case.state.opened.kind).member)
    });
    read.await.map(Json)
}

async fn act(cx: Cx, ask: Asked<IdPath, (), Json<Ask>>) -> Result<Json<CaseView>> {
    let done = cx.act(move |act| {
        let flows = act.cx.house.held::<Flows>();
        let case = engine::take(act, &flows, &ask.path.id, &ask.body.0)?;
        shown(act.tx, act.cx, &flows, &case)
    });
    done.await.map(Json)
}
