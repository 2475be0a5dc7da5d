//! Judgement of whole samples against a table made by hand: the tree of foods, days, named and excepted foods, plans, sums and
//! ratios, from the rows that hold to what comes of them.

use super::dec::Dec;
use super::judge::{Bound, Food, Found, Limit, Part, judge, latest, read_bound};
use super::reading;
use super::tests::cells;

fn limits() -> Vec<Limit> {
    let lines = include_str!("../../../../data/checks/sample-limits.csv").lines().skip(1);
    let read = |(n, line): (usize, &str)| {
        let row = cells(line);
        let [standard, item, category, food, except, bound, unit, parts, from, until] = row.as_slice() else {
            panic!("{line}")
        };
        let (bound, _) = read_bound(bound).unwrap_or_else(|| panic!("{line}"));
        Limit {
            id: format!("{n:03}"),
            standard: standard.clone(),
            item: item.clone(),
            category: category.clone(),
            food: food.clone(),
            except: except.split(';').filter(|e| !e.is_empty()).map(str::to_owned).collect(),
            bound: of_parts(bound, parts),
            unit: unit.clone(),
            from: from.clone(),
            until: until.clone(),
            verified: true,
        }
    };
    lines.enumerate().map(read).collect()
}

fn of_parts(bound: Bound, parts: &str) -> Bound {
    let Bound::Most { value } = bound else { return bound };
    let list = parts.split(';').filter(|p| !p.is_empty());
    if parts.contains('=') {
        let part = |text: &str| {
            let (item, limit) = text.split_once('=').unwrap();
            Part { item: item.to_owned(), value: Dec::parse(limit).unwrap() }
        };
        return Bound::Ratios { parts: list.map(part).collect(), value };
    }
    match parts {
        "" => Bound::Most { value },
        _ => Bound::Sum { parts: list.map(str::to_owned).collect(), value },
    }
}

/// `铅=0.1 mg/kg;菌落总数=900 800 CFU/g`: item, results, unit.
fn results(text: &str) -> Vec<Found> {
    let read = |one: &str| {
        let (item, rest) = one.split_once('=').unwrap();
        let (values, unit) = rest.rsplit_once(' ').unwrap();
        let readings = values.split(' ').flat_map(|v| reading::read(v).unwrap().readings).collect();
        Found { item: item.into(), readings, unit: unit.into(), lod: None }
    };
    text.split(';').map(read).collect()
}

#[test]
fn samples_are_judged_as_the_table_made_by_hand_says() {
    let limits = limits();
    let mut n = 0;
    for line in include_str!("../../../../data/checks/samples.csv").lines().skip(1) {
        let row = cells(line);
        let [category, name, day, found, item, expected, _] = row.as_slice() else { panic!("{line}") };
        let held = |l: &&Limit| l.from <= *day && (l.until.is_empty() || *day < l.until);
        let limits = latest(limits.iter().filter(held).cloned().collect());
        let judged = judge(&limits, &Food { category, name, day }, &results(found));
        let of: Vec<_> = judged.iter().filter(|j| j.item == *item).collect();
        let [got] = of.as_slice() else { panic!("{line}: {} verdicts", of.len()) };
        assert_eq!(crate::actions::assay::outcome_word(got.outcome), expected, "{line}: {}", got.rule);
        n += 1;
    }
    assert!(n >= 80, "{n}");
}
