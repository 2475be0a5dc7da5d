//! Who has a part from when: each hand-over is signed by both sides.

use kit_base::{Error, Millis, Result};
use kit_web::Act;
use serde_json::{Map, Value, json};

use super::samples::{fresh, seen};
use super::{signer, unknown};
use crate::model::{Offer, Over, Sample};
use crate::rules::custody::{self as rules, Bound, Signer};
use crate::rules::{seal, sheet};
use crate::store::{self, custody};

/// The first stretch of custody begins with the seal.
///
/// `at`: when it was sealed, which is earlier than now where there was no network.
pub fn begin(act: &mut Act, sample: &Sample, part: &str, by: &Signer, at: Millis) -> Result<()> {
    let over = Over { seal_whole: true, note: "封样".into(), ..Over::default() };
    put(act, sample, part, by, ("", ""), &over, at)
}

/// A stretch begins where the last one ends. Errors: `same_person`.
fn put(
    act: &mut Act,
    sample: &Sample,
    part: &str,
    by: &Signer,
    giver: (&str, &str),
    over: &Over,
    at: Millis,
) -> Result<()> {
    let before = custody::hands(act.tx, &sample.id, part)?;
    let hand = rules::next((&sample.id, part), &before, by, giver, over, at)?;
    custody::add_hand(act.tx, &sample.id, part, &hand)?;
    let mut digest = seal::Digest::default();
    hex::decode_to_slice(&hand.hash, &mut digest).map_err(Error::internal)?;
    act.tx.fact(seal::HAND, format!("{}/{part}#{}", sample.id, hand.no), digest);
    Ok(())
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
    let said =
        !new.code.is_empty() && hands.last().is_some_and(|h| h.holder == new.receiver && h.giver == by.user);
    if said {
        // a phone that did not hear the answer says it again: it was taken over already
        return Ok(());
    }
    let to = Bound {
        lab: &sample.lab,
        recheck_lab: &sample.recheck_lab,
        ended: sample.closed_at.is_some() && sample.issued_at.is_none(),
    };
    rules::may_offer(&hands, &to, by, &new.receiver)?;
    let giver = (by.user.as_str(), by.name.as_str());
    custody::offer(act.tx, &sample.id, &new.part, giver, new, act.now)?;
    act.subject("sample", &sample.id, &sample.division);
    act.note(json!({ "offered": new.part, "to": new.receiver }));
    Ok(())
}

/// The receiver signs: everything that is on offer to their laboratory is theirs from this moment.
///
/// Errors: `nothing_offered`, `temperature_form`, `temperature_missing`, `same_person`.
pub fn take_over(act: &mut Act, sample: &Sample, over: &Over) -> Result<Vec<String>> {
    rules::check(over, sheet::cold(&filled(sample)?)?)?;
    let by = signer(act)?;
    let offers = custody::offers(act.tx, &sample.id)?;
    let mut taken = Vec::new();
    for (part, giver, giver_name, receiver) in offers {
        if receiver != by.house {
            continue;
        }
        put(act, sample, &part, &by, (&giver, &giver_name), over, act.now)?;
        custody::end_offer(act.tx, &sample.id, &part)?;
        taken.push(part);
    }
    match taken.is_empty() {
        true => Err(Error::conflict("nothing_offered", "没有移交给贵机构、等待接收的样品")),
        false => Ok(taken),
    }
}

fn filled(sample: &Sample) -> Result<Map<String, Value>> {
    serde_json::from_str(&sample.sheet).map_err(Error::internal)
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
