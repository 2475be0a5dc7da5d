//! What the public sees behind a code: pages, recalls, files, labels.

mod ways;

use axum::http::{HeaderValue, Method};
use kit_test::{Client, Reply};
use serde_json::{Value, json};

use crate::world::{World, each, moved, product};

const GTIN: &str = "06901234567892";

/// Tofu made of bought soy beans, sent to the shop; both batches with a code.
struct Tofu {
    owner: Client,
    bean_lot: i64,
    tofu: String,
    tofu_lot: i64,
    code: String,
}

async fn code_of(client: &Client, lot: i64) -> String {
    let made = client.post(&format!("/api/lots/{lot}/code"), &json!({ "labels": 1 })).await.expect(200);
    made["code"].as_str().unwrap().to_owned()
}

async fn tofu(w: &World, gtin: Option<&str>) -> Tofu {
    let owner = w.sign_in("owner").await;
    let beans = product(&owner, "黄豆", None).await;
    let tofu = product(&owner, "卤水豆腐", gtin).await;
    let make = json!([{ "product": beans, "batch": "D1", "amount": 50_000, "made": "2026-02-20" }]);
    let bought = json!({ "kind": "receive", "counterpart": w.farm, "at": "2026-02-25", "makes": make });
    let bean_lot = moved(&owner, bought).await;
    let make = json!([{ "product": tofu, "batch": "A01", "amount": 10_000 }]);
    let made = json!({ "kind": "produce", "takes": [{ "lot": bean_lot, "amount": 5_000 }], "makes": make });
    let tofu_lot = moved(&owner, made).await;
    let ship =
        json!({ "kind": "ship", "counterpart": w.shop, "takes": [{ "lot": tofu_lot, "amount": 4_000 }] });
    let transit = moved(&owner, ship).await;
    let clerk = w.sign_in("clerk").await;
    moved(&clerk, json!({ "kind": "receive", "takes": [{ "lot": transit }] })).await;
    let code = code_of(&owner, tofu_lot).await;
    Tofu { owner, bean_lot, tofu, tofu_lot, code }
}

/// A page: status and text, after checking what holds for every page.
async fn page(client: &Client, path: &str) -> (u16, String) {
    let reply = client.get(path).await;
    let text = reply.text();
    assert_eq!(reply.headers["content-type"], "text/html; charset=utf-8", "{text}");
    assert!(!reply.headers.contains_key("set-cookie"));
    assert!(text.starts_with("<!doctype html>\n<html lang=\"zh-CN\"") && !text.contains("<script"), "{text}");
    assert_eq!(text.matches("<h1>").count(), 1, "{path}");
    (reply.status.as_u16(), text)
}

fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "“{part}” is not in {text}");
    }
}

/// A batch made of many lots, and its code; answers the first of them, the batch and the code.
async fn of_many(w: &World, owner: &Client, product: &str, lots: usize) -> (i64, i64, String) {
    let item = json!({ "kind": "harvest", "makes": [{ "product": product, "amount": 10 }] });
    let items = vec![item; lots];
    let done = owner.post("/api/moves", &json!({ "mode": "all", "items": items })).await.expect(200);
    let kept = done["kept"].as_array().unwrap();
    let from: Vec<i64> = kept.iter().map(|k| k["lots"][0].as_i64().unwrap()).collect();
    let takes: Vec<Value> = from.iter().map(|lot| json!({ "lot": lot, "amount": 1 })).collect();
    let make = json!({ "kind": "produce", "takes": takes, "makes": [{ "product": product, "batch": format!("M{lots}"), "amount": 5 }] });
    let lot = moved(owner, make).await;
    let code = owner.post(&format!("/api/lots/{lot}/code"), &json!({ "labels": 1 })).await.expect(200);
    assert!(w.house.try_held::<trace::live::LiveGraph>().is_some());
    (from[0], lot, code["code"].as_str().unwrap().to_owned())
}

/// What a page is made of, at a pace; the code of the refusal where it cannot be.
fn made(w: &World, code: &str, pace: publication::Pace) -> Result<String, String> {
    let look = || w.house.db.read_blocking(|tx| publication::scan_data_at(tx, &w.house, code, pace));
    let answer = std::thread::scope(|scope| scope.spawn(look).join()).unwrap();
    answer.map(|a| format!("{a:?}")).map_err(|e| e.code.into_owned())
}

