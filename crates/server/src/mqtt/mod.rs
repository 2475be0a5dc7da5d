//! The line of the devices: one session with a broker (MQTT 5), over which readers of rapid tests push what they read.
//!
//! A message is acknowledged after its commit and not before: what is not acknowledged the broker sends again, and a result goes in
//! once by its sender's key. The broker may leave [`UNACKNOWLEDGED`] messages of at most 256 KB with us, so memory is bounded. One
//! that cannot be kept now (the database is busy) is tried again until it can; one that our own fault keeps out is set aside with
//! its reason after [`TRIES`], so that it does not hold up the others. Decision 0028.

mod settings;

use std::sync::Arc;
use std::time::Duration;

use kit_base::{Error, Kind};
use kit_web::{Actor, Cx, House};
use rapid::line::Line;
use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::{Packet, Publish, SubscribeReasonCode};
use rumqttc::v5::{AsyncClient, ConnectionError, Event, EventLoop};

pub use settings::{MqttArgs, Settings};

/// What we subscribe to: `shian/rapid/POINT/DEVICE/results`.
const RESULTS: &str = "shian/rapid/+/+/results";
/// Messages that the broker may send before we acknowledged the first of them.
const UNACKNOWLEDGED: u16 = 16;
/// Requests of ours that wait to be written: acknowledgements and a subscription.
const WAITING: usize = 64;
/// The longest pause between two attempts.
const LONGEST: Duration = Duration::from_secs(60);
/// Times that a fault of ours is tried again with the same message.
const TRIES: u32 = 6;

/// Listens for as long as the house is open.
pub async fn listen(house: Arc<House>, settings: Settings) {
    let line = house.held::<Line>();
    line.begin(&settings.broker(), house.clock.now());
    let (client, events) = AsyncClient::new(settings.options(), WAITING);
    let cx = Cx::internal(house, Actor { name: "快检设备".to_owned(), ..Actor::public() }, "rapid.message");
    Listener { cx, line, client, events, pause: settings.pause, failed: 0 }.run().await;
}

struct Listener {
    cx: Cx,
    line: Arc<Line>,
    client: AsyncClient,
    events: EventLoop,
    /// The first pause; each that follows is twice as long.
    pause: Duration,
    /// Attempts in a row that failed.
    failed: u32,
}

impl Listener {
    async fn run(mut self) {
        loop {
            match self.events.poll().await {
                Ok(Event::Incoming(packet)) => self.came(packet).await,
                Ok(Event::Outgoing(_)) => {}
                Err(e) => self.lost(&e).await,
            }
        }
    }

    async fn came(&mut self, packet: Packet) {
        match packet {
            // the broker may have forgotten us: subscribing anew does no harm
            Packet::ConnAck(_) => {
                if let Err(e) = self.client.try_subscribe(RESULTS, QoS::AtLeastOnce) {
                    tracing::error!(error = %e, "no room to subscribe");
                }
            }
            Packet::SubAck(ack) => self.subscribed(&ack.return_codes),
            Packet::Publish(message) => self.take(&message).await,
            Packet::Disconnect(bye) => {
                tracing::info!(reason = ?bye.reason_code, "the broker ended the connection");
            }
            _ => {}
        }
    }

    fn subscribed(&mut self, codes: &[SubscribeReasonCode]) {
        let now = self.cx.now();
        if codes.iter().all(|c| matches!(c, SubscribeReasonCode::Success(_))) {
            self.failed = 0;
            self.line.connected(now);
            tracing::info!("devices are listened to");
        } else {
            self.line.lost(format!("代理不允许订阅 {RESULTS}（{codes:?}），请检查代理的权限设置"), now);
        }
    }

    /// Commits, then acknowledges. While this waits for the database nothing else is read: the broker keeps the rest.
    async fn take(&mut self, message: &Publish) {
        let topic = String::from_utf8_lossy(&message.topic).into_owned();
        let Some((point, device)) = names(&topic) else {
            return self.acknowledge(message);
        };
        let mut tried = 0;
        loop {
            let (at, by, bytes) = (point.clone(), device.clone(), message.payload.clone());
            let done = self.cx.act(move |act| rapid::receive(act, &at, &by, &bytes)).await;
            tried += 1;
            match done {
                Ok(_) => break,
                Err(e) if e.kind != Kind::Unavailable && tried >= TRIES => {
                    if set_aside(&self.cx, &point, &device, message, &e).await {
                        break;
                    }
                }
                Err(e) => tracing::warn!(error = %e, tried, "a message of a device is not kept yet"),
            }
            tokio::time::sleep(pause(self.pause, tried)).await;
        }
        self.line.took(self.cx.now());
        self.acknowledge(message);
    }

    fn acknowledge(&self, message: &Publish) {
        if let Err(e) = self.client.try_ack(message) {
            // it comes again, and goes in once all the same
            tracing::warn!(error = %e, "not acknowledged");
        }
    }

    async fn lost(&mut self, error: &ConnectionError) {
        self.failed = self.failed.saturating_add(1);
        // what came over the lost connection and was not looked at comes again
        self.events.state.events.clear();
        let wait = pause(self.pause, self.failed);
        tracing::warn!(error = %error, wait = wait.as_millis(), "no connection to the broker");
        self.line.lost(reason(error), self.cx.now());
        tokio::time::sleep(wait).await;
    }
}

/// Whether a message that a fault of ours keeps out stands among those that were refused.
async fn set_aside(cx: &Cx, point: &str, device: &str, message: &Publish, why: &Error) -> bool {
    tracing::error!(error = %why, "a message of a device could not be kept and is set aside");
    let (at, by, bytes) = (point.to_owned(), device.to_owned(), message.payload.clone());
    cx.act(move |act| rapid::set_aside(act, &at, &by, &bytes)).await.is_ok()
}

/// Point and device of a topic.
fn names(topic: &str) -> Option<(String, String)> {
    let (point, device) = topic.strip_prefix("shian/rapid/")?.strip_suffix("/results")?.split_once('/')?;
    Some((point.to_owned(), device.to_owned()))
}

/// The pause after so many failures in a row.
fn pause(first: Duration, failed: u32) -> Duration {
    first.saturating_mul(1_u32.checked_shl(failed.saturating_sub(1).min(16)).unwrap_or(1)).min(LONGEST)
}

/// Why there is no connection, for whoever looks after devices.
fn reason(error: &ConnectionError) -> String {
    match error {
        ConnectionError::ConnectionRefused(code) => {
            format!("代理拒绝连接（{code:?}），请核对用户名、密码和客户端名")
        }
        ConnectionError::Tls(e) => format!("与代理的 TLS 握手没有成功：{e}"),
        ConnectionError::Io(e) => format!("连不上代理：{e}"),
        ConnectionError::Timeout(_) => "代理没有应答".to_owned(),
        other => format!("与代理的连接断了：{other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_names_its_point_and_device() {
        let both = names("shian/rapid/P2345/D2345/results");
        assert_eq!(both, Some(("P2345".to_owned(), "D2345".to_owned())));
        assert_eq!(names("shian/rapid/P2345/results"), None);
        assert_eq!(names("other/P/D/results"), None);
    }

    #[test]
    fn pauses_double_up_to_a_minute() {
        let first = Duration::from_secs(1);
        let all: Vec<u64> = [1, 2, 3, 6, 7, 8, 1_000].map(|n| pause(first, n).as_secs()).into();
        assert_eq!(all, [1, 2, 4, 32, 60, 60, 60]);
    }
}
