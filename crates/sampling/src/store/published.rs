//! Published notices of others.

use kit_base::{Error, Millis, Result};
use kit_db::{Filter, FromRow as _, Param, Tx, params};
use kit_web::{Page, Scope, answer::paging};

use crate::model::{PublishedQuery, PublishedRow};

kit_db::statements! {
    ADD_FILE = "INSERT INTO published_files (id, name, file, division, added_at, added_by, samples, items, rejected, rejected_file)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    ADD = "INSERT INTO published_samples (sample_no, file_id, division, food, shop, producer, day, fails, told)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (sample_no) DO NOTHING";
    FILE = "SELECT name, rejected_file, division FROM published_files WHERE id = $1";
}

/// A file that was taken in.
pub struct FileRow<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub file: &'a str,
    pub division: &'a str,
    pub at: Millis,
    pub user: &'a str,
    pub samples: i64,
    pub items: i64,
    pub rejected: i64,
    pub rejected_file: &'a str,
}

pub fn add_file(tx: &mut Tx, f: &FileRow) -> Result<()> {
    let row = params![
        f.id,
        f.name,
        f.file,
        f.division,
        f.at,
        f.user,
        f.samples,
        f.items,
        f.rejected,
        f.rejected_file
    ];
    tx.exec(ADD_FILE, row).map(drop)
}

/// Adds a sample; answers whether it was not there yet.
pub fn add(tx: &mut Tx, file: &str, division: &str, p: &PublishedRow) -> Result<bool> {
    let row = params![&p.sample_no, file, division, &p.food, &p.shop, &p.producer, &p.day, p.fails, &p.told];
    Ok(tx.exec(ADD, row)? > 0)
}

/// Name, file of rejected rows, division.
pub fn file(tx: &mut Tx, id: &str) -> Result<Option<(String, String, String)>> {
    tx.one(FILE, params![id])
}

const SELECT: &str = "SELECT sample_no, food, shop, producer, day, fails, told FROM published_samples";

/// Errors: `sort_unknown`.
pub fn list(tx: &mut Tx, scope: &Scope, q: &PublishedQuery) -> Result<Page<PublishedRow>> {
    let (page, size) = paging(q.page, q.size);
    let counted = narrowed(Filter::new("SELECT 1 FROM published_samples"), scope, q);
    let total = tx.count(&counted.counted_to(kit_web::answer::COUNTED))?;
    let rows = sorted(narrowed(Filter::new(SELECT), scope, q), q)?
        .then("LIMIT ? OFFSET ?", &[Param::Int(size), Param::Int((page - 1) * size)]);
    Ok(Page { items: tx.list(&rows)?, total, page, size })
}

/// The whole list, row by row. Errors: `sort_unknown`, those of `each`.
pub fn whole(
    tx: &mut Tx,
    scope: &Scope,
    q: &PublishedQuery,
    each: &mut dyn FnMut(PublishedRow) -> Result<bool>,
) -> Result<()> {
    let rows = sorted(narrowed(Filter::new(SELECT), scope, q), q)?;
    tx.scan_list(&rows, &mut |row| each(PublishedRow::from_row(row)?))
}

fn narrowed(filter: Filter, scope: &Scope, q: &PublishedQuery) -> Filter {
    let filter = scope.restrict(filter, "division >= ? AND division < ?", "sample_no = ? AND 1 = 0");
    let filter = if q.fails == Some(1) { filter.and("fails = 1", &[]) } else { filter };
    match q.q.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
        Some(text) => {
            let like = format!("%{}%", text.replace(['%', '_'], ""));
            let like = Param::Text(&like);
            let fields = "food LIKE ? OR shop LIKE ? OR producer LIKE ? OR sample_no LIKE ?";
            filter.and(fields, &[like, like, like, like])
        }
        None => filter,
    }
}

/// The number makes the order whole, so that pages do not overlap.
fn sorted(filter: Filter, q: &PublishedQuery) -> Result<Filter> {
    let tail = match q.sort.as_deref().unwrap_or("day") {
        "day" | "" => "ORDER BY day DESC, sample_no",
        "day_up" => "ORDER BY day, sample_no",
        "food" => "ORDER BY food, sample_no",
        "food_down" => "ORDER BY food DESC, sample_no",
        "shop" => "ORDER BY shop, sample_no",
        "shop_down" => "ORDER BY shop DESC, sample_no",
        "producer" => "ORDER BY producer, sample_no",
        "producer_down" => "ORDER BY producer DESC, sample_no",
        _ => return Err(Error::invalid("sort", "sort_unknown", "没有这种排序")),
    };
    Ok(filter.then(tail, &[]))
}
