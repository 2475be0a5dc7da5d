//! The binary `shian`.

use clap::Parser as _;
use server::commands::{Cli, Command};

/// Requests are many small pieces of memory, asked for and given back by many threads.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[allow(clippy::print_stdout, reason = "commands print their answer")]
fn main() -> std::process::ExitCode {
    let mut filter =
        tracing_subscriber::EnvFilter::try_from_env("SHIAN_LOG").unwrap_or_else(|_| "info".into());
    // at its finer levels the driver writes the values of statements into the log: personal data
    for quiet in ["tokio_postgres=warn", "postgres=warn"] {
        if let Ok(directive) = quiet.parse() {
            filter = filter.add_directive(directive);
        }
    }
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::env::var("SHIAN_LOG_FORMAT").is_ok_and(|form| form == "json") {
        log.json().init();
    } else {
        log.init();
    }
    let cli = Cli::parse();
    let done = match &cli.command {
        Command::Serve(command) => command.run(&cli.place),
        Command::Simulate(command) => command.run(&cli.place),
        Command::Accounts(command) => command.run(&cli.place),
        Command::Secrets(command) => command.run(&cli.place),
        Command::Import(command) => return command.run(&cli.place),
        Command::Investigate(command) => command.run(),
        Command::Ledger(command) => return command.run(&cli.place),
        Command::Feedback(command) => command.run(&cli.place),
        Command::Licence(command) => command.run(&cli.place),
        Command::Draw(command) => command.run(),
        Command::Bench(command) => command.run(),
        Command::Backup(command) => command.run(&cli.place),
        Command::Restore(command) => command.run(&cli.place),
        Command::Move(command) => command.run(),
        Command::Check(command) => match command.run(&cli.place) {
            Ok(true) => Ok(()),
            Ok(false) => return std::process::ExitCode::from(2),
            Err(e) => Err(e),
        },
        Command::Divisions(command) => match command.run(&cli.place) {
            Ok(true) => Ok(()),
            Ok(false) => return std::process::ExitCode::FAILURE,
            Err(e) => Err(e),
        },
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