#[test]
fn a_long_chain_is_looked_at_where_it_may_take_time_and_says_the_same() {
    use publication::Pace::{Glance, Whole};
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let tofu = product(&owner, "卤水豆腐", None).await;
        let (source, _, middle) = of_many(&w, &owner, &tofu, 300).await;
        let (far, _, long) = of_many(&w, &owner, &tofu, 2_100).await;
        assert_eq!(made(&w, &middle, Glance), made(&w, &middle, Whole));
        assert_eq!(made(&w, &long, Glance), Err(publication::CHAIN_LONG.to_owned()));
        let page = w.public().get(&format!("/t/{long}")).await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains("M2100") && page.text().contains("未见召回"), "{}", page.text());
        // a recall far behind is found on both, whichever way they are made
        for lot in [source, far] {
            let notice = json!({ "kind": "recall", "lot": lot, "grade": 2, "reason": "农药残留", "issuer": "华龙区市场监督管理局" });
            w.recalled(notice).await;
        }
        assert_eq!(made(&w, &middle, Glance), Err(publication::CHAIN_LONG.to_owned()));
        for code in [&middle, &long] {
            let page = w.public().get(&format!("/t/{code}")).await.text();
            assert!(page.contains("已召回"), "{page}");
            assert!(made(&w, code, Whole).unwrap().contains("农药残留"));
        }
    });
}

#[test]
fn a_code_tells_what_it_is_from_whom_and_how_old() {
    each(async |w| {
        let t = tofu(&w, None).await;
        let public = w.public();
        let (status, text) = page(&public, &format!("/t/{}", t.code)).await;
        assert_eq!(status, 200);
        has(
            &text,
            &[
                "未见召回，在保质期内",
                "还有 30 天",
                "卤水豆腐",
                "龙都豆制品有限公司",
                "2026年3月3日",
                "（今天）",
            ],
        );
        // the chain: the farm that sold the beans, the shop that got the tofu, with dates and places
        has(
            &text,
            &[
                "红旗渠蔬菜种植合作社",
                "供货 黄豆",
                "2026-02-25",
                "胜利路便民超市",
                "到货",
                "河南省濮阳市华龙区",
            ],
        );
        has(&text, &["<svg", "来源 1 家，去向 1 家"]);
        // never amounts
        for amount in ["4000", "4 公斤", "10 公斤", "50 公斤", "10000"] {
            assert!(!text.contains(amount), "{amount}");
        }
        let (_, large) = page(&public, &format!("/t/{}?care=1", t.code)).await;
        has(&large, &["<html lang=\"zh-CN\" class=\"care\">", "标准版"]);
        // spaces, hyphens and lower case as people type them
        let typed = format!("{}-{}", t.code[..5].to_lowercase(), &t.code[5..]);
        assert_eq!(page(&public, &format!("/t/{typed}")).await.0, 200);
    });
}

#[test]
fn a_page_is_light_and_is_not_sent_twice() {
    each(async |w| {
        let t = tofu(&w, None).await;
        let public = w.public();
        let path = format!("/t/{}", t.code);
        let packed = async |path: &str| -> Reply {
            public.send(Method::GET, path, "", Vec::new(), &[("accept-encoding", "gzip")]).await
        };
        let first = packed(&path).await;
        let html = public.get(&path).await.text();
        let at = html.find("/public/page-").expect("a style sheet");
        let style = html[at..].split('"').next().unwrap();
        let css = packed(style).await;
        assert_eq!(css.headers["cache-control"], "public, max-age=31536000, immutable");
        let weight = first.bytes.len() + css.bytes.len();
        assert!(weight <= 14 * 1024, "{weight} bytes on the wire");
        assert!(css.bytes.len() <= 4 * 1024);

        let tag = first.headers["etag"].to_str().unwrap();
        let again = public.send(Method::GET, &path, "", Vec::new(), &[("if-none-match", tag)]).await;
        assert_eq!((again.status.as_u16(), again.bytes.len()), (304, 0));
    });
}

