//! Cases as their party sees them.

use kit_base::Millis;
use kit_flow::answers::{ActionView, ClockView};
use kit_flow::history::Said;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A case, a seizure or evidence kept, of which something was served on the business.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct MyCase {
    pub id: String,
    /// case, `case_simple`, preserve, seize
    pub kind: String,
    pub kind_name: String,
    pub number: String,
    /// The conduct, or what was seized or kept.
    pub what: String,
    /// The bureau that has it.
    pub organ: String,
    /// notice, hearing, working, decided, late, performed, exempt, revoked, kept, released, settled, ended
    pub stage: String,
    pub stage_name: String,
    /// What runs out next for the business; `null`: nothing.
    pub next: Option<ClockView>,
    /// Documents served.
    pub served: i64,
    /// The last day of service in China, `2026-03-01`.
    pub served_on: String,
    pub simulated: bool,
}

/// A case with all that the law lets its party see.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct MyCaseView {
    pub case: MyCase,
    /// The case that it belongs to; empty for none, or where nothing of that was served.
    pub above: String,
    pub clocks: Vec<ClockView>,
    pub documents: Vec<MyDocument>,
    /// What was handed in and no answer has named yet.
    pub files: Vec<MyFile>,
    /// What the business may do now.
    pub actions: Vec<ActionView>,
    /// What the business said and what was answered, the latest first.
    pub said: Vec<MyWord>,
    pub hearing: Option<MyHearing>,
    pub sums: Option<MySums>,
    /// The last entry of its log; goes with an act as `seen`.
    pub seq: i64,
}

/// A document that was served.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct MyDocument {
    pub name: String,
    pub number: String,
    /// The day of service in China.
    pub on: String,
    pub void: bool,
    /// The code on it, for `/doc/{code}`; empty: no text was kept.
    pub verify: String,
}

/// Something said, by the business or to it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct MyWord {
    pub at: Millis,
    /// What it was: 陈述、申辩.
    pub name: String,
    /// The business itself said it.
    pub own: bool,
    pub said: Vec<Said>,
    /// What was handed in with it.
    pub files: Vec<MyFile>,
}

/// What the business hands in with an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MyFile {
    pub id: String,
    /// Name of the file.
    pub title: String,
    /// image/jpeg, application/pdf …
    pub media: String,
    /// Bytes.
    pub size: i64,
    pub user_name: String,
    pub received_at: Millis,
    /// When an answer named it; `null` not yet: the bureau does not see it.
    pub sent_at: Option<Millis>,
}

/// How it is handed in; the name of the file comes in `X-File-Name`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct MyGiven {
    /// Number of an upload in pieces, in place of a body.
    pub upload: Option<String>,
}

/// 听证
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct MyHearing {
    /// `2026-03-01`
    pub on: String,
    /// Time and place.
    pub at: String,
}

/// What is to be paid, fen.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct MySums {
    pub fine: i64,
    pub confiscated: i64,
    /// 加处罚款 to today.
    pub surcharge: i64,
    pub total: i64,
    pub paid: i64,
}

/// What the business does.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MyAct {
    /// Code of one of `actions`.
    pub action: String,
    #[serde(default)]
    pub form: Value,
    /// The entry that was the last when the asker looked; another one since is a conflict.
    #[serde(default)]
    pub seen: Option<i64>,
    /// The client's own key: a repeat is answered and not done again.
    #[serde(default)]
    pub client_key: String,
}
