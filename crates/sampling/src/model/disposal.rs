//! 核查处置: streams of two parties, who has them, what is attached, and the letters to other bureaus.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One of seven streams of one of two parties.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "DisposalStream")]
pub struct Stream {
    /// trade, producer
    pub side: String,
    pub stream: String,
    /// filled, passed, returned
    pub state: String,
    /// JSON
    pub form: String,
    pub filled_by: String,
    pub filled_name: String,
    pub filled_at: Millis,
    pub reviewed_at: Option<Millis>,
    pub reason: String,
}

impl FromRow for Stream {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            side: r.get(0)?,
            stream: r.get(1)?,
            state: r.get(2)?,
            form: r.get(3)?,
            filled_by: r.get(4)?,
            filled_name: r.get(5)?,
            filled_at: r.get(6)?,
            reviewed_at: r.get(7)?,
            reason: r.get(8)?,
        })
    }
}

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewDisposalStream")]
pub struct NewStream {
    pub side: String,
    pub stream: String,
    pub form: Map<String, Value>,
}

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "DisposalReview")]
pub struct Review {
    pub side: String,
    pub stream: String,
    pub pass: bool,
    /// Why it is returned.
    #[serde(default)]
    pub reason: String,
}

/// Whose a stream is (已分派).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "DisposalGiven")]
pub struct Given {
    /// trade, producer
    pub side: String,
    pub stream: String,
    /// Place whose people fill it in and pass it.
    pub division: String,
    pub bureau: String,
    pub at: Millis,
    /// Who gave it; empty for the house.
    pub by_name: String,
}

impl FromRow for Given {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            side: r.get(0)?,
            stream: r.get(1)?,
            division: r.get(2)?,
            bureau: r.get(3)?,
            at: r.get(4)?,
            by_name: r.get(5)?,
        })
    }
}

/// Gives streams of a party to a bureau.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewDisposalGiven")]
pub struct NewGiven {
    /// trade, producer
    pub side: String,
    /// Empty: all that are not passed yet.
    #[serde(default)]
    pub streams: Vec<String>,
    /// In the county where it was sampled; for the producer's side also in that of the producer.
    pub division: String,
}

/// A photo or paper of a stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "DisposalFile")]
pub struct StreamFile {
    pub id: String,
    pub side: String,
    pub stream: String,
    pub name: String,
    /// SHA-256
    pub file: String,
    pub media: String,
    /// Bytes.
    pub size: i64,
    pub user_name: String,
    pub at: Millis,
}

impl FromRow for StreamFile {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            side: r.get(1)?,
            stream: r.get(2)?,
            name: r.get(3)?,
            file: r.get(4)?,
            media: r.get(5)?,
            size: r.get(6)?,
            user_name: r.get(7)?,
            at: r.get(8)?,
        })
    }
}

/// What a photo or paper is handed in for.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(rename = "DisposalAttached")]
pub struct Attached {
    pub side: String,
    pub stream: String,
    /// What it is called.
    pub name: String,
    /// A finished upload in place of the body.
    pub upload: Option<String>,
}

/// The producer that is named on what was sampled.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SampleMaker")]
pub struct NamedMaker {
    /// Empty: none is named.
    pub name: String,
    pub address: String,
    /// Known here: in which division; empty for not known.
    pub division: String,
    /// The bureau of its county, where that is another county with a bureau on the platform; empty for none.
    pub bureau: String,
    /// Not of the county where it was sampled, as far as is known.
    pub elsewhere: bool,
    /// It was sent its notice.
    pub told_at: Option<Millis>,
}

/// 协查函, and the answer to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SampleLetter")]
pub struct Letter {
    pub number: String,
    /// To which organ.
    pub to: String,
    pub asked: String,
    pub sent_at: Millis,
    pub by_name: String,
    /// Until when the answer is awaited; empty once it is there, or where the case has ended.
    pub last_day: String,
    /// Day of the answer; empty: none yet.
    pub answer_on: String,
    pub answer_no: String,
    pub answer: String,
    pub answered_by: String,
}

/// The answer of the bureau that was asked, where it is on the platform.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SampleLetterAnswer")]
pub struct Answer {
    /// Day of the answer.
    pub answer_on: String,
    /// Number of the letter that answers; empty for none.
    #[serde(default)]
    pub answer_no: String,
    pub answer: String,
}

/// A sample of another county of which streams were given to the asker's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SampleGiven")]
pub struct GivenSample {
    pub id: String,
    pub sample_no: String,
    pub food: String,
    pub party_name: String,
    /// Where it was sampled.
    pub division: String,
    pub status: String,
    pub given_at: Millis,
    /// Streams that were given, and those of them that are passed.
    pub all: i64,
    pub passed: i64,
    pub simulated: bool,
}

impl FromRow for GivenSample {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            sample_no: r.get(1)?,
            food: r.get(2)?,
            party_name: r.get(3)?,
            division: r.get(4)?,
            status: r.get(5)?,
            given_at: r.get(6)?,
            all: r.get(7)?,
            passed: r.get(8)?,
            simulated: r.get::<i64>(9)? == 1,
        })
    }
}

/// What a conclusion brings with it, also where the case has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SampleDuty")]
pub struct Duty {
    /// tell_pass 合格结论报送, tell_recheck 通报复检结论
    pub code: String,
    pub name: String,
    /// The last day in time.
    pub last_day: String,
    /// It was done late, or is late now.
    pub late: bool,
    pub done_at: Option<Millis>,
    pub done_name: String,
    pub told_to: String,
    pub statute: String,
    /// How sure the statute is, as of clocks.
    pub certainty: String,
}

/// It was told.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SampleToldDuty")]
pub struct ToldDuty {
    /// tell_pass, tell_recheck
    pub code: String,
    /// To whom.
    pub told_to: String,
}

/// Until when the spare is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SampleSpareKept")]
pub struct SpareKept {
    /// The last day on which it must be there.
    pub until: String,
    /// The first on which it may be disposed of.
    pub from: String,
    /// The food is past its day before the months are over.
    pub by_date: bool,
    /// It may yet be rechecked: it is kept until that is over, whatever the days say.
    pub needed: bool,
    pub months: i64,
    pub statute: String,
    /// How sure the statute is, as of clocks.
    pub certainty: String,
}
