//! 监督抽考: papers that nobody chooses, marks with the record, a finding for whoever failed, and a room of training beside it.

use std::sync::{Arc, Mutex};

use kit_exam::{Bank, Told, Training};
use serde_json::{Value, json};

use crate::findings::sound;
use crate::inspection::{Pair, all_well, pair, planned, record_of, shot};
use crate::world::{NOW, World, each};

/// Somebody examined with a paper of the pack: `right` questions answered as they should be, the others not at all.
fn examined(exam: &Value, no: usize, post: &str, right: usize, file: &str) -> Value {
    let paper = &exam["papers"][no - 1];
    let answer = |(i, q): (usize, &Value)| {
        let chosen = if i < right { q["right"].clone() } else { json!("") };
        json!({ "question": q["code"], "chosen": chosen })
    };
    let answers: Vec<Value> = paper["questions"].as_array().unwrap().iter().enumerate().map(answer).collect();
    json!({
        "no": no, "bank": exam["bank"], "version": exam["version"], "post": post, "name": "张*", "started_at": NOW - 900_000,
        "ended_at": NOW - 300_000, "answers": answers, "file": file
    })
}

/// A planned visit with its pack, and a record of it in which everything holds.
async fn ready(pair: &Pair, w: &World) -> (String, Value, Value, String) {
    let visit = planned(pair, &w.shop, "daily").await;
    let sign = shot(&pair.one, &visit, 3, "signature").await;
    let answers = all_well(&pair.one, &visit, &sign).await;
    let pack = pair.one.get(&format!("/api/visits/{visit}/pack")).await.expect(200);
    (visit, pack["exam"].clone(), record_of(pair, "k-exam", answers, &sign), sign)
}

