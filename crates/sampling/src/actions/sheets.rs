//! Sheets that are read before anything is kept of them: cells of a plan, what a laboratory is accredited for, results of a sample.
//! Plans are written as well, with how far each cell is.

use std::fs::File;

use kit_base::Result;
use kit_docs::sheet::{Book, Limits};
use kit_docs::table::out::{Field, OutColumn, XlsxOut};
use kit_docs::table::{Column, Import, Line, Report, Table};

use crate::model::{
    Lab, LabItem, LabSheet, NewQuota, Progress, QuotaSheet, ResultSheet, STAGES, SheetDefect,
};
use crate::rules;
use crate::rules::dec::Dec;

/// Defects that are told.
const DEFECTS: usize = 200;

/// Cells of a plan.
pub fn plan_table() -> Table {
    Table::new("抽检计划")
        .column(
            Column::text("category", "食品分类", 40)
                .required()
                .alias("分类代码")
                .example("4.1")
                .help("大类、亚类、次亚类、细类的代码，级间用点隔开"),
        )
        .column(Column::text("category_name", "分类名称", 60).required().example("豆制品"))
        .column(
            Column::choice("stage", "环节", STAGES.map(|(code, name)| (code, name)))
                .required()
                .example("流通"),
        )
        .column(Column::code("division", "区划代码").required().example("410902").help("在计划的地区之内"))
        .column(Column::whole("quota", "批次", 1, 1_000_000).required().alias("计划批次").example("12"))
        .column(
            Column::text("items", "检验项目", 2_000)
                .alias("项目包")
                .example("苯甲酸;山梨酸")
                .help("用分号隔开；留空由检验机构按细则确定"),
        )
        .note("一行是一个指标：同一分类、环节和地区只写一行")
}

/// Reads cells; what is wrong is told by place, and nothing is kept. Errors: those of books, `headings_missing`.
pub fn plan(file: File, plan: &str) -> Result<QuotaSheet> {
    let table = plan_table();
    let mut book = Book::open(file, table.name(), &Limits::default())?;
    let at = book.pick(table.name());
    let mut import = Import::begin(&table, book.rows(at)?)?;
    let mut out = QuotaSheet::default();
    while let Some(line) = import.next() {
        let line = line?;
        match cell(&line, plan, &out.quotas) {
            Ok(quota) => out.quotas.push(quota),
            Err((key, why)) => import.reject(&line, vec![line.defect(key, "cell", why)])?,
        }
    }
    (out.rows, out.defects_total, out.defects) = told(import.finish()?);
    Ok(out)
}

/// Rows, all defects, and the first of them.
fn told(report: Report) -> (i64, i64, Vec<SheetDefect>) {
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let first = report.defects.into_iter().take(DEFECTS);
    let first = first.map(|d| SheetDefect { place: d.place, message: d.message }).collect();
    (count(report.read), count(report.defects_total), first)
}

fn cell(line: &Line, plan: &str, had: &[NewQuota]) -> std::result::Result<NewQuota, (&'static str, String)> {
    let text = |key: &str| line.record.text(key).unwrap_or("").trim().to_owned();
    let category = text("category");
    rules::category(&category).map_err(|e| ("category", e.message))?;
    let division = text("division");
    if !division.starts_with(plan) {
        return Err(("division", format!("{division} 不在计划的地区 {plan} 之内")));
    }
    let items = text("items");
    let items = items.split([';', '；', '、']).map(str::trim).filter(|i| !i.is_empty());
    let new = NewQuota {
        items: items.map(str::to_owned).collect(),
        category_name: text("category_name"),
        stage: text("stage"),
        quota: line.record.whole("quota").unwrap_or(0),
        category,
        division,
    };
    let same =
        |o: &NewQuota| (&o.category, &o.stage, &o.division) == (&new.category, &new.stage, &new.division);
    match had.iter().any(same) {
        true => Err(("category", "同一分类、环节和地区已有一行，请合并".into())),
        false => Ok(new),
    }
}

