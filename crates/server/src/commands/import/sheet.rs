//! Sheets of businesses and of moves: the same jobs as over HTTP, run here.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use kit_base::{Error, Kind, Result};
use kit_docs::sheet::{Book, Limits};
use kit_web::House;
use serde::Deserialize;
use serde_json::json;
use trace::import::{ImportInput, Place, Reach, SHEET_LIMIT, SheetKind};

use super::{Import, Outcome, SheetOf};

/// Rows above the headings that are looked at.
const LOOK: usize = 20;

pub fn run(command: &Import, house: &Arc<House>, path: &Path) -> Result<Outcome> {
    let of = match command.kind {
        Some(of) => of,
        None => detect(path)?,
    };
    let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let kind = match of {
        SheetOf::Parties => None,
        SheetOf::Purchases => Some(SheetKind::Purchases),
        SheetOf::Sales => Some(SheetKind::Sales),
        SheetOf::Production => Some(SheetKind::Production),
        SheetOf::Products => Some(SheetKind::Products),
    };
    let cx = command.cx(house, "trace.import")?;
    let file = house.files.put(File::open(path)?, SHEET_LIMIT)?.hash;
    let (job_kind, input) = match kind {
        None => {
            let reach = Reach::from(&cx.who.scope);
            let input = json!({ "file": file, "name": stem, "existing": "refuse", "actor": cx.who.name, "reach": reach, "dry_run": command.dry_run });
            ("parties.import", input.to_string())
        }
        Some(kind) => {
            let input = ImportInput {
                file,
                name: stem.clone(),
                kind,
                party: command.party_id(house, &cx.who)?,
                create_products: command.create_products,
                update: false,
                user: cx.who.user.clone(),
                actor: cx.who.name.clone(),
                reach: Reach::from(&cx.who.scope),
                declare: cx.who.may("trace.declare"),
                dry_run: command.dry_run,
            };
            ("trace.import", serde_json::to_string(&input).map_err(Error::internal)?)
        }
    };
    let title = format!("命令行导入 {stem}");
    let job = cx.act_blocking(move |act| act.enqueue(job_kind, &input, &title))?;
    let result = follow(house, &cx.who.user, &job)?;
    outcome(house, &stem, &result)
}

/// What both jobs answer.
#[derive(Deserialize)]
struct Done {
    read: u64,
    added: u64,
    #[serde(default)]
    updated: u64,
    rejected: u64,
    defects: Vec<Place>,
    defects_total: u64,
    unknown: Vec<String>,
    file: String,
    #[serde(default)]
    dry_run: bool,
}

fn outcome(house: &House, stem: &str, result: &str) -> Result<Outcome> {
    let done: Done = serde_json::from_str(result).map_err(Error::internal)?;
    let kept = if done.dry_run { "可导入" } else { "导入" };
    let mut told = vec![format!("读 {} 行", done.read), format!("{kept} {} 行", done.added + done.updated)];
    if !done.unknown.is_empty() {
        told.push(format!("未识别的列：{}", done.unknown.join("、")));
    }
    if done.rejected > 0 {
        told.push(format!("退回 {} 行", done.rejected));
    }
    if !done.file.is_empty()
        && let Some(mut kept) = house.files.get(&done.file)?
    {
        let name = format!("{stem}-未导入的行.xlsx");
        std::io::copy(&mut kept, &mut File::create(&name)?)?;
        told.push(format!("退回的行在 {name}"));
    }
    if done.dry_run {
        told.push("试运行，未保存".to_owned());
    }
    let refused: Vec<_> = done.defects.into_iter().map(|d| (d.place, d.message, d.code)).collect();
    Ok(Outcome { told, refused, refused_total: done.defects_total })
}

/// Runs the queue on a thread of its own and follows the job on a bar; answers the job's result.
fn follow(house: &Arc<House>, owner: &str, job: &str) -> Result<String> {
    let bar = ProgressBar::no_length();
    if let Ok(style) = ProgressStyle::with_template("{prefix:<8} [{bar:32}] {pos}/{len} {msg} {elapsed}") {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_prefix("导入");
    bar.enable_steady_tick(Duration::from_millis(200));
    let worker = {
        let house = house.clone();
        std::thread::spawn(move || {
            kit_jobs::run_due(&*house, &crate::rooms::job_kinds(), &house.db, &house.clock)
        })
    };
    let find = || house.db.read_blocking(|tx| kit_jobs::find(tx, owner, job));
    while !worker.is_finished() {
        if let Some(now) = find()? {
            bar.set_length(u64::try_from(now.total.unwrap_or(0)).unwrap_or(0));
            bar.set_position(u64::try_from(now.done).unwrap_or(0));
            bar.set_message(now.note);
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    bar.finish_and_clear();
    worker.join().map_err(|_| Error::internal("the import thread panicked"))??;
    let done = find()?.ok_or_else(|| Error::internal("the import's job is gone"))?;
    match (done.result, done.error) {
        (Some(result), _) => Ok(result),
        (None, Some(error)) => Err(Error::new(Kind::Invalid, "import_refused", error)),
        (None, None) => Err(Error::internal("the import's job did not end")),
    }
}

fn open(path: &Path, name: &str) -> Result<Book> {
    Book::open(File::open(path)?, name, &Limits { file_bytes: SHEET_LIMIT, ..Limits::default() })
}

/// Which sheet it is by its name, else by the headings that no other sheet has.
fn detect(path: &Path) -> Result<SheetOf> {
    let mut book = open(path, "CSV")?;
    let names = [
        ("主体", SheetOf::Parties),
        ("进货", SheetOf::Purchases),
        ("销售", SheetOf::Sales),
        ("生产", SheetOf::Production),
        ("产品", SheetOf::Products),
    ];
    if let Some((_, of)) = names.iter().find(|(name, _)| book.sheets().iter().any(|s| s.name.trim() == *name))
    {
        return Ok(*of);
    }
    let at = book.pick("");
    let mut headings: Vec<String> = Vec::new();
    for row in book.rows(at)?.take(LOOK) {
        headings.extend(row?.cells.iter().map(|c| c.shown().trim().trim_end_matches('*').to_owned()));
    }
    let has = |names: &[&str]| headings.iter().any(|h| names.contains(&h.as_str()));
    let marks: [(&[&str], SheetOf); 5] = [
        (&["业态", "主体业态"], SheetOf::Parties),
        (&["供货者", "供应商", "供货单位", "供货者名称", "进货日期", "收货日期"], SheetOf::Purchases),
        (&["购货者", "客户", "购货单位", "销售日期", "发货日期", "收货者"], SheetOf::Sales),
        (&["计量方式", "包装含量", "执行标准"], SheetOf::Products),
        (&["原料", "投料", "原辅料", "检验人", "出厂检验人"], SheetOf::Production),
    ];
    let mut found = marks.iter().filter(|(names, _)| has(names)).map(|(_, of)| *of);
    match (found.next(), found.next()) {
        (Some(of), None) => Ok(of),
        _ => {
            let text = "看不出是哪一种表，请用 --kind parties|purchases|sales|production|products 指明，或使用导入模板";
            Err(Error::invalid("kind", "sheet_kind_unknown", text))
        }
    }
}
