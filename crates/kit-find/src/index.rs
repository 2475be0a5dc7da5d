//! The index.

use std::collections::{BTreeMap, HashMap};

use kit_base::text::search_form;
use memchr::memmem::Finder;

use crate::near::{Pairs, errors_within, plan};
use crate::sieve::{SPAN, Sieve};
use crate::text::{Rank, Text, is_mark};

/// Records looked at for one guess at a typing error.
const GUESSES: usize = 100_000;
/// Guesses beyond which nobody looks.
const PLENTY: usize = 500;

/// What search knows of a thing.
#[derive(Debug, Clone)]
pub struct Thing {
    pub id: u128,
    /// Grows with every change of the thing; an older state never replaces a newer.
    pub seq: i64,
    pub text: Text,
    /// Code of a division, up to 12 digits.
    pub division: String,
    /// Words of small closed sets to filter by; may be empty.
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
    /// Hits after which search ends, where the whole number does not matter; 0: never.
    pub enough: usize,
}

/// What was found: ids of one page, best first, and how many there are in all (with [`Query::enough`]: at least).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    pub ids: Vec<u128>,
    pub total: usize,
}

/// See the crate. Not shared by itself: put it behind a lock.
#[derive(Default)]
pub struct Index {
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
    sieve: Sieve,
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

/// The words of a query in the form in which they are searched.
fn words_of(text: &str) -> Vec<String> {
    text.split(char::is_whitespace).map(search_form).filter(|w| !w.is_empty()).collect()
}

impl Index {
    /// The rows of things, for [`Index::put_all`]: reading names aloud takes longest and needs no lock.
    pub fn rows(things: &[Thing]) -> Vec<Vec<u8>> {
        things.iter().map(|t| t.text.clone().into_record()).collect()
    }

    /// Takes in things as they are after a change, with their rows. A state older than what is known is passed over.
    pub fn put_all(&mut self, things: &[Thing], rows: &[Vec<u8>]) {
        for (thing, row) in things.iter().zip(rows) {
            self.put(thing, row);
        }
        if self.dead > 1_000 && self.dead * 4 > self.ids.len() {
            self.pack();
        }
    }

