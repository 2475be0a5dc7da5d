//! Rows that must not change beside what the ledger has of them, so many samples at once.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row, Sql, Tx, params};

use super::tests::Round;
use crate::model::{Hand, Kept, Media, Part, Sample, TestResult};

/// Samples that are looked at together.
const STEP: i64 = 200;

kit_db::statements! {
    AFTER = "SELECT id FROM samples WHERE id > $1 ORDER BY id LIMIT $2";
    SAMPLES = "SELECT s.id, s.number, s.sample_no, s.blind, s.quota, s.mode, s.kind, s.stage, s.category, s.food, s.party, s.division, s.lab,
            s.sampler1, s.sampler2, s.house1, s.house2, s.producer, s.lot, s.trace_code, s.sheet, s.sheet_hash, s.taken_at, s.made,
            s.received_at, s.issued_at, s.verdict, s.grave, s.served_at, s.confirmed_at, s.recheck_lab, s.recheck_draw, s.finding,
            s.scope_certain, s.scope_possible, s.flags, s.status, s.phase, s.opened_at, s.closed_at, s.simulated, s.issued_by,
            s.rechecked_at, s.recheck_verdict, s.overturned_at, s.told, s.signatures, s.rechecked_by,
            t.hash, h.hash, v.hash, d.hash, f.hash, a.hash, (SELECT count(*) FROM ledger_items o WHERE o.kind = 'flow' AND o.item = s.id || '#1')
        FROM samples s
        LEFT JOIN ledger_items t ON t.kind = 'sample_task' AND t.item = s.id
        LEFT JOIN ledger_items h ON h.kind = 'sample_sheet' AND h.item = s.sample_no
        LEFT JOIN ledger_items v ON v.kind = 'sample_verdict' AND v.item = s.id
        LEFT JOIN ledger_items d ON d.kind = 'sample_recheck_draw' AND d.item = s.id
        LEFT JOIN ledger_items a ON a.kind = 'sample_asked' AND a.item = s.id
        LEFT JOIN ledger_items f ON f.kind = 'sample_recheck_verdict' AND f.item = s.id
        WHERE s.id > $1 AND s.id <= $2 ORDER BY s.id";
    MEDIA = "SELECT m.id, m.kind, m.file, m.media, m.size, m.taken_at, m.lon, m.lat, m.user_id, m.received_at, m.user_name, m.accuracy,
            m.distance, m.camera_app, m.doubts, m.hash, m.sample, i.hash
        FROM sample_media m LEFT JOIN ledger_items i ON i.kind = 'sample_media' AND i.item = m.id
        WHERE m.sample > $1 AND m.sample <= $2 ORDER BY m.sample, m.received_at, m.id";
    ASKED = "SELECT sample, no, item FROM sample_asked WHERE sample > $1 AND sample <= $2 ORDER BY sample, no";
    PARTS = "SELECT part, seal, amount, unit, sample FROM sample_parts WHERE sample > $1 AND sample <= $2 ORDER BY sample, part DESC";
    HANDS = "SELECT h.no, h.holder, h.holder_name, h.person, h.person_name, h.giver, h.giver_name, h.from_at, h.until_at, h.temperature,
            h.seal_whole, h.note, h.hash, h.sample, h.part, i.hash
        FROM sample_hands h LEFT JOIN ledger_items i ON i.kind = 'sample_hand'
            AND i.item = h.sample || '/' || h.part || '#' || CAST(h.no AS TEXT)
        WHERE h.sample > $1 AND h.sample <= $2 ORDER BY h.sample, h.part, h.no";
    RESULTS = "SELECT r.item, r.method, r.result, r.unit, r.lod, r.reading, r.note, r.sample, r.revision, r.entered_by, r.entered_at, i.hash
        FROM sample_results r LEFT JOIN ledger_items i ON i.kind = 'sample_results' AND i.item = r.sample || '#' || CAST(r.revision AS TEXT)
        WHERE r.sample > $1 AND r.sample <= $2 ORDER BY r.sample, r.revision, r.item";
    AGAIN = "SELECT r.item, r.method, r.result, r.unit, r.lod, r.reading, r.note, r.sample, r.revision, r.entered_by, r.entered_at, i.hash
        FROM recheck_results r LEFT JOIN ledger_items i ON i.kind = 'sample_recheck_results'
            AND i.item = r.sample || '#' || CAST(r.revision AS TEXT)
        WHERE r.sample > $1 AND r.sample <= $2 ORDER BY r.sample, r.revision, r.item";
    VERDICTS = "SELECT item, judged, outcome, decided_by, decided_why, sample, no FROM sample_verdicts WHERE sample > $1 AND sample <= $2
        ORDER BY sample, no";
    FINALS = "SELECT item, judged, outcome, decided_by, decided_why, sample, no FROM recheck_verdicts WHERE sample > $1 AND sample <= $2
        ORDER BY sample, no";
    CORRECTIONS = "SELECT c.sample, c.id, c.item, c.before_result, c.after_result, c.unit, c.judged, c.outcome, c.reason, c.user_id,
            c.user_name, c.at, i.hash
        FROM sample_corrections c LEFT JOIN ledger_items i ON i.kind = 'sample_correction' AND i.item = c.id
        WHERE c.sample > $1 AND c.sample <= $2 ORDER BY c.sample, c.at, c.id";
    READINGS = "SELECT r.item, r.method, r.result, r.unit, r.lod, '', '', r.id, r.run, r.line, r.sample, r.lab, r.read_at, i.hash
        FROM assay_readings r LEFT JOIN ledger_items i ON i.kind = 'sample_reading' AND i.item = r.id
        WHERE r.sample > $1 AND r.sample <= $2 ORDER BY r.sample, r.id";
    /// Kind and item of facts whose rows are gone.
    LOST = "SELECT 'sample_task', item FROM ledger_items WHERE kind = 'sample_task' AND item NOT IN (SELECT id FROM samples)
        UNION ALL SELECT 'sample_sheet', item FROM ledger_items WHERE kind = 'sample_sheet'
            AND item NOT IN (SELECT sample_no FROM samples WHERE sheet_hash <> '')
        UNION ALL SELECT 'sample_media', item FROM ledger_items WHERE kind = 'sample_media' AND item NOT IN (SELECT id FROM sample_media)
        UNION ALL SELECT 'sample_hand', item FROM ledger_items WHERE kind = 'sample_hand'
            AND item NOT IN (SELECT sample || '/' || part || '#' || CAST(no AS TEXT) FROM sample_hands)
        UNION ALL SELECT 'sample_results', item FROM ledger_items WHERE kind = 'sample_results'
            AND item NOT IN (SELECT sample || '#' || CAST(revision AS TEXT) FROM sample_results)
        UNION ALL SELECT 'sample_recheck_results', item FROM ledger_items WHERE kind = 'sample_recheck_results'
            AND item NOT IN (SELECT sample || '#' || CAST(revision AS TEXT) FROM recheck_results)
        UNION ALL SELECT 'sample_correction', item FROM ledger_items WHERE kind = 'sample_correction'
            AND item NOT IN (SELECT id FROM sample_corrections)
        UNION ALL SELECT 'sample_reading', item FROM ledger_items WHERE kind = 'sample_reading'
            AND item NOT IN (SELECT id FROM assay_readings)";
    /// Kind and item of rows whose sample there is not.
    STRAY = "SELECT 'sample_media', id FROM sample_media WHERE sample NOT IN (SELECT id FROM samples)
        UNION ALL SELECT 'sample_asked', sample FROM sample_asked WHERE sample NOT IN (SELECT id FROM samples)
        UNION ALL SELECT 'sample_sheet', sample FROM sample_parts WHERE sample NOT IN (SELECT id FROM samples)
        UNION ALL SELECT 'sample_hand', sample || '/' || part || '#' || CAST(no AS TEXT) FROM sample_hands
            WHERE sample NOT IN (SELECT id FROM samples)
        UNION ALL SELECT 'sample_results', sample || '#' || CAST(revision AS TEXT) FROM sample_results
            WHERE sample NOT IN (SELECT id FROM samples)
        UNION ALL SELECT 'sample_recheck_results', sample || '#' || CAST(revision AS TEXT) FROM recheck_results
            WHERE sample NOT IN (SELECT id FROM samples)
        UNION ALL SELECT 'sample_verdict', sample FROM sample_verdicts WHERE sample NOT IN (SELECT id FROM samples)
        UNION ALL SELECT 'sample_recheck_verdict', sample FROM recheck_verdicts WHERE sample NOT IN (SELECT id FROM samples)
        UNION ALL SELECT 'sample_correction', id FROM sample_corrections WHERE sample NOT IN (SELECT id FROM samples)
        UNION ALL SELECT 'sample_reading', id FROM assay_readings WHERE sample NOT IN (SELECT id FROM samples)";
}

