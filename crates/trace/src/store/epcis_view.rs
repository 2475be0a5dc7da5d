//! The projection of the ledger that EPCIS queries go to.

use kit_base::{Error, Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx, params};
use kit_web::Scope;

use crate::epcis::native::{Line, Native};
use crate::epcis::query::{Order, Query, Wanted};
use crate::model::{EventKind, EventNo};

kit_db::statements! {
    MARK = "SELECT event FROM epcis_view_mark WHERE id = 1";
    HOLD = "UPDATE epcis_view_mark SET event = event WHERE id = 1";
    SET_MARK = "UPDATE epcis_view_mark SET event = $1 WHERE id = 1";
    /// Events not projected yet; of a captured one its first, with its document.
    AFTER = "SELECT e.no, e.id, e.kind, e.party, e.division, e.counterpart, e.at, e.at_ms, e.recorded_at, e.doc,
            x.id, x.kind, x.party, x.division, x.error, x.recorded_at,
            CASE WHEN e.kind IN ('produce', 'pack', 'unpack') AND EXISTS (SELECT 1 FROM inputs i WHERE i.event = e.no)
            THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END
        FROM events e LEFT JOIN epcis_events x ON x.first_event = e.no
        WHERE e.no > $1 AND e.no <= $2 AND (e.channel <> 'epcis' OR x.id IS NOT NULL) ORDER BY e.no";
    INSERT = "INSERT INTO epcis_view (no, at_ms, recorded_at, id, kind, action, step, disposition, party, division, counterpart,
            captured, read_point, location)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    ADD_GTIN = "INSERT INTO epcis_gtins (gtin, event) VALUES ($1, $2) ON CONFLICT (gtin, event) DO NOTHING";
    DOC = "SELECT doc FROM events WHERE no = $1";
    NATIVE = "SELECT e.id, e.kind, e.party, e.counterpart, e.at, e.at_ms, e.recorded_at, e.doc_no, e.simulated, c.at, c.reason
        FROM events e LEFT JOIN corrections c ON c.event = e.no WHERE e.no = $1";
    LINES = "SELECT CAST(0 AS BIGINT), l.no, l.origin, p.gtin, l.batch, l.made, l.expires, l.amount, l.unit
            FROM lots l JOIN products p ON p.id = l.product WHERE l.event = $1
        UNION ALL SELECT CAST(1 AS BIGINT), l.no, l.origin, p.gtin, l.batch, l.made, l.expires, i.amount, l.unit
            FROM inputs i JOIN lots l ON l.no = i.lot JOIN products p ON p.id = l.product WHERE i.event = $1
        ORDER BY 1, 2";
}

/// The last event projected.
pub fn mark(tx: &mut Tx) -> Result<EventNo> {
    tx.one(MARK, &[])?.ok_or_else(|| Error::internal("the mark of the epcis view is missing"))
}

/// [`mark`], held against others until the commit.
pub fn hold_mark(tx: &mut Tx) -> Result<EventNo> {
    tx.exec(HOLD, &[])?;
    mark(tx)
}

pub fn set_mark(tx: &mut Tx, event: EventNo) -> Result<()> {
    tx.exec(SET_MARK, params![event]).map(drop)
}

/// A ledger event that is to be projected.
pub struct Fresh {
    pub no: EventNo,
    pub id: String,
    pub kind: String,
    pub party: String,
    pub division: String,
    pub counterpart: Option<String>,
    pub at: String,
    pub at_ms: Option<Millis>,
    pub recorded_at: Millis,
    pub takes: bool,
    pub captured: Option<FreshCaptured>,
}

/// What is known of a captured one beyond its ledger event.
pub struct FreshCaptured {
    pub doc: String,
    pub id: String,
    pub kind: String,
    pub party: String,
    pub division: String,
    pub recorded_at: Millis,
}

