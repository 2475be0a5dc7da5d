//! The binary `shian`.

use clap::Parser as _;
use server::commands::{Cli, Command};

#[allow(clippy::print_stdout, reason = "commands print their answer")]
/// Requests are many small pieces of memory, asked for and given back by many threads.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_env("SHIAN_LOG").unwrap_or_else(|_| "info".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let cli = Cli::parse();
    let done = match &cli.command {
        Command::Serve(command) => command.run(&cli.place),
        Command::Simulate(command) => command.run(&cli.place),
        Command::Accounts(command) => command.run(&cli.place),
        Command::Import(command) => return command.run(&cli.place),
        Command::Investigate(command) => command.run(),
        Command::Ledger(command) => return command.run(&cli.place),
        Command::Bench(command) => command.run(),
        Command::Contract => {
            print!("{}", server::rooms::contract());
            Ok(())
        }
    };
    match done {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("错误：{}", e.message);
            tracing::error!(error = %e, "command failed");
            std::process::ExitCode::FAILURE
        }
    }
}