/// Hash that the ledger has; `None`: it has none.
pub type Known = Option<Vec<u8>>;

/// A sample with what the ledger has of the row itself.
pub struct StoredSample {
    pub sample: Sample,
    pub told: String,
    pub signatures: String,
    pub rechecked_by: String,
    pub task: Known,
    pub sheet: Known,
    pub verdict: Known,
    pub draw: Known,
    pub last: Known,
    pub asked: Known,
    /// The ledger has the beginning of its case.
    pub begun: bool,
}

impl FromRow for StoredSample {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            sample: Sample::from_row(r)?,
            told: r.get(45)?,
            signatures: r.get(46)?,
            rechecked_by: r.get(47)?,
            task: r.get(48)?,
            sheet: r.get(49)?,
            verdict: r.get(50)?,
            draw: r.get(51)?,
            last: r.get(52)?,
            asked: r.get(53)?,
            begun: r.get::<i64>(54)? > 0,
        })
    }
}

pub struct StoredMedia {
    pub sample: String,
    pub media: Media,
    pub known: Known,
}

impl FromRow for StoredMedia {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self { media: Media::from_row(r)?, sample: r.get(16)?, known: r.get(17)? })
    }
}

/// An item that was asked for.
pub struct StoredAsked {
    pub sample: String,
    pub no: i64,
    pub item: String,
}

