//! Who asks, and on whose behalf.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kit_base::{Error, Kind, Result};
use kit_db::{Filter, Param, Tx};

use crate::house::House;

/// What a person may see: divisions (a regulator) or businesses (a person of a business).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Scope {
    /// Prefixes of division codes; the empty prefix is the whole country.
    Divisions(Vec<String>),
    /// Ids of the businesses this person acts for.
    Businesses(Vec<String>),
}

impl Scope {
    pub fn nothing() -> Self {
        Self::Divisions(Vec::new())
    }

    /// Whether a row of this division and this business is within.
    pub fn covers(&self, division: &str, business: Option<&str>) -> bool {
        match self {
            Self::Divisions(prefixes) => prefixes.iter().any(|p| division.starts_with(p.as_str())),
            Self::Businesses(own) => business.is_some_and(|b| own.iter().any(|o| o == b)),
        }
    }

    /// Restricts a list: `division_range` is like `p.division >= ? AND p.division < ?`, `business` like `p.id = ?`.
    /// The same rule as [`Scope::covers`].
    pub fn restrict(&self, filter: Filter, division_range: &'static str, business: &'static str) -> Filter {
        match self {
            Self::Divisions(prefixes) => filter.within(division_range, prefixes),
            Self::Businesses(own) => {
                let places = business.matches('?').count();
                let own: Vec<Vec<String>> = own.iter().map(|id| vec![id.clone(); places]).collect();
                filter.and_any(business, &own)
            }
        }
    }

    /// The one business this person acts for, where it is exactly one.
    pub fn business(&self) -> Option<&str> {
        match self {
            Self::Businesses(own) if own.len() == 1 => Some(&own[0]),
            _ => None,
        }
    }
}

/// The person (or the house itself) behind a request, command or job.
#[derive(Debug, Clone)]
pub struct Actor {
    /// User id; empty for the public and for the house itself.
    pub user: String,
    pub name: String,
    /// Session id; empty where there is none.
    pub session: String,
    /// Bureau or business this person belongs to, id or empty.
    pub bureau: String,
    pub roles: Vec<String>,
    pub permissions: Arc<BTreeSet<&'static str>>,
    /// Where a permission reaches less far than `scope`: a role held at A does not carry a role held at B to A. Ask
    /// through [`Actor::scope_for`].
    pub scopes: Arc<BTreeMap<&'static str, Scope>>,
    /// How far the person reaches. In a route behind a permission: how far that permission reaches; elsewhere: all
    /// their posts together.
    pub scope: Scope,
    /// Signed in, but a second factor or a new password is still due: only the routes for that are open.
    pub unfinished: bool,
}

impl Actor {
    pub fn public() -> Self {
        Self {
            user: String::new(),
            name: "公众".into(),
            session: String::new(),
            bureau: String::new(),
            roles: Vec::new(),
            permissions: Arc::default(),
            scopes: Arc::default(),
            scope: Scope::nothing(),
            unfinished: false,
        }
    }

    /// The house itself: commands and duties, everywhere.
    pub fn house(name: &str) -> Self {
        Self { name: name.to_owned(), scope: Scope::Divisions(vec![String::new()]), ..Self::public() }
    }

    pub fn signed_in(&self) -> bool {
        !self.user.is_empty()
    }

    /// In whose line the writes of this person wait: that of their business, else their own.
    pub fn line<'a>(&'a self, address: &'a str) -> &'a str {
        match self.scope.business() {
            Some(business) => business,
            None if self.signed_in() => &self.user,
            None => address,
        }
    }

    pub fn may(&self, permission: &str) -> bool {
        self.permissions.contains(permission)
    }

    /// How far a permission reaches: only the posts whose roles give it count. Nowhere, where it is not held.
    pub fn scope_for(&self, permission: &str) -> Scope {
        if !self.signed_in() {
            return self.scope.clone();
        }
        match self.scopes.get(permission) {
            Some(scope) => scope.clone(),
            None if self.may(permission) => self.scope.clone(),
            None => Scope::nothing(),
        }
    }

