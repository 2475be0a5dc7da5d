//! Lists of changed divisions taken in, and what lies in divisions that are no more put under those that came after.

use std::sync::Arc;

use kit_base::{Defect, Error, Kind, Result};
use kit_docs::sheet::{Book, Limits};
use kit_docs::table::{Column, Import, Line, Table};
use kit_files::Files;
use kit_sheets::{Place, SHEET_LIMIT};
use kit_web::{Act, Actor, Cx, House};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::divisions::{DivisionChange, Divisions, today, with};
use crate::model::{Change, FieldChange};
use crate::reference;
use crate::rules::divisions as rules;
use crate::store::divisions as kept;
use crate::store::{self, Whole};

/// Rows of one list: the whole country changes some hundred a year.
const MOST_ROWS: usize = 5_000;
/// Changes that an answer lists, and defects.
const SHOWN: usize = 200;
/// Businesses put under another division in one transaction.
const BATCH: i64 = 500;

/// What rooms above keep of where a business lies, and put in step when it comes to lie elsewhere: business, division.
pub type MovedFn = fn(&mut kit_db::Tx, &str, &str) -> Result<()>;

/// The server puts those of the rooms above into the house.
#[derive(Default)]
pub struct MovedFns(pub Vec<MovedFn>);

/// The sheet that lists come in.
pub fn table() -> Table {
    Table::new("区划变更")
        .column(
            Column::date("day", "变更日期")
                .required()
                .alias("生效日期")
                .example("2026-03-01")
                .help("新区划开始的日期"),
        )
        .column(Column::code("old_code", "原代码").example("410902").help("新设的区划留空"))
        .column(Column::text("old_name", "原名称", 60).example("华龙区"))
        .column(
            Column::code("new_code", "新代码")
                .example("410982")
                .help("撤销而没有后继的留空；只改名称的与原代码相同"),
        )
        .column(Column::text("new_name", "新名称", 60).example("华龙市"))
        .column(Column::text("basis", "依据", 200).alias("文号").help("批复文号"))
        .note("一行是一对原、新区划；一个区划分成几个的写几行，只划出一部分的按街道（乡镇）逐行列出")
}

/// What a list changes, or what is wrong with it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct DivisionPlan {
    /// Rows of the list.
    pub rows: i64,
    /// Rows that were taken in before.
    pub known: i64,
    /// New changes; the first 200 are listed.
    pub total: i64,
    pub changes: Vec<PlannedChange>,
    /// Businesses that will lie in another division, on the day of the change or at once where that is past.
    pub businesses: i64,
    /// Businesses of divisions that are divided among several and not by street: an officer must say where each lies.
    pub undecided: i64,
    /// Why the list is not taken in; nothing of it is then.
    pub defects: Vec<Place>,
    /// All of them, also those not listed.
    pub defects_total: i64,
    /// The job that puts businesses under their new divisions; empty before a list is taken in, and where nothing is new.
    pub job: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct PlannedChange {
    #[serde(flatten)]
    pub change: DivisionChange,
    /// renamed 更名, moved 代码变更或划转, divided 分为几个, set_up 新设, ended 撤销
    pub kind: String,
    /// Businesses that lie there.
    pub businesses: i64,
}

/// A list with rows that cannot be read.
struct Faulty {
    rows: i64,
    /// The first of them.
    defects: Vec<Defect>,
    total: i64,
}

/// Reads a list that was sent. Errors: those of a file that is no sheet; `too_many_rows`.
fn read(files: &Files, hash: &str) -> Result<Result<Vec<Line>, Faulty>> {
    let file = files.get(hash)?.ok_or_else(|| Error::internal("the list is gone"))?;
    let table = table();
    let mut book = Book::open(file, table.name(), &Limits { file_bytes: SHEET_LIMIT, ..Limits::default() })?;
    let at = book.pick(table.name());
    let mut import = Import::begin(&table, book.rows(at)?)?;
    let mut lines = Vec::new();
    while let Some(line) = import.next() {
        lines.push(line?);
        if import.read() > MOST_ROWS as u64 {
            let text = format!("一份清单最多 {MOST_ROWS} 行，请分成几份");
            return Err(Error::new(Kind::TooLarge, "too_many_rows", text));
        }
    }
    let report = import.finish()?;
    if report.rejected > 0 {
        let (rows, defects, total) = (report.read as i64, report.defects, report.defects_total as i64);
        return Ok(Err(Faulty { rows, defects, total }));
    }
    Ok(Ok(lines))
}

