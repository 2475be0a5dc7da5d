//! The certificate of procedure: for each mandatory step who did it, when, and whether in time, from the log alone.

use std::collections::BTreeSet;

use kit_base::Millis;
use kit_flow::State;
use kit_flow::history::History;
use kit_flow::state::Phase;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A mandatory step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ProcedureStep")]
pub struct Line {
    pub name: String,
    pub statute: String,
    /// done, waiting, missing (the case is past it), `not_due` (the law does not ask for it here)
    pub state: String,
    pub who: Vec<String>,
    pub at: Option<Millis>,
    /// The last day in time, in China; empty where the law sets none.
    pub due: String,
    /// `null`: nothing was done yet, or there is no limit.
    pub on_time: Option<bool>,
    /// Separations and other things that the law asks for: whether they were kept. `null`: none, or not yet known.
    pub apart: Option<bool>,
    pub note: String,
    /// Entry of the log.
    pub seq: Option<i64>,
}

/// What the law asks of a step.
struct Step {
    name: &'static str,
    statute: &'static str,
    /// Any of these actions does it.
    by: &'static [&'static str],
    /// It is done before the last of these is over.
    clocks: &'static [&'static str],
    /// People who did any of these may not do it.
    apart: &'static [&'static str],
    /// So many people at least.
    least: usize,
    asked: fn(&Look) -> bool,
}

/// What the steps look at.
struct Look<'a> {
    state: &'a State,
    /// The penalty asks for a hearing, a legal review and a collective discussion.
    weighty: bool,
    public: bool,
    owes: bool,
}

impl Look<'_> {
    fn flag(&self, code: &str) -> bool {
        self.state.flags.contains(code)
    }

    fn did(&self, action: &str) -> bool {
        self.state.doers.contains_key(action)
    }

    fn filed(&self) -> bool {
        !self.flag("not_filed") && !self.flag("unfounded") && (!self.flag("transferred") || self.did("file"))
    }

    fn decided(&self) -> bool {
        self.filed() && !self.flag("withdrawn") && !self.flag("transferred")
    }
}

const fn step(name: &'static str, statute: &'static str, by: &'static [&'static str]) -> Step {
    Step { name, statute, by, clocks: &[], apart: &[], least: 1, asked: |_| true }
}

const ORDINARY: &[Step] = &[
    Step {
        clocks: &["filing", "filing_longer"], ..step("核查线索", "程序规定：十五个工作日", &["propose"])
    },
    Step {
        clocks: &["filing", "filing_longer"],
        apart: &["propose"],
        ..step("决定是否立案", "行政处罚法第五十四条；程序规定", &["file", "no_file", "transfer"])
    },
    Step {
        least: 2, asked: |l| l.decided(), ..step("两人以上调查", "行政处罚法第四十二条", &["report"])
    },
    Step {
        clocks: &["review"],
        apart: &["report"],
        asked: |l| l.decided(),
        ..step("审核（法制审核）", "行政处罚法第五十八条", &["pass"])
    },
    Step {
        apart: &["report"],
        asked: |l| l.decided(),
        ..step("处罚告知", "行政处罚法第四十四条", &["notify"])
    },
    Step { asked: |l| l.decided(), ..step("告知书送达", "行政处罚法第四十四条", &["told"]) },
    Step {
        asked: |l| l.decided(),
        ..step(
            "听取陈述申辩（期满、放弃或听证）",
            "行政处罚法第四十五条",
            &["statement_over", "waive", "ask_hearing", "request_hearing"],
        )
    },
    Step {
        apart: &["report"],
        asked: |l| l.did("ask_hearing") || l.did("request_hearing"),
        ..step("通知听证", "行政处罚法第六十四条：七个工作日前", &["call_hearing", "drop_hearing"])
    },
    Step {
        apart: &["report"],
        asked: |l| l.did("ask_hearing") || l.did("request_hearing"),
        ..step("举行听证", "行政处罚法第六十三条至第六十五条", &["hear", "drop_hearing"])
    },
    Step {
        asked: |l| l.decided() && l.weighty, ..step("集体讨论", "行政处罚法第五十七条", &["discuss"])
    },
    Step {
        clocks: &["decision", "decision_longer"],
        apart: &["report"],
        asked: |l| l.decided(),
        ..step("作出决定", "行政处罚法第六十条：自立案之日起九十日", &["decide", "exempt"])
    },
    Step {
        clocks: &["service"],
        asked: |l| l.decided(),
        ..step("送达决定书", "行政处罚法第六十一条：七个工作日", &["serve", "serve_exempt"])
    },
    Step {
        clocks: &["payment", "payment_later"],
        asked: |l| l.decided() && l.owes,
        ..step("缴纳罚没款", "行政处罚法第六十七条：十五日", &["pay_off", "go_to_court"])
    },
    Step {
        clocks: &["publication"],
        asked: |l| l.decided() && l.public,
        ..step("公示处罚信息", "令45号：二十个工作日", &["publish", "not_public"])
    },
    Step { asked: |l| l.decided(), ..step("结案归档", "程序规定", &["close"]) },
];

const SIMPLE: &[Step] = &[
    step("当场作出决定", "行政处罚法第五十一条、第五十二条", &["decide", "exempt", "to_ordinary"]),
    Step {
        clocks: &["payment"],
        asked: |l| l.owes,
        ..step("缴纳罚款", "行政处罚法第六十七条：十五日", &["pay_off"])
    },
    Step {
        asked: |l| l.did("decide"), ..step("备案并结案", "行政处罚法第五十二条", &["close"])
    },
];

