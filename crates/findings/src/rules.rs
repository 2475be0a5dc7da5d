//! Decisions: what a new finding must say, and what is doubtful about a piece of evidence.

use kit_base::coords::{LonLat, distance};
use kit_base::{Error, Millis, Result};
use kit_files::Looked;
use kit_files::photo::Photo;

use crate::model::{NewFinding, SEVERITIES, SOURCES, Taken};

/// Metres from the business beyond which a photo was taken elsewhere, beside the accuracy of the position.
const FAR: f64 = 500.0;
/// A device whose clock is further off than this is not believed.
const CLOCK_OFF: Millis = 10 * 60_000;
/// A photo that was taken so long before it came is told: work without a network lasts a day or two.
const OLD: Millis = 72 * 3_600_000;
/// Programs that a phone's own camera does not name.
const EDITORS: [&str; 5] = ["photoshop", "gimp", "lightroom", "snapseed", "美图"];

/// Errors: `source_unknown`, `severity_unknown`, `what_missing`, `what_long`, `rule_missing`, `rule_long`, `found_future`.
pub fn check_new(new: &NewFinding, now: Millis) -> Result<()> {
    let known = |list: &[(&str, &str)], text: &str| list.iter().any(|(code, _)| *code == text);
    if !known(&SOURCES, &new.source) {
        return Err(Error::invalid("source", "source_unknown", "没有这种问题来源"));
    }
    if !known(&SEVERITIES, &new.severity) {
        return Err(Error::invalid("severity", "severity_unknown", "严重程度应为轻微、一般或严重"));
    }
    text("what", &new.what, 2_000, "问题描述")?;
    text("rule", &new.rule, 500, "违反的规定")?;
    if new.source_ref.chars().count() > 100 {
        return Err(Error::invalid("source_ref", "source_ref_long", "来源编号不超过 100 字"));
    }
    if new.found_at.is_some_and(|at| at > now || at < 0) {
        return Err(Error::invalid("found_at", "found_future", "发现时间不能晚于现在"));
    }
    Ok(())
}

fn text(field: &'static str, value: &str, most: usize, name: &str) -> Result<()> {
    match value.trim().chars().count() {
        0 => Err(Error::invalid(field, format!("{field}_missing"), format!("请填写{name}"))),
        n if n > most => {
            Err(Error::invalid(field, format!("{field}_long"), format!("{name}不超过 {most} 字")))
        }
        _ => Ok(()),
    }
}

/// Errors: `stage_unknown`, `place_form`, `accuracy_form`.
pub fn check_taken(taken: &Taken) -> Result<()> {
    if !["found", "mend", "verify"].contains(&taken.stage.as_str()) {
        return Err(Error::invalid("stage", "stage_unknown", "证据环节应为发现、整改或复查"));
    }
    let fits = |value: Option<f64>, most: f64| value.is_none_or(|v| v.is_finite() && v.abs() <= most);
    if taken.lon.is_some() != taken.lat.is_some() || !fits(taken.lon, 180.0) || !fits(taken.lat, 90.0) {
        return Err(Error::invalid("lon", "place_form", "经纬度应同时给出，且在有效范围内"));
    }
    if taken.accuracy.is_some_and(|m| !(0..=100_000).contains(&m)) {
        return Err(Error::invalid("accuracy", "accuracy_form", "定位精度应为 0 至 100000 米"));
    }
    Ok(())
}

/// Metres between where a photo was taken and where the business is.
pub fn metres(taken: &Taken, business: Option<(f64, f64)>) -> Option<f64> {
    let (lon, lat) = (taken.lon?, taken.lat?);
    let (blon, blat) = business?;
    Some(distance(LonLat::new(lon, lat), LonLat::new(blon, blat)))
}

