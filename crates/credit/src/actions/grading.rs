//! Grades are made: of one business after something happened, of all of them by the year.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use kit_base::clock::china_day;
use kit_base::{Error, Ids, Millis, Result};
use kit_db::Tx;
use kit_web::House;
use serde_json::json;

use super::collect::{self, Known};
use super::{feed, lists};
use crate::rules::risk::{Assessment, assess};
use crate::rules::score;
use crate::rules::tables::{RuleSet, Variant, in_force, tables};
use crate::store::adjustments;
use crate::store::grades::{self as store, GradeRow, Latest, StandingRow};

/// Businesses of one transaction.
const PART: i64 = 1_000;
/// Businesses that one round of the duty takes at most, so that it does not hold up the next.
const ROUND: usize = 20_000;
/// A business that is closed or revoked has no grade.
const GRADED: [&str; 2] = ["active", "suspended"];

/// Rules by place, read and pinned once for a batch.
struct Rules {
    day: String,
    now: Millis,
    by_place: BTreeMap<String, Arc<(String, RuleSet)>>,
}

impl Rules {
    fn new(now: Millis) -> Self {
        Self { day: china_day(now).to_string(), now, by_place: BTreeMap::new() }
    }

    /// The rules of a place with their hash; pins them where they are new.
    fn of(&mut self, tx: &mut Tx, division: &str) -> Result<Arc<(String, RuleSet)>> {
        let place: String = division.chars().take(2).collect();
        if let Some(found) = self.by_place.get(&place) {
            return Ok(found.clone());
        }
        let rules = RuleSet::of(tables()?, &place, &self.day)?;
        let (hash, text) = rules.text()?;
        store::pin(tx, &hash, &rules.variant.variant, &text, self.now)?;
        let found = Arc::new((hash, rules));
        self.by_place.insert(place, found.clone());
        Ok(found)
    }
}

/// Grades all businesses from one id to another; keeps only what is other than before. Answers how many are new.
pub fn grade(tx: &mut Tx, first: &str, last: &str, now: Now) -> Result<u64> {
    let known = collect::known(tx, first, last, now.at)?;
    let year = i64::from(china_day(now.at).year());
    let latest: HashMap<String, Latest> =
        store::latest(tx, first, last)?.into_iter().map(|l| (l.party.clone(), l)).collect();
    let mut held: HashMap<String, (String, String)> = HashMap::new();
    for (party, from, to) in adjustments::holding(tx, first, last, year)? {
        held.insert(party, (from, to));
    }
    let mut rules = Rules::new(now.at);
    let mut rows = Vec::new();
    for k in &known {
        if !k.profile.standing || !GRADED.contains(&k.profile.status.as_str()) {
            if latest.contains_key(&k.profile.id) {
                store::leave(tx, &k.profile.id)?;
            }
            continue;
        }
        let pinned = rules.of(tx, &k.profile.division)?;
        let made = Made::of(k, &pinned, held.get(&k.profile.id), year, now)?;
        rows.extend(made.keep(tx, latest.get(&k.profile.id))?);
    }
    let new = rows.len() as u64;
    store::insert(tx, &rows)?;
    Ok(new)
}

/// One grade on its way into the tables.
struct Made<'k> {
    known: &'k Known,
    rules: Arc<(String, RuleSet)>,
    assessment: Assessment,
    /// As it stands: computed, or adjusted by two people.
    grade: String,
    points: String,
    year: i64,
    now: Millis,
    cause: &'static str,
    ids: &'k Ids,
}

/// When, why, and with which ids.
#[derive(Clone, Copy)]
pub struct Now<'a> {
    pub at: Millis,
    pub cause: &'static str,
    pub ids: &'a Ids,
}

impl<'k> Made<'k> {
    fn of(
        known: &'k Known,
        rules: &Arc<(String, RuleSet)>,
        held: Option<&(String, String)>,
        year: i64,
        now: Now<'k>,
    ) -> Result<Self> {
        let assessment = assess(&rules.1, &known.facts)?;
        let grade = match held {
            // worse than what was adjusted: what happened since counts
            Some((from, to)) if assessment.grade <= *from => to.clone(),
            _ => assessment.grade.clone(),
        };
        let points: Vec<(&str, i64)> =
            assessment.points.iter().map(|p| (p.code.as_str(), p.points)).collect();
        let points = serde_json::to_string(&points).map_err(Error::internal)?;
        Ok(Self {
            known,
            rules: rules.clone(),
            assessment,
            grade,
            points,
            year,
            now: now.at,
            cause: now.cause,
            ids: now.ids,
        })
    }

