//! What a laboratory reported, as it wrote it: numbers, "not detected", less than, several of one plan.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::dec::Dec;

/// One result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    Value(Dec),
    /// `<10`: below this.
    Below(Dec),
    /// `>250`: above this.
    Above(Dec),
    /// 未检出; with the limit of detection where it is told.
    NotDetected(Option<Dec>),
    /// 检出, without a number.
    Detected,
}

/// The results of one item and the unit that they are in; `unit` is empty where the text has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    pub readings: Vec<Reading>,
    pub unit: String,
}

const ABSENT: [&str; 8] = ["未检出", "不得检出", "ND", "nd", "N.D.", "n.d.", "阴性", "未检测到"];
const PRESENT: [&str; 3] = ["检出", "阳性", "+"];

/// Reads `2.55μg/kg`, `3.7×10⁴ CFU/g`, `<10`, `未检出(<0.02)`, `检出`, `12;35;8;110;20 CFU/g`, `m=12;35`. `None` where it is none of these.
pub fn read(text: &str) -> Option<Read> {
    let text = text.trim().replace(['；', '、'], ";").replace('＜', "<").replace('＞', ">");
    let text = text.replace('（', "(").replace('）', ")");
    // `n=5,c=2,m=10,M=100: 12;35` tells the plan before the results
    let text = match text.rsplit_once([':', '：']) {
        Some((before, after)) if before.contains("n=") => after.trim().to_owned(),
        _ => text,
    };
    let mut readings = Vec::new();
    let mut unit = String::new();
    for part in text.split(';').map(str::trim).filter(|p| !p.is_empty()) {
        let (reading, of) = one(part)?;
        readings.push(reading);
        if !of.is_empty() {
            unit = of;
        }
    }
    (!readings.is_empty()).then_some(Read { readings, unit })
}

fn one(text: &str) -> Option<(Reading, String)> {
    if let Some(rest) = ABSENT.iter().find_map(|w| text.strip_prefix(w)) {
        let bound = rest.trim().trim_start_matches(['(', ',', '，']).trim_end_matches(')');
        let bound = bound.trim_start_matches("检出限").trim_start_matches([':', '：', '=', '<', '≤']).trim();
        if bound.is_empty() {
            return Some((Reading::NotDetected(None), String::new()));
        }
        let (lod, unit) = number(bound)?;
        return Some((Reading::NotDetected(Some(lod)), unit));
    }
    if let Some(rest) = PRESENT.iter().find_map(|w| text.strip_prefix(w)) {
        if rest.trim().is_empty() {
            return Some((Reading::Detected, String::new()));
        }
        let (value, unit) = number(rest.trim_start_matches([':', '：', '(']).trim_end_matches(')'))?;
        return Some((Reading::Value(value), unit));
    }
    if let Some(rest) = text.strip_prefix('<') {
        return number(rest.trim_start_matches('=')).map(|(d, u)| (Reading::Below(d), u));
    }
    if let Some(rest) = text.strip_prefix('>') {
        return number(rest.trim_start_matches('=')).map(|(d, u)| (Reading::Above(d), u));
    }
    number(text).map(|(d, u)| (Reading::Value(d), u))
}

/// A number and the unit behind it.
pub fn number(text: &str) -> Option<(Dec, String)> {
    let text = text.trim();
    let mut ends: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
    ends.reverse();
    // the longest beginning that is a number
    let (value, end) = ends.into_iter().find_map(|end| Some((Dec::parse(&text[..end])?, end)))?;
    let unit = text[end..].trim();
    // a letter or mark that a number would go on with is no unit
    let odd = unit.starts_with(|c: char| c.is_ascii_digit() || ".×^±~～-".contains(c));
    (!odd).then(|| (value, unit.to_owned()))
}

impl Reading {
    /// As people read it.
    pub fn shown(&self) -> String {
        match self {
            Self::Value(d) => d.to_string(),
            Self::Below(d) => format!("<{d}"),
            Self::Above(d) => format!(">{d}"),
            Self::NotDetected(None) => "未检出".into(),
            Self::NotDetected(Some(d)) => format!("未检出(<{d})"),
            Self::Detected => "检出".into(),
        }
    }

    /// The same in a unit `10^power` times smaller.
    #[must_use]
    pub fn shift(&self, power: i32) -> Self {
        match self {
            Self::Value(d) => Self::Value(d.shift(power)),
            Self::Below(d) => Self::Below(d.shift(power)),
            Self::Above(d) => Self::Above(d.shift(power)),
            Self::NotDetected(d) => Self::NotDetected(d.map(|d| d.shift(power))),
            Self::Detected => Self::Detected,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_read_as_they_are_written() {
        let d = |t: &str| Dec::parse(t).unwrap();
        type Row = (&'static str, Option<(Vec<Reading>, &'static str)>);
        let table: [Row; 16] = [
            ("2.55μg/kg", Some((vec![Reading::Value(d("2.55"))], "μg/kg"))),
            ("3.7×10⁴ CFU/g", Some((vec![Reading::Value(d("37000"))], "CFU/g"))),
            ("<10", Some((vec![Reading::Below(d("10"))], ""))),
            ("＜0.02 mg/kg", Some((vec![Reading::Below(d("0.02"))], "mg/kg"))),
            (">250", Some((vec![Reading::Above(d("250"))], ""))),
            ("未检出", Some((vec![Reading::NotDetected(None)], ""))),
            ("未检出(<0.02)", Some((vec![Reading::NotDetected(Some(d("0.02")))], ""))),
            ("未检出（检出限：0.5μg/kg）", Some((vec![Reading::NotDetected(Some(d("0.5")))], "μg/kg"))),
            ("ND", Some((vec![Reading::NotDetected(None)], ""))),
            ("检出", Some((vec![Reading::Detected], ""))),
            ("49.8 %vol", Some((vec![Reading::Value(d("49.8"))], "%vol"))),
            (
                "12;<10；110 CFU/g",
                Some((
                    vec![Reading::Value(d("12")), Reading::Below(d("10")), Reading::Value(d("110"))],
                    "CFU/g",
                )),
            ),
            ("n=5,c=2,m=10,M=100: 12;35", Some((vec![Reading::Value(d("12")), Reading::Value(d("35"))], ""))),
            ("合格", None),
            ("1.2±0.1", None),
            ("", None),
        ];
        for (text, expected) in table {
            let got = read(text).map(|r| (r.readings, r.unit));
            assert_eq!(got, expected.map(|(r, u)| (r, u.to_owned())), "{text}");
        }
    }
}
