//! A share with what it may be: the score interval of Wilson (1927), which stays within 0 and 1 and holds for small numbers where the
//! normal approximation does not. A figure of few is shown with its n and its interval, never bare.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The 97.5 % quantile of the normal distribution: an interval of 95 %.
const Z: f64 = 1.959_963_984_540_054;
/// Below this n a share says little of itself; pages mark it. Ours, no law.
pub const FEW: i64 = 30;

/// `hits` of `n` with the interval that holds the true share in 95 of 100 cases.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Share {
    pub n: i64,
    pub hits: i64,
    /// 0 to 1; `null` of nothing.
    pub rate: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// Fewer than [`FEW`]: not to be compared.
    pub few: bool,
}

/// The share of `hits` in `n`.
pub fn share(hits: i64, n: i64) -> Share {
    let few = n < FEW;
    if n <= 0 {
        return Share { n: 0, hits: 0, rate: None, low: None, high: None, few };
    }
    let (n_, p) = (n as f64, hits as f64 / n as f64);
    let z2 = Z * Z;
    let centre = p + z2 / (2.0 * n_);
    let half = Z * (p * (1.0 - p) / n_ + z2 / (4.0 * n_ * n_)).sqrt();
    let scale = 1.0 + z2 / n_;
    let low = if hits == 0 { 0.0 } else { ((centre - half) / scale).max(0.0) };
    let high = if hits == n { 1.0 } else { ((centre + half) / scale).min(1.0) };
    Share { n, hits, rate: Some(p), low: Some(low), high: Some(high), few }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values worked out by hand from the formula.
    #[test]
    fn intervals_are_those_of_the_textbook() {
        for (hits, n, low, high) in [
            (0, 10, 0.0, 0.277_5),
            (1, 10, 0.017_9, 0.404_2),
            (5, 10, 0.236_6, 0.763_4),
            (10, 10, 0.722_5, 1.0),
            (3, 100, 0.010_3, 0.084_5),
            (27, 1000, 0.018_6, 0.039_0),
        ] {
            let s = share(hits, n);
            let near = |a: Option<f64>, b: f64| (a.unwrap() - b).abs() < 5e-5;
            assert!(near(s.low, low) && near(s.high, high), "{hits}/{n}: {s:?}");
        }
        assert_eq!(share(0, 0).rate, None);
        assert!(share(1, 29).few && !share(1, 30).few);
    }
}
