//! The products of a world.

use kit_base::Result;
use kit_base::codes::gtin;
use simulator::{Role, SimProduct, World};
use trace::actions::products::search_text;
use trace::store::load as store;
use trace::store::products::Product;

use super::{Load, Stage, Who, product_id};

/// Products in one transaction.
const CHUNK: u32 = 10_000;

pub(super) fn load(load: &Load, world: &World, who: &[Who], tell: &mut dyn FnMut(Stage)) -> Result<()> {
    let count = world.product_count();
    let mut done = load.run.products as u32;
    while done < count {
        let until = (done + CHUNK).min(count);
        let rows: Vec<(Product, String)> = (done..until).map(|no| row(load, world, who, no)).collect();
        let run = load.run.id.clone();
        load.house.db.write_blocking(move |tx| {
            store::products(tx, &rows)?;
            store::reached(tx, &run, 0, rows.len() as i64, 0)
        })?;
        done = until;
        tell(Stage::Products(u64::from(done), u64::from(count)));
    }
    Ok(())
}

fn row(load: &Load, world: &World, who: &[Who], no: u32) -> (Product, String) {
    let sim = world.product(no);
    let owner = &who[sim.owner as usize];
    let role = world.role(sim.owner);
    // what a wholesaler registers comes from makers outside
    let made_here = role != Role::Wholesaler;
    let licence = match role {
        Role::Producer | Role::Workshop => world.party(sim.owner).licence.unwrap_or_default(),
        _ => String::new(),
    };
    let product = Product {
        id: product_id(load.run.seed, no, load.before),
        party: owner.id.to_string(),
        division: owner.division.to_string(),
        storage: storage(&sim).to_owned(),
        gtin: sim.gtin.map(|code| gtin::padded(&code)),
        own_code: sim.own_code,
        name: sim.name,
        brand: sim.brand,
        category: sim.category,
        spec: sim.spec,
        unit: sim.unit,
        pack_size: sim.pack_size,
        shelf_days: Some(i64::from(sim.shelf_days)),
        standard: String::new(),
        producer: sim.producer,
        producer_party: made_here.then(|| owner.id.to_string()),
        licence,
        status: "active".to_owned(),
        simulated: true,
        created_at: load.before,
        updated_at: load.before,
    };
    let search = search_text(&product);
    (product, search)
}

/// 贮存条件, by how long it keeps.
fn storage(product: &SimProduct) -> &'static str {
    match product.shelf_days {
        0..=7 => "冷藏 0～4℃",
        8..=45 => "阴凉处，开封后冷藏",
        _ => "常温、避光、干燥处",
    }
}
