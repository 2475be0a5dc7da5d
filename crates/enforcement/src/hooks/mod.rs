//! What this room adds to cases of its kinds: forms are measured by the law before, columns follow after, and the party is
//! told of what is served on it.

mod before;
mod follow;
mod tell;

use std::collections::BTreeSet;

use kit_base::Result;
use kit_flow::log::{Body, Entry};
use kit_flow::{Case, Hooks};
use kit_web::Act;

use crate::actions::answers;

pub const CASE: Hooks =
    Hooks { kind: "case", facts: |_, _| Ok(BTreeSet::new()), before: before::before, after };
pub const SIMPLE: Hooks = Hooks { kind: "case_simple", before: before::before_simple, ..CASE };
pub const PRESERVE: Hooks =
    Hooks { kind: "preserve", before: before::two_officers, after: tell::tell, ..CASE };
pub const SEIZE: Hooks = Hooks { kind: "seize", before: before::before_seize, ..PRESERVE };

fn after(act: &mut Act, case: &Case, entry: &Entry, body: &Body) -> Result<()> {
    follow::after(act, case, entry, body)?;
    answers::send(act, case, &entry.action, &body.form)?;
    tell::tell(act, case, entry, body)
}
