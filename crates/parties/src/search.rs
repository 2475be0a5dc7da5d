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
            None => ranked[0].extend((0..self.ids.len()).filter(|i| filter.lets(self, *i)).map(|i| i as u32)),
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
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entry(no: u32, name: &str) -> Entry {
        Entry {
            id: uuid::Uuid::from_u128(u128::from(no) + 1).to_string(),
            seq: i64::from(no) + 1,
            name: name.to_owned(),
            code: format!("B{no:010}"),
            uscc: String::new(),
            licences: vec![format!("JY{no:014}")],
            address: "胜利路88号".to_owned(),
            division: "410902".to_owned(),
            kind: "shop".to_owned(),
            status: "active".to_owned(),
        }
    }

    fn everywhere(text: &str) -> Query {
        Query { text: text.to_owned(), jurisdiction: vec![String::new()], take: 100, ..Query::default() }
    }

    fn numbers(found: &Found) -> Vec<u128> {
        found.ids.iter().map(|id| number(id).unwrap() - 1).collect()
    }

    #[test]
    fn the_best_come_first() {
        let search = Search::new();
        let mut by_address = entry(0, "老王超市");
        by_address.address = "濮阳路1号".to_owned();
        search.apply(&[
            by_address,
            entry(1, "河南濮阳食品厂"),
            entry(2, "濮阳食品厂"),
            entry(3, "璞羊商店"), // reads the same
        ]);
        assert_eq!(numbers(&search.find(&everywhere("濮阳"))), [2, 1, 0]);
        assert_eq!(numbers(&search.find(&everywhere("puyang"))), [1, 2, 3]);
        assert_eq!(numbers(&search.find(&everywhere("PYSP"))), [1, 2]);
        assert_eq!(numbers(&search.find(&everywhere("食品 河南"))), [1]);
        assert_eq!(numbers(&search.find(&everywhere("ＪＹ0000 000000000"))), [0, 1, 2, 3]);
        assert_eq!(numbers(&search.find(&everywhere("没有"))), [0u128; 0]);
    }

    #[test]
    fn a_change_replaces_and_an_old_one_does_not() {
        let search = Search::new();
        search.apply(&[entry(0, "旧名字"), entry(1, "别家")]);
        let mut renamed = entry(0, "新名字");
        renamed.seq = 10;
        search.apply(&[renamed]);
        search.apply(&[entry(0, "旧名字")]);
        assert_eq!(search.len(), 2);
        assert_eq!(numbers(&search.find(&everywhere("旧名"))), [0u128; 0]);
        assert_eq!(numbers(&search.find(&everywhere("新名"))), [0]);
    }

    #[test]
    fn packing_keeps_what_lives() {
        let search = Search::new();
        for round in 0..4 {
            let all: Vec<Entry> = (0..1_500)
                .map(|no| Entry {
                    seq: round * 10_000 + i64::from(no),
                    ..entry(no, &format!("第{round}轮店{no}号"))
                })
                .collect();
            search.apply(&all);
        }
        assert_eq!(search.len(), 1_500);
        assert_eq!(search.find(&everywhere("第3轮")).total, 1_500);
        assert_eq!(search.find(&everywhere("第2轮")).total, 0);
        assert!(search.index.read().ids.len() < 3_100);
    }

    /// The naive twin: look at every entry, field by field.
    fn naive(entries: &[Entry], query: &Query) -> Found {
        let words: Vec<String> =
            query.text.split_whitespace().map(search_form).filter(|w| !w.is_empty()).collect();
        let longest = words.iter().max_by_key(|w| w.len());
        let mut hits: Vec<(usize, usize)> = Vec::new();
        for (i, e) in entries.iter().enumerate() {
            let seen = query.jurisdiction.iter().any(|p| e.division.starts_with(p.as_str()))
                && query.division.as_ref().is_none_or(|p| e.division.starts_with(p.as_str()))
                && (query.kinds.is_empty() || query.kinds.contains(&e.kind))
                && (query.statuses.is_empty() || query.statuses.contains(&e.status));
            let name = reading(&e.name);
            let fields = [
                search_form(&e.name),
                name.full,
                name.initials,
                search_form(&e.code),
                search_form(&e.uscc),
                e.licences.iter().map(|l| search_form(l)).collect::<Vec<_>>().join("\u{2}"),
                search_form(&e.address),
            ];
            if !seen || !words.iter().all(|w| fields.iter().any(|f| f.contains(w.as_str()))) {
                continue;
            }
            let rank = longest.map_or(0, |w| {
                let field = fields.iter().position(|f| f.contains(w.as_str())).unwrap();
                match field {
                    0 if fields[0].starts_with(w.as_str()) => 0,
                    0 => 1,
                    1 | 2 => 2,
                    3..=5 => 3,
                    _ => 4,
                }
            });
            hits.push((rank, i));
        }
        hits.sort();
        let total = hits.len();
        let ids =
            hits.into_iter().skip(query.skip).take(query.take).map(|(_, i)| entries[i].id.clone()).collect();
        Found { ids, total }
    }

    fn any_entry() -> impl Strategy<Value = Entry> {
        let name = "[濮阳老王李超市店食品厂ab1]{1,8}";
        let division = prop::sample::select(vec!["410902", "410902001", "410922", "330106", "410902001002"]);
        let kind = prop::sample::select(vec!["shop", "producer", "canteen"]);
        let status = prop::sample::select(vec!["active", "closed"]);
        (name, "[0-9A-C]{3}", "[路街胜利1-9]{0,6}", division, kind, status).prop_map(
            |(name, code, address, division, kind, status)| Entry {
                address,
                uscc: code.clone(),
                code,
                division: division.to_owned(),
                kind: kind.to_owned(),
                status: status.to_owned(),
                ..entry(0, &name)
            },
        )
    }

    fn any_query() -> impl Strategy<Value = Query> {
        let jurisdiction = prop::sample::select(vec!["", "41", "4109", "410902", "410902001", "33"]);
        let division = prop::option::of(prop::sample::select(vec!["41", "410902", "410902001002"]));
        let kinds = prop::sample::subsequence(vec!["shop", "producer", "nothing"], 0..3);
        (
            "[濮阳老王店食品厂ab1路pyls0-9 ]{0,4}",
            jurisdiction,
            division,
            kinds,
            prop::sample::subsequence(vec!["active", "closed"], 0..2),
            0usize..3,
            1usize..5,
        )
            .prop_map(|(text, jurisdiction, division, kinds, statuses, skip, take)| Query {
                text,
                jurisdiction: vec![jurisdiction.to_owned(), "4403".to_owned()],
                division: division.map(str::to_owned),
                kinds: kinds.into_iter().map(str::to_owned).collect(),
                statuses: statuses.into_iter().map(str::to_owned).collect(),
                skip,
                take,
            })
    }

    proptest! {
        #[test]
        fn it_finds_what_a_naive_filter_finds(
            mut entries in prop::collection::vec(any_entry(), 0..40),
            queries in prop::collection::vec(any_query(), 1..8),
        ) {
            for (i, e) in entries.iter_mut().enumerate() {
                e.id = uuid::Uuid::from_u128(i as u128 + 1).to_string();
                e.seq = i as i64 + 1;
            }
            let search = Search::new();
            search.apply(&entries);
            for query in queries {
                prop_assert_eq!(search.find(&query), naive(&entries, &query), "{:?}", query);
            }
        }
    }
}
