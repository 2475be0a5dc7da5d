//! Who belongs to whom.

use kit_base::{Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx, params, prefix_range};
use kit_web::{Page, Scope, answer::paging};

use crate::model::members::{Member, MemberQuery, Membership};

kit_db::statements! {
    ADD = "INSERT INTO party_members (id, manager, member, site, relation, place, from_day, until_day, source, note, added_at,
            added_by, confirmed_at, confirmed_by, end_reason, ended_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, '', '')";
    BY_ID = "SELECT m.id, m.manager, p.name, p.division, m.member, b.name, b.code, b.division, m.site, COALESCE(s.name, ''), m.relation,
            m.place, m.from_day, m.until_day, m.source, m.note, m.added_at, m.added_by, m.confirmed_at, m.confirmed_by, m.end_reason,
            m.ended_by, CAST(CASE WHEN p.simulated = 1 OR b.simulated = 1 THEN 1 ELSE 0 END AS BIGINT)
        FROM party_members m JOIN parties p ON p.id = m.manager JOIN parties b ON b.id = m.member
            LEFT JOIN party_sites s ON s.id = m.site WHERE m.id = $1";
    /// A relation of the same two (and the same place) that shares a day with `[from, until)`.
    MEETS = "SELECT id FROM party_members WHERE manager = $1 AND member = $2 AND (site = $3 OR site = '' OR $3 = '')
        AND (until_day = '' OR until_day > $4) AND ($5 = '' OR from_day < $5) LIMIT 1";
    CONFIRM = "UPDATE party_members SET confirmed_at = $2, confirmed_by = $3 WHERE id = $1 AND confirmed_at IS NULL";
    END = "UPDATE party_members SET until_day = $2, end_reason = $3, ended_by = $4 WHERE id = $1 AND until_day = ''";
    OF_MANAGER = "SELECT member, site, relation, place, from_day FROM party_members
        WHERE manager = $1 AND confirmed_at IS NOT NULL AND from_day <= $2 AND (until_day = '' OR until_day > $2) ORDER BY place, id";
    MANAGERS = "SELECT DISTINCT manager FROM party_members
        WHERE manager > $1 AND confirmed_at IS NOT NULL AND from_day <= $2 AND (until_day = '' OR until_day > $2)
        ORDER BY manager LIMIT $3";
}

impl FromRow for Member {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            manager: r.get(1)?,
            manager_name: r.get(2)?,
            manager_division: r.get(3)?,
            member: r.get(4)?,
            member_name: r.get(5)?,
            member_code: r.get(6)?,
            member_division: r.get(7)?,
            site: r.get(8)?,
            site_name: r.get(9)?,
            relation: r.get(10)?,
            place: r.get(11)?,
            from: r.get(12)?,
            until: r.get(13)?,
            source: r.get(14)?,
            note: r.get(15)?,
            added_at: r.get(16)?,
            added_by: r.get(17)?,
            confirmed_at: r.get(18)?,
            confirmed_by: r.get(19)?,
            end_reason: r.get(20)?,
            ended_by: r.get(21)?,
            simulated: r.get(22)?,
            division_name: String::new(),
            state: String::new(),
            may_confirm: false,
        })
    }
}

impl FromRow for Membership {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            member: r.get(0)?,
            site: r.get(1)?,
            relation: r.get(2)?,
            place: r.get(3)?,
            from: r.get(4)?,
        })
    }
}

