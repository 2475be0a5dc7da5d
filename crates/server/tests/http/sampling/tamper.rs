//! Whoever has the database's password changes the past of samples: a result, a verdict, a hand-over, a photo, a reading, a document
//! or an entry of the case is edited, deleted, swapped, back-dated or put beside; each is named by `shian ledger verify`.
//!
//! `SHIAN_TAMPERINGS=10000` for the figure, on each database; 200 otherwise.
#![allow(clippy::disallowed_methods, reason = "tells how long it took, and asserts nothing of it")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use kit_base::{Error, Result};
use kit_db::{Sql, Tx};
use kit_ledger::Ledger;
use kit_web::House;
use serde_json::json;
use server::check::walk;
use trace::verify::{Against, Fault, Tell};

use super::recheck::{apply, handed, other, rechecked, result, served_of};
use super::{Bench, asked, bench};
use crate::findings::act;
use crate::world::{World, each};

/// A table, with what of its rows the ledger has.
struct Table {
    name: &'static str,
    /// The row: columns of text, columns of numbers.
    key: &'static [&'static str],
    numbers: &'static [&'static str],
    /// Texts that count.
    texts: &'static [&'static str],
    /// Times and other numbers that count.
    times: &'static [&'static str],
    /// The row as faults name it; `{column}` stands for its value.
    place: &'static str,
    /// Columns of a row put beside, with what stands in them; empty: none is.
    beside: &'static [(&'static str, &'static str)],
}

const RESULT: [&str; 9] =
    ["item", "method", "result", "unit", "lod", "reading", "note", "entered_by", "entered_at"];
const VERDICT: [&str; 5] = ["item", "judged", "outcome", "decided_by", "decided_why"];

const TABLES: &[Table] = &[
    Table {
        name: "sample_results",
        key: &["sample", "item"],
        numbers: &["revision"],
        texts: &["method", "result", "unit", "lod", "reading", "note", "entered_by"],
        times: &["entered_at"],
        place: "{sample}#{revision}",
        beside: &[("sample", "sample"), ("revision", "revision"), ("item", "item || '~'")],
    },
    Table {
        name: "sample_verdicts",
        key: &["sample"],
        numbers: &["no"],
        texts: &["item", "judged", "outcome", "decided_by", "decided_why"],
        times: &[],
        place: "{sample}",
        beside: &[("sample", "sample"), ("no", "no + 50"), ("item", "item")],
    },
    Table {
        name: "sample_hands",
        key: &["sample", "part"],
        numbers: &["no"],
        texts: &[
            "holder",
            "holder_name",
            "person",
            "person_name",
            "giver",
            "giver_name",
            "temperature",
            "note",
            "hash",
        ],
        times: &["from_at", "seal_whole"],
        place: "{sample}/{part}#{no}",
        beside: &[],
    },
    Table {
        name: "sample_corrections",
        key: &["id"],
        numbers: &[],
        texts: &[
            "sample",
            "item",
            "before_result",
            "after_result",
            "unit",
            "judged",
            "outcome",
            "reason",
            "user_id",
            "user_name",
        ],
        times: &["at"],
        place: "{id}",
        beside: &[],
    },
    Table {
        name: "recheck_results",
        key: &["sample", "item"],
        numbers: &["revision"],
        texts: &["method", "result", "unit", "lod", "reading", "note", "entered_by"],
        times: &["entered_at"],
        place: "{sample}#{revision}",
        beside: &[("sample", "sample"), ("revision", "revision + 1"), ("item", "item")],
    },
    Table {
        name: "recheck_verdicts",
        key: &["sample"],
        numbers: &["no"],
        texts: &["item", "judged", "outcome", "decided_by", "decided_why"],
        times: &[],
        place: "{sample}",
        beside: &[("sample", "sample"), ("no", "no + 50"), ("item", "item")],
    },
    Table {
        name: "sample_media",
        key: &["id"],
        numbers: &[],
        texts: &["sample", "kind", "file", "media", "user_id", "user_name", "doubts", "hash"],
        times: &["size", "received_at", "camera_app"],
        place: "{id}",
        beside: &[],
    },
    Table {
        name: "assay_readings",
        key: &["id"],
        numbers: &[],
        texts: &["sample", "lab", "item", "method", "result", "unit", "lod"],
        times: &["line", "read_at"],
        place: "{id}",
        beside: &[],
    },
    Table {
        name: "sample_asked",
        key: &["sample"],
        numbers: &["no"],
        texts: &["item"],
        times: &[],
        place: "{sample}",
        beside: &[("sample", "sample"), ("no", "no + 50"), ("item", "item")],
    },
    Table {
        name: "sample_parts",
        key: &["sample", "part"],
        numbers: &[],
        texts: &["seal", "amount", "unit"],
        times: &[],
        place: "{sample}",
        beside: &[],
    },
    Table {
        name: "samples",
        key: &["id"],
        numbers: &[],
        texts: &[
            "sample_no",
            "number",
            "blind",
            "kind",
            "category",
            "food",
            "party",
            "division",
            "lab",
            "sampler1",
            "sampler2",
            "house1",
            "house2",
            "producer",
            "trace_code",
            "sheet",
            "sheet_hash",
            "made",
            "told",
            "signatures",
            "verdict",
            "issued_by",
            "recheck_lab",
            "recheck_draw",
            "recheck_verdict",
            "rechecked_by",
        ],
        times: &["opened_at", "taken_at", "received_at", "issued_at", "rechecked_at", "grave", "simulated"],
        place: "{id}",
        beside: &[],
    },
    Table {
        name: "flow_log",
        key: &["case_id"],
        numbers: &["seq"],
        texts: &["user_id", "user_name", "action", "note", "body", "before_hash", "hash"],
        times: &["at", "occurred_at"],
        place: "{case_id}#{seq}",
        beside: &[],
    },
    Table {
        name: "flow_papers",
        key: &["case_id", "number"],
        numbers: &[],
        texts: &["code", "title", "organ", "verify", "content", "hash", "seal"],
        times: &["issued_at"],
        place: "{case_id}#{number}",
        beside: &[],
    },
];

