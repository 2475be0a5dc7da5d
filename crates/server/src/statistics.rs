//! 统计分析: what was begun, is due, late and rising, from the province down to the single shop. It counts what rooms keep: cases of
//! every kind by their projection, businesses, grades.

use std::collections::BTreeMap;

use kit_base::clock::{china_day, day_start};
use kit_base::{Error, Millis, PartialDate, Result};
use kit_db::{Tx, prefix_range};
use kit_flow::Flows;
use kit_flow::store::tally::{self, Span, Tally};
use kit_sheets::XLSX;
use kit_sheets::out::{Export, Exported, Format};
use kit_web::{Access, Ask, Cx, Download, Json, Route, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who may see the statistics of a place.
pub const PERMISSION: kit_web::Permission = kit_web::Permission {
    code: "statistics.read",
    name: "查看统计分析",
    roles: &["leader", "officer", "investigator"],
};

const NEEDS: Access = Access::Needs("statistics.read");
const DAY: Millis = 86_400_000;
/// A clock that ends within so many days is due soon.
const SOON: Millis = 7 * DAY;
/// A kind rises where it has so many more than in the period before, in percent, and at least so many.
const RISING: (i64, i64) = (20, 3);
/// Longest period, days.
const LONGEST: i64 = 3_660;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/statistics", NEEDS, "统计分析", open),
        Route::get("/api/statistics/file", NEEDS, "统计分析表格", file),
    ]
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
struct Query {
    /// Division; that of the asker where it is not said.
    division: Option<String>,
    /// First day, `2026-01-01`; thirty days back where it is not said.
    from: Option<String>,
    /// Last day; today where it is not said.
    to: Option<String>,
}

/// A kind of case.
#[derive(Debug, Serialize, JsonSchema)]
struct KindName {
    kind: String,
    name: String,
}

/// Cases of a kind.
#[derive(Debug, Clone, Copy, Default, Serialize, JsonSchema)]
struct Figures {
    /// Begun in the period.
    opened: i64,
    /// Begun in the period of the same length before.
    before: i64,
    /// Ended in the period.
    ended: i64,
    /// Open now.
    open: i64,
    /// Of those open, due within seven days.
    due: i64,
    /// Of those open, late.
    late: i64,
}

/// A place or a business.
#[derive(Debug, Default, Serialize, JsonSchema)]
struct Line {
    /// Division, or id of the business.
    of: String,
    name: String,
    /// It can be looked into: a division with parts.
    deeper: bool,
    /// Businesses that are active; `null` for a business.
    businesses: Option<i64>,
    /// Businesses by risk grade; only down to counties.
    grades: BTreeMap<String, i64>,
    cases: BTreeMap<String, Figures>,
}

/// The statistics of a place.
#[derive(Debug, Serialize, JsonSchema)]
struct Statistics {
    division: String,
    name: String,
    /// The division above that the asker may see; empty at the top.
    above: String,
    /// First and last day.
    from: String,
    to: String,
    kinds: Vec<KindName>,
    total: Line,
    /// Parts of the division, or its businesses with cases at the lowest level.
    rows: Vec<Line>,
    /// Kinds that have more than in the period before.
    rising: Vec<String>,
}

/// Digits of the parts of a division; `None` below streets, where businesses come.
fn digits(division: &str) -> Option<usize> {
    match division.len() {
        0 => Some(2),
        2 => Some(4),
        4 => Some(6),
        6 => Some(9),
        _ => None,
    }
}

fn day(field: &'static str, text: Option<&str>) -> Result<Option<jiff::civil::Date>> {
    let parse = |t: &str| {
        let date = t.parse::<PartialDate>().ok().and_then(PartialDate::day);
        date.ok_or_else(|| Error::invalid(field, "date_form", "日期应写成 2026-03-01 的形式"))
    };
    text.filter(|t| !t.is_empty()).map(parse).transpose()
}

