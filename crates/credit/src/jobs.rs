//! What comes round by itself.

use kit_base::Result;
use kit_web::House;

use crate::actions::grading;

/// Grades what is due. For the duty of the house; answers how many new grades were given.
pub fn tick(house: &House) -> Result<u64> {
    grading::tick(house)
}