fn stated(line: &Line) -> Result<rules::Stated<'_>, Defect> {
    let text = |key: &str| line.record.text(key).unwrap_or_default().trim().to_owned();
    let day = line.record.date("day").and_then(kit_base::PartialDate::day);
    let day = day.ok_or_else(|| line.defect("day", "date_partial", "请写到日，如 2026-03-01"))?;
    let change = DivisionChange {
        day: day.to_string(),
        old_code: rules::plain(&text("old_code")),
        old_name: text("old_name"),
        new_code: rules::plain(&text("new_code")),
        new_name: text("new_name"),
        basis: text("basis"),
    };
    Ok(rules::Stated { change, line })
}

/// What a list would change. The second is what is to be kept.
pub fn plan(act: &mut Act, file: &str) -> Result<(DivisionPlan, Vec<DivisionChange>)> {
    let mut plan = DivisionPlan {
        rows: 0,
        known: 0,
        total: 0,
        changes: Vec::new(),
        businesses: 0,
        undecided: 0,
        defects: Vec::new(),
        defects_total: 0,
        job: String::new(),
    };
    let lines = match read(&act.cx.house.files, file)? {
        Ok(lines) => lines,
        Err(Faulty { rows, defects, total }) => {
            (plan.rows, plan.defects_total) = (rows, total);
            plan.defects = defects.into_iter().take(SHOWN).map(Place::from).collect();
            return Ok((plan, Vec::new()));
        }
    };
    plan.rows = lines.len() as i64;
    let there = kept::all(act.tx)?;
    let (stated, wrong): (Vec<_>, Vec<_>) = lines.iter().map(stated).partition(Result::is_ok);
    let mut defects: Vec<Defect> = wrong.into_iter().filter_map(Result::err).collect();
    let new = match rules::check(reference::get(), &there, stated.into_iter().flatten().collect()) {
        Ok(new) => new,
        Err(more) => {
            defects.extend(more);
            Vec::new()
        }
    };
    if !defects.is_empty() {
        plan.defects_total = defects.len() as i64;
        plan.defects = defects.into_iter().take(SHOWN).map(Place::from).collect();
        return Ok((plan, Vec::new()));
    }
    plan.total = new.len() as i64;
    plan.known = plan.rows - plan.total;
    weigh(act, &mut plan, &there, &new)?;
    Ok((plan, new))
}

/// Counts what the changes are about.
fn weigh(
    act: &mut Act,
    plan: &mut DivisionPlan,
    there: &[DivisionChange],
    new: &[DivisionChange],
) -> Result<()> {
    let all: Vec<DivisionChange> = there.iter().chain(new).cloned().collect();
    let last = all.iter().map(|c| c.day.as_str()).max().unwrap_or_default();
    let after = with(&all, last);
    let mut counted: Vec<String> = Vec::new();
    for change in new {
        let ended = !change.old_code.is_empty() && change.old_code != change.new_code;
        let businesses =
            if change.old_code.is_empty() { 0 } else { kept::lying_in(act.tx, &change.old_code)? };
        let divided = after.division(&change.old_code).is_some_and(|d| d.successors.len() > 1);
        if ended && !counted.contains(&change.old_code) {
            counted.push(change.old_code.clone());
            match after.now(&change.old_code) {
                Some(_) => plan.businesses += businesses,
                None => plan.undecided += businesses,
            }
        }
        if plan.changes.len() < SHOWN {
            let kind = match (change.old_code.is_empty(), change.new_code.is_empty()) {
                (true, _) => "set_up",
                (_, true) => "ended",
                _ if !ended => "renamed",
                _ if divided => "divided",
                _ => "moved",
            };
            plan.changes.push(PlannedChange { change: change.clone(), kind: kind.to_owned(), businesses });
        }
    }
    Ok(())
}

/// Takes a list in, whole or not at all; what lies in ended divisions follows by a job ([`follow`]).
///
/// Errors: `divisions_refused` with the defects.
pub fn import(act: &mut Act, file: &str, name: &str) -> Result<DivisionPlan> {
    let (plan, new) = plan(act, file)?;
    if plan.defects_total > 0 {
        let text = format!("清单有 {} 处错误，全部改正后再导入；现在什么都没有导入", plan.defects_total);
        let defects = plan.defects.into_iter();
        let defects =
            defects.map(|d| Defect { place: d.place, code: d.code.into(), message: d.message }).collect();
        return Err(Error::new(Kind::Invalid, "divisions_refused", text).with_defects(defects));
    }
    act.subject("divisions", name, "");
    act.note(json!({ "file": file, "rows": plan.rows, "changes": plan.total }));
    if new.is_empty() {
        return Ok(plan);
    }
    let actor = act.who().name.clone();
    kept::add(act.tx, &new, name, &actor, act.now)?;
    let all = Arc::new(kept::all(act.tx)?);
    let (held, now) = (act.cx.house.held::<Divisions>(), act.now);
    act.tx.after_commit(move || drop(held.put(all, now)));
    let job = act.enqueue(FOLLOW, "", "主体随区划变更")?;
    Ok(DivisionPlan { job, ..plan })
}

