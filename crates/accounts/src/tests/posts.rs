use super::*;

/// The id of the post a user holds.
async fn post_of(guard: &Client, user: &str) -> (String, String) {
    let held = guard.get(&format!("/api/users/{user}/posts")).await.expect(200);
    (held[0]["id"].as_str().unwrap().to_owned(), held[0]["post"].as_str().unwrap().to_owned())
}

async fn new_post(guard: &Client, bureau: &Value, roles: &[&str], areas: &[&str]) -> Reply {
    let title = format!("{} {}", roles.join("+"), areas.join("+"));
    let body = json!({ "title": title, "bureau": bureau, "roles": roles, "jurisdiction": areas });
    guard.post("/api/posts", &body).await
}

async fn bureau(guard: &Client, division: &str) -> Value {
    let all = guard.get("/api/bureaus").await.expect(200);
    items(&all).into_iter().find(|b| b["division"] == division).unwrap()["id"].clone()
}

#[test]
fn the_three_administrators_keep_to_their_own() {
    with_people(async |world| {
        let (system, security, audit) = (
            world.as_user("sysadmin").await,
            world.as_user("secadmin").await,
            world.as_user("audadmin").await,
        );
        let officer = world.id_of("officer1").await;
        let city = bureau(&security, "4109").await;
        let person = json!({ "name": "newone", "full_name": "新来的", "bureau": city });
        let posts = format!("/api/users/{officer}/posts");
        let none = json!({ "post": "x" });
        let clients = [("system", &system), ("security", &security), ("audit", &audit)];
        for (who, client) in clients {
            for (does, reply) in [
                ("system", client.post("/api/users", &person).await),
                (
                    "system",
                    client
                        .post(
                            "/api/bureaus",
                            &json!({ "level": 3, "name": "范县局", "division": "410926", "parent": city }),
                        )
                        .await,
                ),
                ("security", client.post(&posts, &none).await),
                ("security", client.post(&format!("/api/users/{officer}/unlock"), &Value::Null).await),
                ("security", client.delete(&format!("/api/users/{officer}/sessions")).await),
                ("audit", client.get("/api/audit").await),
                ("audit", client.get("/api/audit/verify").await),
            ] {
                let missing = reply.json()["code"] == "permission_missing";
                assert_eq!(missing, who != does, "{who} at what {does} does: {}", reply.text());
            }
        }
        // business: none of them has any
        let business = world.as_user("owner").await;
        for path in ["/api/users", "/api/posts", "/api/bureaus", "/api/audit"] {
            business.get(path).await.refused(403, "permission_missing");
        }
    });
}

#[test]
fn nobody_grants_to_himself_nor_mixes_the_three() {
    with_people(async |world| {
        let guard = world.as_user("secadmin").await;
        let me = world.id_of("secadmin").await;
        let city = bureau(&guard, "4109").await;
        let made = new_post(&guard, &city, &["officer"], &["4109"]).await.expect(200);
        let officer_post = &made["id"];
        let grant = |user: &str| (format!("/api/users/{user}/posts"), json!({ "post": officer_post }));
        let (path, body) = grant(&me);
        guard.post(&path, &body).await.refused(403, "own_rights");
        for admin in ["sysadmin", "audadmin"] {
            let (path, body) = grant(&world.id_of(admin).await);
            guard.post(&path, &body).await.refused(422, "roles_separate");
        }
        let (path, body) = grant(&world.id_of("owner").await);
        guard.post(&path, &body).await.refused(422, "role_of_bureau");
        // an administrator's post goes to nobody who holds another
        let made = new_post(&guard, &city, &["security_admin"], &["4109"]).await.expect(200);
        let officer = world.id_of("officer1").await;
        let body = json!({ "post": made["id"] });
        guard.post(&format!("/api/users/{officer}/posts"), &body).await.refused(422, "roles_separate");
        new_post(&guard, &city, &["security_admin", "audit_admin"], &["4109"])
            .await
            .refused(422, "roles_separate");
        new_post(&guard, &city, &["business_owner"], &["4109"]).await.refused(422, "role_of_business");
        // nor through the back door: a post that is held is given another role
        let (_, post) = post_of(&guard, &officer).await;
        let as_admin =
            json!({ "title": "x", "bureau": city, "roles": ["audit_admin"], "jurisdiction": ["4109"] });
        guard.put(&format!("/api/posts/{post}"), &as_admin).await.expect(204);
        let (_, mine) = post_of(&guard, &me).await;
        guard.put(&format!("/api/posts/{mine}"), &as_admin).await.refused(403, "own_rights");
    });
}

