//! What the entries of a pasted list mean.

use kit_base::codes::{gtin, platform};
use kit_base::{Error, Kind, PartialDate, Result};
use trace::epcis::Gs1;

/// Most entries of one list; a longer one is refused before anything is looked up.
pub const MOST_ENTRIES: usize = 200_000;
/// Most lots a case may start from.
pub const MOST_LOTS: usize = 500_000;
/// Longest entry that can mean anything, in bytes.
const LONGEST: usize = 400;

/// What an entry names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// a lot number
    Lot(i64),
    /// a trace code (追溯码), plain form
    Trace(String),
    /// a business code (主体码), plain form
    Business(String),
    /// a product by GTIN-14, perhaps one batch of it
    Product { gtin: String, batch: Option<String> },
    /// a batch number as printed
    Batch(String),
}

/// One entry and where it stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// from 1
    pub line: usize,
    pub text: String,
    pub named: Named,
}

/// Reads a pasted list: one entry a line, or several apart by blanks, commas, semicolons. A line of a GTIN and one more
/// word is a product and its batch. Empty lines are passed over; the same entry counts once.
///
/// Errors: `list_too_long`, `entry_too_long` (both name the line).
pub fn read_text(text: &str) -> Result<Vec<Entry>> {
    let mut reader = Reader::default();
    for (i, line) in text.lines().enumerate() {
        let words: Vec<&str> = line.split(apart).filter(|w| !w.is_empty()).collect();
        if let [first, second] = words[..]
            && let Some(gtin) = gtin_of(first)
            && matches!(meaning(second), Named::Batch(_) | Named::Lot(_))
        {
            let named = Named::Product { gtin, batch: Some(second.to_owned()) };
            reader.add(i + 1, format!("{first} {second}"), named)?;
            continue;
        }
        for word in words {
            reader.take(i + 1, word)?;
        }
    }
    Ok(reader.entries)
}

/// The same where the list comes entry by entry; the line is the place in the list.
pub fn read_codes(codes: &[String]) -> Result<Vec<Entry>> {
    let mut reader = Reader::default();
    for (i, code) in codes.iter().enumerate() {
        let code = code.trim();
        if !code.is_empty() {
            reader.take(i + 1, code)?;
        }
    }
    Ok(reader.entries)
}

fn apart(c: char) -> bool {
    c.is_whitespace() || ",，;；、|\u{feff}".contains(c)
}

#[derive(Default)]
struct Reader {
    entries: Vec<Entry>,
    seen: std::collections::HashSet<String>,
}

impl Reader {
    fn take(&mut self, line: usize, word: &str) -> Result<()> {
        if word.len() > LONGEST {
            let message = format!("第 {line} 行有超过 {LONGEST} 字节的内容，不是编码或批号，请检查名单");
            return Err(Error::invalid(format!("seeds/text/{line}"), "entry_too_long", message));
        }
        self.add(line, word.to_owned(), meaning(word))
    }

    fn add(&mut self, line: usize, text: String, named: Named) -> Result<()> {
        if !self.seen.insert(text.clone()) {
            return Ok(());
        }
        if self.entries.len() == MOST_ENTRIES {
            let message = format!(
                "名单从第 {line} 行起超过 {MOST_ENTRIES} 条上限，请分成几次排查，或按产品、主体和时间查"
            );
            return Err(Error::new(Kind::TooLarge, "list_too_long", message).at(format!("seeds/text/{line}")));
        }
        self.entries.push(Entry { line, text, named });
        Ok(())
    }
}

/// What one word means. Everything that is nothing else is a batch number.
fn meaning(word: &str) -> Named {
    if let Some(code) = platform_code(word) {
        return code;
    }
    if let Ok(Some(gs1)) = Gs1::parse(word)
        && let Some(gtin) = gs1.gtin14()
    {
        return Named::Product { gtin: gtin.to_owned(), batch: gs1.lot.clone() };
    }
    if let Some(gtin) = gtin_of(word) {
        return Named::Product { gtin, batch: None };
    }
    let number = word.strip_prefix('#').unwrap_or(word);
    match number.parse::<i64>() {
        // a batch number is often a date of eight digits; lot numbers are given with # there
        Ok(no) if no > 0 && (word.starts_with('#') || number.len() < 8) => Named::Lot(no),
        _ => Named::Batch(word.to_owned()),
    }
}

/// `…/t/{code}`, `…/b/{code}` or the code itself.
fn platform_code(word: &str) -> Option<Named> {
    let text = match word.split_once("://") {
        Some((_, rest)) => rest.split(['?', '#']).next()?.trim_end_matches('/').rsplit('/').next()?,
        None => word,
    };
    match platform::read(text).ok()? {
        (platform::Kind::Trace, code) => Some(Named::Trace(code)),
        (platform::Kind::Business, code) => Some(Named::Business(code)),
    }
}

