//! sqlx and SeaORM as their documentation uses them, with the same settings of the database.

#[path = "../../common.rs"]
mod common;

use std::error::Error;
use std::str::FromStr as _;

use common::{
    CREATE, DROP, INDEX, INSERTS, LOOKUPS, Lot, PAGES, ROWS, anywhere, division, each, lot, rate, start,
};
use sea_orm::entity::prelude::*;
use sea_orm::{
    ActiveValue::Set, QueryOrder as _, QuerySelect as _, SqlxPostgresConnector, SqlxSqliteConnector,
    TransactionTrait as _,
};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, Postgres, QueryBuilder, Sqlite, SqlitePool};

type Done = Result<(), Box<dyn Error>>;
type Row = (i64, String, String, String);

const BY_NO: &str = "SELECT event, product, holder, division FROM bench_lots WHERE no = $1";
const PAGE: &str =
    "SELECT event, product, holder, division FROM bench_lots WHERE division = $1 AND amount > $2
    ORDER BY no LIMIT $3 OFFSET $4";
const ADD: &str =
    "INSERT INTO bench_lots (no, event, product, holder, division, amount) VALUES ($1, $2, $3, $4, $5, $6)";
/// Rows of one statement; SQLite allows 32 766 values.
const BATCH: i64 = 5_000;

mod lots {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "bench_lots")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub no: i64,
        pub event: i64,
        pub product: String,
        pub holder: String,
        pub division: String,
        pub amount: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

#[tokio::main]
async fn main() -> Done {
    let file = std::env::temp_dir().join(format!("bench-others-{}.db", std::process::id()));
    let options = SqliteConnectOptions::from_str(&format!("sqlite:{}", file.display()))?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("cache_size", "-65536")
        .pragma("mmap_size", "1073741824");
    let pool = SqlitePoolOptions::new().max_connections(4).connect_with(options).await?;
    sqlite(&pool).await?;
    orm("SQLite", &SqlxSqliteConnector::from_sqlx_sqlite_pool(pool.clone()), || prepare_sqlite(&pool))
        .await?;
    pool.close().await;
    for tail in ["", "-wal", "-shm"] {
        let mut name = file.clone().into_os_string();
        name.push(tail);
        let _ = std::fs::remove_file(name);
    }
    if let Some(url) = std::env::args().nth(1) {
        let pool = PgPool::connect(&url).await?;
        postgres(&pool).await?;
        orm("PostgreSQL", &SqlxPostgresConnector::from_sqlx_postgres_pool(pool.clone()), || {
            prepare_postgres(&pool)
        })
        .await?;
        sqlx::query(DROP).execute(&pool).await?;
    }
    Ok(())
}

/// On one connection: another may still believe in the table that was dropped.
async fn prepare_sqlite(pool: &SqlitePool) -> Done {
    let mut one = pool.acquire().await?;
    for sql in [DROP, CREATE, INDEX] {
        sqlx::query(sql).execute(&mut *one).await?;
    }
    Ok(())
}

async fn prepare_postgres(pool: &PgPool) -> Done {
    let mut one = pool.acquire().await?;
    for sql in [DROP, CREATE, INDEX] {
        sqlx::query(sql).execute(&mut *one).await?;
    }
    Ok(())
}

