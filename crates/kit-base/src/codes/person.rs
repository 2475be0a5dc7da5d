//! What belongs to a person: 公民身份号码 (GB 11643) and telephone numbers.

use super::{Verdict, digits};

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";

/// Checks the plain form of an id number. Wrong: `id_no_form`, `id_no_birthday`, `id_no_check`.
pub fn check_id(code: &str) -> Verdict {
    let front = code.get(..17).and_then(digits);
    let last = code.as_bytes().get(17).copied();
    let (Some(front), Some(last), 18) = (front, last, code.len()) else {
        return Verdict::wrong("id_no_form", "公民身份号码应为 18 位，前 17 位是数字，末位是数字或 X");
    };
    let number = |range: std::ops::Range<usize>| code[range].parse::<i16>().unwrap_or(0);
    let day = jiff::civil::Date::new(number(6..10), number(10..12) as i8, number(12..14) as i8);
    if !day.is_ok_and(|d| d.year() >= 1880) {
        return Verdict::wrong("id_no_birthday", format!("公民身份号码中的出生日期 {} 不存在", &code[6..14]));
    }
    let sum: u32 = WEIGHTS.iter().zip(front).map(|(w, d)| w * d).sum();
    if CHECKS[(sum % 11) as usize] != last {
        return Verdict::wrong("id_no_check", "公民身份号码校验位不符，多为抄错一位或两位颠倒，请核对证件");
    }
    Verdict::Good
}

/// Checks a telephone number in plain form ([`super::tidy`]): mobile, fixed line with area code, or 400 and 800.
/// Wrong: `phone_form`.
pub fn check_phone(number: &str) -> Verdict {
    let local = number.strip_prefix("+86").unwrap_or(number);
    let bytes = local.as_bytes();
    let good = bytes.iter().all(u8::is_ascii_digit)
        && match bytes {
            [b'1', b'3'..=b'9', rest @ ..] => rest.len() == 9,
            [b'4' | b'8', b'0', b'0', rest @ ..] => rest.len() == 7,
            [b'0', rest @ ..] => (9..=11).contains(&rest.len()),
            _ => false,
        };
    if good {
        return Verdict::Good;
    }
    Verdict::wrong(
        "phone_form",
        format!("“{number}”不是电话号码，请填 11 位手机号，或带区号的固定电话（如 0393-1234567）"),
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn id_numbers() {
        assert_eq!(check_id("11010519491231002X"), Verdict::Good);
        let table = [
            ("110105194912310021", "id_no_check"),
            ("110105194902310021", "id_no_birthday"),
            ("110105194913010021", "id_no_birthday"),
            ("11010519491231002", "id_no_form"),
            ("1101051949123100ZX", "id_no_form"),
            ("身份证号码", "id_no_form"),
        ];
        for (code, expected) in table {
            assert_eq!(check_id(code).code(), Some(expected), "{code}");
        }
    }

    #[test]
    fn telephone_numbers() {
        for good in
            ["13812345678", "19912345678", "03931234567", "01012345678", "4008123123", "+8613812345678"]
        {
            assert_eq!(check_phone(good), Verdict::Good, "{good}");
        }
        for bad in ["12812345678", "1381234567", "138123456789", "1234567", "", "电话", "1381234567a"] {
            assert_eq!(check_phone(bad).code(), Some("phone_form"), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_single_wrong_digit_of_an_id_is_refused(at in 0usize..17, to in 0u8..10) {
            let mut bytes = b"11010519491231002X".to_vec();
            prop_assume!(bytes[at] != b'0' + to);
            bytes[at] = b'0' + to;
            let verdict = check_id(std::str::from_utf8(&bytes).unwrap());
            prop_assert!(matches!(verdict, Verdict::Wrong(_)));
        }
    }
}
