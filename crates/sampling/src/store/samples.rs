//! Samples and their photos.

use kit_base::{Millis, Result};
use kit_db::{Filter, Param, Tx, params};
use kit_web::{Page, answer::paging};

use crate::model::{Media, Sample, SampleQuery};

kit_db::statements! {
    INSERT = "INSERT INTO samples (id, number, sample_no, blind, quota, mode, kind, stage, category, food, party, party_kind, site, division,
            lab, sampler1, sampler2, house1, house2, status, phase, opened_at, simulated, producer, trace_code, sheet, sheet_hash, made,
            verdict, grave, recheck_lab, recheck_draw, finding, flags)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, '', '', '{}', '', '',
            '', 0, '', '', '', '')";
    BY_ID = "SELECT id, number, sample_no, blind, quota, mode, kind, stage, category, food, party, division, lab, sampler1, sampler2,
            house1, house2, producer, lot, trace_code, sheet, sheet_hash, taken_at, made, received_at, issued_at, verdict, grave,
            served_at, confirmed_at, recheck_lab, recheck_draw, finding, scope_certain, scope_possible, flags, status, phase, opened_at,
            closed_at, simulated, issued_by, rechecked_at, recheck_verdict, overturned_at
        FROM samples WHERE id = $1";
    BY_BLIND = "SELECT id, number, sample_no, blind, quota, mode, kind, stage, category, food, party, division, lab, sampler1, sampler2,
            house1, house2, producer, lot, trace_code, sheet, sheet_hash, taken_at, made, received_at, issued_at, verdict, grave,
            served_at, confirmed_at, recheck_lab, recheck_draw, finding, scope_certain, scope_possible, flags, status, phase, opened_at,
            closed_at, simulated, issued_by, rechecked_at, recheck_verdict, overturned_at
        FROM samples WHERE blind = $1";
    OF_SAMPLER = "SELECT id, number, sample_no, blind, quota, mode, kind, stage, category, food, party, division, lab, sampler1, sampler2,
            house1, house2, producer, lot, trace_code, sheet, sheet_hash, taken_at, made, received_at, issued_at, verdict, grave,
            served_at, confirmed_at, recheck_lab, recheck_draw, finding, scope_certain, scope_possible, flags, status, phase, opened_at,
            closed_at, simulated, issued_by, rechecked_at, recheck_verdict, overturned_at
        FROM samples WHERE (sampler1 = $1 OR sampler2 = $1) AND status IN ('planned', 'taken') ORDER BY opened_at LIMIT 200";
    COUNTED = "SELECT COALESCE(sum(CASE WHEN taken_at >= $3 AND taken_at < $4 THEN 1 ELSE 0 END), 0),
            COALESCE(sum(CASE WHEN issued_at >= $3 AND issued_at < $4 THEN 1 ELSE 0 END), 0),
            COALESCE(sum(CASE WHEN issued_at >= $3 AND issued_at < $4 AND verdict = 'fails' THEN 1 ELSE 0 END), 0)
        FROM samples WHERE division >= $1 AND division < $2 AND kind = 'supervision' AND phase <> 'void'";
    SET_COURSE = "UPDATE samples SET status = $2, phase = $3, flags = $4, closed_at = $5 WHERE id = $1";
    SET_SHEET = "UPDATE samples SET sheet = $2, sheet_hash = $3, producer = $4, lot = $5, trace_code = $6, made = $7, food = $8 WHERE id = $1";
    SET_TAKEN = "UPDATE samples SET taken_at = $2 WHERE id = $1";
    SET_RECEIVED = "UPDATE samples SET received_at = $2 WHERE id = $1";
    SET_ISSUED = "UPDATE samples SET issued_at = $2, verdict = $3, grave = $4, issued_by = $5 WHERE id = $1";
    SET_RECHECKED = "UPDATE samples SET rechecked_at = $2, rechecked_by = $3, recheck_verdict = $4 WHERE id = $1";
    ASKED = "SELECT recheck_asked, recheck_refused FROM samples WHERE id = $1";
    SET_ASKED = "UPDATE samples SET recheck_asked = $2, recheck_refused = $3 WHERE id = $1";
    MARKS = "SELECT finding, finding_producer, notice FROM samples WHERE id = $1";
    SET_NOTICE = "UPDATE samples SET notice = $2 WHERE id = $1";
    SET_OVERTURNED = "UPDATE samples SET overturned_at = $2 WHERE id = $1";
    SET_SERVED = "UPDATE samples SET served_at = $2 WHERE id = $1";
    SET_CONFIRMED = "UPDATE samples SET confirmed_at = $2, finding = $3, finding_producer = $4, notice = $5, scope_certain = $6,
            scope_possible = $7, batch_lot = $8 WHERE id = $1";
    BATCH = "SELECT batch_lot FROM samples WHERE id = $1";
    /// Other failures of the batch that stand.
    OTHERS = "SELECT o.sample_no FROM samples s JOIN samples o ON o.batch_lot = s.batch_lot
        WHERE s.id = $1 AND o.id <> s.id AND o.overturned_at IS NULL AND o.phase <> 'void' ORDER BY o.confirmed_at LIMIT 1";
    SET_DRAWN = "UPDATE samples SET recheck_lab = $2, recheck_draw = $3 WHERE id = $1";
    ADD_MEDIA = "INSERT INTO sample_media (id, sample, kind, file, media, size, taken_at, lon, lat, user_id, received_at, user_name,
            accuracy, distance, camera_app, doubts, hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
    MEDIA = "SELECT id, kind, file, media, size, taken_at, lon, lat, user_id, received_at, user_name, accuracy, distance, camera_app, doubts,
            hash
        FROM sample_media WHERE sample = $1 ORDER BY received_at, id";
    /// The same bytes for another sample.
    ELSEWHERE = "SELECT sample FROM sample_media WHERE file = $1 AND sample <> $2 LIMIT 1";
    SET_SIGNED = "UPDATE samples SET told = $2, signatures = $3 WHERE id = $1";
    SIGNED = "SELECT told, signatures FROM samples WHERE id = $1";
    SITE = "SELECT site FROM samples WHERE id = $1";
    HOLD = "UPDATE samples SET held_by = $2, held_until = $3, held_device = $4 WHERE id = $1";
    HELD = "SELECT held_by, held_until, held_device FROM samples WHERE id = $1";
    FILES = "SELECT file FROM sample_media UNION SELECT file FROM sample_stream_files ORDER BY 1";
}

