//! The job that takes a sheet in.

use std::collections::BTreeSet;
use std::sync::Arc;

use kit_base::{Defect, Error, Result};
use kit_docs::sheet::{Book, Limits, Row};
use kit_docs::table::{Import, Line};
use kit_jobs::{Kind, Running};
use kit_web::{Act, Actor, Cx, House, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::rows::Rows;
use super::{Place, SheetKind, table};
use crate::actions::moves::Source;

pub const IMPORT: Kind<House> = Kind { name: "trace.import", run };

/// The largest sheet that is taken in.
pub const SHEET_LIMIT: u64 = 256 << 20;
/// Rows that go in together in one transaction; each is a part of its own.
const BATCH: usize = 500;

/// A scope as a job remembers it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Reach {
    Divisions(Vec<String>),
    Businesses(Vec<String>),
}

impl From<&Scope> for Reach {
    fn from(scope: &Scope) -> Self {
        match scope {
            Scope::Divisions(all) => Self::Divisions(all.clone()),
            Scope::Businesses(all) => Self::Businesses(all.clone()),
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportInput {
    /// Hash of the kept sheet.
    pub file: String,
    /// File name without its ending; the sheet name of a CSV.
    pub name: String,
    pub kind: SheetKind,
    /// Business whose ledger it is.
    pub party: String,
    pub create_products: bool,
    /// Who answers for it: id, name, and what the person may do where.
    pub user: String,
    pub actor: String,
    pub reach: Reach,
    pub declare: bool,
}

impl ImportInput {
    fn who(&self) -> Actor {
        let scope = match &self.reach {
            Reach::Divisions(all) => Scope::Divisions(all.clone()),
            Reach::Businesses(all) => Scope::Businesses(all.clone()),
        };
        let mut permissions = BTreeSet::from(["trace.capture"]);
        if self.declare {
            permissions.insert("trace.declare");
        }
        Actor {
            user: self.user.clone(),
            name: self.actor.clone(),
            permissions: Arc::new(permissions),
            scope,
            ..Actor::public()
        }
    }
}

/// What became of a sheet.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ImportResult {
    /// Rows that held something.
    pub read: u64,
    pub added: u64,
    pub rejected: u64,
    /// The first 200.
    pub defects: Vec<Place>,
    pub defects_total: u64,
    /// Headings that were not understood.
    pub unknown: Vec<String>,
    /// Hash of the file of rejected rows; empty when there are none.
    pub file: String,
    pub file_name: String,
}

fn open(house: &House, input: &ImportInput) -> Result<Book> {
    let file = house.files.get(&input.file)?.ok_or_else(|| Error::internal("the uploaded sheet is gone"))?;
    Book::open(file, input.kind.name(), &Limits { file_bytes: SHEET_LIMIT, ..Limits::default() })
}

fn run(house: &House, job: &Running) -> Result<String> {
    let input: ImportInput = serde_json::from_str(&job.input).map_err(Error::internal)?;
    // counted first, so that the bar knows its end
    let mut book = open(house, &input)?;
    let at = book.pick(input.kind.name());
    let mut total = 0_u64;
    for row in book.rows(at)? {
        row?;
        total += 1;
    }
    let mut book = open(house, &input)?;
    let table = table(input.kind);
    let cx = Cx::internal(Arc::new(house.clone()), input.who(), "trace.import");
    let mut work = Work { cx, input: Arc::new(input), job: job.id.clone(), waiting: Vec::new(), added: 0 };
    let mut import = Import::begin(&table, book.rows(at)?)?;
    while let Some(line) = import.next() {
        work.waiting.push(line?);
        if work.waiting.len() == BATCH {
            work.store(&mut import)?;
            job.progress(import.read(), Some(total), "正在导入")?;
        }
    }
    work.store(&mut import)?;
    let report = import.finish()?;
    let mut result = ImportResult {
        read: report.read,
        added: work.added,
        rejected: report.rejected,
        defects: report.defects.into_iter().map(Place::from).collect(),
        defects_total: report.defects_total,
        unknown: report.unknown.iter().map(|u| u.heading.clone()).collect(),
        file: String::new(),
        file_name: String::new(),
    };
    if let Some(rejected) = report.file {
        // written beside the store, then kept under its content
        let path = house.files.path(&work.input.file).with_extension(format!("{}.xlsx", job.id));
        rejected.write_xlsx(&path)?;
        let kept = std::fs::File::open(&path).map_err(Error::from).and_then(|f| house.files.put(f, u64::MAX));
        std::fs::remove_file(&path)?;
        result.file = kept?.hash;
        result.file_name = format!("{}-未导入的行.xlsx", work.input.name);
    }
    job.progress(total, Some(total), "完成")?;
    serde_json::to_string(&result).map_err(Error::internal)
}

struct Work {
    cx: Cx,
    input: Arc<ImportInput>,
    job: String,
    waiting: Vec<Line>,
    added: u64,
}

/// Why a row was refused: column, code, message.
type Refusal = (String, String, String);

impl Work {
    /// Writes what waits, in one transaction; what it refuses becomes defects of its rows.
    fn store<R: Iterator<Item = Result<Row>>>(&mut self, import: &mut Import<R>) -> Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let lines = Arc::new(std::mem::take(&mut self.waiting));
        let (input, job, rows) = (Arc::clone(&self.input), self.job.clone(), Arc::clone(&lines));
        let outcomes = self.cx.act_blocking(move |act| {
            let outcomes =
                rows.iter().map(|line| take(act, &input, &job, line)).collect::<Result<Vec<_>>>()?;
            act.subject("job", &job, "");
            act.note(serde_json::json!({ "rows": rows.len(), "kind": input.kind }));
            Ok(outcomes)
        })?;
        for (line, outcome) in lines.iter().zip(outcomes) {
            match outcome {
                None => self.added += 1,
                Some((column, code, message)) => {
                    import.reject(line, vec![defect(line, &column, code, message)])?
                }
            }
        }
        Ok(())
    }
}

fn defect(line: &Line, column: &str, code: String, message: String) -> Defect {
    let mut defect = line.defect(column, "", message);
    defect.code = code.into();
    defect
}

/// One row: whole, or undone with its reason.
fn take(act: &mut Act, input: &ImportInput, job: &str, line: &Line) -> Result<Option<Refusal>> {
    let source = Source { channel: "xlsx", batch: job.to_owned() };
    let rows = Rows {
        kind: input.kind,
        party: &input.party,
        create_products: input.create_products,
        source: &source,
        file: &input.file[..32.min(input.file.len())],
    };
    let (cx, now) = (act.cx, act.now);
    match act.tx.nested(|tx| rows.record(&mut Act::inside(tx, cx, now), line)) {
        Ok(()) => Ok(None),
        Err(e) if matches!(e.kind, kit_base::Kind::Internal | kit_base::Kind::Unavailable) => Err(e),
        Err(e) => Ok(Some((e.field.unwrap_or_default(), e.code.into_owned(), e.message))),
    }
}
