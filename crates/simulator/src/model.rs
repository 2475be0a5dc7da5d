//! What a simulated world consists of: plain values, to be read as a stream.

use std::fmt;

use kit_base::Unit;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// What a business does in the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 种植养殖者
    Farm,
    /// 屠宰厂
    Slaughterhouse,
    /// 食品生产企业
    Producer,
    /// 食品小作坊
    Workshop,
    /// 集中交易市场开办者; moves no food itself
    Market,
    /// 市场内销售者
    Stall,
    /// 批发
    Wholesaler,
    /// 连锁配送中心
    DistributionCentre,
    /// 食品销售者 (a chain's shops too)
    Shop,
    /// 小食杂店
    SmallShop,
    /// 餐饮服务提供者
    Restaurant,
    /// 集中用餐单位食堂
    Canteen,
}

impl Role {
    /// All roles, in the order in which parties are numbered.
    pub const ALL: [Self; 12] = [
        Self::Farm,
        Self::Slaughterhouse,
        Self::Producer,
        Self::Workshop,
        Self::Market,
        Self::Stall,
        Self::Wholesaler,
        Self::DistributionCentre,
        Self::Shop,
        Self::SmallShop,
        Self::Restaurant,
        Self::Canteen,
    ];

    /// The name used in data files: `small_shop`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Farm => "farm",
            Self::Slaughterhouse => "slaughterhouse",
            Self::Producer => "producer",
            Self::Workshop => "workshop",
            Self::Market => "market",
            Self::Stall => "stall",
            Self::Wholesaler => "wholesaler",
            Self::DistributionCentre => "distribution_centre",
            Self::Shop => "shop",
            Self::SmallShop => "small_shop",
            Self::Restaurant => "restaurant",
            Self::Canteen => "canteen",
        }
    }

    /// The role of a data file's name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }

    /// Whether food ends here: sold to consumers or eaten.
    pub fn is_retail(self) -> bool {
        self >= Self::Shop
    }
}

/// An invented business.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SimParty {
    /// Dense, from 0, in the order of [`Role::ALL`].
    pub no: u32,
    pub role: Role,
    /// The trade's name in data/simulator/trades.csv: `spice_plant`.
    pub trade: String,
    /// 名称
    pub name: String,
    /// 主体类型: 企业, 个体工商户, 农民专业合作社, 事业单位
    pub form: String,
    /// 统一社会信用代码 with right check characters.
    pub uscc: String,
    /// 许可证、登记证编号: `SC…`, `JY…`, or a local number; farms, markets and slaughter-houses have none here.
    pub licence: Option<String>,
    /// Town or street, nine digits of data/divisions.csv.
    pub division: String,
    pub address: String,
    /// WGS-84 degrees.
    pub lat: f64,
    pub lon: f64,
    /// 负责人, clearly invented.
    pub person: String,
    /// A number that no subscriber has.
    pub phone: String,
    /// The market a stall stands in.
    pub market: Option<u32>,
    /// The distribution centre of a chain's shop.
    pub chain: Option<u32>,
}

/// An invented product.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SimProduct {
    /// Dense, from 0; the products of one owner are consecutive.
    pub no: u32,
    /// The party that registered it: its maker, or the first dealer of what comes from outside.
    pub owner: u32,
    /// The good's name in data/simulator/goods.csv: `spice_mix`.
    pub good: String,
    /// GTIN-13 of packed food.
    pub gtin: Option<String>,
    pub own_code: String,
    pub name: String,
    pub brand: String,
    /// A code of data/food-categories.csv or data/farm-categories.csv.
    pub category: String,
    /// Specification: `500克/袋`.
    pub spec: String,
    pub unit: Unit,
    /// Base units in one pack.
    pub pack_size: Option<i64>,
    pub shelf_days: u32,
    /// 生产者 as the label names it.
    pub producer: String,
}

/// What happened. The names in the trace room are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SimKind {
    Harvest,
    Produce,
    Pack,
    Ship,
    Receive,
    Refuse,
    Return,
    Sell,
    Loss,
    Destroy,
    Stocktake,
}

impl SimKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Harvest => "harvest",
            Self::Produce => "produce",
            Self::Pack => "pack",
            Self::Ship => "ship",
            Self::Receive => "receive",
            Self::Refuse => "refuse",
            Self::Return => "return",
            Self::Sell => "sell",
            Self::Loss => "loss",
            Self::Destroy => "destroy",
            Self::Stocktake => "stocktake",
        }
    }
}

/// The maker's batch; it stays on the food through every later lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Batch {
    /// Day of the simulation on which it was made (before the first day where negative).
    pub made: i32,
    /// Tells apart the batches of a day.
    pub serial: u32,
}

/// A lot that an event made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SimLot {
    /// Dense, in commit order.
    pub no: u64,
    pub product: u32,
    /// The party that holds it; for a lot on the way, the one it goes to.
    pub holder: u32,
    /// On the way (`transit`) or in stock.
    pub transit: bool,
    pub batch: Batch,
    /// Last day of the shelf life, in days of the simulation.
    pub expires: i32,
    /// Base units of [`SimLot::unit`], above 0.
    pub amount: i64,
    pub unit: Unit,
}

/// A paper's number: the lines of one delivery share it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct DocNo {
    pub day: u32,
    pub serial: u32,
}

impl fmt::Display for DocNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MN{:05}-{:06}", self.day, self.serial)
    }
}

/// One immutable fact. Out lots have consecutive numbers; what is used was made by an earlier event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimEvent {
    /// Dense, in commit order.
    pub no: u64,
    pub kind: SimKind,
    /// Who did it.
    pub party: u32,
    /// Ship, return: whom it goes to; receive, refuse: whom it came from (`None`: a supplier outside the platform).
    pub counterpart: Option<u32>,
    /// Days since the first.
    pub day: u32,
    /// Minutes since midnight in China.
    pub minute: u16,
    /// (lot, base units taken), in the order of use; at most once a lot.
    pub inputs: SmallVec<[(u64, i64); 1]>,
    pub outs: SmallVec<[SimLot; 1]>,
    /// What the event declares lost, in base units of what comes out: missing on receipt or when
    /// counted, or below a recipe's yield.
    pub loss: i64,
    pub doc_no: Option<DocNo>,
}

impl SimEvent {
    /// Adds a fixed form of the event to `bytes`; equal streams give equal bytes.
    pub fn write_bytes(&self, bytes: &mut Vec<u8>) {
        let mut put = |value: u64| bytes.extend_from_slice(&value.to_le_bytes());
        put(self.no);
        put(self.kind as u64);
        put(u64::from(self.party));
        put(self.counterpart.map_or(u64::MAX, u64::from));
        put(u64::from(self.day) << 16 | u64::from(self.minute));
        put(self.doc_no.map_or(u64::MAX, |d| u64::from(d.day) << 32 | u64::from(d.serial)));
        put(self.loss as u64);
        for &(lot, amount) in &self.inputs {
            put(lot);
            put(amount as u64);
        }
        for lot in &self.outs {
            put(lot.no);
            put(u64::from(lot.product) << 32 | u64::from(lot.holder));
            put(u64::from(lot.transit) << 32 | u64::from(lot.batch.serial));
            put((lot.batch.made as u64) << 32 | u64::from(lot.expires as u32));
            put(lot.amount as u64);
        }
    }
}
