use kit_db::Sql;

use super::*;

#[test]
fn the_audit_tells_who_did_what() {
    with_people(async |world| {
        let client = world.client();
        sign_in(&client, "officer1", "wrong password", None).await.refused(401, "sign_in_wrong");
        sign_in(&client, "no.such.one", "wrong password", None).await.refused(401, "sign_in_wrong");
        world.as_user("officer1").await;
        let audit = world.as_user("audadmin").await;
        let officer = world.id_of("officer1").await;
        for (query, total) in [
            ("", 5),
            ("?action=session.sign_in", 4),
            ("?action=session", 4),
            ("?outcome=refused", 2),
            ("?outcome=ok&action=session.sign_in", 2),
            ("?outcome=failed", 0),
            ("?actor=赵监管", 1),
            (&format!("?actor={officer}"), 1),
            (&format!("?target=user:{officer}"), 2),
            ("?q=沈计明", 1),
            ("?at_from=2026-03-01&at_to=2026-03-01", 5),
            ("?at_to=2026-02-28", 0),
            ("?at_from=2026-03-02", 0),
        ] {
            let query = query.replace("赵监管", "%E8%B5%B5%E7%9B%91%E7%AE%A1");
            let query = query.replace("沈计明", "%E6%B2%88%E8%AE%A1%E6%98%8E");
            let seen = audit.get(&format!("/api/audit{query}")).await.expect(200);
            assert_eq!(seen["total"], total, "{query}");
        }
        audit.get("/api/audit?at_from=yesterday").await.refused(422, "date_form");
        let newest = audit.get("/api/audit?size=1").await.expect(200);
        assert_eq!(
            (&newest["items"][0]["no"], &newest["items"][0]["actor_name"]),
            (&json!(5), &json!("沈计明"))
        );
        let text = audit.get("/api/audit?size=200").await.expect(200).to_string();
        assert!(
            !text.contains("no.such.one") && !text.contains("wrong password"),
            "what was typed is not kept"
        );
    });
}

#[test]
fn a_leader_reads_the_audit_of_the_jurisdiction() {
    with_people(async |world| {
        let client = world.client();
        sign_in(&client, "no.such.one", "wrong password", None).await.refused(401, "sign_in_wrong");
        for name in ["officer1", "officer2"] {
            world.as_user(name).await;
        }
        let total = async |name: &str| {
            let client = world.as_user(name).await;
            client.get("/api/audit").await.expect(200)["total"].as_i64().unwrap()
        };
        // demo, three sign-ins of people of the city; the unknown name belongs to no division
        assert_eq!(total("leader").await, 4);
        assert_eq!(total("audadmin").await, 6);
        world.as_user("officer1").await.get("/api/audit").await.refused(403, "permission_missing");
    });
}

/// Asks for a check, lets the job run, answers what was found.
async fn checked(world: &World, client: &Client) -> Value {
    client.post("/api/audit/verify", &json!({})).await.expect(200);
    world.run_jobs();
    client.get("/api/audit/verify").await.expect(200)
}

#[test]
fn a_changed_row_is_found() {
    for (harm, place) in [
        (Sql::One("UPDATE audit SET note = '{}' WHERE no = 2"), 2),
        (Sql::One("UPDATE audit SET at = at - 1 WHERE no = 3"), 3),
        (Sql::One("UPDATE audit SET division = '42' WHERE no = 4"), 4),
        (Sql::One("DELETE FROM audit WHERE no = 2"), 2),
        (Sql::One("DELETE FROM audit WHERE no = (SELECT max(no) FROM audit)"), 5),
    ] {
        with_people(async |world| {
            world.as_user("officer1").await;
            world.as_user("officer2").await;
            let audit = world.as_user("audadmin").await;
            assert_eq!(audit.get("/api/audit/verify").await.expect(200)["last"], Value::Null);
            let whole = checked(world, &audit).await;
            // the check itself is a row of the chain
            assert_eq!((&whole["last"]["rows"], &whole["last"]["broken_at"]), (&json!(5), &Value::Null));
            assert_eq!((&whole["by"], &whole["rows_now"]), (&json!("沈计明"), &json!(5)));
            world.house.db.write(move |tx| tx.exec(harm, &[])).await.unwrap();
            world.clock.advance(1_000);
            let broken = checked(world, &audit).await["last"].clone();
            assert_eq!(broken["broken_at"], place, "{harm:?} {broken}");
        });
    }
}

#[test]
fn a_check_is_for_the_auditor_alone() {
    with_people(async |world| {
        for name in ["sysadmin", "secadmin", "leader"] {
            let client = world.as_user(name).await;
            client.post("/api/audit/verify", &json!({})).await.refused(403, "permission_missing");
            client.get("/api/audit/verify").await.refused(403, "permission_missing");
        }
    });
}

/// What an export of the asker holds, as lines of CSV without the heading.
async fn exported(world: &World, client: &Client, list: Value) -> Vec<String> {
    let asked = json!({ "format": "csv", "list": list });
    let job = client.post("/api/audit/exports", &asked).await.expect(200)["job"].clone();
    let place = format!("/api/audit/exports/{}/file", job.as_str().unwrap());
    client.get(&place).await.refused(409, "job_running");
    world.run_jobs();
    let file = client.get(&place).await;
    assert_eq!(file.status, 200, "{}", file.text());
    file.text().lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn an_export_is_the_list_and_is_written_down_itself() {
    with_people(async |world| {
        for name in ["officer1", "officer2"] {
            world.as_user(name).await;
        }
        let audit = world.as_user("audadmin").await;
        let all = exported(world, &audit, json!({})).await;
        // demo, three sign-ins, the export itself
        assert_eq!(all.len(), 5, "{all:?}");
        assert!(all[0].starts_with("1,") && all[4].contains("audit.export"), "{all:?}");
        let filtered =
            exported(world, &audit, json!({ "action": "session.sign_in", "actor": "赵监管" })).await;
        assert!(filtered.len() == 1 && filtered[0].contains("赵监管"), "{filtered:?}");
        let total = audit.get("/api/audit?action=audit.export").await.expect(200)["total"].clone();
        assert_eq!(total, 2);
        // a leader's export holds what the leader's list shows
        let leader = world.as_user("leader").await;
        let shown = leader.get("/api/audit?size=200").await.expect(200)["total"].as_u64().unwrap();
        let lines = exported(world, &leader, json!({})).await;
        assert_eq!(lines.len() as u64, shown, "{lines:?}");
        // nobody takes another's file
        let job = audit.post("/api/audit/exports", &json!({})).await.expect(200)["job"].clone();
        world.run_jobs();
        let place = format!("/api/audit/exports/{}/file", job.as_str().unwrap());
        assert!(audit.get(&place).await.bytes.starts_with(b"PK"), "an xlsx");
        leader.get(&place).await.refused(404, "not_found");
        audit
            .post("/api/audit/exports", &json!({ "list": { "at_from": "yesterday" } }))
            .await
            .refused(422, "date_form");
    });
}
