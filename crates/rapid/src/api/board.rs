//! What the public sees of a day at a point.

use axum::response::Response;
use kit_base::clock::{china_day, china_text, day_start};
use kit_base::{Error, Millis, Result};
use kit_web::{Ask, Cx, Route};
use parties::narrow::Days;
use publication::Look;
use publication::sheet::{Cell, Part, Section, Sheet, sheet_answer};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{DAY, OPEN};
use crate::model::{Point, RESULTS, name_of};
use crate::store;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/open/rapid/{code}", OPEN, "快检公示（公众页）", board),
        Route::get("/open/rapid/{code}/screen", OPEN, "快检公示（大屏）", screen),
    ]
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
    let from = Days::of(query.day.as_deref(), None)?.from.unwrap_or_else(|| day_start(china_day(cx.now())));
    let address = format!("/open/rapid/{code}?day={}", china_day(from));
    let sheet = cx.read(move |tx, _| {
        let point = store::points::point(tx, &code)?.filter(|p| p.code == code);
        let point = point.ok_or_else(|| Error::not_found("没有这个快检点"))?;
        let lines = store::tests::of_day(tx, &point.id, from, from + DAY)?;
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

fn board_of(point: &Point, from: Millis, lines: &[store::tests::DayLine], screen: Option<u32>) -> Sheet {
    let count = |f: fn(&store::tests::DayLine) -> bool| lines.iter().filter(|l| f(l)).count().to_string();
    let figures = vec![
        (lines.len().to_string(), "批次检测".to_owned()),
        (count(|l| l.4 == "negative"), "阴性".to_owned()),
        (count(|l| matches!(l.4.as_str(), "positive" | "suspect")), "阳性或可疑".to_owned()),
    ];
    let row = |(_, stall, food, item, result, at, status, _): &store::tests::DayLine| {
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
