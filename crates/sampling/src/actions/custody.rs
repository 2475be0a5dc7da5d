//! Who has a part from when: each hand-over is signed by both sides.

use kit_base::{Error, Millis, Result};
use kit_web::Act;
use serde_json::json;

use super::samples::{fresh, seen};
use kit_files::hash_of_fields;

use super::{Signer, signer, unknown};
use crate::model::{Hand, Offer, Over, Sample};
use crate::rules::dec::Dec;
use crate::store::{self, custody};

/// The first stretch of custody begins with the seal.
///
/// `at`: when it was sealed, which is earlier than now where there was no network.
pub fn begin(act: &mut Act, sample: &Sample, part: &str, by: &Signer, at: Millis) -> Result<()> {
    let over = Over { seal_whole: true, note: "封样".into(), ..Over::default() };
    put(act, sample, part, by, (String::new(), String::new()), &over, at)
}

/// A stretch begins where the last one ends.
fn put(
    act: &mut Act,
    sample: &Sample,
    part: &str,
    by: &Signer,
    giver: (String, String),
    over: &Over,
    at: Millis,
) -> Result<()> {
    let before = custody::hands(act.tx, &sample.id, part)?;
    let last = before.last();
    let mut hand = Hand {
        no: last.map_or(0, |h| h.no) + 1,
        holder: by.house.clone(),
        holder_name: by.house_name.clone(),
        person: by.user.clone(),
        person_name: by.name.clone(),
        giver: giver.0,
        giver_name: giver.1,
        // two in one millisecond still follow one another
        from_at: last.map_or(at, |h| at.max(h.from_at)),
        until_at: None,
        temperature: over.temperature.trim().to_owned(),
        seal_whole: over.seal_whole,
        note: over.note.trim().to_owned(),
        hash: String::new(),
    };
    let digest = link(&sample.id, part, &hand, last.map_or("", |h| &h.hash));
    hand.hash = hex::encode(digest);
    custody::add_hand(act.tx, &sample.id, part, &hand)?;
    act.tx.fact("sample_hand", format!("{}/{part}#{}", sample.id, hand.no), digest);
    Ok(())
}

/// The hash of a stretch, with that of the one before.
pub fn link(sample: &str, part: &str, h: &Hand, before: &str) -> [u8; 32] {
    let whole = if h.seal_whole { "1" } else { "0" };
    let (no, from) = (h.no.to_string(), h.from_at.to_string());
    hash_of_fields::<&str>(&[
        before,
        sample,
        part,
        &no,
        &h.holder,
        &h.person,
        &h.person_name,
        &h.giver,
        &h.giver_name,
        &from,
        &h.temperature,
        whole,
        &h.note,
    ])
}

/// The giver signs: a part is on offer to a laboratory.
///
/// Errors: `code_form`, `part_unknown`, `not_holder`, `receiver_unknown`, `sample_ended`.
pub fn offer(act: &mut Act, id: &str, new: &Offer) -> Result<Sample> {
    let sample = seen(act.tx, act.who(), "sampling.read", id)?;
    let by = signer(act)?;
    offered(act, &sample, new, &by)?;
    fresh(act.tx, id)
}

/// [`offer`] by a laboratory that has a part.
pub fn offer_from_lab(act: &mut Act, sample: &Sample, new: &Offer) -> Result<()> {
    let by = signer(act)?;
    offered(act, sample, new, &by)
}

fn offered(act: &mut Act, sample: &Sample, new: &Offer, by: &Signer) -> Result<()> {
    let plain = |code: &str| code.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    if !new.code.is_empty() && (new.code.len() != 16 || !plain(&new.code)) {
        return Err(Error::invalid("code", "code_form", "交接码应为 16 位大写字母和数字"));
    }
    let hands = custody::hands(act.tx, &sample.id, &new.part)?;
    let missing = || Error::invalid("part", "part_unknown", "没有这份样品，或尚未封样");
    let last = hands.last().ok_or_else(missing)?;
    if !new.code.is_empty() && last.holder == new.receiver && last.giver == by.user {
        // a phone that did not hear the answer says it again: it was taken over already
        return Ok(());
    }
    if last.holder != by.house {
        let text = format!("这份样品现在由{}保管，只有保管单位可以移交", last.holder_name);
        return Err(Error::forbidden("not_holder", text));
    }
    if sample.closed_at.is_some() && sample.issued_at.is_none() {
        return Err(Error::conflict("sample_ended", "这份样品已终结，不能再移交"));
    }
    let fits =
        new.receiver == sample.lab || (!sample.recheck_lab.is_empty() && new.receiver == sample.recheck_lab);
    if !fits || new.receiver == by.house {
        let text = "只能移交给承检机构，或抽定的复检机构";
        return Err(Error::invalid("receiver", "receiver_unknown", text));
    }
    let giver = (by.user.as_str(), by.name.as_str());
    custody::offer(act.tx, &sample.id, &new.part, giver, new, act.now)?;
    act.subject("sample", &sample.id, &sample.division);
    act.note(json!({ "offered": new.part, "to": new.receiver }));
    Ok(())
}

/// The receiver signs: everything that is on offer to their laboratory is theirs from this moment.
///
/// Errors: `nothing_offered`, `temperature_form`, `same_person`.
pub fn take_over(act: &mut Act, sample: &Sample, over: &Over) -> Result<Vec<String>> {
    if !over.temperature.trim().is_empty() && Dec::parse(&over.temperature).is_none() {
        return Err(Error::invalid("temperature", "temperature_form", "温度应为数字，如 -18 或 4.5"));
    }
    let by = signer(act)?;
    let offers = custody::offers(act.tx, &sample.id)?;
    let mut taken = Vec::new();
    for (part, giver, giver_name, receiver) in offers {
        if receiver != by.house {
            continue;
        }
        if giver == by.user {
            return Err(Error::forbidden("same_person", "移交与接收须由两人签字"));
        }
        put(act, sample, &part, &by, (giver, giver_name), over, act.now)?;
        custody::end_offer(act.tx, &sample.id, &part)?;
        taken.push(part);
    }
    match taken.is_empty() {
        true => Err(Error::conflict("nothing_offered", "没有移交给贵机构、等待接收的样品")),
        false => Ok(taken),
    }
}

/// Who holds a part now.
pub fn holder(act: &mut Act, sample: &str, part: &str) -> Result<String> {
    let hands = custody::hands(act.tx, sample, part)?;
    Ok(hands.last().map(|h| h.holder.clone()).unwrap_or_default())
}

/// The sample of a blind code, for people of its laboratory. Errors: not found.
pub fn of_lab(act: &mut Act, blind: &str) -> Result<Sample> {
    let sample = store::samples::by_blind(act.tx, blind)?.ok_or_else(unknown)?;
    let own = &act.cx.who.scope_for("sampling.lab");
    match super::assay::is_of(own, &sample) {
        true => Ok(sample),
        false => Err(unknown()),
    }
}

/// The sample that is on offer to the asker's laboratory under a code. Errors: not found.
pub fn by_code(tx: &mut kit_db::Tx, own: &kit_web::Scope, code: &str) -> Result<Sample> {
    let gone = || Error::not_found("没有这个交接码：对方可能还没有上传移交，或样品不是移交给贵机构的");
    let (sample, receiver) = custody::of_code(tx, code)?.ok_or_else(gone)?;
    let sample = store::samples::by_id(tx, &sample)?.ok_or_else(gone)?;
    match own.covers("", Some(&receiver)) && super::assay::is_of(own, &sample) {
        true => Ok(sample),
        false => Err(gone()),
    }
}
