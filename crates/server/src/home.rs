//! What belongs to no room: health, what this server is, and the figures of the first page.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use accounts::demo::DemoAccount;
use kit_base::clock::{china_day, day_start};
use kit_base::{Error, Millis, Result};
use kit_db::Tx;
use kit_web::{Access, Actor, Ask, Cx, Json, Route, Scope};
use schemars::JsonSchema;
use serde::Serialize;
use trace::store::{home, load};

use crate::simulation::sample::{self, Sample};
use crate::unfinished::{Half, Unfinished};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/health", Access::Public, "服务是否可用", health),
        Route::get("/api/about", Access::Public, "这是什么系统", about),
        Route::get("/api/home", Access::SignedIn, "首页数字", figures),
        Route::get("/api/audit/actions", Access::Needs("audit.read"), "审计事项的名称", actions),
    ]
}

/// What the server needs to know of where it runs, beyond what rooms hold; held in the house.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// 审图号 under which the maps are shown; empty where there is none.
    pub map_approval: String,
    /// Folder of database and files.
    pub data: PathBuf,
}

/// Whether the house stands.
#[derive(Serialize, JsonSchema)]
struct Health {
    /// `ok`
    state: &'static str,
    version: &'static str,
}

async fn health(cx: Cx, _: Ask) -> Result<Json<Health>> {
    cx.read(|tx, _| trace::store::events::numbers(tx)).await?;
    Ok(Json(Health { state: "ok", version: env!("CARGO_PKG_VERSION") }))
}

/// What this system is, for the sign-in page.
#[derive(Serialize, JsonSchema)]
struct About {
    name: &'static str,
    version: &'static str,
    /// Something in the database was made by the simulator.
    simulated: bool,
    production: bool,
    map_approval: String,
    /// Accounts to look round with: only where the sample city is loaded and this is no real operation.
    demo: Option<Demo>,
}

/// Demo accounts and the password they share.
#[derive(Serialize, JsonSchema)]
struct Demo {
    password: &'static str,
    accounts: Vec<DemoAccount>,
    /// Trace code on a label of the planted incident: where the walk of the README begins.
    code: Option<String>,
}

async fn about(cx: Cx, _: Ask) -> Result<Json<About>> {
    let simulated = cx.read(|tx, _| load::is_simulated(tx)).await?;
    let production = cx.house.production;
    let place = cx.house.held::<Place>();
    let demo = if simulated && !production {
        told(&place.data.join("sample.json")).await?.map(|told| Demo {
            password: sample::PASSWORD,
            accounts: told.accounts,
            code: told.walk.map(|w| w.code),
        })
    } else {
        None
    };
    Ok(Json(About {
        name: "食安 shian",
        version: env!("CARGO_PKG_VERSION"),
        simulated,
        production,
        map_approval: place.map_approval.clone(),
        demo,
    }))
}

/// What the sample city told at its making; `None` where there is no such file.
async fn told(file: &Path) -> Result<Option<Sample>> {
    match tokio::fs::read(file).await {
        Ok(text) => serde_json::from_slice(&text).map(Some).map_err(Error::internal),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(e.into()),
    }
}

/// What the audit calls an act, and what people call it.
#[derive(Serialize, JsonSchema)]
struct AuditAction {
    code: &'static str,
    name: &'static str,
}

async fn actions(_: Cx, _: Ask) -> Result<Json<Vec<AuditAction>>> {
    let routes = crate::rooms::routes();
    let mut named: Vec<AuditAction> = routes
        .iter()
        .filter(|r| !r.audit.is_empty())
        .map(|r| AuditAction { code: r.audit, name: r.summary })
        .collect();
    named.sort_by_key(|a| a.code);
    named.dedup_by_key(|a| a.code);
    Ok(Json(named))
}

/// Something that waits for this person: a code the console has words for, and how many.
#[derive(Serialize, JsonSchema)]
struct Duty {
    code: &'static str,
    count: i64,
}

/// A business day.
#[derive(Serialize, JsonSchema)]
struct DayCount {
    day: String,
    purchases: i64,
    sales: i64,
}

/// The first page. Figures a person has no right to are not in it.
#[derive(Serialize, JsonSchema)]
struct Home {
    as_of: Millis,
    figures: BTreeMap<&'static str, i64>,
    duties: Vec<Duty>,
    /// Oldest first.
    daily: Vec<DayCount>,
    /// The business day that figures of trade are of: today, or the last day with any while today has none.
    trade_day: String,
    /// The days that figures of stock were made with, so that links lead to the same lists.
    today: String,
    week_on: String,
    three_ago: String,
    /// Last day of licences that are called expiring.
    licences_by: String,
    /// What a stopped server left half done, for who looks after the machine.
    unfinished: Vec<Half>,
}

