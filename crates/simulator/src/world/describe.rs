//! Names, addresses and codes of parties and products, made on demand from the number alone.

use super::{NOBODY, World};
use crate::codes;
use crate::dice::Dice;
use crate::model::{Batch, Role, SimParty, SimProduct};

const PARTY: u64 = 1 << 32;
const BRAND: u64 = 2 << 32;
const RELEASE: u64 = 3 << 32;

pub(super) fn party(world: &World, no: u32) -> SimParty {
    let station = &world.stations[no as usize];
    let trade = &world.catalogue.trades[usize::from(station.trade)];
    // a stall has the place of its market
    let place = if station.market == NOBODY { no } else { station.market };
    let county = &world.profile.counties[usize::from(station.county)];
    let mut at = Dice::new(world.options.seed, PARTY | u64::from(place) << 1);
    let towns: Vec<&str> = county.towns.split('|').collect();
    // nine digits, a space, the name
    let (division, town) = at.pick(&towns).split_once(' ').unwrap_or((&county.code, ""));
    // some towns carry their county's name already
    let town = town.trim_start_matches(county.name.as_str());
    let (lat, lon) = point(county, &mut at);
    let street = street(world, station.role, &mut at);
    let mut dice = Dice::new(world.options.seed, PARTY | u64::from(no) << 1 | 1);
    let mut address = format!("{}{}{}{town}{street}", county.province, county.city, county.name);
    if station.market != NOBODY {
        address.push_str(&format!("市场内{}区{}号", 1 + dice.below(8), 1 + station.serial / 8));
    }
    let name = name(world, no, town, &mut dice);
    let person = person(world, &mut dice);
    SimParty {
        no,
        role: station.role,
        trade: trade.code.clone(),
        name,
        form: trade.form.clone(),
        uscc: codes::uscc(uscc_head(&trade.form), &county.code, no),
        licence: licence(world, no, &county.code),
        division: division.to_owned(),
        address,
        lat,
        lon,
        person,
        phone: format!("{}{:06}", world.profile.phone, no % 1_000_000),
        market: (station.market != NOBODY).then_some(station.market),
        chain: (station.chain != NOBODY).then_some(station.chain),
    }
}

/// A point of the county's box, to a millionth of a degree.
fn point(county: &crate::data::County, dice: &mut Dice) -> (f64, f64) {
    let mut within = |low: f64, high: f64| {
        let (low, high) = ((low * 1e6) as i64, (high * 1e6) as i64);
        dice.between(low, high) as f64 / 1e6
    };
    (within(county.lat_min, county.lat_max), within(county.lon_min, county.lon_max))
}

fn street(world: &World, role: Role, dice: &mut Dice) -> String {
    let words = &world.catalogue.words;
    if matches!(role, Role::Farm | Role::Workshop | Role::SmallShop | Role::Slaughterhouse) {
        return format!("{}{}号", dice.pick(words.of("village")), 1 + dice.below(180));
    }
    format!("{}{}号", dice.pick(words.of("road")), 1 + dice.below(280))
}

fn uscc_head(form: &str) -> &'static str {
    match form {
        "个体工商户" => "92",
        "农民专业合作社" => "93",
        "事业单位" => "12",
        _ => "91",
    }
}

fn licence(world: &World, no: u32, county: &str) -> Option<String> {
    let station = &world.stations[no as usize];
    let serial = station.serial + 1;
    match station.role {
        Role::Farm | Role::Market | Role::Slaughterhouse => None,
        Role::Producer => {
            let category = &world.catalogue.trades[usize::from(station.trade)].category;
            Some(codes::sc_no(category, county, serial))
        }
        Role::Workshop => Some(format!("XZF{county}{serial:06}")),
        Role::SmallShop => Some(format!("XSZ{county}{serial:06}")),
        Role::Restaurant => Some(codes::jy_no(2, county, serial)),
        Role::Canteen => Some(codes::jy_no(3, county, serial)),
        // sellers of all kinds share one series
        Role::Stall | Role::Wholesaler | Role::DistributionCentre | Role::Shop => {
            Some(codes::jy_no(1, county, no + 1))
        }
    }
}

