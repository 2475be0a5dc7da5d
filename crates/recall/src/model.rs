//! Types and ids; no SQL, no HTTP. Amounts are base units: grams, millilitres, pieces.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use trace::model::LotNo;

use crate::rules::report::{Account, Told};

/// Where a recall came from, and in words.
pub const SOURCES: [(&str, &str); 7] = [
    ("self", "企业自查"),
    ("sample", "监督抽检"),
    ("rapid", "快速检测"),
    ("investigation", "问题食品排查"),
    ("complaint", "投诉举报"),
    ("inspection", "监督检查"),
    ("other", "其他"),
];

/// A recall. Its id is that of its case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Recall {
    pub id: String,
    pub number: String,
    /// Of the public page: `/recalls/CODE`.
    pub code: String,
    /// ordered 责令召回, voluntary 主动召回
    pub mode: String,
    /// 1, 2, 3
    pub grade: i64,
    /// safety, label, illegal, carcass, spoilt
    pub cause: String,
    pub reason: String,
    /// self, sample, rapid, investigation, complaint, inspection, other
    pub source: String,
    pub source_ref: String,
    pub party: String,
    #[serde(default)]
    pub party_name: String,
    pub division: String,
    pub product: String,
    pub food: String,
    pub spec: String,
    pub batch: String,
    pub made: String,
    /// g, ml, pc
    pub unit: String,
    /// The lot that the batch began with.
    pub lot: LotNo,
    pub status: String,
    pub phase: String,
    /// A deadline was missed.
    pub late: bool,
    pub opened_at: Millis,
    pub ordered_at: Option<Millis>,
    pub planned_at: Option<Millis>,
    pub announced_at: Option<Millis>,
    pub finished_at: Option<Millis>,
    pub closed_at: Option<Millis>,
    /// Empty while it goes on; closed, withdrawn, terminated, void.
    pub outcome: String,
    /// What scan pages show; empty: nothing.
    pub notice: String,
    /// Finding the holders and issuing the notices was asked for.
    pub wanted_at: Option<Millis>,
    /// Last event of the ledger that the scope saw.
    pub event: Option<i64>,
    pub scoped_at: Option<Millis>,
    /// How long finding it took, µs.
    pub scope_micros: Option<i64>,
    pub scope_hash: String,
    pub lots_certain: i64,
    pub lots_possible: i64,
    pub issued_at: Option<Millis>,
    pub simulated: bool,
}

impl FromRow for Recall {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            number: r.get(1)?,
            code: r.get(2)?,
            mode: r.get(3)?,
            grade: r.get(4)?,
            cause: r.get(5)?,
            reason: r.get(6)?,
            source: r.get(7)?,
            source_ref: r.get(8)?,
            party: r.get(9)?,
            party_name: String::new(),
            division: r.get(10)?,
            product: r.get(11)?,
            food: r.get(12)?,
            spec: r.get(13)?,
            batch: r.get(14)?,
            made: r.get(15)?,
            unit: r.get(16)?,
            lot: r.get(17)?,
            status: r.get(18)?,
            phase: r.get(19)?,
            late: r.get::<i64>(20)? == 1,
            opened_at: r.get(21)?,
            ordered_at: r.get(22)?,
            planned_at: r.get(23)?,
            announced_at: r.get(24)?,
            finished_at: r.get(25)?,
            closed_at: r.get(26)?,
            outcome: r.get(27)?,
            notice: r.get(28)?,
            wanted_at: r.get(29)?,
            event: r.get(30)?,
            scoped_at: r.get(31)?,
            scope_micros: r.get(32)?,
            scope_hash: r.get(33)?,
            lots_certain: r.get(34)?,
            lots_possible: r.get(35)?,
            issued_at: r.get(36)?,
            simulated: r.get::<i64>(37)? == 1,
        })
    }
}

