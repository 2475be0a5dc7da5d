//! Sampling on the spot: photos, the 抽样单, the seals, or nothing to be had.

use findings::{evidence, fixed};
use kit_base::{Error, Result};
use kit_db::Tx;
use kit_files::{Looked, Takes, hash_of_fields};
use kit_web::Act;
use serde_json::{Value, json};
use trace::model::LotNo;

use super::samples::{fresh, is_sampler, seen};
use super::{custody, earlier, signer, step_at};
use crate::model::{Media, Missed, NewSheet, Sample, Seal, Taken};
use crate::rules::sheet::Proof;
use crate::rules::{seal as digests, sheet};
use crate::store;
use crate::store::samples::{self as rows, SheetRow};

/// Largest photo or film, bytes.
pub const LARGEST: u64 = 64 << 20;
/// Photos that a sample may have.
const MOST: usize = 60;
/// Kind of a picture drawn by hand: no photo of what was there.
pub const SIGNATURE: &str = "signature";
const PDF: &str = "application/pdf";

/// A sample of the asker's own hands. Errors: not found, `not_sampler`.
pub fn own(act: &mut Act, id: &str) -> Result<Sample> {
    let sample = seen(act.tx, act.who(), "sampling.read", id)?;
    match is_sampler(act.who(), &sample) {
        true => Ok(sample),
        false => Err(Error::forbidden("not_sampler", "您不是这份样品的抽样人员")),
    }
}

/// Keeps a photo or paper, fixed by time, place, person, matter and scene; the same bytes of the same kind again are answered as kept.
///
/// Errors: `media_kind`, `sample_sealed`, `media_many`, those of the place, those of [`own`].
pub fn add_media(act: &mut Act, id: &str, taken: &Taken, looked: &Looked) -> Result<Media> {
    let sample = own(act, id)?;
    let signature = taken.kind == SIGNATURE;
    if !signature && !sheet::sheet_form()?.media.iter().any(|m| m.code == taken.kind) {
        return Err(Error::invalid("kind", "media_kind", "没有这种照片类别"));
    }
    let had = rows::media(act.tx, id)?;
    if let Some(same) = had.iter().find(|m| m.kind == taken.kind && m.file == looked.kept.hash) {
        return Ok(same.clone());
    }
    if sample.status != "planned" {
        return Err(Error::conflict("sample_sealed", "样品已封样，不能再补照片"));
    }
    if had.len() >= MOST {
        return Err(Error::conflict("media_many", format!("一份样品最多 {MOST} 张照片")));
    }
    let told = how(taken);
    fixed::check_taken(&told)?;
    let reused = rows::elsewhere(act.tx, &looked.kept.hash, id)?;
    let mut fixed = fixed::fix(&told, looked, place(act, &sample)?, reused, act.now);
    if signature || looked.media == PDF {
        // drawn on the screen, or a paper: it has no place and no camera
        fixed.doubts.retain(|d| d == "reused");
    }
    let new = Media {
        id: act.id(),
        kind: taken.kind.clone(),
        file: looked.kept.hash.clone(),
        media: looked.media.to_owned(),
        size: i64::try_from(looked.kept.size).unwrap_or(i64::MAX),
        taken_at: taken.taken_at,
        lon: taken.lon,
        lat: taken.lat,
        user: act.who().user.clone(),
        received_at: act.now,
        user_name: act.who().name.clone(),
        accuracy: taken.accuracy,
        distance: fixed.distance,
        in_app: taken.in_app == Some(1),
        doubts: fixed.doubts,
        hash: String::new(),
    };
    let digest = digests::media(id, &new);
    let new = Media { hash: hex::encode(digest), ..new };
    rows::add_media(act.tx, id, &new)?;
    act.tx.fact(digests::MEDIA, new.id.clone(), digest);
    act.subject("sample", id, &sample.division);
    act.note(json!({ "media": new.id, "kind": new.kind, "doubts": new.doubts }));
    Ok(new)
}

/// As evidence of findings has it.
fn how(taken: &Taken) -> evidence::Taken {
    evidence::Taken {
        stage: "found".into(),
        taken_at: taken.taken_at,
        lon: taken.lon,
        lat: taken.lat,
        accuracy: taken.accuracy,
        in_app: taken.in_app,
        ..evidence::Taken::default()
    }
}

