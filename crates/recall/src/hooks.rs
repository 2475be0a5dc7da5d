//! What this room adds to its cases: columns follow the log, the public and the holders are told.

use kit_base::amount::Shown;
use kit_base::clock::china_day;
use kit_base::{Error, Result, Unit};
use kit_flow::log::{Body, Entry, How};
use kit_flow::papers::Words;
use kit_flow::state::Phase;
use kit_flow::store::projection::{county, phase};
use kit_flow::{Ask, Case, Hooks};
use kit_web::Act;
use serde_json::{Map, Value, json};

use crate::actions::begin::{or_nothing, want};
use crate::actions::follow;
use crate::actions::look::account;
use crate::model::Recall;
use crate::rules::level;
use crate::store::{checks, follows, recalls, tasks};

pub const HOOKS: Hooks = Hooks { before, after, ..Hooks::none(crate::KIND) };

fn bad(field: &str, code: &'static str, text: impl Into<String>) -> Error {
    Error::invalid(format!("form/{field}"), code, text)
}

/// Errors: `dates_order`, `undisposed`.
fn before(act: &mut Act, case: &Case, ask: &Ask) -> Result<()> {
    let day = |field: &str| ask.form.get(field).and_then(Value::as_str).unwrap_or("").to_owned();
    match ask.action.as_deref() {
        Some("announce") if day("ends") < day("begins") => {
            Err(bad("ends", "dates_order", "截止日期早于开始日期"))
        }
        Some("extend") if day("finish_by") <= china_day(act.now).to_string() => {
            Err(bad("finish_by", "dates_order", "延长至的日期应晚于今天"))
        }
        Some("summary") => disposed(act, &case.id),
        _ => Ok(()),
    }
}

/// Before the end report nothing is left that was reported as on hand or came back.
fn disposed(act: &mut Act, id: &str) -> Result<()> {
    for account in tasks::accounts(act.tx, id, None)? {
        let left = account.on_hand + account.returning + account.back;
        if left > 0 {
            let unit = Unit::parse(&account.unit).unwrap_or(Unit::G);
            let text = format!(
                "还有 {} 没有处置完：现存 {}，退回途中 {}，退回待处置 {}。请先登记销毁、无害化处理或补救",
                Shown(left, unit),
                Shown(account.on_hand, unit),
                Shown(account.returning, unit),
                Shown(account.back, unit)
            );
            return Err(Error::conflict("undisposed", text));
        }
    }
    Ok(())
}

/// The row is made by whoever began the case; before that there is nothing to follow.
fn after(act: &mut Act, case: &Case, entry: &Entry, _: &Body) -> Result<()> {
    let Some(mut row) = recalls::by_id(act.tx, &case.id)? else { return Ok(()) };
    let state = &case.state;
    row.status.clone_from(&state.status);
    phase(&state.phase).clone_into(&mut row.phase);
    row.late |= ["late_start", "late_finish"].iter().any(|f| state.flags.contains(*f));
    let at = entry.occurred_at;
    match entry.action.as_str() {
        "order" => {
            (row.ordered_at, row.mode) = (Some(at), "ordered".into());
            confirmed(act, &mut row, &state.data)?;
            tell_public(act, &mut row)?;
            want(act, &mut row)?;
        }
        "plan" => row.planned_at = row.planned_at.or(Some(at)),
        "announce" => {
            row.announced_at = Some(at);
            tell_public(act, &mut row)?;
            want(act, &mut row)?;
        }
        "again" => want(act, &mut row)?,
        "finish" => row.finished_at = Some(at),
        _ => {}
    }
    ended(act, &mut row, case, entry)?;
    recalls::follow(act.tx, &row)
}

/// Whoever orders a recall says its level and cause; what scan pages told of another level is told anew.
fn confirmed(act: &mut Act, row: &mut Recall, data: &Map<String, Value>) -> Result<()> {
    let said = |field: &str| data.get(field).and_then(Value::as_str);
    // cases of an earlier definition were ordered without either
    let (Some(grade), Some(cause)) = (said("grade"), said("cause")) else { return Ok(()) };
    let grade = level(grade.parse().map_err(Error::internal)?)?.grade;
    if grade != row.grade && !row.notice.is_empty() {
        publication::lift_by_house(act, &row.notice, "责令召回时改定召回级别，另行公告")?;
        row.notice.clear();
    }
    (row.grade, row.cause) = (grade, cause.to_owned());
    Ok(())
}

