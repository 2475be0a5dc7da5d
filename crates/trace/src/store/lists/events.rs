//! Lists of events: all of them, and the two ledgers.

use kit_base::{Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx};
use kit_web::{Page, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Meant, ids_of, inside, paged};
use crate::model::{EventNo, LotNo};
use crate::papers::{Additive, Papers};
use crate::store::corrections::{self, Correction, Wrong};
use crate::store::papers;

/// An event in a list: one line of a ledger.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct EventRow {
    pub no: EventNo,
    pub id: String,
    pub kind: String,
    pub party: String,
    pub division: String,
    pub counterpart: Option<String>,
    pub counterpart_name: String,
    pub at: String,
    pub recorded_at: Millis,
    pub doc_no: String,
    pub difference: Option<i64>,
    pub reason: String,
    pub channel: String,
    pub declared: bool,
    pub simulated: bool,
    /// first lot it made, or first lot it took where it made none
    pub lot: Option<LotNo>,
    pub product: Option<String>,
    pub product_name: Option<String>,
    pub spec: Option<String>,
    pub batch: Option<String>,
    pub made: Option<String>,
    pub expires: Option<String>,
    /// base units of that lot
    pub amount: Option<i64>,
    pub unit: Option<String>,
    /// declared wrong, with this reason
    pub corrected: Option<String>,
    /// the declaration that it was recorded in error, with who, when, and the event that says what was meant
    pub correction: Option<Correction>,
    /// the wrong event that this one stands for
    pub replaces: Option<Wrong>,
    /// 随货凭证 and supplier, where any were given
    pub papers: Option<Papers>,
    /// of a production
    pub additives: Vec<Additive>,
}

impl FromRow for EventRow {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            no: r.get(0)?,
            id: r.get(1)?,
            kind: r.get(2)?,
            party: r.get(3)?,
            division: r.get(4)?,
            counterpart: r.get(5)?,
            counterpart_name: r.get(6)?,
            at: r.get(7)?,
            recorded_at: r.get(8)?,
            doc_no: r.get(9)?,
            difference: r.get(10)?,
            reason: r.get(11)?,
            channel: r.get(12)?,
            declared: r.get(13)?,
            simulated: r.get(14)?,
            lot: r.get(15)?,
            product: r.get(16)?,
            product_name: r.get(17)?,
            spec: r.get(18)?,
            batch: r.get(19)?,
            made: r.get(20)?,
            expires: r.get(21)?,
            amount: r.get(22)?,
            unit: r.get(23)?,
            corrected: r.get(24)?,
            correction: None,
            replaces: None,
            papers: None,
            additives: Vec::new(),
        })
    }
}

const EVENT: &str = "SELECT e.no, e.id, e.kind, e.party, e.division, e.counterpart, e.counterpart_name, e.at, e.recorded_at,
    e.doc_no, e.difference, e.reason, e.channel, e.declared, e.simulated, l.no, l.product, p.name, p.spec, l.batch, l.made,
    l.expires, CASE WHEN e.lots > 0 THEN l.amount ELSE i.amount END, l.unit, c.reason
    FROM events e
    LEFT JOIN inputs i ON e.lots = 0 AND i.event = e.no AND i.lot = (SELECT min(lot) FROM inputs WHERE event = e.no)
    LEFT JOIN lots l ON l.no = CASE WHEN e.lots > 0 THEN e.first_lot ELSE i.lot END
    LEFT JOIN products p ON p.id = l.product
    LEFT JOIN corrections c ON c.event = e.no";
const EVENT_COUNT: &str = "SELECT 1 FROM events e";
const EVENT_COUNT_SEARCHED: &str = "SELECT 1 FROM events e
    LEFT JOIN inputs i ON e.lots = 0 AND i.event = e.no AND i.lot = (SELECT min(lot) FROM inputs WHERE event = e.no)
    LEFT JOIN lots l ON l.no = CASE WHEN e.lots > 0 THEN e.first_lot ELSE i.lot END
    LEFT JOIN products p ON p.id = l.product";

/// What a list of events, or one of the ledgers, is asked for.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct EventQuery {
    /// part of the product's name or code, a batch or a document number
    pub q: Option<String>,
    pub party: Option<String>,
    pub counterpart: Option<String>,
    pub kind: Option<String>,
    pub doc_no: Option<String>,
    /// business day from, YYYY-MM-DD
    pub from: Option<String>,
    /// business day until, YYYY-MM-DD, that day included
    pub until: Option<String>,
    /// prefix of a division code
    pub division: Option<String>,
    /// 1: only history declared by an importer; 0: only what was recorded here
    pub declared: Option<i64>,
    /// -no (default), no
    pub sort: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// Which events a list is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ledger {
    All,
    /// 进货查验记录: what came in from others
    Purchases,
    /// 销售台账: what went out to others and to consumers
    Sales,
}

