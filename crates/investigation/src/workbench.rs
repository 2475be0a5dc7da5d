//! What is open on the workbench: pictures and networks that were put together lately, kept so that a click is answered
//! without walking and reading again. Everything here can be thrown away.

use std::sync::Arc;

use kit_base::Result;
use parking_lot::Mutex;

use crate::model::View;
use crate::network::Network;
use crate::rules::picture::{Picture, Summary};

/// Most lots kept in all, 150 bytes each.
const MOST_LOTS: usize = 2_000_000;
/// Most pictures kept.
const MOST: usize = 16;

/// A picture with what follows from it. For a network file the picture is empty.
#[derive(Debug, Default)]
pub struct Loaded {
    pub picture: Picture,
    pub summary: Summary,
    pub network: Network,
}

/// What a loaded thing is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Of {
    /// the ledger as a case looks at it; the case as it was changed last
    Ledger { case: String, changed: i64, view: View },
    /// a frozen scope, by hash
    Frozen(String),
    /// a network file, by hash
    File(String),
}

/// Kept pictures, last used last.
#[derive(Default)]
pub struct Workbench {
    kept: Mutex<Vec<(Of, i64, Arc<Loaded>)>>,
    building: Mutex<()>,
}

impl Workbench {
    pub fn open() -> Arc<Self> {
        Arc::default()
    }

    /// What is kept under this name, or what `build` makes now. `event` is the last event it has to have seen; 0 where
    /// any will do (a click on something already shown). Two who ask at once wait for one building.
    pub fn get(&self, of: Of, event: i64, build: impl FnOnce() -> Result<Loaded>) -> Result<Arc<Loaded>> {
        if let Some(found) = self.find(&of, event) {
            return Ok(found);
        }
        let _one_at_a_time = self.building.lock();
        if let Some(found) = self.find(&of, event) {
            return Ok(found);
        }
        let built = Arc::new(build()?);
        self.keep(of, built.clone());
        Ok(built)
    }

    /// Throws everything away.
    pub fn clear(&self) {
        self.kept.lock().clear();
    }

    /// Keeps what was put together elsewhere.
    pub fn put(&self, of: Of, loaded: Arc<Loaded>) {
        self.keep(of, loaded);
    }

    fn find(&self, of: &Of, event: i64) -> Option<Arc<Loaded>> {
        let mut kept = self.kept.lock();
        let at = kept.iter().position(|(name, seen, _)| name == of && *seen >= event)?;
        let found = kept.remove(at);
        let loaded = found.2.clone();
        kept.push(found);
        Some(loaded)
    }

    fn keep(&self, of: Of, loaded: Arc<Loaded>) {
        let mut kept = self.kept.lock();
        kept.retain(|(name, ..)| *name != of);
        let event = loaded.picture.event;
        kept.push((of, event, loaded));
        let lots =
            |kept: &[(Of, i64, Arc<Loaded>)]| kept.iter().map(|k| k.2.picture.lots.len()).sum::<usize>();
        while kept.len() > 1 && (kept.len() > MOST || lots(&kept) > MOST_LOTS) {
            kept.remove(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loaded(event: i64) -> Result<Loaded> {
        Ok(Loaded { picture: Picture { event, ..Picture::default() }, ..Loaded::default() })
    }

    #[test]
    fn what_is_kept_serves_until_more_is_asked() {
        let bench = Workbench::open();
        let of = |n: i64| Of::Ledger { case: "a".into(), changed: n, view: View::default() };
        let never = || -> Result<Loaded> { panic!("built although kept") };
        assert_eq!(bench.get(of(1), 5, || loaded(5)).unwrap().picture.event, 5);
        assert_eq!(bench.get(of(1), 5, never).unwrap().picture.event, 5);
        assert_eq!(bench.get(of(1), 0, never).unwrap().picture.event, 5);
        assert_eq!(bench.get(of(1), 6, || loaded(6)).unwrap().picture.event, 6);
        assert_eq!(bench.get(of(2), 0, || loaded(9)).unwrap().picture.event, 9);
        for n in 3..40 {
            bench.get(of(n), 0, || loaded(n)).unwrap();
        }
        assert_eq!(bench.kept.lock().len(), MOST);
    }
}
