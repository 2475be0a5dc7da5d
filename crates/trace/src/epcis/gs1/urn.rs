//! EPC URIs: company prefix, reference and serial number between dots, without check digit.

use kit_base::{Error, Result};

use super::{Gs1, Scheme, check_digit, escape, form, unescape};

/// Characters an EPC URI may hold as they are (TDS 2.0, 5.2); the rest are escaped.
const PLAIN: &[u8] = b"!'()*+,-:;=_.";

pub fn parse(text: &str) -> Result<Option<Gs1>> {
    let rest = &text["urn:epc:".len()..];
    let (pattern, rest) = if let Some(rest) = rest.strip_prefix("id:") {
        (false, rest)
    } else if let Some(rest) = rest.strip_prefix("class:") {
        (false, rest)
    } else if let Some(rest) = rest.strip_prefix("idpat:") {
        (true, rest)
    } else {
        return Ok(None);
    };
    let Some((name, rest)) = rest.split_once(':') else { return Err(form(text, "缺少编码内容")) };
    let Some((scheme, lot)) = scheme_of(name) else { return Ok(None) };
    let mut parts: Vec<&str> = rest.splitn(parts_of(scheme, lot), '.').collect();
    if parts.len() != parts_of(scheme, lot) {
        return Err(form(text, "段数不对"));
    }
    if pattern && parts.last() == Some(&"*") {
        parts.pop();
    }
    if pattern && (parts.len() < 2 || parts.contains(&"*")) {
        let message = format!("编码模式“{text}”没有指明一类商品");
        return Err(Error::invalid("code", "gs1_pattern", message));
    }
    build(text, scheme, lot, &parts).map(Some)
}

fn scheme_of(name: &str) -> Option<(Scheme, bool)> {
    Some(match name {
        "sgtin" => (Scheme::Gtin, false),
        "lgtin" => (Scheme::Gtin, true),
        "sscc" => (Scheme::Sscc, false),
        "sgln" => (Scheme::Sgln, false),
        "pgln" => (Scheme::Pgln, false),
        "grai" => (Scheme::Grai, false),
        "giai" => (Scheme::Giai, false),
        "gsrn" => (Scheme::Gsrn, false),
        "gsrnp" => (Scheme::Gsrnp, false),
        "gdti" => (Scheme::Gdti, false),
        "cpi" => (Scheme::Cpi, false),
        "sgcn" => (Scheme::Sgcn, false),
        "ginc" => (Scheme::Ginc, false),
        "gsin" => (Scheme::Gsin, false),
        "itip" => (Scheme::Itip, false),
        "upui" => (Scheme::Upui, false),
        _ => return None,
    })
}

fn name_of(code: &Gs1) -> &'static str {
    match code.scheme {
        Scheme::Gtin if code.serial.is_none() && code.lot.is_some() => "lgtin",
        Scheme::Gtin => "sgtin",
        Scheme::Sscc => "sscc",
        Scheme::Sgln => "sgln",
        Scheme::Pgln => "pgln",
        Scheme::Grai => "grai",
        Scheme::Giai => "giai",
        Scheme::Gsrn => "gsrn",
        Scheme::Gsrnp => "gsrnp",
        Scheme::Gdti => "gdti",
        Scheme::Cpi => "cpi",
        Scheme::Sgcn => "sgcn",
        Scheme::Ginc => "ginc",
        Scheme::Gsin => "gsin",
        Scheme::Itip => "itip",
        Scheme::Upui => "upui",
    }
}

/// How many dotted parts the full URI has.
fn parts_of(scheme: Scheme, lot: bool) -> usize {
    match scheme {
        _ if lot => 3,
        Scheme::Itip => 5,
        Scheme::Sscc
        | Scheme::Pgln
        | Scheme::Giai
        | Scheme::Gsrn
        | Scheme::Gsrnp
        | Scheme::Ginc
        | Scheme::Gsin => 2,
        _ => 3,
    }
}

