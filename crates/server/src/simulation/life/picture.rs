//! Pictures that nobody took: plain drawings of kitchens, shelves, labels and doors as small JPEGs. Each bears the mark
//! 模拟, so that none is ever taken for a photo of a real place; no two are alike, so that none looks used twice.

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use kit_base::{Error, Result};
use simulator::Dice;

/// What a picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scene {
    Kitchen,
    Store,
    Shelf,
    Label,
    Door,
    Plant,
    Licence,
    /// Drawn by a finger, no photo.
    Signature,
}

impl Scene {
    /// By its name in data/simulator/faults.csv.
    pub fn named(name: &str) -> Self {
        match name {
            "kitchen" => Self::Kitchen,
            "store" => Self::Store,
            "label" => Self::Label,
            "door" => Self::Door,
            "plant" => Self::Plant,
            "licence" => Self::Licence,
            _ => Self::Shelf,
        }
    }
}

const WIDE: i64 = 400;
const HIGH: i64 = 300;
type Colour = [u8; 3];

/// 模拟, 44 × 22 points.
const MARK: [u64; 22] = [
    0x000_0000_0000,
    0x060_c402_0000,
    0x060_c402_3030,
    0x067_ff82_3030,
    0x060_c402_3030,
    0x060_c402_3630,
    0x1f8_001f_b230,
    0x063_ff02_3330,
    0x062_0302_3130,
    0x073_ff02_3120,
    0x07a_0302_3020,
    0x0ea_0303_f020,
    0x0eb_ff1e_3060,
    0x1e0_3012_3260,
    0x160_2002_3ec0,
    0x167_ff82_78e0,
    0x060_7802_e1b0,
    0x060_cc02_0330,
    0x061_8602_0e18,
    0x06f_039e_1c18,
    0x064_0000_0000,
    0x000_0000_0000,
];

/// A drawing that is being made.
struct Sheet {
    picture: RgbImage,
}

impl Sheet {
    fn new(wall: Colour) -> Self {
        Self { picture: RgbImage::from_pixel(WIDE as u32, HIGH as u32, Rgb(wall)) }
    }

    fn put(&mut self, x: i64, y: i64, colour: Colour) {
        if (0..WIDE).contains(&x) && (0..HIGH).contains(&y) {
            self.picture.put_pixel(x as u32, y as u32, Rgb(colour));
        }
    }

    /// A filled rectangle.
    fn block(&mut self, (x, y): (i64, i64), (wide, high): (i64, i64), colour: Colour) {
        for row in y.max(0)..(y + high).min(HIGH) {
            for column in x.max(0)..(x + wide).min(WIDE) {
                self.picture.put_pixel(column as u32, row as u32, Rgb(colour));
            }
        }
    }

    /// A rectangle with a darker edge.
    fn thing(&mut self, at: (i64, i64), size: (i64, i64), colour: Colour) {
        self.block(at, size, shade(colour, -45));
        self.block((at.0 + 2, at.1 + 2), (size.0 - 4, size.1 - 4), colour);
    }

    /// Lines as of writing.
    fn lines(&mut self, (x, y): (i64, i64), wide: i64, count: i64, dice: &mut Dice) {
        for row in 0..count {
            self.block((x, y + row * 13), (wide - dice.between(0, wide / 2), 4), [95, 95, 100]);
        }
    }

    /// Light that falls in from somewhere, and what the lens adds: no two pictures are alike in their large parts.
    fn light(&mut self, dice: &mut Dice) {
        let lamps: Vec<(i64, i64, i64, i64)> = (0..7)
            .map(|_| {
                (dice.between(0, WIDE), dice.between(0, HIGH), dice.between(40, 130), dice.between(-75, 75))
            })
            .collect();
        // by cells of four points: finer is not seen
        for cell in 0..(WIDE / 4) * (HIGH / 4) {
            let (x, y) = (cell % (WIDE / 4) * 4, cell / (WIDE / 4) * 4);
            let mut add = 0;
            for (lx, ly, reach, power) in &lamps {
                let far = (x - lx) * (x - lx) + (y - ly) * (y - ly);
                let reach = reach * reach;
                if far < reach {
                    add += power * (reach - far) / reach;
                }
            }
            for point in 0..16 {
                let (x, y) = ((x + point % 4) as u32, (y + point / 4) as u32);
                let Rgb(own) = *self.picture.get_pixel(x, y);
                self.picture.put_pixel(x, y, Rgb(shade(own, add)));
            }
        }
    }

