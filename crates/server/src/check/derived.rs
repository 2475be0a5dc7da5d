//! What is derived from the tables, or lies beside them.

use std::collections::BTreeSet;

use kit_base::{Error, Result};
use kit_db::catalog::{self, Value};
use parties::search::Query;
use trace::live::LiveGraph;
use trace::store::{check, lots};

use super::{CLOSURES, Place, kept};

/// The graph of the snapshot, caught up, against the recursive queries, for lots spread over all.
pub fn graph(place: &Place) -> Result<(u64, Vec<String>)> {
    let live = LiveGraph::open(place.db, Some(place.data.join("trace.graph")))?;
    let graph = live.read();
    let all = u64::from(graph.lots());
    let mut faults = Vec::new();
    for i in 0..CLOSURES.min(all) {
        let lot = u32::try_from(1 + i * all / CLOSURES.min(all)).map_err(Error::internal)?;
        let asked = i64::from(lot);
        let (forward, backward) = place
            .db
            .read_blocking(|tx| Ok((lots::forward_by_sql(tx, asked)?, lots::backward_by_sql(tx, asked)?)))?;
        let same = |walked: Vec<u32>, queried: Vec<i64>| walked.into_iter().map(i64::from).eq(queried);
        if !same(graph.forward(&[lot])?, forward) {
            faults.push(format!("批次 {lot} 的下游在追溯图与数据库中不同"));
        }
        if !same(graph.backward(&[lot])?, backward) {
            faults.push(format!("批次 {lot} 的上游在追溯图与数据库中不同"));
        }
    }
    Ok((graph.links(), faults))
}

/// Every business is in the index once, and some are found by their code.
pub fn search(place: &Place) -> Result<(u64, Vec<String>)> {
    let index = parties::open(place.db)?;
    let mut known = Vec::new();
    place.db.read_blocking(|tx| {
        let tables = catalog::tables(tx)?;
        let parties = tables.into_iter().find(|t| t.name == "parties");
        let Some(mut parties) = parties else { return Err(Error::internal("there is no table of parties")) };
        parties.columns.retain(|c| ["id", "code"].contains(&c.name.as_str()));
        parties.columns.sort_by(|a, b| b.name.cmp(&a.name));
        parties.scan(tx, &mut |row| {
            known.push(row);
            Ok(true)
        })
    })?;
    let mut faults = Vec::new();
    if index.len() != known.len() {
        faults.push(format!("主体 {} 个，检索索引中 {} 个", known.len(), index.len()));
    }
    for row in known.iter().step_by(known.len().div_ceil(50).max(1)) {
        let [Value::Text(id), Value::Text(code)] = row.as_slice() else { continue };
        let query =
            Query { text: code.clone(), jurisdiction: vec![String::new()], take: 10, ..Query::default() };
        if !index.find(&query).ids.contains(id) {
            faults.push(format!("主体 {code} 不能按主体码检索到"));
        }
    }
    Ok((known.len() as u64, faults))
}

/// Files that rows refer to are there, and every kept file is what its name says.
pub fn files(place: &Place) -> Result<(u64, Vec<String>)> {
    let mut wanted: BTreeSet<String> = place.db.read_blocking(check::files)?.into_iter().collect();
    wanted.extend(place.db.read_blocking(investigation::store::cases::files)?);
    wanted.extend(place.db.read_blocking(findings::evidence_files)?);
    wanted.extend(place.db.read_blocking(sampling::files)?);
    wanted.extend(place.db.read_blocking(recall::files)?);
    wanted.extend(place.db.read_blocking(statistics::files)?);
    wanted.extend(place.db.read_blocking(rapid::files)?);
    wanted.extend(place.db.read_blocking(inspection::photo_files)?);
    wanted.extend(place.db.read_blocking(licensing::files)?);
    wanted.extend(place.db.read_blocking(enforcement::evidence_files)?);
    wanted.extend(place.db.read_blocking(feedback::files)?);
    let Some(files) = kept(place)? else {
        let faults = wanted.iter().map(|hash| format!("缺少文件 {hash}")).collect();
        return Ok((0, faults));
    };
    let (mut looked_at, mut faults) = (0, Vec::new());
    files.each(&mut |hash, path| {
        looked_at += 1;
        wanted.remove(hash);
        if place.files && kit_files::hash_of(&mut std::fs::File::open(path)?)? != hash {
            faults.push(format!("文件 {hash} 的内容已改变"));
        }
        Ok(())
    })?;
    faults.extend(wanted.iter().map(|hash| format!("缺少文件 {hash}")));
    Ok((looked_at, faults))
}

/// Every weekly file against its fact in the ledger.
pub fn feedback(place: &Place) -> Result<(u64, Vec<String>)> {
    let files = if place.files { kept(place)? } else { None };
    place.db.read_blocking(|tx| feedback::verify(tx, files.as_ref()))
}