/// Name of the job that follows changes.
pub const FOLLOW: &str = "parties.divisions";

/// Puts businesses and their places, that lie in divisions that are no more, under the one that came after; answers how many
/// businesses. Those of divided divisions stay until somebody says where they lie. Runs as often as it may.
pub fn follow(house: &House, step: &mut dyn FnMut(u64) -> Result<()>) -> Result<u64> {
    let house = Arc::new(house.clone());
    let known = today(&house);
    let mut moved = 0;
    for (ended, _) in &known.heirs {
        let mut after = String::new();
        loop {
            let cx = Cx::internal(Arc::clone(&house), Actor::house("区划变更"), FOLLOW);
            let (known, ended, from) = (Arc::clone(&known), ended.clone(), after.clone());
            let found = {
                let (ended, from) = (ended.clone(), from.clone());
                house.db.read_blocking(move |tx| kept::parties_in(tx, &ended, &from, BATCH))?
            };
            let Some((last, ..)) = found.last() else { break };
            after.clone_from(last);
            let found: Vec<_> = found
                .into_iter()
                .filter_map(|(id, at, _)| known.now(&at).filter(|now| *now != at).map(|now| (id, now)))
                .collect();
            if !found.is_empty() {
                moved += found.len() as u64;
                cx.act_blocking(move |act| found.iter().try_for_each(|(id, to)| put(act, id, to)))?;
            }
            step(moved)?;
        }
        places(&house, &known, ended)?;
    }
    Ok(moved)
}

/// Further places of businesses that lie in an ended division.
fn places(house: &Arc<House>, known: &Arc<reference::Reference>, ended: &str) -> Result<()> {
    let mut after = String::new();
    loop {
        let (known, ended, from) = (Arc::clone(known), ended.to_owned(), after.clone());
        let last = house.db.write_blocking(move |tx| {
            let found = kept::sites_in(tx, &ended, &from, BATCH)?;
            for (id, at) in &found {
                if let Some(now) = known.now(at).filter(|now| now != at) {
                    kept::move_site(tx, id, &now)?;
                }
            }
            Ok(found.into_iter().next_back().map(|(id, _)| id))
        })?;
        match last {
            Some(last) => after = last,
            None => return Ok(()),
        }
    }
}

/// Puts one business under another division, with its place in the log of changes.
fn put(act: &mut Act, id: &str, division: &str) -> Result<()> {
    let Some(mut party) = store::by_id(act.tx, id)? else { return Ok(()) };
    let old = std::mem::replace(&mut party.division, division.to_owned());
    party.seq = store::take_seq(act.tx, 1)?;
    kept::move_party(act.tx, id, division, party.seq, act.now)?;
    let field = FieldChange { field: "division".into(), old, new: division.to_owned() };
    let actor = act.who().name.clone();
    let change = Change { at: act.now, actor, action: "division".to_owned(), changes: vec![field] };
    store::add_change(act.tx, &act.id(), id, party.seq, &change)?;
    act.subject("party", id, division);
    moved(act, id, division)?;
    let licences = store::licences(act.tx, id)?;
    super::write::feed(act, &Whole { party, licences, people: Vec::new() });
    Ok(())
}

/// What others keep of where a business lies follows it.
pub(super) fn moved(act: &mut Act, id: &str, division: &str) -> Result<()> {
    let rooms = act.cx.house.try_held::<MovedFns>().map(|all| all.0.clone()).unwrap_or_default();
    rooms.into_iter().try_for_each(|room| room(act.tx, id, division))
}

/// Changes that were taken in, the latest day first.
pub fn taken_in(tx: &mut kit_db::Tx) -> Result<Vec<DivisionChange>> {
    let mut all = kept::all(tx)?;
    all.sort_by(|a, b| (&b.day, &a.old_code, &a.new_code).cmp(&(&a.day, &b.old_code, &b.new_code)));
    Ok(all)
}
