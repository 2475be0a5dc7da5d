//! The ledger: proofs, tiles, and that nothing of the past is changed unseen.

use std::collections::BTreeSet;
use std::sync::Arc;

use kit_base::{Ids, Unit};
use kit_db::{Sql, Tx};
use kit_ledger::hash::{hash_from, leaf_hash};
use kit_ledger::tree::{extends, includes};
use kit_ledger::{Checkpoint, Ledger, ProofFile, PublicKey};
use kit_web::{House, audit};
use serde_json::{Value, json};
use server::commands::bench::tamper;
use trace::model::{EventKind, NewEvent, NewLot};
use trace::papers::{Additive, FineUnit, Papers};
use trace::store::events;
use trace::verify::{Against, Fault, Tell, Walked, verify};

use crate::world::{NOW, World, each, moved, product};

/// Signs what waits.
pub async fn signed(house: &Arc<House>) -> u64 {
    let (ledger, db) = (house.held::<Ledger>(), house.db.clone());
    tokio::task::spawn_blocking(move || ledger.advance(&db, NOW).unwrap()).await.unwrap()
}

/// Everything that does not fit.
async fn faults(house: &Arc<House>) -> (Vec<Fault>, Walked) {
    let key = house.held::<Ledger>().public_key();
    house
        .db
        .read(move |tx| {
            let mut found = Vec::new();
            let tell = Tell {
                fault: &mut |fault| {
                    found.push(fault);
                    true
                },
                progress: &mut |_, _| {},
            };
            let walked = verify(tx, &Against { key: &key, known: Vec::new() }, tell)?;
            Ok((found, walked))
        })
        .await
        .unwrap()
}

async fn codes(house: &Arc<House>) -> BTreeSet<String> {
    faults(house).await.0.into_iter().map(|f| format!("{} {}", f.code, f.place)).collect()
}

/// The factory makes a batch, ships it and gives it a code; answers the code and the event ids.
async fn traded(w: &World) -> (String, i64, Vec<String>) {
    let owner = w.sign_in("owner").await;
    let tofu = product(&owner, "卤水豆腐", None).await;
    let make = json!({ "kind": "produce", "makes": [{ "product": tofu, "batch": "A01", "amount": 10_000, "inspector": "检验员甲" }] });
    let lot = moved(&owner, make).await;
    let ship = |n: i64| json!({ "kind": "ship", "counterpart": w.shop, "doc_no": "S-77", "takes": [{ "lot": lot, "amount": n }] });
    let items = [ship(1_234), ship(1_111), ship(777)];
    owner.post("/api/moves", &json!({ "mode": "all", "items": items })).await.expect(200);
    let code = owner.post(&format!("/api/lots/{lot}/code"), &json!({ "labels": 1 })).await.expect(200);
    let listed = owner.get("/api/events?sort=no").await.expect(200);
    let ids = listed["items"].as_array().unwrap().iter().map(|e| e["id"].as_str().unwrap().to_owned());
    (code["code"].as_str().unwrap().to_owned(), lot, ids.collect())
}

#[test]
fn each_write_is_a_leaf_and_all_of_it_hashes_to_the_checkpoint() {
    each(async |w| {
        let (_, _, ids) = traded(&w).await;
        assert_eq!(ids.len(), 4);
        w.public().get("/ledger/checkpoint").await.refused(404, "not_found");
        assert!(signed(&w.house).await > 0);
        let note = w.public().get("/ledger/checkpoint").await;
        assert_eq!(note.headers["content-type"], "text/plain; charset=utf-8");
        let state = w.public().get("/api/ledger").await.expect(200);
        let key = PublicKey::parse(state["key"].as_str().unwrap()).unwrap();
        let checkpoint = Checkpoint::open(&note.text(), &key).unwrap();
        assert_eq!(checkpoint.origin, "127.0.0.1:8080/ledger");
        assert_eq!((state["size"].as_u64(), state["waiting"].as_i64()), (Some(checkpoint.size), Some(0)));
        // one leaf an audit row, and three events of one request in one leaf
        let (end, _) = w.house.db.read(audit::end).await.unwrap();
        assert_eq!(checkpoint.size, end as u64);
        let width = checkpoint.size;
        let bundle = w.public().get(&format!("/ledger/tile/entries/000.p/{width}")).await;
        assert_eq!(bundle.headers["cache-control"], "public, max-age=31536000, immutable");
        let entries = unbundled(&bundle.bytes);
        assert_eq!(entries.iter().filter(|e| e.contains("\nevents ")).count(), 2);
        assert!(entries.iter().any(|e| e.contains("\nevents 2 4 ")), "{entries:?}");
        let tile = w.public().get(&format!("/ledger/tile/0/000.p/{width}")).await.bytes;
        let hashes: Vec<u8> = entries.iter().flat_map(|e| leaf_hash(e.as_bytes())).collect();
        assert_eq!(tile, hashes);
        for path in ["0/000", "1/000.p/1", "0/001.p/1", "64/000", "00/000.p/1", "entries/000", "0/0.p/1"] {
            w.public().get(&format!("/ledger/tile/{path}")).await.refused(404, "not_found");
        }
        let (found, walked) = faults(&w.house).await;
        assert!(found.is_empty(), "{found:?}");
        assert_eq!((walked.events, walked.codes, walked.signed), (4, 1, width as i64));
        // nothing waits: no second checkpoint of the same tree
        assert_eq!(signed(&w.house).await, 0);
    });
}

