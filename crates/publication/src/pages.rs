//! The public pages as HTML, and the last of them kept for ten seconds.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use askama::Template;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use jiff::civil::Date;
use kit_base::clock::{china_day, china_text};
use kit_base::{Error, Millis, Result};
use kit_web::House;
use parking_lot::Mutex;
use parties::{Card, Status};
use sha2::{Digest as _, Sha256};
use trace::store::products::TraceFile;

use crate::model::{Answer, Maker, ProductView, Recall, Scan, Standing};
use crate::picture::{self, Picture};
use crate::rules;

/// How old a page may be.
const FRESH: Millis = 10_000;
/// Pages kept at most.
const KEPT: usize = 4_096;

pub const STYLE: &str = include_str!("../templates/page.css");

/// Address of the style sheet; its name changes with its content.
pub static STYLE_PATH: LazyLock<String> =
    LazyLock::new(|| format!("/public/page-{}.css", &hex::encode(Sha256::digest(STYLE))[..12]));

/// A page ready to be sent.
#[derive(Debug)]
pub struct Rendered {
    status: StatusCode,
    html: String,
    tag: String,
}

impl Rendered {
    fn new(status: StatusCode, html: String) -> Self {
        let tag = format!("W/\"{}\"", &hex::encode(Sha256::digest(&html))[..16]);
        Self { status, html, tag }
    }

    /// The answer; only pages that found something may be kept by others.
    pub fn answer(&self) -> Response {
        let mut response = Response::new(Body::from(self.html.clone()));
        *response.status_mut() = self.status;
        let found = self.status == StatusCode::OK;
        let cache = if found { "public, max-age=10" } else { "no-store" };
        let mut put = |name: HeaderName, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                response.headers_mut().insert(name, value);
            }
        };
        put(header::CONTENT_TYPE, "text/html; charset=utf-8");
        put(header::CACHE_CONTROL, cache);
        if found {
            put(header::ETAG, &self.tag);
        }
        response
    }
}

/// The pages shown last, each for ten seconds; the server holds it in the house. Works without it, only slower.
#[derive(Default)]
pub struct Pages(Mutex<HashMap<String, (Millis, Arc<Rendered>)>>);

impl Pages {
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// The page under this address, while it is fresh.
    pub fn get(&self, address: &str, now: Millis) -> Option<Arc<Rendered>> {
        let kept = self.0.lock();
        kept.get(address).filter(|(at, _)| (0..FRESH).contains(&(now - at))).map(|(_, page)| page.clone())
    }

    /// Keeps a page that found something.
    pub fn keep(&self, address: &str, now: Millis, page: &Arc<Rendered>) {
        if page.status != StatusCode::OK {
            return;
        }
        let mut kept = self.0.lock();
        if kept.len() >= KEPT {
            kept.retain(|_, (at, _)| (0..FRESH).contains(&(now - *at)));
        }
        if kept.len() < KEPT {
            kept.insert(address.to_owned(), (now, page.clone()));
        }
    }

    /// Forgets all, since something was recalled or withdrawn.
    pub fn forget(&self) {
        self.0.lock().clear();
    }
}

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

/// A recall as the page tells it.
struct Told {
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
        what: what.trim().to_owned(),
        reason: notice.reason.clone(),
        advice: if notice.advice.is_empty() { ADVICE.to_owned() } else { notice.advice.clone() },
        issuer: notice.issuer.clone(),
        since: rules::date_text(&china_day(notice.since).to_string()),
    }
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

/// A page that has nothing to show but says why, and what to do.
#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage {
    frame: Frame,
    verdict: Verdict,
    name: String,
    /// What to do.
    advice: Vec<String>,
    /// Offers to type a code.
    form: bool,
    asked: String,
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
        _ => message_page(answer, look),
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
            recalls: scan.recalls.iter().map(told).collect(),
            maker: scan.maker.as_ref(),
            made: rules::date_text(&scan.lot.made),
            age: rules::age_text(&scan.lot.made, today),
            expires: rules::date_text(&scan.lot.expires),
            left: rules::left_text(&scan.lot.expires, today),
            papers: papers(scan),
            picture: picture::draw(&scan.chain, &own, look.care),
            gtin: shown_gtin(scan.product.gtin.as_deref().unwrap_or("")),
            licence: printed_licence(scan),
            scan,
        },
    )
}

fn printed_licence(scan: &Scan) -> &str {
    let printed = scan.product.licence.as_str();
    let known = scan.maker.iter().flat_map(|m| &m.card.licences).any(|l| l.number == printed);
    if known { "" } else { printed }
}

