//! Who lives in the sample city: the demo accounts, more officers in every county, and the people of its businesses.

use std::collections::HashMap;

use accounts::demo::{self, Home, Named};
use kit_base::{Error, Result};
use kit_db::Tx;
use serde_json::{Value, json};
use simulator::{Dice, Role};

use super::{Life, Shot, text};

/// Somebody by user id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Someone {
    pub id: String,
    pub name: String,
}

/// The bureau of a county.
#[derive(Debug, Clone, Default)]
pub struct Office {
    /// Six digits.
    pub county: String,
    pub officers: Vec<Someone>,
    pub chief: Someone,
}

/// A business of the world.
#[derive(Debug, Clone)]
pub struct Business {
    /// In the world.
    pub no: u32,
    pub id: String,
    pub name: String,
    pub division: String,
    pub role: Role,
    pub person: String,
    pub lon: f64,
    pub lat: f64,
}

impl Business {
    /// A photo taken there.
    pub fn shot(&self) -> Shot {
        Shot { lon: self.lon, lat: self.lat, in_app: true }
    }
}

#[derive(Debug, Default)]
pub struct People {
    pub leader: Someone,
    pub sysadmin: Someone,
    pub station: Someone,
    pub owner: Someone,
    pub clerk: Someone,
    /// Nine digits: where the station is.
    pub town: String,
    pub offices: Vec<Office>,
    /// (id, division) by number of the world.
    ids: Vec<(String, String)>,
    /// Whoever speaks for a business, by its number.
    owners: HashMap<u32, Someone>,
    /// Numbers of the businesses of the demo accounts `owner` and `clerk`.
    pub factory: Option<u32>,
    pub shop: Option<u32>,
}

/// Officers and a chief beside those of the demo accounts.
const OFFICERS: usize = 4;

/// Finds the demo accounts, opens the bureaus of the other counties and fills them.
pub async fn gather(life: &Life) -> Result<()> {
    let known = life.by_house("sample.look", |act| look(act.tx)).await?;
    let who = |login: &str| -> Someone {
        let of = |i: usize| known["users"][login][i].as_str().unwrap_or_default().to_owned();
        Someone { id: of(0), name: of(1) }
    };
    let places = life.world.places();
    let ids: Vec<(String, String)> =
        serde_json::from_value(known["parties"].clone()).map_err(Error::internal)?;
    let of = |party: &Value| {
        ids.iter().position(|(id, _)| Some(id.as_str()) == party.as_str()).map(|no| no as u32)
    };
    let mut people = People {
        leader: who("leader"),
        sysadmin: who("sysadmin"),
        station: who("station"),
        owner: who("owner"),
        clerk: who("clerk"),
        town: places.town.0.clone(),
        offices: Vec::new(),
        factory: of(&known["users"]["owner"][2]),
        shop: of(&known["users"]["clerk"][2]),
        owners: HashMap::new(),
        ids,
    };
    for (party, someone) in [(people.factory, people.owner.clone()), (people.shop, people.clerk.clone())] {
        people.owners.extend(party.map(|no| (no, someone)));
    }
    for (i, county) in places.counties.iter().enumerate() {
        let mut officers: Vec<Someone> = match i {
            0 => vec![who("officer1"), who("officer3")],
            1 => vec![who("officer2")],
            _ => Vec::new(),
        };
        let first = officers.len();
        let made = office(life, i as u32, county.clone(), first).await?;
        let mut made: Vec<Someone> = serde_json::from_value::<Vec<(String, String)>>(made)
            .map_err(Error::internal)?
            .into_iter()
            .map(|(id, name)| Someone { id, name })
            .collect();
        let chief = made.pop().unwrap_or_default();
        officers.extend(made);
        people.offices.push(Office { county: county.0.clone(), officers, chief });
    }
    *life.people.borrow_mut() = people;
    Ok(())
}

/// Ids and names of the demo accounts, and of all businesses in the order of their numbers.
fn look(tx: &mut Tx) -> Result<Value> {
    let mut users = serde_json::Map::new();
    for login in [
        "leader",
        "investigator",
        "sysadmin",
        "station",
        "owner",
        "clerk",
        "officer1",
        "officer2",
        "officer3",
    ] {
        if let Some(told) = demo::someone(tx, login)? {
            users.insert(login.to_owned(), json!(told));
        }
    }
    let mut parties = Vec::new();
    loop {
        let from = parties.len() as i64;
        let some = parties::store::entries(tx, from, from + 5_000)?;
        if some.is_empty() {
            return Ok(json!({ "users": users, "parties": parties }));
        }
        parties.extend(some.into_iter().map(|e| (e.id, e.division)));
    }
}

