//! Rules by table.

use super::risk::{Facts, assess};
use super::score::{self, Filed};
use super::tables::{RuleSet, tables};

fn day_ms(day: &str) -> i64 {
    kit_base::clock::day_start(day.parse().unwrap())
}

fn facts(list: &[(&str, i64)], kind: &str) -> Facts {
    let mut facts = Facts::default();
    facts.say("kind", kind);
    for (code, n) in list {
        facts.put(code, *n);
    }
    facts
}

#[test]
fn points_make_grades_and_steps_move_them() {
    let national = RuleSet::of(tables().unwrap(), "41", "2026-03-01").unwrap();
    assert_eq!(national.variant.variant, "national");
    // kind, facts, total, by points, grade, visits
    type Row<'a> = (&'a str, &'a [(&'a str, i64)], i64, &'a str, &'a str, (i64, i64));
    let table: &[Row] = &[
        ("small_shop", &[("items", 1), ("staff", 1), ("visits.last_days", 30)], 8, "A", "A", (1, 1)),
        // what is not known counts as the rows of unknown say
        ("small_shop", &[], 12, "A", "A", (1, 1)),
        ("canteen", &[("items", 5), ("items.high", 1)], 41, "B", "B", (1, 2)),
        ("canteen", &[("items", 5), ("items.high", 1), ("staff", 0)], 45, "B", "B", (1, 2)),
        (
            "canteen",
            &[("items", 5), ("items.high", 1), ("staff", 0), ("findings.minor", 1)],
            46,
            "C",
            "C",
            (2, 3),
        ),
        // no more than the factor's cap
        ("small_shop", &[("items", 1), ("findings.serious", 9)], 27, "A", "A", (1, 1)),
        (
            "canteen",
            &[("items", 5), ("items.high", 1), ("findings.serious", 2), ("findings.general", 2)],
            63,
            "D",
            "D",
            (3, 4),
        ),
        ("small_shop", &[("samples.high", 1)], 12, "A", "B", (1, 2)),
        ("small_shop", &[("samples.high", 1), ("accidents", 2)], 12, "A", "C", (2, 3)),
        (
            "small_shop",
            &[("samples.high", 1), ("accidents", 2), ("obstructions", 1), ("public.harm", 1)],
            12,
            "A",
            "D",
            (3, 4),
        ),
        // one step down for however many reasons, none beside a step up, none below A
        (
            "canteen",
            &[("items", 5), ("items.high", 1), ("certified", 1), ("awards", 2)],
            41,
            "B",
            "A",
            (1, 1),
        ),
        (
            "canteen",
            &[("items", 5), ("items.high", 1), ("certified", 1), ("accidents", 1)],
            41,
            "B",
            "C",
            (2, 3),
        ),
        ("small_shop", &[("clean.years", 3)], 12, "A", "A", (1, 1)),
    ];
    for (kind, known, total, base, grade, visits) in table {
        let made = assess(&national, &facts(known, kind)).unwrap();
        let found = (made.total, made.base_grade.as_str(), made.grade.as_str(), (made.least, made.most));
        assert_eq!(found, (*total, *base, *grade, *visits), "{kind} {known:?}");
        assert!(made.points.iter().all(|p| !p.why.is_empty() && !p.source.is_empty()), "{:?}", made.points);
    }
}

#[test]
fn provinces_have_their_own() {
    let of = |division: &str, day: &str| RuleSet::of(tables().unwrap(), division, day).unwrap();
    let hubei = of("420106", "2026-03-01");
    let d = [
        ("items", 5),
        ("items.high", 1),
        ("findings.serious", 2),
        ("findings.general", 3),
        ("findings.overdue", 9),
        ("staff", 0),
    ];
    let shop = assess(&hubei, &facts(&d, "wholesaler")).unwrap();
    assert_eq!((shop.grade.as_str(), shop.least), ("D", 3), "{shop:?}");
    let canteen = assess(&hubei, &facts(&d, "canteen")).unwrap();
    assert_eq!((canteen.grade.as_str(), canteen.least, canteen.most), ("D", 3, 4));
    let anhui = of("340102", "2026-03-01");
    let known = [("credit.lost", 40), ("items", 1)];
    let made = assess(&anhui, &facts(&known, "small_shop")).unwrap();
    assert_eq!((made.credit_points, made.total), (8, 19), "{made:?}");
    let made = assess(&anhui, &facts(&[("listed.serious", 1)], "small_shop")).unwrap();
    assert_eq!(made.grade, "D");
    // before the day of a rule it does not hold
    assert_eq!(of("340102", "2021-12-31").variant.variant, "national");
    assert_ne!(of("34", "2026-03-01").text().unwrap().0, of("41", "2026-03-01").text().unwrap().0);
}

#[test]
fn credit_counts_for_its_term() {
    let tables = tables().unwrap();
    let at = day_ms("2026-03-01");
    let points = |kind: &str, now: &str, revoked: bool| {
        score::counted(tables, &Filed { kind, at, revoked }, day_ms(now)).unwrap().points
    };
    for (kind, now, revoked, expected) in [
        ("inspection.nonconform", "2026-03-01", false, -6),
        ("inspection.nonconform", "2027-02-28", false, -6),
        ("inspection.nonconform", "2027-03-01", false, 0),
        ("penalty.fine", "2029-02-28", false, -10),
        ("penalty.fine", "2029-03-01", false, 0),
        ("penalty.fine", "2026-04-01", true, 0),
        ("licence.granted", "2026-03-01", false, 0),
        ("award", "2026-03-02", false, 5),
    ] {
        assert_eq!(points(kind, now, revoked), expected, "{kind} {now}");
    }
    assert!(score::counted(tables, &Filed { kind: "praise", at, revoked: false }, at).is_err());
    for (score, grade) in
        [(100, "A"), (90, "A"), (89, "B"), (75, "B"), (74, "C"), (60, "C"), (59, "D"), (0, "D")]
    {
        assert_eq!(score::grade(tables, score, "2026-03-01").unwrap().grade, grade, "{score}");
    }
    assert_eq!([0, -200, 50].map(|n| score::total(tables, [n]).unwrap()), [85, 0, 100]);
}

#[test]
fn every_row_is_sound() {
    let t = tables().unwrap();
    let tests = ["is", "in", "least", "each", "unknown"];
    let parts = ["static", "dynamic", "credit", "up", "down", "to_d"];
    for f in &t.factors {
        assert!(tests.contains(&f.test.as_str()) && parts.contains(&f.part.as_str()), "{f:?}");
        assert!(f.points <= f.cap && f.points > 0 && !f.source.is_empty(), "{f:?}");
    }
    for (part, most) in [("static", 40), ("dynamic", 60)] {
        let caps: std::collections::BTreeMap<_, _> =
            t.factors.iter().filter(|f| f.part == part).map(|f| (&f.code, f.cap)).collect();
        assert_eq!(caps.values().sum::<i64>(), most, "{part}");
    }
    for variant in &t.variants {
        let set = RuleSet::of(t, &variant.division, "2026-03-01").unwrap();
        for kind in ["shop", "canteen", "producer"] {
            let grades: Vec<_> = set.bands_for(kind).iter().map(|b| b.grade.as_str()).collect();
            assert_eq!(grades, ["A", "B", "C", "D"], "{} {kind}", variant.variant);
        }
    }
}
