//! GS1 Digital Link addresses (`https://any.host/any/path/01/{gtin}/10/{lot}`) and element strings (`(01)…(10)…`).

use kit_base::Result;

use super::{Gs1, Scheme, escape, form, unescape};

/// Keys that may open the identifying path, longest application identifier first.
const KEYS: &[(&str, Scheme)] = &[
    ("8003", Scheme::Grai),
    ("8004", Scheme::Giai),
    ("8006", Scheme::Itip),
    ("8010", Scheme::Cpi),
    ("8017", Scheme::Gsrnp),
    ("8018", Scheme::Gsrn),
    ("414", Scheme::Sgln),
    ("417", Scheme::Pgln),
    ("253", Scheme::Gdti),
    ("255", Scheme::Sgcn),
    ("401", Scheme::Ginc),
    ("402", Scheme::Gsin),
    ("01", Scheme::Gtin),
    ("00", Scheme::Sscc),
    // the alphabetic names of Digital Link 1.1, still met on old labels
    ("gtin", Scheme::Gtin),
    ("sscc", Scheme::Sscc),
];

/// Characters a path segment may hold as they are (RFC 3986 pchar without `%`).
const PLAIN: &[u8] = b"-._~!$&'()*+,;=:@";

pub fn parse(text: &str) -> Result<Option<Gs1>> {
    let path = text.split_once("://").map_or("", |(_, rest)| rest);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let segments: Vec<&str> = path.trim_end_matches('/').split('/').skip(1).collect();
    // the key is the last pair whose first half is a key and whose pairs to the end are all known qualifiers
    let start = (0..segments.len()).rev().find(|&at| {
        (segments.len() - at).is_multiple_of(2)
            && scheme_of(segments[at]).is_some()
            && segments[at + 2..].iter().step_by(2).all(|ai| is_qualifier(ai))
            && looks_right(segments[at], segments[at + 1])
    });
    let Some(start) = start else { return Ok(None) };
    let mut pairs = Vec::with_capacity(3);
    for pair in segments[start..].chunks_exact(2) {
        let value = unescape(pair[1]).ok_or_else(|| form(text, "转义符不对"))?;
        pairs.push((pair[0], value));
    }
    build(text, &pairs).map(Some)
}

/// `(01)09521141012345(10)ABC`; brackets are part of the text, values hold none.
pub fn parse_elements(text: &str) -> Result<Option<Gs1>> {
    let mut pairs = Vec::with_capacity(3);
    for piece in text.split('(').skip(1) {
        let Some((ai, value)) = piece.split_once(')') else { return Err(form(text, "括号不成对")) };
        pairs.push((ai.trim(), value.trim().to_owned()));
    }
    let Some(first) = pairs.iter().position(|(ai, _)| scheme_of(ai).is_some()) else { return Ok(None) };
    let key = pairs.remove(first);
    pairs.insert(0, key);
    build(text, &pairs).map(Some)
}

fn scheme_of(ai: &str) -> Option<Scheme> {
    KEYS.iter().find(|(name, _)| *name == ai).map(|&(_, scheme)| scheme)
}

fn is_qualifier(ai: &str) -> bool {
    matches!(ai, "10" | "21" | "22" | "235" | "254" | "8011" | "lot" | "ser" | "cpv")
}

/// An ordinary web path may hold `/01/…`; a key's value begins with a digit and has the length of one.
fn looks_right(ai: &str, value: &str) -> bool {
    let digits = scheme_of(ai).map_or(0, Scheme::digits);
    match digits {
        0 => !value.is_empty(),
        14 => matches!(value.len(), 8 | 12 | 13 | 14) && value.bytes().all(|b| b.is_ascii_digit()),
        _ => value.len() + 1 >= digits && value.bytes().take(digits - 1).all(|b| b.is_ascii_digit()),
    }
}

fn build(text: &str, pairs: &[(&str, String)]) -> Result<Gs1> {
    let (ai, value) = &pairs[0];
    let mut scheme = scheme_of(ai).ok_or_else(|| form(text, "不认识的应用标识符"))?;
    let find = |names: [&str; 2]| {
        pairs[1..].iter().find(|(ai, _)| names.contains(ai)).map(|(_, value)| value.clone())
    };
    if scheme == Scheme::Gtin && find(["235", "235"]).is_some() {
        scheme = Scheme::Upui;
    }
    // AI 8003 begins with a filler zero that is not part of the key
    let value = match (scheme, value.strip_prefix('0')) {
        (Scheme::Grai, Some(rest)) if value.len() >= 14 => rest.to_owned(),
        _ => value.clone(),
    };
    let (primary, glued) = match scheme {
        _ if scheme.glued() && value.len() > 13 && value.is_char_boundary(13) => {
            (value[..13].to_owned(), Some(value[13..].to_owned()))
        }
        Scheme::Gtin | Scheme::Upui => (format!("{value:0>14}"), None),
        _ => (value, None),
    };
    let serial = match scheme {
        Scheme::Gtin | Scheme::Itip => find(["21", "ser"]),
        Scheme::Upui => find(["235", "235"]),
        Scheme::Sgln => find(["254", "254"]).filter(|extension| extension != "0"),
        Scheme::Cpi => find(["8011", "8011"]),
        _ => glued,
    };
    let lot = if scheme == Scheme::Gtin { find(["10", "lot"]) } else { None };
    Gs1 { scheme, primary, lot, serial, prefix_len: None }.checked(text)
}

pub fn make(code: &Gs1, base: &str) -> String {
    let base = base.trim_end_matches('/');
    let filler = if code.scheme == Scheme::Grai { "0" } else { "" };
    let mut out = format!("{base}/{}/{filler}{}", code.scheme.ai(), escape(&code.primary, PLAIN));
    if let Some(lot) = &code.lot {
        out = format!("{out}/10/{}", escape(lot, PLAIN));
    }
    match (&code.serial, code.scheme.serial_ai()) {
        (Some(serial), Some(ai)) => format!("{out}/{ai}/{}", escape(serial, PLAIN)),
        (Some(serial), None) => format!("{out}{}", escape(serial, PLAIN)),
        (None, _) => out,
    }
}
