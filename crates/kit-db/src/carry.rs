//! Carrying a whole database over into another one: every table, in one transaction of the target, and compared there
//! before it commits. What fails leaves the target as it was: empty.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use kit_base::{Error, Kind, Result};

use sha2::{Digest as _, Sha256};

use crate::Db;
use crate::catalog::{self, Table, Value, quoted};
use crate::migrate::{self, Schema};
use crate::tx::Tx;

/// Rows that go over at a time.
const STEP: usize = 2_000;

/// A table that was carried over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    pub table: String,
    pub rows: u64,
    /// Fingerprint of the content, the same on both databases whatever the order of the rows.
    pub content: String,
}

/// The sum of the fingerprints of rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Content {
    rows: u64,
    sum: [u64; 2],
}

impl Content {
    fn add(&mut self, row: &[Value]) {
        let mut bytes = Vec::with_capacity(256);
        for value in row {
            match value {
                Value::Null => bytes.push(0),
                Value::Int(v) => put(&mut bytes, 1, &v.to_le_bytes()),
                Value::Real(v) => put(&mut bytes, 2, &v.to_bits().to_le_bytes()),
                Value::Text(v) => put(&mut bytes, 3, v.as_bytes()),
                Value::Blob(v) => put(&mut bytes, 4, v),
            }
        }
        let hash = Sha256::digest(&bytes);
        self.rows += 1;
        for (sum, part) in self.sum.iter_mut().zip(hash.chunks_exact(8)) {
            *sum = sum.wrapping_add(part.iter().fold(0, |n, b| (n << 8) | u64::from(*b)));
        }
    }

    fn carried(self, table: &str) -> Carried {
        let content = format!("{:016x}{:016x}", self.sum[0], self.sum[1]);
        Carried { table: table.to_owned(), rows: self.rows, content }
    }
}

fn put(out: &mut Vec<u8>, kind: u8, bytes: &[u8]) {
    out.push(kind);
    out.extend((bytes.len() as u64).to_le_bytes());
    out.extend(bytes);
}

/// What a table holds, without carrying it anywhere.
pub fn content(tx: &mut Tx, table: &Table) -> Result<Carried> {
    let mut content = Content::default();
    table.scan(tx, &mut |row| {
        content.add(&row);
        Ok(true)
    })?;
    Ok(content.carried(&table.name))
}

enum Piece {
    Begin(Table),
    Rows(Vec<Vec<Value>>),
    End(Content),
    Done,
}

/// Carries everything of `from` over into the empty database `to`, which gets its schema in the same transaction.
/// `before` runs on the target once its tables stand and are empty (partitions). `tell`: table and rows so far.
///
/// Errors: `target_not_empty`, `source_schema` where the source is not of this program's schema, `carry_differs` when the
/// target does not hold what was sent, and those of the databases. The target then stays empty.
pub fn carry(
    from: &Db,
    to: &Db,
    schemas: &'static [Schema],
    before: impl FnOnce(&mut Tx) -> Result<()> + Send + 'static,
    tell: &mut dyn FnMut(&str, u64),
) -> Result<Vec<Carried>> {
    let (pieces, arriving) = sync_channel(4);
    let target = to.clone();
    let writer =
        std::thread::spawn(move || target.write_blocking(move |tx| receive(tx, schemas, before, &arriving)));
    let sent = from.read_blocking(|tx| {
        migrate::fits(tx, schemas)?;
        send(tx, &pieces, tell)
    });
    drop(pieces);
    let received = writer.join().map_err(|_| Error::internal("the writer of the target broke off"))?;
    // a target that refused is the reason why sending broke off
    match (sent, received) {
        (_, Err(e)) if e.code != "carry_cut" => Err(e),
        (Err(e), _) => Err(e),
        (Ok(()), received) => received,
    }
}

fn send(tx: &mut Tx, pieces: &SyncSender<Piece>, tell: &mut dyn FnMut(&str, u64)) -> Result<()> {
    let gone = |_| Error::internal("the target took no more");
    for table in catalog::tables(tx)? {
        let name = table.name.clone();
        pieces.send(Piece::Begin(table.clone())).map_err(gone)?;
        let (mut content, mut step) = (Content::default(), Vec::with_capacity(STEP));
        table.scan(tx, &mut |row| {
            content.add(&row);
            step.push(row);
            if step.len() == STEP {
                tell(&name, content.rows);
                pieces.send(Piece::Rows(std::mem::take(&mut step))).map_err(gone)?;
            }
            Ok(true)
        })?;
        pieces.send(Piece::Rows(step)).map_err(gone)?;
        tell(&name, content.rows);
        pieces.send(Piece::End(content)).map_err(gone)?;
    }
    pieces.send(Piece::Done).map_err(gone)
}

fn receive(
    tx: &mut Tx,
    schemas: &[Schema],
    before: impl FnOnce(&mut Tx) -> Result<()>,
    arriving: &Receiver<Piece>,
) -> Result<Vec<Carried>> {
    if !catalog::tables(tx)?.is_empty() {
        return Err(Error::conflict("target_not_empty", "目标数据库不是空的，请换一个空数据库"));
    }
    migrate::migrate(tx, schemas)?;
    let own = catalog::tables(tx)?;
    for table in own.iter().rev() {
        tx.batch(&format!("DELETE FROM {}", quoted(&table.name)))?;
    }
    before(tx)?;
    tx.constraints_at_the_end()?;
    let mut done = Vec::new();
    loop {
        match arriving.recv() {
            Ok(Piece::Begin(table)) => done.push(take(tx, &own, &table, arriving)?),
            Ok(Piece::Done) => return Ok(done),
            _ => return Err(cut()),
        }
    }
}

/// The end of a source that broke off; its own error says why.
fn cut() -> Error {
    Error::new(Kind::Internal, "carry_cut", "来源数据库的读取中断")
}

/// Takes one table in, reads it again, and compares.
fn take(tx: &mut Tx, own: &[Table], sent: &Table, arriving: &Receiver<Piece>) -> Result<Carried> {
    let table = own.iter().find(|t| t.name == sent.name).ok_or_else(|| differs(&sent.name))?;
    let (mut expected, mut broken) = (None, false);
    tx.insert_stream(&sent.name, &sent.columns, &mut || match arriving.recv() {
        Ok(Piece::Rows(rows)) => Some(rows),
        Ok(Piece::End(content)) => {
            expected = Some(content);
            None
        }
        _ => {
            broken = true;
            None
        }
    })?;
    if broken {
        return Err(cut());
    }
    let expected = expected.map(|c| c.carried(&sent.name)).ok_or_else(|| differs(&sent.name))?;
    // read with the columns in the order of the source
    let read = Table { name: table.name.clone(), columns: sent.columns.clone(), parents: Vec::new() };
    if content(tx, &read)? != expected {
        return Err(differs(&sent.name));
    }
    Ok(expected)
}

fn differs(table: &str) -> Error {
    Error::conflict("carry_differs", format!("表 {table} 迁移后的内容与来源不一致，已全部撤销")).at(table)
}
