//! All SQL of the room.

pub mod audit;
pub mod bureaus;
pub mod device_keys;
pub mod keys;
pub mod passkeys;
pub mod posts;
pub mod sessions;
pub mod users;

use kit_db::{Filter, Sql};
use kit_web::Scope;

/// Every fixed statement of the room, for the test that prepares them.
pub const STATEMENTS: &[&[(&str, Sql)]] = &[
    audit::STATEMENTS,
    bureaus::STATEMENTS,
    device_keys::STATEMENTS,
    keys::STATEMENTS,
    passkeys::STATEMENTS,
    posts::STATEMENTS,
    sessions::STATEMENTS,
    users::STATEMENTS,
];

/// Only rows whose division the asker may see; people of a business see none of this room's lists.
fn visible(filter: Filter, scope: &Scope, range: &'static str) -> Filter {
    match scope {
        Scope::Divisions(prefixes) => filter.within(range, prefixes),
        Scope::Businesses(_) => filter.and("1 = 0", &[]),
    }
}

/// A `LIKE` pattern for any place in a text; `\` escapes.
fn anywhere(text: &str) -> String {
    let escaped = text.trim().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

/// Text given, or nothing where it is empty.
fn given(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|t| !t.is_empty())
}
