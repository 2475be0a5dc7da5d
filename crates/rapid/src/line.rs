//! The line over which devices reach us (MQTT): how it stands. The server keeps it; whoever looks at devices sees it.

use kit_base::Millis;
use parking_lot::Mutex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Held in the house.
#[derive(Debug, Default)]
pub struct Line(Mutex<LineView>);

/// How the line stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LineView {
    /// off (none is set up), waiting (not connected yet, or cut off), connected
    pub state: String,
    /// Host and port of the broker; empty where there is none.
    pub broker: String,
    /// Since when it is in this state, ms UTC.
    pub since: Option<Millis>,
    /// Messages taken since the start, also those that were refused.
    pub messages: u64,
    /// When the last one came.
    pub last_at: Option<Millis>,
    /// Times that the connection was lost since the start.
    pub lost: u64,
    /// Why it is not connected; empty where it is.
    pub error: String,
}

impl Default for LineView {
    fn default() -> Self {
        Self {
            state: "off".into(),
            broker: String::new(),
            since: None,
            messages: 0,
            last_at: None,
            lost: 0,
            error: String::new(),
        }
    }
}

impl Line {
    pub fn view(&self) -> LineView {
        self.0.lock().clone()
    }

    /// A broker was named.
    pub fn begin(&self, broker: &str, now: Millis) {
        let mut line = self.0.lock();
        *line = LineView {
            state: "waiting".into(),
            broker: broker.to_owned(),
            since: Some(now),
            ..LineView::default()
        };
    }

    pub fn connected(&self, now: Millis) {
        let mut line = self.0.lock();
        (line.state, line.since, line.error) = ("connected".into(), Some(now), String::new());
    }

    /// It was lost, or could not be had.
    pub fn lost(&self, why: String, now: Millis) {
        let mut line = self.0.lock();
        if line.state == "connected" {
            line.lost += 1;
            line.since = Some(now);
        }
        (line.state, line.error) = ("waiting".into(), why);
    }

    /// A message was taken and is kept.
    pub fn took(&self, now: Millis) {
        let mut line = self.0.lock();
        line.messages += 1;
        line.last_at = Some(now);
    }
}
