//! Trace-code labels, on sheets and on rolls.

use kit_base::PartialDate;
use kit_base::error::{Error, Kind, Result};
use serde::Serialize;

use super::fonts::Fonts;
use super::world::render;
use crate::qr::{Level, QUIET, Qr};

/// Labels in one document; more is refused, the caller makes several files: typst holds a whole document in memory,
/// which 5,000 labels took to 0.7 GB.
pub const MAX_LABELS: usize = 2_000;

/// One label. What is `None` has no line on it.
#[derive(Debug, Clone, Default)]
pub struct Label {
    /// The trace code as people read it.
    pub code: String,
    /// What the QR code says: `https://HOST/t/{code}` or a GS1 Digital Link.
    pub url: String,
    pub name: String,
    /// 规格
    pub spec: Option<String>,
    pub batch: Option<String>,
    pub made: Option<PartialDate>,
    pub expires: Option<PartialDate>,
    pub producer: Option<String>,
}

/// Grids of label paper on A4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grid {
    /// 2 × 4, 99.1 × 67.7 mm: cartons.
    A4x8,
    /// 2 × 7, 99.1 × 38.1 mm.
    A4x14,
    /// 3 × 7, 63.5 × 38.1 mm.
    A4x21,
    /// 3 × 8, 70 × 37 mm, without margins.
    A4x24,
    /// 4 × 10, 52.5 × 29.7 mm, without margins.
    A4x40,
    /// 5 × 13, 38.1 × 21.2 mm: the code and the name only.
    A4x65,
}

impl Grid {
    pub const ALL: [Self; 6] = [Self::A4x8, Self::A4x14, Self::A4x21, Self::A4x24, Self::A4x40, Self::A4x65];

    /// What programs call it: `a4x21`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::A4x8 => "a4x8",
            Self::A4x14 => "a4x14",
            Self::A4x21 => "a4x21",
            Self::A4x24 => "a4x24",
            Self::A4x40 => "a4x40",
            Self::A4x65 => "a4x65",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grid| grid.as_str() == text)
    }

    /// Labels on a page.
    pub fn labels(self) -> usize {
        let paper = self.paper();
        paper.columns * paper.rows
    }

    fn paper(self) -> Paper {
        let paper = |columns, rows, width, height, left, top, gap| Paper {
            columns,
            rows,
            width,
            height,
            left,
            top,
            gap,
        };
        match self {
            Self::A4x8 => paper(2, 4, 99.1, 67.7, 4.65, 13.1, 2.5),
            Self::A4x14 => paper(2, 7, 99.1, 38.1, 4.65, 15.15, 2.5),
            Self::A4x21 => paper(3, 7, 63.5, 38.1, 7.25, 15.15, 2.5),
            Self::A4x24 => paper(3, 8, 70.0, 37.0, 0.0, 0.5, 0.0),
            Self::A4x40 => paper(4, 10, 52.5, 29.7, 0.0, 0.0, 0.0),
            Self::A4x65 => paper(5, 13, 38.1, 21.2, 4.75, 10.7, 2.5),
        }
    }
}

/// Millimetres.
#[derive(Debug, Clone, Serialize)]
struct Paper {
    columns: usize,
    rows: usize,
    width: f64,
    height: f64,
    left: f64,
    top: f64,
    gap: f64,
}

/// Labels on A4 sheets.
#[derive(Debug, Clone)]
pub struct LabelSheet<'a> {
    pub grid: Grid,
    pub labels: &'a [Label],
    /// Places of the first sheet that are used up already.
    pub skip: usize,
    /// Thin lines between the labels, for plain paper that is cut by hand.
    pub cut_lines: bool,
    pub simulated: bool,
}

/// Labels one a page, for a label printer.
#[derive(Debug, Clone)]
pub struct Roll<'a> {
    /// Millimetres, 30 to 150.
    pub width: u32,
    /// Millimetres, 20 to 150.
    pub height: u32,
    pub labels: &'a [Label],
    pub simulated: bool,
}

/// A label as the template takes it.
#[derive(Serialize)]
struct Set<'a> {
    code: &'a str,
    name: &'a str,
    qr: String,
    /// (name of the line, what it says)
    lines: Vec<(&'static str, String)>,
}

#[derive(Serialize)]
struct SheetDoc<'a> {
    paper: Paper,
    skip: usize,
    cut_lines: bool,
    simulated: bool,
    labels: Vec<Set<'a>>,
}

#[derive(Serialize)]
struct RollDoc<'a> {
    width: u32,
    height: u32,
    simulated: bool,
    labels: Vec<Set<'a>>,
}

/// A4 sheets of labels. Errors: `labels_none`, `labels_too_many`.
pub fn label_sheet(sheet: &LabelSheet<'_>) -> Result<Vec<u8>> {
    let doc = SheetDoc {
        paper: sheet.grid.paper(),
        skip: sheet.skip % sheet.grid.labels(),
        cut_lines: sheet.cut_lines,
        simulated: sheet.simulated,
        labels: set(sheet.labels)?,
    };
    render("label_sheet.typ", &doc, &Fonts::installed()?, false)
}

/// One label a page. Errors: `labels_none`, `labels_too_many`, `label_size`.
pub fn label_roll(roll: &Roll<'_>) -> Result<Vec<u8>> {
    if !(30..=150).contains(&roll.width) || !(20..=150).contains(&roll.height) {
        let message = format!("标签 {}×{} 毫米不合适，宽应为 30—150，高应为 20—150", roll.width, roll.height);
        return Err(Error::invalid("width", "label_size", message));
    }
    let (width, height, simulated) = (roll.width, roll.height, roll.simulated);
    let doc = RollDoc { width, height, simulated, labels: set(roll.labels)? };
    render("label_roll.typ", &doc, &Fonts::installed()?, false)
}

fn set(labels: &[Label]) -> Result<Vec<Set<'_>>> {
    if labels.is_empty() {
        return Err(Error::invalid("labels", "labels_none", "没有要打印的标签"));
    }
    if labels.len() > MAX_LABELS {
        let message = format!("一次最多打印 {MAX_LABELS} 个标签，请分批打印");
        return Err(Error::new(Kind::TooLarge, "labels_too_many", message).at("labels"));
    }
    labels.iter().map(set_one).collect()
}

fn set_one(label: &Label) -> Result<Set<'_>> {
    let date = |date: &Option<PartialDate>| date.map(|d| d.to_string());
    let lines = [
        // small labels have room for the first few only
        ("批号", label.batch.clone()),
        ("生产", date(&label.made)),
        ("到期", date(&label.expires)),
        ("规格", label.spec.clone()),
        ("生产者", label.producer.clone()),
    ];
    let lines = lines.into_iter().filter_map(|(name, text)| Some((name, text?))).collect();
    let qr = Qr::new(&label.url, Level::Medium)?.svg(QUIET);
    Ok(Set { code: &label.code, name: &label.name, qr, lines })
}
