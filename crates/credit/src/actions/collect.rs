//! What is known of businesses, gathered for many at once.

use std::collections::{HashMap, HashSet};

use kit_base::clock::china_day;
use kit_base::{Millis, PartialDate, Result};
use kit_db::Tx;
use parties::store::facts::{Profile, joined, profiles};

use crate::model::Entry;
use crate::rules::risk::Facts;
use crate::rules::score::{self, Counted, Filed};
use crate::rules::tables::{Tables, tables};
use crate::store::events::{self, Event};
use crate::store::lists;

const DAY: Millis = 86_400_000;

/// All that grading knows of one business.
#[derive(Debug, Clone)]
pub struct Known {
    pub profile: Profile,
    pub facts: Facts,
    pub score: i64,
    pub score_grade: String,
}

/// Gathers what is known of all businesses from one id to another. What is recorded under a record that was made part of
/// another keeps its id and counts for the one that goes on.
pub fn known(tx: &mut Tx, first: &str, last: &str, now: Millis) -> Result<Vec<Known>> {
    let tables = tables()?;
    let oldest = score::months_after(now, -tables.number("look_back_months")?)?;
    let year = score::months_after(now, -tables.number("findings_months")?)?;
    let mut events: HashMap<String, Vec<Event>> = HashMap::new();
    for event in events::between(tx, first, last, oldest)? {
        events.entry(event.party.clone()).or_default().push(event);
    }
    let mut findings: HashMap<String, Vec<findings::Against>> = HashMap::new();
    for finding in findings::against(tx, first, last, year)? {
        findings.entry(finding.party.clone()).or_default().push(finding);
    }
    let mut listed: HashSet<String> = lists::on_list(tx, first, last, "serious", now)?.into_iter().collect();
    for (part, whole) in joined(tx, first, last)? {
        events.entry(whole.clone()).or_default().extend(events::between(tx, &part, &part, oldest)?);
        findings.entry(whole.clone()).or_default().extend(findings::against(tx, &part, &part, year)?);
        if !lists::on_list(tx, &part, &part, "serious", now)?.is_empty() {
            listed.insert(whole);
        }
    }
    let none = (Vec::new(), Vec::new());
    let mut out = Vec::new();
    for profile in profiles(tx, first, last)? {
        let of = events.get(&profile.id).unwrap_or(&none.0);
        let against = findings.get(&profile.id).unwrap_or(&none.1);
        let serious = listed.contains(&profile.id);
        let mut known = of_one(tables, profile, of, against, now)?;
        if serious {
            known.facts.put("listed.serious", 1);
        }
        out.push(known);
    }
    Ok(out)
}

fn of_one(
    tables: &Tables,
    profile: Profile,
    events: &[Event],
    against: &[findings::Against],
    now: Millis,
) -> Result<Known> {
    let mut facts = Facts::default();
    registered(&mut facts, &profile, now)?;
    for f in against {
        facts.count(&format!("findings.{}", f.severity), format!("finding:{}", f.id));
        if f.overdue_at.is_some() {
            facts.count("findings.overdue", format!("finding:{}", f.id));
        }
        if f.reopened > 0 {
            facts.count("findings.reopened", format!("finding:{}", f.id));
        }
    }
    let punished = happened(&mut facts, tables, events, now)?;
    let three_years = score::months_after(now, -tables.number("clean_months")?)?;
    if profile.created_at <= three_years && !punished && !against.iter().any(|f| f.severity == "serious") {
        facts.put("clean.years", 3);
    }
    let day = china_day(now).to_string();
    let counted = entries(tables, events, against, now)?;
    let score = score::total(tables, counted.iter().map(|(_, c)| c.points))?;
    facts.put("credit.lost", tables.number("most_score")? - score);
    let score_grade = score::grade(tables, score, &day)?.grade.clone();
    Ok(Known { profile, facts, score, score_grade })
}

/// What the register of businesses says.
fn registered(facts: &mut Facts, p: &Profile, now: Millis) -> Result<()> {
    facts.say("kind", &p.kind);
    if !p.items.is_empty() {
        facts.put("items", p.items.len() as i64);
        let high: Vec<&str> = tables()?.setting("high_items")?.split('|').collect();
        let high = p.items.iter().filter(|i| high.contains(&i.as_str())).count();
        facts.put("items.high", high as i64);
    }
    let needed = parties::reference::get().business_kind(&p.kind).is_some_and(|k| !k.licence.is_empty());
    if needed {
        let today = PartialDate::full(china_day(now));
        let over = |last: &String| last.parse::<PartialDate>().is_ok_and(|last| today.surely_after(last));
        let word = match p.licences.iter().all(over) {
            true if p.licences.is_empty() => "none",
            true => "expired",
            false => "valid",
        };
        facts.say("licence", word);
    }
    // nobody on record: not known, which is not the same as nobody there
    if let Some(staff) = p.staff {
        facts.put("staff", staff);
    }
    Ok(())
}

