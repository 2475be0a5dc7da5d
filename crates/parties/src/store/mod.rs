//! All SQL of the room.

pub mod divisions;
pub mod facts;
mod list;
pub mod members;
pub mod merges;

pub use list::{Counted, LicenceFilter, ListFilter, Sort, counts, list, list_ids, nearest_licences};

use std::collections::HashMap;

use kit_base::{Error, Millis, Result};
use kit_db::{FromRow, Param, Row, Tx, params};

use crate::model::{Change, Licence, Party, Person, Site, Status};
use crate::search::Entry;

kit_db::statements! {
    TAKE_SEQ = "UPDATE party_counter SET seq = seq + $1 WHERE id = 1 RETURNING seq";
    SEQ = "SELECT seq FROM party_counter WHERE id = 1";
    BY_ID = "SELECT id, seq, code, name, uscc, kind, division, address, lon, lat, datum, accuracy, status, items, note,
        origin, simulated, created_at, updated_at, merged_into FROM parties WHERE id = $1";
    BY_IDS = {
        sqlite: "SELECT p.id, p.seq, p.code, p.name, p.uscc, p.kind, p.division, p.address, p.lon, p.lat, p.datum, p.accuracy,
                p.status, p.items, p.note, p.origin, p.simulated, p.created_at, p.updated_at, p.merged_into
            FROM json_each($1) j CROSS JOIN parties p ON p.id = j.value",
        postgres: "SELECT id, seq, code, name, uscc, kind, division, address, lon, lat, datum, accuracy, status, items, note,
                origin, simulated, created_at, updated_at, merged_into
            FROM parties WHERE id = ANY(ARRAY(SELECT jsonb_array_elements_text(CAST(CAST($1 AS TEXT) AS JSONB))))"
    };
    BY_CODE = "SELECT id, seq, code, name, uscc, kind, division, address, lon, lat, datum, accuracy, status, items, note,
        origin, simulated, created_at, updated_at, merged_into FROM parties WHERE code = $1";
    BY_USCC = "SELECT id, seq, code, name, uscc, kind, division, address, lon, lat, datum, accuracy, status, items, note,
        origin, simulated, created_at, updated_at, merged_into FROM parties WHERE uscc = $1";
    /// Bounded: names that so many have tell nothing.
    BY_NAME = "SELECT id, seq, code, name, uscc, kind, division, address, lon, lat, datum, accuracy, status, items, note,
        origin, simulated, created_at, updated_at, merged_into FROM parties WHERE name = $1 ORDER BY id LIMIT 200";
    BY_NAME_ADDRESS = "SELECT id, seq, code, name, uscc, kind, division, address, lon, lat, datum, accuracy, status, items, note,
        origin, simulated, created_at, updated_at, merged_into FROM parties WHERE name = $1 AND address = $2 ORDER BY id LIMIT 200";
    UPDATE = "UPDATE parties SET seq = $2, name = $3, uscc = $4, kind = $5, division = $6, address = $7, lon = $8, lat = $9,
        datum = $10, accuracy = $11, status = $12, items = $13, note = $14, updated_at = $15 WHERE id = $1";
    TOUCH = "UPDATE parties SET seq = $2, updated_at = $3 WHERE id = $1";
    LICENCES = "SELECT id, kind, number, issued, expires, issuer FROM party_licences WHERE party = $1 ORDER BY number";
    CLEAR_LICENCES = "DELETE FROM party_licences WHERE party = $1";
    /// Another business with a licence of this number.
    LICENCE_HOLDER = "SELECT p.name FROM party_licences l JOIN parties p ON p.id = l.party
        WHERE l.number = $1 AND l.party <> $2 LIMIT 1";
    PEOPLE = "SELECT id, role, name, phone FROM party_people WHERE party = $1 ORDER BY role, id";
    CLEAR_PEOPLE = "DELETE FROM party_people WHERE party = $1";
    SITES = "SELECT id, name, kind, division, address, lon, lat, datum, accuracy, closed_at FROM party_sites
        WHERE party = $1 ORDER BY closed_at IS NOT NULL, id";
    ADD_SITE = "INSERT INTO party_sites (id, party, name, kind, division, address, lon, lat, datum, accuracy, closed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL)";
    CLOSE_SITE = "UPDATE party_sites SET closed_at = $3 WHERE id = $1 AND party = $2 AND closed_at IS NULL";
    CHANGES = "SELECT at, actor, action, changes FROM party_changes WHERE party = $1 ORDER BY seq DESC LIMIT $2";
    ADD_CHANGE = "INSERT INTO party_changes (id, party, seq, at, actor, action, changes)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    ENTRIES = "SELECT id, seq, name, code, uscc, address, division, kind, status FROM parties
        WHERE seq > $1 AND seq <= $2 ORDER BY seq";
    ENTRY_LICENCES = "SELECT p.seq, l.number FROM parties p JOIN party_licences l ON l.party = p.id
        WHERE p.seq > $1 AND p.seq <= $2 ORDER BY p.seq, l.number";
    COUNT_BY_STATUS = "SELECT status, count(*) FROM parties WHERE division >= $1 AND division < $2 GROUP BY status";
    COUNT_BY_KIND = "SELECT kind, count(*) FROM parties WHERE division >= $1 AND division < $2 AND status = 'active'
        GROUP BY kind";
}

