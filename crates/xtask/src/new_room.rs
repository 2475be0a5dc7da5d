//! Lays out a new room by the plan, ready to compile.

use std::fs;
use std::path::Path;

/// Makes `crates/NAME` and its page; answers what to do next.
pub fn run(root: &Path, name: &str) -> Result<String, Vec<String>> {
    let good = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    let folder = root.join("crates").join(name);
    if !good || folder.exists() {
        return Err(vec![format!("{name}: a room's name is lower-case letters, and new")]);
    }
    let files = [
        ("Cargo.toml", MANIFEST),
        ("migrations/0001.sql", MIGRATION),
        ("src/lib.rs", PLATE),
        ("src/model.rs", "//! Types and ids; no SQL, no HTTP.\n"),
        ("src/rules.rs", "//! Decisions as pure functions over facts and a time.\n"),
        ("src/store.rs", STORE),
        ("src/actions.rs", "//! One function a use case, inside the transaction of an `Act`.\n"),
        ("src/api.rs", API),
    ];
    let write = || -> std::io::Result<()> {
        for (path, text) in files {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap_or(&folder))?;
            fs::write(path, text.replace("ROOM_NAME", name))?;
        }
        fs::create_dir_all(root.join("docs/rooms"))?;
        fs::write(root.join(format!("docs/rooms/{name}.md")), format!("# {name}\n"))
    };
    write().map_err(|e| vec![format!("{name}: {e}")])?;
    Ok(format!(
        "crates/{name} is laid out. Add `{name} = {{ path = \"crates/{name}\" }}` to Cargo.toml, and the room to \
         crates/server/src/rooms.rs"
    ))
}

const MANIFEST: &str = r#"[package]
name = "ROOM_NAME"
version.workspace = true
edition.workspace = true
rust-version.workspace = true
license.workspace = true
publish = false

[lints]
workspace = true

[dependencies]
kit-base.workspace = true
kit-db.workspace = true
kit-web.workspace = true
serde.workspace = true
schemars.workspace = true
"#;

const MIGRATION: &str = "-- The room's own tables; every column says why, with units.\n";

const PLATE: &str = r#"//! What the room is for.
//!
//! Owns: its tables. Invariants: …

mod actions;
mod api;
pub mod model;
pub mod rules;
mod store;

use kit_db::Schema;
use kit_web::{Permission, Room};

pub const SCHEMA: Schema =
    Schema { room: "ROOM_NAME", files: &[("0001", include_str!("../migrations/0001.sql"))] };

pub const PERMISSIONS: &[Permission] = &[];

pub const ROOM: Room = Room {
    name: "ROOM_NAME",
    schema: SCHEMA,
    statements: &[store::STATEMENTS],
    permissions: PERMISSIONS,
    routes: api::routes,
    jobs: &[],
};
"#;

const STORE: &str = "//! All SQL of the room, each statement once.\n\nkit_db::statements! {}\n";

const API: &str = r"//! The room's route table.

use kit_web::Route;

pub fn routes() -> Vec<Route> {
    Vec::new()
}
";
