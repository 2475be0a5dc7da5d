//! Go's golang.org/x/mod/sumdb, of which C2SP's formats are the description, reads and checks what we make.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use kit_base::Result;
use kit_db::Tx;
use kit_ledger::log::{Stored, include};
use kit_ledger::store;
use kit_ledger::tree::Kept;
use kit_ledger::{Batch, Key, Ledger};
use kit_test::TestDb;

const NOW: i64 = 1_772_500_000_000;

fn add(tx: &mut Tx, from: i64, to: i64) -> Result<()> {
    (from..=to).try_for_each(|no| Batch::new(no).finish(tx, NOW + no, &format!("{no:064x}")))
}

/// Writes the log as the files that its addresses are, and proofs of several leaves and of its growth.
fn write_log(db: &TestDb, folder: &Path, sizes: &[i64]) {
    db.db.migrate(&[kit_ledger::SCHEMA]).unwrap();
    let key = Key::new("shian.example.cn/ledger", &[42; 32]).unwrap();
    std::fs::write(folder.join("vkey"), key.public().to_string()).unwrap();
    let ledger = Ledger::new(key, None);
    let mut from = 0;
    for &size in sizes {
        db.db.write_blocking(move |tx| add(tx, from + 1, size)).unwrap();
        ledger.advance(&db.db, NOW).unwrap();
        let note = db.db.read_blocking(store::latest).unwrap().unwrap().note;
        std::fs::write(folder.join(format!("checkpoint.{size}")), &note).unwrap();
        std::fs::write(folder.join("checkpoint"), note).unwrap();
        from = size;
    }
    let folder = folder.to_owned();
    let sizes = Arc::new(sizes.to_vec());
    db.db.read_blocking(move |tx| write_rest(tx, &folder, &sizes)).unwrap();
}

fn write_rest(tx: &mut Tx, folder: &Path, sizes: &[i64]) -> Result<()> {
    let signed = store::latest(tx)?.unwrap();
    let size = signed.size as u64;
    for level in 0..4_u8 {
        for no in 0.. {
            let bytes = store::tile(tx, level, no)?;
            if bytes.is_empty() {
                break;
            }
            std::fs::write(folder.join(format!("tile.{level}.{no}")), bytes)?;
        }
    }
    let text = |hashes: &[kit_ledger::Hash]| {
        hashes.iter().map(|h| kit_ledger::hash::base64(h) + "\n").collect::<String>()
    };
    for index in [0, 1, 255, 256, size / 2, size - 2, size - 1] {
        let leaf = include(tx, &signed, &[index as i64 + 1])?.remove(0);
        std::fs::write(folder.join(format!("record.{index}")), &leaf.entry)?;
        std::fs::write(folder.join(format!("proof.{index}")), text(&leaf.path))?;
    }
    for &old in &sizes[..sizes.len() - 1] {
        let path = Kept::new(Stored(tx)).consistency(old as u64, size)?;
        std::fs::write(folder.join(format!("growth.{old}")), text(&path))?;
    }
    Ok(())
}

#[test]
fn go_reads_tiles_notes_and_proofs() {
    for db in TestDb::all() {
        let folder = tempfile::tempdir().unwrap();
        write_log(&db, folder.path(), &[1, 2, 255, 256, 257, 5_000, 66_000]);
        let (good, said) = check(folder.path());
        assert!(good && said.contains("7 records, 6 growths"), "{}: {said}", db.name);
        // and what is changed is refused
        for (file, from, to) in [("record.256", "audit", "Audit"), ("checkpoint", "66000", "66001")] {
            let path = folder.path().join(file);
            let text = std::fs::read_to_string(&path).unwrap();
            std::fs::write(&path, text.replace(from, to)).unwrap();
            let (good, said) = check(folder.path());
            assert!(!good && said.contains("FAIL"), "Go took a changed {file}: {said}");
            std::fs::write(&path, text).unwrap();
        }
    }
}

/// Runs Go over the folder: whether it is content, and what it says.
fn check(folder: &Path) -> (bool, String) {
    let done = Command::new("go")
        .arg("run")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/go/check.go"))
        .arg(folder)
        .env("GO111MODULE", "off")
        .env("GOPATH", "/usr/share/gocode")
        .env("GOFLAGS", "")
        .env("GOCACHE", std::env::temp_dir().join("shian-go-cache"))
        .output()
        .expect("go is installed (make test installs golang-go and golang-golang-x-mod-dev)");
    let said = [done.stdout, done.stderr].concat();
    (done.status.success(), String::from_utf8_lossy(&said).into_owned())
}
