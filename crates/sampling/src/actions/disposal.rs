//! When it fails: what follows from a confirmed failure, and what takes it back.

use findings::Discovered;
use findings::samples::Change;
use kit_base::{Error, Result};
use kit_db::Tx;
use kit_flow::engine;
use kit_web::Act;
use serde_json::json;
use trace::live::LiveGraph;
use trace::model::LotNo;

use super::{recheck, results};
use crate::model::Sample;
use crate::rules;
use crate::rules::judge::Judged;
use crate::store::samples::{self, Marks, Reach};

/// In words: `腐霉利 0.55 mg/kg（≤0.2 mg/kg）`.
pub fn told(failing: &[Judged]) -> String {
    let one = |j: &Judged| match &j.limit {
        Some(l) => format!(
            "{} {} {}（{}，{}）",
            j.item,
            j.result,
            j.unit,
            l.standard,
            rules::judge::words(&l.bound, &l.unit)
        ),
        None => format!("{} {} {}", j.item, j.result, j.unit),
    };
    failing.iter().map(one).collect::<Vec<_>>().join("；")
}

/// The failure stands: findings are opened, the lot and what came of it are marked.
pub fn confirm(act: &mut Act, id: &str) -> Result<()> {
    let Some(sample) = samples::by_id(act.tx, id)? else { return Ok(()) };
    if sample.confirmed_at.is_some() {
        return Ok(());
    }
    let failing = recheck::still_failing(act.tx, id)?;
    let mut marks = Marks { findings: open_findings(act, &sample, &failing)?, ..Marks::default() };
    let mut within = None;
    if let Some(lot) = sample.lot {
        within = Some(scope(act, lot)?);
        marks.notice = mark(act, &sample, lot, &failing)?;
    }
    samples::set_confirmed(act.tx, id, act.now, &marks, within.as_ref())
}

/// A finding about the place, and one about the producer where that is another and known here.
pub fn open_findings(act: &mut Act, sample: &Sample, failing: &[Judged]) -> Result<[String; 2]> {
    let what = wording(sample, failing);
    let mut standards: Vec<String> =
        failing.iter().filter_map(|j| j.limit.as_ref().map(|l| l.standard.clone())).collect();
    standards.dedup();
    let rule = if standards.is_empty() {
        "食品安全法第三十四条".to_owned()
    } else {
        standards.join("、")
    };
    let mut opened: [String; 2] = Default::default();
    for (of, party) in opened.iter_mut().zip(about(sample)) {
        let finding = serde_json::from_value(json!({
            "source": "sample", "source_ref": sample.sample_no, "party": party, "what": what,
            "rule": rule.chars().take(490).collect::<String>(), "severity": "serious",
        }));
        let finding = finding.map_err(Error::internal)?;
        *of = findings::discover(act, &Discovered { finding, simulated: sample.simulated })?.id;
    }
    Ok(opened)
}

/// Why a failure that stood no longer does, or not as it did; `None` where this action of its case changes nothing of that.
fn why(tx: &mut Tx, sample: &Sample, action: &str) -> Result<Option<&'static str>> {
    if sample.confirmed_at.is_none() {
        return Ok(None);
    }
    Ok(match action {
        // the producer applied later, or the laboratory corrected itself
        "recheck_overturned" => Some("复检推翻"),
        "recheck_upheld" if recheck::narrowed(tx, sample)? => Some("复检推翻部分项目"),
        "corrected" => Some("检验机构声明更正"),
        "objection_holds" => Some("异议成立"),
        "sampling_holds" => Some("抽样过程异议成立"),
        _ => None,
    })
}

/// What an action changes of a failure that stood.
fn change(tx: &mut Tx, sample: &Sample, action: &str) -> Result<Option<Change>> {
    let Some(why) = why(tx, sample, action)? else { return Ok(None) };
    let whole = sample.flags.iter().any(|f| f == "overturned");
    let text = match whole {
        true => format!("抽检不合格结论已被推翻（{}）：{why}", sample.sample_no),
        false => {
            let left = recheck::still_failing(tx, &sample.id)?;
            format!("抽检结论有变（{}）：{why}，仍不合格的有{}", sample.sample_no, told(&left))
        }
    };
    Ok(Some(Change { whole, text: text.chars().take(480).collect() }))
}

/// A failure that stood is overturned, whole or in part: the public notice and the published result go, the findings are told, and
/// where nothing is left of it they are ended. What other rooms began is told by the server ([`taken_back`]).
pub fn undo(act: &mut Act, sample: &Sample, action: &str) -> Result<()> {
    match change(act.tx, sample, action)? {
        Some(change) => undo_with(act, sample, &change),
        None => Ok(()),
    }
}

/// [`undo`] for a change that is known already.
pub fn undo_with(act: &mut Act, sample: &Sample, change: &Change) -> Result<()> {
    let Change { whole, text } = change;
    let whole = *whole;
    let marks = samples::marks(act.tx, &sample.id)?;
    results::withdraw(act, &sample.id, text)?;
    if !marks.notice.is_empty() {
        let left = recheck::still_failing(act.tx, &sample.id)?;
        publication::lift_by_house(act, &marks.notice, text)?;
        let again = match (whole, sample.lot) {
            (false, Some(lot)) => mark(act, sample, lot, &left)?,
            _ => String::new(),
        };
        samples::set_notice(act.tx, &sample.id, &again)?;
    }
    end_findings(act, &sample.id, change)?;
    if whole {
        samples::set_overturned(act.tx, &sample.id, act.now)?;
    }
    act.subject("sample", &sample.id, &sample.division);
    Ok(())
}

