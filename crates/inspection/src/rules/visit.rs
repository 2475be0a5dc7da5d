//! What a visit to be planned must say.

use std::collections::BTreeSet;

use kit_base::clock::day_start;
use kit_base::{Error, Millis, Result};

use crate::model::{Checklist, NewVisit, VisitKind};

/// People that one visit may have.
const MOST_OFFICERS: usize = 6;
/// A visit is planned no further ahead, days.
const FAR: i64 = 400;
const DAY: Millis = 86_400_000;

/// The first moment of a day in China. Errors: `date_form`.
pub fn day(field: &'static str, text: &str) -> Result<Millis> {
    parties::asked::day(field, text).map(day_start)
}

/// Checks a plan; answers the first moment after its last day.
///
/// Errors: `officers_few`, `officers_many`, `officers_twice`, `reason_long`, `date_form`, `date_past`, `date_far`.
pub fn check_new(new: &NewVisit, kind: &VisitKind, now: Millis) -> Result<Millis> {
    let wrong =
        |field: &'static str, code: &'static str, text: String| Err(Error::invalid(field, code, text));
    let apart: BTreeSet<&String> = new.officers.iter().collect();
    if apart.len() < new.officers.len() {
        return wrong("officers", "officers_twice", "检查人员不能重复".into());
    }
    if (new.officers.len() as i64) < kind.officers {
        return wrong(
            "officers",
            "officers_few",
            format!("{}须有 {} 名以上检查人员", kind.name, kind.officers),
        );
    }
    if new.officers.len() > MOST_OFFICERS {
        return wrong("officers", "officers_many", format!("一次检查最多 {MOST_OFFICERS} 名检查人员"));
    }
    if new.reason.chars().count() > 500 {
        return wrong("reason", "reason_long", "事由不超过 500 字".into());
    }
    let end = day("due", &new.due)? + DAY;
    if end <= now {
        return wrong("due", "date_past", "检查日期不能早于今天".into());
    }
    if end > now + FAR * DAY {
        return wrong("due", "date_far", format!("检查日期不能晚于 {FAR} 天以后"));
    }
    Ok(end)
}

/// The checklist for a kind of business, among the newest versions: that which says so, else the one for sale.
pub fn checklist_for<'c>(party_kind: &str, brought: &'c [crate::model::Brought]) -> Option<&'c str> {
    let fits = brought.iter().find(|b| b.kinds.iter().any(|k| k == party_kind));
    fits.map(|b| b.head.code.as_str())
}

/// Items of a section that the kind of inspection leaves out need no answer.
pub fn needed(kind: &VisitKind, list: &Checklist) -> usize {
    if kind.whole { list.list.len() } else { 1 }
}
