//! The rules as data: data/risk and data/credit, each row with its source, article, certainty and dates.

use std::sync::OnceLock;

use kit_base::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

/// A set of rules for some part of the country.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Variant {
    pub variant: String,
    pub name: String,
    /// What holds where the variant says nothing; empty for the first.
    pub base: String,
    /// Prefix of the divisions in which it holds; empty for all.
    pub division: String,
    /// yearly, monthly: how often everything is graded anew.
    pub run: String,
    /// Most points that the static factors count together, the dynamic ones, and those of credit.
    #[serde(default = "static_most")]
    pub static_most: i64,
    #[serde(default = "dynamic_most")]
    pub dynamic_most: i64,
    #[serde(default = "credit_most")]
    pub credit_most: i64,
    pub certainty: String,
    pub source: String,
    pub article: String,
    pub effective_from: String,
    pub effective_to: String,
}

// what rules counted that were pinned before these stood in the table
fn static_most() -> i64 {
    40
}
fn dynamic_most() -> i64 {
    60
}
fn credit_most() -> i64 {
    20
}

/// A factor of the risk grade.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Factor {
    pub variant: String,
    /// static, dynamic, credit: points; up, down: a step of the grade; to_d: the last grade.
    pub part: String,
    pub code: String,
    pub name: String,
    /// The fact that it looks at.
    pub fact: String,
    /// is, in, least, each, unknown
    pub test: String,
    pub value: String,
    pub points: i64,
    /// No more than this for the factor.
    pub cap: i64,
    pub certainty: String,
    pub source: String,
    pub article: String,
    pub effective_from: String,
    pub effective_to: String,
}

/// A grade and how often it is to be visited.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Band {
    pub variant: String,
    /// Kinds of business, with `|`; empty for all.
    pub kinds: String,
    pub grade: String,
    /// More points than this; none for the first.
    pub over: Option<i64>,
    /// No more than this; none for the last.
    pub upto: Option<i64>,
    /// Visits a year.
    pub least: i64,
    pub most: i64,
    pub certainty: String,
    pub source: String,
    pub article: String,
}

/// What an event counts in the credit file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EventRule {
    pub kind: String,
    pub name: String,
    /// licence, inspection, sampling, penalty, complaint, commitment, other
    pub part: String,
    /// Points it gives or takes.
    pub score: i64,
    /// Percent of those points that count.
    pub weight: i64,
    /// How long it counts, months; 0: it is on file and counts nothing.
    pub months: i64,
    /// 1: a bad record
    pub bad: i64,
    /// 1: goes out to platforms
    pub push: i64,
    /// The fact of the risk grade that it adds to; empty for none.
    pub fact: String,
    /// Months that it stays such a fact.
    pub fact_months: i64,
    pub certainty: String,
    pub source: String,
    pub article: String,
    pub effective_from: String,
    pub effective_to: String,
}

/// A credit grade.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreditBand {
    pub grade: String,
    pub name: String,
    /// From this score on.
    pub least: i64,
    pub certainty: String,
    pub source: String,
    pub article: String,
    pub effective_from: String,
    pub effective_to: String,
}

/// A value of data/credit/settings.csv.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    pub code: String,
    pub value: String,
    pub certainty: String,
    pub source: String,
}

/// All of the data.
pub struct Tables {
    pub settings: Vec<Setting>,
    pub variants: Vec<Variant>,
    pub factors: Vec<Factor>,
    pub bands: Vec<Band>,
    pub events: Vec<EventRule>,
    pub credit_bands: Vec<CreditBand>,
}

impl Tables {
    /// A setting as it is written. Errors: `internal` where the file has none; a test asks for every one.
    pub fn setting(&self, code: &str) -> Result<&str> {
        let found = self.settings.iter().find(|s| s.code == code);
        found.map(|s| s.value.as_str()).ok_or_else(|| Error::internal(format!("no setting {code}")))
    }

    /// A setting that is a number: months, points. Errors: `internal`.
    pub fn number(&self, code: &str) -> Result<i64> {
        self.setting(code)?.parse().map_err(Error::internal)
    }

