//! QR codes: the modules, an SVG of one path, a 1-bit PNG.

use fast_qr::{ECL, QRBuilder};
use kit_base::error::{Error, Kind, Result};

/// How much of a code may be lost and it still reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Level {
    /// 7 %: screens.
    Low,
    /// 15 %: clean labels, the usual choice.
    #[default]
    Medium,
    /// 25 %: small labels in kitchens and cold stores.
    Quartile,
    /// 30 %: posters outdoors.
    High,
}

/// The quiet zone that the standard asks for, in modules.
pub const QUIET: usize = 4;

/// A QR code as a square of modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qr {
    size: usize,
    dark: Vec<bool>,
}

impl Qr {
    /// The smallest code that holds `text`. Errors: `qr_too_long` (2,953 bytes at `Low`, 1,273 at `High`).
    pub fn new(text: &str, level: Level) -> Result<Self> {
        let ecl = match level {
            Level::Low => ECL::L,
            Level::Medium => ECL::M,
            Level::Quartile => ECL::Q,
            Level::High => ECL::H,
        };
        let code = QRBuilder::new(text).ecl(ecl).build().map_err(|_| {
            let message = format!("内容有 {} 字节，二维码放不下", text.len());
            Error::new(Kind::Invalid, "qr_too_long", message)
        })?;
        let dark = code.data[..code.size * code.size].iter().map(|module| module.value()).collect();
        Ok(Self { size: code.size, dark })
    }

    /// Modules a side, without the quiet zone.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Whether a module is dark; outside of the code all is light.
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.size && y < self.size && self.dark[y * self.size + x]
    }

    /// An SVG that scales to its box: one path of the dark runs on a white ground, `quiet` modules around it.
    pub fn svg(&self, quiet: usize) -> String {
        use std::fmt::Write as _;
        let side = self.size + 2 * quiet;
        let mut path = String::with_capacity(self.size * self.size * 3);
        for y in 0..self.size {
            let mut x = 0;
            while x < self.size {
                let start = x;
                while self.is_dark(x, y) {
                    x += 1;
                }
                if x > start {
                    let run = x - start;
                    // writing to a String cannot fail
                    let _ = write!(path, "M{} {}h{run}v1h-{run}z", start + quiet, y + quiet);
                }
                x += 1;
            }
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
             <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{path}\"/></svg>"
        )
    }

    /// A 1-bit PNG, `scale` pixels a module, `quiet` modules around it.
    pub fn png(&self, scale: usize, quiet: usize) -> Result<Vec<u8>> {
        let scale = scale.clamp(1, 64);
        let side = (self.size + 2 * quiet) * scale;
        let row_bytes = side.div_ceil(8);
        let mut data = vec![0xFF_u8; row_bytes * side];
        for y in 0..side {
            for x in 0..side {
                let (column, row) = (x / scale, y / scale);
                if column >= quiet && row >= quiet && self.is_dark(column - quiet, row - quiet) {
                    data[y * row_bytes + x / 8] &= !(0x80 >> (x % 8));
                }
            }
        }
        let mut out = Vec::new();
        let side = u32::try_from(side).map_err(Error::internal)?;
        let mut encoder = png::Encoder::new(&mut out, side, side);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        let mut writer = encoder.write_header().map_err(Error::internal)?;
        writer.write_image_data(&data).map_err(Error::internal)?;
        writer.finish().map_err(Error::internal)?;
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_finders_and_its_quiet_zone() {
        let qr = Qr::new("https://shian.example/t/3M7K9Q", Level::Medium).unwrap();
        let finder = |x0: usize, y0: usize| {
            (0..7).all(|i| qr.is_dark(x0 + i, y0) && qr.is_dark(x0, y0 + i)) && !qr.is_dark(x0 + 1, y0 + 1)
        };
        let far = qr.size() - 7;
        assert!(finder(0, 0) && finder(far, 0) && finder(0, far));
        assert!(!qr.is_dark(qr.size(), 0));
        let svg = qr.svg(QUIET);
        assert!(svg.contains(&format!("viewBox=\"0 0 {0} {0}\"", qr.size() + 8)));
        assert!(svg.contains("M4 4h7v1h-7z"), "{svg}");
    }

    #[test]
    fn the_picture_has_the_same_modules() {
        let qr = Qr::new("食安", Level::High).unwrap();
        let png = qr.png(3, 2).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
        let mut data = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut data).unwrap();
        assert_eq!((info.width as usize, info.bit_depth), ((qr.size() + 4) * 3, png::BitDepth::One));
        for y in 0..qr.size() {
            for x in 0..qr.size() {
                let (px, py) = ((x + 2) * 3 + 1, (y + 2) * 3 + 1);
                let light = data[py * info.line_size + px / 8] & (0x80 >> (px % 8)) != 0;
                assert_eq!(light, !qr.is_dark(x, y), "{x} {y}");
            }
        }
    }

    #[test]
    fn too_much_is_refused() {
        assert_eq!(Qr::new(&"x".repeat(3000), Level::Low).unwrap_err().code, "qr_too_long");
        let sizes: Vec<usize> = [Level::Low, Level::Medium, Level::Quartile, Level::High]
            .iter()
            .map(|&level| Qr::new(&"x".repeat(200), level).unwrap().size())
            .collect();
        assert!(sizes.is_sorted() && sizes[0] < sizes[3], "{sizes:?}");
    }
}
