//! What appears when its clock says and leaves when its term ends.

use kit_base::{Error, Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx, params};
use kit_web::{Page, Scope, answer::paging};

use crate::model::{Item, ItemQuery};

kit_db::statements! {
    INSERT = "INSERT INTO publication_items (id, no, kind, about, party, name, code, uscc, division, number, title, content, issuer,
            decided_at, from_at, due_at, until_at, hold_reason, held_at, held_by, shown_at, ended_at, withdrawn_at, withdraw_due,
            withdraw_reason, withdrawn_by, created_at, simulated)
        VALUES ($1, $19, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
            $14, $15, $16, '', NULL, '', NULL, NULL, NULL, NULL, '', '', $17, $18)
        ON CONFLICT (kind, about) DO NOTHING";
    KNOWN = "SELECT no FROM publication_items WHERE kind = $1 AND about = $2";
    TAKE_NO = "UPDATE publication_counter SET last = last + 1 WHERE id = 1 RETURNING last";
    BY_ID = "SELECT id, no, kind, about, party, name, code, uscc, division, number, title, content, issuer, decided_at, from_at,
            due_at, until_at, hold_reason, held_by, shown_at, ended_at, withdrawn_at, withdraw_due, withdraw_reason, simulated
        FROM publication_items WHERE id = $1";
    OF_ABOUT = "SELECT id, no, kind, about, party, name, code, uscc, division, number, title, content, issuer, decided_at, from_at,
            due_at, until_at, hold_reason, held_by, shown_at, ended_at, withdrawn_at, withdraw_due, withdraw_reason, simulated
        FROM publication_items WHERE about = $1 AND withdrawn_at IS NULL";
    SHOWN_OF_PARTY = "SELECT id, no, kind, about, party, name, code, uscc, division, number, title, content, issuer, decided_at,
            from_at, due_at, until_at, hold_reason, held_by, shown_at, ended_at, withdrawn_at, withdraw_due, withdraw_reason,
            simulated
        FROM publication_items
        WHERE party = $1 AND from_at <= $2 AND (until_at IS NULL OR until_at > $2) AND withdrawn_at IS NULL AND hold_reason = ''
        ORDER BY from_at DESC, no DESC LIMIT $3";
    SHOWN_AFTER = "SELECT id, no, kind, about, party, name, code, uscc, division, number, title, content, issuer, decided_at,
            from_at, due_at, until_at, hold_reason, held_by, shown_at, ended_at, withdrawn_at, withdraw_due, withdraw_reason,
            simulated
        FROM publication_items
        WHERE kind = $1 AND no > $3 AND from_at <= $2 AND (until_at IS NULL OR until_at > $2) AND withdrawn_at IS NULL
            AND hold_reason = ''
        ORDER BY no LIMIT $4";
    COUNT_SHOWN = "SELECT kind, count(*) FROM publication_items
        WHERE from_at <= $1 AND (until_at IS NULL OR until_at > $1) AND withdrawn_at IS NULL AND hold_reason = ''
        GROUP BY kind";
    COUNTIES_SHOWN = "SELECT substr(division, 1, 6), count(*) FROM publication_items
        WHERE kind = $1 AND from_at <= $2 AND (until_at IS NULL OR until_at > $2) AND withdrawn_at IS NULL AND hold_reason = ''
        GROUP BY substr(division, 1, 6) ORDER BY 1";
    HOLD = "UPDATE publication_items SET hold_reason = $2, held_at = $3, held_by = $4 WHERE id = $1 AND withdrawn_at IS NULL";
    WITHDRAW = "UPDATE publication_items SET withdrawn_at = $2, withdraw_due = $3, withdraw_reason = $4, withdrawn_by = $5
        WHERE id = $1 AND withdrawn_at IS NULL";
    SITE = "UPDATE publication_items SET lon = $2, lat = $3 WHERE id = $1";
    UNTIL = "UPDATE publication_items SET until_at = $2 WHERE id = $1";
    NOTE_SHOWN = "UPDATE publication_items SET shown_at = $1
        WHERE shown_at IS NULL AND withdrawn_at IS NULL AND hold_reason = '' AND from_at <= $1";
    NOTE_ENDED = "UPDATE publication_items SET ended_at = $1 WHERE ended_at IS NULL AND until_at IS NOT NULL AND until_at <= $1";
}

impl FromRow for Item {
    fn from_row(r: &Row) -> Result<Self> {
        let content: String = r.get(11)?;
        Ok(Self {
            id: r.get(0)?,
            no: r.get(1)?,
            kind: r.get(2)?,
            about: r.get(3)?,
            party: r.get(4)?,
            name: r.get(5)?,
            code: r.get(6)?,
            uscc: r.get(7)?,
            division: r.get(8)?,
            number: r.get(9)?,
            title: r.get(10)?,
            content: serde_json::from_str(&content).map_err(Error::internal)?,
            issuer: r.get(12)?,
            decided_at: r.get(13)?,
            from_at: r.get(14)?,
            due_at: r.get(15)?,
            until_at: r.get(16)?,
            hold_reason: r.get(17)?,
            held_by: r.get(18)?,
            shown_at: r.get(19)?,
            ended_at: r.get(20)?,
            withdrawn_at: r.get(21)?,
            withdraw_due: r.get(22)?,
            withdraw_reason: r.get(23)?,
            simulated: r.get(24)?,
        })
    }
}

