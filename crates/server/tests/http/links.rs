//! The resolver: linksets, links of a type, places, units.

use axum::http::Method;
use serde_json::json;

use crate::world::{each, moved, product};

const GTIN: &str = "06901234567892";

#[test]
fn a_key_has_a_linkset_and_leads_on() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let tofu = product(&owner, "卤水豆腐", Some(GTIN)).await;
        let make = json!({ "product": tofu, "batch": "A01", "amount": 10_000 });
        moved(&owner, json!({ "kind": "produce", "makes": [make] })).await;
        let public = w.public();
        let page = format!("/01/{GTIN}/10/A01");
        let set = public.get(&format!("{page}/21/7?linkType=all")).await;
        assert_eq!(set.headers["content-type"], "application/linkset+json");
        let set = set.expect(200);
        let own = format!("http://127.0.0.1:8080{page}/21/7");
        assert_eq!(set["linkset"][0]["anchor"], own);
        for word in ["defaultLink", "pip", "traceability", "epcis"] {
            let href = set["linkset"][0][format!("https://gs1.org/voc/{word}")][0]["href"].as_str().unwrap();
            assert_eq!(href == own, word != "epcis", "{word}: {href}");
        }
        let accept = [("accept", "application/linkset+json")];
        let asked = public.send(Method::GET, &page, "", Vec::new(), &accept).await;
        assert_eq!(asked.headers["content-type"], "application/linkset+json");
        let on = public.get(&format!("{page}?linkType=gs1:epcis")).await;
        assert_eq!(on.status, 303);
        let events = on.headers["location"].to_str().unwrap().strip_prefix("http://127.0.0.1:8080").unwrap();
        assert_eq!(crate::epcis_query::pages(&owner, events).await.len(), 1);
        assert_eq!(public.get(&format!("{page}?linkType=gs1:pip")).await.status, 200);
        public.get(&format!("{page}?linkType=gs1:recipe")).await.refused(404, "not_found");
        public.get("/01/06901234567893?linkType=all").await.refused(422, "gs1_check_digit");
        public
            .get(&format!("/01/{GTIN}/21/123456789012345678901?linkType=all"))
            .await
            .refused(422, "gs1_form");
    });
}

#[test]
fn a_gln_is_a_card_and_a_unit_its_shipment() {
    each(async |w| {
        let (owner, clerk, public) = (w.sign_in("owner").await, w.sign_in("clerk").await, w.public());
        assert_eq!(public.get("/414/9521321000018").await.status, 404);
        let path = format!("/api/parties/{}/keys", w.shop);
        clerk.post(&path, &json!({ "code": "9521321000018" })).await.expect(200);
        for path in ["/414/9521321000018", "/417/9521321000018", "/414/9521321000018/254/3"] {
            let page = public.get(path).await;
            assert!(page.status == 200 && page.text().contains("胜利路便民超市"), "{path}: {}", page.status);
        }
        let unit = "/00/106141412345678908";
        assert_eq!(public.get(unit).await.status, 404);
        let event = json!({ "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"], "type": "ObjectEvent",
            "action": "ADD", "bizStep": "commissioning", "eventTime": "2026-02-01T08:00:00+08:00", "eventTimeZoneOffset": "+08:00",
            "epcList": ["https://id.gs1.org/00/106141412345678908"] });
        let body = event.to_string().into_bytes();
        owner.send(Method::POST, "/epcis/capture", "application/ld+json", body, &[]).await.expect(200);
        let on = public.get(unit).await;
        assert_eq!(on.status, 303);
        assert!(on.headers["location"].to_str().unwrap().starts_with("/console/lots/"));
    });
}
