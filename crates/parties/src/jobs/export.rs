//! A list of businesses out, as XLSX or CSV.

use std::fs::File;
use std::io::BufWriter;

use kit_base::clock::china_text;
use kit_base::{Error, Result};
use kit_docs::table::out::{CsvOut, XlsxOut};
use kit_jobs::{Kind, Running};
use kit_sheets::{Reach, keep_file};
use kit_web::{House, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::reference;
use crate::search::{Query, Search};
use crate::sheet;
use crate::store::{self, ListFilter};

pub const EXPORT: Kind<House> = Kind { name: "parties.export", run };

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    #[default]
    Xlsx,
    Csv,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExportInput {
    pub format: Format,
    /// Words to search for; empty for all of the filter.
    pub text: String,
    pub filter: ListFilter,
    pub reach: Reach,
    /// Where persons and telephone numbers are written whole: how far the asker's permission for that reaches.
    pub open: Option<Reach>,
    pub actor: String,
}

#[derive(Debug, Serialize)]
struct ExportResult {
    rows: u64,
    file: String,
    file_name: String,
}

/// Where rows go.
enum Out {
    Xlsx(Box<XlsxOut>),
    Csv(Box<CsvOut<BufWriter<File>>>),
}

fn run(house: &House, job: &Running) -> Result<String> {
    let input: ExportInput = serde_json::from_str(&job.input).map_err(Error::internal)?;
    let scope = Scope::from(input.reach.clone());
    let open = input.open.clone().map(Scope::from);
    let reference = reference::get();
    let now = china_text(house.clock.now());
    let suffix = if input.format == Format::Csv { ".csv" } else { ".xlsx" };
    let path = tempfile::Builder::new().suffix(suffix).tempfile()?.into_temp_path();
    let headings = sheet::headings(reference);
    let mut out = match input.format {
        Format::Csv => Out::Csv(Box::new(CsvOut::new(BufWriter::new(File::create(&path)?), &headings)?)),
        Format::Xlsx => {
            let mut book = XlsxOut::new();
            let notes = vec![format!("导出时间 {now}　导出人 {}", input.actor)];
            book.sheet(sheet::SHEET, &headings, &notes)?;
            Out::Xlsx(Box::new(book))
        }
    };
    let mut rows = 0_u64;
    let ids = found(house, &scope, &input);
    let total = match &ids {
        Some(ids) => ids.len() as u64,
        None => {
            let (filter, scope) = (input.filter.clone(), scope.clone());
            house.db.read_blocking(|tx| store::list(tx, &scope, &filter, 1, 1))?.1.unsigned_abs()
        }
    };
    for part in parts(house, &scope, &input, ids)? {
        // a part is read in one go, so that a slow disk does not hold a snapshot for long
        let wholes = house.db.read_blocking(|tx| {
            let mut out = Vec::with_capacity(part.len());
            for party in store::by_ids(tx, &part)? {
                let (licences, people) = (store::licences(tx, &party.id)?, store::people(tx, &party.id)?);
                out.push((party, licences, people));
            }
            Ok(out)
        })?;
        for (party, licences, people) in &wholes {
            let open = open.as_ref().is_some_and(|s| s.covers(&party.division, Some(&party.id)));
            let row = sheet::row(reference, party, licences, people, open);
            match &mut out {
                Out::Xlsx(book) => book.row(row)?,
                Out::Csv(csv) => csv.row(row)?,
            }
            rows += 1;
        }
        job.progress(rows, Some(total), "正在导出")?;
    }
    match out {
        Out::Xlsx(book) => book.save(&path)?,
        Out::Csv(csv) => csv.finish()?,
    }
    let file = keep_file(&house.files, &path)?.hash;
    let file_name = format!("主体-{}{suffix}", &now[..10]);
    serde_json::to_string(&ExportResult { rows, file, file_name }).map_err(Error::internal)
}

/// The ids that a search finds; `None` where nothing is searched for.
fn found(house: &House, scope: &Scope, input: &ExportInput) -> Option<Vec<String>> {
    let Scope::Divisions(jurisdiction) = scope else { return None };
    if input.text.trim().is_empty() {
        return None;
    }
    let query = Query {
        text: input.text.clone(),
        jurisdiction: jurisdiction.clone(),
        division: input.filter.division.clone(),
        kinds: input.filter.kinds.clone(),
        statuses: input.filter.statuses.clone(),
        take: usize::MAX,
        ..Query::default()
    };
    Some(house.held::<Search>().find(&query).ids)
}

/// All ids in parts of a thousand: 36 bytes a business are all that is held.
fn parts(
    house: &House,
    scope: &Scope,
    input: &ExportInput,
    ids: Option<Vec<String>>,
) -> Result<Vec<Vec<String>>> {
    let ids = match ids {
        Some(ids) => ids,
        None => house.db.read_blocking(|tx| store::list_ids(tx, scope, &input.filter))?,
    };
    Ok(ids.chunks(1_000).map(<[String]>::to_vec).collect())
}
