//! Behaviour through HTTP, on both databases, in one binary.

mod access;
mod moves;
mod simulate;
mod publication;
mod statements;
mod world;
