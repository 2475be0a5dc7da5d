//! Statistics of sampling: shares with their intervals, laboratories beside one another, steps beside their clocks.

pub mod sheet;
mod steps;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use findings::wilson::FEW;
use kit_base::clock::day_start;
use kit_base::{Millis, Result};
use kit_db::{Tx, prefix_range};
use kit_web::{House, Page, Scope, answer::paging};
use parties::asked;

use super::foods::Foods;
use crate::model::{By, Key, LabLine, STAGES, SampleStatistics, StatLine, StatQuery, StatSample};
use crate::rules::statistics::{Fact, SEASONS, Tally, beside, key, level_below, month, season};
use crate::store::{self, statistics::Which};

const DAY: Millis = 86_400_000;
/// Days of issue where nothing is said.
const DAYS: i64 = 365;
/// Lines and columns that are shown; those with the most tested.
const LINES: usize = 200;
const COLUMNS: usize = 24;

/// The place and period that is asked for.
pub struct Asked {
    pub division: String,
    pub first: jiff::civil::Date,
    pub last: jiff::civil::Date,
}

/// Errors: not found beyond the asker's own place, `date_form`, `period_order`, `period_long`.
pub fn asked(scope: &Scope, q: &StatQuery, now: Millis) -> Result<Asked> {
    let division = asked::division(q.division.as_deref(), scope)?;
    let (first, last) = asked::days(q.from.as_deref(), q.to.as_deref(), now, DAYS)?;
    Ok(Asked { division, first, last })
}

impl Asked {
    fn span(&self) -> (Millis, Millis) {
        (day_start(self.first), day_start(self.last) + DAY)
    }
}

/// Whether a season or month that is asked for is that of a sample.
fn in_time(q: &StatQuery, taken_at: Millis) -> bool {
    let given = |text: &Option<String>| text.clone().filter(|t| !t.is_empty());
    given(&q.season).is_none_or(|s| s == season(taken_at))
        && given(&q.month).is_none_or(|m| m == month(taken_at))
}

/// Everything that is counted in one walk over the facts.
#[derive(Default)]
struct Counted {
    total: Tally,
    rows: BTreeMap<String, Tally>,
    cells: BTreeMap<(String, String), Tally>,
    columns: BTreeMap<String, Tally>,
    months: BTreeMap<String, Tally>,
    /// By laboratory and food of the first level.
    labs: BTreeMap<String, BTreeMap<String, Tally>>,
    foods: BTreeMap<String, Tally>,
}

/// The statistics of a place and period.
pub fn made(tx: &mut Tx, house: &House, a: &Asked, q: &StatQuery, now: Millis) -> Result<SampleStatistics> {
    let (range, (from, until)) = (prefix_range(&a.division), a.span());
    let which = Which { range: &range, from, until, query: q };
    let by = q.by.unwrap_or_default();
    let across = q.across.filter(|across| *across != by);
    let of_items =
        by == By::Item || across == Some(By::Item) || q.item.as_deref().is_some_and(|i| !i.is_empty());
    let above = q.category.clone().unwrap_or_default();
    let digits = asked::digits(&a.division).unwrap_or(12);
    let mut c = Counted::default();
    store::statistics::facts(tx, &which, of_items, &mut |f: &Fact| {
        if !in_time(q, f.taken_at) {
            return;
        }
        let line = key(f, by, &above, digits);
        if let Some(across) = across {
            let column = key(f, across, &above, digits);
            c.cells.entry((line.clone(), column.clone())).or_default().add(f.fails);
            c.columns.entry(column).or_default().add(f.fails);
        }
        c.total.add(f.fails);
        c.rows.entry(line).or_default().add(f.fails);
        c.months.entry(month(f.taken_at)).or_default().add(f.fails);
        let food = level_below(&f.category, "").to_owned();
        c.labs.entry(f.lab.clone()).or_default().entry(food.clone()).or_default().add(f.fails);
        c.foods.entry(food).or_default().add(f.fails);
    })?;
    let names = Names::read(tx, house)?;
    let columns = across.map_or_else(Vec::new, |across| ordered(&c.columns, across, COLUMNS));
    let line = |k: &String| StatLine {
        of: names.key(by, k),
        share: c.rows.get(k).copied().unwrap_or_default().share(),
        cells: columns.iter().map(|col| c.cells.get(&(k.clone(), col.clone())).map(|t| t.share())).collect(),
    };
    let (undecided, overturned) = store::statistics::beside(tx, &which)?;
    Ok(SampleStatistics {
        division: a.division.clone(),
        name: names.place(&a.division),
        from: a.first.to_string(),
        to: a.last.to_string(),
        by,
        across,
        of_items,
        total: c.total.share(),
        overturned,
        undecided,
        rows: ordered(&c.rows, by, LINES).iter().map(line).collect(),
        columns: columns.iter().map(|k| names.key(across.unwrap_or_default(), k)).collect(),
        months: c
            .months
            .iter()
            .map(|(k, t)| StatLine { of: names.key(By::Month, k), share: t.share(), cells: Vec::new() })
            .collect(),
        labs: labs(&c, &names),
        steps: steps::of(tx, house, &range, (from, until), now)?,
        few: FEW,
    })
}