impl FromRow for Fresh {
    fn from_row(r: &Row) -> Result<Self> {
        let id: Option<String> = r.get(10)?;
        let captured = match id {
            None => None,
            Some(id) => Some(FreshCaptured {
                doc: r.get(9)?,
                id,
                kind: r.get(11)?,
                party: r.get(12)?,
                division: r.get(13)?,
                recorded_at: r.get(15)?,
            }),
        };
        Ok(Self {
            no: r.get(0)?,
            id: r.get(1)?,
            kind: r.get(2)?,
            party: r.get(3)?,
            division: r.get(4)?,
            counterpart: r.get(5)?,
            at: r.get(6)?,
            at_ms: r.get(7)?,
            recorded_at: r.get(8)?,
            takes: r.get(16)?,
            captured,
        })
    }
}

pub fn after(tx: &mut Tx, after: EventNo, upto: EventNo) -> Result<Vec<Fresh>> {
    tx.all(AFTER, params![after, upto])
}

/// A row of the projection.
pub struct NewRow<'a> {
    pub no: EventNo,
    pub at_ms: Millis,
    pub recorded_at: Millis,
    pub id: &'a str,
    pub kind: &'a str,
    pub action: &'a str,
    pub step: &'a str,
    pub disposition: &'a str,
    pub party: &'a str,
    pub division: &'a str,
    pub counterpart: Option<&'a str>,
    pub captured: bool,
    pub read_point: Option<&'a str>,
    pub location: Option<&'a str>,
}

pub fn insert(tx: &mut Tx, r: &NewRow) -> Result<()> {
    let values = params![
        r.no,
        r.at_ms,
        r.recorded_at,
        r.id,
        r.kind,
        r.action,
        r.step,
        r.disposition,
        r.party,
        r.division,
        r.counterpart,
        r.captured,
        r.read_point,
        r.location
    ];
    tx.exec(INSERT, values).map(drop)
}

pub fn add_gtin(tx: &mut Tx, gtin: &str, event: EventNo) -> Result<()> {
    tx.exec(ADD_GTIN, params![gtin, event]).map(drop)
}

/// An event that may be asked for.
#[derive(Debug, Clone)]
pub struct Found {
    pub no: EventNo,
    pub at_ms: Millis,
    pub recorded_at: Millis,
    pub captured: bool,
    pub division: String,
}

impl FromRow for Found {
    fn from_row(r: &Row) -> Result<Self> {
        let (no, at_ms, recorded_at) = (r.get(0)?, r.get(1)?, r.get(2)?);
        Ok(Self { no, at_ms, recorded_at, captured: r.get(3)?, division: r.get(4)? })
    }
}

impl Found {
    /// What it is sorted by.
    pub fn sorted_by(&self, order: Order) -> i64 {
        match order {
            Order::Recorded => self.no,
            Order::EventTime { .. } => self.at_ms,
            Order::RecordTime { .. } => self.recorded_at,
        }
    }
}

/// Which part of the answer: numbers `after < no <= upto`, and in the order of the query after this one.
#[derive(Debug, Clone, Copy, Default)]
pub struct Part {
    pub after: EventNo,
    pub upto: EventNo,
    /// Sorted-by value and number of the last one seen.
    pub last: Option<(i64, EventNo)>,
}

const FOUND: &str = "SELECT x.no, x.at_ms, x.recorded_at, x.captured, x.division FROM epcis_view x";

/// The next candidates in the order of the query: all that it lets through are among them.
pub fn candidates(
    tx: &mut Tx,
    scope: &Scope,
    query: &Query,
    base: &str,
    part: Part,
    limit: i64,
) -> Result<Vec<Found>> {
    let own = "(x.party = ? OR x.counterpart = ?)";
    let filter = scope.restrict(Filter::new(FOUND), "x.division >= ? AND x.division < ?", own);
    let filter = narrowed(filter, query, base)
        .and("x.no > ? AND x.no <= ?", &[Param::Int(part.after), Param::Int(part.upto)]);
    let filter = match part.last {
        Some((key, no)) => filter.and(beyond(query.order), &beyond_values(query.order, key, no)),
        None => filter,
    };
    tx.list(&filter.then(ordered(query.order), &[Param::Int(limit)]))
}