/// The same text for both drivers: sqlx has no common pool that knows all types.
macro_rules! tasks {
    ($name:ident, $database:literal, $pool:ty, $db:ty, $prepare:ident) => {
        async fn $name(pool: &$pool) -> Done {
            $prepare(pool).await?;
            let lots: Vec<Lot> = (1..=ROWS).map(lot).collect();
            let from = start();
            let mut tx = pool.begin().await?;
            for part in lots.chunks(BATCH as usize) {
                let mut query = QueryBuilder::<$db>::new(
                    "INSERT INTO bench_lots (no, event, product, holder, division, amount) ",
                );
                query.push_values(part, |mut row, l| {
                    row.push_bind(l.no)
                        .push_bind(l.event)
                        .push_bind(&l.product)
                        .push_bind(&l.holder)
                        .push_bind(&l.division)
                        .push_bind(l.amount);
                });
                query.build().execute(&mut *tx).await?;
            }
            tx.commit().await?;
            rate("sqlx", $database, "bulk load of 1 000 000 rows", from.elapsed(), ROWS);
            sqlx::query("ANALYZE").execute(pool).await?;
            let from = start();
            for n in 0..LOOKUPS {
                let mut tx = pool.begin().await?;
                sqlx::query_as::<_, Row>(BY_NO).bind(anywhere(n)).fetch_optional(&mut *tx).await?;
                tx.commit().await?;
            }
            each("sqlx", $database, "point look-up, a transaction each", from.elapsed(), LOOKUPS);
            let from = start();
            for n in 0..PAGES {
                let mut tx = pool.begin().await?;
                let query =
                    sqlx::query_as::<_, Row>(PAGE).bind(division(n)).bind(500_i64).bind(20_i64).bind(100_i64);
                query.fetch_all(&mut *tx).await?;
                tx.commit().await?;
            }
            each("sqlx", $database, "filtered page of 20, sixth page", from.elapsed(), PAGES);
            let from = start();
            for n in 0..INSERTS {
                let l = lot(ROWS + 1 + n);
                let mut tx = pool.begin().await?;
                let query = sqlx::query(ADD).bind(l.no).bind(l.event).bind(l.product).bind(l.holder);
                query.bind(l.division).bind(l.amount).execute(&mut *tx).await?;
                tx.commit().await?;
            }
            each(
                "sqlx",
                $database,
                "insert of one row, durable, one after the other",
                from.elapsed(),
                INSERTS,
            );
            Ok(())
        }
    };
}

tasks!(sqlite, "SQLite", SqlitePool, Sqlite, prepare_sqlite);
tasks!(postgres, "PostgreSQL", PgPool, Postgres, prepare_postgres);

fn active(l: Lot) -> lots::ActiveModel {
    lots::ActiveModel {
        no: Set(l.no),
        event: Set(l.event),
        product: Set(l.product),
        holder: Set(l.holder),
        division: Set(l.division),
        amount: Set(l.amount),
    }
}

async fn orm<F: Future<Output = Done>>(
    database: &str,
    db: &DatabaseConnection,
    prepare: impl FnOnce() -> F,
) -> Done {
    prepare().await?;
    let from = start();
    let tx = db.begin().await?;
    for first in (1..=ROWS).step_by(BATCH as usize) {
        let models = (first..first + BATCH).map(|no| active(lot(no)));
        lots::Entity::insert_many(models).exec_without_returning(&tx).await?;
    }
    tx.commit().await?;
    rate("SeaORM", database, "bulk load of 1 000 000 rows", from.elapsed(), ROWS);
    db.execute_unprepared("ANALYZE").await?;
    let from = start();
    for n in 0..LOOKUPS {
        let tx = db.begin().await?;
        lots::Entity::find_by_id(anywhere(n)).one(&tx).await?;
        tx.commit().await?;
    }
    each("SeaORM", database, "point look-up, a transaction each", from.elapsed(), LOOKUPS);
    let from = start();
    for n in 0..PAGES {
        let tx = db.begin().await?;
        let page = lots::Entity::find()
            .filter(lots::Column::Division.eq(division(n)))
            .filter(lots::Column::Amount.gt(500))
            .order_by_asc(lots::Column::No);
        page.limit(20).offset(100).all(&tx).await?;
        tx.commit().await?;
    }
    each("SeaORM", database, "filtered page of 20, sixth page", from.elapsed(), PAGES);
    let from = start();
    for n in 0..INSERTS {
        let tx = db.begin().await?;
        lots::Entity::insert(active(lot(ROWS + 1 + n))).exec_without_returning(&tx).await?;
        tx.commit().await?;
    }
    each("SeaORM", database, "insert of one row, durable, one after the other", from.elapsed(), INSERTS);
    Ok(())
}
