//! Killed at any moment under load: nothing that was acknowledged is lost, nothing is doubled, everything agrees.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kit_backup::rewind::rewind;
use kit_backup::target::Folder;
use kit_base::Ids;
use kit_db::{Db, Sql};
use serde_json::json;

use crate::process::{Server, ask, checked, furnished, sign_in};

const CLIENTS: u64 = 4;

fn times() -> u64 {
    std::env::var("SHIAN_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(20)
}

/// One client: its own numbering, what it was told is kept, and the one request whose fate it does not know.
struct Client {
    name: u64,
    next: u64,
    acknowledged: BTreeSet<String>,
    open: Option<u64>,
}

impl Client {
    fn new(name: u64) -> Self {
        Self { name, next: 0, acknowledged: BTreeSet::new(), open: None }
    }

    /// Lines of one request: every third is a batch. Each has a paper of its own number.
    fn papers(&self, number: u64) -> Vec<String> {
        let lines = if number.is_multiple_of(3) { 5 } else { 1 };
        (0..lines).map(|line| format!("D-{}-{number}-{line}", self.name)).collect()
    }

    /// Sends requests one after the other until `stop`; a request whose answer did not come is repeated first, with its
    /// own key.
    fn run(&mut self, address: SocketAddr, cookie: &str, product: &str, stop: &AtomicBool) {
        while !stop.load(Ordering::Relaxed) {
            let number = self.open.unwrap_or(self.next);
            if self.open.is_none() {
                self.next += 1;
                self.open = Some(number);
            }
            if !self.send(address, cookie, product, number) {
                // the server is gone, or busy: the same again in a moment
                std::thread::sleep(Duration::from_millis(5));
            }
        }
    }

    fn send(&mut self, address: SocketAddr, cookie: &str, product: &str, number: u64) -> bool {
        let papers = self.papers(number);
        let line = |paper: &String| {
            json!({
                "client_key": paper, "kind": "produce", "doc_no": paper,
                "makes": [{ "product": product, "amount": 1_000, "inspector": "检验员甲" }],
            })
        };
        let items: Vec<_> = papers.iter().map(line).collect();
        let key = format!("K-{}-{number}", self.name);
        let body = json!({ "mode": "all", "items": items }).to_string();
        let headers = [("cookie", cookie), ("idempotency-key", key.as_str())];
        let Ok(reply) = ask(address, "POST", "/api/moves", &headers, &body) else { return false };
        match reply.status {
            200 => {
                self.acknowledged.extend(papers);
                self.open = None;
                true
            }
            // not now
            429 | 503 => false,
            status => panic!("{status}: {}", String::from_utf8_lossy(&reply.body)),
        }
    }
}

/// Lets the clients work for so long, while `then` happens at its end.
fn work(
    clients: &mut [Client],
    address: SocketAddr,
    cookie: &str,
    product: &str,
    then: impl FnOnce(),
    long: Duration,
) {
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for client in clients.iter_mut() {
            scope.spawn(|| client.run(address, cookie, product, &stop));
        }
        std::thread::sleep(long);
        then();
        stop.store(true, Ordering::Relaxed);
    });
}

/// How often each paper is in the records.
fn recorded(db: &Db) -> BTreeMap<String, i64> {
    let sql = Sql::One("SELECT doc_no, count(*) FROM events WHERE doc_no LIKE 'D-%' GROUP BY doc_no");
    db.read_blocking(|tx| tx.all::<(String, i64)>(sql, &[])).unwrap().into_iter().collect()
}

/// What must hold after every kill.
fn judge(db: &Db, data: &Path, clients: &[Client]) {
    let recorded = recorded(db);
    let doubled: Vec<_> = recorded.iter().filter(|(_, n)| **n != 1).collect();
    assert!(doubled.is_empty(), "doubled: {doubled:?}");
    for client in clients {
        let lost: Vec<_> = client.acknowledged.iter().filter(|p| !recorded.contains_key(*p)).collect();
        assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    }
    // a batch is there whole or not at all
    for client in clients {
        for number in 0..client.next {
            let papers = client.papers(number);
            let there = papers.iter().filter(|p| recorded.contains_key(*p)).count();
            assert!(there == 0 || there == papers.len(), "half of request {number} of {}", client.name);
        }
    }
    let report = checked(db, data);
    assert!(report.sound, "{}", report.text());
}

