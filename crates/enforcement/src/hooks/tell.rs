//! The party is told of what is served on it and of its time limits; the investigators of what it answers.

use kit_base::Result;
use kit_flow::Case;
use kit_flow::log::{Body, Effect, Entry};
use kit_web::Act;
use notices::New;

use crate::actions::measure::ids;
use crate::rules::served;

/// What the party did, as its investigators are told.
const ANSWERS: [(&str, &str); 4] = [
    ("answer", "当事人提交了陈述、申辩，请复核"),
    ("request_hearing", "当事人要求听证，请在举行的七个工作日前通知"),
    ("request_later", "当事人申请延期、分期缴纳罚款，请报批"),
    ("tell_paid", "当事人报告已缴款，请核对后登记"),
];

pub fn tell(act: &mut Act, case: &Case, entry: &Entry, body: &Body) -> Result<()> {
    if let Some((_, text)) = ANSWERS.iter().find(|(action, _)| *action == entry.action) {
        return tell_office(act, case, text);
    }
    let texts: Vec<String> = body.effects.iter().filter_map(|e| to_party(case, e)).collect();
    let Some(text) = texts.into_iter().next() else { return Ok(()) };
    let o = &case.state.opened;
    let owners = accounts::near(act.tx, &["business_owner"], &o.division, &o.business, "", act.now)?;
    let d = &case.pinned.definition;
    let messages: Vec<New> = owners
        .into_iter()
        .map(|owner| New {
            user: owner.user,
            kind: "task",
            title: format!("{}（{}）", d.name, o.number),
            body: text.clone(),
            link: format!("/my-cases/{}", case.id),
            simulated: o.simulated,
        })
        .collect();
    notices::send(act, &messages)
}

/// One sentence of what came upon the party; `None` where nothing did.
fn to_party(case: &Case, effect: &Effect) -> Option<String> {
    let (d, state) = (&case.pinned.definition, &case.state);
    let until = |clock: &str| state.clocks.get(clock).map(|t| t.due.last_day.clone());
    match effect {
        Effect::Issued { code, .. } => {
            let document = served::handed_by(d, &d.kind, code)?;
            let name = d.document(document).map(|x| x.name.clone()).unwrap_or_default();
            let more = match document {
                "notice" => until("statement").map(|day| format!("，{day} 以前可以陈述、申辩")),
                "decision" => until("payment").map(|day| format!("，罚没款请于 {day} 以前缴清")),
                "instalment" => until("payment_later").map(|day| format!("，最后缴款日 {day}")),
                "urging" => until("urging").map(|day| format!("，请于 {day} 以前履行")),
                _ => None,
            };
            Some(format!("已向本单位送达《{name}》{}", more.unwrap_or_default()))
        }
        Effect::Reminded(clock) if served::CLOCKS.contains(&clock.as_str()) => {
            let name = d.clock(clock).map_or("", |c| &c.name);
            Some(format!("{name}即将届满，最后一日 {}", until(clock).unwrap_or_default()))
        }
        Effect::Flagged(flag) if flag == "unpaid" => {
            Some("罚没款逾期未缴，每日按罚款数额的百分之三加处罚款".to_owned())
        }
        _ => None,
    }
}

fn tell_office(act: &mut Act, case: &Case, text: &str) -> Result<()> {
    let data = serde_json::Value::Object(case.state.data.clone());
    let mut people = ids(&data, "investigators");
    people.extend(ids(&data, "officers"));
    let o = &case.state.opened;
    let messages: Vec<New> = people
        .into_iter()
        .map(|user| New {
            user,
            kind: "task",
            title: o.title.clone(),
            body: text.to_owned(),
            link: format!("/cases/{}", case.id),
            simulated: o.simulated,
        })
        .collect();
    notices::send(act, &messages)
}
