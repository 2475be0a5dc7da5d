//! The credit score (信用分): what is on file, each with its weight and its term.

use jiff::ToSpan;
use kit_base::clock::{china_day, day_start};
use kit_base::{Error, Millis, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::tables::{CreditBand, Tables, in_force};

/// Something on file.
#[derive(Debug, Clone, PartialEq)]
pub struct Filed<'a> {
    pub kind: &'a str,
    pub at: Millis,
    pub revoked: bool,
}

/// What an entry counts at a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Counted {
    /// Points it gives or takes now; 0 where its term is over or it was revoked.
    pub points: i64,
    /// First moment at which it counts no more; `null` it never counts.
    pub until: Option<Millis>,
    pub name: String,
    /// licence, inspection, sampling, penalty, complaint, commitment, other
    pub part: String,
    pub bad: bool,
    pub source: String,
    pub article: String,
    pub certainty: String,
}

/// What one entry counts. Errors: `event_unknown`.
pub fn counted(tables: &Tables, filed: &Filed, now: Millis) -> Result<Counted> {
    let day = china_day(filed.at).to_string();
    let unknown = || Error::invalid("kind", "event_unknown", "没有这种信用记录");
    let rule = tables.event(filed.kind, &day).ok_or_else(unknown)?;
    let until = (rule.months > 0).then(|| months_after(filed.at, rule.months)).transpose()?;
    let counts = !filed.revoked && until.is_some_and(|until| filed.at <= now && now < until);
    Ok(Counted {
        points: if counts { rule.score * rule.weight / 100 } else { 0 },
        until,
        name: rule.name.clone(),
        part: rule.part.clone(),
        bad: rule.bad == 1,
        source: rule.source.clone(),
        article: rule.article.clone(),
        certainty: rule.certainty.clone(),
    })
}

/// The beginning of the day so many months after a time, in China.
pub fn months_after(at: Millis, months: i64) -> Result<Millis> {
    let span = i32::try_from(months).map_err(Error::internal)?.months();
    Ok(day_start(china_day(at).checked_add(span).map_err(Error::internal)?))
}

/// The score of what counts: that of a business of which nothing is on file, with the points, from 0 to the most there is.
///
/// Errors: `internal`.
pub fn total(tables: &Tables, points: impl IntoIterator<Item = i64>) -> Result<i64> {
    let (base, most) = (tables.number("base_score")?, tables.number("most_score")?);
    Ok((base + points.into_iter().sum::<i64>()).clamp(0, most))
}

/// The grade of a score on a day. Errors: `internal` where the data has none.
pub fn grade<'t>(tables: &'t Tables, score: i64, day: &str) -> Result<&'t CreditBand> {
    let on_day = |b: &&CreditBand| in_force(&b.effective_from, &b.effective_to, day) && score >= b.least;
    let found = tables.credit_bands.iter().filter(on_day).max_by_key(|b| b.least);
    found.ok_or_else(|| Error::internal(format!("no credit grade for {score}")))
}
