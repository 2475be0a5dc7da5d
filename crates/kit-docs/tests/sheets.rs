//! Sheets in: every trap that a file from an office, a shop or an attacker holds.

use std::io::{Cursor, Write};

use encoding_rs::GB18030;
use kit_base::error::Error;
use kit_docs::sheet::{Book, Cell, Limits, Row};

fn read_with(bytes: impl AsRef<[u8]>, limits: &Limits) -> Result<Vec<Row>, Error> {
    let mut book = Book::open(Cursor::new(bytes.as_ref().to_vec()), "主体", limits)?;
    let sheet = book.pick("主体");
    book.rows(sheet)?.collect()
}

fn read(bytes: impl AsRef<[u8]>) -> Result<Vec<Row>, Error> {
    read_with(bytes, &Limits::default())
}

fn refused(bytes: impl AsRef<[u8]>) -> String {
    read(bytes).unwrap_err().code.into_owned()
}

/// Rows as `number: a|b|c`.
fn shown(rows: &[Row]) -> Vec<String> {
    let cell = |c: &Cell| match c {
        Cell::Broken { code, .. } => format!("!{code}"),
        other => other.shown(),
    };
    let line = |r: &Row| r.cells.iter().map(cell).collect::<Vec<_>>().join("|");
    rows.iter().map(|r| format!("{}: {}", r.number, line(r))).collect()
}

