//! A sheet of businesses in: good rows go in, bad ones come back as a file to mend.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use kit_base::{Defect, Error, Result};
use kit_db::Tx;
use kit_docs::table::Line;
use kit_jobs::{Kind, Running};
use kit_sheets::{Outcome, Reach, Upload, take_in, try_out};
use kit_web::{House, Scope};
use serde::{Deserialize, Serialize};

use crate::actions::{Brought, Existing, Incoming, Source, take_in as bring};
use crate::divisions;
use crate::reference;
use crate::search::Search;
use crate::sheet::{self, Reader};

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
    /// Do everything, keep nothing.
    #[serde(default)]
    pub dry_run: bool,
}

fn run(house: &House, job: &Running) -> Result<String> {
    let input: ImportInput = serde_json::from_str(&job.input).map_err(Error::internal)?;
    let source = Source {
        origin: job.id.clone(),
        actor: input.actor.clone(),
        existing: input.existing,
        simulated: false,
    };
    let mut work = Work {
        house: house.clone(),
        scope: Arc::new(Scope::from(input.reach.clone())),
        source: Arc::new(source),
        reader: Reader::new(divisions::today(house)),
        seen: HashMap::new(),
    };
    let table = sheet::table(reference::get());
    let result = if input.dry_run {
        let sheet = (input.file.as_str(), input.name.as_str());
        try_out(house, job, sheet, table, BATCH, move |tx, lines| work.keep(&lines, |bring| bring(tx)))?
    } else {
        let upload = Upload { file: &input.file, name: &input.name };
        let db = house.db.clone();
        take_in(house, job, upload, &table, BATCH, &mut |lines| {
            work.keep(&lines, |bring| db.write_blocking(bring))
        })?
    };
    serde_json::to_string(&result).map_err(Error::internal)
}

struct Work {
    house: House,
    scope: Arc<Scope>,
    source: Arc<Source>,
    reader: Reader,
    /// Credit codes (0 for none) of the rows so far, by name, address and county; all as hashes, 32 bytes a row.
    seen: HashMap<u64, Vec<u64>>,
}

/// Writes a batch; answers what became of each input.
type Bring = Box<dyn FnOnce(&mut Tx) -> Result<Vec<Brought>> + Send>;

impl Work {
    /// Writes the good rows in the transaction that `within` gives; answers what became of each row.
    fn keep(
        &mut self,
        lines: &[Line],
        within: impl FnOnce(Bring) -> Result<Vec<Brought>>,
    ) -> Result<Vec<Outcome>> {
        let read: Vec<Result<Incoming, Vec<Defect>>> = lines.iter().map(|line| self.read(line)).collect();
        let (ids, now) = (self.house.ids.clone(), self.house.clock.now());
        let search = self.house.held::<Search>();
        let (source, scope) = (Arc::clone(&self.source), Arc::clone(&self.scope));
        let good: Vec<Incoming> = read.iter().filter_map(|r| r.as_ref().ok()).cloned().collect();
        let mut brought = if good.is_empty() {
            Vec::new().into_iter()
        } else {
            let outcomes = within(Box::new(move |tx| {
                let may = |division: &str, id: &str| scope.covers(division, Some(id));
                bring(tx, &ids, now, &search, &source, &may, good)
            }))?;
            outcomes.into_iter()
        };
        let settle = |(line, read): (&Line, Result<Incoming, Vec<Defect>>)| match read.map(|_| brought.next())
        {
            Err(defects) => Outcome::Refused(defects),
            Ok(Some(Brought::Updated)) => Outcome::Updated,
            Ok(Some(Brought::Refused(error))) => Outcome::Refused(sheet::refusal(line, &error)),
            Ok(_) => Outcome::Added,
        };
        Ok(lines.iter().zip(read).map(settle).collect())
    }

    /// A row as an input, or why not.
    fn read(&mut self, line: &Line) -> Result<Incoming, Vec<Defect>> {
        let incoming = self.reader.read(line)?;
        if !self.scope.covers(&incoming.new.division, None) {
            let text = "不在您的辖区内，请删除此行或由当地登记";
            return Err(vec![line.defect("division", "outside_jurisdiction", text)]);
        }
        if !self.is_new(&incoming) {
            let text = "与前面的一行是同一主体（名称、地址相同），请删除其中一行";
            return Err(vec![line.defect("name", "duplicate_in_file", text)]);
        }
        Ok(incoming)
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
}

fn hashed(parts: &[&str]) -> u64 {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}
