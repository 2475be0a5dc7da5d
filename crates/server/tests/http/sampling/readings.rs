//! Instruments: files, workbooks and programs hand in readings; the analyst signs them.

use std::collections::BTreeSet;

use serde_json::json;

use super::{Bench, bench, sent, task};
use crate::findings::sound;
use crate::world::{World, each};

/// A sample that the laboratory has accepted; id and blind code.
async fn accepted(b: &Bench, w: &World) -> (String, String) {
    let sample = task(b, w, "outer").await;
    let id = sample["id"].as_str().unwrap().to_owned();
    let blind = sent(b, w, &sample, "R1").await;
    b.clerk.post(&format!("/api/assays/{blind}/accept"), &json!({ "seal_whole": true })).await.expect(200);
    (id, blind)
}

fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (r, row) in rows.iter().enumerate() {
        for (c, cell) in row.iter().enumerate() {
            match cell.parse::<f64>() {
                Ok(number) => sheet.write_number(r as u32, c as u16, number).unwrap(),
                Err(_) => sheet.write_string(r as u32, c as u16, *cell).unwrap(),
            };
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn a_file_of_an_instrument_becomes_readings_that_the_analyst_signs() {
    each(async |w| {
        let b = bench(&w).await;
        let (id, blind) = accepted(&b, &w).await;
        let shapes = b.clerk.get("/api/instruments").await.expect(200);
        let codes: Vec<&str> =
            shapes["shapes"].as_array().unwrap().iter().map(|s| s["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["lcms", "icpms", "astm"]);
        // a table of a data system: standards are passed over, what does not fit comes back with its line and what to do
        let csv = format!(
            "Batch,B-17,,,\nSample Name,Sample Type,Compound,Calc. Conc.,Units\nSTD1,Standard,Benzoic acid,1,g/kg\n\
             {blind},Unknown,Benzoic acid,1.32,g/kg\n{blind},Unknown,Sorbic acid,N/F,g/kg\n\
             {blind},Unknown,Pb,0.1,mg/kg\nZZZZZZZZZZ,Unknown,Benzoic acid,0.2,g/kg\n{blind},Unknown,Benzoic acid,much,g/kg\n"
        );
        let path = "/api/assays/runs/file?shape=";
        b.clerk
            .upload(&format!("{path}none"), "text/csv", "a.csv", csv.clone().into())
            .await
            .refused(422, "shape_unknown");
        b.clerk
            .upload(&format!("{path}lcms"), "text/csv", "a.csv", "x,y\n1,2\n".into())
            .await
            .refused(422, "headings_missing");
        let told = b.clerk.upload(&format!("{path}lcms"), "text/csv", "a.csv", csv.into()).await.expect(200);
        assert_eq!((&told["added"], &told["rejected"]), (&json!(2), &json!(3)), "{told}");
        let defects = told["defects"].to_string();
        for part in ["第 6 行", "资质能力", "第 7 行", "没有盲样 ZZZZZZZZZZ", "第 8 行", "结果应为数值"]
        {
            assert!(defects.contains(part), "{part}: {defects}");
        }
        let back = b.clerk.get(&format!("/api/assays/runs/{}/rejected", told["id"].as_str().unwrap())).await;
        let text = back.text();
        assert!(text.contains("Sample Name") && text.contains("第 7 行"), "{text}");
        let runs = b.clerk.get("/api/assays/runs").await.expect(200);
        assert_eq!((&runs[0]["taken"], &runs[0]["shape"]), (&json!(2), &json!("lcms")));
        assert_eq!(
            b.owner.get("/api/assays/runs").await.expect(200),
            json!([]),
            "another house sees none of it"
        );
        b.owner
            .get(&format!("/api/assays/runs/{}/rejected", told["id"].as_str().unwrap()))
            .await
            .refused(404, "not_found");
        // the analyst sees what was read, and signs it or says why not
        let assay = format!("/api/assays/{blind}");
        let seen = b.clerk.get(&assay).await.expect(200);
        let read: Vec<(&str, &str)> = seen["readings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| (r["item"].as_str().unwrap(), r["result"].as_str().unwrap()))
            .collect();
        assert_eq!(BTreeSet::from_iter(read), BTreeSet::from([("山梨酸", "未检出"), ("苯甲酸", "1.32")]));
        let items = |result: &str, note: &str| {
            json!({ "items": [
            { "item": "苯甲酸", "method": "GB 5009.28", "result": result, "note": note },
            { "item": "山梨酸", "method": "GB 5009.28", "result": "未检出" },
        ] })
        };
        let enter = format!("{assay}/results");
        b.clerk.post(&enter, &items("0.32 g/kg", "")).await.refused(422, "reading_differs");
        // the same in another unit is the same
        let entered = b.clerk.post(&enter, &items("1320 mg/kg", "")).await.expect(200);
        let results = entered["results"].as_array().unwrap();
        assert!(results.iter().all(|r| !r["reading"].as_str().unwrap().is_empty()), "{results:?}");
        b.clerk2.post(&format!("{assay}/back"), &json!({ "reason": "平行样偏差" })).await.expect(200);
        // a later reading counts, the earlier one stays
        w.house.clock.advance(1_000);
        let run = json!({ "name": "液质一号", "items": [{ "blind": blind, "item": "苯甲酸", "result": "1.30", "unit": "g/kg" }] });
        assert_eq!(b.clerk.post("/api/assays/runs", &run).await.expect(200)["added"], 1);
        b.clerk.post(&enter, &items("1.32 g/kg", "")).await.refused(422, "reading_differs");
        let entered = b.clerk.post(&enter, &items("1.31 g/kg", "两次读数的平均值")).await.expect(200);
        let result = entered["results"].as_array().unwrap().iter().find(|r| r["item"] == "苯甲酸").unwrap();
        let reading = entered["readings"].as_array().unwrap().iter().find(|r| r["result"] == "1.30").unwrap();
        assert_eq!((&result["reading"], &result["note"]), (&reading["id"], &json!("两次读数的平均值")));
        assert_eq!(entered["readings"].as_array().unwrap().len(), 3);
        let detail = b.officer.get(&format!("/api/samples/{id}")).await.expect(200);
        assert_eq!(detail["results"].as_array().unwrap().len(), 2);
        sound(&w);
    });
}

#[test]
fn readings_come_as_workbook_as_records_and_from_a_program() {
    each(async |w| {
        let b = bench(&w).await;
        let (_, blind) = accepted(&b, &w).await;
        let book = workbook(&[
            &["样品名称", "组分", "计算浓度", "单位"],
            &[&blind, "苯甲酸", "0.45", "g/kg"],
            &[&blind, "山梨酸", "未检出", "g/kg"],
        ]);
        let media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        let told =
            b.clerk.upload("/api/assays/runs/file?shape=lcms", media, "液质.xlsx", book).await.expect(200);
        assert_eq!((&told["added"], &told["rejected"]), (&json!(2), &json!(0)), "{told}");
        // what comes later counts
        w.house.clock.advance(1_000);
        let astm = format!(
            "H|\\^&|||LC\rP|1\rO|1|{blind}\rR|1|^^^Benzoic acid|0.46|g/kg\rR|2|^^^Sorbic acid|ND|g/kg\rX|?\rL|1\r"
        );
        let told = b
            .clerk
            .upload("/api/assays/runs/file?shape=astm", "text/plain", "a.txt", astm.into())
            .await
            .expect(200);
        assert_eq!((&told["added"], &told["rejected"]), (&json!(2), &json!(1)), "{told}");
        assert!(told["defects"][0].as_str().unwrap().starts_with("第 6 行"), "{told}");
        b.clerk
            .post("/api/assays/runs", &json!({ "name": "x", "items": [] }))
            .await
            .refused(422, "items_many");
        // results as a workbook: a mistake names its line
        let results = |value: &str| {
            workbook(&[
                &["检验项目", "检验方法", "检验结果", "单位"],
                &["山梨酸", "GB 5009.28", "未检出", "g/kg"],
                &["苯甲酸", "GB 5009.28", value, "g/kg"],
            ])
        };
        let path = format!("/api/assays/{blind}/results/sheet");
        let reply = b.clerk.upload(&path, media, "r.xlsx", results("大约")).await.refused(422, "result_form");
        assert!(reply["title"].as_str().unwrap().contains("第 3 行"), "{reply}");
        let entered = b.clerk.upload(&path, media, "r.xlsx", results("0.46")).await.expect(200);
        assert!(
            entered["results"].as_array().unwrap().iter().all(|r| r["note"] == "" && r["reading"] != ""),
            "{entered}"
        );
        sound(&w);
    });
}
