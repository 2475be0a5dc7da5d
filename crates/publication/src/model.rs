//! What a code leads to, and what is said of it.

use kit_base::Millis;
use kit_base::codes::Finding;
pub use kit_flow::answers::Genuine;
use parties::Card;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use trace::model::LotNo;
use trace::store::products::{Product, TraceFile};

/// What a notice does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// 召回: the page says not to eat it, and what to do.
    Recall,
    /// 检验不合格: the page says not to eat it; nobody has ordered a recall.
    Failure,
    /// 撤下公示: the page is not shown; the notice says why.
    Withdrawal,
}

impl NoticeKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recall => "recall",
            Self::Failure => "failure",
            Self::Withdrawal => "withdrawal",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Recall, Self::Failure, Self::Withdrawal].into_iter().find(|k| k.as_str() == text)
    }
}

/// A recall, or a withdrawal from publication.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Notice {
    pub id: String,
    pub kind: NoticeKind,
    /// product id
    pub product: String,
    /// only this batch; empty: every batch
    pub batch: String,
    /// only the batch that began with this lot
    pub lot: Option<LotNo>,
    pub party: String,
    pub division: String,
    /// 召回级别 1, 2, 3
    pub grade: Option<i64>,
    pub reason: String,
    pub advice: String,
    /// 发布机关
    pub issuer: String,
    pub since: Millis,
    pub until: Option<Millis>,
    pub author: String,
    pub lifted_at: Option<Millis>,
    pub lifted_by: String,
    pub lift_reason: String,
}

impl Notice {
    /// Whether it is about this batch of this product.
    pub fn names(&self, origin: LotNo, product: &str, batch: &str) -> bool {
        self.product == product
            && self.lot.is_none_or(|lot| lot == origin)
            && (self.batch.is_empty() || self.batch == batch)
    }
}

/// A recall, or a result that failed, that touches a batch.
#[derive(Debug, Clone)]
pub struct Recall {
    pub notice: Notice,
    /// The ingredient that is recalled, where it is not the food itself.
    pub food: String,
    /// Its batch number.
    pub batch: String,
}

/// A recall or a failed result as it touches a lot, as officers and holders are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Touching {
    /// id of the notice
    pub id: String,
    /// recall, failure
    pub kind: NoticeKind,
    /// 召回级别 1, 2, 3
    pub grade: Option<i64>,
    pub reason: String,
    pub issuer: String,
    pub since: Millis,
    /// What is recalled or failed.
    pub food: String,
    pub batch: String,
    /// The lot with which that batch began; none where it is of every batch or of a batch number.
    pub lot: Option<LotNo>,
    /// The lot is of that batch or was made of it; otherwise it only may be, since product and batch number are the same.
    pub certain: bool,
    /// It is that food itself, not something made of it.
    pub own: bool,
}

/// What the first screen answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The batch, or something it was made from, is recalled.
    Recalled,
    /// The bureau's test of the batch, of something it was made from, or a public test report of it says that it failed.
    Failed,
    /// Its record was declared wrong by who made it.
    Doubtful,
    Expired,
    /// No last day is known.
    Unknown,
    /// No alarm, and within its shelf life.
    Good,
}

/// The batch behind a code.
#[derive(Debug, Clone)]
pub struct Lot {
    /// The lot with which the batch began.
    pub no: LotNo,
    pub batch: String,
    pub made: String,
    pub expires: String,
    pub inspector: String,
}

/// The business from which the batch came, as far as it is known here.
#[derive(Debug, Clone)]
pub struct Maker {
    /// 生产者, 种植养殖者, 包装者, 登记者
    pub role: &'static str,
    pub card: Card,
}

/// A business in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    pub name: String,
    /// 业态; empty for a business outside of the platform.
    pub trade: String,
    /// Division by name; empty unknown.
    pub place: String,
    /// What it did: 采收, 到货, 在途 …
    pub what: &'static str,
    /// First date of that; may be partial or empty.
    pub at: String,
    /// The food, where it is another than the one looked at.
    pub food: String,
}

