//! What licences are made of, and the shapes that leave the room.

pub mod forms;
pub mod matters;
mod views;

pub use views::*;
