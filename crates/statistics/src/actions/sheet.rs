//! What is shown, as sheets.

use kit_base::clock::{china_day, china_text};
use kit_base::{Millis, Result};
use kit_docs::table::out::{Field, OutColumn};
use kit_sheets::out::{Export, Format};
use kit_web::House;

use crate::model::{BehindRow, Statistics};

/// Figures by place and kind.
pub fn places(house: &House, actor: &str, s: &Statistics) -> Result<String> {
    let mut columns =
        vec![OutColumn::text("名称").width(28), OutColumn::text("代码"), OutColumn::text("在营主体")];
    columns.extend(["A", "B", "C", "D"].map(|g| OutColumn::text(format!("风险{g}级"))));
    for k in &s.kinds {
        columns.extend(
            ["新增", "上期新增", "去年同期新增", "办结", "期末在办", "七天内到期", "逾期"]
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
            row.push(Field::Whole(f.opened));
            row.extend([f.before, f.year_before].map(Field::from));
            row.extend([f.ended, f.open, f.due, f.late].map(Field::Whole));
        }
        out.row(row)?;
    }
    out.end()
}

/// Heads of the list of cases.
pub fn case_heads() -> Vec<OutColumn> {
    ["类别", "编号", "事项", "主体", "辖区", "状态", "开始", "最近期限", "逾期上报", "办结", "数据标记"]
        .map(OutColumn::text)
        .to_vec()
}

/// A case in the list.
pub fn case_row(row: &BehindRow) -> Vec<Field<'_>> {
    let c = &row.case;
    let time = |at: Option<Millis>| at.map_or(Field::Empty, |at| Field::Text(china_text(at).into()));
    // what is kept is the first moment too late
    let due = c.next_due.map_or(Field::Empty, |at| Field::Text(china_day(at - 1).to_string().into()));
    vec![
        Field::from(c.kind_name.as_str()),
        Field::from(c.number.as_str()),
        Field::from(c.title.as_str()),
        Field::from(row.business_name.as_str()),
        Field::from(row.division_name.as_str()),
        Field::from(c.status_name.as_str()),
        time(Some(c.opened_at)),
        due,
        Field::from(if c.level > 0 { "是" } else { "" }),
        time(c.ended_at),
        Field::from(if c.simulated { "模拟数据" } else { "" }),
    ]
}
