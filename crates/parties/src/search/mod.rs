//! Search by any two characters over all businesses, in memory.
//!
//! The database is the truth; this is a cache of it that can be thrown away. All that can be searched of a business stands
//! in one buffer, field after field in the order of their rank (name, pinyin, initials, codes, address), and a query is
//! looked for with one pass of `memmem` over the whole buffer; the first hit inside a record is its best. What filters
//! (division, kind, status) stands in arrays beside it. A changed business is appended and its old record marked dead; when
//! a quarter is dead the index is packed again.

use std::collections::HashMap;

use kit_base::text::{reading, search_form, search_form_into};
use memchr::memmem::Finder;
use parking_lot::RwLock;

/// Between the fields of a record, and behind each of several values of one field; a newline ends the record. None can be
/// part of a query.
const FIELD: u8 = 1;
const PART: u8 = 2;
const RECORD: u8 = b'\n';

/// What search knows of a business.
#[derive(Debug, Clone)]
pub struct Entry {
    pub id: String,
    pub seq: i64,
    pub name: String,
    pub code: String,
    pub uscc: String,
    pub licences: Vec<String>,
    pub address: String,
    pub division: String,
    pub kind: String,
    pub status: String,
}

/// What is asked.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Words with spaces between; all must be there.
    pub text: String,
    /// Prefixes of divisions that the asker may see (any of them); `""` is everywhere.
    pub jurisdiction: Vec<String>,
    /// Further narrowed to this prefix.
    pub division: Option<String>,
    pub kinds: Vec<String>,
    pub statuses: Vec<String>,
    /// Without words: the latest change first. With words the best hits come first all the same.
    pub newest_first: bool,
    pub skip: usize,
    pub take: usize,
}

/// What was found: ids of one page, best first, and how many there are in all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    pub ids: Vec<String>,
    pub total: usize,
}

/// How good a hit is, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    NamePrefix,
    Name,
    Pinyin,
    Code,
    Address,
}

const RANKS: usize = 5;
/// The rank of each field of a record, in their order: name, pinyin, initials, code, uscc, licences, address.
const FIELD_RANKS: [Rank; 7] =
    [Rank::Name, Rank::Pinyin, Rank::Pinyin, Rank::Code, Rank::Code, Rank::Code, Rank::Address];

#[derive(Default)]
struct Index {
    buffer: Vec<u8>,
    /// Where each record begins; one more than there are records.
    starts: Vec<u64>,
    ids: Vec<u128>,
    seqs: Vec<i64>,
    /// 12 digits, zeros behind.
    divisions: Vec<u64>,
    kinds: Vec<u8>,
    statuses: Vec<u8>,
    live: Vec<bool>,
    dead: usize,
    at: HashMap<u128, u32>,
    words: Words,
}

/// Short texts of a small set as numbers (kinds, statuses).
#[derive(Default)]
struct Words(Vec<String>);

impl Words {
    /// The number of a text. Past 254 different ones all share the last: a filter then only lets too much through, and
    /// the sets are closed lists far below it.
    fn number(&mut self, text: &str) -> u8 {
        match self.find(text) {
            Some(n) => n,
            None if self.0.len() < 255 => {
                self.0.push(text.to_owned());
                (self.0.len() - 1) as u8
            }
            None => 254,
        }
    }

    fn find(&self, text: &str) -> Option<u8> {
        self.0.iter().position(|w| w == text).map(|n| n as u8)
    }
}

/// The index of the house; shared by all requests.
#[derive(Default)]
pub struct Search {
    index: RwLock<Index>,
}

impl Search {
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in businesses as they are after a change. An entry older than what is known of its business is passed over.
    pub fn apply(&self, entries: &[Entry]) {
        // reading names aloud takes longest: do it before the lock
        let records: Vec<Vec<u8>> = entries.iter().map(record).collect();
        let mut index = self.index.write();
        for (entry, record) in entries.iter().zip(&records) {
            index.put(entry, record);
        }
        if index.dead > 1_000 && index.dead * 4 > index.ids.len() {
            index.pack();
        }
    }

    /// The businesses that hold every word of the query, best first, then in the order they came.
    pub fn find(&self, query: &Query) -> Found {
        let words: Vec<String> =
            query.text.split(char::is_whitespace).map(search_form).filter(|w| !w.is_empty()).collect();
        self.index.read().find(query, &words)
    }

    /// Businesses known.
    pub fn len(&self) -> usize {
        let index = self.index.read();
        index.ids.len() - index.dead
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes held, about.
    pub fn bytes(&self) -> usize {
        let index = self.index.read();
        index.buffer.capacity() + index.ids.capacity() * (16 + 8 + 8 + 8 + 3) + index.at.capacity() * 24
    }
}

fn record(entry: &Entry) -> Vec<u8> {
    let name = reading(&entry.name);
    let mut text = String::with_capacity(160);
    search_form_into(&entry.name, &mut text);
    for field in [name.full.as_str(), &name.initials] {
        text.push(FIELD as char);
        text.push_str(field);
    }
    for field in [&entry.code, &entry.uscc] {
        text.push(FIELD as char);
        search_form_into(field, &mut text);
    }
    text.push(FIELD as char);
    for licence in &entry.licences {
        search_form_into(licence, &mut text);
        text.push(PART as char);
    }
    text.push(FIELD as char);
    search_form_into(&entry.address, &mut text);
    text.push(RECORD as char);
    text.into_bytes()
}

fn number(id: &str) -> Option<u128> {
    uuid::Uuid::try_parse(id).ok().map(|id| id.as_u128())
}

/// `[first, end)` of the 12-digit numbers that begin with a prefix.
fn range(prefix: &str) -> Option<(u64, u64)> {
    if prefix.is_empty() {
        return Some((0, u64::MAX));
    }
    if prefix.len() > 12 || !prefix.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let width = 10u64.pow(12 - prefix.len() as u32);
    let first = prefix.parse::<u64>().ok()? * width;
    Some((first, first + width))
}

impl Index {
    fn put(&mut self, entry: &Entry, record: &[u8]) {
        let Some(id) = number(&entry.id) else { return };
        if let Some(&old) = self.at.get(&id) {
            let old = old as usize;
            if self.seqs[old] >= entry.seq {
                return;
            }
            self.live[old] = false;
            self.dead += 1;
        }
        self.at.insert(id, self.ids.len() as u32);
        let kind = self.words.number(&entry.kind);
        let status = self.words.number(&entry.status);
        let division = range(&entry.division).map_or(0, |(first, _)| first);
        self.add(id, entry.seq, division, kind, status, record);
    }

