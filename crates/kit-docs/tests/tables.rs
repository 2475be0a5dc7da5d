//! Tables: a good row becomes a record, a bad one comes back as a file, nothing is lost.

use std::io::{Cursor, Read as _};
use std::path::Path;

use kit_base::Unit;
use kit_base::error::{Error, Result};
use kit_docs::sheet::{Book, Limits, Row};
use kit_docs::table::out::{CsvOut, Field, OutColumn, XlsxOut};
use kit_docs::table::{Column, Import, REASON, Record, Report, Table, UnitFrom, template};

fn table() -> Table {
    Table::new("主体")
        .column(Column::text("name", "名称", 60).required().alias("企业名称").example("示例面馆"))
        .column(Column::code("uscc", "统一社会信用代码").required().unique().example("92410902MA9F6CAR1X"))
        .column(
            Column::choice("kind", "业态", [("retail", "食品销售"), ("catering", "餐饮服务")])
                .required()
                .example("餐饮服务"),
        )
        .column(Column::date("opened", "开业日期").example("2024-03-05").help("营业执照上的成立日期"))
        .column(Column::amount("stock", "库存量", UnitFrom::Column("unit")).alias("数量"))
        .column(Column::text("unit", "单位", 10))
        .column(Column::whole("staff", "从业人数", 0, 100_000))
        .column(Column::number("lng", "经度", 73.0, 136.0))
        .note("一个经营场所填一行。")
}

/// Imports a file; every row that is read well goes into the list.
fn import(bytes: impl AsRef<[u8]>) -> Result<(Vec<Record>, Report)> {
    let table = table();
    let mut book = Book::open(Cursor::new(bytes.as_ref().to_vec()), "主体", &Limits::default())?;
    let sheet = book.pick(table.name());
    let mut import = Import::begin(&table, book.rows(sheet)?)?;
    let mut records = Vec::new();
    for line in import.by_ref() {
        records.push(line?.record);
    }
    Ok((records, import.finish()?))
}

fn defects(report: &Report) -> Vec<String> {
    report.defects.iter().map(|d| format!("{} {}", d.place, d.code)).collect()
}

#[test]
fn headings_stand_anywhere_in_any_order_under_any_of_their_names() {
    let file = "濮阳市食品经营主体登记表,,,\n填表日期：2026年3月,,,\n备注列,企业 名称*,业态（必填）,数量（公斤）,单位,统一社会信用代码,开业日期\n\
                x,老王烩面馆,餐饮服务,１２．５,公斤,92410902MA9F6CAR1X,2024/3/5\n";
    let (records, report) = import(file).unwrap();
    assert_eq!((report.read, report.accepted(), report.rejected), (1, 1, 0));
    let record = &records[0];
    assert_eq!(record.text("name"), Some("老王烩面馆"));
    assert_eq!(record.text("kind"), Some("catering"));
    assert_eq!(record.amount("stock"), Some((12_500, Unit::G)));
    assert_eq!(record.date("opened").unwrap().to_string(), "2024-03-05");
    assert_eq!(record.whole("staff"), None);
    let unknown: Vec<(&str, &str)> =
        report.unknown.iter().map(|u| (u.place.as_str(), u.heading.as_str())).collect();
    assert_eq!(unknown, [("主体!A3", "备注列")]);
    assert!(report.file.is_none());
}

#[test]
fn headings_that_are_missing_or_twice_refuse_the_sheet() {
    let code = |text: &str| -> Error { import(text).unwrap_err() };
    let missing = code("名称,开业日期\n甲,2024-03-05\n");
    assert_eq!(missing.code, "headings_missing");
    assert!(missing.message.contains("“统一社会信用代码”、“业态”"), "{missing}");
    assert_eq!(missing.defects.len(), 2);
    let twice = code("名称,统一社会信用代码,业态,企业名称\n甲,1,食品销售,乙\n");
    assert_eq!((twice.code.as_ref(), twice.defects[0].place.as_str()), ("heading_twice", "主体!D1"));
    assert_eq!(code("一,二\n三,四\n").code, "headings_missing");
    assert_eq!(code("\n \n").code, "headings_missing");
}

