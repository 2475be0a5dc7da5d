//! What laboratories see and say.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Part;
use crate::rules::judge::Judged;

/// What the laboratory sees: no place, no business, no number of the 抽样单.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Assay {
    pub blind: String,
    /// It is tested here, or rechecked.
    pub recheck: bool,
    pub kind: String,
    pub category: String,
    pub food: String,
    pub status: String,
    pub flags: Vec<String>,
    pub received_at: Option<Millis>,
    pub issued_at: Option<Millis>,
    pub verdict: String,
    /// Items that the plan, or whoever ordered it, asks for; of a recheck, those that are to be repeated.
    pub items: Vec<String>,
    /// How it must be kept, as the 抽样单 says: room, cool, frozen, dark.
    pub storage: String,
    /// How warm it is must be said at each hand-over.
    pub cold: bool,
    pub parts: Vec<Part>,
    pub results: Vec<TestResult>,
    /// What the limits make of the results; after the report is issued, what they made then.
    pub judged: Vec<Judged>,
    pub corrections: Vec<Correction>,
    /// What instruments read, to be signed by the analyst; of an item the last one counts.
    pub readings: Vec<AssayReading>,
    /// Of a recheck: upheld, overturned.
    pub recheck_verdict: String,
    /// A recheck: when the spare came.
    pub spare_at: Option<Millis>,
    /// A recheck: when its report was signed.
    pub rechecked_at: Option<Millis>,
    /// The spare is here and goes to the laboratory that was drawn.
    pub hand_to: Option<HandTo>,
    /// Until when the spare is kept, of the laboratory that tested; `null` before its report.
    pub spare_kept: Option<super::SpareKept>,
    pub simulated: bool,
}

/// 复检: by whom, of what, with what result.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SampleRecheck")]
pub struct Recheck {
    pub lab: String,
    pub lab_name: String,
    /// Items that are rechecked.
    pub asked: Vec<String>,
    /// Items asked for and not rechecked, with why.
    pub refused: Vec<NotRechecked>,
    /// `null` before it was promised.
    pub draw: Option<RecheckDraw>,
    pub results: Vec<TestResult>,
    pub judged: Vec<Judged>,
    pub at: Option<Millis>,
    /// upheld, overturned; empty for none yet.
    pub verdict: String,
}

/// The draw of the laboratory that rechecks, with its proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecheckDraw {
    #[serde(flatten)]
    pub proof: kit_draw::keep::Proof,
    /// Laboratories that it is drawn from.
    pub pool: Vec<DrawnLab>,
    /// Others in the list, with why not.
    pub left_out: Vec<LeftOut>,
    /// Where anybody gets the file to do it again.
    pub file_url: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DrawnLab {
    /// As the file has it.
    pub code: String,
    pub name: String,
    pub drawn: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "LabLeftOut")]
pub struct LeftOut {
    pub code: String,
    pub name: String,
    pub why: String,
}

/// To whom the first laboratory hands the spare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HandTo {
    pub lab: String,
    pub name: String,
}

/// An item that cannot be rechecked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NotRechecked {
    pub item: String,
    pub why: String,
}

/// An item of a report as its row has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    pub item: String,
    /// JSON of [`Judged`].
    pub judged: String,
    pub outcome: String,
    /// Who decided it where no rule does; empty: the rule.
    pub decided_by: String,
    pub decided_why: String,
}

/// A result as it was entered.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TestResult {
    pub item: String,
    pub method: String,
    /// As written: `0.55`, `<10`, `未检出`, `12;35;8;110;20`.
    pub result: String,
    #[serde(default)]
    pub unit: String,
    /// Decimal; that of the accreditation where it is empty.
    #[serde(default)]
    pub lod: String,
    /// The reading of an instrument that it was signed from; the latest of the item where it is empty and there is one.
    #[serde(default)]
    pub reading: String,
    /// Why it is not what was read.
    #[serde(default)]
    pub note: String,
}

impl FromRow for TestResult {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            item: r.get(0)?,
            method: r.get(1)?,
            result: r.get(2)?,
            unit: r.get(3)?,
            lod: r.get(4)?,
            reading: r.get(5)?,
            note: r.get(6)?,
        })
    }
}

/// What an instrument or a program read of an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AssayReading {
    pub id: String,
    pub run: String,
    /// Name of the file or the program.
    pub run_name: String,
    /// Row of the file, from 1.
    pub line: i64,
    pub item: String,
    pub method: String,
    pub result: String,
    pub unit: String,
    pub lod: String,
    pub at: Millis,
}

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AssayResults")]
pub struct Results {
    pub items: Vec<TestResult>,
}

#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ReportIssue")]
pub struct Issue {
    /// It may harm gravely: reported within 24 hours.
    #[serde(default)]
    pub grave: bool,
    /// Items that no rule decides, decided by the one who signs.
    #[serde(default)]
    pub decided: Vec<Decided>,
}

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "DecidedItem")]
pub struct Decided {
    pub item: String,
    pub conforms: bool,
    pub why: String,
}

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewResultCorrection")]
pub struct NewCorrection {
    pub item: String,
    pub result: String,
    #[serde(default)]
    pub unit: String,
    pub reason: String,
}

/// A declared correction; what stood before stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ResultCorrection")]
pub struct Correction {
    pub id: String,
    pub item: String,
    pub before_result: String,
    pub after_result: String,
    pub unit: String,
    pub judged: Vec<Judged>,
    pub outcome: String,
    pub reason: String,
    pub user_name: String,
    pub at: Millis,
}

impl FromRow for Correction {
    fn from_row(r: &Row) -> Result<Self> {
        let judged: String = r.get(5)?;
        Ok(Self {
            id: r.get(0)?,
            item: r.get(1)?,
            before_result: r.get(2)?,
            after_result: r.get(3)?,
            unit: r.get(4)?,
            judged: serde_json::from_str(&judged).map_err(kit_base::Error::internal)?,
            outcome: r.get(6)?,
            reason: r.get(7)?,
            user_name: r.get(8)?,
            at: r.get(9)?,
        })
    }
}

/// A file of an instrument, or what a program handed in.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "AssayRun")]
pub struct Run {
    pub id: String,
    pub lab: String,
    /// Code of `/api/instruments`; `http` by a program.
    pub shape: String,
    pub name: String,
    /// As it came; empty by a program.
    pub file: String,
    pub read: i64,
    pub taken: i64,
    /// Empty: every row fitted.
    pub rejected_file: String,
    pub by_name: String,
    pub at: Millis,
}

/// What a program hands in.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewAssayReadings")]
pub struct NewReadings {
    /// Of the instrument or the program.
    pub name: String,
    pub items: Vec<crate::rules::instrument::Reading>,
}
