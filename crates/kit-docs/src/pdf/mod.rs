//! Documents as PDF, set by typst from the templates in `templates/`.
//!
//! | function | document |
//! |---|---|
//! | [`label_sheet`] | A4 sheets of trace-code labels (一品一码标签) in one of the usual grids |
//! | [`label_roll`] | the same labels, one a page, for a label printer |
//! | [`order_list`] | 问题食品处置通知 or 核查清单 for one holder or one county |
//! | [`visit_record`] | 监督检查结果记录表 |
//! | [`business_card`] | the A5 poster of a business code (一店一码) |
//! | [`official`] | a numbered document of a case (文书): notice, decision, form, record |
//! | [`report`] | a report of statistics: sentences and tables |
//! | [`licence`] | a licence, registration or filing, with the code that tells whether it stands |
//!
//! What a document says goes to its template as data (`data.json`) and is set as text: `#`, `*` or `$` in a name are
//! just these signs. The same input makes the same bytes; dates come with the input. Setting type takes processor time
//! (about 10 ms a page): call from a blocking thread.
//!
//! Errors of all: `font_missing` (no Chinese font is installed: [`Kind::Unavailable`](kit_base::error::Kind)),
//! `qr_too_long`, and those named at the functions.

mod card;
mod fonts;
mod labels;
mod licence;
mod official;
mod orders;
mod record;
mod report;
mod world;

pub use card::{BusinessCard, business_card};
pub use fonts::{FONT_DIRS, Fonts};
pub use labels::{Grid, Label, LabelSheet, MAX_LABELS, Roll, label_roll, label_sheet};
pub use licence::{LicencePaper, licence};
pub use official::{Block, Look, Official, official};
pub use orders::{MAX_LOTS, OrderKind, OrderList, OrderLot, order_list};
pub use record::{RecordItem, VisitRecord, visit_record};
pub use report::{ReportPaper, ReportTable, report};

use kit_base::PartialDate;

/// `2026年11月22日`, `2026年11月`, `2026年`.
fn zh_date(date: PartialDate) -> String {
    let mut text = format!("{}年", date.year);
    if let Some(month) = date.month {
        text.push_str(&format!("{month}月"));
        if let Some(day) = date.day {
            text.push_str(&format!("{day}日"));
        }
    }
    text
}
