//! A session that a phone took up again (docs/decisions/0027-resume.md): what was done with no network goes out, nothing is read.

use base64::Engine as _;
use kit_test::Client;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::json;

use crate::findings::id;
use crate::rapid::{point, test, with};
use crate::recall::{announced, batch, line, shot};
use crate::world::{NOW, World, each};

const MINUTE: i64 = 60_000;

/// Signs in with a phone, is idle for longer than a session stands, and takes it up again.
async fn taken_up(w: &World, name: &str) -> Client {
    let text = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
    let before = w.sign_in(name).await;
    let key = SigningKey::from_slice(&[7; 32]).unwrap();
    let public = text(key.verifying_key().to_sec1_point(false).as_bytes());
    let bound = before.post("/api/session/phone", &json!({ "key": public })).await.expect(200);
    let session = bound["session"].as_str().unwrap();
    w.house.clock.advance(31 * MINUTE);
    before.get("/api/session").await.refused(401, "sign_in_required");
    let signed: Signature = key.sign(format!("shian-resume\n{session}\n1").as_bytes());
    let mut again = w.public();
    let says = json!({ "session": session, "no": 1, "signature": text(&signed.to_bytes()) });
    let reply = again.post("/api/session/resume", &says).await;
    again.keep_cookie(&reply);
    assert_eq!(reply.expect(200)["resumed"], true);
    again
}

#[test]
fn rapid_tests_and_recall_visits_go_out_and_open_nothing() {
    each(async |w| {
        let b = batch(&w).await;
        let recall = announced(&w, &b, "safety").await;
        let at = point(&b.officer, &w.shop).await;
        let proof = shot(&b.clerk, &recall, &w.shop, 1).await;
        let report = json!({ "lines": [line(b.lot, 29_500, 10_000, 0, 0)], "proof": [proof] });
        b.clerk.post(&format!("/api/recalls/{recall}/tasks/mine/report"), &report).await.expect(204);
        let disposals = format!("/api/recalls/{recall}/disposals");
        let plan = json!({ "origin": b.lot, "stock": "held", "what": "destroy", "amount": 29_500, "place": "本店后院",
            "method": "捣毁", "told": "", "planned_at": NOW + 10 * MINUTE });
        let disposal = id(&b.clerk.post(&disposals, &plan).await.expect(200));

        let phone = taken_up(&w, "officer1").await;
        // what was done in the field arrives
        let batch = json!({ "point": at["id"], "items": [with(test("k1", "negative", "C1"), json!({ "party": w.shop }))] });
        let told = phone.post("/api/rapid/tests", &batch).await.expect(200);
        assert_eq!(told[0]["message"], "", "{told}");
        let photo =
            format!("/api/rapid/tests/{}/photos?taken_at={NOW}&in_app=1", told[0]["id"].as_str().unwrap());
        phone.upload(&photo, "image/jpeg", "p.jpg", crate::findings::photo(5, 320)).await.expect(200);
        let visit = format!("/api/recalls/{recall}/tasks/{}/report", w.shop);
        let seen = shot(&phone, &recall, &w.shop, 2).await;
        phone
            .post(&visit, &json!({ "lines": [line(b.lot, 29_500, 10_000, 0, 0)], "proof": [seen] }))
            .await
            .expect(204);
        let seen = shot(&phone, &recall, &w.shop, 3).await;
        let watched =
            json!({ "done": true, "opinion": "现场监督捣毁", "proof": [seen], "at": NOW + 11 * MINUTE });
        phone.post(&format!("{disposals}/{disposal}"), &watched).await.expect(204);
        let done =
            w.sign_in("clerk").await.get(&format!("/api/recalls/{recall}/tasks/mine")).await.expect(200);
        assert_eq!(
            (&done["disposals"][0]["state"], &done["disposals"][0]["watched_at"]),
            (&json!("done"), &json!(NOW + 11 * MINUTE)),
            "{done}"
        );
        // and nothing of it is looked at, nor anything else decided
        for path in [
            "/api/rapid/tests",
            "/api/rapid/points",
            "/api/recalls",
            "/api/recall-visits",
            "/api/recall-watches",
        ] {
            phone.get(path).await.refused(403, "permission_missing");
        }
        let task = format!("/api/recalls/{recall}/tasks/{}", w.shop);
        phone.get(&task).await.refused(404, "not_found");
        phone.get(&format!("/api/recalls/{recall}/photos/{proof}/file")).await.refused(404, "not_found");
        let accept = json!({ "origin": b.lot, "amount": 1, "reason": "试吃和损耗" });
        phone.post(&format!("{task}/accept"), &accept).await.refused(403, "permission_missing");
    });
}