/// Digits of company prefix and reference together, without check digit; 0 where the reference is free text.
fn body_len(scheme: Scheme) -> usize {
    match scheme {
        Scheme::Gtin | Scheme::Upui | Scheme::Itip => 13,
        Scheme::Sscc | Scheme::Gsrn | Scheme::Gsrnp => 17,
        Scheme::Gsin => 16,
        Scheme::Sgln | Scheme::Pgln | Scheme::Grai | Scheme::Gdti | Scheme::Sgcn => 12,
        Scheme::Giai | Scheme::Cpi | Scheme::Ginc => 0,
    }
}

/// Whether the first digit of the reference stands before the company prefix in the key (indicator, extension digit).
fn leads(scheme: Scheme) -> bool {
    matches!(scheme, Scheme::Gtin | Scheme::Upui | Scheme::Itip | Scheme::Sscc)
}

fn build(text: &str, scheme: Scheme, lot: bool, parts: &[&str]) -> Result<Gs1> {
    let (prefix, reference) = (parts[0], parts[1]);
    let numeric = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if !(6..=12).contains(&prefix.len()) || !numeric(prefix) {
        let message = format!("编码“{text}”的厂商识别代码应为 6 至 12 位数字");
        return Err(Error::invalid("code", "gs1_prefix", message));
    }
    let body = body_len(scheme);
    let primary = if body == 0 {
        format!("{prefix}{}", unescape(reference).ok_or_else(|| form(text, "转义符不对"))?)
    } else {
        if prefix.len() + reference.len() != body || !numeric(reference) {
            return Err(form(text, &format!("厂商识别代码和参考代码应共 {body} 位数字")));
        }
        let digits = if leads(scheme) {
            format!("{}{prefix}{}", &reference[..1], &reference[1..])
        } else {
            format!("{prefix}{reference}")
        };
        format!("{digits}{}", check_digit(&digits))
    };
    let (primary, tail) = if scheme == Scheme::Itip {
        let pieces = [parts.get(2), parts.get(3)].map(|p| p.copied().unwrap_or_default());
        (format!("{primary}{}{}", pieces[0], pieces[1]), parts.get(4))
    } else {
        (primary, parts.get(2))
    };
    let tail = match tail {
        Some(tail) => Some(unescape(tail).ok_or_else(|| form(text, "转义符不对"))?),
        None => None,
    };
    // extension 0 of a place means: the place itself
    let tail = tail.filter(|tail| !(scheme == Scheme::Sgln && tail == "0"));
    let (lot, serial) = if lot { (tail, None) } else { (None, tail) };
    Gs1 { scheme, primary, lot, serial, prefix_len: Some(prefix.len() as u8) }.checked(text)
}

pub fn make(code: &Gs1, prefix_len: Option<u8>) -> Result<String> {
    let len = usize::from(code.prefix_len.or(prefix_len).unwrap_or(0));
    let body = body_len(code.scheme);
    let text = match body {
        0 => code.primary.as_str(),
        _ => &code.primary[..body],
    };
    let numeric = text.bytes().take(len).all(|b| b.is_ascii_digit());
    if !(6..=12).contains(&len) || len > text.len() || !numeric {
        let message = format!("编码“{code}”转为 EPC URI 时需要知道厂商识别代码的位数（6 至 12 位）");
        return Err(Error::invalid("code", "gs1_prefix", message));
    }
    let (prefix, reference) = if leads(code.scheme) {
        (&text[1..=len], format!("{}{}", &text[..1], &text[len + 1..]))
    } else {
        (&text[..len], escape(&text[len..], PLAIN))
    };
    let mut out = format!("{}:{prefix}.{reference}", name_of(code));
    if code.scheme == Scheme::Itip {
        out = format!("{out}.{}.{}", &code.primary[14..16], &code.primary[16..]);
    }
    if let (Scheme::Gtin, None, Some(lot)) = (code.scheme, &code.serial, &code.lot) {
        return Ok(format!("urn:epc:class:{out}.{}", escape(lot, PLAIN)));
    }
    if code.is_class() {
        return Ok(format!("urn:epc:idpat:{out}.*"));
    }
    match (&code.serial, code.scheme) {
        (Some(serial), _) => out = format!("{out}.{}", escape(serial, PLAIN)),
        (None, Scheme::Sgln) => out.push_str(".0"),
        (None, _) => {}
    }
    Ok(format!("urn:epc:id:{out}"))
}