/// A new recall.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRecall {
    /// Any lot of the batch.
    pub lot: LotNo,
    /// ordered, voluntary
    pub mode: String,
    pub grade: i64,
    pub cause: String,
    /// For the public: 2 to 400 characters.
    pub reason: String,
    pub source: String,
    #[serde(default)]
    pub source_ref: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct RecallQuery {
    /// Number, food, batch, reason.
    pub q: Option<String>,
    /// open, late, ended
    pub state: Option<String>,
    pub status: Option<String>,
    pub grade: Option<i64>,
    pub mode: Option<String>,
    pub source: Option<String>,
    pub division: Option<String>,
    pub party: Option<String>,
    pub lot: Option<LotNo>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// A batch that the scope reached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Batch {
    pub origin: LotNo,
    /// It came from the recalled batch itself; else from another of the same number.
    pub certain: bool,
    /// The walk began with it.
    pub seed: bool,
    pub product: String,
    pub food: String,
    pub batch: String,
    pub unit: String,
    pub produced: Option<i64>,
    pub used: i64,
    pub gap: i64,
    pub unknown: i64,
    pub back_destroyed: i64,
    pub back_remedied: i64,
}

impl FromRow for Batch {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            origin: r.get(0)?,
            certain: r.get::<i64>(1)? == 1,
            seed: r.get::<i64>(2)? == 1,
            product: r.get(3)?,
            food: r.get(4)?,
            batch: r.get(5)?,
            unit: r.get(6)?,
            produced: r.get(7)?,
            used: r.get(8)?,
            gap: r.get(9)?,
            unknown: r.get(10)?,
            back_destroyed: r.get(11)?,
            back_remedied: r.get(12)?,
        })
    }
}

/// One holder's task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Task {
    pub recall: String,
    pub party: String,
    pub no: i64,
    pub name: String,
    pub code: String,
    pub kind: String,
    pub division: String,
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    /// Certainly of the batch; else possibly.
    pub certain: bool,
    /// 通知书文号
    pub number: String,
    pub issued_at: Millis,
    pub due_at: Millis,
    pub seen_at: Option<Millis>,
    pub reported_at: Option<Millis>,
    pub changed_at: Option<Millis>,
    /// open, reported, settled
    pub state: String,
}

impl FromRow for Task {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            recall: r.get(0)?,
            party: r.get(1)?,
            no: r.get(2)?,
            name: r.get(3)?,
            code: r.get(4)?,
            kind: r.get(5)?,
            division: r.get(6)?,
            lon: r.get(7)?,
            lat: r.get(8)?,
            certain: r.get::<i64>(9)? == 1,
            number: r.get(10)?,
            issued_at: r.get(11)?,
            due_at: r.get(12)?,
            seen_at: r.get(13)?,
            reported_at: r.get(14)?,
            changed_at: r.get(15)?,
            state: r.get(16)?,
        })
    }
}

/// A task in a list, with the sums of its lines in the recall's own unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TaskRow {
    #[serde(flatten)]
    pub task: Task,
    /// What it answers for.
    pub due: i64,
    pub on_hand: Option<i64>,
    pub sold: Option<i64>,
    /// Destroyed and mended.
    pub disposed: Option<i64>,
    pub returned: Option<i64>,
    /// 去向不明; of what was reported.
    pub open: Option<i64>,
}

impl FromRow for TaskRow {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            task: Task::from_row(r)?,
            due: r.get(17)?,
            on_hand: r.get(18)?,
            sold: r.get(19)?,
            disposed: r.get(20)?,
            returned: r.get(21)?,
            open: r.get(22)?,
        })
    }
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TaskQuery {
    /// Name or code of the business.
    pub q: Option<String>,
    /// open, late, reported, settled, unaccounted
    pub state: Option<String>,
    /// 1 certain, 0 possible
    pub certain: Option<i64>,
    pub division: Option<String>,
    /// no, due, open, reported
    pub sort: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// What a holder answers for of one batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    pub party: String,
    pub origin: LotNo,
    pub certain: bool,
    pub unit: String,
    pub due: i64,
    pub book_on_hand: i64,
    pub book_sold: i64,
    pub book_gone: i64,
    pub book_open: i64,
    pub unknown: i64,
    /// `null`: not reported.
    pub told: Option<Told>,
    pub confirmed: i64,
    pub supervised: i64,
    #[serde(default)]
    pub food: String,
    #[serde(default)]
    pub batch: String,
}

