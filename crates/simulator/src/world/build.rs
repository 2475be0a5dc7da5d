//! Makes the stations of a world: how many of each trade, what each deals in, and from whom it buys.

use kit_base::Result;

use super::{NOBODY, SimOptions, Station, World};
use crate::data::{Catalogue, ClassNo, GoodNo, Profile, Trade};
use crate::dice::Dice;
use crate::model::Role;

const STATIONS: u64 = 1;
const CONTACTS: u64 = 2;

/// Draws among suppliers before one of another county is taken.
const NEAR_TRIES: u32 = 4;

pub(super) fn world(options: SimOptions, profile: Profile, catalogue: Catalogue) -> Result<World> {
    let mut dice = Dice::new(options.seed, STATIONS);
    let mut stations = Vec::new();
    for role in Role::ALL {
        let count = scaled(profile.number(role.as_str())?, options.scale);
        add_role(&mut stations, role, count, &catalogue, &profile, &mut dice);
    }
    place_stalls(&mut stations);
    join_chains(&mut stations, profile.number("chain_permille")?, &mut dice);
    let wanted = scaled(profile.number("products")?, options.scale);
    let products = share_products(&mut stations, wanted, &catalogue, &mut dice);
    let owners = (0u32..)
        .zip(&stations)
        .filter(|(_, station)| station.products > 0)
        .map(|(no, station)| (station.first_product, no))
        .collect();
    let sellers_of = sellers_of(&stations, &catalogue);
    let start = options.start.unwrap_or(profile.start);
    let mut world = World {
        catalogue,
        profile,
        options,
        stations,
        contacts: Vec::new(),
        sellers_of,
        owners,
        products,
        start,
    };
    add_contacts(&mut world);
    Ok(world)
}

/// A published figure at a scale, at least 1.
pub(super) fn scaled(number: i64, scale: f64) -> u32 {
    ((number as f64 * scale).round() as u32).max(1)
}

/// Adds `count` parties of a role, every trade of it at least once, so that small worlds have whole chains.
fn add_role(
    stations: &mut Vec<Station>,
    role: Role,
    count: u32,
    catalogue: &Catalogue,
    profile: &Profile,
    dice: &mut Dice,
) {
    let county_weight: u32 = profile.counties.iter().map(|county| county.weight).sum();
    let mut serial = 0;
    for (trade_no, of_trade) in trade_counts(role, count, catalogue) {
        let trade = &catalogue.trades[trade_no];
        for rank in 0..of_trade {
            let mut draw = dice.below(county_weight);
            let county = profile.counties.iter().position(|county| {
                let here = draw < county.weight;
                draw = draw.wrapping_sub(if here { 0 } else { county.weight });
                here
            });
            stations.push(Station {
                role,
                trade: trade_no as u16,
                county: county.unwrap_or(0) as u16,
                rank,
                serial,
                market: NOBODY,
                chain: NOBODY,
                first_product: 0,
                products: 0,
                goods: goods_of(trade, rank, dice),
                contacts: 0,
            });
            serial += 1;
        }
    }
}

/// (trade, parties) of a role; the shares are rounded so that the sum is `count` unless there are more trades than that.
fn trade_counts(role: Role, count: u32, catalogue: &Catalogue) -> Vec<(usize, u32)> {
    let trades: Vec<_> =
        catalogue.trades.iter().enumerate().filter(|(_, trade)| trade.role == role).collect();
    let total: u64 = trades.iter().map(|(_, trade)| u64::from(trade.share)).sum();
    let mut left = count;
    let mut share_left = total;
    trades
        .iter()
        .map(|&(no, trade)| {
            let share = u64::from(trade.share);
            let mine = (u64::from(left) * share + share_left / 2).checked_div(share_left);
            let mine = mine.unwrap_or(1).max(1) as u32;
            left = left.saturating_sub(mine);
            share_left -= share;
            (no, mine)
        })
        .collect()
}

/// The biggest of a trade deals in all its goods; a smaller one in one of them for sure and in others by chance.
fn goods_of(trade: &Trade, rank: u32, dice: &mut Dice) -> Vec<GoodNo> {
    let whole = rank == 0 || matches!(trade.role, Role::Wholesaler | Role::DistributionCentre);
    let certain = rank as usize % trade.goods.len().max(1);
    let goods = trade.goods.iter().enumerate();
    goods.filter(|&(at, _)| whole || at == certain || dice.once_in(3)).map(|(_, &good)| good).collect()
}

/// Every stall stands in a market, in the market's county.
fn place_stalls(stations: &mut [Station]) {
    let markets: Vec<(u32, u16)> = (0u32..)
        .zip(stations.iter())
        .filter(|(_, station)| station.role == Role::Market)
        .map(|(no, station)| (no, station.county))
        .collect();
    for station in stations.iter_mut().filter(|station| station.role == Role::Stall) {
        let (market, county) = markets[station.serial as usize % markets.len()];
        station.market = market;
        station.county = county;
    }
}

