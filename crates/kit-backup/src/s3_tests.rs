//! Copies in a bucket, against an S3 server of other people's making (moto, see tools/moto.sh) and their signer (botocore).

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use kit_base::{Clock, Ids};
use kit_db::{Db, SqliteOptions, params};

use crate::backup::{self, Position, Source};
use crate::depot;
use crate::rewind::rewind;
use crate::s3::{Keys, S3};
use crate::stream::{Options, Stream};
use crate::target::Target;
use crate::tests::{ADD, ALL, SCHEMA, until};

/// 2026-03-03T01:06:40Z
const NOW: i64 = 1_772_500_000_000;

fn moto() -> Option<PathBuf> {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.cache/moto/bin");
    if place.join("moto_server").is_file() {
        return Some(place);
    }
    eprintln!("skipped: no S3 server here, tools/moto.sh install brings one");
    None
}

/// A server with the bucket `city`; killed when dropped.
struct Server {
    child: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn server() -> Option<Server> {
    let program = moto()?.join("moto_server");
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let child = Command::new(program)
        .args(["-H", "127.0.0.1", "-p", &port.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let server = Server { child, port };
    until(|| TcpStream::connect(("127.0.0.1", port)).is_ok());
    ureq::put(format!("http://127.0.0.1:{port}/city")).send_empty().unwrap();
    Some(server)
}

fn keys() -> Option<Keys> {
    Some(Keys { id: "AKIDEXAMPLE".into(), secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".into() })
}

fn open(port: u16, prefix: &str) -> S3 {
    let address = format!("s3://city{prefix}?endpoint=http://127.0.0.1:{port}&region=cn-north-1");
    let mut s3 = S3::open(&address, keys(), Clock::System).unwrap();
    s3.pause = Duration::from_millis(1);
    s3
}

#[test]
fn objects_are_kept_listed_read_and_forgotten() {
    let Some(server) = server() else { return };
    let dir = tempfile::tempdir().unwrap();
    let (whole, s3) = (open(server.port, ""), open(server.port, "/shian/a"));
    s3.put("g/seg-1", b"one").unwrap();
    s3.put("g/seg-1", "一".as_bytes()).unwrap();
    assert_eq!(s3.get("g/seg-1").unwrap(), "一".as_bytes());
    assert_eq!(whole.list("").unwrap(), ["shian/a/g/seg-1"]);
    let (from, into) = (dir.path().join("from"), dir.path().join("into"));
    let large: Vec<u8> = (0..3_000_000_u32).flat_map(u32::to_le_bytes).collect();
    std::fs::write(&from, &large).unwrap();
    s3.put_file("g/large", &from).unwrap();
    s3.get_file("g/large", &into).unwrap();
    assert!(std::fs::read(&into).unwrap() == large);
    for n in 0..1_050 {
        s3.put(&format!("many/{n:04}"), b"x").unwrap();
    }
    let many = s3.list("many/").unwrap();
    assert_eq!((many.len(), many[1_049].as_str()), (1_050, "many/1049"), "more than one page");
    s3.delete("g/large").unwrap();
    s3.delete("g/large").unwrap();
    assert_eq!(s3.list("g/").unwrap(), ["g/seg-1"]);
    assert_eq!(s3.get("g/large").unwrap_err().code, "target_missing");
    assert!(s3.put("../up", b"x").is_err());
    let nowhere =
        S3::open(&format!("s3://nowhere?endpoint=http://127.0.0.1:{}", server.port), keys(), Clock::System);
    let refused = nowhere.unwrap().list("").unwrap_err();
    assert_eq!((refused.code.as_ref(), refused.message.contains("没有这个桶")), ("target_refused", true));
    let none = S3::open("s3://city?endpoint=http://127.0.0.1:1", None, Clock::System).err().unwrap();
    assert_eq!(none.code, "target_keys");
}

#[test]
fn the_continuous_copy_in_a_bucket_is_gone_back_to() {
    let Some(server) = server() else { return };
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open_sqlite(SqliteOptions::file(dir.path().join("t.db"))).unwrap();
    db.migrate(SCHEMA).unwrap();
    let clock = Clock::fixed(NOW);
    let add = |id: i64| {
        let text = "食".repeat(2_000);
        db.write_blocking(move |tx| tx.exec(ADD, params![id, &text])).unwrap();
    };
    let options = Options { spool: dir.path().join("spool"), every: 5, base_hours: 24, keep_hours: 48 };
    let target = Box::new(open(server.port, "/stream"));
    let stream = Stream::start(db.clone(), target, clock.clone(), Ids::seeded(1), options).unwrap();
    until(|| stream.progress().base_at.is_some());
    let mut states = Vec::new();
    for id in 1..=5 {
        clock.advance(1_000);
        add(id);
        assert!(db.flush_log().unwrap());
        states.push(clock.now());
    }
    stream.stop();
    assert_eq!(stream.progress().error, None);
    let s3 = open(server.port, "/stream");
    for (n, at) in states.iter().enumerate() {
        let into = dir.path().join(format!("{n}.db"));
        rewind(&s3, Some(at + 500), &into).unwrap();
        let copy = Db::open(&format!("sqlite:{}", into.display())).unwrap();
        assert_eq!(copy.integrity().unwrap(), Vec::<String>::new());
        let found: Vec<(i64, String)> = copy.read_blocking(|tx| tx.all(ALL, &[])).unwrap();
        assert_eq!(found.len(), n + 1);
    }
}

#[test]
fn whole_backups_share_their_files_and_old_ones_go() {
    let Some(server) = server() else { return };
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let db = Db::open_sqlite(SqliteOptions::file(data.join("shian.db"))).unwrap();
    db.migrate(SCHEMA).unwrap();
    let files = kit_files::Files::open(data.join("files")).unwrap();
    let position = |_: &Db| Ok(Position::default());
    let source = Source {
        db: &db,
        url: "",
        data: &data,
        program: "test",
        position: &position,
        with_keys: false,
        link: false,
    };
    std::fs::write(data.join("secret.key"), "k").unwrap();
    let s3 = open(server.port, "/whole");
    let (first, second) = (files.put(&b"first"[..], 10).unwrap(), files.put(&b"second"[..], 10).unwrap());
    let make = |at| depot::make(&source, &s3, at, &mut |_| {}).unwrap();
    let (one, manifest) = make(NOW);
    assert_eq!(
        (one.as_str(), manifest.keys.as_slice()),
        ("shian-20260303-090640", &["secret.key".to_owned()][..])
    );
    std::fs::remove_file(files.path(&first.hash)).unwrap();
    let (two, _) = make(NOW + 1_000);
    let shared = s3.list("files/").unwrap();
    assert_eq!(shared.len(), 2, "{shared:?}");
    assert!(!data.join("backup-stage.partial").exists());

    let into = dir.path().join("fetched");
    let folder = depot::fetch(&s3, Some(&one), &into).unwrap();
    backup::verify(&folder, &position).unwrap();
    assert!(folder.join(&shared[0]).is_file() && folder.join(&shared[1]).is_file());
    assert_eq!(depot::fetch(&s3, Some("shian-x"), &into).unwrap_err().code, "backup_unknown");
    depot::prune(&s3, 1).unwrap();
    let left: Vec<String> = depot::list(&s3).unwrap().into_iter().map(|(name, _)| name).collect();
    assert_eq!(left, [two]);
    let (folder, name) = second.hash.split_at(2);
    assert_eq!(s3.list("files/").unwrap(), [format!("files/{folder}/{name}")]);
    let again = dir.path().join("again");
    let folder = depot::fetch(&s3, None, &into).unwrap();
    let manifest = backup::verify(&folder, &position).unwrap();
    assert_eq!(backup::restore(&folder, &manifest, &again, None).unwrap(), ["secret.key"]);
    assert!(again.join("shian.db").is_file());
}

/// Signatures are those of Amazon's own library, in both styles.
#[test]
fn signed_as_amazons_own_library_signs() {
    const SIGN: &str = "
import sys, datetime, botocore.auth as a, botocore.awsrequest as r, botocore.credentials as c
url, key, secret = sys.argv[1:4]
at = datetime.datetime(2026, 3, 3, 1, 6, 40)
a.get_current_datetime = lambda *x, **y: at
request = r.AWSRequest(method='PUT', url=url)
a.S3SigV4QueryAuth(c.Credentials(key, secret), 's3', 'cn-north-1', expires=900).add_auth(request)
print(request.url.split('X-Amz-Signature=')[1])
";
    let Some(place) = moto() else { return };
    let Keys { id, secret } = keys().unwrap();
    for (style, plain) in [
        ("path", "https://oss.example:9000/city/a/g/seg-1%20%E9%A3%9F"),
        ("virtual", "https://city.oss.example:9000/a/g/seg-1%20%E9%A3%9F"),
    ] {
        let address =
            format!("s3://city/a?endpoint=https://oss.example:9000&region=cn-north-1&style={style}");
        let s3 = S3::open(&address, keys(), Clock::fixed(NOW)).unwrap();
        let ours = s3.signed(&s3.bucket.put_object(Some(&s3.keys), "a/g/seg-1 食")).unwrap();
        assert!(ours.starts_with(plain), "{ours}");
        let said =
            Command::new(place.join("python3")).args(["-c", SIGN, plain, &id, &secret]).output().unwrap();
        let theirs = String::from_utf8_lossy(&said.stdout).trim().to_owned();
        assert!(theirs.len() == 64 && ours.contains(&format!("X-Amz-Signature={theirs}")), "{ours} {said:?}");
        // what is signed at another time has another signature
        let later = S3::open(&address, keys(), Clock::fixed(NOW + 1_000)).unwrap();
        let later = later.signed(&s3.bucket.put_object(Some(&s3.keys), "a/g/seg-1 食")).unwrap();
        assert!(!later.contains(&theirs));
    }
}

/// A server that answers so, one after the other, then always with the last.
fn answering(answers: &'static [&'static str]) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (port, asked) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
    let count = asked.clone();
    std::thread::spawn(move || {
        for line in listener.incoming() {
            let mut line = line.unwrap();
            let n = count.fetch_add(1, Ordering::SeqCst).min(answers.len() - 1);
            let mut head = [0; 4_096];
            // a request without a body, or with a short one, comes in one piece on loopback
            let _ = line.read(&mut head).unwrap();
            let _ = line.write_all(answers[n].as_bytes());
        }
    });
    (port, asked)
}

#[test]
fn a_store_that_stumbles_is_asked_again_and_a_refusal_is_not() {
    const AGAIN: &str = "HTTP/1.1 503 Slow Down\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    const DONE: &str = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok";
    const NO: &str = "HTTP/1.1 403 No\r\nconnection: close\r\ncontent-length: 41\r\n\r\n<Error><Code>AccessDenied</Code></Error> ";
    let (port, asked) = answering(&[AGAIN, "", AGAIN, DONE]);
    assert_eq!(open(port, "").get("a").unwrap(), b"ok");
    assert_eq!(asked.load(Ordering::SeqCst), 4);
    let (port, asked) = answering(&[NO]);
    let refused = open(port, "").get("a").unwrap_err();
    assert_eq!((refused.code.as_ref(), asked.load(Ordering::SeqCst)), ("target_refused", 1));
    assert!(refused.message.contains("AccessDenied"), "{}", refused.message);
    let (port, asked) = answering(&[AGAIN]);
    assert_eq!(open(port, "").get("a").unwrap_err().code, "target_away");
    assert_eq!(asked.load(Ordering::SeqCst), 6);
}