/// A GTIN of 12 to 14 digits with a right check digit, in 14 digits. Eight digits are rather a date.
fn gtin_of(word: &str) -> Option<String> {
    let fits =
        matches!(word.len(), 12..=14) && !matches!(gtin::check(word), kit_base::codes::Verdict::Wrong(_));
    fits.then(|| gtin::padded(word))
}

/// Whether a partial date (`2012`, `2012-11`, `''` unknown) may lie within two days; an empty bound is none.
pub fn may_lie_within(at: &str, from: &str, until: &str) -> bool {
    if at.is_empty() {
        return true;
    }
    let at = at.get(..10).unwrap_or(at);
    let cut = |day: &str| day.get(..at.len()).unwrap_or(day).to_owned();
    (from.is_empty() || *at >= *cut(from)) && (until.is_empty() || *at <= *cut(until))
}

/// A day given as a bound. Errors: `date_syntax`, `date_impossible`, `date_range`, at the field.
pub fn bound(text: &str, field: &str) -> Result<String> {
    match text.trim() {
        "" => Ok(String::new()),
        text => Ok(text.parse::<PartialDate>().map_err(|e| e.at(field))?.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use kit_base::Ids;

    use super::*;

    #[test]
    fn every_form_of_a_name_is_read() {
        let ids = Ids::seeded(1);
        let (trace, business) =
            (platform::new(platform::Kind::Trace, &ids), platform::new(platform::Kind::Business, &ids));
        let product = |batch: Option<&str>| Named::Product {
            gtin: "06901234567892".into(),
            batch: batch.map(str::to_owned),
        };
        let batch = |text: &str| Named::Batch(text.into());
        let table = [
            ("17", Named::Lot(17)),
            ("#12345678", Named::Lot(12_345_678)),
            ("20261101", batch("20261101")),
            ("6901234567892", product(None)),
            ("6901234567893", batch("6901234567893")),
            ("https://x.cn/01/06901234567892/10/A1", product(Some("A1"))),
            ("(01)06901234567892(10)A1", product(Some("A1"))),
            (trace.as_str(), Named::Trace(trace.clone())),
            (business.as_str(), Named::Business(business.clone())),
            ("L-2026-11", batch("L-2026-11")),
        ];
        for (text, named) in table {
            let read = read_text(text).unwrap();
            assert_eq!(read, [Entry { line: 1, text: text.into(), named }], "{text}");
        }
        let link = format!("https://x.cn/t/{trace}?s=1");
        assert_eq!(read_text(&link).unwrap()[0].named, Named::Trace(trace));
        let pair = read_text("\n6901234567892\tA1\n").unwrap();
        assert_eq!((pair[0].line, &pair[0].named), (2, &product(Some("A1"))));
    }

    #[test]
    fn lines_are_counted_and_doubles_count_once() {
        let read = read_text("a, b\n\n  a；c\u{3000}d\r\n").unwrap();
        let seen: Vec<(usize, &str)> = read.iter().map(|e| (e.line, e.text.as_str())).collect();
        assert_eq!(seen, [(1, "a"), (1, "b"), (3, "c"), (3, "d")]);
        assert_eq!(read_codes(&["x".into(), " ".into(), "y".into()]).unwrap()[1].line, 3);
    }

    #[test]
    fn a_million_lines_are_refused_with_the_line() {
        let text: String = (0..1_000_000).map(|i| format!("L{i}\n")).collect();
        let e = read_text(&text).unwrap_err();
        assert_eq!((e.code.as_ref(), e.field.as_deref()), ("list_too_long", Some("seeds/text/200001")));
        let e = read_text(&format!("ok\n{}", "x".repeat(5_000_000))).unwrap_err();
        assert_eq!((e.code.as_ref(), e.field.as_deref()), ("entry_too_long", Some("seeds/text/2")));
    }

    #[test]
    fn a_date_may_lie_within_as_far_as_it_is_known() {
        let table = [
            ("2026-03-05", "2026-03-01", "2026-03-31", true),
            ("2026-03-05", "2026-03-06", "", false),
            ("2026-03", "2026-03-15", "2026-03-20", true),
            ("2025", "2026-01-01", "", false),
            ("2026", "", "2025-12-31", false),
            ("", "2026-01-01", "2026-01-02", true),
        ];
        for (at, from, until, within) in table {
            assert_eq!(may_lie_within(at, from, until), within, "{at} {from} {until}");
        }
    }
}
