//! Long work: what was found, out as a workbook or as orders to holders and counties.

pub mod network;
mod orders;
mod sheets;

use std::path::Path;
use std::sync::Arc;

use kit_base::{Error, Kind as ErrorKind, Result};
use kit_jobs::{Kind, Running};
use kit_web::{House, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::actions::look::{Fresh, load};
use crate::actions::marks::score_with;
use crate::actions::marks_of;
use crate::model::{Case, FrozenScope, Marks, View};
use crate::rules::Scores;
use crate::store;
use crate::workbench::Loaded;

pub const EXPORT: Kind<House> = Kind { name: "investigation.export", run };

/// What is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// 主体、批次、流转 in one workbook
    Xlsx,
    /// an order (问题食品处置通知) for each holder within the jurisdiction
    Holders,
    /// a list (问题食品核查清单) for each county
    Counties,
}

impl What {
    pub fn title(self) -> &'static str {
        match self {
            Self::Xlsx => "导出排查结果",
            Self::Holders => "生成处置通知",
            Self::Counties => "生成核查清单",
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExportInput {
    pub case: String,
    pub what: What,
    pub view: View,
    /// prefixes of the asker's jurisdiction
    pub reach: Vec<String>,
    pub actor: String,
}

/// A file that an export left.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Left {
    pub name: String,
    pub label: String,
    pub href: String,
    pub bytes: u64,
    pub hash: String,
}

/// What the job answers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Exported {
    pub files: Vec<Left>,
    /// rows of the workbook, or documents
    pub count: u64,
}

/// All that an export is made of.
struct Source {
    case: Case,
    scope: Option<FrozenScope>,
    loaded: Arc<Loaded>,
    marks: Marks,
    scores: Option<Scores>,
    reach: Scope,
    actor: String,
    now: i64,
    public_url: String,
}

impl Source {
    /// Number of the frozen scope, or of the case while nothing is frozen.
    fn number(&self) -> &str {
        self.scope.as_ref().map_or(&self.case.no, |s| &s.no)
    }
}

fn run(house: &House, job: &Running) -> Result<String> {
    let input: ExportInput = serde_json::from_str(&job.input).map_err(Error::internal)?;
    let source = source(house, &input)?;
    let file = tempfile::NamedTempFile::new()?.into_temp_path();
    let (name, count) = match input.what {
        What::Xlsx => (format!("{}.xlsx", source.number()), sheets::write(&source, &file, job)?),
        What::Holders => orders::write(&source, orders::For::Holders, &file, job)?,
        What::Counties => orders::write(&source, orders::For::Counties, &file, job)?,
    };
    let left = keep(house, &file, &job.id, name)?;
    serde_json::to_string(&Exported { files: vec![left], count }).map_err(Error::internal)
}

fn source(house: &House, input: &ExportInput) -> Result<Source> {
    let reach = Scope::Divisions(input.reach.clone());
    house.db.read_blocking(|tx| {
        let (case, loaded) = load(tx, house, &reach, &input.case, &input.view, Fresh::Shown)?;
        let asked = input
            .view
            .scope
            .clone()
            .or_else(|| case.scope.as_ref().filter(|_| case.state != "open").map(|s| s.id.clone()));
        let scope = match asked {
            Some(id) => store::scopes::by_id(tx, &id)?,
            None => None,
        };
        let marks = match &scope {
            Some(scope) => scope.marks.clone(),
            None => marks_of(&case, &loaded, &store::marks::log(tx, &case.id)?),
        };
        let weighed = marks.stations.values().chain(marks.deliveries.values()).any(|m| m.weight != 0.0);
        let scores = if weighed { Some(score_with(&loaded, &marks)?) } else { None };
        Ok(Source {
            case,
            scope,
            loaded,
            marks,
            scores,
            reach: reach.clone(),
            actor: input.actor.clone(),
            now: house.clock.now(),
            public_url: house.public_url.clone(),
        })
    })
}

fn keep(house: &House, path: &Path, job: &str, name: String) -> Result<Left> {
    let kept = house.files.put(std::fs::File::open(path)?, u64::MAX)?;
    let href = format!("/api/investigations/exports/{job}/file");
    Ok(Left { label: name.clone(), name, href, bytes: kept.size, hash: kept.hash })
}

/// What an export of this kind needs: orders go out from a frozen scope of the ledger only.
///
/// Errors: `scope_missing`, `case_of_network`.
pub fn check(case: &Case, view: &View, what: What) -> Result<()> {
    if what == What::Xlsx {
        return Ok(());
    }
    if case.source == "network" {
        let text = "网络文件中没有辖区主体，不能据此发出处置通知和核查清单";
        return Err(Error::conflict("case_of_network", text));
    }
    if view.scope.is_none() && (case.state == "open" || case.scope.is_none()) {
        let text = "请先固定范围，再据此生成处置通知和核查清单";
        return Err(Error::new(ErrorKind::Conflict, "scope_missing", text));
    }
    Ok(())
}
