//! 协查 and the two sides of a disposal: the bureau of a producer elsewhere is asked, has its own side, and answers.

use kit_test::Client;
use serde_json::{Value, json};

use super::{Bench, bench, failing_results, people, photos, sheet, task, tested, told};
use crate::findings::{act, photo, refused, sound};
use crate::flows::clock;
use crate::world::{World, each};

/// Of the other county: its people, and the producer there.
struct Far {
    officer: Client,
    leader: Client,
    owner: Client,
}

async fn far(w: &World) -> Far {
    let owner = Err(w.far_shop.clone());
    people(w, &[("far.leader", "leader", Ok("410922")), ("far.owner", "business_owner", owner)]).await;
    Far {
        officer: w.sign_in("officer2").await,
        leader: w.sign_in("far.leader").await,
        owner: w.sign_in("far.owner").await,
    }
}

/// A failing sample whose producer is in the other county.
async fn failing(b: &Bench, w: &World, seal: &str) -> String {
    failing_of(b, w, seal, (&w.far_shop, "清丰县城关粮油店")).await
}

/// A failing sample of a producer.
async fn failing_of(b: &Bench, w: &World, seal: &str, (producer, name): (&str, &str)) -> String {
    let sample = task(b, w, "outer").await;
    let id = sample["id"].as_str().unwrap().to_owned();
    photos(&b.officer, &id).await;
    let mut filled = sheet(&b.code, seal);
    filled["producer"] = json!(producer);
    filled["sheet"]["maker_name"] = json!(name);
    b.officer.post(&format!("/api/samples/{id}/sheet"), &filled).await.expect(200);
    b.second.post(&format!("/api/samples/{id}/seal"), &json!({})).await.expect(200);
    for part in ["test", "spare"] {
        let offer = json!({ "part": part, "receiver": w.shop });
        b.officer.post(&format!("/api/samples/{id}/offers"), &offer).await.expect(200);
    }
    let blind = sample["blind"].as_str().unwrap();
    tested(b, blind, failing_results()).await;
    b.head.post(&format!("/api/assays/{blind}/issue"), &json!({})).await.expect(200);
    id
}

fn letter() -> Value {
    json!({ "action": "assist", "form": { "assist_to": "清丰县市场监督管理局", "assist_asked": "核查该批次的生产记录" } })
}

/// The address of a document, whose number has brackets of its own.
fn paper(id: &str, number: &str) -> String {
    let sign =
        |b: u8| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") };
    format!("/api/cases/{id}/documents/{}.pdf", number.bytes().map(sign).collect::<String>())
}

async fn titles(client: &Client) -> Vec<String> {
    let page = client.get("/api/notices").await.expect(200);
    let title = |m: &Value| m["title"].as_str().unwrap().to_owned();
    page["items"].as_array().unwrap().iter().map(title).collect()
}