/// Keeps an item; answers whether there was none of this kind about this thing yet. Its number is taken here.
pub fn insert(tx: &mut Tx, i: &Item, now: Millis) -> Result<bool> {
    // before the number: a repeat takes none
    if tx.one::<i64>(KNOWN, params![&i.kind, &i.about])?.is_some() {
        return Ok(false);
    }
    let no: i64 = tx.one(TAKE_NO, &[])?.ok_or_else(|| Error::internal("no counter of items"))?;
    let content = i.content.to_string();
    let row = params![
        &i.id,
        &i.kind,
        &i.about,
        &i.party,
        &i.name,
        &i.code,
        &i.uscc,
        &i.division,
        &i.number,
        &i.title,
        &content,
        &i.issuer,
        i.decided_at,
        i.from_at,
        i.due_at,
        i.until_at,
        now,
        i.simulated,
        no
    ];
    Ok(tx.exec(INSERT, row)? > 0)
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Item>> {
    tx.one(BY_ID, params![id])
}

/// Those about a thing that were not withdrawn.
pub fn of_about(tx: &mut Tx, about: &str) -> Result<Vec<Item>> {
    tx.all(OF_ABOUT, params![about])
}

/// What is shown now of a business, the latest first.
pub fn shown_of_party(tx: &mut Tx, party: &str, now: Millis, most: i64) -> Result<Vec<Item>> {
    tx.all(SHOWN_OF_PARTY, params![party, now, most])
}

/// What is shown now of a kind, after a number, in the order of the numbers.
pub fn shown_after(tx: &mut Tx, kind: &str, now: Millis, after: i64, most: i64) -> Result<Vec<Item>> {
    tx.all(SHOWN_AFTER, params![kind, now, after, most])
}

/// How many are shown now of each kind.
pub fn count_shown(tx: &mut Tx, now: Millis) -> Result<Vec<(String, i64)>> {
    let mut out = Vec::new();
    tx.scan(COUNT_SHOWN, params![now], &mut |r| {
        out.push((r.get(0)?, r.get(1)?));
        Ok(true)
    })?;
    Ok(out)
}

/// Counties of what is shown now of a kind, with how many.
pub fn counties_shown(tx: &mut Tx, kind: &str, now: Millis) -> Result<Vec<(String, i64)>> {
    tx.all(COUNTIES_SHOWN, params![kind, now])
}

/// Holds one back with a reason, or lets it go with none.
pub fn hold(tx: &mut Tx, id: &str, reason: &str, now: Millis, name: &str) -> Result<bool> {
    Ok(tx.exec(HOLD, params![id, reason, now, name])? > 0)
}

/// Takes one away for good. `due`: first moment at which that would have been late.
pub fn withdraw(tx: &mut Tx, id: &str, now: Millis, due: Millis, reason: &str, name: &str) -> Result<bool> {
    Ok(tx.exec(WITHDRAW, params![id, now, due, reason, name])? > 0)
}

/// Says where it was: degrees, WGS-84.
pub fn site(tx: &mut Tx, id: &str, lon: f64, lat: f64) -> Result<()> {
    tx.exec(SITE, params![id, lon, lat]).map(drop)
}

/// Sets another end.
pub fn until(tx: &mut Tx, id: &str, until: Millis) -> Result<()> {
    tx.exec(UNTIL, params![id, until]).map(drop)
}

/// Writes down what is shown since, and whose term is over. Answers how many of each.
pub fn note(tx: &mut Tx, now: Millis) -> Result<(u64, u64)> {
    Ok((tx.exec(NOTE_SHOWN, params![now])?, tx.exec(NOTE_ENDED, params![now])?))
}

const SELECT: &str = "SELECT i.id, i.no, i.kind, i.about, i.party, i.name, i.code, i.uscc, i.division, i.number, i.title, i.content, i.issuer,
        i.decided_at, i.from_at, i.due_at, i.until_at, i.hold_reason, i.held_by, i.shown_at, i.ended_at, i.withdrawn_at,
        i.withdraw_due, i.withdraw_reason, i.simulated
    FROM publication_items i";

/// For officers: the latest announced first, where no other order is wanted. Errors: `sort_unknown`.
pub fn list(tx: &mut Tx, scope: &Scope, q: &ItemQuery, now: Millis) -> Result<Page<Item>> {
    let (page, size) = paging(q.page, q.size);
    let count = narrowed(Filter::new("SELECT 1 FROM publication_items i"), scope, q, now);
    let total = tx.count(&count.counted_to(kit_web::answer::COUNTED))?;
    let rows = sorted(narrowed(Filter::new(SELECT), scope, q, now), q)?
        .then("LIMIT ? OFFSET ?", &[Param::Int(size), Param::Int((page - 1) * size)]);
    Ok(Page { items: tx.list(&rows)?, total, page, size })
}

/// The number makes the order whole, so that pages do not overlap.
fn sorted(filter: Filter, q: &ItemQuery) -> Result<Filter> {
    let tail = match q.sort.as_deref().unwrap_or("") {
        "" => "ORDER BY i.no DESC",
        "from" => "ORDER BY i.from_at, i.no",
        "-from" => "ORDER BY i.from_at DESC, i.no DESC",
        "due" => "ORDER BY i.due_at, i.no",
        "-due" => "ORDER BY i.due_at DESC, i.no DESC",
        "decided" => "ORDER BY i.decided_at, i.no",
        "-decided" => "ORDER BY i.decided_at DESC, i.no DESC",
        "name" => "ORDER BY i.name, i.no",
        "-name" => "ORDER BY i.name DESC, i.no DESC",
        _ => return Err(Error::invalid("sort", "sort_unknown", "没有这种排序")),
    };
    Ok(filter.then(tail, &[]))
}

fn narrowed(filter: Filter, scope: &Scope, q: &ItemQuery, now: Millis) -> Filter {
    let at = [Param::Int(now), Param::Int(now)];
    let filter = scope
        .restrict(filter, "i.division >= ? AND i.division < ?", "i.party = ?")
        .and_some("i.kind = ?", q.kind.as_deref().filter(|k| !k.is_empty()))
        .and_some("i.party = ?", q.party.as_deref().filter(|k| !k.is_empty()));
    let filter = worded(filter, q.q.as_deref());
    let filter = match q.division.as_ref().filter(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()))
    {
        Some(division) => filter.within("i.division >= ? AND i.division < ?", std::slice::from_ref(division)),
        None => filter,
    };
    match q.state.as_deref() {
        Some("waiting") => {
            filter.and("i.from_at > ? AND i.withdrawn_at IS NULL AND i.hold_reason = ''", &at[..1])
        }
        Some("held") => filter.and("i.hold_reason <> '' AND i.withdrawn_at IS NULL", &[]),
        Some("late") => filter.and("i.hold_reason <> '' AND i.withdrawn_at IS NULL AND i.due_at <= ?", &at[..1]),
        Some("shown") => filter.and(
            "i.from_at <= ? AND (i.until_at IS NULL OR i.until_at > ?) AND i.withdrawn_at IS NULL AND i.hold_reason = ''",
            &at,
        ),
        Some("ended") => filter.and("i.until_at <= ? AND i.withdrawn_at IS NULL", &at[..1]),
        Some("withdrawn") => filter.and("i.withdrawn_at IS NOT NULL", &[]),
        _ => filter,
    }
}

