//! Cells read as what their column holds.

use kit_base::amount::parse_amount;
use kit_base::error::Error;
use kit_base::{Amount, PartialDate, Unit};

use super::import::Value;
use super::{Choice, ColumnKind, UnitFrom, half_width};
use crate::sheet::{Cell, decimal};

/// What is wrong with a cell: a code and what to do, without the name of the column.
pub(super) struct Wrong {
    pub code: std::borrow::Cow<'static, str>,
    pub message: String,
}

fn wrong(code: &'static str, message: impl Into<String>) -> Wrong {
    Wrong { code: code.into(), message: message.into() }
}

impl From<Error> for Wrong {
    fn from(e: Error) -> Self {
        Self { code: e.code, message: e.message }
    }
}

type Read = Result<Option<Value>, Wrong>;

/// The value of a cell, `None` where it is empty. `unit` is the text of the unit column, if the column has one.
pub(super) fn read(kind: &ColumnKind, cell: &Cell, unit: Option<&str>) -> Read {
    if let Cell::Broken { code, message } = cell {
        return Err(wrong(code, message.clone()));
    }
    if cell.is_empty() {
        return Ok(None);
    }
    let value = match kind {
        ColumnKind::Text { max } => text(cell, *max)?,
        ColumnKind::Whole { min, max } => whole(cell, *min, *max)?,
        ColumnKind::Number { min, max } => number(cell, *min, *max)?,
        ColumnKind::Amount(from) => amount(cell, from, unit)?,
        ColumnKind::Date { partial } => Value::Date(date(cell, *partial)?),
        ColumnKind::Code { max } => code(cell, *max)?,
        ColumnKind::Choice(choices) => choice(cell, choices)?,
    };
    Ok(Some(value))
}

fn text(cell: &Cell, max: usize) -> Result<Value, Wrong> {
    let shown = cell.shown();
    let mut text = String::with_capacity(shown.len());
    for c in shown.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}').chars() {
        match c {
            '\r' => {}
            '\n' | '\t' => text.push(' '),
            c if c.is_control() => return Err(wrong("text_control", "含有不可见的控制字符，请重新输入")),
            c => text.push(c),
        }
    }
    let length = text.chars().count();
    if length > max {
        return Err(wrong("text_too_long", format!("有 {length} 个字，最多 {max} 个字")));
    }
    Ok(Value::Text(text))
}

fn whole(cell: &Cell, min: i64, max: i64) -> Result<Value, Wrong> {
    let text = digits(cell);
    let syntax = || wrong("whole_syntax", format!("“{text}”不是整数，请填写数字，如 12"));
    let plain = text.strip_suffix(".0").unwrap_or(&text);
    let sign = plain.strip_prefix(['-', '+']).unwrap_or(plain);
    if sign.is_empty() || !sign.bytes().all(|b| b.is_ascii_digit()) {
        return Err(syntax());
    }
    let range = || wrong("whole_range", format!("“{text}”超出范围，应在 {min} 到 {max} 之间"));
    let number: i64 = plain.parse().map_err(|_| range())?;
    if !(min..=max).contains(&number) {
        return Err(range());
    }
    Ok(Value::Whole(number))
}

fn number(cell: &Cell, min: f64, max: f64) -> Result<Value, Wrong> {
    let text = digits(cell);
    let ok = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'));
    let number: f64 = match text.parse() {
        Ok(number) if ok => number,
        _ => return Err(wrong("number_syntax", format!("“{text}”不是数字，请填写数字，如 115.03"))),
    };
    if !(min..=max).contains(&number) {
        return Err(wrong("number_range", format!("“{text}”超出范围，应在 {min} 到 {max} 之间")));
    }
    Ok(Value::Number(number))
}

fn amount(cell: &Cell, from: &UnitFrom, unit: Option<&str>) -> Result<Value, Wrong> {
    let text = digits(cell);
    let split =
        text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-' | '+')).unwrap_or(text.len());
    let (number, written) = (text[..split].trim_start_matches('+'), text[split..].trim());
    if number.is_empty() {
        return Err(wrong("amount_syntax", format!("“{text}”不是数量，请填写数字，如 12.5")));
    }
    let unit = unit.map(half_width).filter(|u| !u.is_empty());
    let unit = match (written, from, unit) {
        ("", UnitFrom::Fixed(fixed), _) => (*fixed).to_owned(),
        ("", UnitFrom::Column(_), Some(unit)) => unit,
        ("", UnitFrom::Column(_), None) => {
            return Err(wrong("unit_missing", "没有单位，请在单位列填写，如 公斤、箱"));
        }
        ("", UnitFrom::Cell, _) => {
            return Err(wrong("unit_missing", format!("“{text}”没有单位，请写成 12.5公斤")));
        }
        (written, UnitFrom::Column(_), Some(unit)) if unit != written => {
            let message = format!("数量写的单位“{written}”与单位列“{unit}”不一致，请改成一致");
            return Err(wrong("unit_conflict", message));
        }
        (written, ..) => written.to_owned(),
    };
    let (amount, unit): (Amount, Unit) = parse_amount(number, &unit)?;
    Ok(Value::Amount(amount, unit))
}

