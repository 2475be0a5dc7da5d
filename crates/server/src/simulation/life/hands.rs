//! The hands of everybody in the sample city: requests through the router of the house, as browsers and phones send them.
//!
//! What was answered is noted in a journal beside the database, so that a life that broke off goes on: the same stories
//! run again, are told what they were told, and only what is missing is done. A write that was done and not noted has the
//! same idempotency key, and gets the answer that was kept.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::sync::Weak;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, header};
use kit_base::{Error, Millis, Result};
use kit_db::Tx;
use kit_web::{Actor, Gate, House};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tower::ServiceExt as _;

/// Says who somebody is by user id alone. Only the copy of the house in which a life is lived has it, and no network
/// leads there.
pub struct Inside(pub Weak<House>);

impl Gate for Inside {
    fn identify(&self, tx: &mut Tx, token: &str, now: Millis) -> Result<Option<Actor>> {
        match self.0.upgrade() {
            Some(house) => crate::opening::person_at(&house, tx, token, now),
            None => Ok(None),
        }
    }
}

/// One answer of the journal.
#[derive(Serialize, Deserialize)]
struct Line {
    story: usize,
    step: u32,
    answer: Value,
}

/// The router, and the journal of what it answered.
pub struct Hands {
    router: Router,
    /// Steps of each story so far.
    steps: RefCell<HashMap<usize, u32>>,
    known: RefCell<HashMap<(usize, u32), Value>>,
    journal: RefCell<std::fs::File>,
    sent: Cell<u64>,
}

/// What is sent.
pub struct Letter<'a> {
    /// User id; empty for the public.
    pub who: &'a str,
    pub method: Method,
    pub path: &'a str,
    pub media: &'a str,
    /// Name of the file that it is; empty: it is none.
    pub name: &'a str,
    pub body: Vec<u8>,
}

impl Hands {
    /// Opens the journal; what it has is not done again. A last line that was cut off is not believed.
    pub fn open(router: Router, journal: &Path) -> Result<Self> {
        let mut known = HashMap::new();
        let file = std::fs::OpenOptions::new().create(true).read(true).append(true).open(journal)?;
        let (mut reader, mut text, mut whole) = (BufReader::new(&file), String::new(), 0);
        while reader.read_line(&mut text)? > 0 {
            let Ok(line) = serde_json::from_str::<Line>(&text) else { break };
            known.insert((line.story, line.step), line.answer);
            whole += text.len() as u64;
            text.clear();
        }
        file.set_len(whole)?;
        Ok(Self {
            router,
            steps: RefCell::default(),
            known: RefCell::new(known),
            journal: RefCell::new(file),
            sent: Cell::new(0),
        })
    }

    /// Requests that were really made.
    pub fn sent(&self) -> u64 {
        self.sent.get()
    }

    /// Number of the next step of a story.
    pub fn step(&self, story: usize) -> u32 {
        let mut steps = self.steps.borrow_mut();
        let step = steps.entry(story).or_default();
        *step += 1;
        *step
    }

    /// What the journal has for a step.
    pub fn known(&self, story: usize, step: u32) -> Option<Value> {
        self.known.borrow_mut().remove(&(story, step))
    }

    /// Notes an answer.
    pub fn note(&self, story: usize, step: u32, answer: &Value) -> Result<()> {
        let line = Line { story, step, answer: answer.clone() };
        let mut text = serde_json::to_vec(&line).map_err(Error::internal)?;
        text.push(b'\n');
        Ok(self.journal.borrow_mut().write_all(&text)?)
    }

    /// Sends one request; answers its body as JSON.
    ///
    /// Errors: `life_refused` with what was asked and answered.
    pub async fn send(&self, story: usize, letter: Letter<'_>) -> Result<Value> {
        let step = self.step(story);
        if let Some(answer) = self.known(story, step) {
            return Ok(answer);
        }
        self.sent.set(self.sent.get() + 1);
        let mut request = Request::builder().method(letter.method.clone()).uri(letter.path);
        if !letter.who.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", letter.who));
        }
        if !letter.media.is_empty() {
            request = request
                .header(header::CONTENT_TYPE, letter.media)
                .header("idempotency-key", format!("life-{story}-{step}"));
        }
        if !letter.name.is_empty() {
            let name: String = letter.name.bytes().map(|b| format!("%{b:02X}")).collect();
            request = request.header("x-file-name", name);
        }
        let request = request.body(Body::from(letter.body)).map_err(Error::internal)?;
        let answered = self.router.clone().oneshot(request).await.map_err(Error::internal)?;
        let status = answered.status();
        let body = axum::body::to_bytes(answered.into_body(), 64 << 20).await.map_err(Error::internal)?;
        if !status.is_success() {
            let text = String::from_utf8_lossy(&body).into_owned();
            let told = format!("{} {}: {status} {text}", letter.method, letter.path);
            return Err(Error::conflict("life_refused", told));
        }
        let answer = serde_json::from_slice(&body).unwrap_or(Value::Null);
        self.note(story, step, &answer)?;
        Ok(answer)
    }
}
