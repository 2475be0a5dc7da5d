//! What a record must say, and what follows from it.

use std::collections::{BTreeMap, BTreeSet};

use kit_base::clock::{china_day, day_start};
use kit_base::{Error, Millis, Result};

use super::visit::{day, needed};
use crate::model::{Answered, Checklist, Item, NewRecord, Officer, VisitKind};

const DAY: Millis = 86_400_000;
/// A device whose clock is further ahead is not believed.
pub const CLOCK_OFF: Millis = 10 * 60_000;

/// What becomes of something that does not hold (处理).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Handling {
    /// 当场改正
    OnSite,
    /// 责令限期改正
    Rectify,
    /// 调查处理
    Case,
}

impl Handling {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OnSite => "onsite_correct",
            Self::Rectify => "rectify",
            Self::Case => "case",
        }
    }
}

/// 令49号: what affects the safety of food is looked into as a case, key item or not; what is slight and put right on the
/// spot is noted as such; all else is ordered to be mended by a day.
pub fn handling(answer: &Answered) -> Handling {
    match (answer.severity.as_str(), answer.on_the_spot) {
        ("serious", _) => Handling::Case,
        (_, true) => Handling::OnSite,
        _ => Handling::Rectify,
    }
}

/// What a record is checked against.
pub struct Against<'a> {
    pub kind: &'a VisitKind,
    pub list: &'a Checklist,
    pub officers: &'a [Officer],
    /// Hashes of what was handed in for this visit.
    pub photos: &'a BTreeSet<String>,
    pub now: Millis,
}

/// Checks a record. The field says which answer it is about: `answers/3/photos/0`.
///
/// Errors: `client_key_form`, `time_order`, `time_future`, `place_form`, `answer_unknown`, `answer_twice`, `answers_missing`, those of
/// [`check_answer`], `signatures_few`, `signature_foreign`, `signature_missing`, `signature_both`, `photo_unknown`, `opinion_long`.
pub fn check(record: &NewRecord, against: &Against) -> Result<()> {
    if record.client_key.trim().is_empty() || record.client_key.len() > 80 {
        return Err(Error::invalid("client_key", "client_key_form", "client_key 应为 1 至 80 个字符"));
    }
    if record.ended_at < record.started_at || record.started_at < 0 {
        return Err(Error::invalid("ended_at", "time_order", "结束时间不能早于开始时间"));
    }
    if record.ended_at > against.now + CLOCK_OFF {
        return Err(Error::invalid("ended_at", "time_future", "结束时间晚于现在，请检查设备的时钟"));
    }
    place(record)?;
    if record.opinion.chars().count() > 2_000 {
        return Err(Error::invalid("opinion", "opinion_long", "检查意见不超过 2000 字"));
    }
    answers(record, against)?;
    signatures(record, against)
}

fn place(record: &NewRecord) -> Result<()> {
    let fits = |value: Option<f64>, most: f64| value.is_none_or(|v| v.is_finite() && v.abs() <= most);
    let both = record.lon.is_some() == record.lat.is_some();
    let near = record.accuracy.is_none_or(|m| (0..=100_000).contains(&m));
    match both && fits(record.lon, 180.0) && fits(record.lat, 90.0) && near {
        true => Ok(()),
        false => Err(Error::invalid("lon", "place_form", "经纬度应同时给出，且在有效范围内")),
    }
}

