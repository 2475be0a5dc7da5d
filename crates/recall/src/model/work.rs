//! What holders report, photos, disposals and call-backs.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use trace::model::LotNo;

use crate::rules::report::Told;

/// One line of a report.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportLine {
    pub origin: LotNo,
    pub on_hand: i64,
    pub sold: i64,
    pub destroyed: i64,
    pub returned: i64,
}

/// What a holder reports.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReport {
    pub lines: Vec<ReportLine>,
    #[serde(default)]
    pub note: String,
    /// Ids of photos.
    #[serde(default)]
    pub proof: Vec<String>,
}

/// A report as it was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    pub id: String,
    pub party: String,
    pub origin: LotNo,
    /// report, disposal, confirm, accept
    pub kind: String,
    pub told: Told,
    pub confirmed: i64,
    pub note: String,
    pub proof: Vec<String>,
    pub user: String,
    pub user_name: String,
    pub at: Millis,
    pub hash: String,
}

impl FromRow for Report {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            party: r.get(1)?,
            origin: r.get(2)?,
            kind: r.get(3)?,
            told: Told {
                on_hand: r.get(4)?,
                sold: r.get(5)?,
                destroyed: r.get(6)?,
                remedied: r.get(7)?,
                returned: r.get(8)?,
            },
            confirmed: r.get(9)?,
            note: r.get(10)?,
            proof: ids(&r.get::<String>(11)?),
            user: r.get(12)?,
            user_name: r.get(13)?,
            at: r.get(14)?,
            hash: r.get(15)?,
        })
    }
}

fn ids(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap_or_default()
}

/// That an officer accepts why an amount is missing.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "RecallAccept")]
pub struct Accept {
    pub origin: LotNo,
    /// What is missing, as the officer saw it, in base units.
    pub amount: i64,
    /// What became of it and how that was found out: 5 to 500 characters.
    pub reason: String,
}

/// What came back, as the producer confirms it: all of it so far.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    pub party: String,
    pub origin: LotNo,
    pub amount: i64,
}

/// Somebody outside of the platform to whom the food went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RecallOutside")]
pub struct Outside {
    pub no: i64,
    /// Business on the platform that sent it.
    pub party: String,
    pub party_name: String,
    pub origin: LotNo,
    pub food: String,
    pub batch: String,
    /// As the sender wrote it down.
    pub name: String,
    pub certain: bool,
    pub unit: String,
    pub amount: i64,
    /// 告知函文号
    pub number: String,
    pub issued_at: Millis,
    pub told_at: Option<Millis>,
    /// letter, phone, visit; empty: not told yet
    pub how: String,
    pub note: String,
    pub told_name: String,
}

/// That somebody outside of the platform was told.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "RecallTold")]
pub struct NewTold {
    /// letter, phone, visit
    pub how: String,
    /// What they said, how much of it they have; up to 300 characters.
    #[serde(default)]
    pub note: String,
}

/// A holder on the map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RecallPlace")]
pub struct Place {
    pub party: String,
    pub name: String,
    pub division: String,
    /// Degrees, WGS-84; none: where it is is not known.
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    /// open, late, reported, settled
    pub state: String,
    pub certain: bool,
    /// Of the recall's unit: answered for, and what no report explains (none before the report).
    pub due: i64,
    pub open: Option<i64>,
}

/// How a photo was taken (五定).
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Taken {
    /// The holder it is of; one's own business where it is not said.
    pub party: Option<String>,
    /// Time by the device, ms UTC.
    pub taken_at: Option<Millis>,
    /// Degrees, WGS-84.
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    /// Metres.
    pub accuracy: Option<i64>,
    /// 1: taken in the app, not chosen from an album.
    pub in_app: Option<i64>,
    /// A finished upload in place of the body.
    pub upload: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Photo {
    pub id: String,
    pub party: String,
    /// SHA-256 of the content.
    pub file: String,
    pub media: String,
    pub size: i64,
    pub user: String,
    pub user_name: String,
    pub taken_at: Option<Millis>,
    pub received_at: Millis,
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    pub accuracy: Option<i64>,
    /// Metres from the business.
    pub distance: Option<i64>,
    pub in_app: bool,
    #[serde(skip)]
    pub exif: String,
    /// reused, far, no_place, clock, album, edited, unread
    pub doubts: Vec<String>,
    pub reused: String,
    pub hash: String,
}

impl FromRow for Photo {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            party: r.get(1)?,
            file: r.get(2)?,
            media: r.get(3)?,
            size: r.get(4)?,
            user: r.get(5)?,
            user_name: r.get(6)?,
            taken_at: r.get(7)?,
            received_at: r.get(8)?,
            lon: r.get(9)?,
            lat: r.get(10)?,
            accuracy: r.get(11)?,
            distance: r.get(12)?,
            in_app: r.get::<i64>(13)? == 1,
            exif: r.get(14)?,
            doubts: r.get::<String>(15)?.split(',').filter(|d| !d.is_empty()).map(str::to_owned).collect(),
            reused: r.get(16)?,
            hash: r.get(17)?,
        })
    }
}

