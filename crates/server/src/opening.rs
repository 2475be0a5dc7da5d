//! Opening a house on a data folder: database, schema, files, the state that rooms hold.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kit_base::{Clock, Error, Ids, Kind, Millis, Result};
use kit_db::{Db, Tx};
use kit_files::Files;
use kit_ledger::Ledger;
use kit_web::{Actor, Gate, House};

use crate::home::Place;
use crate::rooms;

/// Where and how.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Folder of database, files and snapshots.
    pub data: PathBuf,
    /// `sqlite:PATH` or `postgres://…`; the SQLite file in the folder where it is not said.
    pub database: Option<String>,
    pub public_url: String,
    pub production: bool,
    /// 审图号 of the maps; empty where there is none.
    pub map_approval: String,
    pub ledger: LedgerSettings,
    /// What a password costs to check; tests of other things make it cheap.
    pub password_cost: accounts::Cost,
    /// How often who may ask, and which proxies are believed.
    pub guard: kit_web::GuardSettings,
    /// Where the sealing keys come from; `secret.key` in the folder where it is not said.
    pub key: Option<accounts::KeyFrom>,
}

impl Settings {
    /// Where the sealing keys come from.
    pub fn key_from(&self) -> accounts::KeyFrom {
        self.key.clone().unwrap_or_else(|| accounts::KeyFrom::File(self.data.join("secret.key")))
    }
}

/// How the ledger signs.
#[derive(Debug, Clone, Default)]
pub struct LedgerSettings {
    /// The secret key or the file that has it; the one in the data folder, made at the first start, where it is not
    /// said. Real operation wants it said.
    pub key: Option<String>,
    /// Name of the log, for a key that is made; the public address without its scheme where it is not said.
    pub origin: Option<String>,
}

impl Settings {
    /// Address of the database.
    pub fn database_url(&self) -> String {
        let own = || format!("sqlite:{}", self.data.join("shian.db").display());
        self.database.clone().unwrap_or_else(own)
    }

    /// Name of the log: what checkpoints begin with.
    pub fn ledger_origin(&self) -> String {
        let address = self.public_url.split_once("://").map_or(self.public_url.as_str(), |(_, rest)| rest);
        let named = self.ledger.origin.clone().filter(|name| !name.trim().is_empty());
        named.unwrap_or_else(|| format!("{}/ledger", address.trim_end_matches('/')))
    }

    /// The key that signs checkpoints.
    ///
    /// Errors: those of [`kit_ledger::open_key`].
    pub fn ledger_key(&self, ids: &Ids) -> Result<kit_ledger::Key> {
        let given = self.ledger.key.as_deref();
        kit_ledger::open_key(given, &self.data, &self.ledger_origin(), self.production, ids)
    }

    /// Where a copy of the latest checkpoint is kept.
    pub fn checkpoint_copy(&self) -> PathBuf {
        self.data.join("ledger.checkpoint")
    }
}

/// A house and the lock that keeps a second server off its folder.
pub struct Opened {
    pub house: Arc<House>,
    _lock: std::fs::File,
}

/// Opens the house; makes what is missing.
///
/// Errors: `data_in_use` when another server has the folder, `database_open`, `schema_newer`, `schema_changed`.
pub fn open(settings: &Settings) -> Result<Opened> {
    std::fs::create_dir_all(&settings.data)?;
    let lock = lock(&settings.data)?;
    crate::production::before(settings)?;
    let db = Db::open(&settings.database_url())?;
    let house = furnish(db, Clock::System, Ids::random(), settings)?;
    crate::production::opened(&house)?;
    Ok(Opened { house: Arc::new(house), _lock: lock })
}

