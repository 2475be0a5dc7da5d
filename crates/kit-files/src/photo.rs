//! What a photo tells of itself: size, what the camera wrote (EXIF), and a perceptual hash by which the same scene is
//! known again after it was scaled or compressed anew. The bytes are kept as they came.
//!
//! The hash (dHash): the picture in 9 × 8 grey cells, one bit for each two neighbours, the brighter first. Copies differ in
//! a few bits, other pictures in about half. A picture without structure (a wall, the inside of a pocket) has none.

use std::io::Cursor;

use image::imageops::FilterType;
use image::{ImageReader, Limits};

/// Bits in which two copies of one picture may differ.
pub const SAME: u32 = 5;
/// Decoded pixels take no more memory than this, bytes.
const MOST_MEMORY: u64 = 192 << 20;
/// Grey levels between the darkest and the brightest cell below which there is nothing to know again.
const LEAST_CONTRAST: u8 = 12;

/// A photo as far as it could be read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Photo {
    pub width: u32,
    pub height: u32,
    /// Perceptual hash; `None` without structure.
    pub hash: Option<u64>,
    pub exif: Exif,
}

/// What the camera wrote.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Exif {
    /// `2026-03-03 09:26:40`, in the camera's own time; empty where it says nothing.
    pub taken: String,
    /// Degrees, WGS-84.
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    /// Maker and model of the camera; empty where it says nothing.
    pub camera: String,
    /// Program that changed it; empty where it says nothing.
    pub software: String,
}

/// The media type by the first bytes: photos, `video/mp4`, `audio/mp4`, `video/webm` (film and voice of browsers that write no MP4);
/// `None` for anything else.
pub fn media_of(start: &[u8]) -> Option<&'static str> {
    const EBML: &[u8] = &[0x1a, 0x45, 0xdf, 0xa3];
    let head = &start[..start.len().min(64)];
    let at = |from: usize, text: &[u8]| start.get(from..from + text.len()) == Some(text);
    Some(match () {
        () if at(0, &[0xff, 0xd8, 0xff]) => "image/jpeg",
        () if at(0, b"\x89PNG\r\n\x1a\n") => "image/png",
        () if at(0, b"RIFF") && at(8, b"WEBP") => "image/webp",
        () if at(4, b"ftypM4A") => "audio/mp4",
        () if at(4, b"ftyp") => "video/mp4",
        () if at(0, EBML) && head.windows(4).any(|w| w == b"webm") => "video/webm",
        () => return None,
    })
}

/// Looks at a photo; `None` where it cannot be decoded, or not within the memory that one may take.
pub fn look(bytes: &[u8]) -> Option<Photo> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let picture = reader.decode().ok()?;
    let (width, height) = (picture.width(), picture.height());
    let cells = picture.resize_exact(9, 8, FilterType::Triangle).into_luma8();
    let level = |x: u32, y: u32| cells.get_pixel(x, y).0[0];
    let levels = cells.pixels().map(|p| p.0[0]);
    let contrast = levels.clone().max().unwrap_or(0) - levels.min().unwrap_or(0);
    let mut hash = 0_u64;
    for y in 0..8 {
        for x in 0..8 {
            hash = hash << 1 | u64::from(level(x, y) > level(x + 1, y));
        }
    }
    Some(Photo { width, height, hash: (contrast >= LEAST_CONTRAST).then_some(hash), exif: exif_of(bytes) })
}

/// Whether two hashes are of one picture.
pub fn same(a: u64, b: u64) -> bool {
    (a ^ b).count_ones() <= SAME
}

fn exif_of(bytes: &[u8]) -> Exif {
    use exif::{In, Tag};
    let Ok(read) = exif::Reader::new().read_from_container(&mut Cursor::new(bytes)) else {
        return Exif::default();
    };
    let text = |tag: Tag| {
        let field = read.get_field(tag, In::PRIMARY);
        let text = field.map(|f| f.display_value().to_string()).unwrap_or_default();
        text.trim_matches(|c: char| c == '"' || c.is_whitespace()).chars().take(100).collect::<String>()
    };
    let degrees = |tag: Tag, reference: Tag, negative: &str| {
        let field = read.get_field(tag, In::PRIMARY)?;
        let exif::Value::Rational(parts) = &field.value else { return None };
        let [d, m, s] = parts.as_slice() else { return None };
        let value = d.to_f64() + m.to_f64() / 60.0 + s.to_f64() / 3600.0;
        let value = if text(reference) == negative { -value } else { value };
        (value.is_finite() && value.abs() <= 180.0).then_some(value)
    };
    let camera = [text(Tag::Make), text(Tag::Model)].join(" ");
    Exif {
        taken: text(Tag::DateTimeOriginal),
        lon: degrees(Tag::GPSLongitude, Tag::GPSLongitudeRef, "W"),
        lat: degrees(Tag::GPSLatitude, Tag::GPSLatitudeRef, "S"),
        camera: camera.trim().to_owned(),
        software: text(Tag::Software),
    }
}

#[cfg(test)]
mod tests {
    use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

    use super::*;

    /// A picture whose bright and dark parts depend on a seed.
    fn picture(seed: u32) -> DynamicImage {
        DynamicImage::ImageRgb8(RgbImage::from_fn(320, 240, |x, y| {
            let part = (x / 36 * 31 + y / 30 * 17 + seed * 101).wrapping_mul(0x9e37_79b1);
            let part = (part ^ part >> 15).wrapping_mul(0x85eb_ca77) >> 24;
            Rgb([part as u8, part as u8, part as u8])
        }))
    }

    fn written(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        picture.write_to(&mut out, format).unwrap();
        out.into_inner()
    }

    #[test]
    fn a_copy_is_known_again_and_another_picture_is_not() {
        let first = look(&written(&picture(1), ImageFormat::Jpeg)).unwrap();
        let small = picture(1).resize_exact(160, 120, FilterType::Triangle);
        let copy = look(&written(&small, ImageFormat::Png)).unwrap();
        let other = look(&written(&picture(8), ImageFormat::Jpeg)).unwrap();
        assert_eq!((first.width, first.height, copy.width), (320, 240, 160));
        assert!(same(first.hash.unwrap(), copy.hash.unwrap()));
        assert!(!same(first.hash.unwrap(), other.hash.unwrap()));
    }

    #[test]
    fn a_blank_wall_has_no_hash_and_rubbish_is_no_photo() {
        let wall = DynamicImage::ImageRgb8(RgbImage::from_pixel(64, 64, Rgb([200, 200, 200])));
        assert_eq!(look(&written(&wall, ImageFormat::Png)).unwrap().hash, None);
        assert_eq!(look(b"\xff\xd8\xff not a picture"), None);
        assert_eq!(look(b""), None);
    }

    #[test]
    fn media_are_told_by_their_first_bytes() {
        let table: [(&[u8], Option<&str>); 8] = [
            (b"\xff\xd8\xff\xe0", Some("image/jpeg")),
            (b"\x89PNG\r\n\x1a\n", Some("image/png")),
            (b"RIFF\0\0\0\0WEBP", Some("image/webp")),
            (b"\0\0\0\x20ftypisom", Some("video/mp4")),
            (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webmB\x87", Some("video/webm")),
            (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska", None),
            (b"<html>", None),
            (b"", None),
        ];
        for (bytes, media) in table {
            assert_eq!(media_of(bytes), media);
        }
    }
}
