//! Forms that are not handed in yet.

use kit_base::{Error, Result};
use kit_web::Act;
use serde_json::{Map, Value};

use super::apply;
use crate::model::{Asked, Draft};
use crate::store::permits as store;

/// Drafts that one person may have begun.
const MOST_DRAFTS: usize = 50;

/// Keeps a form as far as it is filled in.
///
/// Errors: those of [`apply::look`], `drafts_full`, `draft_large`.
pub fn save(act: &mut Act, id: Option<&str>, asked: &Asked, content: &Map<String, Value>) -> Result<Draft> {
    let user = act.who().user.clone();
    let unknown = || Error::not_found("没有这份草稿");
    let old = id.map(|id| store::draft(act.tx, &user, id)?.ok_or_else(unknown)).transpose()?;
    let (looked, _) = apply::look(act.tx, act.cx, asked)?;
    let text = serde_json::to_string(content).map_err(Error::internal)?;
    if text.len() as u64 > apply::LARGEST {
        return Err(Error::invalid("content", "draft_large", "草稿过大，请减少行数"));
    }
    let id = match old {
        Some(old) => {
            if (old.matter.as_str(), old.party.as_str()) != (&looked.matter.code, &looked.party.id) {
                return Err(Error::conflict("draft_other", "草稿的事项或主体与现在的不同，请另存一份"));
            }
            store::set_draft(act.tx, &user, &old.id, &text, &looked.mode, act.now)?;
            old.id
        }
        None => {
            if store::drafts(act.tx, &user)?.len() >= MOST_DRAFTS {
                return Err(Error::conflict("drafts_full", "草稿过多，请先删去不用的"));
            }
            let draft = Draft {
                id: act.id(),
                party: looked.party.id.clone(),
                party_name: looked.party.name.clone(),
                matter: looked.matter.code.clone(),
                act: looked.act.code.clone(),
                mode: looked.mode.clone(),
                licence: looked.licence.clone(),
                form_version: looked.version,
                content: Map::new(),
                updated_at: act.now,
            };
            store::add_draft(act.tx, &user, &draft, &text)?;
            draft.id
        }
    };
    act.subject("draft", &id, &looked.party.division);
    store::draft(act.tx, &user, &id)?.ok_or_else(unknown)
}
