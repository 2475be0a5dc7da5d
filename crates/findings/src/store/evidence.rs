//! Evidence: keep, list, and photos that show the same.

use kit_base::Result;
use kit_db::{Param, Sql, Tx, params};

use crate::model::Evidence;

kit_db::statements! {
    INSERT = "INSERT INTO finding_evidence (id, finding, stage, file, media, size, user_id, user_name, taken_at, received_at, lon, lat,
            accuracy, distance, camera_app, exif, width, height, look0, look1, look2, look3, doubts, reused, hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)";
    OF_FINDING = "SELECT id, finding, stage, file, media, size, user_id, user_name, taken_at, received_at, lon, lat, accuracy, distance,
            camera_app, exif, width, height, doubts, reused, hash
        FROM finding_evidence WHERE finding = $1 ORDER BY received_at, id";
    BY_ID = "SELECT id, finding, stage, file, media, size, user_id, user_name, taken_at, received_at, lon, lat, accuracy, distance,
            camera_app, exif, width, height, doubts, reused, hash
        FROM finding_evidence WHERE finding = $1 AND id = $2";
    IDS = "SELECT id FROM finding_evidence WHERE finding = $1 AND stage = $2";
    COUNT = "SELECT count(*) FROM finding_evidence WHERE finding = $1";
    SAME_FILE = "SELECT id FROM finding_evidence WHERE file = $1 AND finding <> $2 ORDER BY received_at LIMIT 1";
    FILES = "SELECT DISTINCT file FROM finding_evidence ORDER BY 1";
    NEAR0 = "SELECT id, look0, look1, look2, look3 FROM finding_evidence WHERE look0 IN
        ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) AND finding <> $18";
    NEAR1 = "SELECT id, look0, look1, look2, look3 FROM finding_evidence WHERE look1 IN
        ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) AND finding <> $18";
    NEAR2 = "SELECT id, look0, look1, look2, look3 FROM finding_evidence WHERE look2 IN
        ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) AND finding <> $18";
    NEAR3 = "SELECT id, look0, look1, look2, look3 FROM finding_evidence WHERE look3 IN
        ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) AND finding <> $18";
}

/// The four parts of a perceptual hash.
pub fn parts(look: Option<u64>) -> [Option<i64>; 4] {
    [0, 1, 2, 3].map(|i| look.map(|look| (look >> (48 - 16 * i) & 0xffff) as i64))
}

pub fn insert(tx: &mut Tx, e: &Evidence, look: Option<u64>) -> Result<()> {
    let [l0, l1, l2, l3] = parts(look);
    let doubts = match e.doubts.is_empty() {
        true => String::new(),
        false => format!(",{},", e.doubts.join(",")),
    };
    let row = params![
        &e.id,
        &e.finding,
        &e.stage,
        &e.file,
        &e.media,
        e.size,
        &e.user,
        &e.user_name,
        e.taken_at,
        e.received_at,
        e.lon,
        e.lat,
        e.accuracy,
        e.distance,
        e.in_app,
        &e.exif,
        e.width,
        e.height,
        l0,
        l1,
        l2,
        l3,
        &doubts,
        &e.reused,
        &e.hash
    ];
    tx.exec(INSERT, row).map(drop)
}

pub fn of_finding(tx: &mut Tx, finding: &str) -> Result<Vec<Evidence>> {
    tx.all(OF_FINDING, params![finding])
}

pub fn by_id(tx: &mut Tx, finding: &str, id: &str) -> Result<Option<Evidence>> {
    tx.one(BY_ID, params![finding, id])
}

/// Ids of a stage.
pub fn ids(tx: &mut Tx, finding: &str, stage: &str) -> Result<Vec<String>> {
    tx.all(IDS, params![finding, stage])
}

pub fn count(tx: &mut Tx, finding: &str) -> Result<i64> {
    Ok(tx.one(COUNT, params![finding])?.unwrap_or(0))
}

/// Content of all evidence, for the check that every file is there.
pub fn files(tx: &mut Tx) -> Result<Vec<String>> {
    tx.all(FILES, &[])
}

/// Evidence of another finding with the same content, or that shows the same; the earliest found.
///
/// Two hashes that differ in no more than seven bits agree in one of four parts but for one bit at most, so each part is
/// asked for itself and its sixteen neighbours.
pub fn shows_the_same(tx: &mut Tx, finding: &str, file: &str, look: Option<u64>) -> Result<Option<String>> {
    if let Some(id) = tx.one(SAME_FILE, params![file, finding])? {
        return Ok(Some(id));
    }
    let Some(look) = look else { return Ok(None) };
    let mut found: Option<String> = None;
    for (part, sql) in parts(Some(look)).into_iter().flatten().zip([NEAR0, NEAR1, NEAR2, NEAR3]) {
        near(tx, sql, part, finding, look, &mut found)?;
    }
    Ok(found)
}

fn near(
    tx: &mut Tx,
    sql: Sql,
    part: i64,
    finding: &str,
    look: u64,
    found: &mut Option<String>,
) -> Result<()> {
    let around = std::iter::once(part).chain((0..16).map(|bit| part ^ 1 << bit));
    let mut values: Vec<Param> = around.map(Param::Int).collect();
    values.push(Param::Text(finding));
    tx.scan(sql, &values, &mut |row| {
        let other =
            (1..5).try_fold(0_u64, |h, i| Ok::<_, kit_base::Error>(h << 16 | row.get::<i64>(i)? as u64))?;
        let id: String = row.get(0)?;
        // ids sort by time
        if kit_files::photo::same(look, other) && found.as_ref().is_none_or(|f| id < *f) {
            *found = Some(id);
        }
        Ok(true)
    })
}