/// A sample on its way into the database.
pub struct NewRow<'a> {
    pub id: &'a str,
    pub number: &'a str,
    pub sample_no: &'a str,
    pub blind: &'a str,
    pub quota: &'a str,
    pub mode: &'a str,
    pub kind: &'a str,
    pub stage: &'a str,
    pub category: &'a str,
    pub food: &'a str,
    pub party: &'a str,
    pub party_kind: &'a str,
    pub site: &'a str,
    pub division: &'a str,
    pub lab: &'a str,
    pub samplers: [&'a str; 2],
    pub houses: [&'a str; 2],
    pub status: &'a str,
    pub phase: &'a str,
    pub opened_at: Millis,
    pub simulated: bool,
}

pub fn insert(tx: &mut Tx, r: &NewRow) -> Result<()> {
    let row = params![
        r.id,
        r.number,
        r.sample_no,
        r.blind,
        r.quota,
        r.mode,
        r.kind,
        r.stage,
        r.category,
        r.food,
        r.party,
        r.party_kind,
        r.site,
        r.division,
        r.lab,
        r.samplers[0],
        r.samplers[1],
        r.houses[0],
        r.houses[1],
        r.status,
        r.phase,
        r.opened_at,
        r.simulated
    ];
    tx.exec(INSERT, row).map(drop)
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Sample>> {
    tx.one(BY_ID, params![id])
}

pub fn by_blind(tx: &mut Tx, blind: &str) -> Result<Option<Sample>> {
    tx.one(BY_BLIND, params![blind])
}

/// What a sampler is to take or bring.
pub fn of_sampler(tx: &mut Tx, user: &str) -> Result<Vec<Sample>> {
    tx.all(OF_SAMPLER, params![user])
}

pub fn set_course(
    tx: &mut Tx,
    id: &str,
    status: &str,
    phase: &str,
    flags: &str,
    closed_at: Option<Millis>,
) -> Result<()> {
    tx.exec(SET_COURSE, params![id, status, phase, flags, closed_at]).map(drop)
}

/// What the 抽样单 says.
pub struct SheetRow<'a> {
    pub sheet: &'a str,
    pub hash: &'a str,
    pub producer: &'a str,
    pub lot: Option<i64>,
    pub code: &'a str,
    pub made: &'a str,
    pub food: &'a str,
}

pub fn set_sheet(tx: &mut Tx, id: &str, s: &SheetRow) -> Result<()> {
    tx.exec(SET_SHEET, params![id, s.sheet, s.hash, s.producer, s.lot, s.code, s.made, s.food]).map(drop)
}

pub fn set_taken(tx: &mut Tx, id: &str, at: Millis) -> Result<()> {
    tx.exec(SET_TAKEN, params![id, at]).map(drop)
}

pub fn set_received(tx: &mut Tx, id: &str, at: Millis) -> Result<()> {
    tx.exec(SET_RECEIVED, params![id, at]).map(drop)
}

pub fn set_issued(
    tx: &mut Tx,
    id: &str,
    at: Millis,
    (verdict, grave): (&str, bool),
    user: &str,
) -> Result<()> {
    tx.exec(SET_ISSUED, params![id, at, verdict, grave, user]).map(drop)
}

pub fn set_rechecked(tx: &mut Tx, id: &str, at: Millis, user: &str, verdict: &str) -> Result<()> {
    tx.exec(SET_RECHECKED, params![id, at, user, verdict]).map(drop)
}

/// JSON of the items that are rechecked, and of those that were asked for and are not; empty for none.
pub fn asked(tx: &mut Tx, id: &str) -> Result<(String, String)> {
    Ok(tx.one(ASKED, params![id])?.unwrap_or_default())
}

pub fn set_asked(tx: &mut Tx, id: &str, items: &str, refused: &str) -> Result<()> {
    tx.exec(SET_ASKED, params![id, items, refused]).map(drop)
}

pub fn set_served(tx: &mut Tx, id: &str, at: Millis) -> Result<()> {
    tx.exec(SET_SERVED, params![id, at]).map(drop)
}

/// What a confirmed failure left elsewhere; empty for none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Marks {
    /// About the place, and about the producer.
    pub findings: [String; 2],
    /// The public notice on the batch.
    pub notice: String,
}

