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

/// What of a value does not fit a JSON Schema of plain objects, as the published ones are.
fn unfit(schema: &Value, value: &Value, at: &str, out: &mut Vec<String>) {
    let is = |name: &str| match name {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        other => panic!("{at}: {other} is no type of open data"),
    };
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(some) => some.iter().filter_map(Value::as_str).collect(),
        // anything
        _ => return,
    };
    if !types.into_iter().any(is) {
        out.push(format!("{at}: {value} is no {}", schema["type"]));
    }
    let Some(properties) = schema["properties"].as_object() else { return };
    let required = schema["required"].as_array().unwrap().iter().filter_map(Value::as_str);
    out.extend(required.filter(|n| value.get(n).is_none()).map(|n| format!("{at}: no {n}")));
    for (name, inner) in value.as_object().into_iter().flatten() {
        match properties.get(name) {
            Some(schema) => unfit(schema, inner, &format!("{at}/{name}"), out),
            None => out.push(format!("{at}: {name} is not in the schema")),
        }
    }
}

/// Eleven digits of a mobile telephone, or eighteen of an id card, that stand alone.
fn names_a_person(text: &str) -> bool {
    let alone = |run: &str| {
        (run.len() == 11 && run.starts_with('1') && run.bytes().all(|b| b.is_ascii_digit()))
            || (run.len() == 18 && run[..17].bytes().all(|b| b.is_ascii_digit()) && &run[6..8] < "21")
    };
    text.split(|c: char| !c.is_ascii_alphanumeric()).any(alone)
}

/// Every row of every kind of open data fits its published schema, stands in the CSV as in the JSON, and names no person.
/// Answers how many rows.
pub async fn every_row_fits(public: &kit_test::Client) -> usize {
    let mut rows = 0;
    for term in publication::kinds("2026-03-01") {
        let schema = public.get(&format!("/open/{term}/schema")).await.expect(200);
        let (mut after, mut faults) = (0, Vec::new());
        loop {
            let path = format!("/open/{term}?after={after}&format=");
            let part = public.get(&format!("{path}json")).await.expect(200);
            let csv = public.get(&format!("{path}csv")).await.text();
            let mut csv = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
            let heads: Vec<String> = csv.headers().unwrap().iter().map(str::to_owned).collect();
            let records: Vec<csv::StringRecord> = csv.records().map(Result::unwrap).collect();
            let items = part["items"].as_array().unwrap();
            assert_eq!(records.len(), items.len(), "{term}");
            for (item, record) in items.iter().zip(&records) {
                let no = format!("{term}#{}", item["no"]);
                unfit(&schema, item, &no, &mut faults);
                assert_eq!(heads.len(), item.as_object().unwrap().len(), "{no}");
                for (head, cell) in heads.iter().zip(record) {
                    let told = item[head].as_str().map_or_else(|| item[head].to_string(), str::to_owned);
                    assert_eq!(cell.trim_start_matches('\''), told, "{no} {head}");
                }
                let texts = [&item["title"], &item["content"], &item["name"]];
                assert!(!texts.iter().any(|t| names_a_person(&t.to_string())), "{item}");
            }
            rows += items.len();
            match part["next"].as_i64() {
                Some(next) => after = next,
                None => break,
            }
        }
        assert_eq!(faults, Vec::<String>::new());
    }
    rows
}

#[test]
fn what_does_not_fit_the_schema_is_found() {
    let schema = json!({ "type": "object", "required": ["a"], "properties": { "a": { "type": "string" }, "b": { "type": ["integer", "null"] } } });
    let faults = |value: Value| {
        let mut out = Vec::new();
        unfit(&schema, &value, "row", &mut out);
        out.len()
    };
    assert_eq!([faults(json!({ "a": "x", "b": null })), faults(json!({ "a": 1 }))], [0, 1]);
    assert_eq!([faults(json!({ "b": "2" })), faults(json!({ "a": "", "c": 0 }))], [2, 1]);
    assert!(names_a_person("电话13812345678。") && names_a_person("410902199001012222"));
    assert!(!names_a_person("138****5678，92410902MA00000000"));
}

async fn shown(w: &World, kind: &str) -> Vec<Value> {
    let page = w.public().get(&format!("/open/{kind}?format=json")).await.expect(200);
    page["items"].as_array().unwrap().clone()
}

/// The schedule is searched, narrowed and put in order; what the law asks of each kind is told.
async fn searched(officer: &kit_test::Client) {
    let total = async |query: &str| {
        officer.get(&format!("/api/publication/schedule?{query}")).await.expect(200)["total"]
            .as_i64()
            .unwrap()
    };
    assert_eq!((total("q=2026%E3%80%957").await, total("q=nothing").await), (1, 0));
    assert_eq!((total("division=410902").await, total("division=410922").await), (1, 0));
    assert_eq!((total("kind=penalty").await, total("kind=inspection").await), (1, 0));
    for sort in ["from", "-from", "due", "-due", "decided", "-decided", "name", "-name"] {
        assert_eq!(total(&format!("sort={sort}")).await, 1, "{sort}");
    }
    officer.get("/api/publication/schedule?sort=colour").await.refused(422, "sort_unknown");
    let terms = officer.get("/api/publication/terms").await.expect(200);
    let penalty = terms.as_array().unwrap().iter().find(|t| t["kind"] == "penalty").unwrap().clone();
    assert_eq!((&penalty["after"]["count"], &penalty["months"]), (&json!(20), &json!(36)), "{penalty}");
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
        searched(&officer).await;
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
