//! Long work as its owner sees it: list, progress (also as server-sent events), cancel.

use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::{StreamExt as _, stream};
use kit_base::{Error, Result};
use kit_jobs::Job;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::answer::{Json, NoContent};
use crate::ask::Ask;
use crate::cx::Cx;
use crate::route::{Access, Route};

#[derive(Deserialize, JsonSchema)]
pub struct JobPath {
    id: String,
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/jobs", Access::SignedIn, "我的任务", list),
        Route::get("/api/jobs/{id}", Access::SignedIn, "任务进度", one),
        Route::get("/api/jobs/{id}/events", Access::SignedIn, "任务进度（事件流）", events),
        Route::delete("/api/jobs/{id}", Access::SignedIn, "取消任务", "jobs.cancel", cancel),
    ]
}

async fn list(cx: Cx, _: Ask) -> Result<Json<Vec<Job>>> {
    cx.read(|tx, cx| kit_jobs::of_owner(tx, &cx.who.user, 50)).await.map(Json)
}

async fn find(cx: &Cx, id: String) -> Result<Job> {
    let job = cx.read(move |tx, cx| kit_jobs::find(tx, &cx.who.user, &id)).await?;
    job.ok_or_else(|| Error::not_found("没有这个任务"))
}

async fn one(cx: Cx, ask: Ask<JobPath>) -> Result<Json<Job>> {
    find(&cx, ask.path.id).await.map(Json)
}

async fn cancel(cx: Cx, ask: Ask<JobPath>) -> Result<NoContent> {
    let id = ask.path.id;
    cx.act(move |act| {
        let owner = act.cx.who.user.clone();
        act.subject("job", &id, "");
        if kit_jobs::cancel(act.tx, &owner, &id, act.now)? {
            return Ok(());
        }
        Err(Error::conflict("job_ended", "任务不存在或已经结束"))
    })
    .await?;
    Ok(NoContent)
}

/// The job whenever it changed, until it ends.
async fn events(cx: Cx, ask: Ask<JobPath>) -> Result<Response> {
    let first = find(&cx, ask.path.id).await?;
    let steps = stream::unfold((cx, Some(first), 0), |(cx, job, seen)| async move {
        let mut job = job?;
        while job.updated_at == seen {
            tokio::time::sleep(Duration::from_millis(300)).await;
            // whoever was signed out or suspended meanwhile sees no more of it
            let stands = cx.read(|tx, cx| cx.house.gate.stands(tx, &cx.who, cx.now())).await.ok()?;
            job = find(&cx, job.id).await.ok().filter(|_| stands)?;
        }
        let event = Event::default().json_data(&job).ok()?;
        let seen = job.updated_at;
        let ended = matches!(job.state.as_str(), "done" | "failed" | "cancelled");
        Some((Ok::<_, Infallible>(event), (cx, (!ended).then_some(job), seen)))
    });
    // compression asks once more after the end
    Ok(Sse::new(steps.fuse()).keep_alive(KeepAlive::default()).into_response())
}
