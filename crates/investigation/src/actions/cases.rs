//! Beginning and ending a case.

use std::collections::HashMap;
use std::sync::Arc;

use kit_base::clock::china_day;
use kit_base::{Error, Millis, Result};
use kit_db::Tx;
use kit_web::{Act, Cx, Scope};
use serde_json::json;
use trace::live::LiveGraph;
use trace::store::networks;

use crate::actions::{case, look, must_be_open, resolve};
use crate::model::{Case, MarkGroup, Marks, NewCase, OpenCase, Seeds, View};
use crate::network::Network;
use crate::rules::marks::difference;
use crate::rules::picture::{self, summary};
use crate::rules::{Settings, score};
use crate::store::cases::{self, NewRow};
use crate::store::marks::{self as marks_log, Writer};
use crate::workbench::{Loaded, Of, Workbench};

const PERMISSION: &str = "investigation.write";
/// Largest network file that is taken in, in bytes.
pub const NETWORK_LIMIT: u64 = 64 << 20;

/// Year in China of a moment.
pub fn year(now: Millis) -> i64 {
    i64::from(china_day(now).year())
}

/// What is found out before anything is written: the lots to start from, and the picture.
pub struct Prepared {
    resolved: resolve::Resolved,
    loaded: Loaded,
    marks: Marks,
}

/// Finds the lots and walks from them; reads only. Errors: those of [`resolve::resolve`] and of the picture.
pub fn prepare(tx: &mut Tx, cx: &Cx, seeds: &Seeds) -> Result<Prepared> {
    let resolved = resolve::resolve(tx, &cx.who.scope_for(PERMISSION), seeds)?;
    let live = cx.house.held::<LiveGraph>();
    live.catch_up(tx)?;
    let picture = look::build(tx, &live, &resolved.lots, &View::default())?;
    let (summary, network) = (summary(&picture), picture::network(&picture));
    let marks = imported_marks(tx, cx, &seeds.networks)?;
    Ok(Prepared { resolved, loaded: Loaded { picture, summary, network }, marks })
}

/// What the files of imported networks marked, under the ids that their stations and deliveries got in the ledger.
fn imported_marks(tx: &mut Tx, cx: &Cx, imports: &[String]) -> Result<Marks> {
    let mut marks = Marks { enforce_temporal_order: true, ..Marks::default() };
    for id in imports {
        let Some(import) = networks::by_id(tx, id)? else { continue };
        let Some(file) = cx.house.files.get(&import.file)? else { continue };
        let told = crate::rules::marks::of_network(&Network::read(file)?);
        let stations: HashMap<String, String> = networks::stations(tx, id)?.into_iter().collect();
        let deliveries: HashMap<String, i64> = networks::deliveries(tx, id)?.into_iter().collect();
        let here = |id: &String| stations.get(id).unwrap_or(id).clone();
        marks.stations.extend(told.stations.iter().map(|(id, mark)| (here(id), *mark)));
        let delivered = told.deliveries.iter().filter_map(|(id, mark)| Some((deliveries.get(id)?, mark)));
        marks.deliveries.extend(delivered.map(|(lot, mark)| (lot.to_string(), *mark)));
        marks.groups.extend(
            told.groups
                .into_iter()
                .map(|group| MarkGroup { stations: group.stations.iter().map(here).collect(), ..group }),
        );
        marks.enforce_temporal_order = told.enforce_temporal_order;
    }
    Ok(marks)
}

/// Begins a case on the ledger. Errors: `title_missing`, `title_long`, `out_of_scope`.
pub fn create(act: &mut Act, new: &NewCase, prepared: Prepared) -> Result<OpenCase> {
    let Prepared { resolved, loaded, marks } = prepared;
    let division = division_of(&act.who().scope_for(PERMISSION), new.division.as_deref())?;
    let question = json!({
        "products": new.seeds.products, "parties": new.seeds.parties, "from": new.seeds.from, "to": new.seeds.to,
        "lots": new.seeds.lots.len(), "list": new.seeds.codes.len() + new.seeds.text.lines().count(),
    });
    let head = Head {
        title: title(&new.title)?,
        reason: new.reason.trim().to_owned(),
        division,
        source: "ledger",
        question: question.to_string(),
        network: None,
        file_name: String::new(),
        stations: loaded.summary.places.len() as i64,
        deliveries: loaded.summary.deliveries,
        simulated: loaded.picture.simulated(),
    };
    let case = insert(act, &head)?;
    cases::add_seeds(act.tx, &case.id, &resolved.lots)?;
    // on the ledger nothing is marked at first: what a file marked is the first entry of the log
    let blank = Marks { enforce_temporal_order: true, ..Marks::default() };
    if let Some(change) = difference(&blank, &marks) {
        let who = act.who();
        let by = Writer { user: &who.user, name: &who.name, now: act.now };
        marks_log::append(act.tx, &case.id, &by, &change, None)?;
    }
    act.note(
        json!({ "number": case.no, "seeds": resolved.lots.len(), "unresolved": resolved.unresolved_count }),
    );
    let of = Of::Ledger { case: case.id.clone(), changed: case.updated_at, view: View::default() };
    let house = act.cx.house.clone();
    act.tx.after_commit(move || {
        if let Some(bench) = house.try_held::<Workbench>() {
            bench.put(of, Arc::new(loaded));
        }
    });
    Ok(OpenCase {
        case: Case { seeds: resolved.lots.len() as i64, ..case },
        marks,
        unresolved: resolved.unresolved,
        unresolved_count: resolved.unresolved_count,
    })
}

