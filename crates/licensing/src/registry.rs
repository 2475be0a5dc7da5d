//! Where business licences (营业执照) are looked up: the adapter and the local register behind it.

use std::sync::Arc;

use kit_base::Result;
use kit_db::Tx;

use crate::model::Registered;

/// Looks up a business licence. An agency that is connected to the national register brings its own.
pub trait Registry: Send + Sync {
    /// The licence of a credit code in plain form; `None` where this register does not know it. Inside a transaction: an
    /// implementation over a network answers from what it fetched before and never waits here.
    fn look(&self, tx: &mut Tx, uscc: &str) -> Result<Option<Registered>>;
}

/// Held in the house by whoever configures another register than [`Local`].
pub struct Register(pub Arc<dyn Registry>);

/// The table `business_register`, fed by import.
pub struct Local;

impl Registry for Local {
    fn look(&self, tx: &mut Tx, uscc: &str) -> Result<Option<Registered>> {
        crate::store::registers::registered(tx, uscc)
    }
}
