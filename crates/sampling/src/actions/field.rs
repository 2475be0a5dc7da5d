//! Sampling on the spot: photos, the 抽样单, the seals, or nothing to be had.

use kit_base::{Error, Result};
use kit_files::Kept;
use kit_files::photo;
use kit_web::Act;
use serde_json::{Value, json};
use trace::model::LotNo;

use super::samples::{fresh, is_sampler, seen};
use kit_files::hash_of_fields;

use super::{custody, signer, step};
use crate::model::{Media, NewSheet, Sample, Taken};
use crate::rules::sheet;
use crate::store;
use crate::store::samples::{self as rows, SheetRow};

/// Largest photo or film, bytes.
pub const LARGEST: u64 = 64 << 20;
/// Photos that a sample may have.
const MOST: usize = 60;

/// A sample of the asker's own hands. Errors: not found, `not_sampler`.
pub fn own(act: &mut Act, id: &str) -> Result<Sample> {
    let sample = seen(act.tx, act.who(), "sampling.read", id)?;
    match is_sampler(act.who(), &sample) {
        true => Ok(sample),
        false => Err(Error::forbidden("not_sampler", "您不是这份样品的抽样人员")),
    }
}

/// Keeps a photo or paper.
///
/// Errors: `media_kind`, `sample_sealed`, `media_many`, those of [`own`].
pub fn add_media(act: &mut Act, id: &str, taken: &Taken, kept: &Kept, media: &'static str) -> Result<Media> {
    let sample = own(act, id)?;
    if !sheet::sheet_form()?.media.iter().any(|m| m.code == taken.kind) {
        return Err(Error::invalid("kind", "media_kind", "没有这种照片类别"));
    }
    if sample.status != "planned" {
        return Err(Error::conflict("sample_sealed", "样品已封样，不能再补照片"));
    }
    let had = rows::media(act.tx, id)?;
    if let Some(same) = had.iter().find(|m| m.kind == taken.kind && m.file == kept.hash) {
        return Ok(same.clone());
    }
    if had.len() >= MOST {
        return Err(Error::conflict("media_many", format!("一份样品最多 {MOST} 张照片")));
    }
    let new = Media {
        id: act.id(),
        kind: taken.kind.clone(),
        file: kept.hash.clone(),
        media: media.to_owned(),
        size: i64::try_from(kept.size).unwrap_or(i64::MAX),
        taken_at: taken.taken_at,
        lon: taken.lon.filter(|v| v.is_finite() && v.abs() <= 180.0),
        lat: taken.lat.filter(|v| v.is_finite() && v.abs() <= 90.0),
        user: act.who().user.clone(),
        received_at: act.now,
    };
    rows::add_media(act.tx, id, &new)?;
    let digest =
        hash_of_fields::<&str>(&[&new.id, id, &new.kind, &new.file, &new.user, &new.received_at.to_string()]);
    act.tx.fact("sample_media", new.id.clone(), digest);
    act.subject("sample", id, &sample.division);
    act.note(json!({ "media": new.id, "kind": new.kind }));
    Ok(new)
}

/// What a file is. Errors: `media_form`.
pub fn media_of(files: &kit_files::Files, kept: &Kept) -> Result<&'static str> {
    use std::io::Read as _;
    let file = files.get(&kept.hash)?.ok_or_else(|| Error::internal("the file just kept is gone"))?;
    let mut head = Vec::new();
    file.take(4_096).read_to_end(&mut head)?;
    if head.starts_with(b"%PDF-") {
        return Ok("application/pdf");
    }
    let wrong = || Error::invalid("body", "media_form", "应为照片（JPEG、PNG、WebP）、MP4 视频或 PDF");
    photo::media_of(&head).ok_or_else(wrong)
}

