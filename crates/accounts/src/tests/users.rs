use super::*;

async fn city_bureau(client: &Client) -> Value {
    items(&client.get("/api/bureaus").await.expect(200))[0]["id"].clone()
}

#[test]
fn a_new_user_gets_a_password_that_must_be_changed() {
    with_people(async |world| {
        let maker = world.as_user("sysadmin").await;
        let bureau = city_bureau(&maker).await;
        let body =
            json!({ "name": "New.One", "full_name": "新来的", "phone": "138 1234 5678", "bureau": bureau });
        let made = post_with_key(&maker, "/api/users", &body, "k1").await.expect(200);
        let (id, password) = (made["id"].as_str().unwrap(), made["password"].as_str().unwrap());
        // a repeat is answered without doing it again, and without the password
        let again = post_with_key(&maker, "/api/users", &body, "k1").await.expect(200);
        assert_eq!(again, json!({ "id": id, "password": null }));
        assert_eq!(maker.post("/api/users", &body).await.refused(409, "name_taken")["field"], "name");

        let mut client = world.client();
        let reply = sign_in(&client, "new.one", password, None).await;
        client.keep_cookie(&reply);
        assert_eq!(reply.expect(200)["due"], "password");
        client.get("/api/sessions").await.refused(403, "sign_in_unfinished");
        let change = json!({ "old": password, "password": PASSWORD });
        client.post("/api/session/password", &change).await.expect(204);
        client.get("/api/sessions").await.expect(200);

        let reset = maker.post(&format!("/api/users/{id}/password"), &Value::Null).await.expect(200);
        client.get("/api/session").await.refused(401, "sign_in_required");
        sign_in(&client, "new.one", reset["password"].as_str().unwrap(), None).await.expect(200);
    });
}

async fn post_with_key(client: &Client, path: &str, body: &Value, key: &str) -> Reply {
    let bytes = body.to_string().into_bytes();
    let headers = [("idempotency-key", key)];
    client.send(axum::http::Method::POST, path, "application/json", bytes, &headers).await
}

#[test]
fn wrong_input_names_its_field() {
    with_people(async |world| {
        let maker = world.as_user("sysadmin").await;
        let bureau = city_bureau(&maker).await;
        let good = json!({ "name": "newone", "full_name": "新来的", "phone": "", "bureau": bureau });
        for (field, value, code) in [
            ("name", json!("李明"), "name_form"),
            ("full_name", json!("  "), "text_empty"),
            ("full_name", json!("甲".repeat(41)), "text_long"),
            ("phone", json!("12345"), "phone_form"),
            ("bureau", json!("nowhere"), "bureau_unknown"),
            ("bureau", Value::Null, "home_none"),
            ("party", json!("party-a"), "home_both"),
        ] {
            let mut body = good.clone();
            body[field] = value;
            let refused = maker.post("/api/users", &body).await.refused(422, code);
            assert_eq!(refused["field"], field);
        }
        let of_business = json!({ "name": "newone", "full_name": "新来的", "party": "party-x" });
        maker.post("/api/users", &of_business).await.refused(422, "party_unknown");
        maker.post("/api/users", &good).await.expect(200);
    });
}

#[test]
fn a_phone_is_masked_and_looking_is_written_down() {
    with_people(async |world| {
        let maker = world.as_user("sysadmin").await;
        let bureau = city_bureau(&maker).await;
        let body =
            json!({ "name": "newone", "full_name": "新来的", "phone": "13812345678", "bureau": bureau });
        let id = maker.post("/api/users", &body).await.expect(200)["id"].as_str().unwrap().to_owned();
        let path = format!("/api/users/{id}");
        let listed = maker.get("/api/users?q=5678").await.expect(200);
        assert_eq!((&listed["total"], &listed["items"][0]["phone"]), (&json!(1), &json!("138****5678")));
        assert_eq!(maker.get(&path).await.expect(200)["phone"], "138****5678");
        // a form sent back as it was filled keeps the number
        let body =
            json!({ "name": "newone", "full_name": "改了名", "phone": "138****5678", "bureau": bureau });
        maker.put(&path, &body).await.expect(204);
        assert_eq!(maker.get(&format!("{path}/phone")).await.expect(200)["phone"], "13812345678");

        let audit = world.as_user("audadmin").await;
        audit.get(&format!("{path}/phone")).await.refused(403, "permission_missing");
        let looks = audit.get("/api/audit?action=users.look").await.expect(200);
        assert_eq!(
            (&looks["total"], &looks["items"][0]["target"]),
            (&json!(1), &json!(format!("user:{id}")))
        );
        assert_eq!(looks["items"][0]["actor_name"], "孙系统");
        let all = audit.get("/api/audit?size=200").await.expect(200).to_string();
        assert!(!all.contains("13812345678"), "no personal data in the audit");
    });
}

