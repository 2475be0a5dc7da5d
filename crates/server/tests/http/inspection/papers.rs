//! The record on paper, the checklists of every business, and photos that were shown before.

use serde_json::json;

use super::{pair, planned, record_of, recorded, shot};
use crate::findings::photo;
use crate::world::{NOW, each};

#[test]
fn the_record_is_printed_on_both_papers_and_as_a_form() {
    each(async |w| {
        let pair = pair(&w).await;
        let (visit, ..) = recorded(&pair, &w.shop).await;
        let text = "检查记录〔2026〕1号";
        for (width, columns) in [(58, 32), (80, 48)] {
            let reply = pair.one.get(&format!("/api/visits/{visit}/record.escpos?width={width}")).await;
            assert_eq!(reply.status.as_u16(), 200, "{}", reply.text());
            let bytes = reply.bytes;
            assert!(bytes.starts_with(&[0x1b, b'@', 0x1c, b'&']));
            let (number, _, _) = encoding_rs::GB18030.encode(text);
            assert!(bytes.windows(number.len()).any(|part| part == number.as_ref()));
            assert!(bytes.windows(columns).any(|part| part.iter().all(|b| *b == b'-')));
            assert!(!bytes.windows(columns + 1).any(|part| part.iter().all(|b| *b == b'-')));
            assert!(bytes.windows(4).any(|part| part == [0x1d, b'v', b'0', 0]), "the code");
            assert_eq!(bytes.ends_with(&[0x1d, b'V', 66, 0]), width == 80);
        }
        pair.one
            .get(&format!("/api/visits/{visit}/record.escpos?width=70"))
            .await
            .refused(422, "width_unknown");
        let pdf = pair.one.get(&format!("/api/visits/{visit}/record.pdf")).await;
        assert_eq!(pdf.status.as_u16(), 200, "{}", pdf.text());
        assert!(pdf.bytes.starts_with(b"%PDF"));
        if let Ok(folder) = std::env::var("SHIAN_TEST_KEEP") {
            std::fs::write(format!("{folder}/record.pdf"), &pdf.bytes).unwrap();
        }
        let open = planned(&pair, &w.shop, "special").await;
        pair.one.get(&format!("/api/visits/{open}/record.pdf")).await.refused(409, "no_record");
    });
}

#[test]
fn every_business_has_a_checklist_and_every_version_its_items() {
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        let list = officer.get("/api/checklists").await.expect(200);
        let codes: Vec<&str> = list.as_array().unwrap().iter().map(|c| c["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["catering", "market", "production", "sale", "special", "storage"]);
        for head in list.as_array().unwrap() {
            let whole =
                officer.get(&format!("/api/checklists/{}", head["hash"].as_str().unwrap())).await.expect(200);
            assert_eq!(whole["list"].as_array().unwrap().len() as i64, head["items"].as_i64().unwrap());
        }
        officer.get("/api/checklists/none").await.refused(404, "not_found");
        assert_eq!(officer.get("/api/visit-kinds").await.expect(200).as_array().unwrap().len(), 13);
        let here = officer.get("/api/visits/officers?division=410902").await.expect(200);
        let names: Vec<&str> = here.as_array().unwrap().iter().map(|o| o["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["吴监管", "赵监管"]);
        assert_eq!(officer.get("/api/visits/officers?division=410922").await.expect(200), json!([]));
    });
}

#[test]
fn a_photo_that_was_shown_before_is_told_to_whoever_looks() {
    each(async |w| {
        let pair = pair(&w).await;
        let send = |visit: &str, item: &str| {
            format!(
                "/api/visits/{visit}/photos?item={item}&taken_at={NOW}&lon=115.03&lat=35.76&accuracy=15&in_app=1"
            )
        };
        let first = planned(&pair, &w.shop, "daily").await;
        let number =
            pair.one.get(&format!("/api/visits/{first}")).await.expect(200)["visit"]["number"].clone();
        let one =
            pair.one.upload(&send(&first, "S07"), "image/jpeg", "p.jpg", photo(41, 320)).await.expect(200);
        assert_eq!((&one["doubts"], &one["reused"]), (&json!([]), &json!("")));
        // the same picture in another size, for another visit of another business
        let visit = planned(&pair, &w.factory, "special").await;
        let copy =
            pair.two.upload(&send(&visit, "P04"), "image/jpeg", "p.jpg", photo(41, 200)).await.expect(200);
        assert_eq!((&copy["doubts"], &copy["reused_number"]), (&json!(["reused"]), &number), "{copy}");
        assert_eq!(copy["reused"], format!("visit:{first}"));
        let other =
            pair.two.upload(&send(&visit, "P04"), "image/jpeg", "p.jpg", photo(42, 320)).await.expect(200);
        assert_eq!(other["doubts"], json!([]));
        // signatures are lines on white: only the very same file is told
        let sign = shot(&pair.two, &visit, 43, "signature").await;
        let record = record_of(&pair, "k-1", vec![json!({ "item": "P04", "verdict": "ok" })], &sign);
        let answer = pair.two.post(&format!("/api/visits/{visit}/record"), &record).await.expect(200);
        assert_eq!(answer["reused"], json!([{ "sha256": copy["sha256"], "item": "P04", "number": number }]));
        let listed = pair.one.get(&format!("/api/visits/{visit}/photos")).await.expect(200);
        let told = listed.as_array().unwrap().iter().filter(|p| p["reused_number"] == number).count();
        assert_eq!(told, 1);

        // what the business hands in as mended was a photo of a visit; what it handed in once comes back as a photo of a visit
        let clerk = w.sign_in("clerk").await;
        let case = crate::findings::assigned(&pair.one, &w.shop).await;
        let old = crate::findings::proof(&clerk, &case, "mend", photo(42, 200)).await;
        assert_eq!((&old["doubts"], &old["reused"]), (&json!(["reused"]), &json!(format!("visit:{visit}"))));
        let fresh = crate::findings::proof(&clerk, &case, "mend", photo(44, 320)).await;
        assert_eq!(fresh["doubts"], json!([]));
        let third = planned(&pair, &w.shop, "special").await;
        let back =
            pair.one.upload(&send(&third, "S07"), "image/jpeg", "p.jpg", photo(44, 200)).await.expect(200);
        assert_eq!(
            (&back["reused"], &back["reused_number"]),
            (&json!(format!("finding:{case}")), &json!("问题〔2026〕1号"))
        );
        // a photo of a visit that becomes evidence of what the visit found is no reuse
        let (found, _, answer) = recorded(&pair, &w.shop).await;
        let finding = answer["findings"][0]["id"].as_str().unwrap();
        let evidence = pair.one.get(&format!("/api/findings/{finding}/evidence")).await.expect(200);
        assert!(
            evidence.as_array().unwrap().iter().all(|e| e["reused"] != format!("visit:{found}")),
            "{evidence}"
        );
    });
}
