//! What happens to the ledger when two records of a business become one: nothing to events and lots, which keep the id they
//! were recorded under; the stock, which is a projection, is held by the survivor.

use kit_base::{Error, Result};
use kit_db::Tx;
use parties::{Merge, Merging, Party, SectionLine};

use crate::store::{events, merges};

/// The server puts this into the house beside those of other rooms.
pub const MERGING: Merging = Merging { preview, join, part };

/// A business lies in another division now: its products and stock with it; events and lots keep theirs.
pub fn moved(tx: &mut Tx, party: &str, division: &str) -> Result<()> {
    merges::move_stock(tx, party, division)?;
    crate::store::products::move_all(tx, party, division)
}

fn preview(tx: &mut Tx, duplicate: &Party) -> Result<Vec<SectionLine>> {
    let (products, events, lots) = merges::recorded(tx, &duplicate.id)?;
    let line = |label: &str, n: i64, unit: &str| SectionLine {
        label: label.to_owned(),
        value: format!("{n} {unit}"),
        link: String::new(),
    };
    Ok(vec![line("产品", products, "个"), line("流转记录", events, "条"), line("现存批次", lots, "批")])
}

fn join(tx: &mut Tx, duplicate: &Party, survivor: &Party, merge: &Merge) -> Result<()> {
    let (event, _) = events::numbers(tx)?;
    merges::keep(tx, &merge.id, event)?;
    merges::join_stock(tx, &duplicate.id, &survivor.id, &survivor.division)
}

fn part(tx: &mut Tx, duplicate: &Party, survivor: &Party, merge: &Merge) -> Result<()> {
    let reached = merges::reached(tx, &merge.id)?.unwrap_or_default();
    if merges::since(tx, reached, &duplicate.id, &survivor.id)? > 0 {
        let text = "合并之后已有新的流转记录，不能撤销；请按合并后的主体继续登记";
        return Err(Error::conflict("merge_used", text));
    }
    merges::part_stock(tx, &duplicate.id, &survivor.id, &duplicate.division)
}
