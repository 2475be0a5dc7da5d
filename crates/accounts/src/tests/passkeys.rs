//! Passkeys with an authenticator of the test's own: a P-256 key, attestation none, as browsers send them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use sha2::{Digest as _, Sha256};

use super::*;

/// A device with one key.
#[derive(Clone)]
struct Device {
    key: SigningKey,
    id: [u8; 16],
    counter: u32,
    /// A device that does not count says 0 for ever.
    counts: bool,
    origin: &'static str,
    rp: &'static str,
    /// Whether it asked its owner for a finger or a code.
    verifies: bool,
    /// The user it says the key is of, base64url; as it was told when it made the key, where it keeps that.
    user: Value,
}

impl Device {
    fn new(seed: u8) -> Self {
        Self {
            key: SigningKey::from_slice(&[seed; 32]).unwrap(),
            id: [seed; 16],
            counter: 0,
            counts: true,
            origin: "https://shian.example",
            rp: "shian.example",
            verifies: true,
            user: Value::Null,
        }
    }

    fn data(&mut self, new: bool) -> Vec<u8> {
        self.counter += u32::from(self.counts);
        let mut data = Sha256::digest(self.rp.as_bytes()).to_vec();
        data.push(0x01 | if self.verifies { 0x04 } else { 0 } | if new { 0x40 } else { 0 });
        data.extend(self.counter.to_be_bytes());
        if new {
            data.extend([0; 16]);
            data.extend(16_u16.to_be_bytes());
            data.extend(self.id);
            // {1: 2, 3: -7, -1: 1, -2: x, -3: y} in CBOR, from the point 04 x y
            let point = self.key.verifying_key().to_sec1_point(false);
            let point = point.as_bytes();
            data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
            data.extend(&point[1..33]);
            data.extend([0x22, 0x58, 0x20]);
            data.extend(&point[33..]);
        }
        data
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let challenge = options["publicKey"]["challenge"].as_str().unwrap();
        let said =
            json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false });
        said.to_string().into_bytes()
    }

    fn credential(&self, response: Value) -> Value {
        let id = B64.encode(self.id);
        json!({ "id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {},
            "authenticatorAttachment": "platform", "response": response })
    }

    fn create(&mut self, options: &Value) -> Value {
        self.user = options["publicKey"]["user"]["id"].clone();
        let data = self.data(true);
        // {"fmt": "none", "attStmt": {}, "authData": data} in CBOR
        let mut object = b"\xa3cfmtdnonegattStmt\xa0hauthData\x59".to_vec();
        object.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        object.extend(data);
        let client = self.client_data("webauthn.create", options);
        self.credential(json!({
            "attestationObject": B64.encode(object), "clientDataJSON": B64.encode(client),
            "transports": ["internal", "hybrid"],
        }))
    }

    fn get(&mut self, options: &Value) -> Value {
        let (data, client) = (self.data(false), self.client_data("webauthn.get", options));
        let mut signed = data.clone();
        signed.extend(Sha256::digest(&client));
        let signature: Signature = self.key.sign(&signed);
        let mut response = json!({
            "authenticatorData": B64.encode(data), "clientDataJSON": B64.encode(client),
            "signature": B64.encode(signature.to_der().as_bytes()),
        });
        if !self.user.is_null() {
            response["userHandle"] = self.user.clone();
        }
        self.credential(response)
    }
}

async fn bind(client: &Client, device: &mut Device) -> Reply {
    let asked =
        client.post("/api/session/passkeys/challenge", &json!({ "password": PASSWORD })).await.expect(200);
    let credential = device.create(&asked["options"]);
    let form = json!({ "ask": asked["ask"], "name": "我的手机", "credential": credential });
    client.post("/api/session/passkeys", &form).await
}

/// What anybody is asked who comes without a name.
async fn challenge(client: &Client) -> Value {
    client.post("/api/session/passkey/challenge", &json!({})).await.expect(200)
}

async fn second(client: &Client, name: &str, password: &str) -> Reply {
    client.post("/api/session/passkey/second", &json!({ "name": name, "password": password })).await
}

async fn answer(client: &Client, device: &mut Device, asked: &Value) -> Reply {
    let credential = device.get(&asked["options"]);
    client.post("/api/session/passkey", &json!({ "ask": asked["ask"], "credential": credential })).await
}

/// The notes of the latest rows of an action in the audit chain, newest first.
async fn notes(world: &World, action: &str) -> Vec<Value> {
    let rows = world.as_user("audadmin").await.get("/api/audit?size=100").await.expect(200);
    let notes = items(&rows).into_iter().filter(|r| r["action"] == action);
    notes.map(|r| serde_json::from_str(r["note"].as_str().unwrap()).unwrap_or(Value::Null)).collect()
}

