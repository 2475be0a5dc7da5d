//! A record is handed in: number, findings and their orders in one transaction.

use std::collections::{BTreeSet, HashMap};

use findings::evidence;
use findings::{Discovered, Finding, NewFinding};
use kit_base::{Error, Result};
use kit_db::Tx;
use kit_files::Looked;
use kit_flow::{Ask, Flows, engine};
use kit_web::{Act, Actor};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::photos::as_taken;
use super::visits::seen;
use crate::model::{
    Answered, Checklist, Item, NewRecord, Officer, OpenedFinding, Recorded, ReusedPhoto, Visit, VisitPhoto,
    kind,
};
use crate::rules::record::{Against, Handling, check, due_of, handling};
use crate::store;

/// Photos that were looked at before the transaction, by hash.
pub type Seen = HashMap<String, Looked>;

/// Where the business answers a record.
pub fn answer_url(public_url: &str, code: &str) -> String {
    format!("{public_url}/field/answer/{code}")
}

/// Hashes of photos that become evidence of findings; the route looks at them before the transaction begins.
pub fn wanted(record: &NewRecord) -> BTreeSet<String> {
    let bad = record.answers.iter().filter(|a| a.verdict == "bad");
    bad.flat_map(|a| a.photos.iter().chain(&a.after)).cloned().collect()
}

/// The answer to a record that is there already. Errors: `record_exists` where it came under another key.
pub fn repeated(tx: &mut Tx, who: &Actor, visit: &str, client_key: &str) -> Result<Option<Recorded>> {
    let Some(earlier) = store::records::earlier(tx, visit)? else { return Ok(None) };
    if earlier.client_key == client_key && earlier.user == who.user {
        return Ok(Some(earlier.answer));
    }
    Err(Error::conflict("record_exists", "检查记录已提交，不能再次提交"))
}

/// What a record is about.
pub(super) struct Ground {
    pub visit: Visit,
    list: Checklist,
    officers: Vec<Officer>,
    pub photos: HashMap<String, VisitPhoto>,
}

fn ground(act: &mut Act, id: &str) -> Result<Ground> {
    let visit = seen(act.tx, act.who(), "inspection.visit", id)?;
    let list = super::checklists::by_hash(act.tx, &visit.checklist)?;
    let list = list.ok_or_else(|| Error::internal("a visit without its checklist"))?;
    let officers = store::visits::officers(act.tx, id)?;
    let photos = store::photos::of_visit(act.tx, id)?;
    let photos = photos.into_iter().map(|p| (p.sha256.clone(), p)).collect();
    Ok(Ground { visit, list, officers, photos })
}

