//! Laboratories, limits and plans.

use kit_base::{Error, Result};
use kit_docs::sheet::{Book, Row, Source};
use kit_web::Act;
use serde_json::json;

use super::published::csv;
use crate::model::{Imported, Lab, LimitRow, NewCheck, NewLab, NewPlan, NewState, Progress, SOURCES, STAGES};
use crate::rules::dec::Dec;
use crate::rules::judge::{Bound, Limit, Part, read_bound};
use crate::rules::workbook::Bad;
use crate::{rules, store};
use kit_files::hash_of_fields;

/// Items of a laboratory, cells of a plan.
const MOST: usize = 5_000;
/// Defects that an import tells.
const DEFECTS: usize = 100;
/// Rows that come back as a file.
const BACK: usize = 20_000;

/// Registers a laboratory, or brings it up to date.
///
/// Errors: `party_unknown`, `cma_form`, `cma_day`, `item_form`, `item_twice`, `lod_form`.
pub fn put_lab(act: &mut Act, new: &NewLab) -> Result<Lab> {
    let scope = act.who().scope_for("sampling.labs");
    let missing = || Error::invalid("party", "party_unknown", "没有这个主体，或不在您的辖区内");
    let party = parties::brief(act.tx, &new.party)?
        .filter(|p| scope.covers(&p.division, None))
        .ok_or_else(missing)?;
    if new.cma.trim().is_empty() || new.cma.chars().count() > 40 {
        return Err(Error::invalid("cma", "cma_form", "请填写资质认定证书编号"));
    }
    if new.cma_until.parse::<jiff::civil::Date>().is_err() {
        return Err(Error::invalid("cma_until", "cma_day", "证书有效期应为日期，如 2028-03-01"));
    }
    if new.items.len() > MOST {
        return Err(Error::invalid("items", "items_many", format!("检验项目不超过 {MOST} 个")));
    }
    for (i, item) in new.items.iter().enumerate() {
        let place = |field: &str| format!("items/{i}/{field}");
        if item.item.trim().is_empty() || item.item.chars().count() > 100 {
            return Err(Error::invalid(place("item"), "item_form", "请填写检验项目"));
        }
        if new.items[..i].iter().any(|o| o.item == item.item && o.method == item.method) {
            return Err(Error::invalid(place("item"), "item_twice", "同一项目和方法填写了两次"));
        }
        for (field, value) in [("lod", &item.lod), ("loq", &item.loq)] {
            if !value.is_empty() && Dec::parse(value).is_none() {
                return Err(Error::invalid(place(field), "lod_form", "检出限和定量限应为数字"));
            }
        }
    }
    let lab = Lab {
        id: party.id,
        name: party.name,
        division: party.division,
        cma: new.cma.trim().to_owned(),
        cma_until: new.cma_until.clone(),
        recheck: new.recheck,
        // what somebody set with a reason, registering it again does not undo
        state: "active".into(),
        state_at: None,
        state_why: String::new(),
        state_by: String::new(),
        items: new.items.clone(),
    };
    store::labs::put(act.tx, &lab, act.now)?;
    act.subject("lab", &lab.id, &lab.division);
    act.note(json!({ "cma": lab.cma, "items": lab.items.len() }));
    store::labs::by_id(act.tx, &lab.id)?.ok_or_else(|| Error::internal("the laboratory just kept is gone"))
}

/// A laboratory is given no more samples (停止承检), or samples again. Said again it changes nothing.
///
/// Errors: not found, `state_unknown`, `reason_missing`.
pub fn set_lab_state(act: &mut Act, id: &str, new: &NewState) -> Result<Lab> {
    let scope = act.who().scope_for("sampling.labs");
    let gone = || Error::not_found("没有这个检验机构，或不在您的辖区内");
    let lab = store::labs::by_id(act.tx, id)?.filter(|l| scope.covers(&l.division, None)).ok_or_else(gone)?;
    if !["active", "withdrawn"].contains(&new.state.as_str()) {
        return Err(Error::invalid("state", "state_unknown", "状态应为承检或停止承检"));
    }
    let reason = new.reason.trim();
    if reason.is_empty() || reason.chars().count() > 200 {
        return Err(Error::invalid("reason", "reason_missing", "请写明理由，不超过 200 字"));
    }
    if lab.state != new.state {
        let name = act.who().name.clone();
        store::labs::set_state(act.tx, id, &new.state, act.now, (reason, &name))?;
    }
    act.subject("lab", id, &lab.division);
    act.note(json!({ "state": new.state, "reason": reason }));
    store::labs::by_id(act.tx, id)?.ok_or_else(gone)
}

