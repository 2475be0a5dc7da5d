//! Judgement against the table of data/checks and against a twin; workbooks against the shape that is described.

use proptest::prelude::*;

use super::dec::Dec;
use super::judge::{Bound, Food, Found, Limit, Outcome, Part, against, judge, latest, read_bound, verdict};
use super::reading::{self, Reading};
use super::{microbial, sample_no};

fn d(text: &str) -> Dec {
    Dec::parse(text).unwrap()
}

fn limit(item: &str, bound: Bound, unit: &str) -> Limit {
    Limit {
        id: "l".into(),
        standard: "GB 1-2020".into(),
        item: item.into(),
        category: String::new(),
        food: String::new(),
        except: Vec::new(),
        bound,
        unit: unit.into(),
        from: "2020-01-01".into(),
        until: String::new(),
        verified: true,
    }
}

fn found(item: &str, result: &str, unit: &str) -> Found {
    Found {
        item: item.into(),
        readings: reading::read(result).unwrap().readings,
        unit: unit.into(),
        lod: None,
    }
}

/// Cells of a line of CSV; quotation marks hold commas.
pub(super) fn cells(line: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => out.push(String::new()),
            c => out.last_mut().unwrap().push(c),
        }
    }
    out
}

#[test]
fn judgement_agrees_with_the_table_that_was_made_by_hand() {
    let table = include_str!("../../../../data/checks/judgement.csv");
    let mut n = 0;
    for line in table.lines().skip(1) {
        let row = cells(line);
        let [bound, limit_unit, result, unit, lod, expected, _] = row.as_slice() else { panic!("{line}") };
        let (bound, _) = read_bound(bound).unwrap_or_else(|| panic!("{line}"));
        let of = Found { lod: Dec::parse(lod), ..found("x", result, unit) };
        let got = against(&limit("x", bound, limit_unit), &of, std::slice::from_ref(&of));
        let word = crate::actions::assay::outcome_word(got.outcome);
        assert_eq!(word, expected, "{line}: {}", got.rule);
        n += 1;
    }
    eprintln!("{n} cases");
    assert!(n >= 300, "{n}");
}

#[test]
fn the_most_specific_category_of_the_day_counts() {
    let of = |category: &str, food: &str, value: &str, from: &str, until: &str| Limit {
        category: category.into(),
        food: food.into(),
        from: from.into(),
        until: until.into(),
        ..limit("铅", Bound::Most { value: d(value) }, "mg/kg")
    };
    let limits = [
        of("", "", "9", "2020-01-01", ""),
        of("4", "", "0.1", "2020-01-01", "2023-01-01"),
        of("4", "", "0.2", "2023-01-01", ""),
        of("4.1", "", "0.3", "2020-01-01", ""),
        of("4.1", "韭菜", "0.4", "2020-01-01", ""),
        Limit { except: vec!["葱".into()], ..of("4.2", "", "0.05", "2020-01-01", "") },
    ];
    let table = [
        ("4.1", "韭菜", "2024-01-01", "0.4"),
        ("4.1", "菠菜", "2024-01-01", "0.3"),
        ("4.1.7", "菠菜", "2024-01-01", "0.3"),
        ("4.2", "蒜", "2024-01-01", "0.05"),
        ("4.2", "葱", "2024-01-01", "0.2"),
        ("4.2", "葱", "2022-12-31", "0.1"),
        ("4.2", "葱", "2023-01-01", "0.2"),
        ("4.10", "蒜", "2024-01-01", "0.2"),
        ("41", "蒜", "2024-01-01", "9"),
    ];
    for (category, name, day, expected) in table {
        let rows = super::judge::holding(&limits, "铅", &Food { category, name, day });
        let values: Vec<String> =
            rows.iter().map(|l| super::judge::words(&l.bound, "").replace('≤', "")).collect();
        assert_eq!(values, [expected], "{category} {name} {day}");
    }
    assert!(
        super::judge::holding(&limits, "铅", &Food { category: "4", name: "x", day: "2019-12-31" })
            .is_empty()
    );
}