/// How far a batch went.
pub struct Reach {
    /// The lot that it began with.
    pub batch: i64,
    /// Lots that came from it.
    pub certain: i64,
    /// Lots that came from others of the same number.
    pub possible: i64,
}

/// Confirmed, with what that left elsewhere and the number of lots in its scope (certain, possible).
pub fn set_confirmed(tx: &mut Tx, id: &str, at: Millis, marks: &Marks, scope: Option<&Reach>) -> Result<()> {
    let (certain, possible) = (scope.map(|s| s.certain), scope.map(|s| s.possible));
    let [place, producer] = &marks.findings;
    let batch = scope.map(|s| s.batch);
    tx.exec(SET_CONFIRMED, params![id, at, place, producer, &marks.notice, certain, possible, batch])
        .map(drop)
}

/// The lot that the batch of a confirmed failure began with.
pub fn batch(tx: &mut Tx, id: &str) -> Result<Option<i64>> {
    Ok(tx.one::<Option<i64>>(BATCH, params![id])?.flatten())
}

/// Another failure of the same batch that stands; its number.
pub fn other_of_batch(tx: &mut Tx, id: &str) -> Result<Option<String>> {
    tx.one(OTHERS, params![id])
}

pub fn marks(tx: &mut Tx, id: &str) -> Result<Marks> {
    let (place, producer, notice) =
        tx.one::<(String, String, String)>(MARKS, params![id])?.unwrap_or_default();
    Ok(Marks { findings: [place, producer], notice })
}

pub fn set_notice(tx: &mut Tx, id: &str, notice: &str) -> Result<()> {
    tx.exec(SET_NOTICE, params![id, notice]).map(drop)
}

/// A failure that stood was overturned afterwards.
pub fn set_overturned(tx: &mut Tx, id: &str, at: Millis) -> Result<()> {
    tx.exec(SET_OVERTURNED, params![id, at]).map(drop)
}

pub fn set_drawn(tx: &mut Tx, id: &str, lab: &str, draw: &str) -> Result<()> {
    tx.exec(SET_DRAWN, params![id, lab, draw]).map(drop)
}

pub fn add_media(tx: &mut Tx, sample: &str, m: &Media) -> Result<()> {
    let doubts = match m.doubts.is_empty() {
        true => String::new(),
        false => format!(",{},", m.doubts.join(",")),
    };
    let row = params![
        &m.id,
        sample,
        &m.kind,
        &m.file,
        &m.media,
        m.size,
        m.taken_at,
        m.lon,
        m.lat,
        &m.user,
        m.received_at,
        &m.user_name,
        m.accuracy,
        m.distance,
        m.in_app,
        &doubts,
        &m.hash
    ];
    tx.exec(ADD_MEDIA, row).map(drop)
}