fn recalled_text(scan: &Scan) -> String {
    let own = scan.recalls.iter().any(|r| r.food.is_empty());
    if own {
        "这批食品已被召回。".into()
    } else {
        "制作这批食品的原料已被召回。".into()
    }
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
        Standing::Failed => {
            said("bad", "×", "检验不合格，请勿食用", "这一批次有不合格的检验报告，见下方。".into())
        }
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
    let verdict = (!view.recalls.is_empty()).then(|| Verdict {
        class: "bad",
        sign: "×",
        title: "已召回，请勿食用".into(),
        text: "这个产品的所有批次已被召回。".into(),
    });
    let template = ProductPage {
        frame: look.frame(view.product.name.clone(), view.product.simulated),
        verdict,
        recalls: view.recalls.iter().map(told).collect(),
        maker: view.maker.as_ref(),
        today: today.to_string(),
        view,
    };
    // the page is there; it is the entry that was not understood or led to nothing
    page(if view.fault.is_empty() { StatusCode::OK } else { StatusCode::NOT_FOUND }, &template)
}

fn message_page(answer: &Answer, look: &Look) -> Result<Rendered> {
    let advice = |lines: &[&str]| lines.iter().map(|l| (*l).to_owned()).collect::<Vec<_>>();
    let verdict = |class, sign, title: &str, text: String| Verdict { class, sign, title: title.into(), text };
    let (status, template) = match answer {
        Answer::Voided { name, reason, at, simulated } => {
            let day = rules::date_text(&china_day(*at).to_string());
            let text = format!("这个追溯码已于{day}作废，原因：{reason}。");
            (
                StatusCode::GONE,
                MessagePage {
                    frame: look.frame("追溯码已作废", *simulated),
                    verdict: verdict("bad", "×", "追溯码已作废", text),
                    name: name.clone(),
                    advice: advice(&[
                        "作废的码不应再出现在出售的食品上，请暂不食用。",
                        "请向购买处核实，保留包装和购物凭证。",
                        "怀疑冒用的，请拨打 12315 投诉举报。",
                    ]),
                    form: false,
                    asked: String::new(),
                },
            )
        }
        Answer::Withdrawn { name, notice } => {
            let day = rules::date_text(&china_day(notice.since).to_string());
            let text = format!("{}已于{day}停止公示：{}", notice.issuer, notice.reason);
            let mut lines = advice(&["请以包装标示为准，并向购买处核实。", "如有疑问请拨打 12315。"]);
            if !notice.advice.is_empty() {
                lines.insert(0, notice.advice.clone());
            }
            (
                StatusCode::GONE,
                MessagePage {
                    frame: look.frame("信息已停止公示", false),
                    verdict: verdict("warn", "!", "这条信息已停止公示", text),
                    name: name.clone(),
                    advice: lines,
                    form: false,
                    asked: String::new(),
                },
            )
        }
        Answer::Unknown { code } => {
            let text = format!("平台上没有登记“{code}”。");
            (
                StatusCode::NOT_FOUND,
                MessagePage {
                    frame: look.frame("没有查到这个码", false),
                    verdict: verdict("warn", "!", "没有查到这个码", text),
                    name: String::new(),
                    advice: advice(&[
                        "手工输入的，请对照包装再核对一次。",
                        "该食品可能还没有在本平台登记，请以包装标示为准。",
                        "包装上印有本平台的码却查不到的，可能是仿冒，请暂不食用并拨打 12315。",
                    ]),
                    form: true,
                    asked: code.clone(),
                },
            )
        }
        Answer::Forged { code, finding } => (
            StatusCode::NOT_FOUND,
            MessagePage {
                frame: look.frame("这个码不对", false),
                verdict: verdict("bad", "×", "这个码不对，可能抄错或仿冒", format!("{}。", finding.message)),
                name: String::new(),
                advice: advice(&[
                    "手工输入的，请逐位核对；码中没有 0、O、1、I、L。",
                    "扫码得到这一页的，码可能是伪造的：请暂不食用，保留包装并拨打 12315。",
                ]),
                form: true,
                asked: code.chars().take(40).collect(),
            },
        ),
        Answer::Batch(_) | Answer::Business(_) | Answer::Product(_) => {
            return Err(Error::internal("this answer has a page of its own"));
        }
    };
    page(status, &template)
}

/// The page for people who type a code.
pub fn search_page(look: &Look) -> Result<Rendered> {
    page(StatusCode::OK, &SearchPage { frame: look.frame("查询", false) })
}

/// The page when the house itself is at fault; needs no database.
pub fn fault_page(look: &Look, now: Millis) -> Result<Rendered> {
    let template = MessagePage {
        frame: look.frame("暂时无法查询", false),
        verdict: Verdict {
            class: "warn",
            sign: "!",
            title: "暂时无法查询".into(),
            text: format!("系统繁忙或正在维护（{}），请稍后再试。", china_text(now)),
        },
        name: String::new(),
        advice: vec!["查询不到不代表食品有问题或没有问题，请看包装标示。".into()],
        form: false,
        asked: String::new(),
    };
    page(StatusCode::SERVICE_UNAVAILABLE, &template)
}

/// The kept pages of this house, if it keeps any.
pub fn kept(house: &House) -> Option<Arc<Pages>> {
    house.try_held::<Pages>()
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
