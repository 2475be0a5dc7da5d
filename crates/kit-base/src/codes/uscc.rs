//! 统一社会信用代码 (GB 32100-2015), with the 组织机构代码 (GB 11714) inside it.

use super::Verdict;

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// 3^i mod 31
const WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// Checks the plain form ([`super::tidy`]). Wrong: `uscc_length`, `uscc_character`, `uscc_check`,
/// `uscc_organisation_check`; a registration office unknown to the standard is the warning `uscc_office`.
pub fn check(code: &str) -> Verdict {
    let length = code.chars().count();
    if length != 18 {
        return Verdict::wrong(
            "uscc_length",
            format!("统一社会信用代码应为 18 位，现为 {length} 位，请核对营业执照"),
        );
    }
    let mut values = [0u32; 18];
    for (i, c) in code.chars().enumerate() {
        let Some(value) = value(c) else {
            return Verdict::wrong(
                "uscc_character",
                format!(
                    "统一社会信用代码第 {} 位“{c}”不合规（不使用字母 I、O、S、V、Z），请核对营业执照",
                    i + 1
                ),
            );
        };
        values[i] = value;
    }
    let bytes = code.as_bytes();
    if let Some(expected) = organisation_check(&bytes[8..16])
        && expected != bytes[16]
    {
        return Verdict::wrong(
            "uscc_organisation_check",
            "统一社会信用代码第 17 位（组织机构代码校验位）不符，多为抄错一位或两位颠倒，请核对营业执照",
        );
    }
    if ALPHABET[check_value(&values) as usize] != bytes[17] {
        return Verdict::wrong(
            "uscc_check",
            "统一社会信用代码校验位不符，多为抄错一位或两位颠倒，请核对营业执照",
        );
    }
    if !matches!(bytes[0], b'1' | b'5' | b'9' | b'N' | b'Y') {
        return Verdict::warning("uscc_office", "统一社会信用代码首位的登记管理部门不常见，请核对营业执照");
    }
    Verdict::Good
}

/// A valid code over 16 characters (office to the eighth of the organisation); for test data and the simulator.
pub fn complete(first16: &str) -> Option<String> {
    let mut code = first16.to_owned();
    if first16.len() != 16 || first16.chars().any(|c| value(c).is_none()) {
        return None;
    }
    code.push(organisation_check(&first16.as_bytes()[8..16])? as char);
    let mut values = [0u32; 18];
    for (slot, c) in values.iter_mut().zip(code.chars()) {
        *slot = value(c)?;
    }
    code.push(ALPHABET[check_value(&values) as usize] as char);
    Some(code)
}

fn value(c: char) -> Option<u32> {
    ALPHABET.iter().position(|a| *a as char == c).map(|p| p as u32)
}

fn check_value(values: &[u32; 18]) -> u32 {
    let sum: u32 = WEIGHTS.iter().zip(values).map(|(w, v)| w * v).sum();
    (31 - sum % 31) % 31
}

/// GB 11714: digits as they are, A = 10 to Z = 35.
fn organisation_check(body: &[u8]) -> Option<u8> {
    let mut sum = 0;
    for (w, b) in ORGANISATION_WEIGHTS.iter().zip(body) {
        sum += w * (*b as char).to_digit(36)?;
    }
    Some(match 11 - sum % 11 {
        10 => b'X',
        11 => b'0',
        digit => b'0' + digit as u8,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const VALID: [&str; 5] = [
        "91330100MA2ABCD05P",
        "92330100MA2ABCD13F",
        "12330100MB2ABCD251",
        "93330100MA2ABCD3XY",
        "91110108123456788E",
    ];

    #[test]
    fn the_vectors_of_the_regulations_hold() {
        for code in VALID {
            assert_eq!(check(code), Verdict::Good, "{code}");
            assert_eq!(complete(&code[..16]).unwrap(), code);
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let table = [
            ("91330100MA2ABCD05", "uscc_length"),
            ("91330100MA2ABCD05PP", "uscc_length"),
            ("91330100MA2ABCD0SP", "uscc_character"),
            ("91330100MA2ABCD06P", "uscc_organisation_check"),
            ("91330100MA2ABCD05Q", "uscc_check"),
            ("91330110MA2ABCD05P", "uscc_check"),
            ("", "uscc_length"),
            ("统一社会信用代码统一社会信用代码统一", "uscc_character"),
        ];
        for (code, expected) in table {
            assert_eq!(check(code).code(), Some(expected), "{code}");
        }
    }

    proptest! {
        #[test]
        fn every_single_error_is_caught(which in 0usize..5, at in 0usize..18, to in 0usize..31) {
            let mut bytes = VALID[which].as_bytes().to_vec();
            prop_assume!(bytes[at] != ALPHABET[to]);
            bytes[at] = ALPHABET[to];
            let verdict = check(std::str::from_utf8(&bytes).unwrap());
            prop_assert!(matches!(verdict, Verdict::Wrong(_)), "{verdict:?}");
        }

        #[test]
        fn every_adjacent_swap_is_caught(which in 0usize..5, at in 0usize..17) {
            let mut bytes = VALID[which].as_bytes().to_vec();
            prop_assume!(bytes[at] != bytes[at + 1]);
            bytes.swap(at, at + 1);
            let verdict = check(std::str::from_utf8(&bytes).unwrap());
            prop_assert!(matches!(verdict, Verdict::Wrong(_)), "{verdict:?}");
        }
    }
}
