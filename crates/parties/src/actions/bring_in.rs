//! Many businesses at once: sheets, the simulator, networks of an incident.

use std::sync::Arc;

use kit_base::{Error, Ids, Millis, Result};
use kit_db::Tx;

use super::{changed, made, twin};
use crate::model::{Change, FieldChange, NewParty, Party, Status};
use crate::reference::Reference;
use crate::rules;
use crate::search::{Entry, Search};
use crate::store::{self, Whole};

/// What to do with a business that is already there.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Existing {
    /// The row is a defect.
    #[default]
    Refuse,
    /// The row writes it over.
    Update,
}

/// One checked input of many.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// Tidied and checked.
    pub new: NewParty,
    /// 主体码 that the row names, in plain form.
    pub code: Option<String>,
    pub status: Option<Status>,
    /// The row had masked persons, which were left out.
    pub masked: bool,
}

/// What became of one input.
#[derive(Debug)]
pub enum Brought {
    Added,
    Updated,
    /// An earlier run of the same job had added it.
    Again,
    Refused(Error),
}

/// From where inputs come, and who answers for them.
#[derive(Debug, Clone)]
pub struct Source {
    /// Job or command; rows that it has added before are passed over, so that it may run twice.
    pub origin: String,
    pub actor: String,
    pub existing: Existing,
    pub simulated: bool,
}

/// Takes in a batch of checked inputs in the running transaction, no two of them the same business; answers what became
/// of each, in their order. Search hears of them after the commit.
pub fn take_in(
    tx: &mut Tx,
    ids: &Ids,
    now: Millis,
    search: &Arc<Search>,
    source: &Source,
    may: &dyn Fn(&str, &str) -> bool,
    batch: Vec<Incoming>,
) -> Result<Vec<Brought>> {
    let mut outcomes = Vec::with_capacity(batch.len());
    let mut added: Vec<Whole> = Vec::new();
    let mut entries: Vec<Entry> = Vec::new();
    let first = store::take_seq(tx, batch.len() as i64)?;
    for (seq, incoming) in (first..).zip(batch) {
        let there = match &incoming.code {
            Some(code) => Some(named(tx, code, may)?),
            None => twin(tx, &incoming.new)?.map(|(party, by)| match source.existing {
                _ if party.origin == source.origin => Ok((party, true)),
                Existing::Update if may(&party.division, &party.id) => Ok((party, false)),
                _ => Err(by.refusal(&party)),
            }),
        };
        let outcome = match there {
            Some(Err(error)) => Brought::Refused(error),
            Some(Ok((_, true))) => Brought::Again,
            Some(Ok((party, false))) => {
                let whole = over(tx, ids, now, seq, source, party, incoming)?;
                entries.push(whole.entry());
                Brought::Updated
            }
            None if incoming.masked => {
                let text = "姓名或电话是隐去的（含 *），新增主体请填写完整";
                Brought::Refused(Error::invalid("people", "people_masked", text))
            }
            None => {
                let mut whole = made(ids, now, seq, &source.origin, source.simulated, incoming.new);
                whole.party.status = incoming.status.unwrap_or(Status::Active);
                entries.push(whole.entry());
                added.push(whole);
                Brought::Added
            }
        };
        outcomes.push(outcome);
    }
    store::insert(tx, &added)?;
    let search = Arc::clone(search);
    tx.after_commit(move || search.apply(&entries));
    Ok(outcomes)
}

/// The business that a row names by its code.
fn named(tx: &mut Tx, code: &str, may: &dyn Fn(&str, &str) -> bool) -> Result<Result<(Party, bool)>> {
    let found = store::by_code(tx, code)?.filter(|p| may(&p.division, &p.id));
    let missing = || {
        let text = format!("没有主体码为 {code} 的主体，或不在您的辖区内；新增主体请把主体码留空");
        Error::new(kit_base::Kind::NotFound, "code_unknown", text).at("code")
    };
    Ok(found.map(|p| (p, false)).ok_or_else(missing))
}

/// Writes a business over with what a row says. What the sheet has no column for, or leaves empty, stays.
fn over(
    tx: &mut Tx,
    ids: &Ids,
    now: Millis,
    seq: i64,
    source: &Source,
    old: Party,
    incoming: Incoming,
) -> Result<Whole> {
    let id = old.id.clone();
    let licences = store::licences(tx, &id)?;
    let people = store::people(tx, &id)?;
    let new = crate::sheet::merged(&old, &licences, incoming.new);
    let mut changes = rules::changes(&old, &licences, &people, &new);
    let before = old.status;
    let mut whole = changed(ids, now, seq, old, people, new);
    if let Some(status) = incoming.status.filter(|s| *s != before) {
        whole.party.status = status;
        let (old, new) = (before.as_str().to_owned(), status.as_str().to_owned());
        changes.push(FieldChange { field: "status".to_owned(), old, new });
    }
    store::update(tx, &whole)?;
    let change = Change { at: now, actor: source.actor.clone(), action: "update".to_owned(), changes };
    store::add_change(tx, &ids.next(now), &id, seq, &change)?;
    Ok(whole)
}

/// What made businesses that no person recorded.
#[derive(Debug, Clone, Copy)]
pub struct Program<'a> {
    /// Kept with each of them as its origin.
    pub name: &'a str,
    /// Whether they bear the mark of simulated data.
    pub simulated: bool,
}

/// Adds businesses that a program made (the simulator, an incident network); answers them in the order of the inputs.
/// They are checked as any other input; that no two are the same business is the program's care, but a credit code that
/// somebody has is refused by the table (`unique_violation` at `parties_uscc`).
pub fn bring_in(
    tx: &mut Tx,
    ids: &Ids,
    now: Millis,
    search: &Arc<Search>,
    known: &Reference,
    program: Program<'_>,
    inputs: Vec<NewParty>,
) -> Result<Vec<Party>> {
    let first = store::take_seq(tx, inputs.len() as i64)?;
    let mut added = Vec::with_capacity(inputs.len());
    for (i, new) in inputs.into_iter().enumerate() {
        let new = rules::tidied(new);
        rules::check_party(&new, known).map_err(|e| e.under(i))?;
        added.push(made(ids, now, first + i as i64, program.name, program.simulated, new));
    }
    store::insert(tx, &added)?;
    let entries: Vec<Entry> = added.iter().map(Whole::entry).collect();
    let search = Arc::clone(search);
    tx.after_commit(move || search.apply(&entries));
    Ok(added.into_iter().map(|w| w.party).collect())
}
