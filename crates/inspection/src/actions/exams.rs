//! 监督抽考: papers for the pack, marks with the record, and a finding for whoever failed.

use std::collections::BTreeSet;
use std::sync::Arc;

use findings::{Discovered, NewFinding};
use kit_base::{Error, Result};
use kit_db::Tx;
use kit_exam::{Bank, Told, Training};
use kit_flow::Ask;
use kit_web::{Act, House};
use serde_json::json;

use super::record::sent;
use crate::model::{
    ExamResult, ExamView, NewRecord, OpenedFinding, POSTS, PackExam, PostPass, Visit, VisitKind, kind,
};
use crate::rules::exam::{self as rules, Against, OWN};
use crate::rules::record::ordered_by;
use crate::store;

/// The bank in force (`None`), or that of a code: a room of training's where one is in the house, else our own.
fn bank(tx: &mut Tx, house: &House, code: Option<&str>) -> Result<Option<Arc<Bank>>> {
    if code == Some(OWN) {
        return Ok(Some(rules::bank()));
    }
    let theirs = match house.try_held::<Training>() {
        Some(training) => (training.bank)(tx, code)?,
        None => None,
    };
    Ok(theirs.or_else(|| code.is_none().then(rules::bank)))
}

/// Papers of a visit, drawn beforehand: the phone needs no network for them. `None` where the kind of visit supervises nothing.
pub fn prepared(tx: &mut Tx, house: &House, visit: &Visit) -> Result<Option<PackExam>> {
    let none = || Error::internal("no bank of questions");
    if !kind(&visit.kind)?.supervises() {
        return Ok(None);
    }
    let (of, bank) = (rules::rules(), bank(tx, house, None)?.ok_or_else(none)?);
    let version = bank.version();
    let post = |(code, name): &(&str, &str)| PostPass {
        pass: rules::pass(code, of),
        post: (*code).to_owned(),
        name: (*name).to_owned(),
    };
    Ok(Some(PackExam {
        version,
        posts: POSTS.iter().map(post).collect(),
        papers: (1..=of.papers).map(|no| rules::paper(&bank, version, visit, no, of)).collect(),
        bank: bank.code.clone(),
        name: bank.name.clone(),
    }))
}

/// Marks the papers of a record. The field says which: `exams/0/answers`.
///
/// Errors: `exam_kind`, `exam_twice`, `exam_bank`, those of [`rules::marked`], and of the day by which to mend where somebody failed.
pub fn marked(
    act: &mut Act,
    visit: &Visit,
    of: &VisitKind,
    record: &NewRecord,
    photos: &BTreeSet<String>,
) -> Result<Vec<ExamView>> {
    if !record.exams.is_empty() && !of.supervises() {
        return Err(Error::invalid("exams", "exam_kind", format!("{}不抽考", of.name)));
    }
    let mut out: Vec<ExamView> = Vec::with_capacity(record.exams.len());
    for (i, exam) in record.exams.iter().enumerate() {
        let at = |part: &str| format!("exams/{i}/{part}");
        if out.iter().any(|e| e.no == exam.no) {
            return Err(Error::invalid(at("no"), "exam_twice", format!("第 {} 份试卷已用过", exam.no)));
        }
        let bank = bank(act.tx, &act.cx.house, Some(&exam.bank))?;
        let bank = bank.ok_or_else(|| Error::invalid(at("bank"), "exam_bank", "没有这个题库"))?;
        let against = Against { visit, bank: &bank, photos, rules: rules::rules(), now: act.now };
        out.push(rules::marked(exam, &against).map_err(|e| {
            let part = e.field.clone().unwrap_or_default();
            e.at(at(&part))
        })?);
    }
    if found(&out) {
        ordered_by(&record.due, record, act.now)?;
    }
    Ok(out)
}

/// Whether what came of them is a finding: somebody failed, and the rules say so.
pub fn found(exams: &[ExamView]) -> bool {
    rules::rules().finding && exams.iter().any(|e| !e.passed)
}

/// Keeps what came of them; whoever failed is a finding that is ordered to be mended, and a room of training is told.
pub fn keep(
    act: &mut Act,
    visit: &Visit,
    record: &NewRecord,
    exams: &mut [ExamView],
) -> Result<Vec<OpenedFinding>> {
    let mut out = Vec::new();
    for exam in exams {
        if !exam.passed && rules::rules().finding {
            let opened = failed(act, visit, record, exam)?;
            exam.finding.clone_from(&opened.id);
            out.push(opened);
        }
        store::exams::insert(act.tx, &visit.id, exam)?;
        if let Some(training) = act.cx.house.try_held::<Training>() {
            (training.told)(act, &told(visit, exam))?;
        }
    }
    Ok(out)
}

fn failed(act: &mut Act, visit: &Visit, record: &NewRecord, exam: &ExamView) -> Result<OpenedFinding> {
    let of = rules::rules();
    let finding = NewFinding {
        source: "inspection".into(),
        source_ref: visit.number.clone(),
        party: visit.party.clone(),
        site: visit.site.clone(),
        what: format!("食品安全管理人员监督抽考不合格：{}", exam.line()),
        rule: of.rule.clone(),
        severity: of.severity.clone(),
        found_at: Some(record.ended_at.min(act.now)),
    };
    let found = findings::discover(act, &Discovered { finding, simulated: visit.simulated })?;
    let item = format!("exam-{}", exam.no);
    store::records::add_finding(act.tx, &visit.id, &found.id, &item)?;
    let form = json!({
        "measure": format!("组织{} {} 培训后补考，合格前不得从事食品安全管理", exam.post_name, exam.name),
        "due": ordered_by(&record.due, record, act.now)?,
        "verifier": act.who().user,
    });
    sent(act, found, &Ask::action("assign", form), &item)
}

fn told(visit: &Visit, exam: &ExamView) -> Told {
    Told {
        party: visit.party.clone(),
        post: exam.post.clone(),
        name: exam.name.clone(),
        bank: exam.bank.clone(),
        version: exam.version,
        about: visit.number.clone(),
        at: exam.ended_at,
        mark: exam.mark,
        passed: exam.passed,
    }
}

/// In brief, for the answer to the record.
pub fn brief(exam: &ExamView) -> ExamResult {
    ExamResult {
        no: exam.no,
        post: exam.post.clone(),
        name: exam.name.clone(),
        score: exam.mark.score,
        passed: exam.passed,
    }
}