/// A zip of parts.
fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The smallest workbook: one sheet with this inside of `worksheet`.
fn xlsx(inside: &str) -> Vec<u8> {
    const NS: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const REL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let workbook = format!(
        r#"<workbook xmlns="{NS}" xmlns:r="{REL}"><sheets><sheet name="主体" sheetId="1" r:id="rId1"/></sheets></workbook>"#
    );
    let rels = format!(
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
    );
    let styles = format!(
        r#"<styleSheet xmlns="{NS}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#
    );
    let sheet = format!(r#"<worksheet xmlns="{NS}">{inside}</worksheet>"#);
    let root = format!(
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    zipped(&[
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/_rels/workbook.xml.rels", rels.as_bytes()),
        ("xl/styles.xml", styles.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

fn text(at: &str, words: &str) -> String {
    format!(r#"<c r="{at}" t="inlineStr"><is><t>{words}</t></is></c>"#)
}

#[test]
fn csv_of_every_encoding_and_separator() {
    let table = "名称,地址\n老王烩面馆,濮阳市华龙区𠮷祥路１号\n";
    let want = ["1: 名称|地址", "2: 老王烩面馆|濮阳市华龙区𠮷祥路１号"];
    let utf16 = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        std::iter::once(0xFEFF).chain(table.encode_utf16()).flat_map(order).collect()
    };
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("utf-8", table.into()),
        ("utf-8 with bom", format!("\u{FEFF}{table}").into()),
        ("gb18030", GB18030.encode(table).0.into_owned()),
        ("utf-16le", utf16(u16::to_le_bytes)),
        ("utf-16be", utf16(u16::to_be_bytes)),
        ("semicolons", table.replace(',', ";").into()),
        ("tabs", table.replace(',', "\t").into()),
        ("crlf", table.replace('\n', "\r\n").into()),
        ("no last line end", table.trim_end().into()),
    ];
    for (name, bytes) in files {
        assert_eq!(shown(&read(bytes).unwrap()), want, "{name}");
    }
}

#[test]
fn gbk_far_into_a_file_of_ascii_is_still_gbk() {
    let mut bytes = "code,name\n".as_bytes().to_vec();
    for i in 0..20_000 {
        bytes.extend(format!("{i},plain ascii row\n").bytes());
    }
    bytes.extend(GB18030.encode("x,华龙区\n").0.iter());
    let rows = read(bytes).unwrap();
    assert_eq!(rows.len(), 20_002);
    assert_eq!(rows[20_001].cells[1].shown(), "华龙区");
}

#[test]
fn csv_rows_are_numbered_as_a_spreadsheet_does() {
    for end in ["\n", "\r\n"] {
        let file = ["名称,备注", "", "甲,\"两行\n的备注\"", ",", "", "", "乙,b"].join(end) + end;
        let rows = read(file).unwrap();
        let numbers: Vec<u32> = rows.iter().map(|r| r.number).collect();
        assert_eq!(numbers, [1, 3, 7], "{end:?}");
        assert_eq!(rows[2].place(1), "主体!B7");
    }
    let rows = read("sep=;\n名称;备注\n甲;b,c\n").unwrap();
    assert_eq!(shown(&rows), ["2: 名称|备注", "3: 甲|b,c"]);
}

#[test]
fn disarmed_formulas_are_read_back_as_they_were() {
    assert_eq!(shown(&read("a,b\n'=1+1,'tis\n").unwrap())[1], "2: =1+1|'tis");
}

#[test]
fn what_is_no_csv_is_refused_with_its_place() {
    assert_eq!(refused(""), "file_empty");
    assert_eq!(refused(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 old"), "xls_old");
    assert_eq!(refused(b"a,b\n1,\0\n"), "not_a_sheet");
    let error = read(b"a,b\n1,2\n3,\xFF\xFE\n").unwrap_err();
    assert_eq!((error.code.as_ref(), error.field.as_deref()), ("encoding_unknown", Some("line 3")));
    assert!(error.message.starts_with("第 3 行"), "{error}");

    let mut endless = "名称,备注\n甲,\"没有结束的引号\n".to_owned();
    endless.push_str(&"乙,丙\n".repeat(100_000));
    let limits = Limits { record_bytes: 1 << 16, ..Limits::default() };
    let error = read_with(endless, &limits).unwrap_err();
    assert_eq!(error.code, "record_too_long");
    assert!(error.message.contains("第 2 行"), "{error}");

    let limits = Limits { rows: 3, columns: 4, file_bytes: 40, cell_chars: 3, ..Limits::default() };
    let code = |text: &str| read_with(text, &limits).unwrap_err().code;
    assert_eq!(code("a\nb\nc\nd\n"), "rows_too_many");
    assert_eq!(code("a,b,c,d,e\n"), "columns_too_many");
    assert_eq!(code(&"a,b\n".repeat(20)), "file_too_large");
    assert_eq!(shown(&read_with("abcd,三个字\n", &limits).unwrap()), ["1: !cell_too_long|三个字"]);
}

#[test]
fn formulas_give_their_cached_value_or_a_defect() {
    let rows = format!(
        r#"<sheetData><row r="2">{}<c r="B2"><f>1+1</f><v>2</v></c><c r="C2"><f>1+1</f></c>
        <c r="D2" t="str"><f>"a"</f><v>甲</v></c><c r="E2" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="F2" t="b"><v>1</v></c></row></sheetData>"#,
        text("A2", "甲")
    );
    assert_eq!(shown(&read(xlsx(&rows)).unwrap()), ["2: 甲|2|!formula_without_value|甲|!formula_error|是"]);
}

#[test]
fn dates_are_dates() {
    let rows = r#"<sheetData><row r="1"><c r="A1" s="1"><v>45356</v></c><c r="B1" s="1"><v>45356.75</v></c>
        <c r="C1"><v>45356</v></c><c r="D1" s="1"><v>0.5</v></c><c r="E1" s="1"><v>60</v></c><c r="F1" t="d"><v>2024-03-05T10:00:00</v></c></row></sheetData>"#;
    let want = ["1: 2024-03-05|2024-03-05|45356|!date_impossible|!date_impossible|2024-03-05"];
    assert_eq!(shown(&read(xlsx(rows)).unwrap()), want);
}

#[test]
fn merged_cells_fill_their_region_and_blank_rows_stay_blank() {
    let rows = format!(
        r#"<sheetData><row r="1">{}</row><row r="2">{}{}</row><row r="3">{}</row><row r="4"><c r="A4"/></row><row r="5">{}</row></sheetData>
        <mergeCells count="2"><mergeCell ref="A1:C1"/><mergeCell ref="A2:A5"/></mergeCells>"#,
        text("A1", "标题"),
        text("A2", "甲公司"),
        text("B2", "一"),
        text("B3", "二"),
        text("B5", "三"),
    );
    let want = ["1: 标题|标题|标题", "2: 甲公司|一", "3: 甲公司|二", "5: 甲公司|三"];
    assert_eq!(shown(&read(xlsx(&rows)).unwrap()), want);
}

#[test]
fn a_damaged_or_hostile_workbook_is_refused() {
    let cell = |at: &str| format!(r#"<sheetData><row r="1"><c r="{at}"><v>1</v></c></row></sheetData>"#);
    // a reference that overflows, one that has no row, an entity bomb, a sheet cut off
    for at in ["ZZZZZZZZZZZZ1", "A99999999999999", "A0", "A"] {
        let code = refused(xlsx(&cell(at)));
        assert!(
            ["sheet_damaged", "rows_too_many", "columns_too_many"].contains(&code.as_str()),
            "{at}: {code}"
        );
    }
    assert_eq!(refused(xlsx(r#"<sheetData><row r="1"><c r="A1"><v>1"#)), "sheet_damaged");
    let backwards = r#"<sheetData><row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row></sheetData>"#;
    assert_eq!(refused(xlsx(backwards)), "sheet_damaged");
    assert_eq!(refused(xlsx(&cell("ZZ1"))), "columns_too_many");
    assert_eq!(refused(zipped(&[("readme.txt", b"hello")])), "not_a_sheet");
    let mut cut = xlsx(&cell("A1"));
    cut.truncate(cut.len() / 2);
    assert_eq!(refused(cut), "sheet_damaged");
    let limits = Limits { cells: 2, ..Limits::default() };
    let three =
        r#"<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>1</v></c><c r="C1"/></row></sheetData>"#;
    assert_eq!(read_with(xlsx(three), &limits).unwrap_err().code, "cells_too_many");
}

#[test]
fn entities_of_a_dtd_are_not_expanded() {
    let bomb = r#"<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
        <sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData>"#;
    let read = read(xlsx(bomb));
    assert!(read.is_err() || shown(&read.unwrap()).iter().all(|row| !row.contains("aaaa")));
}

#[test]
fn zip_bombs_are_refused_before_they_unpack() {
    let zeros = vec![b' '; 80 << 20];
    let bomb = zipped(&[("xl/workbook.xml", b"<workbook/>"), ("xl/worksheets/sheet1.xml", &zeros)]);
    assert!(bomb.len() < 1 << 20, "{}", bomb.len());
    let error = read(&bomb).unwrap_err();
    assert_eq!(error.code, "zip_bomb", "{error}");

    // the same with a directory that says 1,000 bytes
    let mut liar = bomb.clone();
    let size = u32::to_le_bytes(80 << 20);
    let lies: Vec<usize> = (0..liar.len() - 4).filter(|&i| liar[i..i + 4] == size).collect();
    assert!(!lies.is_empty());
    for at in lies {
        liar[at..at + 4].copy_from_slice(&u32::to_le_bytes(1_000));
    }
    let code = refused(&liar);
    assert!(["zip_bomb", "sheet_damaged"].contains(&code.as_str()), "{code}");

    let small = Limits { unpacked_bytes: 1_000, ..Limits::default() };
    assert_eq!(read_with(xlsx(&" ".repeat(2_000)), &small).unwrap_err().code, "zip_bomb");
    let strings = Limits { strings_bytes: 10, ..Limits::default() };
    let many = zipped(&[("xl/workbook.xml", b"<workbook/>"), ("xl/sharedStrings.xml", &[b'x'; 100])]);
    assert_eq!(read_with(many, &strings).unwrap_err().code, "strings_too_large");
    // room is made for as many strings as are declared, wherever they are kept and however the name is written
    let liar = br#"<?xml version="1.0"?><!-- <sst> --><x:sst uniqueCount = '42949672962'/>"#;
    for name in
        ["xl/sharedStrings.xml", "xl/SharedStrings.XML", "xl\\sharedStrings.xml", "else/sharedStrings.xml"]
    {
        let lying = zipped(&[("xl/workbook.xml", b"<workbook/>"), (name, liar)]);
        assert_eq!(refused(lying), "zip_bomb", "{name}");
    }
    let parts: Vec<(String, &[u8])> = (0..30).map(|i| (format!("p{i}"), b"x".as_slice())).collect();
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(n, b)| (n.as_str(), *b)).collect();
    let few = Limits { entries: 20, ..Limits::default() };
    assert_eq!(read_with(zipped(&parts), &few).unwrap_err().code, "zip_bomb");
}