/// `meant`: what the text of the query means ([`crate::search::meant`]).
pub fn events(
    tx: &mut Tx,
    scope: &Scope,
    ledger: Ledger,
    query: &EventQuery,
    meant: Option<&Meant>,
) -> Result<Page<EventRow>> {
    let count = if meant.is_some_and(Meant::is_walked) { EVENT_COUNT_SEARCHED } else { EVENT_COUNT };
    let order = match query.sort.as_deref() {
        Some("no") => "ORDER BY e.no LIMIT ? OFFSET ?",
        _ => "ORDER BY e.no DESC LIMIT ? OFFSET ?",
    };
    let of = Of::read(tx, query)?;
    let filter = |select| event_filter(select, scope, ledger, query, meant, &of);
    let (count, rows) = (filter(count), filter(EVENT));
    let mut page = paged(tx, count, rows, order, query.page, query.size)?;
    complete(tx, &mut page.items)?;
    Ok(page)
}

/// Adds papers and additives to events.
fn complete(tx: &mut Tx, rows: &mut [EventRow]) -> Result<()> {
    let of = |kinds: &[&str]| -> Vec<EventNo> {
        rows.iter().filter(|e| kinds.contains(&e.kind.as_str())).map(|e| e.no).collect()
    };
    let mut with = papers::papers(tx, &of(&["ship", "return", "receive"]))?;
    let mut made = papers::additives(tx, &of(&["produce"]))?;
    let all: Vec<EventNo> = rows.iter().map(|e| e.no).collect();
    let wrong: Vec<EventNo> = rows.iter().filter(|e| e.corrected.is_some()).map(|e| e.no).collect();
    let mut declared = corrections::of(tx, &wrong)?;
    let mut replaced = corrections::replaced(tx, &all)?;
    for row in rows {
        row.correction = declared.remove(&row.no);
        row.replaces = replaced.remove(&row.no);
        row.papers = with.remove(&row.no);
        row.additives = made.remove(&row.no).unwrap_or_default();
    }
    Ok(())
}

fn completed(tx: &mut Tx, filter: &Filter) -> Result<Vec<EventRow>> {
    let mut rows = tx.list(filter)?;
    complete(tx, &mut rows)?;
    Ok(rows)
}

/// The next part of the list by number, for exports: at most `limit` events after `after`.
pub fn events_after(
    tx: &mut Tx,
    scope: &Scope,
    ledger: Ledger,
    query: &EventQuery,
    meant: Option<&Meant>,
    after: EventNo,
    limit: i64,
) -> Result<Vec<EventRow>> {
    let of = Of::read(tx, query)?;
    let filter = event_filter(EVENT, scope, ledger, query, meant, &of).and("e.no > ?", &[Param::Int(after)]);
    completed(tx, &filter.then("ORDER BY e.no LIMIT ?", &[Param::Int(limit)]))
}

/// Ids under which the businesses of a query are recorded: their own, and those of records merged into them.
struct Of {
    party: Option<Vec<Vec<String>>>,
    counterpart: Option<Vec<Vec<String>>>,
}

impl Of {
    fn read(tx: &mut Tx, query: &EventQuery) -> Result<Self> {
        Ok(Self { party: ids_of(tx, &query.party)?, counterpart: ids_of(tx, &query.counterpart)? })
    }
}

fn event_filter(
    select: &'static str,
    scope: &Scope,
    ledger: Ledger,
    query: &EventQuery,
    meant: Option<&Meant>,
    of: &Of,
) -> Filter {
    let own = "(e.party = ? OR e.counterpart = ?)";
    let mut filter = match ledger {
        Ledger::All => scope.restrict(Filter::new(select), "e.division >= ? AND e.division < ?", own),
        _ => scope.restrict(Filter::new(select), "e.division >= ? AND e.division < ?", "e.party = ?"),
    };
    filter = match ledger {
        Ledger::All => filter,
        Ledger::Purchases => filter.and("e.kind = 'receive'", &[]),
        Ledger::Sales => filter.and("e.kind IN ('ship', 'sell')", &[]),
    };
    if let Some(meant) = meant {
        filter = meant.events(filter);
    }
    if let Some(ids) = &of.party {
        filter = filter.and_any("e.party = ?", ids);
    }
    if let Some(ids) = &of.counterpart {
        filter = filter.and_any("e.counterpart = ?", ids);
    }
    inside(filter, "e.division >= ? AND e.division < ?", &query.division)
        .and_some("e.declared = ?", query.declared)
        .and_some("e.kind = ?", query.kind.as_deref())
        .and_some("e.doc_no = ?", query.doc_no.as_deref())
        .and_some("e.at >= ?", query.from.as_deref())
        .and_some("e.at <= ?", query.until.as_deref())
}

/// The uses of a lot: which events took from it, newest first.
pub fn uses_of(tx: &mut Tx, lot: LotNo, limit: i64) -> Result<Vec<EventRow>> {
    let within = "e.no IN (SELECT event FROM inputs WHERE lot = ?)";
    let filter = Filter::new(EVENT).and(within, &[Param::Int(lot)]);
    completed(tx, &filter.then("ORDER BY e.no DESC LIMIT ?", &[Param::Int(limit)]))
}

/// One event as a ledger line.
pub fn event(tx: &mut Tx, no: EventNo) -> Result<Option<EventRow>> {
    Ok(completed(tx, &Filter::new(EVENT).and("e.no = ?", &[Param::Int(no)]))?.pop())
}