#[test]
fn every_defect_names_cell_column_and_mend() {
    let file = "名称,统一社会信用代码,业态,开业日期,库存量,单位,从业人数,经度\n\
                甲,A1,食品销售,2024-02-30,-5,公斤,3,115\n\
                ,A2,理发,,5,妖,三人,200\n\
                乙,A3,食品销售,,,,,\n\
                丙,A3,食品销售,,99999999999999,吨,,\n";
    let (records, report) = import(file).unwrap();
    assert_eq!(records.len(), 1);
    let want = [
        "主体!D2 date_impossible",
        "主体!E2 amount_negative",
        "主体!A3 required",
        "主体!C3 choice_unknown",
        "主体!E3 unit_unknown",
        "主体!G3 whole_syntax",
        "主体!H3 number_range",
        "主体!B5 duplicate_in_file",
        "主体!E5 amount_too_large",
    ];
    assert_eq!(defects(&report), want);
    for defect in &report.defects {
        assert!(defect.message.starts_with('“') && defect.message.contains("”："), "{}", defect.message);
    }
    assert_eq!((report.read, report.rejected, report.defects_total), (4, 3, 9));
}

/// Rejected rows come back with their own columns and the reason, are mended, and go in.
#[test]
fn rejected_rows_come_back_to_be_mended() {
    let file = "表头说明\n名称,自己的列,统一社会信用代码,业态,开业日期\n甲,=保留,A1,食品销售,昨天\n乙,y,A2,餐饮服务,2024-01-01\n丙,z,A3,理发,\n";
    for form in ["xlsx", "csv"] {
        let (_, report) = import(file).unwrap();
        assert_eq!((report.accepted(), report.rejected), (1, 2));
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(format!("主体.{form}"));
        let rejected = report.file.unwrap();
        assert_eq!(rejected.rows(), 2);
        match form {
            "xlsx" => rejected.write_xlsx(&path).unwrap(),
            _ => rejected.write_csv(std::fs::File::create(&path).unwrap()).unwrap(),
        }
        let rows = all_rows(&path);
        let texts = |row: &Row| row.cells.iter().map(|c| c.shown()).collect::<Vec<_>>();
        assert_eq!(texts(&rows[0]), ["名称", "自己的列", "统一社会信用代码", "业态", "开业日期", REASON]);
        assert_eq!(texts(&rows[1])[..5], ["甲", "=保留", "A1", "食品销售", "昨天"]);
        assert!(texts(&rows[1])[5].contains("“开业日期”"), "{rows:?}");

        // unmended they are refused again, and the reason column does not become another column
        let again = import(std::fs::read(&path).unwrap()).unwrap().1;
        assert_eq!((again.read, again.rejected), (2, 2));
        assert_eq!(again.unknown.len(), 1, "{:?}", again.unknown);
        let mut out = Vec::new();
        again.file.unwrap().write_csv(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.matches(REASON).count(), 1, "{text}");
        let mended = text.replace("昨天", "2024-03-05").replace("理发", "餐饮服务");
        let (records, report) = import(mended).unwrap();
        assert_eq!((records.len(), report.rejected), (2, 0));
    }
}

fn all_rows(path: &Path) -> Vec<Row> {
    let mut book = Book::open_path(path, &Limits::default()).unwrap();
    let sheet = book.pick("主体");
    book.rows(sheet).unwrap().map(|row| row.unwrap()).collect()
}

#[test]
fn what_the_room_refuses_is_placed_by_its_field() {
    let table = table();
    let file = "名称,统一社会信用代码,业态\n甲,A1,食品销售\n乙,A2,食品销售\n";
    let mut book = Book::open(Cursor::new(file), "主体", &Limits::default()).unwrap();
    let mut import = Import::begin(&table, book.rows(0).unwrap()).unwrap();
    while let Some(line) = import.next() {
        let line = line.unwrap();
        let error = Error::invalid("party/uscc", "uscc_check", "校验位不对，请核对营业执照");
        import.reject(&line, line.because(&error)).unwrap();
        assert_eq!(line.place("opened"), format!("主体!{}", line.row));
    }
    let report = import.finish().unwrap();
    assert_eq!(defects(&report), ["主体!B2 uscc_check", "主体!B3 uscc_check"]);
    assert_eq!(report.defects[0].message, "“统一社会信用代码”：校验位不对，请核对营业执照");
}

