//! The simple event query of EPCIS 2.0 (8.2.7.1): its parameters, read and checked, and which events they let through.
//!
//! The store narrows by what is indexed; [`Query::lets`] decides. So a wrong answer cannot come from an index that knows
//! less than the standard asks.

mod lets;
mod read;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use kit_base::Millis;

use super::decimal::Decimal;

pub use lets::Place;
pub use read::{PARAMETERS, Shape, Wrong, shape_of};

/// Parameters as they came, by name; lists of the query string already split.
pub type Params = BTreeMap<String, Vec<String>>;

/// From (included) and before (not included), ms UTC.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    pub from: Option<Millis>,
    pub before: Option<Millis>,
}

impl Span {
    pub fn holds(self, at: Millis) -> bool {
        self.from.is_none_or(|from| at >= from) && self.before.is_none_or(|before| at < before)
    }
}

/// Which lists of an event a `MATCH_` parameter looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Epc,
    Parent,
    Input,
    Output,
    Any,
    Class,
    InputClass,
    OutputClass,
    AnyClass,
    /// Single things and classes alike (`/epcis/epcs/{epc}/events`).
    Everything,
}

/// A code that is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// This very thing, class or lot, by its look-up text.
    Key(String),
    /// Any lot and any single thing of a trade item (`urn:epc:idpat:sgtin:4012345.012345.*`); 14 digits.
    Gtin(String),
}

/// One `MATCH_` parameter: any of these codes in these lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    pub role: Role,
    pub wanted: Vec<Wanted>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    Eq,
    Gt,
    Ge,
    Lt,
    Le,
}

/// By what the answer is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// As it was recorded: the number of the ledger, rising.
    #[default]
    Recorded,
    EventTime {
        down: bool,
    },
    RecordTime {
        down: bool,
    },
}

/// A list of texts of which any will do; `None`: not asked.
pub type AnyOf = Option<Vec<String>>;

/// A query, checked. Texts are in the form in which events keep them: bare words, look-up texts of places.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    pub types: AnyOf,
    pub time: Span,
    pub recorded: Span,
    pub actions: AnyOf,
    pub steps: AnyOf,
    pub dispositions: AnyOf,
    pub set: AnyOf,
    pub unset: AnyOf,
    pub read_points: AnyOf,
    pub read_points_under: AnyOf,
    pub locations: AnyOf,
    pub locations_under: AnyOf,
    pub transformations: AnyOf,
    pub ids: AnyOf,
    pub matches: Vec<Match>,
    pub quantities: Vec<(Op, Decimal)>,
    pub declared_wrong: Option<bool>,
    pub declared_at: Span,
    pub reasons: AnyOf,
    pub corrective: AnyOf,
    /// `EQ_bizTransaction_po` and the like: the list, the type, the values.
    pub typed: Vec<(&'static str, String, Vec<String>)>,
    pub order: Order,
    /// The most events of the whole answer.
    pub limit: Option<u64>,
    /// Where the answer has more events than this, it is refused.
    pub most: Option<u64>,
}
