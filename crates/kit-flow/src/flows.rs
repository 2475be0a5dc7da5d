//! What the house holds of flows: definitions by hash, the calendar, and what rooms bring.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use kit_base::workdays::Calendar;
use kit_base::{Error, Millis, Result};
use kit_db::{Db, Tx};
use kit_web::{Act, Actor, House};
use parking_lot::RwLock;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::decide::Ask;
use crate::definition::{Definition, hash_of};
use crate::engine::Case;
use crate::log::{Body, Entry};
use crate::papers::Papers;
use crate::store;

/// A definition with the text that its hash is of.
#[derive(Debug)]
pub struct Pinned {
    pub hash: String,
    pub text: String,
    pub definition: Definition,
}

/// As [`Directory::near`].
pub type Neighbours = fn(&House, &mut Tx, &str, &str, &str, &str) -> Result<Vec<Near>>;

/// What the kit asks of the house around it: accounts know people, the kit does not look at accounts; messages are
/// the business of who sends them.
#[derive(Clone, Copy)]
pub struct Directory {
    /// A person by user id.
    pub person: fn(&House, &mut Tx, &str) -> Result<Option<Actor>>,
    /// People who may hold a permission at a division or for a business: permission, division, business (empty for
    /// none), part of a name.
    pub near: Neighbours,
    /// After each entry of every kind, in the same transaction: who is told of it.
    pub tell: fn(&mut Act, &Case, &Entry, &Body) -> Result<()>,
}

impl Directory {
    /// Nobody is there, and nobody is told.
    pub const fn nobody() -> Self {
        Self {
            person: |_, _, _| Ok(None),
            near: |_, _, _, _, _, _| Ok(Vec::new()),
            tell: |_, _, _, _| Ok(()),
        }
    }
}

/// Somebody to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Near {
    /// User id.
    pub user: String,
    pub name: String,
    /// Bureau, or the business they act for.
    pub place: String,
}

/// What a room brings to cases of its kind.
#[derive(Clone, Copy)]
pub struct Hooks {
    pub kind: &'static str,
    /// Facts that the definition's needs name.
    pub facts: fn(&mut Act, &Case) -> Result<BTreeSet<String>>,
    /// Before a decision: forms whose content the room knows better.
    pub before: fn(&mut Act, &Case, &Ask) -> Result<()>,
    /// After an entry, in the same transaction: the room's own tables.
    pub after: fn(&mut Act, &Case, &Entry, &Body) -> Result<()>,
    /// How people call a member of a list in a form.
    pub member: Member,
}

/// By field and member. `None`: a file or a row, which nobody knows by a name; the history tells how many there are.
pub type Member = fn(&str, &str) -> Option<String>;

impl Hooks {
    /// A kind whose room adds nothing.
    pub const fn none(kind: &'static str) -> Self {
        Self {
            kind,
            facts: |_, _| Ok(BTreeSet::new()),
            before: |_, _, _| Ok(()),
            after: |_, _, _, _| Ok(()),
            member: |_, _| None,
        }
    }
}

/// Held in the house.
pub struct Flows {
    by_hash: HashMap<String, Arc<Pinned>>,
    latest: BTreeMap<String, Arc<Pinned>>,
    hooks: Vec<Hooks>,
    directory: Directory,
    base_days: &'static str,
    calendar: RwLock<(i64, Arc<Calendar>)>,
    papers: OnceLock<Papers>,
}