/// The findings of a failure are ended, or told what is left of it.
pub fn end_findings(act: &mut Act, id: &str, Change { whole, text }: &Change) -> Result<()> {
    let marks = samples::marks(act.tx, id)?;
    let flows = act.cx.house.held::<kit_flow::Flows>();
    let (action, form) = (if *whole { "overturned" } else { "changed" }, json!({ "change": text }));
    for finding in marks.findings.iter().filter(|f| !f.is_empty()) {
        let case = engine::load(act.tx, &flows, finding)?;
        // one of an older definition is ended by its people
        if case.is_some_and(|c| c.pinned.definition.action(action).is_some()) {
            engine::by_house(act, &flows, finding, engine::Duty::Told(action, &form))?;
        }
    }
    Ok(())
}

/// What other rooms are told of a failure that stood and was overturned, whole or in part.
#[derive(Debug, Clone)]
pub struct TakenBack {
    pub sample_no: String,
    pub division: String,
    pub change: Change,
    /// About the place, and about the producer.
    pub findings: Vec<String>,
    /// The lot that its batch began with; none where it was tied to none.
    pub batch: Option<LotNo>,
    /// Another failure of the same batch stands: its number.
    pub other: Option<String>,
    pub simulated: bool,
}

/// What an action of its case takes back of a failure that stood; `None`: nothing.
pub fn taken_back(act: &mut Act, id: &str, action: &str) -> Result<Option<TakenBack>> {
    let Some(sample) = samples::by_id(act.tx, id)? else { return Ok(None) };
    let Some(change) = change(act.tx, &sample, action)? else { return Ok(None) };
    let findings = samples::marks(act.tx, id)?.findings.into_iter().filter(|f| !f.is_empty()).collect();
    Ok(Some(TakenBack {
        batch: samples::batch(act.tx, id)?,
        other: samples::other_of_batch(act.tx, id)?,
        sample_no: sample.sample_no,
        division: sample.division,
        simulated: sample.simulated,
        change,
        findings,
    }))
}

/// What other rooms begin for a failure that stands: a case, a recall.
#[derive(Debug, Clone)]
pub struct Failure {
    pub sample_no: String,
    /// Where it was sampled, then its producer where that is another and known here.
    pub parties: Vec<String>,
    /// The lot that was sampled; none where it was tied to none.
    pub lot: Option<LotNo>,
    /// Who signed the report declared that it may do serious harm (可能严重危害).
    pub grave: bool,
    /// Items that fail.
    pub items: Vec<String>,
    /// Where it was sampled.
    pub division: String,
    /// In words: `抽检不合格：豆干，苯甲酸 1.32 g/kg（…）`.
    pub what: String,
    pub simulated: bool,
}

/// `None` as long as it is not confirmed, and where it was overturned.
pub fn failure(act: &mut Act, id: &str) -> Result<Option<Failure>> {
    let stands = |s: &Sample| s.confirmed_at.is_some() && s.overturned_at.is_none();
    let Some(sample) = samples::by_id(act.tx, id)?.filter(stands) else { return Ok(None) };
    let failing = recheck::still_failing(act.tx, id)?;
    let what = wording(&sample, &failing);
    Ok(Some(Failure {
        parties: about(&sample),
        items: failing.into_iter().map(|j| j.item).collect(),
        division: sample.division,
        sample_no: sample.sample_no,
        lot: sample.lot,
        grave: sample.grave,
        what,
        simulated: sample.simulated,
    }))
}

fn wording(sample: &Sample, failing: &[Judged]) -> String {
    format!("抽检不合格：{}，{}", sample.food, told(failing)).chars().take(1_900).collect()
}

fn about(sample: &Sample) -> Vec<String> {
    let mut about = vec![sample.party.clone()];
    if !sample.producer.is_empty() && sample.producer != sample.party {
        about.push(sample.producer.clone());
    }
    about
}

/// Lots that came from the batch of this lot (certain), and those that came from other lots of the same product and batch
/// number (possible).
fn scope(act: &mut Act, lot: LotNo) -> Result<Reach> {
    let found = trace::store::lots::by_no(act.tx, lot)?;
    let found = found.ok_or_else(|| Error::internal("the lot of a sample is gone"))?;
    let live = act.cx.house.held::<LiveGraph>();
    live.catch_up(act.tx)?;
    let number = |no: LotNo| u32::try_from(no).map_err(Error::internal);
    let origin = number(found.origin)?;
    let mut all = vec![origin];
    if !found.batch.is_empty() {
        for other in trace::store::lots::origins_of_batch(act.tx, &found.product, &found.batch)? {
            all.push(number(other.no)?);
        }
    }
    all.sort_unstable();
    all.dedup();
    let graph = live.read();
    let certain = graph.forward(&[origin])?.len() as i64;
    let either = graph.forward(&all)?.len() as i64;
    Ok(Reach { batch: found.origin, certain, possible: either - certain })
}

/// The pages behind the codes say so from now on; the id of the notice.
fn mark(act: &mut Act, sample: &Sample, lot: LotNo, failing: &[Judged]) -> Result<String> {
    let county = kit_flow::store::projection::county(&sample.division);
    let issuer = accounts::in_charge(act.tx, county)?.map_or_else(|| "市场监督管理局".to_owned(), |b| b.name);
    let reason: String =
        format!("监督抽检不合格（{}）：{}", sample.sample_no, told(failing)).chars().take(490).collect();
    let notice = json!({ "kind": "failure", "lot": lot, "reason": reason, "issuer": issuer });
    let notice: publication::NewNotice = serde_json::from_value(notice).map_err(Error::internal)?;
    publication::publish_by_house(act, &notice).map(|n| n.id)
}
