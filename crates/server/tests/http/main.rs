//! Behaviour through HTTP, on both databases, in one binary.

mod access;
mod epcis;
mod graphs;
mod imports;
mod investigation;
mod moves;
mod publication;
mod simulate;
mod statements;
mod world;