    /// The mark, in the lower right corner.
    fn mark(&mut self) {
        let (left, top) = (WIDE - 44 * 2 - 10, HIGH - 22 * 2 - 10);
        self.block((left - 6, top - 4), (44 * 2 + 12, 22 * 2 + 8), [176, 42, 32]);
        for (row, bits) in MARK.iter().enumerate() {
            for column in 0..44 {
                if bits >> (43 - column) & 1 == 1 {
                    self.block((left + column * 2, top + row as i64 * 2), (2, 2), [255, 255, 255]);
                }
            }
        }
    }
}

fn shade(colour: Colour, by: i64) -> Colour {
    colour.map(|part| (i64::from(part) + by).clamp(0, 255) as u8)
}

/// A colour around another.
fn around(colour: Colour, dice: &mut Dice) -> Colour {
    colour.map(|part| (i64::from(part) + dice.between(-35, 35)).clamp(0, 255) as u8)
}

/// Draws a scene; answers the file.
pub fn jpeg(scene: Scene, dice: &mut Dice) -> Result<Vec<u8>> {
    let sheet = match scene {
        Scene::Signature => signature(dice),
        scene => {
            let mut sheet = Sheet::new(around([205, 206, 200], dice));
            match scene {
                Scene::Kitchen => kitchen(&mut sheet, dice),
                Scene::Shelf | Scene::Store => shelves(&mut sheet, dice, scene == Scene::Store),
                Scene::Label => label(&mut sheet, dice),
                Scene::Door => door(&mut sheet, dice),
                Scene::Plant => plant(&mut sheet, dice),
                Scene::Licence | Scene::Signature => licence(&mut sheet, dice),
            }
            sheet.light(dice);
            sheet
        }
    };
    let mut sheet = sheet;
    sheet.mark();
    let mut out = std::io::Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(sheet.picture).write_to(&mut out, ImageFormat::Jpeg).map_err(Error::internal)?;
    Ok(out.into_inner())
}

fn kitchen(sheet: &mut Sheet, dice: &mut Dice) {
    let joint = around([180, 186, 186], dice);
    for x in (0..WIDE).step_by(28) {
        sheet.block((x, 0), (1, 190), joint);
    }
    for y in (0..190).step_by(28) {
        sheet.block((0, y), (WIDE, 1), joint);
    }
    sheet.block((0, 236), (WIDE, 64), around([128, 118, 108], dice));
    let bench = dice.between(140, 178);
    sheet.thing((dice.between(-20, 60), bench), (dice.between(170, 260), 66), around([168, 174, 180], dice));
    sheet.thing((dice.between(255, 310), dice.between(30, 70)), (84, 196), around([222, 226, 228], dice));
    for _ in 0..dice.between(3, 6) {
        let high = dice.between(16, 44);
        let colour = around([150, 120, 90], dice);
        sheet.thing((dice.between(10, 240), bench - high), (dice.between(18, 52), high), colour);
    }
    sheet.thing((dice.between(60, 170), dice.between(6, 30)), (120, 40), around([120, 126, 130], dice));
}

fn shelves(sheet: &mut Sheet, dice: &mut Dice, store: bool) {
    sheet.block((0, 262), (WIDE, 38), around([140, 132, 120], dice));
    let boards = if store { 2 } else { 3 };
    for board in 0..boards {
        let foot = 262 - board * (200 / boards) - dice.between(0, 12);
        let mut x = dice.between(0, 18);
        while x < WIDE - 20 {
            let (wide, high) = match store {
                true => (dice.between(46, 92), dice.between(44, 84)),
                false => (dice.between(16, 40), dice.between(26, 54)),
            };
            let base =
                *dice.pick(&[[196, 84, 60], [74, 120, 88], [210, 168, 70], [84, 104, 150], [170, 150, 120]]);
            if !dice.once_in(9) {
                sheet.thing((x, foot - high), (wide, high), around(base, dice));
                sheet.block((x + 4, foot - high / 2), ((wide - 8).max(2), 5), [240, 240, 235]);
            }
            x += wide + dice.between(1, 7);
        }
        sheet.block((0, foot), (WIDE, 7), around([118, 98, 74], dice));
    }
}