#[test]
fn a_disabled_user_is_out_at_once() {
    with_people(async |world| {
        let maker = world.as_user("sysadmin").await;
        let officer = world.as_user("officer1").await;
        let path = format!("/api/users/{}", world.id_of("officer1").await);
        maker.post(&format!("{path}/disable"), &Value::Null).await.expect(204);
        officer.get("/api/session").await.refused(401, "sign_in_required");
        sign_in(&officer, "officer1", PASSWORD, None).await.refused(401, "sign_in_wrong");
        assert_eq!(maker.get("/api/users?state=disabled").await.expect(200)["total"], 1);
        maker.post(&format!("{path}/enable"), &Value::Null).await.expect(204);
        world.as_user("officer1").await;
    });
}

#[test]
fn nobody_takes_an_administrator_over() {
    with_people(async |world| {
        let (maker, guard) = (world.as_user("sysadmin").await, world.as_user("secadmin").await);
        for admin in ["secadmin", "audadmin"] {
            let path = format!("/api/users/{}", world.id_of(admin).await);
            maker
                .post(&format!("{path}/disable"), &Value::Null)
                .await
                .refused(403, "administrator_protected");
            maker
                .post(&format!("{path}/password"), &Value::Null)
                .await
                .refused(403, "administrator_protected");
        }
        let path = format!("/api/users/{}", world.id_of("sysadmin").await);
        // who grants gives no passwords to anybody
        let officer = world.id_of("officer1").await;
        for path in [path.as_str(), &format!("/api/users/{officer}")] {
            guard.post(&format!("{path}/password"), &Value::Null).await.refused(403, "permission_missing");
        }
        guard.delete(&format!("{path}/totp")).await.refused(403, "administrator_protected");
        maker.post(&format!("{path}/disable"), &Value::Null).await.refused(403, "own_account");
    });
}

#[test]
fn the_list_is_searched_filtered_sorted_and_paged() {
    with_people(async |world| {
        let maker = world.as_user("sysadmin").await;
        for (query, total) in [
            ("", 11),
            ("?q=监管", 3),
            ("?q=officer", 3),
            ("?q=%25", 0),
            ("?role=officer", 4),
            ("?role=business_clerk", 1),
            ("?party=party-a", 1),
            ("?state=active", 11),
            ("?state=locked", 0),
            ("?size=3&page=4", 11),
        ] {
            assert_eq!(maker.get(&format!("/api/users{query}")).await.expect(200)["total"], total, "{query}");
        }
        let page = maker.get("/api/users?sort=-name&size=2&page=2").await.expect(200);
        let names: Vec<_> = items(&page).iter().map(|u| u["name"].clone()).collect();
        assert_eq!(names, ["secadmin", "owner"]);
        let owner = maker.get("/api/users?q=owner").await.expect(200)["items"][0].clone();
        assert_eq!((&owner["party_name"], &owner["roles"]), (&json!("甲面馆"), &json!(["business_owner"])));
        let officer = maker.get("/api/users?q=officer1").await.expect(200)["items"][0].clone();
        assert_eq!(officer["posts"][0]["title"], "监管人员");
    });
}

#[test]
fn bureaus_and_grids_are_kept_in_their_places() {
    with_people(async |world| {
        let maker = world.as_user("sysadmin").await;
        let all = items(&maker.get("/api/bureaus").await.expect(200));
        assert_eq!(all.len(), 4);
        let city = all[0]["id"].clone();
        let county = |name: &str, division: &str, parent: &Value| json!({ "level": 3, "name": name, "division": division, "parent": parent });
        let made = maker.post("/api/bureaus", &county("范县局", "410926", &city)).await.expect(200);
        maker.post("/api/bureaus", &county("范县局", "410926", &city)).await.refused(409, "name_taken");
        maker.post("/api/bureaus", &county("外县局", "420926", &city)).await.refused(422, "area_beyond");
        maker.post("/api/bureaus", &county("错位局", "4109", &city)).await.refused(422, "bureau_division");
        maker
            .post("/api/bureaus", &county("错上级", "410923", &made["id"]))
            .await
            .refused(422, "bureau_parent");
        let path = format!("/api/bureaus/{}", made["id"].as_str().unwrap());
        maker.put(&path, &json!({ "name": "范县市场监督管理局" })).await.expect(204);

        let grid =
            |name: &str, division: &str| json!({ "bureau": made["id"], "name": name, "division": division });
        let first = maker.post("/api/grids", &grid("第一网格", "410926100")).await.expect(200);
        maker.post("/api/grids", &grid("第一网格", "410926100")).await.refused(409, "name_taken");
        maker.post("/api/grids", &grid("别县网格", "410922100")).await.refused(422, "grid_division");
        let path = format!("/api/grids/{}", first["id"].as_str().unwrap());
        maker.put(&path, &grid("城关网格", "410926100")).await.expect(204);
        let found = maker.get("/api/grids?q=城关").await.expect(200);
        assert_eq!(found["items"][0]["name"], "城关网格");
        maker.delete(&path).await.expect(204);
        maker.delete(&path).await.refused(404, "not_found");
    });
}
