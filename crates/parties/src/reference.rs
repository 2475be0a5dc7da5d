//! Divisions, kinds of business, categories and the like: small, the same for all, served from memory.
//!
//! The files of data/ are compiled in; data/README.md tells their sources. [`get`] parses them once. What an agency takes
//! in later about divisions stands over them: [`crate::divisions`].

mod divisions;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use serde::Serialize;

/// 行政区划 of province (2 digits), city (4), county (6) or street level (9); a code is the prefix of what lies in it.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Division {
    pub code: Cow<'static, str>,
    /// Of a street or town without the name of its county, which some repeat (濮阳县文留镇).
    pub name: Cow<'static, str>,
    /// As the source writes it.
    #[serde(skip)]
    pub(crate) source_name: Cow<'static, str>,
    /// Label point, WGS-84 degrees; only down to counties.
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    /// First day, `2023-04` or `2023-04-03`; empty where it is not known.
    pub valid_from: Cow<'static, str>,
    /// First day on which it is no more; empty while valid.
    pub valid_to: Cow<'static, str>,
    /// The one code that came after; empty while valid, and where it was divided among several.
    pub replaced_by: Cow<'static, str>,
    /// The codes that came after.
    pub successors: Vec<Cow<'static, str>>,
}

/// A name that a division had until it got another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct FormerName {
    pub name: String,
    /// First day on which it was no more its name.
    pub until: String,
}

/// 业态
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct BusinessKind {
    pub code: &'static str,
    pub name: &'static str,
    /// The kind of licence it needs: sc, jy, local; empty for none.
    pub licence: &'static str,
    /// 主体业态 of the trade licence; empty for none.
    pub main_form: &'static str,
    pub certainty: &'static str,
    /// Where food is sampled there: produce, trade, catering; empty for none.
    pub stage: &'static str,
}

/// A food category (大类) or class of farm produce.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Category {
    /// `01` to `32` and below for food, `N…` for farm produce.
    pub code: &'static str,
    pub name: &'static str,
    /// Code of the class above; empty at the top.
    pub parent: &'static str,
    /// Farm produce that needs a 承诺达标合格证.
    pub certificate: bool,
}

/// A code and its name, in a group where the list has groups.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Coded {
    pub code: &'static str,
    pub name: &'static str,
    pub part: &'static str,
}

#[derive(Clone)]
pub struct Reference {
    /// In the order of their codes.
    pub divisions: Vec<Division>,
    /// The day that is today for what is valid; after every change for the data as it is compiled in.
    pub(crate) day: String,
    /// Former names by code, oldest first.
    pub(crate) former: BTreeMap<String, Vec<FormerName>>,
    /// Codes that are no more, each with those in whose place one lies now, over however many changes.
    pub(crate) heirs: Vec<(String, Vec<String>)>,
    pub business_kinds: Vec<BusinessKind>,
    pub categories: Vec<Category>,
    /// 食品经营项目
    pub trade_items: Vec<Coded>,
    pub licence_kinds: Vec<Coded>,
    /// County and above by full name and by own name, for reading addresses in words.
    by_name: HashMap<Cow<'static, str>, Vec<u32>>,
}

/// The reference data of this build. Divisions of today are those of [`crate::divisions::today`], which has the lists that
/// an agency took in too.
pub fn get() -> &'static Arc<Reference> {
    static REFERENCE: OnceLock<Arc<Reference>> = OnceLock::new();
    REFERENCE.get_or_init(|| Arc::new(load()))
}

