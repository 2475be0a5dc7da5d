//! One unit of work.

use kit_base::{Error, Kind, Result};

use crate::catalog::{Column, Value, quoted};
use crate::facts::{Digest, Fact, Facts};
use crate::pg::PgConn;
use crate::row::{FromRow, Row};
use crate::sql::{Filter, Param, Sql};
use crate::{Dialect, pg, sqlite};

type Hook = Box<dyn FnOnce() + Send>;

/// A running transaction. What it wrote is kept when the unit of work answers `Ok`, and undone otherwise.
pub struct Tx<'c> {
    conn: Conn<'c>,
    after: Vec<Hook>,
    facts: Facts,
}

pub(crate) enum Conn<'c> {
    Sqlite(&'c rusqlite::Connection),
    Pg(&'c mut PgConn),
}

impl<'c> Tx<'c> {
    pub(crate) fn new(conn: Conn<'c>) -> Self {
        Self { conn, after: Vec::new(), facts: Facts::default() }
    }

    pub fn dialect(&self) -> Dialect {
        match self.conn {
            Conn::Sqlite(_) => Dialect::Sqlite,
            Conn::Pg(_) => Dialect::Postgres,
        }
    }

    /// Registers what is to happen once this unit is durable and before its answer is given (feeding a cache).
    pub fn after_commit(&mut self, hook: impl FnOnce() + Send + 'static) {
        self.after.push(Box::new(hook));
    }

    /// Notes the record of an event that this unit adds; the ledger's leaf takes it.
    ///
    /// Errors: `internal` where the number does not follow the one before.
    pub fn event_fact(&mut self, no: i64, hash: Digest) -> Result<()> {
        if self.facts.events.is_empty() {
            self.facts.first_event = no;
        }
        let next = self.facts.first_event + self.facts.events.len() as i64;
        if no != next {
            return Err(Error::internal(format!("event {no} recorded where {next} was next")));
        }
        self.facts.events.push(hash);
        Ok(())
    }

    /// Notes another fact that this unit adds.
    pub fn fact(&mut self, kind: &'static str, item: impl Into<String>, hash: Digest) {
        self.facts.items.push(Fact { kind, item: item.into(), hash });
    }

    /// The facts so far, for the leaf that takes them.
    pub fn take_facts(&mut self) -> Facts {
        std::mem::take(&mut self.facts)
    }

    /// Nothing may be recorded for ever without a leaf: refuses the commit of a unit whose facts nobody took.
    pub(crate) fn settled(&self) -> Result<()> {
        match self.facts.is_empty() {
            true => Ok(()),
            false => Err(Error::internal("facts were recorded without a leaf of the ledger")),
        }
    }

    pub(crate) fn into_hooks(self) -> Vec<Hook> {
        self.after
    }

    fn text(&self, sql: Sql) -> &'static str {
        match (sql, self.dialect()) {
            (Sql::One(text), _) => text,
            (Sql::Split { sqlite, .. }, Dialect::Sqlite) => sqlite,
            (Sql::Split { postgres, .. }, Dialect::Postgres) => postgres,
        }
    }

    /// Runs a statement; answers how many rows it changed.
    pub fn exec(&mut self, sql: Sql, params: &[Param]) -> Result<u64> {
        let text = self.text(sql);
        match &mut self.conn {
            Conn::Sqlite(c) => sqlite::exec(c, text, params),
            Conn::Pg(c) => pg::exec(c, text, params),
        }
    }

    /// Runs one statement for many rows of parameters, prepared once.
    pub fn exec_many<'p, I>(&mut self, sql: Sql, rows: I) -> Result<u64>
    where
        I: IntoIterator<Item = &'p [Param<'p>]>,
    {
        let mut changed = 0;
        for row in rows {
            changed += self.exec(sql, row)?;
        }
        Ok(changed)
    }

    /// The first row, if there is one.
    pub fn one<T: FromRow>(&mut self, sql: Sql, params: &[Param]) -> Result<Option<T>> {
        let mut found = None;
        self.scan(sql, params, &mut |row| {
            found = Some(T::from_row(row)?);
            Ok(false)
        })?;
        Ok(found)
    }

    /// All rows, for answers known to be short.
    pub fn all<T: FromRow>(&mut self, sql: Sql, params: &[Param]) -> Result<Vec<T>> {
        let mut out = Vec::new();
        self.scan(sql, params, &mut |row| {
            out.push(T::from_row(row)?);
            Ok(true)
        })?;
        Ok(out)
    }

    /// Hands over row after row until `each` answers `false`; nothing is gathered.
    pub fn scan(
        &mut self,
        sql: Sql,
        params: &[Param],
        each: &mut dyn FnMut(&Row) -> Result<bool>,
    ) -> Result<()> {
        let text = self.text(sql);
        self.scan_text(text, params, each)
    }

    /// [`Tx::all`] of a query put together from fragments.
    pub fn list<T: FromRow>(&mut self, filter: &Filter) -> Result<Vec<T>> {
        let mut out = Vec::new();
        self.scan_list(filter, &mut |row| {
            out.push(T::from_row(row)?);
            Ok(true)
        })?;
        Ok(out)
    }

    /// [`Tx::scan`] of a query put together from fragments.
    pub fn scan_list(&mut self, filter: &Filter, each: &mut dyn FnMut(&Row) -> Result<bool>) -> Result<()> {
        self.scan_text(filter.text(), &filter.params(), each)
    }

    /// How many rows a query put together from fragments has (`SELECT count(*) …`).
    pub fn count(&mut self, filter: &Filter) -> Result<i64> {
        self.list::<i64>(filter)?.pop().ok_or_else(|| Error::internal("count answered nothing"))
    }

    pub(crate) fn scan_text(
        &mut self,
        text: &str,
        params: &[Param],
        each: &mut dyn FnMut(&Row) -> Result<bool>,
    ) -> Result<()> {
        match &mut self.conn {
            Conn::Sqlite(c) => sqlite::scan(c, text, params, each),
            Conn::Pg(c) => pg::scan(c, text, params, each),
        }
    }

    /// Adds many rows to a table at the speed of the database: a prepared statement on SQLite, `COPY` on PostgreSQL.
    ///
    /// `next` fills the row it is given (its length is that of `columns`) and answers `false` at the end.
    pub fn insert_many<'p>(
        &mut self,
        table: &'static str,
        columns: &'static [&'static str],
        rows: impl IntoIterator<Item = Vec<Param<'p>>>,
    ) -> Result<u64> {
        match &mut self.conn {
            Conn::Sqlite(c) => sqlite::insert_many(c, table, columns, rows),
            Conn::Pg(c) => pg::insert_many(c, table, columns, rows),
        }
    }

    /// Rows of a query for any of many texts, in no order: `condition` is like `id = ?`. In parts of one size, so that the
    /// statement is planned once.
    pub fn list_any<T: FromRow>(
        &mut self,
        select: &'static str,
        condition: &'static str,
        texts: &[String],
    ) -> Result<Vec<T>> {
        const TEXTS: usize = 200;
        let mut out = Vec::with_capacity(texts.len());
        for part in texts.chunks(TEXTS) {
            let size = if texts.len() > 20 { TEXTS } else { part.len() };
            let fill = part.iter().chain(std::iter::repeat(&part[0])).take(size);
            let alternatives: Vec<Vec<String>> = fill.map(|text| vec![text.clone()]).collect();
            out.extend(self.list::<T>(&crate::Filter::new(select).and_any(condition, &alternatives))?);
        }
        Ok(out)
    }

    /// [`Tx::insert_many`] of rows that arrive in steps, for whole tables read from another database.
    pub(crate) fn insert_stream(
        &mut self,
        table: &str,
        columns: &[Column],
        next: &mut dyn FnMut() -> Option<Vec<Vec<Value>>>,
    ) -> Result<u64> {
        let names: Vec<String> = columns.iter().map(|c| quoted(&c.name)).collect();
        match &mut self.conn {
            Conn::Sqlite(c) => sqlite::insert_stream(c, &quoted(table), &names, next),
            Conn::Pg(c) => pg::insert_stream(c, &quoted(table), &names, next),
        }
    }

    /// References between rows need hold only at the commit (SQLite); PostgreSQL looks at the end of each statement.
    pub(crate) fn constraints_at_the_end(&mut self) -> Result<()> {
        match &self.conn {
            Conn::Sqlite(_) => self.batch("PRAGMA defer_foreign_keys = ON"),
            Conn::Pg(_) => Ok(()),
        }
    }

    /// Runs a part that may fail alone: its writes are undone and its error is answered, the rest of the unit goes on.
    pub fn nested<T>(&mut self, f: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.batch("SAVEPOINT part")?;
        let (hooks, facts) = (self.after.len(), self.facts.mark());
        let done = f(self);
        if done.is_err() {
            self.after.truncate(hooks);
            self.facts.truncate(facts);
            self.batch("ROLLBACK TO SAVEPOINT part")?;
        }
        self.batch("RELEASE SAVEPOINT part")?;
        done
    }

    /// Closes the open partition of a table that PostgreSQL partitions by its dense number, as `TABLE_pFROM` with the
    /// numbers `from <= n < next`, and opens a new one. Nothing happens on SQLite, or when nothing came since `from`.
    ///
    /// `table` must be made with `PARTITION BY RANGE` and a default partition `TABLE_open`; locks it for the moment
    /// that its rows take to be looked through.
    pub fn cut_partition(&mut self, table: &'static str, from: i64, next: i64) -> Result<()> {
        if self.dialect() == Dialect::Sqlite || next <= from {
            return Ok(());
        }
        let part = format!("{table}_p{from}");
        self.batch(&format!(
            "ALTER TABLE {table} DETACH PARTITION {table}_open;
             ALTER TABLE {table}_open RENAME TO {part};
             ALTER TABLE {table} ATTACH PARTITION {part} FOR VALUES FROM ({from}) TO ({next});
             CREATE TABLE {table}_open PARTITION OF {table} DEFAULT;"
        ))
    }

    /// Where the partitions of a table end that have bounds: the first number beyond them, 0 where there is none. `None`
    /// on SQLite.
    pub fn partitions_end(&mut self, table: &'static str) -> Result<Option<i64>> {
        if self.dialect() == Dialect::Sqlite {
            return Ok(None);
        }
        const BOUNDS: Sql = Sql::One(
            "SELECT pg_get_expr(c.relpartbound, c.oid) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                WHERE i.inhparent = CAST(CAST($1 AS TEXT) AS regclass)",
        );
        let bounds: Vec<String> = self.all(BOUNDS, &[Param::Text(table)])?;
        // FOR VALUES FROM ('0') TO ('1000000'), or DEFAULT
        let end = |text: &String| text.rsplit_once("TO ('")?.1.strip_suffix("')")?.parse::<i64>().ok();
        Ok(Some(bounds.iter().filter_map(end).max().unwrap_or(0)))
    }

    /// Makes an empty partition `TABLE_pFROM` for the numbers `from <= n < next`. Nothing happens on SQLite.
    pub fn make_partition(&mut self, table: &'static str, from: i64, next: i64) -> Result<()> {
        if self.dialect() == Dialect::Sqlite || next <= from {
            return Ok(());
        }
        self.batch(&format!(
            "CREATE TABLE {table}_p{from} PARTITION OF {table} FOR VALUES FROM ({from}) TO ({next});"
        ))
    }

    /// Checks that a statement is well formed against the schema, and that its columns are of types that are read (on PostgreSQL
    /// `CASE … THEN 1` is none), without running it.
    pub fn prepare_only(&mut self, sql: Sql) -> Result<()> {
        let text = self.text(sql);
        match &mut self.conn {
            Conn::Sqlite(c) => sqlite::prepare_only(c, text),
            Conn::Pg(c) => pg::prepare_only(c, text),
        }
    }

    /// Runs text of several statements that takes no values: a dump, never anything made of input.
    pub fn script(&mut self, text: &str) -> Result<()> {
        self.batch(text)
    }

    /// Runs schema text of several statements.
    pub(crate) fn batch(&mut self, text: &str) -> Result<()> {
        match &mut self.conn {
            Conn::Sqlite(c) => c.execute_batch(text).map_err(sqlite::refusal),
            Conn::Pg(c) => c.client.batch_execute(text).map_err(pg::refusal),
        }
    }
}

/// The refusal that a broken constraint is: `unique_violation`, `check_violation` or `foreign_key_violation`, with the
/// constraint's name as the field (a unique constraint is named `table_column[_column]` on both databases).
pub(crate) fn constraint(code: &'static str, name: String, cause: &dyn std::fmt::Display) -> Error {
    let message = match code {
        "unique_violation" => "已有相同的记录",
        "foreign_key_violation" => "所引用的记录不存在或仍被引用",
        _ => "数据不符合约束",
    };
    let cause = std::io::Error::other(cause.to_string());
    Error::new(Kind::Conflict, code, message).at(name).because(cause)
}
