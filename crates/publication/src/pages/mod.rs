//! The public pages as HTML.

mod credential;
mod kept;
mod message;
pub mod open;
pub mod sheet;

use std::sync::LazyLock;

use askama::Template;
use axum::http::StatusCode;
use jiff::civil::Date;
use kit_base::clock::{china_day, china_text};
use kit_base::{Error, Millis, Result};
use parties::{Card, Status};
use sha2::{Digest as _, Sha256};
use trace::proofs::{MOST, Standing as InLedger};
use trace::store::products::TraceFile;

use crate::model::{Answer, Maker, NoticeKind, ProductView, Recall, Scan, Standing};
use crate::picture::{self, Picture};
use crate::rules;

pub use credential::{Credential, credential};
pub use kept::{Pages, Rendered, kept};
pub use message::fault as fault_page;

pub const STYLE: &str = include_str!("../../templates/page.css");

/// Address of the style sheet; its name changes with its content.
pub static STYLE_PATH: LazyLock<String> =
    LazyLock::new(|| format!("/public/page-{}.css", &hex::encode(Sha256::digest(STYLE))[..12]));

/// What every page has.
struct Frame {
    title: String,
    style: &'static str,
    /// 关怀版
    care: bool,
    /// Link to the other form of this page.
    other: String,
    /// Keeps the form that was chosen, in links: `?care=1` or nothing.
    keep: &'static str,
    simulated: bool,
    /// Hangs on a wall.
    screen: bool,
}

/// How a page is asked for.
#[derive(Debug, Clone)]
pub struct Look {
    pub care: bool,
    /// Path and query of this page without `care`.
    pub address: String,
}

impl Look {
    fn frame(&self, title: impl Into<String>, simulated: bool) -> Frame {
        let joint = if self.address.contains('?') { '&' } else { '?' };
        Frame {
            title: title.into(),
            style: STYLE_PATH.as_str(),
            care: self.care,
            other: if self.care { self.address.clone() } else { format!("{}{joint}care=1", self.address) },
            keep: if self.care { "?care=1" } else { "" },
            simulated,
            screen: false,
        }
    }
}

/// The first line of a page: what it comes to.
struct Verdict {
    /// bad, warn, good
    class: &'static str,
    /// A sign that tells the same without colour.
    sign: &'static str,
    title: String,
    text: String,
}

/// A recall, or a result that failed, as the page tells it.
struct Told {
    recall: bool,
    what: String,
    reason: String,
    advice: String,
    issuer: String,
    since: String,
}

const ADVICE: &str = "请停止食用。未开封或剩余的食品请保留包装，凭包装到购买处退货退款；食用后身体不适请及时就医，并拨打 12315。";

fn told(recall: &Recall) -> Told {
    let notice = &recall.notice;
    let mut what = String::new();
    if !recall.food.is_empty() {
        what = format!("原料“{}”", recall.food);
    }
    if !recall.batch.is_empty() {
        what += &format!(" 批号 {}", recall.batch);
    }
    if let Some(grade) = notice.grade {
        what += &format!("（{}级召回）", ["一", "二", "三"][(grade.clamp(1, 3) - 1) as usize]);
    }
    Told {
        recall: notice.kind == NoticeKind::Recall,
        what: what.trim().to_owned(),
        reason: notice.reason.clone(),
        advice: if notice.advice.is_empty() { ADVICE.to_owned() } else { notice.advice.clone() },
        issuer: notice.issuer.clone(),
        since: rules::date_text(&china_day(notice.since).to_string()),
    }
}

/// A recall says all that the result which led to it said: of one batch only the recall is shown.
fn all_told(list: &[Recall]) -> Vec<Told> {
    let recalled = |r: &Recall| {
        list.iter().any(|o| {
            o.notice.kind == NoticeKind::Recall
                && (&o.notice.product, o.notice.lot) == (&r.notice.product, r.notice.lot)
        })
    };
    list.iter().filter(|r| r.notice.kind == NoticeKind::Recall || !recalled(r)).map(told).collect()
}

/// A file as the page lists it.
struct Paper {
    title: String,
    kind: &'static str,
    /// pass, fail, or empty
    conclusion: String,
    number: String,
    issued: String,
    link: String,
    picture: bool,
}

