//! All SQL of messages, each statement once.

use kit_base::{Millis, Result};
use kit_db::{Filter, Param, Tx, params};
use kit_web::{Page, answer::paging};

use crate::model::{Message, MessageQuery, New};

kit_db::statements! {
    INSERT = "INSERT INTO notices (id, user_id, kind, title, body, link, at, read_at, simulated)
        VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, $8)";
    READ_ONE = "UPDATE notices SET read_at = $3 WHERE user_id = $1 AND id = $2 AND read_at IS NULL";
    READ_ALL = "UPDATE notices SET read_at = $2 WHERE user_id = $1 AND read_at IS NULL";
    UNREAD = "SELECT count(*) FROM notices WHERE user_id = $1 AND read_at IS NULL";
}

pub fn insert(tx: &mut Tx, id: &str, new: &New, at: Millis) -> Result<()> {
    let row = params![id, &new.user, new.kind, &new.title, &new.body, &new.link, at, new.simulated];
    tx.exec(INSERT, row).map(drop)
}

/// Marks one's own; answers how many were not read before.
pub fn read_one(tx: &mut Tx, user: &str, id: &str, at: Millis) -> Result<u64> {
    tx.exec(READ_ONE, params![user, id, at])
}

pub fn read_all(tx: &mut Tx, user: &str, at: Millis) -> Result<u64> {
    tx.exec(READ_ALL, params![user, at])
}

pub fn unread(tx: &mut Tx, user: &str) -> Result<i64> {
    Ok(tx.one(UNREAD, params![user])?.unwrap_or(0))
}

/// One's own, the latest first.
pub fn list(tx: &mut Tx, user: &str, q: &MessageQuery) -> Result<Page<Message>> {
    let (page, size) = paging(q.page, q.size);
    let counted = narrowed(Filter::new("SELECT 1 FROM notices n"), user, q);
    let total = tx.count(&counted.counted_to(kit_web::answer::COUNTED))?;
    let rows = Filter::new(
        "SELECT n.id, n.kind, n.title, n.body, n.link, n.at, n.read_at, n.simulated FROM notices n",
    );
    let rows = narrowed(rows, user, q)
        .then("ORDER BY n.id DESC LIMIT ? OFFSET ?", &[Param::Int(size), Param::Int((page - 1) * size)]);
    Ok(Page { items: tx.list(&rows)?, total, page, size })
}

fn narrowed(filter: Filter, user: &str, q: &MessageQuery) -> Filter {
    let filter = filter.and("n.user_id = ?", &[Param::Text(user)]);
    let kind = q.kind.as_deref().filter(|k| !k.is_empty());
    let filter = filter.and_some("n.kind = ?", kind);
    if q.unread == Some(1) { filter.and("n.read_at IS NULL", &[]) } else { filter }
}
