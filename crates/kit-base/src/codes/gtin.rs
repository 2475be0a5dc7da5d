//! 商品条码 GTIN-8, -12, -13 and -14 (GB 12904, GS1 General Specifications).

use super::{Verdict, digits};

/// Checks the plain form ([`super::tidy`]). Wrong: `gtin_form`, `gtin_check`; warning: `gtin_internal` (a shop's own
/// number, prefix 02 or 20 to 29, which means nothing outside that shop).
pub fn check(code: &str) -> Verdict {
    let Some(body) = digits(code).filter(|d| matches!(d.len(), 8 | 12 | 13 | 14)) else {
        return Verdict::wrong("gtin_form", format!("商品条码应为 8、12、13 或 14 位数字，现为“{code}”"));
    };
    let (last, front) = (body[body.len() - 1], &body[..body.len() - 1]);
    if check_digit(front) != last {
        return Verdict::wrong(
            "gtin_check",
            format!("商品条码“{code}”校验位不符，多为抄错一位，请重新扫码或核对包装"),
        );
    }
    let prefix = &padded(code)[1..3];
    if code.len() > 8 && (prefix == "02" || prefix.starts_with('2')) {
        return Verdict::warning(
            "gtin_internal",
            format!("“{code}”是店内码，只在本店有效，请改用商品自己的条码"),
        );
    }
    Verdict::Good
}

/// The check digit over the digits before it: weights 3 and 1 in turn from the right.
pub fn check_digit(front: &[u32]) -> u32 {
    let sum: u32 = front.iter().rev().enumerate().map(|(i, d)| if i % 2 == 0 { d * 3 } else { *d }).sum();
    (10 - sum % 10) % 10
}

/// The 14-digit form in which codes are stored and compared.
pub fn padded(code: &str) -> String {
    format!("{code:0>14}")
}

/// A valid code over its front digits; for test data and the simulator.
pub fn complete(front: &str) -> Option<String> {
    let body = digits(front).filter(|d| matches!(d.len(), 7 | 11 | 12 | 13))?;
    Some(format!("{front}{}", check_digit(&body)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_codes() {
        // 6922165902996 is of the regulations, the others are the examples of the GS1 specification
        for code in ["6922165902996", "96385074", "614141000036", "10614141000415"] {
            assert_eq!(check(code), Verdict::Good, "{code}");
            assert_eq!(complete(&code[..code.len() - 1]).unwrap(), code);
        }
        assert_eq!(padded("96385074"), "00000096385074");
        let table = [
            ("6922165902995", "gtin_check"),
            ("692216590299", "gtin_check"),
            ("69221659029", "gtin_form"),
            ("692216590299X", "gtin_form"),
            ("", "gtin_form"),
            ("2112345678900", "gtin_internal"),
        ];
        for (code, expected) in table {
            assert_eq!(check(code).code(), Some(expected), "{code}");
        }
    }

    proptest! {
        #[test]
        fn every_single_wrong_digit_is_refused(front in "69[0-9]{10}", at in 0usize..13, to in 0u8..10) {
            let mut bytes = complete(&front).unwrap().into_bytes();
            prop_assume!(bytes[at] != b'0' + to);
            bytes[at] = b'0' + to;
            prop_assert_eq!(check(std::str::from_utf8(&bytes).unwrap()).code(), Some("gtin_check"));
        }
    }
}
