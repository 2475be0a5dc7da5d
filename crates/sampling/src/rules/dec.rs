//! Exact decimals: limits are compared as they are written, never as binary fractions.

use std::cmp::Ordering;
use std::fmt;

/// `digits × 10^exponent`, never with a trailing zero in `digits` but for nought itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Dec {
    digits: i128,
    exponent: i32,
}

/// Digits that are read; more is no measurement.
const MOST_DIGITS: usize = 18;
/// Powers of ten that two numbers may lie apart and still be compared digit by digit.
const FAR: i32 = 36;

impl Dec {
    pub const ZERO: Self = Self { digits: 0, exponent: 0 };
    pub const ONE: Self = Self { digits: 1, exponent: 0 };

    pub fn new(digits: i128, exponent: i32) -> Self {
        if digits == 0 {
            return Self::ZERO;
        }
        let (mut digits, mut exponent) = (digits, exponent);
        while digits % 10 == 0 {
            digits /= 10;
            exponent += 1;
        }
        Self { digits, exponent }
    }

    /// `0.02`, `12000`, `3.7e4`, `3.7×10^4`, `3.7×10⁴`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let text = plain(text);
        let (mantissa, exponent) = match text.find(['e', 'E', '×']) {
            None => (text.as_str(), 0),
            Some(at) => {
                let rest = text[at..].trim_start_matches(['e', 'E', '×']);
                let rest = if text[at..].starts_with('×') {
                    rest.strip_prefix("10")?.trim_start_matches('^')
                } else {
                    rest
                };
                (&text[..at], rest.parse::<i32>().ok().filter(|e| e.abs() <= 30)?)
            }
        };
        let (sign, mantissa) = match mantissa.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, mantissa.strip_prefix('+').unwrap_or(mantissa)),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        let digits = all.bytes().all(|b| b.is_ascii_digit()) && !all.is_empty();
        if !digits || all.trim_start_matches('0').len() > MOST_DIGITS {
            return None;
        }
        let value: i128 = all.parse().ok()?;
        Some(Self::new(sign * value, exponent - i32::try_from(fraction.len()).ok()?))
    }

    /// The same number in a unit that is `10^power` times smaller.
    #[must_use]
    pub fn shift(self, power: i32) -> Self {
        Self::new(self.digits, self.exponent + power)
    }

    pub fn is_zero(self) -> bool {
        self.digits == 0
    }

    /// `None` where the sum has too many digits.
    pub fn plus(self, other: Self) -> Option<Self> {
        let (a, b, exponent) = aligned(self, other)?;
        Some(Self::new(a.checked_add(b)?, exponent))
    }

    /// `None` where the product has too many digits.
    pub fn times(self, other: Self) -> Option<Self> {
        Some(Self::new(self.digits.checked_mul(other.digits)?, self.exponent + other.exponent))
    }

    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(Self { digits: -other.digits, ..other })
    }
}

/// Full-width digits, superscripts, and other ways to write the same signs.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        let superscript = "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|s| s == c);
        match c {
            '０'..='９' => out.push(char::from(b'0' + (c as u32 - '０' as u32) as u8)),
            '．' => out.push('.'),
            '－' | '−' | '⁻' => out.push('-'),
            '＋' | '⁺' => out.push('+'),
            'x' | 'X' | '*' | '✕' | '∙' | '·' => out.push('×'),
            ',' | '，' | ' ' | '\u{a0}' | '\u{3000}' => {}
            c => match superscript {
                Some(n) => out.push(char::from(b'0' + n as u8)),
                None => out.push(c),
            },
        }
    }
    out
}

fn aligned(a: Dec, b: Dec) -> Option<(i128, i128, i32)> {
    let exponent = a.exponent.min(b.exponent);
    let up = |d: Dec| {
        let by = d.exponent - exponent;
        if d.digits == 0 {
            return Some(0);
        }
        if by > FAR {
            return None;
        }
        d.digits.checked_mul(10_i128.checked_pow(u32::try_from(by).ok()?)?)
    };
    Some((up(a)?, up(b)?, exponent))
}

impl Ord for Dec {
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = self.digits.signum().cmp(&other.digits.signum());
        if sign != Ordering::Equal {
            return sign;
        }
        if let Some((a, b, _)) = aligned(*self, *other) {
            return a.cmp(&b);
        }
        // so far apart that the place of the first digit decides
        let place = |d: &Dec| d.exponent + d.digits.unsigned_abs().checked_ilog10().unwrap_or(0) as i32;
        let larger = place(self).cmp(&place(other));
        if self.digits > 0 { larger } else { larger.reverse() }
    }
}

impl PartialOrd for Dec {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Dec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.digits < 0 { "-" } else { "" };
        let digits = self.digits.unsigned_abs().to_string();
        if self.exponent >= 0 {
            let zeros = "0".repeat(usize::try_from(self.exponent).unwrap_or(0));
            return write!(f, "{sign}{digits}{zeros}");
        }
        let after = usize::try_from(-self.exponent).unwrap_or(0);
        let padded = format!("{digits:0>width$}", width = after + 1);
        let (whole, fraction) = padded.split_at(padded.len() - after);
        write!(f, "{sign}{whole}.{fraction}")
    }
}

impl serde::Serialize for Dec {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Dec {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("{text} is no number")))
    }
}

impl schemars::JsonSchema for Dec {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Dec".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "description": "a decimal as written: 0.02" })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_read_as_laboratories_write_them() {
        let table = [
            ("0.020", Some("0.02")),
            ("３．７×10⁴", Some("37000")),
            ("3.7x10^4", Some("37000")),
            ("3.7E4", Some("37000")),
            ("1.0×10⁻³", Some("0.001")),
            ("12,000", Some("12000")),
            ("-5", Some("-5")),
            ("0", Some("0")),
            (".5", Some("0.5")),
            ("", None),
            ("1.2.3", None),
            ("abc", None),
            ("1e99", None),
            ("1234567890123456789", None),
        ];
        for (text, expected) in table {
            assert_eq!(Dec::parse(text).map(|d| d.to_string()).as_deref(), expected, "{text}");
        }
    }

    proptest! {
        /// Against whole numbers of millionths.
        #[test]
        fn decimals_compare_and_add_like_whole_numbers(a in -1_000_000_000_i64..1_000_000_000, b in -1_000_000_000_i64..1_000_000_000, e in -6_i32..6) {
            let (x, y) = (Dec::new(a.into(), e), Dec::new(b.into(), e));
            prop_assert_eq!(x.cmp(&y), a.cmp(&b));
            prop_assert_eq!(x.plus(y).unwrap(), Dec::new((a + b).into(), e));
            prop_assert_eq!(x.times(y).unwrap(), Dec::new(i128::from(a) * i128::from(b), 2 * e));
            prop_assert_eq!(Dec::parse(&x.to_string()).unwrap(), x);
            // in another unit nothing changes
            prop_assert_eq!(x.shift(3).cmp(&y.shift(3)), a.cmp(&b));
            prop_assert_eq!(x.shift(40).cmp(&y), Dec::new(i128::from(a), e + 40).cmp(&y));
        }
    }
}
