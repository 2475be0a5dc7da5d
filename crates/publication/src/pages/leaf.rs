//! A page of another room for the public: parts one under the other, in the frame of all public pages.

use askama::Template;
use kit_base::{Error, Result};

use super::{Frame, Look, Verdict};

/// A part of a page.
#[derive(Debug, Clone)]
pub enum Part {
    /// What it comes to: good, warn or bad; title; text.
    Verdict(&'static str, String, String),
    Title(String),
    Heading(String),
    Text(String),
    Note(String),
    /// Names and texts.
    Rows(Vec<(String, String)>),
    /// Address and text.
    Links(Vec<(String, String)>),
    Steps(Vec<String>),
    Table {
        heads: Vec<String>,
        rows: Vec<Vec<String>>,
    },
    /// Label, tenths of a percent, and the same in words.
    Bars(Vec<(String, i64, String)>),
    /// A picture of ours, as SVG: a QR code.
    Picture(String),
    Form(Asked),
}

/// A form with one field at most.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Where it is sent.
    pub action: String,
    /// Name and label of the field; empty: only the button.
    pub field: String,
    pub label: String,
    pub hint: String,
    pub fault: String,
    pub button: String,
}

/// A whole page.
#[derive(Debug, Clone, Default)]
pub struct Leaf {
    pub title: String,
    pub parts: Vec<Part>,
    pub simulated: bool,
}

#[derive(Template)]
#[template(path = "leaf.html")]
struct Page<'a> {
    frame: Frame,
    parts: Vec<Shown<'a>>,
}

/// A part as the template has it.
struct Shown<'a> {
    part: &'a Part,
    verdict: Option<Verdict>,
}

/// The page as HTML; the same for everybody.
pub fn leaf(said: &Leaf, look: &Look) -> Result<String> {
    fn shown(part: &Part) -> Shown<'_> {
        let verdict = match part {
            Part::Verdict(class, title, text) => {
                let sign = match *class {
                    "good" => "✓",
                    "warn" => "!",
                    _ => "×",
                };
                Some(Verdict { class, sign, title: title.clone(), text: text.clone() })
            }
            _ => None,
        };
        Shown { part, verdict }
    }
    let parts = said.parts.iter().map(shown).collect();
    let page = Page { frame: look.frame(said.title.clone(), said.simulated), parts };
    page.render().map_err(Error::internal)
}
