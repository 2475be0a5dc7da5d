//! Numbers of food licences: 食品生产许可证 SC, 食品经营许可证 JY, 仅销售预包装食品备案 YB (regulations 1.2 to 1.4).
//!
//! The check digit is GB/T 17710 (ISO 7064 MOD 11,10). Real numbers fail it now and then (local and old series), so a
//! failed check is a warning and never a refusal.

use super::{Verdict, digits};

/// What a licence allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// 食品生产许可证, `SC` + 14 digits
    Production,
    /// 食品经营许可证, `JY` + 14 digits
    Trade,
    /// 仅销售预包装食品备案, `YB` + 14 digits (form unconfirmed)
    Prepacked,
    /// 小作坊、小餐饮、小食杂店、摊贩: local numbers, no national form
    Local,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Production => "sc",
            Self::Trade => "jy",
            Self::Prepacked => "yb",
            Self::Local => "local",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Production, Self::Trade, Self::Prepacked, Self::Local].into_iter().find(|k| k.as_str() == text)
    }

    /// The kind that a number's own letters tell.
    pub fn of_number(number: &str) -> Self {
        match number.get(..2) {
            Some("SC" | "QS") => Self::Production,
            Some("JY") => Self::Trade,
            Some("YB") => Self::Prepacked,
            _ => Self::Local,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Production => "食品生产许可证",
            Self::Trade => "食品经营许可证",
            Self::Prepacked => "仅销售预包装食品备案",
            Self::Local => "小作坊小餐饮登记（备案）",
        }
    }
}

/// Checks the plain form ([`super::tidy`]) of a number. Wrong: `licence_form`. Warnings: `licence_check`,
/// `licence_class` (a first digit nobody has given out), `licence_old` (QS, ended on 2018-10-01).
pub fn check(kind: Kind, number: &str) -> Verdict {
    match kind {
        Kind::Production if number.starts_with("QS") => old_series(number),
        Kind::Production => national(kind, "SC", &['1', '2'], number),
        Kind::Trade => national(kind, "JY", &['1', '2', '3'], number),
        Kind::Prepacked => national(kind, "YB", &['1', '2'], number),
        Kind::Local => local(number),
    }
}

fn national(kind: Kind, prefix: &str, classes: &[char], number: &str) -> Verdict {
    let body = number.strip_prefix(prefix).and_then(|d| digits(d).filter(|d| d.len() == 14));
    let Some(body) = body else {
        return Verdict::wrong(
            "licence_form",
            format!("{}编号应为 {prefix} 加 14 位数字，现为“{number}”，请核对证书", kind.name()),
        );
    };
    if mod11_10(&body[..13]) != body[13] {
        return Verdict::warning(
            "licence_check",
            format!("{}编号“{number}”校验位不符，请核对；确与证书一致的可以保留", kind.name()),
        );
    }
    if !number[2..].starts_with(classes) {
        return Verdict::warning(
            "licence_class",
            format!("{}编号“{number}”首位数字不常见，请核对证书", kind.name()),
        );
    }
    Verdict::Good
}

fn old_series(number: &str) -> Verdict {
    if digits(&number[2..]).is_none_or(|d| d.len() != 12) {
        return Verdict::wrong(
            "licence_form",
            format!("旧版生产许可证编号应为 QS 加 12 位数字，现为“{number}”"),
        );
    }
    Verdict::warning("licence_old", "QS 编号已于 2018-10-01 停用，请换用 SC 编号")
}

fn local(number: &str) -> Verdict {
    let length = number.chars().count();
    if !(4..=40).contains(&length) || number.chars().any(char::is_control) {
        return Verdict::wrong("licence_form", "登记（备案）编号应为 4—40 个字符，请按登记证填写");
    }
    Verdict::Good
}

/// The check digit over the digits before it: GB/T 17710-1999, MOD 11,10.
pub fn mod11_10(body: &[u32]) -> u32 {
    let mut p = 10;
    for d in body {
        p = (p + d) % 10;
        if p == 0 {
            p = 10;
        }
        p = p * 2 % 11;
    }
    (11 - p) % 10
}

/// A number with its check digit over prefix and 13 digits; for test data and the simulator.
pub fn complete(prefix: &str, body13: &str) -> Option<String> {
    let body = digits(body13).filter(|d| d.len() == 13)?;
    Some(format!("{prefix}{body13}{}", mod11_10(&body)))
}

/// The 6-digit division inside a national number (production address, or the office that gave a trade licence).
pub fn division(number: &str) -> Option<&str> {
    match number.get(..2)? {
        "SC" => number.get(5..11),
        "JY" | "YB" => number.get(3..9),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const VALID: [&str; 6] = [
        "SC10133010000013",
        "SC10633010000428",
        "SC20133010000079",
        "JY13301000000018",
        "JY23301000000012",
        "JY33301000000015",
    ];

    #[test]
    fn the_vectors_of_the_regulations_hold() {
        for number in VALID {
            assert_eq!(check(Kind::of_number(number), number), Verdict::Good, "{number}");
            assert_eq!(complete(&number[..2], &number[2..15]).unwrap(), number);
            assert!(division(number).unwrap().starts_with("3301"), "{number}");
        }
    }

    #[test]
    fn a_failed_check_warns_and_a_wrong_form_refuses() {
        let table = [
            (Kind::Production, "SC10133010000014", "licence_check", false),
            (Kind::Trade, "JY23301000000011", "licence_check", false),
            (Kind::Production, "SC1013301000001", "licence_form", true),
            (Kind::Production, "JY13301000000018", "licence_form", true),
            (Kind::Trade, "JY1330100000001X", "licence_form", true),
            (Kind::Production, "QS330106010001", "licence_old", false),
            (Kind::Production, "QS33010601", "licence_form", true),
            (Kind::Local, "1", "licence_form", true),
        ];
        for (kind, number, code, refused) in table {
            let verdict = check(kind, number);
            assert_eq!(verdict.code(), Some(code), "{number}");
            assert_eq!(matches!(verdict, Verdict::Wrong(_)), refused, "{number}");
        }
        assert_eq!(check(Kind::Local, "豫濮小作坊20240001"), Verdict::Good);
    }

    proptest! {
        #[test]
        fn every_single_wrong_digit_is_noticed(which in 0usize..6, at in 2usize..16, to in 0u8..10) {
            let mut bytes = VALID[which].as_bytes().to_vec();
            prop_assume!(bytes[at] != b'0' + to);
            bytes[at] = b'0' + to;
            let number = std::str::from_utf8(&bytes).unwrap();
            prop_assert!(!check(Kind::of_number(number), number).is_good());
        }
    }
}