fn answers(record: &NewRecord, against: &Against) -> Result<()> {
    let items: BTreeMap<&str, &Item> = against.list.list.iter().map(|i| (i.code.as_str(), i)).collect();
    let mut seen = BTreeSet::new();
    for (i, answer) in record.answers.iter().enumerate() {
        let at = |part: &str| format!("answers/{i}/{part}");
        let item = items.get(answer.item.as_str()).ok_or_else(|| {
            Error::invalid(at("item"), "answer_unknown", format!("检查表没有 {} 这一项", answer.item))
        })?;
        if !seen.insert(answer.item.as_str()) {
            return Err(Error::invalid(at("item"), "answer_twice", format!("{} 已填写过", answer.item)));
        }
        check_answer(answer, item, record, against).map_err(|e| {
            let part = e.field.clone().unwrap_or_default();
            e.at(at(&part))
        })?;
    }
    if record.answers.len() < needed(against.kind, against.list) {
        let left = against.list.list.iter().find(|i| !seen.contains(i.code.as_str()));
        let text = format!("{}须逐项填写，还缺 {}", against.kind.name, left.map_or("", |i| &i.code));
        return Err(Error::invalid("answers", "answers_missing", text));
    }
    Ok(())
}

/// One answer. The field is its part.
///
/// Errors: `verdict_unknown`, `note_missing`, `note_long`, `severity_unknown`, `photo_missing`, `photo_unknown`, `after_missing`,
/// `serious_on_the_spot`, `due_missing`, `date_form`, `date_past`.
pub fn check_answer(answer: &Answered, item: &Item, record: &NewRecord, against: &Against) -> Result<()> {
    let wrong = |part: &'static str, code: &'static str, text: &str| Err(Error::invalid(part, code, text));
    if answer.note.chars().count() > 1_000 {
        return wrong("note", "note_long", "说明不超过 1000 字");
    }
    for (part, list) in [("photos", &answer.photos), ("after", &answer.after)] {
        known(part, list, against.photos)?;
    }
    match answer.verdict.as_str() {
        "ok" | "na" => {
            return match item.photo == "always" && answer.verdict == "ok" && answer.photos.is_empty() {
                true => wrong("photos", "photo_missing", "这一项须拍照"),
                false => Ok(()),
            };
        }
        "bad" => {}
        _ => return wrong("verdict", "verdict_unknown", "结果应为 ok、bad 或 na"),
    }
    if answer.note.trim().is_empty() {
        return wrong("note", "note_missing", "请写明不符合的情况");
    }
    if !["minor", "general", "serious"].contains(&answer.severity.as_str()) {
        return wrong("severity", "severity_unknown", "严重程度应为轻微、一般或严重");
    }
    if item.photo != "never" && answer.photos.is_empty() {
        return wrong("photos", "photo_missing", "不符合的项目须拍照");
    }
    match handling(answer) {
        Handling::Case if answer.on_the_spot => {
            wrong("on_the_spot", "serious_on_the_spot", "影响食品安全的不能以当场改正了结，应转调查处理")
        }
        Handling::Case => Ok(()),
        Handling::OnSite if answer.after.is_empty() => {
            wrong("after", "after_missing", "当场改正的须有改正后的照片")
        }
        Handling::OnSite => Ok(()),
        // nothing is ordered at an on-site check of an application
        Handling::Rectify if !against.kind.supervises() => Ok(()),
        Handling::Rectify => due_of(answer, record, against.now).map(drop),
    }
}

/// The day by which something is to be mended. Errors: `due_missing`, `date_form`, `date_past`.
pub fn due_of(answer: &Answered, record: &NewRecord, now: Millis) -> Result<String> {
    let due = if answer.due.is_empty() { &record.due } else { &answer.due };
    ordered_by(due, record, now)
}

/// The day by which something is to be mended, as it is written. Errors: `due_missing`, `date_form`, `date_past`.
pub fn ordered_by(due: &str, record: &NewRecord, now: Millis) -> Result<String> {
    if due.is_empty() {
        return Err(Error::invalid("due", "due_missing", "请写明整改期限"));
    }
    let end = day("due", due)? + DAY;
    // a day without a network may bring a record in late: the day after it is the earliest then
    if end <= record.ended_at.min(now) {
        return Err(Error::invalid("due", "date_past", "整改期限不能早于检查当天"));
    }
    let today = china_day(now);
    if end <= day_start(today) + DAY {
        let next = today.tomorrow().map_err(Error::internal)?;
        return Ok(next.to_string());
    }
    Ok(due.to_owned())
}

