//! Who guesses passwords is stopped, whoever it is.

use super::*;

#[test]
fn five_failures_lock_a_name_whether_it_is_known_or_not() {
    with_people(async |world| {
        let client = world.client();
        let mut answers = Vec::new();
        for name in ["officer1", "nobody.here"] {
            let mut seen = Vec::new();
            for _ in 0..6 {
                let reply = sign_in(&client, name, "wrong password", None).await;
                let wait = reply.headers.get("retry-after").map(|v| v.to_str().unwrap().to_owned());
                seen.push((reply.status.as_u16(), wait, reply.text()));
            }
            answers.push(seen);
        }
        assert_eq!(answers[0], answers[1], "the same answers for both");
        let statuses: Vec<u16> = answers[0].iter().map(|a| a.0).collect();
        assert_eq!(statuses, [401, 401, 401, 401, 429, 429]);
        assert_eq!(answers[0][4].1.as_deref(), Some("900"));

        sign_in(&client, "officer1", PASSWORD, None).await.refused(429, "sign_in_locked");
        world.clock.advance(15 * MINUTE - 1);
        sign_in(&client, "officer1", PASSWORD, None).await.refused(429, "sign_in_locked");
        world.clock.advance(1);
        for _ in 0..4 {
            sign_in(&client, "officer1", "wrong password", None).await.refused(401, "sign_in_wrong");
        }
        let reply = sign_in(&client, "officer1", "wrong password", None).await;
        assert_eq!(reply.headers["retry-after"], "1800", "the second lock is twice as long");

        let guard = world.as_user("secadmin").await;
        let locked = guard.get("/api/users?state=locked").await.expect(200);
        assert_eq!(items(&locked).len(), 1);
        assert_eq!(
            (&locked["items"][0]["name"], &locked["items"][0]["state"]),
            (&json!("officer1"), &json!("locked"))
        );
        let id = world.id_of("officer1").await;
        guard.post(&format!("/api/users/{id}/unlock"), &Value::Null).await.expect(204);
        world.as_user("officer1").await;
    });
}

#[test]
fn a_success_forgets_the_failures() {
    with_people(async |world| {
        let client = world.client();
        for _ in 0..3 {
            for _ in 0..4 {
                sign_in(&client, "leader", "wrong password", None).await.refused(401, "sign_in_wrong");
            }
            world.as_user("leader").await;
        }
        sign_in(&client, "'; DROP TABLE users; --", PASSWORD, None).await.refused(401, "sign_in_wrong");
    });
}

#[test]
fn an_open_screen_is_no_place_to_guess_the_password() {
    with_people(async |world| {
        let client = world.as_user("officer1").await;
        let guess = json!({ "old": "wrong", "password": "早上七点吃一碗热干面" });
        for _ in 0..5 {
            client.post("/api/session/password", &guess).await.refused(422, "password_wrong");
        }
        client.post("/api/session/password", &guess).await.refused(429, "sign_in_locked");
        sign_in(&client, "officer1", PASSWORD, None).await.refused(429, "sign_in_locked");
    });
}

#[test]
fn an_address_is_locked_after_failures_under_many_names() {
    with_people(async |world| {
        let mut client = world.client();
        client.address = Some("203.0.113.7:5000".parse().unwrap());
        for i in 0..29 {
            sign_in(&client, &format!("name{i}"), "wrong password", None).await.refused(401, "sign_in_wrong");
            world.clock.advance(1_000);
        }
        sign_in(&client, "name29", "wrong password", None).await.refused(429, "sign_in_locked");
        // also with the right password of a name that never failed
        sign_in(&client, "officer1", PASSWORD, None).await.refused(429, "sign_in_locked");
        // from elsewhere it is open, and later from there again
        let mut elsewhere = world.client();
        elsewhere.address = Some("203.0.113.8:5000".parse().unwrap());
        sign_in(&elsewhere, "officer1", PASSWORD, None).await.expect(200);
        world.clock.advance(16 * MINUTE);
        sign_in(&client, "officer1", PASSWORD, None).await.expect(200);
        // of IPv6, the whole network of one subscriber
        for i in 0..30 {
            client.address = Some(format!("[2001:db8::{i:x}]:5000").parse().unwrap());
            sign_in(&client, &format!("else{i}"), "wrong password", None).await;
            world.clock.advance(1_000);
        }
        sign_in(&client, "officer1", PASSWORD, None).await.refused(429, "sign_in_locked");
    });
}

#[test]
fn tries_to_sign_in_come_by_a_few_a_minute() {
    with_people(async |world| {
        let mut client = world.client();
        client.address = Some("203.0.113.9:5000".parse().unwrap());
        let mut limited = 0;
        for i in 0..40 {
            let reply = sign_in(&client, &format!("n{:03}", i % 10), "wrong password", None).await;
            if reply.json()["code"] == "rate_limited" {
                assert_eq!(
                    (reply.status.as_u16(), reply.headers["retry-after"].to_str().unwrap()),
                    (429, "1")
                );
                assert_eq!(reply.headers["content-type"], "application/problem+json");
                limited += 1;
            }
        }
        assert_eq!(limited, 10);
    });
}

#[test]
fn an_unknown_name_costs_the_same_work() {
    with_people(async |world| {
        let passwords = || world.house.held::<Accounts>().passwords.compared();
        let client = world.client();
        for name in ["officer1", "no.such.one"] {
            let before = passwords();
            sign_in(&client, name, "wrong password", None).await.refused(401, "sign_in_wrong");
            assert_eq!(passwords() - before, 1, "{name}");
        }
    });
}
