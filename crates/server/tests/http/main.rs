//! Behaviour through HTTP, on both databases, in one binary.

mod access;
mod moves;
mod statements;
mod world;
