//! Send, tell of cases, mark as read.

use kit_base::{Error, Result};
use kit_flow::Case;
use kit_flow::log::{Body, Entry};
use kit_web::Act;
use serde_json::json;

use crate::model::{New, Read, Unread};
use crate::rules::{self, About};
use crate::store;

/// Ids that may be marked at once.
const MOST: usize = 500;

pub fn send(act: &mut Act, list: &[New]) -> Result<()> {
    for new in list {
        let id = act.id();
        store::insert(act.tx, &id, new, act.now)?;
    }
    Ok(())
}

pub fn tell(act: &mut Act, case: &Case, entry: &Entry, body: &Body) -> Result<()> {
    let told = of_case(act, case, entry, body)?;
    send(act, &told)
}

pub fn also(act: &mut Act, case: &Case, entry: &Entry, body: &Body, list: Vec<New>) -> Result<()> {
    let told = of_case(act, case, entry, body)?;
    let mut out: Vec<New> = Vec::new();
    for new in list {
        let known = told.iter().chain(&out).any(|n| n.user == new.user);
        if new.user != entry.user && !known {
            out.push(new);
        }
    }
    send(act, &out)
}

fn of_case(act: &mut Act, case: &Case, entry: &Entry, body: &Body) -> Result<Vec<New>> {
    let state = &case.state;
    let business = match state.opened.business.as_str() {
        "" => Vec::new(),
        party => accounts::of_business(act.tx, party, act.now)?,
    };
    let definition = &case.pinned.definition;
    let about = About { id: &case.id, definition, state, business: &business };
    Ok(rules::told(&about, entry, body))
}

/// Marks one's own as read; answers how many are left. Errors: `too_many`.
pub fn read(act: &mut Act, wanted: &Read) -> Result<Unread> {
    if wanted.ids.len() > MOST {
        return Err(Error::invalid("ids", "too_many", format!("一次最多标记 {MOST} 条")));
    }
    let user = act.who().user.clone();
    let mut done = 0;
    if wanted.all {
        done += store::read_all(act.tx, &user, act.now)?;
    }
    for id in &wanted.ids {
        done += store::read_one(act.tx, &user, id, act.now)?;
    }
    act.note(json!({ "read": done }));
    Ok(Unread { unread: store::unread(act.tx, &user)? })
}
