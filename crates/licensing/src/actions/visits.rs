//! The on-site check is a visit of the inspection room. This room says what it wants and is told what became of it; who carries
//! the word is the house (`rooms.rs` of the server).

use kit_base::clock::china_day;
use kit_base::{Error, Millis, Result};
use kit_flow::engine::{self, Duty};
use kit_flow::log::{Body, Effect};
use kit_flow::{Ask, Case, Flows};
use kit_web::Act;
use serde_json::{Value, json};

use super::checks::KIND as CHECK;
use super::{apply, course};
use crate::model::{Permit, PermitVisit};
use crate::rules::forms::Scope;
use crate::rules::reference;
use crate::store::{licences, permits, visits as store};

/// A visit that a case asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// data/visit-kinds.csv
    pub kind: &'static str,
    /// User ids.
    pub officers: Vec<String>,
    /// Last day: `2026-03-10`.
    pub due: String,
    /// Code of a checklist; empty: that of the kind of business.
    pub checklist: String,
    pub reason: String,
}

/// The visit that an entry asks for; `None` where it asks for none.
pub fn wanted(act: &mut Act, case: &Case, body: &Body) -> Result<Option<Wanted>> {
    let sent = body.effects.iter().any(|e| matches!(e, Effect::Did(action) if action == "send_visit"));
    let onsite = body.form.get("method").and_then(Value::as_str) != Some("remote");
    if !sent || !onsite {
        return Ok(None);
    }
    let officers = users(&body.form, "visitors");
    let o = &case.state.opened;
    if o.kind == CHECK {
        let by = body.form.get("visit_by").and_then(Value::as_str).unwrap_or("");
        let licence = match licences::check(act.tx, &case.id)? {
            Some(check) => licences::by_id(act.tx, &check.licence)?,
            None => None,
        };
        let permit = match &licence {
            Some(licence) => permits::by_id(act.tx, &licence.permit)?,
            None => None,
        };
        let checklist = permit.map_or(Ok(String::new()), |p| checklist(act, &p))?;
        let reason = format!("证后核查（{}）", o.number);
        return Ok(Some(Wanted { kind: "after_licence", officers, due: by.to_owned(), checklist, reason }));
    }
    let Some(permit) = permits::by_id(act.tx, &case.id)?.map(apply::named) else { return Ok(None) };
    let last = case.state.clocks.get("visit").map(|t| t.due.last_day.clone());
    let due = last.unwrap_or_else(|| china_day(act.now).to_string());
    let reason = format!("{}（{}）现场核查 {}", permit.matter_name, permit.act_name, permit.number);
    Ok(Some(Wanted { kind: "licence", officers, due, checklist: checklist(act, &permit)?, reason }))
}

/// The checklist for what was applied for; empty where the matter names none.
fn checklist(act: &mut Act, permit: &Permit) -> Result<String> {
    let matter = reference::matter(&permit.matter)?;
    let content = apply::content(act.tx, &permit.id)?;
    let facts = apply::facts(matter, &permit.act, &permit.mode, &permit.division);
    let scope = Scope::top(&content, &facts);
    let fits = matter.checklists.iter().find(|c| c.when.as_ref().is_none_or(|w| scope.holds(w)));
    Ok(fits.map(|c| c.code.clone()).unwrap_or_default())
}

/// The visit that was asked for is planned.
pub fn opened(act: &mut Act, case: &str, visit: &str, number: &str, due: &str) -> Result<()> {
    let row = PermitVisit {
        visit: visit.to_owned(),
        number: number.to_owned(),
        due: due.to_owned(),
        opened_at: act.now,
        record_no: String::new(),
        conclusion: String::new(),
        recorded_at: None,
        off: false,
    };
    store::insert(act.tx, case, &row)
}

/// A signed record of a visit.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    pub visit: &'a str,
    /// 核查记录〔2026〕1号
    pub number: &'a str,
    /// no_issue, issue_found
    pub conclusion: &'a str,
    pub at: Millis,
    /// User ids of those who signed.
    pub officers: &'a [String],
}

/// A visit was recorded: where nothing was found the application goes on, else whoever signed says what follows.
pub fn recorded(act: &mut Act, case: &str, r: &Record) -> Result<()> {
    store::recorded(act.tx, r.visit, r.number, r.conclusion, r.at)?;
    let flows = act.cx.house.held::<Flows>();
    let Some(of) = engine::load(act.tx, &flows, case)? else { return Ok(()) };
    let (action, form) = match (of.state.opened.kind == CHECK, r.conclusion) {
        (true, found) => {
            let form = json!({ "visit_no": r.number, "visit_found": found, "signed_by": r.officers });
            ("visit_in", form)
        }
        (false, "no_issue") => ("visit_passed", json!({ "visit_no": r.number, "signed_by": r.officers })),
        (false, _) => ("visit_in", json!({ "visit_no": r.number, "signed_by": r.officers })),
    };
    if !of.pinned.definition.action(action).is_some_and(|a| a.by_room) {
        // a case of an earlier version knows no visits: its officers say themselves what they saw
        return Ok(());
    }
    engine::by_house(act, &flows, case, Duty::Told(action, &form)).map(drop)
}

/// A visit was called off, or is void.
pub fn off(act: &mut Act, visit: &str) -> Result<()> {
    store::off(act.tx, visit)
}

/// Visits that nobody needs any more: the case has gone on without them.
pub fn needless(act: &mut Act, case: &Case) -> Result<Vec<String>> {
    let waits = ["visiting", "checking"].contains(&case.state.status.as_str());
    if waits
        && matches!(case.state.phase, kit_flow::state::Phase::Open | kit_flow::state::Phase::Suspended(_))
    {
        return Ok(Vec::new());
    }
    store::open(act.tx, &case.id)
}

/// What the on-site check says beyond the forms of a case.
///
/// A conclusion on paper, signed by both, may still be entered by hand: the visit is then called off.
///
/// Errors: `visitor_only`, `visitors_few`.
pub fn before(act: &mut Act, case: &Case, ask: &Ask) -> Result<()> {
    match ask.action.as_deref() {
        Some("conclude_visit") => {
            let signed = users(&Value::Object(case.state.data.clone()), "signed_by");
            match signed.contains(&act.who().user) {
                true => Ok(()),
                false => Err(Error::forbidden("visitor_only", "由签署核查记录的人员作出结论")),
            }
        }
        Some("send_visit") => course::two_visitors(&ask.form),
        _ => Ok(()),
    }
}

fn users(form: &Value, field: &str) -> Vec<String> {
    let list = form.get(field).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}
