//! Counts what rooms keep: cases of every kind by their projection, businesses, grades, and what rooms count themselves.

use std::collections::BTreeMap;

use kit_base::clock::{china_day, day_start};
use kit_base::{Millis, Result};
use kit_db::{Tx, prefix_range};
use kit_flow::Flows;
use kit_flow::store::tally::{self, Span, Tally};
use kit_web::House;
use parties::asked::{digits, direct_range};

use crate::Counters;
use crate::model::{Counted, Figures, KindName, Line, Statistics};
use crate::rules::period::Period;
use crate::rules::rising;

/// What is counted: place, period, when. Everything that shows a figure shows this.
pub fn made(tx: &mut Tx, house: &House, division: &str, period: Period, now: Millis) -> Result<Statistics> {
    let range = prefix_range(division);
    let span = period.span(now)?;
    let places = parties::divisions::today(house);
    // of a street the whole is counted by itself: its rows leave out what is about no business, and what is past the thousandth
    let whole = tally::by_place(tx, &range, digits(division).unwrap_or(division.len()) as i64, span)?;
    let first = whole.iter().map(|t| t.first).min();
    let mut total = Line { of: division.to_owned(), name: places.full_name(division), ..Line::default() };
    whole.iter().for_each(|t| add(&mut total, t, first, span));
    let tallies = match digits(division) {
        Some(_) => whole,
        None => tally::by_business(tx, &range, span)?,
    };
    let mut rows: BTreeMap<String, Line> = BTreeMap::new();
    for t in &tallies {
        add(rows.entry(t.of.clone()).or_default(), t, first, span);
    }
    match digits(division) {
        Some(n) => parts(tx, house, division, n, &mut rows)?,
        None => shops(tx, &mut rows)?,
    }
    total.businesses = Some(active(tx, &range)?);
    grades(tx, division, &mut total, &mut rows)?;
    let flows = house.held::<Flows>();
    let kind = |k: &std::sync::Arc<kit_flow::flows::Pinned>| KindName {
        kind: k.definition.kind.clone(),
        name: k.definition.name.clone(),
        readable: true,
    };
    let rule = rising()?;
    let rises = |f: &Figures| f.before.is_some_and(|before| rule.holds(f.opened, before));
    let rising = total.cases.iter().filter(|(_, f)| rises(f)).map(|(k, _)| k.clone()).collect();
    let (before, year) = (period.before()?, period.year_before()?);
    Ok(Statistics {
        name: total.name.clone(),
        division: division.to_owned(),
        above: String::new(),
        from: period.first.to_string(),
        to: period.last.to_string(),
        before_from: before.first.to_string(),
        before_to: before.last.to_string(),
        year_from: year.first.to_string(),
        year_to: year.last.to_string(),
        since: first.map(|at| china_day(at).to_string()).unwrap_or_default(),
        kinds: flows.kinds().map(kind).collect(),
        total,
        rows: rows.into_values().collect(),
        rising,
        rising_rule: rule.words(),
        counts: counted(tx, house, &range, span, first)?,
    })
}

/// Whether something is known of a time that ends so: the first record is not after it.
fn known(first: Option<Millis>, until: Millis) -> bool {
    first.is_some_and(|first| day_start(china_day(first)) < until)
}

fn add(line: &mut Line, t: &Tally, first: Option<Millis>, span: Span) {
    let f = line.cases.entry(t.kind.clone()).or_default();
    f.opened += t.opened;
    f.ended += t.ended;
    f.open += t.open;
    f.due += t.due;
    f.late += t.late;
    if known(first, span.from) {
        f.before = Some(f.before.unwrap_or(0) + t.before);
    }
    if known(first, span.year_until) {
        f.year_before = Some(f.year_before.unwrap_or(0) + t.year_before);
    }
}

fn active(tx: &mut Tx, range: &[String; 2]) -> Result<i64> {
    Ok(parties::store::counts(tx, range)?.1.iter().map(|(_, n)| n).sum())
}

/// Every part of a division that stands or has cases, with its businesses.
fn parts(
    tx: &mut Tx,
    house: &House,
    division: &str,
    digits: usize,
    rows: &mut BTreeMap<String, Line>,
) -> Result<()> {
    let places = parties::divisions::today(house);
    let below = places
        .divisions
        .iter()
        .filter(|d| d.code.len() == digits && d.code.starts_with(division) && d.valid_to.is_empty());
    for d in below {
        rows.entry(d.code.to_string()).or_default();
    }
    if active(tx, &direct_range(division))? > 0 {
        rows.entry(division.to_owned()).or_default();
    }
    for (code, line) in rows.iter_mut() {
        line.of.clone_from(code);
        line.direct = code == division;
        line.deeper = code.len() == digits;
        line.name = match line.direct {
            true => "本级（未分到下级）".to_owned(),
            false => places.division(code).map_or_else(|| code.clone(), |d| d.name.to_string()),
        };
        let range = if line.direct { direct_range(code) } else { prefix_range(code) };
        line.businesses = Some(active(tx, &range)?);
    }
    // what has neither businesses nor cases tells nothing
    rows.retain(|_, line| line.businesses != Some(0) || !line.cases.is_empty());
    Ok(())
}

/// Names of businesses.
fn shops(tx: &mut Tx, rows: &mut BTreeMap<String, Line>) -> Result<()> {
    let ids: Vec<String> = rows.keys().cloned().collect();
    let briefs = parties::briefs(tx, &ids)?;
    for (id, line) in rows.iter_mut() {
        line.of.clone_from(id);
        line.name = briefs.get(id).map(|b| b.name.clone()).unwrap_or_default();
    }
    Ok(())
}

/// Risk grades of the whole and, down to streets, of its parts.
fn grades(tx: &mut Tx, division: &str, total: &mut Line, rows: &mut BTreeMap<String, Line>) -> Result<()> {
    let part = digits(division).unwrap_or(division.len());
    for (code, grade, n) in credit::grades_by_part(tx, division, part as i64)? {
        *total.grades.entry(grade.clone()).or_default() += n;
        if let Some(line) = rows.get_mut(&code) {
            *line.grades.entry(grade).or_default() += n;
        }
    }
    Ok(())
}

/// What rooms count, in the period and in the one before.
fn counted(
    tx: &mut Tx,
    house: &House,
    range: &[String; 2],
    span: Span,
    first: Option<Millis>,
) -> Result<Vec<Counted>> {
    let mut out = Vec::new();
    for counter in house.held::<Counters>().0 {
        let now = (counter.count)(tx, range, span.from, span.until)?;
        let before = match known(first, span.from) {
            true => Some((counter.count)(tx, range, span.before, span.from)?),
            false => None,
        };
        for (i, head) in counter.heads.iter().enumerate() {
            out.push(Counted {
                code: head.code.to_owned(),
                name: head.name.to_owned(),
                unit: head.unit.to_owned(),
                now: now.get(i).copied().unwrap_or_default(),
                before: before.as_ref().and_then(|b| b.get(i).copied()),
            });
        }
    }
    Ok(out)
}