impl Flows {
    /// Pins what the program brings beside what the database has from before. `base_days`: data/holidays.csv.
    ///
    /// Errors: `definition_syntax`; `definition_changed` where a version that is pinned has another text now.
    pub fn open(
        db: &Db,
        now: Millis,
        texts: &'static [&'static str],
        base_days: &'static str,
        hooks: Vec<Hooks>,
        directory: Directory,
    ) -> Result<Arc<Self>> {
        let pinned = db.write_blocking(move |tx| pin(tx, now, texts))?;
        Self::of(db, pinned, texts, base_days, hooks, directory).map(Arc::new)
    }

    /// For looking only, as `shian check` does: what the database has, and nothing is pinned.
    pub fn reading(db: &Db, base_days: &'static str) -> Result<Self> {
        let pinned = db.read_blocking(store::log::definitions)?;
        Self::of(db, pinned, &[], base_days, Vec::new(), Directory::nobody())
    }

    fn of(
        db: &Db,
        pinned: Vec<(String, String, i64, String)>,
        texts: &[&str],
        base_days: &'static str,
        hooks: Vec<Hooks>,
        directory: Directory,
    ) -> Result<Self> {
        let calendar = db.read_blocking(|tx| calendar(tx, base_days))?;
        let mut by_hash = HashMap::new();
        for (hash, _, _, text) in pinned {
            let definition = Definition::read(&text)?;
            by_hash.insert(hash.clone(), Arc::new(Pinned { hash, text, definition }));
        }
        let mut latest = BTreeMap::new();
        for text in texts {
            if let Some(found) = by_hash.get(&hash_of(text)) {
                latest.insert(found.definition.kind.clone(), found.clone());
            }
        }
        Ok(Self {
            by_hash,
            latest,
            hooks,
            directory,
            base_days,
            calendar: RwLock::new(calendar),
            papers: OnceLock::new(),
        })
    }

    /// The version under which new cases of a kind begin.
    ///
    /// Errors: not found.
    pub fn latest(&self, kind: &str) -> Result<Arc<Pinned>> {
        self.latest.get(kind).cloned().ok_or_else(|| Error::not_found("没有这种案卷"))
    }

    /// Every kind.
    pub fn kinds(&self) -> impl Iterator<Item = &Arc<Pinned>> {
        self.latest.values()
    }

    /// A version by hash. Errors: `internal` where the program does not know it.
    pub fn pinned(&self, hash: &str) -> Result<Arc<Pinned>> {
        let found = self.by_hash.get(hash).cloned();
        found.ok_or_else(|| Error::internal(format!("definition {hash} is not pinned")))
    }

    /// From now on the text of documents is kept. The first call counts.
    pub fn bring(&self, papers: Papers) {
        drop(self.papers.set(papers));
    }

    pub(crate) fn papers(&self) -> Option<&Papers> {
        self.papers.get()
    }

    pub fn hooks(&self, kind: &str) -> Hooks {
        self.hooks.iter().find(|h| h.kind == kind).copied().unwrap_or(Hooks::none(""))
    }

    /// Somebody by user id, with what they may do where; `None` where there is nobody.
    pub fn person(&self, house: &House, tx: &mut Tx, user: &str) -> Result<Option<Actor>> {
        (self.directory.person)(house, tx, user)
    }

    pub(crate) fn near(
        &self,
        house: &House,
        tx: &mut Tx,
        permission: &str,
        division: &str,
        business: &str,
        q: &str,
    ) -> Result<Vec<Near>> {
        (self.directory.near)(house, tx, permission, division, business, q)
    }

    pub(crate) fn tell(&self, act: &mut Act, case: &Case, entry: &Entry, body: &Body) -> Result<()> {
        (self.directory.tell)(act, case, entry, body)
    }

    /// The calendar as the database has it now: another server may have loaded a year since.
    pub fn calendar(&self, tx: &mut Tx) -> Result<Arc<Calendar>> {
        let revision = store::days::revision(tx)?;
        {
            let held = self.calendar.read();
            if held.0 == revision {
                return Ok(held.1.clone());
            }
        }
        let fresh = calendar(tx, self.base_days)?;
        let found = fresh.1.clone();
        // what this transaction sees may be undone; only what was committed before is kept for others
        let mut held = self.calendar.write();
        if fresh.0 > held.0 && fresh.0 == revision {
            *held = fresh;
        }
        Ok(found)
    }

    /// Announced days of a year, in their order.
    pub(crate) fn days(&self, tx: &mut Tx, year: i64) -> Result<Vec<store::days::Day>> {
        let mut days = announced(tx, self.base_days)?;
        days.retain(|d| d.0.get(..4).and_then(|y| y.parse().ok()) == Some(year));
        days.sort();
        Ok(days)
    }

    /// Puts away what a transaction that was undone may have left.
    pub(crate) fn forget_calendar(&self) {
        self.calendar.write().0 = -1;
    }
}

fn pin(tx: &mut Tx, now: Millis, texts: &[&str]) -> Result<Vec<(String, String, i64, String)>> {
    let known = store::log::definitions(tx)?;
    for text in texts {
        let (definition, hash) = (Definition::read(text)?, hash_of(text));
        let version = i64::from(definition.version);
        let same = known.iter().find(|k| k.1 == definition.kind && k.2 == version);
        match same {
            Some(k) if k.0 == hash => {}
            Some(_) => {
                let text =
                    format!("流程“{}”第 {version} 版的内容与已使用的不同，请改为新的版本号", definition.name);
                return Err(Error::conflict("definition_changed", text));
            }
            None => store::log::add_definition(tx, &hash, &definition.kind, version, text, now)?,
        }
    }
    store::log::definitions(tx)
}

/// The program's years, with those in their place that were loaded later.
fn calendar(tx: &mut Tx, base: &str) -> Result<(i64, Arc<Calendar>)> {
    let revision = store::days::revision(tx)?;
    let mut text = vec!["date,kind,name,source".to_owned()];
    let days = announced(tx, base)?;
    text.extend(days.iter().map(|(day, kind, name, source)| format!("{day},{kind},{name},{source}")));
    Calendar::read(&text.join("\n")).map(|c| (revision, Arc::new(c)))
}

/// Announced days: those that were loaded, and of other years those that came with the program.
fn announced(tx: &mut Tx, base: &str) -> Result<Vec<store::days::Day>> {
    let loaded = store::days::days(tx)?;
    let years: BTreeSet<&str> = loaded.iter().filter_map(|d| d.0.get(..4)).collect();
    let brought = base.lines().skip(1).filter(|line| !years.contains(line.get(..4).unwrap_or("")));
    let mut out: Vec<store::days::Day> = brought.map(store::days::read).collect();
    out.extend(loaded);
    Ok(out)
}
