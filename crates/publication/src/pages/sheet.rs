//! Pages that other rooms put together out of parts: boards, campaigns, results, recalls. Like all public pages they need no script, and what
//! is put in is text, never markup (but for a picture that this program drew).

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use kit_base::{Error, Result};
use kit_web::{Answer as _, Html};

use super::{Frame, Look, Verdict};

/// A page.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    pub title: String,
    /// Below the title.
    pub sub: String,
    /// First of all: class (good, warn, bad), what it comes to, and what to do.
    pub verdict: Option<(&'static str, String, String)>,
    pub sections: Vec<Section>,
    pub simulated: bool,
    /// For a large screen that hangs on a wall: wide, large, and asked for again after so many seconds.
    pub screen: Option<u32>,
}

#[derive(Debug, Clone, Default)]
pub struct Section {
    /// Empty for none.
    pub title: String,
    pub parts: Vec<Part>,
}

/// A part of a section.
#[derive(Debug, Clone)]
pub enum Part {
    Text(String),
    Note(String),
    /// Something large: a figure and what it counts.
    Figures(Vec<(String, String)>),
    /// Names and texts.
    Rows(Vec<(String, String)>),
    Table {
        caption: String,
        head: Vec<String>,
        rows: Vec<Vec<Cell>>,
    },
    /// What to do, line by line.
    Steps(Vec<String>),
    /// Label, tenths of a percent, and the same in words.
    Bars(Vec<(String, i64, String)>),
    /// Text and address.
    Links(Vec<(String, String)>),
    Form(Form),
    /// A picture drawn by this program, and what it shows.
    Picture {
        svg: String,
        text: String,
    },
}

/// A cell of a table.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    pub text: String,
    /// ok, no, hm, num; empty for none.
    pub class: &'static str,
    /// Empty for none.
    pub link: String,
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
    pub fn number(n: impl ToString) -> Self {
        Self { text: n.to_string(), class: "num", link: String::new() }
    }
    pub fn marked(text: impl Into<String>, class: &'static str) -> Self {
        Self { text: text.into(), class, link: String::new() }
    }
    pub fn link(text: impl Into<String>, link: impl Into<String>) -> Self {
        Self { text: text.into(), class: "", link: link.into() }
    }
}

/// A form that is sent without a script.
#[derive(Debug, Clone, Default)]
pub struct Form {
    pub action: String,
    /// Sent as a body; else in the address.
    pub post: bool,
    pub fields: Vec<Field>,
    pub button: String,
    /// What was wrong with what was sent; empty for nothing.
    pub fault: String,
}

#[derive(Debug, Clone, Default)]
pub struct Field {
    pub name: String,
    pub label: String,
    pub hint: String,
    pub value: String,
    /// Characters.
    pub most: u32,
    pub required: bool,
    /// A telephone number.
    pub phone: bool,
    /// Values and names to choose from; none: a text.
    pub options: Vec<(String, String)>,
    /// Any number of the options: boxes to tick; `value` holds those that are ticked, apart by commas.
    pub many: bool,
    pub hidden: bool,
}

impl Field {
    fn ticked(&self, value: &str) -> bool {
        self.value.split(',').any(|v| v == value)
    }
}

#[derive(Template)]
#[template(path = "sheet.html")]
struct Page<'a> {
    frame: Frame,
    verdict: Option<Verdict>,
    sheet: &'a Sheet,
}

/// The page as HTML; the same for everybody.
pub fn sheet(sheet: &Sheet, look: &Look) -> Result<String> {
    let verdict = sheet.verdict.as_ref().map(|(class, title, text)| {
        let sign = match *class {
            "good" => "✓",
            "bad" => "×",
            _ => "!",
        };
        Verdict { class, sign, title: title.clone(), text: text.clone() }
    });
    let mut frame = look.frame(sheet.title.clone(), sheet.simulated);
    frame.screen = sheet.screen.is_some();
    Page { frame, verdict, sheet }.render().map_err(Error::internal)
}

/// [`sheet`] as an answer that may be kept for some seconds.
pub fn sheet_answer(of: &Sheet, look: &Look) -> Result<Response> {
    let mut response = Html(sheet(of, look)?).into_answer();
    *response.status_mut() = StatusCode::OK;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=10"));
    if let Some(seconds) = of.screen {
        // a header and no element: readers of the page itself are not thrown out of it
        headers.insert(header::REFRESH, HeaderValue::from(seconds));
    }
    Ok(response)
}
