//! Photos are taken in: looked at outside of the transaction, fixed inside.

use findings::evidence::{self, Looked, Taken};
use kit_base::{Error, Millis, Result};
use kit_web::Act;
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
        return Ok(known);
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
    let metres = evidence::metres(taken, of.lon.zip(of.lat));
    let reused = store::photos::elsewhere(act.tx, visit, &looked.kept.hash)?;
    let is_photo = looked.media.starts_with("image/");
    let mut doubts = evidence::doubts(taken, looked.photo.as_ref(), is_photo, metres, reused, act.now);
    if item == "signature" {
        // drawn on the screen: it has no place and no camera
        doubts.retain(|d| *d == "reused");
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
        distance: metres.map(|m| m.round() as i64),
        in_app: taken.in_app == Some(1),
        doubts: doubts.into_iter().map(str::to_owned).collect(),
        hash: String::new(),
    };
    let hash = hash_of(&photo);
    let photo = VisitPhoto { hash: hex::encode(hash), ..photo };
    store::photos::insert(act.tx, &photo)?;
    act.tx.fact("visit_photo", format!("{visit}/{}", photo.sha256), hash);
    act.note(json!({ "photo": photo.sha256, "item": item, "doubts": photo.doubts }));
    Ok(photo)
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
