//! Against a naive twin, and by examples.

use kit_base::text::{reading, search_form};
use parking_lot::RwLock;
use proptest::prelude::*;

use crate::near::{errors_within, plan};
use crate::{Found, Index, Query, Text, Thing};

/// A thing before it is made into a row.
#[derive(Debug, Clone)]
struct Entry {
    id: u128,
    seq: i64,
    name: String,
    code: String,
    uscc: String,
    licences: Vec<String>,
    address: String,
    division: String,
    kind: String,
    status: String,
}

#[derive(Default)]
struct Search {
    index: RwLock<Index>,
}

impl Search {
    fn new() -> Self {
        Self::default()
    }

    fn apply(&self, entries: &[Entry]) {
        let things: Vec<Thing> = entries.iter().map(thing).collect();
        let rows = Index::rows(&things);
        self.index.write().put_all(&things, &rows);
    }

    fn find(&self, query: &Query) -> Found {
        self.index.read().find(query)
    }

    fn near(&self, query: &Query) -> Found {
        self.index.read().near(query)
    }

    fn len(&self) -> usize {
        self.index.read().len()
    }
}

fn thing(e: &Entry) -> Thing {
    let text = Text::new(&e.name).code(&e.code).code(&e.uscc);
    let text = e.licences.iter().fold(text, |text, licence| text.code(licence)).other(&e.address);
    let (division, kind, status) = (e.division.clone(), e.kind.clone(), e.status.clone());
    Thing { id: e.id, seq: e.seq, text, division, kind, status }
}

fn entry(no: u32, name: &str) -> Entry {
    Entry {
        id: u128::from(no) + 1,
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
    found.ids.iter().map(|id| id - 1).collect()
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
    assert!(search.index.read().records() < 3_100);
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
    if query.newest_first && words.is_empty() {
        hits.reverse();
    }
    let total = hits.len();
    let ids = hits.into_iter().skip(query.skip).take(query.take).map(|(_, i)| entries[i].id).collect();
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
        any::<bool>(),
        0usize..3,
        1usize..5,
    )
        .prop_map(|(text, jurisdiction, division, kinds, statuses, newest_first, skip, take)| Query {
            text,
            jurisdiction: vec![jurisdiction.to_owned(), "4403".to_owned()],
            division: division.map(str::to_owned),
            kinds: kinds.into_iter().map(str::to_owned).collect(),
            statuses: statuses.into_iter().map(str::to_owned).collect(),
            newest_first,
            skip,
            take,
            enough: 0,
        })
}

proptest! {
    #[test]
    fn it_finds_what_a_naive_filter_finds(
        mut entries in prop::collection::vec(any_entry(), 0..40),
        queries in prop::collection::vec(any_query(), 1..8),
    ) {
        for (i, e) in entries.iter_mut().enumerate() {
            e.id = i as u128 + 1;
            e.seq = i as i64 + 1;
        }
        let search = Search::new();
        search.apply(&entries);
        for query in queries {
            prop_assert_eq!(search.find(&query), naive(&entries, &query), "{:?}", query);
        }
    }
}

#[test]
fn a_typing_error_is_forgiven() {
    let search = Search::new();
    search.apply(&[
        entry(0, "濮阳市好又多生活超市"),
        entry(1, "华龙区胖东来食品店"),
        entry(2, "开州粮油批发部"),
    ]);
    for (typed, meant) in [
        ("好又多生活超巿", 0), // another character that looks the same
        ("好又多活生超市", 0), // swapped
        ("好又生活超市", 0),   // one missing
        ("华龙区胖冬来食品店", 1),
        ("开州粮油批发发部", 2), // one too many
        ("kaizhouliangyuopifabu", 2),
    ] {
        assert_eq!(search.find(&everywhere(typed)).total, 0, "{typed} stands there as it is");
        assert_eq!(numbers(&search.near(&everywhere(typed))).first(), Some(&meant), "{typed}");
    }
    assert_eq!(search.near(&everywhere("超巿")).total, 0, "too short for a guess");
}

