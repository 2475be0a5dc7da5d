//! A plan is changed after it was made: each change is a version with why and by whom; tasks that were made stay.

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_web::Act;
use serde_json::json;

use crate::model::targets::{CellChange, CellChanged, CellShape, PlanChange, PlanVersion};
use crate::model::{Cell, NewQuota, Plan, Progress, STAGES};
use crate::store::{changes, plans};
use crate::{actions, rules};

/// Cells of one change, and characters of a reason.
const MOST: usize = 500;
const LONGEST: usize = 400;

fn missing() -> Error {
    Error::not_found("没有这个抽检计划，或不在您的范围内")
}

/// A plan that the asker may change. Errors: not found.
pub fn own(act: &mut Act, id: &str) -> Result<Plan> {
    let plan = plans::by_id(act.tx, id)?.ok_or_else(missing)?;
    match act.who().scope_for("sampling.plan").covers(&plan.division, None) {
        true => Ok(plan),
        false => Err(missing()),
    }
}

/// Changes cells of a plan.
///
/// Errors: not found, `reason_missing`, `cells_missing`, those of one cell with its place.
pub fn change(act: &mut Act, id: &str, change: &PlanChange) -> Result<Progress> {
    let plan = own(act, id)?;
    let reason = change.reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST {
        return Err(Error::invalid(
            "reason",
            "reason_missing",
            format!("请写明调整的原因，不超过 {LONGEST} 字"),
        ));
    }
    if change.cells.is_empty() || change.cells.len() > MOST {
        return Err(Error::invalid("cells", "cells_missing", format!("请给出 1 至 {MOST} 个要调整的指标")));
    }
    let version = keep(act, &plan, reason, "", &change.cells)?;
    act.subject("sample_plan", id, &plan.division);
    act.note(json!({ "version": version.no, "cells": version.cells.len(), "reason": reason }));
    actions::desk::progress(act.tx, id)
}

/// Does a change and keeps its version.
pub fn keep(
    act: &mut Act,
    plan: &Plan,
    reason: &str,
    target: &str,
    cells: &[CellChange],
) -> Result<PlanVersion> {
    let mut done: Vec<CellChanged> = Vec::with_capacity(cells.len());
    for (i, c) in cells.iter().enumerate() {
        let place = |e: Error| match &e.field {
            Some(field) => {
                let field = format!("cells/{i}/{field}");
                e.at(field)
            }
            None => e,
        };
        if !c.cell.is_empty() && done.iter().any(|d| d.cell == c.cell) {
            return Err(Error::invalid(format!("cells/{i}/cell"), "cell_twice", "同一个指标填写了两次"));
        }
        done.extend(one(act, plan, c).map_err(place)?);
    }
    if done.is_empty() {
        return Err(Error::invalid("cells", "cells_same", "没有任何变化"));
    }
    let version = PlanVersion {
        no: changes::last(act.tx, &plan.id)? + 1,
        reason: reason.to_owned(),
        target: target.to_owned(),
        user_name: act.who().name.clone(),
        at: act.now,
        cells: done,
    };
    let user = act.who().user.clone();
    changes::add(act.tx, &plan.id, &user, &version)?;
    super::plans::tell_changed(act, plan, &version)?;
    Ok(version)
}

/// One cell; `None` where nothing is otherwise.
///
/// Errors: `cell_unknown`, `cell_used`, `quota_range`, `quota_below`, and those of a new cell.
fn one(act: &mut Act, plan: &Plan, c: &CellChange) -> Result<Option<CellChanged>> {
    if c.cell.is_empty() {
        return added(act, plan, c).map(Some);
    }
    let cells = plans::cells(act.tx, &plan.id)?;
    let cell = cells.into_iter().find(|q| q.id == c.cell);
    let cell = cell.ok_or_else(|| Error::invalid("cell", "cell_unknown", "计划里没有这个指标"))?;
    let before = shape(&cell);
    if c.remove {
        if changes::used(act.tx, &cell.id)? > 0 {
            let text = "这个指标已派过任务，不能删除；可把批次改为已派发的数量";
            return Err(Error::conflict("cell_used", text).at("cell"));
        }
        changes::drop_cell(act.tx, &cell.id)?;
        return Ok(Some(CellChanged {
            cell: cell.id,
            action: "remove".into(),
            before: Some(before),
            after: None,
        }));
    }
    let quota = ranged(c.quota.unwrap_or(before.quota))?;
    if quota < cell.tasks {
        let text = format!("已派发 {} 批次，不能少于这个数", cell.tasks);
        return Err(Error::invalid("quota", "quota_below", text));
    }
    let items = c.items.clone().map_or_else(|| before.items.clone(), |items| trimmed(&items));
    let after = CellShape { quota, items, ..before.clone() };
    if after == before {
        return Ok(None);
    }
    changes::set_cell(act.tx, &cell.id, &after)?;
    Ok(Some(CellChanged { cell: cell.id, action: "change".into(), before: Some(before), after: Some(after) }))
}

fn trimmed(items: &[String]) -> Vec<String> {
    items.iter().map(|i| i.trim().to_owned()).filter(|i| !i.is_empty()).collect()
}

fn ranged(quota: i64) -> Result<i64> {
    match (1..=1_000_000).contains(&quota) {
        true => Ok(quota),
        false => Err(Error::invalid("quota", "quota_range", "批次数应为 1 至 1000000")),
    }
}

fn added(act: &mut Act, plan: &Plan, c: &CellChange) -> Result<CellChanged> {
    rules::category(&c.category).map_err(|e| e.at("category"))?;
    if !STAGES.iter().any(|s| s.0 == c.stage) {
        return Err(Error::invalid("stage", "stage_unknown", "环节应为生产、流通或餐饮"));
    }
    if !c.division.starts_with(&plan.division) {
        return Err(Error::invalid("division", "cell_beyond", "指标的地区不在计划的地区内"));
    }
    if c.category_name.trim().is_empty() {
        return Err(Error::invalid("category_name", "name_missing", "请填写分类名称"));
    }
    let same = |q: &Cell| (&q.category, &q.stage, &q.division) == (&c.category, &c.stage, &c.division);
    if plans::cells(act.tx, &plan.id)?.iter().any(same) {
        return Err(Error::invalid(
            "category",
            "cell_twice",
            "计划里已有同一分类、环节和地区的指标，请调整它的批次",
        ));
    }
    let new = NewQuota {
        category: c.category.clone(),
        category_name: c.category_name.trim().to_owned(),
        stage: c.stage.clone(),
        division: c.division.clone(),
        items: trimmed(c.items.as_deref().unwrap_or_default()),
        quota: ranged(c.quota.unwrap_or(0))?,
    };
    let cell = act.id();
    plans::add_quota(act.tx, &cell, &plan.id, &new)?;
    let after = CellShape {
        category: new.category,
        category_name: new.category_name,
        stage: new.stage,
        division: new.division,
        items: new.items,
        quota: new.quota,
    };
    Ok(CellChanged { cell, action: "add".into(), before: None, after: Some(after) })
}

fn shape(c: &Cell) -> CellShape {
    CellShape {
        category: c.category.clone(),
        category_name: c.category_name.clone(),
        stage: c.stage.clone(),
        division: c.division.clone(),
        items: c.items.clone(),
        quota: c.quota,
    }
}

/// Versions of a plan, the newest first.
pub fn versions(tx: &mut Tx, id: &str) -> Result<Vec<PlanVersion>> {
    changes::versions(tx, id)
}
