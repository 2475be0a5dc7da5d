//! What of a case its party sees: the documents that were served on it, the time limits that are its own, and how far it
//! has come in words that give nothing of the inquiry away (行政处罚法第四十四条、第六十一条; 行政强制法第二十四条).

use kit_base::clock::china_day;
use kit_flow::state::Phase;
use kit_flow::{Definition, State};

/// Documents that go to the party: kind, code, and the record that proves the service (送达回证) with the field of its day;
/// without one they are handed over when they are made.
const TO_PARTY: &[(&str, &str, &str, &str)] = &[
    ("case", "notice", "notice_receipt", "told_on"),
    ("case", "hearing_notice", "", ""),
    ("case", "decision", "receipt", "served_on"),
    ("case", "no_penalty", "receipt", "served_on"),
    ("case", "instalment", "", ""),
    ("case", "urging", "urging_receipt", "urged_on"),
    ("case_simple", "decision", "", ""),
    ("preserve", "list", "", ""),
    ("preserve", "release", "", ""),
    ("seize", "decision", "", ""),
    ("seize", "longer", "", ""),
    ("seize", "release", "", ""),
];

/// Time limits that bind or protect the party.
pub const CLOCKS: [&str; 7] = ["statement", "payment", "payment_later", "urging", "seven", "term", "longer"];

/// A document that the party has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    pub code: String,
    pub number: String,
    /// The day of service in China, `2026-03-01`.
    pub on: String,
    pub void: bool,
}

/// What was served, in the order of the log.
pub fn served(definition: &Definition, state: &State) -> Vec<Served> {
    let kind = state.opened.kind.as_str();
    let mut out = Vec::new();
    for d in &state.documents {
        let Some((_, _, receipt, field)) = of(kind, &d.code) else { continue };
        // older versions of a kind had no record of this service: it counts when it was made
        let by_receipt = !receipt.is_empty() && definition.document(receipt).is_some();
        let proof = state
            .documents
            .iter()
            .rev()
            .find(|r| r.code == *receipt && r.annulled_at.is_none() && r.issued_at >= d.issued_at);
        let on = match (by_receipt, proof) {
            (false, _) => china_day(d.issued_at).to_string(),
            (true, Some(proof)) => {
                let told = state.data.get(*field).and_then(serde_json::Value::as_str);
                told.map_or_else(|| china_day(proof.issued_at).to_string(), str::to_owned)
            }
            (true, None) => continue,
        };
        out.push(Served {
            code: d.code.clone(),
            number: d.number.clone(),
            on,
            void: d.annulled_at.is_some(),
        });
    }
    out
}

fn of(kind: &str, code: &str) -> Option<&'static (&'static str, &'static str, &'static str, &'static str)> {
    TO_PARTY.iter().find(|(k, c, ..)| *k == kind && *c == code)
}

/// The document that reaches the party when one of this code is made: itself, or the one whose service it proves.
pub fn handed_by(definition: &Definition, kind: &str, made: &str) -> Option<&'static str> {
    let of_kind = TO_PARTY.iter().filter(|(k, ..)| *k == kind);
    for (_, code, receipt, _) in of_kind {
        let by_receipt = !receipt.is_empty() && definition.document(receipt).is_some();
        if (by_receipt && *receipt == made) || (!by_receipt && *code == made) {
            return Some(code);
        }
    }
    None
}

/// How far a case has come, for its party: code and words. What happens inside the bureau is one word.
pub fn stage(state: &State, served: &[Served]) -> (&'static str, &'static str) {
    let flag = |f: &str| state.flags.contains(f);
    let has = |code: &str| served.iter().any(|s| s.code == code && !s.void);
    if let Phase::Ended(_) = state.phase {
        return match state.status.as_str() {
            "released" => ("released", "已解除"),
            "settled" => ("settled", "已处理"),
            _ if flag("withdrawn") => ("ended", "已撤销立案"),
            _ => ("ended", "已办结"),
        };
    }
    match (state.opened.kind.as_str(), state.status.as_str()) {
        ("preserve", _) => ("kept", "保存中"),
        ("seize", _) => ("kept", "查封、扣押中"),
        ("case", "notice") if flag("told") => ("notice", "已告知，可以陈述申辩"),
        ("case", "hearing") => ("hearing", "听证"),
        (_, "executing") if has("no_penalty") => ("exempt", "不予处罚"),
        (_, "executing") if has("decision") && flag("revoked") => ("revoked", "决定已撤销、变更"),
        (_, "executing") if has("decision") && flag("paid") => ("performed", "已缴清"),
        (_, "executing") if has("decision") && flag("unpaid") => ("late", "逾期未缴"),
        (_, "executing") if has("decision") => ("decided", "已决定，待履行"),
        _ => ("working", "正在调查、审查"),
    }
}
