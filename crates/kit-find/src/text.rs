//! What of a thing can be searched, as one row of bytes.

use kit_base::text::{reading, search_form_into};

/// Stand before a field and tell its rank; none of them can be part of a query.
const PINYIN: u8 = 1;
const CODE: u8 = 2;
const OTHER: u8 = 3;
/// Ends a record.
const END: u8 = b'\n';

/// How good a hit is, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    NamePrefix,
    Name,
    Pinyin,
    Code,
    Other,
}

impl Rank {
    pub(crate) const COUNT: usize = 5;

    /// The rank of a hit, by the field it lies in.
    pub(crate) fn of(record: &[u8], hit: usize) -> Self {
        if hit == 0 {
            return Self::NamePrefix;
        }
        match record[..hit].iter().rev().find(|b| is_mark(**b)) {
            None => Self::Name,
            Some(&PINYIN) => Self::Pinyin,
            Some(&CODE) => Self::Code,
            Some(_) => Self::Other,
        }
    }
}

/// Whether a byte parts fields or records.
pub(crate) fn is_mark(byte: u8) -> bool {
    matches!(byte, PINYIN | CODE | OTHER | END)
}

/// The row of a thing under way: begin with its name, then add what else it is found by.
#[derive(Debug, Clone)]
pub struct Text(String);

impl Text {
    /// The name, and how it is read aloud.
    pub fn new(name: &str) -> Self {
        let mut text = String::with_capacity(160);
        search_form_into(name, &mut text);
        let read = reading(name);
        for sound in [&read.full, &read.initials] {
            text.push(PINYIN as char);
            text.push_str(sound);
        }
        Self(text)
    }

    /// A code or number.
    #[must_use]
    pub fn code(self, code: &str) -> Self {
        self.field(CODE, code)
    }

    /// Other words: an address, a brand.
    #[must_use]
    pub fn other(self, words: &str) -> Self {
        self.field(OTHER, words)
    }

    fn field(mut self, mark: u8, text: &str) -> Self {
        self.0.push(mark as char);
        search_form_into(text, &mut self.0);
        self
    }

    pub(crate) fn into_record(mut self) -> Vec<u8> {
        self.0.push(END as char);
        self.0.into_bytes()
    }
}
