//! A file as xlsx: what it comes to, failures, risk, recalls and holds, findings.

use findings::wilson::Share;
use kit_base::Result;
use kit_docs::table::out::{Field, OutColumn, XlsxOut};

use crate::model::{Content, Failing};

/// `12.5%`, with its interval; nothing of nothing.
fn rate(s: &Share) -> String {
    match (s.rate, s.low, s.high) {
        (Some(rate), Some(low), Some(high)) => {
            format!("{:.1}%（{:.1}%–{:.1}%）", rate * 100.0, low * 100.0, high * 100.0)
        }
        _ => String::new(),
    }
}

fn heads(names: &[&str]) -> Vec<OutColumn> {
    names.iter().map(|n| OutColumn::text(*n)).collect()
}

/// The workbook of a content.
pub fn written(c: &Content) -> Result<Vec<u8>> {
    let mut book = XlsxOut::new();
    let mark = if c.simulated { "　模拟数据，不是真实结果" } else { "" };
    let note = format!("{}　{}（{} 至 {}）第 {} 版{mark}", c.manager.name, c.week, c.from, c.to, c.version);
    summary(&mut book, c, &note)?;
    failing(&mut book, c, &note)?;
    risk(&mut book, c, &note)?;
    rest(&mut book, c, &note)?;
    let mut file = std::io::Cursor::new(Vec::new());
    book.save_to(&mut file)?;
    Ok(file.into_inner())
}

fn summary(book: &mut XlsxOut, c: &Content, note: &str) -> Result<()> {
    book.sheet("概况", &heads(&["指标", "数值"]), &[note.to_owned()])?;
    let open: i64 = c.findings.iter().map(|f| f.open).sum();
    let rows = [
        ("成员", c.members.to_string()),
        ("本周新增不合格批次", c.failing.len().to_string()),
        ("以前各周不合格、核查处置未办结批次", c.earlier.len().to_string()),
        ("以前通报、之后推翻的批次", c.corrected.len().to_string()),
        ("本周结论生效批次", c.tested.n.to_string()),
        ("近一年结论生效批次", c.total.n.to_string()),
        ("近一年不合格率（95% 区间）", rate(&c.total)),
        ("涉及的召回与暂停流转", c.touching.len().to_string()),
        ("未闭环问题", open.to_string()),
    ];
    rows.into_iter().try_for_each(|(name, value)| book.row([Field::from(name), Field::from(value)]))
}

fn failing(book: &mut XlsxOut, c: &Content, note: &str) -> Result<()> {
    let columns = [
        "类别",
        "抽样单编号",
        "成员",
        "主体码",
        "摊位号",
        "样品",
        "不合格项目",
        "抽样日期",
        "结论生效",
        "核查处置",
    ];
    book.sheet("不合格", &heads(&columns), &[note.to_owned()])?;
    let mut line = |kind: &str, f: &Failing| {
        book.row([
            Field::from(kind),
            Field::from(f.sample_no.as_str()),
            Field::from(f.who.name.as_str()),
            Field::from(f.who.code.as_str()),
            Field::from(f.who.place.as_str()),
            Field::from(f.food.as_str()),
            Field::from(f.failing.as_str()),
            Field::from(f.taken.as_str()),
            Field::from(f.stood.as_str()),
            Field::from(if f.open { "进行中" } else { "已办结" }),
        ])
    };
    c.failing.iter().try_for_each(|f| line("本周新增", f))?;
    c.earlier.iter().try_for_each(|f| line("未办结", f))?;
    for f in &c.corrected {
        book.row([
            Field::from("已推翻"),
            Field::from(f.sample_no.as_str()),
            Field::from(f.who.name.as_str()),
            Field::from(f.who.code.as_str()),
            Field::from(f.who.place.as_str()),
            Field::from(f.food.as_str()),
        ])?;
    }
    Ok(())
}

fn risk(book: &mut XlsxOut, c: &Content, note: &str) -> Result<()> {
    let period = format!("{note}　统计期 {} 至 {}；少于 30 批次的不宜比较", c.since, c.to);
    book.sheet(
        "风险",
        &heads(&["按", "名称", "批次（项次）", "不合格", "不合格率（95% 区间）", "样本少"]),
        &[period],
    )?;
    for (by, lines) in [("食品", &c.foods), ("检验项目", &c.items), ("成员", &c.by_member)] {
        for l in lines {
            book.row([
                Field::from(by),
                Field::from(l.name.as_str()),
                Field::Whole(l.share.n),
                Field::Whole(l.share.hits),
                Field::from(rate(&l.share)),
                Field::from(if l.share.few { "是" } else { "" }),
            ])?;
        }
    }
    for w in &c.weeks {
        book.row([
            Field::from("周"),
            Field::from(w.week.as_str()),
            Field::Whole(w.share.n),
            Field::Whole(w.share.hits),
            Field::from(rate(&w.share)),
        ])?;
    }
    Ok(())
}

fn rest(book: &mut XlsxOut, c: &Content, note: &str) -> Result<()> {
    book.sheet(
        "召回与暂停",
        &heads(&["类别", "文号", "成员", "摊位号", "食品", "批号", "内容", "自", "期限"]),
        &[note.to_owned()],
    )?;
    for t in &c.touching {
        book.row([
            Field::from(if t.kind == "recall" { "召回" } else { "暂停流转" }),
            Field::from(t.number.as_str()),
            Field::from(t.who.name.as_str()),
            Field::from(t.who.place.as_str()),
            Field::from(t.food.as_str()),
            Field::from(t.batch.as_str()),
            Field::from(t.what.as_str()),
            Field::from(t.since.as_str()),
            Field::from(t.due.as_str()),
        ])?;
    }
    book.sheet("未闭环问题", &heads(&["来源", "未闭环", "严重", "逾期", "本周新增"]), &[note.to_owned()])?;
    for f in &c.findings {
        book.row([
            Field::from(f.name.as_str()),
            Field::Whole(f.open),
            Field::Whole(f.serious),
            Field::Whole(f.late),
            Field::Whole(f.new),
        ])?;
    }
    Ok(())
}