fn code(cell: &Cell, max: usize) -> Result<Value, Wrong> {
    if let Cell::Number(n) = cell
        && n.abs() >= 1e15
    {
        let message = "号码超过 15 位，表格软件已丢失末尾数字，请把该列设为“文本”格式后重新填写";
        return Err(wrong("code_rounded", message));
    }
    let text: String = half_width(&cell.shown()).chars().filter(|c| !c.is_whitespace()).collect();
    let text = text.to_uppercase();
    let scientific = text
        .split_once("E+")
        .is_some_and(|(m, e)| m.contains('.') && m.parse::<f64>().is_ok() && e.parse::<u32>().is_ok());
    if scientific {
        let message = format!("“{text}”是被改写的科学记数，请把该列设为“文本”格式后重新填写号码");
        return Err(wrong("code_rounded", message));
    }
    let length = text.chars().count();
    if length > max {
        return Err(wrong("text_too_long", format!("有 {length} 个字符，最多 {max} 个")));
    }
    if text.chars().any(char::is_control) {
        return Err(wrong("text_control", "含有不可见的控制字符，请重新输入"));
    }
    Ok(Value::Text(text))
}

fn choice(cell: &Cell, choices: &[Choice]) -> Result<Value, Wrong> {
    let text = half_width(&cell.shown());
    let same = |a: &str| half_width(a).eq_ignore_ascii_case(&text);
    if let Some(choice) = choices.iter().find(|c| same(&c.label) || same(&c.value)) {
        return Ok(Value::Text(choice.value.clone()));
    }
    let mut labels: Vec<&str> = choices.iter().take(12).map(|c| c.label.as_str()).collect();
    if choices.len() > labels.len() {
        labels.push("……（全部选项见模板）");
    }
    Err(wrong("choice_unknown", format!("“{text}”不在可选范围，可填：{}", labels.join("、"))))
}

/// A date in any of the forms of [`ColumnKind::Date`].
pub(super) fn date(cell: &Cell, partial: bool) -> Result<PartialDate, Wrong> {
    let date = match cell {
        Cell::Date(date) => PartialDate::full(*date).to_string().parse()?,
        Cell::Number(number) => date_from_number(*number)?,
        _ => date_from_text(&half_width(&cell.shown()))?,
    };
    if !partial && date.day().is_none() {
        return Err(wrong("date_incomplete", format!("日期“{date}”不完整，请写到日，如 2024-03-05")));
    }
    Ok(date)
}

/// Days since the end of 1899, as spreadsheets count: 18,264 is 1950-01-01, 91,312 is 2149-12-31.
const SERIALS: std::ops::RangeInclusive<i64> = 18_264..=91_312;

fn date_from_number(number: f64) -> Result<PartialDate, Wrong> {
    let whole = number.trunc() as i64;
    if SERIALS.contains(&whole) {
        let day = jiff::civil::date(1899, 12, 30).checked_add(jiff::Span::new().days(whole));
        if let Ok(day) = day {
            return Ok(PartialDate::full(day));
        }
    }
    date_from_text(&decimal(number))
}

fn date_from_text(text: &str) -> Result<PartialDate, Wrong> {
    let syntax = || wrong("date_syntax", format!("“{text}”不是日期，请写成 2024-03-05"));
    // a time of day behind the date is dropped
    let day = text.split([' ', 'T']).next().unwrap_or_default();
    if !day.is_empty() && day.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(match day.len() {
            4 => day.parse()?,
            5 => return date_from_number(day.parse().map_err(|_| syntax())?),
            6 => format!("{}-{}", &day[..4], &day[4..]).parse()?,
            8 => format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]).parse()?,
            _ => return Err(syntax()),
        });
    }
    let parts: Vec<&str> = text_parts(day);
    let [year, rest @ ..] = parts.as_slice() else { return Err(syntax()) };
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if year.len() != 4
        || rest.len() > 2
        || rest.iter().any(|p| p.len() > 2)
        || !parts.iter().all(|p| digits(p))
    {
        return Err(syntax());
    }
    let mut written = (*year).to_owned();
    for part in rest {
        written.push_str(&format!("-{part:0>2}"));
    }
    Ok(written.parse()?)
}

/// `2024年3月5日`, `2024/3/5`, `2024.3.5`, `2024-3-5`.
fn text_parts(day: &str) -> Vec<&str> {
    let day = day.strip_suffix(['日', '号', '月', '年']).unwrap_or(day);
    day.split(['-', '/', '.', '年', '月', '\\']).collect()
}