/// Builds the house on a database: schema, files, what rooms hold in memory.
pub fn furnish(db: Db, clock: Clock, ids: Ids, settings: &Settings) -> Result<House> {
    db.migrate(rooms::SCHEMAS)?;
    let now = clock.now();
    db.write_blocking(move |tx| trace::proofs::open_ledger(tx, now))?;
    let ledger = Ledger::new(settings.ledger_key(&ids)?, Some(settings.checkpoint_copy()));
    let files = Files::open(settings.data.join("files"))?;
    let divisions = Arc::new(parties::Divisions::new());
    db.read_blocking(|tx| divisions.catch_up(tx, now))?;
    let division_name: accounts::DivisionName = {
        let (divisions, clock) = (Arc::clone(&divisions), clock.clone());
        Arc::new(move |prefix| {
            let name = divisions.today(clock.now()).full_name(prefix);
            (!name.is_empty()).then_some(name)
        })
    };
    let gate = Arc::new(accounts::AccountsGate::new(rooms::permissions(), settings.production));
    let accounts = accounts::Accounts {
        gate: gate.clone(),
        passwords: accounts::Passwords::new(settings.password_cost, 2)?,
        vault: accounts::Vault::open(&settings.key_from(), !settings.production, &ids)?,
        outside: accounts::Outside { business, division_name },
    };
    let gate = Arc::new(Reaching { gate, divisions: Arc::clone(&divisions) });
    let mut house = House::new(db.clone(), clock, ids, files, gate, &settings.public_url);
    house.production = settings.production;
    house.hold(ledger);
    house.guard = Arc::new(kit_web::Guard::new(&settings.guard));
    house.hold(Arc::new(accounts));
    house.hold(Arc::new(Place { map_approval: settings.map_approval.clone(), data: settings.data.clone() }));
    house.hold(Arc::new(crate::keep::Keep::default()));
    house.hold(Arc::new(crate::watch::Watch::default()));
    house.hold(Arc::new(kit_uploads::Uploads::default()));
    house.hold(parties::open(&db)?);
    house.hold(trace::search::ProductSearch::open(&db)?);
    house.hold(Arc::new(parties::Sections(dossier())));
    house.hold(Arc::new(parties::MergingFns(vec![trace::merges::MERGING, credit::merges::MERGING])));
    house.hold(Arc::new(parties::MovedFns(vec![accounts::business_moved, trace::merges::moved])));
    house.hold(divisions);
    house.hold(trace::live::LiveGraph::open(&db, Some(settings.data.join("trace.graph")))?);
    house.hold(Arc::new(trace::subscribe::courier::Courier::new(private_receivers())));
    house.hold(Arc::new(crate::unfinished::Unfinished::default()));
    house.hold(publication::Pages::new());
    house.hold(Arc::new(publication::scans::Scans::default()));
    house.hold(investigation::Workbench::open());
    house.hold(flows(&db, now)?);
    house.hold(Arc::new(rooms::GRADING));
    house.hold(Arc::new(rooms::SAMPLING));
    house.hold(Arc::new(rooms::COUNTERS));
    house.hold(Arc::new(rooms::FEEDBACK));
    house.hold(Arc::new(rooms::SIGNALS));
    house.hold(Arc::new(statistics::Type { fonts: kit_docs::pdf::Fonts::installed }));
    house.hold(Arc::new(rooms::VISIT_PHOTOS));
    house.hold(Arc::new(rapid::line::Line::default()));
    Ok(house)
}

/// What rooms tell in the dossier of a business.
fn dossier() -> Vec<parties::SectionFn> {
    let mut sections = trace::dossier::SECTIONS.to_vec();
    sections.push(licensing::dossier);
    sections.extend_from_slice(credit::SECTIONS);
    sections
}

/// Accounts' gate, with the records that were merged into the businesses that people act for, and the divisions that
/// are no more and whose places lie within theirs now.
struct Reaching {
    gate: Arc<accounts::AccountsGate>,
    divisions: Arc<parties::Divisions>,
}

impl Gate for Reaching {
    fn identify(&self, tx: &mut Tx, token: &str, now: Millis) -> Result<Option<Actor>> {
        let Some(mut who) = self.gate.identify(tx, token, now)? else { return Ok(None) };
        whole(tx, &self.divisions, &mut who, now)?;
        Ok(Some(who))
    }

    fn stands(&self, tx: &mut Tx, who: &Actor, now: Millis) -> Result<bool> {
        self.gate.stands(tx, who, now)
    }

    fn seen(&self, house: &Arc<House>, who: &Actor) {
        self.gate.seen(house, who);
    }
}

