//! What a file says, out of what is known: pure.

use std::collections::{BTreeMap, HashMap, HashSet};

use findings::about::{Tested, Touching};
use findings::wilson::share;
use jiff::civil::{Date, ISOWeekDate, Weekday};
use kit_base::clock::{china_day, day_start};
use kit_base::{Error, Millis, Result};

use crate::model::{Content, Corrected, FORMAT, Failing, Line, Manager, Open, Touched, Week, Who};

const DAY: Millis = 86_400_000;
pub const WEEK: Millis = 7 * DAY;
/// Weeks of the lines, and of the trend. Ours, no law.
pub const WEEKS: i64 = 52;
const TREND: i64 = 13;
/// Lines of a kind.
const LINES: usize = 50;

/// The week that a moment lies in: its name, first moment, and that of the next.
pub fn week_of(at: Millis) -> (String, Millis, Millis) {
    let iso = china_day(at).iso_week_date();
    // proven: Monday of a week that there is
    let monday = iso.first_of_week().map_or_else(|_| china_day(at), ISOWeekDate::date);
    let from = day_start(monday);
    (format!("{}-W{:02}", iso.year(), iso.week()), from, from + WEEK)
}

/// First moment of a named week. Errors: `week_form`.
pub fn week_named(text: &str) -> Result<(Millis, Millis)> {
    let wrong = || Error::invalid("week", "week_form", "周应写成 2026-W10 的形式");
    let (year, week) = text.split_once("-W").ok_or_else(wrong)?;
    let (year, week) = (year.parse::<i16>().map_err(|_| wrong())?, week.parse::<i8>().map_err(|_| wrong())?);
    let monday: Date = ISOWeekDate::new(year, week, Weekday::Monday).map_err(|_| wrong())?.date();
    let from = day_start(monday);
    Ok((from, from + WEEK))
}

/// Somebody who belongs to the manager, with all that is known of it.
#[derive(Debug, Clone)]
pub struct Known {
    pub id: String,
    pub who: Who,
    /// Only this place of it belongs there; empty: all.
    pub site: String,
    /// First moment of the relation.
    pub from: Millis,
    pub tested: Vec<Tested>,
    pub touching: Vec<Touching>,
    /// (source, serious, late, found in the week)
    pub findings: Vec<(String, bool, bool, bool)>,
    pub simulated: bool,
}

impl Known {
    /// Results that belong to the manager: taken while the relation held, at the place that is its.
    fn own(&self) -> impl Iterator<Item = &Tested> {
        self.tested.iter().filter(|t| {
            t.taken_at.unwrap_or(t.stood_at) >= self.from && (self.site.is_empty() || self.site == t.site)
        })
    }
}

/// All that a file is made of.
pub struct Given<'a> {
    pub manager: Manager,
    pub week: &'a str,
    pub from: Millis,
    pub until: Millis,
    pub version: i64,
    pub known: &'a [Known],
    /// Failures that the file of the week before told.
    pub told: &'a HashSet<String>,
    /// Name of a place in the tree of foods.
    pub food: &'a dyn Fn(&str) -> String,
    /// Name of a source of findings.
    pub source: &'a dyn Fn(&str) -> String,
    pub simulated: bool,
}

fn day(at: Millis) -> String {
    china_day(at).to_string()
}

/// What the file says.
pub fn content(g: &Given) -> Content {
    let (from, until) = (g.from, g.until);
    let since = until - WEEKS * WEEK;
    let mut c = Counted::default();
    let (mut failing, mut earlier, mut corrected) = (Vec::new(), Vec::new(), Vec::new());
    for k in g.known {
        for t in k.own().filter(|t| t.stood_at < until) {
            if t.stood_at >= since {
                c.add(k, t, (from, until));
            }
            match () {
                () if t.fails && t.stood_at >= from => failing.push(failure(k, t)),
                () if t.fails && t.open => earlier.push(failure(k, t)),
                () if t.overturned && g.told.contains(&t.id) => corrected.push(Corrected {
                    sample_no: t.sample_no.clone(),
                    who: k.who.clone(),
                    food: t.food.clone(),
                }),
                () => {}
            }
        }
    }
    failing.sort_by(|a, b| (&b.stood, &a.sample_no).cmp(&(&a.stood, &b.sample_no)));
    earlier.sort_by(|a, b| (&a.stood, &a.sample_no).cmp(&(&b.stood, &b.sample_no)));
    let names: HashMap<&str, &Who> = g.known.iter().map(|k| (k.id.as_str(), &k.who)).collect();
    let named = |id: &str| names.get(id).map_or_else(|| id.to_owned(), |w| label(w));
    let own = |text: &str| text.to_owned();
    Content {
        format: FORMAT.to_owned(),
        manager: g.manager.clone(),
        week: g.week.to_owned(),
        from: day(from),
        to: day(until - 1),
        version: g.version,
        members: g.known.len() as i64,
        tested: share(c.week.1, c.week.0),
        since: day(since),
        total: share(c.total.1, c.total.0),
        foods: lines(&c.foods, g.food),
        items: lines(&c.items, &own),
        by_member: lines(&c.members, &named),
        weeks: weeks(&c.weeks, from),
        touching: touching(g.known),
        findings: findings(g.known, g.source),
        failing,
        earlier,
        corrected,
        simulated: g.simulated || g.known.iter().any(|k| k.simulated),
    }
}