#[test]
fn the_last_administrator_stays() {
    with_people(async |world| {
        let guard = world.as_user("secadmin").await;
        let system = world.id_of("sysadmin").await;
        let (holding, post) = post_of(&guard, &system).await;
        let path = format!("/api/users/{system}/posts/{holding}");
        guard.delete(&path).await.refused(409, "last_administrator");
        // a second one first: then the first may go
        let maker = world.as_user("sysadmin").await;
        let city = bureau(&guard, "4109").await;
        let person = json!({ "name": "second", "full_name": "接替的", "bureau": city });
        let made = maker.post("/api/users", &person).await.expect(200);
        let second = made["id"].as_str().unwrap();
        guard.post(&format!("/api/users/{second}/posts"), &json!({ "post": post })).await.expect(200);
        maker.get("/api/users").await.expect(200);
        guard.delete(&path).await.expect(204);
        maker.get("/api/users").await.refused(403, "permission_missing");
    });
}

#[test]
fn what_is_withdrawn_is_gone_with_the_next_request() {
    with_people(async |world| {
        let guard = world.as_user("secadmin").await;
        let officer = world.as_user("officer1").await;
        let id = world.id_of("officer1").await;
        let near = bureau(&guard, "410902").await;
        let post = new_post(&guard, &near, &["leader"], &["410902"]).await.expect(200)["id"].clone();
        officer.get("/api/audit").await.refused(403, "permission_missing");
        let posts = format!("/api/users/{id}/posts");
        let holding = guard.post(&posts, &json!({ "post": post })).await.expect(200)["id"].clone();
        officer.get("/api/audit").await.expect(200);
        guard.post(&posts, &json!({ "post": post })).await.refused(409, "post_held");
        guard.delete(&format!("{posts}/{}", holding.as_str().unwrap())).await.expect(204);
        officer.get("/api/audit").await.refused(403, "permission_missing");

        // for a while only
        let (now, hour) = (world.clock.now(), 60 * MINUTE);
        let empty = json!({ "post": post, "from_at": now + hour, "until_at": now + hour });
        guard.post(&posts, &empty).await.refused(422, "period_empty");
        let body = json!({ "post": post, "from_at": now + 10 * MINUTE, "until_at": now + 20 * MINUTE });
        guard.post(&posts, &body).await.expect(200);
        officer.get("/api/audit").await.refused(403, "permission_missing");
        world.clock.advance(10 * MINUTE);
        officer.get("/api/audit").await.expect(200);
        world.clock.advance(10 * MINUTE);
        officer.get("/api/audit").await.refused(403, "permission_missing");
        // and given again
        guard.post(&posts, &json!({ "post": post })).await.expect(200);
        officer.get("/api/audit").await.expect(200);

        // set as a whole
        let (_, own) = post_of(&guard, &id).await;
        guard.put(&posts, &json!({ "posts": [own] })).await.expect(204);
        officer.get("/api/audit").await.refused(403, "permission_missing");
        assert_eq!(guard.get(&posts).await.expect(200).as_array().unwrap().len(), 1);
    });
}

#[test]
fn a_role_here_gives_nothing_there() {
    with_people(async |world| {
        let guard = world.as_user("secadmin").await;
        let officer = world.as_user("officer1").await;
        let id = world.id_of("officer1").await;
        // 监管人员 of 410902, and now 分管领导 of 410922: reads the audit of 410922 alone
        let far = bureau(&guard, "410922").await;
        let post = new_post(&guard, &far, &["leader"], &["410922"]).await.expect(200)["id"].clone();
        guard.post(&format!("/api/users/{id}/posts"), &json!({ "post": post })).await.expect(200);
        world.as_user("officer2").await;
        let seen = officer.get("/api/audit?size=200").await.expect(200);
        let divisions: Vec<_> =
            items(&seen).iter().map(|r| r["division"].as_str().unwrap().to_owned()).collect();
        assert!(!divisions.is_empty() && divisions.iter().all(|d| d.starts_with("410922")), "{divisions:?}");
    });
}

