//! Labels and posters: the codes on paper.

use kit_base::clock::china_day;
use kit_base::{Error, Result};
use kit_db::Tx;
use kit_docs::pdf::{
    BusinessCard, Grid, Label, LabelSheet, MAX_LABELS, Roll, business_card, label_roll, label_sheet,
};
use kit_web::{Act, Cx};
use parties::reference::Reference;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use trace::model::LotNo;
use trace::store::{lots, products};

/// The largest batch number that a GS1 element string takes (AI 10).
const GS1_BATCH: usize = 20;

/// How labels are wanted.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Wanted {
    /// a4x8, a4x14, a4x21 (default), a4x24, a4x40, a4x65, roll
    pub layout: Option<String>,
    /// labels, 1 to 2000; one sheet, or one label on a roll, where it is not said
    pub count: Option<i64>,
    /// places of the first sheet that are used up
    pub skip: Option<i64>,
    /// 1: lines to cut along
    pub cut: Option<i64>,
    /// roll: millimetres, 60 × 40 where it is not said
    pub width: Option<u32>,
    pub height: Option<u32>,
}

/// Paper that labels go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    Sheet(Grid),
    Roll(u32, u32),
}

impl Wanted {
    /// Paper and number of labels. Errors: `layout_unknown`, `labels_count`.
    pub fn settle(&self) -> Result<(Paper, usize)> {
        let paper = match self.layout.as_deref().unwrap_or("a4x21") {
            "roll" => Paper::Roll(self.width.unwrap_or(60), self.height.unwrap_or(40)),
            name => {
                let unknown = || {
                    let all = Grid::ALL.map(Grid::as_str).join("、");
                    Error::invalid("layout", "layout_unknown", format!("版式应为 {all} 或 roll"))
                };
                Paper::Sheet(Grid::parse(name).ok_or_else(unknown)?)
            }
        };
        let usual = match paper {
            Paper::Sheet(grid) => grid.labels(),
            Paper::Roll(..) => 1,
        };
        let count = self.count.map_or(Some(usual), |n| usize::try_from(n).ok());
        let count = count.filter(|n| (1..=MAX_LABELS).contains(n)).ok_or_else(|| {
            Error::invalid("count", "labels_count", format!("标签数量应为 1 至 {MAX_LABELS}，更多请分批打印"))
        })?;
        Ok((paper, count))
    }
}

/// What a label of a batch says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LabelText {
    pub code: String,
    pub url: String,
    pub name: String,
    pub spec: String,
    pub batch: String,
    pub made: String,
    pub expires: String,
    pub producer: String,
    pub simulated: bool,
}

/// Gives the batch of a lot its code and counts the labels.
pub fn label(act: &mut Act, no: LotNo, count: i64) -> Result<LabelText> {
    let code = trace::actions::codes::code_for(act, no, count)?;
    let gone = || Error::internal("lot of a trace code is missing");
    let lot = lots::by_no(act.tx, code.lot)?.ok_or_else(gone)?;
    let product = products::by_id(act.tx, &lot.product)?.ok_or_else(gone)?;
    let host = &act.cx.house.public_url;
    Ok(LabelText {
        url: format!("{host}{}", code_path(product.gtin.as_deref(), &lot.batch, &code.code)),
        code: code.code,
        name: product.name,
        spec: product.spec,
        batch: lot.batch,
        made: lot.made,
        expires: lot.expires,
        producer: product.producer,
        simulated: product.simulated,
    })
}

/// What the QR code says: a GS1 Digital Link where there is a barcode and GS1 can carry the batch number, the platform's
/// own path otherwise.
fn code_path(gtin: Option<&str>, batch: &str, code: &str) -> String {
    // AI 10 takes the 82 characters of GS1; those that need no escape in an address are enough here
    let fits = (1..=GS1_BATCH).contains(&batch.len())
        && batch.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    match gtin {
        Some(gtin) if fits => format!("/01/{gtin}/10/{batch}"),
        _ => format!("/t/{code}"),
    }
}

