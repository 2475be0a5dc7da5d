//! Businesses as the room and its callers see them.

pub mod members;

use kit_base::Millis;
use kit_base::coords::{Datum, LonLat, to_wgs84};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a business is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// 正常经营
    Active,
    /// 停业
    Suspended,
    /// 注销
    Closed,
    /// 吊销
    Revoked,
}

impl Status {
    pub const ALL: [Self; 4] = [Self::Active, Self::Suspended, Self::Closed, Self::Revoked];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Closed => "closed",
            Self::Revoked => "revoked",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "正常",
            Self::Suspended => "停业",
            Self::Closed => "注销",
            Self::Revoked => "吊销",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == text)
    }
}

/// What a person is to a business: code and Chinese name.
pub const PERSON_ROLES: [(&str, &str); 5] = [
    ("legal", "法定代表人"),
    ("head", "负责人"),
    ("director", "食品安全总监"),
    ("officer", "食品安全员"),
    ("contact", "联系人"),
];

/// What a further place is used as.
pub const SITE_KINDS: [(&str, &str); 5] = [
    ("production", "生产加工场所"),
    ("warehouse", "仓库"),
    ("shop", "经营场所"),
    ("booth", "摊位"),
    ("office", "办公场所"),
];

/// A place as the source gave it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Position {
    /// Degrees in `datum`.
    pub lon: f64,
    pub lat: f64,
    pub datum: Datum,
    /// Metres; unknown where left out.
    #[serde(default)]
    pub accuracy: Option<i64>,
}

impl Position {
    /// The same place in WGS-84, in which places are stored; the datum stays that of the source.
    pub fn wgs84(&self) -> LonLat {
        to_wgs84(LonLat::new(self.lon, self.lat), self.datum)
    }
}

/// A business as it is written: by a form, a row of a sheet, a program.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct NewParty {
    pub name: String,
    /// 统一社会信用代码, where it has one.
    #[serde(default)]
    pub uscc: Option<String>,
    /// 业态, a code of data/business-kinds.csv.
    pub kind: String,
    /// 6, 9 or 12 digits.
    pub division: String,
    #[serde(default)]
    pub address: String,
    #[serde(default)]
    pub position: Option<Position>,
    /// 经营项目, codes of data/trade-items.csv.
    #[serde(default)]
    pub items: Vec<String>,
    #[serde(default)]
    pub licences: Vec<NewLicence>,
    /// Left out in an update: they stay as they are (their data is not shown to everybody who may update).
    #[serde(default)]
    pub people: Option<Vec<NewPerson>>,
    #[serde(default)]
    pub note: String,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NewLicence {
    /// sc, jy, yb or local; found from the number where left out.
    #[serde(default)]
    pub kind: String,
    pub number: String,
    /// Date, whole or partial; empty unknown.
    #[serde(default)]
    pub issued: String,
    #[serde(default)]
    pub expires: String,
    #[serde(default)]
    pub issuer: String,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NewPerson {
    /// legal, head, director, officer or contact.
    pub role: String,
    pub name: String,
    #[serde(default)]
    pub phone: String,
}

/// A further place of a business.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NewSite {
    pub name: String,
    /// production, warehouse, shop, booth or office.
    pub kind: String,
    pub division: String,
    #[serde(default)]
    pub address: String,
    #[serde(default)]
    pub position: Option<Position>,
}

/// A business as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Party {
    pub id: String,
    /// Change number; send it back with an update.
    pub seq: i64,
    /// 主体码
    pub code: String,
    pub name: String,
    pub uscc: Option<String>,
    pub kind: String,
    pub division: String,
    pub address: String,
    /// Degrees, WGS-84.
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    /// In which system the source gave the place.
    pub datum: Option<String>,
    /// Metres.
    pub accuracy: Option<i64>,
    pub status: Status,
    pub items: Vec<String>,
    pub note: String,
    #[serde(skip)]
    pub origin: String,
    /// Made by the simulator.
    pub simulated: bool,
    pub created_at: Millis,
    pub updated_at: Millis,
    /// The business that this record is one with (合并); it is closed and only looked at.
    pub merged_into: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Licence {
    pub id: String,
    pub kind: String,
    pub number: String,
    pub issued: String,
    pub expires: String,
    pub issuer: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Person {
    pub id: String,
    pub role: String,
    pub name: String,
    pub phone: String,
}

impl Person {
    /// As everybody but the few sees them.
    pub fn masked(self) -> Self {
        use kit_base::text::{mask_name, mask_phone};
        Self { name: mask_name(&self.name), phone: mask_phone(&self.phone), ..self }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Site {
    pub id: String,
    pub name: String,
    pub kind: String,
    pub division: String,
    pub address: String,
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    pub datum: Option<String>,
    pub accuracy: Option<i64>,
    /// Unknown: in use.
    pub closed_at: Option<Millis>,
}

/// One thing that was changed; personal data masked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FieldChange {
    pub field: String,
    pub old: String,
    pub new: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    pub at: Millis,
    pub actor: String,
    /// create, update, status, site
    pub action: String,
    pub changes: Vec<FieldChange>,
}

/// Something to look at again that did not stop the write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Warning {
    pub field: String,
    pub code: String,
    pub message: String,
}
