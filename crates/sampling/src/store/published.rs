//! Published notices of others.

use kit_base::{Millis, Result};
use kit_db::{Filter, Param, Tx, params};
use kit_web::{Page, Scope, answer::paging};

use crate::model::PublishedRow;

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

pub fn list(
    tx: &mut Tx,
    scope: &Scope,
    q: Option<&str>,
    page: Option<i64>,
    size: Option<i64>,
) -> Result<Page<PublishedRow>> {
    let (page, size) = paging(page, size);
    let narrowed = |filter: Filter| {
        let filter = scope.restrict(filter, "division >= ? AND division < ?", "sample_no = ? AND 1 = 0");
        match q.map(str::trim).filter(|t| !t.is_empty()) {
            Some(text) => {
                let like = format!("%{}%", text.replace(['%', '_'], ""));
                let like = Param::Text(&like);
                filter.and("food LIKE ? OR shop LIKE ? OR producer LIKE ?", &[like, like, like])
            }
            None => filter,
        }
    };
    let counted = narrowed(Filter::new("SELECT 1 FROM published_samples"));
    let total = tx.count(&counted.counted_to(kit_web::answer::COUNTED))?;
    let rows = Filter::new("SELECT sample_no, food, shop, producer, day, fails, told FROM published_samples");
    let rows = narrowed(rows).then(
        "ORDER BY day DESC, sample_no LIMIT ? OFFSET ?",
        &[Param::Int(size), Param::Int((page - 1) * size)],
    );
    Ok(Page { items: tx.list(&rows)?, total, page, size })
}
