//! What visits are made of, and the shapes that leave the room.

mod checklist;
mod draw;
mod exam;
mod record;
mod visit;

pub use checklist::*;
pub use draw::*;
pub use exam::*;
pub use record::*;
pub use visit::*;
