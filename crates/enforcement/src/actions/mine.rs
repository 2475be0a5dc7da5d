//! What a business sees of cases against it, and what it does in them.

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_flow::answers::{ActionView, CaseView, ClockView, case_view};
use kit_flow::guard::Who;
use kit_flow::{Ask, Case, Flows, engine, history};
use kit_web::{Act, Cx};
use serde_json::Value;

use super::answers;
use super::measure::{self, text};
use crate::model::mine::{MyAct, MyCase, MyCaseView, MyDocument, MyFile, MyHearing, MySums, MyWord};
use crate::model::{CaseQuery, EnforcementCase};
use crate::rules::served::{self, Served};
use crate::rules::tables;
use crate::store;

/// The permission of all of it.
pub const OWN: &str = "enforcement.own";
/// Cases of one business that are looked through, the latest.
const MOST: i64 = 100;
/// Cases below a case whose documents go to the party.
const MEASURES: [&str; 2] = ["preserve", "seize"];
/// What was said by the business, and what was said to it beside documents.
pub const OWN_WORDS: [&str; 4] = ["answer", "request_hearing", "request_later", "tell_paid"];
const OUR_WORDS: [&str; 3] = ["refuse_later", "pay", "pay_off"];

fn unknown() -> Error {
    Error::not_found("没有这个案件，或没有向本单位送达过文书")
}

/// A case with what was served of it.
struct Own {
    case: Case,
    served: Vec<Served>,
    /// The case of enforcement that it is, or belongs to.
    row: EnforcementCase,
}

/// Cases of which something was served, the latest first.
pub fn list(tx: &mut Tx, cx: &Cx) -> Result<Vec<MyCase>> {
    let flows = cx.house.held::<Flows>();
    let query = CaseQuery { size: Some(MOST), ..CaseQuery::default() };
    let mut out = Vec::new();
    for row in store::cases::list(tx, &cx.who.scope_for(OWN), &query)?.items {
        let Some(case) = engine::load(tx, &flows, &row.id)? else { continue };
        let below = case.state.children.iter().filter(|c| MEASURES.contains(&c.kind.as_str()));
        for id in below.map(|c| c.case.clone()).collect::<Vec<_>>() {
            let Some(measure) = engine::load(tx, &flows, &id)? else { continue };
            out.extend(shown(tx, cx, &flows, &of(measure, row.clone()))?);
        }
        out.extend(shown(tx, cx, &flows, &of(case, row))?);
    }
    out.sort_by(|a, b| b.served_on.cmp(&a.served_on).then_with(|| b.id.cmp(&a.id)));
    Ok(out)
}

fn of(case: Case, row: EnforcementCase) -> Own {
    let served = served::served(&case.pinned.definition, &case.state);
    Own { case, served, row }
}

/// A case of the asker's business. Errors: not found, also where nothing was served yet.
fn own(tx: &mut Tx, flows: &Flows, cx: &Cx, id: &str) -> Result<Own> {
    let case = engine::load(tx, flows, id)?.ok_or_else(unknown)?;
    let o = &case.state.opened;
    if !cx.who.may(OWN) || !cx.who.scope_for(OWN).covers(&o.division, Some(&o.business)) {
        return Err(unknown());
    }
    let root = if MEASURES.contains(&o.kind.as_str()) { &o.parent } else { &case.id };
    let row = store::cases::by_id(tx, root)?.ok_or_else(unknown)?;
    let own = of(case, row);
    if own.served.is_empty() { Err(unknown()) } else { Ok(own) }
}

/// A case of which something was served on the asker's business. Errors: not found.
pub fn seen(tx: &mut Tx, cx: &Cx, id: &str) -> Result<Case> {
    let flows = cx.house.held::<Flows>();
    own(tx, &flows, cx, id).map(|own| own.case)
}

