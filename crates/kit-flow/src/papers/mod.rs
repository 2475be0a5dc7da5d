//! The text of numbered documents (文书): filled from a template in the transaction that takes the number, and kept.
//!
//! A document whose fields are not all there is refused with the action that would issue it, and the refusal names each.
//! What the house issues by itself when a clock is over cannot wait: there the gap is named in the text.

pub mod fill;
pub mod template;
pub mod words;

use std::collections::BTreeMap;

use kit_base::clock::china_day;
use kit_base::{Error, Ids, Millis, Result};
use kit_db::Tx;
use kit_web::{Act, House};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::engine::Case;
use crate::flows::Flows;
use crate::log::{Body, Effect, Entry};
use crate::store::papers as store;
use fill::{Content, Values};
use template::{Piece, Sheet, Template, pieces};

/// Letters and digits that nobody takes for one another.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// Bytes of a seal's picture.
pub const SEAL_LIMIT: u64 = 1024 * 1024;

/// Fields that stand behind a case: of the organ and the business, or of a room.
pub type Fields = fn(&mut Act, &Case) -> Result<Map<String, Value>>;

/// What a room hands in for the documents of its kind.
#[derive(Clone, Copy)]
pub struct Words {
    pub kind: &'static str,
    pub fields: Fields,
    /// Their names, for the test of templates.
    pub names: &'static [&'static str],
}

/// What a room has to say of a document after it was issued: each a sentence that whoever holds the document may read.
pub type Remarks = fn(&mut Tx, &Paper) -> Result<Vec<String>>;

/// A document that a room keeps itself, by the code on it.
pub type Others = fn(&mut Tx, &str) -> Result<Option<crate::answers::Genuine>>;

/// Templates, and where fields come from. Brought into [`Flows`] when the house opens.
pub struct Papers {
    templates: BTreeMap<(String, String), Template>,
    base: Fields,
    rooms: Vec<Words>,
    seal: fn(&House, &str) -> Result<Option<Vec<u8>>>,
    remarks: Vec<Remarks>,
    others: Vec<Others>,
}

impl Papers {
    /// `sheets`: texts of data/documents; `base`: the fields of [`template::BASE`] about organ and business, and
    /// `organ.division`, whose seal it is; `seal`: the picture of the seal of a division.
    ///
    /// Errors: `documents_syntax`.
    pub fn open(
        sheets: &[&str],
        base: Fields,
        rooms: &[Words],
        seal: fn(&House, &str) -> Result<Option<Vec<u8>>>,
    ) -> Result<Self> {
        let mut templates = BTreeMap::new();
        for text in sheets {
            let sheet = Sheet::read(text)?;
            for template in sheet.documents {
                templates.insert((sheet.kind.clone(), template.code.clone()), template);
            }
        }
        Ok(Self { templates, base, rooms: rooms.to_vec(), seal, remarks: Vec::new(), others: Vec::new() })
    }

    /// With what rooms say of documents after they were issued.
    #[must_use]
    pub fn remarked(self, remarks: &[Remarks]) -> Self {
        Self { remarks: remarks.to_vec(), ..self }
    }

    /// With documents that rooms keep themselves.
    #[must_use]
    pub fn with_others(self, others: &[Others]) -> Self {
        Self { others: others.to_vec(), ..self }
    }

