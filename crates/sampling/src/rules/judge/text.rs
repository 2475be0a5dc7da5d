//! Bounds in words, and read from what workbooks say.

use super::{Bound, Dec};
use crate::rules::reading::number;

/// A bound in words: `≤0.2 mg/kg`, `n=5,c=2,m=10000,M=100000 CFU/g`.
pub fn words(bound: &Bound, unit: &str) -> String {
    let text = match bound {
        Bound::Most { value } => format!("≤{value}"),
        Bound::Under { value } => format!("<{value}"),
        Bound::Least { value } => format!("≥{value}"),
        Bound::Over { value } => format!(">{value}"),
        Bound::Range { low, high } => format!("{low}～{high}"),
        Bound::Absent => return "不得检出".into(),
        Bound::Plan { n, c, m, top: Some(top) } => format!("n={n},c={c},m={m},M={top}"),
        Bound::Plan { n, c, m, top: None } => format!("n={n},c={c},m={m}"),
        Bound::Sum { parts, value } => format!("{}之和 ≤{value}", parts.join("与")),
        Bound::Ratios { value, .. } => format!("比例之和 ≤{value}"),
    };
    format!("{text} {unit}").trim().to_owned()
}

/// A bound as a table of limits has it: 限量 and 组成, as they are read again.
pub fn cells(bound: &Bound) -> (String, String) {
    match bound {
        Bound::Sum { parts, value } => (format!("≤{value}"), parts.join(";")),
        Bound::Ratios { parts, value } => {
            let parts: Vec<String> = parts.iter().map(|p| format!("{}={}", p.item, p.value)).collect();
            (format!("≤{value}"), parts.join(";"))
        }
        other => (words(other, ""), String::new()),
    }
}

/// Reads a bound as workbooks write it: `≤0.2`, `52±1.0`, `51.0～53.0`, `不得检出`, `n=5,c=2,m=10,M=100`, each with a
/// unit behind it or without.
pub fn read_bound(text: &str) -> Option<(Bound, String)> {
    let text = text.trim().replace('＝', "=").replace('，', ",").replace('＜', "<").replace('＞', ">");
    if ["不得检出", "ND", "阴性"].iter().any(|w| text.starts_with(w)) {
        return Some((Bound::Absent, String::new()));
    }
    if text.contains("n=") {
        return read_plan(&text);
    }
    type Sign = (&'static str, fn(Dec) -> Bound);
    let signs: [Sign; 8] = [
        ("≤", |value| Bound::Most { value }),
        ("<=", |value| Bound::Most { value }),
        ("≥", |value| Bound::Least { value }),
        (">=", |value| Bound::Least { value }),
        ("<", |value| Bound::Under { value }),
        (">", |value| Bound::Over { value }),
        ("不超过", |value| Bound::Most { value }),
        ("不低于", |value| Bound::Least { value }),
    ];
    for (sign, make) in signs {
        if let Some(rest) = text.strip_prefix(sign) {
            return number(rest).map(|(value, unit)| (make(value), unit));
        }
    }
    if let Some((middle, spread)) = text.split_once('±') {
        let middle = Dec::parse(middle)?;
        let (spread, unit) = number(spread)?;
        return Some((Bound::Range { low: middle.minus(spread)?, high: middle.plus(spread)? }, unit));
    }
    for sign in ["～", "~", "—", "-"] {
        if let Some((low, high)) = text.split_once(sign) {
            let low = Dec::parse(low)?;
            let (high, unit) = number(high)?;
            return (low <= high).then_some((Bound::Range { low, high }, unit));
        }
    }
    None
}

fn read_plan(text: &str) -> Option<(Bound, String)> {
    let (mut n, mut c, mut m, mut top, mut unit) = (None, None, None, None, String::new());
    for part in text.split([',', ';']).map(str::trim) {
        let (name, value) = part.split_once('=')?;
        let (value, of) = number(value)?;
        match name.trim() {
            "n" => n = value.to_string().parse().ok(),
            "c" => c = value.to_string().parse().ok(),
            "m" => m = Some(value),
            "M" => top = Some(value),
            _ => return None,
        }
        if !of.is_empty() {
            unit = of;
        }
    }
    Some((Bound::Plan { n: n?, c: c?, m: m?, top }, unit))
}
