//! What appears on the public pages when its clock says, and leaves when its term ends.

use publication::Announcement;
use serde_json::{Value, json};

use crate::credit::by_house;
use crate::world::{NOW, World, each};

const DAY: i64 = 86_400_000;

/// Announces something about a business; answers its id.
pub async fn announced(w: &World, kind: &'static str, party: &str, about: &str, at_once: bool) -> String {
    let (party, about) = (party.to_owned(), about.to_owned());
    by_house(w, move |act| {
        publication::announce(
            act,
            &Announcement {
                kind,
                about: &about,
                party: &party,
                number: "华市监罚〔2026〕7号",
                title: "未按规定查验供货者许可证",
                content: json!({ "违法类型": "未履行进货查验义务", "处罚内容": "罚款5000元，电话13812345678", "负责人": "见决定书" }),
                issuer: "华龙区市场监督管理局",
                decided_at: NOW,
                from: at_once.then_some(NOW),
                until: None,
            },
        )
    })
    .await
    .unwrap()
    .unwrap_or_default()
}

pub async fn scene(w: &World) -> Vec<(String, String)> {
    let open = announced(w, "inspection", &w.factory, "visit-1", true).await;
    let kept = announced(w, "inspection", &w.factory, "visit-2", false).await;
    vec![("open_item".to_owned(), open), ("kept_item".to_owned(), kept)]
}

async fn shown(w: &World, kind: &str) -> Vec<Value> {
    let page = w.public().get(&format!("/open/{kind}?format=json")).await.expect(200);
    page["items"].as_array().unwrap().clone()
}

#[test]
fn a_penalty_appears_in_time_leaves_after_its_term_and_names_no_person() {
    each(async |w| {
        let id = announced(&w, "penalty", &w.shop, "case-1", false).await;
        assert_eq!(announced(&w, "penalty", &w.shop, "case-1", false).await, "", "once");
        assert!(shown(&w, "penalty").await.is_empty(), "its clock has not come");
        w.public().get(&format!("/open/item/{id}?format=json")).await.refused(404, "not_found");
        // decided on 2026-03-03: the twentieth working day is 2026-03-31
        let officer = w.sign_in("officer1").await;
        let waiting = officer.get("/api/publication/schedule?state=waiting").await.expect(200);
        assert_eq!(waiting["items"][0]["id"], json!(id));
        w.house.clock.advance(28 * DAY);
        let found = shown(&w, "penalty").await;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0]["content"]["处罚内容"], "罚款5000元，电话138****5678");
        assert_eq!(
            (&found[0]["shown_from"], &found[0]["shown_until"]),
            (&json!("2026-03-31"), &json!("2029-03-31"))
        );
        let page = w.public().get("/open/penalty").await;
        assert!(
            page.text().contains("胜利路便民超市") && !page.text().contains("13812345678"),
            "{}",
            page.text()
        );
        let page = w.public().get(&format!("/open/item/{id}")).await.text();
        assert!(page.contains("华市监罚〔2026〕7号") && page.contains("138****5678"), "{page}");
        let csv = w.public().get("/open/penalty?format=csv").await.text();
        assert!(csv.starts_with("\u{feff}no,id,name,") && csv.lines().count() == 2, "{csv}");
        let schema = w.public().get("/open/penalty/schema").await.expect(200);
        assert_eq!(schema["title"], "行政处罚决定");
        assert!(schema["properties"]["shown_until"].is_object(), "{schema}");
        w.public().get("/open/praise?format=json").await.refused(404, "not_found");
        w.public().get("/open/penalty?format=xml").await.refused(422, "format_unknown");
        w.house.clock.advance(3 * 366 * DAY);
        assert!(shown(&w, "penalty").await.is_empty(), "its term is over");
    });
}

#[test]
fn what_is_revoked_leaves_at_once_and_what_is_held_waits_for_its_reason() {
    each(async |w| {
        let one = announced(&w, "penalty", &w.shop, "case-1", true).await;
        let two = announced(&w, "inspection", &w.shop, "visit-1", true).await;
        assert_eq!((shown(&w, "penalty").await.len(), shown(&w, "inspection").await.len()), (1, 1));
        let officer = w.sign_in("officer1").await;
        let hold = format!("/api/publication/schedule/{two}/hold");
        officer.post(&hold, &json!({ "reason": "" })).await.refused(422, "reason_length");
        w.sign_in("officer2")
            .await
            .post(&hold, &json!({ "reason": "等待复议决定" }))
            .await
            .refused(404, "not_found");
        officer.post(&hold, &json!({ "reason": "等待复议决定" })).await.expect(200);
        assert!(shown(&w, "inspection").await.is_empty());
        w.house.clock.advance(40 * DAY);
        let officer = w.sign_in("officer1").await;
        let late = officer.get("/api/publication/schedule?state=late").await.expect(200);
        assert_eq!(late["items"][0]["hold_reason"], "等待复议决定");
        officer.post(&format!("/api/publication/schedule/{two}/release"), &json!({})).await.expect(200);
        assert_eq!(shown(&w, "inspection").await.len(), 1);

        let done = by_house(&w, |act| {
            let now = act.now;
            publication::revoke(act, "case-1", now - DAY, "行政复议撤销处罚决定")
        });
        assert_eq!(done.await.unwrap(), 1);
        assert!(shown(&w, "penalty").await.is_empty());
        let gone = officer.get("/api/publication/schedule?state=withdrawn").await.expect(200);
        let gone = &gone["items"][0];
        assert_eq!((&gone["id"], &gone["withdraw_reason"]), (&json!(one), &json!("行政复议撤销处罚决定")));
        assert!(gone["withdrawn_at"].as_i64() < gone["withdraw_due"].as_i64(), "{gone}");
        let path = format!("/api/publication/schedule/{two}/withdraw");
        officer.post(&path, &json!({ "reason": "检查结果录入有误" })).await.expect(200);
        officer.post(&path, &json!({ "reason": "检查结果录入有误" })).await.refused(409, "item_withdrawn");
        officer.post(&hold, &json!({ "reason": "等待复议决定" })).await.refused(409, "item_withdrawn");
    });
}
