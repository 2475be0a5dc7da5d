use super::*;

/// Signs in with a one-time password and sets a new one.
async fn settle(world: &World, name: &str, one_time: &str, password: &str) -> Client {
    let mut client = world.client();
    let reply = sign_in(&client, name, one_time, None).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    client.keep_cookie(&reply);
    client.post("/api/session/password", &json!({ "old": one_time, "password": password })).await.expect(204);
    client
}

#[test]
fn an_owner_makes_suspends_and_resets_clerks_of_the_own_business() {
    with_people(async |world| {
        let owner = world.as_user("owner").await;
        let form = json!({ "name": "clerk9", "full_name": "孙录入", "phone": "13800138009" });
        let made = owner.post("/api/clerks", &form).await.expect(200);
        let (id, password) = (made["id"].as_str().unwrap(), made["password"].as_str().unwrap());
        owner.post("/api/clerks", &form).await.refused(409, "name_taken");
        let clerk = settle(world, "clerk9", password, "春眠不觉晓处处闻啼鸟").await;
        let session = clerk.get("/api/session").await.expect(200);
        assert_eq!(
            (&session["roles"], &session["party"]["id"]),
            (&json!(["business_clerk"]), &json!("party-a"))
        );
        clerk.get("/api/clerks").await.refused(403, "permission_missing");
        // the list shows the people of the business, phones masked
        let list = owner.get("/api/clerks").await.expect(200);
        let names: Vec<&str> =
            list["items"].as_array().unwrap().iter().map(|u| u["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["clerk9", "owner"]);
        assert!(!list.to_string().contains("13800138009"));
        // suspended: out at once, and in again only when enabled
        owner.post(&format!("/api/clerks/{id}/disable"), &json!({})).await.expect(204);
        clerk.get("/api/session").await.refused(401, "sign_in_required");
        sign_in(&clerk, "clerk9", "春眠不觉晓处处闻啼鸟", None).await.refused(401, "sign_in_wrong");
        owner.post(&format!("/api/clerks/{id}/enable"), &json!({})).await.expect(204);
        let given = owner.post(&format!("/api/clerks/{id}/password"), &json!({})).await.expect(200);
        sign_in(&clerk, "clerk9", "春眠不觉晓处处闻啼鸟", None).await.refused(401, "sign_in_wrong");
        settle(world, "clerk9", given["password"].as_str().unwrap(), "夜来风雨声花落知多少").await;
    });
}

#[test]
fn an_owner_reaches_nobody_of_another_business() {
    with_people(async |world| {
        let owner = world.as_user("owner").await;
        let foreign = json!({ "party": "party-b", "name": "clerk8", "full_name": "钱录入" });
        owner.post("/api/clerks", &foreign).await.refused(422, "party_unknown");
        let (clerk, own, officer) =
            (world.id_of("clerk").await, world.id_of("owner").await, world.id_of("officer1").await);
        // a clerk of another business, an owner, an officer: none of them is there
        for id in [&clerk, &own, &officer] {
            for act in ["disable", "enable", "password"] {
                owner.post(&format!("/api/clerks/{id}/{act}"), &json!({})).await.refused(404, "not_found");
            }
        }
        // a clerk who also acts for another business is not one owner's alone
        let made =
            owner.post("/api/clerks", &json!({ "name": "clerk7", "full_name": "吴录入" })).await.expect(200);
        let id = made["id"].as_str().unwrap();
        let security = world.as_user("secadmin").await;
        let too = json!({ "party": "party-b", "role": "business_clerk" });
        security.post(&format!("/api/users/{id}/businesses"), &too).await.expect(200);
        owner.post(&format!("/api/clerks/{id}/password"), &json!({})).await.refused(404, "not_found");
    });
}
