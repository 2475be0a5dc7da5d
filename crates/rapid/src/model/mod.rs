//! What the room keeps, and the shapes that leave it.

mod points;
mod positives;
mod tests;

pub use points::*;
pub use positives::*;
pub use tests::*;

pub const KINDS: [(&str, &str); 4] =
    [("market", "市场"), ("bureau", "监管部门"), ("school", "学校"), ("business", "企业")];
pub const RESULTS: [(&str, &str); 4] =
    [("negative", "阴性"), ("positive", "阳性"), ("suspect", "可疑"), ("invalid", "无效")];
pub const GOODS: [(&str, &str); 2] = [("farm", "食用农产品"), ("other", "其他食品")];

/// The Chinese name of a code; the code itself where it has none.
pub fn name_of<'a>(list: &[(&'a str, &'a str)], code: &'a str) -> &'a str {
    list.iter().find(|(c, _)| *c == code).map_or(code, |(_, name)| name)
}