#[test]
fn sums_and_ratios_are_judged_over_their_parts() {
    let sum = Bound::Sum { parts: vec!["恩诺沙星".into(), "环丙沙星".into()], value: d("100") };
    let parts = vec![
        Part { item: "苯甲酸".into(), value: d("1") },
        Part { item: "山梨酸".into(), value: d("0.3") },
        Part { item: "脱氢乙酸".into(), value: d("0.3") },
    ];
    let limits = [
        limit("恩诺沙星与环丙沙星之和", sum, "μg/kg"),
        limit("防腐剂比例之和", Bound::Ratios { parts, value: d("1") }, "g/kg"),
    ];
    let food = Food { category: "4", name: "x", day: "2024-01-01" };
    type Row<'a> = (&'a [(&'a str, &'a str, &'a str)], &'a str, Outcome);
    let table: [Row; 13] = [
        (
            &[("恩诺沙星", "60", "μg/kg"), ("环丙沙星", "40", "μg/kg")],
            "恩诺沙星与环丙沙星之和",
            Outcome::Conforms,
        ),
        (
            &[("恩诺沙星", "60", "μg/kg"), ("环丙沙星", "40.1", "μg/kg")],
            "恩诺沙星与环丙沙星之和",
            Outcome::Fails,
        ),
        (
            &[("恩诺沙星", "0.06", "mg/kg"), ("环丙沙星", "未检出", "μg/kg")],
            "恩诺沙星与环丙沙星之和",
            Outcome::Conforms,
        ),
        (&[("恩诺沙星", "60", "μg/kg")], "恩诺沙星与环丙沙星之和", Outcome::Undecided),
        (
            &[("恩诺沙星", "60", "μg/kg"), ("环丙沙星", "<50", "μg/kg")],
            "恩诺沙星与环丙沙星之和",
            Outcome::Undecided,
        ),
        (&[("恩诺沙星与环丙沙星之和", "312", "μg/kg")], "恩诺沙星与环丙沙星之和", Outcome::Fails),
        // 1/3 + 2/3 is one exactly, which binary fractions do not say
        (
            &[("苯甲酸", "0", "g/kg"), ("山梨酸", "0.1", "g/kg"), ("脱氢乙酸", "0.2", "g/kg")],
            "防腐剂比例之和",
            Outcome::Conforms,
        ),
        (
            &[("苯甲酸", "0.0001", "g/kg"), ("山梨酸", "0.1", "g/kg"), ("脱氢乙酸", "0.2", "g/kg")],
            "防腐剂比例之和",
            Outcome::Fails,
        ),
        (&[("苯甲酸", "500", "mg/kg"), ("山梨酸", "0.15", "g/kg")], "防腐剂比例之和", Outcome::Conforms),
        // `<x` is anything up to x: it conforms where x does, fails where the rest does, and is told where it matters
        (&[("苯甲酸", "<0.1", "g/kg"), ("山梨酸", "0.1", "g/kg")], "防腐剂比例之和", Outcome::Conforms),
        (&[("苯甲酸", "<0.9", "g/kg"), ("山梨酸", "0.2", "g/kg")], "防腐剂比例之和", Outcome::Undecided),
        (&[("苯甲酸", "<0.9", "g/kg"), ("山梨酸", "1.2", "g/kg")], "防腐剂比例之和", Outcome::Fails),
        (&[("苯甲酸", "501", "mg/kg"), ("山梨酸", "0.15", "g/kg")], "防腐剂比例之和", Outcome::Fails),
    ];
    for (results, item, expected) in table {
        let all: Vec<Found> = results.iter().map(|(i, r, u)| found(i, r, u)).collect();
        let judged = judge(&limits, &food, &all);
        let got = judged.iter().find(|j| j.item == item).unwrap();
        assert_eq!(got.outcome, expected, "{results:?}: {}", got.rule);
    }
    assert_eq!(verdict(&[]), Outcome::Undecided);
}

#[test]
fn numbers_and_microbes() {
    assert_eq!(sample_no("county", 2024, "410900", 101), "XBJ24410900000000101");
    assert!(super::workbook::is_sample_no(&sample_no("national", 2026, "410902", 7)));
    for (item, unit, expected) in [
        ("菌落总数", "CFU/g", true),
        ("大肠菌群", "MPN/100g", true),
        ("沙门氏菌", "/25g", true),
        ("腐霉利", "mg/kg", false),
        ("铅", "mg/kg", false),
        // a unit says it of an item that no row names, a name of one whose unit says nothing
        ("嗜冷菌", "CFU/mL", true),
        ("单核细胞增生李斯特氏菌", "", true),
        ("商业无菌", "", true),
        // pesticides and toxins with the sign of a fungus in their name
        ("多菌灵", "mg/kg", false),
        ("百菌清", "mg/kg", false),
        ("嘧菌酯", "mg/kg", false),
        ("真菌毒素", "μg/kg", false),
        ("脱氧雪腐镰刀菌烯醇", "μg/kg", false),
        ("T-2 毒素（镰刀菌）", "μg/kg", false),
    ] {
        assert_eq!(microbial(item, unit, "2026-03-01").unwrap(), expected, "{item}");
    }
    assert!(!microbial("菌落总数", "CFU/g", "2019-09-30").unwrap(), "令15号 holds from 2019-10-01");
}

/// Half steps between whole limits stand for everything in between.
fn lies(reading: &Reading, half: i64) -> bool {
    let whole = |d: &Dec| d.to_string().parse::<i64>().unwrap() * 2;
    match reading {
        Reading::Value(v) => half == whole(v),
        Reading::Below(v) | Reading::NotDetected(Some(v)) => half < whole(v),
        Reading::Above(v) => half > whole(v),
        _ => true,
    }
}

fn fits(bound: &Bound, half: i64) -> bool {
    let whole = |d: &Dec| d.to_string().parse::<i64>().unwrap() * 2;
    match bound {
        Bound::Most { value } => half <= whole(value),
        Bound::Under { value } => half < whole(value),
        Bound::Least { value } => half >= whole(value),
        Bound::Over { value } => half > whole(value),
        Bound::Range { low, high } => (whole(low)..=whole(high)).contains(&half),
        _ => unreachable!(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]
    /// A twin that tries every value that the truth may have: all fit, none fits, or it cannot be said.
    #[test]
    fn what_is_judged_holds_for_every_value_that_may_be_true(kind in 0..5, a in 0_i64..12, b in 0_i64..12, form in 0..4, r in 0_i64..12, power in -3_i32..4) {
        let value = Dec::new(a.into(), 0);
        let bound = match kind {
            0 => Bound::Most { value },
            1 => Bound::Under { value },
            2 => Bound::Least { value },
            3 => Bound::Over { value },
            _ => Bound::Range { low: Dec::new(a.min(b).into(), 0), high: Dec::new(a.max(b).into(), 0) },
        };
        let n = Dec::new(r.into(), 0);
        let reading = match form {
            0 => Reading::Value(n),
            1 => Reading::Below(Dec::new(i128::from(r) + 1, 0)),
            2 => Reading::Above(n),
            _ => Reading::NotDetected(Some(Dec::new(i128::from(r) + 1, 0))),
        };
        let possible: Vec<bool> = (0..60).filter(|h| lies(&reading, *h)).map(|h| fits(&bound, h)).collect();
        let expected = match (possible.iter().all(|x| *x), possible.iter().any(|x| *x)) {
            // beyond the grid nothing is bounded above
            (true, _) => Outcome::Conforms,
            (_, false) => Outcome::Fails,
            _ => Outcome::Undecided,
        };
        // in any unit of the same quantity
        let units = [(-3, "ug/kg"), (-2, "ug/100g"), (0, "mg/kg"), (1, "mg/100g"), (3, "g/kg")];
        let (by, unit) = units[usize::try_from(power + 3).unwrap() % units.len()];
        let of = Found { item: "x".into(), readings: vec![reading.shift(-by)], unit: unit.into(), lod: None };
        let got = against(&limit("x", bound, "mg/kg"), &of, &[]);
        prop_assert_eq!(got.outcome, expected, "{}", got.rule);
    }

    /// n/c/m/M by counting.
    #[test]
    fn plans_are_counted(counts in prop::collection::vec(0_i64..40, 5), c in 0_u32..4, m in 0_i64..20, more in 0_i64..15) {
        let top = m + more;
        let expected = counts.iter().all(|v| *v <= top) && counts.iter().filter(|v| **v > m).count() <= c as usize;
        let bound = Bound::Plan { n: 5, c, m: Dec::new(m.into(), 0), top: Some(Dec::new(top.into(), 0)) };
        let readings = counts.iter().map(|v| Reading::Value(Dec::new((*v).into(), 0))).collect();
        let of = Found { item: "x".into(), readings, unit: "CFU/g".into(), lod: None };
        let got = against(&limit("x", bound, "CFU/g"), &of, &[]).outcome;
        prop_assert_eq!(got, if expected { Outcome::Conforms } else { Outcome::Fails });
    }

    /// Nothing that people write makes the reader fall over.
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,30}") {
        let _ = reading::read(&text);
        let _ = read_bound(&text);
        let _ = super::workbook::read_day(&text);
    }
}