/// Where the batch came from and went, business by business.
#[derive(Debug, Clone, Default)]
pub struct Chain {
    /// By date.
    pub sources: Vec<Stop>,
    pub followers: Vec<Stop>,
    /// There are more sources or followers than were looked at.
    pub more_sources: bool,
    pub more_followers: bool,
}

/// All that is shown of one batch.
#[derive(Debug, Clone)]
pub struct Scan {
    /// Path under which its files are served, without a slash at the end.
    pub base: String,
    /// Query that its files need with it: which of several records is meant. Mostly empty.
    pub tail: String,
    /// The platform's trace code, where it has one.
    pub code: String,
    pub product: Product,
    pub category: String,
    pub lot: Lot,
    pub maker: Option<Maker>,
    pub standing: Standing,
    /// Newest first.
    pub recalls: Vec<Recall>,
    /// Public ones only.
    pub files: Vec<TraceFile>,
    pub chain: Chain,
    /// Where its records stand in the ledger.
    pub ledger: Option<trace::proofs::Standing>,
    /// Declarations that this record, or one that it stands for, was wrong (更正声明).
    pub corrections: Vec<Correction>,
    pub simulated: bool,
}

/// A declaration in words, and the way to the other record where it has a code.
#[derive(Debug, Clone)]
pub struct Correction {
    pub text: String,
    /// Path; empty where there is none.
    pub link: String,
}

/// A product without a batch, and the form that asks for the production date.
#[derive(Debug, Clone)]
pub struct ProductView {
    pub base: String,
    pub product: Product,
    pub category: String,
    pub maker: Option<Maker>,
    pub recalls: Vec<Recall>,
    /// What was entered.
    pub asked: String,
    /// What is wrong with the date, or that there is no such batch; empty where there is nothing to say.
    pub fault: String,
    /// (link, label) of batches to choose from.
    pub choices: Vec<(String, String)>,
}

/// What a code leads to.
#[derive(Debug, Clone)]
pub enum Answer {
    Batch(Box<Scan>),
    Business(Box<Card>),
    Product(Box<ProductView>),
    /// 作废
    Voided {
        name: String,
        reason: String,
        at: Millis,
        simulated: bool,
    },
    /// 撤下公示
    Withdrawn {
        name: String,
        notice: Box<Notice>,
        simulated: bool,
    },
    /// A document of a bureau, genuine.
    Document(Genuine),
    /// No document has this code.
    NoDocument {
        code: String,
    },
    /// Well formed, but nobody has it.
    Unknown {
        code: String,
    },
    /// No code at all, or one whose check fails.
    Forged {
        code: String,
        finding: Finding,
    },
}

/// Something that is shown from a time until a time (公示).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Item {
    pub id: String,
    /// Dense, in the order they were announced.
    pub no: i64,
    /// data/publication/terms.csv
    pub kind: String,
    /// What it comes from: id of the visit, case, licence.
    pub about: String,
    pub party: String,
    /// Masked where it is like a person's.
    pub name: String,
    pub code: String,
    pub uscc: String,
    pub division: String,
    pub number: String,
    pub title: String,
    /// What the public may read, by Chinese heading.
    pub content: serde_json::Value,
    pub issuer: String,
    pub decided_at: Millis,
    /// Shown from then on.
    pub from_at: Millis,
    /// First moment at which showing it is late.
    pub due_at: Millis,
    /// Shown before then; `null` as long as it stands.
    pub until_at: Option<Millis>,
    /// Empty: not held back.
    pub hold_reason: String,
    pub held_by: String,
    pub shown_at: Option<Millis>,
    pub ended_at: Option<Millis>,
    pub withdrawn_at: Option<Millis>,
    /// First moment at which the withdrawal would have been late.
    pub withdraw_due: Option<Millis>,
    pub withdraw_reason: String,
    pub simulated: bool,
}

/// What is wanted of the schedule.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct ItemQuery {
    pub kind: Option<String>,
    pub party: Option<String>,
    /// waiting, held, late (held beyond its time), shown, ended, withdrawn
    pub state: Option<String>,
    /// Words in name, number or title.
    pub q: Option<String>,
    /// Prefix of divisions.
    pub division: Option<String>,
    /// from, due, decided, name; with `-` the other way. Left out: the latest announced first.
    pub sort: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}
