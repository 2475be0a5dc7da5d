//! Use cases: [`make`] a week's file, [`look`] at files and take receipt, [`signed`] (the form that verifies offline), [`sheet`] (the
//! same as xlsx), [`verify`] all of them against the ledger.

pub mod look;
pub mod make;
pub mod sheet;
pub mod signed;
pub mod verify;
