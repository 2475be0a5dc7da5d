//! The sample city of a first start: a simulated world of a size that loads in less than a minute, demo accounts, and a
//! code to begin with.

use std::path::Path;
use std::sync::Arc;

use accounts::Accounts;
use accounts::demo::{City, DemoAccount};
use kit_base::{Error, Result};
use kit_db::Tx;
use kit_web::{Actor, Cx, House};
use serde::{Deserialize, Serialize};
use simulator::{Answer, Role, SimOptions, World};
use trace::store::load::Simulated;
use trace::store::{codes, load, lots, products};

use super::{Plan, Stage, life, sealed};

/// The password that all demo accounts share. They exist only outside production, which the sign-in checks too.
pub const PASSWORD: &str = "shian-demo-2026";

/// The world of a sample is always the same.
const SEED: u32 = 1;
/// The incident that the README walks through.
const WALK: &str = "spice-hub";

/// What a newcomer is told; kept in DATA/sample.json.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sample {
    pub title: String,
    pub accounts: Vec<DemoAccount>,
    /// `None` where the incident of the walk did not come to pass.
    pub walk: Option<Walk>,
    /// How the life of its offices went, where it was lived just now.
    #[serde(skip)]
    pub lived: life::Lived,
}

/// Where the five minutes begin: food of the planted incident, still in a shop.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Walk {
    /// Trace code on the label.
    pub code: String,
    pub product: String,
    pub batch: String,
    pub shop: String,
    /// 主体码 of the shop
    pub shop_code: String,
    /// The stock lot in the shop.
    pub lot: i64,
}

/// Makes the sample city where the database is empty, or what is missing of it; `None` where the database holds real
/// data. Cheap when everything is there.
///
/// Errors: `sample_in_production`, and those of [`super::load`].
pub fn prepare(
    house: &Arc<House>,
    data: &Path,
    profile: &str,
    tell: &mut dyn FnMut(Stage),
) -> Result<Option<Sample>> {
    if house.production {
        return Err(Error::forbidden("sample_in_production", "正式环境不能载入示范城市"));
    }
    let file = data.join("sample.json");
    let there = house.db.read_blocking(|tx| {
        let recorded = load::recorded(tx)? != (0, 0) || parties::store::last_seq(tx)? > 0;
        Ok((load::simulation(tx)?, recorded, accounts::any_user(tx)?))
    })?;
    let (plan, users) = match there {
        (None, true, _) => return Ok(None),
        (None, false, users) => (sample_plan(profile)?, users),
        (Some(run), _, users) => {
            let plan = Plan {
                profile: run.profile,
                scale: run.scale,
                seed: u32::try_from(run.seed).map_err(Error::internal)?,
                days: u32::try_from(run.days).map_err(Error::internal)?,
                end: None,
            };
            if run.done_at.is_some() && users && file.exists() {
                let text = std::fs::read(&file)?;
                return serde_json::from_slice(&text).map(Some).map_err(Error::internal);
            }
            if run.done_at.is_some() {
                return finish(house, data, &plan, users, tell).map(Some);
            }
            (plan, users)
        }
    };
    super::load(house, data, &plan, tell)?;
    finish(house, data, &plan, users, tell).map(Some)
}

/// The size that the profile's rows give.
fn sample_plan(profile: &str) -> Result<Plan> {
    let (scale, days) = simulator::sample_size(profile)?;
    Ok(Plan { profile: profile.to_owned(), scale, seed: SEED, days, end: None })
}