/// Scan pages say so from the commit on: of this batch and of everything that came of it.
fn tell_public(act: &mut Act, row: &mut Recall) -> Result<()> {
    if !row.notice.is_empty() {
        // ordered before: who came to follow since is told now
        return follow::tell(act, row);
    }
    let issuer = accounts::in_charge(act.tx, county(&row.division))?;
    let issuer = issuer.map_or_else(|| "市场监督管理局".to_owned(), |b| b.name);
    let notice = json!({ "kind": "recall", "lot": row.lot, "grade": row.grade, "reason": row.reason, "issuer": issuer });
    let notice: publication::NewNotice = serde_json::from_value(notice).map_err(Error::internal)?;
    row.notice = publication::publish_by_house(act, &notice)?.id;
    follow::tell(act, row)
}

fn ended(act: &mut Act, row: &mut Recall, case: &Case, entry: &Entry) -> Result<()> {
    let outcome = match &case.state.phase {
        Phase::Ended(How::Done) if case.state.status == "withdrawn" => "withdrawn",
        Phase::Ended(How::Done) => "closed",
        Phase::Ended(How::Terminated) => "terminated",
        Phase::Ended(How::Void) => "void",
        _ => return Ok(()),
    };
    (row.closed_at, row.outcome) = (Some(entry.at), outcome.to_owned());
    if ["withdrawn", "void"].contains(&outcome) && !row.notice.is_empty() {
        publication::lift_by_house(act, &row.notice, "召回案卷不予召回或作废")?;
        row.notice.clear();
    }
    // telephone numbers are kept for the recall and no longer; where there was none, its batch may yet be recalled
    match ["withdrawn", "void"].contains(&outcome) {
        true => Ok(()),
        false => follows::wipe(act.tx, &row.id, row.lot).map(drop),
    }
}

const NAMES: &[&str] = &[
    "recall.food",
    "recall.spec",
    "recall.batch",
    "recall.made",
    "recall.produced",
    "recall.level",
    "recall.start",
    "recall.finish",
    "recall.page",
    "recall.holders",
    "recall.sums",
    "recall.checks",
];

pub const WORDS: Words = Words { kind: crate::KIND, fields, names: NAMES };

fn fields(act: &mut Act, case: &Case) -> Result<Map<String, Value>> {
    let mut out = Map::new();
    let Some(row) = recalls::by_id(act.tx, &case.id)? else { return Ok(out) };
    let mut put = |name: &str, value: Value| drop(out.insert(name.to_owned(), value));
    let level = level(row.grade)?;
    put("recall.food", json!(row.food));
    put("recall.spec", or_nothing(if row.spec.is_empty() { "未登记" } else { &row.spec }));
    put("recall.batch", or_nothing(if row.batch.is_empty() { "未登记" } else { &row.batch }));
    put("recall.made", or_nothing(if row.made.is_empty() { "未登记" } else { &row.made }));
    put("recall.level", json!(format!("{}（{}）", level.name, level.meaning)));
    put("recall.start", json!(format!("{}小时", level.start)));
    put("recall.finish", json!(format!("{}个工作日", level.finish)));
    put("recall.page", json!(format!("{}/recalls/{}", act.cx.house.public_url, row.code)));
    let amount = trace::store::lots::by_no(act.tx, row.lot)?.and_then(|l| Some((l.amount?, l.unit)));
    let produced = amount.map_or_else(|| "未登记".to_owned(), |(n, unit)| Shown(n, unit).to_string());
    put("recall.produced", json!(produced));
    let counts = tasks::counts(act.tx, &row.id, act.now)?;
    put(
        "recall.holders",
        json!(format!(
            "{} 家（确定 {} 家），已报告 {} 家，已了结 {} 家",
            counts.tasks, counts.certain, counts.reported, counts.settled
        )),
    );
    let sums = account(act.tx, &row)?;
    let unit = Unit::parse(&sums.unit).unwrap_or(Unit::G);
    let shown = |n| Shown(n, unit);
    put(
        "recall.sums",
        json!(format!(
            "生产 {}＝投入加工 {}＋待报 {}＋现存 {}＋已售 {}＋销毁 {}＋补救 {}＋退回 {}＋去向不明 {}＋历史差额 {}",
            shown(sums.produced),
            shown(sums.used),
            shown(sums.waiting),
            shown(sums.on_hand),
            shown(sums.sold),
            shown(sums.destroyed),
            shown(sums.remedied),
            shown(sums.returning + sums.back),
            shown(sums.open),
            shown(sums.gap)
        )),
    );
    let r = checks::reached(act.tx, &row.id)?;
    let text = format!(
        "抽取 {} 家，回访 {} 家，接通 {} 家，知晓 {} 家，已停售 {} 家",
        r.drawn, r.called, r.reached, r.informed, r.stopped
    );
    put("recall.checks", json!(text));
    Ok(out)
}
