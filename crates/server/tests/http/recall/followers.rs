//! Who follows a batch is told when the public is, each once, and it is written down when and how.

use super::*;

async fn follow(w: &World, code: &str, phone: &str) {
    let media = "application/x-www-form-urlencoded";
    let form = format!("phone={phone}").into_bytes();
    let page = w.public().send(Method::POST, &format!("/follow/{code}"), media, form, &[]).await;
    assert!(page.text().contains("<svg"), "{}", page.text());
}

fn hows(follower: &Value) -> Vec<&str> {
    follower["told"].as_array().unwrap().iter().map(|t| t["how"].as_str().unwrap()).collect()
}

#[test]
fn followers_are_told_with_the_announcement_and_written_to_once() {
    each(async |w| {
        let b = batch(&w).await;
        let dried = b.owner.get("/api/lots?q=G-1").await.expect(200)["items"][0]["no"].as_i64().unwrap();
        let dried_code = b.owner.post(&format!("/api/lots/{dried}/code"), &json!({ "labels": 1 })).await;
        let dried_code = dried_code.expect(200)["code"].as_str().unwrap().to_owned();
        let other = product(&b.owner, "别的豆腐", None).await;
        let make =
            json!({ "kind": "produce", "makes": [{ "product": other, "amount": 9_000, "batch": "N-1" }] });
        let other = moved(&b.owner, make).await;
        follow(&w, &b.code, "13800001234").await;
        follow(&w, &b.code, "").await;
        follow(&w, &dried_code, "13900005678").await;
        // with an account: the batch, and one that has nothing to do with it
        let path = format!("/api/lots/{}/follow", b.lot);
        for _ in 0..2 {
            b.owner.post(&path, &json!({})).await.expect(204);
        }
        b.owner.post(&format!("/api/lots/{other}/follow"), &json!({})).await.expect(204);
        w.sign_in("officer2").await.post(&path, &json!({})).await.refused(404, "not_found");
        let new = json!({ "lot": b.lot, "mode": "voluntary", "grade": 2, "cause": "safety", "reason": "苯甲酸超标", "source": "self" });
        let recall = id(&b.owner.post("/api/recalls", &new).await.expect(200));
        let list = format!("/api/recalls/{recall}/followers");
        b.owner.get(&list).await.refused(403, "permission_missing");
        let before = b.officer.get(&list).await.expect(200);
        assert_eq!(before["total"], 3, "{before}");
        assert!(before["items"].as_array().unwrap().iter().all(|f| hows(f).is_empty()), "{before}");
        let letters = format!("{list}/letters");
        b.officer.post(&letters, &json!({})).await.refused(409, "not_public");

        act(&b.owner, &recall, plan()).await;
        act(&b.officer, &recall, json!({ "action": "accept", "form": {} })).await;
        act(&b.owner, &recall, announcement()).await;
        // no job has run: it is in the transaction of the announcement
        let mine = b.owner.get("/api/notices").await.expect(200);
        let about = |n: &&Value| n["title"].as_str().unwrap().starts_with("您关注的批次正在召回");
        let mine: Vec<&Value> = mine["items"].as_array().unwrap().iter().filter(about).collect();
        assert_eq!(mine.len(), 1, "{mine:?}");
        assert_eq!(mine[0]["link"], json!(format!("/lots/{}", b.lot)));
        follow(&w, &b.code, "13700009999").await;
        let found = b.officer.get(&list).await.expect(200);
        let items = found["items"].as_array().unwrap();
        let of = |phone: &str| items.iter().find(|f| f["phone"] == json!(phone)).unwrap();
        assert_eq!((&found["total"], items.len()), (&json!(5), 5), "{found}");
        assert_eq!(hows(of("138****1234")), ["page"]);
        assert_eq!(hows(of("137****9999")), ["page"], "came when it was told already");
        assert_eq!((hows(of("139****5678")), &of("139****5678")["lot"]), (vec!["page"], &json!(dried)));
        let account = items.iter().find(|f| f["account"] == json!(true)).unwrap();
        assert_eq!((hows(account), account["phone"].as_str()), (vec!["notice"], Some("")));
        assert!(!found.to_string().contains("13800001234"));
        written(&w, &b, &recall, of("137****9999")["token"].as_str().unwrap()).await;
    });
}

/// One is called, the others are written to; each once; looking is in the audit; the numbers go with the recall.
async fn written(w: &World, b: &Batch, recall: &str, token: &str) {
    let list = format!("/api/recalls/{recall}/followers");
    let told = format!("{list}/{token}/told");
    b.officer.post(&told, &json!({ "how": "dream" })).await.refused(422, "how_unknown");
    b.officer.post(&told, &json!({ "how": "phone", "note": "已扔掉" })).await.expect(204);
    b.officer.post(&told, &json!({ "how": "phone" })).await.refused(409, "told_already");
    assert_eq!(
        b.officer.get(&format!("{list}/counts")).await.expect(200),
        json!({ "followers": 5, "phones": 3, "accounts": 1, "waiting": 2 })
    );
    let letters = b.officer.post(&format!("{list}/letters"), &json!({})).await.expect(200);
    let mut phones: Vec<&str> =
        letters.as_array().unwrap().iter().map(|l| l["phone"].as_str().unwrap()).collect();
    phones.sort_unstable();
    assert_eq!(phones, ["13800001234", "13900005678"]);
    let text = letters[0]["text"].as_str().unwrap();
    assert!(text.contains("卤水豆腐 批号T-7") && text.contains("苯甲酸超标"), "{text}");
    let own = text.rsplit_once("/followed/").unwrap().1;
    assert!(w.public().get(&format!("/followed/{own}")).await.text().contains("已召回"));
    b.officer.post(&format!("{list}/letters"), &json!({})).await.refused(409, "letters_none");
    let audit = w.sign_in("audadmin").await.get("/api/audit?action=recall.look").await.expect(200);
    assert!(audit["total"].as_i64().unwrap() >= 2, "{audit}");

    let other = crate::flows::another(w, "chief.two", "leader", "4109").await;
    act(&other, recall, json!({ "op": { "do": "terminate" }, "note": "并入另一次召回" })).await;
    let counts = b.officer.get(&format!("{list}/counts")).await.expect(200);
    assert_eq!((&counts["followers"], &counts["phones"]), (&json!(5), &json!(0)), "{counts}");
}
