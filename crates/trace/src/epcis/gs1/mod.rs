//! GS1 identification keys, whatever they are written as: EPC URI (`urn:epc:id:sgtin:…`), GS1 Digital Link
//! (`https://…/01/…/21/…`) or element string (`(01)…(21)…`). Sources: GS1 General Specifications, EPC Tag Data
//! Standard 2.0 (chapter 6), GS1 Digital Link URI Syntax 1.3.

pub mod digital;
mod link;
mod urn;

#[cfg(test)]
mod tests;

use std::fmt;

use kit_base::{Error, Result};

/// What a key names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scheme {
    /// A trade item: a class of goods, a lot of it, or one instance. AI 01.
    Gtin,
    /// A logistic unit (pallet, box). AI 00.
    Sscc,
    /// A place. AI 414.
    Sgln,
    /// A party. AI 417.
    Pgln,
    /// A returnable asset. AI 8003.
    Grai,
    /// An individual asset. AI 8004.
    Giai,
    /// A recipient of a service. AI 8018.
    Gsrn,
    /// A provider of a service. AI 8017.
    Gsrnp,
    /// A document. AI 253.
    Gdti,
    /// A component or part. AI 8010.
    Cpi,
    /// A coupon. AI 255.
    Sgcn,
    /// A consignment. AI 401.
    Ginc,
    /// A shipment. AI 402.
    Gsin,
    /// A piece of a trade item. AI 8006.
    Itip,
    /// A unit pack of a trade item (tobacco). AI 01 + 235.
    Upui,
}

/// One GS1 key, its parts decoded (no `%2F`), its check digit recomputed.
#[derive(Debug, Clone)]
pub struct Gs1 {
    pub scheme: Scheme,
    /// The digits or text of the key itself, with its check digit: GTIN-14, SSCC-18, GLN-13 …
    pub primary: String,
    /// AI 10 (lot) of a trade item.
    pub lot: Option<String>,
    /// The serial number, the extension of a place (AI 254), or the part of a unit pack (AI 235).
    pub serial: Option<String>,
    /// Digits of the company prefix, where the writing told it (an EPC URI does, a Digital Link does not).
    pub prefix_len: Option<u8>,
}

impl PartialEq for Gs1 {
    /// Two writings are equal when they name the same thing.
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Gs1 {}

impl Scheme {
    /// The application identifier of the key.
    pub fn ai(self) -> &'static str {
        match self {
            Self::Gtin | Self::Upui => "01",
            Self::Sscc => "00",
            Self::Sgln => "414",
            Self::Pgln => "417",
            Self::Grai => "8003",
            Self::Giai => "8004",
            Self::Gsrn => "8018",
            Self::Gsrnp => "8017",
            Self::Gdti => "253",
            Self::Cpi => "8010",
            Self::Sgcn => "255",
            Self::Ginc => "401",
            Self::Gsin => "402",
            Self::Itip => "8006",
        }
    }

    /// The application identifier of the serial number that follows as its own part.
    fn serial_ai(self) -> Option<&'static str> {
        match self {
            Self::Gtin | Self::Itip => Some("21"),
            Self::Upui => Some("235"),
            Self::Sgln => Some("254"),
            Self::Cpi => Some("8011"),
            _ => None,
        }
    }

    /// Whether the serial number is glued to the key (GRAI, GDTI, SGCN).
    fn glued(self) -> bool {
        matches!(self, Self::Grai | Self::Gdti | Self::Sgcn)
    }

    /// Length of the numeric key with its check digit; 0 where the key is free text.
    fn digits(self) -> usize {
        match self {
            Self::Gtin | Self::Upui => 14,
            Self::Itip => 18,
            Self::Sscc | Self::Gsrn | Self::Gsrnp => 18,
            Self::Gsin => 17,
            Self::Sgln | Self::Pgln | Self::Grai | Self::Gdti | Self::Sgcn => 13,
            Self::Giai | Self::Cpi | Self::Ginc => 0,
        }
    }
}

impl Gs1 {
    /// Reads any of the three writings; `Ok(None)` where the text is none of them.
    ///
    /// Errors: `gs1_form` (wrong length or characters), `gs1_check_digit`, `gs1_prefix` (company prefix of other than
    /// 6 to 12 digits), `gs1_pattern` (an `idpat` that names no one class).
    pub fn parse(text: &str) -> Result<Option<Self>> {
        let text = text.trim();
        if text.starts_with("urn:epc:") {
            return urn::parse(text);
        }
        if text.starts_with('(') {
            return link::parse_elements(text);
        }
        if text.starts_with("http://") || text.starts_with("https://") {
            return link::parse(text);
        }
        Ok(None)
    }

    /// A trade item class, checked.
    pub fn gtin(gtin: &str, lot: Option<&str>, serial: Option<&str>) -> Result<Self> {
        if !matches!(gtin.len(), 8 | 12 | 13 | 14) {
            return Err(form(gtin, "GTIN 应为 8、12、13 或 14 位数字"));
        }
        let made = Self {
            scheme: Scheme::Gtin,
            primary: format!("{gtin:0>14}"),
            lot: lot.map(str::to_owned),
            serial: serial.map(str::to_owned),
            prefix_len: None,
        };
        made.checked(gtin)
    }

