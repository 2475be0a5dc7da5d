//! The penalty table by table.

use super::*;
use crate::rules::tables::get;

const YUAN: i64 = 100;

fn facts(article: &str, goods: Option<i64>, circumstances: &[&str]) -> Facts {
    Facts {
        article: article.into(),
        goods_value: goods.map(|g| g * YUAN),
        circumstances: circumstances.iter().map(|c| (*c).to_owned()).collect(),
        ..Facts::default()
    }
}

#[test]
fn the_range_of_each_article_follows_the_value_of_goods() {
    // article, goods, circumstances → low, high in yuan; None: no fine
    type Row<'a> = (&'a str, Option<i64>, &'a [&'a str], Option<(i64, i64)>);
    let table: &[Row] = &[
        ("122", Some(9_999), &[], Some((50_000, 100_000))),
        ("122", Some(10_000), &[], Some((100_000, 200_000))),
        ("123", Some(0), &[], Some((100_000, 150_000))),
        ("123", Some(20_000), &[], Some((300_000, 600_000))),
        ("124", Some(5_000), &[], Some((50_000, 100_000))),
        ("124", Some(12_345), &[], Some((123_450, 246_900))),
        ("125", Some(1), &[], Some((5_000, 50_000))),
        ("125", Some(10_000), &[], Some((50_000, 100_000))),
        ("125-label", None, &[], None),
        ("125-label", None, &["refused_to_mend"], Some((0, 2_000))),
        ("126", None, &[], None),
        ("126", Some(500_000), &["refused_to_mend"], Some((5_000, 50_000))),
        ("130", None, &[], Some((50_000, 200_000))),
        ("131", Some(1_000_000), &[], Some((50_000, 200_000))),
        ("132", None, &["refused_to_mend"], Some((10_000, 50_000))),
        ("133", None, &[], Some((2_000, 50_000))),
    ];
    for (article, goods, circumstances, expected) in table {
        let found = range(get().unwrap(), &facts(article, *goods, circumstances)).unwrap();
        let yuan = found.low.zip(found.high).map(|(l, h)| (l / YUAN, h / YUAN));
        assert_eq!(yuan, *expected, "{article} {goods:?} {circumstances:?}");
        assert!(!found.reasons.is_empty());
    }
}

#[test]
fn what_is_not_in_the_table_is_refused() {
    let code = |f: Facts| range(get().unwrap(), &f).unwrap_err().code.into_owned();
    assert_eq!(code(facts("999", None, &[])), "article_unknown");
    assert_eq!(code(facts("124", None, &[])), "goods_value_missing");
    assert_eq!(code(facts("124", Some(-1), &[])), "goods_value_form");
    assert_eq!(code(facts("124", Some(1), &["bad_mood"])), "circumstance_unknown");
}

#[test]
fn circumstances_weigh_with_their_reasons() {
    let of = |goods: i64, c: &[&str]| range(get().unwrap(), &facts("124", Some(goods), c)).unwrap();
    let plain = of(1_000, &[]);
    assert_eq!((plain.advised_low, plain.advised_high), (plain.low, plain.high));
    let light = of(1_000, &["voluntary"]);
    assert_eq!((light.advised_low, light.advised_high), (Some(5_000_000), Some(6_500_000)));
    assert!(light.below && !plain.below);
    let heavy = of(1_000, &["false"]);
    assert_eq!((heavy.advised_low, heavy.advised_high), (Some(8_500_000), Some(10_000_000)));
    assert!(heavy.serious && heavy.serious_extra.contains("吊销"));
    let both = of(1_000, &["voluntary", "false"]);
    assert_eq!((both.advised_low, both.advised_high), (both.low, both.high));
    assert!(of(20_000, &[]).serious && !of(19_999, &[]).serious);
    assert_eq!((of(1, &["first"]).exempt, of(1, &["first", "slight"]).exempt), ("may".into(), "must".into()));
}

#[test]
fn signs_of_a_crime_are_hints() {
    let of = |goods: i64, c: &[&str]| range(get().unwrap(), &facts("123", Some(goods), c)).unwrap().police;
    assert_eq!(of(199_999, &[]), Vec::<String>::new());
    assert_eq!(of(200_000, &[]).len(), 1);
    assert_eq!(of(100_000, &["campus"]).len(), 1);
    assert_eq!(of(99_999, &["campus"]), Vec::<String>::new());
    assert_eq!(of(1, &["ten_ill"]).len(), 1);
}

