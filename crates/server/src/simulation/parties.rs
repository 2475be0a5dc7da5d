//! The businesses of a world, with their licences and invented people.

use std::sync::Arc;

use jiff::Span;
use jiff::civil::Date;
use kit_base::coords::Datum;
use kit_base::{Error, Result};
use parties::{NewLicence, NewParty, NewPerson, Position, Search};
use simulator::{Role, SimParty, World};
use trace::store::load as store;

use super::{Load, PARTIES, Stage, Who};

/// Businesses in one transaction.
const CHUNK: u32 = 2_000;

/// Adds the businesses that are not there yet; answers all in the order of their numbers.
pub(super) fn load(load: &Load, world: &World, tell: &mut dyn FnMut(Stage)) -> Result<Vec<Who>> {
    let count = world.party_count();
    let mut done = load.run.parties as u32;
    while done < count {
        let until = (done + CHUNK).min(count);
        let inputs: Vec<NewParty> = (done..until).map(|no| new_party(world, &world.party(no))).collect();
        let ids = load.ids(PARTIES, u64::from(done));
        let search = load.house.held::<Search>();
        let (run, before, added) = (load.run.id.clone(), load.before, i64::from(until - done));
        load.house.db.write_blocking(move |tx| {
            parties::bring_in(
                tx,
                &ids,
                before,
                &search,
                ::parties::reference::get(),
                parties::Program { name: "simulator", simulated: true },
                inputs,
            )?;
            store::reached(tx, &run, added, 0, 0)
        })?;
        done = until;
        tell(Stage::Parties(u64::from(done), u64::from(count)));
    }
    known(load, count)
}

/// The change numbers of a database that began empty are the numbers of the world, from 1.
fn known(load: &Load, count: u32) -> Result<Vec<Who>> {
    let mut who = Vec::with_capacity(count as usize);
    for from in (0..i64::from(count)).step_by(20_000) {
        let until = (from + 20_000).min(i64::from(count));
        let entries = load.house.db.read_blocking(|tx| parties::store::entries(tx, from, until))?;
        who.extend(entries.into_iter().map(|e| Who { id: e.id.into(), division: Arc::from(e.division) }));
    }
    if who.len() != count as usize {
        let text = "载入期间有主体被修改，模拟数据不再完整，请换一个空的数据目录";
        return Err(Error::conflict("simulation_disturbed", text));
    }
    Ok(who)
}

fn new_party(world: &World, party: &SimParty) -> NewParty {
    let role = party.role.as_str();
    NewParty {
        name: party.name.clone(),
        uscc: Some(party.uscc.clone()),
        kind: role.to_owned(),
        division: party.division.clone(),
        address: party.address.clone(),
        position: Some(Position { lon: party.lon, lat: party.lat, datum: Datum::Wgs84, accuracy: Some(50) }),
        items: items(party.role).iter().map(|code| (*code).to_owned()).collect(),
        licences: party.licence.iter().map(|number| licence(world, party, number)).collect(),
        people: Some(vec![NewPerson {
            role: "head".to_owned(),
            name: party.person.clone(),
            phone: party.phone.clone(),
        }]),
        note: "模拟数据".to_owned(),
    }
}

/// 经营项目, codes of data/trade-items.csv.
fn items(role: Role) -> &'static [&'static str] {
    match role {
        Role::Stall | Role::Wholesaler | Role::Shop | Role::SmallShop => &["X3"],
        Role::DistributionCentre => &["G1", "X3"],
        Role::Restaurant | Role::Canteen => &["C1"],
        Role::Farm | Role::Slaughterhouse | Role::Producer | Role::Workshop | Role::Market => &[],
    }
}

/// A licence in the middle of its term; of a few the end is near, so that reminders have something to show.
fn licence(world: &World, party: &SimParty, number: &str) -> NewLicence {
    let years: i64 = if number.starts_with('X') { 3 } else { 5 };
    let whole = years * 365;
    // spread over the term, at least ten days from either end
    let age = 10 + i64::from(party.no).wrapping_mul(7919) % (whole - 20);
    let shifted = |day: Date, by: i64| day.checked_add(Span::new().days(by)).unwrap_or(day);
    let issued = shifted(world.start(), -age);
    let after = issued.checked_add(Span::new().years(years)).unwrap_or(issued);
    let expires = shifted(after, -1);
    NewLicence {
        kind: String::new(),
        number: number.to_owned(),
        issued: issued.to_string(),
        expires: expires.to_string(),
        issuer: world.county_of(party.no) + "市场监督管理局",
    }
}
