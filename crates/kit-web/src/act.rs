//! The audit wrapper: a write is one transaction with its audit row, its jobs, and the answer kept for a repeat.

use kit_base::{Error, Ids, Kind, Millis, Result};
use kit_db::Tx;
use kit_jobs::NewJob;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::audit;
use crate::cx::{Actor, Cx};

/// A write under way.
pub struct Act<'a, 'c> {
    pub tx: &'a mut Tx<'c>,
    pub cx: &'a Cx,
    pub now: Millis,
    subject: String,
    division: String,
    note: Value,
}

impl<'a, 'c> Act<'a, 'c> {
    /// A part of a write that may fail alone (see [`Tx::nested`]); its subject and note are those of the whole.
    pub fn inside(tx: &'a mut Tx<'c>, cx: &'a Cx, now: Millis) -> Self {
        Self { tx, cx, now, subject: String::new(), division: String::new(), note: Value::Null }
    }

    pub fn who(&self) -> &'a Actor {
        &self.cx.who
    }

    pub fn ids(&self) -> &'a Ids {
        &self.cx.house.ids
    }

    pub fn id(&self) -> String {
        self.cx.house.ids.next(self.now)
    }

    /// Names what this is done to, for the audit: kind, id, and the division it lies in.
    pub fn subject(&mut self, kind: &str, id: &str, division: &str) {
        self.subject = format!("{kind}:{id}");
        self.division = division.to_owned();
    }

    /// What changed, for the audit. Personal data does not belong here.
    pub fn note(&mut self, note: Value) {
        self.note = note;
    }

    /// Enqueues a job that belongs to this write; answers its id.
    pub fn enqueue(&mut self, kind: &'static str, input: &str, title: &str) -> Result<String> {
        let owner = self.cx.who.user.clone();
        let job = NewJob { kind, input, title, owner: &owner, due_at: self.now };
        kit_jobs::enqueue(self.tx, &self.cx.house.ids, self.now, &job)
    }
}

impl Cx {
    /// Runs a write: authorisation of the route has been checked; `f` decides and stores; the audit row and the kept
    /// answer go into the same transaction. A repeat with the same `Idempotency-Key` gets the first answer.
    ///
    /// Errors: those of `f`; `idempotency_mismatch` when the key was used for another request.
    pub async fn act<T, F>(&self, f: F) -> Result<T>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: FnOnce(&mut Act) -> Result<T> + Send + 'static,
    {
        let cx = self.clone();
        self.house.db.write(move |tx| acting(tx, &cx, f)).await
    }

    /// [`Cx::act`] for commands and jobs on threads of their own.
    pub fn act_blocking<T, F>(&self, f: F) -> Result<T>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: FnOnce(&mut Act) -> Result<T> + Send + 'static,
    {
        let cx = self.clone();
        self.house.db.write_blocking(move |tx| acting(tx, &cx, f))
    }

    /// Writes that personal data was looked at; the answer is given only after this is durable.
    pub async fn looked(
        &self,
        action: &'static str,
        subject: &str,
        division: &str,
        what: &str,
    ) -> Result<()> {
        let (cx, note) = (self.clone(), json!({ "looked_at": what }));
        let (subject, division) = (subject.to_owned(), division.to_owned());
        self.house
            .db
            .write(move |tx| {
                let now = cx.now();
                audit::append(tx, &cx, action, now, &subject, &division, &note)
            })
            .await
    }
}

fn acting<T, F>(tx: &mut Tx, cx: &Cx, f: F) -> Result<T>
where
    T: Serialize + DeserializeOwned,
    F: FnOnce(&mut Act) -> Result<T>,
{
    if let Some(answer) = earlier_answer(tx, cx)? {
        return serde_json::from_str(&answer).map_err(Error::internal);
    }
    let now = cx.now();
    let mut act = Act { tx, cx, now, subject: String::new(), division: String::new(), note: Value::Null };
    let value = f(&mut act)?;
    let Act { subject, division, note, .. } = act;
    if let Some(idem) = &cx.idempotency {
        let answer = serde_json::to_string(&value).map_err(Error::internal)?;
        audit::keep_answer(tx, cx, idem, &answer, now)?;
    }
    // last, so that the head of the chain is held only for the commit; the ledger's leaf goes with it
    audit::append(tx, cx, cx.action, now, &subject, &division, &note)?;
    Ok(value)
}

fn earlier_answer(tx: &mut Tx, cx: &Cx) -> Result<Option<String>> {
    let Some(idem) = &cx.idempotency else { return Ok(None) };
    let Some((request, answer)) = audit::kept_answer(tx, cx, idem)? else { return Ok(None) };
    if request != cx.request_hash {
        return Err(Error::new(
            Kind::Conflict,
            "idempotency_mismatch",
            "同一个 Idempotency-Key 已用于另一个请求，请换一个",
        ));
    }
    Ok(Some(answer))
}