#[test]
fn a_template_is_filled_and_read_back() {
    let choices: Vec<(String, String)> =
        (0..60).map(|i| (format!("c{i}"), format!("食品类别第{i}大类"))).collect();
    let table = table().column(Column::choice("category", "类别", choices));
    let mut file = Cursor::new(Vec::new());
    template(&table, &mut file).unwrap();
    let bytes = file.into_inner();
    std::fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("template.xlsx"), &bytes).unwrap();

    let mut book = Book::open(Cursor::new(bytes.clone()), "", &Limits::default()).unwrap();
    let names: Vec<&str> = book.sheets().iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["主体", "填写说明", "选项"]);
    assert!(book.sheets()[2].hidden);
    let import = Import::begin(&table, book.rows(0).unwrap()).unwrap();
    assert!(import.unknown().is_empty());
    let report = { import }.finish_all();
    assert_eq!((report.read, report.rejected), (0, 0), "the example row is passed over");
    let help: Vec<Row> = book.rows(1).unwrap().map(|r| r.unwrap()).collect();
    let help = format!("{help:?}");
    assert!(help.contains("营业执照上的成立日期") && help.contains("一个经营场所填一行。"), "{help}");

    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut sheet = String::new();
    zip.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut sheet).unwrap();
    for part in ["<autoFilter", "state=\"frozen\"", "食品销售,餐饮服务", "选项!$A$1:$A$60"] {
        assert!(sheet.contains(part), "{part} is not in the sheet");
    }
}

trait FinishAll {
    fn finish_all(self) -> Report;
}

impl<R: Iterator<Item = Result<Row>>> FinishAll for Import<R> {
    fn finish_all(mut self) -> Report {
        self.by_ref().for_each(|line| drop(line.unwrap()));
        self.finish().unwrap()
    }
}

#[test]
fn formulas_in_data_stay_text() {
    let evil = ["=cmd|'/c calc'!A1", "+1", "-1+1", "@SUM(A1)", "\t=1", "＝1"];
    let columns = [OutColumn::text("名称")];
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("evil.xlsx");
    let mut out = XlsxOut::new();
    out.sheet("主体", &columns, &["模拟数据".into()]).unwrap();
    for text in evil {
        out.row([Field::from(text)]).unwrap();
    }
    out.save(&path).unwrap();
    let mut zip = zip::ZipArchive::new(std::fs::File::open(&path).unwrap()).unwrap();
    let mut sheet = String::new();
    zip.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut sheet).unwrap();
    assert!(!sheet.contains("<f>") && sheet.contains("=cmd|"), "{sheet}");
    let back: Vec<String> = all_rows(&path).iter().skip(2).map(|row| row.cells[0].shown()).collect();
    assert_eq!(back, evil);

    let mut csv = Vec::new();
    let mut out = CsvOut::new(&mut csv, &columns).unwrap();
    for text in evil {
        out.row([Field::from(text)]).unwrap();
    }
    out.row([Field::from(-5_i64)]).unwrap();
    out.finish().unwrap();
    let text = String::from_utf8(csv).unwrap();
    assert!(text.starts_with('\u{FEFF}'));
    let lines: Vec<&str> = text.lines().skip(1).collect();
    assert!(lines[..6].iter().all(|line| line.trim_start_matches('"').starts_with('\'')), "{lines:?}");
    assert_eq!(lines[6], "-5", "a number is no formula");
}