fn person(world: &World, dice: &mut Dice) -> String {
    let words = &world.catalogue.words;
    format!("{}{}", dice.pick(words.of("surname")), dice.pick(words.of("given")))
}

/// The three characters a business goes by.
fn mark(world: &World, no: u32) -> String {
    let words = &world.catalogue.words;
    let mut dice = Dice::new(world.options.seed, BRAND | u64::from(no));
    let first = dice.pick(words.of("first")).clone();
    let second = dice.pick(words.of("second")).clone();
    format!("{first}{second}{}", dice.pick(words.of("third")))
}

fn name(world: &World, no: u32, town: &str, dice: &mut Dice) -> String {
    let station = &world.stations[no as usize];
    let county = &world.profile.counties[usize::from(station.county)];
    let short = county.name.trim_end_matches(['区', '县', '市']);
    let suffix = dice.pick(&world.catalogue.trades[usize::from(station.trade)].suffixes);
    if station.chain != NOBODY {
        return format!("{}连锁超市{town}第{}店", mark(world, station.chain), station.serial + 1);
    }
    let mark = mark(world, no);
    match station.role {
        Role::Farm | Role::Workshop | Role::Stall => format!("{}{mark}{suffix}", county.name),
        Role::Shop | Role::SmallShop | Role::Restaurant => {
            let town = town.trim_end_matches("街道").trim_end_matches(['镇', '乡']);
            format!("{town}{mark}{suffix}")
        }
        Role::Canteen => format!("{}{mark}{suffix}", county.name),
        _ => {
            let city = county.city.trim_end_matches('市');
            let short = if short == city { "" } else { short };
            format!("{city}{short}{mark}{suffix}")
        }
    }
}

pub(super) fn product(world: &World, no: u32) -> SimProduct {
    let owner = world.owner_of(no);
    let station = &world.stations[owner as usize];
    let good = &world.catalogue.goods[usize::from(world.good_of(no))];
    let variant = (no - station.first_product) as usize / station.goods.len();
    let outside = station.role == Role::Wholesaler;
    // a dealer's outside products come from many makers: a brand for every few of them
    let brand_key = if outside { 0x4000_0000 | ((owner << 8) ^ (variant as u32 / 3)) } else { owner };
    let brand = mark(world, brand_key);
    let kind = &good.kinds[variant % good.kinds.len()];
    let series = variant / good.kinds.len();
    let mut name =
        if good.category.starts_with('N') && good.pack_size.is_none() || station.role == Role::Canteen {
            format!("{kind}{}", good.name)
        } else {
            format!("{brand}{kind}{}", good.name)
        };
    if series > 0 && !outside {
        name.push_str(&format!("（{}号配方）", series + 1));
    }
    let producer =
        if outside { format!("{brand}食品有限公司（市外）") } else { party(world, owner).name };
    SimProduct {
        no,
        owner,
        good: good.code.clone(),
        gtin: good.pack_size.map(|_| codes::gtin(&world.profile.gtin_prefix, no + 1)),
        own_code: format!("M{owner:06}-{:05}", no - station.first_product + 1),
        name,
        brand,
        category: good.category.clone(),
        spec: good.pack.clone(),
        unit: good.unit,
        pack_size: good.pack_size,
        shelf_days: good.shelf_days,
        producer,
    }
}

pub(super) fn release(world: &World, party: u32, batch: Batch) -> (String, String) {
    // two or three inspectors a business
    let key = RELEASE | u64::from(party) << 2 | u64::from(batch.serial % 3);
    let inspector = person(world, &mut Dice::new(world.options.seed, key));
    (inspector, format!("CJ{}", world.batch_text(batch)))
}
