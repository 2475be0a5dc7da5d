//! What `shian ledger verify` asks of cases: that every entry of a log and every document is as the ledger has it.

use kit_base::Result;
use kit_db::Tx;
use sha2::{Digest, Sha256};

use crate::papers::Paper;
use crate::store::facts;

/// A row that is not as the ledger has it.
#[derive(Debug, Clone)]
pub struct Fault {
    /// `case_changed`, `case_deleted`, `case_added`, `document_changed`, `document_deleted`, `document_added`
    pub code: &'static str,
    /// `case#number`
    pub place: String,
    pub message: String,
}

/// Over the row of a document: all that its content does not say, and the hash of that.
pub fn of_paper(p: &Paper) -> [u8; 32] {
    let mut hasher = Sha256::new();
    let at = p.issued_at.to_string();
    for text in [&p.case, &p.number, &p.code, &p.title, &p.organ, &p.verify, &p.hash, &p.seal, &at] {
        hasher.update((text.len() as u64).to_be_bytes());
        hasher.update(text.as_bytes());
    }
    hasher.finalize().into()
}

/// Everything; stops where `tell` answers `false`. Answers how many entries and documents were looked at.
pub fn verify(tx: &mut Tx, tell: &mut dyn FnMut(Fault) -> bool) -> Result<(i64, i64)> {
    let (mut entries, mut papers, mut goes_on) = (0, 0, true);
    facts::log(tx, &mut |entry, known| {
        entries += 1;
        let right = entry.right_hash();
        let place = format!("{}#{}", entry.case, entry.seq);
        let code = match &known {
            Some(known) if known.as_slice() == right && entry.hash == hex::encode(right) => return true,
            Some(_) => "case_changed",
            None => "case_added",
        };
        let what = if code == "case_added" { "不在账本内" } else { "被改动" };
        let message = format!("案卷记录 {place}（{}）{what}", entry.action);
        goes_on = tell(Fault { code, place, message });
        goes_on
    })?;
    if goes_on {
        facts::papers(tx, &mut |paper, known, row| {
            papers += 1;
            let right: [u8; 32] = Sha256::digest(paper.content.as_bytes()).into();
            let whole =
                paper.hash == hex::encode(right) && row.is_none_or(|row| row.as_slice() == of_paper(&paper));
            let code = match &known {
                Some(known) if known.as_slice() == right && whole => return true,
                Some(_) => "document_changed",
                None => "document_added",
            };
            let what = if code == "document_added" { "不在账本内" } else { "被改动" };
            let place = format!("{}#{}", paper.case, paper.number);
            goes_on =
                tell(Fault { code, message: format!("文书 {}（{place}）{what}", paper.title), place });
            goes_on
        })?;
    }
    if goes_on {
        facts::lost(tx, &mut |kind, item| {
            let (code, what) = if kind == "flow" {
                ("case_deleted", "案卷记录")
            } else {
                ("document_deleted", "文书")
            };
            tell(Fault { code, place: item.to_owned(), message: format!("{what} {item} 被删除") })
        })?;
    }
    Ok((entries, papers))
}
