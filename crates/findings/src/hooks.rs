//! What this room adds to cases of its kind: proof is checked before, columns follow after.

use kit_base::{Error, Millis, Result};
use kit_flow::log::{Body, Effect, Entry};
use kit_flow::papers::Words;
use kit_flow::state::Phase;
use kit_flow::store::projection::phase;
use kit_flow::{Ask, Case, Hooks};
use kit_web::Act;
use serde_json::{Map, Value, json};

use crate::store::findings::{self, Course};
use crate::{KIND, store};

pub const HOOKS: Hooks = Hooks { before, after, ..Hooks::none(KIND) };

/// The stage whose evidence a field of a form names.
fn stage_of(action: &str, field: &str) -> Option<&'static str> {
    match (action, field) {
        // mended on the spot: the officer's own photos
        ("mend" | "correct", "proof") => Some("mend"),
        ("close" | "back", "check_proof") => Some("verify"),
        _ => None,
    }
}

/// Evidence that a form names is of this finding and of this stage.
///
/// Errors: `evidence_unknown`.
fn before(act: &mut Act, case: &Case, ask: &Ask) -> Result<()> {
    let Some(action) = ask.action.as_deref() else { return Ok(()) };
    let fields = ask.form.as_object().into_iter().flatten();
    for (field, value) in fields {
        let Some(stage) = stage_of(action, field) else { continue };
        let known = store::evidence::ids(act.tx, &case.id, stage)?;
        let ids = value.as_array().map_or(&[][..], Vec::as_slice);
        for (i, id) in ids.iter().enumerate() {
            if !id.as_str().is_some_and(|id| known.iter().any(|k| k == id)) {
                let text = "没有这份证据，或不是为这一环节提交的";
                return Err(Error::invalid(format!("form/{field}/{i}"), "evidence_unknown", text));
            }
        }
    }
    Ok(())
}

/// Columns about the course of a finding follow its log.
fn after(act: &mut Act, case: &Case, entry: &Entry, body: &Body) -> Result<()> {
    let Some(mut course) = findings::course(act.tx, &case.id)? else {
        // the first entry: the row is written next, by the one who begins it
        return Ok(());
    };
    follow(&mut course, case, entry, body);
    findings::set_course(act.tx, &case.id, &course)
}

fn follow(course: &mut Course, case: &Case, entry: &Entry, body: &Body) {
    let state = &case.state;
    let did = |action: &str| state.doers.contains_key(action);
    for effect in &body.effects {
        match effect {
            Effect::Started { clock, due, .. }
            | Effect::Resumed { clock, due, .. }
            | Effect::Moved { clock, due, .. }
                if clock == "mend" =>
            {
                course.due_at = Some(due.late_from);
            }
            Effect::Did(action)
                if (action == "mend" || action == "correct") && course.mended_at.is_none() =>
            {
                mended(course, entry.occurred_at);
            }
            Effect::Flagged(flag) if flag == "overdue" => {
                course.overdue_at = course.overdue_at.or(Some(entry.at))
            }
            Effect::Undone => undone(
                course,
                state.clocks.get("mend").map(|t| t.due.late_from),
                did("mend") || did("correct"),
            ),
            _ => {}
        }
    }
    course.status.clone_from(&state.status);
    phase(&state.phase).clone_into(&mut course.phase);
    course.level = i64::from(state.level);
    course.reopened = state.doers.get("back").map_or(0, |d| d.len() as i64);
    (course.closed_at, course.outcome) = match &state.phase {
        Phase::Ended(kit_flow::log::How::Done) => (Some(entry.at), state.status.clone()),
        Phase::Ended(kit_flow::log::How::Terminated) => (Some(entry.at), "terminated".to_owned()),
        Phase::Ended(kit_flow::log::How::Void) => (Some(entry.at), "void".to_owned()),
        _ => (None, String::new()),
    };
}

fn mended(course: &mut Course, at: Millis) {
    course.mended_at = Some(at);
    // mended on the spot, before any day was set, is in time
    course.in_time = Some(course.due_at.is_none_or(|due| at < due));
}

fn undone(course: &mut Course, due_at: Option<Millis>, still_mended: bool) {
    course.due_at = due_at;
    if !still_mended {
        (course.mended_at, course.in_time) = (None, None);
    }
}

/// What documents of a finding may name beside forms and the usual fields.
pub const WORDS: Words =
    Words { kind: KIND, fields, names: &["found.what", "found.rule", "found.at", "found.code"] };

fn fields(act: &mut Act, case: &Case) -> Result<Map<String, Value>> {
    let mut out = Map::new();
    if let Some(f) = findings::by_id(act.tx, &case.id)? {
        let what = [
            ("found.what", json!(f.what)),
            ("found.rule", json!(f.rule)),
            ("found.at", json!(f.found_at)),
            ("found.code", json!(f.code)),
        ];
        out.extend(what.map(|(name, value)| (name.to_owned(), value)));
    }
    Ok(out)
}