#[test]
fn the_bureau_of_the_producer_is_asked_and_answers() {
    each(async |w| {
        let b = bench(&w).await;
        let f = far(&w).await;
        let id = failing(&b, &w, "S1").await;
        refused(&b.officer, &id, letter(), 409, "needs_flag").await;
        told(&b.officer, &id).await;
        let path = format!("/api/samples/{id}");
        f.officer.get(&path).await.refused(404, "not_found");
        assert_eq!(f.officer.get("/api/samples/given").await.expect(200), json!([]));
        let case = act(&b.officer, &id, letter()).await;
        assert_eq!(clock(&case, "assist")["certainty"], "setting", "{case}");
        let number = |code: &str| {
            let found = case["documents"].as_array().unwrap().iter().find(|d| d["code"] == code);
            found.unwrap()["number"].as_str().unwrap().to_owned()
        };
        let (of_letter, of_notice) = (number("assist"), number("producer_notice"));
        assert!(of_letter.starts_with("协查〔2026〕1"), "{of_letter}");
        refused(&b.officer, &id, letter(), 409, "needs_flag").await;
        // the bureau asked sees the sample with its letter, and that it is to act
        let seen = f.officer.get(&path).await.expect(200);
        assert_eq!(seen["letters"][0]["number"], json!(of_letter), "{seen}");
        assert_eq!(seen["letters"][0]["last_day"], clock(&case, "assist")["last_day"]);
        assert_eq!(seen["maker"]["elsewhere"], true, "{seen}");
        let given = f.officer.get("/api/samples/given").await.expect(200);
        assert_eq!((&given[0]["id"], &given[0]["all"]), (&json!(id), &json!(7)), "{given}");
        assert_eq!(b.officer.get("/api/samples/given").await.expect(200), json!([]));
        assert!(titles(&f.leader).await.iter().any(|t| t == "核查处置已分派"));
        for number in [&of_letter, &of_notice] {
            assert!(f.officer.get(&paper(&id, number)).await.bytes.starts_with(b"%PDF"), "{number}");
        }
        // so does the producer, and not what is the shop's
        assert!(titles(&f.owner).await.iter().any(|t| t.contains("抽检不合格")));
        let own = f.owner.get("/api/own-samples").await.expect(200);
        let mine = &own["items"][0];
        assert_eq!(
            (&mine["id"], &mine["as_producer"], &mine["verdict"]),
            (&json!(id), &json!(true), &json!("fails"))
        );
        assert_eq!((&mine["papers"], &mine["may"]), (&json!([]), &json!([])), "{mine}");
        assert!(f.owner.get(&paper(&id, &of_notice)).await.bytes.starts_with(b"%PDF"));
        f.owner.get(&paper(&id, &of_letter)).await.refused(404, "not_found");
        // the answer
        let answers = format!("{path}/letters/answer");
        let answer = |day: &str| json!({ "answer_on": day, "answer_no": "清市监函〔2026〕5号", "answer": "该批次 200 袋，已封存 120 袋" });
        f.officer.post(&answers, &answer("2026-03-09")).await.refused(422, "answer_future");
        f.officer.post(&answers, &answer("2026-03-01")).await.refused(422, "answer_early");
        f.officer.post(&answers, &answer("2026-03-03")).await.expect(200);
        f.officer.post(&answers, &answer("2026-03-03")).await.refused(409, "needs_flag");
        let seen = b.officer.get(&path).await.expect(200);
        assert_eq!(
            (&seen["letters"][0]["answer_on"], &seen["letters"][0]["last_day"]),
            (&json!("2026-03-03"), &json!(""))
        );
        assert!(titles(&b.leader).await.iter().any(|t| t == "协查函已答复"));
        // another letter has the next number
        let case = act(&b.officer, &id, letter()).await;
        let numbers: Vec<&str> = case["documents"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|d| d["code"] == "assist")
            .map(|d| d["number"].as_str().unwrap())
            .collect();
        assert!(numbers.iter().any(|n| n.starts_with("协查〔2026〕2")), "{numbers:?}");
        // nobody answers: it goes up, and the answer is still taken
        w.house.clock.advance(40 * 86_400_000);
        while crate::flows::tick(&w).await > 0 {}
        let officer = w.sign_in("officer1").await;
        let history = officer.get(&format!("/api/cases/{id}/history")).await.expect(200);
        assert!(
            history["steps"].as_array().unwrap().iter().any(|s| s["action"] == "assist_late"),
            "{history}"
        );
        let late =
            json!({ "action": "assist_answer", "form": { "answer_on": "2026-04-01", "answer": "已核查" } });
        let case = act(&officer, &id, late).await;
        assert_eq!(clock(&case, "assist")["state"], "stopped", "{case}");
        sound(&w);
    });
}

#[test]
fn a_producer_of_the_place_is_told_and_needs_no_letter() {
    each(async |w| {
        let b = bench(&w).await;
        let sample = task(&b, &w, "outer").await;
        let id = sample["id"].as_str().unwrap().to_owned();
        let blind = super::sent(&b, &w, &sample, "S1").await;
        tested(&b, &blind, failing_results()).await;
        b.head.post(&format!("/api/assays/{blind}/issue"), &json!({})).await.expect(200);
        told(&b.officer, &id).await;
        // the sheet names none
        refused(&b.officer, &id, letter(), 409, "producer_none").await;
        let notify = json!({ "action": "notify_producer", "form": { "notified_by": "post" } });
        refused(&b.officer, &id, notify.clone(), 409, "producer_none").await;
        // one of the place: no letter, and its side stays here
        let id = failing_of(&b, &w, "S2", (&w.farm, "红旗渠蔬菜种植合作社")).await;
        refused(&b.officer, &id, notify.clone(), 409, "needs_flag").await;
        told(&b.officer, &id).await;
        refused(&b.officer, &id, letter(), 409, "producer_near").await;
        let case = act(&b.officer, &id, notify).await;
        assert!(case["documents"].to_string().contains("抽检告产〔2026〕1"), "{case}");
        let seen = b.officer.get(&format!("/api/samples/{id}")).await.expect(200);
        assert!(seen["maker"]["told_at"].is_i64() && seen["given"] == json!([]), "{seen}");
        sound(&w);
    });
}

