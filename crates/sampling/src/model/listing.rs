//! Lists of samples, and the desk of a laboratory.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Lab, LabItem, NewQuota, TestResult};

/// A sample in a list.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct SampleRow {
    /// Also the id of its case.
    pub id: String,
    pub number: String,
    pub sample_no: String,
    pub quota: String,
    pub mode: String,
    pub kind: String,
    pub stage: String,
    pub category: String,
    pub food: String,
    pub party: String,
    /// On the day of the task.
    pub party_name: String,
    pub division: String,
    pub lab: String,
    pub lab_name: String,
    pub taken_at: Option<Millis>,
    pub issued_at: Option<Millis>,
    /// conforms, fails, undecided, monitored; empty for none yet.
    pub verdict: String,
    pub grave: bool,
    pub status: String,
    pub flags: Vec<String>,
    pub opened_at: Millis,
    pub closed_at: Option<Millis>,
    /// From when the running clock nearest its end is too late.
    pub due_at: Option<Millis>,
    /// Its code in the definition; empty for none.
    pub due_clock: String,
    /// A clock ran out and those above were told.
    pub late: bool,
    pub simulated: bool,
}

impl FromRow for SampleRow {
    fn from_row(r: &Row) -> Result<Self> {
        let flags: String = r.get(19)?;
        Ok(Self {
            id: r.get(0)?,
            number: r.get(1)?,
            sample_no: r.get(2)?,
            quota: r.get(3)?,
            mode: r.get(4)?,
            kind: r.get(5)?,
            stage: r.get(6)?,
            category: r.get(7)?,
            food: r.get(8)?,
            party: r.get(9)?,
            party_name: r.get(10)?,
            division: r.get(11)?,
            lab: r.get(12)?,
            lab_name: r.get::<Option<String>>(13)?.unwrap_or_default(),
            taken_at: r.get(14)?,
            issued_at: r.get(15)?,
            verdict: r.get(16)?,
            grave: r.get::<i64>(17)? == 1,
            status: r.get(18)?,
            flags: flags.split(',').filter(|f| !f.is_empty()).map(str::to_owned).collect(),
            opened_at: r.get(20)?,
            closed_at: r.get(21)?,
            due_at: r.get(22)?,
            due_clock: r.get(23)?,
            late: r.get::<i64>(24)? == 1,
            simulated: r.get::<i64>(25)? == 1,
        })
    }
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ListQuery {
    /// In the food, the place, the sample number or the case number.
    pub q: Option<String>,
    pub party: Option<String>,
    pub lab: Option<String>,
    pub status: Option<String>,
    pub verdict: Option<String>,
    pub kind: Option<String>,
    pub mode: Option<String>,
    pub stage: Option<String>,
    /// Place in the tree of foods, with all below it.
    pub category: Option<String>,
    /// Cell of a plan.
    pub quota: Option<String>,
    pub plan: Option<String>,
    /// `open` goes on, `ended`, `late`: a clock is or was over.
    pub state: Option<String>,
    /// Prefix of divisions.
    pub division: Option<String>,
    /// Taken within days, both included: `2026-03-01`.
    pub from: Option<String>,
    pub to: Option<String>,
    /// `opened` (as without), `opened_up`, `taken`, `taken_up`, `issued`, `issued_up`, `due`, `due_down`, `food`, `food_down`.
    pub sort: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct AssayQuery {
    /// In the blind code or the food.
    pub q: Option<String>,
    pub status: Option<String>,
    /// What it waits for: `accept`, `enter`, `verify`, `check`, `issue`; `issued`: the report is signed; `recheck`: to be repeated here, by
    /// `recheck_receive`, `recheck_enter`, `recheck_verify`, `recheck_issue`; `hand`: its spare goes to who rechecks.
    pub step: Option<String>,
    /// 1: given to the asker.
    pub mine: Option<i64>,
    /// `new` (as without): the latest first; `old`.
    pub sort: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// What waits at a laboratory.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "AssayDesk")]
pub struct Desk {
    /// The asker's laboratory with what it is accredited for; `null` where the business is none.
    pub lab: Option<Lab>,
    pub accept: i64,
    pub enter: i64,
    pub verify: i64,
    pub check: i64,
    pub issue: i64,
    pub issued: i64,
    /// Rechecked here: all, and by what each waits for.
    pub recheck: i64,
    pub recheck_receive: i64,
    pub recheck_enter: i64,
    pub recheck_verify: i64,
    pub recheck_issue: i64,
    /// Spares that lie here and go to a laboratory that rechecks.
    pub hand: i64,
}

/// A step of a test: whether the asker may do it now, and if not, why.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "AssayStep")]
pub struct Step {
    /// accept, reject, enter, send_back, verify, issue, correct; of a recheck receive, enter, send_back, verify, issue
    pub code: String,
    pub name: String,
    pub may: bool,
    /// For people; empty where they may.
    pub why: String,
    /// Code of the refusal: `same_person`, `action_not_here`, `needs_flag` …; empty where they may.
    pub code_why: String,
}

/// The steps of a test, and whose it is.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "AssaySteps")]
pub struct Steps {
    pub steps: Vec<Step>,
    /// Who is to test it; empty for nobody yet.
    pub analyst: String,
    pub analyst_name: String,
    /// Colleagues that the asker may give it to: all, or only themselves.
    pub people: Vec<Choice>,
}

/// Gives a test to a colleague.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AssayAssignment")]
pub struct Assign {
    pub analyst: String,
}

/// Somebody who may take a sample, or test it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SamplerChoice")]
pub struct Choice {
    pub user: String,
    pub name: String,
    /// Of the laboratory; otherwise of a bureau.
    pub of_lab: bool,
}

/// Cells of a plan out of a sheet.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SampleQuotaSheet")]
pub struct QuotaSheet {
    pub quotas: Vec<NewQuota>,
    pub rows: i64,
    /// Where and what; a sheet with any is mended and sent again.
    pub defects: Vec<SheetDefect>,
    pub defects_total: i64,
}

/// What a laboratory is accredited for, out of a sheet.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct LabSheet {
    pub items: Vec<LabItem>,
    pub rows: i64,
    pub defects: Vec<SheetDefect>,
    pub defects_total: i64,
}

/// Results out of a sheet; nothing is kept of them yet.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ResultSheet {
    pub items: Vec<TestResult>,
    pub defects: Vec<SheetDefect>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct SheetDefect {
    /// `计划!C4`
    pub place: String,
    pub message: String,
}

/// 核验 of a limit.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewLimitCheck")]
pub struct NewCheck {
    /// Edition and table it was compared with.
    pub note: String,
}
