//! The empty sheet that people fill.

use std::io::{Seek, Write};

use kit_base::error::{Error, Result};
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, Format, FormatAlign, FormatBorder, Formula, Workbook,
    Worksheet, XlsxError,
};

use super::out::{heading_format, new_book, sheet_name};
use super::{Choice, Column, ColumnKind, Table, UnitFrom};

/// Rows that the template has drop-down lists for.
const ROWS: u32 = 20_000;
/// A drop-down list longer than this stands on its own sheet.
const LIST_CHARS: usize = 255;
const HELP: &str = "填写说明";
const CHOICES: &str = "选项";

/// Writes the template of a table: its headings (required ones in red with a star) frozen and with a filter, an example
/// row, drop-down lists, and a sheet 填写说明 that explains each column.
pub fn template(table: &Table, to: impl Write + Seek + Send) -> Result<()> {
    build(table).and_then(|mut book| book.save_to_writer(to)).map_err(Error::internal)
}

fn build(table: &Table) -> Result<Workbook, XlsxError> {
    let mut book = new_book();
    fill_sheet(book.add_worksheet(), table)?;
    help_sheet(book.add_worksheet(), table)?;
    let long: Vec<&[Choice]> = table.columns().iter().filter_map(long_list).collect();
    if !long.is_empty() {
        let sheet = book.add_worksheet();
        sheet.set_name(CHOICES)?.set_hidden(true);
        for (column, choices) in long.iter().enumerate() {
            for (row, choice) in choices.iter().enumerate() {
                sheet.write_string(row as u32, column as u16, &choice.label)?;
            }
        }
    }
    Ok(book)
}

fn fill_sheet(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    sheet.set_name(sheet_name(table.name(), 1))?;
    let required = heading_format().set_font_color(Color::RGB(0xB4_23_18));
    let text = Format::new().set_num_format("@");
    let example = Format::new().set_num_format("@").set_font_color(Color::RGB(0x8A_94_9E)).set_italic();
    let mut lists = 0;
    for (i, column) in table.columns().iter().enumerate() {
        let at = i as u16;
        sheet.set_column_width(at, width(column))?;
        // as text, so that no program rounds codes or turns dates about
        sheet.set_column_format(at, &text)?;
        match column.required {
            true => sheet.write_string_with_format(0, at, format!("{}*", column.name), &required)?,
            false => sheet.write_string_with_format(0, at, &column.name, &heading_format())?,
        };
        if !column.example.is_empty() {
            sheet.write_string_with_format(1, at, &column.example, &example)?;
        }
        if let Some(rule) = validation(column, &mut lists)? {
            sheet.add_data_validation(1, at, ROWS, at, &rule)?;
        }
    }
    sheet.set_row_height(0, 24)?;
    sheet.set_freeze_panes(1, 0)?;
    if let Some(last) = table.columns().len().checked_sub(1) {
        sheet.autofilter(0, 0, 1, last as u16)?;
    }
    Ok(())
}

/// The drop-down list of a choice, or the hint of another column.
fn validation(column: &Column, lists: &mut u16) -> Result<Option<DataValidation>, XlsxError> {
    let rule = match (&column.kind, long_list(column)) {
        (ColumnKind::Choice(_), Some(long)) => {
            let letters = crate::sheet::letters(usize::from(*lists));
            *lists += 1;
            let range = format!("={CHOICES}!${letters}$1:${letters}${}", long.len());
            DataValidation::new().allow_list_formula(Formula::new(range))
        }
        (ColumnKind::Choice(choices), None) if !choices.is_empty() => {
            let labels: Vec<&str> = choices.iter().map(|c| c.label.as_str()).collect();
            DataValidation::new().allow_list_strings(&labels)?
        }
        _ => return Ok(None),
    };
    let rule = rule
        .set_error_title("请从列表中选择")?
        .set_error_message(cut(&format!("“{}”只能填列表中的内容", column.name), 200))?;
    Ok(Some(rule.set_error_style(DataValidationErrorStyle::Stop)))
}

