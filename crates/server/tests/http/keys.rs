//! Keys of programs, and that what is taken away is gone with the next request.

use axum::http::Method;
use kit_test::{Client, Reply};
use serde_json::{Value, json};

use crate::world::{World, each, moved, product};

/// A program: no cookie, a key in the header.
async fn with_key(w: &World, key: &str, method: Method, path: &str, body: &Value) -> Reply {
    let bearer = format!("Bearer {key}");
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    w.public().send(method, path, "application/json", body, &[("authorization", &bearer)]).await
}

async fn made(client: &Client, form: Value) -> (String, String) {
    let made = client.post("/api/keys", &form).await.expect(200);
    (made["id"].as_str().unwrap().to_owned(), made["token"].as_str().unwrap().to_owned())
}

#[test]
fn a_key_that_is_revoked_opens_nothing_with_the_next_request() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let form = json!({ "name": "进货程序", "permissions": ["trace.read", "trace.capture"], "days": 30 });
        let (id, key) = made(&owner, form).await;
        let lots = async || with_key(&w, &key, Method::GET, "/api/lots", &Value::Null).await;
        lots().await.expect(200);
        // it is shown once, and kept as a hash alone
        assert!(!owner.get("/api/keys").await.text().contains(&key));
        with_key(&w, &key, Method::GET, "/api/products", &Value::Null).await.expect(200);
        with_key(&w, &key, Method::GET, "/api/clerks", &Value::Null).await.refused(403, "permission_missing");
        owner.delete(&format!("/api/keys/{id}")).await.expect(204);
        lots().await.refused(401, "sign_in_required");
        owner.delete(&format!("/api/keys/{id}")).await.refused(404, "not_found");
    });
}

#[test]
fn a_key_of_a_bureau_has_what_the_security_administrator_leaves_it() {
    each(async |w| {
        let (system, security) = (w.sign_in("sysadmin").await, w.sign_in("secadmin").await);
        let bureaus = system.get("/api/bureaus").await.expect(200);
        let near = bureaus["items"].as_array().unwrap().iter().find(|b| b["division"] == "410902").unwrap();
        let (id, key) = made(&system, json!({ "name": "数据交换", "bureau": near["id"], "days": 30 })).await;
        let lots = async || with_key(&w, &key, Method::GET, "/api/lots", &Value::Null).await;
        let give = async |permissions: Value| {
            let body = json!({ "permissions": permissions });
            security.put(&format!("/api/keys/{id}/permissions"), &body).await.expect(204);
        };
        lots().await.refused(403, "permission_missing");
        give(json!(["trace.read"])).await;
        lots().await.expect(200);
        give(json!([])).await;
        lots().await.refused(403, "permission_missing");
        security.delete(&format!("/api/keys/{id}")).await.expect(204);
        lots().await.refused(401, "sign_in_required");
    });
}

#[test]
fn a_business_that_is_suspended_records_nothing_more() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let form = json!({ "name": "进货程序", "permissions": ["trace.capture"], "days": 30 });
        let (_, key) = made(&owner, form).await;
        let tofu = product(&owner, "卤水豆腐", None).await;
        let make = json!({ "kind": "produce", "makes": [{ "product": tofu, "amount": 10 }] });
        moved(&owner, make.clone()).await;
        let officer = w.sign_in("officer1").await;
        let path = format!("/api/parties/{}", w.factory);
        let set = async |status: &str| {
            let seq = officer.get(&path).await.expect(200)["party"]["seq"].clone();
            let body = json!({ "seq": seq, "status": status, "reason": "检查" });
            officer.post(&format!("{path}/status"), &body).await.expect(200);
        };
        let body = json!({ "mode": "all", "items": [make] });
        set("suspended").await;
        owner.post("/api/moves", &body).await.refused(409, "party_inactive");
        with_key(&w, &key, Method::POST, "/api/moves", &body).await.refused(409, "party_inactive");
        set("active").await;
        owner.post("/api/moves", &body).await.expect(200);
        with_key(&w, &key, Method::POST, "/api/moves", &body).await.expect(200);
    });
}