/// Days of the chart.
const DAYS: i64 = 14;
/// Days before its end at which a licence is called expiring.
const EXPIRING_DAYS: i64 = 60;

async fn figures(cx: Cx, _: Ask) -> Result<Json<Home>> {
    cx.read(|tx, cx| {
        let now = cx.now();
        let day = |ahead: i64| -> Result<String> {
            let span = jiff_days(ahead);
            Ok(china_day(now).checked_add(span).map_err(Error::internal)?.to_string())
        };
        let mut page = Home {
            as_of: now,
            figures: BTreeMap::new(),
            duties: Vec::new(),
            daily: Vec::new(),
            trade_day: day(0)?,
            today: day(0)?,
            week_on: day(7)?,
            three_ago: day(-3)?,
            licences_by: day(EXPIRING_DAYS)?,
            unfinished: Vec::new(),
        };
        if cx.who.may("house.operations") {
            page.unfinished = cx.house.held::<Unfinished>().now(tx)?;
        }
        if cx.who.may("parties.read") {
            businesses(tx, &cx.who, &mut page)?;
        }
        if cx.who.may("trace.read") {
            food(tx, &cx.who, now, &mut page)?;
        }
        page.duties.retain(|d| d.count > 0);
        Ok(page)
    })
    .await
    .map(Json)
}

/// How many businesses there are, and whose licences end.
fn businesses(tx: &mut Tx, who: &Actor, page: &mut Home) -> Result<()> {
    use parties::store::{ListFilter, list};
    let scope = who.scope_for("parties.read");
    if !matches!(scope, Scope::Divisions(_)) {
        return Ok(());
    }
    let active = |by: Option<&String>| ListFilter {
        statuses: vec!["active".into()],
        expires_by: by.cloned(),
        ..ListFilter::default()
    };
    page.figures.insert("parties", list(tx, &scope, &active(None), 1, 1)?.1);
    let ending = list(tx, &scope, &active(Some(&page.licences_by)), 1, 1)?.1;
    let ended = list(tx, &scope, &active(Some(&page.today)), 1, 1)?.1;
    page.duties.push(Duty { code: "licence_expired", count: ended });
    page.duties.push(Duty { code: "licence_expiring", count: ending - ended });
    Ok(())
}

/// Products, stock and the day's trade.
fn food(tx: &mut Tx, who: &Actor, now: Millis, page: &mut Home) -> Result<()> {
    let scope = who.scope_for("trace.read");
    let days = home::Days {
        today: page.today.clone(),
        week_on: page.week_on.clone(),
        three_ago: page.three_ago.clone(),
    };
    let stock = home::stock(tx, &scope, &days)?;
    page.figures.insert("products", home::products(tx, &scope)?);
    page.figures.insert("lots_in_stock", stock.on_hand);
    page.figures.insert("in_transit", stock.in_transit);
    let waiting = if matches!(scope, Scope::Businesses(_)) { stock.in_transit } else { 0 };
    let duties = [
        ("receive", waiting),
        ("expired_stock", stock.expired),
        ("expiring_stock", stock.expiring),
        ("transit_late", stock.late),
    ];
    page.duties.extend(duties.map(|(code, count)| Duty { code, count }));
    days_of_trade(tx, &scope, now, page)?;
    if let Some(last) = page.daily.last() {
        page.trade_day.clone_from(&last.day);
    }
    let day: jiff::civil::Date = page.trade_day.parse().map_err(Error::internal)?;
    let kinds = home::of_day(tx, &scope, &page.trade_day, day_start(day))?;
    let of =
        |wanted: &[&str]| kinds.iter().filter(|(k, _)| wanted.contains(&k.as_str())).map(|(_, n)| n).sum();
    page.figures.insert("purchases", of(&["receive"]));
    page.figures.insert("sales", of(&["ship", "sell"]));
    page.figures.insert("refused", of(&["refuse"]));
    Ok(())
}

/// The chart: receipts and sales by business day.
fn days_of_trade(tx: &mut Tx, scope: &Scope, now: Millis, page: &mut Home) -> Result<()> {
    let first = china_day(now).checked_sub(jiff_days(DAYS - 1)).map_err(Error::internal)?;
    for (day, kind, count) in home::by_day(tx, scope, &first.to_string(), day_start(first))? {
        if page.daily.last().is_none_or(|d| d.day != day) {
            page.daily.push(DayCount { day: day.clone(), purchases: 0, sales: 0 });
        }
        let Some(last) = page.daily.last_mut() else { continue };
        match kind.as_str() {
            "receive" => last.purchases += count,
            _ => last.sales += count,
        }
    }
    Ok(())
}

fn jiff_days(days: i64) -> jiff::Span {
    jiff::Span::new().days(days)
}
