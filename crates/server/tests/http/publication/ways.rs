//! Ways that lead to a page: barcodes, codes of businesses, paper, typing; and the files of a batch.

use serde_json::json;

use super::{GTIN, has, page, tofu};
use crate::world::{each, moved, product};

#[test]
fn a_barcode_leads_to_the_batch() {
    each(async |w| {
        tofu(&w, Some("6901234567892")).await;
        let public = w.public();
        for path in ["/10/A01", "/10/A01/21/7", "?made=2026-03-03"] {
            let (status, text) = page(&public, &format!("/01/{GTIN}{path}")).await;
            assert_eq!(status, 200);
            has(&text, &["未见召回，在保质期内", "A01", "胜利路便民超市", "6901234567892"]);
        }
        let (status, text) = page(&public, &format!("/01/{GTIN}")).await;
        assert_eq!(status, 200);
        has(&text, &["包装上的生产日期", "type=\"date\"", "max=\"2026-03-03\"", "卤水豆腐"]);
        assert!(!text.contains("胜利路便民超市"));
        for (made, said) in [
            ("2026-02-30", "日期"),
            ("2026-03", "请填写完整的生产日期"),
            ("2026-03-04", "晚于今天"),
            ("2026-03-01", "没有查到 2026年3月1日 生产的批次"),
            ("%22%3E%3Cb%3E", "日期"),
        ] {
            let (status, text) = page(&public, &format!("/01/{GTIN}?made={made}")).await;
            assert_eq!(status, 404, "{made}");
            has(&text, &[said, "aria-invalid=\"true\""]);
            assert!(!text.contains("<b>\""), "{made}");
        }
        let (_, text) = page(&public, &format!("/01/{GTIN}/10/ZZ")).await;
        has(&text, &["没有查到批号“ZZ”"]);
        assert_eq!(page(&public, "/01/6901234567891").await.0, 404);
        let (status, text) = page(&public, "/01/6901234567908").await;
        assert_eq!(status, 404);
        has(&text, &["没有查到这个码"]);
    });
}

#[test]
fn two_records_of_one_batch_are_offered_to_choose_from() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let clerk = w.sign_in("clerk").await;
        // a product known by its barcode, bought from outside by two
        let salt = product(&owner, "食盐", Some("6901234567892")).await;
        let buy = json!({ "kind": "receive", "counterpart_name": "外地盐业公司", "makes": [{ "product": salt, "batch": "S9", "amount": 500 }] });
        moved(&clerk, buy.clone()).await;
        let far = w.far_shop.clone();
        let investigator = w.sign_in("investigator").await;
        let mut theirs = buy.clone();
        theirs["party"] = json!(far);
        moved(&investigator, theirs).await;
        let public = w.public();
        let (status, text) = page(&public, &format!("/01/{GTIN}/10/S9")).await;
        assert_eq!(status, 200);
        has(&text, &["请选择批次", "胜利路便民超市登记", "清丰县城关粮油店登记"]);
        let at = text.find(&format!("/01/{GTIN}/10/S9?from=B")).expect("a link");
        let link = text[at..].split('"').next().unwrap();
        let (status, text) = page(&public, link).await;
        assert_eq!(status, 200);
        has(&text, &["外地盐业公司", "供货"]);
        // the record of who keeps the product goes first
        moved(&owner, buy).await;
        w.house.clock.advance(11_000);
        has(&page(&public, &format!("/01/{GTIN}/10/S9")).await.1, &["未见召回", "龙都豆制品有限公司"]);
    });
}

#[test]
fn a_business_code_shows_the_card_and_no_person() {
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        let dossier = officer.get(&format!("/api/parties/{}", w.shop)).await.expect(200);
        let code = dossier["party"]["code"].as_str().unwrap().to_owned();
        let public = w.public();
        let (status, text) = page(&public, &format!("/t/{code}")).await;
        assert_eq!(status, 200);
        has(&text, &["经营状态正常", "胜利路便民超市", "食品销售店", "河南省濮阳市华龙区", &code]);

        let lead = officer.get(&format!("/api/codes/{code}")).await.expect(200);
        assert_eq!(lead["path"], format!("/parties/{}", w.shop));
        let far = w.sign_in("officer2").await;
        let lead = far.get(&format!("/api/codes/{code}")).await.expect(200);
        assert_eq!((lead["kind"].as_str(), lead["path"].as_str()), (Some("business"), Some("")));
        public.get(&format!("/api/codes/{code}")).await.refused(401, "sign_in_required");
    });
}