/// The labels as PDF. Takes processor time: call from a blocking thread.
pub fn labels_pdf(text: &LabelText, wanted: &Wanted) -> Result<Vec<u8>> {
    let (paper, count) = wanted.settle()?;
    let some = |t: &str| (!t.is_empty()).then(|| t.to_owned());
    let one = Label {
        code: text.code.clone(),
        url: text.url.clone(),
        name: text.name.clone(),
        spec: some(&text.spec),
        batch: some(&text.batch),
        made: text.made.parse().ok(),
        expires: text.expires.parse().ok(),
        producer: some(&text.producer),
    };
    let labels = vec![one; count];
    let simulated = text.simulated;
    match paper {
        Paper::Roll(width, height) => label_roll(&Roll { width, height, labels: &labels, simulated }),
        Paper::Sheet(grid) => label_sheet(&LabelSheet {
            grid,
            labels: &labels,
            skip: wanted.skip.and_then(|n| usize::try_from(n).ok()).unwrap_or(0),
            cut_lines: wanted.cut == Some(1),
            simulated,
        }),
    }
}

/// What the poster of a business says; 404 outside of the asker's jurisdiction.
pub fn poster(tx: &mut Tx, cx: &Cx, id: &str) -> Result<BusinessCard> {
    let unknown = || Error::not_found("没有这个主体");
    let party = parties::store::by_id(tx, id)?.ok_or_else(unknown)?;
    if !cx.who.scope.covers(&party.division, Some(&party.id)) {
        return Err(unknown());
    }
    let known = parties::divisions::today(&cx.house);
    let bureau = bureau(&known, &party.division);
    let card = parties::card(tx, &known, party, china_day(cx.now()))?;
    Ok(BusinessCard {
        url: format!("{}/t/{}", cx.house.public_url, card.code),
        code: card.code,
        name: card.name,
        kind: card.kind_name,
        licences: card.licences.into_iter().map(|l| (l.kind_name, l.number)).collect(),
        address: Some(card.address).filter(|a| !a.is_empty()),
        person: None,
        bureau,
        hotline: "12315".into(),
        simulated: card.simulated,
    })
}

/// The county's market regulation bureau.
fn bureau(known: &Reference, division: &str) -> String {
    let county = division.get(..6).unwrap_or(division);
    match known.full_name(county) {
        name if name.is_empty() => String::new(),
        name => format!("{name}市场监督管理局"),
    }
}

/// The poster as PDF. Takes processor time: call from a blocking thread.
pub fn poster_pdf(card: &BusinessCard) -> Result<Vec<u8>> {
    business_card(card)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(layout: Option<&str>, count: Option<i64>) -> Wanted {
        Wanted { layout: layout.map(str::to_owned), count, skip: None, cut: None, width: None, height: None }
    }

    #[test]
    fn paper_and_number_are_settled() {
        assert_eq!(wanted(None, None).settle().unwrap(), (Paper::Sheet(Grid::A4x21), 21));
        assert_eq!(wanted(Some("roll"), None).settle().unwrap(), (Paper::Roll(60, 40), 1));
        assert_eq!(wanted(Some("a4x8"), Some(100)).settle().unwrap(), (Paper::Sheet(Grid::A4x8), 100));
        for count in [0, -1, 2_001] {
            assert_eq!(wanted(None, Some(count)).settle().unwrap_err().code, "labels_count");
        }
        assert_eq!(wanted(Some("a5"), None).settle().unwrap_err().code, "layout_unknown");
    }

    #[test]
    fn the_code_is_gs1_where_gs1_can_say_it() {
        let own = "T2345";
        let table = [
            (Some("06901234567892"), "20260301-A", "/01/06901234567892/10/20260301-A"),
            (None, "20260301", "/t/T2345"),
            (Some("06901234567892"), "三月一日", "/t/T2345"),
            (Some("06901234567892"), "A/1", "/t/T2345"),
            (Some("06901234567892"), "", "/t/T2345"),
            (Some("06901234567892"), "123456789012345678901", "/t/T2345"),
        ];
        for (gtin, batch, expected) in table {
            assert_eq!(code_path(gtin, batch, own), expected, "{batch}");
        }
    }
}
