//! Chores of the house: `tidy` checks its rules, `new-room NAME` lays out a room.
#![allow(clippy::print_stdout, reason = "a command line tool")]

mod new_room;
mod tidy;

use std::path::PathBuf;
use std::process::ExitCode;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match args.as_slice() {
        ["tidy"] => tidy::run(&root()),
        ["new-room", name] => new_room::run(&root(), name),
        _ => Err(vec!["usage: cargo run -p xtask -- tidy | new-room NAME".to_owned()]),
    };
    match done {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(faults) => {
            faults.iter().for_each(|fault| println!("{fault}"));
            println!("{} faults", faults.len());
            ExitCode::FAILURE
        }
    }
}
