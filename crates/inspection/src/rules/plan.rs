//! How often a business is visited in a year: by its risk grade, and never less than the two-year floor.

use std::sync::LazyLock;

use kit_base::Millis;
use kit_base::clock::day_start;

use crate::model::PlanItem;

const DAY: Millis = 86_400_000;
/// data/inspection/plan-rules.csv
const RULES: &str = include_str!("../../../../data/inspection/plan-rules.csv");

/// What the rows of data say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// Each business at least once in so many years.
    pub coverage: i16,
    /// What a level above looked at is not repeated within so many months.
    pub repeat: i32,
    /// 业态 that come first.
    pub kinds: Vec<String>,
    /// Grades of producers that come first.
    pub producer: Vec<String>,
    /// Grades of other businesses that come first.
    pub operator: Vec<String>,
}

static ALL: LazyLock<Rules> = LazyLock::new(read);

/// The rules; a test looks at every value.
pub fn rules() -> &'static Rules {
    &ALL
}

fn read() -> Rules {
    let mut rules = Rules::default();
    for line in RULES.lines().skip(1) {
        let mut cells = line.split(',');
        let (code, value) = (cells.next().unwrap_or(""), cells.next().unwrap_or(""));
        let list = || value.split(' ').map(str::to_owned).collect::<Vec<String>>();
        match code {
            "coverage" => rules.coverage = value.parse().unwrap_or(0),
            "repeat" => rules.repeat = value.parse().unwrap_or(0),
            "priority.kind" => rules.kinds.extend(list()),
            "priority.producer" => rules.producer = list(),
            "priority.operator" => rules.operator = list(),
            _ => {}
        }
    }
    rules
}

/// What is known of a business.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    pub kind: &'a str,
    /// Grade and least visits a year; `None` not graded.
    pub grade: Option<(&'a str, i64)>,
    /// It was visited within the years that the floor goes over, before this one.
    pub covered: bool,
    /// Visits recorded in the year.
    pub done: i64,
    /// The last recorded visit that is known.
    pub last: Option<Millis>,
}

/// The first moment at which the next visit of a year is late: its visits are spread evenly over it. That is our pace, no law.
pub fn next_due(year: i64, needed: i64, done: i64) -> Option<Millis> {
    let year = i16::try_from(year).ok()?;
    let (from, to) = (day_start(jiff::civil::date(year, 1, 1)), day_start(jiff::civil::date(year + 1, 1, 1)));
    let days = (to - from) / DAY;
    (done < needed).then(|| from + days * (done + 1) / needed * DAY)
}

/// What the year asks of a business; name, id and place are put in by the caller.
pub fn item(known: Known, year: i64, rules: &Rules) -> PlanItem {
    let (grade, least) = known.grade.unwrap_or(("", 0));
    let floor = i64::from(!known.covered);
    let first =
        if known.kind == "producer" || known.kind == "additive" { &rules.producer } else { &rules.operator };
    let reason = match (least >= 1, floor) {
        (true, _) => "grade",
        (false, 1) => "floor",
        _ => "none",
    };
    PlanItem {
        party: String::new(),
        name: String::new(),
        division: String::new(),
        kind: known.kind.to_owned(),
        grade: grade.to_owned(),
        priority: rules.kinds.iter().any(|k| k == known.kind) || first.iter().any(|g| g == grade),
        needed: least.max(floor),
        done: known.done,
        reason: reason.to_owned(),
        code: String::new(),
        next_due: next_due(year, least.max(floor), known.done),
        last_at: known.last,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_say_what_the_order_says() {
        let r = rules();
        assert_eq!((r.coverage, r.repeat), (2, 3));
        assert_eq!(r.kinds, ["central_kitchen", "meal_delivery"]);
        assert_eq!((r.producer.join(""), r.operator.join("")), ("CD".into(), "D".into()));
    }

    #[test]
    fn visits_are_spread_evenly_over_the_year() {
        let day = |text: &str| Some(day_start(text.parse::<jiff::civil::Date>().unwrap()));
        for (needed, done, due) in [
            (1, 0, day("2027-01-01")),
            (2, 0, day("2026-07-02")),
            (2, 1, day("2027-01-01")),
            (4, 0, day("2026-04-02")),
            (4, 3, day("2027-01-01")),
            (2, 2, None),
            (0, 0, None),
            (1, 3, None),
        ] {
            assert_eq!(next_due(2026, needed, done), due, "{done} of {needed}");
        }
    }

    #[test]
    fn nobody_is_visited_less_than_once_in_two_years() {
        let known = |kind, grade, covered| Known { kind, grade, covered, done: 0, last: None };
        let table = [
            (known("shop", Some(("A", 1)), true), 1, "grade", false),
            (known("shop", Some(("A", 0)), true), 0, "none", false),
            (known("shop", Some(("A", 0)), false), 1, "floor", false),
            (known("shop", Some(("D", 3)), false), 3, "grade", true),
            (known("shop", Some(("C", 2)), true), 2, "grade", false),
            (known("producer", Some(("C", 2)), true), 2, "grade", true),
            (known("central_kitchen", None, true), 0, "none", true),
            (known("restaurant", None, false), 1, "floor", false),
        ];
        for (known, needed, reason, priority) in table {
            let found = item(known, 2026, rules());
            assert_eq!(
                (found.needed, found.reason.as_str(), found.priority),
                (needed, reason, priority),
                "{known:?}"
            );
        }
    }
}
