//! What may be applied for (事项), as data: data/licensing/matters.json, each value with its source and certainty.

use kit_base::workdays::Period;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::forms::Cond;

/// A kind of licence, registration or filing under one rule.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Matter {
    pub code: String,
    pub name: String,
    /// licence 许可, filing 备案, local 三小
    pub group: String,
    /// Kind of case: permit, permit_filing.
    pub flow: String,
    pub form: String,
    /// sc, jy, yb, local
    pub licence: String,
    /// Two digits; empty: the whole country.
    pub province: String,
    /// Years that it stands; 0 without end.
    pub years: i64,
    pub source: String,
    /// confirmed, page, unconfirmed, setting
    pub certainty: String,
    /// Kinds of business that may apply.
    pub kinds: Vec<String>,
    pub acts: Vec<ActKind>,
    pub terms: Vec<Term>,
    #[serde(default)]
    pub renew: Option<Window>,
    /// A change is to be applied for within.
    #[serde(default)]
    pub change_within: Option<Rule>,
    /// Granted on commitment it is checked within.
    #[serde(default)]
    pub commitment: Option<Rule>,
    /// Checked for the first time within, once registered.
    #[serde(default)]
    pub first_check: Option<Rule>,
    pub number: Numbering,
    /// Checklists of the inspection room for its on-site check: the first that fits what was filled in.
    pub checklists: Vec<ChecklistPick>,
    pub refuse: Vec<Refusal>,
    /// What has to be photographed for a remote survey (远程踏勘).
    pub shots: Vec<Shot>,
}

/// 新办、变更、延续、补发、注销
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActKind {
    /// new, change, renew, reissue, cancel
    pub code: String,
    pub name: String,
    /// Whether a visit comes before the decision: required, optional, none.
    pub visit: String,
    /// May be decided on the spot by whoever accepts it.
    #[serde(default)]
    pub spot: bool,
    /// Ways beside the ordinary one: commitment 告知承诺, remote 远程踏勘.
    #[serde(default)]
    pub mode: Vec<String>,
}

/// A period with where it is written.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub period: Period,
    pub source: String,
    pub certainty: String,
}

/// The period of one of the case's clocks.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Term {
    pub code: String,
    pub period: Period,
    pub source: String,
    pub certainty: String,
}

/// When an extension of the term may be applied for, counted back from its end.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Not before; `null`: at any time.
    pub open: Option<Period>,
    /// Not after, to be in time.
    pub shut: Period,
    /// What being late means: pause (stop at the end of the term until granted), note.
    pub late: String,
    /// The business is reminded from then on.
    pub remind: Period,
    pub source: String,
    pub certainty: String,
}

/// How its number is made: prefix, lead, county, serial without gaps, check digit.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Numbering {
    pub prefix: String,
    /// Field of the form whose value stands before the county; empty for none.
    pub lead: String,
    /// Digits of the serial.
    pub serial: u8,
    /// A check digit (GB/T 17710, MOD 11,10) over all digits is added.
    pub check: bool,
    pub source: String,
    pub certainty: String,
}

/// A checklist (data/checklists) and when it is the one.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChecklistPick {
    pub code: String,
    #[serde(default)]
    pub when: Option<Cond>,
}

/// What the rule does not allow.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    pub when: Cond,
    pub field: String,
    pub text: String,
    pub source: String,
}

/// A photo of a remote survey.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shot {
    pub code: String,
    pub name: String,
    pub hint: String,
    #[serde(default)]
    pub when: Option<Cond>,
}

impl Matter {
    pub fn act(&self, code: &str) -> Option<&ActKind> {
        self.acts.iter().find(|a| a.code == code)
    }

    pub fn term(&self, code: &str) -> Option<Period> {
        self.terms.iter().find(|t| t.code == code).map(|t| t.period)
    }

    /// Whether it is there for a place.
    pub fn covers(&self, division: &str) -> bool {
        division.starts_with(self.province.as_str())
    }
}
