//! Behaviour through HTTP, on both databases, in one binary.

mod access;
mod epcis;
mod epcis_query;
mod find;
mod graphs;
mod headers;
mod imports;
mod investigation;
mod ledger;
mod links;
mod matrix;
mod merges;
mod moves;
mod networks;
mod pages;
mod production;
mod publication;
mod scans;
mod simulate;
mod statements;
mod subscriptions;
mod survive;
mod tls;
mod uploads;
mod world;