#[test]
fn managers_are_examined_with_papers_that_nobody_chose() {
    each(async |w| {
        let pair = pair(&w).await;
        let (visit, exam, mut record, sign) = ready(&pair, &w).await;
        // five papers, each another, the same whoever asks and whenever
        assert_eq!(exam["papers"].as_array().unwrap().len(), 5);
        let again = pair.two.get(&format!("/api/visits/{visit}/pack")).await.expect(200);
        assert_eq!(again["exam"], exam);
        let codes = |no: usize| -> Vec<String> {
            let all = exam["papers"][no - 1]["questions"].as_array().unwrap();
            all.iter().map(|q| q["code"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(codes(1).len(), 10);
        assert_eq!(codes(1).iter().filter(|c| c.starts_with('S')).count(), 6, "six of its kind of business");
        assert_ne!(codes(1), codes(2));

        let path = format!("/api/visits/{visit}/record");
        let good = examined(&exam, 1, "officer", 6, &sign);
        for (place, value, code, field) in [
            ("/no", json!(9), "exam_no", "exams/0/no"),
            ("/no", json!(2), "exam_paper", "exams/0/answers"),
            ("/bank", json!("theirs"), "exam_bank", "exams/0/bank"),
            ("/version", json!(99), "exam_version", "exams/0/version"),
            ("/post", json!("cook"), "post_unknown", "exams/0/post"),
            ("/name", json!("张小明"), "name_whole", "exams/0/name"),
            ("/answers/0/chosen", json!("E"), "exam_choice", "exams/0/answers/0/chosen"),
            ("/answers", json!([]), "exam_paper", "exams/0/answers"),
            ("/file", json!("00"), "photo_unknown", "exams/0/file"),
            ("/ended_at", json!(NOW + 86_400_000), "time_future", "exams/0/ended_at"),
        ] {
            let mut wrong = good.clone();
            *wrong.pointer_mut(place).unwrap() = value;
            record["exams"] = json!([wrong]);
            let body = pair.one.post(&path, &record).await.refused(422, code);
            assert_eq!(body["field"], field, "{body}");
        }
        record["exams"] = json!([good, good]);
        pair.one.post(&path, &record).await.refused(422, "exam_twice");

        // sixty of a hundred is enough for 食品安全员, and not for 食品安全总监
        record["exams"] = json!([good, examined(&exam, 2, "director", 6, "")]);
        record["due"] = json!("");
        pair.one.post(&path, &record).await.refused(422, "due_missing");
        record["due"] = json!("2026-03-13");
        let answer = pair.one.post(&path, &record).await.expect(200);
        assert_eq!(
            (&answer["conclusion"], &answer["handling"]),
            (&json!("issue_found"), &json!(["rectify"]))
        );
        let results: Vec<(i64, bool)> = answer["exams"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| (e["score"].as_i64().unwrap(), e["passed"].as_bool().unwrap()))
            .collect();
        assert_eq!(results, [(60, true), (60, false)]);
        assert_eq!(answer["findings"].as_array().unwrap().len(), 1);
        assert_eq!(
            pair.one.post(&path, &record).await.expect(200),
            answer,
            "a repeat is answered and not done again"
        );

        let seen = pair.two.get(&format!("/api/visits/{visit}")).await.expect(200);
        assert_eq!(seen["exams"][1]["finding"], answer["findings"][0]["id"]);
        assert_eq!(seen["exams"][0]["seed"], exam["papers"][0]["seed"]);
        let asked = &seen["exams"][0]["asked_of"];
        assert_eq!((&asked[0]["fits"], &asked[9]["fits"]), (&json!(true), &json!(false)));
        assert!(asked[9]["statute"].as_str().unwrap().chars().count() > 3);
        shown_where_it_belongs(&w, &pair, &visit, &answer).await;
        sound(&w);
    });
}

/// The finding says what rule it breaks and what to do; the record on paper and the public page tell the result without a name.
async fn shown_where_it_belongs(w: &World, pair: &Pair, visit: &str, answer: &Value) {
    let finding = answer["findings"][0]["id"].as_str().unwrap();
    let found = pair.one.get(&format!("/api/findings/{finding}")).await.expect(200);
    assert!(
        found["what"].as_str().unwrap().contains("食品安全总监 张*：60 分（80 分合格），不合格"),
        "{found}"
    );
    assert!(found["rule"].as_str().unwrap().contains("第四十四条"));
    assert_eq!((&found["status"], &found["severity"]), (&json!("mending"), &json!("general")));
    let clerk = w.sign_in("clerk").await;
    assert_eq!(clerk.get(&format!("/api/findings/{finding}")).await.expect(200)["id"], finding);
    let paper = pair.one.get(&format!("/api/visits/{visit}/record.escpos?width=80")).await;
    let (line, _, _) = encoding_rs::GB18030.encode("食品安全员 张*：60 分");
    assert!(paper.bytes.windows(line.len()).any(|part| part == line.as_ref()));
    let pdf = pair.one.get(&format!("/api/visits/{visit}/record.pdf")).await;
    assert!(pdf.bytes.starts_with(b"%PDF"));
    w.house.clock.advance(20 * 86_400_000);
    crate::flows::tick(w).await;
    let house = w.house.clone();
    tokio::task::spawn_blocking(move || publication::tick(&house)).await.unwrap().unwrap();
    let shown = w.public().get("/open/inspection?format=json").await.text();
    assert!(shown.contains("抽考 2 人，合格 1 人") && !shown.contains("张*"), "{shown}");
}

#[test]
fn an_on_site_check_of_an_application_examines_nobody() {
    each(async |w| {
        let pair = pair(&w).await;
        let visit = planned(&pair, &w.shop, "licence").await;
        let pack = pair.one.get(&format!("/api/visits/{visit}/pack")).await.expect(200);
        assert_eq!(pack["exam"], Value::Null);
        let (_, exam, ..) = ready(&pair, &w).await;
        let sign = shot(&pair.one, &visit, 4, "signature").await;
        let answers = all_well(&pair.one, &visit, &sign).await;
        let mut record = record_of(&pair, "k-site", answers, &sign);
        record["exams"] = json!([examined(&exam, 1, "officer", 6, &sign)]);
        pair.one.post(&format!("/api/visits/{visit}/record"), &record).await.refused(422, "exam_kind");
    });
}

static HEARD: Mutex<Vec<Told>> = Mutex::new(Vec::new());

const THEIRS: &str = "code,since,until,stage,form,text,a,b,c,d,right,because,statute,certainty,source
T1,1,,all,judge,培训题一,正确,错误,,,A,因为,法,confirmed,文
T2,1,,all,judge,培训题二,正确,错误,,,B,因为,法,confirmed,文
";

#[test]
fn a_room_of_training_brings_its_own_bank_and_hears_of_the_marks() {
    each(async |mut w| {
        let training = Training {
            bank: |_, code| {
                let theirs = Arc::new(Bank::read("training", "培训题库", THEIRS)?);
                Ok(code.is_none_or(|c| c == theirs.code).then_some(theirs))
            },
            told: |_, told| {
                HEARD.lock().unwrap_or_else(|e| e.into_inner()).push(told.clone());
                Ok(())
            },
        };
        Arc::get_mut(&mut w.house).expect("nobody has the house yet").hold(Arc::new(training));
        let pair = pair(&w).await;
        let (visit, exam, mut record, sign) = ready(&pair, &w).await;
        assert_eq!((&exam["bank"], &exam["name"]), (&json!("training"), &json!("培训题库")));
        assert_eq!(exam["papers"][0]["questions"].as_array().unwrap().len(), 2);
        record["exams"] = json!([examined(&exam, 1, "head", 2, &sign)]);
        let answer = pair.one.post(&format!("/api/visits/{visit}/record"), &record).await.expect(200);
        assert_eq!((&answer["conclusion"], &answer["exams"][0]["score"]), (&json!("no_issue"), &json!(100)));
        let heard = std::mem::take(&mut *HEARD.lock().unwrap());
        assert_eq!(heard.len(), 1);
        assert_eq!(
            (heard[0].party.as_str(), heard[0].passed, heard[0].mark.right),
            (w.shop.as_str(), true, 2)
        );
    });
}
