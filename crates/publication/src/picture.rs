//! The chain as a picture: boxes and lines, drawn by a template as SVG.

use crate::model::{Chain, Stop};

/// The most businesses of a side that have a box of their own.
const BOXES: usize = 4;

/// Text of one line in a box.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub x: i32,
    pub y: i32,
    pub text: String,
    /// Class of the text: name, note, head.
    pub class: &'static str,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    pub x: i32,
    pub y: i32,
    pub w: i32,
    pub h: i32,
    /// own, more, none, or empty
    pub class: &'static str,
    pub lines: Vec<Line>,
}

/// What the template draws; units are those of the view box.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Picture {
    pub w: i32,
    pub h: i32,
    pub frames: Vec<Frame>,
    pub heads: Vec<Line>,
    /// `d` of the connecting lines.
    pub paths: Vec<String>,
    /// The picture in one sentence, for those who do not see it.
    pub told: String,
}

/// Measures of the two forms: from left to right, and from top to bottom with large type.
struct Form {
    column: i32,
    gap: i32,
    line: i32,
    pad: i32,
    /// Width that fits, in half characters.
    fits: usize,
    down: bool,
}

const ACROSS: Form = Form { column: 106, gap: 17, line: 17, pad: 8, fits: 14, down: false };
const DOWN: Form = Form { column: 340, gap: 30, line: 30, pad: 12, fits: 30, down: true };

