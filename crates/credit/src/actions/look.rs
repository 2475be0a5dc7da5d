//! What is shown of a business: its risk grade point by point, and what changed it.

use kit_base::clock::china_day;
use kit_base::{Error, Millis, Result};
use kit_db::Tx;
use kit_web::{Actor, Cx};
use parties::{Brief, Section, SectionLine};

use crate::model::{CreditView, GradeChange, Graded, PointChange, RiskRow, RiskView};
use crate::rules::risk::{Facts, assess};
use crate::rules::score;
use crate::rules::tables::{RuleSet, tables};
use crate::store::grades::Kept;
use crate::store::{adjustments, grades, lists};

/// Grades that are shown.
const SHOWN: i64 = 20;

/// A business that somebody may see. Errors: not found.
pub fn party(tx: &mut Tx, who: &Actor, permission: &str, id: &str) -> Result<Brief> {
    let unknown = || Error::not_found("没有这个主体，或不在您的范围内");
    let party = parties::brief(tx, id)?.ok_or_else(unknown)?;
    match who.scope_for(permission).covers(&party.division, Some(&party.id)) {
        true => Ok(party),
        false => Err(unknown()),
    }
}

/// The risk grade of a business, explained.
pub fn risk(tx: &mut Tx, party: Brief) -> Result<RiskView> {
    let kept = grades::grades(tx, &party.id, SHOWN + 1)?;
    let standing = match (grades::standing(tx, &party.id)?, kept.first()) {
        (Some(_), Some(latest)) => Some(graded(tx, latest)?),
        _ => None,
    };
    let mut history = Vec::new();
    for (i, grade) in kept.iter().take(SHOWN as usize).enumerate() {
        history.push(change(tx, grade, kept.get(i + 1))?);
    }
    Ok(RiskView {
        adjustments: adjustments::of_party(tx, &party.id)?,
        party: party.id,
        party_name: party.name,
        division: party.division,
        division_name: String::new(),
        kind: party.kind,
        standing,
        history,
    })
}

/// The credit file of a business.
pub fn credit(tx: &mut Tx, party: Brief, now: Millis) -> Result<CreditView> {
    let (entries, found) = super::collect::file(tx, &party.id, now)?;
    let (mut proposed, mut listed, mut shown) = (Vec::new(), Vec::new(), Vec::new());
    for id in super::collect::records(tx, &party.id)? {
        proposed.extend(lists::proposals_of(tx, &id)?);
        listed.extend(lists::of_party(tx, &id)?);
        shown.extend(publication::shown_of_party(tx, &id, now, 50)?);
    }
    let band = score::grade(tables()?, found, &china_day(now).to_string())?;
    Ok(CreditView {
        score: found,
        base: tables()?.number("base_score")?,
        grade: band.grade.clone(),
        grade_name: band.name.clone(),
        grade_source: format!("{}；{}", band.source, band.article),
        entries,
        licences: parties::licences(tx, &party.id)?,
        lists: listed,
        measures: super::lists::named(tx, proposed)?,
        shown,
        party: party.id,
        party_name: party.name,
        division: party.division,
    })
}

/// The rules that a grade is pinned to. Errors: `internal`.
pub fn rules_of(tx: &mut Tx, hash: &str) -> Result<RuleSet> {
    let text = grades::pinned(tx, hash)?.ok_or_else(|| Error::internal(format!("rules {hash} are gone")))?;
    serde_json::from_str(&text).map_err(Error::internal)
}

/// A grade made again from its facts and rules.
fn graded(tx: &mut Tx, kept: &Kept) -> Result<Graded> {
    let rules = rules_of(tx, &kept.rules)?;
    let facts: Facts = serde_json::from_str(&kept.facts).map_err(Error::internal)?;
    let assessment = assess(&rules, &facts)?;
    Ok(Graded {
        no: kept.no,
        year: kept.year,
        rules: kept.rules.clone(),
        variant_name: rules.variant.name,
        variant_source: rules.variant.source,
        cause: kept.cause.clone(),
        at: kept.at,
        grade: kept.grade.clone(),
        assessment: assessment.into(),
    })
}