/// What an officer should look at; nothing is refused for it. In the order of the list in the model.
fn doubts(
    taken: &Taken,
    photo: Option<&Photo>,
    is_photo: bool,
    metres: Option<f64>,
    reused: bool,
    now: Millis,
) -> Vec<&'static str> {
    let mut out = Vec::new();
    if reused {
        out.push("reused");
    }
    let spread = taken.accuracy.unwrap_or(0) as f64;
    if metres.is_some_and(|m| m > FAR + spread) {
        out.push("far");
    }
    if taken.lon.is_none() {
        out.push("no_place");
    }
    if taken.taken_at.is_none_or(|at| at > now + CLOCK_OFF || at < now - OLD) {
        out.push("clock");
    }
    if taken.in_app != Some(1) {
        out.push("album");
    }
    let software = photo.map(|p| p.exif.software.to_lowercase()).unwrap_or_default();
    if EDITORS.iter().any(|e| software.contains(e)) {
        out.push("edited");
    }
    if is_photo && photo.is_none() {
        out.push("unread");
    }
    out
}

/// What is kept of a photo beside its file and how it was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    /// Metres from the business.
    pub distance: Option<i64>,
    /// JSON of what the photo tells of itself: `taken`, `lon`, `lat`, `camera`, `software`; `{}` where it tells nothing.
    pub exif: String,
    pub doubts: Vec<String>,
}

/// Fixes a photo that was looked at: how far from the business, what is doubtful, what it tells of itself.
pub fn fix(taken: &Taken, looked: &Looked, business: Option<(f64, f64)>, reused: bool, now: Millis) -> Fixed {
    let metres = metres(taken, business);
    let photo = looked.photo.as_ref();
    let doubts = doubts(taken, photo, looked.media.starts_with("image/"), metres, reused, now);
    let exif = photo.map_or_else(
        || "{}".to_owned(),
        |p| {
            let e = &p.exif;
            let told = serde_json::json!({
                "taken": e.taken, "lon": e.lon, "lat": e.lat, "camera": e.camera, "software": e.software,
            });
            told.to_string()
        },
    );
    Fixed {
        distance: metres.map(|m| m.round() as i64),
        exif,
        doubts: doubts.into_iter().map(str::to_owned).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken() -> Taken {
        Taken {
            stage: "mend".into(),
            taken_at: Some(1_000_000_000),
            lon: Some(115.0),
            lat: Some(35.0),
            accuracy: Some(20),
            in_app: Some(1),
            upload: None,
        }
    }

    #[test]
    fn what_is_doubtful_is_named() {
        let photo = Photo::default();
        let edited = Photo {
            exif: kit_files::photo::Exif { software: "Adobe Photoshop 25".into(), ..Default::default() },
            ..Photo::default()
        };
        let now = 1_000_000_000;
        let here = Some((115.0, 35.0));
        let away = Some((115.1, 35.0));
        type Row<'a> = (Taken, Option<&'a Photo>, Option<(f64, f64)>, bool, &'a [&'a str]);
        let table: Vec<Row> = vec![
            (taken(), Some(&photo), here, false, &[]),
            (taken(), Some(&photo), None, false, &[]),
            (taken(), Some(&photo), away, true, &["reused", "far"]),
            (Taken { accuracy: Some(20_000), ..taken() }, Some(&photo), away, false, &[]),
            (Taken { lon: None, lat: None, ..taken() }, Some(&photo), here, false, &["no_place"]),
            (Taken { taken_at: None, ..taken() }, Some(&photo), here, false, &["clock"]),
            (Taken { taken_at: Some(now + CLOCK_OFF + 1), ..taken() }, Some(&photo), here, false, &["clock"]),
            (Taken { taken_at: Some(now - OLD - 1), ..taken() }, Some(&photo), here, false, &["clock"]),
            (Taken { in_app: None, ..taken() }, Some(&edited), here, false, &["album", "edited"]),
            (taken(), None, here, false, &["unread"]),
        ];
        for (taken, photo, business, reused, expected) in table {
            let metres = metres(&taken, business);
            assert_eq!(doubts(&taken, photo, true, metres, reused, now), expected, "{taken:?}");
        }
    }
}
