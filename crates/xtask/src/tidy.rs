//! The house rules as a test.
//!
//! - a room has the plan of every room, its door plate says what it owns, and it has a page in docs/rooms;
//! - SQL stands in stores only, names only the tables of its own crate, and drivers are named by kit-db only;
//! - a room looks only at kits and at the hall, and the hall only down its own order;
//! - no file grows past its bound; no unfinished words; no host names of registries.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The hall, in the order in which its crates may look at one another.
const HALL: &[&str] = &["accounts", "parties", "trace", "notices", "findings", "publication", "credit"];
/// Crates that are neither room nor kit.
const FRAME: &[&str] = &["server", "xtask", "simulator"];
/// The plan: what a room must have.
const PLAN: &[&str] = &["migrations", "src/lib.rs"];
/// Files and folders a room may have besides the plan, in `src/`.
const PARTS: &[&str] = &["model", "rules", "flow", "store", "actions", "api", "jobs", "tests"];
/// Lines a source file may have; a longer one becomes a folder.
const LONGEST: usize = 520;
/// Statements that need a text for each database, in the whole house.
const MOST_SPLIT: usize = 30;

/// Statements that name a table of another crate, each for a reason.
const FOREIGN_TABLES: &[(&str, &str)] = &[
    // the benchmarks measure the bare tables, and break them
    ("crates/server/src/commands/bench", "*"),
    // kit-web writes the audit and knows no people; accounts reads it, with the posts that narrow who sees which row
    ("crates/accounts/src/store/audit.rs", "audit"),
    // what the ledger proves is compared with the rows side by side, millions of them in the order of their numbers
    ("crates/trace/src/store/records.rs", "ledger_items"),
    ("crates/sampling/src/store/facts.rs", "ledger_items"),
    ("crates/kit-flow/src/store/facts.rs", "ledger_items"),
];

/// Checks everything; answers a summary, or every fault as `place: what`.
pub fn run(root: &Path) -> Result<String, Vec<String>> {
    let mut faults = Vec::new();
    let mut files = Vec::new();
    gather(&root.join("crates"), &mut files);
    let tables = tables(&files);
    let mut split = 0;
    for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "rs")) {
        let text = fs::read_to_string(file).unwrap_or_default();
        let place = file.strip_prefix(root).unwrap_or(file).display().to_string();
        split += text.matches("postgres: \"").count();
        check_source(&place, &text, &mut faults);
        check_tables(&place, &text, &tables, &mut faults);
    }
    if split > MOST_SPLIT {
        faults.push(format!("crates: {split} statements need two texts, at most {MOST_SPLIT} may"));
    }
    let rooms = rooms(root);
    for room in &rooms {
        check_room(root, room, &mut faults);
    }
    check_words(root, &mut faults);
    if faults.is_empty() {
        let sources = files.len();
        return Ok(format!(
            "tidy: {} rooms, {sources} files, {split} split statements, no fault",
            rooms.len()
        ));
    }
    faults.sort();
    Err(faults)
}

fn gather(folder: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|e| e.path()) {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_dir() && !["target", "node_modules", "dist", ".git", "live"].contains(&name.as_str()) {
            gather(&path, out);
        } else if path.is_file() {
            out.push(path);
        }
    }
}

/// Crates with a door plate: `pub const ROOM`.
fn rooms(root: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(root.join("crates")) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .flatten()
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with("kit-") && !FRAME.contains(&name.as_str()))
        .collect();
    names.sort();
    names
}

fn check_room(root: &Path, room: &str, faults: &mut Vec<String>) {
    let folder = root.join("crates").join(room);
    for part in PLAN {
        if !folder.join(part).exists() {
            faults.push(format!("crates/{room}: has no {part}"));
        }
    }
    for part in ["store", "actions", "api"] {
        if !folder.join(format!("src/{part}.rs")).exists() && !folder.join(format!("src/{part}")).exists() {
            faults.push(format!("crates/{room}: has no src/{part}.rs (plan: {})", PARTS.join(", ")));
        }
    }
    let plate = fs::read_to_string(folder.join("src/lib.rs")).unwrap_or_default();
    if !plate.contains("pub const ROOM") || !plate.contains("Owns") {
        faults.push(format!("crates/{room}/src/lib.rs: the door plate says what it owns and has a ROOM"));
    }
    if !root.join(format!("docs/rooms/{room}.md")).exists() {
        faults.push(format!("docs/rooms/{room}.md: missing"));
    }
    check_neighbours(&folder, room, faults);
}

/// A room names no room; the hall looks down its order.
fn check_neighbours(folder: &Path, room: &str, faults: &mut Vec<String>) {
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    let own = HALL.iter().position(|name| *name == room);
    let dependencies = manifest.split("[dev-dependencies]").next().unwrap_or("");
    for name in dependencies.lines().filter_map(|l| l.split_once(".workspace")).map(|(name, _)| name.trim()) {
        let is_crate = folder.parent().is_some_and(|crates| crates.join(name).exists());
        if !is_crate || name.starts_with("kit-") {
            continue;
        }
        let fits = match (own, HALL.iter().position(|hall| *hall == name)) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(own), Some(other)) => other < own,
        };
        if !fits {
            faults.push(format!("crates/{room}/Cargo.toml: may not look at {name}"));
        }
    }
}

