//! 许可证、登记证、备案凭证 as they hang on the wall.

use kit_base::error::Result;
use serde::Serialize;

use super::fonts::Fonts;
use super::world::render;
use crate::qr::{Level, QUIET, Qr};

/// One licence.
#[derive(Debug, Clone, Default)]
pub struct LicencePaper {
    /// `食品经营许可证`
    pub title: String,
    /// The matter in full, `食品小作坊登记（山东）`.
    pub subtitle: String,
    pub number: String,
    pub holder: String,
    /// What else is printed, as (name, text).
    pub lines: Vec<(String, String)>,
    /// `2026-03-01`
    pub issued: String,
    /// Last day; empty without end.
    pub expires: String,
    pub issuer: String,
    /// Where it is checked.
    pub url: String,
    /// Why it is not valid, set across the page; empty where it is.
    pub state: String,
    pub simulated: bool,
}

#[derive(Serialize)]
struct Doc<'a> {
    title: &'a str,
    subtitle: &'a str,
    number: &'a str,
    holder: &'a str,
    lines: &'a [(String, String)],
    issued: String,
    expires: String,
    issuer: &'a str,
    qr: String,
    state: &'a str,
    simulated: bool,
}

/// `2026-03-01` as a document writes it.
fn day(text: &str) -> String {
    text.parse().map_or_else(|_| text.to_owned(), super::zh_date)
}

/// The licence, A4 across; a second page where its lines do not fit. Errors: those of the module.
pub fn licence(paper: &LicencePaper) -> Result<Vec<u8>> {
    let doc = Doc {
        title: &paper.title,
        subtitle: &paper.subtitle,
        number: &paper.number,
        holder: &paper.holder,
        lines: &paper.lines,
        issued: day(&paper.issued),
        expires: if paper.expires.is_empty() { "长期".to_owned() } else { day(&paper.expires) },
        issuer: &paper.issuer,
        qr: Qr::new(&paper.url, Level::Medium)?.svg(QUIET),
        state: &paper.state,
        simulated: paper.simulated,
    };
    render("licence.typ", &doc, &Fonts::installed()?, true)
}