impl FromRow for Line {
    fn from_row(r: &Row) -> Result<Self> {
        let on_hand: Option<i64> = r.get(10)?;
        let told = match on_hand {
            Some(on_hand) => Some(Told {
                on_hand,
                sold: r.get(11)?,
                destroyed: r.get(12)?,
                remedied: r.get(13)?,
                returned: r.get(14)?,
            }),
            None => None,
        };
        Ok(Self {
            party: r.get(0)?,
            origin: r.get(1)?,
            certain: r.get::<i64>(2)? == 1,
            unit: r.get(3)?,
            due: r.get(4)?,
            book_on_hand: r.get(5)?,
            book_sold: r.get(6)?,
            book_gone: r.get(7)?,
            book_open: r.get(8)?,
            unknown: r.get(9)?,
            told,
            confirmed: r.get(15)?,
            supervised: r.get(16)?,
            food: String::new(),
            batch: String::new(),
        })
    }
}

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
    /// report, disposal, confirm
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

/// What came back, as the producer confirms it: all of it so far.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    pub party: String,
    pub origin: LotNo,
    pub amount: i64,
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
    pub opinion: String,
    #[serde(default)]
    pub proof: Vec<String>,
}

/// A draw of holders to call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CheckDraw {
    pub round: i64,
    /// Hex; the ticket of a holder is SHA-256(seed, its id), the smallest are drawn.
    pub seed: String,
    pub pool: i64,
    /// SHA-256 of the ids of the pool, ascending, a line each.
    pub pool_hash: String,
    pub size: i64,
    pub at: Millis,
    pub user_name: String,
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

/// A county's part of a recall, in the recall's own unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct County {
    pub division: String,
    #[serde(default)]
    pub name: String,
    pub holders: i64,
    pub reported: i64,
    pub due: i64,
    /// On hand and sealed, returned, destroyed, mended.
    pub controlled: i64,
    /// 去向不明
    pub open: i64,
}

impl FromRow for County {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            division: r.get(0)?,
            name: String::new(),
            holders: r.get(1)?,
            reported: r.get(2)?,
            due: r.get(3)?,
            controlled: r.get(4)?,
            open: r.get(5)?,
        })
    }
}

/// How much was under control at the end of a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Day {
    /// `2026-03-01`
    pub day: String,
    pub controlled: i64,
    pub reports: i64,
}

/// Tasks by what became of them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    pub tasks: i64,
    pub certain: i64,
    pub reported: i64,
    pub settled: i64,
    pub late: i64,
    pub seen: i64,
}

impl FromRow for Counts {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            tasks: r.get(0)?,
            certain: r.get(1)?,
            reported: r.get(2)?,
            settled: r.get(3)?,
            late: r.get(4)?,
            seen: r.get(5)?,
        })
    }
}

/// Call-backs in numbers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reached {
    pub drawn: i64,
    pub called: i64,
    pub reached: i64,
    pub informed: i64,
    pub stopped: i64,
}

/// A recall with what is known of it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Detail {
    pub recall: Recall,
    pub level_name: String,
    pub cause_name: String,
    /// It may be mended and sold on.
    pub remedy: bool,
    /// It is destroyed where it is, and not sent back.
    pub on_the_spot: bool,
    pub counts: Counts,
    /// The recalled batch itself.
    pub account: Account,
    /// Every batch that the scope reached, a unit each: with what was made of it, and the possible ones.
    pub accounts: Vec<Account>,
    pub batches: Vec<Batch>,
    pub batches_count: i64,
    pub counties: Vec<County>,
    pub days: Vec<Day>,
    pub draws: Vec<CheckDraw>,
    pub checks: Vec<Check>,
    pub reached: Reached,
    pub disposals: Vec<Disposal>,
    /// Consumers who follow the batch; of them with a telephone number.
    pub followers: i64,
    pub phones: i64,
}

/// What one holder sees and does.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Holding {
    pub recall: Recall,
    pub level_name: String,
    pub cause_name: String,
    pub remedy: bool,
    pub on_the_spot: bool,
    pub task: Task,
    pub lines: Vec<Line>,
    pub photos: Vec<Photo>,
    pub reports: Vec<Report>,
    pub disposals: Vec<Disposal>,
    /// For the producer: what others say they sent back, and what is confirmed.
    pub returns: Vec<ReturnRow>,
}