impl FromRow for StoredAsked {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self { sample: r.get(0)?, no: r.get(1)?, item: r.get(2)? })
    }
}

pub struct StoredPart {
    pub sample: String,
    pub part: Part,
}

impl FromRow for StoredPart {
    fn from_row(r: &Row) -> Result<Self> {
        let part = Part {
            part: r.get(0)?,
            seal: r.get(1)?,
            amount: r.get(2)?,
            unit: r.get(3)?,
            hands: Vec::new(),
            offered_to: String::new(),
        };
        Ok(Self { part, sample: r.get(4)? })
    }
}

pub struct StoredHand {
    pub sample: String,
    pub part: String,
    pub hand: Hand,
    pub known: Known,
}

impl FromRow for StoredHand {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self { hand: Hand::from_row(r)?, sample: r.get(13)?, part: r.get(14)?, known: r.get(15)? })
    }
}

pub struct StoredResult {
    pub sample: String,
    pub revision: i64,
    pub result: TestResult,
    pub by: String,
    pub at: Millis,
    pub known: Known,
}

impl FromRow for StoredResult {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            result: TestResult::from_row(r)?,
            sample: r.get(7)?,
            revision: r.get(8)?,
            by: r.get(9)?,
            at: r.get(10)?,
            known: r.get(11)?,
        })
    }
}

pub struct StoredVerdict {
    pub sample: String,
    pub no: i64,
    pub kept: Kept,
}

