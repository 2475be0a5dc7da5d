//! What a room asks of the room of sampling: a sample to be taken, and how far it is. The server puts the two together
//! ([`Sampling`] is held in the house); rooms never name one another.

use kit_base::{Millis, Result};
use kit_db::Tx;
use kit_flow::engine::{self, Duty};
use kit_flow::{Case, Flows};
use kit_web::Act;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A sample to be taken.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Where it is sampled.
    pub party: String,
    /// national, province, city, county
    pub source: String,
    /// inner, outer, quality
    pub mode: String,
    /// produce, trade, catering
    pub stage: String,
    /// Place in the tree of foods: `14.1`.
    pub category: String,
    pub food: String,
    pub lab: String,
    /// Two people.
    pub samplers: Vec<String>,
    /// Items that are to be tested, the most wanted first; none: as the laboratory and the law have it.
    #[serde(default)]
    pub items: Vec<String>,
}

/// How far a sample is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Course {
    pub id: String,
    /// 抽样单编号
    pub sample_no: String,
    pub food: String,
    pub party: String,
    pub taken_at: Option<Millis>,
    pub received_at: Option<Millis>,
    pub issued_at: Option<Millis>,
    /// conforms, fails (confirmed), monitored, none (refused, not found, rejected), overturned; empty: open
    pub result: String,
    pub closed_at: Option<Millis>,
}

/// What the room of sampling offers to others.
pub struct Sampling {
    /// Begins a sample as the one who asks. Errors: those of the room of sampling.
    pub begin: fn(&mut Act, &Order) -> Result<Course>,
    /// How far it is; `None` where there is no such sample.
    pub look: fn(&mut Tx, &str) -> Result<Option<Course>>,
}

/// What became of the failure of a sample after it stood.
#[derive(Debug, Clone)]
pub struct Change {
    /// Nothing is left of it; else part of it stands.
    pub whole: bool,
    /// In words, at most 480 characters.
    pub text: String,
}

/// A case that was told of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub id: String,
    pub number: String,
    /// It ended by that; else its people decide.
    pub ended: bool,
}

/// Tells a case that rests on the failure: as `unfounded` it ends, where `may_end` and its definition says so at this point; as
/// `ground_lost` its people decide; of a part it hears as `changed`. `None`: it has ended, or its older definition knows none of these.
pub fn tell(act: &mut Act, id: &str, may_end: bool, change: &Change) -> Result<Option<Told>> {
    let flows = act.cx.house.held::<Flows>();
    let Some(case) = engine::load(act.tx, &flows, id)? else { return Ok(None) };
    let words: &[&str] = match (change.whole, may_end) {
        (true, true) => &["unfounded", "ground_lost"],
        (true, false) => &["ground_lost"],
        (false, _) => &["changed"],
    };
    let here = |case: &Case, word: &str| {
        let action = case.pinned.definition.action(word);
        action.is_some_and(|a| a.by_room && a.from.contains(&case.state.status))
    };
    let Some(word) = words.iter().find(|w| here(&case, w)) else { return Ok(None) };
    let form = json!({ "change": change.text });
    let done = engine::by_house(act, &flows, id, Duty::Told(word, &form))?;
    let number = case.state.opened.number.clone();
    Ok(done.then(|| Told { id: id.to_owned(), number, ended: *word == "unfounded" }))
}
