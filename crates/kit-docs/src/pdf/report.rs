//! Reports of statistics (统计报表): sentences and tables.

use std::sync::Arc;

use kit_base::error::Result;
use serde::Serialize;

use super::fonts::Fonts;
use super::world::render;

/// A table of a report.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ReportTable {
    pub title: String,
    pub note: String,
    /// Name, and whether it holds figures.
    pub columns: Vec<(String, bool)>,
    pub rows: Vec<Vec<String>>,
    /// Said where there is no row.
    pub empty: String,
}

/// What a report says. The same input makes the same bytes.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ReportPaper {
    pub organ: String,
    pub title: String,
    pub place: String,
    /// `2026年3月`
    pub period: String,
    /// `2026-04-01 07:00`
    pub as_of: String,
    pub edition: i64,
    pub summary: Vec<String>,
    pub tables: Vec<ReportTable>,
    /// What is missing, and why.
    pub missing: Vec<String>,
    pub source: String,
    /// SHA-256 of the content, hex.
    pub hash: String,
    pub simulated: bool,
}

/// Sets a report in the fonts given.
pub fn report(paper: &ReportPaper, fonts: &Arc<Fonts>) -> Result<Vec<u8>> {
    render("report.typ", paper, fonts, true)
}
