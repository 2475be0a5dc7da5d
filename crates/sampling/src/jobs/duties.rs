//! What is late beside the clocks of cases.

use std::sync::Arc;

use kit_base::Result;
use kit_web::{Actor, Cx, House};

use crate::actions::duties;

/// Tells leaders of conclusions that were not reported in time; how many.
pub fn tick(house: &House) -> Result<i64> {
    let cx = Cx::internal(Arc::new(house.clone()), Actor::house("结论报送"), "sampling.duties");
    cx.act_blocking(duties::tick)
}