/// 100,000 rows of 12 columns out and in again, by both forms; the times are printed (`--nocapture`), not judged.
#[test]
#[expect(clippy::disallowed_methods, reason = "prints how long it takes")]
fn a_hundred_thousand_rows_go_out_and_in() {
    const ROWS: i64 = 100_000;
    let headings = [
        "名称",
        "统一社会信用代码",
        "业态",
        "开业日期",
        "库存量",
        "单位",
        "从业人数",
        "经度",
        "地址",
        "电话",
        "负责人",
        "备注",
    ];
    let columns: Vec<OutColumn> = headings.into_iter().map(OutColumn::text).collect();
    fn row(i: i64) -> [Field<'static>; 12] {
        [
            format!("濮阳市第{i}号食品店").into(),
            format!("9241{i:014}").into(),
            if i % 2 == 0 { "食品销售" } else { "餐饮服务" }.into(),
            Some("2024-03-05".parse::<kit_base::PartialDate>().unwrap()).into(),
            (12.5 + i as f64).into(),
            "公斤".into(),
            (i % 50).into(),
            115.03.into(),
            format!("华龙区中原路{i}号").into(),
            format!("0393{:07}", i).into(),
            "王建国".into(),
            Field::Empty,
        ]
    }
    let dir = tempfile::tempdir().unwrap();
    let (xlsx, csv) = (dir.path().join("a.xlsx"), dir.path().join("a.csv"));

    let started = std::time::Instant::now();
    let mut out = XlsxOut::new();
    out.sheet("主体", &columns, &[]).unwrap();
    (0..ROWS).for_each(|i| out.row(row(i)).unwrap());
    out.save(&xlsx).unwrap();
    eprintln!("xlsx out: {:?}", started.elapsed());

    let started = std::time::Instant::now();
    let mut out = CsvOut::new(std::fs::File::create(&csv).unwrap(), &columns).unwrap();
    (0..ROWS).for_each(|i| out.row(row(i)).unwrap());
    out.finish().unwrap();
    eprintln!("csv out: {:?}", started.elapsed());

    for path in [xlsx, csv] {
        let started = std::time::Instant::now();
        let (records, report) = import(std::fs::read(&path).unwrap()).unwrap();
        eprintln!("{} in: {:?}", path.extension().unwrap().display(), started.elapsed());
        assert_eq!((records.len() as i64, report.rejected, report.unknown.len()), (ROWS, 0, 4));
        let last = records.last().unwrap();
        assert_eq!(last.text("name"), Some("濮阳市第99999号食品店"));
        assert_eq!(last.amount("stock"), Some((100_011_500, Unit::G)));
        assert_eq!(last.date("opened").unwrap().to_string(), "2024-03-05");
        assert_eq!(last.number("lng"), Some(115.03));
    }
}

#[test]
fn many_rejected_rows_go_to_disk_and_all_come_back() {
    let mut file = "名称,统一社会信用代码,业态\n".to_owned();
    for i in 0..60_000 {
        file.push_str(&format!("濮阳市第{i}号食品店，地址很长很长很长很长,A{i},理发\n"));
    }
    let (records, report) = import(file).unwrap();
    assert_eq!((records.len(), report.rejected, report.defects.len()), (0, 60_000, 200));
    let mut out = Vec::new();
    report.file.unwrap().write_csv(&mut out).unwrap();
    assert_eq!(String::from_utf8(out).unwrap().lines().count(), 60_001);
}

/// XLSX ends at 1,048,576 rows; an export goes on in a further sheet, and a sheet of that size is read.
#[test]
fn more_than_a_million_rows_go_on_in_a_further_sheet() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("big.xlsx");
    let mut out = XlsxOut::new();
    out.sheet("批次", &[OutColumn::text("编号")], &[]).unwrap();
    (0..1_048_580_i64).for_each(|i| out.row([Field::Whole(i)]).unwrap());
    out.save(&path).unwrap();
    let mut book = Book::open_path(&path, &Limits::default()).unwrap();
    let names: Vec<String> = book.sheets().iter().map(|s| s.name.clone()).collect();
    assert_eq!(names, ["批次", "批次（2）"]);
    let last = book.rows(0).unwrap().last().unwrap().unwrap();
    assert_eq!((last.number, last.cells[0].shown()), (1_048_576, "1048574".into()));
    let rest: Vec<String> = book.rows(1).unwrap().map(|row| row.unwrap().cells[0].shown()).collect();
    assert_eq!(rest, ["编号", "1048575", "1048576", "1048577", "1048578", "1048579"]);
}