/// Hands a record in. A repeat by client key is answered and not done again.
///
/// Errors: not found, those of [`check`], of the flow kit, of findings; `record_exists`.
pub fn hand_in(act: &mut Act, id: &str, record: &NewRecord, photos: &Seen) -> Result<Recorded> {
    let g = ground(act, id)?;
    act.subject("visit", id, &g.visit.division);
    if let Some(answer) = repeated(act.tx, act.who(), id, &record.client_key)? {
        act.note(json!({ "record": answer.number, "repeated": true }));
        return Ok(answer);
    }
    let of = kind(&g.visit.kind)?;
    let known: BTreeSet<String> = g.photos.keys().cloned().collect();
    let against = Against { kind: of, list: &g.list, officers: &g.officers, photos: &known, now: act.now };
    check(record, &against)?;
    let mut examined = super::exams::marked(act, &g.visit, of, record, &known)?;
    let content = serde_json::to_string(record).map_err(Error::internal)?;
    let hash: [u8; 32] = Sha256::digest(content.as_bytes()).into();
    let bad: Vec<&Answered> = record.answers.iter().filter(|a| a.verdict == "bad").collect();
    let failed = super::exams::found(&examined);
    let conclusion = if bad.is_empty() && !failed { "no_issue" } else { "issue_found" };
    let status = through_the_case(act, &g.visit, record, conclusion, &hex::encode(hash))?;
    let mut opened = Vec::with_capacity(bad.len());
    // what an on-site check finds is for the application that asked for it
    let followed: &[&Answered] = if of.supervises() { &bad } else { &[] };
    for answer in followed {
        opened.push(open(act, &g, record, answer, photos)?);
    }
    opened.extend(super::exams::keep(act, &g.visit, record, &mut examined)?);
    let mut ways: Vec<Handling> = followed.iter().map(|a| handling(a)).collect();
    ways.extend(failed.then_some(Handling::Rectify));
    ways.sort_unstable();
    ways.dedup();
    let ways: Vec<&str> = ways.into_iter().map(Handling::as_str).collect();
    let joined = if ways.is_empty() { String::new() } else { format!(",{},", ways.join(",")) };
    store::visits::set_found(act.tx, id, &joined, bad.len() as i64)?;
    store::visits::set_device(act.tx, id, "")?;
    let after = store::visits::by_id(act.tx, id)?.ok_or_else(|| Error::internal("a visit without a row"))?;
    let answer = Recorded {
        visit: id.to_owned(),
        number: after.record_no,
        code: after.code.clone(),
        status,
        conclusion: conclusion.to_owned(),
        handling: ways.into_iter().map(str::to_owned).collect(),
        publish_by: after.publish_by,
        answer_url: answer_url(&act.cx.house.public_url, &after.code),
        findings: opened,
        reused: reused(act.tx, g.photos.values())?,
        exams: examined.iter().map(super::exams::brief).collect(),
    };
    keep(act, &g.visit, record, &content, &hash, &answer)?;
    act.subject("visit", id, &g.visit.division);
    act.note(json!({ "record": answer.number, "conclusion": conclusion, "findings": answer.findings.len() }));
    Ok(answer)
}

/// Photos of the visit that show what was shown before, by item.
fn reused<'p>(tx: &mut Tx, photos: impl Iterator<Item = &'p VisitPhoto>) -> Result<Vec<ReusedPhoto>> {
    let told: Vec<VisitPhoto> = photos.filter(|p| !p.reused.is_empty()).cloned().collect();
    let each = |p: VisitPhoto| ReusedPhoto { sha256: p.sha256, item: p.item, number: p.reused_number };
    let mut out: Vec<ReusedPhoto> = super::photos::numbered(tx, told)?.into_iter().map(each).collect();
    out.sort_by(|a, b| (&a.item, &a.sha256).cmp(&(&b.item, &b.sha256)));
    Ok(out)
}

/// 到达 where that was not done, 提交记录, and the end of the lock. Answers the status.
fn through_the_case(
    act: &mut Act,
    visit: &Visit,
    record: &NewRecord,
    conclusion: &str,
    hash: &str,
) -> Result<String> {
    let flows = act.cx.house.held::<Flows>();
    let now = act.now;
    let before = |case: &kit_flow::Case, at: i64| at.min(now).max(case.state.occurred_at);
    let mut case = engine::seen(act.tx, &flows, act.who(), &visit.id)?;
    if case.state.status == "planned" {
        let mut arrive = Ask::action("arrive", Value::Null);
        arrive.occurred_at = Some(before(&case, record.started_at));
        case = engine::take(act, &flows, &visit.id, &arrive)?;
    }
    let mut ask = Ask::action("record", json!({ "conclusion": conclusion, "record": hash }));
    ask.client_key.clone_from(&record.client_key);
    ask.occurred_at = Some(before(&case, record.ended_at));
    let case = engine::take(act, &flows, &visit.id, &ask)?;
    if case.state.lock.as_ref().is_some_and(|l| l.person.user == act.who().user) {
        engine::take(act, &flows, &visit.id, &Ask::op(kit_flow::Op::Unlock, ""))?;
    }
    Ok(case.state.status)
}

