//! Who is behind a token, and what that person may do where. Read on every request, so that what is withdrawn is gone at
//! once.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use kit_base::{Millis, Result};
use kit_db::Tx;
use kit_web::{Actor, Gate, House, Permission, Scope};
use parking_lot::Mutex;

use crate::model::Role;
use crate::rules::{self, LIMITS};
use crate::secret::{KEY_PREFIX, token_hash};
use crate::store;

/// When a session was last seen is written this often at most.
const SEEN_EVERY: Millis = 60_000;

/// When sessions were last seen, as far as this process knows.
///
/// A reader may look at the database as it was before the last writing of these, so what is written is not forgotten with
/// the writing: it stays as long as a session could stand by it. One entry a session in use.
#[derive(Default)]
struct Seen {
    at: HashMap<String, Millis>,
    unwritten: HashMap<String, Millis>,
    pruned_at: Millis,
}

impl Seen {
    fn note(&mut self, session: &str, now: Millis) {
        if now - self.pruned_at >= LIMITS.idle {
            self.at.retain(|_, at| now - *at < LIMITS.idle);
            self.pruned_at = now;
        }
        self.at.insert(session.to_owned(), now);
        self.unwritten.insert(session.to_owned(), now);
    }

    /// Back to be written with the next request.
    fn put_back(&mut self, noted: Vec<(String, Millis)>) {
        for (session, at) in noted {
            self.unwritten.entry(session).or_insert(at);
        }
    }
}

/// Answers who is behind a token.
pub struct AccountsGate {
    permissions: Vec<Permission>,
    production: bool,
    /// Permission sets by the roles they come from; at most one a set of roles.
    sets: Mutex<HashMap<Vec<Role>, Arc<BTreeSet<&'static str>>>>,
    seen: Mutex<Seen>,
    /// Keys used for the first time of a day, and that day; not written yet.
    used: Mutex<HashMap<String, String>>,
}

impl AccountsGate {
    /// `permissions`: of all rooms. In production the three administrators and the leaders need a second factor.
    pub fn new(permissions: impl IntoIterator<Item = Permission>, production: bool) -> Self {
        let permissions = permissions.into_iter().collect();
        Self {
            permissions,
            production,
            sets: Mutex::default(),
            seen: Mutex::default(),
            used: Mutex::default(),
        }
    }

    /// Every permission of the house.
    pub fn permissions(&self) -> &[Permission] {
        &self.permissions
    }

    /// Whether these roles must have a second factor.
    pub fn second_factor_due(&self, bound: bool, roles: &[Role]) -> bool {
        rules::second_factor_due(self.production, bound, roles)
    }

    fn set(&self, roles: &[Role]) -> Arc<BTreeSet<&'static str>> {
        let mut sets = self.sets.lock();
        if let Some(set) = sets.get(roles) {
            return set.clone();
        }
        let gives = |p: &&Permission| roles.iter().any(|r| p.roles.contains(&r.code()));
        let set: Arc<BTreeSet<_>> = Arc::new(self.permissions.iter().filter(gives).map(|p| p.code).collect());
        sets.insert(roles.to_vec(), set.clone());
        set
    }

    /// What a person may do where, out of every (role, prefix or business) they hold.
    pub fn rights(&self, held: &[(Role, String)], of_business: bool) -> Rights {
        let mut places: BTreeMap<Role, BTreeSet<&str>> = BTreeMap::new();
        for (role, place) in held {
            places.entry(*role).or_default().insert(place);
        }
        let roles: Vec<Role> = places.keys().copied().collect();
        let permissions = self.set(&roles);
        let scope = |places: BTreeSet<&str>| {
            let places = outermost(places, of_business);
            if of_business { Scope::Businesses(places) } else { Scope::Divisions(places) }
        };
        let total: BTreeSet<&str> = places.values().flatten().copied().collect();
        let mut scopes = BTreeMap::new();
        // the usual case is one place for all roles: then no permission reaches less far than the whole
        if places.values().any(|p| *p != total) {
            for permission in self.permissions.iter().filter(|p| permissions.contains(p.code)) {
                let giving = places.iter().filter(|(role, _)| permission.roles.contains(&role.code()));
                scopes.insert(permission.code, scope(giving.flat_map(|(_, p)| p.iter().copied()).collect()));
            }
        }
        Rights { permissions, scopes: Arc::new(scopes), scope: scope(total), roles }
    }

    /// Who is behind a program's key: its business or bureau, with the permissions that were given to it.
    fn program(&self, tx: &mut Tx, token: &str, now: Millis) -> Result<Option<Actor>> {
        let found = store::keys::behind(tx, &token_hash(token))?.filter(|k| k.until_at > now);
        let Some(key) = found else { return Ok(None) };
        let given = store::keys::permissions(tx, &key.id)?;
        let of_business = key.party.is_some();
        let carried =
            |p: &&Permission| given.iter().any(|g| g == p.code) && rules::key_may_carry(p, of_business);
        let permissions: BTreeSet<&'static str> =
            self.permissions.iter().filter(carried).map(|p| p.code).collect();
        let today = kit_base::clock::china_day(now).to_string();
        if key.used_on.as_deref() != Some(today.as_str()) {
            self.used.lock().insert(key.id.clone(), today);
        }
        let scope = match &key.party {
            Some(party) => Scope::Businesses(vec![party.clone()]),
            None => Scope::Divisions(vec![key.division]),
        };
        Ok(Some(Actor {
            user: format!("key:{}", key.id),
            name: format!("程序：{}", key.name),
            bureau: key.party.or(key.bureau).unwrap_or_default(),
            permissions: Arc::new(permissions),
            scope,
            ..Actor::public()
        }))
    }

    /// A session was just taken up again: it is not idle, whatever was known of it.
    pub fn noted(&self, session: &str, now: Millis) {
        self.seen.lock().note(session, now);
    }

    /// Later of what the database and this process know.
    fn last_seen(&self, session: &str, stored: Millis) -> Millis {
        self.seen.lock().at.get(session).map_or(stored, |at| (*at).max(stored))
    }
}

