//! Documents of a case (文书): notices and decisions to somebody, and forms and records of the file.

use kit_base::error::Result;
use serde::{Deserialize, Serialize};

use super::fonts::Fonts;
use super::world::render_with;
use crate::qr::{Level, QUIET, Qr};

/// How a document looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    /// To somebody, with the organ's name as its head, a seal and a date.
    #[default]
    Letter,
    /// A form or record of the file: a frame of labels and values, and places to sign.
    Form,
}

/// A part of the text, in its order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A paragraph.
    Text(String),
    /// A heading between paragraphs.
    Heading(String),
    /// Labels with their values.
    Rows(Vec<(String, String)>),
    /// A table.
    Table { title: String, heads: Vec<String>, rows: Vec<Vec<String>> },
}

/// What an official document says. The same input makes the same bytes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Official {
    pub look: Look,
    /// The bureau that issues it.
    pub organ: String,
    pub title: String,
    /// `华市监责改〔2026〕12号`
    pub number: String,
    /// Empty: to nobody, a form of the file.
    pub addressee: String,
    pub blocks: Vec<Block>,
    /// How to object (救济途径), set after the text.
    pub remedies: Vec<String>,
    /// `2026年3月3日`
    pub date: String,
    /// Places to sign by hand: `当事人（签名或盖章）`.
    pub signs: Vec<String>,
    /// The picture of the seal, PNG or JPEG; none: a blank place for it.
    pub seal: Option<Vec<u8>>,
    /// 作废: struck across every page.
    pub void: bool,
    /// The page that the QR code leads to.
    pub url: String,
    /// The code on it, as people type it.
    pub verify: String,
    /// SHA-256 of the text, hex.
    pub hash: String,
    pub simulated: bool,
}

#[derive(Serialize)]
struct Doc<'a> {
    look: Look,
    organ: &'a str,
    title: &'a str,
    number: &'a str,
    addressee: &'a str,
    blocks: &'a [Block],
    remedies: &'a [String],
    date: &'a str,
    signs: &'a [String],
    seal: bool,
    void: bool,
    qr: String,
    verify: &'a str,
    hash: &'a str,
    simulated: bool,
}

/// Sets an official document.
pub fn official(o: &Official) -> Result<Vec<u8>> {
    let doc = Doc {
        look: o.look,
        organ: &o.organ,
        title: &o.title,
        number: &o.number,
        addressee: &o.addressee,
        blocks: &o.blocks,
        remedies: &o.remedies,
        date: &o.date,
        signs: &o.signs,
        seal: o.seal.is_some(),
        void: o.void,
        qr: Qr::new(&o.url, Level::Medium)?.svg(QUIET),
        verify: &o.verify,
        hash: o.hash.get(..16).unwrap_or(&o.hash),
        simulated: o.simulated,
    };
    render_with("official.typ", &doc, &Fonts::installed()?, true, o.seal.as_deref())
}
