//! Results that stand, for whoever looks after a business.

use findings::about::Tested;
use kit_base::{Millis, Result};
use kit_db::Tx;

use super::{disposal, recheck};
use crate::store::told as store;

/// Results of supervision samples of a business that stood since a time. A failure that was overturned does not fail.
pub fn tested(tx: &mut Tx, party: &str, since: Millis) -> Result<Vec<Tested>> {
    let mut out = Vec::new();
    for s in store::of_party(tx, party, since)? {
        let overturned = s.flags.contains(",overturned,");
        let fails = s.confirmed_at.is_some() && !overturned;
        let failing = if fails { recheck::still_failing(tx, &s.id)? } else { Vec::new() };
        let items = store::items(tx, &s.id)?.into_iter();
        let items = items.map(|item| {
            let bad = failing.iter().any(|j| j.item == item);
            (item, bad)
        });
        out.push(Tested {
            items: items.collect(),
            failing: disposal::told(&failing),
            id: s.id,
            sample_no: s.sample_no,
            party: s.party,
            site: s.site,
            food: s.food,
            category: s.category,
            taken_at: s.taken_at,
            stood_at: s.confirmed_at.unwrap_or(s.issued_at),
            fails,
            overturned,
            open: fails && s.closed_at.is_none(),
            simulated: s.simulated,
        });
    }
    Ok(out)
}