/// `王记豆制品（A12）`
fn label(who: &Who) -> String {
    match who.place.as_str() {
        "" => who.name.clone(),
        place => format!("{}（{place}）", who.name),
    }
}

/// (tested, failed) by what it is counted by.
#[derive(Default)]
struct Counted {
    total: (i64, i64),
    week: (i64, i64),
    foods: BTreeMap<String, (i64, i64)>,
    items: BTreeMap<String, (i64, i64)>,
    members: BTreeMap<String, (i64, i64)>,
    /// By first moment of the week.
    weeks: BTreeMap<Millis, (i64, i64)>,
}

fn count(to: &mut (i64, i64), fails: bool) {
    to.0 += 1;
    to.1 += i64::from(fails);
}

impl Counted {
    fn add(&mut self, k: &Known, t: &Tested, (from, until): (Millis, Millis)) {
        count(&mut self.total, t.fails);
        if t.stood_at >= from && t.stood_at < until {
            count(&mut self.week, t.fails);
        }
        let major = t.category.split('.').next().unwrap_or("").to_owned();
        count(self.foods.entry(major).or_default(), t.fails);
        count(self.members.entry(k.id.clone()).or_default(), t.fails);
        count(self.weeks.entry(week_of(t.stood_at).1).or_default(), t.fails);
        for (item, fails) in &t.items {
            count(self.items.entry(item.clone()).or_default(), *fails);
        }
    }
}

/// Those with the most failures first, then those with the most tested.
fn lines(all: &BTreeMap<String, (i64, i64)>, name: &dyn Fn(&str) -> String) -> Vec<Line> {
    let mut keys: Vec<(&String, &(i64, i64))> = all.iter().collect();
    keys.sort_by_key(|(key, (n, hits))| (-hits, -n, (*key).clone()));
    let line = |(key, (n, hits)): (&String, &(i64, i64))| Line {
        key: key.clone(),
        name: name(key),
        share: share(*hits, *n),
    };
    keys.into_iter().take(LINES).map(line).collect()
}

/// The weeks up to this one, also those in which nothing was tested.
fn weeks(all: &BTreeMap<Millis, (i64, i64)>, last: Millis) -> Vec<Week> {
    let of = |back: i64| {
        let from = last - back * WEEK;
        let (n, hits) = all.get(&from).copied().unwrap_or_default();
        Week { week: week_of(from).0, share: share(hits, n) }
    };
    (0..TREND).rev().map(of).collect()
}

fn failure(k: &Known, t: &Tested) -> Failing {
    Failing {
        sample_no: t.sample_no.clone(),
        who: k.who.clone(),
        food: t.food.clone(),
        category: t.category.clone(),
        failing: t.failing.clone(),
        taken: t.taken_at.map(day).unwrap_or_default(),
        stood: day(t.stood_at),
        open: t.open,
    }
}

fn touching(known: &[Known]) -> Vec<Touched> {
    let one = |k: &Known, t: &Touching| Touched {
        kind: t.kind.clone(),
        number: t.number.clone(),
        who: k.who.clone(),
        food: t.food.clone(),
        batch: t.batch.clone(),
        what: t.what.clone(),
        since: day(t.since),
        due: t.due.map(|at| day(at - 1)).unwrap_or_default(),
    };
    let mut all: Vec<Touched> =
        known.iter().flat_map(|k| k.touching.iter().map(move |t| one(k, t))).collect();
    all.sort_by(|a, b| (&b.since, &a.number, &a.who.code).cmp(&(&a.since, &b.number, &b.who.code)));
    all
}

