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

#[test]
fn a_changed_row_is_found() {
    for (harm, place) in [
        (Sql::One("UPDATE audit SET note = '{}' WHERE no = 2"), 2),
        (Sql::One("UPDATE audit SET at = at - 1 WHERE no = 3"), 3),
        (Sql::One("DELETE FROM audit WHERE no = 2"), 2),
        (Sql::One("DELETE FROM audit WHERE no = (SELECT max(no) FROM audit)"), 4),
    ] {
        with_people(async |world| {
            world.as_user("officer1").await;
            world.as_user("officer2").await;
            let audit = world.as_user("audadmin").await;
            let whole = audit.get("/api/audit/verify").await.expect(200);
            assert_eq!(whole, json!({ "whole": true, "rows": 4, "broken_at": null }));
            world.house.db.write(move |tx| tx.exec(harm, &[])).await.unwrap();
            let broken = audit.get("/api/audit/verify").await.expect(200);
            assert_eq!(broken, json!({ "whole": false, "rows": null, "broken_at": place }), "{harm:?}");
        });
    }
}
