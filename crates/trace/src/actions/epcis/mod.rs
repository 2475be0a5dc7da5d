//! EPCIS documents into the ledger: what other systems declare becomes events, lots and inputs.
//!
//! What a document says is history declared by its importer: outside the stock checks, unknown amounts unknown. A file is
//! read twice: [`check`] finds every fault without holding the writer, [`capture`] writes in one transaction.

mod ledger;
pub(crate) mod products;
pub mod view;

use std::io::Read;

use kit_base::{Defect, Error, Kind, Result};
use kit_web::Act;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::actions::acting_party;
use crate::epcis::plan::Note;
use crate::epcis::{self, Captured, Contexts, Document, Item, Options, compare};
use crate::import::Place;
use crate::live::LiveGraph;
use crate::store::epcis as store;
use crate::store::events;

/// Defects that an answer names; the others are counted.
const MOST_DEFECTS: usize = 1_000;

/// How a document is to be taken.
#[derive(Debug, Clone, Default)]
pub struct Order {
    /// The business that declares; the only one of the person where it is not said.
    pub party: Option<String>,
    /// National numbers in place of EPC URIs and units of no weight, volume or count pass.
    pub lenient: bool,
    /// Good events go in and bad ones are told (`GS1-Capture-Error-Behaviour: proceed`); else all or nothing.
    pub proceed: bool,
}

impl Order {
    fn options(&self) -> Options {
        if self.lenient { Options::LENIENT } else { Options::STRICT }
    }
}

/// What became of a document.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct Capture {
    /// Id of the capture; the `batch` of its ledger events.
    pub capture: String,
    /// EPCIS events that went in.
    pub events: u64,
    /// EPCIS events that were there already, with the same content.
    pub repeated: u64,
    /// EPCIS events that were refused.
    pub refused: u64,
    /// Events and lots of the ledger that they became.
    pub moves: u64,
    pub lots: u64,
    /// What was wrong with those refused, the first thousand.
    pub defects: Vec<Place>,
}

/// Reads a document whole and answers it with the number of refused events and the first thousand defects.
///
/// Errors: those of [`epcis::read`]; without `proceed` `epcis_invalid` with the defects of all events.
pub fn check(input: impl Read, order: &Order) -> Result<(Document, u64, Vec<Defect>)> {
    let (mut refused, mut defects) = (0, Vec::new());
    let document = epcis::read(input, order.options(), &mut |item| {
        let wrong = match item {
            Item::Good(captured) => faults(&captured, order),
            Item::Bad { defects, .. } => defects,
        };
        refused += u64::from(!wrong.is_empty());
        defects.extend(wrong.into_iter().take(MOST_DEFECTS - defects.len().min(MOST_DEFECTS)));
        Ok(())
    });
    match document {
        Ok(document) if refused == 0 || order.proceed => Ok((document, refused, defects)),
        Ok(_) => Err(epcis_invalid(refused, defects)),
        Err(mut error) => {
            error.defects.extend(defects);
            Err(error)
        }
    }
}

fn epcis_invalid(refused: u64, defects: Vec<Defect>) -> Error {
    let first =
        defects.first().map(|d| format!("，第一处（{}）：{}", d.place, d.message)).unwrap_or_default();
    let text = format!("有 {refused} 个 EPCIS 事件不符合要求{first}");
    Error::new(Kind::Invalid, "epcis_invalid", text).with_defects(defects)
}

