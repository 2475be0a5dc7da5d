//! Tests, their photos, and what is counted of them.

use kit_base::text::mask_if_person;
use kit_base::{Millis, Result};
use kit_db::{FromRow, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Card or reagent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Card {
    pub maker: String,
    /// 批号
    pub batch: String,
    /// Last day, `2026-03-01`.
    pub expires: String,
}

/// A test as a person, a program or a device tells it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTest {
    /// The sender's own key: a repeat goes in once.
    pub key: String,
    /// ms UTC; now where it is not said.
    #[serde(default)]
    pub tested_at: Option<Millis>,
    /// Platform code or id of who was tested; empty: not on the platform.
    #[serde(default)]
    pub party: String,
    #[serde(default)]
    pub stall: String,
    #[serde(default)]
    pub vendor: String,
    pub food: String,
    /// farm 食用农产品, other
    pub goods: String,
    /// Trace code, scanned.
    #[serde(default)]
    pub code: String,
    #[serde(default)]
    pub lot: Option<i64>,
    #[serde(default)]
    pub source_place: String,
    pub item: String,
    pub method: String,
    pub card: Card,
    /// Code of the device; in messages of a device it is that device.
    #[serde(default)]
    pub device: String,
    /// negative, positive, suspect, invalid
    pub result: String,
    #[serde(default)]
    pub value: String,
    #[serde(default)]
    pub unit: String,
    /// Who tested, where a device tells it.
    #[serde(default)]
    pub tester: String,
    /// The test of which this is the second one (复测): its number or id.
    #[serde(default)]
    pub again: String,
}

/// Tests of one point.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// Id or code of the point.
    pub point: String,
    /// At most 500.
    pub items: Vec<NewTest>,
}

/// What became of one test of a batch.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Taken {
    pub index: usize,
    pub key: String,
    /// Empty where it was refused.
    pub id: String,
    pub number: String,
    /// It had gone in before.
    pub repeated: bool,
    /// Case of a positive one; empty for none.
    pub case_id: String,
    /// Why it did not go in; empty where it did.
    pub code: String,
    pub message: String,
    /// Where: `card/expires`.
    pub field: String,
}

/// A test.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Test {
    pub id: String,
    pub number: String,
    pub point: String,
    #[serde(default)]
    pub point_name: String,
    pub division: String,
    pub party: String,
    #[serde(default)]
    pub party_name: String,
    pub stall: String,
    /// A person's name is masked.
    pub vendor: String,
    pub food: String,
    pub goods: String,
    pub product: String,
    pub lot: Option<i64>,
    pub trace_code: String,
    pub source_place: String,
    pub item: String,
    pub method: String,
    pub device: String,
    pub card_maker: String,
    pub card_batch: String,
    pub card_expires: String,
    pub result: String,
    pub value: String,
    pub unit: String,
    pub tester: String,
    pub tester_name: String,
    pub official: bool,
    pub tested_at: Millis,
    pub received_at: Millis,
    pub channel: String,
    pub again: String,
    pub case_id: String,
    pub hash: String,
    pub simulated: bool,
}

impl FromRow for Test {
    fn from_row(r: &Row) -> Result<Self> {
        let vendor: String = r.get(6)?;
        Ok(Self {
            id: r.get(0)?,
            number: r.get(1)?,
            point: r.get(2)?,
            point_name: String::new(),
            division: r.get(3)?,
            party: r.get(4)?,
            party_name: String::new(),
            stall: r.get(5)?,
            vendor: mask_if_person(&vendor),
            food: r.get(7)?,
            goods: r.get(8)?,
            product: r.get(9)?,
            lot: r.get(10)?,
            trace_code: r.get(11)?,
            source_place: r.get(12)?,
            item: r.get(13)?,
            method: r.get(14)?,
            device: r.get(15)?,
            card_maker: r.get(16)?,
            card_batch: r.get(17)?,
            card_expires: r.get(18)?,
            result: r.get(19)?,
            value: r.get(20)?,
            unit: r.get(21)?,
            tester: r.get(22)?,
            tester_name: r.get(23)?,
            official: r.get::<i64>(24)? == 1,
            tested_at: r.get(25)?,
            received_at: r.get(26)?,
            channel: r.get(27)?,
            again: r.get(28)?,
            case_id: r.get(29)?,
            hash: r.get(30)?,
            simulated: r.get::<i64>(31)? == 1,
        })
    }
}

/// Which tests are wanted.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
pub struct TestQuery {
    pub q: Option<String>,
    pub point: Option<String>,
    pub party: Option<String>,
    pub division: Option<String>,
    pub item: Option<String>,
    pub food: Option<String>,
    /// negative, positive, suspect, invalid
    pub result: Option<String>,
    /// First day.
    pub from: Option<String>,
    /// Last day.
    pub to: Option<String>,
    /// form, http, device, xlsx
    pub channel: Option<String>,
    /// tested_at, number, food, stall; `-` before it: from the end. The newest first where it is not said.
    pub sort: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// One line of the statistics.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Figure {
    pub key: String,
    pub name: String,
    /// Valid tests (not those that came out invalid), those positive or suspect among them.
    pub share: findings::wilson::Share,
    pub invalid: i64,
}

/// How the statistics are cut.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct FigureQuery {
    /// item, food, point, division, month
    pub by: String,
    pub point: Option<String>,
    pub item: Option<String>,
    pub food: Option<String>,
    pub division: Option<String>,
    pub from: Option<String>,
    pub to: Option<String>,
}

/// A test with all that belongs to it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct TestView {
    pub test: Test,
    /// Empty: by eye.
    pub device_name: String,
    /// The test of which this is the second one.
    pub first: Option<Test>,
    pub photos: Vec<Photo>,
    /// Its course, where it was positive or suspect.
    pub positive: Option<super::PositiveView>,
    /// Whether the asker may add photos, and say a second test.
    pub may_record: bool,
}

/// How a photo was taken.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PhotoTaken {
    /// Time by the device, ms UTC.
    pub taken_at: Option<Millis>,
    /// 1: taken now, not chosen from an album.
    pub in_app: Option<i64>,
    /// A finished upload (`/api/uploads`) in the place of the body.
    pub upload: Option<String>,
}

/// A photo of a card, a reader's display, a sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Photo {
    pub id: String,
    pub test: String,
    /// SHA-256 of the content.
    pub file: String,
    pub media: String,
    /// Bytes.
    pub size: i64,
    pub user_name: String,
    pub taken_at: Option<Millis>,
    pub received_at: Millis,
    pub in_app: bool,
    /// reused, clock, album, edited: what is to be looked at; nothing is refused for it.
    pub doubts: Vec<String>,
    /// Of what is fixed of it; a fact of the ledger.
    pub hash: String,
}

impl FromRow for Photo {
    fn from_row(r: &Row) -> Result<Self> {
        let doubts: String = r.get(9)?;
        Ok(Self {
            id: r.get(0)?,
            test: r.get(1)?,
            file: r.get(2)?,
            media: r.get(3)?,
            size: r.get(4)?,
            user_name: r.get(5)?,
            taken_at: r.get(6)?,
            received_at: r.get(7)?,
            in_app: r.get::<i64>(8)? == 1,
            doubts: doubts.split(',').filter(|d| !d.is_empty()).map(str::to_owned).collect(),
            hash: r.get(10)?,
        })
    }
}