/// Where it is sampled, degrees.
pub fn place(act: &mut Act, sample: &Sample) -> Result<Option<(f64, f64)>> {
    let (_, lon, lat) = super::pack::address(act.tx, sample)?;
    Ok(lon.zip(lat))
}

/// Photos and papers of a sampling.
pub const TAKES: Takes =
    Takes {
        pdf: true, code: "media_form", text: "应为照片（JPEG、PNG、WebP）、MP4 视频、录音或 PDF"
    };

/// The first sampler hands the 抽样单 in; the same one again is answered and not done again.
///
/// Errors: those of the sheet, `seal_form`, `seal_taken`, `code_unknown`, `producer_unknown`, `escort_missing`, `escort_unknown`, `signature_unknown`, `signature_missing`,
/// `sample_held`, those of the flow.
pub fn take(act: &mut Act, id: &str, new: &NewSheet) -> Result<Sample> {
    let sample = own(act, id)?;
    let filled = sheet::check(&new.sheet)?;
    let media = rows::media(act.tx, id)?;
    let text = Value::Object(filled.clone()).to_string();
    let digest = sheet_hash(&sample, &text, new, &media)?;
    if sample.sheet_hash == hex::encode(digest) {
        return Ok(sample);
    }
    super::pack::not_held(act, &sample)?;
    let proofs: Vec<Proof> = media
        .iter()
        .filter(|m| m.kind != SIGNATURE)
        .map(|m| Proof { kind: &m.kind, picture: m.media.starts_with("image/") })
        .collect();
    sheet::photos(&filled, &proofs)?;
    seals(act, new)?;
    signed(new, &media)?;
    let text_of = |code: &str| filled.get(code).and_then(Value::as_str).unwrap_or("").to_owned();
    let escort = escort(act, &sample, text_of("escort").trim())?;
    all_signed(new, sheet::network(&filled), escort)?;
    if !new.producer.is_empty() && parties::brief(act.tx, &new.producer)?.is_none() {
        return Err(Error::invalid("producer", "producer_unknown", "没有这个生产者"));
    }
    let lot = tied(act.tx, &new.code, &sample)?;
    let goods = goods(act, id, text_of("goods_type") == "farm")?;
    step_at(act, &sample, "sampling.take", "take", goods, new.at)?;
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
    let signatures = serde_json::to_string(&new.signatures).map_err(Error::internal)?;
    rows::set_signed(act.tx, id, &new.told, &signatures)?;
    rows::hold(act.tx, id, "", 0, "")?;
    let (spare, unit) = (text_of("spare_amount"), text_of("amount_unit"));
    let all = crate::rules::dec::Dec::parse(&text_of("amount"));
    let test = all.zip(crate::rules::dec::Dec::parse(&spare)).and_then(|(a, s)| a.minus(s));
    let test = test.map(|d| d.to_string()).unwrap_or_default();
    store::custody::add_part(act.tx, id, "test", new.seal_test.trim(), &test, &unit)?;
    store::custody::add_part(act.tx, id, "spare", new.seal_spare.trim(), &spare, &unit)?;
    let kept = fresh(act.tx, id)?;
    let parts = store::custody::parts(act.tx, id)?;
    let digest = digests::sheet(&kept, (&new.told, &signatures), &parts);
    act.tx.fact(digests::SHEET, sample.sample_no.clone(), digest);
    act.note(json!({ "sample_no": sample.sample_no, "photos": proofs.len(), "lot": lot }));
    Ok(kept)
}

/// What the flow is told of the food: its periods go by it. Under older definitions it is told nothing.
fn goods(act: &mut Act, id: &str, farm: bool) -> Result<Value> {
    let flows = act.cx.house.held::<kit_flow::Flows>();
    let case = kit_flow::engine::load(act.tx, &flows, id)?;
    let asked = case.is_some_and(|c| c.pinned.definition.action("take").is_some_and(|a| !a.form.is_empty()));
    Ok(if asked { json!({ "goods": if farm { "farm" } else { "other" } }) } else { Value::Null })
}

