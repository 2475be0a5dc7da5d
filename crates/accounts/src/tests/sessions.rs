use super::*;
use crate::secret::code_at;

#[test]
fn signing_in_tells_who_one_is() {
    with_people(async |world| {
        let client = world.client();
        let reply = sign_in(&client, " Leader ", PASSWORD, None).await;
        let cookie = reply.headers["set-cookie"].to_str().unwrap().to_owned();
        for part in ["shian_session=", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=43200"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(!cookie.contains("Secure"), "plain http outside production");
        let me = reply.expect(200);
        assert_eq!(me["user"]["full_name"], "李分管");
        assert_eq!(me["roles"], json!(["leader"]));
        assert_eq!(me["permissions"], json!(["audit.read"]));
        assert_eq!(me["jurisdiction"], json!([{ "prefix": "4109", "name": "濮阳市" }]));
        assert_eq!(me["bureau"]["name"], "濮阳市市场监督管理局");
        assert_eq!((&me["simulated"], &me["due"], &me["party"]), (&json!(true), &Value::Null, &Value::Null));

        let owner = world.as_user("owner").await.get("/api/session").await.expect(200);
        assert_eq!(owner["party"], json!({ "id": "party-a", "name": "甲面馆", "kind": "restaurant" }));
        assert_eq!(owner["jurisdiction"], json!([]));
        client.get("/api/session").await.refused(401, "sign_in_required");
    });
}

#[test]
fn a_device_key_is_the_persons_own_and_stays_over_sign_outs_and_new_sealing_keys() {
    with_people(async |world| {
        let key = async |client: &Client| {
            let answer = client.post("/api/session/device-key", &json!({})).await.expect(200);
            answer["key"].as_str().unwrap().to_owned()
        };
        let officer = world.as_user("officer1").await;
        let first = key(&officer).await;
        assert_eq!(first.len(), 44, "32 bytes");
        assert_eq!(key(&officer).await, first);
        officer.delete("/api/session").await.expect(204);
        officer.post("/api/session/device-key", &json!({})).await.refused(401, "sign_in_required");
        assert_eq!(key(&world.as_user("officer1").await).await, first);
        assert_ne!(key(&world.as_user("owner").await).await, first);
    });
}

#[test]
fn a_session_ends_by_idleness() {
    with_people(async |world| {
        let client = world.as_user("leader").await;
        for _ in 0..3 {
            world.clock.advance(29 * MINUTE);
            client.get("/api/session").await.expect(200);
        }
        // another server, or this one after a restart, knows it from the database
        written(world).await;
        let fresh = AccountsGate::new(crate::PERMISSIONS.iter().copied(), false);
        let token = client.cookie.clone().unwrap().split_once('=').unwrap().1.to_owned();
        let (now, asked) = (world.clock.now(), token.clone());
        let who =
            world.house.db.read(move |tx| kit_web::Gate::identify(&fresh, tx, &asked, now)).await.unwrap();
        assert_eq!(who.unwrap().name, "李分管");

        world.clock.advance(30 * MINUTE);
        client.get("/api/session").await.refused(401, "sign_in_required");
    });
}

/// Waits until it is stored that the sessions were seen just now.
async fn written(world: &World) {
    for _ in 0..200 {
        let now = world.clock.now();
        let user = world.id_of("leader").await;
        let list = move |tx: &mut Tx| crate::store::sessions::of_user(tx, &user, now, 30 * MINUTE, "");
        if world.house.db.read(list).await.unwrap().iter().any(|s| s.seen_at == now) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the session was not written as seen");
}

#[test]
fn a_session_ends_by_age_however_busy_it_is() {
    with_people(async |world| {
        let client = world.as_user("leader").await;
        for _ in 0..35 {
            world.clock.advance(20 * MINUTE);
            client.get("/api/session").await.expect(200);
        }
        world.clock.advance(20 * MINUTE);
        client.get("/api/session").await.refused(401, "sign_in_required");
    });
}

#[test]
fn sessions_are_listed_and_ended() {
    with_people(async |world| {
        let (first, second) = (world.as_user("officer1").await, world.as_user("officer1").await);
        let mine = first.get("/api/sessions").await.expect(200);
        let mine = mine.as_array().unwrap();
        assert_eq!(mine.len(), 2);
        let other = mine.iter().find(|s| s["current"] == false).unwrap()["id"].as_str().unwrap();
        // somebody else may not even know that it is there
        let stranger = world.as_user("officer2").await;
        stranger.delete(&format!("/api/sessions/{other}")).await.refused(404, "not_found");
        first.delete(&format!("/api/sessions/{other}")).await.expect(204);
        second.get("/api/session").await.refused(401, "sign_in_required");
        first.get("/api/session").await.expect(200);
        // all others at once
        let (third, fourth) = (world.as_user("officer1").await, world.as_user("officer1").await);
        first.delete("/api/sessions").await.expect(204);
        for ended in [&third, &fourth] {
            ended.get("/api/session").await.refused(401, "sign_in_required");
        }
        let left = first.get("/api/sessions").await.expect(200);
        assert_eq!((left.as_array().unwrap().len(), &left[0]["factor"]), (1, &json!("password")));
        stranger.get("/api/session").await.expect(200);

        let id = world.id_of("officer1").await;
        let guard = world.as_user("secadmin").await;
        let theirs = guard.get(&format!("/api/users/{id}/sessions")).await.expect(200);
        assert_eq!(theirs.as_array().unwrap().len(), 1);
        guard.delete(&format!("/api/users/{id}/sessions")).await.expect(204);
        first.get("/api/session").await.refused(401, "sign_in_required");

        let reply = guard.delete("/api/session").await;
        assert!(reply.headers["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
        guard.get("/api/session").await.refused(401, "sign_in_required");
    });
}

#[test]
fn a_second_factor_is_bound_and_then_wanted() {
    with_people(async |world| {
        let client = world.as_user("officer1").await;
        client
            .post("/api/session/totp/confirm", &json!({ "totp": "000000" }))
            .await
            .refused(409, "totp_not_begun");
        let begun = client.post("/api/session/totp", &Value::Null).await.expect(200);
        assert!(begun["url"].as_str().unwrap().starts_with("otpauth://totp/"));
        let secret = secret_of(&begun);
        let wrong = if code(world, &secret) == "000000" { "000001" } else { "000000" };
        client.post("/api/session/totp/confirm", &json!({ "totp": wrong })).await.refused(422, "totp_wrong");
        let right = json!({ "totp": code(world, &secret) });
        client.post("/api/session/totp/confirm", &right).await.expect(204);

        let door = world.client();
        sign_in(&door, "officer1", PASSWORD, None).await.refused(401, "totp_required");
        sign_in(&door, "officer1", "wrong password", None).await.refused(401, "sign_in_wrong");
        // the code that bound it does not count again
        sign_in(&door, "officer1", PASSWORD, Some(&code(world, &secret))).await.refused(401, "sign_in_wrong");
        world.clock.advance(30_000);
        let now = code(world, &secret);
        sign_in(&door, "officer1", PASSWORD, Some(&now)).await.expect(200);
        sign_in(&door, "officer1", PASSWORD, Some(&now)).await.refused(401, "sign_in_wrong");

        // binding another one wants a code of the one that is bound
        let other = secret_of(&client.post("/api/session/totp", &Value::Null).await.expect(200));
        world.clock.advance(30_000);
        let body = json!({ "totp": code(world, &other) });
        let refused = client.post("/api/session/totp/confirm", &body).await.refused(422, "totp_wrong");
        assert_eq!(refused["field"], "old_totp");
        let body = json!({ "totp": code(world, &other), "old_totp": code(world, &secret) });
        client.post("/api/session/totp/confirm", &body).await.expect(204);

        let id = world.id_of("officer1").await;
        let guard = world.as_user("secadmin").await;
        guard.delete(&format!("/api/users/{id}/totp")).await.expect(204);
        world.as_user("officer1").await;
    });
}

fn secret_of(begun: &Value) -> Vec<u8> {
    totp_rs::Secret::try_from_base32(begun["secret"].as_str().unwrap()).unwrap().as_bytes().to_vec()
}

fn code(world: &World, secret: &[u8]) -> String {
    code_at(secret, world.clock.now()).unwrap()
}

#[test]
fn production_wants_a_second_factor_and_knows_no_demo_accounts() {
    // accounts of a house that was a demo before
    for db in TestDb::all() {
        let demo = World::new(db, false).people();
        let World { test, .. } = demo;
        let world = World::new(test, true);
        assert_eq!(world.try_people().unwrap_err().code, "demo_in_production");
        run(&world, &async |world: &World| {
            sign_in(&world.client(), "leader", PASSWORD, None).await.refused(401, "sign_in_wrong");
        });
    }
    for db in TestDb::all() {
        let world = World::new(db, true);
        let first = crate::bootstrap::open(&world.house, "濮阳市市场监督管理局", "410900").unwrap();
        let again = crate::bootstrap::open(&world.house, "濮阳市市场监督管理局", "410900");
        assert_eq!(again.unwrap_err().code, "already_open");
        let forgotten = crate::bootstrap::reset(&world.house, "audadmin").unwrap();
        run(&world, &async |world: &World| {
            let mut client = world.client();
            let reply = sign_in(&client, "secadmin", &first[1].password, None).await;
            let cookie = reply.headers["set-cookie"].to_str().unwrap();
            assert!(cookie.ends_with("; Secure") && cookie.contains("; Path=/;"), "{cookie}");
            assert!(cookie.starts_with("__Host-shian_session=") && !cookie.contains("Domain"), "{cookie}");
            client.keep_cookie(&reply);
            // one that another site under the same domain could have put there says nothing
            let mut planted = world.client();
            planted.cookie = client.cookie.as_ref().map(|c| c.replace("__Host-", ""));
            planted.get("/api/session").await.refused(401, "sign_in_required");
            assert_eq!(reply.expect(200)["due"], "password");
            client.get("/api/users").await.refused(403, "sign_in_unfinished");
            let change = json!({ "old": first[1].password, "password": PASSWORD });
            client.post("/api/session/password", &change).await.expect(204);
            assert_eq!(client.get("/api/session").await.expect(200)["due"], "totp");
            client.get("/api/users").await.refused(403, "sign_in_unfinished");
            let secret = secret_of(&client.post("/api/session/totp", &Value::Null).await.expect(200));
            let body = json!({ "totp": code(world, &secret) });
            client.post("/api/session/totp/confirm", &body).await.expect(204);
            assert_eq!(items(&client.get("/api/users").await.expect(200)).len(), 3);
            sign_in(&client, "audadmin", &first[2].password, None).await.refused(401, "sign_in_wrong");
            sign_in(&client, "audadmin", &forgotten, None).await.expect(200);
        });
    }
}

#[test]
fn changing_the_password_ends_the_other_sessions() {
    with_people(async |world| {
        let (here, there) = (world.as_user("officer1").await, world.as_user("officer1").await);
        let change = |old: &str, new: &str| json!({ "old": old, "password": new });
        let refused = here.post("/api/session/password", &change("wrong", "一碗热干面加辣椒")).await;
        assert_eq!(refused.refused(422, "password_wrong")["field"], "old");
        let refused = here.post("/api/session/password", &change(PASSWORD, "officer1-2026")).await;
        assert_eq!(refused.refused(422, "password_name")["field"], "password");
        here.post("/api/session/password", &change(PASSWORD, PASSWORD)).await.refused(422, "password_same");
        here.post("/api/session/password", &change(PASSWORD, "早上七点吃一碗热干面")).await.expect(204);
        here.get("/api/session").await.expect(200);
        there.get("/api/session").await.refused(401, "sign_in_required");
        sign_in(&here, "officer1", PASSWORD, None).await.refused(401, "sign_in_wrong");
        sign_in(&here, "officer1", "早上七点吃一碗热干面", None).await.expect(200);
    });
}

/// Not timed in the suite: `cargo test -p accounts --release identify -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
#[allow(clippy::disallowed_methods, reason = "a measurement")]
fn identify_takes() {
    let world = World::new(TestDb::sqlite(), false).people();
    run(&world, &async |world: &World| {
        let client = world.as_user("officer1").await;
        let token = client.cookie.clone().unwrap().split_once('=').unwrap().1.to_owned();
        let (gate, now) = (world.house.gate.clone(), world.clock.now());
        let took = world.house.db.read(move |tx| {
            let start = std::time::Instant::now();
            for _ in 0..10_000 {
                assert!(gate.identify(tx, &token, now)?.is_some());
            }
            Ok(start.elapsed() / 10_000)
        });
        eprintln!("identify: {:?}", took.await.unwrap());
    });
}

/// Two servers share nothing but the database.
#[test]
fn what_one_server_withdraws_is_gone_on_the_other() {
    with_people(async |world| {
        let there = Client::new(kit_web::router(&world.second(), (crate::ROOM.routes)()));
        let with = |client: &Client| {
            let mut other = there.clone();
            other.cookie.clone_from(&client.cookie);
            other
        };
        let security = world.as_user("secadmin").await;
        let system = world.as_user("sysadmin").await;
        // a permission withdrawn
        let leader = with(&world.as_user("leader").await);
        leader.get("/api/audit").await.expect(200);
        let id = world.id_of("leader").await;
        security.put(&format!("/api/users/{id}/posts"), &json!({ "posts": [] })).await.expect(204);
        leader.get("/api/audit").await.refused(403, "permission_missing");
        // a session ended
        let officer = with(&world.as_user("officer1").await);
        officer.get("/api/session").await.expect(200);
        let id = world.id_of("officer1").await;
        security.delete(&format!("/api/users/{id}/sessions")).await.expect(204);
        officer.get("/api/session").await.refused(401, "sign_in_required");
        // a user suspended
        let officer = with(&world.as_user("officer2").await);
        officer.get("/api/session").await.expect(200);
        let id = world.id_of("officer2").await;
        system.post(&format!("/api/users/{id}/disable"), &json!({})).await.expect(204);
        officer.get("/api/session").await.refused(401, "sign_in_required");
    });
}

/// A phone's key and what it signs.
struct Phone {
    key: p256::ecdsa::SigningKey,
    session: String,
}

impl Phone {
    async fn bound(client: &Client, seed: u8) -> Self {
        use base64::Engine as _;
        let key = p256::ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap();
        let public = key.verifying_key().to_sec1_point(false);
        let text = base64::engine::general_purpose::STANDARD.encode(public.as_bytes());
        let told = client.post("/api/session/phone", &json!({ "key": text })).await.expect(200);
        Self { key, session: told["session"].as_str().unwrap().to_owned() }
    }

    fn says(&self, no: i64) -> Value {
        use base64::Engine as _;
        use p256::ecdsa::signature::Signer as _;
        let words = format!("shian-resume\n{}\n{no}", self.session);
        let signature: p256::ecdsa::Signature = self.key.sign(words.as_bytes());
        let text = base64::engine::general_purpose::STANDARD.encode(signature.to_bytes());
        json!({ "session": self.session, "no": no, "signature": text })
    }
}

#[test]
fn a_phone_takes_its_session_up_again_for_sending_within_its_hours_and_no_longer() {
    with_people(async |world| {
        let officer = world.as_user("leader").await;
        officer.post("/api/session/phone", &json!({ "key": "AAAA" })).await.refused(422, "phone_key");
        let phone = Phone::bound(&officer, 7).await;
        let other =
            Phone { session: phone.session.clone(), ..Phone::bound(&world.as_user("owner").await, 9).await };
        world.clock.advance(31 * MINUTE);
        officer.get("/api/session").await.refused(401, "sign_in_required");

        let mut again = world.client();
        again.post("/api/session/resume", &other.says(1)).await.refused(401, "sign_in_wrong");
        let reply = again.post("/api/session/resume", &phone.says(5)).await;
        again.keep_cookie(&reply);
        let me = reply.expect(200);
        assert_eq!((&me["resumed"], &me["user"]["name"]), (&json!(true), &json!("leader")));
        // what a session that sends may not: its own permission is gone, and the keys of the phone are not given again
        assert_eq!(me["permissions"], json!([]));
        again.get("/api/audit").await.refused(403, "permission_missing");
        again.post("/api/session/device-key", &json!({})).await.refused(403, "session_resumed");
        let key = officer.post("/api/session/phone", &json!({ "key": "AAAA" })).await;
        key.refused(401, "sign_in_required");
        // each number counts once, and only upwards; the secret of before is dead
        world.client().post("/api/session/resume", &phone.says(5)).await.refused(401, "sign_in_wrong");
        world.client().post("/api/session/resume", &phone.says(4)).await.refused(401, "sign_in_wrong");
        world.clock.advance(20 * MINUTE);
        again.get("/api/session").await.expect(200);
        // within the hours of the sign-in, and not a minute longer
        world.clock.advance(11 * 60 * MINUTE);
        world.client().post("/api/session/resume", &phone.says(6)).await.expect(200);
        world.clock.advance(60 * MINUTE);
        world.client().post("/api/session/resume", &phone.says(7)).await.refused(401, "sign_in_wrong");
    });
}

#[test]
fn who_ends_a_session_ends_what_its_phone_could_take_up() {
    with_people(async |world| {
        let first = world.as_user("leader").await;
        let phone = Phone::bound(&first, 3).await;
        world.as_user("leader").await.delete("/api/sessions").await.expect(204);
        world.client().post("/api/session/resume", &phone.says(1)).await.refused(401, "sign_in_wrong");
        // a session that no phone was bound to is nobody's to take up
        let plain = world.as_user("leader").await;
        let list = plain.get("/api/sessions").await.expect(200);
        let id = list.as_array().unwrap().iter().find(|s| s["current"] == true).unwrap()["id"].clone();
        let stray = Phone {
            key: p256::ecdsa::SigningKey::from_slice(&[3; 32]).unwrap(),
            session: id.as_str().unwrap().into(),
        };
        world.client().post("/api/session/resume", &stray.says(9)).await.refused(401, "sign_in_wrong");
    });
}