fn join_chains(stations: &mut [Station], permille: i64, dice: &mut Dice) {
    let centres = span(stations, Role::DistributionCentre);
    for station in stations.iter_mut().filter(|station| station.role == Role::Shop) {
        if i64::from(dice.below(1000)) < permille {
            station.chain = centres.start + dice.ranked(centres.end - centres.start);
        }
    }
}

/// The numbers of a role's parties.
fn span(stations: &[Station], role: Role) -> std::ops::Range<u32> {
    let start = stations.partition_point(|station| station.role < role);
    let end = stations.partition_point(|station| station.role <= role);
    start as u32..end as u32
}

/// Gives every maker its products and the rest to the wholesalers, more to the bigger ones. Returns how many there are.
fn share_products(stations: &mut [Station], wanted: u32, catalogue: &Catalogue, dice: &mut Dice) -> u32 {
    let mut given = 0;
    let mut weights = 0_u64;
    for station in stations.iter_mut() {
        let goods = station.goods.len() as u32;
        station.products = match station.role {
            Role::Slaughterhouse => goods * 2,
            Role::Producer => goods * (3 + dice.below(8)),
            Role::Workshop => goods * (1 + dice.below(3)),
            Role::Wholesaler if is_general(station, catalogue) => {
                weights += weight(station.rank);
                goods
            }
            Role::Wholesaler => goods * 3,
            _ => goods,
        };
        given += station.products;
    }
    let rest = u64::from(wanted.saturating_sub(given));
    let mut left = rest;
    let general: Vec<usize> =
        (0..stations.len()).filter(|&at| is_general(&stations[at], catalogue)).collect();
    for &at in general.iter().rev() {
        let mut more = rest * weight(stations[at].rank) / weights.max(1);
        if stations[at].rank == 0 {
            more = left;
        }
        left -= more;
        stations[at].products += more as u32;
    }
    let mut first = 0;
    for station in stations.iter_mut() {
        station.first_product = first;
        first += station.products;
    }
    first
}

fn is_general(station: &Station, catalogue: &Catalogue) -> bool {
    catalogue.trades[usize::from(station.trade)].code == "general_wholesale"
}

fn weight(rank: u32) -> u64 {
    1_000_000 / (u64::from(rank) + 20)
}

fn sellers_of(stations: &[Station], catalogue: &Catalogue) -> Vec<Vec<u32>> {
    let mut sellers = vec![Vec::new(); catalogue.goods.len()];
    for (no, station) in (0u32..).zip(stations) {
        for &good in &station.goods {
            sellers[usize::from(good)].push(no);
        }
    }
    sellers
}

/// Chooses every buyer's suppliers: of its own county where there are some, and rather the big ones.
fn add_contacts(world: &mut World) {
    let mut dice = Dice::new(world.options.seed, CONTACTS);
    let suppliers = suppliers(world);
    let mut contacts = Vec::new();
    for no in 0..world.stations.len() {
        world.stations[no].contacts = contacts.len() as u32;
        let buyer = world.stations[no].buyer();
        let (county, chain) = (world.stations[no].county, world.stations[no].chain);
        for channel in world.catalogue.channels.iter().filter(|channel| channel.buyer == buyer) {
            let of = &suppliers[channel.supplier as usize][usize::from(channel.class)];
            for _ in 0..channel.contacts {
                contacts.push(if channel.supplier == Role::DistributionCentre {
                    chain
                } else {
                    near(of, county, world, &mut dice)
                });
            }
        }
    }
    world.contacts = contacts;
}

/// Parties by role and class sold.
fn suppliers(world: &World) -> Vec<Vec<Vec<u32>>> {
    let mut table = vec![vec![Vec::new(); world.catalogue.classes.len()]; Role::ALL.len()];
    for (no, station) in (0u32..).zip(&world.stations) {
        for class in classes_sold(station, &world.catalogue) {
            table[station.role as usize][usize::from(class)].push(no);
        }
    }
    table
}

/// The classes a party sells: of its own goods, and what a dealer buys in.
pub(crate) fn classes_sold(station: &Station, catalogue: &Catalogue) -> Vec<ClassNo> {
    let mut classes: Vec<ClassNo> =
        station.goods.iter().map(|&good| catalogue.goods[usize::from(good)].class).collect();
    let dealer = matches!(station.role, Role::Stall | Role::DistributionCentre)
        || (station.role == Role::Wholesaler && is_general(station, catalogue));
    if dealer {
        let bought = catalogue.channels.iter().filter(|channel| channel.buyer == station.buyer());
        classes.extend(bought.map(|channel| channel.class));
    }
    classes.sort_unstable();
    classes.dedup();
    classes
}

pub(crate) fn near(of: &[u32], county: u16, world: &World, dice: &mut Dice) -> u32 {
    let mut choice = NOBODY;
    for _ in 0..NEAR_TRIES {
        let Some(&drawn) = of.get(dice.ranked(of.len() as u32) as usize) else { break };
        choice = drawn;
        if world.stations[choice as usize].county == county {
            break;
        }
    }
    choice
}
