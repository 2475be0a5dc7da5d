//! What a recall rests on may fall: the failure of a sample that is overturned.

use findings::samples::{Change, Told, tell};
use kit_base::Result;
use kit_flow::{Flows, engine};
use kit_web::Act;
use trace::model::LotNo;

use crate::store::recalls;

/// Tests whose failure lets the house begin a recall.
const TESTS: [&str; 2] = ["sample", "rapid"];

/// The failure on which a recall may rest.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// Where it was found and its number there, as in [`super::begin::Cause`].
    pub source: (&'a str, &'a str),
    /// The lot that its batch began with.
    pub batch: Option<LotNo>,
    /// Another failure of the batch still calls for a recall.
    pub stands: bool,
}

/// Tells recalls what became of the failure that they rest on. One that nobody has ordered and that the public does not know is
/// withdrawn by itself, unless something else about the batch calls for it. Of others their people decide.
///
/// Errors: those of the flow.
pub fn ground_changed(act: &mut Act, ground: &Ground, change: &Change) -> Result<Vec<Told>> {
    let flows = act.cx.house.held::<Flows>();
    let change = Change { whole: change.whole && !ground.stands, ..change.clone() };
    let mut ids = recalls::open_of_source(act.tx, ground.source.0, ground.source.1)?;
    if let Some(batch) = ground.batch {
        // begun for an earlier failure of the batch: of each there is one recall
        let row = recalls::open_of_lot(act.tx, batch)?.filter(|id| !ids.contains(id));
        let row = row.map_or(Ok(None), |id| recalls::by_id(act.tx, &id))?;
        ids.extend(row.filter(|r| TESTS.contains(&r.source.as_str())).map(|r| r.id));
    }
    let mut out = Vec::new();
    for id in ids {
        let Some(case) = engine::load(act.tx, &flows, &id)? else { continue };
        let by_house = case.state.drafter.user.is_empty();
        let ordered = case.state.flags.contains("ordered");
        out.extend(tell(act, &id, by_house && !ordered, &change)?);
    }
    Ok(out)
}
