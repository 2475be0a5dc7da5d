//! What a valid 抽样单 is: its photos, its signatures, who went along, and how warm it came.

use kit_test::Client;
use serde_json::{Value, json};

use super::{Bench, bench, lab_body, photos, sheet, task};
use crate::findings::{my_id, photo, sound};
use crate::world::{NOW, World, each};

async fn sent(by: &Client, id: &str, kind: &str, seed: u32) -> Value {
    let path = format!("/api/samples/{id}/media?kind={kind}&taken_at={NOW}");
    by.upload(&path, "image/jpeg", "p.jpg", photo(seed, 64)).await.expect(200)
}

async fn begun(b: &Bench, w: &World) -> String {
    task(b, w, "outer").await["id"].as_str().unwrap().to_owned()
}

#[test]
fn only_pictures_count_and_a_paid_sample_shows_its_receipt() {
    each(async |w| {
        let b = bench(&w).await;
        let id = begun(&b, &w).await;
        let path = format!("/api/samples/{id}/sheet");
        for (i, kind) in ["door", "shelf", "sample", "label", "seal", "people", "licence"].iter().enumerate()
        {
            sent(&b.officer, &id, kind, 40 + i as u32).await;
        }
        for (i, _) in ["first", "business"].iter().enumerate() {
            sent(&b.officer, &id, "signature", 191 + i as u32).await;
        }
        // seven photos; a paper makes no eighth
        let media = format!("/api/samples/{id}/media?kind=notice&taken_at={NOW}");
        let paper = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n".to_vec();
        b.officer.upload(&media, "application/pdf", "n.pdf", paper).await.expect(200);
        b.officer.post(&path, &sheet(&b.code, "V1")).await.refused(422, "photos_few");
        sent(&b.officer, &id, "other", 50).await;
        let told = b.officer.post(&path, &sheet(&b.code, "V1")).await;
        assert!(told.text().contains("购样票据"), "{}", told.text());
        told.refused(422, "photos_kinds");
        sent(&b.officer, &id, "receipt", 51).await;
        b.officer.post(&path, &sheet(&b.code, "V1")).await.expect(200);
        // what was given for nothing has none
        let free = begun(&b, &w).await;
        for (i, kind) in
            ["door", "shelf", "sample", "label", "seal", "people", "licence", "other"].iter().enumerate()
        {
            sent(&b.officer, &free, kind, 60 + i as u32).await;
        }
        for i in 0..2 {
            sent(&b.officer, &free, "signature", 191 + i).await;
        }
        let mut body = sheet(&b.code, "V2");
        body["sheet"]["price"] = json!(0);
        b.officer.post(&format!("/api/samples/{free}/sheet"), &body).await.expect(200);
        sound(&w);
    });
}

#[test]
fn over_a_network_the_order_the_parcel_and_the_unpacking_are_shown() {
    each(async |w| {
        let b = bench(&w).await;
        let id = begun(&b, &w).await;
        let path = format!("/api/samples/{id}/sheet");
        let mut body = sheet("", "V1");
        body["sheet"]["sampling_type"] = json!("network");
        for field in
            ["platform", "account", "receive_address", "order_no", "payment_no", "parcel_no", "unpacked"]
        {
            body["sheet"][field] = json!("示例");
        }
        for (i, kind) in
            ["sample", "label", "seal", "people", "receipt", "order", "other", "other"].iter().enumerate()
        {
            sent(&b.officer, &id, kind, 70 + i as u32).await;
        }
        sent(&b.officer, &id, "signature", 191).await;
        // nobody of the shop is there to sign
        body["signatures"].as_array_mut().unwrap().truncate(1);
        let told = b.officer.post(&path, &body).await;
        assert!(told.text().contains("快递包裹") && told.text().contains("拆包"), "{}", told.text());
        assert!(!told.text().contains("门头"), "a door is not photographed over a network: {}", told.text());
        told.refused(422, "photos_kinds");
        for (i, kind) in ["parcel", "unpack"].iter().enumerate() {
            sent(&b.officer, &id, kind, 80 + i as u32).await;
        }
        b.officer.post(&path, &body).await.expect(200);
        sound(&w);
    });
}

