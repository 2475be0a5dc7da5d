//! `fuzz TARGET N [SEED]`: gives a target N inputs; stops at the first that it falls over or takes too long for, keeps it in
//! `fuzz/found`, and says so. The input under way stands there too, for the case that the process itself ends.

// it tells its user what it found, and measures how long a parser takes
#![allow(clippy::print_stdout, clippy::disallowed_methods)]

use std::fs::{self, File};
use std::io::{self, Seek as _, Write as _};
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Inputs have at most 16 KiB; even unoptimised and on a busy machine none is worth this long.
const LONG: Duration = Duration::from_secs(3);

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, usual: u64| args.get(at).map_or(Some(usual), |t| t.parse().ok());
    let named = args.first().and_then(|name| fuzz::target(name));
    let (Some(target), Some(n), Some(seed)) = (named, number(1, 100_000), number(2, 1)) else {
        let names: Vec<&str> = fuzz::TARGETS.iter().map(|t| t.name).collect();
        println!("fuzz TARGET N [SEED]; targets: {}", names.join(", "));
        return ExitCode::FAILURE;
    };
    match run(target, n, seed) {
        Ok(code) => code,
        Err(e) => {
            println!("{}: {e}", target.name);
            ExitCode::FAILURE
        }
    }
}

fn run(target: &fuzz::Target, n: u64, seed: u64) -> io::Result<ExitCode> {
    // what a parser's own guard catches is its business; what gets here is said by number and can be run again
    panic::set_hook(Box::new(|_| {}));
    let corpus = fuzz::corpus(target.name)?;
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("found");
    fs::create_dir_all(&folder)?;
    let under_way = folder.join(format!("{}-{seed}", target.name));
    let mut kept = File::create(&under_way)?;
    let mut inputs = fuzz::Mutator::new(seed, &corpus, target.words);
    let (begun, mut slowest) = (Instant::now(), Duration::ZERO);
    for at in 0..n {
        let input = inputs.make();
        kept.rewind()?;
        kept.write_all(&input)?;
        kept.set_len(input.len() as u64)?;
        let since = Instant::now();
        let fell = panic::catch_unwind(AssertUnwindSafe(|| (target.run)(&input))).err();
        let took = since.elapsed();
        slowest = slowest.max(took);
        if fell.is_some() || took > LONG {
            let why = fell.map_or_else(
                || format!("took {took:?}"),
                |why| format!("fell over: {}", words(why.as_ref())),
            );
            println!(
                "{}: input {at} of seed {seed} ({} bytes, {}) {why}",
                target.name,
                input.len(),
                under_way.display()
            );
            return Ok(ExitCode::FAILURE);
        }
    }
    fs::remove_file(&under_way)?;
    println!(
        "{}: {n} inputs, seed {seed}, none fell over; {:.0} s, slowest {:.1} ms, memory at most {}",
        target.name,
        begun.elapsed().as_secs_f64(),
        slowest.as_secs_f64() * 1000.0,
        peak_memory()
    );
    Ok(ExitCode::SUCCESS)
}

fn words(why: &(dyn std::any::Any + Send)) -> &str {
    let text = why.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| why.downcast_ref::<&str>().copied()).unwrap_or("without a word")
}

/// The most memory this process had, as Linux tells it.
fn peak_memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.map_or("unknown", str::trim).to_owned()
}
