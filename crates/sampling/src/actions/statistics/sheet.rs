//! The statistics as a book: the table, months, laboratories, steps.

use findings::wilson::Share;
use kit_base::Result;
use kit_docs::table::out::{Field, OutColumn, XlsxOut};

use crate::model::{By, SampleStatistics, StatLine};

fn name(by: By) -> &'static str {
    match by {
        By::Food => "食品",
        By::Item => "检验项目",
        By::Stage => "环节",
        By::Region => "辖区",
        By::Season => "季节",
        By::Month => "月份",
        By::Lab => "检验机构",
    }
}

/// Percent to two places; empty of nothing.
fn percent(rate: Option<f64>) -> Field<'static> {
    rate.map_or(Field::Empty, |r| Field::Number((r * 10_000.0).round() / 100.0))
}

fn cells(s: &Share) -> Vec<Field<'static>> {
    let mark = if s.few { "样本少" } else { "" };
    vec![
        Field::Whole(s.n),
        Field::Whole(s.hits),
        percent(s.rate),
        percent(s.low),
        percent(s.high),
        Field::from(mark),
    ]
}

const HEADS: [&str; 6] = ["检验", "不合格", "不合格率（%）", "区间下限（%）", "区间上限（%）", "提示"];

/// The book, whole.
pub fn book(s: &SampleStatistics, who: &str) -> Result<Vec<u8>> {
    let unit = if s.of_items { "项次" } else { "批次" };
    let notes = vec![
        format!("抽检统计　{}　{} 至 {}（按签发日期）　导出人 {who}", s.name, s.from, s.to),
        format!(
            "单位：{unit}。只计监督抽检作出结论的；复检、异议推翻的（{} 批次）按合格计；不能判定的（{} 批次）不计。",
            s.overturned, s.undecided
        ),
        format!("区间为 95% 置信区间（Wilson 法）；检验数不足 {} 的标“样本少”，不宜比较。", s.few),
    ];
    let mut out = XlsxOut::new();
    table(&mut out, s, &notes)?;
    months(&mut out, s, &notes)?;
    labs(&mut out, s, &notes)?;
    steps(&mut out, s)?;
    let mut bytes = std::io::Cursor::new(Vec::new());
    out.save_to(&mut bytes)?;
    Ok(bytes.into_inner())
}

fn table(out: &mut XlsxOut, s: &SampleStatistics, notes: &[String]) -> Result<()> {
    let mut heads = vec![OutColumn::text(name(s.by)).width(30)];
    heads.extend(HEADS.map(OutColumn::text));
    for c in &s.columns {
        heads.extend(["检验", "不合格", "不合格率（%）"].map(|h| OutColumn::text(format!("{} {h}", c.name))));
    }
    out.sheet("不合格率", &heads, notes)?;
    let mut line = |first: &str, share: &Share, more: &[Option<Share>]| {
        let mut row = vec![Field::from(first.to_owned())];
        row.extend(cells(share));
        for cell in more {
            match cell {
                Some(c) => row.extend([Field::Whole(c.n), Field::Whole(c.hits), percent(c.rate)]),
                None => row.extend([Field::Empty, Field::Empty, Field::Empty]),
            }
        }
        out.row(row)
    };
    for r in &s.rows {
        line(&r.of.name, &r.share, &r.cells)?;
    }
    line("合计", &s.total, &[])
}

fn months(out: &mut XlsxOut, s: &SampleStatistics, notes: &[String]) -> Result<()> {
    let mut heads = vec![OutColumn::text("抽样月份")];
    heads.extend(HEADS.map(OutColumn::text));
    out.sheet("逐月", &heads, &notes[..1])?;
    s.months.iter().try_for_each(|m: &StatLine| {
        let mut row = vec![Field::from(m.of.name.clone())];
        row.extend(cells(&m.share));
        out.row(row)
    })
}

fn labs(out: &mut XlsxOut, s: &SampleStatistics, notes: &[String]) -> Result<()> {
    let mut heads = vec![OutColumn::text("检验机构").width(30)];
    heads.extend(HEADS.map(OutColumn::text));
    heads.extend(["按所检食品应有不合格", "偏离（标准差）", "可否比较"].map(OutColumn::text));
    let note = "应有不合格：各类食品按全部机构合计的不合格率、以本机构所检数加权；偏离超过 ±1.96 的值得核查，不等于检验有误。";
    out.sheet("机构比对", &heads, &[notes[0].clone(), note.to_owned()])?;
    s.labs.iter().try_for_each(|l| {
        let mut row = vec![Field::from(l.name.clone())];
        row.extend(cells(&l.share));
        row.push(Field::Number((l.expected * 10.0).round() / 10.0));
        row.push(l.z.map_or(Field::Empty, |z| Field::Number((z * 100.0).round() / 100.0)));
        row.push(Field::from(if l.few { "样本少，不宜比较" } else { "可比较" }));
        out.row(row)
    })
}

fn steps(out: &mut XlsxOut, s: &SampleStatistics) -> Result<()> {
    let heads = [
        "环节",
        "期限",
        "期内完成",
        "半数不超过（天）",
        "九成不超过（天）",
        "最长（天）",
        "按期",
        "超期",
        "超期未完成",
        "依据",
    ];
    out.sheet("环节用时", &heads.map(OutColumn::text), &[])?;
    let days = |ms: Option<i64>| {
        ms.map_or(Field::Empty, |ms| Field::Number((ms as f64 / 8_640_000.0).round() / 10.0))
    };
    s.steps.iter().try_for_each(|t| {
        out.row([
            Field::from(t.name.clone()),
            Field::from(t.limit.clone()),
            Field::Whole(t.n),
            days(t.half),
            days(t.ninety),
            days(t.longest),
            Field::Whole(t.in_time),
            Field::Whole(t.late),
            Field::Whole(t.overdue),
            Field::from(t.statute.clone()),
        ])
    })
}
