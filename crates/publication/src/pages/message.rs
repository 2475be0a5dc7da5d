//! Pages that have nothing to show but say why, and what to do.

use askama::Template;
use axum::http::StatusCode;
use kit_base::clock::{china_day, china_text};
use kit_base::codes::Finding;
use kit_base::{Millis, Result};

use super::{Frame, Look, Rendered, Verdict, page};
use crate::model::{Genuine, Notice};
use crate::rules;

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

fn message(look: &Look, verdict: Verdict, simulated: bool, advice: &[&str]) -> MessagePage {
    MessagePage {
        frame: look.frame(verdict.title.clone(), simulated),
        verdict,
        name: String::new(),
        advice: advice.iter().map(|line| (*line).to_owned()).collect(),
        form: false,
        asked: String::new(),
    }
}

fn bad(title: &str, text: String) -> Verdict {
    Verdict { class: "bad", sign: "×", title: title.into(), text }
}

fn warn(title: &str, text: String) -> Verdict {
    Verdict { class: "warn", sign: "!", title: title.into(), text }
}

fn day(at: Millis) -> String {
    rules::date_text(&china_day(at).to_string())
}

pub fn voided(look: &Look, name: &str, reason: &str, at: Millis, simulated: bool) -> Result<Rendered> {
    let text = format!("这个追溯码已于{}作废，原因：{reason}。", day(at));
    let advice = [
        "作废的码不应再出现在出售的食品上，请暂不食用。",
        "请向购买处核实，保留包装和购物凭证。",
        "怀疑冒用的，请拨打 12315 投诉举报。",
    ];
    let said = message(look, bad("追溯码已作废", text), simulated, &advice);
    page(StatusCode::GONE, &MessagePage { name: name.to_owned(), ..said })
}

pub fn withdrawn(look: &Look, name: &str, notice: &Notice, simulated: bool) -> Result<Rendered> {
    let text = format!("{}已于{}停止公示：{}", notice.issuer, day(notice.since), notice.reason);
    let mut said = message(
        look,
        warn("这条信息已停止公示", text),
        simulated,
        &["请以包装标示为准，并向购买处核实。", "如有疑问请拨打 12315。"],
    );
    if !notice.advice.is_empty() {
        said.advice.insert(0, notice.advice.clone());
    }
    page(StatusCode::GONE, &MessagePage { name: name.to_owned(), ..said })
}

/// A document of a bureau that is genuine: it stands, or is void.
pub fn document(look: &Look, d: &Genuine) -> Result<Rendered> {
    let of = format!("{}《{}》{}，{}作出", d.organ, d.title, d.number, rules::date_text(&d.issued_on));
    let verdict = match &d.void_since {
        None if !d.remarks.is_empty() => warn("文书真实，内容已声明更正", format!("{of}。")),
        None => Verdict {
            class: "good", sign: "✓", title: "文书真实有效".into(), text: format!("{of}。")
        },
        Some(day) => bad("文书已作废", format!("{of}，已于{}作废。", rules::date_text(day))),
    };
    let hash = format!("正文摘要（SHA-256）：{}", d.hash);
    // what was declared since stands before all else
    let mut advice: Vec<&str> = d.remarks.iter().map(String::as_str).collect();
    advice.extend([
        "请与手中文书的机关、文号、日期逐项核对，有一项不同即为伪造。",
        "文书上印有正文摘要的前十六位，应与下面的开头一致。",
        hash.as_str(),
        "本页不显示文书内容。如有疑问请联系作出机关或拨打 12315。",
    ]);
    let said = message(look, verdict, d.simulated, &advice);
    page(StatusCode::OK, &MessagePage { name: d.number.clone(), ..said })
}

pub fn no_document(look: &Look, code: &str) -> Result<Rendered> {
    let shown: String = code.chars().take(40).collect();
    let advice = [
        "请对照文书上的核验码逐位核对；码中没有 0、O、1、I。",
        "扫码得到这一页的，文书可能是伪造的，请联系落款机关核实。",
    ];
    let text = format!("平台上没有核验码为“{shown}”的文书。");
    page(StatusCode::NOT_FOUND, &message(look, bad("没有这份文书", text), false, &advice))
}

pub fn unknown(look: &Look, code: &str) -> Result<Rendered> {
    let advice = [
        "手工输入的，请对照包装再核对一次。",
        "该食品可能还没有在本平台登记，请以包装标示为准。",
        "包装上印有本平台的码却查不到的，可能是仿冒，请暂不食用并拨打 12315。",
    ];
    let said = message(look, warn("没有查到这个码", format!("平台上没有登记“{code}”。")), false, &advice);
    page(StatusCode::NOT_FOUND, &MessagePage { form: true, asked: code.to_owned(), ..said })
}

pub fn forged(look: &Look, code: &str, finding: &Finding) -> Result<Rendered> {
    let advice = [
        "手工输入的，请逐位核对；码中没有 0、O、1、I、L。",
        "扫码得到这一页的，码可能是伪造的：请暂不食用，保留包装并拨打 12315。",
    ];
    let said =
        message(look, bad("这个码不对，可能抄错或仿冒", format!("{}。", finding.message)), false, &advice);
    let asked = code.chars().take(40).collect();
    page(StatusCode::NOT_FOUND, &MessagePage { form: true, asked, ..said })
}

/// The page when the house itself is at fault; needs no database.
pub fn fault(look: &Look, now: Millis) -> Result<Rendered> {
    let text = format!("系统繁忙或正在维护（{}），请稍后再试。", china_text(now));
    let advice = ["查询不到不代表食品有问题或没有问题，请看包装标示。"];
    let said = message(look, warn("暂时无法查询", text), false, &advice);
    page(StatusCode::SERVICE_UNAVAILABLE, &said)
}
