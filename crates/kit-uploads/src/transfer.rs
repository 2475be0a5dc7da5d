//! One transfer: the bytes of a request written behind those that count, in memory one network buffer at a time.

use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use kit_base::{Error, Kind, Result};
use kit_files::Piece;
use kit_web::Cx;

use crate::protocol::Checksum;
use crate::store::{self, Stored};
use crate::turn::Turn;
use crate::{Uploads, blocking};

/// A sender that is silent for so long has gone; what it sent counts.
const SILENCE: Duration = Duration::from_secs(60);
/// Bytes after which a long transfer is made to count, so that a crash does not lose more.
const STEP: u64 = 16 << 20;

/// How a transfer ended.
enum End {
    /// The request was there to its end.
    Whole,
    /// The line broke, the sender fell silent, or a newer transfer wants the turn.
    Broken,
    /// More bytes than the upload has.
    TooLong,
}

/// Writes what a request brings; answers how many bytes count afterwards.
///
/// Errors: `not_found`, `upload_offset` where `offset` is not where the upload is, `upload_too_long`,
/// `upload_checksum`, `upload_broken`, `partial_lost`, `disk_full`, and those of [`crate::turn::Turns::take`].
pub async fn run(
    cx: Cx,
    id: String,
    offset: u64,
    body: impl Stream<Item = Result<Bytes, axum::Error>> + Send,
    checksum: Option<Checksum>,
) -> Result<Stored> {
    let turns = cx.house.held::<Uploads>().turns.clone();
    let turn = turns.take(&id, &cx.who.user).await?;
    let asked = id.clone();
    let row = cx.read(move |tx, cx| store::by_id(tx, &asked, &cx.who.user, cx.now())).await?;
    let mut row = row.ok_or_else(|| Error::not_found("没有这个上传，或已过期"))?;
    if u64::try_from(row.received).ok() != Some(offset) {
        let text = format!("续传位置不符：服务器已有 {} 字节，请从该处续传", row.received);
        return Err(Error::conflict("upload_offset", text));
    }
    if row.received < row.size {
        let size = u64::try_from(row.size).map_err(Error::internal)?;
        let (files, name) = (cx.house.files.clone(), id);
        let piece = blocking(move || files.piece(&name, offset)).await?;
        let transfer = Transfer { cx: &cx, row: &mut row, size, start: offset, at: offset, turn };
        transfer.write(piece, body, checksum).await?;
    }
    Ok(row)
}

struct Transfer<'t> {
    cx: &'t Cx,
    row: &'t mut Stored,
    size: u64,
    start: u64,
    at: u64,
    turn: Turn,
}

impl Transfer<'_> {
    async fn write(
        mut self,
        mut piece: Piece,
        body: impl Stream<Item = Result<Bytes, axum::Error>> + Send,
        mut checksum: Option<Checksum>,
    ) -> Result<()> {
        let mut body = pin!(body);
        let (checked, mut counted) = (checksum.is_some(), self.start);
        let end = loop {
            let bytes = tokio::select! {
                () = self.turn.wanted() => break End::Broken,
                next = tokio::time::timeout(SILENCE, body.next()) => match next {
                    Ok(Some(Ok(bytes))) => bytes,
                    Ok(None) => break End::Whole,
                    Ok(Some(Err(_))) | Err(_) => break End::Broken,
                },
            };
            if self.at + bytes.len() as u64 > self.size {
                break End::TooLong;
            }
            self.at += bytes.len() as u64;
            if let Some(sum) = &mut checksum {
                sum.add(&bytes);
            }
            piece = blocking(move || piece.write(&bytes).map(|()| piece)).await?;
            if !checked && self.at - counted >= STEP {
                piece = self.count(piece).await?;
                counted = self.at;
            }
        };
        let wrong = || Error::conflict("upload_checksum", "这一片的校验值不符，未保存，请重传这一片");
        match end {
            End::TooLong => {
                let text = format!("内容超过开始时声明的 {} 字节", self.size);
                return Err(Error::new(Kind::TooLarge, "upload_too_long", text));
            }
            // a part of what a checksum is of cannot be compared
            End::Broken if checked => return Err(broken()),
            End::Whole if checksum.is_some_and(|sum| !sum.holds()) => return Err(wrong()),
            End::Whole | End::Broken => {}
        }
        self.count(piece).await?;
        match end {
            End::Broken => Err(broken()),
            _ => Ok(()),
        }
    }

    /// Brings what was written to the disk, then lets it count. With the last byte the upload is done: that is the act.
    async fn count(&mut self, mut piece: Piece) -> Result<Piece> {
        let (piece, there) = blocking(move || piece.settle().map(|at| (piece, at))).await?;
        let received = i64::try_from(there).map_err(Error::internal)?;
        let id = self.row.id.clone();
        if there == self.size {
            let (name, size) = (self.row.name.clone(), self.row.size);
            let done = self.cx.act(move |act| {
                store::done(act.tx, &id, act.now)?;
                act.subject("upload", &id, "");
                act.note(serde_json::json!({ "name": name, "bytes": size }));
                Ok(act.now)
            });
            self.row.done_at = Some(done.await?);
        } else {
            self.cx.house.db.write(move |tx| store::received(tx, &id, received)).await?;
        }
        self.row.received = received;
        Ok(piece)
    }
}

fn broken() -> Error {
    Error::new(Kind::Invalid, "upload_broken", "传输中断，请从服务器已有的位置续传")
}
