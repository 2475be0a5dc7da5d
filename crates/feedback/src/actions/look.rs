//! Files are looked at, receipt is taken, one is made again.

use std::io::Read as _;
use std::sync::Arc;

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_ledger::Ledger;
use kit_web::{Act, Cx, House, Page, Scope};
use serde_json::json;

use super::make::{self, Asked};
use super::signed;
use crate::model::{Anew, FileQuery, FileRow, FileView, Receipt};
use crate::store;

/// Characters of a note or a reason.
const LONGEST: usize = 400;

fn unknown() -> Error {
    Error::not_found("没有这份反馈周报，或不在您的范围内")
}

/// A file that the asker may see. Errors: not found.
pub fn seen(tx: &mut Tx, scope: &Scope, id: &str) -> Result<FileRow> {
    let row = store::by_id(tx, id)?.ok_or_else(unknown)?;
    match scope.covers(&row.division, Some(&row.manager)) {
        true => Ok(row),
        false => Err(unknown()),
    }
}

/// With the name of its place.
pub fn named(house: &House, mut row: FileRow) -> FileRow {
    row.division_name = parties::divisions::today(house).full_name(&row.division);
    row
}

pub fn list(tx: &mut Tx, cx: &Cx, q: &FileQuery) -> Result<Page<FileRow>> {
    let Page { items, total, page, size } = store::list(tx, &cx.who.scope, q)?;
    let items = items.into_iter().map(|row| named(&cx.house, row)).collect();
    Ok(Page { items, total, page, size })
}

/// The signed note of a file. Errors: `file_gone`.
pub fn note(house: &House, row: &FileRow) -> Result<String> {
    let gone = || Error::internal(format!("the file of {} is gone", row.id));
    let mut text = String::new();
    house.files.get(&row.file)?.ok_or_else(gone)?.read_to_string(&mut text)?;
    Ok(text)
}

/// A file with what it says.
pub fn view(tx: &mut Tx, cx: &Cx, id: &str) -> Result<FileView> {
    let row = named(&cx.house, seen(tx, &cx.who.scope, id)?);
    let note = note(&cx.house, &row)?;
    let (_, content) = signed::content_of(&note)?;
    let ledger: Arc<Ledger> = cx.house.held();
    let reaches = |permission: &str| {
        cx.who.may(permission) && cx.who.scope_for(permission).covers(&row.division, Some(&row.manager))
    };
    Ok(FileView {
        may_take: row.taken_at.is_none() && !row.replaced && reaches("feedback.receipt"),
        may_make: !row.replaced && reaches("feedback.make"),
        key: ledger.public_key().to_string(),
        row,
        content,
        note,
    })
}

fn short(field: &'static str, text: &str) -> Result<String> {
    let text = text.trim();
    match text.chars().count() > LONGEST {
        true => Err(Error::invalid(field, "text_long", format!("最多 {LONGEST} 个字"))),
        false => Ok(text.to_owned()),
    }
}

/// Takes receipt for the manager. Errors: not found, `text_long`, `feedback_replaced`, `feedback_taken`.
pub fn receipt(act: &mut Act, id: &str, receipt: &Receipt) -> Result<FileRow> {
    let row = seen(act.tx, &act.who().scope_for("feedback.receipt"), id)?;
    if row.replaced {
        return Err(Error::conflict("feedback_replaced", "这份周报已有新版，请签收新版"));
    }
    let (note, name) = (short("note", &receipt.note)?, act.who().name.clone());
    if !store::take(act.tx, id, act.now, &name, &note)? {
        return Err(Error::conflict("feedback_taken", format!("{}已签收", row.taken_by)));
    }
    act.subject("feedback_file", id, &row.division);
    act.note(json!({ "week": row.week, "version": row.version, "hash": row.hash }));
    let row = store::by_id(act.tx, id)?.ok_or_else(unknown)?;
    Ok(named(&act.cx.house, row))
}

/// Makes a file again from what is known now. Errors: not found, `reason_missing`, `text_long`, `feedback_replaced`, `members_none`.
pub fn anew(act: &mut Act, id: &str, anew: &Anew) -> Result<FileRow> {
    let row = seen(act.tx, &act.who().scope_for("feedback.make"), id)?;
    let reason = short("reason", &anew.reason)?;
    if reason.is_empty() {
        return Err(Error::invalid("reason", "reason_missing", "请写明重新生成的原因"));
    }
    if row.replaced {
        return Err(Error::conflict("feedback_replaced", "这份周报已有新版，请在新版上操作"));
    }
    let asked = Asked { week: row.week, from: row.from_at, until: row.until_at };
    let made = make::make(act, &row.manager, &asked, &reason)?;
    let made = made.ok_or_else(|| Error::conflict("members_none", "该周最后一天已没有成员，无法生成"))?;
    Ok(named(&act.cx.house, made))
}