/// Columns of a table of limits.
pub const COLUMNS: [&str; 14] = [
    "标准",
    "项目",
    "CAS",
    "食品分类",
    "食品",
    "除外",
    "限量",
    "单位",
    "组成",
    "检验方法",
    "生效",
    "失效",
    "来源",
    "已核验",
];

/// A few well-known limits to begin with: none of them compared with its standard, each with how certain it is (data/limits.csv).
pub const STARTING: &str = include_str!("../../../../data/limits.csv");

/// Said of a row whose table calls it verified.
const UNVERIFIED: &str = "“已核验”不随表导入，按未核验收下，由导入人以外的人对照标准核验";

/// Takes a table of limits in, each row as not verified; what is there already stays as it is, and bad rows are told.
///
/// Errors: those of books, `headings_missing`.
pub fn import_limits(act: &mut Act, file: impl Source + 'static, name: &str) -> Result<Imported> {
    let mut book = Book::open(file, name, &kit_docs::sheet::Limits::default())?;
    let at = book.pick("限量");
    let mut heads: Option<Vec<Option<usize>>> = None;
    let mut out = Imported::default();
    let (mut bad, mut titles) = (Vec::new(), Vec::new());
    for row in book.rows(at)? {
        let row = row?;
        let cells: Vec<String> = row.cells.iter().map(|c| c.shown().trim().to_owned()).collect();
        let Some(heads) = &heads else {
            let found: Vec<Option<usize>> =
                COLUMNS.iter().map(|name| cells.iter().position(|c| c == name)).collect();
            if found[0].is_some() && found[1].is_some() && found[6].is_some() {
                heads = Some(found);
                titles = cells;
            }
            continue;
        };
        out.read += 1;
        let cell = |i: usize| heads[i].and_then(|at| cells.get(at)).map_or("", String::as_str);
        match limit(act, &cell) {
            Ok((limit, hash)) => {
                // the row's own word counts for nothing: who takes a row in never verifies it
                if says_verified(cell(13)) && out.notes.len() < DEFECTS {
                    out.notes.push(format!("{}：{UNVERIFIED}", place(&row)));
                }
                let user = act.who().user.clone();
                match store::limits::insert(act.tx, &limit, &hash, &user, act.now)? {
                    true => out.added += 1,
                    false => out.known += 1,
                }
            }
            Err(why) => {
                out.rejected += 1;
                if out.defects.len() < DEFECTS {
                    out.defects.push(format!("{}：{why}", place(&row)));
                }
                // a table of nothing but mistakes is not kept in full
                if bad.len() < BACK {
                    bad.push(Bad { number: row.number, cells, why });
                }
            }
        }
    }
    if heads.is_none() {
        let text = "没有找到表头，至少应有“标准”“项目”“限量”三列";
        return Err(Error::invalid("body", "headings_missing", text));
    }
    if !bad.is_empty() {
        let kept = act.cx.house.files.put(csv(&titles, &bad).as_bytes(), u64::MAX)?.hash;
        out.id = act.id();
        let user = act.who().user.clone();
        store::readings::add_file(act.tx, &out.id, name, &kept, &user, act.now)?;
    }
    act.note(json!({ "added": out.added, "known": out.known, "rejected": out.rejected }));
    Ok(out)
}

fn says_verified(cell: &str) -> bool {
    matches!(cell, "是" | "1" | "true")
}