#[test]
fn a_decision_outside_of_the_range_is_refused_without_a_lawful_reason() {
    let tables = get().unwrap();
    let at = |c: &[&str]| range(tables, &facts("124", Some(1_000), c)).unwrap();
    let (plain, light, warned) =
        (at(&[]), at(&["voluntary"]), range(tables, &facts("126", None, &[])).unwrap());
    let code = |range: &Range, penalties: &[&str], fine: Option<i64>, reason: &str| {
        let penalties: Vec<String> = penalties.iter().map(|p| (*p).to_owned()).collect();
        let d = Decided { penalties: &penalties, fine: fine.map(|f| f * YUAN), outside_reason: reason };
        within(tables, range, &d).err().map(|e| e.code.into_owned()).unwrap_or_default()
    };
    type Row<'r> = (&'r Range, &'r [&'r str], Option<i64>, &'r str, &'r str);
    let table: &[Row] = &[
        (&plain, &["fine"], Some(50_000), "", ""),
        (&plain, &["fine"], Some(100_000), "", ""),
        (&plain, &["fine"], Some(100_001), "", "fine_above"),
        (&plain, &["fine"], Some(100_001), "影响恶劣", "fine_above"),
        (&plain, &["fine"], Some(49_999), "", "fine_below"),
        (&plain, &["fine"], Some(49_999), "行政处罚法第三十二条第五项", ""),
        (&light, &["fine"], Some(20_000), "", ""),
        (&plain, &["fine"], None, "", "fine_missing"),
        (&plain, &["warning"], Some(1), "", "fine_unwanted"),
        (&plain, &["gift"], None, "", "penalty_unknown"),
        (&warned, &["warning"], None, "", ""),
        (&warned, &["fine"], Some(5_000), "", "fine_not_yet"),
    ];
    for (range, penalties, fine, reason, expected) in table {
        assert_eq!(code(range, penalties, *fine, reason), *expected, "{penalties:?} {fine:?} {reason}");
    }
}

#[test]
fn what_the_procedure_asks_for_follows_from_the_penalty() {
    let tables = get().unwrap();
    let of = |p: &[&str], fine: i64, person: bool| {
        let p: Vec<String> = p.iter().map(|p| (*p).to_owned()).collect();
        let due = due(tables, &p, fine * YUAN, fine * YUAN, person).unwrap();
        (due.hearing.len(), due.city)
    };
    assert_eq!(of(&["fine"], 99_999, false), (0, false));
    assert_eq!(of(&["fine"], 100_000, false), (1, false));
    assert_eq!(of(&["fine"], 10_000, true), (1, false));
    assert_eq!(of(&["fine", "stop"], 300_000, false), (2, true));
    assert_eq!(of(&["revoke"], 0, false), (1, false));
}

#[test]
fn late_fines_grow_by_three_per_cent_a_day_to_twice_the_fine() {
    for (days, expected) in [(-3, 0), (0, 0), (1, 300), (33, 9_900), (34, 10_000), (400, 10_000)] {
        assert_eq!(surcharge(10_000, days, 3), expected, "{days}");
    }
}

#[test]
fn penalties_are_public_for_their_term_and_warnings_are_not() {
    let of = |p: &[&str]| public_kind(&p.iter().map(|p| (*p).to_owned()).collect::<Vec<String>>());
    assert_eq!((of(&[]), of(&["warning"]), of(&["criticism"])), (None, None, Some("penalty_light")));
    assert_eq!((of(&["warning", "fine"]), of(&["revoke"])), (Some("penalty"), Some("penalty")));
}

#[test]
fn three_in_a_year_are_counted_over_a_rolling_year() {
    let tables = get().unwrap();
    let day = 86_400_000;
    let now = 1_000 * day;
    let p = |p: &[&str]| p.iter().map(|p| (*p).to_owned()).collect::<Vec<String>>();
    let decided = vec![
        (now - 365 * day, p(&["fine"])),
        (now - 365 * day + 1, p(&["fine"])),
        (now - day, p(&["warning"])),
        (now - day, p(&["stop"])),
        (now - day, p(&["fine", "revoke"])),
        (now + 1, p(&["fine"])),
    ];
    let before = in_year(&decided, now, tables).unwrap();
    assert_eq!(before, 2);
    let third = Facts { penalties_before: before, ..facts("124", Some(1), &[]) };
    assert!(range(tables, &third).unwrap().third_in_year);
    assert!(!range(tables, &Facts { penalties_before: 1, ..third }).unwrap().third_in_year);
}