#[test]
fn a_passkey_is_bound_named_used_without_a_password_and_taken_away() {
    with_people(async |world| {
        let officer = world.as_user("officer1").await;
        let wrong = json!({ "password": "wrong password" });
        officer.post("/api/session/passkeys/challenge", &wrong).await.refused(422, "password_wrong");
        let mut phone = Device::new(7);
        let id = bind(&officer, &mut phone).await.expect(200)["id"].as_str().unwrap().to_owned();
        bind(&officer, &mut phone.clone()).await.refused(422, "passkey_refused");
        bind(&world.as_user("officer2").await, &mut phone.clone()).await.refused(409, "passkey_bound");
        let own = format!("/api/session/passkeys/{id}");
        officer.put(&own, &json!({ "name": "值班手机" })).await.expect(204);
        officer.put(&own, &json!({ "name": " " })).await.refused(422, "text_empty");

        let mut client = world.client();
        let asked = challenge(&client).await;
        assert_eq!(asked["options"]["publicKey"]["userVerification"], "required");
        assert!(asked["options"]["publicKey"]["allowCredentials"].as_array().is_none_or(Vec::is_empty));
        let reply = answer(&client, &mut phone, &asked).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        client.keep_cookie(&reply);
        let session = client.get("/api/session").await.expect(200);
        assert_eq!((&session["user"]["name"], &session["passkeys"]), (&json!("officer1"), &json!(true)));
        let list = client.get("/api/session/passkeys").await.expect(200);
        assert!(list[0]["name"] == "值班手机" && list[0]["used_at"].is_i64(), "{list}");
        assert_eq!(notes(world, "session.sign_in").await[1]["factor"], "passkey");

        // taken away, it opens nothing any more, also where it was asked for before; others cannot take it away
        let before = challenge(&client).await;
        world.as_user("officer2").await.delete(&own).await.refused(404, "not_found");
        client.delete(&own).await.expect(204);
        client.delete(&own).await.refused(404, "not_found");
        answer(&world.client(), &mut phone, &before).await.refused(401, "sign_in_wrong");
    });
}

#[test]
fn a_challenge_is_answered_once_and_in_time() {
    with_people(async |world| {
        let officer = world.as_user("officer1").await;
        let mut phone = Device::new(7);
        bind(&officer, &mut phone).await.expect(200);
        let client = world.client();
        // a right answer, once more as it was, and with the sealed text written otherwise
        let asked = challenge(&client).await;
        let credential = phone.get(&asked["options"]);
        let ask = asked["ask"].as_str().unwrap();
        let (key, sealed) = ask.split_once('.').unwrap();
        let other = format!("{key}.{}", sealed.to_uppercase());
        client
            .post("/api/session/passkey", &json!({ "ask": ask, "credential": credential }))
            .await
            .expect(200);
        for ask in [ask, &other] {
            let again = json!({ "ask": ask, "credential": phone.get(&asked["options"]) });
            client.post("/api/session/passkey", &again).await.refused(409, "passkey_late");
        }
        // a wrong answer spends it too
        let asked = challenge(&client).await;
        let mut thief = Device { key: SigningKey::from_slice(&[9; 32]).unwrap(), ..phone.clone() };
        answer(&client, &mut thief, &asked).await.refused(401, "sign_in_wrong");
        answer(&client, &mut phone, &asked).await.refused(409, "passkey_late");
        // too late; made up; made for binding
        let late = challenge(&client).await;
        let kept = late["until_at"].as_i64().unwrap() - world.clock.now();
        world.clock.advance(kept);
        answer(&client, &mut phone, &late).await.refused(409, "passkey_late");
        let officer = world.as_user("sysadmin").await;
        let binding = officer.post("/api/session/passkeys/challenge", &json!({ "password": PASSWORD })).await;
        for ask in [json!("abc"), binding.expect(200)["ask"].clone()] {
            let asked = json!({ "ask": ask, "options": challenge(&client).await["options"] });
            answer(&client, &mut phone, &asked).await.refused(409, "passkey_late");
        }
        // of those that are too old nothing is kept: only as many as were answered in five minutes
        world.clock.advance(10 * MINUTE);
        let asked = challenge(&client).await;
        answer(&client, &mut phone, &asked).await.expect(200);
        let taken = world.house.db.read(|tx| {
            let mut taken = 0;
            let count = kit_db::Filter::new("SELECT count(*) FROM passkey_taken");
            taken += tx.count(&count)?;
            Ok(taken)
        });
        assert_eq!(taken.await.unwrap(), 1);
    });
}

