//! Proposals of targeted sampling, and the results that they are made of.

use kit_base::{Error, Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx, params};
use kit_web::{Page, Scope, answer::paging};

use crate::model::targets::{Target, TargetQuery};
use crate::rules::targets::{Cell, Found};

kit_db::statements! {
    /// Results that stand since a time; an item that a recheck overturned does not fail.
    RESULTS = "SELECT substr(s.division, 1, 6), s.category, s.stage, v.item, s.party, s.food, COALESCE(s.taken_at, s.opened_at),
            COALESCE(s.confirmed_at, s.issued_at), s.simulated,
            CAST(CASE WHEN v.outcome = 'fails' AND s.confirmed_at IS NOT NULL AND s.flags NOT LIKE '%,overturned,%'
                AND NOT EXISTS (SELECT 1 FROM recheck_verdicts r WHERE r.sample = s.id AND r.item = v.item AND r.outcome <> 'fails')
                THEN 1 ELSE 0 END AS BIGINT)
        FROM samples s JOIN sample_verdicts v ON v.sample = s.id
        WHERE s.kind = 'supervision' AND s.phase <> 'void' AND v.outcome IN ('conforms', 'fails') AND length(s.division) >= 6
            AND (s.confirmed_at IS NOT NULL OR (s.closed_at IS NOT NULL AND s.issued_at IS NOT NULL))
            AND COALESCE(s.confirmed_at, s.issued_at) >= $1";
    BY_ID = "SELECT t.id, t.place, t.category, t.stage, t.item, t.points, t.batches, t.why, t.sites, t.rules, t.state, t.made_at, t.computed_at,
            t.decided_at, t.decided_by, t.reason, t.plan, t.cell, t.sample, t.simulated
        FROM sample_targets t WHERE t.id = $1";
    OPEN = "SELECT id FROM sample_targets WHERE place = $1 AND category = $2 AND stage = $3 AND item = $4 AND state = 'open'";
    DECIDED = "SELECT decided_at, points FROM sample_targets
        WHERE place = $1 AND category = $2 AND stage = $3 AND item = $4 AND state IN ('taken', 'declined') AND decided_at IS NOT NULL
        ORDER BY decided_at DESC LIMIT 1";
    ADD = "INSERT INTO sample_targets (id, place, category, stage, item, points, batches, why, sites, rules, state, made_at, computed_at,
            decided_at, decided_by, reason, plan, cell, sample, simulated)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open', $11, $11, NULL, '', '', '', '', '', $12)";
    AGAIN = "UPDATE sample_targets SET points = $2, batches = $3, why = $4, sites = $5, rules = $6, computed_at = $7, simulated = $8
        WHERE id = $1 AND state = 'open'";
    LAPSE = "UPDATE sample_targets SET state = 'lapsed', decided_at = $1, reason = $2 WHERE state = 'open' AND computed_at < $1";
    DECIDE = "UPDATE sample_targets SET state = $2, decided_at = $3, decided_by = $4, reason = $5, plan = $6, cell = $7, sample = $8
        WHERE id = $1 AND state = 'open'";
}

impl FromRow for Target {
    fn from_row(r: &Row) -> Result<Self> {
        let (why, sites): (String, String) = (r.get(7)?, r.get(8)?);
        Ok(Self {
            id: r.get(0)?,
            place: r.get(1)?,
            category: r.get(2)?,
            stage: r.get(3)?,
            item: r.get(4)?,
            points: r.get(5)?,
            batches: r.get(6)?,
            why: serde_json::from_str(&why).map_err(Error::internal)?,
            sites: serde_json::from_str(&sites).map_err(Error::internal)?,
            rules: r.get(9)?,
            state: r.get(10)?,
            made_at: r.get(11)?,
            computed_at: r.get(12)?,
            decided_at: r.get(13)?,
            decided_by: r.get(14)?,
            reason: r.get(15)?,
            plan: r.get(16)?,
            cell: r.get(17)?,
            sample: r.get(18)?,
            simulated: r.get(19)?,
            place_name: String::new(),
            category_name: String::new(),
        })
    }
}

