//! Reports, photos, disposals.

use kit_base::{Millis, Result};
use kit_db::{Filter, Tx, params};
use kit_web::Scope;
use trace::model::LotNo;

use crate::model::{Disposal, Photo, Report, Watch};

kit_db::statements! {
    INSERT = "INSERT INTO recall_reports (id, recall, party, origin, kind, on_hand, sold, destroyed, remedied, returned, confirmed, note,
            proof, user_id, user_name, at, hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
    OF = "SELECT id, party, origin, kind, on_hand, sold, destroyed, remedied, returned, confirmed, note, proof, user_id, user_name, at,
            hash
        FROM recall_reports WHERE recall = $1 AND party = $2 ORDER BY at DESC, id DESC LIMIT 200";
    /// In the order of time, what is under control after each.
    CONTROLLED = "SELECT party, origin, at, on_hand + destroyed + remedied + returned FROM recall_reports
        WHERE recall = $1 ORDER BY at, id";
    ADD_PHOTO = "INSERT INTO recall_photos (id, recall, party, file, media, size, user_id, user_name, taken_at, received_at, lon, lat,
            accuracy, distance, camera_app, exif, doubts, reused, hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)";
    PHOTOS = "SELECT id, party, file, media, size, user_id, user_name, taken_at, received_at, lon, lat, accuracy, distance, camera_app,
            exif, doubts, reused, hash
        FROM recall_photos WHERE recall = $1 AND party = $2 ORDER BY received_at, id LIMIT 200";
    PHOTO = "SELECT id, party, file, media, size, user_id, user_name, taken_at, received_at, lon, lat, accuracy, distance, camera_app,
            exif, doubts, reused, hash
        FROM recall_photos WHERE recall = $1 AND id = $2";
    PHOTO_COUNT = "SELECT count(*) FROM recall_photos WHERE recall = $1 AND party = $2";
    SAME_FILE = "SELECT id FROM recall_photos WHERE file = $1 AND NOT (recall = $2 AND party = $3) ORDER BY received_at LIMIT 1";
    FILES = "SELECT DISTINCT file FROM recall_photos ORDER BY 1";
    ADD_DISPOSAL = "INSERT INTO recall_disposals (id, recall, party, origin, what, stock, amount, unit, place, method, told, planned_at,
            user_id, user_name, at, state, watched_by, watched_name, watched_at, opinion, proof)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'planned', '', '', NULL, '', '[]')";
    DISPOSALS = "SELECT id, party, origin, what, stock, amount, unit, place, method, told, planned_at, user_id, user_name, at, state,
            watched_by, watched_name, watched_at, opinion, proof
        FROM recall_disposals WHERE recall = $1 ORDER BY planned_at DESC, id DESC LIMIT 500";
    DISPOSAL = "SELECT id, party, origin, what, stock, amount, unit, place, method, told, planned_at, user_id, user_name, at, state,
            watched_by, watched_name, watched_at, opinion, proof
        FROM recall_disposals WHERE recall = $1 AND id = $2";
    PLANNED = "SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM recall_disposals
        WHERE recall = $1 AND party = $2 AND origin = $3 AND stock = $4 AND state = 'planned'";
    WATCHED = "UPDATE recall_disposals SET state = $3, watched_by = $4, watched_name = $5, watched_at = $6, opinion = $7, proof = $8
        WHERE recall = $1 AND id = $2 AND state = 'planned'";
}

const WATCH: &str = "SELECT d.id, d.party, d.origin, d.what, d.stock, d.amount, d.unit, d.place, d.method, d.told, d.planned_at, d.user_id,
        d.user_name, d.at, d.state, d.watched_by, d.watched_name, d.watched_at, d.opinion, d.proof, r.id, r.number, r.grade, r.reason,
        r.simulated, t.lon, t.lat
    FROM recall_disposals d JOIN recalls r ON r.id = d.recall
    LEFT JOIN recall_tasks t ON t.recall = d.recall AND t.party = d.party";
/// A producer that answers for nothing has no task: it lies where the recall lies.
const LIES: &str = "coalesce(t.division, r.division) >= ? AND coalesce(t.division, r.division) < ?";

/// A list of ids as it is kept.
fn list(ids: &[String]) -> String {
    serde_json::Value::from(ids).to_string()
}

