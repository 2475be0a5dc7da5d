//! GS1 Digital Link URI syntax 1.3, by the letter: key, its qualifiers in their order, attributes in the query string.
//!
//! [`super::Gs1::parse`] finds the key in whatever an EPCIS document calls a link; this is what the resolver takes and what
//! labels say. What cannot be understood is refused with its reason: a wrong page for a packet is worse than none.

use kit_base::{Error, Result};

use super::{Gs1, Scheme, escape, unescape};

/// Keys the resolver knows, with the qualifiers that may follow in this order (table 4.10).
const KEYS: &[(&str, Scheme, &[&str])] = &[
    ("01", Scheme::Gtin, &["22", "10", "21"]),
    ("00", Scheme::Sscc, &[]),
    ("414", Scheme::Sgln, &["254"]),
    ("417", Scheme::Pgln, &[]),
];

/// Attributes that may stand in the query string, and how many digits their value has; 0: up to 20 characters.
const ATTRIBUTES: &[(&str, usize)] = &[
    ("11", 6),
    ("12", 6),
    ("13", 6),
    ("15", 6),
    ("16", 6),
    ("17", 6),
    ("30", 0),
    ("37", 0),
    ("240", 0),
    ("250", 0),
    ("400", 0),
];

/// Characters a path segment or a value holds as they are (RFC 3986 unreserved).
const PLAIN: &[u8] = b"-._~";

/// A link, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigitalLink {
    pub scheme: Scheme,
    /// GTIN-14, SSCC-18 or GLN-13, check digit and all.
    pub key: String,
    /// AI 22, variant of a consumer product.
    pub variant: Option<String>,
    /// AI 10
    pub lot: Option<String>,
    /// AI 21 of a trade item, AI 254 of a place.
    pub serial: Option<String>,
    /// AI and value, decoded, in the order of the link; AI 17 is the expiry as YYMMDD.
    pub attributes: Vec<(String, String)>,
    /// Other parameters (`linkType`, `context`), decoded.
    pub others: Vec<(String, String)>,
}

fn wrong(code: &'static str, message: impl Into<String>) -> Error {
    Error::invalid("link", code, message)
}

impl DigitalLink {
    /// Reads `https://any.host/any/path/01/…/10/…?17=…`.
    ///
    /// Errors: `link_form`, `link_compressed`, `link_ai` (an identifier not known here), `link_order` (qualifiers twice, of
    /// another key or out of order), `link_escape`, `link_value`, `gs1_check_digit`, `gs1_form`.
    pub fn parse(link: &str) -> Result<Self> {
        let rest = link.strip_prefix("https://").or_else(|| link.strip_prefix("http://"));
        let rest = rest.ok_or_else(|| wrong("link_form", "链接应以 https:// 开头"))?;
        let rest = rest.split('#').next().unwrap_or_default();
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let segments: Vec<&str> = path.trim_end_matches('/').split('/').skip(1).collect();
        let start = segments.iter().rposition(|s| KEYS.iter().any(|(ai, ..)| ai == s));
        // a lot may be called 01: the key is the first one from which pairs go to the end
        let start = (0..segments.len())
            .find(|&at| {
                (segments.len() - at).is_multiple_of(2) && KEYS.iter().any(|(ai, ..)| *ai == segments[at])
            })
            .or(start);
        let Some(start) = start else { return Err(keyless(&segments)) };
        if !(segments.len() - start).is_multiple_of(2) {
            return Err(wrong("link_form", "链接中的应用标识符与值不成对"));
        }
        let mut pairs = Vec::with_capacity(4);
        for pair in segments[start..].chunks_exact(2) {
            pairs.push((pair[0], decoded(pair[1])?));
        }
        let mut out = Self::of_path(&pairs)?;
        for pair in query.split('&').filter(|p| !p.is_empty()) {
            out.parameter(pair)?;
        }
        out.checked()
    }

    fn of_path(pairs: &[(&str, String)]) -> Result<Self> {
        let (ai, value) = &pairs[0];
        let known = KEYS.iter().find(|(known, ..)| known == ai);
        let (_, scheme, qualifiers) = known.ok_or_else(|| wrong("link_form", "链接中没有可识别的标识"))?;
        // only the lengths that GTINs have are filled up; another one is refused as it stands
        let fills = *scheme == Scheme::Gtin && matches!(value.len(), 8 | 12 | 13);
        let key = if fills { format!("{value:0>14}") } else { value.clone() };
        let mut out = Self {
            scheme: *scheme,
            key,
            variant: None,
            lot: None,
            serial: None,
            attributes: Vec::new(),
            others: Vec::new(),
        };
        let mut next = 0;
        for (ai, value) in &pairs[1..] {
            let Some(place) = qualifiers.iter().position(|q| q == ai) else {
                return Err(wrong("link_ai", format!("应用标识符 {ai} 不能跟在此标识之后")));
            };
            if place < next {
                return Err(wrong(
                    "link_order",
                    format!("应用标识符 {ai} 的次序不对或重复，应依次为 {}", qualifiers.join("、")),
                ));
            }
            next = place + 1;
            let field = match *ai {
                "22" => &mut out.variant,
                "10" => &mut out.lot,
                _ => &mut out.serial,
            };
            *field = Some(value.clone());
        }
        Ok(out)
    }