impl FromRow for Party {
    fn from_row(row: &Row) -> Result<Self> {
        let status: String = row.get(12)?;
        let items: String = row.get(13)?;
        Ok(Self {
            id: row.get(0)?,
            seq: row.get(1)?,
            code: row.get(2)?,
            name: row.get(3)?,
            uscc: row.get(4)?,
            kind: row.get(5)?,
            division: row.get(6)?,
            address: row.get(7)?,
            lon: row.get(8)?,
            lat: row.get(9)?,
            datum: row.get(10)?,
            accuracy: row.get(11)?,
            status: Status::parse(&status)
                .ok_or_else(|| Error::internal(format!("unknown party status {status}")))?,
            items: items.split(',').filter(|i| !i.is_empty()).map(str::to_owned).collect(),
            note: row.get(14)?,
            origin: row.get(15)?,
            simulated: row.get(16)?,
            created_at: row.get(17)?,
            updated_at: row.get(18)?,
            merged_into: row.get(19)?,
        })
    }
}

impl FromRow for Licence {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            kind: row.get(1)?,
            number: row.get(2)?,
            issued: row.get(3)?,
            expires: row.get(4)?,
            issuer: row.get(5)?,
        })
    }
}

impl FromRow for Person {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { id: row.get(0)?, role: row.get(1)?, name: row.get(2)?, phone: row.get(3)? })
    }
}

impl FromRow for Site {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            kind: row.get(2)?,
            division: row.get(3)?,
            address: row.get(4)?,
            lon: row.get(5)?,
            lat: row.get(6)?,
            datum: row.get(7)?,
            accuracy: row.get(8)?,
            closed_at: row.get(9)?,
        })
    }
}

impl FromRow for Change {
    fn from_row(row: &Row) -> Result<Self> {
        let changes: String = row.get(3)?;
        Ok(Self {
            at: row.get(0)?,
            actor: row.get(1)?,
            action: row.get(2)?,
            changes: serde_json::from_str(&changes).map_err(Error::internal)?,
        })
    }
}

/// Takes `count` change numbers; answers the first. Writers of businesses queue here until their commit.
pub fn take_seq(tx: &mut Tx, count: i64) -> Result<i64> {
    let last: i64 =
        tx.one(TAKE_SEQ, params![count])?.ok_or_else(|| Error::internal("party_counter is empty"))?;
    Ok(last - count + 1)
}

