//! Networks of an incident that were imported, and what their ids became.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Param, Row, Tx, params};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::LotNo;

kit_db::statements! {
    INSERT = "INSERT INTO network_imports (id, name, file, division, actor, at, stations, deliveries, relations)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    BY_ID = "SELECT id, name, file, division, actor, at, stations, deliveries, relations FROM network_imports WHERE id = $1";
    BY_FILE = "SELECT id, name, file, division, actor, at, stations, deliveries, relations FROM network_imports WHERE file = $1";
    ALL = "SELECT id, name, file, division, actor, at, stations, deliveries, relations FROM network_imports ORDER BY at DESC, id";
    STATIONS = "SELECT source, party FROM network_keys WHERE import = $1 AND kind = 'station' ORDER BY source";
    DELIVERIES = "SELECT source, lot FROM network_keys WHERE import = $1 AND kind = 'delivery' ORDER BY lot";
}

/// A network that was imported.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct NetworkImport {
    pub id: String,
    /// file name
    pub name: String,
    /// SHA-256 of the file, kept in the file store with its marks and groups
    pub file: String,
    /// division its businesses were put under
    pub division: String,
    pub actor: String,
    pub at: Millis,
    pub stations: i64,
    pub deliveries: i64,
    pub relations: i64,
}

impl FromRow for NetworkImport {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            name: r.get(1)?,
            file: r.get(2)?,
            division: r.get(3)?,
            actor: r.get(4)?,
            at: r.get(5)?,
            stations: r.get(6)?,
            deliveries: r.get(7)?,
            relations: r.get(8)?,
        })
    }
}

pub fn insert(tx: &mut Tx, n: &NetworkImport) -> Result<()> {
    let values =
        params![&n.id, &n.name, &n.file, &n.division, &n.actor, n.at, n.stations, n.deliveries, n.relations];
    tx.exec(INSERT, values).map(drop)
}

/// Keeps what the ids of a file became: (id in the file, business) and (id in the file, lot).
pub fn insert_keys(
    tx: &mut Tx,
    import: &str,
    stations: &[(String, String)],
    deliveries: &[(String, LotNo)],
) -> Result<()> {
    const COLUMNS: &[&str] = &["import", "kind", "source", "party", "lot"];
    let text = Param::Text;
    let of_stations = stations
        .iter()
        .map(|(id, party)| vec![text(import), text("station"), text(id), text(party), Param::Null]);
    tx.insert_many("network_keys", COLUMNS, of_stations)?;
    let of_deliveries = deliveries
        .iter()
        .map(|(id, lot)| vec![text(import), text("delivery"), text(id), Param::Null, Param::Int(*lot)]);
    tx.insert_many("network_keys", COLUMNS, of_deliveries)?;
    Ok(())
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<NetworkImport>> {
    tx.one(BY_ID, params![id])
}

pub fn by_file(tx: &mut Tx, hash: &str) -> Result<Option<NetworkImport>> {
    tx.one(BY_FILE, params![hash])
}

/// All, newest first: one for each incident that was looked into.
pub fn all(tx: &mut Tx) -> Result<Vec<NetworkImport>> {
    tx.all(ALL, &[])
}

/// (id in the file, business)
pub fn stations(tx: &mut Tx, import: &str) -> Result<Vec<(String, String)>> {
    tx.all(STATIONS, params![import])
}

/// (id in the file, lot on its way)
pub fn deliveries(tx: &mut Tx, import: &str) -> Result<Vec<(String, LotNo)>> {
    tx.all(DELIVERIES, params![import])
}