/// What somebody sent back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReturnRow {
    pub party: String,
    pub name: String,
    pub origin: LotNo,
    pub unit: String,
    pub returned: i64,
    pub confirmed: i64,
}

impl FromRow for ReturnRow {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            party: r.get(0)?,
            name: r.get(1)?,
            origin: r.get(2)?,
            unit: r.get(3)?,
            returned: r.get(4)?,
            confirmed: r.get(5)?,
        })
    }
}

/// A recall that the asker's business has a part in.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Mine {
    pub recall: Recall,
    /// Of the business as a holder; `null` where it has nothing to report.
    pub task: Option<Task>,
    /// It is the business that recalls.
    pub maker: bool,
}

/// What a recall of a lot would reach, before it is begun.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Preview {
    pub lot: LotNo,
    pub food: String,
    pub spec: String,
    pub batch: String,
    pub made: String,
    pub party: String,
    pub party_name: String,
    pub division: String,
    pub lots_certain: i64,
    pub lots_possible: i64,
    pub holders_certain: i64,
    pub holders_possible: i64,
    pub counties: i64,
    pub account: Account,
    /// How long it took, µs.
    pub micros: i64,
    /// A recall of the batch that goes on.
    pub open: Option<String>,
}

/// A drill.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Drill {
    pub id: String,
    pub at: Millis,
    /// nightly, hand
    pub way: String,
    pub user_name: String,
    /// Hex, of the draw; empty: the lot was chosen.
    pub seed: String,
    /// Lots there were, 1 to this.
    pub all_lots: i64,
    pub lot: LotNo,
    pub food: String,
    pub batch: String,
    pub party: String,
    pub division: String,
    pub sources: i64,
    pub followers: i64,
    pub holders: i64,
    pub counties: i64,
    /// Time to trace, µs.
    pub micros: i64,
    pub links: i64,
    pub broken: i64,
    pub simulated: bool,
}

impl FromRow for Drill {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            at: r.get(1)?,
            way: r.get(2)?,
            user_name: r.get(3)?,
            seed: r.get(4)?,
            all_lots: r.get(5)?,
            lot: r.get(6)?,
            food: r.get(7)?,
            batch: r.get(8)?,
            party: r.get(9)?,
            division: r.get(10)?,
            sources: r.get(11)?,
            followers: r.get(12)?,
            holders: r.get(13)?,
            counties: r.get(14)?,
            micros: r.get(15)?,
            links: r.get(16)?,
            broken: r.get(17)?,
            simulated: r.get::<i64>(18)? == 1,
        })
    }
}

/// Links of one county in a drill.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Links {
    /// 6 digits
    pub division: String,
    #[serde(default)]
    pub name: String,
    /// Deliveries that were walked.
    pub links: i64,
    /// 发货后久未收货
    pub on_way: i64,
    /// 来源在平台以外
    pub outside: i64,
    /// 数量不明
    pub unknown: i64,
    /// 收货少于发货
    pub missing: i64,
    /// Drills that came to this county.
    #[serde(default)]
    pub drills: i64,
}

impl Links {
    pub fn broken(&self) -> i64 {
        self.on_way + self.outside + self.unknown + self.missing
    }
}

/// Figures over drills.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct DrillFigures {
    pub drills: i64,
    /// First and last day of those counted; empty: none.
    pub from: String,
    pub to: String,
    /// Time to trace, µs: half, nine in ten, ninety-nine in a hundred, the longest.
    pub p50: i64,
    pub p90: i64,
    pub p99: i64,
    pub most: i64,
    pub links: i64,
    pub broken: i64,
    pub counties: Vec<Links>,
    pub simulated: bool,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewDrill {
    /// Any lot; drawn where it is not said.
    pub lot: Option<LotNo>,
}

/// Somebody who follows a batch, as an officer sees it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Follower {
    pub token: String,
    /// Masked.
    pub phone: String,
    pub at: Millis,
}
