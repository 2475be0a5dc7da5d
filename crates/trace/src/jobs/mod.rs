//! Long work of the room.

pub mod export;

use kit_jobs::Kind;
use kit_web::House;

/// Every kind of job.
pub const KINDS: &[Kind<House>] = &[export::EXPORT, crate::import::IMPORT];