/// The period and the one before it.
///
/// Errors: `date_form`, `period_order`, `period_long`.
fn span(q: &Query, now: Millis) -> Result<(Span, String, String)> {
    let last = day("to", q.to.as_deref())?.unwrap_or_else(|| china_day(now));
    let until = day_start(last) + DAY;
    let from = day("from", q.from.as_deref())?.map_or(until - 30 * DAY, day_start);
    if from >= until {
        return Err(Error::invalid("from", "period_order", "开始日期不能晚于结束日期"));
    }
    if until - from > LONGEST * DAY {
        return Err(Error::invalid("from", "period_long", "统计期间不超过十年"));
    }
    let span = Span { before: from - (until - from), from, until, due: now + SOON, now };
    Ok((span, china_day(from).to_string(), last.to_string()))
}

/// The division that is asked for, or the first of the asker's own. Errors: not found beyond their own.
fn place(q: &Query, scope: &Scope) -> Result<String> {
    let unknown = || Error::not_found("没有这个区划，或不在您的辖区内");
    let Scope::Divisions(own) = scope else { return Err(unknown()) };
    let asked = q.division.as_deref().filter(|d| !d.is_empty());
    match asked {
        Some(d) if d.len() <= 12 && d.bytes().all(|b| b.is_ascii_digit()) && scope.covers(d, None) => {
            Ok(d.to_owned())
        }
        Some(_) => Err(unknown()),
        None => own.first().cloned().ok_or_else(unknown),
    }
}

fn add(line: &mut Line, t: &Tally) {
    let f = line.cases.entry(t.kind.clone()).or_default();
    f.opened += t.opened;
    f.before += t.before;
    f.ended += t.ended;
    f.open += t.open;
    f.due += t.due;
    f.late += t.late;
}

fn made(tx: &mut Tx, cx: &Cx, q: &Query) -> Result<Statistics> {
    let division = place(q, &cx.who.scope)?;
    let (span, from, to) = span(q, cx.now())?;
    let range = prefix_range(&division);
    let places = parties::divisions::today(&cx.house);
    let mut rows: BTreeMap<String, Line> = BTreeMap::new();
    let tallies = match digits(&division) {
        Some(n) => tally::by_place(tx, &range, n as i64, span)?,
        None => tally::by_business(tx, &range, span)?,
    };
    let mut total = Line { of: division.clone(), name: places.full_name(&division), ..Line::default() };
    for t in &tallies {
        add(&mut total, t);
        add(rows.entry(t.of.clone()).or_default(), t);
    }
    match digits(&division) {
        Some(n) => parts(tx, cx, &division, n, &mut rows)?,
        None => shops(tx, &mut rows)?,
    }
    let active = |tx: &mut Tx, range: &[String; 2]| -> Result<i64> {
        Ok(parties::store::counts(tx, range)?.1.iter().map(|(_, n)| n).sum())
    };
    total.businesses = Some(active(tx, &range)?);
    for (county, grade, n) in credit::grades_by_county(tx, &cx.who.scope, &division)? {
        *total.grades.entry(grade.clone()).or_default() += n;
        let part = digits(&division).and_then(|d| county.get(..d)).map(str::to_owned);
        if let Some(line) = part.and_then(|p| rows.get_mut(&p)) {
            *line.grades.entry(grade).or_default() += n;
        }
    }
    let flows = cx.house.held::<Flows>();
    let kinds =
        flows.kinds().map(|k| KindName { kind: k.definition.kind.clone(), name: k.definition.name.clone() });
    let rises =
        |f: &Figures| f.opened - f.before >= RISING.1 && f.opened * 100 >= f.before * (100 + RISING.0);
    let rising = total.cases.iter().filter(|(_, f)| rises(f)).map(|(k, _)| k.clone()).collect();
    let above = division.get(..above_digits(&division)).unwrap_or("").to_owned();
    let above = if above != division && cx.who.scope.covers(&above, None) { above } else { String::new() };
    Ok(Statistics {
        name: total.name.clone(),
        kinds: kinds.collect(),
        rows: rows.into_values().collect(),
        division,
        above,
        from,
        to,
        total,
        rising,
    })
}

fn above_digits(division: &str) -> usize {
    match division.len() {
        12 => 9,
        9 => 6,
        6 => 4,
        4 => 2,
        _ => 0,
    }
}

