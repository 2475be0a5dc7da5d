use std::rc::Rc;

use kit_base::Result;
use simulator::Dice;

use super::{Life, findings};

pub fn begin(_life: &Rc<Life>) {}

pub async fn of_finding(_life: &Rc<Life>, _case: &findings::Case, _dice: Dice) -> Result<()> {
    Ok(())
}
