//! The delivery network of a picture, for the outbreak scores.

use super::{LotFact, Picture};
use crate::network::{Delivery, Mark, Network, Relation, Station};

/// The id of a delivery is the number of its lot.
pub fn delivery_id(lot: &LotFact) -> String {
    lot.no.to_string()
}

/// Stations are the businesses, deliveries the lots that went from one to another, relations which went into which.
pub fn network(picture: &Picture) -> Network {
    let mut present = vec![false; picture.parties.len()];
    for lot in &picture.lots {
        present[lot.holder as usize] = true;
        if lot.delivery {
            present[lot.sender as usize] = true;
        }
    }
    let parties = picture.parties.iter().zip(present).filter(|(_, present)| *present);
    let station =
        |id: &str, name: &str| Station { id: id.to_owned(), name: name.to_owned(), mark: Mark::default() };
    let id = |party: u32| picture.parties[party as usize].id.clone();
    let delivery = |lot: &LotFact| Delivery {
        id: delivery_id(lot),
        from: id(lot.sender),
        to: id(lot.holder),
        product: picture.products[lot.product as usize].name.clone(),
        departure: lot.at,
        arrival: lot.arrival,
        mark: Mark::default(),
    };
    let relation = |&(from, into): &(u32, u32)| Relation { from: from.to_string(), into: into.to_string() };
    Network {
        stations: parties.map(|(p, _)| station(&p.id, &p.name)).collect(),
        deliveries: picture.deliveries().map(delivery).collect(),
        relations: picture.relations.iter().map(relation).collect(),
        groups: Vec::new(),
        enforce_temporal_order: true,
    }
}
