//! What the room keeps, and the shapes that leave it.

use kit_base::text::mask_if_person;
use kit_base::{Millis, Result};
use kit_db::{FromRow, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub const KINDS: [(&str, &str); 4] =
    [("market", "市场"), ("bureau", "监管部门"), ("school", "学校"), ("business", "企业")];
pub const RESULTS: [(&str, &str); 4] =
    [("negative", "阴性"), ("positive", "阳性"), ("suspect", "可疑"), ("invalid", "无效")];
pub const GOODS: [(&str, &str); 2] = [("farm", "食用农产品"), ("other", "其他食品")];

/// The Chinese name of a code; the code itself where it has none.
pub fn name_of<'a>(list: &[(&'a str, &'a str)], code: &'a str) -> &'a str {
    list.iter().find(|(c, _)| *c == code).map_or(code, |(_, name)| name)
}

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
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// A positive and its course.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Positive {
    /// Also the id of its case.
    pub id: String,
    pub test: String,
    pub number: String,
    pub point: String,
    #[serde(default)]
    pub point_name: String,
    pub division: String,
    pub party: String,
    #[serde(default)]
    pub party_name: String,
    pub goods: String,
    pub official: bool,
    pub status: String,
    pub phase: String,
    pub flags: Vec<String>,
    pub retest_due: Option<Millis>,
    pub sample: String,
    pub finding: String,
    pub opened_at: Millis,
    pub closed_at: Option<Millis>,
    pub simulated: bool,
    pub food: String,
    pub item: String,
    pub stall: String,
}

impl FromRow for Positive {
    fn from_row(r: &Row) -> Result<Self> {
        let flags: String = r.get(10)?;
        Ok(Self {
            id: r.get(0)?,
            test: r.get(1)?,
            number: r.get(2)?,
            point: r.get(3)?,
            point_name: String::new(),
            division: r.get(4)?,
            party: r.get(5)?,
            party_name: String::new(),
            goods: r.get(6)?,
            official: r.get::<i64>(7)? == 1,
            status: r.get(8)?,
            phase: r.get(9)?,
            flags: flags.split(',').filter(|f| !f.is_empty()).map(str::to_owned).collect(),
            retest_due: r.get(11)?,
            sample: r.get(12)?,
            finding: r.get(13)?,
            opened_at: r.get(14)?,
            closed_at: r.get(15)?,
            simulated: r.get::<i64>(16)? == 1,
            food: r.get(17)?,
            item: r.get(18)?,
            stall: r.get(19)?,
        })
    }
}

/// Which positives are wanted.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct PositiveQuery {
    pub status: Option<String>,
    /// open, ended
    pub state: Option<String>,
    pub point: Option<String>,
    pub party: Option<String>,
    pub division: Option<String>,
    pub q: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// A positive with all that belongs to it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct PositiveView {
    pub positive: Positive,
    /// The first and those after it.
    pub tests: Vec<Test>,
    pub holds: Vec<trace::holds::Hold>,
    /// The statutory test; `null`: none yet.
    pub sample: Option<findings::samples::Course>,
    /// What this result may be used for, in words, with the article.
    pub law: Vec<LawLine>,
}

/// What the law says of a rapid result, as it stands with this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LawLine {
    pub article: String,
    pub text: String,
    /// high, medium: how sure the wording is.
    pub certainty: String,
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