#[test]
fn each_bureau_has_its_own_side() {
    each(async |w| {
        let b = bench(&w).await;
        let f = far(&w).await;
        let id = failing(&b, &w, "S1").await;
        told(&b.officer, &id).await;
        let serve = json!({ "action": "serve", "form": { "receiver": "王老板", "served_on": "2026-03-03" } });
        act(&b.officer, &id, serve).await;
        let accept = json!({ "action": "accept_result", "form": { "accepted_by": "王老板" } });
        b.owner.post(&format!("/api/own-samples/{id}/acts"), &accept).await.expect(200);
        let path = format!("/api/samples/{id}");
        let seen = b.officer.get(&path).await.expect(200);
        let whose = |side: &str| {
            let of = seen["given"].as_array().unwrap().iter().filter(|g| g["side"] == side);
            of.map(|g| g["division"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!((whose("trade").len(), whose("producer")), (7, vec!["410922".to_owned(); 7]), "{seen}");
        let start = |side: &str| json!({ "side": side, "stream": "start", "form": { "served": "2026-03-03", "taken": true } });
        let streams = format!("{path}/streams");
        b.officer.post(&streams, &start("producer")).await.refused(403, "stream_given");
        f.officer.post(&streams, &start("trade")).await.refused(403, "stream_given");
        b.officer.post(&streams, &start("trade")).await.expect(200);
        f.officer.post(&streams, &start("producer")).await.expect(200);
        // what is attached: by whoever has it, seen by both
        let files = format!("{streams}/files?side=producer&stream=start&name=%E5%9B%9E%E8%AF%81");
        b.officer.upload(&files, "image/jpeg", "a.jpg", photo(5, 64)).await.refused(403, "stream_given");
        let kept = f.officer.upload(&files, "image/jpeg", "a.jpg", photo(5, 64)).await.expect(200);
        let again = f.officer.upload(&files, "image/jpeg", "a.jpg", photo(5, 64)).await.expect(200);
        assert_eq!(kept["id"], again["id"]);
        let other = files.replace("stream=start", "stream=none");
        f.officer.upload(&other, "image/jpeg", "a.jpg", photo(5, 64)).await.refused(422, "stream_unknown");
        let seen = b.officer.get(&path).await.expect(200);
        assert_eq!(
            (&seen["stream_files"][0]["name"], seen["stream_files"].as_array().unwrap().len()),
            (&json!("回证"), 1)
        );
        let file = format!("{streams}/files/{}", kept["id"].as_str().unwrap());
        assert_eq!(b.leader.get(&file).await.bytes, photo(5, 64));
        // and passed by its own leader
        let pass = |side: &str| json!({ "side": side, "stream": "start", "pass": true });
        let review = format!("{streams}/review");
        // the leader of the demo is the city's, who reaches both
        people(&w, &[("near.leader", "leader", Ok("410902"))]).await;
        let near = w.sign_in("near.leader").await;
        near.post(&review, &pass("producer")).await.refused(403, "stream_given");
        f.leader.post(&review, &pass("producer")).await.expect(200);
        near.post(&review, &pass("trade")).await.expect(200);
        f.officer.upload(&files, "image/jpeg", "b.jpg", photo(6, 64)).await.refused(409, "stream_passed");
        // streams are given elsewhere, within the two counties
        let give = |side: &str, streams: &[&str], division: &str| json!({ "side": side, "streams": streams, "division": division });
        let given = format!("{streams}/given");
        b.leader.post(&given, &give("trade", &[], "410922")).await.refused(422, "stream_elsewhere");
        b.leader.post(&given, &give("producer", &["start"], "410902")).await.refused(409, "stream_passed");
        f.leader.post(&given, &give("producer", &[], "410902")).await.refused(403, "out_of_scope");
        b.leader.post(&given, &give("producer", &["penalty"], "410902")).await.expect(200);
        let penalty = json!({ "side": "producer", "stream": "penalty", "form": { "filed": true, "basis": "食品安全法第一百二十四条", "basis_fits": "yes", "measure_fits": "no" } });
        f.officer.post(&streams, &penalty).await.refused(403, "stream_given");
        b.officer.post(&streams, &penalty).await.expect(200);
        let seen = f.officer.get(&path).await.expect(200);
        let penalty = seen["given"]
            .as_array()
            .unwrap()
            .iter()
            .find(|g| g["side"] == "producer" && g["stream"] == "penalty");
        assert_eq!(penalty.unwrap()["division"], "410902", "{seen}");
        refused(
            &b.leader,
            &id,
            json!({ "action": "dispose", "form": { "decision": "同意" } }),
            409,
            "streams_open",
        )
        .await;
        sound(&w);
    });
}
