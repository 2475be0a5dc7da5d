//! Deliveries: what is new since the last acknowledgement goes out, one delivery at a time for each subscription.

use std::sync::Mutex;

use kit_base::{Error, Ids, Millis, Result};
use kit_db::Tx;
use kit_jobs::Running;
use kit_web::House;
use serde_json::Value;

use super::{query_params, schedule_of};
use crate::actions::epcis::view;
use crate::epcis::query::{Order, Query, Span};
use crate::model::EventNo;
use crate::store::epcis_view::{self, Part};
use crate::store::subscriptions::{self as store, Subscription};
use crate::subscribe::courier::{Answer, Courier, Parcel};

/// The duty's name.
pub const DELIVER: &str = "trace.deliver";
/// How often the duty looks for what is new.
const EVERY: Millis = 5_000;
/// Events in one delivery.
const BATCH: usize = 200;
/// Receivers called at the same time.
const HANDS: usize = 4;
/// Deliveries of one subscription in a row before the others have their turn.
const IN_A_ROW: usize = 50;
/// After this many failures in a row the subscription waits for its owner.
pub const MOST_FAILURES: i64 = 12;

/// Makes sure that the duty comes round.
pub fn ensure(tx: &mut Tx, ids: &Ids, now: Millis) -> Result<()> {
    kit_jobs::ensure(tx, ids, now, DELIVER, "发送 EPCIS 订阅", now + EVERY)
}

/// The duty: delivers all that is due, and comes again while there are subscriptions. A failure is logged and tried again
/// with the next round: the duty itself never ends.
pub fn run(house: &House, job: &Running) -> Result<String> {
    let sent = deliver_due(house, &|| job.progress(0, None, "正在发送")).unwrap_or_else(|e| {
        tracing::error!(error = %e, "subscriptions were not delivered");
        0
    });
    let (now, ids) = (house.clock.now(), house.ids.clone());
    house.db.write_blocking(move |tx| begin_duty(tx, &ids, now))?;
    Ok(format!("{{\"sent\":{sent}}}"))
}

/// Queues the duty where there are subscriptions.
pub fn begin_duty(tx: &mut Tx, ids: &Ids, now: Millis) -> Result<()> {
    if store::any_active(tx)? { ensure(tx, ids, now) } else { Ok(()) }
}

/// Delivers what is due now; answers how many deliveries were acknowledged.
pub fn deliver_due(house: &House, go_on: &(dyn Fn() -> Result<()> + Sync)) -> Result<u64> {
    // two rounds at once could send a delivery that the other has just seen acknowledged
    let courier = house.held::<Courier>();
    let Some(_turn) = courier.turn() else { return Ok(0) };
    let now = house.clock.now();
    let due = house.db.read_blocking(|tx| store::due(tx, now))?;
    if due.is_empty() {
        return Ok(0);
    }
    view::carry_on(&house.db, i64::MAX)?;
    let queue = Mutex::new((due.into_iter(), 0_u64));
    std::thread::scope(|scope| {
        for _ in 0..HANDS {
            scope.spawn(|| {
                loop {
                    let next = queue.lock().ok().and_then(|mut q| q.0.next());
                    let Some(id) = next else { return };
                    match deliver_all(house, &id, go_on) {
                        Ok(n) => drop(queue.lock().map(|mut q| q.1 += n)),
                        Err(e) => tracing::error!(subscription = %id, error = %e, "delivery broke off"),
                    }
                }
            });
        }
    });
    let sent = queue.lock().map(|q| q.1).unwrap_or_default();
    Ok(sent)
}

fn deliver_all(house: &House, id: &str, go_on: &dyn Fn() -> Result<()>) -> Result<u64> {
    let mut sent = 0;
    for _ in 0..IN_A_ROW {
        go_on()?;
        match deliver_one(house, id)? {
            Step::Sent => sent += 1,
            Step::Skipped => {}
            Step::Done => break,
        }
    }
    Ok(sent)
}

enum Step {
    /// A delivery was acknowledged; there may be more.
    Sent,
    /// Events that are not asked for were passed over; there may be more.
    Skipped,
    Done,
}

