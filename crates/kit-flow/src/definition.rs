//! What a kind of case is, as data: a JSON file of data/flows, hashed as it stands and pinned to each case.
//!
//! New fields must have a default, for old definitions are read for ever.

use std::collections::BTreeMap;

use kit_base::workdays::Period;
use kit_base::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Statuses that a kind may have; more is two kinds.
pub const MOST_STATUSES: usize = 8;

/// One version of one kind of case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// `snake_case`, the same in all versions.
    pub kind: String,
    /// From 1; another text needs another number.
    pub version: u32,
    /// Chinese.
    pub name: String,
    /// The laws it follows.
    pub source: String,
    /// Permission to look at a case of this kind, where it lies.
    pub read: String,
    /// Permission to begin one.
    pub begin: String,
    /// How the case itself is numbered: `排查〔{year}〕{no}`; series by division and year.
    #[serde(default)]
    pub number: Option<String>,
    /// The status that it begins in.
    pub start: String,
    pub statuses: Vec<Status>,
    #[serde(default)]
    pub flags: Vec<Named>,
    #[serde(default)]
    pub tasks: Vec<TaskKind>,
    #[serde(default)]
    pub clocks: Vec<ClockKind>,
    #[serde(default)]
    pub documents: Vec<DocumentKind>,
    pub actions: Vec<Action>,
    pub ops: Ops,
    /// People of each role that the smallest office (and a business) has: the check of separations counts with them.
    pub staff: BTreeMap<String, u8>,
}

/// A code and its Chinese name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Named {
    pub code: String,
    pub name: String,
}

/// Where a case may stand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Status {
    pub code: String,
    pub name: String,
    /// Nothing happens after it.
    #[serde(default)]
    pub end: bool,
    /// Opened when it is entered, closed when it is left.
    #[serde(default)]
    pub tasks: Vec<String>,
    /// Started when it is entered, stopped when it is left.
    #[serde(default)]
    pub clocks: Vec<String>,
    /// Why no clock runs here; every open status has a clock or this.
    #[serde(default)]
    pub no_clock: Option<String>,
    /// Whoever has it may not send it back (退回) to where it came from.
    #[serde(default)]
    pub no_return: bool,
}

/// Something that somebody does, or the house itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Action {
    pub code: String,
    pub name: String,
    /// Statuses in which it may be done.
    pub from: Vec<String>,
    /// The status after it; none: the same.
    #[serde(default)]
    pub to: Option<String>,
    /// One of these must fit.
    pub who: Vec<Rule>,
    /// Separation of duties: none of these may be the same person. `drafter`, `last:ACTION`, `any:ACTION`, `named:FIELD`
    /// whom a form or the opening named in a field of people.
    #[serde(default)]
    pub not: Vec<String>,
    #[serde(default)]
    pub form: Vec<Field>,
    #[serde(default)]
    pub needs: Vec<Need>,
    #[serde(default)]
    pub effects: Vec<Do>,
    /// The task that it ends; with 会签 each seat does it once.
    #[serde(default)]
    pub task: Option<String>,
    /// It may not be taken back (撤回).
    #[serde(default)]
    pub lasting: bool,
    /// The house does it when another room tells of something (a visit was recorded), not when a clock is over.
    #[serde(default, skip_serializing_if = "is_false")]
    pub by_room: bool,
    /// Article, where there is one.
    #[serde(default)]
    pub statute: String,
    /// How sure the article is: [`CERTAINTIES`]; empty where nobody has said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub certainty: String,
}

/// `statute` read in the text of the law; `page` told by a public page; `confirmed` checked against real cases;
/// `H`, `M`, `L` from general knowledge, of high, medium and low confidence; `setting` set by this platform, no law;
/// `practice` as offices do it.
pub const CERTAINTIES: [&str; 8] = ["statute", "page", "confirmed", "H", "M", "L", "setting", "practice"];

