//! Forms as data (data/forms/*.json): steps of fields, each with when it is asked and when it must be filled in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One version of one form. A draft and a submission name the version that they were filled in under.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Form {
    pub code: String,
    /// From 1; another text needs another number.
    pub version: i64,
    pub name: String,
    /// The rule that asks for it.
    pub source: String,
    /// confirmed, page, unconfirmed, setting
    pub certainty: String,
    pub steps: Vec<Step>,
}

/// Fields that are filled in together.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub code: String,
    pub name: String,
    #[serde(default)]
    pub when: Option<Cond>,
    pub fields: Vec<Field>,
}

/// One thing to fill in.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    pub code: String,
    pub name: String,
    pub kind: FieldKind,
    #[serde(default)]
    pub required: bool,
    /// Must be filled in when this is so.
    #[serde(default)]
    pub required_when: Option<Cond>,
    /// Asked only when this is so; otherwise it must be left out.
    #[serde(default)]
    pub when: Option<Cond>,
    #[serde(default)]
    pub options: Vec<Choice>,
    /// A list of the platform instead of options: trade_items, food_classes, sc_classes.
    #[serde(default)]
    pub options_from: String,
    /// Smallest number, or fewest rows, choices or files.
    #[serde(default)]
    pub least: Option<i64>,
    /// Largest number, most characters, rows, choices or files.
    #[serde(default)]
    pub most: Option<i64>,
    #[serde(default)]
    pub hint: String,
    /// What the platform knows already: name, uscc, address.
    #[serde(default)]
    pub prefill: String,
    /// Columns of a row.
    #[serde(default)]
    pub fields: Vec<Field>,
    /// Printed on the licence.
    #[serde(default)]
    pub face: bool,
    /// Personal data: masked for whoever may not see it.
    #[serde(default)]
    pub personal: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub code: String,
    pub name: String,
    #[serde(default)]
    pub when: Option<Cond>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One line.
    Text,
    /// Several lines.
    Long,
    /// A whole number.
    Number,
    /// `2026-03-01`
    Date,
    /// A declaration that is made or not.
    Flag,
    Choice,
    Choices,
    /// Repeated rows of `fields`.
    Rows,
    /// Id of an uploaded file.
    File,
    Files,
    /// 公民身份号码
    IdNo,
    Phone,
    /// 统一社会信用代码
    Uscc,
}

/// A condition over what is filled in. A field's name beginning with `$` is about the application: `$act`, `$mode`,
/// `$province`, `$matter`. Inside a row the row's own fields come first.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cond {
    All(Vec<Cond>),
    Any(Vec<Cond>),
    Not(Box<Cond>),
    /// The field has this value.
    Is(String, String),
    /// The field has one of these values.
    In(String, Vec<String>),
    /// This is among the field's choices.
    Has(String, String),
    /// The number is larger.
    Above(String, i64),
    /// The number is smaller.
    Below(String, i64),
}
