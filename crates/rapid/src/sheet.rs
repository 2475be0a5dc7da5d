//! The sheet 快检: its columns, a row read as a test, a test written as a row.

use kit_base::clock::{china_text, day_start};
use kit_base::{Defect, Millis};
use kit_docs::table::out::{Field, OutColumn};
use kit_docs::table::{Column, Line, Table};
use kit_files::hash_of_fields;

use crate::model::{Card, GOODS, NewTest, RESULTS, Taken, Test, name_of};

/// Name of the sheet.
pub const SHEET: &str = "快检";

const MINUTE: Millis = 60_000;

/// The columns people fill.
pub fn table() -> Table {
    let when = "如 09:30；不填按当日中午";
    Table::new(SHEET)
        .column(
            Column::date("day", "检测日期").required().alias("日期").example("2026-03-03").help("七天以内"),
        )
        .column(Column::text("clock", "检测时刻", 20).alias("时间").example("09:30").help(when))
        .column(
            Column::text("food", "品种", 60)
                .required()
                .alias("食品名称")
                .alias("样品名称")
                .alias("样品")
                .example("菠菜（示例，请删除本行）"),
        )
        .column(Column::choice("goods", "类别", GOODS).required().alias("食品类别").help("从下拉列表中选择"))
        .column(Column::text("stall", "摊位号", 60).alias("摊位").example("A12"))
        .column(Column::text("vendor", "经营者", 60).alias("摊主").alias("被检单位"))
        .column(Column::code("party", "主体码").help("被检测人在平台上的主体码，没有的留空"))
        .column(Column::text("source_place", "产地或进货来源", 60).alias("产地").alias("进货来源"))
        .column(Column::text("code", "追溯码", 120).help("商品上的追溯码，没有的留空"))
        .column(
            Column::text("item", "检测项目", 60).required().alias("项目").example("有机磷和氨基甲酸酯类农药"),
        )
        .column(Column::text("method", "检测方法", 80).required().alias("方法").example("酶抑制率法"))
        .column(Column::text("maker", "检测卡厂家", 80).required().alias("试剂厂家").example("某生物公司"))
        .column(Column::text("batch", "检测卡批号", 40).required().alias("试剂批号").example("20260105"))
        .column(
            Column::date("expires", "检测卡有效期至").required().alias("试剂有效期至").example("2026-12-31"),
        )
        .column(Column::code("device", "设备编号").help("平台登记的设备编号，目视判读的留空"))
        .column(Column::choice("result", "结果", RESULTS).required().alias("检测结果").alias("结论"))
        .column(Column::text("value", "读数", 60).alias("检测值").example("12.5"))
        .column(Column::text("unit", "单位", 60).example("%"))
        .column(Column::code("again", "复测的检测编号").help("是某条阳性的复测时，填原检测编号"))
        .column(Column::text("tester", "检测人", 60))
        .note("同一份表导入两次，相同的行只登记一次")
}

/// A row as a test. `nth`: how many rows of the file before it said the very same.
pub fn read(line: &Line, nth: impl FnOnce(&str) -> u32, now: Millis) -> Result<NewTest, Vec<Defect>> {
    let record = &line.record;
    let text = |key: &str| record.text(key).unwrap_or_default().trim().to_owned();
    let tested_at = when(line, now)?;
    let expires = record.date("expires").map(|d| d.to_string()).unwrap_or_default();
    let keys = [
        "food",
        "goods",
        "stall",
        "vendor",
        "party",
        "source_place",
        "code",
        "item",
        "method",
        "maker",
        "batch",
        "device",
        "result",
        "value",
        "unit",
        "again",
        "tester",
        "clock",
    ];
    let mut said: Vec<String> = keys.iter().map(|k| text(k)).collect();
    said.push(record.date("day").map(|d| d.to_string()).unwrap_or_default());
    said.push(expires.clone());
    let said = hex::encode(hash_of_fields(&said));
    let nth = nth(&said);
    Ok(NewTest {
        key: format!("xlsx-{said}-{nth}"),
        tested_at: Some(tested_at),
        party: text("party"),
        stall: text("stall"),
        vendor: text("vendor"),
        food: text("food"),
        goods: text("goods"),
        code: text("code"),
        lot: None,
        source_place: text("source_place"),
        item: text("item"),
        method: text("method"),
        card: Card { maker: text("maker"), batch: text("batch"), expires },
        device: text("device"),
        result: text("result"),
        value: text("value"),
        unit: text("unit"),
        tester: text("tester"),
        again: text("again"),
    })
}