/// Writes a document that [`check`] found good, in the running transaction.
///
/// Errors: those of [`check`]; `event_id_taken` (the eventID is there with another content), `event_not_yours` (an error
/// declaration for an event of somebody else), `party_missing`, `party_unknown`.
pub fn capture(act: &mut Act, order: &Order, input: impl Read) -> Result<Capture> {
    let party = acting_party(act.tx, act.who(), order.party.as_deref())?;
    let mut keeper = ledger::Keeper::new(act.id(), party);
    let mut out = Capture { capture: keeper.batch.clone(), ..Capture::default() };
    epcis::read(input, order.options(), &mut |item| {
        let wrong = match item {
            Item::Bad { defects, .. } => defects,
            Item::Good(captured) => {
                let mut wrong = faults(&captured, order);
                if wrong.is_empty() {
                    match keep_one(act, &mut keeper, order, &captured, &mut out) {
                        Ok(()) => return Ok(()),
                        Err(e) if e.kind == Kind::Internal => return Err(e),
                        Err(e) => wrong.push(defect_of(&captured, e)),
                    }
                }
                wrong
            }
        };
        if !order.proceed {
            return Err(epcis_invalid(1, wrong));
        }
        out.refused += 1;
        let room = MOST_DEFECTS - out.defects.len().min(MOST_DEFECTS);
        out.defects.extend(wrong.into_iter().take(room).map(Place::from));
        Ok(())
    })?;
    (out.moves, out.lots) = (keeper.moves, keeper.lots);
    act.subject("capture", &out.capture, &keeper.party.division);
    act.note(
        json!({ "channel": "epcis", "events": out.events, "repeated": out.repeated, "refused": out.refused }),
    );
    Ok(out)
}

fn keep_one(
    act: &mut Act,
    keeper: &mut ledger::Keeper,
    order: &Order,
    captured: &Captured,
    out: &mut Capture,
) -> Result<()> {
    let kept = if order.proceed {
        let (cx, now, mark) = (act.cx, act.now, keeper.mark());
        let kept = act.tx.nested(|tx| keep_event(&mut Act::inside(tx, cx, now), keeper, captured));
        if kept.is_err() {
            keeper.back_to(mark);
        }
        kept
    } else {
        keep_event(act, keeper, captured)
    };
    match kept? {
        true => out.events += 1,
        false => out.repeated += 1,
    }
    Ok(())
}

/// Writes one event; `false` where it was there already.
fn keep_event(act: &mut Act, keeper: &mut ledger::Keeper, captured: &Captured) -> Result<bool> {
    let document = captured.standalone();
    let hash = content_hash(&document);
    let event = &captured.event;
    let id = event.event_id.clone().unwrap_or_else(|| format!("sha256:{hash}"));
    let error = event.error.is_some();
    let known = if error { None } else { store::find(act.tx, &id)? };
    if known.as_ref().is_some_and(|k| k.hash == hash) || (error && store::is_declared(act.tx, &id, &hash)?) {
        return Ok(false);
    }
    if known.is_some() {
        let text = format!("eventID“{id}”已登记过内容不同的事件；更正请使用 errorDeclaration");
        return Err(Error::conflict("event_id_taken", text).at("eventID"));
    }
    let (first, last) = keeper.keep(act, event, &document.to_string())?;
    let kind = captured.value.get("type").and_then(Value::as_str).unwrap_or_default();
    let new = store::NewEpcis {
        id: &id,
        error,
        hash: &hash,
        kind,
        at_ms: event.when.ms,
        party: &keeper.party.id,
        division: &keeper.party.division,
        first,
        last,
        now: act.now,
    };
    store::insert(act.tx, &new)?;
    keeper.codes(act, event, first)?;
    if let Some(declaration) = &event.error {
        retract(act, &id, declaration)?;
    }
    Ok(true)
}

/// An error declaration takes back the event of its id, where that is here.
fn retract(act: &mut Act, id: &str, declaration: &epcis::event::ErrorDeclaration) -> Result<()> {
    let Some(wrong) = store::find(act.tx, id)? else { return Ok(()) };
    acting_party(act.tx, act.who(), Some(&wrong.party)).map_err(|_| {
        Error::forbidden("event_not_yours", "只能更正本主体登记的事件").at("errorDeclaration")
    })?;
    let mut instead = None;
    for corrective in &declaration.corrective {
        if let Some(found) = store::find(act.tx, corrective)? {
            instead = Some(found.first);
            break;
        }
    }
    let reason = match declaration.reason.as_deref() {
        Some("did_not_occur") => "事件未发生",
        Some("incorrect_data") => "数据有误",
        Some(other) => other,
        None => "申报方声明有误",
    };
    let user = act.who().user.clone();
    store::correct(act.tx, (wrong.first, wrong.last), reason, &user, declaration.declared_ms, instead)?;
    let Some(live) = act.cx.house.try_held::<LiveGraph>() else { return Ok(()) };
    for no in wrong.first..=wrong.last {
        if let Some((.., first, lots, _)) = events::for_correction(act.tx, no)? {
            let live = live.clone();
            act.tx.after_commit(move || live.declared_wrong(first, lots));
        }
    }
    Ok(())
}

