//! 节假日历: what days are worked, which years are announced, and the year that is loaded when it is.

use kit_base::clock::china_day;
use kit_base::{Error, Result};
use kit_web::{Access, Ask, Cx, Json, Raw, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::flows::Flows;
use crate::{duty, store};

/// A calendar of some years is a few kilobytes.
const LIMIT: usize = 256 * 1024;

pub fn routes() -> Vec<Route> {
    let calendar = Access::Needs("flow.calendar");
    vec![
        Route::get("/api/calendar", Access::SignedIn, "节假日历：已公布的年份和一年的放假、上班安排", year),
        Route::post("/api/calendar", calendar, "导入节假日安排（CSV）", "flow.calendar", load),
    ]
}

#[derive(Deserialize, JsonSchema)]
struct YearQuery {
    /// The current one where it is not said.
    year: Option<i64>,
}

/// A year as it holds now.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct CalendarYear {
    /// Years that are announced.
    years: Vec<i64>,
    year: i64,
    /// Days that are not what their weekday says; empty where the year is not announced.
    days: Vec<CalendarDay>,
    /// Running clocks whose last day may still move, since they run into a year that is not announced.
    provisional: i64,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct CalendarDay {
    /// `2026-10-01`
    day: String,
    /// holiday, makeup_workday
    kind: String,
    /// 国庆节
    name: String,
    source: String,
}

async fn year(cx: Cx, ask: Ask<(), YearQuery>) -> Result<Json<CalendarYear>> {
    let read = cx.read(move |tx, cx| {
        let flows = cx.house.held::<Flows>();
        let calendar = flows.calendar(tx)?;
        let year = ask.query.year.unwrap_or_else(|| i64::from(china_day(cx.now()).year()));
        let days = flows.days(tx, year)?.into_iter();
        let days = days.map(|(day, kind, name, source)| CalendarDay { day, kind, name, source }).collect();
        let years = (2000..2100).filter(|y| calendar.knows(*y)).map(i64::from).collect();
        Ok(CalendarYear { years, year, days, provisional: store::projection::provisional(tx)? })
    });
    read.await.map(Json)
}

/// What was loaded.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct LoadedYears {
    years: Vec<i64>,
    /// The job that counts the running clocks again.
    job: String,
}

async fn load(cx: Cx, ask: Ask<(), (), Raw>) -> Result<Json<LoadedYears>> {
    let bytes = ask.body.bytes(LIMIT).await?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Error::invalid("file", "file_encoding", "请用 UTF-8 编码的 CSV 文件"))?;
    let done = cx.act(move |act| {
        let flows = act.cx.house.held::<Flows>();
        let (years, job) = duty::load_calendar(act, &flows, &text)?;
        Ok(LoadedYears { years: years.into_iter().map(i64::from).collect(), job })
    });
    done.await.map(Json)
}
