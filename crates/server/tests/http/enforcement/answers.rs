//! What a business hands in with its answers: its own until an answer names it, then the bureau's; of one case only.

use kit_test::{Client, Reply};
use serde_json::{Value, json};

use super::mine::{answers, noticed, own, serve_notice};
use super::{action, begun, filed, office, on_the_spot, piece, report};
use crate::find::percent;
use crate::findings::{act, id, my_id, photo, sound};
use crate::world::{World, each};

async fn sends(client: &Client, case: &str, media: &str, name: &str, bytes: Vec<u8>) -> Reply {
    client.upload(&format!("/api/enforcement/mine/{case}/files"), media, &percent(name), bytes).await
}

/// Hands in a photo; its id.
pub async fn handed_in(client: &Client, case: &str, seed: u32) -> String {
    id(&sends(client, case, "image/jpeg", "凭证.jpg", photo(seed, 320)).await.expect(200))
}

async fn evidence(client: &Client, case: &str) -> Vec<Value> {
    let list = client.get(&format!("/api/enforcement/cases/{case}/evidence")).await.expect(200);
    list.as_array().unwrap().clone()
}

/// A small fine on the spot: its decision was handed over.
async fn fined(w: &World, officer: &Client, party: &str) -> String {
    let case = begun(officer, party, "simple").await;
    let people = json!([my_id(officer).await, my_id(&w.sign_in("case.b").await).await]);
    let mut form = on_the_spot(people);
    (form["penalties"], form["fine"]) = (json!(["fine"]), json!(100_000));
    (form["article"], form["circumstances"]) = (json!("125-label"), json!(["refused_to_mend"]));
    act(officer, &case, action("decide", form)).await;
    case
}

/// The hash of a fact as the ledger has it.
async fn fact(w: &World, kind: &'static str, item: &str) -> String {
    let item = item.to_owned();
    let read = w.house.db.read(move |tx| {
        let (leaf, place) = kit_ledger::store::item(tx, kind, &item)?.expect("a fact of the ledger");
        let mut hashes = Vec::new();
        kit_ledger::store::items_of(tx, leaf, kind, &mut |hash| hashes.push(hash))?;
        Ok(hashes[usize::try_from(place).unwrap()])
    });
    read.await.unwrap().iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn a_business_hands_in_photos_and_papers_with_its_answer() {
    each(async |w| {
        let o = office(&w).await;
        let owner = w.sign_in("owner").await;
        let case = begun(&o.a, &w.factory, "ordinary").await;
        filed(&o, &case).await;
        let proof = piece(&o.a, &case, false).await;
        sends(&owner, &case, "image/jpeg", "a.jpg", photo(4, 320)).await.refused(404, "not_found");
        noticed(&o, &case, report(&[&proof])).await;
        sends(&owner, &case, "image/jpeg", "a.jpg", photo(4, 320)).await.refused(404, "not_found");
        serve_notice(&o, &case).await;
        sends(&owner, &case, "text/plain", "a.txt", b"hello".to_vec()).await.refused(422, "file_kind");
        let paper =
            sends(&owner, &case, "application/pdf", "销毁记录.pdf", b"%PDF-1.7 x".to_vec()).await.expect(200);
        assert_eq!((&paper["title"], &paper["sent_at"]), (&json!("销毁记录.pdf"), &Value::Null));
        let (paper, shot) = (id(&paper), handed_in(&owner, &case, 6).await);
        // nothing was said with it yet: the bureau neither sees it nor opens it
        assert_eq!(evidence(&o.a, &case).await.len(), 1);
        let theirs = format!("/api/enforcement/cases/{case}/evidence/{paper}/file");
        o.a.get(&theirs).await.refused(404, "not_found");
        assert_eq!(own(&owner, &case).await["files"].as_array().unwrap().len(), 2);

        // of others, of another case, of the bureau, and what there is not
        let other = fined(&w, &o.a, &w.factory).await;
        let foreign = handed_in(&owner, &other, 7).await;
        let said = |files: &[&str]| json!({ "statement": "面粉已销毁，请求从轻", "statement_files": files });
        for file in [&foreign, &proof, "018f0000-0000-7000-8000-000000000000"] {
            let reply = answers(&owner, &case, "answer", said(&[&paper, file])).await;
            let body = reply.refused(422, "file_unknown");
            assert_eq!(body["field"], "form/statement_files/1");
        }
        let clerk = w.sign_in("clerk").await;
        sends(&clerk, &case, "image/jpeg", "a.jpg", photo(8, 320)).await.refused(403, "permission_missing");

        let view = answers(&owner, &case, "answer", said(&[&paper, &shot])).await.expect(200);
        let files = view["said"][0]["files"].as_array().unwrap();
        assert_eq!((files.len(), &files[0]["title"]), (2, &json!("销毁记录.pdf")), "{view}");
        assert!(view["files"].as_array().unwrap().is_empty());
        let list = evidence(&o.a, &case).await;
        let theirs_now: Vec<&Value> = list.iter().filter(|e| e["by_party"] == true).collect();
        assert_eq!(
            (list.len(), theirs_now.len(), &theirs_now[0]["origin"], &theirs_now[0]["kind"]),
            (3, 2, &json!("当事人提交"), &json!("document")),
            "{list:?}"
        );
        assert_eq!(o.a.get(&theirs).await.bytes, b"%PDF-1.7 x");
        let mine = format!("/api/enforcement/mine/{case}/files");
        assert_eq!(owner.get(&format!("{mine}/{paper}")).await.bytes, b"%PDF-1.7 x");
        // a piece of the bureau's is not reached this way, nor one of another case
        owner.get(&format!("{mine}/{proof}")).await.refused(404, "not_found");
        owner.get(&format!("{mine}/{foreign}")).await.refused(404, "not_found");
        // said once, it is not said again
        answers(&owner, &case, "answer", said(&[&shot])).await.refused(422, "file_sent");
        // its hash is a fact of the ledger, as that of every piece
        let hash = theirs_now[0]["hash"].as_str().unwrap().to_owned();
        assert_eq!(fact(&w, "evidence", &paper).await, hash);

        let paid = json!({ "told_sum": 100_000, "told_paid_on": "2026-03-02", "told_paid_no": "农行 1", "paid_files": [foreign] });
        let view = answers(&owner, &other, "tell_paid", paid).await.expect(200);
        assert_eq!(view["said"][0]["files"][0]["id"], foreign);
        sound(&w);
    });
}

#[test]
fn nothing_is_handed_in_where_nothing_is_asked() {
    each(async |w| {
        let o = office(&w).await;
        let owner = w.sign_in("owner").await;
        let case = fined(&w, &o.a, &w.factory).await;
        handed_in(&owner, &case, 9).await;
        let pay = json!({ "paid": 100_000, "paid_on": "2026-03-02", "paid_no": "豫1" });
        act(&o.a, &case, action("pay", pay)).await;
        act(&o.a, &case, action("pay_off", json!({}))).await;
        sends(&owner, &case, "image/jpeg", "a.jpg", photo(1, 320)).await.refused(409, "answer_not_due");
    });
}
