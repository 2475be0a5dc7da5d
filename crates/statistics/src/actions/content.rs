//! What a report says: sections of its template, filled from the statistics of its place and period.

use kit_base::clock::{china_day, china_text};
use kit_base::{Millis, Result};
use kit_db::{Tx, prefix_range};
use kit_flow::Flows;
use kit_flow::store::tally::{self, Of, What};
use kit_web::House;

use super::count;
use crate::model::{Cell, Column, Content, Figures, Statistics, Table};
use crate::rules::period::{Period, Unit};
use crate::rules::template::{Figure, Section, Template};

/// A report on its way.
pub struct Asked<'a> {
    pub template: &'a Template,
    pub division: &'a str,
    pub period: Period,
    /// Made up after the period was long over: what is open now is not what was then.
    pub late: bool,
}

/// Counts and writes it down.
pub fn made(tx: &mut Tx, house: &House, asked: &Asked, now: Millis) -> Result<Content> {
    let s = count::made(tx, house, asked.division, asked.period, now)?;
    let organ = accounts::in_charge(tx, asked.division)?.map_or_else(|| s.name.clone(), |b| b.name);
    let mut sections = Vec::new();
    for section in &asked.template.sections {
        sections.push(table(tx, house, section, &s, asked, now)?);
    }
    let (before, year) = (asked.period.before()?, asked.period.year_before()?);
    Ok(Content {
        name: asked.template.name.clone(),
        organ,
        division: s.division.clone(),
        place: if s.name.is_empty() { "全国".into() } else { s.name.clone() },
        first: s.from.clone(),
        last: s.to.clone(),
        period: words(asked.template.period, asked.period),
        before: span_words(before),
        year_before: span_words(year),
        as_of: china_text(now)[..16].to_owned(),
        summary: summary(&s),
        sections,
        missing: missing(&s, asked, now),
        source: asked.template.source.clone(),
        simulated: trace::store::load::is_simulated(tx)?,
    })
}

fn span_words(p: Period) -> String {
    format!("{} 至 {}", p.first, p.last)
}

/// The period in words.
pub fn words(unit: Unit, p: Period) -> String {
    let (first, last) = (p.first, p.last);
    match unit {
        Unit::Week => {
            let week = first.iso_week_date();
            format!(
                "{}年第{}周（{}月{}日至{}月{}日）",
                week.year(),
                week.week(),
                first.month(),
                first.day(),
                last.month(),
                last.day()
            )
        }
        Unit::Month => format!("{}年{}月", first.year(), first.month()),
        Unit::Year => format!("{}年", first.year()),
    }
}

fn sum(s: &Statistics, of: impl Fn(&Figures) -> i64) -> i64 {
    s.total.cases.values().map(of).sum()
}

fn known(s: &Statistics, of: impl Fn(&Figures) -> Option<i64>) -> Option<i64> {
    let all: Option<Vec<i64>> = s.total.cases.values().map(of).collect();
    all.filter(|all| !all.is_empty()).map(|all| all.iter().sum())
}

/// `+12%`, `上期为 0`; unknown where there is nothing to compare with.
fn change(now: i64, before: Option<i64>) -> Cell {
    match before {
        None => Cell::Unknown(()),
        Some(0) if now == 0 => "持平".into(),
        Some(0) => "由 0 增加".into(),
        Some(before) => {
            let percent = ((now - before) as f64 * 100.0 / before as f64).round() as i64;
            if percent == 0 { "持平".into() } else { format!("{percent:+}%").into() }
        }
    }
}

fn summary(s: &Statistics) -> Vec<String> {
    let opened = sum(s, |f| f.opened);
    let before = known(s, |f| f.before);
    let more = match (before, change(opened, before)) {
        (Some(before), Cell::Text(percent)) => format!("，上期 {before} 件（{percent}）"),
        _ => String::new(),
    };
    let mut out = vec![format!(
        "在营食品生产经营主体 {} 家。新增案卷 {opened} 件{more}；办结 {} 件；期末在办 {} 件。",
        s.total.businesses.unwrap_or_default(),
        sum(s, |f| f.ended),
        sum(s, |f| f.open),
    )];
    let (due, late) = (sum(s, |f| f.due), sum(s, |f| f.late));
    out.push(format!("制表时七天内到期 {due} 件，逾期 {late} 件。"));
    let name =
        |kind: &String| s.kinds.iter().find(|k| k.kind == *kind).map_or(kind.clone(), |k| k.name.clone());
    if !s.rising.is_empty() {
        let rising: Vec<String> = s.rising.iter().map(name).collect();
        out.push(format!("明显上升（{}）：{}。", s.rising_rule, rising.join("、")));
    }
    out
}