impl FromRow for StoredVerdict {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self { kept: Kept::from_row(r)?, sample: r.get(5)?, no: r.get(6)? })
    }
}

/// `texts`: id, item, before, after, unit, judged, outcome, reason, user, name.
pub struct StoredCorrection {
    pub sample: String,
    pub texts: Vec<String>,
    pub at: Millis,
    pub known: Known,
}

impl FromRow for StoredCorrection {
    fn from_row(r: &Row) -> Result<Self> {
        let texts = (1..11).map(|i| r.get(i)).collect::<Result<_>>()?;
        Ok(Self { sample: r.get(0)?, texts, at: r.get(11)?, known: r.get(12)? })
    }
}

pub struct StoredReading {
    pub id: String,
    pub run: String,
    pub line: i64,
    pub sample: String,
    pub lab: String,
    pub result: TestResult,
    pub at: Millis,
    pub known: Known,
}

impl FromRow for StoredReading {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            result: TestResult::from_row(r)?,
            id: r.get(7)?,
            run: r.get(8)?,
            line: r.get(9)?,
            sample: r.get(10)?,
            lab: r.get(11)?,
            at: r.get(12)?,
            known: r.get(13)?,
        })
    }
}

/// The last of the next samples after an id; `None`: there are none.
pub fn next(tx: &mut Tx, after: &str) -> Result<Option<String>> {
    Ok(tx.all::<String>(AFTER, params![after, STEP])?.pop())
}

/// Everything of the samples after one id up to another.
pub struct Stretch {
    pub samples: Vec<StoredSample>,
    pub media: Vec<StoredMedia>,
    pub asked: Vec<StoredAsked>,
    pub parts: Vec<StoredPart>,
    pub hands: Vec<StoredHand>,
    pub results: Vec<(Round, StoredResult)>,
    pub verdicts: Vec<(Round, StoredVerdict)>,
    pub corrections: Vec<StoredCorrection>,
    pub readings: Vec<StoredReading>,
}

pub fn stretch(tx: &mut Tx, after: &str, to: &str) -> Result<Stretch> {
    let within = params![after, to];
    let mut results: Vec<(Round, StoredResult)> = Vec::new();
    let mut verdicts: Vec<(Round, StoredVerdict)> = Vec::new();
    for (round, of_results, of_verdicts) in [(Round::First, RESULTS, VERDICTS), (Round::Again, AGAIN, FINALS)]
    {
        results.extend(tx.all(of_results, within)?.into_iter().map(|r| (round, r)));
        verdicts.extend(tx.all(of_verdicts, within)?.into_iter().map(|v| (round, v)));
    }
    Ok(Stretch {
        samples: tx.all(SAMPLES, within)?,
        media: tx.all(MEDIA, within)?,
        asked: tx.all(ASKED, within)?,
        parts: tx.all(PARTS, within)?,
        hands: tx.all(HANDS, within)?,
        results,
        verdicts,
        corrections: tx.all(CORRECTIONS, within)?,
        readings: tx.all(READINGS, within)?,
    })
}

/// Kind and item of facts whose rows are gone; stops where `each` answers `false`.
pub fn lost(tx: &mut Tx, each: &mut dyn FnMut(&str, &str) -> bool) -> Result<()> {
    named(tx, LOST, each)
}

/// Kind and item of rows whose sample there is not; stops where `each` answers `false`.
pub fn stray(tx: &mut Tx, each: &mut dyn FnMut(&str, &str) -> bool) -> Result<()> {
    named(tx, STRAY, each)
}

fn named(tx: &mut Tx, sql: Sql, each: &mut dyn FnMut(&str, &str) -> bool) -> Result<()> {
    tx.scan(sql, &[], &mut |row| {
        let (kind, item): (String, String) = (row.get(0)?, row.get(1)?);
        Ok(each(&kind, &item))
    })
}