pub fn media(tx: &mut Tx, sample: &str) -> Result<Vec<Media>> {
    tx.all(MEDIA, params![sample])
}

/// Whether the same bytes were handed in for another sample.
pub fn elsewhere(tx: &mut Tx, file: &str, sample: &str) -> Result<bool> {
    Ok(tx.one::<String>(ELSEWHERE, params![file, sample])?.is_some())
}

/// What the phone showed of the sheet, and who signed it.
pub fn set_signed(tx: &mut Tx, id: &str, told: &str, signatures: &str) -> Result<()> {
    tx.exec(SET_SIGNED, params![id, told, signatures]).map(drop)
}

/// See [`set_signed`]: `told`, JSON of the signatures.
pub fn signed(tx: &mut Tx, id: &str) -> Result<(String, String)> {
    Ok(tx.one(SIGNED, params![id])?.unwrap_or_default())
}

/// The premises it is taken at; empty for the business itself.
pub fn site(tx: &mut Tx, id: &str) -> Result<String> {
    Ok(tx.one(SITE, params![id])?.unwrap_or_default())
}

/// Somebody has it in hand until then; an empty user for nobody.
pub fn hold(tx: &mut Tx, id: &str, user: &str, until: Millis, device: &str) -> Result<()> {
    tx.exec(HOLD, params![id, user, until, device]).map(drop)
}

/// Who has it in hand, until when, on which device.
pub fn held(tx: &mut Tx, id: &str) -> Result<(String, Millis, String)> {
    Ok(tx.one(HELD, params![id])?.unwrap_or_default())
}

/// Content of all photos and attachments, for the check that every file is there.
pub fn files(tx: &mut Tx) -> Result<Vec<String>> {
    tx.all(FILES, &[])
}

const SELECT: &str = "SELECT id, number, sample_no, blind, quota, mode, kind, stage, category, food, party, division, lab, sampler1, sampler2,
        house1, house2, producer, lot, trace_code, sheet, sheet_hash, taken_at, made, received_at, issued_at, verdict, grave,
        served_at, confirmed_at, recheck_lab, recheck_draw, finding, scope_certain, scope_possible, flags, status, phase, opened_at,
        closed_at, simulated, issued_by, rechecked_at, recheck_verdict, overturned_at
    FROM samples";

/// Samples that were taken at businesses, the newest first.
pub fn of_business(tx: &mut Tx, own: &[String], q: &SampleQuery) -> Result<Page<Sample>> {
    let (page, size) = paging(q.page, q.size);
    let total =
        tx.count(&taken(Filter::new("SELECT 1 FROM samples"), own, q).counted_to(kit_web::answer::COUNTED))?;
    let rows = taken(Filter::new(SELECT), own, q).then(
        "ORDER BY opened_at DESC, id DESC LIMIT ? OFFSET ?",
        &[Param::Int(size), Param::Int((page - 1) * size)],
    );
    Ok(Page { items: tx.list(&rows)?, total, page, size })
}

fn taken(filter: Filter, own: &[String], q: &SampleQuery) -> Filter {
    let all: Vec<Vec<String>> = own.iter().map(|id| vec![id.clone(), id.clone()]).collect();
    let filter = filter
        .and("taken_at IS NOT NULL", &[])
        .and_any("party = ? OR (producer = ? AND producer_told_at IS NOT NULL)", &all);
    let text = q.q.as_deref().map(str::trim).filter(|t| !t.is_empty());
    match text.map(|t| format!("%{}%", t.replace(['%', '_'], ""))) {
        Some(like) => {
            filter.and("food LIKE ? OR sample_no LIKE ?", &[Param::Text(&like), Param::Text(&like)])
        }
        None => filter,
    }
}

/// Supervision samples taken, reports issued, and of those that fail; below a division from a time until another.
pub fn counted(tx: &mut Tx, range: &[String; 2], from: Millis, until: Millis) -> Result<Vec<i64>> {
    let found: Option<(i64, i64, i64)> = tx.one(COUNTED, params![&range[0], &range[1], from, until])?;
    Ok(found.map_or_else(Vec::new, |(a, b, c)| vec![a, b, c]))
}