#[test]
fn no_server_and_no_cache_shows_food_as_good_after_it_was_recalled() {
    each(async |w| {
        let t = tofu(&w, None).await;
        let second = w.second();
        let path = format!("/t/{}", t.code);
        let known = |tag: &HeaderValue| [("if-none-match", tag.to_str().unwrap().to_owned())];
        let again = async |of: &Client, tag: &HeaderValue| {
            let [(name, tag)] = known(tag);
            of.send(Method::GET, &path, "", Vec::new(), &[(name, tag.as_str())]).await
        };
        let mut seen = Vec::new();
        for of in [w.public(), second.clone()] {
            let page = of.get(&path).await;
            assert!(page.text().contains("未见召回"));
            // whoever keeps a copy asks whether it still stands
            assert_eq!(page.headers["cache-control"], "public, no-cache");
            assert_eq!(again(&of, &page.headers["etag"]).await.status, 304);
            seen.push((of, page.headers["etag"].clone()));
        }
        let officer = w.sign_in("officer1").await;
        let notice = json!({ "kind": "failure", "lot": t.bean_lot, "reason": "农药残留", "issuer": "华龙区市场监督管理局" });
        let set = officer.post("/api/publication/notices", &notice).await.expect(200);
        for (of, tag) in &seen {
            let page = again(of, tag).await;
            assert_eq!(page.status, 200);
            assert!(page.text().contains("检验不合格，请勿食用"), "{}", page.text());
        }
        let lift = format!("/api/publication/notices/{}/lift", set["id"].as_str().unwrap());
        officer.post(&lift, &json!({ "reason": "复检合格" })).await.expect(204);
        for (of, tag) in &seen {
            assert_eq!(again(of, tag).await.status, 304, "the page is what it was before");
        }
    });
}

#[test]
fn a_recalled_ingredient_shows_on_what_was_made_of_it() {
    each(async |w| {
        let t = tofu(&w, None).await;
        let public = w.public();
        let path = format!("/t/{}", t.code);
        assert!(!page(&public, &path).await.1.contains("召回公告"));
        let notice = json!({ "kind": "recall", "lot": t.bean_lot, "grade": 2, "reason": "黄曲霉毒素超标", "issuer": "华龙区市场监督管理局" });
        // a recall is no notice that somebody writes: it has a case with a plan, holders and clocks
        let officer = w.sign_in("officer1").await;
        officer.post("/api/publication/notices", &notice).await.refused(422, "notice_recall");
        assert!(!page(&public, &path).await.1.contains("召回公告"));
        let mut failure = notice.clone();
        failure["kind"] = json!("failure");
        // the officer of the other county has no say here
        let far = w.sign_in("officer2").await;
        far.post("/api/publication/notices", &failure).await.refused(403, "out_of_scope");
        t.owner.post("/api/publication/notices", &failure).await.refused(403, "permission_missing");
        w.recalled(notice).await;
        let made = officer.get("/api/publication/notices").await.expect(200)["items"][0].clone();

        let (status, text) = page(&public, &path).await;
        assert_eq!(status, 200);
        has(
            &text,
            &[
                "已召回，请勿食用",
                "黄曲霉毒素超标",
                "二级召回",
                "华龙区市场监督管理局",
                "凭包装到购买处退货退款",
            ],
        );
        assert!(!text.contains("在保质期内"));
        // tofu of another batch is not touched
        let other = moved(
            &t.owner,
            json!({ "kind": "produce", "makes": [{ "product": t.tofu, "batch": "A02", "amount": 1_000 }] }),
        )
        .await;
        let clean = code_of(&t.owner, other).await;
        has(&page(&public, &format!("/t/{clean}")).await.1, &["未见召回"]);

        let lift = format!("/api/publication/notices/{}/lift", made["id"].as_str().unwrap());
        far.post(&lift, &json!({ "reason": "误发" })).await.expect(404);
        officer.post(&lift, &json!({ "reason": "" })).await.refused(422, "reason_missing");
        officer.post(&lift, &json!({ "reason": "复检合格" })).await.expect(204);
        officer.post(&lift, &json!({ "reason": "复检合格" })).await.refused(409, "notice_lifted");
        has(&page(&public, &path).await.1, &["未见召回，在保质期内"]);
        let list = officer.get("/api/publication/notices").await.expect(200);
        assert_eq!((list["total"].as_i64(), list["items"][0]["standing"].as_bool()), (Some(1), Some(false)));
        assert_eq!(far.get("/api/publication/notices").await.expect(200)["total"], 0);
    });
}