fn unbundled(mut bytes: &[u8]) -> Vec<String> {
    let mut entries = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<2>() {
        let (entry, after) = rest.split_at(usize::from(u16::from_be_bytes(*length)));
        entries.push(String::from_utf8(entry.to_vec()).unwrap());
        bytes = after;
    }
    entries
}

#[test]
fn a_proof_shows_what_is_public_and_holds_offline() {
    each(async |w| {
        let (code, lot, ids) = traded(&w).await;
        let path = format!("/t/{code}/proof");
        w.public().get(&path).await.refused(409, "proof_waiting");
        let page = w.public().get(&format!("/t/{code}")).await.text();
        assert!(
            page.contains("本批次的 4 条生产流转记录已写入防篡改账本") && page.contains("正在签署"),
            "{page}"
        );
        let size = signed(&w.house).await;
        // the large form is another page, not the one kept a moment ago
        let page = w.public().get(&format!("/t/{code}?care=1")).await.text();
        let told = format!("由 2026-03-03 09:06:40 的检查点（账本共 {size} 条）签署");
        assert!(page.contains(&told) && page.contains(&format!("href=\"{path}\"")), "{page}");
        let reply = w.public().get(&path).await;
        assert!(reply.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
        let text = reply.text();
        let proof: ProofFile = serde_json::from_str(&text).unwrap();
        let key = w.house.held::<Ledger>().public_key();
        let proven = proof.check(&key).unwrap();
        assert_eq!(proven.records.len(), 5, "a code, a making, three deliveries");
        assert!(proven.records[0].2.contains("\"kind\":\"produce\""), "{:?}", proven.records[0]);
        assert!(text.contains(&code) && text.contains("A01"));
        // amounts, counterparts, papers, people and the salt stay in the house
        for secret in ["1234", "1111", "10000", w.shop.as_str(), "S-77", "检验员甲", ids[0].as_str()] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        let public: Value = serde_json::from_str(&proven.records[0].2).unwrap();
        assert_eq!(public["lots"][0]["lot"], lot);
        changed_proofs_fail(&proof, &key);
        // an officer gets the proof of one event; one who may not see it does not
        let officer = w.sign_in("officer1").await;
        let one: ProofFile =
            serde_json::from_str(&officer.get(&format!("/api/ledger/proofs/{}", ids[2])).await.text())
                .unwrap();
        assert_eq!(one.check(&key).unwrap().records.len(), 1);
        let far = w.sign_in("officer2").await;
        far.get(&format!("/api/ledger/proofs/{}", ids[0])).await.refused(404, "not_found");
        w.public().get("/t/XXXX/proof").await.refused(404, "not_found");
    });
}

fn changed_proofs_fail(proof: &ProofFile, key: &PublicKey) {
    let changes: [fn(&mut ProofFile); 7] = [
        |p| p.records[0].public = p.records[0].public.replace("A01", "A02"),
        |p| p.records[0].index += 1,
        |p| p.records[1].sealed = p.records[2].sealed.clone(),
        |p| p.leaves[0].entry = p.leaves[1].entry.clone(),
        |p| p.leaves[0].index += 1,
        |p| {
            p.leaves[0].path.pop();
        },
        |p| p.checkpoint = p.checkpoint.replacen('1', "2", 1),
    ];
    for (i, change) in changes.iter().enumerate() {
        let mut other = proof.clone();
        change(&mut other);
        assert!(other.check(key).is_err(), "change {i}");
    }
    let stranger = kit_ledger::Key::new(key.name(), &[9; 32]).unwrap().public();
    assert_eq!(proof.check(&stranger).unwrap_err().code, "note_unsigned");
}

#[test]
fn the_log_only_grows_also_when_two_servers_sign() {
    each(async |w| {
        traded(&w).await;
        signed(&w.house).await;
        let open = |note: &str| Checkpoint::open(note, &w.house.held::<Ledger>().public_key()).unwrap();
        let old = open(&w.public().get("/ledger/checkpoint").await.text());
        for _ in 0..300 {
            let cx = kit_web::Cx::internal(w.house.clone(), kit_web::Actor::house("test"), "test.act");
            cx.act(|_| Ok(())).await.unwrap();
        }
        let (a, b) = tokio::join!(signed(&w.house), signed(&w.house));
        assert_eq!(a + b, 300);
        let new = open(&w.public().get("/ledger/checkpoint").await.text());
        let (from, to) = (old.size, new.size);
        let path = w.house.db.read(move |tx| {
            let mut tree = kit_ledger::tree::Kept::new(kit_ledger::log::Stored(tx));
            tree.consistency(from, to)
        });
        assert!(extends(&old.root, old.size, &new.root, new.size, &path.await.unwrap()));
        assert!(codes(&w.house).await.is_empty());
    });
}

#[test]
fn a_unit_of_work_without_a_leaf_is_not_committed() {
    each(async |w| {
        let append =
            |tx: &mut Tx| events::append(tx, &random_event(&Ids::seeded(1), &mut |_| 1, 0)).map(drop);
        let refused = w.house.db.write(append).await.unwrap_err();
        assert!(refused.to_string().contains("without a leaf"), "{refused}");
        assert_eq!(w.house.db.read(events::numbers).await.unwrap(), (0, 0));
    });
}

/// What somebody does to the ledger itself, or beside the events: each is named for what it is.
#[test]
fn whoever_touches_ledger_audit_codes_or_corrections_is_named() {
    const EDITS: &[(&str, &str)] = &[
        ("UPDATE corrections SET actor_name = '某人'", "correction_changed 3"),
        ("UPDATE corrections SET reason = 'x'", "correction_changed 3"),
        ("UPDATE corrections SET event = 2", "correction_added 2"),
        ("DELETE FROM corrections", "correction_deleted 3"),
        ("INSERT INTO corrections (event, reason, actor, at) VALUES (1, 'x', 'y', 1)", "correction_added 1"),
        ("UPDATE trace_codes SET lot = lot + 1", "code_changed CODE"),
        ("UPDATE trace_codes SET made_at = made_at - 1", "code_changed CODE"),
        ("DELETE FROM trace_codes", "code_deleted CODE"),
        ("UPDATE trace_codes SET voided_at = NULL, void_reason = ''", "void_deleted CODE"),
        ("UPDATE trace_codes SET void_reason = 'x'", "void_changed CODE"),
        ("UPDATE audit SET user_name = 'x' WHERE no = 5", "audit_changed 5"),
        ("UPDATE audit SET at = at - 1 WHERE no = 5", "audit_changed 5"),
        ("DELETE FROM audit WHERE no = 5", "audit_deleted 5"),
        (
            "UPDATE ledger_leaves SET entry = REPLACE(entry, 'audit 5', 'audit 6') WHERE no = 5",
            "leaf_changed 5",
        ),
        ("UPDATE ledger_leaves SET first_event = 1 WHERE last_event = 4", "leaf_changed LEAF"),
        ("DELETE FROM ledger_leaves WHERE no = 5", "leaf_deleted 5"),
        ("DELETE FROM ledger_records", "records_changed LEAF"),
        ("DELETE FROM ledger_items WHERE kind = 'code'", "code_added CODE"),
        ("UPDATE ledger_checkpoints SET size = size + 1", "checkpoint_wrong SIZE"),
        (
            "UPDATE ledger_checkpoints SET note = REPLACE(note, '127.0.0.1', '127.0.0.2')",
            "checkpoint_wrong SIZE",
        ),
        ("DELETE FROM ledger_checkpoints", "checkpoint_wrong SIZE"),
        ("UPDATE ledger_state SET size = 3", "checkpoint_wrong 3"),
        ("DELETE FROM ledger_tiles WHERE level = 0", "leaf_changed 1"),
    ];
    each(async |w| {
        let (code, _, ids) = traded(&w).await;
        let owner = w.sign_in("owner").await;
        let path = format!("/api/events/{}/correction", ids[2]);
        owner.post(&path, &json!({ "reason": "数量填错" })).await.expect(200);
        let void = format!("/api/trace-codes/{code}/void");
        owner.post(&void, &json!({ "reason": "标签丢失" })).await.expect(204);
        let size = signed(&w.house).await;
        assert!(codes(&w.house).await.is_empty());
        let leaf = w.house.db.read(|tx| kit_ledger::store::leaf_of_event(tx, 4)).await.unwrap().unwrap().no;
        let key = w.house.held::<Ledger>().public_key();
        for (edit, fault) in EDITS {
            let wanted = fault
                .replace("CODE", &code)
                .replace("LEAF", &leaf.to_string())
                .replace("SIZE", &size.to_string());
            let (edit, key) = (*edit, key.clone());
            // the edit is looked at inside of its transaction, which is then undone
            let looked = w.house.db.write(move |tx| {
                let changed = tx.exec(Sql::One(edit), &[])?;
                assert!(changed > 0, "{edit} did nothing");
                let mut found = BTreeSet::new();
                let tell = Tell {
                    fault: &mut |f| {
                        found.insert(format!("{} {}", f.code, f.place));
                        true
                    },
                    progress: &mut |_, _| {},
                };
                verify(tx, &Against { key: &key, known: Vec::new() }, tell)?;
                Err::<(), _>(kit_base::Error::internal(format!("{found:?}")))
            });
            let found = looked.await.unwrap_err().to_string();
            assert!(found.contains(&wanted), "{edit}: wanted {wanted}, found {found}");
        }
        assert!(codes(&w.house).await.is_empty());
    });
}

#[test]
fn a_database_that_was_set_back_is_noticed_with_the_copy_of_a_checkpoint() {
    each(async |w| {
        traded(&w).await;
        let size = signed(&w.house).await;
        let key = w.house.held::<Ledger>().public_key();
        let note = std::fs::read_to_string(w.db.dir.path().join("ledger.checkpoint")).unwrap();
        let copy = Checkpoint::open(&note, &key).unwrap();
        assert_eq!(copy.size, size);
        let ahead = Checkpoint { size: size + 1, ..copy.clone() };
        let other = Checkpoint { root: [1; 32], ..copy.clone() };
        for (known, wanted) in [(copy, ""), (ahead, "ledger_set_back"), (other, "checkpoint_wrong")] {
            let key = key.clone();
            let found = w.house.db.read(move |tx| {
                let mut found = String::new();
                let tell = Tell {
                    fault: &mut |f| {
                        found = f.code.to_owned();
                        true
                    },
                    progress: &mut |_, _| {},
                };
                verify(tx, &Against { key: &key, known: vec![known] }, tell)?;
                Ok(found)
            });
            assert_eq!(found.await.unwrap(), wanted);
        }
    });
}

#[test]
fn records_from_before_the_ledger_go_into_its_first_leaf() {
    each(async |w| {
        let (code, _, ids) = traded(&w).await;
        let owner = w.sign_in("owner").await;
        let path = format!("/api/events/{}/correction", ids[2]);
        owner.post(&path, &json!({ "reason": "数量填错" })).await.expect(200);
        let void = format!("/api/trace-codes/{code}/void");
        owner.post(&void, &json!({ "reason": "标签丢失" })).await.expect(204);
        let forget = |tx: &mut Tx| {
            for table in ["leaves", "records", "items", "tiles", "checkpoints"] {
                let text: &'static str = Box::leak(format!("DELETE FROM ledger_{table}").into_boxed_str());
                tx.exec(Sql::One(text), &[])?;
            }
            let (end, _) = audit::end(tx)?;
            trace::proofs::open_ledger(tx, NOW)?;
            // a second opening does nothing
            trace::proofs::open_ledger(tx, NOW)?;
            Ok(end)
        };
        let end = w.house.db.write(forget).await.unwrap();
        assert_eq!(signed(&w.house).await, end as u64 + 1);
        let (found, walked) = faults(&w.house).await;
        assert!(found.is_empty(), "{found:?}");
        assert_eq!((walked.events, walked.corrections, walked.codes), (4, 1, 1));
        let proof = w.public().get(&format!("/t/{code}/proof")).await.text();
        let proof: ProofFile = serde_json::from_str(&proof).unwrap();
        let proven = proof.check(&w.house.held::<Ledger>().public_key()).unwrap();
        assert_eq!((proof.leaves.len(), proven.records.len()), (1, 6), "with the voiding");
        let entry = &proven.records[0].0;
        let events = entry.events.unwrap();
        assert_eq!((events.first, events.last, entry.no), (1, 4, end + 1));
        assert!(hash_from(&proof.leaves[0].path[0]).is_ok());
        assert!(!includes(&proven.checkpoint.root, 1, 1, &[0; 32], &[]));
    });
}

fn additive(n: u64) -> Additive {
    Additive { name: format!("剂{n}"), amount: 5 + n as i64, unit: FineUnit::Mg, purpose: String::new() }
}

fn random_event(ids: &Ids, roll: &mut dyn FnMut(u64) -> u64, last_lot: i64) -> NewEvent {
    let inputs: BTreeSet<i64> =
        (0..roll(4)).filter(|_| last_lot > 0).map(|_| 1 + roll(last_lot.max(1) as u64) as i64).collect();
    let maybe = |n: u64| (n > 0).then_some(n as i64);
    let lot = |n: u64| NewLot {
        product: format!("p{n}"),
        holder: "h".into(),
        division: "410902".into(),
        in_transit: n.is_multiple_of(2),
        origin: maybe(n % 3),
        batch: format!("批{n}"),
        made: "2026-02".into(),
        expires: String::new(),
        amount: maybe(n),
        unit: Unit::G,
        inspector: String::new(),
    };
    NewEvent {
        id: ids.next(NOW),
        kind: EventKind::Produce,
        party: "h".into(),
        division: "410902".into(),
        counterpart: maybe(roll(2)).map(|_| "c".into()),
        counterpart_division: None,
        counterpart_name: String::new(),
        at: "2026-03-03".into(),
        at_ms: maybe(roll(3)),
        recorded_at: NOW,
        actor: String::new(),
        channel: "api",
        batch: "b".into(),
        doc_no: String::new(),
        difference: None,
        reason: String::new(),
        declared: true,
        doc: maybe(roll(2)).map(|_| "{}".into()),
        papers: maybe(roll(2)).map(|n| Papers { vehicle: format!("豫J{n}"), ..Papers::default() }),
        additives: (0..roll(3)).map(additive).collect(),
        simulated: false,
        inputs: inputs.into_iter().map(|lot| (lot, maybe(roll(5)))).collect(),
        makes: (0..roll(3)).map(|_| lot(roll(100))).collect(),
    }
}

/// Thousands of edits at once: every event that was touched is named, and no other.
#[test]
fn every_one_of_thousands_of_edits_is_named_and_nothing_else() {
    const EVENTS: i64 = 12_000;
    each(async |w| {
        let dice = Ids::seeded(w.db.name.len() as u64);
        let ids = w.house.ids.clone();
        let mut sizes = vec![1_i64; 200];
        sizes.extend([2, 3, 5, 4_096, 4_097, 1]);
        sizes.push(EVENTS - sizes.iter().sum::<i64>());
        for count in sizes {
            let (ids, dice) = (ids.clone(), dice.clone());
            let fill = move |tx: &mut Tx| {
                let mut roll = |n: u64| u64::from_le_bytes(dice.bytes::<8>()) % n;
                for _ in 0..count {
                    let (_, last) = events::numbers(tx)?;
                    events::append(tx, &random_event(&ids, &mut roll, last))?;
                }
                audit::append_by_house(tx, "test.fill", NOW, "", &Value::Null, |_, _| Ok(()))
            };
            w.house.db.write(fill).await.unwrap();
        }
        signed(&w.house).await;
        assert!(codes(&w.house).await.is_empty());
        let edits = move |tx: &mut Tx| {
            let mut roll = |n: u64| u64::from_le_bytes(dice.bytes::<8>()) % n;
            let mut touched = BTreeSet::new();
            for no in (1..EVENTS).step_by(3) {
                touched.extend(tamper::edit(tx, &mut roll, no, EVENTS + no)?);
            }
            Ok(touched)
        };
        let touched = w.house.db.write(edits).await.unwrap();
        assert!(touched.len() > 3_000, "{}", touched.len());
        let named: BTreeSet<i64> = faults(&w.house).await.0.iter().filter_map(tamper::named).collect();
        let missed: Vec<_> = touched.difference(&named).take(5).collect();
        let invented: Vec<_> = named.difference(&touched).take(5).collect();
        assert!(missed.is_empty() && invented.is_empty(), "missed {missed:?}, invented {invented:?}");
    });
}
