//! The house put together: rooms, state, router, commands.

pub mod assets;
mod called;
pub mod check;
pub mod commands;
pub mod duties;
mod find;
pub mod home;
pub mod keep;
pub mod mqtt;
pub mod opening;
pub mod papers;
pub mod production;
pub mod rooms;
pub mod secrets;
pub mod serve;
pub mod simulation;
pub mod tls;
pub mod unfinished;
pub mod watch;
