//! A week's file of one manager is made.

use std::collections::HashMap;
use std::sync::Arc;

use findings::about::{Tested, Touching};
use kit_base::clock::{china_day, day_start};
use kit_base::text::mask_if_person;
use kit_base::{Error, Millis, Result};
use kit_db::Tx;
use kit_ledger::Ledger;
use kit_web::{Act, House};
use parties::{Brief, Membership};
use serde_json::json;

use super::{sheet, signed};
use crate::Sources;
use crate::model::{Content, FileRow, Manager, Who};
use crate::rules::{self, Given, Known, WEEK, WEEKS};
use crate::store;

/// Kind of the facts in the ledger; the item is the id of a file.
pub const FACT: &str = "feedback";

/// A week that is asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    pub week: String,
    pub from: Millis,
    pub until: Millis,
}

impl Asked {
    /// The last week that is over.
    pub fn last(now: Millis) -> Self {
        let (_, from, _) = rules::week_of(now);
        let (week, from, until) = rules::week_of(from - 1);
        Self { week, from, until }
    }
    /// The last day.
    fn day(&self) -> String {
        china_day(self.until - 1).to_string()
    }
}

/// Makes the next version of a week's file; `None` where nobody belonged to the manager on its last day.
pub fn make(act: &mut Act, manager: &str, asked: &Asked, reason: &str) -> Result<Option<FileRow>> {
    let house = Arc::clone(&act.cx.house);
    let Some(brief) = parties::brief(act.tx, manager)? else { return Ok(None) };
    let mut members = Vec::new();
    // records that were merged into it had members of their own
    for id in parties::also(act.tx, &brief.id)? {
        members.extend(parties::members_of(act.tx, &id, &asked.day())?);
    }
    if members.is_empty() {
        return Ok(None);
    }
    let known = known(act.tx, &house, &members, asked, act.now)?;
    let version = store::version(act.tx, &brief.id, &asked.week)? + 1;
    let food = (house.held::<Sources>().foods)(act.tx)?;
    let content = content(act.tx, (&brief, &members), &known, &*food, asked, version)?;
    let told: Vec<String> = known
        .iter()
        .flat_map(|k| &k.tested)
        .filter(|t| t.fails && t.stood_at < asked.until)
        .map(|t| t.id.clone())
        .collect();
    let row = kept(act, &house, &brief, asked, &content, reason)?;
    store::add(act.tx, &row, &told)?;
    act.subject("feedback_file", &row.id, &row.division);
    act.note(json!({ "manager": row.manager, "week": row.week, "version": row.version, "hash": row.hash }));
    tell(act, &row)?;
    Ok(Some(row))
}

/// All that rooms know of each member.
fn known(
    tx: &mut Tx,
    house: &House,
    members: &[Membership],
    asked: &Asked,
    now: Millis,
) -> Result<Vec<Known>> {
    let sources = house.held::<Sources>();
    let since = asked.until - WEEKS * WEEK;
    let ids: Vec<String> = members.iter().map(|m| m.member.clone()).collect();
    let briefs = parties::briefs(tx, &ids)?;
    let mut out = Vec::with_capacity(members.len());
    for m in members {
        let Some(brief) = briefs.get(&m.member) else { continue };
        let (mut tested, mut touching): (Vec<Tested>, Vec<Touching>) = (Vec::new(), Vec::new());
        let mut findings = Vec::new();
        for id in parties::also(tx, &brief.id)? {
            tested.extend((sources.tested)(tx, &id, since)?);
            for of in sources.touching {
                touching.extend(of(tx, &id)?);
            }
            touching.extend(held(tx, &id)?);
            for f in findings::open_of(tx, &id, now)? {
                let late = f.due_at.is_some_and(|due| due <= now) && f.mended_at.is_none();
                let new = f.found_at >= asked.from && f.found_at < asked.until;
                findings.push((f.source, f.severity == "serious", late, new));
            }
        }
        out.push(Known {
            id: brief.id.clone(),
            who: Who { code: brief.code.clone(), name: mask_if_person(&brief.name), place: m.place.clone() },
            site: m.site.clone(),
            from: m.from.parse().map(day_start).map_err(Error::internal)?,
            tested,
            touching,
            findings,
            simulated: brief.simulated,
        });
    }
    Ok(out)
}