    /// The look-up text: the same for every writing of the same thing, e.g. `01:09521141012345:10:A1`.
    ///
    /// A trade item with a serial number is named by that alone: its lot does not change which item it is.
    pub fn key(&self) -> String {
        let mut key = format!("{}:{}", self.scheme.ai(), self.primary);
        match (&self.serial, &self.lot) {
            (Some(serial), _) => key = format!("{key}:{}:{serial}", self.scheme.serial_ai().unwrap_or("s")),
            (None, Some(lot)) => key = format!("{key}:10:{lot}"),
            (None, None) => {}
        }
        key
    }

    /// The GTIN-14 of a trade item, a piece or a unit pack of it.
    pub fn gtin14(&self) -> Option<&str> {
        match self.scheme {
            Scheme::Gtin | Scheme::Upui | Scheme::Itip => self.primary.get(..14),
            _ => None,
        }
    }

    /// The GLN-13 of a place or a party.
    pub fn gln(&self) -> Option<&str> {
        matches!(self.scheme, Scheme::Sgln | Scheme::Pgln).then_some(&self.primary)
    }

    /// The SSCC-18 of a logistic unit.
    pub fn sscc(&self) -> Option<&str> {
        (self.scheme == Scheme::Sscc).then_some(&self.primary)
    }

    /// Whether it names a class (or a lot), not one thing that can be counted.
    pub fn is_class(&self) -> bool {
        match self.scheme {
            Scheme::Gtin
            | Scheme::Upui
            | Scheme::Itip
            | Scheme::Grai
            | Scheme::Gdti
            | Scheme::Sgcn
            | Scheme::Cpi => self.serial.is_none(),
            _ => false,
        }
    }

    /// As an EPC URI. The company prefix's length must be known: from the EPC URI it was read from, or given.
    ///
    /// Errors: `gs1_prefix` where it is neither known nor given, or impossible.
    pub fn to_urn(&self, prefix_len: Option<u8>) -> Result<String> {
        urn::make(self, prefix_len)
    }

    /// As a GS1 Digital Link under a resolver's address (`https://id.gs1.org`), without query.
    pub fn to_link(&self, base: &str) -> String {
        link::make(self, base)
    }

    /// Refuses wrong digits, lengths and characters; `written` is what the person wrote.
    fn checked(self, written: &str) -> Result<Self> {
        let digits = self.scheme.digits();
        if digits > 0 {
            let numeric = self.primary.len() == digits && self.primary.bytes().all(|b| b.is_ascii_digit());
            if !numeric {
                return Err(form(written, &format!("应为 {digits} 位数字")));
            }
            let body = if self.scheme == Scheme::Itip { &self.primary[..14] } else { &self.primary };
            let (body, check) = body.split_at(body.len() - 1);
            let right = check_digit(body);
            if check != right.to_string() {
                let message = format!("编码“{written}”的校验位应为 {right}，实为 {check}");
                return Err(Error::invalid("code", "gs1_check_digit", message));
            }
        } else if self.primary.is_empty() || self.primary.len() > 30 || !self.primary.bytes().all(is_cset82) {
            return Err(form(written, "长度应为 1 至 30 位，且只能是字母、数字和 GS1 允许的符号"));
        }
        for part in [&self.lot, &self.serial].into_iter().flatten() {
            let limit = if matches!(self.scheme, Scheme::Upui) { 28 } else { 20 };
            if part.is_empty() || part.len() > limit || !part.bytes().all(is_cset82) {
                return Err(form(written, "批号、序列号应为 1 至 20 位字母、数字和 GS1 允许的符号"));
            }
        }
        Ok(self)
    }
}

impl fmt::Display for Gs1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key())
    }
}

/// The look-up text of any code that an event names: the GS1 key where it is one, else the text itself after `x:`.
pub fn key_of(text: &str) -> String {
    match Gs1::parse(text) {
        Ok(Some(code)) => code.key(),
        _ => format!("x:{}", text.trim()),
    }
}

/// The GS1 check digit (modulo 10, weights 3 and 1 from the right) of digits without it.
pub fn check_digit(body: &str) -> u32 {
    let sum: u32 = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, b)| u32::from(b.wrapping_sub(b'0')) * if at % 2 == 0 { 3 } else { 1 })
        .sum();
    (10 - sum % 10) % 10
}

/// The 82 characters of ISO/IEC 646 that GS1 allows in lots and serial numbers, and `#` for parts.
fn is_cset82(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!\"%&'()*+,-./:;<=>?_#".contains(&byte)
}

fn form(written: &str, why: &str) -> Error {
    Error::invalid("code", "gs1_form", format!("编码“{written}”不符合 GS1 规则：{why}"))
}

/// `%2F` to `/`; `None` for a broken escape or bytes that are no UTF-8.
fn unescape(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let (high, low) = (hex_digit(bytes.next()?)?, hex_digit(bytes.next()?)?);
            out.push(high * 16 + low);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}

fn hex_digit(byte: u8) -> Option<u8> {
    (byte as char).to_digit(16).map(|digit| digit as u8)
}

/// A text as one segment of an address.
pub fn escaped(text: &str) -> String {
    escape(text, b"-._~")
}

/// Escapes all but letters, digits and the characters in `keep`.
fn escape(text: &str, keep: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || keep.contains(&byte) {
            out.push(byte as char);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
