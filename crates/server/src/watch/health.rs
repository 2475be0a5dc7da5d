//! Whether the house can do its work now.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kit_web::House;
use serde::Serialize;

use super::{Watch, figures};
use crate::home::Place;
use crate::keep::Keep;

/// Bytes free below which writes will soon be refused.
const LOW: u64 = 1 << 30;
const TOO_LOW: u64 = 64 << 20;
/// Share of the queue of writers above which it is late.
const QUEUE_LATE: f64 = 0.9;
/// The continuous copy may be behind by this much.
const LAG: i64 = 60_000;

#[derive(Serialize)]
struct Ready {
    ready: bool,
    checks: Vec<Check>,
}

#[derive(Serialize)]
struct Check {
    name: &'static str,
    /// ok, warning, failed
    state: &'static str,
    note: String,
}

/// 200 with `ready: true`, or 503.
pub async fn ready(house: Arc<House>) -> Response {
    let mut checks = vec![database(&house).await];
    let watch = house.held::<Watch>();
    checks.push(graph(&house));
    checks.push(disk(&house));
    checks.push(queue(&house));
    checks.extend(copies(&house));
    checks.extend(devices(&house));
    if watch.stopping.load(Ordering::SeqCst) {
        checks.push(failed("stopping", "正在停止".into()));
    }
    let ready = checks.iter().all(|c| c.state != "failed");
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Ready { ready, checks })).into_response()
}

fn ok(name: &'static str, note: String) -> Check {
    Check { name, state: "ok", note }
}

fn warning(name: &'static str, note: String) -> Check {
    Check { name, state: "warning", note }
}

fn failed(name: &'static str, note: String) -> Check {
    Check { name, state: "failed", note }
}

/// The line of the devices, where one is set up. What waits at the broker is not lost: a warning.
fn devices(house: &Arc<House>) -> Option<Check> {
    let line = house.held::<rapid::line::Line>().view();
    match line.state.as_str() {
        "off" => None,
        "connected" => Some(ok("mqtt", String::new())),
        _ => Some(warning("mqtt", format!("没有连上快检设备的消息代理 {}：{}", line.broker, line.error))),
    }
}

async fn database(house: &Arc<House>) -> Check {
    let now = house.clock.now();
    let asked = house.db.read(move |tx| {
        let (event, _) = trace::store::events::numbers(tx)?;
        trace::store::check::newest_record(tx, event)
    });
    match tokio::time::timeout(Duration::from_secs(5), asked).await {
        Err(_) => failed("database", "数据库 5 秒内没有应答".into()),
        Ok(Err(e)) => failed("database", e.message),
        Ok(Ok(Some(newest))) if newest > now + 1_000 => {
            warning("database", format!("系统时间比最近一条记录早 {} 秒，请校时", (newest - now) / 1_000))
        }
        Ok(Ok(_)) => ok("database", String::new()),
    }
}

fn graph(house: &House) -> Check {
    let live = house.held::<trace::live::LiveGraph>();
    ok("graph", format!("{} 个批次", live.read().lots()))
}

fn disk(house: &House) -> Check {
    match figures::free(&house.held::<Place>().data) {
        None => warning("disk", "无法读取剩余空间".into()),
        Some(free) if free < TOO_LOW => failed("disk", format!("仅剩 {} MB，即将无法写入", free >> 20)),
        Some(free) if free < LOW => warning("disk", format!("仅剩 {} MB", free >> 20)),
        Some(free) => ok("disk", format!("剩余 {} GB", free >> 30)),
    }
}

fn queue(house: &House) -> Check {
    let pulse = house.db.pulse();
    let full = pulse.waiting as f64 > pulse.room as f64 * QUEUE_LATE && pulse.room > 64;
    let note = format!("{} 个写入在等待", pulse.waiting);
    if full { failed("writer", note) } else { ok("writer", note) }
}

fn copies(house: &House) -> Option<Check> {
    let progress = house.held::<Keep>().progress()?;
    Some(match progress.error {
        Some(error) => warning("stream", error),
        None if progress.lag > LAG => warning("stream", format!("连续备份落后 {} 秒", progress.lag / 1_000)),
        None => ok("stream", String::new()),
    })
}