/// Demo accounts, the walk, and the life of its offices, beside a world that is whole.
fn finish(
    house: &Arc<House>,
    data: &Path,
    plan: &Plan,
    users: bool,
    tell: &mut dyn FnMut(Stage),
) -> Result<Sample> {
    let answers = sealed::read(&sealed::path(data, &plan.profile, plan.seed))?.answers;
    let walk = house.db.read_blocking(|tx| walk(tx, &answers))?;
    let (run, past) = past(house)?;
    let start = Some(run.first_day.parse().map_err(Error::internal)?);
    let options =
        SimOptions { start, ..SimOptions::new(&plan.profile, plan.scale, u64::from(plan.seed), plan.days) };
    let world = World::new(options)?;
    let title = world.title().to_owned();
    let accounts = if users { Vec::new() } else { accounts(&past, &world, walk.as_ref())? };
    let lived = life::live(house, data, &run, world, tell)?;
    let sample = Sample { title, accounts, walk, lived };
    let text = serde_json::to_string_pretty(&sample).map_err(Error::internal)?;
    std::fs::write(data.join("sample.json"), text)?;
    Ok(sample)
}

/// The world that was loaded, and the house as it was before its first day.
fn past(house: &Arc<House>) -> Result<(Simulated, Arc<House>)> {
    let run = house.db.read_blocking(load::simulation)?;
    let run = run.ok_or_else(|| Error::internal("a sample city without its world"))?;
    let past = life::before(house, &run)?.0;
    Ok((run, past))
}

/// An owner for the factory and a clerk for the shop of the walk (or the biggest ones), and the bureaus of the city.
fn accounts(house: &Arc<House>, world: &World, walk: Option<&Walk>) -> Result<Vec<DemoAccount>> {
    let first = |role: Role| (0..world.party_count()).find(|no| world.role(*no) == role);
    let (factory, shop) = (first(Role::Producer), first(Role::Shop));
    let walk = walk.cloned();
    let (owner_of, clerk_of) = house.db.read_blocking(move |tx| match walk {
        Some(walk) => {
            let maker = codes::by_code(tx, &walk.code)?.map(|code| code.party);
            let shop = parties::store::by_code(tx, &walk.shop_code)?.map(|shop| shop.id);
            Ok((maker, shop))
        }
        None => {
            let factory = factory.map(|no| id_of(tx, no)).transpose()?.flatten();
            Ok((factory, shop.map(|no| id_of(tx, no)).transpose()?.flatten()))
        }
    })?;
    let places = world.places();
    let plan =
        City { city: places.city, counties: places.counties, township: places.town, owner_of, clerk_of };
    let hash = house.held::<Accounts>().passwords.hash_blocking(PASSWORD, &house.ids)?;
    let cx = Cx::internal(house.clone(), Actor::house("示范城市"), "accounts.demo");
    cx.act_blocking(move |act| accounts::demo::make(act, &hash, &plan))
}

/// The business of a number of the world.
fn id_of(tx: &mut Tx, no: u32) -> Result<Option<String>> {
    let entries = parties::store::entries(tx, i64::from(no), i64::from(no) + 1)?;
    Ok(entries.into_iter().next().map(|entry| entry.id))
}

/// The fullest shelf of a shop with food of the incident that carries a trace code.
fn walk(tx: &mut Tx, answers: &[Answer]) -> Result<Option<Walk>> {
    let Some(answer) = answers.iter().find(|answer| answer.incident == WALK) else { return Ok(None) };
    let mut holders: Vec<_> = answer.holders.iter().filter(|held| !held.transit).collect();
    holders.sort_by_key(|held| (std::cmp::Reverse(held.amount), held.lot));
    for held in holders {
        let no = i64::from(held.party);
        let Some(shop) = parties::store::entries(tx, no, no + 1)?.into_iter().next() else { continue };
        if !matches!(shop.kind.as_str(), "shop" | "small_shop") {
            continue;
        }
        let Some(lot) = lots::by_no(tx, held.lot as i64)? else { continue };
        let Some(code) = codes::by_lot(tx, lot.origin)? else { continue };
        let Some(product) = products::by_id(tx, &lot.product)? else { continue };
        return Ok(Some(Walk {
            code: code.code,
            product: product.name,
            batch: lot.batch,
            shop: shop.name,
            shop_code: shop.code,
            lot: lot.no,
        }));
    }
    Ok(None)
}