/// With the records that were merged into the businesses that somebody acts for, and the divisions that came after.
fn whole(tx: &mut Tx, divisions: &parties::Divisions, who: &mut Actor, now: Millis) -> Result<()> {
    divisions.catch_up(tx, now)?;
    let known = divisions.today(now);
    who.scope = parties::whole_scope(tx, &known, &who.scope)?;
    if !who.scopes.is_empty() {
        let mut scopes = (*who.scopes).clone();
        for scope in scopes.values_mut() {
            *scope = parties::whole_scope(tx, &known, scope)?;
        }
        who.scopes = Arc::new(scopes);
    }
    Ok(())
}

/// What accounts asks of parties, which stands above it in the hall.
fn business(tx: &mut Tx, id: &str) -> Result<Option<accounts::Business>> {
    let brief = parties::brief(tx, id)?;
    Ok(brief.map(|b| accounts::Business { name: b.name, kind: b.kind, division: b.division }))
}

/// The announced years that the program brings; later ones are loaded into the database.
pub(crate) const HOLIDAYS: &str = include_str!("../../../data/holidays.csv");

/// The kinds of cases, pinned; the calendar; and who people are.
fn flows(db: &Db, now: Millis) -> Result<Arc<kit_flow::Flows>> {
    let flows =
        kit_flow::Flows::open(db, now, rooms::FLOWS, HOLIDAYS, rooms::FLOW_HOOKS.to_vec(), DIRECTORY)?;
    flows.bring(crate::papers::open()?);
    Ok(flows)
}

/// What the flow kit asks of the house.
const DIRECTORY: kit_flow::Directory = kit_flow::Directory { person, near, tell: notices::tell };

/// The kinds of cases as the database has them, for looking only.
pub fn reading_flows(db: &Db) -> Result<kit_flow::Flows> {
    kit_flow::Flows::reading(db, HOLIDAYS)
}

/// What the flow kit asks of accounts: somebody by user id, with what they may do where.
fn person(house: &House, tx: &mut Tx, user: &str) -> Result<Option<Actor>> {
    person_at(house, tx, user, house.clock.now())
}

/// Somebody by user id as of a moment, with what they may do where; `None` where there is nobody or no more.
pub(crate) fn person_at(house: &House, tx: &mut Tx, user: &str, now: Millis) -> Result<Option<Actor>> {
    let accounts = house.held::<accounts::Accounts>();
    let Some(mut who) = accounts.gate.actor_of(tx, user, now)? else { return Ok(None) };
    whole(tx, &house.held::<parties::Divisions>(), &mut who, now)?;
    Ok(Some(who))
}

/// People who may hold a permission at a place; the kit looks at each once more.
fn near(
    house: &House,
    tx: &mut Tx,
    permission: &str,
    division: &str,
    business: &str,
    q: &str,
) -> Result<Vec<kit_flow::flows::Near>> {
    let known = rooms::permissions();
    let roles = known.iter().find(|p| p.code == permission).map_or(&[][..], |p| p.roles);
    let found = accounts::near(tx, roles, division, business, q, house.clock.now())?;
    let near = |n: accounts::Near| kit_flow::flows::Near { user: n.user, name: n.name, place: n.place };
    Ok(found.into_iter().map(near).collect())
}

/// Whether subscriptions may be delivered inside (`SHIAN_PRIVATE_RECEIVERS=1`): a bureau whose receivers stand in its own
/// network says so.
fn private_receivers() -> bool {
    std::env::var("SHIAN_PRIVATE_RECEIVERS").is_ok_and(|v| v == "1")
}

/// The lock of a data folder; held as long as the file is.
///
/// Errors: `data_in_use`.
pub fn lock(folder: &Path) -> Result<std::fs::File> {
    let file =
        std::fs::OpenOptions::new().create(true).truncate(false).write(true).open(folder.join("lock"))?;
    file.try_lock().map_err(|_| {
        let text = format!("数据目录 {} 正被另一个 shian 进程使用", folder.display());
        Error::new(Kind::Conflict, "data_in_use", text)
    })?;
    Ok(file)
}