fn place(row: &Row) -> String {
    format!("{}第 {} 行", row.sheet, row.number)
}

/// A row as a limit with its hash. Errors: what is wrong, for people.
fn limit<'c>(act: &Act, cell: &impl Fn(usize) -> &'c str) -> std::result::Result<(LimitRow, String), String> {
    let (standard, item) = (cell(0), cell(1));
    if standard.is_empty() || item.is_empty() {
        return Err("请填写标准和项目".into());
    }
    let category = cell(3);
    if !category.is_empty() {
        rules::category(category).map_err(|e| e.message)?;
    }
    let (bound, written) =
        read_bound(cell(6)).ok_or("限量应如 ≤0.2、≥10、不得检出、51.0～53.0 或 n=5,c=2,m=10,M=100")?;
    let bound = whole(bound, cell(8))?;
    let unit = if cell(7).is_empty() { written } else { cell(7).to_owned() };
    if unit.is_empty() && matches!(bound, Bound::Sum { .. } | Bound::Ratios { .. }) {
        return Err("之和与比例之和须写明组成各项的单位，如 g/kg".into());
    }
    let day = |at: usize| match cell(at) {
        "" => Ok(String::new()),
        text => text
            .parse::<jiff::civil::Date>()
            .map(|d| d.to_string())
            .map_err(|_| format!("“{text}”不是日期，应如 2022-06-30")),
    };
    let (from, until) = (day(10)?, day(11)?);
    if from.is_empty() || !until.is_empty() && until <= from {
        return Err("请填写生效日期，失效日期应晚于生效日期".into());
    }
    // what a table says of its own verification makes no other row of it
    let told = |i: usize| if i == 13 && says_verified(cell(i)) { "否" } else { cell(i) };
    let hash = hex::encode(hash_of_fields(&(0..COLUMNS.len()).map(told).collect::<Vec<_>>()));
    let limit = Limit {
        id: act.id(),
        standard: standard.to_owned(),
        item: item.to_owned(),
        category: category.to_owned(),
        food: cell(4).to_owned(),
        except: cell(5)
            .split([';', '；', '、'])
            .map(str::trim)
            .filter(|e| !e.is_empty())
            .map(str::to_owned)
            .collect(),
        bound,
        unit,
        from,
        until,
        verified: false,
    };
    let row = LimitRow {
        limit,
        cas: cell(2).to_owned(),
        method: cell(9).to_owned(),
        source: cell(12).to_owned(),
        checked: None,
    };
    Ok((row, hash))
}

/// `恩诺沙星;环丙沙星` makes a sum, `苯甲酸=1;山梨酸=0.5` a sum of ratios.
fn whole(bound: Bound, parts: &str) -> std::result::Result<Bound, String> {
    if parts.is_empty() {
        return Ok(bound);
    }
    let Bound::Most { value } = bound else {
        return Err("之和与比例之和的限量应写作 ≤".into());
    };
    let list: Vec<&str> = parts.split([';', '；', '、']).map(str::trim).filter(|p| !p.is_empty()).collect();
    if !list.iter().any(|p| p.contains('=')) {
        return Ok(Bound::Sum { parts: list.into_iter().map(str::to_owned).collect(), value });
    }
    let part = |text: &&str| {
        let (item, value) = text.split_once('=')?;
        let value = Dec::parse(value).filter(|v| *v > Dec::ZERO)?;
        Some(Part { item: item.trim().to_owned(), value })
    };
    let parts: Option<Vec<Part>> = list.iter().map(part).collect();
    Ok(Bound::Ratios { parts: parts.ok_or("组成应如 苯甲酸=1;山梨酸=0.5")?, value })
}