/// Whether an officer must have gone along; then one who reaches the place is named. Errors: `escort_missing`, `escort_unknown`.
fn escort(act: &mut Act, sample: &Sample, name: &str) -> Result<bool> {
    if !super::pack::escorted(act.tx, sample)? {
        return Ok(false);
    }
    if name.is_empty() {
        let text = "抽样人员都不是监管人员，应由监管人员陪同，请填写陪同执法人员";
        return Err(Error::invalid("sheet/escort", "escort_missing", text));
    }
    match super::pack::escorts(act.tx, sample, act.now)?.iter().any(|known| known == name) {
        true => Ok(true),
        false => {
            let text = format!("辖区内没有名为“{name}”的监管人员，请按姓名填写陪同执法人员");
            Err(Error::invalid("sheet/escort", "escort_unknown", text))
        }
    }
}

/// Who seals together has signed: the sampler, the business where one is on the spot (令15号: 共同签封), the officer who went along. The
/// second sampler signs by sealing. Errors: `signature_missing` (names who).
fn all_signed(new: &NewSheet, network: bool, escort: bool) -> Result<()> {
    let wanted = [
        ("first", "抽样人员", true),
        ("business", "被抽样单位", !network),
        ("escort", "陪同执法人员", escort),
    ];
    let signed = |role: &str| new.signatures.iter().any(|s| s.role == role);
    let missing: Vec<&str> = wanted
        .into_iter()
        .filter(|(role, _, must)| *must && !signed(role))
        .map(|(_, name, _)| name)
        .collect();
    match missing.is_empty() {
        true => Ok(()),
        false => {
            let text = format!("抽样单还缺签字：{}；被抽样单位拒绝的，按拒绝抽样办理", missing.join("、"));
            Err(Error::invalid("signatures", "signature_missing", text))
        }
    }
}

/// Over the number, what was filled in, the seals, the photos and the signatures.
fn sheet_hash(sample: &Sample, text: &str, new: &NewSheet, media: &[Media]) -> Result<[u8; 32]> {
    let photos: Vec<&str> = media.iter().map(|m| m.file.as_str()).collect();
    let signatures = serde_json::to_string(&new.signatures).map_err(Error::internal)?;
    Ok(hash_of_fields::<&str>(&[
        &sample.id,
        &sample.sample_no,
        text,
        &new.seal_test,
        &new.seal_spare,
        &photos.join(","),
        &new.told,
        &signatures,
    ]))
}

/// Each signature was sent before. Errors: `signature_unknown`, `signature_form`, `told_form`.
fn signed(new: &NewSheet, media: &[Media]) -> Result<()> {
    for (i, s) in new.signatures.iter().enumerate() {
        let known = ["first", "second", "business", "escort", "witness"].contains(&s.role.as_str());
        if !known || s.name.trim().is_empty() || s.name.chars().count() > 40 {
            let text = "签名应写明角色与姓名";
            return Err(Error::invalid(format!("signatures/{i}"), "signature_form", text));
        }
        if !media.iter().any(|m| m.kind == SIGNATURE && m.file == s.file) {
            let text = "没有收到这份签名的图片";
            return Err(Error::invalid(format!("signatures/{i}/file"), "signature_unknown", text));
        }
    }
    match new.told.len() {
        0 => Ok(()),
        64 if new.told.bytes().all(|b| b.is_ascii_hexdigit()) => Ok(()),
        _ => Err(Error::invalid("told", "told_form", "抽样单指纹应为 64 位十六进制")),
    }
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
pub fn tied(tx: &mut Tx, text: &str, sample: &Sample) -> Result<Option<LotNo>> {
    use kit_base::codes::platform;
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let last = text.rsplit('/').next().unwrap_or(text);
    match platform::read(last) {
        Ok((platform::Kind::Trace, code)) => {
            let found = trace::store::codes::by_code(tx, &code)?;
            let found = found.ok_or_else(|| Error::invalid("code", "code_unknown", "没有这个追溯码"))?;
            Ok(Some(found.lot))
        }
        Ok((platform::Kind::Business, code)) => {
            let party = parties::by_code(tx, &code)?;
            match party.is_some_and(|p| p.id == sample.party) {
                true => Ok(None),
                false => Err(Error::invalid("code", "code_other", "这是别的主体的主体码")),
            }
        }
        // a barcode: the lots of that product which the place has
        Err(_) => by_barcode(tx, last, sample),
    }
}

fn by_barcode(tx: &mut Tx, text: &str, sample: &Sample) -> Result<Option<LotNo>> {
    let unknown = || Error::invalid("code", "code_unknown", "没有找到这个码，请核对或留空");
    let gtin = format!("{text:0>14}");
    if text.len() > 14 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(unknown());
    }
    let product = trace::store::products::by_gtin(tx, &gtin)?.ok_or_else(unknown)?;
    let held = trace::store::lookup::on_hand(tx, &sample.party, &product.id, "")?;
    // only where there is no doubt which
    Ok(match held.as_slice() {
        [(lot, _)] => Some(*lot),
        _ => None,
    })
}

