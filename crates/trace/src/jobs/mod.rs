//! Long work of the room.

pub mod export;

use kit_jobs::Kind;
use kit_web::House;

use crate::actions::subscriptions::deliver;

/// Every kind of job.
pub const KINDS: &[Kind<House>] =
    &[export::EXPORT, crate::import::IMPORT, Kind { name: deliver::DELIVER, run: deliver::run }];
