//! Finds the holders and tells them: scope, batches, lines, then a task and a notice each, in parts. Running it again adds who is
//! new and writes anew what the ledger knows; what was reported stays.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use kit_base::amount::Shown;
use kit_base::clock::{china_day, china_text};
use kit_base::{Error, Millis, Result, Unit};
use kit_docs::table::out::{Field, OutColumn};
use kit_flow::papers::fill::{Block, Content};
use kit_flow::papers::template::Look;
use kit_jobs::{Kind, Running};
use kit_sheets::out::{Export, Format};
use kit_web::{Act, Actor, Cx, House};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::actions::report::stands;
use crate::actions::trace::{Traced, trace};
use crate::actions::{named, outside};
use crate::model::{Batch, Line, Recall, Task, TaskQuery, TaskRow};
use crate::rules::report::Stand;
use crate::rules::{level, setting};
use crate::store::recalls::{self, Scoped};
use crate::store::tasks::{self, NewTask};

pub const ISSUE: Kind<House> = Kind { name: "recall.issue", run: issue };
pub const EXPORT: Kind<House> = Kind { name: "recall.export", run: export };

/// Tasks of one transaction.
const PART: usize = 500;

fn issue(house: &House, job: &Running) -> Result<String> {
    let id = job.input.clone();
    let gone = || Error::not_found("没有这次召回");
    let found = house.db.read_blocking(|tx| {
        let recall = recalls::by_id(tx, &id)?.ok_or_else(gone)?;
        let recall = named(tx, recall)?;
        let traced = trace(tx, house, recall.lot)?;
        let batches = traced.batches(tx)?;
        Ok((recall, traced, batches))
    });
    let (recall, traced, batches) = found?;
    if recall.closed_at.is_some() {
        return Ok(String::new());
    }
    let lines = traced.lines();
    let cx = house_cx(house);
    let (one, kept) = (recall.clone(), lines.clone());
    let (book, scoped) = (batches.clone(), traced);
    cx.act_blocking(move |act| write_scope(act, &one, &scoped, &book, &kept))?;
    let told = tell(house, &cx, job, &recall, &batches, lines)?;
    let result = json!({ "recall": recall.id, "issued": told });
    Ok(result.to_string())
}

/// The house itself, from a job.
fn house_cx(house: &House) -> Cx {
    Cx::internal(Arc::new(house.clone()), Actor::house("食品召回"), "recall.issue")
}

fn write_scope(act: &mut Act, recall: &Recall, t: &Traced, batches: &[Batch], lines: &[Line]) -> Result<()> {
    let id = recall.id.as_str();
    let had: HashSet<i64> = tasks::batches(act.tx, id, i64::MAX)?.iter().map(|b| b.origin).collect();
    let (old, new): (Vec<&Batch>, Vec<&Batch>) = batches.iter().partition(|b| had.contains(&b.origin));
    let new: Vec<Batch> = new.into_iter().cloned().collect();
    tasks::add_batches(act.tx, id, &new)?;
    for batch in old {
        tasks::set_batch(act.tx, id, batch)?;
    }
    let mut had: HashMap<(String, i64), Line> = HashMap::new();
    tasks::each_line(act.tx, id, &mut |l| {
        had.insert((l.party.clone(), l.origin), l);
        Ok(())
    })?;
    let mut new = Vec::new();
    for line in lines {
        match had.remove(&(line.party.clone(), line.origin)) {
            None => new.push(line.clone()),
            Some(_) => tasks::set_book(act.tx, id, line)?,
        }
    }
    tasks::add_lines(act.tx, id, &new)?;
    // the ledger says now that these have nothing to do with it: a correction
    for gone in had.into_values() {
        let none =
            Line { due: 0, book_on_hand: 0, book_sold: 0, book_gone: 0, book_open: 0, unknown: 0, ..gone };
        tasks::set_book(act.tx, id, &none)?;
    }
    restand(act, recall)?;
    outside::keep(act, recall, &t.scope.outside)?;
    let hash = t.hash();
    let scoped = Scoped {
        event: t.event,
        at: act.now,
        micros: t.micros,
        hash: &hex::encode(hash),
        certain: t.scope.lots_certain,
        possible: t.scope.lots_possible,
    };
    recalls::scoped(act.tx, id, &scoped)?;
    act.tx.fact("recall_scope", format!("{id}#{}", t.event), hash);
    act.subject("recall", id, &recall.division);
    act.note(json!({ "event": t.event, "batches": batches.len(), "lines": lines.len() }));
    Ok(())
}

