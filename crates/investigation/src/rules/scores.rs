//! What the scores are and how they are written out: JSON for programs, CSV for spreadsheets.

use std::fmt::Write as _;

use kit_base::{Error, Result};
use serde::{Serialize, Serializer};

/// The result for one station or delivery.
#[derive(Debug, Clone, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Score {
    #[serde(skip)]
    pub id: String,
    pub score: f64,
    pub positive: f64,
    pub negative: f64,
    pub normalized: f64,
    /// lies forward of an observed element (of itself only where a circle leads back)
    pub forward: bool,
    /// lies backward of an observed element
    pub backward: bool,
    /// how many positive cases it is or reaches
    #[serde(skip)]
    pub cases: u32,
}

impl Score {
    /// False where every number is nought and nothing observed leads here.
    pub fn says_something(&self) -> bool {
        self.positive != 0.0 || self.negative != 0.0 || self.score != 0.0 || self.forward || self.backward
    }
}

/// Results in the order of the network; a group stands where the first of its stations stood.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Scores {
    #[serde(serialize_with = "by_id")]
    pub stations: Vec<Score>,
    #[serde(serialize_with = "by_id")]
    pub deliveries: Vec<Score>,
    /// how many elements have a positive weight
    #[serde(skip)]
    pub cases: u32,
}

/// 共同环节: ids of the stations and deliveries that every positive case is or goes back to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct CommonLinks {
    pub stations: Vec<String>,
    pub deliveries: Vec<String>,
}

fn by_id<S: Serializer>(scores: &[Score], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(scores.iter().map(|score| (&score.id, score)))
}

impl Scores {
    /// Empty when there is no positive case.
    pub fn common_links(&self) -> CommonLinks {
        let all = |scores: &[Score]| {
            let common = scores.iter().filter(|s| self.cases > 0 && s.cases == self.cases);
            common.map(|s| s.id.clone()).collect()
        };
        CommonLinks { stations: all(&self.stations), deliveries: all(&self.deliveries) }
    }

    /// `{"stations":{id:{…}},"deliveries":{…}}`, numbers in full.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string(self).map_err(Error::internal)
    }

    /// One line an element: `kind,id,score,positive,negative,normalized,forward,backward`.
    pub fn to_csv(&self) -> String {
        let mut text = String::from("kind,id,score,positive,negative,normalized,forward,backward\n");
        for (kind, scores) in [("station", &self.stations), ("delivery", &self.deliveries)] {
            for s in scores {
                // writing to a String cannot fail
                let _ = writeln!(
                    text,
                    "{kind},{},{},{},{},{},{},{}",
                    csv_field(&s.id),
                    s.score,
                    s.positive,
                    s.negative,
                    s.normalized,
                    s.forward,
                    s.backward
                );
            }
        }
        text
    }
}

fn csv_field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