    pub(crate) fn other(&self, tx: &mut Tx, code: &str) -> Result<Option<crate::answers::Genuine>> {
        for of in &self.others {
            if let Some(found) = of(tx, code)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// What is to be said of a document after it was issued, in the order of the rooms.
    pub(crate) fn said_of(&self, tx: &mut Tx, paper: &Paper) -> Result<Vec<String>> {
        let mut out = Vec::new();
        for of in &self.remarks {
            out.extend(of(tx, paper)?);
        }
        Ok(out)
    }
}

/// A document as it was issued.
#[derive(Debug, Clone, PartialEq)]
pub struct Paper {
    pub case: String,
    pub number: String,
    pub code: String,
    pub title: String,
    pub organ: String,
    /// The code on it.
    pub verify: String,
    /// [`Content`] as JSON, as it was hashed.
    pub content: String,
    pub hash: String,
    /// Empty: none.
    pub seal: String,
    pub issued_at: Millis,
    /// 作废
    pub annulled_at: Option<Millis>,
}

impl Paper {
    pub fn read(&self) -> Result<Content> {
        serde_json::from_str(&self.content).map_err(Error::internal)
    }
}

/// Writes the text of every document that an entry issued.
///
/// Errors: `document_field_missing` with each field, except for the house itself.
pub(crate) fn keep(act: &mut Act, flows: &Flows, case: &Case, entry: &Entry, body: &Body) -> Result<()> {
    let Some(papers) = flows.papers() else { return Ok(()) };
    for effect in &body.effects {
        let Effect::Issued { code, number, .. } = effect else { continue };
        let kind = &case.state.opened.kind;
        let Some(template) = papers.templates.get(&(kind.clone(), code.clone())) else { continue };
        keep_one(act, flows, papers, case, entry, template, number)?;
    }
    Ok(())
}

#[allow(clippy::too_many_arguments, reason = "the parts of one document")]
fn keep_one(
    act: &mut Act,
    flows: &Flows,
    papers: &Papers,
    case: &Case,
    entry: &Entry,
    template: &Template,
    number: &str,
) -> Result<()> {
    let fields = fields(act, papers, case, entry, number)?;
    let people = people(act, flows, template, &fields)?;
    let values = Values { definition: &case.pinned.definition, fields: &fields, people: &people };
    let (content, missing) = fill::fill(template, &values, case.state.opened.simulated);
    if let Some(refusal) = missing.refusal(&template.title)
        && !entry.user.is_empty()
    {
        return Err(refusal);
    }
    let division = fields.get("organ.division").and_then(Value::as_str).unwrap_or("");
    let seal = match (papers.seal)(&act.cx.house, division)? {
        Some(picture) => {
            let hash = hex::encode(Sha256::digest(&picture));
            store::add_seal(act.tx, &hash, &picture)?;
            hash
        }
        None => String::new(),
    };
    let text = serde_json::to_string(&content).map_err(Error::internal)?;
    let paper = Paper {
        case: case.id.clone(),
        number: number.to_owned(),
        code: template.code.clone(),
        title: content.title,
        organ: content.organ,
        verify: code(act.ids()),
        hash: hex::encode(Sha256::digest(text.as_bytes())),
        content: text,
        seal,
        issued_at: entry.occurred_at,
        annulled_at: None,
    };
    store::add(act.tx, &paper)
}

/// A code that cannot be guessed: 80 bits.
fn code(ids: &Ids) -> String {
    let bytes: [u8; 16] = ids.bytes();
    bytes.iter().map(|b| char::from(ALPHABET[usize::from(b & 31)])).collect()
}

/// Everything that a template of this case may name; what the room hands in stands above what forms said.
fn fields(
    act: &mut Act,
    papers: &Papers,
    case: &Case,
    entry: &Entry,
    number: &str,
) -> Result<Map<String, Value>> {
    let state = &case.state;
    let mut fields = state.data.clone();
    fields.extend((papers.base)(act, case)?);
    for (action, people) in &state.doers {
        let mut names: Vec<&str> = Vec::new();
        for person in people {
            if !person.name.is_empty() && !names.contains(&person.name.as_str()) {
                names.push(&person.name);
            }
        }
        fields.insert(format!("doers.{action}"), json!(names));
    }
    for (clock, timer) in &state.clocks {
        fields.insert(format!("last_day.{clock}"), json!(timer.due.last_day));
    }
    for document in state.documents.iter().filter(|d| d.annulled_at.is_none()) {
        fields.insert(format!("number.{}", document.code), json!(document.number));
        fields.insert(format!("date.{}", document.code), json!(china_day(document.issued_at).to_string()));
    }
    let own = [
        ("case.number", json!(state.opened.number)),
        ("case.title", json!(state.opened.title)),
        ("case.opened", json!(china_day(state.opened_at).to_string())),
        ("doc.number", json!(number)),
        ("doc.date", json!(china_day(entry.occurred_at).to_string())),
        ("by", json!(entry.user_name)),
        ("note", json!(entry.note)),
    ];
    fields.extend(own.map(|(name, value)| (name.to_owned(), value)));
    for room in papers.rooms.iter().filter(|r| r.kind == state.opened.kind) {
        fields.extend((room.fields)(act, case)?);
    }
    Ok(fields)
}

/// Names of the people whom the template's fields name by id.
fn people(
    act: &mut Act,
    flows: &Flows,
    template: &Template,
    fields: &Map<String, Value>,
) -> Result<BTreeMap<String, String>> {
    let mut out = BTreeMap::new();
    for piece in template.texts().into_iter().flat_map(pieces) {
        let Piece::Field(f) = piece else { continue };
        if f.format != "people" {
            continue;
        }
        for user in crate::decide::users(fields.get(f.name)) {
            if let Some(actor) = flows.person(&act.cx.house, act.tx, &user)? {
                out.insert(user, actor.name);
            }
        }
    }
    Ok(out)
}