/// Who had reported may answer for something else now, or for more: then it is asked again.
fn restand(act: &mut Act, recall: &Recall) -> Result<()> {
    let due_at = act.now + setting("report_hours")? * 3_600_000;
    let mut messages = Vec::new();
    for party in tasks::answered(act.tx, &recall.id)? {
        match stands(act.tx, &recall.id, &party)? {
            Stand::Open => {
                tasks::reopen(act.tx, &recall.id, &party, due_at)?;
                for user in accounts::of_business(act.tx, &party, act.now)? {
                    messages.push(message(recall, user, due_at));
                }
            }
            reported => tasks::set_state(act.tx, &recall.id, &party, reported.code())?,
        }
    }
    notices::send(act, &messages)
}

/// A task and a notice for everybody who answers for something and has none yet. Answers how many.
fn tell(
    house: &House,
    cx: &Cx,
    job: &Running,
    recall: &Recall,
    batches: &[Batch],
    lines: Vec<Line>,
) -> Result<usize> {
    let names: Arc<HashMap<i64, (String, String)>> =
        Arc::new(batches.iter().map(|b| (b.origin, (b.food.clone(), b.batch.clone()))).collect());
    let mut of: BTreeMap<String, Vec<Line>> = BTreeMap::new();
    for line in lines.into_iter().filter(|l| l.due != 0 || l.book_on_hand != 0 || l.unknown != 0) {
        of.entry(line.party.clone()).or_default().push(line);
    }
    // whoever recalls has a task also when nothing of it is left there: what comes back is confirmed in it
    of.entry(recall.party.clone()).or_default();
    let had: HashSet<String> =
        house.db.read_blocking(|tx| tasks::parties(tx, &recall.id))?.into_iter().collect();
    of.retain(|party, _| !had.contains(party));
    let (total, mut done) = (of.len(), 0);
    let mut waiting = of.into_iter().peekable();
    while waiting.peek().is_some() {
        let part: Vec<(String, Vec<Line>)> = waiting.by_ref().take(PART).collect();
        done += part.len();
        let (recall, names) = (recall.clone(), names.clone());
        cx.act_blocking(move |act| tell_part(act, &recall, &names, &part))?;
        job.progress(done as u64, Some(total as u64), "正在发出召回通知")?;
    }
    let recall = recall.clone();
    cx.act_blocking(move |act| {
        if total > 0 {
            tell_offices(act, &recall)?;
        }
        recalls::issued(act.tx, &recall.id, act.now)
    })?;
    Ok(total)
}