    /// A credit grade that is another than before goes to the platforms, and has measures proposed.
    fn tell_credit(&self, tx: &mut Tx, latest: Option<&Latest>) -> Result<()> {
        let (now, p) = (&self.known.score_grade, &self.known.profile);
        let day = china_day(self.now).to_string();
        let before = latest.map(|l| score::grade(tables()?, l.credit_score, &day)).transpose()?;
        let changed = before.map_or(now == "D", |b| b.grade != *now);
        if !changed {
            return Ok(());
        }
        let line = json!({ "credit_score": self.known.score, "credit_grade": now, "risk_grade": self.grade });
        feed::put(tx, self.now, &p.id, "grade", &line)?;
        let (trigger, basis) = (format!("credit.{now}"), format!("credit.{now}:{}", self.year));
        for measure in lists::measures()?.iter().filter(|m| m.trigger == trigger) {
            let id = self.ids.next(self.now);
            crate::store::lists::propose(tx, &id, &p.id, &p.division, &measure.code, &basis, self.now)?;
        }
        Ok(())
    }

    /// Keeps it where it is other than the one before; answers the row for the history.
    fn keep(self, tx: &mut Tx, latest: Option<&Latest>) -> Result<Option<GradeRow>> {
        let p = &self.known.profile;
        let same = |l: &Latest| {
            l.points == self.points && l.year == self.year && l.rules == self.rules.0 && l.grade == self.grade
        };
        self.tell_credit(tx, latest)?;
        if latest.is_some_and(same) {
            store::moved(tx, &p.id, &p.division, &p.kind, self.known.score, &self.known.score_grade)?;
            return Ok(None);
        }
        let cause = match latest {
            None => "first",
            Some(l) if l.year != self.year => "yearly",
            Some(l) if l.rules != self.rules.0 => "rules",
            Some(_) => self.cause,
        };
        let no = match latest {
            Some(l) => l.no + 1,
            // one that was closed, or merged into another, and stands again goes on counting
            None => store::last_no(tx, &p.id)? + 1,
        };
        let bands = self.rules.1.bands_for(&p.kind);
        let band = bands.iter().find(|b| b.grade == self.grade);
        let (least, most) = band.map_or((self.assessment.least, self.assessment.most), |b| (b.least, b.most));
        store::put_standing(
            tx,
            &StandingRow {
                party: &p.id,
                division: &p.division,
                kind: &p.kind,
                no,
                year: self.year,
                rules: &self.rules.0,
                total: self.assessment.total,
                grade: &self.grade,
                before: latest.map_or("", |l| &l.grade),
                least,
                most,
                credit_score: self.known.score,
                credit_grade: &self.known.score_grade,
                at: self.now,
                simulated: p.simulated,
            },
        )?;
        let a = &self.assessment;
        Ok(Some(GradeRow {
            party: p.id.clone(),
            no,
            year: self.year,
            rules: self.rules.0.clone(),
            facts: serde_json::to_string(&self.known.facts).map_err(Error::internal)?,
            parts: [a.static_points, a.dynamic_points, a.credit_points],
            total: a.total,
            computed: a.grade.clone(),
            grade: self.grade,
            points: self.points,
            cause,
            at: self.now,
        }))
    }
}

/// Grades what changed, what something happened to, and at the turn of the year all. For the duty; goes on where it stopped.
///
/// Answers how many new grades were given.
pub fn tick(house: &House) -> Result<u64> {
    let now = house.clock.now();
    let year = china_day(now).year().to_string();
    let mut new = yearly(house, now, &year)?;
    new += monthly(house, now)?;
    new += changed(house, now)?;
    new += due(house, now)?;
    Ok(new)
}