fn papers(scan: &Scan) -> Vec<Paper> {
    let paper = |f: &TraceFile| Paper {
        kind: match f.kind.as_str() {
            "licence" => "资质证明",
            "label" => "标签",
            "picture" => "图片",
            "test_report" => "检验报告",
            _ => "合格证明",
        },
        title: f.title.clone(),
        conclusion: f.conclusion.clone(),
        number: f.number.clone(),
        issued: rules::date_text(&f.issued),
        link: format!("{}/files/{}{}", scan.base, f.id, scan.tail),
        picture: f.kind == "picture" && f.media.starts_with("image/"),
    };
    scan.files.iter().map(paper).collect()
}

#[derive(Template)]
#[template(path = "batch.html")]
struct BatchPage<'a> {
    frame: Frame,
    verdict: Verdict,
    recalls: Vec<Told>,
    scan: &'a Scan,
    maker: Option<&'a Maker>,
    made: String,
    age: String,
    expires: String,
    left: String,
    papers: Vec<Paper>,
    picture: Picture,
    gtin: &'a str,
    /// What the ledger has of the batch, in words; empty where it has nothing.
    proof: String,
    /// The licence printed on the pack, where it is not among those of the maker.
    licence: &'a str,
}

#[derive(Template)]
#[template(path = "business.html")]
struct BusinessPage<'a> {
    frame: Frame,
    verdict: Verdict,
    card: &'a Card,
}

#[derive(Template)]
#[template(path = "product.html")]
struct ProductPage<'a> {
    frame: Frame,
    verdict: Option<Verdict>,
    recalls: Vec<Told>,
    view: &'a ProductView,
    maker: Option<&'a Maker>,
    today: String,
}

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    frame: Frame,
}

/// The page of an answer.
pub fn render(answer: &Answer, look: &Look, now: Millis) -> Result<Rendered> {
    let today = china_day(now);
    match answer {
        Answer::Batch(scan) => batch_page(scan, look, today),
        Answer::Business(card) => business_page(card, look),
        Answer::Product(view) => product_page(view, look, today),
        Answer::Voided { name, reason, at, simulated } => {
            message::voided(look, name, reason, *at, *simulated)
        }
        Answer::Withdrawn { name, notice, simulated } => message::withdrawn(look, name, notice, *simulated),
        Answer::Document(document) => message::document(look, document),
        Answer::NoDocument { code } => message::no_document(look, code),
        Answer::Unknown { code } => message::unknown(look, code),
        Answer::Forged { code, finding } => message::forged(look, code, finding),
    }
}

fn page(status: StatusCode, template: &impl Template) -> Result<Rendered> {
    let html = template.render().map_err(|e| Error::internal(format!("public page: {e}")))?;
    Ok(Rendered::new(status, html))
}

fn batch_page(scan: &Scan, look: &Look, today: Date) -> Result<Rendered> {
    let own = if scan.product.brand.is_empty() {
        scan.product.name.clone()
    } else {
        format!("{} {}", scan.product.brand, scan.product.name)
    };
    page(
        StatusCode::OK,
        &BatchPage {
            frame: look.frame(format!("{} 批号 {}", scan.product.name, scan.lot.batch), scan.simulated),
            verdict: verdict(scan, today),
            recalls: all_told(&scan.recalls),
            maker: scan.maker.as_ref(),
            made: rules::date_text(&scan.lot.made),
            age: rules::age_text(&scan.lot.made, today),
            expires: rules::date_text(&scan.lot.expires),
            left: rules::left_text(&scan.lot.expires, today),
            papers: papers(scan),
            picture: picture::draw(&scan.chain, &own, look.care),
            gtin: shown_gtin(scan.product.gtin.as_deref().unwrap_or("")),
            licence: printed_licence(scan),
            proof: scan.ledger.as_ref().map(proof_text).unwrap_or_default(),
            scan,
        },
    )
}

fn proof_text(standing: &InLedger) -> String {
    let more = if standing.records >= MOST { "以上" } else { "" };
    let records = format!("本批次的 {} 条{more}生产流转记录已写入防篡改账本", standing.records);
    match standing.signed {
        Some((size, at)) => format!(
            "{records}（账本第 {} 条起），并由 {} 的检查点（账本共 {size} 条）签署。事后改动、删除或补录都会被查出。",
            standing.leaf,
            china_text(at)
        ),
        None => format!("{records}（账本第 {} 条起），正在签署，请稍后刷新。", standing.leaf),
    }
}

fn printed_licence(scan: &Scan) -> &str {
    let printed = scan.product.licence.as_str();
    let known = scan.maker.iter().flat_map(|m| &m.card.licences).any(|l| l.number == printed);
    if known { "" } else { printed }
}

fn recalled_text(scan: &Scan) -> String {
    match own(scan, NoticeKind::Recall) {
        Some(true) => "这批食品已被召回。".into(),
        _ => "制作这批食品的原料已被召回。".into(),
    }
}