#[test]
fn what_is_no_right_answer_is_refused_and_written_down() {
    with_people(async |world| {
        let officer = world.as_user("officer1").await;
        let mut phone = Device::new(7);
        bind(&officer, &mut phone).await.expect(200);
        let mut other = Device::new(8);
        bind(&world.as_user("officer2").await, &mut other).await.expect(200);
        let client = world.client();
        let mut harms: Vec<(&str, Device, &str)> = Vec::new();
        let mut harm = |what, reason, change: &dyn Fn(&mut Device)| {
            let mut device = Device { counter: 10, ..phone.clone() };
            change(&mut device);
            harms.push((what, device, reason));
        };
        harm("another key", "passkey", &|d| d.key = SigningKey::from_slice(&[9; 32]).unwrap());
        harm("another origin", "passkey", &|d| d.origin = "https://evil.example");
        harm("another port", "passkey", &|d| d.origin = "https://shian.example:8443");
        harm("without tls", "passkey", &|d| d.origin = "http://shian.example");
        harm("a name below", "passkey", &|d| d.origin = "https://a.shian.example");
        harm("another party", "passkey", &|d| d.rp = "evil.example");
        harm("nobody verified", "passkey", &|d| d.verifies = false);
        harm("unknown credential", "passkey unknown", &|d| d.id = [1; 16]);
        harm("of another user", "passkey unknown", &|d| d.user = other.user.clone());
        harm("of nobody", "passkey unknown", &|d| d.user = Value::Null);
        for (what, device, reason) in &mut harms {
            let asked = challenge(&client).await;
            let reply = answer(&client, device, &asked).await;
            assert_eq!(
                (reply.status.as_u16(), &reply.json()["code"]),
                (401, &json!("sign_in_wrong")),
                "{what}"
            );
            let note = notes(world, "session.sign_in").await.swap_remove(1);
            assert_eq!((&note["outcome"], &note["reason"]), (&json!("refused"), &json!(reason)), "{what}");
        }
        // the answer to another challenge; and what is no answer at all
        let (first, second) = (challenge(&client).await, challenge(&client).await);
        let crossed = json!({ "ask": first["ask"], "credential": phone.get(&second["options"]) });
        client.post("/api/session/passkey", &crossed).await.refused(401, "sign_in_wrong");
        let nothing = json!({ "ask": second["ask"], "credential": { "id": 1 } });
        client.post("/api/session/passkey", &nothing).await.refused(401, "sign_in_wrong");
        // none of all this locked the name
        let asked = challenge(&client).await;
        answer(&client, &mut phone, &asked).await.expect(200);
        // a device that asks its owner nothing is not bound at all, nor one that was on another site
        for weak in [
            Device { verifies: false, ..Device::new(9) },
            Device { origin: "https://evil.example", ..Device::new(9) },
            Device { rp: "evil.example", ..Device::new(9) },
        ] {
            bind(&officer, &mut weak.clone()).await.refused(422, "passkey_refused");
        }
        // what one was asked, another does not bind
        let asked = officer.post("/api/session/passkeys/challenge", &json!({ "password": PASSWORD })).await;
        let asked = asked.expect(200);
        let form = json!({ "ask": asked["ask"], "name": "x", "credential": Device::new(9).create(&asked["options"]) });
        world
            .as_user("station")
            .await
            .post("/api/session/passkeys", &form)
            .await
            .refused(422, "passkey_refused");
    });
}

#[test]
fn a_device_that_counts_backwards_is_a_copy() {
    with_people(async |world| {
        let officer = world.as_user("officer1").await;
        let mut phone = Device::new(7);
        bind(&officer, &mut phone).await.expect(200);
        let mut copy = phone.clone();
        let client = world.client();
        let sign_in = async |device: &mut Device| {
            let asked = challenge(&client).await;
            answer(&client, device, &asked).await
        };
        sign_in(&mut phone).await.expect(200);
        sign_in(&mut phone).await.expect(200);
        sign_in(&mut copy).await.refused(401, "sign_in_wrong");
        assert_eq!(notes(world, "session.sign_in").await[1]["reason"], "passkey counter");
        sign_in(&mut phone).await.expect(200);
        // one that never counts is none
        let mut still = Device { counts: false, ..Device::new(6) };
        bind(&officer, &mut still).await.expect(200);
        sign_in(&mut still).await.expect(200);
        sign_in(&mut still).await.expect(200);
    });
}

