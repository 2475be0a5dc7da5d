//! Capture over HTTP.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use kit_base::{Error, Kind, Result};
use kit_web::ask::Lines;
use kit_web::{Access, Ask, Cx, Json, Raw, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::actions::correct::{self, Declaration, Declared};
use crate::actions::moves;
use crate::model::{Captured, EventNo, LotNo, Mode, NewMove};

pub fn routes() -> Vec<Route> {
    vec![
        Route::post(
            "/api/moves",
            Access::Needs("trace.capture"),
            "登记生产、发货、收货、销售等",
            "trace.capture",
            capture,
        ),
        Route::post(
            "/api/moves/stream",
            Access::Needs("trace.capture"),
            "逐行登记（NDJSON，每行一条，逐条答复）",
            "trace.capture",
            stream,
        ),
        Route::post(
            "/api/events/{id}/correction",
            Access::Needs("trace.capture"),
            "声明一条记录有误，并登记正确的记录",
            "trace.correct",
            declare_wrong,
        ),
    ]
}

/// A batch of moves.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Capture {
    /// `each` where it is not said
    mode: Option<Mode>,
    items: Vec<NewMove>,
    /// form or api (default)
    channel: Option<String>,
}

async fn capture(cx: Cx, ask: Ask<(), (), Json<Capture>>) -> Result<Json<Captured>> {
    let Capture { mode, items, channel } = ask.body.0;
    let channel = if channel.as_deref() == Some("form") { "form" } else { "api" };
    cx.act(move |act| moves::capture(act, mode.unwrap_or(Mode::Each), channel, &items)).await.map(Json)
}

/// Lines that go in together in one transaction.
const TOGETHER: usize = 1_000;

/// An answer to a line of a stream: what was kept, or why not. `line` counts from 1.
#[derive(Serialize)]
#[serde(untagged)]
enum LineAnswer<'a> {
    Kept {
        line: u64,
        event: EventNo,
        id: &'a str,
        lots: &'a [LotNo],
        repeated: bool,
    },
    Refused {
        line: u64,
        code: &'a str,
        message: &'a str,
        field: Option<&'a str>,
    },
    /// The last line of a stream that was read to its end.
    Ended {
        done: bool,
        lines: u64,
        kept: u64,
        refused: u64,
    },
    /// The last line of one that broke off: what was answered before is kept, this line and those after it are not.
    Broken {
        line: u64,
        error: &'a str,
        message: &'a str,
    },
}

fn told(out: &mut Vec<u8>, answer: &LineAnswer) -> Result<()> {
    serde_json::to_writer(&mut *out, answer).map_err(Error::internal)?;
    out.push(b'\n');
    Ok(())
}

/// A stream under way.
struct Stream {
    cx: Cx,
    lines: Lines,
    read: u64,
    kept: u64,
    refused: u64,
}

/// Lines in, answers out while they come: a client reads the answers while it sends. Each good line is kept; give a
/// `client_key` so that a stream that broke off can be sent again.
async fn stream(cx: Cx, ask: Ask<(), (), Raw>) -> Result<Response> {
    // a key of the whole request cannot stand for its many transactions
    let cx = Cx { idempotency: None, ..cx };
    let start = Stream { cx, lines: ask.body.lines(), read: 0, kept: 0, refused: 0 };
    let answers = futures_util::stream::unfold(Some(start), |stream| async move {
        let (answer, stream) = stream?.step().await;
        Some((Ok::<_, std::convert::Infallible>(answer), stream))
    });
    // compression asks once more after the end
    let answers = futures_util::StreamExt::fuse(answers);
    let mut response = Response::new(Body::from_stream(answers));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

impl Stream {
    /// Takes what has arrived; answers it, and the stream where it goes on.
    async fn step(mut self) -> (Vec<u8>, Option<Self>) {
        let mut out = Vec::new();
        match self.take(&mut out).await {
            Ok(true) => (out, Some(self)),
            Ok(false) => (out, None),
            Err(e) => {
                if e.kind == Kind::Internal {
                    tracing::error!(error = %e, "a stream of moves broke off");
                }
                out.clear();
                let broken = LineAnswer::Broken { line: self.read + 1, error: &e.code, message: &e.message };
                if told(&mut out, &broken).is_err() {
                    out.clear();
                }
                (out, None)
            }
        }
    }

    async fn take(&mut self, out: &mut Vec<u8>) -> Result<bool> {
        let lines = self.lines.next(TOGETHER).await?;
        let Some((last, _)) = lines.last() else {
            let (lines, kept, refused) = (self.read, self.kept, self.refused);
            told(out, &LineAnswer::Ended { done: true, lines, kept, refused })?;
            return Ok(false);
        };
        let last = *last;
        let (mut moves, mut places, mut wrong) = (Vec::with_capacity(lines.len()), Vec::new(), Vec::new());
        let mut bytes = 0;
        for (no, line) in &lines {
            bytes += line.len() as u64;
            match kit_web::ask::parse_json::<NewMove>(line) {
                Ok(mv) => {
                    moves.push(mv);
                    places.push(*no);
                }
                Err(e) => wrong.push((*no, e)),
            }
        }
        drop(lines);
        let kept = if moves.is_empty() {
            Captured::default()
        } else {
            let line = self.cx.who.line(&self.cx.address);
            let _leave = self.cx.house.fair.enter(line, bytes).await?;
            self.cx.act(move |act| moves::capture(act, Mode::Each, "api", &moves)).await?
        };
        self.read = last;
        self.kept += kept.kept.len() as u64;
        self.refused += (kept.refused.len() + wrong.len()) as u64;
        answer_all(out, &places, &kept, &wrong)?;
        Ok(true)
    }
}

/// One answer for each line, in their order.
fn answer_all(out: &mut Vec<u8>, places: &[u64], captured: &Captured, wrong: &[(u64, Error)]) -> Result<()> {
    let kept = captured.kept.iter().map(|k| {
        let line = places[k.index];
        (line, LineAnswer::Kept { line, event: k.event, id: &k.id, lots: &k.lots, repeated: k.repeated })
    });
    let refused = captured.refused.iter().map(|r| {
        let (line, field) = (places[r.index], r.field.as_deref());
        (line, LineAnswer::Refused { line, code: &r.code, message: &r.message, field })
    });
    let wrong = wrong.iter().map(|(line, e)| {
        let (line, field) = (*line, e.field.as_deref());
        (line, LineAnswer::Refused { line, code: &e.code, message: &e.message, field })
    });
    let mut all: Vec<(u64, LineAnswer)> = kept.chain(refused).chain(wrong).collect();
    all.sort_by_key(|(line, _)| *line);
    all.iter().try_for_each(|(_, answer)| told(out, answer))
}

#[derive(Deserialize, JsonSchema)]
struct EventPath {
    id: String,
}

async fn declare_wrong(cx: Cx, ask: Ask<EventPath, (), Json<Declaration>>) -> Result<Json<Declared>> {
    cx.act(move |act| correct::declare_wrong(act, &ask.path.id, &ask.body.0)).await.map(Json)
}