#[test]
fn nobody_seals_alone() {
    each(async |w| {
        let b = bench(&w).await;
        let id = begun(&b, &w).await;
        photos(&b.officer, &id).await;
        let path = format!("/api/samples/{id}/sheet");
        let mut body = sheet(&b.code, "V1");
        let both = body["signatures"].clone();
        for (left, name) in [(0, "被抽样单位"), (1, "抽样人员")] {
            body["signatures"] = json!([both[left]]);
            let told = b.officer.post(&path, &body).await;
            assert!(told.text().contains(&format!("还缺签字：{name}")), "{}", told.text());
            told.refused(422, "signature_missing");
        }
        body["signatures"] = both;
        b.officer.post(&path, &body).await.expect(200);
        sound(&w);
    });
}

#[test]
fn an_officer_who_is_known_goes_along_and_signs() {
    each(async |w| {
        let b = bench(&w).await;
        b.officer.post("/api/labs", &lab_body(&w.shop, false)).await.expect(200);
        let body = json!({
            "party": w.factory, "source": "county", "mode": "inner", "kind": "supervision", "stage": "produce", "category": "4.1", "food": "豆干",
            "lab": w.shop, "samplers": [my_id(&b.clerk).await, my_id(&b.clerk2).await],
        });
        let id = b.officer.post("/api/samples", &body).await.expect(200)["id"].as_str().unwrap().to_owned();
        photos(&b.clerk, &id).await;
        let pack = b.clerk.get(&format!("/api/samples/{id}/pack")).await.expect(200);
        assert!(pack["escorts"].as_array().unwrap().contains(&json!("赵监管")), "{}", pack["escorts"]);
        let path = format!("/api/samples/{id}/sheet");
        let mut body = sheet("", "V1");
        b.clerk.post(&path, &body).await.refused(422, "escort_missing");
        body["sheet"]["escort"] = json!("随便谁");
        b.clerk.post(&path, &body).await.refused(422, "escort_unknown");
        body["sheet"]["escort"] = json!("赵监管");
        b.clerk.post(&path, &body).await.refused(422, "signature_missing");
        let file = body["signatures"][0]["file"].clone();
        body["signatures"]
            .as_array_mut()
            .unwrap()
            .push(json!({ "role": "escort", "name": "赵监管", "file": file }));
        b.clerk.post(&path, &body).await.expect(200);
        sound(&w);
    });
}

#[test]
fn what_is_kept_cold_says_how_warm_it_came() {
    each(async |w| {
        let b = bench(&w).await;
        let sample = task(&b, &w, "outer").await;
        let (id, blind) = (sample["id"].as_str().unwrap(), sample["blind"].as_str().unwrap());
        photos(&b.officer, id).await;
        let mut body = sheet(&b.code, "V1");
        body["sheet"]["storage"] = json!("frozen");
        b.officer.post(&format!("/api/samples/{id}/sheet"), &body).await.expect(200);
        b.second.post(&format!("/api/samples/{id}/seal"), &json!({})).await.expect(200);
        for part in ["test", "spare"] {
            let offer = json!({ "part": part, "receiver": w.shop });
            b.officer.post(&format!("/api/samples/{id}/offers"), &offer).await.expect(200);
        }
        let assay = b.clerk.get(&format!("/api/assays/{blind}")).await.expect(200);
        assert_eq!(
            (&assay["storage"], &assay["cold"]),
            (&json!("frozen"), &json!(true)),
            "the laboratory is told"
        );
        let accept = format!("/api/assays/{blind}/accept");
        b.clerk.post(&accept, &json!({ "seal_whole": true })).await.refused(422, "temperature_missing");
        b.clerk.post(&accept, &json!({ "seal_whole": true, "temperature": "-18.5" })).await.expect(200);
        sound(&w);
    });
}
