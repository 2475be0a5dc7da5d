//! The room's route table. What is done to a positive beyond these goes over `/api/cases/{id}/acts`.

use axum::response::Response;
use findings::samples::{Order, Sampling};
use findings::wilson::share;
use kit_base::clock::{china_day, china_text, day_start};
use kit_base::{Error, Millis, Result};
use kit_db::Tx;
use kit_web::{Access, Ask, Cx, Json, NoContent, Page, Raw, Route};
use publication::Look;
use publication::sheet::{Cell, Part, Section, Sheet, sheet_answer};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::actions::devices::{LARGEST, receive};
use crate::actions::{points, positives, tests};
use crate::model::{
    Batch, Device, Figure, FigureQuery, NewDevice, NewPoint, Point, Positive, PositiveQuery, PositiveView,
    RESULTS, RefusedMessage, Registered, Taken, Test, TestQuery, name_of,
};
use crate::store;

const READ: Access = Access::Needs("rapid.read");
const SET_UP: Access = Access::Needs("rapid.points");
const OPEN: Access = Access::Public;
const DAY: Millis = 86_400_000;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/rapid/points", READ, "快检点", all_points),
        Route::post("/api/rapid/points", SET_UP, "设立快检点", "rapid.point", add_point),
        Route::get("/api/rapid/points/{id}/devices", READ, "快检设备", devices),
        Route::post("/api/rapid/points/{id}/devices", SET_UP, "登记快检设备", "rapid.device", register),
        Route::delete("/api/rapid/devices/{id}", SET_UP, "注销快检设备", "rapid.device_end", withdraw),
        Route::get("/api/rapid/tests", READ, "快检记录", list),
        Route::post(
            "/api/rapid/tests",
            Access::Needs("rapid.record"),
            "登记快检结果",
            "rapid.record",
            record,
        ),
        Route::post(
            "/api/rapid/messages/{point}/{device}",
            OPEN,
            "快检设备上报（签名）",
            "rapid.message",
            message,
        ),
        Route::get("/api/rapid/refused", READ, "未收下的设备消息", refused),
        Route::get("/api/rapid/positives", READ, "快检阳性", list_positives),
        Route::get("/api/rapid/positives/{id}", READ, "一条快检阳性", one),
        Route::post(
            "/api/rapid/positives/{id}/sample",
            Access::Needs("rapid.handle"),
            "送法定检验",
            "rapid.sample",
            order,
        ),
        Route::get("/api/rapid/figures", READ, "快检统计", figures),
        Route::get("/open/rapid/{code}", OPEN, "快检公示（公众页）", board),
        Route::get("/open/rapid/{code}/screen", OPEN, "快检公示（大屏）", screen),
    ]
}

#[derive(Deserialize, JsonSchema)]
struct IdPath {
    id: String,
}

async fn all_points(cx: Cx, _: Ask) -> Result<Json<Vec<Point>>> {
    cx.read(|tx, cx| store::points(tx, &cx.who.scope)).await.map(Json)
}

async fn add_point(cx: Cx, ask: Ask<(), (), Json<NewPoint>>) -> Result<Json<Point>> {
    cx.act(move |act| points::create(act, &ask.body.0)).await.map(Json)
}