/// Every part of a division that stands or has cases, with its businesses.
fn parts(
    tx: &mut Tx,
    cx: &Cx,
    division: &str,
    digits: usize,
    rows: &mut BTreeMap<String, Line>,
) -> Result<()> {
    let places = parties::divisions::today(&cx.house);
    let below = places
        .divisions
        .iter()
        .filter(|d| d.code.len() == digits && d.code.starts_with(division) && d.valid_to.is_empty());
    for d in below {
        rows.entry(d.code.to_string()).or_default();
    }
    for (code, line) in rows.iter_mut() {
        let active = parties::store::counts(tx, &prefix_range(code))?.1;
        line.of.clone_from(code);
        line.name = places.division(code).map_or_else(|| code.clone(), |d| d.name.to_string());
        line.deeper = code.len() == digits;
        line.businesses = Some(active.iter().map(|(_, n)| n).sum());
    }
    // what has neither businesses nor cases tells nothing
    rows.retain(|_, line| line.businesses != Some(0) || !line.cases.is_empty());
    Ok(())
}

/// Names of businesses.
fn shops(tx: &mut Tx, rows: &mut BTreeMap<String, Line>) -> Result<()> {
    let ids: Vec<String> = rows.keys().cloned().collect();
    let briefs = parties::briefs(tx, &ids)?;
    for (id, line) in rows.iter_mut() {
        line.of.clone_from(id);
        line.name = briefs.get(id).map(|b| b.name.clone()).unwrap_or_default();
    }
    Ok(())
}

async fn open(cx: Cx, ask: Ask<(), Query>) -> Result<Json<Statistics>> {
    cx.read(move |tx, cx| made(tx, cx, &ask.query)).await.map(Json)
}

/// The same as a sheet.
async fn file(cx: Cx, ask: Ask<(), Query>) -> Result<Download> {
    let found = cx.read(move |tx, cx| made(tx, cx, &ask.query)).await?;
    let (house, actor) = (cx.house.clone(), cx.who.name.clone());
    let left = tokio::task::spawn_blocking(move || sheet(&house, &actor, &found)).await;
    let left: Exported = serde_json::from_str(&left.map_err(Error::internal)??).map_err(Error::internal)?;
    let file = cx.house.files.get(&left.file)?;
    let file = file.ok_or_else(|| Error::internal("the sheet just made is gone"))?;
    Ok(Download::file(file, XLSX, left.file_name))
}

fn sheet(house: &kit_web::House, actor: &str, s: &Statistics) -> Result<String> {
    use kit_docs::table::out::{Field, OutColumn};
    let mut columns =
        vec![OutColumn::text("名称").width(28), OutColumn::text("代码"), OutColumn::text("在营主体")];
    columns.extend(["A", "B", "C", "D"].map(|g| OutColumn::text(format!("风险{g}级"))));
    for k in &s.kinds {
        columns.extend(
            ["新增", "上期新增", "办结", "在办", "逾期"]
                .map(|what| OutColumn::text(format!("{}{what}", k.name))),
        );
    }
    let title = format!("统计分析 {} {} 至 {}", s.name, s.from, s.to);
    let mut out = Export::begin(house, Format::Xlsx, &title, actor, &columns)?;
    for line in std::iter::once(&s.total).chain(&s.rows) {
        let name = if std::ptr::eq(line, &s.total) { "合计" } else { line.name.as_str() };
        let mut row: Vec<Field> = vec![name.to_owned().into(), line.of.clone().into()];
        row.push(line.businesses.map_or(Field::Empty, Field::Whole));
        row.extend(
            ["A", "B", "C", "D"].map(|g| line.grades.get(g).map_or(Field::Empty, |n| Field::Whole(*n))),
        );
        for k in &s.kinds {
            let f = line.cases.get(&k.kind).copied().unwrap_or_default();
            row.extend([f.opened, f.before, f.ended, f.open, f.late].map(Field::Whole));
        }
        out.row(row)?;
    }
    out.end()
}