/// Day and time of a row; noon, or now where that is earlier, where no time is said.
fn when(line: &Line, now: Millis) -> Result<Millis, Vec<Defect>> {
    let day = line.record.date("day").and_then(kit_base::PartialDate::day);
    let Some(day) = day else {
        return Err(vec![line.defect("day", "field_missing", "应为具体的一天")]);
    };
    match line.record.text("clock").map(str::trim).filter(|t| !t.is_empty()) {
        None => Ok((day_start(day) + 720 * MINUTE).min(now)),
        Some(text) => {
            let wrong = || vec![line.defect("clock", "time_form", format!("“{text}”应写成 09:30"))];
            minutes(text).map(|m| day_start(day) + m * MINUTE).ok_or_else(wrong)
        }
    }
}

/// Minutes since midnight: `9:30`, `09：30:00`, or the share of a day as spreadsheets keep it.
fn minutes(text: &str) -> Option<i64> {
    let last = text.split_whitespace().last()?.replace('：', ":");
    if let Some((hours, rest)) = last.split_once(':') {
        let (hours, minutes): (i64, i64) = (hours.parse().ok()?, rest.split(':').next()?.parse().ok()?);
        return ((0..24).contains(&hours) && (0..60).contains(&minutes)).then_some(hours * 60 + minutes);
    }
    let share: f64 = last.parse().ok()?;
    ((0.0..1.0).contains(&share) && last.contains('.')).then_some((share * 1440.0).round() as i64)
}

/// Why a row did not go in, at its column.
pub fn refusal(line: &Line, taken: &Taken) -> Vec<Defect> {
    let key = match taken.field.rsplit('/').next().unwrap_or_default() {
        "tested_at" => "day",
        key => key,
    };
    let mut defect = line.defect(key, "", &taken.message);
    defect.code = taken.code.clone().into();
    vec![defect]
}

/// The headings of an export.
pub fn headings() -> Vec<OutColumn> {
    [
        "编号",
        "检测时间",
        "快检点",
        "摊位号",
        "经营者",
        "主体",
        "品种",
        "类别",
        "检测项目",
        "检测方法",
        "检测卡厂家",
        "检测卡批号",
        "检测卡有效期至",
        "结果",
        "读数",
        "单位",
        "复测",
        "产地或进货来源",
        "追溯码",
        "检测人",
        "监管部门检测",
        "来源",
        "区划",
        "数据标记",
    ]
    .map(OutColumn::text)
    .into()
}

/// How a test came in, as people read it.
fn channel(code: &str) -> &str {
    match code {
        "form" => "网页",
        "xlsx" => "表格",
        "device" => "设备",
        _ => "接口",
    }
}

/// A test as a row of an export; persons are masked.
pub fn row(t: &Test) -> Vec<Field<'_>> {
    let text = |t: &'static str| Field::from(t);
    vec![
        Field::from(t.number.as_str()),
        Field::Text(china_text(t.tested_at).replace('T', " ").into()),
        Field::from(t.point_name.as_str()),
        Field::from(t.stall.as_str()),
        Field::from(t.vendor.as_str()),
        Field::from(t.party_name.as_str()),
        Field::from(t.food.as_str()),
        Field::from(name_of(&GOODS, &t.goods)),
        Field::from(t.item.as_str()),
        Field::from(t.method.as_str()),
        Field::from(t.card_maker.as_str()),
        Field::from(t.card_batch.as_str()),
        Field::from(t.card_expires.as_str()),
        Field::from(name_of(&RESULTS, &t.result)),
        Field::from(t.value.as_str()),
        Field::from(t.unit.as_str()),
        text(if t.again.is_empty() { "" } else { "复测" }),
        Field::from(t.source_place.as_str()),
        Field::from(t.trace_code.as_str()),
        Field::from(t.tester_name.as_str()),
        text(if t.official { "是" } else { "" }),
        Field::from(channel(&t.channel)),
        Field::from(t.division.as_str()),
        text(if t.simulated { "模拟数据" } else { "" }),
    ]
}

#[cfg(test)]
mod tests {
    use super::minutes;

    #[test]
    fn times_as_people_and_spreadsheets_write_them() {
        for (text, expected) in [
            ("9:30", Some(570)),
            ("09：30", Some(570)),
            ("09:30:59", Some(570)),
            ("1899-12-31 09:30:00", Some(570)),
            ("0.395833333333333", Some(570)),
            ("24:00", None),
            ("上午", None),
            ("9", None),
            ("1.5", None),
        ] {
            assert_eq!(minutes(text), expected, "{text}");
        }
    }
}