/// The other sampler signs the seals; both parts are in their hands from that moment. Again by the same person changes nothing.
///
/// Errors: `sheet_first` where the sheet is not there yet, `sheet_other`, those of the flow.
pub fn seal(act: &mut Act, id: &str, new: &Seal) -> Result<Sample> {
    let sample = own(act, id)?;
    if sample.sheet_hash.is_empty() {
        let text = "另一名抽样人员的抽样单还没有上传，收到后才能签封";
        return Err(Error::conflict("sheet_first", text));
    }
    let by = signer(act)?;
    let had = store::custody::hands(act.tx, id, "test")?;
    if had.first().is_some_and(|h| h.person == by.user) {
        return Ok(sample);
    }
    let (told, _) = rows::signed(act.tx, id)?;
    if !new.sheet.is_empty() && new.sheet != told && new.sheet != sample.sheet_hash {
        let text = "您核对的抽样单与上传的不是同一份，请重新核对后签封";
        return Err(Error::conflict("sheet_other", text));
    }
    // known before the step: rooms that follow the sample read it then
    let at = earlier(act, &sample, new.at)?.unwrap_or(act.now);
    rows::set_taken(act.tx, id, at)?;
    let at = step_at(act, &sample, "sampling.take", "seal", Value::Null, new.at)?;
    // sixteen letters and digits, as on every document
    let paper = format!("{}{}", super::code(act), &super::code(act)[..6]);
    store::papers::set(act.tx, id, &paper)?;
    custody::begin(act, &sample, "test", &by, at)?;
    custody::begin(act, &sample, "spare", &by, at)?;
    act.note(json!({ "sample_no": sample.sample_no, "sealed": true }));
    fresh(act.tx, id)
}

/// Nothing was to be had, or it was refused: told with photos or a film of it. Again by the same person changes nothing.
///
/// Errors: `missed_proof`, `witness_missing`, `sample_held`, those of the flow.
pub fn missed(act: &mut Act, id: &str, told: &Missed) -> Result<Sample> {
    let sample = own(act, id)?;
    let (action, flag) = if told.refused { ("refuse", "refused") } else { ("miss", "not_found") };
    if sample.closed_at.is_some() && sample.flags.iter().any(|f| f == flag) {
        return Ok(sample);
    }
    super::pack::not_held(act, &sample)?;
    let media = rows::media(act.tx, id)?;
    if !media.iter().any(|m| m.kind != SIGNATURE) {
        let text = "请先拍摄现场照片或录像，作为未抽样的证据";
        return Err(Error::invalid("media", "missed_proof", text));
    }
    let filmed = media.iter().any(|m| m.media.starts_with("video/"));
    if told.refused && told.witness.trim().is_empty() && !filmed {
        let text = "被拒绝抽样的，请写明在场见证人，或者录像";
        return Err(Error::invalid("witness", "witness_missing", text));
    }
    let form = match told.refused {
        true => json!({ "missed": told.reason, "witness": told.witness }),
        false => json!({ "missed": told.reason }),
    };
    step_at(act, &sample, "sampling.take", action, form, told.at)?;
    rows::hold(act.tx, id, "", 0, "")?;
    act.note(json!({ "sample_no": sample.sample_no, "missed": flag, "photos": media.len() }));
    fresh(act.tx, id)
}
