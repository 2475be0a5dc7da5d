//! Sampling by phone: packs, one sheet on two phones, photos fixed five ways, codes of hand-over, and what was not to be had.

use serde_json::json;

use crate::findings::{my_id, photo};
use crate::sampling::{bench, photos, sheet, task};
use crate::world::{NOW, PASSWORD, each};

#[test]
fn two_phones_take_one_sample_with_no_network_and_hand_it_over_by_code() {
    each(async |w| {
        let b = bench(&w).await;
        let sample = task(&b, &w, "outer").await;
        let id = sample["id"].as_str().unwrap().to_owned();
        let path = |what: &str| format!("/api/samples/{id}/{what}");
        // all that is needed goes onto the phone: place, form, and the lots with what their labels say
        let pack = b.officer.get(&path("pack")).await.expect(200);
        assert_eq!((&pack["task"]["sample_no"], &pack["task"]["blind"]), (&sample["sample_no"], &json!("")));
        let goods = pack["goods"].as_array().unwrap();
        let here = goods.iter().find(|g| g["lot"] == b.lot).unwrap();
        assert_eq!(
            (&here["name"], &here["batch"], &here["own"]),
            (&json!("五香豆干"), &json!("B1"), &json!(true))
        );
        let scanned =
            b.officer.post(&path("goods"), &json!({ "code": format!("https://x.cn/t/{}", b.code) })).await;
        assert_eq!(scanned.expect(200)["lot"], b.lot);
        // one of them has it in hand, the other is told who
        b.officer.post(&path("hold"), &json!({ "device": "手机一" })).await.expect(200);
        b.second.post(&path("hold"), &json!({ "device": "手机二" })).await.refused(409, "sample_held");
        b.second
            .post(&path("missed"), &json!({ "refused": false, "reason": "无" }))
            .await
            .refused(409, "sample_held");
        // photos are fixed five ways, a signature has neither place nor camera
        photos(&b.officer, &id).await;
        let how = format!("kind=other&taken_at={NOW}&lon=115.0&lat=35.7&accuracy=9&in_app=1");
        let sure = b
            .officer
            .upload(&path(&format!("media?{how}")), "image/jpeg", "p.jpg", photo(77, 64))
            .await
            .expect(200);
        assert!(
            !sure["doubts"].as_array().unwrap().iter().any(|d| d == "album" || d == "no_place"),
            "{sure}"
        );
        let signature = format!("media?kind=signature&taken_at={NOW}");
        let signature =
            b.officer.upload(&path(&signature), "image/jpeg", "s.jpg", photo(78, 64)).await.expect(200);
        assert_eq!(signature["doubts"], json!([]));
        let detail = b.officer.get(&format!("/api/samples/{id}")).await.expect(200);
        let doubted = detail["media"].as_array().unwrap().iter().find(|m| m["kind"] == "door").unwrap();
        assert!(doubted["doubts"].as_array().unwrap().contains(&json!("album")), "{doubted}");
        assert_eq!(doubted["hash"].as_str().unwrap().len(), 64);
        // the second seals what the first filled in, and nothing else; not before it is there
        let told = "a".repeat(64);
        b.second.post(&path("seal"), &json!({ "sheet": told })).await.refused(409, "sheet_first");
        let morning = NOW + 60_000;
        w.house.clock.advance(25 * 60_000);
        let mut body = sheet(&b.code, "F1");
        body["told"] = json!(told);
        body["at"] = json!(morning);
        body["signatures"][1] = json!({ "role": "business", "name": "王某", "file": "0".repeat(64) });
        b.officer.post(&path("sheet"), &body).await.refused(422, "signature_unknown");
        body["signatures"][1]["file"] = signature["file"].clone();
        let taken = b.officer.post(&path("sheet"), &body).await.expect(200);
        assert_eq!(
            b.officer.post(&path("sheet"), &body).await.expect(200)["sheet_hash"],
            taken["sheet_hash"]
        );
        b.second.post(&path("seal"), &json!({ "sheet": "b".repeat(64) })).await.refused(409, "sheet_other");
        b.officer.post(&path("seal"), &json!({})).await.refused(403, "same_person");
        let sealed = b
            .second
            .post(&path("seal"), &json!({ "sheet": told, "at": morning + 120_000 }))
            .await
            .expect(200);
        assert_eq!((&sealed["status"], &sealed["taken_at"]), (&json!("taken"), &json!(morning + 120_000)));
        b.second.post(&path("seal"), &json!({ "sheet": told })).await.expect(200);
        let parts = &b.officer.get(&format!("/api/samples/{id}")).await.expect(200)["parts"];
        assert_eq!(parts[0]["hands"][0]["from_at"], morning + 120_000);
        // the code on one phone is scanned by the other: the laboratory sees the blind code, nothing else of it
        let code = "HANDOVER23456789";
        b.clerk.get(&format!("/api/handovers/{code}")).await.refused(404, "not_found");
        for part in ["test", "spare"] {
            let offer = json!({ "part": part, "receiver": w.shop, "code": code });
            b.officer.post(&path("offers"), &offer).await.expect(200);
        }
        let seen = b.clerk.get(&format!("/api/handovers/{code}")).await.expect(200);
        assert_eq!(seen["blind"], sample["blind"]);
        assert!(!seen.to_string().contains(sample["sample_no"].as_str().unwrap()));
        b.owner.get(&format!("/api/handovers/{code}")).await.refused(404, "not_found");
        let over = json!({ "seal_whole": true, "temperature": "4" });
        b.clerk
            .post(&format!("/api/assays/{}/accept", sample["blind"].as_str().unwrap()), &over)
            .await
            .expect(200);
        // an offer whose answer was lost is sent again and changes nothing
        let again = json!({ "part": "test", "receiver": w.shop, "code": code });
        b.officer.post(&path("offers"), &again).await.expect(200);
    });
}

