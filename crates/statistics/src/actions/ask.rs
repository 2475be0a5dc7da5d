//! What people ask of reports: to be made now, again, to be told of.

use kit_base::{Error, Millis, Result};
use kit_db::Tx;
use kit_web::{Act, House, Scope};
use parties::asked;
use serde_json::json;

use super::content::words;
use super::schedule;
use crate::jobs;
use crate::model::{NewReport, Place, Report, ReportQuery, ReportView, Subscribe, Subscribed, TemplateView};
use crate::rules::period::Unit;
use crate::rules::template::{Section, When, template, templates};
use crate::store::{self, New};

fn unknown() -> Error {
    Error::not_found("没有这份报表，或不在您的辖区内")
}

/// Puts the names of template, place and period in.
fn named(house: &House, mut report: Report) -> Report {
    let places = parties::divisions::today(house);
    report.place = places.full_name(&report.division);
    if let Ok((_, t)) = template(&report.template) {
        report.name.clone_from(&t.name);
        let period = asked::day("day", &report.first).and_then(|first| t.period.around(first));
        report.period = period.map_or_else(|_| report.first.clone(), |p| words(t.period, p));
    }
    report
}

pub fn list(tx: &mut Tx, house: &House, scope: &Scope, q: &ReportQuery) -> Result<kit_web::Page<Report>> {
    let found = store::list(tx, scope, q)?;
    let items = found.items.into_iter().map(|r| named(house, r)).collect();
    Ok(kit_web::Page { items, total: found.total, page: found.page, size: found.size })
}

/// A report that a scope covers.
pub fn one(tx: &mut Tx, house: &House, scope: &Scope, id: &str) -> Result<Report> {
    let found = store::by_id(tx, id)?.filter(|k| scope.covers(&k.report.division, None));
    found.map(|k| named(house, k.report)).ok_or_else(unknown)
}

/// A report with what it says.
pub fn view(tx: &mut Tx, house: &House, scope: &Scope, user: &str, id: &str) -> Result<ReportView> {
    let report = one(tx, house, scope, id)?;
    let text = store::content(tx, id)?;
    let content = match text.is_empty() {
        true => None,
        false => Some(serde_json::from_str(&text).map_err(Error::internal)?),
    };
    let editions = store::editions(tx, &report.template, &report.division, &report.first)?;
    let editions = editions.into_iter().filter(|r| r.id != id).map(|r| named(house, r)).collect();
    let own = (report.template.clone(), report.division.clone());
    let subscribed = store::of_user(tx, user)?.contains(&own);
    Ok(ReportView { report, content, editions, subscribed })
}

/// Makes a report of any past period, or another edition of one that is there.
///
/// Errors: `template_unknown`, `date_form`, `period_open`; not found beyond the asker's own place.
pub fn begin(act: &mut Act, new: &NewReport) -> Result<Report> {
    let scope = act.who().scope_for("reports.make");
    let division = asked::division(Some(&new.division), &scope)?;
    let (_, template) = template(&new.template)?;
    let period = template.period.around(asked::day("day", &new.day)?)?;
    if !period.over(act.now) {
        let text = format!("{}还没有结束，结束后才能生成报表", words(template.period, period));
        return Err(Error::conflict("period_open", text).at("day"));
    }
    let (first, last) = (period.first.to_string(), period.last.to_string());
    let there = store::editions(act.tx, &template.code, &division, &first)?;
    if let Some(waiting) = there.iter().find(|r| r.state == "waiting") {
        let text = "这一期正在生成，请稍候";
        act.subject("report", &waiting.id, &division);
        return Err(Error::conflict("report_waits", text));
    }
    let edition = there.first().map_or(1, |r| r.edition + 1);
    let (id, now) = (act.id(), act.now);
    let who = (act.who().user.clone(), act.who().name.clone());
    store::insert(
        act.tx,
        &New {
            id: &id,
            template: &template.code,
            division: &division,
            first: &first,
            last: &last,
            edition,
            cause: "asked",
            due_at: now,
            asked: (&who.0, &who.1),
            now,
        },
    )?;
    act.enqueue(jobs::MAKE, &id, &format!("生成{}", template.name))?;
    act.subject("report", &id, &division);
    act.note(json!({ "template": template.code, "first": first, "edition": edition }));
    let made = store::by_id(act.tx, &id)?.ok_or_else(unknown)?;
    Ok(named(&act.cx.house, made.report))
}

/// To be told of reports of a place, or no more. The last period that is over is made at once where it is not there.
///
/// Errors: `template_unknown`; not found beyond the asker's own place.
pub fn subscribe(act: &mut Act, wanted: &Subscribe) -> Result<Subscribed> {
    let scope = act.who().scope_for("reports.read");
    let division = asked::division(Some(&wanted.division), &scope)?;
    let (_, template) = template(&wanted.template)?;
    let (user, now) = (act.who().user.clone(), act.now);
    match wanted.on {
        true => {
            store::subscribe(act.tx, &user, &template.code, &division, now)?;
            let period = template.period.ended_before(kit_base::clock::china_day(now))?;
            let ids = act.ids().clone();
            if template.due(period)? <= now
                && schedule::one(act.tx, &ids, (template, &division, period), now)?
            {
                act.enqueue(jobs::MAKE, "", &format!("生成{}", template.name))?;
            }
        }
        false => store::unsubscribe(act.tx, &user, &template.code, &division)?,
    }
    act.subject("report_subscription", &template.code, &division);
    act.note(json!({ "on": wanted.on }));
    Ok(Subscribed { on: wanted.on })
}

/// What there is to be made, and what the asker is told of.
pub fn kinds(tx: &mut Tx, house: &House, user: &str, now: Millis) -> Result<Vec<TemplateView>> {
    let places = parties::divisions::today(house);
    let own = store::of_user(tx, user)?;
    let mut out = Vec::new();
    for (_, t) in templates()? {
        let last = t.period.ended_before(kit_base::clock::china_day(now))?;
        let subscribed = own
            .iter()
            .filter(|(code, _)| *code == t.code)
            .map(|(_, division)| Place { division: division.clone(), name: places.full_name(division) });
        let title = |s: &Section| match s {
            Section::Kinds { title }
            | Section::Rising { title }
            | Section::Counts { title }
            | Section::Parts { title, .. }
            | Section::Grades { title }
            | Section::Late { title, .. } => title.clone(),
        };
        out.push(TemplateView {
            code: t.code.clone(),
            name: t.name.clone(),
            period: t.period,
            schedule: when(t),
            source: t.source.clone(),
            sections: t.sections.iter().map(title).collect(),
            last_first: last.first.to_string(),
            last_last: last.last.to_string(),
            subscribed: subscribed.collect(),
        });
    }
    Ok(out)
}

/// The schedule in words.
fn when(t: &crate::rules::template::Template) -> String {
    let at = match t.period {
        Unit::Week => "每周一",
        Unit::Month => "每月1日",
        Unit::Year => "每年1月1日",
    };
    let level = |(code, name): &(&str, &'static str)| t.levels.get(*code).map(|when| (*when, *name));
    let levels = [("province", "省"), ("city", "市"), ("county", "县"), ("station", "所")];
    let named = |wanted: When| {
        let found = levels.iter().filter_map(level).filter(|(when, _)| *when == wanted);
        found.map(|(_, name)| name).collect::<Vec<_>>().join("、")
    };
    let subscribed = named(When::Subscribed);
    let more = if subscribed.is_empty() {
        String::new()
    } else {
        format!("；{subscribed}级有人订阅的也生成")
    };
    format!("{at} {:02}:00 为{}级机构生成{more}", t.hour, named(When::Always))
}
