//! What sampling by phone asks and is told.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Sample;
use crate::rules::sheet::SheetForm;

/// The 抽样单, as it is handed in.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSheet {
    /// Values by the codes of `/api/sample-sheet`.
    pub sheet: Map<String, Value>,
    /// Trace code, barcode of the batch, or business code that was scanned; empty for none.
    #[serde(default)]
    pub code: String,
    /// Numbers of the seals.
    pub seal_test: String,
    pub seal_spare: String,
    /// The producer named on it as a business known here; empty for none.
    #[serde(default)]
    pub producer: String,
    /// Drawn by hand; each picture was sent before, as a photo of the kind `signature`.
    #[serde(default)]
    pub signatures: Vec<Signature>,
    /// SHA-256 of the sheet as the phone shows it, by which the second sampler says what they seal; empty for none.
    #[serde(default)]
    pub told: String,
    /// When it was filled in, ms UTC, where that was earlier: at most seven days.
    #[serde(default)]
    pub at: Option<Millis>,
}

/// A signature under the 抽样单.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SampleSignature")]
pub struct Signature {
    /// first, second (抽样人员), business (被抽样单位), escort (陪同执法人员), witness
    pub role: String,
    pub name: String,
    /// SHA-256 of the picture.
    pub file: String,
}

/// The second sampler's word.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SampleSeal")]
pub struct Seal {
    /// What they seal: `told` or `sheet_hash` of the sheet; empty where it was looked at on the spot.
    #[serde(default)]
    pub sheet: String,
    #[serde(default)]
    pub at: Option<Millis>,
    /// The second sampler on the first one's phone shows who they are.
    #[serde(default)]
    pub person: Option<Beside>,
}

/// Somebody who shows who they are on another's screen.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PersonBeside")]
pub struct Beside {
    /// Sign-in name.
    pub name: String,
    pub password: String,
    /// Code of the second factor, where one is bound.
    #[serde(default)]
    pub totp: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SampleMedia")]
pub struct Media {
    pub id: String,
    pub kind: String,
    pub file: String,
    pub media: String,
    pub size: i64,
    pub taken_at: Option<Millis>,
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    pub user: String,
    pub received_at: Millis,
    pub user_name: String,
    /// Metres.
    pub accuracy: Option<i64>,
    /// Metres from the place.
    pub distance: Option<i64>,
    pub in_app: bool,
    /// As of evidence of findings: reused, far, no_place, clock, album, edited, unread.
    pub doubts: Vec<String>,
    /// SHA-256 over all of the above; a fact of the ledger.
    pub hash: String,
}

impl FromRow for Media {
    fn from_row(r: &Row) -> Result<Self> {
        let doubts: String = r.get(14)?;
        Ok(Self {
            id: r.get(0)?,
            kind: r.get(1)?,
            file: r.get(2)?,
            media: r.get(3)?,
            size: r.get(4)?,
            taken_at: r.get(5)?,
            lon: r.get(6)?,
            lat: r.get(7)?,
            user: r.get(8)?,
            received_at: r.get(9)?,
            user_name: r.get(10)?,
            accuracy: r.get(11)?,
            distance: r.get(12)?,
            in_app: r.get::<i64>(13)? == 1,
            doubts: doubts.split(',').filter(|d| !d.is_empty()).map(str::to_owned).collect(),
            hash: r.get(15)?,
        })
    }
}

/// How a photo was taken.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[schemars(rename = "SampleTaken")]
pub struct Taken {
    /// door, licence, shelf, sample, label, seal, people, receipt, notice, order, parcel, unpack, other; or signature
    pub kind: String,
    pub taken_at: Option<Millis>,
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    /// Metres.
    pub accuracy: Option<i64>,
    /// 1: taken in the app.
    pub in_app: Option<i64>,
    /// A finished upload in place of the body.
    pub upload: Option<String>,
}

/// Why there is no sample.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SampleMissed")]
pub struct Missed {
    /// The business refused; otherwise there was nothing to be had.
    pub refused: bool,
    /// 拒检事实认定, 未抽样原因
    pub reason: String,
    #[serde(default)]
    pub witness: String,
    #[serde(default)]
    pub at: Option<Millis>,
}

/// A sample to be taken or brought, as its samplers see it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SampleTask")]
pub struct Task {
    #[serde(flatten)]
    pub sample: Sample,
    pub address: String,
    /// Degrees, WGS-84.
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    pub lab_name: String,
    pub samplers: Vec<Sampler>,
    /// The sheet was handed in, and by whom; the other one seals.
    pub sheet_by: String,
    /// See [`Seal::sheet`].
    pub told: String,
    /// No sampler is of a bureau and the mode demands one: an officer goes along (陪同).
    pub escort: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Sampler {
    pub user: String,
    pub name: String,
    pub house: String,
    pub house_name: String,
}

/// What the label of a lot would say.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SampleGoods")]
pub struct Goods {
    /// What was scanned ties the sample to it; `null`: the product is known, the lot is not.
    pub lot: Option<i64>,
    /// 追溯码; empty for none.
    pub code: String,
    /// 14 digits; empty for none.
    pub gtin: String,
    pub name: String,
    pub brand: String,
    pub spec: String,
    pub standard: String,
    pub storage: String,
    pub batch: String,
    pub made: String,
    pub expires: String,
    /// Days.
    pub shelf_days: Option<i64>,
    /// Made by the place itself.
    pub own: bool,
    pub maker: Maker,
    /// On hand, in the base unit (g, ml, pc); `null` where that is not known.
    pub on_hand: Option<i64>,
    pub unit: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SampleMaker")]
pub struct Maker {
    /// parties.id where it is known here; empty otherwise.
    pub party: String,
    pub name: String,
    pub address: String,
    pub licence: String,
}

/// Everything for taking a sample with no network.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "SamplePack")]
pub struct Pack {
    pub task: Task,
    pub place: Place,
    /// What the place has on hand, at most three hundred lots.
    pub goods: Vec<Goods>,
    pub form: SheetForm,
    /// 食品大类、亚类、次亚类、细类 as plans call them, else the first level as the licence rules do; empty where nobody names it.
    pub foods: Vec<String>,
    /// Officers of whom one goes along, by name; none where nobody must.
    pub escorts: Vec<String>,
    /// Who has it in hand.
    pub hold: Option<Hold>,
    /// In front of a code of hand-over, a sample to be sealed.
    pub field_url: String,
    pub made_at: Millis,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "SamplePlace")]
pub struct Place {
    pub id: String,
    pub code: String,
    pub name: String,
    pub kind: String,
    pub address: String,
    pub division: String,
    pub uscc: String,
    pub licence_kind: String,
    pub licence_no: String,
}

/// Somebody fills the sheet in with no network.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SampleHold")]
pub struct Hold {
    pub user: String,
    pub name: String,
    pub until: Millis,
    pub device: String,
}
