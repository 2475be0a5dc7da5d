//! Documents of cases: written with their number, set as PDF, and verified by anyone who holds one.

use std::process::Command;

use serde_json::{Value, json};

use crate::findings::{act, assigned, found, id, my_id, refused, sound};
use crate::world::{World, each};

/// The text of a PDF without white space; `None` (said aloud) where pdftotext is not installed.
pub fn text_of(w: &World, pdf: &[u8]) -> Option<String> {
    assert!(pdf.starts_with(b"%PDF-"), "{}", String::from_utf8_lossy(pdf));
    let path = w.db.dir.path().join("document.pdf");
    std::fs::write(&path, pdf).unwrap();
    let out = match Command::new("pdftotext").arg("-layout").arg(&path).arg("-").output() {
        Ok(out) => out,
        Err(e) => {
            eprintln!("skipped: the text of a document is not checked, pdftotext is absent ({e})");
            return None;
        }
    };
    Some(String::from_utf8(out.stdout).unwrap().chars().filter(|c| !c.is_whitespace()).collect())
}

/// Where the PDF of a document is.
pub fn address(case: &Value, document: &Value) -> String {
    let number = address_of(document["number"].as_str().unwrap());
    format!("/api/cases/{}/documents/{number}.pdf", case["id"].as_str().unwrap())
}

pub fn address_of(number: &str) -> String {
    number.bytes().map(|b| format!("%{b:02X}")).collect()
}

/// Kinds whose room prints its documents itself, from more than the case says: the record of a visit.
const OWN_PAPER: [&str; 3] = ["inspection", "site_check", "serious"];

