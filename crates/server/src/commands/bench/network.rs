//! The real network: every published value again.

use std::fs::File;
use std::io::BufReader;

use investigation::network::Network;
use investigation::rules::{Settings, score};
use kit_base::{Error, Result};
use serde_json::Value;

use super::Options;
use super::report::{Report, Wanted};
use super::watch::{Times, timed};

/// What the reference program says of each station and delivery.
const VALUES: usize = 12_348;

pub fn run(options: &Options, report: &mut Report) -> Result<()> {
    let path = options.networks.join("eu-network.json");
    let Ok(file) = File::open(&path) else {
        tracing::warn!(path = %path.display(), "the real network is not here, left out");
        return Ok(());
    };
    let network = Network::read(BufReader::new(file))?;
    let (mut equal, mut times) = (0, Times::default());
    for (timed_order, name) in
        [(true, "eu-network.expected-temporal.json"), (false, "eu-network.expected-untimed.json")]
    {
        let expected = File::open(options.networks.join(name))?;
        let expected: Value = serde_json::from_reader(BufReader::new(expected)).map_err(Error::internal)?;
        let settings = Settings { enforce_temporal_order: timed_order, ..Settings::of(&network) };
        let (scores, time) = timed(|| score(&network, &settings));
        times.add(time);
        let found: Value = serde_json::from_str(&scores?.to_json()?).map_err(Error::internal)?;
        equal += equals(&found, &expected);
    }
    report.add(
        "values of the real network equal at 1e-12",
        equal as f64,
        "values",
        Wanted::AtLeast(VALUES as f64),
        format!("of {VALUES}, with and without temporal order"),
    );
    report.tell(
        "scores of the real network",
        times.share(1.0) * 1e3,
        "ms",
        "381 stations, 648 deliveries, the slower of both",
    );
    Ok(())
}

/// How many values of `expected` are so in `found`.
fn equals(found: &Value, expected: &Value) -> usize {
    let same = |a: &Value, b: &Value| match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-12,
        _ => a == b,
    };
    let mut equal = 0;
    for part in ["stations", "deliveries"] {
        for (id, values) in expected[part].as_object().into_iter().flatten() {
            let values = values.as_object().into_iter().flatten();
            equal += values.filter(|(name, value)| same(&found[part][id][name.as_str()], value)).count();
        }
    }
    equal
}