fn known(part: &str, list: &[String], photos: &BTreeSet<String>) -> Result<()> {
    for (i, hash) in list.iter().enumerate() {
        if !photos.contains(hash) {
            let text = "没有这张照片，请先上传";
            return Err(Error::invalid(format!("{part}/{i}"), "photo_unknown", text));
        }
    }
    Ok(())
}

fn signatures(record: &NewRecord, against: &Against) -> Result<()> {
    let wrong = |field: &'static str, code: &'static str, text: &str| Err(Error::invalid(field, code, text));
    let s = &record.signatures;
    let mut signed = BTreeSet::new();
    for (i, one) in s.officers.iter().enumerate() {
        if !against.officers.iter().any(|o| o.user == one.user) {
            let text = "签字人不是本次检查人员";
            return Err(Error::invalid(format!("signatures/officers/{i}"), "signature_foreign", text));
        }
        known("signatures/officers", std::slice::from_ref(&one.file), against.photos)?;
        signed.insert(one.user.as_str());
    }
    // as many as must go: data/visit-kinds.csv
    let least = against.kind.officers;
    if (signed.len() as i64) < least {
        let text = format!("须有 {least} 名以上检查人员签字");
        return wrong("signatures/officers", "signatures_few", &text);
    }
    match (&s.business, &s.refusal) {
        (Some(_), Some(_)) => wrong("signatures", "signature_both", "企业签字与拒签只能有一种"),
        (None, None) => wrong("signatures", "signature_missing", "请由企业签字，或注明拒签并由见证人签字"),
        (Some(b), None) if b.name.trim().is_empty() || b.name.chars().count() > 60 => {
            wrong("signatures/business/name", "signature_missing", "请填写企业签字人姓名")
        }
        (Some(b), None) => known("signatures/business", std::slice::from_ref(&b.file), against.photos),
        (None, Some(r)) => {
            let blank = r.reason.trim().is_empty() || r.witness.trim().is_empty();
            if blank || r.reason.chars().count() > 500 || r.witness.chars().count() > 60 {
                return wrong("signatures/refusal", "signature_missing", "拒签须写明理由和见证人");
            }
            known("signatures/refusal", std::slice::from_ref(&r.file), against.photos)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BusinessSignature, OfficerSignature, Refusal, Signatures, brought, kind};

    const NOW: Millis = 1_772_500_000_000;

    fn against(photos: &BTreeSet<String>, f: impl FnOnce(&Against)) {
        let b = brought().unwrap().remove(2);
        let list = Checklist { head: b.head, list: b.list };
        let officers = ["a", "b", "c"].map(|u| Officer { user: u.into(), name: u.into() });
        f(&Against { kind: kind("flying").unwrap(), list: &list, officers: &officers, photos, now: NOW });
    }

    fn record() -> NewRecord {
        let bad = Answered {
            item: "C16".into(),
            verdict: "bad".into(),
            note: "冷藏柜 12 ℃".into(),
            photos: vec!["p".into()],
            severity: "general".into(),
            on_the_spot: false,
            after: vec![],
            due: String::new(),
        };
        let sign = |u: &str| OfficerSignature { user: u.into(), file: "s".into() };
        NewRecord {
            client_key: "k".into(),
            device: String::new(),
            started_at: NOW - 3_600_000,
            ended_at: NOW,
            lon: None,
            lat: None,
            accuracy: None,
            answers: vec![bad],
            opinion: String::new(),
            due: "2026-03-13".into(),
            signatures: Signatures {
                officers: vec![sign("a"), sign("b")],
                business: Some(BusinessSignature {
                    name: "王".into(),
                    post: String::new(),
                    file: "s".into(),
                }),
                refusal: None,
            },
            exams: Vec::new(),
        }
    }

    #[test]
    fn a_record_is_refused_for_what_it_lacks_and_says_where() {
        type Break = fn(&mut NewRecord);
        let table: [(Break, &str, &str); 20] = [
            (|r| r.client_key = " ".into(), "client_key_form", "client_key"),
            (|r| r.started_at = r.ended_at + 1, "time_order", "ended_at"),
            (|r| r.ended_at = NOW + CLOCK_OFF + 1, "time_future", "ended_at"),
            (|r| r.lon = Some(115.0), "place_form", "lon"),
            (|r| r.answers[0].item = "X".into(), "answer_unknown", "answers/0/item"),
            (|r| r.answers.push(r.answers[0].clone()), "answer_twice", "answers/1/item"),
            (|r| r.answers.clear(), "answers_missing", "answers"),
            (|r| r.answers[0].verdict = "?".into(), "verdict_unknown", "answers/0/verdict"),
            (|r| r.answers[0].note = " ".into(), "note_missing", "answers/0/note"),
            (|r| r.answers[0].severity = String::new(), "severity_unknown", "answers/0/severity"),
            (|r| r.answers[0].photos.clear(), "photo_missing", "answers/0/photos"),
            (|r| r.answers[0].photos = vec!["q".into()], "photo_unknown", "answers/0/photos/0"),
            (|r| r.answers[0].on_the_spot = true, "after_missing", "answers/0/after"),
            (|r| r.due = String::new(), "due_missing", "answers/0/due"),
            (|r| r.answers[0].due = "2026-03-01".into(), "date_past", "answers/0/due"),
            (
                |r| (r.answers[0].severity, r.answers[0].on_the_spot) = ("serious".into(), true),
                "serious_on_the_spot",
                "answers/0/on_the_spot",
            ),
            (|r| r.signatures.officers.truncate(1), "signatures_few", "signatures/officers"),
            (|r| r.signatures.officers[1].user = "z".into(), "signature_foreign", "signatures/officers/1"),
            (|r| r.signatures.business = None, "signature_missing", "signatures"),
            (
                |r| {
                    let refusal =
                        Refusal { reason: "不签".into(), witness: "李".into(), file: "s".into() };
                    r.signatures.refusal = Some(refusal);
                },
                "signature_both",
                "signatures",
            ),
        ];
        let photos: BTreeSet<String> = ["p", "s"].map(str::to_owned).into();
        against(&photos, |against| {
            check(&record(), against).unwrap();
            for (i, (break_it, code, field)) in table.into_iter().enumerate() {
                let mut broken = record();
                break_it(&mut broken);
                let e = check(&broken, against).unwrap_err();
                assert_eq!((e.code.as_ref(), e.field.as_deref()), (code, Some(field)), "{i}");
            }
        });
    }

    #[test]
    fn what_affects_safety_is_a_case_whatever_else() {
        let answer = |severity: &str, spot: bool| Answered {
            severity: severity.into(),
            on_the_spot: spot,
            ..record().answers.remove(0)
        };
        assert_eq!(handling(&answer("minor", true)), Handling::OnSite);
        assert_eq!(handling(&answer("minor", false)), Handling::Rectify);
        assert_eq!(handling(&answer("general", true)), Handling::OnSite);
        assert_eq!(handling(&answer("serious", true)), Handling::Case);
        assert_eq!(handling(&answer("serious", false)), Handling::Case);
    }

    #[test]
    fn a_record_that_comes_in_after_its_day_gets_the_next() {
        let mut late = record();
        late.ended_at = NOW - 2 * DAY;
        late.due = "2026-03-02".into();
        assert_eq!(due_of(&late.answers[0], &late, NOW).unwrap(), "2026-03-04");
        late.due = "2026-03-20".into();
        assert_eq!(due_of(&late.answers[0], &late, NOW).unwrap(), "2026-03-20");
    }
}