#[test]
fn a_county_administrator_reaches_his_county() {
    with_people(async |world| {
        let (city_guard, maker) = (world.as_user("secadmin").await, world.as_user("sysadmin").await);
        let near = bureau(&city_guard, "410902").await;
        let person = json!({ "name": "county", "full_name": "县安全", "bureau": near });
        let made = maker.post("/api/users", &person).await.expect(200);
        let (id, password) = (made["id"].as_str().unwrap(), made["password"].as_str().unwrap());
        let post =
            new_post(&city_guard, &near, &["security_admin"], &["410902"]).await.expect(200)["id"].clone();
        city_guard.post(&format!("/api/users/{id}/posts"), &json!({ "post": post })).await.expect(200);

        let mut guard = world.client();
        guard.keep_cookie(&sign_in(&guard, "county", password, None).await);
        guard.get("/api/users").await.refused(403, "sign_in_unfinished");
        let change = json!({ "old": password, "password": PASSWORD });
        guard.post("/api/session/password", &change).await.expect(204);

        let seen = guard.get("/api/users?size=200").await.expect(200);
        let names: Vec<_> = items(&seen).iter().map(|u| u["name"].as_str().unwrap().to_owned()).collect();
        assert_eq!(names, ["county", "officer1", "officer3", "owner", "station"]);
        let stranger = world.id_of("officer2").await;
        guard.get(&format!("/api/users/{stranger}")).await.refused(404, "not_found");
        let body = json!({ "post": post });
        guard.post(&format!("/api/users/{stranger}/posts"), &body).await.refused(404, "not_found");
        new_post(&guard, &near, &["officer"], &["4109"]).await.refused(422, "area_beyond");
        new_post(&guard, &near, &["officer"], &["410902001", "410922"]).await.refused(422, "area_beyond");
        new_post(&guard, &near, &["officer"], &[""]).await.refused(422, "area_beyond");
        let far = bureau(&city_guard, "410922").await;
        new_post(&guard, &far, &["officer"], &["410902"]).await.refused(422, "bureau_unknown");
        new_post(&guard, &near, &["officer"], &["410902001"]).await.expect(200);
    });
}

#[test]
fn people_of_a_business_act_for_theirs() {
    with_people(async |world| {
        let guard = world.as_user("secadmin").await;
        let (id, owner) = (world.id_of("owner").await, world.as_user("owner").await);
        let path = format!("/api/users/{id}/businesses");
        let join = |party: &str, role: &str| json!({ "party": party, "role": role });
        guard.post(&path, &join("party-x", "business_clerk")).await.refused(422, "party_unknown");
        guard.post(&path, &join("party-b", "officer")).await.refused(422, "role_of_bureau");
        let made = guard.post(&path, &join("party-b", "business_clerk")).await.expect(200);
        let me = owner.get("/api/session").await.expect(200);
        assert_eq!(me["roles"], json!(["business_owner", "business_clerk"]));
        assert_eq!(me["businesses"].as_array().unwrap().len(), 2);
        assert_eq!(me["party"]["id"], "party-a", "the one the person belongs to");
        guard.post(&path, &join("party-b", "business_owner")).await.refused(409, "membership_held");
        guard.delete(&format!("{path}/{}", made["id"].as_str().unwrap())).await.expect(204);
        assert_eq!(owner.get("/api/session").await.expect(200)["roles"], json!(["business_owner"]));
        let officer = world.id_of("officer1").await;
        let body = join("party-a", "business_owner");
        guard.post(&format!("/api/users/{officer}/businesses"), &body).await.refused(422, "role_of_business");
    });
}

#[test]
fn roles_tell_what_they_may_do() {
    with_people(async |world| {
        let roles = world.as_user("officer1").await.get("/api/roles").await.expect(200);
        let of = |code: &str| {
            let role = roles.as_array().unwrap().iter().find(|r| r["code"] == code).unwrap();
            role["permissions"].as_array().unwrap().len()
        };
        assert_eq!(roles.as_array().unwrap().len(), 8);
        assert_eq!((of("leader"), of("officer"), of("audit_admin")), (1, 0, 3));
    });
}