/// What cannot be told, and why.
fn missing(s: &Statistics, asked: &Asked, now: Millis) -> Vec<String> {
    let mut out = Vec::new();
    if s.since.is_empty() {
        out.push("本辖区还没有案卷，各项为零。".to_owned());
    } else {
        let none =
            |what: &str| format!("{what}没有数据：本辖区最早的案卷始于 {}，更早的不明，不作零计。", s.since);
        let part = |what: &str| format!("{what}的数据不完整：自 {} 起才有案卷。", s.since);
        for (what, from, to) in [
            ("本期", &s.from, &s.to),
            ("上期", &s.before_from, &s.before_to),
            ("去年同期", &s.year_from, &s.year_to),
        ] {
            match (&s.since > to, &s.since > from) {
                (true, _) => out.push(none(what)),
                (_, true) => out.push(part(what)),
                _ => {}
            }
        }
    }
    if asked.late {
        let day = china_day(now);
        out.push(format!(
            "本报表于 {day} 补制：“七天内到期”“逾期”和风险等级是补制时的数，期末当时的数不再可得。"
        ));
    }
    out
}

fn column(name: impl Into<String>, num: bool) -> Column {
    Column { name: name.into(), num }
}

fn figure(f: &Figures, which: Figure) -> Cell {
    match which {
        Figure::Opened => f.opened.into(),
        Figure::Before => f.before.into(),
        Figure::YearBefore => f.year_before.into(),
        Figure::Ended => f.ended.into(),
        Figure::Open => f.open.into(),
        Figure::Due => f.due.into(),
        Figure::Late => f.late.into(),
    }
}

fn table(
    tx: &mut Tx,
    house: &House,
    section: &Section,
    s: &Statistics,
    asked: &Asked,
    now: Millis,
) -> Result<Table> {
    Ok(match section {
        Section::Kinds { title } => kinds(title, s),
        Section::Rising { title } => rising(title, s),
        Section::Counts { title } => counts(title, s),
        Section::Parts { title, kinds, figures } => parts(title, kinds, figures, s),
        Section::Grades { title } => grades(title, s),
        Section::Late { title, most } => late(tx, house, (title, *most), asked, now)?,
    })
}

fn kinds(title: &str, s: &Statistics) -> Table {
    let mut columns = vec![column("类别", false)];
    columns.extend(
        ["新增", "上期", "环比", "去年同期", "同比", "办结", "期末在办", "七天内到期", "逾期"]
            .map(|n| column(n, true)),
    );
    let row = |k: &crate::model::KindName| {
        let f = s.total.cases.get(&k.kind)?;
        let mut row: Vec<Cell> = vec![k.name.clone().into(), f.opened.into(), f.before.into()];
        row.push(change(f.opened, f.before));
        row.push(f.year_before.into());
        row.push(change(f.opened, f.year_before));
        row.extend([f.ended, f.open, f.due, f.late].map(Cell::from));
        Some(row)
    };
    Table {
        title: title.to_owned(),
        note: format!(
            "上期为 {} 至 {}；去年同期为 {} 至 {}；作废的不计",
            s.before_from, s.before_to, s.year_from, s.year_to
        ),
        columns,
        rows: s.kinds.iter().filter_map(row).collect(),
        empty: "本期没有案卷".to_owned(),
    }
}

fn rising(title: &str, s: &Statistics) -> Table {
    let row = |kind: &String| {
        let f = s.total.cases.get(kind).copied().unwrap_or_default();
        let name = s.kinds.iter().find(|k| k.kind == *kind).map_or(kind.clone(), |k| k.name.clone());
        vec![name.into(), f.opened.into(), f.before.into(), change(f.opened, f.before)]
    };
    Table {
        title: title.to_owned(),
        note: s.rising_rule.clone(),
        columns: vec![
            column("类别", false),
            column("本期", true),
            column("上期", true),
            column("变化", true),
        ],
        rows: s.rising.iter().map(row).collect(),
        empty: "没有明显上升的类别".to_owned(),
    }
}

fn counts(title: &str, s: &Statistics) -> Table {
    let row = |c: &crate::model::Counted| {
        let name = format!("{}（{}）", c.name, c.unit);
        vec![name.into(), c.now.into(), c.before.into(), change(c.now, c.before)]
    };
    Table {
        title: title.to_owned(),
        note: "按事情发生的日期计入".to_owned(),
        columns: vec![
            column("指标", false),
            column("本期", true),
            column("上期", true),
            column("变化", true),
        ],
        rows: s.counts.iter().map(row).collect(),
        empty: "没有可计的指标".to_owned(),
    }
}

