//! Photos, fixed five ways (五定): time, place, person, matter, scene.

use findings::fixed;
use kit_base::{Error, Result};
use kit_files::Looked;
use kit_files::hash_of_fields;
use kit_web::Act;
use serde_json::json;

use super::{goes_on, visited};
use crate::model::{Photo, Taken};
use crate::store::reports;

/// Photos that a holder may have in one recall.
const MOST: i64 = 200;

fn taken(t: &Taken) -> fixed::Taken {
    fixed::Taken {
        stage: "mend".into(),
        taken_at: t.taken_at,
        lon: t.lon,
        lat: t.lat,
        accuracy: t.accuracy,
        in_app: t.in_app,
        upload: None,
    }
}

/// Errors: `place_form`, `accuracy_form`.
pub fn check(t: &Taken) -> Result<()> {
    fixed::check_taken(&taken(t))
}

/// Keeps a photo that was looked at.
///
/// Errors: not found, `case_ended`, `photos_many`.
pub fn add(act: &mut Act, id: &str, party: &str, t: &Taken, looked: &Looked) -> Result<Photo> {
    let (recall, of) = visited(act.tx, act.who(), id, party)?;
    goes_on(&recall)?;
    if reports::photo_count(act.tx, id, party)? >= MOST {
        return Err(Error::conflict("photos_many", format!("一家单位最多 {MOST} 张照片")));
    }
    let reused = reports::same_file(act.tx, &looked.kept.hash, id, party)?;
    let fixed = fixed::fix(&taken(t), looked, of.lon.zip(of.lat), reused.is_some(), act.now);
    let mut photo = Photo {
        id: act.id(),
        party: party.to_owned(),
        file: looked.kept.hash.clone(),
        media: looked.media.to_owned(),
        size: i64::try_from(looked.kept.size).unwrap_or(i64::MAX),
        user: act.who().user.clone(),
        user_name: act.who().name.clone(),
        taken_at: t.taken_at,
        received_at: act.now,
        lon: t.lon,
        lat: t.lat,
        accuracy: t.accuracy,
        distance: fixed.distance,
        in_app: t.in_app == Some(1),
        exif: fixed.exif,
        doubts: fixed.doubts,
        reused: reused.unwrap_or_default(),
        hash: String::new(),
    };
    let number = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
    let degrees = |n: Option<f64>| n.map(|n| format!("{n:.7}")).unwrap_or_default();
    let fields = [
        photo.id.clone(),
        id.to_owned(),
        party.to_owned(),
        photo.file.clone(),
        photo.user.clone(),
        number(photo.taken_at),
        photo.received_at.to_string(),
        degrees(photo.lon),
        degrees(photo.lat),
        number(photo.accuracy),
        number(photo.distance),
        photo.in_app.to_string(),
        photo.exif.clone(),
        photo.doubts.join(","),
        photo.reused.clone(),
    ];
    let hash = hash_of_fields(&fields);
    photo.hash = hex::encode(hash);
    reports::add_photo(act.tx, id, &photo)?;
    act.tx.fact("recall_photo", photo.id.clone(), hash);
    act.subject("recall", id, &of.division);
    act.note(json!({ "photo": photo.id, "party": party, "doubts": photo.doubts }));
    Ok(photo)
}
