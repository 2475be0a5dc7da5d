//! Points, their devices, what they use, and what of their messages did not go in.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A point to be set up.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPoint {
    pub name: String,
    /// market, bureau, school, business
    pub kind: String,
    /// Whose it is; empty for the asker's bureau.
    #[serde(default)]
    pub party: String,
    #[serde(default)]
    pub address: String,
}

/// 快检点
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Point {
    pub id: String,
    pub code: String,
    pub name: String,
    pub kind: String,
    pub party: String,
    pub bureau: String,
    pub division: String,
    pub address: String,
    /// active, ended
    pub state: String,
    pub simulated: bool,
}

impl FromRow for Point {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            code: r.get(1)?,
            name: r.get(2)?,
            kind: r.get(3)?,
            party: r.get(4)?,
            bureau: r.get(5)?,
            division: r.get(6)?,
            address: r.get(7)?,
            state: r.get(8)?,
            simulated: r.get::<i64>(9)? == 1,
        })
    }
}

/// A device to be registered.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDevice {
    pub name: String,
    #[serde(default)]
    pub model: String,
    #[serde(default)]
    pub serial_no: String,
}

/// 快检设备
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Device {
    pub id: String,
    pub code: String,
    pub point: String,
    pub name: String,
    pub model: String,
    pub serial_no: String,
    /// active, withdrawn
    pub state: String,
    pub made_at: Millis,
    /// `null`: never.
    pub seen_at: Option<Millis>,
    #[serde(skip)]
    pub secret: String,
}

impl FromRow for Device {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            code: r.get(1)?,
            point: r.get(2)?,
            name: r.get(3)?,
            model: r.get(4)?,
            serial_no: r.get(5)?,
            state: r.get(6)?,
            made_at: r.get(7)?,
            seen_at: r.get(8)?,
            secret: r.get(9)?,
        })
    }
}

/// A device with its key, shown this once.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Registered {
    pub device: Device,
    /// 64 hex digits: the key of its HMAC-SHA256.
    pub secret: String,
    /// Where it publishes.
    pub topic: String,
}

/// A message that did not go in.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct RefusedMessage {
    pub id: String,
    pub day: String,
    pub topic: String,
    pub point: String,
    pub code: String,
    pub message: String,
    pub sent: String,
    pub times: i64,
    pub first_at: Millis,
    pub last_at: Millis,
}

impl FromRow for RefusedMessage {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            day: r.get(1)?,
            topic: r.get(2)?,
            point: r.get(3)?,
            code: r.get(4)?,
            message: r.get(5)?,
            sent: r.get(6)?,
            times: r.get(7)?,
            first_at: r.get(8)?,
            last_at: r.get(9)?,
        })
    }
}

/// What a point has at hand and whom it tests, as its own tests tell: nobody types a batch twice.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct PointView {
    pub point: Point,
    pub party_name: String,
    pub devices: Vec<Device>,
    /// Cards and reagents that are still good, the last used first.
    pub cards: Vec<KnownCard>,
    /// The most frequent first.
    pub foods: Vec<KnownFood>,
    pub stalls: Vec<KnownStall>,
    /// Tests of today in China, and those positive or suspect among them.
    pub today: i64,
    pub today_positive: i64,
    /// Positives that wait for something.
    pub open: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KnownCard {
    pub item: String,
    pub method: String,
    pub maker: String,
    pub batch: String,
    /// Last day.
    pub expires: String,
    pub used_at: Millis,
}

impl FromRow for KnownCard {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            item: r.get(0)?,
            method: r.get(1)?,
            maker: r.get(2)?,
            batch: r.get(3)?,
            expires: r.get(4)?,
            used_at: r.get(5)?,
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KnownFood {
    pub food: String,
    pub goods: String,
    pub times: i64,
}

impl FromRow for KnownFood {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self { food: r.get(0)?, goods: r.get(1)?, times: r.get(2)? })
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KnownStall {
    pub stall: String,
    pub party: String,
    #[serde(default)]
    pub party_name: String,
    pub used_at: Millis,
}

impl FromRow for KnownStall {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self { stall: r.get(0)?, party: r.get(1)?, party_name: String::new(), used_at: r.get(2)? })
    }
}
