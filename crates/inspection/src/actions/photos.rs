//! Photos are taken in: looked at outside of the transaction, fixed inside.

use findings::evidence::{self, Taken};
use findings::fixed;
use kit_base::{Error, Millis, Result};
use kit_db::Tx;
use kit_files::Looked;
use kit_web::{Act, Actor};
use serde_json::json;

use super::visits::seen;
use crate::model::VisitPhoto;
use crate::store;

/// Pieces that a visit may have.
const MOST: i64 = 400;

/// Fixes a photo, video, voice or signature; the same bytes again are answered as they were kept.
///
/// Errors: not found, `item_long`, `photos_full`, `photo_late` where the record is there already, those of the place.
pub fn add(act: &mut Act, visit: &str, item: &str, taken: &Taken, looked: &Looked) -> Result<VisitPhoto> {
    let of = seen(act.tx, act.who(), "inspection.visit", visit)?;
    act.subject("visit", visit, &of.division);
    if let Some(known) = store::photos::by_file(act.tx, visit, &looked.kept.hash)? {
        act.note(json!({ "photo": known.sha256, "again": true }));
        let again = numbered(act.tx, vec![known])?;
        return again.into_iter().next().ok_or_else(|| Error::internal("a photo that is kept is gone"));
    }
    if item.chars().count() > 40 {
        return Err(Error::invalid("item", "item_long", "项目编号不超过 40 字"));
    }
    if of.recorded_at.is_some() {
        return Err(Error::conflict("photo_late", "检查记录已提交，不能再添加照片"));
    }
    if store::photos::count(act.tx, visit)? >= MOST {
        return Err(Error::conflict("photos_full", format!("一次检查最多 {MOST} 份照片和录像")));
    }
    // a signature is drawn on white: two of them look alike
    let look = looked.photo.as_ref().and_then(|p| p.hash).filter(|_| item != "signature");
    let reused = shown_before(act.tx, visit, &looked.kept.hash, look)?;
    let mut fixed = fixed::fix(taken, looked, of.lon.zip(of.lat), !reused.is_empty(), act.now);
    if item == "signature" {
        // drawn on the screen: it has no place and no camera
        fixed.doubts.retain(|d| d == "reused");
    }
    let photo = VisitPhoto {
        visit: visit.to_owned(),
        sha256: looked.kept.hash.clone(),
        media: looked.media.to_owned(),
        size: i64::try_from(looked.kept.size).unwrap_or(i64::MAX),
        item: item.to_owned(),
        user: act.who().user.clone(),
        user_name: act.who().name.clone(),
        taken_at: taken.taken_at,
        received_at: act.now,
        lon: taken.lon,
        lat: taken.lat,
        accuracy: taken.accuracy,
        distance: fixed.distance,
        in_app: taken.in_app == Some(1),
        doubts: fixed.doubts,
        hash: String::new(),
        reused,
        reused_number: String::new(),
    };
    let hash = hash_of(&photo);
    let photo = VisitPhoto { hash: hex::encode(hash), ..photo };
    store::photos::insert(act.tx, &photo, look)?;
    act.tx.fact("visit_photo", format!("{visit}/{}", photo.sha256), hash);
    act.note(json!({ "photo": photo.sha256, "item": item, "doubts": photo.doubts }));
    numbered(act.tx, vec![photo])?.pop().ok_or_else(|| Error::internal("the photo just kept is gone"))
}

/// Where the same was shown before: for another visit, or as evidence of a finding; empty nowhere.
fn shown_before(tx: &mut Tx, visit: &str, file: &str, look: Option<u64>) -> Result<String> {
    if let Some(other) = store::photos::elsewhere(tx, visit, file, look)? {
        return Ok(format!("visit:{other}"));
    }
    let finding = evidence::shown_before(tx, file, look)?;
    Ok(finding.map(|id| format!("finding:{id}")).unwrap_or_default())
}

/// Puts in the numbers of what showed the same before.
pub fn numbered(tx: &mut Tx, mut list: Vec<VisitPhoto>) -> Result<Vec<VisitPhoto>> {
    for photo in &mut list {
        let number = match photo.reused.split_once(':') {
            Some(("visit", id)) => store::visits::by_id(tx, id)?.map(|v| v.number),
            Some(("finding", id)) => findings::by_id(tx, id)?.map(|f| f.number),
            _ => None,
        };
        photo.reused_number = number.unwrap_or_default();
    }
    Ok(list)
}

/// Photos of a visit. Errors: not found.
pub fn list(tx: &mut Tx, who: &Actor, visit: &str) -> Result<Vec<VisitPhoto>> {
    let visit = seen(tx, who, "inspection.read", visit)?;
    let photos = store::photos::of_visit(tx, &visit.id)?;
    numbered(tx, photos)
}

/// Over all that is fixed, each with its length before it; what is unknown is empty.
pub fn hash_of(p: &VisitPhoto) -> [u8; 32] {
    let number = |n: Option<Millis>| n.map(|n| n.to_string()).unwrap_or_default();
    let degrees = |n: Option<f64>| n.map(|n| format!("{n:.7}")).unwrap_or_default();
    let fields = [
        p.visit.clone(),
        p.sha256.clone(),
        p.media.clone(),
        p.size.to_string(),
        p.item.clone(),
        p.user.clone(),
        p.user_name.clone(),
        number(p.taken_at),
        p.received_at.to_string(),
        degrees(p.lon),
        degrees(p.lat),
        number(p.accuracy),
        number(p.distance),
        p.in_app.to_string(),
        p.doubts.join(","),
    ];
    kit_files::hash_of_fields(&fields)
}

/// How a photo of a visit was taken, as evidence of a finding has it.
pub fn as_taken(photo: &VisitPhoto, stage: &str) -> Taken {
    Taken {
        stage: stage.to_owned(),
        taken_at: photo.taken_at,
        lon: photo.lon,
        lat: photo.lat,
        accuracy: photo.accuracy,
        in_app: Some(i64::from(photo.in_app)),
        ..Taken::default()
    }
}
