//! Uploads that go on where they broke off: files for imports, sent in as many pieces as the line allows, by the protocol
//! tus 1.0.0 ([`http`]).
//!
//! Owns: the table `uploads`. The bytes lie in the file store ([`kit_files::Piece`]), written as they come; memory is bounded by
//! one network buffer a transfer. Invariants:
//! - bytes are on the disk before the row counts them, and the row counts them before they are acknowledged: after a crash the
//!   offset is what was acknowledged or more, never less;
//! - bytes with a checksum count once it was compared;
//! - only the newest transfer of an upload writes: it asks the one before to end, and waits for it;
//! - what one person has announced and no import has taken is bounded; expired uploads are removed by a duty.
//!
//! A finished upload is handed to an import by its id ([`given`]); its content is then kept by hash like any other file.

pub mod http;
mod protocol;
pub mod store;
mod transfer;
mod turn;

use std::sync::Arc;

use kit_base::{Error, Kind, Millis, Result};
use kit_db::Schema;
use kit_files::Kept;
use kit_jobs::Running;
use kit_web::{Cx, House, Permission, Raw};
use parking_lot::RwLock;

pub use protocol::speak;
pub use store::STATEMENTS;

use turn::Turns;

pub const SCHEMA: Schema = Schema {
    room: "kit-uploads",
    files: &[("0001_uploads", include_str!("../migrations/0001_uploads.sql"))],
};

/// Whoever may import may send a file in pieces.
pub const PERMISSION: Permission = Permission {
    code: "uploads.send",
    name: "分片上传导入文件",
    roles: &["officer", "investigator", "business_owner", "business_clerk"],
};

/// How much may be sent, and how long it waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Bytes of one upload.
    pub most: u64,
    /// Bytes of all uploads of one person that no import has taken yet.
    pub quota: u64,
    /// How long an upload waits to be finished and taken.
    pub kept: Millis,
}

impl Default for Settings {
    fn default() -> Self {
        Self { most: 1 << 30, quota: 4 << 30, kept: 48 * 3_600_000 }
    }
}

/// What the house holds of uploads: its settings and the transfers under way.
#[derive(Default)]
pub struct Uploads {
    settings: RwLock<Settings>,
    turns: Arc<Turns>,
}

impl Uploads {
    pub fn settings(&self) -> Settings {
        *self.settings.read()
    }

    pub fn configure(&self, settings: Settings) {
        *self.settings.write() = settings;
    }
}

/// The file of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    pub kept: Kept,
    /// File name as it was told; may be empty.
    pub name: String,
}

/// The file of an import: the finished upload that `upload` names, else the body.
///
/// Errors: `upload_unknown` (also where it is another's), `upload_unfinished`, `file_too_large`, `file_empty`.
pub async fn given(cx: &Cx, body: Raw, upload: Option<&str>, limit: u64) -> Result<Given> {
    let given = match upload {
        Some(id) => taken(cx, id.to_owned(), limit).await?,
        None => {
            let name = body.name.clone();
            Given { kept: body.keep(&cx.house.files, limit).await?, name }
        }
    };
    if given.kept.size == 0 {
        return Err(Error::new(Kind::Invalid, "file_empty", "文件是空的"));
    }
    Ok(given)
}

async fn taken(cx: &Cx, id: String, limit: u64) -> Result<Given> {
    let unknown = || Error::invalid("upload", "upload_unknown", "没有这个上传，或已过期，请重新上传");
    let row = cx.read(move |tx, cx| store::by_id(tx, &id, &cx.who.user, cx.now())).await?;
    let row = row.ok_or_else(unknown)?;
    if row.done_at.is_none() {
        let text = format!("文件还没有传完（{}/{} 字节），请续传后再导入", row.received, row.size);
        return Err(Error::conflict("upload_unfinished", text));
    }
    let size = u64::try_from(row.size).map_err(Error::internal)?;
    if size > limit {
        let text = format!("文件超过 {} MB 上限", limit >> 20);
        return Err(Error::new(Kind::TooLarge, "file_too_large", text));
    }
    let kept = match &row.file {
        Some(hash) => Kept { hash: hash.clone(), size },
        None => {
            let (files, id) = (cx.house.files.clone(), row.id.clone());
            let kept = blocking(move || files.partial_hash(&id, size)).await?;
            // the row first: after a crash between the two the file is moved by the next import that names it
            let (id, hash) = (row.id.clone(), kept.hash.clone());
            cx.house.db.write(move |tx| store::taken(tx, &id, &hash)).await?;
            kept
        }
    };
    let (files, id, moved) = (cx.house.files.clone(), row.id, kept.clone());
    blocking(move || files.adopt(&id, &moved)).await?;
    Ok(Given { kept, name: row.name })
}

async fn blocking<T: Send + 'static>(f: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(f).await.map_err(Error::internal)?
}

/// Removes what has expired, and files in pieces that no row knows any more.
pub fn sweep(house: &House, _: &Running) -> Result<String> {
    let (now, mut removed) = (house.clock.now(), 0);
    let turns = &house.held::<Uploads>().turns;
    loop {
        let ids = house.db.read_blocking(move |tx| store::expired(tx, now))?;
        let free: Vec<String> = ids.into_iter().filter(|id| !turns.busy(id)).collect();
        if free.is_empty() {
            break;
        }
        for id in free {
            house.files.drop_partial(&id)?;
            house.db.write_blocking(move |tx| store::delete(tx, &id))?;
            removed += 1;
        }
    }
    for name in house.files.partials()? {
        let asked = name.clone();
        if !turns.busy(&name) && !house.db.read_blocking(move |tx| store::exists(tx, &asked))? {
            house.files.drop_partial(&name)?;
            removed += 1;
        }
    }
    Ok(format!("清理 {removed} 个"))
}