const PRESERVE: &[Step] = &[
    Step {
        clocks: &["approval"], ..step("批准", "程序规定：二十四小时", &["approve", "refuse"])
    },
    Step {
        clocks: &["listing"],
        least: 2,
        asked: |l| !l.did("refuse"),
        ..step("两人以上清点", "程序规定", &["list"])
    },
    Step {
        clocks: &["seven"],
        asked: |l| !l.did("refuse"),
        ..step("作出处理决定", "行政处罚法第五十六条：七个工作日", &["settle", "release"])
    },
];

const SEIZE: &[Step] = &[
    Step {
        clocks: &["approval"], ..step("批准", "行政强制法第十九条：二十四小时", &["approve", "refuse"])
    },
    Step {
        clocks: &["listing"],
        least: 2,
        asked: |l| !l.did("refuse"),
        ..step("两人以上清点实施", "行政强制法第十八条、第二十四条", &["list"])
    },
    Step {
        clocks: &["term", "longer"],
        asked: |l| !l.did("refuse"),
        ..step("处理或者解除", "行政强制法第二十五条、第二十七条、第二十八条", &["settle", "release"])
    },
];

/// What else is known of a case.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known {
    pub weighty: bool,
    pub public: bool,
    pub owes: bool,
}

/// The lines of a case; empty for kinds that this room does not have.
pub fn lines(kind: &str, state: &State, history: &History, known: Known) -> Vec<Line> {
    let steps = match kind {
        "case" => ORDINARY,
        "case_simple" => SIMPLE,
        "preserve" => PRESERVE,
        "seize" => SEIZE,
        _ => return Vec::new(),
    };
    let look = Look { state, weighty: known.weighty, public: known.public, owes: known.owes };
    let mut lines: Vec<Line> = steps.iter().map(|step| line(step, &look, history)).collect();
    // what a later step stands on and was not done is missing
    let last = lines.iter().rposition(|l| l.state == "done").unwrap_or(0);
    let ended = matches!(state.phase, Phase::Ended(_));
    for (i, line) in lines.iter_mut().enumerate() {
        if line.state == "waiting" && (i < last || ended) {
            line.state = "missing".into();
        }
    }
    lines
}

fn line(step: &Step, look: &Look, history: &History) -> Line {
    let asked = (step.asked)(look);
    // the last that was not taken back
    let done =
        history.steps.iter().rev().find(|s| step.by.contains(&s.action.as_str()) && kept(look, &s.action));
    let who: Vec<String> = match done {
        Some(s) if step.least > 1 => names(look, &s.action),
        Some(s) => vec![if s.user.is_empty() { "系统".into() } else { s.user_name.clone() }],
        None => Vec::new(),
    };
    let run = history.clocks.iter().rev().find(|c| step.clocks.contains(&c.code.as_str()));
    let at = done.map(|s| s.occurred_at);
    let enough = look
        .state
        .doers
        .get(done.map_or("", |s| s.action.as_str()))
        .map(|d| d.iter().map(|p| p.user.as_str()).collect::<BTreeSet<_>>().len() >= step.least);
    let others: BTreeSet<&str> = step
        .apart
        .iter()
        .filter_map(|a| look.state.doers.get(*a))
        .flatten()
        .map(|p| p.user.as_str())
        .collect();
    let apart = done
        .filter(|s| !s.user.is_empty() && !step.apart.is_empty())
        .map(|s| !others.contains(s.user.as_str()));
    Line {
        name: step.name.to_owned(),
        statute: step.statute.to_owned(),
        state: match (done, asked) {
            (Some(_), _) => "done",
            (None, true) => "waiting",
            (None, false) => "not_due",
        }
        .to_owned(),
        who,
        at,
        due: run.map(|r| r.last_day.clone()).unwrap_or_default(),
        on_time: at.zip(run).map(|(at, run)| at < run.late_from),
        apart: if step.least > 1 { enough } else { apart },
        note: note(step, done.map(|s| (&s.action, &s.form)), look),
        seq: done.map(|s| s.seq),
    }
}

/// What was taken back is not among the doers any more.
fn kept(look: &Look, action: &str) -> bool {
    look.state.doers.contains_key(action)
}

fn names(look: &Look, action: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for person in look.state.doers.get(action).into_iter().flatten() {
        if !out.contains(&person.name) {
            out.push(person.name.clone());
        }
    }
    out
}

fn note(step: &Step, done: Option<(&String, &Value)>, look: &Look) -> String {
    let Some((action, form)) = done else { return String::new() };
    let of = |field: &str| form.get(field).and_then(Value::as_str).unwrap_or("");
    match action.as_str() {
        "no_file" => "不予立案".into(),
        "transfer" => "移送".into(),
        "pass" if of("review_kind") == "legal" => "法制审核".into(),
        "pass" => "案件审核".into(),
        "waive" => "当事人放弃".into(),
        "ask_hearing" => "当事人要求听证".into(),
        "statement_over" if look.flag("stated") => "期满，已记录并复核陈述申辩".into(),
        "statement_over" => "期满，未陈述申辩".into(),
        "call_hearing" => format!("听证定于 {}", of("hear_on")),
        "exempt" => "不予处罚".into(),
        "go_to_court" => "已申请强制执行".into(),
        "not_public" => "不予公示".into(),
        _ if step.least > 1 => format!("{} 人", names(look, action).len()),
        _ => String::new(),
    }
}
