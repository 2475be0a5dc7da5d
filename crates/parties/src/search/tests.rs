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
    if query.newest_first && words.is_empty() {
        hits.reverse();
    }
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