pub fn insert(tx: &mut Tx, recall: &str, r: &Report) -> Result<()> {
    let proof = list(&r.proof);
    let row = params![
        &r.id,
        recall,
        &r.party,
        r.origin,
        &r.kind,
        r.told.on_hand,
        r.told.sold,
        r.told.destroyed,
        r.told.remedied,
        r.told.returned,
        r.confirmed,
        &r.note,
        &proof,
        &r.user,
        &r.user_name,
        r.at,
        &r.hash
    ];
    tx.exec(INSERT, row).map(drop)
}

/// Of one holder, the latest first.
pub fn of(tx: &mut Tx, recall: &str, party: &str) -> Result<Vec<Report>> {
    tx.all(OF, params![recall, party])
}

/// Holder, batch, time, and what was under control then; in the order of time.
pub fn each_controlled(
    tx: &mut Tx,
    recall: &str,
    each: &mut dyn FnMut(String, LotNo, Millis, i64),
) -> Result<()> {
    tx.scan(CONTROLLED, params![recall], &mut |row| {
        each(row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        Ok(true)
    })
}

pub fn add_photo(tx: &mut Tx, recall: &str, p: &Photo) -> Result<()> {
    let doubts = match p.doubts.is_empty() {
        true => String::new(),
        false => format!(",{},", p.doubts.join(",")),
    };
    let row = params![
        &p.id,
        recall,
        &p.party,
        &p.file,
        &p.media,
        p.size,
        &p.user,
        &p.user_name,
        p.taken_at,
        p.received_at,
        p.lon,
        p.lat,
        p.accuracy,
        p.distance,
        p.in_app,
        &p.exif,
        &doubts,
        &p.reused,
        &p.hash
    ];
    tx.exec(ADD_PHOTO, row).map(drop)
}

pub fn photos(tx: &mut Tx, recall: &str, party: &str) -> Result<Vec<Photo>> {
    tx.all(PHOTOS, params![recall, party])
}

pub fn photo(tx: &mut Tx, recall: &str, id: &str) -> Result<Option<Photo>> {
    tx.one(PHOTO, params![recall, id])
}

pub fn photo_count(tx: &mut Tx, recall: &str, party: &str) -> Result<i64> {
    Ok(tx.one(PHOTO_COUNT, params![recall, party])?.unwrap_or(0))
}

/// The same content in another place.
pub fn same_file(tx: &mut Tx, file: &str, recall: &str, party: &str) -> Result<Option<String>> {
    tx.one(SAME_FILE, params![file, recall, party])
}

/// Content of all photos.
pub fn files(tx: &mut Tx) -> Result<Vec<String>> {
    tx.all(FILES, &[])
}

pub fn add_disposal(tx: &mut Tx, recall: &str, d: &Disposal) -> Result<()> {
    let row = params![
        &d.id,
        recall,
        &d.party,
        d.origin,
        &d.what,
        &d.stock,
        d.amount,
        &d.unit,
        &d.place,
        &d.method,
        &d.told,
        d.planned_at,
        &d.user,
        &d.user_name,
        d.at
    ];
    tx.exec(ADD_DISPOSAL, row).map(drop)
}

pub fn disposals(tx: &mut Tx, recall: &str) -> Result<Vec<Disposal>> {
    tx.all(DISPOSALS, params![recall])
}

pub fn disposal(tx: &mut Tx, recall: &str, id: &str) -> Result<Option<Disposal>> {
    tx.one(DISPOSAL, params![recall, id])
}

/// Announced and not done yet, within a jurisdiction; the next first.
pub fn watches(tx: &mut Tx, scope: &Scope) -> Result<Vec<Watch>> {
    let filter = Filter::new(WATCH).and("d.state = 'planned' AND r.closed_at IS NULL", &[]);
    let filter = scope.restrict(filter, LIES, "d.party = ?");
    tx.list(&filter.then("ORDER BY d.planned_at, d.id LIMIT 200", &[]))
}

/// Announced and not done yet.
pub fn planned(tx: &mut Tx, recall: &str, party: &str, origin: LotNo, stock: &str) -> Result<i64> {
    Ok(tx.one(PLANNED, params![recall, party, origin, stock])?.unwrap_or(0))
}

/// Whether it was still planned.
pub fn watched(tx: &mut Tx, recall: &str, d: &Disposal) -> Result<bool> {
    let proof = list(&d.proof);
    let row =
        params![recall, &d.id, &d.state, &d.watched_by, &d.watched_name, d.watched_at, &d.opinion, &proof];
    Ok(tx.exec(WATCHED, row)? == 1)
}
