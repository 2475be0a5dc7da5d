//! What tables a database has, read from the database itself: for moves between databases and for checks.

use kit_base::{Error, Result};

use crate::FromRow;
use crate::row::Row;
use crate::sql::{Param, Sql};
use crate::tx::Tx;

/// How a column is kept; the same four on both databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    Int,
    Real,
    Text,
    Blob,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub kind: ColumnKind,
}

/// A table, its columns in the order of their making.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
    /// Tables that its rows refer to, itself left out.
    pub parents: Vec<String>,
}

const TABLES: Sql = Sql::Split {
    sqlite: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    postgres: "SELECT CAST(relname AS TEXT) FROM pg_class WHERE relnamespace = current_schema()::regnamespace
        AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname",
};
const COLUMNS: Sql = Sql::Split {
    sqlite: "SELECT name, lower(type) FROM pragma_table_info($1) ORDER BY cid",
    postgres: "SELECT CAST(attname AS TEXT), format_type(atttypid, NULL) FROM pg_attribute
        WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
};
const PARENTS: Sql = Sql::Split {
    sqlite: "SELECT DISTINCT \"table\" FROM pragma_foreign_key_list($1)",
    postgres:
        "SELECT DISTINCT CAST(p.relname AS TEXT) FROM pg_constraint c JOIN pg_class p ON p.oid = c.confrelid
        WHERE c.contype = 'f' AND c.conrelid = to_regclass($1)",
};

/// Every table, each after those that its rows refer to.
///
/// Errors: `internal` for a column of a kind that no migration of this house makes.
pub fn tables(tx: &mut Tx) -> Result<Vec<Table>> {
    let names: Vec<String> = tx.all(TABLES, &[])?;
    let mut found = Vec::new();
    for name in names {
        let columns: Vec<(String, String)> = tx.all(COLUMNS, params![&name])?;
        let columns = columns.into_iter().map(|(column, kind)| {
            let kind = column_kind(&kind)
                .ok_or_else(|| Error::internal(format!("column {name}.{column} is of kind {kind}")))?;
            Ok(Column { name: column, kind })
        });
        let columns = columns.collect::<Result<Vec<_>>>()?;
        let mut parents: Vec<String> = tx.all(PARENTS, params![&name])?;
        parents.retain(|p| *p != name);
        found.push(Table { name, columns, parents });
    }
    Ok(in_order(found))
}

fn column_kind(text: &str) -> Option<ColumnKind> {
    Some(match text {
        "bigint" | "integer" => ColumnKind::Int,
        "double precision" | "real" => ColumnKind::Real,
        "text" => ColumnKind::Text,
        "bytea" | "blob" => ColumnKind::Blob,
        _ => return None,
    })
}

/// Parents first; a circle of tables keeps the order of names.
fn in_order(mut left: Vec<Table>) -> Vec<Table> {
    let mut done: Vec<Table> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let free = |t: &Table| t.parents.iter().all(|p| done.iter().any(|d| d.name == *p));
        let next = left.iter().position(free).unwrap_or(0);
        done.push(left.remove(next));
    }
    done
}

/// A value on its way from one database to another.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Int(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

impl Value {
    pub fn param(&self) -> Param<'_> {
        match self {
            Self::Null => Param::Null,
            Self::Int(v) => Param::Int(*v),
            Self::Real(v) => Param::Real(*v),
            Self::Text(v) => Param::Text(v),
            Self::Blob(v) => Param::Blob(v),
        }
    }

    fn read(row: &Row, column: usize, kind: ColumnKind) -> Result<Self> {
        fn or_null<T>(value: Option<T>, some: fn(T) -> Value) -> Value {
            value.map_or(Value::Null, some)
        }
        Ok(match kind {
            ColumnKind::Int => or_null(row.get(column)?, Self::Int),
            ColumnKind::Real => or_null(row.get(column)?, Self::Real),
            ColumnKind::Text => or_null(row.get(column)?, Self::Text),
            ColumnKind::Blob => or_null(row.get(column)?, Self::Blob),
        })
    }
}

impl Table {
    /// Hands over every row of the table, in no order.
    pub fn scan(&self, tx: &mut Tx, each: &mut dyn FnMut(Vec<Value>) -> Result<bool>) -> Result<()> {
        let names: Vec<String> = self.columns.iter().map(|c| quoted(&c.name)).collect();
        let text = format!("SELECT {} FROM {}", names.join(", "), quoted(&self.name));
        tx.scan_text(&text, &[], &mut |row| {
            let values = self.columns.iter().enumerate().map(|(i, c)| Value::read(row, i, c.kind));
            each(values.collect::<Result<_>>()?)
        })
    }

    /// How many rows it has.
    pub fn count(&self, tx: &mut Tx) -> Result<i64> {
        let mut count = 0;
        tx.scan_text(&format!("SELECT count(*) FROM {}", quoted(&self.name)), &[], &mut |row| {
            count = i64::from_row(row)?;
            Ok(false)
        })?;
        Ok(count)
    }
}

/// A name from the catalogue as it stands in a statement.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
