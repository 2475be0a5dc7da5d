//! Evidence is handed in, and camera evidence reviewed.

use kit_base::{Error, Result};
use kit_files::{Looked, Takes};
use kit_web::Act;
use serde_json::json;

use super::cases::seen;
use crate::model::{EVIDENCE_KINDS, Evidence, Given, NewReview, ReviewKind};
use crate::store;

/// Largest piece, bytes.
pub const LARGEST: u64 = 256 << 20;
/// Pieces that a case may have.
const MOST: i64 = 500;

/// What counts as evidence of a case.
pub const TAKES: Takes = Takes {
    pdf: true,
    code: "evidence_media",
    text: "证据应为照片（JPEG、PNG、WebP）、MP4 视频、录音或 PDF 文件",
};

/// Errors: `evidence_kind`, `title_missing`, `title_long`, `origin_missing`, `origin_long`.
pub fn check(given: &Given) -> Result<()> {
    if !EVIDENCE_KINDS.iter().any(|(code, _)| *code == given.kind) {
        return Err(Error::invalid("kind", "evidence_kind", "没有这种证据"));
    }
    for (field, text, name) in [("title", &given.title, "证据名称"), ("origin", &given.origin, "证据来源")]
    {
        match text.trim().chars().count() {
            0 => return Err(Error::invalid(field, format!("{field}_missing"), format!("请填写{name}"))),
            201.. => {
                return Err(Error::invalid(field, format!("{field}_long"), format!("{name}不超过 200 字")));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Keeps a piece of evidence; a thing has no file.
///
/// Errors: those of [`check`], not found, `case_ended`, `evidence_full`, `file_missing`.
pub fn add(act: &mut Act, case: &str, given: &Given, looked: Option<&Looked>) -> Result<Evidence> {
    check(given)?;
    let of = seen(act.tx, act.who(), "enforcement.handle", case)?;
    if of.closed_at.is_some() {
        return Err(Error::conflict("case_ended", "案件已办结，不能再提交证据"));
    }
    if store::evidence::count(act.tx, case, false)? >= MOST {
        return Err(Error::conflict("evidence_full", format!("一个案件最多 {MOST} 份证据")));
    }
    let camera = given.camera == Some(1);
    if looked.is_none() && (camera || given.kind != "thing") {
        return Err(Error::invalid("file", "file_missing", "除物证外，证据应附文件"));
    }
    let evidence = keep(act, case, given, looked, false)?;
    act.subject("enforcement", case, &of.division);
    act.note(json!({ "evidence": evidence.id, "kind": evidence.kind, "camera": camera }));
    Ok(evidence)
}

/// Writes a piece, and its hash into the ledger.
pub fn keep(
    act: &mut Act,
    case: &str,
    given: &Given,
    looked: Option<&Looked>,
    by_party: bool,
) -> Result<Evidence> {
    let camera = given.camera == Some(1);
    let evidence = Evidence {
        id: act.id(),
        case: case.to_owned(),
        kind: given.kind.clone(),
        title: given.title.trim().to_owned(),
        origin: given.origin.trim().to_owned(),
        camera,
        file: looked.map(|l| l.kept.hash.clone()).unwrap_or_default(),
        media: looked.map(|l| l.media.to_owned()).unwrap_or_default(),
        size: looked.map_or(0, |l| i64::try_from(l.kept.size).unwrap_or(i64::MAX)),
        user: act.who().user.clone(),
        user_name: act.who().name.clone(),
        received_at: act.now,
        legal: None,
        technical: None,
        admissible: !camera,
        hash: String::new(),
        by_party,
        sent_at: None,
    };
    let hash = hash_of(&evidence);
    let evidence = Evidence { hash: hex::encode(hash), ..evidence };
    store::evidence::insert(act.tx, &evidence)?;
    act.tx.fact("evidence", evidence.id.clone(), hash);
    Ok(evidence)
}

/// Reviews camera evidence (行政处罚法第四十一条): law and technique by people other than who handed it in.
///
/// Errors: not found, `review_unwanted`, `same_person`, `reviewed_already`, `note_missing`, `note_long`.
pub fn review(act: &mut Act, case: &str, id: &str, new: &NewReview) -> Result<Evidence> {
    let of = seen(act.tx, act.who(), "enforcement.review", case)?;
    let unknown = || Error::not_found("没有这份证据，或不在您的范围内");
    let found = store::evidence::by_id(act.tx, case, id)?.ok_or_else(unknown)?;
    if !found.camera {
        return Err(Error::conflict("review_unwanted", "只有监控设备收集的证据需要审核"));
    }
    match new.note.trim().chars().count() {
        0 => return Err(Error::invalid("note", "note_missing", "请写明审核意见")),
        2_001.. => return Err(Error::invalid("note", "note_long", "审核意见不超过 2000 字")),
        _ => {}
    }
    let (user, name) = (act.who().user.clone(), act.who().name.clone());
    if found.user == user {
        return Err(Error::forbidden("same_person", "提交证据的人不能审核"));
    }
    if !store::evidence::review(act.tx, id, (&user, &name), act.now, new)? {
        return Err(Error::conflict("reviewed_already", "这份证据已经审核"));
    }
    let hash =
        kit_files::hash_of_fields(&[id, &user, &act.now.to_string(), &new.pass.to_string(), new.note.trim()]);
    let kind = if new.review == ReviewKind::Legal { "legal" } else { "technical" };
    act.tx.fact("evidence-review", format!("{id}#{kind}"), hash);
    act.subject("enforcement", case, &of.division);
    act.note(json!({ "evidence": id, "review": kind, "pass": new.pass }));
    store::evidence::by_id(act.tx, case, id)?.ok_or_else(unknown)
}

/// Over all that is fixed, each with its length before it.
fn hash_of(e: &Evidence) -> [u8; 32] {
    let (camera, size, at) = (e.camera.to_string(), e.size.to_string(), e.received_at.to_string());
    let fields = [
        &e.id,
        &e.case,
        &e.kind,
        &e.title,
        &e.origin,
        &camera,
        &e.file,
        &e.media,
        &size,
        &e.user,
        &e.user_name,
        &at,
    ];
    kit_files::hash_of_fields(&fields)
}
