//! What anybody may read: recalls with their progress, figures of drills, and the page of who follows a batch.

use std::collections::BTreeMap;

use kit_base::amount::Shown;
use kit_base::clock::china_text;
use kit_base::text::mask_if_person;
use kit_base::{Error, Kind, Result, Unit};
use kit_db::Tx;
use kit_docs::qr::{Level, QUIET, Qr};
use kit_web::{Access, Ask, Cx, Form, Html, Route};
use publication::Look;
use publication::sheet::{Cell, Field, Form as SheetForm, Part, Section, Sheet, sheet};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::actions::trace::day;
use crate::actions::{drill, follow, look, named};
use crate::model::{DrillFigures, Recall};
use crate::rules::{level, setting};
use crate::store::{follows, recalls, tasks};

const OPEN: Access = Access::Public;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/recalls", OPEN, "召回公告", list),
        Route::get("/recalls/drills", OPEN, "模拟召回指标", drills),
        Route::get("/recalls/{code}", OPEN, "一次召回的公告与进展", one),
        Route::get("/follow/{code}", OPEN, "关注一个批次", ask_to_follow),
        Route::post("/follow/{code}", OPEN, "开始关注一个批次", "recall.follow", begin),
        Route::get("/followed/{token}", OPEN, "关注的批次怎么样了", told),
    ]
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
struct Query {
    /// 1: large type
    care: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
struct CodePath {
    code: String,
}

#[derive(Deserialize, JsonSchema)]
struct TokenPath {
    token: String,
}

fn look_of(query: &Query, address: String) -> Look {
    Look { care: query.care.as_deref() == Some("1"), address }
}

fn percent(tenths: i64) -> String {
    format!("{}.{}%", tenths / 10, tenths % 10)
}

fn short(recall: &Recall) -> String {
    let grade = ["一级", "二级", "三级"][(recall.grade.clamp(1, 3) - 1) as usize];
    format!(
        "{} 批号{}（{grade}召回，{}）",
        recall.food,
        recall.batch,
        recall.announced_at.map(day).unwrap_or_default()
    )
}

async fn list(cx: Cx, ask: Ask<(), Query>) -> Result<Html> {
    let all = cx.read(|tx, _| recalls::public(tx)).await?;
    let simulated = all.iter().any(|r| r.simulated);
    let links = |open: bool| -> Vec<(String, String)> {
        let of = all.iter().filter(|r| r.closed_at.is_none() == open);
        of.map(|r| (short(r), format!("/recalls/{}", r.code))).collect()
    };
    let of_state = |(open, name): (bool, &str)| {
        let links = links(open);
        let part = if links.is_empty() { Part::Note("没有。".into()) } else { Part::Links(links.clone()) };
        section(&format!("{name} {} 次", links.len()), vec![part])
    };
    let mut sections: Vec<Section> =
        [(true, "正在召回"), (false, "已结束的召回")].into_iter().map(of_state).collect();
    let more = [("模拟召回指标", "/recalls/drills"), ("查一查手里的食品", "/t/")];
    sections.push(section("", vec![Part::Links(more.map(|(t, a)| (t.into(), a.into())).to_vec())]));
    let page = Sheet { title: "食品召回".into(), sections, simulated, ..Sheet::default() };
    sheet(&page, &look_of(&ask.query, "/recalls".into())).map(Html)
}

async fn one(cx: Cx, ask: Ask<CodePath, Query>) -> Result<Html> {
    let address = format!("/recalls/{}", ask.path.code);
    let code = ask.path.code.trim().to_uppercase();
    let page = cx.read(move |tx, cx| {
        let unknown = || Error::not_found("没有这条召回公告，请核对地址");
        let found = recalls::by_code(tx, &code)?.filter(|r| r.announced_at.is_some() && r.outcome != "void");
        let recall = named(tx, found.ok_or_else(unknown)?)?;
        progress(tx, cx, recall)
    });
    sheet(&page.await?, &look_of(&ask.query, address)).map(Html)
}

/// The announcement and how far it is; amounts by county, no business by name but the producer.
fn progress(tx: &mut Tx, cx: &Cx, recall: Recall) -> Result<Sheet> {
    let flows = cx.house.held::<kit_flow::Flows>();
    let case = kit_flow::engine::load(tx, &flows, &recall.id)?;
    let data = case.map(|c| c.state.data).unwrap_or_default();
    let said = |field: &str| data.get(field).and_then(|v| v.as_str()).unwrap_or("").to_owned();
    let account = look::account(tx, &recall)?;
    let unit = Unit::parse(&account.unit).unwrap_or(Unit::G);
    let shown = |n: i64| Shown(n, unit).to_string();
    let level = level(recall.grade)?;
    let share = account.share().unwrap_or(0);
    let (class, title) = match recall.closed_at {
        None => ("bad", format!("{}：正在召回", level.name)),
        Some(_) => ("warn", format!("{}：召回已结束", level.name)),
    };
    let about = vec![Part::Rows(filled(vec![
        ("生产者", mask_if_person(&recall.party_name)),
        ("批号", recall.batch.clone()),
        ("规格", recall.spec.clone()),
        ("生产日期", recall.made.clone()),
        ("原因", recall.reason.clone()),
        ("召回编号", recall.number.clone()),
        ("公告日期", recall.announced_at.map(day).unwrap_or_default()),
        ("召回起止", format!("{} 至 {}", said("begins"), said("ends"))),
        ("区域范围", said("area")),
        ("退货与赔偿", said("refund")),
        ("咨询电话", said("hotline")),
    ]))];
    let steps = [
        "停止食用、使用，保留包装和购物凭证。",
        "凭包装到购买处退货退款。",
        "食用后身体不适请及时就医，并拨打 12315。",
    ];
    let mut sections = vec![
        section("", about),
        section("手里有这批食品怎么办", vec![Part::Steps(steps.map(str::to_owned).to_vec())]),
        section(
            "食品在哪里",
            vec![Part::Rows(filled(vec![
                ("生产", shown(account.produced)),
                ("投入加工", shown(account.used)),
                ("待报", shown(account.waiting)),
                ("封存现存", shown(account.on_hand)),
                ("已售", shown(account.sold)),
                ("已销毁", shown(account.destroyed)),
                ("已补救", shown(account.remedied)),
                ("已退回", shown(account.returning + account.back)),
                ("去向不明", shown(account.open)),
                (
                    "其中原因已核定",
                    if account.accepted > 0 { shown(account.accepted) } else { String::new() },
                ),
            ]))],
        ),
    ];
    let of = account.produced - account.used - account.gap;
    let days = look::days(tx, &recall.id)?;
    if of > 0 && !days.is_empty() {
        // what of the batch and what of others is one curve: by day the trend is what is read
        let most = days.iter().map(|d| d.controlled).max().unwrap_or(1).max(1);
        let bar = |d: &crate::model::Day| {
            (d.day.clone(), (d.controlled.max(0) * 1_000 / most).min(1_000), shown(d.controlled))
        };
        let bars = Part::Bars(days.iter().rev().take(30).rev().map(bar).collect());
        sections.push(section("逐日进展", vec![bars]));
    }
    let counties = tasks::counties(tx, &recall.id, &recall.unit)?;
    if !counties.is_empty() {
        let known = parties::reference::get();
        let row = |c: &crate::model::County| {
            vec![
                Cell::text(known.full_name(&c.division)),
                Cell::number(c.holders),
                Cell::number(c.reported),
                Cell::number(shown(c.due)),
                Cell::number(shown(c.controlled)),
            ]
        };
        let head = ["县区", "单位", "已报告", "涉及数量", "封存退回销毁"].map(str::to_owned).to_vec();
        let rows = counties.iter().map(row).collect();
        sections.push(section("各县区", vec![Part::Table { caption: "各县区召回进展".into(), head, rows }]));
    }
    let at = recall.scoped_at.map(|at| china_text(at).replace('T', " ")).unwrap_or_default();
    let note = Part::Note(format!("持有单位由追溯台账查出（{at}），数量由各单位报告。"));
    sections.push(section("", vec![note, Part::Links(vec![("全部召回".into(), "/recalls".into())])]));
    Ok(Sheet {
        title: format!("{} 召回", recall.food),
        verdict: Some((class, title, format!("已封存、退回和销毁 {}", percent(share)))),
        sections,
        simulated: recall.simulated,
        ..Sheet::default()
    })
}

fn section(title: &str, parts: Vec<Part>) -> Section {
    Section { title: title.to_owned(), parts }
}

fn filled(rows: Vec<(&str, String)>) -> Vec<(String, String)> {
    let some = rows.into_iter().filter(|(_, text)| !text.is_empty() && text != " 至 ");
    some.map(|(name, text)| (name.to_owned(), text)).collect()
}

async fn drills(cx: Cx, ask: Ask<(), Query>) -> Result<Html> {
    let f = cx.read(move |tx, cx| drill::figures(tx, cx.now())).await?;
    sheet(&drill_page(&f, setting("on_way_days")?), &look_of(&ask.query, "/recalls/drills".into())).map(Html)
}

fn drill_page(f: &DrillFigures, days: i64) -> Sheet {
    let time = |micros: i64| format!("{}.{:03} 毫秒", micros / 1_000, micros % 1_000);
    let rate = |broken: i64, links: i64| match links {
        0 => "—".to_owned(),
        _ => percent(broken * 1_000 / links),
    };
    let mut sections = Vec::new();
    if f.drills == 0 {
        sections.push(section("", vec![Part::Text("近九十天还没有演练。每天夜里随机抽取批次进行。".into())]));
    } else {
        sections.push(section(
            "",
            vec![Part::Rows(filled(vec![
                ("演练", format!("{} 次（{} 至 {}）", f.drills, f.from, f.to)),
                ("半数不超过", time(f.p50)),
                ("九成不超过", time(f.p90)),
                ("百分之九十九不超过", time(f.p99)),
                ("最长", time(f.most)),
                ("断链率", format!("{}（{} / {} 个环节）", rate(f.broken, f.links), f.broken, f.links)),
            ]))],
        ));
        let row = |c: &crate::model::Links| {
            let (links, broken) = (Cell::number(c.links), Cell::number(rate(c.broken(), c.links)));
            let mut cells = vec![Cell::text(c.name.clone()), links, broken];
            cells.extend([c.on_way, c.outside, c.unknown, c.missing].map(Cell::number));
            cells
        };
        let head = ["县区", "环节", "断链率", "久未收货", "来源在外", "数量不明", "收少于发"]
            .map(str::to_owned)
            .to_vec();
        let rows = f.counties.iter().map(row).collect();
        let table = Part::Table { caption: "各县区断链率".into(), head, rows };
        sections.push(section("各县区断链率", vec![table]));
    }
    let note =
        Part::Note(format!("断链：发货 {days} 天以上没有收货登记、来源不在平台、数量不明、收货少于发货。"));
    sections.push(section("", vec![note]));
    let told = "只查清去向，不是真的召回，不通知任何单位。".to_owned();
    Sheet {
        title: "模拟召回指标".into(),
        sub: "查清一批食品要多久，链条断在哪里".into(),
        verdict: Some(("warn", "模拟召回（演练）".into(), told)),
        sections,
        simulated: f.simulated,
        ..Sheet::default()
    }
}

fn follow_page(code: &str, fault: &str) -> Sheet {
    let phone = Field {
        name: "phone".into(),
        label: "手机号码（可以不填）".into(),
        most: 20,
        phone: true,
        hint: "不填也能关注：保存下一页的地址或二维码即可。填了只用于召回时联系您，其他人看到的是掩码，召回结束即删除。".into(),
        ..Field::default()
    };
    let form = SheetForm {
        action: format!("/follow/{code}"),
        post: true,
        fields: vec![phone],
        button: "关注这一批次".into(),
        fault: fault.to_owned(),
    };
    let text = "这批食品被召回时，您会在自己的查询页看到怎么办。不用登记姓名。";
    let sections = vec![section("", vec![Part::Text(text.into()), Part::Form(form)])];
    Sheet { title: "关注这一批次".into(), sections, ..Sheet::default() }
}

async fn ask_to_follow(cx: Cx, ask: Ask<CodePath, Query>) -> Result<Html> {
    let code = ask.path.code;
    let (found, _) = cx.read(move |tx, _| follow::lot_of(tx, &code)).await?;
    sheet(&follow_page(&found, ""), &look_of(&ask.query, format!("/follow/{found}"))).map(Html)
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
struct Phone {
    phone: String,
}

async fn begin(cx: Cx, ask: Ask<CodePath, Query, Form<Phone>>) -> Result<Html> {
    let (code, phone) = (ask.path.code, ask.body.0.phone);
    let scanned = code.clone();
    let token = match cx.act(move |act| follow::follow(act, &code, &phone)).await {
        Ok(token) => token,
        Err(e) if e.kind == Kind::Invalid => {
            let look = look_of(&ask.query, format!("/follow/{scanned}"));
            return sheet(&follow_page(&scanned, &e.message), &look).map(Html);
        }
        Err(e) => return Err(e),
    };
    page_of(cx, token, &ask.query).await
}

async fn told(cx: Cx, ask: Ask<TokenPath, Query>) -> Result<Html> {
    page_of(cx, ask.path.token, &ask.query).await
}

/// What is known of the batch that somebody follows.
async fn page_of(cx: Cx, token: String, query: &Query) -> Result<Html> {
    let address = format!("/followed/{token}");
    let here = format!("{}{address}", cx.house.public_url);
    let look = look_of(query, address);
    let page = cx.read(move |tx, cx| {
        let unknown = || Error::not_found("没有这个关注，请核对地址");
        let (lot, code, at) = follows::followed(tx, &token)?.ok_or_else(unknown)?;
        let answer = publication::scan_data(tx, &cx.house, &code)?;
        let mut page = Sheet { title: "关注的批次".into(), ..Sheet::default() };
        match &answer {
            publication::Answer::Batch(scan) => {
                page.simulated = scan.simulated;
                page.title.clone_from(&scan.product.name);
                page.verdict = Some(match scan.recalls.first() {
                    Some(r) => ("bad", "已召回".into(), r.notice.reason.clone()),
                    None => {
                        let until = china_text(cx.now()).replace('T', " ");
                        ("good", "未见召回".into(), format!("截至 {until}"))
                    }
                });
                let rows = filled(vec![("批号", scan.lot.batch.clone()), ("关注时间", day(at))]);
                let mut parts = vec![Part::Rows(rows)];
                if !scan.recalls.is_empty() {
                    let steps =
                        ["停止食用，保留包装。", "凭包装到购买处退货退款。", "不适请就医，并拨打 12315。"];
                    parts.push(Part::Steps(steps.map(str::to_owned).to_vec()));
                }
                page.sections.push(section("", parts));
            }
            _ => {
                let gone = ("warn", "这个码现在查不到批次".to_owned(), "可能已作废或撤下。".to_owned());
                page.verdict = Some(gone);
            }
        }
        let mut links = BTreeMap::from([(format!("/t/{code}"), "这一批次的追溯信息".to_owned())]);
        if let Some(r) = recalls::public(tx)?.into_iter().find(|r| r.lot == lot) {
            links.insert(format!("/recalls/{}", r.code), "召回公告与进展".to_owned());
        }
        let links = links.into_iter().map(|(address, text)| (text, address)).collect();
        page.sections.push(section("", vec![Part::Links(links)]));
        let svg = Qr::new(&here, Level::Medium)?.svg(QUIET);
        let code = Part::Picture { svg, text: "这个页面地址的二维码".into() };
        page.sections.push(section("收好这个二维码或地址，以后随时来看", vec![code, Part::Note(here)]));
        Ok(page)
    });
    sheet(&page.await?, &look).map(Html)
}
