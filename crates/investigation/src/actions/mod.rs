//! The use cases of the room, one function each.

pub mod cases;
pub mod freeze;
mod frozen;
pub mod look;
pub mod marks;
mod resolve;

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_web::Scope;

use crate::model::{Case, FrozenScope, MarkEntry, Marks};
use crate::rules::marks::{fold, of_network};
use crate::store;
use crate::workbench::Loaded;

pub use resolve::{Resolved, resolve};

/// A case within a jurisdiction; what lies outside does not exist for the asker.
pub fn case(tx: &mut Tx, scope: &Scope, id: &str) -> Result<Case> {
    let found = store::cases::by_id(tx, id)?;
    found.filter(|case| scope.covers(&case.division, None)).ok_or_else(|| Error::not_found("没有这个排查"))
}

/// A frozen scope of a case that the asker may see.
pub fn frozen_scope(tx: &mut Tx, scope: &Scope, id: &str) -> Result<FrozenScope> {
    let found = store::scopes::by_id(tx, id)?.ok_or_else(|| Error::not_found("没有这个固定范围"))?;
    case(tx, scope, &found.investigation)?;
    Ok(found)
}

/// What is marked before anyone marks: by the network file; on the ledger nothing, and dates count.
fn first_marks(case: &Case, loaded: &Loaded) -> Marks {
    match case.source.as_str() {
        "network" => of_network(&loaded.network),
        _ => Marks { enforce_temporal_order: true, ..Marks::default() },
    }
}

/// The marks that hold.
pub fn marks_of(case: &Case, loaded: &Loaded, log: &[MarkEntry]) -> Marks {
    fold(first_marks(case, loaded), log)
}

fn must_be_open(case: &Case) -> Result<()> {
    match case.state.as_str() {
        "open" => Ok(()),
        "frozen" => Err(Error::conflict("case_frozen", "范围已固定，要改请另建排查")),
        _ => Err(Error::conflict("case_closed", "排查已结束")),
    }
}
