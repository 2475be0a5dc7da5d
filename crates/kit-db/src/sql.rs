//! Statements and their parameters.

/// A statement: one text for both databases with `$1`, `$2` …, or, where that cannot be, both texts side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sql {
    One(&'static str),
    Split { sqlite: &'static str, postgres: &'static str },
}

/// Declares the statements of a store, each once, and a `STATEMENTS` list that a test prepares on both schemas.
///
/// ```ignore
/// kit_db::statements! {
///     BY_ID = "SELECT id, name FROM parties WHERE id = $1";
///     NEXT = { sqlite: "…", postgres: "…" };
/// }
/// ```
#[macro_export]
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $body:tt;)*) => {
        $($(#[$doc])* pub const $name: $crate::Sql = $crate::statements!(@ $body);)*
        /// Every fixed statement of this store, for the test that prepares them.
        pub const STATEMENTS: &[(&str, $crate::Sql)] = &[$((stringify!($name), $name)),*];
    };
    (@ { sqlite: $sqlite:literal, postgres: $postgres:literal $(,)? }) => {
        $crate::Sql::Split { sqlite: $sqlite, postgres: $postgres }
    };
    (@ $text:literal) => { $crate::Sql::One($text) };
}

/// One bound value. `i64` carries whole numbers, times, money and flags.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Param<'a> {
    Null,
    Int(i64),
    Real(f64),
    Text(&'a str),
    Blob(&'a [u8]),
}

impl From<i64> for Param<'_> {
    fn from(v: i64) -> Self {
        Self::Int(v)
    }
}
impl From<u32> for Param<'_> {
    fn from(v: u32) -> Self {
        Self::Int(i64::from(v))
    }
}
impl From<i32> for Param<'_> {
    fn from(v: i32) -> Self {
        Self::Int(i64::from(v))
    }
}
impl From<bool> for Param<'_> {
    fn from(v: bool) -> Self {
        Self::Int(i64::from(v))
    }
}
impl From<f64> for Param<'_> {
    fn from(v: f64) -> Self {
        Self::Real(v)
    }
}
impl<'a> From<&'a str> for Param<'a> {
    fn from(v: &'a str) -> Self {
        Self::Text(v)
    }
}
impl<'a> From<&'a String> for Param<'a> {
    fn from(v: &'a String) -> Self {
        Self::Text(v)
    }
}
impl<'a> From<&'a [u8]> for Param<'a> {
    fn from(v: &'a [u8]) -> Self {
        Self::Blob(v)
    }
}
impl<'a> From<&'a Option<String>> for Param<'a> {
    fn from(v: &'a Option<String>) -> Self {
        v.as_deref().map_or(Self::Null, Self::Text)
    }
}
impl<'a, T: Into<Param<'a>>> From<Option<T>> for Param<'a> {
    fn from(v: Option<T>) -> Self {
        v.map_or(Self::Null, Into::into)
    }
}

/// Makes a parameter slice from values: `params![id, now, name.as_str()]`.
#[macro_export]
macro_rules! params {
    ($($v:expr),* $(,)?) => { &[$($crate::Param::from($v)),*] as &[$crate::Param] };
}

/// A set of values within fixed text, for [`Filter::and_either`].
#[derive(Debug, Clone)]
pub struct Either<'a> {
    /// `l.product IN (`
    pub before: &'static str,
    pub values: Vec<Param<'a>>,
    /// `, `
    pub between: &'static str,
    /// `)`
    pub after: &'static str,
}

impl<'a> Either<'a> {
    /// A list: `before` ends with the bracket that `after` closes.
    pub fn list(before: &'static str, values: Vec<Param<'a>>, after: &'static str) -> Self {
        Self { before, values, between: ", ", after }
    }
}

/// A list query put together from fixed fragments; values are always bound, never written into the text.
///
/// `?` in a fragment takes the next value.
#[derive(Debug, Clone)]
pub struct Filter {
    text: String,
    values: Vec<Owned>,
    conditions: usize,
}

#[derive(Debug, Clone)]
enum Owned {
    Null,
    Int(i64),
    Real(f64),
    Text(String),
}

impl Filter {
    /// Starts with `SELECT … FROM …` (without `WHERE`).
    pub fn new(select: &'static str) -> Self {
        Self { text: select.to_owned(), values: Vec::new(), conditions: 0 }
    }

    /// Adds a condition with `AND`.
    pub fn and(mut self, condition: &'static str, values: &[Param]) -> Self {
        self.text.push_str(if self.conditions == 0 { " WHERE (" } else { " AND (" });
        self.conditions += 1;
        self.append(condition, values);
        self.text.push(')');
        self
    }

