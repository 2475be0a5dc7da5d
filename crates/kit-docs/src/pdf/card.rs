//! The poster of a business code (一店一码).

use kit_base::error::Result;
use serde::Serialize;

use super::fonts::Fonts;
use super::world::render;
use crate::qr::{Level, QUIET, Qr};

/// What hangs at the door of a food business.
#[derive(Debug, Clone, Default)]
pub struct BusinessCard {
    pub name: String,
    /// The platform's business code, as people read it.
    pub code: String,
    pub url: String,
    /// 业态, `餐饮服务 · 小餐饮`.
    pub kind: String,
    /// Licences as (name, number): (`食品经营许可证`, `JY24109020012345`).
    pub licences: Vec<(String, String)>,
    pub address: Option<String>,
    /// 负责人
    pub person: Option<String>,
    /// The bureau that supervises it.
    pub bureau: String,
    /// `12315`
    pub hotline: String,
    pub simulated: bool,
}

#[derive(Serialize)]
struct Doc<'a> {
    name: &'a str,
    code: &'a str,
    kind: &'a str,
    qr: String,
    lines: Vec<(&'a str, &'a str)>,
    bureau: &'a str,
    hotline: &'a str,
    simulated: bool,
}

/// An A5 poster with a code that reads from two metres away.
pub fn business_card(card: &BusinessCard) -> Result<Vec<u8>> {
    let mut lines: Vec<(&str, &str)> = card.licences.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
    lines.extend(card.person.as_deref().map(|person| ("负责人", person)));
    lines.extend(card.address.as_deref().map(|address| ("地址", address)));
    let doc = Doc {
        name: &card.name,
        code: &card.code,
        kind: &card.kind,
        qr: Qr::new(&card.url, Level::High)?.svg(QUIET),
        lines,
        bureau: &card.bureau,
        hotline: &card.hotline,
        simulated: card.simulated,
    };
    render("business_card.typ", &doc, &Fonts::installed()?, true)
}
