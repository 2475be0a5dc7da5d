//! Builds and runs both sides one after the other and prints one table.
//!
//! `cargo run --release --manifest-path bench/Cargo.toml [-- postgres://…]`

use std::path::Path;
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    println!("| layer | database | task | measured |\n|---|---|---|---:|");
    for side in ["kit", "others"] {
        let manifest = here.join(side).join("Cargo.toml");
        let mut command = Command::new("cargo");
        command.args(["run", "--release", "--quiet", "--locked", "--manifest-path"]).arg(manifest).arg("--");
        match command.args(std::env::args().skip(1)).status() {
            Ok(status) if status.success() => {}
            Ok(status) => {
                eprintln!("{side}: {status}");
                return ExitCode::FAILURE;
            }
            Err(e) => {
                eprintln!("{side}: {e}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}
