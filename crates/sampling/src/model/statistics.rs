//! Statistics of sampling.

use findings::wilson::Share;
use kit_base::Millis;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What lines or columns stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// Food by its tree, a level below what is asked for.
    #[default]
    Food,
    /// 检验项目: counts results of the item, not samples.
    Item,
    /// 生产、流通、餐饮
    Stage,
    /// Parts of the division.
    Region,
    /// 春夏秋冬, by the day of sampling in China: from March, June, September, December.
    Season,
    /// Month of sampling.
    Month,
    Lab,
}

/// Which samples: supervision samples whose report was issued in a period, and which way they are laid out.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct StatQuery {
    /// Division; that of the asker where it is not said.
    pub division: Option<String>,
    /// First and last day of issue, `2026-01-01`; a year back where it is not said.
    pub from: Option<String>,
    pub to: Option<String>,
    pub by: Option<By>,
    pub across: Option<By>,
    /// Only of this place in the tree of foods and below.
    pub category: Option<String>,
    /// Only results of this item.
    pub item: Option<String>,
    /// produce, trade, catering
    pub stage: Option<String>,
    /// spring, summer, autumn, winter
    pub season: Option<String>,
    /// `2026-03`
    pub month: Option<String>,
    pub lab: Option<String>,
    /// Of a list: only what failed.
    pub fails: Option<bool>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// A line or a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Key {
    /// What narrows to it.
    pub key: String,
    pub name: String,
}

/// A line of the table.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct StatLine {
    #[serde(flatten)]
    pub of: Key,
    pub share: Share,
    /// One for each column; `null` where nothing was tested.
    pub cells: Vec<Option<Share>>,
}

/// A laboratory beside the others.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LabLine {
    pub lab: String,
    pub name: String,
    pub share: Share,
    /// Failures that its mixture of foods would have at the rates of all laboratories together.
    pub expected: f64,
    /// How far it is from there, in standard deviations; `null` where that says nothing: too few, or only one laboratory.
    pub z: Option<f64>,
    /// Fewer than 30 samples or fewer than 5 expected failures: not to be compared.
    pub few: bool,
}

/// A step and its clock.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct StepLine {
    /// take, deliver, report, tell, serve, admit, draw_lab, hand_spare, recheck_report, accept_objection, review, accept_sampling,
    /// review_sampling, dispose
    pub step: String,
    pub name: String,
    /// The clock in words: `5 个工作日`
    pub limit: String,
    pub statute: String,
    /// Steps that ended in the period.
    pub n: i64,
    /// Of all that ended, ms; `null` of none.
    pub half: Option<Millis>,
    pub ninety: Option<Millis>,
    pub longest: Option<Millis>,
    /// Ended before their clock ran out, and after; those without a clock are in neither.
    pub in_time: i64,
    pub late: i64,
    /// Not ended, and the clock has run out.
    pub overdue: i64,
}

/// The statistics of sampling of a place.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SampleStatistics {
    pub division: String,
    pub name: String,
    pub from: String,
    pub to: String,
    pub by: By,
    pub across: Option<By>,
    /// Results of items are counted, not samples.
    pub of_items: bool,
    pub total: Share,
    /// Failures that a recheck or an objection overturned: counted as conforming.
    pub overturned: i64,
    /// Reports that decide nothing: not counted.
    pub undecided: i64,
    pub columns: Vec<Key>,
    /// Those with the most tested first; months and seasons in their order.
    pub rows: Vec<StatLine>,
    /// By month of sampling.
    pub months: Vec<StatLine>,
    pub labs: Vec<LabLine>,
    pub steps: Vec<StepLine>,
    /// Below so many tested a share says little.
    pub few: i64,
}

/// A sample behind a figure.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct StatSample {
    pub id: String,
    pub sample_no: String,
    pub food: String,
    pub category: String,
    pub stage: String,
    pub party: String,
    pub party_name: String,
    pub division: String,
    pub division_name: String,
    pub lab: String,
    pub lab_name: String,
    pub taken_at: Option<Millis>,
    pub issued_at: Option<Millis>,
    /// conforms, fails
    pub verdict: String,
    pub overturned: bool,
    /// Items that fail, apart by 、
    pub failing: String,
    pub simulated: bool,
}