/// A disposal as it is announced.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDisposal {
    /// Whose; one's own business where it is not said.
    #[serde(default)]
    pub party: Option<String>,
    pub origin: LotNo,
    /// destroy 销毁, harmless 无害化处理, remedy 补救
    pub what: String,
    /// held: of its own; back: of what came back to the producer
    pub stock: String,
    pub amount: i64,
    pub place: String,
    pub method: String,
    /// What buyers are told of the mending.
    #[serde(default)]
    pub told: String,
    pub planned_at: Millis,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Disposal {
    pub id: String,
    pub party: String,
    #[serde(default)]
    pub party_name: String,
    pub origin: LotNo,
    pub what: String,
    pub stock: String,
    pub amount: i64,
    pub unit: String,
    pub place: String,
    pub method: String,
    pub told: String,
    pub planned_at: Millis,
    pub user: String,
    pub user_name: String,
    pub at: Millis,
    /// planned, done, refused
    pub state: String,
    pub watched_by: String,
    pub watched_name: String,
    pub watched_at: Option<Millis>,
    pub opinion: String,
    pub proof: Vec<String>,
}

impl FromRow for Disposal {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            party: r.get(1)?,
            party_name: String::new(),
            origin: r.get(2)?,
            what: r.get(3)?,
            stock: r.get(4)?,
            amount: r.get(5)?,
            unit: r.get(6)?,
            place: r.get(7)?,
            method: r.get(8)?,
            told: r.get(9)?,
            planned_at: r.get(10)?,
            user: r.get(11)?,
            user_name: r.get(12)?,
            at: r.get(13)?,
            state: r.get(14)?,
            watched_by: r.get(15)?,
            watched_name: r.get(16)?,
            watched_at: r.get(17)?,
            opinion: r.get(18)?,
            proof: ids(&r.get::<String>(19)?),
        })
    }
}

/// What an officer saw of a disposal.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Watched {
    /// It was done; else it is sent back.
    pub done: bool,
    /// When it was watched, ms UTC, where it is sent later (no network): between the announcement and now. None: now.
    #[serde(default)]
    pub at: Option<Millis>,
    pub opinion: String,
    #[serde(default)]
    pub proof: Vec<String>,
}

/// A draw of holders to call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CheckDraw {
    pub round: i64,
    /// Hex.
    pub seed: String,
    pub pool: i64,
    pub pool_hash: String,
    pub size: i64,
    pub at: Millis,
    pub user_name: String,
    /// Its file: `/api/public/recall-draws/{draw}`; empty: drawn before draws were promised, by the smallest SHA-256(seed, id).
    pub draw: String,
}

impl FromRow for CheckDraw {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            round: r.get(0)?,
            seed: r.get(1)?,
            pool: r.get(2)?,
            pool_hash: r.get(3)?,
            size: r.get(4)?,
            at: r.get(5)?,
            user_name: r.get(6)?,
            draw: r.get(7)?,
        })
    }
}

/// A call-back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    pub round: i64,
    pub party: String,
    pub place: i64,
    /// `null`: not called yet.
    pub reached: Option<bool>,
    pub informed: Option<bool>,
    pub stopped: Option<bool>,
    pub note: String,
    pub user_name: String,
    pub at: Option<Millis>,
    pub name: String,
    pub division: String,
}

impl FromRow for Check {
    fn from_row(r: &Row) -> Result<Self> {
        let yes = |n: Option<i64>| n.map(|n| n == 1);
        Ok(Self {
            round: r.get(0)?,
            party: r.get(1)?,
            place: r.get(2)?,
            reached: yes(r.get(3)?),
            informed: yes(r.get(4)?),
            stopped: yes(r.get(5)?),
            note: r.get(6)?,
            user_name: r.get(7)?,
            at: r.get(8)?,
            name: r.get(9)?,
            division: r.get(10)?,
        })
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDraw {
    /// How many to call, 1 to 200.
    pub size: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckResult {
    pub round: i64,
    pub party: String,
    pub reached: bool,
    pub informed: bool,
    pub stopped: bool,
    #[serde(default)]
    pub note: String,
}