#[allow(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// Who may: a permission (a role and its jurisdiction) and a relation to the case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Permission code; `house` is the house itself, when a clock is over.
    pub may: String,
    #[serde(default)]
    pub relation: Relation,
    /// Where the permission must reach.
    #[serde(default)]
    pub at: At,
}

/// What somebody is to a case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    #[default]
    Anyone,
    /// Has a seat at the action's task.
    Assignee,
    /// Began the case.
    Drafter,
    /// Acts for the business that it is about.
    Subject,
}

/// Which place a permission must reach.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum At {
    /// The division that the case lies in.
    #[default]
    Case,
    /// The level that has it now: higher up after an escalation.
    Handled,
}

/// A field of an action's form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    pub code: String,
    pub name: String,
    pub kind: FieldKind,
    #[serde(default)]
    pub required: bool,
    /// Choices, where it is one.
    #[serde(default)]
    pub options: Vec<Named>,
    /// Characters of a text, or entries of a list.
    #[serde(default)]
    pub most: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    Text,
    /// `2026-03-01`
    Date,
    Number,
    /// Fen, not less than nothing.
    Money,
    Bool,
    Choice,
    /// User id.
    User,
    Users,
    /// Ids of things that the room keeps (evidence).
    Ids,
}

/// What must be so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Need {
    Flag(String),
    NoFlag(String),
    /// Runs.
    Clock(String),
    /// A document of this kind is issued and stands.
    Document(String),
    ChildrenEnded,
    /// At least so many people did it.
    Doers {
        of: String,
        least: u8,
    },
    /// Something that the room finds out and hands in.
    Fact(String),
}

impl Need {
    /// Where a refusal points to: the kind of need and what it names, `flag/told`.
    pub fn place(&self) -> String {
        match self {
            Self::Flag(name) => format!("flag/{name}"),
            Self::NoFlag(name) => format!("no_flag/{name}"),
            Self::Clock(name) => format!("clock/{name}"),
            Self::Document(name) => format!("document/{name}"),
            Self::ChildrenEnded => "children_ended".to_owned(),
            Self::Doers { of, .. } => format!("doers/{of}"),
            Self::Fact(name) => format!("fact/{name}"),
        }
    }
}

/// What an action brings about beside the new status.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Do {
    Flag(String),
    Unflag(String),
    Start(String),
    Stop(String),
    /// A clock that runs has another period now and keeps its beginning; nothing where it does not run.
    Renew(String),
    Document(String),
    /// Opens a case of this kind under this one, about the same business.
    Child(String),
    /// The level above has it from now on.
    Escalate,
}

/// Something to be done by somebody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskKind {
    pub code: String,
    pub name: String,
    /// Who may have it.
    pub may: String,
    /// `pool` whoever may claims it, `form:FIELD` as the form says, `last:ACTION`, `drafter`, `subject` the business.
    pub seats: String,
    #[serde(default)]
    pub mode: Mode,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// 或签: one of the seats does it for all.
    #[default]
    Any,
    /// 会签: every seat does it.
    All,
}

/// A deadline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClockKind {
    pub code: String,
    pub name: String,
    /// As the statute writes it; or `until`.
    #[serde(default)]
    pub period: Option<Period>,
    /// Name of a period that the case began with (`terms` of its data): the rule of its own kind of licence or province
    /// as it stood that day, in place of `period`. Without either the clock is not started. A field in braces stands for what a
    /// form says of it: `finish{grade}` is `finish2` where the grade is 2.
    #[serde(default)]
    pub given: Option<String>,
    /// It counts from the beginning of this clock, of the case (`opened`), or from the day in a field of a form
    /// (`form:FIELD`: the day on which a document was served), and not from when it is started.
    #[serde(default)]
    pub since: Option<String>,
    /// It has what the one of these that goes on has left, and its own period more (延长).
    #[serde(default)]
    pub more_of: Vec<String>,
    /// The form field that has the last day.
    #[serde(default)]
    pub until: Option<String>,
    /// The day in that field may not lie further than this.
    #[serde(default)]
    pub most: Option<Period>,
    /// Statuses outside of which it is stopped, for a clock that an action starts; none: it runs to the case's end.
    #[serde(default)]
    pub within: Vec<String>,
    /// Statuses in which it stands still: a hearing, whose time the law does not count.
    #[serde(default)]
    pub still: Vec<String>,
    /// A suspension (挂起) stops it.
    #[serde(default)]
    pub pausable: bool,
    /// So many hours before it is over the case is marked as due soon.
    #[serde(default)]
    pub remind_hours: Option<u32>,
    /// The action that the house does when it is over.
    #[serde(default)]
    pub expiry: Option<String>,
    /// Why nothing happens when it is over, where nothing does.
    #[serde(default)]
    pub lapses: Option<String>,
    /// Article, where there is one.
    #[serde(default)]
    pub statute: String,
    /// How sure the article is: [`CERTAINTIES`]; empty where nobody has said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub certainty: String,
}

