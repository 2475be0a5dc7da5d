//! 协查函: letters to the bureau of a producer elsewhere, with what it answers, as the log of the case has them; and the notice to the
//! producer.

use kit_base::clock::china_day;
use kit_base::{Error, Result};
use kit_db::Tx;
use kit_flow::log::{Body, Effect};
use kit_flow::state::Run;
use kit_flow::{Case, store};
use kit_web::Act;
use serde_json::{Value, json};

use super::samples::fresh;
use super::{sides, step};
use crate::model::{Answer, Letter, Sample};
use crate::store::disposal as rows;

/// Of a case, the first first.
pub fn of(tx: &mut Tx, case: &Case) -> Result<Vec<Letter>> {
    let mut out: Vec<Letter> = Vec::new();
    for entry in store::log::entries(tx, &case.id)? {
        let body: Body = serde_json::from_str(&entry.body).map_err(Error::internal)?;
        let text = |field: &str| body.form.get(field).and_then(Value::as_str).unwrap_or("").to_owned();
        match entry.action.as_str() {
            "assist" => out.push(Letter {
                number: number(&body),
                to: text("assist_to"),
                asked: text("assist_asked"),
                sent_at: entry.occurred_at,
                by_name: entry.user_name.clone(),
                last_day: String::new(),
                answer_on: String::new(),
                answer_no: String::new(),
                answer: String::new(),
                answered_by: String::new(),
            }),
            "assist_answer" => {
                let Some(last) = out.last_mut() else { continue };
                (last.answer_on, last.answer_no) = (text("answer_on"), text("answer_no"));
                (last.answer, last.answered_by) = (text("answer"), entry.user_name.clone());
            }
            _ => {}
        }
    }
    let clock = case.state.clocks.get("assist").filter(|c| c.state == Run::Running);
    if let (Some(clock), Some(last)) = (clock, out.last_mut().filter(|l| l.answer.is_empty())) {
        last.last_day = clock.due.last_day.clone();
    }
    Ok(out)
}

/// The number that the letter was given.
fn number(body: &Body) -> String {
    let of = |e: &Effect| match e {
        Effect::Issued { code, number, .. } if code == "assist" => Some(number.clone()),
        _ => None,
    };
    body.effects.iter().find_map(of).unwrap_or_default()
}

/// Before a letter or the notice is written. Errors: `producer_none`, `producer_near`.
pub fn sendable(tx: &mut Tx, sample: &Sample, action: &str) -> Result<()> {
    let maker = sides::maker(tx, sample)?;
    if maker.name.is_empty() {
        return Err(Error::conflict("producer_none", "抽样单没有标称生产者"));
    }
    if action == "assist" && !maker.elsewhere {
        let text = "标称生产者就在本县区，不必协查，请直接告知";
        return Err(Error::conflict("producer_near", text));
    }
    Ok(())
}

/// Before an answer is entered: of a day between the letter and today. Errors: `answer_future`, `answer_early`.
pub fn answerable(tx: &mut Tx, case: &Case, form: &Value, now: kit_base::Millis) -> Result<()> {
    let day = form.get("answer_on").and_then(Value::as_str).unwrap_or("");
    // a form that is no date is told by the form
    let Ok(day) = day.parse::<jiff::civil::Date>() else { return Ok(()) };
    let wrong = |code: &'static str, text: String| Err(Error::invalid("form/answer_on", code, text));
    if day > china_day(now) {
        return wrong("answer_future", "复函日期不能晚于今天".to_owned());
    }
    match of(tx, case)?.last().map(|l| china_day(l.sent_at)) {
        Some(sent) if day < sent => wrong("answer_early", format!("协查函于 {sent} 发出，复函不能更早")),
        _ => Ok(()),
    }
}

/// After the letter or the notice: the bureau asked has the producer's side, and the producer hears of it.
pub fn sent(act: &mut Act, sample: &Sample) -> Result<()> {
    rows::set_producer_told(act.tx, &sample.id, act.now)?;
    sides::give_away(act, sample)?;
    if sample.producer.is_empty() || sample.producer == sample.party {
        return Ok(());
    }
    let own = accounts::of_business(act.tx, &sample.producer, act.now)?;
    let message = |user: String| notices::New {
        user,
        kind: "task",
        title: "标称由贵单位生产的食品抽检不合格".to_owned(),
        body: format!(
            "{}（{}）检验不合格，通知书已出具。请立即控制风险、排查原因；不是贵单位生产的，请向监管部门说明",
            sample.sample_no, sample.food
        ),
        link: "/own-samples".to_owned(),
        simulated: sample.simulated,
    };
    let list: Vec<notices::New> = own.into_iter().map(message).collect();
    notices::send(act, &list)
}

/// Who sent the letter is told that it was answered, or by whom.
pub fn answered(act: &mut Act, sample: &Sample, case: &Case) -> Result<()> {
    let Some(last) = of(act.tx, case)?.pop() else { return Ok(()) };
    let me = act.who().user.clone();
    let near = accounts::near(act.tx, &["leader", "officer"], &sample.division, "", "", act.now)?;
    let body: String =
        format!("{}：{}已复函。{}", last.number, last.to, last.answer).chars().take(400).collect();
    let message = |user: String| notices::New {
        user,
        kind: "answered",
        title: "协查函已答复".to_owned(),
        body: body.clone(),
        link: format!("/samples/{}", sample.id),
        simulated: sample.simulated,
    };
    let list: Vec<notices::New> =
        near.into_iter().filter(|n| n.user != me).map(|n| message(n.user)).collect();
    notices::send(act, &list)
}

/// The bureau that was asked answers by itself: one that has the producer's side. Errors: not found, `stream_given`, those of the flow.
pub fn answer(act: &mut Act, id: &str, new: &Answer) -> Result<Sample> {
    let sample = sides::asked(act.tx, act.who(), id)?;
    let mut form = json!({ "answer_on": new.answer_on, "answer": new.answer });
    if !new.answer_no.trim().is_empty() {
        form["answer_no"] = json!(new.answer_no.trim());
    }
    step(act, &sample, "sampling.serve", "assist_answer", form)?;
    act.note(json!({ "answered": sample.sample_no }));
    fresh(act.tx, id)
}