/// Half-width text without spaces and thousands separators.
fn digits(cell: &Cell) -> String {
    let text = half_width(&cell.shown());
    let grouped = text.contains(',') && text.split(',').skip(1).all(|g| g.get(..3).is_some_and(all_digits));
    text.chars().filter(|c| !(c.is_whitespace() || grouped && *c == ',')).collect()
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }

    fn shown(kind: &ColumnKind, cell: &Cell, unit: Option<&str>) -> String {
        match read(kind, cell, unit) {
            Ok(Some(Value::Text(text))) => text,
            Ok(Some(Value::Whole(n))) => n.to_string(),
            Ok(Some(Value::Number(n))) => n.to_string(),
            Ok(Some(Value::Amount(n, unit))) => format!("{n}{}", unit.as_str()),
            Ok(Some(Value::Date(date))) => date.to_string(),
            Ok(None) => "-".to_owned(),
            Err(wrong) => format!("!{}", wrong.code),
        }
    }

    #[test]
    fn dates_of_every_form() {
        let table = [
            ("2024/3/5", "2024-03-05"),
            ("2024-03-05", "2024-03-05"),
            ("2024.3.5", "2024-03-05"),
            ("20240305", "2024-03-05"),
            ("２０２４年３月５日", "2024-03-05"),
            ("2024年3月", "2024-03"),
            ("202403", "2024-03"),
            ("2024", "2024"),
            ("2024-03-05 10:20:30", "2024-03-05"),
            ("45356", "2024-03-05"),
            ("2024/2/30", "!date_impossible"),
            ("2024/13/1", "!date_impossible"),
            ("5/3/2024", "!date_syntax"),
            ("24/3/5", "!date_syntax"),
            ("昨天", "!date_syntax"),
            ("2024//5", "!date_syntax"),
            ("2024-3-5-1", "!date_syntax"),
            ("1024-03-05", "!date_range"),
        ];
        let kind = ColumnKind::Date { partial: true };
        for (text, want) in table {
            assert_eq!(shown(&kind, &cell(text), None), want, "{text}");
        }
        assert_eq!(shown(&kind, &Cell::Number(45_356.75), None), "2024-03-05");
        assert_eq!(shown(&kind, &Cell::Number(20_240_305.0), None), "2024-03-05");
        assert_eq!(shown(&ColumnKind::Date { partial: false }, &cell("2024-03"), None), "!date_incomplete");
    }

    #[test]
    fn amounts_take_their_unit_from_cell_column_or_table() {
        let column = ColumnKind::Amount(UnitFrom::Column("unit"));
        let table = [
            (&column, "12.5", Some("公斤"), "12500g"),
            (&column, "１２．５公斤", None, "12500g"),
            (&column, "1,200", Some("kg"), "1200000g"),
            (&column, "12.5公斤", Some("斤"), "!unit_conflict"),
            (&column, "12.5", None, "!unit_missing"),
            (&column, "-3", Some("箱"), "!amount_negative"),
            (&column, "3", Some("妖"), "!unit_unknown"),
            (&column, "99999999999999999999", Some("吨"), "!amount_too_large"),
            (&column, "适量", Some("公斤"), "!amount_syntax"),
        ];
        for (kind, text, unit, want) in table {
            assert_eq!(shown(kind, &cell(text), unit), want, "{text} {unit:?}");
        }
        assert_eq!(shown(&ColumnKind::Amount(UnitFrom::Fixed("箱")), &Cell::Number(3.0), None), "3pc");
        assert_eq!(shown(&ColumnKind::Amount(UnitFrom::Cell), &cell("3"), None), "!unit_missing");
    }

    #[test]
    fn codes_keep_their_digits_or_say_that_they_are_lost() {
        let kind = ColumnKind::Code { max: 20 };
        let table = [
            (cell(" ９１４１0902 ma9f6car1x "), "91410902MA9F6CAR1X"),
            (Cell::Number(6_901_234_567_892.0), "6901234567892"),
            (Cell::Number(9.141_090_212_345_678e17), "!code_rounded"),
            (cell("9.14109E+17"), "!code_rounded"),
            (cell("012345678901234567890"), "!text_too_long"),
        ];
        for (cell, want) in table {
            assert_eq!(shown(&kind, &cell, None), want, "{cell:?}");
        }
    }

    #[test]
    fn whole_numbers_and_choices() {
        let whole = ColumnKind::Whole { min: 0, max: 1_000_000 };
        let table = [
            ("１２", "12"),
            ("1,234", "1234"),
            ("12.5", "!whole_syntax"),
            ("-1", "!whole_range"),
            ("99999999999999999999", "!whole_range"),
            ("十", "!whole_syntax"),
        ];
        for (text, want) in table {
            assert_eq!(shown(&whole, &cell(text), None), want, "{text}");
        }
        let choices = vec![Choice { value: "retail".into(), label: "食品销售".into() }];
        let kind = ColumnKind::Choice(choices.into());
        assert_eq!(shown(&kind, &cell("食品销售 "), None), "retail");
        assert_eq!(shown(&kind, &cell("RETAIL"), None), "retail");
        assert_eq!(shown(&kind, &cell("理发"), None), "!choice_unknown");
    }
}