/// What a person may do where.
pub struct Rights {
    pub roles: Vec<Role>,
    pub permissions: Arc<BTreeSet<&'static str>>,
    pub scopes: Arc<BTreeMap<&'static str, Scope>>,
    pub scope: Scope,
}

/// Leaves out prefixes that lie in another one.
fn outermost(places: BTreeSet<&str>, of_business: bool) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for place in places {
        // in order, what lies in a prefix comes after it
        let inside = !of_business && out.last().is_some_and(|last| place.starts_with(last.as_str()));
        if !inside {
            out.push(place.to_owned());
        }
    }
    out
}

impl Gate for AccountsGate {
    fn identify(&self, tx: &mut Tx, token: &str, now: Millis) -> Result<Option<Actor>> {
        if token.starts_with(KEY_PREFIX) {
            return self.program(tx, token, now);
        }
        let Some(behind) = store::sessions::behind(tx, &token_hash(token))? else { return Ok(None) };
        if behind.simulated && self.production {
            return Ok(None);
        }
        let seen_at = self.last_seen(&behind.session, behind.seen_at);
        if !rules::session_stands(seen_at, behind.until_at, now, &LIMITS) {
            return Ok(None);
        }
        if now - seen_at >= SEEN_EVERY {
            self.seen.lock().note(&behind.session, now);
        }
        let of_business = behind.party.is_some();
        let held = if of_business {
            store::posts::acts_for(tx, &behind.user, now)?
        } else {
            store::posts::held(tx, &behind.user, now)?
        };
        let rights = self.rights(&held, of_business);
        let factor_due = self.second_factor_due(behind.factor, &rights.roles);
        Ok(Some(Actor {
            user: behind.user,
            name: behind.full_name,
            session: behind.session,
            bureau: behind.bureau.or(behind.party).unwrap_or_default(),
            roles: rights.roles.iter().map(|r| r.code().to_owned()).collect(),
            permissions: match behind.resumed {
                true => Arc::new(rules::to_send(&rights.permissions)),
                false => rights.permissions,
            },
            scopes: rights.scopes,
            scope: rights.scope,
            unfinished: behind.must_change || factor_due,
        }))
    }

    fn stands(&self, tx: &mut Tx, who: &Actor, now: Millis) -> Result<bool> {
        match who.user.strip_prefix("key:") {
            Some(key) => store::keys::stands(tx, key, now),
            None => store::sessions::stands(tx, &who.session, now),
        }
    }

    /// Writes when sessions were seen and on which day keys were used, beside the request.
    fn seen(&self, house: &Arc<House>, _: &Actor) {
        let noted: Vec<(String, Millis)> = self.seen.lock().unwritten.drain().collect();
        let used: Vec<(String, String)> = self.used.lock().drain().collect();
        if noted.is_empty() && used.is_empty() {
            return;
        }
        let house = house.clone();
        tokio::spawn(async move {
            let written = noted.clone();
            let stored = house.db.write(move |tx| {
                used.iter().try_for_each(|(key, day)| store::keys::used(tx, key, day))?;
                written.iter().try_for_each(|(session, at)| store::sessions::seen(tx, session, *at))
            });
            if let Err(e) = stored.await {
                tracing::warn!(error = %e, "when sessions were seen could not be written");
                house.held::<crate::Accounts>().gate.seen.lock().put_back(noted);
            }
        });
    }
}