/// A numbered document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentKind {
    pub code: String,
    pub name: String,
    /// `食责改〔{year}〕{no}号`; numbers run by division and year without gaps.
    pub number: String,
}

/// Who may use the operations of the kit that are not everybody's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ops {
    /// May hand over tasks of others, urge, and end a lock: leaders.
    pub oversee: String,
    #[serde(default)]
    pub suspend: Option<Suspend>,
    #[serde(default)]
    pub terminate: Option<Special>,
    #[serde(default)]
    pub void: Option<Special>,
    #[serde(default)]
    pub backfill: Option<Backfill>,
}

/// 挂起, for the reasons that the law lets a clock stop for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Suspend {
    pub may: String,
    pub reasons: Vec<String>,
}

/// 终止, 作废.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Special {
    pub may: String,
    #[serde(default)]
    pub not: Vec<String>,
}

/// 补录
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Backfill {
    pub may: String,
    /// No further back than this.
    pub days: u16,
}

/// The field that the name of a period has in braces.
pub(crate) fn field_of_given(name: &str) -> Option<&str> {
    name.split_once('{')?.1.strip_suffix('}')
}

impl Definition {
    /// Reads a definition; the place of a fault is its field.
    ///
    /// Errors: `definition_syntax`.
    pub fn read(text: &str) -> Result<Self> {
        let mut json = serde_json::Deserializer::from_str(text);
        serde_path_to_error::deserialize(&mut json).map_err(|e| {
            let place = e.path().to_string();
            Error::invalid(place, "definition_syntax", format!("流程定义有误：{}", e.inner()))
        })
    }

    pub fn status(&self, code: &str) -> Option<&Status> {
        self.statuses.iter().find(|s| s.code == code)
    }

    pub fn action(&self, code: &str) -> Option<&Action> {
        self.actions.iter().find(|a| a.code == code)
    }

    pub fn task(&self, code: &str) -> Option<&TaskKind> {
        self.tasks.iter().find(|t| t.code == code)
    }

    pub fn clock(&self, code: &str) -> Option<&ClockKind> {
        self.clocks.iter().find(|c| c.code == code)
    }

    pub fn document(&self, code: &str) -> Option<&DocumentKind> {
        self.documents.iter().find(|d| d.code == code)
    }

    /// Every permission that it asks for.
    pub fn permissions(&self) -> Vec<&str> {
        let mut out = vec![self.read.as_str(), &self.begin, &self.ops.oversee];
        out.extend(self.actions.iter().flat_map(|a| &a.who).map(|r| r.may.as_str()).filter(|m| *m != HOUSE));
        out.extend(self.tasks.iter().map(|t| t.may.as_str()));
        out.extend(self.ops.suspend.iter().map(|s| s.may.as_str()));
        out.extend(self.ops.terminate.iter().chain(&self.ops.void).map(|s| s.may.as_str()));
        out.extend(self.ops.backfill.iter().map(|b| b.may.as_str()));
        out.sort_unstable();
        out.dedup();
        out
    }
}

/// What stands for the house itself among permissions.
pub const HOUSE: &str = "house";

/// The name of a definition: SHA-256 of its text, hex.
pub fn hash_of(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}