/// Words in name, number or title.
fn worded(filter: Filter, text: Option<&str>) -> Filter {
    match text.map(str::trim).filter(|t| !t.is_empty()) {
        Some(text) => {
            let like = format!("%{}%", text.replace(['%', '_'], ""));
            let like = Param::Text(&like);
            filter.and("i.name LIKE ? OR i.number LIKE ? OR i.title LIKE ?", &[like, like, like])
        }
        None => filter,
    }
}

/// What anybody may list: shown now, of a kind, narrowed by place and words; the latest first.
pub fn shown(tx: &mut Tx, q: &OpenAsked, now: Millis) -> Result<Page<Item>> {
    let (page, size) = paging(q.page, q.size);
    let narrowed = |select: &'static str| {
        let mut filter = Filter::new(select)
            .and("i.kind = ?", &[Param::Text(&q.kind)])
            .and(
                "i.from_at <= ? AND (i.until_at IS NULL OR i.until_at > ?)",
                &[Param::Int(now), Param::Int(now)],
            )
            .and("i.withdrawn_at IS NULL AND i.hold_reason = ''", &[]);
        if let Some(division) = q.division.as_ref().filter(|d| d.bytes().all(|b| b.is_ascii_digit())) {
            filter = filter.within("i.division >= ? AND i.division < ?", std::slice::from_ref(division));
        }
        filter = match q.verdict.as_deref() {
            Some("fails") => filter.and("i.content LIKE '%\"结论\":\"不合格\"%'", &[]),
            Some("conforms") => filter.and("i.content LIKE '%\"结论\":\"合格\"%'", &[]),
            _ => filter,
        };
        worded(filter, q.text.as_deref())
    };
    let total =
        tx.count(&narrowed("SELECT 1 FROM publication_items i").counted_to(kit_web::answer::COUNTED))?;
    let rows = narrowed(SELECT);
    let bounds = &[Param::Int(size), Param::Int((page - 1) * size)];
    let items = tx.list(&rows.then("ORDER BY i.from_at DESC, i.no DESC LIMIT ? OFFSET ?", bounds))?;
    Ok(Page { items, total, page, size })
}

/// How the public narrows a list.
#[derive(Debug, Clone, Default)]
pub struct OpenAsked {
    pub kind: String,
    pub division: Option<String>,
    pub text: Option<String>,
    /// fails, conforms: of results that are of two kinds
    pub verdict: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}
