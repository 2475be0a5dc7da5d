//! The platform's own codes: one for each business, one for each product and lot.
//!
//! A code is opaque: it holds no licence number, no date, nothing to guess from. Its 31 characters leave out 0, O, 1, I
//! and L, and 31 is prime: with weights 2, 3, 4 … over the positions and a check character that makes the weighted sum
//! zero modulo 31, every single wrong character and every exchange of two characters (adjacent or not) is caught.
//!
//! Shape: one letter for the kind, random characters, one check character. `B` + 9 + 1 for a business (31^9 ≈ 2.6·10^13
//! codes), `T` + 12 + 1 for a lot (31^12 ≈ 7.9·10^17).

use super::{Verdict, tidy};
use crate::ids::Ids;

const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/// What a code names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// 主体码 (一店一码)
    Business,
    /// 追溯码 (一品一码)
    Trace,
}

impl Kind {
    const fn letter(self) -> u8 {
        match self {
            Self::Business => b'B',
            Self::Trace => b'T',
        }
    }

    const fn random(self) -> usize {
        match self {
            Self::Business => 9,
            Self::Trace => 12,
        }
    }

    /// Characters in all.
    pub const fn length(self) -> usize {
        self.random() + 2
    }
}

/// A new code; the caller makes sure that nobody has it (the table's unique constraint does).
pub fn new(kind: Kind, ids: &Ids) -> String {
    let mut rest = u128::from_le_bytes(ids.bytes::<16>());
    let mut code = Vec::with_capacity(kind.length());
    code.push(kind.letter());
    for _ in 0..kind.random() {
        code.push(ALPHABET[(rest % 31) as usize]);
        rest /= 31;
    }
    code.push(check_character(&code));
    code.into_iter().map(char::from).collect()
}

/// Reads a code as people type or scan it (spaces, hyphens, lower case, full width). `Ok` holds the kind and the plain
/// form. Wrong: `code_form`, `code_character`, `code_check`.
pub fn read(text: &str) -> Result<(Kind, String), super::Finding> {
    let code = tidy(text);
    let fail = |verdict: Verdict| match verdict {
        Verdict::Wrong(finding) | Verdict::Warning(finding) => finding,
        Verdict::Good => unreachable!("only refusals come here"),
    };
    let kind = [Kind::Business, Kind::Trace]
        .into_iter()
        .find(|k| code.len() == k.length() && code.as_bytes()[0] == k.letter())
        .ok_or_else(|| {
            fail(Verdict::wrong(
                "code_form",
                "这不是本平台的码：主体码 11 位，追溯码 14 位，请重新扫码或核对",
            ))
        })?;
    if let Some(odd) = code.bytes().find(|b| !ALPHABET.contains(b)) {
        let text = format!("码中不会出现“{}”（不使用 0、O、1、I、L），请核对", odd as char);
        return Err(fail(Verdict::wrong("code_character", text)));
    }
    let (front, last) = code.as_bytes().split_at(code.len() - 1);
    if check_character(front) != last[0] {
        return Err(fail(Verdict::wrong(
            "code_check",
            "码的校验位不符，多为抄错一位或两位颠倒，请重新扫码或核对",
        )));
    }
    Ok((kind, code))
}

fn check_character(front: &[u8]) -> u8 {
    let value = |b: u8| ALPHABET.iter().position(|a| *a == b).unwrap_or(0);
    let sum: usize = front.iter().enumerate().map(|(i, b)| (i + 2) * value(*b)).sum();
    // the check character has the weight 1
    ALPHABET[(31 - sum % 31) % 31]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes_are_read_as_people_write_them() {
        let ids = Ids::seeded(1);
        for kind in [Kind::Business, Kind::Trace] {
            let code = new(kind, &ids);
            assert_eq!(code.len(), kind.length());
            assert_eq!(read(&code).unwrap(), (kind, code.clone()));
            let (a, b) = code.split_at(4);
            assert_eq!(read(&format!(" {}-{b} ", a.to_lowercase())).unwrap(), (kind, code));
        }
        assert_ne!(new(Kind::Trace, &ids), new(Kind::Trace, &ids));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let code = new(Kind::Business, &Ids::seeded(2));
        let table = [
            (code[1..].to_owned(), "code_form"),
            (format!("X{}", &code[1..]), "code_form"),
            (String::new(), "code_form"),
            (format!("B0{}", &code[2..]), "code_character"),
            ("主体码主体码主".to_owned(), "code_form"),
        ];
        for (text, expected) in table {
            assert_eq!(read(&text).unwrap_err().code, expected, "{text}");
        }
    }

    fn any_code() -> impl Strategy<Value = String> {
        (any::<u64>(), any::<bool>())
            .prop_map(|(seed, b)| new(if b { Kind::Business } else { Kind::Trace }, &Ids::seeded(seed)))
    }

    proptest! {
        #[test]
        fn every_single_error_is_caught(code in any_code(), at in 0usize..14, to in 0usize..31) {
            let mut bytes = code.into_bytes();
            let at = at % bytes.len();
            prop_assume!(bytes[at] != ALPHABET[to]);
            bytes[at] = ALPHABET[to];
            prop_assert!(read(std::str::from_utf8(&bytes).unwrap()).is_err());
        }

        #[test]
        fn every_exchange_of_two_is_caught(code in any_code(), a in 0usize..14, b in 0usize..14) {
            let mut bytes = code.into_bytes();
            let (a, b) = (a % bytes.len(), b % bytes.len());
            prop_assume!(bytes[a] != bytes[b]);
            bytes.swap(a, b);
            prop_assert!(read(std::str::from_utf8(&bytes).unwrap()).is_err());
        }
    }
}
