//! Which recalls and failed results touch a lot: certain where the lot came from the batch over any number of steps, possible where it
//! came from another batch of the same product and batch number. Asked of the graph each time, so it holds from the commit on.

use std::collections::HashMap;

use kit_base::{Error, Millis, Result};
use kit_db::Tx;
use kit_web::House;
use trace::live::LiveGraph;
use trace::model::{Lot, LotNo};
use trace::store::{lots, products, steps};

use crate::model::{Notice, NoticeKind, Touching};
use crate::store;

/// Certain ones first, newest first.
pub fn touching(tx: &mut Tx, house: &House, now: Millis, lot: &Lot) -> Result<Vec<Touching>> {
    let notices: Vec<Notice> =
        store::standing(tx, now)?.into_iter().filter(|n| n.kind != NoticeKind::Withdrawal).collect();
    if notices.is_empty() {
        return Ok(Vec::new());
    }
    let origins = origins(tx, house, lot)?;
    let mut named: HashMap<LotNo, String> = HashMap::new();
    let mut out = Vec::new();
    for notice in notices {
        let of = batch_of(tx, &notice, &mut named)?;
        let certain =
            origins.iter().find(|(no, product, batch)| notice.names(*no, product, batch)).map(|(no, ..)| *no);
        let may = || {
            let same = |(_, product, batch): &&(LotNo, String, String)| {
                *product == notice.product && !of.is_empty() && *batch == of
            };
            notice.lot.and_then(|_| origins.iter().find(same)).map(|(no, ..)| *no)
        };
        let Some(origin) = certain.or_else(may) else { continue };
        out.push(Touching {
            food: products::by_id(tx, &notice.product)?.map(|p| p.name).unwrap_or_default(),
            certain: certain.is_some(),
            own: origin == lot.origin,
            id: notice.id,
            kind: notice.kind,
            grade: notice.grade,
            reason: notice.reason,
            issuer: notice.issuer,
            since: notice.since,
            batch: of,
            lot: notice.lot,
        });
    }
    out.sort_by_key(|t| (!t.certain, -t.since));
    Ok(out)
}

/// The batches that a lot came from, its own among them.
fn origins(tx: &mut Tx, house: &House, lot: &Lot) -> Result<Vec<(LotNo, String, String)>> {
    let live = house.held::<LiveGraph>();
    live.catch_up(tx)?;
    let start = u32::try_from(lot.no).map_err(Error::internal)?;
    let all: Vec<LotNo> = live.read().backward(&[start])?.iter().map(|no| LotNo::from(*no)).collect();
    steps::origins(tx, &all)
}

/// The batch number that a notice is about.
fn batch_of(tx: &mut Tx, notice: &Notice, named: &mut HashMap<LotNo, String>) -> Result<String> {
    let Some(no) = notice.lot else { return Ok(notice.batch.clone()) };
    if let Some(known) = named.get(&no) {
        return Ok(known.clone());
    }
    let batch = lots::by_no(tx, no)?.map(|l| l.batch).unwrap_or_default();
    named.insert(no, batch.clone());
    Ok(batch)
}