#[test]
fn enough_is_enough() {
    let search = Search::new();
    search.apply(&(0..500).map(|no| entry(no, "老王食品店")).collect::<Vec<_>>());
    let few = Query { enough: 40, take: 5, ..everywhere("食品") };
    assert_eq!((search.find(&few).total, search.find(&few).ids.len()), (40, 5));
    assert_eq!(search.find(&everywhere("食品")).total, 500);
}

/// The naive twin of the distance: the usual table for every stretch of the text.
fn naive_errors(word: &[char], text: &[char]) -> usize {
    let stretch = |text: &[char]| {
        let mut d = vec![vec![0; text.len() + 1]; word.len() + 1];
        for i in 0..=word.len() {
            for j in 0..=text.len() {
                d[i][j] = match (i, j) {
                    (0, j) => j,
                    (i, 0) => i,
                    (i, j) => {
                        let wrong = usize::from(word[i - 1] != text[j - 1]);
                        let swap = i > 1 && j > 1 && word[i - 1] == text[j - 2] && word[i - 2] == text[j - 1];
                        let best = (d[i - 1][j - 1] + wrong).min(d[i - 1][j] + 1).min(d[i][j - 1] + 1);
                        if swap { best.min(d[i - 2][j - 2] + 1) } else { best }
                    }
                };
            }
        }
        d[word.len()][text.len()]
    };
    (0..=text.len())
        .flat_map(|from| (from..=text.len()).map(move |to| (from, to)))
        .map(|(from, to)| stretch(&text[from..to]))
        .min()
        .unwrap_or(word.len())
}

/// The word with one typing error.
fn edited(word: &str, kind: i32, at: usize, c: char) -> String {
    let mut chars: Vec<char> = word.chars().collect();
    match kind {
        0 => chars[at] = c,
        1 => chars.insert(at, c),
        2 if chars.len() > 1 => drop(chars.remove(at)),
        _ if at > 0 => chars.swap(at - 1, at),
        _ => {}
    }
    chars.into_iter().collect()
}

proptest! {
    #[test]
    fn the_distance_is_that_of_the_nearest_stretch(word in "[ab濮阳]{1,6}", text in "[ab濮阳]{0,9}", most in 0usize..3) {
        let (word, text): (Vec<char>, Vec<char>) = (word.chars().collect(), text.chars().collect());
        let naive = naive_errors(&word, &text);
        prop_assert_eq!(errors_within(&word, &text, most), (naive <= most).then_some(naive));
    }

    /// Whatever is near enough holds one of the parts, so nothing near is missed.
    #[test]
    fn no_near_name_is_missed(
        names in prop::collection::vec("[濮阳老王李超市店食品厂]{6,12}", 1..20),
        which in any::<prop::sample::Index>(),
        edits in prop::collection::vec((0..4, any::<prop::sample::Index>(), prop::sample::select(vec!['粮', '油', '市'])), 1..3),
    ) {
        let word = edits.iter().fold(which.get(&names).clone(), |word, (kind, at, c)| edited(&word, *kind, at.index(word.chars().count()), *c));
        prop_assume!(plan(&word).is_some());
        let search = Search::new();
        let entries: Vec<Entry> = (0..).zip(&names).map(|(no, name)| entry(no, name)).collect();
        search.apply(&entries);
        let errors = plan(&word).unwrap().errors;
        let word_chars: Vec<char> = word.chars().collect();
        let near = |name: &String| naive_errors(&word_chars, &name.chars().collect::<Vec<_>>()) <= errors;
        let naive: Vec<u128> = (0..).zip(&names).filter(|(_, name)| near(name)).map(|(no, _)| no).collect();
        let mut found = numbers(&search.near(&everywhere(&word)));
        found.sort_unstable();
        prop_assert_eq!(found, naive);
    }
}
