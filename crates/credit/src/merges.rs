//! What happens to the credit file when two records of a business become one: nothing is moved. What was noted under the
//! duplicate keeps its id and counts for the survivor as long as the merge stands (`collect`); both are graded anew.

use kit_base::Result;
use kit_db::Tx;
use parties::{Merge, Merging, Party, SectionLine};

use crate::store::{events, grades};

/// The server puts this into the house beside those of other rooms.
pub const MERGING: Merging = Merging { preview, join: graded_anew, part: graded_anew };

fn preview(tx: &mut Tx, duplicate: &Party) -> Result<Vec<SectionLine>> {
    let noted = events::between(tx, &duplicate.id, &duplicate.id, 0)?.len();
    Ok(vec![SectionLine { label: "信用记录".into(), value: format!("{noted} 条"), link: String::new() }])
}

fn graded_anew(tx: &mut Tx, duplicate: &Party, survivor: &Party, merge: &Merge) -> Result<()> {
    grades::due_add(tx, &duplicate.id, merge.at)?;
    grades::due_add(tx, &survivor.id, merge.at)
}