    /// What an event counts on a day (`2026-03-01`); `None` for a kind that nobody knows.
    pub fn event(&self, kind: &str, day: &str) -> Option<&EventRule> {
        let mut of_kind = self.events.iter().filter(|e| e.kind == kind);
        of_kind.find(|e| in_force(&e.effective_from, &e.effective_to, day))
    }
}

/// Whether a row holds on a day.
pub fn in_force(from: &str, to: &str, day: &str) -> bool {
    from <= day && (to.is_empty() || day < to)
}

/// The data of this build, read once.
///
/// Errors: `internal` where a file of data/ is no table; a test reads them all.
pub fn tables() -> Result<&'static Tables> {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    if let Some(found) = TABLES.get() {
        return Ok(found);
    }
    let read = Tables {
        settings: rows(include_str!("../../../../data/credit/settings.csv"))?,
        variants: rows(include_str!("../../../../data/risk/variants.csv"))?,
        factors: rows(include_str!("../../../../data/risk/rules.csv"))?,
        bands: rows(include_str!("../../../../data/risk/bands.csv"))?,
        events: rows(include_str!("../../../../data/credit/events.csv"))?,
        credit_bands: rows(include_str!("../../../../data/credit/bands.csv"))?,
    };
    Ok(TABLES.get_or_init(|| read))
}

/// Rows of a table of data/.
pub fn rows<T: DeserializeOwned>(text: &str) -> Result<Vec<T>> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(|row| row.map_err(Error::internal)).collect()
}

/// The rules of one variant on one day: what a grade is pinned to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RuleSet {
    pub variant: Variant,
    pub factors: Vec<Factor>,
    pub bands: Vec<Band>,
}

impl RuleSet {
    /// The rules of a place on a day. Where a variant says something of a code (or of bands), its base does not.
    pub fn of(tables: &Tables, division: &str, day: &str) -> Result<Self> {
        let fits = |v: &&Variant| {
            division.starts_with(v.division.as_str()) && in_force(&v.effective_from, &v.effective_to, day)
        };
        let variant = tables.variants.iter().filter(fits).max_by_key(|v| v.division.len());
        let variant = variant.or_else(|| tables.variants.first()).cloned();
        let variant = variant.ok_or_else(|| Error::internal("no rules of risk"))?;
        let on_day = |f: &&Factor| in_force(&f.effective_from, &f.effective_to, day);
        let mut factors: Vec<Factor> =
            tables.factors.iter().filter(on_day).filter(|f| f.variant == variant.variant).cloned().collect();
        let own: Vec<String> = factors.iter().map(|f| f.code.clone()).collect();
        let of_base = tables.factors.iter().filter(on_day).filter(|f| f.variant == variant.base);
        factors.extend(of_base.filter(|f| !own.contains(&f.code)).cloned());
        let mut bands: Vec<Band> =
            tables.bands.iter().filter(|b| b.variant == variant.variant).cloned().collect();
        // a variant may speak of some kinds only; the base stands behind it
        bands.extend(tables.bands.iter().filter(|b| b.variant == variant.base).cloned());
        Ok(Self { variant, factors, bands })
    }

    /// The text that is pinned, and its hash.
    ///
    /// Errors: `internal`.
    pub fn text(&self) -> Result<(String, String)> {
        let text = serde_json::to_string(self).map_err(Error::internal)?;
        Ok((hex::encode(Sha256::digest(text.as_bytes())), text))
    }

    /// The bands for a kind of business: those that name it, else those for all, of the variant before its base.
    pub fn bands_for(&self, kind: &str) -> Vec<&Band> {
        let named: Vec<&Band> = self.bands.iter().filter(|b| b.kinds.split('|').any(|k| k == kind)).collect();
        if !named.is_empty() {
            return named;
        }
        let all: Vec<&Band> = self.bands.iter().filter(|b| b.kinds.is_empty()).collect();
        let first = all.first().map(|b| b.variant.as_str());
        all.iter().filter(|b| Some(b.variant.as_str()) == first).copied().collect()
    }
}