/// The change number given out last.
pub fn last_seq(tx: &mut Tx) -> Result<i64> {
    tx.one(SEQ, &[])?.ok_or_else(|| Error::internal("party_counter is empty"))
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Party>> {
    tx.one(BY_ID, params![id])
}

pub fn by_code(tx: &mut Tx, code: &str) -> Result<Option<Party>> {
    tx.one(BY_CODE, params![code])
}

pub fn by_uscc(tx: &mut Tx, uscc: &str) -> Result<Option<Party>> {
    tx.one(BY_USCC, params![uscc])
}

/// Businesses of one name, at most 200.
pub fn by_name(tx: &mut Tx, name: &str) -> Result<Vec<Party>> {
    tx.all(BY_NAME, params![name])
}

/// Businesses of one name and address, at most 200.
pub fn by_name_address(tx: &mut Tx, name: &str, address: &str) -> Result<Vec<Party>> {
    tx.all(BY_NAME_ADDRESS, params![name, address])
}

/// Businesses by their ids, in the order of the ids; unknown ones are left out.
pub fn by_ids(tx: &mut Tx, ids: &[String]) -> Result<Vec<Party>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let list = serde_json::to_string(ids).map_err(Error::internal)?;
    let found: Vec<Party> = tx.all(BY_IDS, params![&list])?;
    let mut found: HashMap<String, Party> = found.into_iter().map(|p| (p.id.clone(), p)).collect();
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

pub fn licences(tx: &mut Tx, party: &str) -> Result<Vec<Licence>> {
    tx.all(LICENCES, params![party])
}

pub fn licence_holder(tx: &mut Tx, number: &str, other_than: &str) -> Result<Option<String>> {
    tx.one(LICENCE_HOLDER, params![number, other_than])
}

pub fn people(tx: &mut Tx, party: &str) -> Result<Vec<Person>> {
    tx.all(PEOPLE, params![party])
}

pub fn sites(tx: &mut Tx, party: &str) -> Result<Vec<Site>> {
    tx.all(SITES, params![party])
}

pub fn changes(tx: &mut Tx, party: &str, limit: i64) -> Result<Vec<Change>> {
    tx.all(CHANGES, params![party, limit])
}

/// A business with what belongs to it, ready to be written.
#[derive(Debug, Clone)]
pub struct Whole {
    pub party: Party,
    pub licences: Vec<Licence>,
    pub people: Vec<Person>,
}

impl Whole {
    pub fn entry(&self) -> Entry {
        let p = &self.party;
        Entry {
            id: p.id.clone(),
            seq: p.seq,
            name: p.name.clone(),
            code: p.code.clone(),
            uscc: p.uscc.clone().unwrap_or_default(),
            licences: self.licences.iter().map(|l| l.number.clone()).collect(),
            address: p.address.clone(),
            division: p.division.clone(),
            kind: p.kind.clone(),
            status: p.status.as_str().to_owned(),
        }
    }
}

/// Adds new businesses with their licences and people, at the speed of the database.
pub fn insert(tx: &mut Tx, parties: &[Whole]) -> Result<()> {
    tx.insert_many(
        "parties",
        &[
            "id",
            "seq",
            "code",
            "name",
            "uscc",
            "kind",
            "division",
            "address",
            "lon",
            "lat",
            "datum",
            "accuracy",
            "status",
            "items",
            "note",
            "origin",
            "simulated",
            "created_at",
            "updated_at",
        ],
        parties.iter().zip(joined(parties).iter()).map(|(w, items)| {
            let p = &w.party;
            vec![
                Param::from(&p.id),
                Param::from(p.seq),
                Param::from(&p.code),
                Param::from(&p.name),
                Param::from(&p.uscc),
                Param::from(&p.kind),
                Param::from(&p.division),
                Param::from(&p.address),
                Param::from(p.lon),
                Param::from(p.lat),
                Param::from(&p.datum),
                Param::from(p.accuracy),
                Param::from(p.status.as_str()),
                Param::Text(items),
                Param::from(&p.note),
                Param::from(&p.origin),
                Param::from(p.simulated),
                Param::from(p.created_at),
                Param::from(p.updated_at),
            ]
        }),
    )?;
    insert_parts(tx, parties)
}

fn joined(parties: &[Whole]) -> Vec<String> {
    parties.iter().map(|w| w.party.items.join(",")).collect()
}

fn insert_parts(tx: &mut Tx, parties: &[Whole]) -> Result<()> {
    let licences = parties.iter().flat_map(|w| w.licences.iter().map(move |l| (&w.party.id, l)));
    tx.insert_many(
        "party_licences",
        &["id", "party", "kind", "number", "issued", "expires", "issuer"],
        licences.map(|(party, l)| {
            [&l.id, party, &l.kind, &l.number, &l.issued, &l.expires, &l.issuer].map(Param::from).to_vec()
        }),
    )?;
    let people = parties.iter().flat_map(|w| w.people.iter().map(move |p| (&w.party.id, p)));
    tx.insert_many(
        "party_people",
        &["id", "party", "role", "name", "phone"],
        people.map(|(party, p)| [&p.id, party, &p.role, &p.name, &p.phone].map(Param::from).to_vec()),
    )?;
    Ok(())
}

/// Writes a business over, with its licences and people.
pub fn update(tx: &mut Tx, whole: &Whole) -> Result<()> {
    let p = &whole.party;
    tx.exec(
        UPDATE,
        params![
            &p.id,
            p.seq,
            &p.name,
            &p.uscc,
            &p.kind,
            &p.division,
            &p.address,
            p.lon,
            p.lat,
            &p.datum,
            p.accuracy,
            p.status.as_str(),
            p.items.join(",").as_str(),
            &p.note,
            p.updated_at
        ],
    )?;
    tx.exec(CLEAR_LICENCES, params![&p.id])?;
    tx.exec(CLEAR_PEOPLE, params![&p.id])?;
    insert_parts(tx, std::slice::from_ref(whole))
}

/// Moves a business to a new change number, when something that belongs to it changed.
pub fn touch(tx: &mut Tx, party: &str, seq: i64, now: Millis) -> Result<()> {
    tx.exec(TOUCH, params![party, seq, now]).map(drop)
}

pub fn add_site(tx: &mut Tx, party: &str, site: &Site) -> Result<()> {
    let s = site;
    tx.exec(
        ADD_SITE,
        params![&s.id, party, &s.name, &s.kind, &s.division, &s.address, s.lon, s.lat, &s.datum, s.accuracy],
    )
    .map(drop)
}

/// Answers whether there was such a place in use.
pub fn close_site(tx: &mut Tx, party: &str, site: &str, now: Millis) -> Result<bool> {
    Ok(tx.exec(CLOSE_SITE, params![site, party, now])? == 1)
}

pub fn add_change(tx: &mut Tx, id: &str, party: &str, seq: i64, change: &Change) -> Result<()> {
    let changes = serde_json::to_string(&change.changes).map_err(Error::internal)?;
    tx.exec(ADD_CHANGE, params![id, party, seq, change.at, &change.actor, &change.action, &changes]).map(drop)
}

/// What search needs of the businesses changed after `after`, up to `until`.
pub fn entries(tx: &mut Tx, after: i64, until: i64) -> Result<Vec<Entry>> {
    let mut out: Vec<Entry> = Vec::new();
    tx.scan(ENTRIES, params![after, until], &mut |row| {
        let uscc: Option<String> = row.get(4)?;
        out.push(Entry {
            id: row.get(0)?,
            seq: row.get(1)?,
            name: row.get(2)?,
            code: row.get(3)?,
            uscc: uscc.unwrap_or_default(),
            licences: Vec::new(),
            address: row.get(5)?,
            division: row.get(6)?,
            kind: row.get(7)?,
            status: row.get(8)?,
        });
        Ok(true)
    })?;
    let mut at = 0;
    tx.scan(ENTRY_LICENCES, params![after, until], &mut |row| {
        let seq: i64 = row.get(0)?;
        while at < out.len() && out[at].seq < seq {
            at += 1;
        }
        if let Some(entry) = out.get_mut(at).filter(|e| e.seq == seq) {
            entry.licences.push(row.get(1)?);
        }
        Ok(true)
    })?;
    Ok(out)
}