fn long_list(column: &Column) -> Option<&[Choice]> {
    let ColumnKind::Choice(choices) = &column.kind else { return None };
    let length: usize = choices.iter().map(|c| c.label.encode_utf16().count() + 1).sum();
    (length > LIST_CHARS || choices.iter().any(|c| c.label.contains(','))).then_some(choices)
}

fn help_sheet(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    sheet.set_name(HELP)?;
    let title = Format::new().set_bold().set_font_size(14);
    let wrap =
        Format::new().set_text_wrap().set_align(FormatAlign::Top).set_border_bottom(FormatBorder::Hair);
    sheet.write_string_with_format(0, 0, format!("{} — 填写说明", table.name()), &title)?;
    let general = [
        "带 * 的红色列必须填写；列的顺序可以改变，不用的列可以删除。",
        "灰色斜体的一行是示例，上传前可以删除，不删除也不会导入。",
        "日期写成 2024-03-05；号码类的列请保持“文本”格式，以免末尾数字丢失。",
        "有错的行会单独退回，并在最后一列写明原因；改好后上传退回的文件即可。",
    ];
    let mut row = 1;
    for text in general.iter().copied().chain(table.notes().iter().map(String::as_str)) {
        sheet.write_string(row, 0, format!("{row}. {text}"))?;
        row += 1;
    }
    row += 1;
    for (at, (heading, width)) in
        [("列名", 24), ("必填", 8), ("填什么", 36), ("示例", 28), ("说明", 60)].iter().enumerate()
    {
        sheet.set_column_width(at as u16, f64::from(*width))?;
        sheet.write_string_with_format(row, at as u16, *heading, &heading_format())?;
    }
    for column in table.columns() {
        row += 1;
        let cells = [
            column.name.clone(),
            if column.required { "是" } else { "否" }.to_owned(),
            kind_text(table, column),
            column.example.clone(),
            column.help.clone(),
        ];
        for (at, cell) in cells.iter().enumerate() {
            sheet.write_string_with_format(row, at as u16, cell, &wrap)?;
        }
    }
    Ok(())
}

fn kind_text(table: &Table, column: &Column) -> String {
    let text = match &column.kind {
        ColumnKind::Text { max } => format!("文字，最多 {max} 个字"),
        ColumnKind::Whole { min, max } => format!("整数，{min} 到 {max}"),
        ColumnKind::Number { min, max } => format!("数字，{min} 到 {max}"),
        ColumnKind::Amount(UnitFrom::Fixed(unit)) => format!("数量，单位为{unit}，也可写明单位，如 12.5公斤"),
        ColumnKind::Amount(UnitFrom::Cell) => "数量和单位，如 12.5公斤、3箱".to_owned(),
        ColumnKind::Amount(UnitFrom::Column(key)) => {
            let name = table.columns().iter().find(|c| c.key == *key).map_or(*key, |c| c.name.as_str());
            format!("数量，单位写在“{name}”列")
        }
        ColumnKind::Date { partial: false } => "日期，如 2024-03-05".to_owned(),
        ColumnKind::Date { partial: true } => "日期，可以只写到月或年，如 2024-03".to_owned(),
        ColumnKind::Code { max } => format!("号码，最多 {max} 个字符"),
        ColumnKind::Choice(choices) => {
            let labels: Vec<&str> = choices.iter().take(60).map(|c| c.label.as_str()).collect();
            let more = if choices.len() > 60 { "等，见下拉列表" } else { "" };
            format!("选填其一：{}{more}", labels.join("、"))
        }
    };
    if column.unique { format!("{text}；不能重复") } else { text }
}

fn width(column: &Column) -> f64 {
    let wide = |text: &str| text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
    (wide(&column.name).max(wide(&column.example)) + 4).clamp(10, 40) as f64
}

fn cut(text: &str, max: usize) -> String {
    text.chars().take(max).collect()
}