/// What a grade changed against the one before.
fn change(tx: &mut Tx, grade: &Kept, before: Option<&Kept>) -> Result<GradeChange> {
    let read = |text: &str| serde_json::from_str::<Vec<(String, i64)>>(text).map_err(Error::internal);
    let mut changes = Vec::new();
    if let Some(before) = before {
        let (old, new) = (read(&before.points)?, read(&grade.points)?);
        let of = |list: &[(String, i64)], code: &str| list.iter().find(|p| p.0 == code).map_or(0, |p| p.1);
        let names = rules_of(tx, &grade.rules)?;
        let mut codes: Vec<&String> = old.iter().chain(&new).map(|p| &p.0).collect();
        codes.sort_unstable();
        codes.dedup();
        for code in codes.into_iter().filter(|c| of(&old, c) != of(&new, c)) {
            let name = names.factors.iter().find(|f| f.code == *code).map_or(code, |f| &f.name);
            changes.push(PointChange {
                code: code.clone(),
                name: name.clone(),
                before: of(&old, code),
                after: of(&new, code),
            });
        }
    }
    Ok(GradeChange {
        no: grade.no,
        year: grade.year,
        at: grade.at,
        cause: grade.cause.clone(),
        grade: grade.grade.clone(),
        total: grade.total,
        changes,
    })
}

/// Puts the names of businesses in.
pub fn named(tx: &mut Tx, mut rows: Vec<RiskRow>) -> Result<Vec<RiskRow>> {
    let ids: Vec<String> = rows.iter().map(|r| r.party.clone()).collect();
    let briefs = parties::briefs(tx, &ids)?;
    for row in &mut rows {
        row.party_name = briefs.get(&row.party).map(|b| b.name.clone()).unwrap_or_default();
    }
    Ok(rows)
}

/// What the dossier of a business tells of this room.
pub fn section(tx: &mut Tx, cx: &Cx, party: &parties::Party) -> Result<Option<Section>> {
    let may =
        cx.who.may("credit.read") && cx.who.scope_for("credit.read").covers(&party.division, Some(&party.id));
    if !may {
        return Ok(None);
    }
    let Some(row) = grades::standing(tx, &party.id)? else { return Ok(None) };
    let now = cx.now();
    let link = format!("/risk/{}", party.id);
    let line =
        |label: &str, value: String| SectionLine { label: label.to_owned(), value, link: link.clone() };
    let visits =
        if row.least == row.most { row.least.to_string() } else { format!("{} 至 {}", row.least, row.most) };
    let mut lines = vec![
        line("风险等级", format!("{} 级（{} 分），每年检查 {visits} 次", row.grade, row.total)),
        line("信用等级", format!("{} 级（{} 分）", row.credit_grade, row.credit_score)),
    ];
    let on = |l: &crate::model::lists::Listed| l.removed_at.is_none() && l.until_at > now;
    for listed in lists::of_party(tx, &party.id)?.iter().filter(|l| on(l)) {
        let name = if listed.list == "red" { "红名单" } else { "严重违法失信名单" };
        lines.push(line(name, format!("至 {} 前", china_day(listed.until_at))));
    }
    Ok(Some(Section { code: "credit".into(), title: "风险与信用".into(), lines }))
}

/// Whether every grade is what its facts and rules make, and the lists show the last. Answers how many were looked at, and
/// what is wrong.
pub fn check(db: &kit_db::Db, most: usize) -> Result<(u64, Vec<String>)> {
    let (mut after, mut looked, mut faults) = ((String::new(), 0_i64), 0_u64, Vec::new());
    let mut known: std::collections::HashMap<String, RuleSet> = std::collections::HashMap::new();
    loop {
        let from = after.clone();
        let part = db.read_blocking(|tx| grades::grades_after(tx, &from.0, from.1, 1_000))?;
        let Some(last) = part.last() else { break };
        after = (last.party.clone(), last.no);
        for kept in part {
            looked += 1;
            if !known.contains_key(&kept.rules) {
                known.insert(kept.rules.clone(), db.read_blocking(|tx| rules_of(tx, &kept.rules))?);
            }
            let facts: Facts = serde_json::from_str(&kept.facts).map_err(Error::internal)?;
            let made = assess(&known[&kept.rules], &facts)?;
            let points: Vec<(&str, i64)> = made.points.iter().map(|p| (p.code.as_str(), p.points)).collect();
            let points = serde_json::to_string(&points).map_err(Error::internal)?;
            if (points != kept.points || made.total != kept.total || made.grade != kept.computed)
                && faults.len() < most
            {
                faults.push(format!("主体 {} 第 {} 次风险分级与其事实和规则不符", kept.party, kept.no));
            }
        }
    }
    let off = db.read_blocking(grades::standing_off)?;
    faults.extend(off.into_iter().map(|party| format!("主体 {party} 的现行风险等级不是最后一次分级")));
    Ok((looked, faults))
}
