//! What licences are made of, and the shapes that leave the room.

pub mod forms;
mod licences;
pub mod matters;
mod registers;
mod views;

pub use licences::*;
pub use registers::*;
pub use views::*;