fn tell_part(
    act: &mut Act,
    recall: &Recall,
    names: &HashMap<i64, (String, String)>,
    part: &[(String, Vec<Line>)],
) -> Result<()> {
    let county = kit_flow::store::projection::county(&recall.division).to_owned();
    let organ = accounts::in_charge(act.tx, &county)?.map_or_else(|| "市场监督管理局".to_owned(), |b| b.name);
    let ids: Vec<String> = part.iter().map(|(party, _)| party.clone()).collect();
    let known: HashMap<String, parties::store::facts::PartyFact> =
        parties::store::facts::parties(act.tx, &ids)?.into_iter().map(|p| (p.id.clone(), p)).collect();
    let due_at = act.now + setting("report_hours")? * 3_600_000;
    let mut no = tasks::last_no(act.tx, &recall.id)?;
    let mut new = Vec::with_capacity(part.len());
    let mut messages = Vec::new();
    for (party, lines) in part {
        let Some(fact) = known.get(party) else { continue };
        no += 1;
        let number = format!("{}通知第{no}号", recall.number);
        let content = notice(recall, &organ, &number, &fact.name, lines, names, act.now, due_at)?;
        let paper = serde_json::to_string(&content).map_err(Error::internal)?;
        let hash: [u8; 32] = Sha256::digest(paper.as_bytes()).into();
        act.tx.fact("recall_notice", format!("{}#{no}", recall.id), hash);
        for user in accounts::of_business(act.tx, party, act.now)? {
            messages.push(message(recall, user, due_at));
        }
        let task = Task {
            recall: recall.id.clone(),
            party: party.clone(),
            no,
            name: fact.name.clone(),
            code: fact.code.clone(),
            kind: fact.kind.clone(),
            division: fact.division.clone(),
            lon: fact.lon,
            lat: fact.lat,
            certain: lines.is_empty() || lines.iter().any(|l| l.certain),
            number,
            issued_at: act.now,
            due_at,
            seen_at: None,
            reported_at: None,
            changed_at: None,
            state: if lines.is_empty() { "settled" } else { "open" }.into(),
        };
        new.push(NewTask { task, paper, hash: hex::encode(hash) });
    }
    tasks::add_tasks(act.tx, &new)?;
    notices::send(act, &messages)?;
    act.subject("recall", &recall.id, &recall.division);
    act.note(json!({ "issued": new.len(), "to": no }));
    Ok(())
}

/// Holders in whose name nobody signs in are the work of the officers of their county: reported by them, at the door or by telephone.
fn tell_offices(act: &mut Act, recall: &Recall) -> Result<()> {
    let mut messages = Vec::new();
    for county in tasks::counties(act.tx, &recall.id, &recall.unit)? {
        let mut alone = 0;
        for party in tasks::open_in(act.tx, &recall.id, &county.division)? {
            if accounts::of_business(act.tx, &party, act.now)?.is_empty() {
                alone += 1;
            }
        }
        if alone == 0 {
            continue;
        }
        for (user, _) in accounts::officers_at(act.tx, &county.division, act.now)? {
            messages.push(notices::New {
                user,
                kind: "task",
                title: format!("食品召回：{alone} 家持有单位没有账号"),
                body: format!(
                    "{} 批号{}：辖区内有 {alone} 家持有单位无人登录，请上门或电话核实，代为报告现存、已售、销毁、退回的数量",
                    recall.food, recall.batch
                ),
                link: format!("/recall-visits/{}", recall.id),
                simulated: recall.simulated,
            });
        }
    }
    notices::send(act, &messages)
}

fn message(recall: &Recall, user: String, due_at: Millis) -> notices::New {
    notices::New {
        user,
        kind: "task",
        title: format!("食品召回：{} 批号{}", recall.food, recall.batch),
        body: format!(
            "请立即停止销售、封存，并于 {} 前报告现存、已售、销毁、退回的数量",
            china_text(due_at).replace('T', " ")
        ),
        link: format!("/my-recalls/{}", recall.id),
        simulated: recall.simulated,
    }
}

