//! Who may come through which route, and whose rows they see.

use kit_test::Client;
use kit_web::Access;
use serde_json::json;

use crate::world::{World, each, moved, product};

/// Roles by demo account.
const PEOPLE: &[(&str, &str)] = &[
    ("sysadmin", "system_admin"),
    ("secadmin", "security_admin"),
    ("audadmin", "audit_admin"),
    ("leader", "leader"),
    ("investigator", "investigator"),
    ("officer1", "officer"),
    ("owner", "business_owner"),
    ("clerk", "business_clerk"),
];

/// Routes whose requests would change who is signed in while the walk goes on.
const SESSION: &[&str] = &["/api/session", "/api/sessions/{id}"];

async fn knock(client: &Client, method: &axum::http::Method, path: &str) -> (u16, String) {
    let path = path.replace("{no}", "999999999");
    let mut filled = String::new();
    let mut rest = path.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        filled.push_str("00000000-0000-7000-8000-000000000000");
        rest = after.split_once('}').map_or("", |(_, tail)| tail);
    }
    filled.push_str(rest);
    let reply = client.send(method.clone(), &filled, "application/json", b"{}".to_vec(), &[]).await;
    let code = reply.json()["code"].as_str().unwrap_or("").to_owned();
    (reply.status.as_u16(), code)
}

#[test]
fn every_route_admits_exactly_the_roles_of_its_permission() {
    each(async |w| {
        let permissions = server::rooms::permissions();
        let public = w.public();
        for route in server::rooms::routes().iter().filter(|r| r.access != Access::Public) {
            let (status, code) = knock(&public, &route.method, route.path).await;
            assert_eq!((status, code.as_str()), (401, "sign_in_required"), "{} {}", route.method, route.path);
        }
        for (name, role) in PEOPLE {
            let client = w.sign_in(name).await;
            for route in server::rooms::routes().iter().filter(|r| !SESSION.contains(&r.path)) {
                let Access::Needs(needed) = route.access else { continue };
                let declared = permissions.iter().find(|p| p.code == needed);
                let declared =
                    declared.unwrap_or_else(|| panic!("{needed} of {} is declared nowhere", route.path));
                let (status, code) = knock(&client, &route.method, route.path).await;
                let refused = status == 403 && code == "permission_missing";
                let place = format!("{role} at {} {}: {status} {code}", route.method, route.path);
                assert_eq!(refused, !declared.roles.contains(role), "{place}");
                assert!(status != 500, "{place}");
            }
        }
    });
}

#[test]
fn every_writing_route_names_its_audit_action() {
    for route in server::rooms::routes() {
        let writes = route.method == axum::http::Method::PUT || route.method == axum::http::Method::DELETE;
        assert!(!writes || !route.audit.is_empty(), "{} {}", route.method, route.path);
        assert!(!route.summary.is_empty(), "{}", route.path);
    }
}

#[test]
fn a_list_shows_what_lies_in_the_jurisdiction() {
    each(async |w: World| {
        let owner = w.sign_in("owner").await;
        let tofu = product(&owner, "卤水豆腐", None).await;
        let make = json!({ "kind": "produce", "makes": [{ "product": tofu, "amount": 10_000 }] });
        let lot = moved(&owner, make).await;
        let ship = |to: &str| json!({ "kind": "ship", "counterpart": to, "takes": [{ "lot": lot, "amount": 1_000 }] });
        let near = moved(&owner, ship(&w.shop)).await;
        let far = moved(&owner, ship(&w.far_shop)).await;
        let lots = async |name: &str| -> Vec<i64> {
            let list = w.sign_in(name).await.get("/api/lots?sort=no").await.expect(200);
            list["items"].as_array().unwrap().iter().map(|l| l["no"].as_i64().unwrap()).collect()
        };
        assert_eq!(lots("leader").await, [lot, near, far]);
        assert_eq!(lots("officer1").await, [lot, near]);
        assert_eq!(lots("officer2").await, [far]);
        assert_eq!(lots("clerk").await, [near]);
        // one that is not theirs does not exist for them
        let officer = w.sign_in("officer2").await;
        officer.get(&format!("/api/lots/{near}")).await.refused(404, "not_found");
        let clerk = w.sign_in("clerk").await;
        clerk.get(&format!("/api/lots/{far}/chain")).await.refused(404, "not_found");
        // nor may they act for another business
        let theft = json!({ "party": w.factory, "kind": "sell", "takes": [{ "lot": lot, "amount": 1 }] });
        clerk
            .post("/api/moves", &json!({ "mode": "all", "items": [theft] }))
            .await
            .refused(422, "party_unknown");
    });
}

#[test]
fn a_cookie_alone_does_not_write() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let request = axum::http::Request::post("/api/moves")
            .header("cookie", owner.cookie.clone().unwrap())
            .header("content-type", "application/json")
            .body(axum::body::Body::from("{\"items\":[]}"))
            .unwrap();
        use tower::ServiceExt as _;
        let response = server::serve::app(&w.house).oneshot(request).await.unwrap();
        assert_eq!(response.status(), 403);
    });
}

#[test]
fn the_audit_names_who_did_what_and_its_chain_holds() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        product(&owner, "卤水豆腐", None).await;
        let rows =
            w.sign_in("audadmin").await.get("/api/audit?action=trace.product_create").await.expect(200);
        assert_eq!(rows["total"], 1, "{rows}");
        let count = w.house.db.read(kit_web::audit::verify).await.unwrap();
        assert!(count > 3);
    });
}