#[test]
fn a_notice_says_what_it_is_about() {
    each(async |w| {
        let t = tofu(&w, None).await;
        let officer = w.sign_in("officer1").await;
        let post = async |officer: &Client, change: Value| {
            let mut form = json!({ "kind": "failure", "product": t.tofu, "batch": "A01", "reason": "标签不符", "issuer": "市局" });
            for (name, value) in change.as_object().unwrap() {
                form[name] = value.clone();
            }
            officer.post("/api/publication/notices", &form).await
        };
        for (change, code) in [
            (json!({ "lot": t.tofu_lot }), "notice_subject"),
            (json!({ "product": null }), "notice_subject"),
            (json!({ "product": "none" }), "product_unknown"),
            (json!({ "product": null, "batch": "", "lot": 999 }), "lot_unknown"),
            (json!({ "reason": " " }), "reason_length"),
            (json!({ "issuer": "" }), "issuer_length"),
            (json!({ "grade": 4 }), "grade_range"),
            (json!({ "until": "2026-03-02" }), "until_past"),
            (json!({ "until": "2026-02-30" }), "date_impossible"),
        ] {
            post(&officer, change).await.refused(422, code);
        }
        let public = w.public();
        let path = format!("/t/{}", t.code);
        has(&page(&public, &path).await.1, &["未见召回"]);
        post(&officer, json!({ "until": "2026-03-03" })).await.expect(200);
        has(&page(&public, &path).await.1, &["检验不合格 批号 A01", "标签不符"]);
        // it ends with its last day
        w.house.clock.advance(86_400_000);
        has(&page(&public, &path).await.1, &["未见召回", "1 天前"]);
        let officer = w.sign_in("officer1").await;
        post(&officer, json!({ "kind": "withdrawal", "reason": "信息核实中" })).await.expect(200);
        let (status, text) = page(&public, &path).await;
        assert_eq!(status, 410);
        has(&text, &["这条信息已停止公示", "信息核实中"]);
        assert!(!text.contains("胜利路便民超市"));
    });
}

#[test]
fn what_is_no_good_code_says_so_and_what_to_do() {
    each(async |w| {
        let t = tofu(&w, None).await;
        let public = w.public();
        let mut forged = t.code.clone();
        let last = if forged.ends_with('2') { "3" } else { "2" };
        forged.replace_range(13.., last);
        let (status, text) = page(&public, &format!("/t/{forged}")).await;
        assert_eq!(status, 404);
        has(&text, &["这个码不对，可能抄错或仿冒", "校验位不符", "12315", "重新输入"]);
        let unknown = kit_base::codes::platform::new(
            kit_base::codes::platform::Kind::Trace,
            &kit_base::Ids::seeded(99),
        );
        let (status, text) = page(&public, &format!("/t/{unknown}")).await;
        assert_eq!(status, 404);
        has(&text, &["没有查到这个码", &unknown]);
        let (status, text) = page(&public, "/t/%3Cscript%3Ealert(1)%3C%2Fscript%3E").await;
        assert_eq!(status, 404);
        assert!(!text.to_lowercase().contains("<script"));
        for odd in ["%E8%B1%86%E8%85%90", "%00", "B", "T2345678923456789"] {
            assert_eq!(page(&public, &format!("/t/{odd}")).await.0, 404, "{odd}");
        }

        let void = json!({ "reason": "标签印错" });
        t.owner.post(&format!("/api/trace-codes/{}/void", t.code), &void).await.expect(204);
        w.house.clock.advance(11_000);
        let (status, text) = page(&public, &format!("/t/{}", t.code)).await;
        assert_eq!(status, 410);
        has(&text, &["追溯码已作废", "标签印错", "卤水豆腐"]);
    });
}

#[test]
fn food_past_its_last_day_says_so() {
    each(async |w| {
        let t = tofu(&w, None).await;
        let public = w.public();
        let path = format!("/t/{}", t.code);
        w.house.clock.advance(30 * 86_400_000);
        has(&page(&public, &path).await.1, &["在保质期内", "今天到期"]);
        w.house.clock.advance(86_400_000);
        has(&page(&public, &path).await.1, &["已过保质期，请勿食用", "已过期 1 天"]);
    });
}