fn ordered(order: Order) -> &'static str {
    match order {
        Order::Recorded => "ORDER BY x.no LIMIT ?",
        Order::EventTime { down: false } => "ORDER BY x.at_ms, x.no LIMIT ?",
        Order::EventTime { down: true } => "ORDER BY x.at_ms DESC, x.no DESC LIMIT ?",
        Order::RecordTime { down: false } => "ORDER BY x.recorded_at, x.no LIMIT ?",
        Order::RecordTime { down: true } => "ORDER BY x.recorded_at DESC, x.no DESC LIMIT ?",
    }
}

fn beyond(order: Order) -> &'static str {
    match order {
        Order::Recorded => "x.no > ?",
        Order::EventTime { down: false } => "x.at_ms >= ? AND (x.at_ms > ? OR x.no > ?)",
        Order::EventTime { down: true } => "x.at_ms <= ? AND (x.at_ms < ? OR x.no < ?)",
        Order::RecordTime { down: false } => "x.recorded_at >= ? AND (x.recorded_at > ? OR x.no > ?)",
        Order::RecordTime { down: true } => "x.recorded_at <= ? AND (x.recorded_at < ? OR x.no < ?)",
    }
}

fn beyond_values(order: Order, key: i64, no: EventNo) -> Vec<Param<'static>> {
    match order {
        Order::Recorded => vec![Param::Int(no)],
        _ => vec![Param::Int(key), Param::Int(key), Param::Int(no)],
    }
}

/// What the indexes know of the query. Never refuses what the query lets through.
fn narrowed(filter: Filter, q: &Query, base: &str) -> Filter {
    let each = |all: &[String]| all.iter().map(|one| vec![one.clone()]).collect::<Vec<_>>();
    let words = [
        ("x.kind = ?", &q.types),
        ("x.action = ?", &q.actions),
        ("x.step = ?", &q.steps),
        ("x.disposition = ?", &q.dispositions),
        ("x.id = ?", &q.ids),
    ];
    let mut filter = filter;
    for (condition, asked) in words {
        if let Some(asked) = asked {
            filter = filter.and_any(condition, &each(asked));
        }
    }
    let place = |key: &String| vec![party_of(key, base), key.clone()];
    for (condition, asked) in [
        ("x.captured = 0 AND x.party = ? OR x.read_point = ?", &q.read_points),
        ("x.captured = 0 AND x.party = ? OR x.location = ?", &q.locations),
    ] {
        if let Some(asked) = asked {
            filter = filter.and_any(condition, &asked.iter().map(place).collect::<Vec<_>>());
        }
    }
    for one in &q.matches {
        let parts = |wanted: &Wanted| code_parts(wanted, base);
        filter = filter.and_any(ON_CODE, &one.wanted.iter().map(parts).collect::<Vec<_>>());
    }
    filter
        .and_some("x.at_ms >= ?", q.time.from)
        .and_some("x.at_ms < ?", q.time.before)
        .and_some("x.recorded_at >= ?", q.recorded.from)
        .and_some("x.recorded_at < ?", q.recorded.before)
}

/// Events on a code: those whose documents name it, and those that took or made a lot of it.
const ON_CODE: &str = "x.no IN (
    SELECT event FROM epcis_codes WHERE code = ?
    UNION ALL SELECT event FROM epcis_gtins WHERE gtin = ?
    UNION ALL SELECT l.event FROM products p JOIN lots l ON l.product = p.id WHERE p.gtin = ?
    UNION ALL SELECT i.event FROM products p JOIN lots l ON l.product = p.id JOIN inputs i ON i.lot = l.no WHERE p.gtin = ?
    UNION ALL SELECT l.event FROM products p JOIN lots l ON l.product = p.id WHERE p.gtin = ? AND l.batch = ?
    UNION ALL SELECT i.event FROM products p JOIN lots l ON l.product = p.id JOIN inputs i ON i.lot = l.no
        WHERE p.gtin = ? AND l.batch = ?
    UNION ALL SELECT l.event FROM lots l WHERE l.origin = CAST(CAST(? AS TEXT) AS BIGINT)
    UNION ALL SELECT i.event FROM lots l JOIN inputs i ON i.lot = l.no WHERE l.origin = CAST(CAST(? AS TEXT) AS BIGINT))";

