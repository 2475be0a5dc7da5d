//! `shian import FILE…`: EPCIS documents, networks of an incident, sheets of businesses and of moves; what a file is, its
//! content tells.

mod detect;
mod epcis;
mod network;
mod sheet;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};
use kit_base::{Error, Result};
use kit_db::Tx;
use kit_web::{Actor, Cx, House, Scope};

use super::Place;
use crate::opening;

/// What a sheet holds, where its headings do not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SheetOf {
    Parties,
    Purchases,
    Sales,
    Production,
    Products,
}

/// Takes files in.
#[derive(Debug, Clone, clap::Args)]
pub struct Import {
    /// EPCIS (JSON-LD, NDJSON, XML), network JSON, or a sheet (xlsx, csv) of businesses or moves.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// On whose behalf: a user's sign-in name, or a business by 主体码, credit code, id or exact name.
    #[arg(long = "as", value_name = "USER|PARTY")]
    pub on_behalf: Option<String>,
    /// The business whose history or ledger it is, where a regulator imports.
    #[arg(long)]
    pub party: Option<String>,
    /// EPCIS by the letter of the standard (default).
    #[arg(long, conflicts_with = "lenient")]
    pub strict: bool,
    /// EPCIS with national numbers in place of EPC URIs and units that are no weight, volume or count.
    #[arg(long)]
    pub lenient: bool,
    /// EPCIS: good events go in although others are refused; else a file goes in whole or not at all.
    #[arg(long)]
    pub proceed: bool,
    /// Do everything, keep nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Networks: county (6 digits) that businesses of unknown place are put under.
    #[arg(long)]
    pub division: Option<String>,
    /// Sheets: what it holds, where the headings do not tell.
    #[arg(long, value_enum)]
    pub kind: Option<SheetOf>,
    /// Sheets of purchases: make products that are not known out of name and unit.
    #[arg(long)]
    pub create_products: bool,
}

/// What came of one file.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Lines of the summary.
    pub told: Vec<String>,
    /// Place, message, code of what was refused.
    pub refused: Vec<(String, String, String)>,
    /// All that was refused, also what is not listed.
    pub refused_total: u64,
}

impl Import {
    /// 0: all went in; 1: something was refused; 2: the import could not be tried.
    #[allow(clippy::print_stderr, reason = "a command tells its refusals")]
    pub fn run(&self, place: &Place) -> ExitCode {
        let opened = match place.settings().and_then(|s| opening::open(&s)) {
            Ok(opened) => opened,
            Err(e) => {
                eprintln!("错误：{}", e.message);
                return ExitCode::from(2);
            }
        };
        ExitCode::from(self.into_house(&opened.house))
    }

    /// Takes every file in; answers the exit code.
    #[allow(clippy::print_stdout, clippy::print_stderr, reason = "a command tells its summary and refusals")]
    pub fn into_house(&self, house: &Arc<House>) -> u8 {
        let mut code = 0;
        for file in &self.files {
            let name = file.display();
            match self.one(house, file) {
                Ok(outcome) => {
                    println!("{name}：{}", outcome.told.join("，"));
                    for (place, message, id) in &outcome.refused {
                        eprintln!("  {place}  {message}  [{id}]");
                    }
                    let listed = outcome.refused.len() as u64;
                    if outcome.refused_total > listed {
                        eprintln!("  …… 另有 {} 处", outcome.refused_total - listed);
                    }
                    code = code.max(u8::from(outcome.refused_total > 0));
                }
                Err(error) => {
                    tell(&name, &error);
                    let ours = matches!(error.kind, kit_base::Kind::Internal | kit_base::Kind::Unavailable);
                    code = code.max(if ours || error.code == "file_unreadable" { 2 } else { 1 });
                }
            }
        }
        code
    }

    fn one(&self, house: &Arc<House>, file: &Path) -> Result<Outcome> {
        let unreadable = |e: std::io::Error| {
            Error::invalid("file", "file_unreadable", format!("无法读取 {}：{e}", file.display()))
        };
        if !file.metadata().map_err(unreadable)?.is_file() {
            return Err(Error::invalid("file", "file_unreadable", format!("{} 不是文件", file.display())));
        }
        match detect::detect(file)? {
            detect::Form::Epcis => epcis::run(self, house, file),
            detect::Form::Network => network::run(self, house, file),
            detect::Form::Sheet => sheet::run(self, house, file),
        }
    }

