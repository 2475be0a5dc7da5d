use std::collections::BTreeMap;
use std::path::Path;

use kit_base::{Clock, Ids};
use kit_db::{Db, Schema, SqliteOptions, params};

use crate::rewind::rewind;
use crate::stream::{Options, Stream};
use crate::target::{Folder, Target as _};

pub(crate) const SCHEMA: &[Schema] = &[Schema {
    room: "things",
    files: &[("0001", "CREATE TABLE things (\n id BIGINT NOT NULL PRIMARY KEY,\n name TEXT NOT NULL\n);")],
}];
pub(crate) const ADD: kit_db::Sql = kit_db::Sql::One("INSERT INTO things (id, name) VALUES ($1, $2)");
const CHANGE: kit_db::Sql = kit_db::Sql::One("UPDATE things SET name = $2 WHERE id = $1");
pub(crate) const ALL: kit_db::Sql = kit_db::Sql::One("SELECT id, name FROM things ORDER BY id");

fn all(path: &Path) -> Vec<(i64, String)> {
    let db = Db::open(&format!("sqlite:{}", path.display())).unwrap();
    assert_eq!(db.integrity().unwrap(), Vec::<String>::new());
    db.read_blocking(|tx| tx.all(ALL, &[])).unwrap()
}

struct World {
    dir: tempfile::TempDir,
    db: Db,
    clock: Clock,
}

fn world() -> World {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open_sqlite(SqliteOptions::file(dir.path().join("t.db"))).unwrap();
    db.migrate(SCHEMA).unwrap();
    World { dir, db, clock: Clock::fixed(1_772_500_000_000) }
}

impl World {
    fn stream(&self, seed: u64) -> Stream {
        let target = Box::new(Folder::open(self.dir.path().join("far")).unwrap());
        let options =
            Options { spool: self.dir.path().join("spool"), every: 5, base_hours: 24, keep_hours: 48 };
        Stream::start(self.db.clone(), target, self.clock.clone(), Ids::seeded(seed), options).unwrap()
    }

    fn add(&self, from: i64, count: i64, filler: usize) {
        let text = "食".repeat(filler);
        let done = self.db.write_blocking(move |tx| {
            (from..from + count).try_for_each(|id| tx.exec(ADD, params![id, &text]).map(drop))
        });
        done.unwrap();
    }

    fn now(&self) -> Vec<(i64, String)> {
        self.db.read_blocking(|tx| tx.all(ALL, &[])).unwrap()
    }

    fn restored(&self, at: Option<i64>) -> Vec<(i64, String)> {
        let far = Folder::open(self.dir.path().join("far")).unwrap();
        let into = self.dir.path().join("again.db");
        rewind(&far, at, &into).unwrap();
        let found = all(&into);
        std::fs::remove_file(&into).unwrap();
        found
    }
}

/// Waits for what another thread does; a test that hangs here has failed.
pub(crate) fn until(mut done: impl FnMut() -> bool) {
    for _ in 0..4_000 {
        if done() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    panic!("it did not come to pass");
}

#[test]
fn every_moment_can_be_gone_back_to() {
    let w = world();
    w.add(1, 50, 10);
    let stream = w.stream(1);
    until(|| stream.progress().base_at.is_some());
    let mut states = BTreeMap::new();
    // rounds large enough for the log to begin anew several times, and one that is larger than a chunk
    for round in 0..12_i64 {
        w.clock.advance(1_000);
        w.add(
            1_000 * (round + 1),
            if round == 6 { 900 } else { 150 },
            if round == 6 { 4_000 } else { 2_000 },
        );
        w.db.write_blocking(move |tx| tx.exec(CHANGE, params![round + 1, "changed"])).unwrap();
        let taken = stream.progress().taken;
        until(|| stream.progress().taken > taken || stream.progress().waiting > 0);
        assert!(w.db.flush_log().unwrap());
        states.insert(w.clock.now(), w.now());
    }
    stream.stop();
    assert_eq!(stream.progress().error, None);
    for (at, state) in &states {
        assert_eq!(&w.restored(Some(*at + 500)), state, "at {at}");
    }
    assert_eq!(w.restored(None), w.now());
}

#[test]
fn a_new_start_is_a_new_generation_and_a_damaged_segment_is_refused() {
    let w = world();
    let first = w.stream(1);
    until(|| first.progress().base_at.is_some());
    w.clock.advance(1_000);
    w.add(1, 10, 5);
    first.stop();
    let before = w.now();
    let then = w.clock.now();
    // while nobody follows
    w.clock.advance(1_000);
    w.add(100, 10, 5);
    let second = w.stream(2);
    until(|| second.progress().base_at.is_some());
    w.clock.advance(1_000);
    w.add(200, 10, 5);
    second.stop();
    assert_eq!(w.restored(Some(then)), before);
    assert_eq!(w.restored(None), w.now());
    // flip one bit of the last segment
    let far = w.dir.path().join("far");
    let names = Folder::open(&far).unwrap().list("").unwrap();
    let last = far.join(names.iter().rfind(|n| n.contains("/seg-")).unwrap());
    let mut bytes = std::fs::read(&last).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&last, bytes).unwrap();
    let into = w.dir.path().join("again.db");
    let refused = rewind(&Folder::open(&far).unwrap(), None, &into).unwrap_err();
    assert_eq!(refused.code, "segment_broken");
    // one that is missing is a gap, unless it is the last
    let segments: Vec<&String> = names.iter().filter(|n| n.contains("/seg-")).collect();
    assert!(segments.len() >= 2, "{names:?}");
}

#[test]
fn what_nothing_needs_any_more_is_swept() {
    let w = world();
    for seed in 1..=4 {
        let stream = w.stream(seed);
        until(|| stream.progress().base_at.is_some());
        w.add(seed as i64 * 10, 5, 5);
        stream.stop();
        w.clock.advance(30 * 3_600_000);
    }
    // the fifth start sweeps: what is older than the last base before 48 hours ago is gone
    let stream = w.stream(5);
    until(|| stream.progress().base_at.is_some());
    stream.stop();
    let names = Folder::open(w.dir.path().join("far")).unwrap().list("").unwrap();
    let generations: std::collections::BTreeSet<&str> =
        names.iter().filter_map(|n| n.split('/').next()).collect();
    assert_eq!(generations.len(), 3, "{names:?}");
    assert_eq!(w.restored(None), w.now());
}

#[test]
fn what_a_killed_process_left_of_a_base_does_no_harm() {
    let w = world();
    w.add(1, 200, 2_000);
    let spool = w.dir.path().join("spool");
    std::fs::create_dir(&spool).unwrap();
    // half a database, still saying that it has a log
    w.db.optimise().unwrap();
    w.db.copy_to(&spool.join("base.copy"), || {}, &mut |_, _| {}).unwrap();
    let whole = std::fs::read(spool.join("base.copy")).unwrap();
    let mut half = whole[..whole.len() / 2].to_vec();
    half[100..4_000].fill(0xa5);
    std::fs::write(spool.join("base.copy"), half).unwrap();
    let stream = w.stream(1);
    until(|| stream.progress().base_at.is_some());
    w.add(1_000, 5, 5);
    stream.stop();
    assert_eq!(stream.progress().error, None);
    assert_eq!(w.restored(None), w.now());
}