fn failed_text(scan: &Scan) -> String {
    match own(scan, NoticeKind::Failure) {
        Some(true) => "这一批次经检验不合格，原因和怎么办见下方。".into(),
        Some(false) => "制作这批食品的原料经检验不合格，见下方。".into(),
        None => "这一批次有不合格的检验报告，见下方。".into(),
    }
}

/// Whether a notice of this kind is about the food itself; `None` where there is none.
fn own(scan: &Scan, kind: NoticeKind) -> Option<bool> {
    let mut of = scan.recalls.iter().filter(|r| r.notice.kind == kind).peekable();
    of.peek()?;
    Some(of.any(|r| r.food.is_empty()))
}

/// A barcode as it stands on the pack: 8, 13 or 14 digits.
fn shown_gtin(gtin: &str) -> &str {
    gtin.strip_prefix("000000").or_else(|| gtin.strip_prefix('0')).unwrap_or(gtin)
}

fn verdict(scan: &Scan, today: Date) -> Verdict {
    let said = |class, sign, title: &str, text: String| Verdict { class, sign, title: title.into(), text };
    let left = rules::left_text(&scan.lot.expires, today);
    let day = rules::date_text(&today.to_string());
    match scan.standing {
        Standing::Recalled => said("bad", "×", "已召回，请勿食用", recalled_text(scan)),
        Standing::Failed => said("bad", "×", "检验不合格，请勿食用", failed_text(scan)),
        Standing::Expired => said("bad", "×", "已过保质期，请勿食用", left),
        Standing::Doubtful => {
            let text = "登记这一批次的主体已声明记录有误，请以包装为准，如有疑问请拨打 12315。";
            said("warn", "!", "这一批次的记录有误", text.into())
        }
        Standing::Unknown => {
            let text = format!("截至{day}没有召回信息；平台不知道它的保质期，请看包装。");
            said("warn", "!", "未见召回，保质期请看包装", text)
        }
        Standing::Good => {
            let text = format!("{left}，截至{day}没有召回信息。食用前请看包装是否完好。");
            said("good", "✓", "未见召回，在保质期内", text)
        }
    }
}

fn business_page(card: &Card, look: &Look) -> Result<Rendered> {
    let lapsed = card.licences.iter().filter(|l| l.state == "expired").count();
    let said = |class, sign, title: &str, text: &str| Verdict {
        class,
        sign,
        title: title.into(),
        text: text.into(),
    };
    let verdict = match card.status {
        Status::Active if lapsed > 0 => {
            said("warn", "!", "经营状态正常，有许可已过期", "请留意下方标明“已过期”的许可。")
        }
        Status::Active => said("good", "✓", "经营状态正常", "以下为登记信息。"),
        Status::Suspended => said("warn", "!", "已停业", "登记状态为停业，如仍在经营请拨打 12315。"),
        Status::Closed => said("bad", "×", "已注销", "该主体已注销，如仍在经营请拨打 12315。"),
        Status::Revoked => said("bad", "×", "已吊销", "许可已被吊销，如仍在经营请拨打 12315。"),
    };
    let frame = look.frame(card.name.clone(), card.simulated);
    page(StatusCode::OK, &BusinessPage { frame, verdict, card })
}

fn product_page(view: &ProductView, look: &Look, today: Date) -> Result<Rendered> {
    let recalled = view.recalls.iter().any(|r| r.notice.kind == NoticeKind::Recall);
    let (title, text) = match recalled {
        true => ("已召回，请勿食用", "这个产品的所有批次已被召回。"),
        false => ("检验不合格，请勿食用", "这个产品的所有批次经检验不合格。"),
    };
    let verdict = (!view.recalls.is_empty()).then(|| Verdict {
        class: "bad",
        sign: "×",
        title: title.into(),
        text: text.into(),
    });
    let template = ProductPage {
        frame: look.frame(view.product.name.clone(), view.product.simulated),
        verdict,
        recalls: all_told(&view.recalls),
        maker: view.maker.as_ref(),
        today: today.to_string(),
        view,
    };
    // the page is there; it is the entry that was not understood or led to nothing
    page(if view.fault.is_empty() { StatusCode::OK } else { StatusCode::NOT_FOUND }, &template)
}

/// The page for people who type a code.
pub fn search_page(look: &Look) -> Result<Rendered> {
    page(StatusCode::OK, &SearchPage { frame: look.frame("查询", false) })
}

/// A text as one segment of a path.
pub fn percent(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // writing to a String cannot fail
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