#[test]
fn a_scanned_code_leads_into_the_console() {
    each(async |w| {
        let t = tofu(&w, Some("6901234567892")).await;
        let officer = w.sign_in("officer1").await;
        let whole = format!("http%3A%2F%2F127.0.0.1%3A8080%2Ft%2F{}", t.code);
        let gs1 = format!("https%3A%2F%2Fid.example%2F01%2F{GTIN}%2F10%2FA01");
        for text in [t.code.as_str(), &whole, &gs1] {
            let lead = officer.get(&format!("/api/codes/{text}")).await.expect(200);
            assert_eq!(lead["path"], format!("/lots/{}", t.tofu_lot), "{text}");
        }
        let lead = officer.get("/api/codes/6901234567892").await.expect(200);
        assert_eq!(lead["path"], format!("/products/{}", t.tofu));
        officer.get("/api/codes/T2345").await.refused(422, "code_form");
        officer.get("/api/codes/6901234567891").await.refused(422, "gtin_check");
        officer.get("/api/codes/6901234567908").await.expect(404);
    });
}

#[test]
fn only_public_files_of_the_batch_are_served() {
    each(async |w| {
        let t = tofu(&w, None).await;
        let attach = async |query: &str| {
            let path = format!("/api/products/{}/files?{query}", t.tofu);
            let made =
                t.owner.upload(&path, "application/pdf", "report.pdf", b"%PDF-1.7 test".to_vec()).await;
            made.expect(200)["id"].as_str().unwrap().to_owned()
        };
        let report = attach(&format!("kind=test_report&lot={}&conclusion=pass&number=J-1", t.tofu_lot)).await;
        let hidden = attach("kind=licence&public=0").await;
        let public = w.public();
        let path = format!("/t/{}", t.code);
        has(&page(&public, &path).await.1, &["report.pdf", "合格", "J-1"]);
        let reply = public.get(&format!("{path}/files/{report}")).await;
        assert_eq!((reply.status.as_u16(), reply.bytes.as_slice()), (200, b"%PDF-1.7 test".as_slice()));
        assert_eq!(reply.headers["content-type"], "application/pdf");
        assert!(reply.headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
        for id in [hidden.as_str(), "nothing"] {
            public.get(&format!("{path}/files/{id}")).await.expect(404);
        }
        // a failed report is an alarm
        attach(&format!("kind=test_report&lot={}&conclusion=fail", t.tofu_lot)).await;
        w.house.clock.advance(11_000);
        has(&page(&public, &path).await.1, &["检验不合格，请勿食用", "不合格"]);
    });
}

#[test]
fn codes_come_on_paper() {
    each(async |w| {
        let t = tofu(&w, None).await;
        let nothing = json!({});
        let labels = |query: &str| format!("/api/lots/{}/labels{query}", t.tofu_lot);
        for (query, code) in
            [("?layout=a5", "layout_unknown"), ("?count=0", "labels_count"), ("?count=2001", "labels_count")]
        {
            t.owner.post(&labels(query), &nothing).await.refused(422, code);
        }
        for query in ["", "?layout=a4x65&count=3&skip=2&cut=1", "?layout=roll"] {
            let pdf = t.owner.post(&labels(query), &nothing).await;
            assert_eq!((pdf.status.as_u16(), &pdf.bytes[..5]), (200, b"%PDF-".as_slice()), "{}", pdf.text());
        }
        let clerk = w.sign_in("clerk").await;
        clerk.post(&labels(""), &nothing).await.refused(404, "not_found");
        let pdf = clerk.get(&format!("/api/parties/{}/poster", w.shop)).await;
        assert_eq!((pdf.status.as_u16(), &pdf.bytes[..5]), (200, b"%PDF-".as_slice()));
        clerk.get(&format!("/api/parties/{}/poster", w.factory)).await.expect(404);
    });
}

#[test]
fn a_code_can_be_typed() {
    each(async |w| {
        let public = w.public();
        for path in ["/t", "/t/"] {
            let (status, text) = page(&public, path).await;
            assert_eq!(status, 200);
            has(&text, &["<form action=\"/t/\"", "追溯码、主体码或商品条码"]);
        }
        for (typed, there) in [
            ("t234-567", "/t/T234567"),
            ("690%201234567892", "/01/6901234567892"),
            ("%2F%2Fevil.example", "/t/%2F%2FEVIL.EXAMPLE"),
            ("a%0D%0Ab&care=1", "/t/AB?care=1"),
        ] {
            let reply = public.get(&format!("/t/?code={typed}")).await;
            assert_eq!((reply.status.as_u16(), reply.headers["location"].to_str().unwrap()), (303, there));
        }
    });
}
