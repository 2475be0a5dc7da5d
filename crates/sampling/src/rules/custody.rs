//! Who has a part from when: a stretch begins where the last one ends, signed by who gives and who takes.

use kit_base::{Error, Millis, Result};

use crate::model::{Hand, Over};
use crate::rules::dec::Dec;
use crate::rules::seal;

/// Who signs: id, name, and the bureau or business they belong to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signer {
    pub user: String,
    pub name: String,
    pub house: String,
    pub house_name: String,
}

/// What of a sample decides to whom a part may go.
#[derive(Debug, Clone, Copy)]
pub struct Bound<'a> {
    pub lab: &'a str,
    /// Empty before it is drawn.
    pub recheck_lab: &'a str,
    /// It ended without a report.
    pub ended: bool,
}

/// Whether somebody may give a part to a house now.
///
/// Errors: `part_unknown`, `not_holder`, `sample_ended`, `receiver_unknown`.
pub fn may_offer(hands: &[Hand], to: &Bound, by: &Signer, receiver: &str) -> Result<()> {
    let missing = || Error::invalid("part", "part_unknown", "没有这份样品，或尚未封样");
    let last = hands.last().ok_or_else(missing)?;
    if last.holder != by.house {
        let text = format!("这份样品现在由{}保管，只有保管单位可以移交", last.holder_name);
        return Err(Error::forbidden("not_holder", text));
    }
    if to.ended {
        return Err(Error::conflict("sample_ended", "这份样品已终结，不能再移交"));
    }
    let fits = receiver == to.lab || (!to.recheck_lab.is_empty() && receiver == to.recheck_lab);
    if !fits || receiver == by.house {
        let text = "只能移交给承检机构，或抽定的复检机构";
        return Err(Error::invalid("receiver", "receiver_unknown", text));
    }
    Ok(())
}

/// `cold`: what must be kept cold says how warm it came. Errors: `temperature_form`, `temperature_missing`.
pub fn check(over: &Over, cold: bool) -> Result<()> {
    match over.temperature.trim() {
        "" if cold => {
            let text = "冷藏、冷冻的样品交接时应测温，请填写到样温度";
            Err(Error::invalid("temperature", "temperature_missing", text))
        }
        "" => Ok(()),
        text if Dec::parse(text).is_some() => Ok(()),
        _ => Err(Error::invalid("temperature", "temperature_form", "温度应为数字，如 -18 或 4.5")),
    }
}

/// The stretch that begins now. `giver`: id and name; both empty for the first.
///
/// Errors: `same_person`.
pub fn next(
    (sample, part): (&str, &str),
    hands: &[Hand],
    by: &Signer,
    giver: (&str, &str),
    over: &Over,
    at: Millis,
) -> Result<Hand> {
    if giver.0 == by.user {
        return Err(Error::forbidden("same_person", "移交与接收须由两人签字"));
    }
    let last = hands.last();
    let hand = Hand {
        no: last.map_or(0, |h| h.no) + 1,
        holder: by.house.clone(),
        holder_name: by.house_name.clone(),
        person: by.user.clone(),
        person_name: by.name.clone(),
        giver: giver.0.to_owned(),
        giver_name: giver.1.to_owned(),
        // two in one millisecond still follow one another
        from_at: last.map_or(at, |h| at.max(h.from_at)),
        until_at: None,
        temperature: over.temperature.trim().to_owned(),
        seal_whole: over.seal_whole,
        note: over.note.trim().to_owned(),
        hash: String::new(),
    };
    let digest = seal::hand(sample, part, &hand, last.map_or("", |h| &h.hash));
    Ok(Hand { hash: hex::encode(digest), ..hand })
}
