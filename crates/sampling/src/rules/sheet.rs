//! The 抽样单 and the forms of disposal, as data.

use std::sync::LazyLock;

use kit_base::{Error, Result};
use kit_flow::definition::{Field, Named};
use kit_flow::form;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::dec::Dec;

/// A part of a form.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SheetSection")]
pub struct Section {
    pub code: String,
    pub name: String,
    pub fields: Vec<Field>,
}

/// data/sample-sheet.json
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct SheetForm {
    pub source: String,
    pub sections: Vec<Section>,
    /// Kinds of photos.
    pub media: Vec<Named>,
    /// Photos at least; what is no picture does not count.
    pub photos: usize,
    /// Kinds of which there must be a photo.
    pub must: Vec<String>,
    /// The same, where it is taken on the spot.
    pub site_must: Vec<String>,
    /// Kinds of which there must be one, photo or paper, where it was paid for (食品安全法第八十七条: samples are bought).
    pub paid_must: Vec<String>,
    /// Needed where it was bought over a network.
    pub network_fields: Vec<String>,
    /// Kinds of which there must be one where it was bought over a network.
    pub network_must: Vec<String>,
    /// Modes in which an officer goes along where no sampler is one (陪同抽样); our reading, certainty low.
    pub escort_modes: Vec<String>,
    /// Storage of which the temperature is read at every hand-over.
    pub cold: Vec<String>,
}

/// data/disposal-streams.json
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct StreamForms {
    pub source: String,
    pub sides: Vec<Named>,
    pub streams: Vec<Section>,
}

static SHEET: LazyLock<std::result::Result<SheetForm, String>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../../data/sample-sheet.json")).map_err(|e| e.to_string())
});
static STREAMS: LazyLock<std::result::Result<StreamForms, String>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../../data/disposal-streams.json")).map_err(|e| e.to_string())
});

pub fn sheet_form() -> Result<&'static SheetForm> {
    SHEET.as_ref().map_err(Error::internal)
}

pub fn stream_forms() -> Result<&'static StreamForms> {
    STREAMS.as_ref().map_err(Error::internal)
}

/// Checks what was filled in. Errors: those of forms, `sheet_amount`, `sheet_days`, `sheet_network`.
pub fn check(filled: &Map<String, Value>) -> Result<Map<String, Value>> {
    let known = sheet_form()?;
    let fields: Vec<Field> = known.sections.iter().flat_map(|s| s.fields.clone()).collect();
    let out = form::check(&fields, &Value::Object(filled.clone())).map_err(at_sheet)?;
    let text = |code: &str| out.get(code).and_then(Value::as_str).unwrap_or("");
    for code in ["base_amount", "amount", "spare_amount"] {
        if Dec::parse(text(code)).is_none_or(|d| d < Dec::ZERO) {
            return Err(Error::invalid(format!("sheet/{code}"), "sheet_amount", "数量应为数字，如 2.5"));
        }
    }
    let (all, spare) = (Dec::parse(text("amount")), Dec::parse(text("spare_amount")));
    if spare >= all {
        let text = "备样数量应少于抽样数量（抽样数量含备样）";
        return Err(Error::invalid("sheet/spare_amount", "sheet_amount", text));
    }
    if text("made").is_empty() && text("bought").is_empty() {
        let text = "请填写生产日期，或加工、购进日期";
        return Err(Error::invalid("sheet/made", "sheet_days", text));
    }
    if text("sampling_type") == "network"
        && let Some(code) = known.network_fields.iter().find(|c| text(c).is_empty())
    {
        let name = fields.iter().find(|f| f.code == *code).map_or("", |f| &f.name);
        return Err(Error::invalid(
            format!("sheet/{code}"),
            "sheet_network",
            format!("网络抽样应填写{name}"),
        ));
    }
    Ok(out)
}

/// Errors of forms say `form/x`; here it is `sheet/x`.
fn at_sheet(e: Error) -> Error {
    match e.field.clone() {
        Some(field) => e.at(field.replacen("form/", "sheet/", 1)),
        None => e,
    }
}

