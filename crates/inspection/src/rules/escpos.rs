//! The record as bytes for a receipt printer: ESC/POS, GB18030 text, the code to answer as a raster picture (GS v 0), which
//! printers of every make print alike; 58 mm paper has 32 columns and 384 dots, 80 mm has 48 and 576.

use encoding_rs::GB18030;
use kit_base::{Error, Result};
use kit_docs::qr::{Level, Qr};

/// Rows of dots sent in one picture: small printers hold no more.
const BAND: usize = 64;
/// Light modules around the code.
const QUIET: usize = 4;

/// Paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paper {
    pub columns: usize,
    pub dots: usize,
    /// 80 mm printers have a knife.
    pub cuts: bool,
}

impl Paper {
    /// Errors: `width_unknown`.
    pub fn of(width: i64) -> Result<Self> {
        match width {
            58 => Ok(Self { columns: 32, dots: 384, cuts: false }),
            80 => Ok(Self { columns: 48, dots: 576, cuts: true }),
            _ => Err(Error::invalid("width", "width_unknown", "纸宽应为 58 或 80 毫米")),
        }
    }
}

/// One line of what is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// Large, in the middle.
    Title(String),
    /// In the middle.
    Middle(String),
    Text(String),
    Bold(String),
    /// `name：value`, the value broken under itself.
    Pair(String, String),
    Rule,
    Gap,
    Code(String),
}

/// The bytes. Errors: `qr_too_long`.
pub fn print(lines: &[Line], paper: Paper) -> Result<Vec<u8>> {
    let mut out = Vec::with_capacity(8_192);
    // initialise; Chinese characters on; line spacing as the printer has it
    out.extend([0x1b, b'@', 0x1c, b'&', 0x1b, b'2']);
    for line in lines {
        one(&mut out, line, paper)?;
    }
    out.extend([0x1b, b'd', 4]);
    if paper.cuts {
        out.extend([0x1d, b'V', 66, 0]);
    }
    Ok(out)
}

fn one(out: &mut Vec<u8>, line: &Line, paper: Paper) -> Result<()> {
    match line {
        Line::Title(words) => {
            out.extend([0x1b, b'a', 1, 0x1b, b'E', 1, 0x1d, b'!', 0x11, 0x1c, b'!', 0x0c]);
            broken(words, paper.columns / 2).iter().for_each(|l| put(out, l));
            out.extend([0x1c, b'!', 0, 0x1d, b'!', 0, 0x1b, b'E', 0, 0x1b, b'a', 0]);
        }
        Line::Middle(words) => {
            out.extend([0x1b, b'a', 1]);
            broken(words, paper.columns).iter().for_each(|l| put(out, l));
            out.extend([0x1b, b'a', 0]);
        }
        Line::Text(words) => broken(words, paper.columns).iter().for_each(|l| put(out, l)),
        Line::Bold(words) => {
            out.extend([0x1b, b'E', 1]);
            broken(words, paper.columns).iter().for_each(|l| put(out, l));
            out.extend([0x1b, b'E', 0]);
        }
        Line::Pair(name, value) => {
            let head = format!("{name}：");
            let indent = wide(&head).min(paper.columns / 2);
            for (i, part) in broken(value, paper.columns - indent).iter().enumerate() {
                let before = if i == 0 { head.clone() } else { " ".repeat(indent) };
                put(out, &format!("{before}{part}"));
            }
        }
        Line::Rule => put(out, &"-".repeat(paper.columns)),
        Line::Gap => out.push(b'\n'),
        Line::Code(text) => code(out, text, paper)?,
    }
    Ok(())
}

/// A line of text; what a printer could take for a command is left out.
fn put(out: &mut Vec<u8>, line: &str) {
    let plain: String = line.chars().filter(|c| !c.is_control()).collect();
    out.extend_from_slice(&GB18030.encode(&plain).0);
    out.push(b'\n');
}

/// Columns of a character: two for what is Chinese.
fn columns(c: char) -> usize {
    if c.is_ascii() { 1 } else { 2 }
}

fn wide(text: &str) -> usize {
    text.chars().map(columns).sum()
}

/// Text in lines of so many columns; at least one.
fn broken(text: &str, most: usize) -> Vec<String> {
    let mut out = Vec::new();
    for paragraph in text.lines().chain(text.is_empty().then_some("")) {
        let (mut line, mut filled) = (String::new(), 0);
        for c in paragraph.chars() {
            if filled + columns(c) > most {
                out.push(std::mem::take(&mut line));
                filled = 0;
            }
            filled += columns(c);
            line.push(c);
        }
        out.push(line);
    }
    out
}

