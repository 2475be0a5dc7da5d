//! Positives and their course.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Test;

/// A positive and its course.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Positive {
    /// Also the id of its case.
    pub id: String,
    pub test: String,
    pub number: String,
    pub point: String,
    #[serde(default)]
    pub point_name: String,
    pub division: String,
    pub party: String,
    #[serde(default)]
    pub party_name: String,
    pub goods: String,
    pub official: bool,
    pub status: String,
    pub phase: String,
    pub flags: Vec<String>,
    pub retest_due: Option<Millis>,
    pub sample: String,
    pub finding: String,
    pub opened_at: Millis,
    pub closed_at: Option<Millis>,
    pub simulated: bool,
    pub food: String,
    pub item: String,
    pub stall: String,
}

impl FromRow for Positive {
    fn from_row(r: &Row) -> Result<Self> {
        let flags: String = r.get(10)?;
        Ok(Self {
            id: r.get(0)?,
            test: r.get(1)?,
            number: r.get(2)?,
            point: r.get(3)?,
            point_name: String::new(),
            division: r.get(4)?,
            party: r.get(5)?,
            party_name: String::new(),
            goods: r.get(6)?,
            official: r.get::<i64>(7)? == 1,
            status: r.get(8)?,
            phase: r.get(9)?,
            flags: flags.split(',').filter(|f| !f.is_empty()).map(str::to_owned).collect(),
            retest_due: r.get(11)?,
            sample: r.get(12)?,
            finding: r.get(13)?,
            opened_at: r.get(14)?,
            closed_at: r.get(15)?,
            simulated: r.get::<i64>(16)? == 1,
            food: r.get(17)?,
            item: r.get(18)?,
            stall: r.get(19)?,
        })
    }
}

/// Which positives are wanted.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct PositiveQuery {
    pub status: Option<String>,
    /// open, ended
    pub state: Option<String>,
    pub point: Option<String>,
    pub party: Option<String>,
    pub division: Option<String>,
    pub q: Option<String>,
    /// retest_due: what is due first comes first; the newest first where it is not said.
    pub sort: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// A positive with all that belongs to it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct PositiveView {
    pub positive: Positive,
    /// The first and those after it.
    pub tests: Vec<Test>,
    pub holds: Vec<trace::holds::Hold>,
    /// The statutory test; `null`: none yet.
    pub sample: Option<findings::samples::Course>,
    /// What this result may be used for, in words, with the article.
    pub law: Vec<LawLine>,
}

/// What the law says of a rapid result, as it stands with this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LawLine {
    pub article: String,
    pub text: String,
    /// high, medium: how sure the wording is.
    pub certainty: String,
}