impl AccountsGate {
    /// The person of a sign-in name, for commands that act on their behalf; `None` where there is none or they may not
    /// sign in any more.
    pub fn actor(&self, tx: &mut Tx, name: &str, now: Millis) -> Result<Option<Actor>> {
        let user = store::users::by_name(tx, name)?;
        self.actor_behind(tx, user, now)
    }

    /// [`AccountsGate::actor`] by user id, for what runs on a person's behalf after they are gone (a subscription).
    pub fn actor_of(&self, tx: &mut Tx, user: &str, now: Millis) -> Result<Option<Actor>> {
        let user = store::users::by_id(tx, user)?;
        self.actor_behind(tx, user, now)
    }

    fn actor_behind(
        &self,
        tx: &mut Tx,
        user: Option<crate::model::Account>,
        now: Millis,
    ) -> Result<Option<Actor>> {
        let Some(user) = user.filter(|u| u.active) else { return Ok(None) };
        let of_business = user.party.is_some();
        let held = if of_business {
            store::posts::acts_for(tx, &user.id, now)?
        } else {
            store::posts::held(tx, &user.id, now)?
        };
        let rights = self.rights(&held, of_business);
        Ok(Some(Actor {
            user: user.id,
            name: user.full_name,
            session: String::new(),
            bureau: user.bureau.or(user.party).unwrap_or_default(),
            roles: rights.roles.iter().map(|r| r.code().to_owned()).collect(),
            permissions: rights.permissions,
            scopes: rights.scopes,
            scope: rights.scope,
            unfinished: false,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate() -> AccountsGate {
        let permission = |code, roles| Permission { code, name: "", roles };
        AccountsGate::new(
            [
                permission("read", &["officer", "leader"]),
                permission("inspect", &["officer"]),
                permission("sign", &["leader"]),
                permission("sell", &["business_owner", "business_clerk"]),
                permission("own", &["business_owner"]),
            ],
            false,
        )
    }

    fn divisions(prefixes: &[&str]) -> Scope {
        Scope::Divisions(prefixes.iter().map(|p| (*p).to_owned()).collect())
    }

    #[test]
    fn a_permission_reaches_where_its_role_is_held() {
        let held = [
            (Role::Officer, "410922".to_owned()),
            (Role::Officer, "410923".to_owned()),
            (Role::Leader, "410923".to_owned()),
        ];
        let rights = gate().rights(&held, false);
        assert_eq!(rights.scope, divisions(&["410922", "410923"]));
        assert_eq!(rights.scopes["inspect"], divisions(&["410922", "410923"]));
        assert_eq!(rights.scopes["read"], divisions(&["410922", "410923"]));
        assert_eq!(rights.scopes["sign"], divisions(&["410923"]));
        assert!(!rights.permissions.contains("sell"));
    }

    #[test]
    fn one_place_for_all_needs_no_table() {
        let held = [(Role::Officer, "4109".to_owned()), (Role::Leader, "4109".to_owned())];
        let rights = gate().rights(&held, false);
        assert!(rights.scopes.is_empty());
        assert_eq!(rights.permissions.iter().copied().collect::<Vec<_>>(), ["inspect", "read", "sign"]);
    }

    #[test]
    fn prefixes_inside_another_are_left_out() {
        let held = [
            (Role::Officer, "4109".to_owned()),
            (Role::Officer, "410922".to_owned()),
            (Role::Officer, "42".to_owned()),
        ];
        assert_eq!(gate().rights(&held, false).scope, divisions(&["4109", "42"]));
        let held = [(Role::Officer, String::new()), (Role::Officer, "42".to_owned())];
        assert_eq!(gate().rights(&held, false).scope, divisions(&[""]));
    }

    #[test]
    fn an_owner_here_is_a_clerk_there() {
        let held = [(Role::BusinessOwner, "a".to_owned()), (Role::BusinessClerk, "b".to_owned())];
        let rights = gate().rights(&held, true);
        assert_eq!(rights.scopes["own"], Scope::Businesses(vec!["a".into()]));
        assert_eq!(rights.scopes["sell"], Scope::Businesses(vec!["a".into(), "b".into()]));
    }

    #[test]
    fn without_posts_there_are_no_rights() {
        let rights = gate().rights(&[], false);
        assert!(rights.permissions.is_empty());
        assert_eq!(rights.scope, Scope::nothing());
    }
}
