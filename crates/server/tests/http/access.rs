//! Who may come through which route, and whose rows they see.

use serde_json::json;

use crate::world::{World, each, moved, product};

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
