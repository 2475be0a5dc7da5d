//! Quantities: whole numbers of a base unit (grams, millilitres, pieces), never floating point.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// The base unit a product is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// grams
    G,
    /// millilitres
    Ml,
    /// pieces (件、袋、瓶、头 …)
    Pc,
}

impl Unit {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::G => "g",
            Self::Ml => "ml",
            Self::Pc => "pc",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "g" => Self::G,
            "ml" => Self::Ml,
            "pc" => Self::Pc,
            _ => return None,
        })
    }
}

/// A quantity in base units; 9,000,000 tonnes of grams fit with room to spare.
pub type Amount = i64;

/// The largest amount one line may carry: a million tonnes in grams.
pub const MAX_AMOUNT: Amount = 1_000_000_000_000;

/// Units people write, what they are in base units, and the factor.
const WRITTEN: &[(&str, Unit, i64)] = &[
    ("g", Unit::G, 1),
    ("克", Unit::G, 1),
    ("kg", Unit::G, 1_000),
    ("千克", Unit::G, 1_000),
    ("公斤", Unit::G, 1_000),
    ("斤", Unit::G, 500),
    ("两", Unit::G, 50),
    ("t", Unit::G, 1_000_000),
    ("吨", Unit::G, 1_000_000),
    ("ml", Unit::Ml, 1),
    ("毫升", Unit::Ml, 1),
    ("l", Unit::Ml, 1_000),
    ("升", Unit::Ml, 1_000),
    ("pc", Unit::Pc, 1),
    ("件", Unit::Pc, 1),
    ("个", Unit::Pc, 1),
    ("袋", Unit::Pc, 1),
    ("瓶", Unit::Pc, 1),
    ("盒", Unit::Pc, 1),
    ("箱", Unit::Pc, 1),
    ("包", Unit::Pc, 1),
    ("罐", Unit::Pc, 1),
    ("桶", Unit::Pc, 1),
    ("头", Unit::Pc, 1),
    ("只", Unit::Pc, 1),
    ("条", Unit::Pc, 1),
    ("枚", Unit::Pc, 1),
    ("份", Unit::Pc, 1),
];

/// The base unit and factor of a written unit (`公斤` is 1000 g); `None` where it is not known.
pub fn written_unit(text: &str) -> Option<(Unit, i64)> {
    let text = text.trim().to_lowercase();
    WRITTEN.iter().find(|(name, ..)| *name == text).map(|&(_, unit, factor)| (unit, factor))
}

/// Reads a decimal number and a written unit exactly: `12.5` `公斤` is 12500 g.
///
/// Errors: `amount_syntax`, `amount_negative`, `amount_too_large`, `amount_too_fine` (less than one base unit),
/// `unit_unknown`; the field is `amount` or `unit`.
pub fn parse_amount(number: &str, unit: &str) -> Result<(Amount, Unit)> {
    let (base, factor) = written_unit(unit).ok_or_else(|| {
        Error::invalid(
            "unit",
            "unit_unknown",
            format!("不认识的单位“{unit}”，可用：克、公斤、斤、吨、毫升、升、件、袋、瓶、箱等"),
        )
    })?;
    let amount = parse_decimal(number.trim(), factor)?;
    Ok((amount, base))
}

/// `text` × `factor` as a whole number, without rounding. Errors: those of [`parse_amount`] but for the unit.
pub fn parse_decimal(text: &str, factor: i64) -> Result<Amount> {
    let wrong = |code: &'static str, message: String| Error::invalid("amount", code, message);
    if text.starts_with('-') {
        return Err(wrong("amount_negative", format!("数量“{text}”不能为负数")));
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) || (text.contains('.') && fraction.is_empty())
    {
        return Err(wrong("amount_syntax", format!("“{text}”不是数量，请填写数字，如 12.5")));
    }
    let too_large = || wrong("amount_too_large", format!("数量“{text}”超出上限（一百万吨）"));
    let fraction = fraction.trim_end_matches('0');
    if whole.len() > 13 || fraction.len() > 12 {
        return Err(if whole.len() > 13 { too_large() } else { too_fine(text) });
    }
    let scale = 10_i128.pow(fraction.len() as u32);
    let number: i128 = format!("{whole}{fraction}").parse().map_err(|_| too_large())?;
    let scaled = number * i128::from(factor);
    if scaled % scale != 0 {
        return Err(too_fine(text));
    }
    let amount = i64::try_from(scaled / scale).map_err(|_| too_large())?;
    check_amount(amount)
}

fn too_fine(text: &str) -> Error {
    Error::invalid("amount", "amount_too_fine", format!("数量“{text}”小数位过多，最小到 1 克、1 毫升或 1 件"))
}

/// Refuses negative and overflowing amounts.
pub fn check_amount(amount: Amount) -> Result<Amount> {
    if amount < 0 {
        return Err(Error::invalid("amount", "amount_negative", "数量不能为负数"));
    }
    if amount > MAX_AMOUNT {
        return Err(Error::invalid("amount", "amount_too_large", "数量超出上限（一百万吨）"));
    }
    Ok(amount)
}

/// How an amount is shown: `12.5 公斤`, `800 克`, `36 件`.
pub struct Shown(pub Amount, pub Unit);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(amount, unit) = *self;
        let (large, small, step) = match unit {
            Unit::G => ("公斤", "克", 1_000),
            Unit::Ml => ("升", "毫升", 1_000),
            Unit::Pc => return write!(f, "{amount} 件"),
        };
        if amount.abs() < step {
            return write!(f, "{amount} {small}");
        }
        let rest = format!("{:03}", amount.abs() % step);
        let rest = rest.trim_end_matches('0');
        let dot = if rest.is_empty() { "" } else { "." };
        write!(f, "{}{dot}{rest} {large}", amount / step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_amounts_are_exact() {
        let table =
            [("12.5", "公斤", 12_500), ("3", "斤", 1_500), ("0.001", "kg", 1), ("1", "吨", 1_000_000)];
        for (number, unit, grams) in table {
            assert_eq!(parse_amount(number, unit).unwrap(), (grams, Unit::G), "{number} {unit}");
        }
        assert_eq!(parse_amount("6", "瓶").unwrap(), (6, Unit::Pc));
    }

    #[test]
    fn wrong_amounts_say_why() {
        let table = [
            ("-1", "kg", "amount_negative"),
            ("1e9", "kg", "amount_syntax"),
            ("1.", "kg", "amount_syntax"),
            ("", "kg", "amount_syntax"),
            ("0.0001", "kg", "amount_too_fine"),
            ("99999999999999", "吨", "amount_too_large"),
            ("2000000", "吨", "amount_too_large"),
            ("1.5", "件", "amount_too_fine"),
            ("1", "妖", "unit_unknown"),
        ];
        for (number, unit, code) in table {
            assert_eq!(parse_amount(number, unit).unwrap_err().code, code, "{number} {unit}");
        }
    }

    #[test]
    fn amounts_are_shown_in_the_larger_unit() {
        assert_eq!(Shown(12_500, Unit::G).to_string(), "12.5 公斤");
        assert_eq!(Shown(800, Unit::Ml).to_string(), "800 毫升");
        assert_eq!(Shown(1_000, Unit::G).to_string(), "1 公斤");
    }
}