    /// [`Filter::and`] where there is a value; otherwise nothing.
    pub fn and_some<'a, T: Into<Param<'a>>>(self, condition: &'static str, value: Option<T>) -> Self {
        match value {
            Some(value) => self.and(condition, &[value.into()]),
            None => self,
        }
    }

    /// Any of several bounds: `(c) OR (c) …`, each with its own values; none at all is never true.
    pub fn and_any(mut self, condition: &'static str, alternatives: &[Vec<String>]) -> Self {
        self.text.push_str(if self.conditions == 0 { " WHERE (" } else { " AND (" });
        self.conditions += 1;
        if alternatives.is_empty() {
            self.text.push_str("1 = 0");
        }
        for (i, values) in alternatives.iter().enumerate() {
            if i > 0 {
                self.text.push_str(" OR ");
            }
            let values: Vec<Param> = values.iter().map(|v| Param::Text(v)).collect();
            self.append(condition, &values);
        }
        self.text.push(')');
        self
    }

    /// Any of several sets: `a IN (…) OR b IN (…)`. Sets without values are left out; none at all is never true.
    pub fn and_either(mut self, sets: &[Either]) -> Self {
        self.text.push_str(if self.conditions == 0 { " WHERE (" } else { " AND (" });
        self.conditions += 1;
        let mut first = true;
        for set in sets.iter().filter(|s| !s.values.is_empty()) {
            self.text.push_str(if first { "(" } else { " OR (" });
            self.text.push_str(set.before);
            for (i, value) in set.values.iter().enumerate() {
                self.values.push(Owned::from(value));
                self.text.push_str(if i > 0 { set.between } else { "" });
                self.text.push_str(&format!("${}", self.values.len()));
            }
            self.text.push_str(set.after);
            self.text.push(')');
            first = false;
        }
        self.text.push_str(if first { "1 = 0)" } else { ")" });
        self
    }

    /// Only rows whose `division` lies in one of the jurisdiction's prefixes; the empty prefix is everywhere.
    pub fn within(self, column_range: &'static str, prefixes: &[String]) -> Self {
        if prefixes.iter().any(String::is_empty) {
            return self;
        }
        let ranges: Vec<Vec<String>> = prefixes.iter().map(|p| prefix_range(p).to_vec()).collect();
        self.and_any(column_range, &ranges)
    }

    /// Adds text that is no condition: `ORDER BY …`, `LIMIT ?`.
    pub fn then(mut self, tail: &'static str, values: &[Param]) -> Self {
        self.text.push(' ');
        self.append(tail, values);
        self
    }

    /// Turns a query of rows (`SELECT 1 FROM …`) into their number, counted no further than `most`: a list of millions
    /// is not walked to its end for a figure that nobody pages to.
    pub fn counted_to(mut self, most: i64) -> Self {
        self.values.push(Owned::Int(most));
        self.text = format!("SELECT count(*) FROM ({} LIMIT ${}) counted", self.text, self.values.len());
        self
    }

    fn append(&mut self, fragment: &str, values: &[Param]) {
        let mut given = values.iter();
        for piece in fragment.split_inclusive('?') {
            match piece.strip_suffix('?') {
                Some(before) => {
                    self.text.push_str(before);
                    self.values.push(given.next().map_or(Owned::Null, Owned::from));
                    self.text.push_str(&format!("${}", self.values.len()));
                }
                None => self.text.push_str(piece),
            }
        }
        debug_assert!(given.next().is_none(), "more values than places in {fragment}");
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn params(&self) -> Vec<Param<'_>> {
        let param = |value| match value {
            &Owned::Int(v) => Param::Int(v),
            &Owned::Real(v) => Param::Real(v),
            Owned::Text(v) => Param::Text(v),
            Owned::Null => Param::Null,
        };
        self.values.iter().map(param).collect()
    }
}

impl From<&Param<'_>> for Owned {
    fn from(p: &Param<'_>) -> Self {
        match *p {
            Param::Null => Self::Null,
            Param::Int(v) => Self::Int(v),
            Param::Real(v) => Self::Real(v),
            Param::Text(v) => Self::Text(v.to_owned()),
            Param::Blob(v) => Self::Text(String::from_utf8_lossy(v).into_owned()),
        }
    }
}

/// `[first, end)` of all codes that begin with a prefix of digits: `4109` gives `4109`, `4110`.
///
/// Digits only, so that the range means the same under every collation. A prefix of nines ends at `:`.
pub fn prefix_range(prefix: &str) -> [String; 2] {
    let mut digits: Vec<u8> = prefix.bytes().collect();
    for i in (0..digits.len()).rev() {
        if digits[i] < b'9' {
            digits[i] += 1;
            return [prefix.to_owned(), String::from_utf8_lossy(&digits).into_owned()];
        }
        digits[i] = b'0';
    }
    [prefix.to_owned(), "99999999999999".to_owned()]
}
