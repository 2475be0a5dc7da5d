//! What the schedule wants: a row for each report that is due, also of periods that passed while nothing ran.

use kit_base::clock::china_day;
use kit_base::{Ids, Millis, Result};
use kit_db::Tx;
use kit_flow::store::tally;
use parties::asked;

use crate::rules::period::Period;
use crate::rules::template::{Template, When, templates};
use crate::store::{self, New};

/// Made so much later than the schedule wanted it, a report is one that was missed.
pub const MISSED: Millis = 86_400_000;
/// Periods of a template that one round takes up: after years of silence the rest follows in the next.
const ROUND: usize = 60;

/// Notes every report that is due by now. Answers how many are new.
pub fn due(tx: &mut Tx, ids: &Ids, now: Millis) -> Result<u64> {
    let mut new = 0;
    for (_, template) in templates()? {
        let mut period = next(tx, template, now)?;
        for _ in 0..ROUND {
            if template.due(period)? > now {
                break;
            }
            for division in wanted(tx, template)? {
                new += u64::from(one(tx, ids, (template, &division, period), now)?);
            }
            period = template.period.around(period.next()?)?;
        }
        store::set_course(tx, &template.code, &period.first.to_string())?;
    }
    Ok(new)
}

/// The period that the schedule of a template stands at: at its first round the last one that is over, where anything is known of it.
fn next(tx: &mut Tx, template: &Template, now: Millis) -> Result<Period> {
    if let Some(day) = store::course(tx, &template.code)? {
        return template.period.around(asked::day("day", &day)?);
    }
    let ended = template.period.ended_before(china_day(now))?;
    let first = tally::first(tx)?;
    match first.is_some_and(|first| china_day(first) <= ended.last) {
        true => Ok(ended),
        false => template.period.around(china_day(now)),
    }
}

/// The places that a template is made for by itself.
fn wanted(tx: &mut Tx, template: &Template) -> Result<Vec<String>> {
    let subscribed = store::subscribed_places(tx, &template.code)?;
    let mut out: Vec<String> = accounts::bureau_divisions(tx)?
        .into_iter()
        .filter(|d| template.when(d) == Some(When::Always))
        .collect();
    out.extend(subscribed);
    out.sort();
    out.dedup();
    Ok(out)
}

/// Notes one report of the schedule. Answers whether it is new.
pub fn one(
    tx: &mut Tx,
    ids: &Ids,
    (template, division, period): (&Template, &str, Period),
    now: Millis,
) -> Result<bool> {
    let due_at = template.due(period)?;
    let cause = if now - due_at > MISSED { "missed" } else { "schedule" };
    let (first, last) = (period.first.to_string(), period.last.to_string());
    let id = ids.next(now);
    store::insert(
        tx,
        &New {
            id: &id,
            template: &template.code,
            division,
            first: &first,
            last: &last,
            edition: 1,
            cause,
            due_at,
            asked: ("", ""),
            now,
        },
    )
}