/// The values of [`ON_CODE`]; what does not apply is empty, a lot 0.
fn code_parts(wanted: &Wanted, base: &str) -> Vec<String> {
    let (mut key, mut any, mut gtin, mut batch, mut lot) =
        (String::new(), String::new(), String::new(), String::new(), "0".to_owned());
    match wanted {
        Wanted::Gtin(text) => any = text.clone(),
        Wanted::Key(text) => {
            key = text.clone();
            if let Some((item, of)) = text.strip_prefix("01:").and_then(|rest| rest.split_once(":10:")) {
                (gtin, batch) = (item.to_owned(), of.to_owned());
            }
            let number = text.strip_prefix("x:").and_then(|t| t.strip_prefix(base));
            if let Some(number) = number.and_then(|t| t.strip_prefix("/lots/"))
                && number.len() < 19
                && number.bytes().all(|b| b.is_ascii_digit())
                && !number.is_empty()
            {
                lot = number.to_owned();
            }
        }
    }
    let all = [&key, &any, &any, &any, &gtin, &batch, &gtin, &batch, &lot, &lot];
    all.into_iter().cloned().collect()
}

/// The business of an address made by [`crate::epcis::native::party_uri`], out of its look-up text; else empty.
fn party_of(key: &str, base: &str) -> String {
    let rest = key.strip_prefix("x:").and_then(|t| t.strip_prefix(base));
    rest.and_then(|t| t.strip_prefix("/parties/")).unwrap_or_default().to_owned()
}

/// Number, whether captured, and whose, of an eventID.
pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<(Found, String, Option<String>)>> {
    let select = "SELECT x.no, x.at_ms, x.recorded_at, x.captured, x.division, x.party, x.counterpart FROM epcis_view x";
    let filter = Filter::new(select).and("x.id = ?", &[Param::Text(id)]).then("ORDER BY x.no LIMIT 1", &[]);
    let mut out = None;
    tx.scan_list(&filter, &mut |row| {
        out = Some((Found::from_row(row)?, row.get(5)?, row.get(6)?));
        Ok(false)
    })?;
    Ok(out)
}

/// The document of a captured event.
pub fn doc(tx: &mut Tx, no: EventNo) -> Result<Option<String>> {
    Ok(tx.one::<Option<String>>(DOC, params![no])?.flatten())
}

/// An event recorded here, with its lots.
pub fn native(tx: &mut Tx, no: EventNo) -> Result<Option<Native>> {
    let mut lines = Vec::new();
    tx.scan(LINES, params![no], &mut |r| {
        lines.push(Line {
            taken: r.get(0)?,
            origin: r.get(2)?,
            gtin: r.get(3)?,
            batch: r.get(4)?,
            made: r.get(5)?,
            expires: r.get(6)?,
            amount: r.get(7)?,
            unit: r.get(8)?,
        });
        Ok(true)
    })?;
    let found: Option<Native> = tx.one(NATIVE, params![no])?;
    Ok(found.map(|native| Native { lines, ..native }))
}

impl FromRow for Native {
    fn from_row(r: &Row) -> Result<Self> {
        let kind: String = r.get(1)?;
        let kind = EventKind::parse(&kind).ok_or_else(|| Error::internal(format!("event kind {kind}")))?;
        let (wrong_at, reason): (Option<i64>, Option<String>) = (r.get(9)?, r.get(10)?);
        Ok(Self {
            id: r.get(0)?,
            kind,
            party: r.get(2)?,
            counterpart: r.get(3)?,
            at: r.get(4)?,
            at_ms: r.get(5)?,
            recorded_at: r.get(6)?,
            doc_no: r.get(7)?,
            simulated: r.get(8)?,
            wrong: wrong_at.zip(reason),
            lines: Vec::new(),
        })
    }
}
