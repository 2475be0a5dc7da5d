//! The state before the first day: empty shelves, and what each seller will keep on them.

use std::collections::VecDeque;

use kit_base::Result;

use super::Simulation;
use super::stock::{Book, Raw, Seller};
use crate::data::{Catalogue, GoodNo};
use crate::dice::Dice;
use crate::incidents::Incidents;
use crate::model::Role;
use crate::world::{Station, World, classes_sold, near, needed};

const DAYS: u64 = 3;
const INGREDIENTS: u64 = 4;

/// Suppliers a maker has for an ingredient.
const CONTACTS: usize = 3;

/// Days a delivery is on the way at most, and today.
const ROAD: usize = 3;

pub(super) fn simulation(world: World) -> Result<Simulation> {
    let mut dice = Dice::new(world.options.seed, INGREDIENTS);
    let first_retail = world.stations.partition_point(|station| !station.role.is_retail()) as u32;
    let mut sellers = Vec::new();
    let mut raws = Vec::new();
    for (no, station) in (0u32..first_retail).zip(&world.stations) {
        let sells = station.role != Role::Market;
        sellers.push(sells.then(|| Box::new(seller(station, &world.catalogue))));
        raws.push(ingredients(no, &world, &mut dice));
    }
    let lines = lines_a_day(&world)?;
    let incidents = Incidents::plan(&world);
    Ok(Simulation {
        dice: Dice::new(world.options.seed, DAYS),
        day: 0,
        doc: 1,
        next_event: world.options.first_event,
        next_lot: world.options.first_lot,
        today: Vec::new(),
        sellers,
        raws,
        pantries: (first_retail..world.party_count()).map(|_| Vec::new()).collect(),
        first_retail,
        on_way: (0..ROAD).map(|_| Vec::new()).collect::<VecDeque<_>>(),
        imports: Vec::new(),
        lines,
        incidents,
        world,
    })
}

fn seller(station: &Station, catalogue: &Catalogue) -> Seller {
    let books = classes_sold(station, catalogue).into_iter().map(|class| Book {
        class,
        own: (0u16..)
            .zip(&station.goods)
            .filter(|&(_, &good)| catalogue.goods[usize::from(good)].class == class)
            .map(|(at, _)| at)
            .collect(),
        stocked: Vec::new(),
        on_hand: 0,
        inbound: 0,
        demand: 0,
        mean: None,
        unmet: Vec::new(),
    });
    Seller::new(books.collect())
}

/// What the recipes of a party's goods call for, with suppliers for each.
fn ingredients(no: u32, world: &World, dice: &mut Dice) -> Vec<Raw> {
    let station = &world.stations[no as usize];
    let mut raws: Vec<Raw> = Vec::new();
    for &good in &station.goods {
        let product = &world.catalogue.goods[usize::from(good)];
        let Some(recipe) = &product.recipe else { continue };
        for &(input, amount) in &recipe.inputs {
            let start = needed(product.lot / 16, amount, recipe.yields);
            match raws.iter_mut().find(|raw| raw.good == input) {
                Some(raw) => raw.start = raw.start.max(start),
                None => raws.push(raw(input, start, station, world, dice)),
            }
        }
    }
    raws
}

fn raw(good: GoodNo, start: i64, station: &Station, world: &World, dice: &mut Dice) -> Raw {
    let sellers = &world.sellers_of[usize::from(good)];
    let contacts = (0..CONTACTS).map(|_| near(sellers, station.county, world, dice)).collect();
    Raw { good, lots: VecDeque::new(), amount: 0, inbound: 0, wanted: 0, mean: None, start, contacts }
}

/// Shares the profile's purchase records among shops, kitchens and canteens: lines a day of each, in thousandths.
fn lines_a_day(world: &World) -> Result<[i64; Role::ALL.len()]> {
    let purchases = world.profile.number("purchases_a_day")? as f64 * world.options.scale;
    let retail = purchases * world.profile.number("retail_permille")? as f64;
    let weight = |role: Role| i64::from(world.catalogue.roles[role as usize].lines_weight);
    let total: i64 = world.stations.iter().map(|station| weight(station.role)).sum();
    Ok(Role::ALL.map(|role| (retail * weight(role) as f64 / total.max(1) as f64).round() as i64))
}