fn load() -> Reference {
    let mut divisions: Vec<Division> = rows(include_str!("../../../data/divisions.csv"))
        .map(|c| Division {
            code: c[0].into(),
            name: c[1].into(),
            source_name: c[1].into(),
            lon: c[2].parse().ok(),
            lat: c[3].parse().ok(),
            valid_from: c[4].into(),
            valid_to: c[5].into(),
            replaced_by: c[6].into(),
            successors: Some(c[6]).filter(|s| !s.is_empty()).map(Cow::from).into_iter().collect(),
        })
        .collect();
    shorten(&mut divisions);
    let business_kinds = rows(include_str!("../../../data/business-kinds.csv"))
        .map(|c| BusinessKind {
            code: c[0],
            name: c[1],
            licence: c[2],
            main_form: c[3],
            certainty: c[4],
            stage: c[6],
        })
        .collect();
    let food = rows(include_str!("../../../data/food-categories.csv")).map(|c| Category {
        code: c[0],
        name: c[1],
        parent: if c[0].len() > 2 { &c[0][..2] } else { "" },
        certificate: false,
    });
    let farm = rows(include_str!("../../../data/farm-categories.csv")).map(|c| Category {
        code: c[0],
        name: c[1],
        parent: c[2],
        certificate: c[3] == "1",
    });
    let mut all = Reference {
        day: "9999-12-31".to_owned(),
        former: BTreeMap::new(),
        heirs: Vec::new(),
        by_name: HashMap::new(),
        business_kinds,
        categories: food.chain(farm).collect(),
        trade_items: rows(include_str!("../../../data/trade-items.csv"))
            .map(|c| Coded { code: c[0], part: c[1], name: c[2] })
            .collect(),
        licence_kinds: rows(include_str!("../../../data/licence-kinds.csv"))
            .map(|c| Coded { code: c[0], part: "", name: c[1] })
            .collect(),
        divisions,
    };
    all.index();
    all
}

/// Takes the name of the county or city off the names of streets that repeat it: 濮阳县 + 濮阳县文留镇. Names of which
/// hardly anything would be left (青县农场) stay.
fn shorten(divisions: &mut [Division]) {
    let none = || (Cow::Borrowed(""), Cow::Borrowed(""));
    let (mut city, mut county) = (none(), none());
    for division in divisions {
        match division.code.len() {
            4 => city = (division.code.clone(), division.name.clone()),
            6 => county = (division.code.clone(), division.name.clone()),
            9 => {
                let above =
                    [&county, &city].into_iter().filter(|(code, _)| division.code.starts_with(&**code));
                division.name = short_name(&division.name, above.map(|(_, name)| &**name)).into();
            }
            _ => {}
        }
    }
}

/// The name of a street or town without that of what it lies in.
pub(crate) fn short_name<'a>(name: &str, above: impl Iterator<Item = &'a str>) -> String {
    let short = above.filter_map(|above| name.strip_prefix(above));
    let short = short.filter(|s| s.chars().count() > 2).min_by_key(|s| s.len());
    short.unwrap_or(name).to_owned()
}

/// The rows of a compiled-in file without quoting; the heading row is left out. A test reads every file.
fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines().skip(1).filter(|l| !l.is_empty()).map(|l| l.split(',').collect())
}

impl Reference {
    pub fn business_kind(&self, code: &str) -> Option<&BusinessKind> {
        self.business_kinds.iter().find(|k| k.code == code)
    }

