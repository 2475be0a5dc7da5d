//! What a business hands in with its answer: kept when it comes, the bureau's from the answer that names it.

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_files::{Looked, Takes};
use kit_flow::definition::FieldKind;
use kit_flow::{Ask, Case, Definition};
use kit_web::{Act, Cx};
use serde_json::{Value, json};

use super::evidence::keep;
use super::measure::ids;
use super::mine;
use crate::model::mine::MyFile;
use crate::model::{Evidence, Given};
use crate::store;

/// Largest piece, bytes.
pub const LARGEST: u64 = 64 << 20;
/// Pieces that a business may hand in to one case.
const MOST: i64 = 60;
/// Characters of a file's name that are kept.
const NAME: usize = 120;

/// What counts as a paper of an answer.
pub const TAKES: Takes =
    Takes {
        pdf: true, code: "file_kind", text: "材料应为照片（JPEG、PNG、WebP）、PDF、MP4 视频或录音文件"
    };

/// Fields of what the business does that name pieces of it.
fn fields<'d>(d: &'d Definition, action: &str) -> impl Iterator<Item = &'d str> {
    let form = d.action(action).filter(|a| mine::OWN_WORDS.contains(&a.code.as_str()));
    let form = form.map_or(&[][..], |a| &a.form);
    form.iter().filter(|f| f.kind == FieldKind::Ids).map(|f| f.code.as_str())
}

/// The pieces that the form of an answer names.
pub fn named(d: &Definition, action: &str, form: &Value) -> Vec<String> {
    fields(d, action).flat_map(|field| ids(form, field)).collect()
}

/// Whether the asker may hand in something now. Errors: not found, `answer_not_due`.
pub fn due(tx: &mut Tx, cx: &Cx, id: &str) -> Result<()> {
    let (case, actions) = mine::doable(tx, cx, id)?;
    match actions.iter().any(|a| fields(&case.pinned.definition, &a.code).next().is_some()) {
        true => Ok(()),
        false => {
            Err(Error::conflict("answer_not_due", "现在没有需要提交材料的事项；确需补充的，请联系办案机关"))
        }
    }
}

/// Keeps a piece. `name`: of the file, as the sender has it.
///
/// Errors: those of [`due`], `files_full`.
pub fn add(act: &mut Act, id: &str, name: &str, looked: &Looked) -> Result<MyFile> {
    let cx = act.cx;
    due(act.tx, cx, id)?;
    if store::evidence::count(act.tx, id, true)? >= MOST {
        return Err(Error::conflict(
            "files_full",
            format!("一个案件最多提交 {MOST} 份材料，更多的请当面提交"),
        ));
    }
    let title: String = name.trim().chars().filter(|c| !c.is_control()).take(NAME).collect();
    let pdf = looked.media == "application/pdf";
    let given = Given {
        kind: if pdf { "document" } else { "audiovisual" }.into(),
        title: if title.is_empty() { if pdf { "书面材料" } else { "照片" }.into() } else { title },
        origin: "当事人提交".into(),
        ..Given::default()
    };
    let piece = keep(act, id, &given, Some(looked), true)?;
    let division = store::cases::by_id(act.tx, id)?.map(|row| row.division).unwrap_or_default();
    act.subject("enforcement", id, &division);
    act.note(json!({ "evidence": piece.id, "by": "party" }));
    Ok(file(piece))
}

/// As the business sees it.
pub fn file(e: Evidence) -> MyFile {
    MyFile {
        id: e.id,
        title: e.title,
        media: e.media,
        size: e.size,
        user_name: e.user_name,
        received_at: e.received_at,
        sent_at: e.sent_at,
    }
}

/// A piece of the asker's business. Errors: not found.
pub fn open(tx: &mut Tx, cx: &Cx, id: &str, piece: &str) -> Result<Evidence> {
    mine::seen(tx, cx, id)?;
    let pieces = store::evidence::of_party(tx, id)?;
    let found = pieces.into_iter().find(|e| e.id == piece);
    found.ok_or_else(|| Error::not_found("没有这份材料"))
}

/// What an answer names was handed in to this case by the business, and to no answer before.
///
/// Errors: `file_unknown`, `file_sent`.
pub fn check(act: &mut Act, case: &Case, ask: &Ask) -> Result<()> {
    let Some(action) = ask.action.as_deref() else { return Ok(()) };
    for field in fields(&case.pinned.definition, action) {
        let pieces = store::evidence::of_party(act.tx, &case.id)?;
        for (i, id) in ids(&ask.form, field).iter().enumerate() {
            let bad = |code: &'static str, text| Error::invalid(format!("form/{field}/{i}"), code, text);
            match pieces.iter().find(|e| e.id == *id) {
                None => return Err(bad("file_unknown", "没有这份材料，或不是为本案提交的")),
                Some(e) if e.sent_at.is_some() => {
                    return Err(bad("file_sent", "这份材料已经提交过，不需要再附"));
                }
                Some(_) => {}
            }
        }
    }
    Ok(())
}

/// From now on the bureau sees what the answer names.
pub fn send(act: &mut Act, case: &Case, action: &str, form: &Value) -> Result<()> {
    for id in named(&case.pinned.definition, action, form) {
        store::evidence::send(act.tx, &case.id, &id, act.now)?;
    }
    Ok(())
}
