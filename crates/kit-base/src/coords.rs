//! Coordinates: stored as WGS-84 (which is CGCS2000 at our accuracy), converted at the edge.
//!
//! Chinese phone maps answer in GCJ-02 (高德、腾讯、微信) or BD-09 (百度); both are shifted by some hundred metres. The
//! shift is known only forward, so the way back is found by iteration: the round trip is below 1e-6 degrees (a hand).

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

/// In which system a coordinate was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Datum {
    /// GPS, 北斗, 天地图 (CGCS2000)
    Wgs84,
    /// 高德、腾讯、微信
    Gcj02,
    /// 百度
    Bd09,
}

impl Datum {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wgs84 => "wgs84",
            Self::Gcj02 => "gcj02",
            Self::Bd09 => "bd09",
        }
    }

    /// Reads the names in use: `wgs84`, `WGS-84`, `CGCS2000`, `gcj02`, `高德`, `bd09`, `百度` …
    pub fn parse(text: &str) -> Option<Self> {
        Some(match crate::text::search_form(text).as_str() {
            "wgs84" | "cgcs2000" | "gps" | "天地图" | "国家2000" => Self::Wgs84,
            "gcj02" | "高德" | "腾讯" | "微信" | "火星" | "国测局" => Self::Gcj02,
            "bd09" | "bd09ll" | "百度" => Self::Bd09,
            _ => return None,
        })
    }
}

/// A place on the ground, in degrees: east, north.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct LonLat {
    pub lon: f64,
    pub lat: f64,
}

impl LonLat {
    pub const fn new(lon: f64, lat: f64) -> Self {
        Self { lon, lat }
    }

    /// Whether the numbers are a place on the earth at all.
    pub fn is_real(self) -> bool {
        (-180.0..=180.0).contains(&self.lon) && (-90.0..=90.0).contains(&self.lat)
    }
}

/// The same place in WGS-84.
pub fn to_wgs84(at: LonLat, from: Datum) -> LonLat {
    match from {
        Datum::Wgs84 => at,
        Datum::Gcj02 => inverse(at, wgs84_to_gcj02),
        Datum::Bd09 => inverse(inverse(at, gcj02_to_bd09), wgs84_to_gcj02),
    }
}

/// A WGS-84 place in another system.
pub fn from_wgs84(at: LonLat, to: Datum) -> LonLat {
    match to {
        Datum::Wgs84 => at,
        Datum::Gcj02 => wgs84_to_gcj02(at),
        Datum::Bd09 => gcj02_to_bd09(wgs84_to_gcj02(at)),
    }
}

/// Metres between two places on a sphere of 6,371,008.8 m (haversine; at most 0.6 % from the ellipsoid).
pub fn distance(a: LonLat, b: LonLat) -> f64 {
    let (lat1, lat2) = (a.lat.to_radians(), b.lat.to_radians());
    let half = |d: f64| (d.to_radians() / 2.0).sin().powi(2);
    let h = half(b.lat - a.lat) + lat1.cos() * lat2.cos() * half(b.lon - a.lon);
    2.0 * 6_371_008.8 * h.sqrt().min(1.0).asin()
}

/// The box in which the shift applies; outside it nothing is changed.
fn is_shifted(at: LonLat) -> bool {
    (72.004..=137.8347).contains(&at.lon) && (0.8293..=55.8271).contains(&at.lat)
}

/// Krasovsky 1940, on which the shift is defined.
const SEMI_MAJOR: f64 = 6_378_245.0;
const ECCENTRICITY_SQUARED: f64 = 0.006_693_421_622_965_943;

