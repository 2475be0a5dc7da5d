//! What this room adds to cases of its kinds: forms are measured by the law before, columns follow after, and the party is
//! told of what is served on it.

mod before;
mod follow;
mod tell;

use kit_base::Result;
use kit_flow::log::{Body, Entry};
use kit_flow::{Case, Hooks};
use kit_web::Act;

use crate::actions::answers;
use crate::rules::tables;

pub const CASE: Hooks = Hooks { before: before::before, after, member, ..Hooks::none("case") };
pub const SIMPLE: Hooks = Hooks { kind: "case_simple", before: before::before_simple, ..CASE };
pub const PRESERVE: Hooks =
    Hooks { kind: "preserve", before: before::two_officers, after: tell::tell, ..CASE };
pub const SEIZE: Hooks = Hooks { kind: "seize", before: before::before_seize, ..PRESERVE };

/// Kinds of penalty and circumstances by their names in the tables; evidence is counted.
fn member(field: &str, code: &str) -> Option<String> {
    let tables = tables::get().ok()?;
    let name = match field {
        "penalties" => tables.kind(code).map(|k| &k.name),
        "circumstances" => tables.circumstance(code).map(|c| &c.name),
        _ => return None,
    };
    // a code that a later edition of the tables has not any more
    Some(name.map_or(code, String::as_str).to_owned())
}

fn after(act: &mut Act, case: &Case, entry: &Entry, body: &Body) -> Result<()> {
    follow::after(act, case, entry, body)?;
    answers::send(act, case, &entry.action, &body.form)?;
    tell::tell(act, case, entry, body)
}