/// Food of a business that may not move.
fn held(tx: &mut Tx, party: &str) -> Result<Vec<Touching>> {
    let mut out = Vec::new();
    for hold in trace::holds::of_holder(tx, party)? {
        let lot = trace::store::lots::by_no(tx, hold.lot)?;
        let (product, batch) = lot.map(|l| (l.product, l.batch)).unwrap_or_default();
        let food = trace::store::products::by_id(tx, &product)?.map(|p| p.name).unwrap_or_default();
        out.push(Touching {
            kind: "hold".into(),
            number: String::new(),
            party: party.to_owned(),
            food,
            batch,
            what: hold.reason,
            since: hold.set_at,
            due: None,
        });
    }
    Ok(out)
}

fn content(
    tx: &mut Tx,
    (brief, members): (&Brief, &[Membership]),
    known: &[Known],
    food: &dyn Fn(&str) -> String,
    asked: &Asked,
    version: i64,
) -> Result<Content> {
    let told = store::told_before(tx, &brief.id, asked.from)?;
    let source = |code: &str| findings::source_name(code).to_owned();
    Ok(rules::content(&Given {
        manager: Manager {
            id: brief.id.clone(),
            code: brief.code.clone(),
            name: brief.name.clone(),
            division: brief.division.clone(),
            relation: most(members),
        },
        week: &asked.week,
        from: asked.from,
        until: asked.until,
        version,
        known,
        told: &told,
        food,
        source: &source,
        simulated: brief.simulated,
    }))
}

/// What most of the members are.
fn most(members: &[Membership]) -> String {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for m in members {
        *counts.entry(&m.relation).or_default() += 1;
    }
    let mut all: Vec<(&str, usize)> = counts.into_iter().collect();
    all.sort_by_key(|(relation, n)| (usize::MAX - n, *relation));
    all.first().map_or_else(String::new, |(relation, _)| (*relation).to_owned())
}

/// Signs and keeps a content; its hash becomes a fact of the ledger.
fn kept(
    act: &mut Act,
    house: &House,
    brief: &Brief,
    asked: &Asked,
    content: &Content,
    reason: &str,
) -> Result<FileRow> {
    let signed = signed::sign(&house.held::<Ledger>(), content)?;
    let file = house.files.put(signed.note.as_bytes(), u64::MAX)?.hash;
    let sheet = house.files.put(sheet::written(content)?.as_slice(), u64::MAX)?.hash;
    let id = act.id();
    act.tx.fact(FACT, id.as_str(), signed.hash);
    let made_by = if reason.is_empty() { String::new() } else { act.who().name.clone() };
    Ok(FileRow {
        id,
        manager: brief.id.clone(),
        name: brief.name.clone(),
        division: brief.division.clone(),
        division_name: String::new(),
        relation: content.manager.relation.clone(),
        week: asked.week.clone(),
        from_at: asked.from,
        until_at: asked.until,
        version: content.version,
        reason: reason.to_owned(),
        made_by,
        made_at: act.now,
        hash: hex::encode(signed.hash),
        file,
        sheet,
        members: content.members,
        failed: content.failing.len() as i64,
        open_failed: content.earlier.len() as i64,
        touching: content.touching.len() as i64,
        open_findings: content.findings.iter().map(|f| f.open).sum(),
        simulated: content.simulated,
        taken_at: None,
        taken_by: String::new(),
        taken_note: String::new(),
        replaced: false,
    })
}

/// The people of the manager know that it is there.
fn tell(act: &mut Act, row: &FileRow) -> Result<()> {
    let body = match (row.failed, row.touching) {
        (0, 0) => format!("{}：本周没有新增不合格。请查看并签收", row.week),
        (failed, touching) => {
            format!(
                "{}：本周新增不合格 {failed} 批次，涉及召回与暂停流转 {touching} 项。请查看并签收",
                row.week
            )
        }
    };
    let people = accounts::of_business(act.tx, &row.manager, act.now)?;
    let messages: Vec<notices::New> = people
        .into_iter()
        .map(|user| notices::New {
            user,
            kind: "progress",
            title: "食品安全反馈周报".to_owned(),
            body: body.clone(),
            link: format!("/feedback/{}", row.id),
            simulated: row.simulated,
        })
        .collect();
    notices::send(act, &messages)
}
