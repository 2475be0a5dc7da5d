//! The real program as a process: killed, stopped, started twice, and what it writes into its log.
//!
//! `SHIAN_KILLS` says how often it is killed (20 where it is not said).

mod kills;
mod process;
mod stops;
mod uploads;
mod worker;
