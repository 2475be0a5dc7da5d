//! Results of devices over a real broker: acknowledgements that are withheld, connections that are cut, a broker that is killed, a
//! server that starts anew. Nothing is lost and nothing goes in twice. Skipped where Mosquitto is not installed.
#![allow(clippy::disallowed_methods, reason = "another program is waited for, and not for ever")]

use std::net::TcpListener as Probe;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use kit_test::Client;
use rapid::line::Line;
use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::Packet;
use rumqttc::v5::{AsyncClient, Event, MqttOptions};
use serde_json::{Value, json};
use server::mqtt::{MqttArgs, Settings, listen};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::rapid::{point, signed, test, with};
use crate::world::{World, each};

fn binary() -> Option<&'static str> {
    let found = ["/usr/sbin/mosquitto", "/usr/bin/mosquitto", "/usr/local/sbin/mosquitto"];
    let found = found.into_iter().find(|p| Path::new(p).exists());
    if found.is_none() {
        eprintln!("skipped: no mosquitto here (apt-get install mosquitto)");
    }
    found
}

fn free_port() -> u16 {
    Probe::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A broker in a folder of its own; what waits in it outlives it. It sends on whatever is not yet acknowledged:
/// with the usual window of twenty, acknowledgements that a test holds back would keep the next messages back too.
struct Broker {
    child: Child,
    folder: tempfile::TempDir,
    port: u16,
    binary: &'static str,
}

impl Broker {
    fn start(binary: &'static str, more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let root = if rustix_is_root() { "user root\n" } else { "" };
        let text = format!(
            "{root}listener {port} 127.0.0.1\npersistence true\npersistence_location {}/\nautosave_on_changes true\n\
             autosave_interval 1\nmax_queued_messages 10000\nmax_inflight_messages 0\nlog_type error\n{}",
            folder.path().display(),
            if more.is_empty() { "allow_anonymous true\n" } else { more },
        );
        std::fs::write(folder.path().join("conf"), text).unwrap();
        let child = run(binary, folder.path());
        Self { child, folder, port, binary }
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    fn again(&mut self) {
        self.child = run(self.binary, self.folder.path());
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn run(binary: &str, folder: &Path) -> Child {
    let conf: PathBuf = folder.join("conf");
    Command::new(binary).arg("-c").arg(conf).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn rustix_is_root() -> bool {
    std::fs::read_to_string("/proc/self/status").is_ok_and(|s| s.contains("Uid:\t0\t"))
}

/// Stands between the server and the broker: may keep back what the server says, and cut the connection.
struct Between {
    port: u16,
    silent: Arc<AtomicBool>,
    cut: watch::Sender<u32>,
}

impl Between {
    async fn start(to: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let silent = Arc::new(AtomicBool::new(false));
        let (cut, cuts) = watch::channel(0);
        let quiet = silent.clone();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (quiet, mut cuts) = (quiet.clone(), cuts.clone());
                cuts.mark_unchanged();
                tokio::spawn(async move {
                    let Ok(far) = TcpStream::connect(("127.0.0.1", to)).await else { return };
                    tokio::select! {
                        () = carry(near, far, &quiet) => {}
                        _ = cuts.changed() => {}
                    }
                });
            }
        });
        Self { port, silent, cut }
    }

    fn cut(&self) {
        self.cut.send_modify(|n| *n += 1);
    }

    fn keep_back(&self, yes: bool) {
        self.silent.store(yes, Ordering::SeqCst);
    }
}

async fn carry(near: TcpStream, far: TcpStream, quiet: &AtomicBool) {
    let (mut near_in, mut near_out) = near.into_split();
    let (mut far_in, mut far_out) = far.into_split();
    let up = async {
        let mut bytes = [0; 4096];
        while let Ok(n @ 1..) = near_in.read(&mut bytes).await {
            if !quiet.load(Ordering::SeqCst) && far_out.write_all(&bytes[..n]).await.is_err() {
                break;
            }
        }
    };
    let down = async {
        let _ = tokio::io::copy(&mut far_in, &mut near_out).await;
    };
    tokio::select! { () = up => {}, () = down => {} }
}

/// A device as it is out there: publishes with QoS 1 and waits until the broker has all of it.
struct Device {
    topic: String,
    secret: String,
    from: String,
}

impl Device {
    async fn register(officer: &Client, at: &Value) -> Self {
        let path = format!("/api/rapid/points/{}/devices", at["id"].as_str().unwrap());
        let made = officer.post(&path, &json!({ "name": "一号仪" })).await.expect(200);
        let from = format!("{}/{}", at["code"].as_str().unwrap(), made["device"]["code"].as_str().unwrap());
        let text = |v: &Value| v.as_str().unwrap().to_owned();
        Self { topic: text(&made["topic"]), secret: text(&made["secret"]), from }
    }

    fn message(&self, key: &str) -> Vec<u8> {
        signed(&self.secret, &self.from, &json!({ "items": [test(key, "negative", "C1")] }))
    }

    async fn publish(&self, port: u16, messages: Vec<Vec<u8>>) {
        let mut options = MqttOptions::new(format!("device-{}", messages.len()), "127.0.0.1", port);
        options.set_keep_alive(Duration::from_secs(30));
        let (client, mut events) = AsyncClient::new(options, messages.len().max(1));
        let mut left = messages.len();
        for message in messages {
            client.publish(&self.topic, QoS::AtLeastOnce, false, message).await.unwrap();
        }
        let deadline = Instant::now() + PATIENCE;
        while left > 0 {
            assert!(Instant::now() < deadline, "the broker did not take {left} messages");
            match events.poll().await {
                Ok(Event::Incoming(Packet::PubAck(_))) => left -= 1,
                Ok(_) => {}
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    }
}

const PATIENCE: Duration = Duration::from_secs(240);

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds().await {
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn settings(args: MqttArgs) -> Settings {
    let mut settings = args.settings().unwrap().unwrap();
    settings.pause = Duration::from_millis(30);
    settings
}

fn to(port: u16) -> Settings {
    settings(MqttArgs {
        mqtt_url: Some(format!("mqtt://127.0.0.1:{port}")),
        mqtt_client: "shian-test".into(),
        ..MqttArgs::default()
    })
}

fn listener(w: &World, settings: &Settings) -> JoinHandle<()> {
    tokio::spawn(listen(w.house.clone(), settings.clone()))
}

async fn kept(officer: &Client) -> i64 {
    officer.get("/api/rapid/tests?channel=device").await.expect(200)["total"].as_i64().unwrap()
}

#[test]
fn no_result_is_lost_and_none_goes_in_twice_whatever_happens_to_the_line() {
    let Some(binary) = binary() else { return };
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        let at = point(&officer, &w.factory).await;
        let device = Device::register(&officer, &at).await;
        let mut broker = Broker::start(binary, "");
        let between = Between::start(broker.port).await;
        let line = w.house.held::<Line>();
        assert_eq!(line.view().state, "off");
        let ways = to(between.port);
        let task = listener(&w, &ways);
        until("connected", async || line.view().state == "connected").await;
        let messages = |name: &str, n: usize| (0..n).map(|i| device.message(&format!("{name}{i}"))).collect();

        // what is good goes in; what is not is kept with its reason and holds up nothing
        let mut first: Vec<Vec<u8>> = messages("a", 20);
        first.insert(3, b"nothing signed at all".to_vec());
        first.insert(
            9,
            signed(&"00".repeat(32), &device.from, &json!({ "items": [test("x", "negative", "C1")] })),
        );
        first.insert(
            12,
            signed(
                &device.secret,
                &device.from,
                &json!({ "items": [with(test("y", "negative", "C1"), json!({ "food": "" }))] }),
            ),
        );
        device.publish(broker.port, first).await;
        until("the first twenty", async || kept(&officer).await == 20 && line.view().messages == 23).await;
        let refused = officer.get("/api/rapid/refused").await.expect(200);
        let mut codes: Vec<&str> =
            refused.as_array().unwrap().iter().map(|r| r["code"].as_str().unwrap()).collect();
        codes.sort_unstable();
        assert_eq!(codes, ["field_missing", "message_form", "signature_wrong"]);

        // acknowledgements never reach the broker: it sends all of it again over the next connection
        between.keep_back(true);
        device.publish(broker.port, messages("b", 10)).await;
        until("ten more, not acknowledged", async || kept(&officer).await == 30).await;
        let before = line.view().messages;
        between.cut();
        between.keep_back(false);
        until("the ten once more", async || line.view().messages >= before + 10).await;
        assert_eq!(kept(&officer).await, 30, "a repeat went in twice");
        let shown = officer.get("/api/rapid/line").await.expect(200);
        assert_eq!((&shown["state"], &shown["lost"]), (&json!("connected"), &json!(1)));

        // the server is away, stopped in the middle of its work: the broker keeps what comes
        between.keep_back(true);
        device.publish(broker.port, messages("c", 5)).await;
        task.abort();
        between.cut();
        between.keep_back(false);
        device.publish(broker.port, messages("d", 10)).await;
        let task = listener(&w, &ways);
        until("what came meanwhile", async || kept(&officer).await == 45).await;

        // the broker is killed; the device sends again what it is not sure of
        broker.kill();
        until("told that it is gone", async || line.view().state == "waiting").await;
        assert_ne!(line.view().error, "");
        broker.again();
        until("connected again", async || line.view().state == "connected").await;
        device.publish(broker.port, messages("d", 10)).await;
        device.publish(broker.port, messages("e", 10)).await;
        until("after the broker came back", async || kept(&officer).await == 55).await;

        // cut again and again in the middle of it
        for round in 0..6 {
            let sent = device.publish(broker.port, messages(&format!("f{round}-"), 25));
            let cutting = async {
                for _ in 0..4 {
                    tokio::time::sleep(Duration::from_millis(7 + round * 5)).await;
                    between.cut();
                }
            };
            tokio::join!(sent, cutting);
        }
        until("all of the storm", async || kept(&officer).await == 55 + 150).await;
        task.abort();
    });
}

#[test]
fn the_line_is_encrypted_and_knows_its_password() {
    let Some(binary) = binary() else { return };
    each(async |w| {
        let folder = tempfile::tempdir().unwrap();
        let Some((cert, key)) = crate::tls::made(folder.path(), "broker") else { return };
        let Some((other, _)) = crate::tls::made(folder.path(), "other") else { return };
        let words = folder.path().join("words");
        let made = Command::new("mosquitto_passwd")
            .arg("-b")
            .arg("-c")
            .arg(&words)
            .args(["shian", "qingshan"])
            .output();
        if !made.is_ok_and(|m| m.status.success()) {
            eprintln!("skipped: no mosquitto_passwd here");
            return;
        }
        let more = format!(
            "certfile {}\nkeyfile {}\npassword_file {}\nallow_anonymous false\n",
            cert.display(),
            key.display(),
            words.display()
        );
        let broker = Broker::start(binary, &more);
        let password = folder.path().join("password");
        let line = w.house.held::<Line>();
        let ways = |ca: &Path, word: &str| {
            std::fs::write(&password, word).unwrap();
            settings(MqttArgs {
                mqtt_url: Some(format!("mqtts://localhost:{}", broker.port)),
                mqtt_user: Some("shian".into()),
                mqtt_password_file: Some(password.clone()),
                mqtt_ca: Some(ca.to_owned()),
                mqtt_client: "shian-test".into(),
                ..MqttArgs::default()
            })
        };
        for (ca, word, expected) in [(&other, "qingshan", "TLS"), (&cert, "lvshui", "拒绝")] {
            let task = listener(&w, &ways(ca, word));
            until(expected, async || line.view().error.contains(expected)).await;
            task.abort();
            assert!(task.await.is_err());
        }
        let task = listener(&w, &ways(&cert, "qingshan\n"));
        until("connected", async || line.view().state == "connected").await;
        task.abort();
    });
}