pub fn add(tx: &mut Tx, m: &Member) -> Result<()> {
    let row = params![
        &m.id,
        &m.manager,
        &m.member,
        &m.site,
        &m.relation,
        &m.place,
        &m.from,
        &m.until,
        &m.source,
        &m.note,
        m.added_at,
        &m.added_by,
        m.confirmed_at,
        &m.confirmed_by
    ];
    tx.exec(ADD, row).map(drop)
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Member>> {
    tx.one(BY_ID, params![id])
}

/// Whether the two have a relation on one of the days already.
pub fn meets(tx: &mut Tx, m: &Member) -> Result<bool> {
    let row = params![&m.manager, &m.member, &m.site, &m.from, &m.until];
    Ok(tx.one::<String>(MEETS, row)?.is_some())
}

pub fn confirm(tx: &mut Tx, id: &str, now: Millis, by: &str) -> Result<bool> {
    Ok(tx.exec(CONFIRM, params![id, now, by])? > 0)
}

pub fn end(tx: &mut Tx, id: &str, until: &str, reason: &str, by: &str) -> Result<bool> {
    Ok(tx.exec(END, params![id, until, reason, by])? > 0)
}

/// Members of a manager on a day, as far as they count.
pub fn of_manager(tx: &mut Tx, manager: &str, day: &str) -> Result<Vec<Membership>> {
    tx.all(OF_MANAGER, params![manager, day])
}

/// Ids of those who have members on a day, after one of them.
pub fn managers(tx: &mut Tx, day: &str, after: &str, most: i64) -> Result<Vec<String>> {
    tx.all(MANAGERS, params![after, day, most])
}

const ROWS: &str = "SELECT m.id, m.manager, p.name, p.division, m.member, b.name, b.code, b.division, m.site, COALESCE(s.name, ''),
        m.relation, m.place, m.from_day, m.until_day, m.source, m.note, m.added_at, m.added_by, m.confirmed_at, m.confirmed_by,
        m.end_reason, m.ended_by, CAST(CASE WHEN p.simulated = 1 OR b.simulated = 1 THEN 1 ELSE 0 END AS BIGINT)
    FROM party_members m JOIN parties p ON p.id = m.manager JOIN parties b ON b.id = m.member
        LEFT JOIN party_sites s ON s.id = m.site";

/// Whose manager or member lies within the reach; a business sees its members and whom it belongs to.
fn narrowed(filter: Filter, scope: &Scope, q: &MemberQuery, today: &str) -> Filter {
    let given = |text: &Option<String>| text.clone().filter(|t| !t.is_empty());
    let filter = match scope {
        Scope::Divisions(prefixes) if prefixes.iter().any(String::is_empty) => filter,
        Scope::Divisions(prefixes) => {
            let twice = |p: &String| [prefix_range(p), prefix_range(p)].concat();
            let ranges: Vec<Vec<String>> = prefixes.iter().map(twice).collect();
            filter.and_any(
                "(p.division >= ? AND p.division < ?) OR (b.division >= ? AND b.division < ?)",
                &ranges,
            )
        }
        Scope::Businesses(own) => {
            let own: Vec<Vec<String>> = own.iter().map(|id| vec![id.clone(), id.clone()]).collect();
            filter.and_any("m.manager = ? OR m.member = ?", &own)
        }
    };
    let (day, days) = (Param::Text(today), [Param::Text(today), Param::Text(today)]);
    let filter = filter
        .and_some("m.manager = ?", given(&q.manager).as_deref())
        .and_some("m.member = ?", given(&q.member).as_deref())
        .and_some("m.relation = ?", given(&q.relation).as_deref());
    let filter = match q.state.as_deref() {
        Some("current") => filter.and(
            "m.confirmed_at IS NOT NULL AND m.from_day <= ? AND (m.until_day = '' OR m.until_day > ?)",
            &days,
        ),
        Some("declared") => {
            filter.and("m.confirmed_at IS NULL AND (m.until_day = '' OR m.until_day > ?)", &[day])
        }
        Some("coming") => filter.and("m.confirmed_at IS NOT NULL AND m.from_day > ?", &[day]),
        Some("ended") => filter.and("m.until_day <> '' AND m.until_day <= ?", &[day]),
        _ => filter,
    };
    match q.q.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
        Some(text) => {
            let like = format!("%{}%", text.replace(['%', '_'], ""));
            let like = Param::Text(&like);
            filter.and(
                "p.name LIKE ? OR b.name LIKE ? OR b.code LIKE ? OR m.place LIKE ?",
                &[like, like, like, like],
            )
        }
        None => filter,
    }
}

fn sorted(q: &MemberQuery) -> &'static str {
    match q.sort.as_deref() {
        Some("member") => "ORDER BY b.name, m.id",
        Some("-member") => "ORDER BY b.name DESC, m.id",
        Some("manager") => "ORDER BY p.name, m.place, m.id",
        Some("-manager") => "ORDER BY p.name DESC, m.place, m.id",
        Some("place") => "ORDER BY m.place, m.id",
        Some("-place") => "ORDER BY m.place DESC, m.id",
        Some("from") => "ORDER BY m.from_day, m.id",
        _ => "ORDER BY m.from_day DESC, m.id DESC",
    }
}

pub fn list(tx: &mut Tx, scope: &Scope, q: &MemberQuery, today: &str) -> Result<Page<Member>> {
    let (page, size) = paging(q.page, q.size);
    let count = Filter::new(
        "SELECT 1 FROM party_members m JOIN parties p ON p.id = m.manager JOIN parties b ON b.id = m.member",
    );
    let total = tx.count(&narrowed(count, scope, q, today).counted_to(kit_web::answer::COUNTED))?;
    let bounds = [Param::Int(size), Param::Int((page - 1) * size)];
    let rows =
        narrowed(Filter::new(ROWS), scope, q, today).then(sorted(q), &[]).then("LIMIT ? OFFSET ?", &bounds);
    Ok(Page { items: tx.list(&rows)?, total, page, size })
}

/// The whole list, at most so many.
pub fn whole(tx: &mut Tx, scope: &Scope, q: &MemberQuery, today: &str, most: i64) -> Result<Vec<Member>> {
    let rows = narrowed(Filter::new(ROWS), scope, q, today)
        .then(sorted(q), &[])
        .then("LIMIT ?", &[Param::Int(most)]);
    tx.list(&rows)
}