fn findings(known: &[Known], name: &dyn Fn(&str) -> String) -> Vec<Open> {
    let mut all: BTreeMap<&str, Open> = BTreeMap::new();
    for (source, serious, late, new) in known.iter().flat_map(|k| &k.findings) {
        let line = all.entry(source).or_insert_with(|| Open {
            source: source.clone(),
            name: name(source),
            open: 0,
            serious: 0,
            late: 0,
            new: 0,
        });
        line.open += 1;
        line.serious += i64::from(*serious);
        line.late += i64::from(*late);
        line.new += i64::from(*new);
    }
    let mut out: Vec<Open> = all.into_values().collect();
    out.sort_by_key(|o| -o.open);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Monday 2026-03-02T00:00+08:00
    const MONDAY: Millis = 1_772_380_800_000;

    #[test]
    fn weeks_begin_on_monday_in_china() {
        assert_eq!(week_of(MONDAY), ("2026-W10".into(), MONDAY, MONDAY + WEEK));
        assert_eq!(week_of(MONDAY - 1).0, "2026-W09");
        assert_eq!(week_of(MONDAY + WEEK - 1).1, MONDAY);
        // 2027-01-01 is a Friday of the last week of 2026
        assert_eq!(week_of(1_798_732_800_000).0, "2026-W53");
        assert_eq!(week_named("2026-W10").unwrap(), (MONDAY, MONDAY + WEEK));
        for wrong in ["2026-10", "2026-W54", "", "W10"] {
            assert!(week_named(wrong).is_err(), "{wrong}");
        }
    }

    fn tested(id: &str, stood_at: Millis, fails: bool, site: &str) -> Tested {
        Tested {
            id: id.into(),
            sample_no: id.into(),
            party: "m".into(),
            site: site.into(),
            food: "豆干".into(),
            category: "4.1".into(),
            taken_at: Some(stood_at - DAY),
            stood_at,
            fails,
            overturned: false,
            open: fails,
            failing: String::new(),
            items: vec![("苯甲酸".into(), fails), ("山梨酸".into(), false)],
            simulated: false,
        }
    }

    fn made(known: &[Known], told: &[&str]) -> Content {
        let told: HashSet<String> = told.iter().map(|t| (*t).to_owned()).collect();
        let manager = Manager {
            id: "x".into(),
            code: "B".into(),
            name: "市场".into(),
            division: "410902".into(),
            relation: "market".into(),
        };
        content(&Given {
            manager,
            week: "2026-W10",
            from: MONDAY,
            until: MONDAY + WEEK,
            version: 1,
            known,
            told: &told,
            food: &|c| c.to_owned(),
            source: &|s| s.to_owned(),
            simulated: false,
        })
    }

    fn known(tested: Vec<Tested>) -> Known {
        Known {
            id: "m".into(),
            who: Who { code: "B1".into(), name: "王记".into(), place: "A12".into() },
            site: String::new(),
            from: 0,
            tested,
            touching: Vec::new(),
            findings: Vec::new(),
            simulated: false,
        }
    }

    #[test]
    fn what_is_new_what_is_open_and_what_counts() {
        let closed = Tested { open: false, ..tested("closed", MONDAY - DAY, true, "") };
        let later = tested("later", MONDAY + WEEK, true, "");
        let overturned =
            Tested { overturned: true, fails: false, open: false, ..tested("over", MONDAY - DAY, false, "") };
        let old = Tested { open: false, ..tested("old", MONDAY - 60 * WEEK, true, "") };
        let all = vec![
            tested("new", MONDAY, true, ""),
            tested("ok", MONDAY + DAY, false, ""),
            tested("open", MONDAY - WEEK, true, ""),
            closed,
            later,
            overturned,
            old,
        ];
        let c = made(&[known(all)], &["over", "open"]);
        let ids = |list: &[Failing]| list.iter().map(|f| f.sample_no.clone()).collect::<Vec<_>>();
        assert_eq!((ids(&c.failing), ids(&c.earlier)), (vec!["new".to_owned()], vec!["open".to_owned()]));
        assert_eq!(c.corrected.len(), 1);
        // the year: new, ok, open, closed, over
        assert_eq!((c.total.n, c.total.hits, c.tested.n, c.tested.hits), (5, 3, 2, 1));
        let item = c.items.iter().find(|l| l.name == "山梨酸").unwrap();
        assert_eq!((item.share.n, item.share.hits), (5, 0));
        assert_eq!((c.weeks.len(), c.weeks[12].share.n, c.weeks[11].share.n), (13, 2, 3));
        assert_eq!(c.by_member[0].name, "王记（A12）");
    }

    #[test]
    fn only_what_happened_while_it_belonged_there_and_at_its_place() {
        let before = Known { from: MONDAY, ..known(vec![tested("before", MONDAY, true, "")]) };
        assert_eq!(made(&[before], &[]).total.n, 0, "it was taken the day before");
        let placed = Known {
            site: "booth".into(),
            ..known(vec![tested("a", MONDAY, true, "booth"), tested("b", MONDAY, true, "")])
        };
        assert_eq!(made(&[placed], &[]).total.n, 1);
    }
}
