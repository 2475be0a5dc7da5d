//! Photos of tests: looked at outside of the transaction, fixed inside.

use findings::fixed;
use kit_base::{Error, Result};
use kit_db::Tx;
use kit_files::{Looked, Takes, hash_of_fields};
use kit_web::{Act, Actor};
use serde_json::json;

use super::{points, tests};
use crate::model::{Photo, PhotoTaken, Test};
use crate::store;

/// Photos of one test.
const MOST: i64 = 20;

/// What is taken in.
pub const TAKES: Takes = Takes { pdf: false, code: "photo_kind", text: "照片应为 JPEG、PNG 或 WebP" };

/// The test, where the asker may add photos: people of its point, officers of the place. Errors: not found, `photos_many`.
pub fn may_add(tx: &mut Tx, who: &Actor, test: &str) -> Result<Test> {
    let test = tests::seen(tx, who, "rapid.record", test)?;
    points::seen(tx, who, "rapid.record", &test.point)?;
    if store::photos::count(tx, &test.id)? >= MOST {
        return Err(Error::conflict("photos_many", format!("一条检测最多 {MOST} 张照片")));
    }
    Ok(test)
}

/// Keeps a photo that was looked at. Errors: those of [`may_add`], `photo_kind`.
pub fn add(act: &mut Act, test: &str, taken: &PhotoTaken, looked: &Looked) -> Result<Photo> {
    let test = may_add(act.tx, act.who(), test)?;
    if !looked.media.starts_with("image/") {
        return Err(Error::invalid("file", TAKES.code, TAKES.text));
    }
    let reused = store::photos::reused(act.tx, &looked.kept.hash, &test.id)?.is_some();
    let told = fixed::Taken {
        stage: "found".into(),
        taken_at: taken.taken_at,
        lon: None,
        lat: None,
        accuracy: None,
        in_app: taken.in_app,
        upload: None,
    };
    // where it was is the point itself
    let mut doubts = fixed::fix(&told, looked, None, reused, act.now).doubts;
    doubts.retain(|d| d != "no_place");
    let mut photo = Photo {
        id: act.id(),
        test: test.id.clone(),
        file: looked.kept.hash.clone(),
        media: looked.media.to_owned(),
        size: i64::try_from(looked.kept.size).unwrap_or(i64::MAX),
        user_name: act.who().name.clone(),
        taken_at: taken.taken_at,
        received_at: act.now,
        in_app: taken.in_app == Some(1),
        doubts,
        hash: String::new(),
    };
    let user = act.who().user.clone();
    let hash = hash_of_fields(&[
        photo.id.clone(),
        test.number.clone(),
        photo.file.clone(),
        user.clone(),
        photo.taken_at.map(|at| at.to_string()).unwrap_or_default(),
        photo.received_at.to_string(),
        photo.in_app.to_string(),
        photo.doubts.join(","),
    ]);
    photo.hash = hex::encode(hash);
    store::photos::add(act.tx, &photo, &user)?;
    act.tx.fact("rapid_photo", photo.id.clone(), hash);
    act.subject("rapid_test", &test.id, &test.division);
    act.note(json!({ "photo": photo.id, "test": test.number, "doubts": photo.doubts }));
    Ok(photo)
}
