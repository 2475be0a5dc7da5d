//! Ids are made by the app, not the database: `UUIDv7` as text, so that they sort by time and any writer can make one.

use std::sync::Arc;

use parking::Source;
use uuid::Uuid;

use crate::clock::Millis;

/// Makes ids; seeded in tests and the simulator, so that a world is the same twice.
#[derive(Clone)]
pub struct Ids(Arc<Source>);

impl Ids {
    pub fn random() -> Self {
        Self(Arc::new(Source::machine()))
    }

    /// The same ids in the same order for the same seed.
    pub fn seeded(seed: u64) -> Self {
        Self(Arc::new(Source::seeded(seed)))
    }

    /// A new id that sorts after those of earlier milliseconds.
    pub fn next(&self, now: Millis) -> String {
        let millis = u64::try_from(now).unwrap_or(0);
        let bytes: [u8; 10] = self.bytes();
        uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid().to_string()
    }

    /// Random bytes for tokens and salts.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0; N];
        self.0.fill(&mut out);
        out
    }
}

/// Whether a text has the form of an id made here.
pub fn is_id(text: &str) -> bool {
    text.len() == 36 && Uuid::try_parse(text).is_ok()
}

mod parking {
    use std::sync::Mutex;

    use rand::SeedableRng;
    use rand::rngs::{StdRng, SysRng};
    use rand::{Rng, TryRng};

    pub enum Source {
        Machine,
        Seeded(Box<Mutex<StdRng>>),
    }

    impl Source {
        pub fn machine() -> Self {
            Self::Machine
        }

        pub fn seeded(seed: u64) -> Self {
            Self::Seeded(Box::new(Mutex::new(StdRng::seed_from_u64(seed))))
        }

        pub fn fill(&self, out: &mut [u8]) {
            match self {
                Self::Machine => SysRng.try_fill_bytes(out).expect("the machine's random source answers"),
                Self::Seeded(rng) => {
                    rng.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fill_bytes(out);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time_and_a_seed_repeats_them() {
        let (a, b) = (Ids::seeded(7), Ids::seeded(7));
        let first = a.next(1_000);
        assert_eq!(first, b.next(1_000));
        assert!(is_id(&first) && first < a.next(2_000));
    }
}