#[test]
fn a_later_version_of_a_standard_takes_the_place_of_the_one_before() {
    let row = |id: &str, standard: &str, from: &str, value: &str| Limit {
        id: id.into(),
        standard: standard.into(),
        item: "铅".into(),
        category: "01".into(),
        food: String::new(),
        except: Vec::new(),
        bound: Bound::Most { value: d(value) },
        unit: "mg/kg".into(),
        from: from.into(),
        until: String::new(),
        verified: false,
    };
    let left = |rows: Vec<Limit>| latest(rows).into_iter().map(|l| l.id).collect::<Vec<_>>();
    let old = row("1", "GB 2762-2017", "2017-09-17", "0.3");
    let new = row("2", "GB 2762-2022", "2023-06-30", "0.2");
    assert_eq!(left(vec![old.clone(), new.clone()]), ["2"]);
    assert_eq!(left(vec![new.clone(), old.clone()]), ["2"], "in whatever order");
    // the same row entered again with another value: the later one
    assert_eq!(left(vec![new.clone(), row("3", "GB 2762-2022", "2023-06-30", "0.1")]), ["3"]);
    // another standard says something of its own
    assert_eq!(left(vec![new, row("4", "GB 1354-2018", "2019-05-01", "0.2")]).len(), 2);
    assert_eq!(left(vec![old]), ["1"]);
}
