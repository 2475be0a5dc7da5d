//! Evidence is taken in: looked at outside of the transaction, fixed inside.

use kit_base::{Error, Millis, Result};
use kit_db::Tx;
use kit_files::{Files, Kept, Looked, Takes};
use kit_web::Act;
use serde_json::json;

use crate::model::{Evidence, Taken};
use crate::{actions::findings, rules, store};

/// Largest piece, bytes: a minute of video.
pub const LARGEST: u64 = 64 << 20;
/// Pieces that a finding may have.
const MOST: i64 = 200;

/// What counts as evidence.
const TAKES: Takes =
    Takes {
        pdf: false, code: "evidence_kind", text: "证据应为照片（JPEG、PNG、WebP）、MP4 视频或录音"
    };

/// Looks at a kept file; blocking. Errors: `file_empty`, `evidence_kind`.
pub fn look(files: &Files, kept: Kept) -> Result<Looked> {
    files.look(kept, &TAKES)
}

/// What has shown the same as a file with a perceptual hash, other than what opened the finding: `visit:ID`.
pub type Shown = fn(&mut Tx, &str, &str, Option<u64>) -> Result<Option<String>>;

/// Photos that other rooms keep, as a new piece of evidence is compared with them; the server holds it in the house.
pub struct OtherPhotos {
    pub shown: Shown,
}

/// The finding whose evidence has the same content or shows the same, for rooms that keep photos of their own.
pub fn shown_before(tx: &mut Tx, file: &str, look: Option<u64>) -> Result<Option<String>> {
    match store::evidence::shows_the_same(tx, "", file, look)? {
        Some(evidence) => store::evidence::finding_of(tx, &evidence),
        None => Ok(None),
    }
}

/// Fixes a piece of evidence by time, place, person, matter and scene.
///
/// Errors: those of [`rules::check_taken`], not found, `case_ended`, `evidence_full`, `stage_not_own`.
pub fn add(act: &mut Act, finding: &str, taken: &Taken, looked: &Looked) -> Result<Evidence> {
    rules::check_taken(taken)?;
    let of = findings::seen(act.tx, act.who(), "findings.evidence", finding)?;
    if of.closed_at.is_some() {
        return Err(Error::conflict("case_ended", "问题已闭环，不能再提交证据"));
    }
    let business = matches!(act.who().scope, kit_web::Scope::Businesses(_));
    if business && taken.stage == "verify" || business && taken.stage == "found" && of.source != "self_check"
    {
        return Err(Error::forbidden("stage_not_own", "企业只能提交整改证据"));
    }
    if store::evidence::count(act.tx, finding)? >= MOST {
        return Err(Error::conflict("evidence_full", format!("一个问题最多 {MOST} 份证据")));
    }
    let look = looked.photo.as_ref().and_then(|p| p.hash);
    let file = &looked.kept.hash;
    let mut reused = store::evidence::shows_the_same(act.tx, finding, file, look)?;
    if let Some(others) = act.cx.house.try_held::<OtherPhotos>().filter(|_| reused.is_none()) {
        reused = (others.shown)(act.tx, finding, file, look)?;
    }
    let place = position(act.tx, &of.party, &of.site)?;
    let fixed = rules::fix(taken, looked, place, reused.is_some(), act.now);
    let evidence = Evidence {
        id: act.id(),
        finding: finding.to_owned(),
        stage: taken.stage.clone(),
        file: looked.kept.hash.clone(),
        media: looked.media.to_owned(),
        size: i64::try_from(looked.kept.size).unwrap_or(i64::MAX),
        user: act.who().user.clone(),
        user_name: act.who().name.clone(),
        taken_at: taken.taken_at,
        received_at: act.now,
        lon: taken.lon,
        lat: taken.lat,
        accuracy: taken.accuracy,
        distance: fixed.distance,
        in_app: taken.in_app == Some(1),
        exif: fixed.exif,
        width: looked.photo.as_ref().map(|p| i64::from(p.width)),
        height: looked.photo.as_ref().map(|p| i64::from(p.height)),
        doubts: fixed.doubts,
        reused: reused.unwrap_or_default(),
        hash: String::new(),
    };
    let hash = hash_of(&evidence);
    let evidence = Evidence { hash: hex::encode(hash), ..evidence };
    store::evidence::insert(act.tx, &evidence, look)?;
    act.tx.fact("evidence", evidence.id.clone(), hash);
    act.subject("finding", finding, &of.division);
    act.note(json!({ "evidence": evidence.id, "stage": evidence.stage, "doubts": evidence.doubts }));
    Ok(evidence)
}

/// Where a business, or one of its premises, is.
fn position(tx: &mut Tx, party: &str, site: &str) -> Result<Option<(f64, f64)>> {
    if !site.is_empty() {
        let sites = parties::store::sites(tx, party)?;
        let site = sites.into_iter().find(|s| s.id == site);
        return Ok(site.and_then(|s| Some((s.lon?, s.lat?))));
    }
    Ok(parties::brief(tx, party)?.and_then(|b| Some((b.lon?, b.lat?))))
}

/// Over all that is fixed, each with its length before it; what is unknown is empty.
pub fn hash_of(e: &Evidence) -> [u8; 32] {
    let number = |n: Option<Millis>| n.map(|n| n.to_string()).unwrap_or_default();
    let degrees = |n: Option<f64>| n.map(|n| format!("{n:.7}")).unwrap_or_default();
    let fields = [
        e.id.clone(),
        e.finding.clone(),
        e.stage.clone(),
        e.file.clone(),
        e.media.clone(),
        e.size.to_string(),
        e.user.clone(),
        e.user_name.clone(),
        number(e.taken_at),
        e.received_at.to_string(),
        degrees(e.lon),
        degrees(e.lat),
        number(e.accuracy),
        number(e.distance),
        e.in_app.to_string(),
        e.exif.clone(),
        e.doubts.join(","),
        e.reused.clone(),
    ];
    kit_files::hash_of_fields(&fields)
}
