//! Decisions: what facts amount to under dated rules. [`tables`] the data, [`risk`] the grade, [`score`] the credit.

pub mod risk;
pub mod score;
pub mod tables;

#[cfg(test)]
mod tests;
