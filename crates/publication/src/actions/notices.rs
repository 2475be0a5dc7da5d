//! Recalls and withdrawals: setting them, lifting them.

use kit_base::clock::day_start;
use kit_base::{Error, PartialDate, Result};
use kit_web::Act;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use trace::model::LotNo;
use trace::store::{lots, products};

use crate::model::{Notice, NoticeKind};
use crate::store;

const DAY: i64 = 86_400_000;

/// A notice as an officer writes it. Either `lot` (the whole batch it belongs to), or `product`, with or without `batch`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNotice {
    pub kind: NoticeKind,
    pub product: Option<String>,
    /// 批号 of that product; every batch where it is not said
    #[serde(default)]
    pub batch: String,
    pub lot: Option<LotNo>,
    /// 召回级别 1, 2 or 3
    pub grade: Option<i64>,
    /// what is wrong, up to 500 characters
    pub reason: String,
    /// what to do, up to 500 characters; the usual advice where it is not said
    #[serde(default)]
    pub advice: String,
    /// 发布机关
    pub issuer: String,
    /// last day on which it is shown, YYYY-MM-DD
    pub until: Option<String>,
}

/// Sets a notice. It shows from now on. A recall has a plan, holders and clocks: only the room of recalls says one, for a case of its own.
///
/// Errors: `notice_recall`, `notice_subject`, `lot_unknown`, `product_unknown`, `reason_length`, `advice_length`, `issuer_length`,
/// `grade_range`, `until_past`, `out_of_scope`.
pub fn publish(act: &mut Act, form: &NewNotice) -> Result<Notice> {
    if form.kind == NoticeKind::Recall {
        let text = "召回要有计划、持有单位和期限，不能只发公告：请在“召回”中发起";
        return Err(Error::invalid("kind", "notice_recall", text));
    }
    set(act, form, true)
}

/// A notice that the house itself sets, for what a room has decided: a sample that failed and was confirmed.
///
/// Errors: those of [`publish`] but for the jurisdiction.
pub fn publish_by_house(act: &mut Act, form: &NewNotice) -> Result<Notice> {
    set(act, form, false)
}

fn set(act: &mut Act, form: &NewNotice, by_person: bool) -> Result<Notice> {
    let until = check(form, act.now)?;
    let (product, lot, batch) = subject(act, form)?;
    let found = products::by_id(act.tx, &product)?;
    let found = found.ok_or_else(|| Error::invalid("product", "product_unknown", "没有这个产品"))?;
    let division = match lot {
        Some(no) => lots::by_no(act.tx, no)?.map_or_else(|| found.division.clone(), |l| l.division),
        None => found.division.clone(),
    };
    if by_person {
        act.who().need_at("publication.write", &division, None)?;
    }
    let notice = Notice {
        id: act.id(),
        kind: form.kind,
        product,
        batch,
        lot,
        party: found.party,
        division,
        grade: form.grade,
        reason: form.reason.trim().to_owned(),
        advice: form.advice.trim().to_owned(),
        issuer: form.issuer.trim().to_owned(),
        since: act.now,
        until,
        author: act.who().user.clone(),
        lifted_at: None,
        lifted_by: String::new(),
        lift_reason: String::new(),
    };
    store::insert(act.tx, &notice)?;
    act.subject("notice", &notice.id, &notice.division);
    act.note(
        json!({ "kind": notice.kind, "product": notice.product, "batch": notice.batch, "lot": notice.lot }),
    );
    Ok(notice)
}

/// Ends a notice before its time.
///
/// Errors: `notice_lifted`, `reason_missing`; 404 outside of the jurisdiction.
pub fn lift(act: &mut Act, id: &str, reason: &str) -> Result<()> {
    let unknown = || Error::not_found("没有这条公告");
    let notice = store::by_id(act.tx, id)?.ok_or_else(unknown)?;
    act.who().need_at("publication.write", &notice.division, None).map_err(|_| unknown())?;
    end(act, &notice, reason)
}

/// Ends a notice that the house set, for what a room has decided since: nothing where it was lifted already.
///
/// Errors: `reason_missing`.
pub fn lift_by_house(act: &mut Act, id: &str, reason: &str) -> Result<()> {
    match store::by_id(act.tx, id)? {
        Some(notice) if notice.lifted_at.is_none() => end(act, &notice, reason),
        _ => Ok(()),
    }
}

fn end(act: &mut Act, notice: &Notice, reason: &str) -> Result<()> {
    let id = notice.id.as_str();
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > 500 {
        return Err(Error::invalid("reason", "reason_missing", "请写明解除原因，不超过 500 个字"));
    }
    let user = act.who().user.clone();
    if !store::lift(act.tx, id, act.now, &user, reason)? {
        return Err(Error::conflict("notice_lifted", "这条公告已经解除"));
    }
    act.subject("notice", id, &notice.division);
    act.note(json!({ "reason": reason }));
    Ok(())
}

/// Checks what needs no database; answers the end of the last day.
fn check(form: &NewNotice, now: i64) -> Result<Option<i64>> {
    let within = |field: &'static str, code: &'static str, text: &str, least: usize, most: usize| {
        let length = text.trim().chars().count();
        if (least..=most).contains(&length) {
            return Ok(());
        }
        Err(Error::invalid(field, code, format!("应为 {least} 至 {most} 个字")))
    };
    within("reason", "reason_length", &form.reason, 1, 500)?;
    within("advice", "advice_length", &form.advice, 0, 500)?;
    within("issuer", "issuer_length", &form.issuer, 2, 60)?;
    if form.grade.is_some_and(|g| !(1..=3).contains(&g)) {
        return Err(Error::invalid("grade", "grade_range", "召回级别应为 1、2 或 3"));
    }
    let Some(text) = form.until.as_deref().map(str::trim).filter(|t| !t.is_empty()) else { return Ok(None) };
    let date: PartialDate = text.parse().map_err(|e: Error| e.at("until"))?;
    let day = date.day().ok_or_else(|| Error::invalid("until", "date_incomplete", "请填写完整日期"))?;
    let until = day_start(day) + DAY;
    if until <= now {
        return Err(Error::invalid("until", "until_past", "截止日期早于今天"));
    }
    Ok(Some(until))
}

/// Product, origin lot and batch that a notice is about.
fn subject(act: &mut Act, form: &NewNotice) -> Result<(String, Option<LotNo>, String)> {
    match (form.lot, form.product.as_deref()) {
        (Some(no), None) if form.batch.trim().is_empty() => {
            let lot = lots::by_no(act.tx, no)?;
            let lot = lot.ok_or_else(|| Error::invalid("lot", "lot_unknown", "没有这个批次"))?;
            Ok((lot.product, Some(lot.origin), String::new()))
        }
        (None, Some(product)) => Ok((product.to_owned(), None, form.batch.trim().to_owned())),
        _ => {
            let text = "请指明批次，或产品（可加批号），二者选一";
            Err(Error::invalid("lot", "notice_subject", text))
        }
    }
}
