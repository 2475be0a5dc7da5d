//! Lists, what cases of the list are about, and proposals of measures.

use kit_base::{Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx, params};
use kit_web::{Page, Scope, answer::paging};

use crate::model::lists::{Listed, ListedQuery, Proposal, Serious};

kit_db::statements! {
    ADD_SERIOUS = "INSERT INTO credit_serious (id, party, ground, penalty, what, listed_at) VALUES ($1, $2, $3, $4, $5, NULL)";
    SERIOUS = "SELECT id, party, ground, penalty, what, listed_at FROM credit_serious WHERE id = $1";
    SET_LISTED = "UPDATE credit_serious SET listed_at = $2 WHERE id = $1";
    ADD = "INSERT INTO credit_lists (id, list, party, division, ground, reason, number, since, until_at, removed_at, removed_why,
            simulated)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, '', $10) ON CONFLICT (id) DO NOTHING";
    REMOVE = "UPDATE credit_lists SET removed_at = $2, removed_why = $3 WHERE id = $1 AND removed_at IS NULL";
    ON_LIST = "SELECT party FROM credit_lists WHERE party >= $1 AND party <= $2 AND list = $3 AND since <= $4 AND until_at > $4
        AND removed_at IS NULL ORDER BY party";
    OF_PARTY = "SELECT id, list, party, division, ground, reason, number, since, until_at, removed_at, removed_why, simulated
        FROM credit_lists WHERE party = $1 ORDER BY since DESC LIMIT 50";
    PROPOSE = "INSERT INTO credit_proposals (id, party, division, measure, basis, proposed_at, decider, decider_name, decided_at,
            confirmed, reason)
        VALUES ($1, $2, $3, $4, $5, $6, '', '', NULL, NULL, '') ON CONFLICT (party, measure, basis) DO NOTHING";
    PROPOSAL = "SELECT id, party, division, measure, basis, proposed_at, decider_name, decided_at, confirmed, reason
        FROM credit_proposals WHERE id = $1";
    PROPOSALS_OF = "SELECT id, party, division, measure, basis, proposed_at, decider_name, decided_at, confirmed, reason
        FROM credit_proposals WHERE party = $1 ORDER BY proposed_at DESC, id DESC LIMIT 50";
    DECIDE = "UPDATE credit_proposals SET decider = $2, decider_name = $3, decided_at = $4, confirmed = $5, reason = $6
        WHERE id = $1 AND decided_at IS NULL";
}

impl FromRow for Serious {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            party: r.get(1)?,
            ground: r.get(2)?,
            penalty: r.get(3)?,
            what: r.get(4)?,
            listed_at: r.get(5)?,
        })
    }
}

impl FromRow for Listed {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            list: r.get(1)?,
            party: r.get(2)?,
            party_name: String::new(),
            division: r.get(3)?,
            ground: r.get(4)?,
            reason: r.get(5)?,
            number: r.get(6)?,
            since: r.get(7)?,
            until_at: r.get(8)?,
            removed_at: r.get(9)?,
            removed_why: r.get(10)?,
            simulated: r.get(11)?,
        })
    }
}

impl FromRow for Proposal {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            party: r.get(1)?,
            party_name: String::new(),
            division: r.get(2)?,
            measure: r.get(3)?,
            measure_name: String::new(),
            side: String::new(),
            source: String::new(),
            basis: r.get(4)?,
            proposed_at: r.get(5)?,
            decider_name: r.get(6)?,
            decided_at: r.get(7)?,
            confirmed: r.get::<Option<i64>>(8)?.map(|n| n == 1),
            reason: r.get(9)?,
        })
    }
}

pub fn add_serious(tx: &mut Tx, s: &Serious) -> Result<()> {
    tx.exec(ADD_SERIOUS, params![&s.id, &s.party, &s.ground, &s.penalty, &s.what]).map(drop)
}

pub fn serious(tx: &mut Tx, id: &str) -> Result<Option<Serious>> {
    tx.one(SERIOUS, params![id])
}

pub fn set_listed(tx: &mut Tx, id: &str, at: Millis) -> Result<()> {
    tx.exec(SET_LISTED, params![id, at]).map(drop)
}

pub fn add(tx: &mut Tx, l: &Listed) -> Result<()> {
    let row = params![
        &l.id,
        &l.list,
        &l.party,
        &l.division,
        &l.ground,
        &l.reason,
        &l.number,
        l.since,
        l.until_at,
        l.simulated
    ];
    tx.exec(ADD, row).map(drop)
}