fn label(sheet: &mut Sheet, dice: &mut Dice) {
    sheet.thing((30, 14), (340, 270), around([208, 120, 84], dice));
    sheet.block((dice.between(50, 80), dice.between(30, 50)), (250, 50), around([236, 222, 180], dice));
    let left = dice.between(56, 90);
    sheet.thing((left, 110), (230, 158), [244, 243, 238]);
    sheet.lines((left + 14, 126), 200, 7, dice);
    for stripe in 0..24 {
        if dice.below(2) == 0 {
            sheet.block((left + 20 + stripe * 4, 224), (3, 34), [30, 30, 30]);
        }
    }
}

fn door(sheet: &mut Sheet, dice: &mut Dice) {
    sheet.block((0, 250), (WIDE, 50), around([150, 148, 144], dice));
    sheet.thing((0, dice.between(16, 34)), (WIDE, 52), around([170, 60, 50], dice));
    let left = dice.between(90, 170);
    sheet.thing((left, 86), (110, 166), around([150, 176, 186], dice));
    sheet.block((left + 54, 88), (3, 162), [80, 90, 96]);
    for _ in 0..dice.between(1, 3) {
        let x = if dice.once_in(2) { dice.between(8, 60) } else { dice.between(290, 330) };
        sheet.thing((x, dice.between(110, 170)), (56, 74), around([238, 234, 220], dice));
    }
}

fn plant(sheet: &mut Sheet, dice: &mut Dice) {
    sheet.block((0, 230), (WIDE, 70), around([112, 140, 122], dice));
    for _ in 0..dice.between(2, 4) {
        let (x, high) = (dice.between(0, 330), dice.between(90, 170));
        sheet.thing((x, 236 - high), (dice.between(48, 86), high), around([184, 190, 196], dice));
        sheet.block((x + 10, 236 - high - 12), (20, 14), [120, 124, 130]);
    }
    sheet.thing((0, dice.between(196, 214)), (WIDE, 26), around([92, 98, 106], dice));
    for _ in 0..dice.between(4, 8) {
        sheet.thing((dice.between(0, 370), dice.between(176, 192)), (26, 24), around([200, 150, 90], dice));
    }
    sheet.block((0, dice.between(20, 40)), (WIDE, 12), around([150, 156, 160], dice));
}

fn licence(sheet: &mut Sheet, dice: &mut Dice) {
    let (left, top) = (dice.between(40, 80), dice.between(18, 40));
    sheet.thing((left, top), (270, 216), around([120, 92, 60], dice));
    sheet.block((left + 12, top + 12), (246, 192), [248, 246, 232]);
    sheet.block((left + 70, top + 24), (130, 14), [190, 60, 50]);
    sheet.lines((left + 30, top + 58), 180, 8, dice);
    sheet.thing((left + 196, top + 138), (48, 48), [200, 60, 50]);
}

/// A line that swings to the right.
fn signature(dice: &mut Dice) -> Sheet {
    let mut sheet = Sheet::new([255, 255, 255]);
    let (mut x, mut y) = (60_000, 150_000);
    let (mut dx, mut dy) = (700, 0);
    while x < 320_000 {
        dx = (dx + dice.between(-260, 270)).clamp(-500, 1_100);
        dy = (dy + dice.between(-480, 480) + (150_000 - y) / 300).clamp(-1_900, 1_900);
        (x, y) = (x + dx, y + dy);
        for spot in 0..9 {
            sheet.put(x / 1000 + spot % 3, y / 1000 + spot / 3, [20, 24, 60]);
        }
    }
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_read_and_none_looks_like_another() {
        let mut dice = Dice::new(1, 1);
        let mut hashes: Vec<u64> = Vec::new();
        for scene in [
            Scene::Kitchen,
            Scene::Store,
            Scene::Shelf,
            Scene::Label,
            Scene::Door,
            Scene::Plant,
            Scene::Licence,
        ] {
            for _ in 0..12 {
                let bytes = jpeg(scene, &mut dice).unwrap();
                assert!(bytes.len() < 60_000, "{scene:?}: {} bytes", bytes.len());
                let hash = kit_files::photo::look(&bytes).unwrap().hash.unwrap();
                assert!(hashes.iter().all(|h| !kit_files::photo::same(*h, hash)), "{scene:?}");
                hashes.push(hash);
            }
        }
        assert!(jpeg(Scene::Signature, &mut dice).unwrap().starts_with(&[0xff, 0xd8]));
    }
}