/// The day that limits are looked up by: production, else purchase.
pub fn day(sheet: &Map<String, Value>) -> String {
    let text = |code: &str| sheet.get(code).and_then(Value::as_str).unwrap_or("");
    let made = text("made");
    if made.is_empty() { text("bought").to_owned() } else { made.to_owned() }
}

/// What was handed in with a sheet: a photo, or a paper, a film, a recording.
#[derive(Debug, Clone, Copy)]
pub struct Proof<'a> {
    pub kind: &'a str,
    pub picture: bool,
}

/// Bought over a network.
pub fn network(filled: &Map<String, Value>) -> bool {
    filled.get("sampling_type").and_then(Value::as_str) == Some("network")
}

/// Whether what is in hand must be kept cold, so that each hand-over tells how warm it was.
pub fn cold(filled: &Map<String, Value>) -> Result<bool> {
    let storage = filled.get("storage").and_then(Value::as_str).unwrap_or("");
    Ok(sheet_form()?.cold.iter().any(|c| c == storage))
}

/// Whether there are photos enough, of each kind that the sheet calls for. Errors: `photos_few`, `photos_kinds`.
pub fn photos(filled: &Map<String, Value>, had: &[Proof]) -> Result<()> {
    let known = sheet_form()?;
    let pictures = had.iter().filter(|p| p.picture).count();
    if pictures < known.photos {
        let text = format!("现场照片至少 {} 张，现有 {pictures} 张（录像、录音、文件不计）", known.photos);
        return Err(Error::invalid("media", "photos_few", text));
    }
    let paid = filled.get("price").and_then(Value::as_i64).is_some_and(|fen| fen > 0);
    let (network, none) = (network(filled), Vec::new());
    let pictured = known.must.iter().chain(if network { &none } else { &known.site_must });
    let pictured = pictured.filter(|k| !had.iter().any(|p| p.picture && p.kind == k.as_str()));
    let proven = if network { &known.network_must } else { &none };
    let proven = proven.iter().chain(if paid { &known.paid_must } else { &none });
    let proven = proven.filter(|k| !had.iter().any(|p| p.kind == k.as_str()));
    let name = |code: &String| {
        known.media.iter().find(|m| m.code == *code).map_or("", |m| m.name.as_str()).to_owned()
    };
    let missing: Vec<String> = pictured.chain(proven).map(name).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Error::invalid("media", "photos_kinds", format!("还缺照片：{}", missing.join("、"))))
}

/// Checks a form of disposal. Errors: `side_unknown`, `stream_unknown`, those of forms.
pub fn stream(side: &str, code: &str, filled: &Map<String, Value>) -> Result<Map<String, Value>> {
    let found = known_stream(side, code)?;
    form::check(&found.fields, &Value::Object(filled.clone()))
}

/// A stream of a side. Errors: `side_unknown`, `stream_unknown`.
pub fn known_stream(side: &str, code: &str) -> Result<&'static Section> {
    let known = stream_forms()?;
    if !known.sides.iter().any(|s| s.code == side) {
        return Err(Error::invalid("side", "side_unknown", "处置方应为流通方或生产方"));
    }
    let found = known.streams.iter().find(|s| s.code == code);
    found.ok_or_else(|| Error::invalid("stream", "stream_unknown", "没有这条处置工作线"))
}

/// Streams of a side that are not passed yet, by name; a side that does not take part has none.
pub fn open_streams(sides: &[&str], passed: &[(String, String)]) -> Result<Vec<String>> {
    let known = stream_forms()?;
    let mut out = Vec::new();
    for side in known.sides.iter().filter(|s| sides.contains(&s.code.as_str())) {
        for stream in &known.streams {
            if !passed.iter().any(|(s, c)| *s == side.code && *c == stream.code) {
                out.push(format!("{}·{}", side.name.split('（').next().unwrap_or(""), stream.name));
            }
        }
    }
    Ok(out)
}