#[test]
fn the_second_sampler_shows_who_they_are_on_the_first_ones_phone() {
    each(async |w| {
        let b = bench(&w).await;
        let sample = task(&b, &w, "outer").await;
        let id = sample["id"].as_str().unwrap().to_owned();
        photos(&b.officer, &id).await;
        b.officer.post(&format!("/api/samples/{id}/sheet"), &sheet("", "P1")).await.expect(200);
        let seal = format!("/api/samples/{id}/seal");
        let person = |name: &str, password: &str| json!({ "person": { "name": name, "password": password } });
        b.officer.post(&seal, &person("second", "不是这个密码")).await.refused(401, "sign_in_wrong");
        // who is no sampler of it stays outside, with the right password too; nor does one person sign twice
        b.officer.post(&seal, &person("leader", PASSWORD)).await.refused(403, "not_sampler");
        b.officer.post(&seal, &person("officer1", PASSWORD)).await.refused(403, "same_person");
        let sealed = b.officer.post(&seal, &person("second", PASSWORD)).await.expect(200);
        assert_eq!(sealed["status"], "taken");
        let parts = b.officer.get(&format!("/api/samples/{id}")).await.expect(200)["parts"].clone();
        assert_eq!(parts[0]["hands"][0]["person"], json!(my_id(&b.second).await));
        // the first one's session is still the first one's
        assert_eq!(b.officer.get("/api/session").await.expect(200)["user"]["name"], "officer1");
    });
}

#[test]
fn nothing_to_be_had_is_a_result_with_its_proof() {
    each(async |w| {
        let b = bench(&w).await;
        let sample = task(&b, &w, "inner").await;
        let id = sample["id"].as_str().unwrap().to_owned();
        let path = format!("/api/samples/{id}/missed");
        let refused = json!({ "refused": true, "reason": "负责人拒绝，锁门离开" });
        b.officer.post(&path, &refused).await.refused(422, "missed_proof");
        let media = format!(
            "/api/samples/{id}/media?kind=door&taken_at={NOW}&lon=115.0&lat=35.7&accuracy=9&in_app=1"
        );
        b.officer.upload(&media, "image/jpeg", "p.jpg", photo(5, 64)).await.expect(200);
        b.officer.post(&path, &refused).await.refused(422, "witness_missing");
        let told = json!({ "refused": true, "reason": "负责人拒绝，锁门离开", "witness": "邻摊李某" });
        let done = b.officer.post(&path, &told).await.expect(200);
        assert_eq!((&done["status"], &done["flags"]), (&json!("closed"), &json!(["assigned", "refused"])));
        b.officer.post(&path, &told).await.expect(200);
    });
}