/// Opens the bureau of a county and makes officers beside `there`, and its chief.
async fn office(life: &Life, no: u32, county: (String, String), there: usize) -> Result<Value> {
    let (hash, city) = (life.password.clone(), life.world.places().city.0);
    let names: Vec<String> = (0..=OFFICERS as u32).map(|n| life.text.name(no * 16 + n)).collect();
    life.by_house("sample.people", move |act| {
        demo::office(act, &city, &county)?;
        let mut made = Vec::new();
        for (n, name) in names.iter().enumerate().skip(there) {
            let chief = n == OFFICERS;
            let (role, title) = if chief {
                ("leader", "分管局长".to_owned())
            } else {
                ("officer", format!("监管岗{}", n + 1))
            };
            let login = if chief { format!("{}.chief", county.0) } else { format!("{}.{}", county.0, n + 1) };
            let home = Home::Bureau(&county.0);
            let who = Named { login: &login, full_name: name, title: &title, role, home: &home };
            made.push((demo::named(act, &hash, &who)?, name.clone()));
        }
        act.subject("bureau", &county.0, &county.0);
        Ok(json!(made))
    })
    .await
}

impl Life {
    /// A business of the world.
    pub(super) fn business(&self, no: u32) -> Business {
        let party = self.world.party(no);
        let (id, division) = self.people.borrow().ids.get(no as usize).cloned().unwrap_or_default();
        let (role, person, name) = (party.role, party.person, party.name);
        Business { no, id, name, division, role, person, lon: party.lon, lat: party.lat }
    }

    /// The number of a business in the world.
    pub(super) fn no_of(&self, id: &str) -> Option<u32> {
        self.people.borrow().ids.iter().position(|(own, _)| own == id).map(|no| no as u32)
    }

    /// The office of a place.
    pub(super) fn office(&self, division: &str) -> Office {
        let people = self.people.borrow();
        let found = people.offices.iter().find(|office| division.starts_with(&office.county));
        found.or(people.offices.first()).cloned().unwrap_or_default()
    }

    /// Two officers of the place, the first of whom leads; in the street of the station one of them is its own.
    pub(super) fn pair(&self, division: &str, dice: &mut Dice) -> (Someone, Someone) {
        let office = self.office(division);
        let count = office.officers.len().max(1) as u32;
        let first = dice.below(count);
        let second = (first + 1 + dice.below(count.max(2) - 1)) % count;
        let of = |no: u32| office.officers.get(no as usize).cloned().unwrap_or_default();
        let people = self.people.borrow();
        let town = !people.town.is_empty() && division.starts_with(&people.town);
        (if town { people.station.clone() } else { of(first) }, of(second))
    }

    /// An officer of the place who is none of these.
    pub(super) fn other(&self, division: &str, but: &[&Someone]) -> Someone {
        let office = self.office(division);
        let free = office.officers.iter().find(|o| !but.contains(o));
        free.cloned().unwrap_or_default()
    }

    pub(super) fn leader(&self) -> Someone {
        self.people.borrow().leader.clone()
    }

    /// Whoever speaks for a business; they get an account when they are asked for first.
    pub(super) async fn owner(&self, of: &Business) -> Result<Someone> {
        if let Some(known) = self.people.borrow().owners.get(&of.no) {
            return Ok(known.clone());
        }
        let (hash, party, login, name) =
            (self.password.clone(), of.id.clone(), format!("b{:05}", of.no), of.person.clone());
        let made = self.by_house("sample.people", move |act| {
            let home = Home::Party(&party);
            let who =
                Named { login: &login, full_name: &name, title: "", role: "business_owner", home: &home };
            Ok(json!({ "id": demo::named(act, &hash, &who)? }))
        });
        let someone = Someone { id: text(&made.await?, "id")?, name: of.person.clone() };
        self.people.borrow_mut().owners.insert(of.no, someone.clone());
        Ok(someone)
    }

    /// Businesses of these roles in a county (its place in the list), `count` of them, none twice; those of the demo
    /// accounts are left out.
    pub(super) fn some(
        &self,
        roles: &[Role],
        county: Option<usize>,
        count: usize,
        dice: &mut Dice,
    ) -> Vec<u32> {
        let people = self.people.borrow();
        let county = county.and_then(|i| people.offices.get(i)).map(|o| o.county.clone()).unwrap_or_default();
        let own = [people.factory, people.shop];
        let fits = |no: &u32| {
            roles.contains(&self.world.role(*no))
                && !own.contains(&Some(*no))
                && people.ids.get(*no as usize).is_some_and(|(_, at)| at.starts_with(&county))
        };
        let mut all: Vec<u32> = (0..self.world.party_count()).filter(fits).collect();
        let mut out = Vec::new();
        while out.len() < count && !all.is_empty() {
            out.push(all.swap_remove(dice.below(all.len() as u32) as usize));
        }
        out
    }
}