/// What a holder is told.
#[allow(clippy::too_many_arguments, reason = "the parts of one document")]
fn notice(
    recall: &Recall,
    organ: &str,
    number: &str,
    name: &str,
    lines: &[Line],
    names: &HashMap<i64, (String, String)>,
    now: Millis,
    due_at: Millis,
) -> Result<Content> {
    let level = level(recall.grade)?;
    let shown =
        |n: i64, unit: &str| Unit::parse(unit).map_or_else(|| n.to_string(), |u| Shown(n, u).to_string());
    let row = |l: &Line| {
        let (food, batch) = names.get(&l.origin).cloned().unwrap_or_default();
        let sure = if l.certain { "确定" } else { "可能" };
        let amounts = [l.due, l.book_on_hand, l.book_sold];
        let mut cells = vec![food, batch, sure.to_owned()];
        cells.extend(amounts.map(|n| shown(n, &l.unit)));
        cells
    };
    let heads = ["食品", "批号", "关联", "应当说明", "台账现存", "台账已售"];
    let day = china_day(now);
    let blocks = match lines.is_empty() {
        true => vec![Block::Text(format!(
            "你单位实施的召回（{}，“{}”批号{}，{}）已通知各持有单位。台账中你单位已无这批食品；请逐家确认退回的数量，并在监管人员见证下处置。",
            recall.number, recall.food, recall.batch, level.name
        ))],
        false => vec![
            Block::Text(format!(
                "{}生产的“{}”（批号{}）因{}，实施{}（{}）。经追溯，你单位经营过下列食品：",
                recall.party_name, recall.food, recall.batch, recall.reason, level.name, recall.number
            )),
            Block::Table {
                title: String::new(),
                heads: heads.map(str::to_owned).to_vec(),
                rows: lines.iter().take(200).map(row).collect(),
            },
            Block::Text(format!(
                "依据食品安全法第六十三条，请立即停止经营并封存上述食品，通知相关生产经营者和消费者，于{}前报告现存、已售、销毁、退回的数量并附照片，配合召回。",
                china_text(due_at).replace('T', " ")
            )),
        ],
    };
    Ok(Content {
        look: Look::Letter,
        organ: organ.to_owned(),
        title: "食品召回通知书".to_owned(),
        number: number.to_owned(),
        addressee: name.to_owned(),
        blocks,
        remedies: Vec::new(),
        date: format!("{}年{}月{}日", day.year(), day.month(), day.day()),
        signs: Vec::new(),
        simulated: recall.simulated,
    })
}

/// What a list of tasks is exported from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExportInput {
    pub recall: String,
    pub format: Format,
    pub list: TaskQuery,
    pub actor: String,
}

const HEADINGS: [&str; 16] = [
    "序号",
    "单位",
    "主体码",
    "区划",
    "关联",
    "通知书",
    "应当说明",
    "现存",
    "已售",
    "销毁与补救",
    "退回",
    "去向不明",
    "其中原因已核定",
    "状态",
    "报告时间",
    "数据标记",
];

fn export(house: &House, job: &Running) -> Result<String> {
    let input: ExportInput = serde_json::from_str(&job.input).map_err(Error::internal)?;
    let mut out =
        Export::begin(house, input.format, "召回任务", &input.actor, &HEADINGS.map(OutColumn::text))?;
    let now = house.clock.now();
    house.db.read_blocking(|tx| {
        let simulated = recalls::by_id(tx, &input.recall)?.is_some_and(|r| r.simulated);
        tasks::each(tx, &input.recall, &input.list, now, &mut |t| out.row(row(&t, simulated)))
    })?;
    out.end()
}

fn row(t: &TaskRow, simulated: bool) -> Vec<Field<'_>> {
    let amount = |n: Option<i64>| n.map_or(Field::Empty, Field::Whole);
    vec![
        Field::Whole(t.task.no),
        Field::from(t.task.name.as_str()),
        Field::from(t.task.code.as_str()),
        Field::from(t.task.division.as_str()),
        Field::from(if t.task.certain { "确定" } else { "可能" }),
        Field::from(t.task.number.as_str()),
        Field::Whole(t.due),
        amount(t.on_hand),
        amount(t.sold),
        amount(t.disposed),
        amount(t.returned),
        amount(t.open),
        amount(t.open.map(|_| t.accepted)),
        Field::from(match t.task.state.as_str() {
            "open" => "待报告",
            "reported" => "已报告",
            _ => "已了结",
        }),
        t.task.changed_at.map_or(Field::Empty, |at| Field::Text(china_text(at).into())),
        Field::from(if simulated { "模拟数据" } else { "" }),
    ]
}
