//! Decimal numbers exactly as written; no floating point between the document and the stock.

use std::cmp::Ordering;
use std::fmt;

/// `mantissa` / 10^`scale`, without trailing zeros: equal numbers are equal values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    mantissa: i128,
    scale: u32,
}

impl Decimal {
    /// Reads `12`, `-0.50`, `+3.`, `.5`, `1e-3`; `None` for anything else and for numbers of more than 30 digits.
    pub fn parse(text: &str) -> Option<Self> {
        let (number, exponent) = match text.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (negative, number) = match number.as_bytes().first()? {
            b'-' => (true, &number[1..]),
            b'+' => (false, &number[1..]),
            _ => (false, number),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let digits = whole.bytes().chain(fraction.bytes());
        if whole.len() + fraction.len() == 0 || !digits.clone().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let mut mantissa: i128 = 0;
        for digit in digits {
            mantissa = mantissa.checked_mul(10)?.checked_add(i128::from(digit - b'0'))?;
        }
        if mantissa >= 10_i128.pow(30) {
            return None;
        }
        let scale = i64::try_from(fraction.len()).ok()? - i64::from(exponent);
        Self::scaled(if negative { -mantissa } else { mantissa }, scale)
    }

    fn scaled(mut mantissa: i128, mut scale: i64) -> Option<Self> {
        if mantissa == 0 {
            return Some(Self { mantissa: 0, scale: 0 });
        }
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        while scale < 0 {
            mantissa = mantissa.checked_mul(10)?;
            scale += 1;
        }
        (scale <= 38).then_some(Self { mantissa, scale: u32::try_from(scale).ok()? })
    }

    pub fn is_negative(self) -> bool {
        self.mantissa < 0
    }

    pub fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    /// `self` × `over` / `under`, rounded half up to a whole number; `None` where it does not fit.
    pub fn times(self, over: i64, under: i64) -> Option<i64> {
        let number = self.mantissa.checked_mul(i128::from(over))?;
        let step = 10_i128.checked_pow(self.scale)?.checked_mul(i128::from(under))?;
        let whole = number.div_euclid(step);
        let up = number.rem_euclid(step) >= step - step / 2;
        i64::try_from(whole + i128::from(up)).ok()
    }

    /// Whether it is a whole number after multiplying.
    pub fn is_whole_times(self, over: i64, under: i64) -> bool {
        let number = self.mantissa.checked_mul(i128::from(over));
        let step = 10_i128.checked_pow(self.scale).and_then(|s| s.checked_mul(i128::from(under)));
        matches!((number, step), (Some(number), Some(step)) if number % step == 0)
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let signs = self.mantissa.signum().cmp(&other.mantissa.signum());
        if !signs.is_eq() || self.mantissa == 0 {
            return signs;
        }
        let raised =
            |number: &Self, by: u32| 10_i128.checked_pow(by).and_then(|p| number.mantissa.checked_mul(p));
        // the one with fewer decimals is raised; where that does not fit, it is the one further from zero
        if self.scale <= other.scale {
            match raised(self, other.scale - self.scale) {
                Some(mantissa) => mantissa.cmp(&other.mantissa),
                None => signs_away(self),
            }
        } else {
            other.cmp(self).reverse()
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn signs_away(number: &Decimal) -> Ordering {
    if number.mantissa > 0 { Ordering::Greater } else { Ordering::Less }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.scale == 0 {
            return write!(f, "{}", self.mantissa);
        }
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let digits = format!("{:0width$}", self.mantissa.unsigned_abs(), width = self.scale as usize + 1);
        let (whole, fraction) = digits.split_at(digits.len() - self.scale as usize);
        write!(f, "{sign}{whole}.{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn equal_numbers_are_equal() {
        for (a, b) in [("10", "10.0"), ("0", "-0.00"), ("1e3", "1000"), ("1.50", "15e-1"), (".5", "0.5")] {
            assert_eq!(Decimal::parse(a).unwrap(), Decimal::parse(b).unwrap(), "{a} {b}");
        }
        for bad in
            ["", "NaN", "INF", "1,5", "--1", "1e", "1e99", "0x1", "１", "1234567890123456789012345678901"]
        {
            assert_eq!(Decimal::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn rounding_is_half_up() {
        let times = |text: &str| Decimal::parse(text).unwrap().times(1_000, 1);
        assert_eq!(times("0.0005"), Some(1));
        assert_eq!(times("0.0004"), Some(0));
        assert_eq!(times("200.5"), Some(200_500));
        assert_eq!(times("99999999999999999999"), None);
        assert_eq!(Decimal::parse("1").unwrap().times(45_359_237, 100_000), Some(454));
    }

    proptest! {
        #[test]
        fn shows_what_it_read(whole in 0_i64..1_000_000_000, fraction in 0_u32..1_000_000, negative: bool) {
            let text = format!("{}{whole}.{fraction:06}", if negative { "-" } else { "" });
            let read = Decimal::parse(&text).unwrap();
            prop_assert_eq!(Decimal::parse(&read.to_string()), Some(read));
        }
    }
}