/// The same, with what the business may do now. Errors: not found.
pub fn doable(tx: &mut Tx, cx: &Cx, id: &str) -> Result<(Case, Vec<ActionView>)> {
    let flows = cx.house.held::<Flows>();
    let own = own(tx, &flows, cx, id)?;
    let actions = whole(tx, cx, &flows, &own.case)?.actions;
    let actions = actions.into_iter().filter(|a| OWN_WORDS.contains(&a.code.as_str())).collect();
    Ok((own.case, actions))
}

/// A case with all that its party may see. Errors: not found.
pub fn view(tx: &mut Tx, cx: &Cx, id: &str) -> Result<MyCaseView> {
    let flows = cx.house.held::<Flows>();
    let own = own(tx, &flows, cx, id)?;
    let full = whole(tx, cx, &flows, &own.case)?;
    let case = shown(tx, cx, &flows, &own)?.ok_or_else(unknown)?;
    let may_be_heard =
        !measure::due(&own.case, &Value::Object(own.case.state.data.clone()))?.hearing.is_empty();
    let above = match own.row.id == own.case.id {
        true => String::new(),
        false => self::own(tx, &flows, cx, &own.row.id).map(|a| a.case.id).unwrap_or_default(),
    };
    let files = store::evidence::of_party(tx, &own.case.id)?;
    let files: Vec<MyFile> = files.into_iter().map(answers::file).collect();
    Ok(MyCaseView {
        above,
        clocks: running(&full).collect(),
        documents: documents(tx, &own)?,
        actions: full
            .actions
            .into_iter()
            .filter(|a| OWN_WORDS.contains(&a.code.as_str()))
            .filter(|a| a.code != "request_hearing" || may_be_heard)
            .collect(),
        said: said(tx, &own, &files)?,
        hearing: hearing(&own),
        sums: sums(&own, cx)?,
        seq: own.case.state.seq,
        files: files.into_iter().filter(|f| f.sent_at.is_none()).collect(),
        case,
    })
}

/// Does what the business wants done in its case. Errors: not found, those of the flow and of the hooks.
pub fn act(act: &mut Act, id: &str, wanted: &MyAct) -> Result<MyCaseView> {
    let flows = act.cx.house.held::<Flows>();
    let cx = act.cx;
    own(act.tx, &flows, cx, id)?;
    let ask = Ask {
        seen: wanted.seen,
        client_key: wanted.client_key.clone(),
        ..Ask::action(&wanted.action, wanted.form.clone())
    };
    engine::take_unread(act, &flows, id, &ask)?;
    view(act.tx, cx, id)
}

/// Whether somebody may have a document because it was served on their business; answers the case.
///
/// Errors: not found.
pub fn handed(tx: &mut Tx, cx: &Cx, id: &str, number: &str) -> Result<Case> {
    let flows = cx.house.held::<Flows>();
    let own = own(tx, &flows, cx, id)?;
    match own.served.iter().any(|s| s.number == number) {
        true => Ok(own.case),
        false => Err(unknown()),
    }
}

fn whole(tx: &mut Tx, cx: &Cx, flows: &Flows, case: &Case) -> Result<CaseView> {
    let who = Who::of(&cx.who, &case.pinned.definition);
    let around = engine::around_reading(tx, flows, cx.now())?;
    Ok(case_view(case, &who, &around))
}

fn running(view: &CaseView) -> impl Iterator<Item = ClockView> + '_ {
    let own = |c: &&ClockView| served::CLOCKS.contains(&c.code.as_str()) && c.state != "stopped";
    view.clocks.iter().filter(own).cloned()
}