fn wgs84_to_gcj02(at: LonLat) -> LonLat {
    if !is_shifted(at) {
        return at;
    }
    let (x, y) = (at.lon - 105.0, at.lat - 35.0);
    let wave = |v: f64, a: f64, b: f64, c: f64| {
        (20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin()) * 2.0 / 3.0
            + (20.0 * (v * PI).sin() + 40.0 * (v / 3.0 * PI).sin()) * 2.0 / 3.0
            + (a * (v / 12.0 * PI).sin() + b * (v / c * PI).sin()) * 2.0 / 3.0
    };
    let root = x.abs().sqrt();
    let north =
        -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + wave(y, 160.0, 320.0, 30.0);
    let east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + wave(x, 150.0, 300.0, 30.0);
    let phi = at.lat.to_radians();
    let magic = 1.0 - ECCENTRICITY_SQUARED * phi.sin().powi(2);
    let meridian = SEMI_MAJOR * (1.0 - ECCENTRICITY_SQUARED) / (magic * magic.sqrt());
    let parallel = SEMI_MAJOR / magic.sqrt() * phi.cos();
    LonLat::new(at.lon + (east / parallel).to_degrees(), at.lat + (north / meridian).to_degrees())
}

fn gcj02_to_bd09(at: LonLat) -> LonLat {
    if !is_shifted(at) {
        return at;
    }
    const X_PI: f64 = PI * 3000.0 / 180.0;
    let z = at.lon.hypot(at.lat) + 0.00002 * (at.lat * X_PI).sin();
    let theta = at.lat.atan2(at.lon) + 0.000003 * (at.lon * X_PI).cos();
    LonLat::new(z * theta.cos() + 0.0065, z * theta.sin() + 0.006)
}

/// Solves `forward(x) = target`; the shift changes slowly, so each step takes the error away almost whole.
fn inverse(target: LonLat, forward: fn(LonLat) -> LonLat) -> LonLat {
    let mut guess = target;
    for _ in 0..16 {
        let image = forward(guess);
        let (east, north) = (target.lon - image.lon, target.lat - image.lat);
        guess = LonLat::new(guess.lon + east, guess.lat + north);
        if east.abs() < 1e-10 && north.abs() < 1e-10 {
            break;
        }
    }
    guess
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_places() {
        // 北京 (39.9042, 116.4074): the shifted values that the published formula gives
        let wgs = LonLat::new(116.4074, 39.9042);
        let gcj = from_wgs84(wgs, Datum::Gcj02);
        assert!((gcj.lon - 116.413_642).abs() < 5e-6 && (gcj.lat - 39.905_603).abs() < 5e-6, "{gcj:?}");
        let metres = distance(wgs, gcj);
        assert!((300.0..800.0).contains(&metres), "{metres}");
        // outside China nothing moves
        let paris = LonLat::new(2.35, 48.85);
        for datum in [Datum::Gcj02, Datum::Bd09] {
            assert_eq!(from_wgs84(paris, datum), paris);
            assert_eq!(to_wgs84(paris, datum), paris);
        }
    }

    #[test]
    fn distances() {
        // a degree of a meridian on the mean sphere
        let metres = distance(LonLat::new(115.0, 35.0), LonLat::new(115.0, 36.0));
        assert!((metres - 111_195.08).abs() < 0.5, "{metres}");
        assert_eq!(distance(LonLat::new(115.0, 35.0), LonLat::new(115.0, 35.0)), 0.0);
    }

    #[test]
    fn datums_are_read_by_their_names() {
        for (text, datum) in [("WGS-84", Datum::Wgs84), ("ＧＣＪ02", Datum::Gcj02), ("百度", Datum::Bd09)]
        {
            assert_eq!(Datum::parse(text), Some(datum));
        }
        assert_eq!(Datum::parse("西安80"), None);
    }

    proptest! {
        #[test]
        fn there_and_back_again(lon in 73.5f64..135.0, lat in 3.5f64..53.5) {
            let at = LonLat::new(lon, lat);
            for datum in [Datum::Gcj02, Datum::Bd09] {
                let back = to_wgs84(from_wgs84(at, datum), datum);
                prop_assert!((back.lon - lon).abs() < 1e-6 && (back.lat - lat).abs() < 1e-6, "{back:?}");
            }
        }
    }
}