/// The first sampler hands the 抽样单 in.
///
/// Errors: those of the sheet, `seal_form`, `seal_taken`, `code_unknown`, `producer_unknown`, those of the flow.
pub fn take(act: &mut Act, id: &str, new: &NewSheet) -> Result<Sample> {
    let sample = own(act, id)?;
    let filled = sheet::check(&new.sheet)?;
    let media = rows::media(act.tx, id)?;
    let kinds: Vec<&str> = media.iter().map(|m| m.kind.as_str()).collect();
    sheet::photos(&kinds)?;
    seals(act, new)?;
    if !new.producer.is_empty() && parties::brief(act.tx, &new.producer)?.is_none() {
        return Err(Error::invalid("producer", "producer_unknown", "没有这个生产者"));
    }
    let lot = lot_of(act, &new.code, &sample)?;
    step(act, &sample, "sampling.take", "take", Value::Null)?;
    let text = Value::Object(filled.clone()).to_string();
    let photos: Vec<&str> = media.iter().map(|m| m.file.as_str()).collect();
    let digest = hash_of_fields::<&str>(&[
        id,
        &sample.sample_no,
        &text,
        &new.seal_test,
        &new.seal_spare,
        &photos.join(","),
    ]);
    let text_of = |code: &str| filled.get(code).and_then(Value::as_str).unwrap_or("").to_owned();
    let row = SheetRow {
        sheet: &text,
        hash: &hex::encode(digest),
        producer: &new.producer,
        lot,
        code: new.code.trim(),
        made: &sheet::day(&filled),
        food: &text_of("name"),
    };
    rows::set_sheet(act.tx, id, &row)?;
    act.tx.fact("sample_sheet", sample.sample_no.clone(), digest);
    let (spare, unit) = (text_of("spare_amount"), text_of("amount_unit"));
    let all = crate::rules::dec::Dec::parse(&text_of("amount"));
    let test = all.zip(crate::rules::dec::Dec::parse(&spare)).and_then(|(a, s)| a.minus(s));
    let test = test.map(|d| d.to_string()).unwrap_or_default();
    store::custody::add_part(act.tx, id, "test", new.seal_test.trim(), &test, &unit)?;
    store::custody::add_part(act.tx, id, "spare", new.seal_spare.trim(), &spare, &unit)?;
    act.note(json!({ "sample_no": sample.sample_no, "photos": media.len(), "lot": lot }));
    fresh(act.tx, id)
}

fn seals(act: &mut Act, new: &NewSheet) -> Result<()> {
    let (test, spare) = (new.seal_test.trim(), new.seal_spare.trim());
    for (field, seal) in [("seal_test", test), ("seal_spare", spare)] {
        if seal.is_empty() || seal.chars().count() > 40 {
            return Err(Error::invalid(field, "seal_form", "请填写封条编号，不超过 40 字"));
        }
        if store::custody::seal_taken(act.tx, seal)? {
            return Err(Error::invalid(field, "seal_taken", "这个封条编号已用于别的样品"));
        }
    }
    match test == spare {
        true => Err(Error::invalid("seal_spare", "seal_form", "检样与备样的封条编号不能相同")),
        false => Ok(()),
    }
}

/// The lot behind what was scanned: a trace code. A business code must be that of the place; anything else ties to nothing.
///
/// Errors: `code_unknown`, `code_other`.
fn lot_of(act: &mut Act, text: &str, sample: &Sample) -> Result<Option<LotNo>> {
    use kit_base::codes::platform;
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let last = text.rsplit('/').next().unwrap_or(text);
    match platform::read(last) {
        Ok((platform::Kind::Trace, code)) => {
            let found = trace::store::codes::by_code(act.tx, &code)?;
            let found = found.ok_or_else(|| Error::invalid("code", "code_unknown", "没有这个追溯码"))?;
            Ok(Some(found.lot))
        }
        Ok((platform::Kind::Business, code)) => {
            let party = parties::by_code(act.tx, &code)?;
            match party.is_some_and(|p| p.id == sample.party) {
                true => Ok(None),
                false => Err(Error::invalid("code", "code_other", "这是别的主体的主体码")),
            }
        }
        // a barcode: the lots of that product which the place has
        Err(_) => by_barcode(act, last, sample),
    }
}

fn by_barcode(act: &mut Act, text: &str, sample: &Sample) -> Result<Option<LotNo>> {
    let unknown = || Error::invalid("code", "code_unknown", "没有找到这个码，请核对或留空");
    let gtin = format!("{text:0>14}");
    if text.len() > 14 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(unknown());
    }
    let product = trace::store::products::by_gtin(act.tx, &gtin)?.ok_or_else(unknown)?;
    let held = trace::store::lookup::on_hand(act.tx, &sample.party, &product.id, "")?;
    // only where there is no doubt which
    Ok(match held.as_slice() {
        [(lot, _)] => Some(*lot),
        _ => None,
    })
}

/// The other sampler signs the seals; both parts are in their hands now.
pub fn seal(act: &mut Act, id: &str) -> Result<Sample> {
    let sample = own(act, id)?;
    step(act, &sample, "sampling.take", "seal", Value::Null)?;
    let by = signer(act)?;
    custody::begin(act, &sample, "test", &by)?;
    custody::begin(act, &sample, "spare", &by)?;
    rows::set_taken(act.tx, id, act.now)?;
    act.note(json!({ "sample_no": sample.sample_no, "sealed": true }));
    fresh(act.tx, id)
}
