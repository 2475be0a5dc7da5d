//! Documents: sheets in and out, QR codes, PDF. Pure: no SQL, no HTTP, no clock; what is needed comes in.
//!
//! | part | for | shape |
//! |---|---|---|
//! | [`sheet`] | reading what people upload | CSV or XLSX → [`sheet::Book`] → a stream of [`sheet::Row`] |
//! | [`table`] | import, template, export | a [`table::Table`] of columns; [`table::Import`] gives [`table::Line`]s and a [`table::Report`] with the rejected rows as a file; [`table::out`] writes XLSX and CSV row by row; [`table::template`] |
//! | [`qr`] | codes on paper and screen | text → [`qr::Qr`] → SVG, 1-bit PNG, modules |
//! | [`pdf`] | labels, orders, checklists, posters | a typed struct → the bytes of a PDF |
//!
//! # What holds
//!
//! - Memory is bounded by [`sheet::Limits`], not by the file. Of a CSV one record is in memory. Of an XLSX one row, the
//!   shared strings and the merged regions are; the sheet itself is never loaded as a range, so a million rows need no
//!   more than a hundred. Exports go through temporary files.
//! - Nothing is lost: each row of an upload is either given out as a record or is in the file of rejected rows, with
//!   all its cells and the reason.
//! - A place is said as people see it: `主体!B12` is the sheet, the column's letters and the row's number. A defect
//!   names the column, says what is wrong and how to mend it, and carries a stable code.
//! - A cell is never run: text that begins like a formula is written as text, in XLSX and in CSV; cached values of
//!   formulas are read, formulas are not.
//! - What a PDF says goes in as data, never as markup; its only files are the embedded templates and installed fonts.
//!
//! # Codes
//!
//! Refusals of a file ([`kit_base::Error`]): `file_empty`, `file_too_large`, `not_a_sheet`, `xls_old`, `zip_bomb`,
//! `strings_too_large`, `sheet_missing`, `sheet_damaged`, `encoding_unknown`, `record_too_long`, `rows_too_many`,
//! `columns_too_many`, `cells_too_many`, `headings_missing`, `heading_twice`.
//!
//! Defects of a cell ([`kit_base::Defect`]): `required`, `duplicate_in_file`, `text_too_long`, `text_control`,
//! `whole_syntax`, `whole_range`, `number_syntax`, `number_range`, `amount_*` and `unit_*` as in
//! [`kit_base::amount`], `unit_missing`, `unit_conflict`, `date_syntax`, `date_impossible`, `date_range`,
//! `date_incomplete`, `code_rounded`, `choice_unknown`, `cell_too_long`, `formula_without_value`, `formula_error`.

pub mod pdf;
pub mod qr;
pub mod sheet;
pub mod table;
