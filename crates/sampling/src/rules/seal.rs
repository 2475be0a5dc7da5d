//! What the ledger keeps of a sample: the digest of each row that must not change, made from the texts that are stored, the same
//! when it is written and when it is looked at again.

use kit_base::Millis;
use kit_files::hash_of_fields;

use crate::model::{Hand, Kept, Media, Part, Sample, TestResult};

/// SHA-256.
pub type Digest = [u8; 32];

/// Kinds of facts; the item stands beside.
pub const TASK: &str = "sample_task"; // sample
pub const ASKED: &str = "sample_asked"; // sample
pub const SHEET: &str = "sample_sheet"; // 抽样单编号
pub const MEDIA: &str = "sample_media"; // its id
pub const HAND: &str = "sample_hand"; // sample/part#no
pub const RESULTS: &str = "sample_results"; // sample#revision
pub const VERDICT: &str = "sample_verdict"; // sample
pub const CORRECTION: &str = "sample_correction"; // its id
pub const READING: &str = "sample_reading"; // its id
pub const DRAW: &str = "sample_recheck_draw"; // sample
pub const AGAIN: &str = "sample_recheck_results"; // sample#revision
pub const FINAL: &str = "sample_recheck_verdict"; // sample

fn bit(of: bool) -> &'static str {
    if of { "1" } else { "0" }
}

fn or_empty(of: Option<i64>) -> String {
    of.map(|n| n.to_string()).unwrap_or_default()
}

/// What a task says and nobody changes afterwards.
pub fn task(s: &Sample) -> Digest {
    let at = s.opened_at.to_string();
    hash_of_fields::<&str>(&[
        &s.id,
        &s.number,
        &s.sample_no,
        &s.blind,
        &s.quota,
        &s.mode,
        &s.kind,
        &s.stage,
        &s.category,
        &s.party,
        &s.division,
        &s.lab,
        &s.sampler1,
        &s.sampler2,
        &s.house1,
        &s.house2,
        &at,
        bit(s.simulated),
    ])
}

/// Items that whoever ordered it wants tested, in their order. Only where there are any.
pub fn asked(sample: &str, items: &[String]) -> Digest {
    let fields: Vec<&str> = std::iter::once(sample).chain(items.iter().map(String::as_str)).collect();
    hash_of_fields(&fields)
}

/// The 抽样单 as it is kept, with what it ties the sample to, its seals and who signed it (`told`, JSON of the signatures).
pub fn sheet(s: &Sample, (told, signatures): (&str, &str), parts: &[Part]) -> Digest {
    let lot = or_empty(s.lot);
    let mut fields: Vec<&str> = vec![
        &s.id,
        &s.sample_no,
        &s.sheet_hash,
        &s.sheet,
        &s.producer,
        &lot,
        &s.trace_code,
        &s.made,
        &s.food,
        told,
        signatures,
    ];
    for p in parts {
        fields.extend([p.part.as_str(), &p.seal, &p.amount, &p.unit]);
    }
    hash_of_fields(&fields)
}

/// A photo, over all that is fixed; what is unknown is empty.
pub fn media(sample: &str, m: &Media) -> Digest {
    let degrees = |n: Option<f64>| n.map(|n| format!("{n:.7}")).unwrap_or_default();
    hash_of_fields(&[
        m.id.clone(),
        sample.to_owned(),
        m.kind.clone(),
        m.file.clone(),
        m.media.clone(),
        m.size.to_string(),
        m.user.clone(),
        m.user_name.clone(),
        or_empty(m.taken_at),
        m.received_at.to_string(),
        degrees(m.lon),
        degrees(m.lat),
        or_empty(m.accuracy),
        or_empty(m.distance),
        m.in_app.to_string(),
        m.doubts.join(","),
    ])
}

/// A stretch of custody, with the hash of the one before.
pub fn hand(sample: &str, part: &str, h: &Hand, before: &str) -> Digest {
    let (no, from) = (h.no.to_string(), h.from_at.to_string());
    hash_of_fields::<&str>(&[
        before,
        sample,
        part,
        &no,
        &h.holder,
        &h.holder_name,
        &h.person,
        &h.person_name,
        &h.giver,
        &h.giver_name,
        &from,
        &h.temperature,
        bit(h.seal_whole),
        &h.note,
    ])
}

/// One revision of results; the order in which they were entered says nothing.
pub fn results(sample: &str, revision: i64, items: &[TestResult], user: &str, at: Millis) -> Digest {
    let mut sorted: Vec<&TestResult> = items.iter().collect();
    sorted.sort_by(|a, b| a.item.cmp(&b.item));
    let (revision, at) = (revision.to_string(), at.to_string());
    let mut fields: Vec<&str> = vec![sample, &revision, user, &at];
    for r in sorted {
        fields.extend([r.item.as_str(), &r.method, &r.result, &r.unit, &r.lod, &r.reading, &r.note]);
    }
    hash_of_fields(&fields)
}

/// A report: its conclusion with every item, the limit and the rule. `signed`: who, when.
pub fn verdict(sample: &str, word: &str, grave: bool, rows: &[Kept], signed: (&str, Millis)) -> Digest {
    let at = signed.1.to_string();
    let mut fields: Vec<&str> = vec![sample, word, bit(grave), signed.0, &at];
    for row in rows {
        fields.extend([row.item.as_str(), &row.judged, &row.outcome, &row.decided_by, &row.decided_why]);
    }
    hash_of_fields(&fields)
}

/// A declared correction as its row has it: the texts of its columns in their order.
pub fn correction(sample: &str, texts: &[&str], at: Millis) -> Digest {
    let at = at.to_string();
    let mut fields = vec![sample];
    fields.extend_from_slice(texts);
    fields.push(&at);
    hash_of_fields(&fields)
}

/// What an instrument read. `place`: run, line.
pub fn reading(id: &str, place: (&str, i64), of: (&str, &str), r: &TestResult, at: Millis) -> Digest {
    let (line, at) = (place.1.to_string(), at.to_string());
    hash_of_fields::<&str>(&[
        id, place.0, &line, of.0, of.1, &r.item, &r.method, &r.result, &r.unit, &r.lod, &at,
    ])
}

/// The laboratory that was drawn for a recheck.
pub fn draw(sample: &str, lab: &str, draw: &str) -> Digest {
    hash_of_fields::<&str>(&[sample, lab, draw])
}
