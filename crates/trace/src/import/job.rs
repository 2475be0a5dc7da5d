//! The job that takes a sheet in.

use std::collections::BTreeSet;
use std::sync::Arc;

use kit_base::{Defect, Error, Kind as Refusal, Result};
use kit_db::Tx;
use kit_docs::table::Line;
use kit_jobs::{Kind, Running};
use kit_sheets::{Outcome, Reach, Upload, take_in, try_out};
use kit_web::{Act, Actor, Cx, House, Scope};
use serde::{Deserialize, Serialize};

use super::rows::Rows;
use super::{SheetKind, products, table};
use crate::actions::moves::Source;

pub const IMPORT: Kind<House> = Kind { name: "trace.import", run };

/// Rows that go in together in one transaction; each is a part of its own.
const BATCH: usize = 500;

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
    /// Products that are known are written over.
    #[serde(default)]
    pub update: bool,
    /// Who answers for it: id, name, and what the person may do where.
    pub user: String,
    pub actor: String,
    pub reach: Reach,
    pub declare: bool,
    /// Do everything, keep nothing.
    #[serde(default)]
    pub dry_run: bool,
}

impl ImportInput {
    fn who(&self) -> Actor {
        let mut permissions = BTreeSet::from(["trace.capture"]);
        if self.declare {
            permissions.insert("trace.declare");
        }
        Actor {
            user: self.user.clone(),
            name: self.actor.clone(),
            permissions: Arc::new(permissions),
            scope: Scope::from(self.reach.clone()),
            ..Actor::public()
        }
    }
}

fn run(house: &House, job: &Running) -> Result<String> {
    let input: ImportInput = serde_json::from_str(&job.input).map_err(Error::internal)?;
    let cx = Cx::internal(Arc::new(house.clone()), input.who(), "trace.import");
    let (kind, input) = (input.kind, Arc::new(input));
    let result = if input.dry_run {
        let (cx, input, id) = (cx.clone(), Arc::clone(&input), job.id.clone());
        let sheet = (input.file.clone(), input.name.clone());
        let keep = move |tx: &mut Tx, lines: Arc<[Line]>| {
            let mut act = Act::inside(tx, &cx, cx.now());
            let taken: Result<Vec<Taken>> =
                lines.iter().map(|line| take(&mut act, &input, &id, line)).collect();
            Ok(outcomes(&lines, taken?))
        };
        try_out(house, job, (&sheet.0, &sheet.1), table(kind), BATCH, keep)?
    } else {
        let upload = Upload { file: &input.file, name: &input.name };
        take_in(house, job, upload, &table(kind), BATCH, &mut |lines| store(&cx, &input, &job.id, lines))?
    };
    serde_json::to_string(&result).map_err(Error::internal)
}

/// Writes rows in one transaction; answers what became of each.
fn store(cx: &Cx, input: &Arc<ImportInput>, job: &str, lines: Arc<[Line]>) -> Result<Vec<Outcome>> {
    let (input, job, rows) = (Arc::clone(input), job.to_owned(), Arc::clone(&lines));
    let taken: Vec<Taken> = cx.act_blocking(move |act| {
        let taken = rows.iter().map(|line| take(act, &input, &job, line)).collect::<Result<Vec<_>>>()?;
        act.subject("job", &job, "");
        act.note(serde_json::json!({ "rows": rows.len(), "kind": input.kind }));
        Ok(taken)
    })?;
    Ok(outcomes(&lines, taken))
}

fn outcomes(lines: &[Line], taken: Vec<Taken>) -> Vec<Outcome> {
    let outcome = |(line, taken): (&Line, Taken)| match taken {
        Taken::Added => Outcome::Added,
        Taken::Updated => Outcome::Updated,
        Taken::Refused { column, code, message } => {
            Outcome::Refused(vec![defect(line, &column, code, message)])
        }
    };
    lines.iter().zip(taken).map(outcome).collect()
}

/// What became of a row.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Taken {
    Added,
    Updated,
    Refused { column: String, code: String, message: String },
}

fn defect(line: &Line, column: &str, code: String, message: String) -> Defect {
    let mut defect = line.defect(column, "", message);
    defect.code = code.into();
    defect
}

/// One row: whole, or undone with its reason.
fn take(act: &mut Act, input: &ImportInput, job: &str, line: &Line) -> Result<Taken> {
    let (cx, now) = (act.cx, act.now);
    let done = act.tx.nested(|tx| {
        let mut act = Act::inside(tx, cx, now);
        if input.kind == SheetKind::Products {
            return products::record(&mut act, &input.party, input.update, line);
        }
        let source = Source { channel: "xlsx", batch: job.to_owned() };
        let rows = Rows {
            kind: input.kind,
            party: &input.party,
            create_products: input.create_products,
            source: &source,
            file: &input.file[..32.min(input.file.len())],
        };
        rows.record(&mut act, line).map(|()| Taken::Added)
    });
    match done {
        Err(e) if matches!(e.kind, Refusal::Internal | Refusal::Unavailable) => Err(e),
        Err(e) => Ok(Taken::Refused {
            column: e.field.unwrap_or_default(),
            code: e.code.into_owned(),
            message: e.message,
        }),
        taken => taken,
    }
}
