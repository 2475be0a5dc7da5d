//! Every parser, to be given anything at all: it may refuse, it must not fall over, and what it takes must be what it says.
//!
//! A target is a function of bytes, so that any engine can drive it. The one here ([`mutate`]) runs on the stable
//! toolchain: it changes, cuts and joins the inputs of a small corpus, without looking at coverage.

mod mutate;
mod targets;

use std::path::PathBuf;

pub use mutate::Mutator;

/// A parser under test. Panics where an invariant does not hold.
pub struct Target {
    pub name: &'static str,
    pub run: fn(&[u8]),
    /// Words of its language, put into inputs.
    pub words: &'static [&'static str],
}

/// Every target.
pub const TARGETS: &[Target] = &[
    Target { name: "json_capture", run: targets::json_capture, words: targets::JSON },
    Target { name: "epcis_json", run: targets::epcis, words: targets::EPCIS },
    Target { name: "epcis_xml", run: targets::epcis, words: targets::XML },
    Target { name: "csv", run: targets::sheet, words: targets::CSV },
    Target { name: "xlsx", run: targets::sheet, words: &["PK\u{3}\u{4}", "<c r=\"A1\"", "<row r=\"1\""] },
    Target { name: "workbook", run: targets::workbook, words: targets::SHEET },
    Target { name: "digital_link", run: targets::digital_link, words: targets::LINK },
    Target { name: "epcis_query", run: targets::epcis_query, words: targets::QUERY },
    Target {
        name: "search",
        run: targets::search,
        words: &["豆腐", "dou", "dfg", "　", "４１", "-", "İ", "ǆ", "ß"],
    },
    Target { name: "network", run: targets::network, words: targets::NETWORK },
    Target { name: "instrument", run: targets::instrument, words: targets::INSTRUMENT },
];

pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|t| t.name == name)
}

/// The inputs that a target begins with: `corpus/NAME/*`, in the order of their names.
pub fn corpus(name: &str) -> std::io::Result<Vec<(String, Vec<u8>)>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
    files.sort();
    files.into_iter().map(|p| Ok((p.display().to_string(), std::fs::read(p)?))).collect()
}
