//! What every room stands on: ids, the clock, amounts, dates that may be incomplete, errors, codes, coordinates.
//!
//! Nothing here reads the time, draws a random number or opens a file by itself; such things come in as arguments
//! ([`clock::Clock`], [`ids::Ids`]).

pub mod amount;
pub mod clock;
pub mod codes;
pub mod coords;
pub mod error;
pub mod ids;
pub mod partial_date;
pub mod text;
pub mod workdays;

pub use amount::{Amount, Unit};
pub use clock::{Clock, Millis};
pub use error::{Defect, Error, Kind, Result};
pub use ids::Ids;
pub use partial_date::PartialDate;