    fn parameter(&mut self, pair: &str) -> Result<()> {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decoded(name)?, decoded(&value.replace('+', "%20"))?);
        if !(2..=4).contains(&name.len()) || !name.bytes().all(|b| b.is_ascii_digit()) {
            self.others.push((name, value));
            return Ok(());
        }
        let weight = name.len() == 4 && ("3100"..="3169").contains(&name.as_str());
        let digits = ATTRIBUTES.iter().find(|(ai, _)| *ai == name).map(|(_, n)| *n).or(weight.then_some(6));
        let Some(digits) = digits else {
            return Err(wrong("link_ai", format!("不支持应用标识符 {name}")));
        };
        let right = match digits {
            0 => (1..=20).contains(&value.len()) && value.bytes().all(super::is_cset82),
            n => value.len() == n && value.bytes().all(|b| b.is_ascii_digit()),
        };
        let date = matches!(name.as_str(), "11" | "12" | "13" | "15" | "16" | "17");
        if !right || (date && !is_date(&value)) {
            return Err(wrong("link_value", format!("应用标识符 {name} 的值“{value}”不正确")));
        }
        if self.attributes.iter().any(|(known, _)| *known == name) {
            return Err(wrong("link_order", format!("应用标识符 {name} 重复")));
        }
        self.attributes.push((name, value));
        Ok(())
    }

    fn checked(self) -> Result<Self> {
        if let Some(variant) = &self.variant
            && !((1..=20).contains(&variant.len()) && variant.bytes().all(super::is_cset82))
        {
            return Err(wrong("link_value", format!("产品变体“{variant}”不正确")));
        }
        self.gs1()?;
        Ok(self)
    }

    /// The key with lot and serial, checked.
    ///
    /// Errors: `gs1_form`, `gs1_check_digit`.
    pub fn gs1(&self) -> Result<Gs1> {
        let gs1 = Gs1 {
            scheme: self.scheme,
            primary: self.key.clone(),
            lot: self.lot.clone(),
            serial: self.serial.clone(),
            prefix_len: None,
        };
        gs1.checked(&self.key)
    }

    /// AI 17 as it stands on the packet: YYMMDD.
    pub fn expiry(&self) -> Option<&str> {
        self.attributes.iter().find(|(ai, _)| ai == "17").map(|(_, value)| value.as_str())
    }

    /// The link under a resolver's address.
    pub fn make(&self, base: &str) -> String {
        let mut out = format!("{}/{}/{}", base.trim_end_matches('/'), self.scheme.ai(), self.key);
        let serial = if self.scheme == Scheme::Sgln { "254" } else { "21" };
        for (ai, value) in [("22", &self.variant), ("10", &self.lot), (serial, &self.serial)] {
            if let Some(value) = value {
                out.push_str(&format!("/{ai}/{}", escape(value, PLAIN)));
            }
        }
        for (at, (name, value)) in self.attributes.iter().chain(&self.others).enumerate() {
            let joint = if at == 0 { '?' } else { '&' };
            out.push_str(&format!("{joint}{}={}", escape(name, PLAIN), escape(value, PLAIN)));
        }
        out
    }
}

fn keyless(segments: &[&str]) -> Error {
    let compressed =
        |s: &&str| s.len() >= 8 && s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if segments.last().is_some_and(compressed)
        && segments.iter().all(|s| s.bytes().any(|b| !b.is_ascii_digit()))
    {
        return wrong("link_compressed", "这可能是压缩的 GS1 数字链接，本平台不支持，请使用未压缩的链接");
    }
    match segments.iter().find(|s| (2..=4).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit())) {
        Some(ai) => wrong("link_ai", format!("不支持以应用标识符 {ai} 开头的链接")),
        None => wrong("link_form", "链接中没有可识别的标识"),
    }
}

fn decoded(text: &str) -> Result<String> {
    let text = unescape(text).ok_or_else(|| wrong("link_escape", format!("链接中“{text}”的转义符不对")))?;
    if text.chars().any(char::is_control) {
        return Err(wrong("link_escape", "链接中有控制字符"));
    }
    Ok(text)
}