/// A QR code in the middle, as large as two thirds of the paper allow.
fn code(out: &mut Vec<u8>, text: &str, paper: Paper) -> Result<()> {
    let qr = Qr::new(text, Level::Medium)?;
    let modules = qr.size() + 2 * QUIET;
    let scale = (paper.dots * 2 / 3 / modules).max(2);
    let side = modules * scale;
    let bytes = side.div_ceil(8);
    out.extend([0x1b, b'a', 1]);
    let dark = |x: usize, y: usize| {
        let (x, y) = ((x / scale).checked_sub(QUIET), (y / scale).checked_sub(QUIET));
        matches!((x, y), (Some(x), Some(y)) if qr.is_dark(x, y))
    };
    for from in (0..side).step_by(BAND) {
        let rows = BAND.min(side - from);
        out.extend([0x1d, b'v', b'0', 0]);
        out.extend((bytes as u16).to_le_bytes());
        out.extend((rows as u16).to_le_bytes());
        for y in from..from + rows {
            for byte in 0..bytes {
                let bits = (0..8).filter(|b| byte * 8 + b < side && dark(byte * 8 + b, y));
                out.push(bits.map(|b| 0x80_u8 >> b).sum());
            }
        }
    }
    out.extend([b'\n', 0x1b, b'a', 0]);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_byte_stream_is_what_a_printer_reads() {
        let lines = [Line::Middle("检查".into()), Line::Pair("编号".into(), "A1".into()), Line::Rule];
        let bytes = print(&lines, Paper::of(58).unwrap()).unwrap();
        let mut expected = vec![0x1b, b'@', 0x1c, b'&', 0x1b, b'2', 0x1b, b'a', 1];
        // 检查 in GB18030
        expected.extend([0xbc, 0xec, 0xb2, 0xe9, b'\n', 0x1b, b'a', 0]);
        expected.extend([0xb1, 0xe0, 0xba, 0xc5, 0xa3, 0xba, b'A', b'1', b'\n']);
        expected.extend([b'-'; 32]);
        expected.extend([b'\n', 0x1b, b'd', 4]);
        assert_eq!(bytes, expected);
        let cut = print(&[], Paper::of(80).unwrap()).unwrap();
        assert_eq!(cut[cut.len() - 4..], [0x1d, b'V', 66, 0]);
        assert_eq!(Paper::of(70).unwrap_err().code, "width_unknown");
    }

    #[test]
    fn no_line_is_wider_than_the_paper_and_nothing_is_a_command() {
        let text = "冷藏柜温度 12 ℃，超过标签标示的 0～4 ℃，\u{1b}@责令于 2026-03-13 前整改并提交照片。";
        for width in [58, 80] {
            let paper = Paper::of(width).unwrap();
            for line in broken(text, paper.columns) {
                assert!(wide(&line) <= paper.columns, "{line}");
            }
            let bytes = print(&[Line::Text(text.into())], paper).unwrap();
            assert_eq!(bytes.iter().filter(|b| **b == 0x1b).count(), 3, "the text brings no command");
        }
    }

    /// Reads the raster back and compares it with the code, module by module.
    #[test]
    fn the_picture_is_the_code() {
        let text = "https://shian.example.cn/field/answer/K7M2P9QR4T6VWXYZ";
        let paper = Paper::of(58).unwrap();
        let bytes = print(&[Line::Code(text.into())], paper).unwrap();
        let (mut rows, mut i) = (Vec::new(), 0);
        while i + 8 <= bytes.len() {
            if bytes[i..].starts_with(&[0x1d, b'v', b'0', 0]) {
                let wide = usize::from(u16::from_le_bytes([bytes[i + 4], bytes[i + 5]]));
                let high = usize::from(u16::from_le_bytes([bytes[i + 6], bytes[i + 7]]));
                assert!(high <= BAND && wide * 8 <= paper.dots + 7);
                for row in bytes[i + 8..i + 8 + wide * high].chunks(wide) {
                    rows.push(row.to_vec());
                }
                i += 8 + wide * high;
            } else {
                i += 1;
            }
        }
        let qr = Qr::new(text, Level::Medium).unwrap();
        let scale = rows.len() / (qr.size() + 2 * QUIET);
        assert_eq!(rows.len(), scale * (qr.size() + 2 * QUIET));
        for y in 0..qr.size() {
            for x in 0..qr.size() {
                let (px, py) = ((x + QUIET) * scale + scale / 2, (y + QUIET) * scale + scale / 2);
                assert_eq!(rows[py][px / 8] & (0x80 >> (px % 8)) != 0, qr.is_dark(x, y), "{x},{y}");
            }
        }
    }
}