/// Between 30 and 330 ms.
fn some_time(dice: &Ids) -> Duration {
    Duration::from_millis(30 + u64::from(u16::from_le_bytes(dice.bytes::<2>())) % 300)
}

#[test]
fn killed_at_any_moment_nothing_acknowledged_is_lost_or_doubled() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let far = home.path().join("far");
    let product = furnished(&data, None);
    let stream = ["--stream-to", far.to_str().unwrap()];
    let (dice, mut clients) = (Ids::seeded(11), (0..CLIENTS).map(Client::new).collect::<Vec<_>>());
    let url = format!("sqlite:{}", data.join("shian.db").display());
    let mut cookie = None;
    for _ in 0..times() {
        let server = Server::start(&data, None, &stream);
        let cookie = cookie.get_or_insert_with(|| sign_in(server.address, "owner"));
        let address = server.address;
        work(&mut clients, address, cookie, &product, || server.kill(), some_time(&dice));
        judge(&Db::open_reading(&url).unwrap(), &data, &clients);
    }
    // everything open comes through in the end, once
    let mut server = Server::start(&data, None, &stream);
    let long = Duration::from_millis(1_500);
    work(&mut clients, server.address, cookie.as_deref().unwrap(), &product, || {}, long);
    server.terminate();
    assert!(server.ended(Duration::from_secs(30)).success());
    let db = Db::open_reading(&url).unwrap();
    judge(&db, &data, &clients);
    let kept = clients.iter().map(|c| c.acknowledged.len()).sum::<usize>();
    assert!(kept > 10, "{kept}");
    eprintln!("{} kills, {kept} lines acknowledged", times());
    // after a graceful stop the continuous copy has everything
    let again = home.path().join("again");
    std::fs::create_dir(&again).unwrap();
    rewind(&Folder::open(&far).unwrap(), None, &again.join("shian.db")).unwrap();
    let copy = Db::open_reading(&format!("sqlite:{}", again.join("shian.db").display())).unwrap();
    assert_eq!(recorded(&copy), recorded(&db));
}

/// PostgreSQL that is not told to forget: killed under the running server, and started again.
#[test]
fn with_the_database_server_killed_nothing_acknowledged_is_lost_or_doubled() {
    if std::env::var("SHIAN_TEST_POSTGRES").is_err() {
        eprintln!("skipped: no PostgreSQL here");
        return;
    }
    let home = tempfile::tempdir().unwrap();
    // the database server runs as another user
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let pg = home.path().join("pg");
    let tool = |verb: &str, more: &[&str]| {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tools/postgres.sh");
        let done = Command::new(script).arg(verb).arg(&pg).args(more).output().unwrap();
        assert!(done.status.success(), "{verb}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).trim().to_owned()
    };
    let url = tool("start", &["safe"]);
    let stopped = Mutex::new(false);
    let _stop = OnDrop(|| {
        if !*stopped.lock().unwrap() {
            tool("stop", &[]);
        }
    });
    let data = home.path().join("data");
    let product = furnished(&data, Some(&url));
    let server = Server::start(&data, Some(&url), &[]);
    let cookie = sign_in(server.address, "owner");
    let (dice, mut clients) = (Ids::seeded(12), (0..CLIENTS).map(Client::new).collect::<Vec<_>>());
    for _ in 0..times().div_ceil(4) {
        work(&mut clients, server.address, &cookie, &product, || drop(tool("kill", &[])), some_time(&dice));
        tool("again", &[]);
        judge(&Db::open_reading(&url).unwrap(), &data, &clients);
    }
    work(&mut clients, server.address, &cookie, &product, || {}, Duration::from_millis(1_500));
    judge(&Db::open_reading(&url).unwrap(), &data, &clients);
    assert!(clients.iter().all(|c| c.acknowledged.len() > 10));
    server.kill();
    tool("stop", &[]);
    *stopped.lock().unwrap() = true;
}

struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