    /// Who does it: the user or business named; the house itself where nobody is.
    fn who(&self, house: &Arc<House>) -> Result<Actor> {
        let Some(named) = self.on_behalf.as_deref().map(str::trim) else {
            return Ok(with_permissions(Actor::house("命令行导入")));
        };
        let accounts = house.held::<accounts::Accounts>();
        let now = house.clock.now();
        let user = house.db.read_blocking(|tx| accounts.gate.actor(tx, named, now))?;
        if let Some(user) = user {
            return Ok(user);
        }
        let party = house.db.read_blocking(|tx| find_party(tx, named))?;
        let party = party.ok_or_else(|| {
            Error::invalid("as", "as_unknown", format!("没有登录名或主体“{named}”，请检查 --as"))
        })?;
        let actor = Actor {
            scope: Scope::Businesses(vec![party.id]),
            ..Actor::house(&format!("命令行导入（{}）", party.name))
        };
        Ok(with_permissions(actor))
    }

    fn cx(&self, house: &Arc<House>, action: &'static str) -> Result<Cx> {
        Ok(Cx::internal(house.clone(), self.who(house)?, action))
    }

    /// The business whose history it is, by id.
    fn party_id(&self, house: &Arc<House>, who: &Actor) -> Result<String> {
        if let Some(named) = self.party.as_deref() {
            let party = house.db.read_blocking(|tx| find_party(tx, named.trim()))?;
            return party.map(|p| p.id).ok_or_else(|| {
                Error::invalid("party", "party_unknown", format!("没有主体“{named}”，请检查 --party"))
            });
        }
        who.scope.business().map(str::to_owned).ok_or_else(|| {
            let text = "请用 --as 或 --party 指明是哪一个主体的记录（主体码、统一社会信用代码或名称）";
            Error::invalid("party", "party_missing", text)
        })
    }
}

fn with_permissions(actor: Actor) -> Actor {
    let all: BTreeSet<&'static str> = crate::rooms::permissions().iter().map(|p| p.code).collect();
    Actor { permissions: Arc::new(all), ..actor }
}

/// A business by id, platform code, credit code, or its name where only one has it.
fn find_party(tx: &mut Tx, named: &str) -> Result<Option<parties::Brief>> {
    if let Some(found) = parties::brief(tx, named)? {
        return Ok(Some(found));
    }
    // a name is no platform code: that it does not read as one is no error here
    if let Ok(Some(found)) = parties::by_code(tx, named) {
        return Ok(Some(found.into()));
    }
    if let Some(found) = parties::by_uscc(tx, &kit_base::codes::tidy(named))? {
        return Ok(Some(found.into()));
    }
    let mut all = parties::store::by_name(tx, named)?;
    Ok(if all.len() == 1 { all.pop().map(parties::Brief::from) } else { None })
}

#[allow(clippy::print_stderr, reason = "a command tells its refusals")]
fn tell(name: &impl std::fmt::Display, error: &Error) {
    let place = error.field.as_deref().map(|f| format!("（{f}）")).unwrap_or_default();
    eprintln!("{name}：未导入：{}{place}  [{}]", error.message, error.code);
    for defect in &error.defects {
        eprintln!("  {}  {}  [{}]", defect.place, defect.message, defect.code);
    }
    if error.kind == kit_base::Kind::Internal {
        tracing::error!(error = %error, "import failed");
    }
}

/// A bar over bytes; silent where nobody looks (no terminal).
fn bytes_bar(len: u64, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(len);
    if let Ok(style) = ProgressStyle::with_template("{prefix:<8} [{bar:32}] {bytes}/{total_bytes} {elapsed}")
    {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_prefix(what);
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// Undoes the work of a dry run: its answer travels beside the transaction.
fn undone() -> Error {
    Error::conflict("dry_run", "试运行，未保存")
}
