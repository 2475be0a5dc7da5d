//! Invented codes with right check digits.

use kit_base::codes::{gtin as gtin_code, licence, uscc as credit_code};

/// A 统一社会信用代码 of authority and kind `head` (`91`, `92`, `93`, `12`) in a county, for invented subject
/// `serial`; the subject part starts with `XM` (模拟), which no registrar is known to give.
pub fn uscc(head: &str, county: &str, serial: u32) -> String {
    const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let mut digits = [b'0'; 6];
    let mut rest = serial;
    for place in digits.iter_mut().rev() {
        *place = ALPHABET[(rest % 31) as usize];
        rest /= 31;
    }
    let front = format!("{head}{county}XM{}", String::from_utf8_lossy(&digits));
    credit_code::complete(&front).expect("sixteen characters of the alphabet")
}

/// 食品生产许可证编号: `SC1` + category (two digits) + county + four digits + check digit.
pub fn sc_no(category: &str, county: &str, serial: u32) -> String {
    let body = format!("1{category}{county}{:04}", serial % 10_000);
    licence::complete("SC", &body).expect("thirteen digits")
}

/// 食品经营许可证编号: `JY` + kind (1 seller, 2 restaurant, 3 canteen) + county + six digits + check digit.
pub fn jy_no(kind: u8, county: &str, serial: u32) -> String {
    let body = format!("{kind}{county}{:06}", serial % 1_000_000);
    licence::complete("JY", &body).expect("thirteen digits")
}

/// A GTIN-13 under `prefix` (three digits) for item `serial` (nine digits).
pub fn gtin(prefix: &str, serial: u32) -> String {
    gtin_code::complete(&format!("{prefix}{:09}", serial % 1_000_000_000)).expect("twelve digits")
}