/// What a laboratory is accredited for.
pub fn lab_table() -> Table {
    Table::new("检验能力")
        .column(Column::text("item", "检验项目", 100).required().alias("项目").example("苯甲酸"))
        .column(
            Column::text("method", "检验方法", 100)
                .required()
                .alias("方法")
                .alias("检验依据")
                .example("GB 5009.28"),
        )
        .column(
            Column::text("lod", "检出限", 20)
                .alias("方法检出限")
                .alias("LOD")
                .example("0.005")
                .help("数字；没有的留空"),
        )
        .column(
            Column::text("loq", "定量限", 20)
                .alias("方法定量限")
                .alias("LOQ")
                .example("0.01")
                .help("数字；没有的留空"),
        )
        .column(Column::text("unit", "单位", 20).example("g/kg"))
        .note("一行是一个项目和一种方法，以资质认定证书附表为准")
}

/// Reads accredited items. Errors: those of books, `headings_missing`.
pub fn lab(file: File) -> Result<LabSheet> {
    let table = lab_table();
    let mut book = Book::open(file, table.name(), &Limits::default())?;
    let at = book.pick(table.name());
    let mut import = Import::begin(&table, book.rows(at)?)?;
    let mut out = LabSheet::default();
    while let Some(line) = import.next() {
        let line = line?;
        match ability(&line, &out.items) {
            Ok(item) => out.items.push(item),
            Err((key, why)) => import.reject(&line, vec![line.defect(key, "cell", why)])?,
        }
    }
    (out.rows, out.defects_total, out.defects) = told(import.finish()?);
    Ok(out)
}

fn ability(line: &Line, had: &[LabItem]) -> std::result::Result<LabItem, (&'static str, String)> {
    let text = |key: &str| line.record.text(key).unwrap_or("").trim().to_owned();
    let new = LabItem {
        item: text("item"),
        method: text("method"),
        lod: text("lod"),
        loq: text("loq"),
        unit: text("unit"),
    };
    for (key, value) in [("lod", &new.lod), ("loq", &new.loq)] {
        if !value.is_empty() && Dec::parse(value).is_none() {
            return Err((key, format!("“{value}”不是数字")));
        }
    }
    match had.iter().any(|o| o.item == new.item && o.method == new.method) {
        true => Err(("item", "同一项目和方法已有一行".into())),
        false => Ok(new),
    }
}

/// Results out of a sheet with everything that is wrong with them, so that the analyst mends all at once.
pub fn results(file: File, lab: &Lab) -> Result<ResultSheet> {
    let (read, lines) = super::entry::sheet(file)?;
    let mut defects = Vec::new();
    for (i, (one, line)) in read.items.iter().zip(&lines).enumerate() {
        let place = format!("第 {line} 行 {}", one.item);
        if read.items[..i].iter().any(|o| o.item.trim() == one.item.trim()) {
            defects.push(SheetDefect { place, message: format!("{}填写了两次", one.item) });
        } else if let Err(e) = super::entry::checked(lab, std::slice::from_ref(one)) {
            defects.push(SheetDefect { place, message: e.message });
        }
    }
    Ok(ResultSheet { items: read.items, defects })
}

/// A plan as xlsx: the columns that can be read back, then how far each cell is.
pub fn written(p: &Progress) -> Result<Vec<u8>> {
    let heads = [
        "食品分类",
        "分类名称",
        "环节",
        "区划代码",
        "批次",
        "检验项目",
        "任务",
        "已抽样",
        "已出报告",
        "不合格",
    ];
    let mut book = XlsxOut::new();
    let note = format!("{}（{} 年）　已抽样不含拒绝抽样和未抽到样品", p.plan.name, p.plan.year);
    book.sheet("抽检计划", &heads.map(OutColumn::text), &[note])?;
    for c in &p.cells {
        let stage = STAGES.iter().find(|s| s.0 == c.stage).map_or("", |s| s.1);
        let items = c.items.join(";");
        book.row([
            Field::from(c.category.as_str()),
            Field::from(c.category_name.as_str()),
            Field::from(stage),
            Field::from(c.division.as_str()),
            Field::Whole(c.quota),
            Field::from(items),
            Field::Whole(c.tasks),
            Field::Whole(c.taken),
            Field::Whole(c.reported),
            Field::Whole(c.failed),
        ])?;
    }
    let mut file = std::io::Cursor::new(Vec::new());
    book.save_to(&mut file)?;
    Ok(file.into_inner())
}
