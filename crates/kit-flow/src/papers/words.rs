//! How values are written in documents.

use kit_base::clock::china_text;
use serde_json::Value;

/// Formats that a field may have.
pub const FORMATS: &[&str] = &["", "date", "time", "money", "capital", "people", "choice", "yes"];

/// A value in words; `None` where it does not fit the format. `people` and `choice` are looked up by the caller.
pub fn written(value: &Value, format: &str) -> Option<String> {
    match format {
        "date" => match value {
            Value::String(day) => date(day),
            Value::Number(at) => at.as_i64().and_then(|at| date(&kit_base::clock::china_day(at).to_string())),
            _ => None,
        },
        "time" => value.as_i64().map(|at| china_text(at).replace('T', " ")),
        "money" => value.as_i64().map(money),
        "capital" => value.as_i64().map(capital),
        "yes" => value.as_bool().map(|b| if b { "是" } else { "否" }.to_owned()),
        _ => match value {
            Value::String(text) => Some(text.trim().to_owned()),
            Value::Number(n) => Some(n.to_string()),
            Value::Array(list) => {
                let texts: Option<Vec<&str>> = list.iter().map(Value::as_str).collect();
                texts.map(|t| t.join("、"))
            }
            _ => None,
        },
    }
}

/// `2026-03-01` as `2026年3月1日`.
fn date(text: &str) -> Option<String> {
    let day: jiff::civil::Date = text.parse().ok()?;
    Some(format!("{}年{}月{}日", day.year(), day.month(), day.day()))
}

/// Fen as `12,345.60元`; whole yuan without the fraction.
pub fn money(fen: i64) -> String {
    let (yuan, rest) = (fen.unsigned_abs() / 100, fen.unsigned_abs() % 100);
    let digits = yuan.to_string();
    let mut out = String::from(if fen < 0 { "-" } else { "" });
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if rest > 0 {
        out.push_str(&format!(".{rest:02}"));
    }
    out + "元"
}

const DIGITS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];

/// Fen in the numerals of sums (大写金额): 伍万零叁佰元整, 壹元零伍分.
pub fn capital(fen: i64) -> String {
    let (yuan, rest) = (fen.unsigned_abs() / 100, fen.unsigned_abs() % 100);
    let mut out = String::from(if fen < 0 { "负" } else { "" });
    if yuan > 0 || rest == 0 {
        out.push_str(&whole(yuan));
        out.push('元');
    }
    let (jiao, cent) = ((rest / 10) as usize, (rest % 10) as usize);
    match (jiao, cent) {
        (0, 0) => out.push('整'),
        (0, _) if yuan > 0 => out.push_str(&format!("零{}分", DIGITS[cent])),
        (0, _) => out.push_str(&format!("{}分", DIGITS[cent])),
        (_, 0) => out.push_str(&format!("{}角", DIGITS[jiao])),
        _ => out.push_str(&format!("{}角{}分", DIGITS[jiao], DIGITS[cent])),
    }
    out
}

fn whole(mut n: u64) -> String {
    if n == 0 {
        return DIGITS[0].to_owned();
    }
    let mut groups = Vec::new();
    while n > 0 {
        groups.push(n % 10_000);
        n /= 10_000;
    }
    let units = ["", "万", "亿", "万亿", "亿亿"];
    let mut out = String::new();
    let mut gap = false;
    for (i, group) in groups.iter().enumerate().rev() {
        if *group == 0 {
            gap = true;
            continue;
        }
        if !out.is_empty() && (gap || *group < 1_000) {
            out.push_str(DIGITS[0]);
        }
        out.push_str(&four(*group));
        out.push_str(units.get(i).copied().unwrap_or(""));
        gap = false;
    }
    out
}

/// 1 to 9999.
fn four(n: u64) -> String {
    let mut out = String::new();
    let mut gap = false;
    for (step, unit) in [(1_000, "仟"), (100, "佰"), (10, "拾"), (1, "")] {
        let digit = (n / step % 10) as usize;
        if digit == 0 {
            gap = !out.is_empty();
            continue;
        }
        if gap {
            out.push_str(DIGITS[0]);
        }
        out.push_str(DIGITS[digit]);
        out.push_str(unit);
        gap = false;
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn sums_are_written_as_on_a_cheque() {
        let table = [
            (0, "零元整"),
            (100, "壹元整"),
            (1_000, "壹拾元整"),
            (10_500, "壹佰零伍元整"),
            (200_000, "贰仟元整"),
            (5_000_000, "伍万元整"),
            (5_030_000, "伍万零叁佰元整"),
            (10_000_100, "壹拾万零壹元整"),
            (12_345_678, "壹拾贰万叁仟肆佰伍拾陆元柒角捌分"),
            (10_000_000_000, "壹亿元整"),
            (10_000_500_000, "壹亿零伍仟元整"),
            (105, "壹元零伍分"),
            (5, "伍分"),
            (50, "伍角"),
        ];
        for (fen, words) in table {
            assert_eq!(capital(fen), words, "{fen}");
        }
        assert_eq!((money(123_456_700), money(1_205)), ("1,234,567元".to_owned(), "12.05元".to_owned()));
    }

    #[test]
    fn values_are_written_by_their_format() {
        let table = [
            (json!("2026-03-01"), "date", Some("2026年3月1日")),
            (json!("明天"), "date", None),
            (json!(true), "yes", Some("是")),
            (json!(50_000), "money", Some("500元")),
            (json!("x"), "money", None),
            (json!(["甲", "乙"]), "", Some("甲、乙")),
            (json!(3), "", Some("3")),
        ];
        for (value, format, words) in table {
            assert_eq!(written(&value, format).as_deref(), words, "{value} {format}");
        }
    }
}
