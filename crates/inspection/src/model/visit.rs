//! Visits as lists and pages show them.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::checklist::{Checklist, ChecklistHead, VisitKind};

/// A visit to be planned.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVisit {
    /// data/visit-kinds.csv
    pub kind: String,
    /// Business.
    pub party: String,
    /// One of its further premises; empty for the business itself.
    #[serde(default)]
    pub site: String,
    /// Code of a checklist; empty: that of its kind of business.
    #[serde(default)]
    pub checklist: String,
    /// User ids, at least two.
    pub officers: Vec<String>,
    /// Last day: `2026-03-10`.
    pub due: String,
    #[serde(default)]
    pub reason: String,
}

/// Somebody who is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Officer {
    pub user: String,
    pub name: String,
}

impl FromRow for Officer {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self { user: r.get(0)?, name: r.get(1)? })
    }
}

/// A visit as lists show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Visit {
    /// Also the id of its case.
    pub id: String,
    /// 检查〔2026〕1号
    pub number: String,
    /// On the record: who scans it answers.
    pub code: String,
    pub kind: String,
    pub kind_name: String,
    pub party: String,
    pub name: String,
    pub party_kind: String,
    pub address: String,
    /// Degrees, WGS-84; of the premises.
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    /// Empty: the business itself.
    pub site: String,
    pub division: String,
    /// Hash of the version of its checklist.
    pub checklist: String,
    /// Last day.
    pub due: String,
    /// First moment at which it is late.
    pub due_at: Millis,
    pub reason: String,
    /// Who is sent.
    pub officers: Vec<Officer>,
    /// Empty: none.
    pub draw: String,
    /// Empty: none.
    pub plan: String,
    pub planned_at: Millis,
    pub recorded_at: Option<Millis>,
    /// 检查记录〔2026〕1号; empty before.
    pub record_no: String,
    /// no_issue, issue_found; empty before.
    pub conclusion: String,
    /// onsite_correct, rectify, case
    pub handling: Vec<String>,
    /// Items that do not hold.
    pub bad: i64,
    pub publish_by: Option<Millis>,
    pub published_at: Option<Millis>,
    /// planned, on_site, recorded, reviewing, held, published, cancelled
    pub status: String,
    /// open, suspended, done, terminated, void
    pub phase: String,
    pub level: i64,
    pub simulated: bool,
    /// Metres from the stop before, in route order; only in today's list.
    pub next_m: Option<i64>,
    /// The case that asked for it: an application for a licence; empty none.
    pub about: String,
}

/// Columns of a visit, in this order.
impl FromRow for Visit {
    fn from_row(r: &Row) -> Result<Self> {
        let handling: String = r.get(18)?;
        Ok(Self {
            id: r.get(0)?,
            number: r.get(1)?,
            code: r.get(2)?,
            kind: r.get(3)?,
            kind_name: String::new(),
            party: r.get(4)?,
            name: String::new(),
            party_kind: r.get(5)?,
            address: String::new(),
            lon: None,
            lat: None,
            site: r.get(6)?,
            division: r.get(7)?,
            checklist: r.get(8)?,
            due: r.get(9)?,
            due_at: r.get(10)?,
            reason: r.get(11)?,
            officers: Vec::new(),
            draw: r.get(12)?,
            plan: r.get(13)?,
            planned_at: r.get(14)?,
            recorded_at: r.get(15)?,
            record_no: r.get(16)?,
            conclusion: r.get(17)?,
            handling: handling.split(',').filter(|h| !h.is_empty()).map(str::to_owned).collect(),
            bad: r.get(19)?,
            publish_by: r.get(20)?,
            published_at: r.get(21)?,
            status: r.get(22)?,
            phase: r.get(23)?,
            level: r.get(24)?,
            simulated: r.get::<i64>(25)? == 1,
            next_m: None,
            about: r.get(26)?,
        })
    }
}

/// 回避: an officer who may not inspect a business.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Recusal {
    pub officer: String,
    pub party: String,
    /// Of the officer.
    pub name: String,
    pub party_name: String,
    pub division: String,
    pub reason: String,
    /// Who noted it.
    pub by_name: String,
    pub at: Millis,
}

