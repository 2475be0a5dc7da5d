//! Duties of the house that come round: sweeping, the graph's snapshot, partitions made ahead.

use std::sync::Arc;

use kit_base::clock::china_day;
use kit_base::{Millis, Result};
use kit_db::Tx;
use kit_jobs::{Kind, Running};
use kit_web::House;
use trace::live::LiveGraph;
use trace::store::partitions;

use crate::keep::Keep;

const MINUTE: Millis = 60_000;
const HOUR: Millis = 3_600_000;
const DAY: Millis = 24 * HOUR;
/// How long answers of repeated requests, and ended jobs, are kept.
const KEPT: Millis = 7 * DAY;

/// The duties as jobs: name, work, and how often.
pub const KINDS: &[Kind<House>] = &[
    Kind { name: "house.sweep", run: sweep },
    Kind { name: "uploads.sweep", run: uploads },
    Kind { name: "house.search", run: search },
    Kind { name: "trace.snapshot", run: snapshot },
    Kind { name: "trace.cut", run: cut },
    Kind { name: "trace.epcis_view", run: epcis_view },
    Kind { name: "house.backup", run: back_up },
    Kind { name: "publication.copies", run: copies },
    Kind { name: "house.divisions", run: divisions },
    Kind { name: "flow.tick", run: flow_tick },
    Kind { name: "credit.tick", run: credit_tick },
    Kind { name: "publication.tick", run: publication_tick },
    Kind { name: "recall.drill", run: drill },
    Kind { name: "statistics.tick", run: statistics_tick },
    Kind { name: "campaigns.tick", run: campaigns_tick },
    Kind { name: "feedback.tick", run: feedback_tick },
    Kind { name: "sampling.targets", run: targets },
    Kind { name: "sampling.duties", run: conclusions },
];

const TITLES: &[(&str, &str, Millis)] = &[
    ("house.sweep", "清理过期的临时记录", DAY),
    ("uploads.sweep", "清理过期的上传", HOUR),
    ("house.search", "重建搜索索引", 7 * DAY),
    ("trace.snapshot", "保存追溯图快照", HOUR),
    ("trace.cut", "预建追溯分区", DAY),
    ("trace.epcis_view", "更新 EPCIS 查询索引", MINUTE),
    ("publication.copies", "查找疑似复制的码", HOUR),
    ("house.divisions", "主体随区划变更", HOUR),
    ("flow.tick", "处理到期的期限", MINUTE),
    (licensing::ROUND, "证照到期与延续提醒", DAY),
    ("credit.tick", "风险与信用分级", MINUTE),
    credit::PUSH_DUTY,
    ("publication.tick", "到时公示与撤下", MINUTE),
    ("recall.drill", "模拟召回", DAY),
    ("statistics.tick", "按时生成统计报表", 10 * MINUTE),
    ("campaigns.tick", "你点我检到期截止", HOUR),
    ("feedback.tick", "生成反馈周报", HOUR),
    ("sampling.targets", "计算靶向抽检建议", DAY),
    ("sampling.duties", "提醒逾期未报送的结论", HOUR),
];

/// A whole backup comes round as often as the operator says.
const BACKUP: (&str, &str) = ("house.backup", "备份数据库与文件");

/// Queues every duty that does not wait already.
pub async fn begin(house: &Arc<House>) -> Result<()> {
    let (now, ids) = (house.clock.now(), house.ids.clone());
    let backup = house.held::<Keep>().backup_hours();
    let begin = move |tx: &mut Tx| {
        TITLES.iter().try_for_each(|d| ensure(tx, &ids, now, d))?;
        trace::actions::subscriptions::deliver::begin_duty(tx, &ids, now)?;
        inspection::fill_plans(tx, &ids, now)?;
        backup.map_or(Ok(()), |hours| ensure(tx, &ids, now, &(BACKUP.0, BACKUP.1, hours * HOUR)))
    };
    house.db.write(begin).await
}