async fn devices(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Vec<Device>>> {
    let read = cx.read(move |tx, cx| {
        let point = points::seen(tx, &cx.who, "rapid.read", &ask.path.id)?;
        store::devices(tx, &point.id)
    });
    read.await.map(Json)
}

async fn register(cx: Cx, ask: Ask<IdPath, (), Json<NewDevice>>) -> Result<Json<Registered>> {
    cx.act(move |act| points::register(act, &ask.path.id, &ask.body.0)).await.map(Json)
}

async fn withdraw(cx: Cx, ask: Ask<IdPath>) -> Result<NoContent> {
    cx.act(move |act| points::withdraw(act, &ask.path.id)).await.map(|()| NoContent)
}

async fn record(cx: Cx, ask: Ask<(), (), Json<Batch>>) -> Result<Json<Vec<Taken>>> {
    cx.act(move |act| tests::batch(act, &ask.body.0)).await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct From {
    point: String,
    device: String,
}

/// No account: who speaks is shown by the signature. What is refused is kept, and answered with nothing taken.
async fn message(cx: Cx, ask: Ask<From, (), Raw>) -> Result<Json<Vec<Taken>>> {
    let bytes = ask.body.bytes(LARGEST).await?;
    let From { point, device } = ask.path;
    cx.act(move |act| receive(act, &point, &device, &bytes)).await.map(Json)
}

async fn refused(cx: Cx, _: Ask) -> Result<Json<Vec<RefusedMessage>>> {
    cx.read(|tx, cx| store::refused(tx, &cx.who.scope)).await.map(Json)
}

/// The days asked for as moments: from the first day, before the day after the last. Errors: `day_form`.
fn days(from: Option<&str>, to: Option<&str>) -> Result<(Option<Millis>, Option<Millis>)> {
    let day = |field: &'static str, text: Option<&str>| match text.filter(|t| !t.is_empty()) {
        None => Ok(None),
        Some(text) => text
            .parse()
            .map(|d| Some(day_start(d)))
            .map_err(|_| Error::invalid(field, "day_form", "日期应写成 2026-03-01")),
    };
    Ok((day("from", from)?, day("to", to)?.map(|at| at + DAY)))
}

/// Puts the names in.
fn named(tx: &mut Tx, mut list: Vec<Test>) -> Result<Vec<Test>> {
    let ids: Vec<String> = list.iter().map(|t| t.party.clone()).filter(|p| !p.is_empty()).collect();
    let briefs = parties::briefs(tx, &ids)?;
    for test in &mut list {
        test.party_name = briefs.get(&test.party).map(|b| b.name.clone()).unwrap_or_default();
        test.point_name = store::point(tx, &test.point)?.map(|p| p.name).unwrap_or_default();
    }
    Ok(list)
}

async fn list(cx: Cx, ask: Ask<(), TestQuery>) -> Result<Json<Page<Test>>> {
    let days = days(ask.query.from.as_deref(), ask.query.to.as_deref())?;
    let read = cx.read(move |tx, cx| {
        let page = store::tests(tx, &cx.who.scope, &ask.query, days)?;
        Ok(Page { items: named(tx, page.items)?, total: page.total, page: page.page, size: page.size })
    });
    read.await.map(Json)
}

async fn list_positives(cx: Cx, ask: Ask<(), PositiveQuery>) -> Result<Json<Page<Positive>>> {
    let read = cx.read(move |tx, cx| {
        let mut page = store::positives(tx, &cx.who.scope, &ask.query)?;
        for p in &mut page.items {
            p.party_name = parties::brief(tx, &p.party)?.map(|b| b.name).unwrap_or_default();
            p.point_name = store::point(tx, &p.point)?.map(|o| o.name).unwrap_or_default();
        }
        Ok(page)
    });
    read.await.map(Json)
}

async fn one(cx: Cx, ask: Ask<IdPath>) -> Result<Json<PositiveView>> {
    let sampling = cx.house.held::<Sampling>();
    let read = cx.read(move |tx, cx| {
        let positive = positives::seen(tx, &cx.who, "rapid.read", &ask.path.id)?;
        positives::view(tx, &sampling, positive)
    });
    read.await.map(Json)
}

async fn order(cx: Cx, ask: Ask<IdPath, (), Json<Order>>) -> Result<Json<PositiveView>> {
    cx.act(move |act| positives::order(act, &ask.path.id, &ask.body.0)).await.map(Json)
}

async fn figures(cx: Cx, ask: Ask<(), FigureQuery>) -> Result<Json<Vec<Figure>>> {
    let days = days(ask.query.from.as_deref(), ask.query.to.as_deref())?;
    let read = cx.read(move |tx, cx| {
        let cuts = store::figures(tx, &cx.who.scope, &ask.query, days)?;
        let figure =
            |(key, name, valid, hits, invalid)| Figure { key, name, share: share(hits, valid), invalid };
        Ok(cuts.into_iter().map(figure).collect())
    });
    read.await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct CodePath {
    code: String,
}

#[derive(Deserialize, JsonSchema)]
struct BoardQuery {
    /// 2026-03-01; today where it is not said.
    day: Option<String>,
    care: Option<u8>,
}

async fn board(cx: Cx, ask: Ask<CodePath, BoardQuery>) -> Result<Response> {
    shown(cx, ask.path.code, ask.query, None).await
}

/// Asks again each minute.
async fn screen(cx: Cx, ask: Ask<CodePath, BoardQuery>) -> Result<Response> {
    shown(cx, ask.path.code, ask.query, Some(60)).await
}

async fn shown(cx: Cx, code: String, query: BoardQuery, screen: Option<u32>) -> Result<Response> {
    let from = days(query.day.as_deref(), None)?.0.unwrap_or_else(|| day_start(china_day(cx.now())));
    let address = format!("/open/rapid/{code}?day={}", china_day(from));
    let sheet = cx.read(move |tx, _| {
        let point = store::point(tx, &code)?.filter(|p| p.code == code);
        let point = point.ok_or_else(|| Error::not_found("没有这个快检点"))?;
        let lines = store::of_day(tx, &point.id, from, from + DAY)?;
        Ok(board_of(&point, from, &lines, screen))
    });
    let look = Look { care: query.care == Some(1), address };
    sheet_answer(&sheet.await?, &look)
}

/// What is said of a line: the result, and what became of a positive.
fn standing(result: &str, status: &str) -> Cell {
    match (result, status) {
        ("negative", _) => Cell::marked("阴性", "ok"),
        ("invalid", _) => Cell::marked("无效", "hm"),
        (_, "released") => Cell::marked("初检阳性，复测或检验已排除", "ok"),
        (_, "failed" | "settled") => Cell::marked("阳性，不合格已处置", "no"),
        (_, "statutory") => Cell::marked("阳性，法定检验中，暂停销售", "no"),
        (_, "confirmed") => Cell::marked("阳性，待法定检验，暂停销售", "no"),
        (_, "positive") => Cell::marked("阳性，待复测，暂停销售", "no"),
        _ => Cell::marked(name_of(&RESULTS, result), "no"),
    }
}

fn board_of(point: &Point, from: Millis, lines: &[store::DayLine], screen: Option<u32>) -> Sheet {
    let count = |f: fn(&store::DayLine) -> bool| lines.iter().filter(|l| f(l)).count().to_string();
    let figures = vec![
        (lines.len().to_string(), "批次检测".to_owned()),
        (count(|l| l.4 == "negative"), "阴性".to_owned()),
        (count(|l| matches!(l.4.as_str(), "positive" | "suspect")), "阳性或可疑".to_owned()),
    ];
    let row = |(_, stall, food, item, result, at, status, _): &store::DayLine| {
        let time = china_text(*at);
        vec![
            Cell::text(time.get(11..16).unwrap_or(&time)),
            Cell::text(if stall.is_empty() { "—" } else { stall }),
            Cell::text(food.clone()),
            Cell::text(item.clone()),
            standing(result, status),
        ]
    };
    let head = ["时间", "摊位", "品种", "项目", "结果"].map(str::to_owned).to_vec();
    let mut parts = vec![Part::Figures(figures)];
    match lines.is_empty() {
        true => parts.push(Part::Text("这一天还没有检测。".into())),
        false => parts.push(Part::Table {
            caption: "检测结果".into(),
            head,
            rows: lines.iter().map(row).collect(),
        }),
    }
    parts.push(Part::Note(
        "快检是初步筛查：阳性的食品先暂停销售，经复测和法定检验确定。快检结果单独不作为行政处罚的依据。"
            .into(),
    ));
    let before = china_day(from - DAY).to_string();
    if screen.is_none() {
        parts.push(Part::Links(vec![(
            format!("前一天 {before}"),
            format!("/open/rapid/{}?day={before}", point.code),
        )]));
    }
    Sheet {
        title: format!("{} 快检公示", point.name),
        sub: format!("{}　{}", china_day(from), point.address),
        sections: vec![Section { title: String::new(), parts }],
        simulated: point.simulated || lines.iter().any(|l| l.7 == 1),
        screen,
        ..Sheet::default()
    }
}