impl FromRow for Recusal {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            officer: r.get(0)?,
            party: r.get(1)?,
            name: r.get(2)?,
            party_name: String::new(),
            division: r.get(3)?,
            reason: r.get(4)?,
            by_name: r.get(5)?,
            at: r.get(6)?,
        })
    }
}

/// What is wanted of the list of them.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct RecusalQuery {
    /// Text in the officer's name, the name of the business or the reason.
    pub q: Option<String>,
    /// 1: only the asker's own.
    pub mine: Option<i64>,
    /// at, name, party_name; with `-` the other way. Left out: the latest first.
    pub sort: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// One to be noted.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRecusal {
    /// User id.
    pub officer: String,
    pub party: String,
    pub reason: String,
}

/// What is wanted of the list.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct VisitQuery {
    /// Text in the numbers or the reason.
    pub q: Option<String>,
    pub party: Option<String>,
    pub kind: Option<String>,
    pub status: Option<String>,
    /// `open` goes on, `late` overdue and not recorded, `done`.
    pub state: Option<String>,
    /// no_issue, issue_found
    pub conclusion: Option<String>,
    pub draw: Option<String>,
    pub plan: Option<String>,
    /// Prefix of divisions.
    pub division: Option<String>,
    /// First day planned: `2026-03-01`.
    pub from: Option<String>,
    /// Last day planned.
    pub to: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// What is wanted of today's list.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct MineQuery {
    /// `2026-03-03`; today where it is not given.
    pub date: Option<String>,
    /// Visits due within so many days after it count too; 7 where it is not given.
    pub ahead: Option<i64>,
    /// Where the route begins, degrees, WGS-84.
    pub lon: Option<f64>,
    pub lat: Option<f64>,
}

/// A finding in brief.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FoundView {
    pub id: String,
    pub number: String,
    pub code: String,
    /// Item of the checklist; empty where it came otherwise.
    pub item: String,
    pub what: String,
    pub severity: String,
    pub status: String,
    pub due_at: Option<Millis>,
    pub closed_at: Option<Millis>,
}

/// A visit with all that belongs to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VisitView {
    pub visit: Visit,
    pub kind_of: VisitKind,
    pub checklist_name: String,
    pub checklist_version: i64,
    /// `None` before it was handed in.
    pub record: Option<super::RecordView>,
    pub findings: Vec<FoundView>,
    /// Findings that go on.
    pub open_findings: i64,
    /// 监督抽考
    pub exams: Vec<super::ExamView>,
    /// Where the business answers.
    pub answer_url: String,
}

/// A licence in the dossier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PackLicence {
    pub kind: String,
    pub number: String,
    pub issued: String,
    pub expires: String,
}

/// The business as an officer needs it on the way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PackBusiness {
    pub id: String,
    pub code: String,
    pub name: String,
    pub kind: String,
    pub address: String,
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    pub status: String,
    pub licences: Vec<PackLicence>,
    /// A to D; `null` where none is known.
    pub grade: Option<String>,
}

/// An earlier visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PackVisit {
    pub id: String,
    pub number: String,
    pub kind: String,
    pub recorded_at: Option<Millis>,
    pub conclusion: String,
    pub bad: i64,
}

/// Who works on it without a network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LockState {
    pub user: String,
    pub name: String,
    pub until: Millis,
    pub device: String,
}

/// All that a visit needs without a network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Pack {
    pub visit: Visit,
    pub kind: VisitKind,
    pub business: PackBusiness,
    /// Its last recorded visits, the latest first, at most ten.
    pub visits: Vec<PackVisit>,
    /// Its findings that go on, at most fifty.
    pub findings: Vec<FoundView>,
    pub checklist: PackChecklist,
    /// 监督抽考; `null` where the kind of visit has none.
    pub exam: Option<super::PackExam>,
    /// `null`: not locked.
    pub lock: Option<LockState>,
    /// The code of the record goes behind it.
    pub answer_url: String,
    pub made_at: Millis,
}

/// The pinned version, with its items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PackChecklist {
    pub hash: String,
    pub code: String,
    pub version: i64,
    pub name: String,
    pub items: Vec<super::Item>,
}

impl From<Checklist> for PackChecklist {
    fn from(c: Checklist) -> Self {
        let ChecklistHead { hash, code, version, name, .. } = c.head;
        Self { hash, code, version, name, items: c.list }
    }
}