/// SHA-256 of the comparable form: equal for two writings of one event.
///
/// `recordTime` is left out: it is the word of whichever repository the event comes from.
fn content_hash(standalone: &Value) -> String {
    let mut normal = compare::normal(standalone, &Contexts::default());
    if let Some(fields) = normal.as_object_mut() {
        fields.remove("recordTime");
    }
    hex::encode(Sha256::digest(normal.to_string().as_bytes()))
}

/// What the ledger cannot take as it was written. Lenient, the amount is then unknown and the event keeps the original.
fn faults(captured: &Captured, order: &Order) -> Vec<Defect> {
    if order.lenient {
        return Vec::new();
    }
    let mut defects = Vec::new();
    let lists = ["quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"];
    for list in lists {
        let items = captured.value.get(list).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        for (at, item) in items.iter().enumerate() {
            let Some(number) = item.get("quantity").and_then(epcis::event::number) else { continue };
            let uom = item.get("uom").and_then(Value::as_str);
            let Err(note) = epcis::plan::base_amount(number, uom) else { continue };
            let (field, code, message) = match note {
                Note::UnknownUnit => {
                    let unit = uom.unwrap_or_default();
                    (
                        "uom",
                        "unit_unknown",
                        format!("不认识的计量单位“{unit}”，可用 KGM、GRM、TNE、LTR、MLT、EA、H87 等"),
                    )
                }
                _ => {
                    ("quantity", "amount_range", format!("数量 {number} 超出范围，或不足 1 克、1 毫升、1 件"))
                }
            };
            let place = format!("{}/{list}/{at}/{field}", pointer(captured));
            defects.push(Defect { place, code: code.into(), message });
        }
    }
    defects
}

/// Where an event stands in its file.
fn pointer(captured: &Captured) -> String {
    format!("/epcisBody/eventList/{}", captured.index)
}

fn defect_of(captured: &Captured, e: Error) -> Defect {
    let field = e.field.map(|f| format!("/{f}")).unwrap_or_default();
    Defect { place: format!("{}{field}", pointer(captured)), code: e.code, message: e.message }
}

/// Says which business a code of another system (a GLN, mostly) stands for.
///
/// Errors: `party_unknown`, `code_missing`, `code_taken`, those of [`epcis::Gs1::parse`] for a broken GLN.
pub fn name_party(act: &mut Act, code: &str, party: &str) -> Result<String> {
    let party = acting_party(act.tx, act.who(), Some(party))?;
    let code = party_code(code)?;
    if let Some(other) = store::party_of(act.tx, &code)?.filter(|other| *other != party.id) {
        // whoever may act for the other business may take its code away
        acting_party(act.tx, act.who(), Some(&other)).map_err(|_| {
            Error::conflict("code_taken", "该编码已登记给另一主体，请联系监管机构更正").at("code")
        })?;
    }
    store::set_party(act.tx, &code, &party.id, &act.who().user.clone(), act.now)?;
    act.subject("party", &party.id, &party.division);
    act.note(json!({ "code": code }));
    Ok(code)
}

/// The form in which a business's code is kept: 13 digits for a GLN, whatever it is written as.
fn party_code(text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::invalid("code", "code_missing", "请填写编码"));
    }
    if text.len() == 13 && text.bytes().all(|b| b.is_ascii_digit()) {
        let parsed = epcis::Gs1::parse(&format!("(414){text}"))?;
        return Ok(parsed.map_or_else(|| text.to_owned(), |gs1| gs1.primary));
    }
    match epcis::Gs1::parse(text).map_err(|e| e.at("code"))? {
        Some(gs1) => Ok(gs1.gln().map_or_else(|| gs1.key(), str::to_owned)),
        None => Ok(epcis::key_of(text)),
    }
}
