//! Units of results and limits: those of one quantity differ by powers of ten, and nothing else is converted.

/// Quantity and power of ten towards its base unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    pub quantity: &'static str,
    pub power: i32,
}

/// Written form, quantity, power of ten. What is a percentage by mass is 10⁴ mg/kg.
const UNITS: &[(&str, &str, i32)] = &[
    ("mg/kg", "mass", 0),
    ("ug/g", "mass", 0),
    ("ppm", "mass", 0),
    ("ug/kg", "mass", -3),
    ("ng/g", "mass", -3),
    ("ppb", "mass", -3),
    ("ng/kg", "mass", -6),
    ("pg/g", "mass", -6),
    ("g/kg", "mass", 3),
    ("mg/g", "mass", 3),
    ("g/100g", "mass", 4),
    ("%", "mass", 4),
    ("mg/100g", "mass", 1),
    ("ug/100g", "mass", -2),
    ("mg/l", "volume", 0),
    ("ug/ml", "volume", 0),
    ("ug/l", "volume", -3),
    ("ng/ml", "volume", -3),
    ("ng/l", "volume", -6),
    ("g/l", "volume", 3),
    ("mg/ml", "volume", 3),
    ("g/100ml", "volume", 4),
    ("mg/100ml", "volume", 1),
    ("cfu/g", "cfu by mass", 0),
    ("cfu/100g", "cfu by mass", -2),
    ("cfu/kg", "cfu by mass", -3),
    ("cfu/ml", "cfu by volume", 0),
    ("cfu/100ml", "cfu by volume", -2),
    ("cfu/l", "cfu by volume", -3),
    ("mpn/g", "mpn by mass", 0),
    ("mpn/100g", "mpn by mass", -2),
    ("mpn/ml", "mpn by volume", 0),
    ("mpn/100ml", "mpn by volume", -2),
    ("%vol", "alcohol", 0),
    ("bq/kg", "activity", 0),
    ("kbq/kg", "activity", 3),
    ("kj/100g", "energy", 0),
    ("/25g", "in 25 g", 0),
    ("/25ml", "in 25 ml", 0),
    ("ph", "ph", 0),
    ("", "plain", 0),
];

/// One way to write a unit: `μg/kg`, `ug / kg` and `微克/千克` are one.
pub fn normal(text: &str) -> String {
    let mut out = String::new();
    for c in text.trim().chars() {
        match c {
            'μ' | 'µ' | 'Μ' => out.push('u'),
            '／' => out.push('/'),
            '％' => out.push('%'),
            ' ' | '\u{a0}' | '\u{3000}' | '(' | ')' | '（' | '）' => {}
            '０'..='９' => out.push(char::from(b'0' + (c as u32 - '０' as u32) as u8)),
            c => out.extend(c.to_lowercase()),
        }
    }
    let words = [
        ("毫克", "mg"),
        ("微克", "ug"),
        ("纳克", "ng"),
        ("千克", "kg"),
        ("公斤", "kg"),
        ("毫升", "ml"),
        ("克", "g"),
        ("升", "l"),
    ];
    for (word, sign) in words {
        out = out.replace(word, sign);
    }
    out
}

pub fn known(text: &str) -> Option<Known> {
    let text = normal(text);
    UNITS.iter().find(|u| u.0 == text).map(|(_, quantity, power)| Known { quantity, power: *power })
}

/// Power of ten that a number in `from` is to be shifted by to be one in `to`; `None` where the two do not compare.
/// Units that are not known compare with themselves.
pub fn shift(from: &str, to: &str) -> Option<i32> {
    if normal(from) == normal(to) {
        return Some(0);
    }
    let (a, b) = (known(from)?, known(to)?);
    (a.quantity == b.quantity).then_some(a.power - b.power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_one_quantity_compare() {
        let table = [
            ("μg/kg", "mg/kg", Some(-3)),
            ("g/kg", "mg/kg", Some(3)),
            ("微克/千克", "ug/kg", Some(0)),
            ("g/100g", "%", Some(0)),
            ("％", "g/kg", Some(1)),
            ("mg/L", "mg/kg", None),
            ("CFU/g", "cfu/mL", None),
            ("MPN/100g", "MPN/g", Some(-2)),
            ("个/份", "个/份", Some(0)),
            ("个/份", "个/袋", None),
            ("%vol", "%", None),
        ];
        for (from, to, expected) in table {
            assert_eq!(shift(from, to), expected, "{from} {to}");
        }
    }
}