    /// Where food is sampled at a kind of business: produce, trade, catering; empty for none.
    pub fn stage(&self, kind: &str) -> &'static str {
        self.business_kind(kind).map_or("", |k| k.stage)
    }

    pub fn category(&self, code: &str) -> Option<&Category> {
        self.categories.iter().find(|c| c.code == code)
    }

    pub fn trade_item(&self, code: &str) -> Option<&Coded> {
        self.trade_items.iter().find(|c| c.code == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_whole() {
        let all = get();
        assert!(all.divisions.windows(2).all(|w| w[0].code < w[1].code), "divisions are in order");
        assert!(all.divisions.len() > 44_000);
        assert_eq!(
            all.categories.iter().filter(|c| c.code.len() == 2 && !c.code.starts_with('N')).count(),
            32
        );
        assert!(
            all.business_kinds
                .iter()
                .all(|k| { k.licence.is_empty() || all.licence_kinds.iter().any(|l| l.code == k.licence) })
        );
        assert!(all.categories.iter().all(|c| c.parent.is_empty() || all.category(c.parent).is_some()));
        assert_eq!(all.trade_items.len(), 12);
    }

    #[test]
    fn divisions_are_found_by_code_and_by_name() {
        let all = get();
        assert_eq!(all.full_name("410902"), "河南省濮阳市华龙区");
        assert_eq!(all.full_name("110101"), "北京市东城区");
        assert_eq!(all.full_name("441900"), "广东省东莞市");
        assert_eq!(all.full_name("410928102"), "河南省濮阳市濮阳县文留镇");
        assert_eq!(all.full_name("130922400"), "河北省沧州市青县青县农场");
        let table = [
            ("410902", Some("410902")),
            ("410902000000", Some("410902")),
            ("410900", Some("4109")),
            ("河南省濮阳市华龙区", Some("410902")),
            ("河南 濮阳 华龙区", Some("410902")),
            ("濮阳市华龙区", Some("410902")),
            ("华龙区", Some("410902")),
            ("北京市东城区", Some("110101")),
            ("广东省东莞市", Some("441900")),
            ("河南省濮阳市濮阳县文留镇", Some("410928102")),
            ("河南省濮阳市濮阳县濮阳县文留镇", Some("410928102")),
            ("濮阳县文留镇", Some("410928102")),
            // 朝阳区 is in Beijing and in Changchun
            ("朝阳区", None),
            ("长春市朝阳区", Some("220104")),
            ("亚特兰蒂斯", None),
            ("999999", None),
        ];
        for (text, code) in table {
            assert_eq!(all.resolve(text).as_deref(), code, "{text}");
        }
        assert_eq!(all.nearest("410902001999").map(|d| d.code.len()), Some(9));
        assert_eq!(all.children("").len(), 34);
        assert!(all.children("4109").iter().any(|d| d.code == "410902"));
        assert_eq!(all.division("540422").map(|d| &*d.replaced_by), Some("540481"));
    }

    /// What every national map must show (web.md, Maps): the make script asserts it too, this guards the files.
    #[test]
    fn the_maps_are_whole() {
        let read = |path: &str| -> serde_json::Value {
            let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/maps/");
            serde_json::from_str(&std::fs::read_to_string(format!("{root}{path}")).unwrap()).unwrap()
        };
        let rings = |map: &serde_json::Value, object: &str, id: &str| -> usize {
            let all = map["objects"][object]["geometries"].as_array().unwrap();
            let one = all.iter().find(|g| g["id"] == id).unwrap();
            let arcs = one["arcs"].as_array().unwrap();
            match one["type"].as_str().unwrap() {
                "Polygon" => arcs.len(),
                _ => arcs.iter().map(|p| p.as_array().unwrap().len()).sum(),
            }
        };
        for (path, object) in [("counties.json", "counties"), ("provinces/46.json", "counties")] {
            let map = read(path);
            assert_eq!(rings(&map, object, "460321"), 97, "{path}");
            assert_eq!(rings(&map, object, "460322"), 228, "{path}");
        }
        assert_eq!(rings(&read("provinces/71.json"), "counties", "710021"), 5);
        for path in ["counties.json", "china.json"] {
            let map = read(path);
            let lines = map["objects"]["lines"]["geometries"].as_array().unwrap().clone();
            let dashes = lines.iter().find(|l| l["id"] == "nine-dash").unwrap();
            assert_eq!(dashes["arcs"].as_array().unwrap().len(), 9, "{path}");
        }
        let china = read("china.json");
        assert_eq!(china["objects"]["provinces"]["geometries"].as_array().unwrap().len(), 34);
        assert!(rings(&china, "provinces", "46") >= 325 && rings(&china, "provinces", "71") >= 5);
    }
}
