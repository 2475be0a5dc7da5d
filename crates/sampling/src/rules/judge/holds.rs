//! One reading against one bound: what the true value may be decides.

use super::{Bound, Dec, Found, Limit, Outcome, Reading, Verdict, converted, undecided, words};

pub(super) fn single(bound: &Bound, limit: &Limit, of: &Found) -> Verdict {
    let (readings, lod) = match converted(limit, of) {
        Ok(found) => found,
        Err(why) => return undecided(why),
    };
    let [reading] = readings.as_slice() else {
        return undecided("限量针对单个结果，却有多个结果");
    };
    let wording = words(bound, &limit.unit);
    match holds(bound, reading, lod) {
        Some(true) => (Outcome::Conforms, format!("{}，限量 {wording}，合格", reading.shown())),
        Some(false) => (Outcome::Fails, format!("{}，限量 {wording}，不合格", reading.shown())),
        None => undecided(format!("{}，限量 {wording}，凭此结果不能判定", reading.shown())),
    }
}

/// Where the true value may lie: from, to, and whether the ends are excluded; `None` without an end.
fn lies(reading: &Reading, lod: Option<Dec>) -> (Option<Dec>, Option<Dec>) {
    match reading {
        Reading::Value(v) => (Some(*v), Some(*v)),
        Reading::Below(v) => (Some(Dec::ZERO), Some(*v)),
        Reading::Above(v) => (Some(*v), None),
        Reading::NotDetected(own) => (Some(Dec::ZERO), (*own).or(lod)),
        Reading::Detected => (lod, None),
    }
}

/// Whether a bound holds whatever the true value is; `None` where that depends on it.
pub(super) fn holds(bound: &Bound, reading: &Reading, lod: Option<Dec>) -> Option<bool> {
    let exact = matches!(reading, Reading::Value(_));
    let absent = matches!(reading, Reading::NotDetected(_));
    let (low, high) = lies(reading, lod);
    // a value below `high` when it is not exact: `<10` is less than 10
    let at_most = |limit: Dec| match (low, high) {
        (_, Some(high)) if high <= limit => Some(true),
        (Some(low), _) if low > limit => Some(false),
        // what was found is more than none
        (_, None) if matches!(reading, Reading::Detected) && limit.is_zero() => Some(false),
        // above is more than its bound
        (Some(low), None) if matches!(reading, Reading::Above(_)) && low >= limit => Some(false),
        // not detected, and nobody says how fine the method is: it conforms (3.1)
        (_, None) if absent => Some(true),
        _ => None,
    };
    let under = |limit: Dec| match (low, high) {
        (_, Some(high)) if high < limit || !exact && high <= limit => Some(true),
        (Some(low), _) if low >= limit => Some(false),
        (_, None) if absent => Some(true),
        _ => None,
    };
    match bound {
        Bound::Most { value } => at_most(*value),
        Bound::Under { value } => under(*value),
        Bound::Least { value } => match (reading, lod) {
            (Reading::NotDetected(None), None) => (!value.is_zero()).then_some(false),
            _ => under(*value).map(|under| !under),
        },
        Bound::Over { value } => match (reading, lod) {
            (Reading::NotDetected(None), None) => Some(false),
            _ => at_most(*value).map(|most| !most),
        },
        Bound::Range { low: from, high: to } => {
            let least = holds(&Bound::Least { value: *from }, reading, lod);
            match (least, at_most(*to)) {
                (Some(true), Some(true)) => Some(true),
                (Some(false), _) | (_, Some(false)) => Some(false),
                _ => None,
            }
        }
        Bound::Absent => match reading {
            Reading::NotDetected(_) | Reading::Below(_) => Some(true),
            Reading::Value(v) if v.is_zero() => Some(true),
            Reading::Value(v) => Some(lod.is_some_and(|lod| *v < lod)),
            Reading::Above(_) | Reading::Detected => Some(false),
        },
        Bound::Plan { .. } | Bound::Sum { .. } | Bound::Ratios { .. } => None,
    }
}