/// Draws the chain; `large` stands the stages above one another, with large type.
pub fn draw(chain: &Chain, own: &str, large: bool) -> Picture {
    let form = if large { &DOWN } else { &ACROSS };
    let sources = boxes(&chain.sources, chain.more_sources, "没有登记来源", form);
    let followers = boxes(&chain.followers, chain.more_followers, "尚未登记去向", form);
    let mut lines: Vec<(String, &'static str)> = Vec::new();
    lines.extend(wrap(own, form.fits, 3).into_iter().map(|t| (t, "name")));
    lines.push(("本批".to_owned(), "note"));
    let stages = [sources, vec![Draft { lines, class: "own" }], followers];
    let heads = [
        head("来源", chain.sources.len(), chain.more_sources),
        String::new(),
        head("去向", chain.followers.len(), chain.more_followers),
    ];
    let mut picture = if form.down { stack(form, stages, heads) } else { columns(form, stages, heads) };
    picture.told = format!(
        "来源 {}，去向 {}，逐家列在下方",
        count(chain.sources.len(), chain.more_sources),
        count(chain.followers.len(), chain.more_followers)
    );
    picture
}

fn head(word: &str, stops: usize, more: bool) -> String {
    if stops == 0 { word.to_owned() } else { format!("{word} {}", count(stops, more)) }
}

fn count(stops: usize, more: bool) -> String {
    match (stops, more) {
        (0, _) => "未登记".to_owned(),
        (n, true) => format!("{n} 家以上"),
        (n, false) => format!("{n} 家"),
    }
}

/// A box before it has a place.
struct Draft {
    lines: Vec<(String, &'static str)>,
    class: &'static str,
}

fn boxes(stops: &[Stop], more: bool, nothing: &str, form: &Form) -> Vec<Draft> {
    if stops.is_empty() {
        return vec![Draft { lines: vec![(nothing.to_owned(), "note")], class: "none" }];
    }
    let shown = if stops.len() == BOXES + 1 && !more { BOXES + 1 } else { BOXES };
    let one = |stop: &Stop| {
        let mut lines: Vec<_> = wrap(&stop.name, form.fits, 2).into_iter().map(|t| (t, "name")).collect();
        let note = if stop.at.len() == 10 {
            format!("{} {}", stop.what, &stop.at[5..])
        } else {
            stop.what.to_owned()
        };
        lines.push((note, "note"));
        Draft { lines, class: "" }
    };
    let mut out: Vec<Draft> = stops.iter().take(shown).map(one).collect();
    if stops.len() > shown || more {
        let text = match (stops.len() - shown.min(stops.len()), more) {
            (0, _) => "还有更多".to_owned(),
            (n, true) => format!("另有 {n} 家以上"),
            (n, false) => format!("另有 {n} 家"),
        };
        out.push(Draft { lines: vec![(text, "note")], class: "more" });
    }
    out
}

/// Breaks a name into at most `most` lines of `fits` half characters; what is left over ends with an ellipsis.
fn wrap(text: &str, fits: usize, most: usize) -> Vec<String> {
    let wide = |c: char| if c.is_ascii() { 1 } else { 2 };
    let whole: usize = text.chars().map(wide).sum();
    let rows = whole.div_ceil(fits);
    // rows of the same length, where all of it fits: no single character is left over
    let fits = if (2..=most).contains(&rows) { (whole.div_ceil(rows) + 1).min(fits) } else { fits };
    let mut lines = vec![String::new()];
    let mut used = 0;
    for c in text.chars() {
        if used + wide(c) > fits {
            if lines.len() == most {
                if let Some(last) = lines.last_mut() {
                    last.pop();
                    last.push('…');
                }
                return lines;
            }
            lines.push(String::new());
            used = 0;
        }
        used += wide(c);
        if let Some(last) = lines.last_mut() {
            last.push(c);
        }
    }
    lines
}

fn height(form: &Form, draft: &Draft) -> i32 {
    draft.lines.len() as i32 * form.line + 2 * form.pad
}

fn place(form: &Form, draft: Draft, x: i32, y: i32) -> Frame {
    let h = height(form, &draft);
    let middle = x + form.column / 2;
    let line = |(i, (text, class)): (usize, (String, &'static str))| Line {
        x: middle,
        // the base line lies a little above the end of the line
        y: y + form.pad + (i as i32 + 1) * form.line - form.line / 4,
        text,
        class,
    };
    let lines = draft.lines.into_iter().enumerate().map(line).collect();
    Frame { x, y, w: form.column, h, class: draft.class, lines }
}

/// Three columns; the lines run from every source to the batch and from the batch to every follower.
fn columns(form: &Form, stages: [Vec<Draft>; 3], heads: [String; 3]) -> Picture {
    const BETWEEN: i32 = 9;
    let top = form.line + 10;
    let tall = |stage: &Vec<Draft>| {
        stage.iter().map(|d| height(form, d)).sum::<i32>() + (stage.len() as i32 - 1) * BETWEEN
    };
    let most = stages.iter().map(tall).max().unwrap_or(0);
    let step = form.column + form.gap;
    let mut picture = Picture { w: 3 * form.column + 2 * form.gap, h: top + most + 2, ..Picture::default() };
    let mut middles: [Vec<i32>; 3] = Default::default();
    for (i, (stage, text)) in stages.into_iter().zip(heads).enumerate() {
        let x = i as i32 * step;
        if !text.is_empty() {
            picture.heads.push(Line { x: x + form.column / 2, y: form.line, text, class: "head" });
        }
        let mut y = top + (most - tall(&stage)) / 2;
        for draft in stage {
            let frame = place(form, draft, x, y);
            middles[i].push(y + frame.h / 2);
            y += frame.h + BETWEEN;
            picture.frames.push(frame);
        }
    }
    let own = middles[1][0];
    let bend = |x: i32, from: i32, to: i32| {
        let (half, end) = (x + form.gap / 2, x + form.gap);
        format!("M{x} {from}C{half} {from} {half} {to} {end} {to}")
    };
    picture.paths.extend(middles[0].iter().map(|y| bend(form.column, *y, own)));
    picture.paths.extend(middles[2].iter().map(|y| bend(step + form.column, own, *y)));
    picture
}

/// One column, the stages above one another.
fn stack(form: &Form, stages: [Vec<Draft>; 3], heads: [String; 3]) -> Picture {
    const BETWEEN: i32 = 12;
    let mut picture = Picture { w: form.column, ..Picture::default() };
    let mut y = 0;
    for (i, (stage, text)) in stages.into_iter().zip(heads).enumerate() {
        if i > 0 {
            let x = form.column / 2;
            picture.paths.push(format!("M{x} {}V{}m-7 -7 7 7 7-7", y - BETWEEN, y + form.gap - 6));
            y += form.gap;
        }
        if i != 1 {
            y += form.line;
            picture.heads.push(Line { x: form.column / 2, y: y - 6, text, class: "head" });
            y += 4;
        }
        for draft in stage {
            let frame = place(form, draft, 0, y);
            y += frame.h + BETWEEN;
            picture.frames.push(frame);
        }
    }
    picture.h = y - BETWEEN + 2;
    picture
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stops(n: usize) -> Vec<Stop> {
        let one = |i| Stop {
            name: format!("濮阳市第{i}粮油食品有限责任公司经营部"),
            trade: String::new(),
            place: String::new(),
            what: "到货",
            at: "2026-03-01".into(),
            food: String::new(),
        };
        (0..n).map(one).collect()
    }

    #[test]
    fn names_are_broken_and_cut() {
        assert_eq!(wrap("面粉", 14, 2), ["面粉"]);
        assert_eq!(wrap("濮阳县城关镇李家村种植合作社", 14, 2), ["濮阳县城关镇李", "家村种植合作社"]);
        assert_eq!(wrap("濮阳县城关镇李家村种植专业合作社", 14, 2), ["濮阳县城关镇李", "家村种植专业…"]);
        assert_eq!(wrap("中原大豆商贸行二", 14, 2), ["中原大豆", "商贸行二"]);
    }

    #[test]
    fn every_box_lies_within_the_picture_and_apart_from_the_others() {
        for large in [false, true] {
            for (a, b, more) in [(0, 0, false), (1, 5, false), (5, 6, false), (40, 40, true), (2, 1, true)] {
                let chain = Chain {
                    sources: stops(a),
                    followers: stops(b),
                    more_sources: false,
                    more_followers: more,
                };
                let drawn = draw(&chain, "特一粉", large);
                for (i, f) in drawn.frames.iter().enumerate() {
                    assert!(f.x >= 0 && f.y >= 0 && f.x + f.w <= drawn.w && f.y + f.h <= drawn.h, "{f:?}");
                    assert!(f.lines.iter().all(|l| l.y > f.y && l.y < f.y + f.h), "{f:?}");
                    for g in &drawn.frames[i + 1..] {
                        let apart =
                            f.x + f.w <= g.x || g.x + g.w <= f.x || f.y + f.h <= g.y || g.y + g.h <= f.y;
                        assert!(apart, "{f:?} {g:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_has_no_box_is_counted() {
        let chain = Chain { sources: stops(5), followers: stops(9), ..Chain::default() };
        let drawn = draw(&chain, "特一粉", false);
        let texts: Vec<&str> = drawn.frames.iter().flat_map(|f| &f.lines).map(|l| l.text.as_str()).collect();
        assert!(texts.contains(&"另有 5 家") && !texts.contains(&"另有 1 家"), "{texts:?}");
        let heads: Vec<&str> = drawn.heads.iter().map(|l| l.text.as_str()).collect();
        assert_eq!(heads, ["来源 5 家", "去向 9 家"]);
    }
}
