//! A sheet of businesses in: good rows go in, bad ones come back as a file to mend.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use kit_base::{Defect, Error, Result};
use kit_docs::sheet::{Book, Limits, Row};
use kit_docs::table::{Import, Line};
use kit_jobs::{Kind, Running};
use kit_web::{House, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Reach;
use crate::actions::{Brought, Existing, Incoming, Source, take_in};
use crate::reference;
use crate::search::Search;
use crate::sheet::{self, Reader, SHEET};

pub const IMPORT: Kind<House> = Kind { name: "parties.import", run };

/// Rows that go in together in one transaction.
const BATCH: usize = 1_000;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportInput {
    /// Hash of the kept sheet.
    pub file: String,
    /// File name without its ending; the sheet name of a CSV.
    pub name: String,
    pub existing: Existing,
    pub actor: String,
    pub reach: Reach,
}

/// What became of a sheet.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ImportResult {
    /// Rows that held something.
    pub read: u64,
    pub added: u64,
    pub updated: u64,
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

/// A defect as the result keeps it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    pub place: String,
    pub code: String,
    pub message: String,
}

impl From<Defect> for Place {
    fn from(d: Defect) -> Self {
        Self { place: d.place, code: d.code.into_owned(), message: d.message }
    }
}

fn run(house: &House, job: &Running) -> Result<String> {
    let input: ImportInput = serde_json::from_str(&job.input).map_err(Error::internal)?;
    let open = || -> Result<Book> {
        let file =
            house.files.get(&input.file)?.ok_or_else(|| Error::internal("the uploaded sheet is gone"))?;
        let limits = Limits { file_bytes: super::SHEET_LIMIT, ..Limits::default() };
        Book::open(file, SHEET, &limits)
    };
    // counted first, so that the bar knows its end
    let mut book = open()?;
    let at = book.pick(SHEET);
    let mut total = 0_u64;
    for row in book.rows(at)? {
        row?;
        total += 1;
    }
    let mut book = open()?;
    let table = sheet::table(reference::get());
    let source = Source {
        origin: job.id.clone(),
        actor: input.actor.clone(),
        existing: input.existing,
        simulated: false,
    };
    let mut work = Work {
        house,
        scope: Arc::new(Scope::from(input.reach.clone())),
        source: Arc::new(source),
        reader: Reader::new(reference::get()),
        waiting: VecDeque::new(),
        seen: HashMap::new(),
        added: 0,
        updated: 0,
    };
    let mut import = Import::begin(&table, book.rows(at)?)?;
    while let Some(line) = import.next() {
        work.take(&mut import, line?)?;
        if work.waiting.len() == BATCH {
            work.store(&mut import)?;
            job.progress(import.read(), Some(total), "正在导入")?;
        }
    }
    work.store(&mut import)?;
    let (added, updated) = (work.added, work.updated);
    let report = import.finish()?;
    let mut result = ImportResult {
        read: report.read,
        added,
        updated,
        rejected: report.rejected,
        defects: report.defects.into_iter().map(Place::from).collect(),
        defects_total: report.defects_total,
        unknown: report.unknown.iter().map(|u| u.heading.clone()).collect(),
        file: String::new(),
        file_name: String::new(),
    };
    if let Some(rejected) = report.file {
        let path = tempfile::Builder::new().suffix(".xlsx").tempfile()?.into_temp_path();
        rejected.write_xlsx(&path)?;
        result.file = super::keep(&house.files, &path)?.hash;
        result.file_name = format!("{}-未导入的行.xlsx", input.name);
    }
    job.progress(total, Some(total), "完成")?;
    serde_json::to_string(&result).map_err(Error::internal)
}

struct Work<'h> {
    house: &'h House,
    scope: Arc<Scope>,
    source: Arc<Source>,
    reader: Reader,
    waiting: VecDeque<(Line, Incoming)>,
    /// Credit codes (0 for none) of the rows so far, by name, address and county; all as hashes, 32 bytes a row.
    seen: HashMap<u64, Vec<u64>>,
    added: u64,
    updated: u64,
}

impl Work<'_> {
    fn take<R: Iterator<Item = Result<Row>>>(&mut self, import: &mut Import<R>, line: Line) -> Result<()> {
        match self.reader.read(&line) {
            Err(defects) => import.reject(&line, defects),
            Ok(incoming) if !self.scope.covers(&incoming.new.division, None) => {
                let text = "不在您的辖区内，请删除此行或由当地登记";
                let defect = line.defect("division", "outside_jurisdiction", text);
                import.reject(&line, vec![defect])
            }
            Ok(incoming) if !self.is_new(&incoming) => {
                let text = "与前面的一行是同一主体（名称、地址相同），请删除其中一行";
                import.reject(&line, vec![line.defect("name", "duplicate_in_file", text)])
            }
            Ok(incoming) => {
                self.waiting.push_back((line, incoming));
                Ok(())
            }
        }
    }

    /// Whether no earlier row is the same business: the same name and address, and the same credit code or none.
    fn is_new(&mut self, incoming: &Incoming) -> bool {
        let new = &incoming.new;
        let place = hashed(&[&new.name, &new.address, new.division.get(..6).unwrap_or_default()]);
        let uscc = new.uscc.as_deref().map_or(0, |code| hashed(&[code]));
        let earlier = self.seen.entry(place).or_default();
        if !earlier.is_empty() && (uscc == 0 || earlier.iter().any(|e| *e == 0 || *e == uscc)) {
            return false;
        }
        earlier.push(uscc);
        true
    }

    /// Writes what waits, in one transaction; what it refuses becomes defects of its rows.
    fn store<R: Iterator<Item = Result<Row>>>(&mut self, import: &mut Import<R>) -> Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let (lines, batch): (Vec<Line>, Vec<Incoming>) = self.waiting.drain(..).unzip();
        let (ids, now) = (self.house.ids.clone(), self.house.clock.now());
        let search = self.house.held::<Search>();
        let (source, scope) = (Arc::clone(&self.source), Arc::clone(&self.scope));
        let outcomes = self.house.db.write_blocking(move |tx| {
            let may = |division: &str, id: &str| scope.covers(division, Some(id));
            take_in(tx, &ids, now, &search, &source, &may, batch)
        })?;
        for (line, outcome) in lines.iter().zip(outcomes) {
            match outcome {
                Brought::Added | Brought::Again => self.added += 1,
                Brought::Updated => self.updated += 1,
                Brought::Refused(error) => import.reject(line, sheet::refusal(line, &error))?,
            }
        }
        Ok(())
    }
}

fn hashed(parts: &[&str]) -> u64 {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}