/// Times in their order; all else with the most tested first.
fn ordered(all: &BTreeMap<String, Tally>, by: By, most: usize) -> Vec<String> {
    let mut keys: Vec<&String> = all.keys().collect();
    match by {
        By::Month => {}
        By::Season => keys.sort_by_key(|k| SEASONS.iter().position(|(s, _)| s == k)),
        _ => keys.sort_by_key(|k| (-all.get(*k).map_or(0, |t| t.n), (*k).clone())),
    }
    // of many months the last
    let skip = if by == By::Month { keys.len().saturating_sub(most) } else { 0 };
    keys.into_iter().skip(skip).take(most).cloned().collect()
}

fn labs(c: &Counted, names: &Names) -> Vec<LabLine> {
    let mut out: Vec<LabLine> = c
        .labs
        .iter()
        .map(|(lab, own)| {
            let (expected, z, few) = beside(own, &c.foods, c.labs.len());
            let mut sum = Tally::default();
            own.values().for_each(|t| {
                sum.n += t.n;
                sum.hits += t.hits;
            });
            LabLine { lab: lab.clone(), name: names.lab(lab), share: sum.share(), expected, z, few }
        })
        .collect();
    out.sort_by_key(|l| -l.share.n);
    out
}

/// Names of what lines stand for.
pub struct Names {
    foods: Foods,
    labs: HashMap<String, String>,
    places: Arc<parties::reference::Reference>,
}

impl Names {
    pub fn read(tx: &mut Tx, house: &House) -> Result<Self> {
        let labs = store::labs::all(tx)?.into_iter().map(|l| (l.id, l.name)).collect();
        Ok(Self { foods: Foods::read(tx)?, labs, places: parties::divisions::today(house) })
    }

    fn lab(&self, id: &str) -> String {
        self.labs.get(id).cloned().unwrap_or_else(|| id.to_owned())
    }

    fn place(&self, division: &str) -> String {
        self.places.full_name(division)
    }

    fn key(&self, by: By, key: &str) -> Key {
        let listed = |list: &[(&str, &'static str)]| {
            list.iter()
                .find(|(code, _)| *code == key)
                .map_or_else(|| key.to_owned(), |(_, name)| (*name).to_owned())
        };
        let name = match by {
            By::Food => self.foods.name(key),
            By::Item | By::Month => key.to_owned(),
            By::Stage => listed(&STAGES),
            By::Season => listed(&SEASONS),
            By::Region => self.places.division(key).map_or_else(|| key.to_owned(), |d| d.name.to_string()),
            By::Lab => self.lab(key),
        };
        Key { key: key.to_owned(), name }
    }
}

/// The samples behind a figure.
pub fn behind(tx: &mut Tx, house: &House, a: &Asked, q: &StatQuery) -> Result<Page<StatSample>> {
    let (range, (from, until)) = (prefix_range(&a.division), a.span());
    let which = Which { range: &range, from, until, query: q };
    let days = days(q, (from, until));
    let (mut items, total) = store::statistics::behind(tx, &which, days.as_deref())?;
    let names = Names::read(tx, house)?;
    let ids: Vec<String> = items.iter().map(|s| s.party.clone()).collect();
    let briefs = parties::briefs(tx, &ids)?;
    for s in &mut items {
        s.party_name = briefs.get(&s.party).map(|b| b.name.clone()).unwrap_or_default();
        s.lab_name = names.lab(&s.lab);
        s.division_name = names.place(&s.division);
    }
    let (page, size) = paging(q.page, q.size);
    Ok(Page { items, total, page, size })
}

/// How long before its report a sample may have been taken, for the days of a season.
const BEFORE: Millis = 400 * DAY;

/// Days of sampling that a season or month means, in the period; `None` where neither is asked for.
fn days(q: &StatQuery, (from, until): (Millis, Millis)) -> Option<Vec<(Millis, Millis)>> {
    if [&q.season, &q.month].iter().all(|t| t.as_deref().unwrap_or("").is_empty()) {
        return None;
    }
    let mut out: Vec<(Millis, Millis)> = Vec::new();
    let mut at = day_start(kit_base::clock::china_day(from - BEFORE));
    while at < until {
        if in_time(q, at) {
            match out.last_mut() {
                Some(last) if last.1 == at => last.1 = at + DAY,
                _ => out.push((at, at + DAY)),
            }
        }
        at += DAY;
    }
    Some(out)
}