fn check_source(place: &str, text: &str, faults: &mut Vec<String>) {
    let lines = text.lines().count();
    if lines > LONGEST {
        faults.push(format!("{place}: {lines} lines, make it a folder split by verb (at most {LONGEST})"));
    }
    let is_test = place.contains("/tests") || place.ends_with("_tests.rs");
    let may_sql = is_test
        || place.contains("/store")
        || [
            "crates/kit-db/",
            "crates/kit-test/",
            "crates/kit-web/src/audit.rs",
            "crates/xtask/",
            "crates/server/src/commands/bench",
        ]
        .iter()
        .any(|p| place.starts_with(p));
    let shipped = text.split("#[cfg(test)]").next().unwrap_or(text);
    for (i, line) in shipped.lines().enumerate() {
        let code = line.split("//").next().unwrap_or("");
        if !may_sql && looks_like_sql(code) {
            faults.push(format!("{place}:{}: SQL stands in store.rs", i + 1));
        }
        let names_driver = ["rusqlite::", "postgres::Client"].iter().any(|d| code.contains(d));
        if names_driver && !may_sql && !place.starts_with("crates/kit-db/") {
            faults.push(format!("{place}:{}: only kit-db names a driver", i + 1));
        }
    }
}

/// Every table and the crate whose migrations make it.
fn tables(files: &[PathBuf]) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "sql")) {
        let place = file.display().to_string();
        let Some(owner) = place.rsplit("crates/").next().and_then(|p| p.split('/').next()) else { continue };
        let text = fs::read_to_string(file).unwrap_or_default();
        for line in text.lines() {
            let line = line.trim_start_matches("--postgres ").trim_start_matches("--sqlite ");
            let Some(rest) = line.strip_prefix("CREATE TABLE ") else { continue };
            let name = rest.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
            if !rest.contains("PARTITION OF") {
                all.insert(name.to_owned(), owner.to_owned());
            }
        }
    }
    all
}

/// SQL of a crate names its own tables only; what it needs of another it asks that crate for.
fn check_tables(place: &str, text: &str, tables: &BTreeMap<String, String>, faults: &mut Vec<String>) {
    let Some(own) = place.strip_prefix("crates/").and_then(|p| p.split('/').next()) else { return };
    if place.contains("/tests") || place.ends_with("_tests.rs") || place.starts_with("crates/xtask/") {
        return;
    }
    let shipped = text.split("#[cfg(test)]").next().unwrap_or(text);
    let mut before = "";
    for (i, line) in shipped.lines().enumerate() {
        let code = line.split("//").next().unwrap_or("");
        for word in code.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|w| !w.is_empty()) {
            let after = ["FROM", "JOIN", "INTO", "UPDATE"].contains(&before);
            before = word;
            let Some(owner) = tables.get(word).filter(|owner| after && *owner != own) else { continue };
            let excused =
                |(at, table): &&(&str, &str)| place.starts_with(at) && (*table == "*" || *table == word);
            if !FOREIGN_TABLES.iter().any(|e| excused(&e)) {
                faults.push(format!("{place}:{}: the table {word} is that of {owner}: ask it", i + 1));
            }
        }
    }
}

fn looks_like_sql(code: &str) -> bool {
    ["\"SELECT ", "\"INSERT INTO ", "\"UPDATE ", "\"DELETE FROM ", "\"WITH RECURSIVE "]
        .iter()
        .any(|s| code.contains(s))
}

/// Words that say a thing is not finished, and hosts that no file may name.
fn check_words(root: &Path, faults: &mut Vec<String>) {
    let mut files = Vec::new();
    for folder in ["crates", "web", "docs", "tools", "data"] {
        gather(&root.join(folder), &mut files);
    }
    let unfinished =
        ["敬请期待", "开发中", "待开发", "coming soon", concat!("TO", "DO"), concat!("FIX", "ME")];
    let hosts =
        [concat!("static.", "crates.io"), concat!("registry.", "npmjs"), concat!("files.python", "hosted")];
    let known = ["rs", "ts", "vue", "md", "html", "css", "sh", "mjs", "toml", "json", "typ", "sql"];
    for file in files {
        let ending = file.extension().map(|e| e.to_string_lossy().into_owned()).unwrap_or_default();
        if !known.contains(&ending.as_str()) {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap_or_default();
        let place = file.strip_prefix(root).unwrap_or(&file).display().to_string();
        for word in unfinished.iter().chain(&hosts) {
            // a lock file says where its packages come from by design; ours are made without
            if text.contains(word) && !place.starts_with("crates/xtask/") && !place.ends_with("lint.mjs") {
                faults.push(format!("{place}: says “{word}”"));
            }
        }
    }
}