/// What does not hold becomes a finding with its evidence, and goes where it belongs.
fn open(
    act: &mut Act,
    g: &Ground,
    record: &NewRecord,
    answer: &Answered,
    photos: &Seen,
) -> Result<OpenedFinding> {
    let item = g.list.list.iter().find(|i| i.code == answer.item);
    let item = item.ok_or_else(|| Error::internal("an answer without its item"))?;
    let new = NewFinding {
        source: "inspection".into(),
        source_ref: g.visit.number.clone(),
        party: g.visit.party.clone(),
        site: g.visit.site.clone(),
        what: format!("{}：{}", item.text, answer.note.trim()).chars().take(2_000).collect(),
        rule: rule(item, g),
        severity: answer.severity.clone(),
        found_at: Some(record.ended_at.min(act.now)),
    };
    let found = findings::discover(act, &Discovered { finding: new, simulated: g.visit.simulated })?;
    store::records::add_finding(act.tx, &g.visit.id, &found.id, &answer.item)?;
    attach(act, g, &found, &answer.photos, "found", photos)?;
    let proof = attach(act, g, &found, &answer.after, "mend", photos)?;
    let ask = match handling(answer) {
        Handling::Case => Ask::action("to_case", json!({ "reason": answer.note.trim() })),
        Handling::OnSite => {
            let measure = format!("当场改正：{}", answer.note.trim());
            let verifier = other(g, act.who());
            Ask::action("correct", json!({ "measure": measure, "verifier": verifier, "proof": proof }))
        }
        Handling::Rectify => {
            let due = due_of(answer, record, act.now)?;
            let measure = format!("改正“{}”", item.text);
            let form = json!({ "measure": measure, "due": due, "verifier": act.who().user });
            Ask::action("assign", form)
        }
    };
    sent(act, found, &ask, &answer.item).map_err(|e| {
        let field = e.field.clone().unwrap_or_default();
        e.at(format!("answers/{}/{field}", answer.item))
    })
}

/// A finding goes where it belongs. Errors: those of the flow kit.
pub(super) fn sent(act: &mut Act, found: Finding, ask: &Ask, item: &str) -> Result<OpenedFinding> {
    let flows = act.cx.house.held::<Flows>();
    let case = engine::take(act, &flows, &found.id, ask)?;
    Ok(OpenedFinding {
        id: found.id,
        number: found.number,
        code: found.code,
        item: item.to_owned(),
        status: case.state.status,
    })
}

fn rule(item: &Item, g: &Ground) -> String {
    let text = format!("{}（{} {}）", item.statute, g.list.head.name, item.code);
    text.chars().take(500).collect()
}

/// An officer of the visit other than the one who hands the record in: whoever had it mended does not check it.
fn other(g: &Ground, who: &Actor) -> String {
    let other = g.officers.iter().find(|o| o.user != who.user);
    other.map(|o| o.user.clone()).unwrap_or_default()
}

/// Photos of the visit as evidence of a finding; answers their ids.
fn attach(
    act: &mut Act,
    g: &Ground,
    found: &Finding,
    hashes: &[String],
    stage: &str,
    looked: &Seen,
) -> Result<Vec<String>> {
    let mut ids = Vec::with_capacity(hashes.len());
    for hash in hashes {
        let (Some(photo), Some(look)) = (g.photos.get(hash), looked.get(hash)) else {
            return Err(Error::invalid("photos", "photo_unknown", "没有这张照片，请先上传"));
        };
        ids.push(evidence::add(act, &found.id, &as_taken(photo, stage), look)?.id);
    }
    Ok(ids)
}

fn keep(
    act: &mut Act,
    visit: &Visit,
    record: &NewRecord,
    content: &str,
    hash: &[u8; 32],
    answer: &Recorded,
) -> Result<()> {
    let at = evidence::Taken { lon: record.lon, lat: record.lat, ..Default::default() };
    let distance = findings::fixed::metres(&at, visit.lon.zip(visit.lat)).map(|m| m.round() as i64);
    let row = store::records::NewRow {
        visit: &visit.id,
        client_key: &record.client_key,
        content,
        hash: &hex::encode(hash),
        user: &act.who().user,
        user_name: &act.who().name,
        received_at: act.now,
        distance,
        answer: &serde_json::to_string(answer).map_err(Error::internal)?,
    };
    store::records::insert(act.tx, &row)?;
    act.tx.fact("visit_record", visit.id.clone(), *hash);
    Ok(())
}