/// The year's run, in parts; its place is kept, so that a run that was broken off goes on.
fn yearly(house: &House, now: Millis, year: &str) -> Result<u64> {
    let (mut new, mut done) = (0, 0);
    while done < ROUND {
        let year = year.to_owned();
        let ids = house.ids.clone();
        let part = house.db.write_blocking(move |tx| {
            let mut course = store::course(tx)?;
            if course.run != year {
                (course.run, course.after, course.done_at) = (year, String::new(), None);
            }
            if course.done_at.is_some() {
                return Ok(None);
            }
            let part = parties::store::facts::ids_after(tx, &course.after, PART)?;
            let mut new = 0;
            match (part.first(), part.last()) {
                (Some(first), Some(last)) => {
                    new = grade(tx, first, last, Now { at: now, cause: "yearly", ids: &ids })?;
                    course.after.clone_from(last);
                }
                _ => course.done_at = Some(now),
            }
            store::set_course(tx, &course)?;
            Ok(Some((new, part.len())))
        })?;
        let Some((n, of)) = part else { break };
        new += n;
        done += of.max(1);
    }
    Ok(new)
}

/// The month's run of each variant that grades by the month, over the businesses of its place; it goes on where it stopped.
fn monthly(house: &House, now: Millis) -> Result<u64> {
    let day = china_day(now).to_string();
    let holds = |v: &&Variant| v.run == "monthly" && in_force(&v.effective_from, &v.effective_to, &day);
    let mut new = 0;
    for variant in tables()?.variants.iter().filter(holds) {
        new += month_of(house, variant, &day[..7], now)?;
    }
    Ok(new)
}

fn month_of(house: &House, variant: &'static Variant, month: &str, now: Millis) -> Result<u64> {
    let (mut new, mut done) = (0, 0);
    while done < ROUND {
        let (month, ids) = (month.to_owned(), house.ids.clone());
        let part = house.db.write_blocking(move |tx| {
            let kept = store::run(tx, &variant.variant)?.filter(|(run, ..)| *run == month);
            let (_, mut after, over) = kept.unwrap_or((month.clone(), String::new(), None));
            if over.is_some() {
                return Ok(None);
            }
            let part = parties::store::facts::ids_after_in(tx, &variant.division, &after, PART)?;
            let mut new = 0;
            for id in &part {
                new += grade(tx, id, id, Now { at: now, cause: "monthly", ids: &ids })?;
            }
            let over = part.is_empty().then_some(now);
            after = part.last().cloned().unwrap_or(after);
            store::set_run(tx, &variant.variant, &month, &after, over)?;
            Ok(Some((new, part.len())))
        })?;
        let Some((n, of)) = part else { break };
        new += n;
        done += of.max(1);
    }
    Ok(new)
}

/// Businesses that changed, by their change number.
fn changed(house: &House, now: Millis) -> Result<u64> {
    let (mut new, mut done) = (0, 0);
    while done < ROUND {
        let ids = house.ids.clone();
        let part = house.db.write_blocking(move |tx| {
            let mut course = store::course(tx)?;
            let changed = parties::store::facts::ids_changed(tx, course.seq, PART)?;
            let Some((_, seq)) = changed.last() else { return Ok(None) };
            course.seq = *seq;
            let mut new = 0;
            for (id, _) in &changed {
                new += grade(tx, id, id, Now { at: now, cause: "event", ids: &ids })?;
            }
            store::set_course(tx, &course)?;
            Ok(Some((new, changed.len())))
        })?;
        let Some((n, of)) = part else { break };
        new += n;
        done += of;
    }
    Ok(new)
}

/// Businesses that something happened to.
fn due(house: &House, now: Millis) -> Result<u64> {
    let (mut new, mut done) = (0, 0);
    while done < ROUND {
        let ids = house.ids.clone();
        let part = house.db.write_blocking(move |tx| {
            let waiting = store::due(tx, PART)?;
            let mut new = 0;
            for id in &waiting {
                new += grade(tx, id, id, Now { at: now, cause: "event", ids: &ids })?;
                store::due_done(tx, id)?;
            }
            Ok((new, waiting.len()))
        })?;
        if part.1 == 0 {
            break;
        }
        new += part.0;
        done += part.1;
    }
    Ok(new)
}