/// Begins a case on a network file that lies in the file store.
pub fn create_of_network(
    act: &mut Act,
    title_text: &str,
    file_name: &str,
    hash: &str,
    network: &Network,
) -> Result<OpenCase> {
    // groups and marks are checked by scoring once
    score(network, &Settings::of(network))?;
    let head = Head {
        title: title(if title_text.trim().is_empty() { file_name } else { title_text })?,
        reason: String::new(),
        division: division_of(&act.who().scope_for(PERMISSION), None)?,
        source: "network",
        question: "{}".to_owned(),
        network: Some(hash.to_owned()),
        file_name: file_name.to_owned(),
        stations: network.stations.len() as i64,
        deliveries: network.deliveries.len() as i64,
        simulated: false,
    };
    let case = insert(act, &head)?;
    act.note(json!({ "number": case.no, "file": hash, "name": file_name }));
    let marks = crate::rules::marks::of_network(network);
    Ok(OpenCase { case, marks, unresolved: Vec::new(), unresolved_count: 0 })
}

struct Head {
    title: String,
    reason: String,
    division: String,
    source: &'static str,
    question: String,
    network: Option<String>,
    file_name: String,
    stations: i64,
    deliveries: i64,
    simulated: bool,
}

fn insert(act: &mut Act, head: &Head) -> Result<Case> {
    let (id, now, who) = (act.id(), act.now, act.who());
    let year = year(now);
    let last = cases::next_number(act.tx, &head.division, "case", year)?;
    let number = format!("排查〔{year}〕{last:04}");
    let row = NewRow {
        id: &id,
        number: &number,
        title: &head.title,
        reason: &head.reason,
        division: &head.division,
        source: head.source,
        question: &head.question,
        network: head.network.as_deref(),
        file_name: &head.file_name,
        stations: head.stations,
        deliveries: head.deliveries,
        simulated: head.simulated,
        creator: &who.user,
        creator_name: &who.name,
        now,
    };
    cases::insert(act.tx, &row)?;
    act.subject("investigation", &id, &head.division);
    cases::by_id(act.tx, &id)?.ok_or_else(|| Error::internal("the case just kept is gone"))
}

fn title(text: &str) -> Result<String> {
    match text.trim() {
        "" => Err(Error::invalid("title", "title_missing", "请写明事由")),
        text if text.chars().count() > 200 => {
            Err(Error::invalid("title", "title_long", "事由不超过 200 个字符"))
        }
        text => Ok(text.to_owned()),
    }
}

/// The division whose case it is: as said and within reach, or the first of the jurisdiction.
fn division_of(scope: &Scope, said: Option<&str>) -> Result<String> {
    let outside = || Error::forbidden("out_of_scope", "不在您的辖区范围内").at("division");
    match (said.filter(|d| !d.is_empty()), scope) {
        (Some(said), scope) if scope.covers(said, None) => Ok(said.to_owned()),
        (None, Scope::Divisions(prefixes)) => prefixes.first().cloned().ok_or_else(outside),
        _ => Err(outside()),
    }
}

/// Adds lots to start from. Errors: not found, `case_frozen`, `case_closed`, `case_of_network`, those of the seeds.
pub fn add_seeds(act: &mut Act, id: &str, seeds: &Seeds) -> Result<Case> {
    let scope = act.who().scope_for(PERMISSION);
    let found = case(act.tx, &scope, id)?;
    must_be_open(&found)?;
    if found.source == "network" {
        return Err(Error::conflict("case_of_network", "网络文件的排查没有批次起点"));
    }
    let had = cases::seeds(act.tx, id)?;
    let mut lots = resolve::resolve(act.tx, &scope, seeds)?.lots;
    lots.retain(|lot| had.binary_search(lot).is_err());
    cases::add_seeds(act.tx, id, &lots)?;
    cases::touch(act.tx, id, act.now.max(found.updated_at + 1))?;
    act.subject("investigation", id, &found.division);
    act.note(json!({ "added": lots.len() }));
    case(act.tx, &scope, id)
}

/// Ends a case; it stays readable. Errors: not found, `case_closed`.
pub fn close(act: &mut Act, id: &str) -> Result<Case> {
    let scope = act.who().scope_for(PERMISSION);
    let found = case(act.tx, &scope, id)?;
    if found.state == "closed" {
        return Err(Error::conflict("case_closed", "排查已结束"));
    }
    cases::set_state(act.tx, id, "closed", act.now.max(found.updated_at + 1))?;
    act.subject("investigation", id, &found.division);
    case(act.tx, &scope, id)
}
