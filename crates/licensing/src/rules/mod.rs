//! Decisions as pure functions over facts and a time.

pub mod forms;
pub mod numbers;
pub mod reference;
#[cfg(test)]
mod tests;
pub mod told;
pub mod windows;
