//! What `shian check` asks of this room: that every file says what the ledger has of it.

use std::collections::BTreeMap;
use std::io::Read as _;

use kit_base::Result;
use kit_db::Tx;
use kit_files::Files;
use sha2::{Digest as _, Sha256};

use super::make::FACT;
use super::signed;
use crate::store::{self, Kept};

/// Everything; with `files` every kept file is read too. Answers how many were looked at, and what is wrong, Chinese.
///
/// A file that is not there is told by whoever looks for all files.
pub fn verify(tx: &mut Tx, files: Option<&Files>) -> Result<(u64, Vec<String>)> {
    let mut facts: BTreeMap<String, Vec<u8>> = kit_ledger::store::items(tx, FACT)?.into_iter().collect();
    let (mut looked_at, mut faults) = (0, Vec::new());
    for kept in store::kept(tx)? {
        looked_at += 1;
        if let Some(wrong) = fault(&kept, facts.remove(&kept.id).as_deref(), files)? {
            faults.push(format!("反馈周报 {}（{}，第 {} 版）{wrong}", kept.id, kept.week, kept.version));
        }
    }
    faults.extend(facts.into_keys().map(|id| format!("反馈周报 {id} 被删除")));
    Ok((looked_at, faults))
}

fn fault(kept: &Kept, fact: Option<&[u8]>, files: Option<&Files>) -> Result<Option<&'static str>> {
    let Some(fact) = fact else { return Ok(Some("不在账本内")) };
    if kept.hash != hex::encode(fact) {
        return Ok(Some("登记的哈希与账本不符"));
    }
    let Some(mut file) = files.map(|f| f.get(&kept.file)).transpose()?.flatten() else { return Ok(None) };
    let mut note = String::new();
    let read = file.read_to_string(&mut note).is_ok();
    let Some((json, content)) = signed::content_of(&note).ok().filter(|_| read) else {
        return Ok(Some("的文件不是反馈周报"));
    };
    if Sha256::digest(json.as_bytes()).as_slice() != fact {
        return Ok(Some("的文件内容与账本不符"));
    }
    let same =
        (&content.manager.id, &content.week, content.version) == (&kept.manager, &kept.week, kept.version);
    Ok((!same).then_some("的文件是另一份周报"))
}
