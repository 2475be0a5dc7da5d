//! A server as a process, a client without a library, and a house for both.

use std::fs::OpenOptions;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use accounts::Cost;
use kit_base::Ids;
use kit_db::Db;
use kit_web::{Actor, Cx, House};
use serde_json::{Value, json};
use server::check::{self, Report};
use server::opening::{self, Settings};

pub const PASSWORD: &str = "lvshui-qingshan-26";

/// A running `shian serve`; killed when dropped.
pub struct Server {
    pub child: Child,
    pub address: SocketAddr,
    pub log: PathBuf,
}

pub fn command(data: &Path, database: Option<&str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shian"));
    command.arg("--data").arg(data);
    if let Some(url) = database {
        command.arg("--database").arg(url);
    }
    command
}

impl Server {
    /// Starts it and waits until it says where it listens.
    pub fn start(data: &Path, database: Option<&str>, more: &[&str]) -> Self {
        let log = data.with_extension("log");
        let errors = OpenOptions::new().create(true).append(true).open(&log).unwrap();
        let mut child = command(data, database)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(more)
            .env("SHIAN_LOG", "debug")
            .env("SHIAN_LOG_FORMAT", "json")
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).and_then(|a| a.trim().trim_end_matches('/').parse().ok());
        let address = address.unwrap_or_else(|| {
            panic!("it did not start: {line}\n{}", std::fs::read_to_string(&log).unwrap_or_default())
        });
        Self { child, address, log }
    }

    /// As a power cut would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn terminate(&self) {
        let done = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(done.success());
    }

    /// Waits for its end.
    #[allow(clippy::disallowed_methods, reason = "bounds a wait")]
    pub fn ended(&mut self, within: Duration) -> ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(begun.elapsed() < within, "it does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
            drop(self.child.kill());
            drop(self.child.wait());
        }
    }
}

/// An answer, read whole.
pub struct Reply {
    pub status: u16,
    pub cookie: Option<String>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

/// One request on a connection of its own. HTTP/1.0, so that the end of the answer is the end of the connection.
pub fn ask(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> io::Result<Reply> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let mut head = format!(
        "{method} {path} HTTP/1.0\r\nhost: {address}\r\nx-shian: 1\r\ncontent-length: {}\r\n",
        body.len()
    );
    if !headers.iter().any(|(name, _)| *name == "content-type") {
        head.push_str("content-type: application/json\r\n");
    }
    headers.iter().for_each(|(name, value)| head.push_str(&format!("{name}: {value}\r\n")));
    stream.write_all(format!("{head}\r\n{body}").as_bytes())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let end = bytes.windows(4).position(|w| w == b"\r\n\r\n").ok_or(io::ErrorKind::UnexpectedEof)?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let body = bytes[end + 4..].to_vec();
    let field = |name: &str| {
        let line = head.lines().find(|l| l.to_ascii_lowercase().starts_with(&format!("{name}:")))?;
        line.split_once(':').map(|(_, value)| value.trim().to_owned())
    };
    // an answer that was cut off is none
    let length = field("content-length").and_then(|l| l.parse::<usize>().ok());
    if length.is_some_and(|l| l != body.len()) {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or(io::ErrorKind::InvalidData)?;
    let cookie = field("set-cookie").and_then(|c| c.split(';').next().map(str::to_owned));
    Ok(Reply { status, cookie, body })
}

/// Signs in; answers the cookie.
pub fn sign_in(address: SocketAddr, name: &str) -> String {
    let body = json!({ "name": name, "password": PASSWORD }).to_string();
    let reply = ask(address, "POST", "/api/session", &[], &body).unwrap();
    assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
    reply.cookie.unwrap()
}

pub fn settings(data: &Path, database: Option<&str>) -> Settings {
    Settings {
        data: data.to_owned(),
        database: database.map(str::to_owned),
        public_url: "http://127.0.0.1:8080".into(),
        production: false,
        map_approval: String::new(),
        ledger: server::opening::LedgerSettings::default(),
        password_cost: Cost::Quick,
        guard: kit_web::GuardSettings::default(),
        key: None,
    }
}

/// Everything that `shian check` asks.
pub fn checked(db: &Db, data: &Path) -> Report {
    let ledger = settings(data, None).ledger_key(&Ids::seeded(1)).unwrap().public();
    let asked = check::Place { db, data, files: true, ledger: Some(ledger) };
    check::run(&asked, &mut |_| {}).unwrap()
}

/// A house with a factory, its owner and one product; answers the product.
pub fn furnished(data: &Path, database: Option<&str>) -> String {
    let opened = opening::open(&settings(data, database)).unwrap();
    let factory = factory(&opened.house);
    people(&opened.house, &factory);
    drop(opened);
    let server = Server::start(data, database, &[]);
    let cookie = sign_in(server.address, "owner");
    let form = json!({ "name": "卤水豆腐", "category": "25", "unit": "g", "spec": "散装", "shelf_days": 30 });
    let made =
        ask(server.address, "POST", "/api/products", &[("cookie", &cookie)], &form.to_string()).unwrap();
    assert_eq!(made.status, 200, "{}", String::from_utf8_lossy(&made.body));
    made.json()["id"].as_str().unwrap().to_owned()
}

pub fn factory(house: &Arc<House>) -> String {
    let new = json!({ "name": "龙都豆制品有限公司", "kind": "producer", "division": "410902", "address": "人民路1号" });
    let new: parties::NewParty = serde_json::from_value(new).unwrap();
    let search = house.held::<parties::Search>();
    let cx = Cx::internal(house.clone(), Actor::house("test"), "test.bring");
    let made = cx.act_blocking(move |act| {
        let (ids, now) = (act.ids().clone(), act.now);
        let made = parties::bring_in(
            act.tx,
            &ids,
            now,
            &search,
            parties::reference::get(),
            parties::Program { name: "test", simulated: false },
            vec![new],
        )?;
        Ok(made.into_iter().map(|p| p.id).collect::<Vec<String>>())
    });
    made.unwrap().remove(0)
}

fn people(house: &Arc<House>, factory: &str) {
    let hash = house.held::<accounts::Accounts>().passwords.hash_blocking(PASSWORD, &house.ids).unwrap();
    let place = |division: &str, name: &str| (division.to_owned(), name.to_owned());
    let city = accounts::demo::City {
        city: place("4109", "濮阳市"),
        counties: vec![place("410902", "华龙区"), place("410922", "清丰县")],
        township: place("410902001", "中原路街道"),
        owner_of: Some(factory.to_owned()),
        clerk_of: None,
    };
    let cx = Cx::internal(house.clone(), Actor::house("test"), "test.people");
    cx.act_blocking(move |act| accounts::demo::make(act, &hash, &city)).unwrap();
}