fn shown(tx: &mut Tx, cx: &Cx, flows: &Flows, own: &Own) -> Result<Option<MyCase>> {
    let Some(last) = own.served.iter().map(|s| s.on.as_str()).max() else { return Ok(None) };
    let (state, d) = (&own.case.state, &own.case.pinned.definition);
    let full = whole(tx, cx, flows, &own.case)?;
    let (stage, stage_name) = served::stage(state, &own.served);
    let county = kit_flow::store::projection::county(&state.opened.division);
    Ok(Some(MyCase {
        id: own.case.id.clone(),
        kind: d.kind.clone(),
        kind_name: d.name.clone(),
        number: state.opened.number.clone(),
        what: what(own)?,
        organ: accounts::in_charge(tx, county)?.map(|b| b.name).unwrap_or_default(),
        stage: stage.to_owned(),
        stage_name: stage_name.to_owned(),
        next: running(&full).filter(|c| c.state == "running").min_by_key(|c| c.late_from),
        served: i64::try_from(own.served.len()).map_err(Error::internal)?,
        served_on: last.to_owned(),
        simulated: state.opened.simulated,
    }))
}

/// The conduct as the penalty table names it, or the things of a measure; never the lead, which may name who told of it.
fn what(own: &Own) -> Result<String> {
    let data = Value::Object(own.case.state.data.clone());
    let items = text(&data, "items");
    if !items.is_empty() {
        return Ok(items.chars().take(60).collect());
    }
    let band = tables::get()?.bands.iter().find(|b| b.code == text(&data, "article"));
    Ok(band.map(|b| b.conduct.clone()).unwrap_or_default())
}

fn documents(tx: &mut Tx, own: &Own) -> Result<Vec<MyDocument>> {
    let codes = kit_flow::store::papers::codes(tx, &own.case.id)?;
    let d = &own.case.pinned.definition;
    let document = |s: &Served| MyDocument {
        name: d.document(&s.code).map(|x| x.name.clone()).unwrap_or_default(),
        number: s.number.clone(),
        on: s.on.clone(),
        void: s.void,
        verify: codes.iter().find(|(n, _)| *n == s.number).map(|(_, v)| v.clone()).unwrap_or_default(),
    };
    Ok(own.served.iter().rev().map(document).collect())
}

fn said(tx: &mut Tx, own: &Own, files: &[MyFile]) -> Result<Vec<MyWord>> {
    let definition = &own.case.pinned.definition;
    let entries = kit_flow::store::log::entries(tx, &own.case.id)?;
    let told = history::of(definition, &entries, crate::hooks::CASE.member)?;
    let mine = |action: &str| OWN_WORDS.contains(&action);
    let steps = told.steps.into_iter().rev();
    let steps = steps.filter(|s| mine(&s.action) || OUR_WORDS.contains(&s.action.as_str()));
    let with = |s: &history::Step| {
        let named = answers::named(definition, &s.action, &s.form);
        files.iter().filter(|f| named.contains(&f.id)).cloned().collect()
    };
    let word = |s: history::Step| MyWord {
        files: with(&s),
        at: s.at,
        own: mine(&s.action),
        name: s.name,
        said: s.said,
    };
    Ok(steps.map(word).collect())
}

fn hearing(own: &Own) -> Option<MyHearing> {
    let data = Value::Object(own.case.state.data.clone());
    let called = own.served.iter().any(|s| s.code == "hearing_notice" && !s.void);
    called.then(|| MyHearing { on: text(&data, "hear_on").to_owned(), at: text(&data, "hear_at").to_owned() })
}

/// Sums of a decision that was served and stands.
fn sums(own: &Own, cx: &Cx) -> Result<Option<MySums>> {
    let stands = own.row.id == own.case.id
        && own.served.iter().any(|s| s.code == "decision" && !s.void)
        && !own.case.state.flags.contains("revoked");
    let (fine, confiscated) = (own.row.fine.unwrap_or(0), own.row.confiscated.unwrap_or(0));
    if !stands || fine + confiscated == 0 {
        return Ok(None);
    }
    let owed = measure::owed(&own.case, &own.row, cx.now())?;
    Ok(Some(MySums { fine, confiscated, surcharge: owed.surcharge, total: owed.total, paid: own.row.paid }))
}
