//! Photos that show the same, whichever table keeps them.
//!
//! A table keeps the perceptual hash of a photo in four columns of sixteen bits. Two hashes that differ in no more than seven bits agree in
//! one of four parts but for one bit at most, so each part is asked for itself and its sixteen neighbours.

use kit_base::Result;
use kit_db::{Param, Sql, Tx};

/// The four parts of a perceptual hash, as columns keep them.
pub fn parts(look: Option<u64>) -> [Option<i64>; 4] {
    [0, 1, 2, 3].map(|i| look.map(|look| (look >> (48 - 16 * i) & 0xffff) as i64))
}

/// The first by id of the rows that show the same.
///
/// `near`: one statement a part that takes seventeen values of it (`$1` to `$17`) and `not` (`$18`: what is left out), and answers id and
/// the four parts. Ids sort by time.
pub fn first(tx: &mut Tx, near: [Sql; 4], not: &str, look: Option<u64>) -> Result<Option<String>> {
    let Some(look) = look else { return Ok(None) };
    let mut found: Option<String> = None;
    for (part, sql) in parts(Some(look)).into_iter().flatten().zip(near) {
        let around = std::iter::once(part).chain((0..16).map(|bit| part ^ 1 << bit));
        let mut values: Vec<Param> = around.map(Param::Int).collect();
        values.push(Param::Text(not));
        tx.scan(sql, &values, &mut |row| {
            let other = (1..5)
                .try_fold(0_u64, |h, i| Ok::<_, kit_base::Error>(h << 16 | row.get::<i64>(i)? as u64))?;
            let id: String = row.get(0)?;
            if kit_files::photo::same(look, other) && found.as_ref().is_none_or(|f| id < *f) {
                found = Some(id);
            }
            Ok(true)
        })?;
    }
    Ok(found)
}