type Row = BTreeMap<&'static str, String>;

struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n.max(1)
    }

    fn of<'t, T>(&mut self, list: &'t [T]) -> &'t T {
        &list[self.below(list.len())]
    }
}

/// A statement of the test's own; a run is short and ends.
fn sql(text: String) -> Sql {
    Sql::One(Box::leak(text.into_boxed_str()))
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

impl Table {
    fn rows(&self, tx: &mut Tx, ids: &BTreeMap<String, String>) -> Result<Vec<Row>> {
        let columns: Vec<&str> = self.key.iter().chain(self.numbers).copied().collect();
        let mut rows = Vec::new();
        let list =
            columns.iter().map(|c| format!("CAST({c} AS TEXT)")).collect::<Vec<_>>().join(" || '|' || ");
        for line in tx.all::<String>(sql(format!("SELECT {list} FROM {}", self.name)), &[])? {
            let row: Row = columns.iter().copied().zip(line.split('|').map(str::to_owned)).collect();
            // cases of other rooms are looked at as well; the figure is of samples
            if row.get("case_id").is_none_or(|id| ids.contains_key(id)) {
                rows.push(row);
            }
        }
        Ok(rows)
    }

    fn condition(&self, row: &Row) -> String {
        let texts = self.key.iter().map(|c| format!("{c} = {}", quoted(&row[c])));
        texts
            .chain(self.numbers.iter().map(|c| format!("{c} = {}", row[c])))
            .collect::<Vec<_>>()
            .join(" AND ")
    }

    fn place(&self, row: &Row) -> String {
        row.iter().fold(self.place.to_owned(), |text, (column, value)| {
            text.replace(&format!("{{{column}}}"), value)
        })
    }
}

/// What was done, in words, and the places that must be named.
struct Deed {
    what: String,
    places: Vec<String>,
}

/// One tampering; `None` where this row has nothing of the kind.
fn tamper(tx: &mut Tx, chance: &mut Chance, table: &Table, rows: &[Row]) -> Result<Option<Deed>> {
    let row = chance.of(rows);
    let (name, at) = (table.name, table.condition(row));
    let deed = |what: String| Ok(Some(Deed { what, places: vec![table.place(row)] }));
    match chance.below(6) {
        0 | 1 => {
            let column = chance.of(table.texts);
            let text = format!("UPDATE {name} SET {column} = {column} || '~' WHERE {at}");
            tx.exec(sql(text.clone()), &[])?;
            deed(text)
        }
        2 => {
            let text = format!("DELETE FROM {name} WHERE {at}");
            tx.exec(sql(text.clone()), &[])?;
            deed(text)
        }
        3 if !table.times.is_empty() => {
            let column = *chance.of(table.times);
            let set = match column {
                "seal_whole" | "grave" | "simulated" | "camera_app" => format!("1 - {column}"),
                _ => format!("{column} - 86400000"),
            };
            let text = format!("UPDATE {name} SET {column} = {set} WHERE {at} AND {column} IS NOT NULL");
            let changed = tx.exec(sql(text.clone()), &[])?;
            if name == "sample_hands" && column == "from_at" {
                // one who knows moves the end of the stretch before along
                let no = row["no"].parse::<i64>().unwrap() - 1;
                let text = format!(
                    "UPDATE sample_hands SET until_at = until_at - 86400000 WHERE sample = '{}' AND part = '{}' AND no = {no}",
                    row["sample"], row["part"]
                );
                tx.exec(sql(text), &[])?;
            }
            if changed == 0 { Ok(None) } else { deed(text) }
        }
        4 if !table.beside.is_empty() => {
            let rest = match name {
                "sample_asked" => &[],
                _ if name.ends_with("results") => &RESULT[1..],
                _ => &VERDICT[1..],
            };
            let (mut columns, mut values): (Vec<&str>, Vec<&str>) = table.beside.iter().copied().unzip();
            columns.extend(rest);
            values.extend(rest);
            let text = format!(
                "INSERT INTO {name} ({}) SELECT {} FROM {name} WHERE {at}",
                columns.join(", "),
                values.join(", ")
            );
            tx.exec(sql(text.clone()), &[])?;
            let mut place = table.place(row);
            if values.contains(&"revision + 1") {
                place = format!("{}#{}", row["sample"], row["revision"].parse::<i64>().unwrap() + 1);
            }
            Ok(Some(Deed { what: text, places: vec![place] }))
        }
        _ => swap(tx, chance, table, row, rows),
    }
}

/// Two rows change places in one column.
fn swap(tx: &mut Tx, chance: &mut Chance, table: &Table, row: &Row, rows: &[Row]) -> Result<Option<Deed>> {
    let (name, other) = (table.name, chance.of(rows));
    let column = *chance.of(table.texts);
    // both samples have the same photos here: the database itself refuses that one is there twice for a moment
    let unique = name == "sample_media" && column == "sample";
    if unique || ["sample_no", "blind", "seal", "verify"].contains(&column) {
        return Ok(None);
    }
    let value = |tx: &mut Tx, of: &Row| -> Result<String> {
        let text = format!("SELECT {column} FROM {name} WHERE {}", table.condition(of));
        Ok(tx.one(sql(text), &[])?.unwrap_or_default())
    };
    let (one, two) = (value(tx, row)?, value(tx, other)?);
    if one == two {
        return Ok(None);
    }
    let mut what = String::new();
    for (of, value) in [(row, &two), (other, &one)] {
        let text = format!("UPDATE {name} SET {column} = {} WHERE {}", quoted(value), table.condition(of));
        tx.exec(sql(text.clone()), &[])?;
        what = format!("{what}{text}; ");
    }
    Ok(Some(Deed { what, places: vec![table.place(row), table.place(other)] }))
}

fn faults(tx: &mut Tx, key: &kit_ledger::PublicKey) -> Result<Vec<Fault>> {
    let mut found = Vec::new();
    let mut each = |fault: Fault| {
        found.push(fault);
        true
    };
    walk(tx, &Against { key, known: Vec::new() }, Tell { fault: &mut each, progress: &mut |_, _| {} })?;
    Ok(found)
}

/// Two samples with all that a sample can have: readings, corrections, a recheck with its draw.
async fn samples(b: &Bench, w: &World) -> BTreeMap<String, String> {
    let o = other(b, w).await;
    let found = json!([result("苯甲酸", "1.5 g/kg"), result("山梨酸", "0.2 g/kg")]);
    let wanted = asked(b, w, "outer", &["苯甲酸", "山梨酸"]).await;
    let (first, blind) = served_of(b, w, wanted, "S1", found).await;
    let correct = json!({ "item": "苯甲酸", "result": "1.4 g/kg", "reason": "小数位" });
    b.head.post(&format!("/api/assays/{blind}/corrections"), &correct).await.expect(200);
    let correct = json!({ "item": "山梨酸", "result": "0.3 g/kg", "reason": "修约" });
    b.head.post(&format!("/api/assays/{blind}/corrections"), &correct).await.expect(200);
    let objection = apply("apply", &["苯甲酸", "防腐剂比例之和"]);
    b.owner.post(&format!("/api/own-samples/{first}/acts"), &objection).await.expect(200);
    handed(b, w, &o, &first, &blind).await;
    let read =
        |item: &str, value: &str| json!({ "blind": blind, "item": item, "result": value, "unit": "g/kg" });
    let run = json!({ "name": "液质一号", "items": [read("苯甲酸", "1.44"), read("苯甲酸", "1.45")] });
    o.clerk.post("/api/assays/runs", &run).await.expect(200);
    rechecked(&o, &blind, json!([result("苯甲酸", "1.45 g/kg"), result("山梨酸", "0.2 g/kg")])).await;
    let found = json!([result("苯甲酸", "2.5 g/kg"), result("大肠菌群", "<10;<10;<10;<10;<10")]);
    let wanted = asked(b, w, "outer", &["大肠菌群", "苯甲酸"]).await;
    let (second, _) = served_of(b, w, wanted, "S2", found).await;
    act(&b.officer, &second, json!({ "action": "accept_result", "form": { "accepted_by": "王某" } })).await;
    let mut ids = BTreeMap::new();
    for id in [first, second] {
        let detail = b.officer.get(&format!("/api/samples/{id}")).await.expect(200);
        ids.insert(id, detail["sample"]["sample_no"].as_str().unwrap().to_owned());
    }
    ids
}

/// Does one tampering, looks, and takes it back; answers whether there was one.
fn one(
    tx: &mut Tx,
    chance: &mut Chance,
    tables: &[(&Table, Vec<Row>)],
    numbers: &BTreeMap<String, String>,
    key: &kit_ledger::PublicKey,
) -> Result<bool> {
    let (table, rows) = chance.of(tables);
    let Some(deed) = tamper(tx, chance, table, rows)? else { return Ok(false) };
    let mut found = faults(tx, key)?;
    // a sample is also known by its number
    let named = |place: &String| {
        let number = numbers.get(place).unwrap_or(place);
        found.iter().any(|f| f.place == *place || f.place == *number)
    };
    let missing: Vec<&String> = deed.places.iter().filter(|p| !named(p)).collect();
    assert!(missing.is_empty(), "{}: {missing:?} not named in {:#?}", deed.what, std::mem::take(&mut found));
    Ok(true)
}

async fn tampered(
    house: &Arc<House>,
    ids: BTreeMap<String, String>,
    wanted: usize,
) -> BTreeMap<&'static str, usize> {
    let key = house.held::<Ledger>().public_key();
    let done = Arc::new(Mutex::new(BTreeMap::new()));
    let (chance, told) = (Arc::new(Mutex::new(Chance(20_260_303))), done.clone());
    let mut count = 0;
    while count < wanted {
        let (chance, told, key, ids) = (chance.clone(), told.clone(), key.clone(), ids.clone());
        // nothing is kept: each tampering is undone with its transaction
        let undone = house.db.write(move |tx| -> Result<()> {
            let mut chance = chance.lock().unwrap();
            let mut tables = Vec::new();
            for table in TABLES {
                let rows = table.rows(tx, &ids)?;
                if !rows.is_empty() {
                    tables.push((table, rows));
                }
            }
            let pick = [tables.swap_remove(chance.below(tables.len()))];
            if one(tx, &mut chance, &pick, &ids, &key)? {
                *told.lock().unwrap().entry(pick[0].0.name).or_insert(0_usize) += 1;
            }
            Err(Error::conflict("undone", "撤回"))
        });
        let e = undone.await.unwrap_err();
        // what the database itself refuses is not done
        assert!(["undone", "unique_violation"].contains(&e.code.as_ref()), "{e:?}");
        count = done.lock().unwrap().values().sum();
    }
    let done = done.lock().unwrap();
    done.clone()
}

