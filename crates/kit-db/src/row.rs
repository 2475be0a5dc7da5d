//! Reading columns, the same from either driver.

use kit_base::{Error, Result};

/// One row of an answer; columns are counted from 0.
pub enum Row<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Pg(&'a postgres::Row),
}

impl Row<'_> {
    /// The value of a column. A NULL needs `Option<T>`.
    pub fn get<T: FromColumn>(&self, column: usize) -> Result<T> {
        T::from_column(self, column)
    }

    fn value<T>(&self, column: usize) -> Result<Option<T>>
    where
        T: rusqlite::types::FromSql + for<'b> postgres::types::FromSql<'b>,
    {
        match self {
            Self::Sqlite(row) => row.get(column).map_err(|e| wrong(column, &e)),
            Self::Pg(row) => row.try_get(column).map_err(|e| wrong(column, &e)),
        }
    }
}

fn wrong(column: usize, e: &dyn std::fmt::Display) -> Error {
    Error::internal(format!("column {column}: {e}"))
}

fn null(column: usize) -> Error {
    Error::internal(format!("column {column} is NULL where a value is expected"))
}

/// A type that a column can be read as.
pub trait FromColumn: Sized {
    fn from_column(row: &Row, column: usize) -> Result<Self>;
}

macro_rules! plain {
    ($($t:ty),*) => {$(
        impl FromColumn for $t {
            fn from_column(row: &Row, column: usize) -> Result<Self> {
                row.value::<$t>(column)?.ok_or_else(|| null(column))
            }
        }
        impl FromColumn for Option<$t> {
            fn from_column(row: &Row, column: usize) -> Result<Self> {
                row.value::<$t>(column)
            }
        }
    )*};
}
plain!(i64, f64, String, Vec<u8>);

impl FromColumn for bool {
    fn from_column(row: &Row, column: usize) -> Result<Self> {
        Ok(row.get::<i64>(column)? != 0)
    }
}

/// A type that a whole row can be read as.
pub trait FromRow: Sized {
    fn from_row(row: &Row) -> Result<Self>;
}

impl<T: FromColumn> FromRow for T {
    fn from_row(row: &Row) -> Result<Self> {
        row.get(0)
    }
}

macro_rules! tuple {
    ($($t:ident $i:tt),+) => {
        impl<$($t: FromColumn),+> FromRow for ($($t,)+) {
            fn from_row(row: &Row) -> Result<Self> {
                Ok(($(row.get::<$t>($i)?,)+))
            }
        }
    };
}
tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
