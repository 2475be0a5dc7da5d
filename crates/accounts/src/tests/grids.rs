use super::*;

/// A post of the 所 that reaches one grid; answers (post, grid).
async fn beat(world: &World, division: &str) -> (String, String) {
    let (system, security) = (world.as_user("sysadmin").await, world.as_user("secadmin").await);
    let bureaus = system.get("/api/bureaus").await.expect(200);
    let station = items(&bureaus).into_iter().find(|b| b["level"] == 4).unwrap()["id"].clone();
    let grid = json!({ "bureau": station, "name": "胜利路网格", "division": division });
    let grid = system.post("/api/grids", &grid).await.expect(200)["id"].as_str().unwrap().to_owned();
    let post = json!({ "title": "网格员", "bureau": station, "roles": ["officer"], "grids": [grid] });
    let post = security.post("/api/posts", &post).await.expect(200)["id"].as_str().unwrap().to_owned();
    (post, grid)
}

#[test]
fn a_post_reaches_the_grids_it_is_given() {
    with_people(async |world| {
        let (post, grid) = beat(world, "410902001003").await;
        let security = world.as_user("secadmin").await;
        let seen = security.get(&format!("/api/posts/{post}")).await.expect(200);
        assert_eq!((&seen["grids"][0]["name"], &seen["jurisdiction"]), (&json!("胜利路网格"), &json!([])));
        let officer = world.id_of("officer2").await;
        security.put(&format!("/api/users/{officer}/posts"), &json!({ "posts": [post] })).await.expect(204);
        let session = world.as_user("officer2").await.get("/api/session").await.expect(200);
        let reach: Vec<&str> = session["jurisdiction"]
            .as_array()
            .unwrap()
            .iter()
            .map(|a| a["prefix"].as_str().unwrap())
            .collect();
        assert_eq!(reach, ["410902001003"], "the village and nothing above it");
        // what a post reaches is not redrawn behind the back of the 安全管理员
        let system = world.as_user("sysadmin").await;
        let station = seen["bureau"].clone();
        let wider = json!({ "bureau": station, "name": "胜利路网格", "division": "410902001" });
        system.put(&format!("/api/grids/{grid}"), &wider).await.refused(409, "grid_given");
        system.delete(&format!("/api/grids/{grid}")).await.refused(409, "grid_given");
        let named = json!({ "bureau": station, "name": "胜利路一网格", "division": "410902001003" });
        system.put(&format!("/api/grids/{grid}"), &named).await.expect(204);
        let without = json!({ "title": "网格员", "bureau": station, "roles": ["officer"], "jurisdiction": ["410902001"] });
        security.put(&format!("/api/posts/{post}"), &without).await.expect(204);
        system.delete(&format!("/api/grids/{grid}")).await.expect(204);
    });
}

#[test]
fn a_post_gives_no_grid_beyond_reach_and_is_not_empty() {
    with_people(async |world| {
        let security = world.as_user("secadmin").await;
        let bureau = items(&security.get("/api/bureaus").await.expect(200))[0]["id"].clone();
        let post =
            |grids: Value| json!({ "title": "空岗", "bureau": bureau, "roles": ["officer"], "grids": grids });
        security.post("/api/posts", &post(json!([]))).await.refused(422, "areas_count");
        let unknown =
            security.post("/api/posts", &post(json!(["nowhere"]))).await.refused(422, "grid_unknown");
        assert_eq!(unknown["field"], "grids/0");
    });
}
