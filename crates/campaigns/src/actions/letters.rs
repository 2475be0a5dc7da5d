//! Results for those who left a number are handed to whoever sends them.

use kit_base::{Error, Result};
use kit_web::Act;
use serde_json::json;

use super::own;
use crate::model::Post;
use crate::store::ballots;

/// Letters handed out in one go.
const POSTS: i64 = 500;

/// Hands letters out with their numbers, each once; the numbers are gone here after that. Errors: not found, `letters_none`.
pub fn take(act: &mut Act, id: &str) -> Result<Vec<Post>> {
    let of = own(act.tx, act.who(), "campaigns.letters", id)?;
    let user = act.who().user.clone();
    let posts = ballots::take(act.tx, &of.id, POSTS, act.now, &user)?;
    if posts.is_empty() {
        return Err(Error::conflict("letters_none", "没有待寄出的结果"));
    }
    act.subject("campaign", &of.id, &of.division);
    act.note(json!({ "letters": posts.len() }));
    Ok(posts)
}
