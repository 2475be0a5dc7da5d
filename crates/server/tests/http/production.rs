//! Real operation refuses to begin with what is unsafe, and says what is to be done.

use std::path::Path;
use std::sync::Arc;

use accounts::demo::{City, Place};
use accounts::{Cost, Vault};
use kit_base::{Error, Ids};
use kit_ledger::Key;
use kit_web::{Actor, Cx, House};
use server::opening::{LedgerSettings, Settings, open};

use crate::world::{PASSWORD, each};

fn settings(data: &Path) -> Settings {
    Settings {
        data: data.to_owned(),
        database: None,
        public_url: "https://shian.example".into(),
        production: true,
        map_approval: String::new(),
        ledger: LedgerSettings::default(),
        password_cost: Cost::Quick,
        guard: kit_web::GuardSettings::default(),
        key: None,
    }
}

#[track_caller]
fn refused(settings: &Settings) -> Error {
    match open(settings) {
        Ok(_) => panic!("real operation began"),
        Err(e) => e,
    }
}

fn demo_accounts(house: &Arc<House>) {
    let place = |division: &str, name: &str| -> Place { (division.to_owned(), name.to_owned()) };
    let city = City {
        city: place("4109", "濮阳市"),
        counties: vec![place("410902", "华龙区"), place("410922", "清丰县")],
        township: place("410902001", "中原路街道"),
        owner_of: None,
        clerk_of: None,
    };
    let hash = house.held::<accounts::Accounts>().passwords.hash_blocking(PASSWORD, &house.ids).unwrap();
    let cx = Cx::internal(house.clone(), Actor::house("test"), "test.people");
    cx.act_blocking(move |act| accounts::demo::make(act, &hash, &city)).unwrap();
}

#[test]
fn real_operation_begins_only_with_keys_https_and_people_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let ids = Ids::seeded(5);
    let trial = dir.path().join("trial");
    let opened = open(&Settings { production: false, ..settings(&trial) }).unwrap();
    demo_accounts(&opened.house);
    drop(opened);

    // a folder without keys, behind plain http: both faults are named at once, and nothing is made
    let data = dir.path().join("real");
    let plain = Settings { public_url: "http://10.0.0.3:8080".into(), ..settings(&data) };
    let e = refused(&plain);
    assert_eq!(e.code, "production_unsafe");
    for part in ["secret.key", "shian secrets make", "http://10.0.0.3:8080", "SHIAN_PUBLIC_URL"] {
        assert!(e.message.contains(part), "{part}: {}", e.message);
    }
    assert!(!data.join("secret.key").exists() && !data.join("shian.db").exists());

    // the key of the ledger is not made behind anybody's back either
    Vault::rotate(&data.join("secret.key"), &ids).unwrap();
    assert_eq!(refused(&settings(&data)).code, "ledger_key_missing");
    let key = dir.path().join("ledger.key");
    kit_ledger::write_key(&key, &Key::new("shian.example/ledger", &ids.bytes()).unwrap()).unwrap();
    let given = LedgerSettings { key: Some(key.display().to_string()), origin: None };
    let whole = Settings { ledger: given.clone(), ..settings(&data) };
    assert!(open(&whole).unwrap().house.production);

    // the trial's folder, whose passwords everybody knows
    let e = refused(&Settings { ledger: given, ..settings(&trial) });
    assert_eq!(e.code, "production_unsafe");
    assert!(e.message.contains("sysadmin") && e.message.contains("officer1"), "{}", e.message);
}

#[test]
fn demo_accounts_are_found_on_every_database() {
    each(async |w| {
        server::production::opened(&w.house).unwrap();
        let mut house = (*w.house).clone();
        house.production = true;
        let e = tokio::task::block_in_place(|| server::production::opened(&house)).unwrap_err();
        assert_eq!(e.code, "production_unsafe");
        assert!(e.message.contains("owner"), "{}", e.message);
    });
}