fn ensure(tx: &mut Tx, ids: &kit_base::Ids, now: Millis, duty: &(&'static str, &str, Millis)) -> Result<()> {
    let (kind, title, every) = *duty;
    kit_jobs::ensure(tx, ids, now, kind, title, now + every)
}

/// Queues the next round of a duty.
fn again(house: &House, kind: &str) -> Result<()> {
    let (now, ids) = (house.clock.now(), house.ids.clone());
    let Some(duty) = TITLES.iter().find(|d| d.0 == kind) else { return Ok(()) };
    house.db.write_blocking(move |tx| ensure(tx, &ids, now, duty))
}

fn sweep(house: &House, _: &Running) -> Result<String> {
    let before = house.clock.now() - KEPT;
    house.db.write_blocking(move |tx| {
        kit_web::audit::sweep_answers(tx, before)?;
        kit_ledger::store::sweep(tx, before)?;
        kit_jobs::sweep(tx, before)
    })?;
    house.db.optimise()?;
    again(house, "house.sweep")?;
    Ok(String::new())
}

/// Removes uploads that nobody finished or took in time.
fn uploads(house: &House, job: &Running) -> Result<String> {
    let done = kit_uploads::sweep(house, job);
    again(house, "uploads.sweep")?;
    done
}

/// Builds the search anew beside the old one, which answers meanwhile: room that old records held is given back.
fn search(house: &House, _: &Running) -> Result<String> {
    let businesses = house.held::<parties::Search>().rebuild(&house.db)?;
    let products = house.held::<trace::search::ProductSearch>().rebuild(&house.db)?;
    again(house, "house.search")?;
    Ok(format!("主体 {businesses} 家，产品 {products} 个"))
}

fn snapshot(house: &House, _: &Running) -> Result<String> {
    let saved = house.held::<LiveGraph>().save();
    again(house, "trace.snapshot")?;
    saved.map(|()| String::new())
}

/// Businesses of divisions that ended follow to those that came after, on the day and where one came in under an old code.
fn divisions(house: &House, _: &Running) -> Result<String> {
    parties::follow_divisions(house)?;
    again(house, "house.divisions")?;
    Ok(String::new())
}

/// Looks for codes that are scanned as only a copy would be.
fn copies(house: &House, _: &Running) -> Result<String> {
    house.held::<publication::scans::Scans>().flush(&house.db)?;
    publication::look_for_copies(house)?;
    again(house, "publication.copies")?;
    Ok(String::new())
}

/// Deadlines of cases that are over have their consequence.
fn flow_tick(house: &House, _: &Running) -> Result<String> {
    let done = kit_flow::duty::tick(house);
    again(house, "flow.tick")?;
    done.map(|n| if n == 0 { String::new() } else { format!("处理到期 {n} 项") })
}

/// What appeared and what left the public pages is written down.
fn publication_tick(house: &House, _: &Running) -> Result<String> {
    let done = publication::tick(house);
    again(house, "publication.tick")?;
    done.map(|(shown, ended)| {
        if shown + ended == 0 { String::new() } else { format!("公示 {shown} 条，到期 {ended} 条") }
    })
}

/// Some lots are drawn and traced, and nobody is told.
fn drill(house: &House, _: &Running) -> Result<String> {
    let done = recall::drill_nightly(house);
    again(house, "recall.drill")?;
    done.map(|n| if n == 0 { String::new() } else { format!("演练 {n} 批") })
}

/// Reports whose time has come, also those that were missed.
fn statistics_tick(house: &House, job: &Running) -> Result<String> {
    let done = statistics::jobs::tick(house, job);
    again(house, "statistics.tick")?;
    done.map(|n| if n == 0 { String::new() } else { format!("生成报表 {n} 份") })
}

/// Choosing ends with its last day.
fn campaigns_tick(house: &House, _: &Running) -> Result<String> {
    let done = campaigns::tick(house);
    again(house, "campaigns.tick")?;
    done.map(|n| if n == 0 { String::new() } else { format!("截止征集 {n} 次") })
}

/// Markets, chains and platforms are told of the week that is over.
fn feedback_tick(house: &House, job: &Running) -> Result<String> {
    let done = feedback::jobs::tick(house, &|n| job.progress(n, None, "正在生成反馈周报"));
    again(house, "feedback.tick")?;
    done.map(|n| if n == 0 { String::new() } else { format!("生成反馈周报 {n} 份") })
}

/// What should be sampled more is computed anew.
fn targets(house: &House, _: &Running) -> Result<String> {
    let done = sampling::compute_targets(house);
    again(house, "sampling.targets")?;
    done.map(|n| if n == 0 { String::new() } else { format!("待处理建议 {n} 条") })
}

/// Conclusions that were not reported in time go up.
fn conclusions(house: &House, _: &Running) -> Result<String> {
    let done = sampling::tell_late(house);
    again(house, "sampling.duties")?;
    done.map(|n| if n == 0 { String::new() } else { format!("提醒逾期未报送 {n} 份") })
}

/// Grades of businesses follow what happened, and the year.
fn credit_tick(house: &House, _: &Running) -> Result<String> {
    let done = credit::jobs::tick(house);
    again(house, "credit.tick")?;
    done.map(|n| if n == 0 { String::new() } else { format!("新定等级 {n} 家") })
}

/// Writes the counters of scans every few seconds, for as long as the house is open.
pub async fn count_scans(house: Arc<House>) {
    let mut tick = tokio::time::interval(std::time::Duration::from_secs(10));
    loop {
        tick.tick().await;
        flush_scans(&house).await;
    }
}

/// Gives back, four times a minute, the memory that is only a view of the database file.
pub async fn rest(house: Arc<House>) {
    let mut tick = tokio::time::interval(std::time::Duration::from_secs(15));
    loop {
        tick.tick().await;
        let db = house.db.clone();
        match tokio::task::spawn_blocking(move || db.rest()).await {
            Ok(Ok(())) => {}
            Ok(Err(e)) => tracing::debug!(error = %e, "memory of the database not given back"),
            Err(e) => tracing::error!(error = %e, "giving memory back broke off"),
        }
    }
}

/// Writes the counters of scans now.
pub async fn flush_scans(house: &Arc<House>) {
    let house = house.clone();
    let done =
        tokio::task::spawn_blocking(move || house.held::<publication::scans::Scans>().flush(&house.db));
    match done.await {
        Ok(Ok(())) => {}
        // kept in memory and tried again
        Ok(Err(e)) => tracing::warn!(error = %e, "scans were not written"),
        Err(e) => tracing::error!(error = %e, "writing scans broke off"),
    }
}

/// Carries the projection that EPCIS queries go to on to the end of the ledger; queries do the last steps themselves.
fn epcis_view(house: &House, job: &Running) -> Result<String> {
    while trace::actions::epcis::view::carry_on(&house.db, 20_000)? > 0 {
        job.progress(0, None, "正在更新")?;
    }
    again(house, "trace.epcis_view")?;
    Ok(String::new())
}

/// A whole backup, where the operator asks for them.
fn back_up(house: &House, _: &Running) -> Result<String> {
    let keep = house.held::<Keep>();
    let Some(hours) = keep.backup_hours() else { return Ok(String::new()) };
    let done = keep.back_up(house);
    // one that failed comes round again all the same
    let (now, ids) = (house.clock.now(), house.ids.clone());
    house.db.write_blocking(move |tx| ensure(tx, &ids, now, &(BACKUP.0, BACKUP.1, hours * HOUR)))?;
    done.map(|()| String::new())
}

/// Keeps partitions ready for what comes, and notes what number a month ended at.
fn cut(house: &House, _: &Running) -> Result<String> {
    let now = house.clock.now();
    let first = china_day(now).first_of_month();
    let ended = first.yesterday().unwrap_or(first).strftime("%Y-%m").to_string();
    house.db.write_blocking(move |tx| {
        partitions::note_month(tx, &ended, now)?;
        partitions::ahead(tx, partitions::LEAST)
    })?;
    again(house, "trace.cut")?;
    Ok(String::new())
}