/// YYMMDD; day 00 is the last of the month.
fn is_date(text: &str) -> bool {
    let part = |at: usize| text.get(at..at + 2).and_then(|t| t.parse::<i8>().ok());
    let (Some(year), Some(month), Some(day)) = (part(0), part(2), part(4)) else { return false };
    // which century does not matter but for 29 February of 2000, which there was
    (1..=12).contains(&month) && jiff::civil::Date::new(2000 + i16::from(year), month, day.max(1)).is_ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::check_digit;
    use super::*;

    #[test]
    fn links_are_taken_apart() {
        let link = DigitalLink::parse(
            "https://id.example/some/path/01/9521141012345/22/2A/10/A%2F1/21/S%231?17=261231&3103=000195&linkType=all#x",
        );
        let link = link.unwrap();
        assert_eq!((link.key.as_str(), link.variant.as_deref()), ("09521141012345", Some("2A")));
        assert_eq!((link.lot.as_deref(), link.serial.as_deref()), (Some("A/1"), Some("S#1")));
        assert_eq!((link.expiry(), link.others[0].1.as_str()), (Some("261231"), "all"));
        let place = DigitalLink::parse("https://id.example/414/9521321000018/254/7").unwrap();
        assert_eq!((place.scheme, place.serial.as_deref()), (Scheme::Sgln, Some("7")));
        // a lot may be called like an identifier
        let odd = DigitalLink::parse("https://id.example/01/09521141012345/10/01").unwrap();
        assert_eq!(odd.lot.as_deref(), Some("01"));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let table = [
            ("ftp://x/01/09521141012345", "link_form"),
            ("https://x/", "link_form"),
            ("https://x/01", "link_form"),
            ("https://x/AQnYUc1gmiCNV4JGLGYoRA", "link_compressed"),
            ("https://x/8003/0401234566666387", "link_ai"),
            ("https://x/01/09521141012346", "gs1_check_digit"),
            ("https://x/01/123", "gs1_form"),
            ("https://x/01/09521141012345/21/S/10/A", "link_order"),
            ("https://x/01/09521141012345/10/A/10/B", "link_order"),
            ("https://x/00/106141412345678908/10/A", "link_ai"),
            ("https://x/01/09521141012345/10/%ZZ", "link_escape"),
            ("https://x/01/09521141012345/10/%00", "link_escape"),
            ("https://x/01/09521141012345/10/123456789012345678901", "gs1_form"),
            ("https://x/01/09521141012345?17=261301", "link_value"),
            ("https://x/01/09521141012345?17=260230", "link_value"),
            ("https://x/01/09521141012345?99=1", "link_ai"),
            ("https://x/01/09521141012345?17=260228&17=260228", "link_order"),
        ];
        for (link, code) in table {
            assert_eq!(DigitalLink::parse(link).unwrap_err().code, code, "{link}");
        }
    }

    fn text() -> impl Strategy<Value = Option<String>> {
        proptest::option::of("[A-Za-z0-9!\"%&'()*+,./:;<=>?_-]{1,20}")
    }

    proptest! {
        #[test]
        fn what_is_made_reads_back(body in "[0-9]{13}", variant in text(), lot in text(), serial in text(), expiry in proptest::option::of("[0-9]{2}(0[1-9]|1[0-2])(0[0-9]|1[0-9]|2[0-8])"), other in proptest::option::of("\\PC{0,12}")) {
            let link = DigitalLink {
                scheme: Scheme::Gtin, key: format!("{body}{}", check_digit(&body)), variant, lot, serial,
                attributes: expiry.into_iter().map(|e| ("17".to_owned(), e)).collect(),
                others: other.into_iter().map(|o| ("linkType".to_owned(), o)).collect(),
            };
            prop_assert_eq!(DigitalLink::parse(&link.make("https://t.example/x")).unwrap(), link);
        }

        #[test]
        fn places_and_units_read_back(gln in "[0-9]{12}", sscc in "[0-9]{17}", extension in text()) {
            let of = |scheme, body: &str, serial| DigitalLink { scheme, key: format!("{body}{}", check_digit(body)), variant: None, lot: None, serial, attributes: vec![], others: vec![] };
            for link in [of(Scheme::Sgln, &gln, extension), of(Scheme::Pgln, &gln, None), of(Scheme::Sscc, &sscc, None)] {
                prop_assert_eq!(DigitalLink::parse(&link.make("https://t.example")).unwrap(), link);
            }
        }

        #[test]
        fn no_text_makes_it_fall_over(text in "\\PC{0,60}", tail in "[0-9a-zA-Z%/?&=.]{0,60}") {
            for head in ["", "https://x/", "https://x/01/", "https://x/01/09521141012345/", "https://x/01/09521141012345?"] {
                let _ = DigitalLink::parse(&format!("{head}{text}"));
                let _ = DigitalLink::parse(&format!("{head}{tail}"));
            }
        }
    }
}
