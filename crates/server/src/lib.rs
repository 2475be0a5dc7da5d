//! The house put together: rooms, state, router, commands.

pub mod assets;
pub mod commands;
pub mod duties;
pub mod home;
pub mod opening;
pub mod rooms;
pub mod serve;
pub mod simulation;
