//! What a lot, a product and an event are.

use kit_base::{Amount, Millis, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::papers::{Additive, Papers};

/// Number of a lot: dense, from 1.
pub type LotNo = i64;
/// Number of an event: dense, in commit order, from 1.
pub type EventNo = i64;

/// What an event did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// 采收、捕捞、屠宰: food begins
    Harvest,
    /// 生产加工: inputs become products
    Produce,
    /// 包装
    Pack,
    /// 拆包、分装
    Unpack,
    /// 发货: proposes a delivery
    Ship,
    /// 收货: accepts a delivery, or records a purchase from outside
    Receive,
    /// 拒收: the delivery goes back to the sender's stock
    Refuse,
    /// 退货: like a delivery, back to the supplier
    Return,
    /// 销售给消费者, summed
    Sell,
    /// 损耗
    Loss,
    /// 销毁
    Destroy,
    /// 盘点
    Stocktake,
    /// a fact of an EPCIS document that neither makes nor moves
    Observe,
    /// 期初库存: on hand when the business began to record
    Opening,
}

impl EventKind {
    pub const ALL: [Self; 14] = [
        Self::Harvest,
        Self::Produce,
        Self::Pack,
        Self::Unpack,
        Self::Ship,
        Self::Receive,
        Self::Refuse,
        Self::Return,
        Self::Sell,
        Self::Loss,
        Self::Destroy,
        Self::Stocktake,
        Self::Observe,
        Self::Opening,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Harvest => "harvest",
            Self::Produce => "produce",
            Self::Pack => "pack",
            Self::Unpack => "unpack",
            Self::Ship => "ship",
            Self::Receive => "receive",
            Self::Refuse => "refuse",
            Self::Return => "return",
            Self::Sell => "sell",
            Self::Loss => "loss",
            Self::Destroy => "destroy",
            Self::Stocktake => "stocktake",
            Self::Observe => "observe",
            Self::Opening => "opening",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == text)
    }

    /// The Chinese word people see.
    pub fn name(self) -> &'static str {
        match self {
            Self::Harvest => "采收",
            Self::Produce => "生产",
            Self::Pack => "包装",
            Self::Unpack => "拆包",
            Self::Ship => "发货",
            Self::Receive => "收货",
            Self::Refuse => "拒收",
            Self::Return => "退货",
            Self::Sell => "销售",
            Self::Loss => "损耗",
            Self::Destroy => "销毁",
            Self::Stocktake => "盘点",
            Self::Observe => "观测",
            Self::Opening => "期初",
        }
    }

    /// Whether this kind brings a batch into being; what it makes begins a new origin.
    pub fn makes_batches(self) -> bool {
        matches!(
            self,
            Self::Harvest | Self::Produce | Self::Pack | Self::Unpack | Self::Opening | Self::Observe
        )
    }
}

/// What a move takes from.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Take {
    pub lot: LotNo,
    /// Base units; all that is left where it is not said.
    pub amount: Option<Amount>,
}

/// A lot that a move makes.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Make {
    /// Product id.
    pub product: String,
    /// 批号; the production date where it is not said.
    #[serde(default)]
    pub batch: String,
    /// Base units of the product's unit.
    pub amount: Amount,
    /// 生产日期 `2026-03-01`; the day of the move where it is not said.
    pub made: Option<String>,
    /// Last day; computed from the product's shelf life where it is not said.
    pub expires: Option<String>,
    /// 出厂检验人
    #[serde(default)]
    pub inspector: String,
}

/// One line of a capture.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMove {
    /// The client's own key; a repeat is answered with the first event.
    pub client_key: Option<String>,
    pub kind: EventKind,
    /// The business whose act it is; the only one of the person who records it, where it is not said.
    pub party: Option<String>,
    /// Receiver of a delivery, supplier of a purchase or return: business id.
    pub counterpart: Option<String>,
    /// The other side where it is not known here.
    #[serde(default)]
    pub counterpart_name: String,
    /// Business date `2026-03-01`, or a moment `2026-03-01T08:30:00+08:00`; now where it is not said.
    pub at: Option<String>,
    #[serde(default)]
    pub takes: Vec<Take>,
    #[serde(default)]
    pub makes: Vec<Make>,
    /// Receive: base units accepted; stocktake: base units counted.
    pub amount: Option<Amount>,
    /// 单据号
    #[serde(default)]
    pub doc_no: String,
    #[serde(default)]
    pub reason: String,
    /// Ship, return, receive: certificates, vehicle, and the supplier where it is outside the platform (进货查验).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub papers: Option<Papers>,
    /// Produce: food additives that went in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub additives: Vec<Additive>,
}

/// How a capture of many lines is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// All lines or none.
    All,
    /// Each good line; the bad ones are answered with their reason.
    Each,
}

/// One line that was kept.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Kept {
    /// Place in the request, from 0.
    pub index: usize,
    pub event: EventNo,
    /// Public id of the event.
    pub id: String,
    /// Lots it made.
    pub lots: Vec<LotNo>,
    /// It had been recorded before under the same key.
    pub repeated: bool,
}

/// One line that was refused.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Refused {
    pub index: usize,
    pub code: String,
    pub message: String,
    pub field: Option<String>,
}

/// What came of a capture.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct Captured {
    pub kept: Vec<Kept>,
    pub refused: Vec<Refused>,
}

/// A lot as the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lot {
    pub no: LotNo,
    pub event: EventNo,
    pub product: String,
    pub holder: String,
    pub division: String,
    pub in_transit: bool,
    pub origin: LotNo,
    pub batch: String,
    pub made: String,
    pub expires: String,
    pub amount: Option<Amount>,
    pub unit: Unit,
    pub inspector: String,
}

/// An event on its way into the database.
#[derive(Debug, Clone)]
pub struct NewEvent {
    pub id: String,
    pub kind: EventKind,
    pub party: String,
    pub division: String,
    pub counterpart: Option<String>,
    pub counterpart_division: Option<String>,
    pub counterpart_name: String,
    pub at: String,
    pub at_ms: Option<Millis>,
    pub recorded_at: Millis,
    pub actor: String,
    pub channel: &'static str,
    pub batch: String,
    pub doc_no: String,
    pub difference: Option<Amount>,
    pub reason: String,
    pub declared: bool,
    pub doc: Option<String>,
    pub simulated: bool,
    pub inputs: Vec<(LotNo, Option<Amount>)>,
    pub makes: Vec<NewLot>,
    pub papers: Option<Papers>,
    pub additives: Vec<Additive>,
}

/// A lot on its way into the database; its number is given when it is kept.
#[derive(Debug, Clone)]
pub struct NewLot {
    pub product: String,
    pub holder: String,
    pub division: String,
    pub in_transit: bool,
    /// `None`: it begins a batch.
    pub origin: Option<LotNo>,
    pub batch: String,
    pub made: String,
    pub expires: String,
    pub amount: Option<Amount>,
    pub unit: Unit,
    pub inspector: String,
}