/// Parts of the place; figures of several kinds beside one another.
fn parts(title: &str, wanted: &[String], figures: &[Figure], s: &Statistics) -> Table {
    let known: Vec<&crate::model::KindName> =
        s.kinds.iter().filter(|k| wanted.contains(&k.kind) && s.total.cases.contains_key(&k.kind)).collect();
    let mut columns = vec![column("辖区", false)];
    for k in &known {
        let name = |f: &Figure| match known.len() {
            1 => f.name().to_owned(),
            _ => format!("{}{}", k.name, f.name()),
        };
        columns.extend(figures.iter().map(|f| column(name(f), true)));
    }
    let row = |name: &str, cases: &std::collections::BTreeMap<String, Figures>| {
        let mut row: Vec<Cell> = vec![name.into()];
        for k in &known {
            // none in this part: none, and unknown only where the whole is
            let whole = s.total.cases.get(&k.kind).copied().unwrap_or_default();
            let none = Figures {
                before: whole.before.map(|_| 0),
                year_before: whole.year_before.map(|_| 0),
                ..Figures::default()
            };
            let f = cases.get(&k.kind).unwrap_or(&none);
            row.extend(figures.iter().map(|which| figure(f, *which)));
        }
        row
    };
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    if !known.is_empty() {
        rows.extend(s.rows.iter().map(|line| row(&line.name, &line.cases)));
        rows.push(row("合计", &s.total.cases));
    }
    let note = match s.rows.len() {
        1000.. => "只列案卷最多的一千家，合计为全部",
        _ => "",
    };
    Table {
        title: title.to_owned(),
        note: note.to_owned(),
        columns,
        rows,
        empty: "本期没有这类案卷".to_owned(),
    }
}

fn grades(title: &str, s: &Statistics) -> Table {
    const LETTERS: [&str; 4] = ["A", "B", "C", "D"];
    let mut columns = vec![column("辖区", false), column("在营主体", true)];
    columns.extend(LETTERS.map(|g| column(format!("{g}级"), true)));
    let row = |name: &str, line: &crate::model::Line| {
        let mut row: Vec<Cell> = vec![name.into(), line.businesses.into()];
        row.extend(LETTERS.map(|g| Cell::Whole(line.grades.get(g).copied().unwrap_or(0))));
        row
    };
    let mut rows = Vec::new();
    if !s.total.grades.is_empty() {
        let divisions = s.rows.iter().filter(|line| line.businesses.is_some());
        rows.extend(divisions.map(|line| row(&line.name, line)));
        rows.push(row("合计", &s.total));
    }
    Table {
        title: title.to_owned(),
        note: "停业的主体也有等级，未评定的不计入各级".to_owned(),
        columns,
        rows,
        empty: "还没有评定等级".to_owned(),
    }
}

fn late(tx: &mut Tx, house: &House, (title, most): (&str, i64), asked: &Asked, now: Millis) -> Result<Table> {
    let flows = house.held::<Flows>();
    let kinds: Vec<&str> = flows.kinds().map(|k| k.definition.kind.as_str()).collect();
    let span = asked.period.span(now)?;
    let range = prefix_range(asked.division);
    let (found, all) =
        tally::behind(tx, Of { range: &range, kinds: &kinds, business: None }, What::Late, span, (1, most))?;
    let places = parties::divisions::today(house);
    let row = |c: &tally::Behind| -> Vec<Cell> {
        let name = flows.latest(&c.kind).map_or_else(|_| c.kind.clone(), |p| p.definition.name.clone());
        let (day, days) = match c.next_due {
            Some(due) if due <= now => {
                (china_day(due - 1).to_string(), Cell::Whole((now - due) / 86_400_000 + 1))
            }
            Some(due) => (china_day(due - 1).to_string(), Cell::Text("已上报".into())),
            None => (String::new(), Cell::Text("已上报".into())),
        };
        vec![
            name.into(),
            c.number.clone().into(),
            c.title.clone().into(),
            places.full_name(&c.division).into(),
            day.into(),
            days,
        ]
    };
    let columns = vec![
        column("类别", false),
        column("编号", false),
        column("事项", false),
        column("辖区", false),
        column("期限", false),
        column("逾期天数", true),
    ];
    let note =
        if all > most { format!("共 {all} 件，列出逾期最久的 {most} 件") } else { String::new() };
    Ok(Table {
        title: title.to_owned(),
        note,
        columns,
        rows: found.iter().map(row).collect(),
        empty: "没有逾期的案卷".to_owned(),
    })
}
