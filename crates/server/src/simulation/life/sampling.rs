use std::rc::Rc;

use super::Life;

pub fn begin(_life: &Rc<Life>) {}
