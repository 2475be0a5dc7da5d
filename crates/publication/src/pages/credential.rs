//! The page behind the code of a licence or a document of another room.

use askama::Template;
use kit_base::{Error, Result};

use super::{Frame, Look, Verdict};

/// What such a page says.
#[derive(Debug, Clone, Default)]
pub struct Credential {
    pub title: String,
    /// Whether it stands, and in words.
    pub stands: bool,
    pub verdict: String,
    pub advice: String,
    /// Names and texts.
    pub rows: Vec<(String, String)>,
    /// Where a program reads the same.
    pub link: String,
    pub simulated: bool,
}

#[derive(Template)]
#[template(path = "credential.html")]
struct Page<'a> {
    frame: Frame,
    verdict: Verdict,
    said: &'a Credential,
}

/// The page as HTML; the same for everybody.
pub fn credential(said: &Credential, look: &Look) -> Result<String> {
    let (class, sign) = if said.stands { ("good", "✓") } else { ("bad", "×") };
    let verdict = Verdict { class, sign, title: said.verdict.clone(), text: said.advice.clone() };
    let page = Page { frame: look.frame(said.title.clone(), said.simulated), verdict, said };
    page.render().map_err(Error::internal)
}
