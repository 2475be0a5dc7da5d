//! Figures as a table for the terminal and as markdown for docs/benchmarks.md.

use std::fmt::Write as _;

/// What a figure should be.
#[derive(Debug, Clone, Copy)]
pub enum Wanted {
    AtLeast(f64),
    AtMost(f64),
    /// Only told.
    Nothing,
}

struct Figure {
    name: String,
    value: f64,
    unit: &'static str,
    wanted: Wanted,
    how: String,
}

/// All that was measured.
pub struct Report(Vec<Figure>);

impl Report {
    pub fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a figure; `how` says what was done in few words. Told at once too: a run takes minutes.
    #[allow(clippy::print_stderr, reason = "a long command tells how far it is")]
    pub fn add(
        &mut self,
        name: &str,
        value: f64,
        unit: &'static str,
        wanted: Wanted,
        how: impl Into<String>,
    ) {
        let figure = Figure { name: name.to_owned(), value, unit, wanted, how: how.into() };
        eprintln!("{name}: {} {unit}", shown(value));
        self.0.push(figure);
    }

    pub fn tell(&mut self, name: &str, value: f64, unit: &'static str, how: impl Into<String>) {
        self.add(name, value, unit, Wanted::Nothing, how);
    }

    pub fn table(&self) -> String {
        let width = self.0.iter().map(|f| f.name.chars().count()).max().unwrap_or(0);
        let mut text = String::new();
        for f in &self.0 {
            let _ = writeln!(
                text,
                "{:<width$}  {:>12} {:<9} {:<10} {}",
                f.name,
                shown(f.value),
                f.unit,
                f.wanted.shown(),
                f.wanted.met(f.value)
            );
        }
        text
    }

    pub fn markdown(&self) -> String {
        let mut text =
            format!("{}\n\n| figure | measured | wanted | | how |\n|---|---:|---:|---|---|\n", machine());
        for f in &self.0 {
            let (value, wanted, met) = (shown(f.value), f.wanted.shown(), f.wanted.met(f.value));
            let _ = writeln!(text, "| {} | {value} {} | {wanted} | {met} | {} |", f.name, f.unit, f.how);
        }
        text
    }
}

impl Wanted {
    fn shown(self) -> String {
        match self {
            Self::AtLeast(v) => format!("≥ {}", shown(v)),
            Self::AtMost(v) => format!("≤ {}", shown(v)),
            Self::Nothing => String::new(),
        }
    }

    fn met(self, value: f64) -> &'static str {
        let met = match self {
            Self::AtLeast(v) => value >= v,
            Self::AtMost(v) => value <= v,
            Self::Nothing => return "",
        };
        if met { "yes" } else { "no" }
    }
}

/// Whole thousands apart, three digits otherwise.
fn shown(value: f64) -> String {
    if value >= 1000.0 {
        let digits = format!("{value:.0}");
        let mut text = String::new();
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                text.push(' ');
            }
            text.push(digit);
        }
        return text;
    }
    let digits = match value {
        v if v >= 100.0 => 0,
        v if v >= 10.0 => 1,
        v if v >= 1.0 => 2,
        _ => 3,
    };
    let text = format!("{value:.digits$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

/// The machine, its load, the build and the command, in one line. What the system does not tell is left out.
fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let value = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.split_once(':')).map(|(_, v)| v.trim().to_owned())
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let mut parts = vec![format!("{cores} cores")];
    parts.extend(value(&read("/proc/cpuinfo"), "model name"));
    let memory = value(&read("/proc/meminfo"), "MemTotal");
    let kilobytes = memory.and_then(|v| v.split_whitespace().next()?.parse::<u64>().ok());
    parts.extend(kilobytes.map(|k| format!("{:.0} GiB", k as f64 / 1_048_576.0)));
    let load = read("/proc/loadavg");
    parts.extend(load.split_whitespace().next().map(|load| format!("load at the end {load}")));
    parts.push(if cfg!(debug_assertions) { "debug build" } else { "release build" }.to_owned());
    let command: Vec<String> = std::env::args().skip(1).map(|arg| hidden(&arg)).collect();
    parts.push(format!("`shian {}`", command.join(" ")));
    format!("Machine: {}.", parts.join(", "))
}

/// An argument without the user and password of a database address.
fn hidden(arg: &str) -> String {
    match (arg.find("://"), arg.rfind('@')) {
        (Some(scheme), Some(at)) if scheme < at => format!("{}://…{}", &arg[..scheme], &arg[at..]),
        _ => arg.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_easily() {
        let table = [
            (0.0, "0"),
            (0.3333, "0.333"),
            (2.456, "2.46"),
            (50.0, "50"),
            (943_637.0, "943 637"),
            (12_348.0, "12 348"),
        ];
        for (value, text) in table {
            assert_eq!(shown(value), text);
        }
    }

    #[test]
    fn a_password_is_not_written_down() {
        assert_eq!(hidden("--postgres=postgres://me:secret@db/x"), "--postgres=postgres://…@db/x");
        assert_eq!(hidden("--links"), "--links");
    }
}
