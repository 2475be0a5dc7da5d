//! How often a business is visited in a year: by its risk grade, and never less than the two-year floor.

use std::sync::LazyLock;

use crate::model::PlanItem;

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
}

/// What the year asks of a business; name, id and place are put in by the caller.
pub fn item(known: Known, rules: &Rules) -> PlanItem {
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
    fn nobody_is_visited_less_than_once_in_two_years() {
        let known = |kind, grade, covered| Known { kind, grade, covered, done: 0 };
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
            let found = item(known, rules());
            assert_eq!(
                (found.needed, found.reason.as_str(), found.priority),
                (needed, reason, priority),
                "{known:?}"
            );
        }
    }
}
