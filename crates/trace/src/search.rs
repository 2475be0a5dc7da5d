//! Search over all products in memory, see [`kit_find`]. It hears of changes by their numbers: before each search what
//! changed since the last is read from the database, whichever server changed it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use kit_base::Result;
use kit_base::text::search_form;
use kit_db::{Db, Tx};
use kit_find::{Followed, Found, Query, Text, Thing};
use kit_web::House;

use crate::store::lists::Meant;
use crate::store::lists::meant::FEW;
use crate::store::products::{self, Entry};

/// Changes read at once.
const STEP: i64 = 20_000;

/// The index of the house; shared by all requests.
#[derive(Default)]
pub struct ProductSearch {
    followed: Followed,
    whole: AtomicBool,
}

impl ProductSearch {
    /// The index of a small house at once; that of a large one goes on filling beside, while the house serves already.
    pub fn open(db: &Db) -> Result<Arc<Self>> {
        let search = Arc::new(Self::default());
        if !db.read_blocking(|tx| search.step(tx))? || !db.read_blocking(|tx| search.step(tx))? {
            search.whole.store(true, Ordering::Release);
            return Ok(search);
        }
        let (db, filled) = (db.clone(), search.clone());
        std::thread::Builder::new().name("product-search".into()).spawn(move || {
            if let Err(e) = filled.fill(&db) {
                tracing::error!(error = %e, "search of products is not whole");
            }
        })?;
        Ok(search)
    }

    /// Whether everything is in it. Until then it finds only a part.
    pub fn is_whole(&self) -> bool {
        self.whole.load(Ordering::Acquire)
    }

    /// Reads all products, in steps that let others read between them.
    fn fill(&self, db: &Db) -> Result<()> {
        while db.read_blocking(|tx| self.step(tx))? {}
        self.whole.store(true, Ordering::Release);
        Ok(())
    }

    /// Builds the index anew aside and puts it in the place of the old one, which answers meanwhile.
    pub fn rebuild(&self, db: &Db) -> Result<usize> {
        let fresh = Self::default();
        fresh.fill(db)?;
        let known = self.followed.replace(fresh.followed);
        self.whole.store(true, Ordering::Release);
        Ok(known)
    }

    /// Takes in what changed. While the index is being filled that is left to the filling.
    pub fn catch_up(&self, tx: &mut Tx) -> Result<()> {
        if self.is_whole() {
            while self.step(tx)? {}
        }
        Ok(())
    }

    /// One step on; whether there may be more.
    fn step(&self, tx: &mut Tx) -> Result<bool> {
        let from = self.followed.reached();
        let changed = products::changed_after(tx, from, STEP)?;
        let Some(last) = changed.last().map(|e| e.seq) else { return Ok(false) };
        let things: Vec<Thing> = changed.iter().filter_map(thing).collect();
        self.followed.step(from, last, &things);
        Ok(true)
    }

    /// Products that hold every word of the query, best first.
    pub fn find(&self, query: &Query) -> (Vec<String>, usize) {
        named(self.followed.find(query))
    }

    /// Products that may be meant by a query with a typing error, nearest first.
    pub fn near(&self, query: &Query) -> (Vec<String>, usize) {
        named(self.followed.near(query))
    }

    /// Bytes held, about.
    pub fn bytes(&self) -> usize {
        self.followed.bytes()
    }
}

/// What a text looked for in a list of lots or events means; `None` where nothing is looked for.
pub fn meant(tx: &mut Tx, house: &House, text: Option<&str>) -> Result<Option<Meant>> {
    let Some(text) = text.map(str::trim).filter(|t| !t.is_empty()) else { return Ok(None) };
    let search = house.held::<ProductSearch>();
    let mut products = None;
    // the search finds texts of two characters and more
    if search.is_whole() && search_form(text).chars().count() > 1 {
        search.catch_up(tx)?;
        let (ids, total) = search.find(&Query {
            text: text.to_owned(),
            jurisdiction: vec![String::new()],
            take: FEW as usize,
            ..Query::default()
        });
        products = (total as i64 <= FEW).then_some(ids);
    }
    Meant::new(tx, text, products).map(Some)
}

fn thing(entry: &Entry) -> Option<Thing> {
    let text = Text::new(&entry.name).code(&entry.own_code).code(entry.gtin.as_deref().unwrap_or(""));
    Some(Thing {
        id: uuid::Uuid::try_parse(&entry.id).ok()?.as_u128(),
        seq: entry.seq,
        text: text.other(&entry.brand).other(&entry.spec).other(&entry.producer),
        division: entry.division.clone(),
        kind: entry.category.clone(),
        status: entry.status.clone(),
    })
}

fn named(found: Found) -> (Vec<String>, usize) {
    (found.ids.into_iter().map(|id| uuid::Uuid::from_u128(id).to_string()).collect(), found.total)
}
