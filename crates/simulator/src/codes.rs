//! Invented codes with right check digits (GB 32100, GB 11714, GB/T 17710, GB 12904).

const USCC_ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// A 统一社会信用代码 of authority and kind `head` (`91`, `92`, `93`, `12`) in a county, for invented subject
/// `serial`; the subject part starts with `XM`, which no registrar gives.
pub fn uscc(head: &str, county: &str, serial: u32) -> String {
    let mut digits = [b'0'; 6];
    let mut rest = serial;
    for place in digits.iter_mut().rev() {
        *place = USCC_ALPHABET[(rest % 31) as usize];
        rest /= 31;
    }
    let subject = format!("XM{}", String::from_utf8_lossy(&digits));
    let body = format!("{head}{county}{subject}{}", organisation_check(&subject));
    let check = uscc_check(&body);
    format!("{body}{check}")
}

/// Check character of an organisation code of eight characters (GB 11714).
fn organisation_check(subject: &str) -> char {
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = subject.chars().zip(WEIGHTS).map(|(c, w)| c.to_digit(36).unwrap_or(0) * w).sum();
    match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        n => char::from(b'0' + n as u8),
    }
}

/// Check character of the first 17 of a 统一社会信用代码 (GB 32100).
fn uscc_check(body: &str) -> char {
    let mut weight = 1;
    let mut sum = 0;
    for byte in body.bytes() {
        let value = USCC_ALPHABET.iter().position(|&b| b == byte).unwrap_or(0);
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    char::from(USCC_ALPHABET[(31 - sum % 31) % 31])
}

/// MOD 11,10 (GB/T 17710) over digits.
fn mod11_10(digits: &str) -> u32 {
    let mut p = 10;
    for digit in digits.chars().filter_map(|c| c.to_digit(10)) {
        p = (p + digit) % 10;
        if p == 0 {
            p = 10;
        }
        p = p * 2 % 11;
    }
    (11 - p) % 10
}

/// 食品生产许可证编号: `SC1` + category (two digits) + county + four digits + check digit.
pub fn sc_no(category: &str, county: &str, serial: u32) -> String {
    let body = format!("1{category}{county}{:04}", serial % 10_000);
    format!("SC{body}{}", mod11_10(&body))
}

/// 食品经营许可证编号: `JY` + kind (1 seller, 2 restaurant, 3 canteen) + county + six digits + check digit.
pub fn jy_no(kind: u8, county: &str, serial: u32) -> String {
    let body = format!("{kind}{county}{:06}", serial % 1_000_000);
    format!("JY{body}{}", mod11_10(&body))
}

/// A GTIN-13 under `prefix` (three digits) for item `serial` (nine digits).
pub fn gtin(prefix: &str, serial: u32) -> String {
    let body = format!("{prefix}{:09}", serial % 1_000_000_000);
    let sum: u32 =
        body.bytes().enumerate().map(|(i, b)| u32::from(b - b'0') * if i % 2 == 1 { 3 } else { 1 }).sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_agree_with_known_codes() {
        for code in ["91330100MA2ABCD05P", "92330100MA2ABCD13F", "12330100MB2ABCD251", "93330100MA2ABCD3XY"] {
            assert_eq!(organisation_check(&code[8..16]), code.chars().nth(16).unwrap(), "{code}");
            assert_eq!(uscc_check(&code[..17]), code.chars().nth(17).unwrap(), "{code}");
        }
        for code in ["SC10133010000013", "SC10633010000428", "JY13301000000018", "JY33301000000015"] {
            assert_eq!(mod11_10(&code[2..15]).to_string(), code[15..], "{code}");
        }
        assert_eq!(gtin("692", 216_599_299), "6922165992996");
    }

    #[test]
    fn made_codes_have_their_length() {
        assert_eq!(uscc("91", "410902", 7).len(), 18);
        assert_eq!(sc_no("01", "410902", 3).len(), 16);
        assert_eq!(jy_no(2, "410902", 11_048).len(), 16);
        assert_eq!(gtin("952", 36_000_000).len(), 13);
    }
}