    /// [`Actor::need`] for one row: the permission is held, and it reaches this division or business.
    ///
    /// Errors: `permission_missing`, `out_of_scope`.
    pub fn need_at(&self, permission: &str, division: &str, business: Option<&str>) -> Result<()> {
        self.need(permission)?;
        if self.scope_for(permission).covers(division, business) {
            return Ok(());
        }
        Err(Error::forbidden("out_of_scope", "不在您的辖区或主体范围内"))
    }

    pub fn need(&self, permission: &str) -> Result<()> {
        if self.may(permission) {
            return Ok(());
        }
        Err(Error::forbidden("permission_missing", "您没有此操作的权限"))
    }
}

/// One request: the house, who asks, and how.
#[derive(Clone)]
pub struct Cx {
    pub house: Arc<House>,
    pub who: Actor,
    /// Network address of the asker.
    pub address: String,
    /// The client's `Idempotency-Key`.
    pub idempotency: Option<String>,
    /// SHA-256 of path and body, where a body was read.
    pub request_hash: String,
    /// Audit action of the route; empty for reads.
    pub action: &'static str,
    /// Route path, as declared.
    pub route: &'static str,
    /// `User-Agent`, shortened.
    pub agent: String,
    /// `Accept`, shortened.
    pub accept: String,
}

impl Cx {
    /// A context for commands and jobs.
    pub fn internal(house: Arc<House>, who: Actor, action: &'static str) -> Self {
        Self {
            house,
            who,
            address: String::new(),
            idempotency: None,
            request_hash: String::new(),
            action,
            route: "",
            agent: String::new(),
            accept: String::new(),
        }
    }

    pub fn now(&self) -> kit_base::Millis {
        self.house.clock.now()
    }

    /// Runs a unit of work that only reads.
    pub async fn read<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx, &Cx) -> Result<T> + Send + 'static,
    {
        let cx = self.clone();
        self.house.db.read(move |tx| f(tx, &cx)).await
    }

    /// [`Cx::read`] for a few look-ups by key, see [`kit_db::Db::glance`].
    pub async fn glance<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx, &Cx) -> Result<T> + Send + 'static,
    {
        let cx = self.clone();
        self.house.db.glance(move |tx| f(tx, &cx)).await
    }

    /// A handler that must be signed in although its route is open.
    pub fn signed_in(&self) -> Result<&str> {
        if self.who.signed_in() {
            return Ok(&self.who.user);
        }
        Err(Error::new(Kind::Unauthenticated, "sign_in_required", "请先登录"))
    }
}

/// A bound for SQL out of an optional text.
pub fn text_param(text: &Option<String>) -> Option<Param<'_>> {
    text.as_deref().filter(|t| !t.is_empty()).map(Param::Text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 监管人员 of 410922 who is also 分管领导 of 410923.
    fn two_posts() -> Actor {
        let at = |p: &str| Scope::Divisions(vec![p.to_owned()]);
        Actor {
            user: "u".into(),
            permissions: Arc::new(["write", "sign", "read"].into()),
            scopes: Arc::new([("write", at("410922")), ("sign", at("410923"))].into()),
            scope: Scope::Divisions(vec!["410922".into(), "410923".into()]),
            ..Actor::public()
        }
    }

    #[test]
    fn a_role_held_here_gives_nothing_there() {
        let who = two_posts();
        for (permission, division, refused) in [
            ("write", "410922001", None),
            ("write", "410923001", Some("out_of_scope")),
            ("sign", "410922001", Some("out_of_scope")),
            ("sign", "410923001", None),
            ("read", "410922001", None),
            ("read", "410923001", None),
            ("other", "410922001", Some("permission_missing")),
        ] {
            let answer = who.need_at(permission, division, None).err().map(|e| e.code.into_owned());
            assert_eq!(answer.as_deref(), refused, "{permission} at {division}");
        }
        assert_eq!(who.scope_for("other"), Scope::nothing());
    }
}
