//! What names of the table stand for where each request needs a new one.

use serde_json::json;

use super::{Asker, Scene, text};

impl Scene {
    /// Makes what a name of the table stands for, where it is to be new for each request.
    pub(super) async fn make(&self, name: &str, asker: &Asker, role: &str, place: &str) -> Option<String> {
        let mine = place == "own";
        let or = |r: &'static str, p: &'static str| if mine { &asker.client } else { self.by(r, p) };
        let factory = &self.fixed["factory"];
        Some(match name {
            "n" => self.number().to_string(),
            "me" => asker.login.clone(),
            "gln" => kit_base::codes::gtin::complete(&format!("690{:09}", self.number())).unwrap(),
            "grid" => {
                let n = self.number();
                let body = json!({ "bureau": self.fixed["station"], "name": format!("格{n}"), "division": "410902001" });
                self.made("sys", "above", "/api/grids", body).await
            }
            "post" => self.post_at("own").await,
            "user" => self.user(json!({ "bureau": self.fixed["bureau"], "phone": "13800138000" })).await,
            "far_user" => self.user(json!({ "bureau": self.fixed["far_bureau"] })).await,
            "person" => self.user(json!({ "party": factory })).await,
            "holding" => {
                let (user, post) =
                    (self.user(json!({ "bureau": self.fixed["bureau"] })).await, self.post_at("own").await);
                self.fresh.borrow_mut().insert("holding_user".into(), user.clone());
                self.made("sec", "above", &format!("/api/users/{user}/posts"), json!({ "post": post })).await
            }
            "membership" => {
                let user = self.user(json!({ "party": factory })).await;
                self.fresh.borrow_mut().insert("member".into(), user.clone());
                let body = json!({ "party": factory, "role": "business_clerk" });
                self.made("sec", "above", &format!("/api/users/{user}/businesses"), body).await
            }
            "new_shop" => self.branch().await,
            "new_member" | "declared_member" => {
                let by = if name == "declared_member" { "own" } else { "off" };
                let body = json!({ "manager": factory, "member": self.branch().await, "relation": "chain" });
                self.made(by, "own", "/api/members", body).await
            }
            "feedback_file" => {
                let list = self.by("off", "own").get("/api/feedback").await.expect(200);
                let path = format!("/api/feedback/{}/anew", text(&list["items"][0]["id"]));
                self.made("off", "own", &path, json!({ "reason": "重做" })).await
            }
            "clerk" => {
                let body = json!({ "name": format!("luru{}", self.number()), "full_name": "录入" });
                self.made("own", "own", "/api/clerks", body).await
            }
            "key_permissions" => if role == "own" { "[\"trace.read\"]" } else { "[]" }.to_owned(),
            "business_key" => {
                let body = json!({ "name": "进货程序", "permissions": ["trace.read"], "days": 30 });
                self.made("own", "own", "/api/keys", body).await
            }
            "bureau_key" => {
                let body = json!({ "name": "数据交换", "bureau": self.fixed["bureau"], "days": 30 });
                self.made("sys", "above", "/api/keys", body).await
            }
            "my_session" => {
                let who = if mine { asker } else { self.asker("off", "own").unwrap() };
                let fresh = self.w.sign_in(&who.login).await;
                let list = fresh.get("/api/sessions").await.expect(200);
                text(&list.as_array().unwrap().iter().find(|s| s["current"] == true).unwrap()["id"])
            }
            "my_job" => self.job(if mine { asker } else { self.asker("off", "own").unwrap() }, true).await,
            "my_ended_job" => {
                self.job(if mine { asker } else { self.asker("off", "own").unwrap() }, false).await
            }
            "file_audit" => self.finished(or("aud", "own"), "/api/audit/exports", None).await,
            "file_parties" => self.finished(or("lead", "own"), "/api/parties/exports", None).await,
            "file_statistics" => {
                self.finished(or("lead", "own"), "/api/statistics/cases/exports", None).await
            }
            "file_findings" => self.finished(or("lead", "own"), "/api/findings/exports", None).await,
            "file_trace" => self.finished(or("lead", "own"), "/api/lots/exports", None).await,
            "import_parties" => {
                let sheet = "名称,业态,区划代码\n,shop,410902\n";
                self.finished(or("off", "own"), "/api/parties/imports", Some(sheet)).await
            }
            "import_trace" => {
                let sheet = "进货日期,供货者,产品名称,数量,单位\n2026-02-30,某,某,1,公斤\n";
                let path = format!("/api/imports?kind=purchases&party={factory}");
                self.finished(or("own", "own"), &path, Some(sheet)).await
            }
            "network" => {
                self.finished(or("inv", "own"), "/api/networks/imports?division=410902", Some("{}")).await
            }
            "file_case" => {
                let client = if mine { &asker.client } else { self.by("inv", "own") };
                let path = format!("/api/investigations/{}/export?what=xlsx", self.case("own").await);
                self.finished(client, &path, None).await
            }
            "seq" => {
                let dossier =
                    self.by("lead", "above").get(&format!("/api/parties/{factory}")).await.expect(200);
                text(&dossier["party"]["seq"])
            }
            "new_party" => {
                let body = json!({ "name": format!("新店{}", self.number()), "kind": "shop", "division": "410902", "address": "某路" });
                let made = self.by("off", "own").post("/api/parties", &body).await.expect(200);
                let id = text(if made["id"].is_null() { &made["party"]["id"] } else { &made["id"] });
                let dossier = self.by("lead", "above").get(&format!("/api/parties/{id}")).await.expect(200);
                self.fresh.borrow_mut().insert("new_seq".into(), text(&dossier["party"]["seq"]));
                id
            }
            "merged_party" => {
                let id = Box::pin(self.make("new_party", asker, role, place)).await?;
                let body = json!({ "into": self.fixed["shop"], "reason": "重复登记" });
                self.by("off", "own").post(&format!("/api/parties/{id}/merge"), &body).await.expect(200);
                id
            }
            "site" => {
                let body = json!({ "name": format!("库{}", self.number()), "kind": "warehouse", "division": "410902" });
                let made = self
                    .by("own", "own")
                    .post(&format!("/api/parties/{factory}/sites"), &body)
                    .await
                    .expect(200);
                text(&made["id"])
            }
            "void_code" | "event" => {
                let product = &self.fixed["product"];
                let make = json!({ "kind": "produce", "makes": [{ "product": product, "amount": 10, "batch": format!("N{}", self.number()) }] });
                let done = self
                    .by("own", "own")
                    .post("/api/moves", &json!({ "mode": "all", "items": [make] }))
                    .await;
                let done = done.expect(200);
                if name == "event" {
                    text(&done["kept"][0]["id"])
                } else {
                    let path = format!("/api/lots/{}/code", done["kept"][0]["lots"][0]);
                    text(
                        &self.by("own", "own").post(&path, &json!({ "labels": 1 })).await.expect(200)["code"],
                    )
                }
            }
            "my_upload" => self.upload(if mine { asker } else { self.asker("off", "own").unwrap() }).await,
            "far_upload" => self.upload(self.asker("own", "other").unwrap()).await,
            "my_query" => self.standing_query(or("off", "own")).await,
            "gone_query" => {
                let query = json!({ "name": format!("weg{}", self.number()), "query": {} });
                text(&or("off", "own").post("/epcis/queries", &query).await.expect(201)["name"])
            }
            "my_subscription" => {
                let client = or("own", "own");
                let query = self.standing_query(client).await;
                let path = format!("/epcis/queries/{query}/subscriptions");
                let body = json!({ "dest": "https://example.org/hook", "stream": true });
                text(&client.post(&path, &body).await.expect(201)["subscriptionID"])
            }
            "case" => self.case("own").await,
            "marked" => {
                let case = self.case("own").await;
                let marks = json!({ "stations": { factory.as_str(): { "weight": 1 } } });
                self.by("inv", "own")
                    .put(&format!("/api/investigations/{case}/marks"), &marks)
                    .await
                    .expect(200);
                case
            }
            "scope" => self.freeze("own").await,
            "notice" => {
                let lot: i64 = self.fixed["lot"].parse().unwrap();
                let body = json!({ "kind": "failure", "lot": lot, "reason": "异味", "issuer": "县局" });
                self.made("off", "own", "/api/publication/notices", body).await
            }
            _ => {
                assert!(
                    self.fixed.contains_key(name),
                    "${name} of the table is nowhere in the scene (as {role})"
                );
                return None;
            }
        })
    }

    /// A new shop of the own county.
    async fn branch(&self) -> String {
        let name = format!("门店{}", self.number());
        let body = json!({ "name": name, "kind": "shop", "division": "410902", "address": name });
        let made = self.by("off", "own").post("/api/parties", &body).await.expect(200);
        text(&made["party"]["id"])
    }
}