#[test]
fn every_tampering_with_a_sample_is_named() {
    each(async |w| {
        let wanted = std::env::var("SHIAN_TAMPERINGS").ok().and_then(|n| n.parse().ok()).unwrap_or(200);
        let b = bench(&w).await;
        let ids = samples(&b, &w).await;
        let key = w.house.held::<Ledger>().public_key();
        crate::ledger::signed(&w.house).await;
        let sound = w.house.db.read(move |tx| faults(tx, &key)).await.unwrap();
        assert!(sound.is_empty(), "{sound:#?}");
        let begun = std::time::Instant::now();
        let done = tampered(&w.house, ids, wanted).await;
        eprintln!("{wanted} tamperings, all named, {:.1} s: {done:?}", begun.elapsed().as_secs_f64());
    });
}

#[test]
fn one_who_changes_the_list_of_the_ledger_too_is_named_by_its_leaf() {
    each(async |w| {
        let b = bench(&w).await;
        let ids = samples(&b, &w).await;
        let key = w.house.held::<Ledger>().public_key();
        crate::ledger::signed(&w.house).await;
        let id = ids.keys().next().unwrap().clone();
        let found = w.house.db.write(move |tx| {
            let forged = format!("UPDATE sample_results SET result = '0.1 g/kg' WHERE sample = '{id}' AND item = '苯甲酸'");
            tx.exec(sql(forged), &[])?;
            let listed = format!(
                "UPDATE ledger_items SET hash = (SELECT hash FROM ledger_items WHERE kind = 'sample_task' AND item = '{id}')
                 WHERE kind = 'sample_results' AND item = '{id}#1'"
            );
            tx.exec(sql(listed), &[])?;
            faults(tx, &key)
        });
        let codes: BTreeSet<&str> = found.await.unwrap().into_iter().map(|f| f.code).collect();
        assert!(codes.contains("records_changed") && codes.contains("result_changed"), "{codes:?}");
    });
}
