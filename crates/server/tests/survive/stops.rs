//! Stopped under load, started twice, and what the log says.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kit_db::Db;
use serde_json::json;

use crate::process::{PASSWORD, Server, ask, checked, command, furnished, sign_in};

#[test]
fn told_to_stop_it_finishes_what_is_under_way_and_leaves_a_whole_house() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let product = furnished(&data, None);
    let mut server = Server::start(&data, None, &[]);
    let cookie = sign_in(server.address, "owner");
    let (address, stop) = (server.address, AtomicBool::new(false));
    let item =
        json!({ "kind": "produce", "makes": [{ "product": product, "amount": 1, "inspector": "甲" }] });
    let body = json!({ "mode": "all", "items": [item] }).to_string();
    let kept = std::thread::scope(|scope| {
        let client = || {
            let mut kept = 0;
            while !stop.load(Ordering::Relaxed) {
                match ask(address, "POST", "/api/moves", &[("cookie", &cookie)], &body) {
                    Ok(reply) if reply.status == 200 => kept += 1,
                    Ok(reply) => assert!(matches!(reply.status, 429 | 503), "{}", reply.status),
                    Err(_) => std::thread::sleep(Duration::from_millis(2)),
                }
            }
            kept
        };
        let clients: Vec<_> = (0..6).map(|_| scope.spawn(client)).collect();
        std::thread::sleep(Duration::from_millis(300));
        server.terminate();
        let status = server.ended(Duration::from_secs(30));
        stop.store(true, Ordering::Relaxed);
        assert!(status.success(), "{status}");
        clients.into_iter().map(|c| c.join().unwrap()).sum::<i64>()
    });
    // the log was written back and the graph kept
    let left = std::fs::metadata(data.join("shian.db-wal")).map_or(0, |m| m.len());
    assert_eq!(left, 0);
    assert!(data.join("trace.graph").exists());
    let db = Db::open_reading(&format!("sqlite:{}", data.join("shian.db").display())).unwrap();
    let (events, _) = db.read_blocking(trace::store::events::numbers).unwrap();
    assert!(kept > 0 && events >= kept, "{kept} acknowledged, {events} recorded");
    let report = checked(&db, &data);
    assert!(report.sound, "{}", report.text());
}

#[test]
fn a_second_server_on_the_folder_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    furnished(&data, None);
    let first = Server::start(&data, None, &[]);
    let second = command(&data, None).args(["serve", "--listen", "127.0.0.1:0"]).output().unwrap();
    assert!(!second.status.success());
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(said.contains("正被另一个 shian 进程使用"), "{said}");
    // looking and copying is open while it serves
    let checked = command(&data, None).args(["check", "--json"]).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    let report: serde_json::Value = serde_json::from_slice(&checked.stdout).unwrap();
    assert_eq!(report["sound"], true);
    let far = home.path().join("far");
    let copied = command(&data, None).arg("backup").arg(&far).output().unwrap();
    assert!(copied.status.success(), "{}", String::from_utf8_lossy(&copied.stderr));
    let backup = std::fs::read_dir(&far).unwrap().next().unwrap().unwrap().path();
    let again = home.path().join("again");
    let restored = command(&again, None).arg("restore").arg(&backup).output().unwrap();
    assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
    let checked = command(&again, None).arg("check").output().unwrap();
    assert!(String::from_utf8_lossy(&checked.stdout).contains("没有发现问题"));
    first.kill();
    // the keys come from where they are kept
    for key in ["secret.key", "ledger.key"] {
        std::fs::copy(data.join(key), again.join(key)).unwrap();
    }
    Server::start(&again, None, &[]).kill();
}

#[test]
fn the_log_holds_no_personal_data_and_no_secret() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    furnished(&data, None);
    let server = Server::start(&data, None, &[]);
    let admin = sign_in(server.address, "sysadmin");
    let officer = sign_in(server.address, "officer1");
    let (phone, id_number, secret) = ("13803930416", "410922197812240016", "nobody-knows-this-26");
    let person = json!({ "name": "new.clerk", "full_name": "欧阳石榴", "phone": phone });
    let party = json!({
        "name": "石榴小吃店", "kind": "catering", "division": "410902", "address": "人民路9号",
        "people": [{ "role": "contact", "name": "欧阳石榴", "phone": phone }]
    });
    let send = |method: &str, path: &str, cookie: &str, body: &str| {
        ask(server.address, method, path, &[("cookie", cookie)], body).unwrap().status
    };
    // what is taken, what is refused, what is broken, what is asked for by its value
    for (method, path, cookie, body) in [
        ("POST", "/api/users", &admin, person.to_string()),
        ("POST", "/api/users", &admin, person.to_string()),
        ("POST", "/api/parties", &officer, party.to_string()),
        ("POST", "/api/parties", &officer, party.to_string()),
        (
            "POST",
            "/api/parties",
            &officer,
            party
                .to_string()
                .replace("\"name\":\"石榴小吃店\"", &format!("\"uscc\":\"{id_number}\",\"name\":\"石榴\"")),
        ),
        ("POST", "/api/parties", &officer, format!("{{\"name\": \"{phone}\" {id_number}")),
        ("GET", "/api/parties?q=13803930416", &officer, String::new()),
        ("GET", "/t/13803930416410922197812240016", &officer, String::new()),
        ("POST", "/api/session", &admin, json!({ "name": "欧阳石榴", "password": secret }).to_string()),
    ] {
        let status = send(method, path, cookie, &body);
        assert!(status < 500, "{method} {path}: {status}");
    }
    let log = server.log.clone();
    server.kill();
    let text = std::fs::read_to_string(&log).unwrap();
    assert!(text.lines().filter(|l| l.contains("\"route\"")).count() >= 8, "{text}");
    let token = |cookie: &str| cookie.split_once('=').unwrap().1.to_owned();
    let (admin, officer) = (token(&admin), token(&officer));
    for found in [phone, id_number, secret, "欧阳石榴", PASSWORD, admin.as_str(), officer.as_str()] {
        assert!(!text.contains(found), "the log holds {found}");
    }
}