#[test]
fn a_passkey_is_the_second_step_after_a_password() {
    with_people(async |world| {
        let officer = world.as_user("officer1").await;
        // a device that keeps nothing itself: it answers only where its key is named
        let mut stick = Device::new(7);
        bind(&officer, &mut stick).await.expect(200);
        stick.user = Value::Null;
        let client = world.client();
        super::sign_in(&client, "officer1", PASSWORD, None).await.refused(401, "passkey_required");
        super::sign_in(&client, "officer1", "wrong password", None).await.refused(401, "sign_in_wrong");
        second(&client, "officer1", "wrong password").await.refused(401, "sign_in_wrong");
        second(&client, "no.such.one", PASSWORD).await.refused(401, "sign_in_wrong");
        second(&client, "officer2", PASSWORD).await.refused(409, "passkey_none");
        let asked = second(&client, "officer1", PASSWORD).await.expect(200);
        assert_eq!(asked["options"]["publicKey"]["allowCredentials"][0]["id"], B64.encode(stick.id));
        answer(&client, &mut stick, &asked).await.expect(200);
        // without the password it is not enough for a device that names nobody
        let asked = challenge(&client).await;
        answer(&client, &mut stick, &asked).await.refused(401, "sign_in_wrong");
        // the passkey of somebody else does not answer
        let mut other = Device::new(8);
        bind(&world.as_user("officer2").await, &mut other).await.expect(200);
        for user in [other.user.clone(), Value::Null] {
            let asked = second(&client, "officer1", PASSWORD).await.expect(200);
            let mut other = Device { user, ..other.clone() };
            answer(&client, &mut other, &asked).await.refused(401, "sign_in_wrong");
        }
        // guessing the password counts here as it does there: the fifth locks
        for _ in 0..2 {
            second(&client, "officer1", "wrong password").await.refused(401, "sign_in_wrong");
        }
        second(&client, "officer1", "wrong password").await.refused(429, "sign_in_locked");
        super::sign_in(&client, "officer1", PASSWORD, None).await.refused(429, "sign_in_locked");
    });
}

#[test]
fn a_passkey_counts_as_a_second_factor_in_production() {
    for db in TestDb::all() {
        let world = World::new(db, true);
        run(&world, &async |world: &World| {
            let house = world.house.clone();
            let made =
                std::thread::spawn(move || crate::bootstrap::open(&house, "濮阳市市场监督管理局", "4109"))
                    .join()
                    .unwrap()
                    .unwrap();
            let mut client = world.client();
            client.keep_cookie(&super::sign_in(&client, "secadmin", &made[1].password, None).await);
            let form = json!({ "old": made[1].password, "password": PASSWORD });
            client.post("/api/session/password", &form).await.expect(204);
            client.get("/api/users").await.refused(403, "sign_in_unfinished");
            let mut phone = Device::new(7);
            bind(&client, &mut phone).await.expect(200);
            client.get("/api/users").await.expect(200);
            assert_eq!(client.get("/api/session").await.expect(200)["due"], Value::Null);
            // the operator of the machine takes all of it away from who is locked out
            let house = world.house.clone();
            let password =
                std::thread::spawn(move || crate::bootstrap::reset(&house, "secadmin")).join().unwrap();
            super::sign_in(&world.client(), "secadmin", &password.unwrap(), None).await.expect(200);
            let asked = challenge(&world.client()).await;
            answer(&world.client(), &mut phone, &asked).await.refused(401, "sign_in_wrong");
        });
    }
}

#[test]
fn the_security_administrator_takes_away_what_was_lost() {
    with_people(async |world| {
        let officer = world.as_user("officer1").await;
        let mut phone = Device::new(7);
        bind(&officer, &mut phone).await.expect(200);
        let security = world.as_user("secadmin").await;
        let id = world.id_of("officer1").await;
        assert_eq!(security.get(&format!("/api/users/{id}")).await.expect(200)["passkeys"], 1);
        security.delete(&format!("/api/users/{id}/passkeys")).await.expect(204);
        officer.get("/api/session").await.refused(401, "sign_in_required");
        let asked = challenge(&world.client()).await;
        answer(&world.client(), &mut phone, &asked).await.refused(401, "sign_in_wrong");
        assert_eq!(notes(world, "users.drop_passkeys").await[0]["dropped"], 1);
        let audit = world.id_of("audadmin").await;
        security
            .delete(&format!("/api/users/{audit}/passkeys"))
            .await
            .refused(403, "administrator_protected");
    });
}

#[test]
fn an_address_without_a_name_has_no_passkeys() {
    for (url, there) in [
        ("https://shian.example", true),
        ("https://shian.example:8443", true),
        ("http://localhost:8080", true),
        ("https://10.0.0.3", false),
        ("http://[::1]:8080", false),
        ("", false),
    ] {
        assert_eq!(crate::passkeys::Passkeys::of(url).is_ok(), there, "{url}");
    }
}