/// A row was compared with the standard; once, and not by who took it in.
///
/// Errors: not found, `limit_verified`, `same_person`, `note_missing`.
pub fn check_limit(act: &mut Act, id: &str, new: &NewCheck) -> Result<()> {
    let gone = || Error::not_found("没有这条限量");
    let found = store::limits::by_id(act.tx, id)?.ok_or_else(gone)?;
    if found.limit.verified {
        return Err(Error::conflict("limit_verified", "这条限量已经核验过"));
    }
    let (user, name) = (act.who().user.clone(), act.who().name.clone());
    if store::limits::added_by(act.tx, id)?.as_deref() == Some(user.as_str()) {
        return Err(Error::forbidden("same_person", "导入与核验须由两人办理"));
    }
    let note = new.note.trim();
    if note.is_empty() || note.chars().count() > 200 {
        return Err(Error::invalid("note", "note_missing", "请写明对照的标准文本和表号，不超过 200 字"));
    }
    store::limits::check(act.tx, id, (&user, &name), note, act.now)?;
    act.subject("limit", id, "");
    act.note(json!({ "standard": found.limit.standard, "item": found.limit.item, "note": note }));
    Ok(())
}

/// A plan with its cells.
///
/// Errors: `name_missing`, `year_range`, `source_unknown`, `out_of_scope`, `quotas_missing`, `quotas_many`, `stage_unknown`,
/// `category_form`, `quota_range`, `cell_beyond`, `cell_twice`.
pub fn create_plan(act: &mut Act, new: &NewPlan) -> Result<Progress> {
    if new.name.trim().is_empty() || new.name.chars().count() > 100 {
        return Err(Error::invalid("name", "name_missing", "请填写计划名称，不超过 100 字"));
    }
    if !(2000..=2100).contains(&new.year) {
        return Err(Error::invalid("year", "year_range", "年度应为四位年份"));
    }
    if !SOURCES.iter().any(|s| s.0 == new.source) {
        return Err(Error::invalid("source", "source_unknown", "任务来源应为国家、省级、市级或县级"));
    }
    act.who().need_at("sampling.plan", &new.division, None).map_err(|e| e.at("division"))?;
    if new.quotas.is_empty() || new.quotas.len() > MOST {
        return Err(Error::invalid("quotas", "quotas_missing", format!("请给出 1 至 {MOST} 个指标")));
    }
    for (i, q) in new.quotas.iter().enumerate() {
        let place = |field: &str| format!("quotas/{i}/{field}");
        rules::category(&q.category).map_err(|e| e.at(place("category")))?;
        if !STAGES.iter().any(|s| s.0 == q.stage) {
            return Err(Error::invalid(place("stage"), "stage_unknown", "环节应为生产、流通或餐饮"));
        }
        if !(1..=1_000_000).contains(&q.quota) {
            return Err(Error::invalid(place("quota"), "quota_range", "批次数应为 1 至 1000000"));
        }
        if !q.division.starts_with(&new.division) {
            return Err(Error::invalid(place("division"), "cell_beyond", "指标的地区不在计划的地区内"));
        }
        let same = |o: &crate::model::NewQuota| {
            (&o.category, &o.stage, &o.division) == (&q.category, &q.stage, &q.division)
        };
        if new.quotas[..i].iter().any(same) {
            return Err(Error::invalid(
                place("category"),
                "cell_twice",
                "同一分类、环节和地区的指标填写了两次",
            ));
        }
    }
    let (id, user) = (act.id(), act.who().user.clone());
    store::plans::insert(act.tx, &id, new, &user, act.now)?;
    for q in &new.quotas {
        let cell = act.id();
        store::plans::add_quota(act.tx, &cell, &id, q)?;
    }
    act.subject("sample_plan", &id, &new.division);
    act.note(json!({ "cells": new.quotas.len() }));
    let made = progress(act.tx, &id)?;
    super::plans::tell_made(act, &made)?;
    Ok(made)
}

/// A plan with how far each cell is.
pub fn progress(tx: &mut kit_db::Tx, id: &str) -> Result<Progress> {
    let plan =
        store::plans::by_id(tx, id)?.ok_or_else(|| Error::not_found("没有这个抽检计划，或不在您的范围内"))?;
    Ok(Progress { cells: store::plans::cells(tx, id)?, plan })
}