    /// Things known.
    pub fn len(&self) -> usize {
        self.ids.len() - self.dead
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Records held, dead ones with them.
    #[cfg(test)]
    pub(crate) fn records(&self) -> usize {
        self.ids.len()
    }

    /// Bytes held, about.
    pub fn bytes(&self) -> usize {
        let arrays = self.ids.capacity() * (16 + 8 + 8 + 8 + 3) + self.at.capacity() * 24;
        self.buffer.capacity() + arrays + self.sieve.bytes()
    }

    fn put(&mut self, thing: &Thing, record: &[u8]) {
        if let Some(&old) = self.at.get(&thing.id) {
            let old = old as usize;
            if self.seqs[old] >= thing.seq {
                return;
            }
            self.live[old] = false;
            self.dead += 1;
        }
        self.at.insert(thing.id, self.ids.len() as u32);
        let kind = self.words.number(&thing.kind);
        let status = self.words.number(&thing.status);
        let division = range(&thing.division).map_or(0, |(first, _)| first);
        self.add(thing.id, thing.seq, division, kind, status, record);
    }

    fn add(&mut self, id: u128, seq: i64, division: u64, kind: u8, status: u8, record: &[u8]) {
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        self.sieve.add(self.ids.len(), record);
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

    /// The things that hold every word of the query, best first, then in the order they came.
    pub fn find(&self, query: &Query) -> Found {
        let words = words_of(&query.text);
        let filter = self.filter(query);
        let mut ranked: [Vec<u32>; Rank::COUNT] = Default::default();
        match words.iter().max_by_key(|w| w.len()) {
            None => {
                ranked[0].extend((0..self.ids.len()).filter(|i| filter.lets(self, *i)).map(|i| i as u32));
                if query.newest_first {
                    ranked[0].reverse();
                }
            }
            Some(longest) => self.scan(longest, &words, query.enough, &filter, &mut ranked),
        }
        let total = ranked.iter().map(Vec::len).sum();
        let page = ranked.iter().flatten().skip(query.skip).take(query.take);
        Found { ids: page.map(|i| self.ids[*i as usize]).collect(), total }
    }

    /// The longest word is looked for in the buffer, the others inside the records that hold it.
    fn scan(
        &self,
        longest: &str,
        words: &[String],
        enough: usize,
        filter: &Filter,
        ranked: &mut [Vec<u32>; Rank::COUNT],
    ) {
        let others: Vec<Finder> =
            words.iter().filter(|w| w.as_str() != longest).map(|w| Finder::new(w.as_str())).collect();
        let mut hits = 0;
        self.each_hit(longest, |i, record, hit| {
            if filter.lets(self, i) && others.iter().all(|f| f.find(record).is_some()) {
                ranked[Rank::of(record, hit) as usize].push(i as u32);
                hits += 1;
            }
            enough == 0 || hits < enough
        });
    }

    /// Calls for the first hit of a word in each record that holds it: record number, record, place; until told to stop.
    fn each_hit(&self, word: &str, mut hit_at: impl FnMut(usize, &[u8], usize) -> bool) {
        let finder = Finder::new(word);
        let places = Sieve::places(word);
        for block in (0..self.sieve.blocks()).filter(|b| self.sieve.may_hold(*b, &places)) {
            let (mut i, last) = (block * SPAN, ((block + 1) * SPAN).min(self.ids.len()));
            let (mut from, end) = (self.starts[i] as usize, self.starts[last] as usize);
            while let Some(hit) = finder.find(&self.buffer[from..end]) {
                let hit = from + hit;
                i += self.starts[i..=last].partition_point(|s| *s <= hit as u64) - 1;
                let (start, next) = (self.starts[i] as usize, self.starts[i + 1] as usize);
                if !hit_at(i, &self.buffer[start..next], hit - start) {
                    return;
                }
                from = next;
                i += 1;
                if i == last {
                    break;
                }
            }
        }
    }

    /// The things nearest to a query that may hold a typing error: fewest errors first. Its words are read as one. Empty
    /// for words too short to guess at.
    pub fn near(&self, query: &Query) -> Found {
        let word: String = words_of(&query.text).concat();
        let Some(plan) = plan(&word) else { return Found::default() };
        let filter = self.filter(query);
        let word: Vec<char> = word.chars().collect();
        let mut nearest: BTreeMap<u32, (usize, Rank)> = BTreeMap::new();
        let mut left = GUESSES;
        let pairs = Pairs::of(&word, plan.errors);
        for part in &plan.parts {
            self.each_hit(part, |i, record, _| {
                left -= 1;
                if filter.lets(self, i)
                    && pairs.enough_in(record)
                    && !nearest.contains_key(&(i as u32))
                    && let Some(found) = nearest_field(&word, record, plan.errors)
                {
                    nearest.insert(i as u32, found);
                }
                left > 0 && nearest.len() < PLENTY
            });
            if left == 0 || nearest.len() == PLENTY {
                break;
            }
        }
        let mut found: Vec<_> = nearest.into_iter().map(|(i, (errors, rank))| (errors, rank, i)).collect();
        found.sort_unstable();
        let page = found.iter().skip(query.skip).take(query.take);
        Found { ids: page.map(|(.., i)| self.ids[*i as usize]).collect(), total: found.len() }
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

/// The field of a record that is nearest to the word, with its errors.
fn nearest_field(word: &[char], record: &[u8], most: usize) -> Option<(usize, Rank)> {
    let mut best = None;
    let mut start = 0;
    for field in record.split(|b| is_mark(*b)) {
        let text: Vec<char> = String::from_utf8_lossy(field).chars().collect();
        if text.len() + most >= word.len()
            && let Some(errors) = errors_within(word, &text, most)
        {
            let found = (errors, Rank::of(record, start));
            best = Some(best.map_or(found, |b: (usize, Rank)| b.min(found)));
        }
        start += field.len() + 1;
    }
    best
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