pub fn remove(tx: &mut Tx, id: &str, at: Millis, why: &str) -> Result<bool> {
    Ok(tx.exec(REMOVE, params![id, at, why])? > 0)
}

/// Businesses between two ids that are on a list now.
pub fn on_list(tx: &mut Tx, first: &str, last: &str, list: &str, now: Millis) -> Result<Vec<String>> {
    tx.all(ON_LIST, params![first, last, list, now])
}

pub fn of_party(tx: &mut Tx, party: &str) -> Result<Vec<Listed>> {
    tx.all(OF_PARTY, params![party])
}

/// Proposes a measure; nothing where it was proposed on that ground before.
pub fn propose(
    tx: &mut Tx,
    id: &str,
    party: &str,
    division: &str,
    measure: &str,
    basis: &str,
    now: Millis,
) -> Result<()> {
    tx.exec(PROPOSE, params![id, party, division, measure, basis, now]).map(drop)
}

pub fn proposal(tx: &mut Tx, id: &str) -> Result<Option<Proposal>> {
    tx.one(PROPOSAL, params![id])
}

pub fn proposals_of(tx: &mut Tx, party: &str) -> Result<Vec<Proposal>> {
    tx.all(PROPOSALS_OF, params![party])
}

pub fn decide(tx: &mut Tx, id: &str, d: &super::adjustments::Decision) -> Result<bool> {
    Ok(tx.exec(DECIDE, params![id, d.user, d.name, d.at, d.accepted, d.answer])? > 0)
}

/// Proposals within a scope: those that wait, the oldest first, or those that were decided, the latest first.
pub fn proposals(
    tx: &mut Tx,
    scope: &Scope,
    decided: bool,
    page: Option<i64>,
    size: Option<i64>,
) -> Result<Page<Proposal>> {
    let (page, size) = paging(page, size);
    let narrowed = |select: &'static str| {
        let filter = scope.restrict(Filter::new(select), "p.division >= ? AND p.division < ?", "p.party = ?");
        match decided {
            true => filter.and("p.decided_at IS NOT NULL", &[]),
            false => filter.and("p.decided_at IS NULL", &[]),
        }
    };
    let total =
        tx.count(&narrowed("SELECT 1 FROM credit_proposals p").counted_to(kit_web::answer::COUNTED))?;
    let rows = narrowed(
        "SELECT p.id, p.party, p.division, p.measure, p.basis, p.proposed_at, p.decider_name, p.decided_at, p.confirmed, p.reason
        FROM credit_proposals p",
    );
    let bounds = &[Param::Int(size), Param::Int((page - 1) * size)];
    let order = match decided {
        true => "ORDER BY p.decided_at DESC, p.id LIMIT ? OFFSET ?",
        false => "ORDER BY p.proposed_at, p.id LIMIT ? OFFSET ?",
    };
    Ok(Page { items: tx.list(&rows.then(order, bounds))?, total, page, size })
}

/// A list within a scope, the latest first.
pub fn listed(tx: &mut Tx, scope: &Scope, q: &ListedQuery, now: Millis) -> Result<Page<Listed>> {
    let (page, size) = paging(q.page, q.size);
    let narrowed = |select: &'static str| {
        let filter = scope
            .restrict(Filter::new(select), "l.division >= ? AND l.division < ?", "l.party = ?")
            .and_some("l.list = ?", q.list.as_deref().filter(|l| !l.is_empty()));
        match q.state.as_deref() {
            Some("on") => filter.and("l.removed_at IS NULL AND l.until_at > ?", &[Param::Int(now)]),
            Some("off") => filter.and("l.removed_at IS NOT NULL OR l.until_at <= ?", &[Param::Int(now)]),
            _ => filter,
        }
    };
    let total = tx.count(&narrowed("SELECT 1 FROM credit_lists l").counted_to(kit_web::answer::COUNTED))?;
    let rows = narrowed(
        "SELECT l.id, l.list, l.party, l.division, l.ground, l.reason, l.number, l.since, l.until_at, l.removed_at, l.removed_why,
            l.simulated
        FROM credit_lists l",
    );
    let bounds = &[Param::Int(size), Param::Int((page - 1) * size)];
    let items = tx.list(&rows.then("ORDER BY l.since DESC, l.id DESC LIMIT ? OFFSET ?", bounds))?;
    Ok(Page { items, total, page, size })
}