/// What the next delivery is.
struct Ready {
    s: Subscription,
    events: Vec<Value>,
    upto: EventNo,
}

/// What is to be written down before anything is sent.
enum Plan {
    Nothing,
    Pause(&'static str),
    /// Nothing asked for up to here; whether that was all.
    Skip(Box<Subscription>, EventNo, Millis, bool),
    Send(Box<Ready>),
}

fn deliver_one(house: &House, id: &str) -> Result<Step> {
    let now = house.clock.now();
    let ready = match house.db.read_blocking(|tx| plan(tx, house, id, now))? {
        Plan::Nothing => return Ok(Step::Done),
        Plan::Pause(note) => {
            let id = id.to_owned();
            house.db.write_blocking(move |tx| store::pause(tx, &id, note))?;
            return Ok(Step::Done);
        }
        Plan::Skip(s, upto, due_at, last) => {
            house.db.write_blocking(move |tx| store::skip(tx, &s, upto, due_at))?;
            return Ok(if last { Step::Done } else { Step::Skipped });
        }
        Plan::Send(ready) => *ready,
    };
    if ready.s.pending.is_none() {
        // its end is written down before it goes out: sent again, it is the same
        let (s, upto) = (ready.s.clone(), ready.upto);
        if !house.db.write_blocking(move |tx| store::begin(tx, &s, upto))? {
            return Ok(Step::Done);
        }
    }
    let count = ready.events.len() as i64;
    let document = view::document(&house.public_url, now, &ready.s.query, Some(&ready.s.id), ready.events);
    let answer = send(house, &ready.s, document.to_string().as_bytes());
    record(house, &ready.s, ready.upto, count, answer)
}

/// What a subscription is to be sent next.
fn plan(tx: &mut Tx, house: &House, id: &str, now: Millis) -> Result<Plan> {
    let Some(s) = store::by_id(tx, id)?.filter(|s| s.active && s.due_at <= now) else {
        return Ok(Plan::Nothing);
    };
    let who = house.held::<accounts::Accounts>().gate.actor_of(tx, &s.owner, now)?;
    let Some(who) = who.filter(|who| who.may("trace.subscribe") && who.may("trace.read")) else {
        return Ok(Plan::Pause("订阅人已停用或不再有订阅权限"));
    };
    let mut query = Query::read(&query_params(tx, &s.owner, &s.query)?)
        .map_err(|w| Error::internal(format!("a kept query is wrong: {}", w.message)))?
        .recorded_from(Span { from: s.initial_at, before: None });
    query.order = Order::Recorded;
    (query.limit, query.most) = (None, None);
    let scope = who.scope_for("trace.read");
    let again = s.pending.is_some();
    let end = match s.pending {
        Some(pending) => pending,
        None => epcis_view::mark(tx)?,
    };
    let size = if again { usize::MAX } else { BATCH };
    let mut part = Part { after: s.cursor, upto: end, last: None };
    let mut answer = view::ask(tx, &scope, &query, &house.public_url, part, size)?;
    while let Some(last) = answer.next.filter(|_| again) {
        part.last = Some(last);
        let more = view::ask(tx, &scope, &query, &house.public_url, part, size)?;
        answer.events.extend(more.events);
        answer.next = more.next;
    }
    let last = answer.next.is_none();
    let upto = answer.next.map_or(end, |(_, no)| no);
    let report = !answer.events.is_empty() || (last && s.report_if_empty && !s.schedule.is_empty());
    if !again && !report {
        let due_at = if last { next_due(&s, now)? } else { s.due_at };
        return Ok(Plan::Skip(Box::new(s), upto, due_at, last));
    }
    let events = answer.events.into_iter().map(|(_, event)| event).collect();
    Ok(Plan::Send(Box::new(Ready { s, events, upto })))
}

/// When a subscription that has nothing left is looked at again.
fn next_due(s: &Subscription, now: Millis) -> Result<Millis> {
    match schedule_of(s)? {
        None => Ok(now),
        Some(schedule) => Ok(schedule.next(now)?.unwrap_or(i64::MAX)),
    }
}

fn send(house: &House, s: &Subscription, body: &[u8]) -> Result<Answer> {
    let token = match s.token.as_str() {
        "" => None,
        sealed => {
            let opened = house.held::<accounts::Accounts>().vault.unseal(&s.id, sealed)?;
            Some(String::from_utf8(opened).map_err(Error::internal)?)
        }
    };
    let parcel = Parcel { dest: &s.dest, subscription: &s.id, seq: s.seq + 1, token: token.as_deref(), body };
    house.held::<Courier>().send(&parcel)
}

/// What became of a delivery, in one transaction with the cursor.
fn record(
    house: &House,
    s: &Subscription,
    upto: EventNo,
    events: i64,
    answer: Result<Answer>,
) -> Result<Step> {
    let now = house.clock.now();
    let seq = s.seq + 1;
    let (s, outcome) = (s.clone(), outcome(seq, answer));
    house.db.write_blocking(move |tx| match outcome {
        Outcome::Acknowledged => {
            if !store::acknowledge(tx, &s, upto, events, now)? {
                return Ok(Step::Done);
            }
            // an empty report is the last of its round
            if events == 0 {
                let moved = Subscription { seq, ..s.clone() };
                store::skip(tx, &moved, upto, next_due(&s, now)?)?;
                return Ok(Step::Done);
            }
            Ok(Step::Sent)
        }
        Outcome::Lost(last) => match store::upto(tx, &s.id, last)? {
            Some(cursor) => {
                store::back_to(tx, &s.id, cursor, last)?;
                Ok(Step::Skipped)
            }
            None => fail(tx, &s, &format!("接收方要求从第 {last} 次之后重发，但没有这一次的记录"), now),
        },
        Outcome::Failed(note) => fail(tx, &s, &note, now),
    })
}

enum Outcome {
    Acknowledged,
    /// The receiver has deliveries only up to this one.
    Lost(i64),
    Failed(String),
}

/// A success acknowledges; so does a conflict of a receiver that says it has this delivery already. A conflict that names
/// an earlier one asks for those after it again.
fn outcome(seq: i64, answer: Result<Answer>) -> Outcome {
    match answer {
        Ok(Answer { status: 200..=299, .. }) => Outcome::Acknowledged,
        Ok(Answer { status: 409, acknowledged: Some(last) }) if last >= seq => Outcome::Acknowledged,
        Ok(Answer { status: 409, acknowledged: Some(last) }) if last >= 0 && last < seq - 1 => {
            Outcome::Lost(last)
        }
        Ok(answer) => Outcome::Failed(format!("接收方应答 {}", answer.status)),
        Err(e) => Outcome::Failed(e.message),
    }
}

fn fail(tx: &mut Tx, s: &Subscription, note: &str, now: Millis) -> Result<Step> {
    let failures = s.failures + 1;
    let pause = failures >= MOST_FAILURES;
    let note =
        if pause { format!("连续 {failures} 次失败，已暂停：{note}") } else { note.to_owned() };
    store::fail(tx, s, &note, now + patience(failures), pause)?;
    Ok(Step::Done)
}

/// Five seconds after the first failure, twice as long after each further one, an hour at most.
pub fn patience(failures: i64) -> Millis {
    (5_000_i64 << (failures - 1).clamp(0, 10)).min(3_600_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_grows_to_an_hour() {
        let waits: Vec<i64> = (1..=12).map(|n| patience(n) / 1000).collect();
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]);
    }

    #[test]
    fn only_a_success_or_a_known_number_acknowledges() {
        let kind = |status, acknowledged| match outcome(5, Ok(Answer { status, acknowledged })) {
            Outcome::Acknowledged => "ack".to_owned(),
            Outcome::Lost(n) => format!("lost {n}"),
            Outcome::Failed(_) => "failed".to_owned(),
        };
        let table = [
            (200, None, "ack"),
            (204, Some(2), "ack"),
            (409, Some(5), "ack"),
            (409, Some(3), "lost 3"),
            (409, Some(4), "failed"),
            (409, None, "failed"),
            (302, None, "failed"),
            (500, Some(5), "failed"),
            (409, Some(-1), "failed"),
        ];
        for (status, acknowledged, expected) in table {
            assert_eq!(kind(status, acknowledged), expected, "{status} {acknowledged:?}");
        }
    }
}
