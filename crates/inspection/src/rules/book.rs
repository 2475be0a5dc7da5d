//! A small workbook of several sheets of text.

use kit_base::{Error, Result};
use rust_xlsxwriter::Workbook;

/// The bytes of an XLSX with these sheets, every cell as text. For a few thousand rows: all of it is held in memory.
pub fn book(sheets: &[(&str, Vec<Vec<String>>)]) -> Result<Vec<u8>> {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).map_err(Error::internal)?;
        for (row, cells) in (0_u32..).zip(rows) {
            for (column, text) in (0_u16..).zip(cells).filter(|(_, text)| !text.is_empty()) {
                sheet.write_string(row, column, text).map_err(Error::internal)?;
            }
        }
    }
    book.save_to_buffer().map_err(Error::internal)
}