#[test]
fn every_document_has_a_template_whose_fields_are_filled() {
    let mut faults = Vec::new();
    let sheets: Vec<_> = server::rooms::DOCUMENTS
        .iter()
        .map(|text| kit_flow::papers::template::Sheet::read(text).unwrap())
        .collect();
    for text in server::rooms::FLOWS {
        let definition = kit_flow::Definition::read(text).unwrap();
        let words = server::rooms::WORDS.iter().find(|w| w.kind == definition.kind);
        let names = words.map_or(&[][..], |w| w.names);
        match sheets.iter().find(|s| s.kind == definition.kind) {
            Some(sheet) => faults.extend(kit_flow::papers::template::check(sheet, &definition, names)),
            None if definition.documents.is_empty() || OWN_PAPER.contains(&definition.kind.as_str()) => {}
            None => faults.push(format!("{}: no templates", definition.kind)),
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn an_order_is_a_pdf_that_anyone_who_holds_it_can_verify() {
    each(async |w| {
        let (officer, far, clerk) =
            (w.sign_in("officer1").await, w.sign_in("officer2").await, w.sign_in("clerk").await);
        let id = assigned(&officer, &w.shop).await;
        let case = officer.get(&format!("/api/cases/{id}")).await.expect(200);
        let order = &case["documents"][0];
        let path = address(&case, order);
        let pdf = officer.get(&path).await;
        assert_eq!(pdf.bytes, officer.get(&path).await.bytes, "the same bytes each time");
        assert_eq!(pdf.bytes, clerk.get(&path).await.bytes, "the business has its own");
        far.get(&path).await.refused(404, "not_found");
        w.public().get(&path).await.refused(401, "sign_in_required");
        officer.get(&path.replace(".pdf", "9.pdf")).await.refused(404, "not_found");
        let verify = order["verify"].as_str().unwrap();
        let told = w.public().get(&format!("/api/documents/{}", verify.to_lowercase())).await.expect(200);
        let expected = json!({
            "title": "责令改正通知书", "number": "责改〔2026〕1号", "organ": "华龙区市场监督管理局",
            "issued_on": "2026-03-03", "void_since": null, "hash": told["hash"], "remarks": [], "simulated": false
        });
        assert_eq!(told, expected);
        if let Some(text) = text_of(&w, &pdf.bytes) {
            let hash = &told["hash"].as_str().unwrap()[..16];
            let wanted = [
                "责令改正通知书",
                "责改〔2026〕1号",
                "胜利路便民超市：",
                "操作间地面积水，未及时清理",
                "三日内清理并消毒",
                "2026年3月13日前",
                "人民路3号",
                hash,
            ];
            for words in wanted {
                assert!(text.contains(words), "“{words}” is not in {text}");
            }
        }
        let page = w.public().get(&format!("/doc/{verify}")).await;
        let shown = String::from_utf8(page.bytes).unwrap();
        assert!(shown.contains("文书真实有效") && !shown.contains("便民超市"), "{shown}");
        w.public().get("/api/documents/23456789ABCDEFGH").await.refused(404, "not_found");
        let page = String::from_utf8(w.public().get("/doc/23456789ABCDEFGH").await.bytes).unwrap();
        assert!(page.contains("没有这份文书"));

        // a void case: the number stays, the document says so, and its page too
        let leader = w.sign_in("leader").await;
        act(&leader, &id, json!({ "op": { "do": "void" }, "note": "重复登记" })).await;
        let told = w.public().get(&format!("/api/documents/{verify}")).await.expect(200);
        assert_eq!(told["void_since"], "2026-03-03");
        let void = officer.get(&path).await;
        assert_ne!(void.bytes, pdf.bytes);
        // what was looked at is in the audit
        let looked = kit_db::Sql::One("SELECT count(*) FROM audit WHERE action = 'flow.document'");
        assert_eq!(crate::epcis::read(&w, |tx| tx.one::<i64>(looked, &[])), Some(4));
        let facts = kit_db::Sql::One("SELECT count(*) FROM ledger_items WHERE kind = 'paper'");
        assert_eq!(crate::epcis::read(&w, |tx| tx.one::<i64>(facts, &[])), Some(1));
        sound(&w);
    });
}

#[test]
fn a_seal_stands_on_documents_from_then_on() {
    each(async |w| {
        let officer = w.sign_in("officer1").await;
        let document = async |id: &str| {
            let case = officer.get(&format!("/api/cases/{id}")).await.expect(200);
            officer.get(&address(&case, &case["documents"][0])).await.bytes
        };
        let first = assigned(&officer, &w.shop).await;
        let bare = document(&first).await;
        let seals = w.db.dir.path().join("seals");
        std::fs::create_dir_all(&seals).unwrap();
        let picture = image::RgbImage::from_pixel(40, 40, image::Rgb([200, 20, 30]));
        picture.save(seals.join("410902.png")).unwrap();
        let second = assigned(&officer, &w.shop).await;
        let sealed = document(&second).await;
        assert_eq!(document(&first).await, bare, "as it was issued");
        if let (Some(bare), Some(sealed)) = (text_of(&w, &bare), text_of(&w, &sealed)) {
            assert!(bare.contains("印章") && !sealed.contains("印章"));
        }
        std::fs::remove_file(seals.join("410902.png")).unwrap();
        assert_eq!(document(&second).await, sealed);
    });
}

#[test]
fn the_code_of_a_finding_is_a_picture() {
    each(async |w| {
        let (officer, far) = (w.sign_in("officer1").await, w.sign_in("officer2").await);
        let finding = found(&officer, &w.shop, "操作间地面积水").await;
        let path = format!("/api/findings/{}/qr.svg", id(&finding));
        let svg = String::from_utf8(officer.get(&path).await.bytes).unwrap();
        assert!(svg.starts_with("<svg") && svg.contains("M4 4h7v1h-7z"));
        far.get(&path).await.refused(404, "not_found");
        let form = json!({ "measure": "清理", "due": "2026-03-13", "verifier": my_id(&officer).await });
        refused(&far, &id(&finding), json!({ "action": "assign", "form": form }), 404, "not_found").await;
    });
}