/// Every result that stands since a time.
pub fn results(tx: &mut Tx, since: Millis, each: &mut dyn FnMut(Found) -> Result<()>) -> Result<()> {
    tx.scan(RESULTS, params![since], &mut |r| {
        each(Found {
            cell: Cell { place: r.get(0)?, category: r.get(1)?, stage: r.get(2)?, item: r.get(3)? },
            party: r.get(4)?,
            food: r.get(5)?,
            taken_at: r.get(6)?,
            stood_at: r.get(7)?,
            simulated: r.get(8)?,
            fails: r.get(9)?,
        })?;
        Ok(true)
    })
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Target>> {
    tx.one(BY_ID, params![id])
}

/// The open proposal of a cell.
pub fn open(tx: &mut Tx, c: &Cell) -> Result<Option<String>> {
    tx.one(OPEN, params![&c.place, &c.category, &c.stage, &c.item])
}

/// When the last proposal of a cell was decided, and its points.
pub fn decided(tx: &mut Tx, c: &Cell) -> Result<Option<(Millis, i64)>> {
    tx.one(DECIDED, params![&c.place, &c.category, &c.stage, &c.item])
}

/// Keeps a proposal: a new one, or an open one as it is computed now.
pub fn put(tx: &mut Tx, t: &Target, there: bool) -> Result<()> {
    let why = serde_json::to_string(&t.why).map_err(Error::internal)?;
    let sites = serde_json::to_string(&t.sites).map_err(Error::internal)?;
    match there {
        true => {
            let row = params![&t.id, t.points, t.batches, &why, &sites, &t.rules, t.computed_at, t.simulated];
            tx.exec(AGAIN, row).map(drop)
        }
        false => {
            let row = params![
                &t.id,
                &t.place,
                &t.category,
                &t.stage,
                &t.item,
                t.points,
                t.batches,
                &why,
                &sites,
                &t.rules,
                t.computed_at,
                t.simulated
            ];
            tx.exec(ADD, row).map(drop)
        }
    }
}

/// Open proposals that a computing did not come upon any more lapse; answers how many.
pub fn lapse(tx: &mut Tx, now: Millis, reason: &str) -> Result<u64> {
    tx.exec(LAPSE, params![now, reason])
}

/// Decides an open proposal; answers whether it was open.
pub fn decide(tx: &mut Tx, t: &Target) -> Result<bool> {
    let row = params![&t.id, &t.state, t.decided_at, &t.decided_by, &t.reason, &t.plan, &t.cell, &t.sample];
    Ok(tx.exec(DECIDE, row)? > 0)
}

const ROWS: &str = "SELECT t.id, t.place, t.category, t.stage, t.item, t.points, t.batches, t.why, t.sites, t.rules, t.state, t.made_at,
        t.computed_at, t.decided_at, t.decided_by, t.reason, t.plan, t.cell, t.sample, t.simulated
    FROM sample_targets t";

fn narrowed(filter: Filter, scope: &Scope, q: &TargetQuery) -> Filter {
    let given = |text: &Option<String>| text.clone().filter(|t| !t.is_empty());
    let mut filter = scope
        .restrict(filter, "t.place >= ? AND t.place < ?", "t.id = ? AND 1 = 0")
        .and_some("t.stage = ?", given(&q.stage).as_deref());
    if let Some(division) = given(&q.division).filter(|d| d.bytes().all(|b| b.is_ascii_digit())) {
        filter = filter.within("t.place >= ? AND t.place < ?", &[division]);
    }
    if let Some(category) = given(&q.category) {
        let below = format!("{}.%", category.replace(['%', '_'], ""));
        filter =
            filter.and("t.category = ? OR t.category LIKE ?", &[Param::Text(&category), Param::Text(&below)]);
    }
    filter = match q.state.as_deref().unwrap_or("open") {
        "all" => filter,
        state => filter.and("t.state = ?", &[Param::Text(state)]),
    };
    match q.q.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
        Some(text) => {
            let like = format!("%{}%", text.replace(['%', '_'], ""));
            filter.and("t.item LIKE ? OR t.sites LIKE ?", &[Param::Text(&like), Param::Text(&like)])
        }
        None => filter,
    }
}

fn sorted(q: &TargetQuery) -> &'static str {
    match q.sort.as_deref() {
        Some("points") => "ORDER BY t.points, t.id",
        Some("category") => "ORDER BY t.category, t.item, t.place, t.id",
        Some("-category") => "ORDER BY t.category DESC, t.item, t.place, t.id",
        Some("item") => "ORDER BY t.item, t.category, t.id",
        Some("-item") => "ORDER BY t.item DESC, t.category, t.id",
        Some("place") => "ORDER BY t.place, t.points DESC, t.id",
        Some("-place") => "ORDER BY t.place DESC, t.points DESC, t.id",
        Some("made") => "ORDER BY t.made_at, t.id",
        Some("-made") => "ORDER BY t.made_at DESC, t.id",
        _ => "ORDER BY t.points DESC, t.id",
    }
}

pub fn list(tx: &mut Tx, scope: &Scope, q: &TargetQuery) -> Result<Page<Target>> {
    let (page, size) = paging(q.page, q.size);
    let count = narrowed(Filter::new("SELECT 1 FROM sample_targets t"), scope, q);
    let total = tx.count(&count.counted_to(kit_web::answer::COUNTED))?;
    let bounds = [Param::Int(size), Param::Int((page - 1) * size)];
    let rows = narrowed(Filter::new(ROWS), scope, q).then(sorted(q), &[]).then("LIMIT ? OFFSET ?", &bounds);
    Ok(Page { items: tx.list(&rows)?, total, page, size })
}

/// The whole list, at most so many.
pub fn whole(tx: &mut Tx, scope: &Scope, q: &TargetQuery, most: i64) -> Result<Vec<Target>> {
    let rows =
        narrowed(Filter::new(ROWS), scope, q).then(sorted(q), &[]).then("LIMIT ?", &[Param::Int(most)]);
    tx.list(&rows)
}