/// What rooms noted; answers whether something of three years was a punishment.
fn happened(facts: &mut Facts, tables: &Tables, events: &[Event], now: Millis) -> Result<bool> {
    let (mut punished, mut visited) = (false, None);
    let three_years = score::months_after(now, -tables.number("clean_months")?)?;
    for e in events.iter().filter(|e| e.revoked_at.is_none() && e.at <= now) {
        let Some(rule) = tables.event(&e.kind, &china_day(e.at).to_string()) else { continue };
        if rule.part == "inspection" {
            visited = visited.max(Some(e.at));
        }
        punished |= rule.part == "penalty" && rule.bad == 1 && e.at >= three_years;
        if !rule.fact.is_empty() && now < score::months_after(e.at, rule.fact_months)? {
            facts.count(&rule.fact, format!("event:{}", e.id));
        }
    }
    if let Some(at) = visited {
        facts.put("visits.last_days", (now - at) / DAY);
    }
    Ok(punished)
}

/// The credit file of one business: all that is on it, the latest first, and its score now.
pub fn file(tx: &mut Tx, party: &str, now: Millis) -> Result<(Vec<Entry>, i64)> {
    let tables = tables()?;
    let since = score::months_after(now, -tables.number("findings_file_months")?)?;
    let (mut filed, mut against) = (Vec::new(), Vec::new());
    for id in records(tx, party)? {
        filed.extend(events::between(tx, &id, &id, 0)?);
        against.extend(findings::against(tx, &id, &id, since)?);
    }
    let counted = entries(tables, &filed, &against, now)?;
    let score = score::total(tables, counted.iter().map(|(_, c)| c.points))?;
    let mut out: Vec<Entry> = counted.into_iter().map(|(from, counted)| entry(from, counted)).collect();
    out.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| b.id.cmp(&a.id)));
    Ok((out, score))
}

fn entry(from: From, counted: Counted) -> Entry {
    match from {
        From::Event(e) => Entry {
            id: format!("event:{}", e.id),
            kind: e.kind.clone(),
            about: e.about.clone(),
            number: e.number.clone(),
            what: e.what.clone(),
            at: e.at,
            noted_by: e.noted_by.clone(),
            revoked_at: e.revoked_at,
            revoke_reason: e.revoke_reason.clone(),
            counted,
        },
        From::Finding(f) => Entry {
            id: format!("finding:{}", f.id),
            kind: "finding".to_owned(),
            about: f.id.clone(),
            number: f.number.clone(),
            what: f.what.clone(),
            at: f.found_at,
            noted_by: String::new(),
            revoked_at: None,
            revoke_reason: String::new(),
            counted,
        },
    }
}

/// A business and the records that are part of it.
pub fn records(tx: &mut Tx, party: &str) -> Result<Vec<String>> {
    let mut out = vec![party.to_owned()];
    out.extend(joined(tx, party, party)?.into_iter().map(|(part, _)| part));
    Ok(out)
}

/// Whether a business was punished (but for warnings) after a time.
pub fn punished_since(tx: &mut Tx, party: &str, since: Millis, now: Millis) -> Result<bool> {
    let tables = tables()?;
    let mut events = Vec::new();
    for id in records(tx, party)? {
        events.extend(events::between(tx, &id, &id, since + 1)?);
    }
    Ok(events.iter().filter(|e| e.revoked_at.is_none() && e.at <= now).any(|e| {
        let rule = tables.event(&e.kind, &china_day(e.at).to_string());
        let light = ["penalty.warning", "listed.serious"].contains(&e.kind.as_str());
        rule.is_some_and(|r| r.part == "penalty" && r.bad == 1) && !light
    }))
}

/// Where an entry of the credit file comes from.
#[derive(Debug, Clone)]
pub enum From<'a> {
    Event(&'a Event),
    Finding(&'a findings::Against),
}

/// Everything on file with what it counts now, the oldest first.
pub fn entries<'a>(
    tables: &Tables,
    events: &'a [Event],
    against: &'a [findings::Against],
    now: Millis,
) -> Result<Vec<(From<'a>, Counted)>> {
    let mut out = Vec::new();
    for e in events {
        let filed = Filed { kind: &e.kind, at: e.at, revoked: e.revoked_at.is_some() };
        // a kind that this build does not know counts nothing, and stays on file
        if let Ok(counted) = score::counted(tables, &filed, now) {
            out.push((From::Event(e), counted));
        }
    }
    for f in against {
        let kinds = [
            (format!("finding.{}", f.severity), Some(f.found_at)),
            ("finding.overdue".to_owned(), f.overdue_at),
        ];
        for (kind, at) in kinds {
            let Some(at) = at else { continue };
            if let Ok(counted) = score::counted(tables, &Filed { kind: &kind, at, revoked: false }, now) {
                out.push((From::Finding(f), counted));
            }
        }
    }
    Ok(out)
}