    fn add(&mut self, id: u128, seq: i64, division: u64, kind: u8, status: u8, record: &[u8]) {
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        self.buffer.extend_from_slice(record);
        self.starts.push(self.buffer.len() as u64);
        self.ids.push(id);
        self.seqs.push(seq);
        self.divisions.push(division);
        self.kinds.push(kind);
        self.statuses.push(status);
        self.live.push(true);
    }

    /// Leaves the dead records out.
    fn pack(&mut self) {
        let old = std::mem::take(self);
        self.words = old.words;
        for i in (0..old.ids.len()).filter(|i| old.live[*i]) {
            let record = &old.buffer[old.starts[i] as usize..old.starts[i + 1] as usize];
            self.at.insert(old.ids[i], self.ids.len() as u32);
            self.add(old.ids[i], old.seqs[i], old.divisions[i], old.kinds[i], old.statuses[i], record);
        }
    }

    fn find(&self, query: &Query, words: &[String]) -> Found {
        let filter = self.filter(query);
        let mut ranked: [Vec<u32>; RANKS] = Default::default();
        match words.iter().max_by_key(|w| w.len()) {
            None => {
                ranked[0].extend((0..self.ids.len()).filter(|i| filter.lets(self, *i)).map(|i| i as u32));
                if query.newest_first {
                    ranked[0].reverse();
                }
            }
            Some(longest) => self.scan(longest, words, &filter, &mut ranked),
        }
        let total = ranked.iter().map(Vec::len).sum();
        let ids = ranked
            .iter()
            .flatten()
            .skip(query.skip)
            .take(query.take)
            .map(|i| uuid::Uuid::from_u128(self.ids[*i as usize]).to_string())
            .collect();
        Found { ids, total }
    }

    /// One pass over the buffer for the longest word; the others are looked for inside its records.
    fn scan(&self, longest: &str, words: &[String], filter: &Filter, ranked: &mut [Vec<u32>; RANKS]) {
        let finder = Finder::new(longest);
        let others: Vec<Finder> =
            words.iter().filter(|w| w.as_str() != longest).map(|w| Finder::new(w.as_str())).collect();
        let (mut from, mut i) = (0, 0);
        while let Some(hit) = finder.find(&self.buffer[from..]) {
            let hit = from + hit;
            i = self.record_at(i, hit);
            let (start, end) = (self.starts[i] as usize, self.starts[i + 1] as usize);
            from = end;
            if filter.lets(self, i) {
                let record = &self.buffer[start..end];
                if others.iter().all(|f| f.find(record).is_some()) {
                    ranked[rank(record, hit - start) as usize].push(i as u32);
                }
            }
            i += 1;
            if i == self.ids.len() {
                break;
            }
        }
    }

    /// The record that a position lies in, searched for from record `i` on in growing steps.
    fn record_at(&self, i: usize, position: usize) -> usize {
        let position = position as u64;
        let mut step = 1;
        while i + step < self.starts.len() && self.starts[i + step] <= position {
            step *= 2;
        }
        let (low, high) = (i + step / 2, (i + step + 1).min(self.starts.len()));
        low + self.starts[low..high].partition_point(|s| *s <= position) - 1
    }

    fn filter(&self, query: &Query) -> Filter {
        let mut ranges: Vec<(u64, u64)> = query.jurisdiction.iter().filter_map(|p| range(p)).collect();
        if let Some(division) = &query.division {
            let (first, end) = range(division).unwrap_or((0, 0));
            ranges =
                ranges.into_iter().map(|(a, b)| (a.max(first), b.min(end))).filter(|(a, b)| a < b).collect();
        }
        let set = |texts: &[String]| {
            let numbers: Vec<u8> = texts.iter().filter_map(|t| self.words.find(t)).collect();
            (!texts.is_empty()).then_some(numbers)
        };
        Filter { ranges, kinds: set(&query.kinds), statuses: set(&query.statuses) }
    }
}

struct Filter {
    ranges: Vec<(u64, u64)>,
    kinds: Option<Vec<u8>>,
    statuses: Option<Vec<u8>>,
}

impl Filter {
    fn lets(&self, index: &Index, i: usize) -> bool {
        let division = index.divisions[i];
        index.live[i]
            && self.ranges.iter().any(|(first, end)| (*first..*end).contains(&division))
            && self.kinds.as_ref().is_none_or(|k| k.contains(&index.kinds[i]))
            && self.statuses.as_ref().is_none_or(|s| s.contains(&index.statuses[i]))
    }
}

/// The rank of the first hit of a record, by the field it lies in.
fn rank(record: &[u8], hit: usize) -> Rank {
    if hit == 0 {
        return Rank::NamePrefix;
    }
    let field = record[..hit].iter().filter(|b| **b == FIELD).count();
    FIELD_RANKS[field.min(FIELD_RANKS.len() - 1)]
}

#[cfg(test)]
mod tests;
